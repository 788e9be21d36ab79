-- A resource type that goes with its resources: each is audited and told of, whatever its policies, and its past is known; before a type came nothing of it was there
SET client_min_messages = warning;
SELECT scim.create_store('leaving');
SET scim.store = 'leaving';
SELECT scim.create_tenant('second') AS second \gset
SELECT scim.register_schema('{"id": "urn:leaving:Device", "name": "Device", "attributes": [{"name": "name", "required": true}, {"name": "owner", "type": "reference", "referenceTypes": ["Device"]}]}') IS NOT NULL AS registered;
SELECT clock_timestamp() AS before \gset
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:leaving:Device"}') IS NOT NULL AS registered;
UPDATE leaving.policy SET enabled = true, settings = '{"mode": "full"}' WHERE kind = 'events';
UPDATE leaving.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'Device';
SELECT scim.create_consumer('all') IS NOT NULL AS made;
INSERT INTO leaving.devices (data) VALUES ('{"name": "a"}'), ('{"name": "b"}'), ('{"name": "gone"}');
INSERT INTO leaving.devices (tenant_id, data) VALUES (:second, '{"name": "other"}');
DELETE FROM leaving.devices WHERE data ->> 'name' = 'gone';
INSERT INTO leaving.groups (data) SELECT jsonb_build_object('displayName', 'g', 'members', jsonb_agg(jsonb_build_object('value', id))) FROM leaving.devices WHERE deleted_at IS NULL AND tenant_id = 1;
SELECT id AS a FROM leaving.devices WHERE data ->> 'name' = 'a' \gset
-- the past of a type before it was one
SELECT count(*) FROM scim.resources_at('Device', :'before');
SELECT count(*) FROM scim.resources_at('Device', '2001-01-01');
SELECT scim.resource_at('Device', :'a', :'before') IS NULL AS not_yet;
SELECT count(*) FROM scim.resources_at('Device', clock_timestamp());
-- a rule of the store's owner keeps what it keeps: nothing goes unseen
CREATE FUNCTION leaving.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER keep BEFORE DELETE ON leaving.devices FOR EACH ROW WHEN (OLD.data ->> 'name' = 'b') EXECUTE FUNCTION leaving.keep();
SELECT scim.unregister_resource_type('Device');
SELECT scim.unregister_resource_type('Device', true);
DROP TRIGGER keep ON leaving.devices;
SELECT count(*) FROM leaving.devices;
SELECT scim.acknowledge_events('all', ARRAY(SELECT id FROM scim.next_events('all', 1000))) > 3 AS told;
SELECT clock_timestamp() AS there \gset
BEGIN;
SELECT scim.unregister_resource_type('Device', true);
SELECT tenant_id, operation, resource_type, coalesce(before ->> 'name', before ->> 'displayName') AS name, status, version, object, detail - 'was' AS detail
FROM leaving.audit a WHERE change = scim.change() AND operation !~ 'policy' ORDER BY tenant_id, operation, resource_type, name;
COMMIT;
SELECT operation, event_uri, resource_type, version FROM scim.next_events('all', 1000) ORDER BY operation, resource_type, version;
SELECT operation, version, difference FROM scim.history(:'a');
SELECT count(*) FROM leaving.resource WHERE resource_type = 'Device';
SELECT count(*) FROM leaving.member;
-- and comes again
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:leaving:Device"}') IS NOT NULL AS registered;
SELECT scim.resource_at('Device', :'a', :'before') IS NULL AS not_yet, scim.resource_at('Device', :'a', :'there') ->> 'name' AS then, scim.resource_at('Device', :'a', clock_timestamp()) IS NULL AS gone;
SELECT * FROM scim.verify_audit();
-- by the row, as by the function
INSERT INTO leaving.devices (data) VALUES ('{"name": "c"}');
DELETE FROM leaving.resource_type WHERE name = 'Device';
SET scim.check_resources = off;
DELETE FROM leaving.resource_type WHERE name = 'Device';
RESET scim.check_resources;
SELECT operation, before ->> 'name' AS name FROM leaving.audit WHERE resource_type = 'Device' AND tenant_id = 1 ORDER BY at DESC, id DESC LIMIT 1;
SELECT scim.drop_store('leaving', true);
