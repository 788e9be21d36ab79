-- A rule that comes later binds what a write changes, and locks nobody in who was there before
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('later');
SET scim.store = 'later';
\set u 00000000-0000-7000-8000-000000000001
\set v 00000000-0000-7000-8000-000000000002
\set urn urn:example:later:User

-- Each way to let somebody go, tried and taken back: "ok", or the first that failed.
-- GET, PUT with active false; PATCH; the functions; UPDATE and DELETE; and in each mode of DELETE.
CREATE FUNCTION pg_temp.leave(who uuid, type text DEFAULT 'User') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  endpoint text := format('/%ss/%s', type, who);
  body text;
  answer scim.response;
  way text;
  left_alone jsonb;
  failed text := '';
BEGIN
  EXECUTE 'SELECT data - ''active'' FROM later.resource WHERE id = $1' INTO left_alone USING who;
  FOREACH way IN ARRAY ARRAY['put', 'patch', 'patch all', 'delete', 'replace', 'patch function', 'delete function', 'sql active', 'sql data', 'sql status',
    'sql offboarding', 'sql delete', 'retain', 'offboard', 'hard', 'complete', 'restore', 'purge', 'bulk'] LOOP
    BEGIN
      answer := NULL;
      IF way IN ('retain', 'offboard', 'hard') THEN
        EXECUTE format('UPDATE later.policy SET settings = %L WHERE kind = ''delete'' AND resource_type = $1', jsonb_build_object('mode', way)) USING type;
      END IF;
      CASE way
      WHEN 'put' THEN
        body := (scim.request('GET', endpoint)).body::jsonb || '{"active": false}';
        answer := scim.request('PUT', endpoint, '{}', body);
      WHEN 'patch' THEN answer := scim.request('PATCH', endpoint, '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": false}]}');
      -- everything that is there already is said again
      WHEN 'patch all' THEN
        body := (scim.request('GET', endpoint)).body::jsonb || '{"active": false}';
        answer := scim.request('PATCH', endpoint, '{}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "value": %s}]}', body));
      WHEN 'delete', 'retain', 'offboard', 'hard' THEN answer := scim.request('DELETE', endpoint);
      WHEN 'replace' THEN PERFORM scim.replace_resource(type, who::text, scim.get_resource(type, who::text) || '{"active": false}');
      WHEN 'patch function' THEN PERFORM scim.patch_resource(type, who::text, '[{"op": "replace", "value": {"active": false}}]');
      WHEN 'delete function' THEN PERFORM scim.delete_resource(type, who::text);
      WHEN 'sql active' THEN UPDATE later.resource SET active = false WHERE id = who;
      WHEN 'sql data' THEN UPDATE later.resource SET data = data || '{"active": false}' WHERE id = who;
      WHEN 'sql status' THEN UPDATE later.resource SET status = 'SUSPENDED' WHERE id = who;
      WHEN 'sql offboarding' THEN UPDATE later.resource SET status = 'OFFBOARDING' WHERE id = who;
      WHEN 'sql delete' THEN DELETE FROM later.resource WHERE id = who;
      WHEN 'complete' THEN
        UPDATE later.resource SET status = 'OFFBOARDING' WHERE id = who;
        PERFORM scim.complete_offboarding(who);
      WHEN 'restore' THEN
        UPDATE later.resource SET status = 'DELETED' WHERE id = who;
        PERFORM scim.restore_resource(type, who);
      WHEN 'purge' THEN
        UPDATE later.resource SET status = 'DELETED' WHERE id = who;
        IF scim.purge('0 s') <> 1 THEN
          failed := failed || ' purge: nobody';
        END IF;
      WHEN 'bulk' THEN
        body := scim.bulk(jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations', jsonb_build_array(
          jsonb_build_object('method', 'PATCH', 'path', endpoint, 'data', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": false}]}'::jsonb),
          jsonb_build_object('method', 'DELETE', 'path', endpoint))));
        IF body ~ '"status": "4' THEN
          failed := failed || ' bulk: ' || body;
        END IF;
      END CASE;
      IF answer.status >= 300 THEN
        failed := failed || format(' %s: %s', way, answer.body::jsonb ->> 'detail');
      END IF;
      -- and nothing of him has changed by it
      IF EXISTS (SELECT FROM later.resource WHERE id = who AND data - 'active' IS DISTINCT FROM left_alone) THEN
        failed := failed || format(' %s: %s', way, (SELECT data FROM later.resource WHERE id = who));
      END IF;
      IF way IN ('put', 'patch', 'replace', 'sql status') AND NOT EXISTS (SELECT FROM later.resource WHERE id = who AND status = 'SUSPENDED') THEN
        failed := failed || format(' %s: still active', way);
      END IF;
      RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
    EXCEPTION
      WHEN SQLSTATE 'ZZZZZ' THEN NULL;
      WHEN OTHERS THEN failed := failed || format(' %s: %s', way, SQLERRM);
    END;
  END LOOP;
  RETURN coalesce(nullif(failed, ''), 'ok');
