-- No policy makes of what has to be there a text that nobody sees: characters leave such a text as it is, and what is generated or a default is not blank
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('seen');
SET scim.store = 'seen';
INSERT INTO seen.users (data) VALUES ('{"userName": "@before", "externalId": "-"}'), ('{"userName": "@@"}');
INSERT INTO seen.policy (resource_type, kind, settings) VALUES
    ('User', 'wire', '{"characters": {"userName": {"@": ""}, "externalId": {"-": "", "/": ""}, "title": {"/": " "}, "phoneNumbers": {"-": "", " ": ""}}}'),
    ('Group', 'wire', '{"characters": {"displayName": {"@": "  "}}}');
-- what would be replaced again, or does not come back, is refused as ever
INSERT INTO seen.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'other', '{"characters": {"nickName": {"in": {"&": "+"}, "out": {"+": ""}}}}');
INSERT INTO seen.policy (resource_type, kind, name, settings) VALUES ('User', 'wire', 'other', '{"characters": {"nickName": {"in": {"x": " ", " ": ""}}}}');
-- who was there before, and who comes by HTTP, by a function, by SQL
SELECT user_name, external_id FROM seen.users ORDER BY 1;
SELECT status, body::jsonb -> 'userName' AS "userName" FROM scim.request('POST', '/Users', '{}', '{"userName": "@", "externalId": "a-b/c", "phoneNumbers": [{"value": "-"}, {"value": "1-2 3"}, {"value": " "}]}');
SELECT scim.create_resource('User', '{"userName": "@@@", "externalId": "--"}') -> 'userName' AS "userName";
INSERT INTO seen.groups (data) VALUES ('{"displayName": "@"}'), ('{"displayName": "a@b"}');
INSERT INTO seen.users (user_name, data) VALUES ('bo@b', '{"title": "/ /"}'), ('@@@@', '{}'), ('eve', '{"title": "a/b"}');
UPDATE seen.users SET user_name = '@@@@@' WHERE user_name = 'bob';
SELECT r.status, body::jsonb -> 'userName' AS "userName" FROM seen.users, scim.request('PATCH', '/Users/' || id, '{}', '{"Operations": [{"op": "replace", "path": "userName", "value": "@@@@@@"}]}') r WHERE user_name = '@@@@@';
SELECT user_name, external_id, data -> 'title' AS title, data -> 'phoneNumbers' AS phones FROM seen.users ORDER BY 1;
SELECT display_name FROM seen.groups ORDER BY 1;
-- who asks for such a text does not ask for those who have none
SELECT filter, body::jsonb -> 'totalResults' AS found FROM unnest(ARRAY['externalId eq "-"', 'externalId eq "/"', 'externalId eq "a/bc-"', 'externalId eq ""', 'externalId ne "/"', 'phoneNumbers.value eq "---"', 'phoneNumbers[value eq "-"]', 'phoneNumbers.value eq "12-3"',
    'title co "/"', 'externalId co "-"', 'title sw "a/"', 'not (userName eq "@")']) filter, scim.request('POST', '/Users/.search', '{}', jsonb_build_object('filter', filter)::text);
SELECT status, body::jsonb -> 'userName' AS "userName" FROM scim.request('GET', '/Users/@');
SELECT line, action, key FROM scim.import('User', $$VALUES ('@', 'T'), ('@@@@@@', 'T'), ('@@-@', 'T')$$, mapping => '{"column1": "userName", "column2": "title"}', apply => true) ORDER BY line;
SELECT * FROM scim.validate_store();
DELETE FROM seen.policy WHERE kind = 'wire';
-- what is generated, and a default
INSERT INTO seen.policy (resource_type, kind, settings) VALUES ('Group', 'generate', '{"attributes": {"displayName": "{externalId} "}}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Groups', '{}', '{"externalId": " "}');
INSERT INTO seen.groups (data) VALUES ('{"displayName": "stated", "externalId": " "}');
SELECT status, body::jsonb -> 'displayName' AS "displayName" FROM scim.request('POST', '/Groups', '{}', '{"externalId": "x"}');
UPDATE seen.groups SET data = jsonb_set(data, '{externalId}', '"  "') WHERE external_id = 'x';
DELETE FROM seen.policy WHERE (resource_type, kind) = ('User', 'default');
INSERT INTO seen.policy (resource_type, kind, settings) VALUES ('User', 'default', '{"attributes": {"userName": "  "}}');
INSERT INTO seen.policy (resource_type, kind, settings) VALUES ('User', 'default', '{"attributes": {"title": " "}}');
SELECT scim.drop_store('seen', true);
