-- A touch of a resource, where triggers of the user's own stand before and behind the door
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('touched');
SET scim.store = 'touched';
\set ann 00000000-0000-7000-8000-000000000001
\set bob 00000000-0000-7000-8000-000000000002
\set g 00000000-0000-7000-8000-00000000000a
INSERT INTO touched.users (id, data) VALUES (:'ann', '{"userName": "ann"}'), (:'bob', '{"userName": "bob"}');
INSERT INTO touched.groups (id, data) VALUES (:'g', '{"displayName": "g"}');
CREATE VIEW touched_audit AS SELECT id, concat_ws(' ', operation, version) AS did, resource_id, member_id FROM touched.audit ORDER BY id;

--
-- before: it always changes something, which is a part of the version
--
CREATE SEQUENCE touched.calls;
CREATE FUNCTION touched.before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.data := NEW.data || jsonb_build_object('externalId', 's' || nextval('touched.calls'));
    RETURN NEW;
END
$$;
CREATE TRIGGER a_before BEFORE UPDATE ON touched.resource FOR EACH ROW EXECUTE FUNCTION touched.before();
INSERT INTO touched.member (group_id, member_id) VALUES (:'g', :'ann');
SELECT version, external_id, data FROM touched.groups;
SELECT status, body::jsonb -> 'members' -> 1 ->> 'value' AS second
FROM scim.request('PATCH', '/Groups/' || :'g', '{}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "members", "value": [{"value": "%s"}]}]}', :'bob'));
SELECT version, external_id FROM touched.groups;
DELETE FROM touched.member WHERE member_id = :'bob';
SELECT version, external_id FROM touched.groups;
-- who goes leaves his groups
DELETE FROM touched.users WHERE id = :'ann';
SELECT version, external_id, (SELECT count(*) FROM touched.users WHERE deleted_at IS NULL) AS users, (SELECT count(*) FROM touched.member) AS members FROM touched.groups;
-- a password that somebody writes himself
INSERT INTO touched.credential (tenant_id, resource_id, secret)
SELECT 1, :'bob', 'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$tZJ0VmAl6BDMqdGMvhUoc2Y4mU4BvJHq1T6TkCr2Wxw=:3TjqSGJ0GQ4m5jxAR3A3LSnGEvhJ5sTo4WbPbWJqC6Q=';
SELECT version, external_id FROM touched.users WHERE id = :'bob';
DELETE FROM touched.credential;
SELECT version, external_id FROM touched.users WHERE id = :'bob';
-- by a statement of one's own
UPDATE touched.users SET version = version + 1 WHERE id = :'bob';
SELECT version, external_id FROM touched.users WHERE id = :'bob';
-- the columns too
CREATE OR REPLACE FUNCTION touched.before() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN NEW.display_name := 'd' || nextval('touched.calls'); RETURN NEW; END$$;
INSERT INTO touched.member (group_id, member_id) VALUES (:'g', :'bob');
SELECT version, display_name, data FROM touched.groups;
-- what it is not: more than the version in the statement, or more than the next one
UPDATE touched.users SET version = version + 1, display_name = 'x' WHERE id = :'bob';
UPDATE touched.users SET version = version + 2 WHERE id = :'bob';
CREATE OR REPLACE FUNCTION touched.before() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN NEW.version := NEW.version + 1; RETURN NEW; END$$;
DELETE FROM touched.member;
-- it does not get round the door
CREATE OR REPLACE FUNCTION touched.before() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN NEW.data := NEW.data || '{"displayName": 7}'; RETURN NEW; END$$;
DELETE FROM touched.member;
SELECT count(*) FROM touched.member;
DROP TRIGGER a_before ON touched.resource;
-- one version, one row of the audit and one event each
SELECT did, member_id FROM touched_audit WHERE resource_id = :'g';
SELECT did FROM touched_audit WHERE resource_id = :'bob';

--
-- behind: a veto is one of all that the write does
--
CREATE FUNCTION touched.veto() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
CREATE TRIGGER zz BEFORE UPDATE ON touched.groups FOR EACH ROW EXECUTE FUNCTION touched.veto();
CREATE TRIGGER zz BEFORE UPDATE ON touched.users FOR EACH ROW EXECUTE FUNCTION touched.veto();
SELECT version AS before FROM touched.groups \gset
SELECT count(*) AS audit, max(id::text) AS last FROM touched.audit \gset
UPDATE touched.groups SET data = data || '{"members": ["mm"], "displayName": "x"}';
INSERT INTO touched.member (group_id, member_id) VALUES (:'g', scim.uuid_v7());
DELETE FROM touched.member;
INSERT INTO touched.credential (tenant_id, resource_id, secret)
SELECT 1, :'bob', 'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$tZJ0VmAl6BDMqdGMvhUoc2Y4mU4BvJHq1T6TkCr2Wxw=:3TjqSGJ0GQ4m5jxAR3A3LSnGEvhJ5sTo4WbPbWJqC6Q=';
UPDATE touched.users SET data = data || '{"password": "t1meMa$heen"}' WHERE id = :'bob';
INSERT INTO touched.groups (id, data) VALUES (:'g', '{"displayName": "x", "members": ["mm"]}') ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET data = excluded.data;
SELECT status FROM scim.request('PATCH', '/Groups/' || :'g', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "remove", "path": "members"}]}');
SELECT status FROM scim.request('PUT', '/Groups/' || :'g', '{}', '{"displayName": "x", "members": [{"value": "mm"}]}');
SELECT version = :before AS same, display_name, (SELECT string_agg(coalesce(value, member_id::text), ' ') FROM touched.member) AS members,
    (SELECT count(*) FROM touched.credential) AS passwords, (SELECT count(*) = :audit FROM touched.audit) AS no_audit FROM touched.groups;
-- one that lets the row through has its members come, and go
CREATE OR REPLACE FUNCTION touched.veto() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
UPDATE touched.groups SET data = data || '{"members": ["mm", "nn"]}';
UPDATE touched.groups SET data = data || '{"members": ["nn", "mm", "mm"]}';
SELECT version - :before AS versions, (SELECT string_agg(value, ' ' ORDER BY value) FROM touched.member) AS members FROM touched.groups;
UPDATE touched.groups SET data = data || '{"members": [], "displayName": "y"}';
SELECT version - :before AS versions, display_name, (SELECT count(*) FROM touched.member) AS members FROM touched.groups;
SELECT did FROM touched_audit WHERE resource_id = :'g' AND id::text > :'last';
SELECT * FROM scim.validate_store();

DROP VIEW touched_audit;
SELECT scim.drop_store('touched', true);
