-- The policy "wire", characters: the name of a resource that members and groups show is shown, and compared, as the resource itself shows it
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('names');
SET scim.store = 'names';
SET scim.base_url = 'https://example.com/scim/v2';
INSERT INTO names.setting (name, value) VALUES ('group_memberships', 'true');
SELECT FROM scim.register_resource_type('{"name": "Team", "endpoint": "/Teams", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group"}');
INSERT INTO names.users (id, data) VALUES
    ('00000000-0000-7000-8000-000000000001', '{"userName": "u", "displayName": "a@b"}'),
    ('00000000-0000-7000-8000-000000000002', '{"userName": "p0@x"}'),
    ('00000000-0000-7000-8000-000000000003', '{"userName": "plain"}');
INSERT INTO names.resource (resource_type, id, data) VALUES ('Team', '00000000-0000-7000-8000-000000000004', '{"displayName": "a@b", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}'),
    ('Team', '00000000-0000-7000-8000-000000000005', '{"displayName": "a[at]#b"}');
INSERT INTO names.groups (id, data) VALUES
    ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "g#1", "members": [{"value": "00000000-0000-7000-8000-000000000001"}, {"value": "00000000-0000-7000-8000-000000000002"}, {"value": "00000000-0000-7000-8000-000000000004"}]}'),
    ('00000000-0000-7000-8000-0000000000a2', '{"displayName": "g#2", "members": [{"value": "00000000-0000-7000-8000-0000000000a1"}]}'),
    ('00000000-0000-7000-8000-0000000000a3', '{"displayName": "only", "members": [{"value": "00000000-0000-7000-8000-000000000003"}]}'),
    ('00000000-0000-7000-8000-0000000000a4', '{"displayName": "none"}');
