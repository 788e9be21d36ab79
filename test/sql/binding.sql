-- A table of an application is the users of a store: scim.bind_table, doc/applications.md
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE EXTENSION citext SCHEMA public;
\set SHOW_CONTEXT never
SELECT scim.create_store('bound');
SET scim.store = 'bound';
CREATE SCHEMA bound_app;
-- columns of every type
SELECT scim.register_schema('{"id": "urn:bound:Employee", "name": "Employee", "attributes": [
  {"name": "hired", "type": "dateTime"}, {"name": "level", "type": "integer"}, {"name": "rate", "type": "decimal"},
  {"name": "badge", "type": "string", "caseExact": true}, {"name": "photo", "type": "binary"}, {"name": "remote", "type": "boolean"},
  {"name": "skills", "type": "string", "multiValued": true}, {"name": "rooms", "type": "integer", "multiValued": true},
  {"name": "desk", "type": "complex", "subAttributes": [{"name": "floor", "type": "integer"}, {"name": "code", "type": "string"}]}]}') ->> 'id';
SELECT scim.register_resource_type(jsonb_set(document, '{schemaExtensions}', '[{"schema": "urn:bound:Employee", "required": false}]')) ->> 'name'
  FROM bound.resource_type WHERE name = 'User';
CREATE TYPE bound_app.kind AS ENUM ('Employee', 'Contractor');
CREATE DOMAIN bound_app.short AS text CHECK (length(value) <= 8);
CREATE TABLE bound_app.users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email public.citext NOT NULL UNIQUE, scim_id uuid UNIQUE,
  given text, family varchar(20), full_name text, status text NOT NULL DEFAULT 'enabled' CHECK (status IN ('enabled', 'disabled', 'locked')),
  kind bound_app.kind, nick bound_app.short, hired timestamptz, level int, rate numeric(8, 2), badge uuid, photo bytea, remote boolean, skills text[], rooms int[],
  desk jsonb, phone text, updated_at timestamptz, logins int NOT NULL DEFAULT 0, initial text GENERATED ALWAYS AS (left(given, 1)) STORED);
CREATE FUNCTION bound_app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.updated_at := '2026-01-01Z'::timestamptz + new.logins * interval '1 day'; RETURN new; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON bound_app.users FOR EACH ROW EXECUTE FUNCTION bound_app.touch();
CREATE TABLE bound_app.emails (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL REFERENCES bound_app.users, address text NOT NULL, kind text, is_primary boolean NOT NULL DEFAULT false);
INSERT INTO bound_app.users (email, given, family, full_name, kind, hired, level, skills) VALUES
  ('ada@example.com', 'Ada', 'Lovelace', 'Ada Lovelace', 'Employee', '2020-02-29 10:00+02', 3, '{sql,c}'),
  ('bob@example.com', 'Bob', NULL, NULL, NULL, NULL, NULL, NULL), ('', 'Nobody', NULL, NULL, NULL, NULL, NULL, NULL),
  ('ADA@example.org', 'Ida', NULL, NULL, NULL, NULL, NULL, NULL), ('dup', 'Dup', NULL, NULL, NULL, NULL, NULL, NULL), ('last@example.com', 'Last', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO bound_app.emails (user_id, address, kind, is_primary) VALUES (1, 'ada@example.com', 'work', true), (1, 'ada@home', 'home', false);
-- who is on both sides already is one, and who is on the other alone gets a row
INSERT INTO bound.users (data) VALUES ('{"userName": "BOB@example.com", "title": "kept"}'), ('{"userName": "eve@example.com", "name": {"givenName": "Eve"}}');
CREATE FUNCTION bound_app.people() RETURNS TABLE (user_name text, version bigint, data jsonb) LANGUAGE sql AS
  $$ SELECT user_name, version, data - '{schemas,userName}'::text[] FROM bound.users WHERE deleted_at IS NULL ORDER BY scim.fold(user_name) $$;
SELECT side, key, problem FROM scim.bind_table('User', 'bound_app.users', '{"attributes": {
  "id": "scim_id", "userName": "email", "name.givenName": "given", "name.familyName": "family", "name.formatted": {"read": "full_name", "write": {"full_name": "nullif(btrim(value), '''')"}},
  "active": {"column": "status", "values": {"true": "enabled", "false": ["disabled", "locked"]}}, "userType": "kind", "nickName": "nick",
  "phoneNumbers[type eq \"work\"].value": "phone",
  "urn:bound:Employee:hired": "hired", "urn:bound:Employee:level": "level", "urn:bound:Employee:rate": "rate", "urn:bound:Employee:badge": "badge", "urn:bound:Employee:photo": "photo",
  "urn:bound:Employee:remote": "remote", "urn:bound:Employee:skills": "skills", "urn:bound:Employee:rooms": "rooms", "urn:bound:Employee:desk": "desk",
  "displayName": {"column": "initial"},
  "emails": {"table": "bound_app.emails", "key": "user_id", "columns": {"value": "address", "type": "kind", "primary": "is_primary"}}}}');
