-- Consumers: events given out, acknowledged, failed, put aside; each at a pace of its own.
\set ECHO errors
SET client_min_messages = warning;
SELECT scim.create_store('feed');
SET scim.store = 'feed';
UPDATE feed.policy SET enabled = true WHERE kind = 'events';
CREATE FUNCTION pg_temp.person(name text) RETURNS uuid LANGUAGE sql AS $$ SELECT (scim.create_resource('User', jsonb_build_object('userName', name)) ->> 'id')::uuid $$;
CREATE TEMP TABLE person AS SELECT name, pg_temp.person(name) AS id FROM unnest(ARRAY['ada', 'bob']) name;
CREATE TEMP VIEW pending AS SELECT d.position, p.name, d.attempts, d.failures, d.next_attempt_at > now() AS later, d.last_error, d.dead_at IS NOT NULL AS dead, d.lease_id IS NOT NULL AS given
  FROM feed.delivery d JOIN feed.consumer c ON c.id = d.consumer_id JOIN person p ON p.id = d.resource_id WHERE c.name = 'hr' ORDER BY position;
\pset format unaligned
\set ECHO all
\set VERBOSITY terse

-- from now on, or from the start
SELECT scim.create_consumer('hr') IS NOT NULL AS made, scim.create_consumer('archive', from_start => true) IS NOT NULL AS made;
SELECT count(*) FROM scim.next_events('hr');
SELECT position, p.name, operation, version, attempt, txn IS NOT NULL AS txn, lease_id IS NOT NULL AS lease, lease_expires_at > now() AS lasts FROM scim.next_events('archive') e JOIN person p ON p.id = e.resource_id;
-- nobody else has them until the lease expires, and nothing else of the same resources
SELECT count(*) FROM scim.next_events('archive');
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "1"}]') IS NOT NULL AS done FROM person;
SELECT count(*) FROM scim.next_events('archive');
SELECT name, position, unread, pending, leased, dead, oldest IS NOT NULL AS oldest FROM scim.consumers();
-- they are, once what was given out is acknowledged
SELECT scim.acknowledge_events('archive', ARRAY(SELECT id FROM feed.event WHERE position <= 2 AND resource_id = (SELECT id FROM person WHERE name = 'bob')));
SELECT position, p.name FROM scim.next_events('archive') e JOIN person p ON p.id = e.resource_id;
SELECT scim.acknowledge_events('archive', ARRAY(SELECT id FROM feed.event)), scim.acknowledge_events('archive', ARRAY(SELECT id FROM feed.event));
SELECT count(*) FROM feed.lease;
SELECT name, position, unread, pending, leased, dead FROM scim.consumers();

-- A lease that expires is taken over; who has lost it acknowledges in vain, if he says which it was
SELECT lease_id AS lost FROM scim.next_events('hr', lease => '1 millisecond') LIMIT 1 \gset
SELECT pg_sleep(0.01);
SELECT position, attempt FROM scim.next_events('hr');
SELECT scim.acknowledge_events('hr', ARRAY(SELECT id FROM feed.event), :'lost');
SELECT lease_id AS held FROM feed.delivery WHERE lease_id IS NOT NULL LIMIT 1 \gset
SELECT scim.acknowledge_events('hr', ARRAY(SELECT id FROM feed.event), :'held');

-- What fails comes again later; what comes after it of the same resource waits, what is of others does not
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "2"}]') IS NOT NULL AS done FROM person;
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "3"}]') IS NOT NULL AS done FROM person;
SELECT position, attempt FROM scim.next_events('hr');
SELECT scim.fail_events('hr', ARRAY(SELECT id FROM feed.event WHERE position = 5), 'no answer');
SELECT * FROM pending;
SELECT scim.acknowledge_events('hr', ARRAY(SELECT id FROM feed.event WHERE position IN (6, 8)));
SELECT count(*) FROM scim.next_events('hr');
UPDATE feed.delivery SET next_attempt_at = now() - interval '1 s' WHERE next_attempt_at IS NOT NULL;
SELECT position, attempt FROM scim.next_events('hr');
-- retry_after says when
SELECT scim.fail_events('hr', ARRAY(SELECT id FROM feed.event WHERE position = 5), 'no answer', retry_after => '0');
SELECT position, attempt FROM scim.next_events('hr', max => 1);
-- and back-off is longer each time
UPDATE feed.delivery SET failures = 8, attempts = 9;
SELECT scim.fail_events('hr', ARRAY(SELECT id FROM feed.event WHERE position = 5), repeat('no answer ', 200));
SELECT next_attempt_at BETWEEN now() + interval '128 s' AND now() + interval '384 s' AS later, length(last_error) FROM feed.delivery WHERE position = 5;
UPDATE feed.delivery SET next_attempt_at = NULL;
SELECT position, attempt FROM scim.next_events('hr');
-- the tenth time it is a dead letter, and the others go on
SELECT scim.fail_events('hr', ARRAY(SELECT id FROM feed.event WHERE position = 5), 'never');
SELECT position, e.at IS NOT NULL AS at, regexp_replace(event_uri, '.*:prov', 'prov') AS event, failures, last_error, dead_at IS NOT NULL AS dead FROM scim.dead_events('hr') e;
SELECT position FROM scim.next_events('hr');
SELECT name, pending, leased, dead FROM scim.consumers();
-- looked at, given out again, or done without
SELECT scim.acknowledge_events('hr', ARRAY(SELECT id FROM feed.event WHERE position = 7));
SELECT scim.retry_events('hr', ARRAY[gen_random_uuid()]), scim.retry_events('hr'), scim.retry_events('hr');
SELECT position, attempt FROM scim.next_events('hr');
UPDATE feed.consumer SET max_attempts = 1;
SELECT scim.fail_events('hr', ARRAY(SELECT id FROM feed.event WHERE position = 5), 'never');
SELECT scim.acknowledge_events('hr', (SELECT array_agg(id) FROM scim.dead_events('hr')));
SELECT count(*) FROM feed.delivery d JOIN feed.consumer c ON c.id = d.consumer_id WHERE c.name = 'hr';
SELECT count(*) FROM feed.lease l JOIN feed.consumer c ON c.id = l.consumer_id WHERE c.name = 'hr';

