-- What makes a store of version 0.3.0 one of version 0.4.0.

-- A constraint is read from the catalog by every statement that writes: a short one.
ALTER TABLE @.resource DROP CONSTRAINT resource_status;
ALTER TABLE @.resource ADD CONSTRAINT resource_status CHECK (scim_internal.is_status(status));
