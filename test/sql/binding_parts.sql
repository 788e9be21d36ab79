-- Bound tables: parts of an attribute that have several values themselves, in arrays and jsonb
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
SELECT scim.create_store('bindingparts');
SET scim.store = 'bindingparts';
SELECT scim.register_schema('{"id": "urn:p:E", "name": "Parts", "attributes": [
    {"name": "badge", "type": "complex", "subAttributes": [{"name": "a"}, {"name": "colors", "multiValued": true}, {"name": "days", "type": "dateTime", "multiValued": true}, {"name": "floors", "type": "integer", "multiValued": true},
        {"name": "keys", "type": "binary", "multiValued": true}, {"name": "type"}]},
    {"name": "cards", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type"}, {"name": "floors", "multiValued": true}, {"name": "since", "type": "dateTime", "multiValued": true}]},
    {"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type"}, {"name": "floors", "type": "integer", "multiValued": true}]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:p:E", "required": false}]}') ->> 'name' AS type;
CREATE SCHEMA bindingparts_app;
CREATE TABLE bindingparts_app.person (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, login text UNIQUE, colors text[], days timestamptz[], floors int[], keys bytea[], door text[], word text, cards jsonb);
CREATE TABLE bindingparts_app.door (person int REFERENCES bindingparts_app.person ON DELETE CASCADE, value text, floors int[]);
CREATE FUNCTION pg_temp.refused(attributes jsonb) RETURNS TABLE (message text, hint text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.bind_table('User', 'bindingparts_app.person', jsonb_build_object('attributes', '{"userName": "login"}' || attributes));
    RETURN QUERY SELECT 'bound', NULL;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN NEXT;
END $$;
SELECT * FROM pg_temp.refused('{"urn:p:E:badge.colors": "word"}');
SELECT * FROM pg_temp.refused('{"urn:p:E:badge.a": "colors"}');
SELECT * FROM pg_temp.refused('{"urn:p:E:badge.floors": "days"}');
SELECT * FROM pg_temp.refused('{"urn:p:E:cards.floors": "colors"}');
SELECT * FROM pg_temp.refused('{"urn:p:E:cards[type eq \"door\"].floors": "word"}');
SELECT * FROM pg_temp.refused('{"urn:p:E:badge.colors": {"column": "colors", "values": {"red": "r"}}}');
SELECT * FROM pg_temp.refused('{"urn:p:E:doors": {"table": "bindingparts_app.door", "key": ["person"], "columns": {"value": "value", "floors": "value"}}}');
SELECT scim.bind_table('User', 'bindingparts_app.person', '{"attributes": {"userName": "login", "urn:p:E:badge.colors": "colors", "urn:p:E:badge.days": "days", "urn:p:E:badge.floors": "floors", "urn:p:E:badge.keys": "keys",
    "urn:p:E:cards[type eq \"door\"].floors": "door", "urn:p:E:doors": {"table": "bindingparts_app.door", "key": ["person"], "columns": {"value": "value", "floors": "floors"}}}}') IS NOT NULL;
-- from one side to the other
SELECT scim.create_resource('User', '{"userName": "ann", "urn:p:E": {"badge": {"a": "x", "colors": ["red", "one;two", "{", "\"q\""], "days": ["2026-01-31T09:00:00+01:00"], "floors": [1, 2], "keys": ["AP8=", "_w"]},
    "cards": [{"value": "c1", "type": "door", "floors": ["3", "4"]}, {"value": "c2", "type": "gate", "floors": ["5"]}], "doors": [{"value": "d1", "floors": [1, 2]}, {"value": "d2"}]}}') ->> 'userName';
SET TimeZone = 'UTC';
SELECT * FROM bindingparts_app.person;
SELECT value, floors FROM bindingparts_app.door ORDER BY 1;
UPDATE bindingparts_app.person SET colors = colors || '{blue,NULL,""}'::text[], days = '{2026-02-01 00:00+00,2026-02-02 00:00+00}', floors = NULL, keys = '{"\\x01ff",NULL,"\\x02"}', door = '{9}';
UPDATE bindingparts_app.door SET floors = floors || 7 WHERE value = 'd1';
UPDATE bindingparts_app.door SET floors = '{8}' WHERE value = 'd2';
SELECT data -> 'urn:p:E' FROM bindingparts.users;
INSERT INTO bindingparts_app.person (login, colors, door) VALUES ('bob', '{green}', '{1,2}');
SELECT data -> 'urn:p:E' FROM bindingparts.users WHERE user_name = 'bob';
SELECT scim.patch_resource('User', id, '[{"op": "add", "path": "urn:p:E:badge.colors", "value": ["black"]}, {"op": "remove", "path": "urn:p:E:cards[type eq \"door\"]"}, {"op": "replace", "path": "urn:p:E:doors[value eq \"d1\"].floors", "value": [5]}]') -> 'meta' ->> 'version'
FROM bindingparts.users ORDER BY user_name;
SELECT login, colors, days, floors, keys, door FROM bindingparts_app.person ORDER BY id;
SELECT value, floors FROM bindingparts_app.door ORDER BY 1;
SELECT version FROM bindingparts.users ORDER BY user_name;
SELECT * FROM scim.check_binding();
SELECT scim.drop_store('bindingparts', true);
DROP SCHEMA bindingparts_app CASCADE;
