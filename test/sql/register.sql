-- Registering, replacing and removing schemas and resource types
SELECT scim.create_store('register');
SET scim.store = 'register';

-- A schema is completed: every characteristic that applies is stated (RFC 7643 section 2.2)
SELECT jsonb_pretty(scim.register_schema('{"ID": "urn:example:Badge", "Name": "Badge", "description": null,
  "attributes": [{"name": "badgeNumber", "uniqueness": "SERVER"},
    {"name": "doors", "type": "complex", "multivalued": true, "uniqueness": "none", "caseExact": true, "subattributes": [
      {"name": "value", "type": "reference", "referenceTypes": ["external"]}, {"name": "level", "type": "integer", "caseExact": false}]},
    {"name": "pin", "mutability": "writeOnly"}]}'));
-- and is found by discovery as it is registered
SELECT status, body::jsonb - 'meta' = (SELECT document FROM register.schema WHERE id = 'urn:example:Badge') AS same
FROM scim.request('GET', '/Schemas/urn:example:Badge');

-- Documents that are wrong: the error names the schema and the attribute
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN concat_ws(' | ', SQLSTATE, SQLERRM, CASE WHEN SQLSTATE NOT LIKE 'SC%' THEN nullif(detail, '') END);
END $$;
SELECT document, pg_temp.refused(format('SELECT scim.register_schema(%L)', document)) FROM (VALUES
  ('[]'), ('"x"'), ('{}'), ('{"id": "", "name": "x"}'), ('{"id": 1}'), ('{"id": "example", "name": "x", "attributes": [{"name": "a"}]}'),
  ('{"id": "http://example.com/x", "name": "x", "attributes": [{"name": "a"}]}'),
  ('{"id": "urn:example:a b", "name": "x", "attributes": [{"name": "a"}]}'),
  ('{"id": "urn:x:1", "attributes": [{"name": "a"}]}'),
  ('{"id": "urn:x:1", "name": "x"}'), ('{"id": "urn:x:1", "name": "x", "attributes": []}'), ('{"id": "urn:x:1", "name": "x", "attributes": {}}'),
  ('{"id": "urn:x:1", "name": "x", "attributes": [1]}'), ('{"id": "urn:x:1", "name": "x", "attributes": [{}]}'),
  ('{"id": "urn:x:1", "name": "x", "description": 1, "attributes": [{"name": "a"}]}'),
  ('{"id": "urn:x:1", "name": "x", "colour": "red", "attributes": [{"name": "a"}]}'),
  ('{"id": "urn:x:1", "Id": "urn:x:2", "name": "x", "attributes": [{"name": "a"}]}'),
  ('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "urn:x:1", "name": "x", "attributes": [{"name": "a"}]}')) t (document);
SELECT attribute, pg_temp.refused(format('SELECT scim.register_schema(%L)', '{"id": "urn:x:1", "name": "x", "attributes": [' || attribute || ']}'))
FROM (VALUES
  ('{"name": "1a"}'), ('{"name": "a.b"}'), ('{"name": "a b"}'), ('{"name": "é"}'), ('{"name": "$ref-1_x"}'),
  ('{"name": "a"}, {"name": "A"}'), ('{"name": "a", "Name": "b"}'), ('{"name": "a", "colour": 1}'), ('{"name": "a", "required": null}'),
  ('{"name": "a", "type": "text"}'), ('{"name": "a", "type": "Boolean"}'), ('{"name": "a", "multiValued": "true"}'),
  ('{"name": "a", "mutability": "never"}'), ('{"name": "a", "returned": "sometimes"}'), ('{"name": "a", "uniqueness": "world"}'),
  ('{"name": "a", "type": "complex"}'), ('{"name": "a", "subAttributes": [{"name": "b"}]}'), ('{"name": "a", "subAttributes": []}'),
  ('{"name": "a", "type": "complex", "subAttributes": [{"name": "b", "type": "complex", "subAttributes": [{"name": "c"}]}]}'),
  ('{"name": "a", "type": "complex", "subAttributes": [{"name": "b", "colour": 1}]}'),
  ('{"name": "a", "type": "complex", "uniqueness": "server", "subAttributes": [{"name": "b"}]}'),
  ('{"name": "a", "referenceTypes": ["User"]}'), ('{"name": "a", "type": "reference", "referenceTypes": "User"}'),
  ('{"name": "a", "canonicalValues": ["x", "X"]}'), ('{"name": "a", "caseExact": true, "canonicalValues": ["x", "X"]}'),
  ('{"name": "a", "canonicalValues": [1]}'), ('{"name": "a", "type": "integer", "canonicalValues": ["1", "one"]}'),
  ('{"name": "a", "type": "boolean", "canonicalValues": ["true"]}'),
  ('{"name": "a", "mutability": "writeOnly", "returned": "default"}'), ('{"name": "a", "mutability": "writeOnly", "uniqueness": "server"}'),
  ('{"name": "a", "mutability": "writeOnly", "returned": "never"}')) t (attribute);
SELECT document, pg_temp.refused(format('SELECT scim.register_resource_type(%L)', document)) FROM (VALUES
  ('[]'), ('{}'), ('{"name": "T"}'), ('{"name": "T", "endpoint": "/T"}'), ('{"name": "T", "endpoint": "/T", "schema": "urn:x:none"}'),
  ('{"name": "T", "endpoint": "/a/b", "schema": "urn:x:1"}'), ('{"name": "T", "endpoint": "/", "schema": "urn:x:1"}'),
  ('{"name": "T", "endpoint": "/Schemas", "schema": "urn:x:1"}'), ('{"name": "T", "endpoint": "/bulk", "schema": "urn:x:1"}'),
  ('{"name": "T", "endpoint": "/users", "schema": "urn:x:1"}'), ('{"name": "user", "endpoint": "/T", "schema": "urn:x:1"}'),
  ('{"name": "a/b", "endpoint": "/T", "schema": "urn:x:1"}'), ('{"name": "T", "endpoint": "/T", "schema": "urn:x:1", "table": "t"}'),
  ('{"name": "T", "endpoint": "/T", "schema": "urn:x:1", "schemaExtensions": {}}'),
  ('{"name": "T", "endpoint": "/T", "schema": "urn:x:1", "schemaExtensions": [{}]}'),
  ('{"name": "T", "endpoint": "/T", "schema": "urn:x:1", "schemaExtensions": [{"schema": "urn:x:1"}]}'),
  ('{"name": "T", "endpoint": "/T", "schema": "urn:x:1", "schemaExtensions": [{"schema": "urn:example:Badge", "required": 1}]}'),
  ('{"name": "T", "endpoint": "/Member", "schema": "urn:x:1"}')) t (document);
-- nothing of it is left but what was accepted
SELECT id FROM register.schema WHERE id NOT LIKE 'urn:ietf:%' ORDER BY id;
SELECT name, table_name FROM register.resource_type ORDER BY name;
SELECT scim.unregister_schema('URN:X:1');

-- A resource type gets an endpoint and a table, in the same transaction
BEGIN;
SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "required": true, "uniqueness": "server"}, {"name": "budget", "type": "decimal"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "CostCentre", "endpoint": "CostCentres", "schema": "urn:example:costcentre", "schemaExtensions": [{"schema": "urn:example:Badge"}]}') AS resource_type;
INSERT INTO register.cost_centres (id, data) VALUES ('00000000-0000-4000-8000-000000000001', '{"code": "A1", "badgeNumber": "7"}');
SELECT data FROM register.cost_centres;
INSERT INTO register.cost_centres (data) VALUES ('{"code": "a1", "budget": "10.50"}');
ROLLBACK;
-- a rollback leaves nothing of it, in this session's cache neither
SELECT status FROM scim.request('GET', '/CostCentres');
SELECT to_regclass('register.cost_centres') AS relation;

SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "required": true, "uniqueness": "server"}, {"name": "budget", "type": "decimal"}, {"name": "owner"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "CostCentre", "endpoint": "CostCentres", "schema": "urn:example:CostCentre"}') AS resource_type;
INSERT INTO register.cost_centres (id, data) VALUES ('00000000-0000-4000-8000-000000000001', '{"code": "A1", "budget": "10.50", "owner": "bj"}'),
  ('00000000-0000-4000-8000-000000000002', '{"code": "B2", "owner": "BJ"}'), ('00000000-0000-4000-8000-000000000003', '{"code": "C3"}');
SELECT status, body::jsonb -> 'totalResults' AS total FROM scim.request('GET', '/costcentres?filter=code+eq+%22a1%22');
SELECT resource_type, kind, enabled FROM register.policy WHERE resource_type = 'CostCentre' ORDER BY kind;
SELECT status, body::jsonb #>> '{meta,location}' AS location FROM scim.request('GET', '/ResourceTypes/CostCentre');
-- the table name can be chosen, and must be free
SELECT pg_temp.refused($$SELECT scim.register_resource_type('{"name": "Policy", "endpoint": "/Policy", "schema": "urn:example:CostCentre"}')$$);
SELECT scim.register_resource_type('{"name": "Policy", "endpoint": "/Policy", "schema": "urn:example:CostCentre"}', table_name => 'Policy resources') ->> 'endpoint' AS endpoint;
INSERT INTO register.resource (resource_type, id, data) VALUES ('Policy', '00000000-0000-4000-8000-000000000009', '{"code": "A1"}');
SELECT data FROM register."Policy resources";
SELECT pg_temp.refused($$SELECT scim.register_resource_type('{"name": "Policy", "endpoint": "/Policies", "schema": "urn:example:CostCentre"}', table_name => 'other')$$);
-- an endpoint may change, the table stays
SELECT scim.register_resource_type('{"name": "Policy", "endpoint": "/Policies", "schema": "urn:example:CostCentre"}') ->> 'endpoint' AS endpoint;
SELECT status, body::jsonb -> 'totalResults' AS total FROM scim.request('GET', '/Policies');
SELECT status FROM scim.request('GET', '/Policy');

