-- What the context, detail and message of an error tell of the other side, and of other rows, to a role that may not read that
SET client_min_messages = warning;
CREATE ROLE regress_blind;
CREATE ROLE regress_seer;
SELECT scim.create_store('unread');
SET scim.store = 'unread';
CREATE SCHEMA unread_app;
CREATE TABLE unread_app.people (id int PRIMARY KEY DEFAULT 77, login text NOT NULL, nick text);
INSERT INTO unread_app.people VALUES (1, 'secret.name', 'nick'), (2, 'other.name', NULL);
SELECT side, key, problem FROM scim.bind_table('User', 'unread_app.people', '{"attributes": {"userName": "login", "nickName": "nick"}}');
GRANT USAGE ON SCHEMA unread_app, unread TO regress_blind, regress_seer;
GRANT SELECT (nick), INSERT, DELETE, UPDATE ON unread_app.people TO regress_blind;
GRANT SELECT, INSERT, UPDATE, DELETE ON unread_app.people TO regress_seer;
GRANT SELECT ON unread.resource TO regress_seer;
GRANT INSERT, UPDATE, DELETE ON unread.users TO regress_blind;
GRANT SELECT (deleted_at) ON unread.users TO regress_blind;
GRANT SELECT, INSERT, UPDATE ON unread.users TO regress_seer;
INSERT INTO unread.tenant_role (role, tenant_id) VALUES ('regress_seer', 1), ('regress_blind', 1);
-- all that an error tells, but ids
CREATE FUNCTION unread_app.told(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text; hint text; context text;
BEGIN
  EXECUTE statement;
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
  SELECT string_agg(line, ' / ') INTO context FROM regexp_split_to_table(context, '\n') line WHERE line ~ '^row';
  RETURN regexp_replace(format('%s %s | %s | %s', sqlstate, sqlerrm, detail, context), '[0-9a-f]{8}-[0-9a-f-]{27}', 'ID', 'g');
END $$;
CREATE TABLE unread_app.deed AS SELECT * FROM (VALUES
  (1, $$UPDATE unread_app.people SET login = '' WHERE nick = 'nick'$$),
  (2, $$UPDATE unread_app.people SET login = ' ' WHERE nick = 'nick'$$),
  (3, $$UPDATE unread_app.people SET login = 'other.name' WHERE nick = 'nick'$$),
  (4, $$UPDATE unread_app.people SET id = 2 WHERE nick = 'nick'$$),
  (5, $$INSERT INTO unread_app.people (login) VALUES ('other.name')$$),
  (6, $$INSERT INTO unread_app.people (id, login) VALUES (5, '')$$),
  (7, $$UPDATE unread.users SET data = '{"userName": ""}' WHERE deleted_at IS NULL$$),
  (8, $$UPDATE unread.users SET data = '{"userName": "new", "nickName": 7}' WHERE deleted_at IS NULL$$),
  (9, $$INSERT INTO unread.users (data) VALUES ('{"userName": "stated", "active": "perhaps"}')$$),
  (10, $$INSERT INTO unread.users (data) VALUES ('{"userName": "other.name"}')$$)) d (n, statement);
GRANT SELECT ON unread_app.deed TO PUBLIC;
GRANT EXECUTE ON FUNCTION unread_app.told TO PUBLIC;
SET ROLE regress_blind;
SELECT n, unread_app.told(statement) FROM unread_app.deed ORDER BY n;
RESET ROLE;
SET ROLE regress_seer;
SELECT n, unread_app.told(statement) FROM unread_app.deed ORDER BY n;
RESET ROLE;
SELECT n, unread_app.told(statement) FROM unread_app.deed ORDER BY n;
-- what the table refuses tells who writes SCIM no key that he may not read
ALTER TABLE unread_app.people ADD CONSTRAINT short CHECK (length(nick) < 9);
REVOKE ALL ON unread_app.people FROM regress_blind;
REVOKE ALL ON unread_app.people FROM regress_seer;
CREATE FUNCTION unread_app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE 'YY001' USING MESSAGE = 'not this one'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON unread_app.people FOR EACH ROW EXECUTE FUNCTION unread_app.refuse();
SET ROLE regress_seer;
SELECT unread_app.told($$UPDATE unread.users SET data = data || '{"nickName": "longer than nine"}' WHERE user_name = 'secret.name'$$);
RESET ROLE;
DROP TRIGGER refuse ON unread_app.people;
SET ROLE regress_seer;
SELECT unread_app.told($$UPDATE unread.users SET data = data || '{"nickName": "longer than nine"}' WHERE user_name = 'secret.name'$$);
RESET ROLE;
-- another tenant's row is not his to read either
SELECT scim.create_tenant('two') AS two \gset
CREATE TABLE unread_app.of_two (id int PRIMARY KEY DEFAULT 5, login text NOT NULL);
INSERT INTO unread_app.of_two VALUES (1, 'of two');
SELECT side, key, problem FROM scim.bind_table('User', 'unread_app.of_two', format('{"tenant": %s, "attributes": {"userName": "login"}}', :'two')::jsonb);
GRANT SELECT, UPDATE ON unread_app.of_two TO regress_seer;
SET ROLE regress_seer;
SELECT unread_app.told($$UPDATE unread_app.of_two SET login = ''$$);
RESET ROLE;
SELECT scim.drop_store('unread', true);
DROP SCHEMA unread_app CASCADE;
RESET scim.store;
DROP ROLE regress_blind, regress_seer;
