-- The policy "guard": not too much is taken away at once, and not the last
\set VERBOSITY terse
SELECT scim.create_store('warden');
SET scim.store = 'warden';
CREATE TEMP TABLE token AS SELECT name, t.secret, t.id FROM unnest('{HR,IT}'::text[]) AS name, LATERAL scim.create_token(name) t;
CREATE FUNCTION pg_temp.masked(text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace($1, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g')
$$;
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
    RETURN state || ': ' || pg_temp.masked(message);
END $$;
CREATE FUNCTION pg_temp.ask(who text, method text, target text, body text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = who;
    reply := scim.request(method, target, '{}', body);
    RETURN concat_ws(' ', reply.status, 'after ' || (reply.headers ->> 'Retry-After'), pg_temp.masked(reply.body::jsonb ->> 'detail'));
END $$;
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$
    SELECT id FROM warden.resource WHERE tenant_id = 1 AND deleted_at IS NULL AND (user_name = name OR display_name = name)
$$;
CREATE FUNCTION pg_temp.told() RETURNS SETOF text LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM warden.event RETURNING *)
    SELECT concat_ws(' ', regexp_replace(event_uri, '.*:', ''), operation, actor = session_user, resource_type, data) FROM gone ORDER BY id;
$$;
CREATE FUNCTION pg_temp.state() RETURNS TABLE (name text, resource_type text, key text, actor text, state text, used bigint, at_most bigint, within interval, at_least bigint, since boolean, tripped boolean) LANGUAGE sql AS $$
    SELECT name, resource_type, pg_temp.masked(replace(key, current_user, 'me')), replace(actor, current_user, 'me'), state, used, at_most, within, at_least, since < clock_timestamp(), tripped_at < clock_timestamp() FROM scim.guards()
$$;

-- what cannot work
CREATE FUNCTION pg_temp.try(type text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO warden.policy (resource_type, kind, name, settings) VALUES (type, 'guard', 'x', try.settings);
    RAISE EXCEPTION 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN regexp_replace(sqlerrm, '^policy "guard" named "x" of resource type ', '');
END $$;
SELECT pg_temp.try(type, settings::jsonb) FROM (VALUES
    (1, 'User', '{}'), (2, 'User', '{"on": [], "limit": 1, "seconds": 1}'), (3, 'User', '{"on": ["create"], "limit": 1, "seconds": 1}'), (4, 'User', '{"on": ["remove member"], "limit": 1, "seconds": 1}'),
    (5, 'User', '{"on": ["delete"], "limit": 0, "seconds": 1}'), (6, 'User', '{"on": ["delete"], "limit": 1.5, "seconds": 1}'), (7, 'User', '{"on": ["delete"], "limit": 1}'), (8, 'User', '{"on": ["delete"], "limit": 1, "seconds": "1 h"}'),
    (9, 'User', '{"on": ["delete"], "limit": 1, "seconds": 1, "per": "role"}'), (10, 'User', '{"on": ["delete"], "limit": 1, "seconds": 1, "when": "boss pr"}'), (11, 'User', '{"on": ["delete"], "limit": 1, "seconds": 1, "least": 1}'),
    (12, 'User', '{"holders": "roles.value eq \"admin\"", "limit": 1}'), (13, 'User', '{"holders": "boss pr"}'), (14, 'User', '{"holders": "status eq \"ACTIVE\""}'), (15, 'User', '{"group": "displayName eq \"x\""}'),
    (16, 'Group', '{"group": "members.value eq \"x\""}'), (17, 'Group', '{"group": "displayName eq \"x\"", "holders": "displayName pr"}'), (18, 'User', '{"holders": "title pr", "least": 0}'), (19, 'User', '{"holders": "groups.display eq \"x\""}'),
    (20, 'User', '{"on": ["delete"], "limit": 1, "seconds": 1, "message": 1}'), (21, 'Group', '{"group": "displayName eq \"x\"", "least": 2, "message": "no"}'), (22, 'Group', '{"on": ["remove member", "delete"], "limit": 5, "seconds": 60, "per": "token", "when": "displayName eq \"x\""}')) t (n, type, settings)
ORDER BY n;

-- plain SQL: the last that is allowed trips it
INSERT INTO warden.users (data) SELECT jsonb_build_object('userName', 'u' || n, 'userType', CASE WHEN n > 30 THEN 'Guest' ELSE 'Employee' END) FROM generate_series(1, 40) n;
INSERT INTO warden.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'slowly', '{"on": ["suspend", "offboard", "delete"], "limit": 3, "seconds": 3600, "when": "userType eq \"Employee\""}');
SELECT * FROM pg_temp.state();
UPDATE warden.users SET active = false;
SELECT count(*) FROM warden.users WHERE NOT active;
SELECT * FROM pg_temp.state();
-- guests are not counted, nor is anything else
UPDATE warden.users SET active = false WHERE data ->> 'userType' = 'Guest';
UPDATE warden.users SET data = data || '{"title": "x"}';
UPDATE warden.users SET active = false WHERE user_name IN ('u1', 'u2');
UPDATE warden.users SET active = true WHERE user_name = 'u2';
SELECT pg_temp.told();
SELECT * FROM pg_temp.state();
DELETE FROM warden.users WHERE user_name = 'u3';
SELECT pg_temp.told();
SELECT * FROM pg_temp.state();
DELETE FROM warden.users WHERE user_name = 'u4';
UPDATE warden.users SET status = 'SUSPENDED' WHERE user_name = 'u4';
SELECT pg_temp.ask('HR', 'DELETE', '/Users/' || pg_temp.id('u4'));
UPDATE warden.users SET active = true WHERE user_name = 'u1';
DELETE FROM warden.users WHERE user_name = 'u40';
SELECT pg_temp.told();
SELECT scim.release_guard('quickly');
SELECT scim.release_guard('slowly', 'Group');
SELECT scim.release_guard('slowly', 'User', 'somebody');
SELECT scim.release_guard('slowly');
SELECT scim.release_guard();
SELECT pg_temp.told();
SELECT * FROM pg_temp.state();
DELETE FROM warden.users WHERE user_name = 'u4';
-- the audit knows of it
SELECT operation, before ->> 'tripped_at' IS NOT NULL AS was_tripped, detail #>> '{after,tripped_at}' IS NOT NULL AS is_tripped, detail #>> '{after,tripped_by}' = session_user AS by_me
FROM warden.audit WHERE object = 'guard' ORDER BY id;

-- over HTTP a refusal trips it, too, whatever becomes of the request
SELECT o ->> 'status' AS status FROM jsonb_array_elements((scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:BulkRequest'), 'Operations',
    (SELECT jsonb_agg(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || pg_temp.id('u' || n)) ORDER BY n) FROM generate_series(5, 8) n))::text)).body::jsonb -> 'Operations') o;
