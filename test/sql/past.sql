-- The past from the audit: resources and members as they were, who changed what, and changes taken back
SET client_min_messages = warning;
\set VERBOSITY terse
\set ann '''00000000-0000-7000-8000-00000000000a'''
\set bob '''00000000-0000-7000-8000-00000000000b'''
\set eve '''00000000-0000-7000-8000-00000000000e'''
\set g '''00000000-0000-7000-8000-00000000001a'''
\set h '''00000000-0000-7000-8000-00000000001b'''
SELECT scim.create_store('past');
SET scim.store = 'past';
SET TimeZone = 'UTC';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE statement INTO result;
    RETURN coalesce(result, 'null');
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || regexp_replace(SQLERRM, '\d{4}-\d\d-\d\dT[0-9:.]+Z', 'INSTANT', 'g');
END
$$;
CREATE TEMP TABLE moment (name text PRIMARY KEY, at timestamptz);
CREATE FUNCTION pg_temp.at(name text) RETURNS timestamptz LANGUAGE sql AS 'SELECT m.at FROM moment m WHERE m.name = $1';
CREATE FUNCTION pg_temp.now(name text) RETURNS void LANGUAGE sql AS 'INSERT INTO moment VALUES ($1, clock_timestamp())';
-- what a resource was: what GET showed of it then
CREATE TEMP TABLE seen (at timestamptz, resource_type text, id uuid, document jsonb);
CREATE FUNCTION pg_temp.see() RETURNS void LANGUAGE sql AS $$
    INSERT INTO seen SELECT clock_timestamp(), r.resource_type, r.id, scim.get_resource(r.resource_type, r.id, NULL, 'groups,members') FROM past.resource r WHERE deleted_at IS NULL
$$;
SELECT pg_temp.now('before');
INSERT INTO past.users (id, data) VALUES (:ann, '{"userName": "ann", "password": "sesame sesame", "emails": [{"value": "a@x.org", "type": "work"}, {"value": "b@x.org", "type": "home"}]}'), (:bob, '{"userName": "bob", "displayName": "Bob"}');
SELECT pg_temp.see(), pg_temp.now('people');
INSERT INTO past.groups (id, data) VALUES (:g, '{"displayName": "g"}'), (:h, '{"displayName": "h"}');
INSERT INTO past.member (group_id, member_id) VALUES (:g, :ann), (:g, :h), (:h, :bob), (:h, :ann);
SELECT pg_temp.see(), pg_temp.now('groups');
BEGIN;
SELECT FROM scim.patch_resource('User', :ann, '[{"op": "replace", "path": "title", "value": "a/b~c"}, {"op": "remove", "path": "emails[type eq \"work\"]"}, {"op": "add", "path": "emails", "value": [{"value": "c@x.org"}]}, {"op": "replace", "path": "password", "value": "another sesame"}]');
UPDATE past.users SET display_name = 'Robert' WHERE id = :bob;
SELECT FROM scim.patch_resource('Group', :g, '[{"op": "remove", "path": "members[value eq \"00000000-0000-7000-8000-00000000000a\"]"}, {"op": "replace", "path": "displayName", "value": "gg"}]');
SELECT scim.change() AS changed \gset
COMMIT;
SELECT pg_temp.see(), pg_temp.now('changed');
SELECT FROM scim.suspend_resource('User', :bob);
SELECT pg_temp.see(), pg_temp.now('suspended');
SELECT scim.log_out(:bob);
SELECT FROM scim.activate_resource('User', :bob);
BEGIN;
SELECT scim.delete_resource('User', :bob);
SELECT scim.delete_resource('Group', :h);
SELECT scim.change() AS deleted \gset
COMMIT;
SELECT pg_temp.see(), pg_temp.now('deleted');
SELECT FROM scim.restore_resource('User', :bob);
SELECT pg_temp.see(), pg_temp.now('restored');
SELECT scim.delete_resource('User', :bob);
DELETE FROM past.users WHERE id = :bob;
SELECT pg_temp.see(), pg_temp.now('purged');

