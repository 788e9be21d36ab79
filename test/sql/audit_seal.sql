-- Sealing and verifying: what was altered, removed or added is found, and what was not is not
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('sealed');
SET scim.store = 'sealed';
INSERT INTO sealed.tenant (tenant_id, name) VALUES (2, 'two');
CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
-- nothing there, nothing wrong
SELECT scim.audit_head(), (SELECT count(*) FROM scim.verify_audit()) AS problems;
INSERT INTO sealed.users (id, data) SELECT pg_temp.id(n), jsonb_build_object('userName', 'u' || n) FROM generate_series(1, 100) n;
INSERT INTO sealed.users (tenant_id, id, data) SELECT 2, pg_temp.id(n), jsonb_build_object('userName', 'u' || n) FROM generate_series(201, 210) n;
SELECT scim.seal_audit();
SELECT scim.seal_audit();
UPDATE sealed.users SET active = false WHERE tenant_id = 1;
SELECT scim.seal_audit();
SELECT tenant_id, position, row_count, total, octet_length(rows) / 56 AS rows, last_at <= horizon AS all_of_them, locator IS NOT NULL AS newest FROM sealed.audit_seal ORDER BY 1, 2;
SELECT tenant_id, bool_and(previous = before) AS chained FROM (SELECT *, lag(digest, 1, decode(repeat('00', 32), 'hex')) OVER (PARTITION BY tenant_id ORDER BY position) AS before FROM sealed.audit_seal) s GROUP BY 1 ORDER BY 1;
SELECT scim.audit_head() AS head \gset
SELECT e ->> 'store' AS store, e ->> 'tenant' AS tenant, e ->> 'position' AS position, e ->> 'rows' AS rows, length(e ->> 'digest') AS digest, length(e ->> 'locator') AS locator FROM jsonb_array_elements(:'head') e;
SELECT count(*) AS problems FROM scim.verify_audit(:'head');
-- what comes later does not matter to a head
UPDATE sealed.users SET data = data || '{"title": "later"}' WHERE user_name = 'u1';
SELECT count(*) AS problems FROM scim.verify_audit(:'head');
SELECT scim.seal_audit();
SELECT count(*) AS problems FROM scim.verify_audit(:'head');
SELECT count(*) AS problems FROM scim.verify_audit(scim.audit_head());

