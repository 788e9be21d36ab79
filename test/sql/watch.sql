-- What a store tells who watches it: scim.readiness and scim.statistics
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_scim_watcher;
SELECT scim.create_store('watched');
SELECT scim.create_store('watched too');
SET scim.store = 'watched';
RESET client_min_messages;

-- Ready are the stores that one may use, and nothing is said of others.
CREATE FUNCTION pg_temp.readiness(role text DEFAULT NULL) RETURNS TABLE (status text, stores int, writable boolean, problems jsonb) LANGUAGE sql
AS $$ SELECT r ->> 'status', (r ->> 'stores')::int, (r ->> 'writable')::boolean, r -> 'problems' FROM scim.readiness(role) AS r $$;
GRANT USAGE ON SCHEMA watched TO regress_scim_watcher;
SELECT format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace) AS grant_them \gset
:grant_them;
SET ROLE regress_scim_watcher;
SELECT * FROM pg_temp.readiness();
SELECT * FROM pg_temp.readiness('regress_scim_watcher');
SELECT * FROM pg_temp.readiness('nobody');
RESET ROLE;
REVOKE USAGE ON SCHEMA watched FROM regress_scim_watcher;
SET ROLE regress_scim_watcher;
SELECT * FROM pg_temp.readiness();
RESET ROLE;
GRANT USAGE ON SCHEMA watched, "watched too" TO regress_scim_watcher;
SET ROLE regress_scim_watcher;
SELECT * FROM pg_temp.readiness();
SHOW scim.store;
RESET ROLE;
-- of those that are asked for, each has to be there, and others do not matter
CREATE FUNCTION pg_temp.ready(VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', r ->> 'status', r ->> 'stores', r -> 'problems') FROM scim.readiness(stores => $1) AS r $$;
SELECT pg_temp.ready('watched'), pg_temp.ready('watched', 'nowhere', 'pg_catalog'), pg_temp.ready('Watched'), pg_temp.ready('watched', 'watched');
SELECT r ->> 'status' AS status, (r ->> 'stores')::int AS stores, r -> 'problems' AS problems FROM scim.readiness('regress_scim_watcher', '{watched}') AS r;
SET ROLE regress_scim_watcher;
SELECT pg_temp.ready('watched too'), pg_temp.ready('watched', 'directory');
RESET ROLE;
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE "watched too".store SET version = '0.0.9';
SET LOCAL session_replication_role = DEFAULT;
SELECT pg_temp.ready('watched'), starts_with(pg_temp.ready('watched', 'watched too'), 'not ready 2 ["store \"watched too\" is of version 0.0.9') AS named;
ROLLBACK;
-- every one that is not is named, one after the other
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE watched.store SET version = '0.0.9';
UPDATE "watched too".store SET version = '999.0.0';
SET LOCAL session_replication_role = DEFAULT;
SELECT jsonb_array_elements_text(problems) LIKE 'store "watched%" is of version %' AS problem, status, stores = (SELECT count(*) FROM pg_class WHERE relname = 'store' AND relkind = 'r') AS all_of_them
FROM pg_temp.readiness();
ROLLBACK;
BEGIN;
DROP TRIGGER scim_door ON watched.resource;
SET ROLE regress_scim_watcher;
SELECT status, jsonb_array_length(problems) FROM pg_temp.readiness();
ROLLBACK;
-- nor is one whose owner has made something with which the store does not write; it is his fault, and no client's
BEGIN;
CREATE FUNCTION pg_temp.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE FUNCTION pg_temp.posted(name text) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', status, body::jsonb ->> 'detail') FROM scim.request('POST', '/Users', '{}', jsonb_build_object('userName', name)::text) $$;
CREATE TRIGGER keep BEFORE INSERT ON watched.audit FOR EACH ROW EXECUTE FUNCTION pg_temp.keep();
CREATE RULE none AS ON INSERT TO watched.unique_value DO INSTEAD NOTHING;
SET client_min_messages = error;
SELECT jsonb_array_elements_text(problems) AS problem FROM pg_temp.readiness() WHERE status = 'not ready';
SELECT pg_temp.posted('keep');
SELECT scim.create_resource('User', '{"userName": "keep"}');
ROLLBACK;
BEGIN;
-- of somebody who has nothing but the privilege
CREATE FUNCTION pg_temp.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER look AFTER INSERT ON watched.audit FOR EACH ROW EXECUTE FUNCTION pg_temp.look();
SELECT replace(problems::text, current_user, 'OWNER') AS problems FROM pg_temp.readiness();
ALTER FUNCTION pg_temp.look() OWNER TO regress_scim_watcher;
SELECT replace(problems::text, current_user, 'OWNER') AS problems FROM pg_temp.readiness();
ALTER TABLE watched.audit DISABLE TRIGGER look;
SELECT replace(problems::text, current_user, 'OWNER') AS problems FROM pg_temp.readiness();
ROLLBACK;
-- what only looks like a store is none
CREATE SCHEMA watched_fake;
GRANT USAGE ON SCHEMA watched_fake TO regress_scim_watcher;
CREATE TABLE watched_fake.store (version text);
SET ROLE regress_scim_watcher;
SELECT status, stores FROM pg_temp.readiness();
RESET ROLE;
DROP SCHEMA watched_fake CASCADE;
BEGIN READ ONLY;
SELECT status, writable FROM pg_temp.readiness();
ROLLBACK;

-- Figures, of every tenant and for who is told of the store.
SET ROLE regress_scim_watcher;
SELECT * FROM scim.statistics();
RESET ROLE;
GRANT EXECUTE ON FUNCTION scim.statistics(text) TO regress_scim_watcher;
SET ROLE regress_scim_watcher;
SELECT * FROM scim.statistics();
RESET ROLE;
GRANT SELECT ON watched.store TO regress_scim_watcher;
SET ROLE regress_scim_watcher;
SELECT name, labels, value FROM scim.statistics('people');
SELECT * FROM scim.statistics('nothing');
SELECT * FROM scim.statistics('');
-- it lets nobody read anything else
SELECT count(*) FROM watched.token;
SELECT scim_internal.store_statistics('watched', 'people');
SELECT scim_internal.index_pending_pages('watched.users_data_idx');
RESET ROLE;

SELECT scim.create_tenant('two', 'https://two.example.com') AS two;
UPDATE watched.policy SET enabled = true WHERE kind = 'events';
SELECT scim.create_consumer('payroll') IS NOT NULL AS made;
INSERT INTO watched.users (data) VALUES ('{"userName": "a"}'), ('{"userName": "b"}'), ('{"userName": "c", "active": false}');
SET scim.tenant = 2;
SELECT scim.create_consumer('badges') IS NOT NULL AS made;
INSERT INTO watched.groups (data) VALUES ('{"displayName": "a"}');
INSERT INTO watched.users (data) VALUES ('{"userName": "a"}');
RESET scim.tenant;
DELETE FROM watched.users WHERE tenant_id = 1 AND user_name = 'b';
SET ROLE regress_scim_watcher;
SELECT name, labels, value FROM scim.statistics('people');
SELECT name, labels, value FROM scim.statistics('events') WHERE name <> 'consumer_oldest_seconds';
SELECT labels, value BETWEEN 0 AND 60 AS recent FROM scim.statistics('events') WHERE name = 'consumer_oldest_seconds' AND value > 0;
RESET ROLE;
SELECT count(*) AS given FROM scim.next_events('payroll', 2) \gset
SELECT count(*) AS failed FROM (SELECT scim.fail_events('payroll', ARRAY[event_id]) FROM watched.delivery) AS f;
UPDATE watched.consumer SET max_attempts = 1 WHERE name = 'payroll';
SELECT count(*) AS failed FROM (SELECT scim.fail_events('payroll', ARRAY[id]) FROM scim.next_events('payroll', 1)) AS f;
SELECT name, labels, value FROM scim.statistics('events') WHERE name <> 'consumer_oldest_seconds' AND labels ->> 'consumer' = 'payroll';

-- Tokens and clients: those that are good with how long yet, and never more than their names.
SELECT id AS never FROM scim.create_token('never used') \gset
SELECT id AS short FROM scim.create_token('short', now() + interval '1 hour') \gset
SELECT id AS ended, secret FROM scim.create_token('ended') \gset
SELECT scim.revoke_token(:'ended');
INSERT INTO watched.authentication_scheme (scheme, keyword, credential, type) VALUES ('Basic', 'Basic', 'password', 'httpbasic');
SELECT length(secret) AS length FROM scim.create_client('batch');
UPDATE watched.client SET created = now() - interval '2 days', last_used_at = now() - interval '2 days';
SELECT name, labels - 'id' AS labels, round(value / 3600) AS hours FROM scim.statistics('tokens');
-- one that has expired is told of for a time, used or not, unless it is revoked
BEGIN;
UPDATE watched.token SET created = now() - interval '90 days', last_used_at = now() - interval '26 hours', expires_at = now() - interval '1 hour' WHERE id = :'short';
SELECT name, round(value / 3600) AS hours FROM scim.statistics('tokens') WHERE labels ->> 'name' = 'short';
SELECT value FROM scim.statistics('tokens') WHERE labels ->> 'state' = 'expired';
UPDATE watched.token SET expires_at = now() - interval '31 days' WHERE id = :'short';
SELECT name, round(value / 3600) AS hours FROM scim.statistics('tokens') WHERE labels ->> 'name' = 'short';
UPDATE watched.token SET expires_at = now() - interval '1 day', revoked_at = now() WHERE id = :'short';
SELECT name, round(value / 3600) AS hours FROM scim.statistics('tokens') WHERE labels ->> 'name' = 'short';
ROLLBACK;

-- The audit, and what is overdue.
SELECT name, labels, value FROM scim.statistics('audit') WHERE name <> 'audit_unsealed_seconds';
SELECT labels, value BETWEEN 0.000001 AND 600 AS unsealed FROM scim.statistics('audit') WHERE name = 'audit_unsealed_seconds';
SELECT scim.seal_audit() > 0 AS sealed;
SELECT name, labels, value FROM scim.statistics('audit') WHERE name IN ('audit_seals', 'audit_unsealed_seconds');
INSERT INTO watched.setting (name, value) VALUES ('event_retention', '30'), ('audit_retention', '30');
INSERT INTO watched.setting (name, tenant_id, value) VALUES ('event_retention', 2, '1');
SELECT name, labels, value FROM scim.statistics('audit') WHERE name = 'retention_overdue_seconds';
SET session_replication_role = replica;
UPDATE watched.event SET at = now() - interval '40 days' WHERE (tenant_id, id) = (SELECT tenant_id, id FROM watched.event ORDER BY tenant_id, id LIMIT 1);
RESET session_replication_role;
SELECT labels, round(value / 86400) AS days FROM scim.statistics('audit') WHERE name = 'retention_overdue_seconds' ORDER BY 1;

-- Guards, for all tenants or for one.
SELECT count(*) FROM scim.statistics('guards');
INSERT INTO watched.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'mass', '{"on": ["suspend"], "limit": 1, "seconds": 60}');
SELECT name, labels, value FROM scim.statistics('guards');
UPDATE watched.users SET active = false WHERE tenant_id = 1 AND user_name = 'a';
INSERT INTO watched.users (data) VALUES ('{"userName": "d"}');
DO $$ BEGIN UPDATE watched.users SET active = false WHERE tenant_id = 1 AND user_name = 'd'; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '%', sqlerrm; END $$;
SELECT labels, value FROM scim.statistics('guards') WHERE name = 'guard_tripped';
INSERT INTO watched.policy (tenant_id, resource_type, kind, name, enabled, settings) VALUES (2, 'User', 'guard', 'mass', false, '{"on": ["suspend"], "limit": 1, "seconds": 60}');
SELECT labels FROM scim.statistics('guards') WHERE name = 'guard_tripped';

