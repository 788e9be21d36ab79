-- Scopes bind SQL as they bind requests: functions, and statements on tables of the store
\set VERBOSITY terse
SELECT scim.create_store('sqlscope');
SET scim.store = 'sqlscope';
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set g1 00000000-0000-7000-8000-0000000000a1
INSERT INTO sqlscope.users (id, data) VALUES (:'u1', '{"userName": "ada", "password": "correct horse"}'), (:'u2', '{"userName": "bob"}');
INSERT INTO sqlscope.groups (id, data) VALUES (:'g1', '{"displayName": "Admins", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT scim.create_consumer('all') IS NOT NULL AS made, scim.create_consumer('people', resource_types => '{User}') IS NOT NULL AS made;
CREATE TEMP TABLE token (name text PRIMARY KEY, secret text);
INSERT INTO token SELECT name, (scim.create_token(name, scopes => what::text[])).secret
FROM (VALUES ('all', NULL), ('group', '{Group}'), ('read', '{read}'), ('user', '{User}'), ('user read', '{User:read}'), ('write', '{write}')) t (name, what);
-- what a statement comes to with a token proved; nothing stays
CREATE FUNCTION pg_temp.try(token text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = token;
    EXECUTE statement;
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN 'yes';
    WHEN SQLSTATE 'SC403' THEN RETURN 'no';
    WHEN OTHERS THEN RETURN sqlstate;
END $$;
CREATE TEMP TABLE deed AS SELECT * FROM (VALUES
    (1, 'SELECT scim.search(''User'')'),
    (2, 'SELECT scim.search(''Group'')'),
    (3, 'SELECT scim.search(NULL)'),
    (4, 'SELECT scim.get_resource(''User'', ''00000000-0000-7000-8000-000000000001'')'),
    (5, 'SELECT scim.get_resource(''Group'', ''00000000-0000-7000-8000-0000000000a1'')'),
    (6, 'SELECT scim.resource_json(u) FROM sqlscope.users u'),
    (7, 'SELECT scim.create_resource(''User'', ''{"userName": "new"}'')'),
    (8, 'SELECT scim.create_resource(''Group'', ''{"displayName": "New"}'')'),
    (9, 'SELECT scim.replace_resource(''User'', ''00000000-0000-7000-8000-000000000001'', ''{"userName": "ada"}'')'),
    (10, 'SELECT scim.patch_resource(''User'', ''00000000-0000-7000-8000-000000000001'', ''[{"op": "add", "path": "title", "value": "t"}]'')'),
    (11, 'SELECT scim.patch_resource(''Group'', ''00000000-0000-7000-8000-0000000000a1'', ''[{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000002"}]}]'')'),
    (12, 'SELECT scim.delete_resource(''User'', ''00000000-0000-7000-8000-000000000001'')'),
    (13, 'SELECT scim.delete_resource(''Group'', ''00000000-0000-7000-8000-0000000000a1'')'),
    (14, 'SELECT scim.suspend_resource(''User'', ''00000000-0000-7000-8000-000000000001'')'),
    (15, 'SELECT scim.activate_resource(''User'', ''00000000-0000-7000-8000-000000000001'')'),
    (16, 'SELECT scim.invite(''00000000-0000-7000-8000-000000000001'')'),
    (17, 'SELECT scim.log_out(''00000000-0000-7000-8000-000000000001'')'),
    (18, 'SELECT scim.record_login(''00000000-0000-7000-8000-000000000001'')'),
    (19, 'SELECT scim.session_is_valid(''00000000-0000-7000-8000-000000000001'', now())'),
    (20, 'SELECT scim.issue_recovery_code(''00000000-0000-7000-8000-000000000001'')'),
    (21, 'SELECT scim.redeem_recovery_code(''AAAAA-AAAAA-AAAAA-AAAAA-AAAAA'')'),
    (22, 'SELECT scim.verify_password(''00000000-0000-7000-8000-000000000001'', ''correct horse'')'),
    (23, 'SELECT scim.restore_resource(''User'', ''00000000-0000-7000-8000-000000000001'')'),
    (24, 'SELECT scim.complete_offboarding(''00000000-0000-7000-8000-000000000001'')'),
    (25, 'SELECT scim.purge(''1 day'')'),
    (26, 'SELECT scim.erase(''00000000-0000-7000-8000-000000000001'')'),
    (27, 'SELECT FROM scim.validate_store()'),
    (28, 'INSERT INTO sqlscope.users (data) VALUES (''{"userName": "new"}'')'),
    (29, 'UPDATE sqlscope.users SET active = false'),
    (30, 'DELETE FROM sqlscope.users'),
    (31, 'INSERT INTO sqlscope.groups (data) VALUES (''{"displayName": "New"}'')'),
    (32, 'UPDATE sqlscope.resource SET display_name = ''x'' WHERE resource_type = ''Group'''),
    (33, 'DELETE FROM sqlscope.groups'),
    (34, 'INSERT INTO sqlscope.member (group_id, member_id) VALUES (''00000000-0000-7000-8000-0000000000a1'', ''00000000-0000-7000-8000-000000000002'')'),
    (35, 'DELETE FROM sqlscope.member'),
    (36, 'INSERT INTO sqlscope.member (group_id, member_id) VALUES (''00000000-0000-7000-8000-0000000000ff'', ''00000000-0000-7000-8000-000000000002'')'),
    (37, 'INSERT INTO sqlscope.users (data) SELECT ''{"userName": "loaded"}''::jsonb FROM generate_series(1, 1)'),
    (38, 'SELECT scim.create_token(''more'')'),
    (39, 'SELECT scim.create_client(''more'', ''Bearer'')'),
    (40, 'SELECT scim.rotate_token(id) FROM sqlscope.token WHERE description = ''user read'''),
    (41, 'SELECT scim.revoke_token(id) FROM sqlscope.token WHERE description = ''all'''),
    (42, 'UPDATE sqlscope.token SET scopes = NULL'),
    (43, 'INSERT INTO sqlscope.tenant_role (role) VALUES (current_user)'),
    (44, 'UPDATE sqlscope.policy SET enabled = NOT enabled'),
    (45, 'INSERT INTO sqlscope.setting (name, value) VALUES (''max_results'', ''9'')'),
    (46, 'SELECT scim.register_schema(''{"id": "urn:example:x", "name": "x", "attributes": [{"name": "x"}]}'')'),
    (47, 'SELECT scim.create_tenant(''x'')'),
    (48, 'SELECT scim.create_consumer(''more'')'),
    (49, 'SELECT FROM scim.next_events(''all'')'),
    (50, 'SELECT FROM scim.next_events(''people'')'),
    (51, 'SELECT scim.acknowledge_events(''all'', ''{}'')'),
    (52, 'SELECT scim.drop_consumer(''people'')'),
    (53, 'SELECT scim.create_signing_key()'),
    (54, 'TRUNCATE sqlscope.setting'),
    (70, 'SELECT FROM scim.history(''00000000-0000-7000-8000-000000000001'')'),
    (71, 'SELECT FROM scim.history(''00000000-0000-7000-8000-0000000000a1'')'),
    (72, 'SELECT scim.resource_at(''User'', ''00000000-0000-7000-8000-000000000001'', now())'),
    (73, 'SELECT scim.resources_at(''Group'', now())'),
    (74, 'SELECT FROM scim.members_at(''00000000-0000-7000-8000-0000000000a1'', now())'),
    (75, 'SELECT FROM scim.changes(NULL, NULL)'),
    (76, 'SELECT FROM scim.changes(NULL, NULL, resource_type => ''User'')'),
    (77, 'SELECT FROM scim.revert_change((SELECT change FROM sqlscope.audit WHERE resource_type = ''User'' LIMIT 1), true)'),
    (78, 'SELECT FROM scim.revert_change((SELECT change FROM sqlscope.audit WHERE resource_type = ''Group'' LIMIT 1), true)'),
    (79, 'SELECT FROM scim.revert_change((SELECT change FROM sqlscope.audit WHERE object = ''consumer'' OR object = ''token'' LIMIT 1), true)'),
    -- a password is of its user, whoever writes it
    (80, 'INSERT INTO sqlscope.credential (resource_id, secret) SELECT ''00000000-0000-7000-8000-000000000002'', secret FROM sqlscope.credential'),
    (81, 'UPDATE sqlscope.credential SET secret = overlay(secret PLACING ''MTIzNDU2'' FROM 20)'),
    (82, 'UPDATE sqlscope.credential SET changed = now() + interval ''1 second'''),
    (83, 'UPDATE sqlscope.credential SET resource_id = ''00000000-0000-7000-8000-000000000002'''),
    (84, 'DELETE FROM sqlscope.credential'),
    (85, 'INSERT INTO sqlscope.credential (resource_id, secret) SELECT ''00000000-0000-7000-8000-0000000000ff'', secret FROM sqlscope.credential'),
    -- bound by the tenant, and by no scope
    (60, 'SELECT FROM sqlscope.users'),
    (61, 'SELECT FROM sqlscope.groups'),
    (62, 'SELECT FROM sqlscope.activity')) d (n, statement);
SELECT string_agg(name, ' | ' ORDER BY name) AS tokens FROM token;
SELECT n, left(statement, 60) AS statement, string_agg(pg_temp.try(name, statement), ' ' ORDER BY name) AS answers FROM deed, token GROUP BY n, statement ORDER BY n;
-- with no token, with everything, what is above is possible: the tokens make the difference
SELECT n FROM deed WHERE pg_temp.try('nobody', statement) IS DISTINCT FROM pg_temp.try('all', statement);
-- in words
BEGIN;
SELECT scim.authenticate('Bearer ' || secret) FROM token WHERE name = 'user read';
SAVEPOINT s;
UPDATE sqlscope.users SET active = false;
ROLLBACK TO s;
SELECT scim.search('Group');
ROLLBACK TO s;
INSERT INTO sqlscope.setting (name, value) VALUES ('max_results', '9');
ROLLBACK;
-- what a trigger of the owner's writes in consequence of a request or a function is his doing; of a plain statement, too, is looked at
CREATE FUNCTION sqlscope.group_of_his_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sqlscope.groups (data) VALUES (jsonb_build_object('displayName', 'of ' || new.user_name));
    RETURN NULL;
END $$;
CREATE TRIGGER own AFTER INSERT ON sqlscope.users FOR EACH ROW EXECUTE FUNCTION sqlscope.group_of_his_own();
SELECT pg_temp.try('user', 'SELECT scim.create_resource(''User'', ''{"userName": "x"}'')') AS function,
    pg_temp.try('user', 'INSERT INTO sqlscope.users (data) VALUES (''{"userName": "x"}'')') AS statement;
BEGIN;
SELECT scim.authenticate('Bearer ' || secret) AS tenant FROM token WHERE name = 'user';
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "x"}');
-- and what was let in has ended with the request, where it failed as well
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "x"}');
INSERT INTO sqlscope.groups (data) VALUES ('{"displayName": "New"}');
ROLLBACK;
BEGIN;
SELECT scim.authenticate('Bearer ' || secret) AS tenant FROM token WHERE name = 'user';
SAVEPOINT s;
SELECT scim.create_resource('User', '{"userName": "ada"}');
ROLLBACK TO s;
INSERT INTO sqlscope.groups (data) VALUES ('{"displayName": "New"}');
ROLLBACK;
-- an endpoint that lists what belongs to somebody reads him as well
INSERT INTO sqlscope.endpoint (methods, path, resource_type, action, name, settings) VALUES
    ('{GET}', '/api/people/{userName}/groups', 'Group', 'list', 'groups of', '{"fields": {"name": "displayName"}, "list": {"owner": "User", "where": "members.value eq \"{userName}\"", "body": {"data": "{items}"}}}'),
    ('{GET}', '/api/teams/{id}/people', 'User', 'list', 'people of', '{"fields": {"name": "userName"}, "list": {"owner": "Group", "where": "groups.value eq \"{id}\"", "body": {"data": "{items}"}}}');
