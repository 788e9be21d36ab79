-- Bearer tokens: made, checked, ended; kept as a hash only
\set VERBOSITY terse
SELECT scim.create_store('tokens');
SET scim.store = 'tokens';
SELECT secret AS t FROM scim.create_token('for the test') \gset
SELECT :'t' ~ ('^scim_1_' || replace(id::text, '-', '') || '_[0-9a-f]{64}$') AS names_its_row FROM tokens.token WHERE description = 'for the test';
SELECT secret <> :'t' AS another FROM scim.create_token('another one');
-- the bare token, or the header, in any case of the scheme
SELECT n, scim.authenticate(header) AS tenant
FROM unnest(ARRAY[:'t', 'Bearer ' || :'t', 'bearer ' || :'t', 'BEARER   ' || :'t', '  Bearer ' || :'t' || '  ']) WITH ORDINALITY x(header, n)
ORDER BY n;
-- and nothing else
SELECT n, scim.authenticate(header) AS tenant
FROM unnest(ARRAY[NULL, '', ' ', 'Bearer', 'Bearer ', 'Basic ' || :'t', 'Bearer' || :'t', upper(:'t') || 'X',
    'Bearer ' || left(:'t', -1), 'Bearer ' || :'t' || 'a', 'Bearer ' || :'t' || ' ' || :'t', 'Bearer Bearer ' || :'t',
    'Bearer "' || :'t' || '"', replace(:'t', 'scim_1_', 'scim_2_'), replace(:'t', 'scim_1_', 'scim_01_') || '0', replace(:'t', 'scim_1_', 'scim_99999999999_'),
    replace(:'t', 'scim_1_', 'scim__'), 'scim_1_', 'scim_1_' || repeat('0', 32) || '_' || repeat('0', 64), right(:'t', 64), ''' OR true --', repeat('x', 10000)]) WITH ORDINALITY x(header, n)
WHERE scim.authenticate(header) IS NOT NULL;
-- only the hash is there
SELECT description, hash = sha256(convert_to(:'t', 'UTF8')) AS sha256, expires_at, revoked_at
FROM tokens.token WHERE description = 'for the test';
SELECT count(*) AS leaks FROM tokens.token t WHERE t::text LIKE '%' || :'t' || '%';
INSERT INTO tokens.token (hash, description) VALUES ('\x00', 'short');
-- one of before, which is found by its hash, and is one token's (security_token.sql)
INSERT INTO tokens.token (hash, description) VALUES (sha256('of old'), 'of old');
INSERT INTO tokens.token (hash, description) VALUES (sha256('twice'), 'once'), (sha256('twice'), 'again');
SELECT scim.authenticate('Bearer of old') AS old;
-- expiry
SELECT scim.create_token('gone', now() - interval '1 s');
SELECT scim.create_token('gone', now());
SELECT secret AS gone FROM scim.create_token('gone') \gset
UPDATE tokens.token SET expires_at = now() - interval '1 s' WHERE description = 'gone';
SELECT secret AS later FROM scim.create_token('later', now() + interval '1 day') \gset
SELECT scim.authenticate('Bearer ' || :'gone') AS gone, scim.authenticate('Bearer ' || :'later') AS later;
-- within a transaction that is older than the expiry
BEGIN;
SELECT secret AS soon FROM scim.create_token('soon', clock_timestamp() + interval '50 ms') \gset
SELECT pg_sleep(0.06);
SELECT scim.authenticate('Bearer ' || :'soon') AS soon;
ROLLBACK;
-- a description is that of one token that is good; one that is not does not keep it
SELECT scim.create_token('later');
INSERT INTO tokens.token (hash, description) VALUES (sha256('x'), 'later');
SELECT id IS NOT NULL AS again FROM scim.create_token('gone');
SELECT expires_at < now() AS expired, revoked_at IS NOT NULL AS revoked FROM tokens.token WHERE description = 'gone' ORDER BY created, id;
-- a new secret for the same token: the former one is good for the overlap
SELECT id AS r, secret AS r1 FROM scim.create_token('rotated', now() + interval '1 day', '{read}') \gset
\set VERBOSITY sqlstate
SELECT id = :'r' AS same, secret AS r2 FROM scim.rotate_token(:'r'::uuid, '1 hour') \gset
SELECT scim.authenticate(:'r1') AS former, scim.authenticate(:'r2') AS new, :'r1' <> :'r2' AS another, :'same' AS same;
SELECT scopes, former_until > now() + interval '59 min' AS overlap, expires_at > now() AS expires FROM tokens.token WHERE id = :'r';
SELECT count(*) AS leaks FROM tokens.token t WHERE t::text LIKE '%' || :'r1' || '%' OR t::text LIKE '%' || :'r2' || '%';
-- again: the one before the former is good no more
SELECT secret AS r3 FROM scim.rotate_token(upper(:'r'), '1 hour') \gset
SELECT scim.authenticate(:'r1') AS first, scim.authenticate(:'r2') AS former, scim.authenticate(:'r3') AS new;
UPDATE tokens.token SET former_until = clock_timestamp() WHERE id = :'r';
SELECT scim.authenticate(:'r2') AS over, scim.authenticate(:'r3') AS new;
SELECT secret AS r4 FROM scim.rotate_token(:'r'::uuid, '0') \gset
\set VERBOSITY terse
SELECT scim.authenticate(:'r3') AS at_once, scim.authenticate(:'r4') AS new;
-- one of before gets one that names its row
SELECT secret AS named FROM tokens.token t, scim.rotate_token(t.id) WHERE description = 'of old' \gset
SELECT scim.authenticate('Bearer of old') AS former, scim.authenticate(:'named') AS new;
-- a rotation may give another expiry, and says what ends soon; the former secret is not good for longer than the token
SELECT id AS e, secret AS e1 FROM scim.create_token('ends', now() + interval '3 days') \gset
\set VERBOSITY sqlstate
SELECT id = :'e' AS same FROM scim.rotate_token(:'e'::uuid, '7 days');
\set VERBOSITY terse
SELECT expires_at = created + interval '3 days' AS unchanged, former_until = expires_at AS not_longer FROM tokens.token WHERE id = :'e';
UPDATE tokens.token SET former_hash = NULL, former_until = NULL WHERE id = :'e';
SELECT id = :'e' AS same FROM scim.rotate_token(:'e', '7 days', now() + interval '1 year');
SELECT expires_at > now() + interval '364 days' AS later, former_until > now() + interval '6 days' AND former_until < now() + interval '8 days' AS whole FROM tokens.token WHERE id = :'e';
UPDATE tokens.token SET former_hash = NULL, former_until = NULL WHERE id = :'e';
SELECT scim.rotate_token(:'e'::uuid, expires_at => now() - interval '1 s');
SELECT scim.rotate_token(:'e'::uuid, expires_at => 'infinity');
-- which of the secrets is in use
SELECT secret AS e2 FROM scim.rotate_token(:'e'::uuid, '7 days') \gset
SELECT secret AS e3 FROM scim.create_token('of e') \gset
SELECT former_used_at FROM tokens.token_use WHERE id = :'e';
SELECT id AS u, secret AS u1 FROM scim.create_token('both') \gset
SELECT scim.authenticate(:'u1') AS tenant;
SELECT secret AS u2 FROM scim.rotate_token(:'u'::uuid, '7 days') \gset
SELECT scim.authenticate(:'u2') AS tenant;
SELECT last_used_at IS NOT NULL AS used, former_used_at FROM tokens.token_use WHERE id = :'u';
SELECT count(*) FROM scim.statistics('tokens') WHERE name = 'token_former_ends_in_seconds' AND labels ->> 'name' = 'both';
-- the former: at once, though a use is known of the last hour
SELECT scim.authenticate(:'u1') AS tenant;
SELECT last_used_at = former_used_at AS nobody_else_since, former_used_at AS f FROM tokens.token_use WHERE id = :'u' \gset
SELECT :'nobody_else_since' AS nobody_else_since;
SELECT labels ->> 'name' AS name, round(value / 86400) AS days FROM scim.statistics('tokens') WHERE name = 'token_former_ends_in_seconds' AND labels ->> 'name' = 'both';
SELECT scim.authenticate(:'u1') AS tenant;
SELECT former_used_at = :'f' AS once_an_hour FROM tokens.token_use WHERE id = :'u';
-- the new one after it: at once, too
SELECT scim.authenticate(:'u2') AS tenant;
SELECT last_used_at > former_used_at AS another_since, last_used_at AS l FROM tokens.token_use WHERE id = :'u' \gset
SELECT :'another_since' AS another_since;
SELECT scim.authenticate(:'u2') AS tenant;
SELECT last_used_at = :'l' AS once_an_hour FROM tokens.token_use WHERE id = :'u';
UPDATE tokens.token SET created = created - interval '3 h', last_used_at = last_used_at - interval '1 min', former_used_at = former_used_at - interval '121 min' WHERE id = :'u';
SELECT count(*) AS not_any_more FROM scim.statistics('tokens') WHERE name = 'token_former_ends_in_seconds' AND labels ->> 'name' = 'both';
SELECT scim.authenticate(:'u1') AS tenant;
SELECT count(*) AS again FROM scim.statistics('tokens') WHERE name = 'token_former_ends_in_seconds' AND labels ->> 'name' = 'both';
-- to end it early is said
\set VERBOSITY sqlstate
SELECT secret <> :'u2' AS another FROM scim.rotate_token(:'u'::uuid);
\set VERBOSITY terse
SELECT former_used_at FROM tokens.token_use WHERE id = :'u';
SELECT count(*) AS traces_in_audit FROM tokens.configuration_change WHERE secrets IS NULL AND before - '{last_used_at,former_used_at}'::text[] = after - '{last_used_at,former_used_at}'::text[];
-- what cannot be rotated
SELECT scim.rotate_token(:'r'::uuid, '-1 s');
SELECT scim.rotate_token(:'r'::uuid, NULL);
SELECT scim.rotate_token(NULL::uuid);
SELECT scim.rotate_token('nobody');
SELECT scim.rotate_token('00000000-0000-7000-8000-000000000001'::uuid);
SELECT scim.revoke_token(:'r');
SELECT scim.authenticate(:'r4') AS revoked;
\set VERBOSITY sqlstate
SELECT scim.rotate_token(:'r');
UPDATE tokens.token SET expires_at = now() WHERE description = 'of old';
SELECT scim.rotate_token(id) FROM tokens.token WHERE description = 'of old';
\set VERBOSITY terse
-- its last use is known within an hour
SELECT secret AS used FROM scim.create_token('used') \gset
SELECT last_used_at FROM tokens.token WHERE description = 'used';
SELECT scim.authenticate(:'used') AS tenant;
SELECT last_used_at > now() - interval '1 min' AS traced, last_used_at AS at, xmin AS xmin FROM tokens.token WHERE description = 'used' \gset
SELECT scim.authenticate(:'used') AS tenant;
SELECT :'traced' AS traced, last_used_at = :'at' AND xmin = :'xmin' AS once_an_hour FROM tokens.token WHERE description = 'used';
UPDATE tokens.token SET created = created - interval '61 min', last_used_at = last_used_at - interval '61 min' WHERE description = 'used';
SELECT scim.authenticate(:'used') AS tenant;
SELECT last_used_at >= :'at' AS traced FROM tokens.token WHERE description = 'used';
-- where nothing can be written it is good without
UPDATE tokens.token SET last_used_at = NULL WHERE description = 'used';
BEGIN READ ONLY;
SELECT scim.authenticate(:'used') AS tenant;
COMMIT;
SELECT last_used_at FROM tokens.token WHERE description = 'used';
-- nor does one fail that sees the row as it was
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM tokens.token WHERE description = 'used';
SELECT scim.authenticate(:'used') AS tenant;
COMMIT;
SELECT last_used_at IS NOT NULL AS traced FROM tokens.token WHERE description = 'used';
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
SELECT secret AS t2 FROM scim.create_token('of two') \gset
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
SELECT scim.rotate_token('00000000-0000-7000-8000-000000000002');
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
SELECT scim.drop_store(n, true) FROM unnest(ARRAY['tokens', 'tokens2']) n;
