-- Sealed parts of values that look alike: what is removed is gone, what is not touched stays
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SELECT scim.create_store('sealed_exact');
SET scim.store = 'sealed_exact';
SELECT scim.register_schema('{"id": "urn:example:2.0:Safe", "name": "Safe", "attributes": [{"name": "label", "required": true},
    {"name": "creds", "type": "complex", "multiValued": true, "subAttributes": [{"name": "name"}, {"name": "secret", "mutability": "writeOnly"}]},
    {"name": "keys", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "note"}, {"name": "code", "mutability": "writeOnly"}]},
    {"name": "box", "type": "complex", "subAttributes": [{"name": "name"}, {"name": "key", "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_schema('{"id": "urn:example:2.0:Slip", "name": "Slip", "attributes": [{"name": "slip", "required": true, "mutability": "writeOnly"}, {"name": "note"}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Safe", "endpoint": "/Safes", "schema": "urn:example:2.0:Safe", "schemaExtensions": [{"schema": "urn:example:2.0:Slip", "required": false}]}', table_name => 'safes') IS NOT NULL AS registered;
-- the values of an attribute, opened: name or value, what else is seen, the secret
CREATE FUNCTION pg_temp.opened(id uuid, attribute text) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(concat_ws('|', coalesce(e ->> 'name', e ->> 'value'), e ->> 'note', coalesce(scim.unseal(coalesce(e ->> 'secret', e ->> 'code')) #>> '{}', '-')) ORDER BY n)
    FROM sealed_exact.safes s, jsonb_array_elements(s.data -> attribute) WITH ORDINALITY AS v (e, n) WHERE s.id = $1 $$;
CREATE FUNCTION pg_temp.made(creds jsonb) RETURNS uuid LANGUAGE sql AS
    $$ SELECT (scim.create_resource('Safe', jsonb_build_object('label', 'l', 'creds', creds)) ->> 'id')::uuid $$;
CREATE FUNCTION pg_temp.patched(creds jsonb, operations jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE id uuid := pg_temp.made(creds);
BEGIN
    PERFORM scim.patch_resource('Safe', id, operations);
    RETURN pg_temp.opened(id, 'creds');
END $$;
\set three '[{"name": "a", "secret": "c1"}, {"name": "a", "secret": "c2"}, {"name": "a"}]'
SELECT operations, after FROM unnest(ARRAY[
    '[{"op": "remove", "path": "creds[name eq \"a\"].secret"}]', '[{"op": "remove", "path": "creds.secret"}]',
    '[{"op": "remove", "path": "creds[name eq \"a\"]"}, {"op": "add", "path": "creds", "value": [{"name": "a"}]}]',
    '[{"op": "remove", "path": "creds"}, {"op": "add", "path": "creds", "value": [{"name": "a"}]}]',
    '[{"op": "remove", "path": "creds.secret"}, {"op": "add", "path": "creds", "value": [{"name": "a", "secret": "c9"}]}]',
    '[{"op": "replace", "path": "creds", "value": [{"name": "a"}, {"name": "a"}, {"name": "a"}]}]',
    '[{"op": "replace", "path": "creds", "value": [{"name": "a", "secret": null}, {"name": "a"}, {"name": "b"}]}]',
    '[{"op": "replace", "path": "creds", "value": [{"name": "a", "secret": ""}, {"name": "a", "secret": "c9"}]}]',
    '[{"op": "replace", "path": "creds[name eq \"a\"]", "value": {"name": "a", "secret": null}}]',
    '[{"op": "replace", "path": "creds[name eq \"a\"]", "value": {"name": "a"}}]',
    '[{"op": "replace", "path": "creds[name eq \"a\"]", "value": {"name": "b"}}]',
    '[{"op": "replace", "path": "creds[name eq \"a\"].name", "value": "b"}]']::jsonb[]) operations,
    LATERAL (SELECT pg_temp.patched(:'three'::jsonb, operations) AS after) o;
-- who sends back what he has read keeps all of them; plain DML says which by what is sealed in them
SELECT pg_temp.made(:'three') AS id \gset
SELECT scim.replace_resource('Safe', :'id', scim.get_resource('Safe', :'id')) -> 'creds' AS shown;
SELECT pg_temp.opened(:'id', 'creds');
UPDATE sealed_exact.safes SET data = jsonb_set(data, '{creds}', jsonb_build_array('{"name": "a", "secret": null}'::jsonb, data #> '{creds,1}', data #> '{creds,2}')) WHERE id = :'id';
SELECT pg_temp.opened(:'id', 'creds');
UPDATE sealed_exact.safes SET data = jsonb_set(data, '{creds}', jsonb_build_array('{"name": "a"}'::jsonb, '{"name": "a", "secret": ""}'::jsonb, '{"name": "a", "secret": "c3"}'::jsonb)) WHERE id = :'id';
SELECT pg_temp.opened(:'id', 'creds');
-- by their value
SELECT (scim.create_resource('Safe', '{"label": "l", "keys": [{"value": "k", "note": "x", "code": "c1"}, {"value": "m", "code": "c2"}]}') ->> 'id') AS id \gset
SELECT scim.patch_resource('Safe', :'id', '[{"op": "replace", "path": "keys", "value": [{"value": "m", "note": "z"}, {"value": "k"}]}]') -> 'keys' AS shown;
SELECT pg_temp.opened(:'id', 'keys');
SELECT scim.patch_resource('Safe', :'id', '[{"op": "remove", "path": "keys[value eq \"k\"]"}, {"op": "add", "path": "keys", "value": [{"value": "k"}]}, {"op": "replace", "path": "keys[value eq \"m\"]", "value": {"value": "m"}}]') -> 'keys' AS shown;
SELECT pg_temp.opened(:'id', 'keys');
-- a single value, an extension, an attribute, gone and there again; what is required
SELECT (scim.create_resource('Safe', '{"label": "l", "box": {"name": "n", "key": "c1"}, "urn:example:2.0:Slip": {"slip": "c2", "note": "n"}}') ->> 'id') AS id \gset
CREATE FUNCTION pg_temp.keys(id uuid) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', scim.unseal_value(id, 'box.key'), scim.unseal_value(id, 'urn:example:2.0:Slip:slip')) $$;
SELECT scim.patch_resource('Safe', :'id', '[{"op": "replace", "path": "urn:example:2.0:Slip:slip", "value": null}]');
SELECT scim.patch_resource('Safe', :'id', '[{"op": "remove", "path": "urn:example:2.0:Slip:note"}]') -> 'urn:example:2.0:Slip' AS shown;
SELECT pg_temp.keys(:'id');
SET scim.patch_replace_merges = off;
SELECT scim.patch_resource('Safe', :'id', '[{"op": "replace", "path": "box", "value": {"name": "m"}}]') -> 'box' AS shown;
SELECT pg_temp.keys(:'id');
SELECT scim.request('PATCH', '/Safes/' || :'id', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "box", "value": {"name": "m", "key": null}}]}') IS NOT NULL AS answered;
SELECT pg_temp.keys(:'id');
RESET scim.patch_replace_merges;
SELECT scim.patch_resource('Safe', :'id', '[{"op": "add", "path": "box.key", "value": "c3"}, {"op": "remove", "path": "box"}, {"op": "add", "path": "box", "value": {"name": "n"}}]') -> 'box' AS shown;
SELECT pg_temp.keys(:'id');
SELECT scim.patch_resource('Safe', :'id', '[{"op": "remove", "path": "urn:example:2.0:Slip"}, {"op": "add", "path": "urn:example:2.0:Slip:note", "value": "again"}]');
SELECT scim.patch_resource('Safe', :'id', '[{"op": "remove", "path": "urn:example:2.0:Slip"}]') ? 'urn:example:2.0:Slip' AS shown;
SELECT pg_temp.keys(:'id');
-- whatever the operations: what a model of the values says
CREATE FUNCTION pg_temp.compared(rounds int) RETURNS TABLE (operations jsonb, before text[], expected text[], stored text[]) LANGUAGE plpgsql AS $$
DECLARE
    model text[]; op jsonb; ops jsonb; list jsonb; taken bool[]; secret int := 0; n text; k int; r float; item jsonb; at int; id uuid; kind int; result text[];
    names CONSTANT text[] := '{a,b,c}';
BEGIN
    PERFORM setseed(0.15);
    FOR round IN 1 .. rounds LOOP
        model := '{}'; list := '[]';
        FOR i IN 1 .. 1 + floor(random() * 5) LOOP
            n := names[1 + floor(random() * 3)::int]; secret := secret + 1;
            item := CASE WHEN random() < 0.7 THEN jsonb_build_object('name', n, 'secret', 's' || secret) ELSE jsonb_build_object('name', n) END;
            list := list || item;
            n := n || '|' || coalesce(item ->> 'secret', '-');
            IF NOT n = ANY (model) THEN model := model || n; END IF;
        END LOOP;
        id := pg_temp.made(list);
        before := model; ops := '[]';
        FOR i IN 1 .. 1 + floor(random() * 4) LOOP
            kind := floor(random() * 8); n := names[1 + floor(random() * 3)::int]; secret := secret + 1; op := NULL;
            IF kind = 0 THEN
                op := jsonb_build_object('op', 'remove', 'path', 'creds[name eq "' || n || '"].secret');
                model := ARRAY(SELECT CASE WHEN split_part(m, '|', 1) = n THEN n || '|-' ELSE m END FROM unnest(model) WITH ORDINALITY AS v (m, o) ORDER BY o);
            ELSIF kind = 1 THEN
                op := '{"op": "remove", "path": "creds.secret"}';
                model := ARRAY(SELECT split_part(m, '|', 1) || '|-' FROM unnest(model) WITH ORDINALITY AS v (m, o) ORDER BY o);
            ELSIF kind = 2 THEN
                op := jsonb_build_object('op', 'remove', 'path', 'creds[name eq "' || n || '"]');
                model := ARRAY(SELECT m FROM unnest(model) WITH ORDINALITY AS v (m, o) WHERE split_part(m, '|', 1) <> n ORDER BY o);
            ELSIF kind IN (3, 4) THEN
                item := CASE WHEN random() < 0.5 THEN jsonb_build_object('name', n, 'secret', 's' || secret) ELSE jsonb_build_object('name', n) END;
                op := jsonb_build_object('op', 'add', 'path', 'creds', 'value', jsonb_build_array(item));
                n := n || '|' || coalesce(item ->> 'secret', '-');
                IF NOT n = ANY (model) THEN model := model || n; END IF;
            ELSIF kind = 5 AND EXISTS (SELECT FROM unnest(model) m WHERE split_part(m, '|', 1) = n) THEN
                op := jsonb_build_object('op', 'replace', 'path', 'creds[name eq "' || n || '"].secret', 'value', 's' || secret);
                model := ARRAY(SELECT CASE WHEN split_part(m, '|', 1) = n THEN n || '|s' || secret ELSE m END FROM unnest(model) WITH ORDINALITY AS v (m, o) ORDER BY o);
            ELSIF kind = 6 AND EXISTS (SELECT FROM unnest(model) m WHERE split_part(m, '|', 1) = n) THEN
                r := random();
                item := CASE WHEN r < 0.3 THEN jsonb_build_object('name', n) WHEN r < 0.6 THEN jsonb_build_object('name', n, 'secret', NULL) ELSE '{"name": "d"}' END;
                op := jsonb_build_object('op', 'replace', 'path', 'creds[name eq "' || n || '"]', 'value', item);
                model := ARRAY(SELECT CASE WHEN split_part(m, '|', 1) <> n OR r < 0.3 THEN m ELSE (item ->> 'name') || '|-' END FROM unnest(model) WITH ORDINALITY AS v (m, o) ORDER BY o);
            ELSIF kind = 7 THEN
                list := '[]'; result := '{}'; taken := array_fill(false, ARRAY[cardinality(model)]);
                FOR j IN 1 .. 1 + floor(random() * 4) LOOP
                    n := names[1 + floor(random() * 3)::int]; secret := secret + 1; r := random();
                    item := CASE WHEN r < 0.5 THEN jsonb_build_object('name', n) WHEN r < 0.75 THEN jsonb_build_object('name', n, 'secret', NULL) ELSE jsonb_build_object('name', n, 'secret', 's' || secret) END;
                    list := list || item;
                    SELECT min(o) INTO at FROM unnest(model) WITH ORDINALITY AS v (m, o) WHERE split_part(m, '|', 1) = n AND NOT taken[o];
                    IF at IS NOT NULL THEN taken[at] := true; END IF;
                    n := CASE WHEN r < 0.5 THEN coalesce(model[at], n || '|-') ELSE n || '|' || coalesce(item ->> 'secret', '-') END;
                    IF NOT n = ANY (result) THEN result := result || n; END IF;
                END LOOP;
                op := jsonb_build_object('op', 'replace', 'path', 'creds', 'value', list);
                model := result;
            END IF;
            IF op IS NOT NULL THEN ops := ops || op; END IF;
        END LOOP;
        CONTINUE WHEN ops = '[]';
        PERFORM scim.patch_resource('Safe', id, ops);
        operations := ops;
        SELECT array_agg(m ORDER BY o) INTO expected FROM (SELECT m, min(o) AS o FROM unnest(model) WITH ORDINALITY AS v (m, o) GROUP BY m) v;
        stored := pg_temp.opened(id, 'creds');
        IF expected IS DISTINCT FROM stored THEN RETURN NEXT; END IF;
    END LOOP;
END $$;
SELECT * FROM pg_temp.compared(400) LIMIT 5;
-- values that have nothing else than a secret: nobody sees them, so that no PUT of what is shown takes one away
SELECT scim.register_schema('{"id": "urn:example:2.0:Plain", "name": "Plain", "attributes": [{"name": "title", "required": true},
    {"name": "plain", "type": "complex", "multiValued": true, "subAttributes": [{"name": "label"}, {"name": "secret", "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_schema('{"id": "urn:example:2.0:Deep", "name": "Deep", "attributes": [{"name": "note"},
    {"name": "box", "type": "complex", "subAttributes": [{"name": "name"}, {"name": "key", "mutability": "writeOnly"}]},
    {"name": "list", "type": "complex", "multiValued": true, "subAttributes": [{"name": "name"}, {"name": "key", "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Plain", "endpoint": "/Plains", "schema": "urn:example:2.0:Plain", "schemaExtensions": [{"schema": "urn:example:2.0:Deep", "required": false}]}', table_name => 'plains') IS NOT NULL AS registered;
CREATE FUNCTION pg_temp.plain(id uuid) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', (SELECT string_agg(coalesce(e ->> 'label', '') || '|' || coalesce(scim.unseal(e ->> 'secret') #>> '{}', '-'), ' ' ORDER BY n) FROM jsonb_array_elements(p.data -> 'plain') WITH ORDINALITY v (e, n)),
        scim.unseal(p.data #>> '{urn:example:2.0:Deep,box,key}') #>> '{}', scim.unseal(p.data #>> '{urn:example:2.0:Deep,list,0,key}') #>> '{}')
    FROM sealed_exact.plains p WHERE p.id = $1 $$;
CREATE FUNCTION pg_temp.plain_made(plain jsonb, deep jsonb DEFAULT NULL) RETURNS uuid LANGUAGE sql AS
    $$ SELECT (scim.create_resource('Plain', jsonb_strip_nulls(jsonb_build_object('title', 't', 'plain', plain, 'urn:example:2.0:Deep', deep))) ->> 'id')::uuid $$;
CREATE FUNCTION pg_temp.put(id uuid, change jsonb, how text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE shown jsonb := scim.get_resource('Plain', id); answer int;
BEGIN
    CASE how
    WHEN 'put' THEN SELECT status INTO answer FROM scim.request('PUT', '/Plains/' || id, '{}', (shown || change)::text);
    WHEN 'bulk' THEN SELECT status INTO answer FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb,
        'Operations', jsonb_build_array(jsonb_build_object('method', 'PUT', 'path', '/Plains/' || id, 'data', shown || change)))::text);
    WHEN 'replace' THEN PERFORM scim.replace_resource('Plain', id, shown || change);
    WHEN 'update' THEN UPDATE sealed_exact.plains p SET data = shown || change WHERE p.id = put.id;
    END CASE;
    RETURN coalesce(answer || ' ', '') || coalesce(pg_temp.plain(id), 'gone');
END $$;
SELECT how, made, change, pg_temp.put(pg_temp.plain_made(made), change, how) AS after
FROM unnest('{put,bulk,replace,update}'::text[]) WITH ORDINALITY AS h (how, n), unnest(ARRAY['[{"secret": "S1"}]', '[{"secret": "P1"}, {"label": "x", "secret": "P2"}]',
    '[{"label": "x", "secret": "P1"}, {"secret": "P2"}, {"secret": "P3"}]']::jsonb[]) WITH ORDINALITY AS m (made, k),
    unnest(ARRAY['{}', '{"plain": null}', '{"plain": []}', '{"plain": [{}]}', '{"plain": [{"secret": null}]}', '{"plain": [{"secret": "N"}]}', '{"plain": [{"label": "y"}]}']::jsonb[]) WITH ORDINALITY AS c (change, l)
ORDER BY n, k, l;
SELECT operations, pg_temp.plain(id) AS after FROM (SELECT operations, id, scim.patch_resource('Plain', id, operations) FROM (SELECT operations, pg_temp.plain_made('[{"secret": "P1"}, {"label": "x", "secret": "P2"}]') AS id FROM unnest(ARRAY[
    '[{"op": "replace", "path": "plain", "value": [{"label": "x"}]}]', '[{"op": "replace", "path": "plain", "value": [{"secret": null}, {"label": "x"}]}]', '[{"op": "replace", "path": "plain", "value": [{"secret": null}]}]',
    '[{"op": "replace", "path": "plain", "value": null}]', '[{"op": "remove", "path": "plain"}]', '[{"op": "remove", "path": "plain.secret"}]', '[{"op": "add", "path": "plain", "value": [{"label": "y"}]}]']::jsonb[]) operations) m OFFSET 0) p;
-- so within an extension of which nothing else is there
SELECT deep, pg_temp.put(pg_temp.plain_made(NULL, deep), '{}', how) AS after FROM unnest('{put,replace,update}'::text[]) how,
    unnest(ARRAY['{"box": {"key": "K1"}}', '{"list": [{"key": "K2"}]}', '{"box": {"key": "K1"}, "list": [{"key": "K2"}]}', '{"box": {"key": "K1"}, "list": [{"name": "n", "key": "K2"}]}']::jsonb[]) deep;
-- whatever there is: a PUT of what a GET shows changes nothing
CREATE FUNCTION pg_temp.shown_again(rounds int) RETURNS TABLE (made jsonb, how text, before text, after text) LANGUAGE plpgsql AS $$
DECLARE deep jsonb; id uuid;
BEGIN
    PERFORM setseed(0.25);
    FOR round IN 1 .. rounds LOOP
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('label', CASE WHEN random() < 0.5 THEN chr(97 + floor(random() * 2)::int) END, 'secret', CASE WHEN random() < 0.7 THEN 's' || round || '.' || i END)))
        INTO made FROM generate_series(1, 1 + floor(random() * 5)::int) i;
        deep := CASE WHEN random() < 0.5 THEN jsonb_strip_nulls(jsonb_build_object('note', CASE WHEN random() < 0.3 THEN 'n' END, 'box', CASE WHEN random() < 0.5 THEN '{"key": "K"}'::jsonb END, 'list', '[{"key": "L"}]'::jsonb)) END;
        id := pg_temp.plain_made(made, deep);
        how := (ARRAY['put', 'bulk', 'replace', 'update'])[1 + round % 4];
        before := coalesce(pg_temp.plain(id), 'gone');
        after := regexp_replace(pg_temp.put(id, '{}', how), '^200 ?', '');
        IF before IS DISTINCT FROM after THEN RETURN NEXT; END IF;
    END LOOP;
END $$;
SELECT * FROM pg_temp.shown_again(300) LIMIT 5;
-- of many rows, the one that cannot be opened is named, and those that can are to be had (doc/devices.md)
DELETE FROM sealed_exact.safes;
INSERT INTO sealed_exact.safes (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"label": "one", "box": {"key": "k1"}, "creds": [{"name": "a", "secret": "s1"}]}');
SELECT scim.set_sealing_key('{"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo", "kid": "gateway 1"}');
INSERT INTO sealed_exact.safes (id, data) VALUES ('00000000-0000-7000-8000-000000000002', '{"label": "two", "box": {"key": "k2"}, "creds": [{"name": "a"}, {"name": "b", "secret": "s2"}]}');
SELECT scim.create_sealing_key() IS NOT NULL AS made;
INSERT INTO sealed_exact.safes (id, data) VALUES ('00000000-0000-7000-8000-000000000003', '{"label": "three", "box": {"key": "k3"}}');
\set VERBOSITY default
SELECT id, scim.unseal_value(id, 'box.key') FROM sealed_exact.safes ORDER BY id;
SELECT id, scim.unseal_value(id::text, 'creds.secret') FROM sealed_exact.safes ORDER BY id;
DO $$ BEGIN PERFORM scim.unseal(data #>> '{box,key}') FROM sealed_exact.safes ORDER BY id;
EXCEPTION WHEN OTHERS THEN DECLARE detail text; BEGIN GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RAISE WARNING '% %', sqlerrm, (SELECT string_agg(s.id::text, ' ') FROM sealed_exact.safes s WHERE s.data #>> '{box,key}' LIKE '%' || substring(detail FROM '"(.*)"')); END; END $$;
SELECT scim.unseal('no sealed value');
SELECT scim.unseal('');
CREATE FUNCTION pg_temp.opened_or_not(id uuid, path text, OUT value jsonb, OUT problem text) LANGUAGE plpgsql AS $$
BEGIN
    value := scim.unseal_value(id, path);
EXCEPTION WHEN object_not_in_prerequisite_state OR invalid_parameter_value THEN
    problem := sqlerrm;
END $$;
SELECT s.id, o.* FROM sealed_exact.safes s, pg_temp.opened_or_not(s.id, 'box.key') o ORDER BY s.id;
SELECT count(*) AS audited FROM sealed_exact.audit WHERE operation = 'unseal' AND detail ->> 'path' = 'box.key' AND resource_id >= '00000000-0000-7000-8000-000000000001' AND resource_id <= '00000000-0000-7000-8000-000000000003';
SELECT scim.drop_store('sealed_exact', true);
