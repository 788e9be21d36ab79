-- The policy "wire": how resources look to clients of SCIM; what is stored stays canonical
\set VERBOSITY terse
SELECT scim.create_store('wired');
SET scim.store = 'wired';
SET scim.base_url = 'https://example.com/scim/v2';
\set ext '''urn:example:comms:1.0:User'''
\set ent '''urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'''
SELECT FROM scim.register_schema('{"id": "urn:example:comms:1.0:User", "name": "Comms", "attributes": [
    {"name": "unit"}, {"name": "badge", "type": "complex", "subAttributes": [{"name": "number"}, {"name": "colour"}]},
    {"name": "keys", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type"}]},
    {"name": "urn:example:marks", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type"}]}, {"name": "tags", "multiValued": true}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false},
        {"schema": "urn:example:comms:1.0:User", "required": false}]}');
CREATE FUNCTION pg_temp.call(method text, target text, body jsonb DEFAULT NULL, headers jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT r.status || coalesce(' ' || CASE
        WHEN r.body::jsonb ? 'Resources' THEN (SELECT jsonb_agg(x - '{id,meta,schemas}'::text[])::text FROM jsonb_array_elements(r.body::jsonb -> 'Resources') x)
        WHEN r.body::jsonb ? 'detail' THEN coalesce(r.body::jsonb ->> 'scimType', '-') || ': ' || (r.body::jsonb ->> 'detail')
        ELSE (r.body::jsonb - '{id,meta,schemas}'::text[])::text END, '')
    FROM scim.request(method, target, headers, body::text) r
$$;
CREATE FUNCTION pg_temp.patch(target text, operations jsonb) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.call('PATCH', target, jsonb_build_object('Operations', operations)) $$;

--
-- Bad settings are refused, and say where
--
CREATE FUNCTION pg_temp.try(resource_type text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO wired.policy (resource_type, kind, name, settings) VALUES (resource_type, 'wire', 'tried', settings);
    DELETE FROM wired.policy WHERE name = 'tried';
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END
$$;
SELECT pg_temp.try('User', s::jsonb) FROM unnest(ARRAY[
    '{"alias": {}}', '{"aliases": []}', '{"aliases": {}}', '{"aliases": {"role": 1}}', '{"aliases": {"role": "rolls"}}',
    '{"aliases": {"title": "nickName"}}', '{"aliases": {"NAME.givenname": "name.familyName"}}', '{"aliases": {"a b": "title"}}',
    '{"aliases": {"x[y eq 1]": "title"}}', '{"aliases": {"role": "roles[primary eq true].value"}}', '{"aliases": {"key": "id"}}',
    '{"aliases": {"changed": "meta.lastModified"}}', '{"aliases": {"emails.address": "phoneNumbers.value"}}',
    '{"aliases": {"secret": {"attribute": "password", "answers": true}}}', '{"aliases": {"job": {"attribute": "title", "answer": true}}}',
    '{"aliases": {"job": {"attribute": "title", "answers": 1}}}',
    '{"aliases": {"job": {"attribute": "title", "answers": true}, "post": {"attribute": "title", "answers": true}}}',
    '{"colons": "yes"}', '{"plain": "roles"}', '{"plain": []}', '{"plain": ["role"]}', '{"plain": ["title"]}', '{"plain": ["addresses"]}',
    '{"plain": ["groups"]}', '{"plain": ["emails.value"]}', '{"nested": {"urn:none": "urn:example:comms:1.0:User"}}',
    '{"nested": {"urn:example:comms:1.0:User": "urn:example:comms:1.0:User"}}',
    '{"nested": {"urn:example:comms:1.0:User": "urn:ietf:params:scim:schemas:core:2.0:User"}}',
    '{"characters": {"username": {"": "x"}}}', '{"characters": {"userName": {"@": 1}}}', '{"characters": {"active": {"t": "f"}}}',
    '{"characters": {"password": {"@": "a"}}}', '{"characters": {"userName": {"in": {"@": "a"}, "away": {"a": "@"}}}}',
    '{"characters": {"groups.value": {"0": "q"}}}', '{"characters": {"groups": {"0": "q"}}}', '{"characters": {"groups.type": {"0": "q"}}}',
    '{"characters": {"userName": {}}}', '{"bareOperation": null}', '{"identifier": {}}',
    '{"identifier": {"attribute": "groups", "by": "id", "values": {"id": "id"}}}']) s;
SELECT pg_temp.try('Group', s::jsonb) FROM unnest(ARRAY[
    '{"identifier": {"attribute": "displayName", "by": "id", "values": {"id": "id"}}}',
    '{"identifier": {"attribute": "members", "by": "id"}}',
    '{"identifier": {"attribute": "members", "by": "id", "values": {"id": "id"}, "default": "id"}}',
    '{"identifier": {"attribute": "members", "by": "login", "values": {"id": "id"}}}',
    '{"identifier": {"attribute": "members", "by": "displayName", "values": {"id": "id"}}}',
    '{"identifier": {"attribute": "members", "by": "displayName", "default": "x", "values": {"id": "id"}}}',
    '{"identifier": {"attribute": "members", "by": "id", "values": {"id": "id", "mail": "mail"}}}',
    '{"identifier": {"attribute": "members", "by": "id", "values": {"id": "id", "secret": "password"}}}',
    '{"identifier": {"attribute": "members", "by": "id", "values": {"id": "id", "since": "meta.created"}}}',
    '{"identifier": {"attribute": "members", "by": "id", "values": {"id": "id"}, "type": "Robot"}}',
    '{"identifier": {"attribute": "members", "by": "id", "values": {"id": "id"}, "kind": "User"}}',
    '{"plain": ["members"]}']) s;

--
-- Aliases: in bodies, filters, orders, lists of attributes and paths
--
INSERT INTO wired.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'names', '{
    "colons": true,
    "aliases": {
        "role": "roles.value",
        "surname": "name.familyName",
        "mails": "emails",
        "emails.address": "emails.value",
        "area": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division",
        "urn:example:comms:1.0:User:businessUnit": "urn:example:comms:1.0:User:unit",
        "job": {"attribute": "title", "answers": true}
    }}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "jane", "role": "publisher", "Surname": "Doe", "name": {"givenName": "Jane"}, "job": "Editor",
    "mails": [{"address": "jane@example.com", "type": "work"}], "area": "North", "urn:example:comms:1.0:User": {"businessUnit": "Sales", "tags": ["a"]}}');
SELECT user_name, jsonb_pretty(data) FROM wired.users;
SELECT pg_temp.call('POST', '/Users', '{"userName": "joe", "role": ["reader", "writer"], "name:familyName": "Bloggs", "title": "Clerk"}');
SELECT id AS jane FROM wired.users WHERE user_name = 'jane' \gset
-- said twice: the same is fine
SELECT pg_temp.call('POST', '/Users', '{"userName": "twice", "role": "a", "roles": [{"value": "b"}]}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "twice", "surname": "a", "name": {"familyName": "b"}}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "twice", "job": "a", "title": "b"}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "twice", "emails": [{"value": "a@x", "address": "b@x"}]}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "same", "role": "a", "roles": "a", "surname": "b", "name": {"familyName": "b"}, "job": "c", "title": "c"}');
-- filters
SELECT f, pg_temp.call('GET', '/Users?attributes=userName&filter=' || replace(replace(replace(f, ' ', '%20'), '"', '%22'), '[', '%5B')) FROM unnest(ARRAY[
    'role eq "publisher"', 'not (role pr)', 'surname sw "d" and job eq "editor"', 'mails.address ew "example.com"', 'emails[address eq "jane@example.com" and type eq "work"]',
    'mails[address sw "jane"]', 'area eq "north"', 'urn:example:comms:1.0:User:businessUnit co "ale"', 'name:familyName eq "Bloggs" or (role eq "a" and job pr)',
    'roll eq "x"', 'role eq']) f;
SELECT pg_temp.call('POST', '/Users/.search', '{"filter": "role eq \"reader\"", "attributes": ["surname", "role"]}');
SELECT pg_temp.call('POST', '/.search', '{"filter": "role eq \"reader\"", "attributes": ["surname", "role"]}');
SELECT pg_temp.call('GET', '/Users?attributes=surname,job,name:familyName,mails.address&sortBy=surname&sortOrder=descending');
SELECT pg_temp.call('GET', '/Users/' || :'jane' || '?excludedAttributes=role,surname,mails,job');
-- paths
SELECT pg_temp.patch('/Users/' || :'jane', '[{"op": "replace", "path": "name:familyName", "value": "Roe"}, {"op": "replace", "path": "role", "value": "admin"},
    {"op": "replace", "path": "emails[type eq \"work\"].address", "value": "roe@example.com"}, {"op": "replace", "path": "job", "value": "Chief"}]');
SELECT pg_temp.patch('/Users/' || :'jane', '[{"op": "add", "path": "role", "value": "guest"}, {"op": "add", "path": "mails", "value": [{"address": "home@example.com", "type": "home"}]},
    {"op": "replace", "value": {"surname": "Poe", "area": "South", "urn:example:comms:1.0:User": {"businessUnit": "Support"}, "name:givenName": "Jo"}}]');
SELECT pg_temp.patch('/Users/' || :'jane', '[{"op": "remove", "path": "role", "value": "guest"}, {"op": "remove", "path": "mails[address eq \"home@example.com\"]"}, {"op": "remove", "path": "surname"}, {"op": "remove", "path": "emails[type eq \"work\"]:type"}]');
SELECT pg_temp.patch('/Users/' || :'jane', '[{"op": "remove", "path": "role"}, {"op": "replace", "path": "roll", "value": "x"}]');
SELECT pg_temp.patch('/Users/' || :'jane', '[{"op": "remove", "path": "role"}]');
-- /Bulk, too
SELECT pg_temp.call('POST', '/Bulk', jsonb_build_object('Operations', jsonb_build_array(
    jsonb_build_object('method', 'PATCH', 'path', '/Users/' || :'jane', 'data', '{"Operations": [{"op": "add", "path": "role", "value": "bulk"}]}'::jsonb))))
    ~ '"status": "200"' AS done;
SELECT data -> 'roles' AS roles FROM wired.users WHERE id = :'jane';
-- SQL knows the attributes only
SELECT scim.create_resource('User', '{"userName": "sql", "role": "a"}');
SELECT scim.get_resource('User', :'jane') ? 'title' AS canonical;
DELETE FROM wired.users WHERE id <> :'jane';

-- what may stand behind the name of an attribute may stand behind another one of it
INSERT INTO wired.policy (resource_type, kind, name, settings) VALUES
    ('User', 'wire', 'more names', '{"aliases": {"mail": "emails.value", "mark": "urn:example:marks:value", "posts": "roles", "roles.kind": "roles.type", "boss": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
        "key": "urn:example:comms:1.0:User:keys.value", "urn:example:comms:1.0:User:clef": "keys.value", "urn:example:comms:1.0:User:keys.kind": "keys.type", "urn:example:comms:1.0:User:no": "badge.number"}}'),
    ('Group', 'wire', 'names', '{"aliases": {"members.who": "members.value"}}');
