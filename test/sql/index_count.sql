-- What an index of scim.gin_ops finds is counted without a visit to each row, on pages that
-- are known to be visible to everybody; and the same as by a sequential scan whatever has
-- happened to the others.
CREATE TABLE people (id int, tenant_id int, kind text, data jsonb, deleted_at timestamptz, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
CREATE TABLE people_a PARTITION OF people FOR VALUES IN ('a') WITH (fillfactor = 10, autovacuum_enabled = false);
CREATE TABLE people_b PARTITION OF people FOR VALUES IN ('b') WITH (autovacuum_enabled = false);
CREATE INDEX people_a_idx ON people_a USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WHERE deleted_at IS NULL;
CREATE INDEX people_b_idx ON people_b USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WHERE deleted_at IS NULL;
INSERT INTO people
SELECT i, 1 + i % 2, CASE WHEN i % 3 = 0 THEN 'b' ELSE 'a' END, jsonb_build_object('userName', 'user' || i, 'active', i % 5 <> 0, 'nickName', CASE WHEN i % 7 = 0 THEN 'Nick ' || i END, 'title', 'Title ' || i % 3, 'n', i)
FROM generate_series(1, 3000) i;

-- VACUUM marks pages only when nobody has an older snapshot.
CREATE PROCEDURE pg_temp.wait_for_others() LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. 600 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL));
        PERFORM pg_sleep(0.1);
    END LOOP;
END
$$;

-- How many rows are counted, and how many of them are visited; and by a sequential scan.
CREATE FUNCTION pg_temp.count(filter text, condition text DEFAULT $$kind = 'a' AND tenant_id = 1$$, OUT counted bigint, OUT visited bigint, OUT by_scan bigint) LANGUAGE plpgsql AS $$
DECLARE
    query text := format('SELECT count(*) FROM people WHERE %s AND deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query(%L, NULL)', condition, filter);
    plan json;
BEGIN
    SET LOCAL enable_seqscan = on;
    SET LOCAL enable_bitmapscan = off;
    EXECUTE query INTO by_scan;
    SET LOCAL enable_seqscan = off;
    SET LOCAL enable_bitmapscan = on;
    EXECUTE query INTO counted;
    EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) ' || query INTO plan;
    visited := (jsonb_path_query_first(plan::jsonb, '$.** ? (@."Custom Plan Provider" == "ScimCount")."Heap Fetches"'))::bigint;
END
$$;
CREATE FUNCTION pg_temp.counts() RETURNS TABLE (filter text, counted bigint, visited bigint, by_scan bigint) LANGUAGE sql AS $$
    SELECT filter, c.* FROM unnest(ARRAY['nickName pr', 'title pr', 'active eq false', 'not (title eq "title 1")', 'title eq "Title 1" or nickName pr', 'title co "tle 2"', 'n gt 2000', 'nobody pr']) AS filter, pg_temp.count(filter) AS c
$$;
-- before VACUUM no page is known to be visible, and an ordinary scan as good
SELECT * FROM pg_temp.counts();
CALL pg_temp.wait_for_others();
VACUUM ANALYZE people;
-- after it only what the keys cannot tell for certain is visited
SELECT * FROM pg_temp.counts();
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM people WHERE kind = 'a' AND tenant_id = 1 AND deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('nickName pr', NULL);
RESET enable_seqscan;
-- what has been changed since: in this transaction, in one that is undone, and before
BEGIN;
DELETE FROM people WHERE id % 50 = 1;
UPDATE people SET data = data || '{"nickName": "New", "active": false}' WHERE id % 50 = 2;
UPDATE people SET deleted_at = now() WHERE id % 50 = 7;
UPDATE people SET id = -id WHERE id % 50 = 14; -- no key of the index
INSERT INTO people SELECT i, 1, 'a', jsonb_build_object('userName', 'new' || i, 'nickName', 'Nick') FROM generate_series(5001, 5100) i;
SAVEPOINT undone;
DELETE FROM people;
SELECT * FROM pg_temp.counts();
ROLLBACK TO undone;
SELECT * FROM pg_temp.counts();
ROLLBACK;
SELECT * FROM pg_temp.counts();
DELETE FROM people WHERE id % 50 = 8;
UPDATE people SET data = data - 'nickName' WHERE id % 100 = 21;
SELECT * FROM pg_temp.counts();
CALL pg_temp.wait_for_others();
VACUUM people;
SELECT * FROM pg_temp.counts();
-- A document with two names that are one is looked at; so is, by PostgreSQL, what GIN finds behind it.
INSERT INTO people VALUES (6001, 1, 'a', '{"userName": "x", "nickName": null, "NICKNAME": "y"}'), (6002, 1, 'a', '{"userName": "x", "nickName": "x", "NICKNAME": "y"}');
CALL pg_temp.wait_for_others();
VACUUM people;
SELECT * FROM pg_temp.count('nickName pr');
SELECT * FROM pg_temp.count('not (nickName pr)');

