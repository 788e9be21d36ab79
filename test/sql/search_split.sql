-- What an index on a column answers is looked up there, whatever else a filter asks, whoever asks;
-- where very many match, a page is walked to and the rest is counted.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('split');
SET scim.store = 'split';
UPDATE split.policy SET enabled = false WHERE kind IN ('audit', 'events');
ALTER TABLE split.users SET (autovacuum_enabled = false);
INSERT INTO split.tenant (tenant_id, name) VALUES (2, 'few');
CREATE FUNCTION pg_temp.person(n int) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('userName', 'Person' || n || '@example.com', 'externalId', 'hr-' || n, 'displayName', 'Person ' || n, 'active', n % 10 <> 0,
        'title', CASE WHEN n % 3 > 0 THEN 'Title ' || n % 7 END, 'name', jsonb_build_object('familyName', 'Family' || n * 7919 % 10007), 'nickName', CASE WHEN n > 5500 THEN 'late' END,
        'emails', jsonb_build_array(jsonb_build_object('value', 'person' || n || '@example.com')))) $$;
INSERT INTO split.users (data) SELECT pg_temp.person(n) FROM generate_series(1, 6000) n;
SET scim.tenant = '2';
INSERT INTO split.users (data) SELECT pg_temp.person(n) FROM generate_series(1, 99) n WHERE n < 13 OR n > 59;
RESET scim.tenant;
INSERT INTO split.groups (data) VALUES ('{"displayName": "All"}');
INSERT INTO split.member (group_id, member_id) SELECT g.id, u.id FROM split.groups g, split.users u WHERE u.tenant_id = 1 AND u.external_id ~ '[02468]$';
SELECT scim.create_sort_index('User', 'name.familyName');

-- people that a search has read, and how often it has looked for memberships
CREATE FUNCTION pg_temp.read(tenant int, filter text, count int DEFAULT 20, start_index int DEFAULT 1, sort_by text DEFAULT NULL, OUT total int, OUT people bigint, OUT memberships bigint) LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
    people_before bigint;
    memberships_before bigint;
    of_people CONSTANT text := 'SELECT sum(pg_stat_get_xact_tuples_fetched(c)) + sum(pg_stat_get_xact_tuples_returned(c)) FROM unnest(ARRAY[''split.users''::regclass]) AS c';
    of_members CONSTANT text := 'SELECT sum(pg_stat_get_xact_numscans(indexrelid)) FROM pg_index WHERE indrelid = ''split.member''::regclass';
BEGIN
    PERFORM set_config('scim.tenant', tenant::text, true);
    EXECUTE of_people INTO people_before;
    EXECUTE of_members INTO memberships_before;
    answer := scim.search('User', filter, count => count, start_index => start_index, sort_by => sort_by, attributes => 'id');
    total := answer ->> 'totalResults';
    EXECUTE of_people INTO people;
    people := people - people_before;
    EXECUTE of_members INTO memberships;
    memberships := memberships - memberships_before;
END $$;
CREATE TEMP TABLE filters (n serial, filter text);
INSERT INTO filters (filter) VALUES
    ('userName eq "person7@example.com" and active eq true'), ('userName eq "person7@example.com" and not (active eq false)'), ('externalId eq "hr-7" and active eq true and title co "itle"'),
    ('displayName eq "person 7" and title pr'), ('emails.value eq "person7@example.com" and active eq true'), ('userName sw "person77@"'), ('userName sw "person77@" and active eq true'),
    ('displayName sw "PERSON 77" and active eq true'), ('(userName eq "person7@example.com" or externalId eq "hr-8") and title pr'), ('meta.lastModified gt "2099-01-01T00:00:00Z"'),
    ('meta.lastModified gt "2099-01-01T00:00:00Z" and active eq true'), ('meta.created lt "2001-01-01T00:00:00Z" and meta.created gt "2000-01-01T00:00:00Z"');
