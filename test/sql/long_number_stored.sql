-- Numbers with more digits than may come in, as an earlier version has stored them (long_number): they can be read, changed and deleted
\set VERBOSITY terse
\set SHOW_CONTEXT never
SELECT scim.create_store('long_stored');
SET scim.store = 'long_stored';
SELECT scim.register_schema('{"id": "urn:example:shoes", "name": "Shoes", "attributes": [{"name": "shoeSize", "type": "decimal"}, {"name": "sold", "type": "integer"}, {"name": "widths", "type": "decimal", "multiValued": true}, {"name": "colours", "type": "complex", "multiValued": true, "subAttributes": [{"name": "shade", "type": "decimal"}]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Shoe", "endpoint": "/Shoes", "schema": "urn:example:shoes"}') ->> 'name' AS type;
SET session_replication_role = replica;
INSERT INTO long_stored.shoes (tenant_id, resource_type, id, status, data, version, created, last_modified)
SELECT 1, 'Shoe', ('00000000-0000-7000-8000-00000000000' || n)::uuid, 'ACTIVE', jsonb_build_object('schemas', '["urn:example:shoes"]'::jsonb, 'shoeSize', '1.2e120000'::jsonb, 'widths', (SELECT ('[' || string_agg(i || 'e100000', ',') || ']')::jsonb FROM generate_series(1, 12000) i)), 1, now(), now() FROM generate_series(1, 3) n;
RESET session_replication_role;
SELECT status, length(body), left(body, 150) FROM scim.request('GET', '/Shoes/00000000-0000-7000-8000-000000000001');
SELECT status, length(body) FROM scim.request('GET', '/Shoes?count=2&sortBy=shoeSize');
SELECT status, body::jsonb -> 'totalResults' AS total FROM scim.request('GET', '/Shoes?filter=shoeSize%20gt%201e300');
SELECT status, body::jsonb -> 'sold' AS sold FROM scim.request('PATCH', '/Shoes/00000000-0000-7000-8000-000000000001?attributes=sold', '{}', '{"Operations": [{"op": "add", "path": "sold", "value": 5}]}');
SELECT status, body FROM scim.request('PATCH', '/Shoes/00000000-0000-7000-8000-000000000002?attributes=shoeSize', '{}', '{"Operations": [{"op": "replace", "path": "shoeSize", "value": 5}, {"op": "remove", "path": "widths"}]}');
SELECT status FROM scim.request('DELETE', '/Shoes/00000000-0000-7000-8000-000000000001');
DELETE FROM long_stored.shoes WHERE id = '00000000-0000-7000-8000-000000000003';
SELECT count(*) FROM long_stored.shoes;

SELECT bool_and(d.content_digest = a.content_digest AND d.digest = a.digest) AS audit_holds FROM long_stored.audit a, scim_internal.audit_digest(a) d;

SET client_min_messages = warning;
SELECT scim.drop_store('long_stored', true);
