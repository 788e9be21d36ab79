-- An import that says of what is immutable that there is nothing: that is another value, and makes the row invalid
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('fast');
SET scim.store = 'fast';
SELECT scim.register_schema('{"id": "urn:fast:T", "name": "T", "attributes": [{"name": "a", "mutability": "immutable"}, {"name": "l", "multiValued": true, "mutability": "immutable"}, {"name": "b"}, {"name": "r", "mutability": "readOnly"},
    {"name": "c", "type": "complex", "subAttributes": [{"name": "x", "mutability": "immutable"}, {"name": "y"}, {"name": "z", "multiValued": true, "mutability": "immutable"}, {"name": "s", "mutability": "readOnly"}]},
    {"name": "w", "type": "complex", "mutability": "immutable", "subAttributes": [{"name": "x", "mutability": "immutable"}, {"name": "y"}]},
    {"name": "e", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type"}, {"name": "x", "mutability": "immutable"}, {"name": "y"}]},
    {"name": "f", "type": "complex", "multiValued": true, "mutability": "immutable", "subAttributes": [{"name": "value"}, {"name": "type"}, {"name": "x", "mutability": "immutable"}]},
    {"name": "g", "type": "complex", "multiValued": true, "mutability": "immutable", "subAttributes": [{"name": "value", "mutability": "immutable"}, {"name": "x", "mutability": "immutable"}]},
    {"name": "u", "mutability": "immutable", "returned": "never"}]}') ->> 'id';
SELECT scim.register_schema('{"id": "urn:fast:E", "name": "E", "attributes": [{"name": "d", "mutability": "immutable"}, {"name": "n"}, {"name": "k", "type": "complex", "subAttributes": [{"name": "x", "mutability": "immutable"}, {"name": "y"}]}]}') ->> 'id';
SELECT scim.register_resource_type('{"name": "T", "endpoint": "/Ts", "schema": "urn:fast:T", "schemaExtensions": [{"schema": "urn:fast:E"}]}', table_name => 't') ->> 'name';
SET scim.write_read_only = on;
SELECT scim.create_resource('T', '{"externalId": "full", "a": "1", "l": ["p", "q"], "b": "z", "r": "1", "c": {"x": "1", "y": "2", "z": ["m"], "s": "1"}, "w": {"x": "1", "y": "2"}, "e": [{"value": "1", "type": "door", "x": "k", "y": "2"}, {"value": "2", "type": "gate", "y": "3"}],
    "f": [{"value": "1", "type": "door", "x": "k"}], "g": [{"value": "1", "x": "k"}], "u": "secret", "urn:fast:E": {"d": "1", "n": "2", "k": {"x": "1", "y": "2"}}}') ->> 'externalId';
SELECT scim.create_resource('T', '{"externalId": "bare", "b": "z", "c": {"y": "2"}, "w": {"y": "2"}, "e": [{"value": "1", "type": "door", "y": "2"}], "urn:fast:E": {"n": "2", "k": {"y": "2"}}}') ->> 'externalId';
RESET scim.write_read_only;
-- a row with these cells, of the one who has values and of the one who has none; a text is a cell of text, and anything else one of jsonb
CREATE FUNCTION pg_temp.answer(key text, cells jsonb, empty text DEFAULT 'clear') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    columns text;
    answer text;