SELECT * FROM bound_app.people();
SELECT count(*) = count(*) FILTER (WHERE u.scim_id = r.id) AS ids FROM bound_app.users u JOIN bound.users r ON scim.fold(r.user_name) = scim.fold(u.email::text);
SELECT bound, side, key, attribute, "column", table_value, scim_value FROM scim.check_binding();
-- the one that could not be is reported each time that it is written, and can be
UPDATE bound_app.users SET given = 'No one' WHERE email = '';
UPDATE bound_app.users SET email = 'nobody@example.com' WHERE email = '';
SELECT count(*) FROM scim.check_binding();

--
-- From a resource to its row: every type
--
SELECT scim.create_resource('User', '{"userName": "cyd@example.com", "name": {"givenName": "Cyd", "familyName": "Doe", "formatted": " Cyd Doe "}, "userType": "Contractor", "nickName": "cy", "active": false,
  "phoneNumbers": [{"type": "work", "value": "1"}, {"type": "home", "value": "2"}],
  "emails": [{"value": "cyd@example.com", "primary": true}, {"value": "c@home", "type": "home"}],
  "urn:bound:Employee": {"hired": "2026-01-31T08:00:00.5+01:00", "level": 7, "rate": 12.50, "badge": "00000000-0000-0000-0000-000000000001", "photo": "AQID", "remote": true,
    "skills": ["go", "sql"], "rooms": [3, 1], "desk": {"floor": 2, "code": "B"}}}') ->> 'id' AS cyd \gset
