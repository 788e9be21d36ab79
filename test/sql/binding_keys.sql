-- Keys of types that take several spellings for equal: one person, and his values and memberships, however a key is spelt
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('keys');
SET scim.store = 'keys';
CREATE SCHEMA keys_app;
CREATE SCHEMA keys_types;
CREATE EXTENSION citext SCHEMA keys_types;
CREATE COLLATION keys_types.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN keys_types.name AS keys_types.citext;
CREATE VIEW keys_app.people AS SELECT * FROM keys.users WHERE deleted_at IS NULL;
CREATE VIEW keys_app.links AS SELECT b.relation::text, l.key, l.detached IS NULL AS both FROM keys.binding_link l JOIN keys.binding b ON b.id = l.binding_id;
CREATE VIEW keys_app.members AS SELECT g.display_name, u.user_name FROM keys.member m JOIN keys.groups g ON g.id = m.group_id JOIN keys.users u ON u.id = m.member_id ORDER BY 1, 2;
-- one type after the other, the spellings of three keys: of teams, of users, and those by which other tables refer to them
CREATE FUNCTION keys_app.try(key_type text, team_1 text, team_2 text, user_1 text, user_2 text, user_3 text) RETURNS TABLE (what text, is_so text) LANGUAGE plpgsql
SET quote_all_identifiers = off SET search_path = pg_catalog, keys_types AS $$
DECLARE
  person uuid;
