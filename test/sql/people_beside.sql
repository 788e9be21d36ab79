-- A column of a view and what else the row says of its attribute: judged in the form that is stored, and never thrown away
SET client_min_messages = warning;
\set VERBOSITY terse
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('beside');
SET scim.store = 'beside';
SELECT scim.register_schema('{"id": "urn:example:Kit", "name": "Kit", "attributes": [
    {"name": "isOn", "type": "boolean"}, {"name": "count", "type": "integer"}, {"name": "since", "type": "dateTime"}, {"name": "mixed", "type": ["string", "integer"]}, {"name": "tags", "multiValued": true},
    {"name": "box", "type": "complex", "subAttributes": [{"name": "$ref", "type": "reference", "referenceTypes": ["User"]}, {"name": "lid"}, {"name": "value"}, {"name": "keys", "multiValued": true}]},
    {"name": "division"}]}') ->> 'id';
SELECT scim.register_resource_type(document || jsonb_build_object('schemaExtensions', document -> 'schemaExtensions' || '[{"schema": "urn:example:Kit"}]')) ->> 'name' FROM beside.resource_type WHERE name = 'User';
-- ENT, KIT and CORE are URNs, and OWN that of ENT in other letters
CREATE FUNCTION pg_temp.full(said text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(said, '\mENT\M', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'g'), '\mOWN\M', 'URN:IETF:PARAMS:SCIM:SCHEMAS:EXTENSION:ENTERPRISE:2.0:USER', 'g'), '\mKIT\M', 'urn:example:Kit', 'g'), '\mCORE\M', 'urn:ietf:params:scim:schemas:core:2.0:User', 'g')
$$;
CREATE FUNCTION pg_temp.try(statement text, OUT answer text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE pg_temp.full(statement) INTO answer;
    answer := replace(replace(coalesce(answer, 'nobody'), 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'ENT'), 'urn:example:Kit', 'KIT');
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN NULL;
WHEN OTHERS THEN answer := concat_ws(' ', sqlstate, replace(replace(sqlerrm, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'ENT'), 'urn:example:Kit', 'KIT'));
END $$;
INSERT INTO beside.people (data) VALUES (pg_temp.full('{"userName": "old", "title": "T", "name": {"familyName": "F", "givenName": "G"}, "roles": ["r1", {"value": "r2", "type": "x", "primary": true}], "emails": [{"value": "e1", "type": "work"}],
    "ENT": {"department": "D", "manager": {"value": "25", "$ref": "https://example.com/25"}}, "KIT": {"count": 1, "isOn": true, "tags": ["t"], "box": {"value": "v", "lid": "l"}}}')::jsonb);
-- of an INSERT and an UPDATE: what data says, and columns with their values
CREATE FUNCTION pg_temp.both(said text, columns text, vals text, OUT inserted text, OUT updated text) LANGUAGE plpgsql AS $$
BEGIN
    inserted := pg_temp.try(format('INSERT INTO beside.people (data, user_name, %s) VALUES (%L, ''new'', %s) RETURNING data - ''schemas'' - ''userName''', columns, pg_temp.full(said), vals));
    updated := pg_temp.try(format('UPDATE beside.people SET data = data || %L, (%s) = ROW(%s) WHERE user_name = ''old'' RETURNING jsonb_build_object(''v'', version) || data - ''schemas'' - ''userName'' - %L::text[]',
        pg_temp.full(said), columns, vals, (SELECT array_agg(k) FROM unnest(ARRAY['title', 'name', 'roles', 'emails', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'urn:example:Kit', 'active']) k
            WHERE k <> ALL (SELECT coalesce(c.k, o.o) FROM jsonb_object_keys(pg_temp.full(said)::jsonb) o LEFT JOIN unnest(ARRAY['title', 'name', 'roles', 'emails', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'urn:example:Kit']) c (k) ON lower(c.k) = lower(o.o)))));
END $$;
SELECT said, columns, vals, E'\n  ' || inserted || E'\n  ' || updated FROM (VALUES
    -- of one simple value
    (1, '{"TITLE": "A"}', 'title', $$'B'$$), (2, '{"CORE:title": "A"}', 'title', $$'B'$$), (3, '{"CORE:TITLE": "A", "title": null}', 'title', $$'A'$$), (4, '{"title": ["A"]}', 'title', $$'A'$$), (5, '{"title": ["A"]}', 'title', $$'B'$$), (6, '{"title": 5}', 'title', $$'B'$$),
    (7, '{"Title": ""}', 'title', $$'B'$$), (8, '{"active": "True"}', 'active', 'true'), (9, '{"active": "True"}', 'active', 'false'), (10, '{"active": "perhaps"}', 'active', 'false'),
    -- of several, and the primary one
    (11, '{"roles": {"value": "admin", "type": "t"}}', 'role', $$'user'$$), (12, '{"roles": "admin"}', 'role', $$'user'$$), (13, '{"ROLES": ["admin"]}', 'role', $$'user'$$), (14, '{"roles": [{"VALUE": "admin"}]}', 'role', $$'user'$$), (15, '{"roles": 5}', 'role', $$'user'$$), (16, '{"roles": [5]}', 'role', $$'user'$$),
    (17, '{"roles": "user"}', 'role', $$'user'$$), (18, '{"roles": {"value": "user", "type": "t"}}', 'role', $$'user'$$), (19, '{"CORE:roles": ["admin", {"value": "user", "primary": "True"}]}', 'role', $$'user'$$), (20, '{"roles": ["user", 5]}', 'role', $$'user'$$), (21, '{"roles": "user"}', 'role', 'NULL'), (22, '{"roles": {"type": "t"}}', 'role', $$'user'$$),
    -- all of several
    (23, '{"roles": "admin"}', 'roles', $$'["admin"]'$$), (24, '{"roles": ["admin"]}', 'roles', $$'{"value": "admin"}'$$), (25, '{"roles": "admin"}', 'roles', $$'"user"'$$), (26, '{"roles": 5}', 'roles', $$'["user"]'$$), (27, '{"roles": "user"}', 'roles', $$'5'$$), (28, '{"roles": "a"}', 'roles, role', $$'["a"]', 'b'$$), (29, '{"roles": "a"}', 'roles, role', $$'["a"]', 'a'$$),
    -- a part
    (31, '{"name": 5}', 'given_name', $$'Ann'$$), (32, '{"name": "Ann"}', 'given_name', $$'Ann'$$), (33, '{"NAME": {"familyName": "K"}}', 'given_name', $$'Ann'$$), (34, '{"name": [{"GIVENNAME": "Bea"}]}', 'given_name', $$'Ann'$$), (35, '{"name": [{"GIVENNAME": "Ann", "familyName": "K"}]}', 'given_name', $$'Ann'$$), (36, '{"name": [{}, 5]}', 'given_name', $$'Ann'$$),
    (37, '{"name": {"nope": 1}}', 'given_name', $$'Ann'$$), (38, '{"name": ""}', 'given_name', $$'Ann'$$), (39, '{"CORE:name": {"familyName": "K"}}', 'given_name, name_formatted', $$'Ann', 'Ann K'$$), (40, '{"name": {"givenName": 5}}', 'given_name', $$'Ann'$$), (41, '{"name": {"familyName": 5}}', 'given_name', $$'Ann'$$),
    -- of an extension
    (51, '{"ENT": {"manager": "26"}}', 'manager', $$'27'$$), (52, '{"ENT": {"MANAGER": "26"}}', 'manager', $$'26'$$), (53, '{"OWN": {"manager": ["26"]}}', 'manager', $$'27'$$), (54, '{"ENT:manager": "26"}', 'manager', $$'27'$$), (55, '{"manager": "26"}', 'manager', $$'27'$$), (56, '{"ENT": {"manager": 5}}', 'manager', $$'27'$$), (57, '{"ENT": 5}', 'department', $$'Sales'$$), (58, '{"ENT": "x"}', 'department', $$'Sales'$$), (59, '{"ENT": []}', 'department', $$'Sales'$$),
    (60, '{"DEPARTMENT": "A"}', 'department', $$'A'$$), (60, '{"OWN": {"DEPARTMENT": "A"}}', 'department, cost_center', $$'A', 'C'$$), (61, '{"ENT": null, "department": "A"}', 'department', $$'B'$$), (62, '{"ENT:costCenter": "A"}', 'department', $$'B'$$), (63, '{"division": "A"}', 'division', $$'B'$$), (64, '{"KIT:division": "A"}', 'division, kit_division', $$'B', 'A'$$), (65, '{"KIT": {"ENT": {"department": "A"}}}', 'department', $$'B'$$),
    (66, '{"ENT": {"manager": "26"}}', 'manager_ref', $$'https://example.com/26'$$), (67, '{"ENT": {"manager": {"$ref": "../Users/00000000-0000-7000-8000-000000000026"}}}', 'manager', $$'00000000-0000-7000-8000-000000000027'$$),
    -- of every type
    (71, '{"KIT": {"count": "5", "isOn": "true", "since": "2026-01-01T01:00:00+01:00"}}', 'count, is_on, since', $$5, true, '2026-01-01Z'$$), (72, '{"KIT": {"count": "6"}}', 'count', '5'), (73, '{"KIT": {"mixed": "5"}}', 'mixed', $$'5'$$), (74, '{"KIT": {"tags": "a"}}', 'tags', $$'["a"]'$$), (75, '{"KIT": {"tags": 5}}', 'tags', $$'["a"]'$$), (76, '{"KIT": {"box": "b"}}', 'box, box_lid, box_keys', $$'b', 'l', '"k"'$$),
    (77, '{"KIT": {"box": "b"}}', 'box_lid', $$'l'$$), (78, '{"KIT": {"box": {"keys": "k"}}}', 'box_keys', $$'["k"]'$$), (79, '{"KIT": {"box": true}}', 'box_keys', $$'["k"]'$$), (80, '{}', 'box, box_ref', $$'00000000-0000-7000-8000-000000000026', '../Users/00000000-0000-7000-8000-000000000027'$$)
) w (n, said, columns, vals), pg_temp.both(said, columns, vals) ORDER BY n, said;
-- columns alone: a list in any form, and then its primary value
SELECT list, pg_temp.try(format('INSERT INTO beside.people (user_name, roles, role) VALUES (''new'', %L, ''user'') RETURNING roles', list)), pg_temp.try(format('UPDATE beside.people SET roles = %L, role = ''user'' WHERE user_name = ''old'' RETURNING roles', list))
FROM unnest(ARRAY['[{"value": "admin"}]', '["admin"]', '{"value": "admin"}', '"admin"', '[{"value": "admin", "type": "t"}, {"VALUE": "chief", "primary": "true"}]', '["user"]', '[]', '5', 'true', '[5]', '[{"type": "t"}, 5]', '[["a"]]']) WITH ORDINALITY l (list, n) ORDER BY n;
-- what is stored and was not touched is in nobody's way, in whatever form it is said again
SELECT pg_temp.try($$UPDATE beside.people SET data = data || '{"emails": {"VALUE": "e1", "type": "work"}, "title": "X"}', email = 'e2' WHERE user_name = 'old' RETURNING data -> 'emails'$$),
    pg_temp.try($$UPDATE beside.people SET data = data || '{"title": "X"}', email = 'e2', given_name = 'Ann', manager = '26', department = NULL WHERE user_name = 'old' RETURNING jsonb_build_array(data -> 'emails', data -> 'name', data -> 'ENT')$$);
ALTER TABLE beside.users DISABLE TRIGGER USER;
UPDATE beside.users SET data = data || pg_temp.full('{"name": 5, "roles": 5, "ENT": 5}')::jsonb WHERE user_name = 'old';
ALTER TABLE beside.users ENABLE TRIGGER USER;
SELECT pg_temp.try($$UPDATE beside.people SET given_name = 'Ann', role = 'user', department = 'Sales' WHERE user_name = 'old' RETURNING jsonb_build_array(data -> 'roles', data -> 'name', data -> 'ENT')$$),
    pg_temp.try($$UPDATE beside.people SET data = data || '{"title": "X"}', given_name = 'Ann', role = 'user', department = 'Sales' WHERE user_name = 'old' RETURNING jsonb_build_array(data -> 'roles', data -> 'name', data -> 'ENT')$$),
    pg_temp.try($$UPDATE beside.people SET data = data || '{"roles": 6}', role = 'user' WHERE user_name = 'old' RETURNING data$$),
    pg_temp.try($$UPDATE beside.people SET data = data || '{"roles": [5, 6]}', role = 'user' WHERE user_name = 'old' RETURNING data$$);
-- a value that is wrong already is no error of the write: what cannot be set beside it is
UPDATE beside.users SET data = data - 'name' - 'roles' - pg_temp.full('ENT') WHERE user_name = 'old';
ALTER TABLE beside.users DISABLE TRIGGER USER;
UPDATE beside.users SET data = data || '{"roles": [5, {"value": "a"}]}' WHERE user_name = 'old';
ALTER TABLE beside.users ENABLE TRIGGER USER;
SELECT pg_temp.try($$UPDATE beside.people SET data = data || '{"roles": [5, {"value": "b"}]}', role = 'c' WHERE user_name = 'old' RETURNING data -> 'roles'$$);
-- groups
SELECT pg_temp.try($$INSERT INTO beside.teams (data, display_name) VALUES ('{"DISPLAYNAME": ["a"]}', 'b') RETURNING data$$), pg_temp.try($$INSERT INTO beside.teams (data, display_name) VALUES ('{"DISPLAYNAME": ["a"]}', 'a') RETURNING data$$),
    pg_temp.try($$INSERT INTO beside.teams (data, display_name) VALUES ('{"displayName": 5}', 'b') RETURNING data$$);
SELECT scim.drop_store('beside', true);
