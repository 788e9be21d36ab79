-- Keys that somebody writes himself: what is published verifies what is signed
SET client_min_messages = warning;
SELECT scim.create_store('keys');
SET scim.store = 'keys';
RESET client_min_messages;
\set id 00000000-0000-7000-8000-000000000001
\set other 00000000-0000-7000-8000-000000000002
SELECT scim.create_signing_key() IS NOT NULL AS made;
SELECT scim.create_signing_key('RS256') IS NOT NULL AS made;
INSERT INTO keys.signing_key (id, algorithm, private_key, public_key) VALUES (:'id', 'ES256', '\x00', '{"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}');
INSERT INTO keys.signing_key (id, algorithm, private_key, public_key) VALUES (:'id', 'RS256', '', '{"kty": "RSA"}');
-- of the other algorithm, of another key, cut short, no object
INSERT INTO keys.signing_key (id, algorithm, private_key, public_key) SELECT :'id', 'RS256', private_key, public_key FROM keys.signing_key WHERE algorithm = 'ES256';
INSERT INTO keys.signing_key (id, algorithm, private_key, public_key) SELECT :'id', 'ES256', private_key, public_key FROM keys.signing_key WHERE algorithm = 'ES256';
INSERT INTO keys.signing_key (id, algorithm, private_key, public_key) SELECT :'id', 'ES256', substr(private_key, 1, 40), public_key FROM keys.signing_key WHERE algorithm = 'ES256';
\set SHOW_CONTEXT never
UPDATE keys.signing_key SET public_key = '[]';
UPDATE keys.signing_key SET public_key = public_key - 'x' - 'n';
UPDATE keys.signing_key SET public_key = public_key || '{"alg": "none"}';
UPDATE keys.signing_key SET public_key = public_key || '{"d": "AA"}';
UPDATE keys.signing_key SET id = :'other' WHERE algorithm = 'RS256';
-- one that was made elsewhere
CREATE TEMP TABLE elsewhere AS SELECT * FROM keys.signing_key;
DELETE FROM keys.signing_key;
INSERT INTO keys.signing_key SELECT id, algorithm, private_key, public_key || '{"x5t": "mine"}', use_from, created FROM elsewhere;
UPDATE keys.signing_key SET use_from = now();
SELECT jsonb_array_length(scim.jwks() -> 'keys') AS keys;
SET client_min_messages = warning;
SELECT scim.drop_store('keys');
