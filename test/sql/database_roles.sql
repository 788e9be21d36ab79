-- The policy "database_roles": members of groups have roles of the database, with the rights of
-- the owner of the store and no more
\set VERBOSITY terse
CREATE ROLE regress_scim_dbo CREATEROLE;
CREATE ROLE regress_scim_analyst;
CREATE ROLE regress_scim_editor;
GRANT regress_scim_analyst, regress_scim_editor TO regress_scim_dbo WITH ADMIN OPTION;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_dbo', current_database()) AS grant_it \gset
:grant_it;
GRANT EXECUTE ON FUNCTION scim.check_database_roles(), scim.sync_database_roles(boolean), scim.adopt_database_role(uuid, text), scim.adopt_database_role(text, text),
    scim.release_database_role(text), scim.end_database_sessions(), scim.create_tenant(text, text), scim.drop_tenant(int) TO regress_scim_dbo;
SET ROLE regress_scim_dbo;
SELECT scim.create_store('rights');
SET scim.store = 'rights';
-- what the database has: who may log in, and of what he is a member
CREATE FUNCTION pg_temp.have() RETURNS TABLE (login text, may boolean, roles text) LANGUAGE sql AS $$
    SELECT r.rolname, r.rolcanlogin, (SELECT string_agg(g.rolname, ' ' ORDER BY g.rolname) FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid WHERE a.member = r.oid)
    FROM pg_roles r WHERE r.rolname ^@ 'regress_scim_p_' ORDER BY 1;
