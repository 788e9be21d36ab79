-- Stores: made, side by side, dropped, and what is left when the extension goes
SET client_min_messages = warning;      -- no list of what CASCADE drops
\set VERBOSITY terse

SELECT scim.create_store('store_a');
SELECT DISTINCT regexp_replace(c.relname, '^audit_\d+_\d+$', 'audit_YEAR_MONTH') COLLATE "C" AS relname, c.relkind, c.relrowsecurity AS rls
FROM pg_class c
WHERE c.relnamespace = 'store_a'::regnamespace AND c.relkind IN ('r', 'p', 'S', 'v')
ORDER BY 1;
-- its tables are no members of the extension, and belong to the maker
SELECT count(*) AS members FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relnamespace = 'store_a'::regnamespace;
SELECT DISTINCT relowner = current_user::regrole AS mine
FROM pg_class WHERE relnamespace = 'store_a'::regnamespace;
-- the extension itself holds no table
SELECT count(*) AS tables FROM pg_class WHERE relnamespace = 'scim'::regnamespace AND relkind IN ('r', 'p');
SELECT id FROM store_a.schema ORDER BY id;
SELECT name, table_name FROM store_a.resource_type ORDER BY name;
SELECT tenant_id, resource_type, kind, enabled, settings FROM store_a.policy ORDER BY 2, 3;
SELECT tenant_id, name FROM store_a.tenant;

-- which store the functions use
SELECT scim.tenant();  -- loads the settings
SHOW scim.store;
SET scim.store = 'store_a';
SELECT scim.store();
INSERT INTO store_a.users (data) VALUES ('{"userName": "bjensen"}');
SELECT scim.search('User') ->> 'totalResults' AS total;

-- several side by side, names that need quotes among them
SELECT scim.create_store('My Store');
SELECT scim.create_store('O''Neil "x".y\z %s %I $ddl$');
SELECT scim.create_store('größe');
SELECT scim.create_store('select');
SELECT scim.create_store(repeat('s', 63));
SET scim.store = 'My Store';
SELECT scim.create_resource('User', '{"userName": "bjensen", "password": "x9!aaaaaa"}') ->> 'userName' AS user_name;
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'g', 'members',
    jsonb_build_array(jsonb_build_object('value', (SELECT id FROM "My Store".users))))) #>> '{members,0,display}' AS display;
SELECT scim.search('User', 'userName eq "BJENSEN"') ->> 'totalResults' AS total;
SELECT status FROM scim.request('DELETE', '/Users/' || (SELECT id FROM "My Store".users));
SELECT scim.purge('0 s');
SELECT set_config('scim.store', 'O''Neil "x".y\z %s %I $ddl$', false) AS store;
SELECT scim.create_resource('User', '{"userName": "bjensen"}') ->> 'userName' AS user_name;
SELECT scim.patch_resource('User', scim.search('User') #>> '{Resources,0,id}',
    '[{"op": "add", "path": "title", "value": "t"}]') ->> 'title' AS title;
SELECT set_config('scim.store', repeat('s', 63), false) = scim.store() AS same;
SELECT scim.create_resource('User', '{"userName": "bjensen"}') ->> 'userName' AS user_name;
SET scim.store = 'select';
SELECT scim.search(NULL) ->> 'totalResults' AS total;
SET scim.store = 'größe';
SELECT scim.search('Group') ->> 'totalResults' AS total;

-- errors
SELECT scim.create_store('store_a');
SELECT scim.create_store('');
SELECT scim.create_store(NULL);
SELECT scim.create_store(repeat('s', 64));
SELECT scim.create_store('pg_mine');
SELECT scim.drop_store('nobody', true);
CREATE SCHEMA store_not;
CREATE TABLE store_not.resource ();
SELECT scim.drop_store('store_not', true);
SELECT scim.drop_store('pg_catalog', true);
SELECT scim.drop_store(NULL);
SET scim.store = 'nobody';
SELECT scim.store();
SELECT scim.search('User');
SELECT scim.create_resource('User', '{"userName": "x"}');
SELECT status, body::jsonb - 'schemas' AS body FROM scim.request('GET', '/Users');
SET scim.store = 'store_not';
SELECT scim.get_resource('User', 'x');
SET scim.store = '';
SELECT scim.store();
DROP SCHEMA store_not CASCADE;

-- a store renamed is a store all the same, also where it was cached
SET scim.store = 'store_a';
SELECT scim.search('User') ->> 'totalResults' AS total;
ALTER SCHEMA store_a RENAME TO store_b;
SELECT scim.search('User') ->> 'totalResults' AS total;
INSERT INTO store_b.users (data) VALUES ('{"userName": "mandy"}');
SET scim.store = 'store_b';
SELECT scim.search('User') ->> 'totalResults' AS total;
-- dropped and made again under the same name
SELECT scim.drop_store('store_b', true);
SELECT scim.search('User') ->> 'totalResults' AS total;
SELECT scim.create_store('store_b');
SELECT scim.search('User') ->> 'totalResults' AS total;
INSERT INTO store_b.users (data) VALUES ('{"userName": "mandy"}');
INSERT INTO store_b.groups (data) SELECT jsonb_build_object('displayName', 'g', 'members',
    jsonb_build_array(jsonb_build_object('value', id))) FROM store_b.users;
