-- A row whose columns contradict its document, or each other: refused where a write changes both; what still says what it said follows.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SELECT scim.create_store('contradict');
SET scim.store = 'contradict';
UPDATE contradict.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
CREATE FUNCTION pg_temp.try(statement text, OUT answer text, OUT becomes text) LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE statement;
        SELECT concat_ws(' ', r.status, coalesce(r.active::text, 'null'), coalesce(r.data ->> 'active', 'null'), r.user_name, r.data ->> 'userName', r.external_id, r.data ->> 'externalId', r.display_name, r.data ->> 'displayName') INTO becomes FROM contradict.users r;
        RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN answer := 'done';
    WHEN OTHERS THEN becomes := NULL; answer := concat_ws(' ', sqlstate, sqlerrm);
    END;
END $$;
CREATE TABLE pg_temp.start (n int, name text, status text, active boolean);
INSERT INTO pg_temp.start VALUES (1, 'active', 'ACTIVE', true), (2, 'silent', 'ACTIVE', NULL), (3, 'suspended', 'SUSPENDED', false), (4, 'leaving', 'OFFBOARDING', false);
SELECT s.name, w.status, w.active, (pg_temp.try(format($$INSERT INTO contradict.users (user_name, status, active, offboarding_at, data) VALUES ('a', %1$L, %2$L, %3$L, '{}'); UPDATE contradict.users SET status = %4$L, active = %5$L$$,
    s.status, s.active, CASE WHEN s.status = 'OFFBOARDING' THEN now() END, w.status, w.active))).*
FROM pg_temp.start s, (VALUES (1, 'ACTIVE', true), (2, 'ACTIVE', false), (3, 'SUSPENDED', true), (4, 'SUSPENDED', false), (5, 'OFFBOARDING', true), (6, 'OFFBOARDED', true), (7, 'OFFBOARDED', NULL), (8, 'SUSPENDED', NULL)) w (n, status, active)
ORDER BY s.n, w.n;
-- the same said in the document
SELECT s.name, w.status, w.active, (pg_temp.try(format($$INSERT INTO contradict.users (user_name, status, active, offboarding_at, data) VALUES ('a', %1$L, %2$L, %3$L, '{}'); UPDATE contradict.users SET status = %4$L, data = data || '{"active": %5$s}'$$,
    s.status, s.active, CASE WHEN s.status = 'OFFBOARDING' THEN now() END, w.status, w.active::text))).*
FROM pg_temp.start s, (VALUES (1, 'ACTIVE', true), (2, 'ACTIVE', false), (3, 'SUSPENDED', true), (4, 'SUSPENDED', false)) w (n, status, active)
ORDER BY s.n, w.n;
-- a new row
SELECT w.status, w.active, (pg_temp.try(format($$INSERT INTO contradict.users (user_name, status, active, deleted_at, data) VALUES ('a', %L, %L, %L, '{}')$$, w.status, w.active, CASE WHEN w.status = 'OFFBOARDED' THEN now() END))).*
FROM (VALUES (1, 'ACTIVE', true), (2, 'ACTIVE', false), (3, 'SUSPENDED', true), (4, 'SUSPENDED', NULL), (5, 'OFFBOARDED', true), (6, 'OFFBOARDED', false), (7, 'OFFBOARDED', NULL)) w (n, status, active) ORDER BY n;
-- columns and attributes of one meaning
SELECT n, (pg_temp.try(replace(statement, 'URN', 'urn:ietf:params:scim:schemas:core:2.0:User'))).* FROM (VALUES
    (1, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{"userName": "b"}')$$),
    (2, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{"USERNAME": "a"}')$$),
    (3, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{"URN:userName": "b"}')$$),
    (4, $$INSERT INTO contradict.users (user_name, external_id, data) VALUES ('a', 'x', '{"externalId": "y"}')$$),
    (5, $$INSERT INTO contradict.users (user_name, display_name, data) VALUES ('a', 'x', '{"displayName": "y"}')$$),
    (6, $$INSERT INTO contradict.users (user_name, active, data) VALUES ('a', true, '{"active": false}')$$),
    (7, $$INSERT INTO contradict.users (user_name, active, data) VALUES ('a', true, '{"active": "False"}')$$),
    (8, $$INSERT INTO contradict.users (user_name, active, data) VALUES ('a', true, '{"active": "True"}')$$),
    (9, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{}'); UPDATE contradict.users SET user_name = 'b', data = '{"userName": "c"}'$$),
    (10, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{}'); UPDATE contradict.users SET user_name = 'b', data = '{"userName": "a", "displayName": "d"}'$$),
    (11, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{}'); UPDATE contradict.users SET display_name = 'b', data = data || '{"displayName": "c"}'$$),
    (12, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{}'); UPDATE contradict.users SET external_id = 'b', data = data || '{"externalId": "c"}'$$),
    (13, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{"active": true}'); UPDATE contradict.users SET active = false, data = data || '{"active": "true"}'$$),
    (14, $$INSERT INTO contradict.users (user_name, data) VALUES ('a', '{"displayName": "d"}'); UPDATE contradict.users SET display_name = NULL, data = data || '{"URN:displayName": "c"}'$$)
) t (n, statement) ORDER BY n;
SET client_min_messages = warning;
SELECT scim.drop_store('contradict', true);
