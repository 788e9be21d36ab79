-- A resource type goes with the unique values of its resources, which are guarded otherwise.
SET client_min_messages = warning;
SELECT scim.create_store('unique_type');
SET scim.store = 'unique_type';
SELECT scim.register_schema('{"id": "urn:example:Tool", "name": "Tool", "attributes": [{"name": "label", "type": "string", "uniqueness": "server"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Tool", "endpoint": "/Tools", "schema": "urn:example:Tool"}') ->> 'name' AS type;
SELECT scim.create_resource('Tool', '{"label": "saw"}') ->> 'label' AS label;
DO $$ BEGIN DELETE FROM unique_type.unique_value WHERE value = 'saw'; EXCEPTION WHEN OTHERS THEN RAISE WARNING 'refused: %', SQLSTATE; END $$;
SELECT scim.unregister_resource_type('Tool');
SELECT scim.unregister_resource_type('Tool', force => true);
SELECT count(*) FROM unique_type.unique_value;
SELECT scim.drop_store('unique_type', true);
