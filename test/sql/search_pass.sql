-- A search visits what its filter finds once, by an index, whatever was there when its
-- plans were made, and without a first ANALYZE.
SELECT scim.create_store('search_pass');
SET scim.store = 'search_pass';
UPDATE search_pass.policy SET enabled = false WHERE kind IN ('audit', 'events');
ALTER TABLE search_pass.users SET (autovacuum_enabled = false);
ALTER TABLE search_pass.groups SET (autovacuum_enabled = false);
ALTER TABLE search_pass.member SET (autovacuum_enabled = false);

-- Rows of users, and of groups and members, that a search has read.
CREATE FUNCTION pg_temp.found(filter text, count int DEFAULT 20, type text DEFAULT 'User', sort_by text DEFAULT NULL, OUT total int, OUT page int, OUT people_read boolean, OUT scans boolean) LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
    before bigint;
    scanned bigint;
BEGIN
    SELECT sum(idx_tup_fetch) FILTER (WHERE relname = 'users'), sum(seq_scan) INTO before, scanned
    FROM pg_stat_xact_user_tables WHERE schemaname = 'search_pass' AND relname IN ('users', 'groups', 'member');
    answer := scim.search(type, filter, count => count, sort_by => sort_by, excluded_attributes => 'members');
    total := answer ->> 'totalResults';
    page := jsonb_array_length(answer -> 'Resources');
    -- each once, and those of the page once more
    SELECT sum(idx_tup_fetch) FILTER (WHERE relname = 'users') - before <= 2 * (total + page) + 5, sum(seq_scan) > scanned INTO people_read, scans
    FROM pg_stat_xact_user_tables WHERE schemaname = 'search_pass' AND relname IN ('users', 'groups', 'member');
END
$$;
CREATE TEMP TABLE filters (n serial, type text, filter text);
INSERT INTO filters (type, filter) VALUES
    ('User', 'userName eq "user77"'), ('User', 'externalId eq "hr-77"'), ('User', 'emails.value eq "user77@example.com"'),
    ('User', 'emails[type eq "work" and value eq "user77@example.com"]'), ('User', 'userName eq "user77" or emails.value eq "user78@example.com"'),
    ('User', 'title eq "Newest"'), ('User', 'displayName eq "User 77"'), ('User', 'groups.display eq "Few"'), ('User', 'groups.display eq "Above"'),
    ('User', 'groups[display eq "Few"] and active eq true'), ('Group', 'members.display eq "User 77"'), ('Group', 'displayName eq "Few"');
-- the plans are made while there is nobody
SELECT filter, f.* FROM filters, pg_temp.found(filter, type => filters.type) AS f ORDER BY n;
INSERT INTO search_pass.users (data)
SELECT jsonb_build_object('userName', 'user' || i, 'externalId', CASE WHEN i % 2 = 1 THEN 'hr-' || i END, 'displayName', 'User ' || i,
    'active', true, 'title', CASE WHEN i > 2900 THEN 'Newest' ELSE 'Older' END, 'nickName', 'Nick ' || i % 7,
    'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com', 'type', 'work')))
FROM generate_series(1, 3000) i;
INSERT INTO search_pass.groups (data) SELECT jsonb_build_object('displayName', 'Group ' || g) FROM generate_series(1, 200) g;
INSERT INTO search_pass.groups (data) VALUES ('{"displayName": "Few"}'), ('{"displayName": "Above"}');
INSERT INTO search_pass.member (group_id, member_id)
SELECT g.id, u.id FROM search_pass.users u JOIN search_pass.groups g ON g.display_name = 'Group ' || 1 + substr(u.user_name, 5)::int % 200
UNION ALL SELECT g.id, u.id FROM search_pass.users u, search_pass.groups g WHERE g.display_name = 'Few' AND substr(u.user_name, 5)::int BETWEEN 75 AND 80
UNION ALL SELECT g.id, f.id FROM search_pass.groups f, search_pass.groups g WHERE g.display_name = 'Above' AND f.display_name = 'Few';
BEGIN;
SELECT filter, f.* FROM filters, pg_temp.found(filter, type => filters.type) AS f ORDER BY n;
COMMIT;

