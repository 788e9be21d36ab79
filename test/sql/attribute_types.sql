-- Attributes of several types, "format": "date" and "pattern": what a schema may say beyond
-- RFC 7643 section 7
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('attribute_types');
SET scim.store = 'attribute_types';
SELECT scim.register_schema('{"id": "urn:example:Note", "name": "Note", "attributes": [
  {"name": "label", "required": true},
  {"name": "any", "type": ["STRING", "decimal", "boolean"]},
  {"name": "list", "type": ["decimal", "boolean"], "multiValued": true},
  {"name": "when", "type": ["boolean", "dateTime"]},
  {"name": "exact", "type": ["integer", "string"], "caseExact": true},
  {"name": "link", "type": ["reference", "boolean"], "referenceTypes": ["external"]},
  {"name": "key", "type": ["integer", "binary"]},
  {"name": "one", "type": ["boolean"], "description": "Of one type."},
  {"name": "unique", "type": ["string", "integer", "boolean"], "uniqueness": "server"},
  {"name": "day", "format": "DATE"},
  {"name": "days", "format": "date", "multiValued": true, "pattern": "2.*"},
  {"name": "code", "pattern": "[A-Z]{2}\\d+|.-x", "caseExact": true},
  {"name": "maybe", "type": ["string", "boolean"], "pattern": "(?i)[a-f]+"},
  {"name": "custom", "type": "complex", "multiValued": true, "subAttributes": [
     {"name": "name", "caseExact": true}, {"name": "value", "type": ["string", "decimal", "boolean"]},
     {"name": "day", "format": "date"}]}]}') #> '{attributes,1}' AS any;
SELECT scim.register_resource_type('{"name": "Note", "endpoint": "/Notes", "schema": "urn:example:Note"}') ->> 'name' AS type;

-- stored and returned as sent; what can be nothing else is read as what it is
INSERT INTO attribute_types.notes (data) VALUES
  ('{"label": "a", "any": "5", "list": ["1", "true", 2.50, 2.5], "when": "True", "exact": "Ab", "unique": "5", "day": "2024-02-29", "code": "AB12"}'),
  ('{"label": "b", "any": 5, "list": [true], "when": "2011-05-13T06:42:34+02:00", "exact": 5, "unique": 5, "day": "2022-02-01", "code": "ä-x"}'),
  ('{"label": "c", "any": true, "list": 1, "exact": 7.0, "unique": true, "day": "0001-01-01", "custom": [{"name": "x", "value": true}, {"name": "y", "value": "2"}, {"name": "z", "value": 2.0}]}'),
  ('{"label": "d", "any": "true", "exact": "5", "unique": "true", "link": "https://x.example/A", "key": "QUI=", "one": "true", "days": ["2022-01-31", "2999-12-31"]}'),
  ('{"label": "e", "any": 10, "link": false, "key": 12, "maybe": "FaDe", "custom": {"name": "x", "value": 10, "day": "2022-01-31"}}'),
  ('{"label": "f", "any": false, "when": false, "maybe": true, "custom": [{"name": "x", "value": "TRUE"}]}'),
  ('{"label": "g", "any": "Zoë"}'),
  ('{"label": "h"}');
SELECT data - 'schemas' FROM attribute_types.notes ORDER BY id;

