-- Who may make triggers on a store's tables, and owns none of them, does not get the rights
-- of the store's owner by them: the service writes these tables as the owner, and a trigger
-- runs as whoever writes.
SET client_min_messages = warning;
SELECT scim.create_store('guarded');
CREATE ROLE regress_scim_owner;
CREATE ROLE regress_scim_trigger;
SELECT format('GRANT CREATE, TEMP ON DATABASE %I TO regress_scim_trigger', current_database()) AS grant_them \gset
:grant_them;
GRANT USAGE ON SCHEMA guarded TO regress_scim_trigger;
GRANT ALL ON ALL TABLES IN SCHEMA guarded TO regress_scim_trigger;
SET scim.store = 'guarded';
CREATE SCHEMA guarded_app AUTHORIZATION regress_scim_trigger;
INSERT INTO guarded.policy (resource_type, kind, settings) VALUES ('User', 'unique', '{"attributes": ["nickName"]}');
UPDATE guarded.policy SET enabled = true WHERE kind = 'events';
INSERT INTO guarded.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "bjensen"}');
INSERT INTO guarded.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000a', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');

-- who runs what a trigger calls, and what becomes of a write that fires it
CREATE FUNCTION public.guarded_try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        RETURN regexp_replace(concat_ws(' ', SQLSTATE, SQLERRM, detail), 'pg_temp_[0-9]+|run as "\w+"', '...', 'g');
END
$$;
SET ROLE regress_scim_trigger;
CREATE TABLE guarded_app.ran (who name, at name);
GRANT ALL ON guarded_app.ran TO PUBLIC;
GRANT USAGE ON SCHEMA guarded_app TO PUBLIC;
CREATE FUNCTION guarded_app.own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO guarded_app.ran VALUES (current_user, regexp_replace(TG_TABLE_NAME, '_\d+_\d+$', ''));
    RETURN coalesce(new, old);
END
$$;
CREATE FUNCTION guarded_app.holds(text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO guarded_app.ran VALUES (current_user, 'condition');
    RETURN true;
END
$$;
CREATE DOMAIN guarded_app.odd AS text CHECK (guarded_app.holds(VALUE));
CREATE OPERATOR guarded_app.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);

-- each table, each kind of trigger: what the caller writes himself runs as he, the rest is refused
CREATE FUNCTION pg_temp.with_trigger(definition text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
    ran text;
BEGIN
    EXECUTE definition;
    answer := public.guarded_try(query);
    SELECT string_agg(DISTINCT who || ' ' || at, ', ' ORDER BY who || ' ' || at) INTO ran FROM guarded_app.ran;
    RAISE EXCEPTION USING MESSAGE = concat_ws(' / ', answer, ran), ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.own() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO guarded_app.ran VALUES (current_user, TG_TABLE_NAME); RETURN new; END';
\set create '''INSERT INTO guarded.users (data) VALUES (''''{"userName": "v", "nickName": "n", "password": "correct horse"}'''')'''
\set leave '''DELETE FROM guarded.users WHERE user_name = ''''bjensen'''''''
SELECT t, timing, pg_temp.with_trigger(format('CREATE TRIGGER t %s ON guarded.%I FOR EACH %s', timing, t, what), :create)
FROM unnest(ARRAY['audit', 'event', 'unique_value', 'credential']) AS t,
     (VALUES ('BEFORE INSERT', 'ROW EXECUTE FUNCTION guarded_app.own()'), ('AFTER INSERT', 'STATEMENT EXECUTE FUNCTION guarded_app.own()')) AS x (timing, what);
SELECT t, pg_temp.with_trigger(format('CREATE TRIGGER t AFTER UPDATE OR DELETE ON guarded.%I FOR EACH ROW EXECUTE FUNCTION guarded_app.own()', t), :leave)
FROM unnest(ARRAY['member', 'groups', 'resource', 'users']) AS t;
SELECT pg_temp.with_trigger('CREATE TRIGGER t BEFORE INSERT ON guarded.audit FOR EACH ROW EXECUTE FUNCTION pg_temp.own()', :create);
SELECT pg_temp.with_trigger('CREATE CONSTRAINT TRIGGER t AFTER INSERT ON guarded.audit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guarded_app.own()', :create);
-- what its condition calls
SELECT condition, pg_temp.with_trigger(format('CREATE TRIGGER t AFTER INSERT ON guarded.audit FOR EACH ROW WHEN (%s) EXECUTE FUNCTION suppress_redundant_updates_trigger()', condition), :create)
FROM unnest(ARRAY['guarded_app.holds(new.actor)', 'new.actor::guarded_app.odd IS NULL', 'new.actor OPERATOR(guarded_app.===) ''x''', 'new.actor = ''x''']) AS condition;
-- his own writes are his own, and so are triggers
SELECT pg_temp.with_trigger('CREATE TRIGGER t BEFORE INSERT ON guarded.users FOR EACH ROW EXECUTE FUNCTION guarded_app.own()', :create);
-- requests, too
CREATE TRIGGER t AFTER INSERT ON guarded.audit FOR EACH ROW EXECUTE FUNCTION guarded_app.own();
RESET ROLE;
SELECT public.guarded_try(:create);
SELECT public.guarded_try('SELECT scim.create_resource(''User'', ''{"userName": "v"}'')');
-- switched off, or of the owner: it is his business
ALTER TABLE guarded.audit DISABLE TRIGGER t;
SELECT public.guarded_try(:create);
ALTER TABLE guarded.audit ENABLE TRIGGER t;
ALTER FUNCTION guarded_app.own() OWNER TO CURRENT_USER;
SET ROLE regress_scim_trigger;
SELECT public.guarded_try(replace(replace(:create, '"v"', '"w"'), '"n"', '"o"'));
SELECT count(*) FROM guarded_app.ran;
RESET ROLE;
-- the owner of the store need not be a superuser
DROP TRIGGER t ON guarded.audit;
ALTER FUNCTION guarded_app.own() OWNER TO regress_scim_owner;
DO $$
DECLARE
    t regclass;
BEGIN
    FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'guarded'::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO regress_scim_owner', t);
    END LOOP;
END
$$;
ALTER SCHEMA guarded OWNER TO regress_scim_owner;
CREATE TRIGGER t AFTER INSERT ON guarded.audit FOR EACH ROW EXECUTE FUNCTION guarded_app.own();
TRUNCATE guarded_app.ran;
SELECT public.guarded_try(replace(replace(:create, '"v"', '"x"'), '"n"', '"p"'));
SELECT DISTINCT who, at FROM guarded_app.ran;
DROP FUNCTION public.guarded_try, guarded_app.own CASCADE;
DROP SCHEMA guarded_app CASCADE;
SELECT scim.drop_store('guarded', true);
DROP OWNED BY regress_scim_trigger, regress_scim_owner;
DROP ROLE regress_scim_trigger, regress_scim_owner;
