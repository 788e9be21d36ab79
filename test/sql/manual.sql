-- Schema scim holds what people call, and the table in doc/functions.md shows all of it.
\set manual `cat "$PG_ABS_SRCDIR/../doc/functions.md" "$PG_ABS_SRCDIR/../doc/settings.md"`
CREATE TEMP TABLE manual AS
  SELECT DISTINCT m[1] AS call FROM regexp_matches(:'manual', '^\| `scim\.(\w+\([^`]*\))` \|', 'gn') m;
CREATE TEMP TABLE present AS
  SELECT DISTINCT format('%s(%s)', proname, array_to_string(proargnames[1:pronargs], ', ')) AS call FROM pg_proc WHERE pronamespace = 'scim'::regnamespace;
SELECT count(*) > 30 AS many FROM manual;
SELECT 'not in the manual' AS what, call FROM (TABLE present EXCEPT TABLE manual) p UNION ALL
SELECT 'not there', call FROM (TABLE manual EXCEPT TABLE present) m ORDER BY 1, 2;

-- So does that of doc/settings.md of settings, with their defaults.
SELECT scim.create_store('manual');
SET scim.store = 'manual';
CREATE TEMP TABLE told AS
  SELECT m[1] AS name, coalesce(m[2], '') AS usual, m[3] = '✓' AS by_type, m[4] = '↓' AS is_bound
  FROM regexp_matches(:'manual', '^\| `(\w+)` \| (?:`([^`]*)`)? ?\| ?(✓?) ?\| ?(↓?) ?\| ', 'gn') m;
CREATE TEMP TABLE there AS SELECT name, default_value #>> '{}' AS usual, by_type, is_bound FROM scim.settings();
SELECT 'not in the manual' AS what, t.* FROM (TABLE there EXCEPT TABLE told) t UNION ALL
SELECT 'not there', t.* FROM (TABLE told EXCEPT TABLE there) t ORDER BY 2, 1;
SET client_min_messages = warning;
SELECT scim.drop_store('manual', true);
RESET client_min_messages;
RESET scim.store;

-- The rest is in scim_internal: functions only, of the extension, for whoever makes or restores a store.
SELECT classid::regclass AS kind, count(*) > 0 AS some FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'scim_internal'::regnamespace GROUP BY 1;
SELECT has_schema_privilege('public', 'scim', 'USAGE'), has_schema_privilege('public', 'scim_internal', 'USAGE');
SELECT p.oid::regprocedure AS not_for_everybody FROM pg_proc p WHERE pronamespace = 'scim_internal'::regnamespace AND NOT has_function_privilege('public', p.oid, 'EXECUTE') ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT d.classid::regclass, d.objid FROM pg_depend d WHERE refclassid = 'pg_namespace'::regclass AND refobjid::regnamespace::text IN ('scim', 'scim_internal')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE (e.classid, e.objid) = (d.classid, d.objid) AND e.deptype = 'e') AND classid <> 'pg_type'::regclass;
-- Who may make a store needs no more than to make a schema.
CREATE ROLE surface_maker;
GRANT CREATE ON DATABASE :DBNAME TO surface_maker;
SET ROLE surface_maker;
SELECT scim.create_store('surface');
INSERT INTO surface.users (data) VALUES ('{"userName": "maker"}') RETURNING user_name;
SET client_min_messages = warning;
SELECT scim.drop_store('surface', true);
RESET client_min_messages;
RESET ROLE;
REVOKE CREATE ON DATABASE :DBNAME FROM surface_maker;
DROP ROLE surface_maker;
