-- A table that inherits from one of a store's would be part of it without any of its triggers
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_scim_lure;
SELECT scim.create_store('parents');
SET scim.store = 'parents';
GRANT USAGE ON SCHEMA parents TO regress_scim_lure;
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE query;
    RETURN 'ok';
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        RETURN concat_ws(' ', SQLSTATE, SQLERRM, detail);
END
$$;
CREATE FUNCTION pg_temp.problems() RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_path_query_array(scim.readiness() -> 'problems', '$[*] ? (@ like_regex "parents")') $$;
-- of a session that has used the store
SELECT count(*) FROM scim.validate_store();
SELECT secret FROM scim.create_token('good') \gset
SELECT scim.authenticate('Bearer ' || :'secret') AS tenant;
CREATE TABLE parents.kid () INHERITS (parents.token);
ALTER TABLE parents.kid OWNER TO regress_scim_lure;
SET ROLE regress_scim_lure;
INSERT INTO parents.kid (tenant_id, hash, description) VALUES (1, sha256('scim_1_lure'), 'lure');
RESET ROLE;
SELECT pg_temp.try('SELECT scim.authenticate(''Bearer scim_1_lure'')');
SELECT pg_temp.try('SELECT * FROM scim.validate_store()');
SELECT pg_temp.problems();
-- 503, of which nginx makes one of 504
SELECT scim.gateway('{"x-scim-method": "GET", "x-scim-target": "/Users", "x-scim-authorization": "Bearer scim_1_lure"}', NULL) AS body, current_setting('response.status', true) AS status;
DROP TABLE parents.kid;
SELECT pg_temp.try('SELECT * FROM scim.validate_store()'), pg_temp.problems();
-- every table that is not partitioned, also by ALTER TABLE
SELECT relname AS table_name, pg_temp.try(format('CREATE TABLE public.kid (LIKE parents.%I INCLUDING CONSTRAINTS); ALTER TABLE public.kid INHERIT parents.%1$I', relname)) = 'ok' AS inherits,
    pg_temp.try('SELECT scim.search(''User'')') AS then, pg_temp.problems() AS problems, pg_temp.try('DROP TABLE public.kid') AS dropped,
    pg_temp.try('SELECT scim.search(''User'')') AS at_last
FROM pg_class WHERE relnamespace = 'parents'::regnamespace AND relkind = 'r' AND NOT relispartition ORDER BY 1;
-- partitions have none, and are no children of that kind
SELECT pg_temp.try('CREATE TABLE public.kid () INHERITS (parents.users)');
SELECT pg_temp.try('CREATE TABLE public.kid () INHERITS (parents.resource)');
-- of another session it is seen, too
CREATE TABLE public.kid () INHERITS (parents.policy);
\c -
SET scim.store = 'parents';
SELECT scim.search('User');
ALTER TABLE public.kid NO INHERIT parents.policy;
SELECT scim.search('User') ->> 'totalResults' AS total;
DROP TABLE public.kid;
-- a partition, and one of a partition, is its owner's; also seen by a session that has used the store
ALTER TABLE parents.users OWNER TO regress_scim_lure;
SELECT scim.search('User');
SELECT jsonb_path_query_array(scim.readiness() -> 'problems', '$[*] ? (@ like_regex "parents")');
ALTER TABLE parents.users OWNER TO CURRENT_USER;
SELECT scim.search('User') ->> 'totalResults' AS total;
ALTER TABLE parents.audit_default OWNER TO regress_scim_lure;
\set VERBOSITY default
SELECT scim.search('User');
\set VERBOSITY terse
SELECT * FROM scim.validate_store();
ALTER TABLE parents.audit_default OWNER TO CURRENT_USER;
SELECT scim.search('User') ->> 'totalResults' AS total;
SET client_min_messages = warning;
SELECT scim.drop_store('parents');
DROP ROLE regress_scim_lure;
