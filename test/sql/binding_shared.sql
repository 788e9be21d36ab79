-- Rows of members whose tenant is a column of both keys; keys that change their type; tables that do not work any more beside others that do: scim.bind_table, doc/applications.md
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('shared');
SET scim.store = 'shared';
CREATE SCHEMA shared_app;
CREATE TABLE shared_app.people (org int NOT NULL, code text NOT NULL DEFAULT md5(random()::text), login text NOT NULL, PRIMARY KEY (org, code));
CREATE TABLE shared_app.groups (org int NOT NULL, gname text NOT NULL, PRIMARY KEY (org, gname));
CREATE TABLE shared_app.gm (org int NOT NULL, gname text NOT NULL, code text NOT NULL, PRIMARY KEY (org, gname, code), FOREIGN KEY (org, gname) REFERENCES shared_app.groups ON UPDATE CASCADE ON DELETE CASCADE, FOREIGN KEY (org, code) REFERENCES shared_app.people ON UPDATE CASCADE ON DELETE CASCADE);
CREATE INDEX ON shared_app.gm (org, code);
INSERT INTO shared_app.people VALUES (1, 'a', 'ada'), (1, 'b', 'bob'), (2, 'a', 'ann'), (2, 'c', 'cyd');
INSERT INTO shared_app.groups VALUES (1, 'crew'), (2, 'crew');
INSERT INTO shared_app.gm VALUES (1, 'crew', 'a'), (2, 'crew', 'c');
SELECT * FROM scim.bind_table('User', 'shared_app.people', '{"attributes": {"userName": "login"}, "tenant": 1, "key": ["org", "code"], "attributes": {"userName": "login", "externalId": "code", "title": {"read": "org::text", "write": {"org": "coalesce(value, ''1'')::int"}}}}');
SELECT scim.unbind_table('shared_app.people');
-- without a column of the member's alone it would be nobody's
CREATE FUNCTION shared_app.bind_groups(members jsonb) RETURNS TABLE (side text, key text[], problem text) LANGUAGE sql AS $$
  SELECT side, key, problem FROM scim.bind_table('Group', 'shared_app.groups', jsonb_build_object('key', '["org", "gname"]'::jsonb, 'attributes', jsonb_build_object('displayName', 'gname', 'members', '{"table": "shared_app.gm", "type": "User"}'::jsonb || members, 'externalId', '{"read": "org::text", "write": {"org": "value::int"}}'::jsonb))) $$;
SELECT * FROM scim.bind_table('User', 'shared_app.people', '{"key": ["org", "code"], "attributes": {"userName": "login", "externalId": "code", "title": {"read": "org::text", "write": {"org": "coalesce(value, ''1'')::int"}}}}');
SELECT shared_app.bind_groups('{"key": ["org", "gname"], "member": ["org", "gname"]}');
SELECT * FROM shared_app.bind_groups('{"key": ["org", "gname"], "member": ["org", "code"]}');
CREATE VIEW shared_app.told AS SELECT g.external_id || g.display_name AS name, string_agg(u.user_name, ' ' ORDER BY u.user_name) AS members FROM shared.groups g LEFT JOIN shared.member m ON m.group_id = g.id LEFT JOIN shared.users u ON u.id = m.member_id WHERE g.deleted_at IS NULL GROUP BY 1 ORDER BY 1;
TABLE shared_app.told;
CREATE FUNCTION shared_app.member(op text, g text, person text) RETURNS TABLE (status int, detail text) LANGUAGE sql AS $$
  SELECT r.status, r.body::jsonb ->> 'detail' FROM shared.groups s, shared.users u, scim.request('PATCH', '/Groups/' || s.id, '{"Content-Type": "application/scim+json"}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations',
    jsonb_build_array(CASE op WHEN 'add' THEN jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', u.id))) ELSE jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', u.id)) END))::text) r WHERE s.external_id = g AND u.user_name = person $$;
