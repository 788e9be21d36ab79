-- A store whose schemas of User and Group have been registered anew with the least: what the core schemas name is nowhere taken to be there.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('bare');
SET scim.store = 'bare';
-- who has a password by the schema as it was
\set early 00000000-0000-7000-8000-000000000001
\set grp 00000000-0000-7000-8000-0000000000a1
INSERT INTO bare.users (id, data) VALUES (:'early', '{"userName": "early", "password": "t1-Secret-of-early"}');
INSERT INTO bare.groups (id, data) VALUES (:'grp', '{"displayName": "Early", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT scim.register_resource_type('{"id": "User", "name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}') IS NOT NULL AS type;
SELECT scim.register_schema('{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "name": "User", "attributes": [{"name": "userName", "type": "string", "required": true, "uniqueness": "server"}]}') IS NOT NULL AS users;
SELECT scim.register_schema('{"id": "urn:ietf:params:scim:schemas:core:2.0:Group", "name": "Group", "attributes": [{"name": "displayName", "type": "string", "required": true}]}') IS NOT NULL AS groups;
CREATE FUNCTION pg_temp.ask(method text, target text, body text DEFAULT NULL, OUT status int, OUT said text) LANGUAGE sql AS $$
    SELECT r.status, coalesce(r.body::jsonb ->> 'detail', (r.body::jsonb - 'meta' - 'id' - 'schemas')::text) FROM scim.request(method, target, '{}', body) r $$;
-- what each operation says of each attribute that a core schema would have
CREATE TEMP TABLE stated (n int GENERATED ALWAYS AS IDENTITY, part text);
INSERT INTO stated (part) VALUES ('"password": null'), ('"PASSWORD": null'), ('"password": ""'), ('"password": "t1-Secret-of-kim"'), ('"active": null'), ('"active": false'), ('"displayName": null'), ('"displayName": "D"'), ('"emails": null'), ('"emails": []'), ('"emails": [{"value": "a@b.example", "primary": true}]'),
    ('"groups": null'), ('"groups": [{"value": "x"}]'), ('"members": null'), ('"members": []'), ('"members": [{"value": "x"}]'), ('"externalId": null'), ('"externalId": "e"'), ('"name": null'), ('"name": {"givenName": "G"}'), ('"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": null'), ('"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "x"}}');
SELECT n, part, c.status, c.said FROM stated, pg_temp.ask('POST', '/Users', format('{"userName": "c%s", %s}', n, part)) c ORDER BY n;
SELECT n, part, c.status, c.said FROM stated, pg_temp.ask('POST', '/Groups', format('{"displayName": "c%s"%s}', n, CASE WHEN part NOT LIKE '%displayName%' THEN ', ' || part ELSE '' END)) c ORDER BY n;
SELECT n, part, c.status, c.said FROM stated, pg_temp.ask('PUT', '/Users/' || :'early', format('{"userName": "early", %s}', part)) c ORDER BY n;
SELECT n, part, c.status, c.said FROM stated, pg_temp.ask('PUT', '/Groups/' || :'grp', format('{"displayName": "Early"%s}', CASE WHEN part NOT LIKE '%displayName%' THEN ', ' || part ELSE '' END)) c ORDER BY n;
SELECT n, op, part, c.status, c.said FROM stated, unnest(ARRAY['add', 'replace']) op, pg_temp.ask('PATCH', '/Users/' || :'early', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "%s", "value": {%s}}]}', op, part)) c ORDER BY n, op;
SELECT op, path, value, c.status, c.said FROM unnest(ARRAY['add', 'replace', 'remove']) op, unnest(ARRAY['password', 'active', 'displayName', 'emails', 'emails[primary eq true].value', 'groups', 'members', 'members[value eq "x"]', 'manager', 'externalId', 'schemas', 'meta']) path, unnest(ARRAY['null', '"x"', '[{"value": "x"}]']) value,
    pg_temp.ask('PATCH', '/Users/' || :'early', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "%s", "path": %s, "value": %s}]}', op, to_jsonb(path), value)) c ORDER BY 2, 1, 3;
SELECT op, path, value, c.status, c.said FROM unnest(ARRAY['add', 'replace', 'remove']) op, unnest(ARRAY['members', 'members[value eq "x"]', 'externalId', 'password']) path, unnest(ARRAY['null', '[{"value": "x"}]']) value,
    pg_temp.ask('PATCH', '/Groups/' || :'grp', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "%s", "path": %s, "value": %s}]}', op, to_jsonb(path), value)) c ORDER BY 2, 1, 3;
-- in Bulk, before it is done, by SQL, and by COPY
SELECT r.status, jsonb_path_query_array(r.body::jsonb, '$.Operations[*].status') AS each FROM scim.request('POST', '/Bulk', '{}', (SELECT jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations',
    jsonb_agg(jsonb_build_object('method', 'POST', 'path', '/Users', 'bulkId', 'b' || n, 'data', format('{"userName": "b%s", %s}', n, part)::jsonb) ORDER BY n)) FROM stated)::text) r;
