#!/bin/sh
# Prints SQL functions that return the documents of the files given as arguments: the
# schemas of RFC 7643, below resource_types/ its resource types, below profiles/ profiles,
# and the JSON Schema of these, *.schema.json.
set -eu

# define NAME COMMENT FILE...
define() {
	name=$1 comment=$2
	shift 2
	cat <<-SQL

		CREATE FUNCTION scim_internal.$name() RETURNS TABLE (document pg_catalog.jsonb)
		LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS $#
		SET search_path = pg_catalog, pg_temp
		AS \$function\$
		VALUES
	SQL
	separator=
	# shellcheck disable=SC2016 # $json$ is a quote of SQL
	for file; do
		printf '%s(CAST($json$\n' "$separator"
		cat "$file"
		printf '$json$ AS pg_catalog.jsonb))\n'
		separator=','
	done
	cat <<-SQL
		\$function\$;
		COMMENT ON FUNCTION scim_internal.$name() IS
		'$comment';
	SQL
}

# Sorts the arguments by kind; none of the paths may hold white space.
schemas='' types='' profiles='' profile_schema=''
for file; do
	case $file in
		*profiles/*.schema.json) profile_schema="$profile_schema $file" ;;
		*profiles/*) profiles="$profiles $file" ;;
		*resource_types/*) types="$types $file" ;;
		*) schemas="$schemas $file" ;;
	esac
done

printf -- '-- Made by sql/schemas/install.sh from the JSON documents.\n'
# shellcheck disable=SC2086 # lists of paths
define core_schemas 'The schema documents of RFC 7643 section 8.7 with its errata, one row each, that every store starts with.' $schemas
# shellcheck disable=SC2086
define core_resource_types 'The resource type documents of RFC 7643 section 8.6, one row each, that every store starts with.' $types
# shellcheck disable=SC2086
define profiles 'The profile documents that come with scim, one row each.' $profiles
# shellcheck disable=SC2086
define profile_schema 'The JSON Schema of profile documents, in one row.' $profile_schema
