-- The policies "reference" and "canonical" on members, on every way in; and policies that cannot work
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT scim.create_store('mp');
SET scim.store = 'mp';
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set gone 00000000-0000-7000-8000-000000000003
\set g1 00000000-0000-7000-8000-0000000000a1
\set g2 00000000-0000-7000-8000-0000000000a2
\set nobody 00000000-0000-7000-8000-0000000000ff
\set of2 00000000-0000-7000-8000-0000000000b2
INSERT INTO mp.users (id, data) VALUES (:'u1', '{"userName": "u1"}'), (:'u2', '{"userName": "u2"}'), (:'gone', '{"userName": "gone"}');
DELETE FROM mp.users WHERE id = :'gone';
INSERT INTO mp.groups (id, data) VALUES (:'g1', '{"displayName": "g1", "members": ["00000000-0000-7000-8000-0000000000ee", "before@example.com"]}'), (:'g2', '{"displayName": "g2"}');

-- A member on each way into group g1 (POST: into a new one), taken back: what comes of it, the same on all ways or not
CREATE FUNCTION pg_temp.by(way text, member jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  g CONSTANT text := '00000000-0000-7000-8000-0000000000a1';
  patch CONSTANT jsonb := '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}';
  answer scim.response;
  result text;
BEGIN
  CASE way
  WHEN 'post' THEN answer := scim.request('POST', '/Groups', '{}', jsonb_build_object('displayName', 'new', 'members', jsonb_build_array(member))::text);
  WHEN 'put' THEN answer := scim.request('PUT', '/Groups/' || g, '{}', jsonb_build_object('displayName', 'g1', 'members', jsonb_build_array(member))::text);
  WHEN 'add' THEN answer := scim.request('PATCH', '/Groups/' || g, '{}', (patch || jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(member)))))::text);
  WHEN 'replace' THEN answer := scim.request('PATCH', '/Groups/' || g, '{}', (patch || jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'members', 'value', jsonb_build_array(member)))))::text);
  WHEN 'bulk' THEN
    answer.body := scim.bulk(jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations', jsonb_build_array(
      jsonb_build_object('method', 'POST', 'path', '/Groups', 'bulkId', 'b', 'data', jsonb_build_object('displayName', 'new', 'members', jsonb_build_array(member)))))) #>> '{Operations,0,response}';
    answer.status := coalesce((answer.body::jsonb ->> 'status')::int, 201);
  WHEN 'create' THEN PERFORM scim.create_resource('Group', jsonb_build_object('displayName', 'new', 'members', jsonb_build_array(member)));
  WHEN 'replace function' THEN PERFORM scim.replace_resource('Group', g, jsonb_build_object('displayName', 'g1', 'members', jsonb_build_array(member)));
  WHEN 'patch function' THEN PERFORM scim.patch_resource('Group', g, jsonb_build_array(jsonb_build_object('op', 'add', 'value', jsonb_build_object('members', jsonb_build_array(member)))));
  WHEN 'insert' THEN INSERT INTO mp.groups (data) VALUES (jsonb_build_object('displayName', 'new', 'members', jsonb_build_array(member)));
  WHEN 'update' THEN UPDATE mp.groups SET data = data || jsonb_build_object('members', jsonb_build_array(member)) WHERE id = g::uuid;
  WHEN 'member' THEN INSERT INTO mp.member (group_id, member_id, value, member_type)
    SELECT g::uuid, scim.member_key(member ->> 'value'), CASE WHEN scim.member_key(member ->> 'value')::text <> member ->> 'value' THEN member ->> 'value' END, member ->> 'type';
  WHEN 'copy' THEN EXECUTE format('COPY mp.groups (data) FROM PROGRAM %L', format($p$echo '%s'$p$, jsonb_build_object('displayName', 'new', 'members', jsonb_build_array(member))));
  END CASE;
  RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
EXCEPTION
  WHEN SQLSTATE 'ZZZZZ' THEN
    RETURN CASE WHEN answer.status >= 300 THEN answer.status || ' ' || (answer.body::jsonb ->> 'detail') ELSE 'ok' END;
  WHEN OTHERS THEN RETURN translate(SQLSTATE, 'SCVAL', '') || CASE SQLSTATE WHEN 'SCVAL' THEN '400' END || ' ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.ways(member jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(r || CASE WHEN n < 12 THEN ' (' || ways || ')' ELSE '' END, ' / ' ORDER BY r) FROM (
    SELECT r, count(*) AS n, string_agg(way, ', ') AS ways
    FROM unnest(ARRAY['post', 'put', 'add', 'replace', 'bulk', 'create', 'replace function', 'patch function', 'insert', 'update', 'member', 'copy']) way, pg_temp.by(way, member) r
    GROUP BY r) t
