-- The policy "managed": what belongs to a token, nobody else writes
\set VERBOSITY terse
SELECT scim.create_store('feed');
SET scim.store = 'feed';
CREATE ROLE regress_scim_glass;
CREATE ROLE regress_scim_keeper;
GRANT USAGE ON SCHEMA feed TO regress_scim_glass, regress_scim_keeper;
GRANT SELECT, INSERT, UPDATE, DELETE ON feed.resource, feed.users, feed.groups, feed.member TO regress_scim_glass, regress_scim_keeper;
\set g '''00000000-0000-7000-8000-0000000000a1'''
CREATE TEMP TABLE token AS SELECT name, t.secret, t.id FROM unnest('{HR,IT,Okta}'::text[]) AS name, LATERAL scim.create_token(name) t;
INSERT INTO token SELECT 'payroll', (scim.create_client('payroll', 'Bearer')).secret, NULL;
GRANT SELECT ON token TO PUBLIC;
-- one statement of somebody: a token or client, or the role of the database
CREATE FUNCTION pg_temp.act(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
    state text;
    message text;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = who;
    EXECUTE statement;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN 'done ' || n;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
    RETURN state || ': ' || regexp_replace(message, '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}', 'ID', 'g');
END $$;
CREATE FUNCTION pg_temp.ask(who text, method text, target text, body text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = who;
    reply := scim.request(method, target, '{}', body);
    RETURN reply.status || coalesce(' ' || regexp_replace(reply.body::jsonb ->> 'detail', '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g'), '');
END $$;
CREATE FUNCTION pg_temp.told() RETURNS SETOF text LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM feed.event RETURNING *)
    SELECT concat_ws(' ', regexp_replace(event_uri, '.*:', ''), operation, resource_type, data) FROM gone ORDER BY id;
$$;

-- what cannot work
CREATE FUNCTION pg_temp.try(type text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO feed.policy (resource_type, kind, name, settings) VALUES (type, 'managed', 'x', try.settings);
    RAISE EXCEPTION 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN regexp_replace(sqlerrm, '^policy "managed" named "x" of resource type ', '');
END $$;
SELECT pg_temp.try(type, s) FROM (VALUES
    (1, 'User', '{}'), (2, 'User', '{"owner": ""}'), (3, 'User', '{"owner": []}'), (4, 'User', '{"owner": [1]}'), (5, 'User', '{"owner": "HR", "attributes": []}'),
    (6, 'User', '{"owner": "HR", "attributes": "title"}'), (7, 'User', '{"owner": "HR", "attributes": ["boss"]}'), (8, 'User', '{"owner": "HR", "attributes": ["emails.value"]}'),
    (9, 'User', '{"owner": "HR", "attributes": ["password"]}'), (10, 'User', '{"owner": "HR", "attributes": ["groups"]}'), (11, 'User', '{"owner": "HR", "attributes": ["title", "TITLE"]}'),
    (12, 'User', '{"owner": "HR", "attributes": ["members"]}'), (13, 'User', '{"owner": "HR", "operations": []}'), (14, 'User', '{"owner": "HR", "operations": ["read"]}'),
    (15, 'User', '{"owner": "HR", "resources": "some"}'), (16, 'User', '{"owner": "HR", "resources": "own", "operations": ["create"]}'), (17, 'User', '{"owner": "HR", "breakGlass": [""]}'),
    (18, 'User', '{"owner": "HR", "mode": "x"}'), (19, 'Group', '{"owner": "HR", "attributes": ["members", "displayName"]}'), (20, 'User', '{"owner": ["HR", "IT"], "breakGlass": "x"}')) t (n, type, settings),
    LATERAL (SELECT settings::jsonb) x (s) ORDER BY n;

-- some attributes: others may all but that
INSERT INTO feed.policy (resource_type, kind, name, settings) VALUES ('User', 'managed', 'hr', '{"owner": "HR",
    "attributes": ["title", "name.familyName", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"], "breakGlass": ["regress_scim_glass"]}');
SELECT pg_temp.ask('Okta', 'POST', '/Users', '{"userName": "a", "title": "Boss"}');
SELECT pg_temp.ask('HR', 'POST', '/Users', '{"userName": "a", "title": "Boss", "name": {"familyName": "A"}}');
SELECT pg_temp.ask('Okta', 'POST', '/Users', '{"userName": "b", "nickName": "B"}');
UPDATE feed.users SET data = data || '{"displayName": "b"}' WHERE user_name = 'b';
SELECT id AS a FROM feed.users WHERE user_name = 'a' \gset
SELECT id AS b FROM feed.users WHERE user_name = 'b' \gset
SELECT pg_temp.ask('Okta', 'PATCH', '/Users/' || :'a', '{"Operations": [{"op": "replace", "path": "title", "value": "King"}, {"op": "replace", "path": "nickName", "value": "K"}]}');
SELECT pg_temp.ask('Okta', 'PATCH', '/Users/' || :'a', '{"Operations": [{"op": "remove", "path": "name"}]}');
SELECT pg_temp.ask('Okta', 'PATCH', '/Users/' || :'a', '{"Operations": [{"op": "replace", "path": "name.givenName", "value": "Ann"}]}');
SELECT pg_temp.ask('Okta', 'PATCH', '/Users/' || :'a', '{"Operations": [{"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "X"}]}');
-- PUT of what is shown, with something else, and without what is managed
SELECT pg_temp.ask('Okta', 'PUT', '/Users/' || :'a', '{"userName": "a", "title": "Boss", "name": {"familyName": "A", "givenName": "Ann"}, "nickName": "K"}');
SELECT pg_temp.ask('Okta', 'PUT', '/Users/' || :'a', '{"userName": "a", "title": "Queen"}');
SELECT pg_temp.ask('Okta', 'PUT', '/Users/' || :'a', '{"userName": "a", "name": {"givenName": "Anna"}}');
SELECT data - 'schemas' AS data, version FROM feed.users WHERE id = :'a';
SELECT pg_temp.ask('HR', 'PUT', '/Users/' || :'a', '{"userName": "a", "name": {"familyName": "B"}}');
SELECT data - 'schemas' AS data, version FROM feed.users WHERE id = :'a';
-- functions, plain SQL, COPY, bulk, endpoints
SELECT scim.patch_resource('User', :'a', '[{"op": "add", "path": "title", "value": "SQL"}]');
UPDATE feed.users SET data = data || '{"title": "SQL"}' WHERE id = :'a';
INSERT INTO feed.users (data) VALUES ('{"userName": "x", "title": "SQL"}');
COPY feed.users (data) FROM stdin;
{"userName": "x", "title": "COPY"}
\.
SELECT o ->> 'status' AS status, o #>> '{response,detail}' AS detail
FROM jsonb_array_elements(scim.bulk(jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:BulkRequest'), 'Operations', jsonb_build_array(
    jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'a', 'data', '{"Operations": [{"op": "add", "path": "title", "value": "bulk"}]}'::jsonb)))) -> 'Operations') o;
INSERT INTO feed.endpoint (methods, path, resource_type, action, settings) VALUES ('{PATCH}', '/api/people/{id}', 'User', 'merge', '{"fields": {"job": "title"}}');
SELECT (scim.request('PATCH', '/api/people/' || :'a', '{}', '{"job": "endpoint"}')).status;
SELECT pg_temp.act('HR', format('UPDATE feed.users SET data = data || ''{"title": "of HR"}'' WHERE id = %L', :'a'));
SELECT pg_temp.act('IT', format('UPDATE feed.users SET data = data || ''{"title": "of IT"}'' WHERE id = %L', :'a'));
-- whoever made it: to suspend and delete is no matter of a title
SELECT pg_temp.act('Okta', format('SELECT scim.suspend_resource(''User'', %L)', :'a'));
SELECT pg_temp.act('Okta', format('SELECT scim.delete_resource(''User'', %L)', :'a'));
SELECT pg_temp.act('Okta', format('SELECT scim.restore_resource(''User'', %L)', :'a'));
-- break-glass: as this role, and neither as a superuser nor by a token
DELETE FROM feed.event;
SET ROLE regress_scim_keeper;
UPDATE feed.users SET data = data || '{"title": "keeper"}' WHERE user_name = 'a';
RESET ROLE;
SET ROLE regress_scim_glass;
SELECT status, changes #> '{0,operations}' AS operations FROM scim.preview('PATCH', '/Users/' || (SELECT id FROM feed.users WHERE user_name = 'a'), '{}', '{"Operations": [{"op": "add", "path": "title", "value": "glass"}]}');
UPDATE feed.users SET data = data || '{"title": "glass"}' WHERE user_name = 'a';
UPDATE feed.users SET data = data || '{"nickName": "glass"}' WHERE user_name = 'a';
SELECT pg_temp.act('IT', 'UPDATE feed.users SET data = data || ''{"title": "IT"}'' WHERE user_name = ''a''');
RESET ROLE;
GRANT regress_scim_glass TO regress_scim_keeper;
SET ROLE regress_scim_keeper;
UPDATE feed.users SET data = data || '{"title": "keeper"}' WHERE user_name = 'a';
RESET ROLE;
SELECT operation, role, detail FROM feed.audit WHERE operation = 'break glass' ORDER BY id;
SELECT pg_temp.told();

-- the life-cycle belongs to who owns "active"
SELECT scim.activate_resource('User', :'a') ->> 'active' AS active;
UPDATE feed.policy SET settings = '{"owner": "HR", "attributes": ["active"]}' WHERE name = 'hr';
SELECT pg_temp.act('IT', format(statement, :'a')) FROM unnest(ARRAY['UPDATE feed.users SET active = false WHERE id = %L', 'UPDATE feed.users SET status = ''SUSPENDED'' WHERE id = %L',
    'SELECT scim.suspend_resource(''User'', %L)', 'UPDATE feed.users SET data = data || ''{"active": false}'' WHERE id = %L']) statement;
SELECT pg_temp.act('HR', format('SELECT scim.suspend_resource(''User'', %L)', :'a'));
SELECT pg_temp.act('IT', format('SELECT scim.activate_resource(''User'', %L)', :'a'));
SELECT pg_temp.ask('IT', 'PUT', '/Users/' || :'a', '{"userName": "a", "title": "IT"}');
SELECT status, active, data ->> 'title' AS title FROM feed.users WHERE id = :'a';
SELECT pg_temp.act('HR', format('SELECT scim.activate_resource(''User'', %L)', :'a'));
-- to delete him is another matter, unless the policy says so
UPDATE feed.policy SET settings = '{"owner": "HR", "attributes": ["active"], "operations": ["delete"]}' WHERE name = 'hr';
SELECT pg_temp.ask('IT', 'DELETE', '/Users/' || :'a');
UPDATE feed.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT pg_temp.ask('IT', 'DELETE', '/Users/' || :'a');
UPDATE feed.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT pg_temp.ask('IT', 'DELETE', '/Users/' || :'a');
SELECT pg_temp.act(NULL, 'DELETE FROM feed.users');
UPDATE feed.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';

-- the whole resource
UPDATE feed.policy SET settings = '{"owner": "HR"}' WHERE name = 'hr';
SELECT pg_temp.ask('IT', 'POST', '/Users', '{"userName": "c"}');
SELECT pg_temp.ask('HR', 'POST', '/Users', '{"userName": "c", "password": "first"}');
SELECT id AS c FROM feed.users WHERE user_name = 'c' \gset
SELECT pg_temp.ask('IT', 'PATCH', '/Users/' || :'c', '{"Operations": [{"op": "add", "path": "nickName", "value": "c"}]}');
SELECT pg_temp.ask('IT', 'PATCH', '/Users/' || :'c', '{"Operations": [{"op": "add", "path": "password", "value": "second"}]}');
SELECT pg_temp.act('IT', format('SELECT scim.suspend_resource(''User'', %L)', :'c'));
SELECT pg_temp.act('IT', format('SELECT scim.delete_resource(''User'', %L)', :'c'));
-- what is there, said again, is no change; nor are sessions and invitations
SELECT pg_temp.ask('IT', 'PUT', '/Users/' || :'c', '{"userName": "c"}');
SELECT pg_temp.act('IT', format('SELECT scim.log_out(%L), scim.invite(%1$L), scim.record_login(%1$L)', :'c'));
SELECT pg_temp.act('HR', format('SELECT scim.delete_resource(''User'', %L)', :'c'));
SELECT pg_temp.act(NULL, 'SELECT scim.purge(''0 s'')');
-- a login makes ACTIVE who was PENDING
INSERT INTO feed.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"pending": true}');
SELECT pg_temp.act('HR', 'INSERT INTO feed.users (data) VALUES (''{"userName": "d"}'')');
SELECT id AS d FROM feed.users WHERE user_name = 'd' \gset
SELECT pg_temp.act('IT', format('SELECT scim.activate_resource(''User'', %L)', :'d'));
SELECT pg_temp.act('IT', format('SELECT scim.record_login(%L)', :'d'));
SELECT status FROM feed.users WHERE id = :'d';
DELETE FROM feed.policy WHERE kind = 'status';

