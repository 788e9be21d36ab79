-- The policy "wire", identifier: by what clients name the members of groups; ids are stored
\set VERBOSITY terse
SELECT scim.create_store('named');
SET scim.store = 'named';
SET scim.base_url = 'https://example.com/scim/v2';
-- an id of a schema that leaves out "urn:", as some products do
SELECT FROM scim.register_schema('{"id": "Comms:1.0:Group", "name": "Comms group", "attributes": [{"name": "identifierField"}, {"name": "note"}]}');
SELECT FROM scim.register_resource_type('{"name": "Group", "endpoint": "/Groups", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group",
    "schemaExtensions": [{"schema": "Comms:1.0:Group", "required": false}]}');
CREATE FUNCTION pg_temp.named(text) RETURNS text LANGUAGE sql AS
$$ SELECT regexp_replace(regexp_replace($1, '00000000-0000-7000-8000-000000000(...)', '<\1>', 'g'),
    '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}', '<id>', 'g') $$;
CREATE FUNCTION pg_temp.call(method text, target text, body jsonb DEFAULT NULL, headers jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.named(r.status || coalesce(' ' || CASE
        WHEN r.body::jsonb ? 'Resources' THEN (r.body::jsonb ->> 'totalResults') || coalesce(' ' || (SELECT string_agg(coalesce(x ->> 'displayName', x::text), ' ' ORDER BY x ->> 'displayName', x ->> 'value') FROM jsonb_array_elements(r.body::jsonb -> 'Resources') x), '')
        WHEN r.body::jsonb ? 'detail' THEN coalesce(r.body::jsonb ->> 'scimType', '-') || ': ' || (r.body::jsonb ->> 'detail')
        ELSE coalesce(r.body::jsonb -> 'Comms:1.0:Group' ->> 'identifierField', '') || ' ' ||
            coalesce((SELECT string_agg((m ->> 'value') || coalesce('=' || (m ->> 'type'), ''), ' ' ORDER BY m ->> 'value') FROM jsonb_array_elements(r.body::jsonb -> 'members') m), '-') END, ''))
    FROM scim.request(method, target, headers, body::text) r
$$;
CREATE FUNCTION pg_temp.patch(target text, operations jsonb) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.call('PATCH', target, jsonb_build_object('Operations', operations)) $$;
CREATE VIEW pg_temp.stored AS
    SELECT g.display_name, string_agg(coalesce(u.user_name, pg_temp.named(coalesce(m.value, m.member_id::text))), ' ' ORDER BY u.user_name, m.member_id) AS members
    FROM named.groups g JOIN named.member m ON m.group_id = g.id LEFT JOIN named.users u ON u.id = m.member_id
    GROUP BY g.display_name;
INSERT INTO named.users (id, data) VALUES
    ('00000000-0000-7000-8000-000000000001', '{"userName": "ann", "emails": [{"value": "ann@home.org"}, {"value": "ann@example.com", "primary": true}]}'),
    ('00000000-0000-7000-8000-000000000002', '{"userName": "bob", "emails": [{"value": "bob@example.com"}, {"value": "shared@example.com"}]}'),
    ('00000000-0000-7000-8000-000000000003', '{"userName": "cy", "emails": [{"value": "shared@example.com"}, {"value": "cy@example.com", "primary": true}]}'),
    ('00000000-0000-7000-8000-000000000004', '{"userName": "dee"}');
\set ann '''00000000-0000-7000-8000-000000000001'''
\set dee '''00000000-0000-7000-8000-000000000004'''

INSERT INTO named.policy (resource_type, kind, settings) VALUES ('Group', 'wire', '{"identifier": {
    "attribute": "members", "by": "Comms:1.0:Group:identifierField", "default": "userName",
    "values": {"userName": "userName", "email": "emails.value", "id": "id"}}}');
