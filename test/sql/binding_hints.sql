-- What is told of a mapping, and of a table, that cannot be as it is
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SELECT scim.create_store('hints');
SET scim.store = 'hints';
CREATE SCHEMA hints_app;
CREATE TABLE hints_app.u (id serial PRIMARY KEY, login text NOT NULL UNIQUE, state text NOT NULL DEFAULT 'A');
INSERT INTO hints_app.u (login) VALUES ('ada@x.com'), (' bob@x.com'), (E'cy@x.com\u00a0'), ('d d');
-- one column, two attributes: one of them only reads
SELECT * FROM scim.bind_table('User', 'hints_app.u', '{"attributes": {"userName": "login", "emails[type eq \"work\"].value": "login"}}');
SELECT * FROM scim.bind_table('User', 'hints_app.u', '{"attributes": {"userName": "login", "nickName": {"read": "login", "write": {"login": "value"}}}}');
-- names with blanks around them are told
SELECT side, key, resource_id IS NOT NULL AS id, problem FROM scim.bind_table('User', 'hints_app.u', '{"attributes": {"userName": "login", "emails[type eq \"work\"].value": {"read": "login"}}}');
SELECT user_name, data #>> '{emails,0,value}' AS email FROM hints.users ORDER BY 1;
SELECT scim.unbind_table('hints_app.u');
UPDATE hints_app.u SET login = trim(login);
SELECT side, key, problem FROM scim.bind_table('User', 'hints_app.u', '{"missing": "report", "attributes": {"userName": "login", "emails[type eq \"work\"].value": {"read": "login"}}}');
-- the e-mail is the login, whatever SCIM says of it
SELECT status, body::jsonb -> 'emails' AS emails FROM scim.request('POST', '/scim/v2/Users', '{"Content-Type": "application/scim+json"}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "dee@x.com", "emails": [{"type": "work", "value": "other@x.com"}]}');
SELECT attribute, problem FROM scim.check_binding() WHERE side = 'both';
-- a value that another mapping does not have, of a row that is linked
SELECT side, key, problem FROM scim.bind_table('User', 'hints_app.u', '{"missing": "report", "attributes": {"userName": "login", "active": {"column": "state", "values": {"true": "A", "false": "C"}}}}');
UPDATE hints_app.u SET state = 'A';
ALTER TABLE hints_app.u DISABLE TRIGGER scim_binding;
UPDATE hints_app.u SET state = 'B' WHERE id = 1;
ALTER TABLE hints_app.u ENABLE TRIGGER scim_binding;
SELECT side, key, attribute, table_value, scim_value, problem FROM scim.check_binding() WHERE side = 'both';
SELECT side, key, problem FROM scim.bind_table('User', 'hints_app.u', '{"missing": "report", "attributes": {"userName": "login", "active": {"column": "state", "values": {"true": "A", "false": "C"}}}}') WHERE problem ~ 'values';
-- a column that says the tenant has the type of all tenants
SELECT scim.create_tenant('a') AS a \gset
SELECT scim.create_tenant('b') AS b \gset
CREATE TABLE hints_app.a (id serial PRIMARY KEY, name text, org text);
CREATE TABLE hints_app.b (id serial PRIMARY KEY, name text);
SELECT * FROM scim.bind_table('Group', 'hints_app.a', '{"tenant": {"column": "org", "values": {"a": "a"}}, "attributes": {"displayName": "name"}}');
SELECT * FROM scim.bind_table('Group', 'hints_app.b', '{"tenant": {"name": "b"}, "attributes": {"displayName": "name"}}');
SELECT scim.unbind_table('hints_app.a');
SELECT * FROM scim.bind_table('Group', 'hints_app.a', '{"tenant": {"name": "a"}, "attributes": {"displayName": "name"}}');
SELECT * FROM scim.bind_table('Group', 'hints_app.b', '{"tenant": {"name": "b"}, "attributes": {"displayName": "name"}}');
SELECT scim.unbind_table('hints_app.b');
SELECT * FROM scim.bind_table('Group', 'hints_app.b', '{"tenant": {"name": "a"}, "attributes": {"displayName": "name"}}');
SELECT scim.unbind_table('hints_app.a');
SELECT scim.unbind_table('hints_app.u');
-- what a transaction has put off, where the owner of the store begins the write: who should write
CREATE ROLE regress_hints;
GRANT ALL ON SCHEMA hints_app TO regress_hints;
CREATE TABLE hints_app.w (id serial PRIMARY KEY, login text NOT NULL UNIQUE, nick text);
CREATE TABLE hints_app.trap (n int);
CREATE FUNCTION hints_app.later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON hints_app.trap DEFERRABLE FOR EACH ROW EXECUTE FUNCTION hints_app.later();
CREATE FUNCTION hints_app.spring() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hints_app.trap VALUES (1); RETURN new; END $$;
CREATE TRIGGER spring BEFORE UPDATE OF nick ON hints_app.w FOR EACH ROW EXECUTE FUNCTION hints_app.spring();
ALTER TABLE hints_app.w OWNER TO regress_hints;
ALTER TABLE hints_app.trap OWNER TO regress_hints;
SELECT side, key, problem FROM scim.bind_table('User', 'hints_app.w', '{"missing": "report", "attributes": {"userName": "login", "nickName": "nick"}}') WHERE side = 'table';
SELECT scim.create_resource('User', '{"userName": "wim"}') ->> 'userName' AS made;
BEGIN;
SET CONSTRAINTS hints_app.later DEFERRED;
UPDATE hints.users SET data = data || '{"nickName": "x"}' WHERE user_name = 'wim';
ROLLBACK;
UPDATE hints.users SET data = data || '{"nickName": "x"}' WHERE user_name = 'wim';
SELECT nick FROM hints_app.w;
SELECT scim.unbind_table('hints_app.w');
-- one of several values, an attribute that is no setting, from one tenant to all of them
SELECT * FROM scim.bind_table('User', 'hints_app.w', '{"attributes": {"userName": "login", "emails.value": "nick"}}');
SELECT * FROM scim.bind_table('User', 'hints_app.w', '{"attributes": {"userName": "login", "emails": "nick"}}');
SELECT * FROM scim.bind_table('User', 'hints_app.w', '{"attributes": {"userName": "login", "addresses": "nick"}}');
SELECT * FROM scim.bind_table('User', 'hints_app.w', '{"attributes": {"userName": "login", "addresses.locality": "nick"}}');
SELECT * FROM scim.bind_table('User', 'hints_app.w', '{"userName": "login", "emails[type eq \"work\"].value": "nick"}');
SELECT * FROM scim.bind_table('User', 'hints_app.w', '{"userNames": "login"}');
SELECT count(*) FROM scim.bind_table('User', 'hints_app.w', '{"missing": "report", "attributes": {"userName": "login"}}') WHERE side = 'table';
ALTER TABLE hints_app.w ADD org int NOT NULL DEFAULT 1;
SELECT * FROM scim.bind_table('User', 'hints_app.w', '{"tenant": "org", "attributes": {"userName": "login"}}');
-- a second primary value, and a value that is none, of a row: which table and columns they are of
CREATE TABLE hints_app.phones (owner int, number text, main boolean);
CREATE INDEX ON hints_app.phones (owner);
ALTER TABLE hints_app.phones OWNER TO regress_hints;
SELECT count(*) FROM scim.bind_table('User', 'hints_app.w', '{"missing": "report", "attributes": {"userName": "login", "addresses[type eq \"work\"].locality": {"read": "nick"}, "locale": {"column": "nick", "wins": "table"}, "active": {"read": "coalesce(nick, ''true'')"}, "phoneNumbers": {"table": "hints_app.phones", "key": "owner", "columns": {"value": "number", "primary": "main"}}}}') WHERE problem <> 'has no row';
UPDATE hints_app.w SET nick = NULL;
INSERT INTO hints_app.phones SELECT id, '+1', true FROM hints_app.w;
INSERT INTO hints_app.phones SELECT id, '+2', true FROM hints_app.w;
UPDATE hints_app.w SET nick = 'maybe';
SELECT scim.unbind_table('hints_app.w');
-- rows that stay have their values: of which indexes that is told, and what helps
DELETE FROM hints.users; DELETE FROM hints.users;
\set VERBOSITY default
CREATE TABLE hints_app.s (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, login text NOT NULL UNIQUE, nick text, title text, other text, gone timestamptz);
CREATE UNIQUE INDEX told_expression ON hints_app.s (lower(nick), login);
CREATE UNIQUE INDEX not_told_condition ON hints_app.s (title) WHERE gone IS NULL;
CREATE UNIQUE INDEX not_told_gone ON hints_app.s (title, gone);
CREATE UNIQUE INDEX not_told_unbound ON hints_app.s (title, other);
CREATE UNIQUE INDEX not_told_key ON hints_app.s (id, login);
INSERT INTO hints_app.s (login) VALUES ('sam#1'), ('tim');
SET client_min_messages = notice;
SELECT * FROM scim.bind_table('User', 'hints_app.s', '{"attributes": {"userName": "login", "nickName": "nick", "title": "title"}}');
SELECT * FROM scim.bind_table('User', 'hints_app.s', '{"attributes": {"userName": "login", "nickName": "nick", "title": "title"}, "delete": "keep"}');
SELECT * FROM scim.bind_table('User', 'hints_app.s', '{"attributes": {"userName": "login", "nickName": "nick", "title": "title"}, "gone": "gone IS NOT NULL", "delete": {"set": {"gone": "now()"}, "restore": {"gone": "NULL"}}}');
\set VERBOSITY terse
CREATE FUNCTION hints_app.again(name text) RETURNS TABLE (deleted int, created int) LANGUAGE sql AS $$
  SELECT (SELECT r.status FROM hints.people p, scim.request('DELETE', '/Users/' || p.id) r WHERE p.user_name = name), (scim.request('POST', '/Users', '{}', jsonb_build_object('userName', name)::text)).status $$;
