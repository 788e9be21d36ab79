-- What is required and never returned, wherever it stands: a PUT of what was got keeps it, and the schema of answers asks for nothing that no answer has.
SELECT scim.create_store('unseen');
SET scim.store = 'unseen';
SET client_min_messages = warning;

-- One resource type for each place of such a value, and for what it is: never returned, or writeOnly; outer: whether what it is a part of is required, too.
CREATE TABLE unseen.kind AS
    SELECT row_number() OVER (ORDER BY at, secret ? 'mutability', outer_required) AS n, place, secret, outer_required
    FROM unnest('{top,complex,list,extension,extension complex,extension list}'::text[]) WITH ORDINALITY AS pl (place, at), unnest(ARRAY['{"returned": "never"}', '{"mutability": "writeOnly", "returned": "never"}']::jsonb[]) secret, unnest('{false,true}'::bool[]) outer_required
    WHERE place <> 'top' OR NOT outer_required;
CREATE FUNCTION pg_temp.attributes(k unseen.kind) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN k.place IN ('top', 'extension') THEN jsonb_build_array(p)
        ELSE jsonb_build_array(jsonb_build_object('name', 'c', 'type', 'complex', 'required', k.outer_required, 'multiValued', k.place ~ 'list', 'subAttributes', jsonb_build_array(p, '{"name": "shown"}'::jsonb))) END
    FROM (SELECT '{"name": "p", "required": true}' || k.secret) AS x (p) $$;
CREATE FUNCTION pg_temp.document(k unseen.kind, shown boolean) RETURNS jsonb LANGUAGE sql AS $$
    SELECT '{"name": "n"}' || CASE WHEN k.place ~ 'extension' THEN jsonb_build_object('urn:x:E' || k.n, v) ELSE v END
    FROM (SELECT CASE WHEN k.place IN ('top', 'extension') THEN '{"p": "s"}' WHEN k.place ~ 'list' THEN jsonb_build_object('c', jsonb_build_array(c)) ELSE jsonb_build_object('c', c) END
          FROM (SELECT '{"p": "s"}' || CASE WHEN shown THEN '{"shown": "it"}'::jsonb ELSE '{}' END) AS y (c)) AS x (v) $$;
CREATE FUNCTION pg_temp.path(k unseen.kind) RETURNS text[] LANGUAGE sql AS $$
    SELECT CASE WHEN k.place ~ 'extension' THEN ARRAY['urn:x:E' || k.n] ELSE '{}' END || CASE WHEN k.place IN ('top', 'extension') THEN '{p}'::text[] WHEN k.place ~ 'list' THEN '{c,0,p}' ELSE '{c,p}' END $$;
DO $$
DECLARE
    k unseen.kind;
BEGIN
    FOR k IN TABLE unseen.kind LOOP
        PERFORM scim.register_schema(jsonb_build_object('id', 'urn:x:W' || k.n, 'name', 'W' || k.n, 'attributes',
            '[{"name": "name", "required": true}, {"name": "title"}]' || CASE WHEN k.place ~ 'extension' THEN '[]' ELSE pg_temp.attributes(k) END));
        IF k.place ~ 'extension' THEN
            PERFORM scim.register_schema(jsonb_build_object('id', 'urn:x:E' || k.n, 'name', 'E' || k.n, 'attributes', pg_temp.attributes(k)));
        END IF;
        PERFORM scim.register_resource_type(jsonb_build_object('name', 'W' || k.n, 'endpoint', '/W' || k.n, 'schema', 'urn:x:W' || k.n)
            || CASE WHEN k.place ~ 'extension' THEN jsonb_build_object('schemaExtensions', jsonb_build_array(jsonb_build_object('schema', 'urn:x:E' || k.n, 'required', k.outer_required))) ELSE '{}' END);
    END LOOP;
END $$;

-- what is there afterwards: put back as it was got; after a PUT that leaves out what can be seen; after a PATCH that removes it
CREATE FUNCTION pg_temp.tried(k unseen.kind, shown boolean, OUT put text, OUT stays boolean, OUT same boolean, OUT answer_fits boolean, OUT patched text, OUT removed boolean) LANGUAGE plpgsql AS $$
DECLARE
    made record;
    answer record;
    stored jsonb;
    before jsonb;
    target text;
