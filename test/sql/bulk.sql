SELECT scim.create_store('bulk');
SET scim.store = 'bulk';

-- What changes from run to run: ids
CREATE FUNCTION pg_temp.stable(body text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(body,
        '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}', '<id>', 'g')
$$;
-- A bulk request, and the results of its operations, one a row
CREATE FUNCTION pg_temp.bulk(body jsonb, headers jsonb DEFAULT '{}')
RETURNS TABLE (http int, method text, bulk_id text, status jsonb, version text, location text, scim_type text, detail text)
LANGUAGE sql AS $$
    SELECT r.status, o ->> 'method', o ->> 'bulkId', o -> 'status', o ->> 'version',
        pg_temp.stable(o ->> 'location'),
        coalesce(o -> 'response', r.body::jsonb) ->> 'scimType',
        pg_temp.stable(coalesce(o -> 'response', r.body::jsonb) ->> 'detail')
    FROM scim.request('POST', '/Bulk', headers, body::text) r
        LEFT JOIN LATERAL jsonb_array_elements(r.body::jsonb -> 'Operations') o ON true
$$;
-- Groups with the names of their members
CREATE VIEW pg_temp.membership AS
    SELECT g.display_name AS "group", coalesce(r.user_name, r.display_name, '?') AS member,
        m.member_id = r.id AS resolved
    FROM bulk.groups g JOIN bulk.member m ON m.group_id = g.id
        LEFT JOIN bulk.resource r ON r.id = m.member_id;

-- The example of RFC 7644 section 3.7.2: a reference backwards
SELECT pg_temp.stable(body) AS body FROM scim.request('POST', '/Bulk', '{"Host": "h"}', '{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
  "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "qwerty",
     "data": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "Alice"}},
    {"method": "POST", "path": "/Groups", "bulkId": "ytrewq",
     "data": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Tour Guides",
              "members": [{"type": "User", "value": "bulkId:qwerty"}]}}]}');
SELECT * FROM pg_temp.membership ORDER BY 1, 2;

-- forwards, through a chain: creations come first, results in the order of the request
SELECT * FROM pg_temp.bulk('{"Operations": [
    {"method": "POST", "path": "/Groups", "bulkId": "g",
     "data": {"displayName": "Forward", "members": [{"value": "bulkId:u1"}, {"value": "bulkId:u2"}]}},
    {"method": "POST", "path": "/Users", "bulkId": "u1", "data": {"userName": "one",
     "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:u2"}}}},
    {"method": "POST", "path": "/Users", "bulkId": "u2", "data": {"userName": "two"}}]}');
SELECT * FROM pg_temp.membership WHERE "group" = 'Forward' ORDER BY 2;
SELECT u.data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}'
    = (SELECT id::text FROM bulk.users WHERE user_name = 'two') AS managed
FROM bulk.users u WHERE user_name = 'one';

-- in a circle (RFC 7644 section 3.7.1), and to itself
SELECT * FROM pg_temp.bulk('{"Operations": [
    {"method": "POST", "path": "/Groups", "bulkId": "qwerty",
     "data": {"displayName": "Group A", "members": [{"type": "Group", "value": "bulkId:ytrewq"}]}},
    {"method": "POST", "path": "/Groups", "bulkId": "ytrewq",
     "data": {"displayName": "Group B", "members": [{"type": "Group", "value": "bulkId:qwerty"}]}},
    {"method": "POST", "path": "/Users", "bulkId": "self", "data": {"userName": "self",
     "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:self"}}}}]}');
SELECT * FROM pg_temp.membership WHERE "group" LIKE 'Group _' ORDER BY 1, 2;
SELECT data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}' = id::text AS own_manager
FROM bulk.users WHERE user_name = 'self';

