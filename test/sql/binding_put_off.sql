-- What constraints put off until the end of the transaction is told of the row that it is about: by scim.import, in a bulk request, when a table is bound; keys are never put off
SET client_min_messages = error;
\set VERBOSITY terse
SELECT scim.create_store('waiting');
SET scim.store = 'waiting';
CREATE SCHEMA waiting_app;
CREATE TABLE waiting_app.departments (name text PRIMARY KEY);
INSERT INTO waiting_app.departments VALUES ('Research');
CREATE TABLE waiting_app.users (id text, email text NOT NULL, nick text, department text, room int4range,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT nick_once UNIQUE (nick) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT department_there FOREIGN KEY (department) REFERENCES waiting_app.departments DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT room_alone EXCLUDE USING gist (room WITH &&) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE waiting_app.mails (user_id text NOT NULL REFERENCES waiting_app.users DEFERRABLE INITIALLY DEFERRED, address text NOT NULL, CONSTRAINT address_once UNIQUE (address) DEFERRABLE INITIALLY DEFERRED);
-- what refers to a person comes before the person
CREATE TABLE waiting_app.profiles (user_id text NOT NULL CONSTRAINT profile_of_user REFERENCES waiting_app.users DEFERRABLE INITIALLY DEFERRED);
CREATE FUNCTION waiting_app.make_profile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO waiting_app.profiles VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER profile BEFORE INSERT ON waiting_app.users FOR EACH ROW EXECUTE FUNCTION waiting_app.make_profile();
CREATE FUNCTION waiting_app.no_robots() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.email LIKE 'robot%' THEN RAISE 'robots are nobody'; END IF; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER no_robots AFTER INSERT OR UPDATE ON waiting_app.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION waiting_app.no_robots();
CREATE TABLE waiting_app.orders (user_id text CONSTRAINT order_of_user REFERENCES waiting_app.users DEFERRABLE INITIALLY DEFERRED, scim_id uuid CONSTRAINT order_of_resource REFERENCES waiting.users (id) DEFERRABLE INITIALLY DEFERRED);
-- what is there already: rows of resources that the table refuses, and none of the others
SELECT count(*) AS made FROM generate_series(1, 4) n, scim.create_resource('User', jsonb_build_object('externalId', 'old' || n, 'userName', 'old' || n, 'nickName', 'old' || (n + 1) / 2));
CREATE FUNCTION waiting_app.bind() RETURNS TABLE (side text, is_resource boolean, problem text) LANGUAGE sql AS $$
  SELECT side, resource_id IS NOT NULL, problem FROM scim.bind_table('User', 'waiting_app.users', '{"attributes": {"externalId": "id", "userName": "email", "nickName": "nick", "title": {"read": "room::text", "write": {"room": "value::int4range"}},
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "department", "emails": {"table": "waiting_app.mails", "key": "user_id", "columns": {"value": "address"}}}}') $$;
SELECT * FROM waiting_app.bind();
SELECT id, nick FROM waiting_app.users ORDER BY id;
DELETE FROM waiting_app.profiles;
DELETE FROM waiting.users;
SELECT count(*) FROM waiting_app.users;
-- scim.import: each line alone
CREATE TABLE waiting_app.feed (_line int, "externalId" text, "userName" text, "nickName" text, title text, department text, "emails.value" text);
INSERT INTO waiting_app.feed VALUES (1, '1', 'ada', 'a', '[1,3)', 'Research', 'ada@example.com'), (2, '2', 'bob', 'a', NULL, 'Research', NULL), (3, '3', 'cyd', 'c', '[2,4)', NULL, NULL), (4, '4', 'dan', 'd', NULL, 'Sales', NULL),
  (5, '5', 'eve', 'e', NULL, NULL, 'ada@example.com'), (6, '6', 'robot 6', NULL, NULL, NULL, NULL), (7, '7', 'fay', 'f', '[3,5)', 'Research', 'fay@example.com');
SELECT line, key, action, problems FROM scim.import('User', 'waiting_app.feed', match => 'externalId', apply => true) ORDER BY line;
SELECT u.id, u.email, u.nick, u.room, (SELECT count(*) FROM waiting_app.profiles p WHERE p.user_id = u.id) AS profiles FROM waiting_app.users u ORDER BY u.id;
-- who is free at the end gets it, whichever comes first
UPDATE waiting_app.feed SET "nickName" = CASE "nickName" WHEN 'a' THEN 'f' ELSE 'a' END WHERE "externalId" IN ('1', '7');
SELECT line, key, action FROM scim.import('User', 'SELECT * FROM waiting_app.feed WHERE "externalId" IN (''1'', ''7'')', match => 'externalId', apply => true, force => true) ORDER BY line;
-- changed and ended: by who refers to them
UPDATE waiting.policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'User' AND kind = 'delete';
INSERT INTO waiting_app.orders SELECT '1' UNION ALL SELECT NULL;
UPDATE waiting_app.orders SET scim_id = (SELECT id FROM waiting.users WHERE external_id = '7') WHERE user_id IS NULL;
SELECT count(*) AS made FROM generate_series(20, 22) n, scim.create_resource('User', jsonb_build_object('externalId', n::text, 'userName', 'user' || n));
DELETE FROM waiting_app.profiles;
SELECT line, key, action, problems FROM scim.import('User', 'SELECT 1 AS _line, ''20'' AS "externalId", ''user20'' AS "userName", ''a'' AS "nickName"', match => 'externalId', mode => 'full', missing => 'delete', apply => true, force => true) ORDER BY line, key;
SELECT id FROM waiting_app.users ORDER BY id;
-- what somebody else has put off is no row's
BEGIN;
INSERT INTO waiting_app.orders VALUES ('nobody');
SELECT line, key, action FROM scim.import('User', 'SELECT ''30'' AS "externalId", ''user30'' AS "userName"', match => 'externalId', apply => true);
ROLLBACK;
-- and afterwards tables that are bound are as their application made them
BEGIN;
SELECT action FROM scim.import('User', 'SELECT ''31'' AS "externalId", ''user31'' AS "userName"', match => 'externalId', apply => true);
INSERT INTO waiting_app.users (id, email, nick) VALUES ('32', 'user32', 'a');
UPDATE waiting_app.users SET nick = 'z' WHERE id = '32';
COMMIT;
-- a bulk request: each operation alone, and the next like the first
CREATE FUNCTION waiting_app.asked(method text, target text, body jsonb) RETURNS TABLE (status text, detail text) LANGUAGE sql AS $$
  SELECT coalesce(o ->> 'status', r.status::text), coalesce(o -> 'response' ->> 'detail', r.body::jsonb ->> 'detail')
  FROM scim.request(method, target, '{"Content-Type": "application/scim+json"}', body::text) r LEFT JOIN LATERAL jsonb_array_elements(r.body::jsonb -> 'Operations') WITH ORDINALITY o (o, n) ON true ORDER BY n $$;
