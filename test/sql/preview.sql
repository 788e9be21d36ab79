-- scim.preview and POST /.preview: what a request would do, and nothing of it done
\set VERBOSITY terse
SELECT scim.create_store('whatif');
SET scim.store = 'whatif';
UPDATE whatif.policy SET enabled = true WHERE kind = 'events';
INSERT INTO whatif.policy (resource_type, kind, name, settings) VALUES
    ('User', 'guard', 'leavers', '{"on": ["delete", "suspend"], "limit": 3, "seconds": 3600}'),
    ('User', 'reference', 'managers', '{"attributes": {"manager": {"type": "User", "onDelete": "clear"}}}');
INSERT INTO whatif.users (id, data) SELECT format('00000000-0000-7000-8000-00000000000%s', n)::uuid, jsonb_build_object('userName', 'u' || n, 'active', true) FROM generate_series(1, 5) n;
UPDATE whatif.users SET data = data || '{"manager": "00000000-0000-7000-8000-000000000002"}' WHERE user_name = 'u3';
INSERT INTO whatif.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000a1', '{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}, {"value": "00000000-0000-7000-8000-000000000002"}]}');
DELETE FROM whatif.event;
SELECT scim.create_consumer('c', channel => 'whatif') IS NOT NULL AS made;
-- all that a store holds, in one number
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t record;
    n text;
    all_of text := '';
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'whatif'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1 LOOP
        EXECUTE format('SELECT md5(string_agg(t::text, '' '' ORDER BY t::text)) FROM whatif.%I t', t.relname) INTO n;
        all_of := all_of || t.relname || coalesce(n, '') || ' ';
    END LOOP;
    RETURN md5(all_of);
