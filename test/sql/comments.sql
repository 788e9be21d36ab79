-- Whatever people see in psql has a comment, of one sentence at least that says more than its name.
SELECT scim.create_store('comments');
SET scim.store = 'comments';
SELECT scim.register_schema('{"id": "urn:example:device", "name": "Device", "attributes": [{"name": "serial"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:device"}') ->> 'name' AS later;

-- What is wrong with a comment; name: what it is on, with the name of what that stands in.
CREATE FUNCTION pg_temp.problem(name text, comment text) RETURNS text LANGUAGE sql AS $$
  WITH word AS (
    SELECT DISTINCT lower(m[1]) AS word FROM regexp_matches(comment, '([[:alnum:]]+)', 'g') m
  ), named AS (
    SELECT DISTINCT lower(m[1]) AS word FROM regexp_matches(regexp_replace(name, '([a-z])([A-Z])', '\1 \2', 'g'), '([[:alnum:]]+)', 'g') m
  )
  SELECT CASE
    WHEN comment IS NULL OR btrim(comment) = '' THEN 'none'
    WHEN comment !~ '\.$' OR array_length(regexp_split_to_array(btrim(comment), '\s+'), 1) < 4 THEN 'no sentence'
    -- with its plural and singular, and without what says nothing
    WHEN (SELECT count(*) FROM word w WHERE w.word <> ALL ('{a,an,the,of,this,that,is,are,in,for,to,its,it,column,table,function,type,value}')
          AND NOT EXISTS (SELECT FROM named n WHERE rtrim(n.word, 's') = rtrim(w.word, 's'))) < 2 THEN 'only its name'
  END
$$;
SELECT name, comment, pg_temp.problem(name, comment) FROM (VALUES
  ('users user_name', NULL), ('users user_name', ' '), ('users user_name', 'The user name.'), ('users user_name', 'The name of the user of this table.'),
  ('scim.createStore', 'Creates a store, of scim.'), ('users user_name', 'The attribute userName'), ('users user_name', 'The attribute userName, as sent.')) AS t (name, comment);

-- The extension: every member, and the columns of its composite types
SELECT coalesce(type || ' ' || identity, '(no object)') AS object, pg_temp.problem(identity, comment) AS problem FROM (
  SELECT o.type, o.identity, obj_description(d.objid, d.classid::regclass::text) AS comment
  FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) o
  WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'scim') AND d.deptype = 'e'
    -- array types are members since PostgreSQL 17, and speak for themselves
    AND NOT (o.type = 'type' AND o.identity LIKE '%[]')
  UNION ALL
  SELECT 'column', format('%s.%s', a.attrelid::regclass, a.attname), col_description(a.attrelid, a.attnum)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^scim') AND a.attnum > 0
  UNION ALL
  SELECT 'extension', 'scim', obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = 'scim'
) o WHERE pg_temp.problem(identity, comment) IS NOT NULL ORDER BY 1;
-- it is no empty list that was looked at
SELECT count(*) > 80 AS many, count(DISTINCT classid) AS kinds FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'scim') AND deptype = 'e';

-- A store, with a resource type that came later: schema, tables and partitions with their columns, triggers, policies
CREATE TEMP VIEW object AS
  SELECT 'schema' AS kind, nspname::text AS name, obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = 'comments'
  UNION ALL
  SELECT 'table', c.relname, obj_description(c.oid, 'pg_class') FROM pg_class c WHERE c.relnamespace = 'comments'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  UNION ALL
  SELECT 'column', format('%s %s', c.relname, a.attname), col_description(c.oid, a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = 'comments'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'trigger', format('%s %s', c.relname, t.tgname), obj_description(t.oid, 'pg_trigger')
  FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE c.relnamespace = 'comments'::regnamespace AND NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  SELECT 'policy', format('%s %s', c.relname, p.polname), obj_description(p.oid, 'pg_policy')
  FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relnamespace = 'comments'::regnamespace
  UNION ALL
  SELECT 'function', p.proname, obj_description(p.oid, 'pg_proc') FROM pg_proc p WHERE p.pronamespace = 'comments'::regnamespace;
SELECT kind || ' ' || name AS object, pg_temp.problem(name, comment) AS problem FROM object
WHERE pg_temp.problem(name, comment) IS NOT NULL ORDER BY 1;
SELECT kind, count(*) > 0 AS some FROM object GROUP BY kind ORDER BY kind;
-- a partition says what its parent does of each column
SELECT regexp_replace(c.relname, '^audit_\d+_\d+$', 'audit_YEAR_MONTH') AS relname, count(*) > 10 AS columns, bool_and(col_description(c.oid, a.attnum) IS NOT DISTINCT FROM col_description(i.inhparent, p.attnum)) AS same
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname
WHERE c.relnamespace = 'comments'::regnamespace AND c.relkind = 'r' GROUP BY 1 ORDER BY 1;

-- A store that came without them (pg_dump --no-comments): its views are known as its own, and all of them come back
CREATE TEMP TABLE said AS SELECT * FROM object;
SELECT count(*) > 100 AS many FROM said;
DELETE FROM pg_description WHERE objoid IN (SELECT oid FROM pg_class WHERE relnamespace = 'comments'::regnamespace
    UNION ALL SELECT t.oid FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'comments'::regnamespace
    UNION ALL SELECT p.oid FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'comments'::regnamespace
    UNION ALL SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'comments'::regnamespace
    UNION ALL SELECT 'comments'::regnamespace);
SELECT scim.repair_store('comments');
SELECT kind, name FROM (TABLE said EXCEPT TABLE object) AS lost ORDER BY kind, name;
SELECT scim.repair_store('comments');

-- Settings: the first sentence, and what follows
SELECT name, pg_temp.problem(name, concat_ws(' ', short_desc, extra_desc)) AS problem FROM pg_settings
WHERE name ~ '^scim\.' AND pg_temp.problem(name, concat_ws(' ', short_desc, extra_desc)) IS NOT NULL ORDER BY name;
SELECT count(*) > 20 AS many FROM pg_settings WHERE name ~ '^scim\.';

SET client_min_messages = warning;
SELECT scim.drop_store('comments', true);
