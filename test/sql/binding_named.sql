-- What is refused of a row says which row and column it is, and who has what it wants; tenants have names
SET client_min_messages = warning;
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT scim.create_store('named');
SET scim.store = 'named';
CREATE SCHEMA named_app;
CREATE TABLE named_app.users (id int PRIMARY KEY DEFAULT 99, login text, nick text);
CREATE FUNCTION named_app.plain(text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace($1, '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>') $$;
CREATE FUNCTION named_app.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
  EXECUTE statement;
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN SQLSTATE || ' ' || SQLERRM || E'\n' || named_app.plain(detail);
END $$;
-- userName that is nothing, or nothing that can be seen: when it is bound, compared, written
INSERT INTO named_app.users VALUES (1, 'ada'), (2, ''), (3, '   '), (4, NULL), (5, E'\t'), (6, 'ADA'), (7, U&'\00a0');
SELECT side, key, named_app.plain(problem) AS problem FROM scim.bind_table('User', 'named_app.users', '{"attributes": {"userName": "login", "nickName": "nick"}}') ORDER BY key;
SELECT side, key, named_app.plain(problem) AS problem FROM scim.check_binding('named_app.users') ORDER BY key;
SELECT named_app.try(format('INSERT INTO named_app.users VALUES (20, %s)', v)) FROM unnest(ARRAY['''''', '''  ''', 'NULL', '''Ada''', '''grace''']) v;
SELECT named_app.try(format('UPDATE named_app.users SET login = %s WHERE id = 1', v)) FROM unnest(ARRAY['''''', '''  ''', 'NULL', '''GRACE''', '''ada''']) v;
SELECT id, login, nick FROM named_app.users ORDER BY id;
SET client_min_messages = warning;
UPDATE named_app.users SET nick = 'blank' WHERE id = 3;
-- many at once, of which one is refused
SELECT named_app.try('INSERT INTO named_app.users SELECT n, CASE n WHEN 33 THEN ''Ada'' ELSE ''u'' || n END FROM generate_series(30, 35) n');
SELECT count(*) FROM named_app.users;
-- one that nobody has followed
ALTER TABLE named_app.users DISABLE TRIGGER ALL;
INSERT INTO named_app.users VALUES (40, ' ');
ALTER TABLE named_app.users ENABLE TRIGGER ALL;
SELECT key, named_app.plain(problem) AS problem FROM scim.check_binding('named_app.users') WHERE key = '{40}';
INSERT INTO named.users (data) VALUES ('{"userName": "forty"}');
-- externalId, and a resource that has no row
SELECT scim.unbind_table('named_app.users');
DELETE FROM named_app.users WHERE id <> 1;
INSERT INTO named.users (data) VALUES ('{"userName": "fifty"}');
SELECT count(*) AS problems FROM scim.bind_table('User', 'named_app.users', '{"missing": "report", "attributes": {"userName": "login", "nickName": "nick"}}');
SELECT named_app.try('INSERT INTO named_app.users VALUES (50, ''FIFTY'')');
-- no column is userName
SELECT scim.unbind_table('named_app.users');
DELETE FROM named.users;
SELECT side, key, problem FROM scim.bind_table('User', 'named_app.users', '{"attributes": {"nickName": "nick"}}');
SELECT scim.unbind_table('named_app.users');
-- a tenant by its name
SELECT scim.create_tenant('acme') AS acme, scim.create_tenant('zap') AS zap;
CREATE SEQUENCE named_app.ids START 100;
CREATE TABLE named_app.staff (id int PRIMARY KEY DEFAULT nextval('named_app.ids'), company text, login text);
INSERT INTO named_app.staff VALUES (1, 'A', 'ada'), (2, 'Z', 'ada'), (3, 'Q', 'bob');
SELECT named_app.try(format('SELECT scim.bind_table(''User'', ''named_app.staff'', %L)', '{"attributes": {"userName": "login"}, "tenant": ' || t || '}')) FROM unnest(ARRAY['{"name": "nobody"}', '{"name": 7}', '{"name": "acme", "column": "company"}', '{"column": "company", "values": {"nobody": "A"}}', '{"column": "company", "values": {"acme": "A", "2": "Z"}}', '{"column": "company"}', '"company"', '{"name": "1"}']) t;
SELECT side, key, named_app.plain(problem) AS problem FROM scim.bind_table('User', 'named_app.staff', '{"attributes": {"userName": "login"}, "tenant": {"name": "zap"}}') ORDER BY key;
SELECT tenant_id, mapping -> 'tenant' AS tenant FROM named.binding;
SELECT scim.unbind_table('named_app.staff');
SELECT scim.purge(interval '0') IS NOT NULL AS purged FROM (SELECT set_config('scim.tenant', '3', false)) t;
DELETE FROM named.resource;
RESET scim.tenant;
SELECT side, key, problem FROM scim.bind_table('User', 'named_app.staff', '{"attributes": {"userName": "login"}, "tenant": {"column": "company", "values": {"acme": "A", "zap": ["Z", "z"]}}}') ORDER BY key;
SELECT tenant_id, mapping -> 'tenant' AS tenant FROM named.binding;
SELECT tenant_id, user_name FROM named.users WHERE deleted_at IS NULL ORDER BY 1, 2;
-- who may not read the rows of others is not told whose a value is, as of the server's own unique indexes
CREATE ROLE regress_named;
GRANT USAGE ON SCHEMA named_app TO regress_named;
GRANT INSERT ON named_app.staff TO regress_named;
SET ROLE regress_named;
SELECT named_app.try($$INSERT INTO named_app.staff VALUES (90, 'A', 'Ada')$$);
RESET ROLE;
GRANT SELECT (id) ON named_app.staff TO regress_named;
SET ROLE regress_named;
SELECT named_app.try($$INSERT INTO named_app.staff VALUES (90, 'A', 'Ada')$$);
RESET ROLE;
GRANT SELECT (login) ON named_app.staff TO regress_named;
SET ROLE regress_named;
SELECT named_app.try($$INSERT INTO named_app.staff VALUES (90, 'A', 'Ada')$$);
RESET ROLE;
REVOKE SELECT (id, login) ON named_app.staff FROM regress_named;
GRANT SELECT ON named_app.staff TO regress_named;
SET ROLE regress_named;
SELECT named_app.try($$INSERT INTO named_app.staff VALUES (90, 'A', 'Ada')$$);
RESET ROLE;
ALTER TABLE named_app.staff ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON named_app.staff TO regress_named USING (id >= 90);
SET ROLE regress_named;
SELECT named_app.try($$INSERT INTO named_app.staff VALUES (90, 'A', 'Ada')$$);
RESET ROLE;
SELECT named_app.try($$INSERT INTO named_app.staff VALUES (90, 'A', 'Ada')$$);
REVOKE ALL ON named_app.staff FROM regress_named;
REVOKE ALL ON SCHEMA named_app FROM regress_named;
RESET scim.store;
SELECT scim.drop_store('named', true);
DROP SCHEMA named_app CASCADE;
DROP ROLE regress_named;
