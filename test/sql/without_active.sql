-- The life of resources whose type has no "active": the status says who may act
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('fin');
SET scim.store = 'fin';
-- User without "active", with a "state" that clients write; Dev that has neither; Odd, whose "active" is a word
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a) || '{"name": "state", "type": "string"}' FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'active')), true) ->> 'id' AS schema
FROM fin.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
SELECT scim.register_schema('{"id": "urn:example:Dev", "name": "Dev", "attributes": [{"name": "displayName", "type": "string", "required": true}, {"name": "title", "type": "string"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Dev", "endpoint": "/Devs", "schema": "urn:example:Dev"}') ->> 'name' AS type;
SELECT scim.register_schema('{"id": "urn:example:Odd", "name": "Odd", "attributes": [{"name": "displayName", "type": "string"}, {"name": "active", "type": "string"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Odd", "endpoint": "/Odds", "schema": "urn:example:Odd"}') ->> 'name' AS type;
INSERT INTO fin.policy (resource_type, kind, settings) VALUES
    ('User', 'status', '{"attribute": "state", "writable": true, "values": {"ACTIVE": "on", "SUSPENDED": "off"}}');
\set u '00000000-0000-7000-8000-000000000001'
INSERT INTO fin.users (id, data) VALUES (:'u', '{"userName": "ada", "password": "Correct-Horse-9"}');
CREATE FUNCTION pg_temp.access(OUT status text, OUT active boolean, OUT session boolean, OUT password boolean, OUT login boolean, OUT code boolean) LANGUAGE plpgsql AS $$
DECLARE
    u constant uuid := '00000000-0000-7000-8000-000000000001';
BEGIN
    SELECT r.status, r.active INTO status, active FROM fin.users r WHERE r.id = u;
    session := scim.session_is_valid(u, clock_timestamp());
    password := scim.verify_password(u, 'Correct-Horse-9');
    login := scim.record_login(u);
    BEGIN
        code := scim.issue_recovery_code(u, '1 hour') IS NOT NULL;
    EXCEPTION
        WHEN SQLSTATE 'SCVAL' THEN code := false;
    END;
END
$$;
SELECT scim.issue_recovery_code(:'u', '1 hour') AS code \gset
SELECT * FROM pg_temp.access();
SELECT scim.issue_recovery_code(:'u', '1 hour') AS code \gset
SELECT r.status, r.body::jsonb ->> 'state' AS state FROM scim.request('PATCH', '/Users/' || :'u', '{}', '{"Operations": [{"op": "replace", "path": "state", "value": "off"}]}') r;
SELECT * FROM pg_temp.access();
SELECT scim.redeem_recovery_code(:'code') IS NULL AS of_nobody;
-- and stays so, whatever else is written and however
SELECT r.status, r.body::jsonb ->> 'state' AS state FROM scim.request('PATCH', '/Users/' || :'u', '{}', '{"Operations": [{"op": "replace", "path": "title", "value": "Dr"}]}') r;
SELECT r.status, r.body::jsonb ->> 'state' AS state FROM scim.request('PUT', '/Users/' || :'u', '{}', '{"userName": "ada", "title": "Ms"}') r;
UPDATE fin.users SET data = data;
SELECT * FROM pg_temp.access();
SELECT operation, count(*) FROM fin.audit WHERE resource_id = :'u' GROUP BY 1 ORDER BY 1;
SELECT r.status, r.body::jsonb ->> 'state' AS state FROM scim.request('PATCH', '/Users/' || :'u', '{}', '{"Operations": [{"op": "replace", "path": "state", "value": "on"}]}') r;
SELECT status, session, password, login, code FROM pg_temp.access();
-- by the function and without the policy
DELETE FROM fin.policy WHERE kind = 'status';
SELECT scim.suspend_resource('User', :'u') ? 'active' AS active;
SELECT * FROM pg_temp.access();
UPDATE fin.users SET data = data || '{"title": "Dr"}';
SELECT * FROM pg_temp.access();
SELECT scim.activate_resource('User', :'u') ->> 'title' AS title;
SELECT * FROM pg_temp.access();
-- groups and types of one's own: by PATCH, PUT and UPDATE
INSERT INTO fin.groups (id, data) VALUES ('00000000-0000-7000-8000-000000000002', '{"displayName": "g"}');
INSERT INTO fin.resource (resource_type, id, data) VALUES ('Dev', '00000000-0000-7000-8000-000000000003', '{"displayName": "d"}'),
    ('Odd', '00000000-0000-7000-8000-000000000004', '{"displayName": "o", "active": "perhaps"}');
