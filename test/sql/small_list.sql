-- A tenant with few people beside many of others: a filter that may find many is asked of each of his people,
-- and does not read the keys of everybody.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('beside');
SET scim.store = 'beside';
UPDATE beside.policy SET enabled = false WHERE kind = 'audit';
INSERT INTO beside.tenant (tenant_id, name) VALUES (2, 'few'), (3, 'none');
CREATE FUNCTION pg_temp.person(n int) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('userName', 'person' || n || '@example.com', 'active', n % 10 <> 0, 'title', CASE WHEN n % 3 > 0 THEN 'Title ' || n % 7 END,
        'name', jsonb_build_object('familyName', 'Family' || n % 11, 'formatted', repeat('Person ' || n, 20)), 'userType', CASE WHEN n % 4 = 0 THEN 'Contractor' ELSE 'Employee' END)) $$;
INSERT INTO beside.users (data) SELECT pg_temp.person(n) FROM generate_series(1, 3000) n;
INSERT INTO beside.users (tenant_id, data) SELECT 2, pg_temp.person(n) FROM generate_series(1, 40) n;
INSERT INTO beside.groups (tenant_id, data) VALUES (1, '{"displayName": "Others"}'), (2, '{"displayName": "Ours"}');
INSERT INTO beside.member (tenant_id, group_id, member_id) SELECT g.tenant_id, g.id, u.id FROM beside.groups g JOIN beside.users u USING (tenant_id) WHERE u.data ->> 'userType' = 'Contractor';

-- which index is asked: of the few none, of the many the one on documents
CREATE FUNCTION pg_temp.asks_index(tenant int, filter text, resource_type text DEFAULT 'User') RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    before bigint := pg_stat_get_xact_numscans('beside.users_data_idx'::regclass);
BEGIN
    PERFORM set_config('scim.tenant', tenant::text, false);
    PERFORM scim.search(resource_type, filter);
    RETURN pg_stat_get_xact_numscans('beside.users_data_idx'::regclass) > before;
END $$;
BEGIN;
SELECT filter, pg_temp.asks_index(1, filter) AS many, pg_temp.asks_index(2, filter) AS few, pg_temp.asks_index(3, filter) AS none
FROM (VALUES ('title gt "Title 3"'), ('title sw "Title"'), ('title co "itle 4"'), ('title pr'), ('not (userType eq "Employee")'), ('active eq false and title ge "Title 5"'),
    ('title eq "Title 4"')) AS t (filter);
COMMIT;

-- after ANALYZE, which knows who has many, as well
ANALYZE beside.users;
BEGIN;
SELECT pg_temp.asks_index(1, 'title gt "Title 3"') AS many, pg_temp.asks_index(2, 'title gt "Title 3"') AS few;
COMMIT;