SELECT pg_temp.told();
SELECT scim.release_guard();
INSERT INTO warden.groups (data) SELECT jsonb_build_object('displayName', 'Crew', 'members', jsonb_agg(jsonb_build_object('value', id))) FROM warden.users WHERE user_name IN ('u10', 'u11', 'u12', 'u13', 'u14') AND deleted_at IS NULL;
INSERT INTO warden.policy (resource_type, kind, name, settings) VALUES ('Group', 'guard', 'leavers', '{"on": ["remove member"], "limit": 2, "seconds": 60, "message": "ask the help desk first"}');
DELETE FROM warden.event;
SELECT pg_temp.ask('HR', 'PUT', '/Groups/' || pg_temp.id('Crew'), '{"displayName": "Crew"}');
SELECT count(*) FROM warden.member;
SELECT pg_temp.told();
SELECT pg_temp.ask('HR', 'PATCH', '/Groups/' || pg_temp.id('Crew'), format('{"Operations": [{"op": "remove", "path": "members[value eq \"%s\"]"}]}', pg_temp.id('u10')));
SELECT scim.release_guard('leavers');
SELECT pg_temp.ask('HR', 'PATCH', '/Groups/' || pg_temp.id('Crew'), format('{"Operations": [{"op": "remove", "path": "members[value eq \"%s\"]"}, {"op": "add", "path": "members", "value": [{"value": "%1$s"}, {"value": "x"}]}]}', pg_temp.id('u10')));
SELECT pg_temp.ask('HR', 'PATCH', '/Groups/' || pg_temp.id('Crew'), format('{"Operations": [{"op": "remove", "path": "members[value eq \"%s\"]"}]}', pg_temp.id('u10')));
DELETE FROM warden.member WHERE member_id = pg_temp.id('u11');
DELETE FROM warden.member WHERE member_id = pg_temp.id('u12');
DELETE FROM warden.groups;
DELETE FROM warden.users WHERE user_name = 'u12';
SELECT name, state, used FROM pg_temp.state();
-- an atomic bulk request is refused as a whole, and trips it all the same
SELECT scim.release_guard();
DELETE FROM warden.event;
SELECT r.status, r.headers ->> 'Retry-After' AS retry, r.body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', '{urn:ietf:params:scim:api:messages:2.0:BulkRequest,urn:scim:params:bulk:atomic}'::text[], 'Operations',
    (SELECT jsonb_agg(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || pg_temp.id('u' || n)) ORDER BY n) FROM generate_series(15, 20) n))::text) r;