-- bodies
SELECT pg_temp.call('POST', '/Groups', '{"displayName": "Names", "members": [{"value": "ANN"}, {"value": "bob"}]}');
SELECT pg_temp.call('POST', '/Groups', '{"displayName": "Mails", "Comms:1.0:Group": {"identifierField": "email"}, "members": [{"value": "ann@home.org"}, {"value": "Bob@example.com"}]}');
SELECT pg_temp.call('POST', '/Groups', jsonb_build_object('displayName', 'Ids', 'Comms:1.0:Group', '{"identifierField": "id"}'::jsonb, 'members', jsonb_build_array(jsonb_build_object('value', :ann))));
SELECT pg_temp.call('POST', '/Groups', '{"displayName": "Strings", "members": ["ann", "cy", "ann"]}');
SELECT * FROM pg_temp.stored ORDER BY 1;
SELECT id AS names FROM named.groups WHERE display_name = 'Names' \gset
SELECT id AS mails FROM named.groups WHERE display_name = 'Mails' \gset
-- unknown, and ambiguous
SELECT pg_temp.call('POST', '/Groups', '{"displayName": "None", "members": [{"value": "ann"}, {"value": "nobody"}]}');
SELECT pg_temp.call('POST', '/Groups', '{"displayName": "None", "Comms:1.0:Group": {"identifierField": "email"}, "members": [{"value": "shared@example.com"}]}');
INSERT INTO named.policy (resource_type, kind, settings) VALUES ('Group', 'reference', '{"attributes": {"members": ["User", "Group"]}, "missing": "notFound"}');
SELECT pg_temp.call('POST', '/Groups', '{"displayName": "None", "members": [{"value": "nobody"}]}');
DELETE FROM named.policy WHERE kind = 'reference';
-- an id is an id where it is nobody's name; who has no such name is shown by it; so are groups
SELECT pg_temp.call('POST', '/Groups', jsonb_build_object('displayName', 'Mixed', 'Comms:1.0:Group', '{"identifierField": "email"}'::jsonb, 'members',
    jsonb_build_array(jsonb_build_object('value', :dee), jsonb_build_object('value', 'ann@example.com'), jsonb_build_object('value', :'names', 'type', 'Group'))));
SELECT pg_temp.call('POST', '/Groups', jsonb_build_object('displayName', 'By $ref', 'members',
    jsonb_build_array(jsonb_build_object('$ref', 'https://example.com/scim/v2/Users/00000000-0000-7000-8000-000000000003'))));
-- PATCH
SELECT pg_temp.patch('/Groups/' || :'names', '[{"op": "add", "path": "members", "value": [{"value": "cy"}]}, {"op": "remove", "path": "members[value eq \"BOB\"]"}]');
SELECT pg_temp.patch('/Groups/' || :'names', '[{"op": "remove", "path": "members", "value": [{"value": "cy"}, {"value": "nobody"}]}, {"op": "add", "value": {"members": [{"value": "dee"}]}}]');
SELECT pg_temp.patch('/Groups/' || :'names', '[{"op": "add", "path": "members", "value": "nobody"}]');
SELECT pg_temp.patch('/Groups/' || :'mails', '[{"op": "replace", "path": "members", "value": [{"value": "cy@example.com"}, {"value": "bob@example.com"}]}]');
SELECT pg_temp.patch('/Groups/' || :'mails', '[{"op": "remove", "path": "members[value eq \"cy@example.com\" and type eq \"User\"]"}]');
SELECT pg_temp.patch('/Groups/' || :'mails', '[{"op": "remove", "path": "members[value co \"bob\"]"}]');
-- what the group says may change on the way
SELECT pg_temp.patch('/Groups/' || :'mails', '[{"op": "add", "path": "members", "value": [{"value": "ann@home.org"}]}, {"op": "replace", "path": "Comms:1.0:Group:identifierField", "value": "userName"},
    {"op": "add", "path": "members", "value": [{"value": "dee"}]}]');
