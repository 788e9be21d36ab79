-- Who acts, and for which tenant: nobody says it who may not
\set VERBOSITY terse
CREATE ROLE regress_scim_owner;
CREATE ROLE regress_scim_one;
CREATE ROLE regress_scim_two;
CREATE ROLE regress_scim_heir IN ROLE regress_scim_two;
CREATE ROLE regress_scim_other;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_owner, regress_scim_other', current_database()) AS grant_them \gset
:grant_them;
GRANT EXECUTE ON FUNCTION scim.create_tenant, scim.drop_tenant, scim.create_token, scim.create_client TO regress_scim_owner, regress_scim_one;
SET ROLE regress_scim_owner;
SELECT scim.create_store('acting');
SET scim.store = 'acting';
GRANT USAGE ON SCHEMA acting TO regress_scim_one, regress_scim_two, regress_scim_other;
GRANT SELECT, INSERT, UPDATE, DELETE ON acting.resource, acting.users, acting.groups, acting.member TO regress_scim_one, regress_scim_two, regress_scim_other;
GRANT SELECT ON acting.schema, acting.resource_type, acting.audit TO regress_scim_one, regress_scim_two, regress_scim_other;
INSERT INTO acting.users (data) VALUES ('{"userName": "one"}');
CREATE FUNCTION pg_temp.seen(OUT tenant int, OUT users text, OUT asked text) LANGUAGE plpgsql AS $$
BEGIN
    tenant := scim.tenant();
    SELECT string_agg(user_name, ' ' ORDER BY user_name) INTO users FROM acting.users;
    SELECT string_agg(r ->> 'userName', ' ' ORDER BY r ->> 'userName') INTO asked FROM jsonb_array_elements(scim.search('User') -> 'Resources') r;
EXCEPTION WHEN SQLSTATE 'SC403' THEN asked := sqlerrm;
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.seen TO PUBLIC;
RESET ROLE;
SELECT format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace) AS grant_them \gset
:grant_them;

-- ---- one tenant: everybody's, whatever somebody says
SET ROLE regress_scim_one;
SELECT * FROM pg_temp.seen();
SET scim.tenant = 2;
SELECT * FROM pg_temp.seen();
-- what he calls himself is told as his word
SET scim.actor = 'token: Okta';
INSERT INTO acting.users (data) VALUES ('{"userName": "one more"}') RETURNING tenant_id;
SELECT DISTINCT actor FROM acting.audit WHERE actor <> session_user;
RESET scim.actor;
SELECT scim.authenticate('nobody');
SELECT tenant FROM pg_temp.seen();
RESET scim.tenant;