SELECT to_jsonb(u) - '{id,scim_id}'::text[] AS row FROM bound_app.users u WHERE email = 'cyd@example.com';
SELECT address, kind, is_primary FROM bound_app.emails WHERE user_id > 1 ORDER BY address;
SELECT * FROM bound_app.people() WHERE user_name = 'cyd@example.com';
SELECT scim.patch_resource('User', :'cyd', '[{"op": "replace", "path": "emails[type eq \"home\"].value", "value": "d@home"}, {"op": "replace", "path": "active", "value": true},
  {"op": "replace", "path": "urn:bound:Employee:skills", "value": ["sql", "c"]}, {"op": "remove", "path": "urn:bound:Employee:desk"}, {"op": "replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "3"}]') -> 'meta' ->> 'version' AS version;
SELECT status, skills, desk, phone, email FROM bound_app.users WHERE email = 'cyd@example.com';
SELECT address, kind, is_primary FROM bound_app.emails WHERE user_id > 1 ORDER BY address;
-- what is not bound leaves the row alone
SELECT xmin AS before FROM bound_app.users WHERE email = 'cyd@example.com' \gset
UPDATE bound.users SET data = data || '{"title": "Dr"}' WHERE id = :'cyd';
SELECT xmin = :before AS untouched FROM bound_app.users WHERE email = 'cyd@example.com';
-- secrets stay
UPDATE bound.users SET data = data || '{"password": "correct horse"}' WHERE id = :'cyd';
SELECT count(*) FROM bound_app.users u WHERE to_jsonb(u)::text LIKE '%horse%';

--
-- From a row to its resource
--
INSERT INTO bound_app.users (email, given, hired, level, rate, badge, photo, remote, skills, rooms, desk, phone, kind)
  VALUES ('dan@example.com', 'Dan', '2026-03-01 00:00Z', 1, 2.5, '00000000-0000-0000-0000-00000000000A', '\x010203', false, '{x}', '{7}', '{"floor": 1}', '9', 'Employee') RETURNING email;
SELECT * FROM bound_app.people() WHERE user_name = 'dan@example.com';
SELECT scim_id IS NOT NULL AS has_id FROM bound_app.users WHERE email = 'dan@example.com';
-- ORMs write all columns, and savepoints
BEGIN;
SAVEPOINT active_record_1;
UPDATE bound_app.users SET email = email, given = given, family = 'Doe', status = status, kind = kind, hired = hired, level = level, skills = skills, logins = logins + 1 WHERE email = 'dan@example.com' RETURNING email, family, updated_at = '2026-01-02Z' AS touched;
RELEASE SAVEPOINT active_record_1;
SAVEPOINT active_record_2;
UPDATE bound_app.users SET family = 'Roe' WHERE email = 'dan@example.com';
ROLLBACK TO SAVEPOINT active_record_2;
COMMIT;
SELECT user_name, version, data -> 'name' AS name FROM bound_app.people() WHERE user_name = 'dan@example.com';
-- what changes no column that is bound is no change
UPDATE bound_app.users SET logins = logins + 1 WHERE email = 'dan@example.com';
UPDATE bound_app.users SET status = 'disabled' WHERE email = 'dan@example.com';
UPDATE bound_app.users SET status = 'locked' WHERE email = 'dan@example.com';
SELECT user_name, version, data -> 'active' AS active FROM bound_app.people() WHERE user_name = 'dan@example.com';
-- values of their own table; several statements as one change, at their end
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO bound_app.users (email) VALUES ('eli@example.com');
INSERT INTO bound_app.emails (user_id, address, is_primary) SELECT id, 'eli@work', true FROM bound_app.users WHERE email = 'eli@example.com';
INSERT INTO bound_app.emails (user_id, address) SELECT id, 'eli@home' FROM bound_app.users WHERE email = 'eli@example.com';
COMMIT;
SELECT user_name, version, data -> 'emails' AS emails FROM bound_app.people() WHERE user_name = 'eli@example.com';
UPDATE bound_app.emails SET kind = 'other' WHERE address = 'eli@home';
DELETE FROM bound_app.emails WHERE address = 'eli@work';
SELECT user_name, version, data -> 'emails' AS emails FROM bound_app.people() WHERE user_name = 'eli@example.com';
-- COPY, ON CONFLICT, MERGE
COPY bound_app.users (email, given) FROM stdin;
fay@example.com	Fay
gil@example.com	Gil
\.
INSERT INTO bound_app.users (email, given) VALUES ('fay@example.com', 'Faye') ON CONFLICT (email) DO UPDATE SET given = excluded.given;
INSERT INTO bound_app.users (email, given) VALUES ('fay@example.com', 'Fifi') ON CONFLICT DO NOTHING;
MERGE INTO bound_app.users u USING (VALUES ('gil@example.com', 'Gilles'), ('hal@example.com', 'Hal')) AS v (email, given) ON u.email = v.email::public.citext
  WHEN MATCHED THEN UPDATE SET given = v.given WHEN NOT MATCHED THEN INSERT (email, given) VALUES (v.email, v.given);
SELECT user_name, version, data -> 'name' AS name FROM bound_app.people() WHERE user_name ~ '^(fay|gil|hal)';
SELECT count(*) FROM scim.check_binding('bound_app.users');

--
-- A refusal by either side undoes both, and names both
--
\set VERBOSITY default
UPDATE bound.users SET data = jsonb_set(data, '{name}', '{"familyName": "longer than its column is"}') WHERE id = :'cyd';
UPDATE bound.users SET data = data || '{"nickName": "a long nick name"}' WHERE id = :'cyd';
UPDATE bound.users SET data = data || '{"userType": "Alien"}' WHERE id = :'cyd';
INSERT INTO bound.users (data) VALUES ('{"userName": "new@example.com", "urn:bound:Employee": {"badge": "no uuid"}}');
\set VERBOSITY terse
DO $$
DECLARE
  context text;
BEGIN
  UPDATE bound_app.users SET email = '' WHERE email = 'dan@example.com';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
  RAISE WARNING '% %', SQLERRM, (regexp_match(context, '^row of table "bound_app.*$', 'n'))[1];
END $$;
UPDATE bound_app.users SET desk = '{"wing": "unknown"}' WHERE email = 'dan@example.com';
SELECT r.status, r.body::jsonb ->> 'scimType' AS scim_type, r.body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', '/Users/' || :'cyd', '{}',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "nickName", "value": "much too long"}]}') AS r;
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "DAN@example.com"}') AS r;
INSERT INTO bound_app.users (email) VALUES ('Dan@Example.com');
SELECT count(*) FROM scim.check_binding('bound_app.users');
TRUNCATE bound_app.emails;
TRUNCATE bound_app.users CASCADE;
INSERT INTO bound.binding (resource_type, relation, mapping) VALUES ('Group', 'bound_app.emails', '{}');
DELETE FROM bound.binding;
DELETE FROM bound.binding_link;
UPDATE bound.binding_link SET key = '{0}';
UPDATE bound.binding_link SET detached = now();
INSERT INTO bound.binding_link SELECT * FROM bound.binding_link LIMIT 1;
TRUNCATE bound.binding_link;

