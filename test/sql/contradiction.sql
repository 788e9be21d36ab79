-- What says different things of one resource is refused: schemas of another type, references whose parts differ.
SELECT scim.create_store('directory');
SET scim.base_url = 'https://scim.example/v2';
\pset format unaligned
\pset tuples_only on
SELECT scim.register_schema('{"id": "urn:example:Device", "name": "Device", "attributes": [{"name": "serial"},
    {"name": "owner", "type": "complex", "subAttributes": [{"name": "value"}, {"name": "$ref", "type": "reference", "referenceTypes": ["User"]}, {"name": "type"}]},
    {"name": "users", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "$ref", "type": "reference", "referenceTypes": ["User"]}]}]}') ->> 'id';
SELECT scim.register_schema('{"id": "urn:example:Unused", "name": "Unused", "attributes": [{"name": "x"}]}') ->> 'id';
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:Device"}') ->> 'id';
INSERT INTO directory.users (id, data) SELECT format('00000000-0000-4000-8000-0000000000%s', n)::uuid, jsonb_build_object('userName', 'u' || n) FROM generate_series(11, 13) n;
INSERT INTO directory.groups (id, data) VALUES ('00000000-0000-4000-8000-000000000021', '{"displayName": "g"}'), ('00000000-0000-4000-8000-000000000022', '{"displayName": "h"}');
-- In requests, CORE and ENT are URNs, U11 and G21 ids
CREATE FUNCTION pg_temp.full(request text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(replace(replace(request, 'ENT', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'), 'CORE', 'urn:ietf:params:scim:schemas:core:2.0'), '\m[UG](\d\d)', '00000000-0000-4000-8000-0000000000\1', 'g')
$$;
CREATE FUNCTION pg_temp.answer(method text, target text, request text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', status, body::jsonb ->> 'scimType', regexp_replace(body::jsonb ->> 'detail', '00000000-0000-4000-8000-0000000000(\d\d)', '#\1', 'g'))
    FROM scim.request(method, pg_temp.full(target), '{}', pg_temp.full(request))
$$;

-- Schemas: of another type 400, of nobody without effect; what is stored follows from the rest
SELECT schemas, pg_temp.answer('POST', '/Users', format('{"schemas": %s, "userName": "s%s"}', schemas, n)) AS post, pg_temp.answer('PUT', '/Users/U11', format('{"schemas": %s, "userName": "u11"}', schemas)) AS put,
    (SELECT coalesce(r #>> '{response,detail}', r ->> 'status') FROM jsonb_array_elements(scim.bulk(pg_temp.full(format('{"Operations": [{"method": "PUT", "path": "/Users/U12", "data": {"schemas": %s, "userName": "u12"}}]}', schemas))::jsonb) -> 'Operations') r) AS bulk
FROM unnest(ARRAY['["CORE:User"]', '["core:user", "ENT"]', '[]', 'null', '["ENT"]', '["urn:scim:schemas:core:1.0", "urn:example:nothing"]', '["CORE:User", "ENTUser"]', '["CORE:Group"]', '["CORE:User", "urn:example:Device"]', '["URN:EXAMPLE:UNUSED"]', '["CORE:User", "CORE:Schema"]', '[7]', '{}'])
    WITH ORDINALITY t (schemas, n), LATERAL (SELECT replace(schemas, 'core:user', 'urn:ietf:params:scim:schemas:core:2.0:uSER')) u (s) ORDER BY n;
SELECT DISTINCT data -> 'schemas' FROM directory.users;
SELECT pg_temp.answer('POST', '/Groups', '{"schemas": ["CORE:User"], "displayName": "x"}'), pg_temp.answer('PATCH', '/Users/U11', '{"Operations": [{"op": "add", "value": {"schemas": ["CORE:Group"], "title": "x"}}]}');
SELECT scim.create_resource('User', '{"schemas": ["urn:example:Device"], "userName": "x"}');
-- a row is no request: what it says of schemas is made anew
INSERT INTO directory.users (data) VALUES ('{"schemas": ["urn:example:Device"], "userName": "row"}') RETURNING data -> 'schemas';

-- Members: value, $ref and type are about one resource
CREATE FUNCTION pg_temp.members() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s/%s', right(member_id::text, 2), member_type), ' ' ORDER BY member_id) FROM directory.member WHERE group_id = pg_temp.full('G21')::uuid
$$;
SELECT member, pg_temp.answer('PUT', '/Groups/G21', format('{"displayName": "g", "members": [%s]}', member)) AS put, pg_temp.members() AS members, pg_temp.answer('PUT', '/Groups/G21', '{"displayName": "g"}') AS none,
    left(pg_temp.answer('PATCH', '/Groups/G21', format('{"Operations": [{"op": "add", "path": "members", "value": [%s]}]}', member)), 16) AS patch, left(pg_temp.answer('PATCH', '/Groups/G21', format('{"Operations": [{"op": "replace", "value": {"members": %s}}]}', member)), 16) AS pathless,
    left(pg_temp.answer('POST', '/Groups', format('{"displayName": "new", "members": %s}', member)), 16) AS post
FROM unnest(ARRAY['{"value": "U11"}', '{"value": "U11", "type": "User", "$ref": "https://scim.example/v2/Users/U11"}', '{"value": "U11", "$ref": "../users/U11/?x=1"}', '{"value": "G22", "$ref": "Groups/G22", "type": "group"}',
        '{"value": "U11", "$ref": "/Users/U12"}', '{"value": "U11", "$ref": "https://elsewhere.example/scim/Users/U12"}', '{"value": "U11", "$ref": "/Groups/U11"}', '{"$ref": "/Groups/U11"}', '{"value": "U11", "type": "Group"}', '{"value": "G22", "type": "user"}',
        '{"$ref": "/Users/U11", "type": "Group"}', '{"value": "U11", "$ref": "/Users/U11", "type": "Device"}', '{"value": "nobody", "$ref": "/Users/U12"}',
        -- what is not about ours
        '{"value": "U11", "$ref": "https://elsewhere.example/people/7"}', '{"value": "U11", "$ref": "U12"}', '{"value": "U11", "$ref": "https://elsewhere.example/Users/boss-2"}', '{"value": "U11", "type": "direct"}', '{"value": "U11", "$ref": "", "type": null}',
        -- who is not there may become anything
        '{"value": "U99", "type": "Group"}', '{"value": "U99", "$ref": "/Users/U99"}', '{"value": "nobody", "type": "Device"}']) WITH ORDINALITY t (member, n)
ORDER BY n;
-- of who is a member already, too
SELECT pg_temp.answer('PUT', '/Groups/G21', '{"displayName": "g", "members": [{"value": "U11", "type": "User"}, {"value": "U12"}]}'), pg_temp.answer('PUT', '/Groups/G21', '{"displayName": "g", "members": [{"value": "U11", "type": "User"}, {"value": "U12", "type": "Group"}]}'),
    pg_temp.answer('PATCH', '/Groups/G21', '{"Operations": [{"op": "add", "path": "members", "value": [{"value": "U11", "$ref": "/Groups/U11"}]}]}'), pg_temp.answer('PATCH', '/Groups/G21', '{"Operations": [{"op": "remove", "path": "members", "value": [{"value": "U11", "type": "Group"}]}]}');
-- rows of the table, too
DELETE FROM directory.member;
INSERT INTO directory.member (group_id, member_id, member_type) VALUES (pg_temp.full('G21')::uuid, pg_temp.full('U11')::uuid, 'Group');
INSERT INTO directory.member (group_id, member_id, member_type) VALUES (pg_temp.full('G21')::uuid, pg_temp.full('U11')::uuid, 'USER'), (pg_temp.full('G21')::uuid, pg_temp.full('U12')::uuid, NULL), (pg_temp.full('G21')::uuid, pg_temp.full('U77')::uuid, 'Group');

-- Any other reference with a $ref
SELECT manager, pg_temp.answer('PUT', '/Users/U13', format('{"userName": "u13", "ENT": {"manager": %s}}', manager)) AS put, pg_temp.answer('PUT', '/Users/U13', '{"userName": "u13"}') AS none,
    left(pg_temp.answer('PATCH', '/Users/U13', format('{"Operations": [{"op": "add", "path": "ENT:manager", "value": %s}]}', manager)), 16) AS patch, left(pg_temp.answer('POST', '/Users', format('{"userName": "m%s", "ENT": {"manager": %s}}', n, manager)), 16) AS post
FROM unnest(ARRAY['{"value": "U11", "$ref": "../Users/U11"}', '[{"value": "U11", "$ref": "https://scim.example/v2/Users/U11"}]', '{"value": "U11", "$ref": "https://hr.example/staff/7"}',
        '{"value": "U11", "$ref": "../Users/U12"}', '[{"value": "U11", "$ref": "https://scim.example/v2/Users/U12"}]', '{"value": "7", "$ref": "../Users/U12"}', '{"value": "boss-2", "$ref": "http://example.com/Users/2"}']) WITH ORDINALITY t (manager, n)
ORDER BY n;
SELECT pg_temp.answer('POST', '/Devices', body) FROM unnest(ARRAY['{"serial": "1", "owner": {"value": "U11", "$ref": "/Users/U11", "type": "User"}}', '{"serial": "2", "owner": {"value": "U11", "$ref": "/Users/U11", "type": "Group"}}',
    '{"serial": "3", "users": [{"value": "U11", "$ref": "/Users/U11"}, {"value": "U12", "$ref": "/Users/U11"}]}']) WITH ORDINALITY t (body, n) ORDER BY n;
-- one that gets another value loses the $ref of the former; one that is wrong already is in nobody's way
SELECT pg_temp.answer('PUT', '/Users/U13', '{"userName": "u13", "ENT": {"manager": {"value": "U11", "$ref": "../Users/U11"}}}');
CREATE FUNCTION pg_temp.manager() RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace((data #> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager}')::text, '00000000-0000-4000-8000-0000000000(\d\d)', '#\1', 'g') FROM directory.users WHERE user_name = 'u13'
$$;
SELECT operation, pg_temp.answer('PATCH', '/Users/U13', format('{"Operations": [%s]}', operation)), pg_temp.manager()
FROM unnest(ARRAY['{"op": "replace", "path": "ENT:manager", "value": {"value": "U12"}}', '{"op": "add", "path": "ENT:manager", "value": {"value": "U12", "$ref": "../Users/U12"}}', '{"op": "replace", "path": "ENT:manager.value", "value": "U11"}',
    '{"op": "add", "path": "ENT:manager.$ref", "value": "../Users/U12"}', '{"op": "add", "path": "ENT:manager.$ref", "value": "../Users/U11"}', '{"op": "replace", "path": "ENT:manager", "value": "U12"}']) WITH ORDINALITY t (operation, n) ORDER BY n;

-- The one setting for what makes no sense
SET scim.unknown_attributes = ignore;
SELECT pg_temp.answer('POST', '/Users', '{"schemas": ["CORE:Group"], "userName": "lenient", "ENT": {"manager": {"value": "U11", "$ref": "../Users/U12"}}}'),
    pg_temp.answer('PUT', '/Groups/G21', '{"displayName": "g", "members": [{"value": "U11", "$ref": "/Users/U12"}, {"value": "U12", "type": "Group"}, {"value": "U13", "$ref": "/Groups/U13", "type": "User"}]}'), pg_temp.members();
RESET scim.unknown_attributes;
SELECT pg_temp.answer('PATCH', '/Users/' || id, '{"Operations": [{"op": "add", "path": "title", "value": "x"}, {"op": "replace", "path": "active", "value": false}]}') FROM directory.users WHERE user_name = 'lenient';
SELECT pg_temp.answer('PATCH', '/Users/' || id, '{"Operations": [{"op": "add", "path": "ENT:manager", "value": {"value": "U12", "$ref": "../Users/U13"}}]}') FROM directory.users WHERE user_name = 'lenient';

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