SELECT name, state, used FROM pg_temp.state();
-- in SQL it is one statement that ends with its error: nothing trips, and it is not said; nor by a preview
CREATE FUNCTION pg_temp.bulk(first int, last int, atomic boolean DEFAULT true) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('schemas', '{urn:ietf:params:scim:api:messages:2.0:BulkRequest}'::text[] || CASE WHEN atomic THEN '{urn:scim:params:bulk:atomic}'::text[] ELSE '{}' END, 'Operations',
        jsonb_agg(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || pg_temp.id('u' || n)) ORDER BY n)) FROM generate_series(first, last) n
$$;
SELECT scim.release_guard();
DELETE FROM warden.event;
SELECT scim.bulk(pg_temp.bulk(15, 20));
SELECT name, state, used FROM pg_temp.state();
SELECT p.status, p.body::jsonb ->> 'detail' AS detail, jsonb_path_query_array(p.events, '$[*].operation') AS events FROM scim.preview('POST', '/Bulk', '{}', pg_temp.bulk(15, 20)::text) p;
SELECT name, state, used FROM pg_temp.state();
SELECT pg_temp.told();
-- what others have done before in the transaction goes as well
BEGIN;
DELETE FROM warden.users WHERE user_name IN ('u15', 'u16');
SAVEPOINT s;
SELECT scim.bulk(pg_temp.bulk(17, 18));
ROLLBACK TO s;
SELECT name, state, used FROM pg_temp.state();
UPDATE warden.users SET data = data || '{"title": "y"}' WHERE user_name = 'u20';
SELECT name, state, used FROM pg_temp.state();
-- once it has tripped, that is said
SELECT scim.bulk(pg_temp.bulk(17, 18));
ROLLBACK;
SELECT name, state, used FROM pg_temp.state();
-- of operations one by one each is told by itself, and the guard has tripped
BEGIN;
SELECT o ->> 'status' AS status, o #>> '{response,detail}' AS detail FROM jsonb_array_elements(scim.bulk(pg_temp.bulk(15, 20, false)) -> 'Operations') o;
SELECT name, state, used FROM pg_temp.state();
ROLLBACK;

-- after a savepoint, with whatever is written next
SELECT scim.release_guard();
DELETE FROM warden.event;
BEGIN;
SAVEPOINT s;
UPDATE warden.users SET active = false WHERE data ->> 'userType' = 'Employee' AND deleted_at IS NULL;
ROLLBACK TO s;
UPDATE warden.users SET data = data || '{"title": "y"}' WHERE user_name = 'u20';
COMMIT;
SELECT pg_temp.told();
SELECT scim.release_guard('slowly');
-- and what a savepoint takes back is not counted
BEGIN;
SAVEPOINT s;
UPDATE warden.users SET active = false WHERE user_name IN ('u20', 'u21');
ROLLBACK TO s;
UPDATE warden.users SET active = false WHERE user_name IN ('u21', 'u22');
SELECT name, state, used FROM pg_temp.state();
ROLLBACK;
SELECT name, state, used FROM pg_temp.state();

