-- Bearer tokens: a random secret that is shown once and kept as its SHA-256.

CREATE FUNCTION scim.create_token(description text, expires_at timestamptz DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    secret CONSTANT text := encode(sha256(uuid_send(gen_random_uuid())
        || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
BEGIN
    EXECUTE format('INSERT INTO %I.token (hash, description, expires_at) VALUES ($1, $2, $3)',
        scim.store()) USING sha256(convert_to(secret, 'UTF8')), description, expires_at;
    RETURN secret;
END
$$;
COMMENT ON FUNCTION scim.create_token(text, timestamptz) IS
'Makes a bearer token for the current tenant of the current store and returns it: it cannot be read again. expires_at NULL: valid until revoked.';
REVOKE ALL ON FUNCTION scim.create_token(text, timestamptz) FROM PUBLIC;

CREATE FUNCTION scim.revoke_token(id uuid)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_token'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_token(uuid) IS
'Ends a bearer token of the current tenant at once. Error SC404 where there is none with that id.';

CREATE FUNCTION scim.revoke_token(id text)
    RETURNS void
    AS 'MODULE_PATHNAME', 'scim_revoke_token'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.revoke_token(text) IS
'scim.revoke_token(uuid) with the id as a text.';
REVOKE ALL ON FUNCTION scim.revoke_token(uuid), scim.revoke_token(text) FROM PUBLIC;

CREATE FUNCTION scim.authenticate("authorization" text)
    RETURNS int
    AS 'MODULE_PATHNAME', 'scim_authenticate'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.authenticate(text) IS
'The tenant that credentials belong to, or NULL where they are unknown, expired or revoked. Takes the value of an Authorization header as the store''s table "authentication_scheme" accepts it: at first "Bearer <token>" (RFC 6750) and the bare token. A scheme that wants a second header is refused here.';
