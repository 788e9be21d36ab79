-- A member that is none, as an earlier version has stored it, without what refuses it today (member_ref)
SELECT scim.create_store('member_stored');
SET scim.store = 'member_stored';
SET scim.base_url = 'https://scim.example/v2';
INSERT INTO member_stored.groups (data) VALUES ('{"displayName": "g"}'), ('{"displayName": "h"}');
SET session_replication_role = replica;
INSERT INTO member_stored.member (tenant_id, group_id, value, member_id) SELECT 1, id, v, scim.member_key(v) FROM member_stored.groups, unnest(ARRAY['', ' ']) v;
RESET session_replication_role;
SELECT DISTINCT jsonb_path_query_array(scim.get_resource('Group', id), '$.members[*].value') AS members FROM member_stored.groups;
SELECT a.status, count(*) FROM member_stored.groups g, scim.request('PATCH', '/Groups/' || g.id, '{}', '{"Operations": [{"op": "remove", "path": "members", "value": [{"value": " "}]}]}') a GROUP BY 1;
SELECT a.status, count(*) FROM member_stored.groups g, scim.request('PATCH', '/Groups/' || g.id, '{}', '{"Operations": [{"op": "replace", "path": "members", "value": []}]}') a GROUP BY 1;
SELECT count(*) FROM member_stored.member WHERE value IN ('', ' ');

SET client_min_messages = warning;
SELECT scim.drop_store('member_stored', true);
