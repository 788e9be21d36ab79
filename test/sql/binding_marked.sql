-- A row that the application has marked by a statement which is put off, and what SCIM writes meanwhile: nobody is told of a trigger that is not there
SET client_min_messages = warning;
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT scim.create_store('marked');
SET scim.store = 'marked';
CREATE SCHEMA marked_app;
CREATE TABLE marked_app.users (id int PRIMARY KEY DEFAULT 77, login text NOT NULL, title text, active boolean NOT NULL DEFAULT true, deleted_at timestamptz);
INSERT INTO marked_app.users VALUES (1, 'a'), (2, 'b'), (3, 'c');
\set mapping '{"attributes": {"userName": "login", "title": "title", "active": "active"}, "gone": "deleted_at IS NOT NULL", "delete": {"set": {"deleted_at": "now()"}, "restore": {"deleted_at": "NULL"}}}'
SELECT * FROM scim.bind_table('User', 'marked_app.users', :'mapping'::jsonb || '{"removed": "suspend"}');
CREATE VIEW marked_app.sides AS SELECT t.id, t.title, t.active, t.deleted_at IS NOT NULL AS marked, u.active AS active_in_scim, u.deleted_at IS NOT NULL AS deleted FROM marked_app.users t JOIN marked.users u ON u.user_name = t.login ORDER BY 1;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
UPDATE marked_app.users SET deleted_at = now() WHERE id IN (1, 2);
SAVEPOINT s;
UPDATE marked.users SET active = NOT active WHERE user_name = 'a';
ROLLBACK TO s;
UPDATE marked.users SET data = data || '{"title": "x"}' WHERE user_name = 'b';
ROLLBACK TO s;
-- what is no column is written
UPDATE marked.users SET data = data || '{"nickName": "x"}' WHERE user_name = 'b';
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE marked.users SET active = NOT active WHERE user_name = 'a';
COMMIT;
TABLE marked_app.sides;
SELECT count(*) FROM scim.check_binding();
-- functions have it followed before
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
UPDATE marked_app.users SET deleted_at = now() WHERE id = 3;
SELECT scim.patch_resource('User', id, '[{"op": "replace", "path": "title", "value": "y"}]') ->> 'active' AS active FROM marked.users WHERE user_name = 'c';
COMMIT;
TABLE marked_app.sides;
-- one that was marked while nobody followed
UPDATE marked_app.users SET deleted_at = NULL;
ALTER TABLE marked_app.users DISABLE TRIGGER scim_binding;
UPDATE marked_app.users SET deleted_at = now() WHERE id = 1;
ALTER TABLE marked_app.users ENABLE TRIGGER scim_binding;
UPDATE marked.users SET active = NOT active WHERE user_name = 'a';
-- a trigger marks it, indeed
CREATE FUNCTION marked_app.mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.deleted_at = now(); RETURN NEW; END $$;
CREATE TRIGGER mark BEFORE UPDATE OF title ON marked_app.users FOR EACH ROW EXECUTE FUNCTION marked_app.mark();
UPDATE marked.users SET data = data || '{"title": "z"}' WHERE user_name = 'b';
TABLE marked_app.sides;
SELECT scim.unbind_table('marked_app.users');
DROP SCHEMA marked_app CASCADE;
SELECT scim.drop_store('marked', true);
