-- Views of resources: what takes which privilege, and what somebody may try
SET client_min_messages = warning;
SELECT scim.create_store('borough');
RESET client_min_messages;
SET scim.store = 'borough';
\set SHOW_CONTEXT never
CREATE ROLE regress_view_reader;
CREATE ROLE regress_view_writer;
CREATE ROLE regress_view_owner;
GRANT USAGE ON SCHEMA borough TO regress_view_reader, regress_view_writer;
INSERT INTO borough.people (user_name, title) VALUES ('ada', 'Countess');
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    count bigint;
BEGIN
    EXECUTE statement;
    GET DIAGNOSTICS count = ROW_COUNT;
    RETURN 'rows: ' || count;
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace) AS grant_them \gset
:grant_them;
-- the view opens nothing: whoever reads it needs the table, too
GRANT SELECT, INSERT, UPDATE, DELETE ON borough.people TO regress_view_reader, regress_view_writer;
SET ROLE regress_view_reader;
SELECT what, pg_temp.try(what) FROM unnest(ARRAY['SELECT user_name FROM borough.people', 'INSERT INTO borough.people (user_name) VALUES (''x'')', 'UPDATE borough.people SET title = ''x''', 'DELETE FROM borough.people', 'SELECT scim.create_view(''User'', ''mine'')', 'ALTER VIEW borough.people RENAME TO mine']) AS what;
RESET ROLE;
GRANT SELECT ON borough.users TO regress_view_reader;
SET ROLE regress_view_reader;
SELECT what, pg_temp.try(what) FROM unnest(ARRAY['SELECT user_name FROM borough.people', 'INSERT INTO borough.people (user_name) VALUES (''x'')', 'UPDATE borough.people SET title = ''x''', 'DELETE FROM borough.people']) AS what;
SELECT user_name, title FROM borough.people;
RESET ROLE;
-- whoever may insert and not read
GRANT INSERT ON borough.users TO regress_view_writer;
REVOKE SELECT ON borough.people FROM regress_view_writer;
SET ROLE regress_view_writer;
INSERT INTO borough.people (user_name) VALUES ('bob');
INSERT INTO borough.people (user_name) VALUES ('cem') RETURNING user_name;
RESET ROLE;
-- columns of the view are granted as those of a table are; what is not granted is not shown
GRANT SELECT (id, user_name) ON borough.people TO regress_view_writer;
GRANT SELECT, UPDATE ON borough.users TO regress_view_writer;
REVOKE UPDATE ON borough.people FROM regress_view_writer;
GRANT UPDATE (title) ON borough.people TO regress_view_writer;
SET ROLE regress_view_writer;
SELECT what, pg_temp.try(what) FROM unnest(ARRAY['SELECT title FROM borough.people', 'UPDATE borough.people SET title = ''Sir'' WHERE user_name = ''bob'' RETURNING user_name', 'UPDATE borough.people SET nick_name = ''x'' WHERE user_name = ''bob''', 'UPDATE borough.people SET title = ''Sir'' WHERE user_name = ''bob'' RETURNING title']) AS what;
RESET ROLE;
SELECT user_name, title FROM borough.people ORDER BY 1;
-- tenants are apart
SELECT scim.create_tenant('two', 'https://two.example.com') AS two;
INSERT INTO borough.tenant_role (role, tenant_id) VALUES ('regress_view_reader', 2);
GRANT ALL ON borough.users TO regress_view_reader;
SET scim.tenant = 2;
SET ROLE regress_view_reader;
SELECT user_name FROM borough.people;
INSERT INTO borough.people (user_name) VALUES ('ada') RETURNING tenant_id, user_name;
INSERT INTO borough.people (tenant_id, user_name) VALUES (1, 'eve');
UPDATE borough.people SET tenant_id = 1;
DELETE FROM borough.people WHERE tenant_id = 1;
RESET ROLE;
RESET scim.tenant;
-- who sees all may write for any; what he sees are those of the tenant for whom he acts
INSERT INTO borough.people (tenant_id, user_name) VALUES (2, 'cara') RETURNING tenant_id, user_name;
SELECT user_name FROM borough.people ORDER BY 1;
SELECT tenant_id, user_name, status FROM borough.users ORDER BY 1, 2;

