-- The profile "devices": RFC 9944, its examples created, read, found and changed
SET client_min_messages = warning;
SELECT scim.create_store('devices');
SET scim.store = 'devices';
RESET client_min_messages;
\set SHOW_CONTEXT never
SELECT scim.apply_profile('devices') AS changes;
SELECT count(*) AS differences FROM scim.diff_profile('devices');
\set device 'urn:ietf:params:scim:schemas:core:2.0:Device'
\set ble 'urn:ietf:params:scim:schemas:extension:ble:2.0:Device'
\set dpp 'urn:ietf:params:scim:schemas:extension:dpp:2.0:Device'
\set mab 'urn:ietf:params:scim:schemas:extension:ethernet-mab:2.0:Device'
\set fdo 'urn:ietf:params:scim:schemas:extension:fido-device-onboard:2.0:Device'
\set zigbee 'urn:ietf:params:scim:schemas:extension:zigbee:2.0:Device'
\set apps 'urn:ietf:params:scim:schemas:extension:endpointAppsExt:2.0:Device'
\set passkey 'urn:ietf:params:scim:schemas:extension:pairingPassKey:2.0:Device'
\set oob 'urn:ietf:params:scim:schemas:extension:pairingOOB:2.0:Device'
-- the tables of characteristics, 1 to 8
SELECT split_part(replace(s ->> 'id', 'urn:ietf:params:scim:schemas:', ''), ':2.0', 1) AS schema, a ->> 'name' AS attribute, a ->> 'type' AS type, a -> 'multiValued' AS multi, a -> 'required' AS req,
    a -> 'caseExact' AS exact, a ->> 'mutability' AS mutability, a ->> 'returned' AS returned, a ->> 'uniqueness' AS uniqueness,
    (SELECT string_agg(b ->> 'name', ' ') FROM jsonb_array_elements(a -> 'subAttributes') b) AS subs
FROM scim.request('GET', '/Schemas') r, jsonb_array_elements(r.body::jsonb -> 'Resources') WITH ORDINALITY AS s (s, n), jsonb_array_elements(s -> 'attributes') WITH ORDINALITY AS a (a, m)
WHERE s ->> 'id' ~ 'Device$|EndpointApp$' ORDER BY s ->> 'id' COLLATE "C", m;
SELECT t ->> 'name' AS name, t ->> 'endpoint' AS endpoint, jsonb_array_length(t -> 'schemaExtensions') AS extensions
FROM scim.request('GET', '/ResourceTypes') r, jsonb_array_elements(r.body::jsonb -> 'Resources') t WHERE t ->> 'name' ~ 'Device|App';
CREATE FUNCTION pg_temp.post(endpoint text, document jsonb) RETURNS jsonb LANGUAGE sql AS
    $$ SELECT jsonb_build_object('status', status) || (body::jsonb - 'id' - 'meta' - 'schemas') FROM scim.request('POST', endpoint, '{}', document::text) $$;
CREATE FUNCTION pg_temp.count(filter text) RETURNS int LANGUAGE sql AS
    $$ SELECT (scim.search('Device', filter) ->> 'totalResults')::int $$;
-- figure 4: an application; the applications of figure 12
INSERT INTO devices.endpoint_apps (id, data) VALUES ('e9e30dba-f08f-4109-8486-d5c6a3316212', '{"applicationType": "deviceControl", "applicationName": "Device Control App 1", "certificateInfo": {"rootCA": "MIIBIjAN...", "subjectName": "www.example.com"}}'),
    ('e9e30dba-f08f-4109-8486-d5c6a3316333', '{"applicationType": "telemetry", "applicationName": "Telemetry App 1"}');
SELECT pg_temp.post('/EndpointApps', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:EndpointApp"], "applicationType": "deviceControl", "applicationName": "Device Control App 1", "clientToken": "mine",
    "certificateInfo": {"rootCA": "MIIBIjAN...", "subjectName": "www.example.com"}}');