-- whatever the session says of plans
BEGIN;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT filter, f.* FROM (VALUES ('meta.lastModified gt "2099-01-01T00:00:00Z"'), ('userName eq "user77"')) AS v (filter), pg_temp.found(filter) AS f;
SET LOCAL plan_cache_mode = force_custom_plan;
SELECT filter, f.* FROM (VALUES ('meta.lastModified gt "2099-01-01T00:00:00Z"'), ('userName eq "user77"')) AS v (filter), pg_temp.found(filter) AS f;
COMMIT;
-- whatever order, the page and the total are those of plain SQL
CREATE FUNCTION pg_temp.differs(filter text, condition text, sort_by text, key text, sort_order text, start_index int, count int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb := scim.search('User', filter, sort_by => sort_by, sort_order => sort_order, start_index => start_index, count => count, attributes => 'id');
    wanted uuid[];
    total bigint;
    direction text := CASE WHEN sort_order = 'descending' AND sort_by IS NOT NULL THEN 'DESC' ELSE '' END;
BEGIN
    EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM search_pass.users WHERE %s ORDER BY %s %s, id %s OFFSET %s LIMIT %s) AS page', condition, key, direction, direction, start_index - 1, count) INTO wanted;
    EXECUTE format('SELECT count(*) FROM search_pass.users WHERE %s', condition) INTO total;
    RETURN (answer ->> 'totalResults')::bigint <> total
        OR ARRAY(SELECT (r ->> 'id')::uuid FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY AS e (r, n) ORDER BY n) <> coalesce(wanted, '{}');
END
$$;
SELECT count(*) AS searches, count(*) FILTER (WHERE pg_temp.differs(filter, condition, sort_by, key, sort_order, start_index, count)) AS that_differ
FROM (VALUES
        ('title eq "Newest"', $$data ->> 'title' = 'Newest'$$), ('title eq "Older"', $$data ->> 'title' = 'Older'$$), ('nickName pr', 'true'), ('not (title eq "Older")', $$data ->> 'title' = 'Newest'$$),
        ('userName sw "user29"', $$user_name ~ '^user29'$$), ('title eq "none"', 'false'), (NULL, 'true'),
        ('groups.display eq "Few"', 'id IN (SELECT member_id FROM search_pass.member WHERE group_id = (SELECT id FROM search_pass.groups WHERE display_name = $$Few$$))'),
        ('groups.display sw "Group 1"', 'id IN (SELECT member_id FROM search_pass.member WHERE group_id IN (SELECT id FROM search_pass.groups WHERE display_name ~ $$^Group 1$$))')) AS f (filter, condition),
    (VALUES (NULL, 'id'), ('userName', 'scim.fold_user_name(user_name)'), ('externalId', 'external_id'), ('nickName', $$scim.fold(data ->> 'nickName') COLLATE "C"$$), ('meta.created', 'created'), ('active', 'active')) AS s (sort_by, key),
    (VALUES ('ascending'), ('descending')) AS d (sort_order),
    (VALUES (1, 5), (3, 4), (95, 20), (1, 200), (2995, 20), (4000, 10)) AS p (start_index, count);
-- by cursor every page once, in the same order
CREATE FUNCTION pg_temp.walk(filter text, sort_by text, sort_order text) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
    next_cursor text := '';
    ids uuid[] := '{}';
BEGIN
    WHILE next_cursor IS NOT NULL LOOP
        answer := scim.search('User', filter, sort_by => sort_by, sort_order => sort_order, count => 170, cursor => next_cursor, attributes => 'id');
        ids := ids || ARRAY(SELECT (r ->> 'id')::uuid FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY AS e (r, n) ORDER BY n);
        next_cursor := answer ->> 'nextCursor';
        EXIT WHEN cardinality(ids) > 3000;
    END LOOP;
    RETURN ids;
