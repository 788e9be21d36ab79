-- A statement that writes many rows says which one is wrong; an id is a text or a uuid wherever one is asked for
SELECT scim.create_store('rows');
SET scim.store = 'rows';
\set u 00000000-0000-7000-8000-000000000001
\set v 00000000-0000-7000-8000-000000000002
CREATE TEMP TABLE people (n int, data jsonb);
INSERT INTO people VALUES (1, '{"userName": "first", "password": "s3cret of first"}'), (2, '{"USERNAME": "second", "externalId": "e2", "password": "s3cret of second", "active": "perhaps"}'), (3, '{"userName": "third"}');
-- by the names that the row has, in whatever spelling
INSERT INTO rows.users (data) SELECT data FROM people ORDER BY n;
INSERT INTO rows.users (id, data) VALUES (:'v', '{"userName": "a"}'), (:'u', '{"active": true}');
INSERT INTO rows.users (user_name, external_id, data) VALUES ('a', 'e1', '{}'), ('b', 'e2', '{"emails": 5}');
INSERT INTO rows.users (id, data) VALUES (:'v', '{"userName": "a"}'), (:'u', '[]');
INSERT INTO rows.users (data) VALUES ('{"userName": "a"}'), (jsonb_build_object('userName', repeat('ü', 1000), 'active', 5));
INSERT INTO rows.users (tenant_id, user_name) VALUES (1, 'a'), (NULL, 'nowhere');
INSERT INTO rows.users (tenant_id, data) VALUES (1, '{"userName": "a"}'), (NULL, '{"userName": "nowhere"}');
INSERT INTO rows.groups (data) VALUES ('{"displayName": "g1"}'), ('{"displayName": "g2", "members": [{"display": "nobody"}]}');
INSERT INTO rows.resource (resource_type, data) VALUES ('User', '{"userName": "a"}'), ('Group', '{"displayName": "g"}'), ('User', '{"userName": "b", "title": 5}');
-- of several types, each row is counted
INSERT INTO rows.resource (resource_type, data) VALUES ('User', '{"userName": "r1"}'), ('Group', '{"displayName": "r2"}'), ('Group', '{"displayName": "r3"}'), ('User', '{"userName": "r4", "title": 5}');
INSERT INTO rows.resource (resource_type, data) VALUES ('Group', '{"displayName": "r1"}'), ('User', '{"userName": "r2", "title": 5}');
COPY rows.users (data) FROM stdin;
{"userName": "copied"}
{"userName": "wrong", "active": "perhaps"}
\.
-- a row of another type than its table, or of one that is spelt otherwise
INSERT INTO rows.users (resource_type, data) VALUES ('User', '{"userName": "right"}'), ('Group', '{"displayName": "wrong"}');
INSERT INTO rows.groups (resource_type, user_name) VALUES ('User', 'wrong');
INSERT INTO rows.users (resource_type, data) VALUES ('user', '{"userName": "spelt"}');
INSERT INTO rows.resource (resource_type, data) VALUES ('user', '{"userName": "spelt"}');
COPY rows.groups (resource_type, data) FROM stdin;
Group	{"displayName": "copied"}
User	{"userName": "copied"}
\.
-- also where it shows only when the row is written: a policy, a unique value, a user's own trigger behind
INSERT INTO rows.users (id, data) VALUES (:'u', '{"userName": "one@example.com", "externalId": "e1", "title": "T1"}'), (:'v', '{"userName": "two@example.com", "title": "T2"}');
UPDATE rows.policy SET enabled = true WHERE kind = 'identity';
INSERT INTO rows.users (data) VALUES ('{"userName": "a@example.com", "emails": ["a@example.com"]}'), ('{"userName": "b@example.com", "emails": ["a@example.com"]}');
UPDATE rows.policy SET enabled = false WHERE kind = 'identity';
SELECT scim.register_schema('{"id": "urn:example:rows:User", "name": "Rows", "attributes": [{"name": "badge", "uniqueness": "server"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:rows:User"}', true)) ->> 'name' AS type FROM rows.resource_type WHERE name = 'User';
INSERT INTO rows.users (data) VALUES ('{"userName": "c", "badge": "1"}'), ('{"userName": "d", "badge": "1"}');
-- an UPDATE and a DELETE of many
UPDATE rows.users SET data = data || '{"active": "perhaps"}' WHERE user_name LIKE 'two%';
UPDATE rows.users SET external_id = 'x', data = data || '{"externalId": "y"}' WHERE external_id = 'e1';
UPDATE rows.users SET version = version + 5 WHERE user_name LIKE 'one%';
UPDATE rows.users SET status = 'ASLEEP' WHERE user_name LIKE 'one%';
-- memberships
INSERT INTO rows.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "G"}');
INSERT INTO rows.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a1', :'u'), ('00000000-0000-7000-8000-0000000000a2', :'u');
INSERT INTO rows.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a1', :'u'), ('00000000-0000-7000-8000-0000000000a1', NULL);
INSERT INTO rows.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a1', :'u'), (NULL, :'v');
INSERT INTO rows.member (group_id, member_id, value) VALUES ('00000000-0000-7000-8000-0000000000a1', :'u', NULL), ('00000000-0000-7000-8000-0000000000a1', scim.member_key('made up'), 'made up'), ('00000000-0000-7000-8000-0000000000a1', scim.member_key('made up'), 'made otherwise');
INSERT INTO rows.member (group_id, member_id, member_type) VALUES ('00000000-0000-7000-8000-0000000000a1', scim.member_key('x')::uuid, NULL), ('00000000-0000-7000-8000-0000000000a1', :'u', 'Group');
INSERT INTO rows.policy (resource_type, kind, settings) VALUES ('Group', 'reference', '{"attributes": {"members": "Group"}}');
INSERT INTO rows.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-0000000000a1'), ('00000000-0000-7000-8000-0000000000a1', :'u');
DELETE FROM rows.policy WHERE kind = 'reference' AND resource_type = 'Group';
COPY rows.member (group_id, member_id) FROM stdin;
00000000-0000-7000-8000-0000000000a1	00000000-0000-7000-8000-000000000001
00000000-0000-7000-8000-0000000000a1	\N
\.
-- whose a resource is, and consumers
INSERT INTO rows.origin (tenant_id, resource_id, actor) VALUES (1, :'u', 'a'), (1, :'v', NULL);
INSERT INTO rows.consumer (name, method) VALUES ('a', 'nonsense');
INSERT INTO rows.consumer (name, max_attempts) VALUES ('a', 5), ('b', 0);
-- also what its own check has against it
INSERT INTO rows.consumer (name, filter) VALUES ('a', NULL), ('b', 'nope eq 1');
INSERT INTO rows.consumer (name, resource_types) VALUES ('a', '{User}'), ('b', '{User,Nope}');
INSERT INTO rows.consumer (name, event_uris) VALUES ('a', NULL), ('b', '{nope}');
INSERT INTO rows.consumer (name, audience) VALUES ('a', '{x}'), ('b', '{}');
INSERT INTO rows.consumer (name, method, endpoint) VALUES ('a', 'push', 'https://example.com'), ('b', 'push', 'http://example.com');
INSERT INTO rows.consumer (name) VALUES ('a');
UPDATE rows.consumer SET filter = 'nope eq 1' WHERE name = 'a';
COPY rows.consumer (name, audience) FROM stdin;
b	{x}
c	{}
\.
DELETE FROM rows.consumer;
-- of a view it is the row of the statement on the view, also where a name is taken
INSERT INTO rows.people (user_name) VALUES ('p1'), ('ONE@example.com');
INSERT INTO rows.people (user_name) SELECT 'p' || i % 3 FROM generate_series(1, 5) i;
UPDATE rows.people SET user_name = 'TWO@example.com' WHERE user_name = 'one@example.com';
UPDATE rows.people SET active = NULL, user_name = NULL WHERE user_name = 'one@example.com';
INSERT INTO rows.users (user_name) VALUES ('p1'), ('ONE@example.com');
-- by function and over HTTP it is one row
SELECT scim.create_resource('User', '{"userName": "f", "active": "perhaps"}');
SELECT body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users', '{}', '{"userName": "f", "active": "perhaps"}');

