-- Tables of a store that somebody has given partitions: those that are read without a statement are none of a store's,
-- and a partition of "resource" may be divided further
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('divided');
SET scim.store = 'divided';
INSERT INTO divided.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "u1"}');
CREATE FUNCTION pg_temp.answer(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
-- each table as one with a partition, with its triggers and rows; and what is said then
CREATE FUNCTION pg_temp.divide(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
    made text;
BEGIN
    SELECT string_agg(regexp_replace(pg_get_triggerdef(oid), '^CREATE CONSTRAINT TRIGGER .*', ''), ';') INTO made FROM pg_trigger
    -- no trigger of rows of such a table has a table of them
    WHERE tgrelid = format('divided.%I', name)::regclass AND NOT tgisinternal AND NOT (tgtype & 1 = 1 AND (tgoldtable IS NOT NULL OR tgnewtable IS NOT NULL));
    EXECUTE format('ALTER TABLE divided.%I RENAME TO kept', name);
    EXECUTE format('CREATE TABLE divided.%1$I (LIKE divided.kept INCLUDING DEFAULTS INCLUDING GENERATED) PARTITION BY HASH (%2$I)', name,
        (SELECT attname FROM pg_attribute WHERE attrelid = 'divided.kept'::regclass AND attnum = 1));
    EXECUTE format('CREATE TABLE divided.part PARTITION OF divided.%I FOR VALUES WITH (MODULUS 1, REMAINDER 0)', name);
    EXECUTE format('INSERT INTO divided.part SELECT (jsonb_populate_record(NULL::divided.part, to_jsonb(k))).* FROM divided.kept k');
    EXECUTE coalesce(made, '');
    said := (SELECT string_agg(DISTINCT replace(pg_temp.answer(query), format('%I', name), 'NAME'), '; ') FROM unnest(ARRAY[
        'SELECT scim.create_resource(''User'', ''{"userName": "x", "password": "x"}'')', 'SELECT scim.search(''User'')', 'SELECT scim.json_schema(''User'')',
        'SELECT scim.request(''GET'', ''/Users'')', 'INSERT INTO divided.users (data) VALUES (''{"userName": "y"}'')', 'DELETE FROM divided.users', 'SELECT scim.create_token(''x'')',
        'SELECT count(*) FROM scim.readiness()', 'SELECT count(*) FROM scim.validate_store()', 'SELECT scim.purge(''0 s'')', format('TRUNCATE divided.%I CASCADE', name)]) AS query);
    RAISE EXCEPTION USING MESSAGE = said, ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
SELECT c.relname AS name, pg_temp.divide(c.relname) AS said FROM pg_class c
WHERE c.relnamespace = 'divided'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition ORDER BY 1;
-- what writes the audit before a table is emptied looks at no table that has its rows elsewhere
BEGIN;
CREATE TRIGGER zz BEFORE TRUNCATE ON divided.resource FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.audit_change();
DROP TRIGGER scim_truncate ON divided.users;
DROP TRIGGER scim_truncate ON divided.groups;
TRUNCATE divided.resource CASCADE;
ROLLBACK;

--
-- people in two parts
--
BEGIN;
ALTER TABLE divided.resource DETACH PARTITION divided.users;
ALTER TABLE divided.users RENAME TO users_rest;
CREATE TABLE divided.users (LIKE divided.resource INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS) PARTITION BY LIST (tenant_id);
ALTER TABLE divided.users ATTACH PARTITION divided.users_rest DEFAULT;
CREATE TABLE divided.users_two PARTITION OF divided.users FOR VALUES IN (2);
ALTER TABLE divided.users ALTER COLUMN resource_type SET DEFAULT 'User';
-- with the triggers that it had, but for those of the table above it
DO $$
BEGIN
    EXECUTE (SELECT string_agg(replace(pg_get_triggerdef(oid), 'users_rest', 'users'), ';') FROM pg_trigger
        WHERE tgrelid = 'divided.users_rest'::regclass AND NOT tgisinternal AND tgtype & 1 = 0);
END
$$;
ALTER TABLE divided.resource ATTACH PARTITION divided.users FOR VALUES IN ('User');
SELECT relid, level FROM pg_partition_tree('divided.resource') ORDER BY relid::text;
SELECT pg_temp.answer(query) AS said, query FROM unnest(ARRAY[
    'INSERT INTO divided.resource (resource_type, data) VALUES (''User'', ''{"userName": "u2"}'')',
    'INSERT INTO divided.groups (id, data) VALUES (''00000000-0000-7000-8000-000000000001'', ''{"displayName": "g"}'')',
    'INSERT INTO divided.groups (id, data) VALUES (''00000000-0000-7000-8000-00000000000a'', ''{"displayName": "g"}'')',
    'INSERT INTO divided.resource (resource_type, id, data) VALUES (''User'', ''00000000-0000-7000-8000-00000000000a'', ''{"userName": "u3"}'')',
    'SELECT scim.search(''User'', ''userName sw "u"'')', 'SELECT scim.create_resource(''User'', ''{"userName": "u4"}'')', 'SELECT scim.delete_resource(''User'', ''00000000-0000-7000-8000-000000000001'')']) AS query;
ROLLBACK;
SELECT scim.drop_store('divided', true);
