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
WHERE method NOT IN ('parameters', 'description') GROUP BY path ORDER BY path COLLATE "C";
SELECT body::jsonb #> '{components,schemas,Resource.Samples}' = scim.json_schema('Sample') - '$schema' AS same FROM scim.request('GET', '/openapi.json');
SELECT status, body IS NULL AS empty FROM scim.request('HEAD', '/openapi.json');
-- each path that the code serves is described, and each that is described has these methods
\set paths `cat "$PG_ABS_SRCDIR/../src/message/path.c"`
-- but for what is for the page for people only (doc/console.md); those of OAuth 2.0 where there are some
BEGIN;
INSERT INTO json_schema.authentication_scheme (scheme, keyword, credential, type) VALUES ('OAuth', 'Bearer', 'access_token', 'oauth2');
SELECT count(*) > 8 AS many, array_agg(segment) FILTER (WHERE segment <> '.console' AND NOT EXISTS (SELECT FROM jsonb_object_keys(scim.openapi() -> 'paths') path WHERE split_part(path, '/', 2) = segment)) AS missing
FROM regexp_matches(:'paths', '\{"([^"]+)", SCIM_PATH_', 'g') m, unnest(m) segment;
SELECT path, jsonb_object_keys(operations) AS method, status FROM jsonb_each(scim.openapi() -> 'paths') p (path, operations), LATERAL scim.request('POST', path) WHERE path LIKE '/.oauth%' ORDER BY path;
ROLLBACK;
SELECT scim.create_resource('Group', '{"displayName": "options"}') ->> 'id' AS some \gset
SELECT count(*) > 15 AS many, array_agg(path || ': ' || coalesce(headers ->> 'Allow', status::text)) FILTER (WHERE headers ->> 'Allow' IS DISTINCT FROM described OR status <> 204) AS other
FROM jsonb_each(scim.openapi() -> 'paths') p (path, operations),
    LATERAL (SELECT string_agg(CASE method WHEN 'get' THEN 'GET, HEAD' ELSE upper(method) END, ', ' ORDER BY array_position('{get,post,put,patch,delete}', method)) || ', OPTIONS' AS described
             FROM jsonb_object_keys(operations) method WHERE method NOT IN ('parameters', 'description')) d,
    scim.request('OPTIONS', replace(replace(replace(replace(path, '{id}', :'some'), '{name}', 'User'), '{urn}', 'urn:ietf:params:scim:schemas:core:2.0:User'), '{consumer}', 'x'))