-- Who kills his worker is given out alone from the third time on, and buried when that does not help
UPDATE feed.consumer SET max_attempts = 2;
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "4"}]') IS NOT NULL AS done FROM person;
CREATE FUNCTION pg_temp.die(OUT given text) LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(string_agg(format('%s (%s)', position, attempt), ' ' ORDER BY position), '') INTO given FROM scim.next_events('hr');
  UPDATE feed.lease SET expires_at = now() - interval '1 s';
END $$;
SELECT g, pg_temp.die() FROM generate_series(1, 9) g;
SELECT position, failures, last_error FROM scim.dead_events('hr');

-- What is wanted: URIs, types, a filter over the event
INSERT INTO feed.policy (resource_type, kind, name, settings, enabled) VALUES ('User', 'emit', 'percent', '{"event": "urn:ietf:params:scim:event:prov:%65", "on": ["create"]}', false);
SELECT scim.create_consumer('births', event_uris => '{urn:ietf:params:scim:event:prov:create:*}') IS NOT NULL,
       scim.create_consumer('groups', resource_types => '{Group}') IS NOT NULL,
       scim.create_consumer('titles', 'attributes eq "TITLE" and not (actor eq "sync")') IS NOT NULL,
       scim.create_consumer('members', 'membersAdded pr and resourceType eq "Group" or operation eq "suspend"') IS NOT NULL,
       scim.create_consumer('exact', event_uris => '{urn:ietf:params:scim:event:prov:delete,urn:ietf:params:scim:event:prov:%65}') IS NOT NULL;
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'g', 'members', jsonb_agg(jsonb_build_object('value', id)))) ->> 'id' AS g FROM person \gset
SET scim.actor = 'sync';
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "5"}]') IS NOT NULL AS done FROM person WHERE name = 'ada';
RESET scim.actor;
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "6"}]') IS NOT NULL AS done FROM person WHERE name = 'bob';
UPDATE feed.users SET active = false WHERE user_name = 'bob';
SELECT scim.delete_resource('Group', :'g');
SELECT c.name, (SELECT string_agg(e.resource_type || ' ' || e.operation, ', ' ORDER BY e.position) FROM scim.next_events(c.name) e) AS events FROM feed.consumer c WHERE c.name IN ('births', 'groups', 'titles', 'members', 'exact') ORDER BY name COLLATE "C";
SELECT scim.create_consumer('wrong', 'actor eq');
UPDATE feed.consumer SET filter = 'actor qe "x"' WHERE name = 'titles';
SELECT scim.create_consumer('hr');
SELECT scim.create_consumer(NULL);
SELECT scim.create_consumer('');
SELECT count(*) FROM scim.next_events('nobody');
SELECT scim.drop_consumer('nobody');
SELECT count(*) FROM scim.next_events('hr', 0);
SELECT count(*) FROM scim.next_events('hr', 10001);
SELECT count(*) FROM scim.next_events('hr', 1, '-1 s');
SELECT count(*) FROM scim.next_events('hr', 1, '8 days');
SELECT count(*) FROM scim.next_events('hr', 1, NULL);
SELECT scim.acknowledge_events('hr', NULL), scim.acknowledge_events('hr', '{}'), scim.fail_events('hr', '{}'), scim.retry_events(NULL);

-- An event that somebody has deleted is not delivered, and holds nothing up
DELETE FROM feed.event WHERE position <= 4;
SELECT scim.create_consumer('late', from_start => true) IS NOT NULL AS made;
SELECT min(position), count(*) FROM scim.next_events('late', 2, '1 millisecond');
DELETE FROM feed.event WHERE position <= 6;
SELECT pg_sleep(0.01);
SELECT min(position), count(*) FROM scim.next_events('late', 2);
SELECT count(*) FROM feed.delivery d JOIN feed.consumer c ON c.id = d.consumer_id WHERE c.name = 'late' AND d.position <= 6;
-- positions go on where all events are gone
DELETE FROM feed.event;
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "7"}]') IS NOT NULL AS done FROM person WHERE name = 'ada';
SELECT position > 15 AS higher FROM scim.next_events('titles');
SELECT min(e.position) = (SELECT last FROM feed.event_position) AS the_last FROM feed.event e;

