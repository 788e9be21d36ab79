-- Policies and endpoints that do not go together, that tell what nobody may find out,
-- or that have been left without what they name.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('broken');
SET scim.store = 'broken';
RESET client_min_messages;
CREATE FUNCTION pg_temp.wrong(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN EXECUTE query; RETURN 'taken'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
SELECT scim.register_schema('{"id": "urn:x:secret", "name": "Secret", "attributes": [
    {"name": "pin", "type": "string", "mutability": "writeOnly", "returned": "never"},
    {"name": "hidden", "type": "string", "returned": "never"},
    {"name": "card", "type": "complex", "subAttributes": [
        {"name": "number", "type": "string"}, {"name": "cvc", "type": "string", "returned": "never"}]}]}') ->> 'id' AS schema;
SELECT scim.register_schema('{"id": "urn:x:E", "name": "E", "attributes": [{"name": "badge", "type": "string"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:x:secret", "required": false}, {"schema": "urn:x:E", "required": false}]}') ->> 'name' AS type;

--
-- What nobody may find out is told by no policy
--
SELECT kind, pg_temp.wrong(format('INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES (''User'', %L, %L, %L)',
    kind, CASE WHEN kind IN ('lookup', 'status') THEN kind ELSE 'x' END, settings))
FROM (VALUES
    ('generate', '{"attributes": {"displayName": "{urn:x:secret:pin}"}}'),
    ('generate', '{"attributes": {"displayName": "{urn:x:secret:hidden}"}}'),
    ('generate', '{"attributes": {"displayName": "{urn:x:secret:card.cvc}"}}'),
    ('emit', '{"event": "urn:x", "on": ["create"], "data": ["urn:x:secret:pin"]}'),
    ('emit', '{"event": "urn:x", "on": ["create"], "data": ["urn:x:secret:card"]}'),
    ('emit', '{"event": "urn:x", "on": ["create"], "data": ["urn:x:secret:card.cvc"]}'),
    ('emit', '{"event": "urn:x", "on": ["update"], "changed": ["urn:x:secret:hidden"]}'),
    ('emit', '{"event": "urn:x", "on": ["update"], "when": "urn:x:secret:hidden eq \"x\""}'),
    ('condition', '{"require": "urn:x:secret:hidden eq \"x\""}'),
    ('condition', '{"when": "title pr", "keep": ["urn:x:secret:pin"]}'),
    ('condition', '{"through": "urn:x:secret:pin", "matches": "title pr", "require": "title pr"}'),
    ('default', '{"attributes": {"urn:x:secret:pin": "1234"}}'),
    ('fixed', '{"attributes": ["urn:x:secret:hidden"]}'),
    ('canonical', '{"attributes": ["urn:x:secret:hidden"]}'),
    ('reference', '{"attributes": {"urn:x:secret:hidden": "User"}}'),
    ('lookup', '{"attributes": ["urn:x:secret:hidden"]}'),
    ('unique', '{"attributes": ["urn:x:secret:hidden"]}'),
    ('status', '{"attribute": "urn:x:secret:hidden"}'),
    ('wire', '{"aliases": {"p": {"attribute": "urn:x:secret:pin", "answers": true}}}'),
    ('wire', '{"characters": {"urn:x:secret:hidden": {"@": "x"}}}'),
    ('wire', '{"identifier": {"attribute": "members", "by": "externalId", "values": {"a": "urn:x:secret:pin"}}}')) v (kind, settings);

--
-- What is made is made once, and not of itself
--
INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES ('User', 'generate', 'a', '{"attributes": {"displayName": "{title} {userName}"}}');
SELECT pg_temp.wrong($$INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES ('User', 'generate', 'b', '{"attributes": {"title": "{displayName}"}}')$$);
SELECT pg_temp.wrong($$INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES ('User', 'generate', 'b', '{"attributes": {"displayName": "{nickName}"}}')$$);
SELECT pg_temp.wrong($$INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES ('User', 'generate', 'b', '{"attributes": {"title": "{nickName}", "nickName": "{profileUrl}"}}')$$);
SELECT pg_temp.wrong($$INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES
    ('User', 'generate', 'b', '{"attributes": {"title": "{nickName}"}}'), ('User', 'generate', 'c', '{"attributes": {"nickName": "{displayName}"}}')$$);
