-- The door: what plain DML on a store's tables may do and what comes of it
\set VERBOSITY terse
SELECT scim.create_store('door');
SET scim.store = 'door';
SET TimeZone = 'UTC';
\set u1 '''00000000-0000-7000-8000-000000000001'''
\set u2 '''00000000-0000-7000-8000-000000000002'''
\set u3 '''00000000-0000-7000-8000-000000000003'''
\set g1 '''00000000-0000-7000-8000-0000000000a1'''
\set g2 '''00000000-0000-7000-8000-0000000000a2'''

-- INSERT makes the document canonical and fills every column
INSERT INTO door.users (id, data) VALUES (:u1,
    '{"USERNAME": "bjensen", "externalid": "e1", "Name": {"GIVENNAME": "Barbara"}, "active": true,
      "emails": [{"value": "b@example.com", "PRIMARY": true}], "title": null, "roles": [],
      "id": "mine", "meta": {"version": "x"}, "groups": [{"value": "y"}], "password": "t1meMa$heen"}')
RETURNING tenant_id, resource_type, external_id, user_name, display_name, active, status, version,
    created >= now() AS created_now, last_modified = created AS unmodified, offboarding_at, deleted_at;
SELECT jsonb_pretty(data) FROM door.users WHERE id = :u1;
-- its id is a UUID version 7 where none is given, in order of creation
INSERT INTO door.resource (resource_type, data) VALUES ('User', '{"userName": "v7"}');
SELECT id::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' AS v7,
    abs(extract(epoch FROM now()) * 1000 - ('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint) < 60000 AS by_clock
FROM door.users WHERE user_name = 'v7';
-- a default cannot be undone by an explicit NULL
INSERT INTO door.users (id, data, version, created, status) VALUES (NULL, '{"userName": "nulls"}', NULL, NULL, NULL)
RETURNING id IS NOT NULL AS id, version, status;

-- the key columns say it as well as the document does
INSERT INTO door.users (id, user_name, external_id, display_name, active)
    VALUES (:u2, 'mandy', 'e2', 'Mandy', false)
RETURNING data, status;
INSERT INTO door.users (user_name, data) VALUES ('same', '{"userName": "same"}') RETURNING user_name, data;
INSERT INTO door.users (user_name, data) VALUES ('one', '{"userName": "other"}');
INSERT INTO door.users (user_name, active, data) VALUES ('one', true, '{"active": false}');
-- what is wrong with a document
INSERT INTO door.users (data) VALUES ('{}');
INSERT INTO door.users (data) VALUES ('{"userName": ""}');
INSERT INTO door.users (data) VALUES ('{"userName": 5}');
INSERT INTO door.users (data) VALUES ('[]');
INSERT INTO door.users (data) VALUES ('null');
INSERT INTO door.users (data) VALUES ('"userName"');
INSERT INTO door.users (data) VALUES ('{"userName": "x", "active": "perhaps"}');
INSERT INTO door.users (data) VALUES ('{"userName": "x", "name": "X"}');
INSERT INTO door.users (data) VALUES ('{"userName": "x", "userNAME": "y"}');
INSERT INTO door.users (data) VALUES ('{"userName": "x", "emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}');
INSERT INTO door.users (data) VALUES ('{"userName": "x", "urn:example:none": {"a": 1}}');
\set VERBOSITY default
INSERT INTO door.users (data) VALUES ('{"active": "perhaps", "name": "X"}');
\set VERBOSITY terse
-- what belongs to no resource type, or to another partition
INSERT INTO door.resource (resource_type, data) VALUES ('Robot', '{}');
INSERT INTO door.resource (data) VALUES ('{"userName": "x"}');
INSERT INTO door.users (resource_type, data) VALUES ('Group', '{"displayName": "x"}');
INSERT INTO door.users (tenant_id, data) VALUES (NULL, '{"userName": "x"}');
-- unique, without regard to case
INSERT INTO door.users (data) VALUES ('{"userName": "BJENSEN"}');
INSERT INTO door.users (id, data) VALUES (:u1, '{"userName": "other"}');
-- a row from elsewhere keeps its history
INSERT INTO door.users (id, data, version, created, last_modified)
    VALUES (:u3, '{"userName": "old", "active": false}', 7, '2001-02-03Z', '2004-05-06Z')
RETURNING status, version, created, last_modified, data;
INSERT INTO door.users (data, status, deleted_at) VALUES ('{"userName": "leaver"}', 'OFFBOARDED', '2004-05-06Z')
RETURNING status, deleted_at;
INSERT INTO door.users (data, status) VALUES ('{"userName": "y"}', 'DELETED');
INSERT INTO door.users (data, status, deleted_at) VALUES ('{"userName": "y"}', 'ACTIVE', now());
INSERT INTO door.users (data, deleted_at) VALUES ('{"userName": "y"}', now());
INSERT INTO door.users (data, status) VALUES ('{"userName": "y"}', 'ASLEEP');
-- status and active say the same
INSERT INTO door.users (data, status) VALUES ('{"userName": "asleep"}', 'SUSPENDED') RETURNING status, active, data;
INSERT INTO door.users (data, status) VALUES ('{"userName": "awake", "active": false}', 'ACTIVE');
INSERT INTO door.users (data, status, active) VALUES ('{"userName": "awake"}', 'SUSPENDED', true);
INSERT INTO door.users (data, status) VALUES ('{"userName": "going"}', 'OFFBOARDING') RETURNING status, active, offboarding_at >= now() AS since_now;

-- UPDATE: a key column, its attribute, both, and against each other
UPDATE door.users SET user_name = 'babs' WHERE id = :u1 RETURNING data ->> 'userName' AS data, version;
UPDATE door.users SET data = data || '{"userName": "barbara"}' WHERE id = :u1 RETURNING user_name, version;
UPDATE door.users SET user_name = 'b', data = data || '{"userName": "b"}' WHERE id = :u1 RETURNING user_name, data ->> 'userName' AS data, version;
UPDATE door.users SET user_name = 'b1', data = data || '{"userName": "b2"}' WHERE id = :u1;
UPDATE door.users SET display_name = 'Babs' WHERE id = :u1 RETURNING data ->> 'displayName' AS data;
UPDATE door.users SET display_name = NULL WHERE id = :u1 RETURNING data ? 'displayName' AS data;
UPDATE door.users SET user_name = NULL WHERE id = :u1;
UPDATE door.users SET active = false WHERE id = :u1 RETURNING data -> 'active' AS data, status;
UPDATE door.users SET data = data || '{"active": true}' WHERE id = :u1 RETURNING active, status;
UPDATE door.users SET data = data - 'active' WHERE id = :u1 RETURNING active, status;
UPDATE door.users SET data = NULL WHERE id = :u1;
UPDATE door.users SET data = '[1]' WHERE id = :u1;
UPDATE door.users SET data = data || '{"emails": 1}' WHERE id = :u1;
UPDATE door.users SET data = data || '{"title": null, "TITLE": "Tour Guide"}' WHERE id = :u1;
-- an UPDATE that changes nothing is none
SELECT version AS v, last_modified AS m FROM door.users WHERE id = :u1 \gset
UPDATE door.users SET data = data WHERE id = :u1 RETURNING version = :v AS same, last_modified = :'m' AS unmodified;
UPDATE door.users SET data = data || '{"nickName": null, "roles": []}' WHERE id = :u1 RETURNING version = :v AS same, last_modified = :'m' AS unmodified;
UPDATE door.users SET user_name = user_name, version = version WHERE id = :u1 RETURNING version = :v AS same;
-- a touch
UPDATE door.users SET version = version + 1 WHERE id = :u1 RETURNING version - :v AS more, last_modified >= now() AS modified;
-- and what is the store's to write
UPDATE door.users SET version = version + 2 WHERE id = :u1;
UPDATE door.users SET version = version - 1 WHERE id = :u1;
UPDATE door.users SET version = version + 1, data = data || '{"title": "t"}' WHERE id = :u1;
UPDATE door.users SET id = :u2 WHERE id = :u1;
UPDATE door.users SET tenant_id = 2 WHERE id = :u1;
UPDATE door.users SET created = now() WHERE id = :u1;
UPDATE door.users SET last_modified = now() - interval '1 day' WHERE id = :u1;
UPDATE door.users SET deleted_at = now() WHERE id = :u1;
UPDATE door.users SET offboarding_at = now() WHERE id = :u1;
UPDATE door.users SET status = 'ASLEEP' WHERE id = :u1;
UPDATE door.users SET resource_type = 'Group' WHERE id = :u1;
UPDATE door.resource SET resource_type = 'Group', data = '{"displayName": "x"}' WHERE id = :u1;

-- an immutable attribute: none in the core User, so one of our own
INSERT INTO door.schema (id, document) VALUES ('urn:example:badge', '{"id": "urn:example:badge", "name": "Badge",
    "attributes": [{"name": "number", "type": "integer", "multiValued": false, "mutability": "immutable"},
                   {"name": "colour", "type": "string", "multiValued": false}]}');
UPDATE door.resource_type SET document = jsonb_set(document, '{schemaExtensions,-1}',
    '{"schema": "urn:example:badge", "required": false}', true) WHERE name = 'User';
UPDATE door.users SET data = data || '{"urn:example:badge": {"number": 1, "colour": "red"}}' WHERE id = :u1
RETURNING data -> 'urn:example:badge' AS badge, data -> 'schemas' AS schemas;
UPDATE door.users SET data = data || '{"urn:example:badge": {"number": 2, "colour": "red"}}' WHERE id = :u1;
UPDATE door.users SET data = data || '{"urn:example:badge": {"number": 1, "colour": "blue"}}' WHERE id = :u1
RETURNING data -> 'urn:example:badge' AS badge;

-- passwords: never in data, only as a secret, and never in the audit
SELECT count(*) FROM door.users WHERE data::text ~ 't1meMa';
SELECT secret ~ '^SCRAM-SHA-256\$\d+:' AS scram FROM door.credential WHERE resource_id = :u1;
SELECT scim.verify_password(:u1, 't1meMa$heen') AS right, scim.verify_password(:u1, 'wrong') AS wrong,
    scim.verify_password(:u1, '') AS empty, scim.verify_password(:u2, 't1meMa$heen') AS other,
    scim.verify_password(:g1, 'x') AS nobody, scim.verify_password(:u1, NULL) AS null;
SELECT version AS v FROM door.users WHERE id = :u1 \gset
UPDATE door.users SET data = data || '{"password": "new one"}' WHERE id = :u1 RETURNING version - :v AS more, data ? 'password' AS shown;
SELECT scim.verify_password(:u1, 't1meMa$heen') AS old, scim.verify_password(:u1, 'new one') AS new;
UPDATE door.users SET data = data || '{"password": 5}' WHERE id = :u1;
UPDATE door.users SET active = false WHERE id = :u1;
SELECT scim.verify_password(:u1, 'new one') AS suspended;
UPDATE door.users SET active = true WHERE id = :u1;
SELECT scim.verify_password(:u1, 'new one') AS reactivated;
SELECT count(*) AS leaks FROM door.audit WHERE before::text ~ 'new one|t1meMa|password';
-- not one of a write that did not happen
INSERT INTO door.users (id, data) VALUES (:u1, '{"userName": "intruder", "password": "intruder"}') ON CONFLICT DO NOTHING;
SELECT scim.verify_password(:u1, 'new one') AS kept, scim.verify_password(:u1, 'intruder') AS taken;
INSERT INTO door.users (data) VALUES ('{"userName": "b", "password": "intruder"}') ON CONFLICT DO NOTHING;
SELECT count(*) AS secrets FROM door.credential;

-- groups: members may be written in data, and live in their own table
INSERT INTO door.groups (id, data) VALUES (:g1, jsonb_build_object('displayName', 'Admins', 'members',
    jsonb_build_array(jsonb_build_object('value', :u1), jsonb_build_object('value', :u2, 'type', 'User'),
                      jsonb_build_object('value', :u2))))
RETURNING version, data;
SELECT member_id, member_type, value FROM door.member WHERE group_id = :g1 ORDER BY member_id;
UPDATE door.groups SET data = data || '{"members": []}' WHERE id = :g1 RETURNING version, data;
SELECT count(*) FROM door.member WHERE group_id = :g1;
UPDATE door.groups SET data = data || jsonb_build_object('members', jsonb_build_array(jsonb_build_object('value', :u3)))
WHERE id = :g1 RETURNING version, data;
-- no word about members: they stay; the same ones: no change
UPDATE door.groups SET data = data || '{"externalId": "g"}' WHERE id = :g1 RETURNING version;
UPDATE door.groups SET data = data || jsonb_build_object('members', jsonb_build_array(jsonb_build_object('value', :u3)))
WHERE id = :g1 RETURNING version;
SELECT member_id FROM door.member WHERE group_id = :g1;
UPDATE door.groups SET data = data || '{"members": [{"display": "nobody"}]}' WHERE id = :g1;
UPDATE door.groups SET data = data || '{"members": [{"display": "nobody"}, {"value": "somebody"}]}' WHERE id = :g1;
SELECT scim.patch_resource('Group', :g1, '[{"op": "replace", "path": "members", "value": [{"display": "nobody"}]}]');
SELECT scim.patch_resource('Group', :g1, '[{"op": "add", "path": "members", "value": [{"display": "nobody"}]}]');
SELECT scim.replace_resource('Group', :g1, '{"displayName": "Admins", "members": [{"display": "nobody"}]}');
UPDATE door.groups SET data = data || '{"members": 5}' WHERE id = :g1;
SELECT member_id FROM door.member WHERE group_id = :g1;
-- a write that did not happen takes no members away either
INSERT INTO door.groups (id, data) VALUES (:g1, '{"displayName": "Admins", "members": [{"value": "stranger"}]}') ON CONFLICT DO NOTHING;
SELECT member_id, value FROM door.member;
SELECT version FROM door.groups WHERE id = :g1;
-- upsert
INSERT INTO door.groups (id, data) VALUES (:g1, '{"displayName": "Operators"}')
    ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data RETURNING version, display_name;
INSERT INTO door.users (data) VALUES ('{"userName": "B", "title": "upserted", "password": "another one"}')
    ON CONFLICT (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL DO UPDATE SET data = excluded.data
RETURNING id = :u1 AS same, user_name, data ->> 'title' AS title;
SELECT scim.verify_password(:u1, 'another one') AS taken, count(*) AS secrets FROM door.credential;
-- a member that is no id: the reference is kept as sent
UPDATE door.groups SET data = data || '{"members": [{"value": "bill@example.com"}]}' WHERE id = :g1;
SELECT member_id = scim.member_key('bill@example.com') AS by_key, value FROM door.member WHERE group_id = :g1;
SELECT scim.get_resource('Group', :g1) -> 'members' AS members;

-- member rows: one statement, one touch of each group
INSERT INTO door.groups (id, data) VALUES (:g2, '{"displayName": "Guests"}');
SELECT id, version AS before FROM door.groups ORDER BY id;
INSERT INTO door.member (group_id, member_id) VALUES (:g1, :u1), (:g1, :u2), (:g2, :u1), (:g2, :u2);
SELECT display_name, version, last_modified > created AS modified FROM door.groups ORDER BY id;
INSERT INTO door.member (group_id, member_id) VALUES (:g1, :u1) ON CONFLICT DO NOTHING;
DELETE FROM door.member WHERE group_id = :g2 AND member_id = :u3;
SELECT display_name, version FROM door.groups ORDER BY id;
DELETE FROM door.member WHERE member_id = :u1;
SELECT display_name, version FROM door.groups ORDER BY id;
INSERT INTO door.member (group_id, member_id) VALUES (:g2, :u2);
UPDATE door.member SET member_id = :u3;
INSERT INTO door.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-00000000ffff', :u1);
INSERT INTO door.member (group_id, member_id) VALUES (:u1, :u2);        -- a User has no members
INSERT INTO door.member (tenant_id, group_id, member_id) VALUES (2, :g1, :u1);
DELETE FROM door.groups WHERE id = :g2;
SELECT count(*) FROM door.member WHERE group_id = :g2;
INSERT INTO door.member (group_id, member_id) VALUES (:g2, :u2);        -- a group that is gone
-- a group in a group
INSERT INTO door.groups (id, data) VALUES (:g2, jsonb_build_object('displayName', 'Inner', 'members',
    jsonb_build_array(jsonb_build_object('value', :u3))));
INSERT INTO door.member (group_id, member_id) VALUES (:g1, :g2);
SELECT g ->> 'display' AS display, g ->> 'type' AS type
FROM jsonb_array_elements(scim.get_resource('User', :u3) -> 'groups') g ORDER BY 1;

-- INSERT ... SELECT and COPY take the same door
INSERT INTO door.users (user_name, external_id) SELECT 'bulk' || i, 'x' || i FROM generate_series(1, 3) i
RETURNING user_name, status, data -> 'externalId' AS external_id;
COPY door.users (user_name, data) FROM stdin;
copied1	{"TITLE": "One"}
copied2	{"name": {"FamilyName": "Two"}, "password": "secret two"}
\.
SELECT user_name, data, version, status FROM door.users WHERE user_name LIKE 'copied%' ORDER BY 1;
SELECT scim.verify_password(id, 'secret two') FROM door.users WHERE user_name = 'copied2';
COPY door.resource (resource_type, data) FROM stdin;
Group	{"DISPLAYNAME": "Copied"}
User	{"userName": "copied3"}
\.
COPY door.users (data) FROM stdin;
{"userName": "good"}
{"userName": "bad", "active": "perhaps"}
\.
SELECT count(*) FROM door.users WHERE user_name IN ('good', 'bad');

-- TRUNCATE would pass by
TRUNCATE door.users;
TRUNCATE door.resource;
TRUNCATE door.groups, door.member;
TRUNCATE door.member;

-- a trigger of the user's own that refuses a row leaves nothing of it behind
CREATE FUNCTION door.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER z_refuse BEFORE INSERT ON door.resource FOR EACH ROW EXECUTE FUNCTION door.refuse();
SELECT count(*) AS secrets FROM door.credential \gset
INSERT INTO door.users (data) VALUES ('{"userName": "refused", "password": "refused"}');
INSERT INTO door.groups (data) VALUES ('{"displayName": "refused", "members": [{"value": "refused"}]}');
SELECT count(*) - :secrets AS secrets FROM door.credential;
SELECT count(*) AS members FROM door.member WHERE value = 'refused';
DROP TRIGGER z_refuse ON door.resource;
-- a trigger of the user's own that changes the row before the door
CREATE FUNCTION door.shout() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN NEW.data := NEW.data || jsonb_build_object(''TITLE'', ''by trigger''); RETURN NEW; END';
CREATE TRIGGER a_shout BEFORE INSERT ON door.resource FOR EACH ROW EXECUTE FUNCTION door.shout();
SELECT scim.create_resource('User', '{"userName": "shouted"}') ->> 'title' AS title;
DROP TRIGGER a_shout ON door.resource;
-- an error between door and member table: nothing is at the door any more
CREATE FUNCTION door.fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no members today'; END$$;
CREATE TRIGGER fail BEFORE INSERT ON door.member FOR EACH ROW EXECUTE FUNCTION door.fail();
DO $$
BEGIN
    UPDATE door.groups SET data = data || '{"members": [{"value": "m1"}]}' WHERE display_name = 'Copied';
EXCEPTION WHEN raise_exception THEN
    RAISE NOTICE '%', SQLERRM;
END
$$;
DROP TRIGGER fail ON door.member;
BEGIN;
INSERT INTO door.member (group_id, member_id) SELECT id, :u1 FROM door.groups WHERE display_name = 'Copied';
SELECT version FROM door.groups WHERE display_name = 'Copied';
COMMIT;

-- the cached registry: a change is seen at once, and vanishes with a rollback
BEGIN;
UPDATE door.schema SET document = jsonb_set(document, '{attributes,-1}',
    '{"name": "shoeSize", "type": "integer", "multiValued": false}', true) WHERE id LIKE '%:User';
INSERT INTO door.users (data) VALUES ('{"userName": "shoes", "shoeSize": 43}') RETURNING data -> 'shoeSize' AS size;
INSERT INTO door.users (data) VALUES ('{"userName": "shoes2", "shoeSize": "XL"}');
ROLLBACK;
INSERT INTO door.users (data) VALUES ('{"userName": "shoes", "shoeSize": "XL"}') RETURNING data -> 'shoeSize' AS size;
SELECT scim.search('User', 'shoeSize eq 43');
BEGIN;
SAVEPOINT s;
UPDATE door.schema SET document = jsonb_set(document, '{attributes,-1}',
    '{"name": "shoeSize", "type": "integer", "multiValued": false}', true) WHERE id LIKE '%:User';
INSERT INTO door.users (data) VALUES ('{"userName": "shoes3", "shoeSize": 43}') RETURNING data -> 'shoeSize' AS size;
SELECT scim.search('User', 'shoeSize eq 43') -> 'totalResults' AS total;
ROLLBACK TO s;
SAVEPOINT s1;
INSERT INTO door.users (data) VALUES ('{"userName": "shoes3", "shoeSize": "XL"}') RETURNING data -> 'shoeSize' AS size;
ROLLBACK TO s1;
SAVEPOINT s2;
SELECT scim.search('User', 'shoeSize eq 43') -> 'totalResults' AS total;
ROLLBACK TO s2;
-- the same for policies
UPDATE door.policy SET enabled = true WHERE kind = 'identity';
SAVEPOINT s3;
INSERT INTO door.users (data) VALUES ('{"userName": "no mail"}');
ROLLBACK TO s3;
UPDATE door.policy SET enabled = false WHERE kind = 'identity';
INSERT INTO door.users (data) VALUES ('{"userName": "no mail"}') RETURNING user_name;
COMMIT;
-- a registry that cannot be read is an error and not a crash, and mends
BEGIN;
ALTER TABLE door.schema DISABLE TRIGGER USER;
UPDATE door.schema SET document = '{}' WHERE id LIKE '%:User';
ALTER TABLE door.schema ENABLE TRIGGER USER;
SAVEPOINT s;
INSERT INTO door.users (data) VALUES ('{"userName": "x"}');
ROLLBACK TO s;
SELECT scim.search('User');
ROLLBACK;
SELECT scim.search('User', 'userName eq "no mail"') -> 'totalResults' AS total;

-- the functions of the triggers are of no use elsewhere
CREATE TABLE door_elsewhere (i int);
CREATE TRIGGER t BEFORE INSERT ON door_elsewhere FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door();
INSERT INTO door_elsewhere VALUES (1);
DROP TABLE door_elsewhere;
SET client_min_messages = warning;
SELECT scim.drop_store('door', true);
