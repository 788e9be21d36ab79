-- What is told of a row that is new and is not active, or nobody sees: what is to be seen
SET client_min_messages = warning;
SELECT scim.create_store('event_hidden');
SET scim.store = 'event_hidden';
RESET client_min_messages;
SELECT scim.register_schema('{"id": "urn:example:Lamp", "name": "Lamp", "attributes": [{"name": "label", "required": true}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Lamp", "endpoint": "/Lamps", "schema": "urn:example:Lamp"}') IS NOT NULL AS registered;
UPDATE event_hidden.policy SET enabled = true, settings = '{"mode": "full"}' WHERE kind = 'events';
UPDATE event_hidden.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';
INSERT INTO event_hidden.policy (resource_type, kind, name, settings)
SELECT t, 'emit', 'told', '{"event": "x:told", "on": ["create", "update", "delete", "status"]}' FROM unnest('{User,Group,Lamp}'::text[]) t;
CREATE FUNCTION pg_temp.told() RETURNS TABLE (event text, resource_type text, operation text, version bigint, data jsonb) LANGUAGE sql AS $$
  WITH gone AS (DELETE FROM event_hidden.event RETURNING *)
  SELECT regexp_replace(event_uri, '^.*:event:', ''), resource_type, operation, version, data - '{id,schemas}'::text[] FROM gone ORDER BY id $$;
-- any point of a life
INSERT INTO event_hidden.users (data, status, deleted_at) VALUES ('{"userName": "deleted", "active": true}', 'DELETED', '2026-01-01Z'), ('{"userName": "gone"}', 'OFFBOARDED', '2026-01-01Z');
INSERT INTO event_hidden.groups (data, status, deleted_at) VALUES ('{"displayName": "deleted"}', 'DELETED', '2026-01-01Z');
INSERT INTO event_hidden.lamps (data, status, deleted_at) VALUES ('{"label": "deleted"}', 'DELETED', '2026-01-01Z');
COPY event_hidden.users (data, status, deleted_at) FROM stdin;
{"userName": "copied"}	DELETED	2026-01-01 00:00:00+00
\.
SELECT * FROM pg_temp.told();
INSERT INTO event_hidden.users (data) VALUES ('{"userName": "here"}'), ('{"userName": "said", "active": false}');
INSERT INTO event_hidden.users (data, status) VALUES ('{"userName": "suspended"}', 'SUSPENDED'), ('{"userName": "leaver"}', 'OFFBOARDING'), ('{"userName": "left", "active": false}', 'OFFBOARDING');
INSERT INTO event_hidden.groups (data, status) VALUES ('{"displayName": "suspended"}', 'SUSPENDED');
INSERT INTO event_hidden.lamps (data, status) VALUES ('{"label": "suspended"}', 'SUSPENDED'), ('{"label": "here"}', 'ACTIVE');
SELECT * FROM pg_temp.told();
-- what happens to who is out of sight is nobody's to hear
INSERT INTO event_hidden.users (data, status, deleted_at) VALUES ('{"userName": "forgotten", "title": "t"}', 'DELETED', '2026-01-01Z') RETURNING id AS forgotten \gset
SELECT scim.erase(:'forgotten'::uuid) > 0 AS erased;
SELECT * FROM pg_temp.told();

-- purged, and that taken back
DELETE FROM event_hidden.users WHERE user_name = 'here';
SELECT * FROM pg_temp.told();
SELECT scim.purge('0 s') > 0 AS purged;
SELECT change AS purge FROM event_hidden.audit WHERE operation = 'purge' LIMIT 1 \gset
SELECT count(*) FROM event_hidden.users;
SELECT resource_type, action, conflict FROM scim.revert_change(:'purge') ORDER BY 1, 2, 3;
SELECT user_name, status FROM event_hidden.users ORDER BY user_name;
SELECT * FROM pg_temp.told();
-- and again: they go without a word, too
SELECT change AS back FROM event_hidden.audit WHERE operation = 'revert' ORDER BY at DESC LIMIT 1 \gset
SELECT DISTINCT action, conflict FROM scim.revert_change(:'back');
SELECT * FROM pg_temp.told();

-- who was deleted for good is there again, active or not as he was
UPDATE event_hidden.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM event_hidden.users WHERE user_name IN ('said', 'leaver', 'suspended');
SELECT event, operation, count(*) FROM pg_temp.told() GROUP BY 1, 2 ORDER BY 1, 2;
SELECT change AS deleted FROM event_hidden.audit WHERE operation = 'delete' ORDER BY at DESC LIMIT 1 \gset
SELECT action, conflict FROM scim.revert_change(:'deleted');
SELECT * FROM pg_temp.told();

-- a row of a bound table whose column says that he is none any more, or is not active
CREATE TABLE event_hidden_people (login text PRIMARY KEY, on_duty boolean, gone_at timestamptz);
INSERT INTO event_hidden_people VALUES ('bound', false, NULL), ('bound gone', true, '2026-01-01Z');
DELETE FROM event_hidden.users;
SELECT count(*) > 0 AS some FROM pg_temp.told();
SELECT * FROM scim.bind_table('User', 'event_hidden_people', '{"attributes": {"userName": "login", "active": "on_duty"}, "delete": {"set": {"gone_at": "now()"}}, "gone": "gone_at IS NOT NULL"}');
SELECT user_name, status FROM event_hidden.users;
SELECT * FROM pg_temp.told();
INSERT INTO event_hidden_people VALUES ('later', false, NULL), ('later gone', true, '2026-01-01Z');
SELECT user_name, status FROM event_hidden.users;
SELECT * FROM pg_temp.told();
SELECT scim.unbind_table('event_hidden_people');
DROP TABLE event_hidden_people;
-- and an import
SELECT action FROM scim.import('User', 'SELECT ''imported'' AS "userName", false AS active', apply => true);
SELECT * FROM pg_temp.told();

SET client_min_messages = warning;
SELECT scim.drop_store('event_hidden', true);