INSERT INTO token SELECT name, (scim.create_token(name, scopes => what::text[])).secret
FROM (VALUES ('both', '{User:read,Group:read}'), ('named', '{endpoint:groups of}'), ('named, other', '{User,endpoint:people of}'), ('group, named', '{Group,endpoint:groups of}')) t (name, what);
CREATE FUNCTION pg_temp.ask(token text, target text, OUT status int, OUT answer text) LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = token;
    reply := scim.request('GET', target);
    status := reply.status;
    answer := CASE WHEN status = 200 THEN reply.body ELSE reply.body::jsonb ->> 'detail' END;
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN;
END $$;
SELECT name, a.status AS of_person, b.status AS of_nobody, c.status AS of_team, a.answer
FROM token, pg_temp.ask(name, '/api/people/ada/groups') a, pg_temp.ask(name, '/api/people/nobody/groups') b, pg_temp.ask(name, '/api/teams/00000000-0000-7000-8000-0000000000a1/people') c ORDER BY 1;
-- the type of a member is no way to find out who is there: as of who is not
CREATE FUNCTION pg_temp.answer(token text, method text, target text, body text DEFAULT NULL, OUT status int, OUT answer jsonb) LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = token;
    reply := scim.request(method, target, '{}', body);
    status := reply.status;
    answer := reply.body::jsonb;
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN;
END $$;
SELECT name, m AS member, a.status, a.answer ->> 'detail' AS detail FROM token, unnest(ARRAY['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-0000000000ff']) m,
    pg_temp.answer(name, 'POST', '/Groups', format('{"displayName": "New", "members": [{"value": "%s", "type": "Group"}]}', m)) a WHERE name IN ('all', 'group') ORDER BY 1, 2;
