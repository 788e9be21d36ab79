-- Events of a resource in order, whoever is slow: what a worker had by a lease that is over is given back where another one gets what comes before it
SET client_min_messages = warning;
SELECT scim.create_store('leased');
SET scim.store = 'leased';
UPDATE leased.policy SET enabled = true WHERE kind = 'events';
SELECT scim.create_consumer('order') IS NOT NULL AS made;
INSERT INTO leased.users (data) SELECT jsonb_build_object('userName', n, 'title', 'v0') FROM unnest('{ada,bob}'::text[]) n;
UPDATE leased.users SET data = data || '{"title": "v1"}' WHERE user_name = 'ada';
UPDATE leased.users SET data = data || '{"title": "v2"}' WHERE user_name = 'ada';
CREATE TEMP VIEW waiting AS SELECT r.user_name, e.version, d.attempts, d.failures, d.lease_id IS NOT NULL AS leased FROM leased.delivery d JOIN leased.event e ON e.id = d.event_id JOIN leased.users r ON r.id = d.resource_id ORDER BY d.position;
CREATE FUNCTION pg_temp.gets(max int, lease interval) RETURNS TABLE (id uuid, who text, version bigint, attempt int, lease_id uuid) LANGUAGE sql AS $$
  SELECT e.id, r.user_name, e.version, e.attempt, e.lease_id FROM scim.next_events('order', max, lease) e JOIN leased.users r ON r.id = e.resource_id $$;
-- with the lease, and without: neither is done with what comes later
CREATE TEMP TABLE slow AS SELECT * FROM pg_temp.gets(10, '1 ms');
SELECT pg_sleep(0.01);
CREATE TEMP TABLE quick AS SELECT * FROM pg_temp.gets(1, '1 min');
TABLE waiting;
SELECT scim.acknowledge_events('order', ARRAY(SELECT id FROM slow), (SELECT lease_id FROM slow LIMIT 1)) AS slow;
SELECT scim.acknowledge_events('order', ARRAY(SELECT id FROM quick), (SELECT lease_id FROM quick LIMIT 1)) AS quick;
SELECT who, version, attempt FROM pg_temp.gets(10, '1 ms');
SELECT pg_sleep(0.01);
TRUNCATE quick;
INSERT INTO quick SELECT * FROM pg_temp.gets(1, '1 min');
TABLE waiting;
SELECT scim.fail_events('order', ARRAY(SELECT id FROM slow), 'late', lease_id => (SELECT lease_id FROM slow LIMIT 1)) AS slow;
SELECT scim.acknowledge_events('order', ARRAY(SELECT id FROM slow)) AS whose_ever;
TABLE waiting;
-- what kills its worker is given out alone in the end, though it is not the first of its resource, and put aside
UPDATE leased.delivery SET attempts = 0, lease_id = NULL;
DELETE FROM leased.lease;
UPDATE leased.consumer SET max_attempts = 2;
UPDATE leased.users SET data = data || '{"title": "v3"}' WHERE user_name = 'ada';
UPDATE leased.users SET data = data || '{"title": "v4"}' WHERE user_name = 'ada';
CREATE FUNCTION pg_temp.works() RETURNS text LANGUAGE plpgsql AS $$
DECLARE got record; said text := ''; done uuid[] := '{}';
BEGIN
  FOR got IN SELECT * FROM pg_temp.gets(10, '1 ms') LOOP
    said := said || got.version || ' ';
    IF got.version = 4 THEN
      PERFORM pg_sleep(0.01);
      RETURN said || 'dies';
    END IF;
    done := done || got.id;
  END LOOP;
  PERFORM scim.acknowledge_events('order', done, got.lease_id);
  RETURN said;
END $$;
SELECT n, pg_temp.works() FROM generate_series(1, 10) n;
SELECT e.version, d.attempts, d.dead_at IS NOT NULL AS dead FROM leased.delivery d JOIN leased.event e ON e.id = d.event_id ORDER BY d.position;
-- one that fails holds back what comes after it in its resource, and nothing that comes before: that stays with who has it, and waits for nobody
SELECT scim.drop_consumer('order');
SELECT scim.create_consumer('order') IS NOT NULL AS made;
INSERT INTO leased.users (data) VALUES ('{"userName": "cyd", "title": "v1"}');
UPDATE leased.users SET data = data || '{"title": "v2"}' WHERE user_name = 'cyd';
UPDATE leased.users SET data = data || '{"title": "v3"}' WHERE user_name = 'cyd';
CREATE TEMP TABLE got AS SELECT * FROM pg_temp.gets(10, '1 min');
SELECT scim.fail_events('order', ARRAY[id], 'no', lease_id => lease_id) AS failed FROM got WHERE version = 2;
TABLE waiting;
SELECT version, scim.acknowledge_events('order', ARRAY[id], lease_id) AS acknowledged FROM got WHERE version <> 2 ORDER BY 1;
SELECT who, version, attempt FROM pg_temp.gets(10, '1 min');
SELECT scim.retry_events('order') AS retried;
TRUNCATE got;
INSERT INTO got SELECT * FROM pg_temp.gets(10, '1 ms');
SELECT scim.fail_events('order', ARRAY[id], 'no', '1 hour') AS failed FROM got WHERE version = 3;
TABLE waiting;
-- by the end of its lease, and where it fails itself
SELECT pg_sleep(0.01);
TRUNCATE got;
INSERT INTO got SELECT * FROM pg_temp.gets(10, '1 min');
SELECT who, version, attempt, scim.fail_events('order', ARRAY[id], 'no', '0 s') AS failed FROM got;
TRUNCATE got;
INSERT INTO got SELECT * FROM pg_temp.gets(10, '1 min');
SELECT who, version, attempt, scim.acknowledge_events('order', ARRAY[id], lease_id) AS acknowledged FROM got;
TABLE waiting;
SELECT who, version, attempt FROM pg_temp.gets(10, '1 min');
-- the same for the relay, which says first what has failed
SELECT scim.drop_consumer('order');
SELECT scim.create_consumer('hook') IS NOT NULL AS made;
SELECT left(scim.deliver_by_webhook('hook', 'https://127.0.0.1/hook'), 6) AS secret;
INSERT INTO leased.users (data) VALUES ('{"userName": "dan", "title": "v1"}');
UPDATE leased.users SET data = data || '{"title": "v2"}' WHERE user_name = 'dan';
CREATE TEMP TABLE sent AS SELECT d.*, e.version FROM scim.next_deliveries() d JOIN leased.event e USING (id);
SELECT scim.delivery_failed(tenant_id, consumer_id, id, '500', NULL, lease_id) AS failed FROM sent WHERE version = 2;
SELECT scim.delivered(tenant_id, consumer_id, ARRAY[id], lease_id) AS delivered FROM sent WHERE version = 1;
TABLE waiting;
SELECT scim.drop_store('leased', true);
