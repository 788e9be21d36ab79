-- Clients: who may authenticate by a name, or with a second secret beside the first.

CREATE FUNCTION scim.create_client(name text, scheme text DEFAULT 'Basic', password text DEFAULT NULL,
        expires_at timestamptz DEFAULT NULL, scopes text[] DEFAULT NULL,
        OUT id uuid, OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_create_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_client(text, text, text, timestamptz, text[]) IS
'Makes a client of the current tenant of the current store, which authenticates by one of the store''s schemes, and returns its secrets: they cannot be read again. secret is made where no password is given; second_secret belongs into the header that the scheme names, and is null where it names none. expires_at NULL: valid until revoked. scopes: what the client may do, as {read,User}; NULL: everything (doc/security.md). Errors: 22023 for a scheme that the store does not accept, for a password where the scheme wants a random secret, for an expiry in the past and for what is no scope; 23505 where a client of that name is there.';
REVOKE ALL ON FUNCTION scim.create_client(text, text, text, timestamptz, text[]) FROM PUBLIC;

CREATE FUNCTION scim.rotate_client(INOUT id uuid, overlap interval DEFAULT '1 day', OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_client(uuid, interval) IS
'New secrets for a client of the current tenant whose secret was made here. The former ones, both together, are good for the time of the overlap, those before that no more. Errors: SC404 where there is none with that id that is still good, 22023 for one whose password was chosen and for an overlap that is negative.';

CREATE FUNCTION scim.rotate_client(INOUT id text, overlap interval DEFAULT '1 day', OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_rotate_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.rotate_client(text, interval) IS
'New secrets for a client of the current tenant whose secret was made here: as scim.rotate_client(uuid, interval), with the id as a text.';
REVOKE ALL ON FUNCTION scim.rotate_client(uuid, interval), scim.rotate_client(text, interval) FROM PUBLIC;

CREATE FUNCTION scim.revoke_client(id uuid)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_client'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_client(uuid) IS
'Ends all secrets of a client of the current tenant at once; its name is free again. Error SC404 where there is none with that id.';

CREATE FUNCTION scim.revoke_client(id text)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_client'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_client(text) IS
'Ends all secrets of a client of the current tenant at once: as scim.revoke_client(uuid), with the id as a text.';
REVOKE ALL ON FUNCTION scim.revoke_client(uuid), scim.revoke_client(text) FROM PUBLIC;
