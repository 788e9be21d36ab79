-- Values that are kept sealed take long for few bytes: how many a request may set is bounded, and what will be too large is refused before any is sealed
SET client_min_messages = warning;
SELECT scim.create_store('sealed_many');
SET scim.store = 'sealed_many';
RESET client_min_messages;
\set SHOW_CONTEXT never
SELECT scim.register_schema('{"id": "urn:example:2.0:Lock", "name": "Lock", "attributes": [{"name": "label", "required": true}, {"name": "pins", "multiValued": true, "mutability": "writeOnly"},
    {"name": "keys", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "code", "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Lock", "endpoint": "/Locks", "schema": "urn:example:2.0:Lock"}', table_name => 'locks') IS NOT NULL AS registered;
CREATE FUNCTION pg_temp.pins(n int, prefix text DEFAULT 'p') RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_agg(prefix || i) FROM generate_series(1, n) i $$;
CREATE FUNCTION pg_temp.answer(method text, target text, body jsonb) RETURNS TABLE (status int, detail text) LANGUAGE sql AS
    $$ SELECT r.status, r.body::jsonb ->> 'detail' FROM scim.request(method, target, '{}', body::text) r $$;
SET scim.max_body_sealed = 3;
SELECT * FROM pg_temp.answer('POST', '/Locks', jsonb_build_object('label', 'a', 'pins', pg_temp.pins(3)));
SELECT id FROM sealed_many.locks \gset
SELECT * FROM pg_temp.answer('POST', '/Locks', jsonb_build_object('label', 'b', 'pins', pg_temp.pins(4)));
-- parts of values, and what begins as what is sealed does, which takes as long to look at
SELECT * FROM pg_temp.answer('POST', '/Locks', jsonb_build_object('label', 'b', 'pins', pg_temp.pins(2), 'keys', (SELECT jsonb_agg(jsonb_build_object('value', i::text, 'code', 'c')) FROM generate_series(1, 2) i)));
SELECT * FROM pg_temp.answer('POST', '/Locks', jsonb_build_object('label', 'b', 'pins', pg_temp.pins(4, 'eyJ0eXAiOiJzY2ltLXNlYWxlZCIs')));
-- what stays is not set
SELECT * FROM pg_temp.answer('PUT', '/Locks/' || :'id', '{"label": "b"}');
SELECT * FROM pg_temp.answer('PATCH', '/Locks/' || :'id', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'pins', 'value', pg_temp.pins(3, 'q')))));
SELECT * FROM pg_temp.answer('PATCH', '/Locks/' || :'id', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'pins', 'value', pg_temp.pins(4, 'r')))));
SELECT jsonb_array_length(data -> 'pins') AS pins FROM sealed_many.locks;
-- all operations of a bulk request together, the same resource or others
SELECT o ->> 'status' AS status, o #>> '{response,detail}' AS detail FROM scim.request('POST', '/Bulk', '{}', (SELECT jsonb_build_object('Operations', jsonb_agg(jsonb_build_object('method', 'POST', 'path', '/Locks', 'bulkId', 'l' || n,
    'data', jsonb_build_object('label', 'l' || n, 'pins', pg_temp.pins(n))) ORDER BY n)) FROM generate_series(1, 3) n)::text) r, jsonb_array_elements(r.body::jsonb -> 'Operations') o;
SELECT o ->> 'status' AS status, o #>> '{response,detail}' AS detail FROM scim.request('POST', '/Bulk', '{}', (SELECT jsonb_build_object('Operations', jsonb_agg(jsonb_build_object('method', 'PATCH', 'path', '/Locks/' || :'id',
    'data', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'pins', 'value', pg_temp.pins(2))))) ORDER BY n)) FROM generate_series(1, 2) n)::text) r, jsonb_array_elements(r.body::jsonb -> 'Operations') o;
-- SQL is not counted
UPDATE sealed_many.locks SET data = data || jsonb_build_object('pins', pg_temp.pins(20)) WHERE id = :'id';
SELECT length(scim.create_resource('Lock', jsonb_build_object('label', 'c', 'pins', pg_temp.pins(20))) ->> 'id') AS length;
RESET scim.max_body_sealed;
-- the size of the document as it would be is known before: nobody waits for 50,000 values to be sealed
SET scim.max_resource_size = 1000000;
SET statement_timeout = '5s';
SELECT scim.create_resource('Lock', jsonb_build_object('label', 'd', 'pins', pg_temp.pins(50000)));
UPDATE sealed_many.locks SET data = data || jsonb_build_object('pins', pg_temp.pins(50000)) WHERE id = :'id';
SET scim.max_body_sealed = 100000;
SELECT * FROM pg_temp.answer('POST', '/Locks', jsonb_build_object('label', 'd', 'pins', pg_temp.pins(50000)));
RESET scim.max_body_sealed;
-- and is as it will be
SET scim.max_resource_size = 10000;
SELECT scim.create_resource('Lock', jsonb_build_object('label', 'e', 'pins', pg_temp.pins(200)));
RESET scim.max_resource_size;
RESET statement_timeout;
SELECT length(scim.create_resource('Lock', jsonb_build_object('label', 'e', 'pins', pg_temp.pins(200))) ->> 'id') AS length;
SELECT pg_column_size(data || '{}') AS size, count(DISTINCT pin) AS pins, count(DISTINCT split_part(pin, '.', 1)) AS keys FROM sealed_many.locks, jsonb_array_elements_text(data -> 'pins') pin WHERE data ->> 'label' = 'e' GROUP BY data;
-- each can be opened, whichever key the store has sealed to
SELECT scim.set_sealing_key('{"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo", "kid": "elsewhere"}');
UPDATE sealed_many.locks SET data = data || '{"keys": [{"value": "1", "code": "x"}, {"value": "2", "code": "y"}]}' WHERE data ->> 'label' = 'e';
SELECT scim.create_sealing_key() IS NOT NULL AS made;
UPDATE sealed_many.locks SET data = data || '{"keys": [{"value": "3", "code": "z"}]}' WHERE data ->> 'label' = 'c';
SELECT data ->> 'label' AS label, k ->> 'value' AS key, scim.unseal(k ->> 'code') AS code FROM sealed_many.locks, jsonb_array_elements(data -> 'keys') k WHERE data ->> 'label' = 'c';
SELECT count(*) AS pins, count(DISTINCT scim.unseal(pin)) AS different FROM sealed_many.locks, jsonb_array_elements_text(data -> 'pins') pin WHERE data ->> 'label' = 'e';
\set VERBOSITY terse
SELECT scim.unseal(data #>> '{keys,0,code}') FROM sealed_many.locks WHERE data ->> 'label' = 'e';
\set VERBOSITY default
SET client_min_messages = warning;
SELECT scim.drop_store('sealed_many', true);
