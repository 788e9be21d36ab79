-- The table "audit" of version 0.3.0 becomes one of partitions, with all that is on it
SET client_min_messages = warning;
\set VERBOSITY terse
SET timezone = 'UTC';
SELECT scim.create_store('was old');
INSERT INTO "was old".tenant (tenant_id, name) VALUES (2, 'two');
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
-- what follows from it elsewhere: of the view, which stays
COMMENT ON COLUMN of_auditors.recent.n IS 'Ours.';
ALTER VIEW of_auditors.recent ALTER COLUMN actor SET DEFAULT 'nobody';
COMMENT ON COLUMN of_auditors.kept.actor IS 'Ours.';
CREATE TABLE of_auditors.cases (actor text);
ALTER TABLE of_auditors.cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON of_auditors.cases AS RESTRICTIVE USING (EXISTS (SELECT FROM of_auditors.recent r WHERE r.actor = cases.actor));
CREATE FUNCTION of_auditors.busiest() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT actor FROM of_auditors.recent ORDER BY n DESC, actor LIMIT 1; END;
CREATE VIEW of_auditors.of_another AS SELECT * FROM of_auditors.recent;
ALTER VIEW of_auditors.of_another OWNER TO regress_scim_other;
GRANT USAGE ON SCHEMA of_auditors TO regress_scim_other;
GRANT SELECT ON of_auditors.recent TO regress_scim_other;
-- what a table has by itself
ALTER TABLE "was old".audit ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 10), ADD COLUMN counted bigserial, ADD CONSTRAINT "by" FOREIGN KEY (tenant_id) REFERENCES "was old".tenant;
ALTER TABLE "was old".audit REPLICA IDENTITY FULL;
ALTER TABLE "was old".audit SET (autovacuum_vacuum_scale_factor = 0.5);
ALTER TABLE "was old".audit ALTER COLUMN actor SET STATISTICS 200, ALTER COLUMN actor SET (n_distinct = -0.5);
ALTER STATISTICS "was old".ours SET STATISTICS 300;
COMMENT ON STATISTICS "was old".ours IS 'Ours.';
COMMENT ON INDEX "was old".by_actor IS 'Ours.';
COMMENT ON CONSTRAINT "by" ON "was old".audit IS 'Ours.';
CREATE RULE noted AS ON UPDATE TO "was old".audit DO ALSO NOTIFY noted;
ALTER TABLE "was old".audit DISABLE RULE noted;
COMMENT ON RULE noted ON "was old".audit IS 'Ours.';
SET client_min_messages = error;
CREATE PUBLICATION regress_scim_audit FOR TABLE "was old".audit (tenant_id, id, at, change) WITH (publish = 'insert', publish_via_partition_root);
SET client_min_messages = warning;
-- names that the store uses since
CREATE INDEX ON "was old".audit (change);
CREATE INDEX audit_object_idx ON "was old".audit (actor, at);
COMMENT ON INDEX "was old".audit_object_idx IS 'Ours.';
INSERT INTO "was old".audit (tenant_id, at, actor, operation, resource_type, resource_id, version, before, ticket)
SELECT 1 + n % 2, '2025-11-30 23:59:59.999999Z'::timestamptz + n * interval '10 days', 'a' || n % 3, 'update', 'User', scim.uuid_v7(), n, CASE WHEN n % 3 > 0 THEN jsonb_build_object('userName', 'u' || n) END, 'T' || n FROM generate_series(0, 20) n;
INSERT INTO "was old".audit (tenant_id, at, actor, operation, resource_type, resource_id) SELECT 1, at::timestamptz, 'x', 'update', 'User', scim.uuid_v7() FROM unnest(ARRAY['infinity', '-infinity', '0044-03-15 BC', '12345-01-01']) at;
CREATE TEMP TABLE old AS SELECT * FROM "was old".audit;
-- what cannot be made again is named, and nothing is dropped
\set VERBOSITY default
\set SHOW_CONTEXT never
BEGIN;
CREATE FUNCTION of_auditors.refuses() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM "was old".audit; END;
SELECT scim_internal.partition_audit('"was old".audit');
ROLLBACK;
BEGIN;
CREATE VIEW of_auditors.refuses AS SELECT actor FROM of_auditors.kept;
SELECT scim_internal.partition_audit('"was old".audit');
ROLLBACK;
BEGIN;
CREATE VIEW of_auditors.refuses AS SELECT actor FROM "was old".audit;
ALTER VIEW of_auditors.refuses OWNER TO regress_scim_other;
SELECT scim_internal.partition_audit('"was old".audit');
ROLLBACK;
BEGIN;
CREATE TABLE of_auditors.refuses () INHERITS ("was old".audit);
SELECT scim_internal.partition_audit('"was old".audit');
ROLLBACK;
\set VERBOSITY terse
SELECT scim_internal.partition_audit('"was old".audit');
-- every row as it was, in its month
SELECT count(*) AS rows, (SELECT count(*) FROM (TABLE old EXCEPT SELECT tenant_id, id, at, transaction_id, actor, db_user, operation, resource_type, resource_id, version, member_id, before, change, ticket, year, seq, counted FROM "was old".audit) e) AS lost,
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
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '"was old".audit'::regclass AND contype <> 'n' ORDER BY 1;
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = '"was old".audit'::regclass ORDER BY 1;
SELECT tgname, tgenabled, pg_get_triggerdef(oid), obj_description(oid, 'pg_trigger') AS comment FROM pg_trigger WHERE tgrelid = '"was old".audit'::regclass AND NOT tgisinternal ORDER BY 1;
SELECT stxname FROM pg_statistic_ext WHERE stxrelid = '"was old".audit'::regclass;
SELECT oid::regclass, reloptions, obj_description(oid, 'pg_class') AS comment FROM pg_class WHERE relnamespace = 'of_auditors'::regnamespace AND relkind IN ('v', 'm') ORDER BY 1;
TABLE of_auditors.of_recent ORDER BY actor;
SELECT count(*), (SELECT count(*) FROM pg_index WHERE indrelid = 'of_auditors.kept'::regclass) AS indexes FROM of_auditors.kept;
SELECT has_table_privilege('regress_scim_reader', 'of_auditors.of_recent', 'SELECT') AS view;
SELECT col_description('of_auditors.recent'::regclass, 2) AS of_view, col_description('of_auditors.kept'::regclass, 1) AS of_materialized, of_auditors.busiest(),
    (SELECT count(*) FROM of_auditors.of_another) AS of_another, (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'of_auditors.recent'::regclass) AS "default";
SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = 'of_auditors.cases'::regclass;
INSERT INTO "was old".audit_2026_01 (tenant_id, at, actor, operation) VALUES (1, '2026-01-31', 'next', 'x') RETURNING seq, counted, seq > (SELECT max(seq) FROM old) AND counted > (SELECT max(counted) FROM old) AS goes_on;
SELECT bool_and(a.seq = o.seq AND a.counted = o.counted) AS kept FROM "was old".audit a JOIN old o USING (id);
SELECT c.relkind, array_agg(DISTINCT relreplident) AS identity, array_agg(DISTINCT reloptions::text) AS options, array_agg(DISTINCT (a.attstattarget, ARRAY(SELECT o FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\_%'))::text) AS of_actor
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'actor'
WHERE c.oid = '"was old".audit'::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = '"was old".audit'::regclass) GROUP BY 1 ORDER BY 1;
SELECT stxstattarget, obj_description(oid, 'pg_statistic_ext') AS comment FROM pg_statistic_ext WHERE stxrelid = '"was old".audit'::regclass;
SELECT c.relname, obj_description(c.oid, 'pg_class') AS comment FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE i.indrelid = '"was old".audit'::regclass AND obj_description(c.oid, 'pg_class') IS NOT NULL ORDER BY 1;
SELECT obj_description(oid, 'pg_constraint') AS comment FROM pg_constraint WHERE conrelid = '"was old".audit'::regclass AND conname = 'by';
SELECT pg_get_ruledef(oid), ev_enabled, obj_description(oid, 'pg_rewrite') AS comment FROM pg_rewrite WHERE ev_class = '"was old".audit'::regclass;
SELECT pubname, tablename, attnames FROM pg_publication_tables WHERE pubname = 'regress_scim_audit';
SELECT count(*) FROM pg_class WHERE relnamespace = '"was old"'::regnamespace AND relname LIKE 'audit\_before%';
DROP PUBLICATION regress_scim_audit;
DROP SCHEMA of_auditors CASCADE;
SELECT scim.drop_store('was old', true);
DROP ROLE regress_scim_reader, regress_scim_other;