-- Replacing a schema: what is stored stays valid, or the change is refused with a report
SELECT pg_temp.refused($$SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "required": true}, {"name": "budget", "type": "decimal"}]}')$$);
SELECT pg_temp.refused($$SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "required": true}, {"name": "budget", "type": "decimal", "required": true}, {"name": "owner"}]}')$$);
-- also where unknown attributes are ignored on the way in
SET scim.unknown_attributes = 'ignore';
SELECT pg_temp.refused($$SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "required": true}, {"name": "budget", "type": "decimal"}]}')$$);
RESET scim.unknown_attributes;
-- no more than a few are named
BEGIN;
INSERT INTO register.cost_centres (id, data) SELECT format('00000000-0000-4000-8000-0000000001%s', to_char(i, 'FM00'))::uuid, jsonb_build_object('code', 'n' || i) FROM generate_series(1, 10) i;
SELECT pg_temp.refused($$SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "required": true}, {"name": "budget", "type": "decimal", "required": true}, {"name": "owner"}]}')$$);
ROLLBACK;
-- two resources have what would have to be unique: refused, with force too
SELECT pg_temp.refused($$SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code"}, {"name": "budget", "type": "decimal"}, {"name": "owner", "uniqueness": "server"}]}', true)$$);
-- but not where they differ
SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code"}, {"name": "budget", "type": "decimal"}, {"name": "owner", "uniqueness": "server", "caseExact": true}]}') ->> 'id' AS schema;
SELECT attribute, value FROM register.unique_value ORDER BY attribute, value COLLATE "C";
SELECT pg_temp.refused($$INSERT INTO register.cost_centres (data) VALUES ('{"code": "A1", "owner": "bj"}')$$);
SELECT pg_temp.refused($$INSERT INTO register.cost_centres (data) VALUES ('{"code": "A1", "owner": "Bj"}')$$);
-- Valid, but in another form: the resources are rewritten, others are not
SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code"}, {"name": "budget", "type": "decimal"}, {"name": "owner", "multiValued": true}]}') ->> 'id' AS schema;
SELECT data - 'schemas' AS data, version FROM register.cost_centres ORDER BY id LIMIT 3;
SELECT scim.search('CostCentre', 'owner eq "Bj"') -> 'totalResults' AS total;
SELECT count(*) FROM register.unique_value;

-- also what a client could not change
SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "mutability": "immutable"}, {"name": "budget", "type": "decimal"}, {"name": "owner", "multiValued": true, "mutability": "readOnly"}]}') ->> 'id' AS schema;
SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "mutability": "immutable", "multiValued": true}, {"name": "budget", "type": "decimal"}, {"name": "owner", "multiValued": true, "mutability": "readOnly"}]}') ->> 'id' AS schema;
SELECT data - 'schemas' AS data, version FROM register.cost_centres WHERE id::text LIKE '00%' ORDER BY id;
SELECT pg_temp.refused($$UPDATE register.cost_centres SET data = data || '{"code": "other"}' WHERE id = '00000000-0000-4000-8000-000000000001'$$);
SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code"}, {"name": "budget", "type": "decimal"}, {"name": "owner", "multiValued": true}]}') ->> 'id' AS schema;

