#!/usr/bin/env bash
# run.sh [WHAT...]: brings every version forward to this one, on the server of PGHOST and PGPORT:
# the extension, and the stores of a dump (test/data/store-VERSION.sql).  Prints "ok" or
# "not ok" for each test; where two things should be the same, what differs: lines with
# "-" are of what was brought forward, lines with "+" of what was made anew.

set -uo pipefail
cd "$(dirname "$0")" || exit

WORK=$(mktemp -d)
DATABASES=(upgrade_new upgrade_extension upgrade_stores upgrade_by_hand upgrade_restored upgrade_odd)
export PGOPTIONS='-c client_min_messages=warning'
trap clean_up EXIT

clean_up() {
	local database

	for database in "${DATABASES[@]}"; do
		psql_in postgres -c "DROP DATABASE IF EXISTS $database"
	done
	printf '%s \\gexec\n' "SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname <> ALL ('$ROLES')" | psql_in postgres -f -
	rm -rf "$WORK"
}

psql_in() { local database=$1; shift; psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" "$@"; }

# make_database NAME [TEMPLATE]
make_database() {
	psql_in postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1 TEMPLATE ${2:-template0}"
}

# check NAME COMMAND...: what it prints is shown where it fails.
check() {
	local name=$1

	shift
	if "$@" >"$WORK/log" 2>&1; then
		printf 'ok %s\n' "$name"
	else
		printf 'not ok %s\n' "$name"
		head -n 200 "$WORK/log" | sed 's/^/    /'
	fi
}

# same FILE FILE: both say something, and the same.
same() {
	if [ ! -s "$1" ] || [ ! -s "$2" ]; then
		echo "nothing to compare"
		return 1
	fi
	diff --unified=0 "$1" "$2" >"$WORK/diff" && return
	grep '^[-+]' "$WORK/diff" | tail -n +3
	return 1
}

# is EXPECTED DATABASE QUERY
is() {
	local found

	found=$(psql_in "$2" -c "$3" 2>&1)
	[ "$found" = "$1" ] || { printf 'expected:\n%s\nfound:\n%s\n' "$1" "$found"; return 1; }
}

# refused PATTERN DATABASE STATEMENT: an error that says so, with code SC503.
refused() {
	if psql -X -q -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -d "$2" -c "$3" >"$WORK/refused" 2>&1 ||
		! grep -q SC503 "$WORK/refused" || ! grep -q "$1" "$WORK/refused"; then
		cat "$WORK/refused"
		return 1
	fi
}

# told PATTERN DATABASE STATEMENT: a warning says so
told() { psql_in "$2" -c "$3" 2>&1 | grep "$1"; }

# prints EXPECTED DATABASE QUERY: the same as "is", whatever warnings say
prints() {
	local found

	found=$(psql_in "$2" -c "$3" 2>/dev/null)
	[ "$found" = "$1" ] || { printf 'expected:\n%s\nfound:\n%s\n' "$1" "$found"; return 1; }
}

# silent DATABASE ARGUMENT...: psql prints nothing
silent() { ! psql_in "$@" 2>&1 | grep .; }

# oddly COMMAND...: in sessions that read and show texts in unusual ways
oddly() { PGOPTIONS="$PGOPTIONS -c quote_all_identifiers=on -c standard_conforming_strings=off -c escape_string_warning=off -c DateStyle=SQL,DMY -c TimeZone=Pacific/Auckland" "$@"; }

describe_extension() { psql_in "$1" -f describe_extension.sql; }
describe_store() { psql_in "$1" -v "store=$2" -f describe_store.sql; }
gexec() { printf '%s \\gexec\n' "$2" | psql_in "$1" -f -; }

ROLES=$(psql_in postgres -c "SELECT array_agg(rolname) FROM pg_roles")
psql_in postgres -f roles.sql

# A database where all is new, as others come to be.
make_database upgrade_new
psql_in upgrade_new -c "CREATE EXTENSION scim" -c "SELECT scim.create_store('directory')" >/dev/null
psql_in upgrade_new -f registry.sql >/dev/null
# where two tenants have the same ids, nobody else has them for keys; and columns of what was there before stand first
psql_in upgrade_new -c "SELECT scim.create_view('User', 'people'), scim.create_view('Group', 'teams')" -c "DROP INDEX directory.users_id_key, directory.groups_id_key" >/dev/null
psql_in upgrade_new -c 'GRANT CREATE ON DATABASE upgrade_new TO "store owner"' -c 'SET SESSION AUTHORIZATION "store owner"' \
	-c "SELECT scim.create_store('Odd \"Store\"')" -c "SET scim.store = 'Odd \"Store\"'" -f odd_registry.sql >/dev/null
psql_in upgrade_new -c 'REVOKE CREATE ON DATABASE upgrade_new FROM "store owner"'
describe_extension upgrade_new >"$WORK/extension"
describe_store upgrade_new directory >"$WORK/directory"
describe_store upgrade_new 'Odd "Store"' >"$WORK/odd"

# bring_forward VERSION [THOROUGHLY]: stores of that version; with a second argument the extension alone, and stores also
# in a transaction that is taken back, dumped and restored afterwards, and by the statements of dry_run.
bring_forward() {
	local version=$1 thoroughly=${2:-} old=upgrade_extension store=upgrade_stores taken

	# scripts that are frozen made the others the same as the last of them, when that was new
	if [ -n "$thoroughly" ]; then
		make_database $old
		psql_in $old -c "CREATE EXTENSION scim VERSION '$version'" -c "ALTER EXTENSION scim UPDATE"
		describe_extension $old >"$WORK/extension.$version"
		check "$version: the extension is the same as a new one" same "$WORK/extension.$version" "$WORK/extension"
		check "$version: the extension can be dropped" psql_in $old -c "DROP EXTENSION scim" -c "SELECT 1 / (to_regnamespace('scim_internal') IS NULL)::int"
	fi

	make_database $store
	psql_in $store -c "CREATE EXTENSION scim VERSION '$version'"
	check "$version: an index on documents outside of any store" psql_in $store -f outside.sql
	check "$version: the dump is restored" psql_in $store -f "../data/store-$version.sql"
	check "$version: before ALTER EXTENSION a request is answered by 503" \
		is '503|1|ALTER' $store "SELECT status, headers ->> 'Retry-After', 'ALTER' FROM scim.request('GET', '/Users') WHERE body ~ 'version'"
	check "$version: and a write is refused" refused 'ALTER EXTENSION scim UPDATE' $store "INSERT INTO directory.users (data) VALUES ('{\"userName\": \"x\"}')"
	[ "$version" = 0.1.0 ] || check "$version: and an upgrade of the store" refused 'ALTER EXTENSION scim UPDATE' $store "SELECT scim.upgrade_store('directory')"
	check "$version: ALTER EXTENSION UPDATE" psql_in $store -c "ALTER EXTENSION scim UPDATE"
	check "$version: an index of that version answers as a scan does" silent $store -f outside_answers.sql
	check "$version: and after REINDEX" silent $store -c 'REINDEX TABLE outside' -f outside_answers.sql

	# between the extension and the store
	check "$version: a request is answered by 503, which says why" \
		is '503|1|t' $store "SELECT status, headers ->> 'Retry-After', body ~ 'store .*directory.* is of version $version, but' FROM scim.request('GET', '/Users')"
	for write in "INSERT INTO directory.users (data) VALUES ('{\"userName\": \"x\"}')" "UPDATE directory.users SET active = false" \
		"DELETE FROM directory.groups" "DELETE FROM directory.member" "UPDATE directory.policy SET enabled = false" \
		"SELECT scim.register_schema('{\"id\": \"urn:x:y\", \"name\": \"y\", \"attributes\": [{\"name\": \"a\"}]}')" \
		"SELECT scim.search('User')" "SET scim.store = 'Odd \"Store\"'; SELECT scim.search('User')"; do
		check "$version: refused until it is brought forward: $write" refused 'scim.upgrade_store' $store "$write"
	done
	# a token is known, and nginx makes a 503 of the 504 that is for PostgREST
	check "$version: the gateway of that version answers so, too" is '504|t' $store "
		SET request.headers = '{\"x-scim-method\": \"GET\", \"x-scim-target\": \"/Users\", \"x-scim-authorization\": \"Bearer token one\"}';
		BEGIN; SET LOCAL ROLE scim_anon; SELECT FROM api.scim_read(''); SELECT current_setting('response.status'), current_setting('response.headers') ~ 'Retry-After'; COMMIT"
	check "$version: and yet its tables are read" is 47 $store "SELECT count(*) FROM directory.users WHERE scim.matches(data, 'userName pr', 'User')"
	check "$version: dumped" pg_dump -f "$WORK/between.sql" $store
	check "$version: and dropped" psql_in $store -c "BEGIN" -c "SELECT scim.drop_store('directory', true)" -c "ROLLBACK"

	# without and with doing it
	describe_store $store directory >"$WORK/before"
	psql_in $store -c "SELECT scim.upgrade_store('directory', dry_run => true)" >"$WORK/dry_run"
	describe_store $store directory >"$WORK/after"
	check "$version: dry_run says something" grep -q "^UPDATE directory.store SET version = " "$WORK/dry_run"
	check "$version: dry_run does nothing" same "$WORK/before" "$WORK/after"
	[ -z "$thoroughly" ] || make_database upgrade_by_hand $store
	check "$version: only the owner may" psql_in $store -c "SET ROLE app" -c "DO \$\$ BEGIN PERFORM scim.upgrade_store('directory'); RAISE 'done'; EXCEPTION WHEN insufficient_privilege THEN NULL; END \$\$"
	# a table of theirs where the step makes one of its own
	taken=$(sed -n 's/^CREATE TABLE @\.\([a-z_]*\) .*/\1/p' "../../sql/store/$version--"*.sql | head -n 1)
	if [ -n "$taken" ]; then
		check "$version: a failure leaves the store as it was" psql_in $store \
			-c "CREATE TABLE directory.$taken (theirs text)" -c "DO \$\$ BEGIN PERFORM scim.upgrade_store('directory'); RAISE 'done'; EXCEPTION WHEN undefined_column OR duplicate_table THEN NULL; END \$\$" \
			-c "DROP TABLE directory.$taken" -c "SELECT 1 / (scim_internal.store_version_of('directory') = '$version')::int"
	fi
	if [ -n "$thoroughly" ]; then
		check "$version: in a transaction that can be taken back" psql_in $store \
			-c "BEGIN" -c "SELECT count(*) FROM scim.upgrade_store('directory')" -c "SELECT 1 / (scim.search('User') ? 'Resources')::int" -c "ROLLBACK" \
			-c "SELECT 1 / (scim_internal.store_version_of('directory') = '$version')::int"
	fi
	# which later versions do not let go missing
	if [ "$version" = 0.1.0 ]; then
		check "$version: tenants that were missing are put there" psql_in $store \
			-c "BEGIN" -c "DELETE FROM directory.tenant" -c "SELECT count(*) FROM scim.upgrade_store('directory')" \
			-c "SELECT 1 / (array_agg(tenant_id ORDER BY tenant_id) = '{1,2,3}')::int FROM directory.tenant" -c "ROLLBACK"
	fi
	# what takes the place of something else comes first, what goes or is of all partitions the second time
	for _ in 1 2; do
		check "$version: brought forward" gexec $store "SELECT scim.upgrade_store('directory')"
		check "$version: by its owner" gexec $store "SET SESSION AUTHORIZATION \"store owner\";
			SELECT scim.upgrade_store('Odd \"Store\"')"
	done
	check "$version: two tenants with the same id are told of" told 'no index directory.users_id_key' $store "SELECT scim.upgrade_store('directory')"
	check "$version: nothing else is left to do" prints '' $store "SELECT scim.upgrade_store(name) FROM unnest(ARRAY['directory', 'Odd \"Store\"']) name"

	# what is there now
	check "$version: every question is answered" psql_in $store -f answers.sql -o "$WORK/answers"
	check "$version: who was granted a function still has it" is 't|t' $store \
		"SELECT has_function_privilege('app', 'scim.create_token(text, timestamptz, text[])', 'EXECUTE'), has_function_privilege('scim_anon', 'scim.authenticate(text)', 'EXECUTE')"
	check "$version: nobody is lost, and the answers are those of that version" same "../data/store-$version.out" "$WORK/answers"
	check "$version: what people do next" is 'CREATE|SUSPENDED|2|OFFBOARDING|new@example.com' $store "
		INSERT INTO directory.users (id, data) VALUES ('00000000-0006-7000-8000-000000000001', '{\"userName\": \"new@example.com\", \"active\": true, \"emails\": [{\"value\": \"new@example.com\", \"primary\": true}]}');
		UPDATE directory.users SET active = false WHERE user_name = 'new@example.com';
		SELECT 'CREATE', status, version, (SELECT max(status) FROM directory.users WHERE status LIKE 'OFFBOARDING'), (SELECT what FROM app.log) FROM directory.users WHERE user_name = 'new@example.com'"
	if [ -n "$thoroughly" ]; then
		check "$version: dumped" pg_dump -f "$WORK/after.sql" $store
		make_database upgrade_restored
		check "$version: and restored into this version" psql_in upgrade_restored -f "$WORK/after.sql"
		check "$version: with everybody in it" is 48 upgrade_restored "SELECT count(*) FROM directory.users"
		check "$version: and served" is 200 upgrade_restored "SELECT status FROM scim.request('GET', '/Users')"
	fi
	psql_in $store -f remove.sql
	describe_store $store directory >"$WORK/directory.$version"
	check "$version: store directory is the same as a new one" same "$WORK/directory.$version" "$WORK/directory"
	describe_store $store 'Odd "Store"' >"$WORK/odd.$version"
	check "$version: store Odd \"Store\" is the same as a new one" same "$WORK/odd.$version" "$WORK/odd"

	[ -n "$thoroughly" ] || return 0
	# the statements of dry_run, one by one; and by a superuser, not by the owner
	check "$version: what dry_run says does the same" gexec upgrade_by_hand "SELECT scim.upgrade_store('directory', dry_run => true)"
	gexec upgrade_by_hand "SELECT scim.upgrade_store('directory')" 2>/dev/null
	# whatever his session says of texts
	check "$version: a superuser does it too" oddly gexec upgrade_by_hand "SELECT scim.upgrade_store('Odd \"Store\"')"
	gexec upgrade_by_hand "SELECT scim.upgrade_store('Odd \"Store\"')"
	check "$version: and is who he was" is 't|none' upgrade_by_hand "BEGIN; UPDATE \"Odd \"\"Store\"\"\".store SET version = version; SELECT scim.upgrade_store('Odd \"Store\"'); SELECT session_user = current_user, current_setting('role')"
	psql_in upgrade_by_hand -f remove.sql
	describe_store upgrade_by_hand directory >"$WORK/directory.$version"
	check "$version: store directory is the same as a new one, by hand" same "$WORK/directory.$version" "$WORK/directory"
	describe_store upgrade_by_hand 'Odd "Store"' >"$WORK/odd.$version"
	check "$version: store Odd \"Store\" is the same as a new one, and its owner's" same "$WORK/odd.$version" "$WORK/odd"
}

# shellcheck source=test/upgrade/odd.sh
. ./odd.sh

# Nobody may change what is out in the world.
check "scripts of earlier versions are as they were" sha256sum --quiet --check frozen.sha256
current=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" ../../scim.control)
versions=$(for script in ../../sql/scim--*.sql; do
	version=${script##*/scim--}
	echo "${version%.sql}"
done | grep -v -e -- -e "^$current\$" | sort -V)
# The first has every step before it, the last what was there longest: the others have no way of their own.
for version in $versions; do
	if [ $# -gt 0 ]; then
		[[ " $* " != *" $version "* ]] || bring_forward "$version" thoroughly
	elif [[ $version == "${versions%%$'\n'*}" || $version == "${versions##*$'\n'}" ]]; then
		bring_forward "$version" thoroughly
	else
		bring_forward "$version"
	fi
done
[[ $# -gt 0 && " $* " != *" odd "* ]] || odd_circumstances
