-- The policy "emit": events of one's own
\set VERBOSITY terse
SELECT scim.create_store('herald');
SET scim.store = 'herald';
\set u '''00000000-0000-7000-8000-000000000001'''
\set p '''00000000-0000-7000-8000-0000000000b1'''
\set q '''00000000-0000-7000-8000-0000000000b2'''
\set enterprise urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
SELECT scim.register_schema('{"id": "urn:example:Package", "name": "Package", "attributes": [{"name": "name"}, {"name": "automatic", "type": "boolean"}]}') ->> 'id' AS schema;
SELECT scim.register_schema('{"id": "urn:example:kit", "name": "Kit", "attributes": [{"name": "packageId", "type": "reference", "referenceTypes": ["Package"]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Package", "endpoint": "/Packages", "schema": "urn:example:Package"}') ->> 'name' AS type;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:kit", "required": false}]}') ->> 'name' AS type;
INSERT INTO herald.packages (id, data) VALUES (:p, '{"name": "Laptop", "automatic": true}'), (:q, '{"name": "Nothing"}');
CREATE FUNCTION pg_temp.events() RETURNS SETOF text LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM herald.event RETURNING *)
    SELECT concat_ws(' ', event_uri, version, regexp_replace(data::text, '([0-9A-Z]{5}-){4}[0-9A-Z]{5}', 'CODE')) FROM gone ORDER BY id;
$$;

-- what cannot work
CREATE FUNCTION pg_temp.try(settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO herald.policy (resource_type, kind, name, settings) VALUES ('User', 'emit', 'x', try.settings);
    RAISE EXCEPTION 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN replace(sqlerrm, 'policy "emit" named "x" of resource type "User" ', '');
END
$$;
SELECT pg_temp.try(s::jsonb) AS refused FROM (VALUES
    ('{}'), ('{"event": "x:y"}'), ('{"event": "x:y", "on": []}'), ('{"event": "x:y", "on": ["create"]}'), ('{"event": "order", "on": ["create"]}'), ('{"event": "x: y", "on": ["create"]}'),
    ('{"event": 1, "on": ["create"]}'), ('{"event": "x:y", "on": "create"}'), ('{"event": "x:y", "on": ["born"]}'), ('{"event": "x:y", "on": [1]}'),
    ('{"event": "x:y", "on": ["create"], "when": "colour eq \"red\""}'), ('{"event": "x:y", "on": ["create"], "when": "title"}'), ('{"event": "x:y", "on": ["create"], "when": "status eq \"ASLEEP\""}'),
    ('{"event": "x:y", "on": ["create"], "through": "urn:example:kit:packageId"}'), ('{"event": "x:y", "on": ["create"], "through": "urn:example:kit:packageId", "matches": "colour pr"}'),
    ('{"event": "x:y", "on": ["create"], "through": "title", "matches": "automatic eq true"}'), ('{"event": "x:y", "on": ["update"], "changed": ["colour"]}'), ('{"event": "x:y", "on": ["update"], "changed": "title"}'),
    ('{"event": "x:y", "on": ["create"], "transient": "sendMail"}'), ('{"event": "x:y", "on": ["create"], "transient": true}'), ('{"event": "x:y", "on": ["create"], "data": "title"}'),
    ('{"event": "x:y", "on": ["create"], "data": ["colour"]}'), ('{"event": "x:y", "on": ["create"], "data": [1]}'), ('{"event": "x:y", "on": ["create"], "data": ["password"]}'), ('{"event": "x:y", "on": ["create"], "data": ["groups"]}'),
    ('{"event": "x:y", "on": ["create"], "data": ["transient."]}'), ('{"event": "x:y", "on": ["create"], "data": ["transient.sendMail", "emails.value", "urn:example:kit:packageId"]}'), ('{"event": "x:y", "on": ["create"], "require": "title pr"}')) v (s);

--
-- An order when somebody is made who has a package that is ordered by itself
--
INSERT INTO herald.policy (resource_type, kind, name, settings) VALUES
('User', 'emit', 'order', '{"event": "https://example.com/order", "on": ["create", "update"], "changed": ["urn:example:kit:packageId"], "through": "urn:example:kit:packageId", "matches": "automatic eq true",
    "data": ["userName", "emails.value", "name.familyName", "addresses", "urn:example:kit:packageId"]}'),
('User', 'emit', 'leaver', '{"event": "https://example.com/leaver", "on": ["offboard"], "when": "title pr and status eq \"OFFBOARDING\"", "data": ["title"]}'),
('User', 'emit', 'step', '{"event": "https://example.com/step", "on": ["status"]}'),
('User', 'emit', 'gone', '{"event": "https://example.com/gone", "on": ["delete"], "data": ["userName"]}');
SELECT scim.create_resource('User', jsonb_build_object('userName', 'ada', 'name', '{"familyName": "L"}'::jsonb, 'emails', '[{"value": "a@x.org"}, {"value": "b@x.org"}]'::jsonb, 'password', 'kept secret', 'urn:example:kit', jsonb_build_object('packageId', :p))) ->> 'userName' AS made;
SELECT pg_temp.events();
INSERT INTO herald.users (id, data) VALUES (:u, jsonb_build_object('userName', 'bob', 'urn:example:kit', jsonb_build_object('packageId', :q)));
INSERT INTO herald.users (data) VALUES ('{"userName": "eve"}');
COPY herald.users (data) FROM stdin;
{"userName": "kim", "urn:example:kit": {"packageId": "00000000-0000-7000-8000-0000000000b1"}}
\.
SELECT pg_temp.events();
-- later, and once
SELECT scim.patch_resource('User', :u, jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'urn:example:kit:packageId', 'value', :p))) ->> 'userName' AS changed;
SELECT scim.patch_resource('User', :u, '[{"op": "add", "path": "title", "value": "Boss"}]') ->> 'title' AS title;
SELECT pg_temp.events();
-- what is undone tells nobody
BEGIN;
INSERT INTO herald.users (data) VALUES (jsonb_build_object('userName', 'lea', 'urn:example:kit', jsonb_build_object('packageId', :p)));
ROLLBACK;
SELECT pg_temp.events();
-- steps
UPDATE herald.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
UPDATE herald.users SET active = false WHERE user_name IN ('bob', 'eve');
UPDATE herald.users SET active = true WHERE user_name = 'bob';
DELETE FROM herald.users WHERE user_name IN ('bob', 'eve');
SELECT scim.complete_offboarding(:u);
SELECT scim.restore_resource('User', :u) ->> 'userName' AS restored;
SELECT pg_temp.events();
UPDATE herald.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM herald.users WHERE user_name IN ('kim', 'ada');
SELECT pg_temp.events();
-- beside those that are there anyway
UPDATE herald.policy SET enabled = true WHERE kind = 'events' AND resource_type = 'User';
SELECT scim.suspend_resource('User', :u) -> 'active' AS active;
SELECT pg_temp.events();
UPDATE herald.policy SET enabled = false WHERE kind = 'events';
SELECT scim.activate_resource('User', :u) -> 'active' AS active;