INSERT INTO wired.users (id, data) VALUES ('01010101-0000-7000-8000-000000000001', '{"userName": "ann", "name": {"familyName": "a"}, "roles": ["a", "b", {"value": "c", "type": "work"}],
    "emails": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}], "urn:example:comms:1.0:User": {"unit": "a", "badge": {"number": "a"}, "keys": [{"value": "a", "type": "work"}, {"value": "b"}],
    "urn:example:marks": [{"value": "a", "type": "work"}]}}');
INSERT INTO wired.groups (id, data) VALUES ('01010101-0000-7000-8000-00000000000b', '{"displayName": "named"}');
INSERT INTO wired.member (group_id, member_id) VALUES ('01010101-0000-7000-8000-00000000000b', '01010101-0000-7000-8000-000000000001');
CREATE FUNCTION pg_temp.patched(op text, path text, value text) RETURNS text LANGUAGE sql AS $$
    SELECT r.status || ' ' || CASE WHEN r.status = 200 THEN (r.body::jsonb - '{id,meta,schemas,userName}'::text[])::text
        ELSE (r.body::jsonb ->> 'scimType') || ': ' || (r.body::jsonb ->> 'detail') END
    FROM scim.preview('PATCH', '/Users/01010101-0000-7000-8000-000000000001', '{}',
        jsonb_build_object('Operations', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('op', op, 'path', path, 'value', value))))::text) r
