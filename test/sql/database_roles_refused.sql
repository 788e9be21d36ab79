-- The policy "database_roles": what it never does, whoever asks for it, and what that is called
\set VERBOSITY terse
CREATE ROLE regress_scim_dbo CREATEROLE;
CREATE ROLE regress_scim_analyst;
CREATE ROLE regress_scim_super SUPERUSER;
CREATE ROLE regress_scim_by_super IN ROLE regress_scim_super;
CREATE ROLE regress_scim_by_owner IN ROLE regress_scim_dbo;
CREATE ROLE regress_scim_maker CREATEROLE;
CREATE ROLE regress_scim_db CREATEDB;
CREATE ROLE regress_scim_repl REPLICATION;
CREATE ROLE regress_scim_rls BYPASSRLS;
CREATE ROLE regress_scim_by_rls IN ROLE regress_scim_rls;
CREATE ROLE regress_scim_reads IN ROLE pg_read_all_data;
CREATE ROLE regress_scim_clerk;
CREATE ROLE regress_scim_service LOGIN;
CREATE ROLE scim_regress_product;
GRANT regress_scim_analyst, regress_scim_maker, regress_scim_db, regress_scim_repl, regress_scim_rls, regress_scim_by_rls, regress_scim_reads, pg_monitor
    TO regress_scim_dbo WITH ADMIN OPTION;
GRANT regress_scim_service TO regress_scim_dbo WITH ADMIN OPTION;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_dbo', current_database()) AS grant_it \gset
:grant_it;
GRANT EXECUTE ON FUNCTION scim.check_database_roles(), scim.sync_database_roles(boolean), scim.adopt_database_role(uuid, text), scim.adopt_database_role(text, text),
    scim.release_database_role(text), scim.create_tenant(text, text), scim.drop_tenant(int), scim.create_token(text, timestamptz, text[]) TO regress_scim_dbo WITH GRANT OPTION;
SET ROLE regress_scim_dbo;
SELECT scim.create_store('refused');
UPDATE refused.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
SET scim.store = 'refused';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
    hint text;