-- in paths, in the path and the values of PATCH operations, and in URLs
SELECT * FROM pg_temp.bulk('{"Operations": [
    {"method": "PATCH", "path": "/Groups/bulkId:team", "data": {"Operations": [
        {"op": "add", "path": "members", "value": [{"value": "bulkId:a"}, {"value": "bulkId:b"}, {"value": "bulkId:c"}]},
        {"op": "remove", "path": "members[value eq \"bulkId:b\"]"}]}},
    {"method": "POST", "path": "/Groups", "bulkId": "team", "data": {"displayName": "Team"}},
    {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "a"}},
    {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "b"}},
    {"method": "POST", "path": "Users", "bulkId": "c", "data": {"userName": "c", "profileUrl": "https://x.example/Users/bulkId:c"}},
    {"method": "put", "path": "/Users/bulkId:a", "data": {"userName": "a2"}},
    {"method": "DELETE", "path": "/Users/bulkId:b"},
    {"method": "PATCH", "path": "/Users/bulkId:c", "data": [{"op": "add", "path": "title", "value": "T"}]}]}');
SELECT * FROM pg_temp.membership WHERE "group" = 'Team' ORDER BY 2;
SELECT user_name, data ->> 'title' AS title, data ->> 'profileUrl' = 'https://x.example/Users/' || id AS own_url
FROM bulk.users WHERE user_name IN ('a', 'a2', 'b', 'c') AND deleted_at IS NULL ORDER BY 1;

-- Versions: If-Match for each operation
SELECT 'W/"' || version || '"' AS version, id AS one FROM bulk.users WHERE user_name = 'one' \gset
SELECT * FROM pg_temp.bulk(jsonb_build_object('Operations', jsonb_build_array(
    jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'one', 'version', :'version',
        'data', '{"Operations": [{"op": "add", "path": "title", "value": "x"}]}'::jsonb),
    jsonb_build_object('method', 'PUT', 'path', '/Users/' || :'one', 'version', :'version',
        'data', '{"userName": "one"}'::jsonb),
    jsonb_build_object('method', 'DELETE', 'path', '/Users/' || :'one', 'version', 'W/"77"'))));
SELECT user_name, data ->> 'title' AS title FROM bulk.users WHERE id = :'one' AND deleted_at IS NULL;

-- Each operation fails alone, with the answer that it would have got; what refers to a creation that failed, fails
SELECT * FROM pg_temp.bulk('{"Operations": [
    {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Orphans", "members": [{"value": "bulkId:dup"}]}},
    {"method": "POST", "path": "/Users", "bulkId": "dup", "data": {"userName": "ALICE"}},
    {"method": "PATCH", "path": "/Groups/bulkId:g", "data": {"Operations": [{"op": "add", "path": "externalId", "value": "x"}]}},
    {"method": "POST", "path": "/Users", "bulkId": "ok", "data": {"userName": "survivor"}},
    {"method": "DELETE", "path": "/Users/bulkId:dup"},
    {"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000000"},
    {"method": "PATCH", "path": "/Users/bulkId:ok", "data": {"Operations": [{"op": "add", "path": "nope", "value": 1}]}}]}');
SELECT count(*) AS orphans FROM bulk.groups WHERE display_name = 'Orphans';
SELECT count(*) AS survivors FROM bulk.users WHERE user_name = 'survivor';

-- a circle succeeds or fails as a whole
SELECT * FROM pg_temp.bulk('{"Operations": [
    {"method": "POST", "path": "/Groups", "bulkId": "c1", "data": {"displayName": "Circle 1", "members": [{"value": "bulkId:c2"}]}},
    {"method": "POST", "path": "/Groups", "bulkId": "c2", "data": {"displayName": "Circle 2", "members": [{"value": "bulkId:c3"}]}},
    {"method": "POST", "path": "/Groups", "bulkId": "c3", "data": {"members": [{"value": "bulkId:c1"}]}},
    {"method": "POST", "path": "/Groups", "bulkId": "c4", "data": {"displayName": "Outside"}}]}');
SELECT display_name FROM bulk.groups WHERE display_name ~ 'Circle|Outside' ORDER BY 1;

