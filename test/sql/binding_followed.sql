-- What scim_binding has put off is followed before a change is taken back, before a view writes, and before an import compares
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('after');
SET scim.store = 'after';
CREATE SCHEMA after_app;
CREATE TABLE after_app.users (id serial PRIMARY KEY, login text NOT NULL UNIQUE, nick text, title text);
SELECT * FROM scim.bind_table('User', 'after_app.users', '{"attributes": {"userName": "login", "nickName": "nick", "title": "title"}}');
INSERT INTO after_app.users (login, title) VALUES ('ann', 'a'), ('bob', 'b');
BEGIN;
UPDATE after_app.users SET nick = 'x';
SELECT scim.change() AS c \gset
COMMIT;
CREATE VIEW after_app.both AS SELECT u.user_name AS scim, u.data ->> 'nickName' AS nick, u.data ->> 'title' AS title, t AS of_table FROM after.users u FULL JOIN after_app.users t ON t.login = u.user_name
  WHERE u.deleted_at IS NULL ORDER BY 1;
-- after a DELETE
BEGIN;
SET CONSTRAINTS after_app.scim_binding DEFERRED;
DELETE FROM after_app.users WHERE login = 'ann';
SELECT action, conflict FROM scim.revert_change(:'c', true) ORDER BY 1;
SELECT count(*) FROM after.users WHERE deleted_at IS NULL;
ROLLBACK;
BEGIN;
SET CONSTRAINTS after_app.scim_binding DEFERRED;
DELETE FROM after_app.users WHERE login = 'ann';
UPDATE after.people SET nick_name = 'y' RETURNING user_name, nick_name;
TABLE after_app.both;
ROLLBACK;
BEGIN;
SET CONSTRAINTS after_app.scim_binding DEFERRED;
DELETE FROM after_app.users WHERE login = 'ann';
DELETE FROM after.people WHERE user_name = 'ann' RETURNING user_name;
TABLE after_app.both;
ROLLBACK;
BEGIN;
SET CONSTRAINTS after_app.scim_binding DEFERRED;
DELETE FROM after_app.users WHERE login = 'ann';
INSERT INTO after.people (user_name, title) VALUES ('ann', 'new') RETURNING user_name;
TABLE after_app.both;
ROLLBACK;
BEGIN;
SET CONSTRAINTS after_app.scim_binding DEFERRED;
DELETE FROM after_app.users WHERE login = 'ann';
SELECT key, action, problems FROM scim.import('User', $$VALUES ('ann', 'z'), ('bob', 'z')$$, mapping => '{"column1": "userName", "column2": "nickName"}', apply => true) ORDER BY 1;
TABLE after_app.both;
ROLLBACK;
-- after an UPDATE and an INSERT; and what is written next is put off again
BEGIN;
SET CONSTRAINTS after_app.scim_binding DEFERRED;
UPDATE after_app.users SET title = 'c' WHERE login = 'ann';
INSERT INTO after_app.users (login) VALUES ('cat');
SELECT action, conflict FROM scim.revert_change(:'c') ORDER BY 1;
TABLE after_app.both;
UPDATE after_app.users SET title = 'd';
SELECT user_name, data ->> 'title' AS title FROM after.users ORDER BY 1;
UPDATE after.people SET nick_name = 'y' WHERE user_name <> 'ann' RETURNING user_name, title;
TABLE after_app.both;
COMMIT;
TABLE after_app.both;
SELECT count(*) FROM scim.check_binding();
-- a statement that is not done yet is followed when it is
BEGIN;
SET CONSTRAINTS after_app.scim_binding DEFERRED;
WITH w AS (UPDATE after_app.users SET title = 'e' RETURNING id) UPDATE after.people SET nick_name = 'z' FROM w WHERE user_name = 'ann' AND w.id = 1;
COMMIT;
TABLE after_app.both;
SELECT count(*) FROM scim.check_binding();
SELECT scim.drop_store('after', true);
DROP SCHEMA after_app CASCADE;
RESET scim.store;