$$;
CREATE FUNCTION pg_temp.listed(parameters text) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.call('GET', '/Users?' || replace(replace(replace(replace(parameters, ' ', '%20'), '"', '%22'), '[', '%5B'), ']', '%5D')) $$;
CREATE TABLE said (said text, meant text);
INSERT INTO said
SELECT a.said || b.said, a.meant || b.meant
FROM (VALUES ('role', 'roles'), ('ROLE', 'roles'), ('urn:ietf:params:scim:schemas:core:2.0:User:role', 'roles'), (' role', 'roles'), ('posts', 'roles'), ('mail', 'emails'), ('mails', 'emails'), ('mark', 'urn:example:marks'),
        ('key', 'urn:example:comms:1.0:User:keys'), ('urn:example:comms:1.0:User:clef', 'urn:example:comms:1.0:User:keys'), ('urn:example:comms:1.0:User.clef', 'urn:example:comms:1.0:User:keys')) a (said, meant),
    (VALUES ('[value eq "a"]', '[value eq "a"]'), ('[type eq "work"].value', '[type eq "work"].value'), ('[type eq "work"]:value', '[type eq "work"].value'), ('.value', '.value'), ('.type', '.type'), (':type', '.type'), ('[nope eq "a"]', '[nope eq "a"]')) b (said, meant)
