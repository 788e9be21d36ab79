-- What one extension has within another one is named once, whatever is shown.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('nested');
SET scim.store = 'nested';
RESET client_min_messages;
SELECT scim.register_schema('{"id": "urn:x:in", "name": "In", "attributes": [{"name": "a"}]}') ->> 'id' AS schema;
SELECT scim.register_schema('{"id": "urn:x:out", "name": "Out", "attributes": [{"name": "b"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:x:in", "required": false}, {"schema": "urn:x:out", "required": false}]}') ->> 'name' AS type;
INSERT INTO nested.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"nested": {"urn:x:in": "urn:x:out"}}');
SELECT status FROM (VALUES ('{"userName": "both", "urn:x:in": {"a": "1"}, "urn:x:out": {"b": "2"}}'),
    ('{"userName": "inner", "urn:x:out": {"urn:x:in": {"a": "1"}}}'), ('{"userName": "outer", "urn:x:out": {"b": "2"}}'),
    ('{"userName": "none", "urn:x:out": {"urn:x:in": {}}}')) v (body), scim.request('POST', '/Users', '{}', body);
SELECT query, r.x - '{id,meta}'::text[] AS shown
FROM unnest(ARRAY['', '&attributes=urn:x:in:a', '&attributes=urn:x:out:b', '&attributes=userName', '&excludedAttributes=urn:x:in:a', '&excludedAttributes=urn:x:out:b']) WITH ORDINALITY q (query, n),
    LATERAL jsonb_array_elements((SELECT body::jsonb -> 'Resources' FROM scim.request('GET', '/Users?sortBy=userName' || query))) WITH ORDINALITY r (x, i)
ORDER BY n, i;
SET client_min_messages = warning;
SELECT scim.drop_store('nested', true);
