-- Who polls events needs scopes for all that they tell of
\set VERBOSITY terse
SELECT scim.create_store('poll');
SET scim.store = 'poll';
SET scim.base_url = 'https://scim.example.com/v2';
UPDATE poll.policy SET enabled = true, settings = '{"mode": "full"}' WHERE kind = 'events';
SELECT scim.create_tenant('two') AS two;
SELECT scim.create_consumer('all') IS NOT NULL AS made, scim.create_consumer('groups', resource_types => '{Group}') IS NOT NULL AS made, scim.create_consumer('both', resource_types => '{User,Group}') IS NOT NULL AS made;
CREATE TEMP TABLE token (name text PRIMARY KEY, id uuid, secret text);
INSERT INTO token SELECT name, made.id, made.secret
FROM (VALUES ('every', NULL), ('group', '{Group:read}'), ('read', '{read}'), ('user', '{User}'), ('both', '{User:read,Group:read}'), ('dead', NULL), ('old', NULL)) t (name, what),
    LATERAL scim.create_token(name, scopes => what::text[]) made;
INSERT INTO token SELECT 'client', made.id, made.secret FROM scim.create_client('c', 'Bearer', scopes => '{Group}') made;
SET scim.tenant = 2;
INSERT INTO token SELECT 'foreign', made.id, made.secret FROM scim.create_token('foreign') made;
RESET scim.tenant;
SELECT scim.revoke_token(id) FROM token WHERE name = 'dead';
UPDATE poll.token SET expires_at = now() WHERE description = 'old';
CREATE FUNCTION pg_temp.deliver(consumer text, token text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.deliver_by_poll(consumer, coalesce((SELECT t.id FROM token t WHERE t.name = token), gen_random_uuid()));
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN 'yes';
    WHEN OTHERS THEN RETURN sqlstate || regexp_replace(sqlerrm, '^.*":', '');
END $$;
SELECT t AS token, pg_temp.deliver('all', t) AS "all", pg_temp.deliver('groups', t) AS groups, pg_temp.deliver('both', t) AS both
FROM unnest(ARRAY['every', 'group', 'read', 'user', 'both', 'client', 'dead', 'old', 'foreign', 'nobody']) t;
-- what comes about later is seen when somebody polls
CREATE FUNCTION pg_temp.poll(token text, consumer text, OUT status int, OUT sets bigint, OUT detail text) LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = token;
    reply := scim.request('POST', '/.events/' || consumer, '{"Content-Type": "application/json"}', '{}');
    status := reply.status;
    sets := (SELECT count(*) FROM jsonb_object_keys(reply.body::jsonb -> 'sets'));
    detail := reply.body::jsonb ->> 'detail';
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN;
END $$;
SELECT scim.deliver_by_poll('groups', id) FROM token WHERE name = 'group';
SELECT scim.deliver_by_poll('both', id) FROM token WHERE name = 'both';
SELECT scim.deliver_by_poll('all', id) FROM token WHERE name = 'every';
INSERT INTO poll.users (data) VALUES ('{"userName": "ada", "title": "hidden"}');
INSERT INTO poll.groups (data) VALUES ('{"displayName": "Admins"}');
SELECT c, (pg_temp.poll(t, c)).* FROM (VALUES ('group', 'groups'), ('both', 'both'), ('every', 'all'), ('user', 'groups')) p (t, c);
SELECT name, problem FROM scim.consumers() ORDER BY 1;
UPDATE poll.consumer SET resource_types = NULL WHERE name = 'groups';
SELECT * FROM pg_temp.poll('group', 'groups');
UPDATE poll.consumer SET resource_types = '{Group,User}' WHERE name = 'groups';
SELECT * FROM pg_temp.poll('group', 'groups');
UPDATE poll.token SET scopes = '{Group:read}' WHERE description = 'every';
SELECT * FROM pg_temp.poll('every', 'all');
SELECT scim.revoke_token(id) FROM token WHERE name = 'both';
UPDATE poll.token SET expires_at = now() WHERE description = 'group';
INSERT INTO poll.token (id, hash, description) VALUES ('00000000-0000-7000-8000-000000000001', sha256('gone'), 'gone');
UPDATE poll.consumer SET token_id = '00000000-0000-7000-8000-000000000001', method = 'poll' WHERE name = 'all';
DELETE FROM poll.token WHERE description = 'gone';
-- and shown to who looks
SELECT name, problem FROM scim.consumers() ORDER BY 1;
-- a poll is no list, and takes no filter
SELECT r.status, r.body::jsonb ->> 'scimType' AS error FROM scim.request('POST', '/.events/all?filter=x', '{}', '{}') r;
SET client_min_messages = warning;
SELECT scim.drop_store('poll', true);
