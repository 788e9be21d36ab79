-- conf/roles.sql: each role may what it needs, and no more; run again; without a superuser
\set VERBOSITY terse
\set store rolled
SET client_min_messages = warning;
\set ECHO none
\o /dev/null
\i conf/roles.sql
\i conf/roles.sql
\o
\set ON_ERROR_STOP off
\set ECHO all
RESET client_min_messages;
SET scim.store = 'rolled';
SELECT rolname, rolcanlogin, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname IN ('scim_owner', 'scim_application', 'scim_auditor', 'scim_operator', 'scim_worker', 'scim_monitor') ORDER BY 1;
SELECT relowner::regrole FROM pg_class WHERE oid = 'rolled.resource'::regclass;
SELECT grantee, table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS may FROM information_schema.role_table_grants
WHERE table_schema = 'rolled' AND grantee IN ('scim_application', 'scim_auditor', 'scim_operator', 'scim_worker', 'scim_monitor') AND table_name !~ '^audit_' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT grantee, string_agg(DISTINCT routine_name, ' ' ORDER BY routine_name) AS may FROM information_schema.role_routine_grants
WHERE routine_schema = 'scim' AND grantee IN ('scim_owner', 'scim_application', 'scim_auditor', 'scim_operator', 'scim_worker', 'scim_monitor') GROUP BY 1 ORDER BY 1;
SELECT column_name FROM information_schema.role_column_grants WHERE table_schema = 'rolled' AND grantee = 'scim_auditor' AND table_name = 'token' ORDER BY 1;
CREATE FUNCTION pg_temp.may_do(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE statement INTO answer;
    RETURN 'yes';
EXCEPTION WHEN OTHERS THEN RETURN sqlstate;
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.may_do TO PUBLIC;
SELECT format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace) AS grant_them \gset
:grant_them;
CREATE TEMP TABLE deed AS SELECT * FROM (VALUES
    (1, 'create a user', 'SELECT scim.create_resource(''User'', jsonb_build_object(''userName'', current_user))'),
    (2, 'find users', 'SELECT scim.search(''User'')'),
    (3, 'insert a user', 'INSERT INTO rolled.users (data) VALUES (jsonb_build_object(''userName'', current_user || 2)) RETURNING 1'),
    (4, 'read the audit', 'SELECT count(*) FROM rolled.audit'),
    (5, 'write the audit', 'DELETE FROM rolled.audit RETURNING 1'),
    (6, 'read passwords', 'SELECT count(secret) FROM rolled.credential'),
    (7, 'read keys', 'SELECT count(value) FROM rolled.secret'),
    (8, 'read hashes of tokens', 'SELECT count(hash) FROM rolled.token'),
    (9, 'read descriptions of tokens', 'SELECT count(description) FROM rolled.token'),
    (10, 'make a token', 'SELECT (scim.create_token(''of '' || current_user)).id'),
    (11, 'end a token', 'SELECT scim.revoke_token(id) FROM rolled.token WHERE description = ''the first'''),
    (12, 'change a policy', 'UPDATE rolled.policy SET enabled = enabled RETURNING 1'),
    (13, 'change a setting', 'INSERT INTO rolled.setting (name, value) VALUES (''max_results'', ''9'') RETURNING 1'),
    (14, 'register a schema', 'SELECT FROM scim.register_schema(''{"id": "urn:example:x", "name": "x", "attributes": [{"name": "x"}]}'')'),
    (15, 'make a tenant', 'SELECT scim.create_tenant(''x'')'),
    (16, 'name a role', 'INSERT INTO rolled.tenant_role (role) VALUES (current_user) RETURNING 1'),
    (17, 'read the configuration', 'SELECT count(*) FROM rolled.policy'),
    (18, 'check a password', 'SELECT scim.verify_password(''00000000-0000-7000-8000-000000000001'', ''x'')'),
    (19, 'be the gateway', 'SELECT scim.gateway(''{}'', NULL)'),
    (21, 'drop the store', 'DROP SCHEMA rolled CASCADE'),
    (20, 'get events', 'SELECT count(*) FROM scim.next_events(''told'')'),
    (23, 'let guards go', 'SELECT scim.release_guard()'),
    (24, 'make a consumer', 'SELECT scim.create_consumer(''another'')'),
    (22, 'make a table there', 'CREATE TABLE rolled.x ()')) d (n, what, statement);
GRANT SELECT ON deed TO PUBLIC;
SET ROLE scim_owner;
SELECT (scim.create_token('the first')).id IS NOT NULL AS made;
SELECT scim.create_consumer('told') IS NOT NULL AS made;
RESET ROLE;
CREATE TEMP TABLE answer (role name, n int, may text);
GRANT INSERT ON answer TO PUBLIC;
BEGIN;
SET LOCAL ROLE scim_application;
INSERT INTO answer SELECT current_user, n, pg_temp.may_do(statement) FROM deed ORDER BY n;
SET LOCAL ROLE scim_auditor;
INSERT INTO answer SELECT current_user, n, pg_temp.may_do(statement) FROM deed ORDER BY n;
SET LOCAL ROLE scim_operator;
INSERT INTO answer SELECT current_user, n, pg_temp.may_do(statement) FROM deed ORDER BY n;
SET LOCAL ROLE scim_worker;
INSERT INTO answer SELECT current_user, n, pg_temp.may_do(statement) FROM deed ORDER BY n;
COMMIT;
SELECT what, string_agg(may, ' ' ORDER BY role) AS "application auditor operator worker" FROM answer JOIN deed USING (n) GROUP BY n, what ORDER BY n;

-- by a role that is no superuser, but may create roles and owns the store; what it may not grant is left out and said
CREATE ROLE regress_scim_admin CREATEROLE;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_admin', current_database()) AS grant_them \gset
:grant_them;
SET ROLE regress_scim_admin;
SELECT scim.create_store('administered');
\set store administered
SET client_min_messages = error;
\set ECHO none
\o /dev/null
\i conf/roles.sql
\o
\set ON_ERROR_STOP off
\set ECHO all
RESET client_min_messages;
RESET ROLE;
SELECT grantee, string_agg(DISTINCT privilege_type, ' ' ORDER BY privilege_type) AS may FROM information_schema.role_table_grants
WHERE table_schema = 'administered' AND grantee IN ('scim_application', 'scim_auditor', 'scim_operator', 'scim_worker') GROUP BY 1 ORDER BY 1;
SET client_min_messages = warning;
SELECT scim.drop_store(n, true) FROM unnest(ARRAY['rolled', 'administered']) n;
DROP OWNED BY scim_owner, scim_application, scim_auditor, scim_operator, scim_worker, scim_monitor, regress_scim_admin;
DROP ROLE scim_owner, scim_application, scim_auditor, scim_operator, scim_worker, scim_monitor, regress_scim_admin;
