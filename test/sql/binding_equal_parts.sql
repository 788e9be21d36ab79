-- Parts of several values, in an array: those of which SCIM makes one stay in the application's row (scim.bind_table, doc/applications.md)
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('same');
SET scim.store = 'same';
CREATE SCHEMA same_app;
SELECT scim.register_schema('{"id": "urn:x:parts", "name": "Parts", "attributes": [{"name": "badge", "type": "complex", "subAttributes": [{"name": "colors", "multiValued": true}, {"name": "type"}]},
    {"name": "desks", "type": "complex", "multiValued": true, "subAttributes": [{"name": "house"}, {"name": "floor", "type": "integer"}]},
    {"name": "marks", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "caseExact": true}, {"name": "type"}]},
    {"name": "cards", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type"}, {"name": "floors", "multiValued": true}]}]}') ->> 'name' AS name;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:x:parts"}', true)) ->> 'name' AS name FROM same.resource_type WHERE name = 'User';
CREATE TABLE same_app.people (id int PRIMARY KEY, login text NOT NULL UNIQUE, tags text[], colors text[], houses text[], marks text[], floors text[], note text);
INSERT INTO same_app.people (id, login, tags, colors, houses, marks, floors) VALUES (1, 'ann', '{a,A,b}', '{Red,red,x}', '{H,h,i}', '{m,M}', '{F,f}'), (2, 'bob', '{a,a,b}', '{r,r}', '{h,h}', '{m,m}', '{f,f}');
SELECT attribute, problem FROM scim.bind_table('User', 'same_app.people', '{"attributes": {"userName": "login", "nickName": "note", "roles.value": "tags", "urn:x:parts:badge.colors": "colors", "urn:x:parts:desks.house": "houses", "urn:x:parts:marks.value": "marks", "urn:x:parts:cards[type eq \"door\"].floors": "floors"}}');
CREATE VIEW same_app.both AS SELECT p.id, p.tags, p.colors, p.houses, p.marks, p.floors, r.version, r.data -> 'roles' AS roles, r.data -> 'urn:x:parts' AS parts
    FROM same_app.people p JOIN same.users r ON r.user_name = p.login ORDER BY 1;
TABLE same_app.both;
SELECT * FROM scim.check_binding();
-- written by the application: new, and something else; then one of them is another, or goes
INSERT INTO same_app.people (id, login, tags, colors, houses, marks, floors) VALUES (3, 'cat', '{x,X}', '{Q,q}', '{H,h}', '{m,M}', '{F,f}');
UPDATE same_app.people SET note = 'n';
TABLE same_app.both;
UPDATE same_app.people SET tags = '{B,a,A,c,C}', colors = '{red,Red,y}', houses = '{h,H,j,J}', floors = '{f,F,G,g}' WHERE id = 1;
UPDATE same_app.people SET tags = '{X}' WHERE id = 3;
TABLE same_app.both;
-- of two that SCIM keeps apart each is there: by a type, or by a part that the table has no column for
SELECT id AS ann FROM same.users WHERE user_name = 'ann' \gset
SELECT scim.patch_resource('User', :'ann', '[{"op": "replace", "path": "roles", "value": [{"value": "a", "type": "t"}, {"value": "A", "type": "u"}]}, {"op": "replace", "path": "urn:x:parts:desks", "value": [{"house": "h", "floor": 1}, {"house": "H", "floor": 2}]}]') IS NOT NULL AS patched;
UPDATE same_app.people SET note = 'o' WHERE id = 1;
TABLE same_app.both;
SELECT scim.patch_resource('User', :'ann', '[{"op": "remove", "path": "roles[type eq \"u\"]"}, {"op": "remove", "path": "urn:x:parts:desks[floor eq 2]"}]') IS NOT NULL AS patched;
TABLE same_app.both;
-- a role of a type takes in one that has none; a desk on a floor does not
UPDATE same_app.people SET tags = tags || '{A}'::text[], houses = houses || '{H}'::text[] WHERE id = 1;
TABLE same_app.both;
SELECT * FROM scim.check_binding();
-- SCIM changes the list
SELECT scim.patch_resource('User', :'ann', '[{"op": "add", "path": "roles", "value": [{"value": "z"}]}, {"op": "remove", "path": "urn:x:parts:badge.colors", "value": "RED"}]') IS NOT NULL AS patched;
TABLE same_app.both;
SELECT * FROM scim.check_binding();
-- more than are looked at one by one
UPDATE same_app.people SET tags = ARRAY(SELECT chr(96 + n) || k FROM generate_series(1, 9) n, unnest('{x,X,x}'::text[]) k) WHERE id = 2;
SELECT cardinality(tags), jsonb_array_length(roles) FROM same_app.both WHERE id = 2;
SELECT scim.unbind_table('same_app.people');
SELECT scim.drop_store('same', true);
DROP SCHEMA same_app CASCADE;
RESET scim.store;