SELECT version, operation, actor = session_user AS actor, db_user = session_user AS db_user, at IS NOT NULL AND change IS NOT NULL AS known, token_id, subject, request_id, difference FROM scim.history(:ann);
SELECT version, operation, difference FROM scim.history(:bob::text);
SELECT version, operation, difference FROM scim.history(:g);
SELECT version, operation, difference FROM scim.history(:h);
SELECT count(*) FROM scim.history('nobody');
SELECT count(*), count(*) FILTER (WHERE scim.resource_at(resource_type, id, at) = document) AS same FROM seen;
SELECT m.name, scim.resource_at('User', :bob, m.at) #>> '{meta,version}' AS bob, scim.resource_at('User', :bob::text, m.at) ->> 'displayName' AS display, scim.resource_at('User', :bob, m.at) -> 'active' AS active,
    (scim.resource_at('Group', :h, m.at) ->> 'displayName') AS h FROM moment m ORDER BY m.at;
SELECT m.name, w.type, w.display, w.direct FROM moment m, scim.members_at(:g, m.at) w ORDER BY m.at, w.value;
SELECT m.name, (SELECT string_agg(r ->> 'userName', ' ' ORDER BY r ->> 'userName') FROM scim.resources_at('User', m.at) r) AS everybody,
    (SELECT string_agg(r ->> 'userName', ' ' ORDER BY r ->> 'userName') FROM scim.resources_at('User', m.at, 'title pr or displayName eq "bob" or meta.version eq "W/\"3\""') r) AS some FROM moment m ORDER BY m.at;
SELECT count(*) FROM seen s WHERE NOT EXISTS (SELECT FROM scim.resources_at(s.resource_type, s.at, format('id eq "%s"', s.id)) r WHERE r = s.document);
SELECT pg_temp.try(format($$SELECT count(*) FROM scim.resources_at(%L, %L, %L)$$, t, pg_temp.at('groups'), f))
FROM (VALUES ('User', 'groups.value eq "x"'), ('Group', 'members[value eq "x"]'), ('User', 'shoe eq 1'), ('User', 'userName'), ('Shoe', NULL)) AS v (t, f);
SELECT scim.resource_at('User', 'nobody', now()), scim.resource_at('User', :eve, now()), scim.resource_at('Group', :ann, now());
SELECT c.operation, c.resource_type, c.resource_id, c.version, c.member_id, c.object, c.key FROM scim.changes(pg_temp.at('groups'), pg_temp.at('suspended')) c;
SELECT count(*) FROM scim.changes(NULL, NULL);
SELECT resource_type, count(*) FROM scim.changes(NULL, NULL, resource_type => 'Group') GROUP BY 1;
SELECT count(*) FROM scim.changes(NULL, NULL, actor => 'nobody');