-- With force they stay as they are; nobody sees what is unknown now, and the next change drops it
SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code"}, {"name": "budget", "type": "decimal", "required": true}]}', force => true) ->> 'id' AS schema;
SELECT data - 'schemas' AS data, version FROM register.cost_centres WHERE id::text LIKE '00%' ORDER BY id;
SELECT scim.get_resource('CostCentre', '00000000-0000-4000-8000-000000000002') - 'meta' AS resource;
SELECT scim.patch_resource('CostCentre', '00000000-0000-4000-8000-000000000001', '[{"op": "replace", "path": "code", "value": "A9"}]') -> 'code' AS code;
SELECT data - 'schemas' AS data, version FROM register.cost_centres WHERE id = '00000000-0000-4000-8000-000000000001';
SELECT pg_temp.refused($$UPDATE register.cost_centres SET data = data || '{"code": "B3"}' WHERE id = '00000000-0000-4000-8000-000000000002'$$);
SELECT pg_temp.refused($$UPDATE register.cost_centres SET data = data || '{"owner": "new", "budget": 1}' WHERE id = '00000000-0000-4000-8000-000000000002'$$);
UPDATE register.cost_centres SET data = data || '{"budget": 1}' WHERE id = '00000000-0000-4000-8000-000000000002';
SELECT data - 'schemas' AS data FROM register.cost_centres WHERE id = '00000000-0000-4000-8000-000000000002';

-- Extensions of a core type
SELECT scim.register_resource_type(jsonb_set(document, '{schemaExtensions,1}', '{"schema": "urn:example:Badge"}')) -> 'schemaExtensions' AS extensions
FROM register.resource_type WHERE name = 'User';
INSERT INTO register.users (id, data) VALUES ('00000000-0000-4000-8000-000000000004', '{"userName": "bj", "badgeNumber": "B1", "title": "x"}');
SELECT pg_temp.refused($$SELECT scim.unregister_schema('urn:example:Badge')$$);
SELECT pg_temp.refused($$SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}')$$);
SELECT pg_temp.refused($$SELECT scim.register_resource_type(jsonb_set(document, '{schemaExtensions,0,required}', 'true')) FROM register.resource_type WHERE name = 'User'$$);
-- the letter case of a URN may change: documents follow
SELECT scim.register_schema(document || '{"id": "urn:example:BADGE"}') ->> 'id' AS schema FROM register.schema WHERE id = 'urn:example:Badge';
SELECT data, version FROM register.users;
SELECT scim.unregister_schema('urn:example:badge', true);
SELECT document -> 'schemaExtensions' AS extensions FROM register.resource_type WHERE name = 'User';
-- neither values nor the URN are shown, which the next change drops
SELECT scim.resource_json(u) -> 'schemas' AS schemas, body::jsonb -> 'schemas' AS by_request FROM register.users u, LATERAL scim.request('GET', '/Users/' || u.id) WHERE u.data ? 'urn:example:BADGE' ORDER BY u.id LIMIT 1;
SELECT scim.patch_resource('User', '00000000-0000-4000-8000-000000000004', '[{"op": "remove", "path": "title"}]') - 'meta' AS resource;
SELECT data, version FROM register.users;
SELECT * FROM register.unique_value;

-- Removing what is in use
SELECT pg_temp.refused($$SELECT scim.unregister_schema('urn:example:none')$$);
SELECT pg_temp.refused($$SELECT scim.unregister_resource_type('None')$$);
SELECT pg_temp.refused($$SELECT scim.unregister_schema('urn:example:CostCentre', true)$$);
SELECT pg_temp.refused($$SELECT scim.unregister_schema('urn:ietf:params:scim:schemas:core:2.0:Schema', true)$$);
SELECT pg_temp.refused($$SELECT scim.unregister_resource_type('CostCentre')$$);
INSERT INTO register.groups (id, data) VALUES ('00000000-0000-4000-8000-000000000005', '{"displayName": "g", "members": [{"value": "00000000-0000-4000-8000-000000000001"}]}');
SELECT scim.unregister_resource_type('costcentre', force => true);
SELECT to_regclass('register.cost_centres') AS relation, (SELECT count(*) FROM register.member) AS members,
  (SELECT count(*) FROM register.policy WHERE resource_type = 'CostCentre') AS policies;
SELECT status FROM scim.request('GET', '/CostCentres');
SELECT scim.unregister_resource_type('Policy', true);
SELECT scim.unregister_schema('urn:example:CostCentre');

