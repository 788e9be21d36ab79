-- Tables of applications that refer to a person by the id alone: REFERENCES users (id)
SET client_min_messages = warning;
SELECT scim.create_store('keyed');
RESET client_min_messages;
SET scim.store = 'keyed';
\set VERBOSITY terse
SELECT i.indexrelid::regclass, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indexrelid::regclass::text ~ '_id_key$' AND i.indrelid::regclass::text ~ '^keyed.(users|groups)' AND i.indexrelid::regclass::text !~ 'external' ORDER BY 1;
INSERT INTO keyed.people (id, user_name) VALUES ('00000000-0000-7000-8000-00000000000a', 'ada'), ('00000000-0000-7000-8000-00000000000b', 'bob'), ('00000000-0000-7000-8000-00000000000c', 'cem'), ('00000000-0000-7000-8000-00000000000d', 'dee');
INSERT INTO keyed.teams (id, display_name) VALUES ('00000000-0000-7000-8000-0000000000a1', 'Crew');
CREATE SCHEMA keyed_app;
CREATE TABLE keyed_app.laptop (serial text PRIMARY KEY, holder uuid REFERENCES keyed.users (id));
CREATE TABLE keyed_app.note (id int PRIMARY KEY, author uuid REFERENCES keyed.users (id) ON DELETE CASCADE, about uuid REFERENCES keyed.users (id) ON DELETE SET NULL);
CREATE TABLE keyed_app.room (name text PRIMARY KEY, team uuid REFERENCES keyed.groups (id));
INSERT INTO keyed_app.laptop VALUES ('L-1', '00000000-0000-7000-8000-00000000000a'), ('L-2', '00000000-0000-7000-8000-00000000000b');
INSERT INTO keyed_app.laptop VALUES ('L-3', '00000000-0000-7000-8000-00000000000f');
INSERT INTO keyed_app.note VALUES (1, '00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-00000000000d'), (2, '00000000-0000-7000-8000-00000000000d', '00000000-0000-7000-8000-00000000000c');
INSERT INTO keyed_app.room VALUES ('Blue', '00000000-0000-7000-8000-0000000000a1');
-- somebody who is kept is there for the key: whatever ON DELETE says, it has nothing to do
DELETE FROM keyed.people WHERE user_name IN ('ada', 'cem') RETURNING user_name;
SELECT user_name, status FROM keyed.users ORDER BY 1;
SELECT * FROM keyed_app.note ORDER BY 1;
-- what to use in its place: the step itself
CREATE FUNCTION keyed_app.left_us() RETURNS trigger LANGUAGE plpgsql SET search_path = keyed_app, pg_temp AS $$
BEGIN
    UPDATE laptop SET holder = NULL WHERE holder = new.id;
    RETURN NULL;
END $$;
CREATE TRIGGER left_us AFTER UPDATE ON keyed.users FOR EACH ROW WHEN (old.deleted_at IS NULL AND new.deleted_at IS NOT NULL) EXECUTE FUNCTION keyed_app.left_us();
DELETE FROM keyed.people WHERE user_name = 'bob';
SELECT * FROM keyed_app.laptop ORDER BY 1;
DROP TRIGGER left_us ON keyed.users;
-- purge goes on past somebody to whom something refers, and says who it is
SELECT scim.purge('0 s') AS purged;
SELECT user_name, status FROM keyed.users ORDER BY 1;
SELECT * FROM keyed_app.note ORDER BY 1;
-- where the row goes, ON DELETE acts, and a restricted DELETE is refused: 409 by HTTP
UPDATE keyed.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
INSERT INTO keyed.people (id, user_name) VALUES ('00000000-0000-7000-8000-00000000000e', 'eve');
INSERT INTO keyed_app.laptop VALUES ('L-4', '00000000-0000-7000-8000-00000000000e');
SELECT status, body FROM scim.request('DELETE', '/Users/00000000-0000-7000-8000-00000000000e');
SELECT status, body FROM scim.request('DELETE', '/Groups/00000000-0000-7000-8000-0000000000a1');
DELETE FROM keyed.people WHERE user_name = 'eve';
DELETE FROM keyed.users WHERE user_name = 'eve';
SELECT scim.delete_resource('User', '00000000-0000-7000-8000-00000000000e');
SELECT status FROM scim.request('DELETE', '/Users/00000000-0000-7000-8000-00000000000d');
SELECT * FROM keyed_app.note ORDER BY 1;
-- so is who would be erased, by himself or by his membership
SELECT scim.erase('00000000-0000-7000-8000-00000000000a');
INSERT INTO keyed.people (id, user_name) VALUES ('00000000-0000-7000-8000-00000000001a', 'badged');
INSERT INTO keyed.teams (id, display_name) VALUES ('00000000-0000-7000-8000-0000000000b1', 'Badged');
INSERT INTO keyed.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000b1', '00000000-0000-7000-8000-00000000001a');
CREATE TABLE keyed_app.badge (tenant_id int, grp uuid, holder uuid, FOREIGN KEY (tenant_id, grp, holder) REFERENCES keyed.member (tenant_id, group_id, member_id));
INSERT INTO keyed_app.badge SELECT tenant_id, group_id, member_id FROM keyed.member WHERE member_id = '00000000-0000-7000-8000-00000000001a';
SELECT scim.erase('00000000-0000-7000-8000-00000000001a');
DROP TABLE keyed_app.badge;
SELECT scim.erase('00000000-0000-7000-8000-00000000001a') > 0 AS erased;
-- a deferred key is looked at before the answer
ALTER TABLE keyed_app.laptop ALTER CONSTRAINT laptop_holder_fkey DEFERRABLE INITIALLY DEFERRED;
SELECT status, body FROM scim.request('DELETE', '/Users/00000000-0000-7000-8000-00000000000e');
-- an id is one in the whole store: two tenants cannot have the same
SELECT scim.create_tenant('two', 'https://two.example.com') AS two;
SET scim.tenant = 2;
INSERT INTO keyed.people (id, user_name) VALUES ('00000000-0000-7000-8000-00000000000e', 'eve');
INSERT INTO keyed.people (user_name) VALUES ('eve') RETURNING tenant_id, user_name;
RESET scim.tenant;
-- ids of new types, too
SELECT scim.register_schema('{"id": "urn:example:Desk", "name": "Desk", "attributes": [{"name": "label", "type": "string"}]}') ->> 'id' AS id;
SELECT scim.register_resource_type('{"name": "Desk", "endpoint": "/Desks", "schema": "urn:example:Desk"}') ->> 'name' AS name;
CREATE TABLE keyed_app.lamp (desk uuid REFERENCES keyed.desks (id));
DROP TABLE keyed_app.lamp;
-- a table that is referred to is not dropped with its type
SET client_min_messages = warning;
DROP SCHEMA keyed_app CASCADE;
SELECT scim.drop_store('keyed', true);
