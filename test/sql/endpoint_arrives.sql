-- What an endpoint of one's own answers arrives: what nginx makes something else of is refused when it is written
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('arrives');
SET scim.store = 'arrives';
RESET client_min_messages;
CREATE FUNCTION pg_temp.made(settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO arrives.endpoint (name, methods, path, resource_type, action, settings) VALUES ('e', '{GET}', '/e/{id}', 'User', 'read', settings);
    DELETE FROM arrives.endpoint;
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
-- statuses: those that conf/scim_server.conf hands on
SELECT string_agg(n::text, ' ' ORDER BY n) FROM generate_series(400, 599) n WHERE pg_temp.made(jsonb_build_object('error', jsonb_build_object('status', jsonb_build_object('notFound', n)))) = 'taken';
SELECT n, pg_temp.made(jsonb_build_object('error', jsonb_build_object('status', jsonb_build_object('notFound', n)))) FROM unnest(ARRAY[399, 408, 420, 421, 502, 600]) n;
SELECT pg_temp.made('{"error": {"status": {"404": "x"}}}'), pg_temp.made('{"error": {"status": {"nope": 421}}}');
-- media types, of what is UTF-8
SELECT type, pg_temp.made(jsonb_build_object('mediaType', type)) FROM unnest(ARRAY['application/json', 'application/vnd.x+json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8" ; q="a\"b;c"', 'application/json; charset=latin1', 'application/json; CHARSET="iso-8859-1"',
    '*/*', 'application/*', 'a/b/c', 'a b/c', 'application/json;', 'application/json; x', 'application/json; x=', 'application/json; x="y', 'application/json, text/plain', ' a/b', 'a/b ', 'a', '/', '']) type;
SELECT pg_temp.made(jsonb_build_object('mediaType', 'a/' || repeat('b', 253))), pg_temp.made(jsonb_build_object('mediaType', 'a/' || repeat('b', 254)));
-- the form of errors: it travels in a header
SELECT left(error::text, 60) AS error, pg_temp.made(jsonb_build_object('error', error)) FROM (VALUES (jsonb_build_object('body', jsonb_build_object('e', repeat('k', 20000)))), (jsonb_build_object('body', jsonb_build_object('e', repeat('k', 8000)))),
    (jsonb_build_object('body', (SELECT jsonb_agg('{message}'::text) FROM generate_series(1, 40)))), (jsonb_build_object('body', (SELECT jsonb_agg('{path}'::text) FROM generate_series(1, 20)))),
    (jsonb_build_object('body', '{traceId}'::text, 'types', jsonb_build_object('notFound', repeat('t', 9000)))), (jsonb_build_object('types', jsonb_build_object('notFound', repeat('t', 9000))))) v (error);
-- what is told is cut until it goes in, escapes and all
INSERT INTO arrives.endpoint (name, methods, path, resource_type, action, settings) VALUES
    ('long', '{POST}', '/long/{id}', 'User', 'merge', jsonb_build_object('error', jsonb_build_object('body', (SELECT jsonb_agg(t ORDER BY n, t) FROM generate_series(1, 10) n, unnest(ARRAY['{message}', '{method}', '{path}']) t))));
SELECT status, octet_length(body) <= 8192 AS fits, body::jsonb ->> 1 AS method, left(body::jsonb ->> 0, 40) AS message, octet_length(body::jsonb ->> 2) AS path
FROM unnest(ARRAY['/long/' || repeat('x', 20), '/long/' || repeat('x', 500), '/long/' || repeat('x', 5000), '/long/' || repeat('"', 5000)]) target, scim.request('POST', target, '{}', '{}');
SELECT status, octet_length(body) <= 8192 AS fits FROM scim.request(repeat('METHOD', 2000), '/long/x');
DELETE FROM arrives.endpoint;
-- rows of before: they answer without what they may not have, are told of, and stand in nobody's way
SET session_replication_role = replica;
INSERT INTO arrives.endpoint (name, methods, path, resource_type, action, settings) VALUES
    ('was', '{GET}', '/was/{id}', 'User', 'read', '{"fields": {"login": "userName"}, "error": {"status": {"notFound": 421, "forbidden": 404}, "body": {"s": "{status}"}}}'),
    ('large', '{GET}', '/large/{id}', 'User', 'read', jsonb_build_object('error', jsonb_build_object('status', '{"notFound": 410}'::jsonb, 'body', jsonb_build_object('e', repeat('k', 20000))))),
    ('type', '{GET}', '/type/{id}', 'User', 'read', jsonb_build_object('mediaType', 'a/' || repeat('x', 9000))),
    ('types', '{GET}', '/types', 'User', 'list', '{"like": "type"}');
RESET session_replication_role;
SELECT target, status, headers ->> 'Content-Type' AS type, body FROM unnest(ARRAY['/was/x', '/large/x', '/type/x', '/types']) target, scim.request('GET', target);
SELECT path, scim_type, message FROM scim.validate_store() WHERE rule = 'endpoint' ORDER BY message COLLATE "C";
INSERT INTO arrives.endpoint (name, methods, path, resource_type, action) VALUES ('more', '{GET}', '/more', 'User', 'list');
UPDATE arrives.endpoint SET path = '/was/{userName}' WHERE name = 'was';
UPDATE arrives.endpoint SET settings = '{"error": {"status": {"notFound": 420}}}' WHERE name = 'was';
INSERT INTO arrives.endpoint (name, methods, path, resource_type, action, settings) VALUES ('as was', '{GET}', '/as/{id}', 'User', 'read', '{"like": "was"}');
UPDATE arrives.endpoint SET settings = '{"error": {"status": {"notFound": 410}}}' WHERE name = 'was';
SELECT status, body FROM scim.request('GET', '/was/x');
-- a schema may not take away what such a row works with
SELECT scim.register_schema('{"id": "urn:example:arrives:User", "name": "A", "attributes": [{"name": "badge"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:arrives:User"}', true)) ->> 'name' AS type FROM arrives.resource_type WHERE name = 'User';
SET session_replication_role = replica;
UPDATE arrives.endpoint SET settings = '{"fields": {"b": "badge"}, "mediaType": "*/*"}' WHERE name = 'was';
RESET session_replication_role;
SELECT scim.register_schema('{"id": "urn:example:arrives:User", "name": "A", "attributes": [{"name": "desk"}]}') ->> 'id' AS schema;
-- what else stands in headers: the endpoint of a resource type, base_url, challenges
CREATE FUNCTION pg_temp.registered(endpoint text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RETURN length(scim.register_resource_type(jsonb_build_object('name', 'Thing', 'endpoint', endpoint, 'schema', 'urn:ietf:params:scim:schemas:core:2.0:Group')) ->> 'endpoint');
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
SELECT pg_temp.registered('/' || repeat('x', 1024));
SELECT pg_temp.registered('/' || repeat('x', 1023));
SET session_replication_role = replica;
UPDATE arrives.resource_type SET document = document || jsonb_build_object('endpoint', '/' || repeat('y', 2000)) WHERE name = 'Thing';
RESET session_replication_role;
SELECT pg_temp.registered('/' || repeat('y', 2000)), pg_temp.registered('/' || repeat('z', 2000));
-- which writes there answer 503, and the owner is told of
SELECT resource_type, id, rule, path, scim_type, message FROM scim.validate_store() WHERE rule <> 'endpoint';
SELECT count(*) FROM scim.validate_store('User') WHERE rule = 'resource_type';
INSERT INTO arrives.setting (name, value) VALUES ('base_url', to_jsonb('https://example.com/' || repeat('x', 2029)));
INSERT INTO arrives.setting (name, value) VALUES ('base_url', to_jsonb('https://example.com/' || repeat('x', 2028)));
SET client_min_messages = warning;
SELECT scim.drop_store('arrives', true);
