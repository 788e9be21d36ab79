-- Constraints that are put off, and rows that nobody else has written: what is told says of which table it is, and only who has come between is told to come again
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('fault');
SET scim.store = 'fault';
CREATE SCHEMA fault_app;
CREATE TABLE fault_app.users (id int PRIMARY KEY DEFAULT 77, login text NOT NULL, title text, boss int REFERENCES fault_app.users DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX ON fault_app.users (boss);
CREATE TABLE fault_app.teams (id int PRIMARY KEY DEFAULT 77, name text NOT NULL);
CREATE TABLE fault_app.members (team int REFERENCES fault_app.teams, person int REFERENCES fault_app.users DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (team, person));
CREATE INDEX ON fault_app.members (person);
INSERT INTO fault_app.users VALUES (1, 'a', NULL, NULL), (2, 'b', NULL, 1);
INSERT INTO fault_app.teams VALUES (1, 't');
SELECT * FROM scim.bind_table('User', 'fault_app.users', '{"attributes": {"userName": "login", "title": "title", "manager": {"column": "boss", "references": "User"}}}');
SELECT * FROM scim.bind_table('Group', 'fault_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "fault_app.members", "key": "team", "member": "person", "type": "User"}}}');
CREATE FUNCTION fault_app.patch(who text, path text, value jsonb) RETURNS TABLE (status int, detail text) LANGUAGE sql AS $$
  SELECT r.status, r.body::jsonb ->> 'detail' FROM (SELECT id FROM fault.resource WHERE user_name = $1 OR display_name = $1) u,
    scim.request('PATCH', CASE $1 WHEN 't' THEN '/Groups/' ELSE '/Users/' END || u.id, '{"Content-Type": "application/scim+json"}', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', $2, 'value', $3)))::text) r $$;
CREATE FUNCTION fault_app.id_of(name text) RETURNS jsonb LANGUAGE sql AS $$SELECT to_jsonb(id) FROM fault.users WHERE user_name = $1$$;
-- the application has written a key that is nobody's before: whoever comes again finds it as it was
BEGIN;
INSERT INTO fault_app.users VALUES (10, 'd', NULL, 25);
SELECT * FROM fault_app.patch('a', 'manager', jsonb_build_object('value', fault_app.id_of('b')));
SELECT * FROM fault_app.patch('a', 'title', '"x"');
SELECT * FROM fault_app.patch('a', 'displayName', '"x"');
SELECT * FROM fault_app.patch('d', 'manager', jsonb_build_object('value', fault_app.id_of('b')));
SELECT * FROM fault_app.patch('a', 'manager', jsonb_build_object('value', fault_app.id_of('b')));
COMMIT;
BEGIN;
INSERT INTO fault_app.members VALUES (1, 25);
SELECT * FROM fault_app.patch('t', 'members', jsonb_build_array(jsonb_build_object('value', fault_app.id_of('a'))));
ROLLBACK;
BEGIN;
SELECT * FROM fault_app.patch('t', 'members', jsonb_build_array(jsonb_build_object('value', fault_app.id_of('a'))));
COMMIT;
TABLE fault_app.members;
-- a trigger of the application writes one along
CREATE FUNCTION fault_app.along() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO fault_app.users VALUES (30, 'along', NULL, 31); RETURN NULL; END $$;
CREATE TRIGGER along AFTER UPDATE OF title ON fault_app.users FOR EACH ROW EXECUTE FUNCTION fault_app.along();
SELECT * FROM fault_app.patch('a', 'title', '"y"');
ALTER TABLE fault_app.users ALTER CONSTRAINT users_boss_fkey NOT DEFERRABLE;
SELECT * FROM fault_app.patch('a', 'title', '"y"');
DROP TRIGGER along ON fault_app.users;
SELECT * FROM fault_app.patch('a', 'title', '"z"');
SELECT scim.unbind_table('fault_app.teams'), scim.unbind_table('fault_app.users');
DROP SCHEMA fault_app CASCADE;
SELECT scim.drop_store('fault', true);
