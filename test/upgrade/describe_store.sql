-- Every object of the store :store, a line for each thing that can be said of it: one
-- that was brought forward and one that was made anew must say the same.

\set ON_ERROR_STOP on
SET search_path = pg_catalog;
SELECT :'store' AS store \gset
SELECT set_config('describe.store', :'store', false);

CREATE FUNCTION pg_temp.privileges(acl aclitem[], kind "char", owner oid) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, ' ', privilege_type, CASE WHEN is_grantable THEN ' with grant option' END), ', ' ORDER BY grantee::regrole::text COLLATE "C", privilege_type)
  FROM aclexplode(coalesce(acl, acldefault(kind, owner)))
$$;
CREATE TEMP VIEW store AS SELECT * FROM pg_namespace WHERE nspname = current_setting('describe.store');
CREATE TEMP VIEW relation AS SELECT c.*, c.oid::regclass::text AS name FROM pg_class c JOIN store s ON s.oid = c.relnamespace;
CREATE TEMP VIEW line AS
  SELECT 'schema' AS what, nspname::text AS name, concat_ws(' ', nspowner::regrole, pg_temp.privileges(nspacl, 'n', nspowner), obj_description(oid, 'pg_namespace')) AS line FROM store
  UNION ALL
  SELECT 'default privileges', defaclrole::regrole::text, concat_ws(' ', defaclobjtype, defaclacl) FROM pg_default_acl JOIN store s ON s.oid = defaclnamespace
  UNION ALL
  SELECT 'relation', name, concat_ws(' ', 'kind', relkind, relowner::regrole, relpersistence, reloptions, relreplident, 'row security', relrowsecurity, relforcerowsecurity,
    pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid), (SELECT amname FROM pg_am a WHERE a.oid = relam), reltablespace)
  FROM relation
  UNION ALL
  SELECT 'relation', name, 'privileges ' || pg_temp.privileges(relacl, 'r', relowner) FROM relation WHERE relkind IN ('r', 'p', 'v')
  UNION ALL
  SELECT 'relation', name, 'comment ' || obj_description(oid, 'pg_class') FROM relation
  UNION ALL
  SELECT 'column', r.name, concat_ws(' ', lpad(row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum)::text, 2, '0'), a.attname, format_type(a.atttypid, a.atttypmod), (SELECT collname FROM pg_collation c WHERE c.oid = a.attcollation),
    CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity, a.attstorage, a.attcompression,
    -- servers keep something of their own there
    ARRAY(SELECT o FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\_%'), a.attislocal, a.attinhcount, a.attacl)
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
  WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'v')
  UNION ALL
  SELECT 'column', r.name, concat_ws(' ', 'comment', a.attname, col_description(r.oid, a.attnum)) FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'v')
  UNION ALL
  SELECT 'constraint', r.name, concat_ws(' ', c.conname, pg_get_constraintdef(c.oid), c.convalidated, c.conislocal, c.coninhcount, obj_description(c.oid, 'pg_constraint')) FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid
  UNION ALL
  SELECT 'index', r.name, concat_ws(' ', pg_get_indexdef(r.oid), i.indisvalid, i.indisready, i.indisclustered, i.indisreplident) FROM relation r JOIN pg_index i ON i.indexrelid = r.oid
  UNION ALL
  SELECT 'trigger', r.name, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger')) FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid AND t.tgconstraint = 0
  UNION ALL
  SELECT 'policy', r.name, concat_ws(' ', p.polname, p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), obj_description(p.oid, 'pg_policy'))
  FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL
  SELECT 'rule', r.name, pg_get_ruledef(w.oid) FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
  UNION ALL
  SELECT 'statistics', e.stxname::text, concat_ws(' ', pg_get_statisticsobjdef(e.oid), e.stxowner::regrole, e.stxstattarget, obj_description(e.oid, 'pg_statistic_ext')) FROM pg_statistic_ext e JOIN store s ON s.oid = e.stxnamespace
  UNION ALL
  SELECT 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p JOIN store s ON s.oid = p.pronamespace
  UNION ALL
  SELECT 'type', t.oid::regtype::text, t.typtype::text FROM pg_type t JOIN store s ON s.oid = t.typnamespace
  UNION ALL
  SELECT 'event trigger', evtname::text, evtevent::text FROM pg_event_trigger;
SELECT concat_ws(' ', what, name, line) FROM line ORDER BY what, name COLLATE "C", line COLLATE "C";

-- The rows that a store has from the start.
SELECT to_regclass(format('%I.store', :'store')) IS NOT NULL AS has_version \gset
\if :has_version
SELECT 'row store', to_jsonb(r) FROM :"store".store r;
\endif
SELECT 'row schema', id, document FROM :"store".schema r ORDER BY id;
SELECT 'row resource_type', name, table_name, document FROM :"store".resource_type r ORDER BY name;
SELECT 'row policy', resource_type, kind FROM :"store".policy r WHERE tenant_id IS NULL ORDER BY resource_type, kind;
SELECT 'row secret', purpose FROM :"store".secret r ORDER BY purpose;
SELECT to_regclass(format('%I.authentication_scheme', :'store')) IS NOT NULL AS has_schemes \gset
\if :has_schemes
SELECT 'row authentication_scheme', to_jsonb(r) FROM :"store".authentication_scheme r ORDER BY scheme;
\endif
