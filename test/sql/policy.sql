-- Policies: what holds for every writer, and the life of a resource
\set VERBOSITY terse
SELECT scim.create_store('rules');
SET scim.store = 'rules';
\set u1 '''00000000-0000-7000-8000-000000000001'''
\set u2 '''00000000-0000-7000-8000-000000000002'''
\set g1 '''00000000-0000-7000-8000-0000000000a1'''
CREATE VIEW pg_temp.people AS
    SELECT user_name, active, status, version, offboarding_at IS NOT NULL AS offboarding,
        deleted_at IS NOT NULL AS deleted
    FROM rules.users;

--
-- identity: userName equals the primary e-mail
--
INSERT INTO rules.users (id, data) VALUES (:u1, '{"userName": "legacy"}');
UPDATE rules.policy SET enabled = true WHERE kind = 'identity';
SELECT scim.create_resource('User', '{"userName": "a@example.com", "emails": [{"value": "b@example.com", "primary": true}]}');
INSERT INTO rules.users (data) VALUES ('{"userName": "a@example.com"}');
INSERT INTO rules.users (data) VALUES ('{"userName": "a@example.com", "emails": [{"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "type": "home"}]}');
COPY rules.users (data) FROM stdin;
{"userName": "a@example.com", "emails": [{"value": "b@example.com"}]}
\.
SELECT status, body::jsonb ->> 'scimType' AS scim_type FROM scim.request('POST', '/Users', '{}', '{"userName": "a@example.com"}');
INSERT INTO rules.users (data) VALUES ('{"userName": "only@example.com", "emails": [{"value": "Only@Example.com"}]}') RETURNING user_name;
INSERT INTO rules.users (id, data) VALUES (:u2, '{"userName": "a@example.com", "emails": [{"value": "x@example.com"}, {"value": "A@example.com", "primary": true}]}') RETURNING user_name;
-- one alone may not change, both together may
UPDATE rules.users SET user_name = 'c@example.com' WHERE id = :u2;
SELECT scim.patch_resource('User', :u2, '[{"op": "replace", "path": "userName", "value": "c@example.com"}]');
SELECT scim.patch_resource('User', :u2, '[{"op": "replace", "path": "emails[primary eq true].value", "value": "c@example.com"}]');
SELECT scim.patch_resource('User', :u2, '[{"op": "replace", "path": "emails[primary eq true].value", "value": "c@example.com"},
    {"op": "replace", "path": "userName", "value": "c@example.com"}]') ->> 'userName' AS user_name;
SELECT status FROM scim.request('PUT', '/Users/' || :u2, '{}', '{"userName": "d@example.com", "emails": [{"value": "d@example.com"}]}');
UPDATE rules.users SET user_name = 'e@example.com', data = jsonb_set(data, '{emails,0,value}', '"e@example.com"') WHERE id = :u2 RETURNING user_name;
-- it is for users; groups have no userName
INSERT INTO rules.groups (id, data) VALUES (:g1, '{"displayName": "Everybody"}');
-- who was there before may stay, change what the rule is not about, go and come back
UPDATE rules.users SET display_name = 'Legacy' WHERE id = :u1;
INSERT INTO rules.member (group_id, member_id) VALUES (:g1, :u1), (:g1, :u2);
DELETE FROM rules.users WHERE id = :u1;
SELECT * FROM pg_temp.people WHERE user_name = 'legacy';
SELECT scim.restore_resource('User', :u1) ->> 'userName' AS user_name;
UPDATE rules.policy SET enabled = false WHERE kind = 'identity';
-- per tenant: its own row goes before the row for all, both ways
INSERT INTO rules.tenant VALUES (2, 'two');
INSERT INTO rules.policy (tenant_id, resource_type, kind) VALUES (2, 'User', 'identity');
INSERT INTO rules.users (data) VALUES ('{"userName": "free"}') RETURNING tenant_id;
INSERT INTO rules.users (tenant_id, data) VALUES (2, '{"userName": "free"}');
UPDATE rules.policy SET enabled = tenant_id IS NULL WHERE kind = 'identity';
INSERT INTO rules.users (data) VALUES ('{"userName": "bound"}');
INSERT INTO rules.users (tenant_id, data) VALUES (2, '{"userName": "free"}') RETURNING tenant_id;
UPDATE rules.policy SET enabled = false WHERE kind = 'identity';
-- a policy is checked itself
INSERT INTO rules.policy (tenant_id, resource_type, kind) VALUES (2, 'User', 'identity');
INSERT INTO rules.policy (resource_type, kind) VALUES ('User', 'identity');
INSERT INTO rules.policy (resource_type, kind) VALUES ('User', 'wisdom');
UPDATE rules.policy SET settings = '{"mode": "soft"}' WHERE kind = 'delete';
UPDATE rules.policy SET settings = '[]' WHERE kind = 'audit';

