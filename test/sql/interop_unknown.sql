-- Row I4 of doc/conformance.md: what nobody knows is refused, whether or not it has a value, where both unknown_attributes and unknown_schemas are "reject".
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('letter');
SET scim.store = 'letter';
SELECT scim.apply_profile('ipsie') > 0 AS applied;
DELETE FROM letter.policy WHERE kind = 'managed';
INSERT INTO letter.setting (name, value) VALUES ('group_memberships', 'true') ON CONFLICT DO NOTHING;
\set u 00000000-0000-7000-8000-000000000001
\set g 00000000-0000-7000-8000-0000000000a1
INSERT INTO letter.users (id, data) VALUES (:'u', '{"userName": "u", "title": "T", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"}}');
INSERT INTO letter.groups (id, data) VALUES (:'g', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
CREATE TEMP TABLE body (n int GENERATED ALWAYS AS IDENTITY, part text);
INSERT INTO body (part) VALUES ('"nope": null'), ('"nope": ""'), ('"nope": []'), ('"nope": {}'), ('"nope": 1'), ('"password": null'), ('"members": []'), ('"urn:x:ext": {}'), ('"urn:x:ext": null'), ('"emails": [{"value": "x@example.com", "nope": null}]'), ('"emails": [{"nope": null}]'), ('"name": {"nope": null}'), ('"name": {"nope": {}}'),
    ('"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"nope": null}'), ('"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D", "nope": null}'), ('"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"nope": null}}'), ('"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:nope": null'),
    ('"meta": {"nope": 1}'), ('"meta": {"nope": null}'), ('"meta": {"resourceType": "User", "created": "2020-01-01T00:00:00Z", "lastModified": "2020-01-01T00:00:00Z", "location": "x", "version": "y"}'), ('"meta": null'), ('"groups": [{"nope": 1}]'), ('"groups": [{"value": "x", "$ref": "y", "display": "z", "type": "direct"}]'), ('"groups": []'), ('"department": "D"'), ('"Department": null'),
    ('"title": null'), ('"emails": []'), ('"name": {}'), ('"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": null'), ('"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {}');
CREATE FUNCTION pg_temp.say(r scim.response) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', r.status, r.body::jsonb ->> 'scimType', r.body::jsonb ->> 'detail') $$;
CREATE FUNCTION pg_temp.tried(method text, target text, body text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    reply := scim.request(method, target, '{}', body);
    RAISE EXCEPTION '%', pg_temp.say(reply) USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN sqlerrm;
END $$;
\set schemas '"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]'
SELECT part, pg_temp.tried('POST', '/Users', format('{%s, "userName": "x", %s}', :'schemas', part)) AS post, left(pg_temp.tried('PUT', '/Users/' || :'u', format('{%s, "userName": "u", %s}', :'schemas', part)), 17) AS put FROM body ORDER BY n;
-- in the value of an operation
SELECT operation, pg_temp.tried('PATCH', '/Users/' || :'u', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}', operation)) AS patch FROM unnest(ARRAY[
    '{"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "value": {"nope": null}}', '{"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "value": {"nope": []}}', '{"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "value": {"department": "E", "nope": null}}',
    '{"op": "replace", "path": "name", "value": {"nope": null}}', '{"op": "add", "path": "name", "value": {"givenName": "G", "nope": null}}', '{"op": "add", "path": "emails", "value": [{"value": "x@example.com", "nope": null}]}', '{"op": "replace", "path": "emails", "value": [{"value": "x@example.com", "nope": {}}]}', '{"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": {"nope": null}}',
    '{"op": "replace", "path": "nope", "value": null}', '{"op": "remove", "path": "nope"}', '{"op": "replace", "path": "meta", "value": {"nope": 1}}', '{"op": "add", "path": "title", "value": "T", "nope": null}']) WITH ORDINALITY o (operation, n) ORDER BY n;
-- schemas: what is unknown, or of another endpoint; of one that says less than there is nothing is unknown
SELECT schemas, pg_temp.tried('POST', '/Users', format('{"userName": "x"%s}', ', "schemas": ' || schemas)) AS post FROM unnest(ARRAY['["urn:x:nope"]', '["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:core:2.0:Group"]', '["urn:ietf:params:scim:schemas:core:2.0:Group"]', '[]', 'null', '["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]', '"urn:ietf:params:scim:schemas:core:2.0:User"', '[null]', '{}']) WITH ORDINALITY s (schemas, n) ORDER BY n;
SELECT pg_temp.tried('POST', '/Users', '{"userName": "x"}') AS without;
-- queries: attributes, excludedAttributes and sortBy name what there is; parameters that nobody knows are ignored (RFC 7644 section 3.4.2)
SELECT target, left(pg_temp.tried('GET', target, NULL), 90) AS answer FROM unnest(ARRAY['/Users?attributes=nope', '/Users?attributes=userName,nope', '/Users?excludedAttributes=nope', '/Users?attributes=name.nope', '/Users?attributes=urn:x:nope', '/Users?attributes=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:nope', '/Users?attributes=userName,id,meta.version,groups.display,department', '/Users/' || :'u' || '?attributes=nope', '/Groups?attributes=userName', '/Groups?excludedAttributes=members',
    '/GroupMemberships?attributes=nope', '/?attributes=userName,displayName', '/?attributes=nope', '/Users?foo=bar', '/Users?sortBy=nope', '/?sortBy=nope', '/GroupMemberships?sortBy=nope', '/Users?sortBy=userName', '/Users?filter=nope+pr', '/Schemas?attributes=nope']) WITH ORDINALITY t (target, n) ORDER BY n;
SELECT search, left(pg_temp.tried('POST', target, format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], %s}', search)), 90) AS answer, target FROM unnest(ARRAY['"attributes": ["nope"]', '"excludedAttributes": ["nope"]', '"sortBy": "nope"', '"foo": "bar"', '"foo": null', '"attributes": ["userName"]']) WITH ORDINALITY s (search, n), unnest(ARRAY['/Users/.search', '/.search']) target ORDER BY n, target;
SELECT left(pg_temp.tried('POST', '/Users?attributes=nope', format('{%s, "userName": "x"}', :'schemas')), 90) AS post, left(pg_temp.tried('PUT', '/Users/' || :'u' || '?excludedAttributes=nope', format('{%s, "userName": "x"}', :'schemas')), 90) AS put;
-- by SQL as well
SELECT scim.create_resource('User', '{"userName": "x", "nope": null}');
SELECT scim.get_resource('User', :'u', 'nope');
SELECT scim.search('User', attributes => 'nope');
INSERT INTO letter.users (data) VALUES ('{"userName": "x", "department": "D"}');
INSERT INTO letter.users (data) VALUES ('{"userName": "x", "groups": [{"nope": 1}]}');
SELECT data FROM letter.users;
-- with either of them only as before
DELETE FROM letter.setting WHERE name = 'unknown_schemas';
SELECT part, left(pg_temp.tried('POST', '/Users', format('{%s, "userName": "x", %s}', :'schemas', part)), 40) AS post FROM body ORDER BY n;
SELECT target, left(pg_temp.tried('GET', target, NULL), 60) AS answer FROM unnest(ARRAY['/Users?attributes=nope', '/Users?sortBy=nope']) target;
SELECT scim.drop_store('letter', true);
