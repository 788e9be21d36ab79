-- Rows of tables that are no resources: an error names the row, and shows neither secret nor hash
SET client_min_messages = warning;
SELECT scim.create_store('hidden');
SET scim.store = 'hidden';
RESET client_min_messages;
\set u 00000000-0000-7000-8000-000000000001
\set v 00000000-0000-7000-8000-000000000002
INSERT INTO hidden.users (id, data) VALUES (:'u', '{"userName": "u"}'), (:'v', '{"userName": "v"}');
CREATE TEMP TABLE h AS SELECT n, decode(repeat(lpad(to_hex(n), 2, '0'), 32), 'hex') AS hash FROM generate_series(170, 180) n;
-- tokens: taken, too short, missing; by INSERT, UPDATE, COPY
INSERT INTO hidden.token (id, hash, description) SELECT :'u', hash, 'first' FROM h WHERE n = 170;
INSERT INTO hidden.token (hash, description) SELECT hash, 'token ' || n FROM h WHERE n IN (171, 170) ORDER BY n DESC;
INSERT INTO hidden.token (hash, description) VALUES (decode(repeat('bb', 32), 'hex'), 'good'), (decode(repeat('aa', 31), 'hex'), 'short');
INSERT INTO hidden.token (hash, description) VALUES (decode(repeat('bb', 32), 'hex'), 'good'), (NULL, 'none');
INSERT INTO hidden.token (hash, description) VALUES (decode(repeat('bb', 32), 'hex'), 'good'), (decode(repeat('cc', 32), 'hex'), NULL);
INSERT INTO hidden.token (hash, description, created) VALUES (decode(repeat('bb', 32), 'hex'), 'eternal', 'infinity');
INSERT INTO hidden.token (tenant_id, hash, description) VALUES (9, decode(repeat('bb', 32), 'hex'), 'of nobody');
INSERT INTO hidden.token (hash, description) SELECT hash, 'again' FROM h WHERE n = 170 ON CONFLICT DO NOTHING;
INSERT INTO hidden.token (id, hash, description) VALUES (:'v', decode(repeat('bb', 32), 'hex'), 'second');
UPDATE hidden.token SET hash = (SELECT hash FROM h WHERE n = 170) WHERE id = :'v';
UPDATE hidden.token SET hash = substr(hash, 1, 8);
\set ECHO none
COPY hidden.token (id, hash, description) FROM stdin;
00000000-0000-7000-8000-000000000003	\\xcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc	copied
00000000-0000-7000-8000-000000000004	\\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa	taken
\.
COPY hidden.token (id, hash, description) FROM stdin;
00000000-0000-7000-8000-000000000003	\\xcccc	short
\.
COPY hidden.token (id, hash, description) FROM stdin;
00000000-0000-7000-8000-000000000003	\\xcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc	copied
00000000-0000-7000-8000-000000000003	\\xdddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd	same id
\.
\set ECHO all
-- clients: a random secret, a chosen one, a second one
SELECT 'SCRAM-SHA-256$4096:' || encode('salt', 'base64') || '$' || repeat('A', 43) || '=:' || repeat('B', 43) || '=' AS scram \gset
INSERT INTO hidden.client (name, scheme, hash) SELECT 'c1', 'Bearer', sha256(hash || '1') FROM h WHERE n = 170;
INSERT INTO hidden.client (name, scheme, hash) SELECT 'c' || n, 'Bearer', sha256(hash || n::text::bytea) FROM h WHERE n IN (170, 171) ORDER BY n DESC;
INSERT INTO hidden.client (name, scheme, hash, secret) SELECT 'c2', 'Bearer', hash, :'scram' FROM h WHERE n = 171;
INSERT INTO hidden.client (name, scheme, secret) VALUES ('c3', 'Bearer', 'plain text');
INSERT INTO hidden.client (name, scheme, hash, second_hash) SELECT 'c4', 'Bearer', hash, '\xaabb' FROM h WHERE n = 171;
INSERT INTO hidden.client (name, scheme, hash) SELECT 'c1', 'Bearer', sha256(hash) FROM h WHERE n = 171;
INSERT INTO hidden.client (name, scheme, hash) SELECT 'a:b', 'Bearer', sha256(hash) FROM h WHERE n = 171;
INSERT INTO hidden.client (name, scheme, hash) SELECT 'c5', 'Morse', sha256(hash) FROM h WHERE n = 171;
UPDATE hidden.client SET secret = :'scram';
UPDATE hidden.client SET hash = NULL;
-- passwords and codes
INSERT INTO hidden.credential (resource_id, secret) VALUES (:'u', :'scram'), (:'v', 'hunter2');
INSERT INTO hidden.credential (resource_id, secret) VALUES (:'u', :'scram'), (:'u', :'scram');
INSERT INTO hidden.credential (resource_id, secret) VALUES ('00000000-0000-7000-8000-000000000009', :'scram');
INSERT INTO hidden.credential (resource_id, secret) VALUES (:'u', :'scram');
UPDATE hidden.credential SET changed = 'infinity';
UPDATE hidden.credential SET secret = 'hunter2';
UPDATE hidden.credential SET secret = NULL;
INSERT INTO hidden.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) SELECT 1, :'u', 'ABCDEFGHJK', hash, now(), now() FROM h WHERE n = 170;
INSERT INTO hidden.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) SELECT 1, :'v', 'ABCDEFGHJK', hash, now(), now() FROM h WHERE n = 171;
INSERT INTO hidden.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) SELECT 1, :'v', 'ABCDEFGHJL', hash, now(), 'infinity' FROM h WHERE n = 171;
INSERT INTO hidden.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at) VALUES (1, :'v', 'ABCDEFGHJL', '\xaabb', now(), now());
UPDATE hidden.recovery_code SET failures = 6;
INSERT INTO hidden.secret (purpose, value) VALUES ('sealing', '\xaabb'), ('cursor', '\xaabb');
UPDATE hidden.secret SET value = '\xaabb';
-- keys of ours, and those of consumers
INSERT INTO hidden.signing_key (id, algorithm, private_key, public_key) VALUES (:'u', 'none', '\xaabb', '{}');
INSERT INTO hidden.signing_key (id, algorithm, private_key, public_key) VALUES (:'u', NULL, '\xaabb', '{}');
INSERT INTO hidden.consumer_secret (tenant_id, consumer_id, key) VALUES (1, :'u', '\xaabb');
INSERT INTO hidden.consumer_secret (tenant_id, consumer_id, "authorization") VALUES (1, :'u', E'Bearer correct\nhorse');
-- columns and constraints of the owner's own
ALTER TABLE hidden.token ADD initials text GENERATED ALWAYS AS (left(description, 3)) STORED, ADD CONSTRAINT by_initials CHECK (initials <> 'bad'),
    ADD CONSTRAINT by_description CHECK (description <> 'evil');
