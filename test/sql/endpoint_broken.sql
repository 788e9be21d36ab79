-- An endpoint that its schema has been taken away from, by force: out of order for itself, and in nobody's way
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('broken');
SET scim.store = 'broken';
RESET client_min_messages;
CREATE FUNCTION pg_temp.applied(document text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RETURN scim.apply_profile(document); EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
SELECT scim.register_schema('{"id": "urn:example:broken:User", "name": "B", "attributes": [{"name": "badge"}, {"name": "desk"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:broken:User"}', true)) ->> 'name' AS type FROM broken.resource_type WHERE name = 'User';
INSERT INTO broken.endpoint (name, methods, path, resource_type, action, settings) VALUES
('person', '{GET}', '/api/people/{id}', 'User', 'read', '{"fields": {"name": "userName", "work.badge": {"attribute": "badge", "also": ["badge"]}}, "error": {"body": {"oops": "{type}", "why": "{message}"}, "types": {"serviceUnavailable": "later"}, "status": {"503": 500}}, "mediaType": "application/vnd.x+json"}'),
('people', '{GET}', '/api/people', 'User', 'list', '{"like": "person", "list": {}}'),
('names', '{GET}', '/api/names', 'User', 'list', '{"fields": {"name": "userName"}, "list": {}}');
UPDATE broken.endpoint SET settings = settings #- '{error,status}' WHERE name = 'person';
SELECT scim.register_schema('{"id": "urn:example:broken:User", "name": "B", "attributes": [{"name": "desk"}]}', force => true) ->> 'id' AS schema;
-- 503 in the form of the endpoint, and again later; what is wrong is for the log and for scim.validate_store()
SELECT target, status, headers ->> 'Retry-After' AS retry, headers ->> 'Content-Type' AS type, body FROM unnest(ARRAY['/api/people', '/api/people/x', '/api/names', '/api/nothing']) target, scim.request('GET', target);
SELECT method, status, headers ->> 'Allow' AS allow, body FROM unnest(ARRAY['HEAD', 'OPTIONS', 'POST']) method, scim.request(method, '/api/people/x');
SELECT resource_type, id = (SELECT e.id FROM broken.endpoint e WHERE e.name = split_part(v.message, '"', 2)) AS its_id, rule, path, scim_type, message FROM scim.validate_store() v;
SELECT count(*) FROM scim.validate_store('User') UNION ALL SELECT count(*) FROM scim.validate_store('Group');
SELECT jsonb_object_keys(scim.openapi() -> 'paths') AS path INTERSECT SELECT unnest(ARRAY['/api/names', '/api/people']);
-- others can be written, schemas and profiles changed; it is still as broken, or otherwise
INSERT INTO broken.endpoint (name, methods, path, resource_type, action) VALUES ('more', '{GET}', '/api/more', 'User', 'list');
SELECT scim.register_schema('{"id": "urn:example:broken:User", "name": "B", "attributes": [{"name": "desk"}, {"name": "floor"}]}') ->> 'id' AS schema;
UPDATE broken.endpoint SET path = '/api/persons/{id}' WHERE name = 'person';
UPDATE broken.endpoint SET settings = settings || '{"fields": {"name": "userNaem"}}' WHERE name = 'person';
SELECT pg_temp.applied('{"schemas": [{"id": "urn:example:broken:User", "name": "B", "attributes": [{"name": "desk"}, {"name": "room"}]}], "endpoints": [{"name": "more", "methods": ["GET"], "path": "/api/more", "resourceType": "User", "action": "list", "settings": {"fields": {"r": "room"}}}]}');
SELECT name, enabled FROM broken.endpoint ORDER BY name;
-- a profile may put it right, or name the place where it does not
SELECT pg_temp.applied('{"endpoints": [{"name": "more", "methods": ["GET"], "path": "/api/more", "resourceType": "User", "action": "list"}, {"name": "person", "methods": ["GET"], "path": "/api/people/{id}", "resourceType": "User", "action": "read", "settings": {"fields": {"a/b": {"attribute": "nope"}}}}]}');
SELECT pg_temp.applied('{"schemas": [{"id": "urn:example:broken:User", "name": "B", "attributes": [{"name": "badge"}]}], "endpoints": [{"name": "more", "methods": ["GET"], "path": "/api/more", "resourceType": "User", "action": "list"}]}');
SELECT target, status, body FROM unnest(ARRAY['/api/people', '/api/names']) target, scim.request('GET', target);
SELECT count(*) FROM scim.validate_store();
-- places: columns, members with dots and slashes, what another row has, one that only the store has
SELECT pg_temp.applied('{"endpoints": [{"methods": ["GET"], "path": "/fine", "resourceType": "User", "action": "list"}, ' || endpoint || ']}') FROM unnest(ARRAY[
    '{"name": "x", "methods": ["BREW"], "path": "/x", "resourceType": "User", "action": "list"}',
    '{"name": "x", "methods": ["GET"], "path": "/x", "resourceType": "Robot", "action": "list"}',
    '{"name": "x", "methods": ["GET"], "path": "/x", "resourceType": "User", "action": "fly"}',
    '{"name": "x", "methods": ["GET"], "path": "/x?", "resourceType": "User", "action": "list"}',
    '{"methods": ["GET"], "path": "/x", "resourceType": "User", "action": "list", "settings": []}',
    '{"methods": ["GET"], "path": "/x", "resourceType": "User", "action": "list", "settings": {"colour": 1}}',
    '{"methods": ["GET"], "path": "/x", "resourceType": "User", "action": "list", "settings": {"fields": {"a.b/c~d": {"attribute": "active", "values": {"e.f": 7}}}}}',
    '{"methods": ["GET"], "path": "/x", "resourceType": "User", "action": "list", "settings": {"fields": {"a": "userName"}, "list": {"sort": {"default": "b"}}}}',
    '{"methods": ["GET"], "path": "/x", "resourceType": "User", "action": "list", "settings": {"list": {"where": "nope pr"}}}',
    '{"methods": ["GET"], "path": "/api/names", "resourceType": "User", "action": "list"}',
    '{"name": "zz", "methods": ["POST", "get"], "path": "/API/names/", "resourceType": "User", "action": "list"}',
    '{"name": "x", "methods": ["GET"], "path": "/x", "resourceType": "User", "action": "list", "settings": {"like": "y"}}, {"name": "y", "methods": ["GET"], "path": "/y/{id}", "resourceType": "User", "action": "read", "settings": {"fields": {"a": "nope"}}}',
    '{"name": "person", "methods": ["GET"], "path": "/p/{id}", "resourceType": "Group", "action": "read"}, {"name": "x", "methods": ["GET"], "path": "/x", "resourceType": "Group", "action": "list", "settings": {"like": "names"}}',
    '{"name": "person", "methods": ["GET"], "path": "/p/{id}", "resourceType": "User", "action": "read", "settings": {"constants": {"title": "{none}"}}}',
    jsonb_build_object('name', 'x', 'methods', '["GET"]'::jsonb, 'path', '/' || repeat('x', 1024), 'resourceType', 'User', 'action', 'list')::text,
    jsonb_build_object('name', repeat('x', 1201), 'methods', '["GET"]'::jsonb, 'path', '/x', 'resourceType', 'User', 'action', 'list')::text]) endpoint;
