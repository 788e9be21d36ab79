-- What a write past the door leaves: it is listed, kept from everybody's eyes, and mended by the next write, which lets nobody in
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('fault');
SET scim.store = 'fault';
UPDATE fault.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.may_act(n int) RETURNS text LANGUAGE sql AS $$ SELECT concat(scim.session_is_valid(pg_temp.id(n), clock_timestamp()), scim.verify_password(pg_temp.id(n), 'Correct-Horse-9'), scim.record_login(pg_temp.id(n))) $$;
CREATE TABLE fault_case (n serial, of_group boolean DEFAULT false, assignment text);
INSERT INTO fault_case (assignment) VALUES
    ($$data = data || '{"id": "x", "META": {"version": "1"}, "groups": [{"value": "x"}]}'$$), ($$data = data || '{"password": "plaintext"}'$$), ($$data = data || '{"urn:ietf:params:scim:schemas:core:2.0:User:Password": "plaintext"}'$$),
    ($$data = '5'$$), ($$data = data || '{"emails": 5, "name": [], "title": {"a": 1}, "phoneNumbers": [[{}], 7], "addresses": {"type": 5}}'$$), ($$data = '["a"]'$$), ($$data = data - 'schemas'$$), ($$data = data || '{"schemas": ["urn:x"]}'$$), ($$data = data || '{"schemas": 7}'$$), ($$data = data || '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"division": "d"}}'$$),
    ($$status = 'DELETED'$$), ($$status = 'OFFBOARDED'$$), ($$deleted_at = now()$$), ($$deleted_at = 'infinity', status = 'DELETED'$$), ($$status = 'OFFBOARDING', offboarding_at = now(), deactivated_at = now()$$), ($$status = 'OFFBOARDING', active = false, data = data || '{"active": false}'$$),
    ($$status = 'OFFBOARDED', offboarding_at = now(), deactivated_at = now(), deleted_at = now()$$),
    ($$active = false$$), ($$active = false, data = data - 'active'$$), ($$active = NULL, status = 'SUSPENDED', data = data - 'active'$$), ($$active = false, status = 'PENDING'$$), ($$data = data || '{"ACTIVE": false, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": [5]}'$$),
    ($$offboarding_at = now()$$), ($$deactivated_at = now()$$), ($$deactivated_at = '-infinity', status = 'SUSPENDED', active = false, data = data || '{"active": false}'$$), ($$activated_at = 'infinity'$$), ($$sessions_valid_after = 'infinity'$$),
    ($$version = -1$$), ($$version = 0$$), ($$version = 9223372036854775807$$), ($$created = 'infinity'$$), ($$created = '-infinity'$$), ($$last_modified = 'infinity'$$), ($$last_modified = '-infinity'$$), ($$last_modified = '9999-01-01'$$), ($$last_modified = '-infinity', data = '7', version = -5, active = false, sessions_valid_after = 'infinity'$$);
INSERT INTO fault_case (of_group, assignment) VALUES (true, $$data = data || '{"members": [{"value": "x"}]}'$$), (true, $$data = data || '{"Members": 5, "id": "x"}'$$), (true, $$active = true$$), (true, $$data = 'null'$$), (true, $$status = 'DELETED'$$);
INSERT INTO fault.users (id, data) SELECT pg_temp.id(n), jsonb_build_object('userName', 'u' || n, 'displayName', 'd', 'active', true, 'password', 'Correct-Horse-9') FROM fault_case WHERE NOT of_group;
INSERT INTO fault.groups (id, data) SELECT pg_temp.id(n), jsonb_build_object('displayName', 'g' || n, 'members', jsonb_build_array(jsonb_build_object('value', pg_temp.id(1)))) FROM fault_case WHERE of_group;
INSERT INTO fault.users (id, data) VALUES (pg_temp.id(100), '{"userName": "homeless"}');
UPDATE fault.users SET data = data || '{"title": "Dr"}' WHERE id IN (pg_temp.id(30), pg_temp.id(36));
SELECT * FROM scim.validate_store();
BEGIN;
ALTER TABLE fault.users DISABLE TRIGGER USER;
ALTER TABLE fault.groups DISABLE TRIGGER USER;
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM fault_case LOOP
        EXECUTE format('UPDATE fault.%I SET %s WHERE id = %L', CASE WHEN one.of_group THEN 'groups' ELSE 'users' END, one.assignment, pg_temp.id(one.n));
    END LOOP;