-- few, before and after ANALYZE
BEGIN;
SELECT filter, a.total AS many, a.people <= 2 * a.total + 2 AS by_index, b.total AS few, b.people <= 2 * b.total + 2 AS by_index
FROM filters, pg_temp.read(1, filter) AS a, pg_temp.read(2, filter) AS b ORDER BY n;
COMMIT;
VACUUM (ANALYZE) split.users;
BEGIN;
SELECT filter, a.people <= 2 * a.total + 2 AS many_by_index, b.people <= 2 * b.total + 2 AS few_by_index
FROM filters, pg_temp.read(1, filter) AS a, pg_temp.read(2, filter) AS b ORDER BY n;
-- beside a document that may be much, a small list is looked at no further than the column says
SELECT filter, r.total, r.people <= 2 AS by_index FROM (VALUES ('meta.lastModified gt "2099-01-01T00:00:00Z" and title co "itle"'), ('userName sw "person77@" and title gt "A"')) AS f (filter), pg_temp.read(2, filter) AS r;
-- what is skipped is not asked for its groups
SELECT filter, sort_by, start_index, r.total, r.memberships <= 20 AS few_memberships
FROM (VALUES ('active eq true'), ('title pr'), (NULL), ('meta.created gt "2001-01-01T00:00:00Z"')) AS f (filter), (VALUES (NULL), ('userName'), ('meta.lastModified'), ('name.familyName')) AS s (sort_by), (VALUES (2501), (10001)) AS p (start_index),
    pg_temp.read(1, filter, 10, start_index, sort_by) AS r ORDER BY 1, 2, 3;
-- all but a few: by the indexes, with as many rows as tell that they are many
SELECT filter, r.total, r.people < 5000 AS counted FROM (VALUES ('id pr'), ('meta.lastModified ge "2001-01-01T00:00:00Z"'), ('meta.created gt "2001-01-01T00:00:00Z"'), ('meta.created le "2099-01-01T00:00:00Z"')) AS f (filter), pg_temp.read(1, filter, 10) AS r;
COMMIT;
-- in the order of an index
CREATE FUNCTION pg_temp.walks(filter text, sort_by text, index regclass) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    before bigint := pg_stat_get_xact_numscans(index);
BEGIN
    PERFORM scim.search('User', filter, sort_by => sort_by, count => 10);
    RETURN pg_stat_get_xact_numscans(index) > before;
END $$;
BEGIN;
SELECT filter, pg_temp.walks(filter, 'name.familyName', (SELECT indexrelid FROM pg_index WHERE indrelid = 'split.users'::regclass AND pg_get_indexdef(indexrelid) ~ 'familyName')::regclass) AS by_family,
    pg_temp.walks(filter, 'userName', 'split.users_user_name_key') AS by_name
FROM (VALUES ('active eq true'), ('not (nickName pr)'), ('userName ge "a"'), ('nickName eq "late"'), ('userName eq "person7@example.com" and active eq true')) AS f (filter);
COMMIT;
-- whatever order, page and way, the page and the total are those of plain SQL
CREATE FUNCTION pg_temp.differs(filter text, condition text, sort_by text, key text, sort_order text, start_index int, count int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb := scim.search('User', filter, sort_by => sort_by, sort_order => sort_order, start_index => start_index, count => count, attributes => 'id');
    wanted uuid[];
    total bigint;
    direction text := CASE WHEN sort_order = 'descending' AND sort_by IS NOT NULL THEN 'DESC' ELSE '' END;
BEGIN
    EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM split.users WHERE tenant_id = scim.tenant() AND deleted_at IS NULL AND (%s) ORDER BY %s %s, id %s OFFSET %s LIMIT %s) AS page', condition, key, direction, direction, start_index - 1, count) INTO wanted;
    EXECUTE format('SELECT count(*) FROM split.users WHERE tenant_id = scim.tenant() AND deleted_at IS NULL AND (%s)', condition) INTO total;
    RETURN (answer ->> 'totalResults')::bigint <> total
        OR ARRAY(SELECT (r ->> 'id')::uuid FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY AS e (r, n) ORDER BY n) <> coalesce(wanted, '{}');
