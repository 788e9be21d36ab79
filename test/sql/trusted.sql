SELECT current_database() AS here \gset
-- what CREATE EXTENSION by who is no superuser makes, and what nobody but a superuser could (doc/security.md)
\set VERBOSITY terse
SELECT trusted, superuser, relocatable, schema FROM pg_available_extension_versions WHERE name = 'scim' AND installed;
CREATE TEMP VIEW ours AS
SELECT d.classid, d.objid, (pg_identify_object(d.classid, d.objid, 0)).*
FROM pg_depend d JOIN pg_extension e ON (d.refclassid, d.refobjid) = ('pg_extension'::regclass, e.oid) WHERE e.extname = 'scim' AND d.deptype = 'e';
-- of which kinds, and where
SELECT type, count(*) > 0 AS some FROM ours GROUP BY 1 ORDER BY 1;
SELECT type, identity FROM ours WHERE coalesce(schema, '') NOT IN ('scim', 'scim_internal') AND type NOT IN ('schema', 'cast') ORDER BY 1, 2;
SELECT identity FROM ours WHERE type = 'schema' ORDER BY 1;
SELECT castsource::regtype, casttarget::regtype, castcontext, castmethod FROM pg_cast c JOIN ours o ON (o.classid, o.objid) = ('pg_cast'::regclass, c.oid) ORDER BY 1, 2;
-- nothing runs as somebody else
SELECT p.oid::regprocedure FROM pg_proc p JOIN ours o ON (o.classid, o.objid) = ('pg_proc'::regclass, p.oid) WHERE p.prosecdef;
-- what only a superuser may say of a function
SELECT p.oid::regprocedure FROM pg_proc p JOIN ours o ON (o.classid, o.objid) = ('pg_proc'::regclass, p.oid) WHERE p.proleakproof ORDER BY p.oid::regprocedure::text COLLATE "C";
-- functions in C that take what SQL has no value of are called by the server only, the others may be by anybody
SELECT l.lanname, count(*) > 0 AS some FROM pg_proc p JOIN ours o ON (o.classid, o.objid) = ('pg_proc'::regclass, p.oid) JOIN pg_language l ON l.oid = p.prolang GROUP BY 1 ORDER BY 1;
SELECT p.oid::regprocedure FROM pg_proc p JOIN ours o ON (o.classid, o.objid) = ('pg_proc'::regclass, p.oid) WHERE p.probin IS NOT NULL AND p.probin <> '$libdir/scim';
-- the owner of the database has what is nobody's
SELECT bool_and(pg_has_role(datdba, 'pg_database_owner', 'USAGE')) AS owner FROM pg_database WHERE datname = current_database();
SELECT p.oid::regprocedure FROM pg_proc p JOIN ours o ON (o.classid, o.objid) = ('pg_proc'::regclass, p.oid)
WHERE o.schema = 'scim' AND NOT has_function_privilege('pg_database_owner', p.oid, 'EXECUTE');
SELECT count(*) > 40 AS many, bool_and(a.is_grantable) AS grantable FROM pg_proc p JOIN ours o ON (o.classid, o.objid) = ('pg_proc'::regclass, p.oid), aclexplode(p.proacl) a WHERE a.grantee = 'pg_database_owner'::regrole;
-- and nobody else has anything that the extension comes with
SELECT DISTINCT a.grantee::regrole FROM pg_init_privs i JOIN ours o ON (o.classid, o.objid) = (i.classoid, i.objoid), aclexplode(i.initprivs) a
WHERE a.grantee NOT IN (0, 10, 'pg_database_owner'::regrole);
-- settings of its own: which are a superuser's
SELECT name, context FROM pg_settings WHERE name LIKE 'scim.%' AND context <> 'user' ORDER BY 1;
-- a script that would be read in another way is not
SET standard_conforming_strings = off;
CREATE DATABASE trusted_test ENCODING 'UTF8' TEMPLATE template0;
\c trusted_test
SET standard_conforming_strings = off;
SET escape_string_warning = off;
CREATE EXTENSION scim;
SET standard_conforming_strings = on;
-- nor does anything in the way of its names lead it astray
CREATE ROLE trusted_maker;
GRANT CREATE ON DATABASE trusted_test TO trusted_maker;
SET ROLE trusted_maker;
CREATE SCHEMA scim_internal;
CREATE EXTENSION scim;
DROP SCHEMA scim_internal;
CREATE FUNCTION pg_temp.current_setting(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'astray'; END $$;
CREATE TEMP TABLE pg_proc AS SELECT 'astray' AS proname;
CREATE TEMP TABLE pg_extension AS SELECT 'astray' AS extname;
CREATE TEMP TABLE pg_init_privs AS SELECT 'astray' AS initprivs;
SET search_path = pg_temp, pg_catalog;
CREATE EXTENSION scim;
RESET search_path;
SELECT extowner::regrole FROM pg_catalog.pg_extension WHERE extname = 'scim';
SELECT DISTINCT proowner = 10 AS superuser FROM pg_catalog.pg_proc WHERE pronamespace IN ('scim'::regnamespace, 'scim_internal'::regnamespace);
SELECT (scim.create_token('x')).id;
DROP EXTENSION scim;
RESET ROLE;
\c :here
DROP DATABASE trusted_test;
DROP ROLE trusted_maker;
