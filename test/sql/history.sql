-- A row that comes from elsewhere keeps its history: one that can be shown, and that goes on
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('history');
SET scim.store = 'history';
CREATE FUNCTION pg_temp.try(columns text, vals text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO history.users (data, %s) VALUES (''{"userName": "v"}'', %s)', columns, vals);
    RAISE EXCEPTION USING ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN 'ok';
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
--
-- times that no dateTime shows
--
SELECT c, t, pg_temp.try(CASE c WHEN 'deleted_at' THEN 'status, ' WHEN 'deactivated_at' THEN 'active, ' WHEN 'offboarding_at' THEN 'status, ' ELSE '' END || c,
    CASE c WHEN 'deleted_at' THEN '''DELETED'', ' WHEN 'deactivated_at' THEN 'false, ' WHEN 'offboarding_at' THEN '''OFFBOARDING'', ' ELSE '' END || quote_literal(t))
FROM unnest(ARRAY['created', 'last_modified', 'deleted_at', 'offboarding_at', 'activated_at', 'deactivated_at', 'sessions_valid_after']) AS c,
    unnest(ARRAY['infinity', '-infinity', '0001-12-31 23:59:59Z BC', '0001-01-01 00:00:00Z', '9999-12-31 23:59:59.999999Z', '10000-01-01 00:00:00Z']) AS t;
-- in the future, sessions do not end
SELECT pg_temp.try('sessions_valid_after', 'now() + ''1 day''');
-- a history that contradicts the status
SELECT pg_temp.try('deactivated_at', 'now()');
SELECT pg_temp.try('offboarding_at', 'now()');
SELECT pg_temp.try('status, offboarding_at', '''SUSPENDED'', now()');
SELECT pg_temp.try('status, deactivated_at, offboarding_at', '''OFFBOARDING'', now(), now()');
INSERT INTO history.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "bjensen"}');
UPDATE history.users SET sessions_valid_after = '-infinity';
UPDATE history.users SET sessions_valid_after = 'infinity';
--
-- versions
--
SELECT v, pg_temp.try('version', v::text)
FROM unnest(ARRAY[-9223372036854775807, -5, 0, 1, 4611686018427387903, 4611686018427387904, 9223372036854775807]) AS v;
--
-- rows that nobody has checked are shown, found and sorted all the same
--
BEGIN;
ALTER TABLE history.users DISABLE TRIGGER USER;
INSERT INTO history.users (id, data, user_name, status, version, created, last_modified)
VALUES ('00000000-0000-7000-8000-000000000002', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "old"}', 'old', 'ACTIVE', 9223372036854775807, '-infinity', 'infinity');
ALTER TABLE history.users ENABLE TRIGGER USER;
COMMIT;
SELECT r -> 'userName' AS user_name, r #- '{meta,location}' -> 'meta' AS meta FROM scim.search('User', 'userName eq "old"', 'meta.created') AS s, jsonb_array_elements(s -> 'Resources') AS r;
SELECT (scim.search('User', filter, 'meta.lastModified')) ->> 'totalResults' AS found, filter
FROM unnest(ARRAY['meta.created lt "2000-01-01T00:00:00Z"', 'meta.lastModified gt "2000-01-01T00:00:00Z"', 'meta.lastModified pr', 'meta.created sw "0001"']) AS filter;
SELECT count(*) FROM history.users WHERE scim.resource_json(users) IS NOT NULL;
UPDATE history.users SET data = data || '{"title": "t"}' WHERE user_name = 'old';
SELECT scim.suspend_resource('User', '00000000-0000-7000-8000-000000000002') #> '{meta,version}' AS version;
SELECT scim.drop_store('history', true);