-- Plain DML is held to the same
SELECT query, pg_temp.refused(query) FROM (VALUES
  ($$INSERT INTO register.schema (document) VALUES (NULL)$$),
  ($$INSERT INTO register.schema (id, document) VALUES ('urn:x:2', '{"id": "urn:x:1", "name": "x", "attributes": [{"name": "a"}]}')$$),
  ($$INSERT INTO register.schema (document) VALUES ('{"id": "urn:x:1", "name": "x", "attributes": [{"name": "a", "color": 1}]}')$$),
  ($$INSERT INTO register.schema (document) VALUES ('{"id": "urn:x:1", "name": "x", "attributes": [{"name": "a"}]}')$$),
  ($$INSERT INTO register.schema (document) VALUES ('{"id": "URN:x:1", "name": "x", "attributes": [{"name": "a"}]}')$$),
  ($$UPDATE register.schema SET document = jsonb_set(document, '{id}', '"urn:x:3"') WHERE id = 'urn:x:1'$$),
  ($$UPDATE register.schema SET document = '{}'$$),
  ($$UPDATE register.schema SET id = 'urn:x:4' WHERE id = 'urn:x:1'$$),
  ($$DELETE FROM register.schema WHERE id LIKE '%:core:2.0:User'$$),
  ($$DELETE FROM register.schema WHERE id = 'urn:x:1'$$),
  ($$DELETE FROM register.schema WHERE id LIKE '%:Schema'$$),
  ($$TRUNCATE register.schema$$),
  ($$TRUNCATE register.resource_type$$),
  ($$INSERT INTO register.resource_type (document) VALUES ('{"name": "T", "endpoint": "/T", "schema": "urn:x:none"}')$$),
  ($$UPDATE register.resource_type SET table_name = 'x'$$),
  ($$UPDATE register.resource_type SET name = 'Person' WHERE name = 'User'$$),
  ($$UPDATE register.resource_type SET document = document || '{"name": "Person"}' WHERE name = 'User'$$),
  ($$UPDATE register.resource_type SET document = document || '{"endpoint": "/Groups"}' WHERE name = 'User'$$),
  ($$DELETE FROM register.resource_type WHERE name = 'User'$$)) t (query);
INSERT INTO register.schema (document) VALUES ('{"id": "urn:x:1", "name": "x", "attributes": [{"name": "a"}]}');
INSERT INTO register.resource_type (document) VALUES ('{"name": "T", "endpoint": "/ManyTs", "schema": "urn:x:1"}') RETURNING name, table_name, document ->> 'endpoint' AS endpoint;
SELECT scim.create_resource('T', '{"a": "b"}') - 'id' - 'meta' AS resource;
DELETE FROM register.many_ts;
DELETE FROM register.resource_type WHERE name = 'T';
SELECT to_regclass('register.many_ts') AS relation;

-- Only the store's owner, who need not be a superuser
CREATE ROLE regress_scim_registrar;
CREATE ROLE regress_scim_reader;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_registrar', current_database()) \gexec
SET ROLE regress_scim_registrar;
SELECT scim.create_store('registrar');
SET scim.store = 'registrar';
SELECT scim.register_schema('{"id": "urn:x:1", "name": "x", "attributes": [{"name": "a", "uniqueness": "server"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "T", "endpoint": "/Ts", "schema": "urn:x:1"}') ->> 'id' AS resource_type;
GRANT USAGE ON SCHEMA registrar TO regress_scim_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA registrar TO regress_scim_reader;
REVOKE ALL ON registrar.unique_value FROM regress_scim_reader;
SET ROLE regress_scim_reader;
SELECT pg_temp.refused($$SELECT scim.register_schema('{"id": "urn:x:2", "name": "x", "attributes": [{"name": "a"}]}')$$);
SELECT pg_temp.refused($$SELECT scim.unregister_resource_type('T', true)$$);
SELECT pg_temp.refused($$DELETE FROM registrar.resource_type$$);
SELECT pg_temp.refused($$UPDATE registrar.schema SET document = '{}'$$);
-- he may write resources, whose unique values are kept by the owner
SELECT scim.create_resource('T', '{"a": "b"}') - 'id' - 'meta' AS resource;
SELECT pg_temp.refused($$SELECT scim.create_resource('T', '{"a": "B"}')$$);
RESET ROLE;
-- what a member of the owner makes belongs to the owner
CREATE ROLE regress_scim_deputy IN ROLE regress_scim_registrar;
SET ROLE regress_scim_deputy;
SELECT scim.register_resource_type('{"name": "V", "endpoint": "/Vs", "schema": "urn:x:1"}') ->> 'id' AS resource_type;
SELECT relowner::regrole FROM pg_class WHERE oid = 'registrar.vs'::regclass;
RESET ROLE;
SET client_min_messages = warning;
SELECT scim.drop_store('registrar', true);
DROP OWNED BY regress_scim_registrar, regress_scim_reader, regress_scim_deputy;
DROP ROLE regress_scim_registrar, regress_scim_reader, regress_scim_deputy;
SET scim.store = 'register';
SELECT scim.drop_store('register', true);
