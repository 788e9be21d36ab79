SELECT scim.create_store('directory');

-- What the service can do: a plain object
SELECT status, headers - 'ETag' AS headers, jsonb_pretty(body::jsonb) AS body
FROM scim.request('GET', '/scim/v2/ServiceProviderConfig', '{"Host": "scim.example"}');
SELECT status FROM scim.request('GET', '/ServiceProviderConfig?count=0&sortBy=x&nope=1');
-- it follows the settings
SET scim.max_results = 7;
SELECT body::jsonb -> 'filter' AS filter FROM scim.request('GET', '/ServiceProviderConfig');
RESET scim.max_results;

-- Resource types: a ListResponse of all, whatever page is asked for
SELECT status, body::jsonb - 'Resources' AS list,
    jsonb_path_query_array(body::jsonb, '$.Resources[*].id') AS ids
FROM scim.request('GET', '/ResourceTypes?count=1&startIndex=2');
SELECT jsonb_pretty(resource) AS resource_type
FROM scim.request('GET', '/ResourceTypes'), jsonb_array_elements(body::jsonb -> 'Resources') resource;

-- and each alone, in any letter case, as the list shows it
SELECT resource ->> 'id' AS id, single.status, single.body::jsonb = resource AS same
FROM scim.request('GET', '/ResourceTypes') list,
    jsonb_array_elements(list.body::jsonb -> 'Resources') resource,
    scim.request('GET', '/ResourceTypes/' || upper(resource ->> 'id')) single
ORDER BY resource ->> 'id' COLLATE "C";

-- Schemas: a ListResponse; every document is of type Schema and says where it is
SELECT status, body::jsonb - 'Resources' AS list FROM scim.request('GET', '/Schemas');
SELECT resource ->> 'id' AS id, resource ->> 'name' AS name, resource -> 'schemas' AS schemas,
    resource -> 'meta' AS meta, jsonb_array_length(resource -> 'attributes') > 0 AS has_attributes
FROM scim.request('GET', '/Schemas'), jsonb_array_elements(body::jsonb -> 'Resources') resource;

-- and each alone: colons may be percent-encoded, letter case does not matter
SELECT resource ->> 'id' AS id, plain.status, plain.body::jsonb = resource AS same,
    encoded.body = plain.body AS same_encoded, upper.body = plain.body AS same_upper
FROM scim.request('GET', '/Schemas') list,
    jsonb_array_elements(list.body::jsonb -> 'Resources') resource,
    scim.request('GET', '/Schemas/' || (resource ->> 'id')) plain,
    scim.request('GET', '/scim/v2/Schemas/' || replace(resource ->> 'id', ':', '%3A')) encoded,
    scim.request('GET', '/Schemas/' || upper(resource ->> 'id') || '/') upper
ORDER BY resource ->> 'id' COLLATE "C";

