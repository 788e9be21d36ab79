-- What PostgREST sees of scim: schema api with two functions, and the roles.
--
--      psql -v store=directory -f postgrest.sql
--
-- Run it once per store, after scim.create_store(), as a superuser or as the owner of
-- store and database who may create roles; it may be run again.  Which store a request is
-- for, and at which address, is said by nginx (doc/gateway.md); who sends it, by its
-- credentials.

\set ON_ERROR_STOP on
BEGIN;
-- whatever one's own search_path holds
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_min_messages = warning;

SELECT format('CREATE ROLE %I %s', name, options)
FROM (VALUES ('authenticator', 'LOGIN NOINHERIT'),
             ('scim_anon', 'NOLOGIN'),
             ('scim_client', 'NOLOGIN')) AS wanted (name, options)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- To nobody else: scim.gateway believes these roles who sends a request.  An
-- application that writes SQL gets grants of its own.
GRANT scim_anon, scim_client TO authenticator;

-- READ COMMITTED: a serialization failure at COMMIT comes too late to be answered,
-- and PostgREST repeats such a transaction without end.  In this database: others on this
-- server have their own.
ALTER ROLE authenticator IN DATABASE :"DBNAME" SET default_transaction_isolation = 'read committed';
ALTER ROLE authenticator IN DATABASE :"DBNAME" SET lock_timeout = '5s';
ALTER ROLE authenticator IN DATABASE :"DBNAME" SET statement_timeout = '30s';
ALTER ROLE authenticator IN DATABASE :"DBNAME" SET idle_in_transaction_session_timeout = '60s';
-- Where the database has others: without row-level security nobody is served, and PostgREST
-- finds none of its functions where all names are quoted.
ALTER ROLE authenticator IN DATABASE :"DBNAME" SET row_security = on;
ALTER ROLE authenticator IN DATABASE :"DBNAME" SET quote_all_identifiers = off;
-- what version 0.1.0 has set; only once scim is loaded may who is no superuser
SELECT scim.fold('') AS loaded \gset
ALTER ROLE authenticator RESET scim.store;
ALTER ROLE authenticator RESET scim.base_url;

-- PostgREST answers with the media type that the result type is named after.
CREATE SCHEMA IF NOT EXISTS api;
COMMENT ON SCHEMA api IS 'What PostgREST serves: scim.gateway, for requests that read and for all others.';
GRANT USAGE ON SCHEMA api TO scim_anon, scim_client;
SELECT 'CREATE DOMAIN api."application/scim+json" AS text'
WHERE to_regtype('api."application/scim+json"') IS NULL \gexec
COMMENT ON DOMAIN api."application/scim+json" IS 'The body of an answer, of the media type that it is named after.';

