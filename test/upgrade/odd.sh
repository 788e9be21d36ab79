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

# Three who have one name by now: written when their version was the one that there is, to which they were three.
# The userName is the primary e-mail by a policy, and by another one it is unique once more.
equal_names() {
	psql_in upgrade_odd -c "SET session_replication_role = replica" -c "
		INSERT INTO directory.policy (resource_type, kind, name, settings) VALUES ('User', 'unique', 'logins', '{\"attributes\": [\"userName\"]}');
		WITH equal (n, name) AS (VALUES (1, U&'Jos\\00E9@example.com'), (2, U&'JOSE\\0301@example.com'), (3, U&'\\FF2Aose\\0301@example.com')), made AS (
			INSERT INTO directory.users (tenant_id, resource_type, id, user_name, active, status, data, version, created, last_modified)
			SELECT 1, 'User', format('00000000-0009-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, name, true, 'ACTIVE', jsonb_build_object('schemas', '[\"urn:ietf:params:scim:schemas:core:2.0:User\"]'::jsonb,
				'userName', name, 'active', true, 'emails', jsonb_build_array(jsonb_build_object('value', name, 'primary', true))), 1, '2025-01-01', '2025-01-01' FROM equal RETURNING id, user_name)
		INSERT INTO directory.unique_value (tenant_id, resource_type, attribute, value, resource_id)
		SELECT 1, 'User', 'policy logins userName', scim.fold(user_name), id FROM made UNION ALL
		SELECT u.tenant_id, 'User', 'policy logins userName', scim.fold(u.user_name), u.id FROM directory.users u WHERE u.deleted_at IS NULL"
}

THEIR_NAMES="SELECT string_agg(format('%s|%s|%s', right(id::text, 1), version, encode(convert_to(user_name, 'UTF8'), 'escape')), ' ' ORDER BY id) FROM directory.users WHERE id::text LIKE '00000000-0009-%'"
EQUAL_NAMES="SELECT tenant_id, resource_type, cardinality(ids), cardinality(user_names) FROM scim.equal_user_names('directory')"

# Names that have become equal: told of before anything is changed, resolved on the way, or not brought forward.
odd_names() {
	local version=$1 names='{"00000000-0009-7000-8000-000000000002": "jose.2@example.com", "00000000-0009-7000-8000-000000000003": "jose.3@example.com"}' before

	make_database upgrade_odd
	psql_in upgrade_odd -c "CREATE EXTENSION scim VERSION '$version'" -f "../data/store-$version.sql" >/dev/null 2>"$WORK/log" || cat "$WORK/log"
	equal_names
	[ "$version" = 0.7.0 ] || check "odd names $version: before the extension is another one, they are listed" is '1|User|3|3' upgrade_odd "$EQUAL_NAMES"
	psql_in upgrade_odd -c "ALTER EXTENSION scim UPDATE"
	before=$(psql_in upgrade_odd -c "$THEIR_NAMES")
	describe_store upgrade_odd directory >"$WORK/before"
	check "odd names $version: and after that" is '1|User|3|3' upgrade_odd "$EQUAL_NAMES"
	check "odd names $version: requests are answered by 503" is '503|1' upgrade_odd "SELECT status, headers ->> 'Retry-After' FROM scim.request('GET', '/Users')"
	check "odd names $version: the upgrade refuses, and says who" refuses 'tenant 1, User: .*00000000-0009-7000-8000-000000000001.*00000000-0009-7000-8000-000000000002.*00000000-0009-7000-8000-000000000003' "SELECT scim.upgrade_store('directory')"
	check "odd names $version: and what to do" grep -q "HINT: .*user_names =>" "$WORK/refused"
	check "odd names $version: so does what only looks" refuses 'are the same one by now: 1 of them' "SELECT scim.upgrade_store('directory', dry_run => true)"
	check "odd names $version: names that leave two with one" refuses 'are the same one by now: 1 of them' "SELECT scim.upgrade_store('directory', user_names => '{\"00000000-0009-7000-8000-000000000002\": \"x@example.com\"}')"
	check "odd names $version: names that somebody has" refuses 'are the same one by now: 2 of them' "SELECT scim.upgrade_store('directory', user_names => jsonb_build_object('00000000-0009-7000-8000-000000000002', (SELECT upper(user_name) FROM directory.users WHERE tenant_id = 1 AND deleted_at IS NULL AND id::text NOT LIKE '00000000-0009-%' ORDER BY id LIMIT 1)))"
	check "odd names $version: names for others" refuses 'no name for one whose name others have: 00000000-0001-7000-8000-000000000001' "SELECT scim.upgrade_store('directory', user_names => '{\"00000000-0001-7000-8000-000000000001\": \"x\"}')"
	check "odd names $version: what is no name" refuses 'no name for one whose name others have: 00000000-0009-7000-8000-000000000001' "SELECT scim.upgrade_store('directory', user_names => '{\"00000000-0009-7000-8000-000000000001\": 5}')"
	describe_store upgrade_odd directory >"$WORK/after"
	check "odd names $version: and nothing has happened" same "$WORK/before" "$WORK/after"
	check "odd names $version: to nobody" is "$before" upgrade_odd "$THEIR_NAMES"
	make_database upgrade_by_hand upgrade_odd
	check "odd names $version: with other names it goes on" gexec upgrade_odd "SELECT scim.upgrade_store('directory', user_names => '$names')"
	check "odd names $version: to its end" gexec upgrade_odd "SELECT scim.upgrade_store('directory')"
	check "odd names $version: nothing is left" prints '' upgrade_odd "SELECT scim.upgrade_store('directory')"
	check "odd names $version: they have them" is '1|1|Jos\303\251@example.com 2|2|jose.2@example.com 3|2|jose.3@example.com' upgrade_odd "$THEIR_NAMES"
	check "odd names $version: which the audit tells" is '2|2' upgrade_odd "SELECT count(*), count(DISTINCT resource_id) FROM directory.audit WHERE resource_id IN ('00000000-0009-7000-8000-000000000002', '00000000-0009-7000-8000-000000000003') AND operation = 'update' AND before ? 'userName'"
	check "odd names $version: and unique values follow" is '3|3' upgrade_odd "SELECT count(*), count(*) FILTER (WHERE u.value = scim.fold_user_name(r.user_name)) FROM directory.unique_value u JOIN directory.users r ON r.id = u.resource_id WHERE u.attribute = 'policy logins userName' AND r.id::text LIKE '00000000-0009-%'"
	check "odd names $version: whatever is the same as the first one is refused" is '409|uniqueness' upgrade_odd "
		SELECT status, body::jsonb ->> 'scimType' FROM scim.request('POST', '/Users', '{}', U&'{\"userName\": \"JOSE\\0301@example.com\", \"emails\": [{\"value\": \"JOSE\\0301@example.com\", \"primary\": true}]}')"
	check "odd names $version: found by it" is '1' upgrade_odd "SELECT scim.search('User', U&'userName eq \"\\FF2AOSE\\0301@EXAMPLE.com\"') ->> 'totalResults'"
	check "odd names $version: rules that such a name does not keep are told of, and nothing else" is 'identity|2' upgrade_odd "SELECT rule, count(*) FROM scim.validate_store('User') GROUP BY rule"
	check "odd names $version: and keep nobody from what is done next" is 'SUSPENDED|3' upgrade_odd "UPDATE directory.users SET active = false WHERE id = '00000000-0009-7000-8000-000000000002' RETURNING status, version"
	check "odd names $version: all names are unique" is t upgrade_odd "SELECT indisvalid AND indisunique AND pg_get_indexdef(indexrelid) ~ 'fold_user_name' FROM pg_index WHERE indexrelid = 'directory.users_user_name_key'::regclass"
	check "odd names $version: the first keeps his name, others get one that is made of it" gexec upgrade_by_hand "
		SELECT scim.upgrade_store('directory', user_names => (SELECT jsonb_object_agg(id, format('%s.%s', n + 1, user_name)) FROM scim.equal_user_names('directory') AS e, unnest(e.ids[2:], e.user_names[2:]) WITH ORDINALITY AS u (id, user_name, n)))"
	check "odd names $version: and are three" is 't|3' upgrade_by_hand "SELECT bool_and(right(id::text, 1) = '1' OR left(user_name, 2) = right(id::text, 1) || '.'), count(*) FROM directory.users WHERE id::text LIKE '00000000-0009-%'"
}

# Row-level security that is forced upon the owner, who is no superuser: he has seen none but one tenant's rows.
odd_forced() {
	local name="'{\"00000000-0009-7000-8000-000000000002\": \"odd.2\"}'"
	local hidden='{"type": "string", "multiValued": false, "required": false, "caseExact": true, "mutability": "writeOnly", "returned": "never", "uniqueness": "none"}'

	old_store 0.8.0 "
		DO \$\$ BEGIN EXECUTE (SELECT string_agg(format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass), ';') FROM pg_class c WHERE c.relnamespace = '\"Odd \"\"Store\"\"\"'::regnamespace AND c.relrowsecurity); END \$\$"
	psql_in upgrade_odd -c "SET session_replication_role = replica" -c "
		INSERT INTO \"Odd \"\"Store\"\"\".tenant (tenant_id, name) VALUES (2, 'second');
		INSERT INTO \"Odd \"\"Store\"\"\".users (tenant_id, resource_type, id, user_name, active, status, data, version, created, last_modified)
		SELECT 2, 'User', format('00000000-0009-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, name, true, 'ACTIVE', jsonb_build_object('schemas', '[\"urn:ietf:params:scim:schemas:core:2.0:User\"]'::jsonb, 'userName', name, 'active', true), 1, '2025-01-01', '2025-01-01'
		FROM (VALUES (1, U&'Odd\\00E9'), (2, U&'ODDE\\0301')) AS equal (n, name);
		UPDATE \"Odd \"\"Store\"\"\".schema SET document = jsonb_insert(document, '{attributes,-1}', jsonb_build_object('name', 'pin') || '$hidden', true) WHERE id = 'urn:example:Thing';
		INSERT INTO \"Odd \"\"Store\"\"\".things (tenant_id, resource_type, id, active, status, data, version, created, last_modified, deleted_at)
		SELECT 1 + n % 2, 'Thing', format('00000000-000a-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, n < 5, CASE WHEN n < 5 THEN 'ACTIVE' ELSE 'DELETED' END,
			jsonb_build_object('schemas', '[\"urn:example:Thing\"]'::jsonb, 'label', 'sealed ' || n, 'pin', 'clear ' || n), n, '2025-01-01', '2025-01-01', CASE WHEN n >= 5 THEN '2025-01-02'::timestamptz END
		FROM generate_series(1, 6) AS n"
	check "odd: names of a tenant whom the owner does not see" refuses 'are the same one by now: 1 of them' "SET SESSION AUTHORIZATION \"store owner\"; SELECT scim.upgrade_store('Odd \"Store\"')"
	check "odd: and others for them" gexec upgrade_odd "SET SESSION AUTHORIZATION \"store owner\"; SELECT scim.upgrade_store('Odd \"Store\"', user_names => $name)"
	check "odd: are theirs, and row-level security is what it was" is 'odd.2|2|t' upgrade_odd "SELECT user_name, version, (SELECT bool_and(relforcerowsecurity) FROM pg_class c WHERE c.relnamespace = '\"Odd \"\"Store\"\"\"'::regnamespace AND relrowsecurity)
		FROM \"Odd \"\"Store\"\"\".users WHERE id = '00000000-0009-7000-8000-000000000002'"
	check "odd: writeOnly values of all tenants are sealed, of those who are deleted too" is '6|6|t|21' upgrade_odd "SELECT count(*), count(*) FILTER (WHERE data ->> 'pin' ~ '^eyJ0eXAi'), bool_and(data ->> 'label' ~ '^sealed '), sum(version)
		FROM \"Odd \"\"Store\"\"\".things WHERE id::text LIKE '00000000-000a-%'"
	check "odd: and open" is '"clear 1" "clear 2" "clear 3" "clear 4" "clear 5" "clear 6"' upgrade_odd "SET scim.store = 'Odd \"Store\"'; SELECT string_agg(scim.unseal(data ->> 'pin')::text, ' ' ORDER BY id) FROM \"Odd \"\"Store\"\"\".things WHERE id::text LIKE '00000000-000a-%'"
	check "odd: of which nobody else can tell" is '0' upgrade_odd "SELECT count(*) FROM \"Odd \"\"Store\"\"\".things t WHERE t::text ~ 'clear'"
}

odd_circumstances() {
	odd_forced
	odd_names 0.7.0
	odd_names 0.8.0
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
		SELECT count(*) FILTER (WHERE s ~ '^CREATE INDEX CONCURRENTLY .* ON directory.audit_') > 12, count(*) FILTER (WHERE s ~ '^CREATE INDEX' AND s !~ ' CONCURRENTLY ')
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
