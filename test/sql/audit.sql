-- The audit: who did what in which request, of resources and of configuration, and nobody alters it
SET client_min_messages = warning;
\set VERBOSITY terse
\set a '''00000000-0000-7000-8000-00000000000a'''
\set g '''00000000-0000-7000-8000-00000000001a'''
SELECT scim.create_store('trail');
SET scim.store = 'trail';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;

-- one instant for all of a write: last_modified, the times of the life-cycle, audit and event
UPDATE trail.policy SET enabled = true WHERE kind = 'events';
INSERT INTO trail.users (id, data) VALUES (:a, '{"userName": "ann", "password": "s3cret s3cret"}');
INSERT INTO trail.groups (id, data) VALUES (:g, '{"displayName": "g"}');
SELECT FROM scim.patch_resource('Group', :g, '[{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-00000000000a"}]}, {"op": "replace", "path": "displayName", "value": "h"}]');
UPDATE trail.users SET active = false;
UPDATE trail.users SET status = 'ACTIVE';
INSERT INTO trail.member (group_id, member_id) SELECT :g, scim.uuid_v7() FROM generate_series(1, 3);
UPDATE trail.users SET data = data || '{"title": "t", "password": "other s3cret"}';
UPDATE trail.users SET data = data || '{"password": null}';
SELECT scim.log_out(:a);
SELECT scim.delete_resource('User', :a);
SELECT a.operation, a.version, a.status, a.before IS NOT NULL AS before, a.detail - 'was' AS detail, (SELECT string_agg(key, ' ' ORDER BY key) FROM jsonb_each(a.detail -> 'was')) AS was,
    (SELECT bool_and(e.at = a.at) FROM trail.event e WHERE e.resource_id = a.resource_id AND e.version = a.version AND e.change = a.change) AS as_event,
    a.at > lag(a.at) OVER (PARTITION BY a.resource_id, a.version IS NULL ORDER BY a.id) AS later, a.at >= now() - interval '1 minute' AS now
FROM trail.audit a WHERE a.resource_id = :a ORDER BY a.id;
SELECT a.operation, a.version, count(*), count(DISTINCT a.at) AS instants, bool_and(a.at = (SELECT max(u.at) FROM trail.audit u WHERE u.change = a.change AND u.operation IN ('create', 'update') AND u.resource_id = a.resource_id)) AS as_group
FROM trail.audit a WHERE a.resource_id = :g GROUP BY a.change, 1, 2 ORDER BY min(a.id::text), 1;
SELECT r.last_modified = (SELECT max(at) FROM trail.audit a WHERE a.resource_id = r.id AND a.version = r.version) AS last_modified,
    r.deleted_at = r.last_modified AS deleted_at, r.deactivated_at = r.deleted_at AS deactivated_at, r.sessions_valid_after = r.deleted_at AS sessions_valid_after
FROM trail.users r WHERE id = :a;
-- of several writes in one transaction each has its own
BEGIN;
SELECT pg_sleep(0.01);
INSERT INTO trail.users (data) SELECT jsonb_build_object('userName', 'u' || n) FROM generate_series(1, 3) n;
UPDATE trail.users SET version = version + 1 WHERE user_name ~ '^u';
UPDATE trail.users SET version = version + 1 WHERE user_name ~ '^u';
SELECT count(*), count(DISTINCT at) > 6 AS several, bool_and(at > now()) AS later, count(DISTINCT change) AS changes FROM trail.audit WHERE resource_id IN (SELECT id FROM trail.users WHERE user_name ~ '^u');
SELECT bool_and(u.created < u.last_modified AND u.last_modified > now()) FROM trail.users u WHERE user_name ~ '^u';
ROLLBACK;
-- the clock is behind what is stored: it rises all the same
BEGIN;
INSERT INTO trail.users (id, data, version, created, last_modified) VALUES ('00000000-0000-7000-8000-00000000000b', '{"userName": "fast"}', 7, '2020-01-01Z', now() + interval '1 hour');
UPDATE trail.users SET data = data || '{"title": "1"}' WHERE user_name = 'fast' RETURNING last_modified - now() AS ahead, version;
UPDATE trail.users SET data = data || '{"title": "2"}' WHERE user_name = 'fast' RETURNING last_modified - now() AS ahead, version;
SELECT operation, version, at - now() > interval '59 minutes' AS ahead, detail ->> 'created' AS created, (detail ->> 'last_modified')::timestamptz - now() AS modified FROM trail.audit WHERE resource_id = '00000000-0000-7000-8000-00000000000b' ORDER BY id;
ROLLBACK;

