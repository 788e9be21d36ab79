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

COMMENT ON SCHEMA "Odd ""Store""" IS 'A SCIM store: the tables of one service provider, made by scim.create_store.';


--
-- Name: api; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA api;


ALTER SCHEMA api OWNER TO postgres;

--
-- Name: SCHEMA api; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON SCHEMA api IS 'What PostgREST serves: scim.gateway, for requests that read and for all others.';


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

COMMENT ON SCHEMA directory IS 'A SCIM store: the tables of one service provider, made by scim.create_store.';


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

COMMENT ON EXTENSION scim IS 'SCIM 2.0 service provider: filters, schemas, resources and the HTTP protocol as SQL.';


--
-- Name: application/scim+json; Type: DOMAIN; Schema: api; Owner: postgres
--

CREATE DOMAIN api."application/scim+json" AS text;


ALTER DOMAIN api."application/scim+json" OWNER TO postgres;

--
-- Name: DOMAIN "application/scim+json"; Type: COMMENT; Schema: api; Owner: postgres
--

COMMENT ON DOMAIN api."application/scim+json" IS 'The body of an answer, of the media type that it is named after.';


--
-- Name: scim_read(bytea); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api.scim_read(bytea) RETURNS api."application/scim+json"
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$ BEGIN RETURN scim.gateway(current_setting('request.headers', true)::json, $1); END $_$;


ALTER FUNCTION api.scim_read(bytea) OWNER TO postgres;

--
-- Name: FUNCTION scim_read(bytea); Type: COMMENT; Schema: api; Owner: postgres
--

COMMENT ON FUNCTION api.scim_read(bytea) IS 'GET, HEAD and .search';


--
-- Name: scim_write(bytea); Type: FUNCTION; Schema: api; Owner: postgres
--

CREATE FUNCTION api.scim_write(bytea) RETURNS api."application/scim+json"
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$ BEGIN RETURN scim.gateway(current_setting('request.headers', true)::json, $1); END $_$;


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
)
PARTITION BY LIST (resource_type);


ALTER TABLE directory.resource OWNER TO postgres;

--
-- Name: TABLE resource; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.resource IS 'Every resource of every type. INSERT, UPDATE and DELETE are as good as requests: a trigger makes documents canonical, checks them and keeps the columns.';


--
-- Name: COLUMN resource.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN resource.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN resource.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN resource.external_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN resource.user_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN resource.display_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN resource.active; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN resource.status; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN resource.data; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN resource.version; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN resource.created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN resource.last_modified; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN resource.offboarding_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN resource.deleted_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN resource.activated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN resource.deactivated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN resource.sessions_valid_after; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource.sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE directory.users OWNER TO postgres;

--
-- Name: TABLE users; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.users IS 'The resources of type User: a partition of resource, to be read and written like it.';


--
-- Name: COLUMN users.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN users.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN users.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN users.external_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN users.user_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN users.display_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN users.active; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN users.status; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN users.data; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN users.version; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN users.created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN users.last_modified; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN users.offboarding_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN users.deleted_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN users.activated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN users.deactivated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN users.sessions_valid_after; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.users.sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


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
     u.activated_at,
     u.deactivated_at,
     u.sessions_valid_after,
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
 SELECT cardinality(scim_internal.index_keys(document)) AS cardinality;
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
    before jsonb,
    change uuid DEFAULT scim.change()
);


ALTER TABLE "Odd ""Store""".audit OWNER TO "store owner";

--
-- Name: TABLE audit; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".audit IS 'Who changed what and when, and what the record said before.';


--
-- Name: COLUMN audit.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.tenant_id IS 'The tenant whose resource was changed.';


--
-- Name: COLUMN audit.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.id IS 'A UUID version 7: rows sort in the order in which they were written.';


--
-- Name: COLUMN audit.at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.at IS 'When the transaction of the change began.';


--
-- Name: COLUMN audit.transaction_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.transaction_id IS 'The transaction of the change: rows with the same number were one.';


--
-- Name: COLUMN audit.actor; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.actor IS 'Who acted, as scim.actor() says: the bearer of a token, a subject, a database user.';


--
-- Name: COLUMN audit.db_user; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.db_user IS 'The database user who was logged in.';


--
-- Name: COLUMN audit.operation; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.operation IS 'What was done: create, update, activate, suspend, reactivate, offboard, complete, restore, delete, purge, add member or remove member; invite, log out, recover or redeem, which change no document.';


--
-- Name: COLUMN audit.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.resource_type IS 'The name of the resource type of what was changed.';


--
-- Name: COLUMN audit.resource_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.resource_id IS 'The id of the resource that was changed; of the group, where a member came or went.';


--
-- Name: COLUMN audit.version; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.version IS 'Which version the resource has since; null for members.';


--
-- Name: COLUMN audit.member_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.member_id IS 'The id of the member that came or went; null for other changes.';


--
-- Name: COLUMN audit.before; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.before IS 'What data held before the change; null where there was nothing.';


--
-- Name: COLUMN audit.change; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".audit.change IS 'The same for all rows of audit and event that one transaction writes.';


--
-- Name: authentication_scheme; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".authentication_scheme (
    scheme text NOT NULL COLLATE pg_catalog."C",
    keyword text NOT NULL COLLATE pg_catalog."C",
    credential text NOT NULL COLLATE pg_catalog."C",
    second_header text COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    name text,
    description text,
    spec_uri text,
    is_primary boolean,
    CONSTRAINT authentication_scheme_credential CHECK ((credential = ANY (ARRAY['token'::text, 'password'::text, 'jwt'::text]))),
    CONSTRAINT authentication_scheme_description CHECK (((name IS NULL) = (description IS NULL))),
    CONSTRAINT authentication_scheme_jwt CHECK (((credential <> 'jwt'::text) OR ((keyword = 'Bearer'::text) AND (second_header IS NULL)))),
    CONSTRAINT authentication_scheme_keyword CHECK (((keyword ~ '^[0-9A-Za-z!#$%&''*+.^_`|~-]*$'::text) AND ((keyword <> ''::text) OR (credential = 'token'::text)))),
    CONSTRAINT authentication_scheme_keyword_length CHECK ((octet_length(keyword) <= 256)),
    CONSTRAINT authentication_scheme_primary CHECK (is_primary),
    CONSTRAINT authentication_scheme_scheme CHECK (((octet_length(scheme) >= 1) AND (octet_length(scheme) <= 256))),
    CONSTRAINT authentication_scheme_second_header CHECK (((second_header ~ '^[0-9a-z][0-9a-z-]*$'::text) AND (second_header !~ '^x-scim-|^authorization$'::text))),
    CONSTRAINT authentication_scheme_type CHECK ((type = ANY (ARRAY['oauth'::text, 'oauth2'::text, 'oauthbearertoken'::text, 'httpbasic'::text, 'httpdigest'::text])))
);


ALTER TABLE "Odd ""Store""".authentication_scheme OWNER TO "store owner";

--
-- Name: TABLE authentication_scheme; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".authentication_scheme IS 'The ways in which a client may say who it is, and what the ServiceProviderConfig tells of them.';


--
-- Name: COLUMN authentication_scheme.scheme; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.scheme IS 'What scim.create_client and the table "client" call it.';


--
-- Name: COLUMN authentication_scheme.keyword; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.keyword IS 'What stands before the credential in the header Authorization, in any letter case; empty: nothing.';


--
-- Name: COLUMN authentication_scheme.credential; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.credential IS 'token: a random secret, of table "token" or "client"; password: base64 of name:password of a client (RFC 7617); jwt: a JSON web token that the gateway has verified.';


--
-- Name: COLUMN authentication_scheme.second_header; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.second_header IS 'The header, in lower case, in which a second secret of the client has to come along; null: none has to.';


--
-- Name: COLUMN authentication_scheme.type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.type IS 'The type that authenticationSchemes of the ServiceProviderConfig shows (RFC 7643 section 5).';


--
-- Name: COLUMN authentication_scheme.name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.name IS 'The name that authenticationSchemes shows; null: accepted, but not shown there.';


--
-- Name: COLUMN authentication_scheme.description; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.description IS 'The description that authenticationSchemes shows.';


--
-- Name: COLUMN authentication_scheme.spec_uri; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.spec_uri IS 'The specUri that authenticationSchemes shows.';


--
-- Name: COLUMN authentication_scheme.is_primary; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".authentication_scheme.is_primary IS 'Whether authenticationSchemes shows it as the preferred one: true in one row at most, null in the others.';


--
-- Name: client; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".client (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    scheme text NOT NULL COLLATE pg_catalog."C",
    hash bytea,
    secret text,
    second_hash bytea,
    created timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT client_created CHECK (isfinite(created)),
    CONSTRAINT client_hash CHECK ((octet_length(hash) = 32)),
    CONSTRAINT client_name CHECK (((name <> ''::text) AND (octet_length(name) <= 256) AND (POSITION((':'::text) IN (name)) = 0))),
    CONSTRAINT client_one_secret CHECK ((num_nonnulls(hash, secret) = 1)),
    CONSTRAINT client_second_hash CHECK ((octet_length(second_hash) = 32)),
    CONSTRAINT client_secret CHECK ((secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'::text))
);


ALTER TABLE "Odd ""Store""".client OWNER TO "store owner";

--
-- Name: TABLE client; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".client IS 'Who may authenticate by a name or with two secrets; a bearer token needs no client.';


--
-- Name: COLUMN client.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.tenant_id IS 'The tenant for which the client acts.';


--
-- Name: COLUMN client.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.id IS 'By what scim.revoke_client knows the client.';


--
-- Name: COLUMN client.name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.name IS 'What the audit calls the client, and with a password the name that it logs in by; unique among those that are not revoked.';


--
-- Name: COLUMN client.scheme; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.scheme IS 'The one way in which this client authenticates.';


--
-- Name: COLUMN client.hash; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.hash IS 'SHA-256 of a secret that was made by scim.create_client.';


--
-- Name: COLUMN client.secret; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.secret IS 'SCRAM-SHA-256 secret (RFC 5803) of a password that was chosen.';


--
-- Name: COLUMN client.second_hash; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.second_hash IS 'SHA-256 of the second secret, where the scheme wants one.';


--
-- Name: COLUMN client.created; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.created IS 'When scim.create_client made it.';


--
-- Name: COLUMN client.expires_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.expires_at IS 'From when on its secrets are not good any more; null: no end.';


--
-- Name: COLUMN client.revoked_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".client.revoked_at IS 'When scim.revoke_client ended it; null where nobody did.';


--
-- Name: credential; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".credential (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_id uuid NOT NULL,
    secret text NOT NULL,
    changed timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT credential_secret CHECK ((secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'::text))
);


ALTER TABLE "Odd ""Store""".credential OWNER TO "store owner";

--
-- Name: TABLE credential; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".credential IS 'Passwords, only as SCRAM-SHA-256 secrets (RFC 5803), for scim.verify_password.';


--
-- Name: COLUMN credential.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".credential.tenant_id IS 'The tenant to whom the user belongs.';


--
-- Name: COLUMN credential.resource_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".credential.resource_id IS 'The id of the user whose password it is.';


--
-- Name: COLUMN credential.secret; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".credential.secret IS 'What is kept of the password: salt, iterations and keys of SCRAM-SHA-256.';


--
-- Name: COLUMN credential.changed; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".credential.changed IS 'When the password was last set.';


--
-- Name: endpoint; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".endpoint (
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    methods text[] NOT NULL COLLATE pg_catalog."C",
    path text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    enabled boolean DEFAULT true NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT endpoint_name CHECK ((octet_length(name) <= 1200)),
    CONSTRAINT endpoint_path CHECK ((octet_length(path) <= 1024))
);


ALTER TABLE "Odd ""Store""".endpoint OWNER TO "store owner";

--
-- Name: TABLE endpoint; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".endpoint IS 'Endpoints of one''s own beside those of SCIM: flat JSON over the resources of the store (doc/endpoints.md).';


--
-- Name: COLUMN endpoint.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".endpoint.id IS 'The key of the row.';


--
-- Name: COLUMN endpoint.name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".endpoint.name IS 'What errors and other rows call it; where none is given, methods and path.';


--
-- Name: COLUMN endpoint.methods; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".endpoint.methods IS 'Of GET, POST, PUT, PATCH and DELETE; HEAD goes with GET, and OPTIONS is always there.';


--
-- Name: COLUMN endpoint.path; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".endpoint.path IS 'Words, in any letter case, and one part in braces with the attributes that find a resource, as in /api/users/{id|emails.value}.';


--
-- Name: COLUMN endpoint.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".endpoint.resource_type IS 'The name of the resource type that it is about.';


--
-- Name: COLUMN endpoint.action; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".endpoint.action IS 'What is done: create, read, list, replace, merge, delete, or a step of the life-cycle such as suspend.';


--
-- Name: COLUMN endpoint.enabled; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".endpoint.enabled IS 'Whether it is there; one that is not is not checked either.';


--
-- Name: COLUMN endpoint.settings; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".endpoint.settings IS 'Fields, lists, errors and all the rest, as doc/endpoints.md says.';


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
    version bigint,
    change uuid DEFAULT scim.change(),
    data jsonb
);


ALTER TABLE "Odd ""Store""".event OWNER TO "store owner";

--
-- Name: TABLE event; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".event IS 'Outbox of events (RFC 9967), written in the transaction of the change where the policy "events" is on, or a policy "emit" asks for one; those of scim.invite and its like always.';


--
-- Name: COLUMN event.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.tenant_id IS 'The tenant whose resource was changed.';


--
-- Name: COLUMN event.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.id IS 'A UUID version 7: events sort in the order in which they were written.';


--
-- Name: COLUMN event.at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.at IS 'When the transaction of the change began.';


--
-- Name: COLUMN event.transaction_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.transaction_id IS 'The transaction of the change: what is not committed yet may have lower ids than what is.';


--
-- Name: COLUMN event.event_uri; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.event_uri IS 'What happened: a name of RFC 9967 section 7, of OpenID''s CAEP or RISC, or of a policy "emit".';


--
-- Name: COLUMN event.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.resource_type IS 'The name of the resource type of what was changed.';


--
-- Name: COLUMN event.resource_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.resource_id IS 'The id of the resource that was changed.';


--
-- Name: COLUMN event.version; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.version IS 'Which version the resource has since the change.';


--
-- Name: COLUMN event.change; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.change IS 'The same for all rows of audit and event that one transaction writes.';


--
-- Name: COLUMN event.data; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".event.data IS 'What the event tells beside that it happened: the attributes that a policy "emit" names.';


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
)
PARTITION BY LIST (resource_type);


ALTER TABLE "Odd ""Store""".resource OWNER TO "store owner";

--
-- Name: TABLE resource; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".resource IS 'Every resource of every type. INSERT, UPDATE and DELETE are as good as requests: a trigger makes documents canonical, checks them and keeps the columns.';


--
-- Name: COLUMN resource.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN resource.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN resource.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN resource.external_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN resource.user_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN resource.display_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN resource.active; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN resource.status; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN resource.data; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN resource.version; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN resource.created; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN resource.last_modified; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN resource.offboarding_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN resource.deleted_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN resource.activated_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN resource.deactivated_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN resource.sessions_valid_after; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource.sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE "Odd ""Store""".groups OWNER TO "store owner";

--
-- Name: TABLE groups; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".groups IS 'The resources of type Group: a partition of resource, to be read and written like it.';


--
-- Name: COLUMN groups.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN groups.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN groups.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN groups.external_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN groups.user_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN groups.display_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN groups.active; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN groups.status; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN groups.data; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN groups.version; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN groups.created; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN groups.last_modified; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN groups.offboarding_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN groups.deleted_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN groups.activated_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN groups.deactivated_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN groups.sessions_valid_after; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".groups.sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


--
-- Name: member; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".member (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    group_id uuid NOT NULL,
    member_id uuid NOT NULL,
    member_type text COLLATE pg_catalog."C",
    value text COLLATE pg_catalog."C",
    created timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT member_value CHECK ((member_id = scim.member_key(value)))
);


ALTER TABLE "Odd ""Store""".member OWNER TO "store owner";

--
-- Name: TABLE member; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".member IS 'One row for each membership of a group; users do not have their groups in their documents.';


--
-- Name: COLUMN member.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".member.tenant_id IS 'The tenant to whom the group belongs.';


--
-- Name: COLUMN member.group_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".member.group_id IS 'Which group has the member: the id of its row in resource.';


--
-- Name: COLUMN member.member_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".member.member_id IS 'The id of the member; where value is given, a uuid made of it by scim.member_key.';


--
-- Name: COLUMN member.member_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".member.member_type IS 'The type as the client sent it; that of a resource which is there goes before it.';


--
-- Name: COLUMN member.value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".member.value IS 'The reference as the client sent it, where it cannot be the id of a resource here; else null.';


--
-- Name: COLUMN member.created; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".member.created IS 'When the membership began.';


--
-- Name: policy; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".policy (
    tenant_id integer,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    enabled boolean DEFAULT true NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT policy_resource_type CHECK ((octet_length(resource_type) <= 100)),
    CONSTRAINT policy_settings CHECK ((jsonb_typeof(settings) = 'object'::text))
);


ALTER TABLE "Odd ""Store""".policy OWNER TO "store owner";

--
-- Name: TABLE policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".policy IS 'What holds for every writer beyond the schemas; a row with a tenant_id goes before the row of the same name for all tenants.';


--
-- Name: COLUMN policy.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".policy.tenant_id IS 'The tenant to whom it applies, in place of the row for all; null: all tenants.';


--
-- Name: COLUMN policy.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".policy.resource_type IS 'The name of the resource type to which it applies.';


--
-- Name: COLUMN policy.kind; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".policy.kind IS 'What is regulated, one of the kinds of doc/policies.md: identity, reference, delete, ...';


--
-- Name: COLUMN policy.enabled; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".policy.enabled IS 'Whether the rule holds; false in the row of a tenant switches the one for all off for him.';


--
-- Name: COLUMN policy.settings; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".policy.settings IS 'An object that depends on the kind, such as {"mode": "retain"} of delete.';


--
-- Name: COLUMN policy.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".policy.id IS 'The key of the row.';


--
-- Name: COLUMN policy.name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".policy.name IS 'What tells several of a kind apart, and the order in which they apply; where none is given, the kind.';


--
-- Name: recovery_code; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".recovery_code (
    tenant_id integer NOT NULL,
    resource_id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    hash bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    CONSTRAINT recovery_code_expires_at CHECK (isfinite(expires_at)),
    CONSTRAINT recovery_code_failures CHECK (((failures >= 0) AND (failures <= 5))),
    CONSTRAINT recovery_code_hash CHECK ((octet_length(hash) = 32)),
    CONSTRAINT recovery_code_issued_at CHECK (isfinite(issued_at))
);


ALTER TABLE "Odd ""Store""".recovery_code OWNER TO "store owner";

--
-- Name: TABLE recovery_code; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".recovery_code IS 'Codes by which people get back in, one for each at most and only as SHA-256; for the owner of the store, by scim.issue_recovery_code and scim.redeem_recovery_code.';


--
-- Name: COLUMN recovery_code.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".recovery_code.tenant_id IS 'The tenant to whom the user belongs.';


--
-- Name: COLUMN recovery_code.resource_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".recovery_code.resource_id IS 'The id of the user who gets back in by it.';


--
-- Name: COLUMN recovery_code.name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".recovery_code.name IS 'The first ten characters of the code, by which it is found.';


--
-- Name: COLUMN recovery_code.hash; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".recovery_code.hash IS 'The SHA-256 of the whole code, which is not kept.';


--
-- Name: COLUMN recovery_code.issued_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".recovery_code.issued_at IS 'When scim.issue_recovery_code made it.';


--
-- Name: COLUMN recovery_code.expires_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".recovery_code.expires_at IS 'From when on it is not good any more.';


--
-- Name: COLUMN recovery_code.failures; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".recovery_code.failures IS 'How often somebody knew its name, but not the rest; after the fifth time it is gone.';


--
-- Name: resource_type; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".resource_type (
    name text NOT NULL COLLATE pg_catalog."C",
    document jsonb NOT NULL,
    table_name name NOT NULL,
    CONSTRAINT resource_type_name CHECK (((document ->> 'name'::text) = name))
);


ALTER TABLE "Odd ""Store""".resource_type OWNER TO "store owner";

--
-- Name: TABLE resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".resource_type IS 'Registered resource types (RFC 7643 section 6), and the partition that holds each.';


--
-- Name: COLUMN resource_type.name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource_type.name IS 'The name of the resource type, which resource.resource_type repeats.';


--
-- Name: COLUMN resource_type.document; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource_type.document IS 'The resource type as GET /ResourceTypes shows it (RFC 7643 section 6).';


--
-- Name: COLUMN resource_type.table_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".resource_type.table_name IS 'The partition of resource that holds the resources of this type.';


--
-- Name: schema; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".schema (
    id text NOT NULL COLLATE pg_catalog."C",
    document jsonb NOT NULL,
    CONSTRAINT schema_id CHECK (((document ->> 'id'::text) = id))
);


ALTER TABLE "Odd ""Store""".schema OWNER TO "store owner";

--
-- Name: TABLE schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".schema IS 'Registered schemas (RFC 7643 section 7); scim.register_schema writes them.';


--
-- Name: COLUMN schema.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".schema.id IS 'The URN of the schema, as its document says it.';


--
-- Name: COLUMN schema.document; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".schema.document IS 'The schema as GET /Schemas shows it (RFC 7643 section 7), with every characteristic stated.';


--
-- Name: secret; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".secret (
    purpose text NOT NULL COLLATE pg_catalog."C",
    value bytea NOT NULL,
    CONSTRAINT secret_cursor CHECK (((purpose <> 'cursor'::text) OR (octet_length(value) = 32))),
    CONSTRAINT secret_purpose CHECK ((octet_length(purpose) <= 256))
);


ALTER TABLE "Odd ""Store""".secret OWNER TO "store owner";

--
-- Name: TABLE secret; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".secret IS 'Keys of this store, for its owner only: "cursor" seals the cursors of RFC 9865.';


--
-- Name: COLUMN secret.purpose; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".secret.purpose IS 'What the key is for, such as cursor.';


--
-- Name: COLUMN secret.value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".secret.value IS 'The random bytes of the key, which nobody needs to know.';


--
-- Name: setting; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".setting (
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    resource_type text COLLATE pg_catalog."C",
    tenant_id integer,
    token_id uuid,
    value jsonb NOT NULL
);


ALTER TABLE "Odd ""Store""".setting OWNER TO "store owner";

--
-- Name: TABLE setting; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".setting IS 'What this store has different from the defaults; scim.settings() lists all settings, and what holds.';


--
-- Name: COLUMN setting.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".setting.id IS 'The key of the row.';


--
-- Name: COLUMN setting.name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".setting.name IS 'Which setting, as max_results; the setting of a session with scim. in front goes before all rows.';


--
-- Name: COLUMN setting.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".setting.resource_type IS 'The name of the resource type to which it applies; null: all.';


--
-- Name: COLUMN setting.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".setting.tenant_id IS 'The tenant to whom it applies; null: all.';


--
-- Name: COLUMN setting.token_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".setting.token_id IS 'The token or client, by its id, to whose requests it applies; null: to everything.';


--
-- Name: COLUMN setting.value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".setting.value IS 'The value: a number, true or false, or a string, as the setting has it.';


--
-- Name: store; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".store (
    id integer DEFAULT 1 NOT NULL,
    version text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT store_one_row CHECK ((id = 1))
);


ALTER TABLE "Odd ""Store""".store OWNER TO "store owner";

--
-- Name: TABLE store; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".store IS 'One row: the version of scim that these tables are of.';


--
-- Name: COLUMN store.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".store.id IS 'Always 1, so that there is one row only.';


--
-- Name: COLUMN store.version; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".store.version IS 'Which version of scim made the tables or last brought them forward.';


--
-- Name: tenant; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".tenant (
    tenant_id integer NOT NULL,
    name text NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_created CHECK (isfinite(created)),
    CONSTRAINT tenant_id CHECK ((tenant_id > 0))
);


ALTER TABLE "Odd ""Store""".tenant OWNER TO "store owner";

--
-- Name: TABLE tenant; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".tenant IS 'Who shares this store: a row for each tenant; who is alone in it has the one row 1 and never notices.';


--
-- Name: COLUMN tenant.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".tenant.tenant_id IS 'The number of the tenant, which leads every key of the store.';


--
-- Name: COLUMN tenant.name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".tenant.name IS 'What people call the tenant; nothing depends on it.';


--
-- Name: COLUMN tenant.created; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".tenant.created IS 'When the tenant was added to the store.';


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE "Odd ""Store""".things OWNER TO "store owner";

--
-- Name: TABLE things; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".things IS 'The resources of type Thing: a partition of resource, to be read and written like it.';


--
-- Name: COLUMN things.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN things.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN things.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN things.external_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN things.user_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN things.display_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN things.active; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN things.status; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN things.data; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN things.version; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN things.created; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN things.last_modified; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN things.offboarding_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN things.deleted_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN things.activated_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN things.deactivated_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN things.sessions_valid_after; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".things.sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


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
    CONSTRAINT token_created CHECK (isfinite(created)),
    CONSTRAINT token_hash CHECK ((octet_length(hash) = 32))
);


ALTER TABLE "Odd ""Store""".token OWNER TO "store owner";

--
-- Name: TABLE token; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".token IS 'Bearer tokens of clients, only as SHA-256.';


--
-- Name: COLUMN token.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".token.tenant_id IS 'The tenant for whom its bearer acts.';