SELECT scim.search('User', 'userName sw "m"') #>> '{Resources,0,groups,0,display}' AS group_name;
-- making a store is transactional
BEGIN;
SELECT scim.create_store('store_c');
SET LOCAL scim.store = 'store_c';
SELECT scim.create_resource('User', '{"userName": "x"}') ->> 'userName' AS user_name;
ROLLBACK;
SET scim.store = 'store_c';
SELECT scim.search('User');

-- only the owner may drop, and only who may create schemas can make one
CREATE ROLE regress_scim_store;
SET ROLE regress_scim_store;
SELECT scim.drop_store('store_b', true);
SELECT scim.create_store('store_d');
RESET ROLE;
DROP ROLE regress_scim_store;

SELECT scim.drop_store(n, true) FROM unnest(ARRAY['store_b', 'My Store', 'O''Neil "x".y\z %s %I $ddl$',
    'größe', 'select', repeat('s', 63)]) n;
SELECT count(*) AS stores FROM pg_trigger WHERE tgfoid = 'scim_internal.resource_door'::regproc;

--
-- Every function says what it does
--
SELECT p.oid::regprocedure AS function_without_comment
FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
ORDER BY p.proname COLLATE "C";
SELECT t.oid::regtype AS type_without_comment
FROM pg_type t
WHERE t.typnamespace = 'scim'::regnamespace AND t.typtype IN ('b', 'c') AND t.typcategory <> 'A'
  AND (t.typrelid = 0 OR (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c')
  AND obj_description(t.oid, 'pg_type') IS NULL;
SELECT o.oid::regoperator AS operator_without_comment
FROM pg_operator o
WHERE o.oprnamespace = 'scim'::regnamespace AND obj_description(o.oid, 'pg_operator') IS NULL;
-- no setting without a description
SELECT name FROM pg_settings WHERE name LIKE 'scim.%' AND coalesce(short_desc, '') = '';
-- Labels.  Nothing runs as its definer:
SELECT p.oid::regprocedure AS definer FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND p.prosecdef;
-- what is volatile is not for parallel workers, unless it only makes values
SELECT p.oid::regprocedure AS volatile_and_parallel FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND p.provolatile = 'v' AND p.proparallel <> 'u';
-- triggers are volatile
SELECT p.oid::regprocedure AS trigger FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND p.prorettype = 'trigger'::regtype AND p.provolatile <> 'v';
-- functions of types and operator classes are immutable, strict and parallel-safe
SELECT p.oid::regprocedure AS function FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND p.proname ~ '^(filter|path)_'
  AND (p.provolatile, p.proparallel, p.proisstrict) IS DISTINCT FROM ('i', 's', true);
-- what writes is volatile
SELECT p.oid::regprocedure AS function FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND p.provolatile <> 'v'
  AND p.proname ~ '^(create|replace|patch|delete|restore|complete|purge|revoke|register|apply|drop|bulk|request)';
-- and what only reads is not
SELECT p.oid::regprocedure AS function FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND p.provolatile = 'v'
  AND p.proname ~ '^(get|search|validate|canonicalise|matches|verify|resource_json|to_sql|explain|store$|tenant|actor|fold)';
-- not for everybody
SELECT p.oid::regprocedure AS restricted FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND NOT has_function_privilege('public', p.oid, 'EXECUTE')
ORDER BY p.oid::regprocedure::text COLLATE "C";
-- plpgsql functions pin their search_path
SELECT p.oid::regprocedure AS unpinned
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace IN ('scim'::regnamespace, 'scim_internal'::regnamespace) AND l.lanname IN ('plpgsql')
  AND 'search_path=pg_catalog, pg_temp' = ANY (p.proconfig) IS NOT TRUE;

--
-- DROP EXTENSION, in a database of its own
--
SELECT current_database() AS here \gset
CREATE DATABASE regress_scim_store TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
\c regress_scim_store
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION scim;
SELECT count(*) AS stores FROM pg_trigger WHERE tgfoid = 'scim_internal.resource_door'::regproc;
DROP EXTENSION scim;
SELECT count(*) AS leftovers FROM pg_namespace WHERE nspname = 'scim';
CREATE EXTENSION scim;
SELECT scim.create_store();
INSERT INTO directory.users (data) VALUES ('{"userName": "bjensen"}'), ('{"userName": "mandy"}');
INSERT INTO directory.groups (data) SELECT jsonb_build_object('displayName', 'Admins', 'members',
    jsonb_agg(jsonb_build_object('value', id))) FROM directory.users;
DROP EXTENSION scim;
DROP EXTENSION scim CASCADE;
SELECT user_name, data FROM directory.users ORDER BY user_name;
SELECT display_name FROM directory.groups;
SELECT count(*) FROM directory.member;
-- and nobody writes them as if nothing was missing
INSERT INTO directory.users (tenant_id, id, status, data, version, created, last_modified)
    VALUES (1, gen_random_uuid(), 'ACTIVE', '{}', 1, now(), now());
\c :here
DROP DATABASE regress_scim_store;