SELECT pg_temp.post('/EndpointApps', '{"applicationType": "other", "applicationName": "x"}');
SELECT scim.patch_resource('EndpointApp', id, '[{"op": "replace", "path": "applicationType", "value": "telemetry"}]') FROM devices.endpoint_apps WHERE data ->> 'applicationType' = 'deviceControl' LIMIT 1;
-- figure 3
SELECT pg_temp.post('/Devices', jsonb_build_object('schemas', jsonb_build_array(:'device'), 'displayName', 'BLE Heart Monitor', 'active', true));
SELECT pg_temp.post('/Devices', jsonb_build_object('schemas', jsonb_build_array(:'device'), 'displayName', 'BLE Heart Monitor'));
-- figure 7, with an irk, a pairing method that has nothing, and one that has no key
SELECT pg_temp.post('/Devices', jsonb_build_object('schemas', jsonb_build_array(:'device', :'ble'), 'displayName', 'BLE Heart Monitor', 'active', true, 'mudUrl', 'https://example.com/mud.json', :'ble', jsonb_build_object(
    'versionSupport', '["5.4"]'::jsonb, 'deviceMacAddress', '2C:54:91:88:C9:E2', 'isRandom', false, 'mobility', true, 'irk', 'secret-irk', 'pairingMethods', jsonb_build_array(:'passkey', :'oob'),
    'urn:ietf:params:scim:schemas:extension:pairingNull:2.0:Device', NULL, 'urn:ietf:params:scim:schemas:extension:pairingJustWorks:2.0:Device', '{"key": null}'::jsonb,
    :'passkey', '{"key": 123456}'::jsonb, :'oob', '{"key": "TheKeyvalueRetrievedFromOOB", "randomNumber": 238796813516896}'::jsonb)));
SELECT id FROM devices.devices WHERE data -> :'ble' IS NOT NULL \gset
-- the same address again, and one that is none
SELECT pg_temp.post('/Devices', jsonb_build_object('active', true, :'ble', jsonb_build_object('versionSupport', '["5.4"]'::jsonb, 'deviceMacAddress', '2c:54:91:88:c9:e2', 'pairingMethods', '["x"]'::jsonb)));
SELECT pg_temp.post('/Devices', jsonb_build_object('active', true, :'ble', jsonb_build_object('versionSupport', '["5.4"]'::jsonb, 'deviceMacAddress', '2C:54:91:88:C9', 'pairingMethods', '["x"]'::jsonb)));
-- figure 8, 9, 10 and 11
SELECT pg_temp.post('/Devices', jsonb_build_object('displayName', 'WiFi Heart Monitor', 'active', true, :'dpp', '{"dppVersion": 2, "bootstrappingMethod": ["QR"],
    "bootstrapKey": "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADURzxmttZoIRIPWGoQMV00XHWCAQIhXruVWOz0NjlkIA=", "deviceMacAddress": "2C:54:91:88:C9:F2", "classChannel": ["81/1", "115/36"], "serialNumber": "4774LH2b4044"}'::jsonb));
SELECT pg_temp.post('/Devices', jsonb_build_object('displayName', 'Some random Ethernet Device', 'active', true, :'mab', '{"deviceMacAddress": "2C:54:91:88:C9:E2"}'::jsonb));
SELECT pg_temp.post('/Devices', jsonb_build_object('displayName', 'Some random Ethernet Device', 'active', true, :'fdo', '{"fdoVoucher": "{... voucher ...}"}'::jsonb));
SELECT pg_temp.post('/Devices', jsonb_build_object('displayName', 'Zigbee Heart Monitor', 'active', true, :'zigbee', '{"versionSupport": ["3.0"], "deviceEui64Address": "50:32:5F:FF:FE:E7:67:28"}'::jsonb));
-- figure 12: what readOnly attributes say is the service's to say
SELECT pg_temp.post('/Devices', jsonb_build_object('displayName', 'BLE Heart Monitor', 'active', true, :'apps', '{"applications": [{"value": "e9e30dba-f08f-4109-8486-d5c6a3316212"}, {"value": "e9e30dba-f08f-4109-8486-d5c6a3316333"}],
    "deviceControlEnterpriseEndpoint": "https://example.com/device_control_app_endpoint/"}'::jsonb));
SELECT pg_temp.post('/Devices', jsonb_build_object('active', true, :'apps', '{"applications": [{"value": "e9e30dba-f08f-4109-8486-000000000000"}]}'::jsonb));
SET scim.write_read_only = on;
UPDATE devices.devices SET data = jsonb_set(data, ARRAY[:'apps', 'deviceControlEnterpriseEndpoint'], '"https://example.com/device_control_app_endpoint/"') WHERE data -> :'apps' IS NOT NULL;
RESET scim.write_read_only;
SELECT body::jsonb -> :'apps' AS with_endpoint FROM devices.devices d, scim.request('GET', '/Devices/' || d.id) WHERE data -> :'apps' IS NOT NULL;
-- filters: an extension within an extension is named by its URN, with or without that of the other
SELECT filter, pg_temp.count(filter) FROM (VALUES ('displayName co "heart"'), ('active eq true'), (:'ble' || ':deviceMacAddress eq "2c:54:91:88:c9:e2"'), (:'ble' || ':pairingMethods co "pairingOOB"'),
    (:'passkey' || ':key eq 123456'), (:'passkey' || '.key eq 123456'), (:'ble' || ':' || :'passkey' || '.key ge 123456'), (:'ble' || ':' || :'oob' || ':key sw "TheKey"'), (:'oob' || ' pr'), (:'oob' || ':key eq "thekeyvalueretrievedfromoob"'),
    (:'zigbee' || ':versionSupport eq "3.0"'), (:'apps' || ':applications[value eq "e9e30dba-f08f-4109-8486-d5c6a3316212"]'), (:'fdo' || ' pr')) f (filter);
SELECT pg_temp.count(:'ble' || ':irk pr');
SELECT pg_temp.count(:'dpp' || ':bootstrapKey co "MD"');
SELECT pg_temp.count(:'fdo' || ':fdoVoucher eq "{... voucher ...}"');
SELECT pg_temp.count(:'passkey' || ':nothing pr');
-- attributes
SELECT body::jsonb - 'id' AS body FROM scim.request('GET', '/Devices/' || :'id' || '?attributes=' || :'passkey' || ':key');
SELECT body::jsonb - 'id' AS body FROM scim.request('GET', '/Devices/' || :'id' || '?attributes=' || :'ble' || ':irk,' || :'ble' || ':' || :'oob');
SELECT body::jsonb -> :'ble' AS body FROM scim.request('GET', '/Devices/' || :'id' || '?excludedAttributes=' || :'passkey' || ',' || :'ble' || ':pairingMethods');
-- PATCH
CREATE FUNCTION pg_temp.patch(id text, operations jsonb) RETURNS jsonb LANGUAGE sql AS
    $$ SELECT body::jsonb - 'meta' - 'id' - 'schemas' FROM scim.request('PATCH', '/Devices/' || id, '{}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', operations)::text) $$;
SELECT pg_temp.patch(:'id', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', :'ble' || ':' || :'passkey' || ':key', 'value', 654321), jsonb_build_object('op', 'remove', 'path', :'oob'),
    jsonb_build_object('op', 'replace', 'path', 'active', 'value', false), jsonb_build_object('op', 'replace', 'path', :'ble' || ':irk', 'value', 'another-irk')));
