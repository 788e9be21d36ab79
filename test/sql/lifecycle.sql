-- The life of a user: its times, sessions, invitations, recovery
\set VERBOSITY terse
SELECT scim.create_store('life');
SET scim.store = 'life';
\set u '''00000000-0000-7000-8000-000000000001'''
\set v '''00000000-0000-7000-8000-000000000002'''
\set nobody '''00000000-0000-7000-8000-0000000000ff'''
CREATE VIEW pg_temp.people AS
    SELECT user_name, status, active, version, activated_at IS NOT NULL AS activated, deactivated_at IS NOT NULL AS deactivated,
        sessions_valid_after IS NOT NULL AS sessions_ended
    FROM life.users ORDER BY id;
CREATE FUNCTION pg_temp.events() RETURNS SETOF text LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM life.event RETURNING id, event_uri, version)
    SELECT event_uri || ' ' || version FROM gone ORDER BY id;
$$;

--
-- Times: of the last step each way, and none is the writer's
--
INSERT INTO life.users (id, data) VALUES (:u, '{"userName": "ada"}'), (:v, '{"userName": "bob", "active": false}');
SELECT * FROM pg_temp.people;
SELECT bool_and(coalesce(activated_at, deactivated_at) = created) AS at_creation FROM life.users;
UPDATE life.users SET active = NOT coalesce(active, true);
SELECT * FROM pg_temp.people;
SELECT bool_and(coalesce(deactivated_at, activated_at) = last_modified) AS at_the_step FROM life.users;
-- a change that is no step leaves them
UPDATE life.users SET display_name = 'X';
SELECT count(*) FILTER (WHERE deactivated_at < last_modified) AS suspended_before, count(*) FILTER (WHERE activated_at < last_modified) AS activated_before FROM life.users;
UPDATE life.users SET activated_at = now();
UPDATE life.users SET deactivated_at = NULL WHERE id = :u;
-- a row that comes from elsewhere keeps its history
INSERT INTO life.users (data, activated_at, deactivated_at, sessions_valid_after) VALUES ('{"userName": "old", "active": false}', '2020-01-01Z', '2021-01-01Z', '2022-01-01Z')
RETURNING activated_at AT TIME ZONE 'UTC' AS activated_at, deactivated_at AT TIME ZONE 'UTC' AS deactivated_at, sessions_valid_after AT TIME ZONE 'UTC' AS sessions_valid_after;
DELETE FROM life.users WHERE user_name = 'old';
-- deletion and off-boarding end sessions, too
SELECT user_name, status, sessions_valid_after > '2022-01-01Z' AS ended, deactivated_at = '2021-01-01Z' AS since_then FROM life.users WHERE user_name = 'old';
SELECT scim.restore_resource('User', id) -> 'active' AS active FROM life.users WHERE user_name = 'old';
UPDATE life.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE kind = 'delete' AND resource_type = 'User';
UPDATE life.users SET active = true WHERE user_name = 'old';
DELETE FROM life.users WHERE user_name = 'old';
SELECT status, active, deactivated_at IS NOT NULL AS deactivated, deactivated_at = offboarding_at AS when_it_began FROM life.users WHERE user_name = 'old';
SELECT scim.session_is_valid(id, now() - interval '1 hour') AS before, scim.session_is_valid(id, clock_timestamp()) AS since FROM life.users WHERE user_name = 'old';
SELECT scim.complete_offboarding(id) FROM life.users WHERE user_name = 'old';
SELECT scim.session_is_valid(id, clock_timestamp()) AS since FROM life.users WHERE user_name = 'old';
UPDATE life.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';

--
-- Suspension and activation
--
ALTER TABLE life.audit DISABLE TRIGGER scim_guard; DELETE FROM life.audit; ALTER TABLE life.audit ENABLE TRIGGER scim_guard;
SELECT scim.suspend_resource('User', :v) ->> 'active' AS active, scim.suspend_resource('User', :v::uuid) ->> 'active' AS again;
SELECT scim.activate_resource('User', :u::uuid) ->> 'active' AS active, scim.activate_resource('User', :u) ->> 'active' AS again;
SELECT scim.suspend_resource('User', :nobody);
SELECT scim.activate_resource('User', 'no id');
SELECT scim.suspend_resource('Printer', :u);
SELECT scim.suspend_resource('Group', scim.create_resource('Group', '{"displayName": "G"}') ->> 'id') ->> 'displayName' AS a_group_has_a_life;
SELECT status FROM life.groups;
SELECT resource_type, operation, version FROM life.audit WHERE operation <> 'create' ORDER BY id;
-- who leaves is suspended at most, and goes on leaving
UPDATE life.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM life.users WHERE id = :u;
SELECT * FROM pg_temp.people WHERE user_name = 'ada';
SELECT clock_timestamp() AS session \gset
SELECT scim.session_is_valid(:u, :'session') AS valid;
SELECT scim.suspend_resource('User', :u) ->> 'active' AS active;
SELECT operation FROM life.audit WHERE resource_id = :u ORDER BY id DESC LIMIT 1;
SELECT * FROM pg_temp.people WHERE user_name = 'ada';
SELECT scim.session_is_valid(:u, :'session') AS valid;
SELECT scim.activate_resource('User', :u) ->> 'active' AS active;
SELECT * FROM pg_temp.people WHERE user_name = 'ada';
SELECT scim.session_is_valid(:u, :'session') AS still_not_valid;
UPDATE life.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'User';

