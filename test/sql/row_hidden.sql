-- Row-level security of one's own that lets be read what may not be written: 403, never 404 and never 200
SET client_min_messages = warning;
SELECT scim.create_store('hides');
CREATE ROLE regress_hides;
SET scim.store = 'hides';
RESET client_min_messages;
\set u 00000000-0000-7000-8000-000000000001
\set v 00000000-0000-7000-8000-000000000002
\set g 00000000-0000-7000-8000-000000000003
UPDATE hides.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete';
INSERT INTO hides.users (id, data) VALUES (:'u', '{"userName": "u"}'), (:'v', '{"userName": "v"}');
INSERT INTO hides.groups (id, data) VALUES (:'g', jsonb_build_object('displayName', 'g', 'members', ARRAY[:'u', :'v']));
GRANT USAGE ON SCHEMA hides TO regress_hides;
GRANT SELECT, INSERT, UPDATE, DELETE ON hides.resource, hides.users, hides.groups, hides.member TO regress_hides;
GRANT SELECT ON hides.schema, hides.resource_type, hides.policy, hides.setting TO regress_hides;
CREATE FUNCTION public.hides_patch(target text, operation jsonb, OUT status int, OUT detail text) LANGUAGE sql AS $$
    SELECT r.status, r.body::jsonb ->> 'detail' FROM scim.request('PATCH', target, '{}',
        jsonb_build_object('schemas', ARRAY['urn:ietf:params:scim:api:messages:2.0:PatchOp'], 'Operations', ARRAY[operation])::text) r
$$;
-- memberships that may not be removed
CREATE POLICY stays ON hides.member AS RESTRICTIVE FOR DELETE USING (false);
SET ROLE regress_hides;
SELECT * FROM public.hides_patch('/Groups/' || :'g', jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', :'u')));
SELECT * FROM public.hides_patch('/Groups/' || :'g', jsonb_build_object('op', 'remove', 'path', 'members[type eq "User"]'));
SELECT * FROM public.hides_patch('/Groups/' || :'g', jsonb_build_object('op', 'remove', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', :'u'))));
SELECT * FROM public.hides_patch('/Groups/' || :'g', '{"op": "replace", "path": "members", "value": []}');
SELECT status FROM scim.request('PUT', '/Groups/' || :'g', '{}', '{"displayName": "g"}');
-- who is no member needs no removal
SELECT * FROM public.hides_patch('/Groups/' || :'g', '{"op": "remove", "path": "members[value eq \"00000000-0000-7000-8000-000000000009\"]"}');
SELECT count(*) FROM hides.member;
RESET ROLE;
DROP POLICY stays ON hides.member;
-- some may
CREATE POLICY stays ON hides.member AS RESTRICTIVE FOR DELETE USING (member_id <> '00000000-0000-7000-8000-000000000001');
SET ROLE regress_hides;
SELECT * FROM public.hides_patch('/Groups/' || :'g', '{"op": "replace", "path": "members", "value": []}');
SELECT * FROM public.hides_patch('/Groups/' || :'g', jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', :'v')));
SELECT member_id FROM hides.member;
RESET ROLE;
DROP POLICY stays ON hides.member;
-- resources that may not be changed, or not be deleted
CREATE POLICY stays ON hides.resource AS RESTRICTIVE FOR UPDATE USING (false);
SET ROLE regress_hides;
SELECT status FROM scim.request('GET', '/Users/' || :'u');
SELECT * FROM public.hides_patch('/Users/' || :'u', '{"op": "add", "path": "title", "value": "x"}');
SELECT * FROM public.hides_patch('/Groups/' || :'g', '{"op": "replace", "path": "members", "value": []}');
SELECT status FROM scim.request('PUT', '/Users/' || :'u', '{}', '{"userName": "other"}');
SELECT status FROM scim.request('DELETE', '/Users/' || :'u');
SELECT scim.patch_resource('User', :'u', '[{"op": "add", "path": "title", "value": "x"}]');
SELECT status FROM scim.request('DELETE', '/Users/00000000-0000-7000-8000-000000000009');
SELECT scim.suspend_resource('User', :'u');
RESET ROLE;
DROP POLICY stays ON hides.resource;
CREATE POLICY stays ON hides.resource AS RESTRICTIVE FOR DELETE USING (false);
SET ROLE regress_hides;
SELECT * FROM public.hides_patch('/Users/' || :'u', '{"op": "add", "path": "title", "value": "x"}');
SELECT status FROM scim.request('DELETE', '/Users/' || :'u');
RESET ROLE;
SELECT user_name, data ->> 'title' AS title, deleted_at IS NULL AS there FROM hides.users ORDER BY 1;
-- and nothing is said of whom he cannot see
CREATE POLICY unseen ON hides.resource AS RESTRICTIVE FOR SELECT USING (user_name IS DISTINCT FROM 'v');
SET ROLE regress_hides;
SELECT status FROM scim.request('GET', '/Users/' || :'v');
SELECT * FROM public.hides_patch('/Users/' || :'v', '{"op": "add", "path": "title", "value": "x"}');
SELECT status FROM scim.request('DELETE', '/Users/' || :'v');
RESET ROLE;
DROP FUNCTION public.hides_patch;
SET client_min_messages = warning;
SELECT scim.drop_store('hides', force => true);
DROP ROLE regress_hides;