CREATE FUNCTION pg_temp.found(target text, filter text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', r.status, coalesce(string_agg(coalesce(x ->> 'userName', x ->> 'displayName', x ->> 'display', (x #>> '{group,display}') || '/' || (x #>> '{member,display}')), ', ' ORDER BY x ->> 'id', x ->> 'value'), r.body::jsonb ->> 'totalResults', r.body::jsonb ->> 'detail'))
    FROM scim.request('GET', concat(target, '?filter=', replace(replace(replace(replace(filter, '%', '%25'), '#', '%23'), ' ', '%20'), '"', '%22')), '{}') r
        LEFT JOIN LATERAL jsonb_array_elements(r.body::jsonb -> 'Resources') x ON true
    GROUP BY r.status, r.body
$$;
CREATE FUNCTION pg_temp.shown(target text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT coalesce(jsonb_path_query_array(r.body::jsonb, 'strict $.**.display'), r.body::jsonb) FROM scim.request('GET', target, '{}') r
$$;
CREATE FUNCTION pg_temp.all_shown() RETURNS TABLE (target text, shown jsonb) LANGUAGE sql AS $$
    SELECT t, pg_temp.shown(t) FROM unnest(ARRAY['/Groups/00000000-0000-7000-8000-0000000000a1', '/Groups/00000000-0000-7000-8000-0000000000a2',
        '/Groups/00000000-0000-7000-8000-0000000000a1/members', '/Groups/00000000-0000-7000-8000-0000000000a1?attributes=members.display',
        '/Users/00000000-0000-7000-8000-000000000001', '/Users/00000000-0000-7000-8000-000000000001?attributes=groups.display', '/Users?filter=userName%20eq%20%22u%22', '/GroupMemberships?filter=member.value%20eq%20%2200000000-0000-7000-8000-000000000001%22']) t
$$;
SELECT * FROM pg_temp.all_shown();

INSERT INTO names.policy (resource_type, kind, settings) VALUES
    ('User', 'wire', '{"characters": {"displayName": {"in": {"@": "[at]"}, "out": {"[at]": "@"}}, "userName": {"in": {"@": "(at)"}, "out": {"(at)": "@"}}}}'),
    ('Group', 'wire', '{"characters": {"displayName": {"in": {"#": "[no]"}, "out": {"[no]": "#"}}}}');
SELECT user_name, data ->> 'displayName' AS display_name FROM names.users ORDER BY id;
SELECT * FROM pg_temp.all_shown();
-- what is asked for is what is shown
CREATE TABLE pg_temp.asked (target text, filter text);
INSERT INTO pg_temp.asked VALUES
    ('/Groups', 'members.display eq "a@b"'), ('/Groups', 'members.display eq "a[at]b"'), ('/Groups', 'members.display eq "A@B"'), ('/Groups', 'members.display eq "p0@x"'), ('/Groups', 'members.display eq "p0(at)x"'),
    ('/Groups', 'members.display eq "g#1"'), ('/Groups', 'members.display co "@"'), ('/Groups', 'members.display sw "p0@"'), ('/Groups', 'members.display ew "#1"'), ('/Groups', 'members.display eq "plain"'),
    ('/Groups', 'members.display ne "g#1"'), ('/Groups', 'not (members.display eq "a@b")'), ('/Groups', 'members[display eq "a@b" and type eq "User"]'), ('/Groups', 'members[type eq "User" and display eq "p0@x"]'),
    ('/Groups', 'members[type eq "Team" and display eq "a@b"]'), ('/Groups', 'members[type eq "Group" and display eq "a@b"]'), ('/Groups', 'members[not (display co "@" or display co "#")]'), ('/Groups', 'displayName eq "g#1" and members.display eq "a@b"'),
    ('/Groups', 'members.display pr and members.display ne null'), ('/Groups', 'urn:ietf:params:scim:schemas:core:2.0:Group:members.display eq "a@b"'),
    ('/Users', 'groups.display eq "g#1"'), ('/Users', 'groups.display eq "g[no]1"'), ('/Users', 'groups.display co "#"'), ('/Users', 'groups[display eq "g#1" and type eq "direct"]'), ('/Users', 'groups[display eq "g#2" and type eq "direct"]'), ('/Users', 'groups.display ne "g#1"'), ('/Users', 'groups.display eq "only"'), ('/Users', 'groups.display eq "a@b"'), ('/Users', 'groups[display eq "a@b" or display eq "g#2"]'), ('/Teams', 'members.display eq "a@b"'), ('/Groups', 'members.display eq "a[at]#b"'),
    ('/Groups/00000000-0000-7000-8000-0000000000a1/members', 'display eq "a@b"'), ('/Groups/00000000-0000-7000-8000-0000000000a1/members', 'display eq "p0@x" or display eq "nobody"'), ('/Groups/00000000-0000-7000-8000-0000000000a1/members', 'display ne "a@b"'), ('/Groups/00000000-0000-7000-8000-0000000000a1/members', 'not (display co "@")'),
    ('/GroupMemberships', 'member.display eq "a@b"'), ('/GroupMemberships', 'group.display eq "g#1" and member.display eq "p0@x"'), ('/GroupMemberships', 'group[display eq "g#2"]'), ('/GroupMemberships', 'group.display ne "g#1"'), ('/GroupMemberships', 'member[not (display co "@")]');
SELECT target, filter, pg_temp.found(target, filter) FROM pg_temp.asked ORDER BY ctid;
-- of all types
SELECT r.status, r.body::jsonb -> 'totalResults' AS total FROM unnest(ARRAY['members.display eq \"a@b\"', 'groups.display eq \"g#1\"']) f, scim.request('POST', '/.search', '{}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "%s"}', f)) r;
-- an application in SQL sees what is stored
SELECT scim.get_resource('Group', '00000000-0000-7000-8000-0000000000a1') #>> '{members,0,display}' AS display, scim.search('Group', 'members.display eq "a[at]b"') -> 'totalResults' AS stored, scim.search('Group', 'members.display eq "p0@x"') -> 'totalResults' AS shown;
SELECT jsonb_path_query_array(scim.search('GroupMembership', 'group.display eq "g[no]1"'), '$.Resources[*].group.display') AS groups;

--
-- An entity-tag is of what is shown; a PATCH chooses members by it, over HTTP and in SQL
--
SELECT r.headers ->> 'ETag' AS etag FROM scim.request('GET', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}') r \gset
SELECT r.status FROM scim.request('GET', '/Groups/00000000-0000-7000-8000-0000000000a1', jsonb_build_object('If-None-Match', :'etag')) r;
CREATE FUNCTION pg_temp.removed(path text, more jsonb DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', r.status, coalesce(jsonb_path_query_array(r.body::jsonb, '$.members[*].display')::text, r.body::jsonb ->> 'detail'))
    FROM scim.request('PATCH', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb,
        'Operations', jsonb_build_array(jsonb_build_object('op', 'remove', 'path', path)) || coalesce(more, '[]'))::text) r
$$;
BEGIN;
SELECT r.status FROM scim.request('PATCH', '/Groups/00000000-0000-7000-8000-0000000000a1', jsonb_build_object('If-Match', :'etag'), '{"Operations": [{"op": "replace", "path": "externalId", "value": "x"}]}') r;
SELECT pg_temp.removed('members[display eq "a@b" and value eq "00000000-0000-7000-8000-000000000004"]');
SELECT pg_temp.removed('members[display eq "a[at]b"]');
SELECT pg_temp.removed('members[display eq "a@b" and type eq "User"]');
SELECT pg_temp.removed('members[display co "@"]');
ROLLBACK;
BEGIN;
SELECT pg_temp.removed('members[value eq "00000000-0000-7000-8000-000000000001" and display eq "p0@x"]', '[{"op": "replace", "path": "externalId", "value": "x"}]');
SELECT pg_temp.removed('members[value eq "00000000-0000-7000-8000-000000000001" and display eq "a@b"]', '[{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000003"}]}]');
SELECT r.status, jsonb_path_query_array(r.body::jsonb, '$.members[*].display') AS display FROM scim.preview('PATCH', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}', '{"Operations": [{"op": "remove", "path": "members[display eq \"p0@x\"]"}]}') r;
SELECT jsonb_path_query_array(scim.patch_resource('Group', '00000000-0000-7000-8000-0000000000a1', '[{"op": "remove", "path": "members[display eq \"p0@x\"]"}]'), '$.members[*].display') AS display;
ROLLBACK;

--
-- Endpoints of one's own
--
INSERT INTO names.endpoint (name, methods, path, resource_type, action, settings) VALUES
    ('team', '{GET}', '/crews/{id}', 'Group', 'read', '{"fields": {"id": "id", "name": "displayName", "crew": "members.display", "one": "members[display eq \"a@b\"].value"}}'),
    ('teams', '{GET}', '/crews', 'Group', 'list', '{"like": "team", "list": {"filter": "filter"}}'),
    ('with', '{GET}', '/with/{name}', 'Group', 'list', '{"like": "team", "list": {"where": "members.display eq \"{name}\""}}');
SELECT t, r.status, r.body FROM unnest(ARRAY['/crews/00000000-0000-7000-8000-0000000000a1', '/crews?filter=crew%20eq%20%22a@b%22%20and%20name%20eq%20%22g%231%22', '/crews?filter=crew%20eq%20%22p0@x%22', '/with/a@b', '/with/plain']) t, scim.request('GET', t, '{}') r;

--
-- Identifiers of members, and their names
--
UPDATE names.policy SET settings = settings || '{"identifier": {"attribute": "members", "by": "externalId", "default": "userName", "values": {"userName": "userName", "id": "id"}}}' WHERE resource_type = 'Group' AND kind = 'wire';
SELECT r.status, jsonb_path_query_array(r.body::jsonb, '$.members[*].value') AS members, jsonb_path_query_array(r.body::jsonb, '$.members[*].display') AS display FROM scim.request('GET', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}') r;
SELECT target, filter, pg_temp.found(target, filter) FROM (VALUES ('/Groups', 'members.display eq "p0@x"'), ('/Groups', 'members[value eq "p0@x" and display eq "p0@x"]'), ('/Groups', 'members[value eq "p0@x" and display eq "a@b"]'),
    ('/Groups/00000000-0000-7000-8000-0000000000a1/members', 'value eq "p0@x" and display eq "p0@x"')) v (target, filter);

--
-- Only "in": answered is what is stored, and asked for is either.  Nothing to be replaced: as without a policy
--
UPDATE names.policy SET settings = '{"characters": {"displayName": {"@": "[at]"}}}' WHERE resource_type = 'User' AND kind = 'wire';
UPDATE names.policy SET settings = '{"colons": true}' WHERE resource_type = 'Group' AND kind = 'wire';
SELECT * FROM pg_temp.all_shown() LIMIT 1;
SELECT target, filter, pg_temp.found(target, filter) FROM (VALUES ('/Groups', 'members.display eq "a@b"'), ('/Groups', 'members.display eq "a[at]b"'), ('/Groups', 'members[display eq "a@b" and type eq "User"]'), ('/Users', 'groups.display eq "g#1"'), ('/Users', 'groups.display eq "g[no]1"')) v (target, filter);
-- behind other names of the attributes, in the look-ups that a filter may do, and in its length
INSERT INTO names.policy (resource_type, kind, name, settings) VALUES ('Group', 'wire', 'aliases', '{"aliases": {"members.name": {"attribute": "members.display", "answers": true}, "crew": "members"}}');
INSERT INTO names.setting (name, value) VALUES ('max_filter_lookups', '1');
SELECT target, filter, pg_temp.found(target, filter) FROM (VALUES ('/Groups', 'members.name eq "a@b"'), ('/Groups', 'crew[name eq "a@b"]'), ('/Groups', 'members:display eq "a@b"'), ('/Groups', 'members.display eq "a@b" or members.display eq "p0@x"'), ('/Groups/00000000-0000-7000-8000-0000000000a1/members', 'name eq "a@b"')) v (target, filter);
SELECT jsonb_path_query_array(r.body::jsonb, 'strict $.members[*].name') AS names FROM scim.request('GET', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}') r;
SET scim.max_filter_length = 30;
SELECT filter, pg_temp.found('/Groups', filter) FROM (VALUES ('members.display eq "a@b"'), ('members.display eq "a@b" or id pr')) v (filter);
SET scim.max_filter_nodes = 2;
SELECT filter, pg_temp.found('/Groups', filter) FROM (VALUES ('members.display eq "a@b"'), ('not (id pr or id pr)')) v (filter);
SET scim.max_filter_depth = 1;
SELECT filter, pg_temp.found('/Groups', filter) FROM (VALUES ('members.display eq "a@b"')) v (filter);
