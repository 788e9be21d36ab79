-- A rule DO INSTEAD NOTHING that has gone leaves nothing behind: what was refused while it was there is done afterwards, in the same session
SET client_min_messages = warning;
SELECT scim.create_store('ruled');
SET scim.store = 'ruled';
RESET client_min_messages;
\set u 00000000-0000-7000-8000-000000000001
\set v 00000000-0000-7000-8000-000000000002
\set g 00000000-0000-7000-8000-000000000003
INSERT INTO ruled.users (id, data) VALUES (:'u', '{"userName": "u", "password": "t0p secret"}'), (:'v', '{"userName": "v", "password": "t0p secret"}');
INSERT INTO ruled.groups (id, data) VALUES (:'g', jsonb_build_object('displayName', 'g', 'members', ARRAY[:'u', :'v']));
CREATE FUNCTION pg_temp.patch(target text, operation jsonb, OUT status int, OUT version text, OUT detail text) LANGUAGE sql AS $$
    SELECT r.status, substr(r.headers ->> 'ETag', 1, 4), r.body::jsonb ->> 'detail' FROM scim.request('PATCH', target, '{}',
        jsonb_build_object('schemas', ARRAY['urn:ietf:params:scim:api:messages:2.0:PatchOp'], 'Operations', ARRAY[operation])::text) r
$$;
UPDATE ruled.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete';
-- a membership
CREATE RULE nothing AS ON DELETE TO ruled.member DO INSTEAD NOTHING;
SELECT * FROM pg_temp.patch('/Groups/' || :'g', jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', :'u')));
SELECT * FROM pg_temp.patch('/Groups/' || :'g', jsonb_build_object('op', 'remove', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', :'u'))));
DROP RULE nothing ON ruled.member;
SELECT * FROM pg_temp.patch('/Groups/' || :'g', jsonb_build_object('op', 'remove', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', :'u'))));
SELECT * FROM pg_temp.patch('/Groups/' || :'g', jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', :'v')));
SELECT count(*) FROM ruled.member;
-- and what comes
CREATE RULE nothing AS ON INSERT TO ruled.member DO INSTEAD NOTHING;
SELECT * FROM pg_temp.patch('/Groups/' || :'g', jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', :'u'))));
DROP RULE nothing ON ruled.member;
SELECT * FROM pg_temp.patch('/Groups/' || :'g', jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', :'u'))));
SELECT count(*) FROM ruled.member;
-- a password
CREATE RULE nothing AS ON DELETE TO ruled.credential DO INSTEAD NOTHING;
SELECT * FROM pg_temp.patch('/Users/' || :'u', '{"op": "remove", "path": "password"}');
SELECT scim.erase(:'v');
DROP RULE nothing ON ruled.credential;
SELECT * FROM pg_temp.patch('/Users/' || :'u', '{"op": "remove", "path": "password"}');
SELECT scim.verify_password(:'u', 't0p secret');
SELECT scim.erase(:'v') > 0 AS erased, count(*) FROM ruled.credential;
-- the resource itself
CREATE RULE nothing AS ON DELETE TO ruled.resource DO INSTEAD NOTHING;
SELECT status FROM scim.request('DELETE', '/Users/' || :'u');
SELECT scim.delete_resource('User', :'u');
DROP RULE nothing ON ruled.resource;
SELECT status FROM scim.request('DELETE', '/Users/' || :'u');
SELECT scim.delete_resource('Group', :'g');
CREATE RULE nothing AS ON DELETE TO ruled.resource DO INSTEAD NOTHING;
SELECT scim.purge('0 s');
DROP RULE nothing ON ruled.resource;
SELECT scim.purge('0 s');
-- by UPDATE
INSERT INTO ruled.users (id, data) VALUES (:'u', '{"userName": "u"}'), (:'v', jsonb_build_object('userName', 'v', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('manager', jsonb_build_object('value', :'u'))));
CREATE RULE nothing AS ON UPDATE TO ruled.resource DO INSTEAD NOTHING;
SELECT * FROM pg_temp.patch('/Users/' || :'u', '{"op": "add", "path": "title", "value": "Boss"}');
SELECT scim.erase(:'u');
DROP RULE nothing ON ruled.resource;
SELECT * FROM pg_temp.patch('/Users/' || :'u', '{"op": "add", "path": "title", "value": "Boss"}');
UPDATE ruled.policy SET enabled = true WHERE kind = 'events';
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "told", "externalId": "77"}');
CREATE RULE nothing AS ON UPDATE TO ruled.event DO INSTEAD NOTHING;
SELECT scim.erase(id) FROM ruled.users WHERE user_name = 'told';
DROP RULE nothing ON ruled.event;
SELECT scim.erase(id) > 0 AS erased FROM ruled.users WHERE user_name = 'told';
SELECT scim.erase(:'u') > 0 AS erased;
SELECT data FROM ruled.users WHERE user_name = 'v';
-- consumers, keys, tokens
SELECT scim.create_consumer('c') IS NOT NULL AS consumer, scim.create_signing_key() IS NOT NULL AS key;
CREATE RULE nothing AS ON DELETE TO ruled.consumer DO INSTEAD NOTHING;
CREATE RULE nothing AS ON DELETE TO ruled.signing_key DO INSTEAD NOTHING;
\set VERBOSITY terse
SELECT scim.drop_consumer('c');
DO $$ BEGIN PERFORM scim.drop_signing_key(id) FROM ruled.signing_key; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '%', SQLERRM; END $$;
DROP RULE nothing ON ruled.consumer;
DROP RULE nothing ON ruled.signing_key;
SELECT scim.drop_consumer('c');
DO $$ BEGIN PERFORM scim.drop_signing_key(id) FROM ruled.signing_key; END $$;
SELECT count(*) FROM ruled.signing_key;
SELECT id AS token FROM scim.create_token('t') \gset
CREATE RULE nothing AS ON UPDATE TO ruled.token DO INSTEAD NOTHING;
DO $$ BEGIN PERFORM scim.revoke_token(id) FROM ruled.token; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '%', SQLERRM; END $$;
DROP RULE nothing ON ruled.token;
SELECT scim.revoke_token(:'token');
SELECT revoked_at IS NOT NULL AS revoked FROM ruled.token;
SET client_min_messages = warning;
SELECT scim.drop_store('ruled', force => true);