END
$$;
SELECT filter, sort_by, sort_order, cardinality(ids), ids = wanted AS in_order
FROM (VALUES ('title eq "Older"'), (NULL), ('nickName pr'), ('groups.display sw "Group 1"')) AS f (filter),
    (VALUES (NULL, 'ascending'), ('externalId', 'ascending'), ('externalId', 'descending')) AS s (sort_by, sort_order),
    pg_temp.walk(filter, sort_by, sort_order) AS ids,
    LATERAL (SELECT CASE WHEN sort_by IS NULL THEN array_agg(id ORDER BY id) WHEN sort_order = 'ascending' THEN array_agg(id ORDER BY external_id, id)
        ELSE array_agg(id ORDER BY external_id DESC, id DESC) END AS wanted FROM search_pass.users WHERE id = ANY (ids)) AS w
ORDER BY 1, 2, 3;
-- all types at once
SELECT scim.search(NULL, NULL, count => 0) ->> 'totalResults' AS all_types,
    (SELECT count(*) FROM search_pass.resource WHERE deleted_at IS NULL) AS wanted, scim.search(NULL, 'meta.resourceType eq "Group"', count => 1) ->> 'totalResults' AS groups;

-- What is in most texts is not looked for in the index, whatever the ends of the list say of the rest.
CREATE TEMP TABLE parts AS SELECT filter, condition, p.sort_by, p.start_index, scim.search('User', filter, sort_by => p.sort_by, start_index => p.start_index, count => 5, attributes => 'userName') AS answer
FROM (VALUES ('userName co "er"', $$data ->> 'userName' ~* 'er'$$), ('title co "ew"', $$data ->> 'title' ~* 'ew'$$), ('title ew "er"', $$data ->> 'title' ~* 'er$'$$), ('emails.value co "@example"', $$data #>> '{emails,0,value}' ~* '@example'$$),
    ('nickName co "ck 3"', $$data ->> 'nickName' ~* 'ck 3'$$), ('displayName ew "7"', $$data ->> 'displayName' ~* '7$'$$), ('nickName co "zz"', 'false')) AS v (filter, condition), (VALUES (NULL, 1), (NULL, 40), ('externalId', 3)) AS p (sort_by, start_index);
CREATE FUNCTION pg_temp.names(condition text, sort_by text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    names text[];
BEGIN
    EXECUTE format('SELECT array_agg(user_name ORDER BY %s id) FROM search_pass.users WHERE deleted_at IS NULL AND %s', CASE WHEN sort_by IS NOT NULL THEN 'external_id,' END, condition) INTO names;
    RETURN coalesce(names, '{}');
END
$$;
SELECT filter, sort_by, start_index, answer -> 'totalResults' AS total, (answer -> 'totalResults')::int = cardinality(names) AS counted,
    ARRAY(SELECT r ->> 'userName' FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY AS e (r, o) ORDER BY o) = coalesce(names[start_index:start_index + 4], '{}') AS same
FROM parts, pg_temp.names(condition, sort_by) AS names ORDER BY filter, start_index;

-- How many there are is told by an index alone.
VACUUM (ANALYZE) search_pass.users;
SET enable_seqscan = off; -- of so few
EXPLAIN (COSTS OFF) SELECT count(*) FROM search_pass.resource r WHERE resource_type = 'User' AND tenant_id = 1 AND deleted_at IS NULL;
EXPLAIN (COSTS OFF) SELECT id FROM search_pass.resource r WHERE resource_type = 'User' AND tenant_id = 1 AND deleted_at IS NULL ORDER BY id DESC LIMIT 10 OFFSET 2000;
RESET enable_seqscan;
SET client_min_messages = warning;
SELECT scim.drop_store('search_pass', true);
