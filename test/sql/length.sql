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

SET client_min_messages = warning;
SELECT scim.drop_store('lengths', true);
