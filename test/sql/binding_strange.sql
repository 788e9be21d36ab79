-- Columns of text that hold the key of another row, and what cannot be one: it is nobody's, and that is told
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('strange');
SET scim.store = 'strange';
CREATE SCHEMA strange_app;
CREATE TABLE strange_app.users (id int PRIMARY KEY DEFAULT 9, login text NOT NULL UNIQUE, boss text);
CREATE INDEX ON strange_app.users (boss);
CREATE TABLE strange_app.teams (id int PRIMARY KEY DEFAULT 9, name text NOT NULL UNIQUE);
CREATE TABLE strange_app.members (team text, person text, PRIMARY KEY (team, person));
CREATE INDEX ON strange_app.members (person);
INSERT INTO strange_app.users VALUES (1, 'a', NULL), (2, 'b', '1'), (3, 'c', 'x'), (4, 'd', ''), (5, 'e', '99999999999999999999'), (6, 'f', '1.0'), (7, 'g', repeat('9', 200000)), (8, 'h', 'NaN');
INSERT INTO strange_app.teams VALUES (1, 't');
INSERT INTO strange_app.members VALUES ('1', '1'), ('1', 'x'), ('t', '1'), ('', '');
\set users '{"attributes": {"userName": "login", "manager": {"column": "boss", "references": "User"}}}'
\set teams '{"attributes": {"displayName": "name", "members": {"table": "strange_app.members", "key": "team", "member": "person", "type": "User"}}}'
CREATE VIEW strange_app.told AS SELECT bound, side, key, attribute, left(table_value #>> '{}', 30) AS says, scim_value, problem FROM scim.check_binding() ORDER BY bound::text, key, 5;
SELECT side, key, left(problem, 60) AS problem FROM scim.bind_table('User', 'strange_app.users', :'users') ORDER BY key;
SELECT side, key, problem FROM scim.bind_table('Group', 'strange_app.teams', :'teams') ORDER BY key, problem;
TABLE strange_app.told;
-- whoever writes them
UPDATE strange_app.users SET boss = 'nobody' WHERE id = 2;
UPDATE strange_app.users SET boss = '2' WHERE id IN (3, 4);
INSERT INTO strange_app.members VALUES ('1', 'nobody'), ('nobody', '2'), ('1', '2');
UPDATE strange_app.members SET team = 'u' WHERE team = 't';
DELETE FROM strange_app.members WHERE person = 'x';
TABLE strange_app.told;
SELECT user_name, (SELECT user_name FROM strange.users m WHERE m.id::text = u.data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}') AS manager FROM strange.users u ORDER BY 1;
SELECT g.display_name, u.user_name FROM strange.member m JOIN strange.groups g ON g.id = m.group_id JOIN strange.users u ON u.id = m.member_id ORDER BY 1, 2;
SELECT scim.mend_binding('strange_app.users', 'table') AS users, scim.mend_binding('strange_app.teams', 'table') AS teams;
SELECT scim.mend_binding('strange_app.users', 'scim', NULL, '{x}') AS users, scim.mend_binding('strange_app.teams', 'scim', NULL, '{x}') AS teams;
SELECT scim.unbind_table('strange_app.teams'), scim.unbind_table('strange_app.users');
DROP VIEW strange_app.told;
-- keys of other types
CREATE TYPE strange_app.letter AS ENUM ('a', 'b');
CREATE TABLE strange_app.lettered (id strange_app.letter PRIMARY KEY DEFAULT 'b', login text NOT NULL, boss text);
CREATE INDEX ON strange_app.lettered (boss);
INSERT INTO strange_app.lettered VALUES ('a', 'a', 'b'), ('b', 'b', 'c');
CREATE TABLE strange_app.known (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), login text NOT NULL, boss text);
CREATE INDEX ON strange_app.known (boss);
INSERT INTO strange_app.known VALUES ('00000000-0000-0000-0000-000000000001', 'a', '00000000-0000-0000-0000-000000000002'), ('00000000-0000-0000-0000-000000000002', 'b', 'c');
CREATE TABLE strange_app.numbered (id numeric PRIMARY KEY DEFAULT 9, login text NOT NULL, boss text);
CREATE INDEX ON strange_app.numbered (boss);
INSERT INTO strange_app.numbered VALUES (1.5, 'a', 'NaN'), ('NaN', 'b', '1e3'), (2, 'c', '1.5'), (3, 'd', repeat('9', 200000)), (4, 'e', '1.' || repeat('9', 20000)), (5, 'f', '-'), (6, 'g', '.'), (7, 'h', '2.0');
CREATE VIEW strange_app.told AS SELECT key, attribute, left(table_value #>> '{}', 40) AS says, scim_value, problem FROM scim.check_binding() ORDER BY key;
\set mapping '{"attributes": {"userName": "login", "manager": {"column": "boss", "references": "User"}}}'
SELECT side, key, problem FROM scim.bind_table('User', 'strange_app.lettered', jsonb_build_object('tenant', scim.create_tenant('lettered')) || :'mapping');
TABLE strange_app.told;
UPDATE strange_app.lettered SET boss = repeat('b', 100) WHERE id = 'b';
TABLE strange_app.told;
-- a label that is lost is not nobody's
ALTER TYPE strange_app.letter RENAME VALUE 'b' TO 'c';
TABLE strange_app.told;
UPDATE strange_app.lettered SET boss = 'b' WHERE id = 'c';
ALTER TYPE strange_app.letter RENAME VALUE 'c' TO 'b';
SELECT scim.unbind_table('strange_app.lettered');
SELECT side, key, problem FROM scim.bind_table('User', 'strange_app.known', jsonb_build_object('tenant', scim.create_tenant('known')) || :'mapping');
TABLE strange_app.told;
UPDATE strange_app.known SET boss = '{00000000-0000-0000-0000-000000000001}' WHERE login = 'b';
TABLE strange_app.told;
SELECT scim.unbind_table('strange_app.known');
SELECT side, key, left(problem, 60) AS problem FROM scim.bind_table('User', 'strange_app.numbered', jsonb_build_object('tenant', scim.create_tenant('numbered')) || :'mapping');
TABLE strange_app.told;
SELECT scim.unbind_table('strange_app.numbered');
DROP VIEW strange_app.told;
-- a column that has become one of text, and rows that cannot be read, to which others refer
CREATE TABLE strange_app.altered (id int PRIMARY KEY DEFAULT 9, login text NOT NULL, n int, boss int);
CREATE INDEX ON strange_app.altered (boss);
INSERT INTO strange_app.altered VALUES (1, 'a', 0, NULL), (2, 'b', 1, 1);
\set mapping '{"attributes": {"userName": "login", "title": {"read": "(1 / n)::text"}, "manager": {"column": "boss", "references": "User"}}}'
SELECT side, key, problem FROM scim.bind_table('User', 'strange_app.altered', jsonb_build_object('tenant', scim.create_tenant('altered')) || :'mapping');
SELECT key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
UPDATE strange_app.altered SET n = 1;
ALTER TABLE strange_app.altered ALTER boss TYPE text;
SELECT key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
UPDATE strange_app.altered SET boss = 'x' WHERE id = 2;
SELECT key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
SELECT scim.readiness() -> 'problems' AS problems;
SELECT scim.unbind_table('strange_app.altered');
-- members of a group whose row cannot be read, and says its tenant
CREATE TABLE strange_app.crews (id int PRIMARY KEY DEFAULT 9, org int NOT NULL DEFAULT 1, name text NOT NULL, n int NOT NULL DEFAULT 1);
CREATE TABLE strange_app.crew (crew int, person text, PRIMARY KEY (crew, person));
CREATE INDEX ON strange_app.crew (person);
INSERT INTO strange_app.crews VALUES (1, 1, 'one', 1), (2, 1, 'two', 0);
SELECT side, key, problem FROM scim.bind_table('Group', 'strange_app.crews', '{"tenant": "org", "attributes": {"displayName": {"read": "left(name, 9 / n)", "write": {"name": "value"}}, "members": {"table": "strange_app.crew", "key": "crew", "member": "person", "type": "Group"}}}');
INSERT INTO strange_app.crew VALUES (1, '2'), (2, '1'), (2, '2');
SELECT key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key, 3;
UPDATE strange_app.crews SET n = 1;
SELECT key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
SELECT g.display_name, m.display_name AS member FROM strange.member JOIN strange.groups g ON g.id = group_id JOIN strange.groups m ON m.id = member_id ORDER BY 1, 2;
SELECT scim.unbind_table('strange_app.crews');
DROP SCHEMA strange_app CASCADE;
SELECT scim.drop_store('strange', true);