END $$;

-- A change, of an extension's attributes where there is a urn, by PATCH and by UPDATE: what comes of it
CREATE FUNCTION pg_temp.change(who uuid, change jsonb, urn text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer scim.response;
  result text;
BEGIN
  IF urn IS NOT NULL THEN
    change := jsonb_build_object(urn, (SELECT data -> urn FROM later.users WHERE id = who) || change);
  END IF;
  answer := scim.request('PATCH', '/Users/' || who, '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'value', change)))::text);
  result := coalesce(answer.body::jsonb ->> 'detail', 'ok');
  BEGIN
    UPDATE later.users SET data = data || change WHERE id = who;
    RETURN concat_ws(' / ', result, CASE WHEN result <> 'ok' THEN 'SQL: ok' END);
  EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' / ', result, nullif(SQLERRM, result));
  END;
END $$;

--
-- identity
--
INSERT INTO later.users (id, data) VALUES
  (:'u', '{"userName": "legacy", "active": true, "displayName": "Legacy"}'),
  (:'v', '{"userName": "other@example.com", "active": true, "emails": [{"value": "another@example.com", "primary": true}, {"value": "third@example.com"}]}');
UPDATE later.policy SET enabled = true WHERE kind = 'identity';
SELECT pg_temp.leave(:'u'), pg_temp.leave(:'v');
-- what has nothing to do with the rule may change, and neither end of it
SELECT c, pg_temp.change(:'u', c) FROM unnest(ARRAY['{"displayName": "L"}', '{"userName": "legacy"}', '{"userName": "LEGACY"}', '{"userName": "older"}', '{"emails": [{"value": "old@example.com"}]}', '{"userName": "new@example.com", "emails": [{"value": "New@example.com"}]}', '{"userName": "old@example.com"}']::jsonb[]) c;
SELECT c, pg_temp.change(:'v', c) FROM unnest(ARRAY['{"emails": [{"value": "another@example.com", "primary": true}, {"value": "fourth@example.com"}]}', '{"emails": [{"value": "another@example.com"}]}', '{"emails": []}', '{"emails": [{"value": "fifth@example.com"}]}']::jsonb[]) c;
UPDATE later.policy SET enabled = false WHERE kind = 'identity';
DELETE FROM later.users;
SELECT scim.purge('0 s');

--
-- canonical
--
INSERT INTO later.users (id, data) VALUES
  (:'u', '{"userName": "c", "active": true, "emails": [{"value": "a@example.com", "type": "holiday"}, {"value": "b@example.com", "type": "work"}], "phoneNumbers": [{"value": "1", "type": "boat"}, {"value": "2", "type": "boat"}]}');
INSERT INTO later.policy (resource_type, kind) VALUES ('User', 'canonical');
SELECT pg_temp.leave(:'u');
SELECT c, pg_temp.change(:'u', c) FROM unnest(ARRAY[
  '{"emails": [{"value": "b@example.com", "type": "work"}, {"value": "a@example.com", "type": "holiday", "primary": true}]}',
  '{"emails": [{"value": "a@example.com", "type": "holiday"}, {"value": "c@example.com", "type": "home"}]}',
  '{"emails": [{"value": "a@example.com", "type": "holiday"}, {"value": "c@example.com", "type": "holiday"}]}',
  '{"emails": [{"value": "a@example.com", "type": "vacation"}]}',
  '{"phoneNumbers": [{"value": "1", "type": "boat"}, {"value": "2", "type": "boat"}, {"value": "3", "type": "car"}]}',
  '{"phoneNumbers": [{"value": "1", "type": "boat"}]}',
  '{"phoneNumbers": [{"value": "1", "type": "boat"}, {"value": "2", "type": "boat"}]}',
  '{"emails": [{"value": "a@example.com", "type": "home"}]}',
  '{"emails": [{"value": "a@example.com", "type": "holiday"}]}']::jsonb[]) c;
DELETE FROM later.policy WHERE kind = 'canonical';
DELETE FROM later.users;
SELECT scim.purge('0 s');

--
-- reference
--
INSERT INTO later.users (id, data) VALUES
  (:'u', '{"userName": "r", "active": true, "manager": "00000000-0000-7000-8000-0000000000ff"}'), (:'v', '{"userName": "boss", "active": true}');
INSERT INTO later.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": "User"}}');
-- who comes back into sight changes that for all that he refers to
SELECT pg_temp.leave(:'u');
SELECT c, pg_temp.change(:'u', c, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User') FROM unnest(ARRAY['{"department": "T"}', '{"manager": {"value": "00000000-0000-7000-8000-0000000000ff", "displayName": "M"}}', '{"manager": "00000000-0000-7000-8000-0000000000fe"}', '{"manager": "00000000-0000-7000-8000-000000000002"}', '{"manager": "00000000-0000-7000-8000-0000000000ff"}']::jsonb[]) c;
DELETE FROM later.policy WHERE kind = 'reference';
DELETE FROM later.users;
SELECT scim.purge('0 s');

--
-- schemas, changed by force: each rule that can become stricter
--
SELECT scim.register_schema('{"id": "urn:example:later:User", "name": "Later", "attributes": [
  {"name": "text"}, {"name": "single"}, {"name": "list", "multiValued": true}, {"name": "free", "mutability": "readWrite"}, {"name": "gone"},
  {"name": "part", "type": "complex", "subAttributes": [{"name": "a"}, {"name": "b"}]},
  {"name": "things", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "kind"}, {"name": "primary"}]}]}') ->> 'id';
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:later:User"}', true)) ->> 'name'
FROM later.resource_type WHERE name = 'User';
INSERT INTO later.users (id, data) VALUES (:'u', '{"userName": "s", "active": true, "nickName": "Nick", "urn:example:later:User": {"text": "many", "single": "s", "list": ["1", "x", "3"], "free": "f", "gone": "g",
  "part": {"a": "one", "b": "2"}, "things": [{"value": "1", "primary": "true"}, {"value": "2", "primary": "True"}, {"kind": "k"}]}}');
