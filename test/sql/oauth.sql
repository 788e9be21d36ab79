-- Access tokens for clients: RFC 6749, RFC 7009, RFC 8414.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('granted');
SET scim.store = 'granted';
SET scim.base_url = 'https://idp.example/scim/v2';
CREATE FUNCTION pg_temp.ask(path text, form text, headers jsonb DEFAULT '{}', OUT status int, OUT body text, OUT challenge text) LANGUAGE sql AS $$
    SELECT r.status, regexp_replace(r.body, 'scim_\d+_[0-9a-f]{32}_[0-9a-f]{64}', 'scim_...'), r.headers ->> 'WWW-Authenticate'
    FROM scim.request('POST', path, '{"Content-Type": "application/x-www-form-urlencoded"}' || headers, form) AS r $$;
CREATE FUNCTION pg_temp.basic(name text, secret text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('Authorization', 'Basic ' || translate(encode(convert_to(name || ':' || secret, 'UTF8'), 'base64'), E'\n', '')) $$;
CREATE FUNCTION pg_temp.token(name text, secret text, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT r.body::jsonb ->> 'access_token'
    FROM scim.request('POST', '/.oauth/token', '{"Content-Type": "application/x-www-form-urlencoded"}' || pg_temp.basic(name, secret), 'grant_type=client_credentials' || more) AS r $$;

-- nothing is there until the store has a scheme for it
SELECT status FROM scim.request('GET', '/.well-known/oauth-authorization-server');
SELECT status FROM scim.request('POST', '/.oauth/token', '{}', 'grant_type=client_credentials');
SELECT * FROM scim.create_oauth_client('early');
INSERT INTO granted.authentication_scheme (scheme, keyword, credential, type) VALUES ('OAuth', 'Basic', 'access_token', 'oauth2');
INSERT INTO granted.authentication_scheme (scheme, keyword, credential, second_header, type) VALUES ('OAuth', 'Bearer', 'access_token', 'x-app-token', 'oauth2');
INSERT INTO granted.authentication_scheme (scheme, keyword, credential, type, name, description, spec_uri)
VALUES ('OAuth', 'Bearer', 'access_token', 'oauth2', 'OAuth 2.0', 'Client credentials', 'https://www.rfc-editor.org/info/rfc6749');
SELECT scheme FROM scim.request('GET', '/ServiceProviderConfig'), jsonb_array_elements(body::jsonb -> 'authenticationSchemes') scheme;
SELECT jsonb_pretty(scim.openapi() #> '{components,securitySchemes,OAuth}') AS openapi;

-- what there is
SELECT jsonb_pretty(body::jsonb) AS metadata, headers FROM scim.request('GET', '/.well-known/oauth-authorization-server/scim/v2');
SELECT target, status, body::jsonb ->> 'issuer' AS issuer FROM (VALUES ('/.well-known/oauth-authorization-server'), ('/scim/v2/.well-known/oauth-authorization-server'),
    ('/.well-known/oauth-authorization-server/scim'), ('/.well-known/oauth-authorization-server/other/v2'), ('/.well-known/openid-configuration')) AS t (target), LATERAL scim.request('GET', target);
SELECT method, target, status, headers ->> 'Allow' AS allow, body FROM (VALUES ('GET', '/.oauth/token'), ('OPTIONS', '/.oauth/token'), ('DELETE', '/.oauth/revoke'), ('OPTIONS', '/.well-known/oauth-authorization-server'),
    ('POST', '/.well-known/oauth-authorization-server'), ('GET', '/.oauth/other'), ('GET', '/.oauth')) AS t (method, target), LATERAL scim.request(method, target);

-- a client, by each way of saying so
SELECT id, secret FROM scim.create_oauth_client('entra') \gset
SELECT :'secret' ~ '^scim_1_[0-9a-f]{32}_[0-9a-f]{64}$' AS made, name, scheme, hash = sha256(:'secret'::bytea) AS hashed, jwks FROM granted.client;
SELECT * FROM pg_temp.ask('/.oauth/token', 'grant_type=client_credentials&client_id=entra&client_secret=' || :'secret');
SELECT * FROM pg_temp.ask('/scim/v2/.oauth/token', 'grant_type=client_credentials&scope=scim', pg_temp.basic('entra', :'secret'));
SELECT * FROM pg_temp.ask('/.oauth/token', 'client_id=entra&grant_type=client_credentials&resource=x', pg_temp.basic('entra', :'secret'));
SELECT headers FROM scim.request('POST', '/.oauth/token', '{"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}' || pg_temp.basic('entra', :'secret'), 'grant_type=client_credentials');
-- what is posted to is there and has no version; the metadata have a digest
SELECT target, h, status, body::jsonb ->> 'error' AS error, body::jsonb ->> 'error_description' AS description FROM unnest(ARRAY['/.oauth/token', '/.oauth/revoke']) AS t (target),
    unnest(ARRAY['{"If-Match": "W/\"1\""}', '{"If-None-Match": "*"}', '{"If-Match": "*"}', '{"If-None-Match": "W/\"1\""}', '{"If-Match": "junk"}', '{"If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}']::jsonb[]) WITH ORDINALITY AS h (h, n),
    LATERAL scim.request('POST', target, '{"Content-Type": "application/x-www-form-urlencoded"}' || pg_temp.basic('entra', :'secret') || h, 'grant_type=client_credentials&token=x') ORDER BY target, n;
SELECT a.status, b.status AS fresh, b.body, c.status AS other FROM scim.request('GET', '/.well-known/oauth-authorization-server') a, scim.request('GET', '/.well-known/oauth-authorization-server', jsonb_build_object('If-None-Match', a.headers ->> 'ETag')) b,
    scim.request('HEAD', '/.well-known/oauth-authorization-server', '{"If-Match": "W/\"0\""}') c;
-- a name that has to be encoded, and one that came as it is
SELECT secret AS other FROM scim.create_oauth_client('Entra ID + Ömer %41') \gset
SELECT * FROM pg_temp.ask('/.oauth/token', 'grant_type=client_credentials', pg_temp.basic('Entra+ID+%2B+%C3%96mer+%2541', :'other'));
SELECT * FROM pg_temp.ask('/.oauth/token', 'grant_type=client_credentials', pg_temp.basic('Entra ID + Ömer %41', :'other'));
SELECT * FROM pg_temp.ask('/.oauth/token', 'grant_type=client_credentials&client_id=Entra+ID+%2b+%c3%96mer+%2541&client_secret=' || :'other');

-- what is refused
SELECT n, a.* FROM (VALUES
    (1, 'grant_type=client_credentials&client_id=entra&client_secret=wrong', '{}'::jsonb),
    (2, 'grant_type=client_credentials&client_id=nobody&client_secret=' || :'secret', '{}'),
    (3, 'grant_type=client_credentials', pg_temp.basic('entra', 'wrong')),
    (4, 'grant_type=client_credentials', pg_temp.basic('entra', '')),
    (5, 'grant_type=client_credentials', pg_temp.basic('nobody', :'secret')),
    (6, 'grant_type=client_credentials', '{}'),
    (7, 'grant_type=client_credentials&client_id=entra', '{}'),
    (8, 'grant_type=client_credentials&client_secret=' || :'secret', '{}'),
    (9, 'grant_type=client_credentials&client_id=entra&client_secret=' || :'secret', pg_temp.basic('entra', :'secret')),
    (10, 'grant_type=client_credentials&client_id=other', pg_temp.basic('entra', :'secret')),
    (11, 'client_id=entra&client_secret=' || :'secret', '{}'),
    (12, 'grant_type=&client_id=entra&client_secret=' || :'secret', '{}'),
    (13, 'grant_type=password&username=a&password=b', pg_temp.basic('entra', :'secret')),
    (14, 'grant_type=client_credentials&grant_type=client_credentials', pg_temp.basic('entra', :'secret')),
    (15, 'grant_type=client_credentials&scope=&scope=scim', pg_temp.basic('entra', :'secret')),
    (16, 'grant_type=client_credentials&scope=admin', pg_temp.basic('entra', :'secret')),
    (17, 'grant_type=client_credentials&scope=scim:Users', pg_temp.basic('entra', :'secret')),
    (18, 'grant_type=client_credentials&scope=+', pg_temp.basic('entra', :'secret')),
    (19, 'grant_type=%zz', pg_temp.basic('entra', :'secret')),
    (20, 'grant_type=%00', pg_temp.basic('entra', :'secret')),
    (21, 'grant_type=%ff', pg_temp.basic('entra', :'secret')),
    (22, '{"grant_type": "client_credentials"}', pg_temp.basic('entra', :'secret')),
    (23, '', pg_temp.basic('entra', :'secret')),
    (24, 'a' || repeat('&a', 100), '{}'),
    (25, (SELECT string_agg('p' || i, '&') FROM generate_series(1, 100) i), '{}'),
    (26, 'grant_type=' || repeat('x', 70000), '{}'),
    (27, 'grant_type=client_credentials', '{"Authorization": "Bearer x"}'),
    (28, 'grant_type=client_credentials', '{"Authorization": "Basic !!"}'),
    (29, 'grant_type=client_credentials', '{"Authorization": "Basic eA=="}'),
    (30, 'grant_type=client_credentials', '{"Authorization": "Basic"}'),
    (31, 'grant_type=client_credentials&client_assertion=x', '{}'),
    (32, 'grant_type=client_credentials&client_assertion_type=x&client_assertion=x', '{}'),
    (33, 'grant_type=client_credentials&client_id=' || repeat('"\é', 10) || '&client_secret=x', '{}'),
    (34, 'grant_type=client_credentials', pg_temp.basic('entra', :'secret') || '{"Content-Type": "application/json"}'),
    (35, 'grant_type=client_credentials', pg_temp.basic('entra', :'secret') || '{"Content-Type": ""}'),
    (36, 'grant_type=client_credentials', pg_temp.basic('entra', :'secret') || '{"Content-Encoding": "gzip"}')) AS t (n, form, headers), LATERAL pg_temp.ask('/.oauth/token', form, headers) AS a ORDER BY n;
SELECT status, body FROM pg_temp.ask('/.oauth/token?client_secret=x', 'grant_type=client_credentials', pg_temp.basic('entra', :'secret'));
SELECT headers FROM scim.request('POST', '/.oauth/token', '{"Content-Type": "text/plain"}', 'x');
SELECT status, body FROM scim.request('POST', '/.oauth/token', '{"Content-Type": "application/x-www-form-urlencoded"}', '\x67ff00'::bytea);
-- not as part of another request
SELECT status FROM scim.preview('POST', '/.oauth/token', '{"Content-Type": "application/x-www-form-urlencoded"}' || pg_temp.basic('entra', :'secret'), 'grant_type=client_credentials');

-- who bears it acts as the client
SELECT pg_temp.token('entra', :'secret') AS token \gset
BEGIN;
SELECT scim.authenticate('Bearer ' || :'token') AS tenant, scim.actor();
SELECT scim.create_resource('User', '{"userName": "ann"}') ->> 'userName' AS made;
COMMIT;
SELECT operation, actor, token_id = :'id' AS by_client FROM granted.audit WHERE resource_type = 'User';
SELECT count(*) AS rows_of_tokens FROM granted.audit WHERE operation LIKE '%token%';
-- and its own secret is no token, nor is a token bare
SELECT scim.authenticate('Bearer ' || :'secret') AS by_secret, scim.authenticate('Basic ' || encode(convert_to('entra:' || :'secret', 'UTF8'), 'base64')) AS by_basic, scim.authenticate(:'token') AS bare,
    scim.authenticate('Bearer ' || left(:'token', -1) || 'x') AS changed, scim.authenticate('Bearer ' || replace(:'token', 'scim_1', 'scim_2')) AS of_another_tenant;
-- only the hash is kept, and the client has been used
SELECT bool_or(t::text LIKE '%' || right(:'token', 64) || '%') AS in_clear, bool_and(description = 'entra ' || id AND expires_at BETWEEN now() + '59 min' AND now() + '61 min') AS as_meant FROM granted.token t WHERE client_id = :'id';
SELECT name, last_used_at IS NOT NULL AS used FROM granted.client ORDER BY name COLLATE "C";
SELECT kind, name, state FROM granted.token_use ORDER BY name COLLATE "C";
SELECT labels ->> 'kind' AS kind, sum(value) FROM scim.statistics() WHERE name = 'tokens' GROUP BY 1;

-- scopes: no more than the client has, nor than is asked for
SELECT id AS narrow_id, secret AS narrow FROM scim.create_oauth_client('narrow', scopes => '{read,User}') \gset
SELECT scope, a.status, a.body::jsonb ->> 'scope' AS granted, a.body::jsonb ->> 'error' AS error
FROM (VALUES (''), ('&scope=scim'), ('&scope=scim:User'), ('&scope=scim:User:read'), ('&scope=scim:read'), ('&scope=scim:read+scim:user'), ('&scope=scim:User:write'), ('&scope=scim:Group:read'), ('&scope=scim:write'), ('&scope=scim:Group+scim')) AS t (scope),
    LATERAL pg_temp.ask('/.oauth/token', 'grant_type=client_credentials' || scope, pg_temp.basic('narrow', :'narrow')) AS a;
CREATE FUNCTION pg_temp.may(token text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    tenant CONSTANT int := scim.authenticate('Bearer ' || token);
BEGIN
    EXECUTE statement;
    RETURN 'may, of tenant ' || tenant;
EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT pg_temp.token('narrow', :'narrow') AS all_of_it, pg_temp.token('entra', :'secret', '&scope=scim:Group') AS groups \gset
SELECT pg_temp.may(:'all_of_it', 'SELECT scim.search(''User'')');
SELECT pg_temp.may(:'all_of_it', 'SELECT scim.create_resource(''User'', ''{"userName": "bob"}'')');
SELECT pg_temp.may(:'groups', 'SELECT scim.create_resource(''Group'', ''{"displayName": "x"}'')');
SELECT pg_temp.may(:'groups', 'SELECT scim.search(''User'')');
SELECT pg_temp.may(:'groups', 'SELECT scim.create_token(''x'')');
-- a client who may no more takes its tokens along
UPDATE granted.client SET scopes = '{User:read}' WHERE name = 'entra';
SELECT pg_temp.may(:'token', 'SELECT scim.search(''User'')');
SELECT pg_temp.may(:'token', 'SELECT scim.search(''Group'')');
SELECT pg_temp.may(:'groups', 'SELECT scim.search(''Group'')');
UPDATE granted.client SET scopes = NULL WHERE name = 'entra';

-- settings of the client hold for its tokens, and say how long they are good
INSERT INTO granted.setting (name, token_id, value) VALUES ('access_token_lifetime', :'id', '90');
INSERT INTO granted.setting (name, value) VALUES ('access_token_lifetime', '600');
SELECT (pg_temp.ask('/.oauth/token', 'grant_type=client_credentials', pg_temp.basic('entra', :'secret'))).body::jsonb ->> 'expires_in' AS of_client,
    (pg_temp.ask('/.oauth/token', 'grant_type=client_credentials', pg_temp.basic('narrow', :'narrow'))).body::jsonb ->> 'expires_in' AS of_store;
UPDATE granted.client SET expires_at = now() + '1 minute' WHERE name = 'narrow';
SELECT ((pg_temp.ask('/.oauth/token', 'grant_type=client_credentials', pg_temp.basic('narrow', :'narrow'))).body::jsonb ->> 'expires_in')::int BETWEEN 50 AND 60 AS no_longer_than_the_client;
DELETE FROM granted.setting;

-- two secrets at a time, as long as they overlap
SELECT secret AS second FROM scim.rotate_client(:'id'::uuid) \gset
SELECT pg_temp.token('entra', :'secret') IS NOT NULL AS former, pg_temp.token('entra', :'second') IS NOT NULL AS now, scim.authenticate('Bearer ' || :'token') AS token;
UPDATE granted.client SET former_until = now() - interval '1 second' WHERE name = 'entra';
SELECT pg_temp.token('entra', :'secret') IS NOT NULL AS former, pg_temp.token('entra', :'second') IS NOT NULL AS now, scim.authenticate('Bearer ' || :'token') AS token;

-- the end of a token: its time, the client's wish, the operator's, the end of the client
SELECT pg_temp.token('entra', :'second') AS expired, pg_temp.token('entra', :'second') AS given_up, pg_temp.token('entra', :'second') AS revoked, pg_temp.token('narrow', :'narrow') AS others \gset
UPDATE granted.token SET expires_at = clock_timestamp() WHERE hash = sha256(:'expired'::bytea);
SELECT a.* FROM (VALUES ('token=' || :'given_up'), ('token=' || :'given_up'), ('token_type_hint=refresh_token&token=' || :'others'), ('token=x'), ('token=' || :'second'), ('x=y')) AS t (form), LATERAL pg_temp.ask('/.oauth/revoke', form, pg_temp.basic('entra', :'second')) AS a;
SELECT * FROM pg_temp.ask('/.oauth/revoke', 'token=' || :'revoked');
SELECT scim.revoke_token(id) FROM granted.token WHERE hash = sha256(:'revoked'::bytea);
SELECT scim.authenticate('Bearer ' || :'expired') AS expired, scim.authenticate('Bearer ' || :'given_up') AS given_up, scim.authenticate('Bearer ' || :'revoked') AS revoked, scim.authenticate('Bearer ' || :'others') AS others;
SELECT operation, actor FROM granted.audit WHERE operation LIKE '%token%' ORDER BY id;
SELECT scim.revoke_client(:'narrow_id'::uuid);
SELECT scim.authenticate('Bearer ' || :'others') AS others, pg_temp.token('narrow', :'narrow') AS again;

-- rows that somebody writes himself are in the audit, and are ones that there could be
INSERT INTO granted.token (hash, description, expires_at, client_id) VALUES (sha256('x'), 'by hand', now() + '1 hour', :'id');
SELECT operation, detail #>> '{after,description}' AS description FROM granted.audit WHERE operation = 'create token';
INSERT INTO granted.token (hash, description, client_id) VALUES (sha256('y'), 'for ever', :'id');
INSERT INTO granted.token (hash, description, expires_at, client_id) VALUES (sha256('y'), 'of nobody', now() + '1 hour', '00000000-0000-7000-8000-000000000001');
DO $$ BEGIN PERFORM scim.rotate_token(id) FROM granted.token WHERE description = 'by hand'; EXCEPTION WHEN OTHERS THEN RAISE WARNING '%', sqlstate; END $$;

-- what is not good any more goes, a few with each token, and all of it with the others that are old
DELETE FROM granted.token WHERE client_id IS NOT NULL;
INSERT INTO granted.token (hash, description, created, expires_at, client_id)
SELECT sha256(i::text::bytea), 'old ' || i, now() - interval '2 days', now() - interval '1 day' - i * interval '1 second', :'id' FROM generate_series(1, 50) i;
SELECT pg_temp.token('entra', :'second') IS NOT NULL AS made, (SELECT count(*) FROM granted.token WHERE description LIKE 'old %') AS before;
SELECT count(*) AS after FROM granted.token WHERE description LIKE 'old %';
SELECT scim.apply_retention() AS removed;
SELECT count(*) FROM granted.token WHERE client_id IS NOT NULL;
-- nor are there more than a thousand of a client
INSERT INTO granted.token (hash, description, expires_at, client_id)
SELECT sha256(i::text::bytea), 'many ' || i, now() + interval '1 minute' + i * interval '1 second', :'id' FROM generate_series(1, 1005) i;
SELECT pg_temp.token('entra', :'second') IS NOT NULL AS made;
SELECT count(*) AS good, min(expires_at) > now() + interval '62 seconds' AS the_last FROM granted.token WHERE client_id IS NOT NULL;

-- who fails too often waits, but nobody else for him
CREATE FUNCTION pg_temp.tries(n int, address text, name text, secret text) RETURNS TABLE (status int, times text) LANGUAGE sql AS $$
    -- one more each six seconds
    SELECT a.status, CASE WHEN count(*) = 1 THEN 'one' WHEN count(*) BETWEEN 20 AND 29 THEN 'twenty' ELSE 'some' END FROM generate_series(1, n) AS i, LATERAL pg_temp.ask('/.oauth/token', 'grant_type=client_credentials' || left('', i), pg_temp.basic(name, secret) || jsonb_build_object('X-Real-IP', address)) AS a GROUP BY 1 ORDER BY 1 $$;
DELETE FROM granted.client_failure;
SELECT * FROM pg_temp.tries(30, '192.0.2.1', 'entra', 'wrong');
SELECT * FROM pg_temp.tries(1, '192.0.2.1', 'entra', :'second');
SELECT headers ->> 'Retry-After' AS retry_after, body FROM scim.request('POST', '/.oauth/token', '{"Content-Type": "application/x-www-form-urlencoded", "X-Real-IP": "192.0.2.1"}' || pg_temp.basic('entra', 'x'), 'grant_type=client_credentials');
SELECT * FROM pg_temp.tries(1, '192.0.2.2', 'entra', :'second');
SELECT * FROM pg_temp.tries(30, '2001:db8::1', 'nobody', 'wrong');
SELECT * FROM pg_temp.tries(1, '2001:db8::2', 'nobody', 'wrong');
SELECT * FROM pg_temp.tries(1, '2001:db8:0:1::1', 'nobody', 'wrong');
SELECT tenant_id, CASE WHEN key LIKE 'client %' THEN 'client' ELSE key END AS key, failures > 18 AS many FROM granted.client_failure ORDER BY 1, 2;
-- by a hundred addresses: the client gets in from where nobody has failed
SELECT count(*) FROM generate_series(1, 120) i, LATERAL pg_temp.tries(1, '198.51.100.' || i, 'entra', 'wrong');
SELECT * FROM pg_temp.tries(1, '198.51.100.1', 'entra', :'second');
SELECT * FROM pg_temp.tries(1, '203.0.113.1', 'entra', :'second');
SELECT * FROM pg_temp.tries(1, 'no address', 'entra', :'second');
-- what is full empties
UPDATE granted.client_failure SET at = at - interval '13 seconds';
SELECT * FROM pg_temp.tries(5, '192.0.2.1', 'entra', 'wrong');
UPDATE granted.client_failure SET at = at - interval '2 hours';
SELECT * FROM pg_temp.tries(1, 'no address', 'entra', 'wrong');
SELECT scim.apply_retention() ~ 'counts of failed attempts removed' AS removed;
SELECT count(*) FROM granted.client_failure;

-- another tenant, at an address of its own
INSERT INTO granted.tenant (tenant_id, name, base_url) VALUES (2, 'two', 'https://two.example/scim/v2');
SET scim.tenant = 2;
SELECT secret AS of_two FROM scim.create_oauth_client('two') \gset
SELECT pg_temp.token('two', :'of_two') IS NOT NULL AS elsewhere;
SET scim.base_url = 'https://two.example/scim/v2';
SELECT pg_temp.token('two', :'of_two') AS token_of_two \gset
SELECT body::jsonb ->> 'issuer' AS issuer FROM scim.request('GET', '/.well-known/oauth-authorization-server');
SELECT pg_temp.token('entra', :'second') IS NOT NULL AS of_another;
SELECT pg_temp.may(:'token_of_two', 'SELECT scim.search(''User'')');
SELECT (scim.search('User') ->> 'totalResults')::int AS seen FROM (SELECT scim.authenticate('Bearer ' || :'token_of_two') AS tenant OFFSET 0) AS a WHERE tenant = 2;
SELECT * FROM pg_temp.tries(1, '192.0.2.9', 'two', 'wrong');
RESET scim.tenant;
SET scim.base_url = 'https://idp.example/scim/v2';

-- nobody but the store reads or writes what it keeps of them
CREATE ROLE regress_scim_reader;
GRANT USAGE ON SCHEMA granted TO regress_scim_reader;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA granted TO regress_scim_reader;
SET ROLE regress_scim_reader;
SELECT (SELECT count(*) FROM granted.client_failure) AS failures, (SELECT count(*) FROM granted.client_assertion) AS assertions;
INSERT INTO granted.client_failure VALUES (1, 'x', 1, now());
RESET ROLE;
INSERT INTO granted.client_failure VALUES (1, 'x', 'NaN', now());
INSERT INTO granted.client_failure VALUES (1, 'x', 1, 'infinity');
INSERT INTO granted.client_assertion VALUES (1, :'id', '\x00', now());
SELECT scim.drop_tenant(2);
SELECT count(*) AS of_two FROM granted.client_failure WHERE tenant_id = 2;
-- nothing can be changed
BEGIN READ ONLY;
SELECT status, body FROM pg_temp.ask('/.oauth/token', 'grant_type=client_credentials', pg_temp.basic('entra', :'second'));
SELECT status FROM scim.request('GET', '/.well-known/oauth-authorization-server');
ROLLBACK;
-- without the scheme its clients and tokens are nothing
UPDATE granted.authentication_scheme SET credential = 'token', keyword = 'Key' WHERE scheme = 'OAuth';
SELECT status FROM scim.request('GET', '/.well-known/oauth-authorization-server');

RESET scim.store;
DROP OWNED BY regress_scim_reader;
DROP ROLE regress_scim_reader;
SELECT scim.drop_store('granted', true);
