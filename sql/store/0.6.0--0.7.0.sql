-- What makes a store of version 0.6.0 one of version 0.7.0.

-- Stores that were brought forward under quote_all_identifiers kept what asks for the tenant
-- of the store that the setting scim.store names.
SELECT scim_internal.name_tenants(tableoid) FROM @.store;
