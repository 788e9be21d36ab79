-- What makes a store of version 0.4.0 one of version 0.5.0.

-- Tables of applications that are bound to resources.
CREATE TABLE @.binding (
    tenant_id int REFERENCES @.tenant,
    id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
    resource_type text COLLATE "C" NOT NULL REFERENCES @.resource_type,
    relation regclass NOT NULL UNIQUE,
    others regclass[] NOT NULL DEFAULT '{}',
    mapping jsonb NOT NULL,
    created timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE @.binding ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.binding USING (tenant_id = scim.tenant());
CREATE POLICY store_wide ON @.binding FOR SELECT USING (tenant_id IS NULL);
CREATE TABLE @.binding_link (
    tenant_id int NOT NULL,
    binding_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    key text[] COLLATE "C",
    detached timestamptz,
    PRIMARY KEY (tenant_id, binding_id, resource_id),
    UNIQUE (tenant_id, binding_id, key)
);
ALTER TABLE @.binding_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.binding_link FOR SELECT USING (tenant_id = scim.tenant());
SELECT scim_internal.let_owner(tableoid) FROM @.store;