-- by id, by the name of a client, several; what a token has made
SELECT id AS hr_id FROM token WHERE name = 'HR' \gset
UPDATE feed.policy SET settings = jsonb_build_object('owner', jsonb_build_array(upper(:'hr_id'), 'payroll'), 'resources', 'own') WHERE name = 'hr';
SELECT pg_temp.act('IT', 'UPDATE feed.users SET data = data || ''{"title": "IT"}'' WHERE user_name = ''b''');
SELECT pg_temp.act('IT', 'UPDATE feed.users SET data = data || ''{"title": "IT"}'' WHERE user_name = ''d''');
SELECT pg_temp.act('payroll', 'UPDATE feed.users SET data = data || ''{"title": "payroll"}'' WHERE user_name = ''d''');
SELECT pg_temp.act('payroll', 'INSERT INTO feed.users (data) VALUES (''{"userName": "e"}'')');
SELECT pg_temp.act('IT', 'INSERT INTO feed.users (data) VALUES (''{"userName": "f"}'')');
SELECT pg_temp.act('Okta', 'UPDATE feed.users SET data = data || ''{"title": "Okta"}'' WHERE user_name = ''e''');
SELECT pg_temp.act('Okta', 'UPDATE feed.users SET data = data || ''{"title": "Okta"}'' WHERE user_name = ''f''');
SELECT pg_temp.act('Okta', 'DELETE FROM feed.users WHERE user_name = ''e''');
SELECT u.user_name, o.actor FROM feed.origin o JOIN feed.users u ON u.id = o.resource_id ORDER BY 1;
SELECT pg_temp.act('payroll', 'DELETE FROM feed.users WHERE user_name = ''e''');
SELECT pg_temp.act(NULL, 'SELECT scim.purge(''0 s'')');
SELECT u.user_name, o.actor FROM feed.origin o LEFT JOIN feed.users u ON u.id = o.resource_id ORDER BY 1;
DELETE FROM feed.policy WHERE name = 'hr';

