-- What makes a store of version 0.4.0 one of version 0.5.0.

-- The tenant is in every index, so that row-level security is a condition of all, and
-- EXPLAIN counts no rows of other tenants.  Indexes that are missing are made anew later,
-- but for those without which something would be taken twice.
SELECT scim_internal.hide_tenants(tableoid) FROM @.store;
CREATE UNIQUE INDEX tenant_base_url_key ON @.tenant (substr(base_url, 1));
CREATE UNIQUE INDEX client_name_key ON @.client (substr(name, 1)) WHERE revoked_at IS NULL;