-- scopes of a token that is proved bind who writes, and make no views
SELECT (scim.create_token('reader', scopes => '{read}')).secret \gset
BEGIN;
SELECT scim.authenticate('Bearer ' || :'secret') AS tenant;
SELECT user_name FROM borough.people ORDER BY 1;
SELECT pg_temp.try('UPDATE borough.people SET title = ''x'' WHERE user_name = ''bob'''), pg_temp.try('SELECT scim.create_view(''User'', ''mine'')');
COMMIT;
-- policies and bound tables: RETURNING shows what they have made
CREATE TABLE public.borough_person (email text PRIMARY KEY, first_name text);
CREATE FUNCTION public.borough_lower() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN new.first_name := lower(new.first_name); RETURN new; END $$;
CREATE TRIGGER lower BEFORE INSERT OR UPDATE ON public.borough_person FOR EACH ROW EXECUTE FUNCTION public.borough_lower();
SELECT * FROM scim.bind_table('User', 'public.borough_person', '{"attributes": {"userName": "email", "name.givenName": "first_name"}}');
INSERT INTO borough.people (user_name, given_name) VALUES ('gus', 'GUS') RETURNING user_name, given_name;
UPDATE borough.people SET given_name = 'GUSTAV', title = 'Sir' WHERE user_name = 'gus' RETURNING given_name, title;
UPDATE public.borough_person SET first_name = 'gusti' WHERE email = 'gus';
SELECT given_name FROM borough.people WHERE user_name = 'gus';
DELETE FROM borough.people WHERE user_name = 'gus';
SELECT count(*) FROM public.borough_person WHERE email = 'gus';
SELECT * FROM scim.check_binding();
SELECT scim.unbind_table('public.borough_person');
DROP TABLE public.borough_person;
DROP FUNCTION public.borough_lower();
INSERT INTO borough.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'few', '{"on": ["delete"], "limit": 1, "seconds": 3600}');
SELECT pg_temp.try('DELETE FROM borough.people WHERE user_name IN (''ada'', ''bob'')');
DELETE FROM borough.policy WHERE kind = 'guard';

-- A view of the owner of the store, in a schema of somebody else
CREATE SCHEMA borough_app AUTHORIZATION regress_view_owner;
ALTER SCHEMA borough OWNER TO regress_view_writer;
SELECT count(pg_temp.try(format('ALTER TABLE %s OWNER TO regress_view_writer', c.oid::regclass))) > 30 AS given FROM pg_class c WHERE c.relnamespace = 'borough'::regnamespace AND c.relkind IN ('r', 'p', 'v');
SELECT pg_temp.try('SELECT scim.create_view(''User'', ''borough_app.people'')');
GRANT USAGE, CREATE ON SCHEMA borough_app TO regress_view_writer;
SELECT pg_temp.try('SELECT scim.create_view(''User'', ''borough_app.people'')');
SELECT relowner::regrole FROM pg_class WHERE oid = 'borough_app.people'::regclass;
-- who makes it need not be a superuser
SET ROLE regress_view_writer;
SELECT scim.create_view('User', 'borough_app.more');
SELECT scim.register_schema('{"id": "urn:example:Size", "name": "Size", "attributes": [{"name": "shoeSize", "type": "integer"}]}') ->> 'id' AS id;
RESET ROLE;
REVOKE CREATE ON SCHEMA borough_app FROM regress_view_writer;
ALTER VIEW borough.teams OWNER TO regress_view_owner;
SET ROLE regress_view_writer;
SELECT scim.register_resource_type(document || '{"schemaExtensions": [{"schema": "urn:example:Size", "required": false}]}') ->> 'name' AS name FROM borough.resource_type ORDER BY name DESC;
INSERT INTO borough.people (user_name, shoe_size) VALUES ('fay', 40) RETURNING user_name, shoe_size;
RESET ROLE;
SELECT c.oid::regclass, bool_or(a.attname = 'shoe_size') AS has_it FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.oid::regclass::text ~ '(people|more|teams)$' AND c.relkind = 'v' GROUP BY 1 ORDER BY 1::text;

