-- What a bound table refuses of a statement with many rows says which row of the store it is about
SET client_min_messages = warning;
\set SHOW_CONTEXT errors
SELECT scim.create_store('which');
SET scim.store = 'which';
CREATE SCHEMA which_app;
CREATE TABLE which_app.users (id serial PRIMARY KEY, login text NOT NULL UNIQUE CHECK (login <> 'p7'), title varchar(20), manager_id int REFERENCES which_app.users);
CREATE INDEX ON which_app.users (manager_id);
CREATE TABLE which_app.teams (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE which_app.members (team int REFERENCES which_app.teams ON DELETE CASCADE, person int REFERENCES which_app.users ON DELETE CASCADE CHECK (person <> 3), PRIMARY KEY (team, person));
CREATE INDEX ON which_app.members (person);
SELECT * FROM scim.bind_table('User', 'which_app.users', '{"attributes": {"userName": "login", "title": "title", "manager": {"column": "manager_id", "references": "User"}}}');
SELECT * FROM scim.bind_table('Group', 'which_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "which_app.members", "key": "team", "member": "person", "type": "User"}}}');
-- what PostgreSQL says of its own functions is not ours
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS said = PG_EXCEPTION_CONTEXT;
    RETURN regexp_replace(concat_ws(E'\n    ', sqlerrm, (SELECT string_agg(l, E'\n    ') FROM regexp_split_to_table(said, E'\n') l WHERE l ~ '^row')), '[0-9a-f-]{36}', '<id>', 'g');
END
$$;
CREATE FUNCTION which_app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.login = 'raise' THEN RAISE EXCEPTION 'not this one'; END IF;
    RETURN CASE WHEN new.login <> 'skip' THEN new END;
END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON which_app.users FOR EACH ROW EXECUTE FUNCTION which_app.refuse();
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.try($$INSERT INTO which.users (data) SELECT jsonb_build_object('userName', 'p' || n) FROM generate_series(1, 10) n$$);
SELECT pg_temp.try($$INSERT INTO which.resource (resource_type, data) SELECT 'User', jsonb_build_object('userName', 'p' || n) FROM generate_series(1, 10) n$$);
SELECT pg_temp.try(format($$INSERT INTO which.users (data) VALUES ('{"userName": "a"}'), ('{"userName": "b"}'), (%L)$$, row)) FROM unnest(ARRAY['{"userName": "raise"}', '{"userName": "skip"}']) row;
SELECT pg_temp.try($$INSERT INTO which.users (data) VALUES ('{"userName": "a"}'), ('{"userName": "c", "title": "twenty-one characters and more"}')$$);
INSERT INTO which.users (data) SELECT jsonb_build_object('userName', 'u' || n) FROM generate_series(1, 5) n;
SELECT pg_temp.try($$UPDATE which.users SET data = jsonb_set(data, '{userName}', '"p7"') WHERE user_name = 'u3'$$);
SELECT pg_temp.try($$UPDATE which.users SET data = data || '{"title": "twenty-one characters and more"}' WHERE user_name IN ('u2', 'u3')$$);
SELECT pg_temp.try($$INSERT INTO which.people (user_name) SELECT 'p' || n FROM generate_series(1, 10) n$$);
-- a row that the application refers to cannot go
CREATE TABLE which_app.books (owner int REFERENCES which_app.users);
INSERT INTO which_app.books SELECT id FROM which_app.users WHERE login = 'u4';
SELECT pg_temp.try($$UPDATE which.users SET status = 'DELETED' WHERE user_name IN ('u4', 'u5')$$);
SELECT pg_temp.try($$DELETE FROM which.users WHERE user_name IN ('u4', 'u5')$$);
-- members
INSERT INTO which.groups (data) VALUES ('{"displayName": "g"}');
ALTER TABLE which_app.members DROP CONSTRAINT members_person_check;
SELECT id AS third FROM which_app.users WHERE login = 'u3' \gset
ALTER TABLE which_app.members ADD CHECK (person <> :third);
SELECT pg_temp.try($$INSERT INTO which.member (group_id, member_id) SELECT g.id, u.id FROM which.groups g, which.users u ORDER BY u.user_name$$);
-- and who may not read the table is told no names
CREATE ROLE regress_scim_which;
GRANT USAGE ON SCHEMA which TO regress_scim_which;
GRANT INSERT ON which.users, which.resource TO regress_scim_which;
GRANT SELECT ON which.store, which.resource_type TO regress_scim_which;
SET ROLE regress_scim_which;
SELECT pg_temp.try($$INSERT INTO which.users (data) SELECT jsonb_build_object('userName', 'p' || n) FROM generate_series(1, 10) n$$);
RESET ROLE;
-- the number is not that of another statement, also at the end of the transaction
BEGIN;
INSERT INTO which.users (data) VALUES ('{"userName": "x1"}'), ('{"userName": "x2"}');
SELECT pg_temp.try($$INSERT INTO which.users (data) VALUES ('{"userName": "x3"}'), ('{"userName": "p7"}')$$);
ROLLBACK;
\pset tuples_only off
\pset format aligned
SELECT scim.drop_store('which', true);
DROP OWNED BY regress_scim_which;
DROP ROLE regress_scim_which;
DROP SCHEMA which_app CASCADE;
