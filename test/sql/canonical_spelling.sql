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
-- of members of groups as well, whichever way they come in
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE a ->> 'name' WHEN 'members' THEN jsonb_set(a, '{subAttributes}', (SELECT jsonb_agg(CASE s ->> 'name' WHEN 'value' THEN s || '{"canonicalValues": ["alpha", "Beta"]}' ELSE s END) FROM jsonb_array_elements(a -> 'subAttributes') s)) ELSE a END)
    FROM jsonb_array_elements(document -> 'attributes') a))) IS NOT NULL AS registered FROM spell.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:Group';
INSERT INTO spell.policy (resource_type, kind, name, settings) VALUES ('Group', 'canonical', 'members', '{"attributes": ["members.type", "members.value"]}');
CREATE FUNCTION spell.members() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(m.value || ' ' || coalesce(m.member_type, '-'), ', ' ORDER BY m.value) || CASE WHEN bool_and(m.member_id = scim.member_key(m.value)) THEN '' ELSE ' with another id' END FROM spell.member m $$;
CREATE FUNCTION spell.patch(operations text) RETURNS text LANGUAGE sql AS $$ SELECT r.status || ' ' || regexp_replace(r.body, '.*"members":(.*?\]).*', '\1') FROM scim.request('PATCH', '/Groups/00000000-0000-7000-8000-00000000000a', '{}', '{"Operations": [' || operations || ']}') r $$;
INSERT INTO spell.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000a', '{"displayName": "g", "members": [{"value": "ALPHA", "type": "uSER"}]}');
SELECT spell.members();
SELECT spell.patch('{"op": "add", "path": "members", "value": [{"value": "bETA", "type": "gROUP"}, {"value": "Alpha", "type": "USER"}]}');
SELECT spell.patch('{"op": "remove", "path": "members[value eq \"ALPHA\"]"}');
SELECT spell.patch('{"op": "replace", "value": {"members": [{"value": "ALPHA", "type": "USER"}]}}');
SELECT spell.patch('{"op": "add", "value": {"members": {"value": "BETA", "type": "USER"}}}');
SELECT spell.patch('{"op": "remove", "path": "members", "value": [{"value": "BETA"}]}');
DELETE FROM spell.member;
INSERT INTO spell.member (group_id, member_id, value, member_type) SELECT '00000000-0000-7000-8000-00000000000a', scim.member_key(v), v, 'uSER' FROM unnest(ARRAY['beta', 'ALPHA']) v;
INSERT INTO spell.member (group_id, member_id, value) VALUES ('00000000-0000-7000-8000-00000000000a', scim.member_key('BETA'), 'BETA') ON CONFLICT DO NOTHING;
SELECT spell.members();
INSERT INTO spell.member (group_id, member_id, value, member_type) VALUES ('00000000-0000-7000-8000-00000000000a', scim.member_key('gamma'), 'gamma', 'User');
-- also where a trigger of somebody's is looked at
CREATE FUNCTION spell.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER a BEFORE INSERT ON spell.member FOR EACH ROW EXECUTE FUNCTION spell.nothing();
SELECT spell.patch('{"op": "replace", "path": "members", "value": [{"value": "beTA", "type": "gROUP"}]}');
SELECT spell.members();
SELECT scim.drop_store('spell', true);
