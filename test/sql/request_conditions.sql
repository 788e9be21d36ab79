-- If-Match and If-None-Match (RFC 9110 section 13): there is no endpoint that ignores them.
SELECT scim.create_store('directory');
SET scim.base_url = 'https://scim.example/v2';
\pset format unaligned
\pset tuples_only on
SELECT scim.create_resource('User', '{"userName": "bj"}') ->> 'id' AS bj,
    scim.create_resource('Group', '{"displayName": "guides"}') ->> 'id' AS guides \gset
INSERT INTO directory.endpoint (name, methods, path, resource_type, action, settings) VALUES
    ('user', '{GET}', '/api/users/{id}', 'User', 'read', '{"fields": {"id": "id", "userName": "userName"}}'),
    ('users', '{GET}', '/api/users', 'User', 'list', '{"like": "user", "status": 203, "list": {"body": {"data": "{items}"}}}'),
    ('new', '{POST}', '/api/users', 'User', 'create', '{"like": "user"}'),
    ('change', '{PUT}', '/api/users/{id}', 'User', 'merge', '{"like": "user"}'),
    ('suspend', '{POST}', '/api/users/{id}/suspend', 'User', 'suspend', '{"like": "user"}'),
    ('end', '{POST}', '/api/users/{id}/end', 'User', 'complete_offboarding', '{"like": "user"}');

-- Whatever is read has an entity-tag: 304 for who has it, and 412 for who wants another one
SELECT regexp_replace(target, '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>') AS target, a.status, a.headers ->> 'ETag' ~ '^W/"[0-9a-f.]+"$' AS tagged, a.headers ->> 'ETag' = again.headers ->> 'ETag' AS same, head.headers ->> 'ETag' = a.headers ->> 'ETag' AS head,
    fresh.status || coalesce(fresh.body, ' without a body') || (fresh.headers ->> 'ETag' = a.headers ->> 'ETag') AS fresh,
    star.status AS star, other.status AS other, matched.status AS matched, matched.body = a.body AS same_body, any_.status AS any_, missed.status AS missed, missed.body::jsonb ? 'detail' AS detail
