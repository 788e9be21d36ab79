-- Stores of version 0.2.0 with data of every kind, and what people add to them.

CREATE EXTENSION scim VERSION '0.2.0';
\set internal scim_internal
\ir data.sql

-- ---- credentials: schemes of one's own and clients

INSERT INTO directory.authentication_scheme (scheme, keyword, credential, second_header, type) VALUES
  ('ApiKey', 'ApiKey', 'token', NULL, 'oauthbearertoken'), ('two', 'Basic', 'password', 'x-app-token', 'httpbasic');
INSERT INTO directory.client (id, name, scheme, hash) VALUES (pg_temp.id(6, 1), 'by key', 'ApiKey', sha256('key one'));
INSERT INTO directory.client (tenant_id, id, name, scheme, secret, second_hash, expires_at)
  SELECT 2, pg_temp.id(6, 2), 'by password', 'two', secret, sha256('application'), '2999-01-01' FROM directory.credential LIMIT 1;
