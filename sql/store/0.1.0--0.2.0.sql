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

CREATE TABLE @.authentication_scheme (
    scheme text COLLATE "C" PRIMARY KEY,
    keyword text COLLATE "C" NOT NULL,
    credential text COLLATE "C" NOT NULL,
    second_header text COLLATE "C",
    type text COLLATE "C" NOT NULL,
    name text,
    description text,
    spec_uri text,
    is_primary boolean UNIQUE,
    UNIQUE (keyword, credential),
    CONSTRAINT authentication_scheme_keyword CHECK (keyword ~ '^[0-9A-Za-z!#$%&''*+.^_`|~-]*$'
        AND (keyword <> '' OR credential = 'token')),
    CONSTRAINT authentication_scheme_credential CHECK (credential IN ('token', 'password', 'jwt')),
    CONSTRAINT authentication_scheme_jwt CHECK (credential <> 'jwt'
        OR (keyword = 'Bearer' AND second_header IS NULL)),
    CONSTRAINT authentication_scheme_second_header CHECK (second_header ~ '^[0-9a-z][0-9a-z-]*$'
        AND second_header !~ '^x-scim-|^authorization$'),
    CONSTRAINT authentication_scheme_type CHECK
        (type IN ('oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest')),
    CONSTRAINT authentication_scheme_description CHECK ((name IS NULL) = (description IS NULL)),
    CONSTRAINT authentication_scheme_primary CHECK (is_primary)
);

CREATE TABLE @.client (
    tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
    id uuid NOT NULL DEFAULT scim.uuid_v7(),
    name text COLLATE "C" NOT NULL,
    scheme text COLLATE "C" NOT NULL REFERENCES @.authentication_scheme ON UPDATE CASCADE,
    hash bytea UNIQUE,
    secret text,
    second_hash bytea,
    created timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT client_name CHECK (name <> '' AND octet_length(name) <= 256 AND position(':' IN name) = 0),
    CONSTRAINT client_hash CHECK (octet_length(hash) = 32),
    CONSTRAINT client_secret CHECK
        (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'),
    CONSTRAINT client_one_secret CHECK (num_nonnulls(hash, secret) = 1),
    CONSTRAINT client_second_hash CHECK (octet_length(second_hash) = 32)
);
INSERT INTO @.authentication_scheme (scheme, keyword, credential, type, name, description, spec_uri, is_primary) VALUES
    ('Bearer', 'Bearer', 'token', 'oauthbearertoken', 'OAuth Bearer Token', 'A token in the header Authorization: Bearer',
     'https://www.rfc-editor.org/info/rfc6750', true),
    ('bare', '', 'token', 'oauthbearertoken', NULL, NULL, NULL, NULL),
    ('JWT', 'Bearer', 'jwt', 'oauthbearertoken', NULL, NULL, NULL, NULL);
ALTER TABLE @.authentication_scheme ENABLE ROW LEVEL SECURITY;
CREATE POLICY store_wide ON @.authentication_scheme FOR SELECT USING (true);
ALTER TABLE @.client ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.client USING (tenant_id = scim.tenant());

-- Rows say one thing and lead somewhere.  Tenants had not to be in their table.
INSERT INTO @.tenant (tenant_id, name)
    SELECT tenant_id, 'tenant ' || tenant_id
    FROM (SELECT tenant_id FROM @.resource UNION SELECT tenant_id FROM @.policy UNION SELECT tenant_id FROM @.token) AS had
    WHERE tenant_id IS NOT NULL
    ON CONFLICT DO NOTHING;
ALTER TABLE @.tenant ADD CONSTRAINT tenant_id CHECK (tenant_id > 0);
ALTER TABLE @.schema ADD CONSTRAINT schema_id CHECK (document ->> 'id' = id);
ALTER TABLE @.resource_type ADD CONSTRAINT resource_type_name CHECK (document ->> 'name' = name);
ALTER TABLE @.policy ADD FOREIGN KEY (tenant_id) REFERENCES @.tenant;
ALTER TABLE @.member ADD CONSTRAINT member_value CHECK (member_id = scim.member_key(value));
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE OR DELETE ON @.unique_value
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_unique_value();
ALTER TABLE @.credential ADD CONSTRAINT credential_secret CHECK
    (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$');
CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.credential
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
ALTER TABLE @.token ADD FOREIGN KEY (tenant_id) REFERENCES @.tenant;
ALTER TABLE @.secret ADD CONSTRAINT secret_cursor CHECK (purpose <> 'cursor' OR octet_length(value) = 32);
