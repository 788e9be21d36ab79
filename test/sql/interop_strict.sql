-- Rows I1, I4, I11 and P8, P13 of doc/conformance.md: what else is unknown, what else takes the flag away, what errors say
SET client_min_messages = warning;
SELECT scim.create_store('strictly');
SET scim.store = 'strictly';
SELECT scim.apply_profile('ipsie') > 0 AS applied;
DELETE FROM strictly.policy WHERE kind = 'managed';
RESET client_min_messages;
\set SHOW_CONTEXT never
\set VERBOSITY terse
\set u 00000000-0000-7000-8000-000000000001
\set g 00000000-0000-7000-8000-0000000000a1
INSERT INTO strictly.users (id, data) VALUES (:'u', '{"userName": "u", "title": "T", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"}}');
INSERT INTO strictly.groups (id, data) VALUES (:'g', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
CREATE FUNCTION pg_temp.say(r scim.response) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', r.status, r.body::jsonb ->> 'scimType', r.body::jsonb ->> 'detail') $$;
CREATE FUNCTION pg_temp.tried(method text, target text, body text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    reply := scim.request(method, target, '{}', body);
    RAISE EXCEPTION '%', pg_temp.say(reply) USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN sqlerrm;
END $$;
CREATE FUNCTION pg_temp.patched(target text, operation text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.tried('PATCH', target, format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}', operation)) $$;
-- I4: "schemas" of a PATCH name what the type has, whatever the operation
CREATE TEMP TABLE stated AS SELECT * FROM unnest(ARRAY['["urn:ietf:params:scim:schemas:core:2.0:Group"]', '"urn:ietf:params:scim:schemas:core:2.0:Group"', '["urn:example:unknown"]', '["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]']) WITH ORDINALITY s (schemas, n);
SELECT n, op, pg_temp.patched('/Users/' || :'u', format('{"op": "%s", "path": "schemas", "value": %s}', op, schemas)) AS patch FROM stated, unnest('{add,replace,remove}'::text[]) op ORDER BY n, op;
SELECT n, pg_temp.patched('/Users/' || :'u', format('{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User", "value": {"schemas": %s}}', schemas)) AS core, pg_temp.patched('/Users/' || :'u', format('{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:schemas", "value": %s}', schemas)) AS qualified,
    pg_temp.tried('POST', '/Users', format('{"schemas": %s, "userName": "x"}', schemas)) AS post FROM stated ORDER BY n;
-- the core schema as the path: what it does not have is unknown, as with an extension
SELECT path, value, pg_temp.patched('/Users/' || :'u', format('{"op": "add", "path": "%s", "value": %s}', path, value)) AS patch FROM unnest(ARRAY['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User']) WITH ORDINALITY p (path, a), unnest(ARRAY['{"nope": 1}', '{"nope": null}', '{"nope": {}}', '{"department": "E"}', '{"title": "U"}', '{"title": "U", "nope": "x"}', '{"name": {"nope": 1}}', '{}', 'null']) WITH ORDINALITY v (value, b) ORDER BY a, b;
SELECT path, pg_temp.patched('/Users/' || :'u', format('{"op": "replace", "path": "%s", "value": "x"}', path)) AS patch FROM unnest(ARRAY['urn:ietf:params:scim:schemas:core:2.0:User:nope', 'urn:ietf:params:scim:schemas:core:2.0:User:', 'urn:ietf:params:scim:schemas:core:2.0:Group', 'urn:ietf:params:scim:schemas:core:2.0:Group:displayName', 'urn:example:unknown', 'urn:ietf:params:scim:schemas:core:2.0:User:name.nope', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:nope', 'nope']) WITH ORDINALITY p (path, n) ORDER BY n;
-- a message is what it is, and nothing else
SELECT schemas, pg_temp.tried('PATCH', '/Users/' || :'u', format('{"schemas": %s, "Operations": [{"op": "replace", "path": "title", "value": "x"}]}', schemas)) AS patch FROM unnest(ARRAY['["urn:ietf:params:scim:api:messages:2.0:PatchOp", "urn:ietf:params:scim:schemas:core:2.0:User"]', '["urn:ietf:params:scim:api:messages:2.0:PatchOp", "urn:ietf:params:scim:api:messages:2.0:BulkRequest"]', '["urn:ietf:params:scim:api:messages:2.0:PatchOp", null]', '["urn:ietf:params:scim:schemas:core:2.0:User"]', '"urn:ietf:params:scim:api:messages:2.0:PatchOp"', '{}', '["urn:ietf:params:scim:api:messages:2.0:PatchOp", "urn:ietf:params:scim:api:messages:2.0:PatchOp"]', '[]', 'null']) WITH ORDINALITY s (schemas, n) ORDER BY n;
SELECT schemas, left(pg_temp.tried('POST', '/Bulk', format('{"schemas": %s, "Operations": [{"method": "DELETE", "path": "/Users/x"}]}', schemas)), 90) AS bulk FROM unnest(ARRAY['["urn:ietf:params:scim:api:messages:2.0:BulkRequest", "urn:scim:params:bulk:atomic"]', '["urn:scim:params:bulk:atomic"]', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest", "urn:ietf:params:scim:schemas:core:2.0:User"]']) WITH ORDINALITY s (schemas, n) ORDER BY n;
-- lists
SELECT target, left(pg_temp.tried('GET', target, NULL), 110) AS answer FROM unnest(ARRAY['/Groups/' || :'g' || '/members?attributes=foo', '/Groups/' || :'g' || '/members?attributes=value,foo', '/Groups/' || :'g' || '/members?excludedAttributes=foo', '/Groups/' || :'g' || '/members?attributes=value', '/Groups/' || :'g' || '/members?attributes=display,$ref,type', '/Groups/' || :'g' || '/members?sortBy=foo', '/Groups/' || :'g' || '/members?filter=foo+pr',
    '/Users?sortBy=userName,title', '/Users?sortBy=userName,nope', '/Users?sortBy=nope,userName', '/?sortBy=userName,displayName', '/GroupMemberships?sortBy=group.value,member.value', '/Users?sortBy=', '/Users?sortBy=urn:ietf:params:scim:schemas:core:2.0:User', '/Users?sortBy=urn:ietf:params:scim:schemas:core:2.0:User:nope', '/Users?sortBy=emails%5Btype+pr%5D']) WITH ORDINALITY t (target, n) ORDER BY n;
-- members: what is unknown is told as it is elsewhere
SELECT value, pg_temp.patched('/Groups/' || :'g', format('{"op": "add", "path": "members", "value": %s}', value)) AS patch, pg_temp.tried('POST', '/Groups', format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "h", "members": %s}', value)) AS post FROM unnest(ARRAY['[{"foo": 1}]', '[{"foo": null}]', '[{"value": "00000000-0000-7000-8000-000000000001", "foo": 1}]', '[{"display": "x"}]', '[{"$ref": "x", "foo": {}}]']) WITH ORDINALITY v (value, n) ORDER BY n;
SELECT op, path, pg_temp.patched('/Groups/' || :'g', format('{"op": "%s", "path": "%s", "value": "x"}', op, replace(path, '"', '\"'))) AS patch FROM unnest(ARRAY['members[foo eq "x"]', 'members[foo eq "x"].display', 'members[value eq "x"].foo', 'members[value eq "x"].display', 'members.foo', 'members[value pr]']) WITH ORDINALITY p (path, n), unnest('{replace,remove}'::text[]) op ORDER BY n, op;
SET scim.patch_selects_values = on;
SELECT op, path, pg_temp.patched('/Groups/' || :'g', format('{"op": "%s", "path": "%s"}', op, replace(path, '"', '\"'))) AS patch FROM unnest(ARRAY['members[foo eq "x"]', 'members[foo eq "x"].display', 'members[value pr and foo pr]']) WITH ORDINALITY p (path, n), unnest('{remove}'::text[]) op ORDER BY n, op;
RESET scim.patch_selects_values;
-- I11: an extension is replaced attribute by attribute, and so by {} not at all; null is none
SELECT value, scim.patch_resource('User', :'u', format('[{"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "value": %s}]', value)::jsonb) -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS extension FROM unnest(ARRAY['{}', '[{}]', '{"division": "V"}', '{"department": null}', 'null']) WITH ORDINALITY v (value, n) ORDER BY n;
UPDATE strictly.users SET data = data || '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"}}';
SET scim.patch_without_path = on;
SELECT value, scim.patch_resource('User', :'u', format('[{"op": "replace", "value": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": %s}}]', value)::jsonb) -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS extension FROM unnest(ARRAY['{}', '""']) WITH ORDINALITY v (value, n) ORDER BY n;
RESET scim.patch_without_path;
-- P13: no error of a client names a setting or a policy
SET scim.max_filter_nodes = 1; SET scim.max_filter_depth = 1; SET scim.max_patch_operations = 1; SET scim.max_values = 1; SET scim.max_resource_size = 1024; SET scim.max_body_values = 50; SET scim.max_body_members = 1;
SELECT n, answer FROM (VALUES
    (1, pg_temp.tried('GET', '/Users?filter=title+pr+and+title+pr', NULL)), (2, pg_temp.tried('GET', '/Users?filter=((title+pr))', NULL)),
    (3, pg_temp.patched('/Users/' || :'u', '{"op": "remove", "path": "title"}, {"op": "remove", "path": "nickName"}')), (4, pg_temp.patched('/Users/' || :'u', '{"op": "remove"}')),
    (5, pg_temp.tried('POST', '/Users', '{"userName": "x", "emails": [{"value": "a@example.com"}, {"value": "b@example.com"}]}')), (6, pg_temp.tried('POST', '/Users', format('{"userName": "x", "title": "%s"}', repeat('x', 2000)))),
    (7, pg_temp.tried('POST', '/Users', format('{"userName": "x", "emails": [%s 1]}', repeat('1,', 60)))), (8, pg_temp.patched('/Users/' || :'u', '{"op": "remove", "path": "emails[type eq \"work\"]"}')),
    (9, pg_temp.tried('POST', '/Groups', '{"displayName": "x", "members": [{"value": "00000000-0000-7000-8000-000000000001"}, {"value": "00000000-0000-7000-8000-000000000002"}]}'))) a (n, answer) ORDER BY n;
SET scim.max_filter_length = 10;
SELECT pg_temp.tried('GET', '/Users?filter=title+eq+%22aaaaaa%22', NULL);
RESET scim.max_filter_nodes; RESET scim.max_filter_depth; RESET scim.max_patch_operations; RESET scim.max_values; RESET scim.max_resource_size; RESET scim.max_body_values; RESET scim.max_body_members; RESET scim.max_filter_length;
INSERT INTO strictly.policy (resource_type, kind, name, settings) VALUES ('User', 'managed', 'not by you', '{"owner": ["somebody"]}');
SELECT pg_temp.tried('POST', '/Users', '{"userName": "x"}') AS post, pg_temp.patched('/Users/' || :'u', '{"op": "replace", "path": "title", "value": "x"}') AS patch, pg_temp.tried('DELETE', '/Users/' || :'u', NULL) AS delete;
\set VERBOSITY default
UPDATE strictly.users SET data = data || '{"title": "x"}';
\set VERBOSITY terse
DELETE FROM strictly.policy WHERE kind = 'managed';
-- P8: discovery says what is unique, by the schema or by a policy, as long as it is
CREATE FUNCTION pg_temp.unique(urn text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', a ->> 'name', s ->> 'name', coalesce(s, a) ->> 'uniqueness') FROM scim.request('GET', '/Schemas/' || urn) r, jsonb_array_elements(r.body::jsonb -> 'attributes') a LEFT JOIN LATERAL jsonb_array_elements(a -> 'subAttributes') s ON true WHERE coalesce(s, a) ->> 'uniqueness' <> 'none' $$;
SELECT pg_temp.unique('urn:ietf:params:scim:schemas:core:2.0:Group');
SELECT pg_temp.unique('urn:ietf:params:scim:schemas:core:2.0:User');
SELECT jsonb_path_query(body::jsonb, '$.Resources[*] ? (@.name == "Group").attributes[*] ? (@.name == "displayName").uniqueness') AS in_the_list FROM scim.request('GET', '/Schemas');
INSERT INTO strictly.policy (resource_type, kind, name, settings) VALUES ('User', 'unique', 'addresses', '{"attributes": ["emails"], "scope": "global"}'), ('User', 'unique', 'one number', '{"attributes": ["phoneNumbers.value"], "primary": true}'), ('User', 'unique', 'staff', '{"attributes": ["externalId", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber"]}');
SELECT pg_temp.unique('urn:ietf:params:scim:schemas:core:2.0:User');
SELECT pg_temp.unique('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User');
-- of two types both have to say so
SELECT scim.register_resource_type('{"name": "Robot", "endpoint": "/Robots", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}]}', table_name => 'robots') IS NOT NULL AS registered;
SELECT pg_temp.unique('urn:ietf:params:scim:schemas:core:2.0:User');
INSERT INTO strictly.policy (resource_type, kind, name, settings) VALUES ('Robot', 'unique', 'mine', '{"attributes": ["emails.value"]}');
SELECT pg_temp.unique('urn:ietf:params:scim:schemas:core:2.0:User');
SELECT scim.unregister_resource_type('Robot', true);
UPDATE strictly.policy SET enabled = false WHERE kind = 'unique';
SELECT pg_temp.unique('urn:ietf:params:scim:schemas:core:2.0:Group') AS none;
UPDATE strictly.policy SET enabled = true WHERE kind = 'unique' AND resource_type = 'Group';
DELETE FROM strictly.policy WHERE kind = 'unique' AND resource_type = 'User';
-- I1: each policy and each setting, at what takes the flag away or leaves it
CREATE FUNCTION pg_temp.flag() RETURNS bool LANGUAGE sql AS $$ SELECT body::jsonb ? 'interopProfileConformant' FROM scim.request('GET', '/ServiceProviderConfig') $$;
CREATE FUNCTION pg_temp.with_policy(kind text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result bool;
BEGIN
    DELETE FROM strictly.policy p WHERE p.resource_type = 'User' AND p.kind = $1;
    INSERT INTO strictly.policy (resource_type, kind, name, settings) VALUES ('User', kind, kind, settings);
    result := pg_temp.flag();
    RAISE EXCEPTION '%', CASE WHEN result THEN 'yes' ELSE 'no' END USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN sqlerrm;
END $$;
SELECT pg_temp.flag() AS before;
SELECT kind, settings, pg_temp.with_policy(kind, settings) AS conforms FROM (VALUES
    ('audit', '{}'::jsonb), ('canonical', '{"attributes": ["emails.type"]}'), ('condition', '{"when": "title eq \"x\"", "require": "nickName pr"}'), ('default', '{"attributes": {"locale": "de-DE"}}'), ('delete', '{"mode": "retain"}'), ('delete', '{"mode": "offboard"}'), ('emit', '{"event": "urn:example:x", "on": ["create"]}'),
    ('events', '{}'), ('fixed', '{"attributes": ["title"]}'), ('fixed', '{"attributes": ["title"], "on": "ignore"}'), ('generate', '{"attributes": {"displayName": "{userName}"}}'), ('guard', '{"on": ["delete"], "limit": 5, "seconds": 60}'), ('identity', '{}'), ('link', '{"match": ["userName"]}'), ('lookup', '{"attributes": ["id", "userName"]}'), ('managed', '{"owner": ["x"]}'),
    ('reference', '{"attributes": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager": "User"}}'), ('schemas', '{"required": true}'), ('unique', '{"attributes": ["nickName"]}'), ('violation', '{"attributes": {"title": {"status": 409}}}'), ('wire', '{"aliases": {"jobTitle": "title"}}')) p (kind, settings) ORDER BY kind COLLATE "C", settings;
CREATE FUNCTION pg_temp.with_setting(setting text, value jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result bool;
BEGIN
    INSERT INTO strictly.setting (name, value) VALUES (setting, value) ON CONFLICT (name, resource_type, tenant_id, token_id) DO UPDATE SET value = EXCLUDED.value;
    result := pg_temp.flag();
    RAISE EXCEPTION '%', CASE WHEN result THEN 'yes' ELSE 'no' END USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN sqlerrm;
END $$;
SELECT name, v AS value, pg_temp.with_setting(name, v) AS conforms FROM scim.settings(), LATERAL (SELECT to_jsonb(minimum) WHERE jsonb_typeof(default_value) = 'number' UNION ALL SELECT x FROM unnest('{true,false}'::jsonb[]) x WHERE jsonb_typeof(default_value) = 'boolean' UNION ALL SELECT x FROM unnest('{"\"ignore\"","\"reject\""}'::jsonb[]) x WHERE name LIKE 'unknown%') m (v) ORDER BY name COLLATE "C", v;
SELECT name, least, pg_temp.with_setting(name, to_jsonb(least)) AS at, pg_temp.with_setting(name, to_jsonb(least - 1)) AS below FROM (VALUES ('max_resource_size', 100000), ('max_body_visits', 100000), ('max_filter_visits', 100000), ('max_patch_visits', 100000), ('max_body_size', 100000), ('max_values', 100)) l (name, least) ORDER BY name COLLATE "C";
SET scim.write_read_only = on;
SELECT pg_temp.flag() AS writes_read_only;
RESET scim.write_read_only;
SELECT pg_temp.flag() AS after;
-- what nobody is shown nobody is told by an order
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE WHEN a ->> 'name' IN ('displayName', 'title') THEN a || '{"mutability": "writeOnly", "returned": "never"}' WHEN a ->> 'name' = 'nickName' THEN a || '{"returned": "never"}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a))) IS NOT NULL AS registered FROM strictly.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
SELECT name, pg_temp.tried('GET', '/Users?sortBy=' || name, NULL) AS sorted FROM unnest('{displayName,title,nickName,urn:ietf:params:scim:schemas:core:2.0:User:displayName}'::text[]) name;
SELECT scim.create_sort_index('User', 'displayName');
SET client_min_messages = warning;
SELECT scim.drop_store('strictly', true);
