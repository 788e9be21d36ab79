-- Clients, and the ways in which a store lets them say who they are
\set VERBOSITY terse
SELECT scim.create_store('clients');
SET scim.store = 'clients';
SELECT scheme, keyword, credential, second_header, name FROM clients.authentication_scheme ORDER BY 1;
SELECT secret AS t FROM scim.create_token('of the test') \gset

-- a function of two secrets: the Authorization header of a name and a password
CREATE FUNCTION pg_temp.basic(text, text) RETURNS text LANGUAGE sql
    RETURN 'Basic ' || replace(encode(convert_to($1 || ':' || $2, 'UTF8'), 'base64'), E'\n', '');

-- what a store does not accept is refused, by it and by create_client
SELECT scim.create_client('hr');
SELECT scim.create_client('hr', 'JWT');
SELECT scim.create_client('hr', 'Nonsense');
SELECT n, scim.authenticate(header) AS tenant
FROM unnest(ARRAY['Bearer ' || :'t', :'t', 'ApiKey ' || :'t', 'Basic ' || :'t', 'SSWS ' || :'t', 'Bearer: ' || :'t'])
    WITH ORDINALITY x(header, n) ORDER BY n;

-- other keywords for the same tokens, by rows alone
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type, name, description) VALUES
    ('ApiKey', 'ApiKey', 'token', 'oauthbearertoken', 'API key', 'The key in the header Authorization: ApiKey'),
    ('Basic', 'Basic', 'password', 'httpbasic', 'HTTP Basic', 'Name and password'),
    ('Basic token', 'Basic', 'token', 'httpbasic', NULL, NULL);
SELECT n, scim.authenticate(header) AS tenant
FROM unnest(ARRAY['Bearer ' || :'t', :'t', 'ApiKey ' || :'t', 'APIKEY   ' || :'t' || ' ', 'Basic ' || :'t', 'SSWS ' || :'t',
    'ApiKey' || :'t', 'ApiKey Bearer ' || :'t', 'ApiKey', 'ApiKey ', 'Basic', 'Basic '])
    WITH ORDINALITY x(header, n) ORDER BY n;
DELETE FROM clients.authentication_scheme WHERE scheme IN ('bare', 'Bearer');
SELECT scim.authenticate('Bearer ' || :'t') AS bearer, scim.authenticate(:'t') AS bare, scim.authenticate('apikey ' || :'t') AS key;
SELECT scheme ->> 'name' AS name, scheme ->> 'type' AS type, scheme -> 'primary' AS "primary"
FROM scim.request('GET', '/ServiceProviderConfig'), jsonb_array_elements(body::jsonb -> 'authenticationSchemes') scheme;
-- undone with the transaction
BEGIN;
DELETE FROM clients.authentication_scheme WHERE scheme = 'ApiKey';
SELECT scim.authenticate('ApiKey ' || :'t') AS refused;
ROLLBACK;
SELECT scim.authenticate('ApiKey ' || :'t') AS tenant;

-- a client with a random secret
SELECT id AS hr, secret AS hr_secret, second_secret FROM scim.create_client('hr') \gset
SELECT :'hr_secret' ~ ('^scim_1_' || replace(:'hr', '-', '') || '_[0-9a-f]{64}$') AS names_its_row;
SELECT n, scim.authenticate(header) AS tenant
FROM unnest(ARRAY[pg_temp.basic('hr', :'hr_secret'), lower('Basic ') || substr(pg_temp.basic('hr', :'hr_secret'), 7),
    pg_temp.basic('HR', :'hr_secret'), pg_temp.basic('hr', 'wrong'), pg_temp.basic('hr', ''), pg_temp.basic('nobody', :'hr_secret'),
    'ApiKey ' || :'hr_secret', 'Basic ' || :'hr_secret', 'Basic hr:' || :'hr_secret', 'Basic ' || encode('hr', 'base64'),
    'Basic ' || encode('\x686d7200ff3a', 'base64'), 'Basic !!!!', 'Basic ' || encode('\x803a78', 'base64')])
    WITH ORDINALITY x(header, n) ORDER BY n;

-- there is one spelling of it: blanks and line feeds in the middle, bits behind the end
SELECT n, scim.authenticate(header) AS tenant
FROM pg_temp.basic('hr', :'hr_secret') AS b,
    unnest(ARRAY[b, overlay(b PLACING ' ' FROM 20 FOR 0), overlay(b PLACING E'\n' FROM 20 FOR 0), left(b, -2) || chr(ascii(substr(right(b, 2), 1, 1)) + 1) || '=', b || '='])
    WITH ORDINALITY x(header, n) WHERE b LIKE '%=' ORDER BY n;

-- one with a password that somebody chose, which may hold a colon and any letter
SELECT secret, second_secret FROM scim.create_client('payroll', password => 'pa:ss wörd');
SELECT n, scim.authenticate(header) AS tenant
FROM unnest(ARRAY[pg_temp.basic('payroll', 'pa:ss wörd'), pg_temp.basic('payroll', 'pa'), pg_temp.basic('payroll', 'pa:ss word'),
    pg_temp.basic('payroll', :'hr_secret')]) WITH ORDINALITY x(header, n) ORDER BY n;