-- What is wrong with an operation
SELECT * FROM pg_temp.bulk('{"Operations": [
    {}, {"method": "GET", "path": "/Users"}, {"method": "POST"}, {"method": "POST", "path": 1},
    {"method": "POST", "path": "/Users", "data": {"userName": "x"}},
    {"method": "POST", "path": "/Users", "bulkId": "1"},
    {"method": "POST", "path": "/Users", "bulkId": "2", "data": []},
    {"method": "POST", "path": "/Users", "bulkId": "3", "data": {"userName": "bulkId:nobody"}},
    {"method": "POST", "path": "/Users/1", "bulkId": "4", "data": {"userName": "x"}},
    {"method": "PUT", "path": "/Users", "data": {"userName": "x"}},
    {"method": "PUT", "path": "/Users/bulkId:nobody", "data": {"userName": "x"}},
    {"method": "POST", "path": "/Bulk", "bulkId": "5", "data": {"Operations": []}},
    {"method": "POST", "path": "/Users/.search", "bulkId": "6", "data": {}},
    {"method": "POST", "path": "/Nope", "bulkId": "7", "data": {}},
    {"method": "PATCH", "path": "/Users/1", "data": {}},
    {"method": "POST", "path": "/Users", "bulkId": "8", "data": {"userName": 1}}]}');

-- failOnErrors: so many errors end the request; none, zero and less do not
SELECT f.value AS fail_on_errors, count(*) AS results, count(*) FILTER (WHERE b.detail IS NOT NULL) AS errors
FROM (VALUES ('1'), ('2'), ('3.0'), ('99'), ('0'), ('-1'), ('null'), ('99999999999')) AS f (value),
    pg_temp.bulk(jsonb_set('{"Operations": [
        {"method": "DELETE", "path": "/Users/1"}, {"method": "PATCH", "path": "/Groups/1", "data": []},
        {"method": "DELETE", "path": "/Users/2"}, {"method": "DELETE", "path": "/Users/3"}]}', '{failOnErrors}', f.value::jsonb)) b
GROUP BY 1 ORDER BY 1;
-- what was done before stays
SELECT * FROM pg_temp.bulk('{"failOnErrors": 1, "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "before"}},
    {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "before"}},
    {"method": "POST", "path": "/Users", "bulkId": "3", "data": {"userName": "after"}}]}');
SELECT user_name FROM bulk.users WHERE user_name IN ('before', 'after');

-- All or nothing
SELECT * FROM pg_temp.bulk('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest", "urn:scim:params:bulk:atomic"], "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "atom"}},
    {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "Atom"}}]}');
SELECT * FROM pg_temp.bulk('{"schemas": ["urn:scim:params:bulk:atomic"], "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "atom"}},
    {"method": "PATCH", "path": "/Users/bulkId:1", "version": "W/\"9\"", "data": [{"op": "add", "path": "title", "value": "x"}]}]}');
SELECT * FROM pg_temp.bulk('{"schemas": ["urn:scim:params:bulk:atomic"], "Operations": [
    {"method": "POST", "path": "/Groups", "bulkId": "1", "data": {"displayName": "atom", "members": [{"value": "bulkId:2"}]}},
    {"method": "POST", "path": "/Groups", "bulkId": "2", "data": {"members": [{"value": "bulkId:1"}]}}]}');
SELECT count(*) AS atoms FROM bulk.resource WHERE 'atom' IN (user_name, display_name);
SELECT http, method, bulk_id, status FROM pg_temp.bulk('{"schemas": ["urn:scim:params:bulk:atomic"], "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "atom"}},
    {"method": "PATCH", "path": "/Users/bulkId:1", "version": "W/\"1\"", "data": [{"op": "add", "path": "title", "value": "x"}]}]}');
SELECT count(*) AS atoms FROM bulk.resource WHERE 'atom' IN (user_name, display_name);

-- What is wrong with the request: nothing is done
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['{}', '{"Operations": []}', '{"Operations": {}}', '{"Operations": [1]}',
        '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{}]}',
        '{"failOnErrors": "x", "Operations": [{}]}', '{"failOnErrors": 1.5, "Operations": [{}]}',
        '{"Operations": [{"method": "POST", "path": "/Users", "bulkId": "x", "data": {"userName": "x"}},
                         {"method": "POST", "path": "/Users", "bulkId": "x", "data": {"userName": "y"}}]}']) WITH ORDINALITY t(body_in, n),
    scim.request('POST', '/Bulk', '{}', body_in)
