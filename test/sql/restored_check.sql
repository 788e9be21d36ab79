-- Constraints of an application's tables that ask the store, while it is being restored: pg_restore puts their rows back before those of
-- the store, or after some of them, and makes triggers when all rows are there.
SET client_min_messages = warning;
SELECT scim.create_store('restored_check');
SET scim.store = 'restored_check';
CREATE SCHEMA restored_app;
CREATE DOMAIN restored_app.person AS jsonb CHECK (scim.is_valid('User', VALUE));
CREATE TABLE restored_app.draft (id int PRIMARY KEY, document jsonb CHECK (scim.is_valid('User', document)));
CREATE TABLE restored_app.typed (document restored_app.person);
CREATE TABLE restored_app.chosen (document jsonb CHECK (scim.matches(document, 'userName sw "a"', 'User')), other jsonb CHECK (other OPERATOR(scim.~) 'userName sw "a"'));
INSERT INTO restored_app.draft VALUES (1, '{"userName": "ada"}');
INSERT INTO restored_app.draft VALUES (2, '{}');
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; RETURN 'done'; EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm; END $$;
CREATE FUNCTION pg_temp.answers() RETURNS TABLE (asked text, said text) LANGUAGE plpgsql AS $$
BEGIN
    FOREACH asked IN ARRAY ARRAY['INSERT INTO restored_app.draft VALUES (3, ''{"userName": "bob"}'')', 'INSERT INTO restored_app.draft VALUES (4, ''{"shoeSize": 5}'')', 'INSERT INTO restored_app.typed VALUES (''{}'')',
        'INSERT INTO restored_app.chosen VALUES (''{"userName": "Ada"}'', ''{"userName": "Ada"}'')', 'INSERT INTO restored_app.chosen (document) VALUES (''{"userName": "bob"}'')', 'INSERT INTO restored_app.chosen (other) VALUES (''{"userName": "bob"}'')']
    LOOP
        said := pg_temp.try(asked || ' ON CONFLICT DO NOTHING');
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT * FROM pg_temp.answers();
-- without some of its triggers, or with one that is switched off, it answers as ever
BEGIN;
ALTER TABLE restored_check.resource DISABLE TRIGGER ALL;
ALTER TABLE restored_check.users DISABLE TRIGGER ALL;
SELECT scim.is_valid('User', '{"userName": "x"}'), scim.is_valid('User', '{}');
ROLLBACK;
-- as before triggers are made
BEGIN;
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT tgrelid::regclass AS of_table, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'restored_check'::regnamespace AND t.tgparentid = 0 AND NOT t.tgisinternal
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.of_table);
    END LOOP;
END
$$;
SELECT scim.is_valid('User', '{"userName": "x"}') AS known, scim.is_valid('User', '{}') AS wrong, scim.is_valid('Nobody', '{}') AS of_no_type, scim.matches('{"userName": "x"}', 'userName pr', 'User');
SELECT * FROM pg_temp.answers();
DELETE FROM restored_check.resource_type;
DELETE FROM restored_check.schema;
ALTER TABLE restored_check.schema ALTER document SET STATISTICS 50;
SELECT pg_temp.try($$SELECT scim.validate('User', '{}')$$);
SELECT * FROM pg_temp.answers();
ROLLBACK;
-- as it is again
SELECT scim.is_valid('User', '{"userName": "x"}') AS known, scim.is_valid('User', '{}') AS wrong, scim.matches('{"userName": "x"}', 'userName pr', 'User');
SELECT * FROM pg_temp.answers();
-- rows that are put back in a store that has its triggers: until repair_store says that all are there
BEGIN;
ALTER TABLE restored_check.store DISABLE TRIGGER ALL;
UPDATE restored_check.store SET restoring = true;
ALTER TABLE restored_check.store ENABLE TRIGGER ALL;
SELECT scim.is_valid('User', '{"userName": "x"}') AS known, scim.is_valid('User', '{}') AS wrong;
ROLLBACK;
-- of a store that is not there nobody says anything
SET scim.store = 'restored_nowhere';
SELECT pg_temp.try('INSERT INTO restored_app.draft VALUES (5, ''{"userName": "eve"}'')');
-- but of one that a function around it names
SET scim.store = 'restored_check';
CREATE FUNCTION restored_app.is_person(document jsonb) RETURNS boolean LANGUAGE sql STABLE SET scim.store = 'restored_check' AS $$ SELECT scim.is_valid('User', document) $$;
SET scim.store = 'restored_nowhere';
SELECT restored_app.is_person('{"userName": "x"}'), restored_app.is_person('{}');
SET scim.store = 'restored_check';
DROP SCHEMA restored_app CASCADE;
SELECT scim.drop_store('restored_check', true);
