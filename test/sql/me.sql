SELECT scim.create_store('me');
SET scim.store = 'me';
SET scim.base_url = 'https://scim.example/v2';

-- Nobody in particular: 501, whatever the method (RFC 7644 section 3.11)
SELECT method, status, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) WITH ORDINALITY t(method, n),
    scim.request(method, '/Me', '{}', '{}') ORDER BY n;

INSERT INTO me.users (data) VALUES ('{"userName": "myself"}'), ('{"userName": "another"}');
SELECT id AS me, upper(id::text) AS "ME" FROM me.users WHERE user_name = 'myself' \gset
SET scim.me = :'me';

-- the resource itself; Location says where it is
SELECT me.status, me.body = own.body AS same, me.headers ->> 'ETag' AS etag,
    me.headers ->> 'Location' = own.body::jsonb #>> '{meta,location}' AS located,
    me.headers ->> 'Content-Location' = me.headers ->> 'Location' AS content_located, own.headers ? 'Content-Location' AS otherwise
FROM scim.request('GET', '/scim/v2/me/') me, scim.request('GET', '/Users/' || :'me') own;
SELECT status, body FROM scim.request('HEAD', '/Me');
SELECT status, headers ? 'Location' AS located FROM scim.request('GET', '/Me', '{"If-None-Match": "W/\"1\""}');
SELECT body::jsonb - 'id' AS projected FROM scim.request('GET', '/Me?attributes=userName');
SELECT status, body::jsonb ->> 'title' AS title, headers ->> 'Location' = 'https://scim.example/v2/Users/' || :'me' AS located
FROM scim.request('PATCH', '/Me', '{"If-Match": "W/\"1\""}', '{"Operations": [{"op": "add", "path": "title", "value": "T"}]}');
-- in any answer
SELECT status, headers ->> 'Location' = 'https://scim.example/v2/Users/' || :'me' AS located FROM scim.request('FOO', '/Me');
SELECT status, body::jsonb ->> 'scimType' AS scim_type, headers ->> 'Location' = 'https://scim.example/v2/Users/' || :'me' AS located
FROM scim.request('PATCH', '/Me', '{"If-Match": "W/\"1\""}', '{"Operations": [{"op": "add", "path": "title", "value": "U"}]}');
SELECT status, body::jsonb ->> 'title' AS title, headers ->> 'Location' = 'https://scim.example/v2/Users/' || :'me' AS located
FROM scim.request('PUT', '/Me', '{}', '{"userName": "myself", "title": "V"}');
SELECT o ->> 'status' AS status, o ->> 'location' = 'https://scim.example/v2/Users/' || :'me' AS located
FROM scim.request('POST', '/Bulk', '{}', '{"Operations": [{"method": "PATCH", "path": "/Me", "data": [{"op": "remove", "path": "title"}]}]}'),
    jsonb_array_elements(body::jsonb -> 'Operations') o;

-- the one URL that he has, however his id is written where it says who asks
SET scim.me = :'ME';
SELECT method, status, headers ->> 'Location' = 'https://scim.example/v2/Users/' || :'me' AS located, headers ->> 'Content-Location' = headers ->> 'Location' AS content_located
FROM unnest('{GET,HEAD,PATCH,FOO}'::text[]) WITH ORDINALITY t (method, n), scim.request(method, '/Me', '{}', '{"Operations": [{"op": "add", "path": "title", "value": "V"}]}') ORDER BY n;
SET scim.me = :'me';

-- Not supported: creating oneself; and nothing is below
SELECT method, target, status, headers ->> 'Allow' AS allow, CASE WHEN status >= 400 THEN body::jsonb ->> 'detail' END AS detail
FROM (VALUES ('POST', '/Me'), ('GET', '/Me/groups'), ('PUT', '/Me/x/y'), ('FOO', '/Me'), ('OPTIONS', '/Me')) AS t (method, target),
    scim.request(method, target, '{}', '{"userName": "x"}') ORDER BY 2, 1;
SELECT status, headers ? 'Location' AS located FROM scim.request('DELETE', '/Me');
SELECT status FROM scim.request('GET', '/Me');
-- who does not exist, or of another tenant: he is nowhere, whatever the answer is
SET scim.me = 'no id';
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('GET', '/Me');
INSERT INTO me.groups (data) VALUES ('{"displayName": "no user"}') RETURNING id AS no_user \gset
SELECT who, method, status, headers ->> 'Location' AS location
FROM (VALUES (1, 'no id', 'no id'), (2, 'gone', :'me'), (3, 'a group', :'no_user')) AS w (n, who, id), LATERAL (SELECT set_config('scim.me', id, false)) AS s (me),
    unnest('{GET,HEAD,PUT,PATCH,DELETE,FOO}'::text[]) WITH ORDINALITY t (method, m), LATERAL (SELECT r.* FROM scim.request(method, '/Me', '{}', CASE WHEN me <> '' THEN '{}' END) r) AS r ORDER BY n, m;
SELECT id AS me FROM me.users WHERE user_name = 'another' \gset
SET scim.me = :'me';
SELECT status FROM scim.request('GET', '/Me');
SET scim.tenant = 2;
SELECT status, headers ? 'Location' AS located FROM scim.request('GET', '/Me');

RESET scim.tenant;
RESET scim.base_url;
SET client_min_messages = warning;
SELECT scim.drop_store('me', true);
