-- Each trigger function called on each table of a store in each way that CREATE TRIGGER allows, by the store's owner:
-- what it was not made for is refused, and no row is taken for one of another table
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE ROLE regress_scim_called;
SELECT format('GRANT CREATE ON DATABASE %I TO regress_scim_called', current_database()) AS grant_it \gset
:grant_it;
GRANT EXECUTE ON FUNCTION scim.create_token(text, timestamptz, text[]) TO regress_scim_called;
SET ROLE regress_scim_called;
SELECT scim.create_store('called');
SET scim.store = 'called';
INSERT INTO called.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "u1", "password": "secret"}');
INSERT INTO called.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000000a', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT secret IS NOT NULL AS has_secret FROM scim.create_token('called');
INSERT INTO called.setting (name, value) VALUES ('access_token_lifetime', '600');
-- what each table is written by
CREATE TEMP TABLE written (relation text, event text, statement text);
INSERT INTO written VALUES
    ('users', 'INSERT', $$INSERT INTO called.users (data) VALUES ('{"userName": "u2"}')$$),
    ('users', 'UPDATE', $$UPDATE called.users SET active = false$$),
    ('users', 'DELETE', $$DELETE FROM called.users$$),
    ('member', 'INSERT', $$INSERT INTO called.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-0000000000ff')$$),
    ('member', 'UPDATE', $$UPDATE called.member SET member_type = member_type$$),
    ('member', 'DELETE', $$DELETE FROM called.member$$),
    ('token', 'INSERT', $$SELECT scim.create_token('again')$$),
    ('token', 'UPDATE', $$UPDATE called.token SET description = 'other'$$),
    ('token', 'DELETE', $$DELETE FROM called.token$$),
    ('setting', 'INSERT', $$INSERT INTO called.setting (name, value) VALUES ('base_url', '"https://example.com"')$$),
    ('setting', 'UPDATE', $$UPDATE called.setting SET value = '700'$$),
    ('setting', 'DELETE', $$DELETE FROM called.setting$$),
    ('policy', 'INSERT', $$INSERT INTO called.policy (resource_type, kind, name, settings) VALUES ('Group', 'canonical', 'canonical', '{"attributes": ["members.type"]}')$$),
    ('policy', 'UPDATE', $$UPDATE called.policy SET enabled = false$$),
    ('policy', 'DELETE', $$DELETE FROM called.policy$$),
    ('schema', 'INSERT', $$SELECT scim.register_schema('{"id": "urn:called:x", "name": "x", "attributes": [{"name": "a"}]}')$$),
    ('schema', 'UPDATE', $$UPDATE called.schema SET document = document$$),
    ('schema', 'DELETE', $$DELETE FROM called.schema$$),
    ('tenant', 'INSERT', $$INSERT INTO called.tenant (tenant_id, name) VALUES (2, 'b')$$),
    ('tenant', 'UPDATE', $$UPDATE called.tenant SET name = 'x'$$),
    ('tenant', 'DELETE', $$DELETE FROM called.tenant$$),
    ('credential', 'UPDATE', $$UPDATE called.credential SET secret = secret$$),
    ('credential', 'DELETE', $$DELETE FROM called.credential$$),
    ('event', 'INSERT', $$INSERT INTO called.event (event_uri, resource_type, resource_id, version) VALUES ('urn:called:event', 'User', '00000000-0000-7000-8000-000000000001', 1)$$),
    ('event', 'DELETE', $$DELETE FROM called.event$$);
-- first of all, and last; each is taken back
CREATE FUNCTION pg_temp.call(function regproc, relation text, name text, timing text, level text, event text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER %I %s %s ON called.%I FOR EACH %s EXECUTE FUNCTION %s()', name, timing, event, relation, level, function);
    EXECUTE statement;
    RAISE EXCEPTION USING MESSAGE = 'done', ERRCODE = 'P9999';
EXCEPTION
    WHEN SQLSTATE 'P9999' THEN RETURN 'done';
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TEMP TABLE answer AS
SELECT p.proname, c.*, w.*, pg_temp.call(p.oid, w.relation, c.name, c.timing, c.level, w.event, w.statement) AS said
FROM pg_proc p, (VALUES ('a', 'BEFORE', 'ROW'), ('zz', 'BEFORE', 'ROW'), ('a', 'AFTER', 'ROW'), ('zz', 'BEFORE', 'STATEMENT'), ('a', 'AFTER', 'STATEMENT')) AS c (name, timing, level), written w
WHERE p.pronamespace = 'scim_internal'::regnamespace AND p.prorettype = 'trigger'::regtype AND p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'c');
SELECT count(DISTINCT proname) > 40 AS all_of_them, count(*) > 4000 AS many, count(*) FILTER (WHERE said LIKE '39P01 %') > 2000 AS most_are_called_wrongly FROM answer;
-- what only the server says of itself
SELECT proname, name, timing, level, relation, event, said FROM answer WHERE said ~ '^(XX|58|53|F0)' ORDER BY 1, 2, 3, 4, 5, 6;
-- by a trigger that does nothing all of them are done, or refused for what they are
SELECT relation, event, pg_temp.call('pg_temp.nothing', relation, 'none', 'AFTER', 'STATEMENT', event, statement) AS said FROM written ORDER BY 1, 2;
SELECT scim.drop_store('called', true);
RESET ROLE;
DROP OWNED BY regress_scim_called;
DROP ROLE regress_scim_called;
