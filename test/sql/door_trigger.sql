-- Triggers of the user's before, behind and after the door: what is stored is what the door made
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('own_trigger');
SET scim.store = 'own_trigger';
ALTER TABLE own_trigger.resource ADD COLUMN extra int;
\set user1 00000000-0000-7000-8000-000000000001
\set group1 00000000-0000-7000-8000-00000000000a

--
-- before: the place to change a row
--
CREATE FUNCTION own_trigger.before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.display_name := coalesce(NEW.data ->> 'displayName', nullif(concat_ws(' ', NEW.data #>> '{name,givenName}', NEW.data #>> '{name,familyName}'), ''));
    NEW.data := (NEW.data - 'userName') || jsonb_build_object('USERNAME', lower(coalesce(NEW.data ->> 'userName', NEW.user_name)));
    RETURN NEW;
END
$$;
CREATE TRIGGER a_before BEFORE INSERT OR UPDATE ON own_trigger.users FOR EACH ROW EXECUTE FUNCTION own_trigger.before();
INSERT INTO own_trigger.users (id, data) VALUES (:'user1', '{"userName": "BJensen", "name": {"givenName": "Babs", "familyName": "Jensen"}}')
RETURNING user_name, display_name, data;
SELECT scim.create_resource('User', '{"userName": "Mandy", "name": {"familyName": "Pepperidge"}}') ->> 'displayName' AS display_name;
SELECT status, body::jsonb ->> 'userName' AS user_name FROM scim.request('POST', '/Users', '{}', '{"userName": "UPPER"}');
SELECT scim.patch_resource('User', :'user1', '[{"op": "replace", "path": "userName", "value": "BJENSEN"},
    {"op": "remove", "path": "displayName"}, {"op": "replace", "path": "name.givenName", "value": "Barbara"}]') - 'meta' AS patched;
-- it does not get round the door
CREATE OR REPLACE FUNCTION own_trigger.before() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN NEW.data := NEW.data || '{"active": "maybe"}'; RETURN NEW; END$$;
INSERT INTO own_trigger.users (data) VALUES ('{"userName": "x"}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "x"}');
CREATE OR REPLACE FUNCTION own_trigger.before() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN NEW.version := 42; RETURN NEW; END$$;
UPDATE own_trigger.users SET active = false WHERE id = :'user1';
DROP TRIGGER a_before ON own_trigger.users;

--
-- behind: a veto, columns of one's own, and nothing else
--
CREATE FUNCTION own_trigger.behind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE current_setting('regress.behind', true)
        WHEN 'data' THEN NEW.data := NEW.data || '{"active": "maybe"}';
        WHEN 'schemas' THEN NEW.data := NEW.data || '{"schemas": []}';
        WHEN 'same data' THEN NEW.data := NEW.data || '{}';
        WHEN 'user_name' THEN NEW.user_name := 'somebody else';
        WHEN 'null' THEN NEW.active := NULL;
        WHEN 'status' THEN NEW.status := 'DELETED';
        WHEN 'version' THEN NEW.version := NEW.version + 1;
        WHEN 'version back' THEN NEW.version := 1;
        WHEN 'id' THEN NEW.id := gen_random_uuid();
        WHEN 'tenant_id' THEN NEW.tenant_id := 2;
        WHEN 'last_modified' THEN NEW.last_modified := NEW.last_modified - interval '1 s';
        WHEN 'extra' THEN NEW.extra := coalesce(NEW.extra, 0) + 1;
        WHEN 'veto' THEN RETURN NULL;
        ELSE NULL;
    END CASE;
    RETURN NEW;
END
$$;
CREATE TRIGGER z_behind BEFORE INSERT OR UPDATE ON own_trigger.users FOR EACH ROW EXECUTE FUNCTION own_trigger.behind();
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
BEGIN
    EXECUTE query;
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;
SELECT behind, pg_temp.try(format('INSERT INTO own_trigger.users (data) VALUES (''{"userName": "by %s", "active": true}'')', behind)) AS insert,
    pg_temp.try(format('COPY own_trigger.users (data) FROM PROGRAM ''echo ''''{"userName": "copied %s"}''''''', behind)) AS copy,
    pg_temp.try(format('SELECT scim.create_resource(''User'', ''{"userName": "function %s", "password": "t1meMa$heen"}'')', behind)) AS create,
    pg_temp.try('UPDATE own_trigger.users SET active = active IS NOT TRUE WHERE id = ''00000000-0000-7000-8000-000000000001''') AS update,
    pg_temp.try('UPDATE own_trigger.users SET version = version + 1 WHERE id = ''00000000-0000-7000-8000-000000000001''') AS touch,
    pg_temp.try('UPDATE own_trigger.users SET data = data WHERE id = ''00000000-0000-7000-8000-000000000001''') AS nothing,
    pg_temp.try('INSERT INTO own_trigger.users (id, data) VALUES (''00000000-0000-7000-8000-000000000001'', ''{"userName": "bjensen"}'')
        ON CONFLICT (tenant_id, id, resource_type) DO UPDATE SET display_name = ''' || behind || '''') AS upsert,
    pg_temp.try('SELECT scim.patch_resource(''User'', ''00000000-0000-7000-8000-000000000001'', ''[{"op": "add", "path": "title", "value": "' || behind || '"}]'')') AS patch
FROM unnest(ARRAY['nothing', 'data', 'schemas', 'same data', 'user_name', 'null', 'status', 'version', 'version back', 'id', 'tenant_id', 'last_modified', 'extra', 'veto']) behind,
    LATERAL set_config('regress.behind', behind, false);
SET regress.behind = 'data';
INSERT INTO own_trigger.users (data) VALUES ('{"userName": "x"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "x"}');
-- what is there is what the door made
SELECT count(*) AS others FROM own_trigger.users WHERE scim.canonicalise('User', data) <> data OR user_name <> data ->> 'userName' OR active IS DISTINCT FROM (data ->> 'active')::boolean;
-- a DELETE that keeps the row is an update, too
SET regress.behind = 'version';
DELETE FROM own_trigger.users WHERE id = :'user1';
SET regress.behind = 'nothing';
DELETE FROM own_trigger.users WHERE id = :'user1';
SELECT status FROM own_trigger.users WHERE id = :'user1';
SELECT scim.restore_resource('User', :'user1') ->> 'userName' AS restored;
-- many rows of one statement, some of them twice
INSERT INTO own_trigger.users (id, data) SELECT ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, jsonb_build_object('userName', 'many' || i)
FROM generate_series(100, 300) i, generate_series(1, 2) ON CONFLICT DO NOTHING;
SELECT count(*) FROM own_trigger.users WHERE user_name LIKE 'many%';
-- by another's action, whose events come later
CREATE TABLE own_trigger.cost_centre (id int PRIMARY KEY);
INSERT INTO own_trigger.cost_centre VALUES (1);
ALTER TABLE own_trigger.resource ADD COLUMN cost_centre int REFERENCES own_trigger.cost_centre ON DELETE SET NULL ON UPDATE CASCADE;
UPDATE own_trigger.users SET cost_centre = 1 WHERE id = :'user1';
UPDATE own_trigger.cost_centre SET id = 2;
DELETE FROM own_trigger.cost_centre;
SELECT cost_centre FROM own_trigger.users WHERE id = :'user1';

--
-- after: what writes the row again makes its next version, before the first is recorded
--
CREATE FUNCTION own_trigger.after() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.display_name IS NULL AND NEW.resource_type = 'User' THEN
        UPDATE own_trigger.resource SET display_name = 'by trigger' WHERE id = NEW.id;
    ELSE
        UPDATE own_trigger.resource SET extra = 9 WHERE id = NEW.id AND extra IS DISTINCT FROM 9;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER a_after AFTER INSERT OR UPDATE ON own_trigger.resource FOR EACH ROW EXECUTE FUNCTION own_trigger.after();
INSERT INTO own_trigger.users (data) VALUES ('{"userName": "after", "password": "t1meMa$heen"}');
SELECT u.version, display_name, extra, scim.verify_password(u.id, 't1meMa$heen'),
    (SELECT string_agg(operation || ' ' || a.version, ', ' ORDER BY a.version) FROM own_trigger.audit a WHERE resource_id = u.id) AS audit
FROM own_trigger.users u WHERE user_name = 'after';
-- likewise without a trigger behind the door; the members of a group are not lost
DROP TRIGGER z_behind ON own_trigger.users;
INSERT INTO own_trigger.users (data) VALUES ('{"userName": "after all", "password": "t1meMa$heen"}');
SELECT u.version, display_name, extra, scim.verify_password(u.id, 't1meMa$heen') FROM own_trigger.users u WHERE user_name = 'after all';
INSERT INTO own_trigger.groups (id, data) VALUES (:'group1', '{"displayName": "g", "members": [{"value": "m1"}]}');
SELECT version, extra, (SELECT string_agg(value, ', ') FROM own_trigger.member) AS members FROM own_trigger.groups;
-- of two rows of one statement the first is written
INSERT INTO own_trigger.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000b', '{"displayName": "h", "members": [{"value": "first"}]}'),
    ('00000000-0000-7000-8000-00000000000b', '{"displayName": "h", "members": [{"value": "second"}]}') ON CONFLICT DO NOTHING;
SELECT value FROM own_trigger.member WHERE group_id = '00000000-0000-7000-8000-00000000000b';
-- and what was never written leaves nothing behind
BEGIN;
INSERT INTO own_trigger.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000b', '{"displayName": "h", "members": [{"value": "third"}]}') ON CONFLICT DO NOTHING;
DELETE FROM own_trigger.groups WHERE id = '00000000-0000-7000-8000-00000000000b';
INSERT INTO own_trigger.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000b', '{"displayName": "h"}');
SELECT value FROM own_trigger.member WHERE group_id = '00000000-0000-7000-8000-00000000000b';
COMMIT;

SELECT scim.drop_store('own_trigger', true);
