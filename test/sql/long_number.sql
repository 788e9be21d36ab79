-- A number has no more digits, written out, than others can read (RFC 8259 section 6): 1.2e120000 is 10 bytes, and 120,000 when it is shown.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SELECT scim.create_store('long_number');
SET scim.store = 'long_number';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE statement INTO result;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', sqlstate, sqlerrm);
END $$;
SELECT scim.register_schema('{"id": "urn:example:shoes", "name": "Shoes", "attributes": [{"name": "shoeSize", "type": "decimal"}, {"name": "sold", "type": "integer"}, {"name": "widths", "type": "decimal", "multiValued": true}, {"name": "colours", "type": "complex", "multiValued": true, "subAttributes": [{"name": "shade", "type": "decimal"}]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Shoe", "endpoint": "/Shoes", "schema": "urn:example:shoes"}') ->> 'name' AS type;

-- what is within the limits comes and goes
SELECT scim.create_resource('Shoe', '{"shoeSize": 1.7976931348623157e308, "widths": [4.9406564584124654e-324, -9e307, 0]}') ->> 'id' AS id \gset
SELECT length(body), body::jsonb -> 'shoeSize' = '1.7976931348623157e308' AS same FROM scim.request('GET', '/Shoes/' || :'id');

-- every way in
CREATE TEMP TABLE number (n int, text text);
INSERT INTO number VALUES (1, '1e309'), (2, '-1.2e120000'), (3, '1e-351'), (4, '1e200000'), (5, '1e-99999999999999999999'), (6, '1e99999999999999999999'), (7, '0.' || repeat('1', 400)), (8, repeat('9', 2000));
SELECT n, attribute, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM number, (VALUES (1, 'shoeSize', '{"shoeSize": %s}'), (2, 'sold', '{"sold": %s}'), (3, 'widths', '{"widths": [1, %s]}'), (4, 'shade', '{"colours": [{"shade": %s}]}'), (5, 'unknown', '{"unknown": {"a": [%s]}}'), (6, 'string', '{"shoeSize": "%s"}')) d (o, attribute, document), scim.request('POST', '/Shoes', '{}', format(document, text))
WHERE attribute IN ('shoeSize', 'string') OR n < 5
ORDER BY o, n;
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM number, scim.request('PATCH', '/Shoes/' || :'id', '{}', format('{"Operations": [{"op": "add", "path": "widths", "value": [%s]}]}', text)) WHERE n < 4 ORDER BY n;
SELECT n, status, body::jsonb ->> 'detail' AS detail
FROM number, scim.request('POST', '/Bulk', '{}', format('{"Operations": [{"method": "POST", "path": "/Shoes", "bulkId": "a", "data": {"sold": %s}}]}', text)) WHERE n < 4 ORDER BY n;
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type, regexp_replace(body::jsonb ->> 'detail', '[19]{50,}', '...') AS detail FROM number, scim.request('GET', '/Shoes?filter=shoeSize%20gt%20' || text) ORDER BY n;
SELECT n, o, pg_temp.try(replace(statement, 'LONG', text)) FROM number, (VALUES
    (1, $$SELECT scim.create_resource('Shoe', '{"shoeSize": LONG}')$$),
    (2, $$SELECT scim.patch_resource('Shoe', id, '[{"op": "add", "value": {"unknown": LONG}}]') FROM long_number.resource WHERE resource_type = 'Shoe'$$),
    (3, $$SELECT scim.bulk('{"Operations": [{"method": "POST", "path": "/Shoes", "data": {"sold": LONG}}]}')$$),
    (4, $$INSERT INTO long_number.shoes (data) VALUES ('{"sold": LONG}')$$),
    (5, $$UPDATE long_number.shoes SET data = data || '{"sold": LONG}'$$),
    (6, $$INSERT INTO long_number.policy (resource_type, kind, settings) VALUES ('Shoe', 'default', '{"attributes": {"sold": LONG}}')$$),
    (7, $$INSERT INTO long_number.policy (resource_type, kind, enabled, settings) VALUES ('Shoe', 'default', false, '{"whatever": [LONG]}')$$),
    (8, $$INSERT INTO long_number.setting (name, value) VALUES ('max_values', 'LONG')$$),
    (9, $$INSERT INTO long_number.endpoint (methods, path, resource_type, action, settings) VALUES ('{GET}', '/x/{id}', 'Shoe', 'read', '{"x": LONG}')$$),
    (10, $$INSERT INTO long_number.event (tenant_id, id, event_uri, resource_type, resource_id, data) VALUES (1, gen_random_uuid(), 'urn:x:y', 'Shoe', gen_random_uuid(), '{"x": LONG}')$$),
    (11, $$SELECT scim.register_schema('{"id": "urn:example:other", "name": "Other", "x": LONG, "attributes": [{"name": "a", "x": LONG}]}')$$),
    (12, $$SELECT scim.register_resource_type('{"name": "Other", "endpoint": "/Others", "schema": "urn:example:shoes", "x": LONG}')$$),
    (13, $$SELECT scim.apply_profile('{"name": "x", "schemas": [{"id": "urn:example:other", "name": "Other", "x": LONG, "attributes": [{"name": "a"}]}]}')$$),
    (14, $$SELECT array_agg(i) FROM scim.import('Shoe', $q$SELECT 1e309 AS sold, '{"shade": LONG}'::jsonb AS colours$q$) i$$),
    (15, $$SELECT scim.search('Shoe', 'sold eq LONG')$$),
    (16, $$CREATE TEMP TABLE bulk (r jsonb); INSERT INTO bulk VALUES ('{"widths": [1, LONG]}'); INSERT INTO long_number.shoes (data) SELECT r FROM bulk$$)
) s (o, statement) WHERE n IN (1, 2) ORDER BY n, o;
SELECT * FROM scim.validate('Shoe', '{"sold": 1e1000, "colours": [{"shade": 1e-1000}]}');

-- nor does a message show all of a key that is very long
SELECT k, status, length(body) FROM (VALUES (1, '{"%s": 1e400}'), (2, '{"%s": 1}'), (3, '{"%1$s": 1, "%1$s": 2}')) b (k, request), scim.request('POST', '/Shoes', '{}', format(request, repeat('k', 1000000))) ORDER BY k;

SELECT bool_and(d.content_digest = a.content_digest AND d.digest = a.digest) AS audit_holds FROM long_number.audit a, scim_internal.audit_digest(a) d;

-- what the server itself cannot hold is no value of the client's that is wrong
CREATE FUNCTION pg_temp.burst() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM repeat(new.id::text, 100000000); RETURN new; END $$;
CREATE TRIGGER own AFTER INSERT ON long_number.shoes FOR EACH ROW EXECUTE FUNCTION pg_temp.burst();
SELECT status, body::jsonb - 'schemas' AS error FROM scim.request('POST', '/Shoes', '{}', '{"sold": 1}');

SET client_min_messages = warning;
SELECT scim.drop_store('long_number', true);
