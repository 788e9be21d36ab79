-- A link of a bound table is found by its resource through the primary key, and by its row through the
-- other index, before there are statistics: else a create reads the links of all who were created before.
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('planned');
SET scim.store = 'planned';
CREATE SCHEMA planned_app;
CREATE TABLE planned_app.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, given text);
SELECT count(*) FROM scim.bind_table('User', 'planned_app.users', '{"attributes": {"userName": "email", "name.givenName": "given"}}');
CREATE FUNCTION pg_temp.plans() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    condition text;
BEGIN
    FOREACH condition IN ARRAY ARRAY['resource_id = ''00000000-0000-7000-8000-000000000001''', 'key = ''{1}'''] LOOP
        RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) SELECT key FROM planned.binding_link WHERE tenant_id = 1 AND binding_id = ''00000000-0000-7000-8000-000000000002'' AND ' || condition;
    END LOOP;
END $$;
SELECT * FROM pg_temp.plans();
-- nor does the planner think otherwise of a table that it knows to be empty, whose plan is kept
ANALYZE planned.binding_link;
SET enable_seqscan = off;
SELECT * FROM pg_temp.plans();
RESET enable_seqscan;
-- and each write of a row asks that index, of which it reads what it asks for; of the other one it reads no more
INSERT INTO planned_app.users (email) SELECT 'r' || n FROM generate_series(1, 200) n;
BEGIN;
UPDATE planned_app.users SET given = 'R' WHERE email = 'r7';
INSERT INTO planned_app.users (email) VALUES ('r201');
-- who might come back by a new row is found by his name
SELECT pg_stat_get_xact_numscans('planned.users_user_name_key'::regclass) > 0 AS by_name;
SELECT pg_stat_get_xact_numscans('planned.binding_link_key_key'::regclass) > 0 AS by_key, pg_stat_get_xact_tuples_returned('planned.binding_link_pkey'::regclass) < 10 AS few;
COMMIT;
DELETE FROM planned_app.users;
DELETE FROM planned.users;
-- a row has one resource, and rows that are gone may be many
SELECT count(scim.create_resource('User', jsonb_build_object('userName', 'u' || n))) FROM generate_series(1, 3) n;
ALTER TABLE planned.binding_link DISABLE TRIGGER scim_door;
UPDATE planned.binding_link SET key = (SELECT min(key) FROM planned.binding_link);
UPDATE planned.binding_link SET key = NULL;
SELECT count(*) FROM planned.binding_link WHERE key IS NULL;
SELECT scim.drop_store('planned', true);
DROP SCHEMA planned_app CASCADE;
-- a write of SCIM reads the row that it writes, and has it back as it was written; it is not looked at again
SELECT scim.create_store('counted');
SET scim.store = 'counted';
CREATE SCHEMA counted_app;
CREATE SEQUENCE counted_app.reads;
CREATE FUNCTION counted_app.read(text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT $1 FROM nextval('counted_app.reads') $$;
CREATE TABLE counted_app.users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, title text, manager_id int REFERENCES counted_app.users);
CREATE FUNCTION pg_temp.counted(mapping jsonb) RETURNS TABLE (title text, reads bigint) LANGUAGE plpgsql AS $$
DECLARE
    id uuid;
BEGIN
    PERFORM scim.bind_table('User', 'counted_app.users', '{"attributes": {"userName": "email", "title": {"read": "counted_app.read(t.title)", "write": {"title": "value"}}}}' || mapping);
    id := scim.create_resource('User', '{"userName": "a"}') ->> 'id';
    PERFORM setval('counted_app.reads', 1, false);
    title := scim.patch_resource('User', id, '[{"op": "replace", "path": "title", "value": "Dr"}]') ->> 'title';
    reads := nextval('counted_app.reads') - 1;
    PERFORM scim.delete_resource('User', id);
    PERFORM scim.unbind_table('counted_app.users');
    RETURN NEXT;
END $$;
SELECT * FROM pg_temp.counted('{}');
SELECT * FROM pg_temp.counted('{"attributes": {"userName": "email", "title": {"read": "counted_app.read(t.title)", "write": {"title": "value"}}, "manager": {"column": "manager_id", "references": "User"}}}');
SELECT scim.drop_store('counted', true);
DROP SCHEMA counted_app CASCADE;