WHERE a.said !~ 'User[.]' OR b.said !~ '^[.:]'
UNION ALL VALUES ('role[kind eq "work"]', 'roles[type eq "work"]'), ('posts[kind eq "work"].kind', 'roles[type eq "work"].type'), ('role.kind', 'roles.type'), ('mail[address eq "a"]', 'emails[value eq "a"]'), ('mail[type eq "work"].address', 'emails[type eq "work"].value'),
    ('mail.address', 'emails.value'), ('emails.address', 'emails.value'), ('mails.address', 'emails.value'), (' emails.address ', 'emails.value'), ('emails:address', 'emails.value'), ('key[kind eq "work"].kind', 'urn:example:comms:1.0:User:keys[type eq "work"].type'),
    ('key.kind', 'urn:example:comms:1.0:User:keys.type'), ('keys.kind', 'urn:example:comms:1.0:User:keys.type'), ('urn:example:comms:1.0:User:clef.kind', 'urn:example:comms:1.0:User:keys.type'), ('urn:example:comms:1.0:User.no', 'urn:example:comms:1.0:User:badge.number'), (' surname ', 'name.familyName');
SELECT op, said, meant, x, y FROM unnest('{replace,remove}'::text[]) op, said, LATERAL (SELECT CASE op WHEN 'replace' THEN 'q' END) v (v),
    pg_temp.patched(op, said, v) x, pg_temp.patched(op, meant, v) y WHERE regexp_replace(x, 'character [0-9]+', '') <> regexp_replace(y, 'character [0-9]+', '');
SELECT path, pg_temp.patched('remove', path, NULL) FROM unnest('{"role[value eq \"a\"]",role.type,emails.address,"key[type eq \"work\"].value"}'::text[]) path;
SELECT path, pg_temp.patched('replace', path, 'q') FROM unnest('{"mail[type eq \"home\"]",mail,"urn:example:comms:1.0:User:clef[value eq \"b\"]","surname[value eq \"a\"]","urn:example:comms:1.0:User:no[value eq \"a\"]","role[value = \"a\"]",role.nope,surname.nope}'::text[]) path;
SELECT said, meant, x, y FROM said, pg_temp.listed('attributes=userName&filter=' || said || CASE WHEN said ~ '\]$' THEN '' ELSE ' eq "work"' END) x, pg_temp.listed('attributes=userName&filter=' || meant || CASE WHEN meant ~ '\]$' THEN '' ELSE ' eq "work"' END) y
WHERE said !~ '\]:' AND x <> y;
SELECT parameter, said, meant, x, y FROM unnest('{attributes,excludedAttributes,sortBy}'::text[]) parameter, said, pg_temp.listed(parameter || '=' || said) x, pg_temp.listed(parameter || '=' || meant) y
WHERE x <> y AND (x LIKE '200%' OR y LIKE '200%' OR left(x, 8) <> left(y, 8));
SELECT pg_temp.call('POST', '/Bulk', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('method', 'PATCH', 'path', '/Users/01010101-0000-7000-8000-000000000001',
    'data', '{"Operations": [{"op": "add", "value": {"role[type eq \"work\"].kind": "home", "key[value eq \"b\"].kind": "spare"}}]}'::jsonb)))) ~ '"status": "200"' AS done;
SELECT data -> 'roles' AS roles, data #> ARRAY[:ext, 'keys'] AS keys FROM wired.users WHERE user_name = 'ann';
-- the list of the members of a group knows their parts as the group does
SELECT f, pg_temp.call('GET', '/Groups/01010101-0000-7000-8000-00000000000b/members?attributes=value,type&filter=' || f) ~ '"ann|01010101-0000-7000-8000-000000000001' AS found
FROM unnest('{who%20eq%20%2201010101-0000-7000-8000-000000000001%22,value%20eq%20%2201010101-0000-7000-8000-000000000001%22,who%20eq%20%2201010101-0000-7000-8000-000000000002%22}'::text[]) f;
DROP TABLE said;
DELETE FROM wired.groups;
DELETE FROM wired.policy WHERE name = 'more names' OR resource_type = 'Group';
DELETE FROM wired.users WHERE id <> :'jane';

--
-- One value as a plain string
--
INSERT INTO wired.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'plain', '{"plain": ["roles", "urn:example:comms:1.0:User:tags"]}');
SELECT pg_temp.call('GET', '/Users/' || :'jane');
SELECT pg_temp.call('POST', '/Users', ('{"userName": "' || n || '", "roles": ' || r || '}')::jsonb)
FROM (VALUES ('p1', '"editor"'), ('p2', '{"value": "editor"}'), ('p3', '[{"value": "editor"}]'), ('p4', '["editor"]'), ('p5', '[{"value": "a"}, {"value": "b"}]'),
    ('p6', '[{"value": "editor", "type": "x", "primary": true}]'), ('p7', '""')) t (n, r);
