#!/bin/sh
# Prints the SQL function that returns the steps of stores from version to version,
# which stand in the files given as arguments, each named FROM--TO.sql.
set -eu

cat <<-'SQL'
	-- Made by sql/store/install.sh from the steps.

	CREATE FUNCTION scim_internal.store_steps(OUT from_version text, OUT to_version text, OUT script text)
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $function$
	VALUES
SQL
separator=
for file; do
	step=$(basename "$file" .sql)
	printf "%s('%s', '%s', \$step\$\n" "$separator" "${step%%--*}" "${step##*--}"
	cat "$file"
	printf '$step$)\n'
	separator=','
done
cat <<-'SQL'
	$function$;
	COMMENT ON FUNCTION scim_internal.store_steps() IS
	'What scim.upgrade_store does to the tables and rows of a store, from each version to the next; "@." stands for the store.';

	CREATE FUNCTION scim_internal.store_version() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	RETURN (SELECT to_version FROM scim_internal.store_steps() ORDER BY string_to_array(to_version, '.')::int[] DESC LIMIT 1);
	COMMENT ON FUNCTION scim_internal.store_version() IS
	'The version of the stores that this version of the extension makes, reads and writes.';
SQL
