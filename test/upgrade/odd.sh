# shellcheck shell=bash
# odd.sh: stores of earlier versions in circumstances that are none of ours; for run.sh.

# A database upgrade_odd with the stores of a version, whose extension is of this one.
# old_store VERSION [SQL]: SQL is run before ALTER EXTENSION.
old_store() {
	make_database upgrade_odd
	PGOPTIONS='-c client_min_messages=error' psql_in upgrade_odd -c "CREATE EXTENSION scim VERSION '$1'" -f "../data/store-$1.sql" >/dev/null
	[ $# -eq 1 ] || psql_in upgrade_odd -c "$2"
	psql_in upgrade_odd -c "ALTER EXTENSION scim UPDATE"
}

# refuses PATTERN STATEMENT: an error that says so; and the store is of the version that it was
refuses() {
	local before

	before=$(psql_in upgrade_odd -c "SELECT scim_internal.store_version_of('directory')")
	if psql_in upgrade_odd -c "$2" >"$WORK/refused" 2>&1 || ! grep -q "$1" "$WORK/refused"; then
		cat "$WORK/refused"
		return 1
	fi
	is "$before" upgrade_odd "SELECT scim_internal.store_version_of('directory')"
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

	old_store 0.3.0 "
		CREATE VIEW app.recent AS SELECT resource_id FROM directory.audit;
		CREATE TABLE app.cases (id uuid);
		ALTER TABLE app.cases ENABLE ROW LEVEL SECURITY;
		CREATE POLICY everybody ON app.cases USING (true);
		CREATE POLICY known ON app.cases AS RESTRICTIVE USING (EXISTS (SELECT FROM app.recent r WHERE r.resource_id = id));
		CREATE FUNCTION app.recent_rows() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.recent; END;
		CREATE VIEW app.seen AS SELECT count(*) FROM app.recent;
		ALTER VIEW app.seen OWNER TO auditor;
		ALTER TABLE directory.audit ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY, ADD COLUMN counted bigserial;
		CREATE INDEX ON directory.audit (change)"
	check "odd: a view on the audit is no reason to refuse" upgrade_odd
	check "odd: row-level security and functions that read it are there" is 'everybody,known|t|auditor' upgrade_odd "
		SELECT (SELECT string_agg(polname, ',' ORDER BY polname) FROM pg_policy WHERE polrelid = 'app.cases'::regclass),
			app.recent_rows() = (SELECT count(*) FROM directory.audit), (SELECT relowner::regrole FROM pg_class WHERE oid = 'app.seen'::regclass)"
	check "odd: columns with sequences go on in what is written" is t upgrade_odd "
		WITH before AS (SELECT max(seq) AS seq, max(counted) AS counted FROM directory.audit), written AS (SELECT scim.create_resource('User', '{\"userName\": \"odd\", \"emails\": [{\"value\": \"odd\", \"primary\": true}]}') AS u)
		SELECT u IS NOT NULL AND (SELECT (max(a.seq), max(a.counted)) > (b.seq, b.counted) FROM before b, directory.audit a GROUP BY b.seq, b.counted) IS NOT NULL FROM written, before"
	old_store 0.1.0 "CREATE FUNCTION app.audit_rows() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM directory.audit; END"
	check "odd: what cannot stay is named, and the store is as it was" refuses 'function app.audit_rows() depends' "SELECT scim.upgrade_store('directory')"
}