SELECT user_name, data -> 'roles' AS stored FROM wired.users WHERE user_name LIKE 'p_' ORDER BY 1;
SELECT pg_temp.call('GET', '/Users?filter=roles%20eq%20%22editor%22&attributes=roles,userName');
SELECT pg_temp.patch('/Users/' || :'jane', '[{"op": "replace", "path": "roles", "value": "plain"}]');
SELECT pg_temp.patch('/Users/' || :'jane', '[{"op": "add", "path": "roles", "value": ["second"]}]');
SELECT pg_temp.patch('/Users/' || :'jane', '[{"op": "replace", "value": {"roles": "third", "urn:example:comms:1.0:User:tags": "one"}}]');

-- an attribute of one value binds every writer to that
INSERT INTO wired.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'plain one', '{"plain": ["nickName"]}');
SELECT pg_temp.call('POST', '/Users', ('{"userName": "' || n || '", "nickName": ' || r || '}')::jsonb)
FROM (VALUES ('s1', '"N"'), ('s2', '{"value": "N"}'), ('s3', '[{"Value": "N"}]'), ('s4', '["N"]'), ('s5', '["N", "O"]'), ('s6', '[{"value": "N"}, {"value": "O"}]'), ('s7', '{"value": "N", "type": "x"}')) t (n, r);
SELECT pg_temp.patch('/Users/' || id, '[{"op": "replace", "path": "nickName", "value": [{"value": "M"}]}]') FROM wired.users WHERE user_name = 's1';

--
-- An extension within another one
--
INSERT INTO wired.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'nested',
    '{"nested": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": "urn:example:comms:1.0:User"}}');
SELECT pg_temp.call('GET', '/Users/' || :'jane');
SELECT pg_temp.call('POST', '/Users', '{"userName": "n1", "urn:example:comms:1.0:User": {"unit": "u", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "7"}}}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "n2", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "8"}}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "n3", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "8"},
    "urn:example:comms:1.0:User": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "9"}}}');
SELECT user_name, data -> :ent AS enterprise, data -> :ext AS comms, data -> 'schemas' AS schemas FROM wired.users WHERE user_name LIKE 'n_' ORDER BY 1;
SELECT body::jsonb -> 'schemas' AS schemas FROM wired.users, scim.request('GET', '/Users/' || id) WHERE user_name = 'n2';
SELECT pg_temp.call('GET', '/Users?filter=userName%20sw%20%22n%22&attributes=urn:example:comms:1.0:User');
SELECT pg_temp.call('GET', '/Users?filter=urn:example:comms:1.0:User:urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber%20eq%20%228%22&excludedAttributes=urn:example:comms:1.0:User');
SELECT id AS n1 FROM wired.users WHERE user_name = 'n1' \gset
SELECT pg_temp.patch('/Users/' || :'n1', '[{"op": "replace", "path": "urn:example:comms:1.0:User", "value": {"unit": "v", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"costCenter": "1"}}},
    {"op": "add", "path": "urn:example:comms:1.0:User:urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization", "value": "O"}]');
SELECT pg_temp.patch('/Users/' || :'n1', '[{"op": "add", "value": {"urn:example:comms:1.0:User": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"}}}}]');

--
-- Get, change, put back: nothing is lost, and nothing changes that was not changed
--
SELECT r.body AS body, r.headers ->> 'ETag' AS etag FROM scim.request('GET', '/Users/' || :'jane') r \gset
SELECT pg_temp.call('PUT', '/Users/' || :'jane', :'body'::jsonb) = '200 ' || (:'body'::jsonb - '{id,meta,schemas}'::text[])::text AS same;
SELECT body = :'body' AS same, headers ->> 'ETag' = :'etag' AS same_version FROM scim.request('GET', '/Users/' || :'jane');
SELECT status, body FROM scim.request('GET', '/Users/' || :'jane', jsonb_build_object('If-None-Match', :'etag'));
SELECT :'body'::jsonb #>> '{meta,version}' = :'etag' AS same_tag, r.body::jsonb #>> '{Resources,0,meta,version}' = :'etag' AS same_in_list
FROM scim.request('GET', '/Users?filter=id%20eq%20%22' || :'jane' || '%22') r;
-- when the form changes, a copy in the other form is not fresh; a write may go on
UPDATE wired.policy SET settings = '{"plain": ["urn:example:comms:1.0:User:tags"]}' WHERE name = 'plain';
SELECT status FROM scim.request('GET', '/Users/' || :'jane', jsonb_build_object('If-None-Match', :'etag'));
SELECT status FROM scim.request('PUT', '/Users/' || :'jane', jsonb_build_object('If-Match', :'etag'), :'body');