$$;
\set members 'SELECT m, pg_temp.ways(m) FROM unnest(ARRAY[''{"value": "00000000-0000-7000-8000-000000000001"}'', ''{"value": "00000000-0000-7000-8000-0000000000a2"}'', ''{"value": "00000000-0000-7000-8000-0000000000ff"}'', ''{"value": "00000000-0000-7000-8000-000000000003"}'', ''{"value": "someone@example.com"}'', ''{"value": "00000000-0000-7000-8000-000000000001", "type": "user"}'', ''{"value": "00000000-0000-7000-8000-000000000001", "type": "Robot"}'']::jsonb[]) m;'

-- without a policy, anything
:members
-- one type, several, by the attribute or its value
INSERT INTO mp.policy (resource_type, kind, settings) VALUES ('Group', 'reference', '{"attributes": {"members.value": "User"}}');
:members
UPDATE mp.policy SET settings = '{"attributes": {"members": ["User", "Group"]}}' WHERE kind = 'reference';
:members
UPDATE mp.policy SET settings = settings || '{"missing": "notFound"}' WHERE kind = 'reference';
SELECT status FROM scim.request('POST', '/Groups', '{}', '{"displayName": "new", "members": ["someone@example.com"]}');
INSERT INTO mp.member (group_id, member_id) VALUES (:'g2', :'nobody');
UPDATE mp.policy SET settings = settings - 'missing' WHERE kind = 'reference';
INSERT INTO mp.policy (resource_type, kind, settings) VALUES ('Group', 'canonical', '{}');
:members
UPDATE mp.policy SET settings = '{"attributes": ["members"]}' WHERE kind = 'canonical';
SELECT pg_temp.ways('{"value": "00000000-0000-7000-8000-000000000001", "type": "Robot"}');
UPDATE mp.policy SET settings = '{"attributes": ["members.type"]}' WHERE kind = 'canonical';
SELECT pg_temp.ways('{"value": "00000000-0000-7000-8000-000000000001", "type": "Robot"}');

