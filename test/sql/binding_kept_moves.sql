-- The row of somebody who is kept, or marked, gets another key: who refers to him by the old one refers to nobody, as where the row is in sight
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('kept');
SET scim.store = 'kept';
CREATE SCHEMA kept_app;
CREATE TABLE kept_app.users (id int PRIMARY KEY DEFAULT 77, login text NOT NULL UNIQUE, manager_id int, deleted_at timestamptz);
CREATE INDEX ON kept_app.users (manager_id);
CREATE TABLE kept_app.parts (id int PRIMARY KEY DEFAULT 77, login text NOT NULL, manager_id int, deleted_at timestamptz) PARTITION BY RANGE (id);
CREATE INDEX ON kept_app.parts (manager_id);
CREATE TABLE kept_app.low PARTITION OF kept_app.parts FOR VALUES FROM (0) TO (5);
CREATE TABLE kept_app.high PARTITION OF kept_app.parts FOR VALUES FROM (5) TO (100);
\set manager '{"attributes": {"userName": "login", "manager": {"column": "manager_id", "references": "User"}}}'
\set mark '{"gone": "deleted_at IS NOT NULL", "delete": {"set": {"deleted_at": "now()"}, "restore": {"deleted_at": "NULL"}}}'
CREATE FUNCTION kept_app.sides(of regclass) RETURNS TABLE (id int, login text, manager_id int, in_scim text) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format($q$SELECT t.id, t.login, t.manager_id, (SELECT m.user_name FROM kept.resource m WHERE m.id::text = u.data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}')
    FROM %s t JOIN kept.users u ON u.user_name = t.login WHERE t.deleted_at IS NULL AND u.deleted_at IS NULL ORDER BY t.login$q$, of);
END $$;
CREATE FUNCTION kept_app.id_of(name text) RETURNS uuid LANGUAGE sql AS $$SELECT id FROM kept.users WHERE user_name = $1$$;
INSERT INTO kept_app.users VALUES (1, 'boss', NULL), (2, 'ada', 1), (3, 'bob', 1), (4, 'eve', 9), (5, 'there', NULL), (6, 'carl', 5);
INSERT INTO kept_app.parts TABLE kept_app.users;
-- in sight
BEGIN;
SELECT * FROM scim.bind_table('User', 'kept_app.users', :'manager'::jsonb || '{"delete": "keep"}') WHERE problem !~ '"9"';
UPDATE kept_app.users SET id = 9 WHERE id = 1;
SELECT * FROM kept_app.sides('kept_app.users');
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
ROLLBACK;
-- kept
BEGIN;
SELECT * FROM scim.bind_table('User', 'kept_app.users', :'manager'::jsonb || '{"delete": "keep"}') WHERE problem !~ '"9"';
SELECT scim.delete_resource('User', kept_app.id_of('boss'));
UPDATE kept_app.users SET id = 9 WHERE id = 1;
SELECT * FROM kept_app.sides('kept_app.users');
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
SELECT scim.restore_resource('User', kept_app.id_of('boss')) ->> 'userName' AS restored;
SELECT * FROM kept_app.sides('kept_app.users');
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
ROLLBACK;
-- marked by SCIM, and put off
BEGIN;
SELECT * FROM scim.bind_table('User', 'kept_app.users', :'manager'::jsonb || :'mark') WHERE problem !~ '"9"';
SELECT scim.delete_resource('User', kept_app.id_of('boss'));
SET CONSTRAINTS ALL DEFERRED;
UPDATE kept_app.users SET id = 9 WHERE id = 1;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT * FROM kept_app.sides('kept_app.users');
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
SELECT scim.restore_resource('User', kept_app.id_of('boss')) ->> 'userName' AS restored;
SELECT * FROM kept_app.sides('kept_app.users');
ROLLBACK;
-- marked by the application, of partitions, and by the statement that gives the other key
BEGIN;
SELECT * FROM scim.bind_table('User', 'kept_app.parts', :'manager'::jsonb || :'mark') WHERE problem !~ '"9"';
UPDATE kept_app.parts SET deleted_at = now() WHERE id = 1;
UPDATE kept_app.parts SET id = 9 WHERE id = 1;
UPDATE kept_app.parts SET id = 0, deleted_at = now() WHERE id = 5;
SELECT * FROM kept_app.sides('kept_app.parts');
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
UPDATE kept_app.parts SET deleted_at = NULL;
SELECT * FROM kept_app.sides('kept_app.parts');
ROLLBACK;
-- nobody has followed: a reference is told once, with what the table says, and mended from either side
SELECT * FROM scim.bind_table('User', 'kept_app.users', :'manager'::jsonb || '{"delete": "keep"}') WHERE problem !~ '"9"';
ALTER TABLE kept_app.users DISABLE TRIGGER scim_binding;
UPDATE kept_app.users SET manager_id = 99 WHERE login = 'ada';
ALTER TABLE kept_app.users ENABLE TRIGGER scim_binding;
SELECT side, key, attribute, table_value, scim_value = to_jsonb(kept_app.id_of('boss')) AS of_boss, problem FROM scim.check_binding() ORDER BY key;
BEGIN;
SELECT scim.mend_binding('kept_app.users', 'table');
SELECT * FROM kept_app.sides('kept_app.users');
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
ROLLBACK;
SELECT scim.mend_binding('kept_app.users', 'scim');
SELECT * FROM kept_app.sides('kept_app.users');
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() ORDER BY key;
SELECT scim.unbind_table('kept_app.users');
DROP SCHEMA kept_app CASCADE;
SELECT scim.drop_store('kept', true);
