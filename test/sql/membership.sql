-- Memberships as resources: draft-zollner-scim-group-members.
\set VERBOSITY terse
SELECT scim.create_store('membership');
SET scim.store = 'membership';
\set u1 '00000000-0000-7000-8000-000000000001'
\set u2 '00000000-0000-7000-8000-000000000002'
\set u3 '00000000-0000-7000-8000-000000000003'
\set g1 '00000000-0000-7000-8000-0000000000a1'
\set g2 '00000000-0000-7000-8000-0000000000a2'
INSERT INTO membership.users (id, data) VALUES (:'u1', '{"userName": "ada", "displayName": "Ada"}'), (:'u2', '{"userName": "bob"}'), (:'u3', '{"userName": "cyd"}');
INSERT INTO membership.groups (id, data) VALUES (:'g1', '{"displayName": "Ops"}'), (:'g2', '{"displayName": "Dev"}');

-- Off unless the setting says so
SELECT method, target, status, body::jsonb ->> 'detail' AS detail
FROM (VALUES ('GET', '/GroupMemberships'), ('POST', '/GroupMemberships'), ('GET', '/ResourceTypes/GroupMembership'), ('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:GroupMembership')) t (method, target),
    scim.request(method, target, '{}', '{}');
SELECT scim.search('GroupMembership');
SELECT scim.openapi() -> 'paths' ? '/GroupMemberships' AS in_openapi;
INSERT INTO membership.setting (name, value) VALUES ('group_memberships', 'true');

-- Discovery
SELECT body::jsonb - 'meta' AS resource_type FROM scim.request('GET', '/ResourceTypes/groupmembership');
SELECT r ->> 'id' AS type, EXISTS (SELECT FROM scim.request('GET', '/Schemas') s, jsonb_array_elements(s.body::jsonb -> 'Resources') d WHERE d -> 'id' = r -> 'schema') AS has_schema
FROM scim.request('GET', '/ResourceTypes') t, jsonb_array_elements(t.body::jsonb -> 'Resources') r;
SELECT a ->> 'name' AS attribute, s ->> 'name' AS sub, s ->> 'type' AS type, s -> 'required' AS required, s ->> 'mutability' AS mutability, s -> 'caseExact' AS case_exact, s -> 'canonicalValues' AS canonical, a -> 'required' AS of_all, a ->> 'mutability' AS whole
FROM scim.request('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:groupmembership') r, jsonb_array_elements(r.body::jsonb -> 'attributes') a, jsonb_array_elements(a -> 'subAttributes') s;
SELECT path, (SELECT string_agg(m, ' ') FROM jsonb_object_keys(operations) m) AS methods FROM jsonb_each(scim.openapi() -> 'paths') p (path, operations) WHERE path LIKE '/GroupM%' ORDER BY path;

-- POST, GET, DELETE
SELECT format('{"group": {"value": "%s"}, "member": {"value": "%s"}}', :'g1', :'u1') AS m11, format('{"group": {"value": "%s"}, "member": {"value": "%s"}}', :'g1', :'u2') AS m12,
    format('{"group": {"value": "%s"}, "member": {"value": "%s"}}', :'g2', :'g1') AS mgg \gset
