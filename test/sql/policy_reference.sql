-- "onDelete" of the policy "reference", where one statement takes away who is referred
-- to and who refers: what is gone when it ends counts, in whatever order rows go
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('ref');
SET scim.store = 'ref';
UPDATE ref.policy SET enabled = true WHERE kind = 'audit';
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN
        RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
-- who is n has the manager m
CREATE FUNCTION pg_temp.person(n int, m int) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_build_object('userName', 'u' || n, 'active', true) || coalesce(jsonb_build_object('manager', pg_temp.id(m)), '{}') $$;
-- 1 is the manager of 2, 2 of 3, 4 of 5 and 5 of 4, 7 of 6; 3, 8, 9 are of the staff that stays; 8 has the manager 2
CREATE PROCEDURE pg_temp.again(delete_settings text, on_delete text) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ref.policy WHERE kind = 'reference';
    UPDATE ref.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
    DELETE FROM ref.users;
    DELETE FROM ref.groups;
    DELETE FROM ref.users;
    DELETE FROM ref.groups;
    ALTER TABLE ref.audit DISABLE TRIGGER scim_guard; DELETE FROM ref.audit; ALTER TABLE ref.audit ENABLE TRIGGER scim_guard;
    UPDATE ref.policy SET settings = delete_settings::jsonb WHERE kind = 'delete';
    INSERT INTO ref.users (id, data) SELECT pg_temp.id(n), pg_temp.person(n, m)
    FROM (VALUES (1, NULL), (2, 1), (3, 2), (4, NULL), (5, 4), (6, NULL), (7, NULL), (8, 2), (9, NULL)) v (n, m);
    UPDATE ref.users SET data = data || jsonb_build_object('manager', pg_temp.id(5)) WHERE user_name = 'u4';
    UPDATE ref.users SET data = data || jsonb_build_object('manager', pg_temp.id(7)) WHERE user_name = 'u6';
    INSERT INTO ref.policy (resource_type, kind, settings) VALUES
        ('User', 'reference', jsonb_build_object('attributes', jsonb_build_object('manager', jsonb_build_object('type', 'User', 'onDelete', on_delete))));
END
$$;
CREATE VIEW pg_temp.there AS
SELECT user_name, status, version, right(data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}', 1) AS manager,
    (SELECT string_agg(operation, ' ' ORDER BY a.id) FROM ref.audit a WHERE a.resource_id = u.id AND operation NOT IN ('create')) AS audit
FROM ref.users u ORDER BY id;

-- one, and both, in either order of rows, in circles, by each mode and rule
CREATE TEMP TABLE result (n serial, mode text, on_delete text, what text, answer text, there text);
DO $$
DECLARE
    mode text;
    rule text;
    what text;
    answer text;
BEGIN
    FOREACH mode IN ARRAY ARRAY['{"mode": "hard"}', '{"mode": "retain"}', '{"mode": "offboard", "byStatus": {"ACTIVE": {"delete": "retain"}}}',
            '{"mode": "hard", "byStatus": {"ACTIVE": {"delete": "retain", "deactivate": "delete"}, "SUSPENDED": {"delete": "hard"}}}'] LOOP
        FOREACH rule IN ARRAY ARRAY['clear', 'restrict', 'leave'] LOOP
            FOREACH what IN ARRAY ARRAY['DELETE FROM ref.users WHERE user_name = ''u1''', 'DELETE FROM ref.users WHERE user_name IN (''u1'', ''u2'')',
                    'DELETE FROM ref.users WHERE user_name IN (''u1'', ''u2'', ''u3'', ''u8'')', 'DELETE FROM ref.resource WHERE user_name IN (''u4'', ''u5'')',
                    'DELETE FROM ref.users WHERE user_name IN (''u6'', ''u7'')', 'DELETE FROM ref.users',
                    'UPDATE ref.users SET active = false WHERE user_name IN (''u1'', ''u2'', ''u3'', ''u8'')',
                    'UPDATE ref.users SET status = ''DELETED'' WHERE user_name IN (''u1'', ''u2'', ''u3'', ''u8'')',
                    'WITH gone AS (DELETE FROM ref.users WHERE user_name = ''u7'') UPDATE ref.users SET data = data || ''{"title": "T"}'' WHERE user_name IN (''u6'', ''u9'')',
                    'MERGE INTO ref.users u USING (VALUES (''u1''), (''u2''), (''u3''), (''u8'')) v (name) ON u.user_name = v.name WHEN MATCHED THEN DELETE'] LOOP
                CALL pg_temp.again(mode, rule);
                answer := pg_temp.try(what);
                INSERT INTO result (mode, on_delete, what, answer, there) SELECT mode, rule, what, answer,
                    (SELECT string_agg(concat_ws(' ', user_name, nullif(status, 'ACTIVE'), '> ' || manager), ', ' ORDER BY user_name) FROM pg_temp.there WHERE status <> 'DELETED');
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;
-- which differ by rule only, but for who is suspended
\t on
\pset format unaligned
SELECT what || E'\n    ' || string_agg(concat_ws(' ', on_delete, modes, answer, there), E'\n    ' ORDER BY on_delete, modes, there) FROM (
    SELECT what, on_delete, format('(%s)', count(*)) AS modes, replace(answer, '00000000-0000-7000-8000-00000000000', '') AS answer, there, min(n) AS n FROM result GROUP BY 1, 2, 4, 5) r
GROUP BY what ORDER BY min(n);
\pset format aligned
\t off

-- the audit: who is cleared is changed after those who go, and those who go are not changed on the way
CALL pg_temp.again('{"mode": "retain"}', 'clear');
DELETE FROM ref.users WHERE user_name IN ('u1', 'u2', 'u7');
SELECT * FROM pg_temp.there;