END
$$;
UPDATE fault.users SET tenant_id = 99 WHERE id = pg_temp.id(100);
ALTER TABLE fault.users ENABLE TRIGGER USER;
ALTER TABLE fault.groups ENABLE TRIGGER USER;
COMMIT;
CREATE TABLE fault_before AS SELECT n, pg_temp.may_act(n) AS may FROM fault_case WHERE NOT of_group;
SELECT right(id::text, 3)::int AS n, rule, path, message FROM scim.validate_store() WHERE rule <> 'schema';
-- none of them is not listed
SELECT n, assignment FROM fault_case c WHERE NOT EXISTS (SELECT FROM scim.validate_store() v WHERE v.id = pg_temp.id(c.n)) ORDER BY n;
-- what clients are shown has each member once, and nothing of what is not kept there
SELECT c.n, r.status, CASE WHEN r.status = 200 THEN r.body::jsonb - '{meta,schemas,displayName,active}'::text[] END AS resource, r.body::jsonb ->> 'detail' AS detail
FROM fault_case c, scim.request('GET', CASE WHEN of_group THEN '/Groups/' ELSE '/Users/' END || pg_temp.id(c.n)) r
WHERE r.status <> 200 OR (SELECT count(DISTINCT key) <> count(*) FROM json_object_keys(r.body::json) key) OR r.body ~ 'plaintext|"x"' OR NOT r.body::jsonb ? 'schemas' ORDER BY n;
SELECT count(*) FROM scim.export('User') e WHERE e::text ~ 'plaintext|"x"';
-- the statement of the documentation
UPDATE fault.resource SET data = data WHERE (tenant_id, id) IN (SELECT scim.tenant(), id FROM scim.validate_store() WHERE rule = 'column');
SELECT right(id::text, 3)::int AS n, rule, path, message FROM scim.validate_store() WHERE rule <> 'schema';
SELECT n, resource_type, status, active, data -> 'active' AS said, version, created BETWEEN '0001-01-01' AND now() AS created, last_modified BETWEEN created AND now() AS modified, offboarding_at <= now() AS offboarding, deleted_at <= now() AS deleted, deactivated_at <= now() AS deactivated, sessions_valid_after <= now() AS sessions
FROM fault.resource r JOIN fault_case c ON pg_temp.id(c.n) = r.id ORDER BY n;
SELECT c.n, r.data FROM fault.resource r JOIN fault_case c ON pg_temp.id(c.n) = r.id WHERE r.data ?| '{id,meta,META,groups,password,members,Members}' OR r.data::text ~ 'plaintext' ORDER BY n;
-- nobody may act who could not, and it is written down whose rights have changed
SELECT n, b.may AS before, pg_temp.may_act(n) AS after FROM fault_before b WHERE pg_temp.may_act(n) <> b.may ORDER BY n;
SELECT right(a.resource_id::text, 3)::int AS n, a.operation, a.status FROM fault.audit a WHERE a.operation <> 'create' AND (a.operation <> 'update' OR a.before ->> 'title' IS NOT NULL) AND a.object IS NULL ORDER BY 1, a.at;
SELECT count(*) FROM fault.audit WHERE before::text ~ 'plaintext' OR detail::text ~ 'plaintext';
SELECT count(*) FROM fault.member WHERE group_id >= pg_temp.id(37);
SELECT resource_type, path, message FROM scim.validate_store('User') WHERE path = 'tenant_id';
SELECT scim.restore_resource('User', pg_temp.id(11)) ->> 'userName' AS restored, scim.restore_resource('User', pg_temp.id(13)) ->> 'userName' AS another;
-- a PATCH may say a password that a document has had; whoever is out is out
BEGIN;
ALTER TABLE fault.users DISABLE TRIGGER USER;
UPDATE fault.users SET data = data || '{"password": "Other-Horse-9"}' WHERE user_name = 'u1';
UPDATE fault.users SET active = false WHERE user_name = 'u2';
UPDATE fault.users SET status = 'DELETED' WHERE user_name = 'u7';
ALTER TABLE fault.users ENABLE TRIGGER USER;
COMMIT;
UPDATE fault.users SET data = data || '{"title": "Dr"}' WHERE user_name = 'u1';
SELECT data -> 'password' AS stored, scim.verify_password(id, 'Other-Horse-9'), scim.verify_password(id, 'Correct-Horse-9') FROM fault.users WHERE user_name = 'u1';
SELECT r.status FROM scim.request('PATCH', '/Users/' || pg_temp.id(1), '{}', '{"Operations": [{"op": "add", "path": "password", "value": "Other-Horse-9"}]}') r;
SELECT scim.verify_password(pg_temp.id(1), 'Other-Horse-9');
SELECT r.status, r.body::jsonb -> 'active' AS active FROM scim.request('PATCH', '/Users/' || pg_temp.id(2), '{}', '{"Operations": [{"op": "add", "path": "title", "value": "Dr"}]}') r;
SELECT r.status, r.body::jsonb -> 'active' AS active FROM scim.request('PATCH', '/Users/' || pg_temp.id(2), '{}', '{"Operations": [{"op": "add", "path": "active", "value": true}]}') r;
SELECT r.status FROM scim.request('PATCH', '/Users/' || pg_temp.id(7), '{}', '{"Operations": [{"op": "add", "path": "title", "value": "Dr"}]}') r;
DROP TABLE fault_case, fault_before;
SELECT scim.drop_store('fault', true);
