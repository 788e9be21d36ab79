SELECT scim.create_store('cursor');
SET scim.store = 'cursor';
INSERT INTO cursor.users (data)
SELECT jsonb_strip_nulls(jsonb_build_object('userName', 'u' || lpad(i::text, 2, '0'), 'active', i % 3 <> 0,
    -- twice each, and some without
    'displayName', CASE WHEN i % 4 <> 0 THEN chr(64 + (i * 7) % 12) END,
    'title', CASE WHEN i % 5 <> 0 THEN 'Ünit ' || i / 4 END,
    'emails', jsonb_build_array(jsonb_build_object('value', 'm' || (i * 11) % 23 || '@example.com'))))
FROM generate_series(1, 23) i;
INSERT INTO cursor.groups (data) SELECT jsonb_build_object('displayName', 'g' || i) FROM generate_series(1, 4) i;

-- Walks all pages by cursor: ids in order, the sizes of the pages, and how many totals were told
CREATE FUNCTION pg_temp.walk(resource_type text, filter text, sort_by text, sort_order text, count bigint,
    OUT ids text[], OUT sizes int[], OUT totals text[])
LANGUAGE plpgsql AS $$
DECLARE
    page jsonb;
    cursor text := '';
BEGIN
    LOOP
        page := scim.search(resource_type, filter, sort_by, sort_order, NULL, count, cursor);
        IF page ? 'startIndex' OR page -> 'itemsPerPage' <> to_jsonb(jsonb_array_length(page -> 'Resources')) THEN
            RAISE 'bad page: %', page - 'Resources';
        END IF;
        ids := ids || ARRAY(SELECT r ->> 'id' FROM jsonb_array_elements(page -> 'Resources') r);
        sizes := sizes || jsonb_array_length(page -> 'Resources');
        totals := CASE WHEN totals[cardinality(totals)] = page ->> 'totalResults' THEN totals ELSE totals || (page ->> 'totalResults') END;
        cursor := page ->> 'nextCursor';
        IF cursor !~ '^[A-Za-z0-9._~-]+$' THEN
            RAISE 'not of unreserved characters: %', cursor;
        END IF;
        EXIT WHEN cursor IS NULL;
    END LOOP;
END $$;

-- Whatever the order, all pages together are the list that index paging gives in one
SELECT coalesce(t.type, '(all)') AS type, t.filter, s.sort_by, o.sort_order, count(*) AS walks,
    bool_and(w.ids = i.ids) AS same_list, min(cardinality(i.ids)) AS length,
    string_agg(array_to_string(w.sizes, '+'), ' ' ORDER BY c.count) FILTER (WHERE c.count > 4) AS pages,
    array_agg(DISTINCT w.totals) AS totals
FROM (VALUES ('User', NULL), ('User', 'userName ge "u05" and emails pr'), (NULL, NULL)) AS t (type, filter),
    unnest(ARRAY[NULL, 'id', 'userName', 'displayName', 'title', 'active', 'meta.created', 'meta.lastModified',
        'meta.version', 'meta.resourceType', 'externalId', 'emails']) AS s (sort_by),
    unnest(ARRAY['ascending', 'descending']) AS o (sort_order),
    unnest(ARRAY[1, 7, 23]) AS c (count),
    pg_temp.walk(t.type, t.filter, s.sort_by, o.sort_order, c.count) w,
    LATERAL (SELECT ARRAY(SELECT r ->> 'id' FROM jsonb_array_elements(
        scim.search(t.type, t.filter, s.sort_by, o.sort_order) -> 'Resources') r) AS ids) i
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3 NULLS FIRST, 4;

-- An index order has its ties by id, in the same direction
SELECT string_agg(coalesce(r ->> 'displayName', '-') || right(r ->> 'userName', 2), ' ' ORDER BY n) AS descending
FROM jsonb_array_elements(scim.search('User', sort_by => 'displayName', sort_order => 'descending') -> 'Resources') WITH ORDINALITY t(r, n);