BEGIN
    SELECT * INTO made FROM scim.request('POST', '/W' || k.n, '{}', pg_temp.document(k, shown)::text);
    target := '/W' || k.n || '/' || (made.body::jsonb ->> 'id');
    SELECT data INTO before FROM unseen.resource WHERE id::text = made.body::jsonb ->> 'id';
    answer_fits := (SELECT bool_and(made.body::jsonb ? name) FROM jsonb_array_elements_text(scim.json_schema('W' || k.n) -> 'required') name);
    SELECT * INTO answer FROM scim.request('PUT', target, '{}', (made.body::jsonb || '{"title": "t"}')::text);
    put := concat_ws(' ', answer.status, answer.body::jsonb ->> 'detail');
    SELECT data INTO stored FROM unseen.resource WHERE id::text = made.body::jsonb ->> 'id';
    stays := stored #>> pg_temp.path(k) IS NOT NULL;
    same := stored = before || '{"title": "t"}';
    SELECT * INTO answer FROM scim.request('PATCH', target, '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb,
        'Operations', jsonb_build_array(jsonb_build_object('op', 'remove', 'path', CASE WHEN k.place ~ 'extension' THEN 'urn:x:E' || k.n ELSE (pg_temp.path(k))[1] END)))::text);
    patched := concat_ws(' ', answer.status, answer.body::jsonb ->> 'detail');
    SELECT data INTO stored FROM unseen.resource WHERE id::text = made.body::jsonb ->> 'id';
    removed := stored #>> pg_temp.path(k) IS NULL;
END $$;
SELECT k.place, k.secret ? 'mutability' AS write_only, k.outer_required, shown, t.*
FROM unseen.kind k, unnest('{false,true}'::bool[]) shown, LATERAL pg_temp.tried(k, shown) t WHERE NOT shown OR k.place NOT IN ('top', 'extension') ORDER BY k.n, shown;

-- Leaving out what can be seen takes it away, with all of it.
CREATE TABLE unseen.made AS SELECT k.n, p.body::jsonb ->> 'id' AS id FROM unseen.kind k, LATERAL scim.request('POST', '/W' || k.n, '{}', pg_temp.document(k, true)::text) p WHERE k.place NOT IN ('top', 'extension') AND NOT k.outer_required;
SELECT count(*), sum((scim.request('PUT', '/W' || n || '/' || id, '{}', '{"name": "n"}')).status) / count(*) AS status FROM unseen.made;
SELECT k.place, k.secret ? 'mutability' AS write_only, r.data FROM unseen.kind k JOIN unseen.made USING (n) JOIN unseen.resource r ON r.id::text = made.id ORDER BY k.n;
-- Of values that look alike each keeps its own; one that clients cannot see at all stays beside those that they do.
SELECT scim.request('POST', '/W' || k.n, '{}', '{"name": "alike", "c": [{"p": "1", "shown": "a"}, {"p": "2", "shown": "a"}, {"p": "3"}, {"p": "4", "shown": "b"}]}') IS NOT NULL AS made FROM unseen.kind k WHERE k.place = 'list' AND NOT k.outer_required;
SELECT a.status, a.body::jsonb ->> 'detail' AS detail FROM unseen.resource r, LATERAL scim.request('PUT', '/' || r.resource_type || '/' || r.id, '{}', '{"name": "alike", "c": [{"shown": "b"}, {"shown": "a"}, {"shown": "a"}, {"shown": "c", "p": "5"}]}') a WHERE r.data ->> 'name' = 'alike';
SELECT jsonb_path_query_array(r.data, '$.c[*].shown') AS shown, jsonb_path_query_array(r.data, '$.c[*].p') AS p FROM unseen.resource r JOIN unseen.kind k ON r.resource_type = 'W' || k.n WHERE r.data ->> 'name' = 'alike' AND NOT k.secret ? 'mutability';

