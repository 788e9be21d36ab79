-- What the store "directory" has registered: an extension, types of their own, unique
-- attributes, and an attribute more in a core schema.

SELECT scim.register_schema('{"id": "urn:example:Badge", "name": "Badge", "description": "An extension of User",
  "attributes": [{"name": "badgeNumber", "uniqueness": "server"}, {"name": "visaNumber", "uniqueness": "global"},
    {"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "level", "type": "integer"}]},
    {"name": "pin", "mutability": "writeOnly", "returned": "never"},
    {"name": "issued", "type": "dateTime"}, {"name": "photo", "type": "binary"}, {"name": "costs", "type": "decimal"},
    {"name": "sponsor", "type": "reference", "referenceTypes": ["User"]}]}');
SELECT scim.register_schema('{"id": "urn:example:CostCentre", "name": "CostCentre", "attributes": [{"name": "code", "required": true, "uniqueness": "server"},
  {"name": "displayName"}, {"name": "budget", "type": "decimal"}, {"name": "head", "type": "reference", "referenceTypes": ["User"]},
  {"name": "colour", "canonicalValues": ["red", "green"]}]}');
SELECT scim.register_schema('{"id": "urn:example:Device", "name": "Device", "attributes": [{"name": "serial", "required": true, "mutability": "immutable", "caseExact": true}]}');
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:Badge", "required": false}', true))
FROM directory.resource_type WHERE name = 'User';
SELECT scim.register_resource_type('{"name": "CostCentre", "endpoint": "/CostCentres", "schema": "urn:example:CostCentre"}');
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:Device"}', table_name => 'Our "devices"');
SELECT scim.register_schema(jsonb_insert(document, '{attributes,-1}', '{"name": "shoeSize", "type": "integer", "uniqueness": "none"}', true))
FROM directory.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
