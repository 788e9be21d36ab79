-- What a resource must have is nothing that nobody sees: the same on every way in, and no lock for who had it before
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('blanks');
SET scim.store = 'blanks';
CREATE SCHEMA blanks_app;
CREATE TABLE blanks_app.users (id serial PRIMARY KEY, login text UNIQUE);
SELECT status, body::jsonb ->> 'detail' AS detail FROM (VALUES ('  '), (E'\t'), (U&'\2003\200B')) AS x (name), scim.request('POST', '/Users', '{}', jsonb_build_object('userName', name)::text);
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Groups', '{}', '{"displayName": " "}');
SELECT scim.create_resource('User', '{"userName": " "}');
INSERT INTO blanks.users (data) VALUES ('{"userName": " "}');
INSERT INTO blanks.users (user_name) VALUES ('  ');
INSERT INTO blanks.people (user_name) VALUES ('  ');
SELECT problem FROM scim.validate('User', '{"userName": " "}') AS problem;
CREATE TABLE blanks_app.staged ("userName" text);
INSERT INTO blanks_app.staged VALUES (' '), ('seen');
SELECT line, action, problems FROM scim.import('User', 'blanks_app.staged', 'delta', apply => true) ORDER BY line;
SELECT scim.patch_resource('User', id, '[{"op": "replace", "path": "userName", "value": "  "}]') FROM blanks.users;
UPDATE blanks.users SET user_name = '  ';
SELECT scim.bind_table('User', 'blanks_app.users', '{"attributes": {"userName": "login"}}') IS NOT NULL AS bound;
INSERT INTO blanks_app.users VALUES (7, '  ');
SELECT scim.unbind_table('blanks_app.users');
-- who has such a name of old
SELECT id AS old FROM blanks.users \gset
SET session_replication_role = replica;
UPDATE blanks.users SET user_name = '  ', data = jsonb_set(data, '{userName}', '"  "');
RESET session_replication_role;
SELECT status, body::jsonb -> 'active' AS active FROM scim.request('PATCH', '/Users/' || :'old', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": false}]}');
SELECT status, body::jsonb -> 'title' AS title FROM scim.request('PUT', '/Users/' || :'old', '{}', '{"userName": "  ", "title": "x"}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('PUT', '/Users/' || :'old', '{}', '{"userName": "   ", "title": "x"}');
SELECT status FROM scim.request('DELETE', '/Users/' || :'old');
DROP SCHEMA blanks_app CASCADE;
SELECT scim.drop_store('blanks', true);
