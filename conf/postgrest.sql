-- What PostgREST sees of scim: schema api with two functions, and the roles.
--
--      psql -v store=directory -v base_url=https://scim.example.com/scim/v2 -f postgrest.sql
--
-- Run it once per database, as a superuser, after scim.create_store(); it may be
-- run again.  A client logs in with an opaque token (scim.create_token) or with
-- a JSON web token that PostgREST has verified.

\set ON_ERROR_STOP on
BEGIN;
-- whatever the superuser's own search_path holds
SET LOCAL search_path = pg_catalog, pg_temp;

SELECT format('CREATE ROLE %I %s', name, options)
FROM (VALUES ('authenticator', 'LOGIN NOINHERIT'),
             ('scim_anon', 'NOLOGIN'),
             ('scim_client', 'NOLOGIN')) AS wanted (name, options)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

GRANT scim_anon, scim_client TO authenticator;

-- The public address is a setting and not the client's Host header, which the
-- client chooses.  READ COMMITTED: a serialization failure at COMMIT comes too
-- late to be answered, and PostgREST repeats such a transaction without end.
ALTER ROLE authenticator SET scim.store = :'store';
ALTER ROLE authenticator SET scim.base_url = :'base_url';
ALTER ROLE authenticator SET default_transaction_isolation = 'read committed';
ALTER ROLE authenticator SET lock_timeout = '5s';
ALTER ROLE authenticator SET statement_timeout = '30s';
ALTER ROLE authenticator SET idle_in_transaction_session_timeout = '60s';

CREATE SCHEMA IF NOT EXISTS api;
GRANT USAGE ON SCHEMA api TO scim_anon, scim_client;

-- PostgREST answers with the media type that the result type is named after.
SELECT 'CREATE DOMAIN api."application/scim+json" AS text'
WHERE to_regtype('api."application/scim+json"') IS NULL \gexec

-- The error body, short enough for a header: nginx keeps all headers in 16 KB.
CREATE OR REPLACE FUNCTION api._error(status int, detail text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN pg_catalog.json_build_object(
    'schemas', pg_catalog.json_build_array('urn:ietf:params:scim:api:messages:2.0:Error'),
    'status', status::text, 'detail', detail)::text;

-- What the audit calls the holder of a token: only of one that is known to be valid.
CREATE OR REPLACE FUNCTION api._token_holder(opaque text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    description text;
BEGIN
    EXECUTE format('SELECT description FROM %I.token WHERE hash = sha256(convert_to($1, ''UTF8''))', scim.store())
    INTO description
    USING regexp_replace(opaque, '^bearer +| +$', '', 'gi');
    RETURN 'token: ' || description;
END
$$;

-- Who sends the request: 'client', with role, tenant and actor set for this
-- transaction; 'nobody' without credentials; 'refused' with wrong ones.
CREATE OR REPLACE FUNCTION api._authenticate(headers json) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    opaque text := nullif(headers ->> 'x-scim-authorization', '');
    claims jsonb := coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb;
    tenant int;
    actor text;
BEGIN
    IF claims - 'role' = '{}' THEN
        IF opaque IS NULL THEN
            RETURN 'nobody';
        END IF;
        tenant := scim.authenticate(opaque);
    ELSIF opaque IS NULL
        AND claims ->> 'role' = 'scim_client'
        AND jsonb_typeof(claims -> 'exp') = 'number'
        AND (claims ->> 'exp')::numeric > extract(epoch FROM clock_timestamp())
        AND claims -> 'aud' @> '"scim"'
        AND claims ->> 'tenant' ~ '^[0-9]{1,9}$'
    THEN
        tenant := claims ->> 'tenant';
    END IF;
    IF tenant IS NULL THEN
        RETURN 'refused';
    END IF;
    IF opaque IS NULL THEN
        actor := concat('subject: ', claims ->> 'sub');
    ELSE
        actor := api._token_holder(opaque);
    END IF;
    PERFORM set_config('scim.tenant', tenant::text, true),
            -- whom /Me stands for
            set_config('scim.me', coalesce(claims ->> 'scim_id', ''), true),
            set_config('scim.actor', actor, true),
            set_config('role', 'scim_client', true);
    RETURN 'client';
END
$$;

-- Hands status and headers to PostgREST, which commits first and reads them
-- afterwards: what it cannot read would be a 500 after a successful write.
CREATE OR REPLACE FUNCTION api._adapt(status int, headers jsonb, body text) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    error text;
    sent jsonb;
BEGIN
    IF status IS NULL OR status NOT BETWEEN 200 AND 599 THEN
        RAISE 'scim.request answered with status %', coalesce(status::text, 'null')
            USING ERRCODE = 'internal_error';
    END IF;
    IF status >= 400 THEN
        -- nginx answers with this header; a long detail is cut to fit
        error := coalesce(body, api._error(status, 'request failed'));
        IF octet_length(error) > 8000 THEN
            error := jsonb_set(error::jsonb, '{detail}',
                               to_jsonb(left(error::jsonb ->> 'detail', 1000) || ' ...'));
        END IF;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object(key, regexp_replace(value, '[\r\n]+', ' ', 'g'))), '[]')
    INTO sent
    FROM (-- PostgREST has its own opinion of Content-Type: nginx gives this back its name
          SELECT CASE lower(key) WHEN 'content-type' THEN 'X-Scim-Content-Type' ELSE key END AS key, value
          FROM jsonb_each_text(coalesce(headers, '{}'))
          WHERE lower(key) <> 'content-length'
          UNION ALL
          SELECT 'X-Scim-Error', error WHERE status >= 400
          UNION ALL
          -- so that HEAD, which nginx answers from a GET, tells the length
          SELECT 'Content-Length', octet_length(coalesce(body, ''))::text
          WHERE status < 400 AND status NOT IN (204, 304)) AS header;
    -- PostgREST takes a 503 for a lost database, and reconnects; nginx makes one of 504
    PERFORM set_config('response.status', (CASE status WHEN 503 THEN 504 ELSE status END)::text, true),
            set_config('response.headers', sent::text, true);
    RETURN CASE WHEN status >= 400 OR status IN (204, 304) THEN '' ELSE coalesce(body, '') END;
