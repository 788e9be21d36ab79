-- Who comes back of whom consumers have heard "delete" is told whole: whoever applies events one after the other has the same resource
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('back');
SET scim.store = 'back';
UPDATE back.policy SET enabled = true, settings = '{"mode": "full"}' WHERE kind = 'events';
UPDATE back.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete';
INSERT INTO back.policy (resource_type, kind, name, settings) VALUES ('User', 'emit', 'welcome', '{"event": "urn:example:welcome", "on": ["create"]}'), ('User', 'emit', 'again', '{"event": "urn:example:again", "on": ["restore"]}');
INSERT INTO back.users (data) VALUES ('{"userName": "u", "title": "t"}'), ('{"userName": "v"}');
SELECT id AS u FROM back.users WHERE user_name = 'u' \gset
SELECT id AS v FROM back.users WHERE user_name = 'v' \gset
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'g', 'members', jsonb_build_array(jsonb_build_object('value', :'u'), jsonb_build_object('value', :'v')))) ->> 'id' AS g \gset
CREATE VIEW back_told AS SELECT regexp_replace(event_uri, '^.*:(prov|example):', '') AS event, operation, version, attributes, cardinality(members_added) AS came, data - 'schemas' - 'id' AS data FROM back.event ORDER BY id;
DELETE FROM back.event;
\set show 'SELECT replace(replace(t::text, :\'u\', \'U\'), :\'v\', \'V\') AS told FROM back_told t'
-- retained, and restored; in mode notice as well
BEGIN;
SELECT scim.delete_resource('User', :'u');
SELECT scim.restore_resource('User', :'u') ->> 'title' AS title;
:show;
UPDATE back.policy SET settings = '{"mode": "notice"}' WHERE kind = 'events';
DELETE FROM back.event;
SELECT scim.delete_resource('User', :'u');
SELECT scim.restore_resource('User', :'u') ->> 'title' AS title;
:show;
ROLLBACK;
-- back in another way: by a change that is reverted, an UPDATE, and inactive
SELECT scim.delete_resource('User', :'u');
SELECT DISTINCT change FROM back.event \gset
SELECT action, conflict FROM scim.revert_change(:'change');
:show;
DELETE FROM back.event;
BEGIN;
SELECT scim.delete_resource('User', :'u');
UPDATE back.users SET status = 'SUSPENDED' WHERE id = :'u';
UPDATE back.users SET status = 'ACTIVE' WHERE id = :'u';
:show;
ROLLBACK;
-- off-boarded: who was leaving only was never gone
BEGIN;
UPDATE back.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete';
SELECT scim.delete_resource('User', :'u');
SELECT scim.restore_resource('User', :'u') ->> 'title' AS title;
SELECT scim.delete_resource('User', :'u');
SELECT scim.complete_offboarding(:'u') IS NOT NULL AS completed;
SELECT scim.restore_resource('User', :'u') ->> 'title' AS title;
:show;
ROLLBACK;
-- a group has the members that it has by then; of too many it is a notice
BEGIN;
SELECT scim.delete_resource('Group', :'g');
SELECT scim.delete_resource('User', :'v');
SELECT scim.restore_resource('Group', :'g') ->> 'displayName' AS name;
:show;
ROLLBACK;
BEGIN;
INSERT INTO back.users (data) SELECT jsonb_build_object('userName', 'n' || n) FROM generate_series(1, 1000) n;
INSERT INTO back.member (group_id, member_id) SELECT :'g', id FROM back.users WHERE user_name LIKE 'n%';
SELECT scim.delete_resource('Group', :'g');
DELETE FROM back.event;
SELECT scim.restore_resource('Group', :'g') ->> 'displayName' AS name;
:show;
ROLLBACK;
-- as a Security Event Token
SELECT scim.create_consumer('c') IS NOT NULL AS made;
SELECT scim.create_token('poller') IS NOT NULL AS made;
SELECT scim.deliver_by_poll('c', (SELECT id FROM back.token));
SELECT scim.delete_resource('User', :'u');
SELECT scim.restore_resource('User', :'u') ->> 'title' AS title;
SET scim.base_url = 'https://scim.example.com/v2';
SELECT replace((convert_from(decode(rpad(translate(split_part(s.value, '.', 2), '-_', '+/'), (length(split_part(s.value, '.', 2)) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb -> 'events')::text, :'u', 'U') AS events
  FROM scim.request('POST', '/.events/c', '{"content-type": "application/json"}', '{}') r, jsonb_each_text(r.body::jsonb -> 'sets') s ORDER BY s.key;
DROP VIEW back_told;
SELECT scim.drop_store('back', true);