--
-- delete, mode retain: the row is kept, out of sight
--
ALTER TABLE rules.audit DISABLE TRIGGER scim_guard; DELETE FROM rules.audit; ALTER TABLE rules.audit ENABLE TRIGGER scim_guard;
SET scim.actor = 'auditor@example.com';
\set r 00000000-0000-7000-8000-000000000011
INSERT INTO rules.users (id, data) VALUES (:'r', '{"userName": "retained", "password": "kept secret", "active": true}');
INSERT INTO rules.member (group_id, member_id) VALUES (:g1, :'r');
DELETE FROM rules.users WHERE id = :'r';
SELECT * FROM pg_temp.people WHERE user_name = 'retained';
SELECT count(*) AS memberships FROM rules.member WHERE member_id = :'r';
SELECT scim.verify_password(:'r', 'kept secret') AS verified;
SELECT scim.get_resource('User', :'r');
SELECT scim.search('User', 'userName eq "retained"') -> 'totalResults' AS total;
SELECT status FROM scim.request('GET', '/Users/' || :'r');
SELECT status FROM scim.request('PUT', '/Users/' || :'r', '{}', '{"userName": "retained"}');
SELECT status FROM scim.request('PATCH', '/Users/' || :'r', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "title", "value": "t"}]}');
SELECT status FROM scim.request('DELETE', '/Users/' || :'r');
-- plain DML cannot write to it either, but has to bring it back first (the message names the id)
DO $$
BEGIN
    UPDATE rules.users SET display_name = 'x' WHERE user_name = 'retained' AND deleted_at IS NOT NULL;
EXCEPTION WHEN sqlstate 'SC404' THEN
    RAISE NOTICE '%', sqlstate;
END
$$;
-- the userName is free again
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "Retained"}');
SELECT user_name, status FROM rules.users WHERE scim.fold(user_name) = 'retained' ORDER BY id;
SELECT scim.restore_resource('User', :'r');
DO $$
BEGIN
    PERFORM scim.restore_resource('User', (SELECT id FROM rules.users WHERE user_name = 'retained'));
EXCEPTION WHEN sqlstate 'SCUNI' THEN
    RAISE NOTICE 'SCUNI';
END
$$;
UPDATE rules.users SET user_name = 'other' WHERE user_name = 'Retained';
SELECT scim.restore_resource('User', :'r') - 'id' - 'meta' AS restored;
SELECT * FROM pg_temp.people WHERE user_name = 'retained';
SELECT scim.verify_password(:'r', 'kept secret') AS verified;
DO $$
BEGIN
    PERFORM scim.restore_resource('User', (SELECT id FROM rules.users WHERE user_name = 'retained'));
EXCEPTION WHEN sqlstate 'SC404' THEN
    RAISE NOTICE 'SC404: nothing to restore';
END
$$;
-- by function, and suspended before: restored as it was
UPDATE rules.users SET active = false WHERE id = :'r';
SELECT scim.delete_resource('User', :'r', 'W/"1"');
SELECT scim.delete_resource('User', :'r', '*');
SELECT * FROM pg_temp.people WHERE user_name = 'retained';
SELECT scim.restore_resource('User', :'r') -> 'active' AS active;
SELECT * FROM pg_temp.people WHERE user_name = 'retained';
-- twice out of sight is for good
DELETE FROM rules.users WHERE id = :'r';
DELETE FROM rules.users WHERE id = :'r';
SELECT count(*) FROM rules.users WHERE id = :'r';
SELECT count(*) AS secrets FROM rules.credential WHERE resource_id = :'r';
-- who, what and what it said before
SELECT actor, operation, resource_type, version, before ->> 'userName' AS before_name, before -> 'active' AS before_active,
    member_id IS NOT NULL AS member
FROM rules.audit WHERE resource_id = :'r' OR member_id = :'r' ORDER BY id;
SELECT count(*) AS another_transaction FROM rules.audit WHERE at > now() OR transaction_id > pg_current_xact_id();

