-- What a body says to endpoints of one's own: nothing of it passes unseen
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('flat_body');
SET scim.store = 'flat_body';
RESET client_min_messages;
INSERT INTO flat_body.endpoint (name, methods, path, resource_type, action, settings) VALUES
('create', '{POST}', '/api/h', 'User', 'create', '{"fields": {"id": "id", "login": {"attribute": "userName", "also": ["user.name"]}, "name.first": "name.givenName", "name.last": {"attribute": "name.familyName", "also": ["surname"]},
    "a.b.c": "title", "seen.at": {"attribute": "meta.created", "access": "read"}, "work": "emails[type eq \"work\"].value", "num": {"attribute": "displayName", "values": {"1": "one", "2": "two"}}}}'),
('merge', '{PATCH}', '/api/h/{userName}', 'User', 'merge', '{"like": "create"}'),
('replace', '{PUT}', '/api/h/{userName}', 'User', 'replace', '{"like": "create"}'),
('lax', '{PATCH}', '/api/lax/{userName}', 'User', 'merge', '{"like": "create", "unknown": "ignore"}'),
('lax replace', '{PUT}', '/api/lax/{userName}', 'User', 'replace', '{"like": "create", "unknown": "ignore"}');
CREATE FUNCTION pg_temp.said(method text, path text, body text) RETURNS text LANGUAGE sql AS $$
SELECT r.status || coalesce(' ' || (r.body::jsonb ->> 'message'), ': ' || (r.body::jsonb - '{id,seen}'::text[])::text, '') FROM scim.request(method, path, '{}', body) r $$;
SELECT pg_temp.said('POST', '/api/h', '{"login": "ada", "name": {"first": "Ada", "last": "L"}, "a": {"b": {"c": "Countess"}}, "work": "w@example.com", "num": "1"}');
-- a name with dots is no place of a field, whatever it is written with, nor is one of an object
SELECT method, path, body, pg_temp.said(method, path, body) FROM unnest(ARRAY['{"name.first": "Eve"}', '{"NAME.First": "Eve"}', '{"name.first": null}', '{"name.first": {"x": 1}}', '{"user.name": "x"}', '{"name.first": "Eve", "name": {"first": "Zoe"}}',
    '{"a.b": {"c": "Eve"}}', '{"a.b": null}', '{"a.b.c": "Eve"}', '{"a": {"b.c": "Eve"}}', '{"A": {"b.C": null, "b": {"c": "Zoe"}}}', '{"seen.at": "now"}', '{"name.middle": "x"}', '{"name.first.x": 1}', '{"login": "ada", "name.first": "Eve"}']) body,
    (VALUES ('PATCH', '/api/h/ada'), ('PATCH', '/api/lax/ada')) v (method, path) ORDER BY body COLLATE "C", path;