--
-- Characters
--
INSERT INTO wired.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'characters',
    '{"characters": {"userName": {"@": "[at]"}, "emails": {"in": {"+": "(plus)", "++": "(2)"}, "out": {"(plus)": "+", "(2)": "++"}}}}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "kim@example.com", "emails": [{"value": "kim+1@x"}, {"value": "kim++@x"}]}');
SELECT user_name, data -> 'emails' AS emails FROM wired.users WHERE user_name LIKE 'kim%';
SELECT id AS kim FROM wired.users WHERE user_name LIKE 'kim%' \gset
SELECT f, pg_temp.call('GET', '/Users?attributes=userName&filter=' || replace(replace(replace(replace(f, ' ', '%20'), '"', '%22'), '[', '%5B'), '+', '%2B')) FROM unnest(ARRAY[
    'userName eq "kim@example.com"', 'userName eq "kim[at]example.com"', 'userName co "@"', 'emails.value eq "kim+1@x"', 'emails[value sw "kim++"]', 'emails eq "kim+1@x"']) f;
SELECT pg_temp.call('POST', '/Users', '{"userName": "KIM@example.com"}');
SELECT pg_temp.patch('/Users/' || :'kim', '[{"op": "replace", "path": "userName", "value": "kim@work"}, {"op": "replace", "path": "emails[value eq \"kim+1@x\"].value", "value": "k+2@x"},
    {"op": "add", "path": "emails", "value": [{"address": "k+3@x"}]}]');
SELECT pg_temp.patch('/Users/' || :'kim', '[{"op": "replace", "value": {"userName": "kim@home"}}, {"op": "remove", "path": "emails", "value": [{"value": "k+3@x"}]}]');
SELECT user_name, data -> 'emails' AS emails FROM wired.users WHERE id = :'kim';

-- those of what is derived, in a row of before: they have no effect, and the others have
BEGIN;
ALTER TABLE wired.policy DISABLE TRIGGER USER;
UPDATE wired.policy SET settings = jsonb_set(settings, '{characters,groups.value}', '{"0": "q", "1": "w", "a": "z"}') WHERE name = 'characters';
ALTER TABLE wired.policy ENABLE TRIGGER USER;
INSERT INTO wired.groups (id, data) VALUES ('01010101-0000-7000-8000-00000000000a', '{"displayName": "derived"}');
INSERT INTO wired.member (group_id, member_id) VALUES ('01010101-0000-7000-8000-00000000000a', :'kim');
SELECT (r.body::jsonb) -> 'totalResults' AS found FROM unnest(ARRAY['groups.value eq "01010101-0000-7000-8000-00000000000a"', 'groups[value sw "0101"]', 'userName eq "kim@home"']) f,
    scim.request('GET', '/Users?filter=' || replace(replace(replace(replace(f, ' ', '%20'), '"', '%22'), '[', '%5B'), ']', '%5D')) r;
ROLLBACK;

--
-- An operation without its wrapper
--
SELECT pg_temp.call('PATCH', '/Users/' || :'kim', '{"op": "replace", "path": "nickName", "value": "K"}');
INSERT INTO wired.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'bare', '{"bareOperation": true}');
SELECT pg_temp.call('PATCH', '/Users/' || :'kim', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "op": "replace", "path": "nickName", "value": "K"}');
SELECT pg_temp.call('PATCH', '/Users/' || :'kim', '{"op": "add", "value": {"nickName": "L"}}');
SELECT pg_temp.call('PATCH', '/Users/' || :'kim', '{"op": "add", "path": "nickName", "value": "M", "values": 1}');
SELECT pg_temp.call('PATCH', '/Users/' || :'kim', '{"op": "add", "path": "nickName", "value": "M", "Operations": []}');
SELECT pg_temp.call('PATCH', '/Users/' || :'kim', '{"path": "nickName", "value": "M"}');

--
-- openapi.json says what bodies look like; a request may be canonical as well
--
SELECT answered #> '{properties,roles}' IS NOT DISTINCT FROM (sent #> '{properties,roles}') - 'maxItems' AS roles_same,
    answered #>> '{properties,urn:example:comms:1.0:User,properties,tags,anyOf,0,type}' AS tags, jsonb_array_length(sent #> '{properties,urn:example:comms:1.0:User,properties,tags,anyOf}') AS tags_sent,
    answered #>> '{properties,job,type}' AS job, answered #> '{properties,role}' AS role, sent #> '{properties,role,anyOf,1,items,type}' AS role_sent, sent #>> '{properties,surname,type}' AS surname,
    sent #>> '{properties,emails,items,properties,address,type}' AS address, sent #>> '{properties,urn:example:comms:1.0:User,properties,businessUnit,type}' AS unit,
    answered -> 'properties' ? :ent AS top, answered #> ARRAY['properties', :ext, 'properties'] ? :ent AS within, sent -> 'properties' ? :ent AS top_sent
