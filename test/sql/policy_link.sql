-- The policy "link": a POST that meets a resource which is nobody's becomes that one
\set VERBOSITY terse
SELECT scim.create_store('adopt');
SET scim.store = 'adopt';
UPDATE adopt.policy SET enabled = true WHERE kind = 'events';
CREATE TEMP TABLE token AS SELECT name, t.secret, t.id FROM unnest('{Okta,Entra,backend}'::text[]) AS name, LATERAL scim.create_token(name) t;
GRANT SELECT ON token TO PUBLIC;
CREATE FUNCTION pg_temp.without_ids(text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace($1, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g') $$;
-- one request of somebody, who is proved until the transaction ends
CREATE FUNCTION pg_temp.say(reply scim.response) RETURNS text LANGUAGE sql AS $$
    SELECT reply.status || coalesce(' ' || (reply.body::jsonb ->> 'scimType'), '') || coalesce(' ' || pg_temp.without_ids(reply.body::jsonb ->> 'detail'), '')
$$;
CREATE PROCEDURE pg_temp.post(who text, target text, body text, method text DEFAULT 'POST') LANGUAGE plpgsql AS $$
DECLARE
    reply scim.response;
BEGIN
    PERFORM scim.authenticate('Bearer ' || t.secret) FROM token t WHERE t.name = who;
    reply := scim.request(method, target, '{}', body);
    RAISE NOTICE '%: %', who, pg_temp.say(reply);
    COMMIT;
END $$;

-- what is there already: of the application
INSERT INTO adopt.users (data) VALUES
    ('{"userName": "ann", "displayName": "Ann of old", "emails": [{"value": "ann@example.com", "primary": true}], "title": "Clerk", "active": true}'),
    ('{"userName": "bob", "emails": ["bob@example.com"]}'),
    ('{"userName": "cid", "emails": [{"value": "cid@example.com", "primary": true}, {"value": "ann@example.com", "type": "other"}]}'),
    ('{"userName": "dan", "externalId": "HR-4"}'),
    ('{"userName": "eve", "active": false}'),
    ('{"userName": "fay", "emails": ["shared@example.com"]}'),
    ('{"userName": "ian", "userType": "robot"}');
INSERT INTO adopt.users (id, data) VALUES ('00000000-0000-7000-8000-000000000007', '{"userName": "gus", "emails": ["SHARED@example.com"]}');
SELECT count(*) FROM adopt.origin;

-- without a policy: as ever
CALL pg_temp.post('Okta', '/Users', '{"userName": "ann"}');

-- what cannot work is refused
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": ["id"]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": ["password"]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": ["groups"]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": ["active"]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": ["emails", "emails.value"]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": []}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": [5]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": [{"attribute": "userName", "do": "link"}]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": [{"attribute": "userName", "action": "steal"}]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": [{"action": "link"}]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"by": []}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"by": [""]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"document": "lose"}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"inactive": true}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"externalId": "keep"}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"when": "boss pr"}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"unknown": 1}');

-- a report beforehand, of settings that are not in force
SELECT candidate, action, u.user_name, matched_by, reason
FROM scim.link_candidates('User', '["ann", "ANN", "bob@example.com", "zoe", "shared@example.com", "ann@example.com", {"userName": "dan"}, {"userName": "dan", "externalId": "HR-4"}, {"userName": "eve"}, {"userName": "bob", "emails": ["cid@example.com"]}, {"title": "nobody"}, 7]',
    settings => '{"match": ["externalId", "userName", "emails"]}') c LEFT JOIN adopt.users u ON u.id = c.resource_id;
SELECT candidate, action, u.user_name, matched_by, reason
FROM scim.link_candidates('User', settings => '{"match": ["externalId", "userName", "emails"], "when": "userType ne \"robot\""}') c LEFT JOIN adopt.users u ON u.id = c.resource_id ORDER BY u.user_name;
SELECT * FROM scim.link_candidates('User', NULL, 'role: somebody');
SELECT * FROM scim.link_candidates('User', settings => '{"match": 1}');
SELECT * FROM scim.link_candidates('User', '{}', settings => '{}');
SELECT * FROM scim.link_candidates('Robot', settings => '{}');
SELECT * FROM scim.link_candidates(NULL);

