-- Takes away what people have added to the database of a dump, so that what
-- is left is what scim has made.

SET client_min_messages = warning;
SELECT to_regclass('directory.binding') IS NOT NULL AS has_bindings \gset
\if :has_bindings
DO $$ BEGIN PERFORM scim.unbind_table(relation) FROM directory.binding; END $$;
\endif
SELECT to_regclass('app.staff') IS NOT NULL AS has_views \gset
DROP SCHEMA app, intake, api CASCADE;
DROP PUBLICATION people;
ALTER TABLE directory.resource DROP COLUMN cost_centre;
DROP INDEX directory.title_idx, directory.folded_title_idx, directory.every_substring_idx;
SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index WHERE indrelid = 'directory.users'::regclass AND indexrelid::regclass::text ~ '_(sort|filter)$' \gexec
DROP POLICY no_secrets ON directory.users;
DROP POLICY auditors ON directory.audit;
-- months for which a new store has no partition
SELECT format('DROP TABLE %s', i.inhrelid::regclass)
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent
WHERE c.relname = 'audit' AND NOT (SELECT relname = 'audit_default' OR relname BETWEEN to_char(now() AT TIME ZONE 'UTC', '"audit_"YYYY_MM')
  AND to_char(now() AT TIME ZONE 'UTC' + interval '3 months', '"audit_"YYYY_MM') FROM pg_class WHERE oid = i.inhrelid) \gexec
DROP STATISTICS directory.ours;
DELETE FROM directory.secret WHERE purpose = 'sealing';
DELETE FROM directory.policy WHERE kind IN ('canonical', 'reference', 'condition', 'default', 'lookup', 'link', 'managed', 'guard', 'database_roles');
REVOKE ALL ON SCHEMA directory, scim FROM app, auditor, scim_anon, scim_client;
REVOKE ALL ON ALL TABLES IN SCHEMA directory FROM app, auditor, scim_anon, scim_client;
REVOKE ALL (description, expires_at) ON directory.token FROM auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA directory REVOKE ALL ON TABLES FROM scim_client;
SELECT to_regclass('directory.client') IS NOT NULL AS has_clients \gset
\if :has_clients
DELETE FROM directory.client;
DELETE FROM directory.authentication_scheme WHERE scheme IN ('ApiKey', 'two', 'OAuth');
\endif
-- what has been registered since stands last in it, and in a new one where it belongs
\if :has_views
DO $$ BEGIN PERFORM scim.create_view('User', 'people'); END $$;
\endif
