--
-- An extension may call an attribute of its own as all resources do: it is not theirs
--
SELECT scim.create_store('names');
SET scim.store = 'names';
SELECT FROM scim.register_schema('{"id": "urn:example:E", "name": "E", "attributes": [{"name": "schemas", "multiValued": true}, {"name": "id"}, {"name": "n", "type": "complex", "subAttributes": [{"name": "schemas"}]}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:E", "required": false}]}');
UPDATE names.policy SET enabled = true, settings = '{"mode": "full"}' WHERE resource_type = 'User' AND kind = 'events';
CREATE FUNCTION pg_temp.call(method text, path text, body text DEFAULT NULL) RETURNS text LANGUAGE sql AS
    $$ SELECT concat_ws(' ', r.status, coalesce(r.body::jsonb -> 'urn:example:E', r.body::jsonb -> 'detail')) FROM scim.request(method, '/Users' || path, '{}', body) r $$;
SELECT pg_temp.call('POST', '', '{"userName": "ann", "urn:example:E": {"schemas": ["a", "b"], "id": "i", "n": {"schemas": "s"}}}');
SELECT id FROM names.users \gset
SELECT p, pg_temp.call('GET', '/' || :'id' || p) FROM unnest(ARRAY['', '?attributes=urn:example:E:schemas', '?attributes=schemas', '?excludedAttributes=urn:example:E:schemas']) p;
SELECT scim.get_resource('User', :'id') -> 'urn:example:E' AS got, (SELECT e -> 'urn:example:E' FROM scim.export('User') e) AS exported;
SELECT pg_temp.call('PUT', '/' || :'id', (SELECT body FROM scim.request('GET', '/Users/' || :'id')));
SELECT p, pg_temp.call('PATCH', '/' || :'id', '{"Operations": [' || p || ']}') FROM unnest(ARRAY['{"op": "replace", "path": "urn:example:E:schemas", "value": ["c"]}', '{"op": "add", "value": {"urn:example:E": {"schemas": ["d"]}}}',
    '{"op": "add", "value": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "urn:example:E:schemas": "e"}}', '{"op": "add", "value": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}}']) p;
SELECT data -> 'urn:example:E' -> 'schemas' AS stored, data -> 'schemas' AS of_all FROM names.users;
SELECT count(*) AS events, count(*) FILTER (WHERE data::text ~ 'schemas') AS told FROM names.event;
CREATE TEMPORARY TABLE people AS SELECT e AS data FROM scim.export('User') e;
SELECT line, action FROM scim.import('User', 'people');
-- its values count
INSERT INTO names.setting (name, value) VALUES ('max_values', '10');
SELECT pg_temp.call('POST', '', jsonb_build_object('userName', 'bob', 'urn:example:E', jsonb_build_object('schemas', (SELECT jsonb_agg(i::text) FROM generate_series(1, 20) i)))::text);
-- what it has under such a name and does not call so any more is not shown
SET client_min_messages = error;  -- who is not valid any more
SELECT FROM scim.register_schema('{"id": "urn:example:E", "name": "E", "attributes": [{"name": "n", "type": "complex", "subAttributes": [{"name": "schemas"}]}]}', force => true);
RESET client_min_messages;
SELECT pg_temp.call('GET', '/' || id), data -> 'urn:example:E' AS stored FROM names.users;

--
-- A schema whose URN reads as an attribute of another one of the type
--
DELETE FROM names.users;
SELECT FROM scim.register_schema('{"id": "urn:example:E:n", "name": "EN", "attributes": [{"name": "b"}]}');
SELECT FROM scim.register_schema('{"id": "urn:example:E:no", "name": "ENO", "attributes": [{"name": "b"}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:E:no"}, {"schema": "urn:example:E"}, {"schema": "urn:example:E:n"}]}');
SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('names', true);
