-- Tenants, and bearer tokens: a random secret that is shown once and kept as its SHA-256.

CREATE FUNCTION scim.create_token(description text, expires_at timestamptz DEFAULT NULL, scopes text[] DEFAULT NULL,
        OUT id uuid, OUT secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_create_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_token(text, timestamptz, text[]) IS
'Makes a bearer token for the current tenant of the current store and returns its id and its secret, scim_TENANT_ID_RANDOM, which cannot be read again. expires_at NULL: valid until revoked. scopes: what it is good for, as {read,User}; NULL: everything (doc/security.md). Errors: SC403 where the tenant is not there, 23505 where a token of the tenant that is still good has that description, or 40001 in a transaction of REPEATABLE READ or SERIALIZABLE that does not see it, 22023 for an expiry in the past and for what is no scope.';

CREATE FUNCTION scim.rotate_token(INOUT id uuid, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL, OUT secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_token(uuid, interval, timestamptz) IS
'A new secret for a bearer token of the current tenant, which keeps id, scopes and settings. The former secret is good for the time of the overlap, and not longer than the token; one before that no more. expires_at: until when it is good from now on; NULL: as before, with a notice where that ends within 30 days. Warns where the secret before the former one was still good, and ends. Errors: SC404 where there is none with that id that is still good, 22023 for an overlap that is negative and for an expiry in the past.';

CREATE FUNCTION scim.rotate_token(INOUT id text, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL, OUT secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_token(text, interval, timestamptz) IS
'A new secret for a bearer token of the current tenant, which keeps id, scopes and settings: as scim.rotate_token(uuid, interval, timestamptz), with the id as a text.';
REVOKE ALL ON FUNCTION scim.create_token(text, timestamptz, text[]), scim.rotate_token(uuid, interval, timestamptz),
    scim.rotate_token(text, interval, timestamptz) FROM PUBLIC;

CREATE FUNCTION scim.revoke_token(id uuid)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_token(uuid) IS
'Ends a bearer token of the current tenant at once. Error SC404 where there is none with that id.';

CREATE FUNCTION scim.revoke_token(id text)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_token'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_token(text) IS
'Ends a bearer token of the current tenant at once: as scim.revoke_token(uuid), with the id as a text.';
REVOKE ALL ON FUNCTION scim.revoke_token(uuid), scim.revoke_token(text) FROM PUBLIC;

CREATE FUNCTION scim.authenticate("authorization" text)
    RETURNS int
    AS 'MODULE_PATHNAME', 'scim_authenticate'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.authenticate(text) IS
'Proves by credentials who acts, from here to the end of the transaction, and returns the tenant; NULL, and nothing is proved any more, where they are unknown, expired or revoked. Takes the value of an Authorization header as the store''s table "authentication_scheme" accepts it: at first "Bearer <token>" (RFC 6750) and the bare token. A scheme that wants a second header is refused here.';

-- Tenants.

CREATE FUNCTION scim.create_tenant(name text, base_url text DEFAULT NULL)
    RETURNS int
    AS 'MODULE_PATHNAME', 'scim_create_tenant'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_tenant(text, text) IS
'Makes a tenant of the current store and returns its number, which nobody had before of whom audit or events still tell. base_url: where it is served, and nobody else. For the owner of the store. Errors: 23505 where that address is taken, 23514 where it is none.';

CREATE FUNCTION scim.drop_tenant(tenant_id int)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_tenant'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_tenant(int) IS
'Removes a tenant of the current store with its tokens, clients, policies, settings and consumers of events; audit and events stay. For the owner of the store. Writers of resources wait meanwhile. Errors: 23503 where it still has resources, those that are deleted or off-boarded included (scim.purge removes them for good), SC404 where there is no such tenant, 55000 where it is the only one.';
REVOKE ALL ON FUNCTION scim.create_tenant(text, text), scim.drop_tenant(int) FROM PUBLIC;
