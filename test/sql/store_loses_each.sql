-- Whatever a store has lost, each thing by itself: it is put back, or scim.repair_store says what only a backup has, and nobody is served meanwhile
SET client_min_messages = error;
\set VERBOSITY terse
SELECT scim.create_store('each');
SET scim.store = 'each';
SELECT scim.register_schema('{"id": "urn:example:Device", "name": "Device", "attributes": [{"name": "serial", "type": "string", "required": true}]}') IS NOT NULL AS done;
SELECT scim.register_resource_type('{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:Device"}') IS NOT NULL AS done;
SELECT scim.create_tenant('second') AS tenant;
INSERT INTO each.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "ann"}');
INSERT INTO each.groups (data) VALUES ('{"displayName": "All", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
INSERT INTO each.devices (tenant_id, data) VALUES (2, '{"serial": "1"}');
CREATE FUNCTION pg_temp.said(OUT read int, OUT posted int, OUT problem text) LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.status INTO read FROM scim.request('GET', '/Users') r;
    SELECT r.status INTO posted FROM scim.request('POST', '/Users', '{}', format('{"userName": "%s"}', gen_random_uuid())) r;
    SELECT p INTO problem FROM jsonb_array_elements_text(scim.readiness(stores => '{each}') -> 'problems') p;
END
$$;
-- a line for each thing that can be said of the store
CREATE FUNCTION pg_temp.describe() RETURNS SETOF text LANGUAGE sql SET search_path = pg_catalog AS $$
    WITH t AS (SELECT c.oid, c.oid::regclass AS name, c.relrowsecurity, c.relkind FROM pg_class c WHERE c.relnamespace = 'each'::regnamespace AND c.relkind IN ('r', 'p') AND (c.relname !~ '^audit_\d'))
    SELECT concat_ws(' ', pg_get_triggerdef(g.oid), g.tgenabled) FROM pg_trigger g JOIN t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal AND g.tgparentid = 0
    UNION ALL SELECT concat_ws(' ', 'policy', p.polname, 'on', t.name, p.polcmd, p.polroles, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p JOIN t ON t.oid = p.polrelid
    UNION ALL SELECT format('%s %s', t.name, t.relrowsecurity) FROM t
    UNION ALL SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN t ON t.oid = i.indrelid
    UNION ALL SELECT format('%s %s %s', t.name, o.conname, pg_get_constraintdef(o.oid)) FROM pg_constraint o JOIN t ON t.oid = o.conrelid
    UNION ALL SELECT format('%s.%s %s %s %s', t.name, a.attname, a.atttypid::regtype, pg_get_expr(d.adbin, d.adrelid), a.attnotnull) FROM pg_attribute a JOIN t ON t.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum) WHERE a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_class c JOIN t USING (oid) WHERE c.relpartbound IS NOT NULL
$$;
CREATE TEMP TABLE was AS SELECT d FROM pg_temp.describe() AS d;
-- what is wrong after one loss; null: nothing
CREATE FUNCTION pg_temp.lose(loss text, loses_rows boolean DEFAULT false, OUT outcome text, OUT wrong text) LANGUAGE plpgsql AS $$
DECLARE
    before record;
    after record;
    statement text;
    hint text;
    state text;
    said text;
BEGIN
    BEGIN
        EXECUTE loss;
        SELECT * INTO before FROM pg_temp.said();
        BEGIN
            -- an index of a table with partitions comes when each of these has its own
            FOR round IN 1 .. CASE WHEN loss ~ 'DROP INDEX' THEN 4 ELSE 1 END LOOP
                FOR statement IN SELECT scim.repair_store('each') LOOP
                    EXECUTE replace(statement, ' CONCURRENTLY', '');
                END LOOP;
                EXIT WHEN NOT FOUND;
            END LOOP;
            outcome := 'repaired';
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE, said = MESSAGE_TEXT;
            outcome := 'refused';
        END;
        SELECT * INTO after FROM pg_temp.said();
        IF outcome = 'repaired' THEN
            IF (after.read, after.posted) <> (200, 201) OR after.problem IS NOT NULL THEN
                wrong := format('repaired, then %s %s %s', after.read, after.posted, after.problem);
            ELSIF EXISTS (SELECT d FROM was EXCEPT ALL SELECT d FROM pg_temp.describe() AS d) OR EXISTS (SELECT d FROM pg_temp.describe() AS d EXCEPT ALL SELECT d FROM was) THEN
                wrong := 'repaired, but ' || (SELECT string_agg(sign || d, ' ') FROM (SELECT '-' AS sign, d FROM (SELECT d FROM was EXCEPT ALL SELECT d FROM pg_temp.describe() AS d) x UNION ALL SELECT '+', d FROM (SELECT d FROM pg_temp.describe() AS d EXCEPT ALL SELECT d FROM was) x) y);
            END IF;
        ELSIF state <> '55000' OR coalesce(hint, '') = '' THEN
            wrong := format('refused by %s %s', state, said);
        ELSIF (after.read, after.posted) <> (503, 503) OR after.problem IS NULL THEN
            wrong := format('refused (%s), then %s %s %s', said, after.read, after.posted, after.problem);
        END IF;
        -- served meanwhile is who has lost what nobody needs to answer rightly
        IF wrong IS NULL AND NOT ((before.read, before.posted) = (503, 503) AND before.problem IS NOT NULL OR (before.read, before.posted) = (200, 201) AND before.problem IS NULL AND NOT loses_rows) THEN
            wrong := format('before that %s %s %s', before.read, before.posted, before.problem);
        END IF;
        wrong := left(loss, 300) || ': ' || wrong;
        RAISE EXCEPTION USING ERRCODE = 'ZZ001';
    EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
        NULL;
    END;
END
$$;
CREATE TEMP VIEW tables AS SELECT c.oid, c.oid::regclass AS name, c.relname, c.relkind, c.relispartition,
    -- others make less of a difference
    c.relispartition OR c.relname IN ('resource', 'member', 'store', 'schema', 'resource_type', 'tenant', 'policy', 'audit') AS tells FROM pg_class c WHERE c.relnamespace = 'each'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname !~ '^audit_\d';
-- what is lost at once
CREATE TEMP VIEW loss AS
    SELECT 'table dropped' AS kind, CASE WHEN tells THEN relname END AS at, format('DROP TABLE IF EXISTS %s CASCADE', name) AS loss, relname <> 'audit_default' AS loses_rows FROM tables
    UNION ALL SELECT 'table renamed', CASE WHEN tells THEN relname END, format('ALTER TABLE %s RENAME TO elsewhere_%s', name, oid), NOT relispartition FROM tables
    UNION ALL SELECT 'partition detached', t.relname, format('ALTER TABLE %s DETACH PARTITION %s', i.inhparent::regclass, t.name), t.relname <> 'audit_default' FROM tables t JOIN pg_inherits i ON i.inhrelid = t.oid
    UNION ALL SELECT 'row-level security disabled', NULL, format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', name), false FROM tables
    UNION ALL SELECT 'policy dropped', CASE WHEN t.relname IN ('resource', 'member') THEN t.relname END, format('DROP POLICY %I ON %s', p.polname, t.name), false FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
    UNION ALL SELECT 'column dropped', t.relname, format('ALTER TABLE %s DROP COLUMN %I CASCADE', t.name, a.attname), true FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
        WHERE NOT t.relispartition AND (t.relname, a.attname) NOT IN (('resource', 'resource_type'), ('audit', 'at'), ('audit', 'tenant_id'))
    UNION ALL SELECT 'column of another type', t.relname, format('ALTER TABLE %s ALTER COLUMN %I TYPE text[] USING NULL', t.name, a.attname), true FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
        -- on which nothing depends
        WHERE NOT t.relispartition AND NOT EXISTS (SELECT FROM pg_depend d WHERE (d.refclassid, d.refobjid, d.refobjsubid) = ('pg_class'::regclass, t.oid, a.attnum))
          AND NOT a.attnotnull AND NOT a.atthasdef AND a.atttypid <> 'text[]'::regtype
    UNION ALL SELECT 'constraint dropped', NULL, format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', t.name, o.conname), false FROM tables t JOIN pg_constraint o ON o.conrelid = t.oid AND o.conparentid = 0 AND o.conislocal AND o.contype NOT IN ('t', 'n') AND NOT t.relispartition
    UNION ALL SELECT 'constraint renamed', NULL, format('ALTER TABLE %s RENAME CONSTRAINT %I TO another_%s', t.name, o.conname, o.oid), false FROM tables t JOIN pg_constraint o ON o.conrelid = t.oid AND o.conparentid = 0 AND o.conislocal AND o.contype NOT IN ('t', 'n') AND NOT t.relispartition
    UNION ALL SELECT 'index ' || w.kind, NULL, format(w.loss, i.indexrelid::regclass, i.indexrelid), false FROM tables t JOIN pg_index i ON i.indrelid = t.oid, (VALUES ('dropped', 'DROP INDEX IF EXISTS %s CASCADE'), ('renamed', 'ALTER INDEX %s RENAME TO another_%s')) w (kind, loss)
        WHERE NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid)
    UNION ALL SELECT 'trigger ' || w.kind, NULL, format(w.loss, g.tgname, t.name, g.oid), false FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgparentid = 0,
        (VALUES ('dropped', 'DROP TRIGGER %I ON %s'), ('renamed', 'ALTER TRIGGER %I ON %s RENAME TO another_%s'), ('disabled', 'ALTER TABLE %2$s DISABLE TRIGGER %1$I')) w (kind, loss);
-- what is put back, what only a backup has, and what went wrong
SELECT l.kind, o.outcome, count(*), sum(l.n) AS things, string_agg(o.wrong, E'\n') AS wrong
FROM (SELECT kind, at, count(*) AS n, string_agg(loss, '; ' ORDER BY loss) AS loss, bool_or(loses_rows) AS loses_rows FROM loss GROUP BY kind, at ORDER BY kind, at COLLATE "C") l, LATERAL pg_temp.lose(l.loss, l.loses_rows) o
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT scim.drop_store('each', true);
