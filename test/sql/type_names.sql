-- What holds of users and groups holds of every type with one of their schemas, by whatever name; and of each row what holds in its tenant
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('names');
SET scim.store = 'names';
SELECT scim.register_resource_type(t) ->> 'name' FROM unnest(ARRAY[
    '{"name": "Team", "endpoint": "/Teams", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group"}',
    '{"name": "Person", "endpoint": "/People", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}']::jsonb[]) t;
\set p 00000000-0000-7000-8000-000000000001
\set u 00000000-0000-7000-8000-000000000002
INSERT INTO names.people (id, data) VALUES (:'p', '{"userName": "p"}');
INSERT INTO names.users (id, data) VALUES (:'u', '{"userName": "u"}');

-- the audit of members, in three tenants with policies of their own, by one statement
INSERT INTO names.tenant (tenant_id, name) VALUES (2, 'two'), (3, 'three');
INSERT INTO names.policy (tenant_id, resource_type, kind, enabled) VALUES (2, 'Team', 'audit', false), (3, 'Group', 'audit', false);
CREATE VIEW audited AS
  SELECT tenant_id AS tenant, resource_type, operation, count(*) FROM names.audit WHERE member_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
INSERT INTO names.teams (tenant_id, data) SELECT t, '{"displayName": "t", "members": ["x"]}' FROM generate_series(1, 3) t;
INSERT INTO names.groups (tenant_id, data) SELECT t, '{"displayName": "g", "members": ["x"]}' FROM generate_series(1, 3) t;
TABLE audited;
ALTER TABLE names.audit DISABLE TRIGGER scim_guard; DELETE FROM names.audit WHERE member_id IS NOT NULL; ALTER TABLE names.audit ENABLE TRIGGER scim_guard;
INSERT INTO names.member (tenant_id, group_id, value, member_id) SELECT tenant_id, id, 'y', scim.member_key('y') FROM names.resource WHERE resource_type IN ('Team', 'Group');
TABLE audited;
ALTER TABLE names.audit DISABLE TRIGGER scim_guard; DELETE FROM names.audit WHERE member_id IS NOT NULL; ALTER TABLE names.audit ENABLE TRIGGER scim_guard;
DELETE FROM names.member WHERE value = 'y';
TABLE audited;
ALTER TABLE names.audit DISABLE TRIGGER scim_guard; DELETE FROM names.audit WHERE member_id IS NOT NULL; ALTER TABLE names.audit ENABLE TRIGGER scim_guard;
-- off for all, on for one tenant, whatever the session's is
UPDATE names.policy SET enabled = false WHERE kind = 'audit';
INSERT INTO names.policy (tenant_id, resource_type, kind) VALUES (1, 'Team', 'audit');
SET scim.tenant = 3;
INSERT INTO names.member (tenant_id, group_id, value, member_id) SELECT tenant_id, id, 'y', scim.member_key('y') FROM names.resource WHERE resource_type IN ('Team', 'Group');
TABLE audited;
RESET scim.tenant;
DELETE FROM names.policy WHERE kind = 'audit' AND tenant_id = 1;
UPDATE names.policy SET enabled = true WHERE kind = 'audit';
ALTER TABLE names.audit DISABLE TRIGGER scim_guard; DELETE FROM names.audit WHERE member_id IS NOT NULL; ALTER TABLE names.audit ENABLE TRIGGER scim_guard;
-- of groups that go, by the policy, and by force before their members do
CREATE FUNCTION members_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM names.member WHERE group_id = OLD.id; RETURN NULL; END $$;
CREATE TRIGGER a_members_first AFTER DELETE ON names.teams FOR EACH ROW WHEN (OLD.tenant_id = 1) EXECUTE FUNCTION members_first();
DELETE FROM names.resource WHERE resource_type IN ('Team', 'Group');
TABLE audited;
SELECT count(*) FROM names.member;
DROP TRIGGER a_members_first ON names.teams;
-- of many groups at once
INSERT INTO names.teams (data) SELECT '{"displayName": "t"}' FROM generate_series(1, 100);
ALTER TABLE names.audit DISABLE TRIGGER scim_guard; DELETE FROM names.audit WHERE member_id IS NOT NULL; ALTER TABLE names.audit ENABLE TRIGGER scim_guard;
INSERT INTO names.member (group_id, value, member_id) SELECT id, 'y', scim.member_key('y') FROM names.teams;
TABLE audited;