-- only hashes are kept
SELECT name, scheme, hash = sha256(convert_to(:'hr_secret', 'UTF8')) AS sha256, left(secret, 19) AS secret, second_hash
FROM clients.client ORDER BY name;
SELECT count(*) AS leaks FROM clients.client c WHERE c::text LIKE '%' || :'hr_secret' || '%' OR c::text LIKE '%wörd%';

-- the password of a person is no credential of a client
INSERT INTO clients.users (data) VALUES ('{"userName": "bjensen", "password": "t1meMa$heen"}');
SELECT scim.authenticate(pg_temp.basic('bjensen', 't1meMa$heen')) AS person;

-- an unknown name takes as long as a wrong password, a key as little as ever
CREATE FUNCTION pg_temp.ms(header text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    start timestamptz;
    fastest float8 := 'infinity';
BEGIN
    FOR i IN 1..7 LOOP
        start := clock_timestamp();
        PERFORM scim.authenticate(header);
        fastest := least(fastest, 1000 * extract(epoch FROM clock_timestamp() - start));
    END LOOP;
    RETURN fastest;
END
$$;
SELECT pg_temp.ms(pg_temp.basic('nobody', 'x')) > 0.3 * wrong AS like_a_wrong_one,
    pg_temp.ms('ApiKey ' || :'t') < 0.5 * wrong AS quick
FROM pg_temp.ms(pg_temp.basic('payroll', 'x')) wrong;
-- a credential of any length costs nothing
SELECT scim.authenticate(pg_temp.basic('payroll', repeat('x', 100000))) AS long, scim.authenticate('ApiKey ' || repeat('x', 1000000)) AS longer;

-- what create_client refuses
SELECT scim.create_client(NULL);
SELECT scim.create_client('', 'Basic');
SELECT scim.create_client('a:b', 'Basic');
SELECT scim.create_client(repeat('x', 257), 'Basic');
SELECT scim.create_client('hr');
SELECT scim.create_client('x', password => '');
SELECT scim.create_client('x', password => repeat('x', 1025));
SELECT scim.create_client('x', 'ApiKey', 'chosen');
SELECT scim.create_client('x', expires_at => now() - interval '1 s');
-- one that has expired gets no new secret, and leaves its name to the next
SELECT id AS late FROM scim.create_client('late') \gset
UPDATE clients.client SET created = now() - interval '2 days', expires_at = now() - interval '1 day' WHERE id = :'late';
DO $$
BEGIN
    PERFORM scim.rotate_client(id, '1 h', now() + interval '1 year') FROM clients.client WHERE name = 'late';
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '%', regexp_replace(sqlerrm, '".*" (expired).*', '"..." \1');
END $$;
SELECT id AS later FROM scim.create_client('late') \gset
SELECT id = :'later' AS is_next, revoked_at = expires_at AS ended FROM clients.client WHERE name = 'late' ORDER BY id;
SELECT scim.revoke_client(:'later');
DELETE FROM clients.client WHERE name = 'late';
SELECT count(*) FROM clients.client;

-- the end of a client: at once; its name is free, so that a secret can be replaced
SELECT scim.revoke_client(:'hr'::uuid);
SELECT scim.revoke_client(upper(:'hr'));
SELECT scim.revoke_client('nobody');
SELECT scim.authenticate(pg_temp.basic('hr', :'hr_secret')) AS revoked;
SELECT secret <> :'hr_secret' AS another FROM scim.create_client('hr') \gset
SELECT scim.authenticate(pg_temp.basic('hr', :'hr_secret')) AS revoked;
SELECT scim.revoke_client('00000000-0000-7000-8000-000000000001');
BEGIN;
SELECT secret AS soon FROM scim.create_client('soon', expires_at => clock_timestamp() + interval '2 s') \gset
SELECT scim.authenticate(pg_temp.basic('soon', :'soon')) AS tenant;
SELECT pg_sleep(2.1);
SELECT scim.authenticate(pg_temp.basic('soon', :'soon')) AS expired;
ROLLBACK;

-- new secrets: the former ones are good for the overlap, and a password that was chosen is
-- made by whoever chose it
SELECT secret AS former, second_secret AS none FROM scim.create_client('rotated', scopes => '{read}') \gset
SELECT r.secret AS new FROM clients.client c, scim.rotate_client(c.id, '1 hour') r WHERE name = 'rotated' \gset
SELECT scim.authenticate(pg_temp.basic('rotated', :'former')) AS former, scim.authenticate(pg_temp.basic('rotated', :'new')) AS new;
UPDATE clients.client SET former_until = now() WHERE name = 'rotated';
SELECT scim.authenticate(pg_temp.basic('rotated', :'former')) AS former, scim.authenticate(pg_temp.basic('rotated', :'new')) AS new;
SELECT scopes, last_used_at IS NOT NULL AS traced, former_used_at IS NOT NULL AS traced_as_former FROM clients.client WHERE name = 'rotated';
-- which may end later then, and of whose former secret it is known that it was used
DO $$ BEGIN PERFORM scim.rotate_client(id, '1 hour', now() + interval '1 year') FROM clients.client WHERE name = 'rotated'; END $$;
SELECT expires_at > now() + interval '364 days' AS later, former_used_at FROM clients.client WHERE name = 'rotated';
SELECT scim.authenticate(pg_temp.basic('rotated', :'new')) AS former;
SELECT former_used_at = last_used_at AS nobody_else_since FROM clients.token_use WHERE name = 'rotated';
UPDATE clients.client SET former_hash = NULL, former_until = NULL, expires_at = NULL WHERE name = 'rotated';
SELECT scim.rotate_client('00000000-0000-7000-8000-000000000001');
DO $$ BEGIN PERFORM scim.rotate_client(id) FROM clients.client WHERE name = 'payroll'; EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '% %', sqlstate, regexp_replace(sqlerrm, '".*"', '"..."'); END $$;

-- each client belongs to its tenant
INSERT INTO clients.tenant VALUES (2, 'two');
SET scim.tenant = 2;
SELECT secret AS two_secret FROM scim.create_client('of two') \gset
RESET scim.tenant;
UPDATE clients.client SET id = '00000000-0000-7000-8000-000000000002' WHERE tenant_id = 2;
SELECT scim.authenticate(pg_temp.basic('of two', :'two_secret')) AS tenant;
SELECT scim.revoke_client('00000000-0000-7000-8000-000000000002');
SELECT scim.authenticate(pg_temp.basic('of two', :'two_secret')) AS tenant;

-- a second secret in a header of its own: what has none is refused, and so is a function that sees one header only
UPDATE clients.authentication_scheme SET second_header = 'x-app-token' WHERE scheme = 'ApiKey';
SELECT scim.authenticate('ApiKey ' || :'t') AS token;
SELECT secret AS app_key, second_secret AS app_token FROM scim.create_client('app', 'ApiKey') \gset
SELECT :'app_key' <> :'app_token' AS two, second_hash = sha256(convert_to(:'app_token', 'UTF8')) AS hashed FROM clients.client WHERE name = 'app';
SELECT scim.authenticate('ApiKey ' || :'app_key') AS half;

-- a scheme that cannot be
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type) VALUES ('x', 'two words', 'token', 'oauth');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type) VALUES ('x', '', 'password', 'httpbasic');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type) VALUES ('x', 'X', 'magic', 'oauth');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type) VALUES ('x', 'X', 'token', 'magic');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type) VALUES ('x', 'ApiKey', 'token', 'oauth');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type) VALUES ('x', 'X', 'jwt', 'oauth');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type, is_primary) VALUES ('x', 'X', 'token', 'oauth', false);
UPDATE clients.authentication_scheme SET is_primary = true;
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type, name) VALUES ('x', 'X', 'token', 'oauth', 'X');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type, second_header) VALUES ('x', 'X', 'token', 'oauth', 'X-Upper');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type, second_header) VALUES ('x', 'X', 'token', 'oauth', 'x-scim-store');
INSERT INTO clients.authentication_scheme (scheme, keyword, credential, type, second_header) VALUES ('x', 'X', 'token', 'oauth', 'authorization');
DELETE FROM clients.authentication_scheme WHERE scheme = 'Basic';
TRUNCATE clients.authentication_scheme;
-- and a client that contradicts itself
INSERT INTO clients.client (name, scheme) VALUES ('x', 'Basic');
INSERT INTO clients.client (name, scheme, secret) VALUES ('x', 'Basic', 'plain');
INSERT INTO clients.client (name, scheme, hash) VALUES ('x', 'Basic', 'short');
INSERT INTO clients.client (name, scheme, hash) VALUES ('x', 'Nonsense', sha256('x'));

-- an ordinary role can neither make, end nor read clients
CREATE ROLE regress_scim_client;
GRANT USAGE ON SCHEMA clients TO regress_scim_client;
SET ROLE regress_scim_client;
SELECT scim.create_client('mine');
SELECT scim.revoke_client(:'hr');
SELECT count(*) FROM clients.client;
UPDATE clients.authentication_scheme SET second_header = NULL;
SELECT scim.gateway('{}', '');
SET scim.proved_tenant = 2;
RESET ROLE;
-- nobody says what is proved
SET scim.proved_tenant = 2;
SELECT set_config('scim.proved_tenant', '2', true);
ALTER ROLE regress_scim_client SET scim.proved_tenant = 2;
SELECT scim.tenant();
DROP OWNED BY regress_scim_client;
DROP ROLE regress_scim_client;
SET client_min_messages = warning;
SELECT scim.drop_store('clients', true);
