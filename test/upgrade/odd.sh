# shellcheck shell=bash
# odd.sh: stores of earlier versions in circumstances that are none of ours; for run.sh.

# A database upgrade_odd with the stores of a version, whose extension is of this one.
# old_store VERSION [SQL]: SQL is run before ALTER EXTENSION.
old_store() {
	make_database upgrade_odd
	psql_in upgrade_odd -c "CREATE EXTENSION scim VERSION '$1'" -f "../data/store-$1.sql" >/dev/null 2>"$WORK/log" || cat "$WORK/log"
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

# ended PROCESS LOG: without an error
ended() { wait "$1" || { cat "$2"; return 1; }; }

# What asks for a tenant asks for that of its own store
NO_OTHER_TENANT="SELECT count(*) FROM pg_policies WHERE schemaname = 'directory' AND concat(qual, with_check) ~ 'scim\"?\\.\"?tenant\"?\\(\\)'"

odd_circumstances() {
	old_store 0.3.0
	check "odd: settings that say how texts are read and shown" oddly upgrade_odd
	check "odd: row-level security is that of the store" is 0 upgrade_odd "$NO_OTHER_TENANT"
	old_store 0.6.0 "ALTER POLICY tenant ON directory.users USING (tenant_id = scim.tenant())"
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

	# what takes the place of something else is there before it goes
	old_store 0.5.0
	check "odd: the former index on documents stays until there is another one" prints '0|1' upgrade_odd "
		SELECT count(*) FILTER (WHERE s LIKE 'DROP INDEX %'), max(1) FROM scim.upgrade_store('directory') AS s"
	check "odd: nor does a partitioned table get an index all at once" prints 't|0' upgrade_odd "
		SELECT count(*) FILTER (WHERE s ~ '^CREATE INDEX CONCURRENTLY .* ON directory.audit_') > 24, count(*) FILTER (WHERE s !~ ' CONCURRENTLY ')
		FROM scim.upgrade_store('directory') AS s"
	upgrade_odd >"$WORK/log" 2>&1
	check "odd: what is left then takes a moment" prints 't|t' upgrade_odd "
		SELECT bool_or(s LIKE 'DROP INDEX CONCURRENTLY IF EXISTS directory.users_data_former'), bool_or(s ~ '^CREATE INDEX IF NOT EXISTS audit_members_idx ON directory.audit ')
		FROM scim.upgrade_store('directory') AS s"
	upgrade_odd >"$WORK/log" 2>&1
	check "odd: and nothing is left" is 't' upgrade_odd "
		SELECT bool_and(indisvalid) FROM pg_index WHERE indexrelid IN ('directory.audit_members_idx'::regclass, 'directory.users_data_idx'::regclass) AND to_regclass('directory.users_data_former') IS NULL"

	# others at work
	old_store 0.5.0
	psql_in upgrade_odd -c "BEGIN" -c "SELECT count(*) FROM directory.users" -c "SELECT pg_sleep(1.5)" -c "SELECT count(*) FROM directory.resource_type" -c "COMMIT" >"$WORK/reader" 2>&1 &
	sleep 0.5
	check "odd: a reader in the middle of a transaction" psql_in upgrade_odd -c "SELECT count(*) FROM scim.upgrade_store('directory')"
	check "odd: goes on" wait $!
	old_store 0.5.0
	psql_in upgrade_odd -c "BEGIN" -c "SELECT count(*) FROM directory.users" -c "SELECT pg_sleep(5)" >/dev/null 2>&1 &
	sleep 0.5
	check "odd: one who stays too long is told of" refuses 'scim.upgrade_store(.directory.) again' "SET lock_timeout = '1s'; SELECT scim.upgrade_store('directory')"
	wait $!
	upgrade_odd >"$WORK/other" 2>&1 &
	check "odd: two upgrades at a time" upgrade_odd
	check "odd: both of which are done" ended $! "$WORK/other"
	check "odd: and which leave nothing" upgrade_odd
	check "odd: but what had to be there before" is t upgrade_odd "SELECT to_regclass('directory.users_data_former') IS NULL AND (SELECT bool_and(indisvalid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'directory'::regnamespace)"

	# names that others have taken
	old_store 0.3.0 "
		CREATE INDEX token_hash_idx ON directory.token (description);
		CREATE UNIQUE INDEX client_former_hash_idx ON directory.client (tenant_id, id);
		CREATE VIEW directory.leaver WITH (security_invoker) AS SELECT 1 AS theirs"
	check "odd: an index of theirs that has the name of one of ours" upgrade_odd
	check "odd: stays" is 'tenant_id,id|description|theirs' upgrade_odd "
		SELECT (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'directory.client_former_hash_idx'::regclass),
			(SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'directory.token_hash_idx'::regclass),
			(SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'directory.leaver'::regclass)"
	check "odd: and is told of" told 'no index directory.token_hash_idx' upgrade_odd "SELECT scim.upgrade_store('directory')"
	check "odd: so is a view" told 'no view directory.leaver' upgrade_odd "SELECT scim.upgrade_store('directory')"
	old_store 0.2.0 "ALTER TABLE directory.resource ADD COLUMN activated_at date"
	check "odd: a column of theirs" refuses 'HINT:.*needs another' "SELECT scim.upgrade_store('directory')"
	old_store 0.4.0 "CREATE TABLE directory.guard (theirs int)"
	check "odd: a table of theirs" refuses 'HINT:.*needs another' "SELECT scim.upgrade_store('directory')"

	# what this version does not write with
	old_store 0.5.0 "
		CREATE FUNCTION app.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
		CREATE TRIGGER keep BEFORE INSERT ON directory.audit FOR EACH ROW EXECUTE FUNCTION app.keep()"
	check "odd: a trigger with which nothing is written any more is in the way" refuses 'trigger "keep" of table "audit" must not act before' "SELECT scim.upgrade_store('directory')"
	psql_in upgrade_odd -c "ALTER TABLE directory.audit DISABLE TRIGGER keep" -c "SELECT scim.upgrade_store('directory')" -c "ALTER TABLE directory.audit ENABLE TRIGGER keep" >/dev/null 2>&1
	check "odd: and is told of later" told 'trigger \"keep\" of table \"audit\" must not act before' upgrade_odd "SELECT scim.upgrade_store('directory')"
	check "odd: by readiness, too" is 't' upgrade_odd "SELECT scim.readiness() ->> 'problems' ~ 'directory.*keep'"
	check "odd: and no client is told that it is his fault" is 500 upgrade_odd "SELECT status FROM scim.request('POST', '/Users', '{}', '{\"userName\": \"odd\", \"emails\": [{\"value\": \"odd\", \"primary\": true}]}')"
}
