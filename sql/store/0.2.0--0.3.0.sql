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