--
-- Name: COLUMN token.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".token.id IS 'By what scim.revoke_token knows the token.';


--
-- Name: COLUMN token.hash; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".token.hash IS 'The SHA-256 of the token, of which nothing else is kept.';


--
-- Name: COLUMN token.description; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".token.description IS 'Whom the token was made for; the audit shows it as the actor.';


--
-- Name: COLUMN token.created; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".token.created IS 'When scim.create_token made it.';


--
-- Name: COLUMN token.expires_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".token.expires_at IS 'From when on it is not valid any more; null: it is until revoked.';


--
-- Name: COLUMN token.revoked_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".token.revoked_at IS 'When scim.revoke_token ended it; null where nobody did.';


--
-- Name: unique_value; Type: TABLE; Schema: Odd "Store"; Owner: store owner
--

CREATE TABLE "Odd ""Store""".unique_value (
    tenant_id integer NOT NULL,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    attribute text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid NOT NULL,
    CONSTRAINT unique_value_attribute CHECK ((octet_length(attribute) <= 1300)),
    CONSTRAINT unique_value_resource_type CHECK ((octet_length(resource_type) <= 100)),
    CONSTRAINT unique_value_value CHECK ((octet_length(value) <= 512))
);


ALTER TABLE "Odd ""Store""".unique_value OWNER TO "store owner";

--
-- Name: TABLE unique_value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".unique_value IS 'Values of attributes that are unique (RFC 7643 section 2.2) but for userName, kept by a trigger.';


--
-- Name: COLUMN unique_value.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".unique_value.tenant_id IS 'The tenant within which the value is unique; 0: within the whole store.';


--
-- Name: COLUMN unique_value.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".unique_value.resource_type IS 'The name of the resource type that has the attribute.';


--
-- Name: COLUMN unique_value.attribute; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".unique_value.attribute IS 'The path of the attribute, such as emails.value.';


--
-- Name: COLUMN unique_value.value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".unique_value.value IS 'A text that is the same for equal values: folded unless caseExact, and hashed where it is long.';


--
-- Name: COLUMN unique_value.resource_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".unique_value.resource_id IS 'Whose value it is: the id of a row in resource.';


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE "Odd ""Store""".users OWNER TO "store owner";

--
-- Name: TABLE users; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TABLE "Odd ""Store""".users IS 'The resources of type User: a partition of resource, to be read and written like it.';


--
-- Name: COLUMN users.tenant_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN users.resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN users.id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN users.external_id; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN users.user_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN users.display_name; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN users.active; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN users.status; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN users.data; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN users.version; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN users.created; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN users.last_modified; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN users.offboarding_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN users.deleted_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN users.activated_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN users.deactivated_at; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN users.sessions_valid_after; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON COLUMN "Odd ""Store""".users.sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE directory."Our ""devices""" OWNER TO postgres;

--
-- Name: TABLE "Our ""devices"""; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory."Our ""devices""" IS 'The resources of type Device: a partition of resource, to be read and written like it.';


--
-- Name: COLUMN "Our ""devices""".tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN "Our ""devices""".resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN "Our ""devices""".id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN "Our ""devices""".external_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN "Our ""devices""".user_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN "Our ""devices""".display_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN "Our ""devices""".active; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN "Our ""devices""".status; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN "Our ""devices""".data; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN "Our ""devices""".version; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN "Our ""devices""".created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN "Our ""devices""".last_modified; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN "Our ""devices""".offboarding_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN "Our ""devices""".deleted_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN "Our ""devices""".activated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN "Our ""devices""".deactivated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN "Our ""devices""".sessions_valid_after; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory."Our ""devices""".sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


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
    before jsonb,
    change uuid DEFAULT scim.change()
);


ALTER TABLE directory.audit OWNER TO postgres;

--
-- Name: TABLE audit; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.audit IS 'Who changed what and when, and what the record said before.';


--
-- Name: COLUMN audit.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.tenant_id IS 'The tenant whose resource was changed.';


--
-- Name: COLUMN audit.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.id IS 'A UUID version 7: rows sort in the order in which they were written.';


--
-- Name: COLUMN audit.at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.at IS 'When the transaction of the change began.';


--
-- Name: COLUMN audit.transaction_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.transaction_id IS 'The transaction of the change: rows with the same number were one.';


--
-- Name: COLUMN audit.actor; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.actor IS 'Who acted, as scim.actor() says: the bearer of a token, a subject, a database user.';


--
-- Name: COLUMN audit.db_user; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.db_user IS 'The database user who was logged in.';


--
-- Name: COLUMN audit.operation; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.operation IS 'What was done: create, update, activate, suspend, reactivate, offboard, complete, restore, delete, purge, add member or remove member; invite, log out, recover or redeem, which change no document.';


--
-- Name: COLUMN audit.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.resource_type IS 'The name of the resource type of what was changed.';


--
-- Name: COLUMN audit.resource_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.resource_id IS 'The id of the resource that was changed; of the group, where a member came or went.';


--
-- Name: COLUMN audit.version; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.version IS 'Which version the resource has since; null for members.';


--
-- Name: COLUMN audit.member_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.member_id IS 'The id of the member that came or went; null for other changes.';


--
-- Name: COLUMN audit.before; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.before IS 'What data held before the change; null where there was nothing.';


--
-- Name: COLUMN audit.change; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.audit.change IS 'The same for all rows of audit and event that one transaction writes.';


--
-- Name: authentication_scheme; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.authentication_scheme (
    scheme text NOT NULL COLLATE pg_catalog."C",
    keyword text NOT NULL COLLATE pg_catalog."C",
    credential text NOT NULL COLLATE pg_catalog."C",
    second_header text COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    name text,
    description text,
    spec_uri text,
    is_primary boolean,
    CONSTRAINT authentication_scheme_credential CHECK ((credential = ANY (ARRAY['token'::text, 'password'::text, 'jwt'::text]))),
    CONSTRAINT authentication_scheme_description CHECK (((name IS NULL) = (description IS NULL))),
    CONSTRAINT authentication_scheme_jwt CHECK (((credential <> 'jwt'::text) OR ((keyword = 'Bearer'::text) AND (second_header IS NULL)))),
    CONSTRAINT authentication_scheme_keyword CHECK (((keyword ~ '^[0-9A-Za-z!#$%&''*+.^_`|~-]*$'::text) AND ((keyword <> ''::text) OR (credential = 'token'::text)))),
    CONSTRAINT authentication_scheme_keyword_length CHECK ((octet_length(keyword) <= 256)),
    CONSTRAINT authentication_scheme_primary CHECK (is_primary),
    CONSTRAINT authentication_scheme_scheme CHECK (((octet_length(scheme) >= 1) AND (octet_length(scheme) <= 256))),
    CONSTRAINT authentication_scheme_second_header CHECK (((second_header ~ '^[0-9a-z][0-9a-z-]*$'::text) AND (second_header !~ '^x-scim-|^authorization$'::text))),
    CONSTRAINT authentication_scheme_type CHECK ((type = ANY (ARRAY['oauth'::text, 'oauth2'::text, 'oauthbearertoken'::text, 'httpbasic'::text, 'httpdigest'::text])))
);


ALTER TABLE directory.authentication_scheme OWNER TO postgres;

--
-- Name: TABLE authentication_scheme; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.authentication_scheme IS 'The ways in which a client may say who it is, and what the ServiceProviderConfig tells of them.';


--
-- Name: COLUMN authentication_scheme.scheme; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.scheme IS 'What scim.create_client and the table "client" call it.';


--
-- Name: COLUMN authentication_scheme.keyword; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.keyword IS 'What stands before the credential in the header Authorization, in any letter case; empty: nothing.';


--
-- Name: COLUMN authentication_scheme.credential; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.credential IS 'token: a random secret, of table "token" or "client"; password: base64 of name:password of a client (RFC 7617); jwt: a JSON web token that the gateway has verified.';


--
-- Name: COLUMN authentication_scheme.second_header; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.second_header IS 'The header, in lower case, in which a second secret of the client has to come along; null: none has to.';


--
-- Name: COLUMN authentication_scheme.type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.type IS 'The type that authenticationSchemes of the ServiceProviderConfig shows (RFC 7643 section 5).';


--
-- Name: COLUMN authentication_scheme.name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.name IS 'The name that authenticationSchemes shows; null: accepted, but not shown there.';


--
-- Name: COLUMN authentication_scheme.description; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.description IS 'The description that authenticationSchemes shows.';


--
-- Name: COLUMN authentication_scheme.spec_uri; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.spec_uri IS 'The specUri that authenticationSchemes shows.';


--
-- Name: COLUMN authentication_scheme.is_primary; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.authentication_scheme.is_primary IS 'Whether authenticationSchemes shows it as the preferred one: true in one row at most, null in the others.';


--
-- Name: client; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.client (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    scheme text NOT NULL COLLATE pg_catalog."C",
    hash bytea,
    secret text,
    second_hash bytea,
    created timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT client_created CHECK (isfinite(created)),
    CONSTRAINT client_hash CHECK ((octet_length(hash) = 32)),
    CONSTRAINT client_name CHECK (((name <> ''::text) AND (octet_length(name) <= 256) AND (POSITION((':'::text) IN (name)) = 0))),
    CONSTRAINT client_one_secret CHECK ((num_nonnulls(hash, secret) = 1)),
    CONSTRAINT client_second_hash CHECK ((octet_length(second_hash) = 32)),
    CONSTRAINT client_secret CHECK ((secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'::text))
);


ALTER TABLE directory.client OWNER TO postgres;

--
-- Name: TABLE client; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.client IS 'Who may authenticate by a name or with two secrets; a bearer token needs no client.';


--
-- Name: COLUMN client.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.tenant_id IS 'The tenant for which the client acts.';


--
-- Name: COLUMN client.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.id IS 'By what scim.revoke_client knows the client.';


--
-- Name: COLUMN client.name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.name IS 'What the audit calls the client, and with a password the name that it logs in by; unique among those that are not revoked.';


--
-- Name: COLUMN client.scheme; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.scheme IS 'The one way in which this client authenticates.';


--
-- Name: COLUMN client.hash; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.hash IS 'SHA-256 of a secret that was made by scim.create_client.';


--
-- Name: COLUMN client.secret; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.secret IS 'SCRAM-SHA-256 secret (RFC 5803) of a password that was chosen.';


--
-- Name: COLUMN client.second_hash; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.second_hash IS 'SHA-256 of the second secret, where the scheme wants one.';


--
-- Name: COLUMN client.created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.created IS 'When scim.create_client made it.';


--
-- Name: COLUMN client.expires_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.expires_at IS 'From when on its secrets are not good any more; null: no end.';


--
-- Name: COLUMN client.revoked_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.client.revoked_at IS 'When scim.revoke_client ended it; null where nobody did.';


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE directory.cost_centres OWNER TO postgres;

--
-- Name: TABLE cost_centres; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.cost_centres IS 'The resources of type CostCentre: a partition of resource, to be read and written like it.';


--
-- Name: COLUMN cost_centres.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN cost_centres.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN cost_centres.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN cost_centres.external_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN cost_centres.user_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN cost_centres.display_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN cost_centres.active; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN cost_centres.status; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN cost_centres.data; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN cost_centres.version; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN cost_centres.created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN cost_centres.last_modified; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN cost_centres.offboarding_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN cost_centres.deleted_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN cost_centres.activated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN cost_centres.deactivated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN cost_centres.sessions_valid_after; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.cost_centres.sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


--
-- Name: credential; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.credential (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    resource_id uuid NOT NULL,
    secret text NOT NULL,
    changed timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT credential_secret CHECK ((secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'::text))
);


ALTER TABLE directory.credential OWNER TO postgres;

--
-- Name: TABLE credential; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.credential IS 'Passwords, only as SCRAM-SHA-256 secrets (RFC 5803), for scim.verify_password.';


--
-- Name: COLUMN credential.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.credential.tenant_id IS 'The tenant to whom the user belongs.';


--
-- Name: COLUMN credential.resource_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.credential.resource_id IS 'The id of the user whose password it is.';


--
-- Name: COLUMN credential.secret; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.credential.secret IS 'What is kept of the password: salt, iterations and keys of SCRAM-SHA-256.';


--
-- Name: COLUMN credential.changed; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.credential.changed IS 'When the password was last set.';


--
-- Name: endpoint; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.endpoint (
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    methods text[] NOT NULL COLLATE pg_catalog."C",
    path text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    enabled boolean DEFAULT true NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT endpoint_name CHECK ((octet_length(name) <= 1200)),
    CONSTRAINT endpoint_path CHECK ((octet_length(path) <= 1024))
);


ALTER TABLE directory.endpoint OWNER TO postgres;

--
-- Name: TABLE endpoint; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.endpoint IS 'Endpoints of one''s own beside those of SCIM: flat JSON over the resources of the store (doc/endpoints.md).';


--
-- Name: COLUMN endpoint.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.endpoint.id IS 'The key of the row.';


--
-- Name: COLUMN endpoint.name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.endpoint.name IS 'What errors and other rows call it; where none is given, methods and path.';


--
-- Name: COLUMN endpoint.methods; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.endpoint.methods IS 'Of GET, POST, PUT, PATCH and DELETE; HEAD goes with GET, and OPTIONS is always there.';


--
-- Name: COLUMN endpoint.path; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.endpoint.path IS 'Words, in any letter case, and one part in braces with the attributes that find a resource, as in /api/users/{id|emails.value}.';


--
-- Name: COLUMN endpoint.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.endpoint.resource_type IS 'The name of the resource type that it is about.';


--
-- Name: COLUMN endpoint.action; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.endpoint.action IS 'What is done: create, read, list, replace, merge, delete, or a step of the life-cycle such as suspend.';


--
-- Name: COLUMN endpoint.enabled; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.endpoint.enabled IS 'Whether it is there; one that is not is not checked either.';


--
-- Name: COLUMN endpoint.settings; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.endpoint.settings IS 'Fields, lists, errors and all the rest, as doc/endpoints.md says.';


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
    version bigint,
    change uuid DEFAULT scim.change(),
    data jsonb
);


ALTER TABLE directory.event OWNER TO postgres;

--
-- Name: TABLE event; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.event IS 'Outbox of events (RFC 9967), written in the transaction of the change where the policy "events" is on, or a policy "emit" asks for one; those of scim.invite and its like always.';


--
-- Name: COLUMN event.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.tenant_id IS 'The tenant whose resource was changed.';


--
-- Name: COLUMN event.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.id IS 'A UUID version 7: events sort in the order in which they were written.';


--
-- Name: COLUMN event.at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.at IS 'When the transaction of the change began.';


--
-- Name: COLUMN event.transaction_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.transaction_id IS 'The transaction of the change: what is not committed yet may have lower ids than what is.';


--
-- Name: COLUMN event.event_uri; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.event_uri IS 'What happened: a name of RFC 9967 section 7, of OpenID''s CAEP or RISC, or of a policy "emit".';


--
-- Name: COLUMN event.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.resource_type IS 'The name of the resource type of what was changed.';


--
-- Name: COLUMN event.resource_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.resource_id IS 'The id of the resource that was changed.';


--
-- Name: COLUMN event.version; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.version IS 'Which version the resource has since the change.';


--
-- Name: COLUMN event.change; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.change IS 'The same for all rows of audit and event that one transaction writes.';


--
-- Name: COLUMN event.data; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.event.data IS 'What the event tells beside that it happened: the attributes that a policy "emit" names.';


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
    activated_at timestamp with time zone,
    deactivated_at timestamp with time zone,
    sessions_valid_after timestamp with time zone,
    cost_centre integer,
    CONSTRAINT resource_status CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'OFFBOARDING'::text, 'OFFBOARDED'::text, 'DELETED'::text])))
);


ALTER TABLE directory.groups OWNER TO postgres;

--
-- Name: TABLE groups; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.groups IS 'The resources of type Group: a partition of resource, to be read and written like it.';


--
-- Name: COLUMN groups.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.tenant_id IS 'The tenant whose resource it is: whoever acts for another sees nothing of it.';


--
-- Name: COLUMN groups.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.resource_type IS 'The name of the resource type, which decides on the partition.';


--
-- Name: COLUMN groups.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.id IS 'The SCIM id: by default a UUID version 7, so that ids sort by creation.';


--
-- Name: COLUMN groups.external_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.external_id IS 'The attribute externalId; whichever of the two is written, the other follows.';


--
-- Name: COLUMN groups.user_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.user_name IS 'The attribute userName, as sent; no two users that are there have the same by scim.fold.';


--
-- Name: COLUMN groups.display_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.display_name IS 'The attribute displayName; whichever of the two is written, the other follows.';


--
-- Name: COLUMN groups.active; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.active IS 'The attribute active; to write it suspends or reactivates.';


--
-- Name: COLUMN groups.status; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.status IS 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';


--
-- Name: COLUMN groups.data; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.data IS 'The canonical SCIM document, without id, meta, groups, members and password.';


--
-- Name: COLUMN groups.version; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.version IS 'Counts the changes from 1 on; clients see it in meta.version and ETag.';


--
-- Name: COLUMN groups.created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.created IS 'When the resource was created, as in meta.created.';


--
-- Name: COLUMN groups.last_modified; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.last_modified IS 'When the resource last changed, as in meta.lastModified.';


--
-- Name: COLUMN groups.offboarding_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.offboarding_at IS 'When off-boarding began; null where it did not.';


--
-- Name: COLUMN groups.deleted_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.deleted_at IS 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.';


--
-- Name: COLUMN groups.activated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.activated_at IS 'When the resource last became ACTIVE; null where it never did.';


--
-- Name: COLUMN groups.deactivated_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.deactivated_at IS 'When the resource last ceased to be ACTIVE or PENDING; null while it is.';


--
-- Name: COLUMN groups.sessions_valid_after; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.groups.sessions_valid_after IS 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.';


--
-- Name: member; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.member (
    tenant_id integer DEFAULT scim.tenant() NOT NULL,
    group_id uuid NOT NULL,
    member_id uuid NOT NULL,
    member_type text COLLATE pg_catalog."C",
    value text COLLATE pg_catalog."C",
    created timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT member_value CHECK ((member_id = scim.member_key(value)))
);


ALTER TABLE directory.member OWNER TO postgres;

--
-- Name: TABLE member; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.member IS 'One row for each membership of a group; users do not have their groups in their documents.';


--
-- Name: COLUMN member.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.member.tenant_id IS 'The tenant to whom the group belongs.';


--
-- Name: COLUMN member.group_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.member.group_id IS 'Which group has the member: the id of its row in resource.';


--
-- Name: COLUMN member.member_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.member.member_id IS 'The id of the member; where value is given, a uuid made of it by scim.member_key.';


--
-- Name: COLUMN member.member_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.member.member_type IS 'The type as the client sent it; that of a resource which is there goes before it.';


--
-- Name: COLUMN member.value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.member.value IS 'The reference as the client sent it, where it cannot be the id of a resource here; else null.';


--
-- Name: COLUMN member.created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.member.created IS 'When the membership began.';


--
-- Name: policy; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.policy (
    tenant_id integer,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    enabled boolean DEFAULT true NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT policy_resource_type CHECK ((octet_length(resource_type) <= 100)),
    CONSTRAINT policy_settings CHECK ((jsonb_typeof(settings) = 'object'::text))
);


ALTER TABLE directory.policy OWNER TO postgres;

--
-- Name: TABLE policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.policy IS 'What holds for every writer beyond the schemas; a row with a tenant_id goes before the row of the same name for all tenants.';


--
-- Name: COLUMN policy.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.policy.tenant_id IS 'The tenant to whom it applies, in place of the row for all; null: all tenants.';


--
-- Name: COLUMN policy.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.policy.resource_type IS 'The name of the resource type to which it applies.';


--
-- Name: COLUMN policy.kind; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.policy.kind IS 'What is regulated, one of the kinds of doc/policies.md: identity, reference, delete, ...';


--
-- Name: COLUMN policy.enabled; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.policy.enabled IS 'Whether the rule holds; false in the row of a tenant switches the one for all off for him.';


--
-- Name: COLUMN policy.settings; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.policy.settings IS 'An object that depends on the kind, such as {"mode": "retain"} of delete.';


--
-- Name: COLUMN policy.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.policy.id IS 'The key of the row.';


--
-- Name: COLUMN policy.name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.policy.name IS 'What tells several of a kind apart, and the order in which they apply; where none is given, the kind.';


--
-- Name: recovery_code; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.recovery_code (
    tenant_id integer NOT NULL,
    resource_id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    hash bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    CONSTRAINT recovery_code_expires_at CHECK (isfinite(expires_at)),
    CONSTRAINT recovery_code_failures CHECK (((failures >= 0) AND (failures <= 5))),
    CONSTRAINT recovery_code_hash CHECK ((octet_length(hash) = 32)),
    CONSTRAINT recovery_code_issued_at CHECK (isfinite(issued_at))
);


ALTER TABLE directory.recovery_code OWNER TO postgres;

--
-- Name: TABLE recovery_code; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.recovery_code IS 'Codes by which people get back in, one for each at most and only as SHA-256; for the owner of the store, by scim.issue_recovery_code and scim.redeem_recovery_code.';


--
-- Name: COLUMN recovery_code.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.recovery_code.tenant_id IS 'The tenant to whom the user belongs.';


--
-- Name: COLUMN recovery_code.resource_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.recovery_code.resource_id IS 'The id of the user who gets back in by it.';


--
-- Name: COLUMN recovery_code.name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.recovery_code.name IS 'The first ten characters of the code, by which it is found.';


--
-- Name: COLUMN recovery_code.hash; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.recovery_code.hash IS 'The SHA-256 of the whole code, which is not kept.';


--
-- Name: COLUMN recovery_code.issued_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.recovery_code.issued_at IS 'When scim.issue_recovery_code made it.';


--
-- Name: COLUMN recovery_code.expires_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.recovery_code.expires_at IS 'From when on it is not good any more.';


--
-- Name: COLUMN recovery_code.failures; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.recovery_code.failures IS 'How often somebody knew its name, but not the rest; after the fifth time it is gone.';


--
-- Name: resource_type; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.resource_type (
    name text NOT NULL COLLATE pg_catalog."C",
    document jsonb NOT NULL,
    table_name name NOT NULL,
    CONSTRAINT resource_type_name CHECK (((document ->> 'name'::text) = name))
);


ALTER TABLE directory.resource_type OWNER TO postgres;

--
-- Name: TABLE resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.resource_type IS 'Registered resource types (RFC 7643 section 6), and the partition that holds each.';


--
-- Name: COLUMN resource_type.name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource_type.name IS 'The name of the resource type, which resource.resource_type repeats.';


--
-- Name: COLUMN resource_type.document; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource_type.document IS 'The resource type as GET /ResourceTypes shows it (RFC 7643 section 6).';


--
-- Name: COLUMN resource_type.table_name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.resource_type.table_name IS 'The partition of resource that holds the resources of this type.';


--
-- Name: schema; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.schema (
    id text NOT NULL COLLATE pg_catalog."C",
    document jsonb NOT NULL,
    CONSTRAINT schema_id CHECK (((document ->> 'id'::text) = id))
);


ALTER TABLE directory.schema OWNER TO postgres;

--
-- Name: TABLE schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.schema IS 'Registered schemas (RFC 7643 section 7); scim.register_schema writes them.';


--
-- Name: COLUMN schema.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.schema.id IS 'The URN of the schema, as its document says it.';


--
-- Name: COLUMN schema.document; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.schema.document IS 'The schema as GET /Schemas shows it (RFC 7643 section 7), with every characteristic stated.';


--
-- Name: secret; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.secret (
    purpose text NOT NULL COLLATE pg_catalog."C",
    value bytea NOT NULL,
    CONSTRAINT secret_cursor CHECK (((purpose <> 'cursor'::text) OR (octet_length(value) = 32))),
    CONSTRAINT secret_purpose CHECK ((octet_length(purpose) <= 256))
);


ALTER TABLE directory.secret OWNER TO postgres;

--
-- Name: TABLE secret; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.secret IS 'Keys of this store, for its owner only: "cursor" seals the cursors of RFC 9865.';


--
-- Name: COLUMN secret.purpose; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.secret.purpose IS 'What the key is for, such as cursor.';


--
-- Name: COLUMN secret.value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.secret.value IS 'The random bytes of the key, which nobody needs to know.';


--
-- Name: setting; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.setting (
    id uuid DEFAULT scim.uuid_v7() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    resource_type text COLLATE pg_catalog."C",
    tenant_id integer,
    token_id uuid,
    value jsonb NOT NULL
);


ALTER TABLE directory.setting OWNER TO postgres;

--
-- Name: TABLE setting; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.setting IS 'What this store has different from the defaults; scim.settings() lists all settings, and what holds.';


--
-- Name: COLUMN setting.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.setting.id IS 'The key of the row.';


--
-- Name: COLUMN setting.name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.setting.name IS 'Which setting, as max_results; the setting of a session with scim. in front goes before all rows.';


--
-- Name: COLUMN setting.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.setting.resource_type IS 'The name of the resource type to which it applies; null: all.';


--
-- Name: COLUMN setting.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.setting.tenant_id IS 'The tenant to whom it applies; null: all.';


--
-- Name: COLUMN setting.token_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.setting.token_id IS 'The token or client, by its id, to whose requests it applies; null: to everything.';


--
-- Name: COLUMN setting.value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.setting.value IS 'The value: a number, true or false, or a string, as the setting has it.';


--
-- Name: store; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.store (
    id integer DEFAULT 1 NOT NULL,
    version text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT store_one_row CHECK ((id = 1))
);


