-- What makes a store of version 0.1.0 one of version 0.2.0.

CREATE TABLE @.store (
    id int PRIMARY KEY DEFAULT 1,
    version text COLLATE "C" NOT NULL,
    CONSTRAINT store_one_row CHECK (id = 1)
);
INSERT INTO @.store (version) VALUES ('0.1.0');
ALTER TABLE @.store ENABLE ROW LEVEL SECURITY;
CREATE POLICY store_wide ON @.store FOR SELECT USING (true);
