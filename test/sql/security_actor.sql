-- What a role calls itself is believed for its own tenants only, whoever's function writes; and the audit has the role that executed the statement
\set VERBOSITY terse
CREATE ROLE regress_scim_actor_owner;
CREATE ROLE regress_scim_app2;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_actor_owner', current_database()) AS grant_them \gset
:grant_them;
GRANT EXECUTE ON FUNCTION scim.create_tenant TO regress_scim_actor_owner;
SET ROLE regress_scim_actor_owner;
SELECT scim.create_store('actors');
SET scim.store = 'actors';
SELECT scim.create_tenant('two') AS two;
INSERT INTO actors.tenant_role (role, tenant_id) VALUES ('regress_scim_app2', 2);
UPDATE actors.policy SET enabled = true WHERE kind = 'events';
GRANT USAGE ON SCHEMA actors TO regress_scim_app2;
GRANT SELECT, INSERT, UPDATE, DELETE ON actors.users, actors.groups, actors.member TO regress_scim_app2;
-- functions of the owner's: one that says no tenant, which is tenant 1's; one that says whose row it is; those of members and of configuration
CREATE FUNCTION actors.hire(name text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ INSERT INTO actors.users (data) VALUES (jsonb_build_object('userName', name)) $$;
CREATE FUNCTION actors.hire_for(tenant int, name text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ INSERT INTO actors.users (tenant_id, data) VALUES (tenant, jsonb_build_object('userName', name)) $$;
CREATE FUNCTION actors.enrol(tenant int, id uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ INSERT INTO actors.member (tenant_id, group_id, member_id) VALUES (tenant, id, scim.uuid_v7()) $$;
CREATE FUNCTION actors.configure(tenant int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ INSERT INTO actors.setting (tenant_id, name, value) VALUES (tenant, 'max_results', '9') $$;
\set g1 00000000-0000-7000-8000-0000000000a1
\set g2 00000000-0000-7000-8000-0000000000a2
INSERT INTO actors.groups (tenant_id, id, data) VALUES (1, :'g1', '{"displayName": "one"}'), (2, :'g2', '{"displayName": "two"}');
CREATE TEMP TABLE mark AS SELECT max(id::text)::uuid AS id FROM actors.audit;
SET ROLE regress_scim_app2;
SET scim.actor = 'token: Okta';
INSERT INTO actors.users (data) VALUES ('{"userName": "his own"}');
INSERT INTO actors.groups (data) VALUES ('{"displayName": "his own"}');
SELECT actors.hire('of the owner');
SELECT actors.hire_for(1, 'for one');
SELECT actors.hire_for(2, 'for two');
SELECT actors.enrol(1, :'g1'), actors.enrol(2, :'g2');
SELECT actors.configure(1), actors.configure(2), actors.configure(NULL);
SELECT scim.actor();
SET scim.tenant = 2;
SELECT actors.hire_for(1, 'for one, having said two'), actors.enrol(1, :'g1');
RESET ROLE;
SELECT a.tenant_id, a.operation, coalesce(u.user_name, a.object, '') AS what, a.actor, a.role, a.db_user = session_user AS of_session
FROM mark, actors.audit a LEFT JOIN actors.users u ON u.id = a.resource_id WHERE a.id > mark.id ORDER BY a.id;
SELECT e.tenant_id, e.operation, u.user_name, e.actor FROM actors.event e JOIN actors.users u ON u.id = e.resource_id ORDER BY e.id;
RESET scim.tenant;
RESET scim.actor;
SET client_min_messages = warning;
SELECT scim.drop_store('actors', true);
DROP OWNED BY regress_scim_actor_owner, regress_scim_app2;
DROP ROLE regress_scim_actor_owner, regress_scim_app2;

-- a role that is called as the audit calls others
CREATE ROLE "token: One" SUPERUSER;
CREATE ROLE "subject: two" SUPERUSER;
CREATE ROLE "role client: three" SUPERUSER;
SELECT scim.create_store('actors');
SET scim.store = 'actors';
UPDATE actors.policy SET enabled = true WHERE kind = 'events';
SET SESSION AUTHORIZATION "token: One";
INSERT INTO actors.users (data) VALUES ('{"userName": "one"}');
SET SESSION AUTHORIZATION "subject: two";
INSERT INTO actors.users (data) VALUES ('{"userName": "two"}');
SET SESSION AUTHORIZATION "role client: three";
INSERT INTO actors.users (data) VALUES ('{"userName": "three"}');
INSERT INTO actors.setting (name, value) VALUES ('max_results', '9');
RESET SESSION AUTHORIZATION;
SELECT actor, db_user, operation FROM actors.audit WHERE db_user <> session_user ORDER BY id;
SELECT actor FROM actors.event ORDER BY id;
SELECT a AS actor, count(c) FROM unnest(ARRAY['One', 'token: One', 'role token: One', 'two', 'client: three']) a LEFT JOIN LATERAL scim.changes(NULL, NULL, actor => a) c ON true GROUP BY 1 ORDER BY 1;
SELECT scim.drop_store('actors', true);
DROP ROLE "token: One", "subject: two", "role client: three";

-- the owner's function that says its tenant, in a session in which nothing of ours was called: what loads the library first
CREATE ROLE regress_scim_actor_owner;
CREATE SCHEMA regress_scim_actor AUTHORIZATION regress_scim_actor_owner;
\c -
\set VERBOSITY terse
SET ROLE regress_scim_actor_owner;
CREATE FUNCTION regress_scim_actor.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET scim.tenant = '1' AS 'SELECT 1';
SELECT scim.actor() IS NOT NULL AS loaded;
CREATE FUNCTION regress_scim_actor.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET scim.tenant = '1' AS 'SELECT 1';
RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA regress_scim_actor CASCADE;
DROP ROLE regress_scim_actor_owner;
