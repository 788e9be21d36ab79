-- Rules that come later lock nobody in, and what the store does by itself no rule keeps it from
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('later');
SET scim.store = 'later';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
    EXECUTE statement;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN 'ok ' || n;
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.id(who text) RETURNS uuid LANGUAGE sql AS
$$ SELECT id FROM later.users WHERE user_name = who AND deleted_at IS NULL $$;

--
-- generate: acts where the write changes what it follows from, or what it makes
--
INSERT INTO later.users (data) VALUES
    ('{"userName": "one", "emails": [{"value": "shared@example.com"}], "name": {"givenName": "One"}}'),
    ('{"userName": "two", "emails": [{"value": "shared@example.com"}], "name": {"givenName": "Two"}}'),
    ('{"userName": "long", "emails": [{"value": "long@example.com"}]}');
INSERT INTO later.policy (resource_type, kind, settings) VALUES ('User', 'generate', '{"attributes": {"userName": "{emails.value}", "displayName": "{name.givenName}"}}');
SELECT resource_type, rule, path, message FROM scim.validate_store() ORDER BY message, path;
UPDATE later.users SET data = data || '{"title": "x"}' WHERE user_name = 'one' RETURNING user_name, display_name;
UPDATE later.users SET data = data || '{"name": {"givenName": "Uno"}}' WHERE user_name = 'one' RETURNING user_name, display_name;
UPDATE later.users SET user_name = 'uno' WHERE user_name = 'one' RETURNING user_name;
SELECT scim.suspend_resource('User', id) ->> 'active' AS suspended FROM later.users WHERE user_name = 'two';
SELECT scim.activate_resource('User', id) ->> 'active' AS activated FROM later.users WHERE user_name = 'two';
SELECT scim.log_out(pg_temp.id('two')) IS NOT NULL AS logged_out;
SELECT scim.delete_resource('User', pg_temp.id('two')) IS NOT NULL AS deleted;
SELECT scim.restore_resource('User', id) ->> 'userName' AS restored FROM later.users WHERE user_name = 'two';
SELECT scim.replace_resource('User', pg_temp.id('two'), scim.get_resource('User', pg_temp.id('two'))) ->> 'userName' AS replaced;
SELECT pg_temp.try($$UPDATE later.users SET data = data || '{"emails": [{"value": "two@example.com"}]}' WHERE user_name = 'two'$$);
SELECT pg_temp.try($$UPDATE later.users SET data = data || '{"emails": [{"value": "shared@example.com"}]}' WHERE user_name = 'two@example.com'$$);
-- a value that is too long, one that is another's by a policy, and one that another policy refuses
UPDATE later.policy SET settings = jsonb_build_object('attributes', jsonb_build_object('displayName', '{emails.value}' || repeat('x', 2000))) WHERE kind = 'generate';
SELECT scim.suspend_resource('User', pg_temp.id('long')) ->> 'active' AS suspended;
UPDATE later.policy SET settings = '{"attributes": {"nickName": "{userType}"}}' WHERE kind = 'generate';
SELECT rule, path, message FROM scim.validate_store();
INSERT INTO later.users (data) VALUES ('{"userName": "a", "userType": "same"}'), ('{"userName": "b", "userType": "other"}');
ALTER TABLE later.users DISABLE TRIGGER USER;
UPDATE later.users SET data = data || '{"userType": "same"}' WHERE user_name = 'b';
ALTER TABLE later.users ENABLE TRIGGER USER;
INSERT INTO later.policy (resource_type, kind, settings) VALUES ('User', 'unique', '{"attributes": ["nickName"]}');
SELECT scim.suspend_resource('User', pg_temp.id('b')) ->> 'active' AS suspended;
SELECT rule, path, message FROM scim.validate_store();
DELETE FROM later.policy WHERE kind IN ('generate', 'unique');
UPDATE later.policy SET enabled = true WHERE kind = 'identity';
INSERT INTO later.policy (resource_type, kind, settings) VALUES ('User', 'generate', '{"attributes": {"userName": "{nickName}"}}');
SELECT scim.suspend_resource('User', pg_temp.id('a')) ->> 'active' AS suspended;
DELETE FROM later.policy WHERE kind = 'generate';
UPDATE later.policy SET enabled = false WHERE kind = 'identity';

