-- What headers say of a body, and who may ask without credentials.
SELECT scim.create_store('directory');
\pset format unaligned
\pset tuples_only on

-- Content-Encoding, and the charset of a Content-Type: what we do not read is 415, and says what we do
SELECT n, sent, status, headers ->> 'Accept', headers ->> 'Accept-Encoding', body::jsonb ->> 'detail'
FROM unnest(ARRAY[
        '{"Content-Encoding": "gzip"}', '{"content-encoding": "br"}', '{"Content-Encoding": "identity, gzip"}', '{"Content-Encoding": "GZIP;x=1"}',
        '{"Content-Encoding": "identity"}', '{"Content-Encoding": "Identity, identity"}', '{"Content-Encoding": ""}', '{"Content-Encoding": " , "}',
        '{"Content-Type": "application/json; charset=iso-8859-1"}', '{"Content-Type": "application/json;charset=\"utf-16\""}',
        '{"Content-Type": "application/json; charset=UTF-8"}', '{"Content-Type": "application/scim+json; version=2; charset=\"utf8\""}', '{"Content-Type": "application/json; charset=us-ascii"}',
        '{"Content-Type": "application/json; boundary=\"a,b\""}', '{"Content-Type": "application/json; xcharset=x; charsets=y"}',
        '{"Content-Type": "application/json, text/plain"}', '{"Content-Type": "application/json, application/json"}', '{"Content-Type": ", text/plain"}', '{"Content-Type": " "}'])
    WITH ORDINALITY t (sent, n),
    scim.request('POST', '/Users', sent::jsonb, format('{"userName": "u%s"}', n)) ORDER BY n;
-- it is read with a body only
SELECT method, target, status FROM (VALUES (1, 'GET', '/Users?count=0'), (2, 'HEAD', '/Users?count=0'), (3, 'DELETE', '/Users/1'), (4, 'OPTIONS', '/Users'), (5, 'TRACE', '/Users')) t (n, method, target),
    scim.request(method, target, '{"Content-Encoding": "gzip", "Content-Type": "text/plain"}', '\x1f8b'::bytea) ORDER BY n;
SELECT method, target, status FROM (VALUES (1, 'PUT', '/Users/1'), (2, 'PATCH', '/Users/1'), (3, 'POST', '/Users/.search'), (4, 'POST', '/Bulk')) t (n, method, target),
    scim.request(method, target, '{"Content-Encoding": "gzip"}', '\x1f8b'::bytea) ORDER BY n;

-- Media ranges, with commas in quotes
SELECT accept, status, headers ->> 'Content-Type'
FROM unnest(ARRAY['application/json; x="a, application/scim+json"', 'application/scim+json; q=0, application/json; Q=0.5', 'application/*; q="0"', 'text/html;q=1'])
    WITH ORDINALITY t (accept, n), scim.request('GET', '/Users?count=0', jsonb_build_object('Accept', accept)) ORDER BY n;

-- TRACE and other methods that there are none of
SELECT method, target, status, headers ->> 'Allow'
FROM unnest(ARRAY['TRACE', 'CONNECT', 'PROPFIND', '']) WITH ORDINALITY m (method, k), unnest(ARRAY['/Users', '/Users/1', '/Schemas', '/Bulk', '/nope']) WITH ORDINALITY t (target, n),
    scim.request(method, target) ORDER BY k, n;

-- Without credentials, which the transport says: discovery and nothing that only looks like it
SELECT method, target, status, headers ->> 'WWW-Authenticate'
FROM unnest(ARRAY['/ServiceProviderConfig', '/scim/v2/ServiceProviderConfig?x=1', '/resourcetypes/', '/ResourceTypes/User', '/Schemas', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', '/Schemas/urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Acore%3A2.0%3AUser',
        '/Schemas/nope', '/v2/Schemas.scim', '/%53chemas',
        '/Users/Schemas', '/Me/Schemas', '/Me', '/Groups/1/Schemas', '/Users/ServiceProviderConfig', '/Users/ResourceTypes/User', '/ServiceProviderConfig/Schemas', '/ServiceProviderConfig/1', '/Schemas/1/Schemas',
        '/Schemas%2FUsers', '/nope/Schemas', '/nope', '/', '/Users', '/Users?x=/Schemas', '/Users/1', '/openapi.json', '/Users/../Schemas', '/Users/%zz']) WITH ORDINALITY t (target, n),
    LATERAL (SELECT 'GET') m (method), scim.request(method, target, '{"x-scim-anonymous": "1"}') ORDER BY n;
SELECT method, target, status FROM (VALUES (1, 'HEAD', '/Schemas'), (2, 'POST', '/Schemas'), (3, 'OPTIONS', '/Schemas'), (4, 'FOO', '/Schemas'), (5, 'POST', '/Users'), (6, 'POST', '/Bulk'), (7, 'POST', '/.search'), (8, 'DELETE', '/Users/Schemas')) t (n, method, target),
    scim.request(method, target, '{"X-Scim-Anonymous": ""}', '{}') ORDER BY n;
-- who asks is told first
SELECT status FROM scim.request('GET', '/Users', '{"X-Scim-Anonymous": "1", "Accept": "text/html"}');
SELECT status FROM scim.request('GET', '/Schemas', '{"X-Scim-Anonymous": "1", "Accept": "text/html"}');

SET client_min_messages = warning;
SELECT scim.drop_store('directory');
