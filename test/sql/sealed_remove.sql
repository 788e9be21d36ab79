-- A PATCH remove whose value has a writeOnly sub-attribute in it
SET client_min_messages = warning;
SELECT scim.create_store('sealed_remove');
SET scim.store = 'sealed_remove';
SELECT scim.register_schema('{"id": "urn:example:2.0:Lock", "name": "Lock", "attributes": [{"name": "label", "required": true},
    {"name": "keys", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "code", "mutability": "writeOnly"}]},
    {"name": "box", "type": "complex", "subAttributes": [{"name": "name"}, {"name": "key", "mutability": "writeOnly"}]}]}') IS NOT NULL AS registered;
SELECT scim.register_resource_type('{"name": "Lock", "endpoint": "/Locks", "schema": "urn:example:2.0:Lock"}', table_name => 'locks') IS NOT NULL AS registered;
-- a remove by its value is not by a secret in that, and is no silent success
SELECT id AS by_value FROM (SELECT scim.create_resource('Lock', '{"label": "by value", "keys": [{"value": "k1", "code": "clear-c1"}, {"code": "clear-c2"}], "box": {"name": "n", "key": "clear-kk"}}') ->> 'id' AS id) c \gset
SELECT path, value, a.status, a.body::jsonb ->> 'scimType' AS type, a.body::jsonb ->> 'detail' AS detail
FROM (VALUES ('keys', '[{"code": "clear-c1"}]'::jsonb), ('keys', '[{"CODE": "clear-c2"}]'), ('keys', '{"code": "wrong"}'), ('keys', '[{"value": "k1", "code": "clear-c1"}]'), ('box', '{"key": "clear-kk"}'), ('box', '{"name": "n", "key": "wrong"}')) v (path, value),
    scim.request('PATCH', '/Locks/' || :'by_value', '{}', jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:PatchOp'), 'Operations', jsonb_build_array(jsonb_build_object('op', 'remove', 'path', path, 'value', value)))::text) a;
SELECT scim.patch_resource('Lock', :'by_value', '[{"op": "remove", "path": "keys", "value": [{"value": "k1"}]}]') - 'id' - 'meta' AS shown;
SELECT scim.drop_store('sealed_remove', true);
