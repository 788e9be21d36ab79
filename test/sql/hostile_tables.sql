-- Whoever has tables of his own, and rights on none of the store's, reads nothing of the
-- server's memory with them and stops nobody: what is taken from a row is what it is, a store
-- is its tables and triggers and not their names, and a trigger looks at what it is called on
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('hostile');
SET scim.store = 'hostile';
INSERT INTO hostile.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "bjensen"}');
CREATE ROLE regress_scim_mallory;
SELECT format('GRANT CREATE, TEMP ON DATABASE %I TO regress_scim_mallory', current_database()) AS grant_them \gset
:grant_them;
-- what became of a statement, without the names that differ
CREATE FUNCTION public.hostile_try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        RETURN SQLSTATE || ' ' || regexp_replace(regexp_replace(SQLERRM, 'pg_temp_\d+', 'pg_temp_N', 'g'), '[0-9a-f]{8}-[0-9a-f-]{27}', 'ID', 'g')
            || CASE SQLSTATE WHEN '42P01' THEN ': ' || detail ELSE '' END;
END
$$;
-- everything that reads the store that the setting names, as one text
CREATE FUNCTION public.hostile_use(upgrade boolean DEFAULT true) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(DISTINCT what, '; ' ORDER BY what) FROM (
    SELECT public.hostile_try(query) FROM unnest(CASE WHEN upgrade THEN ARRAY['SELECT scim.upgrade_store(current_setting(''scim.store''), true)'] END || ARRAY[
    'SELECT scim.json_schema(''User'')', 'SELECT scim.search(''User'')', 'SELECT scim.search(''User'', ''userName co "x"'', ''title'')',
    'SELECT scim.search(''User'', NULL, cursor => '''', count => 1)',
    'SELECT scim.search(''Group'', ''members.display eq "x"'')', 'SELECT scim.search(''User'', ''groups.display eq "x"'')',
    'SELECT scim.get_resource(''User'', ''00000000-0000-7000-8000-000000000001'')',
    'SELECT scim.create_resource(''User'', ''{"userName": "new", "password": "x"}'')',
    'SELECT scim.create_resource(''Group'', ''{"displayName": "g", "members": [{"value": "x"}]}'')',
    'SELECT scim.patch_resource(''User'', ''00000000-0000-7000-8000-000000000001'', ''[{"op": "add", "path": "title", "value": "t"}]'')',
    'SELECT scim.delete_resource(''User'', ''00000000-0000-7000-8000-000000000001'')',
    'SELECT scim.restore_resource(''User'', ''00000000-0000-7000-8000-000000000001'')', 'SELECT scim.purge(''0 s'')',
    'SELECT scim.authenticate(''x'')', 'SELECT scim.authenticate(''Bearer x'')', 'SELECT scim.authenticate(''Basic eDp5'')',
    'SELECT scim.gateway(''{"x-scim-method": "GET", "x-scim-target": "/Users", "x-scim-authorization": "Bearer x"}'', NULL)',
    'SELECT scim.create_client(scim.uuid_v7()::text, ''bearer'')', 'SELECT secret FROM scim.create_token(scim.uuid_v7()::text)',
    'SELECT scim.validate(''User'', ''{}'')', 'SELECT scim.canonicalise(''User'', ''{"userName": "x"}'')',
    'SELECT scim.openapi()', 'SELECT scim.to_sql(''userName eq "x"'')', 'SELECT scim.matches(''{}'', ''userName eq "x"'', ''User'')',
    'SELECT scim_internal.sort_key(''{}'', ''userName'', ''User'')', 'SELECT scim.store()', 'SELECT scim.bulk(''{"Operations": [{"method": "DELETE", "path": "/Users/x"}]}'')']) query)
    AS x (what)
WHERE what !~ '^(ok|SC4|SCUNI)'
$$;
GRANT EXECUTE ON FUNCTION scim.verify_password(text, text), scim.verify_password(uuid, text), scim.gateway, scim.create_client, scim.create_token TO regress_scim_mallory;
SET ROLE regress_scim_mallory;

--
-- tables of a session, made like those of a store but for one column
--
CREATE FUNCTION pg_temp.make(table_name text, column_name text, type text, filled text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    c record;
BEGIN
    FOR c IN
        SELECT a.attrelid::regclass AS model, t.relname AS name, string_agg(format('%I %s', a.attname,
            CASE WHEN t.relname = table_name AND a.attname = column_name THEN type || coalesce(' DEFAULT ' || filled, '') ELSE a.atttypid::regtype::text END), ', ') AS columns
        FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
        WHERE t.relnamespace = 'hostile'::regnamespace AND t.relkind IN ('r', 'p') AND a.attnum > 0
        GROUP BY 1, 2
    LOOP
        EXECUTE format('CREATE TEMP TABLE %I (%s)', c.name, c.columns);
    END LOOP;
    PERFORM set_config('scim.store', 'pg_temp_' || (regexp_match(relnamespace::regnamespace::text, '\d+'))[1], true)
    FROM pg_class WHERE oid = 'pg_temp.resource'::regclass;
    FOR c IN
        SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger
        WHERE tgrelid::regclass::text ~ '^hostile\.(resource|member|schema|resource_type|policy|tenant|unique_value|credential)$' AND NOT tgisinternal AND tgname !~ '^scim_has_door'
    LOOP
        EXECUTE replace(c.definition, ' hostile.', ' pg_temp.');
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.use(table_name text, column_name text, type text, filled text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    PERFORM pg_temp.make(table_name, column_name, type, filled);
    answer := concat_ws('; ', public.hostile_use(), public.hostile_try(format('INSERT INTO pg_temp.%I DEFAULT VALUES', table_name)),
        public.hostile_try(format('INSERT INTO pg_temp.%I DEFAULT VALUES; DELETE FROM pg_temp.%I', table_name, table_name)));
    RAISE EXCEPTION USING MESSAGE = answer, ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
SELECT table_name, count(*), answer
FROM (VALUES ('resource', 'resource_type'), ('resource', 'tenant_id'), ('resource', 'id'), ('resource', 'data'), ('resource', 'version'),
    ('resource', 'status'), ('resource', 'active'), ('resource', 'user_name'), ('resource', 'created'),
    ('schema', 'document'), ('schema', 'id'), ('resource_type', 'document'), ('resource_type', 'name'), ('resource_type', 'table_name'),
    ('policy', 'settings'), ('policy', 'kind'), ('member', 'group_id'), ('member', 'member_id'), ('credential', 'secret'), ('credential', 'resource_id'),
    ('unique_value', 'value'), ('unique_value', 'resource_id'), ('tenant', 'tenant_id')) AS c (table_name, column_name),
    pg_temp.use(table_name, column_name, 'int8', '42') AS answer
GROUP BY 1, 3 ORDER BY 1;
-- and with the right types: a session's tables are no store
SELECT pg_temp.use('resource', 'offboarding_at', 'timestamptz');
-- by name of the schema that every session calls its own
SET scim.store = 'pg_temp';
SELECT public.hostile_use();
SET scim.store = 'pg_catalog';
SELECT public.hostile_use();
SET scim.store = 'information_schema';
SELECT public.hostile_use();

--
-- a store of his own, with a column of another type
--
SELECT scim.create_store('mallory');
SET scim.store = 'mallory';
INSERT INTO mallory.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "mallory", "password": "x"}');
INSERT INTO mallory.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000a', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT public.hostile_use();
CREATE DOMAIN mallory.a_text AS text;
CREATE DOMAIN mallory.a_jsonb AS jsonb;
CREATE DOMAIN mallory.a_uuid AS uuid;
CREATE FUNCTION pg_temp.use_changed(table_name text, column_name text, type text, filled text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    PERFORM public.hostile_use(false);       -- the store is cached
    EXECUTE format('ALTER TABLE mallory.%I DROP COLUMN %I CASCADE', table_name, column_name);
    EXECUTE format('ALTER TABLE mallory.%I ADD COLUMN %I %s DEFAULT %L', table_name, column_name, type, filled);
    -- upgrade_store takes its time: for one type
    answer := concat_ws('; ', public.hostile_use(type = 'json'), public.hostile_try('INSERT INTO mallory.users (data) VALUES (''{"userName": "y"}'')'),
        public.hostile_try('UPDATE mallory.users SET active = false'), public.hostile_try('DELETE FROM mallory.member'),
        public.hostile_try(format('UPDATE mallory.%I SET %I = %I', table_name, column_name, column_name)));
    RAISE EXCEPTION USING MESSAGE = answer, ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN
        -- what has to do with the column says what it misses, or the update of nothing is fine
        RETURN (SELECT string_agg(DISTINCT regexp_replace(part, '"mallory\.\w+"', '"..."'), '; ') FROM regexp_split_to_table(SQLERRM, '; ') part WHERE part <> 'ok');
    WHEN OTHERS THEN
        RETURN SQLERRM;
END
$$;
-- each in a transaction of its own, so that the catalogue is not full of what was taken back
CREATE TEMP TABLE answers (answer text);
CREATE PROCEDURE pg_temp.change_all() LANGUAGE plpgsql AS $$
DECLARE
    change record;
    changes CONSTANT jsonb := (SELECT jsonb_agg(jsonb_build_object('relation', c.relname, 'attribute', a.attname, 'type', type, 'filled', filled))
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid,
                (VALUES ('int8', '42'), ('text', 'x'), ('mallory.a_text', 'x'), ('mallory.a_jsonb', '{}'), ('mallory.a_uuid', '00000000-0000-7000-8000-000000000001'), ('json', '{}')) AS t (type, filled)
        WHERE c.relnamespace = 'mallory'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0
              -- a domain over its own type, and one of the other types: each in its turn
              AND CASE WHEN type ~ 'mallory' THEN type = 'mallory.a_' || a.atttypid::regtype
                  ELSE type = (ARRAY(SELECT other FROM unnest('{int8,text,json}'::text[]) AS other WHERE other <> a.atttypid::regtype::text))[1 + a.attnum % 2] END
              -- those that nothing reads, or not each time
              AND (c.relname, a.attname) NOT IN (('tenant', 'name'), ('tenant', 'created'), ('member', 'created'), ('token', 'description'), ('token', 'created'),
                ('audit', 'at'), ('audit', 'db_user'), ('audit', 'id'), ('audit', 'transaction_id'), ('audit', 'change'),
                ('event', 'at'), ('event', 'id'), ('event', 'transaction_id'), ('event', 'change'), ('store', 'id'), ('store', 'restoring'), ('client', 'created')));
BEGIN
    FOR change IN SELECT * FROM jsonb_to_recordset(changes) AS t (relation text, attribute text, type text, filled text) LOOP
        INSERT INTO answers SELECT pg_temp.use_changed(change.relation, change.attribute, change.type, change.filled);
        COMMIT;
    END LOOP;
END
$$;
CALL pg_temp.change_all();
SELECT answer, count(*) FROM answers GROUP BY 1 ORDER BY answer COLLATE "C";
-- what nothing reads, and what is more, does not matter; nor does their order
BEGIN;
ALTER TABLE mallory.tenant DROP COLUMN name;
ALTER TABLE mallory.resource ADD COLUMN own int GENERATED ALWAYS AS (version::int * 2) STORED;
ALTER TABLE mallory.member DROP COLUMN created CASCADE, ADD COLUMN created int8 DEFAULT 42;
ALTER TABLE mallory.credential DROP CONSTRAINT credential_secret, DROP COLUMN secret, ADD COLUMN secret text;
SELECT public.hostile_use();
INSERT INTO mallory.users (data) VALUES ('{"userName": "y"}') RETURNING own;
ROLLBACK;

--
-- what is no table, belongs to somebody else, or lacks a trigger
--
CREATE FUNCTION pg_temp.use_after(VARIADIC changes text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    change text;
    answer text;
BEGIN
    FOREACH change IN ARRAY changes LOOP
        EXECUTE change;
    END LOOP;
    answer := public.hostile_use();
    RAISE EXCEPTION USING MESSAGE = coalesce(answer, 'ok'), ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
RESET ROLE;
CREATE FOREIGN DATA WRAPPER regress_scim_wrapper;
CREATE SERVER regress_scim_server FOREIGN DATA WRAPPER regress_scim_wrapper;
GRANT USAGE ON FOREIGN SERVER regress_scim_server TO regress_scim_mallory;
CREATE ROLE regress_scim_other;
GRANT CREATE, USAGE ON SCHEMA mallory TO regress_scim_other;
GRANT regress_scim_other TO regress_scim_mallory;
SET ROLE regress_scim_mallory;
SELECT pg_temp.use_after('ALTER TABLE mallory.schema RENAME TO kept', 'CREATE VIEW mallory.schema AS SELECT * FROM mallory.kept');
SELECT pg_temp.use_after('ALTER TABLE mallory.audit RENAME TO kept', 'CREATE MATERIALIZED VIEW mallory.audit AS SELECT * FROM mallory.kept');
SELECT pg_temp.use_after('ALTER TABLE mallory.event RENAME TO kept', 'CREATE FOREIGN TABLE mallory.event (tenant_id int, event_uri text, resource_type text, resource_id uuid, version bigint) SERVER regress_scim_server');
SELECT pg_temp.use_after('ALTER TABLE mallory.secret RENAME TO kept', 'CREATE SEQUENCE mallory.secret');
SELECT pg_temp.use_after('ALTER TABLE mallory.resource RENAME TO kept', 'CREATE TABLE mallory.resource (LIKE mallory.kept INCLUDING ALL)');
SELECT pg_temp.use_after('DROP TABLE mallory.token CASCADE');
SELECT pg_temp.use_after('ALTER TABLE mallory.store RENAME TO kept', 'CREATE VIEW mallory.store AS SELECT * FROM mallory.kept');
SELECT pg_temp.use_after('ALTER TABLE mallory.client RENAME TO kept', 'CREATE VIEW mallory.client AS SELECT * FROM mallory.kept');
SELECT pg_temp.use_after('ALTER TABLE mallory.authentication_scheme OWNER TO regress_scim_other');
-- these were not in the first version
SELECT pg_temp.use_after('DROP TABLE mallory.client CASCADE', 'DROP TABLE mallory.authentication_scheme');
SELECT pg_temp.use_after('DROP TABLE mallory.store', 'CREATE TABLE mallory.store (theirs text)', 'ALTER TABLE mallory.client RENAME TO kept', 'CREATE VIEW mallory.client AS SELECT 1 AS one');
SELECT pg_temp.use_after('ALTER TABLE mallory.token OWNER TO regress_scim_other');
SELECT pg_temp.use_after('ALTER TABLE mallory.resource OWNER TO regress_scim_other');
-- nor is one who brings his store forward led to do more than he may
BEGIN;
ALTER TABLE mallory.store RENAME TO kept;
CREATE FUNCTION mallory.version_of_mallory() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RAISE WARNING 'as %', current_user;
    EXECUTE current_setting('regress.lure');
    RETURN '0.1.0';
END
$$;
CREATE VIEW mallory.store AS SELECT mallory.version_of_mallory() AS version;
RESET ROLE;
SELECT lure, left(public.hostile_try(format('SET LOCAL regress.lure = %L; SELECT scim.upgrade_store(''mallory'')', lure)), 5) AS code
FROM unnest(ARRAY['RESET ROLE', 'SET ROLE none', 'SET SESSION AUTHORIZATION DEFAULT', 'SELECT set_config(''role'', ''none'', false)',
    'ALTER ROLE regress_scim_mallory SUPERUSER']) lure;
ROLLBACK;
SET ROLE regress_scim_mallory;
SELECT c.relname, tgname, pg_temp.use_after(format('DROP TRIGGER %I ON mallory.%I', t.tgname, c.relname)) AS answer
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'mallory'::regnamespace AND t.tgparentid = 0 AND NOT tgisinternal AND NOT c.relispartition AND tgname NOT IN ('scim_truncate', 'scim_check')
ORDER BY 1, 2;
-- one that does not always fire, or calls a namesake
SELECT pg_temp.use_after('DROP TRIGGER scim_door ON mallory.resource', 'CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON mallory.resource FOR EACH ROW WHEN (false) EXECUTE FUNCTION scim_internal.resource_door()');
SELECT pg_temp.use_after('DROP TRIGGER scim_door ON mallory.resource', 'CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OF data OR DELETE ON mallory.resource FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door()');
SELECT pg_temp.use_after('DROP TRIGGER scim_door ON mallory.resource', 'CREATE TRIGGER scim_door BEFORE INSERT OR DELETE ON mallory.resource FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door()');
SELECT pg_temp.use_after('DROP TRIGGER scim_door ON mallory.resource',
    'CREATE FUNCTION mallory.resource_door() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NEW; END''',
    'CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON mallory.resource FOR EACH ROW EXECUTE FUNCTION mallory.resource_door()');
-- by another name it does as well, and a table may have partitions
SELECT pg_temp.use_after('ALTER TRIGGER scim_door ON mallory.resource RENAME TO some_other');
SELECT pg_temp.use_after('ALTER TABLE mallory.audit RENAME TO kept', 'CREATE TABLE mallory.audit (LIKE mallory.kept INCLUDING DEFAULTS) PARTITION BY RANGE (at)',
    'CREATE TABLE mallory.audit_rest PARTITION OF mallory.audit DEFAULT');

--
-- our triggers on tables of his own, at every time, and as functions
--
CREATE TABLE mallory.own (tenant_id int8 DEFAULT 42, resource_type int8 DEFAULT 42, id int8 DEFAULT 42, data int8 DEFAULT 42, document int8 DEFAULT 42,
    name int8 DEFAULT 42, table_name int8 DEFAULT 42, group_id int8 DEFAULT 42, member_id int8 DEFAULT 42, resource_id int8 DEFAULT 42, attribute int8 DEFAULT 42, value int8 DEFAULT 42);
CREATE VIEW mallory.own_view AS SELECT 42::int8 AS id;
CREATE FUNCTION pg_temp.fire(function regproc, timing text, events text, level text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
    target CONSTANT text := CASE WHEN timing LIKE 'INSTEAD%' THEN 'own_view' ELSE 'own' END;
BEGIN
    EXECUTE format('CREATE %s TRIGGER z %s %s ON mallory.%I %s %s EXECUTE FUNCTION %s()', CASE WHEN timing LIKE '% DEFERR%' THEN 'CONSTRAINT' END,
        split_part(timing, ' ', 1) || CASE WHEN timing LIKE 'INSTEAD%' THEN ' OF' ELSE '' END, events, target,
        CASE WHEN timing LIKE '% DEFERR%' THEN 'DEFERRABLE INITIALLY IMMEDIATE' WHEN timing LIKE '% TABLE' THEN
            CASE WHEN events LIKE '%INSERT%' THEN 'REFERENCING NEW TABLE AS ' ELSE 'REFERENCING OLD TABLE AS ' END || CASE WHEN function::text LIKE '%member%' THEN 'changed_member' ELSE 'changed' END END,
        level, function);
    answer := public.hostile_try(format('INSERT INTO mallory.%I DEFAULT VALUES', target));
    IF answer = 'ok' THEN
        answer := public.hostile_try(format('UPDATE mallory.%I SET id = id', target));
    END IF;
    IF answer = 'ok' THEN
        answer := public.hostile_try(format('DELETE FROM mallory.%I', target));
    END IF;
    IF answer = 'ok' AND events = 'TRUNCATE' THEN
        answer := public.hostile_try('TRUNCATE mallory.own');
    END IF;
    RAISE EXCEPTION USING MESSAGE = answer, ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
SELECT proname, answer, count(*) FROM (SELECT p.proname, pg_temp.fire(p.oid, timing, events, level) AS answer
FROM pg_proc p, (VALUES ('BEFORE', 'INSERT OR UPDATE OR DELETE', 'FOR EACH ROW'), ('AFTER', 'INSERT OR UPDATE OR DELETE', 'FOR EACH ROW'),
    ('BEFORE', 'INSERT OR UPDATE OR DELETE', 'FOR EACH STATEMENT'), ('AFTER', 'INSERT OR UPDATE OR DELETE', 'FOR EACH STATEMENT'),
    ('AFTER TABLE', 'INSERT', 'FOR EACH STATEMENT'), ('AFTER TABLE', 'INSERT', 'FOR EACH ROW'),
    ('AFTER DEFERRED', 'INSERT', 'FOR EACH ROW'), ('BEFORE', 'TRUNCATE', 'FOR EACH STATEMENT'),
    ('INSTEAD', 'INSERT', 'FOR EACH ROW')) AS t (timing, events, level)
WHERE p.prorettype = 'trigger'::regtype AND p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'c') AND p.prosrc LIKE 'scim\_%') AS x
GROUP BY 1, 2 ORDER BY proname, answer COLLATE "C";
SELECT p.proname, public.hostile_try(format('SELECT %s()', p.oid::regproc)) AS answer
FROM pg_proc p WHERE p.prorettype = 'trigger'::regtype AND p.prosrc LIKE 'scim\_%'
ORDER BY 1;
-- on a store's own tables, by one who may make triggers there
CREATE TRIGGER z AFTER UPDATE ON mallory.resource_type FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_record();
UPDATE mallory.resource_type SET document = document;
DROP TRIGGER z ON mallory.resource_type;
CREATE TRIGGER z AFTER INSERT ON mallory.member REFERENCING NEW TABLE AS other FOR EACH ROW EXECUTE FUNCTION scim_internal.member_record();
INSERT INTO mallory.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-0000000000ff');
DROP TRIGGER z ON mallory.member;
CREATE TRIGGER z BEFORE INSERT ON mallory.audit FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door();
SELECT regexp_replace(public.hostile_try($$INSERT INTO mallory.users (data) VALUES ('{"userName": "z"}')$$), '\d{4}_\d\d', 'YEAR_MONTH') AS try;
DROP TRIGGER z ON mallory.audit;

--
-- partitions that stand elsewhere, and belong to others
--
CREATE SCHEMA mallory_elsewhere;
GRANT USAGE, CREATE ON SCHEMA mallory_elsewhere TO regress_scim_other;
SELECT scim.register_schema('{"id": "urn:example:Robot", "name": "Robot", "attributes": [{"name": "serial"}, {"name": "displayName"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Robot", "endpoint": "/Robots", "schema": "urn:example:Robot"}') ->> 'name' AS type;
INSERT INTO mallory.robots (data) VALUES ('{"serial": "1"}');
ALTER TABLE mallory.resource DETACH PARTITION mallory.robots;
DROP TABLE mallory.robots;
CREATE TABLE mallory_elsewhere.robots (
    gone int, sessions_valid_after timestamptz, version bigint NOT NULL, data jsonb NOT NULL, activated_at timestamptz, deactivated_at timestamptz, deleted_at timestamptz, offboarding_at timestamptz, last_modified timestamptz NOT NULL,
    created timestamptz NOT NULL, status text COLLATE "C" NOT NULL, active boolean, display_name text COLLATE "C", user_name text COLLATE "C",
    external_id text COLLATE "C", id uuid NOT NULL DEFAULT scim.uuid_v7(), resource_type text COLLATE "C" NOT NULL DEFAULT 'Robot', tenant_id int NOT NULL DEFAULT 1,
    CONSTRAINT resource_status CHECK (scim_internal.is_status(status)));
ALTER TABLE mallory_elsewhere.robots DROP COLUMN gone;
ALTER TABLE mallory.resource ATTACH PARTITION mallory_elsewhere.robots FOR VALUES IN ('Robot');
-- which has to belong to him who owns the store
ALTER TABLE mallory_elsewhere.robots OWNER TO regress_scim_other;
INSERT INTO mallory_elsewhere.robots (data) VALUES ('{"serial": "0"}');
ALTER TABLE mallory_elsewhere.robots OWNER TO regress_scim_mallory;
INSERT INTO mallory_elsewhere.robots (data) VALUES ('{"SERIAL": "2", "displayName": "Marvin"}') RETURNING data, version, status, display_name;
SELECT scim.patch_resource('Robot', id::text, '[{"op": "replace", "path": "serial", "value": "3"}]') ->> 'serial' AS serial FROM mallory_elsewhere.robots;
UPDATE mallory.policy SET settings = '{"mode": "retain"}' WHERE resource_type = 'Robot' AND kind = 'delete';
DELETE FROM mallory_elsewhere.robots;
SELECT status, version, display_name FROM mallory_elsewhere.robots;
SELECT scim.resource_json(r) ->> 'serial' AS serial FROM mallory_elsewhere.robots r;
SELECT operation, version FROM mallory.audit WHERE resource_type = 'Robot' ORDER BY id;
-- once it is none any more
ALTER TABLE mallory.resource DETACH PARTITION mallory_elsewhere.robots;
SELECT scim.resource_json(r) ->> 'serial' AS serial FROM mallory_elsewhere.robots r;
INSERT INTO mallory_elsewhere.robots (data, version, created, last_modified, status) VALUES ('{}', 1, now(), now(), 'ACTIVE');
CREATE TRIGGER z BEFORE INSERT ON mallory_elsewhere.robots FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door();
INSERT INTO mallory_elsewhere.robots (data) VALUES ('{"serial": "4"}');

--
-- records
--
CREATE DOMAIN mallory.a_user AS mallory.users;
CREATE TYPE mallory.a_row AS (tenant_id int, resource_type text, id uuid, data jsonb, version bigint, created timestamptz, last_modified timestamptz);
SELECT scim.resource_json(u) ->> 'userName' AS user_name FROM mallory.users u WHERE user_name = 'mallory';
SELECT scim.resource_json(u::mallory.a_user) ->> 'userName' AS user_name FROM mallory.users u WHERE user_name = 'mallory';
SELECT scim.resource_json(r) ->> 'userName' AS user_name FROM mallory.resource r WHERE user_name = 'mallory';
SELECT query, public.hostile_try(query) FROM unnest(ARRAY[
    'SELECT scim.resource_json(NULL)', 'SELECT scim.resource_json(ROW())', 'SELECT scim.resource_json(ROW(42, 42))',
    'SELECT scim.resource_json(NULL::mallory.users)', 'SELECT scim.resource_json(o) FROM (VALUES (42)) o',
    'SELECT scim.resource_json(ROW(1, ''User'', ''00000000-0000-7000-8000-000000000001'', ''{}'', 1, now(), now())::mallory.a_row)',
    'SELECT scim.resource_json(m) FROM mallory.member m', 'SELECT scim.resource_json(s) FROM mallory.schema s', 'SELECT scim.resource_json(a) FROM mallory.audit a',
    'SELECT scim.resource_json(c) FROM pg_class c LIMIT 1', 'INSERT INTO mallory.own DEFAULT VALUES; SELECT scim.resource_json(o) FROM mallory.own o', 'SELECT scim.resource_json(o) FROM mallory.own_view o',
    'SELECT scim.resource_json(jsonb_populate_record(NULL::mallory.users, ''{"tenant_id": 1}''))',
    'SELECT scim.resource_json(jsonb_populate_record(NULL::mallory.users, ''{"tenant_id": 1, "resource_type": "Nobody"}''))',
    'SELECT scim.resource_json(jsonb_populate_record(u, ''{"data": 5}'')) FROM mallory.users u', 'SELECT scim.resource_json(jsonb_populate_record(u, ''{"data": [1]}'')) FROM mallory.users u',
    'SELECT scim.resource_json(jsonb_populate_record(u, ''{"data": {"name": 5, "emails": "x", "userName": {"a": [1]}, "schemas": 1}}'')) FROM mallory.users u',
    'SELECT scim.resource_json(jsonb_populate_record(u, ''{"created": "infinity"}'')) FROM mallory.users u',
    'SELECT scim.resource_json(jsonb_populate_record(u, ''{"resource_type": "Group", "id": "00000000-0000-7000-8000-0000000000ff"}'')) FROM mallory.users u']) query;

--
-- rows that nobody has checked, of a table that lets them in
--
BEGIN;
ALTER TABLE mallory.resource DISABLE TRIGGER USER;
ALTER TABLE mallory.users DISABLE TRIGGER USER;
ALTER TABLE mallory.resource ALTER data DROP NOT NULL, ALTER status DROP NOT NULL, DROP CONSTRAINT resource_status;
INSERT INTO mallory.resource (resource_type, id, user_name, status, data, version, created, last_modified)
SELECT 'User', ('00000000-0000-7000-8000-' || lpad((100 + number)::text, 12, '0'))::uuid, 'u' || number,
    CASE number WHEN 13 THEN NULL WHEN 14 THEN 'BANANA' ELSE 'ACTIVE' END, nullif(data, '"NULL"'), 1, now(), now()
FROM unnest(ARRAY['"NULL"', '"x"', 'null', 'true', '[]', '[1, {}]', '{"userName": {"a": 1}}',
    '{"userName": [1, [2]], "name": "x", "emails": 7, "schemas": 3, "active": 5}',
    '{"emails": [1, "x", null, [{"value": {"value": 1}}]], "name": [["x"]], "groups": 9, "password": 1, "id": {}, "meta": []}',
    '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": 5}',
    '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": [5]}, "members": 5}', '5', '{}', '{}']::jsonb[]) WITH ORDINALITY AS d (data, number);
ALTER TABLE mallory.resource ENABLE TRIGGER USER;
ALTER TABLE mallory.users ENABLE TRIGGER USER;
SELECT query, string_agg(DISTINCT left(public.hostile_try(format(query, id)), 5), ' ') AS answers, count(*)
FROM mallory.users u, unnest(ARRAY[
    'SELECT scim.get_resource(''User'', %L)', 'SELECT scim.resource_json(u) FROM mallory.users u WHERE id = %L', 'UPDATE mallory.users SET active = true WHERE id = %L',
    'UPDATE mallory.users SET data = data WHERE id = %L', 'UPDATE mallory.users SET version = version + 1 WHERE id = %L', 'UPDATE mallory.users SET status = ''SUSPENDED'' WHERE id = %L',
    'DELETE FROM mallory.users WHERE id = %1$L; DELETE FROM mallory.users WHERE id = %1$L']) query
WHERE u.user_name LIKE 'u%' GROUP BY 1 ORDER BY query COLLATE "C";
ROLLBACK;
-- a patch takes what it cannot use for nothing, and the door decides
BEGIN;
ALTER TABLE mallory.users DISABLE TRIGGER USER;
INSERT INTO mallory.users (id, user_name, status, data, version, created, last_modified)
SELECT ('00000000-0000-7000-8000-' || lpad((20 + number)::text, 12, '0'))::uuid, 'u' || number, 'ACTIVE', data, 1, now(), now()
FROM unnest(ARRAY['"x"', '[1, {}]', '{"userName": {"a": 1}}', '{"userName": [1, [2]], "name": "x", "emails": 7, "schemas": 3, "active": 5}',
    '{"emails": [1, "x", null, [{"value": {"value": 1}}]], "name": [["x"]], "groups": 9, "password": 1, "id": {}, "meta": []}',
    '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": 5}',
    '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": [5]}, "emails": {"value": "x"}}']::jsonb[]) WITH ORDINALITY AS d (data, number);
ALTER TABLE mallory.users ENABLE TRIGGER USER;
SELECT operation, string_agg(DISTINCT left(public.hostile_try(format('SELECT scim.patch_resource(''User'', %L, ''[{"op": "add", "path": "userName", "value": "%s"}, %s]'')', id, id, operation)), 5), ' ') AS answers
FROM mallory.users u, unnest(ARRAY['{"op": "add", "path": "title", "value": "t"}', '{"op": "add", "path": "emails", "value": {"value": "x@y"}}',
    '{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "x@y"}', '{"op": "remove", "path": "emails[value eq \"x\"]"}',
    '{"op": "add", "path": "emails.type", "value": "work"}', '{"op": "remove", "path": "emails", "value": [{"value": "x"}]}',
    '{"op": "replace", "path": "name.familyName", "value": "x"}', '{"op": "remove", "path": "name.familyName"}', '{"op": "add", "path": "name", "value": {"givenName": "x"}}',
    '{"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", "value": "x"}',
    '{"op": "add", "value": {"emails": [{"value": "z"}], "name": {"givenName": "z"}, "active": true}}']) operation
WHERE u.user_name LIKE 'u%' GROUP BY 1 ORDER BY operation COLLATE "C";
SELECT public.hostile_try(format('SELECT length(scim.search(''User'', %L, %L)::text)', filter, sort)) AS answer, count(*)
FROM unnest(ARRAY['userName pr', 'emails[value eq "x"]', 'name.familyName co "x"', 'not (active eq true)', 'schemas pr']) filter,
    unnest(ARRAY['userName', 'emails', 'name.familyName', 'active', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager']) sort GROUP BY 1 ORDER BY 1;
ROLLBACK;
-- the registry and the policies likewise: what is wrong is said, and can be mended
CREATE FUNCTION pg_temp.use_row(table_name text, change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format('ALTER TABLE mallory.%I DISABLE TRIGGER USER', table_name);
    EXECUTE change;
    EXECUTE format('ALTER TABLE mallory.%I ENABLE TRIGGER USER', table_name);
    answer := concat_ws('; ', public.hostile_use(), public.hostile_try('INSERT INTO mallory.users (data) VALUES (''{"userName": "y"}''); DELETE FROM mallory.users WHERE user_name = ''y'''),
        public.hostile_try('SELECT status FROM scim.request(''GET'', ''/Schemas'')'), public.hostile_try('SELECT status FROM scim.request(''GET'', ''/ResourceTypes'')'),
        public.hostile_try('SELECT scim.verify_password(''00000000-0000-7000-8000-000000000001'', ''x'')'),
        CASE WHEN table_name IN ('schema', 'resource_type') THEN public.hostile_try(format('UPDATE mallory.%I SET document = document WHERE document::text = %L', table_name, split_part(change, '''', 2))) END);
    RAISE EXCEPTION USING MESSAGE = answer, ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN
        RETURN (SELECT string_agg(DISTINCT part, '; ') FROM regexp_split_to_table(SQLERRM, '; ') part WHERE part <> 'ok');
END
$$;
SELECT document, pg_temp.use_row('schema', format('UPDATE mallory.schema SET document = %L WHERE id LIKE ''%%:core:2.0:User''', document)) AS answers
FROM (SELECT public.hostile_try('ALTER TABLE mallory.schema DROP CONSTRAINT schema_id, ALTER document DROP NOT NULL')) AS x (changed),
    unnest(ARRAY['5', '"x"', NULL, 'null', '[]', '[1]', '{}', '{"id": 5}', '{"id": "urn:x:y", "name": 7}', '{"id": "urn:x:y", "name": "n", "attributes": 5}',
    '{"id": "urn:x:y", "name": "n", "attributes": [5]}', '{"id": "urn:x:y", "name": "n", "attributes": [{"name": "a", "type": "complex", "subAttributes": 7}]}',
    '{"id": "urn:x:y", "name": "n", "attributes": [{"name": "a", "canonicalValues": [7]}]}']::jsonb[]) document
WHERE changed = 'ok';
SELECT document, pg_temp.use_row('resource_type', format('UPDATE mallory.resource_type SET document = %L WHERE name = ''User''', document)) AS answers
FROM (SELECT public.hostile_try('ALTER TABLE mallory.resource_type DROP CONSTRAINT resource_type_name')) AS x (changed),
    unnest(ARRAY['5', '[]', '{}', '{"name": 7}', '{"name": "User", "endpoint": {}}', '{"name": "User", "endpoint": "/Users", "schema": 5}',
    '{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [5]}',
    '{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": 5}']::jsonb[]) document
WHERE changed = 'ok';
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT conname, conrelid::regclass AS relation FROM pg_constraint
        WHERE conrelid IN ('mallory.policy'::regclass, 'mallory.secret'::regclass, 'mallory.credential'::regclass) AND contype = 'c' LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.relation, c.conname);
    END LOOP;
END
$$;
SELECT kind, settings, regexp_replace(pg_temp.use_row('policy', format('DELETE FROM mallory.policy WHERE kind = %1$L;
    INSERT INTO mallory.policy (resource_type, kind, name, settings) VALUES (''User'', %1$L, %1$L, %2$L)', kind, settings)), ' [^;]*', '', 'g') AS answers
FROM unnest(ARRAY['identity', 'canonical', 'reference', 'delete']) kind,
    unnest(ARRAY['5', '[]', '"x"', '{"attributes": 5}', '{"attributes": {"userName": [5]}}', '{"attributes": [5, {}]}', '{"mode": 5}',
    '{"mode": [], "missing": 7, "attributes": {"userName": "User"}}']::jsonb[]) settings;
-- a secret and a password that are none
SELECT pg_temp.use_row('secret', 'UPDATE mallory.secret SET value = ''x''') AS answers;
SELECT secret, pg_temp.use_row('credential', format('UPDATE mallory.credential SET secret = %L', secret)) AS answers
FROM unnest(ARRAY['', 'x', 'SCRAM-SHA-256$', 'SCRAM-SHA-256$4096:$:', 'SCRAM-SHA-256$99999999999:AA==$AA==:AA==']) secret;

--
-- core schemas that make something else of what has a table of its own
--
CREATE FUNCTION pg_temp.with_attribute(schema text, attribute jsonb, VARIADIC queries text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    query text;
    registered text;
BEGIN
    registered := public.hostile_try(format('SELECT scim.register_schema(%L, true)', (SELECT jsonb_set(s.document, '{attributes}',
        (SELECT jsonb_agg(CASE WHEN a -> 'name' = attribute -> 'name' THEN attribute ELSE a END) FROM jsonb_array_elements(s.document -> 'attributes') a))
        FROM mallory.schema s WHERE s.id = 'urn:ietf:params:scim:schemas:core:2.0:' || schema)));
    IF registered <> 'ok' THEN
        RETURN NEXT registered;
        RETURN;
    END IF;
    FOREACH query IN ARRAY queries LOOP
        RETURN NEXT left(public.hostile_try(query), 5);
    END LOOP;
END
$$;
BEGIN;
SELECT pg_temp.with_attribute('User', '{"name": "password", "type": "integer"}', 'SELECT scim.create_resource(''User'', ''{"userName": "p1", "password": 42}'')',
    'UPDATE mallory.users SET data = data || ''{"password": 42}''', 'SELECT scim.search(''User'', ''password eq 42'')');
ROLLBACK;
BEGIN;
SELECT pg_temp.with_attribute('User', '{"name": "password", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "decimal"}]}',
    'SELECT scim.create_resource(''User'', ''{"userName": "p2", "password": [{"value": 42}]}'')');
ROLLBACK;
BEGIN;
SELECT attribute ->> 'type' AS type, pg_temp.with_attribute('Group', attribute, 'SELECT scim.create_resource(''Group'', ''{"displayName": "x", "members": 42}'')',
    'SELECT scim.patch_resource(''Group'', ''00000000-0000-7000-8000-00000000000a'', ''[{"op": "add", "path": "members", "value": 42}]'')',
    'SELECT scim.replace_resource(''Group'', ''00000000-0000-7000-8000-00000000000a'', ''{"displayName": "x", "members": {"value": 42}}'')',
    'UPDATE mallory.groups SET data = data || ''{"members": [{"value": 42}]}''', 'SELECT scim.search(''Group'', ''members pr'')', 'SELECT scim.get_resource(''Group'', ''00000000-0000-7000-8000-00000000000a'')')
FROM unnest(ARRAY['{"name": "members", "type": "integer"}', '{"name": "members", "type": "string", "multiValued": true}',
    '{"name": "members", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "integer"}]}']::jsonb[]) attribute;
ROLLBACK;
BEGIN;
UPDATE mallory.policy SET enabled = true WHERE kind = 'identity';
SELECT attribute ->> 'name' AS name, pg_temp.with_attribute('User', attribute, 'SELECT scim.create_resource(''User'', ''{"userName": 42, "emails": [{"value": 42}]}'')', 'SELECT scim.create_resource(''User'', ''{"userName": "x", "emails": [{"value": 42}]}'')',
    'SELECT scim.create_resource(''User'', ''{"userName": "x", "emails": 42, "active": 42, "displayName": 42}'')', 'SELECT scim.search(''User'', ''userName pr and active pr'', ''userName'')', 'SELECT scim.search(''User'', NULL, ''active'')')
FROM unnest(ARRAY['{"name": "emails", "type": "integer"}', '{"name": "emails", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "decimal"}]}',
    '{"name": "active", "type": "integer"}', '{"name": "displayName", "type": "decimal"}', '{"name": "groups", "type": "boolean"}', '{"name": "userName", "type": "integer"}']::jsonb[]) attribute;
ROLLBACK;

--
-- rules
--
SELECT pg_temp.use_after('CREATE RULE r AS ON INSERT TO mallory.audit DO INSTEAD SELECT 42::int8');
SELECT pg_temp.use_after('CREATE RULE r AS ON INSERT TO mallory.audit DO INSTEAD NOTHING');
SELECT pg_temp.use_after('CREATE RULE r AS ON UPDATE TO mallory.resource DO ALSO SELECT 42::int8 AS tenant_id');
SELECT pg_temp.use_after('CREATE RULE r AS ON INSERT TO mallory.member DO INSTEAD SELECT 42::int8 AS member_id');

--
-- a store that he may not use
--
RESET ROLE;
SET scim.store = 'hostile';
SELECT public.hostile_use();
SET ROLE regress_scim_mallory;
SELECT public.hostile_use();
SELECT scim.json_schema('User');
SELECT scim.matches('{"userName": "x"}', 'userName eq "x"', 'User');
SELECT status FROM scim.request('GET', '/Users');
-- without a type of the store's, a filter needs none: the core schemas do
SELECT '{"userName": "x"}'::jsonb OPERATOR(scim.~) 'USERNAME eq "X"' AS matches, scim.matches('{"userName": "x"}', 'userName eq "X"') AS too;
RESET ROLE;
GRANT USAGE ON SCHEMA hostile TO regress_scim_mallory;
SET ROLE regress_scim_mallory;
SELECT scim.json_schema('User') ->> 'title' AS title;
SELECT scim.search('User');

--
-- types, operators and the planner
--
CREATE TABLE mallory.documents (document jsonb);
INSERT INTO mallory.documents SELECT jsonb_build_object('userName', i) FROM generate_series(1, 100) i;
CREATE INDEX ON mallory.documents USING gin (document scim.gin_ops);
CREATE STATISTICS mallory.documents_keys ON (scim_internal.index_keys(document)) FROM mallory.documents;
ANALYZE mallory.documents;
CREATE FUNCTION mallory.filter_of(int, int) RETURNS scim.filter LANGUAGE plpgsql AS $$BEGIN RETURN 'userName eq "42"'; END$$;
CREATE FUNCTION mallory.query_of(int, int) RETURNS scim.index_query LANGUAGE plpgsql AS $$BEGIN RETURN scim_internal.index_query('userName eq "42"', NULL); END$$;
CREATE FUNCTION mallory.query_of(scim.filter, int) RETURNS scim.index_query LANGUAGE plpgsql STABLE AS $$BEGIN RETURN scim_internal.index_query($1, NULL); END$$;
SELECT count(*) FROM mallory.documents WHERE document OPERATOR(scim.~) mallory.filter_of(42, 43);
SELECT count(*) > 0 AS found FROM mallory.documents WHERE document OPERATOR(scim.@~) mallory.query_of(42, 43);
SELECT count(*) > 0 AS found FROM mallory.documents WHERE document OPERATOR(scim.@~) mallory.query_of('userName eq "42"'::scim.filter, 43);
SELECT count(*) FROM mallory.documents WHERE scim.matches(document, mallory.filter_of(42, 43), NULL);
SELECT count(*) FROM mallory.documents WHERE scim.matches(document, NULL, NULL);
SET enable_seqscan = off;
SELECT count(*) FROM mallory.documents WHERE document OPERATOR(scim.~) mallory.filter_of(42, 43);
SELECT count(*) FROM mallory.documents WHERE scim.matches(document, mallory.filter_of(42, 43));
RESET enable_seqscan;
-- what takes or makes a value of ours without us, and functions of types and indexes called by hand
SELECT query, public.hostile_try(query) FROM unnest(ARRAY[
    'CREATE OPERATOR mallory.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, RESTRICT = scim_internal.matches_selectivity)',
    'CREATE FUNCTION mallory.f(int, int) RETURNS boolean LANGUAGE sql SUPPORT scim_internal.matches_support AS ''SELECT true''',
    'CREATE CAST (bytea AS scim.filter) WITHOUT FUNCTION', 'CREATE CAST (int8 AS scim.index_query) WITHOUT FUNCTION',
    'SELECT ''userName eq 1''::scim.index_query', 'SELECT (''x''::bytea)::scim.filter', 'SELECT 42::scim.path', 'SELECT ''x''::text::scim.index_query',
    'SELECT scim_internal.filter_recv(NULL)', 'SELECT scim_internal.gin_options(NULL)', 'SELECT scim_internal.matches_support(NULL)', 'SELECT scim_internal.gin_extract_value(''{}'', NULL, NULL)',
    'SELECT scim_internal.index_query(NULL, NULL)', 'SELECT scim_internal.is_candidate(''{}'', NULL)', 'SELECT scim_internal.filter_out(NULL)', 'SELECT scim_internal.index_query_out(NULL)', 'SELECT scim_internal.index_query_in(NULL)',
    'SELECT scim_internal.filter_in(''userName'')', 'SELECT scim_internal.sort_key(NULL, NULL, NULL)', 'SELECT scim.member_key(NULL)', 'SELECT scim.explain_filter(NULL)', 'SELECT scim.request(NULL, NULL, NULL, NULL::bytea)',
    'SELECT scim.request(''GET'', ''/Users'', ''[]'')', 'SELECT scim.request(''GET'', ''/Users'', ''{"If-Match": 5, "Accept": []}'')', 'SELECT scim.to_sql(''userName eq "x"'', ''{"userName": 5}''::jsonb)',
    'CREATE INDEX ON mallory.documents USING gin (document scim.gin_ops (substrings = ''''))', 'CREATE INDEX ON mallory.documents USING gin (document scim.gin_ops (substrings = '',,.,:''))',
    'CREATE TYPE mallory.filters AS RANGE (subtype = scim.filter)']) query;
RESET ROLE;
-- bytes as a filter, a path and a query
CREATE TABLE hostile.bytes_filter (f scim.filter);
CREATE TABLE hostile.bytes_path (p scim.path);
CREATE TABLE hostile.bytes_query (q scim.index_query);
CREATE FUNCTION pg_temp.receive(name text, bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    field bytea := int4send(octet_length(bytes)) || bytes;
    shell text := 'printf ''PGCOPY\012\377\015\012\000\000\000\000\000\000\000\000\000\000\001';
BEGIN
    FOR i IN 0 .. octet_length(field) - 1 LOOP
        shell := shell || '\' || (get_byte(field, i) / 64)::text || (get_byte(field, i) / 8 % 8)::text || (get_byte(field, i) % 8)::text;
    END LOOP;
    RETURN public.hostile_try(format('COPY hostile.%I FROM PROGRAM %L (FORMAT binary)', name, shell || '\377\377'''));
END
$$;
SELECT name, bytes, pg_temp.receive(name, bytes) FROM unnest(ARRAY['bytes_filter', 'bytes_path', 'bytes_query']) name,
    unnest(ARRAY['', '\x00', '\x01', '\x01757365724e616d65206571202278220a', '\x017573', '\xff00', '\x01ff', '\x0100', '\x0000000000000000000000000000000000000000']::bytea[]) bytes;
SELECT f FROM hostile.bytes_filter;
SELECT p FROM hostile.bytes_path;

DROP OWNED BY regress_scim_mallory, regress_scim_other CASCADE;
DROP SERVER regress_scim_server CASCADE;
DROP FOREIGN DATA WRAPPER regress_scim_wrapper;
DROP ROLE regress_scim_mallory, regress_scim_other;
SELECT scim.drop_store('hostile', true);
DROP FUNCTION public.hostile_use, public.hostile_try;