-- The trigger on what is no view of ours
CREATE TABLE public.view_table (id uuid, tenant_id int, data jsonb, status text);
CREATE VIEW public.view_self AS SELECT id, tenant_id, data, status FROM public.view_table;
CREATE VIEW public.view_two AS SELECT u.id, u.tenant_id, u.data, u.status FROM borough.users u, borough.groups g;
CREATE VIEW public.view_none AS SELECT scim.uuid_v7() AS id, 1 AS tenant_id, '{}'::jsonb AS data, 'ACTIVE'::text AS status;
CREATE VIEW public.view_all AS SELECT id, tenant_id, data, status FROM borough.resource;
CREATE VIEW public.view_lies AS SELECT id, tenant_id, data, status, version, now() AS at, user_name FROM borough.users;
GRANT ALL ON public.view_table, public.view_self, public.view_two, public.view_none, public.view_all, public.view_lies TO PUBLIC;
CREATE FUNCTION pg_temp.make(view text, arguments text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER lure INSTEAD OF INSERT OR UPDATE OR DELETE ON public.%s FOR EACH ROW EXECUTE FUNCTION scim_internal.view_row(%s)', view, arguments);
    RETURN concat_ws(' | ', pg_temp.try(format('INSERT INTO public.%s DEFAULT VALUES', view)), pg_temp.try(format('INSERT INTO public.%s (data) VALUES (''{"userName": "%s"}'')', view, replace(arguments, '''', ''))),
        pg_temp.try(format('UPDATE public.%s SET status = ''SUSPENDED''', view)), pg_temp.try(format('DELETE FROM public.%s', view)));
END $$;
SELECT v.*, pg_temp.make(v.view, v.arguments) FROM (VALUES
    ('view_self', '''User'', ''@id'', ''@tenant_id'', ''@data'', ''@status'''), ('view_two', '''User'', ''@id'', ''@tenant_id'', ''@data'', ''@status'''), ('view_none', '''User'', ''@id'', ''@tenant_id'', ''@data'', ''@status'''),
    ('view_all', '''User'', ''@id'', ''@tenant_id'', ''@data'', ''@status'''), ('view_lies', ''), ('view_lies', '''Nobody'''), ('view_lies', '''Group'', ''@id'', ''@tenant_id'', ''@data'', ''@status'''), ('view_lies', '''User'''), ('view_lies', '''User'', ''@id'', ''@tenant_id'', ''@data'''),
    ('view_lies', '''User'', ''@id'', ''@data'', ''@data'', ''@status'''), ('view_lies', '''User'', ''@id'', ''@nothing'''), ('view_lies', '''User'', ''@id'', ''@tenant_id'', ''@data'', ''@status'', ''@deleted_at'''),
    ('view_lies', '''User'', ''@id'', ''@tenant_id'', ''@data'', ''@status'', ''title'', ''title[primary eq true].value'', ''emails[''')) AS v (view, arguments);
-- what it writes is what the caller might have written
UPDATE public.view_lies SET version = 9, user_name = 'z' WHERE user_name = 'ada';
SET ROLE regress_view_owner;
INSERT INTO public.view_lies (data) VALUES ('{"userName": "mallory"}');
RESET ROLE;
CREATE TRIGGER lure BEFORE INSERT ON public.view_table FOR EACH ROW EXECUTE FUNCTION scim_internal.view_row('User');
INSERT INTO public.view_table DEFAULT VALUES;
SELECT scim_internal.view_row();
SELECT scim_internal.view_paths('public.view_table'), scim_internal.view_paths('borough.leaver'), scim_internal.view_paths(0), scim_internal.view_table('public.view_table'), scim_internal.view_table('public.view_two'), scim_internal.view_table('public.view_lies'), scim_internal.view_table(0);
-- a view whose table is none of a store any more
CREATE VIEW public.view_late AS SELECT id, tenant_id, data, status FROM borough.users;
DROP VIEW public.view_two, public.view_none, public.view_all, public.view_lies, public.view_self, public.view_late;
DROP TABLE public.view_table;
SET client_min_messages = warning;
SELECT scim.drop_store('borough', true);
DROP SCHEMA borough_app CASCADE;
DROP ROLE regress_view_reader, regress_view_writer, regress_view_owner;