-- What it takes: partitions are of their table.
SELECT labels FROM scim.statistics('storage') WHERE name = 'table_bytes' AND labels ->> 'table' IN ('resource', 'users', 'audit', 'audit_default', 'token') ORDER BY 1;
SELECT labels, value > 0 AS waits FROM scim.statistics('storage') WHERE name = 'index_pending_pages' ORDER BY 1;
SELECT gin_clean_pending_list('watched.users_data_idx') > 0 AS cleaned;
SELECT labels, value FROM scim.statistics('storage') WHERE name = 'index_pending_pages' ORDER BY 1;
SELECT scim_internal.index_pending_pages('watched.users_id_key'), scim_internal.index_pending_pages('watched.users'), scim_internal.index_pending_pages(0);

-- A load that was begun and never ended leaves its table without indexes: readiness tells its owner, and the statistics do.
SELECT count(*) > 0 AS dropped FROM scim.begin_load('User');
RESET scim.load;
SELECT w FROM jsonb_array_elements_text(scim.readiness() -> 'warnings') AS w WHERE w ~ '^store "watched":';
SELECT scim.readiness() ->> 'status' AS status, scim.readiness('regress_scim_watcher') ? 'warnings' AS to_clients;
SELECT labels, value > 0 AS some FROM scim.statistics('storage') WHERE name = 'missing_indexes' AND labels ->> 'table' IN ('users', 'groups') ORDER BY 1;
SELECT count(*) AS left_out FROM scim.end_load('User');
SELECT count(*) AS warnings FROM jsonb_array_elements_text(scim.readiness() -> 'warnings') AS w WHERE w ~ '^store "watched":';
SELECT sum(value) AS missing FROM scim.statistics('storage') WHERE name = 'missing_indexes';

-- No log in SQL, no figures of requests; and all parts are what each is.
SELECT count(*) FROM scim.statistics('requests');
SELECT count(*) = (SELECT count(*) FROM unnest('{people,tokens,events,audit,guards,storage,requests}'::text[]) p, scim.statistics(p)) AS all_of_it, count(DISTINCT store) AS stores
FROM scim.statistics();
-- a view of that name is read, as the owner of the store
CREATE VIEW watched.request_statistics AS SELECT 'GET' AS method, 'Users' AS endpoint, 200 AS status, '' AS scim_type, 3::bigint AS requests, 0.5::float8 AS seconds;
SET ROLE regress_scim_watcher;
SELECT store, name, labels, value FROM scim.statistics('requests');
RESET ROLE;

SET client_min_messages = warning;
SELECT scim.drop_store('watched', true);
SELECT scim.drop_store('watched too', true);
DROP OWNED BY regress_scim_watcher;
DROP ROLE regress_scim_watcher;