-- old ones are dropped, but for those that somebody has still to get, or keeps as dead letters
SELECT scim.create_consumer('slow') IS NOT NULL AS made;
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "7a"}]') IS NOT NULL AS done FROM person;
SELECT count(*) FROM scim.drop_events(NULL);
SELECT tenant_id, consumer, dropped, kept FROM scim.drop_events(now() - interval '1 hour');
SELECT count(scim.drop_consumer(name)) FROM feed.consumer WHERE name NOT IN ('slow', 'archive');
UPDATE feed.consumer SET max_attempts = 1 WHERE name = 'slow';
SELECT scim.fail_events('slow', ARRAY[id]) FROM scim.next_events('slow', 1);
SELECT tenant_id, consumer, dropped, kept FROM scim.drop_events(now());
SELECT scim.acknowledge_events('archive', ARRAY[id]) FROM scim.next_events('archive');
SELECT scim.acknowledge_events('slow', ARRAY[id]) FROM scim.next_events('slow');
SELECT tenant_id, consumer, dropped, kept FROM scim.drop_events(now());
SELECT tenant_id, consumer, dropped, kept FROM scim.drop_events(now(), force => true);
SELECT (SELECT count(*) FROM feed.event) AS events, (SELECT count(*) FROM feed.delivery) AS deliveries;
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "7b"}]') IS NOT NULL AS done FROM person WHERE name = 'ada';
-- in one transaction with what he does
BEGIN;
SELECT count(*) AS given FROM scim.next_events('archive') e, LATERAL scim.acknowledge_events('archive', ARRAY[e.id]);
ROLLBACK;
SELECT count(*) AS given FROM scim.next_events('archive') e, LATERAL scim.acknowledge_events('archive', ARRAY[e.id]);

-- Tenants do not see each other's
INSERT INTO feed.tenant (tenant_id, name) VALUES (2, 'two');
SET scim.tenant = 2;
SELECT count(*) FROM scim.consumers();
SELECT count(*) FROM scim.next_events('hr');
SELECT scim.create_consumer('hr') IS NOT NULL AS made;
SELECT scim.create_resource('User', '{"userName": "zoe"}') IS NOT NULL AS done;
SELECT position, resource_type FROM scim.next_events('hr');
RESET scim.tenant;
-- Who may execute the functions needs to be a worker in this store, too, and nothing else; nobody may by himself
CREATE ROLE regress_scim_worker;
GRANT USAGE ON SCHEMA feed TO regress_scim_worker;
INSERT INTO feed.tenant_role (role, tenant_id) VALUES ('regress_scim_worker', 1);
SET ROLE regress_scim_worker;
SELECT count(*) FROM scim.next_events('archive');
RESET ROLE;
GRANT EXECUTE ON FUNCTION scim.next_events, scim.acknowledge_events TO regress_scim_worker;
SET ROLE regress_scim_worker;
SELECT count(*) FROM scim.next_events('archive');
RESET ROLE;
GRANT UPDATE (last_error) ON feed.delivery TO regress_scim_worker;
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "title", "value": "8"}]') IS NOT NULL AS done FROM person WHERE name = 'ada';
SET ROLE regress_scim_worker;
SELECT count(*) FROM scim.next_events('archive');
SELECT count(*) FROM feed.event;
SELECT count(*) FROM scim.dead_events('archive');
RESET ROLE;
DROP OWNED BY regress_scim_worker;
DROP ROLE regress_scim_worker;

-- whose end takes all that was his
SELECT count(scim.drop_consumer(name)) FROM feed.consumer WHERE tenant_id = 1;
SELECT (SELECT count(*) FROM feed.delivery WHERE tenant_id = 1) AS delivery, (SELECT count(*) FROM feed.lease WHERE tenant_id = 1) AS lease, (SELECT count(*) FROM feed.consumer_position WHERE tenant_id = 1) AS position;
SET client_min_messages = warning;
-- what is too long or too much is told by the name of the argument
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE query; RETURN 'taken'; EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm; END $$;
SELECT argument, pg_temp.refused(format('SELECT scim.create_consumer(%s)', argument)) FROM unnest(ARRAY[$$'limits', channel => repeat('x', 64)$$, $$'limits', channel => ''$$, $$'limits', max_attempts => 0$$, $$'limits', max_attempts => 1001$$,
    $$repeat('x', 257)$$, $$'limits', channel => repeat('x', 63), max_attempts => 1000$$, $$'limits'$$]) argument;
SELECT function, pg_temp.refused('SELECT scim.' || function) FROM unnest(ARRAY[$$deliver_by_push('limits', 'https://example.com/', lease => '8 days')$$, $$deliver_by_webhook('limits', 'https://example.com/', lease => '0')$$, $$deliver_by_webhook('limits', 'https://example.com/', repeat('x', 5000))$$]) function;
SELECT scim.drop_store('feed', true);