INSERT INTO later.users (id, data) VALUES (:'v', '{"userName": "empty", "active": true}');
SELECT scim.register_schema('{"id": "urn:example:later:User", "name": "Later", "attributes": [
  {"name": "text", "type": "integer"}, {"name": "single", "type": "complex", "subAttributes": [{"name": "x"}]},
  {"name": "list", "type": "integer", "multiValued": true}, {"name": "free", "mutability": "immutable"},
  {"name": "must", "required": true}, {"name": "secret", "required": true, "mutability": "writeOnly", "returned": "never"},
  {"name": "part", "type": "complex", "subAttributes": [{"name": "a", "type": "boolean"}, {"name": "b"}, {"name": "c", "required": true}]},
  {"name": "things", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "required": true}, {"name": "kind"}, {"name": "primary", "type": "boolean"}]}]}', force => true) ->> 'id';
SELECT scim.register_resource_type(jsonb_set(document, '{schemaExtensions,-1}', '{"schema": "urn:example:later:User", "required": true}'), force => true) ->> 'name'
FROM later.resource_type WHERE name = 'User';
SELECT data -> :'urn' FROM later.users WHERE id = :'u';
UPDATE later.users SET data = data #- '{urn:example:later:User,gone}' WHERE id = :'u';
SELECT pg_temp.leave(:'u'), pg_temp.leave(:'v');
-- what is changed must be right, what is not stays as it is
SELECT c, pg_temp.change(:'u', c, :'urn') FROM unnest(ARRAY[
  '{"text": "many"}', '{"text": "none"}', '{"free": "F"}', '{"list": ["x", 3]}', '{"list": ["x", "x"]}', '{"list": ["x", "y"]}', '{"list": ["y"]}',
  '{"part": {"a": "one", "b": "3"}}', '{"part": {"a": "two"}}', '{"part": {"a": true}}', '{"part": {"a": true, "c": "c"}}',
  '{"things": [{"kind": "k"}, {"value": "3"}]}', '{"things": [{"kind": "k", "primary": true}, {"value": "3"}]}', '{"things": [{"kind": "k"}, {"kind": "l"}]}', '{"things": [{"kind": "l"}]}',
  '{"single": "s"}', '{"single": "t"}', '{"single": {"x": "y"}}', '{"single": "s"}', '{"text": 5}', '{"text": "many"}', '{"must": "m"}', '{"secret": "s"}']::jsonb[]) c;