-- members of groups
INSERT INTO feed.policy (resource_type, kind, name, settings) VALUES ('Group', 'managed', 'crew', '{"owner": "IT", "attributes": ["members"], "breakGlass": "regress_scim_glass"}');
SELECT pg_temp.act('IT', format('INSERT INTO feed.groups (id, data) VALUES (%L, ''{"displayName": "Crew", "members": [{"value": "%s"}]}'')', :g, :'b'));
SELECT pg_temp.ask('Okta', 'PATCH', '/Groups/' || :g, '{"Operations": [{"op": "remove", "path": "members"}]}');
SELECT pg_temp.ask('Okta', 'PATCH', '/Groups/' || :g, '{"Operations": [{"op": "add", "path": "members", "value": [{"value": "x"}]}]}');
SELECT pg_temp.ask('Okta', 'PUT', '/Groups/' || :g, '{"displayName": "Crew of Okta"}');
SELECT pg_temp.ask('Okta', 'PUT', '/Groups/' || :g, '{"displayName": "Crew", "members": []}');
SELECT pg_temp.ask('Okta', 'POST', '/Groups', '{"displayName": "Other", "members": [{"value": "x"}]}');
SELECT pg_temp.act('Okta', format('INSERT INTO feed.member (group_id, member_id) VALUES (%L, %L)', :g, :'d'));
SELECT pg_temp.act(NULL, 'DELETE FROM feed.member');
SELECT pg_temp.act('IT', format('INSERT INTO feed.member (group_id, member_id) VALUES (%L, %L)', :g, :'d'));
SELECT display_name, (SELECT count(*) FROM feed.member WHERE group_id = g.id) AS members FROM feed.groups g;
DELETE FROM feed.event;
SET ROLE regress_scim_glass;
DELETE FROM feed.member WHERE member_id = :'d';
RESET ROLE;
SELECT pg_temp.told();
-- who is gone leaves, and so do the members of a group that is
SELECT pg_temp.act('Okta', 'DELETE FROM feed.users WHERE user_name = ''b''');
SELECT display_name, (SELECT count(*) FROM feed.member WHERE group_id = g.id) AS members FROM feed.groups g;
SELECT pg_temp.act('Okta', 'DELETE FROM feed.groups');
UPDATE feed.policy SET settings = '{"owner": "IT"}' WHERE name = 'crew';
SELECT pg_temp.act('IT', format('INSERT INTO feed.groups (id, data) VALUES (%L, ''{"displayName": "Crew"}'')', :g));
SELECT pg_temp.act('Okta', format('INSERT INTO feed.member (group_id, member_id) VALUES (%L, %L)', :g, :'d'));
SELECT pg_temp.act('Okta', 'DELETE FROM feed.groups');

