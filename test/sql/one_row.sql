-- Rows without which a store cannot go on: they stay, or scim.repair_store() puts them back, and until then it is said what is missing.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SELECT scim.create_store('one_row');
SET scim.store = 'one_row';
UPDATE one_row.policy SET enabled = true WHERE kind = 'events';
SELECT scim.create_consumer('reader', from_start => true) IS NOT NULL AS made;
INSERT INTO one_row.users (data) SELECT jsonb_build_object('userName', 'u' || n) FROM generate_series(1, 3) n;
SELECT count(*) FROM scim.next_events('reader', 10);

-- the row of "store"
DELETE FROM one_row.store;
TRUNCATE one_row.store;
UPDATE one_row.store SET version = '0.7.0';
SELECT scim.readiness() ->> 'problems' ~ 'one_row' AS problem;

-- how far events are numbered: no position is given twice
DELETE FROM one_row.event_position;
INSERT INTO one_row.users (data) VALUES ('{"userName": "u4"}');
SELECT position FROM scim.next_events('reader', 10);
SELECT count(*), count(DISTINCT position), max(position) FROM one_row.event;
SELECT last FROM one_row.event_position;
-- also when the events are gone
DELETE FROM one_row.event;
DELETE FROM one_row.event_position;
INSERT INTO one_row.users (data) VALUES ('{"userName": "u5"}');
SELECT position FROM scim.next_events('reader', 10);

-- where a consumer is
DELETE FROM one_row.consumer_position;
SELECT position FROM scim.next_events('reader', 10);
SELECT name, position FROM scim.consumers();
SELECT * FROM scim.drop_events(now() + interval '1 hour');
SELECT scim.repair_store('one_row');
SELECT position FROM scim.next_events('reader', 10);
SELECT position FROM scim.next_events('nobody', 10);

-- the key of cursors
DELETE FROM one_row.secret;
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('GET', '/Users?count=2&cursor=');
SELECT status FROM scim.request('GET', '/Users?count=2');
INSERT INTO one_row.secret (purpose, value) VALUES ('cursor', 'short');
SELECT scim.repair_store('one_row');
SELECT purpose, length(value) FROM one_row.secret;
SELECT status FROM scim.request('GET', '/Users?count=2&cursor=');

-- what the protocol describes itself with
DELETE FROM one_row.schema;
DELETE FROM one_row.schema WHERE id ~ 'ServiceProviderConfig';
DELETE FROM one_row.tenant;
TRUNCATE one_row.schema, one_row.resource_type CASCADE;
SET client_min_messages = warning;
SELECT scim.drop_store('one_row', true);
