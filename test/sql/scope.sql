-- Scopes: what a token or client is good for, on every way that a request can go
\set VERBOSITY terse
SELECT scim.create_store('scopes');
SET scim.store = 'scopes';
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set g1 00000000-0000-7000-8000-0000000000a1
INSERT INTO scopes.users (id, data) VALUES (:'u1', '{"userName": "bjensen", "displayName": "Barbara"}'), (:'u2', '{"userName": "mandy"}');
INSERT INTO scopes.groups (id, data) VALUES (:'g1', '{"displayName": "Admins", "externalId": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
INSERT INTO scopes.endpoint (methods, path, resource_type, action, name, settings) VALUES
    ('{POST}', '/api/people', 'User', 'create', 'hire', '{"fields": {"login": "userName"}}'),
    ('{GET}', '/api/people/{id}', 'User', 'read', 'look', '{"fields": {"login": "userName", "groups": "groups.display"}}');

-- what is none
SELECT scim.create_token('x', scopes => '{}');
SELECT scim.create_token('x', scopes => '{NULL}');
SELECT scim.create_token('x', scopes => '{all}');
SELECT scim.create_token('x', scopes => '{User:delete}');
SELECT scim.create_token('x', scopes => '{read,endpoint:nothing}');
SELECT scim.create_client('x', 'Bearer', scopes => '{Nobody}');
INSERT INTO scopes.token (hash, description, scopes) VALUES (sha256('x'), 'x', '{}');
-- in canonical form
SELECT (scim.create_token('names', scopes => '{read,user,GROUP:write,endpoint:hire}')).id IS NOT NULL AS made;
SELECT scopes FROM scopes.token WHERE description = 'names';

-- a token of each kind, and what it may
CREATE TEMP TABLE token (name text PRIMARY KEY, secret text);
INSERT INTO token SELECT name, (scim.create_token(name, scopes => what::text[])).secret
FROM (VALUES ('all', NULL), ('read', '{read}'), ('write', '{write}'), ('both', '{read,write}'), ('user', '{User}'), ('user read', '{read,User}'),
    ('group', '{Group}'), ('users, groups read', '{User,Group:read}'), ('group read', '{Group:read}'), ('hire', '{endpoint:hire}'), ('look', '{read,endpoint:look,endpoint:hire}')) t (name, what);
INSERT INTO token SELECT 'client', (scim.create_client('c', 'Bearer', scopes => '{User:read}')).secret;
INSERT INTO token VALUES ('foreign', 'foreign');
INSERT INTO scopes.token (hash, description, scopes) VALUES (sha256('foreign'), 'foreign', '{superuser}');
-- one that went
INSERT INTO scopes.endpoint (methods, path, resource_type, action, name, settings) VALUES ('{GET}', '/gone/{id}', 'User', 'read', 'gone', '{"fields": {"login": "userName"}}');
INSERT INTO scopes.token (hash, description, scopes) VALUES (sha256('foreign'), 'foreign', '{endpoint:gone}');
DELETE FROM scopes.endpoint WHERE name = 'gone';
CREATE FUNCTION pg_temp.ask(token text, method text, target text, body text DEFAULT NULL, OUT status int, OUT answer jsonb) LANGUAGE plpgsql AS $$
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
CREATE TEMP TABLE request AS SELECT * FROM (VALUES
    (1, 'GET', '/Users', NULL), (2, 'GET', '/Users/00000000-0000-7000-8000-000000000001', NULL), (3, 'HEAD', '/Users', NULL), (4, 'POST', '/Users/.search', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}'),
    (5, 'POST', '/Users', '{"userName": "new"}'), (6, 'PUT', '/Users/00000000-0000-7000-8000-000000000001', '{"userName": "bjensen"}'),
    (7, 'PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "title", "value": "t"}]}'),
    (8, 'DELETE', '/Users/00000000-0000-7000-8000-000000000002', NULL), (9, 'GET', '/Groups', NULL),
    (10, 'GET', '/Groups/00000000-0000-7000-8000-0000000000a1/members', NULL), (11, 'POST', '/Groups', '{"displayName": "New"}'),
    (12, 'GET', '/', NULL), (13, 'POST', '/.search', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}'), (14, 'GET', '/Me', NULL),
    (15, 'GET', '/ServiceProviderConfig', NULL), (16, 'GET', '/Schemas', NULL), (17, 'GET', '/ResourceTypes/Group', NULL), (18, 'GET', '/openapi.json', NULL),
    (19, 'OPTIONS', '/Groups', NULL), (20, 'TRACE', '/Groups', NULL), (21, 'GET', '/Nothing', NULL),
    (22, 'POST', '/api/people', '{"login": "hired"}'), (23, 'GET', '/api/people/00000000-0000-7000-8000-000000000001', NULL)) r (n, method, target, body);
SELECT string_agg(name, ' | ' ORDER BY name COLLATE "C") AS tokens FROM token;
SELECT r.n, r.method, left(r.target, 20) AS target, string_agg(format('%s', a.status), ' ' ORDER BY t.name COLLATE "C") AS answers
FROM request r, token t, LATERAL pg_temp.ask(t.name, r.method, r.target, r.body) a GROUP BY 1, 2, 3 ORDER BY 1;
-- each answer by status that a scope leads to is one that openapi.json names
SELECT p.path, m.method, array_agg(DISTINCT a.status ORDER BY a.status) AS unnamed
FROM request r, token t, LATERAL pg_temp.ask(t.name, r.method, r.target, r.body) a, jsonb_each(scim.openapi() -> 'paths') p (path, item), jsonb_each(p.item) m (method, operation)
WHERE m.method = lower(r.method) AND r.target ~ ('^' || regexp_replace(p.path, '[{][a-z]+[}]', '[^/.]+', 'g') || '$') AND NOT m.operation -> 'responses' ? a.status::text AND r.target !~ '^/api/' GROUP BY 1, 2;
SELECT string_agg(p.path || ' ' || m.method, ', ') AS never_forbidden FROM jsonb_each(scim.openapi() -> 'paths') p (path, item), jsonb_each(p.item) m (method, operation)
WHERE m.method NOT IN ('parameters', 'description') AND p.path !~ '^/api/' AND NOT m.operation -> 'responses' ? '403';
-- the words
SELECT answer ->> 'detail' AS detail FROM unnest(ARRAY['/Groups', '/', '/api/people/']) target, pg_temp.ask('user read', 'GET', target);
SELECT answer ->> 'detail' AS detail FROM pg_temp.ask('user read', 'POST', '/Users', '{"userName": "new"}');
SELECT answer ->> 'detail' AS detail FROM pg_temp.ask('group', 'GET', '/api/people/00000000-0000-7000-8000-000000000001');

-- each operation of a bulk request by itself, and all of an atomic one
SELECT o ->> 'method' AS method, o ->> 'status' AS status, o #>> '{response,detail}' AS detail
FROM pg_temp.ask('users, groups read', 'POST', '/Bulk', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "bulk"}}, {"method": "DELETE", "path": "/Groups/00000000-0000-7000-8000-0000000000a1"},
    {"method": "POST", "path": "/Groups", "bulkId": "b", "data": {"displayName": "x", "members": [{"value": "bulkId:a"}]}}]}'), jsonb_array_elements(answer -> 'Operations') o;
