-- What makes a store of version 0.3.0 one of version 0.4.0.

-- Who acts for whom.
ALTER TABLE @.tenant ADD COLUMN base_url text COLLATE "C" UNIQUE,
    ADD CONSTRAINT tenant_base_url CHECK (base_url ~ '^https?://[^/?#[:space:]]+(/[^/?#[:space:]]+)*$' AND octet_length(base_url) <= 1024);
CREATE TABLE @.tenant_role (
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    role name NOT NULL,
    tenant_id int REFERENCES @.tenant,
    UNIQUE NULLS NOT DISTINCT (role, tenant_id)
);
ALTER TABLE @.tenant_role ENABLE ROW LEVEL SECURITY;

-- A secret names its row; the former ones are found by their hash.  No two live tokens of a
-- tenant have the same description.
ALTER TABLE @.token DROP CONSTRAINT token_hash_key,
    ADD COLUMN scopes text[] COLLATE "C",
    ADD COLUMN former_hash bytea,
    ADD COLUMN former_until timestamptz,
    ADD COLUMN last_used_at timestamptz,
    ADD CONSTRAINT token_scopes CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
    ADD CONSTRAINT token_former CHECK (octet_length(former_hash) = 32 AND isfinite(former_until)),
    ADD CONSTRAINT token_former_until CHECK ((former_hash IS NULL) = (former_until IS NULL));
ALTER TABLE @.client DROP CONSTRAINT client_hash_key,
    ADD COLUMN scopes text[] COLLATE "C",
    ADD COLUMN former_hash bytea,
    ADD COLUMN former_until timestamptz,
    ADD COLUMN former_second_hash bytea,
    ADD COLUMN last_used_at timestamptz,
    ADD CONSTRAINT client_scopes CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
    ADD CONSTRAINT client_former CHECK (octet_length(former_hash) = 32 AND isfinite(former_until)),
    ADD CONSTRAINT client_former_until CHECK ((former_hash IS NULL) = (former_until IS NULL)),
    ADD CONSTRAINT client_former_second CHECK (former_second_hash IS NULL OR (octet_length(former_second_hash) = 32 AND former_hash IS NOT NULL));
UPDATE @.token SET description = left(description, 200) || ' (' || id || ')' WHERE octet_length(description) > 1024;
UPDATE @.token SET description = left(description, 200) || ' (' || id || ')'
    FROM (SELECT tenant_id AS of_tenant, id AS of_id, row_number() OVER (PARTITION BY tenant_id, description ORDER BY created, id) AS number
        FROM @.token WHERE revoked_at IS NULL) AS live
    WHERE (tenant_id, id) = (of_tenant, of_id) AND number > 1;
ALTER TABLE @.token ADD CONSTRAINT token_description CHECK (octet_length(description) <= 1024);

-- Each store asks for its own tenant.
SELECT scim_internal.name_tenants(tableoid), scim_internal.let_owner(tableoid) FROM @.store;
