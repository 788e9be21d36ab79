-- The table "audit" of version 0.3.0 becomes one of partitions, with all that is on it
SET client_min_messages = warning;
\set VERBOSITY terse
SET timezone = 'UTC';
SELECT scim.create_store('was old');
CREATE ROLE regress_scim_reader;
CREATE ROLE regress_scim_other;
CREATE SCHEMA of_auditors;
-- as it was
DROP TABLE "was old".audit CASCADE;
CREATE TABLE "was old".audit (
    tenant_id int NOT NULL,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    at timestamptz NOT NULL DEFAULT now(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    actor text NOT NULL,
    db_user name NOT NULL DEFAULT session_user,
    operation text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    resource_id uuid NOT NULL,
    version bigint,
    member_id uuid,
    before jsonb,
    change uuid DEFAULT scim.change(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_resource_id_idx ON "was old".audit (tenant_id, resource_id, id);
ALTER TABLE "was old".audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "was old".audit FOR SELECT USING (tenant_id = scim.tenant());
-- what people have made on it
ALTER TABLE "was old".audit ADD COLUMN ticket text DEFAULT 'none', ADD CONSTRAINT ticket CHECK (ticket <> ''), ADD COLUMN year int GENERATED ALWAYS AS (CASE WHEN isfinite(at) THEN extract(year FROM at AT TIME ZONE 'UTC')::int END) STORED;
COMMENT ON COLUMN "was old".audit.ticket IS 'Ours.';
GRANT SELECT ON "was old".audit TO regress_scim_reader WITH GRANT OPTION;
GRANT SELECT (tenant_id, at), UPDATE (ticket) ON "was old".audit TO regress_scim_other;
CREATE POLICY readers ON "was old".audit FOR SELECT TO regress_scim_reader USING (actor <> 'secret');
COMMENT ON POLICY readers ON "was old".audit IS 'Ours.';
CREATE POLICY nobody ON "was old".audit AS RESTRICTIVE FOR ALL TO public USING (true) WITH CHECK (actor <> '');
ALTER TABLE "was old".audit FORCE ROW LEVEL SECURITY;
CREATE INDEX by_actor ON "was old".audit (actor text_pattern_ops) WHERE actor <> '';
CREATE STATISTICS "was old".ours ON actor, operation FROM "was old".audit;
CREATE FUNCTION of_auditors.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER see AFTER INSERT ON "was old".audit FOR EACH ROW WHEN (new.actor <> '') EXECUTE FUNCTION of_auditors.see('x');
CREATE TRIGGER off AFTER INSERT ON "was old".audit FOR EACH STATEMENT EXECUTE FUNCTION of_auditors.see();
ALTER TABLE "was old".audit DISABLE TRIGGER off;
COMMENT ON TRIGGER see ON "was old".audit IS 'Ours.';
CREATE VIEW of_auditors.recent WITH (security_barrier = true) AS SELECT actor, count(*) AS n FROM "was old".audit GROUP BY 1;
COMMENT ON VIEW of_auditors.recent IS 'Ours.';
CREATE VIEW of_auditors.of_recent AS SELECT * FROM of_auditors.recent WHERE n > 1;
CREATE MATERIALIZED VIEW of_auditors.kept AS SELECT actor FROM "was old".audit;
CREATE INDEX ON of_auditors.kept (actor);
GRANT SELECT ON of_auditors.of_recent TO regress_scim_reader;
INSERT INTO "was old".audit (tenant_id, at, actor, operation, resource_type, resource_id, version, before, ticket)
SELECT 1 + n % 2, '2025-11-30 23:59:59.999999Z'::timestamptz + n * interval '10 days', 'a' || n % 3, 'update', 'User', scim.uuid_v7(), n, CASE WHEN n % 3 > 0 THEN jsonb_build_object('userName', 'u' || n) END, 'T' || n FROM generate_series(0, 20) n;
INSERT INTO "was old".audit (tenant_id, at, actor, operation, resource_type, resource_id) SELECT 1, at::timestamptz, 'x', 'update', 'User', scim.uuid_v7() FROM unnest(ARRAY['infinity', '-infinity', '0044-03-15 BC', '12345-01-01']) at;
CREATE TEMP TABLE old AS SELECT * FROM "was old".audit;
SELECT scim_internal.partition_audit('"was old".audit');
-- every row as it was, in its month
SELECT count(*) AS rows, (SELECT count(*) FROM (TABLE old EXCEPT SELECT tenant_id, id, at, transaction_id, actor, db_user, operation, resource_type, resource_id, version, member_id, before, change, ticket, year FROM "was old".audit) e) AS lost,
    (SELECT bool_and(a.digest = d.digest AND a.content_digest IS NOT DISTINCT FROM d.content_digest) FROM "was old".audit a, scim_internal.audit_digest(a) d) AS digests, count(salt) AS salts, count(DISTINCT salt) AS different
FROM "was old".audit;
SELECT regexp_replace(tableoid::regclass::text, '.*\.', '') AS partition, count(*) FROM "was old".audit WHERE NOT isfinite(at) OR at < '2026-01-01' OR at > '2100-01-01' GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM pg_inherits WHERE inhparent = '"was old".audit'::regclass AND inhrelid NOT IN (SELECT tableoid FROM "was old".audit) AND (SELECT relname FROM pg_class WHERE oid = inhrelid) < to_char(now(), '"audit_"YYYY_MM');
-- and what is on it
SELECT attname, col_description(attrelid, attnum) AS comment, pg_get_expr(adbin, adrelid) AS "default" FROM pg_attribute LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum) WHERE attrelid = '"was old".audit'::regclass AND attname IN ('ticket', 'year', 'at') ORDER BY 1;
SELECT privilege_type, is_grantable FROM pg_class, aclexplode(relacl) WHERE oid = '"was old".audit'::regclass AND grantee = 'regress_scim_reader'::regrole;
SELECT attname, privilege_type FROM pg_attribute, aclexplode(attacl) WHERE attrelid = '"was old".audit'::regclass ORDER BY 1, 2;
SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = '"was old".audit'::regclass;
SELECT polname, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid) AS "using", pg_get_expr(polwithcheck, polrelid) AS "check", obj_description(oid, 'pg_policy') AS comment FROM pg_policy WHERE polrelid = '"was old".audit'::regclass ORDER BY 1;
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '"was old".audit'::regclass ORDER BY 1;
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = '"was old".audit'::regclass ORDER BY 1;
SELECT tgname, tgenabled, pg_get_triggerdef(oid), obj_description(oid, 'pg_trigger') AS comment FROM pg_trigger WHERE tgrelid = '"was old".audit'::regclass AND NOT tgisinternal ORDER BY 1;
SELECT stxname FROM pg_statistic_ext WHERE stxrelid = '"was old".audit'::regclass;
SELECT oid::regclass, reloptions, obj_description(oid, 'pg_class') AS comment FROM pg_class WHERE relnamespace = 'of_auditors'::regnamespace AND relkind IN ('v', 'm') ORDER BY 1;
TABLE of_auditors.of_recent ORDER BY actor;
SELECT count(*), (SELECT count(*) FROM pg_index WHERE indrelid = 'of_auditors.kept'::regclass) AS indexes FROM of_auditors.kept;
SELECT has_table_privilege('regress_scim_reader', 'of_auditors.of_recent', 'SELECT') AS view;
DROP SCHEMA of_auditors CASCADE;
SELECT scim.drop_store('was old', true);
DROP ROLE regress_scim_reader, regress_scim_other;
