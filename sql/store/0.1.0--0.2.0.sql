-- What makes a store of version 0.1.0 one of version 0.2.0.

CREATE TABLE @.store (
    id int PRIMARY KEY DEFAULT 1,
    version text COLLATE "C" NOT NULL,
    CONSTRAINT store_one_row CHECK (id = 1)
);
INSERT INTO @.store (version) VALUES ('0.1.0');
ALTER TABLE @.store ENABLE ROW LEVEL SECURITY;
CREATE POLICY store_wide ON @.store FOR SELECT USING (true);

-- What was written before has none.
ALTER TABLE @.audit ADD COLUMN change uuid;
ALTER TABLE @.audit ALTER COLUMN change SET DEFAULT scim.change();
COMMENT ON COLUMN @.audit.change IS 'The same for all rows of audit and event that one transaction writes';
ALTER TABLE @.event ADD COLUMN change uuid;
ALTER TABLE @.event ALTER COLUMN change SET DEFAULT scim.change();
COMMENT ON COLUMN @.event.change IS 'The same for all rows of audit and event that one transaction writes';
