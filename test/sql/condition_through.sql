-- The policy "condition" with "through": what a row refers to as the statement leaves it, itself included; what is no reference is refused
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('thru');
SET scim.store = 'thru';
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
\set enterprise urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
CREATE FUNCTION pg_temp.u(n int) RETURNS text LANGUAGE sql AS $$ SELECT '00000000-0000-7000-8000-00000000000' || n $$;
-- a user: his number, title, manager, phone
CREATE FUNCTION pg_temp.doc(n int, title text, manager int, phone boolean DEFAULT false) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('userName', 'u' || n, 'title', title, 'manager', pg_temp.u(manager))) || CASE WHEN phone THEN '{"phoneNumbers": ["+1"]}' ELSE '{}' END::jsonb $$;
INSERT INTO thru.policy (resource_type, kind, name, settings) VALUES
    ('User', 'condition', 'assistants', '{"through": "manager", "matches": "title eq \"Director\"", "require": "phoneNumbers pr", "message": "no phone"}');
-- himself: inserted with his own id
SELECT pg_temp.try(format('INSERT INTO thru.users (id, data) VALUES (%L, %L)', pg_temp.u(1), pg_temp.doc(1, t, 1, p))) FROM (VALUES ('Director', false), ('Clerk', false)) x(t, p);
INSERT INTO thru.users (id, data) VALUES (pg_temp.u(2)::uuid, pg_temp.doc(2, 'Director', 2, true));
-- becomes one whom it is about: by his title, by his manager, by what he has no more
SELECT pg_temp.try(format($$UPDATE thru.users SET data = data || '{"title": "Director"}' WHERE id = %L$$, pg_temp.u(1)));
SELECT pg_temp.try(format('UPDATE thru.users SET data = data - ''phoneNumbers'' WHERE id = %L', pg_temp.u(2)));
SELECT pg_temp.try(format($$UPDATE thru.users SET data = data - 'phoneNumbers' || '{"title": "Clerk"}' WHERE id = %L$$, pg_temp.u(2)));
SELECT pg_temp.try(format($$UPDATE thru.users SET data = data || '{"title": "Director"}' WHERE id = %L$$, pg_temp.u(2)));
SELECT pg_temp.try(format($$UPDATE thru.users SET data = data || '{"title": "Director", "phoneNumbers": ["+2"]}' WHERE id = %L$$, pg_temp.u(2)));
-- rows of one statement, in either order
SELECT pg_temp.try(format('INSERT INTO thru.users (id, data) VALUES (%L, %L), (%L, %L)', pg_temp.u(a), pg_temp.doc(a, t, m), pg_temp.u(b), pg_temp.doc(b, v, n)))
    FROM (VALUES (3, 'Director', NULL, 4, NULL, 3), (4, NULL, 3, 3, 'Director', NULL), (3, NULL, 4, 4, 'Director', 3), (3, NULL, 4, 4, NULL, 3)) x(a, t, m, b, v, n);
COPY thru.users (id, data) FROM stdin;
00000000-0000-7000-8000-000000000005	{"userName": "u5", "manager": "00000000-0000-7000-8000-000000000006"}
00000000-0000-7000-8000-000000000006	{"userName": "u6", "title": "Director"}
\.
COPY thru.users (id, data) FROM stdin;
00000000-0000-7000-8000-000000000005	{"userName": "u5", "manager": "00000000-0000-7000-8000-000000000006", "phoneNumbers": ["+5"]}
00000000-0000-7000-8000-000000000006	{"userName": "u6", "title": "Director"}
\.
-- 3 and 4 manage each other; one becomes a director and the other one changes what the rule is not about, loses his phone, gets one, in one statement and the order in which they stand
SELECT pg_temp.try(format($$UPDATE thru.users SET data = data || CASE id WHEN %L THEN '{"title": "Director"}' ELSE %L END::jsonb WHERE user_name IN ('u3', 'u4')$$, pg_temp.u(d), change))
    FROM (VALUES (3, '{"nickName": "n"}'), (4, '{"phoneNumbers": null}'), (3, '{"phoneNumbers": ["+4"]}'), (3, '{"phoneNumbers": null}')) x(d, change);
