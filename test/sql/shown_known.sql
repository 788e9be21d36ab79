-- What no schema knows any more nobody sees, parts of complex values neither; and the entity-tag notices
SET client_min_messages = warning;
SELECT scim.create_store('known');
SET scim.store = 'known';
CREATE FUNCTION pg_temp.schema(id text, VARIADIC attributes jsonb[]) RETURNS boolean LANGUAGE sql AS $$ SELECT scim.register_schema(jsonb_build_object('id', id, 'name', 'S', 'attributes', to_jsonb(attributes)), true) IS NOT NULL $$;
CREATE FUNCTION pg_temp.complex(name text, multi boolean, VARIADIC subs text[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('name', name, 'type', 'complex', 'multiValued', multi, 'subAttributes', (SELECT jsonb_agg(jsonb_build_object('name', s)) FROM unnest(subs) s)) $$;
SELECT pg_temp.schema('urn:known:T', '{"name": "name"}', '{"name": "top"}', pg_temp.complex('c', false, 'value', 'x'), pg_temp.complex('m', true, 'value', 'x')) AND pg_temp.schema('urn:known:E', '{"name": "top"}', pg_temp.complex('d', false, 'value', 'x')) AND pg_temp.schema('urn:known:U', '{"name": "name"}') AS registered;
SELECT scim.register_resource_type('{"name": "T", "endpoint": "/Ts", "schema": "urn:known:T", "schemaExtensions": [{"schema": "urn:known:E"}]}') IS NOT NULL AS registered;
INSERT INTO known.ts (data) VALUES ('{"name": "n1", "top": "T", "c": {"value": "v", "x": "C"}, "m": [{"value": "1", "x": "M"}, {"value": "2"}, {"x": "only"}], "urn:known:E": {"top": "E", "d": {"value": "v", "x": "D"}}}'), ('{"name": "n2", "c": {"x": "C"}}');
SELECT id FROM known.ts WHERE data ->> 'name' = 'n1' \gset
CREATE TEMP VIEW shown AS
  SELECT 1 AS n, 'get' AS how, scim.get_resource('T', :'id') - '{id,meta}'::text[] AS shown UNION ALL
  SELECT 2, 'request', (SELECT r.body::jsonb - '{id,meta}'::text[] FROM scim.request('GET', '/Ts/' || :'id') r) UNION ALL
  SELECT 3, 'parts', (SELECT r.body::jsonb - '{id,meta}'::text[] FROM scim.request('GET', '/Ts/' || :'id' || '?excludedAttributes=name') r) UNION ALL
  SELECT 4, 'search', (scim.search('T', 'name eq "n1"') #> '{Resources,0}'::text[]) - '{id,meta}'::text[] UNION ALL
  SELECT 5, 'row', (SELECT scim.resource_json(r) - '{id,meta}'::text[] FROM known.ts r WHERE r.id = :'id') UNION ALL
  SELECT 6, 'past', scim.resource_at('T', :'id', clock_timestamp()) - '{id,meta}'::text[] UNION ALL
  SELECT 7, 'nothing left', (scim.search('T', 'name eq "n2"') #> '{Resources,0}'::text[]) - '{id,meta}'::text[] ORDER BY 1;
SELECT how, shown FROM shown;
SELECT headers ->> 'ETag' AS tag FROM scim.request('GET', '/Ts/' || :'id') \gset
SELECT status FROM scim.request('GET', '/Ts/' || :'id', jsonb_build_object('If-None-Match', :'tag'));
SELECT pg_temp.schema('urn:known:T', '{"name": "name"}', pg_temp.complex('c', false, 'value'), pg_temp.complex('m', true, 'value')) AND pg_temp.schema('urn:known:E', pg_temp.complex('d', false, 'value')) AS registered;
SELECT how, shown FROM shown;
SELECT status, headers ->> 'ETag' <> :'tag' AS another FROM scim.request('GET', '/Ts/' || :'id', jsonb_build_object('If-None-Match', :'tag'));
-- another schema of the type is named at once
SELECT headers ->> 'ETag' AS tag FROM scim.request('GET', '/Ts/' || :'id') \gset
SELECT scim.register_resource_type('{"name": "T", "endpoint": "/Ts", "schema": "urn:known:U", "schemaExtensions": [{"schema": "urn:known:E"}]}', true) IS NOT NULL AS registered;
SELECT how, shown FROM shown;
SELECT status, headers ->> 'ETag' <> :'tag' AS another FROM scim.request('GET', '/Ts/' || :'id', jsonb_build_object('If-None-Match', :'tag'));
SELECT scim.drop_store('known', true);