SELECT type, scim.suspend_resource(type, id) - '{id,meta,schemas}'::text[] AS resource
FROM (VALUES ('Group', '00000000-0000-7000-8000-000000000002'), ('Dev', '00000000-0000-7000-8000-000000000003'), ('Odd', '00000000-0000-7000-8000-000000000004')) v (type, id);
UPDATE fin.resource SET data = data WHERE resource_type <> 'User';
UPDATE fin.resource SET data = data || '{"displayName": "new"}' WHERE resource_type <> 'User';
SELECT r.status FROM scim.request('PATCH', '/Devs/00000000-0000-7000-8000-000000000003', '{}', '{"Operations": [{"op": "replace", "path": "title", "value": "x"}]}') r UNION ALL
SELECT r.status FROM scim.request('PUT', '/Odds/00000000-0000-7000-8000-000000000004', '{}', '{"displayName": "p", "active": "no"}') r UNION ALL
SELECT r.status FROM scim.request('PUT', '/Groups/00000000-0000-7000-8000-000000000002', '{}', '{"displayName": "h"}') r;
SELECT resource_type, status, active, data FROM fin.resource WHERE resource_type <> 'User' ORDER BY id;
SELECT * FROM scim.validate_store();
INSERT INTO fin.resource (resource_type, status, data) VALUES ('Odd', 'SUSPENDED', '{"displayName": "q", "active": "yes"}') RETURNING status, active, data;
-- who was suspended when he was deleted is when he comes back; who was not is not
INSERT INTO fin.policy (resource_type, kind, settings) VALUES ('Dev', 'delete', '{"mode": "retain"}') ON CONFLICT DO NOTHING;
UPDATE fin.policy SET settings = '{"mode": "retain"}' WHERE resource_type = 'Dev' AND kind = 'delete';
INSERT INTO fin.resource (resource_type, id, data) VALUES ('Dev', '00000000-0000-7000-8000-000000000005', '{"displayName": "e"}');
DELETE FROM fin.resource WHERE resource_type = 'Dev';
SELECT scim.restore_resource('Dev', id::text) ->> 'displayName' AS restored FROM fin.resource WHERE resource_type = 'Dev' ORDER BY id;
SELECT id, status FROM fin.resource WHERE resource_type = 'Dev' ORDER BY id;
-- a title is nobody's life
INSERT INTO fin.policy (resource_type, kind, name, settings) VALUES ('Dev', 'managed', 'life', '{"owner": "somebody else", "operations": ["lifecycle"]}');
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', '/Devs/00000000-0000-7000-8000-000000000003', '{}', '{"Operations": [{"op": "replace", "path": "title", "value": "y"}]}') r;
DELETE FROM fin.policy WHERE kind = 'managed';
-- off-boarding: without access, unless the policy says otherwise
UPDATE fin.policy SET settings = '{"mode": "offboard"}' WHERE resource_type = 'User' AND kind = 'delete';
DELETE FROM fin.users;
SELECT * FROM pg_temp.access();
SELECT reason FROM fin.active_leaver;
SELECT scim.restore_resource('User', :'u') ? 'active' AS active;
UPDATE fin.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE resource_type = 'User' AND kind = 'delete';
DELETE FROM fin.users;
SELECT * FROM pg_temp.access();
SELECT reason FROM fin.active_leaver;
SELECT scim.suspend_resource('User', :'u');
SELECT scim.complete_offboarding(:'u');
SELECT scim.session_is_valid(:'u', clock_timestamp()), scim.verify_password(:'u', 'Correct-Horse-9'), scim.record_login(:'u');
SELECT scim.restore_resource('User', :'u') ? 'active' AS active;
-- imports deactivate them
SELECT key, action, difference, problems FROM scim.import('Dev', $$ SELECT displayname AS "displayName", 'deactivate' AS _action FROM (VALUES ('new'), ('e')) v (displayname) $$, match => 'displayName', apply => true, force => true) ORDER BY key;
SELECT data ->> 'displayName' AS name, status FROM fin.resource WHERE resource_type = 'Dev' ORDER BY id;
SELECT scim.activate_resource('Dev', id) ->> 'displayName' AS name FROM fin.resource WHERE data ->> 'displayName' = 'e';
INSERT INTO fin.resource (resource_type, data) VALUES ('Dev', '{"displayName": "f"}');
SELECT key, action FROM scim.import('Dev', $$ SELECT 'e' AS "displayName" $$, match => 'displayName', mode => 'full', apply => true, force => true);
SELECT key, action FROM scim.import('Dev', $$ SELECT 'e' AS "displayName" $$, match => 'displayName', mode => 'full', missing => 'deactivate', apply => true, force => true) ORDER BY key;
SELECT key, action FROM scim.import('Dev', $$ SELECT 'e' AS "displayName" $$, match => 'displayName', mode => 'full', missing => 'deactivate', apply => true, force => true) ORDER BY key;
SELECT data ->> 'displayName' AS name, status FROM fin.resource WHERE resource_type = 'Dev' ORDER BY id;
INSERT INTO fin.policy (resource_type, kind, settings) VALUES
    ('User', 'status', '{"attribute": "state", "writable": true, "values": {"ACTIVE": "on", "SUSPENDED": "off"}}');
SELECT key, action, difference FROM scim.import('User', $$ SELECT 'ada' AS "userName", 'deactivate' AS _action $$, apply => true, force => true);
SELECT key, action, difference FROM scim.import('User', $$ SELECT 'ada' AS "userName", 'deactivate' AS _action $$, apply => true, force => true);
SELECT * FROM pg_temp.access();
DELETE FROM fin.policy WHERE kind = 'status';
-- "active" comes back into the schema: who is suspended stays so
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a) || '{"name": "active", "type": "boolean"}' FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'active')), true) ->> 'id' AS schema
FROM fin.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
SELECT * FROM scim.validate_store('User');
SELECT r.status, r.body::jsonb -> 'active' AS active FROM scim.request('PATCH', '/Users/' || :'u', '{}', '{"Operations": [{"op": "replace", "path": "title", "value": "Mx"}]}') r;
SELECT * FROM pg_temp.access();
SELECT * FROM scim.validate_store('User');
SELECT r.status, r.body::jsonb -> 'active' AS active FROM scim.request('PATCH', '/Users/' || :'u', '{}', '{"Operations": [{"op": "replace", "path": "active", "value": true}]}') r;
SELECT * FROM pg_temp.access();
SELECT scim.drop_store('fin', true);
