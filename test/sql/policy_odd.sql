-- Policies of an odd form: what is named twice in other words, what can never hold, what the row of a tenant or the end of a type leaves
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('odd');
SET scim.store = 'odd';
INSERT INTO odd.tenant VALUES (2, 'two');
SELECT FROM scim.register_schema('{"id": "urn:x:more", "name": "More", "attributes": [{"name": "since", "format": "date", "mutability": "readOnly"}, {"name": "code", "pattern": "^[A-Z]{2}$"}, {"name": "level", "canonicalValues": ["low", "high"]},
    {"name": "day", "format": "date"}, {"name": "asked", "returned": "request"}, {"name": "tags", "multiValued": true}, {"name": "link", "type": "reference"}]}');
SELECT FROM scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemaExtensions": [{"schema": "urn:x:more", "required": false}, {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}]}');
CREATE FUNCTION pg_temp.try(kind text, settings text, type text DEFAULT 'User') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM odd.policy p WHERE p.kind = try.kind AND p.resource_type = type;
    EXECUTE format('INSERT INTO odd.policy (resource_type, kind, settings) VALUES (%L, %L, %L)', type, kind, settings);
    RAISE EXCEPTION 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN replace(SQLERRM, format('policy "%s" of resource type "%s" ', kind, type), '');
END $$;
-- twice, in other words or another letter case
SELECT kind, settings, pg_temp.try(kind, settings) FROM (VALUES
    ('canonical', '{"attributes": ["emails.type", "EMAILS.TYPE"]}'), ('canonical', '{"attributes": ["emails", "emails.type"]}'), ('condition', '{"keep": ["title", "TITLE"]}'), ('condition', '{"keep": ["name", "name.givenName"]}'),
    ('default', '{"attributes": {"title": "a", "TITLE": "b"}}'), ('emit', '{"event": "x:y", "on": ["update"], "changed": ["title", "Title"]}'), ('fixed', '{"attributes": ["title", "urn:ietf:params:scim:schemas:core:2.0:User:title"]}'),
    ('generate', '{"attributes": {"displayName": "{title}", "DISPLAYNAME": "{nickName}"}}'), ('reference', '{"attributes": {"manager": "User", "MANAGER": "Group"}}'), ('reference', '{"attributes": {"manager": "User", "manager.value": "Group"}}'),
    ('reference', '{"attributes": {"manager": "User", "manager.$ref": "User"}}'), ('unique', '{"attributes": ["emails", "emails.value"]}'), ('unique', '{"attributes": ["title", "TITLE"]}'), ('violation', '{"attributes": {"emails": {"status": 422}, "EMAILS": {"status": 409}}}'),
    ('violation', '{"attributes": {"emails": {"status": 422}, "emails.value": {"status": 409}}}'), ('lookup', '{"attributes": ["id", "ID"]}'),
    ('lookup', '{"attributes": ["emails", "emails.value"]}'), ('lookup', '{"attributes": ["manager.value", "manager"]}'), ('default', '{"attributes": {"manager": "x", "manager.value": "x"}}'), ('default', '{"attributes": {"name.givenName": "x", "name.familyName": "x"}}'),
    ('wire', '{"plain": ["emails", "EMAILS"]}'), ('wire', '{"plain": ["title", "urn:ietf:params:scim:schemas:core:2.0:User:title"]}'), ('wire', '{"aliases": {"q1": "emails.value", "Q1": "EMAILS.VALUE"}}'),
    ('wire', '{"aliases": {"q1": "title", "urn:ietf:params:scim:schemas:core:2.0:User:Q1": "nickName"}}'), ('wire', '{"aliases": {"q1": "title", "q2": "TITLE"}}')) x(kind, settings);
-- what can never be shown, or be meant
SELECT kind, settings, pg_temp.try(kind, settings) FROM (VALUES
    ('status', '{"attribute": "urn:x:more:since"}'), ('status', '{"attribute": "urn:x:more:code", "writable": true}'), ('status', '{"attribute": "urn:x:more:code", "writable": true, "values": {"ACTIVE": "AC", "SUSPENDED": "SU", "OFFBOARDING": "OF"}}'),
    ('status', '{"attribute": "urn:x:more:code", "writable": true, "pending": true, "values": {"ACTIVE": "AC", "SUSPENDED": "SU", "OFFBOARDING": "OF"}}'), ('status', '{"attribute": "urn:x:more:level", "writable": true}'),
    ('wire', '{"characters": {"urn:x:more:day": {"-": "/"}}}'), ('wire', '{"characters": {"urn:x:more:code": {"A": "[a]"}}}'), ('wire', '{"characters": {"urn:x:more:tags": {"a": "b"}}}')) x(kind, settings);