-- by token; and what is too long ago is not counted any more
UPDATE warden.policy SET settings = '{"on": ["suspend"], "limit": 2, "seconds": 600, "per": "token"}' WHERE name = 'slowly';
SELECT pg_temp.act('HR', 'UPDATE warden.users SET active = false WHERE user_name = ''u21''');
SELECT pg_temp.act('IT', 'UPDATE warden.users SET active = false WHERE user_name = ''u22''');
SELECT pg_temp.act(NULL, 'UPDATE warden.users SET active = false WHERE user_name = ''u23''');
SELECT name, key, actor, state FROM pg_temp.state() WHERE name = 'slowly' AND key <> '' ORDER BY actor;
UPDATE warden.guard_count SET at = at - interval '601 s';
SELECT pg_temp.act('HR', 'UPDATE warden.users SET active = false WHERE user_name = ''u24''');
SELECT pg_temp.act('HR', 'UPDATE warden.users SET active = false WHERE user_name = ''u25''');
SELECT pg_temp.act('HR', 'UPDATE warden.users SET active = false WHERE user_name = ''u26''');
UPDATE warden.guard_count SET at = at - interval '601 s';
SELECT pg_temp.act('HR', 'UPDATE warden.users SET active = false WHERE user_name = ''u26''');
SELECT pg_temp.act('IT', 'UPDATE warden.users SET active = false WHERE user_name = ''u26''');
SELECT scim.release_guard('slowly', key => id::text) FROM token WHERE name = 'IT';
SELECT scim.release_guard('slowly', key => id::text) FROM token WHERE name = 'HR';
-- deactivation that deletes, and off-boarding, are what they are
UPDATE warden.policy SET settings = '{"mode": "offboard", "byStatus": {"SUSPENDED": {"delete": "hard"}, "ACTIVE": {"deactivate": "delete"}}}' WHERE kind = 'delete' AND resource_type = 'User';
UPDATE warden.policy SET settings = '{"on": ["offboard"], "limit": 2, "seconds": 60}' WHERE name = 'slowly';
DELETE FROM warden.users WHERE user_name IN ('u26', 'u21');
UPDATE warden.users SET active = false WHERE user_name = 'u27';
SELECT name, state, used FROM pg_temp.state();
DELETE FROM warden.users WHERE user_name = 'u28';
SELECT scim.complete_offboarding(pg_temp.id('u28'));
UPDATE warden.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
-- ten thousand rows in one statement
INSERT INTO warden.users (data) SELECT jsonb_build_object('userName', 'many' || n) FROM generate_series(1, 10000) n;
DELETE FROM warden.policy WHERE kind = 'guard';
SELECT count(*) FROM warden.guard;
INSERT INTO warden.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'slowly', '{"on": ["delete"], "limit": 10000, "seconds": 60}');
DELETE FROM warden.users WHERE user_name ~ '^(many|u)';
DELETE FROM warden.users WHERE user_name ~ '^many';
SELECT name, state, used FROM pg_temp.state();
SELECT count(*), sum(amount) FROM warden.guard_count;
DELETE FROM warden.policy WHERE kind = 'guard';
DELETE FROM warden.users WHERE deleted_at IS NULL;
DELETE FROM warden.groups;

-- the last who holds a role
INSERT INTO warden.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'admins', '{"holders": "roles[value eq \"admin\"]"}');
INSERT INTO warden.users (data) VALUES ('{"userName": "a", "roles": ["admin"]}'), ('{"userName": "b", "roles": ["Admin", "editor"]}'), ('{"userName": "c", "roles": ["admin"], "active": false}'), ('{"userName": "d"}');
SELECT pg_temp.act(NULL, 'UPDATE warden.users SET active = false WHERE deleted_at IS NULL');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.users WHERE deleted_at IS NULL');
SELECT pg_temp.act(NULL, 'UPDATE warden.users SET data = data - ''roles'' WHERE deleted_at IS NULL');
SELECT pg_temp.act(NULL, 'UPDATE warden.users SET data = data - ''roles'' WHERE user_name = ''a''');
SELECT pg_temp.ask('HR', method, '/Users/' || pg_temp.id('b'), body) FROM (VALUES ('DELETE', NULL), ('PUT', '{"userName": "b"}'), ('PATCH', '{"Operations": [{"op": "replace", "path": "active", "value": false}]}'),
    ('PATCH', '{"Operations": [{"op": "remove", "path": "roles[value eq \"admin\"]"}]}'), ('PATCH', '{"Operations": [{"op": "replace", "path": "roles", "value": ["editor"]}]}'), ('PATCH', '{"Operations": [{"op": "replace", "path": "roles", "value": ["admin"]}]}')) v (method, body);