-- A table of more pages than work_mem has room for in a bitmap: the count takes what it needs.
CREATE TABLE large (tenant_id int, data jsonb, deleted_at timestamptz, padding text) WITH (fillfactor = 10, autovacuum_enabled = false);
INSERT INTO large SELECT 1, jsonb_build_object('userName', 'user' || i, 'title', 'Title ' || i), NULL, repeat(md5(i::text), 20) FROM generate_series(1, 3000) i;
CREATE INDEX large_idx ON large USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WHERE deleted_at IS NULL;
CALL pg_temp.wait_for_others();
VACUUM ANALYZE large;
CREATE FUNCTION pg_temp.large(OUT pages bigint, OUT counted bigint, OUT visited bigint, OUT lossy bigint) LANGUAGE plpgsql AS $$
DECLARE
    query CONSTANT text := $query$SELECT count(*) FROM large WHERE tenant_id = 1 AND deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('title pr', NULL)$query$;
    plan json;
BEGIN
    pages := pg_relation_size('large') / 8192;
    EXECUTE query INTO counted;
    EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) ' || query INTO plan;
    visited := (jsonb_path_query_first(plan::jsonb, '$.** ? (@."Custom Plan Provider" == "ScimCount")."Heap Fetches"'))::bigint;
    -- what the scan below reads where the bitmap does not do
    lossy := (jsonb_path_query_first(plan::jsonb, '$.** ? (@."Node Type" == "Bitmap Heap Scan")."Lossy Heap Blocks"'))::bigint;
END
$$;
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL work_mem = '64kB';
SELECT pages >= 3000 AS many, counted, visited, lossy FROM pg_temp.large();
ROLLBACK;
DROP TABLE large;
-- Again and again with other values, in one plan.
SELECT v.t, c.n FROM (VALUES (1), (2), (3)) AS v (t), LATERAL (SELECT count(*) AS n FROM people WHERE kind = 'a' AND tenant_id = v.t AND deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('title pr', NULL)) AS c ORDER BY 1;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT * FROM pg_temp.count('active eq false');
COMMIT;
-- Not where the index does not answer all: rows are looked at as ever.
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM people WHERE kind = 'a' AND tenant_id = 1 AND id > 7 AND deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('nickName pr', NULL);
EXPLAIN (COSTS OFF) SELECT count(*) FROM people WHERE kind = 'a' AND tenant_id = 1 AND deleted_at IS NULL AND scim.matches(data, 'nickName pr');
EXPLAIN (COSTS OFF) SELECT id FROM people WHERE kind = 'a' AND tenant_id = 1 AND deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('nickName pr', NULL);
CREATE UNLOGGED TABLE fleeting (data jsonb);
CREATE INDEX ON fleeting USING gin (data scim.gin_ops);
INSERT INTO fleeting SELECT data FROM people;
EXPLAIN (COSTS OFF) SELECT count(*) FROM fleeting WHERE data OPERATOR(scim.@~) scim_internal.index_query('nickName pr', NULL);
RESET enable_seqscan;