-- what several changed later is told, and the rest undone
BEGIN;
UPDATE past.users SET data = data || '{"title": "later"}' WHERE id = :ann;
SELECT resource_type, resource_id, action, difference, regexp_replace(conflict, '(by ).*?( at ).*?Z', '\1SOMEBODY\2INSTANT', 'g') AS conflict FROM scim.revert_change(:'changed', true);
SELECT version, data ->> 'title' AS title FROM past.users WHERE id = :ann;
SELECT resource_type, resource_id, action, difference, regexp_replace(conflict, '(by ).*?( at ).*?Z', '\1SOMEBODY\2INSTANT', 'g') AS conflict FROM scim.revert_change(:'changed');
SELECT version, data FROM past.users WHERE id = :ann;
SELECT data, (SELECT count(*) FROM past.member m WHERE m.group_id = g.id) AS members FROM past.groups g WHERE id = :g;
SELECT operation, object, key = :'changed' AS key, before, detail FROM past.audit WHERE operation = 'revert';
ROLLBACK;
-- what was deleted for good comes back, and who was in it
SELECT resource_type, resource_id, action, difference, regexp_replace(conflict, '(by ).*?( at ).*?Z', '\1SOMEBODY\2INSTANT', 'g') AS conflict FROM scim.revert_change(:'deleted');
SELECT g.data ->> 'displayName' AS display, g.version, g.created < pg_temp.at('groups') AS created, g.last_modified > pg_temp.at('purged') AS modified, (SELECT string_agg(m.member_id::text, ' ' ORDER BY m.member_id) FROM past.member m WHERE m.group_id = g.id) AS members FROM past.groups g WHERE id = :h;
SELECT scim.resource_at('Group', :h, clock_timestamp()) = scim.get_resource('Group', :h, NULL, 'members') AS same;
SELECT scim.resource_at('Group', :h, pg_temp.at('purged'));
-- and that again
SELECT change AS reverted FROM scim.changes(NULL, NULL) WHERE operation = 'revert' \gset
SELECT resource_type, resource_id, action, difference, conflict FROM scim.revert_change(:'reverted', true);
-- what was created goes; a userName that two had meanwhile; order does not matter
BEGIN;
DELETE FROM past.users WHERE id = :ann;
INSERT INTO past.users (id, data) VALUES (:eve, '{"userName": "ann"}');
INSERT INTO past.member (group_id, member_id) VALUES (:g, :eve);
SELECT scim.change() AS swapped \gset
COMMIT;
SELECT resource_type, resource_id, action, difference, conflict FROM scim.revert_change(:'swapped');
SELECT id, user_name, status FROM past.users ORDER BY id;
SELECT count(*) FROM past.member WHERE member_id = :eve;
-- a member that many come to, at once
INSERT INTO past.users (data) SELECT jsonb_build_object('userName', 'u' || n) FROM generate_series(1, 50) n;
BEGIN;
INSERT INTO past.member (group_id, member_id) SELECT :g, id FROM past.users WHERE user_name ~ '^u\d';
SELECT scim.change() AS many \gset
COMMIT;
SELECT version AS v FROM past.groups WHERE id = :g \gset
SELECT count(*) FROM scim.revert_change(:'many'::uuid, true);
SELECT count(*) FROM scim.revert_change('no change', true);
SELECT action, count(*), count(conflict) FROM scim.revert_change(:'many') GROUP BY 1;
SELECT version - :v AS versions FROM past.groups WHERE id = :g;
-- configuration is not undone, and nobody knows other changes
BEGIN;
INSERT INTO past.setting (name, value) VALUES ('max_results', '7');
SELECT scim.change() AS configured \gset
COMMIT;
SELECT resource_type, resource_id, action, difference, regexp_replace(conflict, '"[0-9a-f-]{36}"', 'ID') AS conflict FROM scim.revert_change(:'configured');
SELECT pg_temp.try(format('SELECT count(*) FROM scim.revert_change(%L)', '00000000-0000-7000-8000-000000000000'));
SELECT pg_temp.try('SELECT count(*) FROM scim.revert_change(NULL)');

-- where the audit has not seen everything, it is unknown
SELECT pg_temp.now('audited');
UPDATE past.policy SET enabled = false WHERE kind = 'audit' AND resource_type = 'User';
UPDATE past.users SET data = data || '{"title": "unseen"}' WHERE user_name IN ('u1', 'u2', 'u3');
DELETE FROM past.users WHERE user_name = 'u4';
SELECT pg_temp.now('unseen');
UPDATE past.policy SET enabled = true WHERE kind = 'audit' AND resource_type = 'User';
UPDATE past.users SET data = data || '{"title": "seen"}' WHERE user_name = 'u1';
SELECT scim.delete_resource('User', id) FROM past.users WHERE user_name = 'u2';
DELETE FROM past.users WHERE user_name = 'u2';
SELECT pg_temp.now('seen');
CREATE TEMP VIEW asked AS SELECT u.name AS u, m.name AS m, replace(pg_temp.try(format('SELECT scim.resource_at(''User'', %L, %L) ->> ''title''', (SELECT a.resource_id FROM past.audit a WHERE a.before ->> 'userName' = u.name UNION SELECT r.id FROM past.users r WHERE r.user_name = u.name), m.at)), (SELECT a.resource_id::text FROM past.audit a WHERE a.before ->> 'userName' = u.name UNION SELECT r.id::text FROM past.users r WHERE r.user_name = u.name), 'ID') AS answer
FROM unnest('{u1,u2,u3}'::text[]) AS u (name), moment m WHERE m.name IN ('audited', 'unseen', 'seen') ORDER BY u.name, m.at;
SELECT * FROM asked;
SELECT m.name, pg_temp.try(format('SELECT count(*) FROM scim.resources_at(''User'', %L)', m.at)) FROM moment m WHERE m.name IN ('audited', 'unseen', 'seen') ORDER BY m.at;
SELECT h.version, h.operation, h.difference FROM past.users u, scim.history(u.id) h WHERE u.user_name = 'u1';
-- group members, too
UPDATE past.policy SET enabled = false WHERE kind = 'audit' AND resource_type = 'Group';
DELETE FROM past.member WHERE group_id = :h AND member_id = :ann;
SELECT pg_temp.now('left');
UPDATE past.policy SET enabled = true WHERE kind = 'audit' AND resource_type = 'Group';
INSERT INTO past.member (group_id, member_id) VALUES (:h, :eve);
SELECT m.name, pg_temp.try(format('SELECT string_agg(display, '' '' ORDER BY display) FROM scim.members_at(%L, %L)', :h, m.at)) FROM moment m WHERE m.name IN ('seen', 'left') ORDER BY m.at;
SELECT pg_temp.try(format('SELECT string_agg(display, '' '' ORDER BY display) FROM scim.members_at(%L, clock_timestamp())', :h));
-- erased is erased
SELECT scim.erase(:ann) > 0 AS erased;
SELECT pg_temp.try(format('SELECT scim.resource_at(''User'', %L, %L)', :ann, pg_temp.at('people')));
SELECT scim.resource_at('User', :ann, clock_timestamp());
SELECT version, operation, difference FROM scim.history(:ann) ORDER BY at LIMIT 2;

