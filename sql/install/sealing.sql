-- What writeOnly attributes have is kept sealed: keys, and what they open.

CREATE FUNCTION scim.set_sealing_key(jwk jsonb) RETURNS text
    AS 'MODULE_PATHNAME', 'scim_set_sealing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.set_sealing_key(jsonb) IS
'Sets the key to which the current store seals what writeOnly attributes have from now on, and returns its kid: a public JWK (RFC 7517) on P-256 or X25519, whose private part stays with whoever opens the values. Its kid is its thumbprint (RFC 7638) where it has none. Keys from before stay known, and what is sealed to them stays as it is; one that is known already seals again. For the owner of the store. Errors: 22023 for what is no such key or has a private part, 42710 where another key has its kid.';

CREATE FUNCTION scim.create_sealing_key() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_create_sealing_key'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.create_sealing_key() IS
'Makes a key on P-256 to which the current store seals from now on, and returns its kid. Both parts are in the table secret of the store, which its owner alone reads, and in dumps; scim.unseal opens what is sealed to it. A store that has no key makes one when there is something to seal. For the owner of the store.';

CREATE FUNCTION scim.drop_sealing_key(kid text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_drop_sealing_key'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.drop_sealing_key(text) IS
'Forgets a key, and with it the private part where the store has it: what is sealed to it is opened by nobody who has not the key elsewhere. For the owner of the store. Errors: SC404 where there is none with that kid, 55000 for the one that seals now.';

CREATE FUNCTION scim.sealing_keys() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_sealing_keys'
    LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.sealing_keys() IS
'The public keys to which the current store has sealed, as a JWK Set (RFC 7517 section 5): the first is the one that seals now. For the owner of the store.';

CREATE FUNCTION scim.unseal(sealed text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_unseal'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unseal(text) IS
'What is in a sealed value, such as data has in the place of a writeOnly one; the audit says who has opened one. For the owner of the store. Errors: 22023 for what is no sealed value, 55000 where the store has not the private part of its key.';

CREATE FUNCTION scim.unseal_value(id uuid, path text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_unseal_value'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unseal_value(uuid, text) IS
'What a writeOnly attribute or sub-attribute of a resource has, by its path; of several values an array, null where it has none. The audit says who has opened it, and where. For the owner of the store. Errors: SC404 where there is no such resource, SC400 (invalidPath) where the path names no such attribute, 55000 as with scim.unseal.';

CREATE FUNCTION scim.unseal_value(id text, path text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'scim_unseal_value'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.unseal_value(text, text) IS
'What a writeOnly attribute of a resource has: as scim.unseal_value(uuid, text), with the id as a text.';

CREATE FUNCTION scim_internal.seal_stored(store name) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_seal_stored'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.seal_stored(name) IS
'Seals what writeOnly attributes of stored resources of all tenants have in clear, as versions before 0.9.0 have left it, and returns of how many resources; no version of any changes. scim.upgrade_store does so. For the owner of the store, also where row-level security is forced upon him.';

REVOKE ALL ON FUNCTION scim.set_sealing_key(jsonb), scim.create_sealing_key(), scim.drop_sealing_key(text), scim.sealing_keys(),
    scim.unseal(text), scim.unseal_value(uuid, text), scim.unseal_value(text, text) FROM PUBLIC;
