-- A bound table that has lost its triggers, or the store its binding: it is told, and put right
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('untied');
SET scim.store = 'untied';
CREATE SCHEMA tie;
CREATE SEQUENCE tie.ids START 10;
CREATE TABLE tie.users (id int DEFAULT nextval('tie.ids'), part int DEFAULT 1, email text NOT NULL, nick text, gone_at timestamptz, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
CREATE TABLE tie.users_1 PARTITION OF tie.users FOR VALUES IN (1);
CREATE TABLE tie.users_2 PARTITION OF tie.users FOR VALUES IN (2);
CREATE TABLE tie.emails (person int, part int, address text);
CREATE INDEX ON tie.emails (person, part);
CREATE TABLE tie.teams (id int DEFAULT nextval('tie.ids') PRIMARY KEY, name text);
CREATE TABLE tie.members (team int, person int, part int, PRIMARY KEY (team, person, part));
CREATE INDEX ON tie.members (person, part);
INSERT INTO tie.users VALUES (1, 1, 'ada'), (2, 2, 'bob');
INSERT INTO tie.teams VALUES (1, 'All');
INSERT INTO tie.members VALUES (1, 1, 1);
\set users '{"attributes": {"userName": "email", "nickName": "nick", "emails": {"table": "tie.emails", "key": ["person", "part"], "columns": {"value": "address"}}}, "gone": "gone_at IS NOT NULL", "delete": {"set": {"gone_at": "now()"}, "restore": {"gone_at": "NULL"}}}'
\set teams '{"attributes": {"displayName": "name", "members": {"table": "tie.members", "key": "team", "member": ["person", "part"]}}}'
SELECT * FROM scim.bind_table('User', 'tie.users', :'users');
SELECT * FROM scim.bind_table('Group', 'tie.teams', :'teams');
-- what each loss makes of the check, of readiness and of the store; then it is repaired, and said
CREATE FUNCTION pg_temp.lose(statement text) RETURNS TABLE (checks text, says text) LANGUAGE plpgsql AS $$
DECLARE repair text;
BEGIN
    EXECUTE statement;
    RETURN QUERY SELECT 'check ' || coalesce(c.bound::text, ''), c.problem FROM scim.check_binding() c;
    RETURN QUERY SELECT r ->> 'status', jsonb_array_elements_text(r -> 'problems') FROM scim.readiness(stores => '{untied}') AS r;
    FOR repair IN SELECT r.statement FROM scim.repair_store('untied') r LOOP
        RETURN QUERY SELECT 'repair', repair;
        EXECUTE repair;
    END LOOP;
    RETURN QUERY SELECT 'then ' || coalesce(c.bound::text, ''), c.problem FROM scim.check_binding() c;
    RETURN QUERY SELECT 'then ' || (r ->> 'status'), NULL FROM scim.readiness(stores => '{untied}') AS r;
END $$;
SELECT * FROM pg_temp.lose('SELECT');
SELECT * FROM pg_temp.lose('DROP TRIGGER scim_binding ON tie.users');
SELECT * FROM pg_temp.lose('DROP TRIGGER _scim_binding ON tie.users');
SELECT * FROM pg_temp.lose('ALTER TABLE tie.users DISABLE TRIGGER scim_binding');
SELECT * FROM pg_temp.lose('ALTER TABLE tie.users_2 DISABLE TRIGGER scim_binding');
SELECT * FROM pg_temp.lose('ALTER TABLE tie.users_2 ENABLE REPLICA TRIGGER _scim_binding');
SELECT * FROM pg_temp.lose('ALTER TABLE tie.emails DISABLE TRIGGER ALL');
SELECT * FROM pg_temp.lose('DROP TRIGGER scim_binding_note ON tie.members; DROP TRIGGER scim_binding_note ON tie.users');
SELECT * FROM pg_temp.lose('DROP TRIGGER scim_binding_truncate ON tie.teams');
SELECT * FROM pg_temp.lose('DROP TRIGGER scim_binding ON untied.users');
SELECT * FROM pg_temp.lose('DROP TRIGGER scim_binding ON untied.member');
-- what calls something else by that name is none
CREATE FUNCTION tie.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
SELECT * FROM pg_temp.lose('DROP TRIGGER scim_binding ON tie.teams; CREATE TRIGGER scim_binding AFTER INSERT OR UPDATE OR DELETE ON tie.teams FOR EACH ROW EXECUTE FUNCTION tie.nothing()');
-- what was written meanwhile is told, and whose word holds is said by somebody
ALTER TABLE tie.users DISABLE TRIGGER scim_binding;
UPDATE tie.users SET nick = 'unseen' WHERE id = 1;
SELECT scim.repair_store('untied') AS repair \gset
:repair;
SELECT bound, side, key, attribute, table_value, scim_value, problem FROM scim.check_binding();
SELECT scim.mend_binding('tie.users', 'table') AS mended;
UPDATE tie.users SET nick = 'seen' WHERE id = 2;
SELECT user_name, data ->> 'nickName' AS nick FROM untied.users ORDER BY 1;
-- a partition that comes later has the triggers of rows, and not that of TRUNCATE
CREATE TABLE tie.users_3 PARTITION OF tie.users FOR VALUES IN (3);
SELECT * FROM pg_temp.lose('SELECT');
SELECT scim_internal.repair_binding('untied', 'tie.users');
SELECT bound, problem FROM scim.check_binding();
TRUNCATE tie.users_3;

--
-- A binding whose row is lost, with its triggers there
--
SELECT * FROM pg_temp.lose($$ALTER TABLE untied.binding DISABLE TRIGGER USER; DELETE FROM untied.binding WHERE resource_type = 'Group'; ALTER TABLE untied.binding ENABLE TRIGGER USER$$);
SELECT * FROM scim.check_binding('tie.teams');
INSERT INTO tie.teams VALUES (2, 'Unseen');
SELECT * FROM scim.bind_table('Group', 'tie.teams', :'teams');
SELECT scim.unbind_table('tie.members');
SELECT scim.unbind_table('tie.teams');
SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgrelid IN ('tie.teams'::regclass, 'tie.members'::regclass) AND tgname ~ 'scim_binding' ORDER BY 1, 2;
SELECT * FROM scim.bind_table('Group', 'tie.teams', :'teams');
SELECT bound, side, key, problem FROM scim.check_binding();
SELECT display_name FROM untied.groups WHERE deleted_at IS NULL ORDER BY 1;

--
-- The table "binding" itself
--
DROP TABLE untied.binding;
SELECT scim.repair_store('untied');
SELECT bound, problem FROM scim.check_binding();
SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'tie'::regnamespace) AND tgname ~ 'scim_binding' ORDER BY 1, 2;
SELECT * FROM scim.bind_table('User', 'tie.users', :'users');
SELECT * FROM scim.bind_table('Group', 'tie.teams', :'teams');
SELECT * FROM scim.check_binding();
SELECT scim.readiness(stores => '{untied}') ->> 'status' AS status;

--
-- Another mapping
--
-- a table of members that becomes one of values, has no note of members any more
SELECT scim.unbind_table('tie.users');
SELECT * FROM scim.bind_table('Group', 'tie.teams', '{"attributes": {"displayName": "name"}}');
SELECT tgname FROM pg_trigger WHERE tgrelid = 'tie.members'::regclass AND tgname ~ 'scim_binding' ORDER BY 1;
SELECT tgname FROM pg_trigger WHERE tgrelid = 'untied.member'::regclass AND tgname = 'scim_binding';
SELECT scim.drop_store('untied', true);
DROP SCHEMA tie CASCADE;