BEGIN
    SELECT string_agg(CASE WHEN jsonb_typeof(c.value) = 'string' THEN format('%L::text AS %I', c.value #>> '{}', c.key) ELSE format('%L::jsonb AS %I', c.value, c.key) END, ', ') INTO columns FROM jsonb_each(cells) c;
    SELECT concat_ws(' ', action, (SELECT string_agg(concat_ws(' ', o ->> 'op', o ->> 'path', o -> 'value'), ', ') FROM jsonb_array_elements(difference) o),
        (SELECT string_agg(concat(p ->> 'scimType', ' (', p ->> 'attribute', '): ', p ->> 'detail'), '; ') FROM jsonb_array_elements(problems) p)) INTO answer
    FROM scim.import('T', format('SELECT %L::text AS "externalId", %s', key, columns), empty => answer.empty);
    RETURN answer;
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', sqlstate, sqlerrm);
END $$;
SELECT cells, E'\n  ' || pg_temp.answer('full', cells) || E'\n  ' || pg_temp.answer('bare', cells) || E'\n  ' || pg_temp.answer('full', cells, 'keep') FROM unnest(ARRAY[
    -- a cell, null, a document
    '{"a": ""}', '{"a": null}', '{"data": {"a": null}}', '{"data": {"A": ""}}', '{"data": {"urn:fast:T:a": null}}', '{"data": {"urn:fast:T": null}}', '{"a": "", "b": "y"}', '{"a": "2"}', '{"a": "1"}', '{"u": ""}',
    -- a list
    '{"l": ""}', '{"l": []}', '{"data": {"l": [null]}}', '{"l": "p"}', '{"l": "p; q"}',
    -- a part, and the whole
    '{"c.x": ""}', '{"c.z": []}', '{"data": {"c.x": null}}', '{"c": ""}', '{"c": {}}', '{"data": {"c": null}}', '{"c": {"x": null, "y": "3"}}', '{"c": "{\"X\": \"\", \"y\": \"3\"}"}', '{"c": {"y": "3"}}', '{"c": {"y": null}}', '{"c": {"x": null}}', '{"c": {"y": null, "z": []}}', '{"c.y": ""}', '{"c": "", "c.x": "1"}', '{"c.x": "", "c.y": "", "c.z": ""}',
    '{"data": {"c": null}, "c": {"y": "3"}}', '{"data": {"c": {"x": "1"}}, "c.x": ""}', '{"data": {"c.x": null}, "c.x": "1"}',
    '{"w": ""}', '{"w.x": ""}', '{"w.y": ""}', '{"w": {"x": null, "y": "2"}}', '{"w": {"y": "2"}}',
    -- one of several values: it may go, and what it does not name stays
    '{"e": ""}', '{"e": [{"value": "2"}]}', '{"e": [{"value": "1"}]}', '{"e": [{"value": "1", "x": null, "type": "door", "y": "2"}]}', '{"data": {"e": [{"value": "3"}, {"value": "1", "X": "", "y": "9"}]}}', '{"e": [{"value": "1", "x": "k"}]}', '{"e": [{"value": "1", "x": "o"}]}', '{"e": "1"}', '{"e.value": "1; 2"}', '{"e.x": ""}', '{"e.x": "k"}',
    '{"e[type eq \"door\"].x": ""}', '{"e[type eq \"gate\"].x": ""}', '{"e[type eq \"door\"].value": ""}', '{"e[type eq \"door\"].y": ""}', '{"e[type eq \"door\"].x": "", "e[type eq \"door\"].y": "5"}', '{"e[type eq \"door\"].x": "", "e[type eq \"door\"].value": "7"}', '{"e[type eq \"door\"].x": "", "e[type eq \"door\"].value": ""}',
    '{"data": {"e": [{"value": "1", "type": "door", "x": null}]}, "e": [{"value": "1", "type": "door", "x": "k", "y": "2"}]}', '{"e": [{"value": "1", "type": "door", "x": null}], "e[type eq \"door\"].y": "5"}',
    '{"f": ""}', '{"f.x": ""}', '{"f": [{"value": "1", "type": "door"}]}', '{"f": [{"value": "1", "type": "door", "x": null}]}', '{"f[type eq \"door\"].x": ""}', '{"f[type eq \"door\"].value": ""}', '{"g": [{"value": "1", "x": null}]}', '{"g.x": ""}',
    -- an extension
    '{"d": ""}', '{"k.x": ""}', '{"k": null}', '{"k": {"x": ""}}', '{"k": {"x": "", "y": "5"}}', '{"data": {"urn:fast:E": null}}', '{"data": {"urn:fast:E": {"d": null, "n": null}}}', '{"data": {"urn:fast:E": {"n": null}}}', '{"n": ""}',
    -- and what is read-only is passed over
    '{"r": ""}', '{"c.s": ""}', '{"data": {"r": null, "c": {"s": null, "x": "1"}}}'
]) WITH ORDINALITY t (said, n), CAST(said AS jsonb) cells ORDER BY n;
-- nothing is written of it, and all others are
SELECT key, action, version FROM scim.import('T', $$ VALUES ('full', '', 'new'), ('bare', '', 'new') $$, mapping => '{"column1": "externalId", "column2": "a", "column3": "b"}', apply => true) ORDER BY line;
SELECT external_id, data ->> 'a', data ->> 'b' FROM fast.t ORDER BY 1;
-- what was exported comes back, whatever it says of
SELECT action, count(*) FROM scim.import('T', $$ SELECT scim.export('T') AS data $$) GROUP BY 1;
SELECT action, count(*) FROM scim.import('T', $$ SELECT scim.export('T', attributes => 'externalId,a,c.y,e.value,urn:fast:E:n') AS data $$ ) GROUP BY 1;
SELECT action, count(*) FROM scim.import('T', $$ SELECT external_id AS "externalId", data ->> 'a' AS a, data -> 'l' AS l, data -> 'c' AS c, data #>> '{c,x}' AS "c.x", data #> '{c,z}' AS "c.z", data -> 'w' AS w, data -> 'e' AS e, data -> 'f' AS f, data -> 'g' AS g,
    CASE WHEN data #>> '{e,0,type}' = 'door' THEN data #>> '{e,0,x}' END AS "e[type eq ""door""].x", data #>> '{urn:fast:E,d}' AS d, data #>> '{urn:fast:E,k,x}' AS "k.x" FROM fast.t $$) GROUP BY 1;
-- secrets stay, and an object that says of one part that there is none says nothing of the others
SELECT scim.register_schema('{"id": "urn:fast:S", "name": "S", "attributes": [{"name": "s", "mutability": "writeOnly", "returned": "never"}, {"name": "q", "required": true, "returned": "never"}]}') ->> 'id';
SELECT scim.register_resource_type('{"name": "S", "endpoint": "/Ss", "schema": "urn:fast:S"}', table_name => 's') ->> 'name';
SELECT scim.create_resource('S', '{"externalId": "s", "s": "secret", "q": "secret"}') ->> 'externalId';
SELECT action, problems FROM scim.import('S', $$ VALUES ('s', '', '') $$, mapping => '{"column1": "externalId", "column2": "s", "column3": "q"}', apply => true);
SELECT data ->> 's' IS NOT NULL, data ->> 'q' FROM fast.s;
SELECT scim.create_resource('User', '{"userName": "u", "name": {"givenName": "Ann", "familyName": "Lee"}}') ->> 'userName';
SELECT cells, action, difference FROM unnest(ARRAY['{"name": {"givenName": null}}', '{"NAME": {"GIVENNAME": "", "familyName": null}}', '{"name": {"givenName": []}, "name.familyName": "Li"}', '{"name": {}}', '{"name": {"title": null}}']) WITH ORDINALITY t (cells, n),
    scim.import('User', format($$ SELECT 'u' AS "userName", %L::jsonb AS data $$, cells)) ORDER BY n;
SELECT cells, action, difference FROM unnest(ARRAY['{"givenName": null}', '{"givenName": ""}', '{}']) WITH ORDINALITY t (cells, n), scim.import('User', format($$ SELECT 'u' AS "userName", %L AS name $$, cells)) ORDER BY n;
SELECT cells, action, difference FROM unnest(ARRAY['{"givenName": null}', '{}']) WITH ORDINALITY t (cells, n), scim.import('User', format($$ SELECT 'u' AS "userName", %L AS name $$, cells), empty => 'keep') ORDER BY n;
SELECT scim.drop_store('fast', true);