-- ---- two: nobody's, but of those who are named
SET ROLE regress_scim_owner;
SELECT scim.create_tenant('two') AS two, scim.tenant();
INSERT INTO acting.users (tenant_id, data) VALUES (2, '{"userName": "two"}');
SET ROLE regress_scim_one;
SELECT * FROM pg_temp.seen();
SET scim.tenant = 2;
SELECT * FROM pg_temp.seen();
SELECT scim.tenant() IS NULL AS none, scim.tenant('acting'::regnamespace) IS NULL AS none;
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('GET', '/Users');
SELECT status FROM scim.request('GET', '/ServiceProviderConfig');
INSERT INTO acting.users (data) VALUES ('{"userName": "smuggled"}');
INSERT INTO acting.users (tenant_id, data) VALUES (2, '{"userName": "smuggled"}');
UPDATE acting.users SET active = false RETURNING user_name;
SELECT scim.create_resource('User', '{"userName": "smuggled"}');
SELECT count(*) FROM acting.audit;
RESET scim.tenant;
SELECT * FROM pg_temp.seen();
-- the table that names them is the owner's
SELECT * FROM acting.tenant_role;
INSERT INTO acting.tenant_role (role) VALUES ('regress_scim_one');
RESET ROLE;
CREATE ROLE "regress_scim nobody by now";
INSERT INTO acting.tenant_role (role, tenant_id) VALUES ('regress_scim_one', 1), ('regress_scim_two', 1), ('regress_scim_two', 2), ('regress_scim nobody by now', NULL);
DROP ROLE "regress_scim nobody by now";
SELECT scim.readiness(stores => '{acting}') ->> 'status' AS status, scim.readiness(stores => '{acting}') -> 'warnings' AS warnings;
INSERT INTO acting.tenant_role (role, tenant_id) VALUES ('regress_scim_one', 3);
-- who acts for one tenant need not say so, and says no other
SET ROLE regress_scim_one;
SELECT * FROM pg_temp.seen();
SET scim.tenant = 1;
SELECT * FROM pg_temp.seen();
SET scim.tenant = 2;
SELECT * FROM pg_temp.seen();
RESET scim.tenant;
-- who acts for several says for which; and who inherits from him
SET ROLE regress_scim_two;
SELECT * FROM pg_temp.seen();
SET scim.tenant = 2;
SELECT * FROM pg_temp.seen();
SET ROLE regress_scim_heir;
SELECT * FROM pg_temp.seen();
SET scim.tenant = 3;
SELECT * FROM pg_temp.seen();
SET scim.tenant = 1;
SELECT * FROM pg_temp.seen();
-- not any more, at once
RESET ROLE;
REVOKE regress_scim_two FROM regress_scim_heir;
SET ROLE regress_scim_heir;
SELECT scim.tenant();
RESET ROLE;
GRANT regress_scim_two TO regress_scim_heir;
SET ROLE regress_scim_heir;
SELECT scim.tenant();
RESET ROLE;
BEGIN;
DELETE FROM acting.tenant_role WHERE role = 'regress_scim_two';
SET LOCAL ROLE regress_scim_heir;
SELECT scim.tenant();
ROLLBACK;
SET ROLE regress_scim_heir;
SELECT scim.tenant();
RESET ROLE;
RESET scim.tenant;
-- any tenant, one that is not there, too: he has nothing
BEGIN;
INSERT INTO acting.tenant_role (role) VALUES ('regress_scim_other');
SET LOCAL ROLE regress_scim_other;
SET LOCAL scim.tenant = 2;
SELECT * FROM pg_temp.seen();
SET LOCAL scim.tenant = 77;
SELECT * FROM pg_temp.seen();
ROLLBACK;