-- the digest, by SQL alone, as the manual says
CREATE FUNCTION pg_temp.f(b bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT CASE WHEN b IS NULL THEN decode('ffffffff', 'hex') ELSE int4send(octet_length(b)) || b END $$;
CREATE FUNCTION pg_temp.f(t text) RETURNS bytea LANGUAGE sql AS $$ SELECT pg_temp.f(convert_to(t, 'UTF8')) $$;
SELECT count(*) AS rows, count(*) FILTER (WHERE content_digest IS NOT NULL) AS with_content,
    bool_and(digest = sha256('scim audit 1' || pg_temp.f(int4send(tenant_id)) || pg_temp.f(uuid_send(id)) || pg_temp.f(timestamptz_send(at)) || pg_temp.f(int8send(transaction_id::text::bigint))
        || pg_temp.f(actor) || pg_temp.f(db_user::text) || pg_temp.f(operation) || pg_temp.f(resource_type) || pg_temp.f(uuid_send(resource_id)) || pg_temp.f(int8send(version)) || pg_temp.f(uuid_send(member_id))
        || pg_temp.f(uuid_send(change)) || pg_temp.f(uuid_send(token_id)) || pg_temp.f(subject) || pg_temp.f(role::text) || pg_temp.f(request_id) || pg_temp.f(object) || pg_temp.f(key) || pg_temp.f(status) || pg_temp.f(content_digest))) AS digests,
    bool_and(content_digest = sha256(salt || pg_temp.f(before::text) || pg_temp.f(detail::text))) AS contents
FROM sealed.audit;

-- Who may do everything, and disables the triggers: what he did, and whether just that is found
SELECT a.id AS one, a.at FROM sealed.audit a WHERE a.operation = 'suspend' ORDER BY a.id OFFSET 50 LIMIT 1 \gset
SELECT set_config('test.one', :'one', false) = :'one' AS set, set_config('test.head', :'head', false) = :'head' AS set;
CREATE FUNCTION pg_temp.after(what text, with_head boolean DEFAULT true) RETURNS TABLE (problem text, tenant_id int, seal bigint, the_one boolean, instant boolean, detail text) LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL session_replication_role = replica;
    EXECUTE what;
    SET LOCAL session_replication_role = origin;
    RETURN QUERY SELECT v.problem, v.tenant_id, v.seal, v.id = current_setting('test.one')::uuid, v.at = (SELECT a.at FROM sealed.audit a WHERE a.id = v.id),
        regexp_replace(regexp_replace(v.detail, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}', 'ID'), '\d{4}-\d\d-\d\dT[^ ]+', 'TIME')
    FROM scim.verify_audit(CASE WHEN with_head THEN current_setting('test.head')::jsonb END) v;
END
$$;
\set one 'id = current_setting(''test.one'')::uuid'
\set right 'UPDATE sealed.audit a SET digest = (scim_internal.audit_digest(a)).digest WHERE id = current_setting(''test.one'')::uuid'
\set anew 'DELETE FROM sealed.audit_seal; SET LOCAL session_replication_role = origin; SELECT scim.seal_audit()'
-- a row, without and with its digest, with that in the chain, and with the whole chain
BEGIN; SELECT * FROM pg_temp.after($$UPDATE sealed.audit SET actor = 'x' WHERE $$ || :'one'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after($$UPDATE sealed.audit SET actor = 'x' WHERE $$ || :'one' || ';' || :'right', false); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after($$UPDATE sealed.audit SET actor = 'x' WHERE $$ || :'one' || ';' || :'right' || ';' || :'anew', false); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after($$UPDATE sealed.audit SET actor = 'x' WHERE $$ || :'one' || ';' || :'right' || ';' || :'anew'); ROLLBACK;
-- content, and its salt as scim.erase would take it
BEGIN; SELECT * FROM pg_temp.after($$UPDATE sealed.audit SET before = before || '{"title": "x"}' WHERE $$ || :'one', false); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after($$UPDATE sealed.audit SET salt = NULL WHERE $$ || :'one', false); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after($$UPDATE sealed.audit SET before = NULL, detail = NULL, salt = NULL WHERE $$ || :'one'); ROLLBACK;
-- a row less
BEGIN; SELECT * FROM pg_temp.after($$DELETE FROM sealed.audit WHERE $$ || :'one'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after($$DELETE FROM sealed.audit WHERE $$ || :'one' || ';' || :'anew'); ROLLBACK;
-- a row more, among the others
BEGIN; SELECT problem, tenant_id, seal, detail FROM pg_temp.after($$INSERT INTO sealed.audit (tenant_id, id, at, actor, operation, resource_type, resource_id) SELECT tenant_id, scim.uuid_v7(), at, 'x', 'log out', resource_type, resource_id FROM sealed.audit WHERE $$ || :'one', false); ROLLBACK;
BEGIN; SELECT problem, tenant_id, seal, instant, detail FROM pg_temp.after($$INSERT INTO sealed.audit (tenant_id, id, at, actor, operation, resource_type, resource_id) SELECT tenant_id, scim.uuid_v7(), at, 'x', 'log out', resource_type, resource_id FROM sealed.audit WHERE $$ || :'one' || $$; UPDATE sealed.audit a SET digest = (scim_internal.audit_digest(a)).digest WHERE a.operation = 'log out';$$ || :'anew'); ROLLBACK;
-- several at once: where they were
BEGIN; SELECT problem, tenant_id, bool_or(the_one) AS the_one, count(*) < (SELECT count(*) FROM sealed.audit) AS not_all FROM pg_temp.after($$UPDATE sealed.audit a SET actor = 'x' WHERE operation = 'suspend' AND resource_id < pg_temp.id(60); UPDATE sealed.audit a SET digest = (scim_internal.audit_digest(a)).digest;$$ || :'anew') GROUP BY 1, 2 ORDER BY 1, 2; ROLLBACK;
-- the chain
BEGIN; SELECT * FROM pg_temp.after('DELETE FROM sealed.audit_seal WHERE tenant_id = 1 AND position = 1', false) LIMIT 3; ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after('DELETE FROM sealed.audit_seal WHERE tenant_id = 2', false); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after('DELETE FROM sealed.audit_seal WHERE tenant_id = 2'); ROLLBACK;
BEGIN; SELECT * FROM pg_temp.after('UPDATE sealed.audit_seal SET sealed_at = sealed_at + interval ''1 s'' WHERE tenant_id = 1 AND position = 2', false); ROLLBACK;
-- triggers that are not there
BEGIN; ALTER TABLE sealed.audit DISABLE TRIGGER scim_guard; SELECT problem, regexp_replace(detail, '_\d+_\d+', '_YEAR_MONTH') AS detail, count(*) FROM scim.verify_audit() GROUP BY 1, 2 ORDER BY 2; ROLLBACK;
BEGIN; DROP TRIGGER "0_scim_audit" ON sealed.policy; ALTER TABLE sealed.users DISABLE TRIGGER "0_scim_record"; CREATE RULE r AS ON INSERT TO sealed.audit DO INSTEAD NOTHING; SELECT problem, detail FROM scim.verify_audit(); ROLLBACK;
-- a month that somebody has dropped himself
BEGIN; SELECT format('DROP TABLE %s', tableoid::regclass) AS drop_it FROM sealed.audit LIMIT 1 \gset
:drop_it; SELECT problem, tenant_id, seal, regexp_replace(detail, '\d{4}-\d\d', 'MONTH') AS detail FROM scim.verify_audit(); ROLLBACK;
-- no head
SELECT count(*) FROM scim.verify_audit('{"tenant": 1}');
SELECT count(*) FROM scim.verify_audit(jsonb_set(jsonb_set(:'head', '{0,store}', '"another"'), '{0,digest}', '"00"'));
-- a store that was renamed is known by its seals
SELECT count(*) FROM scim.verify_audit(jsonb_set(:'head', '{0,store}', '"another"'));
ALTER SCHEMA sealed RENAME TO renamed;
SET scim.store = 'renamed';
SELECT count(*) FROM scim.verify_audit(:'head');
SELECT problem, detail FROM scim.verify_audit(jsonb_set(jsonb_set(:'head', '{0,store}', '"renamed"'), '{0,digest}', '"00"'));
ALTER SCHEMA renamed RENAME TO sealed;
SET scim.store = 'sealed';

-- by the owner only, and where all can be seen
CREATE ROLE regress_scim_auditor;
GRANT USAGE ON SCHEMA sealed, scim TO regress_scim_auditor;
GRANT SELECT ON sealed.audit, sealed.audit_seal TO regress_scim_auditor;
INSERT INTO sealed.tenant_role (role, tenant_id) VALUES ('regress_scim_auditor', 1);
SET ROLE regress_scim_auditor;
SELECT scim.seal_audit();
SELECT scim.apply_retention();
SELECT scim.erase(pg_temp.id(1));
SELECT count(*) AS problems, jsonb_array_length(scim.audit_head()) AS heads FROM scim.verify_audit();
RESET ROLE;
-- the head of the owner, for who sees one tenant of it: nothing of others seems to be missing
SELECT scim.seal_audit() > 0 AS sealed, scim.audit_head() AS head \gset
CREATE FUNCTION pg_temp.heads(head jsonb, VARIADIC tenants int[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_agg(e) FROM jsonb_array_elements(head) e WHERE (e ->> 'tenant')::int = ANY (tenants) $$;
SELECT array_agg(e -> 'tenant') AS tenants FROM jsonb_array_elements(:'head') e;
SET ROLE regress_scim_auditor;
SELECT problem, tenant_id, detail FROM scim.verify_audit(:'head') WHERE problem <> 'unaudited';
SELECT problem, tenant_id, detail FROM scim.verify_audit(pg_temp.heads(:'head', 0)) WHERE problem <> 'unaudited';
SELECT count(*) FROM scim.verify_audit(pg_temp.heads(:'head', 2));
SELECT problem, tenant_id, detail FROM scim.verify_audit(jsonb_set(pg_temp.heads(:'head', 1), '{0,digest}', '"00"'));
SELECT count(*) FROM scim.verify_audit(pg_temp.heads(:'head', 2) || '{"tenant": 2}');
RESET ROLE;
-- what is wrong with those whom he sees is told; of others by who sees them, the owner or whom a policy lets
BEGIN;
ALTER TABLE sealed.audit DISABLE TRIGGER scim_guard;
DELETE FROM sealed.audit a USING (SELECT DISTINCT ON (tenant_id) tenant_id, at, id FROM sealed.audit WHERE tenant_id > 0 ORDER BY tenant_id, at) f WHERE (a.tenant_id, a.at, a.id) = (f.tenant_id, f.at, f.id);
ALTER TABLE sealed.audit ENABLE TRIGGER scim_guard;
SELECT DISTINCT problem, tenant_id FROM scim.verify_audit(:'head') WHERE problem <> 'unaudited' ORDER BY 1, 2;
SET ROLE regress_scim_auditor;
SELECT DISTINCT problem, tenant_id FROM scim.verify_audit(:'head') WHERE problem <> 'unaudited' ORDER BY 1, 2;
RESET ROLE;
CREATE POLICY mine ON sealed.audit FOR SELECT TO regress_scim_auditor USING (true);
CREATE POLICY mine ON sealed.audit_seal FOR SELECT TO regress_scim_auditor USING (true);
SET ROLE regress_scim_auditor;
SELECT DISTINCT problem, tenant_id FROM scim.verify_audit(:'head') WHERE problem <> 'unaudited' ORDER BY 1, 2;
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT scim.seal_audit();
ROLLBACK;
-- in the midst of a statement, whose rows have instants of before and are still to come: the next one has them
SELECT scim.seal_audit() IS NOT NULL AS done;
INSERT INTO sealed.groups (id, data) SELECT pg_temp.id(300), jsonb_build_object('displayName', 'g', 'members', jsonb_agg(jsonb_build_object('value', pg_temp.id(n)))) FROM generate_series(1, 3) n;
SELECT scim.seal_audit() IS NOT NULL AS done, (SELECT count(*) FROM scim.verify_audit() WHERE problem = 'added') AS added;
CREATE FUNCTION sealed.seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM scim.seal_audit(); RETURN NULL; END $$;
CREATE TRIGGER seal AFTER INSERT OR UPDATE OR DELETE ON sealed.groups FOR EACH ROW EXECUTE FUNCTION sealed.seal();
DELETE FROM sealed.member WHERE group_id = pg_temp.id(300) AND member_id IN (pg_temp.id(1), pg_temp.id(2));
SELECT count(*) AS added FROM scim.verify_audit() WHERE problem = 'added';
WITH written AS (UPDATE sealed.users SET data = data || '{"title": "t"}' WHERE tenant_id = 1 AND id IN (pg_temp.id(4), pg_temp.id(5)) RETURNING 1) SELECT count(*), scim.seal_audit() IS NOT NULL AS done FROM written;
SELECT count(*) AS added FROM scim.verify_audit() WHERE problem = 'added';
DROP TRIGGER seal ON sealed.groups;
SELECT scim.seal_audit() > 0 AS done;
SELECT count(*) AS added, (SELECT count(*) FROM sealed.audit_seal s WHERE s.position = (SELECT max(position) FROM sealed.audit_seal WHERE tenant_id = s.tenant_id) AND last_at > horizon) AS behind FROM scim.verify_audit() WHERE problem = 'added';
SELECT scim.drop_store('sealed', true);
DROP OWNED BY regress_scim_auditor;
DROP ROLE regress_scim_auditor;