--
-- Invitations, sessions
--
ALTER TABLE life.audit DISABLE TRIGGER scim_guard; DELETE FROM life.audit; ALTER TABLE life.audit ENABLE TRIGGER scim_guard;
DELETE FROM life.event;
SELECT scim.invite(:u), scim.invite(:u::uuid);
SELECT scim.invite(:v);
SELECT scim.invite(:nobody);
SELECT scim.invite(NULL::text) IS NULL AS nothing;
SELECT scim.session_is_valid(:u, now() - interval '1 hour') AS before;
SELECT scim.activate_resource('User', :v) ->> 'active' AS active;
SELECT scim.session_is_valid(:v, now() - interval '1 hour') AS of_before_the_suspension, scim.session_is_valid(:v::uuid, clock_timestamp()) AS since;
SELECT scim.log_out(:u);
-- in one transaction, too: by the clock
BEGIN;
SELECT scim.session_is_valid(:u, now()) AS before;
SELECT clock_timestamp() AS session \gset
SELECT scim.session_is_valid(:u, :'session') AS since;
SELECT scim.log_out(:u::uuid);
SELECT scim.session_is_valid(:u, :'session') AS of_before, scim.session_is_valid(:u, clock_timestamp()) AS since;
COMMIT;
SELECT scim.log_out(:nobody);
SELECT scim.session_is_valid(:nobody, now()) AS of_nobody, scim.session_is_valid('no id', now()) AS of_no_id, scim.session_is_valid(:u, NULL) AS of_no_time,
    scim.session_is_valid(:u, 'infinity') AS for_ever, scim.session_is_valid(:u, '-infinity') AS never;
-- in SQL: forwards only, and not into the future
SELECT sessions_valid_after AS ended FROM life.users WHERE id = :u \gset
UPDATE life.users SET sessions_valid_after = '2020-01-01Z' WHERE id = :u;
SELECT sessions_valid_after = :'ended' AS unchanged FROM life.users WHERE id = :u;
UPDATE life.users SET sessions_valid_after = now() + interval '1 minute' WHERE id = :u;
UPDATE life.users SET sessions_valid_after = 'infinity' WHERE id = :u;
UPDATE life.users SET sessions_valid_after = NULL WHERE id = :u;
UPDATE life.users SET sessions_valid_after = clock_timestamp(), display_name = 'Ada' WHERE id = :u;
SELECT * FROM pg_temp.people WHERE user_name = 'ada';
SELECT operation, version, before ->> 'displayName' AS display_name_before FROM life.audit ORDER BY id;
SELECT pg_temp.events();

--
-- Logging in
--
SELECT scim.record_login(:u) AS ada, scim.record_login(:nobody) AS nobody, scim.record_login('no id') AS no_id;
SELECT scim.suspend_resource('User', :v) ->> 'active' AS active, scim.record_login(:v::uuid) AS bob;
INSERT INTO life.users (data, status) VALUES ('{"userName": "new"}', 'SUSPENDED') RETURNING scim.record_login(id) AS new;
SELECT count(*) AS changes FROM life.audit WHERE operation = 'activate';