-- Over HTTP: bare, empty, in any letter case, and in .search
SELECT n, status, body::jsonb - 'Resources' - 'nextCursor' AS list, body::jsonb ? 'nextCursor' AS has_next,
    jsonb_path_query_array(body::jsonb, '$.Resources[*].userName') AS names
FROM (VALUES (1, 'GET', '/Users?filter=userName%20sw%20%22u0%22&cursor&count=4', NULL),
        (2, 'GET', '/Users?filter=userName%20sw%20%22u0%22&Cursor=&count=9', NULL),
        (3, 'POST', '/Users/.search', '{"cursor": "", "count": 2, "attributes": ["userName"]}'),
        (4, 'POST', '/.search', '{"cursor": "", "count": 2}'),
        (5, 'GET', '/?cursor&count=1&sortBy=userName&sortOrder=descending&filter=userName+pr', NULL),
        -- null is not given; 0 asks for the total only, and so does less
        (6, 'POST', '/Users/.search', '{"cursor": null, "count": 1}'),
        (7, 'GET', '/Users?cursor&count=0', NULL),
        (8, 'GET', '/Users?cursor&count=-5', NULL),
        (9, 'GET', '/Users?cursor&filter=userName+eq+%22none%22', NULL)) AS t (n, method, target, body_in),
    scim.request(t.method, t.target, '{}', t.body_in)
ORDER BY n;

-- The next page: the same query, spelled in another way, by another method
SELECT body::jsonb ->> 'nextCursor' AS next
FROM scim.request('GET', '/Users?filter=userName%20sw%20%22u1%22&cursor&count=4&sortBy=userName') \gset
SELECT n, status, body::jsonb - 'Resources' - 'nextCursor' AS list,
    jsonb_path_query_array(body::jsonb, '$.Resources[*].userName') AS names
FROM (VALUES (1, 'GET', '/Users?filter=userName%20sw%20%22u1%22&count=4&sortBy=userName&cursor=' || :'next', NULL),
        (2, 'GET', '/users?filter=USERNAME+SW+"u1"&count=4&sortby=username&sortOrder=Ascending&x=y&cursor=' || :'next', NULL),
        (3, 'POST', '/Users/.search', format('{"filter": "(userName sw \"u1\")", "count": 4.0, "sortBy": "userName", "cursor": "%s"}', :'next'))
    ) AS t (n, method, target, body_in),
    scim.request(t.method, t.target, '{}', t.body_in)
ORDER BY n;

