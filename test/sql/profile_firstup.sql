-- The profile "firstup": its rules hold for plain INSERT, UPDATE, DELETE and COPY
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('firstup');
SET scim.store = 'firstup';
SELECT scim.apply_profile('firstup') > 0, scim.apply_profile('firstup');
-- names are required
INSERT INTO firstup.users (data) VALUES ('{"userName": "jd", "name": {"givenName": "Jane"}}');
INSERT INTO firstup.users (data) VALUES ('{"name": {"givenName": "Jane", "familyName": "Doe"}}');
COPY firstup.users (data) FROM stdin;
{"userName": "jd"}
\.
-- a role where none is said, a name to display
COPY firstup.users (data) FROM stdin;
{"userName": "jd", "displayName": "ignored", "name": {"givenName": "Jane", "familyName": "Doe"}}
{"userName": "pub", "nickName": "Bob", "name": {"givenName": "Robert", "familyName": "Roe"}, "roles": ["publisher"]}
\.
SELECT user_name, display_name, data -> 'roles' FROM firstup.users ORDER BY id;
UPDATE firstup.users SET data = data || '{"nickName": "Janie"}' WHERE user_name = 'jd' RETURNING display_name;
UPDATE firstup.users SET display_name = 'Boss' WHERE user_name = 'jd' RETURNING display_name;
UPDATE firstup.users SET data = data || '{"displayName": "Boss"}' WHERE user_name = 'jd' RETURNING display_name;
UPDATE firstup.users SET data = data - 'name' WHERE user_name = 'jd';
-- one role
UPDATE firstup.users SET data = data || '{"roles": ["a", "b"]}' WHERE user_name = 'jd';
UPDATE firstup.users SET data = data || '{"roles": "admin"}' WHERE user_name = 'jd' RETURNING data -> 'roles';
-- userName is unique
INSERT INTO firstup.users (data) VALUES ('{"userName": "JD", "name": {"givenName": "Jane", "familyName": "Doe"}}');
-- a country of two letters
UPDATE firstup.users SET data = data || '{"addresses": [{"country": "USA"}]}' WHERE user_name = 'jd';
UPDATE firstup.users SET data = data || '{"addresses": [{"country": "US"}]}' WHERE user_name = 'jd' RETURNING data -> 'addresses';
-- custom attributes
UPDATE firstup.users SET data = data || '{"urn:SocialChorus:1.0:User": {"customAttributes": [{"value": "Night"}]}}' WHERE user_name = 'jd';
UPDATE firstup.users SET data = data || '{"urn:SocialChorus:1.0:User": {"customAttributes": [{"name": "Shift", "value": {"x": 1}}]}}' WHERE user_name = 'jd';
UPDATE firstup.users SET data = data || '{"urn:SocialChorus:1.0:User": {"hireDate": "soon"}}' WHERE user_name = 'jd';
UPDATE firstup.users SET data = data || '{"urn:SocialChorus:1.0:User": {"hireDate": "2020-01-31T00:00:00.000Z", "customAttributes": [{"name": "Shift", "value": "Night"}, {"name": "shift", "value": 2.50}, {"name": "x", "value": true}]}}' WHERE user_name = 'jd' RETURNING data -> 'urn:SocialChorus:1.0:User';
SELECT user_name FROM firstup.users WHERE deleted_at IS NULL AND scim.matches(data, 'urn:SocialChorus:1.0:User:customAttributes[name eq "shift" and value ge 2.5]', 'User');
-- groups
INSERT INTO firstup.groups (data) VALUES ('{"displayName": "Nurses", "name": "ignored"}') RETURNING data -> 'SocialChorus:1.0:Group';
INSERT INTO firstup.groups (data) VALUES ('{"displayName": "Cooks", "SocialChorus:1.0:Group": {"identifierField": "phone"}}');
UPDATE firstup.groups SET display_name = 'All nurses' RETURNING data #>> '{SocialChorus:1.0:Group,name}';
DELETE FROM firstup.users WHERE user_name = 'pub';
SELECT count(*) FROM scim.validate_store();
SET client_min_messages = warning;
SELECT scim.drop_store('firstup', true);