SELECT pg_temp.wrong($$INSERT INTO broken.policy (tenant_id, resource_type, kind, name, settings) VALUES (1, 'User', 'generate', 'b', '{"attributes": {"title": "{displayName}"}}')$$);
SELECT pg_temp.wrong($$INSERT INTO broken.policy (tenant_id, resource_type, kind, name, settings) VALUES (1, 'User', 'generate', 'a', '{"attributes": {"title": "{displayName}"}}')$$);
DELETE FROM broken.policy WHERE kind = 'generate';

-- Settings that there are not; what is said twice.
SELECT pg_temp.wrong($$UPDATE broken.policy SET settings = '{"nonsense": true}' WHERE kind = 'audit'$$);
SELECT pg_temp.wrong($$UPDATE broken.policy SET settings = '{"nonsense": true}', enabled = true WHERE kind = 'events'$$);
SELECT pg_temp.wrong($$INSERT INTO broken.policy (resource_type, kind, settings) VALUES ('User', 'default', '{"attributes": {"title": "a", "TITLE": "b"}}')$$);

--
-- What has been left without what it names, by force, stands in nobody's way
--
INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES ('User', 'default', 'badge', '{"attributes": {"urn:x:E:badge": "new"}}');
INSERT INTO broken.endpoint (name, methods, path, resource_type, action, settings) VALUES
    ('badges', ARRAY['GET'], '/badges', 'User', 'list', '{"fields": {"badge": "urn:x:E:badge"}}'),
    ('names', ARRAY['GET'], '/names', 'User', 'list', '{"fields": {"name": "userName"}}');
SELECT pg_temp.wrong($$SELECT scim.unregister_schema('urn:x:E')$$);
SELECT scim.unregister_schema('urn:x:E', true);
SELECT path, status FROM (VALUES ('/names'), ('/badges'), ('/Users')) p (path), scim.request('GET', path) ORDER BY path;
SELECT scim.register_schema('{"id": "urn:x:F", "name": "F", "attributes": [{"name": "f", "type": "string"}]}') ->> 'id' AS schema;
SELECT scim.register_schema('{"id": "urn:x:F", "name": "F", "attributes": [{"name": "g", "type": "string"}]}') ->> 'id' AS schema;
INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES ('User', 'default', 'title', '{"attributes": {"title": "new"}}');
INSERT INTO broken.endpoint (name, methods, path, resource_type, action, settings) VALUES
    ('titles', ARRAY['GET'], '/titles', 'User', 'list', '{"fields": {"title": "title"}}');
SELECT pg_temp.wrong($$INSERT INTO broken.endpoint (name, methods, path, resource_type, action, settings) VALUES
    ('badges too', ARRAY['GET'], '/badges2', 'User', 'list', '{"fields": {"badge": "urn:x:E:badge"}}')$$);
SELECT pg_temp.wrong($$INSERT INTO broken.policy (resource_type, kind, name, settings) VALUES ('User', 'default', 'badge too', '{"attributes": {"urn:x:E:badge": "new"}}')$$);

-- Lists that nobody can do without are not emptied by naming them in "complete".
SELECT pg_temp.wrong(format('SELECT scim.apply_profile(%L::jsonb)', format('{"scim": "profile/1", "complete": [%s]}', to_json(list))))
FROM unnest(ARRAY['resourceTypes', 'authenticationSchemes', 'schemas']) list;

-- What is off may be anything: it is exported, and applied to another store.
DELETE FROM broken.policy WHERE name = 'badge';
DELETE FROM broken.endpoint WHERE name = 'badges';
INSERT INTO broken.policy (resource_type, kind, name, enabled, settings) VALUES ('Nobody', 'default', 'off', false, '{"x": 1}'), ('User', 'emit', 'off', false, '{}');
INSERT INTO broken.endpoint (name, methods, path, resource_type, action, enabled, settings) VALUES
    ('off', ARRAY['BREW'], 'nowhere', 'Nobody', 'nothing', false, '7'), ('none', '{}', '-', '', '', false, 'null');
SELECT pg_temp.wrong($$INSERT INTO broken.authentication_scheme (scheme, keyword, credential, type) VALUES ('', 'Empty', 'token', 'oauth')$$);
SELECT scim.export_profile() AS document \gset
SELECT count(*) FROM scim.diff_profile(:'document'::jsonb);
SET client_min_messages = warning;
SELECT scim.create_store('mended');
SET scim.store = 'mended';
RESET client_min_messages;
SELECT scim.apply_profile(:'document'::jsonb) > 0 AS applied;
SELECT count(*) FROM scim.diff_profile(:'document'::jsonb);
SELECT scim.export_profile() = :'document'::jsonb AS same;
SET client_min_messages = warning;
SELECT scim.drop_store('mended', true);
SELECT scim.drop_store('broken', true);