-- Row-level security stands before all of it.
CREATE ROLE index_count_reader;
GRANT SELECT ON people, people_a, people_b TO index_count_reader;
GRANT USAGE ON SCHEMA scim, scim_internal TO index_count_reader;
ALTER TABLE people_a ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON people_a USING (tenant_id = 2 AND id < 100);
SET ROLE index_count_reader;
SET enable_seqscan = off;
SELECT count(*) FROM people_a WHERE deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('title pr', NULL);
RESET ROLE;
DROP POLICY few ON people_a;
CREATE POLICY one ON people_a USING (tenant_id = 2);
SET ROLE index_count_reader;
SELECT count(*) FROM people_a WHERE deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('title pr', NULL);
EXPLAIN (COSTS OFF) SELECT count(*) FROM people_a WHERE deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('title pr', NULL);
-- and what it compares with is compared once
RESET ROLE;
DROP POLICY one ON people_a;
CREATE POLICY mine ON people_a USING (tenant_id = current_setting('index_count.tenant')::int);
SET ROLE index_count_reader;
SET index_count.tenant = 2;
PREPARE mine (int) AS SELECT count(*) FROM people_a WHERE tenant_id = $1 AND deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('title pr', NULL);
EXECUTE mine (2);
EXECUTE mine (1);
SET index_count.tenant = 1;
EXECUTE mine (1);
EXPLAIN (COSTS OFF) EXECUTE mine (1);
SET plan_cache_mode = force_generic_plan;
EXECUTE mine (1);
EXECUTE mine (2);
EXPLAIN (COSTS OFF) EXECUTE mine (1);
RESET plan_cache_mode;
DEALLOCATE mine;
RESET ROLE;
SELECT count(*) FROM people_a WHERE tenant_id = 2 AND deleted_at IS NULL AND data OPERATOR(scim.@~) scim_internal.index_query('title pr', NULL);
RESET enable_seqscan;
DROP TABLE people, fleeting;
DROP OWNED BY index_count_reader;
DROP ROLE index_count_reader;

-- A search counts like this, and its page is the same as by plain SQL.
SELECT scim.create_store('index_count');
SET scim.store = 'index_count';
UPDATE index_count.policy SET enabled = false WHERE kind IN ('audit', 'events');
ALTER TABLE index_count.users SET (autovacuum_enabled = false);
INSERT INTO index_count.users (data)
SELECT jsonb_build_object('userName', 'user' || i, 'active', i % 40 <> 0, 'title', CASE WHEN i % 5 <> 0 THEN 'Title ' || i END, 'nickName', CASE WHEN i % 200 = 0 THEN 'Nick' END, 'locale', CASE WHEN i > 3800 THEN 'en-US' END)
FROM generate_series(1, 6000) i;
CALL pg_temp.wait_for_others();
VACUUM ANALYZE index_count.users;
CREATE FUNCTION pg_temp.differs(filter text, condition text, sort_order text, start_index int, count int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb := scim.search('User', filter, sort_by => 'id', sort_order => sort_order, start_index => start_index, count => count, attributes => 'id');
    wanted uuid[];
    total bigint;
BEGIN
    EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM index_count.users WHERE tenant_id = 1 AND (%s) ORDER BY id %s OFFSET %s LIMIT %s) AS page', condition, CASE WHEN sort_order = 'descending' THEN 'DESC' END, start_index - 1, count) INTO wanted;
    EXECUTE format('SELECT count(*) FROM index_count.users WHERE tenant_id = 1 AND (%s)', condition) INTO total;
    RETURN (answer ->> 'totalResults')::bigint <> total
        OR ARRAY(SELECT (r ->> 'id')::uuid FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY AS e (r, n) ORDER BY n) <> coalesce(wanted, '{}');