-- who: the token or client, the subject, the role; and which request
CREATE ROLE regress_scim_caller;
GRANT USAGE ON SCHEMA trail, scim TO regress_scim_caller;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA trail TO regress_scim_caller;
INSERT INTO trail.tenant_role (role) VALUES ('regress_scim_caller');
SET scim.actor = 'hr job 7';
SET scim.request_id = 'job-7';
SET ROLE regress_scim_caller;
INSERT INTO trail.users (data) VALUES ('{"userName": "by role"}');
RESET ROLE;
RESET scim.actor;
SELECT status FROM scim.request('POST', '/Users', '{"Content-Type": "application/scim+json", "X-Request-Id": "0af7"}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "by request"}');
INSERT INTO trail.users (data) VALUES ('{"userName": "after request"}');
RESET scim.request_id;
SELECT pg_temp.try($$SET scim.request_id = $$ || quote_literal(repeat('x', 201))) ~ '^22023' AS refused;
SELECT u.user_name, a.actor = session_user AS session_user, a.actor, a.db_user = session_user AS db_user, a.role = 'regress_scim_caller' AS role, a.token_id, a.subject, a.request_id
FROM trail.audit a JOIN trail.users u ON u.id = a.resource_id WHERE u.user_name ~ '^(by|after)' AND operation = 'create' AND a.actor <> session_user ORDER BY a.id;
SELECT u.user_name, a.request_id FROM trail.audit a JOIN trail.users u ON u.id = a.resource_id WHERE u.user_name ~ '^(by|after)' ORDER BY a.id;

-- configuration: every table of it, without secrets
CREATE TEMP TABLE since AS SELECT clock_timestamp() AS at;
CREATE VIEW pg_temp.configured AS
SELECT tenant_id, operation, object, key ~ '^[0-9a-f-]{36}$' AS uuid, CASE WHEN key !~ '^[0-9a-f-]{36}$' THEN key END AS key, before - '{id,created,document}'::text[] AS before, (detail -> 'after') - '{id,created,document}'::text[] AS after, detail -> 'secrets' AS secrets
FROM trail.audit WHERE object IS NOT NULL AND at >= (SELECT at FROM since) ORDER BY at, id;
INSERT INTO trail.tenant (tenant_id, name) VALUES (2, 'two');
INSERT INTO trail.policy (tenant_id, resource_type, kind, enabled) VALUES (2, 'User', 'audit', false);
UPDATE trail.policy SET enabled = true WHERE tenant_id = 2;
UPDATE trail.policy SET enabled = enabled;
DELETE FROM trail.policy WHERE tenant_id = 2;
INSERT INTO trail.setting (name, value) VALUES ('max_results', '7');
TRUNCATE trail.setting;
SELECT (scim.create_token('okta')).secret ~ '.' AS token;
UPDATE trail.token SET hash = sha256('another');
SELECT scim.revoke_token(id) FROM trail.token;
SELECT pg_temp.try($$SELECT scim.create_client('batch', 'Bearer')$$) = 'ok' AS client;
DELETE FROM trail.client;
UPDATE trail.authentication_scheme SET description = 'A token', name = 'Token' WHERE scheme = 'bare';
INSERT INTO trail.endpoint (methods, path, resource_type, action, settings) VALUES ('{GET}', '/api/users', 'User', 'list', '{"fields": {"id": "id"}}');
DELETE FROM trail.endpoint;
UPDATE trail.secret SET value = sha256('x') WHERE purpose = 'cursor';
SELECT scim.register_schema('{"id": "urn:example:device", "name": "Device", "attributes": [{"name": "serial"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:device"}') ->> 'name' AS type;
SELECT tenant_id, operation, uuid, key, before, after - 'revoked_at' AS after, secrets FROM pg_temp.configured WHERE operation NOT IN ('create schema', 'create resource_type');
SELECT operation, key FROM pg_temp.configured WHERE operation IN ('create schema', 'create resource_type');
SELECT count(*) AS secrets FROM trail.audit a, trail.token t, trail.secret s WHERE position(encode(t.hash, 'hex') IN a::text) > 0 OR position(encode(s.value, 'hex') IN a::text) > 0 OR a::text ~ 's3cret';
-- whoever changed it
SET ROLE regress_scim_caller;
INSERT INTO trail.policy (tenant_id, resource_type, kind, name) VALUES (1, 'User', 'audit', 'audit');
RESET ROLE;
SELECT tenant_id, operation, role FROM trail.audit WHERE object = 'policy' ORDER BY id DESC LIMIT 1;
-- which a tenant sees of itself and of all tenants
GRANT SELECT ON trail.audit, trail.audit_seal TO regress_scim_caller;
SET ROLE regress_scim_caller;
SET scim.tenant = 2;
SELECT tenant_id, object, count(*) > 0 AS some FROM trail.audit WHERE object IN ('tenant', 'policy') GROUP BY 1, 2 ORDER BY 1, 2;
RESET scim.tenant;
RESET ROLE;

