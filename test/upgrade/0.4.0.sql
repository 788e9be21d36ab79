-- Stores of version 0.4.0 with data of every kind, and what people add to them.

CREATE EXTENSION scim VERSION '0.4.0';
\set internal scim_internal
\ir data.sql

-- ---- credentials: schemes of one's own and clients

INSERT INTO directory.authentication_scheme (scheme, keyword, credential, second_header, type) VALUES
  ('ApiKey', 'ApiKey', 'token', NULL, 'oauthbearertoken'), ('two', 'Basic', 'password', 'x-app-token', 'httpbasic');
INSERT INTO directory.client (id, name, scheme, hash) VALUES (pg_temp.id(6, 1), 'by key', 'ApiKey', sha256('key one'));
INSERT INTO directory.client (tenant_id, id, name, scheme, secret, second_hash, expires_at)
  SELECT 2, pg_temp.id(6, 2), 'by password', 'two', secret, sha256('application'), '2999-01-01' FROM directory.credential LIMIT 1;

-- ---- what differs between products: settings, policies of one kind, endpoints

INSERT INTO directory.setting (name, resource_type, tenant_id, token_id, value) VALUES
  ('max_results', NULL, NULL, NULL, '250'), ('unknown_attributes', 'User', 2, NULL, '"ignore"'), ('max_bulk_operations', NULL, 1, pg_temp.id(5, 1), '12');
INSERT INTO directory.policy (tenant_id, resource_type, kind, name, settings) VALUES
  (NULL, 'User', 'condition', 'leavers keep their title', '{"when": "status eq \"OFFBOARDING\"", "keep": ["title"]}'),
  (NULL, 'User', 'default', 'a locale', '{"attributes": {"locale": "de-DE"}}'),
  (NULL, 'User', 'lookup', 'lookup', '{"attributes": ["id", "userName", "externalId"]}'),
  (3, 'User', 'lookup', 'lookup', '{"attributes": ["id", "externalId"]}');
INSERT INTO directory.endpoint (name, methods, path, resource_type, action, settings) VALUES
  ('employee', '{GET}', '/api/employees/{id|userName}', 'User', 'read', '{"fields": {"id": "id", "login": "userName", "state": {"attribute": "active", "values": {"here": true, "away": false}}}}'),
  ('hire', '{POST}', '/api/employees', 'User', 'create', '{"like": "employee"}');

-- ---- the life-cycle

SELECT scim.record_login(pg_temp.id(1, 3));
SELECT scim.log_out(pg_temp.id(1, 4));
SELECT scim.invite(pg_temp.id(1, 6));
SELECT FROM scim.issue_recovery_code(pg_temp.id(1, 8), '30 days');

-- ---- tokens and clients with scopes; who acts for which tenant

UPDATE directory.tenant SET base_url = 'https://second.example.com/scim/v2' WHERE tenant_id = 2;
INSERT INTO directory.tenant_role (role, tenant_id) VALUES ('scim_client', NULL);
UPDATE directory.token SET scopes = '{read,User}', last_used_at = '2026-01-01', former_hash = sha256('token former'), former_until = '2999-01-01' WHERE id = pg_temp.id(5, 1);
UPDATE directory.client SET scopes = '{write}' WHERE id = pg_temp.id(6, 1);

-- ---- who hears of it: what was read, is lent, is dead; keys

SELECT scim.create_consumer('all', from_start => true, channel => 'all');
SELECT scim.create_consumer('joiners', filter => 'operation eq "create"', from_start => true, max_attempts => 1);
SELECT count(scim.acknowledge_events('all', ARRAY[id])) FROM scim.next_events('all', 5);
SELECT count(*) FROM scim.next_events('all', 3, '1 day');
SELECT count(scim.fail_events('joiners', ARRAY[id], 'the other end is closed')) FROM scim.next_events('joiners', 2);
SELECT scim.create_signing_key();

-- ---- the audit: configuration, seals, who was erased

SELECT scim.seal_audit();
UPDATE directory.policy SET settings = '{"attributes": {"locale": "fr-FR"}}' WHERE name = 'a locale';
INSERT INTO directory.groups (id, data) VALUES (pg_temp.id(2, 60), '{"displayName": "Group 60"}');
SELECT scim.erase(pg_temp.id(2, 60));
