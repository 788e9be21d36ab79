-- What it means to deactivate somebody: by "active", or by the attribute that shows the status
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('off');
SET scim.store = 'off';
SELECT scim.register_schema('{"id": "urn:example:life", "name": "Life", "attributes": [{"name": "state", "type": "string"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:life", "required": false}]}') ->> 'name' AS type;
INSERT INTO off.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"attribute": "urn:example:life:state", "pending": true, "writable": true,
    "values": {"PENDING": "invited", "ACTIVE": "here", "SUSPENDED": "paused"}}');
DELETE FROM off.policy WHERE resource_type = 'User' AND kind = 'delete';
CREATE FUNCTION pg_temp.go(mode text, deactivate text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    INSERT INTO off.policy (resource_type, kind, settings) VALUES ('User', 'delete', jsonb_build_object('mode', mode, 'byStatus', jsonb_build_object('PENDING', jsonb_build_object('deactivate', deactivate))));
    INSERT INTO off.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "ada"}');
    IF statement LIKE 'SELECT%' THEN
        EXECUTE statement INTO answer;
    ELSE
        EXECUTE statement;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = concat_ws(' ', coalesce((SELECT status FROM off.resource), 'no row'), answer);
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
SELECT mode, d AS deactivate, pg_temp.go(mode, d, 'UPDATE off.users SET active = false') AS "column active",
    pg_temp.go(mode, d, $$SELECT status::text FROM scim.request('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}', '{"Operations": [{"op": "replace", "path": "active", "value": false}]}')$$) AS active,
    pg_temp.go(mode, d, $$SELECT status::text FROM scim.request('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}', '{"Operations": [{"op": "replace", "path": "urn:example:life:state", "value": "paused"}]}')$$) AS state,
    pg_temp.go(mode, d, $$SELECT status::text FROM scim.request('PUT', '/Users/00000000-0000-7000-8000-000000000001', '{}', '{"userName": "ada", "active": false, "urn:example:life": {"state": "paused"}}')$$) AS both,
    pg_temp.go(mode, d, $$UPDATE off.users SET status = 'SUSPENDED'$$) AS status,
    pg_temp.go(mode, d, $$SELECT scim.suspend_resource('User', '00000000-0000-7000-8000-000000000001') ->> 'active'$$) AS function,
    pg_temp.go(mode, d, 'DELETE FROM off.users') AS "DELETE"
FROM unnest(ARRAY['hard', 'retain', 'offboard']) mode, unnest(ARRAY['suspend', 'delete', 'hard', 'retain', 'offboard']) d;
-- who has been aboard is off-boarded, who has not is deleted
INSERT INTO off.policy (resource_type, kind, settings) VALUES ('User', 'delete', '{"mode": "offboard", "byStatus": {"PENDING": {"deactivate": "hard"}, "ACTIVE": {"deactivate": "delete"}}}');
INSERT INTO off.users (data) VALUES ('{"userName": "never"}'), ('{"userName": "once"}');
SELECT scim.record_login(id) FROM off.users WHERE user_name = 'once';
UPDATE off.users SET active = false;
SELECT user_name, status FROM off.users;
-- refused
UPDATE off.policy SET settings = '{"mode": "hard", "byStatus": {"SUSPENDED": {"deactivate": "hard"}}}' WHERE kind = 'delete' AND resource_type = 'User';
UPDATE off.policy SET settings = '{"mode": "hard", "byStatus": {"ACTIVE": {"deactivate": "gone"}}}' WHERE kind = 'delete' AND resource_type = 'User';
UPDATE off.policy SET settings = '{"mode": "hard", "byStatus": {"ACTIVE": {"deactivate": false}}}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT scim.drop_store('off', true);
