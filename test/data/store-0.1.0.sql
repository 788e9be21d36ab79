--
-- PostgreSQL database dump
--


-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: Odd "Store"; Type: SCHEMA; Schema: -; Owner: store owner
--

CREATE SCHEMA "Odd ""Store""";


ALTER SCHEMA "Odd ""Store""" OWNER TO "store owner";

--
-- Name: SCHEMA "Odd ""Store"""; Type: COMMENT; Schema: -; Owner: store owner
--

COMMENT ON SCHEMA "Odd ""Store""" IS 'SCIM store';


--
-- Name: api; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA api;


ALTER SCHEMA api OWNER TO postgres;

--
-- Name: app; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA app;


ALTER SCHEMA app OWNER TO postgres;

--
-- Name: directory; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA directory;


ALTER SCHEMA directory OWNER TO postgres;

--
-- Name: SCHEMA directory; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON SCHEMA directory IS 'SCIM store';


--
-- Name: intake; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA intake;


ALTER SCHEMA intake OWNER TO postgres;

--
-- Name: scim; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS scim WITH SCHEMA pg_catalog;


--
-- Name: EXTENSION scim; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION scim IS 'SCIM 2.0 service provider: filters, schemas, resources and the HTTP protocol as SQL';


--
-- Name: application/scim+json; Type: DOMAIN; Schema: api; Owner: postgres
--

CREATE DOMAIN api."application/scim+json" AS text;


ALTER DOMAIN api."application/scim+json" OWNER TO postgres;

--
-- Name: _adapt(integer, jsonb, text); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api._adapt(status integer, headers jsonb, body text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
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


ALTER FUNCTION api._adapt(status integer, headers jsonb, body text) OWNER TO postgres;

--
-- Name: _authenticate(json); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api._authenticate(headers json) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;


ALTER FUNCTION api._authenticate(headers json) OWNER TO postgres;

--
-- Name: _error(integer, text); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api._error(status integer, detail text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN (json_build_object('schemas', json_build_array('urn:ietf:params:scim:api:messages:2.0:Error'), 'status', (status)::text, 'detail', detail))::text;


ALTER FUNCTION api._error(status integer, detail text) OWNER TO postgres;

--
-- Name: _handle(bytea); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api._handle(body bytea) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;


ALTER FUNCTION api._handle(body bytea) OWNER TO postgres;

--
-- Name: _token_holder(text); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api._token_holder(opaque text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    description text;
BEGIN
    EXECUTE format('SELECT description FROM %I.token WHERE hash = sha256(convert_to($1, ''UTF8''))', scim.store())
    INTO description
    USING regexp_replace(opaque, '^bearer +| +$', '', 'gi');
    RETURN 'token: ' || description;
END
$_$;


ALTER FUNCTION api._token_holder(opaque text) OWNER TO postgres;

--
-- Name: scim_read(bytea); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api.scim_read(bytea) RETURNS api."application/scim+json"
    LANGUAGE plpgsql STABLE
    AS $_$ BEGIN RETURN api._handle($1); END $_$;


ALTER FUNCTION api.scim_read(bytea) OWNER TO postgres;

--
-- Name: FUNCTION scim_read(bytea); Type: COMMENT; Schema: api; Owner: postgres
--

COMMENT ON FUNCTION api.scim_read(bytea) IS 'GET, HEAD and .search: PostgREST runs a STABLE function in a READ ONLY transaction';


--
-- Name: scim_write(bytea); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api.scim_write(bytea) RETURNS api."application/scim+json"
    LANGUAGE plpgsql
    AS $_$ BEGIN RETURN api._handle($1); END $_$;


ALTER FUNCTION api.scim_write(bytea) OWNER TO postgres;

--
-- Name: FUNCTION scim_write(bytea); Type: COMMENT; Schema: api; Owner: postgres
--

COMMENT ON FUNCTION api.scim_write(bytea) IS 'every other request';


SET default_tablespace = '';

--
-- Name: resource; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.resource (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
)
PARTITION BY LIST (resource_type);


ALTER TABLE directory.resource OWNER TO postgres;

--
-- Name: TABLE resource; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.resource IS 'Every resource; data is the canonical document without id, meta, groups, members and password';


--
-- Name: COLUMN resource.cost_centre; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.cost_centre IS 'Ours';


SET default_table_access_method = heap;

--
-- Name: users; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.users (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text DEFAULT 'User'::text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE directory.users OWNER TO postgres;

--
-- Name: find(scim.filter); Type: FUNCTION; Schema: app; Owner: postgres
--

CREATE FUNCTION app.find(filter scim.filter) RETURNS SETOF directory.users
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT u.tenant_id,
     u.resource_type,
     u.id,
     u.external_id,
     u.user_name,
     u.display_name,
     u.active,
     u.status,
     u.data,
     u.version,
     u.created,
     u.last_modified,
     u.offboarding_at,
     u.deleted_at,
     u.cost_centre
    FROM directory.users u
   WHERE ((u.deleted_at IS NULL) AND scim.matches(u.data, find.filter, 'User'::text));
END;


ALTER FUNCTION app.find(filter scim.filter) OWNER TO postgres;

--
-- Name: keys(jsonb); Type: FUNCTION; Schema: app; Owner: postgres
--

CREATE FUNCTION app.keys(document jsonb) RETURNS integer
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
 SELECT cardinality(scim.index_keys(document)) AS cardinality;
END;


ALTER FUNCTION app.keys(document jsonb) OWNER TO postgres;

--
-- Name: note(); Type: FUNCTION; Schema: app; Owner: postgres
--

CREATE FUNCTION app.note() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO app.log VALUES (NEW.user_name); RETURN NULL; END $$;


ALTER FUNCTION app.note() OWNER TO postgres;

--
-- Name: audit; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".audit (
    tenant_id integer NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    actor text NOT NULL,
    db_user name DEFAULT SESSION_USER NOT NULL,
    operation text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid NOT NULL,
    version bigint,
    member_id uuid,
    before jsonb
);


ALTER TABLE "Odd ""Store""".audit OWNER TO "store owner";

--
-- Name: TABLE audit; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".audit IS 'Who changed what and when, and what the record said before';


--
-- Name: credential; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".credential (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_id uuid NOT NULL,
    secret text NOT NULL,
    changed timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE "Odd ""Store""".credential OWNER TO "store owner";

--
-- Name: TABLE credential; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".credential IS 'Passwords, only as SCRAM-SHA-256 secrets (RFC 5803)';


--
-- Name: event; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".event (
    tenant_id integer NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    event_uri text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid NOT NULL,
    version bigint
);


ALTER TABLE "Odd ""Store""".event OWNER TO "store owner";

--
-- Name: TABLE event; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".event IS 'Outbox of events (RFC 9967), written in the transaction of the change where the policy "events" is on';


--
-- Name: resource; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".resource (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
)
PARTITION BY LIST (resource_type);


ALTER TABLE "Odd ""Store""".resource OWNER TO "store owner";

--
-- Name: TABLE resource; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".resource IS 'Every resource; data is the canonical document without id, meta, groups, members and password';


--
-- Name: groups; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".groups (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text DEFAULT 'Group'::text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE "Odd ""Store""".groups OWNER TO "store owner";

--
-- Name: member; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".member (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    group_id uuid NOT NULL,
    member_id uuid NOT NULL,
    member_type text COLLATE pg_catalog."C",
    value text COLLATE pg_catalog."C",
    created timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE "Odd ""Store""".member OWNER TO "store owner";

--
-- Name: TABLE member; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".member IS 'One row per membership; value is the reference as sent where it is no id of a resource';


--
-- Name: policy; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".policy (
    tenant_id integer,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    enabled boolean DEFAULT true NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT policy_canonical CHECK (((kind <> 'canonical'::text) OR ((settings -> 'attributes'::text) IS NULL) OR (jsonb_typeof((settings -> 'attributes'::text)) = 'array'::text))),
    CONSTRAINT policy_delete_mode CHECK (((kind <> 'delete'::text) OR (COALESCE((settings ->> 'mode'::text), ''::text) = ANY (ARRAY['hard'::text, 'retain'::text, 'offboard'::text])))),
    CONSTRAINT policy_kind CHECK ((kind = ANY (ARRAY['identity'::text, 'canonical'::text, 'reference'::text, 'delete'::text, 'audit'::text, 'events'::text]))),
    CONSTRAINT policy_reference CHECK (((kind <> 'reference'::text) OR ((COALESCE(jsonb_typeof((settings -> 'attributes'::text)), ''::text) = 'object'::text) AND (COALESCE((settings ->> 'missing'::text), 'invalidValue'::text) = ANY (ARRAY['invalidValue'::text, 'notFound'::text]))))),
    CONSTRAINT policy_settings CHECK ((jsonb_typeof(settings) = 'object'::text))
);


ALTER TABLE "Odd ""Store""".policy OWNER TO "store owner";

--
-- Name: TABLE policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".policy IS 'What holds for every writer; a row with a tenant_id goes before the row for all tenants (NULL)';


--
-- Name: resource_type; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".resource_type (
    name text NOT NULL COLLATE pg_catalog."C",
    document jsonb NOT NULL,
    table_name name NOT NULL
);


ALTER TABLE "Odd ""Store""".resource_type OWNER TO "store owner";

--
-- Name: TABLE resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".resource_type IS 'Registered resource types, RFC 7643 section 6, and the partition that holds each';


--
-- Name: schema; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".schema (
    id text NOT NULL COLLATE pg_catalog."C",
    document jsonb NOT NULL
);


ALTER TABLE "Odd ""Store""".schema OWNER TO "store owner";

--
-- Name: TABLE schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".schema IS 'Registered schemas, RFC 7643 section 7';


--
-- Name: secret; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".secret (
    purpose text NOT NULL COLLATE pg_catalog."C",
    value bytea NOT NULL
);


ALTER TABLE "Odd ""Store""".secret OWNER TO "store owner";

--
-- Name: TABLE secret; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".secret IS 'Keys of this store, for its owner only: "cursor" seals the cursors of RFC 9865';


--
-- Name: tenant; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".tenant (
    tenant_id integer NOT NULL,
    name text NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE "Odd ""Store""".tenant OWNER TO "store owner";

--
-- Name: TABLE tenant; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".tenant IS 'Who shares this store; a single-tenant user has the one row 1';


--
-- Name: things; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".things (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text DEFAULT 'Thing'::text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE "Odd ""Store""".things OWNER TO "store owner";

--
-- Name: token; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".token (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    hash bytea NOT NULL,
    description text NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT token_hash CHECK ((octet_length(hash) = 32))
);


ALTER TABLE "Odd ""Store""".token OWNER TO "store owner";

--
-- Name: TABLE token; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".token IS 'Bearer tokens, only as SHA-256';


--
-- Name: unique_value; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".unique_value (
    tenant_id integer NOT NULL,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    attribute text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid NOT NULL
);


ALTER TABLE "Odd ""Store""".unique_value OWNER TO "store owner";

--
-- Name: TABLE unique_value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".unique_value IS 'Values of attributes that are unique (RFC 7643 section 2.2), but for userName; tenant 0: unique among all tenants';


