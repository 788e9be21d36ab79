-- max_answer_size: a page ends before its documents are larger, and what is derived of a page never is
SET client_min_messages = warning;
SELECT scim.create_store('large');
SET scim.store = 'large';
RESET client_min_messages;
INSERT INTO large.users (data) SELECT jsonb_build_object('userName', 'u' || n, 'title', 'Big', 'nickName', repeat('x', 3000)) FROM generate_series(1, 10) n;
INSERT INTO large.setting (name, value) VALUES ('max_answer_size', '12000');
CREATE FUNCTION pg_temp.page(target text, OUT status int, OUT total int, OUT start int, OUT items int, OUT names text, OUT cursor text, OUT detail text) LANGUAGE sql AS $$
    SELECT r.status, (b ->> 'totalResults')::int, (b ->> 'startIndex')::int, (b ->> 'itemsPerPage')::int,
        (SELECT string_agg(coalesce(x ->> 'userName', x ->> 'displayName'), ' ' ORDER BY n) FROM jsonb_array_elements(b -> 'Resources') WITH ORDINALITY AS e (x, n)), b ->> 'nextCursor', b ->> 'detail'
    FROM scim.request('GET', target) r, LATERAL (SELECT r.body::jsonb) AS l (b)
$$;
CREATE FUNCTION pg_temp.walk(target text) RETURNS TABLE (total int, items int, names text) LANGUAGE plpgsql AS $$
DECLARE
    page record;
    cursor text := '';
BEGIN
    LOOP
        page := pg_temp.page(target || '&cursor=' || cursor);
        RETURN QUERY SELECT page.total, page.items, page.names;
        cursor := page.cursor;
        EXIT WHEN cursor IS NULL;
    END LOOP;
