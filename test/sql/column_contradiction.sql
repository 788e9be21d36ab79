-- Columns that say something else than the document, after a write past the door
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('past_door');
SET scim.store = 'past_door';
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (document -> 'attributes') || '{"name": "state", "type": "string"}')) ->> 'id' AS schema FROM past_door.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
INSERT INTO past_door.users (id, data) SELECT ('00000000-0000-7000-8000-00000000000' || i)::uuid, jsonb_build_object('userName', 'u' || i, 'externalId', 'e' || i, 'displayName', 'U ' || i, 'active', i <> 8, 'password', 'Correct-Horse-9') FROM generate_series(1, 8) i;
SELECT * FROM scim.validate_store();
ALTER TABLE past_door.users DISABLE TRIGGER USER;
UPDATE past_door.users SET user_name = 'somebody' WHERE user_name = 'u1';
UPDATE past_door.users SET external_id = NULL WHERE user_name = 'u2';
UPDATE past_door.users SET display_name = 'Somebody' WHERE user_name = 'u3';
UPDATE past_door.users SET active = NULL WHERE user_name = 'u4';
UPDATE past_door.users SET status = 'SUSPENDED', active = false WHERE user_name = 'u5';
UPDATE past_door.users SET data = data || '{"active": false}' WHERE user_name = 'u6';
UPDATE past_door.users SET status = 'OFFBOARDING', active = false, offboarding_at = now(), deactivated_at = now() WHERE user_name = 'u7';
UPDATE past_door.users SET status = 'ACTIVE', active = true WHERE user_name = 'u8';
ALTER TABLE past_door.users ENABLE TRIGGER USER;
SELECT id, rule, path, scim_type, message FROM scim.validate_store();
-- who is suspended by status or column may not act
SELECT data ->> 'userName' AS name, scim.session_is_valid(id, clock_timestamp()), scim.verify_password(id, 'Correct-Horse-9'), scim.record_login(id) FROM past_door.users ORDER BY id;
-- and no write that says nothing of it brings him back
UPDATE past_door.users SET data = data || '{"title": "Dr"}' WHERE id IN ('00000000-0000-7000-8000-000000000005', '00000000-0000-7000-8000-000000000007');
SELECT r.status, r.body::jsonb -> 'active' AS active FROM scim.request('PATCH', '/Users/00000000-0000-7000-8000-000000000006', '{}', '{"Operations": [{"op": "replace", "path": "title", "value": "Dr"}]}') r;
SELECT data ->> 'userName' AS name, status, active, data -> 'active' AS said FROM past_door.users WHERE data ->> 'title' = 'Dr' ORDER BY id;
-- what columns say follows from the document
UPDATE past_door.resource SET data = data WHERE (tenant_id, id) IN (SELECT scim.tenant(), id FROM scim.validate_store() WHERE rule = 'column');
SELECT * FROM scim.validate_store();
SELECT user_name, external_id, display_name, status, active, data -> 'active' AS said, version FROM past_door.users ORDER BY id;
-- the attribute of the policy "status"
INSERT INTO past_door.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"attribute": "state", "writable": true, "values": {"ACTIVE": "on", "SUSPENDED": "off", "OFFBOARDING": "leaving"}}');
ALTER TABLE past_door.users DISABLE TRIGGER USER;
UPDATE past_door.users SET status = 'SUSPENDED', active = false, data = data || '{"active": false}' WHERE user_name = 'u1';
ALTER TABLE past_door.users ENABLE TRIGGER USER;
SELECT id, rule, path, message FROM scim.validate_store();
UPDATE past_door.resource SET data = data WHERE (tenant_id, id) IN (SELECT scim.tenant(), id FROM scim.validate_store() WHERE rule = 'column');
SELECT * FROM scim.validate_store();
SELECT user_name, status, data ->> 'state' AS state FROM past_door.users WHERE user_name = 'u1';
SELECT scim.drop_store('past_door', true);
