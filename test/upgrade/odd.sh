# shellcheck shell=bash
# odd.sh: stores of earlier versions in circumstances that are none of ours; for run.sh.

# A database upgrade_odd with the stores of a version, whose extension is of this one.
# old_store VERSION [SQL]: SQL is run before ALTER EXTENSION.
old_store() {
	make_database upgrade_odd
	psql_in upgrade_odd -c "CREATE EXTENSION scim VERSION '$1'" -f "../data/store-$1.sql" >/dev/null
	[ $# -eq 1 ] || psql_in upgrade_odd -c "$2"
	psql_in upgrade_odd -c "ALTER EXTENSION scim UPDATE"
}

# refuses PATTERN STATEMENT: an error that says so; and the store is of the version that it was
refuses() {
	local before

	before=$(psql_in upgrade_odd -c "SELECT version FROM directory.store")
	if psql_in upgrade_odd -c "$2" >"$WORK/refused" 2>&1 || ! grep -q "$1" "$WORK/refused"; then
		cat "$WORK/refused"
		return 1
	fi
	is "$before" upgrade_odd "SELECT version FROM directory.store"
}

upgrade_odd() { gexec upgrade_odd "SELECT scim.upgrade_store('directory')"; }

# What asks for a tenant asks for that of its own store
NO_OTHER_TENANT="SELECT count(*) FROM pg_policies WHERE schemaname = 'directory' AND concat(qual, with_check) ~ 'scim\"?\\.\"?tenant\"?\\(\\)'"

odd_circumstances() {
	old_store 0.3.0
	check "odd: settings that say how texts are read and shown" oddly upgrade_odd
	check "odd: row-level security is that of the store" is 0 upgrade_odd "$NO_OTHER_TENANT"
	psql_in upgrade_odd -c "ALTER POLICY tenant ON directory.users USING (tenant_id = scim.tenant())" \
		-c "UPDATE directory.store SET version = '0.6.0'"
	check "odd: where an earlier upgrade left it, the next one sets it right" upgrade_odd
	check "odd: and row-level security is that of the store" is 0 upgrade_odd "$NO_OTHER_TENANT"
}
