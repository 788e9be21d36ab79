-- What is indexed has a length, and the error says which column it is about; an index of one's own is one's own.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SELECT scim.create_store('lengths');
SET scim.store = 'lengths';
-- texts that do not compress
CREATE FUNCTION pg_temp.long(bytes int) RETURNS text LANGUAGE sql AS $$ SELECT left(string_agg(encode(sha256(n::text::bytea), 'hex'), ''), bytes) FROM generate_series(1, bytes / 64 + 1) n $$;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE constraint_name text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS constraint_name = CONSTRAINT_NAME;
    RETURN concat_ws(' ', sqlstate, CASE WHEN constraint_name <> '' THEN constraint_name ELSE regexp_replace(sqlerrm, '[0-9a-f]{60,}', '...', 'g') END);
END $$;
CREATE TABLE pg_temp.way (n int GENERATED ALWAYS AS IDENTITY, place text, statement text);
INSERT INTO pg_temp.way (place, statement) VALUES
    ('policy.resource_type', $$INSERT INTO lengths.policy (resource_type, kind, enabled) VALUES ('LONG', 'canonical', false)$$),
    ('policy.kind', $$INSERT INTO lengths.policy (resource_type, kind, enabled) VALUES ('User', 'LONG', false)$$),
    ('policy.name', $$INSERT INTO lengths.policy (resource_type, kind, name, enabled) VALUES ('User', 'canonical', 'LONG', false)$$),
    ('authentication_scheme.scheme', $$INSERT INTO lengths.authentication_scheme (scheme, keyword, credential, type) VALUES ('LONG', 'x', 'token', 'oauth')$$),
    ('authentication_scheme.keyword', $$INSERT INTO lengths.authentication_scheme (scheme, keyword, credential, type) VALUES ('y', 'LONG', 'token', 'oauth')$$),
    ('authentication_scheme.credential', $$INSERT INTO lengths.authentication_scheme (scheme, keyword, credential, type) VALUES ('y', 'y', 'LONG', 'oauth')$$),
    ('endpoint.name', $$INSERT INTO lengths.endpoint (name, methods, path, resource_type, action) VALUES ('LONG', '{GET}', '/x/{id}', 'User', 'read')$$),
    ('endpoint.path', $$INSERT INTO lengths.endpoint (methods, path, resource_type, action) VALUES ('{GET}', '/x/{id}/LONG', 'User', 'read')$$),
    ('schema.id', $$SELECT scim.register_schema('{"id": "urn:LONG", "name": "x", "attributes": [{"name": "x"}]}')$$),
    ('schema.id', $$INSERT INTO lengths.schema (document) VALUES ('{"id": "urn:LONG", "name": "x", "attributes": [{"name": "x"}]}')$$),
    ('resource_type.name', $$INSERT INTO lengths.resource_type (document) VALUES ('{"name": "LONG", "endpoint": "/Xs", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}')$$),
    ('unique_value.attribute', $$INSERT INTO lengths.unique_value VALUES (1, 'User', 'LONG', 'x', gen_random_uuid())$$),
    ('unique_value.value', $$INSERT INTO lengths.unique_value VALUES (1, 'User', 'x', 'LONG', gen_random_uuid())$$),
    ('unique_value.resource_type', $$INSERT INTO lengths.unique_value VALUES (1, 'LONG', 'x', 'x', gen_random_uuid())$$),
    ('secret.purpose', $$INSERT INTO lengths.secret VALUES ('LONG', 'x')$$),
    ('client.name', $$INSERT INTO lengths.client (name, scheme, hash) VALUES ('LONG', 'Bearer', sha256('x'))$$),
    ('users.user_name', $$INSERT INTO lengths.users (data) VALUES ('{"userName": "LONG"}')$$),
    ('users.external_id', $$INSERT INTO lengths.users (user_name, external_id, data) VALUES ('x', 'LONG', '{}')$$),
    ('groups.display_name', $$INSERT INTO lengths.groups (data) VALUES ('{"displayName": "LONG"}')$$),
    ('member.value', $$INSERT INTO lengths.member (group_id, value, member_id) SELECT id, 'LONG', scim.member_key('LONG') FROM lengths.groups$$),
    ('consumer.name', $$SELECT scim.create_consumer('LONG')$$), ('consumer.channel', $$SELECT scim.create_consumer('c', channel => 'LONG')$$), ('tenant.base_url', $$UPDATE lengths.tenant SET base_url = 'https://x.org/LONG'$$),
    ('setting.name', $$INSERT INTO lengths.setting (name, value) VALUES ('LONG', '1')$$), ('setting.resource_type', $$INSERT INTO lengths.setting (name, resource_type, value) VALUES ('max_results', 'LONG', '1')$$),
    ('client_failure.key', $$INSERT INTO lengths.client_failure VALUES (1, 'LONG', 1, now())$$), ('tenant_role.role', $$INSERT INTO lengths.tenant_role (role) VALUES ('LONG')$$), ('recovery_code.name', $$INSERT INTO lengths.recovery_code SELECT 1, id, 'LONG', sha256(''), now(), now() FROM lengths.users$$),
    -- not indexed
    ('tenant.name', $$INSERT INTO lengths.tenant VALUES (7, 'LONG') ON CONFLICT DO NOTHING$$), ('token.description', $$SELECT scim.create_token('LONG')$$);
