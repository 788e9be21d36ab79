-- Tenants: rows of one store, kept apart by row-level security for every role but its owner
\set VERBOSITY terse
SELECT scim.create_store('shared');
SET scim.store = 'shared';
INSERT INTO shared.tenant VALUES (2, 'two');
CREATE ROLE regress_scim_app;
INSERT INTO shared.tenant_role (role) VALUES ('regress_scim_app');
CREATE ROLE regress_scim_users_only;
INSERT INTO shared.tenant_role (role, tenant_id) VALUES ('regress_scim_users_only', 1);
GRANT USAGE ON SCHEMA shared TO regress_scim_app, regress_scim_users_only;
GRANT SELECT, INSERT, UPDATE, DELETE ON shared.resource, shared.users, shared.groups, shared.member TO regress_scim_app;
GRANT SELECT ON shared.schema, shared.resource_type, shared.policy, shared.audit, shared.event TO regress_scim_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON shared.users TO regress_scim_users_only;
\set one1 00000000-0000-7000-8000-000000000011
\set two1 00000000-0000-7000-8000-000000000021
\set gone 00000000-0000-7000-8000-0000000000a1
\set gtwo 00000000-0000-7000-8000-0000000000a2

-- the owner sets the scene: the same userName in two tenants
INSERT INTO shared.users (tenant_id, id, data) VALUES
    (1, :'one1', '{"userName": "bjensen", "externalId": "one", "password": "of one"}'),
    (2, :'two1', '{"userName": "bjensen", "externalId": "two", "password": "of two"}');
INSERT INTO shared.users (tenant_id, data) VALUES (2, '{"userName": "BJensen"}');
INSERT INTO shared.groups (tenant_id, id, data) VALUES (1, :'gone', '{"displayName": "G"}'), (2, :'gtwo', '{"displayName": "G"}');
INSERT INTO shared.member (tenant_id, group_id, member_id) VALUES (1, :'gone', :'one1'), (2, :'gtwo', :'two1');
SELECT tenant_id, count(*) FROM shared.audit WHERE object IS NULL GROUP BY 1 ORDER BY 1;

-- an ordinary role in tenant 1
SET ROLE regress_scim_app;
SET scim.actor = 'app';
SELECT external_id FROM shared.users;
SELECT external_id FROM shared.resource ORDER BY 1;
SELECT tenant_id, count(*) FROM shared.member GROUP BY 1;
SELECT DISTINCT tenant_id FROM shared.audit;
SELECT scim.search('User') -> 'totalResults' AS total, scim.search(NULL) -> 'totalResults' AS all;
SELECT scim.get_resource('User', :'two1');
SELECT status FROM scim.request('GET', '/Users/' || :'two1');
SELECT status FROM scim.request('PATCH', '/Users/' || :'two1', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "title", "value": "t"}]}');
SELECT status FROM scim.request('DELETE', '/Users/' || :'two1');
UPDATE shared.users SET display_name = 'mine' WHERE id = :'two1' RETURNING id;
DELETE FROM shared.users WHERE id = :'two1' RETURNING id;
INSERT INTO shared.users (tenant_id, data) VALUES (2, '{"userName": "smuggled"}');
INSERT INTO shared.resource (tenant_id, resource_type, data) VALUES (2, 'User', '{"userName": "smuggled"}');
INSERT INTO shared.member (tenant_id, group_id, member_id) VALUES (2, :'gtwo', :'one1');
INSERT INTO shared.member (group_id, member_id) VALUES (:'gtwo', :'one1');
UPDATE shared.users SET tenant_id = 2 WHERE id = :'one1';
-- its own it writes, by every way
INSERT INTO shared.users (data) VALUES ('{"userName": "sql", "password": "of sql"}') RETURNING tenant_id;
SELECT scim.create_resource('User', '{"userName": "function"}') ->> 'userName' AS user_name;
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "request"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "BJENSEN"}');
SELECT scim.patch_resource('Group', :'gone', '[{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000021"}]}]')
    #> '{members,1}' AS stranger;       -- a reference, of whom nothing is told