BEGIN
  EXECUTE format('CREATE TABLE keys_app.users (key %1$s PRIMARY KEY DEFAULT %2$L, login text UNIQUE NOT NULL, nick text)', key_type, user_2);
  EXECUTE format('CREATE TABLE keys_app.emails (id int GENERATED ALWAYS AS IDENTITY, person %s REFERENCES keys_app.users ON UPDATE CASCADE ON DELETE CASCADE, address text)', key_type);
  EXECUTE format('CREATE TABLE keys_app.teams (key %s PRIMARY KEY DEFAULT %L, name text)', key_type, team_1);
  EXECUTE format('CREATE TABLE keys_app.team_members (team %1$s REFERENCES keys_app.teams ON UPDATE CASCADE ON DELETE CASCADE, member %1$s REFERENCES keys_app.users ON UPDATE CASCADE ON DELETE CASCADE, PRIMARY KEY (team, member))', key_type);
  EXECUTE format('INSERT INTO keys_app.users VALUES (%1$L, ''one'')', user_1);
  EXECUTE format('INSERT INTO keys_app.emails (person, address) VALUES (%1$L, ''one@x'')', user_2);
  EXECUTE format('INSERT INTO keys_app.teams VALUES (%1$L, ''team'')', team_1);
  EXECUTE format('INSERT INTO keys_app.team_members VALUES (%1$L, %2$L)', team_2, user_2);
  RETURN QUERY SELECT 'bound', count(*)::text FROM scim.bind_table('User', 'keys_app.users', '{"attributes": {"userName": "login", "nickName": "nick", "emails": {"table": "keys_app.emails", "key": "person", "columns": {"value": "address"}}}}');
  RETURN QUERY SELECT 'bound', count(*)::text FROM scim.bind_table('Group', 'keys_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "keys_app.team_members", "key": "team", "member": "member"}}}');
  SELECT id INTO person FROM keys_app.people;
  RETURN QUERY SELECT 'taken in', (SELECT format('%s %s', user_name, data #>> '{emails,0,value}') FROM keys_app.people) || (SELECT string_agg(display_name || ' ' || user_name, ',') FROM keys_app.members);
  RETURN QUERY SELECT 'links', string_agg(key::text, ' ' ORDER BY relation) FROM keys_app.links;
  -- the row spells its key otherwise, and says something else
  EXECUTE format('UPDATE keys_app.users SET key = %L, nick = ''new''', user_3);
  RETURN QUERY SELECT 'another spelling', string_agg(format('%s %s %s %s', id = person, active, data ->> 'nickName', data #>> '{emails,0,value}'), ',') FROM keys_app.people;
  -- rows that refer to it in one, and another
  EXECUTE format('DELETE FROM keys_app.team_members WHERE member = %L', user_1);
  RETURN QUERY SELECT 'left', count(*)::text FROM keys_app.members;
  EXECUTE format('INSERT INTO keys_app.team_members VALUES (%L, %L)', team_2, user_1);
  EXECUTE format('INSERT INTO keys_app.emails (person, address) VALUES (%L, ''two@x'')', user_1);
  EXECUTE format('UPDATE keys_app.teams SET key = %L', team_2);
  RETURN QUERY SELECT 'referred to', (SELECT jsonb_array_length(data -> 'emails')::text FROM keys_app.people) || ' ' || count(*) FROM keys_app.members;
  RETURN QUERY SELECT 'check', c.problem || c.side FROM scim.check_binding() c;
  -- SCIM writes both
  PERFORM scim.patch_resource('User', person, '[{"op": "replace", "path": "emails", "value": [{"value": "three@x"}]}, {"op": "replace", "path": "nickName", "value": "scim"}]');
  EXECUTE format('SELECT ''patched'', nick || '' '' || (SELECT string_agg(address, '','') FROM keys_app.emails WHERE person = %1$L) FROM keys_app.users WHERE key = %1$L', user_1) INTO what, is_so;
  RETURN NEXT;
  PERFORM scim.patch_resource('Group', (SELECT id FROM keys.groups WHERE deleted_at IS NULL), jsonb_build_array('{"op": "remove", "path": "members"}'::jsonb));
  RETURN QUERY SELECT 'removed', count(*)::text FROM keys_app.team_members;
  PERFORM scim.patch_resource('Group', (SELECT id FROM keys.groups WHERE deleted_at IS NULL), jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', person)))));
  EXECUTE format('SELECT ''added'', count(*)::text FROM keys_app.team_members WHERE team = %1$L AND member = %2$L', team_1, user_1) INTO what, is_so;
  RETURN NEXT;
  EXECUTE format('DELETE FROM keys_app.users WHERE key = %L', user_2);
  RETURN QUERY SELECT 'deleted', count(*)::text || (SELECT count(*) FROM keys_app.members) FROM keys_app.people;
  RETURN QUERY SELECT 'check', c.problem || c.side FROM scim.check_binding() c;
  PERFORM scim.unbind_table('keys_app.teams'), scim.unbind_table('keys_app.users');
  DROP TABLE keys_app.team_members, keys_app.teams, keys_app.emails, keys_app.users;
  DELETE FROM keys.groups;
END $$;
SELECT * FROM keys_app.try('keys_types.citext', 'Team', 'TEAM', 'Ada', 'ADA', 'ada');
SELECT * FROM keys_app.try('keys_types.name', 'Éclair', 'ÉCLAIR', 'Ünal', 'ÜNAL', 'ünal');
SELECT * FROM keys_app.try('numeric', '1', '1.0', '20', '20.0', '20.000');
SELECT * FROM keys_app.try('char(5)', 'a', 'a  ', 'b', 'b    ', 'b ');
SELECT * FROM keys_app.try('varchar(5)', 'a', 'a', 'b', 'b', 'b');
CREATE TYPE keys_types.label AS ENUM ('B', 'a', 'b');
SELECT * FROM keys_app.try('keys_types.label', 'a', 'a', 'B', 'B', 'B');
-- numbers of one type refer to those of another; texts spell what is no text as the server does, and nothing else
CREATE TABLE keys_app.users (key int PRIMARY KEY DEFAULT 1, login text UNIQUE NOT NULL, small numeric(6, 2) UNIQUE NOT NULL DEFAULT 0);
CREATE TABLE keys_app.teams (key uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text);
CREATE TABLE keys_app.team_members (team text, member numeric(10, 2));
INSERT INTO keys_app.users VALUES (20, 'twenty');
INSERT INTO keys_app.teams VALUES ('0a000000-0000-0000-0000-000000000001', 'team');
INSERT INTO keys_app.team_members VALUES ('0a000000-0000-0000-0000-000000000001', 20);
SELECT scim.bind_table('User', 'keys_app.users', '{"attributes": {"userName": "login"}}');
SELECT scim.bind_table('Group', 'keys_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "keys_app.team_members", "key": "team", "member": "member"}}}');
TABLE keys_app.members;
SELECT side, key, problem FROM scim.check_binding();
SELECT scim.unbind_table('keys_app.teams'), scim.unbind_table('keys_app.users');
-- what nobody can spell in one way only
CREATE TABLE keys_app.wrong (k text COLLATE keys_types.any_case PRIMARY KEY, at timestamptz NOT NULL UNIQUE, f float8 NOT NULL UNIQUE, j jsonb NOT NULL UNIQUE, n int NOT NULL UNIQUE, ci keys_types.citext NOT NULL UNIQUE, u uuid NOT NULL UNIQUE, login text NOT NULL, t text NOT NULL UNIQUE);
CREATE TABLE keys_app.refers (k text COLLATE keys_types.any_case, at timestamptz, f float8, j jsonb, n int, t text, ci keys_types.citext, u uuid, v text, l keys_types.label);
CREATE FUNCTION keys_app.said(statement text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; RETURN 'ok'; EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm; END $$;
SELECT c, keys_app.said(format($q$SELECT scim.bind_table('User', 'keys_app.wrong', '{"key": "%s", "attributes": {"userName": "login"}}')$q$, c)) FROM unnest('{k,at,f,j}'::text[]) c;
SELECT k, c, keys_app.said(format($q$SELECT scim.bind_table('User', 'keys_app.wrong', '{"key": "%s", "attributes": {"userName": "login", "emails": {"table": "keys_app.refers", "key": "%s", "columns": {"value": "v"}}}}')$q$, k, c))
FROM (VALUES ('t', 'k'), ('n', 'at'), ('n', 'f'), ('n', 'j'), ('n', 't'), ('ci', 't'), ('t', 'ci'), ('t', 'u'), ('u', 't'), ('t', 'l')) v (k, c);
-- of members, whichever is bound first
SELECT scim.bind_table('User', 'keys_app.users', '{"attributes": {"userName": "login"}}');
SELECT c, keys_app.said(format($q$SELECT scim.bind_table('Group', 'keys_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "keys_app.refers", "key": "t", "member": %s}}}')$q$, c)) FROM unnest('{"\"k\"","\"at\"","\"f\"","\"ci\"","[\"n\",\"u\"]"}'::text[]) c;
SELECT scim.unbind_table('keys_app.users');
SELECT scim.bind_table('Group', 'keys_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "keys_app.refers", "key": "t", "member": "u"}}}');
SELECT keys_app.said($q$SELECT scim.bind_table('User', 'keys_app.users', '{"attributes": {"userName": "login"}}')$q$);
SELECT scim.unbind_table('keys_app.teams');
SELECT scim.drop_store('keys', true);
DROP SCHEMA keys_app CASCADE;
DROP SCHEMA keys_types CASCADE;
