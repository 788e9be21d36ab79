-- What makes a store of version 0.2.0 one of version 0.3.0.

CREATE TABLE @.endpoint (
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL UNIQUE,
    methods text[] COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    settings jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT endpoint_name CHECK (octet_length(name) <= 1200),
    CONSTRAINT endpoint_path CHECK (octet_length(path) <= 1024)
);
ALTER TABLE @.endpoint ENABLE ROW LEVEL SECURITY;
CREATE POLICY store_wide ON @.endpoint FOR SELECT USING (true);

CREATE TABLE @.setting (
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C",
    tenant_id int REFERENCES @.tenant,
    token_id uuid,
    value jsonb NOT NULL,
    UNIQUE NULLS NOT DISTINCT (name, resource_type, tenant_id, token_id)
);
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.setting
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_setting();
ALTER TABLE @.setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.setting USING (tenant_id = scim.tenant());
CREATE POLICY store_wide ON @.setting FOR SELECT USING (tenant_id IS NULL);

ALTER TABLE @.resource ADD COLUMN activated_at timestamptz,
    ADD COLUMN deactivated_at timestamptz,
    ADD COLUMN sessions_valid_after timestamptz;
ALTER TABLE @.resource DROP CONSTRAINT resource_status;
ALTER TABLE @.resource ADD CONSTRAINT resource_status CHECK
    (status IN ('PENDING', 'ACTIVE', 'SUSPENDED', 'OFFBOARDING', 'OFFBOARDED', 'DELETED'));
ALTER TABLE @.event ADD COLUMN data jsonb;

CREATE TABLE @.recovery_code (
    tenant_id int NOT NULL,
    resource_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    hash bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    failures int NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, resource_id),
    UNIQUE (tenant_id, name),
    CONSTRAINT recovery_code_hash CHECK (octet_length(hash) = 32),
    CONSTRAINT recovery_code_failures CHECK (failures BETWEEN 0 AND 5),
    CONSTRAINT recovery_code_issued_at CHECK (isfinite(issued_at)),
    CONSTRAINT recovery_code_expires_at CHECK (isfinite(expires_at))
);
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.recovery_code
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
ALTER TABLE @.recovery_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.recovery_code FOR SELECT USING (tenant_id = scim.tenant());

-- Several policies of a kind, told apart by their names.  Kinds and settings are checked
-- by triggers, and so are not by constraints.
ALTER TABLE @.policy
    DROP CONSTRAINT policy_kind,
    DROP CONSTRAINT policy_canonical,
    DROP CONSTRAINT policy_reference,
    DROP CONSTRAINT policy_delete_mode,
    DROP CONSTRAINT policy_tenant_id_resource_type_kind_key,
    ADD COLUMN id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    ADD COLUMN name text COLLATE "C";
ALTER TABLE @.policy
    ALTER COLUMN name TYPE text COLLATE "C" USING kind,
    ALTER COLUMN name SET NOT NULL,
    ADD UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind, name);

-- What is indexed has a length.
ALTER TABLE @.policy
    ADD CONSTRAINT policy_resource_type CHECK (octet_length(resource_type) <= 100);
ALTER TABLE @.unique_value
    ADD CONSTRAINT unique_value_attribute CHECK (octet_length(attribute) <= 1300),
    ADD CONSTRAINT unique_value_resource_type CHECK (octet_length(resource_type) <= 100),
    ADD CONSTRAINT unique_value_value CHECK (octet_length(value) <= 512);
ALTER TABLE @.authentication_scheme
    ADD CONSTRAINT authentication_scheme_scheme CHECK (octet_length(scheme) BETWEEN 1 AND 256),
    ADD CONSTRAINT authentication_scheme_keyword_length CHECK (octet_length(keyword) <= 256);
ALTER TABLE @.secret
    ADD CONSTRAINT secret_purpose CHECK (octet_length(purpose) <= 256);

-- It is the first of the AFTER triggers now, and is called otherwise.
DROP TRIGGER IF EXISTS scim_record ON @.resource;

-- Rows that do not contradict each other.
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.client
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();
CREATE CONSTRAINT TRIGGER scim_check AFTER UPDATE ON @.authentication_scheme
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();
UPDATE @.tenant SET created = now() WHERE NOT isfinite(created);
UPDATE @.token SET created = now() WHERE NOT isfinite(created);
UPDATE @.client SET created = now() WHERE NOT isfinite(created);
ALTER TABLE @.tenant ADD CONSTRAINT tenant_created CHECK (isfinite(created));
ALTER TABLE @.token ADD CONSTRAINT token_created CHECK (isfinite(created));
ALTER TABLE @.client ADD CONSTRAINT client_created CHECK (isfinite(created));

-- Audit and events are written by the store only.
DROP POLICY tenant ON @.audit;
CREATE POLICY tenant ON @.audit FOR SELECT USING (tenant_id = scim.tenant());
DROP POLICY tenant ON @.event;
CREATE POLICY tenant ON @.event FOR SELECT USING (tenant_id = scim.tenant());
CREATE POLICY sent ON @.event FOR DELETE USING (tenant_id = scim.tenant());