SELECT place, pg_temp.try(replace(statement, 'LONG', pg_temp.long(2000))) AS "2000", pg_temp.try(replace(statement, 'LONG', pg_temp.long(9000))) AS "9000" FROM pg_temp.way ORDER BY n;

-- The table of a resource type: its indexes have names that begin with its own
SELECT length, pg_temp.try(format($$SELECT scim.register_resource_type('{"name": "T%1$s", "endpoint": "/T%1$s", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}', table_name => %2$L)$$, length, repeat('t', length)))
FROM unnest(ARRAY[40, 60, 61, 63]) length;

-- An index of one's own: to a client it is a rule like any other
CREATE INDEX own_title ON lengths.users (tenant_id, (data ->> 'title'));
INSERT INTO lengths.users (data) VALUES ('{"userName": "there"}') RETURNING id AS there \gset
SELECT bytes, method, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM (VALUES (2000), (3000), (9000)) b (bytes), (VALUES (1, 'POST', '/Users', '{"userName": "long%s", "title": "%s"}'), (2, 'PUT', '/Users/' || :'there', '{"userName": "there%s", "title": "%s"}')) m (n, method, target, request),
    scim.request(method, target, '{}', format(request, bytes, pg_temp.long(bytes)))
ORDER BY n, bytes;
SELECT pg_temp.try(format('SELECT scim.create_resource(''User'', %L)', jsonb_build_object('userName', 'f' || bytes, 'title', pg_temp.long(bytes)))) AS create_resource FROM (VALUES (3000), (9000)) b (bytes);
CREATE INDEX own_words ON lengths.users USING gin ((ARRAY[data ->> 'nickName']));
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', format('{"userName": "gin", "nickName": "%s"}', pg_temp.long(9000)));

-- The key of a row of a bound table, all its columns together, whoever writes it; what the table's own index refuses says which attribute it is about
DROP INDEX lengths.own_title, lengths.own_words;
CREATE SCHEMA lengths_app;
CREATE TABLE lengths_app.one (k text PRIMARY KEY, login text UNIQUE);
CREATE TABLE lengths_app.three (a text, b text, c text, login text UNIQUE, PRIMARY KEY (a, b, c));
INSERT INTO lengths_app.one VALUES (pg_temp.long(2680), 'one'), (pg_temp.long(2048), 'fits');
SELECT regexp_replace(key::text, '[0-9a-f]{60,}', '...') AS key, problem FROM scim.bind_table('User', 'lengths_app.one', '{"missing": "report", "attributes": {"userName": "login", "title": "k"}}') WHERE side = 'table';
SELECT bytes, status, regexp_replace(body::jsonb ->> 'detail', '[0-9a-f]{60,}', '...') AS detail FROM unnest(ARRAY[2049, 2600, 2700, 9000]) bytes, scim.request('POST', '/Users', '{}', jsonb_build_object('userName', 'k' || bytes, 'title', 'x' || pg_temp.long(bytes - 1))::text);
INSERT INTO lengths_app.one VALUES ('y' || pg_temp.long(2600), 'new');
INSERT INTO lengths_app.one VALUES ('short', 'short');
UPDATE lengths_app.one SET k = 'y' || pg_temp.long(2600) WHERE k = 'short';
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM lengths.users, scim.request('PATCH', '/Users/' || id, '{}', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'title', 'value', 'z' || pg_temp.long(2100))))::text) r WHERE user_name = 'short';
-- one that was never taken in stays what it is, and is taken in when it is short
SET client_min_messages = error;
UPDATE lengths_app.one SET login = 'still' WHERE login = 'one';
RESET client_min_messages;
UPDATE lengths_app.one SET k = 'taken in' WHERE login = 'still';
SELECT user_name, length(data ->> 'title') AS title FROM lengths.users WHERE user_name IN (SELECT login FROM lengths_app.one) ORDER BY user_name;
SELECT scim.unbind_table('lengths_app.one');
SELECT count(*) FROM scim.bind_table('User', 'lengths_app.three', '{"missing": "report", "attributes": {"userName": "login", "title": "a", "nickName": "b", "userType": "c"}}') WHERE side = 'table';
SELECT bytes, status, body::jsonb ->> 'detail' AS detail FROM unnest(ARRAY[682, 683, 888]) bytes, scim.request('POST', '/Users', '{}', jsonb_build_object('userName', 'three' || bytes, 'title', pg_temp.long(bytes), 'nickName', pg_temp.long(bytes), 'userType', pg_temp.long(bytes))::text);

SET client_min_messages = warning;
DROP SCHEMA lengths_app CASCADE;
SELECT scim.drop_store('lengths', true);
