-- How a consumer gets his events other than by a function: what may be configured, who sees the secrets, what a token says.
\set ECHO errors
SET client_min_messages = warning;
SELECT scim.create_store('set');
SET scim.store = 'set';
SET scim.base_url = 'https://scim.example.com/v2';
UPDATE set.policy SET enabled = true WHERE kind = 'events';
CREATE FUNCTION pg_temp.claims(token text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT convert_from(decode(rpad(translate(split_part(token, '.', 2), '-_', '+/'), (length(split_part(token, '.', 2)) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb $$;
CREATE FUNCTION pg_temp.poll(consumer text, body jsonb DEFAULT '{}', OUT status int, OUT body jsonb) LANGUAGE sql AS $$
  SELECT r.status, r.body::jsonb FROM scim.request('POST', '/.events/' || consumer, '{"content-type": "application/json"}', body::text) r $$;
\pset format unaligned
\set ECHO all
\set VERBOSITY terse

-- https, or this very machine; nobody else's name, password or address
SELECT scim.create_consumer('there') IS NOT NULL AS made;
CREATE FUNCTION pg_temp.try(url text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN PERFORM scim.deliver_by_push('there', url); RETURN 'taken'; EXCEPTION WHEN check_violation THEN RETURN 'refused'; END $$;
SELECT u AS url, pg_temp.try(u) FROM unnest(ARRAY['https://example.com', 'https://example.com:8443/a/b?c=d', 'http://127.0.0.1:9/x', 'http://localhost/x', 'http://[::1]:80/',
  'http://example.com/', 'http://127.0.0.1.example.com/', 'http://localhost.example.com', 'ftp://example.com', 'https://user:secret@example.com/', 'https://127.0.0.1@example.com', 'http://127.0.0.1@example.com/',
  'https://', 'https:///x', 'https://example.com/a b', E'https://example.com/\nHost: x', 'HTTPS://example.com/', 'https://exa_mple.com', 'https://example.com:123456/', 'file:///etc/passwd', '', 'https://example.com#x', 'https://ex$(x).com', 'https://example.com/a#x', 'https://example.com:0/', 'https://example.com:65536/', 'https://example.com:65535', 'https://example.com?x=y', 'https://[2001:db8::1]:8443/x', 'https://[2001:db8::1', 'https://[:::]/', 'HTTP://LOCALHOST:1', 'http://[::2]/', 'https://example.com:/']) u;
SELECT scim.deliver_by_push('nobody', 'https://example.com');
SELECT scim.deliver_by_push('there', 'https://example.com', E'Bearer x\r\nX: y');
SELECT scim.deliver_by_poll('there', NULL);
SELECT scim.deliver_by_poll('there', (scim.create_token('lease')).id, lease => '8 days');
SELECT scim.deliver_by_push('there', NULL);
SELECT scim.deliver_by_push('there', 'https://example.com', lease => NULL);
SELECT scim.deliver_by_push('there', 'https://example.com', audience => ARRAY[NULL, '']);
SELECT scim.deliver_by_push('there', 'https://example.com', audience => '{}');
-- neither the URL nor the header is in what is said of them
\set VERBOSITY default
SELECT scim.deliver_by_push('there', 'http://example.com/?key=s3cret', 'Bearer s3cret');
SELECT scim.deliver_by_push('there', 'https://example.com', E'Bearer s3cret\nX: y');
\set VERBOSITY terse
UPDATE set.consumer SET method = 'carrier pigeon';
-- a key was made, for the first who needs one
SELECT algorithm, public_key - '{x,y,kid}'::text[] AS public_key, use_from <= now() AS used FROM set.signing_key;
SELECT scim.jwks() = (SELECT jsonb_build_object('keys', jsonb_build_array(public_key)) FROM set.signing_key) AS shown;
SELECT scim.create_signing_key('none');
SELECT scim.create_signing_key('RS256', 'infinity') IS NOT NULL AS made;
SELECT key ->> 'alg' AS alg, key ->> 'e' AS e, length(key ->> 'n') AS n FROM jsonb_array_elements(scim.jwks() -> 'keys') key ORDER BY 1;
SELECT scim.drop_signing_key('00000000-0000-7000-8000-000000000000');
SELECT scim.drop_signing_key(id) FROM set.signing_key WHERE algorithm = 'RS256';
-- secrets are for the owner alone, and leave with the way of delivery
SELECT left(scim.deliver_by_webhook('there', 'https://example.com', 'Basic c2VjcmV0'), 6) AS secret;
SELECT octet_length(key) AS key, "authorization" FROM set.consumer_secret;
SELECT scim.deliver_by_push('there', 'https://example.com');
SELECT octet_length(key) AS key, "authorization" FROM set.consumer_secret;
CREATE ROLE regress_scim_curious;
GRANT USAGE ON SCHEMA set TO regress_scim_curious;
GRANT SELECT ON ALL TABLES IN SCHEMA set TO regress_scim_curious;
SET ROLE regress_scim_curious;
SELECT (SELECT count(*) FROM set.signing_key) AS keys, (SELECT count(*) FROM set.consumer_secret) AS secrets, (SELECT count(*) FROM set.consumer) AS consumers, jsonb_array_length(scim.jwks() -> 'keys') AS shown;
SELECT scim.create_signing_key();
SELECT scim.deliver_by_poll('there', gen_random_uuid());
SELECT * FROM pg_temp.poll('there');
RESET ROLE;
GRANT EXECUTE ON FUNCTION scim.deliver_by_poll(text, uuid, text[], interval), scim.deliver_by_poll(text, text, text[], interval), scim.create_signing_key TO regress_scim_curious;
SET ROLE regress_scim_curious;
SELECT scim.create_signing_key();
SELECT scim.deliver_by_poll('there', gen_random_uuid());
RESET ROLE;
DROP OWNED BY regress_scim_curious;
DROP ROLE regress_scim_curious;

-- What a token says: of RFC 9967's events, of policies', of others
SELECT * FROM pg_temp.poll('there');
SELECT scim.deliver_by_poll('there', (scim.create_token('there')).id);
INSERT INTO set.policy (resource_type, kind, name, settings) VALUES ('User', 'emit', 'hello', '{"event": "urn:example:hello", "on": ["create"], "data": ["userName"]}');
SELECT scim.create_resource('User', '{"userName": "ada"}') ->> 'id' AS ada \gset
SELECT scim.log_out(:'ada'::uuid);
UPDATE set.users SET active = false;
SELECT scim.delete_resource('User', :'ada');
CREATE TEMP TABLE polled AS SELECT * FROM pg_temp.poll('there');
SELECT status, body - 'sets' AS body FROM polled;
SELECT claims - '{iat,toe,jti,txn,sub_id}'::text[] AS claims FROM polled, jsonb_each_text(body -> 'sets') s (jti, token), pg_temp.claims(token) claims ORDER BY jti;
SELECT bool_and(claims ->> 'jti' = jti AND (claims ->> 'txn') IS NOT NULL AND claims -> 'sub_id' = jsonb_build_object('format', 'scim', 'uri', '/Users/' || :'ada', 'id', :'ada')) AS rest,
  bool_and((claims ->> 'iat')::numeric BETWEEN extract(epoch FROM now()) - 60 AND extract(epoch FROM now()) + 60) AS iat FROM polled, jsonb_each_text(body -> 'sets') s (jti, token), pg_temp.claims(token) claims;
SELECT status, body FROM pg_temp.poll('there', (SELECT jsonb_build_object('ack', jsonb_agg(jti)) FROM polled, jsonb_object_keys(body -> 'sets') jti));
-- a GET is none, nor is what stands elsewhere
SELECT status, headers ->> 'Allow' AS allow FROM scim.request('GET', '/.events/there');
SELECT status FROM scim.request('POST', '/.events/there/more', '{"content-type": "application/json"}', '{}');
SELECT status FROM scim.request('POST', '/Bulk', '{}', '{"Operations": [{"method": "POST", "path": "/.events/there", "data": {}}]}');
SELECT status, body::jsonb -> 'Operations' -> 0 -> 'status' AS operation FROM scim.request('POST', '/Bulk', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "POST", "bulkId": "1", "path": "/.events/there", "data": {}}]}');
-- what there are, where there are any
SELECT body::jsonb -> 'securityEvents' AS told FROM scim.request('GET', '/ServiceProviderConfig');
UPDATE set.policy SET enabled = false WHERE kind IN ('events', 'emit');
SELECT body::jsonb -> 'securityEvents' AS told FROM scim.request('GET', '/ServiceProviderConfig');
SET client_min_messages = warning;
SELECT scim.drop_store('set', true);
