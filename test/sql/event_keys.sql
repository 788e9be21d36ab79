-- Keys that sign and who issues: nobody who is told by tokens is left without either, and where one is missing he is told so.
\set ECHO errors
SET client_min_messages = warning;
SELECT scim.create_store('keys');
SET scim.store = 'keys';
UPDATE keys.policy SET enabled = true WHERE kind = 'events';
CREATE FUNCTION pg_temp.poll(body jsonb DEFAULT '{}', headers jsonb DEFAULT '{}', OUT status int, OUT retry_after text, OUT body text) LANGUAGE sql AS $$
  SELECT r.status, r.headers ->> 'Retry-After', CASE WHEN r.status = 200 THEN (SELECT count(*) || ' sets' FROM jsonb_object_keys(r.body::jsonb -> 'sets')) ELSE r.body::jsonb ->> 'detail' END
  FROM scim.request('POST', '/.events/told', '{"content-type": "application/json"}' || headers, body::text) r $$;
\pset format unaligned
\set VERBOSITY terse
\set ECHO all

-- no base_url, no tokens
SELECT scim.create_consumer('told') IS NOT NULL AS made;
SELECT scim.deliver_by_push('told', 'https://example.com');
SELECT scim.deliver_by_poll('told', (scim.create_token('told')).id);
INSERT INTO keys.users (data) VALUES ('{"userName": "ada"}');
SELECT * FROM pg_temp.poll();
SELECT * FROM pg_temp.poll(headers => '{"host": "scim.example.com"}');
UPDATE keys.tenant SET base_url = 'https://one.example.com/v2';
SELECT scim.deliver_by_push('told', 'https://example.com');
UPDATE keys.tenant SET base_url = NULL;
SELECT problem FROM scim.consumers();
SET client_min_messages = warning;
SELECT count(*) FROM scim.next_deliveries();
INSERT INTO keys.setting (name, value) VALUES ('base_url', '"https://scim.example.com/v2"');
SELECT problem FROM scim.consumers();

-- the key that signs, and the last, stay while there is who is told by tokens; the former one may go
CREATE FUNCTION pg_temp.drop_key(key uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN PERFORM scim.drop_signing_key(key); RETURN 'dropped'; EXCEPTION WHEN object_not_in_prerequisite_state THEN RETURN replace(sqlerrm, key::text, 'KEY'); END $$;
SELECT id AS first FROM keys.signing_key \gset
SELECT pg_temp.drop_key(:'first');
SELECT scim.create_signing_key(use_from => 'infinity') AS later \gset
SELECT pg_temp.drop_key(:'first');
SELECT pg_temp.drop_key(:'later');
SELECT scim.create_signing_key() AS next \gset
SELECT pg_temp.drop_key(:'next');
SELECT pg_temp.drop_key(:'first');
UPDATE keys.signing_key SET use_from = 'infinity';
SELECT pg_temp.drop_key(:'next');
SELECT problem FROM scim.consumers();
-- none that may be used: 503, and what there is to be had stays
UPDATE keys.lease SET expires_at = now();
SELECT scim.deliver_by_poll('told', (SELECT id FROM keys.token LIMIT 1));
SELECT * FROM pg_temp.poll();
UPDATE keys.signing_key SET use_from = now();
SELECT * FROM pg_temp.poll();
-- nobody is told by tokens
SELECT left(scim.deliver_by_webhook('told', 'https://example.com'), 6) AS secret;
SELECT pg_temp.drop_key(:'next');

-- a POST as any other: it has no version, and is there
SELECT scim.deliver_by_poll('told', (SELECT id::text FROM keys.token LIMIT 1));
SELECT scim.deliver_by_poll('told', 'no id');
SELECT * FROM pg_temp.poll(headers => '{"if-match": "W/\"1\""}');
SELECT * FROM pg_temp.poll(headers => '{"if-none-match": "*"}');
SELECT * FROM pg_temp.poll(headers => '{"if-match": "*"}');
SET client_min_messages = warning;
SELECT scim.drop_store('keys', true);
