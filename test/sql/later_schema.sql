-- What the door makes of a document since a schema is another one now is no writer's change
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('changed');
SET scim.store = 'changed';
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
$$ SELECT id FROM changed.users WHERE user_name = who AND deleted_at IS NULL $$;
-- each of the ways to suspend, activate and off-board somebody
CREATE FUNCTION pg_temp.lives(who text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE id uuid := pg_temp.id(who);
BEGIN
    CREATE TEMP TABLE was ON COMMIT DROP AS SELECT data FROM changed.users u WHERE u.id = pg_temp.id(who);
    RETURN NEXT 'update ' || pg_temp.try(format('UPDATE changed.users SET active = false WHERE id = %L', id));
    PERFORM pg_temp.as_it_was(id);
    RETURN NEXT 'function ' || pg_temp.try(format('SELECT scim.suspend_resource(''User'', %L)', id));
    PERFORM pg_temp.as_it_was(id);
    RETURN NEXT 'patch ' || (SELECT status || coalesce(' ' || (body::jsonb ->> 'detail'), '')
        FROM scim.request('PATCH', '/Users/' || id, '{}', '{"Operations": [{"op": "replace", "path": "active", "value": false}]}'));
    PERFORM pg_temp.as_it_was(id);
    RETURN NEXT 'offboard ' || pg_temp.try(format('UPDATE changed.users SET status = ''OFFBOARDING'' WHERE id = %L', id));
    PERFORM pg_temp.as_it_was(id);
    DROP TABLE was;
END
$$;
CREATE FUNCTION pg_temp.as_it_was(who uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE changed.users DISABLE TRIGGER USER;
    UPDATE changed.users SET data = (SELECT data FROM was), active = true, status = 'ACTIVE', offboarding_at = NULL, deactivated_at = NULL WHERE id = who;
    ALTER TABLE changed.users ENABLE TRIGGER USER;
END
$$;

INSERT INTO changed.users (data) VALUES ('{"userName": "k5", "active": true, "userType": "temp", "nickName": "dup"}');
-- userType is known no more, and nickName is a list
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (
    SELECT jsonb_agg(CASE WHEN a ->> 'name' = 'nickName' THEN a || '{"multiValued": true}' ELSE a END)
    FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'userType')), force => true) ->> 'id' AS schema
FROM changed.schema WHERE document ->> 'id' = 'urn:ietf:params:scim:schemas:core:2.0:User';
SELECT pg_temp.lives('k5');

CREATE FUNCTION pg_temp.with_policy(policy_kind text, how jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed.policy (resource_type, kind, settings) VALUES ('User', policy_kind, how);
    RETURN QUERY SELECT pg_temp.lives('k5');
    DELETE FROM changed.policy WHERE kind = policy_kind AND settings = how;
END
$$;
SELECT pg_temp.with_policy('condition', '{"when": "active eq false", "require": "photos pr"}');
SELECT pg_temp.with_policy('condition', '{"keep": ["nickName"]}');
SELECT pg_temp.with_policy('fixed', '{"attributes": ["nickName"], "writers": "everybody"}');
SELECT pg_temp.with_policy('fixed', '{"attributes": ["nickName"], "writers": "everybody", "on": "ignore"}');
SELECT pg_temp.with_policy('managed', '{"owner": "HR", "attributes": ["nickName"]}');
SELECT pg_temp.with_policy('managed', '{"owner": "HR", "operations": ["update"]}');
SELECT pg_temp.with_policy('generate', '{"attributes": {"title": "{nickName}!"}}');

-- what a writer does change is his change
INSERT INTO changed.policy (resource_type, kind, settings) VALUES ('User', 'condition', '{"keep": ["nickName"]}');
SELECT pg_temp.try($$UPDATE changed.users SET data = data || '{"nickName": ["dup", "more"]}' WHERE user_name = 'k5'$$);
SELECT pg_temp.try($$UPDATE changed.users SET data = data - 'nickName' WHERE user_name = 'k5'$$);
DELETE FROM changed.policy WHERE kind = 'condition';
INSERT INTO changed.policy (resource_type, kind, settings) VALUES ('User', 'managed', '{"owner": "HR", "operations": ["update"]}');
SELECT regexp_replace(pg_temp.try($$UPDATE changed.users SET data = data || '{"title": "x", "active": false}' WHERE user_name = 'k5'$$), '"[0-9a-f-]{36}"', 'k5');
DELETE FROM changed.policy WHERE kind = 'managed';

-- nor do events tell of it
UPDATE changed.policy SET enabled = true WHERE kind = 'events';
SELECT scim.suspend_resource('User', pg_temp.id('k5')) -> 'nickName' AS nick_name;
SELECT operation, attributes, data FROM changed.event ORDER BY at, id;
DROP FUNCTION pg_temp.lives, pg_temp.with_policy, pg_temp.as_it_was;
SELECT scim.drop_store('changed', true);
