-- The profile "staffbase": its rules hold for plain INSERT, UPDATE, DELETE and COPY
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('staffbase');
SET scim.store = 'staffbase';
SELECT scim.apply_profile('staffbase') > 0, scim.apply_profile('staffbase');
-- externalId is mandatory, and nobody else's
INSERT INTO staffbase.users (data) VALUES ('{"userName": "ada"}');
COPY staffbase.users (data) FROM stdin;
{"userName": "ada"}
\.
COPY staffbase.users (data) FROM stdin;
{"userName": "ada", "externalId": "1", "emails": [{"value": "ada@x.com", "primary": true}]}
{"userName": "bob", "externalId": "2", "emails": [{"value": "ada@x.com"}, {"value": "bob@x.com", "primary": true}]}
\.
INSERT INTO staffbase.users (data) VALUES ('{"userName": "eve", "externalId": "1"}');
UPDATE staffbase.users SET external_id = '1' WHERE user_name = 'bob';
UPDATE staffbase.users SET external_id = NULL WHERE user_name = 'bob';
-- the primary e-mail is nobody else's
INSERT INTO staffbase.users (data) VALUES ('{"userName": "eve", "externalId": "3", "emails": [{"value": "ADA@x.com", "primary": true}]}');
UPDATE staffbase.users SET data = data || '{"emails": [{"value": "ada@x.com", "primary": true}]}' WHERE user_name = 'bob';
-- pending until the first login
SELECT user_name, status, activated_at FROM staffbase.users ORDER BY id;
SELECT scim.record_login(id) FROM staffbase.users WHERE user_name = 'ada';
SELECT user_name, status, activated_at IS NOT NULL, active FROM staffbase.users ORDER BY id;
-- active false: who is pending is deleted, who is not is deactivated
UPDATE staffbase.users SET active = false WHERE user_name = 'bob';
UPDATE staffbase.users SET data = data || '{"active": false}' WHERE user_name = 'ada' RETURNING status, deactivated_at IS NOT NULL;
SELECT user_name, status FROM staffbase.users ORDER BY id;
UPDATE staffbase.users SET active = true WHERE user_name = 'ada' RETURNING status, deactivated_at;
-- the status can be written, by its name
UPDATE staffbase.users SET data = jsonb_set(data, '{urn:staffbase:1.0:User}', '{"status": "deactivated"}') WHERE user_name = 'ada' RETURNING status, active;
UPDATE staffbase.users SET data = jsonb_set(data, '{urn:staffbase:1.0:User}', '{"status": "activated"}') WHERE user_name = 'ada' RETURNING status, active;
UPDATE staffbase.users SET data = jsonb_set(data, '{urn:staffbase:1.0:User}', '{"status": "asleep"}') WHERE user_name = 'ada';
SELECT scim.search('User', 'urn:staffbase:1.0:User:status eq "activated" and urn:staffbase:1.0:User:activated gt "2022-05-30T00:00:00Z"') ->> 'totalResults';
-- sessions and recovery codes
SELECT clock_timestamp() AS session \gset
SELECT scim.session_is_valid(id, :'session') FROM staffbase.users;
SELECT scim.log_out(id) FROM staffbase.users;
SELECT scim.session_is_valid(id, :'session') FROM staffbase.users;
SELECT scim.issue_recovery_code(id) AS code FROM staffbase.users \gset
SELECT user_name FROM staffbase.users WHERE id = scim.redeem_recovery_code(:'code');
SELECT scim.redeem_recovery_code(:'code');
-- DELETE is irrevocable
DELETE FROM staffbase.users WHERE user_name = 'ada';
SELECT count(*) FROM staffbase.users;
SET client_min_messages = warning;
SELECT scim.drop_store('staffbase', true);
