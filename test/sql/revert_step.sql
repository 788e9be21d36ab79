-- A change that is taken back brings back by its own step alone: who is being off-boarded, or suspended since, stays so
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('taken');
SET scim.store = 'taken';
SELECT scim.register_schema('{"id": "urn:l", "name": "L", "attributes": [{"name": "status"}, {"name": "off", "type": "dateTime", "mutability": "readOnly"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:l", "required": false}', true)) ->> 'name' AS type FROM taken.resource_type WHERE name = 'User';
UPDATE taken.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE kind = 'delete' AND resource_type = 'User';
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$ SELECT id FROM taken.users WHERE user_name = name $$;
-- a statement, and the change that it is
CREATE FUNCTION pg_temp.change(statement text) RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; RETURN scim.change(); END $$;
CREATE FUNCTION pg_temp.undo(change uuid, preview boolean DEFAULT false) RETURNS TABLE (action text, difference jsonb, conflict text) LANGUAGE sql AS $$
  SELECT action, difference, regexp_replace(conflict, '(by ).*?( at ).*?Z', '\1SOMEBODY\2INSTANT', 'g') FROM scim.revert_change(change, preview) $$;
CREATE VIEW pg_temp.life AS SELECT user_name, status, active, data -> 'urn:l' ->> 'status' AS shown, offboarding_at IS NOT NULL AS leaves, data ->> 'title' AS title FROM taken.users ORDER BY 1;
-- access that ends while somebody leaves
INSERT INTO taken.users (data) VALUES ('{"userName": "ann", "active": true, "title": "a"}'), ('{"userName": "bob", "title": "a"}');
DELETE FROM taken.users;
SELECT pg_temp.change($$UPDATE taken.users SET data = data || '{"active": false, "title": "b"}'$$) AS c \gset
SELECT * FROM pg_temp.undo(:'c', true);
SELECT * FROM pg_temp.undo(:'c');
SELECT * FROM pg_temp.life;
SELECT pg_temp.change($$UPDATE taken.users SET data = data || '{"active": null}'$$) AS c \gset
SELECT * FROM pg_temp.life;
-- called back is a step, and so is taking that back
SELECT pg_temp.change($$UPDATE taken.users SET active = true$$) AS c \gset
SELECT * FROM pg_temp.undo(:'c');
SELECT * FROM pg_temp.life;
-- suspended, and off-boarded since
INSERT INTO taken.users (data) VALUES ('{"userName": "cat", "active": true}'), ('{"userName": "dan"}');
SELECT pg_temp.change($$UPDATE taken.users SET active = false WHERE user_name IN ('cat', 'dan')$$) AS c \gset
DELETE FROM taken.users WHERE user_name IN ('cat', 'dan');
SELECT * FROM pg_temp.undo(:'c', true);
SELECT * FROM pg_temp.undo(:'c');
SELECT * FROM pg_temp.life WHERE user_name IN ('cat', 'dan');
-- the same of an attribute that clients write, where both are one word
INSERT INTO taken.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"attribute": "urn:l:status", "writable": true, "values": {"ACTIVE": "in", "SUSPENDED": "out", "OFFBOARDING": "out"}}');
INSERT INTO taken.users (data) VALUES ('{"userName": "eve"}');
SELECT pg_temp.change($$UPDATE taken.users SET data = jsonb_set(data, '{urn:l,status}', '"out"') WHERE user_name = 'eve'$$) AS c \gset
DELETE FROM taken.users WHERE user_name = 'eve';
SELECT * FROM pg_temp.undo(:'c');
SELECT * FROM pg_temp.life WHERE user_name = 'eve';
-- the step itself
INSERT INTO taken.users (data) VALUES ('{"userName": "fay"}');
SELECT pg_temp.change($$UPDATE taken.users SET data = jsonb_set(data, '{urn:l,status}', '"out"') WHERE user_name = 'fay'$$) AS c \gset
SELECT * FROM pg_temp.undo(:'c');
SELECT * FROM pg_temp.life WHERE user_name = 'fay';
-- times of life are those of the row, and none that should be as it was; nor is one that has changed since in the way
UPDATE taken.policy SET settings = settings || '{"times": {"deactivated_at": "urn:l:off"}}' WHERE kind = 'status';
INSERT INTO taken.users (data) VALUES ('{"userName": "gil"}');
SELECT pg_temp.change($$UPDATE taken.users SET active = false WHERE user_name = 'gil'$$) AS off \gset
SELECT data #>> '{urn:l,off}' AS then FROM taken.users WHERE user_name = 'gil' \gset
SELECT pg_temp.change($$UPDATE taken.users SET active = true WHERE user_name = 'gil'$$) AS c \gset
SELECT action, conflict FROM pg_temp.undo(:'c', true);
SELECT action, conflict FROM pg_temp.undo(:'c');
SELECT status, data #>> '{urn:l,status}' AS shown, (data #>> '{urn:l,off}')::timestamptz = deactivated_at AS at, data #>> '{urn:l,off}' > :'then' AS later FROM taken.users WHERE user_name = 'gil';
SELECT action, conflict FROM pg_temp.undo(:'off');
SELECT status, data -> 'urn:l' AS shown FROM taken.users WHERE user_name = 'gil';
-- what somebody has done once more since is his: a deletion, a suspension, a value, of attributes and of parts of one
INSERT INTO taken.users (data) VALUES ('{"userName": "ivy", "title": "x", "name": {"givenName": "I", "familyName": "X"}}');
SELECT pg_temp.id('ivy') AS ivy \gset
UPDATE taken.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT pg_temp.change(format('DELETE FROM taken.users WHERE id = %L', :'ivy')) AS gone \gset
SELECT scim.restore_resource('User', :'ivy') IS NOT NULL AS restored;
SELECT scim.delete_resource('User', :'ivy');
SELECT * FROM pg_temp.undo(:'gone', true);
SELECT * FROM pg_temp.undo(:'gone');
SELECT deleted_at IS NOT NULL AS gone FROM taken.resource WHERE id = :'ivy';
SELECT scim.restore_resource('User', :'ivy') IS NOT NULL AS restored;
SELECT pg_temp.change($$UPDATE taken.users SET active = false WHERE user_name = 'ivy'$$) AS off \gset
UPDATE taken.users SET active = true WHERE user_name = 'ivy';
UPDATE taken.users SET active = false WHERE user_name = 'ivy';
SELECT * FROM pg_temp.undo(:'off');
SELECT status FROM taken.users WHERE user_name = 'ivy';
UPDATE taken.users SET active = true WHERE user_name = 'ivy';
SELECT pg_temp.change($$UPDATE taken.users SET data = data || '{"title": "y", "nickName": "n", "name": {"givenName": "J", "familyName": "Y"}}' WHERE user_name = 'ivy'$$) AS c \gset
UPDATE taken.users SET data = data || '{"title": "z", "name": {"givenName": "J", "familyName": "Z"}}' WHERE user_name = 'ivy';
UPDATE taken.users SET data = data || '{"title": "y", "name": {"givenName": "J", "familyName": "Y"}}' WHERE user_name = 'ivy';
SELECT * FROM pg_temp.undo(:'c');
SELECT data -> 'title' AS title, data -> 'name' AS name, data -> 'nickName' AS nick FROM taken.users WHERE user_name = 'ivy';
-- what was reverted since is nobody's, and one after the other is changed back, the latest first; nor is a revert that was reverted
SELECT pg_temp.change($$UPDATE taken.users SET data = data || '{"title": "1"}' WHERE user_name = 'ivy'$$) AS first \gset
SELECT pg_temp.change($$UPDATE taken.users SET data = data || '{"title": "2"}' WHERE user_name = 'ivy'$$) AS second \gset
SELECT action FROM pg_temp.undo(:'second');
SELECT * FROM pg_temp.undo(:'first', true);
SELECT change AS reverts FROM taken.audit WHERE operation = 'revert' AND key = :'second' \gset
SELECT action FROM pg_temp.undo(:'reverts');
UPDATE taken.users SET data = data || '{"title": "1"}' WHERE user_name = 'ivy';
SELECT * FROM pg_temp.undo(:'first', true);
-- for good, too, with what leads there; and who came again by the same id is not who was created
UPDATE taken.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
INSERT INTO taken.groups (data) VALUES ('{"displayName": "G"}');
INSERT INTO taken.member (tenant_id, group_id, member_id) SELECT scim.tenant(), g.id, :'ivy' FROM taken.groups g;
SELECT pg_temp.change(format('DELETE FROM taken.users WHERE id = %L', :'ivy')) AS gone \gset
SELECT action FROM pg_temp.undo(:'gone') ORDER BY 1;
DELETE FROM taken.users WHERE id = :'ivy';
SELECT * FROM pg_temp.undo(:'gone') ORDER BY 1;
SELECT pg_temp.change(format($$INSERT INTO taken.resource (tenant_id, resource_type, id, data) VALUES (scim.tenant(), 'User', %L, '{"userName": "ivy"}')$$, '11111111-1111-4111-8111-111111111111')) AS came \gset
DELETE FROM taken.users WHERE user_name = 'ivy';
INSERT INTO taken.resource (tenant_id, resource_type, id, data) VALUES (scim.tenant(), 'User', '11111111-1111-4111-8111-111111111111', '{"userName": "ivy"}');
SELECT action, conflict FROM pg_temp.undo(:'came');
-- what comes back for good has a version that it has never had: where it came and went since by reverts, or by an id that was given
UPDATE taken.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
INSERT INTO taken.users (data) VALUES ('{"userName": "hal"}');
SELECT pg_temp.id('hal') AS hal \gset
SELECT pg_temp.change(format('DELETE FROM taken.users WHERE id = %L', :'hal')) AS gone \gset
SELECT action, conflict FROM pg_temp.undo(:'gone');
SELECT scim.patch_resource('User', :'hal', '[{"op": "add", "path": "title", "value": "x"}]') #>> '{meta,version}' LIKE 'W/"3%' AS third;
SELECT scim.patch_resource('User', :'hal', '[{"op": "remove", "path": "title"}]') #>> '{meta,version}' LIKE 'W/"4%' AS fourth;
DELETE FROM taken.users WHERE id = :'hal';
INSERT INTO taken.resource (tenant_id, resource_type, id, data) VALUES (scim.tenant(), 'User', :'hal', '{"userName": "hal"}');
SELECT pg_temp.change(format('DELETE FROM taken.users WHERE id = %L', :'hal')) AS gone \gset
SELECT action, conflict FROM pg_temp.undo(:'gone');
SELECT version, operation FROM scim.history(:'hal');
SELECT scim.drop_store('taken', true);
RESET scim.store;