-- The same where they have parts that are sealed, too, or none: each stays where it was, and a second PUT changes nothing.
SELECT scim.register_schema('{"id": "urn:x:Both", "name": "Both", "attributes": [{"name": "name"}, {"name": "d", "type": "complex", "multiValued": true, "subAttributes": [{"name": "label"}, {"name": "pin", "required": true, "returned": "never"}, {"name": "key", "mutability": "writeOnly", "returned": "never"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Both", "endpoint": "/Boths", "schema": "urn:x:Both"}', table_name => 'boths') IS NOT NULL AS registered;
INSERT INTO unseen.boths (data) VALUES ('{"name": "1", "d": [{"pin": "1", "label": "x"}, {"pin": "2", "label": "x"}]}'), ('{"name": "2", "d": [{"pin": "1", "label": "x", "key": "K"}, {"pin": "1", "label": "x", "key": "L"}]}'),
    ('{"name": "3", "d": [{"pin": "1"}, {"pin": "2", "key": "K"}, {"pin": "3", "label": "y"}]}'), ('{"name": "4", "d": [{"pin": "1", "key": "K"}, {"pin": "2"}]}');
CREATE TABLE unseen.before AS SELECT id, version, data FROM unseen.boths;
SELECT count(*), min((scim.request('PUT', '/Boths/' || id, '{}', (scim.request('GET', '/Boths/' || id)).body)).status) AS status FROM unseen.before;
SELECT b.data ->> 'name' AS name, b.data = n.data AS same, b.version = n.version AS same_version FROM unseen.before b JOIN unseen.boths n USING (id) ORDER BY 1;

-- What is shown of a value may be readOnly, all of it: who puts it back, or leaves it out, has said nothing.
CREATE FUNCTION pg_temp.of_service(name text, subs text, multi boolean, required boolean) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.register_schema(format('{"id": "urn:x:%1$s", "name": "%1$s", "attributes": [{"name": "a"}, {"name": "f", "type": "complex", "multiValued": %2$s, "required": %3$s, "subAttributes": %4$s}]}', name, multi::text, required::text, subs)::jsonb);
    PERFORM scim.register_resource_type(format('{"name": "%1$s", "endpoint": "/%1$s", "schema": "urn:x:%1$s"}', name)::jsonb);
    RETURN name;
END $$;
CREATE FUNCTION pg_temp.put_back(name text, f jsonb, said boolean, OUT status int, OUT detail text, OUT same boolean, OUT f_afterwards jsonb) LANGUAGE plpgsql AS $$
DECLARE
    got jsonb;
    before jsonb;
    at text;
BEGIN
    SET LOCAL scim.write_read_only = on;
    got := scim.create_resource(name, jsonb_build_object('a', 'a', 'f', f));
    SET LOCAL scim.write_read_only = off;
    at := '/' || name || '/' || (got ->> 'id');
    SELECT data INTO before FROM unseen.resource WHERE id::text = got ->> 'id';
    got := (scim.request('GET', at)).body;
    SELECT r.status, r.body::jsonb ->> 'detail' INTO status, detail FROM scim.request('PUT', at, '{}', (CASE WHEN said THEN got ELSE got - 'f' END)::text) r;
    SELECT data = before, data -> 'f' INTO same, f_afterwards FROM unseen.resource WHERE id::text = got ->> 'id';
END $$;
SELECT multi, required, sub, said, p.status, p.detail, p.same FROM unnest('{false,true}'::bool[]) multi, unnest('{false,true}'::bool[]) required,
    unnest(ARRAY['{"mutability": "writeOnly"}', '{"mutability": "writeOnly", "required": true}', '{"returned": "never", "required": true}', '{"returned": "never", "mutability": "immutable"}', '{"returned": "never", "mutability": "readOnly"}', NULL]::jsonb[]) WITH ORDINALITY AS s (sub, n),
    LATERAL pg_temp.of_service(format('R%s%s%s', n, left(multi::text, 1), left(required::text, 1)), '[{"name": "value"}, {"name": "r", "mutability": "readOnly"}' || coalesce(', ' || (sub || '{"name": "s"}')::text, '') || ']', multi, required) AS name,
    unnest('{true,false}'::bool[]) said, LATERAL (SELECT '{"r": "1"}' || CASE WHEN sub IS NULL THEN '{}'::jsonb ELSE '{"s": "x"}' END) AS e (one), LATERAL pg_temp.put_back(name, CASE WHEN multi THEN jsonb_build_array(one) ELSE one END, said) p
