-- What somebody does to keep something from being audited: the past is not guessed, and verify_audit finds it
SET client_min_messages = warning;
\set VERBOSITY terse
\set ann '''00000000-0000-7000-8000-00000000000a'''
\set bob '''00000000-0000-7000-8000-00000000000b'''
SELECT scim.create_store('hole');
SET scim.store = 'hole';
SELECT scim.create_tenant('two') AS two;
CREATE TEMP TABLE moment (name text PRIMARY KEY, at timestamptz);
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE statement INTO result;
    RETURN coalesce(result, 'absent');
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || regexp_replace(SQLERRM, '\d{4}-\d\d-\d\dT[0-9:.]+Z', 'INSTANT', 'g');
END
$$;
CREATE FUNCTION pg_temp.past(id uuid, name text, OUT one text, OUT listed text) LANGUAGE sql AS $$
    SELECT pg_temp.try(format('SELECT r ->> ''title'' FROM scim.resource_at(''User'', %L, %L) r', id, m.at)),
        pg_temp.try(format('SELECT string_agg(r ->> ''title'', '' '' ORDER BY r ->> ''userName'') FROM scim.resources_at(''User'', %L) r', m.at))
    FROM moment m WHERE m.name = past.name
$$;
-- ann is changed, and meanwhile what the statements say is so
CREATE PROCEDURE pg_temp.meanwhile(name text, off text, undo text) LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hole.users SET data = data || '{"title": "one"}' WHERE user_name = 'ann';
    INSERT INTO moment VALUES (name, clock_timestamp());
    EXECUTE off;
    UPDATE hole.users SET data = data || '{"title": "two"}' WHERE user_name = 'ann';
    EXECUTE undo;
    UPDATE hole.users SET data = data || '{"title": "three"}' WHERE user_name = 'ann';
END
$$;
INSERT INTO hole.users (id, data) VALUES (:ann, '{"userName": "ann", "title": "none"}');

-- the policy "audit", of which one who acts for a tenant sees all that was about it
CREATE FUNCTION pg_temp.policy(change text) RETURNS text LANGUAGE sql AS $$ SELECT format('UPDATE hole.policy SET %s WHERE id = %L', change, id) FROM hole.policy WHERE (resource_type, kind) = ('User', 'audit') $$;
CALL pg_temp.meanwhile('tenant', pg_temp.policy('tenant_id = 2'), pg_temp.policy('tenant_id = NULL'));
CALL pg_temp.meanwhile('kind', pg_temp.policy('kind = ''schemas'', name = ''schemas'', settings = ''{"required": false}'''), pg_temp.policy('kind = ''audit'', name = ''audit'', settings = ''{}'''));
CALL pg_temp.meanwhile('deleted', 'DELETE FROM hole.policy WHERE (resource_type, kind) = (''User'', ''audit'')', 'INSERT INTO hole.policy (resource_type, kind) VALUES (''User'', ''audit'')');
CALL pg_temp.meanwhile('enabled', pg_temp.policy('enabled = false'), pg_temp.policy('enabled = true'));
SELECT m.name, p.* FROM moment m, pg_temp.past(:ann, m.name) p ORDER BY m.at;
SELECT problem, count(*) FROM scim.verify_audit() GROUP BY 1;
-- from one tenant to the other: both see it
INSERT INTO hole.policy (resource_type, kind, name, tenant_id, settings) VALUES ('User', 'fixed', 'moves', 1, '{"attributes": ["title"]}');
UPDATE hole.policy SET tenant_id = 2 WHERE name = 'moves';
DELETE FROM hole.policy WHERE name = 'moves';
SELECT tenant_id, operation, before -> 'tenant_id' AS before, detail -> 'after' -> 'tenant_id' AS after FROM hole.audit WHERE object = 'policy' AND operation LIKE 'update %' AND (before -> 'tenant_id') IS DISTINCT FROM (detail -> 'after' -> 'tenant_id') ORDER BY at, tenant_id;

-- and what the audit has no trace of at all, but that a version is not in it
CALL pg_temp.meanwhile('replica', 'SET session_replication_role = replica; ' || pg_temp.policy('enabled = false') || '; SET session_replication_role = origin', 'SET session_replication_role = replica; ' || pg_temp.policy('enabled = true') || '; SET session_replication_role = origin');
-- one trigger alone is not to be switched off
CALL pg_temp.meanwhile('trigger', 'ALTER TABLE hole.users DISABLE TRIGGER "0_scim_record"', 'ALTER TABLE hole.users ENABLE TRIGGER "0_scim_record"');
CREATE PROCEDURE pg_temp.past_all(statement text) LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE hole.users DISABLE TRIGGER USER;
    EXECUTE statement;
    ALTER TABLE hole.users ENABLE TRIGGER USER;
