-- Endpoints of one's own are HTTP: media types, methods, conditions, bodies where none belongs, targets that are none
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('web');
SET scim.store = 'web';
RESET client_min_messages;
INSERT INTO web.endpoint (name, methods, path, resource_type, action, settings) VALUES
('own', '{GET}', '/own', 'User', 'list', '{"mediaType": "application/vnd.x+json; v=1", "fields": {"n": {"attribute": "userName", "required": true}, "t": "title"}, "error": {"body": {"why": "{message}", "what": "{type}"}}}'),
('new', '{POST}', '/own', 'User', 'create', '{"like": "own"}'),
('one', '{GET}', '/own/{userName}', 'User', 'read', '{"like": "own"}'),
('change', '{PATCH}', '/own/{userName}', 'User', 'merge', '{"like": "own"}'),
('gone', '{DELETE}', '/own/{userName}', 'User', 'delete', '{"like": "own"}'),
('stop', '{POST}', '/own/{userName}/stop', 'User', 'suspend', '{"like": "own"}'),
('json', '{GET}', '/json', 'User', 'list', '{"fields": {"n": "userName"}}');
-- Accept: RFC 9110 section 12.5.1
SELECT target, accept, r.status, r.headers ->> 'Content-Type' AS type, r.body
FROM unnest(ARRAY['/own', '/json']) target, unnest(ARRAY[NULL, '', '*/*', 'application/*', 'text/html', 'application/json', 'Application/VND.x+JSON', 'application/json;q=0, */*', 'application/json;q=0.5', 'application/scim+json', 'text/*, application/*;q=0', 'x']) accept,
    scim.request('GET', target, CASE WHEN accept IS NULL THEN '{}' ELSE jsonb_build_object('Accept', accept) END) r;
-- an error is said in the form of the endpoint, whoever accepts that; what is not acceptable is not done
SELECT r.status, r.headers ->> 'Content-Type' AS type, r.body FROM scim.request('GET', '/own/nobody', '{"Accept": "application/json"}') r;
SELECT r.status FROM scim.request('POST', '/own', '{"Accept": "text/html"}', '{"n": "not done"}') r;
SELECT count(*) FROM web.users;
-- Content-Type
SELECT type, r.status, r.headers ->> 'Accept' AS accept, r.headers ->> 'Accept-Encoding' AS encoding, r.body
FROM unnest(ARRAY['application/json', 'application/vnd.x+json', 'application/vnd.x+json; charset=utf-8', 'application/vnd.x+json; charset=latin1', 'text/plain', 'application/json, application/json', 'application/scim+json']) type,
    scim.request('POST', '/own', jsonb_build_object('Content-Type', type), jsonb_build_object('n', type)::text) r;
SELECT r.status, r.headers ->> 'Accept' AS accept, r.headers ->> 'Accept-Encoding' AS encoding FROM scim.request('POST', '/own', '{"Content-Encoding": "gzip"}', '{"n": "x"}') r;
-- methods are as they are; bodies where none belongs have no effect
SELECT method, v.body AS sent, r.status, r.headers ->> 'Allow' AS allow, r.headers ->> 'Content-Length' AS length, r.body
FROM (VALUES ('HEAD', NULL), ('OPTIONS', NULL), ('get', NULL), ('TRACE', NULL), ('GET', 'no JSON')) v (method, body), scim.request(method, '/own/application%2Fjson', '{}', v.body) r;
SELECT r.status FROM scim.request('POST', '/own/application%2Fjson/stop', '{}', 'no JSON') r;
-- conditions
SELECT h, r.status, regexp_replace(r.body, 'at \w{3}, .* GMT', 'at ...') AS body FROM unnest(ARRAY['{"If-Match": "W/\"9\""}', '{"If-Match": ""}', '{"If-Match": "x"}', '{"If-None-Match": "*"}', '{"If-Unmodified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}', '{"If-Match": "W/\"2\""}', '{"If-Match": "*"}']::jsonb[]) h,
    scim.request('PATCH', '/own/application%2Fjson', h, '{"t": "x"}') r;
SELECT r.status, r.body FROM scim.request('DELETE', '/own/application%2Fjson', '{"If-Match": "W/\"1\""}') r;
-- what a body has twice is a field; a target that cannot be decoded is of the endpoint that it begins like
SELECT b AS sent, r.body FROM unnest(ARRAY['{"n": "a", "n": "b"}', '{"n": "a", "N": "b"}', '{"n": "a", "x": 1, "x": 2}']) b, scim.request('POST', '/own', '{}', b) r;
SELECT target, r.status, r.body FROM unnest(ARRAY['/own/%ff', '/own/a%00', '/own/%2e%2e', '/own/../x', '/own/%zz', '/own?filter=%ff', '/Users/%ff', '/nowhere/%ff', '/own/a%2Fb', '/%6Fwn/nobody']) target, scim.request('GET', target) r;
-- parameters that are repeated
SELECT target, r.status, r.body FROM unnest(ARRAY['/own?limit=1&limit=2', '/own?limit=0&limit=0', '/own?limit=0&LIMIT=1', '/own?filter=n+pr&filter=t+pr', '/own?limit=', '/own?limit=0&unknown=1&unknown=2']) target, scim.request('GET', target) r;
-- with the suffix of RFC 7644 section 3.8 it is SCIM's
CREATE FUNCTION pg_temp.made(path text, settings jsonb, name text DEFAULT 'e') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO web.endpoint (name, methods, path, resource_type, action, settings) VALUES (made.name, '{GET}', path, 'User', 'list', '{"fields": {"n": "userName"}}' || settings);
    DELETE FROM web.endpoint e WHERE e.name = made.name;
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
SELECT path, pg_temp.made(path, '{}') FROM unnest(ARRAY['/Users.scim', '/schemas.scim', '/v2/Users.scim', '/own.scim', '/Users.json']) path;
-- answers that HTTP does not have, parameters that are none
SELECT settings, pg_temp.made('/e', settings) FROM unnest(ARRAY['{"status": 204}', '{"status": 205}', '{"status": 206}', '{"status": 203}', '{"list": {"filter": ""}}', '{"list": {"sort": {"parameter": ""}}}', '{"list": {"paging": {"style": "page", "offset": "o"}}}',
    '{"list": {"paging": {"cursor": "c"}}}', '{"list": {"paging": {"limit": "l", "size": "s"}}}', '{"list": {"paging": {"style": "cursor", "cursor": "c", "size": "s"}}}']::jsonb[]) settings;
SELECT pg_temp.made('/e', '{}', '');
SET client_min_messages = warning;
SELECT scim.drop_store('web', true);
