-- The profile "interop": draft-zollner-scim-interop-profile-01, row by row as doc/conformance.md has them.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('interop');
SET scim.store = 'interop';
SELECT scim.apply_profile('interop') > 0 AS applied, scim.apply_profile('interop') AS again;
\set user 'urn:ietf:params:scim:schemas:core:2.0:User'
CREATE FUNCTION pg_temp.patch(id text, operations text, OUT status int, OUT scim_type text, OUT detail text, OUT resource jsonb) LANGUAGE sql AS $$
    SELECT r.status, r.body::jsonb ->> 'scimType', r.body::jsonb ->> 'detail', CASE WHEN r.status = 200 THEN r.body::jsonb END
    FROM scim.request('PATCH', '/Users/' || id, '{}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": %s}', operations)) r
$$;
CREATE FUNCTION pg_temp.conformant() RETURNS jsonb LANGUAGE sql AS $$ SELECT body::jsonb -> 'interopProfileConformant' FROM scim.request('GET', '/ServiceProviderConfig') $$;

-- I1: said where it is so, and only there
SELECT pg_temp.conformant() AS conformant;
CREATE FUNCTION pg_temp.without(change text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    EXECUTE change;
    SELECT pg_temp.conformant() INTO result;
    RAISE EXCEPTION USING ERRCODE = 'ZZZZZ', MESSAGE = coalesce(result::text, 'absent');
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN to_jsonb(sqlerrm);
END $$;
SELECT change, pg_temp.without(change) AS conformant FROM unnest(ARRAY[
    'DELETE FROM interop.setting WHERE name = ''unknown_schemas''', 'UPDATE interop.setting SET value = ''"ignore"'' WHERE name = ''unknown_attributes''',
    'DELETE FROM interop.setting WHERE name = ''patch_without_path''', 'DELETE FROM interop.setting WHERE name = ''patch_replace_merges''', 'DELETE FROM interop.setting WHERE name = ''patch_selects_values''',
    'INSERT INTO interop.setting (name, resource_type, value) VALUES (''patch_without_path'', ''Group'', ''true'')',
    'UPDATE interop.setting SET value = ''99'' WHERE name = ''max_results''', 'UPDATE interop.setting SET value = ''99'' WHERE name = ''default_results''',
    'UPDATE interop.policy SET settings = ''{"mode": "offboard"}'' WHERE resource_type = ''User'' AND kind = ''delete''', 'UPDATE interop.policy SET settings = ''{"mode": "retain"}'' WHERE resource_type = ''User'' AND kind = ''delete''',
    'UPDATE interop.policy SET settings = ''{"mode": "hard", "byStatus": {"ACTIVE": {"deactivate": "delete"}}}'' WHERE resource_type = ''User'' AND kind = ''delete''',
    'INSERT INTO interop.policy (resource_type, kind, settings) VALUES (''User'', ''lookup'', ''{"attributes": ["id", "userName"]}'')', 'INSERT INTO interop.policy (resource_type, kind, settings) VALUES (''User'', ''wire'', ''{"plain": ["roles"]}'')',
    $$SELECT scim.apply_profile('{"scim": "profile/1", "schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"roles.type": {"canonicalValues": null}}}]}')$$,
    'INSERT INTO interop.setting (name, value) VALUES (''max_filter_lookups'', ''0'')', 'INSERT INTO interop.setting (name, value) VALUES (''max_body_depth'', ''5'')', 'INSERT INTO interop.setting (name, value) VALUES (''max_body_values'', ''100'')', 'INSERT INTO interop.setting (name, value) VALUES (''max_values'', ''10'')',
    'INSERT INTO interop.setting (name, value) VALUES (''max_body_members'', ''49'')', 'INSERT INTO interop.setting (name, value) VALUES (''max_body_size'', ''1000'')', 'INSERT INTO interop.setting (name, value) VALUES (''max_patch_operations'', ''10'')',
    $$SELECT scim.apply_profile('{"scim": "profile/1", "schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"userName": {"uniqueness": "none"}}}]}')$$,
    $$SELECT scim.register_schema('{"id": "urn:example:2.0:Idle", "name": "Idle", "attributes": [{"name": "a", "type": "complex", "subAttributes": [{"name": "type"}]}]}')$$,
    $$SELECT scim.register_schema('{"id": "urn:example:2.0:Idle", "name": "Idle", "attributes": [{"name": "a", "type": "complex", "subAttributes": [{"name": "type", "canonicalValues": ["x"]}]}]}')$$,
    $$INSERT INTO interop.endpoint (methods, path, resource_type, action, name, settings) VALUES ('{GET}', '/api/people/{id}', 'User', 'read', 'look', '{"fields": {"login": "userName"}}')$$,
    'SELECT 1']) change;

-- I2: each schema that a resource type names is shown, and the id of a type is its name
SELECT t ->> 'id' AS id, t -> 'id' = t -> 'name' AS same, NOT EXISTS (SELECT FROM jsonb_array_elements(jsonb_build_array(t -> 'schema') || coalesce(jsonb_path_query_array(t, '$.schemaExtensions[*].schema'), '[]')) s WHERE NOT s IN (SELECT d -> 'id' FROM scim.request('GET', '/Schemas') r, jsonb_array_elements(r.body::jsonb -> 'Resources') d)) AS schemas_shown
FROM scim.request('GET', '/ResourceTypes') r, jsonb_array_elements(r.body::jsonb -> 'Resources') t;

-- I3: one rule of letter case per attribute: userName in any, id and externalId as they are
SELECT body::jsonb ->> 'id' AS id FROM scim.request('POST', '/Users', '{}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "BJensen", "externalId": "Ext-1", "displayName": "B", "name": {"givenName": "Barbara", "familyName": "Jensen"}, "emails": [{"value": "b@work.example", "type": "work"}, {"value": "b@home.example", "type": "home"}]}') \gset
SELECT n, scim.search('User', filter) -> 'totalResults' AS found FROM unnest(ARRAY['userName eq "bjensen"', 'externalId eq "Ext-1"', 'externalId eq "ext-1"', format('id eq "%s"', :'id'), format('id eq "%s"', upper(:'id'))]) WITH ORDINALITY f (filter, n) ORDER BY n;
SELECT status, body::jsonb ->> 'scimType' AS scim_type FROM scim.request('POST', '/Users', '{}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjENSEN"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "other", "externalId": "ext-1"}');

-- I4: what is unknown
SELECT sent, status, r.body::jsonb ->> 'scimType' AS scim_type, r.body::jsonb ->> 'detail' AS detail FROM unnest(ARRAY[
    '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:unknown"], "userName": "x"}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", "shoeSize": 9}',
    '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", "urn:example:unknown": {"a": 1}}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", "name": {"nope": "x"}}']) sent, scim.request('POST', '/Users', '{}', sent) r;
SELECT status, body::jsonb ->> 'scimType' AS scim_type FROM scim.request('PUT', '/Users/' || :'id', '{}', '{"schemas": ["urn:example:unknown"], "userName": "x"}');
SELECT p.status, p.scim_type, p.detail FROM unnest(ARRAY['[{"op": "add", "path": "shoeSize", "value": 9}]', '[{"op": "add", "path": "urn:example:unknown:a", "value": 9}]', '[{"op": "add", "path": "schemas", "value": ["urn:example:unknown"]}]']) o, pg_temp.patch(:'id', o) p;
SELECT scim.create_resource('User', '{"schemas": ["urn:example:unknown"], "userName": "x"}');

-- I5: canonicalValues of each sub-attribute "type"
SELECT d ->> 'name' AS schema, count(*) AS types, count(s -> 'canonicalValues') AS canonical
FROM scim.request('GET', '/Schemas') r, jsonb_array_elements(r.body::jsonb -> 'Resources') d, jsonb_array_elements(d -> 'attributes') a, jsonb_array_elements(a -> 'subAttributes') s
WHERE s ->> 'name' = 'type' AND d ->> 'id' NOT LIKE '%ServiceProviderConfig' AND d ->> 'id' NOT LIKE '%:Schema' GROUP BY 1 ORDER BY 1;

-- I6: by its id, and by nothing else
SELECT status FROM unnest(ARRAY['BJensen', 'Ext-1', :'id']) name, scim.request('GET', '/Users/' || name);
-- I7: of which type an answer is
SELECT DISTINCT headers ->> 'Content-Type' AS type FROM unnest(ARRAY['/Users', '/Users/' || :'id', '/Users/x', '/ServiceProviderConfig', '/Schemas', '/ResourceTypes', '/GroupMemberships']) t, scim.request('GET', t);
-- I8: filters
SELECT status, body::jsonb -> 'totalResults' AS found, body::jsonb ->> 'scimType' AS scim_type FROM unnest(ARRAY['userName+eq+%22bjensen%22+and+active+eq+true', 'userName+eq+%22bjensen%22+and+displayName+eq+%22B%22', 'shoeSize+eq+9', 'members.value+eq+%22x%22']) f, scim.request('GET', '/Users?filter=' || f);
-- I9: pages
INSERT INTO interop.users (data) SELECT jsonb_build_object('userName', 'u' || i) FROM generate_series(1, 1100) i;
SELECT query, body::jsonb -> 'itemsPerPage' AS items FROM unnest(ARRAY['', 'count=100', 'count=5000', 'cursor', 'count=100&cursor']) query, scim.request('GET', '/Users?' || query);
-- I10: a path
SELECT p.status, p.scim_type, p.detail FROM unnest(ARRAY['[{"op": "replace", "value": {"displayName": "C"}}]', '[{"op": "add", "path": "", "value": {"displayName": "C"}}]', '[{"op": "remove"}]', '[{"op": "replace", "path": "displayName", "value": "C"}, {"op": "add", "value": {"title": "T"}}]']) o, pg_temp.patch(:'id', o) p;
SELECT data ->> 'displayName' AS as_before FROM interop.users WHERE id = :'id';
-- I11: of simple attributes add is replace; a complex one is replaced as a whole, and added to
SELECT o, p.resource -> 'title' AS title, p.resource -> 'name' AS name FROM unnest(ARRAY['[{"op": "add", "path": "title", "value": "One"}]', '[{"op": "add", "path": "title", "value": "Two"}]', '[{"op": "replace", "path": "title", "value": "Three"}]',
    '[{"op": "add", "path": "name", "value": {"middleName": "Jane"}}]', '[{"op": "replace", "path": "name", "value": {"familyName": "Roe"}}]', '[{"op": "replace", "path": "name.givenName", "value": "Babs"}]', '[{"op": "replace", "path": "name", "value": {"familyName": null}}]']) o, pg_temp.patch(:'id', o) p;
-- I12: of many values replace is of all, and add appends
SELECT jsonb_path_query_array(p.resource, '$.emails[*].value') AS emails FROM unnest(ARRAY['[{"op": "add", "path": "emails", "value": [{"value": "b@other.example", "type": "other"}]}]', '[{"op": "replace", "path": "emails", "value": [{"value": "n@work.example", "type": "work"}]}]', '[{"op": "add", "path": "emails", "value": [{"value": "h@home.example", "type": "home"}, {"value": "i@home.example", "type": "home"}]}]']) o, pg_temp.patch(:'id', o) p;
-- I13: a filter selects one value, of which the path names a part
SELECT p.status, p.scim_type, p.detail FROM unnest(ARRAY['[{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "w@work.example"}]', '[{"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": "x@work.example"}}]', '[{"op": "remove", "path": "emails[type eq \"work\"]"}]',
    '[{"op": "add", "path": "emails[type eq \"work\"]", "value": {"display": "W"}}]', '[{"op": "replace", "path": "emails[type eq \"home\"].display", "value": "H"}]', '[{"op": "remove", "path": "emails[type eq \"home\"].type"}]']) o, pg_temp.patch(:'id', o) p;
INSERT INTO interop.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', jsonb_build_object('displayName', 'Ops', 'members', jsonb_build_array(jsonb_build_object('value', :'id'))));
SELECT n, status, body::jsonb ->> 'scimType' AS scim_type, (SELECT count(*) FROM interop.member) AS members FROM unnest(ARRAY[format('{"op": "remove", "path": "members[value eq \"%s\"]"}', :'id'), format('{"op": "remove", "path": "members", "value": [{"value": "%s"}]}', :'id')]) WITH ORDINALITY t (operation, n),
    scim.request('PATCH', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}', operation)) ORDER BY n;
SELECT count(*) AS members FROM interop.member;
-- I16: conflicts
SELECT p.status, p.scim_type FROM pg_temp.patch(:'id', '[{"op": "replace", "path": "userName", "value": "U1"}]') p;
-- I14: who is deleted is gone, and his userName free; PATCH deletes nobody
SELECT p.status, p.resource -> 'active' AS active FROM pg_temp.patch(:'id', '[{"op": "replace", "path": "active", "value": false}]') p;
SELECT status, (SELECT status FROM scim.request('GET', '/Users/' || :'id')) AS read, scim.search('User', 'userName eq "bjensen"') -> 'totalResults' AS found, (SELECT status FROM scim.request('POST', '/Users', '{}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}')) AS again
FROM scim.request('DELETE', '/Users/' || :'id');

-- I15: ETag need not be supported, and is: what was read is not sent again, and what has changed meanwhile is not written over
SELECT id FROM interop.users ORDER BY id LIMIT 1 \gset e_
SELECT body::jsonb -> 'etag' -> 'supported' AS supported FROM scim.request('GET', '/ServiceProviderConfig');
SELECT headers ->> 'ETag' AS etag, headers ->> 'ETag' = body::jsonb #>> '{meta,version}' AS in_meta FROM scim.request('GET', '/Users/' || :'e_id') \gset
SELECT :'in_meta' AS in_meta, g.status AS unchanged, p.status AS matches, w.status AS no_more
FROM scim.request('GET', '/Users/' || :'e_id', jsonb_build_object('If-None-Match', :'etag')) g,
    LATERAL (SELECT * FROM scim.request('PATCH', '/Users/' || :'e_id', jsonb_build_object('If-Match', :'etag'), '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "I15"}]}') WHERE g.status = 304) p,
    LATERAL (SELECT * FROM scim.request('PATCH', '/Users/' || :'e_id', jsonb_build_object('If-Match', :'etag'), '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "late"}]}') WHERE p.status = 200) w;
-- I17: bearer tokens, and no Basic, until somebody adds it; TLS is nginx's (test/production/configure.py)
SELECT string_agg(s ->> 'type', ' ') AS schemes FROM scim.request('GET', '/ServiceProviderConfig'), jsonb_array_elements(body::jsonb -> 'authenticationSchemes') s;
SELECT scim.authenticate('Basic ' || encode('scim:sesame', 'base64'));

-- By token: strict for one, as ever for the others
SELECT scim.create_store('bytoken');
SET scim.store = 'bytoken';
SELECT id, secret FROM scim.create_token('strict') \gset
SELECT secret AS other FROM scim.create_token('lenient') \gset
INSERT INTO bytoken.setting (name, token_id, value) SELECT s ->> 'name', :'id'::uuid, s -> 'value' FROM scim.profiles() p, jsonb_array_elements(p.document -> 'settings') s WHERE p.name = 'interop';
SELECT scim.apply_profile(jsonb_build_object('scim', 'profile/1', 'schemas', document -> 'schemas')) AS schemas FROM scim.profiles() WHERE name = 'interop';
CREATE FUNCTION pg_temp.as_token(secret text, method text, target text, sent text DEFAULT NULL, OUT status int, OUT answer jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.authenticate('Bearer ' || secret);
    SELECT r.status, r.body::jsonb INTO status, answer FROM scim.request(method, target, '{}', sent) r;
    RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN;
END $$;
SELECT method, target, strict.status AS strict, lenient.status AS lenient, strict.answer -> 'interopProfileConformant' AS strict_conforms, lenient.answer -> 'interopProfileConformant' AS lenient_conforms
FROM (VALUES ('GET', '/ServiceProviderConfig', NULL), ('POST', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:unknown"], "userName": "x"}'), ('GET', '/GroupMemberships', NULL), ('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:GroupMembership', NULL)) t (method, target, sent),
    pg_temp.as_token(:'secret', method, target, sent) strict, pg_temp.as_token(:'other', method, target, sent) lenient;

SELECT scim.drop_store('interop', true);
SELECT scim.drop_store('bytoken', true);