END
$$;
CREATE FUNCTION pg_temp.searches(OUT searches bigint, OUT that_differ bigint) LANGUAGE sql AS $body$
SELECT count(*), count(*) FILTER (WHERE pg_temp.differs(filter, condition, sort_order, start_index, count))
FROM (VALUES ('title pr', $$data ? 'title'$$), ('nickName pr', $$data ? 'nickName'$$), ('active eq false', 'NOT active'), ('not (active eq false)', 'active'), ('locale pr', $$data ? 'locale'$$), ('not (locale pr)', $$NOT data ? 'locale'$$),
        ('title sw "title 1"', $$data ->> 'title' ~ '^Title 1'$$), ('name pr', 'false'), ('title pr and not (nickName pr)', $$data ? 'title' AND NOT data ? 'nickName'$$),
        -- what each has, or none, is no part of any document
        ('id pr and title pr', $$data ? 'title'$$), ('meta pr and not (nickName pr)', $$NOT data ? 'nickName'$$), ('title pr or meta.created eq null', $$data ? 'title'$$), ('nickName pr or not (id pr)', $$data ? 'nickName'$$),
        ('title pr and meta.created gt "2020-01-01T00:00:00Z"', $$data ? 'title'$$), ('title pr and active eq true', $$data ? 'title' AND active$$),
        ('active ne false', 'active'), ('title ne "title 7"', $$data ->> 'title' IS DISTINCT FROM 'Title 7'$$), ('active ne false and nickName ne "nick"', $$active AND NOT data ? 'nickName'$$)) AS f (filter, condition),
    (VALUES ('ascending'), ('descending')) AS d (sort_order),
    (VALUES (1, 1), (1, 20), (700, 30), (2190, 20), (4790, 20), (6000, 5)) AS p (start_index, count);
$body$;
SELECT * FROM pg_temp.searches();
-- few rows are read where many are found
CREATE FUNCTION pg_temp.reads(filter text, OUT total int, OUT page int, OUT reads bigint) LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
    before bigint;
BEGIN
    SELECT idx_tup_fetch INTO before FROM pg_stat_xact_user_tables WHERE schemaname = 'index_count' AND relname = 'users';
    answer := scim.search('User', filter, count => 20);
    total := answer ->> 'totalResults';
    page := jsonb_array_length(answer -> 'Resources');
    SELECT idx_tup_fetch - before INTO reads FROM pg_stat_xact_user_tables WHERE schemaname = 'index_count' AND relname = 'users';
END
$$;
BEGIN;
SELECT filter, r.* FROM unnest(ARRAY['title pr', 'not (active eq false)', 'active ne false', 'not (title eq "Title 7") and not (locale eq "x")', 'title ne "Title 7" and locale ne "x"', 'title sw "title 1"', 'nickName pr']) AS filter, pg_temp.reads(filter) AS r;
COMMIT;
-- of what has several values all the same, as an earlier schema left it, each counts: is one another one?
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE index_count.users SET data = jsonb_set(data, '{title}', CASE user_name WHEN 'user1' THEN '["Title 1", "x"]' WHEN 'user2' THEN '["Title 1", "title 1"]' ELSE '["title 1"]' END::jsonb) WHERE user_name IN ('user1', 'user2', 'user3');
COMMIT;
SELECT filter, scim.search('User', filter, count => 1) ->> 'totalResults' AS total, (SELECT count(*) FROM index_count.users WHERE scim.matches(data, filter::scim.filter, 'User')) AS by_scan
FROM unnest(ARRAY['title ne "Title 1"', 'title eq "Title 1"', 'not (title ne "Title 1")', 'title ne "x"', 'title ne "Title 1" and active ne false']) AS filter;
-- as they were, which is what SQL is asked here
UPDATE index_count.users SET data = jsonb_set(data, '{title}', '"Title 1"') WHERE jsonb_typeof(data -> 'title') = 'array';
-- the same where others have a part of the rows: a tenth, and most of them
SELECT scim.create_tenant('Others') AS others;
INSERT INTO index_count.users (tenant_id, data) SELECT 2, data FROM index_count.users WHERE user_name ~ '7$';
CALL pg_temp.wait_for_others();
VACUUM ANALYZE index_count.users;
SELECT * FROM pg_temp.searches();
INSERT INTO index_count.users (tenant_id, data) SELECT 2, data FROM index_count.users WHERE tenant_id = 1 AND user_name !~ '7$';
INSERT INTO index_count.users (tenant_id, data) SELECT 2, data || jsonb_build_object('userName', 'again' || (data ->> 'userName')) FROM index_count.users WHERE tenant_id = 1;
CALL pg_temp.wait_for_others();
VACUUM ANALYZE index_count.users;
SELECT * FROM pg_temp.searches();
SET client_min_messages = warning;
SELECT scim.drop_store('index_count', true);
