-- The policy "database_roles" where somebody works by hand: roles renamed and replaced, rows of
-- the table, other stores
\set VERBOSITY terse
CREATE ROLE regress_scim_dbo CREATEROLE;
CREATE ROLE regress_scim_analyst;
CREATE ROLE regress_scim_service LOGIN;
GRANT regress_scim_analyst, regress_scim_service TO regress_scim_dbo WITH ADMIN OPTION;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_dbo', current_database()) AS grant_it \gset
:grant_it;
GRANT EXECUTE ON FUNCTION scim.check_database_roles(), scim.sync_database_roles(boolean), scim.adopt_database_role(uuid, text), scim.adopt_database_role(text, text),
    scim.release_database_role(text), scim.end_database_sessions(), scim.create_tenant(text, text), scim.drop_tenant(int) TO regress_scim_dbo;
SET ROLE regress_scim_dbo;
SELECT scim.create_store('byhand');
SET scim.store = 'byhand';
CREATE FUNCTION pg_temp.have() RETURNS TABLE (login text, may boolean, roles text) LANGUAGE sql AS $$
    SELECT r.rolname, r.rolcanlogin, (SELECT string_agg(g.rolname, ' ' ORDER BY g.rolname) FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid WHERE a.member = r.oid)
    FROM pg_roles r WHERE r.rolname ~ '^(regress_scim_p_|regress_scim_service)' ORDER BY 1;