SELECT status, answer ->> 'detail' AS detail
FROM pg_temp.ask('user', 'POST', '/Bulk', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest", "urn:scim:params:bulk:atomic"], "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "bulk"}}, {"method": "DELETE", "path": "/Groups/00000000-0000-7000-8000-0000000000a1"}]}');

-- what is out of scope is as if it were not there: groups of people, names of members, in answers and filters
SELECT t.name, answer -> 'groups' IS NOT NULL AS groups FROM unnest(ARRAY['all', 'user', 'users, groups read']) t (name), pg_temp.ask(t.name, 'GET', '/Users/' || :'u1');
SELECT t.name, answer #> '{members,0}' AS member FROM unnest(ARRAY['all', 'group', 'users, groups read']) t (name), pg_temp.ask(t.name, 'GET', '/Groups/' || :'g1');
SELECT t.name, answer #> '{Resources,0}' AS member FROM unnest(ARRAY['all', 'group']) t (name), pg_temp.ask(t.name, 'GET', '/Groups/' || :'g1' || '/members');
SELECT t.name, target, answer -> 'totalResults' AS total
FROM (VALUES ('all'), ('user')) t (name), unnest(ARRAY['/Users?filter=groups.display+eq+%22Admins%22', '/Users?filter=groups+pr', '/Users?filter=groups.value+eq+%2200000000-0000-7000-8000-0000000000a1%22',
    '/Users?filter=not+(groups.display+co+%22x%22)', '/Users?filter=groups%5Btype+eq+%22direct%22+and+display+sw+%22Ad%22%5D']) target, pg_temp.ask(t.name, 'GET', target) ORDER BY 2, 1;
SELECT t.name, target, answer -> 'totalResults' AS total
FROM (VALUES ('all'), ('group')) t (name), unnest(ARRAY['/Groups?filter=members.display+eq+%22Barbara%22', '/Groups?filter=members%5Bdisplay+pr%5D', '/Groups?filter=members.type+eq+%22User%22',
    '/Groups?filter=members.value+eq+%2200000000-0000-7000-8000-000000000001%22', '/Groups/00000000-0000-7000-8000-0000000000a1/members?filter=display+sw+%22Bar%22']) target, pg_temp.ask(t.name, 'GET', target) ORDER BY 2, 1;
