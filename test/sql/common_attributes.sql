-- A base schema describes the attributes that all resources have as they are, or not at all (RFC 7643 section 3.1)
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('common');
SET scim.store = 'common';
CREATE FUNCTION pg_temp.try(attribute jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    urn constant text := 'urn:example:Thing';
BEGIN
    PERFORM scim.register_schema(jsonb_build_object('id', urn, 'name', 'Thing', 'attributes', jsonb_build_array('{"name": "displayName", "type": "string"}'::jsonb, attribute)));
    PERFORM scim.register_resource_type(jsonb_build_object('name', 'Thing', 'endpoint', '/Things', 'schema', urn));
    RAISE EXCEPTION USING ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN 'registered';
    WHEN OTHERS THEN RETURN SQLERRM;
END
$$;
-- as the RFC has them
SELECT pg_temp.try(a::jsonb) FROM (VALUES
    ('{"name": "externalId", "type": "string", "caseExact": true}'),
    ('{"name": "id", "type": "string", "caseExact": true, "mutability": "readOnly", "returned": "always", "uniqueness": "server"}'),
    ('{"name": "schemas", "type": "reference", "multiValued": true, "required": true, "caseExact": true, "returned": "always"}'),
    ('{"name": "meta", "type": "complex", "mutability": "readOnly", "subAttributes": [{"name": "created", "type": "dateTime", "mutability": "readOnly"},
       {"name": "version", "type": "string", "caseExact": true, "mutability": "readOnly"}]}')) v (a);
-- otherwise
SELECT a ->> 'name' AS name, a - 'name' AS said, pg_temp.try(a) FROM (SELECT jsonb_build_object('name', 'externalId', 'type', 'string', 'caseExact', true) || o::jsonb FROM (VALUES
    ('{"required": true}'), ('{"uniqueness": "server"}'), ('{"type": "integer"}'), ('{"multiValued": true}'), ('{"returned": "never"}'), ('{"mutability": "readOnly"}'),
    ('{"caseExact": false}'), ('{"pattern": "^[0-9]+$"}'), ('{"canonicalValues": ["a"]}'), ('{"name": "ID"}'), ('{"name": "meta"}'), ('{"name": "schemas"}')) v (o)) w (a);
-- an extension has attributes of its own
SELECT scim.register_schema('{"id": "urn:example:Ext", "name": "Ext", "attributes": [{"name": "id", "type": "integer"}, {"name": "externalId", "type": "string", "required": false}]}') ->> 'id' AS id;
SELECT scim.register_resource_type('{"name": "Group", "endpoint": "/Groups", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group", "schemaExtensions": [{"schema": "urn:example:Ext", "required": false}]}') ->> 'name' AS name;
-- but is no base schema, neither of a new type nor of one that is there
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Ext"}');
SELECT scim.register_schema('{"id": "urn:example:Base", "name": "Base", "attributes": [{"name": "displayName", "type": "string"}]}') ->> 'id' AS id;
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Base"}') ->> 'name' AS name;
SELECT scim.register_schema('{"id": "urn:example:Base", "name": "Base", "attributes": [{"name": "displayName", "type": "string"}, {"name": "externalId", "type": "string", "required": true}]}', true);
UPDATE common.schema SET document = jsonb_set(document, '{attributes,1}', '{"name": "id", "type": "integer"}') WHERE id = 'urn:example:Base';
-- a store that has one already goes on, and may change the rest of it; nothing new is wrong
ALTER TABLE common.schema DISABLE TRIGGER USER;
UPDATE common.schema SET document = jsonb_set(document, '{attributes,1}', (document #> '{attributes,0}') || '{"name": "externalId", "required": true}') WHERE id = 'urn:example:Base';
ALTER TABLE common.schema ENABLE TRIGGER USER;
INSERT INTO common.resource (resource_type, data) VALUES ('Thing', '{"displayName": "a"}') RETURNING data ->> 'displayName' AS name;
SELECT scim.register_schema(jsonb_set(document, '{attributes,2}', '{"name": "title", "type": "string"}')) -> 'attributes' -> 2 ->> 'name' AS added FROM common.schema WHERE id = 'urn:example:Base';
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Base", "schemaExtensions": [{"schema": "urn:example:Ext", "required": false}]}') ->> 'name' AS name;
SELECT scim.register_schema(jsonb_set(document, '{attributes,1,uniqueness}', '"server"')) FROM common.schema WHERE id = 'urn:example:Base';
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (document -> 'attributes') - 1)) ->> 'id' AS id FROM common.schema WHERE id = 'urn:example:Base';
SELECT scim.drop_store('common', true);