-- all that are wrong are named, up to a number
\set VERBOSITY default
INSERT INTO mp.member (group_id, member_id, member_type) SELECT :'g1', ('00000000-0000-7000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid, 'User' FROM generate_series(1, 20) n;
\set VERBOSITY terse
-- those that were there before stay, may be stated again, and go
SELECT scim.patch_resource('Group', :'g1', '[{"op": "add", "path": "externalId", "value": "e"}]') -> 'members';
SELECT status, jsonb_array_length(body::jsonb -> 'members') FROM scim.request('PUT', '/Groups/' || :'g1', '{}', (scim.get_resource('Group', :'g1') || '{"displayName": "G1"}')::text);
UPDATE mp.groups SET data = data || '{"members": ["before@example.com", "00000000-0000-7000-8000-000000000002"]}' WHERE id = :'g1';
INSERT INTO mp.member (group_id, member_id, value) VALUES (:'g1', scim.member_key('before@example.com'), 'before@example.com') ON CONFLICT DO NOTHING;
SELECT scim.patch_resource('Group', :'g1', '[{"op": "remove", "path": "members[value eq \"before@example.com\"]"}, {"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000001"}]}]') -> 'members';
-- one statement, groups of several types and tenants: each by its own policies
SELECT scim.register_resource_type('{"name": "Team", "endpoint": "/Teams", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group"}') ->> 'name';
INSERT INTO mp.teams (id, data) VALUES ('00000000-0000-7000-8000-0000000000c1', '{"displayName": "team", "members": ["anyone"]}');
INSERT INTO mp.tenant VALUES (2, 'two');
INSERT INTO mp.policy (tenant_id, resource_type, kind, enabled, settings) VALUES (2, 'Group', 'reference', false, '{"attributes": {"members": "User"}}');
INSERT INTO mp.groups (tenant_id, id, data) VALUES (2, :'of2', '{"displayName": "of two"}');
INSERT INTO mp.member (tenant_id, group_id, member_id) VALUES (2, :'of2', :'nobody'), (1, '00000000-0000-7000-8000-0000000000c1', :'nobody'), (1, :'g2', :'u1');
DELETE FROM mp.member WHERE member_id = :'nobody';
INSERT INTO mp.member (tenant_id, group_id, member_id) VALUES (2, :'of2', :'nobody'), (1, :'g2', :'nobody');
-- nobody else's user will do
INSERT INTO mp.users (tenant_id, id, data) VALUES (2, :'nobody', '{"userName": "two"}');
INSERT INTO mp.member (group_id, member_id) VALUES (:'g2', :'nobody');
-- scim.validate says it before
SELECT path, message FROM scim.validate('Group', '{"displayName": "x", "members": [{"value": "00000000-0000-7000-8000-000000000001"}, {"value": "00000000-0000-7000-8000-0000000000ff", "type": "Robot"}, "z"]}');
-- several types for an attribute of a document
INSERT INTO mp.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": ["User", "Team"], "externalId": "Team"}}');
SELECT m, status, body::jsonb ->> 'detail' FROM unnest(ARRAY['00000000-0000-7000-8000-000000000001', '/Teams/00000000-0000-7000-8000-0000000000c1', '00000000-0000-7000-8000-0000000000a2']) m,
  scim.request('POST', '/Users', '{}', jsonb_build_object('userName', 'ref' || length(m), 'manager', m, 'externalId', m)::text);

-- Policies that cannot work are refused when they are written
INSERT INTO mp.tenant (tenant_id, name) VALUES (3, 'c'), (4, 'd');
CREATE FUNCTION pg_temp.policy(kind text, settings text, type text DEFAULT 'User') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM mp.policy WHERE tenant_id = 3;
  INSERT INTO mp.policy (tenant_id, resource_type, kind, settings) VALUES (3, type, kind, settings::jsonb);
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN RETURN concat_ws(': ', SQLSTATE, SQLERRM);
END $$;
SELECT s, pg_temp.policy('canonical', s) FROM unnest(ARRAY['{}', '{"attributes": []}', '{"attributes": ["emails.type", 5]}', '{"attributes": ["emails"]}', '{"attributes": ["emails.value"]}', '{"attributes": ["title"]}', '{"attributes": ["color"]}', '{"attributes": ["groups.type"]}', '{"attributes": ["meta.resourceType"]}', '{"attributes": ["urn:ietf:params:scim:schemas:core:2.0:User"]}', '{"attributes": ["emails[type eq \"work\"].type"]}', '{"attributes": "emails.type"}', '{"attribute": ["emails.type"]}']) s;
SELECT s, pg_temp.policy('canonical', s, 'Group') FROM unnest(ARRAY['{}', '{"attributes": ["members"]}', '{"attributes": ["members.type"]}', '{"attributes": ["members.value"]}', '{"attributes": ["displayName"]}']) s;
SELECT s, pg_temp.policy('reference', s) FROM unnest(ARRAY['{}', '{"attributes": {}}', '{"attributes": {"manager": "User"}}', '{"attributes": {"manager": []}}', '{"attributes": {"manager": ["User", 5]}}', '{"attributes": {"manager": {"type": "User"}}}', '{"attributes": {"manager": ["User", "Robot"]}}', '{"attributes": {"manager.name": "User"}}', '{"attributes": {"active": "User"}}', '{"attributes": {"name": "User"}}', '{"attributes": {"groups": "Group"}}', '{"attributes": {"password": "User"}}', '{"attributes": {"id": "User"}}', '{"attributes": {"manager": "User"}, "mising": "notFound"}', '{"attributes": {"manager": "User"}, "missing": "gone"}']) s;
SELECT s, pg_temp.policy('reference', s, 'Group') FROM unnest(ARRAY['{"attributes": {"members": "User"}}', '{"attributes": {"members.$ref": "User"}}', '{"attributes": {"members.display": "User"}}', '{"attributes": {"members.type": "User"}}']) s;
SELECT k, s, t, pg_temp.policy(k, s, t) FROM (VALUES ('identity', '{}', 'User'), ('identity', '{}', 'Group'), ('identity', '{"userName": "externalId"}', 'User'), ('canonical', '{}', 'Robot'), ('audit', '{}', 'Robot'),
  ('delete', '{"mode": "hard", "deactivate": "no"}', 'User'), ('delete', '{"mode": "hard", "deactivate": false}', 'User'), ('delete', '{"mode": "hard", "after": "1 day"}', 'User')) v (k, s, t);
-- one that is switched off may be anything, until it is switched on
INSERT INTO mp.policy (tenant_id, resource_type, kind, settings, enabled) VALUES (4, 'User', 'canonical', '{"attributes": ["color"]}', false);
UPDATE mp.policy SET enabled = true WHERE tenant_id = 4;
-- a change of schemas that would leave one without what it names is refused; by force it is not, and then each is judged when it is written
SELECT scim.register_schema('{"id": "urn:example:mp:User", "name": "Mp", "attributes": [{"name": "color", "canonicalValues": ["red"]}]}') ->> 'id';
SELECT scim.register_resource_type(jsonb_insert(document, '{schemaExtensions,-1}', '{"schema": "urn:example:mp:User"}', true)) ->> 'name' FROM mp.resource_type WHERE name = 'User';
UPDATE mp.policy SET enabled = true WHERE tenant_id = 4;
SELECT scim.register_schema('{"id": "urn:example:mp:User", "name": "Mp", "attributes": [{"name": "colour", "canonicalValues": ["red"]}]}') ->> 'id';
SELECT scim.unregister_schema('urn:example:mp:User');
SELECT scim.register_schema('{"id": "urn:example:mp:User", "name": "Mp", "attributes": [{"name": "colour", "canonicalValues": ["red"]}]}', force => true) ->> 'id';
UPDATE mp.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
UPDATE mp.policy SET settings = settings WHERE tenant_id = 4;
UPDATE mp.policy SET enabled = false WHERE tenant_id = 4;
SELECT scim.unregister_resource_type('Team', force => true);

SET client_min_messages = warning;
SELECT scim.drop_store('mp', true);
