-- What an event tells of a change (RFC 9967): attributes or data, a PATCH as a PATCH, who came to a group and who left it, never a secret.
\set ECHO errors
SET client_min_messages = warning;
SELECT scim.create_store('told');
SET scim.store = 'told';
SET scim.actor = 'the auditor''s friend';
SELECT scim.register_schema('{"id": "urn:example:safe", "name": "Safe", "attributes": [{"name": "pin", "type": "string", "mutability": "writeOnly", "returned": "never"},
  {"name": "locks", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "string"}, {"name": "code", "type": "string", "mutability": "writeOnly", "returned": "never"}]},
  {"name": "shelf", "type": "string"}]}') IS NOT NULL AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
  "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}, {"schema": "urn:example:safe", "required": false}]}', force => true) IS NOT NULL AS type;
-- of every event since the last time, in order: ids by name
CREATE TEMP TABLE name (id uuid, name text);
CREATE FUNCTION pg_temp.told(OUT event text, OUT operation text, OUT version bigint, OUT attributes text, OUT added text, OUT removed text, OUT data text) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE n record;
BEGIN
  FOR event, operation, version, attributes, added, removed, data IN
    WITH gone AS (DELETE FROM told.event RETURNING *)
    SELECT regexp_replace(g.event_uri, '^urn:ietf:params:scim:event:|^.*event-type/', ''), g.operation, g.version, g.attributes::text, g.members_added::text, g.members_removed::text,
           (SELECT string_agg(coalesce(o ->> 'op' || ' ' || (o ->> 'path') || coalesce(' ' || (o -> 'value')::text, ''), (g.data - 'schemas')::text), '; ' ORDER BY ordinality)
            FROM jsonb_array_elements(coalesce(g.data -> 'Operations', '[null]')) WITH ORDINALITY AS o (o, ordinality) WHERE g.data IS NOT NULL)
    FROM gone g ORDER BY g.at, g.id
  LOOP
    FOR n IN SELECT * FROM name LOOP
      added := replace(added, n.id::text, n.name);
      removed := replace(removed, n.id::text, n.name);
      data := replace(data, n.id::text, n.name);
    END LOOP;
    RETURN NEXT;
  END LOOP;
END $$;
\pset format unaligned
\pset null ''
\set ECHO all

-- "notice", which is the default: paths, and no value
UPDATE told.policy SET enabled = true WHERE kind = 'events';
SELECT scim.create_resource('User', '{"userName": "ada", "externalId": "A1", "password": "s3cret-of-ada", "name": {"givenName": "Ada"}, "urn:example:safe": {"pin": "s3cret-pin", "shelf": "a"}}') ->> 'id' AS ada \gset
INSERT INTO name VALUES (:'ada', 'ada');
SELECT scim.patch_resource('User', :'ada', '[{"op": "add", "path": "name.familyName", "value": "L"}, {"op": "add", "path": "urn:example:safe:shelf", "value": "b"}, {"op": "add", "path": "title", "value": "x"}]') IS NOT NULL AS done;
SELECT scim.patch_resource('User', :'ada', '[{"op": "replace", "path": "password", "value": "s3cret-too"}]') IS NOT NULL AS done;
SELECT scim.replace_resource('User', :'ada', '{"userName": "ada", "externalId": "A1", "name": {"givenName": "Ada"}}') IS NOT NULL AS done;
UPDATE told.users SET data = data || '{"nickName": "A"}';
SELECT bool_and(actor = 'the auditor''s friend') AS actor, bool_and(external_id = 'A1') AS external_id, count(DISTINCT change) AS changes, bool_and(position IS NULL) AS unread, bool_or(event::text ~ 's3cret') AS secret FROM told.event;
SELECT * FROM pg_temp.told();

-- "full": the resource, or the PATCH that makes the same change, whoever made it and in which words
UPDATE told.policy SET settings = '{"mode": "full"}' WHERE kind = 'events';
SELECT scim.create_resource('User', '{"userName": "bob", "password": "s3cret-of-bob", "emails": [{"value": "b@example.com", "type": "work"}], "urn:example:safe": {"pin": "s3cret-pin", "shelf": "a", "locks": [{"value": "front", "code": "s3cret-code"}]}}') ->> 'id' AS bob \gset
INSERT INTO name VALUES (:'bob', 'bob');
SELECT * FROM pg_temp.told();
SELECT scim.patch_resource('User', :'bob', '[{"op": "add", "value": {"name": {"givenName": "Bob"}, "urn:example:safe": {"locks": [{"value": "back", "code": "s3cret-code"}]}}}, {"op": "remove", "path": "emails[type eq \"work\"]"}, {"op": "remove", "path": "urn:example:safe:shelf"}]') IS NOT NULL AS done;
SELECT scim.patch_resource('User', :'bob', '[{"op": "replace", "path": "name.givenName", "value": "Rob"}, {"op": "add", "path": "name.familyName", "value": "B"}, {"op": "replace", "path": "urn:example:safe:pin", "value": "s3cret-new"}]') IS NOT NULL AS done;
SELECT scim.patch_resource('User', :'bob', '[{"op": "remove", "path": "name"}]') IS NOT NULL AS done;
-- what must not be told leaves a notice
SELECT scim.patch_resource('User', :'bob', '[{"op": "replace", "path": "urn:example:safe:pin", "value": "s3cret-newer"}]') IS NOT NULL AS done;
SELECT scim.patch_resource('User', :'bob', '[{"op": "replace", "path": "password", "value": "s3cret-newest"}]') IS NOT NULL AS done;
SELECT scim.replace_resource('User', :'bob', '{"userName": "bob", "active": true}') IS NOT NULL AS done;
UPDATE told.users SET data = data || '{"nickName": "B"}' WHERE id = :'bob';
SELECT bool_or(event::text ~ 's3cret') AS secret FROM told.event;
SELECT * FROM pg_temp.told();