-- a policy of another tenant, and a document to carry all this along
INSERT INTO feed.tenant VALUES (2, 'two');
INSERT INTO feed.policy (tenant_id, resource_type, kind, name, enabled) VALUES (2, 'Group', 'managed', 'crew', false);
INSERT INTO feed.groups (tenant_id, data) VALUES (2, '{"displayName": "of two"}');
INSERT INTO feed.policy (resource_type, kind, name, settings) VALUES ('User', 'managed', 'hr', '{"owner": "HR", "attributes": ["title"]}');
SELECT p FROM jsonb_array_elements(scim.export_profile() -> 'policies') p WHERE p ->> 'kind' = 'managed' ORDER BY p::text;
SELECT scim.export_profile() AS profile \gset
SELECT scim.create_store('copy');
SET scim.store = 'copy';
SELECT scim.apply_profile(:'profile'::jsonb);
SELECT * FROM scim.diff_profile(:'profile'::jsonb);
SELECT tenant_id, resource_type, name, enabled, settings FROM copy.policy WHERE kind = 'managed' ORDER BY 2, 1;
UPDATE copy.policy SET settings = '{"owner": "IT"}' WHERE kind = 'managed' AND resource_type = 'User';
SELECT part, key, action FROM scim.diff_profile(:'profile'::jsonb);
SET scim.store = 'feed';
SET client_min_messages = warning;
SELECT scim.drop_store('copy', true);
RESET client_min_messages;
-- what the store itself does is nobody's: who is referred to goes, characters change
INSERT INTO feed.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": {"type": "User", "onDelete": "clear"}}}');
UPDATE feed.policy SET settings = '{"owner": "HR"}' WHERE name = 'hr';
SELECT pg_temp.act('HR', format('INSERT INTO feed.users (data) VALUES (''{"userName": "boss@home"}''), (''{"userName": "worker@home"}'')'));
SELECT pg_temp.act('HR', 'UPDATE feed.users w SET data = w.data || jsonb_build_object(''manager'', b.id) FROM feed.users b WHERE b.user_name = ''boss@home'' AND w.user_name = ''worker@home''');
SELECT scim.erase(id) > 0 AS erased FROM feed.users WHERE user_name = 'boss@home';
INSERT INTO feed.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"characters": {"userName": {"@": "[at]"}}}');
SELECT user_name, data ? 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS has_manager FROM feed.users WHERE deleted_at IS NULL AND user_name ~ '^worker';

