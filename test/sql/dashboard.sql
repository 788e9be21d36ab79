-- conf/grafana-dashboard.json: a dashboard by its form, and what its queries ask, as the role that doc/audit.md names
\set dashboard `cat "$PG_ABS_SRCDIR/../conf/grafana-dashboard.json"`
\set VERBOSITY terse
SET client_min_messages = warning;
\set store watched
\set ECHO none
\o /dev/null
\i conf/roles.sql
\o
\set ON_ERROR_STOP off
\set ECHO all
RESET client_min_messages;
SET scim.store = 'watched';
CREATE TEMP TABLE panel AS
  SELECT p, p ->> 'type' AS type, (p ->> 'id')::int AS id, (g ->> 'x')::int AS x, (g ->> 'y')::int AS y, (g ->> 'w')::int AS w, (g ->> 'h')::int AS h
  FROM jsonb_array_elements(:'dashboard'::jsonb -> 'panels') p, jsonb_extract_path(p, 'gridPos') g;
SELECT d ->> 'title' AS title, d ->> 'uid' AS uid, (d ->> 'schemaVersion')::int >= 36 AS schema, d -> 'id' AS id, d -> 'time' ? 'from' AND d -> 'time' ? 'to' AS time,
    jsonb_typeof(d #> '{annotations,list}') AS annotations FROM (VALUES (:'dashboard'::jsonb)) v (d);
SELECT v ->> 'name' AS name, v ->> 'type' AS type, v ->> 'query' AS query FROM jsonb_array_elements(:'dashboard'::jsonb #> '{templating,list}') v;
SELECT type, count(*), count(DISTINCT id), bool_and(p ->> 'title' <> '') AS titles FROM panel GROUP BY 1 ORDER BY 1;
SELECT id AS outside FROM panel WHERE x < 0 OR w < 1 OR h < 1 OR x + w > 24;
SELECT a.id, b.id AS overlaps FROM panel a JOIN panel b ON a.id < b.id AND a.x < b.x + b.w AND b.x < a.x + a.w AND a.y < b.y + b.h AND b.y < a.y + a.h;
SELECT id AS lacks FROM panel WHERE type <> 'row' AND (p -> 'datasource' <> '{"type": "grafana-postgresql-datasource", "uid": "${datasource}"}' OR NOT p ? 'options' OR p #> '{fieldConfig,defaults}' IS NULL OR jsonb_typeof(p #> '{fieldConfig,overrides}') <> 'array');
CREATE TEMP TABLE query AS
  SELECT id, type, p ->> 'title' AS title, t ->> 'format' AS format, t ->> 'rawSql' AS sql FROM panel, jsonb_array_elements(p -> 'targets') t
  WHERE t ->> 'refId' <> '' AND t -> 'rawQuery' = 'true' AND t -> 'datasource' = p -> 'datasource';
SELECT count(*) = (SELECT count(*) FROM panel WHERE type <> 'row') AS one_each FROM query;
SELECT format, type, count(*), bool_and((sql ~ '\$__timeGroupAlias\(at, \$__interval\).* AS metric, .* AS value') = (format = 'time_series')) AS form FROM query GROUP BY 1, 2 ORDER BY 1, 2;
-- each view is there
SELECT relname AS nowhere FROM pg_class WHERE relnamespace = 'watched'::regnamespace AND relkind = 'v' AND NOT EXISTS (SELECT FROM query WHERE sql ~ ('\$\{store\}\.' || relname || '\M')) ORDER BY 1;

SET ROLE scim_owner;
SELECT (scim.create_token('Payroll')).id IS NOT NULL AS made;
UPDATE watched.token SET created = now() - interval '200 days';
INSERT INTO watched.setting (name, value) VALUES ('leaver_filter', '"userType eq \"former\""');
INSERT INTO watched.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "ada", "userType": "former"}'),
    ('00000000-0000-7000-8000-000000000002', '{"userName": "bob", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "00000000-0000-7000-8000-000000000003"}}}'),
    ('00000000-0000-7000-8000-000000000003', '{"userName": "cleo"}');
INSERT INTO watched.groups (data) VALUES ('{"displayName": "Admins", "members": [{"value": "00000000-0000-7000-8000-000000000002"}]}');
UPDATE watched.users SET active = false WHERE user_name = 'cleo';
SELECT scim.seal_audit() > 0 AS sealed;
RESET ROLE;
-- what Grafana makes of the macros of its PostgreSQL data source, and of variables
CREATE FUNCTION pg_temp.as_sent(sql text) RETURNS text LANGUAGE sql AS $$
  SELECT replace(replace(replace(regexp_replace(regexp_replace(sql,
      '\$__timeGroupAlias\((\w+), *\$__interval\)', 'floor(extract(epoch from \1)/3600)*3600 AS "time"', 'g'),
      '\$__timeFilter\((\w+)\)', '\1 BETWEEN ' || quote_literal(to_char(now() - interval '30 days', 'YYYY-MM-DD"T"HH24:MI:SSTZH')) || ' AND ' || quote_literal(to_char(now() + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SSTZH')), 'g'),
      '${store}', 'watched'), '${groups}', 'Owners, Admins'), '${datasource}', '')
$$;
CREATE FUNCTION pg_temp.rows(sql text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM (' || sql || ') q' INTO n;
    RETURN n;
END
$$;
CREATE FUNCTION pg_temp.first(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    value text;
BEGIN
    EXECUTE sql INTO value;
    RETURN value;
END
$$;
SELECT count(*) AS macro_left FROM query WHERE pg_temp.as_sent(sql) ~ '\$';
GRANT EXECUTE ON FUNCTION pg_temp.as_sent, pg_temp.rows, pg_temp.first TO scim_auditor;
GRANT SELECT ON query TO scim_auditor;
SELECT format('GRANT USAGE ON SCHEMA %s TO scim_auditor', pg_my_temp_schema()::regnamespace) AS grant_them \gset
:grant_them;
SET ROLE scim_auditor;
SELECT title, pg_temp.rows(pg_temp.as_sent(sql)) > 0 AS rows, CASE WHEN type = 'stat' AND title !~ '^Age' THEN pg_temp.first(pg_temp.as_sent(sql)) END AS value FROM query ORDER BY id;
RESET ROLE;
SET client_min_messages = warning;
SELECT scim.drop_store('watched', true);
DROP OWNED BY scim_owner, scim_application, scim_auditor, scim_operator, scim_worker, scim_monitor;
DROP ROLE scim_owner, scim_application, scim_auditor, scim_operator, scim_worker, scim_monitor;
