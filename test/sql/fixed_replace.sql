-- What is fixed and left out by a PUT stays, as what is immutable does
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('fix');
SET scim.store = 'fix';
INSERT INTO fix.policy (resource_type, kind, name, settings) VALUES
    ('User', 'fixed', 'a', '{"attributes": ["userName", "name.familyName", "emails", "active"]}'),
    ('User', 'fixed', 'b', '{"attributes": ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber"], "writers": "everybody"}'),
    ('User', 'fixed', 'c', '{"attributes": ["externalId"], "on": "ignore"}');
\set ada '''00000000-0000-7000-8000-000000000001'''
INSERT INTO fix.users (id, data) VALUES (:ada, '{"userName": "ada", "externalId": "E", "active": false, "title": "T", "emails": ["a@x.org"], "name": {"familyName": "L", "givenName": "A"},
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "7", "department": "D"}}');
CREATE FUNCTION pg_temp.put(body jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT r.status || ' ' || coalesce(r.body::jsonb ->> 'detail', (r.body::jsonb - 'meta' - 'id')::text)
    FROM scim.request('PUT', '/Users/00000000-0000-7000-8000-000000000001', '{}', body::text) r;
$$;
SELECT b, pg_temp.put(b) FROM unnest(ARRAY['{}', '{"userName": "ada"}', '{"USERNAME": "ada", "Name": {"givenName": "B"}, "emails": [], "title": "U"}',
    '{"name": null, "emails": null, "active": null, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": null}',
    '{"NAME": {"FAMILYNAME": null, "givenName": "C"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user": {"department": "E"}}']::jsonb[]) b;
-- what it states is refused where it is another
SELECT b, pg_temp.put(b) FROM unnest(ARRAY['{"userName": "bob"}', '{"name": {"familyName": "M"}}', '{"emails": ["b@x.org"]}', '{"active": true}', '{"name": "x"}',
    '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "8"}}']::jsonb[]) b;
SELECT scim.replace_resource('User', :ada, '{"title": "by function"}') ->> 'userName' AS user_name;
-- to remove it is a change that somebody asks for
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', '/Users/' || :ada, '{}', '{"Operations": [{"op": "remove", "path": "emails"}]}') r;
UPDATE fix.users SET data = data - 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
-- one who has none: nothing to keep, and nothing to add
INSERT INTO fix.users (data) VALUES ('{"userName": "bob"}');
SELECT r.status, r.body::jsonb - 'meta' - 'id' - 'schemas' AS body FROM fix.users u, unnest(ARRAY['{"userName": "bob"}', '{"userName": "bob", "emails": ["b@x.org"]}']) b, scim.request('PUT', '/Users/' || u.id, '{}', b) r WHERE u.user_name = 'bob';
SELECT scim.drop_store('fix', true);
