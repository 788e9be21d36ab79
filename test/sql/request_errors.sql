SELECT scim.create_store('directory');

-- What an error answer looks like: type and body of RFC 7644 section 3.12
SELECT * FROM scim.request('GET', '/Nope');
SELECT * FROM scim.request('HEAD', '/Nope');

-- Arguments that are NULL: 400, and NULL headers are as good as none
SELECT status, body FROM scim.request(NULL, '/Users');
SELECT status, body FROM scim.request('GET', NULL);
SELECT status FROM scim.request('GET', '/Users', NULL, NULL::text);

-- Headers are an object of strings, each name once
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['[]', '1', '{"Accept": 1}', '{"If-Match": null}', '{"Host": "a", "host": "b"}',
        '{"X-Unknown": "fine"}']::jsonb[]) WITH ORDINALITY t(headers, n),
    scim.request('GET', '/Users', t.headers)
ORDER BY n;

-- Targets
SELECT target, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY[
        -- no endpoint: 404
        '/Nope', '/Users/1/2', '/Bulk/1', '/Schemas/a/b', '/scim/v2/v2/Users', '/Users%2F1',
        -- no such resource: 404
        '/Users/1', '/Users/00000000-0000-7000-8000-000000000000', '/Groups/x%20y',
        -- another version: invalidVers
        '/v1/Users', '/scim/v1/Users', '/v22/Users', '/v3',
        -- bad encoding: invalidSyntax
        '/Users/%', '/Users/%2', '/Users/%zz', '/Users/%00', '/Users/%ff', '/Users/%C3', '/Users?filter=%ED%A0%80',
        '/Users?unknown=%zz', '', 'Users', '*',
        -- dot segments: invalidSyntax
        '/Users/..', '/Users/../Groups', '/./Users', '/Users/%2e%2E/Groups', '/Users/.%2e', '/Users/...', '/.Users', '/Users/1/..',
        '/Users/..scim', '/Users/...scim', '/Users/....scim',
        -- parameters: invalidValue
        '/Users?filter=id+pr&filter=userName+pr', '/Users?count=1&COUNT=2', '/Users?count=x', '/Users?count=',
        '/Users?count=1.5', '/Users?startIndex=+1', '/Users?sortOrder=up',
        '/Users?attributes=a&excludedAttributes=b', '/Users/1?attributes=a&excludedAttributes=b',
        -- filters: invalidFilter
        '/Users?filter=', '/Users?filter=userName', '/Users?filter=userName+xx+1', '/Users?filter=nope+eq+1',
        -- what is not there: 501
        '/Me', '/Me/x']) WITH ORDINALITY t(target, n),
    scim.request('GET', target)
ORDER BY n;
-- a parameter twice with the same value is fine
SELECT status FROM scim.request('GET', '/Users?count=1&count=1');

-- Methods: 405 with Allow, OPTIONS 204 with Allow, an unknown path 404 whatever the method
SELECT target, method, status, headers ->> 'Allow' AS allow, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['/', '/Users', '/Users/1', '/Users/.search', '/.search', '/ServiceProviderConfig',
        '/ResourceTypes', '/Schemas', '/Bulk', '/Me', '/Nope']) WITH ORDINALITY t(target, n),
    unnest(ARRAY['OPTIONS', 'FOO', 'PATCH', 'get']) WITH ORDINALITY m(method, k),
    scim.request(method, target)
ORDER BY n, k;
SELECT status, headers ->> 'Allow' AS allow FROM scim.request('POST', '/Users/1', '{}', '{}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Me', '{}', '{}');

-- Content types of a body: 415
SELECT type, status, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['text/plain', 'application/xml; charset=utf-8', 'application/jsonx', 'application/json-patch+json',
        'application/json;charset=UTF-8', 'APPLICATION/scim+JSON ; v=1', '']) WITH ORDINALITY t(type, n),
    scim.request('POST', '/Users/.search', jsonb_build_object('content-type', type), '{}')
ORDER BY n;
-- but the type of a body that is not read does not matter
SELECT status FROM scim.request('GET', '/Users', '{"Content-Type": "text/plain"}', 'x');

-- What is empty is as good as absent, but for a filter, by which everybody would be found
SELECT query, g.status, g.body::jsonb ->> 'scimType' AS scim_type, p.status AS searched, p.body::jsonb ->> 'scimType' AS scim_type
FROM unnest('{filter,sortBy,sortOrder,startIndex,count,attributes,excludedAttributes,cursor}'::text[]) WITH ORDINALITY AS q (query, n), scim.request('GET', '/Users?' || query || '=') g,
    scim.request('POST', '/Users/.search', '{}', jsonb_build_object(query, '')::text) p ORDER BY n;
