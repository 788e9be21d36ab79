-- Rows of tokens and clients that somebody writes himself, and what an operator may
\set VERBOSITY terse
CREATE ROLE regress_scim_operator;
CREATE ROLE regress_scim_elsewhere;
SELECT scim.create_store('rows');
SELECT scim.create_store('elsewhere');
SET scim.store = 'rows';
SELECT scim.create_tenant('two') AS two;
INSERT INTO rows.authentication_scheme (scheme, keyword, credential, type) VALUES ('Basic', 'Basic', 'password', 'httpbasic');
SELECT scim.create_token('live') IS NOT NULL AS made, scim.create_token('dead') IS NOT NULL AS made, scim.create_client('live') IS NOT NULL AS made, scim.create_client('dead') IS NOT NULL AS made;
SELECT scim.revoke_token(id) FROM rows.token WHERE description = 'dead';
SELECT scim.revoke_client(id) FROM rows.client WHERE name = 'dead';
-- an end is an end, also for the owner
UPDATE rows.token SET revoked_at = NULL WHERE description = 'dead';
UPDATE rows.token SET revoked_at = revoked_at + interval '1 day' WHERE description = 'dead';
UPDATE rows.client SET revoked_at = NULL WHERE name = 'dead';
UPDATE rows.token SET revoked_at = revoked_at, description = 'dead still' WHERE description = 'dead';
SELECT scim.revoke_token(id) FROM rows.token WHERE description = 'dead still';
-- scopes are ones that there are, in canonical form
UPDATE rows.token SET scopes = '{nosuch}' WHERE description = 'live';
UPDATE rows.token SET scopes = '{READ,*}' WHERE description = 'live';
UPDATE rows.token SET scopes = '{}' WHERE description = 'live';
INSERT INTO rows.token (hash, description, scopes) VALUES (sha256('x'), 'x', '{superuser}');
INSERT INTO rows.client (name, scheme, hash, scopes) VALUES ('x', 'Bearer', sha256('x'), '{superuser}');
UPDATE rows.client SET scopes = '{user,GROUP:read}' WHERE name = 'live' RETURNING scopes;
UPDATE rows.token SET scopes = '{read,user}' WHERE description = 'live' RETURNING scopes;
UPDATE rows.token SET scopes = NULL WHERE description = 'live' RETURNING scopes;
-- a hash of another length is none
INSERT INTO rows.token (hash, description) VALUES ('\x00', 'short');
UPDATE rows.token SET hash = sha512('long') WHERE description = 'live';
UPDATE rows.client SET hash = '\x' WHERE name = 'live';
-- a secret is nobody else's, whose it is is not told
INSERT INTO rows.token (hash, description) VALUES (sha256('old form'), 'old form');
INSERT INTO rows.token (tenant_id, hash, description) VALUES (2, sha256('old form'), 'thief');
INSERT INTO rows.client (tenant_id, name, scheme, hash) VALUES (2, 'thief', 'Bearer', sha256('old form'));
INSERT INTO rows.token (tenant_id, hash, description, former_hash, former_until) VALUES (2, sha256('else'), 'thief', sha256('old form'), 'tomorrow');
INSERT INTO rows.token (tenant_id, hash, description) VALUES (2, sha256('mine'), 'thief');
UPDATE rows.token SET hash = sha256('old form') WHERE description = 'thief';
UPDATE rows.token SET former_hash = sha256('old form'), former_until = 'tomorrow' WHERE description = 'thief';
INSERT INTO rows.token (hash, description) VALUES (sha256('twice'), 'once'), (sha256('twice'), 'again');
-- where there are two all the same, as of before, the first who had it has it
ALTER TABLE rows.token DISABLE TRIGGER scim_door;
INSERT INTO rows.token (tenant_id, hash, description, created) VALUES (2, sha256('old form'), 'later', now() + interval '1 hour');
ALTER TABLE rows.token ENABLE TRIGGER scim_door;
SELECT scim.authenticate('Bearer old form') AS tenant, scim.actor();
-- its own it may keep, and rotation does
UPDATE rows.token SET hash = hash WHERE description = 'old form';
SELECT secret AS s FROM rows.token t, scim.rotate_token(t.id) WHERE t.description = 'old form' \gset
SELECT scim.authenticate('Bearer old form') AS former, scim.authenticate('Bearer ' || :'s') AS new;
-- who is no owner does not say when: neither does the functions' privilege reach further than its store
GRANT EXECUTE ON FUNCTION scim.create_token, scim.create_client, scim.rotate_token(uuid, interval, timestamptz), scim.revoke_token(uuid), scim.rotate_client(uuid, interval, timestamptz), scim.revoke_client(uuid) TO regress_scim_operator, regress_scim_elsewhere;
GRANT USAGE ON SCHEMA rows TO regress_scim_operator;
GRANT SELECT ON rows.tenant TO regress_scim_operator;
GRANT USAGE ON SCHEMA elsewhere TO regress_scim_elsewhere;
GRANT ALL ON elsewhere.token, elsewhere.client TO regress_scim_elsewhere;
GRANT SELECT (tenant_id, id, description, created, expires_at, revoked_at, scopes), INSERT (description), UPDATE (description, expires_at) ON rows.token TO regress_scim_operator;
GRANT SELECT (tenant_id, id, name), INSERT (name), UPDATE (name, expires_at) ON rows.client TO regress_scim_operator;
INSERT INTO rows.tenant_role (role, tenant_id) VALUES ('regress_scim_operator', 1), ('regress_scim_elsewhere', 1);
SET ROLE regress_scim_operator;
SELECT id AS t, secret AS ts FROM scim.create_token('of the operator', scopes => '{read}') \gset
SELECT id AS c, secret AS cs FROM scim.create_client('of the operator', 'Bearer') \gset
SELECT scim.authenticate('Bearer ' || :'ts') AS token, scim.authenticate('Bearer ' || :'cs') AS client;
SELECT secret <> :'ts' AS another FROM scim.rotate_token(:'t'::uuid);
SELECT secret <> :'cs' AS another FROM scim.rotate_client(:'c'::uuid);
-- another expiry is for who may write it
\set VERBOSITY sqlstate
SELECT secret <> :'cs' AS another FROM scim.rotate_client(:'c'::uuid, '0', now() + interval '1 year');
\set VERBOSITY terse
RESET ROLE;
REVOKE UPDATE (expires_at) ON rows.token FROM regress_scim_operator;
SET ROLE regress_scim_operator;
SELECT scim.rotate_token(:'t'::uuid, '0', now() + interval '1 year');
RESET ROLE;
GRANT UPDATE (expires_at) ON rows.token TO regress_scim_operator;
SET ROLE regress_scim_operator;
UPDATE rows.token SET description = 'renamed', expires_at = 'tomorrow' WHERE id = :'t' RETURNING description;
UPDATE rows.token SET scopes = NULL WHERE id = :'t';
UPDATE rows.token SET hash = sha256('chosen') WHERE id = :'t';
UPDATE rows.token SET created = now() WHERE id = :'t';
UPDATE rows.token SET last_used_at = NULL WHERE id = :'t';
UPDATE rows.token SET revoked_at = NULL WHERE id = :'t';
INSERT INTO rows.token (description) VALUES ('x');
SELECT hash FROM rows.token;
-- of his tenant
SELECT scim.revoke_token(id) FROM (SELECT id FROM rows.token WHERE description = 'thief' UNION ALL SELECT '00000000-0000-7000-8000-000000000001') t;
SELECT scim.revoke_token(:'t'::uuid), scim.revoke_client(:'c'::uuid);
SELECT scim.authenticate('Bearer ' || :'ts') AS token, scim.authenticate('Bearer ' || :'cs') AS client;
-- EXECUTE, and all of another store: nothing here
SET ROLE regress_scim_elsewhere;
SELECT scim.create_token('x');
SELECT scim.create_client('x', 'Bearer');
SELECT scim.rotate_token(:'t'::uuid);
SELECT scim.revoke_token(:'t'::uuid);
SET scim.store = 'elsewhere';
SELECT scim.create_token('x') IS NOT NULL AS made;
INSERT INTO elsewhere.token (hash, description, created) VALUES (sha256('y'), 'y', '2001-01-01');
INSERT INTO elsewhere.token (hash, description, last_used_at) VALUES (sha256('y'), 'y', now());
INSERT INTO elsewhere.token (hash, description, created) VALUES (sha256('y'), 'y', now());
UPDATE elsewhere.token SET created = created - interval '1 day' WHERE description = 'y';
UPDATE elsewhere.token SET last_used_at = now() WHERE description = 'y';
UPDATE elsewhere.token SET scopes = '{superuser}' WHERE description = 'y';
UPDATE elsewhere.token SET revoked_at = now() WHERE description = 'y';
UPDATE elsewhere.token SET revoked_at = NULL WHERE description = 'y';
RESET ROLE;
-- who made it, in the audit
SELECT DISTINCT role, operation FROM rows.audit WHERE role LIKE 'regress_scim%' ORDER BY 1, 2;
SET client_min_messages = warning;
SELECT scim.drop_store(n, true) FROM unnest(ARRAY['rows', 'elsewhere']) n;
DROP OWNED BY regress_scim_operator, regress_scim_elsewhere;
DROP ROLE regress_scim_operator, regress_scim_elsewhere;