-- what is rolled back has no consequences, and does not wait for a later statement
CALL pg_temp.again('{"mode": "retain"}', 'clear');
CREATE FUNCTION ref.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stop at %', OLD.user_name; END $$;
CREATE TRIGGER a_stop BEFORE DELETE ON ref.users FOR EACH ROW WHEN (OLD.user_name = 'u9') EXECUTE FUNCTION ref.stop();
BEGIN;
SELECT pg_temp.try('DELETE FROM ref.users WHERE user_name IN (''u7'', ''u9'')');
SAVEPOINT s;
DELETE FROM ref.users WHERE user_name IN ('u8', 'u9');
ROLLBACK TO s;
DELETE FROM ref.users WHERE user_name = 'u1';
COMMIT;
SELECT user_name, status, manager FROM pg_temp.there;

-- a trigger that writes resources in the middle does not end the statement
DROP TRIGGER a_stop ON ref.users;
CREATE FUNCTION ref.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE ref.groups SET version = version + 1 WHERE display_name = 'touched'; RETURN OLD; END $$;
CREATE TRIGGER a_touch BEFORE DELETE ON ref.users FOR EACH ROW EXECUTE FUNCTION ref.touch();
CALL pg_temp.again('{"mode": "retain"}', 'restrict');
INSERT INTO ref.groups (data) VALUES ('{"displayName": "touched"}');
SELECT pg_temp.try('DELETE FROM ref.users WHERE user_name IN (''u1'', ''u2'', ''u3'', ''u8'')');
CALL pg_temp.again('{"mode": "retain"}', 'clear');
INSERT INTO ref.groups (data) VALUES ('{"displayName": "touched"}');
SELECT pg_temp.try('DELETE FROM ref.users WHERE user_name IN (''u1'', ''u2'')');
SELECT version FROM ref.groups;
SELECT user_name, status, manager FROM pg_temp.there WHERE status = 'ACTIVE';
DROP TRIGGER a_touch ON ref.users;

-- groups and their members by one statement; a group within another, kept or not
SELECT mode, pg_temp.try(format('UPDATE ref.policy SET settings = %L WHERE kind = ''delete''', mode)),
    pg_temp.try(format('INSERT INTO ref.users (id, data) SELECT pg_temp.id(n), pg_temp.person(n, NULL) FROM generate_series(%s, %s) n', base, base + 1)),
    pg_temp.try(format('INSERT INTO ref.groups (id, data) SELECT pg_temp.id(n), jsonb_build_object(''displayName'', ''g'' || n, ''members'', jsonb_build_array(pg_temp.id(%s), pg_temp.id(n - 1))) FROM generate_series(%s, %s) n', base, base + 2, base + 3)),
    pg_temp.try(format('DELETE FROM ref.resource WHERE id = ANY (ARRAY[pg_temp.id(%s), pg_temp.id(%s), pg_temp.id(%s)])', base, base + 2, base + 3)),
    base
FROM (VALUES (100, '{"mode": "hard"}'), (200, '{"mode": "retain"}')) v (base, mode);
SELECT right(id::text, 3) AS id, status, version FROM ref.resource WHERE id BETWEEN pg_temp.id(100) AND pg_temp.id(300) ORDER BY id;
SELECT right(group_id::text, 3) AS group_id, right(member_id::text, 3) AS member_id FROM ref.member ORDER BY 1, 2;

-- COPY of people who refer to each other, in either order, and who go by one statement
CALL pg_temp.again('{"mode": "retain"}', 'restrict');
COPY ref.users (id, data) FROM stdin;
00000000-0000-7000-8000-000000000021	{"userName": "c1"}
00000000-0000-7000-8000-000000000022	{"userName": "c2", "manager": "00000000-0000-7000-8000-000000000021"}
\.
SELECT pg_temp.try('DELETE FROM ref.users WHERE user_name = ''c1'''), pg_temp.try('DELETE FROM ref.users WHERE user_name ~ ''^c''');

-- requests, and operations of a bulk request, delete one after the other: the order is the client's
SELECT o ->> 'status' AS status FROM jsonb_array_elements(scim.bulk(jsonb_build_object('Operations', (
    SELECT jsonb_agg(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || pg_temp.id(n)) ORDER BY o) FROM unnest(ARRAY[1, 8, 3, 2, 1]) WITH ORDINALITY u (n, o)))) -> 'Operations') o;
SELECT jsonb_path_query_array(body::jsonb, '$.Operations[*].status') AS statuses
FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations', (
    SELECT jsonb_agg(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || pg_temp.id(n)) ORDER BY o) FROM unnest(ARRAY[7, 6, 7, 4, 5]) WITH ORDINALITY u (n, o)))::text);
CALL pg_temp.again('{"mode": "retain"}', 'clear');
SELECT jsonb_path_query_array(body::jsonb, '$.Operations[*].status') AS statuses
FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations', (
    SELECT jsonb_agg(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || pg_temp.id(n)) ORDER BY o) FROM unnest(ARRAY[4, 5, 7]) WITH ORDINALITY u (n, o)))::text);
SELECT user_name, status, manager FROM pg_temp.there;
-- and so do functions that one statement calls for each row
CALL pg_temp.again('{"mode": "retain"}', 'clear');
SELECT count(scim.delete_resource('User', id)) AS left_to_show FROM (SELECT id FROM ref.users WHERE user_name IN ('u1', 'u2', 'u4', 'u5') ORDER BY user_name) u;
SELECT user_name, status, manager FROM pg_temp.there;
SELECT scim.drop_store('ref', true);
