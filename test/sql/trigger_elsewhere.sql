-- Each trigger of a store, made on a table that looks like the store's and is none: it is refused whatever is written
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE ROLE regress_scim_elsewhere;
SELECT format('GRANT CREATE, TEMP ON DATABASE %I TO regress_scim_elsewhere', current_database()) AS grant_it \gset
:grant_it;
GRANT EXECUTE ON FUNCTION scim.create_token(text, timestamptz, text[]), scim.create_client(text, text, timestamptz, text[]) TO regress_scim_elsewhere;
SET ROLE regress_scim_elsewhere;
SELECT scim.create_store('copied');
SET scim.store = 'copied';
INSERT INTO copied.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "u1", "password": "secret"}');
INSERT INTO copied.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000a', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT secret IS NOT NULL AS has_secret FROM scim.create_token('copied');
SELECT secret IS NOT NULL AS has_secret FROM scim.create_client('copied', 'bearer');
SELECT scim.create_signing_key() IS NOT NULL AS has_key;
INSERT INTO copied.setting (name, value) VALUES ('access_token_lifetime', '600');
INSERT INTO copied.policy (resource_type, kind, name, settings) VALUES ('Group', 'canonical', 'canonical', '{"attributes": ["members.type"]}');
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.app (id int PRIMARY KEY, login text);
INSERT INTO elsewhere.app VALUES (1, 'u2');
SELECT count(*) FROM scim.bind_table('User', 'elsewhere.app', '{"attributes": {"userName": "login"}}');
-- tables with the same columns and rows, or one row of nulls, without constraints
CREATE FUNCTION pg_temp.copy() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  relation text;
  count bigint := 0;
  filled boolean;
BEGIN
  FOR relation IN SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'copied'::regnamespace AND NOT t.tgisinternal LOOP
    EXECUTE format('CREATE TABLE elsewhere.%1$I AS TABLE copied.%1$I LIMIT 1', relation);
    EXECUTE format('SELECT EXISTS (SELECT FROM elsewhere.%I)', relation) INTO filled;
    IF NOT filled THEN EXECUTE format('INSERT INTO elsewhere.%I DEFAULT VALUES', relation); END IF;
    count := count + 1;
  END LOOP;
  RETURN count;
END $$;
SELECT pg_temp.copy() > 30 AS many;
-- each is taken back
CREATE FUNCTION pg_temp.call(definition text, relation text, event text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  "columns" text;
BEGIN
  EXECUTE definition;
  SELECT string_agg(format('%1$I = %1$I', attname), ', ') INTO "columns" FROM pg_attribute WHERE attrelid = ('elsewhere.' || quote_ident(relation))::regclass AND attnum > 0;
  EXECUTE CASE event WHEN 'INSERT' THEN format('INSERT INTO elsewhere.%1$I TABLE elsewhere.%1$I', relation)
    WHEN 'UPDATE' THEN format('UPDATE elsewhere.%I SET %s', relation, "columns")
    WHEN 'DELETE' THEN format('DELETE FROM elsewhere.%I', relation)
    WHEN 'both' THEN format('INSERT INTO elsewhere.%1$I TABLE elsewhere.%1$I; DELETE FROM elsewhere.%1$I', relation)
    ELSE format('TRUNCATE elsewhere.%I', relation) END;
  SET CONSTRAINTS ALL IMMEDIATE;
  RAISE EXCEPTION USING MESSAGE = 'done', ERRCODE = 'P9999';
EXCEPTION
  WHEN SQLSTATE 'P9999' THEN RETURN 'done';
  WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TEMP TABLE answer AS
SELECT c.relname, t.tgname, p.proname, e.name AS event, pg_temp.call(replace(pg_get_triggerdef(t.oid), ' ON copied.', ' ON elsewhere.'), c.relname, e.name) AS said
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid, (VALUES (4, 'INSERT'), (16, 'UPDATE'), (8, 'DELETE'), (32, 'TRUNCATE'), (4, 'both')) AS e (bit, name)
WHERE c.relnamespace = 'copied'::regnamespace AND NOT t.tgisinternal AND p.pronamespace = 'scim_internal'::regnamespace AND p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'c') AND t.tgtype & e.bit <> 0 AND t.tgqual IS NULL;
SELECT count(*) > 300 AS many, count(DISTINCT proname) FROM answer;
SELECT relname, tgname, proname, event, said FROM answer WHERE said = 'done' ORDER BY 1, 2, 3, 4;
SELECT DISTINCT left(said, 5) AS sqlstate FROM answer ORDER BY 1;
-- and those of tables that are bound, by any name but their own
CREATE TABLE elsewhere.own (a int CHECK (a > 0));
INSERT INTO elsewhere.own VALUES (1);
SELECT relname, proname, pg_temp.call(format('CREATE TRIGGER z %s %s ON elsewhere.own FOR EACH %s EXECUTE FUNCTION scim_internal.%s()', timing, event, level, proname), 'own', event) AS said, count(*)
FROM (VALUES ('own')) AS r (relname), (VALUES ('binding_row'), ('binding_note'), ('binding_truncate'), ('plain_row'), ('store_moved')) AS p (proname), (VALUES ('BEFORE'), ('AFTER')) AS t (timing), (VALUES ('ROW'), ('STATEMENT')) AS l (level), (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS e (event)
WHERE level <> 'ROW' OR event <> 'TRUNCATE'
GROUP BY 1, 2, 3 ORDER BY 2, 3;
-- what a table has kept that is bound no more does nothing
CREATE TRIGGER scim_binding_note BEFORE DELETE ON elsewhere.own FOR EACH ROW EXECUTE FUNCTION scim_internal.binding_note('going');
CREATE TRIGGER scim_binding_truncate BEFORE TRUNCATE ON elsewhere.own EXECUTE FUNCTION scim_internal.binding_truncate();
WITH gone AS (DELETE FROM elsewhere.own RETURNING *) SELECT count(*) FROM gone;
TRUNCATE elsewhere.own;
SELECT scim.drop_store('copied', true);
DROP SCHEMA elsewhere CASCADE;
RESET ROLE;
DROP OWNED BY regress_scim_elsewhere;
DROP ROLE regress_scim_elsewhere;
