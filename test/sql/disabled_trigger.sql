-- Triggers of the store that its owner has disabled: as good as gone
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('disabled');
SET scim.store = 'disabled';
\set u 00000000-0000-7000-8000-000000000001
INSERT INTO disabled.users (id, data) VALUES (:'u', '{"userName": "ann"}');
-- what is said of it, by a request, a function, readiness and a statement
CREATE FUNCTION pg_temp.said(OUT status int, OUT posted int, OUT detail text, OUT problem text, OUT written text) LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.status, r.body::jsonb ->> 'detail' INTO status, detail FROM scim.request('GET', '/Users') r;
    SELECT r.status INTO posted FROM scim.request('POST', '/Users', '{}', '{"userName": "bob"}') r;
    SELECT p INTO problem FROM jsonb_array_elements_text(scim.readiness() -> 'problems') p WHERE p LIKE 'store "disabled"%';
    BEGIN
        UPDATE disabled.resource SET display_name = 'x';
        written := 'written';
    EXCEPTION WHEN OTHERS THEN
        written := sqlstate || ' ' || sqlerrm;
    END;
END
$$;
SELECT * FROM pg_temp.said();
\set ON_ERROR_ROLLBACK on
BEGIN; ALTER TABLE disabled.resource DISABLE TRIGGER scim_door; SELECT * FROM pg_temp.said();
SELECT scim.create_resource('User', '{"userName": "bob"}');
SELECT scim.patch_resource('User', :'u', '[{"op": "add", "path": "title", "value": "t"}]');
SELECT scim.delete_resource('User', :'u');
DELETE FROM disabled.users;
INSERT INTO disabled.member (group_id, member_id) VALUES (:'u', :'u');
SELECT count(*) FROM disabled.users; ROLLBACK;
BEGIN; ALTER TABLE disabled.users DISABLE TRIGGER scim_door; SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE disabled.users ENABLE REPLICA TRIGGER scim_door; SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE disabled.users DISABLE TRIGGER "0_scim_record"; SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE disabled.groups DISABLE TRIGGER scim_settle; SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE disabled.member DISABLE TRIGGER "0_scim_record_insert"; SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE disabled.audit DISABLE TRIGGER scim_guard; SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE disabled.policy DISABLE TRIGGER "0_scim_audit"; SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE disabled.token DISABLE TRIGGER scim_row; SELECT problem FROM pg_temp.said(); ROLLBACK;
BEGIN; ALTER TABLE disabled.credential ENABLE REPLICA TRIGGER scim_check; SELECT problem FROM pg_temp.said(); ROLLBACK;
-- one that fires always does so here; one of somebody else's is his own business
BEGIN; ALTER TABLE disabled.users ENABLE ALWAYS TRIGGER scim_door; SELECT status, posted, problem, written FROM pg_temp.said(); ROLLBACK;
CREATE FUNCTION disabled.own() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
CREATE TRIGGER own AFTER UPDATE ON disabled.users FOR EACH ROW EXECUTE FUNCTION disabled.own();
BEGIN; ALTER TABLE disabled.users DISABLE TRIGGER own; SELECT status, posted, problem, written FROM pg_temp.said(); ROLLBACK;
-- a session in which none fires serves nobody either; a statement passes by, as it says
BEGIN; SET LOCAL session_replication_role = replica; SELECT * FROM pg_temp.said(); ROLLBACK;
BEGIN; SET LOCAL session_replication_role = replica; SELECT scim.create_resource('User', '{"userName": "bob"}'); ROLLBACK;
-- a restore that puts rows past all triggers, in a transaction of its own
BEGIN; ALTER TABLE disabled.users DISABLE TRIGGER ALL;
INSERT INTO disabled.users (id, data, status, version, created, last_modified, user_name) VALUES ('00000000-0000-7000-8000-000000000002', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "raw"}', 'ACTIVE', 1, now(), now(), 'raw');
ALTER TABLE disabled.users ENABLE TRIGGER ALL; COMMIT;
SELECT scim.search('User', 'userName eq "RAW"') -> 'totalResults' AS found;
-- they are switched on again
ALTER TABLE disabled.resource DISABLE TRIGGER scim_door;
ALTER TABLE disabled.member DISABLE TRIGGER ALL;
ALTER TABLE disabled.users ENABLE REPLICA TRIGGER "0_scim_record";
SELECT problem FROM pg_temp.said();
SELECT scim.repair_store('disabled') \gexec
SELECT status, posted, problem, written FROM pg_temp.said();

--
-- a trigger that is called before the store's own is told of
--
CREATE TRIGGER "!groups" AFTER INSERT OR UPDATE ON disabled.groups FOR EACH ROW EXECUTE FUNCTION disabled.own();
CREATE TRIGGER "!all" AFTER INSERT OR UPDATE ON disabled.resource FOR EACH ROW EXECUTE FUNCTION disabled.own();
CREATE TRIGGER "!member" AFTER INSERT ON disabled.member FOR EACH ROW EXECUTE FUNCTION disabled.own();
CREATE TRIGGER "!before" BEFORE INSERT ON disabled.users FOR EACH ROW WHEN (new.user_name = 'nobody') EXECUTE FUNCTION disabled.own();
SELECT w FROM jsonb_array_elements_text(scim.readiness() -> 'warnings') w WHERE w LIKE 'store "disabled"%';
SELECT scim.drop_store('disabled', true);
