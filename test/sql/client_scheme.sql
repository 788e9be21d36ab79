-- A client that changes to another scheme has the secrets that this one wants, and no other.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SELECT scim.create_store('client_scheme');
SET scim.store = 'client_scheme';
INSERT INTO client_scheme.authentication_scheme (scheme, keyword, credential, type, second_header) VALUES ('one', 'One', 'token', 'oauth', NULL), ('two', 'Two', 'token', 'oauth', 'x-two');
SELECT count(*) FROM (SELECT scim.create_client('a', 'two') UNION ALL SELECT scim.create_client('b', 'one')) c;
UPDATE client_scheme.client SET scheme = 'one' WHERE name = 'a';
UPDATE client_scheme.client SET scheme = 'two' WHERE name = 'b';
UPDATE client_scheme.client SET scheme = 'one', second_hash = NULL WHERE name = 'a';
UPDATE client_scheme.client SET scheme = 'two', second_hash = sha256('x') WHERE name = 'a';
-- a scheme that is renamed is the same, also for those whom it wanted something of before
UPDATE client_scheme.authentication_scheme SET second_header = NULL WHERE scheme = 'two';
UPDATE client_scheme.authentication_scheme SET scheme = 'three' WHERE scheme = 'two';
SELECT name, scheme, second_hash IS NOT NULL AS second FROM client_scheme.client ORDER BY 1;
UPDATE client_scheme.client SET scheme = 'one' WHERE name = 'a';
SET client_min_messages = warning;
SELECT scim.drop_store('client_scheme', true);