END $$;
-- by index: whoever goes on behind what he has got sees all
SELECT status, total, start, items, names FROM pg_temp.page('/Users');
SELECT status, total, start, items, names FROM pg_temp.page('/Users?startIndex=4&count=10');
SELECT status, total, start, items, names FROM pg_temp.page('/Users?startIndex=9&count=10');
SELECT status, total, start, items, names FROM pg_temp.page('/Users?filter=title+eq+%22big%22&startIndex=4');
SELECT status, total, start, items, names FROM pg_temp.page('/Users?filter=title+sw+%22big%22&sortBy=userName&sortOrder=descending');
SELECT status, total, start, items, names FROM pg_temp.page('/Users?filter=groups+pr+or+title+pr');
SELECT status, total, start, items, names FROM pg_temp.page('/?filter=title+pr');
SELECT status, total, start, items, names FROM pg_temp.page('/Users?count=2');
-- by cursor
SELECT * FROM pg_temp.walk('/Users?count=7');
SELECT * FROM pg_temp.walk('/Users?count=7&filter=title+sw+%22big%22');
SELECT * FROM pg_temp.walk('/Users?count=7&sortBy=userName');
-- in SQL, and /.search
SELECT b -> 'itemsPerPage' AS items, jsonb_array_length(b -> 'Resources') AS n, b -> 'totalResults' AS total FROM scim.search('User') b;
SELECT r.status, r.body::jsonb -> 'itemsPerPage' AS items FROM scim.request('POST', '/Users/.search', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "title pr"}') r;
-- one resource is there, however large it is, and nobody is stuck behind it
UPDATE large.users SET data = data || jsonb_build_object('nickName', repeat('y', 20000)) WHERE user_name = 'u2';
SELECT * FROM pg_temp.walk('/Users?count=7');
SELECT status, total, start, items, names FROM pg_temp.page('/Users?startIndex=2');
SELECT status, length(body) > 20000 AS whole FROM scim.request('GET', '/Users/' || (SELECT id FROM large.users WHERE user_name = 'u2'));
-- what is derived of several is refused, and the limit named
INSERT INTO large.groups (data) SELECT jsonb_build_object('displayName', 'g' || n, 'members', (SELECT jsonb_agg(id) FROM large.users)) FROM generate_series(1, 12) n;
SELECT status, items, detail FROM pg_temp.page('/Groups');
SELECT status, items, detail FROM pg_temp.page('/Groups?excludedAttributes=members');
SELECT status, items, detail FROM pg_temp.page('/Groups?count=2');
SELECT scim.search('Group');
-- a list of members ends as one of resources does, by index and by cursor, and has one at least
INSERT INTO large.users (data) SELECT jsonb_build_object('userName', 'm' || n, 'displayName', repeat('é', 100) || n) FROM generate_series(1, 20) n;
SELECT '/Groups/' || (scim.create_resource('Group', jsonb_build_object('displayName', 'members', 'members', (SELECT jsonb_agg(id) FROM large.users WHERE user_name ~ '^m'))) ->> 'id') || '/members' AS members \gset
UPDATE large.setting SET value = '1500' WHERE name = 'max_answer_size';
SELECT p.status, total, start, items, octet_length(r.body) < 1800 AS bound, r.body::jsonb -> 'nextCursor' AS next FROM pg_temp.page(:'members' || '?count=20') p, scim.request('GET', :'members' || '?count=20') r;
SELECT status, total, start, items FROM pg_temp.page(:'members' || '?count=20&startIndex=18');
SELECT status, total, start, items FROM pg_temp.page(:'members' || '?count=2');
SELECT status, total, start, items FROM pg_temp.page(:'members' || '?attributes=value');
SELECT status, total, start, items FROM pg_temp.page(:'members' || '?filter=type%20eq%20%22User%22');
SELECT count(*) AS pages, sum(items) AS members, max(total) AS total FROM pg_temp.walk(:'members' || '?count=20');
UPDATE large.users SET data = data || jsonb_build_object('displayName', repeat('x', 1000)) WHERE user_name = 'm2';
UPDATE large.setting SET value = '1024' WHERE name = 'max_answer_size';
SELECT count(*) AS pages, sum(items) AS members, min(items) AS least FROM pg_temp.walk(:'members' || '?count=20');
UPDATE large.setting SET value = '12000' WHERE name = 'max_answer_size';
-- an endpoint of one's own, whose pages are counted
INSERT INTO large.endpoint (methods, path, resource_type, action) VALUES ('{GET}', '/api/users', 'User', 'list');
SELECT status, body FROM scim.request('GET', '/api/users');
-- or which goes on with a cursor
INSERT INTO large.endpoint (methods, path, resource_type, action, settings) VALUES ('{GET}', '/api/after', 'User', 'list', '{"fields": {"login": "userName"}, "list": {"paging": {"style": "cursor", "default": 7, "max": 50}, "body": {"users": "{items}", "n": "{count}", "next": "{cursor}", "total": "{total}"}}}');
CREATE FUNCTION pg_temp.flat_walk(target text) RETURNS TABLE (total int, n int, names text) LANGUAGE plpgsql AS $$
DECLARE
    page jsonb;
    cursor text := '';
BEGIN
    LOOP
        page := (SELECT r.body::jsonb FROM scim.request('GET', target || '&cursor=' || cursor) r);
        RETURN QUERY SELECT (page -> 'total')::int, (page -> 'n')::int, (SELECT string_agg(e ->> 'login', ' ') FROM jsonb_array_elements(page -> 'users') e);
        cursor := page ->> 'next';
        EXIT WHEN cursor IS NULL;
    END LOOP;
END $$;
DELETE FROM large.users WHERE user_name ~ '^m';
SELECT * FROM pg_temp.flat_walk('/api/after?limit=');
SELECT * FROM pg_temp.flat_walk('/api/after?limit=50');
SELECT name, value, source FROM scim.settings() WHERE name = 'max_answer_size';
SET client_min_messages = warning;
SELECT scim.drop_store('large', force => true);
