-- A column and the document may say the same in another form: a word for a boolean, a name in other letters, an attribute by its URN
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('forms');
SET scim.store = 'forms';
INSERT INTO forms.users (user_name, active, data) VALUES ('r1', true, '{"active": "true"}'), ('r2', false, '{"ACTIVE": "False"}') RETURNING active, data - '{meta,id,schemas}'::text[] AS data;
INSERT INTO forms.users (user_name, data) VALUES ('r4', '{"USERNAME": "r4"}'), ('r5', '{"urn:ietf:params:scim:schemas:core:2.0:User:userName": "r5"}') RETURNING data - '{meta,id,schemas}'::text[] AS data;
INSERT INTO forms.people (user_name, active, data) VALUES ('r6', true, '{"active": "true", "USERNAME": "r6"}') RETURNING user_name;
UPDATE forms.users SET data = data || '{"active": "False"}', active = false WHERE user_name = 'r1' RETURNING active, data - '{meta,id,schemas}'::text[] AS data;
UPDATE forms.users SET data = (data - 'userName'::text) || '{"USERNAME": "r4"}', user_name = 'r44', external_id = 'e' WHERE user_name = 'r4' RETURNING data - '{meta,id,schemas}'::text[] AS data;
UPDATE forms.users SET data = (data - 'externalId'::text) || '{"EXTERNALID": null}', external_id = NULL WHERE user_name = 'r44' RETURNING data - '{meta,id,schemas}'::text[] AS data;
UPDATE forms.users SET data = (data - 'active'::text) || '{"Active": false}', active = NULL WHERE user_name = 'r1' RETURNING active, data - '{meta,id,schemas}'::text[] AS data;
-- something else
INSERT INTO forms.users (user_name, data) VALUES ('r7', '{"USERNAME": "r8"}');
INSERT INTO forms.users (user_name, active, data) VALUES ('r7', true, '{"active": "False"}');
INSERT INTO forms.users (user_name, active, data) VALUES ('r7', true, '{"active": "maybe"}');
INSERT INTO forms.users (external_id, user_name, data) VALUES ('7', 'r7', '{"externalId": 7}');
UPDATE forms.users SET data = data || '{"externalId": "x"}', external_id = 'y' WHERE user_name = 'r44';
INSERT INTO forms.users (user_name, data) VALUES ('r7', '{"USERNAME": "r7", "userName": "r7"}');
SELECT * FROM scim.validate_store();
SELECT scim.drop_store('forms', true);
