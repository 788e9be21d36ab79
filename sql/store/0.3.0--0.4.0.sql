-- What makes a store of version 0.3.0 one of version 0.4.0.

-- unique by its digest, so that no error shows the name of a code
ALTER TABLE @.recovery_code DROP CONSTRAINT recovery_code_tenant_id_name_key;

-- A constraint is read from the catalog by every statement that writes: a short one.
ALTER TABLE @.resource DROP CONSTRAINT resource_status;
ALTER TABLE @.resource ADD CONSTRAINT resource_status CHECK (scim_internal.is_status(status));

-- Events: what they tell, who reads them.  The events of before tell nothing more; they have
-- no position yet, and get one when somebody reads.
ALTER TABLE @.event ADD COLUMN operation text COLLATE "C",
    ADD COLUMN actor text,
    ADD COLUMN external_id text,
    ADD COLUMN attributes text[] COLLATE "C",
    ADD COLUMN members_added uuid[],
    ADD COLUMN members_removed uuid[],
    ADD COLUMN position bigint;
ALTER TABLE @.event ALTER COLUMN at SET DEFAULT clock_timestamp();

CREATE TABLE @.event_position (
    tenant_id int PRIMARY KEY,
    last bigint NOT NULL
);
ALTER TABLE @.event_position ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.event_position USING (tenant_id = scim.tenant());

CREATE TABLE @.consumer (
    tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL,
    filter text,
    event_uris text[] COLLATE "C",
    resource_types text[] COLLATE "C",
    channel text COLLATE "C",
    max_attempts int NOT NULL DEFAULT 10,
    created timestamptz NOT NULL DEFAULT now(),
    method text COLLATE "C" NOT NULL DEFAULT 'function',
    token_id uuid,
    endpoint text COLLATE "C",
    audience text[] COLLATE "C",
    lease interval NOT NULL DEFAULT '1 minute',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name),
    CONSTRAINT consumer_method CHECK (method IN ('function', 'poll', 'push', 'webhook')),
    CONSTRAINT consumer_token_id CHECK ((method = 'poll') = (token_id IS NOT NULL)),
    CONSTRAINT consumer_endpoint CHECK ((method IN ('push', 'webhook')) = (endpoint IS NOT NULL)),
    CONSTRAINT consumer_endpoint_url CHECK (octet_length(endpoint) <= 2048 AND endpoint ~
        '^(https://[0-9A-Za-z][0-9A-Za-z.-]*|http://(localhost|127[.]0[.]0[.]1|\[::1\]))(:[0-9]{1,5})?(/[!-~]*)?$'),
    CONSTRAINT consumer_lease CHECK (lease BETWEEN '1 millisecond' AND '7 days'),
    CONSTRAINT consumer_name CHECK (octet_length(name) BETWEEN 1 AND 256),
    CONSTRAINT consumer_channel CHECK (octet_length(channel) BETWEEN 1 AND 63),
    CONSTRAINT consumer_max_attempts CHECK (max_attempts BETWEEN 1 AND 1000)
);
ALTER TABLE @.consumer ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.consumer USING (tenant_id = scim.tenant());

CREATE TABLE @.consumer_secret (
    tenant_id int NOT NULL,
    consumer_id uuid NOT NULL,
    "authorization" text,
    key bytea,
    PRIMARY KEY (tenant_id, consumer_id),
    FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE,
    CONSTRAINT consumer_secret_authorization CHECK (octet_length("authorization") <= 4096 AND "authorization" ~ '^[ -~]+$'),
    CONSTRAINT consumer_secret_key CHECK (octet_length(key) BETWEEN 24 AND 64)
);
ALTER TABLE @.consumer_secret ENABLE ROW LEVEL SECURITY;

CREATE TABLE @.signing_key (
    id uuid PRIMARY KEY,
    algorithm text COLLATE "C" NOT NULL,
    private_key bytea NOT NULL,
    public_key jsonb NOT NULL,
    use_from timestamptz NOT NULL DEFAULT now(),
    created timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT signing_key_algorithm CHECK (algorithm IN ('ES256', 'RS256'))
);
ALTER TABLE @.signing_key ENABLE ROW LEVEL SECURITY;

CREATE TABLE @.consumer_position (
    tenant_id int NOT NULL,
    consumer_id uuid NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (tenant_id, consumer_id),
    FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
);
ALTER TABLE @.consumer_position ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.consumer_position USING (tenant_id = scim.tenant());

CREATE TABLE @.delivery (
    tenant_id int NOT NULL,
    consumer_id uuid NOT NULL,
    position bigint NOT NULL,
    event_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    lease_id uuid,
    attempts int NOT NULL DEFAULT 0,
    failures int NOT NULL DEFAULT 0,
    last_attempt_at timestamptz,
    next_attempt_at timestamptz,
    last_error text,
    dead_at timestamptz,
    PRIMARY KEY (tenant_id, consumer_id, position),
    FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
) WITH (fillfactor = 80);
ALTER TABLE @.delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.delivery USING (tenant_id = scim.tenant());

CREATE TABLE @.lease (
    tenant_id int NOT NULL,
    consumer_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, consumer_id, resource_id),
    FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
) WITH (fillfactor = 80);
ALTER TABLE @.lease ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.lease USING (tenant_id = scim.tenant());

-- Instants are those of the clock.
ALTER TABLE @.member ALTER COLUMN created SET DEFAULT clock_timestamp();

-- The audit has a partition for each month, and says more.
SELECT scim_internal.partition_audit($table$@.audit$table$);

CREATE TABLE @.audit_seal (
    tenant_id int NOT NULL,
    position bigint NOT NULL,
    sealed_at timestamptz NOT NULL,
    horizon timestamptz NOT NULL,
    first_at timestamptz,
    last_at timestamptz,
    row_count int NOT NULL,
    total bigint NOT NULL,
    rows bytea NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    locator bytea,
    PRIMARY KEY (tenant_id, position)
);
ALTER TABLE @.audit_seal ALTER COLUMN rows SET STORAGE EXTERNAL;
ALTER TABLE @.audit_seal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.audit_seal FOR SELECT USING (tenant_id = scim.tenant());
CREATE POLICY store_wide ON @.audit_seal FOR SELECT USING (tenant_id = 0);

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
