-- What a row of scim.import says of one attribute in several ways: all of it is true afterwards, or the row is invalid
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('agree');
SET scim.store = 'agree';
SELECT scim.create_resource('User', '{"userName": "old", "title": "T", "name": {"familyName": "F", "givenName": "G"}, "roles": [{"value": "r", "type": "work"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "25"}}}') ->> 'userName';
SELECT scim.register_schema('{"id": "urn:example:Kit", "name": "Kit", "attributes": [{"name": "since", "type": "dateTime"}, {"name": "count", "type": "integer"}, {"name": "tags", "multiValued": true}]}') ->> 'id';
SELECT scim.register_resource_type(document || jsonb_build_object('schemaExtensions', document -> 'schemaExtensions' || '[{"schema": "urn:example:Kit"}]')) ->> 'name' FROM agree.resource_type WHERE name = 'User';
-- a row with these cells, of one who is new and of one who is there; a text is a cell of text, and anything else one of jsonb
CREATE FUNCTION pg_temp.answer(name text, cells jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    columns text;
    answer text;
BEGIN
    SELECT string_agg(CASE WHEN jsonb_typeof(value) = 'string' THEN format('%L::text AS %I', value #>> '{}', key) ELSE format('%L::jsonb AS %I', value, key) END, ', ') INTO columns FROM jsonb_each(cells);
    SELECT concat_ws(' ', action, (SELECT string_agg(o ->> 'path' || ' ' || coalesce((CASE WHEN o ->> 'path' = '' THEN o -> 'value' #- '{schemas}' #- '{userName}' ELSE o -> 'value' END)::text, ''), ', ') FROM jsonb_array_elements(difference) o WHERE o ->> 'path' !~ 'schemas'),
        (SELECT string_agg(p ->> 'scimType' || ': ' || (p ->> 'detail'), '; ') FROM jsonb_array_elements(problems) p)) INTO answer
    FROM scim.import('User', format('SELECT %L::text AS "userName", %s', name, columns), match => 'userName');
    RETURN replace(answer, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'ENT');
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', sqlstate, sqlerrm);
END $$;
SELECT cells, E'\n  ' || pg_temp.answer('new', said) || E'\n  ' || pg_temp.answer('old', said) FROM unnest(ARRAY[
    -- a complex attribute beside one of its parts
    '{"name": "5", "name.givenName": "Ann"}', '{"NAME": "5", "name.GIVENNAME": "Ann"}', '{"name": 5, "name.givenName": "Ann"}', '{"name": "[5]", "name.givenName": "Ann"}', '{"name": [5, 6], "name.givenName": "Ann"}', '{"name": [{"familyName": "K"}], "name.givenName": "Ann"}', '{"name": "{\"familyName\": \"K\"}", "name.givenName": "Ann"}',
    '{"name": {"FAMILYNAME": "K", "GIVENNAME": "Bea"}, "name.givenName": "Ann"}', '{"name": {"familyName": null, "GIVENNAME": "Ann"}, "name.givenName": "Ann"}', '{"name": "", "name.givenName": "Ann"}', '{"name": {"givenName": "Bea"}, "name.givenName": ""}', '{"name": "{\"formatted\": 5}", "name.formatted": "F"}', '{"name": {"nope": 5}, "name.formatted": "F"}',
    '{"manager": "26", "manager.$ref": "https://example.com/26"}', '{"manager": "26", "manager.value": "27"}', '{"manager": "26", "manager.value": "26"}', '{"manager": 5, "manager.value": "27"}', '{"manager": ["26"], "manager.$ref": "https://example.com/26"}', '{"manager.$ref": "https://example.com/26", "manager.value": "26"}',
    -- a list beside its elements and their parts
    '{"roles": "admin", "roles[type eq \"work\"].value": "user"}', '{"roles": [{"value": "admin", "type": "work"}], "roles[type eq \"work\"].value": "user"}', '{"roles": [{"VALUE": "admin", "TYPE": "work"}], "roles[type eq \"work\"].value": "user"}', '{"roles": {"value": "admin", "type": "work"}, "roles[type eq \"work\"].display": "A"}', '{"roles": [{"value": "admin", "type": "work"}], "roles[type eq \"work\"].value": ""}',
    '{"roles": 5, "roles[type eq \"work\"].value": "user"}', '{"roles": "[5]", "roles[type eq \"work\"].value": "user"}', '{"roles": {"value": "admin"}, "roles.value": "user"}', '{"roles": "admin; user", "roles.value": "user"}', '{"roles": "admin; user", "roles.value": "user; admin"}', '{"roles": [5], "roles.value": "user"}', '{"roles.value": "a", "roles[type eq \"work\"].value": "b"}', '{"roles.value": ["a"], "roles.type": ["work"]}',
    '{"roles[type eq \"work\"].value": "a", "roles[type eq \"work\"].display": "A", "roles[TYPE eq \"WORK\"].value": "b"}', '{"roles": ["Admin", "admin"], "roles[type eq \"work\"].value": "admin"}',
    -- a document, whose keys are the same, and columns beside it, which go before it
    '{"data": {"name": 5}, "name.givenName": "Ann"}', '{"data": {"name": "5", "name.givenName": "Ann"}}', '{"data": {"title": "A"}, "title": "B"}', '{"data": {"TITLE": "A"}, "title": "A"}', '{"data": {"TITLE": "A"}, "title": "B"}', '{"data": {"title": 5}, "title": "B"}', '{"data": {"title": ""}, "title": "B"}', '{"data": {"title": "A"}, "title": ""}', '{"data": {"name": {"familyName": "K"}}, "name": {"givenName": "Ann"}}', '{"data": {"name": {"givenName": "Bea"}}, "name": {"givenName": "Ann"}}',
    '{"data": {"roles": [{"value": "a", "type": "work"}], "roles[type eq \"work\"].value": "b"}}', '{"data": {"roles": 5}, "roles[type eq \"work\"].value": "b"}', '{"data": {"roles.value": ["x"], "urn:ietf:params:scim:schemas:core:2.0:User:roles": [{"VALUE": "x", "type": "t"}]}}', '{"data": {"roles": ["x"]}, "roles": "x"}',
    '{"data": {"ENT": 5}, "department": "S"}', '{"data": {"ENT": {"department": "A"}}, "department": "S"}', '{"data": {"ENT": {"department": "A"}}, "DEPARTMENT": "A"}', '{"data": {"ENT": {"department": "A"}, "department": "B"}}', '{"data": {"ENT": {"manager": "26"}, "ENT:manager.value": "27"}}', '{"data": {"ENT:manager": "26"}, "manager.value": "26"}', '{"data": {"ENT": {"manager": 5}}, "manager.value": "26"}',
    '{"data": {"since": "2026-01-01T01:00:00+01:00", "count": "5", "active": "True", "tags": "a"}, "since": "2026-01-01T00:00:00", "count": 5, "active": "true", "tags": "a"}', '{"data": {"since": "2026-01-01T01:00:00+01:00"}, "since": "2026-01-01T01:00:00Z"}', '{"data": {"count": 5}, "count": 6}', '{"data": {"tags": ["a"]}, "tags": "a; b"}',
    '{"data": {"id": "x"}, "id": "y"}', '{"data": {"password": "Correct-Horse-9"}, "password": "Correct-Horse-8"}', '{"data": {"password": "Correct-Horse-9"}, "password": ""}', '{"data": {"_version": 1}, "_version": 2}', '{"data": {"_version": 1}, "_version": "1"}', '{"data": {"_action": "delete"}, "_action": "deactivate"}'
]) WITH ORDINALITY t (cells, n), replace(cells, 'ENT', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User') r (replaced), LATERAL (SELECT replace(replaced, 'DEPARTMurn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'DEPARTMENT')::jsonb) s (said) ORDER BY n;
-- members
SELECT action, problems FROM scim.import('Group', $$SELECT 'g'::text AS "displayName", '{"members": [{"userName": "old"}]}'::jsonb AS data, 'new'::text AS members$$, match => 'displayName', members => 'userName');
-- what is written is what was said
SELECT action, problems FROM scim.import('User', $$SELECT * FROM (VALUES ('a', '{"familyName": "K"}', 'Ann', '26', 'https://example.com/26'), ('b', '5', 'Bea', '26', NULL)) v ("userName", "name", "name.givenName", "manager", "manager.$ref")$$, match => 'userName', apply => true) ORDER BY line;
SELECT data - 'schemas' FROM agree.users WHERE user_name IN ('a', 'b');
SELECT scim.drop_store('agree', true);