SELECT * FROM shared_app.member('add', '1', 'bob');
SELECT * FROM shared_app.member('remove', '1', 'ada');
SELECT * FROM shared_app.member('add', '1', 'ann');
INSERT INTO shared_app.gm VALUES (2, 'crew', 'a');
UPDATE shared_app.people SET code = 'z' WHERE login = 'cyd';
UPDATE shared_app.groups SET gname = 'board' WHERE org = 2;
TABLE shared_app.gm ORDER BY 1, 2, 3;
TABLE shared_app.told;
SELECT * FROM scim.check_binding();
-- a table that does not work any more, and the others
ALTER TABLE shared_app.people RENAME login TO name;
UPDATE shared.groups SET data = data WHERE false;
SELECT bound, side, problem FROM scim.check_binding();
SELECT scim.check_binding('shared_app.people');
ALTER TABLE shared_app.people RENAME name TO login;
SELECT * FROM scim.check_binding();
SELECT scim.unbind_table('shared_app.groups'), scim.unbind_table('shared_app.people');
DELETE FROM shared.groups; DELETE FROM shared.users;
-- a column that nobody can write holds no key of others
CREATE TABLE shared_app.users (id int PRIMARY KEY, login text NOT NULL);
CREATE TABLE shared_app.mails (n int, user_id int GENERATED ALWAYS AS (n) STORED, address text);
SELECT scim.bind_table('User', 'shared_app.users', '{"attributes": {"userName": "login", "externalId": {"read": "id::text", "write": {"id": "value::int"}}, "emails": {"table": "shared_app.mails", "key": "user_id", "columns": {"value": "address"}}}}');
CREATE TABLE shared_app.rows (team int, n int, person int GENERATED ALWAYS AS (n) STORED);
CREATE TABLE shared_app.teams (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
SELECT scim.bind_table('Group', 'shared_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "shared_app.rows", "key": "team", "member": "person"}}}');
-- the key of a table with partitions changes its type, and what "gone" is about
CREATE TABLE shared_app.parts (area int NOT NULL DEFAULT 1, id int NOT NULL DEFAULT 0, login text NOT NULL, state varchar(5) DEFAULT 'here', PRIMARY KEY (area, id)) PARTITION BY LIST (area);
CREATE TABLE shared_app.part_1 PARTITION OF shared_app.parts FOR VALUES IN (1);
CREATE TABLE shared_app.part_2 PARTITION OF shared_app.parts FOR VALUES IN (2);
INSERT INTO shared_app.parts VALUES (1, 1, 'one'), (1, 2, 'two'), (1, 3, 'three');
SELECT * FROM scim.bind_table('User', 'shared_app.parts', '{"attributes": {"userName": "login"}, "gone": "state = ''gone''", "delete": {"set": {"state": "''gone''"}}}') WHERE side = 'table';
CREATE TABLE shared_app.before AS SELECT id, user_name FROM shared.users WHERE deleted_at IS NULL;
ALTER TABLE shared_app.parts ALTER id TYPE bigint, ALTER state TYPE text;
UPDATE shared_app.parts SET id = 3000000000 WHERE id = 1;
UPDATE shared_app.parts SET area = 2, id = 20 WHERE id = 2;
BEGIN; SET CONSTRAINTS shared_app.scim_binding DEFERRED;
UPDATE shared_app.parts SET area = 2 WHERE id = 3;
UPDATE shared_app.parts SET id = 30 WHERE id = 3;
UPDATE shared_app.parts SET area = 1, id = 31 WHERE id = 30;
COMMIT;
SELECT l.key, b.user_name, b.id = u.id AS same FROM shared_app.before b JOIN shared.users u USING (user_name) JOIN shared.binding_link l ON l.resource_id = u.id WHERE u.deleted_at IS NULL ORDER BY 2;
UPDATE shared_app.parts SET state = 'gone';
SELECT count(*) FROM shared.users WHERE deleted_at IS NULL;
SELECT scim.unbind_table('shared_app.parts');
-- what "write" of several attributes cannot make is said of them; a trigger that is put off names its table
CREATE TABLE shared_app.staff (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, login text NOT NULL, boss int, level int);
CREATE FUNCTION shared_app.no_robots() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.login LIKE 'robot%' THEN RAISE 'robots are nobody'; END IF; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER no_robots AFTER INSERT OR UPDATE ON shared_app.staff DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shared_app.no_robots();
SELECT * FROM scim.bind_table('User', 'shared_app.staff', '{"attributes": {"userName": "login", "nickName": {"read": "boss::text", "write": {"boss": "value::int"}}, "title": {"read": "level::text", "write": {"level": "value::int"}}}}') WHERE side = 'table';
CREATE FUNCTION shared_app.asked(method text, target text, body text) RETURNS TABLE (status text, detail text) LANGUAGE sql AS $$
  SELECT coalesce(o ->> 'status', r.status::text), coalesce(o -> 'response' ->> 'detail', r.body::jsonb ->> 'detail') FROM scim.request(method, target, '{"Content-Type": "application/scim+json"}', body) r LEFT JOIN LATERAL jsonb_array_elements(r.body::jsonb -> 'Operations') o ON true $$;
SELECT * FROM shared_app.asked('POST', '/Users', '{"userName": "dan", "nickName": "nobody", "title": "1"}');
SELECT * FROM shared_app.asked('POST', '/Users', '{"userName": "robot 1"}');
SELECT * FROM shared_app.asked('POST', '/Bulk', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "robot 2"}}]}');
SELECT scim.unbind_table('shared_app.staff');
SELECT scim.drop_store('shared', true);
DROP SCHEMA shared_app CASCADE;
RESET scim.store;