-- whatever is asked, it finds what each document says, in order, by pages and by cursor
SET scim.tenant = '2';
CREATE FUNCTION pg_temp.found(filter text, sort_by text, descending boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb := scim.search('User', filter, sort_by => sort_by, sort_order => CASE WHEN descending THEN 'descending' END, count => 7, cursor => '');
    names text[] := '{}';
    total int := (answer ->> 'totalResults')::int;
BEGIN
    LOOP
        names := names || ARRAY(SELECT r ->> 'userName' FROM jsonb_array_elements(answer -> 'Resources') WITH ORDINALITY t (r, n) ORDER BY n);
        EXIT WHEN answer ->> 'nextCursor' IS NULL;
        answer := scim.search('User', filter, sort_by => sort_by, sort_order => CASE WHEN descending THEN 'descending' END, count => 7, cursor => answer ->> 'nextCursor');
    END LOOP;
    IF total <> cardinality(names) THEN
        RAISE 'total % of %', total, cardinality(names);
    END IF;
    IF names[6:9] IS DISTINCT FROM ARRAY(SELECT r ->> 'userName' FROM jsonb_array_elements(scim.search('User', filter, sort_by => sort_by,
        sort_order => CASE WHEN descending THEN 'descending' END, start_index => 6, count => 4) -> 'Resources') WITH ORDINALITY t (r, n) ORDER BY n) THEN
        RAISE 'another page';
    END IF;
    RETURN array_to_string(names, ' ');
END $$;
SELECT filter, count(*) AS ways, count(DISTINCT length(pg_temp.found(filter, sort_by, descending))) AS sizes,
    bool_and((SELECT count(*) FROM unnest(string_to_array(pg_temp.found(filter, sort_by, descending), ' ')) AS name)
        = (SELECT count(*) FROM beside.users WHERE tenant_id = 2 AND deleted_at IS NULL AND scim.matches(data, filter::scim.filter))) AS right
FROM (VALUES ('title gt "Title 3"'), ('title sw "Title"'), ('title pr'), ('not (userType eq "Employee")'), ('active eq false or title lt "Title 2"'), ('name.familyName ne "Family3"')) AS t (filter),
    (VALUES (NULL, false), ('title', false), ('title', true), ('userName', false), ('name.familyName', true)) AS s (sort_by, descending)
GROUP BY filter ORDER BY filter COLLATE "C";
-- what documents do not say
SELECT filter, scim.search('User', filter) -> 'totalResults' AS total FROM (VALUES ('groups.display sw "O"'), ('groups.display gt "P"'), ('title pr and groups pr'), ('meta.version pr'), ('groups pr and not (title pr)')) AS t (filter);
SELECT scim.search('Group', 'members.display co "0@ex"') -> 'totalResults' AS groups;
-- those who are gone, or come in the meantime
UPDATE beside.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM beside.users WHERE tenant_id = 2 AND user_name = 'person1@example.com';
INSERT INTO beside.users (tenant_id, data) VALUES (2, '{"userName": "late", "title": "Title 9"}');
SELECT scim.search('User', 'title gt "Title 0"') -> 'totalResults' AS people, scim.search('User', 'title gt "Title 8"') #>> '{Resources,0,userName}' AS late;
RESET scim.tenant;
SELECT scim.drop_store('beside', true);

-- Statistics of before the others came say that all rows are one tenant's: nobody reads those of another for his list, whatever he asks.
SELECT scim.create_store('before');
SET scim.store = 'before';
UPDATE before.policy SET enabled = false WHERE kind = 'audit';
ALTER TABLE before.users SET (autovacuum_enabled = off);
ALTER TABLE before.member SET (autovacuum_enabled = off);
SELECT count(*) > 0 AS loads FROM scim.begin_load('User');
INSERT INTO before.users (data) SELECT pg_temp.person(n) FROM generate_series(1, 3000) n;
SELECT * FROM scim.end_load('User');
SELECT n_distinct FROM pg_stats WHERE schemaname = 'before' AND tablename = 'users' AND attname = 'tenant_id';
INSERT INTO before.tenant (tenant_id, name) VALUES (2, 'few'), (3, 'many');
INSERT INTO before.users (tenant_id, data) SELECT 2, pg_temp.person(n) FROM generate_series(1, 100) n;
INSERT INTO before.groups (tenant_id, data) SELECT t, jsonb_build_object('displayName', 'Group ' || n) FROM generate_series(1, 2) t, generate_series(1, 10) n;
INSERT INTO before.member (tenant_id, group_id, member_id) SELECT g.tenant_id, g.id, u.id FROM before.groups g JOIN before.users u USING (tenant_id) WHERE g.display_name = 'Group ' || (length(u.user_name) % 3 + 1);
INSERT INTO before.member (tenant_id, group_id, member_id) SELECT g.tenant_id, g.id, h.id FROM before.groups g JOIN before.groups h USING (tenant_id) WHERE h.display_name = 'Group 1' AND g.display_name = 'Group 9';
ANALYZE before.member;
-- rows of the table that were read, one after another or by an index
CREATE FUNCTION pg_temp.reads(tenant int, query text, relation regclass DEFAULT 'before.users', OUT most text, OUT whole boolean) LANGUAGE plpgsql AS $$
DECLARE
    before bigint := pg_stat_get_xact_tuples_returned(relation);
    fetched bigint := pg_stat_get_xact_tuples_fetched(relation);
BEGIN
    PERFORM set_config('scim.tenant', tenant::text, false);
    EXECUTE query;
    fetched := pg_stat_get_xact_tuples_fetched(relation) - fetched;
    most := CASE WHEN fetched <= 700 THEN 'few' ELSE fetched::text END;
    whole := pg_stat_get_xact_tuples_returned(relation) > before;
END $$;
BEGIN;
SELECT query, (pg_temp.reads(2, query)).*, (pg_temp.reads(2, query, 'before.member')).whole AS members
FROM unnest(ARRAY['SELECT scim.search(''User'')', 'SELECT scim.search(''User'', count => 0)', 'SELECT scim.search(''User'', sort_by => ''title'', count => 10)', 'SELECT scim.search(''User'', sort_by => ''name.familyName'', sort_order => ''descending'', cursor => '''', count => 10)',
    'SELECT scim.search(NULL, sort_by => ''title'', count => 10)', 'SELECT scim.search(''User'', start_index => 50, count => 10)', 'SELECT scim.search(''User'', ''title pr'', sort_by => ''title'')', 'SELECT scim.search(''User'', ''not (title eq "x")'')', 'SELECT scim.search(''User'', ''title co "itle"'', sort_by => ''userName'', cursor => '''')',
    'SELECT scim.search(''User'', ''groups pr'')', 'SELECT scim.search(''User'', ''not (groups.display eq "x")'')', 'SELECT scim.search(''User'', ''groups.display co "roup" and title pr'')', 'SELECT scim.search(''User'', ''groups[type eq "indirect" and display co "9"]'')', 'SELECT scim.search(NULL, ''title pr'')',
    'SELECT count(*) FROM scim.export(''User'')', 'SELECT count(*) FROM scim.export(''User'', ''not (title eq "x")'')', 'SELECT scim.purge(''1 day'')']) AS query;
COMMIT;
-- who came later, and has most, is not taken for somebody with few; who had most before reads no more than is his
INSERT INTO before.users (tenant_id, data) SELECT 3, pg_temp.person(n) FROM generate_series(1, 12000) n;
BEGIN;
SELECT query, (pg_temp.reads(1, query)).whole AS first, (pg_temp.reads(3, query)).whole AS later
FROM unnest(ARRAY['SELECT scim.search(''User'', sort_by => ''title'', count => 10)', 'SELECT scim.search(''User'', ''not (title eq "x")'', count => 10)', 'SELECT scim.search(''User'', ''title co "itle" and groups pr'', count => 10)']) AS query;
COMMIT;
RESET scim.tenant;
SELECT scim.drop_store('before', true);
