SELECT scim.create_store('directory');

-- What changes from run to run: ids and instants
CREATE FUNCTION pg_temp.stable(body text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(regexp_replace(body,
        '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}', '<id>', 'g'),
        '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)', '<instant>', 'g')
$$;

-- POST: 201, Location and ETag are those of the body, the password is not shown
SELECT * FROM scim.request('POST', '/scim/v2/Users',
    '{"Content-Type": "application/scim+json", "Host": "scim.example"}',
    '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
      "userName": "bjensen", "externalId": "e1", "password": "t1meMa$heen",
      "name": {"givenName": "Barbara", "familyName": "Jensen"},
      "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true}]}') \gset
SELECT :status AS status,
    pg_temp.stable(:'headers') AS headers,
    :'headers'::jsonb ->> 'Location' = :'body'::jsonb #>> '{meta,location}' AS same_location,
    :'headers'::jsonb ->> 'ETag' = :'body'::jsonb #>> '{meta,version}' AS same_version;
SELECT pg_temp.stable(:'body') AS body;
SELECT :'body'::jsonb ->> 'id' AS id \gset
SELECT '/Users/' || :'id' AS item \gset

-- The same userName in other letter case: 409 uniqueness
SELECT status, body::jsonb ->> 'scimType' AS scim_type
FROM scim.request('POST', '/Users', '{}', '{"userName": "BJensen"}');

-- A body as bytes
SELECT status, body::jsonb ->> 'userName' AS user_name
FROM scim.request('POST', '/Users', '{}', convert_to('{"userName": "zoë"}', 'UTF8'));

-- GET, by every spelling of the target: 200
SELECT n, status, body::jsonb ->> 'userName' AS user_name
FROM unnest(ARRAY['/Users/' || :'id', '/scim/v2/Users/' || :'id', '/v2/Users/' || :'id',
        '/USERS/' || :'id', '/scim/v2//Users/' || :'id' || '/', '/Users/' || :'id' || '?',
        '/Users/' || replace(:'id', '-', '%2D'),
        'https://scim.example/scim/v2/Users/' || :'id']) WITH ORDINALITY t(target, n),
    scim.request('GET', target)
ORDER BY n;

-- Where locations point to: the setting, else the proxy's headers, else Host, else the path
SELECT n, pg_temp.stable(body::jsonb #>> '{meta,location}') AS location
FROM unnest(ARRAY[
        '{"x-forwarded-proto": "https", "x-forwarded-host": "outer.example, inner", "host": "h"}',
        '{"X-Forwarded-Host": "outer.example"}',
        '{"X-Forwarded-Proto": "ftp", "X-Forwarded-Host": "a/b", "Host": "h:8080"}',
        '{"Host": "[::1]:80"}', '{"Host": "a b"}', '{}']::jsonb[]) WITH ORDINALITY t(headers, n),
    scim.request('GET', :'item', t.headers)
ORDER BY n;
SET scim.base_url = 'https://fixed.example/x';
SELECT pg_temp.stable(body::jsonb #>> '{meta,location}') AS location
FROM scim.request('GET', :'item', '{"Host": "h"}');
RESET scim.base_url;
-- and nothing of it remains after the request
SHOW scim.base_url;

-- HEAD: no body, but its length
SELECT head.status, head.body, head.headers - 'Content-Length' = get.headers AS same_headers,
    head.headers ->> 'Content-Length' = octet_length(get.body)::text AS same_length
FROM scim.request('HEAD', :'item') head, scim.request('GET', :'item') get;

-- If-None-Match: 304 without a body and without a type
SELECT n, status, pg_temp.stable((headers - 'Last-Modified')::text) AS headers, body IS NULL AS no_body
FROM unnest(ARRAY['W/"1"', '"1"', '*', 'W/"7", W/"1"', 'W/"7"']) WITH ORDINALITY t(version, n),
    scim.request('GET', :'item', jsonb_build_object('If-None-Match', version))
ORDER BY n;

-- attributes and excludedAttributes, on every verb with a resource in the answer
SELECT n, status, (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(body::jsonb) key) AS keys
FROM unnest(ARRAY['?attributes=userName', '?attributes=emails.value,externalId&attributes=name',
        '?excludedAttributes=name,%20emails&excludedattributes=meta',
        '?attributes=', '?attributes=nope']) WITH ORDINALITY t(query, n),
    scim.request('GET', :'item' || query)
ORDER BY n;
SELECT status, pg_temp.stable(body) AS body
FROM scim.request('POST', '/Users?attributes=userName', '{}', '{"userName": "short"}');
SELECT status, pg_temp.stable(body) AS body
FROM scim.request('PUT', :'item' || '?attributes=displayName', '{}',
    '{"userName": "bjensen", "externalId": "e1", "displayName": "Babs"}');
SELECT status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM scim.request('GET', :'item' || '?attributes=a&excludedAttributes=b');
-- names, not filters, whether anything is shown or not; unknown ones select nothing
SELECT method, t, status, body::jsonb ->> 'scimType' AS scim_type, coalesce(body::jsonb ->> 'detail', body::jsonb #>> '{Resources,0,schemas,0}', body::jsonb ->> 'userName') AS detail
FROM unnest(ARRAY['attributes=emails[type%20eq%20%22home%22].value', 'attributes=emails[type%20eq%20%22home%22]', 'excludedAttributes=emails[type%20eq%20%22home%22]', 'excludedAttributes=id,emails[value%20pr].type', 'attributes=a[', 'attributes=nosuch,userName.foo', 'excludedAttributes=nosuch']) WITH ORDINALITY t (t, n),
    (VALUES (1, 'GET', '/Users', NULL), (2, 'GET', '/Users?filter=userName%20eq%20%22nobody%22', NULL), (3, 'GET', NULL, NULL), (4, 'PATCH', NULL, '{"Operations": [{"op": "replace", "path": "title", "value": "never"}]}')) m (k, method, target, body_sent),
    scim.request(method, coalesce(target, :'item') || CASE WHEN target LIKE '%?%' THEN '&' ELSE '?' END || t, '{}', body_sent)
WHERE NOT (method = 'PATCH' AND t IN ('attributes=emails[type%20eq%20%22home%22]', 'attributes=nosuch,userName.foo', 'excludedAttributes=nosuch'))
ORDER BY n, k;
SELECT body, status, answer::jsonb ->> 'detail' AS detail FROM unnest(ARRAY['{"attributes": ["emails[type eq \"x\"].value"]}', '{"attributes": "userName", "excludedAttributes": "x"}', '{"excludedAttributes": ["emails[type eq \"x\"]"]}', '{"attributes": ["nosuch"], "count": 0}']) body,
    LATERAL (SELECT r.status, r.body AS answer FROM scim.request('POST', '/Users/.search', '{}', body) r) r;
SELECT scim.get_resource('User', substr(:'item', 8), 'emails[type eq "x"].value');
SELECT scim.search('User', NULL, count => 0, excluded_attributes => 'emails[type eq "x"]');

-- PUT: If-Match of another version is 412 and changes nothing; of this version, 200
SELECT status, headers ->> 'ETag' AS version, body::jsonb ->> 'displayName' AS display_name
FROM unnest(ARRAY['W/"1"', 'W/"2"']) version,
    scim.request('PUT', :'item', jsonb_build_object('if-match', version),
        '{"userName": "bjensen", "displayName": "Barbara"}');

-- PATCH: 200 with the resource; keys and the URN in any case
SELECT status, headers ->> 'ETag' AS version, body::jsonb ->> 'displayName' AS display_name
FROM scim.request('PATCH', :'item', '{"If-Match": "*"}',
    '{"SCHEMAS": ["URN:ietf:params:scim:api:messages:2.0:PatchOp"],
      "operations": [{"op": "Replace", "path": "displayName", "value": "B."}]}');
-- PATCH: 204 where the client wants no body, unless it names attributes
SELECT n, status, pg_temp.stable(headers::text) AS headers, body::jsonb ->> 'title' AS title
FROM unnest(ARRAY['', '?attributes=title']) WITH ORDINALITY t(query, n),
    scim.request('PATCH', :'item' || query, '{"Prefer": "respond-async; x, return=minimal"}',
        jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object(
            'op', 'add', 'path', 'title', 'value', 'title ' || n)))::text)
ORDER BY n;

-- Lists: the parameters of the query string reach the search
SELECT n, status, body::jsonb -> 'totalResults' AS total, body::jsonb -> 'itemsPerPage' AS items,
    body::jsonb -> 'startIndex' AS start,
    jsonb_path_query_array(body::jsonb, '$.Resources[*].userName') AS names
FROM unnest(ARRAY['/Users',
        '/Users?filter=userName+eq+%22BJENSEN%22&', '/Users?FILTER=userName%20sw%20%22s%22',
        '/Users?filter=userName+eq+%22zo%C3%AB%22',
        '/Users?sortBy=userName&sortOrder=Descending', '/Users?sortby=userName&startindex=2&count=1',
        '/Users?count=0', '/Users?count=-1&startIndex=-1', '/Users?startIndex=100',
        '/Users?count=99999999999999999999', '/Users?aadOptscim062020&unknown=x&count=1&sortBy=userName',
        '/?filter=meta.resourceType+eq+%22Group%22', '/?sortBy=userName&attributes=userName'])
        WITH ORDINALITY t(target, n),
    scim.request('GET', target)
ORDER BY n;

-- .search, of one type and of all
SELECT n, status, body::jsonb -> 'totalResults' AS total,
    jsonb_path_query_array(body::jsonb, '$.Resources[*].userName') AS names
FROM (VALUES
        (1, '/Users/.search', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": "userName sw \"b\"", "attributes": ["userName"]}'),
        (2, '/Users/.search', '{"SortBy": "userName", "sortorder": "descending", "startIndex": 2.0, "count": 1e0}'),
        (3, '/Users/.search', '{"filter": null, "sortBy": "userName", "excludedAttributes": "name, emails", "cursor": ""}'),
        (4, '/.search', '{"filter": "userName eq \"short\""}'),
        (5, '/scim/v2/Groups/.search', '{}')) t(n, target, search),
    scim.request('POST', target, '{}', search)
ORDER BY n;

-- The answer is application/json for a client that takes nothing else
SELECT n, status, headers ->> 'Content-Type' AS type
FROM unnest(ARRAY['', '*/*', 'application/*', 'application/json', 'Application/SCIM+JSON; charset=utf-8',
        'text/html, application/json;q=0.9, */*;q=0.1', 'application/json;q=0.5, text/html',
        'application/scim+json;q=0.0, */*', 'text/html', 'application/json;q=0', '*/*;q=0.000'])
        WITH ORDINALITY t(accept, n),
    scim.request('GET', '/Users', jsonb_build_object('Accept', accept))
ORDER BY n;

-- A read-only transaction answers reads, and 503 to writes, whatever they are
BEGIN READ ONLY;
SELECT status FROM scim.request('GET', :'item');
SELECT status FROM scim.request('POST', '/Users/.search', '{}', '{}');
SELECT status, headers, body FROM scim.request('POST', '/Users', '{}', '{"userName": "ro"}');
SELECT status FROM scim.request('DELETE', :'item');
SELECT status FROM scim.request('PATCH', :'item', '{}', '{"Operations": []}');
SELECT status FROM scim.request('POST', '/Bulk', '{}', '{"Operations": [{"method": "DELETE", "path": "/Users/1"}]}');
SELECT status FROM scim.request('PUT', '/Users', '{}', '{}');
COMMIT;

-- DELETE: If-Match first; 204 without anything; then 404, and the name is free again
SELECT status FROM scim.request('DELETE', :'item', '{"If-Match": "W/\"1\""}');
SELECT status, headers, body FROM scim.request('DELETE', :'item');
SELECT status, pg_temp.stable(body) AS body FROM scim.request('DELETE', :'item');
SELECT status FROM scim.request('GET', :'item');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "bjensen"}');

-- Several requests in one transaction: each stands or falls alone, and all with the transaction
BEGIN;
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "tx"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "tx"}');
SELECT body::jsonb -> 'totalResults' AS total
FROM scim.request('GET', '/Users?filter=userName+eq+%22tx%22');
ROLLBACK;
SELECT body::jsonb -> 'totalResults' AS total
FROM scim.request('GET', '/Users?filter=userName+eq+%22tx%22');

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
