-- Instants of tokens and clients: what cannot be is refused, and no figure fails for what is there
SET client_min_messages = warning;
SELECT scim.create_store('instants');
SET scim.store = 'instants';
RESET client_min_messages;
-- nothing is at a time that is none
INSERT INTO instants.token (hash, description, expires_at) VALUES (sha256('1'), 'endless', 'infinity');
INSERT INTO instants.token (hash, description, revoked_at) VALUES (sha256('1'), 'revoked one day', 'infinity');
INSERT INTO instants.token (hash, description, last_used_at) VALUES (sha256('1'), 'used one day', 'infinity');
INSERT INTO instants.token (hash, description, last_used_at) VALUES (sha256('1'), 'used for ever', '-infinity');
INSERT INTO instants.client (hash, name, scheme, expires_at) VALUES (sha256('1'), 'endless', 'Bearer', 'infinity');
INSERT INTO instants.client (hash, name, scheme, revoked_at) VALUES (sha256('1'), 'revoked', 'Bearer', '-infinity');
INSERT INTO instants.client (hash, name, scheme, last_used_at) VALUES (sha256('1'), 'used', 'Bearer', 'infinity');
SELECT scim.create_token('endless', 'infinity');
SELECT scim.create_client('endless', 'Bearer', NULL, 'infinity');
-- nor done in the future, nor used before it was made
INSERT INTO instants.token (hash, description, created) VALUES (sha256('1'), 'to be made', '2099-01-01');
INSERT INTO instants.token (hash, description, revoked_at) VALUES (sha256('1'), 'to be revoked', now() + interval '2 days');
INSERT INTO instants.token (hash, description, last_used_at) VALUES (sha256('1'), 'to be used', now() + interval '2 days');
INSERT INTO instants.client (hash, name, scheme, last_used_at) VALUES (sha256('1'), 'used early', 'Bearer', now() - interval '1 s');
INSERT INTO instants.token (id, hash, description, created, last_used_at, expires_at) VALUES
    ('00000000-0000-7000-8000-000000000001', sha256('1'), 'brought along', now() - interval '3 days 1 hour', now() - interval '2 days 1 hour', now() + interval '5 days 1 hour');
INSERT INTO instants.client (hash, name, scheme, created, last_used_at) VALUES (sha256('2'), 'brought along', 'Bearer', now() - interval '3 days', now() - interval '2 days');
UPDATE instants.token SET expires_at = '-infinity';
UPDATE instants.token SET last_used_at = 'infinity';
UPDATE instants.token SET revoked_at = '2099-01-01';
UPDATE instants.token SET created = '2099-01-01';
UPDATE instants.token SET created = now() - interval '1 day';
UPDATE instants.client SET last_used_at = now() - interval '4 days';
UPDATE instants.client SET revoked_at = 'infinity';
UPDATE instants.client SET created = now() - interval '4 days', last_used_at = now() - interval '4 days' RETURNING name;
UPDATE instants.token SET description = 'renamed' RETURNING description;
SELECT kind, name, state, days_unused, days_left FROM instants.token_use ORDER BY 1;
-- what is there all the same takes nobody's figures from him
ALTER TABLE instants.token DROP CONSTRAINT token_finite;
ALTER TABLE instants.token DISABLE TRIGGER USER;
INSERT INTO instants.token (hash, description, expires_at, last_used_at) VALUES (sha256('3'), 'endless', 'infinity', '-infinity'), (sha256('4'), 'used', NULL, 'infinity');
ALTER TABLE instants.token ENABLE TRIGGER USER;
SELECT kind, name, state, days_unused, days_left FROM instants.token_use ORDER BY 1, 2;
SELECT name, labels ->> 'name' AS whose FROM scim.statistics('tokens') WHERE name LIKE '%seconds' ORDER BY 1, 2;
SELECT scim.create_consumer('payroll') IS NOT NULL AS made;
ALTER TABLE instants.event DISABLE TRIGGER USER;
INSERT INTO instants.event (tenant_id, at, event_uri, resource_type, resource_id) VALUES (1, '-infinity', 'urn:ietf:params:SCIM:event:prov:delete', 'User', scim.uuid_v7());
ALTER TABLE instants.event ENABLE TRIGGER USER;
INSERT INTO instants.policy (resource_type, kind, settings) VALUES ('User', 'guard', '{"on": ["delete"], "limit": 3, "seconds": 3600}');
ALTER TABLE instants.guard DISABLE TRIGGER USER;
INSERT INTO instants.guard (tenant_id, policy_id, key, tripped_at) SELECT 1, id, '', '-infinity' FROM instants.policy WHERE kind = 'guard';
ALTER TABLE instants.guard ENABLE TRIGGER USER;
SELECT name FROM scim.statistics() WHERE name IN ('consumer_oldest_seconds', 'retention_overdue_seconds', 'guard_tripped_seconds') ORDER BY 1;
SET client_min_messages = warning;
SELECT scim.drop_store('instants', true);
