-- The profile "aisera": its rules hold for plain INSERT, UPDATE, DELETE and COPY
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('aisera');
SET scim.store = 'aisera';
SELECT scim.apply_profile('aisera') > 0, scim.apply_profile('aisera');
COPY aisera.users (data) FROM stdin;
{"userName": "Dr Strange", "emails": [{"value": "dr@x.com", "primary": true}], "roles": ["Admin"], "password": "s3cret-of-the-doctor"}
\.
-- the password is a hash, and nowhere else
SELECT scim.verify_password(id, 's3cret-of-the-doctor'), u::text ~ 's3cret', scim.resource_json(u) ? 'password' FROM aisera.users u;
UPDATE aisera.users SET data = data || '{"password": "another-s3cret"}';
SELECT scim.verify_password(id, 'another-s3cret'), (SELECT bool_or(a::text ~ 's3cret') FROM aisera.audit a), (SELECT bool_or(e::text ~ 's3cret') FROM aisera.event e), (SELECT bool_or(c::text ~ 's3cret') FROM aisera.credential c) FROM aisera.users u;
-- an e-mail finds one user
INSERT INTO aisera.users (data) VALUES ('{"userName": "other", "emails": [{"value": "DR@x.com", "primary": true}]}');
INSERT INTO aisera.users (data) VALUES ('{"userName": "other", "emails": [{"value": "other@x.com", "primary": true}]}');
UPDATE aisera.users SET data = data || '{"emails": [{"value": "dr@x.com", "primary": true}]}' WHERE user_name = 'other';
-- who has left leaves the list, and the e-mail is free
DELETE FROM aisera.users WHERE user_name = 'Dr Strange';
SELECT scim.search('User') ->> 'totalResults';
UPDATE aisera.users SET data = data || '{"emails": [{"value": "dr@x.com", "primary": true}]}' WHERE user_name = 'other' RETURNING user_name;
-- nothing but two secrets lets anybody in
SELECT scheme, keyword, credential, second_header FROM aisera.authentication_scheme ORDER BY 1;
SELECT scim.authenticate('Bearer ' || secret) FROM scim.create_token('alone');
SET client_min_messages = warning;
SELECT scim.drop_store('aisera', true);
