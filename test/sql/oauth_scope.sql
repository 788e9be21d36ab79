-- What the scopes of access tokens, and of the clients that they are of, let nobody do.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('scoped');
SET scim.store = 'scoped';
SET scim.base_url = 'https://idp.example/scim/v2';
INSERT INTO scoped.authentication_scheme (scheme, keyword, credential, type) VALUES ('OAuth', 'Bearer', 'access_token', 'oauth2');
INSERT INTO scoped.setting (name, value) VALUES ('group_memberships', 'true');
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set g1 00000000-0000-7000-8000-0000000000a1
INSERT INTO scoped.users (id, data) VALUES (:'u1', '{"userName": "bjensen"}'), (:'u2', '{"userName": "mandy"}');
INSERT INTO scoped.groups (id, data) VALUES (:'g1', '{"displayName": "Admins", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
CREATE TEMP TABLE client (name text PRIMARY KEY, scopes text[], id uuid, secret text);
INSERT INTO client SELECT name, scopes, made.* FROM (VALUES ('all', NULL::text[]), ('groups', '{Group}'), ('group read', '{Group:read}'), ('users', '{User}'), ('read', '{read}'), ('console', '{read,Group,.console}'), ('twice', '{Group,read,group}')) t (name, scopes), LATERAL scim.create_oauth_client(name, scopes => scopes) made;
CREATE FUNCTION pg_temp.token(client text, scope text, OUT status int, OUT error text, OUT granted text, OUT token text) LANGUAGE sql AS $$
    SELECT r.status, r.body::jsonb ->> 'error', r.body::jsonb ->> 'scope', r.body::jsonb ->> 'access_token' FROM client c, scim.request('POST', '/.oauth/token', '{"Content-Type": "application/x-www-form-urlencoded"}',
        'grant_type=client_credentials&client_id=' || replace(c.name, ' ', '+') || '&client_secret=' || c.secret || coalesce('&scope=' || replace(scope, ' ', '+'), '')) r WHERE c.name = client $$;
-- as the request says, in one letter case (RFC 6749 section 3.3), and each once
SELECT c.name, s.scope, t.status, t.error, t.granted FROM client c, unnest(ARRAY[NULL, 'scim', 'SCIM', 'Scim:User', 'scim:user', 'scim:User', 'scim:User scim:User', 'scim:User:READ', 'scim:Read', 'scim:.console', 'scim:.Console', 'scim:read scim:.console', 'scim:User scim:.console', 'scim scim:.console', 'scim admin', 'admin scim', 'scim scim:User']) WITH ORDINALITY s (scope, n), pg_temp.token(c.name, s.scope) t WHERE c.name IN ('all', 'groups', 'console', 'twice') ORDER BY c.name, s.n;
-- memberships, where the scopes are those of the token, of the client, and of both
CREATE FUNCTION pg_temp.ask(token text, method text, target text, body text DEFAULT NULL) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    IF scim.authenticate('Bearer ' || token) IS NULL THEN
        RETURN 401;
    END IF;
    reply := scim.request(method, target, '{}', body);
    RAISE EXCEPTION '%', coalesce(jsonb_path_query_first(reply.body::jsonb, '$.Operations[0].status') #>> '{}', reply.status::text) USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN sqlerrm;
END $$;
SELECT replace(rtrim(encode(uuid_send(:'g1') || uuid_send(:'u1'), 'base64'), '='), E'\n', '') AS membership \gset
SELECT translate(:'membership', '+/', '-_') AS membership \gset
CREATE TEMP TABLE asked AS SELECT * FROM (VALUES (1, 'GET', '/GroupMemberships', NULL), (2, 'GET', '/GroupMemberships/' || :'membership', NULL), (3, 'POST', '/GroupMemberships/.search', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}'),
    (4, 'POST', '/GroupMemberships', format('{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:GroupMembership"], "group": {"value": "%s"}, "member": {"value": "%s"}}', :'g1', :'u2')),
    (5, 'DELETE', '/GroupMemberships/' || :'membership', NULL), (6, 'PUT', '/GroupMemberships/' || :'membership', '{}'), (7, 'PATCH', '/GroupMemberships/' || :'membership', '{}'), (8, 'HEAD', '/GroupMemberships', NULL),
    (9, 'POST', '/Bulk', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "POST", "path": "/GroupMemberships", "bulkId": "a", "data": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:GroupMembership"], "group": {"value": "%s"}, "member": {"value": "%s"}}}]}', :'g1', :'u2')),
    (10, 'POST', '/Bulk', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "DELETE", "path": "/GroupMemberships/%s"}]}', :'membership')),
    (11, 'GET', '/Groups/' || :'g1' || '/members', NULL), (12, 'GET', '/Users', NULL), (13, 'GET', '/.console/tokens', NULL), (14, 'GET', '/', NULL), (15, 'GET', '/Me', NULL), (16, 'POST', '/.preview', format('{"method": "DELETE", "path": "/GroupMemberships/%s"}', :'membership'))) a (n, method, target, body);
CREATE TEMP TABLE borne AS SELECT c.name, s.scope, t.token FROM client c, unnest(ARRAY['scim', 'scim:Group', 'scim:Group:read', 'scim:read', 'scim:User', 'scim:.console']) s (scope), pg_temp.token(c.name, s.scope) t WHERE t.token IS NOT NULL;
SELECT name, scope, string_agg(pg_temp.ask(token, method, target, body)::text, ' ' ORDER BY n) AS "GET GET search POST DELETE PUT PATCH HEAD Bulk Bulk members Users console root Me preview" FROM borne, asked GROUP BY name, scope ORDER BY name, scope COLLATE "C";
-- a client that has no scopes, or others, by now: its tokens show the console no more
UPDATE scoped.client SET scopes = NULL WHERE name = 'console';
SELECT pg_temp.ask(token, 'GET', '/.console/tokens') AS tokens FROM borne WHERE name = 'console' AND scope IN ('scim', 'scim:.console') ORDER BY scope;
UPDATE scoped.client SET scopes = '{Group}' WHERE name = 'console';
SELECT pg_temp.ask(token, 'GET', '/.console/tokens') AS tokens FROM borne WHERE name = 'console' AND scope IN ('scim', 'scim:.console') ORDER BY scope;
-- what was said is what a token has: a client that may more later has to ask again
SELECT token AS granted FROM pg_temp.token('group read', 'scim') \gset
SELECT granted, t.status FROM pg_temp.token('group read', 'scim') t;
UPDATE scoped.client SET scopes = '{read}' WHERE name = 'group read';
SELECT target, pg_temp.ask(:'granted', 'GET', target) AS before, pg_temp.ask(t.token, 'GET', target) AS anew FROM unnest('{/Groups,/Users}'::text[]) target, pg_temp.token('group read', 'scim') t ORDER BY target;
UPDATE scoped.client SET scopes = '{Group:read}' WHERE name = 'group read';
-- by hand: no token of a client is good for more than the client
INSERT INTO scoped.token (hash, description, expires_at, scopes, client_id) SELECT sha256(format('scim_1_%s_%s', replace(id::text, '-', ''), repeat('a', 64))::bytea), 'by hand', now() + interval '1 hour', '{.console,Group}', id FROM client WHERE name = 'all';
SELECT pg_temp.ask(format('scim_1_%s_%s', replace(id::text, '-', ''), repeat('a', 64)), 'GET', target) AS by_hand, target FROM client, unnest(ARRAY['/.console/tokens', '/Groups']) target WHERE name = 'all' ORDER BY target;
INSERT INTO scoped.token (hash, description, scopes) VALUES (sha256('static'), 'static', '{read,.console}'), (sha256('plain'), 'plain', NULL);
SELECT name, pg_temp.ask(name, 'GET', '/.console/tokens') AS static FROM unnest(ARRAY['static', 'plain']) name;

-- who is let in by credentials gives nobody the console, unless these have it
CREATE FUNCTION pg_temp.gives(secret text, call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.authenticate('Bearer ' || secret);
    EXECUTE call;
    RAISE EXCEPTION 'done' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN OTHERS THEN RETURN CASE WHEN sqlstate <> 'ZZZZZ' THEN sqlstate || ' ' END || sqlerrm;
END $$;
SELECT (scim.create_token('plain one')).secret AS plain, (scim.create_token('desk', scopes => '{read,.console}')).id AS desk, (scim.create_token('console', scopes => '{.console}')).secret AS console \gset
SELECT (scim.create_oauth_client('desk client', scopes => '{.console,read}')).id AS client \gset
SELECT call, coalesce(pg_temp.gives(:'plain', replace(replace(call, 'DESK', :'desk'), 'CLIENT', :'client')), 'done') AS plain, coalesce(pg_temp.gives(:'console', replace(replace(call, 'DESK', :'desk'), 'CLIENT', :'client')), 'done') AS console, coalesce(pg_temp.gives('nobody', replace(replace(call, 'DESK', :'desk'), 'CLIENT', :'client')), 'done') AS nobody
FROM unnest(ARRAY['SELECT scim.create_token(''x'', scopes => ''{read}'')', 'SELECT scim.create_token(''x'', scopes => ''{read,.console}'')', 'SELECT scim.create_oauth_client(''x'', scopes => ''{.console}'')', 'SELECT scim.create_client(''x'', ''Bearer'', scopes => ''{.console}'')', 'SELECT scim.rotate_token(''DESK'')', 'SELECT scim.rotate_client(''CLIENT'')',
    'SELECT scim.set_client_keys(''CLIENT'', jwks_uri => ''https://x.example/keys'')', 'INSERT INTO scoped.token (hash, description, scopes) VALUES (sha256(''x''), ''x'', ''{.console}'')', 'UPDATE scoped.token SET scopes = ''{.console}'' WHERE description = ''plain''', 'UPDATE scoped.token SET hash = sha256(''x'') WHERE id = ''DESK''', 'UPDATE scoped.client SET hash = sha256(''x'') WHERE id = ''CLIENT''', 'SELECT scim.revoke_token(''DESK'')', 'SELECT scim.revoke_client(''CLIENT'')']) WITH ORDINALITY t (call, n) ORDER BY n;
SELECT scim.drop_store('scoped', true);
