-- What a load without triggers leaves in tables that are derived from resources: scim.validate_store tells of it, scim.repair_store puts it right
\set VERBOSITY terse
SELECT scim.create_store('shelf');
SET scim.store = 'shelf';
SELECT scim.register_schema('{"id": "urn:x:Badge", "name": "Badge", "attributes": [{"name": "badge", "type": "string", "uniqueness": "server"}, {"name": "card", "type": "string", "uniqueness": "global"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type(document || jsonb_build_object('schemaExtensions', document -> 'schemaExtensions' || '[{"schema": "urn:x:Badge", "required": false}]')) ->> 'name' AS type FROM shelf.resource_type WHERE name = 'User';
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set u3 00000000-0000-7000-8000-000000000003
\set g1 00000000-0000-7000-8000-0000000000a1
INSERT INTO shelf.users (id, data) VALUES (:'u1', '{"userName": "a", "password": "Tuesday 1", "urn:x:Badge": {"badge": "One", "card": "c1"}}'), (:'u2', '{"userName": "b", "urn:x:Badge": {"badge": "two"}}'), (:'u3', '{"userName": "c", "urn:x:Badge": {"badge": "three"}}');
INSERT INTO shelf.groups (id, data) VALUES (:'g1', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT scim.create_tenant('other') AS other \gset
SET scim.tenant = :other;
INSERT INTO shelf.users (id, data) VALUES ('00000000-0000-7000-8000-000000000004', '{"userName": "a", "urn:x:Badge": {"badge": "One", "card": "c2"}}');
RESET scim.tenant;
CREATE VIEW book AS SELECT tenant_id, attribute, value, resource_id FROM shelf.unique_value;
TABLE book ORDER BY 1, 2, 3;
SELECT * FROM scim.validate_store();
SELECT scim.repair_store('shelf');

-- what is not there any more, and of whom
SELECT scim.delete_resource('User', :'u3');
SELECT * FROM scim.validate_store();
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM shelf.unique_value WHERE tenant_id = 1 AND value = 'one' OR value = 'c2';
INSERT INTO shelf.unique_value (tenant_id, resource_type, attribute, value, resource_id) VALUES (1, 'User', 'urn:x:Badge:badge', 'three', :'u3'), (1, 'User', 'urn:x:Badge:badge', 'nine', '00000000-0000-7000-8000-000000000099'),
    (0, 'User', 'urn:x:Badge:card', 'c9', '00000000-0000-7000-8000-000000000099'), (1, 'User', 'emails.value', 'x', :'u2'), (1, 'Gone', 'x', 'x', :'u2');
INSERT INTO shelf.member (tenant_id, group_id, member_id) VALUES (1, '00000000-0000-7000-8000-0000000000a9', :'u1');
INSERT INTO shelf.credential SELECT (jsonb_populate_record(c, '{"resource_id": "00000000-0000-7000-8000-000000000099"}')).* FROM shelf.credential c;
COMMIT;
SELECT * FROM scim.validate_store();
SELECT count(*) AS of_groups FROM scim.validate_store('Group');
-- of the tenant for whom one acts, and of nobody
SET scim.tenant = :other;
SELECT * FROM scim.validate_store();
RESET scim.tenant;
-- who is not the owner sees nothing of it
CREATE ROLE regress_reader;
GRANT USAGE ON SCHEMA shelf TO regress_reader;
GRANT SELECT ON shelf.resource, shelf.member, shelf.schema, shelf.resource_type TO regress_reader;
INSERT INTO shelf.tenant_role (role, tenant_id) VALUES ('regress_reader', 1);
SET ROLE regress_reader;
SELECT * FROM scim.validate_store();
RESET ROLE;
-- a second one takes what the first has, as long as nobody looks
SELECT scim.repair_store('shelf');
SELECT * FROM scim.validate_store();
TABLE book ORDER BY 1, 2, 3;
INSERT INTO shelf.users (data) VALUES ('{"userName": "d", "urn:x:Badge": {"badge": "ONE"}}');
SELECT count(*) AS members, (SELECT count(*) FROM shelf.credential) AS credentials FROM shelf.member;

-- what two have is theirs to settle
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE shelf.users SET data = jsonb_set(data, '{urn:x:Badge,badge}', '"ONE"') WHERE id = :'u2' AND tenant_id = 1;
COMMIT;
SELECT * FROM scim.validate_store();
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT scim.repair_store('shelf');
\set VERBOSITY terse
UPDATE shelf.users SET data = data - 'urn:x:Badge' WHERE id = :'u2' AND tenant_id = 1;
SELECT scim.repair_store('shelf');
SELECT * FROM scim.validate_store();
DROP VIEW book;
DROP OWNED BY regress_reader;
DELETE FROM shelf.tenant_role WHERE role = 'regress_reader';
DROP ROLE regress_reader;
SET client_min_messages = warning;
SELECT scim.drop_store('shelf', true);
