-- Clients: who may authenticate by a name, or with a second secret beside the first.

CREATE FUNCTION scim.create_client(name text, scheme text DEFAULT 'Basic', password text DEFAULT NULL,
        expires_at timestamptz DEFAULT NULL,
        OUT id uuid, OUT secret text, OUT second_secret text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_create_client'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_client(text, text, text, timestamptz) IS
'Makes a client of the current tenant of the current store, which authenticates by one of the store''s schemes, and returns its secrets: they cannot be read again. secret is made where no password is given; second_secret belongs into the header that the scheme names, and is null where it names none. expires_at NULL: valid until revoked. Errors: 22023 for a scheme that the store does not accept, for a password where the scheme wants a random secret, and for an expiry in the past; 23505 where a client of that name is there.';
REVOKE ALL ON FUNCTION scim.create_client(text, text, text, timestamptz) FROM PUBLIC;

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
'scim.revoke_client(uuid) with the id as a text.';
REVOKE ALL ON FUNCTION scim.revoke_client(uuid), scim.revoke_client(text) FROM PUBLIC;