SELECT settings, pg_temp.try('wire', settings, 'Group') FROM unnest(ARRAY['{"identifier": {"attribute": "members", "type": "Group", "values": {"a": "members.value"}, "by": "a"}}', '{"identifier": {"attribute": "members", "type": "Group", "values": {"a": "displayName"}, "by": "a"}}']) settings;
-- canonicalValues bind what the policy "status" shows, whichever of the two comes first
INSERT INTO odd.policy (resource_type, kind, settings) VALUES ('User', 'canonical', '{"attributes": ["urn:x:more:level"]}');
SELECT pg_temp.try('status', '{"attribute": "urn:x:more:level", "writable": true}'), pg_temp.try('status', '{"attribute": "urn:x:more:level", "writable": true, "values": {"ACTIVE": "high", "SUSPENDED": "low", "OFFBOARDING": "low"}}');
DELETE FROM odd.policy WHERE kind = 'canonical';
-- what was taken by an earlier version goes on: only who writes it again is told
ALTER TABLE odd.policy DISABLE TRIGGER USER;
INSERT INTO odd.policy (resource_type, kind, name, settings) VALUES ('User', 'fixed', 'old', '{"attributes": ["title", "TITLE"]}'), ('User', 'lookup', 'lookup', '{"attributes": ["emails", "emails.value"]}'), ('User', 'wire', 'wire', '{"plain": ["emails", "EMAILS"], "aliases": {"job": "title"}}'), ('User', 'condition', 'old', '{"through": "urn:x:more:code", "matches": "title pr", "require": "nickName pr", "message": "old"}');
ALTER TABLE odd.policy ENABLE TRIGGER USER;
SELECT FROM scim.register_schema('{"id": "urn:x:other", "name": "Other", "attributes": [{"name": "x"}]}');
INSERT INTO odd.users (data) VALUES ('{"userName": "a", "title": "t"}');
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM odd.users u, scim.request('PATCH', '/Users/' || u.id, '{}', '{"Operations": [{"op": "replace", "path": "title", "value": "u"}]}') r;
SELECT r.status, r.body::jsonb -> 'emails' AS emails FROM odd.users u, scim.request('PATCH', '/Users/' || u.id, '{}', '{"Operations": [{"op": "add", "path": "emails", "value": "a@x.org"}]}') r;
SELECT r.status, r.body::jsonb -> 'emails' AS emails FROM scim.request('GET', '/Users/a@x.org') r;
UPDATE odd.policy SET settings = settings WHERE name = 'old' AND kind = 'fixed';
UPDATE odd.policy SET settings = settings WHERE kind = 'lookup';
UPDATE odd.policy SET settings = settings WHERE kind = 'wire';
DELETE FROM odd.policy WHERE kind IN ('lookup', 'wire');
DELETE FROM odd.policy WHERE name = 'old';
-- a type that goes takes its policies with it; those of others that name it hold no more, and stand in nobody's way
SELECT FROM scim.register_schema('{"id": "urn:x:Thing", "name": "Thing", "attributes": [{"name": "label"}]}');
SELECT FROM scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:x:Thing"}');
INSERT INTO odd.policy (resource_type, kind, name, settings) VALUES ('Thing', 'condition', 'label', '{"require": "label pr"}'), ('User', 'reference', 'things', '{"attributes": {"urn:x:more:link": {"type": "Thing", "onDelete": "restrict"}}}'),
    ('User', 'condition', 'thing', '{"through": "urn:x:more:link", "matches": "label eq \"x\"", "require": "title pr", "message": "no title"}'), ('User', 'emit', 'thing', '{"event": "x:thing", "on": ["create"], "through": "urn:x:more:link", "matches": "label pr"}');
INSERT INTO odd.things (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"label": "x"}');
INSERT INTO odd.users (data) VALUES ('{"userName": "b", "link": "00000000-0000-7000-8000-000000000001"}');
INSERT INTO odd.users (data) VALUES ('{"userName": "b", "title": "t", "link": "00000000-0000-7000-8000-000000000001"}');
SELECT count(*) FROM odd.event WHERE event_uri = 'x:thing';
DELETE FROM odd.things;
SELECT FROM scim.unregister_resource_type('Thing');
DELETE FROM odd.users WHERE user_name = 'b';
UPDATE odd.policy SET enabled = false WHERE kind = 'reference';
DELETE FROM odd.things;
SET client_min_messages = error;
SELECT FROM scim.unregister_resource_type('Thing', force => true);
SET client_min_messages = warning;
SELECT resource_type, kind, name FROM odd.policy WHERE name IN ('label', 'things', 'thing') ORDER BY 1, 2;
INSERT INTO odd.users (data) VALUES ('{"userName": "c", "link": "00000000-0000-7000-8000-000000000001"}');
-- a tenant's row in the place of the one for all: other settings, and off
SELECT FROM odd.policy; -- none is written to since
DELETE FROM odd.policy WHERE name IN ('things', 'thing');
INSERT INTO odd.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'title', '{"require": "title pr", "message": "no title"}'), ('User', 'unique', 'nick', '{"attributes": ["nickName"]}');
INSERT INTO odd.policy (tenant_id, resource_type, kind, name, settings) VALUES (2, 'User', 'condition', 'title', '{"require": "nickName pr", "message": "no nick"}');
INSERT INTO odd.policy (tenant_id, resource_type, kind, name, enabled) VALUES (2, 'User', 'unique', 'nick', false);
INSERT INTO odd.users (tenant_id, data) VALUES (1, '{"userName": "d", "nickName": "n"}');
INSERT INTO odd.users (tenant_id, data) VALUES (2, '{"userName": "d", "title": "n"}');
INSERT INTO odd.users (tenant_id, data) VALUES (1, '{"userName": "d", "title": "n", "nickName": "n"}'), (2, '{"userName": "d", "nickName": "n"}'), (2, '{"userName": "e", "nickName": "n"}') RETURNING tenant_id;
INSERT INTO odd.users (tenant_id, data) VALUES (1, '{"userName": "e", "title": "n", "nickName": "N"}');
DELETE FROM odd.policy WHERE tenant_id = 2 AND kind = 'unique';
DELETE FROM odd.policy WHERE tenant_id = 2;
SELECT scim.drop_store('odd', true);
