-- Rows of an import that want what another row of it gives up
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('freed');
SET scim.store = 'freed';
UPDATE freed.policy SET settings = '{"mode": "hard"}' WHERE (kind, resource_type) = ('delete', 'User');
INSERT INTO freed.users (data) VALUES ('{"userName": "ann", "externalId": "e1"}'), ('{"userName": "bob", "externalId": "e2"}'), ('{"userName": "cat", "externalId": "e3"}'), ('{"userName": "dan", "externalId": "e4"}'), ('{"userName": "eve", "externalId": "e5"}');
CREATE VIEW freed.chain AS SELECT * FROM (VALUES ('e1', 'BOB', NULL), ('e2', 'robert', NULL), ('e6', 'ann', NULL), ('e7', 'Cat', NULL), ('e3', 'cat', 'delete'), ('e8', 'eve', NULL)) v ("externalId", "userName", _action);
-- what is shown beforehand is what is done: all but the one whose name nobody gives up
SELECT key, action, problems FROM scim.import('User', 'freed.chain', match => 'externalId', force => true) ORDER BY line;
SELECT key, action, version, problems FROM scim.import('User', 'freed.chain', match => 'externalId', apply => true, force => true) ORDER BY line;
SELECT external_id, user_name FROM freed.users ORDER BY external_id;
SELECT key, action FROM scim.import('User', 'freed.chain', match => 'externalId', apply => true, force => true) ORDER BY line;
-- a circle cannot be, nor what waits for it, nor what waits for a row that is wrong
SELECT key, action, problems -> 0 ->> 'detail' AS detail FROM scim.import('User', $$ SELECT * FROM (VALUES ('e1', 'robert', true), ('e2', 'bob', true), ('e9', 'BOB', true), ('e4', 'd''an', NULL), ('e5', 'dan', true)) v ("externalId", "userName", active) $$,
    match => 'externalId', apply => true, force => true, mapping => '{"active": "active"}') ORDER BY line;
SELECT key, action, problems -> 0 ->> 'detail' AS detail FROM scim.import('User', $$ SELECT * FROM (VALUES ('e4', 'somebody', 'perhaps'), ('e5', 'dan', 'true'), ('e9', 'eve', 'true')) v ("externalId", "userName", active) $$,
    match => 'externalId', force => true) ORDER BY line;
-- who keeps his own name is in nobody's way and nobody in his, whichever line comes first; alone he is what he is here
INSERT INTO freed.users (data) VALUES ('{"userName": "k1", "externalId": "f1"}'), ('{"userName": "k2", "externalId": "f2"}');
CREATE VIEW freed.kept AS SELECT * FROM (VALUES (1, 'f9', 'K2', 'x'), (2, 'f2', 'k2', 'new'), (3, 'f8', 'k2', 'x'), (4, 'f1', 'k1', 'new')) v (n, "externalId", "userName", title);
SELECT line, key, action, problems FROM scim.import('User', 'SELECT "externalId", "userName", title FROM freed.kept ORDER BY n', match => 'externalId', force => true) ORDER BY line;
SELECT line, key, action, problems -> 0 ->> 'detail' AS detail FROM scim.import('User', 'SELECT "externalId", "userName", title FROM freed.kept ORDER BY n DESC', match => 'externalId', force => true) ORDER BY line;
SELECT line, key, action, problems -> 0 ->> 'detail' AS detail FROM scim.import('User', 'SELECT "externalId", "userName", title FROM freed.kept ORDER BY n', match => 'externalId', apply => true, force => true) ORDER BY line;
SELECT external_id, user_name, data ->> 'title' AS title FROM freed.users WHERE user_name ~ '^k' ORDER BY 1;
DELETE FROM freed.users WHERE user_name ~ '^k';
-- freed by who is missing, or who is renamed and missing elsewhere
SELECT key, action, problems FROM scim.import('User', $$ SELECT 'e10' AS "externalId", 'eve' AS "userName" $$, match => 'externalId', mode => 'full', missing => 'delete', force => true) ORDER BY line, key;
SELECT key, action, problems FROM scim.import('User', $$ SELECT 'e10' AS "externalId", 'eve' AS "userName" $$, match => 'externalId', mode => 'full', missing => 'deactivate', force => true) ORDER BY line, key;
SELECT key, action, problems FROM scim.import('User', $$ SELECT 'e10' AS "externalId", 'eve' AS "userName" $$, match => 'externalId', mode => 'full', missing => 'delete', apply => true, force => true) ORDER BY line, key;
SELECT external_id, user_name FROM freed.users ORDER BY external_id;
-- who is off-boarded keeps his name
UPDATE freed.policy SET settings = '{"mode": "offboard"}' WHERE (kind, resource_type) = ('delete', 'User');
SELECT key, action, problems -> 0 ->> 'detail' AS detail FROM scim.import('User', $$ SELECT * FROM (VALUES ('e11', 'eve', NULL), ('e10', NULL, 'delete')) v ("externalId", "userName", _action) $$, match => 'externalId', apply => true, force => true) ORDER BY line;
SELECT external_id, user_name, status FROM freed.users ORDER BY external_id;
UPDATE freed.policy SET settings = '{"mode": "hard"}' WHERE (kind, resource_type) = ('delete', 'User');
-- the policy "unique"
INSERT INTO freed.policy (resource_type, kind, settings) VALUES ('User', 'unique', '{"attributes": ["emails.value", "title"]}');
INSERT INTO freed.users (data) VALUES ('{"userName": "u1", "title": "CEO", "emails": ["a@x", "b@x"]}'), ('{"userName": "u2", "title": "CTO", "emails": ["c@x"]}');
SELECT key, action, problems FROM scim.import('User', $$ SELECT * FROM (VALUES ('u3', 'CEO', 'a@x;d@x'), ('u1', 'CTO', 'b@x'), ('u2', 'None', 'e@x')) v ("userName", title, emails) $$, force => true) ORDER BY line;
SELECT key, action, problems FROM scim.import('User', $$ SELECT * FROM (VALUES ('u3', 'CEO', 'a@x;d@x'), ('u1', 'CTO', 'b@x'), ('u2', 'None', 'e@x')) v ("userName", title, emails) $$, apply => true, force => true) ORDER BY line;
SELECT user_name, data ->> 'title' AS title, (SELECT string_agg(e ->> 'value', ';') FROM jsonb_array_elements(data -> 'emails') e) AS emails FROM freed.users WHERE user_name ~ '^u' ORDER BY 1;
-- u1 gives up its title, and not the address that u4 wants
SELECT key, action, problems FROM scim.import('User', $$ SELECT * FROM (VALUES ('u4', 'b@x', 'X'), ('u1', 'b@x', 'Y')) v ("userName", emails, title) $$, force => true) ORDER BY line;
DELETE FROM freed.policy WHERE kind = 'unique';
-- a chain of 1,600, in an order that helps nobody
DELETE FROM freed.users;
INSERT INTO freed.users (data) SELECT jsonb_build_object('userName', 'n' || i, 'externalId', 'x' || i) FROM generate_series(1, 1600) i;
SELECT action, count(*) FROM scim.import('User', $$ SELECT 'x' || i AS "externalId", 'n' || i + 1 AS "userName" FROM generate_series(1, 1600) i ORDER BY md5(i::text) $$, match => 'externalId', apply => true, force => true) GROUP BY 1;
SELECT count(*) FROM freed.users WHERE user_name = 'n' || substr(external_id, 2)::int + 1;
SELECT scim.drop_store('freed', true);