FROM (SELECT scim.openapi() #> '{components,schemas}') a (s), LATERAL (SELECT s -> 'Resource.Users', s -> 'Request.Users') b (answered, sent);

--
-- Tenants may have rows of their own
--
INSERT INTO wired.tenant VALUES (2, 'two');
INSERT INTO wired.policy (tenant_id, resource_type, kind, name, enabled, settings) VALUES (2, 'User', 'wire', 'names', true, '{"aliases": {"login": "userName", "name:familyName": "name.familyName"}}');
SET scim.tenant = 2;
SELECT pg_temp.call('POST', '/Users', '{"login": "two@example.com"}');
SELECT pg_temp.call('POST', '/Users', '{"userName": "three", "role": "x"}');
SELECT pg_temp.patch('/Users/' || id, '[{"op": "replace", "path": "name:familyName", "value": "Two"}]') FROM wired.users WHERE tenant_id = 2;
SELECT pg_temp.call('GET', '/Users?attributes=name:familyName&filter=name:familyName%20eq%20%22two%22');
SELECT pg_temp.call('GET', '/Users?filter=name:givenName%20pr');
RESET scim.tenant;
-- what a schema no longer has cannot be meant
SELECT FROM scim.register_schema('{"id": "urn:example:comms:1.0:User", "name": "Comms", "attributes": [{"name": "unit"}]}');
-- userNames that a policy would make the same are told as such, whichever way it comes
SELECT scim.create_store('wired_twice');
SET scim.store = 'wired_twice';
INSERT INTO wired_twice.users (data) VALUES ('{"userName": "x@y"}'), ('{"userName": "X#Y"}'), ('{"userName": "x+(,)=(y"}');
\set VERBOSITY default
\set SHOW_CONTEXT never
INSERT INTO wired_twice.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"characters": {"userName": {"@": "#"}}}');
INSERT INTO wired_twice.policy (resource_type, kind, settings) VALUES ('User', 'wire', '{"characters": {"userName": {"@": "+(,)=("}}}');
INSERT INTO wired_twice.policy (resource_type, kind, settings, enabled) VALUES ('User', 'wire', '{"characters": {"userName": {"#": "@"}}}', false), ('Group', 'wire', '{"characters": {"displayName": {"#": "@"}}}', true);
UPDATE wired_twice.policy SET enabled = true WHERE kind = 'wire';
SELECT scim.apply_profile('{"name": "twice", "policies": [{"resourceType": "User", "kind": "wire", "settings": {"characters": {"userName": {"@": "#"}}}}]}');
SELECT user_name, version FROM wired_twice.users ORDER BY 1;
\set VERBOSITY terse
--
-- A PATCH takes an alias beside the rest of its attribute, or of its extension, as a POST and a PUT do
--
SET client_min_messages = notice;
SELECT scim.create_store('wired_part');
SET scim.store = 'wired_part';
SELECT FROM scim.register_schema('{"id": "urn:example:comms:1.0:User", "name": "Comms", "attributes": [{"name": "unit"}, {"name": "badge", "type": "complex", "subAttributes": [{"name": "number"}, {"name": "colour"}]}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}, {"schema": "urn:example:comms:1.0:User", "required": false}]}');
INSERT INTO wired_part.policy (resource_type, kind, settings) SELECT 'User', 'wire', jsonb_build_object('aliases', jsonb_object_agg(a, jsonb_build_object('attribute', t, 'answers', true)))
FROM (VALUES ('vn', 'name.givenName'), ('dept', :ent || ':department'), ('boss', :ent || ':manager.value'), ('role', 'roles.value'), ('bureau', :ext || ':unit'), (:ext || ':no', :ext || ':badge.number'),
    (:ext || ':job', 'title'), (:ext || ':cost', :ent || ':costCenter'), (:ext || ':hue', 'name.honorificPrefix')) v (a, t);
