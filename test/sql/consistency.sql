-- Rows of a store's tables say one thing and lead somewhere, whoever writes them
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('consistent');
SET scim.store = 'consistent';
INSERT INTO consistent.tenant (tenant_id, name) VALUES (2, 'two'), (3, 'three');
SELECT scim.register_schema('{"id": "urn:example:Badge", "name": "Badge", "attributes": [
    {"name": "badge", "uniqueness": "server"}, {"name": "globe", "uniqueness": "global"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Badge"}') ->> 'name' AS type;
\set user1 00000000-0000-7000-8000-000000000001
\set user2 00000000-0000-7000-8000-000000000002
\set group1 00000000-0000-7000-8000-00000000000a
\set group2 00000000-0000-7000-8000-00000000000b
\set thing1 00000000-0000-7000-8000-000000000011
\set thing2 00000000-0000-7000-8000-000000000012
\set nobody 00000000-0000-7000-8000-0000000000ff
INSERT INTO consistent.users (tenant_id, id, data) VALUES
    (1, :'user1', '{"userName": "one", "password": "t1meMa$heen"}'), (2, :'user2', '{"userName": "two"}');
INSERT INTO consistent.groups (tenant_id, id, data) VALUES
    (1, :'group1', '{"displayName": "one"}'), (2, :'group2', '{"displayName": "two"}');
INSERT INTO consistent.things (id, data) VALUES
    (:'thing1', '{"badge": "B1", "globe": "g1"}'), (:'thing2', '{"badge": "b2"}');
-- a secret that fits
SELECT secret FROM consistent.credential \gset

--
-- tenant
--
INSERT INTO consistent.tenant (tenant_id, name) VALUES (0, 'the rows of all tenants have this one');
INSERT INTO consistent.tenant (tenant_id, name) VALUES (-1, 'less');
-- a resource's tenant is there
INSERT INTO consistent.users (tenant_id, data) VALUES (9, '{"userName": "nine"}');
INSERT INTO consistent.resource (tenant_id, resource_type, data) VALUES (9, 'Group', '{"displayName": "nine"}');
COPY consistent.users (tenant_id, data) FROM stdin;
9	{"userName": "nine"}
\.
SET scim.tenant = 9;
SELECT scim.create_resource('User', '{"userName": "nine"}');
SELECT status, body::jsonb ->> 'detail' AS detail
FROM scim.request('POST', '/Users', '{}', '{"userName": "nine"}');
SELECT scim.search('User') -> 'totalResults' AS total;
RESET scim.tenant;
-- also one that only this transaction had
BEGIN;
SAVEPOINT a;
INSERT INTO consistent.tenant (tenant_id, name) VALUES (9, 'nine');
INSERT INTO consistent.users (tenant_id, data) VALUES (9, '{"userName": "nine"}');
ROLLBACK TO a;
INSERT INTO consistent.users (tenant_id, data) VALUES (9, '{"userName": "nine"}');
ROLLBACK;
INSERT INTO consistent.users (tenant_id, data) VALUES (9, '{"userName": "nine"}');
-- and stays
DELETE FROM consistent.tenant WHERE tenant_id = 2;
UPDATE consistent.tenant SET tenant_id = 4 WHERE tenant_id = 2;
UPDATE consistent.tenant SET name = 'deux' WHERE tenant_id = 2;
TRUNCATE consistent.tenant CASCADE;
-- unless nobody is left
BEGIN;
SET LOCAL scim.tenant = 2;
UPDATE consistent.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
DELETE FROM consistent.resource WHERE tenant_id = 2;
DELETE FROM consistent.tenant WHERE tenant_id = 2;
INSERT INTO consistent.users (tenant_id, data) VALUES (2, '{"userName": "late"}');
ROLLBACK;
UPDATE consistent.tenant SET tenant_id = 4 WHERE tenant_id = 3;

--
-- token, client, policy
--
INSERT INTO consistent.client (tenant_id, name, scheme, hash) VALUES (9, 'of nobody', 'Bearer', sha256('x'));
BEGIN;
SET LOCAL scim.tenant = 9;
INSERT INTO consistent.authentication_scheme (scheme, keyword, credential, type, name, description) VALUES ('access', 'Bearer', 'access_token', 'oauth2', 'a', 'b');
CREATE FUNCTION pg_temp.tried(statement text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; RETURN 'done'; EXCEPTION WHEN OTHERS THEN RETURN concat_ws(' ', sqlstate, sqlerrm); END $$;
SELECT statement, pg_temp.tried(statement) FROM unnest(ARRAY['SELECT scim.create_token(''t'')', 'SELECT scim.create_client(''c'', ''Bearer'')', 'SELECT scim.create_oauth_client(''o'')', 'SELECT scim.create_consumer(''e'')']) statement;
ROLLBACK;
INSERT INTO consistent.client (name, scheme, hash) VALUES ('by no way', 'Nothing', sha256('x'));
INSERT INTO consistent.client (name, scheme, secret) VALUES ('never', 'Bearer', 'SCRAM-SHA-256$4096:x$y:z');
INSERT INTO consistent.client (name, scheme) VALUES ('without', 'Bearer');
INSERT INTO consistent.token (tenant_id, hash, description) VALUES (9, sha256('x'), 'of nobody');
INSERT INTO consistent.token (tenant_id, hash, description) VALUES (4, sha256('x'), 'of four');
UPDATE consistent.token SET tenant_id = 9;
UPDATE consistent.token SET hash = 'short';
SET scim.tenant = 9;
SELECT secret FROM scim.create_token('of nobody');
RESET scim.tenant;
DELETE FROM consistent.tenant WHERE tenant_id = 4;
INSERT INTO consistent.policy (tenant_id, resource_type, kind) VALUES (9, 'User', 'audit');
INSERT INTO consistent.policy (resource_type, kind) VALUES ('Nothing', 'audit');
INSERT INTO consistent.policy (resource_type, kind) VALUES ('user', 'audit');
UPDATE consistent.policy SET resource_type = 'Person', enabled = true WHERE kind = 'identity';

--
-- member: its group is there; whom it refers to need not be
--
INSERT INTO consistent.member (group_id, member_id) VALUES (:'group1', :'nobody');
INSERT INTO consistent.member (group_id, member_id, value) VALUES (:'group1', scim.member_key('later'), 'later');
INSERT INTO consistent.member (group_id, member_id) VALUES (:'nobody', :'user1');
INSERT INTO consistent.member (group_id, member_id) VALUES (:'user1', :'user1');
INSERT INTO consistent.member (group_id, member_id) VALUES (:'group2', :'user1');
INSERT INTO consistent.member (tenant_id, group_id, member_id) VALUES (9, :'group1', :'user1');
-- value and member_id say the same
INSERT INTO consistent.member (group_id, member_id, value) VALUES (:'group1', :'user1', 'somebody else');
UPDATE consistent.member SET member_id = :'user1';
COPY consistent.member (group_id, member_id, value) FROM stdin;
00000000-0000-7000-8000-00000000000a	00000000-0000-7000-8000-000000000001	somebody else
\.
SELECT member_id, value FROM consistent.member ORDER BY value;

--
-- credential: a password of a resource that is there, and nothing else
--
INSERT INTO consistent.credential (resource_id, secret) VALUES (:'nobody', :'secret');
INSERT INTO consistent.credential (resource_id, secret) VALUES (:'user2', :'secret');
INSERT INTO consistent.credential (tenant_id, resource_id, secret) VALUES (9, :'user1', :'secret');
INSERT INTO consistent.credential (tenant_id, resource_id, secret) VALUES (2, :'user2', 'in the clear');
UPDATE consistent.credential SET resource_id = :'nobody';
UPDATE consistent.credential SET tenant_id = 2;
UPDATE consistent.credential SET secret = 'SCRAM-SHA-256$4096:x$y:z';
-- nothing would interrupt the server while it hashes so often
UPDATE consistent.credential SET secret = 'SCRAM-SHA-256$2000000000:AAAA$' || repeat('A', 43) || '=:' || repeat('A', 43) || '=';
COPY consistent.credential (resource_id, secret) FROM PROGRAM 'echo 00000000-0000-7000-8000-0000000000ff SCRAM' (DELIMITER ' ');
INSERT INTO consistent.credential (tenant_id, resource_id, secret) VALUES (2, :'user2', :'secret');
SET scim.tenant = 2;
SELECT scim.verify_password(:'user2', 't1meMa$heen');
RESET scim.tenant;

--
-- unique_value: what resources have, all of it and no more
--
SELECT tenant_id, attribute, value, resource_id FROM consistent.unique_value ORDER BY attribute, value;
INSERT INTO consistent.unique_value VALUES (1, 'Thing', 'badge', 'b3', :'thing1');
INSERT INTO consistent.unique_value VALUES (1, 'Thing', 'badge', 'b1', :'nobody');
INSERT INTO consistent.unique_value VALUES (1, 'Thing', 'badge', 'B2', :'thing2');
INSERT INTO consistent.unique_value VALUES (2, 'Thing', 'badge', 'b2', :'thing2');
INSERT INTO consistent.unique_value VALUES (1, 'Thing', 'colour', 'b2', :'thing2');
INSERT INTO consistent.unique_value VALUES (1, 'User', 'userName', 'one', :'user1');
INSERT INTO consistent.unique_value VALUES (1, 'Nothing', 'badge', 'b2', :'thing2');
UPDATE consistent.unique_value SET value = 'b9' WHERE value = 'b2';
UPDATE consistent.unique_value SET resource_id = :'thing1' WHERE value = 'b2';
UPDATE consistent.unique_value SET tenant_id = 1 WHERE value = 'g1';
DELETE FROM consistent.unique_value;
TRUNCATE consistent.unique_value;
-- nothing changes
UPDATE consistent.unique_value SET value = value;
-- the store keeps it
UPDATE consistent.things SET data = '{"badge": "B3"}' WHERE id = :'thing1';
DELETE FROM consistent.things WHERE id = :'thing2';
SELECT tenant_id, attribute, value, resource_id FROM consistent.unique_value ORDER BY attribute, value;

--
-- the registry says what its documents say, and nothing comes behind its door
--
CREATE FUNCTION consistent.behind() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN NEW.document := '{}'; RETURN NEW; END$$;
CREATE TRIGGER z BEFORE UPDATE ON consistent.schema FOR EACH ROW EXECUTE FUNCTION consistent.behind();
UPDATE consistent.schema SET document = document || '{"description": "x"}' WHERE id = 'urn:example:Badge';
DROP TRIGGER z ON consistent.schema;
CREATE TRIGGER z BEFORE INSERT ON consistent.resource_type FOR EACH ROW EXECUTE FUNCTION consistent.behind();
SELECT scim.register_resource_type('{"name": "Gadget", "endpoint": "/Gadgets", "schema": "urn:example:Badge"}');
DROP TRIGGER z ON consistent.resource_type;
BEGIN;
ALTER TABLE consistent.schema DISABLE TRIGGER USER;
SAVEPOINT a;
UPDATE consistent.schema SET id = 'urn:example:Other' WHERE id = 'urn:example:Badge';
ROLLBACK TO a;
ALTER TABLE consistent.resource_type DISABLE TRIGGER USER;
UPDATE consistent.resource_type SET name = 'Other' WHERE name = 'Thing';
ROLLBACK;
UPDATE consistent.secret SET value = 'short';

--
-- a load that brings the tables in any order, groups before their members
--
CREATE TEMP TABLE saved_unique_value AS TABLE consistent.unique_value;
CREATE TEMP TABLE saved_credential AS TABLE consistent.credential;
CREATE TEMP TABLE saved_member AS TABLE consistent.member;
CREATE TEMP TABLE saved_resource AS TABLE consistent.resource;
SET session_replication_role = replica;
DELETE FROM consistent.unique_value;
DELETE FROM consistent.credential;
DELETE FROM consistent.member;
DELETE FROM consistent.resource;
RESET session_replication_role;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO consistent.unique_value TABLE saved_unique_value;
INSERT INTO consistent.credential TABLE saved_credential;
INSERT INTO consistent.resource SELECT * FROM saved_resource WHERE resource_type = 'Group';
INSERT INTO consistent.member TABLE saved_member;
INSERT INTO consistent.resource SELECT * FROM saved_resource WHERE resource_type <> 'Group';
COMMIT;
SELECT (SELECT count(*) FROM consistent.unique_value) AS unique_values,
    (SELECT count(*) FROM consistent.credential) AS credentials,
    (SELECT count(*) FROM consistent.member) AS members,
    (SELECT count(*) FROM consistent.resource) AS resources;
-- what leads nowhere then is refused at the end
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO consistent.credential (resource_id, secret) VALUES (:'nobody', :'secret');
COMMIT;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO consistent.unique_value VALUES (1, 'Thing', 'badge', 'b7', :'nobody');
-- one that comes and goes meanwhile was never there
INSERT INTO consistent.unique_value VALUES (1, 'Thing', 'badge', 'b8', :'nobody');
DELETE FROM consistent.unique_value WHERE value = 'b8';
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;

-- a resource type goes by force with its resources, and all that they have
SELECT count(*) > 0 AS some FROM consistent.unique_value WHERE resource_type = 'Thing';
SELECT scim.unregister_resource_type('Thing');
BEGIN;
SELECT scim.unregister_resource_type('Thing', force => true);
SELECT count(*) FROM consistent.unique_value WHERE resource_type = 'Thing';
ROLLBACK;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
SELECT scim.unregister_resource_type('Thing', force => true);
COMMIT;
SELECT count(*) FROM consistent.unique_value WHERE resource_type = 'Thing';

SELECT scim.drop_store('consistent', true);