SELECT pg_temp.act(NULL, 'SELECT scim.suspend_resource(''User'', pg_temp.id(''b''))');
SELECT pg_temp.act(NULL, 'SELECT scim.erase(pg_temp.id(''b''))');
-- one goes and another comes, in one statement; who is not active is none
SELECT pg_temp.act(NULL, 'UPDATE warden.users SET data = CASE user_name WHEN ''b'' THEN data - ''roles'' ELSE data || ''{"roles": ["admin"]}'' END WHERE user_name IN (''b'', ''d'')');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.users WHERE user_name IN (''a'', ''b'', ''c'')');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.users WHERE deleted_at IS NULL');
UPDATE warden.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT pg_temp.act(NULL, 'DELETE FROM warden.users WHERE deleted_at IS NULL');
INSERT INTO warden.users (data) VALUES ('{"userName": "e", "roles": ["admin"]}');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.users WHERE user_name = ''d''');
UPDATE warden.policy SET settings = '{"holders": "roles[value eq \"admin\"]", "least": 2, "message": "two admins at least"}' WHERE kind = 'guard';
INSERT INTO warden.users (data) VALUES ('{"userName": "f", "roles": ["admin"]}');
SELECT pg_temp.act(NULL, 'UPDATE warden.users SET active = false WHERE user_name = ''f''');
SELECT * FROM pg_temp.state();
DELETE FROM warden.policy WHERE kind = 'guard';
UPDATE warden.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';

-- the last members of a group
INSERT INTO warden.users (data) VALUES ('{"userName": "p"}'), ('{"userName": "q"}'), ('{"userName": "r", "active": false}');
INSERT INTO warden.groups (data) SELECT jsonb_build_object('displayName', name, 'members', jsonb_build_array(jsonb_build_object('value', pg_temp.id('p')), jsonb_build_object('value', pg_temp.id('q')), jsonb_build_object('value', pg_temp.id('r'))))
FROM unnest('{Administrators,Others}'::text[]) name;
INSERT INTO warden.policy (resource_type, kind, name, settings) VALUES ('Group', 'guard', 'administrators', '{"group": "displayName eq \"administrators\""}');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.member');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.member WHERE group_id = pg_temp.id(''Others'')');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.member WHERE member_id = pg_temp.id(''q'')');
SELECT pg_temp.act(NULL, 'UPDATE warden.users SET active = false WHERE user_name = ''p''');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.users WHERE user_name = ''p''');
SELECT pg_temp.ask('HR', 'PUT', '/Groups/' || pg_temp.id('Administrators'), '{"displayName": "Administrators"}');
SELECT pg_temp.ask('HR', 'PUT', '/Groups/' || pg_temp.id('Administrators'), '{"displayName": "Anybody", "members": []}');
SELECT pg_temp.ask('HR', 'DELETE', '/Groups/' || pg_temp.id('Administrators'));
SELECT pg_temp.act(NULL, 'UPDATE warden.groups SET display_name = ''Anybody'' WHERE display_name = ''Administrators''');
-- one goes and another comes, in one request; who is not active, or a group, does not count
SELECT pg_temp.ask('HR', 'PATCH', '/Groups/' || pg_temp.id('Administrators'), format('{"Operations": [{"op": "replace", "path": "members", "value": [{"value": "%s"}]}]}', pg_temp.id(name))) FROM unnest('{r,Others,q}'::text[]) name;
SELECT pg_temp.act(NULL, 'DELETE FROM warden.users WHERE user_name = ''p''');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.users WHERE deleted_at IS NULL');
SELECT pg_temp.act(NULL, 'DELETE FROM warden.groups WHERE display_name = ''Others''');
-- without a policy, as before
UPDATE warden.policy SET enabled = false WHERE kind = 'guard';
DELETE FROM warden.groups;
SELECT * FROM scim.guards();