-- nobody alters it, the owner included; nor with a trigger, inside a write
SELECT s, pg_temp.try(s) FROM unnest(ARRAY['UPDATE trail.audit SET actor = ''x''', 'UPDATE trail.audit SET before = NULL, salt = NULL', 'DELETE FROM trail.audit', 'TRUNCATE trail.audit', 'TRUNCATE trail.audit_default',
    'INSERT INTO trail.audit (tenant_id, actor, operation) VALUES (1, ''x'', ''create'')', 'INSERT INTO trail.audit_default SELECT * FROM trail.audit', 'DELETE FROM trail.audit_seal', 'TRUNCATE trail.audit_seal',
    'INSERT INTO trail.audit_seal VALUES (1, 1, now(), now(), NULL, NULL, 0, 0, '''', '''', '''')']) s;
COPY trail.audit (tenant_id, actor, operation) FROM stdin;
1	x	create
\.
CREATE FUNCTION trail.meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM trail.audit; RETURN NULL; END $$;
CREATE TRIGGER meddle AFTER INSERT ON trail.audit FOR EACH ROW EXECUTE FUNCTION trail.meddle();
SELECT pg_temp.try('UPDATE trail.users SET version = version + 1');
DROP TRIGGER meddle ON trail.audit;
-- triggers of one's own of whole statements, too, and columns of one's own
ALTER TABLE trail.audit ADD COLUMN ticket text DEFAULT 'T-1';
CREATE TEMP TABLE seen (operation text, n int);
GRANT INSERT ON seen TO public;
CREATE FUNCTION trail.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO pg_temp.seen SELECT TG_OP, count(*) FROM written; RETURN NULL; END $$;
CREATE TRIGGER see AFTER INSERT ON trail.audit REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION trail.see();
UPDATE trail.users SET version = version + 1 WHERE user_name ~ '^by';
TABLE seen;
DROP TRIGGER see ON trail.audit;
SELECT ticket, count(*) FROM trail.audit WHERE operation = 'update' AND object IS NULL AND version = 2 AND resource_type = 'User' GROUP BY 1;

SELECT scim.drop_store('trail', true);
DROP OWNED BY regress_scim_caller;
DROP ROLE regress_scim_caller;