--
-- mode hard: the row goes
--
UPDATE rules.policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'User' AND kind = 'delete';
\set h 00000000-0000-7000-8000-000000000012
INSERT INTO rules.users (id, data) VALUES (:'h', '{"userName": "hard", "password": "gone too"}');
INSERT INTO rules.member (group_id, member_id) VALUES (:g1, :'h');
SELECT version AS v FROM rules.groups WHERE id = :g1 \gset
SELECT status, body FROM scim.request('DELETE', '/Users/' || :'h');
SELECT count(*) FROM rules.users WHERE id = :'h';
SELECT count(*) AS secrets FROM rules.credential WHERE resource_id = :'h';
SELECT count(*) AS memberships FROM rules.member WHERE member_id = :'h';
SELECT version - :v AS touched FROM rules.groups WHERE id = :g1;
SELECT operation, before ->> 'userName' AS before FROM rules.audit WHERE resource_id = :'h' ORDER BY id;
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "hard"}');
-- switched off is hard as well
UPDATE rules.policy SET enabled = false, settings = '{"mode": "retain"}' WHERE resource_type = 'User' AND kind = 'delete';
DELETE FROM rules.users WHERE user_name = 'hard';
SELECT count(*) FROM rules.users WHERE user_name = 'hard';

--
-- mode offboard: DELETE begins it, scim.complete_offboarding ends it
--
ALTER TABLE rules.audit DISABLE TRIGGER scim_guard; DELETE FROM rules.audit; ALTER TABLE rules.audit ENABLE TRIGGER scim_guard;
UPDATE rules.policy SET enabled = true, settings = '{"mode": "offboard"}' WHERE resource_type = 'User' AND kind = 'delete';
\set o 00000000-0000-7000-8000-000000000013
INSERT INTO rules.users (id, data) VALUES (:'o', '{"userName": "leaver", "active": true, "password": "let me in"}');
INSERT INTO rules.member (group_id, member_id) VALUES (:g1, :'o');
SELECT status FROM scim.request('DELETE', '/Users/' || :'o');
SELECT * FROM pg_temp.people WHERE user_name = 'leaver';
-- still there for everybody
SELECT status, body::jsonb -> 'active' AS active, jsonb_array_length(body::jsonb -> 'groups') AS groups FROM scim.request('GET', '/Users/' || :'o');
SELECT scim.verify_password(:'o', 'let me in') AS verified;
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "leaver"}');
-- once more changes nothing
SELECT status FROM scim.request('DELETE', '/Users/' || :'o');
DELETE FROM rules.users WHERE id = :'o';
SELECT * FROM pg_temp.people WHERE user_name = 'leaver';
-- it may change while it goes, and stays on its way, unless it is called back
SELECT scim.patch_resource('User', :'o', '[{"op": "add", "path": "title", "value": "Leaver"}]') ->> 'title' AS title;
SELECT scim.patch_resource('User', :'o', '[{"op": "replace", "path": "active", "value": true}]') -> 'active' AS active;
SELECT * FROM pg_temp.people WHERE user_name = 'leaver';
DELETE FROM rules.users WHERE id = :'o';
SELECT scim.complete_offboarding(:'o');
SELECT * FROM pg_temp.people WHERE user_name = 'leaver';
SELECT count(*) AS memberships FROM rules.member WHERE member_id = :'o';
SELECT status FROM scim.request('GET', '/Users/' || :'o');
SELECT scim.verify_password(:'o', 'let me in') AS verified;
SELECT status FROM scim.request('DELETE', '/Users/' || :'o');
DO $$
BEGIN
    PERFORM scim.complete_offboarding((SELECT id FROM rules.users WHERE user_name = 'leaver'));
EXCEPTION WHEN sqlstate 'SC404' THEN
    RAISE NOTICE 'SC404: not being off-boarded';
END
$$;
SELECT scim.restore_resource('User', :'o') -> 'active' AS active;
SELECT * FROM pg_temp.people WHERE user_name = 'leaver';
-- by SQL DELETE, by status, and with access kept
DELETE FROM rules.users WHERE id = :'o';
SELECT status, active FROM pg_temp.people WHERE user_name = 'leaver';
SELECT scim.restore_resource('User', :'o') -> 'active' AS active;
UPDATE rules.users SET status = 'OFFBOARDING' WHERE id = :'o' RETURNING status, active, offboarding_at >= now() AS since_now;
UPDATE rules.users SET status = 'OFFBOARDED' WHERE id = :'o' RETURNING status, active, deleted_at >= now() AS since_now;
UPDATE rules.users SET status = 'ACTIVE' WHERE id = :'o' RETURNING status, active, offboarding_at, deleted_at;
UPDATE rules.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE resource_type = 'User' AND kind = 'delete';
SELECT scim.delete_resource('User', :'o');
SELECT status, active FROM pg_temp.people WHERE user_name = 'leaver';
SELECT scim.verify_password(:'o', 'let me in') AS verified;
SELECT scim.complete_offboarding(:'o');
SELECT status, active FROM pg_temp.people WHERE user_name = 'leaver';
SELECT actor, operation, before ->> 'userName' AS before, before -> 'active' AS before_active, version
FROM rules.audit WHERE resource_id = :'o' ORDER BY id;

