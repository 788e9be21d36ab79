-- What a write refuses because of resources of another type, which credentials may not read: errors tell neither who these are nor their values
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('cascade');
SET scim.store = 'cascade';
SELECT scim.register_schema('{"id": "urn:example:Box", "name": "Box", "attributes": [{"name": "name", "required": true}, {"name": "code"}, {"name": "owner", "type": "reference", "referenceTypes": ["User", "Group"]}, {"name": "size"}, {"name": "label"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Box", "endpoint": "/Boxes", "schema": "urn:example:Box"}') ->> 'name' AS type;
CREATE TEMP TABLE token AS SELECT name, t.secret FROM (VALUES ('all', NULL), ('user', '{User}'), ('user, reads more', '{User,Box:read,Group:read}'), ('group', '{Group}')) v (name, scopes), scim.create_token(name, scopes => scopes::text[]) t;
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.patch(operation jsonb) RETURNS text LANGUAGE sql AS $$ SELECT jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', jsonb_build_array(operation))::text $$;
-- what credentials are answered; nothing stays
CREATE FUNCTION pg_temp.ask(who text, method text, target text, body text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
    answer text;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = who;
    reply := scim.request(method, target, '{}', body);
    answer := concat_ws(' ', reply.status, reply.body::jsonb ->> 'scimType', coalesce(reply.body::jsonb ->> 'detail', reply.body::jsonb -> 'body' ->> 'detail', reply.body));
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN replace(answer, '00000000-0000-7000-8000-0000000000', '');
END $$;
INSERT INTO cascade.users (id, data) VALUES (pg_temp.id(1), '{"userName": "ada"}'), (pg_temp.id(2), '{"userName": "bob"}');
INSERT INTO cascade.groups (id, data) VALUES (pg_temp.id(31), '{"displayName": "Owners"}');

-- a reference that cannot be cleared: by a policy of who refers, by a trigger that says so, or that does nothing
INSERT INTO cascade.policy (resource_type, kind, settings) VALUES
    ('Box', 'reference', '{"attributes": {"owner": {"type": ["User", "Group"], "onDelete": "clear"}}}'), ('Box', 'generate', '{"attributes": {"label": "{owner|code}"}}'), ('Box', 'unique', '{"attributes": ["label"]}');
INSERT INTO cascade.resource (resource_type, id, data) VALUES ('Box', pg_temp.id(11), '{"name": "kept", "code": "hidden code"}'),
    ('Box', pg_temp.id(12), jsonb_build_object('name', 'one', 'code', 'hidden code', 'owner', pg_temp.id(2))), ('Box', pg_temp.id(13), jsonb_build_object('name', 'two', 'code', 'hidden code', 'owner', pg_temp.id(31)));
CREATE FUNCTION pg_temp.leaves() RETURNS TABLE (who text, answer text) LANGUAGE sql AS $$
    SELECT t.name, pg_temp.ask(t.name, 'DELETE', CASE t.name WHEN 'group' THEN '/Groups/' || pg_temp.id(31) ELSE '/Users/' || pg_temp.id(2) END) FROM token t ORDER BY 1 $$;
SELECT * FROM pg_temp.leaves();
SELECT pg_temp.ask('user', 'POST', '/.preview', format('{"schemas": ["urn:scim:params:preview:request"], "method": "DELETE", "path": "/Users/%s"}', pg_temp.id(2))) AS preview;
-- in SQL as well
BEGIN;
SELECT scim.authenticate('Bearer ' || secret) AS tenant FROM token WHERE name = 'user';
SELECT scim.delete_resource('User', pg_temp.id(2)::text);
ROLLBACK;
DELETE FROM cascade.policy WHERE kind = 'unique';
CREATE FUNCTION cascade.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF current_setting('keep.silent') = 't' THEN RETURN NULL; END IF; RAISE EXCEPTION '% is kept', NEW.data ->> 'code' USING ERRCODE = current_setting('keep.state'); END $$;
CREATE TRIGGER keep BEFORE UPDATE ON cascade.resource FOR EACH ROW WHEN (NEW.resource_type = 'Box') EXECUTE FUNCTION cascade.keep();
SET keep.silent = 't';
SELECT * FROM pg_temp.leaves();
SET keep.silent = 'f'; SET keep.state = 'P0001';
SELECT * FROM pg_temp.leaves();
-- 503 is no fault of who deletes, and stays what it is
SET keep.state = 'SC503';
SELECT * FROM pg_temp.leaves();
DROP TRIGGER keep ON cascade.resource;
-- of who refers at all only the type is told
UPDATE cascade.policy SET settings = '{"attributes": {"owner": {"type": ["User", "Group"], "onDelete": "restrict"}}}' WHERE kind = 'reference' AND resource_type = 'Box';
SELECT * FROM pg_temp.leaves();
UPDATE cascade.policy SET enabled = false WHERE kind = 'reference' AND resource_type = 'Box';

-- the last member of a group that must keep some
INSERT INTO cascade.groups (id, data) VALUES (pg_temp.id(32), jsonb_build_object('displayName', 'Vault', 'members', jsonb_build_array(jsonb_build_object('value', pg_temp.id(1)))));
INSERT INTO cascade.policy (resource_type, kind, settings) VALUES ('Group', 'guard', '{"group": "displayName eq \"Vault\""}');
SELECT t.name, pg_temp.ask(t.name, method, '/Users/' || pg_temp.id(1), body) AS answer
FROM token t, (VALUES ('DELETE', NULL), ('PATCH', pg_temp.patch('{"op": "replace", "path": "active", "value": false}'))) v (method, body) WHERE t.name <> 'group' ORDER BY 1, method;
SELECT pg_temp.ask(t.name, 'PATCH', '/Groups/' || pg_temp.id(32), pg_temp.patch('{"op": "remove", "path": "members"}')) AS answer, pg_temp.ask(t.name, 'PATCH', '/Groups/' || pg_temp.id(32), pg_temp.patch('{"op": "replace", "path": "displayName", "value": "x"}')) AS renamed FROM token t WHERE t.name = 'group';

-- what is unique may follow from what an endpoint does not show
INSERT INTO cascade.endpoint (name, methods, path, resource_type, action, settings) VALUES ('titles', '{PATCH}', '/api/titles/{userName}', 'User', 'merge', '{"fields": {"login": "userName", "title": "title"}}');
INSERT INTO token SELECT name, t.secret FROM (VALUES ('endpoint', '{endpoint:titles,write}'), ('endpoint and user', '{endpoint:titles,User}')) v (name, scopes), scim.create_token(name, scopes => scopes::text[]) t;
INSERT INTO cascade.policy (resource_type, kind, settings) VALUES ('User', 'generate', '{"attributes": {"displayName": "{title} {nickName}"}}'), ('User', 'unique', '{"attributes": ["displayName"]}');
INSERT INTO cascade.users (data) VALUES ('{"userName": "cyd", "nickName": "hidden", "title": "t"}'), ('{"userName": "dan", "nickName": "hidden", "title": "s"}');
SELECT t.name, pg_temp.ask(t.name, 'PATCH', '/api/titles/cyd', '{"title": "s"}') AS answer FROM token t WHERE t.name = 'all' OR t.name ~ '^endpoint' ORDER BY 1;
UPDATE cascade.policy SET enabled = false WHERE kind IN ('generate', 'unique') AND resource_type = 'User';
INSERT INTO cascade.users (data) VALUES ('{"userName": "eve@hidden", "emails": [{"value": "eve@hidden"}]}');
UPDATE cascade.policy SET enabled = true WHERE kind = 'identity';
SELECT t.name, pg_temp.ask(t.name, 'PATCH', '/api/titles/eve@hidden', '{"login": "x"}') AS answer FROM token t WHERE t.name = 'all' OR t.name ~ '^endpoint' ORDER BY 1;
UPDATE cascade.policy SET enabled = false WHERE kind = 'identity';
DELETE FROM cascade.users WHERE user_name IN ('cyd', 'dan', 'eve@hidden');
DELETE FROM token WHERE name ~ '^endpoint';

-- tables of an application: what its foreign key does to a bound row that belongs to somebody else
DELETE FROM cascade.policy WHERE kind = 'generate' AND resource_type = 'Box';
DELETE FROM cascade.resource WHERE resource_type = 'Box';
DELETE FROM cascade.resource WHERE resource_type = 'Box';
CREATE SCHEMA cascade_app;
CREATE TABLE cascade_app.users (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE cascade_app.boxes (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text NOT NULL, code text, size int, owner int REFERENCES cascade_app.users ON DELETE SET NULL, label text GENERATED ALWAYS AS (coalesce(owner::text, code)) STORED);
INSERT INTO cascade_app.users VALUES (101, 'ada'), (102, 'bob');
INSERT INTO cascade_app.boxes (id, name, code, owner) VALUES (101, 'free', 'code in hiding', NULL), (102, 'his', 'code in hiding', 102);
SELECT * FROM scim.bind_table('User', 'cascade_app.users', '{"attributes": {"userName": "name"}}');
SELECT * FROM scim.bind_table('Box', 'cascade_app.boxes', '{"attributes": {"name": "name", "code": "code", "size": "size", "label": {"read": "t.label"}}}');
INSERT INTO cascade.policy (resource_type, kind, settings) VALUES ('Box', 'unique', '{"attributes": ["label"]}');
SELECT t.name, pg_temp.ask(t.name, 'DELETE', '/Users/' || pg_temp.id(2)) AS answer FROM token t WHERE t.name <> 'group' ORDER BY 1;
-- and what the table refuses, of what a trigger in the store has written
CREATE FUNCTION cascade.measure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE cascade.resource SET data = data || '{"size": "hidden size"}' WHERE resource_type = 'Box' AND data ->> 'name' = 'his'; RETURN NULL; END $$;
CREATE TRIGGER measure AFTER UPDATE ON cascade.users FOR EACH ROW EXECUTE FUNCTION cascade.measure();
SELECT t.name, pg_temp.ask(t.name, 'PATCH', '/Users/' || pg_temp.id(2), pg_temp.patch('{"op": "add", "path": "title", "value": "x"}')) AS answer FROM token t WHERE t.name <> 'group' ORDER BY 1;

SELECT scim.drop_store('cascade', true);
DROP SCHEMA cascade_app CASCADE;
