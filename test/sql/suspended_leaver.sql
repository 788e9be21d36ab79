-- Who is suspended when he leaves stays so: while he leaves, and when he comes back
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('leave');
SET scim.store = 'leave';
INSERT INTO leave.setting (name, value) VALUES ('leaver_filter', '"title eq \"gone\""');
CREATE FUNCTION pg_temp.access(name text, OUT status text, OUT active boolean, OUT session boolean, OUT password boolean, OUT login boolean, OUT code text, OUT leaver bigint) LANGUAGE plpgsql AS $$
DECLARE
    u uuid;
BEGIN
    SELECT r.id, r.status, r.active INTO u, status, active FROM leave.users r WHERE r.data ->> 'userName' = name;
    session := scim.session_is_valid(u, clock_timestamp());
    password := scim.verify_password(u, 'Correct-Horse-9');
    login := scim.record_login(u);
    SELECT count(*) INTO leaver FROM leave.active_leaver l WHERE l.id = u;
    BEGIN
        code := scim.issue_recovery_code(u) IS NOT NULL;
    EXCEPTION
        WHEN SQLSTATE 'SCVAL' OR SQLSTATE 'SC404' THEN code := SQLSTATE;
    END;
END
$$;
CREATE FUNCTION pg_temp.gone() RETURNS void LANGUAGE sql AS $$ SELECT scim.complete_offboarding(id) FROM leave.users WHERE status = 'OFFBOARDING' $$;
-- each mode, with "active" in the schema and without
CREATE PROCEDURE pg_temp.leave(settings jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.gone();
    UPDATE leave.policy p SET settings = '{"mode": "hard"}' WHERE p.kind = 'delete' AND p.resource_type = 'User';
    DELETE FROM leave.users;
    UPDATE leave.policy p SET settings = $1 WHERE p.kind = 'delete' AND p.resource_type = 'User';
    INSERT INTO leave.users (data) VALUES ('{"userName": "in use", "password": "Correct-Horse-9"}'), ('{"userName": "suspended", "password": "Correct-Horse-9"}'), ('{"userName": "pending", "password": "Correct-Horse-9"}');
    PERFORM scim.suspend_resource('User', id) FROM leave.users WHERE data ->> 'userName' = 'suspended';
    PERFORM scim.delete_resource('User', id) FROM leave.users WHERE data ->> 'userName' <> 'pending';
END
$$;
CREATE FUNCTION pg_temp.tell(step text) RETURNS TABLE (said text, name text, status text, active boolean, session boolean, password boolean, login boolean, code text, leaver bigint) LANGUAGE sql AS $$
    SELECT step, n, a.* FROM unnest('{in use,suspended}'::text[]) n, pg_temp.access(n) a $$;
CREATE FUNCTION pg_temp.back() RETURNS void LANGUAGE sql AS $$ SELECT scim.restore_resource('User', id) FROM leave.users WHERE data ->> 'userName' <> 'pending' $$;
CALL pg_temp.leave('{"mode": "offboard"}');
SELECT * FROM pg_temp.tell('with active, offboard');
SELECT FROM pg_temp.back();
SELECT * FROM pg_temp.tell('restored');
CALL pg_temp.leave('{"mode": "offboard"}');
SELECT FROM pg_temp.gone();
SELECT FROM pg_temp.back();
SELECT * FROM pg_temp.tell('completed, restored');
CALL pg_temp.leave('{"mode": "offboard", "deactivate": false}');
SELECT * FROM pg_temp.tell('with active, access kept');
SELECT FROM pg_temp.back();
SELECT * FROM pg_temp.tell('restored');
CALL pg_temp.leave('{"mode": "retain"}');
SELECT FROM pg_temp.back();
SELECT * FROM pg_temp.tell('with active, retained, restored');
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(a) FROM jsonb_array_elements(document -> 'attributes') a WHERE a ->> 'name' <> 'active')), true) ->> 'id' AS schema
FROM leave.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
CALL pg_temp.leave('{"mode": "offboard"}');
SELECT * FROM pg_temp.tell('without active, offboard');
SELECT FROM pg_temp.back();
SELECT * FROM pg_temp.tell('restored');
CALL pg_temp.leave('{"mode": "offboard"}');
SELECT FROM pg_temp.gone();
SELECT FROM pg_temp.back();
SELECT * FROM pg_temp.tell('completed, restored');
CALL pg_temp.leave('{"mode": "offboard", "deactivate": false}');
SELECT * FROM pg_temp.tell('without active, access kept');
-- no other write lets him in; a role of the database has he none either
UPDATE leave.users SET data = data || '{"title": "gone"}' WHERE data ->> 'userName' = 'suspended';
UPDATE leave.users SET version = version + 1 WHERE data ->> 'userName' = 'suspended';
SELECT * FROM pg_temp.tell('written');
SELECT FROM pg_temp.back();
SELECT * FROM pg_temp.tell('restored');
CALL pg_temp.leave('{"mode": "offboard", "deactivate": false}');
SELECT FROM pg_temp.gone();
SELECT FROM pg_temp.back();
SELECT * FROM pg_temp.tell('completed, restored');
-- who is called back is active, and only who was suspended comes back so by a statement
CALL pg_temp.leave('{"mode": "offboard", "deactivate": false}');
UPDATE leave.users SET status = 'SUSPENDED' WHERE data ->> 'userName' = 'suspended';
UPDATE leave.users SET status = 'SUSPENDED' WHERE data ->> 'userName' = 'in use';
SELECT * FROM pg_temp.tell('by a statement');
SELECT scim.delete_resource('User', id) FROM leave.users WHERE data ->> 'userName' = 'suspended';
SELECT scim.activate_resource('User', id) ->> 'userName' AS activated FROM leave.users WHERE data ->> 'userName' = 'suspended';
SELECT * FROM pg_temp.tell('activated');
SELECT data ->> 'userName' AS name, a.operation, a.status FROM leave.audit a JOIN leave.users u ON u.id = a.resource_id WHERE a.operation <> 'create' AND data ->> 'userName' = 'suspended' ORDER BY a.at;
SELECT scim.drop_store('leave', true);
