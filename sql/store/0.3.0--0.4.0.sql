-- What makes a store of version 0.3.0 one of version 0.4.0.

-- unique by their digests, so that an error shows neither hash nor name of a code
ALTER TABLE @.token DROP CONSTRAINT token_hash_key;
ALTER TABLE @.client DROP CONSTRAINT client_hash_key;
ALTER TABLE @.recovery_code DROP CONSTRAINT recovery_code_tenant_id_name_key;

-- A constraint is read from the catalog by every statement that writes: a short one.
ALTER TABLE @.resource DROP CONSTRAINT resource_status;
ALTER TABLE @.resource ADD CONSTRAINT resource_status CHECK (scim_internal.is_status(status));
