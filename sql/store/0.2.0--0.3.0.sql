-- What makes a store of version 0.2.0 one of version 0.3.0.

CREATE TABLE @.endpoint (
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL UNIQUE,
    methods text[] COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    settings jsonb NOT NULL DEFAULT '{}'
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
ALTER TABLE @.setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.setting USING (tenant_id = scim.tenant());
CREATE POLICY store_wide ON @.setting FOR SELECT USING (tenant_id IS NULL);