SELECT pg_temp.patch(:'id', jsonb_build_array(jsonb_build_object('op', 'add', 'value', jsonb_build_object(:'ble', jsonb_build_object(:'passkey', '{"key": 111111}'::jsonb))))) -> :'ble' -> :'passkey' AS merged;
SELECT pg_temp.patch(:'id', jsonb_build_array(jsonb_build_object('op', 'add', 'path', :'ble' || ':' || :'passkey', 'value', '{"unknown": 1}'::jsonb))) ->> 'detail' AS detail;
-- PUT of what was read keeps what cannot be read
SELECT scim.unseal_value(:'id', :'ble' || ':irk') AS irk;
SELECT scim.replace_resource('Device', :'id', scim.get_resource('Device', :'id')) IS NOT NULL AS put;
SELECT scim.unseal_value(:'id', :'ble' || ':irk') AS irk;
SELECT d.id, scim.replace_resource('Device', d.id, scim.get_resource('Device', d.id)) -> 'schemas' AS schemas FROM devices.devices d WHERE data -> :'fdo' IS NOT NULL \gset fdo_
SELECT :'fdo_schemas' AS schemas, scim.unseal_value(:'fdo_id', :'fdo' || ':fdoVoucher') AS voucher;
-- in a group
SELECT (scim.create_resource('Group', jsonb_build_object('displayName', 'Monitors', 'members', jsonb_build_array(jsonb_build_object('value', :'id', 'type', 'Device')))) #> '{members,0}') - 'value' - '$ref' AS member;
-- names that are URNs are of complex attributes, and of no sub-attribute
SELECT scim.register_schema('{"id": "urn:example:x", "name": "x", "attributes": [{"name": "urn:example:y"}]}');
SELECT scim.register_schema('{"id": "urn:example:x", "name": "x", "attributes": [{"name": "x", "type": "complex", "subAttributes": [{"name": "urn:example:y"}]}]}');
SET client_min_messages = warning;
SELECT scim.drop_store('devices', true);
