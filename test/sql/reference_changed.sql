-- Who changes the value of a reference takes its former $ref along, and who clears it clears both, on every way in
SET client_min_messages = warning;
\set VERBOSITY terse
\set enterprise urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
SELECT scim.create_store('changes');
SELECT scim.create_store('changed');
CREATE SCHEMA changes_app;
CREATE TABLE changes_app.users (id serial PRIMARY KEY, login text UNIQUE, boss int REFERENCES changes_app.users);
INSERT INTO changes_app.users (login, boss) VALUES ('ada', NULL), ('bob', 1), ('cy', 1), ('eve', 1), ('fay', 1), ('ian', 1);
SET scim.store = 'changes';
SELECT scim.bind_table('User', 'changes_app.users', '{"attributes": {"userName": "login", "manager": {"column": "boss", "references": "User"}}}');
-- the same in a store that is bound to nothing, where a client has sent a $ref
SET scim.store = 'changed';
INSERT INTO changed.users (id, data) SELECT id, data - '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User}'::text[] FROM changes.users WHERE user_name = 'ada';
INSERT INTO changed.users (id, data) SELECT id, jsonb_build_object('userName', user_name, :'enterprise', jsonb_build_object('manager', data #> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}')) FROM changes.users WHERE user_name <> 'ada';
-- people by name, and what each side says of whose manager is who
CREATE FUNCTION changes_app.named(said text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT id, user_name FROM changes.users LOOP
    said := replace(said, one.id::text, one.user_name);
  END LOOP;
  RETURN said;
END $$;
CREATE FUNCTION changes_app.sides(logins text[] DEFAULT ARRAY['bob', 'cy', 'eve', 'fay', 'ian']) RETURNS TABLE (login text, row_says text, bound text, unbound text, versions text) LANGUAGE sql AS $$
  SELECT t.login, m.login, changes_app.named(b.data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}'), changes_app.named(u.data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}'), b.version || ' ' || u.version
  FROM changes_app.users t LEFT JOIN changes_app.users m ON m.id = t.boss JOIN changes.users b ON b.user_name = t.login JOIN changed.users u ON u.user_name = t.login WHERE t.login = ANY (logins) ORDER BY 1 $$;
CREATE FUNCTION changes_app.id_of(name text) RETURNS text LANGUAGE sql AS 'SELECT id::text FROM changes.users WHERE user_name = $1';
CREATE FUNCTION changes_app.both(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  store text;
  n bigint;
BEGIN
  FOREACH store IN ARRAY ARRAY['changes', 'changed'] LOOP
    PERFORM set_config('scim.store', store, false);
    BEGIN
      EXECUTE replace(statement, '@', store);
      GET DIAGNOSTICS n = ROW_COUNT;
      RETURN NEXT store || ' ' || n;
    EXCEPTION WHEN OTHERS THEN
      RETURN NEXT store || ' ' || changes_app.named(SQLERRM);
    END;
  END LOOP;
END $$;
SELECT * FROM changes_app.sides();
--
-- Another value
--
-- by an import
CREATE TABLE changes_app.staged ("userName" text, "manager.value" text);
INSERT INTO changes_app.staged VALUES ('bob', changes_app.id_of('cy'));
SELECT changes_app.both($$SELECT * FROM scim.import('User', 'changes_app.staged', 'delta', apply => true) WHERE action = 'change' AND problems IS NULL$$);
-- by a view
SELECT changes_app.both($$UPDATE @.people SET manager = changes_app.id_of('bob') WHERE user_name = 'cy'$$);
-- by an UPDATE of the document
SELECT changes_app.both($$UPDATE @.users SET data = jsonb_set(data, '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}', to_jsonb(changes_app.id_of('cy'))) WHERE user_name = 'eve'$$);
-- by a PUT of what was read
SELECT changes_app.both($$SELECT FROM scim.replace_resource('User', changes_app.id_of('fay'), (SELECT jsonb_set(data, '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}', to_jsonb(changes_app.id_of('cy'))) FROM @.users WHERE user_name = 'fay'))$$);
-- by a PATCH
SELECT changes_app.both($$SELECT FROM scim.patch_resource('User', changes_app.id_of('ian'), jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value', 'value', changes_app.id_of('cy'))))$$);
SELECT * FROM changes_app.sides();
SET scim.store = 'changes';
SELECT * FROM scim.check_binding('changes_app.users');
--
-- What says different things all the same is refused
--
SELECT changes_app.both($$SELECT FROM scim.replace_resource('User', changes_app.id_of('fay'), jsonb_build_object('userName', 'fay', 'manager', jsonb_build_object('value', changes_app.id_of('cy'), '$ref', '../Users/' || changes_app.id_of('eve'))))$$);
-- to the same again, each with its $ref
UPDATE changes_app.users SET boss = 1 WHERE login <> 'ada';
SET scim.store = 'changed';
UPDATE changed.users SET data = jsonb_set(data, '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}', jsonb_build_object('value', changes_app.id_of('ada'), '$ref', '../Users/' || changes_app.id_of('ada'))) WHERE user_name <> 'ada';
SELECT * FROM changes_app.sides();
--
-- No value
--
UPDATE changes_app.staged SET "manager.value" = NULL;
SELECT changes_app.both($$SELECT * FROM scim.import('User', 'changes_app.staged', 'delta', apply => true) WHERE action = 'change' AND problems IS NULL$$);
SELECT changes_app.both($$UPDATE @.people SET manager = NULL WHERE user_name = 'cy'$$);
SELECT changes_app.both($$UPDATE @.users SET data = data #- '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}' WHERE user_name = 'eve'$$);
SELECT changes_app.both($$SELECT FROM scim.patch_resource('User', changes_app.id_of('fay'), '[{"op": "remove", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"}]')$$);
SELECT changes_app.both($$SELECT FROM scim.patch_resource('User', changes_app.id_of('ian'), '[{"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": {"value": null}}]')$$);
SELECT * FROM changes_app.sides();
SET scim.store = 'changes';
SELECT * FROM scim.check_binding('changes_app.users');
--
-- A $ref alone says who it is
--
SELECT changes_app.both($$SELECT FROM scim.replace_resource('User', changes_app.id_of('fay'), jsonb_build_object('userName', 'fay', 'manager', jsonb_build_object('$ref', '../Users/' || changes_app.id_of('eve'))))$$);
SELECT changes_app.both($$SELECT FROM scim.replace_resource('User', changes_app.id_of('fay'), jsonb_build_object('userName', 'fay', 'manager', jsonb_build_object('$ref', '../Users/' || changes_app.id_of('eve'))))$$);
SELECT * FROM changes_app.sides('{fay}');
--
-- In a bound store it is the same whoever wrote last
--
SET scim.store = 'changes';
UPDATE changes_app.users SET boss = 1 WHERE login = 'bob';
SELECT scim.patch_resource('User', changes_app.id_of('cy'), jsonb_build_array(jsonb_build_object('op', 'add', 'path', :'enterprise' || ':manager', 'value', changes_app.id_of('ada')))) IS NOT NULL AS patched;
SELECT scim.replace_resource('User', changes_app.id_of('eve'), jsonb_build_object('userName', 'eve', 'manager', jsonb_build_object('value', changes_app.id_of('ada'), '$ref', 'https://x.example/scim/v2/Users/' || changes_app.id_of('ada')))) IS NOT NULL AS replaced;
SELECT scim.replace_resource('User', changes_app.id_of('fay'), jsonb_build_object('userName', 'fay', 'manager', jsonb_build_object('value', changes_app.id_of('ada')))) IS NOT NULL AS replaced;
UPDATE changes.people SET manager = changes_app.id_of('ada') WHERE user_name = 'ian';
SELECT login, row_says, bound FROM changes_app.sides();
-- and who says it again in his own words changes nothing
SELECT user_name, version FROM changes.users WHERE user_name IN ('cy', 'eve', 'fay') ORDER BY 1;
SELECT scim.patch_resource('User', changes_app.id_of('cy'), jsonb_build_array(jsonb_build_object('op', 'replace', 'path', :'enterprise' || ':manager', 'value', changes_app.id_of('ada')))) IS NOT NULL AS patched;
SELECT scim.replace_resource('User', changes_app.id_of('eve'), jsonb_build_object('userName', 'eve', 'manager', jsonb_build_object('value', changes_app.id_of('ada'), '$ref', 'https://x.example/scim/v2/Users/' || changes_app.id_of('ada')))) IS NOT NULL AS replaced;
SELECT scim.replace_resource('User', changes_app.id_of('fay'), jsonb_build_object('userName', 'fay', 'manager', jsonb_build_object('value', changes_app.id_of('ada')))) IS NOT NULL AS replaced;
SELECT user_name, version FROM changes.users WHERE user_name IN ('cy', 'eve', 'fay') ORDER BY 1;
SET scim.store = 'changes';
SELECT * FROM scim.check_binding('changes_app.users');
SELECT scim.unbind_table('changes_app.users');
DROP SCHEMA changes_app CASCADE;
SELECT scim.drop_store('changes', true);
SELECT scim.drop_store('changed', true);
