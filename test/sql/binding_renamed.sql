-- Who comes back is who his row says that he is by then
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('renamed');
SET scim.store = 'renamed';
UPDATE renamed.policy SET enabled = true, settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';
CREATE SCHEMA renamed_app;
CREATE TABLE renamed_app.s (id serial PRIMARY KEY, login text, name text, deleted_at timestamptz);
CREATE UNIQUE INDEX ON renamed_app.s (login) WHERE deleted_at IS NULL;
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'renamed_app.s', '{"attributes": {"userName": "login", "name.familyName": "name"}, "gone": "deleted_at IS NOT NULL", "delete": {"set": {"deleted_at": "now()"}, "restore": {"deleted_at": "NULL"}}}');
CREATE VIEW renamed_app.both AS SELECT t.id, t.login, t.deleted_at IS NOT NULL AS gone, u.user_name, u.status, u.data #>> '{name,familyName}' AS name FROM renamed_app.s t JOIN renamed.binding_link l ON l.key = ARRAY[t.id::text] JOIN renamed.users u ON u.id = l.resource_id ORDER BY 1;
INSERT INTO renamed_app.s (login, name) VALUES ('pat', 'One');
UPDATE renamed_app.s SET deleted_at = now() WHERE id = 1;
INSERT INTO renamed_app.s (login, name) VALUES ('pat', 'Two');
-- the name is taken: which row, which column, whose it is
UPDATE renamed_app.s SET deleted_at = NULL, name = 'x' WHERE id = 1;
ALTER TABLE renamed_app.s DROP CONSTRAINT IF EXISTS s_login_key;
DROP INDEX renamed_app.s_login_idx;
\set VERBOSITY default
\set SHOW_CONTEXT never
DO $$
DECLARE
    told text;
BEGIN
    UPDATE renamed_app.s SET deleted_at = NULL, name = 'x' WHERE id = 1;
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS told = PG_EXCEPTION_DETAIL;
    RAISE WARNING '%, %', SQLERRM, regexp_replace(told, '[0-9a-f-]{36}', '...');
END $$;
SELECT scim.restore_resource('User', resource_id) FROM renamed.binding_link WHERE key = '{1}';
\set VERBOSITY terse
-- it is another one by now
UPDATE renamed_app.s SET login = 'pat.old', name = 'Uno' WHERE id = 1;
UPDATE renamed_app.s SET deleted_at = NULL WHERE id = 1;
TABLE renamed_app.both;
-- in one statement
UPDATE renamed_app.s SET deleted_at = now() WHERE id = 1;
INSERT INTO renamed_app.s (login, name) VALUES ('pat.old', 'Three');
UPDATE renamed_app.s SET deleted_at = NULL, login = 'pat.new' WHERE id = 1;
TABLE renamed_app.both;
-- by the store
UPDATE renamed_app.s SET deleted_at = now() WHERE id = 1;
INSERT INTO renamed_app.s (login, name) VALUES ('pat.new', 'Four');
UPDATE renamed_app.s SET login = 'pat.last' WHERE id = 1;
SELECT scim.restore_resource('User', resource_id) ->> 'userName' AS restored FROM renamed.binding_link WHERE key = '{1}';
TABLE renamed_app.both;
SELECT count(*) AS left FROM scim.check_binding();
SELECT scim.unbind_table('renamed_app.s');
-- a row that is kept
CREATE TABLE renamed_app.k (id serial PRIMARY KEY, login text, name text);
DELETE FROM renamed.users;
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'renamed_app.k', '{"attributes": {"userName": "login", "name.familyName": "name"}, "delete": "keep"}');
INSERT INTO renamed_app.k (login) VALUES ('sam');
SELECT scim.delete_resource('User', id) FROM renamed.people;
UPDATE renamed_app.k SET login = 'sam.old' WHERE id = 1;
INSERT INTO renamed_app.k (login) VALUES ('sam');
SELECT scim.restore_resource('User', resource_id) ->> 'userName' AS restored FROM renamed.binding_link WHERE key = '{1}';
SELECT t.login, u.user_name, u.status FROM renamed_app.k t JOIN renamed.binding_link l ON l.key = ARRAY[t.id::text] JOIN renamed.users u ON u.id = l.resource_id ORDER BY t.id;
SELECT count(*) AS left FROM scim.check_binding();
SELECT scim.unbind_table('renamed_app.k');
-- SCIM wins, and says nothing: the default of the column counts
CREATE TABLE renamed_app.d (id serial PRIMARY KEY, login text, is_active boolean NOT NULL DEFAULT true, kind text NOT NULL DEFAULT 'plain');
DELETE FROM renamed.users;
SELECT side, key, regexp_replace(problem, '[0-9a-f-]{36}', '...') AS problem FROM scim.bind_table('User', 'renamed_app.d', '{"missing": "report", "attributes": {"userName": "login", "active": {"column": "is_active", "wins": "scim"}, "userType": {"column": "kind", "wins": "scim"}}}');
SELECT status, body::jsonb - 'id' - 'meta' - 'schemas' AS body FROM scim.request('POST', '/scim/v2/Users', '{"Content-Type": "application/scim+json"}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "dee"}');
SELECT r.status, r.body::jsonb - 'id' - 'meta' - 'schemas' AS body FROM renamed.people p, scim.request('PUT', '/scim/v2/Users/' || p.id, '{"Content-Type": "application/scim+json"}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "dee", "active": false, "userType": "x"}') r WHERE p.user_name = 'dee';
TABLE renamed_app.d;
SELECT r.status, r.body::jsonb - 'id' - 'meta' - 'schemas' AS body FROM renamed.people p, scim.request('PUT', '/scim/v2/Users/' || p.id, '{"Content-Type": "application/scim+json"}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "dee"}') r WHERE p.user_name = 'dee';
TABLE renamed_app.d;
UPDATE renamed_app.d SET is_active = false, kind = 'mine' WHERE login = 'dee';
TABLE renamed_app.d;
INSERT INTO renamed_app.d (login) VALUES ('eve');
SELECT login, is_active, kind, data - 'userName' AS says FROM renamed_app.d JOIN renamed.users ON user_name = login WHERE login = 'eve';
SELECT count(*) AS left FROM scim.check_binding();
DROP SCHEMA renamed_app CASCADE;
SELECT scim.drop_store('renamed', true);