END
$$;
UPDATE split.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM split.users WHERE external_id = 'hr-77';
CREATE TEMP TABLE odd AS SELECT name FROM (VALUES (U&'\D7FFa'), (U&'\D7FF'), (U&'\E000'), (U&'\+10FFFF'), (U&'\+10FFFFb'), (U&'a\+10FFFF'), (U&'a\+10FFFFc'), ('straße'), ('strasse2'), ('b')) AS v (name);
INSERT INTO split.users (data) SELECT jsonb_build_object('userName', name) FROM odd;
SET scim.tenant = '2';
INSERT INTO split.users (data) SELECT jsonb_build_object('userName', name) FROM odd;
RESET scim.tenant;
CREATE TEMP TABLE asked AS SELECT instant, format('meta.lastModified %s "%s"', op, instant) AS filter, format('last_modified %s %L::timestamptz', sql, instant) AS condition
FROM (VALUES ('gt', '>'), ('ge', '>='), ('lt', '<'), ('le', '<='), ('eq', '=')) AS o (op, sql),
    (SELECT to_char(last_modified AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS instant FROM split.users WHERE external_id IN ('hr-3', 'hr-5990') AND tenant_id = 1 UNION ALL VALUES ('2001-01-01T00:00:00Z'), ('2099-01-01T00:00:00Z')) AS i;
-- between two microseconds
INSERT INTO asked SELECT instant, format('meta.lastModified %s "%s5Z"', op, left(instant, -1)), format('last_modified %s %L::timestamptz', sql, instant)
FROM asked, (VALUES ('gt', '>'), ('ge', '>'), ('lt', '<='), ('le', '<=')) AS o (op, sql) WHERE filter ~ ' eq ' AND instant ~ '[.]';
INSERT INTO asked (filter, condition)
SELECT format('userName sw "%s"', name), format('scim.fold_user_name(user_name) ^@ scim.fold_user_name(%L)', name) FROM (VALUES (U&'\D7FF'), (U&'\E000'), (U&'\+10FFFF'), (U&'a\+10FFFF'), ('stra'), ('straß'), ('person7'), ('PERSON')) AS v (name)
UNION ALL VALUES ('active eq true', 'active'), ('id pr', 'true'), ('not (nickName pr)', $$NOT data ? 'nickName'$$), ('nickName eq "late"', $$data ->> 'nickName' = 'late'$$), ('nickName pr or active eq true', $$data ? 'nickName' OR active$$),
    ('userName ge "p"', $$scim.fold_user_name(user_name) >= 'p'$$), ('userName eq "person7@example.com" and active eq true', $$external_id = 'hr-7'$$), ('userName eq "person10@example.com" and active eq true', 'false'),
    ('(userName eq "person7@example.com" or userName eq "person8@example.com" or externalId eq "hr-9") and title pr', $$external_id IN ('hr-7', 'hr-8')$$), ('externalId eq "hr-7" and groups pr', 'false'),
    ('externalId eq "hr-8" and not (groups pr)', $$external_id = 'hr-8' AND scim.tenant() = 2$$), ('userName sw "person7" and title co "itle 1" and groups.display eq "all"', $$external_id ~ '^hr-7.*[02468]$' AND data ->> 'title' = 'Title 1' AND scim.tenant() = 1$$),
    ('meta.created gt "2001-01-01T00:00:00Z" and title co "itle 1"', $$data ->> 'title' = 'Title 1'$$);
SELECT tenant, count(*) AS searches, count(*) FILTER (WHERE pg_temp.differs(filter, condition, sort_by, key, sort_order, start_index, count)) AS that_differ
FROM (VALUES (1), (2)) AS t (tenant), LATERAL (SELECT set_config('scim.tenant', tenant::text, false)) AS set, asked,
    (VALUES (NULL, 'id'), ('userName', 'scim.fold_user_name(user_name)'), ('name.familyName', $$scim.fold(data #>> '{name,familyName}') COLLATE "C"$$), ('active', 'active')) AS s (sort_by, key),
    (VALUES ('ascending'), ('descending')) AS d (sort_order), (VALUES (1, 5), (41, 20), (5501, 50)) AS p (start_index, count)
WHERE sort_by IS NOT NULL OR sort_order = 'ascending' GROUP BY tenant;
RESET scim.tenant;
SELECT scim.drop_store('split', true);
