-- What a linter of extensions looks for: nothing that the session holds leads a function of ours astray, and
-- nobody gets more by one than he has
\set VERBOSITY terse
CREATE TEMP VIEW ours AS
SELECT p.*, p.oid::regprocedure AS signature, l.lanname
FROM pg_proc p
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'scim')
JOIN pg_language l ON l.oid = p.prolang;
SELECT count(*) > 100 AS many FROM ours;
-- a body that is a text finds what it names by a path of its own; one that is parsed has found it
SELECT signature FROM ours
WHERE lanname NOT IN ('c', 'internal') AND prosqlbody IS NULL AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false) ORDER BY 1;
SELECT signature, proconfig FROM ours WHERE EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%' AND c <> 'search_path=pg_catalog, pg_temp') ORDER BY 1;
-- and is not compiled for the sake of a statement of ours, which takes longer than running it and cannot be cancelled
SELECT signature FROM ours WHERE 'search_path=pg_catalog, pg_temp' = ANY (proconfig) AND NOT 'jit=off' = ANY (proconfig) AND provolatile <> 'i' ORDER BY 1;
-- nor do settings that say how texts are read and shown change what a statement is, or whether two are the same
SELECT signature FROM ours WHERE prosqlbody IS NULL AND lanname = 'plpgsql' AND NOT 'standard_conforming_strings=on' = ANY (coalesce(proconfig, '{}'))
  AND (regexp_replace(prosrc, $$E'[^']*'$$, '', 'g') ~ '\\' OR prosrc ~ 'EXECUTE (statement|scim_internal.of_store)') ORDER BY 1;
SELECT signature FROM ours WHERE concat(prosrc, pg_get_function_sqlbody(oid)) ~ 'pg_get_(expr|\w+def)\(|starts_with\(\w*statement' AND NOT 'quote_all_identifiers=off' = ANY (coalesce(proconfig, '{}')) ORDER BY 1;
SET quote_all_identifiers = on;
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SET client_min_messages = warning;
SELECT scim.create_store('quoted');
SELECT scim.upgrade_store('quoted');
SELECT scim.drop_store('quoted');
RESET client_min_messages;
RESET escape_string_warning;
RESET standard_conforming_strings;
RESET quote_all_identifiers;
-- none runs as somebody else: what is done as the owner of a store is done in C, and looked at there
SELECT signature FROM ours WHERE prosecdef ORDER BY 1;
-- all in the two schemas of the extension, in which nobody else makes anything
SELECT pronamespace::regnamespace, count(*) > 0 AS some FROM ours GROUP BY 1 ORDER BY 1;
SELECT nspname, privilege_type FROM pg_namespace, aclexplode(nspacl) WHERE nspname IN ('scim', 'scim_internal') AND grantee = 0 ORDER BY 1, 2;
-- operators and operator classes there, too, none of which is called like one of the server's and takes its types
SELECT o.oid::regoperator FROM pg_operator o WHERE o.oprnamespace IN ('scim'::regnamespace, 'scim_internal'::regnamespace)
  AND EXISTS (SELECT FROM pg_operator b WHERE b.oprnamespace = 'pg_catalog'::regnamespace AND (b.oprname, b.oprleft, b.oprright) = (o.oprname, o.oprleft, o.oprright));
-- what proves, makes or tells secrets is for whom it is granted
SELECT signature FROM ours
WHERE pronamespace = 'scim'::regnamespace AND proname ~ 'token$|client$|gateway|recovery_code|verify_password|session_is_valid|(create|drop)_tenant$' AND has_function_privilege('public', oid, 'EXECUTE') ORDER BY 1;
-- whoever is asked once a row by row-level security answers without telling more, in workers as well
SELECT signature, provolatile, proleakproof, proparallel FROM ours WHERE proname IN ('tenant', 'is_owner') ORDER BY signature::text COLLATE "C";
-- tables of a store: row-level security on each, but for the policies nothing is everybody's
SELECT scim.create_store('linted');
SELECT relname FROM pg_class WHERE relnamespace = 'linted'::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity ORDER BY 1;
SELECT relname FROM pg_class c, aclexplode(relacl) WHERE relnamespace = 'linted'::regnamespace AND grantee = 0;
SELECT tablename, policyname, cmd, qual FROM pg_policies WHERE schemaname = 'linted' AND roles = '{public}' AND tablename !~ '^audit_\d'
  AND coalesce(qual, '') !~ 'scim\.tenant\(''linted''::regnamespace\)|scim_internal\.is_owner\(''linted''::regnamespace\)' ORDER BY 1, 2;
SET client_min_messages = warning;
SELECT scim.drop_store('linted', true);