ORDER BY n;

-- Limits: 413 names the one that is exceeded, and the service says what they are
SET scim.max_bulk_operations = 1;
SET scim.max_body_size = '2kB';
SELECT http, scim_type, detail FROM pg_temp.bulk('{"Operations": [{}, {}]}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Bulk', '{}', repeat(' ', 2049));
SELECT body::jsonb -> 'bulk' AS bulk FROM scim.request('GET', '/ServiceProviderConfig');
RESET scim.max_body_size;
SELECT scim.bulk('{"Operations": [{}, {}]}');
RESET scim.max_bulk_operations;

-- By SQL: in the caller's transaction, errors of the whole request are raised
BEGIN;
SELECT pg_temp.stable(scim.bulk('{"Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "by SQL"}},
    {"method": "DELETE", "path": "/Users/1"}]}')::text);
SELECT count(*) FROM bulk.users WHERE user_name = 'by SQL';
ROLLBACK;
SELECT count(*) FROM bulk.users WHERE user_name = 'by SQL';
DO $$
BEGIN
    PERFORM scim.bulk('{"schemas": ["urn:scim:params:bulk:atomic"], "Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "by SQL"}},
        {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "by SQL"}}]}');
EXCEPTION WHEN SQLSTATE 'SCUNI' THEN
    RAISE NOTICE '%', sqlerrm;
END $$;
SELECT scim.bulk('[]');

-- A deferred constraint fails the operation that violates it, and only at the end of an atomic request
ALTER TABLE bulk.users ADD CONSTRAINT one_external_id EXCLUDE (external_id WITH =) DEFERRABLE INITIALLY DEFERRED;
SELECT method, bulk_id, status, scim_type FROM pg_temp.bulk('{"Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "d1", "externalId": "d"}},
    {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "d2", "externalId": "d"}},
    {"method": "PATCH", "path": "/Users/bulkId:1", "data": [{"op": "remove", "path": "externalId"}]}]}');
SELECT method, bulk_id, status, scim_type FROM pg_temp.bulk('{"schemas": ["urn:scim:params:bulk:atomic"], "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "d3", "externalId": "e"}},
    {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "d4", "externalId": "e"}},
    {"method": "PATCH", "path": "/Users/bulkId:1", "data": [{"op": "remove", "path": "externalId"}]}]}');