-- each compared by its own type: in memory, by a scan, by an index, in a search, as SQL
CREATE TABLE attribute_types_filters (n int GENERATED ALWAYS AS IDENTITY, filter text);
INSERT INTO attribute_types_filters (filter) VALUES
  ('any eq 5'), ('any eq 5.0'), ('any eq "5"'), ('any eq true'), ('any eq "true"'), ('any eq "zOË"'), ('any ne 5'), ('any ne "5"'),
  ('any ne true'), ('any gt 4'), ('any ge 10'), ('any lt 10'), ('any gt "4"'), ('any lt "5x"'), ('any co "r"'), ('any sw "ZO"'), ('any ew "UE"'),
  ('not (any eq 5)'), ('any pr'), ('any eq null'), ('any ne ""'), ('list eq 2.5'), ('list eq true'), ('list eq "true"'), ('list eq "1"'),
  ('list gt 1'), ('list ne true'), ('when eq true'), ('when eq "FALSE"'), ('when eq "2011-05-13T04:42:34Z"'), ('when gt "2000-01-01T00:00:00Z"'),
  ('when sw "2011"'), ('exact eq "Ab"'), ('exact eq "ab"'), ('exact eq 5'), ('exact eq "5"'), ('exact gt 5'), ('exact sw "A"'),
  ('link eq "https://x.example/A"'), ('link eq "https://x.example/a"'), ('link eq false'), ('link co "example"'), ('key eq "QUI="'), ('key eq 12'), ('key ne 12'),
  ('one eq true'), ('custom.value eq 2'), ('custom.value eq "2"'), ('custom.value eq true'), ('custom.value eq "true"'), ('custom eq 10'),
  ('custom[name eq "x" and value eq 10]'), ('custom[name eq "z" and value eq 2]'), ('custom[name eq "x" and not (value eq true)]'),
  ('custom[value gt 1 and value lt 3]'), ('custom[value ne 10]'), ('custom.day le "2022-01-31"'),
  ('day eq "2022-02-01"'), ('day ge "2022-02-01"'), ('day gt "2022-02-01"'), ('day lt "2022"'), ('day le "2022-02-01" and day pr'), ('day sw "2022-02"'),
  ('days gt "2022-12-31"'), ('days eq "2022-01-31"'), ('maybe eq true'), ('maybe eq "fade"'), ('maybe ge "f"'),
  ('any eq 1e400'), ('exact co 5'), ('list co "1"'), ('list eq "x"'), ('when eq "x"'), ('when gt 5'), ('key gt "QUI="'), ('link eq 5'), ('maybe eq 5');