SELECT pg_temp.applied('{"complete": ["endpoints"], "endpoints": [{"name": "people", "methods": ["GET"], "path": "/p", "resourceType": "User", "action": "list", "settings": {"like": "person"}}]}');
SELECT pg_temp.applied('{"schemas": [{"id": "urn:example:broken:User", "name": "B", "attributes": [{"name": "desk"}]}]}');
-- what has come past the triggers
SET session_replication_role = replica;
INSERT INTO broken.endpoint (name, methods, path, resource_type, action, settings) VALUES ('w1', '{get}', '/w1', 'User', 'list', '{}'), ('w2', '{}', 'w2', 'Nope', 'nope', '[]'),
    ('w3', '{GET}', '/w3', 'User', 'list', '{"error": {"status": {"404": "x", "zzz": 1}, "types": [1], "body": {"a": "{nope}"}}, "mediaType": 7}'), ('w4', '{GET}', '/w4', 'User', 'list', '{"like": "w4"}'),
    ('w5', '{GET,NULL}', '/w5/{id}', 'User', 'read', '{"fields": 7, "list": 3, "shadows": "x"}'), ('', '{GET}', '', 'User', 'list', '{}'), ('w6', '{GET}', '/', 'User', 'list', '{}'), ('w7', '{GET}', '/w7', 'User', 'list', '7');
RESET session_replication_role;
UPDATE broken.endpoint SET enabled = enabled WHERE name = 'names';
SELECT target, r.status, left(r.body, 90) AS body FROM unnest(ARRAY['/api/names', '/w1', '/w2', '/w3', '/w3/x', '/w4', '/w5/x', '/', '/w6', '/Users', '/w7']) target, scim.request('GET', target) r;
SELECT path, message FROM scim.validate_store() WHERE rule = 'endpoint';
SET client_min_messages = warning;
SELECT scim.drop_store('broken', true);
