-- Events that go while a worker has them take his lease along: later events of the same resource do not wait for what nobody brings
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('lost');
SET scim.store = 'lost';
UPDATE lost.policy SET enabled = true WHERE kind = 'events';
SELECT scim.create_consumer('a') IS NOT NULL AS made;
CREATE VIEW lost_now AS SELECT pending, leased, (SELECT count(*) FROM lost.lease) AS leases FROM scim.consumers();
CREATE FUNCTION pg_temp.given(lease interval DEFAULT '7 days') RETURNS TABLE (operation text) LANGUAGE sql AS $$SELECT operation FROM scim.next_events('a', 10, lease)$$;
INSERT INTO lost.users (data) VALUES ('{"userName": "u"}'), ('{"userName": "v"}');
CREATE TEMP TABLE got AS SELECT * FROM scim.next_events('a', 10, '7 days');
TABLE lost_now;
-- while the events are there nobody else has later ones of these resources
BEGIN;
UPDATE lost.users SET active = false WHERE user_name = 'u';
SELECT * FROM pg_temp.given();
-- dropped by force
SELECT tenant_id, consumer, dropped, kept FROM scim.drop_events(clock_timestamp() - interval '1 hour', force => true);
TABLE lost_now;
SELECT tenant_id, consumer, dropped, kept FROM scim.drop_events((SELECT max(at) + interval '1 microsecond' FROM lost.event WHERE operation = 'create'), force => true);
TABLE lost_now;
SELECT * FROM pg_temp.given();
SELECT scim.acknowledge_events('a', ARRAY(SELECT id FROM got), (SELECT lease_id FROM got LIMIT 1)) AS done;
TABLE lost_now;
ROLLBACK;
-- one of two that a lease is about: the other is waited for
BEGIN;
UPDATE lost.users SET active = false WHERE user_name = 'u';
DELETE FROM lost.event e USING got g WHERE e.id = g.id AND g.resource_id = (SELECT id FROM lost.users WHERE user_name = 'v');
SELECT * FROM pg_temp.given();
TABLE lost_now;
UPDATE lost.users SET active = false WHERE user_name = 'v';
SELECT * FROM pg_temp.given();
TABLE lost_now;
ROLLBACK;
-- events, or what waits, deleted by hand, and what the retention takes
BEGIN;
UPDATE lost.users SET active = false;
DELETE FROM lost.event WHERE operation = 'create';
SELECT * FROM pg_temp.given();
ROLLBACK;
BEGIN;
UPDATE lost.users SET active = false;
DELETE FROM lost.delivery;
SELECT * FROM pg_temp.given();
ROLLBACK;
BEGIN;
UPDATE lost.setting SET value = '1' WHERE name = 'event_retention';
INSERT INTO lost.setting (name, value) SELECT 'event_retention', '1' WHERE NOT EXISTS (SELECT FROM lost.setting WHERE name = 'event_retention');
UPDATE lost.event SET at = at - interval '3 days';
UPDATE lost.users SET active = false;
SELECT * FROM scim.apply_retention() AS t WHERE t LIKE '%events%';
TABLE lost_now;
SELECT * FROM pg_temp.given();
ROLLBACK;
-- what there is of before: it holds nobody back, and scim.repair_store takes it away
DELETE FROM lost.delivery;
TABLE lost_now;
SELECT * FROM scim.repair_store('lost');
TABLE lost_now;
-- an erased one, a dead letter, and a consumer who goes
UPDATE lost.users SET active = false;
SELECT * FROM pg_temp.given();
SELECT scim.erase((SELECT id FROM lost.users WHERE user_name = 'u')) > 0 AS erased;
TABLE lost_now;
UPDATE lost.delivery SET dead_at = now();
TABLE lost_now;
SELECT scim.drop_consumer('a');
SELECT count(*) FROM lost.lease;
DROP VIEW lost_now;
SELECT scim.drop_store('lost', true);