SELECT pg_temp.patch('/Groups/' || :'mails', '[{"op": "replace", "value": {"Comms:1.0:Group": {"identifierField": "id"}, "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}}]');
SELECT pg_temp.patch('/Groups/' || :'mails', '[{"op": "replace", "path": "Comms:1.0:Group", "value": {"identifierField": "email"}}, {"op": "add", "path": "members", "value": [{"value": "bob@example.com"}]}]');
SELECT pg_temp.patch('/Groups/' || :'mails', '[{"op": "remove", "path": "Comms:1.0:Group:identifierField"}, {"op": "remove", "path": "members", "value": [{"value": "bob"}]}]');
SELECT pg_temp.call('PUT', '/Groups/' || :'mails', '{"displayName": "Mails", "members": [{"value": "ann"}, {"value": "bob"}]}');
SELECT pg_temp.call('PUT', '/Groups/' || :'mails', '{"displayName": "Mails", "Comms:1.0:Group": {"identifierField": "email"}, "members": [{"value": "ann@example.com"}, {"value": "bob@example.com"}]}');
SELECT * FROM pg_temp.stored ORDER BY 1;
-- many operations do together what each does by itself, whatever they name and however the group names it by then
CREATE FUNCTION pg_temp.after(VARIADIC patches jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    FOR i IN 1 .. cardinality(patches) LOOP
        answer := pg_temp.patch('/Groups/' || (SELECT id FROM named.groups WHERE display_name = 'Mails'), patches[i]);
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'TEST0', MESSAGE = concat(answer, ' ', (SELECT members FROM pg_temp.stored WHERE display_name = 'Mails'));
EXCEPTION WHEN SQLSTATE 'TEST0' THEN
    RETURN sqlerrm;
END $$;
CREATE TEMP TABLE op (n int GENERATED ALWAYS AS IDENTITY, operation jsonb);
INSERT INTO op (operation) VALUES ('{"op": "add", "path": "members", "value": [{"value": "cy@example.com"}, {"value": "00000000-0000-7000-8000-000000000004"}]}'), ('{"op": "remove", "path": "members[value eq \"bob@example.com\"]"}'),
    ('{"op": "remove", "path": "members", "value": "ANN@home.org"}'), ('{"op": "remove", "path": "members[value eq \"nobody@example.com\"]"}'), ('{"op": "replace", "path": "Comms:1.0:Group:identifierField", "value": "userName"}'),
    ('{"op": "remove", "path": "members[value eq \"cy\" or value eq \"cy@example.com\"]"}'), ('{"op": "add", "value": {"members": ["bob"]}}'), ('{"op": "remove", "path": "members[value eq \"dee\" and type eq \"User\"]"}'), ('{"op": "add", "path": "members", "value": "ann"}'),
    ('{"op": "replace", "value": {"Comms:1.0:Group": {"identifierField": "id"}, "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}}'), ('{"op": "remove", "path": "members[value eq \"bob\"]"}'), ('{"op": "remove", "path": "Comms:1.0:Group:identifierField"}'),
    ('{"op": "add", "path": "members", "value": [{"value": "dee"}, {"value": "00000000-0000-7000-8000-000000000002"}]}'), ('{"op": "remove", "path": "members", "value": [{"value": "ann"}, {"value": "ann@home.org"}]}');
SELECT n, pg_temp.after((SELECT jsonb_agg(operation ORDER BY n) FROM op WHERE n <= o.n)) = pg_temp.after(VARIADIC (SELECT array_agg(jsonb_build_array(operation) ORDER BY n) FROM op WHERE n <= o.n)) AS same,
    pg_temp.after((SELECT jsonb_agg(operation ORDER BY n) FROM op WHERE n <= o.n)) AS members FROM op o;
-- the first that is nobody, or several, is told of
SELECT pg_temp.after('[{"op": "add", "path": "members", "value": "ann@home.org"}, {"op": "add", "path": "members", "value": "nobody@example.com"}, {"op": "add", "path": "members", "value": "shared@example.com"}]');
SELECT pg_temp.after('[{"op": "add", "path": "members", "value": "ann@home.org"}, {"op": "remove", "path": "members[value eq \"shared@example.com\"]"}]');
-- the version is one per request
SELECT version FROM named.groups WHERE id = :'names';

--
-- Filters ask each group for what the identifier means there
--
SELECT f, pg_temp.call('GET', '/Groups?attributes=displayName&filter=' || replace(replace(replace(f, ' ', '%20'), '"', '%22'), '[', '%5B')) FROM unnest(ARRAY[
    'members.value eq "ann"', 'members.value eq "ann@example.com"', 'members[value eq "ann@home.org" and type eq "User"]', 'members eq "00000000-0000-7000-8000-000000000001"',
    'members.value eq "nobody"', 'not (members.value eq "ann")', 'members.value ne "ann"', 'members.value eq "ann" and displayName sw "n"', 'members.value co "ann"', 'members pr',
    'members[display eq "ann"]']) f;
-- what several have is wrong only where a group names its members so
BEGIN;
DELETE FROM named.groups WHERE data #>> '{Comms:1.0:Group,identifierField}' = 'email';
INSERT INTO named.users (data) VALUES ('{"userName": "two@example.com", "emails": [{"value": "two@example.com"}]}'), ('{"userName": "other", "emails": [{"value": "other@example.com"}, {"value": "two@example.com"}]}');
INSERT INTO named.groups (data) VALUES ('{"displayName": "Both"}');
INSERT INTO named.member (group_id, member_id) SELECT g.id, u.id FROM named.groups g, named.users u WHERE g.display_name = 'Both' AND u.user_name = 'two@example.com';
SELECT f, pg_temp.call('GET', '/Groups?attributes=displayName&filter=' || replace(replace(replace(f, ' ', '%20'), '"', '%22'), '[', '%5B')) FROM unnest(ARRAY['members.value eq "two@example.com"', 'members[value eq "two@example.com"]']) f;
INSERT INTO named.groups (data) VALUES ('{"displayName": "Mail", "Comms:1.0:Group": {"identifierField": "email"}}');
SELECT pg_temp.call('GET', '/Groups?filter=members%20eq%20%22two@example.com%22');
ROLLBACK;
SELECT pg_temp.call('POST', '/Groups/.search', '{"filter": "members.value eq \"dee\"", "attributes": ["displayName"]}');
SELECT pg_temp.call('GET', '/Groups/' || :'names' || '/members?attributes=value');
SELECT pg_temp.call('GET', '/Groups/' || :'mails' || '/members?attributes=value&filter=value%20eq%20%22bob@example.com%22');
SELECT pg_temp.call('GET', '/Groups/' || :'mails' || '/members?attributes=value,$ref,type&count=1&cursor=');

--
-- Get, change, put back; entity-tags know what is shown
--
SELECT body, headers ->> 'ETag' AS etag FROM named.groups, scim.request('GET', '/Groups/' || id) WHERE display_name = 'Mixed' \gset
SELECT id AS mixed FROM named.groups WHERE display_name = 'Mixed' \gset
SELECT body = :'body' AS same, headers ->> 'ETag' = :'etag' AS same_version FROM scim.request('PUT', '/Groups/' || :'mixed', '{}', :'body');
SELECT status FROM scim.request('GET', '/Groups/' || :'mixed', jsonb_build_object('If-None-Match', :'etag'));
UPDATE named.users SET data = jsonb_set(data, '{emails,1,value}', '"anna@example.com"') WHERE id = :ann;
SELECT status, (SELECT string_agg(m ->> 'value', ' ' ORDER BY m ->> 'value' DESC) ~ 'anna@example.com' FROM jsonb_array_elements(body::jsonb -> 'members') m) AS renamed
FROM scim.request('GET', '/Groups/' || :'mixed', jsonb_build_object('If-None-Match', :'etag'));
SELECT status FROM scim.request('PATCH', '/Groups/' || :'mixed', jsonb_build_object('If-Match', :'etag'), '{"Operations": [{"op": "add", "path": "displayName", "value": "Mixed"}]}');
SELECT pg_temp.call('GET', '/Groups/' || :'mixed' || '?excludedAttributes=members'), pg_temp.call('GET', '/Groups/' || :'mixed' || '?attributes=members.value');
-- members who are not there, or not any more
SELECT FROM scim.patch_resource('Group', :'names', '[{"op": "add", "path": "members", "value": [{"value": "a stranger"}]}]');
SELECT pg_temp.call('GET', '/Groups/' || :'names');
SELECT body FROM scim.request('GET', '/Groups/' || :'names') \gset
SELECT body::jsonb -> 'members' = :'body'::jsonb -> 'members' AS same FROM scim.request('PUT', '/Groups/' || :'names', '{}', :'body');
DELETE FROM named.users WHERE id = :dee;
SELECT pg_temp.call('GET', '/Groups/' || :'names');
-- groups of a user are groups, by their ids; SQL knows ids only
SELECT body::jsonb #>> '{groups,0,value}' = ANY (ARRAY(SELECT id::text FROM named.groups)) AS by_id FROM scim.request('GET', '/Users/' || :ann);
SELECT scim.get_resource('Group', :'names') #>> '{members,0,value}' = :ann AS by_id;

--
-- The same for all groups
--
UPDATE named.policy SET settings = '{"identifier": {"attribute": "members.value", "by": "email", "values": {"email": "emails.value"}}}' WHERE kind = 'wire';
SELECT pg_temp.call('GET', '/Groups/' || :'names');
SELECT pg_temp.call('GET', '/Groups?filter=members.value%20eq%20%22anna@example.com%22');

--
-- Many members: a few statements
--
INSERT INTO named.users (data) SELECT jsonb_build_object('userName', 'user' || i, 'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com'))) FROM generate_series(1, 1250) i;
SELECT status, jsonb_array_length(body::jsonb -> 'members') AS members, body::jsonb -> 'members' @> '[{"value": "user1250@example.com"}]' AS last
FROM scim.request('POST', '/Groups', '{}', (SELECT jsonb_build_object('displayName', 'Many', 'members', jsonb_agg(jsonb_build_object('value', 'user' || i || '@example.com'))) FROM generate_series(1, 1250) i)::text);
SELECT count(*) FROM named.member m JOIN named.groups g ON g.id = m.group_id JOIN named.users u ON u.id = m.member_id WHERE g.display_name = 'Many';
SELECT r.status FROM named.groups, scim.request('PATCH', '/Groups/' || id, '{}', (SELECT jsonb_build_object('Operations', jsonb_agg(jsonb_build_object('op', 'remove', 'path', format('members[value eq "user%s@example.com"]', i)))) FROM generate_series(1, 1249) i)::text) r WHERE display_name = 'Many';
SELECT count(*) FROM named.member m JOIN named.groups g ON g.id = m.group_id JOIN named.users u ON u.id = m.member_id WHERE g.display_name = 'Many';

