-- A resource type as a JSON Schema, and the HTTP API as OpenAPI; that they are valid as such is for
-- somebody else's validators to say: bin/test schemas
SELECT scim.create_store('json_schema');
SET scim.store = 'json_schema';
\set schema `cat "$PG_ABS_SRCDIR/data/characteristics.json"`
SELECT scim.register_schema(:'schema') ->> 'id' AS schema;
SELECT scim.register_schema('{"id": "urn:example:More", "name": "More", "attributes": [{"name": "extra", "required": true, "description": "He said \"hi\""}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Sample", "endpoint": "/Samples", "schema": "urn:example:Sample", "schemaExtensions": [{"schema": "urn:example:More", "required": true}]}') ->> 'id' AS resource_type;
SELECT jsonb_pretty(scim.json_schema('sample'));
SELECT scim.json_schema('None');

-- one path for each thing that can be asked for, in every resource type
SELECT status, headers ->> 'Content-Type' AS type, body::jsonb -> 'openapi' AS openapi, body::jsonb -> 'servers' AS servers
FROM scim.request('GET', '/scim/v2/openapi.json', '{"Host": "scim.example", "Accept": "*/*"}');
SELECT path, array_agg(method ORDER BY method) AS methods
FROM scim.request('GET', '/openapi.json'), jsonb_each(body::jsonb -> 'paths') AS p (path, operations), jsonb_object_keys(operations) method
WHERE method <> 'parameters' GROUP BY path ORDER BY path COLLATE "C";
SELECT body::jsonb #> '{components,schemas,Resource.Samples}' = scim.json_schema('Sample') - '$schema' AS same FROM scim.request('GET', '/openapi.json');
SELECT status, body IS NULL AS empty FROM scim.request('HEAD', '/openapi.json');
SELECT status, headers ->> 'Allow' AS allow FROM scim.request('POST', '/openapi.json');
SELECT status FROM scim.request('GET', '/openapi.json/x');
-- it follows the registry
SELECT scim.unregister_resource_type('Sample');
SELECT count(*) FROM scim.request('GET', '/openapi.json'), jsonb_object_keys(body::jsonb -> 'paths') path WHERE path LIKE '/Sample%';
SET client_min_messages = warning;
SELECT scim.drop_store('json_schema');