SELECT t.name, answer -> 'groups' AS groups FROM unnest(ARRAY['all', 'look']) t (name), pg_temp.ask(t.name, 'GET', '/api/people/' || :'u1');
-- the answer to a write shows no more
SELECT answer ? 'groups' AS groups FROM pg_temp.ask('user', 'PATCH', '/Users/' || :'u1', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "title", "value": "t"}]}');
SELECT answer -> 'members' AS members FROM pg_temp.ask('group', 'PATCH', '/Groups/' || :'g1', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000002"}]}]}');
-- nor does it take away by what it may not see
SELECT t.name, jsonb_array_length(coalesce(answer -> 'members', '[]')) AS members FROM unnest(ARRAY['all', 'group']) t (name),
    pg_temp.ask(t.name, 'PATCH', '/Groups/' || :'g1', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "remove", "path": "members[display eq \"Barbara\"]"}]}');
-- members by another identifier
INSERT INTO scopes.policy (resource_type, kind, settings) VALUES ('Group', 'wire', '{"identifier": {"attribute": "members", "by": "externalId", "default": "name", "values": {"name": "userName", "g": "userName"}}}');
SELECT t.name, answer #> '{members,0,value}' AS member FROM unnest(ARRAY['all', 'group']) t (name), pg_temp.ask(t.name, 'GET', '/Groups/' || :'g1') ORDER BY 1;
-- to who may not read them they have no names: nobody finds, adds or removes anybody by one, nor learns who is there
CREATE FUNCTION pg_temp.patch(token text, target text, VARIADIC operations text[]) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s %s', status, coalesce(answer ->> 'detail', (SELECT string_agg(coalesce(m ->> 'type', '-') || ' ' || right(m ->> 'value', 9), ', ' ORDER BY m ->> 'value' COLLATE "C") FROM jsonb_array_elements(answer -> 'members') m)))
    FROM pg_temp.ask(token, 'PATCH', target, format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}', array_to_string(operations, ', '))) $$;
INSERT INTO scopes.users (id, data) VALUES ('00000000-0000-7000-8000-000000000003', '{"userName": "twin", "emails": [{"value": "both@x"}]}'), ('00000000-0000-7000-8000-000000000004', '{"userName": "other", "emails": [{"value": "both@x"}]}');
UPDATE scopes.policy SET settings = '{"identifier": {"attribute": "members", "by": "externalId", "default": "name", "values": {"name": "userName", "mail": "emails.value", "id": "id"}}}' WHERE kind = 'wire';
INSERT INTO scopes.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a2', '{"displayName": "Mail", "externalId": "mail", "members": [{"value": "00000000-0000-7000-8000-000000000003"}]}');
\set g2 00000000-0000-7000-8000-0000000000a2
SELECT t.name, filter, status, answer -> 'totalResults' AS total, answer ->> 'detail' AS detail
FROM unnest(ARRAY['all', 'group', 'group read', 'users, groups read']) t (name), unnest(ARRAY['members eq "bjensen"', 'members[value eq "bjensen"]', 'not (members.value eq "bjensen")', 'members.value ne "nobody"', 'members eq "both@x"']) filter,
    pg_temp.ask(t.name, 'POST', '/Groups/.search', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]'::jsonb, 'filter', filter)::text) ORDER BY filter COLLATE "C", t.name COLLATE "C";
SELECT t.name, target, status, answer -> 'totalResults' AS total, answer ->> 'detail' AS detail FROM unnest(ARRAY['all', 'group']) t (name),
    unnest(ARRAY['/Groups/' || :'g1' || '/members?filter=value+eq+%22bjensen%22', '/Groups/' || :'g1' || '/members?filter=value+eq+%2200000000-0000-7000-8000-000000000001%22', '/Groups/' || :'g2' || '/members?filter=value+eq+%22both@x%22']) target, pg_temp.ask(t.name, 'GET', target) ORDER BY 2, 1;