-- a director that is one no more is none
SELECT pg_temp.try($$UPDATE thru.users SET data = CASE user_name WHEN 'u6' THEN data - 'title' ELSE data - 'phoneNumbers' END WHERE user_name IN ('u5', 'u6')$$);
SELECT pg_temp.try($$UPDATE thru.users SET data = CASE user_name WHEN 'u5' THEN data || '{"nickName": "x"}' ELSE data || '{"title": "Director"}' END WHERE user_name IN ('u5', 'u6')$$);
SELECT u.user_name, v.message FROM scim.validate_store('User') v JOIN thru.users u USING (id);
-- by HTTP, functions and MERGE
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', '/Users/' || pg_temp.u(1), '{}', '{"Operations": [{"op": "replace", "path": "title", "value": "Director"}]}');
SELECT pg_temp.try(format('SELECT scim.patch_resource(''User'', %L::uuid, %L)', pg_temp.u(1), '[{"op": "add", "path": "title", "value": "Director"}]'));
MERGE INTO thru.users u USING (VALUES (1)) x(n) ON u.id = pg_temp.u(n)::uuid WHEN MATCHED THEN UPDATE SET data = data || '{"title": "director"}';
-- all that is wrong is told at once
INSERT INTO thru.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'nick', '{"require": "nickName pr", "message": "no nick"}');
SELECT pg_temp.try(format('INSERT INTO thru.users (id, data) VALUES (%L, %L)', pg_temp.u(9), pg_temp.doc(9, 'Director', 9)));
SELECT message FROM scim.validate('User', pg_temp.doc(9, NULL, 6));
DELETE FROM thru.policy WHERE name = 'nick';
-- a row that is not written breaks nothing
INSERT INTO thru.users (id, data) VALUES (pg_temp.u(9)::uuid, jsonb_build_object('userName', 'u6', 'manager', pg_temp.u(2))) ON CONFLICT DO NOTHING;
-- an emit that goes through him
INSERT INTO thru.policy (resource_type, kind, name, settings) VALUES ('User', 'emit', 'self', '{"event": "x:self", "on": ["create", "update"], "through": "manager", "matches": "title eq \"Chief\"", "data": ["userName"]}');
INSERT INTO thru.users (id, data) VALUES (pg_temp.u(7)::uuid, pg_temp.doc(7, 'Chief', 7)), (pg_temp.u(9)::uuid, pg_temp.doc(9, NULL, 8)), (pg_temp.u(8)::uuid, pg_temp.doc(8, 'Chief', NULL));
SELECT data FROM thru.event WHERE event_uri = 'x:self' ORDER BY 1;
DELETE FROM thru.policy WHERE name = 'self';
-- keep through somebody: as it was before the statement
INSERT INTO thru.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'of chiefs', '{"through": "manager", "matches": "title eq \"Chief\"", "keep": ["nickName"]}');
SELECT pg_temp.try($$UPDATE thru.users SET data = CASE user_name WHEN 'u8' THEN data - 'title' ELSE data || '{"nickName": "n"}' END WHERE user_name IN ('u8', 'u9')$$);
SELECT pg_temp.try($$UPDATE thru.users SET data = data - 'title' || '{"nickName": "n"}' WHERE user_name = 'u7'$$), pg_temp.try($$UPDATE thru.users SET data = data - 'title' WHERE user_name IN ('u7', 'u8')$$);
SELECT pg_temp.try($$UPDATE thru.users SET data = CASE user_name WHEN 'u8' THEN data || '{"title": "Chief"}' ELSE data || '{"nickName": "n"}' END WHERE user_name IN ('u7', 'u8', 'u9')$$);