SELECT n, part, r.status FROM stated, scim.preview('POST', '/Users', '{}', format('{"userName": "p%s", %s}', n, part)) r ORDER BY n;
CREATE FUNCTION pg_temp.tried(statement text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; RETURN 'done'; EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm; END $$;
SELECT n, part, pg_temp.tried(format('INSERT INTO bare.users (data) VALUES (%L)', format('{"userName": "i%s", %s}', n, part))) AS by_insert, pg_temp.tried(format('UPDATE bare.users SET data = data || %L WHERE id = %L', format('{%s}', part), :'early')) AS by_update,
    pg_temp.tried(format('INSERT INTO bare.groups (data) VALUES (%L)', format('{"displayName": "i%s"%s}', n, CASE WHEN part NOT LIKE '%displayName%' THEN ', ' || part ELSE '' END))) AS group_by_insert FROM stated ORDER BY n;
SELECT pg_temp.tried(format('INSERT INTO bare.users (data, %I) VALUES (%L, %s)', c, '{"userName": "col-' || c || '"}', v)) AS by_column, c FROM (VALUES ('external_id', '''e'''), ('display_name', '''d'''), ('active', 'false'), ('status', '''SUSPENDED''')) t (c, v);
SELECT pg_temp.tried(format('INSERT INTO bare.member (group_id, member_id) VALUES (%L, %L)', :'grp', :'early')) AS by_row;
SELECT pg_temp.tried(format('INSERT INTO bare.member (group_id, member_id) SELECT %L, gen_random_uuid() FROM generate_series(1, 3000)', :'grp')) AS by_rows;
SELECT left(pg_temp.tried(format('INSERT INTO bare.credential (resource_id, secret) VALUES (%L, %L)', (SELECT min(id::text) FROM bare.users WHERE id::text > :'early'), (SELECT secret FROM bare.credential LIMIT 1))), 5) AS no_credential,
    pg_temp.tried(format('UPDATE bare.credential SET secret = secret WHERE resource_id = %L', :'early')) AS credential_again;
SELECT count(*) AS members FROM bare.member;
-- who is in it may go
BEGIN; SELECT pg_temp.tried('DELETE FROM bare.member') AS by_delete, (SELECT count(*) FROM bare.member) AS members; SELECT count(*) AS members FROM bare.member; ROLLBACK;
-- reads, filters, sorting, history, exports, imports, life-cycle, and what tells of the schemas
SELECT target, a.status FROM unnest(ARRAY['/Users', '/Groups', '/Users?attributes=password,groups,emails', '/Groups?attributes=members', '/Users?excludedAttributes=groups', '/Groups?excludedAttributes=members', '/Users?sortBy=emails', '/Users?sortBy=userName', '/Users?filter=active+eq+true', '/Users?filter=password+pr', '/Users?filter=groups.value+eq+%22x%22', '/Groups?filter=members+pr',
    '/Groups?filter=members%5Bvalue+eq+%22x%22%5D', '/?filter=members+pr', '/?filter=displayName+pr', '/Schemas', '/ResourceTypes', '/ServiceProviderConfig', '/GroupMemberships', '/Me', '/Groups/' || :'grp' || '/members']) WITH ORDINALITY t (target, n), scim.request('GET', target) a ORDER BY n;
SELECT length(scim.openapi()::text) > 0 AS openapi, length(scim.json_schema('User')::text) > 0 AS json_schema, (SELECT count(*) > 0 FROM scim.validate_store()) IS NOT NULL AS validated;
SELECT pg_temp.tried(format('SELECT %s', call)) AS said, call FROM unnest(ARRAY[format('scim.suspend_resource(''User'', %L)', :'early'), format('scim.activate_resource(''User'', %L)', :'early'), format('scim.restore_resource(''User'', %L)', :'early'), format('scim.log_out(%L)', :'early'), format('scim.record_login(%L)', :'early'), format('scim.issue_recovery_code(%L) IS NOT NULL', :'early'), format('scim.invite(%L) IS NOT NULL', :'early'),
    'count(*) FROM scim.export(''User'')', format('scim.verify_password(%L, %L)', :'early', 't1-Secret-of-early'),
    $$count(*) FROM scim.import('User', 'SELECT ''imported'' AS "userName", NULL AS password, NULL AS emails, NULL AS active, NULL AS groups', apply => true)$$,
    $$count(*) FROM scim.import('User', 'SELECT ''imported'' AS "userName"', apply => true)$$, $$count(*) FROM scim.import('Group', 'SELECT ''imported'' AS "displayName", NULL AS members', apply => true)$$, $$count(*) FROM scim.import('Group', 'SELECT ''imported'' AS "displayName"', match => 'displayName', apply => true)$$,
    'scim.export_profile() IS NOT NULL', $$scim.create_view('User', 'bare.people')$$]) call;
SELECT pg_temp.tried(format('INSERT INTO bare.policy (resource_type, kind, settings) VALUES (%L, %L, %L)', t, k, s)) AS policy, t, k FROM (VALUES ('User', 'identity', '{"userName": "primaryEmail"}'), ('User', 'delete', '{"mode": "offboard"}'), ('User', 'status', '{"attribute": "status"}'), ('User', 'guard', '{"lastActive": {"filter": "userName pr"}}'), ('User', 'lookup', '{"attributes": ["id", "userName"]}'), ('Group', 'unique', '{"attributes": ["displayName"]}'), ('User', 'unique', '{"attributes": ["emails.value"]}'), ('Group', 'members', '{"types": ["User"]}')) p (t, k, s);
SELECT d.status FROM scim.request('DELETE', '/Users/' || :'early') d;
SELECT scim.drop_store('bare', true);
