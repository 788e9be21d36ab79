-- A table that is unbound and bound again: each row is the resource that it was, where values differ in case or are the same
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('paired');
SET scim.store = 'paired';
CREATE SCHEMA paired_app;
-- of two rows that a name goes with in whatever case, who spells it so is it
CREATE TABLE paired_app.m (id serial PRIMARY KEY, login text UNIQUE, name text);
INSERT INTO paired_app.m (login, name) VALUES ('anna@x.com', 'Anna 1'), ('Anna@x.com', 'Anna 2'), ('BERT@x.com', 'Bert');
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'paired_app.m', '{"attributes": {"userName": "login", "name.familyName": "name"}}');
CREATE TEMP TABLE was AS SELECT id FROM paired.users WHERE user_name = 'anna@x.com';
UPDATE paired_app.m SET name = 'Anna One' WHERE id = 1;
BEGIN;
SELECT scim.unbind_table('paired_app.m');
UPDATE paired_app.m SET login = 'bert@x.com' WHERE login = 'BERT@x.com';
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'paired_app.m', '{"attributes": {"userName": "login", "name.familyName": "name"}}');
COMMIT;
SELECT l.key, u.id IN (SELECT id FROM was) AS is_anna, u.user_name, u.data #>> '{name,familyName}' AS name, u.version FROM paired.binding_link l JOIN paired.users u ON u.id = l.resource_id ORDER BY 1;
SELECT key, problem IS NOT NULL AS problem FROM scim.check_binding();
-- the same where the smaller key has the other spelling, and the rows are far apart
BEGIN;
SELECT scim.unbind_table('paired_app.m');
DELETE FROM paired_app.m WHERE id = 2;
INSERT INTO paired_app.m VALUES (0, 'ANNA@x.com', 'Anna 0');
INSERT INTO paired_app.m (login, name) SELECT 'u' || n || '@x.com', 'U' FROM generate_series(1, 1200) n;
UPDATE paired_app.m SET id = 10000 WHERE id = 1;
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'paired_app.m', '{"attributes": {"userName": "login", "name.familyName": "name"}}');
COMMIT;
SELECT l.key, u.id IN (SELECT id FROM was) AS is_anna, u.data #>> '{name,familyName}' AS name FROM paired.binding_link l JOIN paired.users u ON u.id = l.resource_id WHERE u.user_name NOT LIKE 'u%' ORDER BY 1;
SELECT scim.unbind_table('paired_app.m');
-- rows of one value and resources of one value, whatever number of times
CREATE TABLE paired_app.t (id serial PRIMARY KEY, name text);
CREATE TABLE paired_app.t_m (team int, who int);
CREATE INDEX ON paired_app.t_m (team);
CREATE INDEX ON paired_app.t_m (who);
INSERT INTO paired_app.t (name) VALUES ('Sales'), ('Sales'), ('sales'), ('Ops');
DELETE FROM paired_app.m WHERE id NOT IN (3, 10000);
DELETE FROM paired.users WHERE user_name LIKE 'u%';
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'paired_app.m', '{"attributes": {"userName": "login", "name.familyName": "name"}}');
INSERT INTO paired_app.t_m VALUES (1, 3), (2, 10000), (3, 3);
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('Group', 'paired_app.t', '{"attributes": {"displayName": "name", "members": {"table": "paired_app.t_m", "key": "team", "member": "who", "type": "User"}}}');
CREATE TEMP TABLE teams AS SELECT l.key, l.resource_id FROM paired.binding_link l JOIN paired.groups g ON g.id = l.resource_id;
SELECT scim.unbind_table('paired_app.t');
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('Group', 'paired_app.t', '{"attributes": {"displayName": "name", "members": {"table": "paired_app.t_m", "key": "team", "member": "who", "type": "User"}}}');
UPDATE paired_app.t SET name = name WHERE id = 1;
SELECT scim.unbind_table('paired_app.t');
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('Group', 'paired_app.t', '{"attributes": {"displayName": "name", "members": {"table": "paired_app.t_m", "key": "team", "member": "who", "type": "User"}}}');
TABLE paired_app.t ORDER BY id;
SELECT * FROM paired_app.t_m ORDER BY 1, 2;
SELECT count(*) AS teams FROM paired.groups;
SELECT count(*) AS others FROM teams WHERE NOT EXISTS (SELECT FROM paired.binding_link l WHERE l.key = teams.key AND l.resource_id = teams.resource_id);
SELECT count(*) AS left FROM scim.check_binding();
-- one more of either
SELECT scim.unbind_table('paired_app.t');
INSERT INTO paired_app.t (name) VALUES ('Sales');
INSERT INTO paired.groups (data) VALUES ('{"displayName": "Ops"}');
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('Group', 'paired_app.t', '{"attributes": {"displayName": "name", "members": {"table": "paired_app.t_m", "key": "team", "member": "who", "type": "User"}}}');
TABLE paired_app.t ORDER BY id;
SELECT count(*) AS left FROM scim.check_binding();
-- rows that were kept when their resources were deleted: the one that spells it so is it
SELECT scim.unbind_table('paired_app.m');
UPDATE paired.policy SET enabled = true, settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'paired_app.m', '{"attributes": {"userName": "login", "name.familyName": "name"}, "delete": "keep"}');
DELETE FROM paired.users WHERE user_name = 'bert@x.com';
SELECT scim.unbind_table('paired_app.m');
INSERT INTO paired_app.m VALUES (1, 'Bert@x.com', 'Other');
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'paired_app.m', '{"attributes": {"userName": "login", "name.familyName": "name"}, "delete": "keep"}');
SELECT l.key, u.user_name, u.status FROM paired.binding_link l JOIN paired.users u ON u.id = l.resource_id ORDER BY 1;
DROP SCHEMA paired_app CASCADE;
SELECT scim.drop_store('paired', true);
