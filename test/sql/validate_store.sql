-- scim.validate_store: who breaks a rule that came later
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('vs');
SET scim.store = 'vs';
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set u3 00000000-0000-7000-8000-000000000003
\set g1 00000000-0000-7000-8000-0000000000a1
INSERT INTO vs.users (id, data) VALUES
  (:'u1', '{"userName": "a@example.com", "emails": [{"value": "a@example.com", "type": "work"}], "nickName": "Al"}'),
  (:'u2', '{"userName": "b@example.com", "emails": [{"value": "a@example.com", "type": "holiday"}, {"value": "c@example.com", "type": "boat"}], "manager": "00000000-0000-7000-8000-000000000003"}'),
  (:'u3', '{"userName": "gone"}');
INSERT INTO vs.groups (id, data) VALUES (:'g1', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001", "type": "Person"}, {"value": "00000000-0000-7000-8000-000000000003"}, "x@example.com"]}');
DELETE FROM vs.users WHERE id = :'u3';
SELECT * FROM scim.validate_store();

-- each policy
UPDATE vs.policy SET enabled = true WHERE kind = 'identity';
SELECT * FROM scim.validate_store();
INSERT INTO vs.policy (resource_type, kind, settings) VALUES ('User', 'canonical', '{}'), ('User', 'reference', '{"attributes": {"manager": "User"}, "missing": "notFound"}');
SELECT * FROM scim.validate_store('User');
INSERT INTO vs.policy (resource_type, kind, settings) VALUES ('Group', 'canonical', '{}'), ('Group', 'reference', '{"attributes": {"members": ["User", "Group"]}}');
SELECT * FROM scim.validate_store('Group');
-- what a policy would find, before it is switched on for good
DELETE FROM vs.policy WHERE kind IN ('canonical', 'reference');
UPDATE vs.policy SET enabled = false WHERE kind = 'identity';
BEGIN;
UPDATE vs.policy SET enabled = true WHERE kind = 'identity';
SELECT count(*) FROM scim.validate_store();
ROLLBACK;
SELECT count(*) FROM scim.validate_store();

-- schemas, changed by force
UPDATE vs.schema SET document = jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN 'nickName' THEN a || '{"type": "integer"}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a))
WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
SET scim.check_resources = off;
UPDATE vs.schema SET document = jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN 'nickName' THEN a || '{"type": "integer"}' WHEN 'title' THEN a || '{"required": true}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'emails'))
WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
RESET scim.check_resources;
SELECT * FROM scim.validate_store();
-- of the tenant, and of what the caller may read; nothing is locked or changed
SET scim.tenant = 2;
SELECT * FROM scim.validate_store();
RESET scim.tenant;
CREATE ROLE regress_scim_validator;
GRANT USAGE ON SCHEMA vs TO regress_scim_validator;
SET ROLE regress_scim_validator;
SELECT count(*) FROM scim.validate_store();
RESET ROLE;
GRANT SELECT ON vs.resource, vs.member TO regress_scim_validator;
CREATE POLICY one ON vs.resource AS RESTRICTIVE TO regress_scim_validator USING (user_name = 'b@example.com');
SET ROLE regress_scim_validator;
SELECT DISTINCT id FROM scim.validate_store();
RESET ROLE;
DROP POLICY one ON vs.resource;
BEGIN READ ONLY;
SELECT count(*) > 0 FROM scim.validate_store();
COMMIT;
SELECT scim.validate_store('Robot');
SELECT count(*) FROM scim.validate_store(NULL) WHERE resource_type = 'Group';
-- once put right, they are gone from the list
UPDATE vs.users SET data = data || '{"title": "T", "nickName": 7}' WHERE deleted_at IS NULL;
SELECT * FROM scim.validate_store();

-- many: it is cancelled, and what it holds does not grow
INSERT INTO vs.users (data) SELECT jsonb_build_object('userName', 'many' || n, 'title', 'T') FROM generate_series(1, 30000) n;
SET scim.check_resources = off;
UPDATE vs.schema SET document = jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN 'title' THEN a || '{"type": "boolean"}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a))
WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
SET work_mem = '64kB';
SELECT rule, count(*) FROM scim.validate_store() GROUP BY 1;
SET statement_timeout = '20ms';
SELECT count(*) FROM scim.validate_store();
RESET statement_timeout;
RESET work_mem;
RESET scim.check_resources;

SET client_min_messages = warning;
DROP OWNED BY regress_scim_validator;
DROP ROLE regress_scim_validator;
SELECT scim.drop_store('vs', true);
