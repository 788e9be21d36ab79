-- Loads: what scim.begin_load changes, and scim.end_load makes good again
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('loaded');
SET scim.store = 'loaded';
INSERT INTO loaded.tenant (tenant_id, name) VALUES (2, 'Second');
INSERT INTO loaded.tenant_role (role, tenant_id) VALUES (current_user, 1);
SET scim.tenant = 1;
SELECT scim.create_resource('User', '{"userName": "before"}') IS NOT NULL AS created;
CREATE TABLE feed (n int, data jsonb);
INSERT INTO feed SELECT n, jsonb_build_object('userName', 'person' || n, 'title', 'Title ' || n % 10) FROM generate_series(1, 200) n;
CREATE FUNCTION pg_temp.indexes() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM pg_indexes WHERE schemaname = 'loaded' AND tablename = 'users' $$;
CREATE FUNCTION pg_temp.reads(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
        IF line ~ 'Scan' THEN RETURN NEXT trim(line); END IF;
    END LOOP;
END $$;

-- what has no place is left out and told of, the others are there, and there is one row of the audit
SELECT pg_temp.indexes() AS indexes \gset
SELECT clock_timestamp() AS before_load \gset
BEGIN;
SELECT count(*) = :indexes - 3 AS all_but_the_unique FROM scim.begin_load('User');
INSERT INTO loaded.users (data) SELECT data FROM feed WHERE n <= 50
    UNION ALL VALUES ('{"userName": ""}'::jsonb), ('{"userName": "BEFORE"}'), ('{"userName": "PERSON7"}'), ('{"userName": "wrong", "emails": [{"value": 5}]}'), ('[]')
    UNION ALL SELECT data FROM feed WHERE n BETWEEN 51 AND 100;
SELECT * FROM scim.end_load('User');
COMMIT;
SELECT pg_temp.indexes() = :indexes AS all_indexes, (SELECT count(*) FROM loaded.users) AS people, current_setting('scim.load') AS loads;
SELECT a.operation, a.resource_type, a.resource_id, a.key, a.before, a.detail -> 'count' AS count, a.at = u.created AS then, a.detail ->> 'first' = u.first AS first, a.detail ->> 'last' = u.last AS last
FROM loaded.audit a, (SELECT min(created) AS created, min(id::text) AS first, max(id::text) AS last FROM loaded.users WHERE user_name LIKE 'person%') u WHERE a.operation = 'load';
SELECT count(DISTINCT created), count(DISTINCT version) FROM loaded.users WHERE user_name LIKE 'person%';
-- nobody had to read through others to find somebody: statistics and index are there
SELECT scim.search('User', 'title eq "Title 3"', count => 0) ->> 'totalResults' AS found;

-- the audit answers for each of them
SELECT clock_timestamp() AS after_load, id AS one FROM loaded.users WHERE user_name = 'person42' \gset
SELECT scim.patch_resource('User', :'one', '[{"op": "replace", "path": "title", "value": "Chief"}]') ->> 'title' AS title;
SELECT clock_timestamp() AS after_patch, id AS other FROM loaded.users WHERE user_name = 'person43' \gset
SELECT scim.delete_resource('User', :'other');
SELECT scim.resource_at('User', :'one', :'before_load') AS before_load,
    scim.resource_at('User', :'one', :'after_load') ->> 'title' AS after_load, scim.resource_at('User', :'one', :'after_load') #>> '{meta,version}' AS version,
    scim.resource_at('User', :'one', now()) ->> 'title' AS now;
SELECT scim.resource_at('User', :'one', :'after_load') -> 'meta' ->> 'created' = scim.resource_at('User', :'one', :'after_load') -> 'meta' ->> 'lastModified' AS is_new;
SELECT scim.resource_at('User', :'other', :'before_load') AS before_load, scim.resource_at('User', :'other', :'after_patch') ->> 'userName' AS then, scim.resource_at('User', :'other', now()) AS now;
SELECT scim.resource_at('User', id, :'before_load') AS before_load, scim.resource_at('User', id, now()) ->> 'userName' AS now FROM loaded.users WHERE user_name = 'person44';
SELECT (SELECT count(*) FROM scim.resources_at('User', :'before_load')) AS before_load, (SELECT count(*) FROM scim.resources_at('User', :'after_load')) AS after_load,
    (SELECT count(*) FROM scim.resources_at('User', :'after_load', 'title eq "Title 2"')) AS of_a_title, (SELECT count(*) FROM scim.resources_at('User', now())) AS now;
SELECT version, operation, actor = current_user AS by_me, jsonb_array_length(difference) AS operations FROM scim.history(:'one');
SELECT version, operation, difference -> 0 ->> 'op' AS op FROM scim.history(:'other');
SELECT by_hand, at = created AS then, change = (SELECT change FROM loaded.audit WHERE operation = 'load') AS by_load FROM loaded.account_origin WHERE id = :'one';
-- it cannot be taken back as a change of each can
SELECT r.action, regexp_replace(r.conflict, '[0-9a-f]{8}-[0-9a-f-]+', 'ID', 'g') AS conflict FROM loaded.audit a, scim.revert_change(a.change, dry_run => true) r WHERE a.operation = 'load';

-- a session of its own for each: searches are right meanwhile, others write, and what was interrupted goes on
SELECT count(*) FROM scim.begin_load('User');
COPY loaded.users (data) FROM stdin;
{"userName": "copied1", "title": "Title 3"}
{"userName": "copied2", "title": "Title 3", "name": "wrong"}
\.
SELECT scim.search('User', 'title eq "Title 3"', count => 0) ->> 'totalResults' AS found, (SELECT count(*) FROM loaded.users WHERE data OPERATOR(scim.~) 'title eq "Title 3"' AND deleted_at IS NULL) AS matching;
SELECT DISTINCT pg_temp.reads($$SELECT FROM loaded.users WHERE data OPERATOR(scim.~) 'title eq "Title 3"'$$) AS reads;
RESET ALL;
SET client_min_messages = warning;
SET scim.store = 'loaded';
SET scim.tenant = 1;
INSERT INTO loaded.users (data) VALUES ('{"userName": "by another"}');
SELECT operation, count(*) FROM loaded.audit WHERE operation IN ('create', 'load') GROUP BY 1 ORDER BY 1;
SELECT * FROM scim.begin_load('User');
INSERT INTO loaded.users (data) VALUES ('{"userName": "copied3", "title": "Title 3"}');
SELECT * FROM scim.end_load('User');
SELECT pg_temp.indexes() = :indexes AS all_indexes, scim.search('User', 'title eq "Title 3"', count => 0) ->> 'totalResults' AS found;

-- what the range cannot stand for has a row of its own; of several tenants each has one
BEGIN;
SELECT count(*) FROM scim.begin_load('User', drop_indexes => false);
INSERT INTO loaded.users (tenant_id, id, data, created, version) VALUES
    (1, DEFAULT, '{"userName": "t1"}', DEFAULT, NULL), (2, DEFAULT, '{"userName": "t2"}', DEFAULT, NULL), (1, '01890000-0000-7000-8000-000000000001', '{"userName": "t3"}', DEFAULT, NULL),
    (1, DEFAULT, '{"userName": "t4"}', '2001-01-01', NULL), (1, DEFAULT, '{"userName": "t5", "password": "secret-Word-5"}', DEFAULT, NULL), (1, DEFAULT, '{"userName": "t6"}', DEFAULT, 7),
    (2, DEFAULT, '{"userName": "t7"}', DEFAULT, NULL);
SELECT a.tenant_id, a.operation, a.detail -> 'count' AS count, u.user_name FROM loaded.audit a LEFT JOIN loaded.users u ON u.id = a.resource_id
WHERE a.change = scim.change() ORDER BY 1, 2, 3, 4;
-- what is taken back is in no range
SAVEPOINT here;
INSERT INTO loaded.users (data) VALUES ('{"userName": "t8"}');
ROLLBACK TO here;
INSERT INTO loaded.users (data) VALUES ('{"userName": "t9"}');
SELECT a.detail -> 'count' AS count, u.user_name FROM loaded.audit a JOIN loaded.users u ON u.id::text = a.detail ->> 'first' WHERE a.change = scim.change() AND a.tenant_id = 1 ORDER BY a.id;
-- and with the transaction all is
ROLLBACK;
SELECT current_setting('scim.load') AS loads, pg_temp.indexes() = :indexes AS all_indexes, count(*) FILTER (WHERE user_name ~ '^t') AS loaded FROM loaded.users;

-- without the statement's own trigger nothing is committed that the audit does not tell of
BEGIN;
SELECT count(*) FROM scim.begin_load('User', drop_indexes => false);
ALTER TABLE loaded.users DISABLE TRIGGER scim_settle;
INSERT INTO loaded.users (data) VALUES ('{"userName": "untold"}');
COMMIT;
SELECT count(*) FROM loaded.users WHERE user_name = 'untold';

-- functions and scim.import do what they do elsewhere
SELECT count(*) FROM scim.begin_load('User', drop_indexes => false);
SELECT scim.create_resource('User', '{"userName": "PERSON1"}');
SELECT scim.create_resource('User', '{"userName": "by function"}') ->> 'userName' AS created;
SELECT key, action FROM scim.import('User', $$ VALUES ('by import'), ('PERSON2') $$, mapping => '{"column1": "userName"}', apply => true) ORDER BY line;
SELECT * FROM scim.end_load('User');
SELECT a.operation, u.user_name FROM loaded.audit a JOIN loaded.users u ON u.id = a.resource_id WHERE u.user_name ^@ 'by ' ORDER BY a.id;

-- policies hold, events are told as ever, and of a group the members come, too
INSERT INTO loaded.policy (resource_type, kind, settings) VALUES ('User', 'condition', '{"when": "title pr", "require": "title eq \"Title 1\"", "message": "no such title"}');
UPDATE loaded.policy SET enabled = true WHERE kind = 'events' AND resource_type = 'User';
SELECT count(*) FROM scim.begin_load('User', drop_indexes => false);
INSERT INTO loaded.users (data) VALUES ('{"userName": "p1", "title": "Title 1"}'), ('{"userName": "p2", "title": "Title 3"}');
SELECT * FROM scim.end_load('User');
SELECT count(*) AS events FROM loaded.event;
SELECT count(*) FROM scim.begin_load('Group');
INSERT INTO loaded.groups (data) SELECT jsonb_build_object('displayName', 'Crew', 'members', jsonb_build_array(jsonb_build_object('value', :'one'::text)));
SELECT * FROM scim.end_load('Group');
SELECT scim.search('User', 'groups.display eq "Crew"', count => 0) ->> 'totalResults' AS members;

-- of two types at a time each has its own rows, and numbers
SELECT count(*) FROM scim.begin_load('User', drop_indexes => false);
SELECT count(*) FROM scim.begin_load('Group', drop_indexes => false);
INSERT INTO loaded.users (data) VALUES ('{"userName": "two1", "title": "Title 1"}'), ('{"userName": "two1", "title": "Title 1"}');
INSERT INTO loaded.groups (data) VALUES ('{"displayName": "Two"}'), ('{"displayName": ""}');
INSERT INTO loaded.users (data) VALUES ('{"userName": "two2", "title": "Title 3"}');
SELECT line, key FROM scim.end_load('Group');
INSERT INTO loaded.users (data) VALUES ('{"userName": "TWO1", "title": "Title 1"}');
SELECT line, key FROM scim.end_load('User');

-- only who owns the store loads, and nobody gets anything by the setting
CREATE ROLE regress_loader;
GRANT USAGE ON SCHEMA loaded TO regress_loader;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA loaded TO regress_loader;
INSERT INTO loaded.tenant_role (role, tenant_id) VALUES ('regress_loader', 1);
SELECT 'loaded.users'::regclass::oid AS users \gset
SET ROLE regress_loader;
SELECT scim.begin_load('User');
SELECT scim.end_load('User');
SET scim.load = :'users';
INSERT INTO loaded.users (data) VALUES ('{"userName": ""}');
INSERT INTO loaded.users (data) VALUES ('{"userName": "loader"}');
RESET ROLE;
RESET scim.load;
SELECT a.operation FROM loaded.audit a JOIN loaded.users u ON u.id = a.resource_id AND u.user_name = 'loader';
SELECT scim.begin_load('Nothing');
SELECT scim.end_load('Nothing');
SELECT scim_internal.load_begin('feed');
DROP OWNED BY regress_loader;
DROP ROLE regress_loader;
DROP TABLE feed;
SELECT scim.drop_store('loaded', true);