--
-- Recovery
--
ALTER TABLE life.audit DISABLE TRIGGER scim_guard; DELETE FROM life.audit; ALTER TABLE life.audit ENABLE TRIGGER scim_guard;
DELETE FROM life.event;
SELECT scim.issue_recovery_code(:u) AS code \gset
SELECT :'code' ~ '^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$' AS a_code;
SELECT resource_id, octet_length(hash) AS hash, expires_at - issued_at AS valid_for, failures, position(translate(:'code', '-', '') IN to_jsonb(c)::text) AS where_the_code_is FROM life.recovery_code c;
SELECT scim.redeem_recovery_code(lower(translate(:'code', '-01', ' oI'))) AS by, scim.redeem_recovery_code(:'code') AS twice;
SELECT count(*) AS codes FROM life.recovery_code;
-- the last one is good
SELECT scim.issue_recovery_code(:u::uuid, '1 day') AS first \gset
SELECT scim.issue_recovery_code(:u, '30 days') AS second \gset
SELECT scim.redeem_recovery_code(:'first') AS first, scim.redeem_recovery_code(:'second') AS second;
-- not for ever
SELECT scim.issue_recovery_code(:u, '1 microsecond') AS code \gset
SELECT scim.redeem_recovery_code(:'code') AS late;
SELECT v, scim.issue_recovery_code(:u, v::interval) FROM (VALUES ('31 days')) x (v);
SELECT scim.issue_recovery_code(:u, '0');
SELECT scim.issue_recovery_code(:u, '-1 day');
SELECT scim.issue_recovery_code(:u, '178000000 years');
-- five guesses
SELECT scim.issue_recovery_code(:u) AS code \gset
SELECT n, scim.redeem_recovery_code(left(:'code', 12) || '00000-00000-00000') AS guess FROM generate_series(1, 4) n;
SELECT failures FROM life.recovery_code;
SELECT scim.redeem_recovery_code(:'code') AS in_time;
SELECT scim.issue_recovery_code(:u) AS code \gset
SELECT count(scim.redeem_recovery_code(left(:'code', 12) || '00000-00000-00000')) AS good FROM generate_series(1, 5) n;
SELECT scim.redeem_recovery_code(:'code') AS too_late;
SELECT scim.redeem_recovery_code(c) AS of_no_code FROM (VALUES (''), ('x'), (repeat('0', 25)), (repeat('0', 26)), (repeat('U', 25)), (repeat('ä', 25)), (NULL)) v (c);
-- for who may log in only
SELECT scim.issue_recovery_code(:v);
SELECT scim.issue_recovery_code(:nobody);
SELECT scim.issue_recovery_code(:u) AS code \gset
UPDATE life.users SET active = false WHERE id = :u;
SELECT count(*) AS codes FROM life.recovery_code;
UPDATE life.users SET active = true WHERE id = :u;
SELECT scim.redeem_recovery_code(:'code') AS of_before_the_suspension;
SELECT scim.issue_recovery_code(:u) AS code \gset
DELETE FROM life.users WHERE id = :u;
SELECT scim.redeem_recovery_code(:'code') AS of_one_who_is_gone, count(*) AS codes FROM life.recovery_code;
SELECT scim.restore_resource('User', :u) ->> 'userName' AS restored;
-- of his own tenant
INSERT INTO life.tenant VALUES (2, 'two');
SELECT scim.issue_recovery_code(:u) AS code \gset
SET scim.tenant = 2;
SELECT scim.redeem_recovery_code(:'code') AS of_another_tenant;
SELECT scim.issue_recovery_code(:u);
SELECT scim.session_is_valid(:u, clock_timestamp()) AS of_another_tenant, scim.record_login(:u) AS login;
SELECT scim.log_out(:u);
RESET scim.tenant;
SELECT scim.redeem_recovery_code(:'code') AS by;
-- the trail: no code in it
SELECT operation, count(*), bool_and(before IS NULL) AS without_document FROM life.audit WHERE operation IN ('recover', 'redeem') GROUP BY 1 ORDER BY 1;
SELECT event_uri, count(*), count(data) AS data FROM life.event WHERE event_uri ~ 'recover' GROUP BY 1 ORDER BY 1;
SELECT count(*) AS codes_in_the_trail FROM life.audit a, life.event e WHERE position(translate(:'code', '-', '') IN a::text || e::text) > 0 OR position(:'code' IN a::text || e::text) > 0;

--
-- Who may
--
CREATE ROLE life_app;
INSERT INTO life.tenant_role (role, tenant_id) VALUES ('life_app', 1);
GRANT USAGE ON SCHEMA life TO life_app;
GRANT SELECT ON life.schema, life.resource_type TO life_app;
SET ROLE life_app;
SELECT scim.session_is_valid(:u, now());
SELECT scim.issue_recovery_code(:u);
SELECT scim.redeem_recovery_code(:'code');
SELECT scim.log_out(:u);
SELECT count(*) FROM life.recovery_code;
RESET ROLE;
GRANT EXECUTE ON FUNCTION scim.session_is_valid(text, timestamptz), scim.issue_recovery_code(text, interval), scim.redeem_recovery_code(text) TO life_app;
SET ROLE life_app;
SELECT scim.session_is_valid(:u, clock_timestamp()) AS valid;
SELECT scim.issue_recovery_code(:u);
RESET ROLE;
GRANT SELECT ON life.resource, life.member TO life_app;
SET ROLE life_app;
SELECT scim.session_is_valid(:u, clock_timestamp()) AS valid;
SELECT scim.redeem_recovery_code(:'code') AS by;
RESET ROLE;
GRANT UPDATE ON life.resource TO life_app;
SET ROLE life_app;
SELECT scim.issue_recovery_code(:u) AS code \gset
SELECT scim.redeem_recovery_code(:'code') AS by;
SELECT scim.log_out(:u);
RESET ROLE;
DROP OWNED BY life_app;
DROP ROLE life_app;