--
-- A limit that is lower now
--
INSERT INTO later.users (data) SELECT jsonb_build_object('userName', 'big', 'title', repeat('x', 2000), 'roles', '["a", "b", "c"]'::jsonb);
INSERT INTO later.setting (name, value) VALUES ('max_resource_size', '1024'), ('max_values', '1');
SELECT scim.suspend_resource('User', pg_temp.id('big')) ->> 'active' AS suspended;
SELECT scim.activate_resource('User', pg_temp.id('big')) ->> 'active' AS activated;
SELECT scim.log_out(pg_temp.id('big')) IS NOT NULL AS logged_out;
SELECT pg_temp.try($$UPDATE later.users SET data = data - 'active' WHERE user_name = 'big'$$);
SELECT pg_temp.try($$UPDATE later.users SET active = false WHERE user_name = 'big'$$);
SELECT pg_temp.try($$UPDATE later.users SET data = data || '{"nickName": "Big"}' WHERE user_name = 'big'$$);
SELECT pg_temp.try($$UPDATE later.users SET data = data || '{"title": "short"}' WHERE user_name = 'big'$$);
SELECT pg_temp.try($$INSERT INTO later.users (data) SELECT jsonb_build_object('userName', 'big2', 'title', repeat('x', 2000))$$);
-- what a policy "status" shows is life-cycle, too, and takes an extension
UPDATE later.users SET data = data || jsonb_build_object('title', 'y') WHERE user_name = 'big';
DELETE FROM later.setting;
UPDATE later.users SET data = data || jsonb_build_object('title', repeat('y', 3000)) WHERE user_name = 'big';
INSERT INTO later.setting (name, value) VALUES ('max_resource_size', '1024');
SELECT scim.register_schema('{"id": "urn:example:life", "name": "Life", "attributes": [{"name": "status", "type": "string", "mutability": "readOnly"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:life", "required": false}, {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}]}') ->> 'name' AS type;
INSERT INTO later.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"attribute": "urn:example:life:status"}');
SELECT data -> 'urn:example:life' AS shown FROM later.users WHERE user_name = 'big';
SELECT scim.delete_resource('User', pg_temp.id('big')) IS NOT NULL AS deleted;
DELETE FROM later.setting;