SELECT version AS before FROM membership.groups WHERE id = :'g1' \gset
SELECT status, headers ->> 'Location' = body::jsonb #>> '{meta,location}' AS located, headers ->> 'ETag' = body::jsonb #>> '{meta,version}' AS tagged,
    jsonb_pretty(body::jsonb #- '{meta,created}' #- '{meta,lastModified}' #- '{meta,version}') AS body, body::jsonb #>> '{meta,version}' ~ '^W/"1\.[0-9a-f]{16}"$' AS version, body::jsonb ->> 'id' AS id
FROM scim.request('POST', '/GroupMemberships', '{}', :'m11');
SELECT translate(rtrim(encode(uuid_send(:'g1') || uuid_send(:'u1'), 'base64'), '='), '+/', '-_') AS id \gset
SELECT '/GroupMemberships/' || :'id' AS one \gset
SELECT version - :before AS versions, (SELECT count(*) FROM membership.member) AS members FROM membership.groups WHERE id = :'g1';
SELECT body::jsonb -> 'members' AS members FROM scim.request('GET', '/Groups/' || :'g1');
SELECT body::jsonb -> 'groups' AS groups FROM scim.request('GET', '/Users/' || :'u1');
SELECT status, body::jsonb -> 'member' = (SELECT g.body::jsonb #> '{members,0}' FROM scim.request('GET', '/Groups/' || :'g1') g) AS as_members,
    body::jsonb -> 'group' = (SELECT (u.body::jsonb #> '{groups,0}') - 'type' FROM scim.request('GET', '/Users/' || :'u1') u) AS as_groups,
    (SELECT m.created FROM membership.member m) = (body::jsonb #>> '{meta,created}')::timestamptz AS since
FROM scim.request('GET', :'one');
SELECT r.status, r.body::jsonb ->> 'scimType' AS scim_type, r.body::jsonb ->> 'detail' AS detail
FROM scim.request('POST', '/GroupMemberships', '{}', :'m11') r;
-- what is audited and told is the group's
SELECT resource_type, resource_id, operation, member_id FROM membership.audit WHERE member_id IS NOT NULL ORDER BY id;
SELECT count(*) AS of_memberships FROM membership.audit WHERE resource_type = 'GroupMembership';

-- What is wrong with one
SELECT n, status, r.body::jsonb ->> 'scimType' AS scim_type, r.body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['{}', format('{"group": {"value": "%s"}}', :'g1'), format('{"member": {"value": "%s"}}', :'u1'),
    format('{"group": {"value": "%s"}, "member": {"display": "Ada"}}', :'g1'),
    format('{"group": {"value": "%s"}, "member": {"value": "%s"}}', :'u1', :'u2'),
    format('{"group": {"value": "%s"}, "member": {"value": "%s"}}', :'g1', '00000000-0000-7000-8000-000000000009'),
    format('{"group": {"value": "%s"}, "member": {"value": "%s"}}', '00000000-0000-7000-8000-000000000009', :'u1'),
    format('{"group": {"value": "%s"}, "member": {"value": "somebody"}}', :'g1'),
    format('{"group": {"value": "%s"}, "member": {"value": "%s"}}', :'g1', :'g1'),
    format('{"group": {"value": "%s"}, "member": {"value": "%s"}, "externalId": "x"}', :'g1', :'u2'),
    format('{"group": {"value": "%s"}, "member": {"value": "%s"}, "nickName": "x"}', :'g1', :'u2'),
    format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "group": {"value": "%s"}, "member": {"value": "%s"}}', :'g1', :'u2'),
    '{"group": 1, "member": []}', '[]']) WITH ORDINALITY t (sent, n), scim.request('POST', '/GroupMemberships', '{}', sent) r ORDER BY n;
-- an externalId, whatever its value: nor null where nothing unknown is let in; and there a name of "attributes" selects no values
PREPARE stated AS SELECT sent, status, r.body::jsonb ->> 'scimType' AS scim_type, r.body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['null', '[]', '{}', '""', '"x"']) WITH ORDINALITY t (sent, n),
    scim.preview('POST', '/GroupMemberships', '{}', format('{"group": {"value": "%s"}, "member": {"value": "%s"}, "externalId": %s}', :'g1', :'u2', sent)) r ORDER BY n;
PREPARE named AS SELECT names, status, CASE WHEN status <> 200 THEN concat_ws(' ', r.body::jsonb ->> 'scimType', r.body::jsonb ->> 'detail') END AS detail
FROM unnest(ARRAY['attributes=emails%5Btype+eq+"work"%5D', 'attributes=emails%5Btype+eq+"work"%5D.value', 'excludedAttributes=emails%5Btype+eq+"work"%5D']) WITH ORDINALITY t (names, n),
    scim.request('GET', '/Users?' || names) r ORDER BY n;
EXECUTE stated;
EXECUTE named;
SET scim.unknown_attributes = 'reject';
SET scim.unknown_schemas = 'reject';
EXECUTE stated;
EXECUTE named;
RESET scim.unknown_attributes;
RESET scim.unknown_schemas;
DEALLOCATE ALL;
-- read-only parts are passed over
SELECT status, body::jsonb -> 'member' ->> 'display' AS display FROM scim.request('POST', '/GroupMemberships', '{}',
    format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:GroupMembership"], "id": "x", "group": {"value": "%s", "display": "Nope"}, "member": {"value": "%s", "type": "Group", "display": "Nope", "$ref": "x"}, "meta": {}}', :'g1', :'u2'));
SELECT method, target, status, headers ->> 'Allow' AS allow, body::jsonb ->> 'detail' AS detail
FROM (VALUES ('PUT', :'one'), ('PATCH', :'one'), ('OPTIONS', :'one'), ('OPTIONS', '/GroupMemberships'), ('GET', '/GroupMemberships/x'), ('GET', '/GroupMemberships/' || rpad('', 43, 'A')), ('GET', '/GroupMemberships/' || rpad('', 42, 'A') || 'B'),
    ('DELETE', '/GroupMemberships/' || rpad('', 43, 'A')), ('GET', :'one' || '/members'), ('GET', :'one' || '?filter=id+pr')) t (method, target), scim.request(method, target, '{}', CASE WHEN method LIKE 'P%' THEN '{}' END);
SELECT scim.replace_resource('GroupMembership', :'id', '{}');
SELECT scim.patch_resource('GroupMembership', :'id', '[]');
SELECT scim.suspend_resource('GroupMembership', :'id');

-- Attributes, versions, preconditions
SELECT query, body FROM unnest(ARRAY['attributes=member.value', 'attributes=group.display,member.type', 'excludedAttributes=group,meta', 'excludedAttributes=member.$ref,group.$ref,group.display,meta']) query, scim.request('GET', :'one' || '?' || query);
SELECT headers ->> 'ETag' AS etag FROM scim.request('GET', :'one') \gset
SELECT status, body FROM scim.request('GET', :'one', jsonb_build_object('If-None-Match', :'etag'));
UPDATE membership.users SET data = data || '{"displayName": "Ada L."}' WHERE id = :'u1';
SELECT status, body::jsonb -> 'member' ->> 'display' AS display, headers ->> 'ETag' <> :'etag' AS another FROM scim.request('GET', :'one', jsonb_build_object('If-None-Match', :'etag'));
SELECT status, body::jsonb ->> 'detail' LIKE '%has version 1, which If-Match: W/"2" does not name' AS detail FROM scim.request('DELETE', :'one', '{"If-Match": "W/\"2\""}');
SELECT status, body, (SELECT count(*) FROM membership.member) AS left FROM scim.request('DELETE', :'one', jsonb_build_object('If-Match', :'etag'));
SELECT status FROM unnest(ARRAY['GET', 'DELETE']) method, scim.request(method, :'one');
SELECT status, body, headers ->> 'Location' IS NOT NULL AS located, headers ->> 'ETag' AS etag FROM scim.request('POST', '/GroupMemberships', '{"Prefer": "return=minimal"}', :'m11');

-- By SQL
SELECT scim.create_resource('GroupMembership', :'mgg') -> 'member' AS member;
SELECT scim.get_resource('GroupMembership', :'id', 'member.value') AS one;
SELECT scim.delete_resource('GroupMembership', :'id');
SELECT scim.get_resource('GroupMembership', :'id');
SELECT scim.create_resource('GroupMembership', :'m11') ->> 'id' = :'id' AS again;
SELECT scim.search('GroupMembership', count => 1, attributes => 'id');
-- a table it has not
SELECT scim.validate('GroupMembership', '{}');
INSERT INTO membership.resource (resource_type, data) VALUES ('GroupMembership', '{}');
INSERT INTO membership.policy (resource_type, kind, settings) VALUES ('GroupMembership', 'audit', '{}');

-- Members that are no resource are not listed, those that are deleted are no members
INSERT INTO membership.member (group_id, member_id, value) VALUES (:'g1', scim.member_key('https://elsewhere.example/x'), 'https://elsewhere.example/x'), (:'g1', '00000000-0000-7000-8000-000000000777', NULL);
SELECT (SELECT count(*) FROM membership.member) AS rows, body::jsonb -> 'totalResults' AS total FROM scim.request('GET', '/GroupMemberships');
SELECT status FROM scim.request('GET', '/GroupMemberships/' || translate(rtrim(encode(uuid_send(:'g1') || uuid_send('00000000-0000-7000-8000-000000000777'), 'base64'), '='), '+/', '-_'));
SELECT body::jsonb -> 'totalResults' AS at_the_root FROM scim.request('GET', '/?filter=group.value+pr');
SELECT body::jsonb -> 'totalResults' = to_jsonb((SELECT count(*) FROM membership.resource)) AS root_is_without FROM scim.request('GET', '/');

-- Bulk: references in both ends, a repeated one, what refers to a membership
SELECT o ->> 'method' AS method, o ->> 'status' AS status, o #>> '{response,scimType}' AS scim_type, o #>> '{response,detail}' AS detail, o ->> 'location' LIKE '%/GroupMemberships/%' AS of_membership
FROM scim.request('POST', '/Bulk', '{}', format('{"Operations": [
    {"method": "POST", "bulkId": "m", "path": "/GroupMemberships", "data": {"group": {"value": "bulkId:g"}, "member": {"value": "bulkId:u"}}},
    {"method": "POST", "bulkId": "u", "path": "/Users", "data": {"userName": "bulk"}},
    {"method": "POST", "bulkId": "g", "path": "/Groups", "data": {"displayName": "Bulk"}},
    {"method": "POST", "path": "/GroupMemberships", "bulkId": "again", "data": {"group": {"value": "%1$s"}, "member": {"value": "%2$s"}}},
    {"method": "DELETE", "path": "/GroupMemberships/bulkId:m"},
    {"method": "PATCH", "path": "/GroupMemberships/%3$s", "data": {}},
    {"method": "DELETE", "path": "/GroupMemberships/%3$s"}]}', :'g1', :'u1', :'id')) r, jsonb_array_elements(r.body::jsonb -> 'Operations') o;
SELECT g.display_name, u.user_name FROM membership.member m JOIN membership.groups g ON g.id = m.group_id JOIN membership.users u ON u.id = m.member_id WHERE g.display_name = 'Bulk';

-- What a request would do
SELECT status, body::jsonb -> 'status' AS would_be, body::jsonb -> 'body' -> 'id' AS id, body::jsonb #> '{changes,0,resourceType}' AS of, body::jsonb #> '{changes,0,difference}' AS difference FROM scim.request('POST', '/.preview', '{}', jsonb_build_object('method', 'POST', 'path', '/GroupMemberships', 'data', :'m11'::jsonb)::text);
SELECT count(*) AS nothing FROM membership.member WHERE group_id = :'g1' AND member_id = :'u1';

-- Tenants
SELECT scim.create_tenant('two') AS two \gset
SET scim.tenant = :two;
SELECT body::jsonb -> 'totalResults' AS of_two FROM scim.request('GET', '/GroupMemberships');
SELECT status FROM scim.request('POST', '/GroupMemberships', '{}', :'m11');
RESET scim.tenant;

-- Who is no resource any more
SELECT scim.delete_resource('User', :'u2');
SELECT r #>> '{group,display}' AS grp, r #>> '{member,display}' AS member FROM scim.request('GET', '/GroupMemberships') l, jsonb_array_elements(l.body::jsonb -> 'Resources') r;

-- A registered type of that name goes before it
SELECT scim.register_schema('{"id": "urn:example:M", "name": "M", "attributes": [{"name": "name"}]}');
SELECT scim.register_resource_type('{"name": "GroupMembership", "endpoint": "/Ours", "schema": "urn:example:M"}');
SELECT target, status FROM unnest(ARRAY['/GroupMemberships', '/Ours']) target, scim.request('GET', target);
SELECT scim.unregister_resource_type('GroupMembership');

SET client_min_messages = warning;
SELECT scim.drop_store('membership', true);
