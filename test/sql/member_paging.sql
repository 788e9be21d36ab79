SELECT scim.create_store('member_paging');
SET scim.store = 'member_paging';
INSERT INTO member_paging.users (id, data)
SELECT ('00000000-0000-7000-8000-0000000000' || lpad(i::text, 2, '0'))::uuid, jsonb_build_object('userName', 'u' || lpad(i::text, 2, '0'))
FROM generate_series(1, 25) i;
INSERT INTO member_paging.groups (id, data)
VALUES ('00000000-0000-7000-8000-000000000099', '{"displayName": "Big"}'), ('00000000-0000-7000-8000-000000000098', '{"displayName": "Empty"}');
INSERT INTO member_paging.member (group_id, member_id) SELECT '00000000-0000-7000-8000-000000000099', id FROM member_paging.users;
INSERT INTO member_paging.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-000000000099', '00000000-0000-7000-8000-000000000098');
\set big '/Groups/00000000-0000-7000-8000-000000000099'

-- What is listed is what the group shows, in the same order
SELECT list.status, list.body::jsonb - 'Resources' AS list, list.body::jsonb -> 'Resources' = own.body::jsonb -> 'members' AS same
FROM scim.request('GET', :'big' || '/members') list, scim.request('GET', :'big') own;
SELECT jsonb_pretty(body::jsonb) AS page FROM scim.request('GET', '/scim/v2' || :'big' || '/Members/?startIndex=25&count=5');

-- Pages by index, filters as in members[...], and the parts of a member
SELECT n, status, body::jsonb -> 'totalResults' AS total, body::jsonb -> 'startIndex' AS start, body::jsonb -> 'itemsPerPage' AS items,
    CASE WHEN n > 8 THEN body::jsonb -> 'Resources' END AS resources, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['count=10', 'startIndex=21&count=10', 'startIndex=27', 'startIndex=99', 'count=0', 'startIndex=0&count=1', 'count=-1',
        'filter=type+eq+"User"&count=3',
        'filter=type+eq+"Group"', 'filter=value+eq+"00000000-0000-7000-8000-000000000007"', 'filter=display+ew+"5"+and+not+(display+eq+"u05")&attributes=display',
        'count=1&attributes=value', 'count=1&excludedAttributes=$ref,type', 'count=1&attributes=nope',
        'filter=userName+eq+"u01"', 'filter=value+xx+"1"', 'sortBy=display', 'count=x']) WITH ORDINALITY t(query, n),
    scim.request('GET', :'big' || '/members?' || query)
ORDER BY n;
SELECT body FROM scim.request('GET', '/Groups/00000000-0000-7000-8000-000000000098/members');

-- Pages by cursor
CREATE FUNCTION pg_temp.walk(target text, OUT ids text[], OUT sizes int[], OUT totals int[]) LANGUAGE plpgsql AS $$
DECLARE
    page jsonb;
    cursor text := '';
BEGIN
    LOOP
        SELECT body::jsonb INTO page FROM scim.request('GET', target || '&cursor=' || cursor);
        ids := ids || ARRAY(SELECT r ->> 'value' FROM jsonb_array_elements(page -> 'Resources') r);
        sizes := sizes || jsonb_array_length(page -> 'Resources');
        totals := totals || (page ->> 'totalResults')::int;
        cursor := page ->> 'nextCursor';
        EXIT WHEN cursor IS NULL;
    END LOOP;
END $$;
SELECT query, sizes, totals, ids = ARRAY(SELECT r ->> 'value' FROM scim.request('GET', :'big' || '/members?' || regexp_replace(query, 'count=\d+', '')) one, jsonb_array_elements(one.body::jsonb -> 'Resources') r) AS same
FROM unnest(ARRAY['', 'filter=type+eq+"User"', 'count=10&', 'count=13&', 'count=26&', 'count=7&filter=type+eq+"User"']) WITH ORDINALITY t(query, n),
    pg_temp.walk(:'big' || '/members?' || query)
ORDER BY n;
SELECT cardinality(ids) AS members, ids = ARRAY(SELECT member_id::text FROM member_paging.member ORDER BY member_id) AS all_of_them
FROM pg_temp.walk(:'big' || '/members?count=4');
-- a cursor is for one group and one filter
SELECT body::jsonb ->> 'nextCursor' AS next FROM scim.request('GET', :'big' || '/members?count=1&cursor') \gset
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type
FROM unnest(ARRAY[:'big' || '/members?count=1', :'big' || '/members?count=2', :'big' || '/members?count=1&filter=type+pr', :'big' || '/members?count=1&startIndex=1',
        '/Groups/00000000-0000-7000-8000-000000000098/members?count=1', '/Groups?count=1']) WITH ORDINALITY t(target, n),
    scim.request('GET', target || '&cursor=' || :'next')
ORDER BY n;

-- No such group, no such endpoint, nothing to write
SELECT method, target, status, headers ->> 'Allow' AS allow, body::jsonb ->> 'detail' AS detail
FROM (VALUES ('GET', '/Groups/00000000-0000-7000-8000-000000000001/members'), ('GET', '/Users/00000000-0000-7000-8000-000000000001/members'), ('GET', :'big' || '/owners'),
        ('GET', :'big' || '/members/x'), ('POST', :'big' || '/members'), ('OPTIONS', :'big' || '/members')) AS t (method, target),
    scim.request(method, target, '{}', '{}') ORDER BY 2, 1;
SELECT status, body, headers ? 'Content-Length' AS length FROM scim.request('HEAD', :'big' || '/members?count=1');

SET client_min_messages = warning;
SELECT scim.drop_store('member_paging', true);
