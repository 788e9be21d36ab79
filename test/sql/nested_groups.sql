-- Groups within groups, deeper than what is looked up level by level: everybody at the bottom is in all of them.
\pset format unaligned
SET scim.store = 'nested';
SELECT scim.create_store('nested');
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql RETURN ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid;
INSERT INTO nested.users (id, data) SELECT pg_temp.id(n), jsonb_build_object('userName', 'u' || n) FROM generate_series(1, 20) n;
INSERT INTO nested.groups (id, data) SELECT pg_temp.id(n), jsonb_build_object('displayName', 'g' || n) FROM generate_series(101, 140) n;
-- a chain, of which one more group holds the middle; its end holds the beginning, and one that is gone holds all
INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(n), pg_temp.id(n + 1) FROM generate_series(101, 129) n;
INSERT INTO nested.member (group_id, member_id) VALUES (pg_temp.id(131), pg_temp.id(115)), (pg_temp.id(130), pg_temp.id(1)), (pg_temp.id(120), pg_temp.id(2)), (pg_temp.id(132), pg_temp.id(3)), (pg_temp.id(140), pg_temp.id(101));
DELETE FROM nested.groups WHERE id = pg_temp.id(140);

CREATE FUNCTION pg_temp.groups_of(n int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s', left(g ->> 'type', 1), g ->> 'display'), ', ' ORDER BY i) FROM jsonb_array_elements(scim.get_resource('User', pg_temp.id(n)) -> 'groups') WITH ORDINALITY t (g, i) $$;
-- The users that a search finds, and those that the same filter as SQL finds
CREATE FUNCTION pg_temp.found(filter text, OUT search text, OUT same boolean) LANGUAGE plpgsql AS $$
DECLARE
    as_sql text;
BEGIN
    SELECT string_agg(u ->> 'userName', ' ' ORDER BY u ->> 'id') INTO search FROM jsonb_array_elements(scim.search('User', filter, count => 200, attributes => 'userName') -> 'Resources') u;
    EXECUTE 'SELECT string_agg(user_name, '' '' ORDER BY id) FROM nested.users WHERE deleted_at IS NULL AND ' || scim.to_sql(filter::scim.filter, 'User') INTO as_sql;
    same := search IS NOT DISTINCT FROM as_sql;
END $$;
CREATE FUNCTION pg_temp.each(term text, n int) RETURNS text LANGUAGE sql AS $$SELECT string_agg(replace(term, '#', i::text), ' or ') FROM generate_series(1, n) i$$;
CREATE TEMP TABLE filter (n serial, filter text);
INSERT INTO filter (filter) VALUES (format('groups.value eq "%s"', pg_temp.id(101))), (format('groups.value eq "%s"', pg_temp.id(119))), (format('groups.value eq "%s"', pg_temp.id(121))), (format('groups.value eq "%s"', pg_temp.id(131))),
    ('groups.display eq "g101"'), ('groups.display eq "g140"'), ('groups[display eq "g101" and type eq "indirect"]'), ('groups[display eq "g120" and type eq "direct"]'), ('groups.type eq "indirect"'), ('groups pr'),
    ('(groups.display eq "g101" and userName pr) or ' || pg_temp.each('(groups.display eq "x#" and active pr)', 10)), ('(groups[display eq "g101" and type eq "indirect"] and userName pr) or ' || pg_temp.each('(groups.display eq "x#" and active pr)', 10)),
    ('not (groups.display eq "g121") and (' || pg_temp.each('(groups.display eq "g10#" and userName sw "u")', 9) || ')');
SELECT n, groups_of FROM generate_series(1, 4) n, pg_temp.groups_of(n);
SELECT n, (pg_temp.found(filter)).*, left(filter, 60) AS filter FROM filter ORDER BY n;

-- The same where the chain is a circle.
INSERT INTO nested.member (group_id, member_id) VALUES (pg_temp.id(130), pg_temp.id(101));
SELECT n, groups_of FROM generate_series(1, 4) n, pg_temp.groups_of(n);
SELECT n, (pg_temp.found(filter)).*, left(filter, 60) AS filter FROM filter ORDER BY n;

-- On a page each has the groups that he has alone, however many are on it, whoever is in none, and in each order.
INSERT INTO nested.users (id, data) SELECT pg_temp.id(n), jsonb_build_object('userName', 'v' || n) FROM generate_series(1001, 1120) n;
INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(101 + (n * step) % 39), pg_temp.id(n) FROM generate_series(1001, 1120) n, generate_series(1, 7, 3) step WHERE n % 5 > 0 ON CONFLICT DO NOTHING;
CREATE FUNCTION pg_temp.page(sort_by text, sort_order text, OUT users bigint, OUT in_groups bigint, OUT most bigint, OUT different bigint) LANGUAGE sql AS $$
    SELECT count(*), count(u -> 'groups'), max(jsonb_array_length(u -> 'groups')), count(*) FILTER (WHERE u IS DISTINCT FROM scim.get_resource('User', u ->> 'id'))
    FROM jsonb_array_elements(scim.search('User', NULL, sort_by, sort_order, count => 1000) -> 'Resources') u $$;
SELECT sort_by, sort_order, (pg_temp.page(sort_by, sort_order)).* FROM (VALUES ('id', 'ascending'), ('id', 'descending'), ('userName', 'ascending')) v (sort_by, sort_order);
DELETE FROM nested.users WHERE user_name LIKE 'v%';

-- As SQL each look-up is computed once for all rows, whatever it asks and stands below: 50 chains of 30, and 150 people in 40 groups of them each.
INSERT INTO nested.users (id, data) SELECT pg_temp.id(n), jsonb_build_object('userName', 'u' || n) FROM generate_series(10001, 10150) n;
INSERT INTO nested.groups (id, data) SELECT pg_temp.id(n), jsonb_build_object('displayName', 'deep ' || n) FROM generate_series(20001, 21500) n;
INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(n), pg_temp.id(n + 1) FROM generate_series(20001, 21500) n WHERE n % 30 <> 0;
INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(20001 + (u * 7919 + n * 104729) % 1500), pg_temp.id(u) FROM generate_series(10001, 10150) u, generate_series(1, 40) n;
ANALYZE nested.member, nested.users, nested.groups;
CREATE FUNCTION pg_temp.ands(term text, n int) RETURNS text LANGUAGE sql AS $$SELECT string_agg(replace(term, '#', i::text), ' and ') FROM generate_series(1, n) i$$;
SET jit = off;
SET statement_timeout = '10s';
SELECT left(filter, 70) AS filter, same, array_length(string_to_array(search, ' '), 1) AS found FROM unnest(ARRAY[
    'title eq "x" or groups.type eq "indirect"', 'groups.type eq "indirect"', 'not (groups[type eq "indirect" and display co "3"])', pg_temp.ands('groups[type eq "indirect" and display co "#"]', 9), pg_temp.ands('(groups[type eq "indirect" and display co "#"] or title eq "#")', 9),
    pg_temp.ands('groups.display co "#"', 12), pg_temp.ands('groups.display ne "deep 2000#"', 12), pg_temp.ands('(not (groups.display co "x#") or groups pr)', 12)]) WITH ORDINALITY f (filter, n), pg_temp.found(filter) ORDER BY n;
RESET statement_timeout;
RESET jit;
-- of so many
SELECT length(scim.to_sql(pg_temp.ands('groups.display co "#"', 100)::scim.filter)) > 1000 AS hundred, length(scim.to_sql(pg_temp.ands('groups.type co "#"', 20)::scim.filter)) > 1000 AS twenty;
DO $$BEGIN PERFORM scim.to_sql(pg_temp.ands('groups.display co "#"', 101)::scim.filter); EXCEPTION WHEN SQLSTATE 'SCFIL' THEN RAISE NOTICE '%', sqlerrm; END$$;
DO $$BEGIN PERFORM scim.to_sql(pg_temp.ands('groups.type co "#"', 21)::scim.filter); EXCEPTION WHEN SQLSTATE 'SCFIL' THEN RAISE NOTICE '%', sqlerrm; END$$;

SET client_min_messages = warning;
-- Dense: of fifteen layers of thirty groups each group holds all of the next one.  There are 12,630 memberships, and each group is looked at once, however many ways lead to it.
UPDATE nested.policy SET enabled = false WHERE kind = 'audit';
INSERT INTO nested.groups (id, data) SELECT pg_temp.id(n), jsonb_build_object('displayName', 'dense ' || n) FROM generate_series(30001, 30450) n;
INSERT INTO nested.users (id, data) VALUES (pg_temp.id(40001), '{"userName": "below all"}');
INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(a), pg_temp.id(a / 30 * 30 + b) FROM generate_series(30001, 30420) a, generate_series(31, 60) b WHERE a % 30 > 0
UNION SELECT pg_temp.id(a), pg_temp.id(a + b) FROM generate_series(30030, 30420, 30) a, generate_series(1, 30) b;
INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(n), pg_temp.id(40001) FROM generate_series(30421, 30450) n;
BEGIN;
CREATE TEMP TABLE looked AS SELECT sum(pg_stat_get_xact_tuples_fetched(indexrelid) + pg_stat_get_xact_tuples_returned(indexrelid)) AS before FROM pg_index WHERE indrelid = 'nested.member'::regclass;
SELECT count(*), count(*) FILTER (WHERE g ->> 'type' = 'direct') AS direct, min(g ->> 'display') AS first, max(g ->> 'display') AS last FROM jsonb_array_elements(scim.get_resource('User', pg_temp.id(40001)) -> 'groups') g;
SELECT sum(pg_stat_get_xact_tuples_fetched(indexrelid) + pg_stat_get_xact_tuples_returned(indexrelid)) - max(before) < 60000 AS once FROM pg_index, looked WHERE indrelid = 'nested.member'::regclass;
COMMIT;
SELECT filter, scim.search('User', filter, attributes => 'userName') #>> '{Resources,0,userName}' AS found FROM (VALUES ('groups.display eq "dense 30001"'), ('groups[display eq "dense 30030" and type eq "indirect"]'),
    ('groups.display ew " 30001" and userName sw "below"')) v (filter);
