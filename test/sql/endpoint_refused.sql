-- Endpoints that cannot be meant so.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('refused');
SET scim.store = 'refused';
RESET client_min_messages;
CREATE FUNCTION pg_temp.made(path text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO refused.endpoint (name, methods, path, resource_type, action, settings)
    VALUES ('e', CASE WHEN settings ? 'list' THEN '{GET}' ELSE '{POST}' END::text[], path, 'User',
        CASE WHEN settings ? 'list' THEN 'list' ELSE 'create' END, '{"fields": {"name": "userName"}}' || settings);
    DELETE FROM refused.endpoint;
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
-- steps of a path
SELECT path, pg_temp.made(path, '{}') FROM unnest(ARRAY['/a/../b', '/a/./b', '/..', '/a/..b', '/a/b.', '/...']) path;
-- constants: secrets, and what the attribute cannot be
SELECT constants, pg_temp.made('/a', jsonb_build_object('constants', constants)) FROM unnest(ARRAY['{"password": "hunter2"}',
    '{"active": "perhaps"}', '{"active": false}', '{"title": 7}', '{"title": "x"}', '{"title": "{name}"}', '{"name.familyName": true}',
    '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": 1}', '{"emails": ["a@example.com"]}']::jsonb[]) constants;
-- parameters of a list
SELECT list, pg_temp.made('/a', jsonb_build_object('list', list)) FROM unnest(ARRAY['{"filter": "q", "sort": {"parameter": "q"}}',
    '{"paging": {"limit": "n", "offset": "N"}}', '{"filter": "f", "query": {"parameter": "F", "fields": ["name"]}}',
    '{"filter": "limit"}', '{"sort": {"parameter": "s", "order": "s"}}', '{"sort": {"order": "o", "ascending": "up", "descending": "UP"}}',
    '{"sort": {"ascending": "{field}", "descending": "{field}"}}', '{"sort": {"order": "o", "ascending": "up", "descending": "down"}}']::jsonb[]) list;
-- how many there may be
SELECT pg_temp.made('/a', jsonb_build_object('fields', (SELECT jsonb_object_agg('f' || n, jsonb_build_object('constant', n)) FROM generate_series(1, 1001) n)));
-- what a field stores under another name is what its attribute can have, and what is stored is its canonical form
SELECT scim.register_schema('{"id": "urn:example:refused:User", "name": "Refused", "attributes": [
    {"name": "code", "pattern": "[A-Z]{2}"}, {"name": "until", "format": "date"}, {"name": "size", "type": "integer"}, {"name": "level", "type": ["integer", "string"]},
    {"name": "colour", "canonicalValues": ["green", "blue"]}, {"name": "pin", "returned": "never"}, {"name": "exact", "caseExact": true}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:refused:User"}', true)) ->> 'name' AS type FROM refused.resource_type WHERE name = 'User';
SELECT attribute, values, pg_temp.made('/a', jsonb_build_object('fields', jsonb_build_object('f', jsonb_build_object('attribute', attribute, 'values', values))))
FROM (VALUES ('active', '{"here": "perhaps"}'), ('active', '{"here": 1}'), ('active', '{"here": "TRUE", "away": false}'), ('active', '{"here": true, "there": "true"}'), ('active', '{"here": null}'), ('active', '{"here": ""}'),
    ('active', '{"here": [true]}'), ('active', '{}'), ('active', '[]'), ('title', '{"boss": 7}'), ('title', '{"boss": "B"}'), ('title', '{"boss": "B", "chief": "b"}'), ('urn:example:refused:User:exact', '{"boss": "B", "chief": "b"}'),
    ('name', '{"x": "y"}'), ('emails', '{"x": "a@example.com"}'), ('emails.value', '{"x": "a@example.com"}'), ('emails.primary', '{"x": "maybe"}'), ('emails[type eq "work"].primary', '{"x": "maybe"}'),
    ('password', '{"x": "hunter2"}'), ('urn:example:refused:User:pin', '{"x": "1234"}'),
    ('urn:example:refused:User:code', '{"x": "gb"}'), ('urn:example:refused:User:code', '{"x": "GB"}'), ('urn:example:refused:User:until', '{"x": "2027-02-30"}'), ('urn:example:refused:User:size', '{"x": 1.5}'),
    ('urn:example:refused:User:size', '{"x": "12"}'), ('urn:example:refused:User:level', '{"x": true}'), ('urn:example:refused:User:level', '{"x": 3, "y": "three"}'), ('meta.created', '{"x": "yesterday"}'),
    ('externalId', jsonb_build_object('x', repeat('e', 1025))::text)) v (attribute, values0), LATERAL (SELECT values0::jsonb AS values) w
WHERE length(values0) < 200 OR pg_temp.made('/a', jsonb_build_object('fields', jsonb_build_object('f', jsonb_build_object('attribute', attribute, 'values', values)))) !~ 'has 1025 bytes';
-- the same of constants, all of them and parts of them
SELECT left(constants::text, 100) AS constants, pg_temp.made('/a', jsonb_build_object('constants', constants)) FROM unnest(ARRAY['{"emails": 5}', '{"emails": [{"value": "a@example.com", "primary": "maybe"}]}',
    '{"emails": [{"value": "{name}", "primary": "maybe"}]}', '{"emails": [{"value": "{name}@example.com", "primary": true}]}', '{"emails": [{"nope": 1}]}', '{"emails.value": ["a@example.com", 7]}', '{"emails.value": "a@example.com"}',
    '{"emails[type eq \"work\"].primary": "maybe"}', '{"emails[type eq \"work\"].value": "a@example.com"}', '{"name": "x"}', '{"name": {"givenName": 7}}', '{"name": {"givenName": "{name}"}}', '{"name": {"givenName": "{{x}}"}}',
    '{"title": null}', '{"title": ""}', '{"title": []}', '{"roles": []}', '{"urn:example:refused:User:until": "2027-02-30"}', '{"urn:example:refused:User:until": "2027-02-28"}', '{"urn:example:refused:User:code": "gb"}',
    '{"urn:example:refused:User:size": "x"}', '{"urn:example:refused:User:colour": "red"}']::jsonb[] || jsonb_build_object('displayName', repeat('d', 1025))) constants;
-- by the policy "canonical" they are all there is, when the endpoint is written; one that comes later takes nothing away
INSERT INTO refused.policy (resource_type, kind, settings) VALUES ('User', 'canonical', '{"attributes": ["urn:example:refused:User:colour"]}');
SELECT pg_temp.made('/a', '{"constants": {"urn:example:refused:User:colour": "red"}}');
SELECT pg_temp.made('/a', '{"fields": {"f": {"attribute": "urn:example:refused:User:colour", "values": {"x": "blue", "y": "red"}}}}');
SELECT pg_temp.made('/a', '{"fields": {"f": {"attribute": "urn:example:refused:User:colour", "access": "read", "values": {"x": "blue", "y": "red"}}}, "constants": {"urn:example:refused:User:colour": "GREEN"}}');
DELETE FROM refused.policy WHERE kind = 'canonical';
INSERT INTO refused.endpoint (name, methods, path, resource_type, action, settings) VALUES ('red', '{POST}', '/red', 'User', 'create', '{"fields": {"name": "userName", "colour": {"attribute": "urn:example:refused:User:colour", "values": {"gruen": "green"}}}, "constants": {"urn:example:refused:User:colour": "red"}}');
INSERT INTO refused.policy (resource_type, kind, settings) VALUES ('User', 'canonical', '{"attributes": ["urn:example:refused:User:colour"]}');
UPDATE refused.endpoint SET path = '/rot' WHERE name = 'red';
SELECT status, body FROM scim.request('POST', '/rot', '{}', '{"name": "a"}');
SELECT status, body::jsonb - 'id' AS body FROM scim.request('POST', '/rot', '{}', '{"name": "a", "colour": "gruen"}');
-- what is stored otherwise in other letters has its name, as a filter finds it
UPDATE refused.users SET data = data || '{"urn:example:refused:User": {"colour": "GREEN"}}';
INSERT INTO refused.endpoint (name, methods, path, resource_type, action, settings) VALUES ('list', '{GET}', '/rot', 'User', 'list', '{"like": "red"}');
SELECT status, body FROM scim.request('GET', '/rot?filter=colour+eq+%22gruen%22');
DELETE FROM refused.endpoint;
-- braces in "where" are those of the path, in the quotes of a value; each key once
SELECT path, w, pg_temp.made(path, jsonb_build_object('list', jsonb_build_object('where', w))) FROM (VALUES ('/a', '"title eq \"{id}\""'), ('/a/{id}', '"title eq \"{ID}\""'), ('/a/{id}', '"title eq {id}"'), ('/a/{id}', '"{id} pr"'),
    ('/a/{id}', '"title eq \"{{id}}\""'), ('/a/{id}', '"title eq \"x\""'), ('/a/{id}', '"title eq \"{id}\" or displayName co \"{id}\""'), ('/a', '"title eq \"{{id}}\""'), ('/a', '"title eq \"{\""'), ('/a', '"title eq \"}\""'),
    ('/a/{x[y eq "z"].w}', '"title eq \"{x[y eq \"z\"].w}\""'), ('/a/{since}', '"meta.created ge \"{since}\""'), ('/a/{since}', '"active eq \"{since}\""'), ('/a', '"active eq \"perhaps\""'), ('/a', '"nope pr"'), ('/a', '7'), ('/a', '""'),
    ('/a/{x}/{x}', '"title eq \"{x}\""')) v (path, w0), LATERAL (SELECT w0::jsonb AS w) x;
INSERT INTO refused.endpoint (name, methods, path, resource_type, action) VALUES ('twice', '{GET}', '/a/{userName|id|USERNAME}', 'User', 'read');
INSERT INTO refused.endpoint (name, methods, path, resource_type, action, settings) VALUES ('like this', '{GET}', '/a/{title}', 'User', 'list', '{"fields": {"n": "userName", "t": "title"}, "list": {"where": "title eq \"{title}\" and not (userName eq \"{{title}}\")"}}');
UPDATE refused.users SET data = data || '{"title": "x\" or title pr or title eq \""}';
SELECT t, body FROM unnest(ARRAY['x', 'x%22%20or%20title%20pr%20or%20title%20eq%20%22', '%22%20or%20title%20pr']) t, scim.request('GET', '/a/' || t);
-- answers that are none
SELECT settings, pg_temp.made('/a', settings) FROM unnest(ARRAY['{"list": {"body": null}}', '{"error": {"body": null}}', '{"error": {"status": {"uniqueness": "422"}}}', '{"error": {"types": {"uniqueness": 5}}}', '{"error": null}', '{"mediaType": null}', '{"mediaType": "json"}']::jsonb[]) settings;
-- methods are a list
INSERT INTO refused.endpoint (name, methods, path, resource_type, action) VALUES ('two dimensions', '{{GET,PUT}}', '/b/{userName}', 'User', 'read');
SET client_min_messages = warning;
SELECT scim.drop_store('refused', true);
