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
SELECT scim.drop_store('sane', true);