-- an empty bulkId is none, and what leads to no resource of ours has no location
SELECT r ->> 'status' AS status, r ->> 'location' AS location, r #>> '{response,detail}' AS detail
FROM jsonb_array_elements('[{"method": "POST", "path": "/Users", "bulkId": "", "data": {"userName": "empty"}}, {"method": "DELETE", "path": "https://elsewhere.example/Users/1"}, {"method": "DELETE", "path": "/Nothing/1"}, {"method": "DELETE", "path": "Users/1"}, {"method": "PUT", "path": "/Users", "data": {}}]') WITH ORDINALITY o (operation, n),
    LATERAL (SELECT scim.bulk(jsonb_build_object('Operations', jsonb_build_array(operation))) #> '{Operations,0}') b (r) ORDER BY n;

-- the one URL that a resource has, however its id is written, and whatever comes of the operation; what no id is stays as it is
INSERT INTO bulk.users (data) VALUES ('{"userName": "capitals"}') RETURNING id AS capitals \gset
SELECT r ->> 'status' AS status, replace(r ->> 'location', :'capitals', '<id>') AS location
FROM scim.request('POST', '/Bulk', '{"Host": "h"}', replace(replace('{"Operations": [{"method": "PATCH", "path": "/Users/ID", "data": {"Operations": [{"op": "replace", "path": "title", "value": "z"}]}},
  {"method": "PATCH", "path": "/Users/ID", "data": {"Operations": [{"op": "nothing"}]}}, {"method": "PATCH", "path": "/Users/ID"}, {"method": "PATCH", "path": "/Users/ENCODED"}, {"method": "PUT", "path": "/Users/ID", "version": "W/\"9\"", "data": {}},
  {"method": "PUT", "path": "/Users/ID", "data": {"userName": "capitals"}}, {"method": "DELETE", "path": "/Users/ID"}, {"method": "DELETE", "path": "/Users/ID"}, {"method": "DELETE", "path": "/Users/No%20Id"}]}', 'ENCODED', '%30' || substr(upper(:'capitals'), 2)), 'ID', upper(:'capitals'))),
    jsonb_array_elements(body::jsonb -> 'Operations') WITH ORDINALITY t (r, n) ORDER BY n;
-- a path has no query, whatever that asks, but an empty one; locations are URLs; a version is shown as it is
SELECT r ->> 'status' AS status, r ->> 'location' AS location, r #>> '{response,detail}' AS detail
FROM jsonb_array_elements('[{"method": "DELETE", "path": "/Users/1?foo=1"}, {"method": "DELETE", "path": "/Users/1?"}, {"method": "POST", "path": "/Users?attributes=id", "bulkId": "q", "data": {"userName": "q"}}, {"method": "POST", "path": "/.search?count=0", "bulkId": "q", "data": {}},
        {"method": "PATCH", "path": "/Users/1?filter=id%20pr", "data": []}, {"method": "PUT", "path": "Groups/a b/?x", "data": {}}, {"method": "DELETE", "path": "/Users/x%3Fcount=0"}, {"method": "DELETE", "path": "/Users/x%2Fé \"%25"}, {"method": "DELETE", "path": "/Users/x%2fy z%", "version": "é"},
        {"method": "DELETE", "path": "/Users/1", "version": ""}, {"method": "DELETE", "path": "/Users/1%", "version": "W/\"1\""}]') WITH ORDINALITY o (operation, n),
    LATERAL (SELECT scim.bulk(jsonb_build_object('Operations', jsonb_build_array(operation))) #> '{Operations,0}') b (r) ORDER BY n;

-- nothing is what a DELETE has as data; the rest of the request goes on
SELECT r ->> 'status' AS status, r #>> '{response,scimType}' AS type, r #>> '{response,detail}' AS detail
FROM jsonb_array_elements('[{"active": false}, [{"op": "remove"}], "x", 0, false, null, {}, []]') WITH ORDINALITY d (data, n),
    LATERAL (SELECT scim.bulk(jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('method', 'DELETE', 'path', '/Users/1', 'data', data)))) #> '{Operations,0}') b (r) ORDER BY n;

-- In a filter of a PATCH, in its path or in a key, a reference is what an attribute that may be one is compared with: the
-- string that JSON spells, and nothing else
SELECT scim.register_schema('{"id": "urn:x:Shelf", "name": "Shelf", "attributes": [{"name": "books", "type": "complex", "multiValued": true, "subAttributes": [
        {"name": "value", "type": "string"}, {"name": "$ref", "type": "reference"}, {"name": "display", "type": "string"}, {"name": "note", "type": "string"}]},
    {"name": "labels", "type": "string", "multiValued": true}]}'),
    scim.register_resource_type('{"name": "Shelf", "endpoint": "/Shelves", "schema": "urn:x:Shelf"}') \g /dev/null
