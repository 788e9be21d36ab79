-- What somebody puts on one table of a store and does not bind what goes by another: scim.readiness() warns of it.
\set VERBOSITY terse
SELECT scim.create_store('unbound');
SET scim.store = 'unbound';
CREATE VIEW pg_temp.warning AS SELECT w FROM jsonb_array_elements_text(scim.readiness() -> 'warnings') w WHERE w LIKE 'store "unbound"%';
SELECT * FROM pg_temp.warning;
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% of %', tg_op, tg_table_name; RETURN NULL; END $$;
-- these bind whatever way a row comes
CREATE TRIGGER own_row AFTER INSERT ON unbound.users FOR EACH ROW EXECUTE FUNCTION pg_temp.note();
ALTER TABLE unbound.users ADD CONSTRAINT own CHECK (user_name <> 'x');
SELECT * FROM pg_temp.warning;
-- these do not
CREATE POLICY own ON unbound.users AS RESTRICTIVE USING (user_name <> 'hidden');
CREATE TRIGGER own_statement AFTER INSERT ON unbound.users EXECUTE FUNCTION pg_temp.note();
CREATE RULE own AS ON DELETE TO unbound.groups DO INSTEAD NOTHING;
CREATE POLICY own_parent ON unbound.resource AS RESTRICTIVE USING (user_name IS DISTINCT FROM 'hidden');
ALTER TABLE unbound.audit_default DISABLE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.warning;
-- not to clients
SELECT scim.readiness('nobody') ? 'warnings' AS warns;
INSERT INTO unbound.users (user_name, data) VALUES ('plain', '{}');
-- on both, under the same name
CREATE POLICY own ON unbound.resource AS RESTRICTIVE USING (user_name IS DISTINCT FROM 'hidden');
CREATE POLICY own_parent ON unbound.users AS RESTRICTIVE USING (user_name <> 'hidden');
CREATE POLICY own_parent ON unbound.groups AS RESTRICTIVE USING (true);
CREATE POLICY own ON unbound.groups AS RESTRICTIVE USING (true);
CREATE TRIGGER own_statement AFTER INSERT ON unbound.resource EXECUTE FUNCTION pg_temp.note();
DROP RULE own ON unbound.groups;
ALTER TABLE unbound.audit_default ENABLE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.warning;
SET client_min_messages = warning;
SELECT scim.drop_store('unbound', true);
