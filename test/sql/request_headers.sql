-- What headers say of a body, and methods that there are none of.
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
-- a charset is said once, and a part of a resource is not taken for the whole
SELECT h, status, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['{"Content-Type": "application/json; charset=utf-8; charset=utf-16"}', '{"Content-Type": "application/json; charset=utf-8; x=y; CharSet=\"utf-8\""}', '{"Content-Type": "application/json; x=y; charset=utf-8"}']) h,
    scim.request('POST', '/Users', h::jsonb, '{}');
SELECT method, status, body::jsonb ->> 'detail' AS detail
FROM unnest('{PUT,PATCH,POST,GET}'::text[]) method, scim.request(method, '/Users' || CASE method WHEN 'POST' THEN '' ELSE '/00000000-0000-7000-8000-000000000001' END, '{"content-range": "bytes 0-9/20"}', '{"userName": "part"}');

-- Of a preference that is stated more than once the first counts (RFC 7240 section 2), and blanks may be around the "="
INSERT INTO directory.users (data) VALUES ('{"userName": "preferring"}') RETURNING id AS preferring \gset
SELECT prefer, r.status, r.headers ->> 'Preference-Applied' AS applied, put.status AS put, post.status AS post, post.headers ->> 'Preference-Applied' AS applied, post.body <> '' AS has_body
FROM unnest(ARRAY['return=minimal', 'return=representation, return=minimal', 'return=minimal, return=representation', 'return, return=minimal', 'Return = Minimal', E'wait=1,\treturn\t= "minimal" ; x=y, respond-async',
        'return=nothing, return=minimal', 'returns=minimal', 'x="return=minimal", return=minimal', 'x="a, return=representation, b", return=minimal', 'x; return=minimal', '=minimal', 'return==minimal', 'return=', ',,return=minimal,',
        'return="min\imal"', 'return="\m\i\n\i\m\a\l"; x="a;b"', 'return=min\imal', 'return="minimal\"', 'return="min\\imal"', 'return="', 'return=""', 'x="a\", return=representation", return=minimal', 'x="a;b", return=minimal'])
    WITH ORDINALITY t (prefer, n), LATERAL (SELECT jsonb_build_object('Prefer', prefer)) AS h (h),
    scim.request('PATCH', '/Users/' || :'preferring', h, '{"Operations": [{"op": "add", "path": "title", "value": "t"}]}') r,
    scim.request('PUT', '/Users/' || :'preferring', h, '{"userName": "preferring"}') put, scim.request('POST', '/Users', h, format('{"userName": "p%s"}', n)) post ORDER BY n;

-- so it is of parameters, in which a ";" may be quoted, too (RFC 9110 section 5.6.4)
SELECT type, accept, r.status FROM unnest(ARRAY['application/scim+json; charset="ut\f-8"', 'application/scim+json; x="a;charset=latin1"', 'application/scim+json; x="a\";charset=latin1"', 'application/scim+json; charset="lat\in1"', 'application/scim+json; charset="utf-8\"']) WITH ORDINALITY AS t (type, n),
    unnest(ARRAY['application/scim+json;q="0"', 'application/scim+json;q="\0"', 'application/scim+json;x=";q=0"']) WITH ORDINALITY AS a (accept, m),
    scim.request('POST', '/Users', jsonb_build_object('Content-Type', type, 'Accept', accept), format('{"userName": "t%s%s"}', n, m)) r ORDER BY n, m;

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
