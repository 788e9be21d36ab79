-- What the bodies of requests may say: each member once, and members that are known.
SELECT scim.create_store('directory');
\pset format unaligned
\pset tuples_only on

-- The answer to a request: status, scimType and detail
CREATE FUNCTION pg_temp.answer(method text, target text, request text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', status, body::jsonb ->> 'scimType', body::jsonb ->> 'detail')
    FROM scim.request(method, target, '{}', replace(request, 'ENT', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'))
$$;
SELECT body::jsonb ->> 'id' AS id FROM scim.request('POST', '/Users', '{}', '{"userName": "k"}') \gset

-- Resources: a key twice, as it is or in other letter case, at any depth, known or not
SELECT request, pg_temp.answer(method, target, request)
FROM unnest(ARRAY['POST', 'PUT'], ARRAY['/Users', '/Users/' || :'id']) u (method, target),
    unnest(ARRAY[
        '{"userName": "a", "userName": "b"}', '{"userName": "a", "userName": "a"}', '{"userName": "a", "USERNAME": "b"}',
        '{"userName": "a", "name": {"givenName": "x", "givenName": "y"}}', '{"userName": "a", "name": {"givenName": "x", "GivenName": "y"}}',
        '{"userName": "a", "emails": [{"value": "x", "value": "y"}]}', '{"userName": "a", "groups": 1, "groups": 2}',
        '{"userName": "a", "meta": {}, "Meta": {}}', '{"userName": "a", "nope": null, "NOPE": null}',
        '{"userName": "a", "ENT": {"department": "x"}, "ent": 1, "ENT": {"division": "y"}}',
        '{"userName": "a", "userName": null}']) WITH ORDINALITY r (request, n)
ORDER BY method, n;
-- or by another spelling of its name
SELECT request, pg_temp.answer('POST', '/Users', request)
FROM unnest(ARRAY[
        '{"userName": "a", "urn:ietf:params:scim:schemas:core:2.0:User:userName": "b"}',
        '{"userName": "a", "ENT:department": "x", "ENT": {"department": "y"}}',
        '{"userName": "a", "ENT:department": "x", "department": "y"}',
        '{"userName": "a", "ENT": {"department": "y", "ENT:department": "y"}}',
        '{"userName": "a", "ENT:department": "x", "ENT": {"division": "y"}}', '{"userName": "a", "ent": null, "ENT:Department": "x"}', '{"userName": "a", "department": "x", "ENT": {"division": "y"}}',
        '{"userName": "a", "ENT": {"division": "y", "ENT": {"department": "x"}, "ENT:costCenter": "z"}}', '{"userName": "own1", "ENT": {"division": "y", "ENT:department": "x"}}', '{"userName": "own2", "ENT:division": "y", "ENT:department": "x"}',
        '{"userName": "a", "name": {"familyName": "x"}, "name.familyName": "y"}']) WITH ORDINALITY r (request, n)
ORDER BY n;
-- among many keys, too
SELECT pg_temp.answer('POST', '/Users', '{' || string_agg(format('"k%s": 1, "%sx": 1', n, n), ', ') || ', "K77": 1}')
FROM generate_series(1, 1000) n;
-- and in the documents that SQL writes
SELECT scim.create_resource('User', '{"userName": "a", "Username": "b"}');
INSERT INTO directory.users (data) VALUES ('{"userName": "a", "emails": [{"value": "x", "VALUE": "y"}]}');
SELECT message FROM scim.validate('User', '{"userName": "a", "Nope": {"a": 1, "A": 2}}');

-- PATCH
SELECT patch, pg_temp.answer('PATCH', '/Users/' || :'id', patch)
FROM unnest(ARRAY[
        '{"schemas": [], "schemas": []}', '{"Operations": [], "operations": []}',
        '{"Operations": [{"op": "add", "op": "remove", "path": "title"}]}', '{"Operations": [{"op": "add", "path": "title", "value": "a", "Value": "b"}]}',
        '{"Operations": [{"op": "add", "value": {"title": "a", "title": "b"}}]}', '{"Operations": [{"op": "add", "path": "name", "value": {"givenName": "a", "GIVENNAME": "b"}}]}',
        -- keys that are paths: one names what another one names, or a part of it
        '{"Operations": [{"op": "add", "value": {"name": {"familyName": "a"}, "name.familyName": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"name.givenName": "a", "name": {"familyName": "b"}}}]}',
        '{"Operations": [{"op": "add", "value": {"title": "a", "urn:ietf:params:scim:schemas:core:2.0:User:title": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"title": "a", "urn:ietf:params:scim:schemas:core:2.0:User": {"title": "b"}}}]}',
        '{"Operations": [{"op": "add", "value": {"ENT:department": "a", "ENT": {"department": "b"}}}]}',
        '{"Operations": [{"op": "add", "value": {"ENT:department": "a", "department": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"ENT": null, "ENT:department": "b"}}]}',
        '{"Operations": [{"op": "add", "path": "ENT", "value": {"manager": {"value": "1"}, "manager.value": "2"}}]}',
        '{"Operations": [{"op": "add", "value": {"emails": [{"value": "a"}], "emails[type eq \"work\"].value": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"emails.value": "a", "emails[type eq \"work\"].value": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"emails.display": "a", "emails[type eq \"work\"]": {"value": "b"}}}]}',
        '{"Operations": [{"op": "add", "value": {"emails[type eq \"work\"]": {"value": "a"}, "emails[type eq \"work\"].value": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"emails[type eq \"work\"].value": "a", "emails[TYPE EQ  \"work\"].value": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"id": "a", "urn:ietf:params:scim:schemas:core:2.0:User:id": "b"}}]}',
        -- a whole extension, or the base schema, and an attribute of it, whatever is said of each
        '{"Operations": [{"op": "add", "value": {"ENT": {"division": "x"}, "ENT:department": "b"}}]}', '{"Operations": [{"op": "add", "value": {"ENT:manager.value": "b", "ENT": {"division": "x"}}}]}',
        '{"Operations": [{"op": "add", "value": {"department": "b", "ENT": {"division": "x"}}}]}', '{"Operations": [{"op": "replace", "value": {"ENT": {}, "department": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"title": "b", "urn:ietf:params:scim:schemas:core:2.0:User": {"userType": "x"}}}]}',
        '{"Operations": [{"op": "add", "value": {"externalId": "b", "urn:ietf:params:scim:schemas:core:2.0:User": {"userType": "x"}}}]}',
        -- filters that mean the same: by the case of values that have none, by a number and an instant, by what asks for presence
        '{"Operations": [{"op": "add", "value": {"emails[type eq \"work\"].value": "a", "emails[type  eq \"WORK\"].value": "b"}}]}', '{"Operations": [{"op": "add", "value": {"emails[type eq \"work\"]": {"value": "a"}, "emails[(type eq \"Work\")].display": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"emails[type ne null].display": "a", "emails[type pr].display": "b"}}]}', '{"Operations": [{"op": "add", "value": {"emails[primary eq true and type eq \"work\"].display": "a", "emails[primary eq \"True\" and type eq \"WORK\"].display": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"emails[not (type eq \"work\")].display": "a", "urn:ietf:params:scim:schemas:core:2.0:User:emails[not (type eq \"wORK\")].display": "b"}}]}',
        -- in whatever order, said once or twice, and whichever way round "not"
        '{"Operations": [{"op": "add", "value": {"addresses[type eq \"work\" and country eq \"DE\"].locality": "a", "addresses[country eq \"DE\" and type eq \"work\"].locality": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"addresses[type eq \"work\" or (country eq \"DE\" and region pr)].locality": "a", "addresses[(region pr and country eq \"DE\") or type eq \"WORK\"].locality": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"addresses[type eq \"work\"].locality": "a", "addresses[type eq \"work\" and type eq \"work\"].locality": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"addresses[type eq \"work\"].locality": "a", "addresses[not (type ne \"work\")].locality": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"addresses[type pr].locality": "a", "addresses[not (type eq null)].locality": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"addresses[not (type eq \"work\" or region pr)].locality": "a", "addresses[region eq null and type ne \"work\"].locality": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"addresses[not (type sw \"w\" and region pr)].locality": "a", "addresses[not (region pr) or not (not (not (type sw \"W\")))].locality": "b"}}]}',
        '{"Operations": [{"op": "add", "value": {"name": {"familyName": "a", "FAMILYNAME": "b"}}}]}', '{"Operations": [{"op": "add", "value": {"emails": [{"type": "work", "Type": "home", "value": "a"}]}}]}',
        -- those that do not, also where the case counts
        '{"Operations": [{"op": "replace", "value": {"addresses[type eq \"work\" and country eq \"DE\"].locality": "a", "addresses[type eq \"work\" or country eq \"DE\"].locality": "b"}}]}',
        '{"Operations": [{"op": "replace", "value": {"addresses[type ne \"work\"].locality": "a", "addresses[type eq \"work\"].locality": "b"}}]}',
        '{"Operations": [{"op": "replace", "value": {"addresses[not (type gt \"a\")].locality": "a", "addresses[type le \"a\"].locality": "b"}}]}',
        '{"Operations": [{"op": "replace", "value": {"addresses[type eq \"a\" and (country eq \"b\" or region eq \"c\")].locality": "a", "addresses[(type eq \"a\" and country eq \"b\") or region eq \"c\"].locality": "b"}}]}',
        '{"Operations": [{"op": "replace", "value": {"photos[value eq \"https://x.org/A\"].display": "a", "photos[value  eq \"https://x.org/a\"].display": "b", "photos[value sw \"https://x.org/a\"].type": "photo"}}]}',
        -- different ones: no problem
        '{"Operations": [{"op": "replace", "value": {"name.familyName": "a", "name.givenName": "b", "title": "c", "ENT:department": "d", "ENT:division": "e"}}]}', '{"Operations": [{"op": "replace", "path": "ENT", "value": {"department": "d", "ENT:division": "e"}}]}',
        '{"Operations": [{"op": "replace", "value": {"emails[type eq \"work\"].value": "a", "emails[type eq \"home\"].value": "b", "emails[type eq \"work\"].display": "c", "emails.primary": false}}]}',
        -- members that nobody knows
        '{"Operations": [{"op": "remove", "path": "title"}], "active": false}', '{"Operations": [{"op": "remove", "path": "title", "comment": "x"}]}',
        '{"Operations": [{"op": "remove", "path": "title", "comment": null}], "active": null}']) WITH ORDINALITY t (patch, n)
ORDER BY n;
SELECT scim.patch_resource('User', :'id', '[{"op": "add", "path": "title", "value": "a", "Value": "b"}]');
SELECT scim.patch_resource('User', :'id', '[{"op": "add", "path": "title", "value": "a", "why": "b"}]');
SELECT scim.patch_resource('User', :'id', '{"Operations": [], "why": "b"}');

-- SearchRequest
SELECT search, pg_temp.answer('POST', '/Users/.search', search)
FROM unnest(ARRAY['{"count": 1, "count": 1}', '{"count": 1, "COUNT": 2}', '{"count": 1, "limit": 1}', '{"limit": null}',
        -- integers: numbers without a fraction, or strings that are one
        '{"count": "1"}', '{"count": "1.0"}', '{"count": 1e0}', '{"count": ["1"]}', '{"count": ""}', '{"count": "-1"}', '{"startIndex": "2"}', '{"startIndex": "99999999999999999999"}',
        '{"count": "x"}', '{"count": " 1"}', '{"count": "1.5"}', '{"count": true}', '{"startIndex": {"a": 1}}', '{"startIndex": [1, 2]}'])
    WITH ORDINALITY t (search, n)
ORDER BY n;

-- and the same in a query string, in a SearchRequest, in a bulk request and in the pages of members; null and "" are as good as absent
SELECT body::jsonb ->> 'id' AS group FROM scim.request('POST', '/Groups', '{}', '{"displayName": "g"}') \gset
SELECT value, (SELECT status FROM scim.request('GET', '/Users?count=' || replace(value, '+', '%2B'))) AS count,
    (SELECT status FROM scim.request('GET', '/Users?startIndex=' || replace(replace(value, '+', '%2B'), ' ', '%20'))) AS start,
    (SELECT status FROM scim.request('GET', '/Users?cursor&count=' || replace(replace(value, '+', '%2B'), ' ', '+'))) AS cursor,
    (SELECT status FROM scim.request('GET', '/Groups/' || :'group' || '/members?count=' || replace(replace(value, '+', '%2B'), ' ', '+'))) AS members,
    (SELECT status FROM scim.request('POST', '/Users/.search', '{}', jsonb_build_object('count', value, 'startIndex', value)::text)) AS search,
    (SELECT body::jsonb ->> 'scimType' IS NULL FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object('failOnErrors', value, 'Operations', '[{"method": "DELETE", "path": "/Users/1"}]'::jsonb)::text)) AS bulk
FROM unnest(ARRAY['1', '0', '-1', '1.0', '1e1', '10e-1', '-0', '', '+1', ' 1', '1 ', '01', '1.', '.5', '1.5', '0x1', '1,0', 'one', 'true', '99999999999999999999', '1e999', '1e9999', '٣'])
    WITH ORDINALITY t (value, n)
ORDER BY n;
SELECT value, pg_temp.answer('POST', '/.search', format('{"count": %s, "startIndex": %1$s}', value)), pg_temp.answer('POST', '/Bulk', format('{"failOnErrors": %s, "Operations": [{"method": "DELETE", "path": "/Users/1"}]}', value))
FROM unnest(ARRAY['1', '1.0', '1e1', '-1', '1e30', 'null', '1.5', 'true', '[1]', '["1"]', '[]', '{}']) WITH ORDINALITY t (value, n)
ORDER BY n;

-- BulkRequest
SELECT bulk, body::jsonb ->> 'detail', jsonb_path_query_array(body::jsonb, '$.Operations[*].status'), body::jsonb #>> '{Operations,0,response,detail}'
FROM unnest(ARRAY['{"Operations": [], "Operations": []}', '{"failOnErrors": 1, "FailOnErrors": 2, "Operations": []}',
        '{"Operations": [{"method": "DELETE", "path": "/Users/1", "Path": "/Users/2"}]}',
        '{"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "a", "userName": "b"}}]}',
        '{"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "k"}, "why": 1}]}',
        '{"Operations": [{"method": "DELETE", "path": "/Users/1", "location": "x", "response": {}, "status": "200"}], "why": null}',
        '{"Operations": [{"method": "DELETE", "path": "/Users/1"}], "why": 1}',
        '{"failOnErrors": "1", "Operations": [{"method": "DELETE", "path": "/Users/1"}, {"method": "DELETE", "path": "/Users/2"}]}',
        '{"failOnErrors": "2.0", "Operations": [{"method": "DELETE", "path": "/Users/1"}, {"method": "DELETE", "path": "/Users/2"}, {"method": "DELETE", "path": "/Users/3"}]}',
        '{"failOnErrors": "", "Operations": [{"method": "DELETE", "path": "/Users/1"}, {"method": "DELETE", "path": "/Users/2"}]}',
        '{"failOnErrors": "many", "Operations": [{"method": "DELETE", "path": "/Users/1"}]}', '{"failOnErrors": 1.5, "Operations": [{"method": "DELETE", "path": "/Users/1"}]}'])
        WITH ORDINALITY t (bulk, n),
    scim.request('POST', '/Bulk', '{}', bulk)
ORDER BY n;
SELECT scim.bulk('{"Operations": [{"method": "DELETE", "path": "/Users/1", "PATH": "/Users/2"}]}');
SELECT scim.bulk('{"failOnErrors": 1, "why": 1, "Operations": [{"method": "DELETE", "path": "/Users/1"}]}');

-- The one setting for all that is unknown; twice is twice all the same
SET scim.unknown_attributes = ignore;
SELECT method, request, pg_temp.answer(method, target, request)
FROM (VALUES (1, 'POST', '/Users', '{"userName": "i", "nope": 1}'), (2, 'POST', '/Users', '{"userName": "j", "nope": 1, "NOPE": 1}'),
        (3, 'PATCH', '/Users/' || :'id', '{"Operations": [{"op": "remove", "path": "title", "why": "x"}], "active": false}'),
        (4, 'PATCH', '/Users/' || :'id', '{"Operations": [{"op": "add", "value": {"nope": 1, "urn:nope:nope": 2, "title": "x"}}]}'),
        (5, 'POST', '/Users/.search', '{"limit": 1, "count": 0}'), (6, 'POST', '/Users/.search', '{"limit": 1, "Limit": 1}'),
        (7, 'POST', '/Bulk', '{"why": 1, "Operations": [{"method": "DELETE", "path": "/Users/1", "why": 1}]}')) t (n, method, target, request)
ORDER BY n;
RESET scim.unknown_attributes;

-- "+" is a space, unless the query says how it writes spaces
SELECT scim.create_resource('User', '{"userName": "a+b", "title": "c d"}') ->> 'userName';
SELECT query, body::jsonb -> 'totalResults', body::jsonb ->> 'detail'
FROM unnest(ARRAY['filter=userName+eq+%22a%2Bb%22', 'filter=userName%20eq%20%22a+b%22', 'filter=userName%20eq%20%22a%2Bb%22', 'filter=userName+eq+%22a+b%22',
        'filter=title+eq+%22c+d%22', 'filter=title%20eq%20%22c%20d%22', 'filter=title%20eq%20%22c+d%22', 'filter=userName+sw%20%22a%22',
        'x=%20&filter=title+pr', 'filter=title%20sw%20%22c%22&sortBy=%2Btitle', 'attributes=userName,+title']) WITH ORDINALITY t (query, n),
    scim.request('GET', '/Users?' || query)
ORDER BY n;

SET client_min_messages = warning;
SELECT scim.drop_store('directory', true);
