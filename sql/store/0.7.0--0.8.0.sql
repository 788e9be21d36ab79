-- What makes a store of version 0.7.0 one of version 0.8.0.

-- OAuth 2.0: access tokens, keys of clients, and what is kept of those who ask for tokens.
ALTER TABLE @.token ADD COLUMN client_id uuid;
ALTER TABLE @.token ADD CONSTRAINT token_of_client CHECK (client_id IS NULL OR (expires_at IS NOT NULL AND former_hash IS NULL));
ALTER TABLE @.authentication_scheme DROP CONSTRAINT authentication_scheme_credential;
ALTER TABLE @.authentication_scheme ADD CONSTRAINT authentication_scheme_credential CHECK (credential IN ('token', 'password', 'jwt', 'access_token'));
ALTER TABLE @.authentication_scheme DROP CONSTRAINT authentication_scheme_jwt;
ALTER TABLE @.authentication_scheme ADD CONSTRAINT authentication_scheme_jwt CHECK (credential NOT IN ('jwt', 'access_token')
    OR (keyword = 'Bearer' AND second_header IS NULL));
ALTER TABLE @.client ADD COLUMN jwks jsonb;
ALTER TABLE @.client ADD COLUMN jwks_uri text COLLATE "C";
ALTER TABLE @.client ADD COLUMN jwks_fetched_at timestamptz;
ALTER TABLE @.client ADD COLUMN jwks_tried_at timestamptz;
ALTER TABLE @.client ADD COLUMN jwks_wanted_at timestamptz;
ALTER TABLE @.client ADD COLUMN jwks_error text;
ALTER TABLE @.client DROP CONSTRAINT client_one_secret;
ALTER TABLE @.client ADD CONSTRAINT client_one_secret CHECK (num_nonnulls(hash, secret) + (num_nonnulls(jwks, jwks_uri) > 0)::int = 1);
ALTER TABLE @.client ADD CONSTRAINT client_jwks CHECK (jsonb_typeof(jwks) = 'object');
ALTER TABLE @.client ADD CONSTRAINT client_jwks_uri CHECK (jwks_uri ~ '^https://[0-9A-Za-z[][!-~]*$' AND octet_length(jwks_uri) <= 2048);
ALTER TABLE @.client ADD CONSTRAINT client_jwks_at CHECK (isfinite(jwks_fetched_at) AND isfinite(jwks_tried_at) AND isfinite(jwks_wanted_at));
ALTER TABLE @.token ADD CONSTRAINT token_client FOREIGN KEY (tenant_id, client_id) REFERENCES @.client ON DELETE CASCADE;
CREATE TABLE @.client_assertion (
    tenant_id int NOT NULL,
    client_id uuid NOT NULL,
    jti bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, client_id, jti),
    FOREIGN KEY (tenant_id, client_id) REFERENCES @.client ON DELETE CASCADE,
    CONSTRAINT client_assertion_jti CHECK (octet_length(jti) = 32),
    CONSTRAINT client_assertion_expires_at CHECK (isfinite(expires_at))
);
CREATE TABLE @.client_failure (
    tenant_id int NOT NULL,
    key text COLLATE "C" NOT NULL,
    failures real NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key),
    CONSTRAINT client_failure_failures CHECK (failures >= 0 AND failures < 'Infinity'),
    CONSTRAINT client_failure_at CHECK (isfinite(at))
);
ALTER TABLE @.client_assertion ENABLE ROW LEVEL SECURITY;
ALTER TABLE @.client_failure ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON @.client_assertion FOR SELECT USING (tenant_id = scim.tenant());
CREATE POLICY tenant ON @.client_failure FOR SELECT USING (tenant_id = scim.tenant());

-- Small tables, which are locked anyway: their indexes need not be made apart from that, by two sessions at a time perhaps.
CREATE INDEX token_client_idx ON @.token (tenant_id, client_id, expires_at) WHERE client_id IS NOT NULL;
CREATE INDEX client_jwks_uri_idx ON @.client (tenant_id, jwks_tried_at) WHERE jwks_uri IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX client_assertion_expires_at_idx ON @.client_assertion (tenant_id, expires_at);
CREATE INDEX client_failure_at_idx ON @.client_failure (tenant_id, at);
