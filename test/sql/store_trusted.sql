-- What triggers and policies that the owner of a store has added to its tables say of the session ends with our statement, which is done and audited as who has asked
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE ROLE regress_trusted_app;
SELECT scim.create_store('trusted');
SET scim.store = 'trusted';
SELECT secret AS t1 FROM scim.create_token('one') \gset
SELECT scim.create_tenant('two') AS two;
BEGIN;
SET LOCAL scim.tenant = 2;
SELECT secret AS t2 FROM scim.create_token('two') \gset
COMMIT;
CREATE SCHEMA trusted_app;
CREATE TABLE trusted_app.secret (secret text);
INSERT INTO trusted_app.secret VALUES (:'t2');
CREATE SEQUENCE trusted_app.ran;
-- at one place after another somebody else is proved, and settings are made that stay
CREATE FUNCTION trusted_app.say(place text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF place = current_setting('trusted.place', true) THEN
    PERFORM nextval('trusted_app.ran');
    PERFORM scim.authenticate('Bearer ' || secret) FROM trusted_app.secret;
    PERFORM set_config(name, value, false) FROM (VALUES ('scim.tenant', '2'), ('scim.actor', 'leak'), ('scim.me', 'leak'), ('timezone', 'Asia/Tokyo'), ('search_path', 'trusted_app'), ('statement_timeout', '99min')) s (name, value);
  END IF;
  RETURN true;
END $$;
CREATE FUNCTION trusted_app.triggered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM trusted_app.say(concat_ws(' ', lower(tg_when), lower(tg_level), regexp_replace(tg_name, '\d', '', 'g'))); RETURN coalesce(new, old); END $$;
DO $$
BEGIN
  EXECUTE (SELECT string_agg(format('CREATE TRIGGER "0%1$s" BEFORE INSERT OR UPDATE OR DELETE ON trusted.%1$I FOR EACH ROW EXECUTE FUNCTION trusted_app.triggered(); CREATE TRIGGER z%1$s AFTER INSERT OR UPDATE OR DELETE ON trusted.%1$I FOR EACH ROW EXECUTE FUNCTION trusted_app.triggered();
    CREATE TRIGGER "0s%1$s" BEFORE INSERT OR UPDATE OR DELETE ON trusted.%1$I FOR EACH STATEMENT EXECUTE FUNCTION trusted_app.triggered(); CREATE TRIGGER "1s%1$s" AFTER INSERT OR UPDATE OR DELETE ON trusted.%1$I FOR EACH STATEMENT EXECUTE FUNCTION trusted_app.triggered()', t), ';')
    FROM unnest('{users,groups,member}'::text[]) t);
END $$;
CREATE POLICY say ON trusted.resource AS RESTRICTIVE USING (trusted_app.say('policy')) WITH CHECK (trusted_app.say('policy of new rows'));
UPDATE trusted.policy SET enabled = true WHERE kind = 'events';
SELECT scim.create_resource('User', '{"userName": "ada"}') ->> 'userName' AS user_name, scim.create_resource('Group', '{"displayName": "old"}') ->> 'displayName' AS display_name;
CREATE FUNCTION trusted_app.state() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', scim.actor(), scim.tenant(), current_setting('scim.tenant', true), current_setting('scim.actor', true), current_setting('scim.me', true), current_setting('timezone'), current_setting('statement_timeout'))
$$;
CREATE FUNCTION trusted_app.who(since timestamptz, OUT audited text, OUT told text) LANGUAGE sql SECURITY DEFINER AS $$
  SELECT (SELECT string_agg(DISTINCT concat_ws('/', tenant_id, actor), ', ') FROM trusted.audit WHERE at > since), (SELECT string_agg(DISTINCT concat_ws('/', tenant_id, actor), ', ') FROM trusted.event WHERE at > since)
$$;
CREATE VIEW trusted_app.anybody AS SELECT id FROM trusted.users WHERE user_name = 'ada';
CREATE VIEW trusted_app.anygroup AS SELECT id FROM trusted.groups;
-- what is done as token one, undone: whether anything ran, what the session says afterwards where that is other than before, and who has done it by the audit and the events
CREATE FUNCTION trusted_app.try(place text, statement text, OUT ran boolean, OUT said text, OUT state text, OUT audited text, OUT told text) LANGUAGE plpgsql AS $$
DECLARE before text; since timestamptz := clock_timestamp();
BEGIN
  PERFORM setval('trusted_app.ran', 1, false);
  BEGIN
    PERFORM scim.authenticate('Bearer ' || current_setting('trusted.secret'));
    before := trusted_app.state();
    PERFORM set_config('trusted.place', place, true);
    BEGIN
      EXECUTE statement INTO said;
    EXCEPTION WHEN insufficient_privilege THEN
      said := SQLERRM;
    END;
    PERFORM set_config('trusted.place', '', true);
    IF trusted_app.state() <> before THEN state := trusted_app.state(); END IF;
    SELECT w.audited, w.told INTO audited, told FROM trusted_app.who(since) w;
    RAISE EXCEPTION USING errcode = 'UNDON';
  EXCEPTION WHEN SQLSTATE 'UNDON' THEN NULL;
  END;
  ran := (SELECT is_called FROM trusted_app.ran);
END $$;
SELECT set_config('trusted.secret', :'t1', false) IS NOT NULL AS set;
CREATE VIEW trusted_app.statements AS SELECT * FROM (VALUES
  (1, 'request', $$SELECT status FROM scim.request('POST', '/Users', '{}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "new"}')$$),
  (2, 'create', $$SELECT scim.create_resource('User', '{"userName": "new"}') ->> 'userName'$$),
  (3, 'patch', $$SELECT scim.patch_resource('User', id, '[{"op": "replace", "path": "title", "value": "Dr"}]') ->> 'title' FROM trusted_app.anybody$$),
  (4, 'group', $$SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'g', 'members', jsonb_build_array(jsonb_build_object('value', id)))) ->> 'displayName' FROM trusted_app.anybody$$),
  (5, 'member', $$SELECT jsonb_array_length(scim.patch_resource('Group', g.id, jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', u.id))))) -> 'members') FROM trusted_app.anybody u, trusted_app.anygroup g$$),
  (6, 'delete', $$SELECT 'gone' FROM (SELECT scim.delete_resource('User', id) FROM trusted_app.anybody) x$$),
  (7, 'get', $$SELECT scim.get_resource('User', id) ->> 'userName' FROM trusted_app.anybody$$),
  (8, 'search', $$SELECT scim.search('User', 'userName eq "ada"') ->> 'totalResults'$$)) s (n, name, statement);
-- as who owns the store, and as one whose rows policies choose
SELECT s.name, p AS place, t.* FROM trusted_app.statements s CROSS JOIN unnest('{none,policy,policy of new rows,before row users,after row zusers,before statement susers,after statement susers,before row groups,after row zgroups,before row member,after row zmember,before statement smember}'::text[]) WITH ORDINALITY AS x (p, o)
CROSS JOIN LATERAL trusted_app.try(p, s.statement) t WHERE t.ran OR p = 'none' ORDER BY s.n, o;
GRANT USAGE ON SCHEMA trusted, trusted_app TO regress_trusted_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON trusted.resource, trusted.users, trusted.groups, trusted.member TO regress_trusted_app;
GRANT SELECT ON ALL TABLES IN SCHEMA trusted_app TO regress_trusted_app;
GRANT ALL ON SEQUENCE trusted_app.ran TO regress_trusted_app;
SET ROLE regress_trusted_app;
SELECT s.name, p AS place, t.* FROM trusted_app.statements s CROSS JOIN unnest('{none,policy,policy of new rows,before row users,after row zusers,before statement susers,after statement susers,before row groups,after row zgroups,before row member,after row zmember,before statement smember}'::text[]) WITH ORDINALITY AS x (p, o)
CROSS JOIN LATERAL trusted_app.try(p, s.statement) t WHERE t.ran OR p = 'none' ORDER BY s.n, o;
RESET ROLE;
RESET scim.store;
SELECT scim.drop_store('trusted', true);
DROP SCHEMA trusted_app CASCADE;
DROP ROLE regress_trusted_app;