INSERT INTO hidden.token (hash, description) VALUES (decode(repeat('b1', 32), 'hex'), 'bad one');
INSERT INTO hidden.token (hash, description) VALUES (decode(repeat('b2', 32), 'hex'), 'evil');
INSERT INTO hidden.token (hash, description) VALUES (decode(repeat('aa', 31), 'hex'), 'short');
UPDATE hidden.token SET description = 'bad one' WHERE id = :'v';
ALTER TABLE hidden.token ALTER initials SET NOT NULL, ADD halved int GENERATED ALWAYS AS (length(description) / (length(description) - 11)) STORED;
INSERT INTO hidden.token (hash, description) VALUES (decode(repeat('b3', 32), 'hex'), '12345678901');
INSERT INTO hidden.token (hash, description) VALUES (decode(repeat('b4', 32), 'hex'), NULL);
ALTER TABLE hidden.token DROP initials, DROP halved, DROP CONSTRAINT by_description;
ALTER TABLE hidden.client ADD CONSTRAINT of_mine CHECK (name NOT LIKE 'evil%');
INSERT INTO hidden.client (name, scheme, hash) SELECT 'evil one', 'Bearer', hash FROM h WHERE n = 171;
UPDATE hidden.client SET name = 'evil one';
ALTER TABLE hidden.client DROP CONSTRAINT of_mine;
ALTER TABLE hidden.signing_key ADD CONSTRAINT of_mine CHECK (algorithm <> 'ES256');
\set SHOW_CONTEXT never
SELECT scim.create_signing_key('ES256') IS NULL;
\set SHOW_CONTEXT errors
ALTER TABLE hidden.signing_key DROP CONSTRAINT of_mine;
ALTER TABLE hidden.credential ADD CONSTRAINT of_mine CHECK (left(secret, 1) <> 'S') NOT VALID;
INSERT INTO hidden.credential (resource_id, secret) VALUES (:'v', :'scram');
INSERT INTO hidden.users (id, data) VALUES ('00000000-0000-7000-8000-000000000003', '{"userName": "t", "password": "correct horse"}');
ALTER TABLE hidden.credential DROP CONSTRAINT of_mine;
ALTER TABLE hidden.recovery_code ADD CONSTRAINT of_mine CHECK (failures > 7) NOT VALID;
SELECT scim.issue_recovery_code(:'v');
ALTER TABLE hidden.recovery_code DROP CONSTRAINT of_mine;
-- passwords in documents that COPY reads
\set ECHO none
COPY hidden.users (data) FROM stdin;
{"userName": "w", "password": "correct horse"}
{"userName": "x", "password": "battery staple", "active": "perhaps"}
\.
COPY hidden.users (data) FROM stdin;
{"userName": "u", "password": "correct horse"}
\.
COPY hidden.credential (resource_id, secret) FROM stdin;
00000000-0000-7000-8000-000000000002	hunter2
\.
\set ECHO all
-- the other tables that people write
INSERT INTO hidden.tenant (tenant_id, name) VALUES (2, 'two'), (0, 'zero');
INSERT INTO hidden.tenant (tenant_id, name) VALUES (2, 'two'), (3, NULL);
INSERT INTO hidden.tenant (tenant_id, name) VALUES (2, 'two'), (1, 'one');
INSERT INTO hidden.authentication_scheme (scheme, keyword, credential, type) VALUES ('A', 'A', 'token', 'oauth'), ('B', 'B C', 'token', 'oauth');
INSERT INTO hidden.authentication_scheme (scheme, keyword, credential, type) VALUES ('A', 'A', 'token', 'oauth'), ('B', 'a', 'token', 'oauth');
INSERT INTO hidden.policy (resource_type, kind, settings) VALUES ('User', 'unique', '{"attributes": ["title"]}'), ('User', 'audits', '{}');
INSERT INTO hidden.policy (resource_type, kind, settings) VALUES ('User', 'unique', '{"attributes": ["title"]}'), ('User', 'emit', '[]');
INSERT INTO hidden.policy (resource_type, kind, name, settings) VALUES ('User', 'unique', 'a', '{"attributes": ["title"]}'), ('User', 'unique', 'b', '{"attributes": ["titel"]}');
INSERT INTO hidden.policy (resource_type, kind, tenant_id, settings) VALUES ('User', 'unique', NULL, '{"attributes": ["title"]}'), ('User', 'unique', 9, '{"attributes": ["title"]}');
INSERT INTO hidden.setting (name, value) VALUES ('max_results', '10'), ('max_result', '10');
INSERT INTO hidden.setting (name, resource_type, value) VALUES ('max_results', NULL, '10'), ('max_results', 'User', '"ten"');
INSERT INTO hidden.setting (name, value) VALUES ('max_results', '10'), ('empty_patch', NULL);
INSERT INTO hidden.endpoint (name, methods, path, resource_type, action) VALUES ('a', '{GET}', '/a', 'User', 'list'), ('b', '{GET,NULL}', '/b', 'User', 'list');
INSERT INTO hidden.endpoint (name, methods, path, resource_type, action) VALUES ('a', '{GET}', '/a', 'User', 'list'), ('b', NULL, '/b', 'User', 'list');
INSERT INTO hidden.endpoint (name, methods, path, resource_type, action) VALUES ('a', '{GET}', '/a', 'User', 'list'), ('a', '{GET}', '/b', 'User', 'list');
INSERT INTO hidden.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "G"}');
\set VERBOSITY terse
INSERT INTO hidden.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a1', :'u'), ('00000000-0000-7000-8000-0000000000a1', NULL);
INSERT INTO hidden.member (group_id, member_id, value) VALUES ('00000000-0000-7000-8000-0000000000a1', :'u', NULL), ('00000000-0000-7000-8000-0000000000a1', :'v', 'somebody');
\set VERBOSITY default
INSERT INTO hidden.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a1', :'u'), ('00000000-0000-7000-8000-0000000000a1', :'u');
INSERT INTO hidden.policy (resource_type, kind, settings) VALUES ('Group', 'reference', '{"attributes": {"members": "User"}}');
INSERT INTO hidden.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-0000000000a1', :'u'), ('00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-0000000000a1');
-- PostgreSQL looks for the partition before any trigger: the type is what there is to say
INSERT INTO hidden.resource (resource_type, data) VALUES ('User', '{"userName": "y"}'), ('Robot', '{"userName": "z", "password": "correct horse"}');
INSERT INTO hidden.users (resource_type, data) VALUES ('User', '{"userName": "y"}'), ('Group', '{"userName": "z", "password": "correct horse"}');
-- they are found as before
SELECT scim.create_token('t') AS token \gset
SELECT r.status FROM scim.request('GET', '/Users', jsonb_build_object('Authorization', 'Bearer ' || :'token')) r;
SET client_min_messages = warning;
SELECT scim.drop_store('hidden', true);
