-- The policy "database_roles" where the type of people has no "active": the status takes LOGIN away
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE ROLE regress_scim_na CREATEROLE;
CREATE ROLE regress_scim_na_analyst;
GRANT regress_scim_na_analyst TO regress_scim_na WITH ADMIN OPTION;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_na', current_database()) AS grant_it \gset
:grant_it;
GRANT EXECUTE ON FUNCTION scim.check_database_roles(), scim.sync_database_roles(boolean) TO regress_scim_na;
SET ROLE regress_scim_na;
SELECT scim.create_store('na');
SET scim.store = 'na';
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a) FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'active')), true) ->> 'id' AS schema
FROM na.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
INSERT INTO na.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "ann"}');
INSERT INTO na.groups (data) VALUES ('{"displayName": "Analysts", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
INSERT INTO na.policy (resource_type, kind, settings) VALUES ('User', 'database_roles', '{
    "prefix": "regress_scim_nap_", "missing": "create", "grants": [{"group": "displayName eq \"Analysts\"", "roles": ["regress_scim_na_analyst"]}]}');
CREATE FUNCTION pg_temp.have() RETURNS TABLE (login name, may boolean, kept boolean, wrong bigint) LANGUAGE sql AS $$
    SELECT r.rolname, r.rolcanlogin, d.login, (SELECT count(*) FROM scim.check_database_roles() WHERE resource_id IS NOT NULL)
    FROM pg_roles r LEFT JOIN na.database_role d ON d.role = r.rolname WHERE r.rolname ^@ 'regress_scim_nap_' ORDER BY 1;
$$;
SELECT * FROM pg_temp.have();
SELECT scim.suspend_resource('User', '00000000-0000-7000-8000-000000000001') ->> 'userName' AS name;
SELECT * FROM pg_temp.have();
UPDATE na.users SET data = data || '{"title": "Dr"}';
SELECT * FROM pg_temp.have();
SELECT scim.activate_resource('User', '00000000-0000-7000-8000-000000000001') ->> 'userName' AS name;
SELECT * FROM pg_temp.have();
-- while off-boarded
UPDATE na.policy SET settings = '{"mode": "offboard"}' WHERE (resource_type, kind) = ('User', 'delete');
DELETE FROM na.users;
SELECT * FROM pg_temp.have();
SELECT scim.restore_resource('User', '00000000-0000-7000-8000-000000000001') ->> 'userName' AS name;
UPDATE na.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE (resource_type, kind) = ('User', 'delete');
DELETE FROM na.users;
SELECT * FROM pg_temp.have();
-- a policy that says otherwise by now
UPDATE na.policy SET settings = '{"mode": "offboard"}' WHERE (resource_type, kind) = ('User', 'delete');
SELECT * FROM pg_temp.have();
SELECT count(*) FROM scim.sync_database_roles();
SELECT * FROM pg_temp.have();
SELECT scim.drop_store('na', true);
DROP ROLE IF EXISTS regress_scim_nap_ann;
RESET ROLE;
DROP OWNED BY regress_scim_na;
DROP ROLE regress_scim_na_analyst, regress_scim_na;
