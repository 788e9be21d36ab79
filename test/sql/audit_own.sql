-- Rows of "audit" and "event" are written without a statement where nobody would notice.
-- Whoever has put something of his own on these tables does.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('own');
SET scim.store = 'own';
UPDATE own.policy SET enabled = true WHERE kind IN ('audit', 'events');
SELECT 'own' AS schema, 'audit_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM') AS month \gset
CREATE TABLE noticed (n int GENERATED ALWAYS AS IDENTITY, what text);
CREATE FUNCTION notice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.noticed (what) VALUES (concat_ws(' ', TG_ARGV[0], TG_OP, TG_WHEN, TG_LEVEL));
    RETURN CASE WHEN TG_LEVEL = 'ROW' THEN NEW END;
END $$;
CREATE FUNCTION whole() RETURNS TABLE (operation text, actor text, whole boolean) LANGUAGE sql AS $$
    SELECT operation, a.actor, a.digest = d.digest FROM own.audit a, scim_internal.audit_digest(a) d
    WHERE resource_type = 'User' ORDER BY a.id $$;
CREATE FUNCTION taken() RETURNS TABLE (what text) LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM public.noticed RETURNING *) SELECT what FROM gone ORDER BY n $$;

-- triggers of rows behind the write, of each partition and of all of them, and of events
CREATE TRIGGER heard AFTER INSERT ON own.audit FOR EACH ROW EXECUTE FUNCTION notice('audit');
CREATE TRIGGER heard AFTER INSERT ON own.event FOR EACH ROW EXECUTE FUNCTION notice('event');
INSERT INTO own.users (data) VALUES ('{"userName": "after row"}');
SELECT * FROM taken();
DROP TRIGGER heard ON own.audit;
DROP TRIGGER heard ON own.event;

-- of statements
CREATE TRIGGER heard AFTER INSERT ON own.audit EXECUTE FUNCTION notice('audit');
CREATE TRIGGER heard BEFORE INSERT ON own.event EXECUTE FUNCTION notice('event');
INSERT INTO own.users (data) VALUES ('{"userName": "statement"}');
SELECT * FROM taken();
DROP TRIGGER heard ON own.audit;
DROP TRIGGER heard ON own.event;

-- in front of the door: of events what they leave is told; the audit is written by nobody else
CREATE FUNCTION alter_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.actor := 'somebody';
    RETURN NEW;
END $$;
CREATE TRIGGER a_first BEFORE INSERT ON own.audit FOR EACH ROW EXECUTE FUNCTION alter_row();
CREATE TRIGGER a_first BEFORE INSERT ON own.event FOR EACH ROW EXECUTE FUNCTION alter_row();
INSERT INTO own.users (data) VALUES ('{"userName": "before row"}');
DROP TRIGGER a_first ON own.audit;
INSERT INTO own.users (data) VALUES ('{"userName": "before row"}');
SELECT operation, actor FROM own.event ORDER BY id DESC LIMIT 1;
DROP TRIGGER a_first ON own.event;
CREATE FUNCTION no_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER a_first BEFORE INSERT ON own.event FOR EACH ROW EXECUTE FUNCTION no_row();
INSERT INTO own.users (data) VALUES ('{"userName": "no event"}');
SELECT count(*) FROM own.event;
DROP TRIGGER a_first ON own.event;

-- a partition that a row is moved out of
CREATE FUNCTION move_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.at := '1999-12-31';
    RETURN NEW;
END $$;
CREATE TRIGGER a_first BEFORE INSERT ON own.audit FOR EACH ROW EXECUTE FUNCTION move_row();
\set VERBOSITY sqlstate
INSERT INTO own.users (data) VALUES ('{"userName": "moved"}');
\set VERBOSITY terse
DROP TRIGGER a_first ON own.audit;

-- constraints and indexes
ALTER TABLE own.audit ADD CONSTRAINT named CHECK (actor <> 'nobody');
ALTER TABLE own.event ADD CONSTRAINT named CHECK (actor <> 'nobody');
SET scim.actor = 'nobody';
\set VERBOSITY sqlstate
INSERT INTO own.users (data) VALUES ('{"userName": "constraint"}');
ALTER TABLE own.audit DROP CONSTRAINT named;
INSERT INTO own.users (data) VALUES ('{"userName": "constraint"}');
\set VERBOSITY terse
ALTER TABLE own.event DROP CONSTRAINT named;
RESET scim.actor;
CREATE INDEX by_actor ON own.audit (lower(actor)) WHERE operation = 'create';
SET enable_seqscan = off;
INSERT INTO own.users (data) VALUES ('{"userName": "indexed"}');
SELECT count(*) FROM own.audit WHERE lower(actor) = lower(session_user) AND operation = 'create' AND resource_type = 'User';
RESET enable_seqscan;

-- columns
ALTER TABLE own.audit ADD COLUMN ticket text DEFAULT 'none', ADD COLUMN year int GENERATED ALWAYS AS (2000 + version) STORED;
ALTER TABLE own.event ADD COLUMN ticket text DEFAULT 'none';
INSERT INTO own.users (data) VALUES ('{"userName": "columns"}');
SELECT ticket, year FROM own.audit ORDER BY id DESC LIMIT 1;
SELECT ticket FROM own.event ORDER BY id DESC LIMIT 1;
ALTER TABLE own.audit DROP COLUMN ticket, DROP COLUMN year;
ALTER TABLE own.event DROP COLUMN ticket;
INSERT INTO own.users (data) VALUES ('{"userName": "dropped columns"}');

-- a month of somebody's own, with its columns in another order
CREATE TABLE own.far (LIKE own.audit);
ALTER TABLE own.far DROP COLUMN actor, ADD COLUMN actor text NOT NULL;
BEGIN;
ALTER TABLE own.audit DETACH PARTITION own.audit_default;
ALTER TABLE own.audit ATTACH PARTITION own.far DEFAULT;
ALTER TABLE own.audit DETACH PARTITION :"schema".:"month";
INSERT INTO own.users (data) VALUES ('{"userName": "another order"}');
SELECT actor = session_user AS actor, operation FROM own.far;
SELECT bool_and(whole) FROM whole();
ROLLBACK;

-- in one transaction: the next statement sees the row
DO $$ BEGIN
    PERFORM scim.create_resource('User', '{"userName": "seen"}');
    RAISE WARNING '% and %', (SELECT count(*) FROM own.audit WHERE xmin::text = pg_current_xact_id()::xid::text AND resource_type = 'User'),
        (SELECT count(*) FROM own.event WHERE transaction_id = pg_current_xact_id());
END $$;
SELECT count(*), bool_and(whole) FROM whole();
SELECT actor, count(*) FROM (SELECT CASE actor WHEN session_user THEN 'the session' ELSE actor END FROM whole()) w (actor) GROUP BY 1 ORDER BY 1;
DROP FUNCTION whole, taken, notice, alter_row, no_row, move_row;
DROP TABLE noticed;
SELECT scim.drop_store('own', true);
