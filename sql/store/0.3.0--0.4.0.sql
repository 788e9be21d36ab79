-- What makes a store of version 0.3.0 one of version 0.4.0.

-- Instants are those of the clock.
ALTER TABLE @.member ALTER COLUMN created SET DEFAULT clock_timestamp();
ALTER TABLE @.event ALTER COLUMN at SET DEFAULT clock_timestamp();

-- The audit has a partition for each month, and says more.
SELECT scim_internal.partition_audit($table$@.audit$table$);
