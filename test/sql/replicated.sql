-- What logical replication writes into the tables of which sessions remember something, as a
-- subscriber does it: no other trigger of the store fires.
SELECT scim.create_store('replicated');
SET scim.store = 'replicated';
INSERT INTO replicated.users (data) SELECT jsonb_build_object('userName', 'user' || i) FROM generate_series(1, 5) i;
CREATE FUNCTION pg_temp.page() RETURNS int LANGUAGE sql AS $$ SELECT jsonb_array_length(scim.search('User') -> 'Resources') $$;
SELECT pg_temp.page();
CREATE FUNCTION pg_temp.applied(statement text) RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$ BEGIN EXECUTE statement; END $$;
SELECT pg_temp.applied($$INSERT INTO replicated.setting (name, value) VALUES ('max_results', '3')$$);
SELECT pg_temp.page();
SELECT pg_temp.applied($$UPDATE replicated.setting SET value = '2' WHERE name = 'max_results'$$);
SELECT pg_temp.page();
SELECT pg_temp.applied($$DELETE FROM replicated.setting WHERE name = 'max_results'$$);
SELECT pg_temp.page();
-- a schema: an attribute that is new
SELECT scim.is_valid('User', '{"userName": "x", "badge": "7"}');
SELECT pg_temp.applied($$UPDATE replicated.schema SET document = jsonb_set(document, '{attributes,0}', (document #> '{attributes,0}') || '{"name": "badge"}')
WHERE id = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'$$);
SELECT scim.is_valid('User', '{"userName": "x", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"badge": "7"}}');
-- a policy
SELECT scim.is_valid('User', '{"userName": "x"}');
SELECT pg_temp.applied($$INSERT INTO replicated.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'title', '{"require": "title pr"}')$$);
SELECT scim.is_valid('User', '{"userName": "x"}');
SELECT pg_temp.applied($$DELETE FROM replicated.policy WHERE kind = 'condition'$$);
SELECT scim.is_valid('User', '{"userName": "x"}');
-- a tenant, and an endpoint
SELECT status FROM scim.request('GET', '/people');
SELECT pg_temp.applied($$INSERT INTO replicated.endpoint (name, methods, path, resource_type, action) VALUES ('people', '{GET}', '/people', 'User', 'list')$$);
SELECT status FROM scim.request('GET', '/people');
SELECT pg_temp.applied($$INSERT INTO replicated.tenant (tenant_id, name) VALUES (2, 'second')$$);
SELECT scim.tenant();
SET scim.tenant = 2;
SELECT pg_temp.page();
RESET scim.tenant;
-- every table of which something is remembered has the trigger, always on
SELECT tgrelid::regclass, tgenabled FROM pg_trigger WHERE tgname = 'scim_replicated' AND tgrelid::regclass::text ~ '^replicated' ORDER BY 1;
SELECT DISTINCT t.tgrelid::regclass FROM pg_trigger t WHERE t.tgfoid = ANY (ARRAY['scim_internal.registry_changed', 'scim_internal.endpoint_changed']::regproc[]) AND t.tgrelid::regclass::text ~ '^replicated'
EXCEPT SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'scim_replicated';
-- and TRUNCATE one of its own, after which sessions read the table anew
SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgrelid::regclass::text ~ '^replicated' AND tgtype & 32 > 0 AND tgtype & 28 > 0;
INSERT INTO replicated.setting (name, value) VALUES ('max_results', '3');
SELECT pg_temp.page();
TRUNCATE replicated.setting;
SELECT pg_temp.page();
TRUNCATE replicated.endpoint;
SELECT status FROM scim.request('GET', '/people');
-- brought forward from an earlier version, a store has them, too
SELECT count(*) FROM scim_internal.store_repairs('replicated') WHERE statement ~ 'ENABLE ALWAYS TRIGGER scim_replicated$';
SET client_min_messages = warning;
SELECT scim.drop_store('replicated', true);
