-- What openapi.json says of a PATCH is what settings make of it, of the store and of a type
SET client_min_messages = warning;
SELECT scim.create_store('oapatch');
SET scim.store = 'oapatch';
CREATE TEMP VIEW said AS WITH api AS MATERIALIZED (SELECT scim.openapi() AS d)
  SELECT t, d #>> ARRAY['components', 'requestBodies', b.name, 'content', 'application/scim+json', 'schema', '$ref'] AS refers, s -> 'minItems' AS least, s -> 'maxItems' AS most, s #> '{items,required}' AS required, s #> '{items,properties,path}' AS path,
    (s #> '{items,additionalProperties}') AS others
  FROM api, unnest('{Users,Groups}'::text[]) t, LATERAL (SELECT replace(d #>> ARRAY['paths', '/' || t || '/{id}', 'patch', 'requestBody', '$ref'], '#/components/requestBodies/', '') AS name) b,
    LATERAL (SELECT d #> ARRAY['components', 'schemas', b.name, 'properties', 'Operations'] AS s) o;
CREATE FUNCTION pg_temp.patched(target text, operations jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', r.status, r.body::jsonb ->> 'detail') FROM scim.request('PATCH', target, '{"Content-Type": "application/scim+json"}', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', operations)::text) r $$;
SELECT '/Users/' || (scim.create_resource('User', '{"userName": "ada"}') ->> 'id') AS ada, '/Groups/' || (scim.create_resource('Group', '{"displayName": "g"}') ->> 'id') AS team \gset
TABLE said;
SELECT pg_temp.patched(:'ada', '[]'), pg_temp.patched(:'team', '[]');
INSERT INTO oapatch.setting (name, resource_type, value) VALUES ('empty_patch', 'User', 'true'), ('patch_without_path', 'Group', 'false'), ('max_patch_operations', 'Group', '1');
TABLE said;
SELECT pg_temp.patched(:'ada', '[]'), pg_temp.patched(:'team', '[]');
SELECT pg_temp.patched(u, '[{"op": "add", "value": {"externalId": "x"}}]') FROM unnest(ARRAY[:'ada', :'team']) u;
SELECT pg_temp.patched(u, '[{"op": "add", "path": "externalId", "value": "x"}, {"op": "add", "path": "externalId", "value": "y"}]') FROM unnest(ARRAY[:'ada', :'team']) u;
-- of the store
DELETE FROM oapatch.setting;
INSERT INTO oapatch.setting (name, value) VALUES ('patch_without_path', 'false'), ('unknown_attributes', '"ignore"'), ('max_patch_operations', '7');
TABLE said;
SELECT scim.drop_store('oapatch', true);