--
-- What a delete means
--
SELECT scim.delete_resource('User', :'cyd');
SELECT count(*) FROM bound_app.users WHERE email = 'cyd@example.com';
SELECT scim.restore_resource('User', :'cyd') ->> 'userName' AS restored;
SELECT count(*), max(phone) AS phone FROM bound_app.users WHERE email = 'cyd@example.com';
DELETE FROM bound_app.emails WHERE user_id = (SELECT id FROM bound_app.users WHERE email = 'eli@example.com');
DELETE FROM bound_app.users WHERE email = 'eli@example.com';
SELECT user_name, status FROM bound.users WHERE user_name = 'eli@example.com';
SELECT operation, count(*) FROM bound.audit WHERE resource_type = 'User' GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM scim.check_binding('bound_app.users');
-- for good
UPDATE bound.policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'User' AND kind = 'delete';
DELETE FROM bound_app.users WHERE email = 'hal@example.com';
SELECT count(*) FROM bound.users WHERE user_name = 'hal@example.com';
-- and off-boarding, which keeps people in sight
UPDATE bound.policy SET settings = '{"mode": "offboard"}' WHERE resource_type = 'User' AND kind = 'delete';
SELECT id AS gil FROM bound.users WHERE user_name = 'gil@example.com' \gset
SELECT scim.delete_resource('User', :'gil');
SELECT email, status FROM bound_app.users WHERE email = 'gil@example.com';
SELECT status, active FROM bound.users WHERE id = :'gil';
DELETE FROM bound_app.users WHERE email = 'fay@example.com';
SELECT status, active FROM bound.users WHERE user_name = 'fay@example.com';
SELECT count(*) FROM scim.check_binding('bound_app.users');
-- who comes back has a row again
UPDATE bound.users SET status = 'ACTIVE' WHERE user_name = 'fay@example.com';
SELECT email, status FROM bound_app.users WHERE email = 'fay@example.com';
SELECT count(*) FROM scim.check_binding('bound_app.users');
-- many at once
INSERT INTO bound_app.users (email, given) SELECT 'n' || n, 'N' FROM generate_series(1, 300) n;
UPDATE bound_app.users SET given = 'M', family = 'M' WHERE email LIKE 'n%';
UPDATE bound.users SET data = data || '{"nickName": "m"}' WHERE user_name LIKE 'n%';
SELECT count(*), count(*) FILTER (WHERE data #>> '{name,givenName}' = 'M' AND version = 3) AS same FROM bound.users WHERE user_name ~ '^n\d';
SELECT count(*) FROM bound_app.users WHERE nick = 'm';
SELECT count(*) FROM scim.check_binding('bound_app.users');

--
-- Tables that change
--
ALTER TABLE bound_app.users RENAME TO people;
UPDATE bound_app.people SET given = 'Renamed' WHERE email = 'n1';
SELECT data -> 'name' AS name FROM bound.users WHERE user_name = 'n1';
ALTER TABLE bound_app.people DROP COLUMN nick;
UPDATE bound_app.people SET given = 'x' WHERE email = 'n1';
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM scim.request('DELETE', '/Users/' || :'cyd') AS r;
SELECT r.status FROM scim.request('GET', '/Users/' || :'cyd') AS r;
SELECT r.status FROM scim.request('POST', '/Groups', '{}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "free"}') AS r;
SELECT scim.check_binding();
SELECT scim.unbind_table('bound_app.people');
UPDATE bound_app.people SET given = 'x' WHERE email = 'n1';
SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'scim_binding%';
SELECT count(*) FROM bound.binding_link;
SELECT count(*) FROM scim.bind_table('User', 'bound_app.people', '{"attributes": {"userName": "email", "name.givenName": "given"}}');
SELECT count(*) FROM scim.check_binding();
DROP TABLE bound_app.people CASCADE;
INSERT INTO bound.users (data) VALUES ('{"userName": "after"}');
SELECT scim.unbind_table(relation) FROM bound.binding;
INSERT INTO bound.users (data) VALUES ('{"userName": "after"}') RETURNING user_name;
-- a store that goes takes its triggers along
CREATE TABLE bound_app.users (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, email text);
SELECT count(*) FROM scim.bind_table('User', 'bound_app.users', '{"attributes": {"userName": "email"}}');
SELECT scim.drop_store('bound', true);
INSERT INTO bound_app.users VALUES (100000, 'nobody follows');
TRUNCATE bound_app.users;
DROP SCHEMA bound_app CASCADE;
DROP EXTENSION citext;
RESET scim.store;