-- "schemas" of a message is an array
SELECT s, (SELECT string_agg(status || ' ' || COALESCE(body::jsonb ->> 'detail', ''), ' | ') FROM scim.request('POST', '/Users/.search', '{}', jsonb_build_object('schemas', s)::text))
FROM unnest('{"\"urn:ietf:params:scim:api:messages:2.0:SearchRequest\"","[\"urn:ietf:params:scim:api:messages:2.0:SearchRequest\"]","[\"urn:x\"]","[]","{}","7","null","\"\""}'::jsonb[]) s;

-- Bodies: invalidSyntax
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY[NULL, '', ' ', '{', '{"userName": }', '[]', '"x"', 'null', '{"userName": "\u0000"}',
        '{"userName": "\ud800"}', '{"userName": 1e999999}', '{"a": 1} x'])
        WITH ORDINALITY t(request, n),
    scim.request('POST', '/Users', '{}', request)
ORDER BY n;

-- Of a body that is not JSON, what is wrong and where is said, but nothing that stands in it
SELECT n, answer, bodies, leaks FROM (SELECT n, min(coalesce(status || ' ' || (body::jsonb ->> 'detail'), '')) AS answer, count(DISTINCT body) AS bodies, count(*) FILTER (WHERE body ~ 'Tr0ub|4dor|ünder') AS leaks
FROM unnest(ARRAY['{"userName":"x","password":"Tr0ub4dor&3 secret', '{"userName": "x", "password": Tr0ub4dor}', '{"userName": "x", "password": "Tr0ub"4dor"}', '{"password": "Tr0ub4dor" "x"}',
        E'{"userName": "x",\n "üü": "password" Tr0ub4dor}', '{"password" "Tr0ub4dor"}', '{"password": ["Tr0ub4dor" "4dor"]}', '{"userName": "x"} Tr0ub4dor', '{Tr0ub4dor: 1}', '{"a": 1, Tr0ub4dor}', '{"a": [Tr0ub4dor',
        '{"password": "Tr0ub\4dor"}', E'{"password": "Tr0ub\n4dor"}', '{"password": "\uTr0ub4dor"}', '{"password": "\ud800\ud800Tr0ub4dor"}', '{"password": "\ud800Tr0ub4dor"}', '{"password": 4dor}', '{"password": ''Tr0ub4dor''}', '{"password": "Tr0ub4dor",'])
        WITH ORDINALITY t(request, n), LATERAL (SELECT status, body FROM scim.request('POST', '/Users', '{}', request) UNION ALL SELECT status, body FROM scim.request('POST', '/Bulk', '{}', request)
        UNION ALL SELECT status, body FROM scim.request('POST', '/Users/.search', '{}', request) UNION ALL SELECT status, body FROM scim.preview('POST', '/Users', '{}', request)) a
GROUP BY n) s ORDER BY n;

-- Bodies as bytes: UTF-8 without NUL
SELECT n, status, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['\x', '\xff', '\x7b7d00', '\x7b2261223a22c3227d']::bytea[]) WITH ORDINALITY t(request, n),
    scim.request('POST', '/Users', '{}', request)
ORDER BY n;

-- Limits name themselves; brackets within a string do not count
SELECT status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM scim.request('POST', '/Users', '{}', repeat('[', 65));
SELECT status FROM scim.request('POST', '/Users/.search', '{}', '{"filter": "userName eq \"' || repeat('[', 100) || '\""}');
SET scim.max_body_depth = 1;
SELECT status, body::jsonb ->> 'detail' AS detail
FROM scim.request('POST', '/Users/.search', '{}', '{"attributes": ["userName"]}');
RESET scim.max_body_depth;
SET scim.max_body_size = 2;
SELECT status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM scim.request('POST', '/Users/.search', '{}', '{ }');
SELECT status FROM scim.request('POST', '/Users/.search', '{}', '{}');
RESET scim.max_body_size;

-- SearchRequest bodies
SELECT search, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['{"count": 1.5}', '{"count": "1"}', '{"startIndex": []}', '{"filter": 1}', '{"sortBy": {}}',
        '{"sortOrder": "up"}', '{"attributes": [1]}', '{"attributes": {}}',
        '{"attributes": ["a"], "excludedAttributes": ["b"]}', '{"limit": 1}', '{"count": 1, "Count": 2}',
        '{"schemas": []}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}',
        '{"filter": "userName"}']) WITH ORDINALITY t(search, n),
    scim.request('POST', '/Users/.search', '{}', search)