CREATE FUNCTION pg_temp.labels(query text, argument text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  EXECUTE format('SELECT string_agg(label, %L ORDER BY label) FROM (%s) AS found (label)', '', query) INTO answer USING argument;
  RETURN coalesce(answer, '-');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLERRM;
END $$;
CREATE FUNCTION pg_temp.found(filter text) RETURNS text[] LANGUAGE sql AS $$
  SELECT ARRAY[
    pg_temp.labels($q$SELECT data ->> 'label' FROM attribute_types.notes WHERE scim.matches(data || '{}', $1::scim.filter, 'Note')$q$, filter),
    pg_temp.labels($q$SELECT data ->> 'label' FROM attribute_types.notes WHERE deleted_at IS NULL AND scim.matches(data, $1::scim.filter, 'Note')$q$, filter),
    pg_temp.labels($q$SELECT r #>> '{label}' FROM jsonb_array_elements(scim.search('Note', $1) -> 'Resources') r$q$, filter),
    pg_temp.labels(format('SELECT data ->> %L FROM attribute_types.notes WHERE deleted_at IS NULL AND tenant_id = 1 AND %s', 'label',
      CASE WHEN pg_temp.labels($q$SELECT scim.to_sql($1::scim.filter, 'Note')$q$, filter) LIKE 'invalid comparison%' THEN 'scim.matches(data, $1::scim.filter, ''Note'')'
      ELSE scim.to_sql(filter::scim.filter, 'Note') END), filter),
    pg_temp.labels(format('SELECT data ->> %L FROM attribute_types.notes WHERE %s', 'label',
      CASE WHEN pg_temp.labels($q$SELECT scim.to_sql($1::scim.filter, 'Note')$q$, filter) LIKE 'invalid comparison%' THEN 'scim.matches(data, $1::scim.filter, ''Note'')'
      ELSE scim.to_sql(filter::scim.filter, '{"urn:example:Note:any": "data -> ''any''", "urn:example:Note:when": "data -> ''when''", "*": {"expression": "data", "type": "jsonb"}}'::jsonb) END), filter)]
$$;
SET jit = off; -- a scan that is switched off costs more than it allows
SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off;
CREATE TEMP TABLE scanned AS SELECT n, filter, pg_temp.found(filter) AS found FROM attribute_types_filters;
RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan;
SET enable_seqscan = off;
CREATE TEMP TABLE looked_up AS SELECT n, filter, pg_temp.found(filter) AS found FROM attribute_types_filters;
BEGIN;
-- so many, and without other indexes, that this one is what costs least
DROP INDEX attribute_types.notes_external_id_idx, attribute_types.notes_display_name_idx, attribute_types.notes_last_modified_idx, attribute_types.notes_created_idx, attribute_types.notes_user_name_idx;
INSERT INTO attribute_types.notes (data) SELECT jsonb_build_object('label', i::text) FROM generate_series(1, 1000) i;
EXPLAIN (COSTS OFF) SELECT FROM attribute_types.notes WHERE deleted_at IS NULL AND scim.matches(data, 'any eq 5 or when eq true', 'Note');
ROLLBACK;
RESET enable_seqscan;
SELECT filter, found[1] FROM scanned ORDER BY n;
SELECT 'differ', filter, s.found, l.found FROM scanned s JOIN looked_up l USING (n, filter)
WHERE EXISTS (SELECT FROM unnest(s.found || l.found) AS f WHERE f <> s.found[1]) ORDER BY n;

-- numbers, then false and true, then strings; as such they are unique
SELECT string_agg(r ->> 'label' || '=' || coalesce(r ->> 'any', ''), ' ') FROM jsonb_array_elements(scim.search('Note', sort_by => 'any') -> 'Resources') r;
SELECT string_agg(r ->> 'label', '') FROM jsonb_array_elements(scim.search('Note', sort_by => 'any', sort_order => 'descending') -> 'Resources') r;
SELECT string_agg(r ->> 'label', '') FROM jsonb_array_elements(scim.search('Note', 'day pr', sort_by => 'day') -> 'Resources') r;
INSERT INTO attribute_types.notes (data) VALUES ('{"label": "x", "unique": 5.0}');
INSERT INTO attribute_types.notes (data) VALUES ('{"label": "x", "unique": "TRUE"}');
INSERT INTO attribute_types.notes (data) VALUES ('{"label": "x", "unique": true}');

-- what is none of them, no day of the calendar, and what the pattern does not match as a whole
CREATE FUNCTION pg_temp.problems(attributes jsonb) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT message FROM scim.validate('Note', attributes || '{"label": "x"}')
$$;
SELECT pg_temp.problems(d) FROM unnest(ARRAY['{"any": [1, 2]}', '{"any": {"value": 1}}', '{"list": ["x", 1, "1x"]}', '{"when": "yes"}', '{"when": 1}',
  '{"exact": 1.5}', '{"exact": true}', '{"link": 5}', '{"key": "%"}', '{"key": 1.5}', '{"custom": {"name": "x", "value": {"a": 1}}}']::jsonb[]) d;
SELECT pg_temp.problems(jsonb_build_object('day', d)) FROM unnest(ARRAY['2023-02-29', '1900-02-29', '2022-13-01', '2022-00-10', '2022-04-31', '0000-01-01',
  '2022-2-1', '20220201', '2022-02-01Z', '2022-02-01T00:00:00Z', ' 2022-02-01', '02022-02-01', '2022/02/01', 'today']) d;
SELECT pg_temp.problems(jsonb_build_object('day', d)) FROM unnest(ARRAY['2000-02-29', '9999-12-31', '', NULL]) d;
SELECT pg_temp.problems('{"day": 20220201, "days": ["2022-01-31", "1999-12-31", "2023-02-29"]}');
SELECT d, pg_temp.problems(jsonb_build_object('code', d)) FROM unnest(ARRAY['AB12', 'AB', 'xAB12', 'AB12x', E'AB12\n', E'\n-x', 'ab12', 'A-x', '🙂-x', '-x', 'AB１']) d;
SELECT pg_temp.problems('{"maybe": "xyz"}'), pg_temp.problems('{"maybe": "cafE"}'), pg_temp.problems('{"maybe": false}');

-- by every way in
SELECT status, body::jsonb ->> 'scimType', body::jsonb ->> 'detail' FROM scim.request('POST', '/Notes', '{}', '{"label": "i", "day": "2023-02-30"}');
SELECT id AS note FROM attribute_types.notes WHERE data ->> 'label' = 'a' \gset
CREATE FUNCTION pg_temp.patch(id uuid, operations text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN scim.patch_resource('Note', id, operations::jsonb) - 'id' - 'meta' - 'schemas' - 'label' - 'unique' - 'list' - 'when' - 'exact';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT pg_temp.patch(:'note', '[{"op": "replace", "path": "any", "value": 5}]');
SELECT pg_temp.patch(:'note', '[{"op": "replace", "path": "any", "value": "true"}, {"op": "add", "path": "day", "value": "2024-03-01"}]');
SELECT pg_temp.patch(:'note', '[{"op": "replace", "path": "custom[name eq \"q\" and value eq 7].day", "value": "2022-02-01"}]');
SELECT pg_temp.patch(:'note', '[{"op": "add", "path": "custom", "value": [{"name": "r", "value": "7"}, {"name": "s", "value": true}]}]');
SELECT pg_temp.patch(:'note', '[{"op": "remove", "path": "custom[value eq 7]"}]');
SELECT pg_temp.patch(:'note', '[{"op": "replace", "path": "custom[value eq true].value", "value": false}]');
SELECT pg_temp.patch(:'note', '[{"op": "remove", "path": "custom[value eq \"7\" or value eq false]"}]');
SELECT pg_temp.patch(:'note', '[{"op": "replace", "value": {"code": "nope"}}]');
SELECT pg_temp.patch(:'note', '[{"op": "add", "path": "days", "value": "2023-02-29"}]');
SELECT version FROM attribute_types.notes WHERE id = :'note';
SELECT pg_temp.patch(:'note', '[{"op": "replace", "path": "any", "value": "true"}, {"op": "replace", "path": "day", "value": "2024-03-01"}]') IS NOT NULL, version
FROM attribute_types.notes WHERE id = :'note';

SET scim.advertise_types = on;
-- discovery has one type for each, and says the rest in words; JSON Schema has them all
SELECT a ->> 'name', a ->> 'type', a ? 'format' OR a ? 'pattern', a ->> 'description'
FROM scim.request('GET', '/Schemas/urn:example:Note'), jsonb_array_elements(body::jsonb -> 'attributes') a
UNION ALL SELECT 'custom.' || (a ->> 'name'), a ->> 'type', a ? 'format', a ->> 'description'
FROM scim.request('GET', '/Schemas'), jsonb_path_query(body::jsonb, '$.Resources[*] ? (@.name == "Note").attributes[*].subAttributes[*]') a;
-- what programs read, and who refuses to know it does not see; a schema may be registered as it is shown
SELECT a ->> 'name', a ->> 'type', a -> 'types', a ->> 'format', a ->> 'pattern' FROM scim.request('GET', '/Schemas/urn:example:Note'), jsonb_path_query(body::jsonb, 'strict $.attributes.** ? (exists (@.name) && (exists (@.types) || exists (@.format) || exists (@.pattern)))') a;
RESET scim.advertise_types;
SELECT count(*) FROM scim.request('GET', '/Schemas'), jsonb_path_query(body::jsonb, 'strict $.Resources[*].attributes.** ? (exists (@.name) && (exists (@.types) || exists (@.format) || exists (@.pattern)))') a;
SET scim.advertise_types = on;
SELECT document AS stored FROM attribute_types.schema WHERE id = 'urn:example:Note' \gset
SELECT FROM scim.register_schema((SELECT body::jsonb - 'meta' FROM scim.request('GET', '/Schemas/urn:example:Note')));
SELECT jsonb_path_query_array(document, '$.attributes.** ? (exists (@.name)).type') = jsonb_path_query_array(:'stored', '$.attributes.** ? (exists (@.name)).type') AS same_types, document @? '$.**.types' AS kept_twice FROM attribute_types.schema WHERE id = 'urn:example:Note';
SELECT FROM scim.register_schema(:'stored');
SELECT FROM scim.register_schema('{"id": "urn:example:x", "name": "X", "attributes": [{"name": "a", "type": "string", "types": ["integer", "boolean"]}]}');
SELECT FROM scim.register_schema('{"id": "urn:example:x", "name": "X", "attributes": [{"name": "a", "types": "string"}]}');
SELECT FROM scim.register_schema('{"id": "urn:example:x", "name": "X", "attributes": [{"name": "a", "types": []}]}');
SELECT a ->> 'type' FROM scim.register_schema('{"id": "urn:example:x", "name": "X", "attributes": [{"name": "a", "types": ["Integer"]}]}') r, jsonb_array_elements(r -> 'attributes') a;
SELECT FROM scim.unregister_schema('urn:example:x');
SELECT p.key, p.value - 'description' FROM jsonb_each(scim.json_schema('Note') -> 'properties') p WHERE p.key NOT IN ('id', 'externalId', 'meta', 'schemas', 'label') ORDER BY 1;
SELECT scim.openapi() #> '{components,schemas,Resource.Notes,properties}' = scim.json_schema('Note') -> 'properties' AS same;
-- endpoints of one's own
INSERT INTO attribute_types.endpoint (name, methods, path, resource_type, action, settings) VALUES
  ('notes', '{GET}', '/api/notes', 'Note', 'list', '{"fields": {"name": "label", "any": "any", "day": "day", "code": "code"}, "list": {"query": {"fields": ["any"]}, "body": {"data": "{items}"}}}'),
  ('note', '{POST}', '/api/notes', 'Note', 'create', '{"like": "notes"}');
SELECT status, body FROM unnest(ARRAY['{"name": "n", "any": 5, "day": "2022-02-01"}', '{"name": "n", "any": "5"}', '{"name": "n", "any": false}', '{"name": "n", "day": "2023-02-29"}']) AS sent, scim.request('POST', '/api/notes', '{}', sent);
SELECT body FROM unnest(ARRAY['filter=any+eq+5', 'filter=any+eq+%225%22', 'filter=any+eq+false', 'filter=day+ge+%222024-01-01%22', 'query=5', 'sort=any_ASC&limit=3']) AS query, scim.request('GET', '/api/notes?' || query);
SELECT p.key, p.value FROM jsonb_each(jsonb_path_query_first(scim.openapi(), '$.paths."/api/notes".post.requestBody.**.properties')) p;
-- a pattern in the words of JSON Schema, where it has them
SELECT pattern, scim.register_schema(jsonb_build_object('id', 'urn:example:Pattern', 'name', 'Pattern', 'attributes', jsonb_build_array(jsonb_build_object('name', 'p', 'pattern', pattern)))) IS NOT NULL,
  scim.register_resource_type('{"name": "Pattern", "endpoint": "/Patterns", "schema": "urn:example:Pattern"}') IS NOT NULL, scim.json_schema('Pattern') #>> '{properties,p,pattern}'
FROM unnest(ARRAY['a.c', '\d{2,3}-\w+\.\S', '[^\d\s.\]-]x', '(?:a|b)(c)*?', 'a{2}{', '}]', '[[:alpha:]]', '[]a]', '[a[b]', '(?i)a', '(?=a)a', '(a)\1', '\mword', 'x\-y', '[a\-z]', '\u00e4', '[a&&b]', 'ä+']) pattern;

-- nonsense is refused, with schema and attribute
CREATE FUNCTION pg_temp.refusal(attribute text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim.register_schema(jsonb_build_object('id', 'urn:example:Wrong', 'name', 'Wrong', 'attributes', jsonb_build_array(
    jsonb_build_object('name', 'c', 'type', 'complex', 'subAttributes', jsonb_build_array(attribute::jsonb || '{"name": "w"}')))));
  RETURN 'registered';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT pg_temp.refusal(a) FROM unnest(ARRAY['{"type": []}', '{"type": ["string", "String"]}', '{"type": ["string", "text"]}', '{"type": ["string", 5]}', '{"type": 5}',
  '{"type": ["string", "dateTime"]}', '{"type": ["integer", "boolean", "decimal"]}', '{"type": ["string", "complex"]}', '{"type": ["complex"]}', '{"type": ["boolean", "integer"], "referenceTypes": ["User"]}',
  '{"format": "time"}', '{"format": 5}', '{"format": "date", "type": "dateTime"}', '{"format": "date", "type": ["boolean", "decimal"]}', '{"format": "date", "type": "complex", "subAttributes": [{"name": "x"}]}',
  '{"pattern": "a", "type": "integer"}', '{"pattern": ["a"]}', '{"pattern": "("}', '{"pattern": "a)(b"}', '{"pattern": "[z-a]"}', '{"pattern": "*"}', '{"pattern": "***=a"}', '{"pattern": "***:a"}', '{"pattern": "(?q)a"}', '{"pattern": "(?e)a"}', '{"pattern": "(?ix)a"}', '{"pattern": "a{1,256}"}',
  '{"pattern": "[0-9]+", "canonicalValues": ["1", "one"]}', '{"format": "date", "canonicalValues": ["2022-02-29"]}', '{"type": ["decimal", "boolean"], "canonicalValues": ["1", "true", "x"]}', '{"type": ["string", "decimal"], "canonicalValues": ["1", "x"], "pattern": ".", "format": ""}']) a;
SELECT pg_temp.refusal(jsonb_build_object('pattern', repeat('a', 1001))::text), pg_temp.refusal(jsonb_build_object('pattern', repeat('a', 1000))::text), pg_temp.refusal('{"pattern": "(((a{1,255}){1,255}){1,255}){1,255}"}');
SELECT scim.register_schema('{"id": "urn:example:Empty", "name": "Empty", "attributes": [{"name": "e", "format": "", "pattern": "", "type": ["string"]}]}') #> '{attributes,0}';

-- one that takes for ever can be cancelled, whatever it reads
SELECT scim.register_schema('{"id": "urn:example:Slow", "name": "Slow", "attributes": [{"name": "s", "pattern": "(.+)(.+)(.+)(.+)\\4\\1\\3c?\\2x"}]}') ->> 'name';
SELECT scim.register_resource_type('{"name": "Slow", "endpoint": "/Slow", "schema": "urn:example:Slow"}') ->> 'name';
SET statement_timeout = '300ms';
SELECT scim.is_valid('Slow', jsonb_build_object('s', repeat('ab', 100) || 'x'));
RESET statement_timeout;
SELECT scim.is_valid('Slow', '{"s": "abcddaccbx"}'), scim.is_valid('Slow', '{"s": "abcddacbx"}'), scim.is_valid('Slow', '{"s": "abcddacby"}');

-- a pattern that comes later binds what a write changes
SELECT scim.register_schema(jsonb_set(document, '{attributes,0,pattern}', '"[a-c]"')) FROM attribute_types.schema WHERE id = 'urn:example:Note';
SELECT scim.register_schema(jsonb_set(document, '{attributes,0,pattern}', '"[a-c]"'), force => true) #>> '{attributes,0,pattern}' FROM attribute_types.schema WHERE id = 'urn:example:Note';
UPDATE attribute_types.notes SET data = data || '{"any": 11}' WHERE data ->> 'label' = 'h' RETURNING data ->> 'any';
UPDATE attribute_types.notes SET data = data || '{"label": "i"}' WHERE data ->> 'label' = 'h';
SELECT message FROM scim.validate_store() ORDER BY 1 LIMIT 2;
-- and an attribute of one type may get another
SELECT scim.register_schema(jsonb_set(document, '{attributes,1,type}', '["string", "decimal"]')) FROM attribute_types.schema WHERE id = 'urn:example:Note';
-- a userName of several types has no column, and is unique all the same
SELECT scim.register_schema(jsonb_set(document, (SELECT ARRAY['attributes', (n - 1)::text, 'type'] FROM jsonb_array_elements(document -> 'attributes') WITH ORDINALITY a (a, n) WHERE a ->> 'name' = 'userName'), '["string", "integer"]')) IS NOT NULL
FROM attribute_types.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
INSERT INTO attribute_types.users (data) VALUES ('{"userName": 5}'), ('{"userName": "5"}') RETURNING user_name, data ->> 'userName';
INSERT INTO attribute_types.users (data) VALUES ('{"userName": 5}');
SELECT scim.search('User', 'userName eq 5') ->> 'totalResults', scim.search('User', 'userName eq "5"') ->> 'totalResults';
\pset tuples_only off
DROP TABLE attribute_types_filters;
SET client_min_messages = warning;
SELECT scim.drop_store('attribute_types', true);