--
-- Who says to be of another type is named by an id, or is a member that is there
--
INSERT INTO named.groups (data) VALUES ('{"displayName": "Nested", "members": [{"value": "crew", "type": "Group"}, {"value": "deck"}]}');
SELECT id AS nested FROM named.groups WHERE display_name = 'Nested' \gset
SELECT p.status, p.body::jsonb -> 'members' AS members FROM scim.request('GET', '/Groups/' || :'nested') g, scim.request('PUT', '/Groups/' || :'nested', '{}', g.body) p;
SELECT m, r.status, coalesce(r.body::jsonb ->> 'detail', jsonb_array_length(r.body::jsonb -> 'members')::text) AS answer
FROM unnest(ARRAY['[{"value": "bob"}, {"value": "bob", "type": "Group"}]', '[{"value": "bob", "type": "User"}]', '[{"value": "00000000-0000-7000-8000-000000000001", "type": "Group"}]', '[{"value": "crew", "type": "Group"}]']) m,
    scim.request('PATCH', '/Groups/' || :'nested', '{}', format('{"Operations": [{"op": "add", "path": "members", "value": %s}]}', m)) r;
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM scim.request('PUT', '/Groups/' || :'nested', '{}', '{"displayName": "Nested", "members": [{"value": "bob", "type": "Group"}]}') r;
SELECT m, r.status, jsonb_array_length(r.body::jsonb -> 'members') AS left FROM unnest(ARRAY['[{"value": "nobody", "type": "Group"}]', '[{"value": "crew", "type": "Group"}]']) m,
    scim.request('PATCH', '/Groups/' || :'nested', '{}', format('{"Operations": [{"op": "remove", "path": "members", "value": %s}]}', m)) r;

RESET scim.base_url;
SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('named', true);