-- ---- whose word it is
-- who may say it says it, and becomes somebody who may not
SET scim.tenant = 2;
SELECT tenant FROM pg_temp.seen();
SET ROLE regress_scim_other;
SELECT * FROM pg_temp.seen();
RESET ROLE;
RESET scim.tenant;
-- who may not says it, and calls a function of who may
SET ROLE regress_scim_owner;
CREATE FUNCTION acting.lent() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT concat_ws(' ', scim.tenant(), scim.actor(), current_user) $$;
CREATE FUNCTION acting.decides(int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ BEGIN PERFORM set_config('scim.tenant', $1::text, true); RETURN scim.tenant(); END $$;
CREATE FUNCTION acting.pretends() RETURNS int LANGUAGE sql SET scim.tenant = 2 AS $$ SELECT scim.tenant() $$;
CREATE FUNCTION acting.states() RETURNS int LANGUAGE sql SECURITY DEFINER SET scim.tenant = 2 SET search_path = pg_catalog, pg_temp
    AS $$ SELECT scim.tenant() $$;
SELECT acting.pretends(), acting.states();
SET ROLE regress_scim_other;
SET scim.tenant = 2;
SET scim.actor = 'the owner';
SELECT acting.lent(), acting.pretends(), acting.states();
BEGIN;
SELECT acting.decides(2);
SELECT scim.tenant() IS NULL AS none, current_setting('scim.tenant') AS said;
COMMIT;
RESET scim.tenant;
-- by way of a store of his own
SELECT scim.create_store('lure');
SET scim.store = 'lure';
SET scim.tenant = 2;
SELECT scim.tenant() AS of_lure, scim.tenant('acting'::regnamespace) AS of_acting;
SELECT count(*) FROM acting.users;
INSERT INTO acting.users (data) VALUES ('{"userName": "lured"}');
SET scim.store = 'no store';
SELECT scim.tenant() IS NULL AS none;
SELECT count(*) FROM acting.users;
RESET ROLE;
SET client_min_messages = warning;
SELECT scim.drop_store('lure', true);
RESET client_min_messages;
SET scim.store = 'acting';
RESET scim.tenant;
RESET scim.actor;

-- ---- in the triggers of the owner, which we fire as the owner, it is who writes
SET ROLE regress_scim_owner;
CREATE TABLE acting.heard (what text, tenant int, actor text, is_owner boolean);
CREATE FUNCTION acting.hear() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO acting.heard VALUES (regexp_replace(TG_TABLE_NAME, '_\d+_\d+$', ''), scim.tenant(), scim.actor(), current_user = 'regress_scim_owner');
    RETURN NULL;
END $$;
CREATE TRIGGER hear AFTER INSERT ON acting.audit FOR EACH ROW EXECUTE FUNCTION acting.hear();
CREATE TRIGGER hear AFTER INSERT ON acting.credential FOR EACH ROW EXECUTE FUNCTION acting.hear();
SET ROLE regress_scim_two;
SET scim.tenant = 2;
SET scim.actor = 'an application';
INSERT INTO acting.users (data) VALUES ('{"userName": "heard", "password": "t1meMa$heen"}');
RESET ROLE;
SELECT * FROM acting.heard ORDER BY tenant, what;
SELECT tenant_id, actor FROM acting.audit WHERE actor <> session_user ORDER BY id;
DROP TRIGGER hear ON acting.audit;
DROP TRIGGER hear ON acting.credential;
-- not even after an error in the middle of it
SET ROLE regress_scim_other;
DO $$
BEGIN
    INSERT INTO acting.users (tenant_id, data) VALUES (1, '{"userName": "one"}');
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '% % %', sqlstate, scim.tenant() IS NULL, current_user;
END
$$;
SET scim.actor = 'x';
SELECT scim.actor();
RESET scim.actor;
SELECT scim.actor() = session_user AS session_user;
RESET ROLE;
RESET scim.actor;

-- ---- /Me is who is believed
SELECT id AS me FROM acting.users WHERE user_name = 'one' AND tenant_id = 1 AND deleted_at IS NULL \gset
SET scim.tenant = 1;
SET scim.me = :'me';
SELECT status FROM scim.request('GET', '/Me');
SET ROLE regress_scim_one;
SELECT status FROM scim.request('GET', '/Me');
SET scim.me = :'me';
SELECT status FROM scim.request('GET', '/Me');
RESET ROLE;
UPDATE acting.tenant SET name = name;
BEGIN;
DELETE FROM acting.tenant_role;
INSERT INTO acting.policy (tenant_id, resource_type, kind, settings) VALUES (2, 'User', 'delete', '{"mode": "hard"}');
DELETE FROM acting.users WHERE tenant_id = 2;
DELETE FROM acting.policy WHERE tenant_id = 2;
DELETE FROM acting.tenant WHERE tenant_id = 2;
SET LOCAL ROLE regress_scim_one;
SET LOCAL scim.me = :'me';
SELECT scim.tenant(), status FROM scim.request('GET', '/Me');
ROLLBACK;
RESET scim.me;
RESET scim.tenant;

-- ---- what is proved goes before everything, and ends with the transaction
SET ROLE regress_scim_owner;
SELECT secret AS t1 FROM scim.create_token('of one') \gset
SET scim.tenant = 2;
SELECT secret AS t2 FROM scim.create_token('of two') \gset
RESET scim.tenant;
SELECT scim.create_store('elsewhere');
RESET ROLE;
SET ROLE regress_scim_other;
BEGIN;
SELECT scim.authenticate('Bearer ' || :'t2');
SELECT * FROM pg_temp.seen();
SET LOCAL scim.tenant = 1;
SET LOCAL scim.actor = 'somebody else';
SELECT scim.tenant(), scim.actor();
INSERT INTO acting.users (data) VALUES ('{"userName": "proved"}') RETURNING tenant_id;
SAVEPOINT s;
SELECT scim.authenticate('Bearer ' || :'t1'), scim.tenant(), scim.actor();
ROLLBACK TO s;
SELECT scim.tenant(), scim.actor();
-- in the store that it was proved for, and no other
SELECT scim.tenant('elsewhere'::regnamespace) AS elsewhere;
SELECT scim.authenticate('Bearer ' || :'t2' || 'x') IS NULL AS wrong, scim.tenant() IS NULL AS none;
COMMIT;
SELECT * FROM pg_temp.seen();
BEGIN;
SELECT scim.authenticate('Bearer ' || :'t2');
ROLLBACK;
SELECT scim.tenant() IS NULL AS none;
RESET ROLE;
SELECT actor, db_user = session_user AS db_user FROM acting.audit WHERE tenant_id = 2 ORDER BY id DESC LIMIT 1;

-- ---- a query that runs in parallel
BEGIN;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT count(*) FROM pg_settings, set_config(name, 'on', true) WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
SET LOCAL ROLE regress_scim_two;
SET LOCAL scim.tenant = 2;
SELECT scim.tenant(), scim.tenant('acting'::regnamespace);
SELECT count(*) FROM acting.users;
SET LOCAL scim.tenant = 3;
SELECT scim.tenant() IS NULL AS none;
SET LOCAL ROLE regress_scim_other;
SET LOCAL scim.tenant = 2;
SELECT scim.tenant() IS NULL AS none;
SELECT count(*) FROM acting.users;
RESET ROLE;
SELECT scim.authenticate(:'t2');
SELECT scim.tenant(), scim.tenant('acting'::regnamespace), scim.tenant('elsewhere'::regnamespace) AS elsewhere;
COMMIT;

-- ---- the settings are what they were, to who looks at them
SET scim.tenant = '7';
SHOW scim.tenant;
SELECT current_setting('scim.tenant') AS tenant, setting FROM pg_settings WHERE name = 'scim.tenant';
RESET scim.tenant;
SHOW scim.tenant;
SET scim.tenant = '2@10';
SET scim.tenant = 'two';
SET scim.tenant = -1;
SET scim.tenant = 4294967298;
SET scim.tenant = '';

-- ---- tenants come and go
SET ROLE regress_scim_other;
SELECT scim.create_tenant('mine');
SET ROLE regress_scim_one;
SELECT scim.create_tenant('mine');
SELECT scim.drop_tenant(2);
SET ROLE regress_scim_owner;
SELECT scim.create_tenant('three', 'https://three.example.com/scim/v2') AS three;
SELECT scim.create_tenant('four', 'https://three.example.com/scim/v2');
SELECT scim.create_tenant('four', 'three.example.com');
SELECT scim.create_tenant('four', 'https://three.example.com/scim/v2/');
SELECT scim.create_tenant(NULL);
SET scim.tenant = 3;
SELECT scim.create_resource('User', '{"userName": "three"}') #>> '{meta,location}' LIKE 'https://three.example.com/scim/v2/Users/%' AS there;
SELECT status FROM scim.request('GET', '/scim/v2/Users');
SELECT count(*) FROM scim.create_token('of three'), scim.create_client('three', 'Bearer');
INSERT INTO acting.setting (name, tenant_id, value) VALUES ('max_results', 3, '7');
INSERT INTO acting.policy (tenant_id, resource_type, kind, enabled) VALUES (3, 'User', 'events', true);
SELECT scim.drop_tenant(3);
DELETE FROM acting.users WHERE tenant_id = 3;
SELECT scim.drop_tenant(3);
SELECT scim.purge('0 s');
SELECT scim.drop_tenant(3);
SELECT (SELECT count(*) FROM acting.tenant WHERE tenant_id = 3), (SELECT count(*) FROM acting.token WHERE tenant_id = 3), (SELECT count(*) FROM acting.policy WHERE tenant_id = 3);
SELECT scim.drop_tenant(3);
-- the number of who was there is nobody else's, as long as something tells of him
SELECT count(*) > 0 AS told FROM acting.audit WHERE tenant_id = 3;
SELECT scim.create_tenant('four') AS four;
SELECT scim.drop_tenant(4);
RESET scim.tenant;
SET scim.store = 'elsewhere';
SELECT scim.drop_tenant(1);
RESET ROLE;

-- ---- row-level security of every table asks for the tenant of its own store
SELECT count(*) > 10 AS many, count(*) FILTER (WHERE concat(qual, with_check) LIKE '%scim.tenant()%') AS of_the_setting
FROM pg_policies WHERE schemaname = 'acting' AND concat(qual, with_check) LIKE '%scim.tenant(%';
SELECT count(*) FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid WHERE c.relnamespace = 'acting'::regnamespace AND pg_get_expr(adbin, adrelid) LIKE '%scim.tenant()%';

SET client_min_messages = warning;
SELECT scim.drop_store(n, true) FROM unnest(ARRAY['acting', 'elsewhere']) n;
DROP OWNED BY regress_scim_owner, regress_scim_one, regress_scim_two, regress_scim_heir, regress_scim_other;
DROP ROLE regress_scim_owner, regress_scim_one, regress_scim_two, regress_scim_heir, regress_scim_other;
