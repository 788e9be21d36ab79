-- What makes a store of version 0.4.0 one of version 0.5.0.

-- What policies "guard" count, and which token made what, for policies "managed".
CREATE TABLE @.guard (
    tenant_id int NOT NULL,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    policy_id uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    actor text,
    used bigint NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    tripped_at timestamptz,
    tripped_by text,
    resource_id uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (policy_id, tenant_id, key)
) WITH (fillfactor = 50);
ALTER TABLE @.guard ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.guard USING (tenant_id = scim.tenant());

CREATE TABLE @.guard_count (
    tenant_id int NOT NULL,
    guard_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    at timestamptz NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (tenant_id, guard_id, at, id),
    FOREIGN KEY (tenant_id, guard_id) REFERENCES @.guard ON DELETE CASCADE
);
ALTER TABLE @.guard_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.guard_count USING (tenant_id = scim.tenant());

CREATE TABLE @.origin (
    tenant_id int NOT NULL,
    resource_id uuid NOT NULL,
    token_id uuid,
    actor text NOT NULL,
    linked_at timestamptz,
    released_at timestamptz,
    PRIMARY KEY (tenant_id, resource_id)
);
ALTER TABLE @.origin ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.origin USING (tenant_id = scim.tenant());

-- The tenant is in every index, so that row-level security is a condition of all, and
-- EXPLAIN counts no rows of other tenants.  Indexes that are missing are made anew later,
-- but for those without which something would be taken twice.
SELECT scim_internal.hide_tenants(tableoid) FROM @.store;
CREATE UNIQUE INDEX tenant_base_url_key ON @.tenant (substr(base_url, 1));
CREATE UNIQUE INDEX client_name_key ON @.client (substr(name, 1)) WHERE revoked_at IS NULL;

-- Endpoints of consumers in upper case, with an IPv6 address or a query without a path.
ALTER TABLE @.consumer DROP CONSTRAINT consumer_endpoint_url,
    ADD CONSTRAINT consumer_endpoint_url CHECK (octet_length(endpoint) <= 2048 AND endpoint ~*
        '^(https://([0-9a-z][0-9a-z.-]*|\[[0-9a-f:.]+\])|http://(localhost|127[.]0[.]0[.]1|\[::1\]))(:[0-9]{1,5})?([/?][!-~]*)?$');

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
    PRIMARY KEY (tenant_id, binding_id, resource_id)
);
ALTER TABLE @.binding_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.binding_link USING (tenant_id = scim.tenant());
-- Which roles of the database people log in as.
CREATE TABLE @.database_role (
    tenant_id int NOT NULL,
    resource_id uuid NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    role_id oid NOT NULL,
    database_id oid NOT NULL,
    made boolean NOT NULL,
    login boolean NOT NULL,
    granted text[] COLLATE "C" NOT NULL DEFAULT '{}',
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_sessions_before timestamptz,
    server_id bigint NOT NULL,
    PRIMARY KEY (tenant_id, resource_id),
    UNIQUE (tenant_id, role)
);
ALTER TABLE @.database_role ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.database_role FOR SELECT USING (tenant_id = scim.tenant());
SELECT scim_internal.let_owner(tableoid) FROM @.store;

-- Views that people read and write.
SELECT scim_internal.first_views(tableoid) FROM @.store;