SELECT deleted, created FROM hints_app.again('tim');
SELECT scim.restore_resource('User', id) IS NOT NULL AS restored FROM hints.users WHERE data ->> 'userName' = 'tim' AND deleted_at IS NOT NULL;
SELECT * FROM scim.bind_table('User', 'hints_app.s', '{"attributes": {"userName": "login", "nickName": "nick", "title": "title"}, "gone": "gone IS NOT NULL",
  "delete": {"set": {"gone": "now()", "login": "login || ''#'' || id"}, "restore": {"gone": "NULL", "login": "regexp_replace(login, ''#[0-9]+$'', '''')"}}}');
SET client_min_messages = warning;
SELECT name, deleted, created FROM unnest('{tim,sam#1}'::text[]) name, hints_app.again(name);
SELECT login, gone IS NOT NULL AS gone FROM hints_app.s ORDER BY id;
SELECT count(*) FROM scim.check_binding();
-- he comes back when nobody has it
SELECT scim.restore_resource('User', id) FROM hints.users WHERE data ->> 'userName' = 'tim' AND deleted_at IS NOT NULL;
SELECT scim.delete_resource('User', id) FROM hints.people WHERE user_name = 'tim';
SELECT scim.restore_resource('User', min(id::text)::uuid) ->> 'userName' AS restored FROM hints.users WHERE data ->> 'userName' = 'tim' AND deleted_at IS NOT NULL;
SELECT login, gone IS NOT NULL AS gone FROM hints_app.s ORDER BY id;
SELECT count(*) FROM scim.check_binding();
SELECT scim.unbind_table('hints_app.s');
DROP INDEX hints_app.told_expression;
ALTER TABLE hints_app.s DROP CONSTRAINT s_login_key;
DELETE FROM hints_app.s; DELETE FROM hints.users; DELETE FROM hints.users;
INSERT INTO hints_app.s (login) VALUES ('ulf');
CREATE UNIQUE INDEX ON hints_app.s (login) WHERE gone IS NULL;
SET client_min_messages = notice;
SELECT * FROM scim.bind_table('User', 'hints_app.s', '{"attributes": {"userName": "login"}, "gone": "gone IS NOT NULL", "delete": {"set": {"gone": "now()"}, "restore": {"gone": "NULL"}}}');
SET client_min_messages = warning;
SELECT deleted, created FROM hints_app.again('ulf');
SELECT login, gone IS NOT NULL AS gone FROM hints_app.s WHERE login = 'ulf' ORDER BY id;
SELECT scim.unbind_table('hints_app.s');
DROP SCHEMA hints_app CASCADE;
DROP ROLE regress_hints;
SELECT scim.drop_store('hints', true);