--
-- Actions, and who has to know a recovery code
--
INSERT INTO herald.policy (resource_type, kind, name, settings) VALUES
('User', 'emit', 'mail the code', '{"event": "https://example.com/mail", "on": ["recover"], "when": "emails pr", "data": ["emails.value", "transient.code"]}'),
('User', 'emit', 'note it', '{"event": "https://example.com/note", "on": ["recover", "redeem", "invite", "log_out"], "data": ["userName"]}');
SELECT pg_temp.events();
SELECT scim.issue_recovery_code(:u) AS code \gset
SELECT scim.redeem_recovery_code(:'code') AS by;
SELECT scim.invite(:u), scim.log_out(:u);
SELECT pg_temp.events();
UPDATE herald.users SET data = data || '{"emails": [{"value": "bob@x.org"}]}' WHERE id = :u;
SELECT scim.issue_recovery_code(:u) AS code \gset
SELECT data ->> 'code' = :'code' AS the_code, data -> 'emails.value' AS emails FROM herald.event WHERE event_uri ~ 'mail';
SELECT count(*) FILTER (WHERE position(:'code' IN a::text) > 0) AS in_the_audit FROM herald.audit a;
SELECT pg_temp.events();
SELECT scim.transient() IS NULL AS forgotten;

--
-- What a request of one's own says that is not stored
--
INSERT INTO herald.endpoint (methods, path, resource_type, action, settings) VALUES
('{POST}', '/api/users', 'User', 'create', '{"fields": {"login": "userName", "mail": "emails[primary eq true].value", "sendMail": {"transient": true}, "language": {"transient": true}}}');
INSERT INTO herald.policy (resource_type, kind, name, settings) VALUES
('User', 'emit', 'invite', '{"event": "https://example.com/invite", "on": ["create"], "transient": "sendMail eq true", "data": ["emails.value", "transient.language"]}');
SELECT b, r.status FROM unnest(ARRAY['{"login": "m1", "mail": "m1@x.org", "sendMail": true, "language": "de"}', '{"login": "m2", "mail": "m2@x.org", "sendMail": false}', '{"login": "m3", "mail": "m3@x.org"}', '{"login": "m4", "sendMail": true}']) b,
    scim.request('POST', '/api/users', '{}', b) r;
SELECT pg_temp.events();
INSERT INTO herald.users (data) VALUES ('{"userName": "m5"}');
SELECT pg_temp.events();

--
-- Of one tenant, and off
--
INSERT INTO herald.tenant VALUES (2, 'two');
INSERT INTO herald.policy (tenant_id, resource_type, kind, name, enabled, settings) VALUES (2, 'User', 'emit', 'step', false, '{"event": "x:y", "on": ["status"]}');
INSERT INTO herald.users (tenant_id, data) VALUES (2, '{"userName": "two"}');
UPDATE herald.users SET active = false WHERE user_name IN ('two', 'm5');
SELECT tenant_id, event_uri FROM herald.event;
-- what an emit names stays
SELECT scim.unregister_schema('urn:example:kit');
SELECT scim.register_schema('{"id": "urn:example:kit", "name": "Kit", "attributes": [{"name": "colour"}]}');
SET client_min_messages = warning;
SELECT scim.drop_store('herald', true);
