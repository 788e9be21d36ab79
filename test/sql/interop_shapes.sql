-- Row I4 of doc/conformance.md: an object in the place of a simple value is no null, and what is in it is unknown; nor is it one where unknown attributes are let in
SET client_min_messages = warning;
SELECT scim.create_store('shapes');
SET scim.store = 'shapes';
SELECT scim.apply_profile('ipsie') > 0 AS applied;
DELETE FROM shapes.policy WHERE kind = 'managed';
RESET client_min_messages;
\set SHOW_CONTEXT never
\set VERBOSITY terse
\set u 00000000-0000-7000-8000-000000000001
\set g 00000000-0000-7000-8000-0000000000a1
INSERT INTO shapes.users (id, data) VALUES (:'u', '{"userName": "u", "title": "T", "externalId": "e", "active": false, "name": {"givenName": "G"}, "emails": [{"value": "a@example.com", "type": "work", "primary": true}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"}}');
INSERT INTO shapes.groups (id, data) VALUES (:'g', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
CREATE FUNCTION pg_temp.say(r scim.response) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', r.status, r.body::jsonb ->> 'scimType', r.body::jsonb ->> 'detail') $$;
CREATE FUNCTION pg_temp.tried(method text, target text, body text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    reply := scim.request(method, target, '{}', body);
    RAISE EXCEPTION '%', pg_temp.say(reply) USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN sqlerrm;
END $$;
CREATE FUNCTION pg_temp.patched(target text, op text, path text, value text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.tried('PATCH', target, format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "%s", "path": %s, "value": %s}]}', op, to_json(path), value)) $$;
CREATE TEMP TABLE shape (n int GENERATED ALWAYS AS IDENTITY, value text);
INSERT INTO shape (value) VALUES ('{"foo": null}'), ('{"foo": []}'), ('{"foo": {}}'), ('{"foo": ""}'), ('{"foo": 1}'), ('[{"foo": null}]'), ('[[{"foo": null}]]'), ('{"urn:x:unknown": null}'), ('{}'), ('[{}]');
CREATE TEMP TABLE place (n int GENERATED ALWAYS AS IDENTITY, path text, body text);
INSERT INTO place (path, body) VALUES ('active', '"active": %s'), ('title', '"title": %s'), ('externalId', '"externalId": %s'), ('name.givenName', '"name": {"givenName": %s}'), ('emails[type eq "work"].primary', '"emails": [{"value": "a@example.com", "primary": %s}]'),
    ('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": %s}');
SELECT path, value, pg_temp.patched('/Users/' || :'u', 'replace', path, value) AS patch, left(pg_temp.patched('/Users/' || :'u', 'remove', path, value), 17) AS remove,
    left(pg_temp.tried('POST', '/Users', format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", %s}', format(body, value))), 17) AS post,
    left(pg_temp.tried('PUT', '/Users/' || :'u', format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "u", %s}', format(body, value))), 17) AS put
FROM place, shape ORDER BY place.n, shape.n;
-- what unassigns, as before
SELECT path, value, left(pg_temp.patched('/Users/' || :'u', 'replace', path, value), 40) AS patch FROM place, unnest(ARRAY['null', '[]', '""']) value WHERE path <> 'active' ORDER BY place.n, value;
-- by SQL
SELECT scim.create_resource('User', '{"userName": "x", "title": {"foo": null}}');
SELECT scim.create_resource('User', '{"userName": "x", "title": {}}');
SELECT scim.patch_resource('User', :'u', '[{"op": "replace", "path": "active", "value": {"foo": null}}]');
INSERT INTO shapes.users (data) VALUES ('{"userName": "x", "active": {"foo": null}}');
SELECT * FROM scim.validate('User', '{"userName": "x", "active": {"foo": null}, "title": [{}]}');
-- what is read-only, and shapes within shapes
SELECT value, pg_temp.patched('/Users/' || :'u', 'add', 'urn:ietf:params:scim:schemas:core:2.0:User', value) AS core, left(pg_temp.tried('POST', '/Users', format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", %s', substr(value, 2))), 90) AS post
FROM unnest(ARRAY['{"meta": {"foo": 1}}', '{"meta": [[{"foo": 1}]]}', '{"meta": {"location": {"foo": 1}}}', '{"groups": [{"foo": 1}]}', '{"groups": [[{"foo": null}]]}', '{"groups": [{"value": {"foo": 1}}]}', '{"id": {"foo": null}}', '{"name": [[{"foo": null}]]}', '{"name": [[{}]]}', '{"emails": [[{"foo": null}]]}',
    '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"displayName": {"foo": 1}}}}', '{"meta": {"location": "x"}}', '{"groups": []}']) WITH ORDINALITY v (value, n) ORDER BY n;
SELECT path, value, pg_temp.patched('/Users/' || :'u', 'replace', path, value) AS patch FROM (VALUES ('meta', '{"foo": 1}'), ('meta', '{"location": "x"}'), ('groups', '[{"foo": 1}]'), ('groups', '[]'), ('meta.location', '{"foo": 1}'),
    ('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', '[{"foo": null}]'), ('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', '[[{"foo": null}]]'), ('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager', '{"displayName": {"foo": 1}}')) v (path, value);
SELECT value, pg_temp.tried('POST', '/Users', format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": %s}', value)) AS post FROM unnest(ARRAY['[{"foo": null}]', '[[{"foo": null}]]', '[]', '[{"foo": 1}]']) value;
SELECT op, value, pg_temp.patched('/Groups/' || :'g', op, 'members', value) AS members FROM unnest(ARRAY['[{"value": "00000000-0000-7000-8000-000000000001", "display": {"foo": 1}}]', '[{"foo": null}]', '[[{"foo": null}]]']) WITH ORDINALITY v (value, n), unnest('{add,remove}'::text[]) op ORDER BY n, op;
-- the path of an operation is a string
SELECT path, pg_temp.tried('PATCH', '/Users/' || :'u', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": %s, "value": "x"}]}', path)) AS patch FROM unnest(ARRAY['0', 'false', '[]', '{}', '["title"]', 'null', '""']) WITH ORDINALITY p (path, n) ORDER BY n;
-- a filter that selects nothing: RFC 7644 section 3.5.2.3
SELECT op, path, value, pg_temp.patched('/Users/' || :'u', op, path, value) AS patch FROM unnest(ARRAY['emails[type eq "other"].value', 'addresses[type eq "work"].locality']) path, unnest('{"\"x\"","null"}'::text[]) value, unnest('{add,remove,replace}'::text[]) op WHERE op = 'remove' OR value IS NOT NULL ORDER BY path, value, op;
SELECT data FROM shapes.users;
SELECT pg_temp.tried('GET', '/ServiceProviderConfig', NULL) AS config, (scim.request('GET', '/ServiceProviderConfig', '{}', NULL)).body::jsonb -> 'interopProfileConformant' AS conformant;
INSERT INTO shapes.setting (name, resource_type, value) VALUES ('create_on_absent', 'User', 'true');
SELECT (scim.request('GET', '/ServiceProviderConfig', '{}', NULL)).body::jsonb -> 'interopProfileConformant' AS conformant;
SELECT pg_temp.tried('GET', '/Groups/' || :'g' || '/members?sortBy=foo', NULL) AS members;
-- where what is unknown may be without a value, and where it is ignored
DELETE FROM shapes.setting WHERE name IN ('unknown_attributes', 'unknown_schemas', 'create_on_absent');
SELECT path, value, pg_temp.patched('/Users/' || :'u', 'replace', path, value) AS patch FROM place, shape WHERE place.n < 5 ORDER BY place.n, shape.n;
SELECT value, left(pg_temp.tried('POST', '/Users', format('{"userName": "x", %s', substr(value, 2))), 110) AS post, left(pg_temp.tried('PATCH', '/Users/' || :'u', format('{"Operations": [{"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User", "value": %s}]}', value)), 90) AS patch FROM unnest(ARRAY['{"name": {"givenName": {}}}', '{"name": {"givenName": {"foo": null}}}', '{"name": {"givenName": null, "foo": {}}}', '{"name": {}}', '{"emails": [{"primary": {}}]}', '{"emails": [{}]}', '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": {"foo": null}}}', '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {}}}']) WITH ORDINALITY v (value, n) ORDER BY n;
INSERT INTO shapes.setting (name, value) VALUES ('unknown_attributes', '"ignore"');
SELECT value, pg_temp.patched('/Users/' || :'u', 'replace', 'active', value) AS patch FROM shape ORDER BY n;
SELECT data FROM shapes.users;
SELECT scim.drop_store('shapes', true);
-- "schemas" may name an extension within an extension, which is an attribute of that by its URN (RFC 9944)
SET client_min_messages = warning;
SELECT scim.create_store('paired');
SET scim.store = 'paired';
SELECT scim.apply_profile('devices') > 0 AS devices, scim.apply_profile('ipsie') > 0 AS ipsie;
SELECT pg_temp.tried('POST', '/Devices', format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Device", "urn:ietf:params:scim:schemas:extension:ble:2.0:Device", "urn:ietf:params:scim:schemas:extension:%s:2.0:Device"], "displayName": "d", "active": true,
    "urn:ietf:params:scim:schemas:extension:ble:2.0:Device": {"versionSupport": ["5.4"], "deviceMacAddress": "2C:54:91:88:C9:E2", "isRandom": true, "mobility": false, "pairingMethods": ["urn:ietf:params:scim:schemas:extension:pairingPassKey:2.0:Device"], "urn:ietf:params:scim:schemas:extension:pairingPassKey:2.0:Device": {"key": 123456}}}', pairing)) AS post
FROM unnest('{pairingPassKey,pairingOther}'::text[]) pairing;
SELECT scim.drop_store('paired', true);