-- whoever is called like a subject or an id is neither
UPDATE feed.policy SET enabled = false WHERE kind IN ('managed', 'wire');
INSERT INTO token SELECT name, t.secret, t.id FROM (SELECT 'subject: bob' UNION ALL SELECT id::text FROM token WHERE token.name = 'HR' UNION ALL SELECT 'subject') AS n (name), LATERAL scim.create_token(name) t;
INSERT INTO feed.policy (resource_type, kind, name, settings) SELECT 'User', 'managed', 'called', jsonb_build_object('owner', jsonb_build_array('subject: bob', id), 'attributes', '{nickName}'::text[]) FROM token WHERE name = 'HR';
SELECT pg_temp.act('HR', 'INSERT INTO feed.users (data) VALUES (''{"userName": "called", "nickName": "c"}'')');
SELECT CASE WHEN name ~ '-' THEN 'ID' ELSE name END AS name, pg_temp.act(name, format('UPDATE feed.users SET data = data || jsonb_build_object(''nickName'', %L::text) WHERE user_name = ''called''', name)) FROM token WHERE name IN ('subject: bob', 'subject', 'HR', (SELECT id::text FROM token WHERE name = 'HR')) ORDER BY 1;
DELETE FROM feed.policy WHERE name = 'called';

-- what is the owner's, nobody else makes nobody's: but who may break the glass, which is told, and the owner of the store
REVOKE regress_scim_glass FROM regress_scim_keeper;
INSERT INTO feed.policy (resource_type, kind, name, settings) VALUES ('User', 'managed', 'own', '{"owner": "HR", "resources": "own", "breakGlass": "regress_scim_glass"}');
SELECT pg_temp.act('HR', format('INSERT INTO feed.users (id, data) VALUES (%L, %L)', format('00000000-0000-7000-8000-00000000010%s', n), format('{"userName": "own%s"}', n))) FROM generate_series(1, 3) n;
SELECT count(*) AS told FROM pg_temp.told();
GRANT EXECUTE ON FUNCTION scim.unlink_resource(text, text) TO regress_scim_glass, regress_scim_keeper;
INSERT INTO feed.tenant_role (role, tenant_id) VALUES ('regress_scim_glass', 1), ('regress_scim_keeper', 1);
SELECT pg_temp.act('Okta', 'DELETE FROM feed.users WHERE user_name = ''own1''') AS deletes, pg_temp.act('Okta', 'SELECT scim.unlink_resource(''User'', ''00000000-0000-7000-8000-000000000101'')') AS unlinks;
SET ROLE regress_scim_keeper;
SELECT scim.unlink_resource('User', '00000000-0000-7000-8000-000000000101');
SET ROLE regress_scim_glass;
SELECT scim.unlink_resource('User', '00000000-0000-7000-8000-000000000101');
RESET ROLE;
SELECT pg_temp.act('HR', 'SELECT scim.unlink_resource(''User'', ''00000000-0000-7000-8000-000000000102'')') AS unlinks;
SELECT scim.unlink_resource('User', '00000000-0000-7000-8000-000000000103');
SELECT regexp_replace(t, '[0-9a-f]{8}-.*', 'ID') AS told FROM pg_temp.told() t;
SELECT operation, detail -> 'operation' AS of FROM feed.audit WHERE operation = 'break glass' ORDER BY at DESC LIMIT 1;
SELECT pg_temp.act('Okta', 'DELETE FROM feed.users WHERE user_name ~ ''^own''') AS deletes;

SET client_min_messages = warning;
SELECT scim.drop_store('feed', true);
DROP OWNED BY regress_scim_glass, regress_scim_keeper;
DROP ROLE regress_scim_glass, regress_scim_keeper;
