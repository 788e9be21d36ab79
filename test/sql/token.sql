-- Bearer tokens: made, checked, ended; kept as a hash only
\set VERBOSITY terse
SELECT scim.create_store('tokens');
SET scim.store = 'tokens';
SELECT scim.create_token('for the test') AS t \gset
SELECT :'t' ~ '^[0-9a-f]{64}$' AS hex, scim.create_token('another one') <> :'t' AS another;
-- the bare token, or the header, in any case of the scheme
SELECT n, scim.authenticate(header) AS tenant
FROM unnest(ARRAY[:'t', 'Bearer ' || :'t', 'bearer ' || :'t', 'BEARER   ' || :'t', '  Bearer ' || :'t' || '  ']) WITH ORDINALITY x(header, n)
ORDER BY n;
-- and nothing else
SELECT n, scim.authenticate(header) AS tenant
FROM unnest(ARRAY[NULL, '', ' ', 'Bearer', 'Bearer ', 'Basic ' || :'t', 'Bearer' || :'t', upper(:'t') || 'X',
    'Bearer ' || left(:'t', 63), 'Bearer ' || :'t' || 'a', 'Bearer ' || :'t' || ' ' || :'t', 'Bearer Bearer ' || :'t',
    'Bearer "' || :'t' || '"', ''' OR true --', repeat('x', 10000)]) WITH ORDINALITY x(header, n)
WHERE scim.authenticate(header) IS NOT NULL;
-- only the hash is there
SELECT description, hash = sha256(convert_to(:'t', 'UTF8')) AS sha256, expires_at, revoked_at
FROM tokens.token WHERE description = 'for the test';
SELECT count(*) AS leaks FROM tokens.token t WHERE t::text LIKE '%' || :'t' || '%';
INSERT INTO tokens.token (hash, description) VALUES ('\x00', 'short');
-- expiry
SELECT scim.create_token('gone', now() - interval '1 s') AS gone, scim.create_token('later', now() + interval '1 day') AS later \gset
SELECT scim.authenticate('Bearer ' || :'gone') AS gone, scim.authenticate('Bearer ' || :'later') AS later;
-- within a transaction that is older than the expiry
BEGIN;
SELECT scim.create_token('soon', clock_timestamp() + interval '50 ms') AS soon \gset
SELECT pg_sleep(0.06);
SELECT scim.authenticate('Bearer ' || :'soon') AS soon;
ROLLBACK;
-- ended: at once, and once is enough
SELECT scim.revoke_token(id) FROM tokens.token WHERE description = 'for the test';
SELECT scim.authenticate('Bearer ' || :'t') AS revoked;
SELECT revoked_at AS r FROM tokens.token WHERE description = 'for the test' \gset
SELECT scim.revoke_token(id) FROM tokens.token WHERE description = 'for the test';
SELECT revoked_at = :'r' AS same FROM tokens.token WHERE description = 'for the test';
SELECT scim.revoke_token('00000000-0000-7000-8000-000000000001');
SELECT scim.revoke_token(NULL);
SELECT scim.create_token(NULL);
-- each token belongs to its tenant, and only the tenant can end it
INSERT INTO tokens.tenant VALUES (2, 'two');
SET scim.tenant = 2;
SELECT scim.create_token('of two') AS t2 \gset
SELECT scim.authenticate(:'t2') AS two, scim.authenticate(:'later') AS one;
SET scim.tenant = 1;
SELECT scim.authenticate(:'t2') AS two;
UPDATE tokens.token SET id = '00000000-0000-7000-8000-000000000002' WHERE tenant_id = 2;
SELECT scim.revoke_token('00000000-0000-7000-8000-000000000002');
-- and to its store
SELECT scim.create_store('tokens2');
SET scim.store = 'tokens2';
SELECT scim.authenticate(:'later') AS elsewhere;
SET scim.store = 'tokens';

-- an ordinary role can check a token, but neither make, end nor read one
CREATE ROLE regress_scim_token;
GRANT USAGE ON SCHEMA tokens TO regress_scim_token;
SET ROLE regress_scim_token;
SELECT scim.authenticate('Bearer ' || :'later') AS tenant;
SELECT scim.create_token('mine');
SELECT scim.revoke_token('00000000-0000-7000-8000-000000000002');
SELECT count(*) FROM tokens.token;
-- nor lead the look-up astray
CREATE TEMP TABLE token (hash bytea, tenant_id int, revoked_at timestamptz, expires_at timestamptz);
CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$SELECT hash FROM tokens.token$$;
SET search_path = pg_temp, pg_catalog, public;
SELECT scim.authenticate('guess') AS tenant;
SHOW search_path;
RESET search_path;
RESET ROLE;
DROP OWNED BY regress_scim_token;
DROP ROLE regress_scim_token;
SET client_min_messages = warning;
SELECT scim.drop_store(n) FROM unnest(ARRAY['tokens', 'tokens2']) n;