--
-- By endpoints
--
INSERT INTO life.endpoint (methods, path, resource_type, action, settings) VALUES
('{POST}', '/api/users/{id|userName}/invitation', 'User', 'invite', '{}'),
('{DELETE}', '/api/users/{id|userName}/sessions', 'User', 'log_out', '{}'),
('{POST}', '/api/users/{id|userName}/recovery', 'User', 'issue_recovery_code', '{"validMinutes": 15, "reveal": "not (emails pr)", "body": {"recoveryCode": "{result}"}}'),
('{POST}', '/api/users/{id|userName}/hidden', 'User', 'issue_recovery_code', '{}'),
('{POST}', '/api/users/{id|userName}/shown', 'User', 'issue_recovery_code', '{"reveal": true, "body": {"recoveryCode": "{result}"}}');
TRUNCATE life.event;
SELECT t, r.status, regexp_replace(r.body, '[0-9A-Z]{5}', 'XXXXX', 'g') AS body FROM (VALUES ('POST', '/api/users/ada/invitation'), ('DELETE', '/api/users/ada/sessions'), ('POST', '/api/users/ada/recovery'),
    ('POST', '/api/users/ada/hidden'), ('POST', '/api/users/ada/shown'), ('POST', '/api/users/bob/invitation'), ('POST', '/api/users/eve/recovery'), ('GET', '/api/users/ada/sessions')) v (m, t), scim.request(m, t) r;
SELECT expires_at - issued_at AS valid_for FROM life.recovery_code;
SELECT pg_temp.events();
UPDATE life.users SET data = data || '{"emails": [{"value": "ada@example.com"}]}' WHERE id = :u;
SELECT r.status, r.body FROM scim.request('POST', '/api/users/ada/recovery') r;
SELECT body::jsonb ->> 'recoveryCode' AS code FROM scim.request('POST', '/api/users/ada/shown') \gset
SELECT scim.redeem_recovery_code(:'code') AS by;
SELECT status FROM scim.request('POST', '/api/users/ada/invitation', '{"If-Match": "W/\"1\""}');
-- a new password for a code
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES
('redeem', '{POST}', '/api/recovery', 'User', 'redeem_recovery_code', '{"code": "recoveryCode", "fields": {"recoveryCode": {"transient": true, "required": true}, "password": {"attribute": "password", "required": true}, "login": {"attribute": "userName", "access": "read"}}}');
SELECT scim.issue_recovery_code(:u) AS code \gset
SELECT b, r.status, r.body FROM unnest(ARRAY['{"password": "new and secret"}', '{"recoveryCode": 1, "password": "new and secret"}', '{"recoveryCode": "00000-00000-00000-00000-00000", "password": "new and secret"}']) b, scim.request('POST', '/api/recovery', '{}', b) r;
SELECT r.status FROM scim.request('POST', '/api/recovery', '{}', jsonb_build_object('recoveryCode', left(:'code', 12) || '00000-00000-00000', 'password', 'new and secret')::text) r;
SELECT failures FROM life.recovery_code;
-- what is refused leaves the code as it was
SELECT r.status FROM scim.request('POST', '/api/recovery', '{}', jsonb_build_object('recoveryCode', :'code', 'password', repeat('x', 2000))::text) r;
SELECT r.status, r.body FROM scim.request('POST', '/api/recovery', '{}', jsonb_build_object('recoveryCode', :'code', 'password', 'new and secret')::text) r;
SELECT r.status FROM scim.request('POST', '/api/recovery', '{}', jsonb_build_object('recoveryCode', :'code', 'password', 'newer and secret')::text) r;
SELECT scim.verify_password(:u, 'new and secret') AS verified;
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad', 'User', 'redeem_recovery_code', '{"fields": {"code": "title"}}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad', 'User', 'redeem_recovery_code', '{"code": "x"}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad/{id}', 'User', 'invite', '{"code": "x"}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad/{id}', 'User', 'redeem_recovery_code', '{"fields": {"code": {"transient": true}}}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad/{id}', 'User', 'issue_recovery_code', '{"reveal": "mail pr"}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad/{id}', 'User', 'issue_recovery_code', '{"reveal": "mail pr and"}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad/{id}', 'User', 'issue_recovery_code', '{"reveal": 1}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad/{id}', 'User', 'issue_recovery_code', '{"validMinutes": 43201}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad/{id}', 'User', 'invite', '{"validMinutes": 1}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{GET}', '/bad/{id}', 'User', 'log_out', '{}');
INSERT INTO life.endpoint (name, methods, path, resource_type, action, settings) VALUES ('bad', '{POST}', '/bad/{id}', 'Group', 'invite', '{}');
SET client_min_messages = warning;
SELECT scim.drop_store('life', true);