-- who is linked by name: what is stated is changed, the rest stays
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"match": ["externalId", "userName", "emails"], "by": ["Okta", "Entra"], "when": "userType ne \"robot\""}');
DELETE FROM adopt.event;
CALL pg_temp.post('Okta', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "7", "userName": "Ann", "externalId": "okta-1", "name": {"givenName": "Ann", "familyName": "Ames"}, "emails": [{"value": "ann@new.example.com", "primary": true}], "active": true, "meta": {"version": "W/\"9\""}, "groups": [{"value": "x"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Sales"}}');
SELECT user_name, external_id, version, data - 'schemas' AS data FROM adopt.users WHERE external_id = 'okta-1';
SELECT o.actor, o.token_id = t.id AS token, o.linked_at IS NOT NULL AS linked, o.released_at FROM adopt.origin o, token t WHERE t.name = 'Okta';
SELECT operation, actor, version, detail FROM adopt.audit WHERE resource_id = (SELECT id FROM adopt.users WHERE external_id = 'okta-1') ORDER BY at, id;
SELECT event_uri, operation, version, attributes, data FROM adopt.event ORDER BY id;
SELECT operation, difference IS NOT NULL AS known FROM scim.history((SELECT id FROM adopt.users WHERE external_id = 'okta-1')) ORDER BY at;
-- once: by the same one, and by another one
CALL pg_temp.post('Okta', '/Users', '{"userName": "ann", "externalId": "okta-1"}');
CALL pg_temp.post('Entra', '/Users', '{"userName": "ann"}');
CALL pg_temp.post('Entra', '/Users', '{"userName": "another", "emails": [{"value": "ann@new.example.com", "primary": true}]}');
-- by an address that is the primary one, and no other
CALL pg_temp.post('Okta', '/Users', '{"userName": "robert", "emails": ["BOB@example.com"]}');
SELECT user_name, version FROM adopt.users WHERE user_name IN ('bob', 'robert');
CALL pg_temp.post('Okta', '/Users', '{"userName": "new.ann", "emails": [{"value": "ann@example.com"}]}');
SELECT count(*) FROM adopt.users WHERE user_name = 'new.ann';
-- nobody can tell
CALL pg_temp.post('Okta', '/Users', '{"userName": "x", "emails": ["shared@example.com"]}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "fay", "emails": ["cid@example.com"]}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "cid", "emails": ["ann@new.example.com"]}');
-- another externalId, who is not active, who is not to be
CALL pg_temp.post('Okta', '/Users', '{"userName": "dan", "externalId": "okta-4"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "dan"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "eve"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "ian"}');
-- for whom there is no policy
CALL pg_temp.post('backend', '/Users', '{"userName": "fay"}');
CALL pg_temp.post('backend', '/Users', '{"userName": "made.by.backend"}');
-- what is wrong is told of as ever
CALL pg_temp.post('Okta', '/Users', '{"userName": "fay", "nonsense": 1}');
CALL pg_temp.post('Okta', '/Users', '{"displayName": "fay"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "gus", "emails": [{"value": 5}]}');
CALL pg_temp.post('Okta', '/Users', '[]');
-- what the backend has made by POST is nobody's, as the policy is not for it; what Okta makes is Okta's
CALL pg_temp.post('Entra', '/Users', '{"userName": "made.by.backend", "title": "Found"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "made.by.okta"}');
CALL pg_temp.post('Entra', '/Users', '{"userName": "made.by.okta"}');
-- one that is found by a search, and gets an externalId by PATCH, is taken as well
INSERT INTO adopt.users (data) VALUES ('{"userName": "hal"}'), ('{"userName": "hob"}');
SELECT id AS hal FROM adopt.users WHERE user_name = 'hal' \gset
CALL pg_temp.post('Okta', '/Users/' || :'hal', '{"Operations": [{"op": "add", "path": "externalId", "value": "okta-8"}]}', 'PATCH');
CALL pg_temp.post('Entra', '/Users', '{"userName": "hal", "externalId": "okta-8"}');
-- one that was deleted, or is being off-boarded
DELETE FROM adopt.users WHERE user_name = 'hob';
CALL pg_temp.post('Okta', '/Users', '{"userName": "hob"}');
SELECT user_name, status, external_id FROM adopt.users WHERE user_name = 'hob' ORDER BY id;

-- the report of what is in force
SELECT candidate ->> 'userName' AS user_name, action, matched_by, reason FROM scim.link_candidates('User', NULL, 'Okta') ORDER BY 1;
SELECT * FROM scim.link_candidates('User', '["x"]', 'nobody');

-- nobody's again
SELECT scim.unlink_resource('User', id) FROM adopt.users WHERE user_name = 'ann' OR external_id = 'okta-1';
SELECT scim.unlink_resource('User', id) FROM adopt.users WHERE user_name = 'Ann' AND deleted_at IS NULL;
SELECT external_id, version FROM adopt.users WHERE user_name = 'Ann';
SELECT actor, linked_at, released_at IS NOT NULL AS released FROM adopt.origin o JOIN adopt.users u ON u.id = o.resource_id WHERE u.user_name = 'Ann';
SELECT operation, detail FROM adopt.audit WHERE operation IN ('link', 'unlink') ORDER BY id;
UPDATE adopt.policy SET name = 'again' WHERE kind = 'link';
CALL pg_temp.post('Entra', '/Users', '{"userName": "ANN", "externalId": "entra-1"}');
SELECT external_id FROM adopt.users WHERE user_name = 'ANN';
SELECT scim.unlink_resource('User', '00000000-0000-7000-8000-000000000001'::uuid);

-- who was made before there was a policy is known by the audit
DELETE FROM adopt.policy WHERE kind = 'link';
CALL pg_temp.post('Okta', '/Users', '{"userName": "early"}');
SELECT action, reason FROM scim.link_candidates('User', '["early"]', settings => '{"by": ["Okta"]}');
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'link', '{"document": "replace", "inactive": "keep", "externalId": "replace"}');
CALL pg_temp.post('Entra', '/Users', '{"userName": "early"}');

-- the document is replaced; who is not active stays so
CALL pg_temp.post('Okta', '/Users', '{"userName": "dan", "externalId": "okta-4", "title": "Boss"}');
SELECT data - 'schemas' AS data FROM adopt.users WHERE user_name = 'dan';
UPDATE adopt.users SET data = data || '{"nickName": "E"}' WHERE user_name = 'eve';
CALL pg_temp.post('Okta', '/Users', '{"userName": "eve", "active": true, "title": "Boss"}');
SELECT data - 'schemas' AS data, status FROM adopt.users WHERE user_name = 'eve';
-- or is activated
SELECT scim.unlink_resource('User', id) FROM adopt.users WHERE user_name = 'eve';
UPDATE adopt.policy SET settings = '{"inactive": "activate"}' WHERE kind = 'link';
CALL pg_temp.post('Okta', '/Users', '{"userName": "eve", "title": "Chief"}');
SELECT data - 'schemas' AS data, status, version FROM adopt.users WHERE user_name = 'eve';
UPDATE adopt.policy SET settings = '{"mode": "offboard", "deactivate": false}' WHERE kind = 'delete' AND resource_type = 'User';
DELETE FROM adopt.users WHERE user_name = 'fay';
SELECT status, active FROM adopt.users WHERE user_name = 'fay';
CALL pg_temp.post('Okta', '/Users', '{"userName": "fay"}');
SELECT status, active FROM adopt.users WHERE user_name = 'fay';
-- or is asked for as not active
INSERT INTO adopt.users (data) VALUES ('{"userName": "kim", "active": false}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "kim", "active": false, "title": "Away"}');
SELECT data - 'schemas' AS data, status FROM adopt.users WHERE user_name = 'kim';
-- only externalId
UPDATE adopt.policy SET settings = '{"document": "keep"}' WHERE kind = 'link';
INSERT INTO adopt.users (data) VALUES ('{"userName": "leo", "title": "Lion"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "leo", "externalId": "okta-9", "title": "Cat", "password": "secret of Okta"}');
SELECT data - 'schemas' AS data, (SELECT count(*) FROM adopt.credential) AS passwords FROM adopt.users WHERE user_name = 'leo';
-- 409 and 403, each attribute as it says
UPDATE adopt.policy SET settings = '{"match": [{"attribute": "externalId", "action": "refuse"}, {"attribute": "displayName", "action": "conflict"}, "userName"]}' WHERE kind = 'link';
INSERT INTO adopt.users (data) VALUES ('{"userName": "max", "externalId": "m", "displayName": "Max"}'), ('{"userName": "moe", "displayName": "Moe"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "max", "externalId": "m"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "moe", "displayName": "moe"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "moe"}');

-- without credentials: whoever POSTs, and a function is nobody's POST
UPDATE adopt.policy SET settings = '{"document": "merge"}' WHERE kind = 'link';
SELECT scim.create_resource('User', '{"userName": "ned"}') ->> 'userName' AS made;
SELECT pg_temp.say(scim.request('POST', '/Users', '{}', '{"userName": "ned"}'));
SELECT pg_temp.say(scim.request('POST', '/Users', '{}', '{"userName": "ned"}'));
SELECT scim.create_resource('User', '{"userName": "ned"}') ->> 'userName' AS made;
SELECT o.actor = 'role: ' || current_user AS by_role, o.token_id FROM adopt.origin o JOIN adopt.users u ON u.id = o.resource_id WHERE u.user_name = 'ned';

-- a request is 201, with the place and the entity-tag of the one that was there
INSERT INTO adopt.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000aa', '{"userName": "oda"}');
SELECT r.status, r.headers ->> 'Location' AS location, r.headers ->> 'ETag' AS etag, r.body::jsonb -> 'meta' ->> 'version' AS version, r.body::jsonb ->> 'title' AS title
FROM scim.request('POST', '/Users', '{}', '{"userName": "oda", "title": "Linked"}') r;

-- groups, by their names: members come beside those that are there
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('Group', 'link', '{}');
INSERT INTO adopt.groups (id, data) SELECT '00000000-0000-7000-8000-0000000000bb', jsonb_build_object('displayName', 'Sales', 'members', jsonb_agg(jsonb_build_object('value', id))) FROM adopt.users WHERE user_name IN ('leo', 'moe');
SELECT pg_temp.say(scim.request('POST', '/Groups', '{}', jsonb_build_object('displayName', 'SALES', 'externalId', 'g1', 'members', jsonb_build_array(jsonb_build_object('value', id)))::text)) FROM adopt.users WHERE user_name = 'oda';
SELECT u.user_name FROM adopt.member m JOIN adopt.users u ON u.id = m.member_id ORDER BY 1;
SELECT display_name, external_id, version FROM adopt.groups;
SELECT pg_temp.say(scim.request('POST', '/Groups', '{}', '{"displayName": "sales"}'));

-- in a bulk request a reference leads to the one that was linked, forwards, backwards, in circles
INSERT INTO adopt.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000c1', '{"userName": "pia"}'), ('00000000-0000-7000-8000-0000000000c2', '{"userName": "quin"}');
INSERT INTO adopt.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000d1', '{"displayName": "Ring 1"}'), ('00000000-0000-7000-8000-0000000000d2', '{"displayName": "Ring 2"}');
SELECT o ->> 'bulkId' AS bulk_id, o ->> 'status' AS status, pg_temp.without_ids(o ->> 'location') AS location, o ->> 'location' LIKE '%/00000000-%' AS was_there, o -> 'response' ->> 'detail' AS detail
FROM scim.request('POST', '/Bulk', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
    {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Bulk", "members": [{"value": "bulkId:p"}, {"value": "bulkId:n"}]}},
    {"method": "POST", "path": "/Users", "bulkId": "p", "data": {"userName": "pia"}},
    {"method": "POST", "path": "/Users", "bulkId": "n", "data": {"userName": "newcomer", "manager": {"value": "bulkId:p"}}},
    {"method": "PATCH", "path": "/Users/bulkId:p", "data": {"Operations": [{"op": "replace", "path": "title", "value": "Patched"}, {"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": {"value": "bulkId:q"}}]}},
    {"method": "POST", "path": "/Users", "bulkId": "q", "data": {"userName": "quin", "profileUrl": "https://example.com/bulkId:q", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:q"}}}},
    {"method": "POST", "path": "/Groups", "bulkId": "r1", "data": {"displayName": "Ring 1", "members": [{"value": "bulkId:r2"}]}},
    {"method": "POST", "path": "/Groups", "bulkId": "r2", "data": {"displayName": "Ring 2", "members": [{"value": "bulkId:r1"}, {"value": "bulkId:p"}]}}]}') r, jsonb_array_elements(r.body::jsonb -> 'Operations') o;
SELECT o ->> 'bulkId' AS bulk_id, o ->> 'status' AS status, o ->> 'location' LIKE '%/00000000-%' AS was_there, o -> 'response' ->> 'detail' AS detail
FROM scim.request('POST', '/Bulk', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
    {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Bulk", "members": [{"value": "bulkId:p"}, {"value": "bulkId:n"}]}},
    {"method": "POST", "path": "/Users", "bulkId": "p", "data": {"userName": "pia"}},
    {"method": "POST", "path": "/Users", "bulkId": "n", "data": {"userName": "newcomer", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:p"}}}}]}') r, jsonb_array_elements(r.body::jsonb -> 'Operations') o;
SELECT g.display_name, coalesce(u.user_name, m2.display_name) AS member FROM adopt.groups g JOIN adopt.member m ON m.group_id = g.id LEFT JOIN adopt.users u ON u.id = m.member_id LEFT JOIN adopt.groups m2 ON m2.id = m.member_id WHERE g.display_name <> 'Sales' ORDER BY 1, 2;
SELECT u.user_name, u.data ->> 'title' AS title, u.data ->> 'profileUrl' AS url, m.user_name AS manager FROM adopt.users u LEFT JOIN adopt.users m ON m.id::text = u.data #>> '{urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,manager,value}' WHERE u.user_name IN ('pia', 'quin', 'newcomer') ORDER BY 1;

-- who belongs to somebody by a policy "managed" is not linked by others
INSERT INTO token SELECT 'HR', t.secret, t.id FROM scim.create_token('HR') t;
UPDATE adopt.policy SET settings = '{"by": ["Okta"]}' WHERE kind = 'link' AND resource_type = 'User';
INSERT INTO adopt.policy (resource_type, kind, name, settings) VALUES ('User', 'managed', 'own', '{"owner": "HR", "resources": "own"}');
CALL pg_temp.post('HR', '/Users', '{"userName": "rex"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "rex", "title": "King"}');
UPDATE adopt.policy SET settings = '{"owner": "HR", "operations": ["create"]}' WHERE kind = 'managed';
CALL pg_temp.post('Okta', '/Users', '{"userName": "gus"}');
UPDATE adopt.policy SET settings = '{"owner": "HR", "attributes": ["title"]}' WHERE kind = 'managed';
CALL pg_temp.post('Okta', '/Users', '{"userName": "gus", "title": "Gee"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "gus", "nickName": "Gee"}');
-- and what is linked is the owner's own
UPDATE adopt.policy SET settings = '{"owner": "Okta", "resources": "own"}' WHERE kind = 'managed';
UPDATE adopt.users SET data = data || '{"nickName": "Gi"}' WHERE user_name = 'gus';
SELECT scim.unlink_resource('User', id) FROM adopt.users WHERE user_name = 'gus';
UPDATE adopt.users SET data = data || '{"nickName": "Gi"}' WHERE user_name = 'gus';
DELETE FROM adopt.policy WHERE kind = 'managed';

-- policies of the document hold as ever; nothing is linked then
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'generate', '{"attributes": {"userName": "{emails.value}"}}');
INSERT INTO adopt.users (data) VALUES ('{"emails": ["tia@example.com"]}');
CALL pg_temp.post('Okta', '/Users', '{"emails": ["TIA@example.com"], "title": "Aunt"}');
SELECT user_name, data ->> 'title' AS title FROM adopt.users WHERE user_name ILIKE 'tia%';
UPDATE adopt.policy SET enabled = false WHERE kind = 'generate';
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'fixed', '{"attributes": ["title"]}');
INSERT INTO adopt.users (data) VALUES ('{"userName": "uma", "title": "One"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "uma", "title": "Two"}');
SELECT count(*) FROM adopt.origin o JOIN adopt.users u ON u.id = o.resource_id WHERE u.user_name = 'uma';
CALL pg_temp.post('Okta', '/Users', '{"userName": "uma", "title": "One"}');
DELETE FROM adopt.policy WHERE kind = 'fixed';

-- an event of one's own
INSERT INTO adopt.policy (resource_type, kind, settings) VALUES ('User', 'emit', '{"event": "urn:example:linked", "on": ["link"], "data": ["userName"]}');
INSERT INTO adopt.users (data) VALUES ('{"userName": "vic"}');
CALL pg_temp.post('Okta', '/Users', '{"userName": "vic"}');
SELECT event_uri, operation, data FROM adopt.event WHERE event_uri LIKE 'urn:example:%';

-- tenants: nobody of another one is met, and a tenant's policy is his
INSERT INTO adopt.tenant VALUES (2, 'another');
SET scim.tenant = 2;
INSERT INTO adopt.users (data) VALUES ('{"userName": "wim"}');
RESET scim.tenant;
SELECT pg_temp.say(scim.request('POST', '/Users', '{}', '{"userName": "wim"}'));
INSERT INTO adopt.policy (tenant_id, resource_type, kind, enabled) VALUES (2, 'User', 'link', false);
UPDATE adopt.policy SET name = 'link', settings = '{}' WHERE kind = 'link' AND resource_type = 'User' AND tenant_id IS NULL;
SET scim.tenant = 2;
SELECT pg_temp.say(scim.request('POST', '/Users', '{}', '{"userName": "wim"}'));
RESET scim.tenant;

-- a bound table: its rows are nobody's, and follow
CREATE SCHEMA adopt_app;
CREATE TABLE adopt_app.person (id serial PRIMARY KEY, email text NOT NULL UNIQUE, job text);
INSERT INTO adopt_app.person (email, job) SELECT 'p' || n || '@example.com', 'job ' || n FROM generate_series(1, 5) n;
SELECT side, count(*) FROM scim.bind_table('User', 'adopt_app.person', '{"attributes": {"userName": "email", "title": "job"}}') GROUP BY 1;
SELECT candidate, action FROM scim.link_candidates('User') WHERE candidate ->> 'userName' ~ '^p[0-9]';
SELECT pg_temp.say(scim.request('POST', '/Users', '{}', '{"userName": "p3@example.com", "title": "Linked", "externalId": "x3"}'));
SELECT * FROM adopt_app.person ORDER BY id;
SELECT * FROM scim.check_binding();
SELECT candidate, action FROM scim.link_candidates('User') WHERE candidate ->> 'userName' ~ '^p[0-9]';

-- by an endpoint of one's own
INSERT INTO adopt.endpoint (name, methods, path, resource_type, action, settings) VALUES ('make', '{POST}', '/api/people', 'User', 'create', '{"fields": {"login": "userName", "job": "title"}}');
SELECT r.status, r.body::jsonb ->> 'job' AS job FROM scim.request('POST', '/api/people', '{}', '{"login": "p4@example.com", "job": "Flat"}') r;
SELECT r.status, r.body::jsonb - 'traceId' AS error FROM scim.request('POST', '/api/people', '{}', '{"login": "p4@example.com", "job": "Flat"}') r;

-- who may not ask
CREATE ROLE regress_scim_stranger;
GRANT USAGE ON SCHEMA adopt TO regress_scim_stranger;
GRANT SELECT, UPDATE ON adopt.users, adopt.resource TO regress_scim_stranger;
INSERT INTO adopt.tenant_role (role, tenant_id) VALUES ('regress_scim_stranger', 1);
SET ROLE regress_scim_stranger;
SELECT * FROM scim.link_candidates('User');
SELECT scim.unlink_resource('User', '00000000-0000-7000-8000-0000000000aa');
RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA adopt_app CASCADE;
DROP SCHEMA adopt CASCADE;
DROP ROLE regress_scim_stranger;
