-- What a consumer wants by now, what is erased, holds for what waits for him.
\set ECHO errors
SET client_min_messages = warning;
SELECT scim.create_store('wanted');
SET scim.store = 'wanted';
SET scim.base_url = 'https://scim.example.com/v2';
UPDATE wanted.policy SET enabled = true, settings = '{"mode": "full"}' WHERE kind = 'events';
CREATE FUNCTION pg_temp.claims(token text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT convert_from(decode(rpad(translate(split_part(token, '.', 2), '-_', '+/'), (length(split_part(token, '.', 2)) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb $$;
CREATE FUNCTION pg_temp.poll(consumer text) RETURNS SETOF jsonb LANGUAGE sql AS $$
  SELECT pg_temp.claims(s.value) - '{iat,toe,jti,txn}'::text[] FROM scim.request('POST', '/.events/' || consumer, '{"content-type": "application/json"}', '{}') r, jsonb_each_text(r.body::jsonb -> 'sets') s ORDER BY s.key $$;
\pset format unaligned
\set VERBOSITY terse
\set ECHO all

-- a change holds for what was filed and not given out; what was given out, and dead letters, stay
SELECT scim.create_consumer('c') IS NOT NULL AS made;
INSERT INTO wanted.users (data) SELECT jsonb_build_object('userName', 'user' || n) FROM generate_series(1, 6) n;
INSERT INTO wanted.groups (data) VALUES ('{"displayName": "g"}');
SELECT position FROM scim.next_events('c', 2);
SELECT scim.fail_events('c', ARRAY(SELECT event_id FROM wanted.delivery WHERE position = 1)) AS failed;
SELECT count(*) AS waiting FROM wanted.delivery;
UPDATE wanted.consumer SET filter = 'position ne 4';
SELECT array_agg(position ORDER BY position) FROM wanted.delivery;
UPDATE wanted.consumer SET event_uris = '{urn:ietf:params:scim:event:prov:cre*}', resource_types = '{User}';
SELECT array_agg(position ORDER BY position) FROM wanted.delivery;
UPDATE wanted.consumer SET event_uris = '{urn:ietf:params:scim:event:prov:delete}', resource_types = NULL;
SELECT array_agg(position ORDER BY position) FROM wanted.delivery;
SELECT scim.drop_consumer('c');

-- erased: neither values nor external id, a notice in SQL, in tokens and to receivers
SELECT scim.create_resource('User', '{"userName": "ann", "externalId": "HR-ann", "title": "ann''s"}') ->> 'id' AS ann \gset
SELECT scim.create_consumer('c', from_start => true, filter => format('resourceId eq "%s"', :'ann')) IS NOT NULL AS made;
SELECT scim.create_consumer('full', from_start => true, filter => format('resourceId eq "%s"', :'ann'), event_uris => '{urn:ietf:params:scim:event:prov:create:full}') IS NOT NULL AS made;
SELECT scim.patch_resource('User', :'ann', '[{"op": "replace", "path": "title", "value": "ann too"}]') IS NOT NULL AS done;
SELECT scim.create_token('poller') IS NOT NULL AS made;
SELECT scim.deliver_by_poll('c', (SELECT id FROM wanted.token));
SELECT scim.fail_events('c', ARRAY[id], 'no ann', '0 s') AS failed FROM scim.next_events('c', 1);
SELECT scim.fail_events('full', ARRAY[id], 'no ann', '0 s') AS failed FROM scim.next_events('full', 1);
SELECT scim.erase(:'ann') > 0 AS erased;
SELECT count(*) AS named FROM wanted.event e WHERE e::text ~* 'ann';
SELECT count(*) AS named FROM wanted.delivery e WHERE e::text ~* 'ann';
SELECT replace(claims::text, :'ann', 'ID') AS claims FROM pg_temp.poll('c') claims;
SELECT event_uri, external_id, attributes, data FROM scim.next_events('full');
-- whoever takes the data away
UPDATE wanted.event SET event_uri = 'urn:ietf:params:scim:event:prov:create:full', data = NULL WHERE resource_id = :'ann' AND operation = 'create';
UPDATE wanted.lease SET expires_at = now();
SELECT claims -> 'events' AS events FROM pg_temp.poll('c') claims;
-- who could never be told anything
SELECT scim.create_consumer('never', 'userName eq "a"');
SELECT scim.create_consumer('never', 'operation eq "create" or not (data[x eq 1] or urn:x:actor pr)');
SELECT scim.create_consumer('never', resource_types => '{User,Users}');
SELECT scim.create_consumer('never', resource_types => '{}');
SELECT scim.create_consumer('never', event_uris => '{urn:ietf:params:scim:event:prov:create}');
SELECT scim.create_consumer('never', event_uris => '{urn:example:*}');
SELECT scim.create_consumer('never', event_uris => ARRAY[NULL]);
UPDATE wanted.consumer SET filter = 'nickName pr';
INSERT INTO wanted.policy (resource_type, kind, name, settings) VALUES ('User', 'emit', 'hello', '{"event": "urn:example:hello", "on": ["create"]}');
SELECT scim.create_consumer('ever', 'DATA.x eq 1 or data[x eq 1] or ACTOR pr', event_uris => '{urn:example:*,urn:ietf:params:scim:event:misc:invite}', resource_types => '{User}') IS NOT NULL AS made;

-- only what was given out is acknowledged or fails, and that once; what waits is brought forward
SELECT scim.drop_consumer('full'), scim.drop_consumer('ever'), scim.drop_consumer('c');
SELECT scim.create_consumer('w', max_attempts => 3) IS NOT NULL AS made;
INSERT INTO wanted.groups (data) VALUES ('{"displayName": "one"}'), ('{"displayName": "two"}');
SELECT count(*) FROM scim.next_events('w', 1);
SELECT scim.acknowledge_events('w', ARRAY(SELECT event_id FROM wanted.delivery WHERE attempts = 0)) AS acknowledged, scim.fail_events('w', ARRAY(SELECT event_id FROM wanted.delivery WHERE attempts = 0)) AS failed;
SELECT scim.fail_events('w', ARRAY(SELECT event_id FROM wanted.delivery), 'no', '1 hour') AS failed FROM generate_series(1, 3);
SELECT failures, dead_at IS NULL AS alive, next_attempt_at > now() AS waits FROM wanted.delivery ORDER BY position;
SELECT scim.retry_events('w') AS forward;
SELECT attempts, failures, next_attempt_at FROM wanted.delivery ORDER BY position;
SELECT attempt FROM scim.next_events('w', 1);

-- a tenant goes with his consumers
SELECT scim.create_tenant('two') AS two \gset
SET scim.tenant = :two;
SELECT scim.create_consumer('his') IS NOT NULL AS made;
SELECT left(scim.deliver_by_webhook('his', 'https://example.com'), 6) AS secret;
SET scim.tenant = 1;
SELECT scim.drop_tenant(:two);
SELECT (SELECT count(*) FROM wanted.consumer) AS consumers, (SELECT count(*) FROM wanted.consumer_secret WHERE tenant_id = :two) AS secrets;
SET client_min_messages = warning;
-- who reads holds no lock that any role could take as well, by a function of SQL
INSERT INTO wanted.users (data) VALUES ('{"userName": "numbered"}');
BEGIN;
SELECT count(*) > 0 AS given FROM scim.next_events('w', 1000);
SELECT objsubid NOT IN (1, 2) AS ours FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
ROLLBACK;
SELECT scim.drop_store('wanted', true);