--
-- Name: users; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".users (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text DEFAULT 'User'::text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE "Odd ""Store""".users OWNER TO "store owner";

--
-- Name: saved; Type: TABLE; Schema: app; Owner: postgres
--

CREATE TABLE app.saved (
    name text,
    filter scim.filter NOT NULL,
    path scim.path,
    folded text GENERATED ALWAYS AS (scim.fold(name)) STORED
);


ALTER TABLE app.saved OWNER TO postgres;

--
-- Name: chosen; Type: VIEW; Schema: app; Owner: postgres
--

CREATE VIEW app.chosen AS
 SELECT s.name,
    u.user_name
   FROM (app.saved s
     JOIN directory.users u ON ((u.data OPERATOR(scim.~) s.filter)))
  WHERE (u.deleted_at IS NULL);


ALTER TABLE app.chosen OWNER TO postgres;

--
-- Name: document; Type: VIEW; Schema: app; Owner: postgres
--

CREATE VIEW app.document AS
 SELECT u.id,
    scim.resource_json(u.*) AS resource_json
   FROM directory.users u;


ALTER TABLE app.document OWNER TO postgres;

--
-- Name: engineer; Type: VIEW; Schema: app; Owner: postgres
--

CREATE VIEW app.engineer AS
 SELECT users.user_name,
    (users.data ->> 'title'::text) AS title
   FROM directory.users
  WHERE ((users.deleted_at IS NULL) AND scim.matches(users.data, 'title sw "engineer"'::scim.filter, 'User'::text));


ALTER TABLE app.engineer OWNER TO postgres;

--
-- Name: folded; Type: MATERIALIZED VIEW; Schema: app; Owner: postgres
--

CREATE MATERIALIZED VIEW app.folded AS
 SELECT users.id,
    scim.fold(users.user_name) AS name
   FROM directory.users
  WITH NO DATA;


ALTER TABLE app.folded OWNER TO postgres;

--
-- Name: found; Type: VIEW; Schema: app; Owner: postgres
--

CREATE VIEW app.found AS
 SELECT scim.search('User'::text, 'userName pr'::text, count => (3)::bigint) AS list;


ALTER TABLE app.found OWNER TO postgres;

--
-- Name: laptop; Type: TABLE; Schema: app; Owner: postgres
--

CREATE TABLE app.laptop (
    owner uuid,
    tenant_id integer DEFAULT scim.tenant(),
    resource_type text DEFAULT 'User'::text,
    id uuid DEFAULT scim.uuid_v7()
);


ALTER TABLE app.laptop OWNER TO postgres;

--
-- Name: log; Type: TABLE; Schema: app; Owner: postgres
--

CREATE TABLE app.log (
    what text
);


ALTER TABLE app.log OWNER TO postgres;

--
-- Name: Our "devices"; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory."Our ""devices""" (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text DEFAULT 'Device'::text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE directory."Our ""devices""" OWNER TO postgres;

--
-- Name: audit; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.audit (
    tenant_id integer NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    actor text NOT NULL,
    db_user name DEFAULT SESSION_USER NOT NULL,
    operation text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid NOT NULL,
    version bigint,
    member_id uuid,
    before jsonb
);


ALTER TABLE directory.audit OWNER TO postgres;

--
-- Name: TABLE audit; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.audit IS 'Who changed what and when, and what the record said before';


--
-- Name: cost_centres; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.cost_centres (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text DEFAULT 'CostCentre'::text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE directory.cost_centres OWNER TO postgres;

--
-- Name: credential; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.credential (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_id uuid NOT NULL,
    secret text NOT NULL,
    changed timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE directory.credential OWNER TO postgres;

--
-- Name: TABLE credential; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.credential IS 'Passwords, only as SCRAM-SHA-256 secrets (RFC 5803)';


--
-- Name: event; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.event (
    tenant_id integer NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    event_uri text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid NOT NULL,
    version bigint
);


ALTER TABLE directory.event OWNER TO postgres;

--
-- Name: TABLE event; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.event IS 'Outbox of events (RFC 9967), written in the transaction of the change where the policy "events" is on';


--
-- Name: groups; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.groups (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_type text DEFAULT 'Group'::text NOT NULL COLLATE pg_catalog."C",
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    external_id text COLLATE pg_catalog."C",
    user_name text COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    active boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    data jsonb NOT NULL,
    version bigint NOT NULL,
    created timestamp with time zone NOT NULL,
    last_modified timestamp with time zone NOT NULL,
    offboarding_at timestamp with time zone,
    deleted_at timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE directory.groups OWNER TO postgres;

--
-- Name: member; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.member (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    group_id uuid NOT NULL,
    member_id uuid NOT NULL,
    member_type text COLLATE pg_catalog."C",
    value text COLLATE pg_catalog."C",
    created timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE directory.member OWNER TO postgres;

--
-- Name: TABLE member; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.member IS 'One row per membership; value is the reference as sent where it is no id of a resource';


--
-- Name: policy; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.policy (
    tenant_id integer,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    enabled boolean DEFAULT true NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT policy_canonical CHECK (((kind <> 'canonical'::text) OR ((settings -> 'attributes'::text) IS NULL) OR (jsonb_typeof((settings -> 'attributes'::text)) = 'array'::text))),
    CONSTRAINT policy_delete_mode CHECK (((kind <> 'delete'::text) OR (COALESCE((settings ->> 'mode'::text), ''::text) = ANY (ARRAY['hard'::text, 'retain'::text, 'offboard'::text])))),
    CONSTRAINT policy_kind CHECK ((kind = ANY (ARRAY['identity'::text, 'canonical'::text, 'reference'::text, 'delete'::text, 'audit'::text, 'events'::text]))),
    CONSTRAINT policy_reference CHECK (((kind <> 'reference'::text) OR ((COALESCE(jsonb_typeof((settings -> 'attributes'::text)), ''::text) = 'object'::text) AND (COALESCE((settings ->> 'missing'::text), 'invalidValue'::text) = ANY (ARRAY['invalidValue'::text, 'notFound'::text]))))),
    CONSTRAINT policy_settings CHECK ((jsonb_typeof(settings) = 'object'::text))
);


ALTER TABLE directory.policy OWNER TO postgres;

--
-- Name: TABLE policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.policy IS 'What holds for every writer; a row with a tenant_id goes before the row for all tenants (NULL)';


--
-- Name: resource_type; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.resource_type (
    name text NOT NULL COLLATE pg_catalog."C",
    document jsonb NOT NULL,
    table_name name NOT NULL
);


ALTER TABLE directory.resource_type OWNER TO postgres;

--
-- Name: TABLE resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.resource_type IS 'Registered resource types, RFC 7643 section 6, and the partition that holds each';


--
-- Name: schema; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.schema (
    id text NOT NULL COLLATE pg_catalog."C",
    document jsonb NOT NULL
);


ALTER TABLE directory.schema OWNER TO postgres;

--
-- Name: TABLE schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.schema IS 'Registered schemas, RFC 7643 section 7';


--
-- Name: secret; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.secret (
    purpose text NOT NULL COLLATE pg_catalog."C",
    value bytea NOT NULL
);


ALTER TABLE directory.secret OWNER TO postgres;

--
-- Name: TABLE secret; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.secret IS 'Keys of this store, for its owner only: "cursor" seals the cursors of RFC 9865';


--
-- Name: tenant; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.tenant (
    tenant_id integer NOT NULL,
    name text NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE directory.tenant OWNER TO postgres;

--
-- Name: TABLE tenant; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.tenant IS 'Who shares this store; a single-tenant user has the one row 1';


--
-- Name: token; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.token (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    hash bytea NOT NULL,
    description text NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT token_hash CHECK ((octet_length(hash) = 32))
);


ALTER TABLE directory.token OWNER TO postgres;

--
-- Name: TABLE token; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.token IS 'Bearer tokens, only as SHA-256';


--
-- Name: unique_value; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.unique_value (
    tenant_id integer NOT NULL,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    attribute text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid NOT NULL
);


ALTER TABLE directory.unique_value OWNER TO postgres;

--
-- Name: TABLE unique_value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.unique_value IS 'Values of attributes that are unique (RFC 7643 section 2.2), but for userName; tenant 0: unique among all tenants';


--
-- Name: draft; Type: TABLE; Schema: intake; Owner: postgres
--

CREATE TABLE intake.draft (
    document jsonb,
    CONSTRAINT draft_document_check CHECK (scim.is_valid('User'::text, document))
);


ALTER TABLE intake.draft OWNER TO postgres;

--
-- Name: groups; Type: TABLE ATTACH; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".resource ATTACH PARTITION "Odd ""Store""".groups FOR VALUES IN ('Group');


--
-- Name: things; Type: TABLE ATTACH; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".resource ATTACH PARTITION "Odd ""Store""".things FOR VALUES IN ('Thing');


--
-- Name: users; Type: TABLE ATTACH; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".resource ATTACH PARTITION "Odd ""Store""".users FOR VALUES IN ('User');


--
-- Name: Our "devices"; Type: TABLE ATTACH; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.resource ATTACH PARTITION directory."Our ""devices""" FOR VALUES IN ('Device');


--
-- Name: cost_centres; Type: TABLE ATTACH; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.resource ATTACH PARTITION directory.cost_centres FOR VALUES IN ('CostCentre');


--
-- Name: groups; Type: TABLE ATTACH; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.resource ATTACH PARTITION directory.groups FOR VALUES IN ('Group');


--
-- Name: users; Type: TABLE ATTACH; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.resource ATTACH PARTITION directory.users FOR VALUES IN ('User');


--
-- Data for Name: audit; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".audit (tenant_id, id, at, transaction_id, actor, db_user, operation, resource_type, resource_id, version, member_id, before) FROM stdin;
1	01a21546-a62b-7c9e-8038-f9bacc9e765d	2026-11-26 00:34:41.322721+00	773	the maker	store owner	create	Thing	01a21546-a62a-7e78-9a3b-3b8b20b50979	1	\N	\N
1	01a21546-a630-747f-910c-90163b1f43c1	2026-11-26 00:34:41.32429+00	774	the maker	store owner	create	User	01a21546-a62c-757d-b789-04b06380846f	1	\N	\N
1	01a21546-a639-778a-a6c9-7c8ff31b96c9	2026-11-26 00:34:41.336666+00	775	the maker	store owner	create	Group	01a21546-a638-7bc1-ba77-445ab48b2965	1	\N	\N
1	01a21546-a63a-7303-8175-9bde3b972707	2026-11-26 00:34:41.336666+00	775	the maker	store owner	add member	Group	01a21546-a638-7bc1-ba77-445ab48b2965	\N	01a21546-a62c-757d-b789-04b06380846f	\N
\.


--
-- Data for Name: credential; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".credential (tenant_id, resource_id, secret, changed) FROM stdin;
1	01a21546-a62c-757d-b789-04b06380846f	SCRAM-SHA-256$4096:3tfxPINCaD6+ETKG54wLHg==$uFAXPsQMCzdCXL+ChpeNnPBOJSC5hWLFgGq4n4a2ovU=:uMj7CjeKV5np6E+U/UnwYEOb+TxZxtvhBScY0o6w22c=	2026-11-26 00:34:41.32429+00
\.


--
-- Data for Name: event; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".event (tenant_id, id, at, transaction_id, event_uri, resource_type, resource_id, version) FROM stdin;
\.


--
-- Data for Name: groups; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".groups (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at) FROM stdin;
1	Group	01a21546-a638-7bc1-ba77-445ab48b2965	\N	\N	Odds	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Odds"}	1	2026-11-26 00:34:41.336666+00	2026-11-26 00:34:41.336666+00	\N	\N
\.


--
-- Data for Name: member; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".member (tenant_id, group_id, member_id, member_type, value, created) FROM stdin;
1	01a21546-a638-7bc1-ba77-445ab48b2965	01a21546-a62c-757d-b789-04b06380846f	\N	\N	2026-11-26 00:34:41.336666+00
\.


--
-- Data for Name: policy; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".policy (tenant_id, resource_type, kind, enabled, settings) FROM stdin;
\N	User	identity	f	{"userName": "primaryEmail"}
\N	User	delete	t	{"mode": "retain"}
\N	Group	delete	t	{"mode": "hard"}
\N	User	audit	t	{}
\N	Group	audit	t	{}
\N	User	events	f	{}
\N	Group	events	f	{}
\N	Thing	delete	t	{"mode": "hard"}
\N	Thing	audit	t	{}
\N	Thing	events	f	{}
\.


--
-- Data for Name: resource_type; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".resource_type (name, document, table_name) FROM stdin;
Group	{"id": "Group", "name": "Group", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Groups", "description": "Group"}	groups
User	{"id": "User", "name": "User", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Users", "description": "User Account", "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}]}	users
Thing	{"id": "Thing", "name": "Thing", "schema": "urn:example:Thing", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Things"}	things
\.


--
-- Data for Name: schema; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".schema (id, document) FROM stdin;
urn:ietf:params:scim:schemas:extension:enterprise:2.0:User	{"id": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "name": "EnterpriseUser", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "employeeNumber", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Numeric or alphanumeric identifier assigned to a person, typically based on order of hire or association with an organization.", "multiValued": false}, {"name": "costCenter", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Identifies the name of a cost center.", "multiValued": false}, {"name": "organization", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Identifies the name of an organization.", "multiValued": false}, {"name": "division", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Identifies the name of a division.", "multiValued": false}, {"name": "department", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Identifies the name of a department.", "multiValued": false}, {"name": "manager", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "The User's manager. A complex type that optionally allows service providers to represent organizational hierarchy by referencing the 'id' attribute of another User.", "multiValued": false, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The id of the SCIM resource representing the User's manager. REQUIRED.", "multiValued": false}, {"name": "$ref", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "The URI of the SCIM resource representing the User's manager. REQUIRED.", "multiValued": false, "referenceTypes": ["User"]}, {"name": "displayName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The displayName of the User's manager. OPTIONAL and READ-ONLY.", "multiValued": false}]}], "description": "Enterprise User"}
urn:ietf:params:scim:schemas:core:2.0:Group	{"id": "urn:ietf:params:scim:schemas:core:2.0:Group", "name": "Group", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "displayName", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name for the Group. REQUIRED.", "multiValued": false}, {"name": "members", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of members of the Group.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "immutable", "uniqueness": "none", "description": "Identifier of the member of this Group.", "multiValued": false}, {"name": "$ref", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "immutable", "uniqueness": "none", "description": "The URI corresponding to a SCIM resource that is a member of this Group.", "multiValued": false, "referenceTypes": ["User", "Group"]}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "immutable", "uniqueness": "none", "description": "A label indicating the type of resource, e.g., 'User' or 'Group'.", "multiValued": false, "canonicalValues": ["User", "Group"]}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable name for the member, primarily used for display purposes. READ-ONLY.", "multiValued": false}]}], "description": "Group"}
urn:ietf:params:scim:schemas:core:2.0:ResourceType	{"id": "urn:ietf:params:scim:schemas:core:2.0:ResourceType", "name": "ResourceType", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "id", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The resource type's server unique id. May be the same as the 'name' attribute.", "multiValued": false}, {"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "server", "description": "The resource type name. When applicable, service providers MUST specify the name, e.g., 'User'.", "multiValued": false}, {"name": "description", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The resource type's human-readable description. When applicable, service providers MUST specify the description.", "multiValued": false}, {"name": "endpoint", "type": "reference", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "server", "description": "The resource type's HTTP-addressable endpoint relative to the Base URL, e.g., '/Users'.", "multiValued": false, "referenceTypes": ["uri"]}, {"name": "schema", "type": "reference", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The resource type's primary/base schema URI.", "multiValued": false, "referenceTypes": ["uri"]}, {"name": "schemaExtensions", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "A list of URIs of the resource type's schema extensions.", "multiValued": true, "subAttributes": [{"name": "schema", "type": "reference", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The URI of a schema extension.", "multiValued": false, "referenceTypes": ["uri"]}, {"name": "required", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value that specifies whether or not the schema extension is required for the resource type. If true, a resource of this type MUST include this schema extension and also include any attributes declared as required in this schema extension. If false, a resource of this type MAY omit this schema extension.", "multiValued": false}]}], "description": "Specifies the schema that describes a SCIM resource type"}
urn:ietf:params:scim:schemas:core:2.0:Schema	{"id": "urn:ietf:params:scim:schemas:core:2.0:Schema", "name": "Schema", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "id", "type": "string", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The unique URI of the schema. When applicable, service providers MUST specify the URI.", "multiValued": false}, {"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The schema's human-readable name. When applicable, service providers MUST specify the name, e.g., 'User'.", "multiValued": false}, {"name": "description", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The schema's human-readable name. When applicable, service providers MUST specify the name, e.g., 'User'.", "multiValued": false}, {"name": "attributes", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex attribute that includes the attributes of a schema.", "multiValued": true, "subAttributes": [{"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The attribute's name.", "multiValued": false}, {"name": "type", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The attribute's data type. Valid values include 'string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference'.", "multiValued": false, "canonicalValues": ["string", "complex", "boolean", "decimal", "integer", "dateTime", "binary", "reference"]}, {"name": "multiValued", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating an attribute's plurality.", "multiValued": false}, {"name": "description", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable description of the attribute.", "multiValued": false}, {"name": "required", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A boolean value indicating whether or not the attribute is required.", "multiValued": false}, {"name": "canonicalValues", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "A collection of canonical values. When applicable, service providers MUST specify the canonical types, e.g., 'work', 'home'.", "multiValued": true}, {"name": "caseExact", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating whether or not a string attribute is case sensitive.", "multiValued": false}, {"name": "mutability", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates whether or not an attribute is modifiable.", "multiValued": false, "canonicalValues": ["readOnly", "readWrite", "immutable", "writeOnly"]}, {"name": "returned", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates when an attribute is returned in a response (e.g., to a query).", "multiValued": false, "canonicalValues": ["always", "never", "default", "request"]}, {"name": "uniqueness", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates how unique a value must be.", "multiValued": false, "canonicalValues": ["none", "server", "global"]}, {"name": "referenceTypes", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Used only with an attribute of type 'reference'. Specifies a SCIM resourceType that a reference attribute MAY refer to, e.g., 'User'.", "multiValued": true}, {"name": "subAttributes", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "Used to define the sub-attributes of a complex attribute.", "multiValued": true, "subAttributes": [{"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The attribute's name.", "multiValued": false}, {"name": "type", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The attribute's data type. Valid values include 'string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference'.", "multiValued": false, "canonicalValues": ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference"]}, {"name": "multiValued", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating an attribute's plurality.", "multiValued": false}, {"name": "description", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable description of the attribute.", "multiValued": false}, {"name": "required", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A boolean value indicating whether or not the attribute is required.", "multiValued": false}, {"name": "canonicalValues", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "A collection of canonical values. When applicable, service providers MUST specify the canonical types, e.g., 'work', 'home'.", "multiValued": true}, {"name": "caseExact", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating whether or not a string attribute is case sensitive.", "multiValued": false}, {"name": "mutability", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates whether or not an attribute is modifiable.", "multiValued": false, "canonicalValues": ["readOnly", "readWrite", "immutable", "writeOnly"]}, {"name": "returned", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates when an attribute is returned in a response (e.g., to a query).", "multiValued": false, "canonicalValues": ["always", "never", "default", "request"]}, {"name": "uniqueness", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates how unique a value must be.", "multiValued": false, "canonicalValues": ["none", "server", "global"]}, {"name": "referenceTypes", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Used only with an attribute of type 'reference'. Specifies a SCIM resourceType that a reference attribute MAY refer to, e.g., 'User'.", "multiValued": true}]}]}], "description": "Specifies the schema that describes a SCIM schema"}
urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig	{"id": "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig", "name": "Service Provider Configuration", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "documentationUri", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "An HTTP-addressable URL pointing to the service provider's human-consumable help documentation.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "patch", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies PATCH configuration options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}]}, {"name": "bulk", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies bulk configuration options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}, {"name": "maxOperations", "type": "integer", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "An integer value specifying the maximum number of operations.", "multiValued": false}, {"name": "maxPayloadSize", "type": "integer", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "An integer value specifying the maximum payload size in bytes.", "multiValued": false}]}, {"name": "filter", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies FILTER options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}, {"name": "maxResults", "type": "integer", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "An integer value specifying the maximum number of resources returned in a response.", "multiValued": false}]}, {"name": "changePassword", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies configuration options related to changing a password.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}]}, {"name": "sort", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies sort result options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}]}, {"name": "etag", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies ETag configuration options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}]}, {"name": "pagination", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "A complex type that indicates pagination configuration options (RFC 9865).", "multiValued": false, "subAttributes": [{"name": "cursor", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying support of cursor-based pagination.", "multiValued": false}, {"name": "index", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying support of index-based pagination.", "multiValued": false}, {"name": "defaultPaginationMethod", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The type of pagination that the service provider defaults to when the client has not specified which method it wishes to use.", "multiValued": false, "canonicalValues": ["cursor", "index"]}, {"name": "defaultPageSize", "type": "integer", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "The default number of results returned in a page when a count is not specified in the query.", "multiValued": false}, {"name": "maxPageSize", "type": "integer", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "The maximum number of results returned in a page regardless of what is specified for the count in a query.", "multiValued": false}, {"name": "cursorTimeout", "type": "integer", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "The minimum number of seconds that a cursor is valid between page requests.", "multiValued": false}]}, {"name": "authenticationSchemes", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies supported authentication scheme properties.", "multiValued": true, "subAttributes": [{"name": "type", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The authentication scheme.", "multiValued": false, "canonicalValues": ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"]}, {"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The common authentication scheme name, e.g., HTTP Basic.", "multiValued": false}, {"name": "description", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A description of the authentication scheme.", "multiValued": false}, {"name": "specUri", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "An HTTP-addressable URL pointing to the authentication scheme's specification.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "documentationUri", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "An HTTP-addressable URL pointing to the authentication scheme's usage documentation.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred authentication scheme. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}], "description": "Schema for representing the service provider's configuration"}
urn:ietf:params:scim:schemas:core:2.0:User	{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "name": "User", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "userName", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "server", "description": "Unique identifier for the User, typically used by the user to directly authenticate to the service provider. Each User MUST include a non-empty userName value. This identifier MUST be unique across the service provider's entire set of Users. REQUIRED.", "multiValued": false}, {"name": "name", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "The components of the user's real name. Providers MAY return just the full name as a single string in the formatted sub-attribute, or they MAY return just the individual component attributes using the other sub-attributes, or they MAY return both. If both variants are returned, they SHOULD be describing the same name, with the formatted name indicating how the component attributes should be combined.", "multiValued": false, "subAttributes": [{"name": "formatted", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full name, including all middle names, titles, and suffixes as appropriate, formatted for display (e.g., 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "familyName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The family name of the User, or last name in most Western languages (e.g., 'Jensen' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "givenName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The given name of the User, or first name in most Western languages (e.g., 'Barbara' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "middleName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The middle name(s) of the User (e.g., 'Jane' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "honorificPrefix", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The honorific prefix(es) of the User, or title in most Western languages (e.g., 'Ms.' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "honorificSuffix", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The honorific suffix(es) of the User, or suffix in most Western languages (e.g., 'III' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}]}, {"name": "displayName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The name of the User, suitable for display to end-users. The name SHOULD be the full name of the User being described, if known.", "multiValued": false}, {"name": "nickName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The casual way to address the user in real life, e.g., 'Bob' or 'Bobby' instead of 'Robert'. This attribute SHOULD NOT be used to represent a User's username (e.g., 'bjensen' or 'mpepperidge').", "multiValued": false}, {"name": "profileUrl", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "A fully qualified URL pointing to a page representing the User's online profile.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "title", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The user's title, such as \\"Vice President.\\"", "multiValued": false}, {"name": "userType", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Used to identify the relationship between the organization and the user. Typical values used might be 'Contractor', 'Employee', 'Intern', 'Temp', 'External', and 'Unknown', but any value may be used.", "multiValued": false}, {"name": "preferredLanguage", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Indicates the User's preferred written or spoken language. Generally used for selecting a localized user interface; e.g., 'en_US' specifies the language English and country US.", "multiValued": false}, {"name": "locale", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Used to indicate the User's default location for purposes of localizing items such as currency, date time format, or numerical representations.", "multiValued": false}, {"name": "timezone", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The User's time zone in the 'Olson' time zone database format, e.g., 'America/Los_Angeles'.", "multiValued": false}, {"name": "active", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the User's administrative status.", "multiValued": false}, {"name": "password", "type": "string", "required": false, "returned": "never", "caseExact": false, "mutability": "writeOnly", "uniqueness": "none", "description": "The User's cleartext password. This attribute is intended to be used as a means to specify an initial password when creating a new User or to reset an existing User's password.", "multiValued": false}, {"name": "emails", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Email addresses for the user. The value SHOULD be canonicalized by the service provider, e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', 'home', and 'other'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Email addresses for the user. The value SHOULD be canonicalized by the service provider, e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', 'home', and 'other'.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work' or 'home'.", "multiValued": false, "canonicalValues": ["work", "home", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred mailing address or primary email address. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "phoneNumbers", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Phone numbers for the User. The value SHOULD be canonicalized by the service provider according to the format specified in RFC 3966, e.g., 'tel:+1-201-555-0123'. Canonical type values of 'work', 'home', 'mobile', 'fax', 'pager', and 'other'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Phone number of the User.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work', 'home', 'mobile'.", "multiValued": false, "canonicalValues": ["work", "home", "mobile", "fax", "pager", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred phone number or primary phone number. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "ims", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Instant messaging addresses for the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Instant messaging address for the User.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'aim', 'gtalk', 'xmpp'.", "multiValued": false, "canonicalValues": ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred messenger or primary messenger. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "photos", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "URLs of photos of the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "URL of a photo of the User.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, i.e., 'photo' or 'thumbnail'.", "multiValued": false, "canonicalValues": ["photo", "thumbnail"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred photo or thumbnail. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "addresses", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A physical mailing address for this User. Canonical type values of 'work', 'home', and 'other'. This attribute is a complex type with the following sub-attributes.", "multiValued": true, "subAttributes": [{"name": "formatted", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full mailing address, formatted for display or use with a mailing label. This attribute MAY contain newlines.", "multiValued": false}, {"name": "streetAddress", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full street address component, which may include house number, street name, P.O. box, and multi-line extended street address information. This attribute MAY contain newlines.", "multiValued": false}, {"name": "locality", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The city or locality component.", "multiValued": false}, {"name": "region", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The state or region component.", "multiValued": false}, {"name": "postalCode", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The zip code or postal code component.", "multiValued": false}, {"name": "country", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The country name component.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work' or 'home'.", "multiValued": false, "canonicalValues": ["work", "home", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred address. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "groups", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "A list of groups to which the user belongs, either through direct membership, through nested groups, or dynamically calculated.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The identifier of the User's group.", "multiValued": false}, {"name": "$ref", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The URI of the corresponding 'Group' resource to which the user belongs.", "multiValued": false, "referenceTypes": ["Group"]}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes. READ-ONLY.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'direct' or 'indirect'.", "multiValued": false, "canonicalValues": ["direct", "indirect"]}]}, {"name": "entitlements", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of entitlements for the User that represent a thing the User has.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The value of an entitlement.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "roles", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of roles for the User that collectively represent who the User is, e.g., 'Student', 'Faculty'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The value of a role.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "x509Certificates", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of certificates issued to the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "binary", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "The value of an X.509 certificate.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}], "description": "User Account"}
urn:example:Thing	{"id": "urn:example:Thing", "name": "Thing", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "label", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "global", "multiValued": false}]}
\.


--
-- Data for Name: secret; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".secret (purpose, value) FROM stdin;
cursor	\\xe44b61ba7c443ca6cf17041d8b39ce900a2829e4e4f9b0d9c4321bba858a4540
\.


--
-- Data for Name: tenant; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".tenant (tenant_id, name, created) FROM stdin;
1	default	2026-11-26 00:34:41.278063+00
\.


--
-- Data for Name: things; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".things (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at) FROM stdin;
1	Thing	01a21546-a62a-7e78-9a3b-3b8b20b50979	\N	\N	\N	\N	ACTIVE	{"label": "one", "schemas": ["urn:example:Thing"]}	1	2026-11-26 00:34:41.322721+00	2026-11-26 00:34:41.322721+00	\N	\N
\.


--
-- Data for Name: token; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".token (tenant_id, id, hash, description, created, expires_at, revoked_at) FROM stdin;
\.


--
-- Data for Name: unique_value; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".unique_value (tenant_id, resource_type, attribute, value, resource_id) FROM stdin;
0	Thing	label	one	01a21546-a62a-7e78-9a3b-3b8b20b50979
\.


--
-- Data for Name: users; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".users (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at) FROM stdin;
1	User	01a21546-a62c-757d-b789-04b06380846f	\N	odd	\N	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "odd"}	1	2026-11-26 00:34:41.32429+00	2026-11-26 00:34:41.32429+00	\N	\N
\.


--
-- Data for Name: laptop; Type: TABLE DATA; Schema: app; Owner: postgres
--

COPY app.laptop (owner, tenant_id, resource_type, id) FROM stdin;
00000000-0001-7000-8000-000000000001	1	User	01a21546-a648-7d66-9ec7-15328e9e293e
\.


--
-- Data for Name: log; Type: TABLE DATA; Schema: app; Owner: postgres
--

COPY app.log (what) FROM stdin;
\.


--
-- Data for Name: saved; Type: TABLE DATA; Schema: app; Owner: postgres
--

COPY app.saved (name, filter, path) FROM stdin;
Engineers	title sw "Eng" and not (active eq false)	emails[type eq "work"].value
Mañana	userName pr	name.familyName
\.


--
-- Data for Name: Our "devices"; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory."Our ""devices""" (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, cost_centre) FROM stdin;
1	Device	00000000-0004-7000-8000-000000000001	\N	\N	\N	\N	ACTIVE	{"serial": "Serial 1", "schemas": ["urn:example:Device"]}	1	2026-11-26 00:34:41.246045+00	2026-11-26 00:34:41.246045+00	\N	\N	\N
1	Device	00000000-0004-7000-8000-000000000002	\N	\N	\N	\N	ACTIVE	{"serial": "Serial 2", "schemas": ["urn:example:Device"]}	1	2026-11-26 00:34:41.246045+00	2026-11-26 00:34:41.246045+00	\N	\N	\N
1	Device	00000000-0004-7000-8000-000000000003	\N	\N	\N	\N	ACTIVE	{"serial": "Serial 3", "schemas": ["urn:example:Device"]}	1	2026-11-26 00:34:41.246045+00	2026-11-26 00:34:41.246045+00	\N	\N	\N
1	Device	00000000-0004-7000-8000-000000000004	\N	\N	\N	\N	ACTIVE	{"serial": "Serial 4", "schemas": ["urn:example:Device"]}	1	2026-11-26 00:34:41.246045+00	2026-11-26 00:34:41.246045+00	\N	\N	\N
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.audit (tenant_id, id, at, transaction_id, actor, db_user, operation, resource_type, resource_id, version, member_id, before) FROM stdin;
1	01a21546-a5b1-72c0-afaf-a26d685b3ef7	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000001	1	\N	\N
1	01a21546-a5b1-799f-b9c2-74926ec667f8	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000002	1	\N	\N
1	01a21546-a5b1-7a90-bbe2-43c41360b217	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000003	1	\N	\N
1	01a21546-a5b1-7b8a-9fd7-5f5d3f373d4c	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000004	1	\N	\N
1	01a21546-a5b1-7c36-be7a-92757f1006cf	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000005	1	\N	\N
1	01a21546-a5b1-7cf5-9e35-93047c54e594	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000006	1	\N	\N
1	01a21546-a5b1-7db9-abd7-d9c472a30aa2	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000007	1	\N	\N
1	01a21546-a5b1-7e4a-8884-6eb72e814284	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000008	1	\N	\N
1	01a21546-a5b1-7eb5-896b-a050474ee716	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000009	1	\N	\N
1	01a21546-a5b1-7f1d-b98f-0301d7c5b60c	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000010	1	\N	\N
1	01a21546-a5b1-7f87-9dd6-e926bf0112bb	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000011	1	\N	\N
1	01a21546-a5b1-7fef-9601-1aa4ce95327b	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000012	1	\N	\N
1	01a21546-a5b2-7057-9af8-f87059c62d59	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000013	1	\N	\N
1	01a21546-a5b2-70be-a346-ff30d9d1de11	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000014	1	\N	\N
1	01a21546-a5b2-7138-b114-c544c9af4bf7	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000015	1	\N	\N
1	01a21546-a5b2-71a1-a5bf-5c80eae7a5ce	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000016	1	\N	\N
1	01a21546-a5b2-720f-8c2c-d6ff40fd8fb4	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000017	1	\N	\N
1	01a21546-a5b2-7279-ae84-669666668043	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000018	1	\N	\N
1	01a21546-a5b2-72de-8d38-3dbe78ed4745	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000019	1	\N	\N
1	01a21546-a5b2-7347-ac14-6a6003b83c1e	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000020	1	\N	\N
1	01a21546-a5b2-73be-a14e-a528a9eba454	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000021	1	\N	\N
1	01a21546-a5b2-7459-9c3f-53ca11cf0af8	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000022	1	\N	\N
1	01a21546-a5b2-74c6-9f3c-3dab48fde5ea	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000023	1	\N	\N
1	01a21546-a5b2-752c-9196-56295adc1f9b	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000024	1	\N	\N
1	01a21546-a5b2-75aa-a167-fd52a7756549	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000025	1	\N	\N
1	01a21546-a5b2-7610-9f5e-545752051bf9	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000026	1	\N	\N
1	01a21546-a5b2-7676-8f27-4b5099cb74e7	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000027	1	\N	\N
1	01a21546-a5b2-76f0-af2f-ff1acef5c6f7	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000028	1	\N	\N
1	01a21546-a5b2-7759-96cf-d0df05ae6f55	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000029	1	\N	\N
1	01a21546-a5b2-77e8-a18f-920c0ffa8100	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000030	1	\N	\N
1	01a21546-a5b2-785a-884e-987442cf6269	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000031	1	\N	\N
1	01a21546-a5b2-78c2-b565-403d0e84f504	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000032	1	\N	\N
1	01a21546-a5b2-792c-912c-10285499d584	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000033	1	\N	\N
1	01a21546-a5b2-799a-a904-cc313589ed90	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000034	1	\N	\N
1	01a21546-a5b2-7b9e-a006-1c379888866d	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000035	1	\N	\N
1	01a21546-a5b2-7c49-bdbb-ba14212cfa53	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000036	1	\N	\N
1	01a21546-a5b2-7cc6-b4f1-82ae085078dc	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000037	1	\N	\N
1	01a21546-a5b2-7d31-91cb-93f6bf4a2cb5	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000038	1	\N	\N
1	01a21546-a5b2-7d9a-aa1f-f12bec462c83	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000039	1	\N	\N
1	01a21546-a5b2-7e2c-b50d-5b9303ef796b	2026-11-26 00:34:41.192979+00	744	the maker	postgres	create	User	00000000-0001-7000-8000-000000000040	1	\N	\N
1	01a21546-a5ca-77a3-be46-e18afd812986	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000029	\N
1	01a21546-a5ca-77b7-b52b-441ffd01ba35	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000030	\N
1	01a21546-a5ca-77c1-8e80-fec10b900f51	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000031	\N
1	01a21546-a5ba-7abc-b8b2-697a50d715b7	2026-11-26 00:34:41.203109+00	745	the maker	postgres	update	User	00000000-0001-7000-8000-000000000001	2	\N	{"name": {"givenName": "Given1", "familyName": "Straße 1"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user1@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user1@example.com", "externalId": "e1", "displayName": "Überuser 1", "urn:example:Badge": {"costs": 1.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V1", "badgeNumber": "B1"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "1"}}
1	01a21546-a5bf-7688-aff0-169103555112	2026-11-26 00:34:41.211279+00	746	the maker	postgres	update	User	00000000-0001-7000-8000-000000000002	2	\N	{"name": {"givenName": "Given2", "familyName": "Straße 2"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user2@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user2@example.com", "externalId": "e2", "displayName": "Überuser 2", "urn:example:Badge": {"costs": 2.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V2", "badgeNumber": "B2"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "2"}}
1	01a21546-a5c5-757f-a939-2a487be3101e	2026-11-26 00:34:41.220582+00	747	the maker	postgres	create	Group	01a21546-a5c4-7b06-993c-5081cc128c1b	1	\N	\N
1	01a21546-a5c9-759d-baaa-65cef06a88f1	2026-11-26 00:34:41.224578+00	748	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000001	1	\N	\N
1	01a21546-a5ca-75dc-b291-c1efdf96a318	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000001	\N
1	01a21546-a5ca-7639-96f5-21a74296b454	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000002	\N
1	01a21546-a5ca-765b-b101-c9a594fcd592	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000003	\N
1	01a21546-a5ca-7674-b1f7-48d670a7335c	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000004	\N
1	01a21546-a5ca-7681-9300-c613bf797347	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000005	\N
1	01a21546-a5ca-768c-b5d5-ba71c6539774	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000006	\N
1	01a21546-a5ca-7696-978b-9f5bc5b48247	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000007	\N
1	01a21546-a5ca-769f-b58c-ed951cfc9fb5	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000008	\N
1	01a21546-a5ca-76a9-bf80-a870d2dbc914	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000009	\N
1	01a21546-a5ca-76b2-a2c1-4274626cd94c	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000010	\N
1	01a21546-a5ca-76bc-8786-0f4ce997abd5	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000011	\N
1	01a21546-a5ca-76c6-9ff3-fad08fced914	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5ca-76e1-aad0-5472d8eb1cc2	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000013	\N
1	01a21546-a5ca-76ec-92e6-1a7f638c69a4	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000014	\N
1	01a21546-a5ca-76f6-a34f-09bd3ca6544a	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000015	\N
1	01a21546-a5ca-7700-b834-73c8df8781ef	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000016	\N
1	01a21546-a5ca-7709-90e2-bd72511411ba	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000017	\N
1	01a21546-a5ca-7713-b20e-046844d7f6ee	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000018	\N
1	01a21546-a5ca-771d-ae35-0d96c51efee2	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000019	\N
1	01a21546-a5ca-7726-984b-8253328130b2	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000020	\N
1	01a21546-a5ca-7730-a9e5-03f021759476	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000021	\N
1	01a21546-a5ca-773a-b37e-a2a04462f947	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000022	\N
1	01a21546-a5ca-7744-b784-e0fdff53dc8b	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000023	\N
1	01a21546-a5ca-774e-90a7-110f4d94252e	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000024	\N
1	01a21546-a5ca-776e-90ff-a209cf79c130	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000025	\N
1	01a21546-a5ca-7786-811a-6d4be0941e9e	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000026	\N
1	01a21546-a5ca-7790-93ba-e12fd503da30	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000027	\N
1	01a21546-a5ca-779a-8ead-472387003bb5	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000028	\N
1	01a21546-a5ca-77cb-ad0f-460a6e70d3e1	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000032	\N
1	01a21546-a5ca-784d-b601-51c06ac2f4c9	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000033	\N
1	01a21546-a5ca-7869-aafe-4ee5514d3b0e	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000034	\N
1	01a21546-a5ca-7873-99d3-b97091dc6339	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000035	\N
1	01a21546-a5ca-787e-9847-2f3dc88c2dcc	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000036	\N
1	01a21546-a5ca-7887-ad1a-9394f3cd9857	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000037	\N
1	01a21546-a5ca-7891-ae6d-14f1cbd19c47	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000038	\N
1	01a21546-a5ca-789b-b739-363557857d5e	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000039	\N
1	01a21546-a5ca-78a5-9b5c-3543d66e3fd7	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000040	\N
1	01a21546-a5ca-7913-8766-c09b4deea113	2026-11-26 00:34:41.224578+00	748	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000002	1	\N	\N
1	01a21546-a5ca-7f14-a0d4-42f0612cf1ad	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000002	\N
1	01a21546-a5ca-7f45-b26d-83f670f64216	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000004	\N
1	01a21546-a5ca-7f52-82cf-d93b7ee1689a	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000006	\N
1	01a21546-a5ca-7f5e-8cea-63dc37ac1fe9	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000008	\N
1	01a21546-a5ca-7f68-a364-3ed5e61fc02f	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000010	\N
1	01a21546-a5ca-7f72-a811-05495695dfb2	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5ca-7f7d-b49e-4d6b4aed08e2	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000014	\N
1	01a21546-a5ca-7f88-9d4a-c6d42171dc71	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000016	\N
1	01a21546-a5ca-7f92-aba2-6d89ea7b385d	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000018	\N
1	01a21546-a5ca-7f9c-ba63-5f5abd2719c5	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000020	\N
1	01a21546-a5ca-7fa7-8e8d-98dcaea057ab	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000022	\N
1	01a21546-a5ca-7fb1-9cfd-6eedba4c64cc	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000024	\N
1	01a21546-a5ca-7fba-98f2-28e751e4f3a4	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000026	\N
1	01a21546-a5ca-7fc4-9c5e-f6988c633840	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000028	\N
1	01a21546-a5ca-7fce-8a5b-fc5f0e33eb32	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000030	\N
1	01a21546-a5ca-7fed-9a47-4b7db7e520a4	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000032	\N
1	01a21546-a5ca-7ff7-ac8b-5e1f65922c11	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000034	\N
1	01a21546-a5cb-7001-9007-0b2785c17666	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000036	\N
1	01a21546-a5cb-700b-9f26-fd7947cf4e67	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000038	\N
1	01a21546-a5cb-7014-8162-013b3c59e3a5	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000040	\N
1	01a21546-a5cb-705a-97ab-b1d8faec45fa	2026-11-26 00:34:41.224578+00	748	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000003	1	\N	\N
1	01a21546-a5cb-7519-93ec-5cf6ecff8d8d	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000003	\N
1	01a21546-a5cb-7546-94df-5328fbfac022	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000006	\N
1	01a21546-a5cb-7552-9844-5acf8ac6f927	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000009	\N
1	01a21546-a5cb-756e-98c4-c71e9a5fd472	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5cb-7579-bbed-abc60a0164da	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000015	\N
1	01a21546-a5cb-7582-8339-5fdb5cd9c711	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000018	\N
1	01a21546-a5cb-758c-a675-fe43d4c2ca7c	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000021	\N
1	01a21546-a5cb-7596-a1fb-a60b65b94914	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000024	\N
1	01a21546-a5cb-75a0-8821-cef7f3d5d6a7	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000027	\N
1	01a21546-a5cb-75aa-a7e6-4832a4704c6e	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000030	\N
1	01a21546-a5cb-7606-b4b1-9f15999e2635	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000033	\N
1	01a21546-a5cb-7612-9c98-90335dd5c3d2	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000036	\N
1	01a21546-a5cb-761c-a569-6227bcdf002d	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000039	\N
1	01a21546-a5cb-7675-9afd-d50eaff6f39f	2026-11-26 00:34:41.224578+00	748	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000004	1	\N	\N
1	01a21546-a5cb-7b67-8990-d4a0d7f274c5	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000004	\N
1	01a21546-a5cb-7b96-b239-79413525d427	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000008	\N
1	01a21546-a5cb-7ba3-bfc2-cd4c89f0a350	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5cb-7bae-9742-415df613545a	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000016	\N
1	01a21546-a5cb-7bb9-94f2-b6cee6521e18	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000020	\N
1	01a21546-a5cb-7bc3-9e04-218f7a974f61	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000024	\N
1	01a21546-a5cb-7bcd-b70a-b99e4030155b	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000028	\N
1	01a21546-a5cb-7bd8-9e0f-95fc1b640026	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000032	\N
1	01a21546-a5cb-7be3-8183-3f9998fc0f1e	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000036	\N
1	01a21546-a5cb-7bed-9b66-6e70be35f7e0	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000040	\N
1	01a21546-a5cb-7c6d-b996-75d99b71ac37	2026-11-26 00:34:41.224578+00	748	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000005	1	\N	\N
1	01a21546-a5cc-7103-8df0-72cd444a6919	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000005	\N
1	01a21546-a5cc-713c-a52b-a77560e6ca06	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000010	\N
1	01a21546-a5cc-716b-b1c1-5487da333634	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000015	\N
1	01a21546-a5cc-7177-9268-fa11f17226d8	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000020	\N
1	01a21546-a5cc-7181-9f79-32915719e5f0	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000025	\N
1	01a21546-a5cc-718b-bc07-552463159100	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000030	\N
1	01a21546-a5cc-7196-acc3-bf844312bbcd	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000035	\N
1	01a21546-a5cc-71a0-9349-c7e6f3c82ff1	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000040	\N
1	01a21546-a5cc-71e7-a632-8f49966820cf	2026-11-26 00:34:41.224578+00	748	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000006	1	\N	\N
1	01a21546-a5d1-7259-829d-a38c55054019	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000006	\N
1	01a21546-a5d1-72fd-b908-ad17ecb3dccb	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5d1-7317-98b3-989835c2bb93	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000018	\N
1	01a21546-a5d1-7324-85c8-142e4a6a939f	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000024	\N
1	01a21546-a5d1-7332-8d4f-cdf4fa3e229e	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000030	\N
1	01a21546-a5d1-733f-b53a-93a173ffd34d	2026-11-26 00:34:41.224578+00	748	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000036	\N
1	01a21546-a5d5-7aa6-a84b-9efeaeab8887	2026-11-26 00:34:41.236573+00	749	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}
1	01a21546-a5d5-7ba1-9d00-fea7f2a4827a	2026-11-26 00:34:41.236573+00	749	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0002-7000-8000-000000000002	\N
1	01a21546-a5d5-7bc2-ab4c-87df78fc8383	2026-11-26 00:34:41.236573+00	749	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0002-7000-8000-000000000003	\N
1	01a21546-a5d5-7bd2-beca-c8717e03e028	2026-11-26 00:34:41.236573+00	749	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	901e54d1-4be3-85e7-9d14-947da85443aa	\N
1	01a21546-a5d5-7bde-a500-a2a1c0538e13	2026-11-26 00:34:41.236573+00	749	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000999	\N
1	01a21546-a5d9-7632-817b-cb9bda04c48f	2026-11-26 00:34:41.240607+00	750	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000002	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 2"}
1	01a21546-a5d9-772c-afe6-14eceafdca67	2026-11-26 00:34:41.240607+00	750	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0002-7000-8000-000000000004	\N
1	01a21546-a5e3-75f0-b1db-1cfd2b718f66	2026-11-26 00:34:41.248618+00	755	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5dc-7d27-bb61-f2067e952d72	2026-11-26 00:34:41.244179+00	751	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	3	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}
1	01a21546-a5dc-7ec1-8046-829b35a3d35a	2026-11-26 00:34:41.244179+00	751	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000005	\N
1	01a21546-a5dd-7af4-9420-4e04dc53888c	2026-11-26 00:34:41.245106+00	752	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000001	1	\N	\N
1	01a21546-a5dd-7bbc-97d9-7bb26a2dd96e	2026-11-26 00:34:41.245106+00	752	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000002	1	\N	\N
1	01a21546-a5dd-7d10-ab39-214da81fadf9	2026-11-26 00:34:41.245106+00	752	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000003	1	\N	\N
1	01a21546-a5dd-7d58-9a0c-3513847a8cba	2026-11-26 00:34:41.245106+00	752	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000004	1	\N	\N
1	01a21546-a5dd-7d92-8b8d-548494ac9f15	2026-11-26 00:34:41.245106+00	752	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000005	1	\N	\N
1	01a21546-a5de-77fd-9bde-ee0b79700bf9	2026-11-26 00:34:41.246045+00	753	the maker	postgres	create	Device	00000000-0004-7000-8000-000000000001	1	\N	\N
1	01a21546-a5de-7875-852b-3b05a5671d55	2026-11-26 00:34:41.246045+00	753	the maker	postgres	create	Device	00000000-0004-7000-8000-000000000002	1	\N	\N
1	01a21546-a5de-7898-81f8-073ba532eb00	2026-11-26 00:34:41.246045+00	753	the maker	postgres	create	Device	00000000-0004-7000-8000-000000000003	1	\N	\N
1	01a21546-a5de-78b8-b8e5-c05c0d34a540	2026-11-26 00:34:41.246045+00	753	the maker	postgres	create	Device	00000000-0004-7000-8000-000000000004	1	\N	\N
1	01a21546-a5df-7009-9b46-3f60b05d665d	2026-11-26 00:34:41.2467+00	754	the maker	postgres	suspend	User	00000000-0001-7000-8000-000000000010	2	\N	{"name": {"givenName": "Given10", "familyName": "Straße 10"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user10@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user10@example.com", "externalId": "e10", "displayName": "Überuser 10", "urn:example:Badge": {"costs": 10.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V10", "badgeNumber": "B10"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "10"}}
1	01a21546-a5e0-7f7a-830b-124192f180e4	2026-11-26 00:34:41.248618+00	755	the maker	postgres	delete	User	00000000-0001-7000-8000-000000000011	2	\N	{"name": {"givenName": "Given11", "familyName": "Straße 11"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user11@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user11@example.com", "externalId": "e11", "displayName": "Überuser 11", "urn:example:Badge": {"costs": 11.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V11", "badgeNumber": "B11"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "11"}}
1	01a21546-a5e1-7d00-8b75-9777aa431dad	2026-11-26 00:34:41.248618+00	755	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	4	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}
1	01a21546-a5e1-7deb-8950-8ee5b0a02bd7	2026-11-26 00:34:41.248618+00	755	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000011	\N
1	01a21546-a5e1-7fd3-944d-05e954ede8fd	2026-11-26 00:34:41.248618+00	755	the maker	postgres	delete	User	00000000-0001-7000-8000-000000000012	2	\N	{"name": {"givenName": "Given12", "familyName": "Straße 12"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user12@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user12@example.com", "externalId": "e12", "displayName": "Überuser 12", "urn:example:Badge": {"costs": 12.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V12", "badgeNumber": "B12"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "12"}}
1	01a21546-a5e3-7357-9e8d-82890a5235d0	2026-11-26 00:34:41.248618+00	755	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	5	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}
1	01a21546-a5e3-7447-b568-16c027524595	2026-11-26 00:34:41.248618+00	755	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000002	3	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 2"}
1	01a21546-a5e3-7487-8de1-7cc13b62317b	2026-11-26 00:34:41.248618+00	755	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000003	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 3"}
1	01a21546-a5e3-74d5-8449-8c7c69b1db35	2026-11-26 00:34:41.248618+00	755	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000004	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 4"}
1	01a21546-a5e3-7521-b85c-8a196afcc462	2026-11-26 00:34:41.248618+00	755	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000006	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 6"}
1	01a21546-a5e3-75b8-a063-50cc7002bc13	2026-11-26 00:34:41.248618+00	755	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5e3-75cb-aa5d-e24ae0359602	2026-11-26 00:34:41.248618+00	755	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5e3-75d9-8d87-b29706de30ec	2026-11-26 00:34:41.248618+00	755	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5e3-75e5-844c-1924adf3fb24	2026-11-26 00:34:41.248618+00	755	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000012	\N
1	01a21546-a5e3-77d1-b15c-bb3df328dfcd	2026-11-26 00:34:41.248618+00	755	the maker	postgres	delete	User	00000000-0001-7000-8000-000000000013	2	\N	{"name": {"givenName": "Given13", "familyName": "Straße 13"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user13@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user13@example.com", "externalId": "e13", "displayName": "Überuser 13", "urn:example:Badge": {"costs": 13.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V13", "badgeNumber": "B13"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "13"}}
1	01a21546-a5e4-771e-9288-edbd48f67af9	2026-11-26 00:34:41.248618+00	755	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	6	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}
1	01a21546-a5e4-77dd-a4d2-0821d3c8482e	2026-11-26 00:34:41.248618+00	755	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000013	\N
1	01a21546-a5e9-77a0-8a46-c9a0dd9165eb	2026-11-26 00:34:41.25703+00	756	the maker	postgres	restore	User	00000000-0001-7000-8000-000000000013	3	\N	{"name": {"givenName": "Given13", "familyName": "Straße 13"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user13@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user13@example.com", "externalId": "e13", "displayName": "Überuser 13", "urn:example:Badge": {"costs": 13.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V13", "badgeNumber": "B13"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "13"}}
1	01a21546-a5eb-775f-890f-ba05428df1d0	2026-11-26 00:34:41.258678+00	758	the maker	postgres	offboard	User	00000000-0001-7000-8000-000000000014	2	\N	{"name": {"givenName": "Given14", "familyName": "Straße 14"}, "title": "Engineer 2", "active": false, "emails": [{"type": "work", "value": "user14@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user14@example.com", "externalId": "e14", "displayName": "Überuser 14", "urn:example:Badge": {"costs": 14.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V14", "badgeNumber": "B14"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "14"}}
1	01a21546-a5eb-7a34-9977-6083b6309cf0	2026-11-26 00:34:41.258678+00	758	the maker	postgres	offboard	User	00000000-0001-7000-8000-000000000015	2	\N	{"name": {"givenName": "Given15", "familyName": "Straße 15"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user15@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user15@example.com", "externalId": "e15", "displayName": "Überuser 15", "urn:example:Badge": {"costs": 15.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V15", "badgeNumber": "B15"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "15"}}
1	01a21546-a5eb-7f38-b975-4cfc8c2ca91f	2026-11-26 00:34:41.258678+00	758	the maker	postgres	offboard	User	00000000-0001-7000-8000-000000000016	2	\N	{"name": {"givenName": "Given16", "familyName": "Straße 16"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user16@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user16@example.com", "externalId": "e16", "displayName": "Überuser 16", "urn:example:Badge": {"costs": 16.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V16", "badgeNumber": "B16"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "16"}}
1	01a21546-a5ec-7a5c-8745-42efd264fb36	2026-11-26 00:34:41.260149+00	759	the maker	postgres	complete	User	00000000-0001-7000-8000-000000000015	3	\N	{"name": {"givenName": "Given15", "familyName": "Straße 15"}, "title": "Engineer 0", "active": false, "emails": [{"type": "work", "value": "user15@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user15@example.com", "externalId": "e15", "displayName": "Überuser 15", "urn:example:Badge": {"costs": 15.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V15", "badgeNumber": "B15"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "15"}}
1	01a21546-a5ed-76be-a150-d71ed870b38f	2026-11-26 00:34:41.260149+00	759	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	7	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}
1	01a21546-a5ed-7784-8b52-d21fe7ae0d81	2026-11-26 00:34:41.260149+00	759	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000003	3	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 3"}
1	01a21546-a5ed-77c4-a29a-d378c5727094	2026-11-26 00:34:41.260149+00	759	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000005	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 5"}
1	01a21546-a5ed-7819-975f-7189928b283c	2026-11-26 00:34:41.260149+00	759	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000015	\N
1	01a21546-a5ed-782c-af45-eca6e0e27fa9	2026-11-26 00:34:41.260149+00	759	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000015	\N
1	01a21546-a5ed-783a-b757-147f80e6d117	2026-11-26 00:34:41.260149+00	759	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000015	\N
1	01a21546-a5ed-7a87-8da0-5c9891a9c3fe	2026-11-26 00:34:41.260149+00	759	the maker	postgres	complete	User	00000000-0001-7000-8000-000000000016	3	\N	{"name": {"givenName": "Given16", "familyName": "Straße 16"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user16@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user16@example.com", "externalId": "e16", "displayName": "Überuser 16", "urn:example:Badge": {"costs": 16.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V16", "badgeNumber": "B16"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "16"}}
1	01a21546-a5ee-7530-8a7e-428bb6166f50	2026-11-26 00:34:41.260149+00	759	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	8	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}
1	01a21546-a5ee-75d4-9cf5-2fb3fde3de11	2026-11-26 00:34:41.260149+00	759	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000002	4	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 2"}
1	01a21546-a5ee-762d-9128-f2ebdc4f4a38	2026-11-26 00:34:41.260149+00	759	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000004	3	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 4"}
1	01a21546-a5ee-767c-b877-3f0f5c25aa61	2026-11-26 00:34:41.260149+00	759	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000016	\N
1	01a21546-a5ee-7690-8bca-6d435234e44a	2026-11-26 00:34:41.260149+00	759	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000016	\N
1	01a21546-a5ee-769e-b3c3-fb45048ef605	2026-11-26 00:34:41.260149+00	759	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000016	\N
1	01a21546-a5f0-7cef-9454-a58c2b15e588	2026-11-26 00:34:41.264594+00	760	the maker	postgres	create	User	00000000-0001-7000-8000-000000000050	1	\N	\N
1	01a21546-a5f1-71c3-a17b-ce3c0d95f0dc	2026-11-26 00:34:41.264988+00	761	the maker	postgres	delete	Group	00000000-0002-7000-8000-000000000006	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 6"}
1	01a21546-a5f1-7a62-badf-61b0cfb61dec	2026-11-26 00:34:41.264988+00	761	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000006	\N
1	01a21546-a5f1-7ae0-b00b-824f124004fd	2026-11-26 00:34:41.264988+00	761	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000018	\N
1	01a21546-a5f1-7af0-83ca-9537fd6ab950	2026-11-26 00:34:41.264988+00	761	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000024	\N
1	01a21546-a5f1-7afb-a6b2-d85b61df262e	2026-11-26 00:34:41.264988+00	761	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000030	\N
1	01a21546-a5f1-7b06-a154-8ee7ab03cf01	2026-11-26 00:34:41.264988+00	761	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000036	\N
2	01a21546-a5f2-7ad8-a600-4052a17cd208	2026-11-26 00:34:41.265985+00	762	the maker	postgres	create	User	00000000-0001-7000-8000-000000000001	1	\N	\N
2	01a21546-a5f2-7c16-a325-950ca23605ef	2026-11-26 00:34:41.265985+00	762	the maker	postgres	create	User	00000000-0001-7000-8000-000000000002	1	\N	\N
2	01a21546-a5f2-7c8a-a340-67cd86a83053	2026-11-26 00:34:41.265985+00	762	the maker	postgres	create	User	00000000-0001-7000-8000-000000000003	1	\N	\N
2	01a21546-a5f2-7d1a-9364-39e0d7a3ddb9	2026-11-26 00:34:41.265985+00	762	the maker	postgres	create	User	00000000-0001-7000-8000-000000000004	1	\N	\N
2	01a21546-a5f2-7d8b-99a4-2b2cc8c959d5	2026-11-26 00:34:41.265985+00	762	the maker	postgres	create	User	00000000-0001-7000-8000-000000000005	1	\N	\N
2	01a21546-a5f3-73b1-b516-83d58804d116	2026-11-26 00:34:41.267081+00	763	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000001	1	\N	\N
2	01a21546-a5f3-7835-8fe1-ba66dd1d99dd	2026-11-26 00:34:41.267081+00	763	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000001	\N
3	01a21546-a5f8-7e73-af02-124a449b3f4e	2026-11-26 00:34:41.272686+00	764	the maker	postgres	create	User	00000000-0001-7000-8000-000000000001	1	\N	\N
\.


--
-- Data for Name: cost_centres; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.cost_centres (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, cost_centre) FROM stdin;
1	CostCentre	00000000-0003-7000-8000-000000000001	\N	\N	Centre 1	\N	ACTIVE	{"code": "C1", "head": "00000000-0001-7000-8000-000000000001", "budget": 1000.5, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 1"}	1	2026-11-26 00:34:41.245106+00	2026-11-26 00:34:41.245106+00	\N	\N	\N
1	CostCentre	00000000-0003-7000-8000-000000000002	\N	\N	Centre 2	\N	ACTIVE	{"code": "C2", "head": "00000000-0001-7000-8000-000000000002", "budget": 2001.0, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 2"}	1	2026-11-26 00:34:41.245106+00	2026-11-26 00:34:41.245106+00	\N	\N	\N
1	CostCentre	00000000-0003-7000-8000-000000000003	\N	\N	Centre 3	\N	ACTIVE	{"code": "C3", "head": "00000000-0001-7000-8000-000000000003", "budget": 3001.5, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 3"}	1	2026-11-26 00:34:41.245106+00	2026-11-26 00:34:41.245106+00	\N	\N	\N
1	CostCentre	00000000-0003-7000-8000-000000000004	\N	\N	Centre 4	\N	ACTIVE	{"code": "C4", "head": "00000000-0001-7000-8000-000000000004", "budget": 4002.0, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 4"}	1	2026-11-26 00:34:41.245106+00	2026-11-26 00:34:41.245106+00	\N	\N	\N
1	CostCentre	00000000-0003-7000-8000-000000000005	\N	\N	Centre 5	\N	ACTIVE	{"code": "C5", "head": "00000000-0001-7000-8000-000000000005", "budget": 5002.5, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 5"}	1	2026-11-26 00:34:41.245106+00	2026-11-26 00:34:41.245106+00	\N	\N	\N
\.


--
-- Data for Name: credential; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.credential (tenant_id, resource_id, secret, changed) FROM stdin;
1	00000000-0001-7000-8000-000000000001	SCRAM-SHA-256$4096:e33E7p2/OYpPPt2QAqI5Ag==$al/ATPBaIq5jvC4obdvmijTdQNR0ScHCLOX/kH7wNEM=:N4jry2h8o+Ugpb0ZsMvEzBuV16ffpl0RtEgzjXKnWRI=	2026-11-26 00:34:41.203109+00
1	00000000-0001-7000-8000-000000000002	SCRAM-SHA-256$4096:VKd2uu52Ndbwd10Vjzyauw==$IQZ3JSKtIhD0uI7M0B5NlZ4C/nCy7Lq1d+5azZxAzOg=:rubKuic//8BvCQeAQ/M402djNDlclvIg+FNyMwLcKrY=	2026-11-26 00:34:41.211279+00
\.


--
-- Data for Name: event; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.event (tenant_id, id, at, transaction_id, event_uri, resource_type, resource_id, version) FROM stdin;
1	01a21546-a5b1-7683-8735-ea9f814318d0	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000001	1
1	01a21546-a5b1-79f0-ae01-91b2977deeee	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000002	1
1	01a21546-a5b1-7ac3-b0ce-7d099af2a177	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000003	1
1	01a21546-a5b1-7bc7-acae-ec22f407d83d	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000004	1
1	01a21546-a5b1-7c63-b239-db588aaecf3e	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000005	1
1	01a21546-a5b1-7d3a-ab13-3c89a1790613	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000006	1
1	01a21546-a5b1-7df8-b807-5560d42a8744	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000007	1
1	01a21546-a5b1-7e63-9a01-b0a4a20d7562	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000008	1
1	01a21546-a5b1-7ecf-87c8-9a675823557a	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000009	1
1	01a21546-a5b1-7f36-aa81-6ffc9d76e69e	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000010	1
1	01a21546-a5b1-7fa0-8e29-f627fbfabdc9	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000011	1
1	01a21546-a5b2-7009-ba56-5564a843a736	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000012	1
1	01a21546-a5b2-7070-afac-c82f3ed30b38	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000013	1
1	01a21546-a5b2-70e8-a62b-16f71e6f44ba	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000014	1
1	01a21546-a5b2-7151-8cd9-7007d9e86a1e	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000015	1
1	01a21546-a5b2-71ba-a4be-e49f4493d201	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000016	1
1	01a21546-a5b2-7229-822f-a4574a601600	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000017	1
1	01a21546-a5b2-7292-a513-10ca44400e5f	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000018	1
1	01a21546-a5b2-72f8-9d89-b5eb354be545	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000019	1
1	01a21546-a5b2-7361-a461-4aedd5e10931	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000020	1
1	01a21546-a5b2-73d8-bf45-26b11ee524d4	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000021	1
1	01a21546-a5b2-7475-a6b2-bf8cbf2c996f	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000022	1
1	01a21546-a5b2-74de-a75c-5aacda4495df	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000023	1
1	01a21546-a5b2-755a-bc93-f289d750a52d	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000024	1
1	01a21546-a5b2-75c2-b9c2-6d468541601a	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000025	1
1	01a21546-a5b2-7629-8d25-2419234ed3da	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000026	1
1	01a21546-a5b2-7690-9c62-a21fc55b20ad	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000027	1
1	01a21546-a5b2-7709-99d0-4dca7e706d39	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000028	1
1	01a21546-a5b2-7772-8077-85169afcc6f1	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000029	1
1	01a21546-a5b2-780b-9b34-c6ce4b941a23	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000030	1
1	01a21546-a5b2-7873-8a71-36699c9dc6e1	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000031	1
1	01a21546-a5b2-78da-895a-83ac29574dae	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000032	1
1	01a21546-a5b2-7946-b1e8-6a821e585f8f	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000033	1
1	01a21546-a5b2-79b4-a6a1-4e7611fa8c25	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000034	1
1	01a21546-a5b2-7bc4-97a4-c009304dccec	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000035	1
1	01a21546-a5b2-7c6e-ad6d-0de73087dda9	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000036	1
1	01a21546-a5b2-7ce0-bff0-09d4200f8ab7	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000037	1
1	01a21546-a5b2-7d4b-8abc-cad719641f79	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000038	1
1	01a21546-a5b2-7db4-9e03-a2b0be7b07a5	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000039	1
1	01a21546-a5b2-7e50-b627-5ea3c1ab6293	2026-11-26 00:34:41.192979+00	744	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000040	1
1	01a21546-a5ba-7d42-9ee5-525f4521a67a	2026-11-26 00:34:41.203109+00	745	urn:ietf:params:scim:event:prov:put:notice	User	00000000-0001-7000-8000-000000000001	2
1	01a21546-a5bf-76f9-896b-46144bcc602b	2026-11-26 00:34:41.211279+00	746	urn:ietf:params:scim:event:prov:put:notice	User	00000000-0001-7000-8000-000000000002	2
1	01a21546-a5c5-75fa-a11f-9a9d041c0261	2026-11-26 00:34:41.220582+00	747	urn:ietf:params:scim:event:prov:create:notice	Group	01a21546-a5c4-7b06-993c-5081cc128c1b	1
1	01a21546-a5c9-7635-b55f-e31be3d80043	2026-11-26 00:34:41.224578+00	748	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000001	1
1	01a21546-a5ca-793a-9e05-3983bc928273	2026-11-26 00:34:41.224578+00	748	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000002	1
1	01a21546-a5cb-707d-96b9-e060701d2858	2026-11-26 00:34:41.224578+00	748	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000003	1
1	01a21546-a5cb-7697-aed1-04745952b787	2026-11-26 00:34:41.224578+00	748	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000004	1
1	01a21546-a5cb-7cad-9da9-2aea9a3730f9	2026-11-26 00:34:41.224578+00	748	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000005	1
1	01a21546-a5cc-7208-9dba-9c74da95c67b	2026-11-26 00:34:41.224578+00	748	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000006	1
1	01a21546-a5d5-7b2f-aa35-9eb0986b4824	2026-11-26 00:34:41.236573+00	749	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	2
1	01a21546-a5d9-76c8-9866-609bed081651	2026-11-26 00:34:41.240607+00	750	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000002	2
1	01a21546-a5dc-7e6a-a73a-dbfc4b204dc5	2026-11-26 00:34:41.244179+00	751	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	3
1	01a21546-a5df-7084-8670-72df955cc3f9	2026-11-26 00:34:41.2467+00	754	urn:ietf:params:scim:event:prov:deactivate	User	00000000-0001-7000-8000-000000000010	2
1	01a21546-a5e1-700c-b1c5-148fa44c38e5	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000011	2
1	01a21546-a5e1-7d96-adf7-0c97150cbbcd	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	4
1	01a21546-a5e2-7005-b462-1557dc178ef4	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000012	2
1	01a21546-a5e3-73fa-a7cf-af31d1abb880	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	5
1	01a21546-a5e3-7468-8485-03f6697c15fc	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000002	3
1	01a21546-a5e3-74a3-b5ce-b30a9a6930f2	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000003	2
1	01a21546-a5e3-74f0-bb3a-63dde54a7495	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000004	2
1	01a21546-a5e3-755a-bc01-12554df7860b	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000006	2
1	01a21546-a5e3-787b-98d4-3c6d5bb96604	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000013	2
1	01a21546-a5e4-7797-a2fd-156b6772fe54	2026-11-26 00:34:41.248618+00	755	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	6
1	01a21546-a5e9-7821-a813-20c6ce53ac81	2026-11-26 00:34:41.25703+00	756	urn:ietf:params:scim:event:prov:activate	User	00000000-0001-7000-8000-000000000013	3
1	01a21546-a5eb-77e2-b61e-e73222acc4bc	2026-11-26 00:34:41.258678+00	758	urn:ietf:params:scim:event:prov:deactivate	User	00000000-0001-7000-8000-000000000014	2
1	01a21546-a5eb-7c59-adac-313103aee9d6	2026-11-26 00:34:41.258678+00	758	urn:ietf:params:scim:event:prov:deactivate	User	00000000-0001-7000-8000-000000000015	2
1	01a21546-a5eb-7f74-a517-95e05d2cdad1	2026-11-26 00:34:41.258678+00	758	urn:ietf:params:scim:event:prov:deactivate	User	00000000-0001-7000-8000-000000000016	2
1	01a21546-a5ec-7ad1-8275-bb42216a5932	2026-11-26 00:34:41.260149+00	759	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000015	3
1	01a21546-a5ed-7748-89f3-42c2aec4a3b2	2026-11-26 00:34:41.260149+00	759	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	7
1	01a21546-a5ed-77a5-a338-e5b8a2507ff2	2026-11-26 00:34:41.260149+00	759	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000003	3
1	01a21546-a5ed-77e4-86d5-2ed3dd2b4c6a	2026-11-26 00:34:41.260149+00	759	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000005	2
1	01a21546-a5ed-7b54-92f3-1aaf10d5cae9	2026-11-26 00:34:41.260149+00	759	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000016	3
1	01a21546-a5ee-7588-8b89-9bc99bd90adb	2026-11-26 00:34:41.260149+00	759	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	8
1	01a21546-a5ee-7609-ad45-a593aeb0f301	2026-11-26 00:34:41.260149+00	759	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000002	4
1	01a21546-a5ee-7649-bab3-7d7b4e691711	2026-11-26 00:34:41.260149+00	759	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000004	3
1	01a21546-a5f0-7d6b-99c7-57908edcc52b	2026-11-26 00:34:41.264594+00	760	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000050	1
1	01a21546-a5f1-7213-84f1-35fc3b9bece1	2026-11-26 00:34:41.264988+00	761	urn:ietf:params:scim:event:prov:delete	Group	00000000-0002-7000-8000-000000000006	2
2	01a21546-a5f2-7b79-bb7f-3951ba5bff95	2026-11-26 00:34:41.265985+00	762	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000001	1
2	01a21546-a5f2-7c37-8d56-6d206a3681c0	2026-11-26 00:34:41.265985+00	762	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000002	1
2	01a21546-a5f2-7ca4-b896-5e05202a0165	2026-11-26 00:34:41.265985+00	762	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000003	1
2	01a21546-a5f2-7d3e-a816-54bfcce7d5c2	2026-11-26 00:34:41.265985+00	762	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000004	1
2	01a21546-a5f2-7da5-87ad-03f328929cbf	2026-11-26 00:34:41.265985+00	762	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000005	1
2	01a21546-a5f3-7401-8697-1b5534c17074	2026-11-26 00:34:41.267081+00	763	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000001	1
3	01a21546-a5f8-7f0e-8a6d-f6410a99bcf2	2026-11-26 00:34:41.272686+00	764	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000001	1
\.


--
-- Data for Name: groups; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.groups (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, cost_centre) FROM stdin;
1	Group	01a21546-a5c4-7b06-993c-5081cc128c1b	g1	\N	Engineers	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "externalId": "g1", "displayName": "Engineers"}	1	2026-11-26 00:34:41.220582+00	2026-11-26 00:34:41.220582+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000003	\N	\N	Group 3	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 3"}	3	2026-11-26 00:34:41.224578+00	2026-11-26 00:34:41.260149+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000005	\N	\N	Group 5	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 5"}	2	2026-11-26 00:34:41.224578+00	2026-11-26 00:34:41.260149+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000001	\N	\N	Group 1	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	8	2026-11-26 00:34:41.224578+00	2026-11-26 00:34:41.260149+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000002	\N	\N	Group 2	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 2"}	4	2026-11-26 00:34:41.224578+00	2026-11-26 00:34:41.260149+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000004	\N	\N	Group 4	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 4"}	3	2026-11-26 00:34:41.224578+00	2026-11-26 00:34:41.260149+00	\N	\N	\N
2	Group	00000000-0002-7000-8000-000000000001	\N	\N	Group 1	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	1	2026-11-26 00:34:41.267081+00	2026-11-26 00:34:41.267081+00	\N	\N	\N
\.


--
-- Data for Name: member; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.member (tenant_id, group_id, member_id, member_type, value, created) FROM stdin;
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000001	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000002	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000003	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000004	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000006	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000007	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000008	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000009	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000010	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000014	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000017	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000018	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000019	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000020	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000021	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000022	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000023	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000024	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000025	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000026	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000027	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000028	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000029	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000030	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000031	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000032	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000033	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000034	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000035	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000036	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000037	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000038	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000039	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000040	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000002	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000004	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000006	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000008	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000010	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000014	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000018	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000020	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000022	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000024	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000026	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000028	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000030	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000032	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000034	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000036	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000038	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000040	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000003	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000006	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000009	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000018	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000021	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000024	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000027	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000030	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000033	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000036	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000039	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000004	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000008	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000020	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000024	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000028	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000032	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000036	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000040	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000005	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000010	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000020	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000025	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000030	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000035	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000040	\N	\N	2026-11-26 00:34:41.224578+00
1	00000000-0002-7000-8000-000000000001	00000000-0002-7000-8000-000000000002	\N	\N	2026-11-26 00:34:41.236573+00
1	00000000-0002-7000-8000-000000000001	00000000-0002-7000-8000-000000000003	\N	\N	2026-11-26 00:34:41.236573+00
1	00000000-0002-7000-8000-000000000001	901e54d1-4be3-85e7-9d14-947da85443aa	\N	bill@example.com	2026-11-26 00:34:41.236573+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000999	\N	\N	2026-11-26 00:34:41.236573+00
1	00000000-0002-7000-8000-000000000002	00000000-0002-7000-8000-000000000004	\N	\N	2026-11-26 00:34:41.240607+00
2	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000001	\N	\N	2026-11-26 00:34:41.267081+00
\.


--
-- Data for Name: policy; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.policy (tenant_id, resource_type, kind, enabled, settings) FROM stdin;
\N	Group	delete	t	{"mode": "hard"}
\N	User	audit	t	{}
\N	Group	audit	t	{}
\N	User	events	t	{}
\N	Group	events	t	{}
\N	CostCentre	delete	t	{"mode": "hard"}
\N	CostCentre	audit	t	{}
\N	CostCentre	events	f	{}
\N	Device	delete	t	{"mode": "hard"}
\N	Device	audit	t	{}
\N	Device	events	f	{}
\N	User	delete	t	{"mode": "offboard"}
\N	User	identity	t	{"userName": "primaryEmail"}
\N	CostCentre	canonical	t	{"attributes": ["colour"]}
\N	CostCentre	reference	t	{"missing": "notFound", "attributes": {"head": "User"}}
2	User	delete	t	{"mode": "hard"}
3	User	identity	f	{"userName": "primaryEmail"}
2	Group	audit	f	{}
3	User	events	f	{}
\.


--
-- Data for Name: resource_type; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.resource_type (name, document, table_name) FROM stdin;
Group	{"id": "Group", "name": "Group", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Groups", "description": "Group"}	groups
User	{"id": "User", "name": "User", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Users", "description": "User Account", "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}, {"schema": "urn:example:Badge", "required": false}]}	users
CostCentre	{"id": "CostCentre", "name": "CostCentre", "schema": "urn:example:CostCentre", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/CostCentres"}	cost_centres
Device	{"id": "Device", "name": "Device", "schema": "urn:example:Device", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Devices"}	Our "devices"
\.


--
-- Data for Name: schema; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.schema (id, document) FROM stdin;
urn:ietf:params:scim:schemas:extension:enterprise:2.0:User	{"id": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "name": "EnterpriseUser", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "employeeNumber", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Numeric or alphanumeric identifier assigned to a person, typically based on order of hire or association with an organization.", "multiValued": false}, {"name": "costCenter", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Identifies the name of a cost center.", "multiValued": false}, {"name": "organization", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Identifies the name of an organization.", "multiValued": false}, {"name": "division", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Identifies the name of a division.", "multiValued": false}, {"name": "department", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Identifies the name of a department.", "multiValued": false}, {"name": "manager", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "The User's manager. A complex type that optionally allows service providers to represent organizational hierarchy by referencing the 'id' attribute of another User.", "multiValued": false, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The id of the SCIM resource representing the User's manager. REQUIRED.", "multiValued": false}, {"name": "$ref", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "The URI of the SCIM resource representing the User's manager. REQUIRED.", "multiValued": false, "referenceTypes": ["User"]}, {"name": "displayName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The displayName of the User's manager. OPTIONAL and READ-ONLY.", "multiValued": false}]}], "description": "Enterprise User"}
urn:ietf:params:scim:schemas:core:2.0:Group	{"id": "urn:ietf:params:scim:schemas:core:2.0:Group", "name": "Group", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "displayName", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name for the Group. REQUIRED.", "multiValued": false}, {"name": "members", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of members of the Group.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "immutable", "uniqueness": "none", "description": "Identifier of the member of this Group.", "multiValued": false}, {"name": "$ref", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "immutable", "uniqueness": "none", "description": "The URI corresponding to a SCIM resource that is a member of this Group.", "multiValued": false, "referenceTypes": ["User", "Group"]}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "immutable", "uniqueness": "none", "description": "A label indicating the type of resource, e.g., 'User' or 'Group'.", "multiValued": false, "canonicalValues": ["User", "Group"]}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable name for the member, primarily used for display purposes. READ-ONLY.", "multiValued": false}]}], "description": "Group"}
urn:ietf:params:scim:schemas:core:2.0:ResourceType	{"id": "urn:ietf:params:scim:schemas:core:2.0:ResourceType", "name": "ResourceType", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "id", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The resource type's server unique id. May be the same as the 'name' attribute.", "multiValued": false}, {"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "server", "description": "The resource type name. When applicable, service providers MUST specify the name, e.g., 'User'.", "multiValued": false}, {"name": "description", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The resource type's human-readable description. When applicable, service providers MUST specify the description.", "multiValued": false}, {"name": "endpoint", "type": "reference", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "server", "description": "The resource type's HTTP-addressable endpoint relative to the Base URL, e.g., '/Users'.", "multiValued": false, "referenceTypes": ["uri"]}, {"name": "schema", "type": "reference", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The resource type's primary/base schema URI.", "multiValued": false, "referenceTypes": ["uri"]}, {"name": "schemaExtensions", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "A list of URIs of the resource type's schema extensions.", "multiValued": true, "subAttributes": [{"name": "schema", "type": "reference", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The URI of a schema extension.", "multiValued": false, "referenceTypes": ["uri"]}, {"name": "required", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value that specifies whether or not the schema extension is required for the resource type. If true, a resource of this type MUST include this schema extension and also include any attributes declared as required in this schema extension. If false, a resource of this type MAY omit this schema extension.", "multiValued": false}]}], "description": "Specifies the schema that describes a SCIM resource type"}
urn:ietf:params:scim:schemas:core:2.0:Schema	{"id": "urn:ietf:params:scim:schemas:core:2.0:Schema", "name": "Schema", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "id", "type": "string", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The unique URI of the schema. When applicable, service providers MUST specify the URI.", "multiValued": false}, {"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The schema's human-readable name. When applicable, service providers MUST specify the name, e.g., 'User'.", "multiValued": false}, {"name": "description", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The schema's human-readable name. When applicable, service providers MUST specify the name, e.g., 'User'.", "multiValued": false}, {"name": "attributes", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex attribute that includes the attributes of a schema.", "multiValued": true, "subAttributes": [{"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The attribute's name.", "multiValued": false}, {"name": "type", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The attribute's data type. Valid values include 'string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference'.", "multiValued": false, "canonicalValues": ["string", "complex", "boolean", "decimal", "integer", "dateTime", "binary", "reference"]}, {"name": "multiValued", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating an attribute's plurality.", "multiValued": false}, {"name": "description", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable description of the attribute.", "multiValued": false}, {"name": "required", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A boolean value indicating whether or not the attribute is required.", "multiValued": false}, {"name": "canonicalValues", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "A collection of canonical values. When applicable, service providers MUST specify the canonical types, e.g., 'work', 'home'.", "multiValued": true}, {"name": "caseExact", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating whether or not a string attribute is case sensitive.", "multiValued": false}, {"name": "mutability", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates whether or not an attribute is modifiable.", "multiValued": false, "canonicalValues": ["readOnly", "readWrite", "immutable", "writeOnly"]}, {"name": "returned", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates when an attribute is returned in a response (e.g., to a query).", "multiValued": false, "canonicalValues": ["always", "never", "default", "request"]}, {"name": "uniqueness", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates how unique a value must be.", "multiValued": false, "canonicalValues": ["none", "server", "global"]}, {"name": "referenceTypes", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Used only with an attribute of type 'reference'. Specifies a SCIM resourceType that a reference attribute MAY refer to, e.g., 'User'.", "multiValued": true}, {"name": "subAttributes", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "Used to define the sub-attributes of a complex attribute.", "multiValued": true, "subAttributes": [{"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The attribute's name.", "multiValued": false}, {"name": "type", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The attribute's data type. Valid values include 'string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference'.", "multiValued": false, "canonicalValues": ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference"]}, {"name": "multiValued", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating an attribute's plurality.", "multiValued": false}, {"name": "description", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable description of the attribute.", "multiValued": false}, {"name": "required", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A boolean value indicating whether or not the attribute is required.", "multiValued": false}, {"name": "canonicalValues", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "A collection of canonical values. When applicable, service providers MUST specify the canonical types, e.g., 'work', 'home'.", "multiValued": true}, {"name": "caseExact", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating whether or not a string attribute is case sensitive.", "multiValued": false}, {"name": "mutability", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates whether or not an attribute is modifiable.", "multiValued": false, "canonicalValues": ["readOnly", "readWrite", "immutable", "writeOnly"]}, {"name": "returned", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates when an attribute is returned in a response (e.g., to a query).", "multiValued": false, "canonicalValues": ["always", "never", "default", "request"]}, {"name": "uniqueness", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Indicates how unique a value must be.", "multiValued": false, "canonicalValues": ["none", "server", "global"]}, {"name": "referenceTypes", "type": "string", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "Used only with an attribute of type 'reference'. Specifies a SCIM resourceType that a reference attribute MAY refer to, e.g., 'User'.", "multiValued": true}]}]}], "description": "Specifies the schema that describes a SCIM schema"}
urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig	{"id": "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig", "name": "Service Provider Configuration", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "documentationUri", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "An HTTP-addressable URL pointing to the service provider's human-consumable help documentation.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "patch", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies PATCH configuration options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}]}, {"name": "bulk", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies bulk configuration options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}, {"name": "maxOperations", "type": "integer", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "An integer value specifying the maximum number of operations.", "multiValued": false}, {"name": "maxPayloadSize", "type": "integer", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "An integer value specifying the maximum payload size in bytes.", "multiValued": false}]}, {"name": "filter", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies FILTER options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}, {"name": "maxResults", "type": "integer", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "An integer value specifying the maximum number of resources returned in a response.", "multiValued": false}]}, {"name": "changePassword", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies configuration options related to changing a password.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}]}, {"name": "sort", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies sort result options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}]}, {"name": "etag", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies ETag configuration options.", "multiValued": false, "subAttributes": [{"name": "supported", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying whether or not the operation is supported.", "multiValued": false}]}, {"name": "pagination", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "A complex type that indicates pagination configuration options (RFC 9865).", "multiValued": false, "subAttributes": [{"name": "cursor", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying support of cursor-based pagination.", "multiValued": false}, {"name": "index", "type": "boolean", "required": true, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value specifying support of index-based pagination.", "multiValued": false}, {"name": "defaultPaginationMethod", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The type of pagination that the service provider defaults to when the client has not specified which method it wishes to use.", "multiValued": false, "canonicalValues": ["cursor", "index"]}, {"name": "defaultPageSize", "type": "integer", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "The default number of results returned in a page when a count is not specified in the query.", "multiValued": false}, {"name": "maxPageSize", "type": "integer", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "The maximum number of results returned in a page regardless of what is specified for the count in a query.", "multiValued": false}, {"name": "cursorTimeout", "type": "integer", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "The minimum number of seconds that a cursor is valid between page requests.", "multiValued": false}]}, {"name": "authenticationSchemes", "type": "complex", "required": true, "returned": "default", "mutability": "readOnly", "description": "A complex type that specifies supported authentication scheme properties.", "multiValued": true, "subAttributes": [{"name": "type", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The authentication scheme.", "multiValued": false, "canonicalValues": ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"]}, {"name": "name", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The common authentication scheme name, e.g., HTTP Basic.", "multiValued": false}, {"name": "description", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A description of the authentication scheme.", "multiValued": false}, {"name": "specUri", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "An HTTP-addressable URL pointing to the authentication scheme's specification.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "documentationUri", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "An HTTP-addressable URL pointing to the authentication scheme's usage documentation.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readOnly", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred authentication scheme. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}], "description": "Schema for representing the service provider's configuration"}
urn:example:Badge	{"id": "urn:example:Badge", "name": "Badge", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "badgeNumber", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "server", "multiValued": false}, {"name": "visaNumber", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "global", "multiValued": false}, {"name": "doors", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "multiValued": false}, {"name": "level", "type": "integer", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "multiValued": false}]}, {"name": "pin", "type": "string", "required": false, "returned": "never", "caseExact": false, "mutability": "writeOnly", "uniqueness": "none", "multiValued": false}, {"name": "issued", "type": "dateTime", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "multiValued": false}, {"name": "photo", "type": "binary", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "multiValued": false}, {"name": "costs", "type": "decimal", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "multiValued": false}, {"name": "sponsor", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "multiValued": false, "referenceTypes": ["User"]}], "description": "An extension of User"}
urn:ietf:params:scim:schemas:core:2.0:User	{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "name": "User", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "userName", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "server", "description": "Unique identifier for the User, typically used by the user to directly authenticate to the service provider. Each User MUST include a non-empty userName value. This identifier MUST be unique across the service provider's entire set of Users. REQUIRED.", "multiValued": false}, {"name": "name", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "The components of the user's real name. Providers MAY return just the full name as a single string in the formatted sub-attribute, or they MAY return just the individual component attributes using the other sub-attributes, or they MAY return both. If both variants are returned, they SHOULD be describing the same name, with the formatted name indicating how the component attributes should be combined.", "multiValued": false, "subAttributes": [{"name": "formatted", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full name, including all middle names, titles, and suffixes as appropriate, formatted for display (e.g., 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "familyName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The family name of the User, or last name in most Western languages (e.g., 'Jensen' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "givenName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The given name of the User, or first name in most Western languages (e.g., 'Barbara' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "middleName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The middle name(s) of the User (e.g., 'Jane' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "honorificPrefix", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The honorific prefix(es) of the User, or title in most Western languages (e.g., 'Ms.' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "honorificSuffix", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The honorific suffix(es) of the User, or suffix in most Western languages (e.g., 'III' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}]}, {"name": "displayName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The name of the User, suitable for display to end-users. The name SHOULD be the full name of the User being described, if known.", "multiValued": false}, {"name": "nickName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The casual way to address the user in real life, e.g., 'Bob' or 'Bobby' instead of 'Robert'. This attribute SHOULD NOT be used to represent a User's username (e.g., 'bjensen' or 'mpepperidge').", "multiValued": false}, {"name": "profileUrl", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "A fully qualified URL pointing to a page representing the User's online profile.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "title", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The user's title, such as \\"Vice President.\\"", "multiValued": false}, {"name": "userType", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Used to identify the relationship between the organization and the user. Typical values used might be 'Contractor', 'Employee', 'Intern', 'Temp', 'External', and 'Unknown', but any value may be used.", "multiValued": false}, {"name": "preferredLanguage", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Indicates the User's preferred written or spoken language. Generally used for selecting a localized user interface; e.g., 'en_US' specifies the language English and country US.", "multiValued": false}, {"name": "locale", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Used to indicate the User's default location for purposes of localizing items such as currency, date time format, or numerical representations.", "multiValued": false}, {"name": "timezone", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The User's time zone in the 'Olson' time zone database format, e.g., 'America/Los_Angeles'.", "multiValued": false}, {"name": "active", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the User's administrative status.", "multiValued": false}, {"name": "password", "type": "string", "required": false, "returned": "never", "caseExact": false, "mutability": "writeOnly", "uniqueness": "none", "description": "The User's cleartext password. This attribute is intended to be used as a means to specify an initial password when creating a new User or to reset an existing User's password.", "multiValued": false}, {"name": "emails", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Email addresses for the user. The value SHOULD be canonicalized by the service provider, e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', 'home', and 'other'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Email addresses for the user. The value SHOULD be canonicalized by the service provider, e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', 'home', and 'other'.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work' or 'home'.", "multiValued": false, "canonicalValues": ["work", "home", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred mailing address or primary email address. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "phoneNumbers", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Phone numbers for the User. The value SHOULD be canonicalized by the service provider according to the format specified in RFC 3966, e.g., 'tel:+1-201-555-0123'. Canonical type values of 'work', 'home', 'mobile', 'fax', 'pager', and 'other'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Phone number of the User.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work', 'home', 'mobile'.", "multiValued": false, "canonicalValues": ["work", "home", "mobile", "fax", "pager", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred phone number or primary phone number. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "ims", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Instant messaging addresses for the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Instant messaging address for the User.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'aim', 'gtalk', 'xmpp'.", "multiValued": false, "canonicalValues": ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred messenger or primary messenger. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "photos", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "URLs of photos of the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "URL of a photo of the User.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, i.e., 'photo' or 'thumbnail'.", "multiValued": false, "canonicalValues": ["photo", "thumbnail"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred photo or thumbnail. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "addresses", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A physical mailing address for this User. Canonical type values of 'work', 'home', and 'other'. This attribute is a complex type with the following sub-attributes.", "multiValued": true, "subAttributes": [{"name": "formatted", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full mailing address, formatted for display or use with a mailing label. This attribute MAY contain newlines.", "multiValued": false}, {"name": "streetAddress", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full street address component, which may include house number, street name, P.O. box, and multi-line extended street address information. This attribute MAY contain newlines.", "multiValued": false}, {"name": "locality", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The city or locality component.", "multiValued": false}, {"name": "region", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The state or region component.", "multiValued": false}, {"name": "postalCode", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The zip code or postal code component.", "multiValued": false}, {"name": "country", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The country name component.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work' or 'home'.", "multiValued": false, "canonicalValues": ["work", "home", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred address. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "groups", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "A list of groups to which the user belongs, either through direct membership, through nested groups, or dynamically calculated.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The identifier of the User's group.", "multiValued": false}, {"name": "$ref", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The URI of the corresponding 'Group' resource to which the user belongs.", "multiValued": false, "referenceTypes": ["Group"]}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes. READ-ONLY.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'direct' or 'indirect'.", "multiValued": false, "canonicalValues": ["direct", "indirect"]}]}, {"name": "entitlements", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of entitlements for the User that represent a thing the User has.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The value of an entitlement.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "roles", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of roles for the User that collectively represent who the User is, e.g., 'Student', 'Faculty'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The value of a role.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "x509Certificates", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of certificates issued to the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "binary", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "The value of an X.509 certificate.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "shoeSize", "type": "integer", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "multiValued": false}], "description": "User Account"}
urn:example:CostCentre	{"id": "urn:example:CostCentre", "name": "CostCentre", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "code", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "server", "multiValued": false}, {"name": "displayName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "multiValued": false}, {"name": "budget", "type": "decimal", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "multiValued": false}, {"name": "head", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "multiValued": false, "referenceTypes": ["User"]}, {"name": "colour", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "multiValued": false, "canonicalValues": ["red", "green"]}]}
urn:example:Device	{"id": "urn:example:Device", "name": "Device", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "serial", "type": "string", "required": true, "returned": "default", "caseExact": true, "mutability": "immutable", "uniqueness": "none", "multiValued": false}]}
\.


--
-- Data for Name: secret; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.secret (purpose, value) FROM stdin;
cursor	\\xd25e48e70b640307ad2392c367bab3fe1aace22b650882a32f0bcbc353456e98
\.


--
-- Data for Name: tenant; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.tenant (tenant_id, name, created) FROM stdin;
1	default	2026-11-26 00:34:41.093115+00
2	second	2026-11-26 00:34:41.188594+00
3	third	2026-11-26 00:34:41.188594+00
\.


--
-- Data for Name: token; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.token (tenant_id, id, hash, description, created, expires_at, revoked_at) FROM stdin;
1	00000000-0005-7000-8000-000000000001	\\xfcae98a8ab484ace5534383c80314ec8502afa3b13c3866305cc459f422a89a9	valid	2026-11-26 00:34:41.276693+00	\N	\N
1	00000000-0005-7000-8000-000000000002	\\x5010d8c01d37bc4017debfa2af7da3c0f12af40ad696ae3deff288e4acc6fee2	expired	2026-11-26 00:34:41.276693+00	2024-01-01 00:00:00+00	\N
1	00000000-0005-7000-8000-000000000003	\\xa497b59ce25d0d56e8e0d2d38de54121df256a2cc90644410222da38fcb04294	revoked	2026-11-26 00:34:41.276693+00	\N	2024-01-01 00:00:00+00
2	00000000-0005-7000-8000-000000000004	\\x0f08b4563ee3414cb98ba8d42b4095a8ba4197702f8401c2d0b2f4fe6d634132	of the second	2026-11-26 00:34:41.277372+00	2999-01-01 00:00:00+00	\N
\.


--
-- Data for Name: unique_value; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.unique_value (tenant_id, resource_type, attribute, value, resource_id) FROM stdin;
1	User	urn:example:Badge:badgeNumber	b1	00000000-0001-7000-8000-000000000001
0	User	urn:example:Badge:visaNumber	1v1	00000000-0001-7000-8000-000000000001
1	User	urn:example:Badge:badgeNumber	b2	00000000-0001-7000-8000-000000000002
0	User	urn:example:Badge:visaNumber	1v2	00000000-0001-7000-8000-000000000002
1	User	urn:example:Badge:badgeNumber	b3	00000000-0001-7000-8000-000000000003
0	User	urn:example:Badge:visaNumber	1v3	00000000-0001-7000-8000-000000000003
1	User	urn:example:Badge:badgeNumber	b4	00000000-0001-7000-8000-000000000004
0	User	urn:example:Badge:visaNumber	1v4	00000000-0001-7000-8000-000000000004
1	User	urn:example:Badge:badgeNumber	b5	00000000-0001-7000-8000-000000000005
0	User	urn:example:Badge:visaNumber	1v5	00000000-0001-7000-8000-000000000005
1	User	urn:example:Badge:badgeNumber	b6	00000000-0001-7000-8000-000000000006
0	User	urn:example:Badge:visaNumber	1v6	00000000-0001-7000-8000-000000000006
1	User	urn:example:Badge:badgeNumber	b7	00000000-0001-7000-8000-000000000007
0	User	urn:example:Badge:visaNumber	1v7	00000000-0001-7000-8000-000000000007
1	User	urn:example:Badge:badgeNumber	b8	00000000-0001-7000-8000-000000000008
0	User	urn:example:Badge:visaNumber	1v8	00000000-0001-7000-8000-000000000008
1	User	urn:example:Badge:badgeNumber	b9	00000000-0001-7000-8000-000000000009
0	User	urn:example:Badge:visaNumber	1v9	00000000-0001-7000-8000-000000000009
1	User	urn:example:Badge:badgeNumber	b10	00000000-0001-7000-8000-000000000010
0	User	urn:example:Badge:visaNumber	1v10	00000000-0001-7000-8000-000000000010
1	User	urn:example:Badge:badgeNumber	b14	00000000-0001-7000-8000-000000000014
0	User	urn:example:Badge:visaNumber	1v14	00000000-0001-7000-8000-000000000014
1	User	urn:example:Badge:badgeNumber	b17	00000000-0001-7000-8000-000000000017
0	User	urn:example:Badge:visaNumber	1v17	00000000-0001-7000-8000-000000000017
1	User	urn:example:Badge:badgeNumber	b18	00000000-0001-7000-8000-000000000018
0	User	urn:example:Badge:visaNumber	1v18	00000000-0001-7000-8000-000000000018
1	User	urn:example:Badge:badgeNumber	b19	00000000-0001-7000-8000-000000000019
0	User	urn:example:Badge:visaNumber	1v19	00000000-0001-7000-8000-000000000019
1	User	urn:example:Badge:badgeNumber	b20	00000000-0001-7000-8000-000000000020
0	User	urn:example:Badge:visaNumber	1v20	00000000-0001-7000-8000-000000000020
1	User	urn:example:Badge:badgeNumber	b21	00000000-0001-7000-8000-000000000021
0	User	urn:example:Badge:visaNumber	1v21	00000000-0001-7000-8000-000000000021
1	User	urn:example:Badge:badgeNumber	b22	00000000-0001-7000-8000-000000000022
0	User	urn:example:Badge:visaNumber	1v22	00000000-0001-7000-8000-000000000022
1	User	urn:example:Badge:badgeNumber	b23	00000000-0001-7000-8000-000000000023
0	User	urn:example:Badge:visaNumber	1v23	00000000-0001-7000-8000-000000000023
1	User	urn:example:Badge:badgeNumber	b24	00000000-0001-7000-8000-000000000024
0	User	urn:example:Badge:visaNumber	1v24	00000000-0001-7000-8000-000000000024
1	User	urn:example:Badge:badgeNumber	b25	00000000-0001-7000-8000-000000000025
0	User	urn:example:Badge:visaNumber	1v25	00000000-0001-7000-8000-000000000025
1	User	urn:example:Badge:badgeNumber	b26	00000000-0001-7000-8000-000000000026
0	User	urn:example:Badge:visaNumber	1v26	00000000-0001-7000-8000-000000000026
1	User	urn:example:Badge:badgeNumber	b27	00000000-0001-7000-8000-000000000027
0	User	urn:example:Badge:visaNumber	1v27	00000000-0001-7000-8000-000000000027
1	User	urn:example:Badge:badgeNumber	b28	00000000-0001-7000-8000-000000000028
0	User	urn:example:Badge:visaNumber	1v28	00000000-0001-7000-8000-000000000028
1	User	urn:example:Badge:badgeNumber	b29	00000000-0001-7000-8000-000000000029
0	User	urn:example:Badge:visaNumber	1v29	00000000-0001-7000-8000-000000000029
1	User	urn:example:Badge:badgeNumber	b30	00000000-0001-7000-8000-000000000030
0	User	urn:example:Badge:visaNumber	1v30	00000000-0001-7000-8000-000000000030
1	User	urn:example:Badge:badgeNumber	b31	00000000-0001-7000-8000-000000000031
0	User	urn:example:Badge:visaNumber	1v31	00000000-0001-7000-8000-000000000031
1	User	urn:example:Badge:badgeNumber	b32	00000000-0001-7000-8000-000000000032
0	User	urn:example:Badge:visaNumber	1v32	00000000-0001-7000-8000-000000000032
1	User	urn:example:Badge:badgeNumber	b33	00000000-0001-7000-8000-000000000033
0	User	urn:example:Badge:visaNumber	1v33	00000000-0001-7000-8000-000000000033
1	User	urn:example:Badge:badgeNumber	b34	00000000-0001-7000-8000-000000000034
0	User	urn:example:Badge:visaNumber	1v34	00000000-0001-7000-8000-000000000034
1	User	urn:example:Badge:badgeNumber	b35	00000000-0001-7000-8000-000000000035
0	User	urn:example:Badge:visaNumber	1v35	00000000-0001-7000-8000-000000000035
1	User	urn:example:Badge:badgeNumber	b36	00000000-0001-7000-8000-000000000036
0	User	urn:example:Badge:visaNumber	1v36	00000000-0001-7000-8000-000000000036
1	User	urn:example:Badge:badgeNumber	b37	00000000-0001-7000-8000-000000000037
0	User	urn:example:Badge:visaNumber	1v37	00000000-0001-7000-8000-000000000037
1	User	urn:example:Badge:badgeNumber	b38	00000000-0001-7000-8000-000000000038
0	User	urn:example:Badge:visaNumber	1v38	00000000-0001-7000-8000-000000000038
1	User	urn:example:Badge:badgeNumber	b39	00000000-0001-7000-8000-000000000039
0	User	urn:example:Badge:visaNumber	1v39	00000000-0001-7000-8000-000000000039
1	User	urn:example:Badge:badgeNumber	b40	00000000-0001-7000-8000-000000000040
0	User	urn:example:Badge:visaNumber	1v40	00000000-0001-7000-8000-000000000040
1	CostCentre	code	c1	00000000-0003-7000-8000-000000000001
1	CostCentre	code	c2	00000000-0003-7000-8000-000000000002
1	CostCentre	code	c3	00000000-0003-7000-8000-000000000003
1	CostCentre	code	c4	00000000-0003-7000-8000-000000000004
1	CostCentre	code	c5	00000000-0003-7000-8000-000000000005
1	User	urn:example:Badge:badgeNumber	b13	00000000-0001-7000-8000-000000000013
0	User	urn:example:Badge:visaNumber	1v13	00000000-0001-7000-8000-000000000013
2	User	urn:example:Badge:badgeNumber	b1	00000000-0001-7000-8000-000000000001
0	User	urn:example:Badge:visaNumber	2v1	00000000-0001-7000-8000-000000000001
2	User	urn:example:Badge:badgeNumber	b2	00000000-0001-7000-8000-000000000002
0	User	urn:example:Badge:visaNumber	2v2	00000000-0001-7000-8000-000000000002
2	User	urn:example:Badge:badgeNumber	b3	00000000-0001-7000-8000-000000000003
0	User	urn:example:Badge:visaNumber	2v3	00000000-0001-7000-8000-000000000003
2	User	urn:example:Badge:badgeNumber	b4	00000000-0001-7000-8000-000000000004
0	User	urn:example:Badge:visaNumber	2v4	00000000-0001-7000-8000-000000000004
2	User	urn:example:Badge:badgeNumber	b5	00000000-0001-7000-8000-000000000005
0	User	urn:example:Badge:visaNumber	2v5	00000000-0001-7000-8000-000000000005
\.


--
-- Data for Name: users; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.users (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, cost_centre) FROM stdin;
1	User	00000000-0001-7000-8000-000000000003	e3	user3@example.com	Überuser 3	t	ACTIVE	{"name": {"givenName": "Given3", "familyName": "Straße 3"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user3@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user3@example.com", "externalId": "e3", "displayName": "Überuser 3", "urn:example:Badge": {"costs": 3.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V3", "badgeNumber": "B3"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "3"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000004	e4	user4@example.com	Überuser 4	t	ACTIVE	{"name": {"givenName": "Given4", "familyName": "Straße 4"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user4@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user4@example.com", "externalId": "e4", "displayName": "Überuser 4", "urn:example:Badge": {"costs": 4.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V4", "badgeNumber": "B4"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "4"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000005	e5	user5@example.com	Überuser 5	t	ACTIVE	{"name": {"givenName": "Given5", "familyName": "Straße 5"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user5@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user5@example.com", "externalId": "e5", "displayName": "Überuser 5", "urn:example:Badge": {"costs": 5.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V5", "badgeNumber": "B5"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "5"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000006	e6	user6@example.com	Überuser 6	t	ACTIVE	{"name": {"givenName": "Given6", "familyName": "Straße 6"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user6@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user6@example.com", "externalId": "e6", "displayName": "Überuser 6", "urn:example:Badge": {"costs": 6.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V6", "badgeNumber": "B6"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "6"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000007	e7	user7@example.com	Überuser 7	f	SUSPENDED	{"name": {"givenName": "Given7", "familyName": "Straße 7"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user7@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 43, "userName": "user7@example.com", "externalId": "e7", "displayName": "Überuser 7", "urn:example:Badge": {"costs": 7.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V7", "badgeNumber": "B7"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "7"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000008	e8	user8@example.com	Überuser 8	t	ACTIVE	{"name": {"givenName": "Given8", "familyName": "Straße 8"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user8@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 44, "userName": "user8@example.com", "externalId": "e8", "displayName": "Überuser 8", "urn:example:Badge": {"costs": 8.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V8", "badgeNumber": "B8"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "8"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000002	e2	user2@example.com	Überuser 2	t	ACTIVE	{"name": {"givenName": "Given2", "familyName": "Straße 2"}, "active": true, "emails": [{"type": "work", "value": "user2@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user2@example.com", "externalId": "e2", "displayName": "Überuser 2", "urn:example:Badge": {"costs": 2.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V2", "badgeNumber": "B2"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "00000000-0001-7000-8000-000000000001"}, "department": "D2", "employeeNumber": "2"}}	2	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.211279+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000009	e9	user9@example.com	Überuser 9	t	ACTIVE	{"name": {"givenName": "Given9", "familyName": "Straße 9"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user9@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 45, "userName": "user9@example.com", "externalId": "e9", "displayName": "Überuser 9", "urn:example:Badge": {"costs": 9.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V9", "badgeNumber": "B9"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "9"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000011	e11	user11@example.com	Überuser 11	t	DELETED	{"name": {"givenName": "Given11", "familyName": "Straße 11"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user11@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user11@example.com", "externalId": "e11", "displayName": "Überuser 11", "urn:example:Badge": {"costs": 11.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V11", "badgeNumber": "B11"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "11"}}	2	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.248618+00	\N	2026-11-26 00:34:41.248618+00	\N
1	User	00000000-0001-7000-8000-000000000014	e14	user14@example.com	Überuser 14	f	OFFBOARDING	{"name": {"givenName": "Given14", "familyName": "Straße 14"}, "title": "Engineer 2", "active": false, "emails": [{"type": "work", "value": "user14@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user14@example.com", "externalId": "e14", "displayName": "Überuser 14", "urn:example:Badge": {"costs": 14.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V14", "badgeNumber": "B14"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "14"}}	2	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.258678+00	2026-11-26 00:34:41.258678+00	\N	\N
1	User	00000000-0001-7000-8000-000000000015	e15	user15@example.com	Überuser 15	f	OFFBOARDED	{"name": {"givenName": "Given15", "familyName": "Straße 15"}, "title": "Engineer 0", "active": false, "emails": [{"type": "work", "value": "user15@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user15@example.com", "externalId": "e15", "displayName": "Überuser 15", "urn:example:Badge": {"costs": 15.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V15", "badgeNumber": "B15"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "15"}}	3	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.260149+00	2026-11-26 00:34:41.258678+00	2026-11-26 00:34:41.260149+00	\N
1	User	00000000-0001-7000-8000-000000000016	e16	user16@example.com	Überuser 16	f	OFFBOARDED	{"name": {"givenName": "Given16", "familyName": "Straße 16"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user16@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user16@example.com", "externalId": "e16", "displayName": "Überuser 16", "urn:example:Badge": {"costs": 16.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V16", "badgeNumber": "B16"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "16"}}	3	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.260149+00	2026-11-26 00:34:41.258678+00	2026-11-26 00:34:41.260149+00	\N
1	User	00000000-0001-7000-8000-000000000017	e17	user17@example.com	Überuser 17	t	ACTIVE	{"name": {"givenName": "Given17", "familyName": "Straße 17"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user17@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 43, "userName": "user17@example.com", "externalId": "e17", "displayName": "Überuser 17", "urn:example:Badge": {"costs": 17.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V17", "badgeNumber": "B17"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "17"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000018	e18	user18@example.com	Überuser 18	t	ACTIVE	{"name": {"givenName": "Given18", "familyName": "Straße 18"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user18@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 44, "userName": "user18@example.com", "externalId": "e18", "displayName": "Überuser 18", "urn:example:Badge": {"costs": 18.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V18", "badgeNumber": "B18"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "18"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000019	e19	user19@example.com	Überuser 19	t	ACTIVE	{"name": {"givenName": "Given19", "familyName": "Straße 19"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user19@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 45, "userName": "user19@example.com", "externalId": "e19", "displayName": "Überuser 19", "urn:example:Badge": {"costs": 19.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V19", "badgeNumber": "B19"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "19"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000020	e20	user20@example.com	Überuser 20	t	ACTIVE	{"name": {"givenName": "Given20", "familyName": "Straße 20"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user20@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user20@example.com", "externalId": "e20", "displayName": "Überuser 20", "urn:example:Badge": {"costs": 20.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V20", "badgeNumber": "B20"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "20"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000021	e21	user21@example.com	Überuser 21	f	SUSPENDED	{"name": {"givenName": "Given21", "familyName": "Straße 21"}, "title": "Engineer 0", "active": false, "emails": [{"type": "work", "value": "user21@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user21@example.com", "externalId": "e21", "displayName": "Überuser 21", "urn:example:Badge": {"costs": 21.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V21", "badgeNumber": "B21"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "21"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000022	e22	user22@example.com	Überuser 22	t	ACTIVE	{"name": {"givenName": "Given22", "familyName": "Straße 22"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user22@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user22@example.com", "externalId": "e22", "displayName": "Überuser 22", "urn:example:Badge": {"costs": 22.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V22", "badgeNumber": "B22"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "22"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000023	e23	user23@example.com	Überuser 23	t	ACTIVE	{"name": {"givenName": "Given23", "familyName": "Straße 23"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user23@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user23@example.com", "externalId": "e23", "displayName": "Überuser 23", "urn:example:Badge": {"costs": 23.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V23", "badgeNumber": "B23"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "23"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000024	e24	user24@example.com	Überuser 24	t	ACTIVE	{"name": {"givenName": "Given24", "familyName": "Straße 24"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user24@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user24@example.com", "externalId": "e24", "displayName": "Überuser 24", "urn:example:Badge": {"costs": 24.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V24", "badgeNumber": "B24"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "24"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000025	e25	user25@example.com	Überuser 25	t	ACTIVE	{"name": {"givenName": "Given25", "familyName": "Straße 25"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user25@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user25@example.com", "externalId": "e25", "displayName": "Überuser 25", "urn:example:Badge": {"costs": 25.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V25", "badgeNumber": "B25"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "25"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000026	e26	user26@example.com	Überuser 26	t	ACTIVE	{"name": {"givenName": "Given26", "familyName": "Straße 26"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user26@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user26@example.com", "externalId": "e26", "displayName": "Überuser 26", "urn:example:Badge": {"costs": 26.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V26", "badgeNumber": "B26"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "26"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000027	e27	user27@example.com	Überuser 27	t	ACTIVE	{"name": {"givenName": "Given27", "familyName": "Straße 27"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user27@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 43, "userName": "user27@example.com", "externalId": "e27", "displayName": "Überuser 27", "urn:example:Badge": {"costs": 27.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V27", "badgeNumber": "B27"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "27"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000028	e28	user28@example.com	Überuser 28	f	SUSPENDED	{"name": {"givenName": "Given28", "familyName": "Straße 28"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user28@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 44, "userName": "user28@example.com", "externalId": "e28", "displayName": "Überuser 28", "urn:example:Badge": {"costs": 28.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V28", "badgeNumber": "B28"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "28"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000029	e29	user29@example.com	Überuser 29	t	ACTIVE	{"name": {"givenName": "Given29", "familyName": "Straße 29"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user29@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 45, "userName": "user29@example.com", "externalId": "e29", "displayName": "Überuser 29", "urn:example:Badge": {"costs": 29.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V29", "badgeNumber": "B29"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "29"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000030	e30	user30@example.com	Überuser 30	t	ACTIVE	{"name": {"givenName": "Given30", "familyName": "Straße 30"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user30@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user30@example.com", "externalId": "e30", "displayName": "Überuser 30", "urn:example:Badge": {"costs": 30.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V30", "badgeNumber": "B30"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "30"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000031	e31	user31@example.com	Überuser 31	t	ACTIVE	{"name": {"givenName": "Given31", "familyName": "Straße 31"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user31@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user31@example.com", "externalId": "e31", "displayName": "Überuser 31", "urn:example:Badge": {"costs": 31.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V31", "badgeNumber": "B31"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "31"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000032	e32	user32@example.com	Überuser 32	t	ACTIVE	{"name": {"givenName": "Given32", "familyName": "Straße 32"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user32@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user32@example.com", "externalId": "e32", "displayName": "Überuser 32", "urn:example:Badge": {"costs": 32.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V32", "badgeNumber": "B32"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "32"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000033	e33	user33@example.com	Überuser 33	t	ACTIVE	{"name": {"givenName": "Given33", "familyName": "Straße 33"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user33@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user33@example.com", "externalId": "e33", "displayName": "Überuser 33", "urn:example:Badge": {"costs": 33.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V33", "badgeNumber": "B33"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "33"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000034	e34	user34@example.com	Überuser 34	t	ACTIVE	{"name": {"givenName": "Given34", "familyName": "Straße 34"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user34@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user34@example.com", "externalId": "e34", "displayName": "Überuser 34", "urn:example:Badge": {"costs": 34.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V34", "badgeNumber": "B34"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "34"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000035	e35	user35@example.com	Überuser 35	f	SUSPENDED	{"name": {"givenName": "Given35", "familyName": "Straße 35"}, "title": "Engineer 2", "active": false, "emails": [{"type": "work", "value": "user35@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user35@example.com", "externalId": "e35", "displayName": "Überuser 35", "urn:example:Badge": {"costs": 35.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V35", "badgeNumber": "B35"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "35"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000036	e36	user36@example.com	Überuser 36	t	ACTIVE	{"name": {"givenName": "Given36", "familyName": "Straße 36"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user36@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user36@example.com", "externalId": "e36", "displayName": "Überuser 36", "urn:example:Badge": {"costs": 36.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V36", "badgeNumber": "B36"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "36"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000037	e37	user37@example.com	Überuser 37	t	ACTIVE	{"name": {"givenName": "Given37", "familyName": "Straße 37"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user37@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 43, "userName": "user37@example.com", "externalId": "e37", "displayName": "Überuser 37", "urn:example:Badge": {"costs": 37.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V37", "badgeNumber": "B37"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "37"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000038	e38	user38@example.com	Überuser 38	t	ACTIVE	{"name": {"givenName": "Given38", "familyName": "Straße 38"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user38@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 44, "userName": "user38@example.com", "externalId": "e38", "displayName": "Überuser 38", "urn:example:Badge": {"costs": 38.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V38", "badgeNumber": "B38"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "38"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000039	e39	user39@example.com	Überuser 39	t	ACTIVE	{"name": {"givenName": "Given39", "familyName": "Straße 39"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user39@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 45, "userName": "user39@example.com", "externalId": "e39", "displayName": "Überuser 39", "urn:example:Badge": {"costs": 39.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V39", "badgeNumber": "B39"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "39"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000040	e40	user40@example.com	Überuser 40	t	ACTIVE	{"name": {"givenName": "Given40", "familyName": "Straße 40"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user40@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user40@example.com", "externalId": "e40", "displayName": "Überuser 40", "urn:example:Badge": {"costs": 40.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V40", "badgeNumber": "B40"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "40"}}	1	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.192979+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000010	e10	user10@example.com	Überuser 10	f	SUSPENDED	{"name": {"givenName": "Given10", "familyName": "Straße 10"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user10@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user10@example.com", "externalId": "e10", "displayName": "Überuser 10", "urn:example:Badge": {"costs": 10.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V10", "badgeNumber": "B10"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "10"}}	2	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.2467+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000012	e12	user12@example.com	Überuser 12	t	DELETED	{"name": {"givenName": "Given12", "familyName": "Straße 12"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user12@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user12@example.com", "externalId": "e12", "displayName": "Überuser 12", "urn:example:Badge": {"costs": 12.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V12", "badgeNumber": "B12"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "12"}}	2	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.248618+00	\N	2026-11-26 00:34:41.248618+00	\N
1	User	00000000-0001-7000-8000-000000000013	e13	user13@example.com	Überuser 13	t	ACTIVE	{"name": {"givenName": "Given13", "familyName": "Straße 13"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user13@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user13@example.com", "externalId": "e13", "displayName": "Überuser 13", "urn:example:Badge": {"costs": 13.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V13", "badgeNumber": "B13"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "13"}}	3	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.25703+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000050	\N	user11@example.com	\N	\N	ACTIVE	{"emails": [{"value": "user11@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "user11@example.com"}	1	2026-11-26 00:34:41.264594+00	2026-11-26 00:34:41.264594+00	\N	\N	\N
2	User	00000000-0001-7000-8000-000000000002	e2	user2@example.com	Überuser 2	t	ACTIVE	{"name": {"givenName": "Given2", "familyName": "Straße 2"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user2@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user2@example.com", "externalId": "e2", "displayName": "Überuser 2", "urn:example:Badge": {"costs": 2.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V2", "badgeNumber": "B2"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "2"}}	1	2026-11-26 00:34:41.265985+00	2026-11-26 00:34:41.265985+00	\N	\N	\N
2	User	00000000-0001-7000-8000-000000000003	e3	user3@example.com	Überuser 3	t	ACTIVE	{"name": {"givenName": "Given3", "familyName": "Straße 3"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user3@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user3@example.com", "externalId": "e3", "displayName": "Überuser 3", "urn:example:Badge": {"costs": 3.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V3", "badgeNumber": "B3"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "3"}}	1	2026-11-26 00:34:41.265985+00	2026-11-26 00:34:41.265985+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000001	e1	user1@example.com	Überuser 1	t	ACTIVE	{"name": {"givenName": "Given1", "familyName": "Straße 1"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user1@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user1@example.com", "externalId": "e1", "displayName": "Überuser 1", "urn:example:Badge": {"costs": 1.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V1", "badgeNumber": "B1"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "1"}}	2	2026-11-26 00:34:41.192979+00	2026-11-26 00:34:41.203109+00	\N	\N	7
2	User	00000000-0001-7000-8000-000000000004	e4	user4@example.com	Überuser 4	t	ACTIVE	{"name": {"givenName": "Given4", "familyName": "Straße 4"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user4@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user4@example.com", "externalId": "e4", "displayName": "Überuser 4", "urn:example:Badge": {"costs": 4.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V4", "badgeNumber": "B4"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "4"}}	1	2026-11-26 00:34:41.265985+00	2026-11-26 00:34:41.265985+00	\N	\N	\N
2	User	00000000-0001-7000-8000-000000000005	e5	user5@example.com	Überuser 5	t	ACTIVE	{"name": {"givenName": "Given5", "familyName": "Straße 5"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user5@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user5@example.com", "externalId": "e5", "displayName": "Überuser 5", "urn:example:Badge": {"costs": 5.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V5", "badgeNumber": "B5"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "5"}}	1	2026-11-26 00:34:41.265985+00	2026-11-26 00:34:41.265985+00	\N	\N	\N
2	User	00000000-0001-7000-8000-000000000001	e1	user1@example.com	Überuser 1	t	ACTIVE	{"name": {"givenName": "Given1", "familyName": "Straße 1"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user1@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user1@example.com", "externalId": "e1", "displayName": "Überuser 1", "urn:example:Badge": {"costs": 1.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V1", "badgeNumber": "B1"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "1"}}	1	2026-11-26 00:34:41.265985+00	2026-11-26 00:34:41.265985+00	\N	\N	7
3	User	00000000-0001-7000-8000-000000000001	e1	alone@example.com	\N	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "alone@example.com", "externalId": "e1"}	1	2026-11-26 00:34:41.272686+00	2026-11-26 00:34:41.272686+00	\N	\N	7
\.


--
-- Data for Name: draft; Type: TABLE DATA; Schema: intake; Owner: postgres
--

COPY intake.draft (document) FROM stdin;
{"emails": [{"value": "draft@example.com", "primary": true}], "shoeSize": 40, "userName": "draft@example.com"}
\.


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: credential credential_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (tenant_id, resource_id);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".event
    ADD CONSTRAINT event_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: resource resource_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".resource
    ADD CONSTRAINT resource_pkey PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: groups groups_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".groups
    ADD CONSTRAINT groups_pkey PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: member member_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".member
    ADD CONSTRAINT member_pkey PRIMARY KEY (tenant_id, group_id, member_id);


--
-- Name: policy policy_tenant_id_resource_type_kind_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".policy
    ADD CONSTRAINT policy_tenant_id_resource_type_kind_key UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind);


--
-- Name: resource_type resource_type_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".resource_type
    ADD CONSTRAINT resource_type_pkey PRIMARY KEY (name);


--
-- Name: schema schema_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".schema
    ADD CONSTRAINT schema_pkey PRIMARY KEY (id);


--
-- Name: secret secret_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".secret
    ADD CONSTRAINT secret_pkey PRIMARY KEY (purpose);


--
-- Name: tenant tenant_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".tenant
    ADD CONSTRAINT tenant_pkey PRIMARY KEY (tenant_id);


--
-- Name: things things_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".things
    ADD CONSTRAINT things_pkey PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: token token_hash_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".token
    ADD CONSTRAINT token_hash_key UNIQUE (hash);


--
-- Name: token token_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".token
    ADD CONSTRAINT token_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: unique_value unique_value_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".unique_value
    ADD CONSTRAINT unique_value_pkey PRIMARY KEY (tenant_id, resource_type, attribute, value);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".users
    ADD CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: saved saved_pkey; Type: CONSTRAINT; Schema: app; Owner: postgres
--

ALTER TABLE ONLY app.saved
    ADD CONSTRAINT saved_pkey PRIMARY KEY (filter);


--
-- Name: resource resource_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.resource
    ADD CONSTRAINT resource_pkey PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: Our "devices" Our "devices"_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory."Our ""devices"""
    ADD CONSTRAINT "Our ""devices""_pkey" PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: cost_centres cost_centres_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.cost_centres
    ADD CONSTRAINT cost_centres_pkey PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: credential credential_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (tenant_id, resource_id);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: groups groups_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.groups
    ADD CONSTRAINT groups_pkey PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: member member_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (tenant_id, group_id, member_id);


--
-- Name: policy policy_tenant_id_resource_type_kind_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.policy
    ADD CONSTRAINT policy_tenant_id_resource_type_kind_key UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind);


--
-- Name: resource_type resource_type_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.resource_type
    ADD CONSTRAINT resource_type_pkey PRIMARY KEY (name);


--
-- Name: schema schema_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.schema
    ADD CONSTRAINT schema_pkey PRIMARY KEY (id);


--
-- Name: secret secret_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.secret
    ADD CONSTRAINT secret_pkey PRIMARY KEY (purpose);


--
-- Name: tenant tenant_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.tenant
    ADD CONSTRAINT tenant_pkey PRIMARY KEY (tenant_id);


--
-- Name: token token_hash_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.token
    ADD CONSTRAINT token_hash_key UNIQUE (hash);


--
-- Name: token token_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: unique_value unique_value_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.unique_value
    ADD CONSTRAINT unique_value_pkey PRIMARY KEY (tenant_id, resource_type, attribute, value);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id, resource_type);


--
-- Name: audit_resource_id_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX audit_resource_id_idx ON "Odd ""Store""".audit USING btree (tenant_id, resource_id, id);


--
-- Name: groups_created_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX groups_created_idx ON "Odd ""Store""".groups USING btree (tenant_id, created, id) WHERE (deleted_at IS NULL);


--
-- Name: groups_data_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX groups_data_idx ON "Odd ""Store""".groups USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit='256') WHERE (deleted_at IS NULL);


--
-- Name: groups_display_name_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX groups_display_name_idx ON "Odd ""Store""".groups USING btree (tenant_id, scim.fold(display_name), id) WHERE (deleted_at IS NULL);


--
-- Name: groups_external_id_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX groups_external_id_idx ON "Odd ""Store""".groups USING btree (tenant_id, external_id) WHERE (deleted_at IS NULL);


--
-- Name: groups_last_modified_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX groups_last_modified_idx ON "Odd ""Store""".groups USING btree (tenant_id, last_modified, id) WHERE (deleted_at IS NULL);


--
-- Name: member_member_id_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX member_member_id_idx ON "Odd ""Store""".member USING btree (tenant_id, member_id);


--
-- Name: things_created_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX things_created_idx ON "Odd ""Store""".things USING btree (tenant_id, created, id) WHERE (deleted_at IS NULL);


--
-- Name: things_data_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX things_data_idx ON "Odd ""Store""".things USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit='256') WHERE (deleted_at IS NULL);


--
-- Name: things_display_name_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX things_display_name_idx ON "Odd ""Store""".things USING btree (tenant_id, scim.fold(display_name), id) WHERE (deleted_at IS NULL);


--
-- Name: things_external_id_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX things_external_id_idx ON "Odd ""Store""".things USING btree (tenant_id, external_id) WHERE (deleted_at IS NULL);


--
-- Name: things_last_modified_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX things_last_modified_idx ON "Odd ""Store""".things USING btree (tenant_id, last_modified, id) WHERE (deleted_at IS NULL);


--
-- Name: users_data_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX users_data_idx ON "Odd ""Store""".users USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit='256') WHERE (deleted_at IS NULL);


--
-- Name: users_display_name_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX users_display_name_idx ON "Odd ""Store""".users USING btree (tenant_id, scim.fold(display_name), id) WHERE (deleted_at IS NULL);


--
-- Name: users_external_id_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX users_external_id_idx ON "Odd ""Store""".users USING btree (tenant_id, external_id) WHERE (deleted_at IS NULL);


--
-- Name: users_last_modified_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX users_last_modified_idx ON "Odd ""Store""".users USING btree (tenant_id, last_modified, id) WHERE (deleted_at IS NULL);


--
-- Name: users_user_name_key; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE UNIQUE INDEX users_user_name_key ON "Odd ""Store""".users USING btree (tenant_id, scim.fold(user_name)) WHERE (deleted_at IS NULL);


--
-- Name: saved_filter_idx; Type: INDEX; Schema: app; Owner: postgres
--

CREATE INDEX saved_filter_idx ON app.saved USING hash (filter);


--
-- Name: saved_path_idx; Type: INDEX; Schema: app; Owner: postgres
--

CREATE INDEX saved_path_idx ON app.saved USING btree (path);


--
-- Name: Our "devices"_created_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX "Our ""devices""_created_idx" ON directory."Our ""devices""" USING btree (tenant_id, created, id) WHERE (deleted_at IS NULL);


--
-- Name: Our "devices"_data_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX "Our ""devices""_data_idx" ON directory."Our ""devices""" USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit='256') WHERE (deleted_at IS NULL);


--
-- Name: Our "devices"_display_name_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX "Our ""devices""_display_name_idx" ON directory."Our ""devices""" USING btree (tenant_id, scim.fold(display_name), id) WHERE (deleted_at IS NULL);


--
-- Name: Our "devices"_external_id_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX "Our ""devices""_external_id_idx" ON directory."Our ""devices""" USING btree (tenant_id, external_id) WHERE (deleted_at IS NULL);


--
-- Name: Our "devices"_last_modified_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX "Our ""devices""_last_modified_idx" ON directory."Our ""devices""" USING btree (tenant_id, last_modified, id) WHERE (deleted_at IS NULL);


--
-- Name: audit_resource_id_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX audit_resource_id_idx ON directory.audit USING btree (tenant_id, resource_id, id);


--
-- Name: cost_centres_created_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX cost_centres_created_idx ON directory.cost_centres USING btree (tenant_id, created, id) WHERE (deleted_at IS NULL);


--
-- Name: cost_centres_data_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX cost_centres_data_idx ON directory.cost_centres USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit='256') WHERE (deleted_at IS NULL);


--
-- Name: cost_centres_display_name_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX cost_centres_display_name_idx ON directory.cost_centres USING btree (tenant_id, scim.fold(display_name), id) WHERE (deleted_at IS NULL);


--
-- Name: cost_centres_external_id_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX cost_centres_external_id_idx ON directory.cost_centres USING btree (tenant_id, external_id) WHERE (deleted_at IS NULL);


--
-- Name: cost_centres_last_modified_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX cost_centres_last_modified_idx ON directory.cost_centres USING btree (tenant_id, last_modified, id) WHERE (deleted_at IS NULL);


--
-- Name: every_substring_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX every_substring_idx ON directory.groups USING gin (data scim.gin_ops (substrings='*'));


--
-- Name: folded_title_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX folded_title_idx ON directory.users USING btree (scim.fold((data ->> 'title'::text)));


--
-- Name: groups_created_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX groups_created_idx ON directory.groups USING btree (tenant_id, created, id) WHERE (deleted_at IS NULL);


--
-- Name: groups_data_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX groups_data_idx ON directory.groups USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit='256') WHERE (deleted_at IS NULL);


--
-- Name: groups_display_name_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX groups_display_name_idx ON directory.groups USING btree (tenant_id, scim.fold(display_name), id) WHERE (deleted_at IS NULL);


--
-- Name: groups_external_id_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX groups_external_id_idx ON directory.groups USING btree (tenant_id, external_id) WHERE (deleted_at IS NULL);


--
-- Name: groups_last_modified_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX groups_last_modified_idx ON directory.groups USING btree (tenant_id, last_modified, id) WHERE (deleted_at IS NULL);


--
-- Name: member_member_id_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX member_member_id_idx ON directory.member USING btree (tenant_id, member_id);


--
-- Name: title_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX title_idx ON directory.users USING btree (((data ->> 'title'::text)));


--
-- Name: users_created_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX users_created_idx ON directory.users USING btree (tenant_id, created, id) WHERE (deleted_at IS NULL);


--
-- Name: users_data_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX users_data_idx ON directory.users USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit='256') WHERE (deleted_at IS NULL);


--
-- Name: users_display_name_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX users_display_name_idx ON directory.users USING btree (tenant_id, scim.fold(display_name), id) WHERE (deleted_at IS NULL);


--
-- Name: users_external_id_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX users_external_id_idx ON directory.users USING btree (tenant_id, external_id) WHERE (deleted_at IS NULL);


--
-- Name: users_last_modified_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX users_last_modified_idx ON directory.users USING btree (tenant_id, last_modified, id) WHERE (deleted_at IS NULL);


--
-- Name: users_user_name_key; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE UNIQUE INDEX users_user_name_key ON directory.users USING btree (tenant_id, scim.fold(user_name)) WHERE (deleted_at IS NULL);


--
-- Name: groups_pkey; Type: INDEX ATTACH; Schema: Odd "Store"; Owner: store owner
--

ALTER INDEX "Odd ""Store""".resource_pkey ATTACH PARTITION "Odd ""Store""".groups_pkey;


--
-- Name: things_pkey; Type: INDEX ATTACH; Schema: Odd "Store"; Owner: store owner
--

ALTER INDEX "Odd ""Store""".resource_pkey ATTACH PARTITION "Odd ""Store""".things_pkey;


--
-- Name: users_pkey; Type: INDEX ATTACH; Schema: Odd "Store"; Owner: store owner
--

ALTER INDEX "Odd ""Store""".resource_pkey ATTACH PARTITION "Odd ""Store""".users_pkey;


--
-- Name: Our "devices"_pkey; Type: INDEX ATTACH; Schema: directory; Owner: postgres
--

ALTER INDEX directory.resource_pkey ATTACH PARTITION directory."Our ""devices""_pkey";


--
-- Name: cost_centres_pkey; Type: INDEX ATTACH; Schema: directory; Owner: postgres
--

ALTER INDEX directory.resource_pkey ATTACH PARTITION directory.cost_centres_pkey;


--
-- Name: groups_pkey; Type: INDEX ATTACH; Schema: directory; Owner: postgres
--

ALTER INDEX directory.resource_pkey ATTACH PARTITION directory.groups_pkey;


--
-- Name: users_pkey; Type: INDEX ATTACH; Schema: directory; Owner: postgres
--

ALTER INDEX directory.resource_pkey ATTACH PARTITION directory.users_pkey;


--
-- Name: groups_data_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".groups_data_stats ON scim.index_keys(data) FROM "Odd ""Store""".groups;


ALTER STATISTICS "Odd ""Store""".groups_data_stats OWNER TO "store owner";

--
-- Name: things_data_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".things_data_stats ON scim.index_keys(data) FROM "Odd ""Store""".things;


ALTER STATISTICS "Odd ""Store""".things_data_stats OWNER TO "store owner";

--
-- Name: users_data_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".users_data_stats ON scim.index_keys(data) FROM "Odd ""Store""".users;


ALTER STATISTICS "Odd ""Store""".users_data_stats OWNER TO "store owner";

--
-- Name: Our "devices"_data_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory."Our ""devices""_data_stats" ON scim.index_keys(data) FROM directory."Our ""devices""";


ALTER STATISTICS directory."Our ""devices""_data_stats" OWNER TO postgres;

--
-- Name: cost_centres_data_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.cost_centres_data_stats ON scim.index_keys(data) FROM directory.cost_centres;


ALTER STATISTICS directory.cost_centres_data_stats OWNER TO postgres;

--
-- Name: groups_data_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.groups_data_stats ON scim.index_keys(data) FROM directory.groups;


ALTER STATISTICS directory.groups_data_stats OWNER TO postgres;

--
-- Name: ours; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.ours ON user_name, status FROM directory.users;


ALTER STATISTICS directory.ours OWNER TO postgres;

--
-- Name: users_data_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.users_data_stats ON scim.index_keys(data) FROM directory.users;


ALTER STATISTICS directory.users_data_stats OWNER TO postgres;

--
-- Name: member scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE UPDATE ON "Odd ""Store""".member FOR EACH ROW EXECUTE FUNCTION scim.member_door();


--
-- Name: resource scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource FOR EACH ROW EXECUTE FUNCTION scim.resource_door();


--
-- Name: resource_type scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource_type FOR EACH ROW EXECUTE FUNCTION scim.registry_door();


--
-- Name: schema scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".schema FOR EACH ROW EXECUTE FUNCTION scim.registry_door();


--
-- Name: resource_type scim_lock; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_lock();


--
-- Name: schema scim_lock; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".schema FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_lock();


--
-- Name: resource scim_record; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_record AFTER INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource FOR EACH ROW EXECUTE FUNCTION scim.resource_record();


--
-- Name: resource_type scim_record; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_record AFTER INSERT OR DELETE ON "Odd ""Store""".resource_type FOR EACH ROW EXECUTE FUNCTION scim.registry_record();


--
-- Name: member scim_record_delete; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_record_delete AFTER DELETE ON "Odd ""Store""".member REFERENCING OLD TABLE AS changed_member FOR EACH STATEMENT EXECUTE FUNCTION scim.member_record();


--
-- Name: member scim_record_insert; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_record_insert AFTER INSERT ON "Odd ""Store""".member REFERENCING NEW TABLE AS changed_member FOR EACH STATEMENT EXECUTE FUNCTION scim.member_record();


--
-- Name: policy scim_registry; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON "Odd ""Store""".policy FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: resource_type scim_registry_delete; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON "Odd ""Store""".resource_type REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: schema scim_registry_delete; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON "Odd ""Store""".schema REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: resource_type scim_registry_insert; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON "Odd ""Store""".resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: schema scim_registry_insert; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON "Odd ""Store""".schema FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: resource_type scim_registry_update; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON "Odd ""Store""".resource_type REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: schema scim_registry_update; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON "Odd ""Store""".schema REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: groups scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".groups FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: member scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".member FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: resource_type scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: schema scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".schema FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: things scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".things FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: users scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".users FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: member scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE UPDATE ON directory.member FOR EACH ROW EXECUTE FUNCTION scim.member_door();


--
-- Name: resource scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON directory.resource FOR EACH ROW EXECUTE FUNCTION scim.resource_door();


--
-- Name: resource_type scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON directory.resource_type FOR EACH ROW EXECUTE FUNCTION scim.registry_door();


--
-- Name: schema scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON directory.schema FOR EACH ROW EXECUTE FUNCTION scim.registry_door();


--
-- Name: resource_type scim_lock; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON directory.resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_lock();


--
-- Name: schema scim_lock; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON directory.schema FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_lock();


--
-- Name: resource scim_record; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_record AFTER INSERT OR DELETE OR UPDATE ON directory.resource FOR EACH ROW EXECUTE FUNCTION scim.resource_record();


--
-- Name: resource_type scim_record; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_record AFTER INSERT OR DELETE ON directory.resource_type FOR EACH ROW EXECUTE FUNCTION scim.registry_record();


--
-- Name: member scim_record_delete; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_record_delete AFTER DELETE ON directory.member REFERENCING OLD TABLE AS changed_member FOR EACH STATEMENT EXECUTE FUNCTION scim.member_record();


--
-- Name: member scim_record_insert; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_record_insert AFTER INSERT ON directory.member REFERENCING NEW TABLE AS changed_member FOR EACH STATEMENT EXECUTE FUNCTION scim.member_record();


--
-- Name: policy scim_registry; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON directory.policy FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: resource_type scim_registry_delete; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON directory.resource_type REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: schema scim_registry_delete; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON directory.schema REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: resource_type scim_registry_insert; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON directory.resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: schema scim_registry_insert; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON directory.schema FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: resource_type scim_registry_update; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON directory.resource_type REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: schema scim_registry_update; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON directory.schema REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();


--
-- Name: Our "devices" scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory."Our ""devices""" FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: cost_centres scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.cost_centres FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: groups scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.groups FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: member scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.member FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: resource_type scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: schema scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.schema FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: users scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.users FOR EACH STATEMENT EXECUTE FUNCTION scim.resource_truncate();


--
-- Name: users z_note; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER z_note AFTER INSERT ON directory.users FOR EACH ROW EXECUTE FUNCTION app.note();


--
-- Name: laptop laptop_tenant_id_owner_resource_type_fkey; Type: FK CONSTRAINT; Schema: app; Owner: postgres
--

ALTER TABLE ONLY app.laptop
    ADD CONSTRAINT laptop_tenant_id_owner_resource_type_fkey FOREIGN KEY (tenant_id, owner, resource_type) REFERENCES directory.resource(tenant_id, id, resource_type);


--
-- Name: audit; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".audit ENABLE ROW LEVEL SECURITY;

--
-- Name: credential; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".credential ENABLE ROW LEVEL SECURITY;

--
-- Name: event; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".event ENABLE ROW LEVEL SECURITY;

--
-- Name: groups; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".groups ENABLE ROW LEVEL SECURITY;

--
-- Name: member; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".member ENABLE ROW LEVEL SECURITY;

--
-- Name: policy; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".policy ENABLE ROW LEVEL SECURITY;

--
-- Name: resource; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".resource ENABLE ROW LEVEL SECURITY;

--
-- Name: resource_type; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".resource_type ENABLE ROW LEVEL SECURITY;

--
-- Name: schema; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".schema ENABLE ROW LEVEL SECURITY;

--
-- Name: secret; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".secret ENABLE ROW LEVEL SECURITY;

--
-- Name: policy store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".policy FOR SELECT USING ((tenant_id IS NULL));


--
-- Name: resource_type store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".resource_type FOR SELECT USING (true);


--
-- Name: schema store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".schema FOR SELECT USING (true);


--
-- Name: audit tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".audit USING ((tenant_id = scim.tenant()));


--
-- Name: credential tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".credential USING ((tenant_id = scim.tenant()));


--
-- Name: event tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".event USING ((tenant_id = scim.tenant()));


--
-- Name: groups tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".groups USING ((tenant_id = scim.tenant()));


--
-- Name: member tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".member USING ((tenant_id = scim.tenant()));


--
-- Name: policy tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".policy USING ((tenant_id = scim.tenant()));


--
-- Name: resource tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".resource USING ((tenant_id = scim.tenant()));


--
-- Name: tenant; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".tenant ENABLE ROW LEVEL SECURITY;

--
-- Name: tenant tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".tenant USING ((tenant_id = scim.tenant()));


--
-- Name: things tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".things USING ((tenant_id = scim.tenant()));


--
-- Name: token tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".token USING ((tenant_id = scim.tenant()));


--
-- Name: unique_value tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".unique_value USING ((tenant_id = scim.tenant()));


--
-- Name: users tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".users USING ((tenant_id = scim.tenant()));


--
-- Name: things; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".things ENABLE ROW LEVEL SECURITY;

--
-- Name: token; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".token ENABLE ROW LEVEL SECURITY;

--
-- Name: unique_value; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".unique_value ENABLE ROW LEVEL SECURITY;

--
-- Name: users; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".users ENABLE ROW LEVEL SECURITY;

--
-- Name: Our "devices"; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory."Our ""devices""" ENABLE ROW LEVEL SECURITY;

--
-- Name: audit; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.audit ENABLE ROW LEVEL SECURITY;

--
-- Name: audit auditors; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY auditors ON directory.audit FOR SELECT TO auditor USING ((tenant_id = scim.tenant()));


--
-- Name: cost_centres; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.cost_centres ENABLE ROW LEVEL SECURITY;

--
-- Name: credential; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.credential ENABLE ROW LEVEL SECURITY;

--
-- Name: event; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.event ENABLE ROW LEVEL SECURITY;

--
-- Name: groups; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.groups ENABLE ROW LEVEL SECURITY;

--
-- Name: member; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.member ENABLE ROW LEVEL SECURITY;

--
-- Name: users no_secrets; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY no_secrets ON directory.users AS RESTRICTIVE USING ((user_name IS DISTINCT FROM 'user3@example.com'::text));


--
-- Name: policy; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.policy ENABLE ROW LEVEL SECURITY;

--
-- Name: resource; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.resource ENABLE ROW LEVEL SECURITY;

--
-- Name: resource_type; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.resource_type ENABLE ROW LEVEL SECURITY;

--
-- Name: schema; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.schema ENABLE ROW LEVEL SECURITY;

--
-- Name: secret; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.secret ENABLE ROW LEVEL SECURITY;

--
-- Name: policy store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.policy FOR SELECT USING ((tenant_id IS NULL));


--
-- Name: resource_type store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.resource_type FOR SELECT USING (true);


--
-- Name: schema store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.schema FOR SELECT USING (true);


--
-- Name: Our "devices" tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory."Our ""devices""" USING ((tenant_id = scim.tenant()));


--
-- Name: audit tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.audit USING ((tenant_id = scim.tenant()));


--
-- Name: cost_centres tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.cost_centres USING ((tenant_id = scim.tenant()));


--
-- Name: credential tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.credential USING ((tenant_id = scim.tenant()));


--
-- Name: event tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.event USING ((tenant_id = scim.tenant()));


--
-- Name: groups tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.groups USING ((tenant_id = scim.tenant()));


--
-- Name: member tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.member USING ((tenant_id = scim.tenant()));


--
-- Name: policy tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.policy USING ((tenant_id = scim.tenant()));


--
-- Name: resource tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.resource USING ((tenant_id = scim.tenant()));


--
-- Name: tenant; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.tenant ENABLE ROW LEVEL SECURITY;

--
-- Name: tenant tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.tenant USING ((tenant_id = scim.tenant()));


--
-- Name: token tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.token USING ((tenant_id = scim.tenant()));


--
-- Name: unique_value tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.unique_value USING ((tenant_id = scim.tenant()));


--
-- Name: users tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.users USING ((tenant_id = scim.tenant()));


--
-- Name: token; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.token ENABLE ROW LEVEL SECURITY;

--
-- Name: unique_value; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.unique_value ENABLE ROW LEVEL SECURITY;

--
-- Name: users; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.users ENABLE ROW LEVEL SECURITY;

--
-- Name: people; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION people WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION people OWNER TO postgres;

--
-- Name: people users; Type: PUBLICATION TABLE; Schema: directory; Owner: postgres
--

ALTER PUBLICATION people ADD TABLE ONLY directory.users;


--
-- Name: SCHEMA api; Type: ACL; Schema: -; Owner: postgres
--

GRANT USAGE ON SCHEMA api TO scim_anon;
GRANT USAGE ON SCHEMA api TO scim_client;


--
-- Name: SCHEMA directory; Type: ACL; Schema: -; Owner: postgres
--

GRANT USAGE ON SCHEMA directory TO app;
GRANT USAGE ON SCHEMA directory TO auditor;
GRANT USAGE ON SCHEMA directory TO scim_anon;
GRANT USAGE ON SCHEMA directory TO scim_client;


--
-- Name: SCHEMA scim; Type: ACL; Schema: -; Owner: postgres
--

GRANT USAGE ON SCHEMA scim TO scim_anon;
GRANT USAGE ON SCHEMA scim TO scim_client;


--
-- Name: FUNCTION _adapt(status integer, headers jsonb, body text); Type: ACL; Schema: api; Owner: postgres
--

REVOKE ALL ON FUNCTION api._adapt(status integer, headers jsonb, body text) FROM PUBLIC;
GRANT ALL ON FUNCTION api._adapt(status integer, headers jsonb, body text) TO scim_anon;
GRANT ALL ON FUNCTION api._adapt(status integer, headers jsonb, body text) TO scim_client;


--
-- Name: FUNCTION _authenticate(headers json); Type: ACL; Schema: api; Owner: postgres
--

REVOKE ALL ON FUNCTION api._authenticate(headers json) FROM PUBLIC;
GRANT ALL ON FUNCTION api._authenticate(headers json) TO scim_anon;
GRANT ALL ON FUNCTION api._authenticate(headers json) TO scim_client;


--
-- Name: FUNCTION _error(status integer, detail text); Type: ACL; Schema: api; Owner: postgres
--

REVOKE ALL ON FUNCTION api._error(status integer, detail text) FROM PUBLIC;
GRANT ALL ON FUNCTION api._error(status integer, detail text) TO scim_anon;
GRANT ALL ON FUNCTION api._error(status integer, detail text) TO scim_client;


--
-- Name: FUNCTION _handle(body bytea); Type: ACL; Schema: api; Owner: postgres
--

REVOKE ALL ON FUNCTION api._handle(body bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api._handle(body bytea) TO scim_anon;
GRANT ALL ON FUNCTION api._handle(body bytea) TO scim_client;


--
-- Name: FUNCTION _token_holder(opaque text); Type: ACL; Schema: api; Owner: postgres
--

REVOKE ALL ON FUNCTION api._token_holder(opaque text) FROM PUBLIC;
GRANT ALL ON FUNCTION api._token_holder(opaque text) TO scim_anon;


--
-- Name: FUNCTION scim_read(bytea); Type: ACL; Schema: api; Owner: postgres
--

REVOKE ALL ON FUNCTION api.scim_read(bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.scim_read(bytea) TO scim_anon;
GRANT ALL ON FUNCTION api.scim_read(bytea) TO scim_client;


--
-- Name: FUNCTION scim_write(bytea); Type: ACL; Schema: api; Owner: postgres
--

REVOKE ALL ON FUNCTION api.scim_write(bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.scim_write(bytea) TO scim_anon;
GRANT ALL ON FUNCTION api.scim_write(bytea) TO scim_client;


--
-- Name: TABLE resource; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.resource TO app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.resource TO scim_client;


--
-- Name: TABLE users; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.users TO app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.users TO scim_client;


--
-- Name: FUNCTION authenticate("authorization" text); Type: ACL; Schema: scim; Owner: postgres
--

GRANT ALL ON FUNCTION scim.authenticate("authorization" text) TO scim_anon;


--
-- Name: FUNCTION create_token(description text, expires_at timestamp with time zone); Type: ACL; Schema: scim; Owner: postgres
--

GRANT ALL ON FUNCTION scim.create_token(description text, expires_at timestamp with time zone) TO app;


--
-- Name: FUNCTION request(method text, target text, headers jsonb, body bytea); Type: ACL; Schema: scim; Owner: postgres
--

GRANT ALL ON FUNCTION scim.request(method text, target text, headers jsonb, body bytea) TO scim_anon;
GRANT ALL ON FUNCTION scim.request(method text, target text, headers jsonb, body bytea) TO scim_client;


--
-- Name: TABLE "Our ""devices"""; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory."Our ""devices""" TO scim_client;


--
-- Name: TABLE audit; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT ON TABLE directory.audit TO auditor;


--
-- Name: TABLE cost_centres; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.cost_centres TO scim_client;


--
-- Name: TABLE groups; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.groups TO app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.groups TO scim_client;


--
-- Name: TABLE member; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.member TO app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE directory.member TO scim_client;


--
-- Name: TABLE resource_type; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT ON TABLE directory.resource_type TO app;
GRANT SELECT ON TABLE directory.resource_type TO scim_anon;
GRANT SELECT ON TABLE directory.resource_type TO scim_client;


--
-- Name: TABLE schema; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT ON TABLE directory.schema TO app;
GRANT SELECT ON TABLE directory.schema TO scim_anon;
GRANT SELECT ON TABLE directory.schema TO scim_client;


--
-- Name: COLUMN token.description; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT(description) ON TABLE directory.token TO auditor;


--
-- Name: COLUMN token.expires_at; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT(expires_at) ON TABLE directory.token TO auditor;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: directory; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA directory GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO scim_client;


--
-- Name: folded; Type: MATERIALIZED VIEW DATA; Schema: app; Owner: postgres
--

REFRESH MATERIALIZED VIEW app.folded;


--
-- PostgreSQL database dump complete
--


