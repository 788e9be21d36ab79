-- Who comes back into sight refers to what is there
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('back');
SET scim.store = 'back';
INSERT INTO back.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": {"type": "User", "onDelete": "restrict"}}}');
DELETE FROM back.policy WHERE resource_type = 'User' AND kind = 'delete';
INSERT INTO back.policy (resource_type, kind, settings) VALUES ('User', 'delete', '{"mode": "offboard"}');
\set boss '''00000000-0000-7000-8000-000000000001'''
\set ada '''00000000-0000-7000-8000-000000000002'''
INSERT INTO back.users (id, data) VALUES (:boss, '{"userName": "boss"}');
INSERT INTO back.users (id, data) VALUES (:ada, jsonb_build_object('userName', 'ada', 'manager', :boss));
-- who is being off-boarded is still there, and restricts
DELETE FROM back.users WHERE id = :ada;
UPDATE back.users SET status = 'DELETED' WHERE id = :boss;
SELECT scim.complete_offboarding(:ada);
-- who is out of sight does not
UPDATE back.users SET status = 'DELETED' WHERE id = :boss;
SELECT scim.restore_resource('User', :ada);
UPDATE back.users SET status = 'ACTIVE' WHERE id = :ada;
UPDATE back.users SET status = 'SUSPENDED' WHERE id = :ada;
UPDATE back.users SET status = 'ACTIVE', data = data || '{"title": "T"}' WHERE id = :ada;
SELECT user_name, status FROM back.users ORDER BY id;
-- without the reference
BEGIN;
UPDATE back.users SET status = 'ACTIVE', data = jsonb_set(data, '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User}', '{}') WHERE id = :ada RETURNING user_name, status;
ROLLBACK;
-- or with what it refers to
SELECT scim.restore_resource('User', :boss) ->> 'userName' AS restored;
SELECT scim.restore_resource('User', :ada) ->> 'userName' AS restored;
SELECT count(*) FROM scim.validate_store();
-- it restricts again
UPDATE back.users SET status = 'DELETED' WHERE id = :boss;
-- a reference to oneself comes back with oneself
UPDATE back.users SET data = jsonb_set(data, '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User}', jsonb_build_object('manager', jsonb_build_object('value', id))) WHERE id = :ada RETURNING user_name;
UPDATE back.users SET status = 'DELETED' WHERE id = :ada;
SELECT scim.restore_resource('User', :ada) ->> 'userName' AS restored;
-- a policy that comes later binds who comes back as well
DELETE FROM back.policy WHERE kind = 'reference';
UPDATE back.users SET data = jsonb_set(data, '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User}', '{"manager": {"value": "nobody"}}') WHERE id = :ada;
INSERT INTO back.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": "User"}}');
UPDATE back.users SET display_name = 'x' WHERE id = :ada RETURNING display_name;
UPDATE back.users SET status = 'DELETED' WHERE id = :ada;
SELECT scim.restore_resource('User', :ada) ->> 'userName' AS restored;
SELECT scim.drop_store('back', true);
