-- What writeOnly attributes have is kept sealed, shown by nothing, and compared with nothing
SET client_min_messages = warning;
SELECT scim.create_store('sealed');
SET scim.store = 'sealed';
RESET client_min_messages;
\set SHOW_CONTEXT never
SELECT scim.register_schema('{"id": "urn:example:2.0:Lock", "name": "Lock", "attributes": [{"name": "label", "required": true},
    {"name": "pin", "mutability": "writeOnly", "pattern": "[0-9]{4}"}, {"name": "seed", "type": "integer", "mutability": "writeOnly"},
    {"name": "on", "type": "boolean", "mutability": "writeOnly"}, {"name": "spare", "multiValued": true, "mutability": "writeOnly"},
    {"name": "vault", "type": "complex", "mutability": "writeOnly", "subAttributes": [{"name": "a"}, {"name": "b", "type": "integer"}]},
    {"name": "keys", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "code", "mutability": "writeOnly"}]},
    {"name": "box", "type": "complex", "subAttributes": [{"name": "name"}, {"name": "key", "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_schema('{"id": "urn:example:2.0:Voucher", "name": "Voucher", "attributes": [{"name": "voucher", "required": true, "mutability": "writeOnly"}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Lock", "endpoint": "/Locks", "schema": "urn:example:2.0:Lock",
    "schemaExtensions": [{"schema": "urn:example:2.0:Voucher", "required": false}]}', table_name => 'locks') IS NOT NULL AS registered;
UPDATE sealed.policy SET enabled = true, settings = '{"mode": "full"}' WHERE resource_type = 'Lock' AND kind = 'events';
SELECT scim.sealing_keys();
SELECT scim.create_resource('Lock', '{"label": "a", "pin": "7351", "seed": 770077, "on": true, "spare": ["clear-x", "clear-y"], "vault": {"a": "clear-top", "b": 5},
    "keys": [{"value": "k1", "code": "clear-c1"}, {"value": "k2"}], "box": {"name": "n", "key": "clear-kk"}, "urn:example:2.0:Voucher": {"voucher": "clear-vv"}}') - 'id' - 'meta' AS shown;
SELECT id FROM sealed.locks \gset
-- what is stored
CREATE FUNCTION pg_temp.opened() RETURNS TABLE (path text, value jsonb) LANGUAGE sql AS
    $$ SELECT p, scim.unseal_value((SELECT id FROM sealed.locks ORDER BY id LIMIT 1), p) FROM unnest('{pin,seed,on,spare,vault,keys.code,box.key,urn:example:2.0:Voucher:voucher}'::text[]) p $$;
SELECT regexp_replace(data::text, '"eyJ0eXAiOiJzY2ltLXNlYWxlZCIs[-_A-Za-z0-9]+\.\.[-_A-Za-z0-9]{16}\.[-_A-Za-z0-9]+\.[-_A-Za-z0-9]{22}"', '"JWE"', 'g') AS data FROM sealed.locks;
SELECT count(DISTINCT value) AS keys, bool_and(value = scim.sealing_keys() #>> '{keys,0,kid}') AS of_the_store
FROM sealed.locks, regexp_matches(data::text, '"(eyJ0eXAi[-_A-Za-z0-9]+)\.', 'g') m,
    jsonb_path_query_first(convert_from(decode(translate(m[1], '-_', '+/') || repeat('=', -length(m[1]) & 3), 'base64'), 'utf8')::jsonb, '$.kid') AS kid, LATERAL (SELECT kid #>> '{}') v (value);
SELECT * FROM pg_temp.opened();
-- a PUT that says nothing of them, as who has read the resource sends it, nor a null
SELECT scim.replace_resource('Lock', :'id', '{"label": "b", "pin": null, "keys": [{"value": "k2"}, {"value": "k1"}, {"value": "k3"}], "box": {"name": "m"}}') - 'id' - 'meta' AS shown;
SELECT * FROM pg_temp.opened();
-- but not what is left out that could be seen
SELECT scim.replace_resource('Lock', :'id', '{"label": "b", "keys": [{"value": "k1"}]}') - 'id' - 'meta' AS shown;
SELECT * FROM pg_temp.opened() WHERE path IN ('keys.code', 'box.key');
-- PATCH
SELECT scim.patch_resource('Lock', :'id', '[{"op": "add", "path": "spare", "value": ["clear-z"]}, {"op": "remove", "path": "pin"}, {"op": "remove", "path": "keys[value eq \"k1\"].code"},
    {"op": "add", "path": "keys", "value": [{"value": "k3", "code": "clear-c3"}]}, {"op": "add", "path": "box", "value": {"name": "m", "key": "clear-mm"}},
    {"op": "replace", "path": "vault", "value": {"a": "clear-low"}}, {"op": "replace", "path": "on", "value": false}]') - 'id' - 'meta' AS shown;
SELECT * FROM pg_temp.opened();
SELECT scim.patch_resource('Lock', :'id', '[{"op": "remove", "path": "box"}, {"op": "remove", "path": "urn:example:2.0:Voucher"}, {"op": "remove", "path": "spare"}]') - 'id' - 'meta' AS shown;
SELECT * FROM pg_temp.opened() WHERE value IS NULL;
-- no oracle: by filter, path, sort, remove, unique; what is stated is sealed anew, and so a change
SELECT scim.search('Lock', 'seed eq 770077');
SELECT scim.search('Lock', 'seed pr');
SELECT scim.search('Lock', 'keys[code sw "c"]');
SELECT scim.search('Lock', sort_by => 'seed');
SELECT scim.patch_resource('Lock', :'id', '[{"op": "remove", "path": "keys[code eq \"clear-c3\"]"}]');
SELECT scim.patch_resource('Lock', :'id', '[{"op": "remove", "path": "seed", "value": 770077}]');
SELECT scim.patch_resource('Lock', :'id', '[{"op": "remove", "path": "keys[value eq \"k3\"].code", "value": "clear-c3"}]');
SELECT scim.patch_resource('Lock', :'id', '[{"op": "replace", "path": "vault.a", "value": "clear-x"}]');
SELECT version FROM sealed.locks \gset was_
SELECT scim.patch_resource('Lock', :'id', '[{"op": "replace", "path": "seed", "value": 770077}]') IS NOT NULL AS same;
SELECT scim.patch_resource('Lock', :'id', '[{"op": "replace", "path": "seed", "value": 1}]') IS NOT NULL AS other;
SELECT version - :was_version AS changes FROM sealed.locks;
-- whatever is asked of data itself: it is there, and equals nothing; by the index as well
UPDATE sealed.locks SET data = data || '{"pin": "7351"}';
SET scim.store = '';
SELECT f, scim.matches(data, f::scim.filter) AS sequential FROM sealed.locks, unnest(ARRAY['pin pr', 'pin eq "7351"', 'pin ne "7351"', 'pin sw "eyJ"', 'pin co "e"', 'pin gt "a"', 'not (pin eq "x")', 'keys[code pr]', 'keys[code ew "g"]']) f;
CREATE TABLE sealed_copy AS SELECT data FROM sealed.locks, generate_series(1, 2000);
CREATE INDEX ON sealed_copy USING gin (data scim.gin_ops);
SET enable_seqscan = off;
SELECT f, (SELECT count(*) FROM sealed_copy WHERE data OPERATOR(scim.~) f::scim.filter) AS indexed FROM unnest(ARRAY['pin pr', 'pin eq "7351"', 'pin ne "7351"', 'pin sw "eyJ"', 'pin co "e"']) f;
RESET enable_seqscan;
DROP TABLE sealed_copy;
SET scim.store = 'sealed';
-- wrong values, whose message does not say them
SELECT scim.create_resource('Lock', '{"label": "a", "pin": "99999"}');
SELECT scim.create_resource('Lock', '{"label": "a", "seed": 1.5}');
SELECT scim.create_resource('Lock', '{"label": "a", "vault": "clear-text"}');
SELECT scim.create_resource('Lock', '{"label": "a", "urn:example:2.0:Voucher": {"voucher": null}}') - 'id' - 'meta' AS shown;
-- texts that look sealed
SELECT scim.create_resource('Lock', '{"label": "eyJ0eXAiOiJzY2ltLXNlYWxlZCIsx"}');
SELECT scim.create_resource('Lock', '{"label": "q", "pin": "eyJ0eXAiOiJzY2ltLXNlYWxlZCIsx"}');
-- plain DML: clear texts are sealed, what is sealed stays, null removes
SELECT version FROM sealed.locks ORDER BY id LIMIT 1 \gset was_
UPDATE sealed.locks SET data = data WHERE id = :'id';
SELECT version - :was_version AS changes FROM sealed.locks WHERE id = :'id';
UPDATE sealed.locks SET data = data || '{"pin": "4321", "urn:example:2.0:Voucher": {"voucher": "clear-new"}}' WHERE id = :'id';
SELECT * FROM pg_temp.opened() WHERE path IN ('pin', 'urn:example:2.0:Voucher:voucher');
UPDATE sealed.locks SET data = data - 'pin' WHERE id = :'id';
SELECT * FROM pg_temp.opened() WHERE path = 'pin';
UPDATE sealed.locks SET data = data || '{"pin": null}' WHERE id = :'id';
SELECT * FROM pg_temp.opened() WHERE path = 'pin';
SELECT scim.patch_resource('Lock', :'id', '[{"op": "remove", "path": "urn:example:2.0:Voucher:voucher"}]');
-- from one resource to another, and back in time, they stay what they are
INSERT INTO sealed.locks (data) SELECT data || '{"label": "copy"}' FROM sealed.locks WHERE id = :'id';
SELECT scim.unseal_value(id, 'urn:example:2.0:Voucher:voucher') FROM sealed.locks WHERE data ->> 'label' = 'copy';
-- nothing in any table, event, history, preview or export says any of them
UPDATE sealed.locks SET data = data || '{"pin": "4321"}' WHERE id = :'id';
CREATE FUNCTION pg_temp.tells(secrets text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE t text; found bigint;
BEGIN
    FOR t IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'sealed' AND c.relkind IN ('r', 'v') ORDER BY 1 LOOP
        EXECUTE format('SELECT count(*) FROM %s x WHERE x::text ~ $1', t) INTO found USING secrets;
        IF found > 0 THEN RETURN NEXT t; END IF;
    END LOOP;
END $$;
SELECT pg_temp.tells('clear-|"7351"|: ?770077[,}]|"4321"');
SELECT count(*) FROM scim.history(:'id') h WHERE h::text ~ 'clear-|"+7351"|: ?770077[,}]|"4321"|eyJ0eXAi';
SELECT scim.resource_at('Lock', :'id', clock_timestamp())::text ~ 'clear-|eyJ0eXAi' AS past;
SELECT count(*) FROM sealed.event WHERE data::text ~ 'eyJ0eXAi|clear-';
SELECT body ~ 'clear|eyJ0eXAi' AS preview FROM scim.request('PATCH', '/Locks/' || :'id', '{"Prefer": "dry-run"}',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "pin", "value": "0000"}]}');
SELECT bool_or(scim.resource_json(l)::text ~ 'clear-|eyJ0eXAi') AS rows FROM sealed.locks l;
SELECT scim.create_view('Lock', 'lock_view');
SELECT count(*) FROM sealed.lock_view v WHERE v::text ~ 'clear-|"7351"|"4321"';
-- who opens a value is in the audit; only the owner of the store opens any
SELECT operation, resource_type, detail, version FROM sealed.audit WHERE operation = 'unseal' ORDER BY at DESC, id DESC LIMIT 1;
CREATE ROLE regress_sealed;
GRANT USAGE ON SCHEMA sealed TO regress_sealed;
GRANT SELECT ON ALL TABLES IN SCHEMA sealed TO regress_sealed;
GRANT EXECUTE ON FUNCTION scim.unseal(text), scim.unseal_value(uuid, text), scim.sealing_keys(), scim.set_sealing_key(jsonb), scim.create_sealing_key(), scim.drop_sealing_key(text) TO regress_sealed;
SET ROLE regress_sealed;
SELECT scim.unseal_value(:'id'::uuid, 'pin');
SELECT scim.unseal('x');
SELECT scim.sealing_keys();
SELECT scim.create_sealing_key();
SELECT scim.set_sealing_key('{}');
SELECT scim.drop_sealing_key('x');
SELECT scim_internal.seal_stored('sealed');
SELECT count(*) FROM sealed.secret;
RESET ROLE;
REVOKE ALL ON FUNCTION scim.unseal(text), scim.unseal_value(uuid, text), scim.sealing_keys(), scim.set_sealing_key(jsonb), scim.create_sealing_key(), scim.drop_sealing_key(text) FROM regress_sealed;
REVOKE ALL ON ALL TABLES IN SCHEMA sealed FROM regress_sealed;
REVOKE ALL ON SCHEMA sealed FROM regress_sealed;
DROP ROLE regress_sealed;
-- a schema that makes readable what is sealed is refused, and one that makes writeOnly what is in clear seals it, out of sight too
DO $$
BEGIN
    PERFORM scim.register_schema(jsonb_set(document, '{attributes,1}', '{"name": "pin"}'), force => true) FROM sealed.schema WHERE id = 'urn:example:2.0:Lock';
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '%', regexp_replace(sqlerrm, '[-0-9a-f]{36}', 'ID');
END $$;
SELECT scim.register_schema('{"id": "urn:example:2.0:Plain", "name": "Plain", "attributes": [{"name": "a"}, {"name": "c", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "x"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Plain", "endpoint": "/Plains", "schema": "urn:example:2.0:Plain"}', table_name => 'plains') IS NOT NULL AS registered;
UPDATE sealed.policy SET enabled = true, settings = '{"mode": "retain"}' WHERE resource_type = 'Plain' AND kind = 'delete';
INSERT INTO sealed.plains (data) SELECT jsonb_build_object('a', 'plain-' || g, 'c', jsonb_build_array(jsonb_build_object('value', 'v' || g, 'x', 'plain-' || g))) FROM generate_series(1, 3) g;
DELETE FROM sealed.plains WHERE data ->> 'a' = 'plain-3';
SELECT count(*) FROM sealed.audit WHERE resource_type = 'Plain' \gset was_
SELECT scim.register_schema('{"id": "urn:example:2.0:Plain", "name": "Plain", "attributes": [{"name": "a", "mutability": "writeOnly"}, {"name": "c", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "x", "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT version, deleted_at IS NOT NULL AS deleted, data ->> 'a' ~ '^eyJ0eXAi' AS sealed, scim.unseal(data #>> '{c,0,x}') FROM sealed.plains ORDER BY id;
SELECT count(*) - :was_count AS audited FROM sealed.audit WHERE resource_type = 'Plain';
UPDATE sealed.plains SET data = data || '{"a": "plain-9"}' WHERE deleted_at IS NULL;
SELECT pg_temp.tells('plain-[12459]');
SELECT scim_internal.seal_stored('sealed') AS nothing_left;
-- what no schema has any more nobody sees; it may not come back as what is shown, but as what is sealed
SELECT scim.register_schema('{"id": "urn:example:2.0:Plain", "name": "Plain", "attributes": [{"name": "b"}]}', force => true) IS NOT NULL AS gone;
SELECT scim.get_resource('Plain', id) ? 'a' AS shown FROM sealed.plains WHERE deleted_at IS NULL;
DO $$
BEGIN
    PERFORM scim.register_schema('{"id": "urn:example:2.0:Plain", "name": "Plain", "attributes": [{"name": "a"}]}', force => true);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '%', regexp_replace(sqlerrm, '[-0-9a-f]{36}', 'ID');
END $$;
SELECT scim.register_schema('{"id": "urn:example:2.0:Plain", "name": "Plain", "attributes": [{"name": "a", "mutability": "writeOnly"}, {"name": "c", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "x", "mutability": "writeOnly"}]}]}', force => true) IS NOT NULL AS back;
-- of names that are sealed the columns of the table have nothing, nor do errors and indexes; unique values of before go
SELECT scim.register_schema('{"id": "urn:example:2.0:Named", "name": "Named", "attributes": [{"name": "userName"}, {"name": "displayName"}, {"name": "code", "uniqueness": "server"}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Named", "endpoint": "/Named", "schema": "urn:example:2.0:Named"}', table_name => 'named') IS NOT NULL AS registered;
SELECT scim.create_view('Named', 'named_view');
INSERT INTO sealed.named (data) VALUES ('{"userName": "named-1", "displayName": "named-2", "code": "named-3"}');
SELECT count(*) FROM sealed.unique_value WHERE value = 'named-3';
SELECT scim.register_schema('{"id": "urn:example:2.0:Named", "name": "Named", "attributes": [{"name": "userName", "mutability": "writeOnly"}, {"name": "displayName", "mutability": "writeOnly"}, {"name": "code", "mutability": "writeOnly"}]}') IS NOT NULL AS registered;
SELECT user_name, display_name, version, scim.unseal(data ->> 'userName') AS was FROM sealed.named;
INSERT INTO sealed.named (display_name, data) VALUES ('named-4', '{"userName": "named-5"}');
UPDATE sealed.named SET user_name = 'named-6' WHERE scim.unseal(data ->> 'userName') = '"named-5"';
SELECT user_name, display_name, version, scim.unseal(data ->> 'userName') AS "userName", scim.unseal(data ->> 'displayName') AS "displayName" FROM sealed.named ORDER BY id;
SELECT count(*), bool_or(v - 'data' ? 'user_name') FROM (SELECT to_jsonb(n) FROM sealed.named_view n) n (v) WHERE (v - 'data')::text ~ 'eyJ0';
SELECT pg_temp.tells('named-[0-9]');
SELECT scim.register_schema('{"id": "urn:example:2.0:Named", "name": "Named", "attributes": [{"name": "active", "type": "boolean", "mutability": "writeOnly"}]}', force => true);
-- what was sealed within one of several values, or taken from it, is taken back as that of a single one is, and is seen to change
SELECT scim.register_schema('{"id": "urn:example:2.0:Kept", "name": "Kept", "attributes": [{"name": "name"}, {"name": "title"}, {"name": "one", "type": "complex", "subAttributes": [{"name": "sec", "mutability": "writeOnly"}]}, {"name": "many", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "sec", "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Kept", "endpoint": "/Kept", "schema": "urn:example:2.0:Kept"}', table_name => 'kept') IS NOT NULL AS registered;
INSERT INTO sealed.kept (data) VALUES ('{"externalId": "e", "name": "kept", "one": {"sec": "O1"}, "many": [{"value": "k", "sec": "K1"}, {"value": "l"}]}') RETURNING id AS kept \gset
CREATE FUNCTION pg_temp.back(operations jsonb) RETURNS TABLE (status int, action text, difference jsonb, conflict text, same boolean) LANGUAGE plpgsql AS $$
DECLARE
    old jsonb;
BEGIN
    SELECT k.data INTO old FROM sealed.kept k;
    SELECT r.status INTO status FROM sealed.kept k, scim.request('PATCH', '/Kept/' || k.id, '{}', jsonb_build_object('Operations', operations)::text) r;
    SELECT v.action, v.difference, v.conflict INTO action, difference, conflict FROM scim.revert_change((SELECT change FROM sealed.audit WHERE operation = 'update' ORDER BY id DESC LIMIT 1)) v;
    SELECT k.data - 'schemas' = old - 'schemas' INTO same FROM sealed.kept k;
    RETURN NEXT;
END $$;
SELECT * FROM pg_temp.back('[{"op": "replace", "path": "many[value eq \"k\"].sec", "value": "K2"}]');
SELECT * FROM pg_temp.back('[{"op": "replace", "path": "many[value eq \"k\"].sec", "value": "K2"}, {"op": "add", "path": "title", "value": "t"}]');
SELECT * FROM pg_temp.back('[{"op": "remove", "path": "many[value eq \"k\"].sec"}]');
SELECT * FROM pg_temp.back('[{"op": "add", "path": "many[value eq \"l\"].sec", "value": "L1"}]');
SELECT * FROM pg_temp.back('[{"op": "replace", "path": "many", "value": [{"value": "l", "sec": "L1"}, {"value": "k", "sec": "K2"}, {"value": "m", "sec": "M1"}]}]');
SELECT * FROM pg_temp.back('[{"op": "add", "path": "many", "value": [{"sec": "only"}]}]');
SELECT * FROM pg_temp.back('[{"op": "remove", "path": "one"}]');
UPDATE sealed.kept SET data = data - 'one' || '{"one": {"sec": null}}';
SELECT * FROM pg_temp.back('[{"op": "add", "path": "one.sec", "value": "O2"}]');
SELECT scim.unseal_value(:'kept', 'many.sec'), scim.unseal_value(:'kept', 'one.sec');
-- a list and an import say so as well
SELECT r.action, r.difference FROM scim.import('Kept', $$SELECT 'e' AS "externalId", 'kept' AS name, '[{"value": "k", "sec": "I1"}, {"value": "l"}]'::jsonb AS many$$, match => 'externalId', force => true) r;
SELECT operation, difference FROM scim.history(:'kept') WHERE difference <> '[]' OR operation = 'update';
SELECT scim_internal.try_undo('sealed', 2, 'Kept', '{NULL}', '{NULL}', '{1}', '{NULL}', '{NULL}', '{NULL}', false);
SELECT scim_internal.try_undo('sealed', 2, 'Kept', ARRAY[:'kept'::uuid], '{}', '{1}', '{NULL}', '{NULL}', '{NULL}', false);
-- keys
SELECT scim.set_sealing_key('{"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}');
UPDATE sealed.plains SET data = data || '{"a": "other"}' WHERE deleted_at IS NULL;
\set VERBOSITY terse
SELECT scim.unseal(data ->> 'a') FROM sealed.plains WHERE deleted_at IS NULL;
\set VERBOSITY default
SELECT scim.unseal(data #>> '{c,0,x}') FROM sealed.plains WHERE deleted_at IS NULL;
SELECT jsonb_array_length(scim.sealing_keys() -> 'keys') AS keys, scim.sealing_keys()::text ~ '"d"' AS private;
SELECT scim.drop_sealing_key('u809Vppx5ixWMOohxWr2aM3m5bD0LQ67g_GPmubQus4');
SELECT scim.drop_sealing_key('nobody');
SELECT scim.set_sealing_key('{"kty": "OKP", "crv": "X25519", "x": "AAA"}');
SELECT scim.set_sealing_key('{"kty": "EC", "crv": "P-256", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo", "y": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}');
SELECT scim.set_sealing_key('{"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo", "use": "sig"}');
SELECT scim.set_sealing_key('{"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo", "d": "AA"}');
SELECT scim.set_sealing_key('{"kty": "OKP", "crv": "X25519", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08", "kid": "u809Vppx5ixWMOohxWr2aM3m5bD0LQ67g_GPmubQus4"}');
SELECT scim.set_sealing_key('[]');
SELECT scim.sealing_keys() #>> '{keys,1,kid}' AS first \gset
SELECT scim.set_sealing_key(scim.sealing_keys() #> '{keys,1}') = :'first' AS again;
UPDATE sealed.plains SET data = data || '{"a": "again"}' WHERE deleted_at IS NULL;
SELECT scim.unseal(data ->> 'a') FROM sealed.plains WHERE deleted_at IS NULL;
SELECT scim.drop_sealing_key('u809Vppx5ixWMOohxWr2aM3m5bD0LQ67g_GPmubQus4');
SELECT scim.create_sealing_key() <> :'first' AS made;
SELECT scim.unseal(data ->> 'a') FROM sealed.plains WHERE deleted_at IS NULL;
\set VERBOSITY sqlstate
SELECT scim.unseal(regexp_replace(data ->> 'a', '.{4}$', 'AAAA')) IS NULL FROM sealed.plains WHERE deleted_at IS NULL LIMIT 1;
\set VERBOSITY default
-- paths
SELECT scim.unseal_value(:'id', 'label');
SELECT scim.unseal_value(:'id', 'nothing');
SELECT scim.unseal_value(:'id', 'keys[value eq "k1"].code');
SELECT scim.unseal_value('00000000-0000-7000-8000-000000000000', 'pin');
-- a row that is none
UPDATE sealed.secret SET value = 'x' WHERE purpose = 'sealing';
UPDATE sealed.plains SET data = data || '{"a": "more"}' WHERE deleted_at IS NULL;

SET client_min_messages = warning;
SELECT scim.drop_store('sealed', true);