FROM unnest(ARRAY['/Users', '/Users?filter=userName+eq+%22bj%22&attributes=userName', '/Users?filter=userName+eq+%22none%22', '/Users?count=0', '/Groups', '/', '/Users/' || :'bj', '/Groups/' || :'guides' || '/members',
        '/ServiceProviderConfig', '/ResourceTypes', '/ResourceTypes/User', '/Schemas', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', '/openapi.json', '/api/users', '/api/users/' || :'bj']) WITH ORDINALITY t (target, n),
    scim.request('GET', target) a, scim.request('GET', target) again, scim.request('HEAD', target) head,
    scim.request('GET', target, jsonb_build_object('If-None-Match', '"x", ' || (a.headers ->> 'ETag'))) fresh,
    scim.request('GET', target, '{"If-None-Match": "*"}') star, scim.request('GET', target, '{"If-None-Match": "W/\"0\""}') other,
    scim.request('GET', target, jsonb_build_object('If-Match', replace(a.headers ->> 'ETag', 'W/', ''))) matched, scim.request('GET', target, '{"If-Match": "*"}') any_,
    scim.request('GET', target, '{"If-Match": "W/\"0\""}') missed
ORDER BY n;
-- one that notices what is changed, by us or by others
CREATE FUNCTION pg_temp.again(target text, statement text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE before scim.response := scim.request('GET', target);
BEGIN
    EXECUTE statement;
    RETURN (scim.request('GET', target, jsonb_build_object('If-None-Match', before.headers ->> 'ETag'))).status;
END $$;
SELECT pg_temp.again('/Users', 'SELECT 1'), pg_temp.again('/Users', $$SELECT scim.create_resource('User', '{"userName": "jim"}')$$),
    pg_temp.again('/Groups/' || :'guides' || '/members', format('INSERT INTO directory.member (group_id, member_id) VALUES (%L, %L)', :'guides', :'bj')),
    pg_temp.again('/Schemas', $$SELECT scim.register_schema('{"id": "urn:x", "name": "X", "attributes": [{"name": "x", "type": "string"}]}')$$),
    pg_temp.again('/ServiceProviderConfig', 'SET scim.max_results = 7'), pg_temp.again('/api/users', $$SELECT scim.create_resource('User', '{"userName": "joe"}')$$);
RESET scim.max_results;

-- A POST is about what is there and has no version
CREATE FUNCTION pg_temp.answer(method text, target text, headers text, request text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', status, body::jsonb ->> 'scimType', body::jsonb ->> 'detail', body::jsonb ->> 'message') FROM scim.request(method, target, headers::jsonb, request)
$$;
SELECT target, (SELECT array_agg(left(pg_temp.answer('POST', target, headers, replace(request, '#', n::text)), 3) ORDER BY n) FROM unnest(ARRAY['{"If-Match": "*"}', '{"If-Match": "W/\"1\""}', '{"If-None-Match": "*"}', '{"If-None-Match": "W/\"1\""}']) WITH ORDINALITY h (headers, n)) AS statuses,
    pg_temp.answer('POST', target, '{"If-Match": "W/\"1\""}', request) AS missed, pg_temp.answer('POST', target, '{"If-None-Match": "*"}', request) AS there
FROM (VALUES (1, '/Users', '{"userName": "a#"}'), (2, '/.search', '{}'), (3, '/Groups/.search', '{}'), (4, '/Bulk', '{"Operations": [{"method": "DELETE", "path": "/Users/1"}]}'), (5, '/api/users', '{"userName": "b#"}')) t (n, target, request)
ORDER BY t.n;
-- of endpoints of one's own that are about one resource
SELECT method, target, pg_temp.answer(method, replace(target, 'BJ', :'bj'), '{"If-Match": "W/\"7\""}', request) ~ '^412 .*W/"7"', left(pg_temp.answer(method, replace(target, 'BJ', :'bj'), '{"If-None-Match": "*"}', request), 3),
    left(pg_temp.answer(method, replace(target, 'BJ', :'bj'), '{"If-Match": "*", "If-None-Match": "W/\"7\""}', request), 3)
FROM (VALUES (1, 'PUT', '/api/users/BJ', '{"userName": "bjensen"}'), (2, 'POST', '/api/users/BJ/suspend', NULL), (3, 'POST', '/api/users/BJ/end', NULL)) t (n, method, target, request)
ORDER BY n;

-- What is no condition is 400, whatever the request is for
SELECT header, (SELECT status || ' ' || (body::jsonb ->> 'detail') FROM scim.request('GET', '/Users', jsonb_build_object('If-Match', header))) AS list,
    ARRAY(SELECT status FROM unnest(ARRAY['GET /Users/BJ', 'PUT /Users/BJ', 'PATCH /Users/BJ', 'DELETE /Users/BJ', 'POST /Users', 'POST /.search', 'POST /Bulk', 'GET /Schemas', 'GET /openapi.json', 'GET /Groups/X/members', 'GET /api/users', 'PUT /api/users/BJ', 'POST /api/users']) t (request),
        scim.request(split_part(request, ' ', 1), replace(split_part(request, ' ', 2), 'BJ', :'bj'), jsonb_build_object('if-none-match', header), '{}')) AS others
FROM unnest(ARRAY['3', '*, W/"1"', 'W/"1", *', '**', 'W/3', 'w/"3"', '"3', 'W/"3" W/"4"', '"a b"', '', ' ', ',', 'W/"1",,x', 'W/ "3"']) WITH ORDINALITY t (header, n)
ORDER BY n;
SELECT header, (SELECT status FROM scim.request('GET', '/Users', jsonb_build_object('If-None-Match', header))) AS list, (SELECT status FROM scim.request('GET', '/Users/' || :'bj', jsonb_build_object('If-None-Match', header))) AS one
FROM unnest(ARRAY['W/"0"', '"0"', '""', ' "0" , W/"1"	', '"0",,"1",', ', "0"', '"*"', '"\"', '"€"']) WITH ORDINALITY t (header, n) ORDER BY n;
DO $$ BEGIN PERFORM scim.delete_resource('User', (SELECT min(id::text) FROM directory.users), '3'); EXCEPTION WHEN SQLSTATE 'SCVAL' THEN RAISE NOTICE '%', sqlerrm; END $$;

-- The version of an operation is its If-Match
SELECT o -> 'version' AS sent, r ->> 'status' AS status, r #>> '{response,scimType}' AS scim_type, r #>> '{response,detail}' ~ 'version|If-Match' AS named
FROM unnest(ARRAY['"3"', '"*"', '"*, W/\"1\""', '""', '"W/\"x\""', '7', 'null', '"W/\"0\", *"']) WITH ORDINALITY v (version, n),
    unnest(ARRAY['{"method": "PATCH", "path": "/Users/BJ", "data": {"Operations": [{"op": "add", "path": "title", "value": "x"}]}}', '{"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "bulk#"}}']) WITH ORDINALITY t (template, m),
    LATERAL (SELECT replace(replace(template, 'BJ', :'bj'), '#', n::text)::jsonb || jsonb_build_object('version', version::jsonb)) b (o),
    LATERAL (SELECT scim.bulk(jsonb_build_object('Operations', jsonb_build_array(o))) #> '{Operations,0}') a (r)
ORDER BY m, n;

-- The schemas change what a body shows, and the entity-tag notices: 200 and not 304
SELECT scim.create_resource('User', '{"userName": "hidden", "title": "T", "name": {"givenName": "G", "familyName": "F"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"}}') ->> 'id' AS hidden \gset
SELECT pg_temp.again('/Users/' || :'hidden', 'SELECT 1') AS same, pg_temp.again('/Users/' || :'hidden', $$UPDATE directory.schema SET document = jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN 'title' THEN a || '{"returned": "request"}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a)) WHERE id LIKE '%:core:2.0:User'$$) AS requested,
    pg_temp.again('/Users/' || :'hidden' || '?attributes=name', $$UPDATE directory.schema SET document = jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN 'title' THEN a || '{"returned": "always"}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a)) WHERE id LIKE '%:core:2.0:User'$$) AS always,
    pg_temp.again('/Users/' || :'hidden', $$SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a) FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'title')), force => true) FROM directory.schema WHERE id LIKE '%:core:2.0:User'$$) AS gone,
    pg_temp.again('/Users/' || :'hidden', $$SELECT scim.unregister_schema('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', force => true)$$) AS extension,
    pg_temp.again('/api/users/' || :'hidden', $$UPDATE directory.endpoint SET settings = '{"fields": {"id": "id", "login": "userName"}}' WHERE name = 'user'$$) AS endpoint;
SELECT headers ->> 'ETag' ~ '^W/"1\.[0-9a-f]{16}"$' AS digest, (SELECT status FROM scim.request('PATCH', '/Users/' || :'hidden', '{"If-Match": "W/\"1\""}', '{"Operations": [{"op": "replace", "path": "nickName", "value": "n"}]}')) AS write FROM scim.request('GET', '/Users/' || :'hidden');

-- Conditions by date are about meta.lastModified, where no entity-tag is compared (RFC 9110 section 13.2.2)
SELECT scim.create_resource('Group', '{"displayName": "dated"}') ->> 'id' AS dated \gset
SELECT headers ->> 'Last-Modified' AS modified, headers ->> 'Last-Modified' = to_char(last_modified AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "GMT"') AS shown,
    to_char(last_modified AT TIME ZONE 'UTC', 'FMDay, DD-Mon-YY HH24:MI:SS "GMT"') AS rfc850, to_char(last_modified AT TIME ZONE 'UTC', 'Dy Mon ') || lpad(to_char(last_modified AT TIME ZONE 'UTC', 'FMDD'), 2) || to_char(last_modified AT TIME ZONE 'UTC', ' HH24:MI:SS YYYY') AS asctime
FROM scim.request('GET', '/Groups/' || :'dated'), directory.groups WHERE id = :'dated' \gset
SELECT :'shown' AS shown;
SELECT n, (SELECT array_agg(coalesce(status, 0) ORDER BY m) FROM (VALUES (1, 'GET', '', NULL), (2, 'GET', '?excludedAttributes=members', NULL), (3, 'PUT', '', '{"displayName": "dated"}'), (4, 'PATCH', '', '{"Operations": [{"op": "replace", "path": "displayName", "value": "dated"}]}')) t (m, method, parameters, body),
    scim.request(method, '/Groups/' || :'dated' || parameters, headers::jsonb, body)) AS statuses
FROM unnest(ARRAY[format('{"If-Unmodified-Since": "%s"}', :'modified'), format('{"If-Unmodified-Since": "%s"}', :'rfc850'), format('{"If-Unmodified-Since": "%s"}', :'asctime'), '{"If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}', '{"If-Unmodified-Since": "Sunday, 06-Nov-94 08:49:37 GMT"}', '{"If-Unmodified-Since": "Sun Nov  6 08:49:37 1994"}', '{"If-Unmodified-Since": "Sun, 06 Nov 2094 08:49:37 GMT"}',
        '{"If-Match": "*", "If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}', '{"If-Unmodified-Since": "yesterday"}', '{"If-Unmodified-Since": "Sun, 31 Nov 1994 08:49:37 GMT"}', format('{"If-Modified-Since": "%s"}', :'modified'), '{"If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}', format('{"If-Modified-Since": "%s", "If-None-Match": "W/\"0\""}', :'modified'), '{"If-Modified-Since": "1994"}']) WITH ORDINALITY h (headers, n) ORDER BY n;
SELECT status FROM scim.request('DELETE', '/Groups/' || :'dated', '{"If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}');

UPDATE directory.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM directory.users WHERE data ? 'title';
-- What a body shows besides the document comes and goes, and takes no date along: whoever has the body of between gets the other one
CREATE FUNCTION pg_temp.dated(target text, change text, back text, OUT first text, OUT "between" text, OUT later int) LANGUAGE plpgsql AS $$
DECLARE a scim.response := scim.request('GET', target); b scim.response; c scim.response;
BEGIN
    EXECUTE change;
    b := scim.request('GET', target);
    EXECUTE back;
    c := scim.request('GET', target);
    first := concat_ws(' ', (scim.request('GET', target, jsonb_build_object('If-Modified-Since', a.headers ->> 'Last-Modified'))).status, CASE WHEN a.body = c.body THEN 'same' END);
    "between" := concat_ws(' ', CASE WHEN b.headers ? 'Last-Modified' THEN (scim.request('GET', target, jsonb_build_object('If-Modified-Since', b.headers ->> 'Last-Modified'))).status::text ELSE 'no date' END, CASE WHEN b.body = c.body THEN 'same' ELSE 'other' END);
    later := (scim.request('GET', target, jsonb_build_object('If-Modified-Since', to_char(now() AT TIME ZONE 'UTC' + '1 minute', 'Dy, DD Mon YYYY HH24:MI:SS "GMT"')))).status;
END $$;
CREATE FUNCTION pg_temp.characteristic(attribute text, changed text) RETURNS text LANGUAGE sql AS $$
    SELECT format($q$UPDATE directory.schema SET document = jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN %L THEN a || %L ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a)) WHERE id LIKE '%%:core:2.0:User'$q$, attribute, changed) $$;
SELECT scim.create_resource('User', '{"userName": "between", "nickName": "N", "displayName": "<E>", "roles": [{"value": "r"}]}') ->> 'id' AS between,
    scim.create_resource('Group', '{"displayName": "between"}') ->> 'id' AS crowd, (SELECT document FROM directory.schema WHERE id LIKE '%:core:2.0:User') AS user_schema \gset
SELECT what, d.* FROM (VALUES (1, 'nothing', 'SELECT 1', 'SELECT 1'),
    (2, 'alias, switched off', $$INSERT INTO directory.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"aliases": {"nick2": {"attribute": "nickName", "answers": true}}}')$$, $$UPDATE directory.policy SET enabled = false WHERE kind = 'wire'$$),
    (3, 'alias, gone', $$UPDATE directory.policy SET enabled = true WHERE kind = 'wire'$$, $$DELETE FROM directory.policy WHERE kind = 'wire'$$),
    (4, 'plain, changed', $$INSERT INTO directory.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"plain": ["roles"]}')$$, $$UPDATE directory.policy SET settings = '{"aliases": {"nick3": {"attribute": "displayName"}}}' WHERE kind = 'wire'$$),
    (5, 'returned never', pg_temp.characteristic('nickName', '{"returned": "never"}'), pg_temp.characteristic('nickName', '{"returned": "default"}')),
    (6, 'returned request', pg_temp.characteristic('nickName', '{"returned": "request"}'), pg_temp.characteristic('nickName', '{"returned": "default"}')),
    (7, 'dropped', $$SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a) FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'nickName')), force => true) FROM directory.schema WHERE id LIKE '%:core:2.0:User'$$, format('SELECT scim.register_schema(%L)', :'user_schema')),
    (8, 'in a group', format('INSERT INTO directory.member (group_id, member_id) VALUES (%L, %L)', :'crowd', :'between'), 'DELETE FROM directory.member WHERE group_id = ' || quote_literal(:'crowd')),
    (9, 'groups unasked', format('INSERT INTO directory.member (group_id, member_id) VALUES (%L, %L)', :'crowd', :'between'), pg_temp.characteristic('groups', '{"returned": "request"}'))) c (n, what, there, back),
    LATERAL pg_temp.dated('/Users/' || :'between' || CASE WHEN n < 8 THEN '?excludedAttributes=groups' ELSE '' END, there, back) d ORDER BY n;

