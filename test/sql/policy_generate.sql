-- What the policy "generate" makes nothing of, where it has to be there: refused, and not stored without it; whoever had it before goes on
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('made');
SET scim.store = 'made';
CREATE FUNCTION pg_temp.ask(method text, target text, body jsonb) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', r.status, r.body::jsonb ->> 'scimType', r.body::jsonb ->> 'detail', r.body::jsonb ->> 'userName', r.body::jsonb ->> 'displayName') FROM scim.request(method, target, '{"Content-Type": "application/scim+json"}', body::text) r $$;
CREATE FUNCTION pg_temp.patch(VARIADIC operations jsonb[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', to_jsonb(operations)) $$;
SELECT '/Users/' || (scim.create_resource('User', '{"userName": "before"}') ->> 'id') AS before \gset
INSERT INTO made.policy (resource_type, kind, settings) VALUES ('User', 'generate', '{"attributes": {"userName": "{nickName}"}}'), ('Group', 'generate', '{"attributes": {"displayName": "{externalId}"}}');
SELECT pg_temp.ask('POST', '/Users', '{"userName": "x"}');
SELECT pg_temp.ask('POST', '/Users', '{}');
SELECT pg_temp.ask('POST', '/Users', '{"nickName": "nn"}');
SELECT pg_temp.ask('POST', '/Groups', '{"displayName": "x"}');
SELECT pg_temp.ask('POST', '/Groups', '{"externalId": "x"}');
SELECT '/Users/' || id AS made FROM made.users WHERE user_name = 'nn' \gset
SELECT pg_temp.ask('PATCH', :'made', pg_temp.patch('{"op": "remove", "path": "nickName"}'));
SELECT pg_temp.ask('PUT', :'made', '{"userName": "other"}');
SELECT pg_temp.ask('PATCH', :'made', pg_temp.patch('{"op": "replace", "path": "nickName", "value": "n2"}'));
INSERT INTO made.users (data) VALUES ('{"userName": "sql"}');
UPDATE made.users SET data = data - 'nickName' WHERE user_name = 'n2';
-- who had one before the policy
SELECT pg_temp.ask('PATCH', :'before', pg_temp.patch('{"op": "add", "path": "title", "value": "t"}'));
SELECT pg_temp.ask('PUT', :'before', '{"userName": "before", "title": "u"}');
SELECT pg_temp.ask('PATCH', :'before', pg_temp.patch('{"op": "replace", "path": "active", "value": false}'));
SELECT pg_temp.ask('PATCH', :'before', pg_temp.patch('{"op": "add", "path": "nickName", "value": "named"}'));
SELECT user_name, data - 'schemas' AS data FROM made.users ORDER BY 1;
SELECT * FROM scim.validate_store();
SELECT scim.drop_store('made', true);
