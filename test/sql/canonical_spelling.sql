-- The policy canonical stores values as canonicalValues spell them
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('spell');
SET scim.store = 'spell';
SELECT scim.register_schema('{"id": "urn:example:crew", "name": "Crew", "attributes": [
    {"name": "rank", "type": "string", "canonicalValues": ["master", "Mate"]},
    {"name": "code", "type": "string", "caseExact": true, "canonicalValues": ["a", "A", "b"]},
    {"name": "marks", "type": "string", "multiValued": true, "canonicalValues": ["Red", "Blue"]},
    {"name": "free", "type": "string", "canonicalValues": ["x"]},
    {"name": "posts", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "string"}, {"name": "kind", "type": "string", "canonicalValues": ["Deck", "Engine"]}]}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:crew", "required": false}]}') ->> 'name' AS type;
-- before there is the policy
INSERT INTO spell.users (data) VALUES ('{"userName": "old", "urn:example:crew": {"rank": "MASTER"}}') RETURNING data -> 'urn:example:crew' AS crew;
INSERT INTO spell.policy (resource_type, kind, name, settings) VALUES
    ('User', 'canonical', 'crew', '{"attributes": ["urn:example:crew:rank", "urn:example:crew:code", "urn:example:crew:marks", "urn:example:crew:posts"]}'),
    ('User', 'emit', 'rank', '{"event": "urn:example:rank", "on": ["update"], "changed": ["urn:example:crew:rank"], "data": ["urn:example:crew:rank"]}');
INSERT INTO spell.users (data) VALUES ('{"userName": "ada", "urn:example:crew": {"rank": "MASTER", "code": "A", "marks": ["RED", "blue"], "free": "X", "posts": [{"value": "1", "kind": "DECK"}, {"value": "2"}]}}') RETURNING data -> 'urn:example:crew' AS crew;
INSERT INTO spell.users (data) VALUES ('{"userName": "bob", "urn:example:crew": {"rank": "Captain"}}');
INSERT INTO spell.users (data) VALUES ('{"userName": "bob", "urn:example:crew": {"code": "B"}}');
-- another spelling is no change
DELETE FROM spell.event;
SELECT v, r.status, r.body::jsonb #>> '{urn:example:crew,rank}' AS rank, (SELECT count(*) FROM spell.event WHERE event_uri = 'urn:example:rank') AS told_before
FROM unnest(ARRAY['Master', 'mASTER', 'MATE', 'mate']) WITH ORDINALITY AS v (v, n), spell.users u, scim.request('PATCH', '/Users/' || u.id, '{}',
    jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'urn:example:crew:rank', 'value', v)))::text) r WHERE u.user_name = 'ada';
SELECT data, version FROM spell.event WHERE event_uri = 'urn:example:rank';
SELECT version FROM spell.users WHERE user_name = 'ada';
-- nor one to those who keep it as it is
INSERT INTO spell.policy (resource_type, kind, settings) VALUES ('User', 'fixed', '{"attributes": ["urn:example:crew:rank"]}');
SELECT r.status, r.body::jsonb #>> '{urn:example:crew,rank}' AS rank FROM spell.users u, scim.request('PATCH', '/Users/' || u.id, '{}', '{"Operations": [{"op": "replace", "path": "urn:example:crew:rank", "value": "MATE"}]}') r WHERE u.user_name = 'ada';
DELETE FROM spell.policy WHERE kind = 'fixed';
-- who was there before keeps his until somebody writes it
UPDATE spell.users SET display_name = 'Old' WHERE user_name = 'old' RETURNING data #>> '{urn:example:crew,rank}' AS rank;
UPDATE spell.users SET data = jsonb_set(data, '{urn:example:crew,rank}', '"Master"') WHERE user_name = 'old' RETURNING data #>> '{urn:example:crew,rank}' AS rank;
-- what other policies make is spelled as well
INSERT INTO spell.policy (resource_type, kind, name, settings) VALUES ('User', 'default', 'rank', '{"attributes": {"urn:example:crew:rank": "MATE"}}');
INSERT INTO spell.users (data) VALUES ('{"userName": "eve"}'), ('{"userName": "eva"}') RETURNING data #>> '{urn:example:crew,rank}' AS rank;
SELECT scim.drop_store('spell', true);
