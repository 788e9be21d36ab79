-- The profile "firstbase": its rules hold for plain INSERT, UPDATE, DELETE and COPY
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('firstbase');
SET scim.store = 'firstbase';
SELECT scim.apply_profile('firstbase') > 0, scim.apply_profile('firstbase');
\set extension '''urn:ietf:params:scim:schemas:extension:firstbase:1.0:User'''
\set manual '''00000000-0000-4000-8000-000000000001'''
\set automatic '''00000000-0000-4000-8000-000000000002'''
INSERT INTO firstbase.packages (id, data) VALUES (:manual, '{"name": "Designer", "automaticOrdering": false}'), (:automatic, '{"name": "Engineer", "automaticOrdering": "true"}');
INSERT INTO firstbase.packages (data) VALUES ('{"name": "engineer"}');

-- userName is the primary e-mail
INSERT INTO firstbase.users (data) VALUES ('{"userName": "j@x.com", "emails": [{"value": "k@x.com", "primary": true}], "addresses": [{"country": "GB"}]}');
INSERT INTO firstbase.users (data) VALUES ('{"emails": [{"value": "k@x.com", "primary": true}], "addresses": [{"country": "GB"}]}');
INSERT INTO firstbase.users (data) VALUES ('{"userName": "j@x.com", "emails": [{"value": "j@x.com", "primary": true}], "addresses": [{"country": "GB"}]}') RETURNING id AS j \gset
UPDATE firstbase.users SET user_name = 'k@x.com' WHERE id = :'j';
UPDATE firstbase.users SET data = jsonb_set(data, '{emails,0,value}', '"k@x.com"') WHERE id = :'j';
UPDATE firstbase.users SET data = jsonb_set(jsonb_set(data, '{emails,0,value}', '"k@x.com"'), '{userName}', '"k@x.com"') WHERE id = :'j' RETURNING user_name;
-- a personal one while there is no work e-mail
INSERT INTO firstbase.users (data) VALUES ('{"userName": "p@home", "emails": [{"value": "p@home", "type": "home", "primary": true}], "addresses": [{"country": "GB"}]}') RETURNING user_name;
UPDATE firstbase.users SET data = jsonb_insert(data, '{emails,0}', '{"value": "p@x.com", "type": "work"}') WHERE user_name = 'p@home';

-- the country of residence
COPY firstbase.users (data) FROM stdin;
{"userName": "c@x.com", "emails": [{"value": "c@x.com", "primary": true}], "addresses": [{"locality": "Paris"}]}
\.
COPY firstbase.users (data) FROM stdin;
{"userName": "c@x.com", "emails": [{"value": "c@x.com", "primary": true}], "addresses": [{"country": "FR"}]}
\.
UPDATE firstbase.users SET data = data - 'addresses' WHERE user_name = 'c@x.com';
SELECT count(*) FROM firstbase.users;

-- a package is there, is a date a date, and status is the service's
UPDATE firstbase.users SET data = jsonb_build_object('x', 1) WHERE user_name = 'c@x.com';
UPDATE firstbase.users SET data = data || jsonb_build_object(:extension, jsonb_build_object('packageId', '00000000-0000-4000-8000-00000000000f')) WHERE user_name = 'c@x.com';
UPDATE firstbase.users SET data = data || jsonb_build_object(:extension, jsonb_build_object('packageId', :manual, 'startDate', '2022-02-30')) WHERE user_name = 'c@x.com';
UPDATE firstbase.users SET data = data || jsonb_build_object(:extension, jsonb_build_object('packageId', :manual, 'startDate', '2022-02-01', 'status', 'OFFBOARDED')) WHERE user_name = 'c@x.com'
RETURNING data #>> ARRAY[:extension, 'startDate'], status;
DELETE FROM firstbase.packages WHERE id = :manual;

-- a full address where the package orders by itself
UPDATE firstbase.users SET data = jsonb_set(data, ARRAY[:extension, 'packageId'], to_jsonb(:automatic::text)) WHERE user_name = 'c@x.com';
COPY firstbase.users (data) FROM stdin;
{"userName": "d@x.com", "emails": [{"value": "d@x.com", "primary": true}], "addresses": [{"country": "FR"}], "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User": {"packageId": "00000000-0000-4000-8000-000000000002"}}
\.
COPY firstbase.users (data) FROM stdin;
{"userName": "d@x.com", "emails": [{"value": "d@x.com", "primary": true}], "addresses": [{"streetAddress": "1 Rue", "locality": "Paris", "postalCode": "75001", "country": "FR"}], "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User": {"packageId": "00000000-0000-4000-8000-000000000002"}}
\.
-- and the order, written in the same transaction
SELECT u.user_name, e.data ->> (:extension || ':packageId') FROM firstbase.event e JOIN firstbase.users u ON u.id = e.resource_id WHERE event_uri = 'urn:firstbase:event:order';
BEGIN;
INSERT INTO firstbase.users (data) VALUES ('{"userName": "r@x.com", "emails": [{"value": "r@x.com", "primary": true}], "addresses": [{"streetAddress": "1 Rue", "locality": "Paris", "postalCode": "75001", "country": "FR"}], "urn:ietf:params:scim:schemas:extension:firstbase:1.0:User": {"packageId": "00000000-0000-4000-8000-000000000002"}}');
SELECT count(*) FROM firstbase.event WHERE event_uri = 'urn:firstbase:event:order';
ROLLBACK;
SELECT count(*) FROM firstbase.event WHERE event_uri = 'urn:firstbase:event:order';

-- DELETE begins off-boarding
DELETE FROM firstbase.users WHERE user_name = 'd@x.com';
SELECT status, active, offboarding_at IS NOT NULL, deleted_at FROM firstbase.users WHERE user_name = 'd@x.com';
SELECT event_uri, data ->> 'userName' FROM firstbase.event WHERE event_uri = 'urn:firstbase:event:return';
UPDATE firstbase.users SET data = jsonb_set(data, ARRAY[:extension, 'packageId'], to_jsonb(:manual::text)) WHERE user_name = 'd@x.com';
UPDATE firstbase.users SET data = data || '{"title": "Cook"}' WHERE user_name = 'd@x.com' RETURNING status;
SELECT scim.complete_offboarding(id) FROM firstbase.users WHERE user_name = 'd@x.com';
SELECT status, active, deleted_at IS NOT NULL FROM firstbase.users WHERE user_name = 'd@x.com';

-- nobody is locked in by rules that come later
SELECT count(*) FROM scim.validate_store();
SET client_min_messages = warning;
SELECT scim.drop_store('firstbase', true);