SELECT method, path, pg_temp.said(method, path, '{"login": "ada", "name.first": "Eve"}') FROM (VALUES ('PUT', '/api/h/ada'), ('PUT', '/api/lax/ada'), ('POST', '/api/h')) v (method, path);
SELECT data - '{schemas}'::text[] FROM flat_body.users;
-- an object that is null clears all that could be in it
SELECT body, pg_temp.said('PATCH', '/api/h/ada', body) FROM unnest(ARRAY['{"a": null}', '{"name": null}', '{"name": {"first": "Ada", "last": "L"}, "surname": null}', '{"name": {"first": "Ada", "last": "L"}}', '{"name": {"last": null}}', '{"user": null}', '{"seen": null}']) body;
-- messages speak of fields, and quote what was said as it was
SELECT body, pg_temp.said('PATCH', '/api/h/ada', body) FROM unnest(ARRAY['{"work": {"value": "w"}}', '{"work": 5}', '{"work": ["x@example.com"]}', '{"work": ["x@example.com", "y@example.com"]}', '{"work": null}', '{"num": 1}', '{"num": true}', '{"num": "3"}', '{"num": "2"}']) body;
-- a filter where a list takes none
INSERT INTO flat_body.endpoint (name, methods, path, resource_type, action, settings) VALUES
('none', '{GET}', '/api/none', 'User', 'list', '{"fields": {"login": "userName"}, "list": {"filter": null}}'),
('q', '{GET}', '/api/q', 'User', 'list', '{"fields": {"login": "userName"}, "list": {"filter": "q"}}'),
('sorts', '{GET}', '/api/sorts', 'User', 'list', '{"fields": {"login": "userName"}, "list": {"filter": null, "sort": {"parameter": "filter", "order": "o"}}}');
SELECT target, status, body FROM unnest(ARRAY['/api/none?filter=login+eq+"x"', '/api/none?FILTER=login+pr', '/api/none?filter=', '/api/none?other=1', '/api/q?filter=login+eq+"x"', '/api/q?q=login+eq+"ada"', '/api/sorts?filter=login']) target, scim.request('GET', target);
-- and what OpenAPI says of it: what is refused, what must be there, what may be null
INSERT INTO flat_body.endpoint (name, methods, path, resource_type, action, settings) VALUES
('k', '{POST}', '/api/k', 'User', 'create', '{"absent": "null", "fields": {"id": "id", "login": "userName", "t": "title", "n.must": {"attribute": "nickName", "required": true, "also": ["must"]}, "n.last": "name.familyName", "rol": {"attribute": "roles.value", "one": true}, "num": {"attribute": "displayName", "values": {"1": "one"}}, "on": {"present": "title"}}}'),
('k read', '{GET}', '/api/k/{id}', 'User', 'read', '{"like": "k"}'),
('k merge', '{PATCH}', '/api/k/{id}', 'User', 'merge', '{"like": "k"}'),
('k made', '{PUT}', '/api/k', 'User', 'create', '{"like": "k", "constants": {"userName": "{must}"}, "unknown": "ignore"}');
SELECT jsonb_pretty(scim.openapi() #> '{paths,/api/k,post,requestBody,content,application/json,schema}') AS create;
SELECT jsonb_pretty(scim.openapi() #> ARRAY['paths', '/api/k/{id}', 'get', 'responses', '200', 'content', 'application/json', 'schema']) AS read;
SELECT p #> '{patch,requestBody,content,application/json,schema,required}' AS merge_required, p #> '{patch,requestBody,content,application/json,schema,properties,login}' AS merge_login FROM (SELECT scim.openapi() #> ARRAY['paths', '/api/k/{id}']) x (p);
SELECT jsonb_pretty(scim.openapi() #> '{paths,/api/k,put,requestBody,content,application/json,schema}') AS made;
SELECT r.status, r.body::jsonb - 'id' AS body FROM unnest(ARRAY['{"must": "m"}', '{"login": ""}', '{"login": "k", "must": "m", "z": 1}', '{"login": "k", "n": null, "must": "m"}', '{"login": "k", "must": "m", "t": null, "num": null}', '{"login": "l", "n": {"must": "m", "last": "L"}, "on": 7}']) body, scim.request('POST', '/api/k', '{}', body) r;
UPDATE flat_body.users SET data = data || '{"displayName": "X"}' WHERE user_name = 'k';
SELECT r.body::jsonb - 'id' AS body FROM flat_body.users, scim.request('GET', '/api/k/' || id) r WHERE user_name = 'k';
-- what is required is not blank: by the pattern, and by what is taken, alike; what must not be there may be empty
SELECT scim.register_schema('{"id": "urn:x:must", "name": "Must", "attributes": [{"name": "code", "required": true}]}') ->> 'id' AS schema;
UPDATE flat_body.resource_type SET document = jsonb_set(document, '{schemaExtensions,99}', '{"schema": "urn:x:must", "required": false}') WHERE name = 'User';
INSERT INTO flat_body.endpoint (name, methods, path, resource_type, action, settings) VALUES
('seen user', '{POST}', '/api/seen/user', 'User', 'create', '{"fields": {"value": "userName"}}'),
('seen code', '{POST}', '/api/seen/code', 'User', 'create', '{"fields": {"login": "userName", "value": "urn:x:must:code"}}'),
('seen must', '{POST}', '/api/seen/must', 'User', 'create', '{"fields": {"login": "userName", "value": {"attribute": "urn:x:must:code", "required": true}}}'),
('seen free', '{POST}', '/api/seen/free', 'User', 'create', '{"fields": {"login": "userName", "value": {"attribute": "title", "required": true}}}');
SELECT path, said ~ coalesce(s ->> 'pattern', '') AND length(said) >= coalesce((s ->> 'minLength')::int, 0) AS allowed, status = 201 AS taken, string_agg(n::text, ' ' ORDER BY n) AS texts
FROM unnest(ARRAY['', ' ', chr(9), chr(160), chr(8203) || chr(65279), 'a', ' b ', chr(161)]) WITH ORDINALITY t (said, n), unnest(ARRAY['/api/seen/user', '/api/seen/code', '/api/seen/must', '/api/seen/free']) path,
    LATERAL (SELECT scim.openapi() #> ARRAY['paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema', 'properties', 'value']) o (s),
    scim.request('POST', path, '{}', (jsonb_build_object('value', said) || CASE WHEN path <> '/api/seen/user' THEN jsonb_build_object('login', path || n) ELSE '{}' END)::text)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SET client_min_messages = warning;
SELECT scim.drop_store('flat_body', true);