-- Every schema that a resource type names is there
SELECT urn, answer.status
FROM scim.request('GET', '/ResourceTypes') list,
    jsonb_path_query(list.body::jsonb, '$.Resources[*].schema') schema,
    LATERAL (VALUES (schema #>> '{}')) v(urn),
    scim.request('GET', '/Schemas/' || urn) answer
ORDER BY urn COLLATE "C";
SELECT urn, answer.status
FROM scim.request('GET', '/ResourceTypes') list,
    jsonb_path_query(list.body::jsonb, '$.Resources[*].schemaExtensions[*].schema') schema,
    LATERAL (VALUES (schema #>> '{}')) v(urn),
    scim.request('GET', '/Schemas/' || urn) answer
ORDER BY urn COLLATE "C";

-- A filter is refused with 403, what is not there is 404, and nothing can be written: 405
SELECT method, target, status, body::jsonb ->> 'detail' AS detail
FROM (VALUES
        (1, 'GET', '/Schemas?filter=id+pr'), (2, 'GET', '/ResourceTypes?FILTER=id+pr'),
        (3, 'GET', '/ResourceTypes/User?filter=id+pr'), (3, 'GET', '/Schemas/urn:nope?filter=id+pr'), (3, 'GET', '/ServiceProviderConfig?filter=id+pr'),
        (3, 'HEAD', '/ServiceProviderConfig?filter='), (3, 'GET', '/openapi.json?filter=id+pr'),
        (4, 'GET', '/Schemas/urn:nope'), (5, 'GET', '/ResourceTypes/nope'),
        (6, 'GET', '/ServiceProviderConfig/x'),
        (7, 'POST', '/Schemas'), (8, 'PUT', '/ResourceTypes/User'), (9, 'PATCH', '/ServiceProviderConfig'),
        (10, 'DELETE', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User')) t(n, method, target),
    scim.request(method, target)
ORDER BY n, target;

-- The description of the API is JSON, and other parameters have no effect there either
SELECT accept, status, headers ->> 'Content-Type' AS type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY[NULL, '*/*', 'application/json', 'application/*;q=0.5', 'application/scim+json, application/json;q=0.1', 'application/scim+json', 'application/json;q=0, */*', 'text/html'])
        WITH ORDINALITY t(accept, n),
    scim.request('GET', '/openapi.json?count=0&nope=1', CASE WHEN accept IS NULL THEN '{}' ELSE jsonb_build_object('Accept', accept) END)
ORDER BY n;

-- A condition in a header may be none wherever one is read, so each operation has 400
SELECT path, method FROM scim.request('GET', '/openapi.json') r, jsonb_each(r.body::jsonb -> 'paths') p (path, operations), jsonb_each(operations) o (method, operation)
WHERE method <> 'parameters' AND NOT operation -> 'responses' ? '400' ORDER BY 1, 2;

-- Conditions by date are parameters of operations on one resource, and what a PATCH without a path says is an object
SELECT path, string_agg(method || ':' || (SELECT count(*) FROM jsonb_array_elements(operation -> 'parameters') p WHERE p ->> '$ref' ~ 'Since$'), ' ' ORDER BY method) AS dates
FROM jsonb_each(scim.openapi() -> 'paths') AS t (path, item), jsonb_each(item) AS o (method, operation) WHERE path ~ '[{]id[}]$' AND method <> 'parameters' GROUP BY path ORDER BY path;
SELECT scim.openapi() #> '{components,schemas,PatchOp,properties,Operations,items,else,else}' AS without_path;

-- HEAD and OPTIONS
SELECT target, head.status, head.body,
    head.headers ->> 'Content-Length' = octet_length(get.body)::text AS same_length,
    options.status AS options, options.headers ->> 'Allow' AS allow
FROM unnest(ARRAY['/ServiceProviderConfig', '/ResourceTypes', '/Schemas']) WITH ORDINALITY t(target, n),
    scim.request('HEAD', target) head, scim.request('GET', target) get,
    scim.request('OPTIONS', target) options
ORDER BY n;

-- The same through the gateway, as PL/pgSQL hands it on
CREATE FUNCTION pg_temp.through(target text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim.gateway(json_build_object('X-Scim-Method', 'GET', 'X-Scim-Target', target, 'X-Scim-Store', 'directory'), NULL);
END $$;
SELECT scim.register_schema(jsonb_build_object('id', 'urn:example:Large', 'name', 'Large', 'attributes', (SELECT jsonb_agg(jsonb_build_object('name', 'a' || n)) FROM generate_series(1, 900) n))) ->> 'id' AS schema;
SELECT target, pg_temp.through(target) = coalesce(CASE WHEN status = 200 THEN body END, '') AS same
FROM unnest(ARRAY['/ServiceProviderConfig', '/Schemas', '/ResourceTypes', '/Schemas/urn:nope', '/Schemas', '/ResourceTypes/User', '/Schemas']) WITH ORDINALITY t(target, n), scim.request('GET', target)
ORDER BY n;

SELECT scim.unregister_schema('urn:example:Large');

-- A type of one's own is discovered at once
INSERT INTO directory.schema (id, document) VALUES ('urn:example:2.0:Device', '{"id": "urn:example:2.0:Device", "name": "Device",
    "attributes": [{"name": "serial", "type": "string", "multiValued": false, "required": true,
        "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "server"}]}');
INSERT INTO directory.resource_type (name, document, table_name) VALUES ('Device', '{"id": "Device", "name": "Device",
    "endpoint": "/Devices", "schema": "urn:example:2.0:Device"}', 'devices');
SELECT scim_internal.create_resource_table('directory', 'devices', 'Device');
SELECT body::jsonb -> 'meta' AS meta FROM scim.request('GET', '/ResourceTypes/device');
SELECT body::jsonb -> 'meta' AS meta FROM scim.request('GET', '/Schemas/urn:example:2.0:device');
SELECT status, body::jsonb -> 'totalResults' AS total FROM scim.request('GET', '/Devices');

-- what the gateway hands over is there until it has been read
SELECT answer::jsonb -> 'totalResults' AS total, length(answer) > 30000 AS long, answer = (scim.request('GET', '/Schemas', '{"Host": "scim.example", "X-Forwarded-Proto": "https"}')).body AS same
FROM scim.gateway('{"x-scim-method": "GET", "x-scim-target": "/Schemas", "x-scim-base-url": "https://scim.example/scim/v2"}', '') AS answer;

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
