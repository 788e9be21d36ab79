-- What unbound has of policies that bind who owns a table, and of those that do not bind the owner
\set VERBOSITY terse
SELECT scim.create_store('unbound_owner');
SET scim.store = 'unbound_owner';
CREATE VIEW pg_temp.warning AS SELECT w FROM jsonb_array_elements_text(scim.readiness() -> 'warnings') w WHERE w LIKE 'store "unbound_owner"%';
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% of %', tg_op, tg_table_name; RETURN NULL; END $$;
CREATE TRIGGER own_row AFTER INSERT ON unbound_owner.users FOR EACH ROW EXECUTE FUNCTION pg_temp.note();
ALTER TABLE unbound_owner.groups FORCE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.warning;
CREATE POLICY own ON unbound_owner.users AS RESTRICTIVE USING (user_name <> 'hidden');
CREATE POLICY own_parent ON unbound_owner.resource AS RESTRICTIVE USING (user_name IS DISTINCT FROM 'hidden');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "hidden"}');
CREATE POLICY own ON unbound_owner.resource AS RESTRICTIVE USING (user_name IS DISTINCT FROM 'hidden');
CREATE POLICY own_parent ON unbound_owner.users AS RESTRICTIVE USING (user_name <> 'hidden');
CREATE POLICY own_parent ON unbound_owner.groups AS RESTRICTIVE USING (true);
CREATE POLICY own ON unbound_owner.groups AS RESTRICTIVE USING (true);
SELECT * FROM pg_temp.warning;
ALTER TABLE unbound_owner.groups NO FORCE ROW LEVEL SECURITY;
SELECT * FROM pg_temp.warning;
SET client_min_messages = warning;
SELECT scim.drop_store('unbound_owner', true);
