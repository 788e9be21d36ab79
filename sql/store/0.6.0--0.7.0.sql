-- What makes a store of version 0.6.0 one of version 0.7.0.

-- A dump of the data alone is taken as it is.
ALTER TABLE @.store ADD COLUMN restoring boolean NOT NULL DEFAULT false;
