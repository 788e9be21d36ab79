-- Stores of version 0.3.0 with data of every kind, and what people add to them.

CREATE EXTENSION scim VERSION '0.3.0';
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