SELECT * FROM waiting_app.asked('POST', '/Bulk', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations',
  (SELECT jsonb_agg(jsonb_build_object('method', 'POST', 'path', '/Users', 'bulkId', n::text, 'data', jsonb_build_object('externalId', 'bulk' || n, 'userName', CASE n WHEN 4 THEN 'robot' ELSE 'bulk' || n END, 'nickName', 'bulk' || CASE n WHEN 5 THEN 1 ELSE n END,
    'emails', '[]'::jsonb || jsonb_build_object('value', 'bulk' || n % 5)))) FROM generate_series(1, 6) n)));
SELECT id, nick, (SELECT address FROM waiting_app.mails WHERE user_id = id) AS address FROM waiting_app.users WHERE id LIKE 'bulk%' ORDER BY id;
-- members of groups
CREATE TABLE waiting_app.teams (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE waiting_app.members (team_id int NOT NULL, user_id text NOT NULL, CONSTRAINT one_team UNIQUE (user_id) DEFERRABLE INITIALLY DEFERRED);
SELECT * FROM scim.bind_table('Group', 'waiting_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "waiting_app.members", "key": "team_id", "member": "user_id", "type": "User"}}}');
SELECT a.* FROM unnest('{Crew,Board}'::text[]) n, waiting_app.asked('POST', '/Groups', jsonb_build_object('displayName', n, 'members', jsonb_build_array(jsonb_build_object('value', (SELECT id FROM waiting.users WHERE external_id = '31'))))) a;
SELECT line, key, action, problems FROM scim.import('Group', $$ VALUES (1, 'Board', 'user31'), (2, 'Staff', 'user20') $$, mapping => '{"column1": "_line", "column2": "displayName", "column3": "members"}', apply => true) ORDER BY line;
SELECT t.name, m.user_id FROM waiting_app.members m JOIN waiting_app.teams t ON t.id = m.team_id ORDER BY 1;
-- keys: a row that SCIM makes or changes does not take that of another one, bound or not
SELECT scim.unbind_table('waiting_app.teams'), scim.unbind_table('waiting_app.users');
DELETE FROM waiting.groups; DELETE FROM waiting_app.orders; DELETE FROM waiting.users;
CREATE TABLE waiting_app.sites (id text PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, email text NOT NULL);
INSERT INTO waiting_app.sites VALUES ('31', 'user31'), ('32', 'user32');
SELECT * FROM scim.bind_table('User', 'waiting_app.sites', '{"attributes": {"externalId": "id", "userName": "email"}}');
ALTER TABLE waiting_app.sites DISABLE TRIGGER scim_binding;
INSERT INTO waiting_app.sites (id, email) VALUES ('outside', 'outside');
ALTER TABLE waiting_app.sites ENABLE TRIGGER scim_binding;
SELECT n, a.status, a.detail FROM unnest('{31,outside,free}'::text[]) n, waiting_app.asked('POST', '/Users', jsonb_build_object('userName', 'new of ' || n, 'externalId', n)) a;
SELECT n, a.status, a.detail FROM unnest('{31,outside,moved}'::text[]) n, waiting_app.asked('PATCH', '/Users/' || (SELECT id FROM waiting.users WHERE user_name = 'user32' AND deleted_at IS NULL), jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb,
  'Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'externalId', 'value', n)))) a;
SELECT line, key, action, problems FROM scim.import('User', $$ VALUES (1, 'x', 'outside'), (2, 'y', 'free2') $$, mapping => '{"column1": "_line", "column2": "userName", "column3": "externalId"}', match => 'userName', apply => true) ORDER BY line;
-- an application's own as well
INSERT INTO waiting_app.sites (id, email) VALUES ('31', 'again');
SELECT id, email FROM waiting_app.sites ORDER BY id;
SELECT key FROM scim.check_binding();
SELECT scim.unbind_table('waiting_app.sites');
SELECT scim.drop_store('waiting');
DROP SCHEMA waiting_app CASCADE;
RESET scim.store;