ORDER BY n;
-- whose parameters do not stand on the URL
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Users/.search?count=1', '{}', '{}');

-- PATCH bodies
SELECT body::jsonb ->> 'id' AS id FROM scim.request('POST', '/Users', '{}', '{"userName": "p"}') \gset
SELECT patch, status, body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['{}', '{"Operations": []}', '{"Operations": {}}', '{"Operations": null}',
        '{"Operations": [], "operations": []}', '{"Operations": [{"op": "remove", "path": "title"}], "active": false}',
        '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "Operations": [{}]}',
        '{"Operations": [{}]}', '{"Operations": [1]}']) WITH ORDINALITY t(patch, n),
    scim.request('PATCH', '/Users/' || :'id', '{}', patch)
ORDER BY n;
-- none of which changed the user
SELECT headers ->> 'ETag' AS version FROM scim.request('GET', '/Users/' || :'id');

-- Errors that others raise, here a trigger of the store's owner: by SQLSTATE, never by text
CREATE FUNCTION directory.fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.data ? 'title' THEN
        RAISE EXCEPTION 'message of %', NEW.data ->> 'title' USING ERRCODE = NEW.data ->> 'title';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER zz_fail AFTER INSERT ON directory.users FOR EACH ROW EXECUTE FUNCTION directory.fail();
SELECT state, status, headers ->> 'Retry-After' AS retry, headers ->> 'WWW-Authenticate' AS challenge,
    body::jsonb ->> 'scimType' AS scim_type, body::jsonb ->> 'detail' AS detail
FROM unnest(ARRAY['SCVAL', 'SCUNI', 'SC401', 'SC413', '23505', '23P01', '23514', '23502', '23503', '22003',
        '42501', '40001', '40003', '40P01', '55P03', '53100', '53400', '08006', '57000', '54000', '25006', 'P0001', 'XX000', '58030']) WITH ORDINALITY t(state, n),
    scim.request('POST', '/Users', '{}',
        jsonb_build_object('userName', 'fail', 'title', state)::text)
ORDER BY n;
-- each left nothing behind
SELECT body::jsonb -> 'totalResults' AS total
FROM scim.request('GET', '/Users?filter=userName+eq+%22fail%22');
-- what asks the session to stop is raised
\set VERBOSITY terse
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "c", "title": "57014"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "c", "title": "57P01"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "c", "title": "53200"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "c", "title": "XX001"}');
\set VERBOSITY default
DROP TRIGGER zz_fail ON directory.users;

-- A deferred constraint is checked before the answer, not at commit
CREATE FUNCTION directory.fail_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'too late for %', NEW.user_name USING ERRCODE = 'check_violation';
END
$$;
CREATE CONSTRAINT TRIGGER zz_late AFTER INSERT ON directory.users DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION directory.fail_late();
BEGIN;
SELECT status, body::jsonb ->> 'detail' AS detail
FROM scim.request('POST', '/Users', '{}', '{"userName": "late"}');
COMMIT;
SELECT body::jsonb -> 'totalResults' AS total
FROM scim.request('GET', '/Users?filter=userName+eq+%22late%22');
DROP TRIGGER zz_late ON directory.users;

-- A long detail is cut
SELECT status, length(body::jsonb ->> 'detail') AS detail_length
FROM scim.request('GET', '/' || repeat('x', 5000));

-- The base path
SET scim.base_path = 'no-slash';
SET scim.base_path = '/a b';
SET scim.base_path = '/idm/';
SELECT target, status FROM unnest(ARRAY['/idm/Users', '/idm/v2/Users', '/idm/v1/Users', '/Users', '/scim/v2/Users',
        '/idmx/Users']) WITH ORDINALITY t(target, n), scim.request('GET', target) ORDER BY n;
SET scim.base_path = '';
SELECT status, body::jsonb #>> '{meta,location}' AS location
FROM scim.request('GET', '/v2/ServiceProviderConfig', '{"Host": "scim.example"}');
RESET scim.base_path;

-- A store that is not there, or none: a mistake of the operator, for the log, too
SET scim.store = 'nowhere';
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('GET', '/Users');
SET scim.store = 'pg_catalog';
SELECT status, body::jsonb ->> 'detail' AS detail FROM unnest(ARRAY['/Users', '/Schemas', '/']) AS target, scim.request('GET', target);
RESET scim.store;

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