END
$$;

-- One request.  scim.request answers every error but cancellation, corruption and
-- the like; above all no serialization failure (40001) leaves it, which PostgREST
-- would repeat without end.
CREATE OR REPLACE FUNCTION api._handle(body bytea) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    headers json := current_setting('request.headers', true);
    method text := headers ->> 'x-scim-method';
    target text := headers ->> 'x-scim-target';
    who text;
    answer scim.response;
BEGIN
    IF method IS NULL OR target IS NULL THEN
        RETURN api._adapt(400, NULL, api._error(400, 'not a request of the gateway'));
    END IF;
    -- Discovery may be read by anyone (RFC 7643 section 5), but not with wrong
    -- credentials: a client would take that for a successful login.
    who := api._authenticate(headers);
    IF who = 'refused'
        OR (who = 'nobody'
            AND (method NOT IN ('GET', 'HEAD')
                 OR target !~ '^[^?]*/(ServiceProviderConfig|ResourceTypes|Schemas)(/[^/?]*)?/?(\?.*)?$'))
    THEN
        RETURN api._adapt(401, jsonb_build_object('WWW-Authenticate', 'Bearer realm="scim"'
                              || CASE who WHEN 'refused' THEN ', error="invalid_token"' ELSE '' END),
                          api._error(401, 'missing, invalid or expired bearer token'));
    END IF;
    BEGIN
        SELECT r.* INTO answer
        FROM scim.request(CASE method WHEN 'HEAD' THEN 'GET' ELSE method END, target,
                          jsonb_strip_nulls(jsonb_build_object(
                              'content-type', nullif(headers ->> 'x-scim-content-type', ''),
                              'accept', nullif(headers ->> 'x-scim-accept', ''),
                              'prefer', nullif(headers ->> 'x-scim-prefer', ''),
                              'if-match', nullif(headers ->> 'x-scim-if-match', ''),
                              'if-none-match', nullif(headers ->> 'x-scim-if-none-match', ''))),
                          body) AS r;
    EXCEPTION WHEN query_canceled THEN     -- statement_timeout
        answer := (503, NULL, api._error(503, 'the request took too long'));
    END;
    RETURN api._adapt(answer.status, answer.headers, answer.body);
END
$$;

CREATE OR REPLACE FUNCTION api.scim_read(bytea) RETURNS api."application/scim+json"
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$ BEGIN RETURN api._handle($1); END $$;
COMMENT ON FUNCTION api.scim_read(bytea) IS
    'GET, HEAD and .search: PostgREST runs a STABLE function in a READ ONLY transaction';

CREATE OR REPLACE FUNCTION api.scim_write(bytea) RETURNS api."application/scim+json"
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$ BEGIN RETURN api._handle($1); END $$;
COMMENT ON FUNCTION api.scim_write(bytea) IS 'every other request';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA api FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api TO scim_anon, scim_client;
REVOKE EXECUTE ON FUNCTION api._token_holder(text) FROM scim_client;

-- The store.  Both read the registry, scim_client reads and writes resources and
-- memberships; policies, passwords, tokens and audit are reached by scim's own
-- functions only, which act as the owner of the store.
GRANT USAGE ON SCHEMA scim, :"store" TO scim_anon, scim_client;
GRANT EXECUTE ON FUNCTION scim.authenticate(text) TO scim_anon;
GRANT EXECUTE ON FUNCTION scim.request(text, text, jsonb, bytea) TO scim_anon, scim_client;
GRANT SELECT ON :"store".schema, :"store".resource_type TO scim_anon, scim_client;
GRANT SELECT, INSERT, UPDATE, DELETE ON :"store".resource, :"store".member TO scim_client;

-- the tables of resource types, those that come later included
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO scim_client', inhrelid::regclass)
FROM pg_inherits WHERE inhparent = to_regclass(quote_ident(:'store') || '.resource') \gexec
ALTER DEFAULT PRIVILEGES IN SCHEMA :"store" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO scim_client;

COMMIT;
NOTIFY pgrst, 'reload schema';
