-- A store knows of which version it is; only one of this version is served.  How an
-- earlier one is brought forward is tested by test/upgrade.
SELECT scim.create_store('upgrade');
SET scim.store = 'upgrade';
SELECT version = scim_internal.store_version() AS of_this_version FROM upgrade.store;
INSERT INTO upgrade.store (id, version) VALUES (2, '0.2.0');
SELECT scim.upgrade_store('upgrade');
SELECT scim.upgrade_store('upgrade', dry_run => true);

-- What is no store
\set VERBOSITY terse
SELECT scim.upgrade_store('nowhere');
SELECT scim.upgrade_store('public');
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text; hint text;
BEGIN
  EXECUTE query;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  -- but for the version of this extension, which moves
  RETURN replace(concat_ws(E'\n', SQLSTATE || ' ' || SQLERRM, nullif(detail, ''), nullif(hint, '')), scim_internal.store_version(), 'VERSION');
END $$;
CREATE FUNCTION pg_temp.every_way() RETURNS TABLE (what text, answer text) LANGUAGE plpgsql AS $$
BEGIN
  FOREACH what IN ARRAY ARRAY[$q$SELECT scim.upgrade_store('upgrade')$q$, $q$SELECT scim.search('User')$q$, $q$INSERT INTO upgrade.users (data) VALUES ('{"userName": "x"}')$q$] LOOP
    answer := pg_temp.refused(what);
    RETURN NEXT;
  END LOOP;
  SELECT 'HTTP', replace(concat_ws(' ', status, headers ->> 'Retry-After', body::jsonb ->> 'detail'), scim_internal.store_version(), 'VERSION') INTO what, answer
  FROM scim.request('GET', '/Users');
  RETURN NEXT;
END $$;
\pset format unaligned
\pset tuples_only on
-- by hand it says nothing else
UPDATE upgrade.store SET version = '0.1.9';
DELETE FROM upgrade.store;
TRUNCATE upgrade.store;
UPDATE upgrade.store SET restoring = true;
UPDATE upgrade.store SET version = version;
-- as a superuser who has switched triggers off, it does
CREATE FUNCTION pg_temp.by_force(statement text) RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$ BEGIN EXECUTE statement; END $$;
SELECT pg_temp.by_force('UPDATE upgrade.store SET version = ''0.1.9''');
SELECT * FROM pg_temp.every_way();
SELECT pg_temp.by_force('UPDATE upgrade.store SET version = ''0.100.0''');
SELECT * FROM pg_temp.every_way();
SELECT pg_temp.by_force('DELETE FROM upgrade.store');
SELECT * FROM pg_temp.every_way();
-- what is no 0.1.0 either
BEGIN;
DROP TABLE upgrade.store;
SELECT scim_internal.store_version_of('upgrade');
ALTER TABLE upgrade.event DROP COLUMN version;
DROP TABLE upgrade.unique_value;
SELECT pg_temp.refused($$SELECT scim.upgrade_store('upgrade')$$);
ROLLBACK;
-- documents are compared and checked by the registry all the same
SELECT scim.matches('{"userName": "x"}', 'userName pr', 'User'), scim.is_valid('User', '{"userName": "x"}'), scim.is_valid('User', '{}');
-- and it can go
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT scim.drop_store('upgrade', true);
ROLLBACK;
\pset format aligned
\pset tuples_only off

-- but forward to what the extension knows, as statements of dry_run do by hand
SELECT pg_temp.by_force('INSERT INTO upgrade.store (version) VALUES (''0.7.0'')');
UPDATE upgrade.store SET version = '0.6.0';
UPDATE upgrade.store SET version = '999.0.0';
UPDATE upgrade.store SET version = scim_internal.store_version();
SELECT pg_temp.by_force('DELETE FROM upgrade.store');
-- With its row it is served again
INSERT INTO upgrade.store (version) VALUES (scim_internal.store_version());
SELECT scim.create_resource('User', '{"userName": "x"}') ->> 'userName' AS "user";

-- Indexes that are missing are left to \gexec, of a store of this version too
DROP INDEX upgrade.groups_created_idx, upgrade.users_user_name_key;
SELECT scim.upgrade_store('upgrade');
SELECT scim.upgrade_store('upgrade') \gexec
SELECT scim.upgrade_store('upgrade');
-- and one that was not finished is made again
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'upgrade.users_created_idx'::regclass;
SELECT scim.upgrade_store('upgrade');
SELECT scim.upgrade_store('upgrade') \gexec
SELECT scim.upgrade_store('upgrade');
SELECT indisvalid FROM pg_index WHERE indexrelid = 'upgrade.users_created_idx'::regclass;

-- For its owner only
CREATE ROLE upgrade_other;
GRANT USAGE ON SCHEMA upgrade TO upgrade_other;
SELECT pg_temp.by_force('UPDATE upgrade.store SET version = ''0.1.0''');
SET ROLE upgrade_other;
SELECT scim.upgrade_store('upgrade');
RESET ROLE;
SET client_min_messages = warning;
SELECT scim.drop_store('upgrade', true);
DROP ROLE upgrade_other;
