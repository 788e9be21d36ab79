-- Rows of a store that contradict themselves: no instant, no number of a version, no URI of an event
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('sane');
SET scim.store = 'sane';
\set u 00000000-0000-7000-8000-000000000001
\set g 00000000-0000-7000-8000-00000000000a
INSERT INTO sane.users (id, data) VALUES (:'u', '{"userName": "u"}');
INSERT INTO sane.groups (id, data) VALUES (:'g', '{"displayName": "g"}');
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RAISE EXCEPTION USING ERRCODE = 'ZZZZZ', MESSAGE = 'taken';
EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm;
END
$$;
-- who is a member since when: as for a resource, in the years 1 to 9999, and the clock of elsewhere may be a day fast
SELECT created, pg_temp.try(format('INSERT INTO sane.member (group_id, member_id, created) VALUES (%L, %L, %s)', :'g', :'u', created))
FROM unnest(ARRAY['''infinity''', '''-infinity''', '''0044-03-15 BC''', '''10000-01-01Z''', 'now() + interval ''2 days''', 'now() + interval ''1 hour''', '''2001-01-01Z''', 'NULL']) created;
-- what is written into an event by hand, and what becomes of one
INSERT INTO sane.event (tenant_id, event_uri, resource_type, resource_id, version, data) VALUES (1, 'urn:example:sane', 'User', :'u', 1, '{"transient": {"code": "s3cret"}}');
SELECT what, pg_temp.try(format('UPDATE sane.event SET %s', what)) FROM unnest(ARRAY['version = -7', 'version = 0', 'event_uri = ''bogus''', 'event_uri = ''a b:c''', 'event_uri = ''urn:''', 'at = ''infinity''', 'position = 0', 'version = NULL', 'event_uri = ''https://example.com/x''']) what;
SELECT pg_temp.try(format('INSERT INTO sane.event (tenant_id, event_uri, resource_type, resource_id, version) VALUES (1, %L, ''User'', %L, %s)', uri, :'u', version)) FROM (VALUES ('bogus', '1'), ('urn:x:y', '-7'), ('urn:x:y', '1')) v (uri, version);
SELECT pg_temp.try('INSERT INTO sane.event_position VALUES (1, -5)'), pg_temp.try('INSERT INTO sane.event_position VALUES (1, 0)');
-- instants of the others; links none but the store writes
SELECT pg_temp.try($$INSERT INTO sane.consumer (name, created) VALUES ('c', 'infinity')$$), pg_temp.try($$INSERT INTO sane.consumer (name, created) VALUES ('c', now())$$);
SELECT pg_temp.try(format('INSERT INTO sane.origin (tenant_id, resource_id, actor, %I) VALUES (1, %L, ''a'', %L)', c, :'u', i)) FROM unnest('{linked_at,released_at}'::text[]) c, unnest('{infinity,-infinity,2001-01-01Z}'::text[]) i;
ALTER TABLE sane.binding_link DISABLE TRIGGER scim_door;
SELECT pg_temp.try(format('INSERT INTO sane.binding_link (tenant_id, binding_id, resource_id, detached) VALUES (1, %L, %L, ''infinity'')', :'g', :'u'));
ALTER TABLE sane.binding_link ENABLE TRIGGER scim_door;
-- who and what they are of is there
SELECT pg_temp.try(format('INSERT INTO sane.event (tenant_id, event_uri, resource_type, resource_id) VALUES (%s, ''urn:x:y'', %L, %L)', tenant, type, :'u')) FROM (VALUES (1, 'User'), (9, 'User'), (1, 'user'), (1, 'Robot')) v (tenant, type);
SELECT what, pg_temp.try(format('UPDATE sane.event SET %s', what)) FROM unnest(ARRAY['tenant_id = 9', 'resource_type = ''Robot''', 'resource_type = ''Group''']) what;
SELECT pg_temp.try(format('INSERT INTO sane.origin (tenant_id, resource_id, actor) VALUES (%s, %L, ''a'')', tenant, id)) FROM (VALUES (1, :'u'), (1, '00000000-0000-7000-8000-0000000000ff'), (9, :'u')) v (tenant, id);
SELECT pg_temp.try(format('INSERT INTO sane.binding_link (tenant_id, binding_id, resource_id) VALUES (1, %L, %L)', :'g', :'u'));
-- also together with them, in whatever order
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO sane.origin (tenant_id, resource_id, actor) VALUES (1, '00000000-0000-7000-8000-0000000000ee', 'a');
INSERT INTO sane.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000ee', '{"userName": "later"}');
COMMIT;
UPDATE sane.origin SET resource_id = '00000000-0000-7000-8000-0000000000ff';
-- what the store keeps of consumers, guards, keys and codes: rows that contradict themselves, or lead nowhere
DELETE FROM sane.origin;
SELECT scim.create_consumer('reader', from_start => true) AS reader, scim.create_consumer('hook') AS hook, scim.create_signing_key() AS signer, (scim.create_token('t')).id AS bearer \gset
INSERT INTO sane.policy (resource_type, kind, settings) VALUES ('User', 'guard', '{"on": ["suspend", "offboard", "delete"], "limit": 3, "seconds": 3600, "when": "userType eq \"Employee\""}') RETURNING id AS guarded \gset
SELECT id AS audited FROM sane.policy WHERE kind = 'audit' AND resource_type = 'User' \gset
INSERT INTO sane.guard (tenant_id, id, policy_id, key) VALUES (1, :'g', :'guarded', '');
INSERT INTO sane.delivery (tenant_id, consumer_id, position, event_id, resource_id) SELECT 1, :'reader', 1, id, resource_id FROM sane.event LIMIT 1;
INSERT INTO sane.recovery_code VALUES (1, :'u', 'ABCDEFGHJK', sha256(''), now(), now() + '1 hour');
SELECT left(regexp_replace(what, '[0-9a-f-]{36}', '<id>', 'g'), 130) AS what, regexp_replace(pg_temp.try(what), '[0-9a-f-]{36}', '<id>', 'g') AS said FROM unnest(ARRAY[
    format('INSERT INTO sane.guard (tenant_id, policy_id, key) VALUES (77, %L, ''x'')', :'guarded'), format('INSERT INTO sane.guard (tenant_id, policy_id, key) VALUES (1, %L, ''x'')', :'u'),
    format('INSERT INTO sane.guard (tenant_id, policy_id, key) VALUES (1, %L, ''x'')', :'audited'), format('INSERT INTO sane.guard (tenant_id, policy_id, key) VALUES (1, %L, ''x'')', :'guarded'),
    'UPDATE sane.guard SET used = -1', 'UPDATE sane.guard SET tripped_at = ''infinity''', 'UPDATE sane.guard SET changed_at = ''-infinity''', 'UPDATE sane.guard SET used = 1',
    format('INSERT INTO sane.guard_count (tenant_id, guard_id, at, amount) VALUES (1, %L, ''infinity'', 1)', :'g'), format('INSERT INTO sane.guard_count (tenant_id, guard_id, at, amount) VALUES (1, %L, now(), -100)', :'g'),
    format('INSERT INTO sane.lease VALUES (1, %L, %L, %L, ''infinity'')', :'reader', :'u', :'g'), format('INSERT INTO sane.lease VALUES (1, %L, %L, %L, now())', :'reader', :'u', :'g'),
    'UPDATE sane.delivery SET attempts = -1', 'UPDATE sane.delivery SET attempts = 2147483647', 'UPDATE sane.delivery SET failures = -1', 'UPDATE sane.delivery SET position = -7', 'UPDATE sane.delivery SET dead_at = ''infinity''', 'UPDATE sane.delivery SET next_attempt_at = ''infinity''',
    'UPDATE sane.delivery SET last_attempt_at = ''-infinity''', 'UPDATE sane.delivery SET attempts = 3, dead_at = now()', 'UPDATE sane.consumer_position SET position = -99', 'UPDATE sane.consumer_position SET position = 9223372036854775807', 'UPDATE sane.consumer_position SET position = 1',
    'INSERT INTO sane.event_position VALUES (1, 9223372036854775807)', 'UPDATE sane.signing_key SET created = ''infinity''', 'UPDATE sane.signing_key SET use_from = now()',
    format('INSERT INTO sane.origin (tenant_id, resource_id, actor, token_id) VALUES (1, %L, ''a'', %L)', :'u', :'g'), format('INSERT INTO sane.origin (tenant_id, resource_id, actor, token_id) VALUES (1, %L, ''a'', %L)', :'u', :'bearer'),
    format('INSERT INTO sane.origin (tenant_id, resource_id, actor) VALUES (1, %L, '''')', :'u'), format('INSERT INTO sane.origin (tenant_id, resource_id, actor, linked_at, released_at) VALUES (1, %L, ''a'', now(), now() - interval ''1 day'')', :'u'),
    format('INSERT INTO sane.recovery_code VALUES (1, %L, ''ABCDEFGHJ0'', sha256(''''), now(), now() + interval ''1 hour'')', :'g'), 'UPDATE sane.recovery_code SET name = ''''', 'UPDATE sane.recovery_code SET expires_at = issued_at - interval ''1 second''', 'UPDATE sane.recovery_code SET expires_at = ''2999-01-01''',
    'UPDATE sane.recovery_code SET failures = 1', format('INSERT INTO sane.client_failure VALUES (1, %L, 1, now())', repeat('x', 300))]) WITH ORDINALITY w (what, n) ORDER BY n;