$$;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN sqlstate || ': ' || regexp_replace(sqlerrm, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g') || coalesce(' / ' || nullif(hint, ''), '');
END $$;
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$
    SELECT id FROM byhand.resource WHERE coalesce(user_name, display_name) = name AND deleted_at IS NULL;
$$;
CREATE FUNCTION pg_temp.join_in(name text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.try(format('INSERT INTO byhand.member (group_id, member_id) VALUES (%L, %L)', pg_temp.id('Analysts'), pg_temp.id(name)));
$$;
CREATE FUNCTION pg_temp.leave(name text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.try(format('DELETE FROM byhand.member WHERE member_id = %L', pg_temp.id(name)));
$$;
INSERT INTO byhand.groups (data) VALUES ('{"displayName": "Analysts"}');
INSERT INTO byhand.users (data) SELECT jsonb_build_object('userName', name) FROM unnest('{ada,bob,cleo,dan,eve,fay,gus,serv}'::text[]) name;
-- what nobody can be granted
SELECT pg_temp.try(format('INSERT INTO byhand.policy (resource_type, kind, settings) VALUES (''User'', ''database_roles'', %L)', settings)) FROM unnest(ARRAY[
    '{"grants": [{"group": "displayName pr", "roles": ["pg_database_owner"]}], "privileged": ["pg_database_owner"]}', '{"grants": [], "privileged": ["pg_database_owner"]}',
    '{"grants": [{"group": "displayName pr", "roles": ["pg_database_owner"]}]}']) settings;
INSERT INTO byhand.policy (resource_type, kind, settings) VALUES ('User', 'database_roles', '{
    "prefix": "regress_scim_p_", "missing": "create", "grants": [{"group": "displayName eq \"Analysts\"", "roles": ["regress_scim_analyst"]}]}');
SELECT DISTINCT pg_temp.join_in(user_name) FROM byhand.users WHERE user_name <> 'serv';
SELECT scim.adopt_database_role(pg_temp.id('serv'), 'regress_scim_service');
SELECT pg_temp.join_in('serv');

-- a role that is called otherwise is the same: suspended, left, deleted, renamed
ALTER ROLE regress_scim_p_ada RENAME TO regress_scim_p_other_ada;
ALTER ROLE regress_scim_p_bob RENAME TO regress_scim_p_other_bob;
ALTER ROLE regress_scim_p_cleo RENAME TO regress_scim_p_other_cleo;
ALTER ROLE regress_scim_p_dan RENAME TO regress_scim_p_other_dan;
ALTER ROLE regress_scim_p_eve RENAME TO regress_scim_p_other_eve;
ALTER ROLE regress_scim_service RENAME TO regress_scim_service2;
SELECT name, login_role, action, role, problem FROM scim.check_database_roles() ORDER BY 1, 3;
UPDATE byhand.users SET active = false WHERE user_name IN ('ada', 'serv');
SELECT pg_temp.leave('bob');
DELETE FROM byhand.users WHERE user_name = 'cleo';
UPDATE byhand.users SET user_name = 'daniel' WHERE user_name = 'dan';
SELECT * FROM pg_temp.have();
SELECT role, login, granted FROM byhand.database_role ORDER BY role;
SELECT operation, detail FROM byhand.audit WHERE operation = 'database role' AND detail ? 'login' ORDER BY at, id;
-- nobody else gets it, or the name that it had
SELECT pg_temp.try(format('SELECT scim.adopt_database_role(%L, ''regress_scim_p_other_ada'')', pg_temp.id('bob')));
SELECT pg_temp.try('INSERT INTO byhand.users (id, data) VALUES (''00000000-0000-7000-8000-00000000000a'', ''{"userName": "other_ada"}'')'), pg_temp.join_in('other_ada');
DELETE FROM byhand.users WHERE user_name = 'other_ada';
SELECT CASE WHEN name !~ '-' THEN name END AS name, login_role, action, role, problem FROM scim.sync_database_roles() ORDER BY 2, 3;
SELECT * FROM pg_temp.have();
SELECT role, login, granted FROM byhand.database_role ORDER BY role;
SELECT count(*) FROM scim.check_database_roles();
-- what nobody has foreseen, as that who is logged in is not renamed, says whose role it is
GRANT USAGE ON SCHEMA byhand TO regress_scim_p_bob;
GRANT ALL ON ALL TABLES IN SCHEMA byhand TO regress_scim_p_bob;
INSERT INTO byhand.tenant_role (role, tenant_id) VALUES ('regress_scim_p_bob', 1);
RESET ROLE;
SET SESSION AUTHORIZATION regress_scim_p_bob;
SELECT pg_temp.try('UPDATE byhand.users SET user_name = ''robert'' WHERE user_name = ''bob''');
RESET SESSION AUTHORIZATION;
SET ROLE regress_scim_dbo;
DELETE FROM byhand.tenant_role WHERE role = 'regress_scim_p_bob';
REVOKE USAGE ON SCHEMA byhand FROM regress_scim_p_bob;
REVOKE ALL ON ALL TABLES IN SCHEMA byhand FROM regress_scim_p_bob;
-- whose name somebody else has by now
ALTER ROLE regress_scim_p_fay RENAME TO regress_scim_p_other_fay;
CREATE ROLE regress_scim_p_fay LOGIN;
SELECT name, login_role, action, role, problem FROM scim.sync_database_roles();
UPDATE byhand.users SET active = false WHERE user_name = 'fay';
SELECT * FROM pg_temp.have() WHERE login ~ 'fay';
DROP ROLE regress_scim_p_fay;
SELECT name, login_role, action, role, problem FROM scim.sync_database_roles();
-- by the name that it has
ALTER ROLE regress_scim_service2 RENAME TO regress_scim_service;
SELECT scim.adopt_database_role(pg_temp.id('serv'), 'regress_scim_service');
SELECT role FROM byhand.database_role WHERE resource_id = pg_temp.id('serv');
ALTER ROLE regress_scim_p_eve RENAME TO regress_scim_p_other_eve;
SELECT scim.release_database_role('regress_scim_p_other_eve');
DROP ROLE regress_scim_p_other_eve;
SELECT pg_temp.leave('eve');

-- another role of the same name: refused is what would have to touch it
DROP ROLE regress_scim_p_gus;
CREATE ROLE regress_scim_p_gus LOGIN;
SELECT pg_temp.try('UPDATE byhand.users SET active = false WHERE user_name = ''gus''') AS suspended, pg_temp.try('DELETE FROM byhand.users WHERE user_name = ''gus''') AS deleted, pg_temp.leave('gus') AS left;
SELECT pg_temp.try('UPDATE byhand.users SET user_name = ''guy'' WHERE user_name = ''gus''') AS renamed, pg_temp.try('UPDATE byhand.users SET data = data || ''{"title": "Dr."}'' WHERE user_name = ''gus''') AS other;
SELECT status FROM scim.request('PATCH', '/Users/' || pg_temp.id('gus'), '{}', '{"Operations": [{"op": "replace", "path": "active", "value": false}]}');
SELECT name, login_role, action, role, problem FROM scim.check_database_roles();
SELECT * FROM pg_temp.have() WHERE login ~ 'gus';
SELECT scim.release_database_role('regress_scim_p_gus');
UPDATE byhand.users SET active = false WHERE user_name = 'gus';
-- none at all: nobody can log in as that
DROP ROLE regress_scim_p_fay, regress_scim_p_daniel;
UPDATE byhand.users SET active = false WHERE user_name = 'daniel';

-- rows by hand
SELECT pg_temp.try(s) FROM unnest(ARRAY['INSERT INTO byhand.database_role SELECT 1, id, ''User'', ''postgres'', 10, 1, false, false, ''{}'', now(), now(), 0 FROM byhand.users LIMIT 1',
    'UPDATE byhand.database_role SET login = false', 'DELETE FROM byhand.database_role', 'TRUNCATE byhand.database_role']) s;
-- other stores of the database, and other databases
SET ROLE regress_scim_dbo;
SELECT scim.create_store('second');
SET scim.store = 'second';
INSERT INTO second.users (data) VALUES ('{"userName": "ann"}');
SELECT role, pg_temp.try(format('SELECT scim.adopt_database_role(%L, %L)', u.id, role)) FROM second.users u, unnest('{regress_scim_service,regress_scim_p_ada}'::text[]) role;
SET scim.store = 'byhand';
SELECT scim.release_database_role('regress_scim_service');
SET scim.store = 'second';
SELECT scim.adopt_database_role(id, 'regress_scim_service') FROM second.users;
SET scim.store = 'byhand';
SELECT regexp_replace(shobj_description(to_regrole('regress_scim_service'), 'pg_authid'), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID') AS comment;
SELECT pg_temp.try(format('SELECT scim.adopt_database_role(%L, %L)', pg_temp.id('serv'), 'regress_scim_service'));
SET scim.store = 'second';
SELECT scim.release_database_role('regress_scim_service');
SELECT regexp_replace(shobj_description(to_regrole('regress_scim_service'), 'pg_authid'), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID') AS comment;
COMMENT ON ROLE regress_scim_service IS 'Made for User 00000000-0000-7000-8000-000000000001 of the SCIM store "far", tenant 1, in database "template1".';
SELECT pg_temp.try(format('SELECT scim.adopt_database_role(%L, %L)', id, 'regress_scim_service')) FROM second.users;
COMMENT ON ROLE regress_scim_service IS 'Made for User 00000000-0000-7000-8000-000000000001 of the SCIM store "far", tenant 1, in database "regress_scim_none".';
SELECT scim.adopt_database_role(id, 'regress_scim_service') FROM second.users;

-- a tenant goes with his rows
SET scim.store = 'second';
INSERT INTO second.tenant (tenant_id, name) VALUES (2, 'two');
SET scim.tenant = 1;
UPDATE second.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
DELETE FROM second.users;
SELECT count(*) FROM second.database_role;
SELECT scim.drop_tenant(1);
RESET scim.tenant;
SELECT count(*) FROM second.database_role;

RESET ROLE;
SET client_min_messages = warning;
SELECT scim.drop_store('byhand', true), scim.drop_store('second', true);
SELECT string_agg(format('DROP ROLE %I', login), '; ') AS drop_them FROM pg_temp.have() \gset
:drop_them;
DROP OWNED BY regress_scim_dbo;
DROP ROLE regress_scim_analyst, regress_scim_dbo;
