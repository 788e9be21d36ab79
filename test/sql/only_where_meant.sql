-- A filter where nothing is searched, a bulkId in what refers to nothing, a role that is not there, a token that has ended before it was made: none is taken for something else
SELECT scim.create_store('meant');
SET scim.store = 'meant';
INSERT INTO meant.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "a"}');
INSERT INTO meant.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000002', '{"displayName": "g", "members": ["00000000-0000-7000-8000-000000000001"]}');
SELECT scim.create_consumer('all') IS NOT NULL AS made;
\set u /Users/00000000-0000-7000-8000-000000000001
SELECT n, status, r.body::jsonb ->> 'scimType' AS type, r.body::jsonb ->> 'detail' AS detail
FROM (VALUES (1, 'GET', :'u' || '?filter=userName+eq+%22b%22', NULL), (2, 'GET', :'u' || '?filter=', NULL), (3, 'GET', :'u' || '?FILTER=nonsense', NULL),
    (4, 'GET', :'u' || '?sortBy=userName&startIndex=2&count=0&cursor=', NULL), (5, 'DELETE', :'u' || '?filter=userName+eq+%22b%22', NULL),
    (6, 'PUT', :'u' || '?filter=userName+eq+%22b%22', '{"userName": "c"}'), (7, 'PATCH', :'u' || '?filter=userName+pr', '{"Operations": []}'),
    (8, 'POST', '/Users?filter=userName+pr', '{"userName": "d"}'), (9, 'POST', '/Bulk?filter=userName+pr', '{}'), (10, 'POST', '/.preview?filter=userName+pr', '{}'),
    (11, 'GET', '/Groups/00000000-0000-7000-8000-000000000002/members?filter=value+pr', NULL), (12, 'GET', '/Users?filter=userName+pr', NULL), (13, 'GET', '/?filter=id+pr', NULL),
    (14, 'POST', '/.events/all?filter=id+pr', '{}'), (15, 'POST', '/.events/all?filter=&count=1&sortBy=id', '{}')) AS t (n, method, target, body),
    LATERAL scim.request(method, target, '{"Content-Type": "application/json"}', t.body) r ORDER BY n;
SELECT count(*) AS users FROM meant.users WHERE deleted_at IS NULL;

-- bulkId
SELECT scim.register_schema('{"id": "urn:example:meant:User", "name": "Meant", "attributes": [{"name": "note"}, {"name": "sponsor"}, {"name": "link", "type": "reference", "referenceTypes": ["User"]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:meant:User"}', true)) ->> 'name' AS type FROM meant.resource_type WHERE name = 'User';
INSERT INTO meant.policy (resource_type, kind, name, settings) VALUES ('User', 'reference', 'sponsor', '{"attributes": {"urn:example:meant:User:sponsor": "User"}}');
CREATE FUNCTION plain(data jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace((data - 'schemas' - 'active')::text, '[0-9a-f]{8}-[0-9a-f-]{27}', 'ID', 'g')
$$;
SELECT o ->> 'status' AS status, o -> 'response' ->> 'detail' AS detail FROM jsonb_array_elements(scim.bulk($$
{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "bulkId:9", "title": "bulkId:2", "emails": [{"value": "bulkId:8"}], "name": {"familyName": "x/bulkId:2"},
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:2", "displayName": "bulkId:7"}, "department": "bulkId:2"},
    "urn:example:meant:User": {"note": "bulkId:2", "sponsor": "bulkId:2", "link": "https://example.com/Users/bulkId:2"}}},
  {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "two"}},
  {"method": "POST", "path": "/Groups", "bulkId": "3", "data": {"displayName": "bulkId:2", "members": [{"value": "bulkId:1"}, {"$ref": "/Users/bulkId:2"}]}},
  {"method": "PATCH", "path": "/Users/bulkId:2", "data": {"Operations": [{"op": "add", "path": "title", "value": "bulkId:1"}, {"op": "add", "value": {"nickName": "bulkId:4", "name.givenName": "bulkId:1",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager": "bulkId:1"}}, {"op": "add", "path": "urn:example:meant:User:sponsor", "value": "bulkId:1"}]}},
  {"method": "PATCH", "path": "/Groups/bulkId:3", "data": {"Operations": [{"op": "remove", "path": "members[value eq \"bulkId:2\"]"}]}},
  {"method": "POST", "path": "/Groups", "bulkId": "4", "data": {"displayName": "h", "members": [{"value": "bulkId:none"}]}}]}
$$) -> 'Operations') o;
SELECT user_name, plain(data) AS data FROM meant.users WHERE user_name <> 'a' ORDER BY 1;
SELECT g.display_name, (SELECT string_agg(u.user_name, ' ') FROM meant.member m JOIN meant.users u ON u.id = m.member_id WHERE m.group_id = g.id) AS members FROM meant.groups g ORDER BY 1;
DROP FUNCTION plain;

-- roles and ends
INSERT INTO meant.tenant_role (role) VALUES (current_user), ('regress_scim_not_there');
UPDATE meant.tenant_role SET role = 'regress_scim_not_there';
INSERT INTO meant.tenant_role (role) VALUES (current_user);
UPDATE meant.tenant_role SET role = 'regress_scim_not_there';
INSERT INTO meant.token (hash, description, expires_at) VALUES (sha256('1'), 'one', now() + interval '1 hour'), (sha256('2'), 'two', now() - interval '1 hour');
INSERT INTO meant.client (hash, name, scheme, expires_at) VALUES (sha256('1'), 'one', 'Bearer', '-infinity');
-- what the owner brings along, and an end that comes sooner
INSERT INTO meant.token (hash, description, created, expires_at) VALUES (sha256('3'), 'three', now() - interval '2 hours', now() - interval '1 hour');
UPDATE meant.token SET expires_at = now() - interval '1 s';
SELECT count(*) FROM meant.token;
-- an error of a view names the row of the statement
INSERT INTO meant.people (user_name) VALUES ('p1'), ('p2'), ('a');
INSERT INTO meant.people (user_name, data) VALUES ('p1', NULL), ('p2', '{"active": "perhaps"}');
SET client_min_messages = warning;
SELECT scim.drop_store('meant', true);
