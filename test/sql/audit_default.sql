-- A store without the partition of its audit that takes what no other has room for
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('rest');
SET scim.store = 'rest';
SELECT scim.readiness(stores => '{rest}') -> 'warnings' AS warnings, scim.readiness(stores => '{rest}') ->> 'status' AS status;
DROP TABLE rest.audit_default;
SELECT scim.readiness(stores => '{rest}') -> 'warnings' AS warnings, scim.readiness(stores => '{rest}') ->> 'status' AS status;
SELECT scim.repair_store('rest');
SELECT scim.readiness(stores => '{rest}') -> 'warnings' AS warnings, to_regclass('rest.audit_default') IS NOT NULL AS there;
ALTER TABLE rest.audit DETACH PARTITION rest.audit_default;
SELECT jsonb_array_length(scim.readiness(stores => '{rest}') -> 'warnings') AS warnings;
SELECT scim.repair_store('rest');
SELECT scim.readiness(stores => '{rest}') -> 'warnings' AS warnings;
-- and none of this month either: nothing can be written
DROP TABLE rest.audit_default;
DO $$ BEGIN EXECUTE format('DROP TABLE rest.%I', to_char(now() AT TIME ZONE 'UTC', '"audit_"YYYY_MM')); END $$;
SELECT scim.readiness(stores => '{rest}') -> 'problems' AS problems, scim.readiness(stores => '{rest}') ->> 'status' AS status;
SELECT scim.repair_store('rest');
SELECT scim.readiness(stores => '{rest}') -> 'problems' AS problems;
INSERT INTO rest.users (data) VALUES ('{"userName": "ann"}') RETURNING user_name;
SELECT scim.drop_store('rest', true);