-- PostgREST runs a STABLE function in a READ ONLY transaction, a VOLATILE one in a
-- read-write one.  Of whom may not call the gateway it would say that his credentials are wrong, or
-- that he may not do this: so that is not tried.
SELECT format($of_both$CREATE OR REPLACE FUNCTION api.%s(bytea) RETURNS api."application/scim+json" LANGUAGE plpgsql %s
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF has_schema_privilege('scim', 'USAGE') THEN
        IF has_function_privilege('scim.gateway(json, bytea)', 'EXECUTE') THEN
            RETURN scim.gateway(current_setting('request.headers', true)::json, $1);
        END IF;
    END IF;
    PERFORM set_config('response.status', '504', true), set_config('response.headers', json_build_array(json_build_object('X-Scim-Error', json_build_object(
        'schemas', json_build_array('urn:ietf:params:scim:api:messages:2.0:Error'), 'detail', 'the service is not set up for this', 'status', '503')::text))::text, true);
    RETURN '';
END
$$
$of_both$, name, volatility)
FROM (VALUES ('scim_read', 'STABLE'), ('scim_write', 'VOLATILE')) AS f (name, volatility) \gexec
-- GET /healthz and /readyz.  503 is PostgREST's own word for a lost database: nginx makes
-- one of 504.
CREATE OR REPLACE FUNCTION api.scim_health() RETURNS json LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
RETURN json_build_object('status', 'alive');
CREATE OR REPLACE FUNCTION api.scim_ready() RETURNS json LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    readiness json;
BEGIN
    -- whoever has dropped the extension has left this function
    IF to_regprocedure('scim.readiness(text, text[])') IS NULL THEN
        readiness := json_build_object('status', 'not ready', 'stores', 0, 'writable', NOT pg_is_in_recovery(), 'problems', json_build_array(format('database "%s" is without the extension'
            ' scim, or has one of another version: CREATE EXTENSION scim or ALTER EXTENSION scim UPDATE, then conf/postgrest.sql for each store (setup.sql of scim-configure does all of it)', current_database())));
    ELSE
        -- of those that the gateway serves, where it says which
        readiness := scim.readiness('scim_client',
            string_to_array(nullif(current_setting('request.headers', true)::json ->> 'x-scim-stores', ''), ' '));
    END IF;
    -- it travels in a header, of which nginx takes 16 KB in all
    IF octet_length(readiness::text) > 8192 THEN
        readiness := readiness::jsonb || jsonb_build_object('problems',
            (SELECT jsonb_agg(left(p, 400) ORDER BY n) FROM jsonb_array_elements_text(readiness::jsonb -> 'problems') WITH ORDINALITY AS x (p, n) WHERE n <= 10)
            || to_jsonb(format('%s in all: SELECT scim.readiness(''scim_client'') has them', jsonb_array_length(readiness::jsonb -> 'problems'))));
    END IF;
    IF readiness ->> 'status' <> 'ready' THEN
        PERFORM set_config('response.status', '504', true);
        PERFORM set_config('response.headers', json_build_array(json_build_object('X-Scim-Error',
            regexp_replace(readiness::text, '[^ -~]', '?', 'g')))::text, true);
    END IF;
    RETURN readiness;
END
$$;
COMMENT ON FUNCTION api.scim_health() IS 'GET /healthz';
COMMENT ON FUNCTION api.scim_ready() IS 'GET /readyz';
COMMENT ON FUNCTION api.scim_read(bytea) IS 'GET, HEAD and .search';
COMMENT ON FUNCTION api.scim_write(bytea) IS 'every other request';

DROP FUNCTION IF EXISTS api._handle(bytea), api._adapt(int, jsonb, text), api._authenticate(json),
    api._token_holder(text), api._error(int, text);
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA api FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api TO scim_anon, scim_client;
GRANT USAGE ON SCHEMA scim TO scim_anon, scim_client;
GRANT EXECUTE ON FUNCTION scim.gateway(json, bytea) TO scim_anon, scim_client;

-- The store.  Both read the registry, scim_client reads and writes resources and
-- memberships; policies, passwords, tokens, clients and audit are reached by scim's
-- own functions only, which act as the owner of the store.
GRANT USAGE ON SCHEMA :"store" TO scim_anon, scim_client;
GRANT SELECT ON :"store".schema, :"store".resource_type TO scim_anon, scim_client;
GRANT SELECT, INSERT, UPDATE, DELETE ON :"store".resource, :"store".member TO scim_client;
-- whether somebody has a password or a recovery code, for endpoints of one's own; never which
REVOKE ALL ON :"store".recovery_code FROM scim_client;
GRANT SELECT (tenant_id, resource_id) ON :"store".credential, :"store".recovery_code TO scim_client;

-- the tables of resource types, those that come later included
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO scim_client', inhrelid::regclass)
FROM pg_inherits WHERE inhparent = to_regclass(quote_ident(:'store') || '.resource') \gexec
ALTER DEFAULT PRIVILEGES IN SCHEMA :"store" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO scim_client;

COMMIT;
NOTIFY pgrst, 'reload schema';
