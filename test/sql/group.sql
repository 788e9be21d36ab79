-- Groups and their members (RFC 7643 sections 4.1.2 and 4.2, RFC 7644 section 3.5.2).
SELECT scim.create_store('grouping');
SET scim.store = 'grouping';
SET scim.base_url = 'https://example.com/v2';
\pset format unaligned

-- Users with ids that can be printed: 1 to 4
INSERT INTO grouping.users (id, data) SELECT ('2819c223-7f76-453a-919d-00000000000' || n)::uuid, jsonb_build_object('userName', 'user' || n) FROM generate_series(1, 4) n;
CREATE FUNCTION pg_temp.u(n text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '2819c223-7f76-453a-919d-00000000000' || n $$;
-- In operations @1 stands for the id of user 1
CREATE FUNCTION pg_temp.ids(operations text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT regexp_replace(operations, '@(\d)', pg_temp.u('\1'), 'g') $$;
CREATE FUNCTION pg_temp.short(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT regexp_replace($1, '2819c223-7f76-453a-919d-00000000000(\d)', '@\1', 'g') $$;
-- The members of a group as a client sees them; rows and rendering have to agree
CREATE FUNCTION pg_temp.members(resource jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE listed text; kept text;
BEGIN
    SELECT string_agg(m ->> 'value', ' ' ORDER BY m ->> 'value' COLLATE "C") INTO listed FROM jsonb_array_elements(resource -> 'members') m;
    SELECT string_agg(coalesce(value, member_id::text), ' ' ORDER BY coalesce(value, member_id::text) COLLATE "C") INTO kept FROM grouping.member WHERE group_id::text = resource ->> 'id';
    IF listed IS DISTINCT FROM kept THEN RAISE 'listed %, but kept %', listed, kept; END IF;
    RETURN pg_temp.short(listed);
END $$;

-- What a member looks like: type and display are those of the live resource; a dangling one is kept as it was sent
SELECT scim.create_resource('Group', pg_temp.ids('{"displayName": "G", "members": [{"value": "@1", "display": "not the name", "type": "direct", "$ref": "x"}, {"value": "ghost", "type": "User", "display": "Ghost"},
    {"value": "2819c223-7f76-453a-919d-000000000009"}, {"value": "@1"}, "@2"]}')::jsonb) ->> 'id' AS g \gset
SELECT pg_temp.short(m::text) AS member FROM jsonb_array_elements(scim.get_resource('Group', :'g') -> 'members') m ORDER BY m ->> 'value' COLLATE "C";
SELECT version, data FROM grouping.groups WHERE id = :'g';
SELECT scim.get_resource('Group', :'g', 'displayName') ? 'members' AS named, scim.get_resource('Group', :'g', NULL, 'members') ? 'members' AS excluded,
    pg_temp.short(string_agg(m::text, ' ' ORDER BY m::text COLLATE "C")) AS only_type FROM jsonb_array_elements(scim.get_resource('Group', :'g', 'members.type') -> 'members') m;
SELECT pg_temp.short(string_agg(m::text, ' ' ORDER BY m::text COLLATE "C")) AS without FROM jsonb_array_elements(scim.get_resource('Group', :'g', NULL, 'members.$ref,members.display') -> 'members') m;
SELECT scim.get_resource('Group', :'g', NULL, 'members.$ref,members.display,members.type,members.value') ? 'members' AS empty_members;
UPDATE grouping.users SET display_name = 'User One' WHERE user_name = 'user1';
SELECT m ->> 'display' AS live_name FROM jsonb_array_elements(scim.get_resource('Group', :'g') -> 'members') m WHERE m ->> 'value' = pg_temp.u('1');
SELECT version AS version_is_its_own FROM grouping.groups WHERE id = :'g';

-- PATCH, each on a group of @1 and @2, and whether the version moved. After an error the members are what they were.
CREATE FUNCTION pg_temp.patch(operations text, OUT members text, OUT moved boolean, OUT error text) LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := scim.create_resource('Group', pg_temp.ids('{"displayName": "P", "members": [{"value": "@1"}, {"value": "@2"}]}')::jsonb);
    after jsonb;
    id text := before ->> 'id';
BEGIN
    BEGIN
        after := scim.patch_resource('Group', id, pg_temp.ids(operations)::jsonb);
    EXCEPTION WHEN OTHERS THEN
        error := sqlstate || ' ' || sqlerrm;
        after := scim.get_resource('Group', id);
        IF after <> before THEN RAISE 'something is left of the failed PATCH'; END IF;
    END;
    IF after <> scim.get_resource('Group', id) THEN RAISE 'the answer is not what is stored'; END IF;
    members := concat_ws(': ', nullif(after ->> 'displayName', 'P'), coalesce(pg_temp.members(after), 'none'));
    moved := after #>> '{meta,version}' !~ '^W/"1[".]';
    PERFORM scim.delete_resource('Group', id);
END $$;
SELECT n, p.* FROM (VALUES
    -- the examples of RFC 7644 section 3.5.2
    (1, '[{"op": "add", "path": "members", "value": [{"display": "Babs Jensen", "$ref": "https://example.com/v2/Users/@3", "value": "@3"}]}]'),
    (2, '[{"op": "add", "path": "members", "value": [{"value": "@1"}]}]'),
    (3, '[{"op": "remove", "path": "members[value eq \"@1\"]"}]'),
    (4, '[{"op": "remove", "path": "members[value eq \"@3\"]"}]'),
    (5, '[{"op": "remove", "path": "members"}]'),
    (6, '[{"op": "remove", "path": "members[value eq\"@1\"]"}, {"op": "add", "path": "members", "value": [{"display": "James Smith", "$ref": "https://example.com/v2/Users/@3", "value": "@3"}]}]'),
    (7, '[{"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": [{"display": "Babs Jensen", "value": "@3"}, {"display": "James Smith", "value": "@4"}]}]'),
    (8, '[{"op": "replace", "path": "members", "value": [{"display": "Babs Jensen", "value": "@2"}, {"display": "James Smith", "value": "@3"}]}]'),
    -- what clients send
    (9, '[{"op": "Remove", "path": "members", "value": [{"value": "@1", "$ref": null}]}]'), (10, '[{"op": "Remove", "path": "members", "value": [{"value": "@3"}]}]'), (11, '[{"op": "Remove", "path": "members", "value": []}]'),
    (12, '[{"op": "Remove", "path": "members", "value": null}]'), (13, '[{"op": "Remove", "path": "members", "value": {"value": "@2"}}]'), (14, '[{"op": "remove", "path": "members", "value": ["@1", "@2"]}]'),
    (15, '[{"op": "Add", "path": "members", "value": [{"value": "@3"}, {"value": "@4"}]}, {"op": "Remove", "path": "members", "value": [{"value": "@1"}]}]'),
    (16, '[{"op": "replace", "path": "members", "value": []}]'), (17, '[{"op": "replace", "path": "members", "value": null}]'), (18, '[{"op": "replace", "value": {"members": [{"value": "@4"}]}}]'), (19, '[{"op": "add", "value": {"members": [{"value": "@4"}]}}]'),
    (20, '[{"op": "replace", "path": "members", "value": [{"value": "@1"}, {"value": "@2"}]}]'), (21, '[{"op": "replace", "value": {"id": "x", "displayName": "renamed"}}]'), (22, '[{"op": "replace", "path": "displayName", "value": "renamed"}, {"op": "add", "path": "members", "value": "@3"}]'),
    (23, '[{"op": "add", "path": "members", "value": []}]'), (24, '[{"op": "add", "path": "members", "value": [{"value": "@3"}, {"value": "@3"}]}]'), (25, '[]'),
    -- by other filters
    (26, '[{"op": "remove", "path": "members[display eq \"user2\"]"}]'), (27, '[{"op": "remove", "path": "members[type eq \"User\"]"}]'), (28, '[{"op": "remove", "path": "members[type eq \"Group\"]"}]'),
    (29, '[{"op": "remove", "path": "members[value eq \"@1\" or value eq \"@2\"]"}]'), (30, '[{"op": "remove", "path": "members[not (value eq \"@1\")]"}]'), (31, '[{"op": "remove", "path": "members[value ne \"@1\"]"}]'), (32, '[{"op": "remove", "path": "members[$ref ew \"@1\"]"}]'),
    (33, '[{"op": "remove", "path": "members[value pr]"}]'), (34, '[{"op": "remove", "path": "members[value eq null]"}]'),
    -- what cannot be done, whatever went before it
    (35, '[{"op": "remove", "path": "members[nope eq \"x\"]"}]'), (36, '[{"op": "replace", "path": "members[value eq \"@1\"]", "value": {"value": "@3"}}]'), (37, '[{"op": "replace", "path": "members[value eq \"@1\"].display", "value": "x"}]'), (38, '[{"op": "replace", "path": "members.value", "value": "@3"}]'),
    (39, '[{"op": "add", "path": "members", "value": [{"value": "@3"}]}, {"op": "remove", "path": "displayName"}]'), (40, '[{"op": "replace", "path": "displayName", "value": "lost"}, {"op": "remove", "path": "members[nope pr]"}]'), (41, '[{"op": "add", "path": "members", "value": [{"display": "no value"}]}]'),
    (42, '[{"op": "add", "path": "members", "value": [{"value": {"a": 1}}]}]'), (43, '[{"op": "add", "path": "members"}]'),
    -- an empty value of a remove names nobody
    (44, '[{"op": "remove", "path": "members", "value": ""}]'), (45, '[{"op": "remove", "path": "members", "value": {}}]'), (46, '[{"op": "remove", "path": "members", "value": [""]}]'), (47, '[{"op": "remove", "path": "members", "value": [{}]}]'),
    (48, '[{"op": "remove", "path": "members", "value": [null]}]'), (49, '[{"op": "remove", "path": "members", "value": [{"value": "@1"}, {"value": ""}]}]'), (50, '[{"op": "remove", "path": "members", "value": {"display": "user1"}}]'), (51, '[{"op": "remove", "path": "members", "value": [{"type": "User"}]}]'),
    (52, '[{"op": "remove", "path": "members", "value": [[]]}]'), (53, '[{"op": "remove", "path": "members", "value": [{"display": "user1"}]}]')) t (n, operations), pg_temp.patch(operations) p ORDER BY n;

-- PUT: members that are not stated go
SELECT n, pg_temp.members(scim.replace_resource('Group', :'g', pg_temp.ids(document)::jsonb)) AS members, (SELECT version FROM grouping.groups WHERE id = :'g') AS version_before
FROM (VALUES (1, '{"displayName": "G", "members": [{"value": "@1"}, {"value": "@2"}]}'), (2, '{"displayName": "G", "members": [{"value": "@2"}, {"value": "@1", "display": "x"}]}'),
    (3, '{"displayName": "G", "members": [{"value": "@3"}]}'), (4, '{"displayName": "G"}'), (5, '{"displayName": "G", "members": null}')) t (n, document) ORDER BY n;
SELECT version FROM grouping.groups WHERE id = :'g';

-- Raw SQL: rows of "member", and members stated in "data"
INSERT INTO grouping.member (group_id, member_id) SELECT :'g', id FROM grouping.users WHERE user_name IN ('user1', 'user2', 'user3');
SELECT pg_temp.members(scim.get_resource('Group', :'g')), version FROM grouping.groups WHERE id = :'g';
INSERT INTO grouping.member (group_id, member_id) SELECT :'g', id FROM grouping.users WHERE user_name = 'user1' ON CONFLICT DO NOTHING;
DELETE FROM grouping.member WHERE group_id = :'g' AND member_id = pg_temp.u('2')::uuid;
DELETE FROM grouping.member WHERE group_id = :'g' AND member_id = pg_temp.u('2')::uuid;
SELECT pg_temp.members(scim.get_resource('Group', :'g')), version FROM grouping.groups WHERE id = :'g';
UPDATE grouping.groups SET data = data || pg_temp.ids('{"members": [{"value": "@3"}, {"value": "@4"}]}')::jsonb WHERE id = :'g';
SELECT pg_temp.members(scim.get_resource('Group', :'g')), version, data ? 'members' AS in_document FROM grouping.groups WHERE id = :'g';
UPDATE grouping.groups SET data = data || '{"displayName": "G2"}' WHERE id = :'g';
SELECT pg_temp.members(scim.get_resource('Group', :'g')), version FROM grouping.groups WHERE id = :'g';
INSERT INTO grouping.groups (data) VALUES (pg_temp.ids('{"displayName": "raw", "members": [{"value": "@1"}]}')::jsonb) RETURNING id AS raw \gset
SELECT pg_temp.members(scim.get_resource('Group', :'raw')), version FROM grouping.groups WHERE id = :'raw';
\set VERBOSITY terse
INSERT INTO grouping.member (group_id, member_id) VALUES ('2819c223-7f76-453a-919d-000000000008', pg_temp.u('1')::uuid);
UPDATE grouping.member SET member_id = pg_temp.u('1')::uuid WHERE group_id = :'g';
TRUNCATE grouping.member;
\set VERBOSITY default

-- The groups of a user, direct and through groups; a cycle ends
SELECT scim.replace_resource('Group', :'g', pg_temp.ids('{"displayName": "inner", "members": [{"value": "@1"}]}')::jsonb) ->> 'displayName' AS inner_group \gset
SELECT scim.replace_resource('Group', :'raw', format('{"displayName": "outer", "members": [{"value": "%s"}, {"value": "%s"}]}', :'g', pg_temp.u('2'))::jsonb) ->> 'displayName' AS outer_group \gset
SELECT scim.create_resource('Group', format('{"displayName": "outermost", "members": [{"value": "%s"}, {"value": "%s"}]}', :'raw', pg_temp.u('1'))::jsonb) ->> 'id' AS outermost \gset
CREATE FUNCTION pg_temp.groups(name text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', g ->> 'display', g ->> 'type'), ', ' ORDER BY g ->> 'display' COLLATE "C") FROM grouping.users u, jsonb_array_elements(scim.resource_json(u) -> 'groups') g WHERE user_name = name $$;
SELECT user_name, pg_temp.groups(user_name) AS groups, scim.get_resource('User', id::text) = scim.resource_json(u) AS same FROM grouping.users u ORDER BY user_name;
SELECT g - 'value' = jsonb_build_object('display', 'inner', 'type', 'direct', '$ref', 'https://example.com/v2/Groups/' || :'g') AS whole_group
FROM jsonb_array_elements(scim.get_resource('User', pg_temp.u('1')) -> 'groups') g WHERE g ->> 'value' = :'g';
SELECT scim.get_resource('User', pg_temp.u('2'), 'groups.display') -> 'groups' AS display, scim.get_resource('User', pg_temp.u('2'), NULL, 'groups') ? 'groups' AS excluded;
SELECT m ->> 'type' AS type, m ->> 'display' AS display FROM jsonb_array_elements(scim.get_resource('Group', :'outermost') -> 'members') m ORDER BY 1;
INSERT INTO grouping.member (group_id, member_id) VALUES (:'g', :'outermost'), (:'g', :'g');
SELECT user_name, pg_temp.groups(user_name) AS groups FROM grouping.users WHERE user_name <> 'user4' ORDER BY user_name;
SELECT filter, (SELECT string_agg(r ->> 'userName', ' ' ORDER BY r ->> 'userName') FROM jsonb_array_elements(scim.search('User', filter) -> 'Resources') r) AS names
FROM unnest(ARRAY['groups.display eq "inner"', 'groups.display eq "outermost"', 'groups pr', 'not (groups pr)']) WITH ORDINALITY t (filter, n) ORDER BY n;
-- a group's display is the live one
SELECT scim.patch_resource('Group', :'outermost', '[{"op": "replace", "path": "displayName", "value": "world"}]') ->> 'displayName' AS renamed;
SELECT pg_temp.groups('user2');

-- "groups" is read-only: what a client says of it is ignored
SELECT scim.replace_resource('User', pg_temp.u('1'), '{"userName": "user1", "groups": []}') ->> 'userName' AS user_name, pg_temp.groups('user1');

-- A member that is deleted leaves its groups, which changes them; so does a group
SELECT version AS before FROM grouping.groups WHERE id = :'g' \gset
SELECT scim.delete_resource('User', pg_temp.u('1'));
SELECT count(*) AS memberships, (SELECT version - :before FROM grouping.groups WHERE id = :'g') AS moved FROM grouping.member WHERE member_id = pg_temp.u('1')::uuid;
SELECT scim.delete_resource('Group', :'outermost');
SELECT count(*) AS memberships FROM grouping.member WHERE :'outermost' IN (member_id, group_id);
SELECT user_name, pg_temp.groups(user_name) AS groups FROM grouping.users WHERE deleted_at IS NULL ORDER BY user_name;
-- A dangling member becomes a live one when its resource comes
SELECT m ->> 'type' AS type FROM jsonb_array_elements(scim.patch_resource('Group', :'raw', '[{"op": "replace", "path": "members", "value": [{"value": "2819c223-7f76-453a-919d-000000000005"}]}]') -> 'members') m;
INSERT INTO grouping.users (id, data) VALUES (pg_temp.u('5')::uuid, '{"userName": "user5"}');
SELECT m ->> 'type' AS type, m ->> 'display' AS display FROM jsonb_array_elements(scim.get_resource('Group', :'raw') -> 'members') m;
SELECT pg_temp.groups('user5');
-- No member is left of groups that have gone
DELETE FROM grouping.groups;
SELECT count(*) AS members FROM grouping.member;

RESET scim.base_url;
RESET scim.store;
SET client_min_messages = warning;
SELECT scim.drop_store('grouping', true);