-- who breaks a rule since can be suspended, leave and come back as he was; not as somebody else
DELETE FROM thru.policy WHERE name = 'of chiefs';
UPDATE thru.users SET data = data || '{"active": false}' WHERE user_name = 'u9';
UPDATE thru.users SET data = data || '{"title": "Director"}' WHERE user_name = 'u8';
SELECT pg_temp.try($$UPDATE thru.users SET data = data || '{"locale": "en"}' WHERE user_name = 'u9'$$), pg_temp.try($$DELETE FROM thru.users WHERE user_name = 'u9'$$);
SELECT pg_temp.try(format($$UPDATE thru.users SET status = 'ACTIVE', data = jsonb_set(data, '{%s,manager,value}', '"%s"') WHERE user_name = 'u9'$$, :'enterprise', pg_temp.u(2))), pg_temp.try($$SELECT scim.restore_resource('User', id) FROM thru.users WHERE user_name = 'u9'$$);
DELETE FROM thru.users WHERE user_name = 'u9';
SELECT pg_temp.try($$UPDATE thru.users SET status = 'ACTIVE' WHERE user_name = 'u9'$$);
SELECT status, active FROM thru.users WHERE user_name = 'u9';
SELECT pg_temp.try($$UPDATE thru.users SET active = false WHERE user_name = 'u9'$$), pg_temp.try($$UPDATE thru.users SET active = true WHERE user_name = 'u9'$$);

--
-- keep, but let go
--
SELECT FROM scim.register_schema('{"id": "urn:example:kit", "name": "Kit", "attributes": [{"name": "orders", "multiValued": true}, {"name": "laptop"}, {"name": "desk", "type": "complex", "subAttributes": [{"name": "room"}, {"name": "lamp"}]},
    {"name": "badge", "type": "string"}, {"name": "boss", "type": "string"}, {"name": "page", "type": "reference", "referenceTypes": ["external"]}, {"name": "thing", "type": "reference"}, {"name": "team", "type": "reference", "referenceTypes": ["Group"]}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:example:kit", "required": false},
    {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}]}');
INSERT INTO thru.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'orders', '{"when": "userType eq \"leaver\"", "clear": true,
    "keep": ["urn:example:kit:orders", "urn:example:kit:laptop", "urn:example:kit:desk.room", "title", "emails", "name", "roles"]}');