SELECT count(*) FROM nested.member WHERE group_id BETWEEN pg_temp.id(30001) AND pg_temp.id(30450);
-- At random, with circles: what a search finds, by few or by many groups that are asked for, is what each resource says.
INSERT INTO nested.users (id, data) SELECT pg_temp.id(n), jsonb_build_object('userName', 'r' || n) FROM generate_series(50001, 50060) n;
CREATE FUNCTION pg_temp.graph(seed int, groups int, edges int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(seed / 100.0);
    DELETE FROM nested.groups WHERE display_name LIKE 'random %';
    INSERT INTO nested.groups (id, data) SELECT pg_temp.id(60000 + n), jsonb_build_object('displayName', 'random ' || n) FROM generate_series(1, groups) n;
    INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(60001 + floor(random() * groups)::int), pg_temp.id(60001 + floor(random() * groups)::int) FROM generate_series(1, edges) ON CONFLICT DO NOTHING;
    -- who is in few, and who is in most of them himself
    INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(60001 + floor(random() * groups)::int), pg_temp.id(u) FROM generate_series(50001, 50055) u, generate_series(1, CASE WHEN u % 3 = 0 THEN 3 * groups ELSE u % 4 + 1 END) ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION pg_temp.differences(OUT asked bigint, OUT found bigint, OUT different text) LANGUAGE sql AS $$
    WITH says AS MATERIALIZED (SELECT u.id, scim.get_resource('User', u.id) AS r FROM nested.users u WHERE u.user_name LIKE 'r%'),
    filters (f) AS (
        SELECT replace(replace(f, '#', n::text), '@', pg_temp.id(60000 + n)::text)
        FROM unnest(ARRAY['groups[type eq "indirect" and value eq "@"]', 'groups[type eq "indirect" and display eq "random #"]', 'groups[type eq "indirect" and $ref ew "@"]', 'not (groups[type eq "indirect" and value eq "@"])',
            'groups[type eq "indirect" and value eq "@"] or userName ew "7"', 'groups[type eq "indirect" and display sw "random #"] and not (groups[type eq "direct" and display co "2"])', 'not (groups[type eq "direct" and value eq "@"]) and groups.type eq "indirect"',
            'groups[type eq "indirect" and display ew "#"] and groups[type eq "indirect" and display ne "random #"]', 'groups[type eq "indirect" and (value eq "@" or display eq "random 2")] or groups[type eq "direct" and display eq "random #"]']) f, generate_series(1, 7) n
        UNION SELECT f FROM unnest(ARRAY['groups.type eq "indirect"', 'not (groups[type eq "indirect"])', 'groups[type ne "direct" and display ne "random 1"]', 'groups[type eq "indirect" and display co "1"] and groups[type eq "indirect" and display co "2"]']) f)
    SELECT count(*), sum(cardinality(search.ids)), string_agg(f, ', ') FILTER (WHERE search.ids IS DISTINCT FROM said.ids)
    FROM filters,
        LATERAL (SELECT ARRAY(SELECT r ->> 'id' FROM jsonb_array_elements(scim.search('User', '(' || f || ') and userName sw "r"', count => 200, attributes => 'id') -> 'Resources') r ORDER BY 1) AS ids) search,
        LATERAL (SELECT ARRAY(SELECT id::text FROM says WHERE scim.matches(r, f::scim.filter, 'User') ORDER BY 1) AS ids) said $$;
DO $$
DECLARE
    got record;
    seed int;
BEGIN
    -- few and many groups, in each few and many of them in others
    FOREACH seed IN ARRAY '{1, 2, 4, 5}'::int[] LOOP
        PERFORM pg_temp.graph(seed, CASE WHEN seed % 2 = 0 THEN 40 ELSE 12 END, CASE WHEN seed > 3 THEN 60 ELSE 20 END);
        got := pg_temp.differences();
        IF got.different IS NOT NULL OR got.asked < 60 OR got.found < 500 THEN
            RAISE WARNING 'graph %: % asked, % found, different: %', seed, got.asked, got.found, got.different;
        END IF;
    END LOOP;
END $$;
-- and who is in each of many groups above is in none of them as in an indirect one
INSERT INTO nested.groups (id, data) SELECT pg_temp.id(61000 + n), jsonb_build_object('displayName', 'above ' || n) FROM generate_series(0, 300) n;
INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(61000 + n), pg_temp.id(61000) FROM generate_series(1, 300) n;
INSERT INTO nested.member (group_id, member_id) SELECT pg_temp.id(61000 + n), pg_temp.id(50060) FROM generate_series(0, 300) n UNION ALL SELECT pg_temp.id(61000 + n), pg_temp.id(50059) FROM generate_series(0, 299) n UNION ALL SELECT pg_temp.id(61000), pg_temp.id(50058);
SELECT f AS filter, ARRAY(SELECT r ->> 'userName' FROM jsonb_array_elements(scim.search('User', f, attributes => 'userName') -> 'Resources') r ORDER BY 1) AS users
FROM unnest(ARRAY['groups[type eq "indirect" and display sw "above"]', 'groups[type eq "direct" and display sw "above"] and not (groups[type eq "indirect" and display sw "above"])', 'groups[type eq "indirect" and display eq "above 300"]', 'groups[type eq "indirect" and display co "e 30"]']) WITH ORDINALITY t (f, n) ORDER BY n;
SELECT scim.drop_store('nested', true);