ALTER TABLE directory.store OWNER TO postgres;

--
-- Name: TABLE store; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.store IS 'One row: the version of scim that these tables are of.';


--
-- Name: COLUMN store.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.store.id IS 'Always 1, so that there is one row only.';


--
-- Name: COLUMN store.version; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.store.version IS 'Which version of scim made the tables or last brought them forward.';


--
-- Name: tenant; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.tenant (
    tenant_id integer NOT NULL,
    name text NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_created CHECK (isfinite(created)),
    CONSTRAINT tenant_id CHECK ((tenant_id > 0))
);


ALTER TABLE directory.tenant OWNER TO postgres;

--
-- Name: TABLE tenant; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.tenant IS 'Who shares this store: a row for each tenant; who is alone in it has the one row 1 and never notices.';


--
-- Name: COLUMN tenant.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.tenant.tenant_id IS 'The number of the tenant, which leads every key of the store.';


--
-- Name: COLUMN tenant.name; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.tenant.name IS 'What people call the tenant; nothing depends on it.';


--
-- Name: COLUMN tenant.created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.tenant.created IS 'When the tenant was added to the store.';


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
    CONSTRAINT token_created CHECK (isfinite(created)),
    CONSTRAINT token_hash CHECK ((octet_length(hash) = 32))
);


ALTER TABLE directory.token OWNER TO postgres;

--
-- Name: TABLE token; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.token IS 'Bearer tokens of clients, only as SHA-256.';


--
-- Name: COLUMN token.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.token.tenant_id IS 'The tenant for whom its bearer acts.';


--
-- Name: COLUMN token.id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.token.id IS 'By what scim.revoke_token knows the token.';


--
-- Name: COLUMN token.hash; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.token.hash IS 'The SHA-256 of the token, of which nothing else is kept.';


--
-- Name: COLUMN token.description; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.token.description IS 'Whom the token was made for; the audit shows it as the actor.';


--
-- Name: COLUMN token.created; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.token.created IS 'When scim.create_token made it.';


--
-- Name: COLUMN token.expires_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.token.expires_at IS 'From when on it is not valid any more; null: it is until revoked.';


--
-- Name: COLUMN token.revoked_at; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.token.revoked_at IS 'When scim.revoke_token ended it; null where nobody did.';


--
-- Name: unique_value; Type: TABLE; Schema: directory; Owner: postgres
--

CREATE TABLE directory.unique_value (
    tenant_id integer NOT NULL,
    resource_type text NOT NULL COLLATE pg_catalog."C",
    attribute text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    resource_id uuid NOT NULL,
    CONSTRAINT unique_value_attribute CHECK ((octet_length(attribute) <= 1300)),
    CONSTRAINT unique_value_resource_type CHECK ((octet_length(resource_type) <= 100)),
    CONSTRAINT unique_value_value CHECK ((octet_length(value) <= 512))
);


ALTER TABLE directory.unique_value OWNER TO postgres;

--
-- Name: TABLE unique_value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TABLE directory.unique_value IS 'Values of attributes that are unique (RFC 7643 section 2.2) but for userName, kept by a trigger.';


--
-- Name: COLUMN unique_value.tenant_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.unique_value.tenant_id IS 'The tenant within which the value is unique; 0: within the whole store.';


--
-- Name: COLUMN unique_value.resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.unique_value.resource_type IS 'The name of the resource type that has the attribute.';


--
-- Name: COLUMN unique_value.attribute; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.unique_value.attribute IS 'The path of the attribute, such as emails.value.';


--
-- Name: COLUMN unique_value.value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.unique_value.value IS 'A text that is the same for equal values: folded unless caseExact, and hashed where it is long.';


--
-- Name: COLUMN unique_value.resource_id; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON COLUMN directory.unique_value.resource_id IS 'Whose value it is: the id of a row in resource.';


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

COPY "Odd ""Store""".audit (tenant_id, id, at, transaction_id, actor, db_user, operation, resource_type, resource_id, version, member_id, before, change) FROM stdin;
1	01a216a6-4508-76ed-b1e7-ecd4e8031a57	2026-11-26 06:58:45.126869+00	782	the maker	store owner	create	Thing	01a216a6-4507-738a-a37f-ff568698ae3d	1	\N	\N	01a216a6-4508-7736-b5b8-1456ee890f5a
1	01a216a6-450d-7fde-be8a-bc1fbcfbcf41	2026-11-26 06:58:45.129545+00	783	the maker	store owner	create	User	01a216a6-4509-7a10-88d8-bd342c90ea16	1	\N	\N	01a216a6-450e-7011-a1d1-f864a64ca9b3
1	01a216a6-4510-73f8-b91d-86dcc77f79d2	2026-11-26 06:58:45.135477+00	784	the maker	store owner	create	Group	01a216a6-450f-78a4-a352-847f76d5be10	1	\N	\N	01a216a6-4510-7433-8c04-3acd95c8ee41
1	01a216a6-4511-799f-94da-13d1f78a333c	2026-11-26 06:58:45.135477+00	784	the maker	store owner	add member	Group	01a216a6-450f-78a4-a352-847f76d5be10	\N	01a216a6-4509-7a10-88d8-bd342c90ea16	\N	01a216a6-4510-7433-8c04-3acd95c8ee41
\.


--
-- Data for Name: authentication_scheme; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".authentication_scheme (scheme, keyword, credential, second_header, type, name, description, spec_uri, is_primary) FROM stdin;
Bearer	Bearer	token	\N	oauthbearertoken	OAuth Bearer Token	A token in the header Authorization: Bearer	https://www.rfc-editor.org/info/rfc6750	t
bare		token	\N	oauthbearertoken	\N	\N	\N	\N
JWT	Bearer	jwt	\N	oauthbearertoken	\N	\N	\N	\N
\.


--
-- Data for Name: client; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".client (tenant_id, id, name, scheme, hash, secret, second_hash, created, expires_at, revoked_at) FROM stdin;
\.


--
-- Data for Name: credential; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".credential (tenant_id, resource_id, secret, changed) FROM stdin;
1	01a216a6-4509-7a10-88d8-bd342c90ea16	SCRAM-SHA-256$4096:6i1ujvTQxR2wFbugGhwF7Q==$kiYT4ozB70LqYxODB8dcHTlKYwX0+aBbzxqtKwP2JNg=:NHsJtvdJBBTJHFPve0W+sUeyuNt0lGlukKHz7QYvnFo=	2026-11-26 06:58:45.129545+00
\.


--
-- Data for Name: endpoint; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".endpoint (id, name, methods, path, resource_type, action, enabled, settings) FROM stdin;
\.


--
-- Data for Name: event; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".event (tenant_id, id, at, transaction_id, event_uri, resource_type, resource_id, version, change, data) FROM stdin;
\.


--
-- Data for Name: groups; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".groups (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after) FROM stdin;
1	Group	01a216a6-450f-78a4-a352-847f76d5be10	\N	\N	Odds	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Odds"}	1	2026-11-26 06:58:45.135477+00	2026-11-26 06:58:45.135477+00	\N	\N	2026-11-26 06:58:45.135477+00	\N	\N
\.


--
-- Data for Name: member; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".member (tenant_id, group_id, member_id, member_type, value, created) FROM stdin;
1	01a216a6-450f-78a4-a352-847f76d5be10	01a216a6-4509-7a10-88d8-bd342c90ea16	\N	\N	2026-11-26 06:58:45.135477+00
\.


--
-- Data for Name: policy; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".policy (tenant_id, resource_type, kind, enabled, settings, id, name) FROM stdin;
\N	User	identity	f	{"userName": "primaryEmail"}	01a216a6-44db-7bde-afc4-1045b9d1c667	identity
\N	User	delete	t	{"mode": "retain"}	01a216a6-44dc-715c-83fe-8a3ec50e397c	delete
\N	Group	delete	t	{"mode": "hard"}	01a216a6-44dc-7196-8c48-913da0c69943	delete
\N	User	audit	t	{}	01a216a6-44dc-71ad-86b5-6c16f38f9028	audit
\N	Group	audit	t	{}	01a216a6-44dc-71b8-805a-75e4a404b463	audit
\N	User	events	f	{}	01a216a6-44dc-71c2-b047-f3a535837517	events
\N	Group	events	f	{}	01a216a6-44dc-71cd-ac4c-5778b0cf6754	events
\N	Thing	delete	t	{"mode": "hard"}	01a216a6-4504-74b1-962f-0b46d5267f90	delete
\N	Thing	audit	t	{}	01a216a6-4504-7622-a85a-ba7f6e2fe4ca	audit
\N	Thing	events	f	{}	01a216a6-4504-76b2-a21e-d1c2287e0168	events
\.


--
-- Data for Name: recovery_code; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at, failures) FROM stdin;
\.


--
-- Data for Name: resource_type; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".resource_type (name, document, table_name) FROM stdin;
Group	{"id": "Group", "name": "Group", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Groups", "description": "Group"}	groups
User	{"id": "User", "name": "User", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Users", "description": "User Account", "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}]}	users
Thing	{"id": "Thing", "name": "Thing", "schema": "urn:example:Thing", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Things", "description": "Thing"}	things
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
urn:example:Thing	{"id": "urn:example:Thing", "name": "Thing", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "label", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "global", "description": "Label.", "multiValued": false}], "description": "Thing"}
\.


--
-- Data for Name: secret; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".secret (purpose, value) FROM stdin;
cursor	\\x1692f9643bfba461ad8283995a0a690a049e71b814139b12a7224418b8753dc9
\.


--
-- Data for Name: setting; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".setting (id, name, resource_type, tenant_id, token_id, value) FROM stdin;
\.


--
-- Data for Name: store; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".store (id, version) FROM stdin;
1	0.3.0
\.


--
-- Data for Name: tenant; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".tenant (tenant_id, name, created) FROM stdin;
1	default	2026-11-26 06:58:45.049061+00
\.


--
-- Data for Name: things; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".things (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after) FROM stdin;
1	Thing	01a216a6-4507-738a-a37f-ff568698ae3d	\N	\N	\N	\N	ACTIVE	{"label": "one", "schemas": ["urn:example:Thing"]}	1	2026-11-26 06:58:45.126869+00	2026-11-26 06:58:45.126869+00	\N	\N	2026-11-26 06:58:45.126869+00	\N	\N
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
0	Thing	label	one	01a216a6-4507-738a-a37f-ff568698ae3d
\.


--
-- Data for Name: users; Type: TABLE DATA; Schema: Odd "Store"; Owner: store owner
--

COPY "Odd ""Store""".users (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after) FROM stdin;
1	User	01a216a6-4509-7a10-88d8-bd342c90ea16	\N	odd	\N	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "odd"}	1	2026-11-26 06:58:45.129545+00	2026-11-26 06:58:45.129545+00	\N	\N	2026-11-26 06:58:45.129545+00	\N	\N
\.


--
-- Data for Name: laptop; Type: TABLE DATA; Schema: app; Owner: postgres
--

COPY app.laptop (owner, tenant_id, resource_type, id) FROM stdin;
00000000-0001-7000-8000-000000000001	1	User	01a216a6-451d-7db5-a64d-f5069771da5e
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

