-- An unknown attribute without a value is none, in POST, PUT and PATCH; with one it is an error in each
SET client_min_messages = warning;
SELECT scim.create_store('nulls');
SET scim.store = 'nulls';
RESET client_min_messages;
\set u 00000000-0000-7000-8000-000000000001
INSERT INTO nulls.users (id, data) VALUES (:'u', '{"userName": "u"}');
SELECT value, post.status AS post, put.status AS put, patch_add.status AS add, patch_replace.status AS replace
FROM unnest(ARRAY['{"colour": null}', '{"colour": ""}', '{"colour": []}', '{"colour": {}}', '{"name": {"colour": null}}', '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"colour": null}}', '{"urn:example:none": null}', '{"urn:example:none": {}}',
    '{"colour": "red"}', '{"name": {"colour": "red"}}', '{"urn:example:none": {"a": 1}}', '{"colour": [null]}']::jsonb[]) value,
    scim.request('POST', '/Users', '{}', (value || jsonb_build_object('userName', gen_random_uuid()))::text) post,
    scim.request('PUT', '/Users/' || :'u', '{}', (value || '{"userName": "u"}')::text) put,
    scim.request('PATCH', '/Users/' || :'u', '{}', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'value', value)))::text) patch_add,
    scim.request('PATCH', '/Users/' || :'u', '{}', jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'value', value)))::text) patch_replace;
-- a path that names nothing is one whatever the value
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', '/Users/' || :'u', '{}', '{"Operations": [{"op": "add", "path": "colour", "value": null}]}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', '/Users/' || :'u', '{}', '{"Operations": [{"op": "add", "value": {"colour": null, "title": "T"}}]}');
SELECT data FROM nulls.users WHERE id = :'u';
SET client_min_messages = warning;
SELECT scim.drop_store('nulls', force => true);