END $$;
CREATE FUNCTION pg_temp.without_ids(text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(regexp_replace($1, '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{10}([0-9a-f]{2})', CASE WHEN $1 ~ '00000000-0000-7000' THEN '\1' ELSE 'ID' END, 'g'), '20[0-9-]{8}T[0-9:.]+Z', 'TIME', 'g') $$;
SELECT pg_temp.state() AS before \gset
\pset format unaligned
\pset expanded on
-- each of these, and then the same again as it was
SELECT status, headers ->> 'ETag' AS etag, body::jsonb ->> 'userName' AS user_name, pg_temp.without_ids(regexp_replace(changes::text, '"id": "[^"]*"', '"id": "ID"')) AS changes, tables, jsonb_path_query_array(events, '$[*].event') AS events, complete FROM scim.preview('POST', '/Users', '{}', '{"userName": "new", "password": "top secret 1", "title": "T"}');
SELECT status, body::jsonb ->> 'title' AS title, pg_temp.without_ids(changes::text) AS changes, pg_temp.without_ids(events::text) AS events FROM scim.preview('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}', '{"Operations": [{"op": "add", "path": "title", "value": "T"}, {"op": "replace", "path": "active", "value": false}, {"op": "add", "path": "password", "value": "another secret"}]}');
SELECT status, pg_temp.without_ids(changes::text) AS changes FROM scim.preview('PUT', '/Users/00000000-0000-7000-8000-000000000003', '{"If-Match": "W/\"2\""}', '{"userName": "u3"}');
SELECT status, body::jsonb ->> 'detail' AS detail, changes, events FROM scim.preview('PUT', '/Users/00000000-0000-7000-8000-000000000003', '{"If-Match": "W/\"1\""}', '{"userName": "u3"}');
-- who goes leaves his group, and nobody's manager any more
SELECT status, body, pg_temp.without_ids(changes::text) AS changes, pg_temp.without_ids(events::text) AS events FROM scim.preview('DELETE', '/Users/00000000-0000-7000-8000-000000000002');
SELECT status, pg_temp.without_ids(changes::text) AS changes FROM scim.preview('PATCH', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}', '{"Operations": [{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000004"}]}, {"op": "remove", "path": "members[value eq \"00000000-0000-7000-8000-000000000001\"]"}, {"op": "replace", "path": "displayName", "value": "h"}]}');
SELECT status, pg_temp.without_ids(changes::text) AS changes FROM scim.preview('DELETE', '/Groups/00000000-0000-7000-8000-0000000000a1');
-- reads, discovery, what is wrong
SELECT status, body::jsonb ->> 'userName' AS user_name, changes FROM scim.preview('GET', '/Users/00000000-0000-7000-8000-000000000001');
SELECT status, headers -> 'Content-Length' IS NOT NULL AS length, body, changes FROM scim.preview('HEAD', '/Users/00000000-0000-7000-8000-000000000001');
SELECT status, body::jsonb ->> 'totalResults' AS n FROM scim.preview('POST', '/Users/.search', '{}', '{"filter": "userName eq \"u1\""}');
SELECT status FROM scim.preview('GET', '/ServiceProviderConfig');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.preview('GET', '/Nobody');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.preview('POST', '/Users', '{}', '{"userName": "u1"}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.preview('POST', '/Users', '{}', '{"userName": ');
SELECT status, headers ->> 'Allow' AS allow FROM scim.preview('DELETE', '/Users');
SELECT status, headers ->> 'Allow' AS allow FROM scim.preview('OPTIONS', '/Users');
SELECT status FROM scim.preview('POST', '/Users', '[]', '{}');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.preview('POST', '/.preview', '{}', '{"method": "GET", "path": "/Users"}');
SELECT scim.preview(NULL, '/Users');
SELECT scim.preview('GET', NULL);
-- a bulk request: what failed has not changed anything
SELECT status, jsonb_path_query_array(body::jsonb, '$.Operations[*].status') AS statuses, pg_temp.without_ids(jsonb_path_query_array(changes, '$[*].operations')::text) AS changes, jsonb_array_length(changes) AS n, jsonb_path_query_array(events, '$[*].operation') AS events
FROM scim.preview('POST', '/Bulk', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
    {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "bulk"}},
    {"method": "PATCH", "path": "/Users/bulkId:a", "data": {"Operations": [{"op": "add", "path": "title", "value": "T"}]}},
    {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "u1"}},
    {"method": "POST", "path": "/Groups", "bulkId": "c", "data": {"displayName": "b", "members": [{"value": "bulkId:a"}]}},
    {"method": "PATCH", "path": "/Users/00000000-0000-7000-8000-000000000004", "data": {"Operations": [{"op": "add", "path": "title", "value": "T"}, {"op": "add", "path": "nonsense", "value": "T"}]}},
    {"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000005"}]}');
SELECT pg_temp.state() = :'before' AS unchanged;

-- a guard counts nothing, and does not trip, whether it lets it happen or not
SELECT status, jsonb_path_query_array(events, '$[*].operation') AS events FROM scim.preview('DELETE', '/Users/00000000-0000-7000-8000-000000000005');
SELECT name, state, used FROM scim.guards();
UPDATE whatif.policy SET settings = '{"on": ["delete", "suspend"], "limit": 1, "seconds": 3600}' WHERE kind = 'guard';
SELECT status, jsonb_path_query_array(events, '$[*].operation') AS events FROM scim.preview('DELETE', '/Users/00000000-0000-7000-8000-000000000005');
SELECT name, state, used FROM scim.guards();
SELECT status, jsonb_path_query_array(body::jsonb, '$.Operations[*].status') AS statuses, jsonb_path_query_array(events, '$[*].operation') AS events FROM scim.preview('POST', '/Bulk', '{}', '{"Operations": [{"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000004"}, {"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000005"}]}');
BEGIN;
SELECT status FROM scim.preview('POST', '/Bulk', '{}', '{"Operations": [{"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000004"}, {"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000005"}]}');
UPDATE whatif.users SET data = data || '{"title": "U"}' WHERE user_name = 'u1';
COMMIT;
SELECT name, state, used FROM scim.guards();
UPDATE whatif.policy SET enabled = false WHERE kind = 'guard';

-- within a transaction that goes on: nothing of the preview is left, what was before stays
BEGIN;
INSERT INTO whatif.users (data) VALUES ('{"userName": "kept"}');
SELECT status FROM scim.preview('POST', '/Users', '{}', '{"userName": "tried"}');
SELECT status FROM scim.preview('POST', '/Users', '{}', '{"userName": "kept"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "tried"}');
COMMIT;
SELECT user_name, version FROM whatif.users WHERE user_name IN ('kept', 'tried') ORDER BY 1;
SELECT count(*) FROM whatif.event WHERE operation = 'create';

-- deferred constraints are checked
CREATE TABLE whatif.badge (user_id uuid, tenant_id int DEFAULT 1, resource_type text DEFAULT 'User', FOREIGN KEY (resource_type, tenant_id, user_id) REFERENCES whatif.resource (resource_type, tenant_id, id) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO whatif.badge VALUES ('00000000-0000-7000-8000-000000000001');
UPDATE whatif.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.preview('DELETE', '/Users/00000000-0000-7000-8000-000000000001');
BEGIN;
SELECT status FROM scim.preview('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}', '{"Operations": [{"op": "add", "path": "title", "value": "X"}]}');
INSERT INTO whatif.badge VALUES ('00000000-0000-7000-8000-000000000099');
INSERT INTO whatif.users (id, data) VALUES ('00000000-0000-7000-8000-000000000099', '{"userName": "late"}');
COMMIT;
SELECT count(*) FROM whatif.badge;
DROP TABLE whatif.badge CASCADE;

-- nothing is sent
LISTEN whatif;
SELECT status FROM scim.preview('POST', '/Users', '{}', '{"userName": "silent"}');
UNLISTEN whatif;

-- in a read-only transaction: reads, and writes are told of as ever
BEGIN READ ONLY;
SELECT status FROM scim.preview('GET', '/Users?count=1');
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.preview('POST', '/Users', '{}', '{"userName": "x"}');
SELECT r.status, r.body::jsonb ->> 'status' AS its FROM scim.request('POST', '/.preview', '{}', '{"method": "GET", "path": "/Users?count=1"}') r;
SELECT r.status, r.body::jsonb ->> 'status' AS its FROM scim.request('POST', '/.preview', '{}', '{"method": "POST", "path": "/Users", "data": {"userName": "x"}}') r;
ROLLBACK;

-- by HTTP: a path of its own
SELECT pg_temp.state() AS before \gset
SELECT r.status, r.headers, pg_temp.without_ids(((r.body::jsonb #- '{body,id}' #- '{body,meta}' #- '{headers,Location}' #- '{headers,Content-Location}' #- '{changes,0,id}') - 'events'::text)::text) AS body FROM scim.request('POST', '/.preview', '{}', '{"schemas": ["urn:scim:params:preview:request"], "method": "POST", "path": "/Users", "data": {"userName": "x"}}') r;
SELECT r.status, r.body::jsonb ->> 'status' AS its, r.body::jsonb #>> '{headers,ETag}' AS etag, r.body::jsonb ? 'body' AS has_body, r.body::jsonb #> '{changes,0,difference}' AS difference FROM scim.request('POST', '/.PREVIEW', '{}', '{"METHOD": "PATCH", "path": "/Users/00000000-0000-7000-8000-000000000001", "headers": {"Prefer": "return=minimal"}, "data": {"Operations": [{"op": "add", "path": "title", "value": "W"}]}}') r;
SELECT r.status, r.body::jsonb ->> 'detail' AS detail FROM (VALUES ('{}'), ('{"method": "GET"}'), ('{"method": 5, "path": "/"}'), ('{"method": "GET", "path": ""}'), ('{"method": "GET", "path": "/", "headers": []}'), ('{"method": "POST", "path": "/Users", "data": "x"}'), ('{"method": "GET", "path": "/", "dry": true}'), ('{"schemas": ["urn:else"], "method": "GET", "path": "/"}'), ('[]'), ('')) b (body), scim.request('POST', '/.preview', '{}', b.body) r;
SELECT r.status, r.body::jsonb ->> 'status' AS its, r.body::jsonb #>> '{body,detail}' AS detail FROM (VALUES ('{"method": "POST", "path": "/.preview", "data": {"method": "GET", "path": "/Users"}}'), ('{"method": "POST", "path": "/Users"}'), ('{"method": "GET", "path": "/", "headers": {"a": 1}}'), ('{"method": "POST", "path": "/Bulk", "data": {"Operations": [{"method": "POST", "path": "/.preview", "bulkId": "x", "data": {}}]}}')) b (body), scim.request('POST', '/.preview', '{}', b.body) r;
SELECT type, r.body::jsonb ->> 'status' AS its FROM unnest(ARRAY['text/plain', 'application/xml', 'application/scim+json', 'application/json; charset=utf-8']) WITH ORDINALITY AS t (type, n), scim.request('POST', '/.preview', '{}', jsonb_build_object('method', 'POST', 'path', '/Users', 'headers', jsonb_build_object('Content-Type', type), 'data', '{"userName": "typed"}'::jsonb)::text) r ORDER BY n;
SELECT r.status, r.headers ->> 'Allow' AS allow FROM scim.request('GET', '/.preview') r;
SELECT r.status, r.headers ->> 'Allow' AS allow FROM scim.request('OPTIONS', '/.preview') r;
SELECT r.status FROM scim.request('POST', '/.preview?filter=x', '{}', '{"method": "GET", "path": "/"}') r;
SELECT r.status FROM scim.request('POST', '/.preview/x', '{}', '{"method": "GET", "path": "/"}') r;
-- limits hold
SET scim.max_body_size = 100;
SELECT r.status FROM scim.request('POST', '/.preview', '{}', '{"method": "POST", "path": "/Users", "data": {"userName": "a name that is rather long for what may be said here, as one sees"}}') r;
RESET scim.max_body_size;
SET scim.max_body_passwords = 1;
SELECT r.body::jsonb ->> 'status' AS its FROM scim.request('POST', '/.preview', '{}', '{"method": "POST", "path": "/Bulk", "data": {"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "a", "password": "secret one"}}, {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "b", "password": "secret two"}}]}}') r;
SELECT jsonb_path_query_array(r.body::jsonb, '$.body.Operations[*].status') AS statuses FROM scim.request('POST', '/.preview', '{}', '{"method": "POST", "path": "/Bulk", "data": {"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "a", "password": "secret one"}}, {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "b", "password": "secret two"}}]}}') r;
RESET scim.max_body_passwords;

-- endpoints of one's own, and tables that are bound
INSERT INTO whatif.endpoint (name, methods, path, resource_type, action, settings) VALUES ('make', '{POST}', '/api/people', 'User', 'create', '{"fields": {"login": "userName", "job": "title"}}');
CREATE SCHEMA whatif_app;
CREATE TABLE whatif_app.person (id int PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, email text NOT NULL, job text);
SELECT count(*) FROM scim.bind_table('User', 'whatif_app.person', '{"attributes": {"userName": "email", "title": "job"}}');
SELECT pg_temp.state() AS before \gset
SELECT status, body::jsonb ->> 'job' AS job, jsonb_path_query_array(changes, '$[*].operations') AS changes, regexp_replace(tables::text, '\d+', 'N') AS tables FROM scim.preview('POST', '/api/people', '{}', '{"login": "flat", "job": "J"}');
SELECT r.status, r.body::jsonb #>> '{body,job}' AS job FROM scim.request('POST', '/.preview', '{}', '{"method": "POST", "path": "/api/people", "data": {"login": "flat", "job": "J"}}') r;
SELECT status, regexp_replace(tables::text, '\d+', 'N') AS tables FROM scim.preview('PATCH', '/Users/00000000-0000-7000-8000-000000000001', '{}', '{"Operations": [{"op": "add", "path": "title", "value": "bound"}]}');
SELECT status, regexp_replace(tables::text, '\d+', 'N') AS tables FROM scim.preview('DELETE', '/Users/00000000-0000-7000-8000-000000000001');
SELECT count(*) FROM whatif_app.person WHERE job IS NOT NULL;
SELECT pg_temp.state() = :'before' AS unchanged;

-- scopes bind: what may be asked, and what is told
INSERT INTO whatif.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000f1', '{"userName": "scoped", "title": "secret title"}');
UPDATE whatif.groups SET data = data || '{"members": [{"value": "00000000-0000-7000-8000-0000000000f1"}]}';
CREATE TEMP TABLE token AS SELECT name, t.secret FROM (VALUES ('reads users', '{User:read}'::text[]), ('writes groups', '{Group:read,Group:write}')) v (name, scopes), scim.create_token(name, scopes => v.scopes) t;
BEGIN;
SELECT scim.authenticate('Bearer ' || secret) FROM token WHERE name = 'reads users';
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.preview('DELETE', '/Users/00000000-0000-7000-8000-0000000000f1');
SELECT status FROM scim.preview('GET', '/Users/00000000-0000-7000-8000-0000000000f1');
SELECT r.status, r.body::jsonb ->> 'status' AS its FROM scim.request('POST', '/.preview', '{}', '{"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-0000000000f1"}') r;
ROLLBACK;
CREATE FUNCTION whatif.follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN UPDATE whatif.users SET data = data || '{"title": "told to nobody"}' WHERE user_name = 'scoped'; RETURN NULL; END $$;
CREATE TRIGGER follow AFTER UPDATE ON whatif.groups FOR EACH ROW WHEN (NEW.display_name = 'follow') EXECUTE FUNCTION whatif.follow();
BEGIN;
SELECT scim.authenticate('Bearer ' || secret) FROM token WHERE name = 'writes groups';
SELECT status, changes, tables, jsonb_path_query_array(events, '$[*].attributes') AS told FROM scim.preview('PATCH', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}', '{"Operations": [{"op": "replace", "path": "displayName", "value": "follow"}]}');
ROLLBACK;

-- in which groups somebody is whom one may delete: these are not there for who may not read them, nor are their events
UPDATE whatif.groups SET data = data || '{"members": [{"value": "00000000-0000-7000-8000-0000000000f1"}]}' WHERE id = '00000000-0000-7000-8000-0000000000a1';
INSERT INTO token SELECT name, t.secret FROM (VALUES ('all', NULL::text[]), ('writes users', '{User:read,User:write}')) v (name, scopes), scim.create_token(name, scopes => v.scopes) t;
CREATE TEMP TABLE told (name text, types text, events text, complete boolean);
DO $$
DECLARE
    credential record;
BEGIN
    FOR credential IN SELECT * FROM token WHERE name IN ('all', 'writes users') ORDER BY name LOOP
        PERFORM scim.authenticate('Bearer ' || credential.secret);
        INSERT INTO told SELECT credential.name, jsonb_path_query_array(p.changes, '$[*].resourceType'), jsonb_path_query_array(p.events, '$[*].resourceType'), p.complete
            FROM scim.preview('DELETE', '/Users/00000000-0000-7000-8000-0000000000f1') p;
    END LOOP;
END $$;
SELECT * FROM told ORDER BY name;

-- as a role of the database: what he may not do, and rows that he may not see
-- of a group that is too large the change itself is told, and what is missing is of its members
BEGIN;
INSERT INTO whatif.groups (id, data) SELECT '00000000-0000-7000-8000-0000000000b1', jsonb_build_object('displayName', 'large', 'members', jsonb_agg(jsonb_build_object('value', gen_random_uuid()))) FROM generate_series(1, 10050);
CREATE FUNCTION pg_temp.large(method text, body jsonb) RETURNS TABLE (status int, complete boolean, changes text, events text) LANGUAGE sql AS $$
    SELECT p.status, p.complete, (SELECT string_agg(format('%s %s %s: %s, %s members', c ->> 'resourceType', c -> 'operations', c -> 'version', (SELECT jsonb_agg(d -> 'path') FROM jsonb_array_elements(c -> 'difference') d WHERE d ->> 'path' !~ 'members'),
            (SELECT count(*) FROM jsonb_array_elements(c -> 'difference') d WHERE d ->> 'path' ~ 'members')), '; ') FROM jsonb_array_elements(p.changes) c),
        jsonb_path_query_array(p.events, '$[*].event')::text
    FROM scim.preview(method, '/Groups/00000000-0000-7000-8000-0000000000b1', '{}', body::text) p $$;
SELECT * FROM pg_temp.large('PATCH', '{"Operations": [{"op": "remove", "path": "members"}, {"op": "replace", "path": "displayName", "value": "empty"}]}');
SELECT * FROM pg_temp.large('PUT', '{"displayName": "empty", "members": []}');
SELECT * FROM pg_temp.large('DELETE', NULL);
SELECT * FROM pg_temp.large('PATCH', '{"Operations": [{"op": "replace", "path": "displayName", "value": "same members"}]}');
-- what is undone is not missing
SELECT status, complete, jsonb_path_query_array(changes, '$[*].operations') AS changes FROM scim.preview('POST', '/Bulk', '{}', '{"Operations": [
    {"method": "PATCH", "path": "/Groups/00000000-0000-7000-8000-0000000000b1", "data": {"Operations": [{"op": "remove", "path": "members"}, {"op": "add", "path": "nonsense", "value": "T"}]}},
    {"method": "POST", "path": "/Groups", "bulkId": "c", "data": {"displayName": "d"}}]}');
ROLLBACK;

CREATE ROLE regress_scim_curious;
GRANT USAGE ON SCHEMA whatif TO regress_scim_curious;
GRANT SELECT ON whatif.resource, whatif.users, whatif.groups, whatif.member TO regress_scim_curious;
INSERT INTO whatif.tenant_role (role, tenant_id) VALUES ('regress_scim_curious', 1);
SET ROLE regress_scim_curious;
SELECT status FROM scim.preview('DELETE', '/Users/00000000-0000-7000-8000-0000000000f1');
SELECT status FROM scim.preview('GET', '/Users/00000000-0000-7000-8000-0000000000f1');
RESET ROLE;
GRANT UPDATE ON whatif.resource, whatif.groups, whatif.member TO regress_scim_curious;
CREATE POLICY hidden ON whatif.resource AS RESTRICTIVE FOR SELECT TO regress_scim_curious USING (user_name IS DISTINCT FROM 'scoped');
SET ROLE regress_scim_curious;
SELECT status, changes FROM scim.preview('PATCH', '/Groups/00000000-0000-7000-8000-0000000000a1', '{}', '{"Operations": [{"op": "replace", "path": "displayName", "value": "follow"}]}');
RESET ROLE;
REVOKE ALL ON whatif.resource, whatif.groups, whatif.member FROM regress_scim_curious;

-- within a preview there is no other one
CREATE FUNCTION whatif.again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM scim.preview('GET', '/Users'); RETURN NULL; END $$;
CREATE TRIGGER again AFTER INSERT ON whatif.users FOR EACH ROW EXECUTE FUNCTION whatif.again();
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.preview('POST', '/Users', '{}', '{"userName": "again"}');
SELECT status FROM scim.request('POST', '/Users', '{}', '{"userName": "again"}');
DROP TRIGGER again ON whatif.users;

-- what is linked
INSERT INTO whatif.policy (resource_type, kind) VALUES ('User', 'link');
SELECT status, headers ->> 'Location' AS location, jsonb_path_query_array(events, '$[*].operation') AS events FROM scim.preview('POST', '/Users', '{}', '{"userName": "scoped", "title": "linked"}');
SELECT count(*) FROM whatif.origin;
INSERT INTO whatif.users (data) SELECT jsonb_build_object('userName', 'met' || n) FROM generate_series(1, 3) n;
CREATE TEMP TABLE linking AS SELECT n, v.body, c #>> '{operations}' AS operations, (c ->> 'version')::bigint AS version
FROM (VALUES (1, '{"userName": "met1", "title": "t"}'), (2, '{"userName": "met2"}'), (3, '{"userName": "met3", "externalId": "x"}')) v (n, body), scim.preview('POST', '/Users', '{}', v.body), jsonb_array_elements(changes) c;
UPDATE whatif.policy SET settings = '{"document": "keep"}' WHERE kind = 'link';
INSERT INTO linking SELECT n, v.body, c #>> '{operations}' AS operations, (c ->> 'version')::bigint AS version
FROM (VALUES (4, '{"userName": "met1", "title": "t"}'), (5, '{"userName": "met3", "externalId": "x"}')) v (n, body), scim.preview('POST', '/Users', '{}', v.body), jsonb_array_elements(changes) c;
UPDATE whatif.policy SET settings = '{}' WHERE kind = 'link';
CREATE TEMP TABLE linked AS SELECT n, (r.body::jsonb ->> 'id')::uuid AS id FROM linking l, scim.request('POST', '/Users', '{}', l.body) r WHERE n < 4;
SELECT n, operations AS previewed, version, (SELECT jsonb_agg(h.operation ORDER BY h.version, h.at) FROM scim.history(id) h WHERE h.operation <> 'create') AS done, (SELECT max(h.version) FROM scim.history(id) h) AS version FROM linking JOIN linked USING (n) ORDER BY n;
SELECT n, operations, version FROM linking WHERE n > 3 ORDER BY n;
-- where there is no store
SET scim.store = 'nowhere';
SELECT status, body::jsonb ->> 'detail' AS detail, changes FROM scim.preview('GET', '/Users');
SET scim.store = 'whatif';
-- very many
INSERT INTO whatif.groups (id, data) SELECT '00000000-0000-7000-8000-0000000000a9', jsonb_build_object('displayName', 'many', 'members', jsonb_agg(jsonb_build_object('value', scim.uuid_v7()))) FROM generate_series(1, 10050);
SELECT status, complete, jsonb_array_length(changes #> '{0,difference}') BETWEEN 9990 AND 10001 AS cut FROM scim.preview('PATCH', '/Groups/00000000-0000-7000-8000-0000000000a9', '{}', '{"Operations": [{"op": "remove", "path": "members"}]}');
SET client_min_messages = warning;
DROP SCHEMA whatif_app CASCADE;
DROP SCHEMA whatif CASCADE;
DROP ROLE regress_scim_curious;