ORDER BY multi, required, n, said DESC;
-- So it is with what is returned on request alone, a "value" among it: that is cleared where nobody says it, and nothing else.
SELECT n, f, p.*
FROM unnest(ARRAY['[{"name": "value", "returned": "request"}, {"name": "type"}, {"name": "o", "mutability": "readOnly"}]', '[{"name": "$ref", "returned": "never"}, {"name": "type"}, {"name": "o", "mutability": "readOnly"}]',
        '[{"name": "s", "mutability": "immutable", "returned": "never"}, {"name": "q", "returned": "request"}]', '[{"name": "s", "mutability": "immutable", "returned": "never"}, {"name": "q", "returned": "request", "required": true}]',
        '[{"name": "w", "mutability": "immutable", "returned": "never"}]']::text[],
    ARRAY['{"value": "x", "type": "t", "o": "1"}', '{"$ref": "x", "type": "t", "o": "1"}', '{"s": "x", "q": "z"}', '{"s": "x", "q": "z"}', '{"w": "x"}']::jsonb[]) WITH ORDINALITY AS e (subs, one, n), unnest('{false,true}'::bool[]) multi,
    LATERAL (SELECT CASE WHEN multi THEN jsonb_build_array(one) ELSE one END) AS x (f), LATERAL pg_temp.of_service(format('Q%s%s', n, left(multi::text, 1)), subs, multi, false) AS name, LATERAL pg_temp.put_back(name, f, true) p ORDER BY n, multi;
-- A new value beside one that is put back, before it or behind, takes nothing of it.
INSERT INTO unseen.boths (data) VALUES ('{"name": "5", "d": [{"pin": "1", "label": "a"}, {"pin": "2", "label": "b"}]}');
SELECT d, r.status, r.body::jsonb ->> 'detail' AS detail, (SELECT string_agg(e ->> 'pin', ',') FROM unseen.boths n, jsonb_array_elements(n.data -> 'd') e WHERE n.id = b.id) AS pins_before
FROM unseen.boths b, unnest(ARRAY['[{"label": "a"}, {"label": "b"}, {"pin": "9", "label": "a"}]', '[{"pin": "8", "label": "a"}, {"label": "a"}, {"label": "b"}]']) d, LATERAL scim.request('PUT', '/Boths/' || b.id, '{}', '{"name": "5", "d": ' || d || '}') r WHERE b.data ->> 'name' = '5';
SELECT data -> 'd' AS d FROM unseen.boths WHERE data ->> 'name' = '5';
-- Who had none before the rule is no worse than he was, and takes nothing from the others.
SELECT scim.register_schema('{"id": "urn:x:Later", "name": "Later", "attributes": [{"name": "name"}, {"name": "d", "type": "complex", "multiValued": true, "subAttributes": [{"name": "label"}, {"name": "pin"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Later", "endpoint": "/Laters", "schema": "urn:x:Later"}', table_name => 'laters') IS NOT NULL AS registered;
INSERT INTO unseen.laters (data) VALUES ('{"name": "1", "d": [{"label": "a"}, {"label": "b", "pin": "2"}]}'), ('{"name": "2", "d": [{"label": "a", "pin": "1"}, {"label": "b"}]}'), ('{"name": "3", "d": [{"label": "a"}, {"label": "b"}]}');
SELECT scim.register_schema('{"id": "urn:x:Later", "name": "Later", "attributes": [{"name": "name"}, {"name": "d", "type": "complex", "multiValued": true, "subAttributes": [{"name": "label"}, {"name": "pin", "required": true, "returned": "never"}]}]}', force => true) IS NOT NULL AS registered;
SELECT l.data ->> 'name' AS name, r.status, r.body::jsonb ->> 'detail' AS detail FROM unseen.laters l, LATERAL scim.request('PUT', '/Laters/' || id, '{}', (scim.request('GET', '/Laters/' || id)).body) r ORDER BY 1;
SELECT data -> 'd' AS d FROM unseen.laters ORDER BY data ->> 'name';
SELECT l.data ->> 'name' AS name, r.status, r.body::jsonb ->> 'detail' AS detail FROM unseen.laters l, LATERAL scim.request('PUT', '/Laters/' || id, '{}', '{"d": [{"label": "a"}, {"label": "b"}, {"label": "c"}]}') r ORDER BY 1;

DROP TABLE unseen.made, unseen.before, unseen.kind CASCADE;
SELECT scim.drop_store('unseen', true);