WHERE path <> '/Me';
SELECT status, headers ->> 'Allow' AS allow FROM scim.request('OPTIONS', '/Me');
SELECT scim.create_resource('User', '{"userName": "options"}') ->> 'id' AS me \gset
SET scim.me = :'me';
SELECT status, headers ->> 'Allow' AS allow FROM scim.request('OPTIONS', '/Me');
RESET scim.me;
SELECT scim.delete_resource('User', :'me'), scim.delete_resource('Group', :'some');
SELECT path, operation ->> 'operationId' AS operation FROM jsonb_each(scim.openapi() -> 'paths') p (path, operations), jsonb_each(operations) o (method, operation) WHERE operation -> 'security' = '[]' ORDER BY path COLLATE "C";
-- an answer need not have but what is always there, since a client may ask for less
SELECT DISTINCT ref FROM scim.openapi() a, jsonb_path_query(a #> '{components,responses}', '$.*.content.*.schema."$ref"') ref WHERE ref #>> '{}' LIKE '%.Samples' ORDER BY 1;
SELECT c #> '{schemas,Answer.Samples,required}' AS answered, replace((c #> '{schemas,Answer.Samples,properties}')::text, '"contains": {"required": ', '') ~ '"required": ' AS below, c #> '{schemas,Resource.Samples,required}' AS whole FROM (SELECT scim.openapi() -> 'components') t (c);
SELECT (a - 'required') #- '{properties}' = (r - 'required') #- '{properties}' AS same, (SELECT count(*) FROM jsonb_object_keys(a -> 'properties')) = (SELECT count(*) FROM jsonb_object_keys(r -> 'properties')) AS same_properties
FROM (SELECT scim.openapi() #> '{components,schemas,Answer.Samples}', scim.openapi() #> '{components,schemas,Resource.Samples}') t (a, r);
SELECT status, headers ->> 'Allow' AS allow FROM scim.request('POST', '/openapi.json');
SELECT status FROM scim.request('GET', '/openapi.json/x');
-- by SQL nobody says where the service is, but for its path
SELECT scim.openapi() -> 'servers' AS servers;
-- how to say who one is: what the ServiceProviderConfig shows, the preferred way first
SELECT doc -> 'security' AS security, doc #> '{components,securitySchemes}' AS schemes FROM scim.openapi() doc;
INSERT INTO json_schema.authentication_scheme (scheme, keyword, credential, second_header, type, name, description) VALUES
    ('Api Key', 'ApiKey', 'token', 'x-app-token', 'oauthbearertoken', 'API key', 'Two keys'), ('Api.Key', 'Token', 'token', NULL, 'oauth2', 'Token', 'Another'),
    ('Basic', 'BASIC', 'password', NULL, 'httpbasic', 'HTTP Basic', 'Name and password');
UPDATE json_schema.authentication_scheme SET is_primary = CASE scheme WHEN 'Basic' THEN true END;
SELECT jsonb_pretty(jsonb_build_object('security', doc -> 'security', 'schemes', doc #> '{components,securitySchemes}')) FROM scim.openapi() doc;
-- or all, where it shows none
UPDATE json_schema.authentication_scheme SET name = NULL, description = NULL;
SELECT doc -> 'security' AS security, doc #> '{components,securitySchemes,JWT}' AS jwt, doc #> '{components,securitySchemes,bare}' AS bare FROM scim.openapi() doc;
-- it follows the settings, as the service does
SET scim.max_bulk_operations = 2;
SELECT scim.openapi() #> '{components,schemas,BulkRequest,properties,Operations,maxItems}' AS most, status
FROM scim.request('POST', '/Bulk', '{}', '{"Operations": [{"method": "DELETE", "path": "/Users/1"}, {"method": "DELETE", "path": "/Users/2"}, {"method": "DELETE", "path": "/Users/3"}]}');
RESET scim.max_bulk_operations;
INSERT INTO json_schema.users (data) VALUES ('{"userName": "u"}') RETURNING id AS user \gset
SELECT scim.openapi() #> '{components,schemas,PatchOp,properties,Operations,minItems}' AS least, status FROM scim.request('PATCH', '/Users/' || :'user', '{}', '{"Operations": []}');
SET scim.empty_patch = on;
SELECT scim.openapi() #> '{components,schemas,PatchOp,properties,Operations,minItems}' AS least, status FROM scim.request('PATCH', '/Users/' || :'user', '{}', '{"Operations": []}');
RESET scim.empty_patch;
SELECT scim.json_schema('Sample') -> 'additionalProperties' AS more, scim.is_valid('User', '{"userName": "v", "nope": 1}') AS valid;
SET scim.unknown_attributes = ignore;
SELECT scim.json_schema('Sample') -> 'additionalProperties' AS more, scim.is_valid('User', '{"userName": "v", "nope": 1}') AS valid;
RESET scim.unknown_attributes;
-- what a client must send and nobody is shown
SELECT scim.register_schema('{"id": "urn:example:Door", "name": "Door", "attributes": [{"name": "code", "required": true, "mutability": "writeOnly"}, {"name": "label", "required": true}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Door", "endpoint": "/Doors", "schema": "urn:example:Door"}') ->> 'id' AS resource_type;
SELECT scim.json_schema('Door') -> 'required' AS answers, scim.json_schema('Door', false) = scim.json_schema('Door') AS same, scim.json_schema('Door', true) -> 'required' AS requests;
SELECT scim.openapi() #>> '{paths,/Doors,post,requestBody,$ref}' AS body, scim.openapi() #>> '{components,requestBodies,Resource.Doors,content,application/json,schema,$ref}' AS sent,
    scim.openapi() #>> '{components,responses,Resource.Doors,content,application/json,schema,$ref}' AS answered, scim.openapi() #>> '{components,requestBodies,Resource.Users,content,application/json,schema,$ref}' AS user;
SELECT scim.unregister_resource_type('Door');
-- it follows the registry
SELECT scim.unregister_resource_type('Sample');
SELECT count(*) FROM scim.request('GET', '/openapi.json'), jsonb_object_keys(body::jsonb -> 'paths') path WHERE path LIKE '/Sample%';
-- what is refused for its length or number is told of requests, and not of what is stored
SELECT t, p.key, p.value -> 'maxLength' AS characters, p.value -> 'maxItems' AS values FROM unnest(ARRAY['User', 'Group']) t, jsonb_each(scim.json_schema(t, for_request => true) -> 'properties') p WHERE p.value ?| '{maxLength,maxItems}' ORDER BY 1, 2;
SELECT count(*) FROM jsonb_each(scim.json_schema('User') -> 'properties') p WHERE p.value ?| '{maxLength,maxItems}';
SELECT c #> '{components,parameters,filter,schema,maxLength}' = c #> '{components,schemas,SearchRequest,properties,filter,maxLength}' AS filters FROM scim.openapi() c;
SELECT r.status, left(r.body::jsonb ->> 'detail', 60) AS detail FROM (VALUES ('userName', 1024), ('userName', 1025), ('externalId', 1025), ('displayName', 1025), ('password', 1025)) v (a, n), scim.request('POST', '/Users', '{}', (jsonb_build_object('userName', 'l') || jsonb_build_object(a, repeat('x', n)))::text) r;

-- what is required is not blank: by the patterns of requests, and by what is taken, alike
SELECT DISTINCT said ~ (s #>> '{properties,displayName,pattern}') AS "group", said ~ (u #>> '{properties,userName,pattern}') AS "user",
    said ~ (s #>> '{properties,members,items,anyOf,0,properties,value,pattern}') AS member, scim.is_valid('Group', jsonb_build_object('displayName', said)) AS taken,
    scim.is_valid('User', jsonb_build_object('userName', said)) AS user_taken, scim.is_valid('Group', jsonb_build_object('displayName', 'g', 'members', jsonb_build_array(jsonb_build_object('value', said)))) AS member_taken, count(*)
FROM scim.json_schema('Group', for_request => true) s, scim.json_schema('User', for_request => true) u,
    unnest(ARRAY[9, 10, 11, 12, 13, 32, 133, 160, 5760, 8192, 8205, 8232, 8233, 8239, 8287, 8288, 12288, 65279, 8, 14, 33, 132, 161, 8191, 8206, 8231, 8234, 8289, 12289, 65278, 128512]) AS code, LATERAL (VALUES (chr(code)), (repeat(chr(code), 2)), (' ' || chr(code) || E'\t')) v (said)
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 4;
SELECT scim.json_schema('Group') #> '{properties,displayName,pattern}' AS answered;

-- a dateTime is an xsd:dateTime, with a time zone or without: what the pattern says is what is taken
SELECT scim.register_schema('{"id": "urn:x:times", "name": "Times", "attributes": [{"name": "t", "type": "dateTime"}]}') ->> 'id' AS schema;
UPDATE json_schema.resource_type SET document = jsonb_set(document, '{schemaExtensions,99}', '{"schema": "urn:x:times", "required": false}') WHERE name = 'User';
SELECT (p -> 't') - 'pattern' AS rest, v AS said FROM (SELECT scim.json_schema('User') #> '{properties,urn:x:times,properties}' AS p) AS d, LATERAL (
    SELECT array_agg(v ORDER BY n) FILTER (WHERE (v ~ (p #>> '{t,pattern}')) <> scim.is_valid('User', jsonb_build_object('userName', 'a', 'urn:x:times', jsonb_build_object('t', v)))) AS differ, count(*) FILTER (WHERE v ~ (p #>> '{t,pattern}')) AS taken, count(*) AS of_all
    FROM unnest(ARRAY['2020-01-01T00:00:00', '2020-01-01T00:00:00Z', '2020-01-01t00:00:00z', '2020-01-01T00:00:00+14:00', '2020-01-01T00:00:00+14:01', '2020-01-01T00:00:00-13:59', '2020-01-01T24:00:00', '2020-01-01T24:00:01', '2020-01-01T23:59:60Z',
        '2020-01-01T23:59:61Z', '2020-01-01T00:00:00.123456789012', '2020-01-01T00:00:00.', '2020-02-29T00:00:00', '2019-02-29T00:00:00', '1900-02-29T00:00:00', '2000-02-29T00:00:00', '2020-04-31T00:00:00', '2020-12-31T00:00:00', '2020-13-01T00:00:00',
        '0000-01-01T00:00:00', '0001-01-01T00:00:00', '12020-02-29T00:00:00', '02020-01-01T00:00:00', '123456789-01-01T00:00:00', '1234567890-01-01T00:00:00', '2020-01-01', '2020-01-01 00:00:00', '20-01-01T00:00:00', '2020-01-01T00:60:00']) WITH ORDINALITY AS t (v, n)) AS v;

SET client_min_messages = warning;

-- an answer may show the readOnly part of what is required alone: not all that a client writes has to be there, but in a request
SELECT scim.register_schema('{"id": "urn:x:alone:c", "name": "AloneC", "attributes": [{"name": "a"}, {"name": "c", "type": "complex", "required": true, "subAttributes": [{"name": "n"}, {"name": "r", "mutability": "readOnly"}]}]}') ->> 'id' AS schema;
SELECT scim.register_schema('{"id": "urn:x:alone:e", "name": "AloneE", "attributes": [{"name": "n", "returned": "never"}, {"name": "r", "mutability": "readOnly"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Alone", "endpoint": "/Alone", "schema": "urn:x:alone:c", "schemaExtensions": [{"schema": "urn:x:alone:e", "required": true}]}') ->> 'name' AS type;
SELECT for_request, p.key, p.value -> 'not' AS "not", p.value -> 'minProperties' AS at_least FROM unnest('{false,true}'::bool[]) for_request, jsonb_each(scim.json_schema('Alone', for_request) -> 'properties') p WHERE p.value ? 'title' OR p.key = 'c' ORDER BY 1, 2;
SET scim.write_read_only = on;
INSERT INTO json_schema.alone (data) VALUES ('{"a": "1", "c": {"n": "x", "r": "1"}, "urn:x:alone:e": {"n": "x", "r": "1"}}');
RESET scim.write_read_only;
SELECT scim.get_resource('Alone', id::text) - '{id,meta,schemas}'::text[] AS answered FROM json_schema.alone;
DELETE FROM json_schema.alone;
SELECT scim.drop_store('json_schema', true);