CREATE FUNCTION pg_temp.patch(ops jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    was record; had record;
BEGIN
    DELETE FROM thru.users WHERE user_name = 'leaver';
    INSERT INTO thru.users (data) VALUES ('{"userName": "leaver", "userType": "leaver", "title": "t", "name": {"givenName": "g", "familyName": "f"}, "emails": [{"value": "a@x.org", "type": "work", "primary": true}, {"value": "b@x.org"}, {"value": "c@x.org"}],
        "urn:example:kit": {"orders": ["o1", "o2", "o3"], "laptop": "l", "desk": {"room": "r", "lamp": "l"}}}');
    SELECT r.status, coalesce(r.body::jsonb ->> 'detail', 'ok') AS detail INTO had FROM thru.users, scim.request('PATCH', '/Users/' || id, '{}', jsonb_build_object('Operations', ops)::text) r WHERE user_name = 'leaver' AND deleted_at IS NULL;
    RETURN concat_ws(' ', had.status, had.detail);
END $$;
SELECT o, pg_temp.patch(o::jsonb) FROM unnest(ARRAY[
    '[{"op": "remove", "path": "title"}]', '[{"op": "replace", "path": "title", "value": "u"}]', '[{"op": "replace", "path": "title", "value": ""}]',
    '[{"op": "remove", "path": "urn:example:kit:orders"}]', '[{"op": "replace", "path": "urn:example:kit:orders", "value": ["o3"]}]', '[{"op": "add", "path": "urn:example:kit:orders", "value": ["o4"]}]', '[{"op": "replace", "path": "urn:example:kit:orders", "value": ["o4"]}]',
    '[{"op": "remove", "path": "urn:example:kit:orders", "value": ["o2"]}]', '[{"op": "remove", "path": "urn:example:kit"}]', '[{"op": "remove", "path": "urn:example:kit:laptop"}, {"op": "remove", "path": "urn:example:kit:desk.room"}]',
    '[{"op": "replace", "path": "urn:example:kit:desk.lamp", "value": "m"}]', '[{"op": "replace", "path": "urn:example:kit:desk.room", "value": "m"}]', '[{"op": "replace", "path": "urn:example:kit:desk", "value": {"lamp": "n"}}]',
    '[{"op": "remove", "path": "emails[value eq \"a@x.org\"]"}]', '[{"op": "remove", "path": "emails[type eq \"work\"].type"}]', '[{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "z@x.org"}]', '[{"op": "replace", "path": "emails[value eq \"b@x.org\"].primary", "value": true}]',
    '[{"op": "replace", "path": "emails", "value": [{"value": "b@x.org"}, {"value": "c@x.org"}]}]', '[{"op": "add", "path": "emails", "value": [{"value": "b@x.org"}]}]', '[{"op": "remove", "path": "name.givenName"}]', '[{"op": "add", "path": "name.middleName", "value": "m"}]',
    '[{"op": "add", "path": "roles", "value": ["r"]}]', '[{"op": "replace", "path": "userType", "value": "stays"}, {"op": "add", "path": "roles", "value": ["r"]}]']) o;
SELECT pg_temp.try(format($$UPDATE thru.users SET data = %s WHERE user_name = 'leaver' AND deleted_at IS NULL$$, e)) FROM unnest(ARRAY[$$data - 'title'$$, $$data || '{"title": "x"}'$$, $$data #- '{urn:example:kit,orders,0}'$$, $$jsonb_set(data, '{urn:example:kit,orders,0}', '"x"')$$]) e;

--
-- What is no reference, and what is asked of what it refers to
--
CREATE FUNCTION pg_temp.policy(kind text, settings jsonb) RETURNS text LANGUAGE sql AS $$
SELECT replace(pg_temp.try(format('INSERT INTO thru.policy (resource_type, kind, name, settings) VALUES (''User'', %L, ''try'', %L) ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = EXCLUDED.settings', kind, settings)), format('policy "%s" named "try" of resource type "User" ', kind), '')
$$;
SELECT through, matches, pg_temp.policy('condition', jsonb_build_object('through', through, 'matches', matches, 'require', 'title pr')) FROM (VALUES
    ('userName', 'title pr'), ('emails', 'title pr'), ('emails.type', 'title pr'), ('profileUrl', 'title pr'), ('urn:example:kit:badge', 'title pr'), ('urn:example:kit:page', 'title pr'), ('urn:example:kit:thing', 'title pr'), ('name', 'title pr'),
    ('manager', 'title pr'), ('manager', 'urn:example:kit:laptop pr'), ('manager', 'members pr'), ('manager', 'password pr'), ('manager.$ref', 'title pr'), ('manager.displayName', 'title pr'), ('urn:example:kit:team', 'title pr'), ('urn:example:kit:team', 'displayName pr'), ('groups', 'displayName pr'), ('id', 'title pr'), ('meta.location', 'title pr')) x(through, matches);
SELECT pg_temp.policy('emit', '{"event": "x:y", "on": ["create"], "through": "urn:example:kit:badge", "matches": "title pr"}');
SELECT pg_temp.policy('emit', '{"event": "x:y", "on": ["create"], "through": "urn:example:kit:team", "matches": "title pr"}');
-- a policy "reference" makes it one, of these types
INSERT INTO thru.policy (resource_type, kind, name, settings) VALUES ('User', 'reference', 'badges', '{"attributes": {"URN:example:kit:BADGE": "Group", "urn:example:kit:boss": ["User", "Group"]}}'),
    ('User', 'condition', 'badged', '{"through": "urn:example:kit:badge", "matches": "displayName pr", "require": "title pr"}');
SELECT through, matches, pg_temp.policy('condition', jsonb_build_object('through', through, 'matches', matches, 'require', 'title pr')) FROM (VALUES
    ('urn:example:kit:badge', 'title pr'), ('urn:example:kit:badge', 'displayName pr'), ('urn:example:kit:boss', 'title pr'), ('urn:example:kit:boss', 'displayName pr'), ('urn:example:kit:boss', 'colour pr')) x(through, matches);
-- which may go: what was taken stays
DELETE FROM thru.policy WHERE name = 'badges';
SELECT pg_temp.try($$UPDATE thru.policy SET enabled = true WHERE name = 'badged'$$), pg_temp.try($$SELECT scim.register_schema('{"id": "urn:example:other", "name": "Other", "attributes": [{"name": "x"}]}')$$);
SELECT pg_temp.policy('condition', s::jsonb) FROM unnest(ARRAY['{"keep": ["title"], "clear": "yes"}', '{"require": "title pr", "clear": true}', '{"keep": ["title"], "clear": false}']) s;
SELECT scim.drop_store('thru', true);
