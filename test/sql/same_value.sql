-- Which of several values a written one is: what is readOnly or immutable of it stays with it
SET client_min_messages = warning;
SELECT scim.create_store('same_value');
SET scim.store = 'same_value';
RESET client_min_messages;
\set SHOW_CONTEXT never
SELECT scim.register_schema('{"id": "urn:example:Card", "name": "Card", "attributes": [{"name": "label", "required": true}, {"name": "serial", "mutability": "immutable"},
    {"name": "mails", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "type"}, {"name": "display"}, {"name": "primary", "type": "boolean"},
        {"name": "since", "mutability": "immutable"}, {"name": "verified", "type": "boolean", "mutability": "readOnly"}]},
    {"name": "places", "type": "complex", "multiValued": true, "subAttributes": [{"name": "type"}, {"name": "street"}, {"name": "since", "mutability": "immutable"}, {"name": "checked", "mutability": "readOnly"}]},
    {"name": "keys", "type": "complex", "multiValued": true, "subAttributes": [{"name": "number", "uniqueness": "server"}, {"name": "value"}, {"name": "type"}, {"name": "checked", "mutability": "readOnly"}]},
    {"name": "marks", "type": "complex", "multiValued": true, "subAttributes": [{"name": "type", "mutability": "immutable"}, {"name": "code", "mutability": "immutable"}, {"name": "checked", "mutability": "readOnly"}]},
    {"name": "links", "type": "complex", "multiValued": true, "subAttributes": [{"name": "$ref", "type": "reference"}, {"name": "display"}, {"name": "checked", "mutability": "readOnly"}]},
    {"name": "fixed", "type": "complex", "multiValued": true, "mutability": "immutable", "subAttributes": [{"name": "value"}, {"name": "checked", "mutability": "readOnly"}]},
    {"name": "one", "type": "complex", "subAttributes": [{"name": "value"}, {"name": "note"}, {"name": "since", "mutability": "immutable"}, {"name": "checked", "mutability": "readOnly"}]},
    {"name": "parts", "type": "complex", "subAttributes": [{"name": "a", "required": true}, {"name": "b"}, {"name": "checked", "mutability": "readOnly"}]},
    {"name": "hidden", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "note"}, {"name": "pin", "required": true, "returned": "never"}]},
    {"name": "shy", "type": "complex", "subAttributes": [{"name": "a"}, {"name": "pin", "required": true, "returned": "never"}]},
    {"name": "fast", "type": "complex", "mutability": "immutable", "subAttributes": [{"name": "value"}, {"name": "checked", "mutability": "readOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_schema('{"id": "urn:example:Back", "name": "Back", "attributes": [{"name": "names", "type": "complex", "multiValued": true, "subAttributes": [
    {"name": "value"}, {"name": "note"}, {"name": "since", "mutability": "immutable"}, {"name": "checked", "mutability": "readOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Card", "endpoint": "/Cards", "schema": "urn:example:Card", "schemaExtensions": [{"schema": "urn:example:Back"}]}') IS NOT NULL AS registered;
\set before '{"label": "x", "mails": [{"value": "a@x", "type": "work", "display": "A", "since": "S", "verified": true}, {"value": "b@x", "type": "home", "primary": true, "verified": false}]}'
\set id '00000000-0000-4000-8000-000000000001'

-- What is stored after a write, or why there is none; nothing of it stays.
CREATE FUNCTION pg_temp.by(before jsonb, way text, what jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  card CONSTANT uuid := '00000000-0000-4000-8000-000000000001';
  result jsonb;
  problem text;
BEGIN
  BEGIN
    SET LOCAL scim.write_read_only = on;
    INSERT INTO same_value.cards (id, data) VALUES (card, before || '{"externalId": "x"}');
    SET LOCAL scim.write_read_only = off;
    CASE way
    WHEN 'put' THEN PERFORM scim.replace_resource('Card', card::text, what);
    WHEN 'patch' THEN PERFORM scim.patch_resource('Card', card::text, what);
    WHEN 'update' THEN UPDATE same_value.cards SET data = what WHERE id = card;
    WHEN 'bulk' THEN
      result := scim.bulk(jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations', jsonb_build_array(
        jsonb_build_object('method', 'PUT', 'path', '/Cards/' || card, 'data', what)))) #> '{Operations,0,response}';
      IF result IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = result ->> 'detail'; END IF;
    WHEN 'import' THEN
      SELECT i.problems INTO result FROM scim.import('Card', format('SELECT ''x'' AS "externalId", %L::jsonb AS mails', what -> 'mails'), apply => true, match => 'externalId') i;
      IF result IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = coalesce(result -> 0 ->> 'detail', result::text); END IF;
    END CASE;
    SELECT data - '{schemas,label,externalId}'::text[] INTO result FROM same_value.cards WHERE id = card;
    RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
  EXCEPTION
    WHEN SQLSTATE 'ZZZZZ' THEN NULL;
    WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS problem = PG_EXCEPTION_DETAIL;
      result := to_jsonb(concat_ws(': ', replace(split_part(problem, E'\n', 1), 'scimType: ', ''), SQLERRM));
  END;
  RETURN result;
END $$;

-- PATCH in all its forms: the value stays, and what is the service's own of it
SELECT what, pg_temp.by(:'before', 'patch', jsonb_build_array(what)) -> 'mails' AS mails FROM (VALUES
  ('{"op": "replace", "path": "mails[type eq \"work\"].primary", "value": true}'::jsonb),
  ('{"op": "replace", "path": "mails[type eq \"work\"].type", "value": "other"}'),
  ('{"op": "replace", "path": "mails[type eq \"work\"].display", "value": "B"}'),
  ('{"op": "remove", "path": "mails[type eq \"work\"].display"}'),
  ('{"op": "add", "path": "mails[type eq \"work\"]", "value": {"display": "B"}}'),
  ('{"op": "replace", "path": "mails[type eq \"work\"]", "value": {"value": "A@x", "type": "work", "primary": true}}'),
  ('{"op": "add", "path": "mails", "value": [{"value": "n@x", "primary": true}]}'),
  ('{"op": "add", "path": "mails", "value": [{"value": "b@x", "type": "home", "display": "B"}]}'),
  ('{"op": "add", "path": "mails.display", "value": "all"}'),
  ('{"op": "add", "value": {"mails[type eq \"work\"].display": "B"}}'),
  ('{"op": "remove", "path": "mails[type eq \"home\"]"}')) v (what);
-- one with another "value" is a new one, which has nothing yet; what is immutable it may bring along
SELECT what, pg_temp.by(:'before', 'patch', jsonb_build_array(what)) -> 'mails' AS mails FROM (VALUES
  ('{"op": "replace", "path": "mails[type eq \"work\"].value", "value": "c@x"}'::jsonb),
  ('{"op": "replace", "path": "mails[type eq \"work\"]", "value": {"value": "c@x", "type": "work", "since": "T"}}'),
  ('{"op": "replace", "path": "mails", "value": [{"value": "c@x", "type": "work", "since": "T"}]}')) v (what);
-- what is immutable of one that stays is not changed in any way, nor taken away; it may be set once
SELECT what, pg_temp.by(:'before', 'patch', jsonb_build_array(what)) AS result FROM (VALUES
  ('{"op": "add", "path": "mails", "value": [{"value": "a@x", "type": "work", "since": "T"}]}'::jsonb),
  ('{"op": "replace", "path": "mails[type eq \"work\"].since", "value": "T"}'),
  ('{"op": "remove", "path": "mails[type eq \"work\"].since"}'),
  ('{"op": "add", "path": "mails[type eq \"work\"]", "value": {"since": "T"}}'),
  ('{"op": "replace", "path": "mails", "value": [{"value": "a@x", "since": "T"}]}'),
  ('{"op": "replace", "path": "mails[type eq \"home\"].since", "value": "T"}')) v (what);
-- and so by every other way
SELECT way, what -> 'mails' AS said, r AS result
FROM unnest(ARRAY['{"label": "x", "mails": [{"value": "b@x", "type": "home"}, {"value": "a@x", "type": "work", "display": "B"}]}',
                  '{"label": "x", "mails": [{"value": "a@x", "since": "T"}]}',
                  '{"label": "x", "mails": [{"value": "a@x", "type": "work", "verified": false}, {"value": "b@x", "since": "T"}, {"value": "c@x", "verified": true}]}']::jsonb[]) WITH ORDINALITY w (what, n),
     unnest(ARRAY['put', 'update', 'bulk', 'import']) way, pg_temp.by(:'before', way, what) r
ORDER BY n, way;

-- without "value": what is unique, "$ref", what is immutable, "type"
SELECT key, pg_temp.by(jsonb_build_object('label', 'x', key, before), 'put', jsonb_build_object('label', 'x', key, after)) AS result FROM (VALUES
  ('places', '[{"type": "work", "street": "1", "checked": "w"}, {"type": "home", "street": "1", "checked": "h"}]'::jsonb, '[{"type": "home", "street": "2"}, {"type": "work", "street": "1"}, {"street": "1"}]'::jsonb),
  ('places', '[{"type": "work", "street": "1", "since": "S", "checked": "w"}]', '[{"type": "home", "street": "2", "since": "S"}]'),
  ('places', '[{"type": "work", "street": "1", "since": "S", "checked": "w"}]', '[{"type": "work", "street": "2", "since": "T"}]'),
  ('places', '[{"type": "work", "street": "1", "since": "S", "checked": "w"}, {"type": "work", "street": "2", "since": "T", "checked": "x"}]', '[{"type": "work", "street": "3", "since": "T"}, {"type": "work", "street": "4"}]'),
  ('places', '[{"street": "1", "checked": "w"}]', '[{"street": "2"}]'),
  ('keys', '[{"number": "1", "value": "v", "type": "a", "checked": "1"}, {"number": "2", "value": "v", "type": "b", "checked": "2"}]', '[{"number": "2", "value": "w", "type": "a"}, {"number": "1", "value": "v", "type": "b"}, {"value": "v", "type": "c"}]'),
  ('marks', '[{"type": "a", "code": "1", "checked": "1"}, {"type": "b", "code": "2", "checked": "2"}]', '[{"type": "b", "code": "2"}, {"type": "a", "code": "3"}]'),
  ('links', '[{"$ref": "https://x/1", "display": "1", "checked": "1"}]', '[{"$ref": "https://x/1", "display": "2"}, {"$ref": "https://x/2", "display": "1"}]')) v (key, before, after);
-- single values likewise: another "value" is another one, but what is immutable of it stays for good
SELECT pg_temp.by('{"label": "x", "one": {"value": "1", "since": "S", "note": "n", "checked": "c"}}', way, v) AS result
FROM unnest(ARRAY['put', 'put', 'put', 'put', 'patch', 'patch'], ARRAY['{"label": "x", "one": {"value": "1"}}', '{"label": "x", "one": {"value": "2"}}', '{"label": "x", "one": {"since": "T"}}', '{"label": "x"}',
    '[{"op": "remove", "path": "one.note"}]', '[{"op": "replace", "path": "one.value", "value": "3"}]']::jsonb[]) u (way, v);
-- where there is no "value" its parts are as those of the resource: what the service has written stays
SELECT pg_temp.by('{"label": "x", "parts": {"a": "1", "checked": "c"}}', way, v) AS result
FROM unnest(ARRAY['put', 'put', 'patch', 'patch', 'patch', 'update'], ARRAY['{"label": "x", "parts": {"a": "1", "b": "2"}}', '{"label": "x"}', '[{"op": "remove", "path": "parts.a"}]', '[{"op": "remove", "path": "parts"}]',
    '[{"op": "replace", "path": "parts", "value": {"a": "2"}}]', '{"label": "x", "parts": null}']::jsonb[]) u (way, v);
-- what is required and never returned nobody can send back
SELECT pg_temp.by('{"label": "x", "hidden": [{"value": "1", "pin": "p", "note": "n"}, {"value": "2", "pin": "q"}], "shy": {"a": "1", "pin": "r"}}', way, v) AS result
FROM unnest(ARRAY['put', 'put', 'put', 'put', 'update', 'patch', 'patch', 'patch', 'patch', 'patch'], ARRAY['{"label": "x", "hidden": [{"value": "2", "note": "m"}, {"value": "1"}], "shy": {"a": "2"}}',
    '{"label": "x", "hidden": [{"value": "2"}, {"value": "3"}]}', '{"label": "x", "hidden": [{"value": "2"}, {"value": "3", "pin": "s"}], "shy": {"a": "1", "pin": "t"}}', '{"label": "x", "hidden": [{"value": "1", "pin": ""}]}',
    '{"label": "x", "shy": {"a": "1"}}',
    '[{"op": "replace", "path": "hidden", "value": [{"value": "1"}]}]', '[{"op": "add", "path": "hidden", "value": [{"value": "1", "note": "m"}]}]', '[{"op": "replace", "path": "hidden[value eq \"2\"]", "value": {"value": "2", "note": "m"}}]',
    '[{"op": "replace", "path": "shy", "value": {"a": "2"}}]', '[{"op": "add", "path": "hidden", "value": [{"value": "9"}]}]']::jsonb[]) u (way, v);
SELECT scim.register_schema('{"id": "urn:example:Safe", "name": "Safe", "attributes": [{"name": "label", "required": true},
    {"name": "locks", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "note"}, {"name": "code", "required": true, "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Safe", "endpoint": "/Safes", "schema": "urn:example:Safe"}') IS NOT NULL AS registered;
SELECT scim.create_resource('Safe', '{"label": "s", "locks": [{"value": "1", "code": "c1"}, {"value": "2", "code": "c2"}]}') ->> 'id' AS safe \gset
SELECT scim.replace_resource('Safe', :'safe', '{"label": "s", "locks": [{"value": "2", "note": "n"}, {"value": "1"}]}') -> 'locks' AS locks;
SELECT scim.patch_resource('Safe', :'safe', '[{"op": "add", "path": "locks", "value": [{"value": "1", "note": "m"}]}]') -> 'locks' AS locks;
SELECT scim.patch_resource('Safe', :'safe', '[{"op": "replace", "path": "locks", "value": [{"value": "1"}, {"value": "2"}]}]') -> 'locks' AS locks;
SELECT scim.unseal_value(:'safe', 'locks.code') AS codes;
SELECT scim.patch_resource('Safe', :'safe', '[{"op": "add", "path": "locks", "value": [{"value": "3"}]}]');
SELECT scim.replace_resource('Safe', :'safe', '{"label": "s", "locks": [{"value": "3"}]}');
-- whole ones that are immutable, and those of an extension
SELECT pg_temp.by('{"label": "x", "fixed": [{"value": "1", "checked": "c"}, {"value": "2"}], "fast": {"value": "1", "checked": "c"}}', 'put', v) AS result
FROM unnest(ARRAY['{"label": "x", "fixed": [{"value": "1"}, {"value": "2"}], "fast": {"value": "1"}}', '{"label": "y"}', '{"label": "x", "fixed": [{"value": "1"}]}', '{"label": "x", "fast": {"value": "2"}}']::jsonb[]) v;
SELECT pg_temp.by('{"label": "x", "urn:example:Back": {"names": [{"value": "1", "since": "S", "checked": "c"}]}}', 'put', jsonb_build_object('label', 'x', 'urn:example:Back', v)) AS result
FROM unnest(ARRAY['{"names": [{"value": "1", "note": "n"}, {"value": "2"}]}', '{"names": [{"value": "1", "since": "T"}]}']::jsonb[]) v;

-- the service's own writes say it themselves, but what is immutable stays for them, too
SET scim.write_read_only = on;
INSERT INTO same_value.cards (id, data) VALUES (:'id', :'before');
UPDATE same_value.cards SET data = '{"label": "x", "mails": [{"value": "a@x", "verified": false}, {"value": "b@x", "type": "home"}]}' RETURNING data -> 'mails' AS mails;
UPDATE same_value.cards SET data = '{"label": "x", "mails": [{"value": "a@x", "since": "T"}]}';
UPDATE same_value.cards SET data = '{"label": "x", "externalId": "1", "serial": "1-2", "one": {"value": "1", "checked": "c"}, "mails": [{"value": "a@x", "verified": true}]}';
RESET scim.write_read_only;

SET scim.write_read_only = on;
INSERT INTO same_value.cards (data) VALUES ('{"label": "p", "parts": {"a": "1", "checked": "c"}}');
RESET scim.write_read_only;
UPDATE same_value.cards SET data = data - 'parts' WHERE data ->> 'label' = 'p' RETURNING data -> 'parts' AS parts;
SELECT * FROM scim.validate_store();
DELETE FROM same_value.cards WHERE data ->> 'label' = 'p';

-- a policy that spells values in another way makes no others of them
INSERT INTO same_value.policy (resource_type, kind, settings) VALUES
  ('Card', 'wire', '{"characters": {"mails.value": {"@": "[at]"}, "mails.since": {"S": "Z"}, "serial": {"-": "/"}}}');
SELECT data -> 'mails' AS mails, data ->> 'serial' AS serial FROM same_value.cards;
UPDATE same_value.cards SET data = data || '{"serial": "1-2", "mails": [{"value": "A@x", "type": "work", "since": "S"}]}' RETURNING data -> 'mails' AS mails;
UPDATE same_value.cards SET data = data || '{"serial": "1-3"}';

-- an attribute that becomes a list keeps what it had
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN 'one' THEN a || '{"multiValued": true}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a))) IS NOT NULL AS registered
FROM same_value.schema WHERE id = 'urn:example:Card';
SELECT data -> 'one' AS one FROM same_value.cards;

-- what a bound table writes, and a view
CREATE TABLE same_value_cards (number text PRIMARY KEY, label text NOT NULL, work text, home text);
SELECT FROM scim.bind_table('Card', 'same_value_cards', '{"attributes": {"externalId": "number", "label": "label", "mails[type eq \"work\"].display": "work", "mails[type eq \"home\"].value": "home"}}');
SELECT * FROM same_value_cards;
UPDATE same_value_cards SET work = 'W', home = 'h@x';
SELECT data -> 'mails' AS mails FROM same_value.cards;
SELECT scim.unbind_table('same_value_cards');
DROP TABLE same_value_cards;

-- what need not be there and is not shown goes with a PUT that leaves it out, and stays with a PATCH; what is required, or writeOnly, stays
SELECT scim.register_schema('{"id": "urn:example:Shown", "name": "Shown", "attributes": [{"name": "name"}, {"name": "never", "returned": "never"}, {"name": "asked", "returned": "request"}, {"name": "must", "returned": "never", "required": true},
    {"name": "sealed", "mutability": "writeOnly"}, {"name": "parts", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "never", "returned": "never"}, {"name": "must", "returned": "never", "required": true}]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Shown", "endpoint": "/Shown", "schema": "urn:example:Shown"}') ->> 'name' AS type;
INSERT INTO same_value.shown (data) VALUES ('{"name": "n", "never": "1", "asked": "2", "must": "3", "sealed": "4", "parts": [{"value": "v", "never": "5", "must": "6"}]}');
SELECT r.status, r.body::jsonb - '{schemas,id,meta}'::text[] AS shown FROM same_value.shown, scim.request('PATCH', '/Shown/' || id, '{}', '{"Operations": [{"op": "add", "path": "name", "value": "m"}, {"op": "add", "path": "parts", "value": [{"value": "v"}]}]}') r;
SELECT data - 'schemas' - 'sealed' AS stored, data ? 'sealed' AS sealed FROM same_value.shown;
SELECT r.status, r.body::jsonb - 'meta' = g.body::jsonb - 'meta' AS same FROM same_value.shown, scim.request('GET', '/Shown/' || id) g, scim.request('PUT', '/Shown/' || id, '{}', g.body) r;
SELECT data - 'schemas' - 'sealed' AS stored, data ? 'sealed' AS sealed FROM same_value.shown;

SET client_min_messages = warning;
SELECT scim.drop_store('same_value', true);
