-- Clients: who may authenticate by a name, or with a second secret beside the first.

CREATE FUNCTION scim.create_client(name text, scheme text DEFAULT 'Basic', password text DEFAULT NULL,
        expires_at timestamptz DEFAULT NULL, scopes text[] DEFAULT NULL,
        OUT id uuid, OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_create_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_client(text, text, text, timestamptz, text[]) IS
'Makes a client of the current tenant of the current store, which authenticates by one of the store''s schemes, and returns its secrets: they cannot be read again. secret is made where no password is given; second_secret belongs into the header that the scheme names, and is null where it names none. expires_at NULL: valid until revoked. scopes: what the client may do, as {read,User}; NULL: everything (doc/security.md). Errors: SC403 where the tenant is not there; 22023 for a scheme that the store does not accept, for a password where the scheme wants a random secret, for an expiry in the past and for what is no scope; 23505 where a client of that name is there, or 40001 in a transaction of REPEATABLE READ or SERIALIZABLE that does not see it.';
REVOKE ALL ON FUNCTION scim.create_client(text, text, text, timestamptz, text[]) FROM PUBLIC;

CREATE FUNCTION scim.create_oauth_client(name text, jwks jsonb DEFAULT NULL, jwks_uri text DEFAULT NULL,
        expires_at timestamptz DEFAULT NULL, scopes text[] DEFAULT NULL,
        OUT id uuid, OUT secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_create_oauth_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_oauth_client(text, jsonb, text, timestamptz, text[]) IS
'Makes a client of the current tenant of the current store, which fetches access tokens at /.oauth/token (RFC 6749) with name for its client_id. With jwks, a JWK Set of public keys (RFC 7517), or with jwks_uri, an https address where scim-relay fetches that, it signs who it is (private_key_jwt, RFC 7523); without, a secret is made and returned, which cannot be read again. expires_at and scopes are as in scim.create_client. Errors: SC403 where the tenant is not there; 22023 where the store has no scheme for access tokens, for what is no key set and no such address, for an expiry in the past and for what is no scope; 23505 where a client of that name is there, or 40001 in a transaction of REPEATABLE READ or SERIALIZABLE that does not see it.';
REVOKE ALL ON FUNCTION scim.create_oauth_client(text, jsonb, text, timestamptz, text[]) FROM PUBLIC;

CREATE FUNCTION scim.set_client_keys(id uuid, jwks jsonb DEFAULT NULL, jwks_uri text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_set_client_keys'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.set_client_keys(uuid, jsonb, text) IS
'From now on a client of the current tenant that fetches access tokens signs who it is by these keys, a JWK Set, or by those that scim-relay fetches from jwks_uri, in place of a secret or of other keys. Access tokens that it has stay good. Errors: SC404 where there is none with that id that is still good, 22023 for what is no key set and no https address, where neither is given, and for a client of another scheme.';

CREATE FUNCTION scim.set_client_keys(id text, jwks jsonb DEFAULT NULL, jwks_uri text DEFAULT NULL)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_set_client_keys'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.set_client_keys(text, jsonb, text) IS
'Keys of a client of the current tenant that fetches access tokens: as scim.set_client_keys(uuid, jsonb, text), with the id as a text.';
REVOKE ALL ON FUNCTION scim.set_client_keys(uuid, jsonb, text), scim.set_client_keys(text, jsonb, text) FROM PUBLIC;

-- For the relay, which fetches keys of clients of all tenants of a store.

CREATE FUNCTION scim.next_key_sets(max int DEFAULT 10, OUT tenant_id int, OUT client_id uuid, OUT url text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_next_key_sets'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.next_key_sets(int) IS
'For the relay: key sets of clients that are to be fetched now, max at most: those that never were, once an hour all others, and after a minute at the earliest those that could not be fetched, or by whose keys somebody has not signed. They are not given out again within that minute.';

CREATE FUNCTION scim.keep_key_set(tenant_id int, client_id uuid, url text, body text) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_keep_key_set'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.keep_key_set(int, uuid, text, text) IS
'For the relay: what it has fetched from an address, as the keys of the client whose address that is still. Returns NULL, or what is wrong with it; then those that were fetched before stay good.';

CREATE FUNCTION scim.key_set_failed(tenant_id int, client_id uuid, url text, error text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_key_set_failed'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.key_set_failed(int, uuid, text, text) IS
'For the relay: why the keys of a client could not be fetched from an address; those that were fetched before stay good.';
REVOKE ALL ON FUNCTION scim.next_key_sets(int), scim.keep_key_set(int, uuid, text, text),
    scim.key_set_failed(int, uuid, text, text) FROM PUBLIC;

CREATE FUNCTION scim.rotate_client(INOUT id uuid, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL, OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_client(uuid, interval, timestamptz) IS
'New secrets for a client of the current tenant whose secret was made here. The former ones, both together, are good for the time of the overlap, and not longer than the client; those before that no more. expires_at: until when it is good from now on; NULL: as before, with a notice where that ends within 30 days. Warns where the secret before the former one was still good, and ends. Errors: SC404 where there is none with that id that is still good, 22023 for one whose password was chosen, for an overlap that is negative and for an expiry in the past.';

CREATE FUNCTION scim.rotate_client(INOUT id text, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL, OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_client(text, interval, timestamptz) IS
'New secrets for a client of the current tenant whose secret was made here: as scim.rotate_client(uuid, interval, timestamptz), with the id as a text.';
REVOKE ALL ON FUNCTION scim.rotate_client(uuid, interval, timestamptz), scim.rotate_client(text, interval, timestamptz) FROM PUBLIC;

CREATE FUNCTION scim.revoke_client(id uuid)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_client(uuid) IS
'Ends all secrets of a client of the current tenant at once; its name is free again. Error SC404 where there is none with that id.';

CREATE FUNCTION scim.revoke_client(id text)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_client(text) IS
'Ends all secrets of a client of the current tenant at once: as scim.revoke_client(uuid), with the id as a text.';
REVOKE ALL ON FUNCTION scim.revoke_client(uuid), scim.revoke_client(text) FROM PUBLIC;