SELECT t.name, said, status, coalesce(answer #>> '{members,0,value}', answer ->> 'detail') AS member
FROM unnest(ARRAY['all', 'group']) t (name), unnest(ARRAY['{"value": "mandy"}', '{"value": "nosuch"}', '{"value": "nosuch", "$ref": "Users/00000000-0000-7000-8000-000000000002"}', '{"value": "00000000-0000-7000-8000-000000000002"}']) said,
    pg_temp.ask(t.name, 'POST', '/Groups', format('{"displayName": "new", "members": [%s]}', said)) ORDER BY said COLLATE "C", t.name;
SELECT answer ->> 'detail' AS detail FROM unnest(ARRAY['both@x', 'nosuch@x']) said, pg_temp.ask('group', 'PUT', '/Groups/' || :'g2', format('{"displayName": "Mail", "externalId": "mail", "members": [{"value": "%s"}]}', said));
SELECT t.name, operation, pg_temp.patch(t.name, '/Groups/' || :'g1', operation) AS members
FROM unnest(ARRAY['group', 'users, groups read', 'all']) WITH ORDINALITY t (name, n), unnest(ARRAY['{"op": "add", "path": "members", "value": [{"value": "twin"}]}', '{"op": "add", "path": "members", "value": "nosuch"}', '{"op": "replace", "value": {"members": [{"value": "mandy"}]}}',
    '{"op": "replace", "path": "members[value eq \"bjensen\"]", "value": {"type": "User"}}', '{"op": "remove", "path": "members", "value": [{"value": "bjensen"}]}', '{"op": "remove", "path": "members[value eq \"nosuch\"]"}',
    '{"op": "remove", "path": "members[value eq \"mandy\"]"}']) WITH ORDINALITY o (operation, m) WHERE t.name = 'group' OR o.m = 7 ORDER BY n, m;
SELECT pg_temp.patch('group', '/Groups/' || :'g2', '{"op": "remove", "path": "members[value eq \"both@x\"]"}', '{"op": "remove", "path": "members[value eq \"00000000-0000-7000-8000-000000000003\"]"}') AS members;
SELECT o ->> 'status' AS status, o #>> '{response,detail}' AS detail
FROM pg_temp.ask('group', 'POST', '/Bulk', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "POST", "path": "/Groups", "bulkId": "a", "data": {"displayName": "x", "members": [{"value": "mandy"}]}},
    {"method": "PATCH", "path": "/Groups/%s", "data": {"Operations": [{"op": "add", "path": "members", "value": [{"value": "nosuch"}]}]}}]}', :'g1')), jsonb_array_elements(answer -> 'Operations') o;
SELECT answer ->> 'status' AS status, answer -> 'body' ->> 'detail' AS detail
FROM unnest(ARRAY['mandy', 'nosuch']) said, pg_temp.ask('group', 'POST', '/.preview', format('{"schemas": ["urn:scim:params:preview:request"], "method": "POST", "path": "/Groups", "data": {"displayName": "x", "members": [{"value": "%s"}]}}', said));
DELETE FROM scopes.policy WHERE kind = 'wire';

-- a name that comes to mean something else means it for who was given it; one that goes means nothing
UPDATE scopes.endpoint SET name = 'hire!' WHERE name = 'hire';
SELECT status FROM pg_temp.ask('hire', 'POST', '/api/people', '{"login": "hired"}');
-- scopes change with the row, at once
UPDATE scopes.token SET scopes = '{read}' WHERE description = 'user';
SELECT a.status, b.status FROM pg_temp.ask('user', 'GET', '/Groups') a, pg_temp.ask('user', 'POST', '/Users', '{"userName": "new"}') b;
-- SQL of the session's own is up to the privileges of its role, with the tenant that is proved
BEGIN;
SELECT scim.authenticate(secret) FROM token WHERE name = 'group read';
SELECT count(*) FROM scopes.users;
SELECT scim.search('Group') -> 'totalResults' AS groups;
COMMIT;
-- events: who reads acknowledges, and has nothing delivered again; for another tenant nothing is done
SELECT scim.create_consumer('c') IS NOT NULL AS made;
SELECT scim.create_tenant('two') AS two \gset
BEGIN;
SELECT scim.authenticate(secret) FROM token WHERE name = 'read';
SELECT count(*) FROM scim.next_events('c'), scim.acknowledge_events('c', '{}'), scim.fail_events('c', '{}'), scim.dead_events('c');
SELECT scim.at_tenant(1, 'SELECT scim.tenant()');
SELECT scim.at_tenant(1, 'SELECT scim.tenant() -- of whom');
SAVEPOINT s; SELECT scim.retry_events('c'); ROLLBACK TO s;
SAVEPOINT s; SELECT scim.at_tenant(:two, 'SELECT scim.tenant()'); ROLLBACK TO s;
ROLLBACK;
BEGIN;
SELECT scim.authenticate(secret) FROM token WHERE name = 'all';
SAVEPOINT s; SELECT scim.at_tenant(:two, 'SELECT scim.tenant()'); ROLLBACK TO s;
ROLLBACK;
SELECT scim.at_tenant(:two, 'SELECT scim.tenant()') ->> 'tenant' = :'two' AS of_two;
-- nobody: everything as before
SELECT status FROM scim.request('GET', '/Users');
-- scopes are a list
RESET scim.tenant;
SELECT scim.create_token('two dimensions', scopes => '{{read,User}}');
INSERT INTO scopes.token (description, hash, scopes) VALUES ('two dimensions', sha256('x'), '{{read},{User}}');
SELECT scim.create_client('two dimensions', 'Bearer', scopes => '{{read,User}}');
SET client_min_messages = warning;
SELECT scim.drop_store('scopes', true);
