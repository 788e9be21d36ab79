-- What makes a store of version 0.3.0 one of version 0.4.0.

-- Instants are those of the clock.
ALTER TABLE @.member ALTER COLUMN created SET DEFAULT clock_timestamp();
ALTER TABLE @.event ALTER COLUMN at SET DEFAULT clock_timestamp();

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