-- steps there are none of
\set s 00000000-0000-7000-8000-000000000014
INSERT INTO rules.users (id, data) VALUES (:'s', '{"userName": "steps"}');
UPDATE rules.users SET status = 'OFFBOARDED' WHERE id = :'s';
UPDATE rules.users SET status = 'DELETED' WHERE id = :'s' RETURNING deleted_at >= now() AS deleted;
DO $$
BEGIN
    UPDATE rules.users SET status = 'OFFBOARDED' WHERE user_name = 'steps';
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '%', sqlstate;
END
$$;
UPDATE rules.users SET status = 'OFFBOARDING' WHERE id = :'s';
UPDATE rules.users SET status = 'SUSPENDED' WHERE id = :'s' RETURNING status, active, deleted_at;
UPDATE rules.users SET status = 'ACTIVE' WHERE id = :'s' RETURNING status, active;
UPDATE rules.users SET status = 'SUSPENDED', active = true WHERE id = :'s' RETURNING status, active;
UPDATE rules.users SET status = NULL WHERE id = :'s';

--
-- purge
--
SELECT count(*) AS out_of_sight FROM rules.users WHERE deleted_at IS NOT NULL \gset
SELECT scim.purge('1 day');
SELECT scim.purge('0 s') = :out_of_sight AS all_of_them;
SELECT count(*) FROM rules.users WHERE deleted_at IS NOT NULL;
SELECT scim.purge('0 s');
SELECT operation, before ->> 'userName' AS before FROM rules.audit WHERE operation = 'purge';
SELECT count(*) AS orphans FROM rules.credential c WHERE NOT EXISTS (SELECT FROM rules.users u WHERE u.id = c.resource_id);

--
-- groups: hard by default, and any mode
--
UPDATE rules.policy SET settings = '{"mode": "retain"}' WHERE resource_type = 'Group' AND kind = 'delete';
DELETE FROM rules.groups WHERE id = :g1;
SELECT status, deleted_at IS NOT NULL AS deleted FROM rules.groups WHERE id = :g1;
SELECT scim.get_resource('User', :u2) ? 'groups' AS in_groups;
INSERT INTO rules.member (group_id, member_id) VALUES (:g1, :u1);
SELECT jsonb_array_length(scim.restore_resource('Group', :g1) -> 'members') AS members;
DELETE FROM rules.groups WHERE id = :g1;
SELECT scim.purge('0 s');
SELECT count(*) FROM rules.member;

--
-- events: off by default, then one for each step
--
SELECT count(*) FROM rules.event;
UPDATE rules.policy SET enabled = true WHERE kind = 'events';
UPDATE rules.policy SET settings = '{"mode": "retain"}' WHERE resource_type = 'User' AND kind = 'delete';
\set e 00000000-0000-7000-8000-000000000015
INSERT INTO rules.users (id, data) VALUES (:'e', '{"userName": "eventful"}');
UPDATE rules.users SET display_name = 'E' WHERE id = :'e';
UPDATE rules.users SET display_name = 'E' WHERE id = :'e';       -- no change, no event
UPDATE rules.users SET active = false WHERE id = :'e';
UPDATE rules.users SET active = true WHERE id = :'e';
DELETE FROM rules.users WHERE id = :'e';
BEGIN;
SELECT scim.restore_resource('User', :'e') ->> 'userName' AS user_name;
ROLLBACK;
SELECT scim.purge('0 s');
SELECT event_uri, resource_type, version, resource_id = :'e' AS same FROM rules.event ORDER BY id;

-- audit switched off
ALTER TABLE rules.audit DISABLE TRIGGER scim_guard; DELETE FROM rules.audit; ALTER TABLE rules.audit ENABLE TRIGGER scim_guard;
UPDATE rules.policy SET enabled = false WHERE kind = 'audit';
INSERT INTO rules.users (data) VALUES ('{"userName": "unseen"}');
SELECT count(*) FROM rules.audit WHERE object IS NULL;
RESET scim.actor;
UPDATE rules.policy SET enabled = true WHERE kind = 'audit';
UPDATE rules.users SET display_name = 'seen' WHERE user_name = 'unseen';
SELECT actor = session_user AS by_session_user, operation FROM rules.audit WHERE object IS NULL;

SET client_min_messages = warning;
DROP VIEW pg_temp.people;
SELECT scim.drop_store('rules', true);
