-- What the page for people asks: GET /.console/{part}
\set VERBOSITY terse
SELECT scim.create_store('panel');
SET scim.store = 'panel';
UPDATE panel.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
\set u1 00000000-0000-7000-8000-000000000001
\set u2 00000000-0000-7000-8000-000000000002
\set u3 00000000-0000-7000-8000-000000000003
\set g1 00000000-0000-7000-8000-0000000000a1
INSERT INTO panel.users (id, data) VALUES (:'u1', '{"userName": "<img src=x onerror=alert(1)>", "displayName": "Ada"}'), (:'u2', '{"userName": "bob", "active": false}'), (:'u3', '{"userName": "cleo"}');
INSERT INTO panel.groups (id, data) VALUES (:'g1', '{"displayName": "Admins", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
SELECT scim.delete_resource('User', :'u3');
CREATE TEMP TABLE token (name text PRIMARY KEY, secret text);
INSERT INTO token SELECT name, (scim.create_token(name, scopes => what::text[])).secret
FROM (VALUES ('all', NULL), ('read', '{read}'), ('console', '{.console}'), ('groups', '{read,Group,.console}'), ('people', '{read,User,Group,.console}')) t (name, what);
CREATE FUNCTION pg_temp.ask(token text, target text, method text DEFAULT 'GET', OUT status int, OUT answer jsonb) LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = ask.token;
    reply := scim.request(method, target);
    status := reply.status;
    answer := nullif(reply.body, '')::jsonb;
    PERFORM scim.authenticate(NULL);
END
$$;

-- who may: nobody whose scopes do not say so
SELECT name, status, answer ->> 'detail' AS detail FROM token, pg_temp.ask(name, '/.console/tokens') ORDER BY name;
-- and no more than that
SELECT name, target, status FROM token, unnest('{/Users,/Groups,/}'::text[]) target, pg_temp.ask(name, target) WHERE name IN ('console', 'groups', 'people') ORDER BY 1, 2;
SELECT target, method, status, answer ->> 'detail' AS detail
FROM (VALUES ('/.console', 'GET'), ('/.console/nothing', 'GET'), ('/.CONSOLE/people', 'GET'), ('/.console/people/x', 'GET'), ('/.console/people?filter=id+pr', 'GET'), ('/.console/people', 'POST'), ('/.console/people', 'OPTIONS'), ('/.console/people', 'HEAD')) t (target, method),
    pg_temp.ask('people', target, method);
SELECT status, headers ->> 'Content-Type' AS type, headers ->> 'Cache-Control' AS cache FROM scim.request('GET', '/.console/people');
SELECT status, body::jsonb #>> '{Operations,0,response,detail}' AS detail FROM scim.request('POST', '/Bulk', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "POST", "path": "/.console/people", "bulkId": "1", "data": {}}]}');

-- by the types in scope
SELECT name, jsonb_path_query_array(answer, '$.rows[*].type') AS types FROM token, pg_temp.ask(name, '/.console/people') WHERE name IN ('console', 'groups', 'people') ORDER BY 1;
SELECT r ->> 'type' AS type, r ->> 'status' AS status, r -> 'count' AS count FROM pg_temp.ask('people', '/.console/people'), jsonb_array_elements(answer -> 'rows') r;
SELECT name, r ->> 'operation' AS operation, r ->> 'type' AS type, r ->> 'name' AS who, r ->> 'member_name' AS member, r ->> 'object' AS object
FROM token, pg_temp.ask(name, '/.console/changes'), jsonb_array_elements(answer -> 'rows') WITH ORDINALITY e (r, n)
WHERE name IN ('console', 'groups', 'people') AND coalesce(r ->> 'object', '') <> 'token' ORDER BY 1, n;
SELECT r ->> 'step' AS step, r ->> 'name' AS name, (r ->> 'at')::timestamptz > now() - interval '1 hour' AS just_now FROM pg_temp.ask('people', '/.console/leaving'), jsonb_array_elements(answer -> 'rows') r ORDER BY 1, 2;
SELECT answer -> 'rows' AS of_groups FROM pg_temp.ask('groups', '/.console/leaving');
-- tokens without anything secret
SELECT DISTINCT string_agg(k, ' ' ORDER BY k) AS keys FROM pg_temp.ask('people', '/.console/tokens'), jsonb_array_elements(answer -> 'rows') WITH ORDINALITY e (r, n), jsonb_object_keys(r) k GROUP BY n;
SELECT r ->> 'kind' AS kind, r ->> 'name' AS name, r ->> 'state' AS state, r -> 'scopes' AS scopes FROM pg_temp.ask('console', '/.console/tokens'), jsonb_array_elements(answer -> 'rows') r ORDER BY 2;
-- where conf/request_log.sql has not been run
SELECT answer - 'at' AS requests FROM pg_temp.ask('people', '/.console/requests');

-- without credentials: who may read both tables
CREATE ROLE regress_clerk;
GRANT USAGE ON SCHEMA panel TO regress_clerk;
GRANT SELECT ON panel.resource, panel.schema, panel.resource_type, panel.audit TO regress_clerk;
SET ROLE regress_clerk;
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('GET', '/.console/tokens');
RESET ROLE;
GRANT SELECT ON panel.token TO regress_clerk;
SET ROLE regress_clerk;
SELECT status FROM scim.request('GET', '/.console/tokens');
SELECT scim_internal.console('panel', 'tokens', 1, NULL);
RESET ROLE;
REVOKE ALL ON ALL TABLES IN SCHEMA panel FROM regress_clerk;
REVOKE USAGE ON SCHEMA panel FROM regress_clerk;
DROP ROLE regress_clerk;

-- tenants do not see each other, whose ever the store is
SELECT scim.create_tenant('other') AS other \gset
SELECT set_config('scim.tenant', :'other', false);
INSERT INTO panel.users (data) VALUES ('{"userName": "foreigner"}');
INSERT INTO token VALUES ('foreign', (scim.create_token('theirs', scopes => '{read,User,.console}')).secret);
RESET scim.tenant;
SELECT part, jsonb_path_query_array(answer, '$.rows[*].name') AS names, jsonb_path_query_array(answer, '$.rows[*].count') AS counts
FROM unnest('{people,changes,tokens,leaving,requests}'::text[]) part, pg_temp.ask('foreign', '/.console/' || part);
SET client_min_messages = warning;
SELECT scim.drop_store('panel', true);
