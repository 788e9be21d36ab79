-- Endpoints of one's own: a filter where none is taken, and the entity-tag of a write
SET client_min_messages = warning;
SELECT scim.create_store('leavers');
SET scim.store = 'leavers';
INSERT INTO leavers.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "ann"}'), ('00000000-0000-7000-8000-000000000002', '{"userName": "bob"}');
INSERT INTO leavers.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "Staff", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
INSERT INTO leavers.endpoint (methods, path, resource_type, action, name, settings) VALUES
    ('{GET}', '/api/e/{userName}', 'User', 'read', 'read', '{"fields": {"login": "userName", "title": "title", "teams": "groups.display"}}'),
    ('{PUT}', '/api/e/{userName}', 'User', 'replace', 'replace', '{"fields": {"login": "userName", "title": "title", "teams": "groups.display"}}'),
    ('{PATCH}', '/api/e/{userName}', 'User', 'merge', 'merge', '{"fields": {"login": "userName", "title": "title", "teams": "groups.display"}}'),
    ('{DELETE}', '/api/e/{userName}', 'User', 'delete', 'delete', '{}'),
    ('{POST}', '/api/e', 'User', 'create', 'create', '{"fields": {"login": "userName", "title": "title"}}'),
    ('{GET}', '/api/all', 'User', 'list', 'all', '{"fields": {"login": "userName"}, "list": {"body": {"data": "{items}"}}}'),
    ('{GET}', '/api/some', 'User', 'list', 'some', '{"fields": {"login": "userName"}, "list": {"filter": "filter", "body": {"data": "{items}"}}}');
SELECT method, target, query, a.status, a.body::jsonb AS body
FROM (VALUES ('GET', '/api/e/ann'), ('PUT', '/api/e/ann'), ('PATCH', '/api/e/ann'), ('DELETE', '/api/e/ann'), ('POST', '/api/e'), ('GET', '/api/all'), ('GET', '/api/some')) e (method, target),
    unnest(ARRAY['filter=login%20eq%20%22nobody%22', 'FILTER=login%20eq%20%22nobody%22', 'fil%74er=x%20eq%20%22nobody%22']) query,
    scim.request(method, target || '?' || query, '{}', CASE WHEN method IN ('PUT', 'PATCH', 'POST') THEN '{"login": "ann"}' END) a ORDER BY 2, 1, 3;
-- nothing has been done
SELECT user_name, version FROM leavers.users ORDER BY 1;
-- what has no effect at /Users/{id} has none here, nor has an empty filter
SELECT query, a.status AS users, b.status AS endpoint FROM unnest(ARRAY['sortBy=userName', 'sortOrder=descending', 'startIndex=2', 'count=0', 'cursor=x', 'filter=', 'anything=x', 'filter=userName%20pr']) query,
    scim.request('GET', '/Users/00000000-0000-7000-8000-000000000001?' || query) a, scim.request('GET', '/api/e/ann?' || query) b ORDER BY 1;
-- the entity-tag of a write is that of the next GET of the same
CREATE FUNCTION pg_temp.write_and_read(method text, body text, OUT written int, OUT same_body boolean, OUT same_tag boolean, OUT not_modified int, OUT matched int) LANGUAGE plpgsql AS $$
DECLARE
    w scim.response;
    r scim.response;
BEGIN
    w := scim.request(method, '/api/e/ann', '{}', body);
    r := scim.request('GET', '/api/e/ann');
    written := w.status;
    same_body := w.body = r.body;
    same_tag := w.headers ->> 'ETag' = r.headers ->> 'ETag';
    not_modified := (scim.request('GET', '/api/e/ann', jsonb_build_object('If-None-Match', w.headers ->> 'ETag'))).status;
    matched := (scim.request('PATCH', '/api/e/ann', jsonb_build_object('If-Match', w.headers ->> 'ETag'), '{"title": "after"}')).status;
END $$;
SELECT method, w.* FROM (VALUES ('PATCH', '{"title": "t"}'), ('PUT', '{"login": "ann", "title": "u"}'), ('PATCH', '{}')) m (method, body), pg_temp.write_and_read(method, body) w;
SELECT (scim.request('GET', '/api/e/ann')).body;
SELECT status, headers ? 'ETag' AS tag FROM scim.request('DELETE', '/api/e/bob');
SELECT scim.drop_store('leavers', true);
