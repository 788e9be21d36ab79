-- Settings that choose where strict RFC and real clients disagree.
SELECT scim.create_store('choices');
SET scim.store = 'choices';

INSERT INTO choices.users (id, data) VALUES
    ('2819c223-7f76-453a-919d-000000000001', '{"userName": "u", "displayName": "Uma"}');
INSERT INTO choices.groups (id, data) VALUES
    ('2819c223-7f76-453a-919d-000000000002', '{"displayName": "g", "members": [{"value": "2819c223-7f76-453a-919d-000000000001"}]}');
\set user '/Users/2819c223-7f76-453a-919d-000000000001'
\set group '/Groups/2819c223-7f76-453a-919d-000000000002'

CREATE FUNCTION pg_temp.patch(target text, operations jsonb, headers jsonb DEFAULT '{}',
    OUT status int, OUT headers jsonb, OUT error text, OUT title text, OUT emails jsonb) AS $$
    SELECT status, jsonb_set(r.headers, '{ETag}', to_jsonb(split_part(r.headers ->> 'ETag', '.', 1))) - '{Content-Type,Location,Content-Location}'::text[],
        concat_ws(': ', body::jsonb ->> 'scimType', body::jsonb ->> 'detail'),
        body::jsonb ->> 'title', body::jsonb -> 'emails'
    FROM scim.request('PATCH', target, patch.headers, jsonb_build_object('Operations', operations)::text) r
$$ LANGUAGE sql;

-- scim.patch_no_content: 204 for the types that it names
SELECT * FROM pg_temp.patch(:'user', '[{"op": "add", "path": "title", "value": "a"}]');
SET scim.patch_no_content = 'Group';
SELECT * FROM pg_temp.patch(:'user', '[{"op": "add", "path": "title", "value": "b"}]');
SELECT * FROM pg_temp.patch(:'group', '[{"op": "add", "path": "externalId", "value": "e"}]');
SET scim.patch_no_content = 'group , user';
SELECT * FROM pg_temp.patch(:'user', '[{"op": "add", "path": "title", "value": "c"}]');
-- but 200 where attributes are asked for, and what the client prefers is said to be honoured
SELECT * FROM pg_temp.patch(:'user' || '?attributes=title', '[{"op": "add", "path": "title", "value": "d"}]');
SELECT * FROM pg_temp.patch(:'user', '[{"op": "add", "path": "title", "value": "e"}]', '{"Prefer": "return=minimal"}');
-- other verbs have their body, errors are errors
SELECT status, body IS NULL AS no_body FROM scim.request('PUT', :'group', '{}', '{"displayName": "g", "members": ["2819c223-7f76-453a-919d-000000000001"]}');
SELECT status, error FROM pg_temp.patch(:'user', '[{"op": "add", "path": "nothing", "value": "e"}]');
RESET scim.patch_no_content;

-- scim.empty_patch: no operation is no error, and no change
SELECT status, error FROM pg_temp.patch(:'user', '[]');
SET scim.empty_patch = on;
SELECT status, headers, title FROM pg_temp.patch(:'user', '[]');
SELECT status, error FROM pg_temp.patch(:'user', '{}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('PATCH', :'user', '{}', '{}');
SELECT status, error FROM pg_temp.patch(:'user', '[]', '{"If-Match": "W/\"1\""}');
SELECT status, error FROM pg_temp.patch('/Users/2819c223-7f76-453a-919d-000000000009', '[]');
RESET scim.empty_patch;

-- scim.create_on_absent: the value that a filter describes, or noTarget
SET scim.create_on_absent = off;
SELECT status, error FROM pg_temp.patch(:'user', '[{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@example.com"}]');
SELECT status, error FROM pg_temp.patch(:'user', '[{"op": "add", "value": {"emails[type eq \"work\"].value": "a@example.com"}}]');
RESET scim.create_on_absent;
SELECT status, emails FROM pg_temp.patch(:'user', '[{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@example.com"}]');
SET scim.create_on_absent = off;
SELECT status, emails FROM pg_temp.patch(:'user', '[{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "b@example.com"}]');
RESET scim.create_on_absent;

-- scim.member_display: the name beside the id
SELECT (body::jsonb #> '{members,0}') - '{value,$ref}'::text[] AS member FROM scim.request('GET', :'group');
SET scim.member_display = off;
SELECT (body::jsonb #> '{members,0}') - '{value,$ref}'::text[] AS member FROM scim.request('GET', :'group');
-- the user's group keeps its name
SELECT (body::jsonb #> '{groups,0}') - '{value,$ref}'::text[] AS "group" FROM scim.request('GET', :'user');
RESET scim.member_display;

-- What is unique beyond userName is a unique index, so that two at a time cannot both win;
-- after a soft delete the value is free
CREATE UNIQUE INDEX groups_display_name_key ON choices.groups (tenant_id, scim.fold(display_name)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_external_id_key ON choices.users (tenant_id, external_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX a_title_of_its_own ON choices.users (tenant_id, (data ->> 'title')) WHERE deleted_at IS NULL;
SELECT n, status, r.body::jsonb ->> 'scimType' AS scim_type, r.body::jsonb ->> 'detail' AS detail
FROM (VALUES (1, 'POST', '/Groups', '{"displayName": "G"}'),
             (2, 'POST', '/Groups', '{"displayName": "other"}'),
             (3, 'PUT', :'group', '{"displayName": "OTHER"}'),
             (4, 'POST', '/Users', '{"userName": "x", "externalId": "e"}'),
             (5, 'POST', '/Users', '{"userName": "y", "externalId": "e"}'),
             (6, 'POST', '/Users', '{"userName": "z", "externalId": "E", "title": "e"}'),
             (7, 'POST', '/Users', '{"userName": "X"}')) t (n, method, target, body),
    LATERAL scim.request(t.method, t.target, '{}', t.body) r ORDER BY n;
DELETE FROM choices.users WHERE user_name = 'x';
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "y", "externalId": "e"}');

-- Resource types: User comes first, as in RFC 7643 section 8.6
SELECT jsonb_path_query_array(body::jsonb, '$.Resources[*].endpoint') AS endpoints FROM scim.request('GET', '/ResourceTypes');

-- "schemas" in the object of an extension means nothing
SELECT status, body::jsonb -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS extension
FROM scim.request('POST', '/Users', '{}', '{"userName": "s", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
    {"schemas": ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"], "department": "d"}}');

SET client_min_messages = warning;
SELECT scim.drop_store('choices', true);