-- What names attributes is read wherever it stands, also where nothing is shown; discovery goes by none.
SELECT method, replace(path, :'dated', '{id}') AS path, (SELECT array_agg(format('%s %s', status, body::jsonb ->> 'scimType') ORDER BY m) FROM (VALUES (1, 'attributes=a%20b'), (2, 'excludedAttributes=.'), (3, 'attributes=id&excludedAttributes=meta')) p (m, parameters),
    LATERAL scim.request(method, path || '?' || parameters, '{}', body)) AS answers
FROM (VALUES (1, 'GET', '/Groups', NULL), (2, 'POST', '/Groups', '{"displayName": "named"}'), (3, 'GET', '/Groups/' || :'dated', NULL), (4, 'PUT', '/Groups/' || :'dated', '{"displayName": "named"}'),
    (5, 'PATCH', '/Groups/' || :'dated', '{"Operations": [{"op": "remove", "path": "externalId"}]}'), (6, 'DELETE', '/Groups/' || :'dated', NULL), (7, 'GET', '/Groups/' || :'dated' || '/members', NULL), (8, 'POST', '/.search', '{"count": 0}'),
    (9, 'POST', '/Bulk', '{"Operations": [{"method": "DELETE", "path": "/Groups/1"}]}'), (10, 'POST', '/.preview', '{"method": "DELETE", "path": "/Groups/1"}'), (11, 'GET', '/Schemas', NULL)) r (n, method, path, body) ORDER BY n;

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