SELECT name, m AS member, pg_temp.try(name, format('INSERT INTO sqlscope.member (group_id, member_id, member_type) VALUES (''00000000-0000-7000-8000-0000000000a1'', %L, ''Group'')', m))
FROM token, unnest(ARRAY['00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-0000000000ff']) m WHERE name IN ('all', 'group') ORDER BY 1, 2;
-- a cursor is good with the scopes that it was made with
SELECT a.answer ->> 'nextCursor' AS cursor FROM pg_temp.answer('all', 'GET', '/Users?cursor&count=1') a \gset
SELECT name, a.status, a.answer ->> 'scimType' AS type, a.answer ->> 'totalResults' AS total FROM token, pg_temp.answer(name, 'GET', '/Users?count=1&cursor=' || :'cursor') a WHERE name IN ('all', 'read', 'user') ORDER BY 1;
SELECT a.answer ->> 'nextCursor' AS cursor FROM pg_temp.answer('user', 'GET', '/Users?cursor&count=1') a \gset
SELECT name, a.status, a.answer ->> 'scimType' AS type, a.answer ->> 'totalResults' AS total FROM token, pg_temp.answer(name, 'GET', '/Users?count=1&cursor=' || :'cursor') a WHERE name IN ('all', 'user read', 'user') ORDER BY 1;
-- every table of the store, with a token that reads, with one of another type, and with one that writes all types
SET client_min_messages = warning;
INSERT INTO sqlscope.event (event_uri, resource_type, resource_id, tenant_id) VALUES ('urn:example:e', 'User', :'u1', 1);
INSERT INTO sqlscope.origin (tenant_id, resource_id, actor) VALUES (1, :'u1', 'me');
SELECT scim.issue_recovery_code(:'u1'::uuid) IS NOT NULL AS issued;
SELECT count(*) FROM scim.next_events('all');
CREATE TEMP TABLE written AS SELECT c.relname, verb, CASE verb
    WHEN 'DELETE' THEN format('DELETE FROM sqlscope.%I', c.relname)
    WHEN 'TRUNCATE' THEN format('TRUNCATE sqlscope.%I CASCADE', c.relname)
    WHEN 'UPDATE' THEN format('UPDATE sqlscope.%I SET %I = %2$I', c.relname, a.attname)
    ELSE format('INSERT INTO sqlscope.%I SELECT * FROM sqlscope.%1$I LIMIT 1', c.relname) END AS statement
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) verb
WHERE c.relnamespace = 'sqlscope'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition;
SELECT relname COLLATE "C", string_agg(lower(verb) || ': ' || answers, ', ' ORDER BY verb) AS read_group_write
FROM (SELECT relname, verb, string_agg(pg_temp.try(name, statement), ' ' ORDER BY name DESC) AS answers FROM written, (VALUES ('group'), ('read'), ('write')) t (name) GROUP BY relname, verb) a
WHERE answers <> 'no no no' GROUP BY relname ORDER BY 1;
-- what the store writes by itself in consequence of what is allowed is not looked at
UPDATE sqlscope.policy SET enabled = true WHERE kind = 'events';
SELECT name, pg_temp.try(name, 'DELETE FROM sqlscope.users'), pg_temp.try(name, 'SELECT scim.redeem_recovery_code(''AAAAA-AAAAA-AAAAA-AAAAA-AAAAA'')'), pg_temp.try(name, 'SELECT scim.acknowledge_events(''all'', ''{}'')') FROM token WHERE name IN ('user', 'write') ORDER BY 1;
BEGIN;
SELECT scim.authenticate('Bearer ' || secret) FROM token WHERE name = 'write';
DELETE FROM sqlscope.event;
ROLLBACK;
SELECT scim.drop_store('sqlscope', true);
