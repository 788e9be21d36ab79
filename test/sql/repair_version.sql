-- A store of another version is brought forward before it is repaired
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SELECT scim.create_store('repair_version');
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE repair_version.store SET version = '0.6.0';
SET LOCAL session_replication_role = DEFAULT;
SELECT scim.repair_store('repair_version');
ROLLBACK;
SELECT scim.drop_store('repair_version', true);