END
$$;
CALL pg_temp.meanwhile('trigger', $$CALL pg_temp.past_all('UPDATE hole.users SET data = data || ''{"title": "unseen"}'', version = version + 1, last_modified = clock_timestamp() WHERE user_name = ''ann''')$$, 'SELECT');
SELECT m.name, p.* FROM moment m, pg_temp.past(:ann, m.name) p WHERE m.name IN ('replica', 'trigger') ORDER BY m.at;
SELECT problem, tenant_id, regexp_replace(detail, 'version .*', '') AS detail FROM scim.verify_audit();
SELECT version, operation, difference IS NULL AS unknown FROM scim.history(:ann) WHERE difference IS NULL OR difference @> '[{"value": "one"}]' ORDER BY version DESC LIMIT 2;
-- who went, or came again, unseen; and who went without a trace
UPDATE hole.policy SET settings = '{"mode": "hard"}' WHERE (resource_type, kind) = ('User', 'delete');
INSERT INTO hole.users (id, data) VALUES (:bob, '{"userName": "bob", "title": "none"}');
INSERT INTO moment VALUES ('before bob', clock_timestamp());
CALL pg_temp.past_all($$DELETE FROM hole.users WHERE user_name = 'bob'$$);
INSERT INTO moment VALUES ('after bob', clock_timestamp());
SELECT m.name, p.one FROM moment m, pg_temp.past(:bob, m.name) p WHERE m.name ~ 'bob' ORDER BY m.at;
SELECT problem, regexp_replace(detail, '.* (version .*)', '\1') AS detail FROM scim.verify_audit() WHERE detail ~ '00b';
INSERT INTO hole.users (id, data) VALUES (:bob, '{"userName": "bob", "title": "again"}');
SELECT m.name, p.one FROM moment m, pg_temp.past(:bob, m.name) p WHERE m.name ~ 'bob' ORDER BY m.at;
SELECT count(*) FROM scim.verify_audit() WHERE detail ~ '00b';

-- what was done by a transaction is not taken back with what nobody knows of
INSERT INTO hole.users (data) VALUES ('{"userName": "cy"}'), ('{"userName": "di"}');
BEGIN;
UPDATE hole.users SET data = data || '{"title": "seen"}' WHERE user_name IN ('cy', 'di');
SELECT scim.change() AS seen \gset
COMMIT;
CALL pg_temp.past_all($$UPDATE hole.users SET data = data || '{"nickName": "unseen"}', version = version + 1, last_modified = clock_timestamp() WHERE user_name IN ('cy', 'di')$$);
UPDATE hole.users SET data = data || '{"displayName": "D"}' WHERE user_name = 'di';
SELECT r.user_name, v.action, v.difference, v.conflict FROM scim.revert_change(:'seen') v JOIN hole.users r ON r.id = v.resource_id ORDER BY 1;
SELECT user_name, data ->> 'title' AS title, data ->> 'nickName' AS nick FROM hole.users WHERE user_name IN ('cy', 'di') ORDER BY 1;

-- triggers that are there and do nothing, or something else
CREATE FUNCTION pg_temp.triggers() RETURNS SETOF text LANGUAGE sql AS $$ SELECT detail FROM scim.verify_audit() WHERE problem = 'trigger' ORDER BY 1 $$;
CREATE FUNCTION hole.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
SELECT * FROM pg_temp.triggers();
BEGIN;
DROP TRIGGER "0_scim_audit" ON hole.policy;
CREATE TRIGGER "0_scim_audit" AFTER INSERT OR DELETE OR UPDATE ON hole.policy FOR EACH ROW WHEN (false) EXECUTE FUNCTION scim_internal.audit_change();
DROP TRIGGER scim_guard ON hole.audit;
CREATE TRIGGER scim_guard BEFORE DELETE OR UPDATE ON hole.audit FOR EACH ROW WHEN (false) EXECUTE FUNCTION scim_internal.audit_guard();
SELECT regexp_replace(t, 'audit_\d{4}_\d\d', 'audit_MONTH') AS trigger, count(*) > 1 AS several FROM pg_temp.triggers() t GROUP BY 1 ORDER BY 1;
ROLLBACK;
BEGIN;
CREATE OR REPLACE TRIGGER "0_scim_audit" AFTER INSERT OR DELETE OR UPDATE ON hole.setting FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_change('-value');
CREATE OR REPLACE TRIGGER "0_scim_audit" AFTER INSERT OR DELETE OR UPDATE OF value ON hole.secret FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_change('value');
CREATE OR REPLACE TRIGGER "0_scim_audit" AFTER INSERT OR UPDATE ON hole.client FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_change('hash', 'secret', 'second_hash', 'former_hash', 'former_second_hash', '-last_used_at');
CREATE OR REPLACE TRIGGER "0_scim_audit" AFTER INSERT OR DELETE OR UPDATE ON hole.endpoint FOR EACH ROW EXECUTE FUNCTION hole.nothing();
CREATE OR REPLACE TRIGGER "0_scim_record_delete" AFTER DELETE ON hole.member REFERENCING OLD TABLE AS changed FOR EACH ROW WHEN (false) EXECUTE FUNCTION scim_internal.member_record();
ALTER TRIGGER "0_scim_audit" ON hole.binding RENAME TO other;
DROP TRIGGER scim_audit_truncate ON hole.tenant_role;
ALTER TABLE hole.guard ENABLE REPLICA TRIGGER "0_scim_audit";
ALTER TABLE hole.policy ENABLE TRIGGER scim_replicated;
ALTER TABLE hole.groups DISABLE TRIGGER scim_door;
DROP TRIGGER scim_settle ON hole.users;
SELECT * FROM pg_temp.triggers();
ROLLBACK;
SELECT * FROM pg_temp.triggers();

-- heads that say nothing
SELECT scim.audit_head();
SELECT head, pg_temp.try(format('SELECT count(*) FROM scim.verify_audit(%L) WHERE problem = ''head''', head)) FROM unnest('{"[]", "{}", "null", "1", "[1]", "[null]", "[[]]"}'::text[]) AS head;
SELECT scim.seal_audit() > 0 AS sealed;
SELECT scim.audit_head() AS head \gset
SELECT count(*) FROM scim.verify_audit(:'head') WHERE problem <> 'unaudited';
-- a store whose name has to be quoted
SELECT scim.create_store('UPDATE OR DELETE ON "a.b" ');
SET scim.store = 'UPDATE OR DELETE ON "a.b" ';
SELECT * FROM scim.verify_audit();
SELECT scim.drop_store('UPDATE OR DELETE ON "a.b" ');
SELECT scim.drop_store('hole', true);
DROP TABLE moment CASCADE;