-- who may look, and release
CREATE ROLE regress_scim_nobody;
SET ROLE regress_scim_nobody;
SELECT * FROM scim.guards();
SELECT scim.release_guard();
RESET ROLE;
DROP ROLE regress_scim_nobody;
-- each tenant by itself
INSERT INTO warden.tenant VALUES (2, 'two');
INSERT INTO warden.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'slowly', '{"on": ["delete"], "limit": 1, "seconds": 60}');
INSERT INTO warden.users (data) VALUES ('{"userName": "w"}');
SET scim.tenant = 2;
INSERT INTO warden.users (data) VALUES ('{"userName": "v"}'), ('{"userName": "w"}');
DELETE FROM warden.users WHERE tenant_id = 2 AND user_name = 'v';
DELETE FROM warden.users WHERE tenant_id = 2 AND user_name = 'w';
SELECT name, state, used FROM pg_temp.state();
SELECT tenant_id, used FROM warden.guard WHERE tenant_id = 2;
RESET scim.tenant;
SELECT name, state, used FROM pg_temp.state();
DELETE FROM warden.users WHERE tenant_id = 1 AND user_name = 'w';
SET scim.tenant = 2;
SELECT scim.release_guard();
INSERT INTO warden.policy (tenant_id, resource_type, kind, name, enabled) VALUES (2, 'User', 'guard', 'slowly', false);
DELETE FROM warden.users WHERE tenant_id = 2;
RESET scim.tenant;
SELECT p FROM jsonb_array_elements(scim.export_profile() -> 'policies') p WHERE p ->> 'kind' = 'guard' ORDER BY p::text;

-- rows of a table that is bound, and of an import, are counted one by one: what they did before the one that is too much is not there either
DELETE FROM warden.policy WHERE kind = 'guard';
SET client_min_messages = warning;
CREATE SCHEMA warden_app;
CREATE TABLE warden_app.people (id serial PRIMARY KEY, login text NOT NULL UNIQUE, on_duty boolean NOT NULL DEFAULT true);
SELECT count(*) FROM scim.bind_table('User', 'warden_app.people', '{"attributes": {"userName": "login", "active": "on_duty"}}');
INSERT INTO warden_app.people (login) SELECT 'duty' || n FROM generate_series(1, 5) n;
INSERT INTO warden.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'slowly', '{"on": ["suspend", "delete"], "limit": 3, "seconds": 60}');
UPDATE warden_app.people SET on_duty = false WHERE login ~ '^duty[1-4]';
SELECT name, state, used FROM pg_temp.state();
DELETE FROM warden_app.people WHERE login ~ '^duty[1-4]';
UPDATE warden.users SET active = false WHERE user_name ~ '^duty[1-4]';
SELECT action, count(*) FROM scim.import('User', $$ SELECT login AS "userName", false AS active FROM warden_app.people WHERE login ~ '^duty[1-4]' $$, apply => true) GROUP BY 1;
SELECT name, state, used FROM pg_temp.state();
BEGIN;
UPDATE warden_app.people SET on_duty = false WHERE login ~ '^duty[12]';
SAVEPOINT before;
UPDATE warden_app.people SET on_duty = false WHERE login ~ '^duty[1-4]';
ROLLBACK TO before;
UPDATE warden_app.people SET on_duty = false WHERE login = 'duty3';
UPDATE warden_app.people SET on_duty = false WHERE login = 'duty4';
ROLLBACK;
SELECT name, state, used FROM pg_temp.state();
-- as many as are allowed; from then on it has tripped
UPDATE warden_app.people SET on_duty = false WHERE login ~ '^duty[1-3]';
SELECT name, state, used FROM pg_temp.state();
UPDATE warden_app.people SET on_duty = false WHERE login = 'duty4';
SELECT scim.unbind_table('warden_app.people');
DROP SCHEMA warden_app CASCADE;

SELECT scim.drop_store('warden', true);
