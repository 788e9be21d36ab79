-- An extension has attributes of its own, and may call them as others are called that all resources have, or that a group or user has
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('named');
SET scim.store = 'named';
SELECT scim.register_schema('{"id": "urn:x:E", "name": "E", "attributes": [{"name": "schemas", "multiValued": true}, {"name": "id", "caseExact": true}, {"name": "externalId"}, {"name": "meta"},
  {"name": "groups"}, {"name": "members", "multiValued": true}, {"name": "password"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type(document || jsonb_build_object('schemaExtensions', coalesce(document -> 'schemaExtensions', '[]') || '{"schema": "urn:x:E"}')) ->> 'name' AS type FROM named.resource_type ORDER BY name;
-- what is stated is stored, shown, found and put back
SELECT status, body::jsonb -> 'urn:x:E' AS shown FROM scim.request('POST', '/Users', '{}', '{"userName": "a", "urn:x:E": {"schemas": ["urn:y", "b"], "id": "i", "externalId": "e", "meta": "m", "groups": "g", "members": ["1"], "password": "p"}}');
SELECT body::jsonb -> 'Resources' -> 0 -> 'urn:x:E' AS shown FROM scim.request('GET', '/Users?attributes=urn:x:E:schemas&filter=urn:x:E:schemas%20eq%20%22b%22');
SELECT r.status, r.headers ->> 'ETag' = g.headers ->> 'ETag' AS same, r.body = g.body AS shown FROM named.users u, scim.request('GET', '/Users/' || u.id) g, scim.request('PUT', '/Users/' || u.id, '{}', g.body) r;
SELECT data -> 'urn:x:E' AS stored, scim.get_resource('User', id::text) -> 'urn:x:E' = data -> 'urn:x:E' AS shown FROM named.users;
-- whichever way it is written; "schemas" of an extension that has none of its own is what some repeat
UPDATE named.policy SET enabled = true, settings = '{"mode": "full"}' WHERE kind = 'events';
SELECT r.status, body::jsonb -> 'urn:x:E' -> 'schemas' AS shown FROM named.users, scim.request('PATCH', '/Users/' || id, '{}', '{"Operations": [{"op": "replace", "value": {"urn:x:E": {"schemas": ["c"]}}}]}') r;
SELECT r.status, body::jsonb -> 'urn:x:E' -> 'schemas' AS shown FROM named.users, scim.request('PATCH', '/Users/' || id, '{}', '{"Operations": [{"op": "add", "path": "urn:x:E:schemas", "value": "d"}]}') r;
SELECT r.status, body::jsonb -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS shown FROM named.users,
  scim.request('PATCH', '/Users/' || id, '{}', '{"Operations": [{"op": "add", "value": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"schemas": ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"], "department": "x"}}}]}') r;
UPDATE named.users SET data = jsonb_set(data, '{urn:x:E,schemas}', '["f"]');
SELECT attributes, data FROM named.event ORDER BY position;
SELECT e -> 'urn:x:E' AS exported FROM scim.export('User') e;
SELECT h.difference FROM named.users, scim.history(id) h;
-- a file that comes back, an endpoint of one's own and a view
SELECT key, action, difference FROM scim.import('User', 'SELECT e AS data FROM scim.export(''User'') e', mode => 'full');
SELECT key, action, difference FROM scim.import('User', $$VALUES ('a', 'x; y')$$, mapping => '{"column1": "userName", "column2": "urn:x:E:schemas"}');
INSERT INTO named.endpoint (methods, path, resource_type, action, settings) VALUES ('{GET}', '/api/{userName}', 'User', 'read', '{"fields": {"login": "userName", "names": "urn:x:E:schemas", "key": "urn:x:E:id", "of": "urn:x:E:members"}}'),
  ('{PUT}', '/api/{userName}', 'User', 'replace', '{"fields": {"login": "userName", "names": "urn:x:E:schemas", "key": "urn:x:E:id", "of": "urn:x:E:members"}}');
SELECT r.status, r.body, r.body = g.body AS same FROM scim.request('GET', '/api/a') g, scim.request('PUT', '/api/a', '{}', g.body) r;
SELECT data -> 'urn:x:E' = e -> 'urn:x:E' AS same FROM named.users, scim.export('User') e;
DELETE FROM named.endpoint;
SELECT e.* FROM named.people p, jsonb_each(to_jsonb(p)) e WHERE key ~ '^(e_.*|meta|groups|schemas|members|password)$' ORDER BY 1;
-- as many of them as of others
SET scim.max_values = 3;
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "b", "urn:x:E": {"schemas": ["1", "2", "3", "4"]}}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "b", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"schemas": ["1", "2", "3", "4"], "department": "x"}}');
RESET scim.max_values;
-- the policy wire has other characters for them, and names members by them
INSERT INTO named.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"characters": {"urn:x:E:schemas": {"/": "-"}}}'),
  ('Group', 'wire', '{"identifier": {"attribute": "members.value", "by": "user", "values": {"user": "urn:x:E:groups"}}}');
SELECT r.status, body::jsonb -> 'urn:x:E' -> 'schemas' AS shown FROM named.users, scim.request('PATCH', '/Users/' || id, '{}', '{"Operations": [{"op": "add", "value": {"urn:x:E": {"schemas": ["f", "a/b"]}}}]}') r WHERE user_name = 'a';
SELECT data -> 'urn:x:E' -> 'schemas' AS stored FROM named.users WHERE user_name = 'a';
SELECT status, body::jsonb #> '{members,0,value}' AS member FROM scim.request('POST', '/Groups', '{}', '{"displayName": "g", "members": ["g"], "urn:x:E": {"schemas": ["s"], "members": ["m"]}}');
DELETE FROM named.policy WHERE kind = 'wire';
-- the past is asked by them, and not by who is in a group
SELECT r -> 'urn:x:E' AS past FROM scim.resources_at('Group', clock_timestamp(), 'urn:x:E:members eq "m"') r;
SELECT count(*) FROM scim.resources_at('User', clock_timestamp(), 'name[familyName eq "g"] or urn:x:E:groups pr');
SELECT count(*) FROM scim.resources_at('User', clock_timestamp(), 'urn:x:E:groups eq "g" and not (emails[type eq "x"])');
SELECT count(*) FROM scim.resources_at('Group', clock_timestamp(), 'displayName pr and members pr');
SELECT count(*) FROM scim.resources_at('User', clock_timestamp(), 'emails[type eq "work"] or groups[display eq "g"]');
-- what is required of it has to be there, and what it has no more is not shown
SELECT scim.register_schema(jsonb_set(document, '{attributes,2,required}', 'true')) ->> 'id' AS schema FROM named.schema WHERE id = 'urn:x:E';
INSERT INTO named.users (data) VALUES ('{"userName": "d", "urn:x:E": {"id": "i"}}');
SELECT scim.register_schema(jsonb_set(document, '{attributes,2,required}', 'true'), force => true) ->> 'id' AS schema FROM named.schema WHERE id = 'urn:x:E';
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "c", "urn:x:E": {"schemas": ["1"]}}');
SELECT resource_type, path FROM scim.validate_store();
SELECT scim.register_schema(jsonb_set(document, '{attributes}', '[{"name": "groups"}]'), force => true) ->> 'id' AS schema FROM named.schema WHERE id = 'urn:x:E';
SELECT scim.get_resource('User', id::text) -> 'urn:x:E' AS shown FROM named.users WHERE user_name = 'a';
SELECT scim.drop_store('named', true);