SELECT scim.delete_resource('User', scim.search('User', 'userName eq "request"') #>> '{Resources,0,id}');
SELECT scim.purge('0 s');
-- what it does is written down, where it cannot write itself
SELECT actor, operation, before ->> 'userName' AS before FROM shared.audit WHERE actor = 'app' ORDER BY id;
INSERT INTO shared.audit (tenant_id, actor, operation, resource_type, resource_id) VALUES (1, 'x', 'create', 'User', :'one1');
DELETE FROM shared.audit;
SELECT * FROM shared.credential;
UPDATE shared.credential SET secret = '';
SELECT * FROM shared.token;
INSERT INTO shared.token (hash, description) VALUES (sha256(''), 'x');
INSERT INTO shared.event (tenant_id, event_uri, resource_type, resource_id) VALUES (1, 'x', 'User', :'one1');
UPDATE shared.policy SET enabled = false;
UPDATE shared.schema SET document = '{}';
SELECT scim.verify_password(:'one1', 'of one');
-- the other tenant
SET scim.tenant = 2;
SELECT external_id FROM shared.users;
SELECT scim.search('User') #>> '{Resources,0,externalId}' AS external_id;
INSERT INTO shared.users (data) VALUES ('{"userName": "sql"}') RETURNING tenant_id;
SELECT display_name, version FROM shared.groups;
-- a tenant that is not there has nothing
SET scim.tenant = 3;
SELECT count(*) FROM shared.resource;
RESET scim.tenant;
RESET ROLE;

-- passwords are the tenant's
SELECT scim.verify_password(:'one1', 'of one') AS mine, scim.verify_password(:'two1', 'of two') AS theirs;
SET scim.tenant = 2;
SELECT scim.verify_password(:'two1', 'of two') AS mine;
RESET scim.tenant;

-- policies by tenant: two deletes hard, and sees no policy of others
INSERT INTO shared.policy (tenant_id, resource_type, kind, settings) VALUES (2, 'User', 'delete', '{"mode": "hard"}');
SET ROLE regress_scim_app;
SELECT count(*) FROM shared.policy WHERE tenant_id IS NOT NULL;
DELETE FROM shared.users WHERE id = :'one1';
SELECT status FROM shared.users WHERE id = :'one1';
SET scim.tenant = 2;
SELECT settings FROM shared.policy WHERE tenant_id IS NOT NULL;
DELETE FROM shared.users WHERE id = :'two1';
SELECT count(*) FROM shared.users WHERE id = :'two1';
SELECT count(*) FROM shared.member;
RESET scim.tenant;
RESET ROLE;

-- a role that has "users" and nothing else
SET ROLE regress_scim_users_only;
INSERT INTO shared.users (data) VALUES ('{"userName": "narrow", "password": "narrow"}') RETURNING status;
UPDATE shared.users SET active = false WHERE user_name = 'narrow' RETURNING status, version;
DELETE FROM shared.users WHERE user_name = 'narrow';
SELECT count(*) FROM shared.users WHERE user_name = 'narrow' AND deleted_at IS NULL;
SELECT scim.create_resource('User', '{"userName": "wide"}');
SELECT count(*) FROM shared.audit;
SELECT status FROM scim.request('GET', '/Users');
RESET ROLE;
SELECT actor, operation FROM shared.audit WHERE before ->> 'userName' = 'narrow' ORDER BY id;

-- owner mode ends with the door: neither role, settings nor search_path stay
CREATE SCHEMA regress_scim_lure AUTHORIZATION regress_scim_users_only;
SET ROLE regress_scim_users_only;
CREATE FUNCTION regress_scim_lure.now() RETURNS timestamptz LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'lured as %', current_user; END$$;
CREATE FUNCTION regress_scim_lure.lured(text, text) RETURNS boolean LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'lured as %', current_user; END$$;
CREATE OPERATOR regress_scim_lure.= (LEFTARG = text, RIGHTARG = text, FUNCTION = regress_scim_lure.lured);
SET search_path = regress_scim_lure, pg_catalog;
INSERT INTO shared.users (data) VALUES ('{"userName": "lure", "password": "lure"}');
DELETE FROM shared.users WHERE user_name OPERATOR(pg_catalog.=) 'lure';
SELECT current_user, current_setting('search_path') AS search_path;
-- also after an error in the middle of it
DO $$
BEGIN
    INSERT INTO shared.users (data) VALUES ('{"userName": "sql"}');
EXCEPTION WHEN unique_violation THEN
    RAISE NOTICE '% %', current_user, current_setting('search_path');
END
$$;
RESET search_path;
RESET ROLE;

-- behind the last number there is comes the least that nobody had
INSERT INTO shared.tenant (tenant_id, name) VALUES (2147483647, 'last');
SELECT min(n) AS least FROM generate_series(1, 100) n WHERE n NOT IN (SELECT a.tenant_id FROM shared.audit a) AND n NOT IN (SELECT t.tenant_id FROM shared.tenant t) AND n NOT IN (SELECT e.tenant_id FROM shared.event e) \gset
SELECT scim.create_tenant('next') = :least AS is_least;
SELECT scim.create_tenant('another') > :least AS is_another;

SET client_min_messages = warning;
DROP OWNED BY regress_scim_app, regress_scim_users_only;
DROP ROLE regress_scim_app, regress_scim_users_only;
SELECT scim.drop_store('shared', true);