-- what leads nowhere, or says half of what belongs together
DELETE FROM sane.delivery;
INSERT INTO sane.event (tenant_id, event_uri, resource_type, resource_id) SELECT 1, 'urn:example:sane', 'User', :'u' FROM generate_series(1, 3);
SELECT count(*) FROM scim.next_events('reader');
UPDATE sane.consumer SET method = 'webhook', endpoint = 'https://example.com/hook' WHERE id = :'hook';
INSERT INTO sane.consumer_secret (tenant_id, consumer_id, "authorization") VALUES (1, :'hook', 'Bearer x');
SELECT left(regexp_replace(what, '[0-9a-f-]{36}', '<id>', 'g'), 150) AS what, regexp_replace(pg_temp.try(what), '[0-9a-f-]{36}', '<id>', 'g') AS said FROM unnest(ARRAY[
    'UPDATE sane.guard SET tripped_at = now()', 'UPDATE sane.guard SET tripped_by = ''me''', format('UPDATE sane.guard SET resource_id = %L', :'u'), format('UPDATE sane.guard SET tripped_at = now(), tripped_by = ''me'', resource_id = %L', :'u'),
    format('INSERT INTO sane.guard (tenant_id, policy_id, key, tripped_at) VALUES (1, %L, ''x'', now())', :'guarded'),
    format('INSERT INTO sane.delivery (tenant_id, consumer_id, position, event_id, resource_id) VALUES (1, %L, 2, %L, %L)', :'reader', :'g', :'u'), format('INSERT INTO sane.delivery (tenant_id, consumer_id, position, event_id, resource_id) SELECT 1, %L, 2, id, %L FROM sane.event LIMIT 1', :'reader', :'guarded'),
    'UPDATE sane.delivery SET event_id = scim.uuid_v7()', 'UPDATE sane.delivery SET resource_id = scim.uuid_v7()', 'UPDATE sane.delivery SET last_error = ''x''',
    format('INSERT INTO sane.lease VALUES (1, %L, scim.uuid_v7(), %L, now())', :'reader', :'g'), format('INSERT INTO sane.lease VALUES (1, %L, %L, %L, now())', :'hook', :'u', :'g'), format('INSERT INTO sane.lease VALUES (1, %L, %L, %L, now()) ON CONFLICT DO NOTHING', :'reader', :'u', :'g'),
    'UPDATE sane.consumer_position SET position = 5000', 'UPDATE sane.consumer_position SET position = 0', 'UPDATE sane.event_position SET last = 0', 'UPDATE sane.event_position SET last = last + 7', 'DELETE FROM sane.event_position',
    'UPDATE sane.event SET resource_id = scim.uuid_v7()', 'UPDATE sane.event SET id = scim.uuid_v7()', 'UPDATE sane.event SET id = id, resource_id = resource_id',
    'INSERT INTO sane.secret VALUES (''bogus'', ''x'')', 'UPDATE sane.secret SET purpose = ''sealing'', value = ''{}''', 'UPDATE sane.secret SET purpose = ''x''', 'UPDATE sane.secret SET value = sha256(''x'')',
    format('INSERT INTO sane.consumer_secret (tenant_id, consumer_id) VALUES (1, %L)', :'reader'), 'UPDATE sane.consumer_secret SET "authorization" = NULL', 'UPDATE sane.consumer_secret SET "authorization" = ''Bearer y'''
    ]) WITH ORDINALITY w (what, n) ORDER BY n;