COPY directory."Our ""devices""" (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after, cost_centre) FROM stdin;
1	Device	00000000-0004-7000-8000-000000000001	\N	\N	\N	\N	ACTIVE	{"serial": "Serial 1", "schemas": ["urn:example:Device"]}	1	2026-11-26 06:58:45.027001+00	2026-11-26 06:58:45.027001+00	\N	\N	2026-11-26 06:58:45.027001+00	\N	\N	\N
1	Device	00000000-0004-7000-8000-000000000002	\N	\N	\N	\N	ACTIVE	{"serial": "Serial 2", "schemas": ["urn:example:Device"]}	1	2026-11-26 06:58:45.027001+00	2026-11-26 06:58:45.027001+00	\N	\N	2026-11-26 06:58:45.027001+00	\N	\N	\N
1	Device	00000000-0004-7000-8000-000000000003	\N	\N	\N	\N	ACTIVE	{"serial": "Serial 3", "schemas": ["urn:example:Device"]}	1	2026-11-26 06:58:45.027001+00	2026-11-26 06:58:45.027001+00	\N	\N	2026-11-26 06:58:45.027001+00	\N	\N	\N
1	Device	00000000-0004-7000-8000-000000000004	\N	\N	\N	\N	ACTIVE	{"serial": "Serial 4", "schemas": ["urn:example:Device"]}	1	2026-11-26 06:58:45.027001+00	2026-11-26 06:58:45.027001+00	\N	\N	2026-11-26 06:58:45.027001+00	\N	\N	\N
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.audit (tenant_id, id, at, transaction_id, actor, db_user, operation, resource_type, resource_id, version, member_id, before, change) FROM stdin;
1	01a216a6-4484-76ff-b763-f3047062d15e	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000001	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4485-76f1-afa9-f3c7a2cfce57	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000002	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4485-7943-9a10-28f1b5e99b22	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000003	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4485-7aee-b80d-61d9e256ab83	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000004	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4485-7c4e-8ca8-7457cc3699c8	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000005	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4485-7dc0-ad3d-b171a0ced49d	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000006	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4485-7ec1-83d3-448d23a1d2c3	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000007	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4485-7fad-8ba7-189c62f1c626	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000008	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7090-a7f2-cf2f870147eb	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000009	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7159-91e2-92719ced9afc	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000010	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7239-a957-197fdd919cad	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000011	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7306-902d-4cff34cf7462	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000012	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-73e0-b3a2-ae2efcd8aeb6	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000013	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-74b3-a607-bf31e948b654	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000014	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-76f4-a41e-9a65f93637ff	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000015	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-77fb-a7c1-c0dca0f91a7f	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000016	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-78b5-82da-be1ea2a3eee7	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000017	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-79a1-8c81-f1c059397631	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000018	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7a98-a28e-fc27abb353a5	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000019	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7b76-9f03-f659f5b39f37	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000020	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7c1c-af4c-d69732c3cb25	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000021	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7cf9-b940-7c1aa84e8e8c	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000022	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7de3-8aa0-82fb692ddb91	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000023	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7e97-9700-062603bab230	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000024	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4486-7f83-ba95-b1ce2e631fe7	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000025	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-705b-8338-cf6577e69eed	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000026	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-7121-96ec-6140a07d9835	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000027	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-720e-b14b-24e329c8e24f	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000028	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-72eb-880c-0a640e6d7d94	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000029	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-73b4-b11b-4e7abdb6b9bd	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000030	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-747c-a925-036d77940f74	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000031	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-756b-b3e1-f907784fbfef	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000032	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-7649-8b2c-2ee39841f6aa	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000033	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-7722-a5d7-48d248e76212	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000034	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-77f2-9d21-1654d64f3c70	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000035	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-78d1-9844-0aca9498d481	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000036	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-7974-b361-838fc68ddf86	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000037	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-7a36-91ad-ed18da6894fd	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000038	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-7b17-8cca-1047f251d175	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000039	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-4487-7be9-bec1-cb5e80820fe0	2026-11-26 06:58:44.991765+00	749	the maker	postgres	create	User	00000000-0001-7000-8000-000000000040	1	\N	\N	01a216a6-4484-774a-9cb5-d836a1692df1
1	01a216a6-448b-7cd7-8a20-1f0179477168	2026-11-26 06:58:45.000113+00	750	the maker	postgres	update	User	00000000-0001-7000-8000-000000000001	2	\N	{"name": {"givenName": "Given1", "familyName": "Straße 1"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user1@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user1@example.com", "externalId": "e1", "displayName": "Überuser 1", "urn:example:Badge": {"costs": 1.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V1", "badgeNumber": "B1"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "1"}}	01a216a6-448b-7d18-9c7c-f8fde2853339
1	01a216a6-4491-7f64-b4a8-a405a9dcd4b7	2026-11-26 06:58:45.005785+00	751	the maker	postgres	update	User	00000000-0001-7000-8000-000000000002	2	\N	{"name": {"givenName": "Given2", "familyName": "Straße 2"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user2@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user2@example.com", "externalId": "e2", "displayName": "Überuser 2", "urn:example:Badge": {"costs": 2.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V2", "badgeNumber": "B2"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "2"}}	01a216a6-4491-7f8d-9b62-c25a55ff2cb6
1	01a216a6-4493-7a0e-8fe6-1a8e1f89dce8	2026-11-26 06:58:45.011027+00	752	the maker	postgres	create	Group	01a216a6-4493-71ae-83b8-bc922aa1286c	1	\N	\N	01a216a6-4493-7a45-8e9b-ad901db0f5e8
1	01a216a6-4495-7555-91a4-ca41cbd88cf4	2026-11-26 06:58:45.012549+00	753	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000001	1	\N	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7c16-b041-e6b5ac32af19	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000001	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7c96-a1a3-ebbd9b3365b0	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000002	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7cb2-964b-803b36d045ad	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000003	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7ccf-96ee-34c99853328f	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000004	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7cdb-986b-8372182c8533	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000005	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7ce5-bccb-63907c73f22e	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000006	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7cf0-be20-24a0777de264	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000007	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7cfa-82cf-f82d181297ac	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000008	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d03-b1ff-d3d17584bb75	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000009	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d0c-8d77-6e44be04cb1a	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000010	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d16-bf0f-2641b7723516	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000011	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d1f-89ce-909524827ee3	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d29-8a76-c0a5f4029d2d	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000013	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d38-9166-76f552a7c534	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000014	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d42-832e-dedb1e50cc03	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000015	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d4b-b893-2f2473baa265	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000016	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d54-949d-ecb3764ac02d	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000017	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d73-aa02-3a4365cca1f0	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000018	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d89-a336-7112267c8b24	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000019	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d92-a95e-e66db84d7afa	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000020	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7d9d-99f1-adc7d5dfc54b	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000021	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7da7-a6d0-760bac86dc12	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000022	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7dba-aa48-d0c255d62b8a	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000023	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7dc5-8061-4805d7b5d448	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000024	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7dce-8f8d-77e87caad9a0	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000025	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7dd8-848a-ec252caccc21	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000026	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7de1-a462-d3c9819934d2	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000027	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7e84-a636-0e196cf32b00	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000028	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7e99-95f6-3b293908c376	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000029	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7ea2-b178-adfa293548b6	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000030	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7eab-a61d-197d3fa6da6c	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000031	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7eb5-a929-7cf1ba37ed70	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000032	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7ec6-b0da-0bac70a23fdd	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000033	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7ed0-b8a2-9a63480f754d	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000034	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7ed9-88d1-97ad78b32049	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000035	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7ee2-b037-d92314732fbc	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000036	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7eec-9dde-ee14c80bcbef	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000037	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7ef6-a1f8-5545b0139441	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000038	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7f00-9cc0-76c84fdd004a	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000039	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4496-7f09-ac9d-d834e6e3b387	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000040	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-71a1-ac22-f2e3eb95656b	2026-11-26 06:58:45.012549+00	753	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000002	1	\N	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7ac7-8000-0b07c256d5cf	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000002	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b1d-9767-f480341e4c07	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000004	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b36-88d4-411873a9a32b	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000006	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b42-8160-d3c8115a325b	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000008	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b5c-9dba-26c85215dc03	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000010	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b68-8a79-7554b43b97da	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b73-83b7-5bf3f9889378	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000014	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b7d-ba97-7faecba4e78c	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000016	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b87-9acd-9bb902b91351	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000018	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b91-be11-00d5d59020e4	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000020	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7b9b-aaef-98a2b863739b	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000022	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7ba6-bc0c-114af53dc28a	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000024	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7bbe-8be3-f40a3acf7b6d	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000026	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7bde-95da-5109e435d570	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000028	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7bf5-8b6f-b3cfa7f5b704	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000030	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7bff-8ef5-14e71bb5cc7f	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000032	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7c08-922b-e3d823bb508e	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000034	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7c12-9368-d6b93976a6e1	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000036	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7c1c-98de-13441e0bf195	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000038	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7c25-9b84-1321da599942	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000040	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4497-7e1f-8638-13842d92e6f5	2026-11-26 06:58:45.012549+00	753	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000003	1	\N	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-7606-b584-9498cfb68568	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000003	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-765a-9415-dde755512723	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000006	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-76d8-b6e2-80964aba70c5	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000009	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-76e5-843d-6956003e0338	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-770e-84cd-812b173917a7	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000015	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-771e-85e1-cbdcb948a29e	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000018	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-7728-aaad-e4d3ab5f2a9c	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000021	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-7731-b4cd-c3a0e1a231a8	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000024	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-773c-95d8-dc104367f9c6	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000027	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-7746-a127-127b0e30ae93	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000030	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-7750-9313-836ddda4e19e	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000033	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-7764-b0a1-a3e603a13127	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000036	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-776e-9010-2d7b526bb6cc	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000039	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4498-7abb-9254-4e412a5d0370	2026-11-26 06:58:45.012549+00	753	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000004	1	\N	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-7316-af58-99538886a0dd	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000004	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-7358-a9ae-caff99751255	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000008	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-7365-9590-71ab73d95d10	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-736f-bb5e-fc871fed9d90	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000016	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-7379-94f5-8a342e00066a	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000020	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-7383-b42b-d942ceab554d	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000024	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-738d-948d-19787956f460	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000028	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-7396-b97f-8522f6c55739	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000032	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-73b0-b5c5-d695413576c1	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000036	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-73bb-9dda-781d627d68e5	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000040	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-4499-75a2-9d7b-0ebfa3a64bf5	2026-11-26 06:58:45.012549+00	753	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000005	1	\N	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7a39-87e4-89a5d0d8e285	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000005	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7abd-9a82-dc08ea6d4ff3	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000010	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7ad8-afca-140d7bf7520f	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000015	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7ae6-9f38-34d8b92a8949	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000020	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7af3-8c23-cce74dcae4f0	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000025	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7afe-a4ec-ee93fd65a978	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000030	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7b09-b8b0-05394e01603b	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000035	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7b15-b5db-c1b1487dfcb6	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000040	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449a-7d29-9920-6b6609e2789e	2026-11-26 06:58:45.012549+00	753	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000006	1	\N	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449c-7459-afe0-81fa5c44737a	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000006	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449c-74d6-8fb3-3bc6338e84f7	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449c-74eb-9d22-7dc5a4e8653a	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000018	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449c-74f7-94d2-dad4c7fc8539	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000024	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449c-751e-8212-268f8f5f1414	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000030	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449c-75c5-837e-a996315abf5a	2026-11-26 06:58:45.012549+00	753	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000036	\N	01a216a6-4495-75af-b47e-1dee94981105
1	01a216a6-449d-7632-9415-5a62b22b91da	2026-11-26 06:58:45.020574+00	754	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0002-7000-8000-000000000002	\N	01a216a6-449d-7665-a3a8-b2785aa63ca6
1	01a216a6-449d-76a1-a1ca-ec9b9315ad90	2026-11-26 06:58:45.020574+00	754	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0002-7000-8000-000000000003	\N	01a216a6-449d-7665-a3a8-b2785aa63ca6
1	01a216a6-449d-76c1-b89d-5ad2b8674776	2026-11-26 06:58:45.020574+00	754	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	901e54d1-4be3-85e7-9d14-947da85443aa	\N	01a216a6-449d-7665-a3a8-b2785aa63ca6
1	01a216a6-449d-76cd-ac14-6584201275f8	2026-11-26 06:58:45.020574+00	754	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000999	\N	01a216a6-449d-7665-a3a8-b2785aa63ca6
1	01a216a6-449d-7bb9-9ab9-bd09ed344b8e	2026-11-26 06:58:45.020574+00	754	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	01a216a6-449d-7665-a3a8-b2785aa63ca6
1	01a216a6-449f-7557-b8de-742094bf5c8a	2026-11-26 06:58:45.022649+00	755	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0002-7000-8000-000000000004	\N	01a216a6-449f-75ad-900f-cd50a64ccd61
1	01a216a6-449f-78d8-b036-71fd97e8106e	2026-11-26 06:58:45.022649+00	755	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000002	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 2"}	01a216a6-449f-75ad-900f-cd50a64ccd61
1	01a216a6-44a1-765b-92b8-624af6b7a458	2026-11-26 06:58:45.024375+00	756	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	3	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	01a216a6-44a1-76af-af9e-eff9d17c42b6
1	01a216a6-44a1-7a1b-8662-9386b9b626fd	2026-11-26 06:58:45.024375+00	756	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000005	\N	01a216a6-44a1-76af-af9e-eff9d17c42b6
1	01a216a6-44a2-77fc-8083-dccfa5406b94	2026-11-26 06:58:45.025856+00	757	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000001	1	\N	\N	01a216a6-44a2-783d-aca2-a147643d887a
1	01a216a6-44a2-798f-8717-e42ef21391d4	2026-11-26 06:58:45.025856+00	757	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000002	1	\N	\N	01a216a6-44a2-783d-aca2-a147643d887a
1	01a216a6-44a2-7b3e-9cf6-5e4cd1086d9c	2026-11-26 06:58:45.025856+00	757	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000003	1	\N	\N	01a216a6-44a2-783d-aca2-a147643d887a
1	01a216a6-44a2-7bf8-b738-24122d447dc7	2026-11-26 06:58:45.025856+00	757	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000004	1	\N	\N	01a216a6-44a2-783d-aca2-a147643d887a
1	01a216a6-44a2-7ca4-971a-6397d7f23a9f	2026-11-26 06:58:45.025856+00	757	the maker	postgres	create	CostCentre	00000000-0003-7000-8000-000000000005	1	\N	\N	01a216a6-44a2-783d-aca2-a147643d887a
1	01a216a6-44a3-791c-a7d9-add47c387080	2026-11-26 06:58:45.027001+00	758	the maker	postgres	create	Device	00000000-0004-7000-8000-000000000001	1	\N	\N	01a216a6-44a3-7966-a9bd-9f081622236e
1	01a216a6-44a3-79da-8a4e-ad85ca5cc9d3	2026-11-26 06:58:45.027001+00	758	the maker	postgres	create	Device	00000000-0004-7000-8000-000000000002	1	\N	\N	01a216a6-44a3-7966-a9bd-9f081622236e
1	01a216a6-44a3-7a42-ba59-36dcb178c69d	2026-11-26 06:58:45.027001+00	758	the maker	postgres	create	Device	00000000-0004-7000-8000-000000000003	1	\N	\N	01a216a6-44a3-7966-a9bd-9f081622236e
1	01a216a6-44a3-7a7d-ac52-3b6ac84e4ffd	2026-11-26 06:58:45.027001+00	758	the maker	postgres	create	Device	00000000-0004-7000-8000-000000000004	1	\N	\N	01a216a6-44a3-7966-a9bd-9f081622236e
1	01a216a6-44a4-7258-a01d-221637edf5ba	2026-11-26 06:58:45.027831+00	759	the maker	postgres	suspend	User	00000000-0001-7000-8000-000000000010	2	\N	{"name": {"givenName": "Given10", "familyName": "Straße 10"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user10@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user10@example.com", "externalId": "e10", "displayName": "Überuser 10", "urn:example:Badge": {"costs": 10.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V10", "badgeNumber": "B10"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "10"}}	01a216a6-44a4-729f-a9a8-7a4fdd65b4d2
1	01a216a6-44a5-709e-8b09-3df6186912f8	2026-11-26 06:58:45.028703+00	760	the maker	postgres	delete	User	00000000-0001-7000-8000-000000000011	2	\N	{"name": {"givenName": "Given11", "familyName": "Straße 11"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user11@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user11@example.com", "externalId": "e11", "displayName": "Überuser 11", "urn:example:Badge": {"costs": 11.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V11", "badgeNumber": "B11"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "11"}}	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a5-7737-abeb-4f6d642c38d7	2026-11-26 06:58:45.028703+00	760	the maker	postgres	delete	User	00000000-0001-7000-8000-000000000012	2	\N	{"name": {"givenName": "Given12", "familyName": "Straße 12"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user12@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user12@example.com", "externalId": "e12", "displayName": "Überuser 12", "urn:example:Badge": {"costs": 12.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V12", "badgeNumber": "B12"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "12"}}	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
2	01a216a6-44b2-72dd-819e-7b37ab3fb759	2026-11-26 06:58:45.041123+00	767	the maker	postgres	create	User	00000000-0001-7000-8000-000000000002	1	\N	\N	01a216a6-44b2-7158-b06e-357aa35dec70
2	01a216a6-44b2-73f1-99a4-ad39d8a5cfc1	2026-11-26 06:58:45.041123+00	767	the maker	postgres	create	User	00000000-0001-7000-8000-000000000003	1	\N	\N	01a216a6-44b2-7158-b06e-357aa35dec70
1	01a216a6-44a5-7aef-95e4-7e163cb96c37	2026-11-26 06:58:45.028703+00	760	the maker	postgres	delete	User	00000000-0001-7000-8000-000000000013	2	\N	{"name": {"givenName": "Given13", "familyName": "Straße 13"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user13@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user13@example.com", "externalId": "e13", "displayName": "Überuser 13", "urn:example:Badge": {"costs": 13.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V13", "badgeNumber": "B13"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "13"}}	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a6-7bdc-866c-37a299a84c62	2026-11-26 06:58:45.028703+00	760	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000004	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 4"}	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a6-7ca8-b549-48e1e9c2d196	2026-11-26 06:58:45.028703+00	760	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000003	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 3"}	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a6-7cfc-9268-2ba4654acc06	2026-11-26 06:58:45.028703+00	760	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	4	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a6-7d34-b5a4-9fbfd10eac03	2026-11-26 06:58:45.028703+00	760	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000006	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 6"}	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a6-7d6f-abdb-f6d935e496ec	2026-11-26 06:58:45.028703+00	760	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000002	3	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 2"}	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a7-70e3-9654-10596f52c3df	2026-11-26 06:58:45.028703+00	760	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000011	\N	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a7-7116-9478-fadba6ffd933	2026-11-26 06:58:45.028703+00	760	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a7-7125-8535-3ee4851e5bc7	2026-11-26 06:58:45.028703+00	760	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000013	\N	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a7-7132-a2c7-d891895d1734	2026-11-26 06:58:45.028703+00	760	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a7-713d-b0f1-77583dfab646	2026-11-26 06:58:45.028703+00	760	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a7-7148-9d1e-8a36e9ea591b	2026-11-26 06:58:45.028703+00	760	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a7-7153-8127-e0cfb5f8b960	2026-11-26 06:58:45.028703+00	760	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000012	\N	01a216a6-44a5-70ed-9f76-63e3dfad9bbf
1	01a216a6-44a7-7c27-bc38-56ff1fb1bf5f	2026-11-26 06:58:45.031318+00	761	the maker	postgres	restore	User	00000000-0001-7000-8000-000000000013	3	\N	{"name": {"givenName": "Given13", "familyName": "Straße 13"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user13@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user13@example.com", "externalId": "e13", "displayName": "Überuser 13", "urn:example:Badge": {"costs": 13.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V13", "badgeNumber": "B13"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "13"}}	01a216a6-44a7-7c60-a283-1720ed2dff15
1	01a216a6-44aa-7ddd-b3e3-66a35357c79a	2026-11-26 06:58:45.033909+00	763	the maker	postgres	offboard	User	00000000-0001-7000-8000-000000000014	2	\N	{"name": {"givenName": "Given14", "familyName": "Straße 14"}, "title": "Engineer 2", "active": false, "emails": [{"type": "work", "value": "user14@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user14@example.com", "externalId": "e14", "displayName": "Überuser 14", "urn:example:Badge": {"costs": 14.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V14", "badgeNumber": "B14"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "14"}}	01a216a6-44aa-7e1c-9183-1814195c6896
1	01a216a6-44ab-7130-acf0-2f7fd123093f	2026-11-26 06:58:45.033909+00	763	the maker	postgres	offboard	User	00000000-0001-7000-8000-000000000015	2	\N	{"name": {"givenName": "Given15", "familyName": "Straße 15"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user15@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user15@example.com", "externalId": "e15", "displayName": "Überuser 15", "urn:example:Badge": {"costs": 15.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V15", "badgeNumber": "B15"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "15"}}	01a216a6-44aa-7e1c-9183-1814195c6896
2	01a216a6-44b2-74d6-9b56-eda1867c183e	2026-11-26 06:58:45.041123+00	767	the maker	postgres	create	User	00000000-0001-7000-8000-000000000004	1	\N	\N	01a216a6-44b2-7158-b06e-357aa35dec70
2	01a216a6-44b2-75ba-91e1-a26f51feb75f	2026-11-26 06:58:45.041123+00	767	the maker	postgres	create	User	00000000-0001-7000-8000-000000000005	1	\N	\N	01a216a6-44b2-7158-b06e-357aa35dec70
2	01a216a6-44b3-7280-8670-3779a43455d1	2026-11-26 06:58:45.042929+00	768	the maker	postgres	create	Group	00000000-0002-7000-8000-000000000001	1	\N	\N	01a216a6-44b3-72b9-9773-dca4a333f374
2	01a216a6-44b3-7a4f-b436-c3cf46daa614	2026-11-26 06:58:45.042929+00	768	the maker	postgres	add member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000001	\N	01a216a6-44b3-72b9-9773-dca4a333f374
1	01a216a6-44ab-7470-8296-b2a37c00c41c	2026-11-26 06:58:45.033909+00	763	the maker	postgres	offboard	User	00000000-0001-7000-8000-000000000016	2	\N	{"name": {"givenName": "Given16", "familyName": "Straße 16"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user16@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user16@example.com", "externalId": "e16", "displayName": "Überuser 16", "urn:example:Badge": {"costs": 16.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V16", "badgeNumber": "B16"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "16"}}	01a216a6-44aa-7e1c-9183-1814195c6896
1	01a216a6-44ac-7148-b61c-8583299b7ccb	2026-11-26 06:58:45.035529+00	764	the maker	postgres	complete	User	00000000-0001-7000-8000-000000000015	3	\N	{"name": {"givenName": "Given15", "familyName": "Straße 15"}, "title": "Engineer 0", "active": false, "emails": [{"type": "work", "value": "user15@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user15@example.com", "externalId": "e15", "displayName": "Überuser 15", "urn:example:Badge": {"costs": 15.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V15", "badgeNumber": "B15"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "15"}}	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ad-733b-b1cf-987052492ae1	2026-11-26 06:58:45.035529+00	764	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000003	3	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 3"}	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ad-73ef-a138-452b71ba182c	2026-11-26 06:58:45.035529+00	764	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000005	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 5"}	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ad-745e-a0ce-5d20c39d7a37	2026-11-26 06:58:45.035529+00	764	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	5	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ad-779a-9a5c-a5684fad0b15	2026-11-26 06:58:45.035529+00	764	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000015	\N	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ad-77c7-90d0-e6fc33f9db72	2026-11-26 06:58:45.035529+00	764	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000003	\N	00000000-0001-7000-8000-000000000015	\N	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ad-77d7-ad10-a98a17381f41	2026-11-26 06:58:45.035529+00	764	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000005	\N	00000000-0001-7000-8000-000000000015	\N	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ad-7cf6-a8a1-0761a71ca527	2026-11-26 06:58:45.035529+00	764	the maker	postgres	complete	User	00000000-0001-7000-8000-000000000016	3	\N	{"name": {"givenName": "Given16", "familyName": "Straße 16"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user16@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user16@example.com", "externalId": "e16", "displayName": "Überuser 16", "urn:example:Badge": {"costs": 16.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V16", "badgeNumber": "B16"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "16"}}	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ae-7b93-ae5f-4fa5d045afa1	2026-11-26 06:58:45.035529+00	764	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000004	3	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 4"}	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ae-7c3e-813f-fc6937f1bfd5	2026-11-26 06:58:45.035529+00	764	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000002	4	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 2"}	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ae-7ca8-b9d3-5eb920c0421a	2026-11-26 06:58:45.035529+00	764	the maker	postgres	update	Group	00000000-0002-7000-8000-000000000001	6	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ae-7fbd-ae75-6a4d0c0590c5	2026-11-26 06:58:45.035529+00	764	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000001	\N	00000000-0001-7000-8000-000000000016	\N	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ae-7fea-9bc0-f81c9b5c84da	2026-11-26 06:58:45.035529+00	764	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000002	\N	00000000-0001-7000-8000-000000000016	\N	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44ae-7ff9-ab4c-19bbd5a6f713	2026-11-26 06:58:45.035529+00	764	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000004	\N	00000000-0001-7000-8000-000000000016	\N	01a216a6-44ac-7192-8bd0-592797dfaade
1	01a216a6-44af-77e3-b2bd-df0c02b280b7	2026-11-26 06:58:45.039234+00	765	the maker	postgres	create	User	00000000-0001-7000-8000-000000000050	1	\N	\N	01a216a6-44af-7819-b57a-940341253b0b
1	01a216a6-44af-7d2c-af33-4f1b80b3a226	2026-11-26 06:58:45.039688+00	766	the maker	postgres	delete	Group	00000000-0002-7000-8000-000000000006	2	\N	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 6"}	01a216a6-44af-7d54-9939-f8c618f5ec6a
1	01a216a6-44b0-74a6-8967-bc77aaf8b97b	2026-11-26 06:58:45.039688+00	766	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000006	\N	01a216a6-44af-7d54-9939-f8c618f5ec6a
1	01a216a6-44b0-74ec-bb30-c8aba736c776	2026-11-26 06:58:45.039688+00	766	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000018	\N	01a216a6-44af-7d54-9939-f8c618f5ec6a
1	01a216a6-44b0-74fb-9a12-674ba54f4d1f	2026-11-26 06:58:45.039688+00	766	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000024	\N	01a216a6-44af-7d54-9939-f8c618f5ec6a
1	01a216a6-44b0-7506-8210-989e2321df47	2026-11-26 06:58:45.039688+00	766	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000030	\N	01a216a6-44af-7d54-9939-f8c618f5ec6a
1	01a216a6-44b0-752f-9b11-ea942bf1e310	2026-11-26 06:58:45.039688+00	766	the maker	postgres	remove member	Group	00000000-0002-7000-8000-000000000006	\N	00000000-0001-7000-8000-000000000036	\N	01a216a6-44af-7d54-9939-f8c618f5ec6a
2	01a216a6-44b2-7108-9378-6e3208e8f9fd	2026-11-26 06:58:45.041123+00	767	the maker	postgres	create	User	00000000-0001-7000-8000-000000000001	1	\N	\N	01a216a6-44b2-7158-b06e-357aa35dec70
3	01a216a6-44b4-75fb-8b67-c81fcde392e1	2026-11-26 06:58:45.043989+00	769	the maker	postgres	create	User	00000000-0001-7000-8000-000000000001	1	\N	\N	01a216a6-44b4-7636-9635-ee299fefb51c
1	01a216a6-4575-7f24-b389-6ba090142d8e	2026-11-26 06:58:45.237074+00	914	the maker	postgres	log out	User	00000000-0001-7000-8000-000000000004	1	\N	\N	01a216a6-4575-7f73-8a0f-f2f610b5c0fd
1	01a216a6-4576-7a0a-a8e8-4bd335bb82f1	2026-11-26 06:58:45.238304+00	915	the maker	postgres	invite	User	00000000-0001-7000-8000-000000000006	1	\N	\N	01a216a6-4576-7a44-bb66-31840a65dacb
1	01a216a6-4578-772b-9d80-e9188b25be7f	2026-11-26 06:58:45.238839+00	916	the maker	postgres	recover	User	00000000-0001-7000-8000-000000000008	1	\N	\N	01a216a6-4578-7777-964a-f5cc9692f137
\.


--
-- Data for Name: authentication_scheme; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.authentication_scheme (scheme, keyword, credential, second_header, type, name, description, spec_uri, is_primary) FROM stdin;
Bearer	Bearer	token	\N	oauthbearertoken	OAuth Bearer Token	A token in the header Authorization: Bearer	https://www.rfc-editor.org/info/rfc6750	t
bare		token	\N	oauthbearertoken	\N	\N	\N	\N
JWT	Bearer	jwt	\N	oauthbearertoken	\N	\N	\N	\N
ApiKey	ApiKey	token	\N	oauthbearertoken	\N	\N	\N	\N
two	Basic	password	x-app-token	httpbasic	\N	\N	\N	\N
\.


--
-- Data for Name: client; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.client (tenant_id, id, name, scheme, hash, secret, second_hash, created, expires_at, revoked_at) FROM stdin;
1	00000000-0006-7000-8000-000000000001	by key	ApiKey	\\xe8a987f97b609851a77e10d6d48138ef0e518f46b9f1da1145ba183ad02f9353	\N	\N	2026-11-26 06:58:45.228463+00	\N	\N
2	00000000-0006-7000-8000-000000000002	by password	two	\N	SCRAM-SHA-256$4096:WVlBui6BnyJkGNkmXyrNcg==$eoQIXoCEH59aTDAZnjmQkQ8WW/8cwJE52FWBwDTjdT0=:7ifEUywkhZcl1Rl3ktiekqNhuyYhJTtkzAh/Dh0fA9M=	\\x1fe289205936c3fdb61158223892c7a8bee6ff4dfa085ea1c094ce0294e32114	2026-11-26 06:58:45.23099+00	2999-01-01 00:00:00+00	\N
\.


--
-- Data for Name: cost_centres; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.cost_centres (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after, cost_centre) FROM stdin;
1	CostCentre	00000000-0003-7000-8000-000000000001	\N	\N	Centre 1	\N	ACTIVE	{"code": "C1", "head": "00000000-0001-7000-8000-000000000001", "budget": 1000.5, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 1"}	1	2026-11-26 06:58:45.025856+00	2026-11-26 06:58:45.025856+00	\N	\N	2026-11-26 06:58:45.025856+00	\N	\N	\N
1	CostCentre	00000000-0003-7000-8000-000000000002	\N	\N	Centre 2	\N	ACTIVE	{"code": "C2", "head": "00000000-0001-7000-8000-000000000002", "budget": 2001.0, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 2"}	1	2026-11-26 06:58:45.025856+00	2026-11-26 06:58:45.025856+00	\N	\N	2026-11-26 06:58:45.025856+00	\N	\N	\N
1	CostCentre	00000000-0003-7000-8000-000000000003	\N	\N	Centre 3	\N	ACTIVE	{"code": "C3", "head": "00000000-0001-7000-8000-000000000003", "budget": 3001.5, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 3"}	1	2026-11-26 06:58:45.025856+00	2026-11-26 06:58:45.025856+00	\N	\N	2026-11-26 06:58:45.025856+00	\N	\N	\N
1	CostCentre	00000000-0003-7000-8000-000000000004	\N	\N	Centre 4	\N	ACTIVE	{"code": "C4", "head": "00000000-0001-7000-8000-000000000004", "budget": 4002.0, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 4"}	1	2026-11-26 06:58:45.025856+00	2026-11-26 06:58:45.025856+00	\N	\N	2026-11-26 06:58:45.025856+00	\N	\N	\N
1	CostCentre	00000000-0003-7000-8000-000000000005	\N	\N	Centre 5	\N	ACTIVE	{"code": "C5", "head": "00000000-0001-7000-8000-000000000005", "budget": 5002.5, "schemas": ["urn:example:CostCentre"], "displayName": "Centre 5"}	1	2026-11-26 06:58:45.025856+00	2026-11-26 06:58:45.025856+00	\N	\N	2026-11-26 06:58:45.025856+00	\N	\N	\N
\.


--
-- Data for Name: credential; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.credential (tenant_id, resource_id, secret, changed) FROM stdin;
1	00000000-0001-7000-8000-000000000001	SCRAM-SHA-256$4096:WVlBui6BnyJkGNkmXyrNcg==$eoQIXoCEH59aTDAZnjmQkQ8WW/8cwJE52FWBwDTjdT0=:7ifEUywkhZcl1Rl3ktiekqNhuyYhJTtkzAh/Dh0fA9M=	2026-11-26 06:58:45.000113+00
1	00000000-0001-7000-8000-000000000002	SCRAM-SHA-256$4096:5yRbrIY9eOCS5mW6SpTOww==$4QVawfMNhiwCp406rjN/MEAHDnW6mIYT8nPTXIoNF6s=:U+UvTqBjVRhgvrZf/mqo1PplylPTRX6wsqeIYqvugHE=	2026-11-26 06:58:45.005785+00
\.


--
-- Data for Name: endpoint; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.endpoint (id, name, methods, path, resource_type, action, enabled, settings) FROM stdin;
01a216a6-4572-7886-b661-8d44d4b89137	employee	{GET}	/api/employees/{id|userName}	User	read	t	{"fields": {"id": "id", "login": "userName", "state": {"values": {"away": false, "here": true}, "attribute": "active"}}}
01a216a6-4572-7b16-b25a-7550bf399296	hire	{POST}	/api/employees	User	create	t	{"like": "employee"}
\.


--
-- Data for Name: event; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.event (tenant_id, id, at, transaction_id, event_uri, resource_type, resource_id, version, change, data) FROM stdin;
1	01a216a6-4484-7c1d-98dc-2a3cc403ed7c	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000001	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4485-777e-ab17-a3788e60941a	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000002	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4485-7991-a84d-9af896bce7d8	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000003	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4485-7b31-850b-cb806f763e3f	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000004	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4485-7cb2-bed3-bd7ebdcb7182	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000005	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4485-7ded-9ded-396ffcd7ae31	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000006	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4485-7eec-b687-b9dc4eef3d86	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000007	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4485-7fd1-815f-734cd41d9a8f	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000008	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-70b3-a9c0-9ebf0fc4a1ad	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000009	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7181-a3d6-da492e8740c2	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000010	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-725e-8f6d-4877dc486765	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000011	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-732f-b44b-ce22124ffcbc	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000012	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7403-b9e7-bf5166df883a	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000013	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-74d7-b132-019d50ec8f95	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000014	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7735-9ffd-1bd992253c22	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000015	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7824-b6fe-14abb35b85fd	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000016	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-78f0-890b-98475641dd53	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000017	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-79d8-a60f-bc18f4f98ecd	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000018	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7abe-9d2a-7d6c251cdb70	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000019	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7b9a-9f63-c86a7db30101	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000020	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7c35-b33d-bda559dd08bc	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000021	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7d31-85d1-b598fcfe4732	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000022	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7e0a-945e-4da7957ac0c6	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000023	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7ed2-be2e-b79bf479fea7	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000024	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4486-7fc0-bc19-9c4b22b7c5c9	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000025	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7076-9464-2b2248bb6ffd	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000026	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7144-91db-b79c6b9234f9	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000027	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7233-aece-1571611fb365	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000028	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-730f-a9c3-6f0b5812c96d	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000029	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-73db-b649-907872179300	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000030	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-74a9-8028-430ca36b0473	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000031	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7590-b788-41349fca205a	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000032	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-766c-beca-e66a9eb9b350	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000033	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7745-a41a-d1ad999fa892	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000034	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7820-a478-7670e09f058d	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000035	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-78f5-906a-902ab8de52bc	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000036	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-798e-9437-35ea9e376aac	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000037	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7a5a-87a1-05326005234d	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000038	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7b3b-88b1-48f2afcb7096	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000039	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-4487-7c0b-a96a-8d0ded228349	2026-11-26 06:58:44.991765+00	749	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000040	1	01a216a6-4484-774a-9cb5-d836a1692df1	\N
1	01a216a6-448b-7fed-aed5-15ecceadefe9	2026-11-26 06:58:45.000113+00	750	urn:ietf:params:scim:event:prov:put:notice	User	00000000-0001-7000-8000-000000000001	2	01a216a6-448b-7d18-9c7c-f8fde2853339	\N
1	01a216a6-4492-71ec-b37d-b95d00733c4a	2026-11-26 06:58:45.005785+00	751	urn:ietf:params:scim:event:prov:put:notice	User	00000000-0001-7000-8000-000000000002	2	01a216a6-4491-7f8d-9b62-c25a55ff2cb6	\N
1	01a216a6-4493-7a97-8abd-588b22ed9a48	2026-11-26 06:58:45.011027+00	752	urn:ietf:params:scim:event:prov:create:notice	Group	01a216a6-4493-71ae-83b8-bc922aa1286c	1	01a216a6-4493-7a45-8e9b-ad901db0f5e8	\N
1	01a216a6-4495-7603-a6ab-ace74dd34dfd	2026-11-26 06:58:45.012549+00	753	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000001	1	01a216a6-4495-75af-b47e-1dee94981105	\N
1	01a216a6-4497-71fe-b261-5c49ef23599e	2026-11-26 06:58:45.012549+00	753	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000002	1	01a216a6-4495-75af-b47e-1dee94981105	\N
1	01a216a6-4497-7e59-8fba-d099b641365d	2026-11-26 06:58:45.012549+00	753	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000003	1	01a216a6-4495-75af-b47e-1dee94981105	\N
1	01a216a6-4498-7b1d-901b-20e5fb16defd	2026-11-26 06:58:45.012549+00	753	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000004	1	01a216a6-4495-75af-b47e-1dee94981105	\N
1	01a216a6-4499-75f4-9dea-75ca825bb0e9	2026-11-26 06:58:45.012549+00	753	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000005	1	01a216a6-4495-75af-b47e-1dee94981105	\N
1	01a216a6-449a-7d9b-925d-e3a9a6cee3f2	2026-11-26 06:58:45.012549+00	753	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000006	1	01a216a6-4495-75af-b47e-1dee94981105	\N
1	01a216a6-449d-7c32-a455-9aca98497c1b	2026-11-26 06:58:45.020574+00	754	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	2	01a216a6-449d-7665-a3a8-b2785aa63ca6	\N
1	01a216a6-449f-7955-99b1-b13cf3739f51	2026-11-26 06:58:45.022649+00	755	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000002	2	01a216a6-449f-75ad-900f-cd50a64ccd61	\N
1	01a216a6-44a1-770a-b0ae-c92453cc46d4	2026-11-26 06:58:45.024375+00	756	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	3	01a216a6-44a1-76af-af9e-eff9d17c42b6	\N
1	01a216a6-44a4-72e1-b632-5f76b4ec3504	2026-11-26 06:58:45.027831+00	759	urn:ietf:params:scim:event:prov:deactivate	User	00000000-0001-7000-8000-000000000010	2	01a216a6-44a4-729f-a9a8-7a4fdd65b4d2	\N
1	01a216a6-44a5-7142-9b18-7dcb7420ffa2	2026-11-26 06:58:45.028703+00	760	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000011	2	01a216a6-44a5-70ed-9f76-63e3dfad9bbf	\N
1	01a216a6-44a5-77a7-9c41-58d318f278ee	2026-11-26 06:58:45.028703+00	760	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000012	2	01a216a6-44a5-70ed-9f76-63e3dfad9bbf	\N
1	01a216a6-44a5-7bd7-826a-87e6f405bfad	2026-11-26 06:58:45.028703+00	760	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000013	2	01a216a6-44a5-70ed-9f76-63e3dfad9bbf	\N
1	01a216a6-44a6-7c62-b8cd-ef6a45356642	2026-11-26 06:58:45.028703+00	760	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000004	2	01a216a6-44a5-70ed-9f76-63e3dfad9bbf	\N
1	01a216a6-44a6-7cda-afc6-542dd40e11da	2026-11-26 06:58:45.028703+00	760	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000003	2	01a216a6-44a5-70ed-9f76-63e3dfad9bbf	\N
1	01a216a6-44a6-7d18-bb66-11cee2f87509	2026-11-26 06:58:45.028703+00	760	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	4	01a216a6-44a5-70ed-9f76-63e3dfad9bbf	\N
1	01a216a6-44a6-7d53-ad4f-c32036575042	2026-11-26 06:58:45.028703+00	760	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000006	2	01a216a6-44a5-70ed-9f76-63e3dfad9bbf	\N
1	01a216a6-44a6-7d9e-8b76-62aa49c015c2	2026-11-26 06:58:45.028703+00	760	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000002	3	01a216a6-44a5-70ed-9f76-63e3dfad9bbf	\N
1	01a216a6-44a7-7cc2-a650-dbb8f9ff3f71	2026-11-26 06:58:45.031318+00	761	urn:ietf:params:scim:event:prov:activate	User	00000000-0001-7000-8000-000000000013	3	01a216a6-44a7-7c60-a283-1720ed2dff15	\N
1	01a216a6-44aa-7e64-b08f-4c05beb94855	2026-11-26 06:58:45.033909+00	763	urn:ietf:params:scim:event:prov:deactivate	User	00000000-0001-7000-8000-000000000014	2	01a216a6-44aa-7e1c-9183-1814195c6896	\N
1	01a216a6-44ab-7168-a5a1-66f13e3d68f8	2026-11-26 06:58:45.033909+00	763	urn:ietf:params:scim:event:prov:deactivate	User	00000000-0001-7000-8000-000000000015	2	01a216a6-44aa-7e1c-9183-1814195c6896	\N
1	01a216a6-44ab-7503-b297-a1cae59e9dfd	2026-11-26 06:58:45.033909+00	763	urn:ietf:params:scim:event:prov:deactivate	User	00000000-0001-7000-8000-000000000016	2	01a216a6-44aa-7e1c-9183-1814195c6896	\N
1	01a216a6-44ac-72dd-9d20-92020051c196	2026-11-26 06:58:45.035529+00	764	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000015	3	01a216a6-44ac-7192-8bd0-592797dfaade	\N
1	01a216a6-44ad-73bd-ae43-c49c82986b94	2026-11-26 06:58:45.035529+00	764	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000003	3	01a216a6-44ac-7192-8bd0-592797dfaade	\N
1	01a216a6-44ad-743a-b7f5-cd6679e53a75	2026-11-26 06:58:45.035529+00	764	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000005	2	01a216a6-44ac-7192-8bd0-592797dfaade	\N
1	01a216a6-44ad-747e-bab9-30e8fbc93d70	2026-11-26 06:58:45.035529+00	764	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	5	01a216a6-44ac-7192-8bd0-592797dfaade	\N
1	01a216a6-44ad-7d57-b77e-835c32dbc208	2026-11-26 06:58:45.035529+00	764	urn:ietf:params:scim:event:prov:delete	User	00000000-0001-7000-8000-000000000016	3	01a216a6-44ac-7192-8bd0-592797dfaade	\N
1	01a216a6-44ae-7c0f-8c6e-bdb9e92b4082	2026-11-26 06:58:45.035529+00	764	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000004	3	01a216a6-44ac-7192-8bd0-592797dfaade	\N
1	01a216a6-44ae-7c6e-858e-a6ea459a071c	2026-11-26 06:58:45.035529+00	764	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000002	4	01a216a6-44ac-7192-8bd0-592797dfaade	\N
1	01a216a6-44ae-7cc7-b992-0ead07dccaf4	2026-11-26 06:58:45.035529+00	764	urn:ietf:params:scim:event:prov:put:notice	Group	00000000-0002-7000-8000-000000000001	6	01a216a6-44ac-7192-8bd0-592797dfaade	\N
1	01a216a6-44af-785b-a0e9-96b5122c175e	2026-11-26 06:58:45.039234+00	765	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000050	1	01a216a6-44af-7819-b57a-940341253b0b	\N
1	01a216a6-44af-7d9a-b592-42e61ba68f29	2026-11-26 06:58:45.039688+00	766	urn:ietf:params:scim:event:prov:delete	Group	00000000-0002-7000-8000-000000000006	2	01a216a6-44af-7d54-9939-f8c618f5ec6a	\N
2	01a216a6-44b2-71a7-8427-134439891454	2026-11-26 06:58:45.041123+00	767	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000001	1	01a216a6-44b2-7158-b06e-357aa35dec70	\N
2	01a216a6-44b2-732e-9bc8-b9215c62fdaf	2026-11-26 06:58:45.041123+00	767	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000002	1	01a216a6-44b2-7158-b06e-357aa35dec70	\N
2	01a216a6-44b2-741c-9679-0ce1cdd56447	2026-11-26 06:58:45.041123+00	767	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000003	1	01a216a6-44b2-7158-b06e-357aa35dec70	\N
2	01a216a6-44b2-7500-b8a1-281a2c1ba939	2026-11-26 06:58:45.041123+00	767	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000004	1	01a216a6-44b2-7158-b06e-357aa35dec70	\N
2	01a216a6-44b2-75e1-9d1a-ed98bf2cb6e7	2026-11-26 06:58:45.041123+00	767	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000005	1	01a216a6-44b2-7158-b06e-357aa35dec70	\N
2	01a216a6-44b3-7300-8428-8d08a812ad0f	2026-11-26 06:58:45.042929+00	768	urn:ietf:params:scim:event:prov:create:notice	Group	00000000-0002-7000-8000-000000000001	1	01a216a6-44b3-72b9-9773-dca4a333f374	\N
3	01a216a6-44b4-7713-9edf-75336879e6e0	2026-11-26 06:58:45.043989+00	769	urn:ietf:params:scim:event:prov:create:notice	User	00000000-0001-7000-8000-000000000001	1	01a216a6-44b4-7636-9635-ee299fefb51c	\N
1	01a216a6-4576-7126-bb36-4b98821fa3d1	2026-11-26 06:58:45.237074+00	914	https://schemas.openid.net/secevent/caep/event-type/session-revoked	User	00000000-0001-7000-8000-000000000004	1	01a216a6-4575-7f73-8a0f-f2f610b5c0fd	\N
1	01a216a6-4576-7ab4-b72a-dcaebf8ce8c9	2026-11-26 06:58:45.238304+00	915	urn:ietf:params:scim:event:misc:invite	User	00000000-0001-7000-8000-000000000006	1	01a216a6-4576-7a44-bb66-31840a65dacb	\N
1	01a216a6-4578-77e0-b92f-2ee72b69996f	2026-11-26 06:58:45.238839+00	916	https://schemas.openid.net/secevent/risc/event-type/recovery-activated	User	00000000-0001-7000-8000-000000000008	1	01a216a6-4578-7777-964a-f5cc9692f137	\N
\.


--
-- Data for Name: groups; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.groups (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after, cost_centre) FROM stdin;
1	Group	01a216a6-4493-71ae-83b8-bc922aa1286c	g1	\N	Engineers	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "externalId": "g1", "displayName": "Engineers"}	1	2026-11-26 06:58:45.011027+00	2026-11-26 06:58:45.011027+00	\N	\N	2026-11-26 06:58:45.011027+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000003	\N	\N	Group 3	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 3"}	3	2026-11-26 06:58:45.012549+00	2026-11-26 06:58:45.035529+00	\N	\N	2026-11-26 06:58:45.012549+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000005	\N	\N	Group 5	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 5"}	2	2026-11-26 06:58:45.012549+00	2026-11-26 06:58:45.035529+00	\N	\N	2026-11-26 06:58:45.012549+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000004	\N	\N	Group 4	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 4"}	3	2026-11-26 06:58:45.012549+00	2026-11-26 06:58:45.035529+00	\N	\N	2026-11-26 06:58:45.012549+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000002	\N	\N	Group 2	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 2"}	4	2026-11-26 06:58:45.012549+00	2026-11-26 06:58:45.035529+00	\N	\N	2026-11-26 06:58:45.012549+00	\N	\N	\N
1	Group	00000000-0002-7000-8000-000000000001	\N	\N	Group 1	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	6	2026-11-26 06:58:45.012549+00	2026-11-26 06:58:45.035529+00	\N	\N	2026-11-26 06:58:45.012549+00	\N	\N	\N
2	Group	00000000-0002-7000-8000-000000000001	\N	\N	Group 1	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group 1"}	1	2026-11-26 06:58:45.042929+00	2026-11-26 06:58:45.042929+00	\N	\N	2026-11-26 06:58:45.042929+00	\N	\N	\N
\.


--
-- Data for Name: member; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.member (tenant_id, group_id, member_id, member_type, value, created) FROM stdin;
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000001	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000002	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000003	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000004	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000006	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000007	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000008	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000009	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000010	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000014	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000017	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000018	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000019	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000020	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000021	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000022	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000023	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000024	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000025	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000026	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000027	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000028	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000029	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000030	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000031	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000032	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000033	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000034	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000035	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000036	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000037	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000038	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000039	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000040	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000002	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000004	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000006	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000008	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000010	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000014	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000018	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000020	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000022	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000024	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000026	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000028	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000030	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000032	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000034	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000036	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000038	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000002	00000000-0001-7000-8000-000000000040	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000003	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000006	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000009	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000018	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000021	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000024	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000027	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000030	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000033	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000036	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000003	00000000-0001-7000-8000-000000000039	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000004	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000008	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000020	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000024	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000028	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000032	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000036	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000004	00000000-0001-7000-8000-000000000040	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000005	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000010	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000020	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000025	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000030	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000035	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000005	00000000-0001-7000-8000-000000000040	\N	\N	2026-11-26 06:58:45.012549+00
1	00000000-0002-7000-8000-000000000001	00000000-0002-7000-8000-000000000002	\N	\N	2026-11-26 06:58:45.020574+00
1	00000000-0002-7000-8000-000000000001	00000000-0002-7000-8000-000000000003	\N	\N	2026-11-26 06:58:45.020574+00
1	00000000-0002-7000-8000-000000000001	901e54d1-4be3-85e7-9d14-947da85443aa	\N	bill@example.com	2026-11-26 06:58:45.020574+00
1	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000999	\N	\N	2026-11-26 06:58:45.020574+00
1	00000000-0002-7000-8000-000000000002	00000000-0002-7000-8000-000000000004	\N	\N	2026-11-26 06:58:45.022649+00
2	00000000-0002-7000-8000-000000000001	00000000-0001-7000-8000-000000000001	\N	\N	2026-11-26 06:58:45.042929+00
\.


--
-- Data for Name: policy; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.policy (tenant_id, resource_type, kind, enabled, settings, id, name) FROM stdin;
\N	Group	delete	t	{"mode": "hard"}	01a216a6-443d-7b3c-963d-eb63256af6fc	delete
\N	User	audit	t	{}	01a216a6-443d-7b48-85d0-2958f1036608	audit
\N	Group	audit	t	{}	01a216a6-443d-7b53-af15-bb88c9231a5b	audit
\N	User	events	t	{}	01a216a6-443d-7b5e-b76f-881d80431b82	events
\N	Group	events	t	{}	01a216a6-443d-7b68-b760-7bb65def04c6	events
\N	CostCentre	delete	t	{"mode": "hard"}	01a216a6-446c-704f-8902-44393c43fd43	delete
\N	CostCentre	audit	t	{}	01a216a6-446c-71ba-af98-1ebfcf716104	audit
\N	CostCentre	events	f	{}	01a216a6-446c-725a-a339-d398edb8a57a	events
\N	Device	delete	t	{"mode": "hard"}	01a216a6-4477-7601-a68b-16562cb6e7be	delete
\N	Device	audit	t	{}	01a216a6-4477-7740-b24a-3506c33b25e7	audit
\N	Device	events	f	{}	01a216a6-4477-77dc-918d-a364209efc06	events
\N	User	delete	t	{"mode": "offboard"}	01a216a6-443d-7b24-a10f-76fbdcfb2007	delete
\N	User	identity	t	{"userName": "primaryEmail"}	01a216a6-443d-7942-9e8a-2614cf6bf739	identity
\N	CostCentre	canonical	t	{"attributes": ["colour"]}	01a216a6-44b5-7ed5-8ecc-5dd54c5ac329	canonical
\N	CostCentre	reference	t	{"missing": "notFound", "attributes": {"head": "User"}}	01a216a6-44b6-7039-8ceb-6bd50e55321e	reference
2	User	delete	t	{"mode": "hard"}	01a216a6-44b6-70cb-b34b-5e73627a233a	delete
3	User	identity	f	{"userName": "primaryEmail"}	01a216a6-44b6-713e-ade8-179dd4726883	identity
2	Group	audit	f	{}	01a216a6-44b6-71b5-b03c-09cc28475f2c	audit
3	User	events	f	{}	01a216a6-44b6-720a-b466-f5451a614daf	events
\N	User	condition	t	{"keep": ["title"], "when": "status eq \\"OFFBOARDING\\""}	01a216a6-4570-7d02-8548-181304e53062	leavers keep their title
\N	User	default	t	{"attributes": {"locale": "de-DE"}}	01a216a6-4570-7e37-a529-275323a3235c	a locale
\N	User	lookup	t	{"attributes": ["id", "userName", "externalId"]}	01a216a6-4570-7ebe-a111-171c0d72b798	lookup
3	User	lookup	t	{"attributes": ["id", "externalId"]}	01a216a6-4570-7f41-8793-94b9b41aabdb	lookup
\.


--
-- Data for Name: recovery_code; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.recovery_code (tenant_id, resource_id, name, hash, issued_at, expires_at, failures) FROM stdin;
1	00000000-0001-7000-8000-000000000008	26339C49HB	\\xf61225c0f2054fa9c5a65fae911cad29ef09940f03a0365e186b9d8f9ac60c2e	2026-11-26 06:58:45.238928+00	2026-12-26 06:58:45.238928+00	0
\.


--
-- Data for Name: resource_type; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.resource_type (name, document, table_name) FROM stdin;
Group	{"id": "Group", "name": "Group", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Groups", "description": "Group"}	groups
User	{"id": "User", "name": "User", "schema": "urn:ietf:params:scim:schemas:core:2.0:User", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Users", "description": "User Account", "schemaExtensions": [{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}, {"schema": "urn:example:Badge", "required": false}]}	users
CostCentre	{"id": "CostCentre", "name": "CostCentre", "schema": "urn:example:CostCentre", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/CostCentres", "description": "CostCentre"}	cost_centres
Device	{"id": "Device", "name": "Device", "schema": "urn:example:Device", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "endpoint": "/Devices", "description": "Device"}	Our "devices"
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
urn:example:Badge	{"id": "urn:example:Badge", "name": "Badge", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "badgeNumber", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "server", "description": "Badge number.", "multiValued": false}, {"name": "visaNumber", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "global", "description": "Visa number.", "multiValued": false}, {"name": "doors", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Doors.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The value itself.", "multiValued": false}, {"name": "level", "type": "integer", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "Level.", "multiValued": false}]}, {"name": "pin", "type": "string", "required": false, "returned": "never", "caseExact": false, "mutability": "writeOnly", "uniqueness": "none", "description": "Pin.", "multiValued": false}, {"name": "issued", "type": "dateTime", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "Issued.", "multiValued": false}, {"name": "photo", "type": "binary", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "Photo.", "multiValued": false}, {"name": "costs", "type": "decimal", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "Costs.", "multiValued": false}, {"name": "sponsor", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "Sponsor.", "multiValued": false, "referenceTypes": ["User"]}], "description": "An extension of User"}
urn:example:CostCentre	{"id": "urn:example:CostCentre", "name": "CostCentre", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "code", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "server", "description": "Code.", "multiValued": false}, {"name": "displayName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Display name.", "multiValued": false}, {"name": "budget", "type": "decimal", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "Budget.", "multiValued": false}, {"name": "head", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "Head.", "multiValued": false, "referenceTypes": ["User"]}, {"name": "colour", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Colour.", "multiValued": false, "canonicalValues": ["red", "green"]}], "description": "CostCentre"}
urn:ietf:params:scim:schemas:core:2.0:User	{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "name": "User", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "userName", "type": "string", "required": true, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "server", "description": "Unique identifier for the User, typically used by the user to directly authenticate to the service provider. Each User MUST include a non-empty userName value. This identifier MUST be unique across the service provider's entire set of Users. REQUIRED.", "multiValued": false}, {"name": "name", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "The components of the user's real name. Providers MAY return just the full name as a single string in the formatted sub-attribute, or they MAY return just the individual component attributes using the other sub-attributes, or they MAY return both. If both variants are returned, they SHOULD be describing the same name, with the formatted name indicating how the component attributes should be combined.", "multiValued": false, "subAttributes": [{"name": "formatted", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full name, including all middle names, titles, and suffixes as appropriate, formatted for display (e.g., 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "familyName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The family name of the User, or last name in most Western languages (e.g., 'Jensen' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "givenName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The given name of the User, or first name in most Western languages (e.g., 'Barbara' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "middleName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The middle name(s) of the User (e.g., 'Jane' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "honorificPrefix", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The honorific prefix(es) of the User, or title in most Western languages (e.g., 'Ms.' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}, {"name": "honorificSuffix", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The honorific suffix(es) of the User, or suffix in most Western languages (e.g., 'III' given the full name 'Ms. Barbara J Jensen, III').", "multiValued": false}]}, {"name": "displayName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The name of the User, suitable for display to end-users. The name SHOULD be the full name of the User being described, if known.", "multiValued": false}, {"name": "nickName", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The casual way to address the user in real life, e.g., 'Bob' or 'Bobby' instead of 'Robert'. This attribute SHOULD NOT be used to represent a User's username (e.g., 'bjensen' or 'mpepperidge').", "multiValued": false}, {"name": "profileUrl", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "A fully qualified URL pointing to a page representing the User's online profile.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "title", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The user's title, such as \\"Vice President.\\"", "multiValued": false}, {"name": "userType", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Used to identify the relationship between the organization and the user. Typical values used might be 'Contractor', 'Employee', 'Intern', 'Temp', 'External', and 'Unknown', but any value may be used.", "multiValued": false}, {"name": "preferredLanguage", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Indicates the User's preferred written or spoken language. Generally used for selecting a localized user interface; e.g., 'en_US' specifies the language English and country US.", "multiValued": false}, {"name": "locale", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Used to indicate the User's default location for purposes of localizing items such as currency, date time format, or numerical representations.", "multiValued": false}, {"name": "timezone", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The User's time zone in the 'Olson' time zone database format, e.g., 'America/Los_Angeles'.", "multiValued": false}, {"name": "active", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the User's administrative status.", "multiValued": false}, {"name": "password", "type": "string", "required": false, "returned": "never", "caseExact": false, "mutability": "writeOnly", "uniqueness": "none", "description": "The User's cleartext password. This attribute is intended to be used as a means to specify an initial password when creating a new User or to reset an existing User's password.", "multiValued": false}, {"name": "emails", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Email addresses for the user. The value SHOULD be canonicalized by the service provider, e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', 'home', and 'other'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Email addresses for the user. The value SHOULD be canonicalized by the service provider, e.g., 'bjensen@example.com' instead of 'bjensen@EXAMPLE.COM'. Canonical type values of 'work', 'home', and 'other'.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work' or 'home'.", "multiValued": false, "canonicalValues": ["work", "home", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred mailing address or primary email address. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "phoneNumbers", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Phone numbers for the User. The value SHOULD be canonicalized by the service provider according to the format specified in RFC 3966, e.g., 'tel:+1-201-555-0123'. Canonical type values of 'work', 'home', 'mobile', 'fax', 'pager', and 'other'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Phone number of the User.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work', 'home', 'mobile'.", "multiValued": false, "canonicalValues": ["work", "home", "mobile", "fax", "pager", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred phone number or primary phone number. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "ims", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "Instant messaging addresses for the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "Instant messaging address for the User.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'aim', 'gtalk', 'xmpp'.", "multiValued": false, "canonicalValues": ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred messenger or primary messenger. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "photos", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "URLs of photos of the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "URL of a photo of the User.", "multiValued": false, "referenceTypes": ["external"]}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, i.e., 'photo' or 'thumbnail'.", "multiValued": false, "canonicalValues": ["photo", "thumbnail"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute, e.g., the preferred photo or thumbnail. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "addresses", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A physical mailing address for this User. Canonical type values of 'work', 'home', and 'other'. This attribute is a complex type with the following sub-attributes.", "multiValued": true, "subAttributes": [{"name": "formatted", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full mailing address, formatted for display or use with a mailing label. This attribute MAY contain newlines.", "multiValued": false}, {"name": "streetAddress", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The full street address component, which may include house number, street name, P.O. box, and multi-line extended street address information. This attribute MAY contain newlines.", "multiValued": false}, {"name": "locality", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The city or locality component.", "multiValued": false}, {"name": "region", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The state or region component.", "multiValued": false}, {"name": "postalCode", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The zip code or postal code component.", "multiValued": false}, {"name": "country", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The country name component.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'work' or 'home'.", "multiValued": false, "canonicalValues": ["work", "home", "other"]}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred address. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "groups", "type": "complex", "required": false, "returned": "default", "mutability": "readOnly", "description": "A list of groups to which the user belongs, either through direct membership, through nested groups, or dynamically calculated.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "The identifier of the User's group.", "multiValued": false}, {"name": "$ref", "type": "reference", "required": false, "returned": "default", "caseExact": true, "mutability": "readOnly", "uniqueness": "none", "description": "The URI of the corresponding 'Group' resource to which the user belongs.", "multiValued": false, "referenceTypes": ["Group"]}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes. READ-ONLY.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readOnly", "uniqueness": "none", "description": "A label indicating the attribute's function, e.g., 'direct' or 'indirect'.", "multiValued": false, "canonicalValues": ["direct", "indirect"]}]}, {"name": "entitlements", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of entitlements for the User that represent a thing the User has.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The value of an entitlement.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "roles", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of roles for the User that collectively represent who the User is, e.g., 'Student', 'Faculty'.", "multiValued": true, "subAttributes": [{"name": "value", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "The value of a role.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "x509Certificates", "type": "complex", "required": false, "returned": "default", "mutability": "readWrite", "description": "A list of certificates issued to the User.", "multiValued": true, "subAttributes": [{"name": "value", "type": "binary", "required": false, "returned": "default", "caseExact": true, "mutability": "readWrite", "uniqueness": "none", "description": "The value of an X.509 certificate.", "multiValued": false}, {"name": "display", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A human-readable name, primarily used for display purposes.", "multiValued": false}, {"name": "type", "type": "string", "required": false, "returned": "default", "caseExact": false, "mutability": "readWrite", "uniqueness": "none", "description": "A label indicating the attribute's function.", "multiValued": false}, {"name": "primary", "type": "boolean", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "A Boolean value indicating the 'primary' or preferred attribute value for this attribute. The primary attribute value 'true' MUST appear no more than once.", "multiValued": false}]}, {"name": "shoeSize", "type": "integer", "required": false, "returned": "default", "mutability": "readWrite", "uniqueness": "none", "description": "Shoe size.", "multiValued": false}], "description": "User Account"}
urn:example:Device	{"id": "urn:example:Device", "name": "Device", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "attributes": [{"name": "serial", "type": "string", "required": true, "returned": "default", "caseExact": true, "mutability": "immutable", "uniqueness": "none", "description": "Serial.", "multiValued": false}], "description": "Device"}
\.


--
-- Data for Name: secret; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.secret (purpose, value) FROM stdin;
cursor	\\x3464845dce31af759b74dc359caea7665317b8f9f301a07235cc2e3d9a32fb8b
\.


--
-- Data for Name: setting; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.setting (id, name, resource_type, tenant_id, token_id, value) FROM stdin;
01a216a6-456f-7d5a-8538-6f92faf3366f	max_results	\N	\N	\N	250
01a216a6-4570-7182-8be6-7251d5621c55	unknown_attributes	User	2	\N	"ignore"
01a216a6-4570-71d4-9dff-d8b9ab4a1c4a	max_bulk_operations	\N	1	00000000-0005-7000-8000-000000000001	12
\.


--
-- Data for Name: store; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.store (id, version) FROM stdin;
1	0.3.0
\.


--
-- Data for Name: tenant; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.tenant (tenant_id, name, created) FROM stdin;
1	default	2026-11-26 06:58:44.891155+00
2	second	2026-11-26 06:58:44.990626+00
3	third	2026-11-26 06:58:44.990626+00
\.


--
-- Data for Name: token; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.token (tenant_id, id, hash, description, created, expires_at, revoked_at) FROM stdin;
1	00000000-0005-7000-8000-000000000001	\\xfcae98a8ab484ace5534383c80314ec8502afa3b13c3866305cc459f422a89a9	valid	2026-11-26 06:58:45.047006+00	\N	\N
1	00000000-0005-7000-8000-000000000002	\\x5010d8c01d37bc4017debfa2af7da3c0f12af40ad696ae3deff288e4acc6fee2	expired	2026-11-26 06:58:45.047006+00	2024-01-01 00:00:00+00	\N
1	00000000-0005-7000-8000-000000000003	\\xa497b59ce25d0d56e8e0d2d38de54121df256a2cc90644410222da38fcb04294	revoked	2026-11-26 06:58:45.047006+00	\N	2024-01-01 00:00:00+00
2	00000000-0005-7000-8000-000000000004	\\x0f08b4563ee3414cb98ba8d42b4095a8ba4197702f8401c2d0b2f4fe6d634132	of the second	2026-11-26 06:58:45.047923+00	2999-01-01 00:00:00+00	\N
\.


--
-- Data for Name: unique_value; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.unique_value (tenant_id, resource_type, attribute, value, resource_id) FROM stdin;
0	User	urn:example:Badge:visaNumber	1v1	00000000-0001-7000-8000-000000000001
1	User	urn:example:Badge:badgeNumber	b1	00000000-0001-7000-8000-000000000001
0	User	urn:example:Badge:visaNumber	1v2	00000000-0001-7000-8000-000000000002
1	User	urn:example:Badge:badgeNumber	b2	00000000-0001-7000-8000-000000000002
0	User	urn:example:Badge:visaNumber	1v3	00000000-0001-7000-8000-000000000003
1	User	urn:example:Badge:badgeNumber	b3	00000000-0001-7000-8000-000000000003
0	User	urn:example:Badge:visaNumber	1v4	00000000-0001-7000-8000-000000000004
1	User	urn:example:Badge:badgeNumber	b4	00000000-0001-7000-8000-000000000004
0	User	urn:example:Badge:visaNumber	1v5	00000000-0001-7000-8000-000000000005
1	User	urn:example:Badge:badgeNumber	b5	00000000-0001-7000-8000-000000000005
0	User	urn:example:Badge:visaNumber	1v6	00000000-0001-7000-8000-000000000006
1	User	urn:example:Badge:badgeNumber	b6	00000000-0001-7000-8000-000000000006
0	User	urn:example:Badge:visaNumber	1v7	00000000-0001-7000-8000-000000000007
1	User	urn:example:Badge:badgeNumber	b7	00000000-0001-7000-8000-000000000007
0	User	urn:example:Badge:visaNumber	1v8	00000000-0001-7000-8000-000000000008
1	User	urn:example:Badge:badgeNumber	b8	00000000-0001-7000-8000-000000000008
0	User	urn:example:Badge:visaNumber	1v9	00000000-0001-7000-8000-000000000009
1	User	urn:example:Badge:badgeNumber	b9	00000000-0001-7000-8000-000000000009
0	User	urn:example:Badge:visaNumber	1v10	00000000-0001-7000-8000-000000000010
1	User	urn:example:Badge:badgeNumber	b10	00000000-0001-7000-8000-000000000010
0	User	urn:example:Badge:visaNumber	1v14	00000000-0001-7000-8000-000000000014
1	User	urn:example:Badge:badgeNumber	b14	00000000-0001-7000-8000-000000000014
0	User	urn:example:Badge:visaNumber	1v17	00000000-0001-7000-8000-000000000017
1	User	urn:example:Badge:badgeNumber	b17	00000000-0001-7000-8000-000000000017
0	User	urn:example:Badge:visaNumber	1v18	00000000-0001-7000-8000-000000000018
1	User	urn:example:Badge:badgeNumber	b18	00000000-0001-7000-8000-000000000018
0	User	urn:example:Badge:visaNumber	1v19	00000000-0001-7000-8000-000000000019
1	User	urn:example:Badge:badgeNumber	b19	00000000-0001-7000-8000-000000000019
0	User	urn:example:Badge:visaNumber	1v20	00000000-0001-7000-8000-000000000020
1	User	urn:example:Badge:badgeNumber	b20	00000000-0001-7000-8000-000000000020
0	User	urn:example:Badge:visaNumber	1v21	00000000-0001-7000-8000-000000000021
1	User	urn:example:Badge:badgeNumber	b21	00000000-0001-7000-8000-000000000021
0	User	urn:example:Badge:visaNumber	1v22	00000000-0001-7000-8000-000000000022
1	User	urn:example:Badge:badgeNumber	b22	00000000-0001-7000-8000-000000000022
0	User	urn:example:Badge:visaNumber	1v23	00000000-0001-7000-8000-000000000023
1	User	urn:example:Badge:badgeNumber	b23	00000000-0001-7000-8000-000000000023
0	User	urn:example:Badge:visaNumber	1v24	00000000-0001-7000-8000-000000000024
1	User	urn:example:Badge:badgeNumber	b24	00000000-0001-7000-8000-000000000024
0	User	urn:example:Badge:visaNumber	1v25	00000000-0001-7000-8000-000000000025
1	User	urn:example:Badge:badgeNumber	b25	00000000-0001-7000-8000-000000000025
0	User	urn:example:Badge:visaNumber	1v26	00000000-0001-7000-8000-000000000026
1	User	urn:example:Badge:badgeNumber	b26	00000000-0001-7000-8000-000000000026
0	User	urn:example:Badge:visaNumber	1v27	00000000-0001-7000-8000-000000000027
1	User	urn:example:Badge:badgeNumber	b27	00000000-0001-7000-8000-000000000027
0	User	urn:example:Badge:visaNumber	1v28	00000000-0001-7000-8000-000000000028
1	User	urn:example:Badge:badgeNumber	b28	00000000-0001-7000-8000-000000000028
0	User	urn:example:Badge:visaNumber	1v29	00000000-0001-7000-8000-000000000029
1	User	urn:example:Badge:badgeNumber	b29	00000000-0001-7000-8000-000000000029
0	User	urn:example:Badge:visaNumber	1v30	00000000-0001-7000-8000-000000000030
1	User	urn:example:Badge:badgeNumber	b30	00000000-0001-7000-8000-000000000030
0	User	urn:example:Badge:visaNumber	1v31	00000000-0001-7000-8000-000000000031
1	User	urn:example:Badge:badgeNumber	b31	00000000-0001-7000-8000-000000000031
0	User	urn:example:Badge:visaNumber	1v32	00000000-0001-7000-8000-000000000032
1	User	urn:example:Badge:badgeNumber	b32	00000000-0001-7000-8000-000000000032
0	User	urn:example:Badge:visaNumber	1v33	00000000-0001-7000-8000-000000000033
1	User	urn:example:Badge:badgeNumber	b33	00000000-0001-7000-8000-000000000033
0	User	urn:example:Badge:visaNumber	1v34	00000000-0001-7000-8000-000000000034
1	User	urn:example:Badge:badgeNumber	b34	00000000-0001-7000-8000-000000000034
0	User	urn:example:Badge:visaNumber	1v35	00000000-0001-7000-8000-000000000035
1	User	urn:example:Badge:badgeNumber	b35	00000000-0001-7000-8000-000000000035
0	User	urn:example:Badge:visaNumber	1v36	00000000-0001-7000-8000-000000000036
1	User	urn:example:Badge:badgeNumber	b36	00000000-0001-7000-8000-000000000036
0	User	urn:example:Badge:visaNumber	1v37	00000000-0001-7000-8000-000000000037
1	User	urn:example:Badge:badgeNumber	b37	00000000-0001-7000-8000-000000000037
0	User	urn:example:Badge:visaNumber	1v38	00000000-0001-7000-8000-000000000038
1	User	urn:example:Badge:badgeNumber	b38	00000000-0001-7000-8000-000000000038
0	User	urn:example:Badge:visaNumber	1v39	00000000-0001-7000-8000-000000000039
1	User	urn:example:Badge:badgeNumber	b39	00000000-0001-7000-8000-000000000039
0	User	urn:example:Badge:visaNumber	1v40	00000000-0001-7000-8000-000000000040
1	User	urn:example:Badge:badgeNumber	b40	00000000-0001-7000-8000-000000000040
1	CostCentre	code	c1	00000000-0003-7000-8000-000000000001
1	CostCentre	code	c2	00000000-0003-7000-8000-000000000002
1	CostCentre	code	c3	00000000-0003-7000-8000-000000000003
1	CostCentre	code	c4	00000000-0003-7000-8000-000000000004
1	CostCentre	code	c5	00000000-0003-7000-8000-000000000005
0	User	urn:example:Badge:visaNumber	1v13	00000000-0001-7000-8000-000000000013
1	User	urn:example:Badge:badgeNumber	b13	00000000-0001-7000-8000-000000000013
0	User	urn:example:Badge:visaNumber	2v1	00000000-0001-7000-8000-000000000001
2	User	urn:example:Badge:badgeNumber	b1	00000000-0001-7000-8000-000000000001
0	User	urn:example:Badge:visaNumber	2v2	00000000-0001-7000-8000-000000000002
2	User	urn:example:Badge:badgeNumber	b2	00000000-0001-7000-8000-000000000002
0	User	urn:example:Badge:visaNumber	2v3	00000000-0001-7000-8000-000000000003
2	User	urn:example:Badge:badgeNumber	b3	00000000-0001-7000-8000-000000000003
0	User	urn:example:Badge:visaNumber	2v4	00000000-0001-7000-8000-000000000004
2	User	urn:example:Badge:badgeNumber	b4	00000000-0001-7000-8000-000000000004
0	User	urn:example:Badge:visaNumber	2v5	00000000-0001-7000-8000-000000000005
2	User	urn:example:Badge:badgeNumber	b5	00000000-0001-7000-8000-000000000005
\.


--
-- Data for Name: users; Type: TABLE DATA; Schema: directory; Owner: postgres
--

COPY directory.users (tenant_id, resource_type, id, external_id, user_name, display_name, active, status, data, version, created, last_modified, offboarding_at, deleted_at, activated_at, deactivated_at, sessions_valid_after, cost_centre) FROM stdin;
1	User	00000000-0001-7000-8000-000000000003	e3	user3@example.com	Überuser 3	t	ACTIVE	{"name": {"givenName": "Given3", "familyName": "Straße 3"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user3@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user3@example.com", "externalId": "e3", "displayName": "Überuser 3", "urn:example:Badge": {"costs": 3.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V3", "badgeNumber": "B3"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "3"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000005	e5	user5@example.com	Überuser 5	t	ACTIVE	{"name": {"givenName": "Given5", "familyName": "Straße 5"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user5@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user5@example.com", "externalId": "e5", "displayName": "Überuser 5", "urn:example:Badge": {"costs": 5.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V5", "badgeNumber": "B5"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "5"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000006	e6	user6@example.com	Überuser 6	t	ACTIVE	{"name": {"givenName": "Given6", "familyName": "Straße 6"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user6@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user6@example.com", "externalId": "e6", "displayName": "Überuser 6", "urn:example:Badge": {"costs": 6.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V6", "badgeNumber": "B6"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "6"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000007	e7	user7@example.com	Überuser 7	f	SUSPENDED	{"name": {"givenName": "Given7", "familyName": "Straße 7"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user7@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 43, "userName": "user7@example.com", "externalId": "e7", "displayName": "Überuser 7", "urn:example:Badge": {"costs": 7.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V7", "badgeNumber": "B7"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "7"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N
1	User	00000000-0001-7000-8000-000000000008	e8	user8@example.com	Überuser 8	t	ACTIVE	{"name": {"givenName": "Given8", "familyName": "Straße 8"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user8@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 44, "userName": "user8@example.com", "externalId": "e8", "displayName": "Überuser 8", "urn:example:Badge": {"costs": 8.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V8", "badgeNumber": "B8"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "8"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000002	e2	user2@example.com	Überuser 2	t	ACTIVE	{"name": {"givenName": "Given2", "familyName": "Straße 2"}, "active": true, "emails": [{"type": "work", "value": "user2@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user2@example.com", "externalId": "e2", "displayName": "Überuser 2", "urn:example:Badge": {"costs": 2.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V2", "badgeNumber": "B2"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "00000000-0001-7000-8000-000000000001"}, "department": "D2", "employeeNumber": "2"}}	2	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.005785+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000004	e4	user4@example.com	Überuser 4	t	ACTIVE	{"name": {"givenName": "Given4", "familyName": "Straße 4"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user4@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user4@example.com", "externalId": "e4", "displayName": "Überuser 4", "urn:example:Badge": {"costs": 4.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V4", "badgeNumber": "B4"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "4"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	2026-11-26 06:58:45.237591+00	\N
1	User	00000000-0001-7000-8000-000000000009	e9	user9@example.com	Überuser 9	t	ACTIVE	{"name": {"givenName": "Given9", "familyName": "Straße 9"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user9@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 45, "userName": "user9@example.com", "externalId": "e9", "displayName": "Überuser 9", "urn:example:Badge": {"costs": 9.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V9", "badgeNumber": "B9"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "9"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000011	e11	user11@example.com	Überuser 11	t	DELETED	{"name": {"givenName": "Given11", "familyName": "Straße 11"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user11@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user11@example.com", "externalId": "e11", "displayName": "Überuser 11", "urn:example:Badge": {"costs": 11.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V11", "badgeNumber": "B11"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "11"}}	2	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.028703+00	\N	2026-11-26 06:58:45.028703+00	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.028703+00	2026-11-26 06:58:45.028985+00	\N
1	User	00000000-0001-7000-8000-000000000014	e14	user14@example.com	Überuser 14	f	OFFBOARDING	{"name": {"givenName": "Given14", "familyName": "Straße 14"}, "title": "Engineer 2", "active": false, "emails": [{"type": "work", "value": "user14@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user14@example.com", "externalId": "e14", "displayName": "Überuser 14", "urn:example:Badge": {"costs": 14.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V14", "badgeNumber": "B14"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "14"}}	2	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.033909+00	2026-11-26 06:58:45.033909+00	\N	\N	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.034712+00	\N
1	User	00000000-0001-7000-8000-000000000015	e15	user15@example.com	Überuser 15	f	OFFBOARDED	{"name": {"givenName": "Given15", "familyName": "Straße 15"}, "title": "Engineer 0", "active": false, "emails": [{"type": "work", "value": "user15@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user15@example.com", "externalId": "e15", "displayName": "Überuser 15", "urn:example:Badge": {"costs": 15.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V15", "badgeNumber": "B15"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "15"}}	3	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.035529+00	2026-11-26 06:58:45.033909+00	2026-11-26 06:58:45.035529+00	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.033909+00	2026-11-26 06:58:45.036035+00	\N
1	User	00000000-0001-7000-8000-000000000016	e16	user16@example.com	Überuser 16	f	OFFBOARDED	{"name": {"givenName": "Given16", "familyName": "Straße 16"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user16@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user16@example.com", "externalId": "e16", "displayName": "Überuser 16", "urn:example:Badge": {"costs": 16.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V16", "badgeNumber": "B16"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "16"}}	3	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.035529+00	2026-11-26 06:58:45.033909+00	2026-11-26 06:58:45.035529+00	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.033909+00	2026-11-26 06:58:45.037768+00	\N
1	User	00000000-0001-7000-8000-000000000017	e17	user17@example.com	Überuser 17	t	ACTIVE	{"name": {"givenName": "Given17", "familyName": "Straße 17"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user17@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 43, "userName": "user17@example.com", "externalId": "e17", "displayName": "Überuser 17", "urn:example:Badge": {"costs": 17.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V17", "badgeNumber": "B17"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "17"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000018	e18	user18@example.com	Überuser 18	t	ACTIVE	{"name": {"givenName": "Given18", "familyName": "Straße 18"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user18@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 44, "userName": "user18@example.com", "externalId": "e18", "displayName": "Überuser 18", "urn:example:Badge": {"costs": 18.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V18", "badgeNumber": "B18"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "18"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000019	e19	user19@example.com	Überuser 19	t	ACTIVE	{"name": {"givenName": "Given19", "familyName": "Straße 19"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user19@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 45, "userName": "user19@example.com", "externalId": "e19", "displayName": "Überuser 19", "urn:example:Badge": {"costs": 19.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V19", "badgeNumber": "B19"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "19"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000020	e20	user20@example.com	Überuser 20	t	ACTIVE	{"name": {"givenName": "Given20", "familyName": "Straße 20"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user20@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user20@example.com", "externalId": "e20", "displayName": "Überuser 20", "urn:example:Badge": {"costs": 20.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V20", "badgeNumber": "B20"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "20"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000021	e21	user21@example.com	Überuser 21	f	SUSPENDED	{"name": {"givenName": "Given21", "familyName": "Straße 21"}, "title": "Engineer 0", "active": false, "emails": [{"type": "work", "value": "user21@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user21@example.com", "externalId": "e21", "displayName": "Überuser 21", "urn:example:Badge": {"costs": 21.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V21", "badgeNumber": "B21"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "21"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N
1	User	00000000-0001-7000-8000-000000000022	e22	user22@example.com	Überuser 22	t	ACTIVE	{"name": {"givenName": "Given22", "familyName": "Straße 22"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user22@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user22@example.com", "externalId": "e22", "displayName": "Überuser 22", "urn:example:Badge": {"costs": 22.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V22", "badgeNumber": "B22"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "22"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000023	e23	user23@example.com	Überuser 23	t	ACTIVE	{"name": {"givenName": "Given23", "familyName": "Straße 23"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user23@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user23@example.com", "externalId": "e23", "displayName": "Überuser 23", "urn:example:Badge": {"costs": 23.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V23", "badgeNumber": "B23"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "23"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000024	e24	user24@example.com	Überuser 24	t	ACTIVE	{"name": {"givenName": "Given24", "familyName": "Straße 24"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user24@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user24@example.com", "externalId": "e24", "displayName": "Überuser 24", "urn:example:Badge": {"costs": 24.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V24", "badgeNumber": "B24"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "24"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000025	e25	user25@example.com	Überuser 25	t	ACTIVE	{"name": {"givenName": "Given25", "familyName": "Straße 25"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user25@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user25@example.com", "externalId": "e25", "displayName": "Überuser 25", "urn:example:Badge": {"costs": 25.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V25", "badgeNumber": "B25"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "25"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000026	e26	user26@example.com	Überuser 26	t	ACTIVE	{"name": {"givenName": "Given26", "familyName": "Straße 26"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user26@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user26@example.com", "externalId": "e26", "displayName": "Überuser 26", "urn:example:Badge": {"costs": 26.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V26", "badgeNumber": "B26"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "26"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000027	e27	user27@example.com	Überuser 27	t	ACTIVE	{"name": {"givenName": "Given27", "familyName": "Straße 27"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user27@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 43, "userName": "user27@example.com", "externalId": "e27", "displayName": "Überuser 27", "urn:example:Badge": {"costs": 27.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V27", "badgeNumber": "B27"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "27"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000028	e28	user28@example.com	Überuser 28	f	SUSPENDED	{"name": {"givenName": "Given28", "familyName": "Straße 28"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user28@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 44, "userName": "user28@example.com", "externalId": "e28", "displayName": "Überuser 28", "urn:example:Badge": {"costs": 28.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V28", "badgeNumber": "B28"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "28"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N
1	User	00000000-0001-7000-8000-000000000029	e29	user29@example.com	Überuser 29	t	ACTIVE	{"name": {"givenName": "Given29", "familyName": "Straße 29"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user29@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 45, "userName": "user29@example.com", "externalId": "e29", "displayName": "Überuser 29", "urn:example:Badge": {"costs": 29.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V29", "badgeNumber": "B29"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "29"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000030	e30	user30@example.com	Überuser 30	t	ACTIVE	{"name": {"givenName": "Given30", "familyName": "Straße 30"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user30@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user30@example.com", "externalId": "e30", "displayName": "Überuser 30", "urn:example:Badge": {"costs": 30.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V30", "badgeNumber": "B30"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "30"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000031	e31	user31@example.com	Überuser 31	t	ACTIVE	{"name": {"givenName": "Given31", "familyName": "Straße 31"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user31@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user31@example.com", "externalId": "e31", "displayName": "Überuser 31", "urn:example:Badge": {"costs": 31.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V31", "badgeNumber": "B31"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "31"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000032	e32	user32@example.com	Überuser 32	t	ACTIVE	{"name": {"givenName": "Given32", "familyName": "Straße 32"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user32@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user32@example.com", "externalId": "e32", "displayName": "Überuser 32", "urn:example:Badge": {"costs": 32.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V32", "badgeNumber": "B32"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "32"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000033	e33	user33@example.com	Überuser 33	t	ACTIVE	{"name": {"givenName": "Given33", "familyName": "Straße 33"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user33@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user33@example.com", "externalId": "e33", "displayName": "Überuser 33", "urn:example:Badge": {"costs": 33.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V33", "badgeNumber": "B33"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "33"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000034	e34	user34@example.com	Überuser 34	t	ACTIVE	{"name": {"givenName": "Given34", "familyName": "Straße 34"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user34@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user34@example.com", "externalId": "e34", "displayName": "Überuser 34", "urn:example:Badge": {"costs": 34.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V34", "badgeNumber": "B34"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "34"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000035	e35	user35@example.com	Überuser 35	f	SUSPENDED	{"name": {"givenName": "Given35", "familyName": "Straße 35"}, "title": "Engineer 2", "active": false, "emails": [{"type": "work", "value": "user35@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user35@example.com", "externalId": "e35", "displayName": "Überuser 35", "urn:example:Badge": {"costs": 35.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V35", "badgeNumber": "B35"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "35"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N
1	User	00000000-0001-7000-8000-000000000036	e36	user36@example.com	Überuser 36	t	ACTIVE	{"name": {"givenName": "Given36", "familyName": "Straße 36"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user36@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 42, "userName": "user36@example.com", "externalId": "e36", "displayName": "Überuser 36", "urn:example:Badge": {"costs": 36.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V36", "badgeNumber": "B36"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "36"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000037	e37	user37@example.com	Überuser 37	t	ACTIVE	{"name": {"givenName": "Given37", "familyName": "Straße 37"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user37@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 43, "userName": "user37@example.com", "externalId": "e37", "displayName": "Überuser 37", "urn:example:Badge": {"costs": 37.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V37", "badgeNumber": "B37"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "37"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000038	e38	user38@example.com	Überuser 38	t	ACTIVE	{"name": {"givenName": "Given38", "familyName": "Straße 38"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user38@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 44, "userName": "user38@example.com", "externalId": "e38", "displayName": "Überuser 38", "urn:example:Badge": {"costs": 38.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V38", "badgeNumber": "B38"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "38"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000039	e39	user39@example.com	Überuser 39	t	ACTIVE	{"name": {"givenName": "Given39", "familyName": "Straße 39"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user39@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 45, "userName": "user39@example.com", "externalId": "e39", "displayName": "Überuser 39", "urn:example:Badge": {"costs": 39.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V39", "badgeNumber": "B39"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "39"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000040	e40	user40@example.com	Überuser 40	t	ACTIVE	{"name": {"givenName": "Given40", "familyName": "Straße 40"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user40@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user40@example.com", "externalId": "e40", "displayName": "Überuser 40", "urn:example:Badge": {"costs": 40.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V40", "badgeNumber": "B40"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "40"}}	1	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:44.991765+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000010	e10	user10@example.com	Überuser 10	f	SUSPENDED	{"name": {"givenName": "Given10", "familyName": "Straße 10"}, "title": "Engineer 1", "active": false, "emails": [{"type": "work", "value": "user10@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 36, "userName": "user10@example.com", "externalId": "e10", "displayName": "Überuser 10", "urn:example:Badge": {"costs": 10.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V10", "badgeNumber": "B10"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "10"}}	2	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.027831+00	\N	\N	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.027831+00	2026-11-26 06:58:45.027996+00	\N
1	User	00000000-0001-7000-8000-000000000012	e12	user12@example.com	Überuser 12	t	DELETED	{"name": {"givenName": "Given12", "familyName": "Straße 12"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user12@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user12@example.com", "externalId": "e12", "displayName": "Überuser 12", "urn:example:Badge": {"costs": 12.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V12", "badgeNumber": "B12"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "12"}}	2	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.028703+00	\N	2026-11-26 06:58:45.028703+00	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.028703+00	2026-11-26 06:58:45.029407+00	\N
1	User	00000000-0001-7000-8000-000000000013	e13	user13@example.com	Überuser 13	t	ACTIVE	{"name": {"givenName": "Given13", "familyName": "Straße 13"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user13@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user13@example.com", "externalId": "e13", "displayName": "Überuser 13", "urn:example:Badge": {"costs": 13.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V13", "badgeNumber": "B13"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "13"}}	3	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.031318+00	\N	\N	2026-11-26 06:58:45.031318+00	\N	2026-11-26 06:58:45.029645+00	\N
1	User	00000000-0001-7000-8000-000000000050	\N	user11@example.com	\N	\N	ACTIVE	{"emails": [{"value": "user11@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "user11@example.com"}	1	2026-11-26 06:58:45.039234+00	2026-11-26 06:58:45.039234+00	\N	\N	2026-11-26 06:58:45.039234+00	\N	\N	\N
2	User	00000000-0001-7000-8000-000000000002	e2	user2@example.com	Überuser 2	t	ACTIVE	{"name": {"givenName": "Given2", "familyName": "Straße 2"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user2@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 38, "userName": "user2@example.com", "externalId": "e2", "displayName": "Überuser 2", "urn:example:Badge": {"costs": 2.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V2", "badgeNumber": "B2"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D2", "employeeNumber": "2"}}	1	2026-11-26 06:58:45.041123+00	2026-11-26 06:58:45.041123+00	\N	\N	2026-11-26 06:58:45.041123+00	\N	\N	\N
2	User	00000000-0001-7000-8000-000000000003	e3	user3@example.com	Überuser 3	t	ACTIVE	{"name": {"givenName": "Given3", "familyName": "Straße 3"}, "title": "Engineer 0", "active": true, "emails": [{"type": "work", "value": "user3@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 39, "userName": "user3@example.com", "externalId": "e3", "displayName": "Überuser 3", "urn:example:Badge": {"costs": 3.5, "doors": [{"level": 0, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V3", "badgeNumber": "B3"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D3", "employeeNumber": "3"}}	1	2026-11-26 06:58:45.041123+00	2026-11-26 06:58:45.041123+00	\N	\N	2026-11-26 06:58:45.041123+00	\N	\N	\N
1	User	00000000-0001-7000-8000-000000000001	e1	user1@example.com	Überuser 1	t	ACTIVE	{"name": {"givenName": "Given1", "familyName": "Straße 1"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user1@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user1@example.com", "externalId": "e1", "displayName": "Überuser 1", "urn:example:Badge": {"costs": 1.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "1V1", "badgeNumber": "B1"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "1"}}	2	2026-11-26 06:58:44.991765+00	2026-11-26 06:58:45.000113+00	\N	\N	2026-11-26 06:58:44.991765+00	\N	\N	7
2	User	00000000-0001-7000-8000-000000000004	e4	user4@example.com	Überuser 4	t	ACTIVE	{"name": {"givenName": "Given4", "familyName": "Straße 4"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user4@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 40, "userName": "user4@example.com", "externalId": "e4", "displayName": "Überuser 4", "urn:example:Badge": {"costs": 4.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V4", "badgeNumber": "B4"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D0", "employeeNumber": "4"}}	1	2026-11-26 06:58:45.041123+00	2026-11-26 06:58:45.041123+00	\N	\N	2026-11-26 06:58:45.041123+00	\N	\N	\N
2	User	00000000-0001-7000-8000-000000000005	e5	user5@example.com	Überuser 5	t	ACTIVE	{"name": {"givenName": "Given5", "familyName": "Straße 5"}, "title": "Engineer 2", "active": true, "emails": [{"type": "work", "value": "user5@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 41, "userName": "user5@example.com", "externalId": "e5", "displayName": "Überuser 5", "urn:example:Badge": {"costs": 5.5, "doors": [{"level": 2, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V5", "badgeNumber": "B5"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "5"}}	1	2026-11-26 06:58:45.041123+00	2026-11-26 06:58:45.041123+00	\N	\N	2026-11-26 06:58:45.041123+00	\N	\N	\N
2	User	00000000-0001-7000-8000-000000000001	e1	user1@example.com	Überuser 1	t	ACTIVE	{"name": {"givenName": "Given1", "familyName": "Straße 1"}, "title": "Engineer 1", "active": true, "emails": [{"type": "work", "value": "user1@example.com", "primary": true}], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:example:Badge"], "shoeSize": 37, "userName": "user1@example.com", "externalId": "e1", "displayName": "Überuser 1", "urn:example:Badge": {"costs": 1.5, "doors": [{"level": 1, "value": "north"}], "photo": "aGVsbG8=", "issued": "2024-02-29T12:00:00.5+02:00", "visaNumber": "2V1", "badgeNumber": "B1"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D1", "employeeNumber": "1"}}	1	2026-11-26 06:58:45.041123+00	2026-11-26 06:58:45.041123+00	\N	\N	2026-11-26 06:58:45.041123+00	\N	\N	7
3	User	00000000-0001-7000-8000-000000000001	e1	alone@example.com	\N	\N	ACTIVE	{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "alone@example.com", "externalId": "e1"}	1	2026-11-26 06:58:45.043989+00	2026-11-26 06:58:45.043989+00	\N	\N	2026-11-26 06:58:45.043989+00	\N	\N	7
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
-- Name: authentication_scheme authentication_scheme_is_primary_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".authentication_scheme
    ADD CONSTRAINT authentication_scheme_is_primary_key UNIQUE (is_primary);


--
-- Name: authentication_scheme authentication_scheme_keyword_credential_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".authentication_scheme
    ADD CONSTRAINT authentication_scheme_keyword_credential_key UNIQUE (keyword, credential);


--
-- Name: authentication_scheme authentication_scheme_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".authentication_scheme
    ADD CONSTRAINT authentication_scheme_pkey PRIMARY KEY (scheme);


--
-- Name: client client_hash_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".client
    ADD CONSTRAINT client_hash_key UNIQUE (hash);


--
-- Name: client client_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".client
    ADD CONSTRAINT client_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: credential credential_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (tenant_id, resource_id);


--
-- Name: endpoint endpoint_name_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".endpoint
    ADD CONSTRAINT endpoint_name_key UNIQUE (name);


--
-- Name: endpoint endpoint_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".endpoint
    ADD CONSTRAINT endpoint_pkey PRIMARY KEY (id);


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
-- Name: policy policy_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (id);


--
-- Name: policy policy_tenant_id_resource_type_kind_name_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".policy
    ADD CONSTRAINT policy_tenant_id_resource_type_kind_name_key UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind, name);


--
-- Name: recovery_code recovery_code_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (tenant_id, resource_id);


--
-- Name: recovery_code recovery_code_tenant_id_name_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".recovery_code
    ADD CONSTRAINT recovery_code_tenant_id_name_key UNIQUE (tenant_id, name);


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
-- Name: setting setting_name_resource_type_tenant_id_token_id_key; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".setting
    ADD CONSTRAINT setting_name_resource_type_tenant_id_token_id_key UNIQUE NULLS NOT DISTINCT (name, resource_type, tenant_id, token_id);


--
-- Name: setting setting_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (id);


--
-- Name: store store_pkey; Type: CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".store
    ADD CONSTRAINT store_pkey PRIMARY KEY (id);


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
-- Name: authentication_scheme authentication_scheme_is_primary_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.authentication_scheme
    ADD CONSTRAINT authentication_scheme_is_primary_key UNIQUE (is_primary);


--
-- Name: authentication_scheme authentication_scheme_keyword_credential_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.authentication_scheme
    ADD CONSTRAINT authentication_scheme_keyword_credential_key UNIQUE (keyword, credential);


--
-- Name: authentication_scheme authentication_scheme_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.authentication_scheme
    ADD CONSTRAINT authentication_scheme_pkey PRIMARY KEY (scheme);


--
-- Name: client client_hash_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.client
    ADD CONSTRAINT client_hash_key UNIQUE (hash);


--
-- Name: client client_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.client
    ADD CONSTRAINT client_pkey PRIMARY KEY (tenant_id, id);


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
-- Name: endpoint endpoint_name_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.endpoint
    ADD CONSTRAINT endpoint_name_key UNIQUE (name);


--
-- Name: endpoint endpoint_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.endpoint
    ADD CONSTRAINT endpoint_pkey PRIMARY KEY (id);


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
-- Name: policy policy_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (id);


--
-- Name: policy policy_tenant_id_resource_type_kind_name_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.policy
    ADD CONSTRAINT policy_tenant_id_resource_type_kind_name_key UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind, name);


--
-- Name: recovery_code recovery_code_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (tenant_id, resource_id);


--
-- Name: recovery_code recovery_code_tenant_id_name_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.recovery_code
    ADD CONSTRAINT recovery_code_tenant_id_name_key UNIQUE (tenant_id, name);


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
-- Name: setting setting_name_resource_type_tenant_id_token_id_key; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.setting
    ADD CONSTRAINT setting_name_resource_type_tenant_id_token_id_key UNIQUE NULLS NOT DISTINCT (name, resource_type, tenant_id, token_id);


--
-- Name: setting setting_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (id);


--
-- Name: store store_pkey; Type: CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.store
    ADD CONSTRAINT store_pkey PRIMARY KEY (id);


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
-- Name: authentication_scheme_keyword_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE UNIQUE INDEX authentication_scheme_keyword_idx ON "Odd ""Store""".authentication_scheme USING btree (lower(keyword), credential);


--
-- Name: authentication_scheme_scheme_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE UNIQUE INDEX authentication_scheme_scheme_idx ON "Odd ""Store""".authentication_scheme USING btree (lower(scheme));


--
-- Name: client_name_key; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE UNIQUE INDEX client_name_key ON "Odd ""Store""".client USING btree (name) WHERE (revoked_at IS NULL);


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
-- Name: groups_user_name_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX groups_user_name_idx ON "Odd ""Store""".groups USING btree (tenant_id, scim.fold(user_name)) WHERE ((deleted_at IS NULL) AND (user_name IS NOT NULL));


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
-- Name: things_user_name_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX things_user_name_idx ON "Odd ""Store""".things USING btree (tenant_id, scim.fold(user_name)) WHERE ((deleted_at IS NULL) AND (user_name IS NOT NULL));


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
-- Name: users_user_name_idx; Type: INDEX; Schema: Odd "Store"; Owner: store owner
--

CREATE INDEX users_user_name_idx ON "Odd ""Store""".users USING btree (user_name);


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
-- Name: Our "devices"_user_name_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX "Our ""devices""_user_name_idx" ON directory."Our ""devices""" USING btree (tenant_id, scim.fold(user_name)) WHERE ((deleted_at IS NULL) AND (user_name IS NOT NULL));


--
-- Name: audit_resource_id_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX audit_resource_id_idx ON directory.audit USING btree (tenant_id, resource_id, id);


--
-- Name: authentication_scheme_keyword_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE UNIQUE INDEX authentication_scheme_keyword_idx ON directory.authentication_scheme USING btree (lower(keyword), credential);


--
-- Name: authentication_scheme_scheme_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE UNIQUE INDEX authentication_scheme_scheme_idx ON directory.authentication_scheme USING btree (lower(scheme));


--
-- Name: client_name_key; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE UNIQUE INDEX client_name_key ON directory.client USING btree (name) WHERE (revoked_at IS NULL);


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
-- Name: cost_centres_user_name_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX cost_centres_user_name_idx ON directory.cost_centres USING btree (tenant_id, scim.fold(user_name)) WHERE ((deleted_at IS NULL) AND (user_name IS NOT NULL));


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
-- Name: groups_user_name_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX groups_user_name_idx ON directory.groups USING btree (tenant_id, scim.fold(user_name)) WHERE ((deleted_at IS NULL) AND (user_name IS NOT NULL));


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
-- Name: users_user_name_idx; Type: INDEX; Schema: directory; Owner: postgres
--

CREATE INDEX users_user_name_idx ON directory.users USING btree (user_name);


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

CREATE STATISTICS "Odd ""Store""".groups_data_stats ON scim_internal.index_keys(data) FROM "Odd ""Store""".groups;


ALTER STATISTICS "Odd ""Store""".groups_data_stats OWNER TO "store owner";

--
-- Name: groups_display_name_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".groups_display_name_stats ON scim.fold(display_name) FROM "Odd ""Store""".groups;


ALTER STATISTICS "Odd ""Store""".groups_display_name_stats OWNER TO "store owner";

--
-- Name: groups_user_name_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".groups_user_name_stats ON scim.fold(user_name) FROM "Odd ""Store""".groups;


ALTER STATISTICS "Odd ""Store""".groups_user_name_stats OWNER TO "store owner";

--
-- Name: things_data_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".things_data_stats ON scim_internal.index_keys(data) FROM "Odd ""Store""".things;


ALTER STATISTICS "Odd ""Store""".things_data_stats OWNER TO "store owner";

--
-- Name: things_display_name_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".things_display_name_stats ON scim.fold(display_name) FROM "Odd ""Store""".things;


ALTER STATISTICS "Odd ""Store""".things_display_name_stats OWNER TO "store owner";

--
-- Name: things_user_name_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".things_user_name_stats ON scim.fold(user_name) FROM "Odd ""Store""".things;


ALTER STATISTICS "Odd ""Store""".things_user_name_stats OWNER TO "store owner";

--
-- Name: users_data_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".users_data_stats ON scim_internal.index_keys(data) FROM "Odd ""Store""".users;


ALTER STATISTICS "Odd ""Store""".users_data_stats OWNER TO "store owner";

--
-- Name: users_display_name_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".users_display_name_stats ON scim.fold(display_name) FROM "Odd ""Store""".users;


ALTER STATISTICS "Odd ""Store""".users_display_name_stats OWNER TO "store owner";

--
-- Name: users_user_name_stats; Type: STATISTICS; Schema: Odd "Store"; Owner: store owner
--

CREATE STATISTICS "Odd ""Store""".users_user_name_stats ON scim.fold(user_name) FROM "Odd ""Store""".users;


ALTER STATISTICS "Odd ""Store""".users_user_name_stats OWNER TO "store owner";

--
-- Name: Our "devices"_data_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory."Our ""devices""_data_stats" ON scim_internal.index_keys(data) FROM directory."Our ""devices""";


ALTER STATISTICS directory."Our ""devices""_data_stats" OWNER TO postgres;

--
-- Name: Our "devices"_display_name_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory."Our ""devices""_display_name_stats" ON scim.fold(display_name) FROM directory."Our ""devices""";


ALTER STATISTICS directory."Our ""devices""_display_name_stats" OWNER TO postgres;

--
-- Name: Our "devices"_user_name_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory."Our ""devices""_user_name_stats" ON scim.fold(user_name) FROM directory."Our ""devices""";


ALTER STATISTICS directory."Our ""devices""_user_name_stats" OWNER TO postgres;

--
-- Name: cost_centres_data_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.cost_centres_data_stats ON scim_internal.index_keys(data) FROM directory.cost_centres;


ALTER STATISTICS directory.cost_centres_data_stats OWNER TO postgres;

--
-- Name: cost_centres_display_name_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.cost_centres_display_name_stats ON scim.fold(display_name) FROM directory.cost_centres;


ALTER STATISTICS directory.cost_centres_display_name_stats OWNER TO postgres;

--
-- Name: cost_centres_user_name_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.cost_centres_user_name_stats ON scim.fold(user_name) FROM directory.cost_centres;


ALTER STATISTICS directory.cost_centres_user_name_stats OWNER TO postgres;

--
-- Name: groups_data_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.groups_data_stats ON scim_internal.index_keys(data) FROM directory.groups;


ALTER STATISTICS directory.groups_data_stats OWNER TO postgres;

--
-- Name: groups_display_name_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.groups_display_name_stats ON scim.fold(display_name) FROM directory.groups;


ALTER STATISTICS directory.groups_display_name_stats OWNER TO postgres;

--
-- Name: groups_user_name_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.groups_user_name_stats ON scim.fold(user_name) FROM directory.groups;


ALTER STATISTICS directory.groups_user_name_stats OWNER TO postgres;

--
-- Name: ours; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.ours ON user_name, status FROM directory.users;


ALTER STATISTICS directory.ours OWNER TO postgres;

--
-- Name: users_data_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.users_data_stats ON scim_internal.index_keys(data) FROM directory.users;


ALTER STATISTICS directory.users_data_stats OWNER TO postgres;

--
-- Name: users_display_name_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.users_display_name_stats ON scim.fold(display_name) FROM directory.users;


ALTER STATISTICS directory.users_display_name_stats OWNER TO postgres;

--
-- Name: users_user_name_stats; Type: STATISTICS; Schema: directory; Owner: postgres
--

CREATE STATISTICS directory.users_user_name_stats ON scim.fold(user_name) FROM directory.users;


ALTER STATISTICS directory.users_user_name_stats OWNER TO postgres;

--
-- Name: resource 0_scim_record; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER "0_scim_record" AFTER INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_record();


--
-- Name: TRIGGER "0_scim_record" ON resource; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER "0_scim_record" ON "Odd ""Store""".resource IS 'What follows from a write: audit, event, unique values, passwords, memberships; before the AFTER triggers of others.';


--
-- Name: authentication_scheme scim_check; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE CONSTRAINT TRIGGER scim_check AFTER UPDATE ON "Odd ""Store""".authentication_scheme DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();


--
-- Name: TRIGGER scim_check ON authentication_scheme; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_check ON "Odd ""Store""".authentication_scheme IS 'A scheme that changes wants no other secrets than its clients have.';


--
-- Name: client scim_check; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON "Odd ""Store""".client DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();


--
-- Name: TRIGGER scim_check ON client; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_check ON "Odd ""Store""".client IS 'A client has the secrets that its scheme wants.';


--
-- Name: credential scim_check; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON "Odd ""Store""".credential DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();


--
-- Name: TRIGGER scim_check ON credential; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_check ON "Odd ""Store""".credential IS 'A password is that of a resource which is there.';


--
-- Name: recovery_code scim_check; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON "Odd ""Store""".recovery_code DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();


--
-- Name: TRIGGER scim_check ON recovery_code; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_check ON "Odd ""Store""".recovery_code IS 'A code is that of a resource which is there.';


--
-- Name: setting scim_check; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON "Odd ""Store""".setting DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_setting();


--
-- Name: TRIGGER scim_check ON setting; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_check ON "Odd ""Store""".setting IS 'A setting for a token or client is for one that is there.';


--
-- Name: tenant scim_check; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_check AFTER DELETE OR UPDATE ON "Odd ""Store""".tenant FOR EACH ROW EXECUTE FUNCTION scim_internal.check_tenant();


--
-- Name: TRIGGER scim_check ON tenant; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_check ON "Odd ""Store""".tenant IS 'Who has resources is neither removed nor renumbered.';


--
-- Name: unique_value scim_check; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR DELETE OR UPDATE ON "Odd ""Store""".unique_value DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_unique_value();


--
-- Name: TRIGGER scim_check ON unique_value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_check ON "Odd ""Store""".unique_value IS 'Its rows are what the resources that are there have, all of it and no more.';


--
-- Name: endpoint scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON "Odd ""Store""".endpoint FOR EACH ROW EXECUTE FUNCTION scim_internal.endpoint_door();


--
-- Name: TRIGGER scim_door ON endpoint; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_door ON "Odd ""Store""".endpoint IS 'Writes methods in upper case, and a name where there is none.';


--
-- Name: member scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE UPDATE ON "Odd ""Store""".member FOR EACH ROW EXECUTE FUNCTION scim_internal.member_door();


--
-- Name: TRIGGER scim_door ON member; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_door ON "Odd ""Store""".member IS 'Memberships are added and removed, never changed in place.';


--
-- Name: policy scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON "Odd ""Store""".policy FOR EACH ROW EXECUTE FUNCTION scim_internal.policy_door();


--
-- Name: TRIGGER scim_door ON policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_door ON "Odd ""Store""".policy IS 'Refuses a kind that there is not, and gives a policy without a name that of its kind.';


--
-- Name: resource scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door();


--
-- Name: TRIGGER scim_door ON resource; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_door ON "Odd ""Store""".resource IS 'The one door for every write: canonical form, schemas, policies, key columns, version.';


--
-- Name: resource_type scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource_type FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_door();


--
-- Name: TRIGGER scim_door ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_door ON "Odd ""Store""".resource_type IS 'Checks the document by RFC 7643 sections 6 and 7, and completes it.';


--
-- Name: schema scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".schema FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_door();


--
-- Name: TRIGGER scim_door ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_door ON "Odd ""Store""".schema IS 'Checks the document by RFC 7643 sections 6 and 7, and completes it.';


--
-- Name: setting scim_door; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON "Odd ""Store""".setting FOR EACH ROW EXECUTE FUNCTION scim_internal.setting_door();


--
-- Name: TRIGGER scim_door ON setting; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_door ON "Odd ""Store""".setting IS 'Refuses what is no setting, and values that one cannot have.';


--
-- Name: client scim_gone; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_gone AFTER DELETE OR UPDATE ON "Odd ""Store""".client FOR EACH ROW EXECUTE FUNCTION scim_internal.token_gone();


--
-- Name: TRIGGER scim_gone ON client; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_gone ON "Odd ""Store""".client IS 'Settings of a client that is deleted go with it.';


--
-- Name: token scim_gone; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_gone AFTER DELETE OR UPDATE ON "Odd ""Store""".token FOR EACH ROW EXECUTE FUNCTION scim_internal.token_gone();


--
-- Name: TRIGGER scim_gone ON token; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_gone ON "Odd ""Store""".token IS 'Settings of a token that is deleted go with it.';


--
-- Name: endpoint scim_lock; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE ON "Odd ""Store""".endpoint FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();


--
-- Name: TRIGGER scim_lock ON endpoint; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_lock ON "Odd ""Store""".endpoint IS 'Lets one session at a time write what the store is configured to be, so that no two endpoints share a path.';


--
-- Name: policy scim_lock; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".policy FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();


--
-- Name: TRIGGER scim_lock ON policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_lock ON "Odd ""Store""".policy IS 'Lets one session at a time write what the store is configured to be.';


--
-- Name: resource_type scim_lock; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();


--
-- Name: TRIGGER scim_lock ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_lock ON "Odd ""Store""".resource_type IS 'Only the owner of the store changes this, and nobody writes resources meanwhile.';


--
-- Name: schema scim_lock; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();


--
-- Name: TRIGGER scim_lock ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_lock ON "Odd ""Store""".schema IS 'Only the owner of the store changes this, and nobody writes resources meanwhile.';


--
-- Name: setting scim_lock; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE ON "Odd ""Store""".setting FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();


--
-- Name: TRIGGER scim_lock ON setting; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_lock ON "Odd ""Store""".setting IS 'Lets one session at a time write what the store is configured to be.';


--
-- Name: resource_type scim_record; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_record AFTER INSERT OR DELETE ON "Odd ""Store""".resource_type FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_record();


--
-- Name: TRIGGER scim_record ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_record ON "Odd ""Store""".resource_type IS 'Makes the partition of a new resource type, and drops that of one that is gone.';


--
-- Name: member scim_record_delete; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_record_delete AFTER DELETE ON "Odd ""Store""".member REFERENCING OLD TABLE AS changed_member FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.member_record();


--
-- Name: TRIGGER scim_record_delete ON member; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_record_delete ON "Odd ""Store""".member IS 'Version and audit of the groups that lost members.';


--
-- Name: member scim_record_insert; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_record_insert AFTER INSERT ON "Odd ""Store""".member REFERENCING NEW TABLE AS changed_member FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.member_record();


--
-- Name: TRIGGER scim_record_insert ON member; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_record_insert ON "Odd ""Store""".member IS 'Version and audit of the groups that got members.';


--
-- Name: authentication_scheme scim_registry; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON "Odd ""Store""".authentication_scheme FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry ON authentication_scheme; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry ON "Odd ""Store""".authentication_scheme IS 'Makes every session read the ways of authentication anew, once they are committed.';


--
-- Name: policy scim_registry; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry AFTER TRUNCATE ON "Odd ""Store""".policy FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry ON policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry ON "Odd ""Store""".policy IS 'Makes every session read the policies anew, once they are committed.';


--
-- Name: setting scim_registry; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON "Odd ""Store""".setting FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry ON setting; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry ON "Odd ""Store""".setting IS 'Makes every session read the settings anew, once they are committed.';


--
-- Name: store scim_registry; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON "Odd ""Store""".store FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry ON store; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry ON "Odd ""Store""".store IS 'Makes every session look again which version the store is of.';


--
-- Name: policy scim_registry_delete; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON "Odd ""Store""".policy REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_delete ON policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_delete ON "Odd ""Store""".policy IS 'The same; what was unique by one that is gone is so no more.';


--
-- Name: resource_type scim_registry_delete; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON "Odd ""Store""".resource_type REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_delete ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_delete ON "Odd ""Store""".resource_type IS 'The same after a removal, by which stored resources must stay valid.';


--
-- Name: schema scim_registry_delete; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON "Odd ""Store""".schema REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_delete ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_delete ON "Odd ""Store""".schema IS 'The same after a removal, by which stored resources must stay valid.';


--
-- Name: policy scim_registry_insert; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON "Odd ""Store""".policy REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_insert ON policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_insert ON "Odd ""Store""".policy IS 'Checks new policies, and makes every session read them.';


--
-- Name: resource_type scim_registry_insert; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON "Odd ""Store""".resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_insert ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_insert ON "Odd ""Store""".resource_type IS 'Checks that the registry holds together, and makes every session read it anew.';


--
-- Name: schema scim_registry_insert; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON "Odd ""Store""".schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_insert ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_insert ON "Odd ""Store""".schema IS 'Checks that the registry holds together, and makes every session read it anew.';


--
-- Name: policy scim_registry_update; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON "Odd ""Store""".policy REFERENCING OLD TABLE AS was NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_update ON policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_update ON "Odd ""Store""".policy IS 'Checks changed policies, and makes every session read them.';


--
-- Name: resource_type scim_registry_update; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON "Odd ""Store""".resource_type REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_update ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_update ON "Odd ""Store""".resource_type IS 'The same after a change, by which stored resources must stay valid.';


--
-- Name: schema scim_registry_update; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON "Odd ""Store""".schema REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_update ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_registry_update ON "Odd ""Store""".schema IS 'The same after a change, by which stored resources must stay valid.';


--
-- Name: endpoint scim_served; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_served AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON "Odd ""Store""".endpoint FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();


--
-- Name: TRIGGER scim_served ON endpoint; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_served ON "Odd ""Store""".endpoint IS 'Refuses endpoints that cannot work, and makes every session read them anew, once they are committed.';


--
-- Name: resource_type scim_served; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_served AFTER INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();


--
-- Name: TRIGGER scim_served ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_served ON "Odd ""Store""".resource_type IS 'Refuses a change that would leave an endpoint without what it names.';


--
-- Name: schema scim_served; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_served AFTER INSERT OR DELETE OR UPDATE ON "Odd ""Store""".schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();


--
-- Name: TRIGGER scim_served ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_served ON "Odd ""Store""".schema IS 'Refuses a change that would leave an endpoint without what it names.';


--
-- Name: resource_type scim_served_before; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_served_before BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();


--
-- Name: TRIGGER scim_served_before ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_served_before ON "Odd ""Store""".resource_type IS 'Notes which endpoints do not work already.';


--
-- Name: schema scim_served_before; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_served_before BEFORE INSERT OR DELETE OR UPDATE ON "Odd ""Store""".schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();


--
-- Name: TRIGGER scim_served_before ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_served_before ON "Odd ""Store""".schema IS 'Notes which endpoints do not work already.';


--
-- Name: groups scim_settle; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON "Odd ""Store""".groups FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON groups; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_settle ON "Odd ""Store""".groups IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: resource scim_settle; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON "Odd ""Store""".resource FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON resource; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_settle ON "Odd ""Store""".resource IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: things scim_settle; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON "Odd ""Store""".things FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON things; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_settle ON "Odd ""Store""".things IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: users scim_settle; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON "Odd ""Store""".users FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON users; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_settle ON "Odd ""Store""".users IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: groups scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".groups FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON groups; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_truncate ON "Odd ""Store""".groups IS 'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.';


--
-- Name: member scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".member FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON member; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_truncate ON "Odd ""Store""".member IS 'Refuses TRUNCATE, which would pass by versions and audit.';


--
-- Name: resource_type scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_truncate ON "Odd ""Store""".resource_type IS 'Refuses TRUNCATE, which would leave resources without their schemas.';


--
-- Name: schema scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_truncate ON "Odd ""Store""".schema IS 'Refuses TRUNCATE, which would leave resources without their schemas.';


--
-- Name: tenant scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".tenant FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON tenant; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_truncate ON "Odd ""Store""".tenant IS 'Refuses TRUNCATE, which would leave resources without their tenants.';


--
-- Name: things scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".things FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON things; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_truncate ON "Odd ""Store""".things IS 'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.';


--
-- Name: unique_value scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".unique_value FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON unique_value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_truncate ON "Odd ""Store""".unique_value IS 'Refuses TRUNCATE, after which a second resource could have what the first has.';


--
-- Name: users scim_truncate; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON "Odd ""Store""".users FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON users; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_truncate ON "Odd ""Store""".users IS 'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.';


--
-- Name: member scim_value; Type: TRIGGER; Schema: Odd "Store"; Owner: store owner
--

CREATE TRIGGER scim_value BEFORE INSERT ON "Odd ""Store""".member FOR EACH ROW WHEN ((new.value IS NOT NULL)) EXECUTE FUNCTION scim_internal.member_value();


--
-- Name: TRIGGER scim_value ON member; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON TRIGGER scim_value ON "Odd ""Store""".member IS 'A reference that is an id is that of the member, and no value.';


--
-- Name: resource 0_scim_record; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER "0_scim_record" AFTER INSERT OR DELETE OR UPDATE ON directory.resource FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_record();


--
-- Name: TRIGGER "0_scim_record" ON resource; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER "0_scim_record" ON directory.resource IS 'What follows from a write: audit, event, unique values, passwords, memberships; before the AFTER triggers of others.';


--
-- Name: authentication_scheme scim_check; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE CONSTRAINT TRIGGER scim_check AFTER UPDATE ON directory.authentication_scheme DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();


--
-- Name: TRIGGER scim_check ON authentication_scheme; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_check ON directory.authentication_scheme IS 'A scheme that changes wants no other secrets than its clients have.';


--
-- Name: client scim_check; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON directory.client DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();


--
-- Name: TRIGGER scim_check ON client; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_check ON directory.client IS 'A client has the secrets that its scheme wants.';


--
-- Name: credential scim_check; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON directory.credential DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();


--
-- Name: TRIGGER scim_check ON credential; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_check ON directory.credential IS 'A password is that of a resource which is there.';


--
-- Name: recovery_code scim_check; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON directory.recovery_code DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();


--
-- Name: TRIGGER scim_check ON recovery_code; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_check ON directory.recovery_code IS 'A code is that of a resource which is there.';


--
-- Name: setting scim_check; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON directory.setting DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_setting();


--
-- Name: TRIGGER scim_check ON setting; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_check ON directory.setting IS 'A setting for a token or client is for one that is there.';


--
-- Name: tenant scim_check; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_check AFTER DELETE OR UPDATE ON directory.tenant FOR EACH ROW EXECUTE FUNCTION scim_internal.check_tenant();


--
-- Name: TRIGGER scim_check ON tenant; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_check ON directory.tenant IS 'Who has resources is neither removed nor renumbered.';


--
-- Name: unique_value scim_check; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR DELETE OR UPDATE ON directory.unique_value DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_unique_value();


--
-- Name: TRIGGER scim_check ON unique_value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_check ON directory.unique_value IS 'Its rows are what the resources that are there have, all of it and no more.';


--
-- Name: endpoint scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON directory.endpoint FOR EACH ROW EXECUTE FUNCTION scim_internal.endpoint_door();


--
-- Name: TRIGGER scim_door ON endpoint; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_door ON directory.endpoint IS 'Writes methods in upper case, and a name where there is none.';


--
-- Name: member scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE UPDATE ON directory.member FOR EACH ROW EXECUTE FUNCTION scim_internal.member_door();


--
-- Name: TRIGGER scim_door ON member; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_door ON directory.member IS 'Memberships are added and removed, never changed in place.';


--
-- Name: policy scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON directory.policy FOR EACH ROW EXECUTE FUNCTION scim_internal.policy_door();


--
-- Name: TRIGGER scim_door ON policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_door ON directory.policy IS 'Refuses a kind that there is not, and gives a policy without a name that of its kind.';


--
-- Name: resource scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON directory.resource FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door();


--
-- Name: TRIGGER scim_door ON resource; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_door ON directory.resource IS 'The one door for every write: canonical form, schemas, policies, key columns, version.';


--
-- Name: resource_type scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON directory.resource_type FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_door();


--
-- Name: TRIGGER scim_door ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_door ON directory.resource_type IS 'Checks the document by RFC 7643 sections 6 and 7, and completes it.';


--
-- Name: schema scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR DELETE OR UPDATE ON directory.schema FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_door();


--
-- Name: TRIGGER scim_door ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_door ON directory.schema IS 'Checks the document by RFC 7643 sections 6 and 7, and completes it.';


--
-- Name: setting scim_door; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON directory.setting FOR EACH ROW EXECUTE FUNCTION scim_internal.setting_door();


--
-- Name: TRIGGER scim_door ON setting; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_door ON directory.setting IS 'Refuses what is no setting, and values that one cannot have.';


--
-- Name: client scim_gone; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_gone AFTER DELETE OR UPDATE ON directory.client FOR EACH ROW EXECUTE FUNCTION scim_internal.token_gone();


--
-- Name: TRIGGER scim_gone ON client; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_gone ON directory.client IS 'Settings of a client that is deleted go with it.';


--
-- Name: token scim_gone; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_gone AFTER DELETE OR UPDATE ON directory.token FOR EACH ROW EXECUTE FUNCTION scim_internal.token_gone();


--
-- Name: TRIGGER scim_gone ON token; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_gone ON directory.token IS 'Settings of a token that is deleted go with it.';


--
-- Name: endpoint scim_lock; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE ON directory.endpoint FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();


--
-- Name: TRIGGER scim_lock ON endpoint; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_lock ON directory.endpoint IS 'Lets one session at a time write what the store is configured to be, so that no two endpoints share a path.';


--
-- Name: policy scim_lock; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON directory.policy FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();


--
-- Name: TRIGGER scim_lock ON policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_lock ON directory.policy IS 'Lets one session at a time write what the store is configured to be.';


--
-- Name: resource_type scim_lock; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON directory.resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();


--
-- Name: TRIGGER scim_lock ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_lock ON directory.resource_type IS 'Only the owner of the store changes this, and nobody writes resources meanwhile.';


--
-- Name: schema scim_lock; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_lock BEFORE INSERT OR DELETE OR UPDATE ON directory.schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();


--
-- Name: TRIGGER scim_lock ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_lock ON directory.schema IS 'Only the owner of the store changes this, and nobody writes resources meanwhile.';


--
-- Name: setting scim_lock; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE ON directory.setting FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();


--
-- Name: TRIGGER scim_lock ON setting; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_lock ON directory.setting IS 'Lets one session at a time write what the store is configured to be.';


--
-- Name: resource_type scim_record; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_record AFTER INSERT OR DELETE ON directory.resource_type FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_record();


--
-- Name: TRIGGER scim_record ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_record ON directory.resource_type IS 'Makes the partition of a new resource type, and drops that of one that is gone.';


--
-- Name: member scim_record_delete; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_record_delete AFTER DELETE ON directory.member REFERENCING OLD TABLE AS changed_member FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.member_record();


--
-- Name: TRIGGER scim_record_delete ON member; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_record_delete ON directory.member IS 'Version and audit of the groups that lost members.';


--
-- Name: member scim_record_insert; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_record_insert AFTER INSERT ON directory.member REFERENCING NEW TABLE AS changed_member FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.member_record();


--
-- Name: TRIGGER scim_record_insert ON member; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_record_insert ON directory.member IS 'Version and audit of the groups that got members.';


--
-- Name: authentication_scheme scim_registry; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON directory.authentication_scheme FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry ON authentication_scheme; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry ON directory.authentication_scheme IS 'Makes every session read the ways of authentication anew, once they are committed.';


--
-- Name: policy scim_registry; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry AFTER TRUNCATE ON directory.policy FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry ON policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry ON directory.policy IS 'Makes every session read the policies anew, once they are committed.';


--
-- Name: setting scim_registry; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON directory.setting FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry ON setting; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry ON directory.setting IS 'Makes every session read the settings anew, once they are committed.';


--
-- Name: store scim_registry; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON directory.store FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry ON store; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry ON directory.store IS 'Makes every session look again which version the store is of.';


--
-- Name: policy scim_registry_delete; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON directory.policy REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_delete ON policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_delete ON directory.policy IS 'The same; what was unique by one that is gone is so no more.';


--
-- Name: resource_type scim_registry_delete; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON directory.resource_type REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_delete ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_delete ON directory.resource_type IS 'The same after a removal, by which stored resources must stay valid.';


--
-- Name: schema scim_registry_delete; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_delete AFTER DELETE ON directory.schema REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_delete ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_delete ON directory.schema IS 'The same after a removal, by which stored resources must stay valid.';


--
-- Name: policy scim_registry_insert; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON directory.policy REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_insert ON policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_insert ON directory.policy IS 'Checks new policies, and makes every session read them.';


--
-- Name: resource_type scim_registry_insert; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON directory.resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_insert ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_insert ON directory.resource_type IS 'Checks that the registry holds together, and makes every session read it anew.';


--
-- Name: schema scim_registry_insert; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_insert AFTER INSERT ON directory.schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_insert ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_insert ON directory.schema IS 'Checks that the registry holds together, and makes every session read it anew.';


--
-- Name: policy scim_registry_update; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON directory.policy REFERENCING OLD TABLE AS was NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_update ON policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_update ON directory.policy IS 'Checks changed policies, and makes every session read them.';


--
-- Name: resource_type scim_registry_update; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON directory.resource_type REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_update ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_update ON directory.resource_type IS 'The same after a change, by which stored resources must stay valid.';


--
-- Name: schema scim_registry_update; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_registry_update AFTER UPDATE ON directory.schema REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();


--
-- Name: TRIGGER scim_registry_update ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_registry_update ON directory.schema IS 'The same after a change, by which stored resources must stay valid.';


--
-- Name: endpoint scim_served; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_served AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON directory.endpoint FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();


--
-- Name: TRIGGER scim_served ON endpoint; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_served ON directory.endpoint IS 'Refuses endpoints that cannot work, and makes every session read them anew, once they are committed.';


--
-- Name: resource_type scim_served; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_served AFTER INSERT OR DELETE OR UPDATE ON directory.resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();


--
-- Name: TRIGGER scim_served ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_served ON directory.resource_type IS 'Refuses a change that would leave an endpoint without what it names.';


--
-- Name: schema scim_served; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_served AFTER INSERT OR DELETE OR UPDATE ON directory.schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();


--
-- Name: TRIGGER scim_served ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_served ON directory.schema IS 'Refuses a change that would leave an endpoint without what it names.';


--
-- Name: resource_type scim_served_before; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_served_before BEFORE INSERT OR DELETE OR UPDATE ON directory.resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();


--
-- Name: TRIGGER scim_served_before ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_served_before ON directory.resource_type IS 'Notes which endpoints do not work already.';


--
-- Name: schema scim_served_before; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_served_before BEFORE INSERT OR DELETE OR UPDATE ON directory.schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();


--
-- Name: TRIGGER scim_served_before ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_served_before ON directory.schema IS 'Notes which endpoints do not work already.';


--
-- Name: Our "devices" scim_settle; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON directory."Our ""devices""" FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON "Our ""devices"""; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_settle ON directory."Our ""devices""" IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: cost_centres scim_settle; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON directory.cost_centres FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON cost_centres; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_settle ON directory.cost_centres IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: groups scim_settle; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON directory.groups FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON groups; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_settle ON directory.groups IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: resource scim_settle; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON directory.resource FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON resource; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_settle ON directory.resource IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: users scim_settle; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_settle AFTER DELETE OR UPDATE ON directory.users FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();


--
-- Name: TRIGGER scim_settle ON users; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_settle ON directory.users IS 'What follows for others from those who have gone: references to them, memberships.';


--
-- Name: Our "devices" scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory."Our ""devices""" FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON "Our ""devices"""; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory."Our ""devices""" IS 'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.';


--
-- Name: cost_centres scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.cost_centres FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON cost_centres; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory.cost_centres IS 'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.';


--
-- Name: groups scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.groups FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON groups; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory.groups IS 'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.';


--
-- Name: member scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.member FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON member; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory.member IS 'Refuses TRUNCATE, which would pass by versions and audit.';


--
-- Name: resource_type scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.resource_type FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory.resource_type IS 'Refuses TRUNCATE, which would leave resources without their schemas.';


--
-- Name: schema scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.schema FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory.schema IS 'Refuses TRUNCATE, which would leave resources without their schemas.';


--
-- Name: tenant scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.tenant FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON tenant; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory.tenant IS 'Refuses TRUNCATE, which would leave resources without their tenants.';


--
-- Name: unique_value scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.unique_value FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON unique_value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory.unique_value IS 'Refuses TRUNCATE, after which a second resource could have what the first has.';


--
-- Name: users scim_truncate; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON directory.users FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_truncate();


--
-- Name: TRIGGER scim_truncate ON users; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_truncate ON directory.users IS 'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.';


--
-- Name: member scim_value; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER scim_value BEFORE INSERT ON directory.member FOR EACH ROW WHEN ((new.value IS NOT NULL)) EXECUTE FUNCTION scim_internal.member_value();


--
-- Name: TRIGGER scim_value ON member; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON TRIGGER scim_value ON directory.member IS 'A reference that is an id is that of the member, and no value.';


--
-- Name: users z_note; Type: TRIGGER; Schema: directory; Owner: postgres
--

CREATE TRIGGER z_note AFTER INSERT ON directory.users FOR EACH ROW EXECUTE FUNCTION app.note();


--
-- Name: client client_scheme_fkey; Type: FK CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".client
    ADD CONSTRAINT client_scheme_fkey FOREIGN KEY (scheme) REFERENCES "Odd ""Store""".authentication_scheme(scheme) ON UPDATE CASCADE;


--
-- Name: client client_tenant_id_fkey; Type: FK CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".client
    ADD CONSTRAINT client_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES "Odd ""Store""".tenant(tenant_id);


--
-- Name: policy policy_tenant_id_fkey; Type: FK CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".policy
    ADD CONSTRAINT policy_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES "Odd ""Store""".tenant(tenant_id);


--
-- Name: setting setting_tenant_id_fkey; Type: FK CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".setting
    ADD CONSTRAINT setting_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES "Odd ""Store""".tenant(tenant_id);


--
-- Name: token token_tenant_id_fkey; Type: FK CONSTRAINT; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE ONLY "Odd ""Store""".token
    ADD CONSTRAINT token_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES "Odd ""Store""".tenant(tenant_id);


--
-- Name: laptop laptop_tenant_id_owner_resource_type_fkey; Type: FK CONSTRAINT; Schema: app; Owner: postgres
--

ALTER TABLE ONLY app.laptop
    ADD CONSTRAINT laptop_tenant_id_owner_resource_type_fkey FOREIGN KEY (tenant_id, owner, resource_type) REFERENCES directory.resource(tenant_id, id, resource_type);


--
-- Name: client client_scheme_fkey; Type: FK CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.client
    ADD CONSTRAINT client_scheme_fkey FOREIGN KEY (scheme) REFERENCES directory.authentication_scheme(scheme) ON UPDATE CASCADE;


--
-- Name: client client_tenant_id_fkey; Type: FK CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.client
    ADD CONSTRAINT client_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES directory.tenant(tenant_id);


--
-- Name: policy policy_tenant_id_fkey; Type: FK CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.policy
    ADD CONSTRAINT policy_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES directory.tenant(tenant_id);


--
-- Name: setting setting_tenant_id_fkey; Type: FK CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.setting
    ADD CONSTRAINT setting_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES directory.tenant(tenant_id);


--
-- Name: token token_tenant_id_fkey; Type: FK CONSTRAINT; Schema: directory; Owner: postgres
--

ALTER TABLE ONLY directory.token
    ADD CONSTRAINT token_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES directory.tenant(tenant_id);


--
-- Name: audit; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".audit ENABLE ROW LEVEL SECURITY;

--
-- Name: authentication_scheme; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".authentication_scheme ENABLE ROW LEVEL SECURITY;

--
-- Name: client; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".client ENABLE ROW LEVEL SECURITY;

--
-- Name: credential; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".credential ENABLE ROW LEVEL SECURITY;

--
-- Name: endpoint; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".endpoint ENABLE ROW LEVEL SECURITY;

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
-- Name: recovery_code; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".recovery_code ENABLE ROW LEVEL SECURITY;

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
-- Name: event sent; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY sent ON "Odd ""Store""".event FOR DELETE USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY sent ON event; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY sent ON "Odd ""Store""".event IS 'Whoever has sent events of his tenant may delete them.';


--
-- Name: setting; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".setting ENABLE ROW LEVEL SECURITY;

--
-- Name: store; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".store ENABLE ROW LEVEL SECURITY;

--
-- Name: authentication_scheme store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".authentication_scheme FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON authentication_scheme; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY store_wide ON "Odd ""Store""".authentication_scheme IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: endpoint store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".endpoint FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON endpoint; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY store_wide ON "Odd ""Store""".endpoint IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: policy store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".policy FOR SELECT USING ((tenant_id IS NULL));


--
-- Name: POLICY store_wide ON policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY store_wide ON "Odd ""Store""".policy IS 'What holds for all tenants may be read by all of them.';


--
-- Name: resource_type store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".resource_type FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON resource_type; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY store_wide ON "Odd ""Store""".resource_type IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: schema store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".schema FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON schema; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY store_wide ON "Odd ""Store""".schema IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: setting store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".setting FOR SELECT USING ((tenant_id IS NULL));


--
-- Name: POLICY store_wide ON setting; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY store_wide ON "Odd ""Store""".setting IS 'What holds for all tenants may be read by all of them.';


--
-- Name: store store_wide; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY store_wide ON "Odd ""Store""".store FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON store; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY store_wide ON "Odd ""Store""".store IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: audit tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".audit FOR SELECT USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON audit; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".audit IS 'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one only; the store writes them.';


--
-- Name: client tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".client USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON client; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".client IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: credential tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".credential USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON credential; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".credential IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: event tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".event FOR SELECT USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON event; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".event IS 'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one only; the store writes them.';


--
-- Name: groups tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".groups USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON groups; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".groups IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: member tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".member USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON member; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".member IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: policy tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".policy USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON policy; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".policy IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: recovery_code tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".recovery_code FOR SELECT USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON recovery_code; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".recovery_code IS 'Whoever acts for a tenant, by scim.tenant(), sees whose codes there are; only the owner writes them.';


--
-- Name: resource tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".resource USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON resource; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".resource IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: setting tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".setting USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON setting; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".setting IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: tenant; Type: ROW SECURITY; Schema: Odd "Store"; Owner: store owner
--

ALTER TABLE "Odd ""Store""".tenant ENABLE ROW LEVEL SECURITY;

--
-- Name: tenant tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".tenant USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON tenant; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".tenant IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: things tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".things USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON things; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".things IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: token tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".token USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON token; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".token IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: unique_value tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".unique_value USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON unique_value; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".unique_value IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: users tenant; Type: POLICY; Schema: Odd "Store"; Owner: store owner
--

CREATE POLICY tenant ON "Odd ""Store""".users USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON users; Type: COMMENT; Schema: Odd "Store"; Owner: store owner
--

COMMENT ON POLICY tenant ON "Odd ""Store""".users IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


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
-- Name: authentication_scheme; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.authentication_scheme ENABLE ROW LEVEL SECURITY;

--
-- Name: client; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.client ENABLE ROW LEVEL SECURITY;

--
-- Name: cost_centres; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.cost_centres ENABLE ROW LEVEL SECURITY;

--
-- Name: credential; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.credential ENABLE ROW LEVEL SECURITY;

--
-- Name: endpoint; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.endpoint ENABLE ROW LEVEL SECURITY;

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
-- Name: recovery_code; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.recovery_code ENABLE ROW LEVEL SECURITY;

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
-- Name: event sent; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY sent ON directory.event FOR DELETE USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY sent ON event; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY sent ON directory.event IS 'Whoever has sent events of his tenant may delete them.';


--
-- Name: setting; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.setting ENABLE ROW LEVEL SECURITY;

--
-- Name: store; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.store ENABLE ROW LEVEL SECURITY;

--
-- Name: authentication_scheme store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.authentication_scheme FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON authentication_scheme; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY store_wide ON directory.authentication_scheme IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: endpoint store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.endpoint FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON endpoint; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY store_wide ON directory.endpoint IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: policy store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.policy FOR SELECT USING ((tenant_id IS NULL));


--
-- Name: POLICY store_wide ON policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY store_wide ON directory.policy IS 'What holds for all tenants may be read by all of them.';


--
-- Name: resource_type store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.resource_type FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON resource_type; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY store_wide ON directory.resource_type IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: schema store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.schema FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON schema; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY store_wide ON directory.schema IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: setting store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.setting FOR SELECT USING ((tenant_id IS NULL));


--
-- Name: POLICY store_wide ON setting; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY store_wide ON directory.setting IS 'What holds for all tenants may be read by all of them.';


--
-- Name: store store_wide; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY store_wide ON directory.store FOR SELECT USING (true);


--
-- Name: POLICY store_wide ON store; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY store_wide ON directory.store IS 'The same for every tenant: all may read it, only the owner changes it.';


--
-- Name: Our "devices" tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory."Our ""devices""" USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON "Our ""devices"""; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory."Our ""devices""" IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: audit tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.audit FOR SELECT USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON audit; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.audit IS 'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one only; the store writes them.';


--
-- Name: client tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.client USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON client; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.client IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: cost_centres tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.cost_centres USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON cost_centres; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.cost_centres IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: credential tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.credential USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON credential; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.credential IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: event tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.event FOR SELECT USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON event; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.event IS 'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one only; the store writes them.';


--
-- Name: groups tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.groups USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON groups; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.groups IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: member tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.member USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON member; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.member IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: policy tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.policy USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON policy; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.policy IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: recovery_code tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.recovery_code FOR SELECT USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON recovery_code; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.recovery_code IS 'Whoever acts for a tenant, by scim.tenant(), sees whose codes there are; only the owner writes them.';


--
-- Name: resource tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.resource USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON resource; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.resource IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: setting tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.setting USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON setting; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.setting IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: tenant; Type: ROW SECURITY; Schema: directory; Owner: postgres
--

ALTER TABLE directory.tenant ENABLE ROW LEVEL SECURITY;

--
-- Name: tenant tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.tenant USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON tenant; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.tenant IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: token tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.token USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON token; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.token IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: unique_value tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.unique_value USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON unique_value; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.unique_value IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


--
-- Name: users tenant; Type: POLICY; Schema: directory; Owner: postgres
--

CREATE POLICY tenant ON directory.users USING ((tenant_id = scim.tenant()));


--
-- Name: POLICY tenant ON users; Type: COMMENT; Schema: directory; Owner: postgres
--

COMMENT ON POLICY tenant ON directory.users IS 'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.';


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
-- Name: FUNCTION create_token(description text, expires_at timestamp with time zone); Type: ACL; Schema: scim; Owner: postgres
--

GRANT ALL ON FUNCTION scim.create_token(description text, expires_at timestamp with time zone) TO app;


--
-- Name: FUNCTION gateway(headers json, body bytea); Type: ACL; Schema: scim; Owner: postgres
--

GRANT ALL ON FUNCTION scim.gateway(headers json, body bytea) TO scim_anon;
GRANT ALL ON FUNCTION scim.gateway(headers json, body bytea) TO scim_client;


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
-- Name: COLUMN credential.tenant_id; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT(tenant_id) ON TABLE directory.credential TO scim_client;


--
-- Name: COLUMN credential.resource_id; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT(resource_id) ON TABLE directory.credential TO scim_client;


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
-- Name: COLUMN recovery_code.tenant_id; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT(tenant_id) ON TABLE directory.recovery_code TO scim_client;


--
-- Name: COLUMN recovery_code.resource_id; Type: ACL; Schema: directory; Owner: postgres
--

GRANT SELECT(resource_id) ON TABLE directory.recovery_code TO scim_client;


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