-- tenants and roles see their own
INSERT INTO past.tenant (tenant_id, name) VALUES (2, 'two');
SET scim.tenant = 2;
SELECT scim.resource_at('User', :eve, clock_timestamp()), (SELECT count(*) FROM scim.history(:eve)) AS history, (SELECT count(*) FROM scim.members_at(:g, pg_temp.at('groups'))) AS members,
    (SELECT count(*) FROM scim.resources_at('User', clock_timestamp())) AS resources, (SELECT count(*) FROM scim.changes(NULL, NULL) WHERE object IS NULL) AS changes;
SELECT replace(pg_temp.try(format('SELECT count(*) FROM scim.revert_change(%L)', :'many')), :'many', 'CHANGE') AS revert_change;
RESET scim.tenant;
CREATE ROLE regress_scim_past;
GRANT USAGE ON SCHEMA past TO regress_scim_past;
GRANT SELECT ON past.resource, past.member TO regress_scim_past;
SET ROLE regress_scim_past;
SELECT pg_temp.try(format('SELECT scim.resource_at(''User'', %L, now())', :eve)), pg_temp.try(format('SELECT count(*) FROM scim.history(%L)', :eve)), pg_temp.try('SELECT count(*) FROM scim.changes(NULL, NULL)');
RESET ROLE;
GRANT SELECT ON past.audit TO regress_scim_past;
GRANT SELECT ON moment TO regress_scim_past;
INSERT INTO past.tenant_role (role, tenant_id) VALUES ('regress_scim_past', 1);
SET ROLE regress_scim_past;
SET scim.tenant = 1;
SELECT count(*) > 0 AS history FROM scim.history(:eve);
SELECT pg_temp.try(format('SELECT count(*) FROM scim.revert_change(%L)', :'many'));
RESET ROLE;
RESET scim.tenant;

-- secrets of schemas of one's own are seen to change, and not told
SELECT scim.register_schema('{"id": "urn:example:secret", "name": "Secret", "attributes": [{"name": "pin", "type": "string", "returned": "never"}, {"name": "card", "type": "complex", "subAttributes": [{"name": "number", "type": "string"}, {"name": "code", "type": "string", "mutability": "writeOnly", "returned": "never"}]}]}') IS NULL AS nothing;
SELECT scim.register_resource_type(document || '{"schemaExtensions": [{"schema": "urn:example:secret", "required": false}]}') IS NULL AS nothing FROM past.resource_type WHERE name = 'User';
INSERT INTO past.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000ff', '{"userName": "pin", "urn:example:secret": {"pin": "s3cret", "card": {"number": "1", "code": "s3cret"}}}');
UPDATE past.users SET data = data || '{"urn:example:secret": {"pin": "s3cret too", "card": {"number": "1", "code": "s3cret"}}}' WHERE user_name = 'pin';
UPDATE past.users SET data = data || '{"urn:example:secret": {"card": {"number": "2"}}}' WHERE user_name = 'pin';
SELECT operation, difference FROM scim.history('00000000-0000-7000-8000-0000000000ff');
SELECT scim.drop_store('past', true);
DROP TABLE moment CASCADE;
DROP ROLE regress_scim_past;