-- a guard that somebody has tripped himself before is released all the same, with the others
ALTER TABLE sane.guard DISABLE TRIGGER scim_row;
UPDATE sane.guard SET tripped_at = now(), used = 2;
ALTER TABLE sane.guard ENABLE TRIGGER scim_row;
INSERT INTO sane.guard (tenant_id, policy_id, key, tripped_at, tripped_by, resource_id) VALUES (1, :'guarded', 'role: x', now(), 'me', :'u');
SELECT scim.release_guard() AS released, (SELECT count(*) FROM sane.event WHERE operation = 'release guard') AS told;
SELECT count(*) AS tripped FROM sane.guard WHERE tripped_at IS NOT NULL;
-- what is stored can be written on, and what the store writes itself is: also where events are gone, or their last position
ALTER TABLE sane.consumer_secret DISABLE TRIGGER scim_row;
UPDATE sane.consumer_secret SET "authorization" = NULL;
ALTER TABLE sane.consumer_secret ENABLE TRIGGER scim_row;
UPDATE sane.consumer_secret SET consumer_id = consumer_id;
SELECT scim.deliver_by_poll('hook', :'bearer'::uuid) IS NOT NULL AS polled;
SELECT count(*) FROM sane.consumer_secret;
DELETE FROM sane.delivery;
DELETE FROM sane.lease;
INSERT INTO sane.event (tenant_id, event_uri, resource_type, resource_id) VALUES (1, 'urn:example:sane', 'User', :'u');
SELECT count(*) > 0 AS told FROM scim.next_events('reader');
DELETE FROM sane.event;
DELETE FROM sane.event_position;
SELECT scim.create_consumer('late') IS NOT NULL AS made;
INSERT INTO sane.event (tenant_id, event_uri, resource_type, resource_id) VALUES (1, 'urn:example:sane', 'User', :'u');
SELECT count(*) > 0 AS told FROM scim.next_events('late');
SELECT scim.acknowledge_events('reader', ARRAY(SELECT event_id FROM sane.delivery)) > 0 AS done;
SELECT scim.drop_store('sane', true);