SELECT (data -> :'urn') - 'secret', left(data -> :'urn' ->> 'secret', 8) FROM later.users WHERE id = :'u';
-- what is required and has been supplied is there to stay; what no client sees need not be sent back
SELECT scim.patch_resource('User', :'u', '[{"op": "remove", "path": "urn:example:later:User:must"}]') ->> 'title';
UPDATE later.users SET data = data #- '{urn:example:later:User,must}' WHERE id = :'u';
SELECT scim.replace_resource('User', :'u', scim.get_resource('User', :'u') || '{"title": "T"}') ->> 'title', (SELECT left(data #>> '{urn:example:later:User,secret}', 8) FROM later.users WHERE id = :'u');
SELECT scim.patch_resource('User', :'v', '[{"op": "remove", "path": "urn:example:later:User:must"}, {"op": "add", "path": "title", "value": "T"}]') ->> 'title';
-- nobody new is let in, and nobody is who says nothing of it
INSERT INTO later.users (data) VALUES ('{"userName": "new"}');
SELECT status, body::jsonb ->> 'detail' FROM scim.request('POST', '/Users', '{}', '{"userName": "new", "urn:example:later:User": {"text": "many", "must": "m", "secret": "s"}}');
-- values that do not have the form of their attribute stand in no PATCH's way
UPDATE later.users SET data = '{"userName": "s", "active": true, "urn:example:later:User": {"must": "m"}}' WHERE id = :'u';
SELECT scim.register_schema('{"id": "urn:example:later:User", "name": "Later", "attributes": [{"name": "must"}, {"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}, {"name": "e", "multiValued": true}]}', force => true) ->> 'id';
UPDATE later.users SET data = '{"userName": "s", "active": true, "urn:example:later:User": {"a": "one", "b": "2", "c": "3", "d": "4", "e": ["5", "6"]}}' WHERE id = :'u';
SELECT scim.register_schema('{"id": "urn:example:later:User", "name": "Later", "attributes": [
  {"name": "a", "type": "integer", "multiValued": true}, {"name": "b", "type": "complex", "multiValued": true, "subAttributes": [{"name": "x"}, {"name": "y"}]},
  {"name": "c", "type": "complex", "subAttributes": [{"name": "x"}]}, {"name": "d", "type": "complex", "multiValued": true, "subAttributes": [{"name": "x"}]}, {"name": "e"}]}', force => true) ->> 'id';
SELECT pg_temp.leave(:'u');
SELECT o, (SELECT result FROM (SELECT coalesce(body::jsonb ->> 'detail', body::jsonb ->> 'urn:example:later:User') FROM scim.request('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}', o))) t (result))
FROM unnest(ARRAY[
  '{"op": "add", "path": "urn:example:later:User:b[x eq \"2\"].y", "value": "z"}', '{"op": "remove", "path": "urn:example:later:User:b[x eq \"2\"]"}', '{"op": "remove", "path": "urn:example:later:User:b.x"}',
  '{"op": "replace", "path": "urn:example:later:User:b.x", "value": "q"}', '{"op": "remove", "path": "urn:example:later:User:b", "value": [{"x": "q"}]}',
  '{"op": "add", "path": "urn:example:later:User:a", "value": 7}', '{"op": "add", "path": "urn:example:later:User:c", "value": {"x": "new"}}', '{"op": "replace", "path": "urn:example:later:User:c.x", "value": "newer"}',
  '{"op": "remove", "path": "urn:example:later:User:d.x"}', '{"op": "add", "path": "urn:example:later:User:d", "value": [{"x": "8"}]}', '{"op": "replace", "path": "urn:example:later:User:e", "value": "one"}', '{"op": "remove", "path": "urn:example:later:User:e"}']) o;

-- many that were there before are told from many that are new, in linear time; not all of these are named
DELETE FROM later.users;
SELECT scim.purge('0 s');
INSERT INTO later.users (id, data) SELECT :'u', jsonb_build_object('userName', 'many', 'urn:example:later:User', '{"e": "x"}'::jsonb, 'emails', jsonb_agg(jsonb_build_object('value', n || '@example.com', 'type', 'type ' || n))) FROM generate_series(1, 5000) n;
INSERT INTO later.policy (resource_type, kind) VALUES ('User', 'canonical');
UPDATE later.users SET active = false RETURNING status;
DO $$
DECLARE
  detail text;
BEGIN
  UPDATE later.users SET data = data || (SELECT jsonb_build_object('emails', jsonb_agg(jsonb_build_object('value', n || '@example.com', 'type', 'type ' || n) ORDER BY n DESC)) FROM generate_series(4001, 9000) n);
EXCEPTION WHEN SQLSTATE 'SCVAL' THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RAISE NOTICE '% ... %', SQLERRM, substring(detail FROM '[^\n]*$');
END $$;

SET client_min_messages = warning;
SELECT scim.drop_store('later', true);