BEGIN
    EXECUTE statement;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN 'done ' || n;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN sqlstate || ': ' || regexp_replace(sqlerrm, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g') || coalesce(' / ' || nullif(hint, ''), '');
END $$;
CREATE FUNCTION pg_temp.policy(settings text, tenant int DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.try(format('INSERT INTO refused.policy (tenant_id, resource_type, kind, settings) VALUES (%L, ''User'', ''database_roles'', %L)', tenant, settings));
$$;
CREATE FUNCTION pg_temp.grants(VARIADIC roles text[]) RETURNS text LANGUAGE sql AS $$
    SELECT jsonb_build_object('missing', 'create', 'grants', jsonb_build_array(jsonb_build_object('group', 'displayName eq "Staff"', 'roles', to_jsonb(roles))))::text;
$$;
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$
    SELECT id FROM refused.resource WHERE tenant_id = scim.tenant() AND coalesce(user_name, display_name) = name AND deleted_at IS NULL;
$$;
-- somebody of that name comes to the group
CREATE FUNCTION pg_temp.hire(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
    person uuid;
BEGIN
    INSERT INTO refused.users (data) VALUES (jsonb_build_object('userName', name)) RETURNING id INTO person;
    reply := scim.request('PATCH', '/Groups/' || pg_temp.id('Staff'), '{}',
        jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', person)))))::text);
    DELETE FROM refused.users WHERE id = person AND reply.status <> 200;
    RETURN reply.status || coalesce(' ' || (reply.body::jsonb ->> 'scimType'), '') || CASE WHEN reply.status <> 200 THEN ': ' || (reply.body::jsonb ->> 'detail') ELSE '' END;
END $$;

-- settings
SELECT settings, pg_temp.policy(settings) FROM unnest(ARRAY['{}', '{"grants": {}}', '{"grants": [1]}', '{"grants": [{}]}', '{"grants": [{"group": "displayName pr"}]}',
    '{"grants": [{"group": "displayName is good", "roles": ["regress_scim_analyst"]}]}', '{"grants": [{"group": "colour eq \"red\"", "roles": ["regress_scim_analyst"]}]}',
    '{"grants": [{"group": 7, "roles": ["regress_scim_analyst"]}]}', '{"grants": [{"group": "displayName pr", "roles": "regress_scim_analyst"}]}',
    '{"grants": [{"group": "displayName pr", "roles": [null]}]}', '{"grants": [{"group": "displayName pr", "roles": [""]}]}', '{"grants": [{"group": "displayName pr", "roles": ["public"]}]}',
    '{"grants": [{"group": "displayName pr", "roles": ["regress_scim_analyst", "regress_scim_analyst"]}]}',
    '{"grants": [{"group": "displayName pr", "roles": [], "type": "User"}]}', '{"grants": [{"group": "displayName pr", "roles": [], "type": "Nothing"}]}', '{"grants": [{"group": "displayName pr", "roles": [], "who": 1}]}',
    '{"grants": [], "login": "emails"}', '{"grants": [], "login": "emails.value"}', '{"grants": [], "login": "active"}', '{"grants": [], "login": "password"}', '{"grants": [], "login": 7}', '{"grants": [], "login": "nothing"}',
    '{"grants": [], "prefix": 1}', '{"grants": [], "prefix": "scim_x"}', '{"grants": [], "prefix": "PG_x"}', '{"grants": [], "missing": "perhaps"}', '{"grants": [], "nested": "yes"}', '{"grants": [], "privileged": "pg_monitor"}', '{"grants": [], "roles": []}']) settings;
SELECT pg_temp.try($$INSERT INTO refused.policy (resource_type, kind, settings) VALUES ('Group', 'database_roles', '{"grants": [], "login": "displayName"}')$$);

-- roles that are more than ordinary ones
SELECT role, pg_temp.policy(pg_temp.grants(role)) FROM unnest('{regress_scim_super,regress_scim_by_super,regress_scim_dbo,regress_scim_by_owner,regress_scim_maker,regress_scim_db,regress_scim_repl,regress_scim_rls,regress_scim_by_rls,
    regress_scim_reads,pg_monitor,pg_execute_server_program,scim_regress_product,regress_scim_nobody}'::text[]) role;
SELECT pg_temp.policy(jsonb_set(pg_temp.grants('regress_scim_nobody' || repeat('x', 45))::jsonb, '{missing}', '"ignore"')::text);
-- where it is said, but for what never is
SELECT role, pg_temp.policy((pg_temp.grants(role)::jsonb || jsonb_build_object('privileged', ARRAY[role, 'pg_read_all_data']))::text) FROM unnest('{regress_scim_super,regress_scim_by_super,regress_scim_dbo,regress_scim_by_owner,scim_regress_product}'::text[]) role;
BEGIN;
SELECT pg_temp.policy((pg_temp.grants('regress_scim_maker', 'regress_scim_db', 'regress_scim_by_rls', 'regress_scim_reads', 'pg_monitor')::jsonb
    || '{"privileged": ["regress_scim_maker", "regress_scim_db", "regress_scim_rls", "pg_read_all_data", "pg_monitor", "pg_read_all_settings", "pg_read_all_stats", "pg_stat_scan_tables"]}')::text);
ROLLBACK;
-- which the owner may not grant
RESET ROLE;
ALTER ROLE regress_scim_dbo NOCREATEROLE;
SET ROLE regress_scim_dbo;
SELECT pg_temp.policy(pg_temp.grants('regress_scim_clerk'));
RESET ROLE;
ALTER ROLE regress_scim_dbo CREATEROLE;
-- who is not the owner does not write it, even if he writes policies
GRANT USAGE ON SCHEMA refused TO regress_scim_clerk;
GRANT ALL ON ALL TABLES IN SCHEMA refused TO regress_scim_clerk;
INSERT INTO refused.tenant_role (role, tenant_id) VALUES ('regress_scim_clerk', 1);
GRANT EXECUTE ON FUNCTION scim.check_database_roles(), scim.sync_database_roles(boolean), scim.adopt_database_role(text, text), scim.release_database_role(text) TO regress_scim_clerk;
SET ROLE regress_scim_clerk;
SELECT pg_temp.try(format('INSERT INTO refused.policy (tenant_id, resource_type, kind, settings) VALUES (1, ''User'', ''database_roles'', %L)', pg_temp.grants('regress_scim_analyst')));
SELECT pg_temp.try('INSERT INTO refused.policy (tenant_id, resource_type, kind, settings) VALUES (1, ''User'', ''default'', ''{"attributes": {"title": "x"}}'')');
SELECT pg_temp.try(format('UPDATE refused.policy SET kind = ''database_roles'', name = ''database_roles'', settings = %L WHERE kind = ''default''', pg_temp.grants('regress_scim_analyst')));
SELECT pg_temp.try('SELECT * FROM scim.check_database_roles()'), pg_temp.try('SELECT * FROM scim.sync_database_roles()'),
    pg_temp.try('SELECT scim.adopt_database_role(''00000000-0000-7000-8000-000000000001'', ''regress_scim_service'')'), pg_temp.try('SELECT scim.release_database_role(''regress_scim_service'')');
SET ROLE regress_scim_dbo;
DELETE FROM refused.policy WHERE kind = 'default';
SELECT pg_temp.policy(pg_temp.grants('regress_scim_analyst'));
SET ROLE regress_scim_clerk;
SELECT pg_temp.try('DELETE FROM refused.policy'), pg_temp.try('UPDATE refused.policy SET enabled = false WHERE kind = ''database_roles''');

-- but who writes groups needs no rights in the database
INSERT INTO refused.groups (data) VALUES ('{"displayName": "Staff"}');
SELECT pg_temp.hire('regress_scim_p_amy');
SET ROLE regress_scim_dbo;
SELECT role, granted FROM refused.database_role;

-- names
SELECT quote_literal(name) AS name, pg_temp.hire(name) FROM unnest(ARRAY[repeat('x', 64), repeat('ü', 32), E'regress\nscim', E'regress\tscim', 'pg_regress', 'PG_Regress', 'scim_regress', 'Scim_Regress', 'public', 'PUBLIC', 'none']) name;
SELECT name, pg_temp.hire(name) FROM unnest('{regress_scim_super,regress_scim_dbo,regress_scim_service,regress_scim_analyst,Regress_Scim_SERVICE,REGRESS_SCIM_ANALYST}'::text[]) name;
-- what quoting must keep together; what folds into somebody's
CREATE ROLE "regress_scim_p_STRASSE";
SELECT name, pg_temp.hire(name) FROM unnest(ARRAY['regress_scim_p_"; ALTER ROLE regress_scim_dbo SUPERUSER; --', 'regress_scim_p_''x', 'regress_scim_p_%I %s $1 \', 'regress_scim_p_straße', 'regress_scim_p_x WITH ADMIN OPTION']) name;
SELECT rolname, rolcanlogin, rolsuper, rolinherit, rolcreaterole FROM pg_roles WHERE rolname ^@ 'regress_scim_p_' ORDER BY rolname COLLATE "C";
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_scim_dbo';
-- another name is held to the same
SELECT name, pg_temp.try(format('UPDATE refused.users SET user_name = %L WHERE user_name = ''regress_scim_p_amy''', name)) FROM unnest(ARRAY['regress_scim_super', 'regress_scim_clerk', 'REGRESS_SCIM_P_''X', 'pg_x', repeat('y', 64), 'Regress_Scim_P_Amy']) name;
SELECT role FROM refused.database_role WHERE role ~* 'amy';
-- a role that policies name, and is not there, is nobody's either
RESET ROLE;
CREATE ROLE regress_scim_later;
GRANT regress_scim_later TO regress_scim_dbo WITH ADMIN OPTION;
SET ROLE regress_scim_dbo;
UPDATE refused.policy SET settings = settings || jsonb_build_object('grants', settings -> 'grants' || '[{"group": "displayName eq \"Later\"", "roles": ["regress_scim_later"]}]') WHERE kind = 'database_roles';
RESET ROLE;
DROP ROLE regress_scim_later;
SET ROLE regress_scim_dbo;
SELECT pg_temp.hire('regress_scim_later');
INSERT INTO refused.groups (data) VALUES ('{"displayName": "Later"}');
SELECT pg_temp.try('INSERT INTO refused.member (group_id, member_id) SELECT pg_temp.id(''Later''), resource_id FROM refused.database_role WHERE role ~* ''amy'' LIMIT 1');
RESET ROLE;
CREATE ROLE regress_scim_later;
GRANT regress_scim_later TO regress_scim_dbo WITH ADMIN OPTION;
-- one that becomes more than an ordinary one is not granted any more
RESET ROLE;
ALTER ROLE regress_scim_analyst CREATEDB;
SELECT pg_temp.hire('regress_scim_p_bea');
ALTER ROLE regress_scim_analyst NOCREATEDB SUPERUSER;
SELECT pg_temp.hire('regress_scim_p_bea');
ALTER ROLE regress_scim_analyst NOSUPERUSER;
-- nor is anything done to one
SELECT pg_temp.hire('regress_scim_p_bea');
ALTER ROLE regress_scim_p_bea SUPERUSER;
SELECT pg_temp.try('UPDATE refused.users SET active = false WHERE user_name = ''regress_scim_p_bea'' AND deleted_at IS NULL');
ALTER ROLE regress_scim_p_bea NOSUPERUSER;
SELECT pg_temp.try('UPDATE refused.users SET active = false WHERE user_name = ''regress_scim_p_bea'' AND deleted_at IS NULL');

-- who may not log in to begin with gets no role until he may
SET ROLE regress_scim_dbo;
INSERT INTO refused.users (data) VALUES ('{"userName": "regress_scim_p_cy", "active": false}');
INSERT INTO refused.member (group_id, member_id) VALUES (pg_temp.id('Staff'), pg_temp.id('regress_scim_p_cy'));
SELECT count(*) FROM pg_roles WHERE rolname = 'regress_scim_p_cy';
UPDATE refused.users SET active = true WHERE user_name = 'regress_scim_p_cy';
SELECT count(*) FROM pg_roles WHERE rolname = 'regress_scim_p_cy';
-- without "create": refused, or left without
UPDATE refused.policy SET settings = settings - 'missing' WHERE kind = 'database_roles';
SELECT pg_temp.hire('regress_scim_p_dee');
UPDATE refused.policy SET settings = settings || '{"missing": "ignore"}' WHERE kind = 'database_roles';
SELECT pg_temp.hire('regress_scim_p_dee');
SELECT login_role, action, problem FROM scim.check_database_roles() WHERE name ~ 'dee';
UPDATE refused.policy SET settings = settings || '{"missing": "create"}' WHERE kind = 'database_roles';
SELECT count(*) FROM pg_roles WHERE rolname = 'regress_scim_p_dee';

-- adopting
INSERT INTO refused.users (data) VALUES ('{"userName": "ed"}'), ('{"userName": "flo"}');
SELECT role, pg_temp.try(format('SELECT scim.adopt_database_role(%L, %L)', pg_temp.id('ed'), role)) FROM unnest('{regress_scim_super,regress_scim_by_super,regress_scim_dbo,regress_scim_by_owner,regress_scim_maker,regress_scim_db,regress_scim_repl,regress_scim_rls,
    pg_monitor,scim_regress_product,regress_scim_nobody,regress_scim_analyst,regress_scim_p_cy,regress_scim_reads}'::text[]) role;
SELECT pg_temp.try(format('SELECT scim.adopt_database_role(%L, ''regress_scim_service'')', id)) FROM (VALUES ('x'), ('00000000-0000-7000-8000-00000000ffff'), (pg_temp.id('Staff')::text)) v (id);
-- who is out of sight is nobody, by either form, and the manual's call for all passes by
INSERT INTO refused.users (data) VALUES ('{"userName": "ed2"}');
SELECT id AS gone FROM refused.users WHERE user_name = 'ed2' \gset
DELETE FROM refused.users WHERE id = :'gone';
SELECT pg_temp.try(format('SELECT scim.adopt_database_role(%L::%s, ''regress_scim_service'')', :'gone', type)) ~ 'SC404|no person' AS refused FROM unnest('{uuid,text}'::text[]) type;
SELECT scim.release_database_role('regress_scim_reads');
SELECT scim.adopt_database_role(pg_temp.id('ed'), 'regress_scim_service');
SELECT pg_temp.try(format('SELECT scim.adopt_database_role(%L, ''regress_scim_service'')', pg_temp.id('flo'))), pg_temp.try(format('SELECT scim.adopt_database_role(%L, ''regress_scim_clerk'')', pg_temp.id('ed')));
SELECT pg_temp.try('SELECT scim.release_database_role(''regress_scim_clerk'')');
INSERT INTO refused.member (group_id, member_id) VALUES (pg_temp.id('Staff'), pg_temp.id('ed'));
UPDATE refused.users SET active = false WHERE user_name = 'ed';
SELECT rolcanlogin, pg_has_role('regress_scim_service', 'regress_scim_analyst', 'MEMBER') AS granted FROM pg_roles WHERE rolname = 'regress_scim_service';

-- tenants
SELECT pg_temp.try('SELECT scim.create_tenant(''second'')'), pg_temp.try('INSERT INTO refused.tenant (tenant_id, name) VALUES (2, ''second'')');
UPDATE refused.policy SET enabled = false WHERE kind = 'database_roles';
SELECT pg_temp.try('SELECT scim.create_tenant(''second'')');
SELECT pg_temp.try('UPDATE refused.policy SET enabled = true WHERE kind = ''database_roles''');
UPDATE refused.policy SET enabled = true, tenant_id = 1 WHERE kind = 'database_roles';
SET scim.tenant = 2;
SELECT pg_temp.policy(pg_temp.grants('regress_scim_analyst'), 2);
INSERT INTO refused.groups (data) VALUES ('{"displayName": "Staff"}');
SELECT name, pg_temp.hire(name) FROM unnest('{regress_scim_p_cy,REGRESS_SCIM_P_CY,regress_scim_service,regress_scim_p_gil}'::text[]) name;
SELECT count(*) FROM scim.check_database_roles() WHERE login_role <> 'regress_scim_p_gil';
SELECT pg_temp.try('SELECT scim.release_database_role(''regress_scim_p_cy'')'), pg_temp.try(format('SELECT scim.adopt_database_role(%L, ''regress_scim_p_cy'')', pg_temp.id('regress_scim_p_gil')));
RESET scim.tenant;
SET ROLE regress_scim_clerk;
SELECT count(*) FILTER (WHERE tenant_id <> 1) AS of_others, count(*) > 3 AS own FROM refused.database_role;
SELECT pg_temp.try('INSERT INTO refused.database_role (tenant_id, resource_id, resource_type, role, role_id, database_id, made, login) SELECT 1, id, ''User'', ''regress_scim_maker'', ''regress_scim_maker''::regrole, 1, false, true FROM refused.users LIMIT 1'),
    pg_temp.try('UPDATE refused.database_role SET role = ''regress_scim_maker'''), pg_temp.try('DELETE FROM refused.database_role');
SET ROLE regress_scim_dbo;
-- scopes change nothing of the server
SELECT secret FROM scim.create_token('scoped', scopes => '{write}') \gset
BEGIN;
SELECT scim.authenticate('Bearer ' || :'secret');
SELECT pg_temp.try('SELECT * FROM scim.check_database_roles()'), pg_temp.try('SELECT * FROM scim.sync_database_roles()'), pg_temp.try(format('SELECT scim.adopt_database_role(%L, ''regress_scim_clerk'')', pg_temp.id('flo')));
ROLLBACK;
SELECT pg_temp.try(format('SELECT scim.%s', call)) FROM unnest('{"adopt_database_role(NULL::uuid, NULL)",release_database_role(NULL),sync_database_roles(NULL)}'::text[]) call;

RESET ROLE;
SET client_min_messages = warning;
SELECT scim.drop_store('refused', true);
SELECT string_agg(format('DROP ROLE %I', rolname), '; ') AS drop_them FROM pg_roles WHERE starts_with(lower(rolname), 'regress_scim_p_') \gset
:drop_them;
DROP OWNED BY regress_scim_dbo, regress_scim_clerk;
DROP ROLE regress_scim_by_super, regress_scim_super, regress_scim_by_owner, regress_scim_analyst, regress_scim_maker, regress_scim_db, regress_scim_repl, regress_scim_by_rls, regress_scim_rls, regress_scim_reads, regress_scim_clerk,
    regress_scim_service, regress_scim_later, scim_regress_product, regress_scim_dbo;