$$;
CREATE FUNCTION pg_temp.told() RETURNS TABLE (told text) LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM rights.event RETURNING *)
    SELECT concat_ws(' ', regexp_replace(event_uri, '.*:', ''), operation, regexp_replace(data::text, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g')) FROM gone WHERE operation = 'database role' ORDER BY id;
$$;
CREATE FUNCTION pg_temp.ask(method text, target text, body text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    reply := scim.request(method, target, '{}', body);
    RETURN reply.status || coalesce(' ' || regexp_replace(reply.body::jsonb ->> 'detail', '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g'), '');
END $$;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ': ' || regexp_replace(sqlerrm, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g');
END $$;
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$
    SELECT id FROM rights.resource WHERE coalesce(user_name, display_name) = name AND deleted_at IS NULL;
$$;
CREATE FUNCTION pg_temp.join_in(g text, VARIADIC names text[]) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.ask('PATCH', '/Groups/' || pg_temp.id(g), jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value',
        (SELECT jsonb_agg(jsonb_build_object('value', pg_temp.id(n))) FROM unnest(names) n))))::text);
$$;
CREATE FUNCTION pg_temp.leave(g text, name text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.ask('PATCH', '/Groups/' || pg_temp.id(g), jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', pg_temp.id(name)))))::text);
$$;
INSERT INTO rights.users (data) SELECT jsonb_build_object('userName', name) FROM unnest('{ann,ben,cleo,dan}'::text[]) name;
INSERT INTO rights.groups (data) SELECT jsonb_build_object('displayName', name) FROM unnest('{Analysts,Editors,Juniors,Others}'::text[]) name;
SELECT pg_temp.join_in('Analysts', 'ann');

-- switched on: who is there is taken in
INSERT INTO rights.policy (resource_type, kind, settings) VALUES ('User', 'database_roles', '{
    "prefix": "regress_scim_p_", "missing": "create",
    "grants": [{"group": "displayName eq \"Analysts\"", "roles": ["regress_scim_analyst"]},
        {"group": "displayName eq \"Editors\"", "roles": ["regress_scim_editor", "regress_scim_analyst"]}]}');
SELECT * FROM pg_temp.have();
SELECT role, made, login, granted, role_id = to_regrole(quote_ident(role)) AS this_one, database_id = (SELECT oid FROM pg_database WHERE datname = current_database()) AS here, ends_sessions_before FROM rights.database_role;
SELECT regexp_replace(shobj_description(to_regrole('regress_scim_p_ann'), 'pg_authid'), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID') AS comment;
SELECT * FROM pg_temp.told();

-- come and go: HTTP, functions, rows, COPY; by a group within a group
SELECT pg_temp.join_in('Editors', 'ben', 'ann');
SELECT pg_temp.join_in('Others', 'cleo', 'dan');
SELECT pg_temp.join_in('Juniors', 'cleo');
SELECT * FROM pg_temp.have();
INSERT INTO rights.member (group_id, member_id) VALUES (pg_temp.id('Analysts'), pg_temp.id('Juniors'));
SELECT * FROM pg_temp.have();
SELECT pg_temp.leave('Analysts', 'ann');
SELECT * FROM pg_temp.have();
SELECT pg_temp.leave('Editors', 'ann');
SELECT * FROM pg_temp.have();
DELETE FROM rights.member WHERE member_id = pg_temp.id('Juniors');
SELECT * FROM pg_temp.have();
SELECT * FROM pg_temp.told();
-- none of this where it is rolled back
BEGIN;
SELECT pg_temp.join_in('Analysts', 'dan');
SAVEPOINT s;
SELECT pg_temp.join_in('Analysts', 'cleo');
ROLLBACK TO s;
SELECT * FROM pg_temp.have();
ROLLBACK;
SELECT * FROM pg_temp.have();
SELECT * FROM scim.check_database_roles();

-- nor of a preview
SELECT p.status FROM scim.preview('PATCH', '/Groups/' || pg_temp.id('Analysts'), '{}',
    jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', pg_temp.id('dan'))))))::text) p;
SELECT count(*) FROM pg_roles WHERE rolname = 'regress_scim_p_dan';

-- a group is called otherwise, or goes
UPDATE rights.groups SET display_name = 'Analysts' WHERE display_name = 'Juniors';
SELECT * FROM pg_temp.have();
UPDATE rights.groups SET display_name = 'Juniors' WHERE id = (SELECT group_id FROM rights.member WHERE member_id = pg_temp.id('cleo') AND group_id <> pg_temp.id('Others'));
SELECT * FROM pg_temp.have();
SELECT pg_temp.ask('DELETE', '/Groups/' || pg_temp.id('Editors'));
SELECT * FROM pg_temp.have();
SELECT pg_temp.ask('POST', '/Groups', jsonb_build_object('displayName', 'Editors', 'members', jsonb_build_array(jsonb_build_object('value', pg_temp.id('ben')), jsonb_build_object('value', pg_temp.id('Juniors'))))::text);
SELECT * FROM pg_temp.have();
SELECT pg_temp.ask('PUT', '/Groups/' || pg_temp.id('Editors'), jsonb_build_object('displayName', 'Editors', 'members', jsonb_build_array(jsonb_build_object('value', pg_temp.id('ann'))))::text);
SELECT * FROM pg_temp.have();
SELECT * FROM scim.check_database_roles();
DO $$ BEGIN PERFORM FROM pg_temp.told(); END $$;

-- the life of a person
SELECT scim.suspend_resource('User', pg_temp.id('ann')) -> 'active' AS active;
SELECT * FROM pg_temp.have();
SELECT login, granted, ends_sessions_before > since AS ends FROM rights.database_role WHERE role ~ 'ann';
SELECT pg_temp.ask('PATCH', '/Users/' || pg_temp.id('ann'), '{"Operations": [{"op": "replace", "path": "active", "value": true}]}');
SELECT * FROM pg_temp.have();
-- another name: the role is called otherwise, and is the same
SELECT role_id AS ann FROM rights.database_role WHERE role ~ 'ann' \gset
UPDATE rights.users SET user_name = 'Ann Miller' WHERE user_name = 'ann';
SELECT role, role_id = :ann AS same FROM rights.database_role WHERE role ~* 'ann';
SELECT * FROM pg_temp.have();
UPDATE rights.users SET user_name = 'ann', active = false WHERE user_name = 'Ann Miller';
SELECT * FROM pg_temp.have();
UPDATE rights.users SET active = true WHERE user_name = 'ann';
-- off-boarding, with and without what it means for logging in, and the way back
UPDATE rights.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM rights.users WHERE user_name = 'ann';
SELECT * FROM pg_temp.have() WHERE login ~ 'ann';
SELECT scim.activate_resource('User', pg_temp.id('ann')) -> 'active' AS active;
SELECT * FROM pg_temp.have() WHERE login ~ 'ann';
UPDATE rights.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM rights.users WHERE user_name = 'ann';
SELECT scim.record_login(pg_temp.id('ann')) AS may_log_in, may FROM pg_temp.have() WHERE login ~ 'ann';
SELECT pg_temp.id('ann') AS ann \gset
SELECT scim.complete_offboarding(:'ann');
SELECT * FROM pg_temp.have() WHERE login ~ 'ann';
SELECT scim.restore_resource('User', :'ann') -> 'active' AS active;
SELECT scim.activate_resource('User', :'ann') -> 'active' AS active;
SELECT * FROM pg_temp.have() WHERE login ~ 'ann';
SELECT pg_temp.join_in('Analysts', 'ann');
-- retained, restored
UPDATE rights.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM rights.users WHERE user_name IN ('ann', 'ben');
SELECT * FROM pg_temp.have();
SELECT scim.restore_resource('User', :'ann') -> 'userName' AS name;
SELECT * FROM pg_temp.have();
SELECT * FROM pg_temp.told();
-- who is out of sight keeps his role from others; so does who is gone for good
INSERT INTO rights.users (data) VALUES ('{"userName": "ben"}');
SELECT pg_temp.join_in('Analysts', 'ben');
SELECT scim.purge('0') AS purged;
SELECT pg_temp.join_in('Analysts', 'ben');
-- no name is told to who may not read them
RESET ROLE;
SELECT g.secret AS groups, b.secret AS both FROM scim.create_token('groups', scopes => '{Group}') g, scim.create_token('both', scopes => '{Group,User:read}') b \gset
SET ROLE regress_scim_dbo;
BEGIN; SELECT scim.authenticate('Bearer ' || :'groups') AS tenant \gset
SELECT pg_temp.join_in('Analysts', 'ben'); ROLLBACK;
BEGIN; SELECT scim.authenticate('Bearer ' || :'both') AS tenant \gset
SELECT pg_temp.join_in('Analysts', 'ben'); ROLLBACK;
SELECT pg_temp.try(format('SELECT scim.adopt_database_role(%L, %L)', pg_temp.id('ben'), 'regress_scim_p_ben'));
SELECT scim.release_database_role('regress_scim_p_ben');
SELECT scim.adopt_database_role(pg_temp.id('ben'), 'regress_scim_p_ben');
SELECT pg_temp.join_in('Analysts', 'ben');
SELECT role, made, login, granted FROM rights.database_role ORDER BY role;
SELECT * FROM pg_temp.have();
-- an adopted role keeps its name
UPDATE rights.users SET user_name = 'benjamin' WHERE user_name = 'ben';
SELECT role FROM rights.database_role WHERE resource_id = pg_temp.id('benjamin');
SELECT operation, detail - 'granted' AS detail FROM rights.audit WHERE operation = 'database role' AND resource_id = pg_temp.id('benjamin') ORDER BY at, id;
-- hard: the row goes, the role stays and does not log in
UPDATE rights.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM rights.users;
SELECT * FROM pg_temp.have();
SELECT role, login, granted FROM rights.database_role ORDER BY role;
SELECT * FROM scim.check_database_roles();
SELECT DISTINCT operation FROM scim.history(:'ann') WHERE operation ~ 'role';

-- erased: the name goes, too
INSERT INTO rights.users (data) VALUES ('{"userName": "eve"}');
SELECT pg_temp.join_in('Analysts', 'eve');
SELECT pg_temp.id('eve') AS eve \gset
SELECT scim.erase(:'eve') > 0 AS erased;
SELECT count(*) FROM pg_roles WHERE rolname ~ 'eve';
SELECT role = 'erased_' || :'eve' AS renamed, login, granted FROM rights.database_role WHERE resource_id = :'eve';
SELECT count(*) FROM rights.audit WHERE detail::text ~ 'eve';
SELECT format('DROP ROLE %I', 'erased_' || :'eve') AS drop_it \gset
:drop_it;

-- drift: what somebody does by hand is found, and taken back
INSERT INTO rights.users (data) SELECT jsonb_build_object('userName', name) FROM unnest('{fay,gus,hal,ida}'::text[]) name;
SELECT pg_temp.join_in('Analysts', 'fay', 'gus', 'hal', 'ida');
UPDATE rights.users SET active = false WHERE user_name = 'hal';
GRANT regress_scim_editor TO regress_scim_p_gus;
REVOKE regress_scim_analyst FROM regress_scim_p_fay;
ALTER ROLE regress_scim_p_hal LOGIN;
ALTER ROLE regress_scim_p_fay NOLOGIN;
DROP ROLE regress_scim_p_ida;
RESET ROLE;
CREATE ROLE regress_scim_stranger IN ROLE regress_scim_analyst;
SET ROLE regress_scim_dbo;
SELECT name, login_role, action, role, problem FROM scim.check_database_roles() ORDER BY 1, 2, 3, 4;
SELECT count(*) FROM scim.sync_database_roles(dry_run => true);
SELECT name, login_role, action, role, problem FROM scim.sync_database_roles() ORDER BY 1, 2, 3, 4;
SELECT name, login_role, action, role, problem FROM scim.check_database_roles() ORDER BY 1, 2, 3, 4;
SELECT * FROM pg_temp.have();
SELECT role, login, granted FROM rights.database_role WHERE login ORDER BY role;
-- a write acts where the groups say something new, and leaves by-hand differences to these
GRANT regress_scim_editor TO regress_scim_p_gus;
ALTER ROLE regress_scim_p_fay NOLOGIN;
SELECT pg_temp.join_in('Others', 'gus', 'fay');
SELECT pg_temp.leave('Analysts', 'fay');
SELECT login, may, roles FROM pg_temp.have() WHERE login ~ 'gus|fay';
SELECT name, action, role FROM scim.sync_database_roles() WHERE problem IS NULL ORDER BY 1, 2, 3;
-- a role in place of another one is not the same
DROP ROLE regress_scim_p_gus;
CREATE ROLE regress_scim_p_gus LOGIN;
SELECT pg_temp.leave('Analysts', 'gus');
SELECT name, login_role, action, role, problem FROM scim.check_database_roles() WHERE name = 'gus';
SELECT pg_temp.join_in('Analysts', 'gus');
SELECT scim.adopt_database_role(pg_temp.id('gus'), 'regress_scim_p_gus');
SELECT pg_temp.join_in('Analysts', 'gus');
SELECT name, login_role, action, role, problem FROM scim.check_database_roles() WHERE name = 'gus';

DROP ROLE regress_scim_p_gus;
CREATE ROLE regress_scim_p_gus LOGIN;
SELECT scim.adopt_database_role(pg_temp.id('gus'), 'regress_scim_p_gus');
SELECT * FROM pg_temp.have() WHERE login ~ 'gus';
-- the policy changes: what it does not grant any more is taken away; without it all stays
UPDATE rights.policy SET settings = settings || '{"grants": [{"group": "displayName eq \"Others\"", "roles": ["regress_scim_editor"]}]}' WHERE kind = 'database_roles';
SELECT * FROM pg_temp.have() WHERE may;
UPDATE rights.policy SET enabled = false WHERE kind = 'database_roles';
SELECT pg_temp.leave('Others', 'gus');
UPDATE rights.users SET active = false WHERE user_name = 'gus';
SELECT * FROM pg_temp.have() WHERE may;
SELECT * FROM scim.check_database_roles();
UPDATE rights.policy SET enabled = true WHERE kind = 'database_roles';
SELECT * FROM pg_temp.have() WHERE may;
UPDATE rights.policy SET settings = settings || '{"grants": []}' WHERE kind = 'database_roles';
SELECT * FROM pg_temp.have() WHERE roles <> '';
DELETE FROM rights.policy WHERE kind = 'database_roles';

-- only direct members, another attribute, and a profile that says so
SELECT count(*) FROM scim.apply_profile('{"policies": [{"resourceType": "User", "kind": "database_roles", "settings": {
    "login": "externalId", "prefix": "regress_scim_p_", "missing": "create", "nested": false, "grants": [{"group": "displayName sw \"Ana\"", "roles": ["regress_scim_analyst"]}]}}]}');
SELECT p -> 'settings' ->> 'login' AS login FROM scim.export_profile() e, jsonb_array_elements(e -> 'policies') p WHERE p ->> 'kind' = 'database_roles';
INSERT INTO rights.users (data) VALUES ('{"userName": "jo", "externalId": "E7"}'), ('{"userName": "kim", "externalId": "E8"}'), ('{"userName": "lou"}');
SELECT pg_temp.join_in('Analysts', 'jo', 'Juniors');
SELECT pg_temp.join_in('Juniors', 'kim');
SELECT pg_temp.join_in('Analysts', 'lou');
SELECT * FROM pg_temp.have() WHERE roles <> '';
-- whoever is in a group before he is there
INSERT INTO rights.member (group_id, member_id) VALUES (pg_temp.id('Analysts'), '00000000-0000-7000-8000-00000000abcd');
INSERT INTO rights.users (id, data) VALUES ('00000000-0000-7000-8000-00000000abcd', '{"userName": "max", "externalId": "E9"}');
SELECT * FROM pg_temp.have() WHERE roles <> '';
-- many at once
INSERT INTO rights.users (data) SELECT jsonb_build_object('userName', 'n' || n, 'externalId', 'n' || n) FROM generate_series(1, 40) n;
INSERT INTO rights.member (group_id, member_id) SELECT pg_temp.id('Analysts'), id FROM rights.users WHERE user_name ~ '^n[0-9]';
SELECT count(*), count(*) FILTER (WHERE may) AS may FROM pg_temp.have() WHERE roles = 'regress_scim_analyst';
DELETE FROM rights.users WHERE user_name ~ '^n[0-9]';
SELECT count(*) FROM pg_temp.have() WHERE roles = 'regress_scim_analyst';
SELECT * FROM scim.check_database_roles() WHERE resource_id IS NOT NULL;

SELECT scim.end_database_sessions();
SET client_min_messages = warning;
SELECT scim.drop_store('rights', true);
SELECT string_agg(format('DROP ROLE %I', login), '; ') AS drop_them FROM pg_temp.have() \gset
:drop_them;
RESET ROLE;
DROP ROLE regress_scim_stranger;
DROP OWNED BY regress_scim_dbo;
DROP ROLE regress_scim_analyst, regress_scim_editor, regress_scim_dbo;