-- The steps of a life are told apart by the operation, and tell what else has changed with them
SELECT scim.patch_resource('User', :'bob', '[{"op": "replace", "value": {"active": false, "title": "gone"}}]') IS NOT NULL AS done;
SELECT scim.patch_resource('User', :'bob', '[{"op": "replace", "value": {"active": true}}]') IS NOT NULL AS done;
UPDATE told.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT scim.delete_resource('User', :'bob');
SELECT scim.restore_resource('User', :'bob') IS NOT NULL AS done;
SELECT scim.delete_resource('User', :'bob');
SELECT scim.complete_offboarding(:'bob'::uuid);
SELECT scim.restore_resource('User', :'bob') IS NOT NULL AS done;
SELECT scim.log_out(:'bob'::uuid), scim.invite(:'bob'::uuid);
SELECT * FROM pg_temp.told();

-- Members: who came and who left, in one event, by whatever way
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'crew', 'members', jsonb_build_array(jsonb_build_object('value', :'ada')))) ->> 'id' AS crew \gset
INSERT INTO name VALUES (:'crew', 'crew');
SELECT scim.patch_resource('Group', :'crew', jsonb_build_array(jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', :'ada')),
  jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', :'bob'), jsonb_build_object('value', 'not "here"'))), '{"op": "replace", "path": "displayName", "value": "Crew"}'::jsonb)) IS NOT NULL AS done;
-- who goes and comes again was there
SELECT scim.patch_resource('Group', :'crew', jsonb_build_array('{"op": "remove", "path": "members"}'::jsonb, jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', :'bob'))))) IS NOT NULL AS done;
SELECT scim.replace_resource('Group', :'crew', jsonb_build_object('displayName', 'crew', 'members', jsonb_build_array(jsonb_build_object('value', :'ada')))) IS NOT NULL AS done;
INSERT INTO told.member (group_id, member_id) VALUES (:'crew', :'bob');
DELETE FROM told.member WHERE member_id = :'ada';
UPDATE told.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT scim.delete_resource('User', :'bob');
SELECT scim.delete_resource('Group', :'crew');
SELECT * FROM pg_temp.told();

-- what is undone is not told
SELECT scim.create_resource('Group', '{"displayName": "late"}') ->> 'id' AS late \gset
INSERT INTO name VALUES (:'late', 'late');
BEGIN;
SAVEPOINT one;
INSERT INTO told.member (group_id, member_id) VALUES (:'late', :'ada');
ROLLBACK TO one;
SELECT scim.patch_resource('Group', :'late', '[{"op": "replace", "path": "displayName", "value": "later"}]') IS NOT NULL AS done;
COMMIT;
SELECT * FROM pg_temp.told();

-- more members than an event names: a notice, which says so, with the first thousand
INSERT INTO told.member (group_id, member_id) SELECT :'late', scim.member_key('m' || g) FROM generate_series(1, 1001) g;
SELECT regexp_replace(event_uri, '.*:prov', 'prov') AS event, attributes, cardinality(members_added) AS added, members_removed, data FROM told.event;
DELETE FROM told.event;
DELETE FROM told.member WHERE group_id = :'late' AND member_id IN (SELECT scim.member_key('m' || g) FROM generate_series(1, 1000) g);
SELECT regexp_replace(event_uri, '.*:prov', 'prov') AS event, attributes, members_added, cardinality(members_removed) AS removed, jsonb_array_length(data -> 'Operations') AS operations FROM told.event;
DELETE FROM told.event;

-- Policies "emit" tell of the same, beside what they name
UPDATE told.policy SET enabled = false WHERE kind = 'events';
INSERT INTO told.policy (resource_type, kind, name, settings) VALUES ('User', 'emit', 'moved', '{"event": "urn:example:moved", "on": ["update"], "changed": ["title"], "data": ["userName"]}');
SELECT scim.patch_resource('User', :'ada', '[{"op": "add", "path": "title", "value": "Boss"}, {"op": "add", "path": "nickName", "value": "Countess"}]') IS NOT NULL AS done;
SELECT * FROM pg_temp.told();

-- a mode that there is not
\set VERBOSITY terse
UPDATE told.policy SET settings = '{"mode": "loud"}' WHERE kind = 'events';
UPDATE told.policy SET settings = '{"mood": "full"}' WHERE kind = 'events';
SET client_min_messages = warning;
SELECT scim.drop_store('told', true);
