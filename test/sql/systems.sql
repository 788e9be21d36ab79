-- The schemas of four real systems load, and take what these systems are sent
\pset format unaligned
\pset tuples_only on
CREATE FUNCTION pg_temp.load(system text, documents jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim.create_store(system);
  PERFORM set_config('scim.store', system, false);
  PERFORM scim.register_schema(document) FROM jsonb_array_elements(documents -> 'schemas') document;
  PERFORM scim.register_resource_type(document) FROM jsonb_array_elements(documents -> 'resourceTypes') document;
END $$;
\set firstbase `cat "$PG_ABS_SRCDIR/data/systems/firstbase.json"`
\set firstup `cat "$PG_ABS_SRCDIR/data/systems/firstup.json"`
\set staffbase `cat "$PG_ABS_SRCDIR/data/systems/staffbase.json"`
\set aisera `cat "$PG_ABS_SRCDIR/data/systems/aisera.json"`

-- what discovery says of them
\set discovered 'SELECT r ->> ''id'', jsonb_array_length(r -> ''attributes'') FROM scim.request(''GET'', ''/Schemas''), jsonb_array_elements(body::jsonb -> ''Resources'') r WHERE r ->> ''id'' NOT LIKE ''%:core:2.0:%'' ORDER BY 1'

SELECT pg_temp.load('firstbase', :'firstbase');
:discovered;
SELECT body::jsonb ->> 'totalResults' FROM scim.request('GET', '/ResourceTypes');
INSERT INTO firstbase.policy (resource_type, kind, settings)
VALUES ('User', 'reference', '{"attributes": {"urn:ietf:params:scim:schemas:extension:firstbase:1.0:User:packageId": "Package"}, "missing": "notFound"}');
UPDATE firstbase.policy SET enabled = true WHERE kind = 'identity';
INSERT INTO firstbase.packages (id, data) VALUES ('00000000-0000-4000-8000-000000000001', '{"name": "Engineer", "automaticOrdering": "true"}');
SELECT status, body::jsonb ->> 'detail' FROM scim.request('POST', '/Packages', '{}', '{"name": "engineer"}');
SELECT status, body::jsonb -> 'urn:ietf:params:scim:schemas:extension:firstbase:1.0:User' FROM scim.request('POST', '/Users', '{}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "james@example.com", "emails": [{"value": "james@example.com", "type": "work", "primary": true}],
  "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User": {"packageId": "00000000-0000-4000-8000-000000000001", "startDate": "2022-02-01", "status": "ACTIVE", "skipUserActivation": false}}');
SELECT status, body::jsonb ->> 'detail' FROM scim.request('POST', '/Users', '{}', '{"userName": "jane@example.com", "emails": [{"value": "jane@example.com"}],
  "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User": {"packageId": "00000000-0000-4000-8000-000000000002"}}');
-- the service moves the status on, by its own code
SET scim.write_read_only = on;
UPDATE firstbase.users SET data = jsonb_set(data, '{urn:ietf:params:scim:schemas:extension:firstbase:1.0:User,status}', '"ACTIVE"');
RESET scim.write_read_only;
SELECT scim.search('User', 'urn:ietf:params:scim:schemas:extension:firstbase:1.0:User:status eq "active" and name.givenName eq null') ->> 'totalResults';

SELECT pg_temp.load('firstup', :'firstup');
:discovered;
SELECT scim.canonicalise('User', '{"userName": "jd", "roles": "publisher", "active": true, "nickName": "Jo",
  "urn:SocialChorus:1.0:User": {"businessUnit": "North", "hireDate": "2020-01-31T00:00:00.000Z", "customAttributes": [{"name": "Shift", "value": "Night"}, {"name": "Floor", "value": "2"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "7", "department": "Ops"}}}');
-- GET, change, PUT the copy back: nothing is lost
INSERT INTO firstup.users (id, data) VALUES ('00000000-0000-4000-8000-000000000001', '{"userName": "jd", "roles": "publisher", "urn:SocialChorus:1.0:User": {"customAttributes": [{"name": "Shift", "value": "Night"}, {"name": "Floor", "value": "2"}]}}');
SELECT scim.replace_resource('User', '00000000-0000-4000-8000-000000000001', scim.get_resource('User', '00000000-0000-4000-8000-000000000001')) = scim.get_resource('User', '00000000-0000-4000-8000-000000000001');
SELECT version FROM firstup.users;
SELECT scim.search('User', 'roles eq "publisher" and urn:SocialChorus:1.0:User:customAttributes[name eq "Shift" and value eq "Night"]') ->> 'totalResults';

SELECT pg_temp.load('staffbase', :'staffbase');
:discovered;
SELECT scim.create_resource('User', '{"userName": "jd", "externalId": "7", "email": "jd@example.com", "recoveryCode": "123", "urn:example:staffbase:1.0:User:sessionsValidAfter": "2026-01-01T00:00:00Z"}') - 'id' - 'meta';
SELECT status, body::jsonb ->> 'detail' FROM scim.request('POST', '/Users', '{}', '{"userName": "jd2", "email": "JD@example.com"}');

SELECT pg_temp.load('aisera', :'aisera');
:discovered;
SELECT scim.create_resource('User', '{"userName": "jd", "password": "secret", "roles": ["Admin"], "role": "Admin", "tenantName": "a"}') - 'id' - 'meta';
SELECT status, body::jsonb ->> 'scimType' FROM scim.request('POST', '/Users', '{}', '{"userName": "x", "department": "no enterprise extension here"}');

SET client_min_messages = warning;
SELECT scim.drop_store(store, true) FROM unnest(ARRAY['firstbase', 'firstup', 'staffbase', 'aisera']) store;