\pset format unaligned
\pset tuples_only on
\set VERBOSITY terse
-- ids: a literal, a text, a uuid and a uuid column
SELECT scim.get_resource('User', '00000000-0000-7000-8000-000000000001') ->> 'title', scim.get_resource('User', id) ->> 'title', scim.get_resource('User', id::text) ->> 'title', scim.get_resource('User', id::varchar) ->> 'title',
  scim.get_resource(id => id, resource_type => 'User', attributes => 'title') - 'schemas' - 'meta' - 'id'
FROM rows.users WHERE id = :'u';
SELECT scim.replace_resource('User', id, '{"userName": "r1"}') ->> 'userName', scim.replace_resource('User', id::text, '{"userName": "r2"}', '*') ->> 'userName' FROM rows.users WHERE id = :'u';
SELECT scim.replace_resource('User', :'u', '{"userName": "r3"}', if_match => '*') ->> 'userName';
SELECT scim.patch_resource('User', id, '[{"op": "add", "value": {"title": "p1"}}]') ->> 'title', scim.patch_resource('User', id::text, '[{"op": "add", "value": {"title": "p2"}}]') ->> 'title' FROM rows.users WHERE id = :'u';
SELECT scim.patch_resource('User', :'u', '[{"op": "add", "value": {"title": "p3", "password": "pw"}}]') ->> 'title';
SELECT scim.verify_password(:'u', 'pw'), scim.verify_password(id, 'pw'), scim.verify_password(id::text, 'pw'), scim.verify_password('nobody', 'pw') FROM rows.users WHERE id = :'u';
SELECT scim.delete_resource('User', id) FROM rows.users WHERE id = :'u';
SELECT scim.restore_resource('User', id) ->> 'userName' FROM rows.users WHERE id = :'u';
SELECT scim.delete_resource('User', id::text, '*') FROM rows.users WHERE id = :'u';
SELECT scim.restore_resource('User', id::text) ->> 'userName' FROM rows.users WHERE id = :'u';
SELECT scim.delete_resource('User', :'u');
SELECT scim.restore_resource('User', :'u') ->> 'userName';
UPDATE rows.users SET status = 'OFFBOARDING' WHERE id IN (:'u', :'v');
SELECT scim.complete_offboarding(id) FROM rows.users WHERE id = :'u';
SELECT scim.complete_offboarding(:'v');
SELECT scim.restore_resource('User', :'v') ->> 'userName';
UPDATE rows.users SET status = 'OFFBOARDING' WHERE id = :'v';
SELECT scim.complete_offboarding(id::text) FROM rows.users WHERE id = :'v';
SELECT status FROM rows.users WHERE id IN (:'u', :'v');
PREPARE by_uuid (uuid) AS SELECT scim.restore_resource('User', $1) ->> 'id';
EXECUTE by_uuid (:'u');
PREPARE by_text (text) AS SELECT scim.get_resource('User', $1) ->> 'id';
EXECUTE by_text (:'u');
PREPARE by_unknown AS SELECT scim.get_resource('User', $1) ->> 'id';
EXECUTE by_unknown (:'u');
-- what is no id is the id of nobody
SELECT scim.get_resource('User', 'nobody');
SELECT scim.restore_resource('User', 'nobody');
SELECT scim.complete_offboarding('nobody');
SELECT scim.delete_resource('User', 'nobody');
SELECT scim.get_resource('User', NULL);
SELECT scim.get_resource('User', NULL::uuid);
-- tokens
SELECT length((scim.create_token('a')).secret), length((scim.create_token('b')).secret), length((scim.create_token('c')).secret);
SELECT scim.revoke_token(id) FROM rows.token WHERE description = 'a';
SELECT scim.revoke_token(upper(id::text)) FROM rows.token WHERE description = 'b';
SELECT id AS token FROM rows.token WHERE description = 'c' \gset
SELECT scim.revoke_token(:'token');
SELECT count(*) FROM rows.token WHERE revoked_at IS NULL;
SELECT scim.revoke_token('nobody');
-- clients
SELECT name, length(scim.create_client(name, 'Bearer')::text) > 0 FROM unnest(ARRAY['a', 'b', 'c']) name;
SELECT scim.revoke_client(id) FROM rows.client WHERE name = 'a';
SELECT scim.revoke_client(id::text) FROM rows.client WHERE name = 'b';
SELECT id AS client FROM rows.client WHERE name = 'c' \gset
SELECT scim.revoke_client(:'client');
SELECT count(*) FROM rows.client WHERE revoked_at IS NULL;
SELECT scim.revoke_client('nobody');
-- both forms of each function, and the id called alike in all of them
SELECT string_agg(p.oid::regprocedure::text, ' ' ORDER BY p.oid::regprocedure::text) FROM pg_proc p
WHERE p.pronamespace = 'scim'::regnamespace AND 'id' = ANY (p.proargnames[:p.pronargs]) AND p.proname !~ '^unregister';
SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'scim'::regnamespace AND 'uuid'::regtype = ANY (p.proargtypes::oid[]) AND NOT p.proargnames[:p.pronargs] && '{id,lease_id,token_id,consumer_id,client_id,group_id,resource_id,change}' AND p.proname <> 'member_key';

SET client_min_messages = warning;
SELECT scim.drop_store('rows', true);