-- settings of a row's tenant, in one statement with another's
INSERT INTO names.setting (tenant_id, name, value) VALUES (2, 'unknown_attributes', '"ignore"');
INSERT INTO names.teams (tenant_id, data) VALUES (2, '{"displayName": "two", "shoe": 42}');
INSERT INTO names.teams (tenant_id, data) SELECT t, '{"displayName": "three", "shoe": 42}' FROM generate_series(2, 3) t;
SET scim.tenant = 2;
INSERT INTO names.teams (tenant_id, data) VALUES (3, '{"displayName": "three", "shoe": 42}');
INSERT INTO names.teams (data) VALUES ('{"displayName": "two", "shoe": 42}');
RESET scim.tenant;
INSERT INTO names.teams (data) VALUES ('{"displayName": "one", "shoe": 42}');
UPDATE names.teams SET data = data || '{"shoe": 42}' WHERE tenant_id = 2;
SELECT tenant_id, data FROM names.teams WHERE tenant_id > 1 ORDER BY id;
DELETE FROM names.teams WHERE tenant_id = 2;

-- a person's name is unique and found by an index, and a session, a code and /Me are theirs
INSERT INTO names.people (data) VALUES ('{"userName": "P"}');
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT FROM names.people WHERE tenant_id = 1 AND scim.fold_user_name(user_name) = 'p' AND deleted_at IS NULL;
RESET enable_seqscan;
CREATE FUNCTION pg_temp.answer(id text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  code text;
BEGIN
  PERFORM scim.invite(id);
  PERFORM scim.log_out(id);
  code := scim.issue_recovery_code(id, interval '1 hour');
  PERFORM set_config('scim.me', id, true);
  RETURN concat_ws(' ', scim.record_login(id), scim.session_is_valid(id, clock_timestamp()), scim.session_is_valid(id, '2000-01-01'),
    scim.redeem_recovery_code(code) = id::uuid, (SELECT body::jsonb #>> '{meta,resourceType}' FROM scim.request('GET', '/Me')));
EXCEPTION WHEN OTHERS THEN RETURN SQLERRM;
END $$;
SELECT pg_temp.answer(id) FROM unnest(ARRAY[:'p', :'u', '00000000-0000-7000-8000-0000000000ff']) id;
SELECT key FROM jsonb_object_keys(scim.openapi() -> 'paths') key WHERE key ~ 'members|Me' ORDER BY 1;
SELECT scim.openapi() #>> '{paths,/Me,get,responses,200,$ref}';
-- off-boarding ends for whoever is off-boarded
UPDATE names.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete';
INSERT INTO names.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "g"}');
DELETE FROM names.resource WHERE resource_type <> 'Team';
SELECT scim.complete_offboarding(id) FROM names.resource WHERE resource_type <> 'Team' ORDER BY id;
SELECT resource_type, status FROM names.resource WHERE resource_type <> 'Team' ORDER BY id;
SELECT scim.complete_offboarding('00000000-0000-7000-8000-0000000000a1');
SELECT scim.complete_offboarding('00000000-0000-7000-8000-0000000000ff');
SELECT scim.unregister_resource_type('User', force => true);
SELECT key FROM jsonb_object_keys(scim.openapi() -> 'paths') key WHERE key ~ 'Me';
SELECT scim.openapi() #>> '{paths,/Me,get,responses,200,$ref}';
SELECT scim.invite('00000000-0000-7000-8000-0000000000ff');
-- a name in another letter case is another type, whose userName is unique all the same
SELECT scim.register_resource_type('{"name": "user", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}') ->> 'name';
INSERT INTO names.users (data) VALUES ('{"userName": "a"}');
INSERT INTO names.users (data) VALUES ('{"userName": "A"}');
SELECT scim.unregister_resource_type('user', force => true);
SELECT scim.unregister_resource_type('Person', force => true);
SELECT scim.invite('00000000-0000-7000-8000-0000000000ff');
SET scim.me = '00000000-0000-7000-8000-0000000000ff';
SELECT status FROM scim.request('GET', '/Me');
RESET scim.me;
-- a unique index of any table says of which attribute it is
CREATE UNIQUE INDEX teams_external_id_key ON names.teams (tenant_id, external_id);
SELECT scim.create_resource('Team', '{"displayName": "t", "externalId": "1"}') IS NOT NULL;
SELECT scim.create_resource('Team', '{"displayName": "t", "externalId": "1"}');
DROP VIEW audited;
DROP FUNCTION members_first;
SET client_min_messages = warning;
SELECT scim.drop_store('names', true);