--
-- condition: no rule keeps anybody from being suspended or from going
--
INSERT INTO later.policy (resource_type, kind, settings) VALUES ('User', 'condition', '{"when": "active eq false", "require": "title pr"}');
INSERT INTO later.users (data) VALUES ('{"userName": "idle", "active": true}'), ('{"userName": "idler", "active": true}'), ('{"userName": "idlest", "active": true}');
SELECT scim.suspend_resource('User', pg_temp.id('idle')) ->> 'active' AS suspended;
SELECT pg_temp.try($$UPDATE later.users SET active = false WHERE user_name = 'idler'$$);
SELECT r.status FROM scim.request('PATCH', '/Users/' || pg_temp.id('idlest'), '{}', '{"Operations": [{"op": "replace", "path": "active", "value": false}]}') r;
SELECT rule, count(*) FROM scim.validate_store() WHERE rule = 'condition' GROUP BY 1;
SELECT scim.activate_resource('User', pg_temp.id('idle')) ->> 'active' AS activated;
-- what else the write changes has to obey
SELECT pg_temp.try($$UPDATE later.users SET data = data || '{"active": false, "nickName": "Idle"}' WHERE user_name = 'idle'$$);
SELECT pg_temp.try($$UPDATE later.users SET data = data || '{"active": false, "title": "Idler"}' WHERE user_name = 'idle'$$);
SELECT pg_temp.try($$INSERT INTO later.users (data) VALUES ('{"userName": "none", "active": false}')$$);
DELETE FROM later.users WHERE user_name IN ('idler', 'idlest');
UPDATE later.policy SET settings = '{"when": "status eq \"ACTIVE\"", "keep": ["active"]}' WHERE kind = 'condition';
SELECT scim.activate_resource('User', pg_temp.id('idle')) ->> 'active' AS activated;
SELECT scim.suspend_resource('User', pg_temp.id('idle')) ->> 'active' AS suspended;
-- the other way round it keeps people out
UPDATE later.policy SET settings = '{"when": "active eq true", "require": "nickName pr"}' WHERE kind = 'condition';
SELECT pg_temp.try($$SELECT scim.activate_resource('User', pg_temp.id('idle'))$$);
DELETE FROM later.policy WHERE kind = 'condition';
-- fixed is about who writes "active", and not about the steps of a life
INSERT INTO later.policy (resource_type, kind, settings) VALUES ('User', 'fixed', '{"attributes": ["active"], "writers": "everybody"}');
SELECT pg_temp.try($$UPDATE later.users SET active = true WHERE user_name = 'idle'$$);
SELECT scim.activate_resource('User', pg_temp.id('idle')) ->> 'active' AS activated;
SELECT scim.suspend_resource('User', pg_temp.id('idle')) ->> 'active' AS suspended;
UPDATE later.users SET status = 'OFFBOARDING' WHERE user_name = 'idle' RETURNING active, status;
SELECT scim.complete_offboarding(pg_temp.id('idle')) IS NOT NULL AS completed;
DELETE FROM later.policy WHERE kind = 'fixed';

--
-- reference: what the store clears is no change that a rule keeps writers from
--
INSERT INTO later.users (data) VALUES ('{"userName": "boss"}'), ('{"userName": "boss2"}'), ('{"userName": "boss3"}'), ('{"userName": "boss4"}'), ('{"userName": "boss5"}');
INSERT INTO later.users (data) SELECT jsonb_build_object('userName', 'of ' || user_name, 'manager', id) FROM later.users WHERE user_name LIKE 'boss%';
INSERT INTO later.policy (resource_type, kind, settings) VALUES
    ('User', 'reference', '{"attributes": {"manager": {"type": "User", "onDelete": "clear"}}}'),
    ('User', 'fixed', '{"attributes": ["manager"], "writers": "everybody"}'),
    ('User', 'condition', '{"when": "userName sw \"of \"", "require": "manager pr"}');
SELECT pg_temp.try($$UPDATE later.users SET data = data - 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' WHERE user_name = 'of boss'$$);
DELETE FROM later.users WHERE user_name = 'boss';
SELECT r.status FROM scim.request('DELETE', '/Users/' || pg_temp.id('boss2')) r;
UPDATE later.policy SET settings = '{"attributes": ["manager"], "writers": "everybody", "on": "ignore"}' WHERE kind = 'fixed';
DELETE FROM later.users WHERE user_name = 'boss3';
SELECT user_name, version, data -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' IS NULL AS cleared FROM later.users WHERE user_name LIKE 'of boss_' OR user_name = 'of boss' ORDER BY 1;
-- what really cannot be is said of the person who refers to it
CREATE FUNCTION later.keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.user_name = 'of boss4' THEN
        RAISE EXCEPTION 'of boss4 stays as he is';
    ELSIF new.user_name = 'of boss5' THEN
        RETURN NULL;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER zz BEFORE UPDATE ON later.users FOR EACH ROW EXECUTE FUNCTION later.keeps();
SELECT r.status, regexp_replace(r.body::jsonb ->> 'detail', '[0-9a-f-]{36}', '...', 'g') AS detail
FROM unnest(ARRAY['boss4', 'boss5']) b, scim.request('DELETE', '/Users/' || pg_temp.id(b)) r;
DROP TRIGGER zz ON later.users;
SELECT scim.drop_store('later', true);