SELECT body::jsonb ->> 'id' AS u FROM scim.request('POST', '/Users', '{}', '{"userName": "named", "emails": [{"value": "a@x", "display": "bulkId:zz", "type": "other"}, {"value": "b@x", "display": "\"bulkId:q\""}]}') \gset
SELECT body::jsonb ->> 'id' AS s FROM scim.request('POST', '/Shelves', '{}', '{"labels": ["bulkId:zz"], "books": [{"value": "x", "display": "bulkId:zz"}]}') \gset
SELECT bulk_id, method, status, scim_type, detail FROM pg_temp.bulk(jsonb_build_object('Operations', '[
    {"method": "POST", "path": "/Users", "bulkId": "a\"b", "data": {"userName": "quote"}},
    {"method": "POST", "path": "/Users", "bulkId": "ä \\", "data": {"userName": "umlaut"}},
    {"method": "POST", "path": "/Users", "bulkId": "a/b?c", "data": {"userName": "slash"}},
    {"method": "POST", "path": "/Users", "bulkId": "100%", "data": {"userName": "percent"}},
    {"method": "POST", "path": "/Groups", "bulkId": "g%41", "data": {"displayName": "escaped", "members": [{"value": "bulkId:a\"b"}, {"value": "bulkId:ä \\"}, {"$ref": "https://x.example/Users/bulkId:a%2Fb%3Fc"}, {"$ref": "/Users/bulkId%3A100%25"}]}}]'::jsonb
    || jsonb_build_array(jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'u', 'data', '{"Operations": [{"op": "replace", "path": "emails[display eq \"bulkId:zz\"].type", "value": "work"},
            {"op": "replace", "value": {"emails[display eq \"\\\"bulkId:q\\\"\"].type": "home"}}]}'::jsonb),
        jsonb_build_object('method', 'PATCH', 'path', '/%53helves/' || :'s', 'data', '{"Operations": [{"op": "add", "path": "books", "value": [{"value": "bulkId:a\"b"}, {"value": "bulkId:100%"}]},
            {"op": "replace", "path": "books[display eq \"bulkId:zz\" or value eq \"bulkId:a\\\"b\"].note", "value": "bulkId:zz"},
            {"op": "replace", "value": {"books[value eq \"bulkId:100%\" and not (display eq \"bulkId:zz\")].note": "key"}},
            {"op": "remove", "path": "labels[value eq \"bulkId:zz\"]"}]}'::jsonb),
        '{"method": "PATCH", "path": "/Groups/bulkId:g%41", "data": {"Operations": [{"op": "remove", "path": "members[value eq \"bulkId:a\\\"b\"]"},
            {"op": "remove", "path": "members[value eq \"\\u0062ulkId:\\u00e4 \\\\\"]"}]}}'::jsonb,
        '{"method": "PATCH", "path": "/Users/bulkId:a%22b", "data": [{"op": "add", "path": "title", "value": "quote"}]}'::jsonb,
        '{"method": "PATCH", "path": "/Users/bulkId%3a%C3%A4%20%5C", "data": [{"op": "add", "path": "title", "value": "umlaut"}]}'::jsonb,
        '{"method": "PATCH", "path": "Users/bulkId:a%2Fb%3Fc", "data": [{"op": "add", "path": "title", "value": "slash"}]}'::jsonb,
        -- as they are
        '{"method": "PATCH", "path": "/Users/bulkId:a\"b", "data": [{"op": "add", "path": "nickName", "value": "quote"}]}'::jsonb,
        '{"method": "PATCH", "path": "/Users/bulkId:100%", "data": [{"op": "add", "path": "nickName", "value": "percent"}]}'::jsonb,
        '{"method": "PATCH", "path": "/Users/bulkId:no%22b", "data": [{"op": "add", "path": "title", "value": "x"}]}'::jsonb,
        '{"method": "PATCH", "path": "/Users/bulkId:", "data": [{"op": "add", "path": "title", "value": "x"}]}'::jsonb,
        '{"method": "PATCH", "path": "/Groups/bulkId:g%2541", "data": [{"op": "remove", "path": "members[value eq \"bulkId:no\"]"}]}'::jsonb)));
SELECT user_name, data ->> 'title' AS title, data ->> 'nickName' AS nick FROM bulk.users WHERE user_name IN ('quote', 'umlaut', 'slash', 'percent') ORDER BY 1;
SELECT jsonb_path_query_array(data, '$.emails[*].type') AS types FROM bulk.users WHERE id = :'u';
SELECT jsonb_path_query_array(data, '$.books[*].note') AS notes, data ? 'labels' AS labels FROM bulk.shelves WHERE id = :'s';
SELECT * FROM pg_temp.membership WHERE "group" = 'escaped' ORDER BY member;
-- nor at /Me
SET scim.me = :'u';
SELECT method, status, scim_type, detail FROM pg_temp.bulk('{"Operations": [{"method": "PATCH", "path": "/Me", "data": [{"op": "replace", "path": "emails[display eq \"bulkId:zz\"].type", "value": "home"}, {"op": "add", "path": "title", "value": "bulkId:zz"}]}]}');
RESET scim.me;

SET client_min_messages = warning;
SELECT scim.drop_store('bulk', true);
