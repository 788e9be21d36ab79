-- Profiles: what a store is configured to be, as one document
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('from'), scim.create_store('to');
SET scim.store = 'from';

--
-- Bad documents are refused whole, with the place
--
CREATE FUNCTION pg_temp.wrong(document text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.apply_profile(document);
    RETURN 'applied';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || ' ' || regexp_replace(sqlerrm, ': it is one of .*', '');
END $$;
SELECT pg_temp.wrong(document) FROM (VALUES
    ('nothing'), ('{'), ('{"x": 1}'), ('{"scim": "profile/2"}'), ('{"complete": "yes"}'), ('{"complete": ["tenants"]}'), ('{"policies": {}}'),
    ('{"policies": [{"resourceType": "User"}]}'),
    ('{"policies": [{"resourceType": "User", "kind": "audit"}, {"resourceType": "User", "kind": "audit", "x~/y": 1}]}'),
    ('{"policies": [{"resourceType": "User", "kind": "audit"}, {"resourceType": "User", "kind": "audit", "name": "audit"}]}'),
    ('{"policies": [{"resourceType": "User", "kind": "audit", "enabled": "yes"}]}'),
    ('{"policies": [{"resourceType": "User", "kind": "audit", "tenant": 1.5}]}'),
    ('{"policies": [{"resourceType": "User", "kind": "audit", "tenant": 7}]}'),
    ('{"policies": [{"resourceType": "Robot", "kind": "audit"}]}'),
    ('{"policies": [{"resourceType": "User", "kind": "audits"}]}'),
    ('{"policies": [{"resourceType": "User", "kind": "reference", "settings": {"attributes": {"nothing": "User"}}}]}'),
    ('{"schemas": [{"id": "x", "name": "x", "attributes": []}]}'),
    ('{"schemas": [{"name": "x"}]}'),
    ('{"schemas": [{"id": "urn:example:x", "name": "x", "attributes": [{"name": "y", "type": "colour"}]}]}'),
    ('{"schemas": [{"id": "urn:example:x", "amend": {}}]}'),
    ('{"schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"name.nothing": {"required": true}}}]}'),
    ('{"schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"name.givenName": {"mandatory": true}}}]}'),
    ('{"schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"name.givenName": true}}]}'),
    ('{"resourceTypes": [{"name": "Robot", "endpoint": "/Robots", "schema": "urn:example:robot"}]}'),
    ('{"resourceTypes": [{"name": "Robot", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group"}]}'),
    ('{"endpoints": [{"methods": [], "path": "/api/x", "resourceType": "User", "action": "list"}]}'),
    ('{"endpoints": [{"methods": ["GET"], "path": "api/x", "resourceType": "User", "action": "list"}]}'),
    ('{"endpoints": [{"methods": ["GET"], "path": "/api/x", "resourceType": "User", "action": "fly"}]}'),
    ('{"endpoints": [{"methods": ["GET"], "path": "/api/x", "resourceType": "User", "action": "list"}, {"name": "y", "methods": ["GET"], "path": "/api/y/{id}", "resourceType": "User", "action": "read", "settings": {"fields": {"mail": "emial"}}}]}'),
    ('{"endpoints": [{"methods": ["GET"], "path": "/api/x", "resourceType": "User", "action": "list"}, {"name": "y", "methods": ["GET"], "path": "/api/x", "resourceType": "User", "action": "list"}]}'),
    ('{"authenticationSchemes": [{"scheme": "x", "keyword": "X", "credential": "word", "type": "oauth"}]}'),
    ('{"authenticationSchemes": [{"scheme": "x", "keyword": "X Y", "credential": "token", "type": "oauth"}]}'),
    ('{"authenticationSchemes": [{"scheme": "x", "keyword": "Bearer", "credential": "token", "type": "oauth"}]}'),
    ('{"authenticationSchemes": [{"scheme": "x", "keyword": "BEARER", "credential": "token", "type": "oauth"}]}'),
    ('{"authenticationSchemes": [{"scheme": "BEARER", "keyword": "Y", "credential": "token", "type": "oauth"}]}'),
    ('{"authenticationSchemes": [{"scheme": "x", "keyword": "X", "credential": "token", "type": "oauth", "primary": true}, {"scheme": "y", "keyword": "Y", "credential": "token", "type": "oauth", "primary": true}]}')
) v (document);
SELECT scim.apply_profile('[]'::jsonb);
SELECT scim.apply_profile(NULL::text);
SELECT scim.apply_profile(NULL::jsonb);
-- what goes wrong at the end takes everything back
SELECT pg_temp.wrong('{"schemas": [{"id": "urn:example:x", "name": "x", "attributes": [{"name": "y"}]}], "policies": [{"resourceType": "User", "kind": "audit", "enabled": false}],
    "endpoints": [{"name": "y", "methods": ["GET"], "path": "/api/y/{id}", "resourceType": "User", "action": "read", "settings": {"fields": {"mail": "emial"}}}]}');
SELECT count(*) FROM "from".schema WHERE id = 'urn:example:x';
SELECT count(*) FROM "from".policy WHERE NOT enabled AND kind = 'audit';
SELECT count(*) FROM scim.profiles(), scim.diff_profile(jsonb_build_object('scim', 'profile/1', 'name', name));

--
-- A resource type, its rules and its endpoints, in whatever order they are said
--
\set books '{"scim": "profile/1", "name": "books", "description": "A library", "schemas": [{"id": "urn:example:Book", "name": "Book", "attributes": [{"name": "title", "required": true}, {"name": "lentTo", "type": "reference", "referenceTypes": ["User"]}]}], "endpoints": [{"methods": ["get"], "path": "/api/books/{id}", "resourceType": "Book", "action": "read", "settings": {"like": "new book"}}, {"name": "new book", "methods": ["POST"], "path": "/api/books", "resourceType": "Book", "action": "create", "settings": {"fields": {"id": "id", "title": "title", "reader": "lentTo"}}}], "policies": [{"resourceType": "Book", "kind": "reference", "settings": {"attributes": {"lentTo": "User"}}}, {"resourceType": "Book", "kind": "delete", "settings": {"mode": "retain"}}], "resourceTypes": [{"name": "Book", "endpoint": "/Books", "schema": "urn:example:Book"}]}'
SELECT part, key, action FROM scim.diff_profile(:'books');
SELECT scim.apply_profile(:'books');
SELECT count(*) FROM scim.diff_profile(:'books');
-- twice changes nothing: not even a row is written again
CREATE TEMP TABLE rows AS SELECT 's' AS part, xmin::text AS written, ctid AS place FROM "from".schema UNION ALL SELECT 't', xmin::text, ctid FROM "from".resource_type
    UNION ALL SELECT 'p', xmin::text, ctid FROM "from".policy UNION ALL SELECT 'e', xmin::text, ctid FROM "from".endpoint UNION ALL SELECT 'a', xmin::text, ctid FROM "from".authentication_scheme;
SELECT scim.apply_profile(:'books'), scim.apply_profile(:'books'::jsonb);
SELECT count(*) FROM (TABLE rows EXCEPT (SELECT 's', xmin::text, ctid FROM "from".schema UNION ALL SELECT 't', xmin::text, ctid FROM "from".resource_type
    UNION ALL SELECT 'p', xmin::text, ctid FROM "from".policy UNION ALL SELECT 'e', xmin::text, ctid FROM "from".endpoint UNION ALL SELECT 'a', xmin::text, ctid FROM "from".authentication_scheme)) x;
-- it works
SELECT status FROM scim.request('POST', '/api/books', '{}', '{"title": "Emma"}');
SELECT status, body::jsonb ->> 'message' FROM scim.request('POST', '/api/books', '{}', '{"title": "Emma", "reader": "nobody"}');

-- an attribute gets another name: policies and endpoints go along, and not without each other
\set renamed '{"schemas": [{"id": "urn:example:Book", "name": "Book", "attributes": [{"name": "title", "required": true}, {"name": "reader", "type": "reference", "referenceTypes": ["User"]}]}], "policies": [{"resourceType": "Book", "kind": "reference", "settings": {"attributes": {"reader": "User"}}}], "endpoints": [{"name": "new book", "methods": ["POST"], "path": "/api/books", "resourceType": "Book", "action": "create", "settings": {"fields": {"id": "id", "title": "title", "reader": "reader"}}}]}'
SELECT pg_temp.wrong((:'renamed'::jsonb - 'policies')::text);
SELECT pg_temp.wrong((:'renamed'::jsonb - 'endpoints')::text);
SELECT pg_temp.wrong((:'renamed'::jsonb - 'schemas')::text);
SELECT part, key, action, "from" - 'attributes', "to" - 'attributes' FROM scim.diff_profile(:'renamed') WHERE part <> 'schema';
SELECT scim.apply_profile(:'renamed');
SELECT name, enabled FROM "from".endpoint ORDER BY name;
SELECT kind, enabled FROM "from".policy WHERE resource_type = 'Book' ORDER BY kind;
-- what is stored and would not be valid is in the way of a stricter schema
SELECT pg_temp.wrong(replace(:'renamed', '"type": "reference"', '"required": true, "type": "reference"'));

--
-- Amending a schema that is there
--
\set amended '{"schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"roles": {"multiValued": false}, "NAME.givenName": {"required": true}, "title": {"description": "A title"}}}]}'
SELECT scim.apply_profile(:'amended'), scim.apply_profile(:'amended');
INSERT INTO "from".users (data) VALUES ('{"userName": "ada", "name": {"familyName": "Lovelace"}}');
INSERT INTO "from".users (data) VALUES ('{"userName": "ada", "roles": ["a", "b"]}');
INSERT INTO "from".users (data) VALUES ('{"userName": "ada", "roles": ["a"]}') RETURNING data -> 'roles';

--
-- Tenants, and ways of authentication
--
SELECT scim.apply_profile('{"tenants": [{"tenant": 7, "name": "Seven"}, {"tenant": 1}], "policies": [{"resourceType": "User", "kind": "audit", "enabled": false, "tenant": 7}],
    "authenticationSchemes": [{"scheme": "Basic", "keyword": "Basic", "credential": "password", "type": "httpbasic", "name": "Basic", "description": "A password", "primary": true}]}');
SELECT tenant_id, name FROM "from".tenant ORDER BY 1;
SELECT scheme, is_primary FROM "from".authentication_scheme ORDER BY 1;
SELECT part, key, action FROM scim.diff_profile('{"complete": ["authenticationSchemes"], "authenticationSchemes": []}');
SELECT count(*) FROM scim.create_client('somebody');
SELECT pg_temp.wrong('{"complete": ["authenticationSchemes"], "authenticationSchemes": []}');
SELECT pg_temp.wrong('{"complete": ["authenticationSchemes"], "authenticationSchemes": [{"scheme": "Basic", "keyword": "Basic", "credential": "password", "type": "httpbasic"}]}');
SELECT scheme, name, is_primary FROM "from".authentication_scheme ORDER BY 1;

--
-- Settings of the store, of a type, of a tenant; not those of a single token
--
SELECT pg_temp.wrong('{"settings": [{"name": "max_results"}]}');
SELECT pg_temp.wrong('{"settings": [{"name": "max_results", "value": null}]}');
SELECT pg_temp.wrong('{"settings": [{"name": "max_results", "value": 5}, {"name": "max_result", "value": 5}]}');
SELECT pg_temp.wrong('{"settings": [{"name": "max_results", "value": "many"}]}');
SELECT pg_temp.wrong('{"settings": [{"name": "max_results", "value": 5}, {"name": "max_results", "value": 6}]}');
\set set '{"settings": [{"name": "max_results", "value": 60}, {"name": "max_results", "resourceType": "User", "value": 50}, {"name": "unknown_attributes", "tenant": 7, "value": "ignore"}]}'
SELECT scim.apply_profile(:'set'), scim.apply_profile(:'set');
SELECT scim.apply_profile('{"settings": [{"name": "max_results", "resourceType": "User", "value": 40}]}');
SELECT secret FROM scim.create_token('secret') \g /dev/null
INSERT INTO "from".setting (name, token_id, value) SELECT 'max_results', id, '7' FROM "from".token LIMIT 1;
SELECT name, resource_type, tenant_id, token_id IS NOT NULL, value FROM "from".setting ORDER BY 1, 2, 3, 4;
SELECT jsonb_array_elements(scim.export_profile() -> 'settings');
SELECT part, key, action FROM scim.diff_profile('{"complete": ["settings"], "settings": [{"name": "max_results", "value": 60}]}');

--
-- A store's configuration goes elsewhere: nobody's data, no secrets
--
SELECT scim.export_profile() AS document \gset
SELECT key, jsonb_typeof(value), CASE jsonb_typeof(value) WHEN 'array' THEN jsonb_array_length(value) END FROM jsonb_each(:'document') ORDER BY 1;
SELECT scim.export_profile() #>> '{tenants}';
SELECT :'document' ~ '"ada"|Emma|somebody|secret', count(*) FROM scim.diff_profile(:'document');
SET scim.store = 'to';
SELECT scim.apply_profile('{"schemas": [{"id": "urn:example:Other", "name": "Other", "attributes": [{"name": "a"}]}], "resourceTypes": [{"name": "Other", "endpoint": "/Others", "schema": "urn:example:Other"}],
    "endpoints": [{"methods": ["GET"], "path": "/api/others", "resourceType": "Other", "action": "list"}]}');
SELECT part, key, action FROM scim.diff_profile(:'document');
INSERT INTO "to".others (data) VALUES ('{"a": "b"}');
SELECT pg_temp.wrong(:'document');
UPDATE "to".policy SET settings = '{"mode": "hard"}' WHERE resource_type = 'Other' AND kind = 'delete';
DELETE FROM "to".others;
SELECT pg_temp.wrong(:'document');
SELECT scim.purge('0'), scim.apply_profile(:'document'), scim.apply_profile(:'document');
SELECT scim.export_profile() = :'document';
SELECT to_regclass('"to".others'), to_regclass('"to".books');
-- it is the same store in all but names of rows
CREATE FUNCTION pg_temp.rows(store name) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT (id, document)::text FROM %1$I.schema WHERE id !~ ''(:Schema|:ResourceType|:ServiceProviderConfig)$'' UNION ALL
        SELECT (name, document, table_name)::text FROM %1$I.resource_type UNION ALL
        SELECT (tenant_id, resource_type, kind, name, enabled, settings)::text FROM %1$I.policy UNION ALL
        SELECT (name, resource_type, tenant_id, value)::text FROM %1$I.setting WHERE token_id IS NULL UNION ALL
        SELECT (name, methods, path, resource_type, action, enabled, settings)::text FROM %1$I.endpoint UNION ALL
        SELECT s::text FROM %1$I.authentication_scheme s', store);
END $$;
SELECT count(*) FROM (SELECT pg_temp.rows('from') EXCEPT SELECT pg_temp.rows('to')) x;
SELECT count(*) FROM (SELECT pg_temp.rows('to') EXCEPT SELECT pg_temp.rows('from')) x;

-- what a complete document does not name goes: of everything, or of some lists
SELECT part, key, action FROM scim.diff_profile('{"complete": ["endpoints"]}');
SELECT part, key, action FROM scim.diff_profile('{"complete": ["policies"], "policies": [{"resourceType": "User", "kind": "delete", "settings": {"mode": "hard"}}]}');
SELECT part, key, action FROM scim.diff_profile('{"complete": true}');
SELECT scim.apply_profile('{"complete": true}'), scim.apply_profile('{"complete": true}');
SELECT name FROM "to".resource_type ORDER BY 1;
SELECT pg_temp.wrong('{"complete": true, "resourceTypes": []}');
SELECT count(*) FROM "to".resource_type;

--
-- Only the owner of the store
--
CREATE ROLE profile_guest;
GRANT USAGE ON SCHEMA "from", "to" TO profile_guest;
GRANT SELECT ON ALL TABLES IN SCHEMA "from" TO profile_guest;
SET scim.store = 'from';
SET ROLE profile_guest;
SELECT pg_temp.wrong('{"policies": [{"resourceType": "User", "kind": "audit", "enabled": false}]}');
SELECT pg_temp.wrong('{"schemas": [{"id": "urn:example:mine", "name": "mine", "attributes": []}]}');
RESET ROLE;
-- whatever is granted: row-level security would hide the rows from his UPDATE, and nothing be done
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "from" TO profile_guest;
SELECT scim.export_profile() AS before \gset
SET ROLE profile_guest;
SELECT pg_temp.wrong('{"policies": [{"resourceType": "User", "kind": "audit", "enabled": false}]}');
SELECT pg_temp.wrong('{}');
SELECT part, key, action FROM scim.diff_profile('{"policies": [{"resourceType": "User", "kind": "audit", "enabled": false}]}');
SELECT scim.apply_profile('firstup');
RESET ROLE;
SELECT scim.export_profile() = :'before' AS unchanged;

--
-- Those that come with scim, each in a new store, and in another one as it is exported
--
SELECT name, description = document ->> 'description', document ->> 'scim' FROM scim.profiles();
SELECT jsonb_typeof(scim.profile_schema());
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.round(profile text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    document jsonb;
    same boolean;
BEGIN
    PERFORM scim.create_store('round'), set_config('scim.store', 'round', true);
    PERFORM scim.apply_profile(profile);
    IF scim.apply_profile(profile) <> 0 THEN
        RETURN profile || ': not the same twice';
    END IF;
    document := scim.export_profile();
    PERFORM scim.create_store('trip'), set_config('scim.store', 'trip', true);
    PERFORM scim.apply_profile(document);
    same := scim.export_profile() = document;
    PERFORM scim.drop_store('round', true), scim.drop_store('trip', true);
    RETURN profile || CASE WHEN same THEN ': ok' ELSE ': not the same elsewhere' END;
END $$;
SELECT pg_temp.round(name) FROM scim.profiles() WHERE name < 'g';
SELECT pg_temp.round(name) FROM scim.profiles() WHERE name > 'g';
RESET scim.store;
REVOKE ALL ON SCHEMA "from", "to" FROM profile_guest;
REVOKE ALL ON ALL TABLES IN SCHEMA "from" FROM profile_guest;
DROP ROLE profile_guest;
SELECT scim.drop_store('from', true), scim.drop_store('to', true);