CREATE TABLE pg_temp.sent (n serial, operation jsonb);
CREATE FUNCTION pg_temp.body(id uuid) RETURNS jsonb LANGUAGE sql AS $$ SELECT body::jsonb - '{id,meta,schemas}'::text[] FROM scim.request('GET', '/Users/' || id, '{}') $$;
\set a '''02020202-0000-7000-8000-000000000001'''
INSERT INTO wired_part.users (id, data) VALUES ('02020202-0000-7000-8000-000000000002', '{"userName": "boss"}'), (:a, '{"userName": "a", "name": {"familyName": "B", "givenName": "A", "honorificSuffix": "S", "honorificPrefix": "Dr."}, "title": "J", "roles": [{"value": "r"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "7", "department": "D", "costCenter": "C", "manager": {"value": "02020202-0000-7000-8000-000000000002"}}, "urn:example:comms:1.0:User": {"unit": "u", "badge": {"number": "1", "colour": "c"}}}');
SELECT pg_temp.body(:a) AS shown, pg_temp.call('PUT', '/Users/' || :a, pg_temp.body(:a)) = '200 ' || pg_temp.body(:a)::text AS same;
-- what is shown may be said again, by each of these, and nothing changes
SELECT op, path, pg_temp.patch('/Users/' || :a, jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('op', op, 'path', path, 'value', pg_temp.body(:a))))) = '200 ' || pg_temp.body(:a)::text AS same
FROM unnest('{add,replace}'::text[]) op, unnest('{NULL,urn:ietf:params:scim:schemas:core:2.0:User}'::text[]) path;
SELECT urn, pg_temp.patch('/Users/' || :a, jsonb_build_array(jsonb_build_object('op', 'replace', 'path', urn, 'value', pg_temp.body(:a) -> urn))) = '200 ' || pg_temp.body(:a)::text AS same FROM unnest(ARRAY[:ent, :ext]) urn;
SELECT version FROM wired_part.users WHERE user_name = 'a';
-- and changed
INSERT INTO pg_temp.sent (operation) SELECT jsonb_build_object('op', 'replace', 'value', v::jsonb) FROM unnest(ARRAY[
    '{"name": {"familyName": "C"}, "vn": "A2"}', '{"VN": "A3", "urn:ietf:params:scim:schemas:core:2.0:User:name": {"familyName": "D"}}', '{"urn:ietf:params:scim:schemas:core:2.0:User": {"name": {"familyName": "E"}, "vn": "A4"}}',
    '{"dept": "D2", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"division": "V2"}}', '{"boss": "02020202-0000-7000-8000-000000000002", "dept": "D3", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"$ref": "../Users/02020202-0000-7000-8000-000000000002"}}}',
    '{"dept": "D4", "division": "V4"}', '{"boss": "02020202-0000-7000-8000-000000000002", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager": {"$ref": "../Users/02020202-0000-7000-8000-000000000002"}}', '{"bureau": "u5", "urn:example:comms:1.0:User": {}}',
    '{"urn:example:comms:1.0:User": {"no": "6", "badge": {"colour": "c6"}, "job": "J6", "cost": "C6", "hue": "H6"}, "name": {"familyName": "F"}}', '{"vn": null, "name": {"familyName": "G"}}', '{"dept": null, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"division": "V7"}}',
    '{"vn": "A8", "name": {"givenName": "A8"}}', '{"vn": "A9", "urn:ietf:params:scim:schemas:core:2.0:User:vn": "A9"}', '{"roles": [{"value": "q"}], "role": ["q"]}', '{"vn": null, "name": null, "role": []}', '{"dept": null, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": null}',
-- said twice in different words
    '{"vn": "x", "name": {"givenName": "y"}}', '{"vn": "x", "name.givenName": "y"}', '{"vn": "x", "urn:ietf:params:scim:schemas:core:2.0:User:vn": "y"}', '{"dept": "x", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "y"}}', '{"dept": "x", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "y"}',
    '{"boss": "02020202-0000-7000-8000-000000000002", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager.value": "x"}}', '{"vn": "x", "name": null}', '{"dept": "x", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": null}', '{"role": ["x"], "roles": [{"value": "y"}]}',
    '{"urn:example:comms:1.0:User": {"job": "x"}, "title": "y"}', '{"bureau": "x", "urn:example:comms:1.0:User": "y"}']) v;
INSERT INTO pg_temp.sent (operation) SELECT jsonb_build_object('op', 'replace', 'path', :ext, 'value', v::jsonb) FROM unnest(ARRAY['{"job": "J10", "cost": "C10", "hue": "H10", "no": "10", "badge": {"colour": "c10"}}', '{"no": "x", "badge.number": "y"}']) v;
INSERT INTO pg_temp.sent (operation) SELECT jsonb_build_object('op', 'remove', 'path', :ext, 'value', '{"badge": {"colour": "c10"}}'::jsonb);
DO $$
DECLARE s record;
BEGIN
    FOR s IN SELECT operation FROM pg_temp.sent ORDER BY n LOOP
        RAISE NOTICE E'%\n  %', s.operation - 'op', pg_temp.patch('/Users/02020202-0000-7000-8000-000000000001', jsonb_build_array(s.operation));
    END LOOP;
END $$;
SET scim.store = 'wired';
RESET scim.base_url;
DROP FUNCTION pg_temp.try;
SET client_min_messages = warning;  -- no list of what CASCADE drops
SELECT scim.drop_store('wired', true);
SELECT scim.drop_store('wired_twice', true);
SELECT scim.drop_store('wired_part', true);