-- A cursor is good for its query only: one error for every reason
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY[
        'Users?filter=userName+sw+"u2"&count=4&sortBy=userName&cursor=' || :'next',
        'Users?count=4&sortBy=userName&cursor=' || :'next',
        'Users?filter=userName+sw+"u1"&count=4&cursor=' || :'next',
        'Users?filter=userName+sw+"u1"&count=4&sortBy=displayName&cursor=' || :'next',
        'Users?filter=userName+sw+"u1"&count=4&sortBy=userName&sortOrder=descending&cursor=' || :'next',
        '?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || :'next',
        'Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=x',
        'Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || :'next' || 'A',
        'Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || left(:'next', -1),
        'Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || overlay(:'next' placing translate(substr(:'next', 60, 1), 'AB', 'BA') || '_' from 60 for 1),
        'Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || reverse(:'next'),
        'Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=%C3%A9',
        'Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || repeat('A', 150)]) WITH ORDINALITY t(target, n),
    scim.request('GET', '/' || target)
ORDER BY n;
-- every character of it counts
SELECT count(*) AS characters_not_checked
FROM generate_series(1, length(:'next')) i,
    scim.request('GET', '/Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor='
        || overlay(:'next' placing CASE substr(:'next', i, 1) WHEN 'Q' THEN 'R' ELSE 'Q' END from i for 1))
WHERE body::jsonb ->> 'scimType' IS DISTINCT FROM 'invalidCursor';

-- of its tenant, and of its store
SET scim.tenant = 2;
SELECT status, body::jsonb ->> 'scimType' AS scim_type
FROM scim.request('GET', '/Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || :'next');
RESET scim.tenant;
SELECT scim.create_store('cursor2');
SET scim.store = 'cursor2';
SELECT status, body::jsonb ->> 'scimType' AS scim_type
FROM scim.request('GET', '/Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || :'next');
SET scim.store = 'cursor';

-- It shows nothing, and no two stores have the same secret
SELECT bool_or(position('u13'::bytea in decode(rpad(translate(substr(:'next', i), '-_', '+/'), (length(:'next') + 4 - i) / 4 * 4, '='), 'base64')) > 0) AS readable
FROM generate_series(1, 8) i;
SELECT count(DISTINCT value) AS secrets, min(length(value)) AS length
FROM (TABLE cursor.secret UNION ALL TABLE cursor2.secret) s;

-- count: not above the page size, and not another one than at first; startIndex has no place beside a cursor
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['count=201&cursor', 'count=5&filter=userName+sw+"u1"&sortBy=userName&cursor=' || :'next',
        'filter=userName+sw+"u1"&sortBy=userName&cursor=' || :'next', 'startIndex=1&cursor', 'startIndex=2&cursor=' || :'next']) WITH ORDINALITY t(query, n),
    scim.request('GET', '/Users?' || query)
ORDER BY n;
SELECT status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM scim.request('POST', '/Users/.search', '{}', '{"cursor": 1}');
SELECT status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM scim.request('POST', '/Users/.search?cursor', '{}', '{}');
-- by SQL, with the codes of their own
DO $$
DECLARE
    code text;
BEGIN
    FOREACH code IN ARRAY ARRAY['scim.search(''User'', cursor => ''x'')', 'scim.search(''User'', count => 1000, cursor => '''')'] LOOP
        BEGIN
            EXECUTE 'SELECT ' || code;
        EXCEPTION WHEN SQLSTATE 'SCCUR' OR SQLSTATE 'SCCNT' THEN
            RAISE NOTICE '%: %', sqlstate, sqlerrm;
        END;
    END LOOP;
END $$;

-- Too old
SET scim.cursor_timeout = 1;
SELECT pg_sleep(1.1) \g /dev/null
SELECT status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM scim.request('GET', '/Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || :'next');
SET scim.cursor_timeout = 0;
SELECT status FROM scim.request('GET', '/Users?filter=userName+sw+"u1"&count=4&sortBy=userName&cursor=' || :'next');

-- What the service says of it
SELECT body::jsonb -> 'pagination' AS pagination FROM scim.request('GET', '/ServiceProviderConfig');
RESET scim.cursor_timeout;
SET scim.max_results = 50;
SELECT body::jsonb -> 'pagination' AS pagination FROM scim.request('GET', '/ServiceProviderConfig');
RESET scim.max_results;
SET scim.advertise_pagination = off;
SELECT body::jsonb ? 'pagination' AS pagination FROM scim.request('GET', '/ServiceProviderConfig');
RESET scim.advertise_pagination;

-- Index paging is the default, and tells of no cursor
SELECT body::jsonb - 'Resources' AS list FROM scim.request('GET', '/Users?count=2');

-- Between pages: what is deleted is gone, what is new comes where it belongs, what stays comes once
SELECT page ->> 'nextCursor' AS next, jsonb_path_query_array(page, '$.Resources[*].userName') AS names
FROM scim.search('User', NULL, 'userName', NULL, NULL, 5, '') page \gset
SELECT :'names' AS names;
DELETE FROM cursor.users WHERE user_name IN ('u01', 'u05', 'u07');
INSERT INTO cursor.users (data) VALUES ('{"userName": "u00"}'), ('{"userName": "u065"}');
SELECT jsonb_path_query_array(page, '$.Resources[*].userName') AS names, page -> 'totalResults' AS total
FROM scim.search('User', NULL, 'userName', NULL, NULL, 5, :'next') page;

-- What a cursor is a place in means something else by now: it is none of that order, nor of what that filter finds
CREATE FUNCTION pg_temp.attribute(schema text, attribute jsonb) RETURNS void LANGUAGE sql AS $$
    SELECT scim.register_schema(jsonb_build_object('id', schema, 'name', 'Z', 'attributes', jsonb_build_array(attribute || '{"name": "k"}',
        '{"name": "n", "type": "string"}'::jsonb)), force => true);
$$;
CREATE FUNCTION pg_temp.over_change(before jsonb, after jsonb, vals jsonb, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    page jsonb;
    answer record;
    ids text[] := '{}';
    pages int := 0;
    cursor text := '';
BEGIN
    DELETE FROM cursor.zs;
    PERFORM pg_temp.attribute('urn:z', before);
    INSERT INTO cursor.zs (data) SELECT jsonb_build_object('k', v, 'n', 'A' || n) FROM jsonb_array_elements(vals) WITH ORDINALITY v (v, n);
    LOOP
        SELECT status, body::jsonb INTO answer FROM scim.request('GET', query || '&count=3&cursor=' || cursor);
        IF answer.status <> 200 THEN
            RETURN format('%s pages, then %s %s', pages, answer.status, answer.body::jsonb ->> 'scimType');
        END IF;
        ids := ids || ARRAY(SELECT r ->> 'id' FROM jsonb_array_elements(answer.body::jsonb -> 'Resources') r);
        pages := pages + 1;
        cursor := answer.body::jsonb ->> 'nextCursor';
        EXIT WHEN cursor IS NULL;
        IF pages = 1 THEN
            PERFORM pg_temp.attribute('urn:z', after);
        END IF;
    END LOOP;
    RETURN format('%s of %s', cardinality(ids), jsonb_array_length(vals));
END $$;
SELECT pg_temp.attribute('urn:z', '{"type": "string"}') \g /dev/null
SELECT scim.register_resource_type('{"name": "Z", "endpoint": "/Zs", "schema": "urn:z"}') \g /dev/null
SELECT n, c.after, q.query, pg_temp.over_change(c.before::jsonb, c.after::jsonb, c.vals, q.query) AS walk
FROM (VALUES (1, '{"type": "string"}', '{"type": "string", "caseExact": true}', '["Nb", "na", "Nd", "nc", "Ne", "nf", "Ng", "nh"]'::jsonb),
        (2, '{"type": "string", "caseExact": true}', '{"type": "string"}', '["Nb", "na", "Nd", "nc", "Ne", "nf", "Ng", "nh"]'),
        (3, '{"type": "string"}', '{"type": ["string", "decimal"]}', '["a1", "a2", "a3", "a4", "a5", "a6", "a7"]'),
        (4, '{"type": "string"}', '{"type": "dateTime"}', '["2024-01-01T00:00:00Z", "2024-01-02T00:00:00+05:00", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z"]'),
        (5, '{"type": "string"}', '{"type": "reference"}', '["A1", "a2", "A3", "a4", "A5", "a6", "A7"]'),
        (6, '{"type": "string"}', '{"type": "integer"}', '["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]'),
        (7, '{"type": "string"}', '{"type": "string", "multiValued": true}', '["a1", "a2", "a3", "a4", "a5", "a6", "a7"]'),
        -- what does not change what it means
        (8, '{"type": "string"}', '{"type": "string", "description": "K", "required": true}', '["a1", "a2", "a3", "a4", "a5", "a6", "a7"]'))
        AS c (n, before, after, vals),
    unnest(ARRAY['/Zs?sortBy=k', '/Zs?sortBy=k&sortOrder=descending', '/?sortBy=k&filter=n+pr', '/Zs?filter=k+pr', '/?filter=k+sw+"a"+or+k+pr', '/Zs?sortBy=n'])
        WITH ORDINALITY q (query, m)
ORDER BY n, m;
-- a secret is no order any more, and what may not be filtered by no filter
SELECT pg_temp.over_change('{"type": "string"}', '{"type": "string", "returned": "never"}', '["1", "2", "3", "4"]', query) FROM unnest(ARRAY['/Zs?sortBy=k', '/Zs?filter=k+pr']) query;
-- an index beneath it, and another type beside it, change nothing
SELECT pg_temp.attribute('urn:z', '{"type": "string"}') \g /dev/null
DELETE FROM cursor.zs;
INSERT INTO cursor.zs (data) SELECT jsonb_build_object('k', 'k' || i) FROM generate_series(1, 9) i;
SELECT r.body::jsonb ->> 'nextCursor' AS next, a.body::jsonb ->> 'nextCursor' AS next_of_all
FROM scim.request('GET', '/Zs?sortBy=k&count=3&cursor=') r, scim.request('GET', '/?sortBy=k&count=3&cursor=') a \gset
SELECT scim.create_sort_index('Z', 'k') \g /dev/null
SELECT scim.register_schema('{"id": "urn:y", "name": "Y", "attributes": [{"name": "k", "type": "string"}]}'),
    scim.register_resource_type('{"name": "Y", "endpoint": "/Ys", "schema": "urn:y"}') \g /dev/null
SELECT status, jsonb_path_query_array(body::jsonb, '$.Resources[*].k') AS k
FROM (VALUES ('/Zs', :'next'), ('/', :'next_of_all')) c (target, cursor), scim.request('GET', target || '?sortBy=k&count=3&cursor=' || cursor);
-- the columns, and the filter of the members of a group
CREATE FUNCTION pg_temp.exact(name text, path text[], exact boolean) RETURNS void LANGUAGE sql AS $$
    SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE WHEN a ->> 'name' = path[1]
        THEN jsonb_set(a, path[2:] || '{caseExact}', to_jsonb(exact)) ELSE a END)
        FROM jsonb_array_elements(document -> 'attributes') a)))
    FROM cursor.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:' || exact.name;
$$;
SELECT body::jsonb ->> 'id' AS g FROM scim.request('POST', '/Groups', '{}', (SELECT jsonb_build_object('displayName', 'all', 'members',
    jsonb_agg(jsonb_build_object('value', id)))::text FROM cursor.users)) \gset
SELECT u.body::jsonb ->> 'nextCursor' AS next_user, g.body::jsonb ->> 'nextCursor' AS next_group, m.body::jsonb ->> 'nextCursor' AS next_member
FROM scim.request('GET', '/Users?sortBy=displayName&count=3&cursor=') u, scim.request('GET', '/Groups?sortBy=displayName&count=1&cursor=') g,
    scim.request('GET', '/Groups/' || :'g' || '/members?filter=$ref+pr&count=3&cursor=') m \gset
SELECT pg_temp.exact('User', '{displayName}', true), pg_temp.exact('Group', '{displayName}', true), pg_temp.exact('Group', '{members,subAttributes,1}', false) \g /dev/null
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type
FROM (VALUES (1, '/Users?sortBy=displayName&count=3&cursor=' || :'next_user'), (2, '/Groups?sortBy=displayName&count=1&cursor=' || :'next_group'),
    (3, '/Groups/' || :'g' || '/members?filter=$ref+pr&count=3&cursor=' || :'next_member')) t (n, target), scim.request('GET', target)
ORDER BY n;

-- Not the owner: pages, and does not see the secret
CREATE ROLE regress_scim_cursor;
GRANT USAGE ON SCHEMA cursor TO regress_scim_cursor;
GRANT SELECT ON ALL TABLES IN SCHEMA cursor TO regress_scim_cursor;
SET ROLE regress_scim_cursor;
SELECT cardinality(ids) AS ids, sizes FROM pg_temp.walk('User', NULL, 'displayName', NULL, 10);
SELECT count(*) AS secrets FROM cursor.secret;
RESET ROLE;
DROP OWNED BY regress_scim_cursor;
DROP ROLE regress_scim_cursor;

SET client_min_messages = warning;
SELECT scim.drop_store('cursor', true);
SELECT scim.drop_store('cursor2', true);
