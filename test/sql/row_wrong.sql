-- Rows that lead nowhere or contradict themselves are refused, and each error says which row it is
SET client_min_messages = warning;
SELECT scim.create_store('wrong');
SET scim.store = 'wrong';
RESET client_min_messages;
\set u 00000000-0000-7000-8000-000000000001
\set g 00000000-0000-7000-8000-000000000002
\set n 00000000-0000-7000-8000-000000000009
INSERT INTO wrong.users (id, data) VALUES (:'u', '{"userName": "u", "password": "t0p secret"}');
INSERT INTO wrong.groups (id, data) VALUES (:'g', jsonb_build_object('displayName', 'g', 'members', ARRAY[:'u']));
SELECT decode(repeat('ab', 32), 'hex') AS hash, decode(repeat('ac', 32), 'hex') AS hash2 \gset
SELECT 'SCRAM-SHA-256$4096:' || encode('salt', 'base64') || '$' || repeat('A', 43) || '=:' || repeat('B', 43) || '=' AS scram \gset
INSERT INTO wrong.token (id, hash, description) VALUES (:'u', :'hash', 'good');
-- who polls
INSERT INTO wrong.consumer (name, method, token_id) VALUES ('good', 'poll', :'u'), ('bad', 'poll', :'n');
SELECT scim.create_consumer('good') IS NOT NULL AS made;
UPDATE wrong.consumer SET method = 'poll', token_id = :'u';
UPDATE wrong.consumer SET token_id = :'n';
SELECT scim.deliver_by_poll('good', :'n');
INSERT INTO wrong.tenant (tenant_id, name) VALUES (2, 'two');
INSERT INTO wrong.consumer (tenant_id, name, method, token_id) VALUES (2, 'of two', 'poll', :'u');
UPDATE wrong.consumer SET tenant_id = 2;
UPDATE wrong.consumer SET max_attempts = 3;
-- what is gone since is shown to who looks, and everything else can be changed
DELETE FROM wrong.token;
UPDATE wrong.consumer SET max_attempts = 4 RETURNING name;
SELECT name, problem FROM scim.consumers();
INSERT INTO wrong.token (id, hash, description) VALUES (:'u', :'hash', 'good');
-- lists of a consumer
INSERT INTO wrong.consumer (name, event_uris) VALUES ('c', '{}');
INSERT INTO wrong.consumer (name, resource_types) VALUES ('c', '{}');
INSERT INTO wrong.consumer (name, audience) VALUES ('c', '{}');
INSERT INTO wrong.consumer (name, resource_types) VALUES ('c', '{{User},{Group}}');
INSERT INTO wrong.consumer (name, event_uris) VALUES ('c', '{{urn:ietf:params:scim:event:prov:*}}');
INSERT INTO wrong.consumer (name, audience) VALUES ('c', '{{a},{b}}');
INSERT INTO wrong.consumer (name, resource_types) VALUES ('c', '[0:1]={User,Group}');
INSERT INTO wrong.consumer (name, resource_types) VALUES ('c', '{User}'), ('d', '{Nobody}');
-- which row it is
UPDATE wrong.member SET value = 'zz';
INSERT INTO wrong.setting (name, value, token_id) VALUES ('max_results', '7', :'u'), ('max_filter_length', '8', :'n');
INSERT INTO wrong.setting (name, value, token_id, tenant_id) VALUES ('max_results', '7', :'u', 2);
INSERT INTO wrong.setting (name, value, token_id) VALUES ('max_results', '7', :'u');
UPDATE wrong.setting SET token_id = :'n' WHERE name = 'max_results';
INSERT INTO wrong.origin (tenant_id, resource_id, actor) VALUES (1, :'u', 'x'), (1, :'n', 'x');
INSERT INTO wrong.client (name, scheme, hash) VALUES ('good', 'Bearer', :'hash2');
INSERT INTO wrong.authentication_scheme (scheme, keyword, credential, type) VALUES ('Two', 'Two', 'token', 'oauth');
INSERT INTO wrong.client (name, scheme, hash) VALUES ('of two', 'Two', sha256('a'));
UPDATE wrong.authentication_scheme SET second_header = 'x-two' WHERE scheme = 'Two';
DELETE FROM wrong.client WHERE name = 'of two';
UPDATE wrong.authentication_scheme SET second_header = 'x-two' WHERE scheme = 'Two';
INSERT INTO wrong.client (name, scheme, hash, second_hash) VALUES ('a', 'Two', sha256('a'), sha256('b')), ('b', 'Two', sha256('c'), NULL);
INSERT INTO wrong.credential (resource_id, secret) VALUES (:'g', :'scram');
INSERT INTO wrong.credential (resource_id, secret) VALUES (:'n', :'scram');
UPDATE wrong.credential SET resource_id = :'g';
INSERT INTO wrong.endpoint (methods, path, resource_type, action) VALUES ('{GET}', '/api/users', 'User', 'list'), ('{GET}', '/api/x', 'Nobody', 'list');
INSERT INTO wrong.endpoint (methods, path, resource_type, action) VALUES ('{GET}', '/api/users', 'User', 'list'), ('{GET}', '/api/x', 'User', 'dance');
-- secrets that contradict
INSERT INTO wrong.client (name, scheme, hash, second_hash) VALUES ('a', 'Bearer', sha256('a'), sha256('b'));
INSERT INTO wrong.client (name, scheme, hash, second_hash) VALUES ('a', 'Two', sha256('a'), sha256('b'));
UPDATE wrong.client SET second_hash = sha256('b') WHERE name = 'good';
UPDATE wrong.authentication_scheme SET second_header = NULL WHERE scheme = 'Two';
UPDATE wrong.client SET scopes = '{read}' WHERE name = 'a' RETURNING name;
INSERT INTO wrong.token (hash, description, former_hash, former_until) VALUES (sha256('x'), 'x', sha256('x'), now());
UPDATE wrong.token SET former_hash = hash, former_until = now();
INSERT INTO wrong.token (hash, description, revoked_at) VALUES (sha256('x'), 'x', now() - interval '1 day');
INSERT INTO wrong.token (hash, description) VALUES (sha256('x'), 'x'), (sha256('y'), '');
UPDATE wrong.token SET description = '';
-- what clients and people are shown
INSERT INTO wrong.tenant (tenant_id, name) VALUES (3, 'three'), (4, '');
UPDATE wrong.tenant SET name = '' WHERE tenant_id = 2;
SELECT scim.create_tenant('');
INSERT INTO wrong.authentication_scheme (scheme, keyword, credential, type, name, description, spec_uri) VALUES ('Key', 'Key', 'token', 'oauth', 'Key', 'A key', 'garbage');
UPDATE wrong.authentication_scheme SET spec_uri = 'https://example.com/a b';
UPDATE wrong.authentication_scheme SET spec_uri = 'urn:ietf:rfc:6750' WHERE scheme = 'Two' RETURNING spec_uri;
SELECT scim.revoke_token(:'u');
SET client_min_messages = warning;
SELECT scim.drop_store('wrong', force => true);
