-- The table of steps in doc/lifecycle.md: every status, and every way to another one
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('steps');
SET scim.store = 'steps';
SELECT scim.register_schema('{"id": "urn:example:life", "name": "Life", "attributes": [{"name": "state", "type": "string"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:life", "required": false}]}') ->> 'name' AS type;
INSERT INTO steps.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"attribute": "urn:example:life:state", "pending": true, "writable": true,
    "values": {"PENDING": "invited", "ACTIVE": "here", "SUSPENDED": "paused", "OFFBOARDING": "leaving"}}');
CREATE FUNCTION pg_temp.mode(settings jsonb) RETURNS void LANGUAGE sql AS $$
    DELETE FROM steps.policy WHERE resource_type = 'User' AND kind = 'delete';
    INSERT INTO steps.policy (resource_type, kind, settings) VALUES ('User', 'delete', settings);
$$;
-- what becomes of somebody who is at some point of his life; undone afterwards
CREATE FUNCTION pg_temp.step(status text, mode jsonb, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    u constant uuid := '00000000-0000-7000-8000-000000000001';
    was text;
    answer text;
    told text;
BEGIN
    PERFORM pg_temp.mode('{"mode": "offboard"}' || mode);
    INSERT INTO steps.users (id, data) VALUES (u, '{"userName": "ada"}');
    IF status IN ('ACTIVE', 'SUSPENDED') THEN
        EXECUTE format('UPDATE steps.users SET status = %L', status);
    ELSIF status LIKE 'OFFBOARD%' THEN
        DELETE FROM steps.users;
        IF status = 'OFFBOARDED' THEN
            PERFORM scim.complete_offboarding(u);
        END IF;
    ELSIF status = 'DELETED' THEN
        UPDATE steps.users SET status = 'DELETED';
    END IF;
    SELECT r.status INTO was FROM steps.resource r WHERE r.id = u;
    IF was <> status THEN
        RAISE EXCEPTION 'is %', was;
    END IF;
    ALTER TABLE steps.audit DISABLE TRIGGER scim_guard; DELETE FROM steps.audit; ALTER TABLE steps.audit ENABLE TRIGGER scim_guard;
    BEGIN
        IF statement LIKE 'SELECT%' THEN
            EXECUTE statement INTO answer;
        ELSE
            EXECUTE statement;
        END IF;
    EXCEPTION
        WHEN OTHERS THEN answer := 'refused: ' || SQLERRM;
    END;
    SELECT string_agg(operation, ', ' ORDER BY id) INTO told FROM steps.audit;
    RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = concat_ws(' ',
        coalesce((SELECT nullif(r.status, was) FROM steps.resource r WHERE r.id = u), CASE WHEN EXISTS (SELECT FROM steps.resource WHERE id = u) THEN '-' ELSE 'no row' END),
        nullif((SELECT concat_ws(' ', CASE WHEN (r.status LIKE 'OFFBOARD%') <> (r.offboarding_at IS NOT NULL) THEN 'offboarding_at wrong' END,
            CASE WHEN (r.status IN ('OFFBOARDED', 'DELETED')) <> (r.deleted_at IS NOT NULL) THEN 'deleted_at wrong' END,
            CASE WHEN (r.status IN ('PENDING', 'ACTIVE')) <> (r.deactivated_at IS NULL) THEN 'deactivated_at wrong' END,
            CASE WHEN r.status IN ('ACTIVE', 'SUSPENDED') AND coalesce(r.active, true) <> (r.status = 'ACTIVE') THEN 'active wrong' END)
            FROM steps.resource r WHERE r.id = u), ''),
        '[' || told || ']', '(' || answer || ')');
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN replace(SQLERRM, u::text, 'U');
END
$$;
CREATE FUNCTION pg_temp.states() RETURNS SETOF text LANGUAGE sql AS $$ SELECT unnest(ARRAY['PENDING', 'ACTIVE', 'SUSPENDED', 'OFFBOARDING', 'OFFBOARDED', 'DELETED']) $$;

-- the column status, every pair
SELECT s AS "from", t AS "to", pg_temp.step(s, '{}', format('UPDATE steps.users SET status = %L', t)) FROM pg_temp.states() s, pg_temp.states() t;
-- the column active, and the attribute; with an off-boarding that leaves "active" as it is, too
SELECT s AS "from", m, way, pg_temp.step(s, m, way) FROM pg_temp.states() s,
    unnest(ARRAY['{}', '{"deactivate": false}']::jsonb[]) m,
    unnest(ARRAY['UPDATE steps.users SET active = true', 'UPDATE steps.users SET active = false', 'UPDATE steps.users SET active = NULL',
        $$UPDATE steps.users SET data = data || '{"active": true}'$$, $$UPDATE steps.users SET data = data || '{"active": false}'$$]) way
    WHERE m = '{}' OR s LIKE 'OFFBOARD%';
-- the attribute that shows the status: SQL, PATCH, PUT
SELECT s AS "from", w AS said, pg_temp.step(s, '{}', format('UPDATE steps.users SET data = data || jsonb_build_object(''urn:example:life'', jsonb_build_object(''state'', %L))', w)) AS sql,
    pg_temp.step(s, '{}', format('SELECT status || coalesce('' '' || (body::jsonb ->> ''scimType''), '''') FROM scim.request(''PATCH'', ''/Users/00000000-0000-7000-8000-000000000001'', ''{}'', %L)',
        jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'urn:example:life:state', 'value', w))))) AS patch,
    pg_temp.step(s, '{}', format('SELECT status || coalesce('' '' || (body::jsonb ->> ''scimType''), '''') FROM scim.request(''PUT'', ''/Users/00000000-0000-7000-8000-000000000001'', ''{}'', %L)',
        jsonb_build_object('userName', 'ada', 'urn:example:life', jsonb_build_object('state', w)))) AS put
FROM pg_temp.states() s, unnest(ARRAY['invited', 'here', 'paused', 'leaving', 'DELETED', 'nonsense']) w;
-- "active" by PATCH and PUT
SELECT s AS "from", m, a AS active, pg_temp.step(s, m, format('SELECT status || coalesce('' '' || (body::jsonb ->> ''scimType''), '''') FROM scim.request(''PATCH'', ''/Users/00000000-0000-7000-8000-000000000001'', ''{}'', %L)',
        jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'active', 'value', a))))) AS patch,
    pg_temp.step(s, m, format('SELECT status || coalesce('' '' || (body::jsonb ->> ''scimType''), '''') FROM scim.request(''PUT'', ''/Users/00000000-0000-7000-8000-000000000001'', ''{}'', %L)',
        jsonb_build_object('userName', 'ada', 'active', a))) AS put
FROM pg_temp.states() s, unnest(ARRAY['{}', '{"deactivate": false}']::jsonb[]) m, unnest(ARRAY[true, false]) a WHERE m = '{}' OR s = 'OFFBOARDING';
-- functions
SELECT s AS "from", f AS function, pg_temp.step(s, '{}', format('SELECT 1 FROM (SELECT scim.%s) f', f))
FROM pg_temp.states() s, unnest(ARRAY['record_login(''00000000-0000-7000-8000-000000000001'')', 'activate_resource(''User'', ''00000000-0000-7000-8000-000000000001'')',
    'suspend_resource(''User'', ''00000000-0000-7000-8000-000000000001'')', 'restore_resource(''User'', ''00000000-0000-7000-8000-000000000001'')',
    'complete_offboarding(''00000000-0000-7000-8000-000000000001'')', 'purge(''0 s'')']) f;
-- DELETE
SELECT s AS "from", m AS mode, pg_temp.step(s, jsonb_build_object('mode', m), 'DELETE FROM steps.users') AS sql,
    pg_temp.step(s, jsonb_build_object('mode', m), 'SELECT status::text FROM scim.request(''DELETE'', ''/Users/00000000-0000-7000-8000-000000000001'')') AS http
FROM pg_temp.states() s, unnest(ARRAY['hard', 'retain', 'offboard']) m WHERE m = 'offboard' OR s NOT LIKE 'OFFBOARD%';
-- the times are the store's
SELECT s AS "from", pg_temp.step(s, '{}', 'UPDATE steps.users SET deleted_at = now() + interval ''1 s''') AS deleted_at, pg_temp.step(s, '{}', 'UPDATE steps.users SET deleted_at = NULL, offboarding_at = NULL, version = version + 1') AS none
FROM pg_temp.states() s;
SELECT scim.drop_store('steps', true);
