-- Row-level security that is forced upon the owner of a store: it binds him, and the store works as ever
\set VERBOSITY terse
CREATE ROLE regress_scim_strict;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_strict', current_database()) AS grant_them \gset
:grant_them;
GRANT EXECUTE ON FUNCTION scim.create_tenant, scim.drop_tenant, scim.create_token, scim.create_client, scim.rotate_token(uuid, interval, timestamptz), scim.revoke_token(uuid), scim.verify_password(uuid, text) TO regress_scim_strict;
SET ROLE regress_scim_strict;
SET scim.force_row_security = on;
SELECT scim.create_store('strict');
RESET scim.force_row_security;
SET scim.store = 'strict';
SELECT count(*) FROM pg_class WHERE relnamespace = 'strict'::regnamespace AND relrowsecurity AND NOT relforcerowsecurity;
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set g1 00000000-0000-7000-8000-0000000000a1

-- what the store is, is up to him
SELECT name FROM strict.tenant;
SELECT scim.create_tenant('two') AS two;
SELECT schema ->> 'id' AS schema FROM scim.register_schema('{"id": "urn:example:Badge", "name": "Badge", "attributes": [{"name": "badge", "uniqueness": "global"}]}') schema;
SELECT FROM scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:Badge"}');
SELECT relforcerowsecurity FROM pg_class WHERE oid = 'strict.devices'::regclass;
INSERT INTO strict.policy (resource_type, kind, settings) VALUES ('User', 'default', '{"attributes": {"title": "Guest"}}');
UPDATE strict.policy SET enabled = true WHERE kind = 'events';
INSERT INTO strict.setting (name, value) VALUES ('max_results', '50');
INSERT INTO strict.endpoint (methods, path, resource_type, action) VALUES ('{GET}', '/api/users/{id}', 'User', 'read');
INSERT INTO strict.tenant_role (role, tenant_id) VALUES (session_user, 2);
SELECT count(*) FROM scim.validate_store();
SELECT count(*) > 0 AS settings FROM scim.settings() WHERE source = 'store';

-- his rows are those of the tenant for whom he acts
INSERT INTO strict.users (id, data) VALUES (:'u1', '{"userName": "one", "password": "t1meMa$heen"}');
INSERT INTO strict.users (tenant_id, data) VALUES (2, '{"userName": "two"}');
SET scim.tenant = 2;
INSERT INTO strict.users (id, data) VALUES (:'u2', '{"userName": "two"}') RETURNING data ->> 'title' AS title;
INSERT INTO strict.devices (data) VALUES ('{"badge": "B1"}');
SELECT tenant_id, user_name FROM strict.users;
SELECT count(*) FROM strict.audit WHERE tenant_id = 1;
UPDATE strict.users SET active = false WHERE tenant_id = 1 RETURNING user_name;
DELETE FROM strict.users WHERE tenant_id = 1 RETURNING user_name;
SELECT scim.search('User') -> 'totalResults' AS total;
RESET scim.tenant;
SELECT tenant_id, user_name FROM strict.users;
SELECT scim.search('User') -> 'totalResults' AS total;
SELECT status FROM scim.request('GET', '/Users/' || :'u2');
-- the store looks further than he does: what is unique in all tenants, references, memberships, audit
INSERT INTO strict.devices (data) VALUES ('{"badge": "b1"}');
INSERT INTO strict.groups (id, data) VALUES (:'g1', '{"displayName": "G", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT scim.patch_resource('Group', :'g1', '[{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000002"}]}]') -> 'members' -> 1 AS stranger;
SELECT scim.get_resource('User', :'u1') #>> '{groups,0,display}' AS "group";
SELECT scim.verify_password(:'u1'::uuid, 't1meMa$heen') AS password;
DELETE FROM strict.users WHERE id = :'u1';
SELECT count(*) FROM strict.member;
SELECT operation, count(*) FROM strict.audit WHERE resource_type = 'User' GROUP BY 1 ORDER BY 1;
SELECT scim.restore_resource('User', :'u1') -> 'userName' AS restored;
SELECT count(*) > 0 AS events FROM strict.event;
SELECT scim.purge('0 s');
-- tokens of his tenant
SELECT id AS token, secret FROM scim.create_token('of one') \gset
SET scim.tenant = 2;
SELECT secret AS second FROM scim.create_token('of two') \gset
SELECT description FROM strict.token;
\set VERBOSITY sqlstate
SELECT scim.rotate_token(:'token'::uuid) IS NULL AS not_his;
\set VERBOSITY terse
SELECT scim.authenticate(:'secret') AS one, scim.authenticate(:'second') AS two;
RESET scim.tenant;
-- one statement, as ours and as his, each by its own rules
CREATE FUNCTION pg_temp.count_all() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM strict.users $$;
SELECT pg_temp.count_all();
SELECT scim.create_resource('Device', '{"badge": "B2"}') -> 'urn:example:Badge' AS badge;
SELECT pg_temp.count_all();
-- he drops what is his
SET scim.tenant = 2;
DELETE FROM strict.users;
DELETE FROM strict.devices;
SELECT scim.purge('0 s');
RESET scim.tenant;
SELECT scim.drop_tenant(2);
SELECT tenant_id FROM strict.tenant;
-- who is somebody else is bound as before
RESET ROLE;
CREATE ROLE regress_scim_nobody;
GRANT USAGE ON SCHEMA strict TO regress_scim_nobody;
GRANT SELECT ON ALL TABLES IN SCHEMA strict TO regress_scim_nobody;
SET ROLE regress_scim_nobody;
SELECT (SELECT count(*) FROM strict.secret) AS secrets, (SELECT count(*) FROM strict.tenant_role) AS roles, (SELECT count(*) FROM strict.schema) > 0 AS schemas;
UPDATE strict.schema SET document = document;
RESET ROLE;
SET client_min_messages = warning;
DROP OWNED BY regress_scim_nobody;
DROP ROLE regress_scim_nobody;
SELECT scim.drop_store('strict', true);
DROP OWNED BY regress_scim_strict;
DROP ROLE regress_scim_strict;
