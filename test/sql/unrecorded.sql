-- What the store cannot record is no fault of the client: 503, and nothing has happened; a table that has another name is no reason to serve nobody
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('lame');
SET scim.store = 'lame';
UPDATE lame.policy SET enabled = true WHERE kind = 'events';
INSERT INTO lame.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "ann"}');
CREATE FUNCTION pg_temp.tried(OUT what text, OUT status int, OUT detail text) RETURNS SETOF record LANGUAGE sql AS $$
    SELECT method || ' ' || path, r.status, (CASE WHEN path = '/Bulk' THEN r.body::jsonb #> '{Operations,0,response}' ELSE r.body::jsonb END) ->> 'detail'
    FROM (VALUES ('POST', '/Users', '{"userName": "bob"}'), ('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "x"}]}'),
        ('PUT', '/Users/00000000-0000-7000-8000-000000000001', '{"userName": "ann", "title": "y"}'), ('POST', '/Groups', '{"displayName": "g"}'), ('DELETE', '/Users/00000000-0000-7000-8000-000000000001', NULL),
        ('POST', '/Bulk', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000001"}]}')) AS t (method, path, body),
        LATERAL scim.request(method, path, body => body) AS r
$$;
-- no partition of the audit is there for what is written now
CREATE TEMP TABLE had AS SELECT p.relid::regclass AS part, pg_get_expr(c.relpartbound, c.oid) AS bounds FROM pg_partition_tree('lame.audit') p JOIN pg_class c ON c.oid = p.relid WHERE p.isleaf;
DO $$ DECLARE p record; BEGIN FOR p IN SELECT * FROM had LOOP EXECUTE format('ALTER TABLE lame.audit DETACH PARTITION %s', p.part); END LOOP; END $$;
SELECT * FROM pg_temp.tried();
SELECT status FROM scim.request('GET', '/Users');
INSERT INTO lame.users (data) VALUES ('{"userName": "cleo"}');
SELECT scim.delete_resource('User', '00000000-0000-7000-8000-000000000001');
DO $$ DECLARE p record; BEGIN FOR p IN SELECT * FROM had LOOP EXECUTE format('ALTER TABLE lame.audit ATTACH PARTITION %s %s', p.part, p.bounds); END LOOP; END $$;
-- a column or a constraint of somebody's that rows of the store's own making do not have
ALTER TABLE lame.event ADD CONSTRAINT must CHECK (event_uri = 'never') NOT VALID;
SELECT * FROM pg_temp.tried() WHERE what <> 'POST /Groups';
ALTER TABLE lame.event DROP CONSTRAINT must;
ALTER TABLE lame.audit ADD CONSTRAINT must CHECK (actor = 'never') NOT VALID;
SELECT * FROM pg_temp.tried();
ALTER TABLE lame.audit DROP CONSTRAINT must;
SELECT user_name, version, status FROM lame.users;
-- a table of resources that has another name, or stands elsewhere
ALTER TABLE lame.users RENAME TO staff;
SELECT readiness ->> 'status' AS status, readiness -> 'warnings' AS warnings FROM scim.readiness(stores => '{lame}') AS readiness;
SELECT status FROM scim.request('GET', '/Users');
CREATE TABLE public.lame_people (login text PRIMARY KEY);
SELECT scim.bind_table('User', 'public.lame_people', '{"attributes": {"userName": "login"}}') IS NOT NULL AS bound;
INSERT INTO public.lame_people VALUES ('dan');
SELECT status, body::jsonb -> 'totalResults' AS people FROM scim.request('GET', '/Users?filter=userName%20eq%20%22dan%22');
SELECT readiness ->> 'status' AS status, readiness -> 'problems' AS problems FROM scim.readiness(stores => '{lame}') AS readiness;
SELECT scim.create_view('User', 'lame.some');
SELECT user_name FROM lame.some ORDER BY 1;
SELECT scim.create_sort_index('User', 'title') IS NOT NULL AS made;
SELECT scim.begin_load('User');
SELECT scim.repair_store('lame') \gexec
SELECT to_regclass('lame.users') IS NOT NULL AS has_its_name, scim.readiness(stores => '{lame}') ->> 'status' AS status;
SELECT scim.unbind_table('public.lame_people');
DROP TABLE public.lame_people;
SELECT scim.drop_store('lame', true);
