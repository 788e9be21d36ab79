-- The profile "ipsie": the IPSIE AL SCIM profile, AL1 and AL2, row by row as doc/conformance.md has them.
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('ipsie');
SET scim.store = 'ipsie';
SELECT scim.apply_profile('ipsie') > 0 AS applied, scim.apply_profile('ipsie') AS again;
SELECT secret AS idp FROM scim.create_token('identity provider') \gset
SELECT secret AS local FROM scim.create_token('local application') \gset
CREATE FUNCTION pg_temp.ask(secret text, method text, target text, sent text DEFAULT NULL, OUT status int, OUT answer jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.authenticate('Bearer ' || secret);
    SELECT r.status, r.body::jsonb INTO status, answer FROM scim.request(method, target, '{}', sent) r;
END $$;
-- each in a transaction of its own, which ends what is proved
-- P2: it conforms to "interop"; P9: no credentials
SELECT a.answer -> 'interopProfileConformant' AS conformant, a.answer -> 'changePassword' AS change_password, a.answer -> 'bulk' -> 'supported' AS bulk FROM pg_temp.ask(:'idp', 'GET', '/ServiceProviderConfig') a;
SELECT count(*) FILTER (WHERE a ->> 'name' IN ('password', 'x509Certificates')) AS credentials, count(*) FILTER (WHERE a ->> 'name' IN ('userName', 'displayName', 'active', 'emails')) AS others FROM scim.request('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User') r, jsonb_array_elements(r.body::jsonb -> 'attributes') a;
SELECT sent, a.status, a.answer ->> 'scimType' AS scim_type, a.answer ->> 'detail' AS detail FROM unnest(ARRAY['{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", "password": "sesame sesame"}', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", "x509Certificates": [{"value": "AAAA"}]}']) sent, pg_temp.ask(:'idp', 'POST', '/Users', sent) a;
SELECT status, body::jsonb ->> 'scimType' AS scim_type FROM scim.request('GET', '/Users?filter=password+pr');

-- P8: what people and groups have; displayName of groups is unique
SELECT a.status, a.answer ->> 'id' AS id, a.answer -> 'active' AS active, a.answer -> 'externalId' AS external_id FROM pg_temp.ask(:'idp', 'POST', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@example.com", "displayName": "Ada", "active": true, "externalId": "e1", "emails": [{"value": "ada@example.com", "type": "work"}]}') a \gset u_
SELECT a.status, a.answer ->> 'id' AS id, a.answer -> 'members' AS members FROM pg_temp.ask(:'idp', 'POST', '/Groups', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Ops", "externalId": "g1"}') a \gset g_
SELECT :u_status AS user, :'u_active' AS active, :'u_external_id' AS external_id, :g_status AS group_without_members;
SELECT a.status, a.answer ->> 'scimType' AS scim_type FROM pg_temp.ask(:'idp', 'POST', '/Groups', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "OPS"}') a;
SELECT u.user_name, u.display_name, u.active, u.external_id FROM ipsie.users u;

-- P3: nobody else writes, by whatever way
SELECT method, target, a.status, regexp_replace(a.answer ->> 'detail', '[0-9a-f-]{36}', 'ID') AS detail FROM (VALUES ('POST', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "local"}'), ('PATCH', '/Users/', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "x"}]}'),
    ('PUT', '/Users/', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "other"}'), ('DELETE', '/Users/', NULL), ('POST', '/Groups', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Local"}')) t (method, target, sent),
    pg_temp.ask(:'local', method, target || CASE WHEN method <> 'POST' THEN :'u_id' ELSE '' END, sent) a;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || regexp_replace(sqlerrm, '[0-9a-f-]{36}', 'ID');
END $$;
SELECT regexp_replace(statement, '[0-9a-f-]{36}', 'ID', 'g') AS statement, pg_temp.try(statement) AS answer FROM unnest(ARRAY[$$SELECT scim.create_resource('User', '{"userName": "local"}')$$, $$INSERT INTO ipsie.users (data) VALUES ('{"userName": "local"}')$$, $$UPDATE ipsie.users SET data = data || '{"title": "x"}'$$, 'DELETE FROM ipsie.users',
    format('INSERT INTO ipsie.member (group_id, member_id) VALUES (%L, %L)', :'g_id', :'u_id'), format('SELECT scim.suspend_resource(''User'', %L::uuid)', :'u_id'), format('UPDATE ipsie.groups SET data = data || ''{"displayName": "x"}'' WHERE id = %L', :'g_id')]) statement;
-- who logs in is no modification
SELECT scim.record_login(:'u_id'::uuid);

-- P5, P10: in bulk; several attributes in one PATCH; 50 members and more in one
SELECT a.status, (SELECT string_agg(o ->> 'status', ' ') FROM jsonb_array_elements(a.answer -> 'Operations') o) AS operations FROM pg_temp.ask(:'idp', 'POST', '/Bulk', (SELECT jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'::jsonb, 'Operations', jsonb_agg(jsonb_build_object('method', 'POST', 'bulkId', i, 'path', '/Users', 'data', jsonb_build_object('schemas', '["urn:ietf:params:scim:schemas:core:2.0:User"]'::jsonb, 'userName', 'm' || i)))) FROM (SELECT i::text FROM generate_series(1, 60) i) i)::text) a;
SELECT a.status, a.answer ->> 'displayName' AS display_name, a.answer ->> 'title' AS title FROM pg_temp.ask(:'idp', 'PATCH', '/Users/' || :'u_id', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "displayName", "value": "Ada L."}, {"op": "add", "path": "title", "value": "Dr"}]}') a;
SELECT a.status, (SELECT count(*) FROM ipsie.member) AS before FROM pg_temp.ask(:'idp', 'PATCH', '/Groups/' || :'g_id', (SELECT jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', jsonb_agg(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', id))))) FROM ipsie.users)::text) a;
SELECT count(*) AS members FROM ipsie.member;

-- P7: filters
SELECT type, regexp_replace(filter, '[0-9a-f-]{36}', 'ID') AS filter, scim.search(type, filter) -> 'totalResults' AS found FROM (VALUES ('User', 'userName eq "ADA@example.com"'), ('User', 'externalId eq "e1"'), ('User', 'emails[value eq "ada@example.com"]'), ('User', 'emails[type eq "work" and value eq "ada@example.com"]'),
    ('Group', 'displayName eq "ops"'), ('Group', 'externalId eq "g1"'), ('Group', format('members[value eq "%s"]', :'u_id'))) t (type, filter);

-- P11: no more than 1,000 on a page, by cursor, too
SELECT name, value FROM scim.settings() WHERE name IN ('max_results', 'default_results');

-- P6: deactivated and reactivated by PATCH, each told of at once; his sessions are not valid any more; who is deleted leaves his userName
SELECT clock_timestamp() AS login \gset
SELECT scim.session_is_valid(:'u_id'::uuid, :'login') AS before, a.status, scim.session_is_valid(:'u_id'::uuid, :'login') AS after
FROM pg_temp.ask(:'idp', 'PATCH', '/Users/' || :'u_id', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": false}]}') a;
SELECT scim.session_is_valid(:'u_id'::uuid, :'login') AS after;
SELECT a.status FROM pg_temp.ask(:'idp', 'PATCH', '/Users/' || :'u_id', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": true}]}') a;
SELECT scim.session_is_valid(:'u_id'::uuid, :'login') AS one_of_before, scim.session_is_valid(:'u_id'::uuid, clock_timestamp()) AS a_new_one;
SELECT regexp_replace(event_uri, '.*:', '') AS event, at - now() < interval '1 s' AS at_once FROM ipsie.event WHERE resource_id = :'u_id' AND event_uri ~ 'activate' ORDER BY id;
SELECT active, a.status, a.answer -> 'active' AS is_active FROM unnest(ARRAY['false', 'true']) active, pg_temp.ask(:'idp', 'PATCH', '/Users/' || :'u_id', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": %s}]}', active)) a;
SELECT event_uri FROM ipsie.event WHERE resource_id = :'u_id' AND event_uri ~ 'activate' ORDER BY id;
SELECT a.status FROM pg_temp.ask(:'idp', 'DELETE', '/Users/' || :'u_id') a;
SELECT a.status FROM pg_temp.ask(:'idp', 'POST', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "Ada@example.com"}') a;
-- P12: groups map to roles of the application: by a join with its table, and who comes or goes has one role more or less at once
CREATE TABLE pg_temp.role_of_group (external_id text, role text);
INSERT INTO pg_temp.role_of_group VALUES ('g1', 'operator');
CREATE FUNCTION pg_temp.roles() RETURNS TABLE (user_name text, role text) LANGUAGE sql AS
    $$ SELECT u.user_name, m.role FROM pg_temp.role_of_group m JOIN ipsie.groups g USING (external_id) JOIN ipsie.member e ON e.group_id = g.id JOIN ipsie.users u ON u.id = e.member_id WHERE u.user_name IN ('m1', 'm2') ORDER BY 1 $$;
SELECT * FROM pg_temp.roles();
SELECT a.status FROM ipsie.users u, pg_temp.ask(:'idp', 'PATCH', '/Groups/' || :'g_id', format('{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "remove", "path": "members", "value": [{"value": "%s"}]}]}', u.id)) a WHERE u.user_name = 'm1';
SELECT * FROM pg_temp.roles();
-- P13: each write is in the audit, with who did it; tokens may expire; errors tell nothing of the inside
SELECT operation, count(*), bool_and(actor ~ 'identity provider') AS by_idp FROM ipsie.audit WHERE resource_type IN ('User', 'Group') AND operation IN ('create', 'delete', 'suspend', 'reactivate') GROUP BY 1 ORDER BY 1;
SELECT secret AS expired FROM scim.create_token('expiring', clock_timestamp() + interval '10 ms') \gset
SELECT pg_sleep(0.05);
SELECT scim.authenticate('Bearer ' || :'expired');
-- something breaks inside, and says much: the answer says nothing of it
CREATE FUNCTION ipsie.breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM FROM ipsie.secret_inside; RETURN NULL; END $$;
CREATE TRIGGER breaks AFTER INSERT ON ipsie.users FOR EACH ROW EXECUTE FUNCTION ipsie.breaks();
SELECT a.status, a.answer, a.answer::text ~ 'inside|ipsie|SQL|42P01' AS tells FROM pg_temp.ask(:'idp', 'POST', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "broken"}') a;
DROP TRIGGER breaks ON ipsie.users;
-- another writer: the policies are told his name, which stays when the profile is applied again
UPDATE ipsie.policy SET settings = settings || '{"owner": "local application", "breakGlass": ["somebody"]}' WHERE kind = 'managed';
SELECT a.status, left(a.answer ->> 'detail', 60) AS detail FROM pg_temp.ask(:'idp', 'POST', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "y"}') a;
SELECT a.status FROM pg_temp.ask(:'local', 'POST', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "y"}') a;
SELECT part, key, action, "to" -> 'settings' AS settings FROM scim.diff_profile('ipsie');
SELECT scim.apply_profile('ipsie') AS changes, scim.apply_profile('ipsie') AS again;
SELECT resource_type, settings FROM ipsie.policy WHERE kind = 'managed' ORDER BY 1;
-- the id of a resource is exact
SELECT method, a.status FROM (VALUES ('GET', NULL), ('PUT', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "other"}'), ('PATCH', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "x"}]}'), ('DELETE', NULL)) m (method, sent), ipsie.users u, pg_temp.ask(:'local', method, '/Users/' || upper(u.id::text), sent) a WHERE u.user_name = 'm1';

-- what people had before goes with the attribute, and it can be taken away once only
SELECT scim.create_store('before');
SET scim.store = 'before';
INSERT INTO before.users (data) VALUES ('{"userName": "old", "password": "sesame sesame"}');
SELECT scim.verify_password(id, 'sesame sesame') AS verified FROM before.users;
SELECT scim.issue_recovery_code(id) AS code FROM before.users \gset
SELECT scim.apply_profile('{"scim": "profile/1", "schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"password": null, "name.middleName": null}}]}') AS changes;
SELECT scim.apply_profile('{"scim": "profile/1", "schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"password": null, "name.middleName": null}}]}') AS again;
SELECT scim.apply_profile('{"scim": "profile/1", "schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"password": 1}}]}');
-- nobody has one any more, whatever is stored
SELECT scim.verify_password(id, 'sesame sesame') AS verified, scim.redeem_recovery_code(:'code') AS redeemed, (SELECT count(*) FROM before.credential) AS stored FROM before.users;
SELECT body::jsonb -> 'changePassword' AS change_password FROM scim.request('GET', '/ServiceProviderConfig');
SELECT status, body::jsonb ->> 'userName' AS user_name FROM scim.request('PUT', (SELECT '/Users/' || id FROM before.users), '{}', '{"userName": "old", "name": {"givenName": "O"}}');

-- what a profile cannot have is done by what can
SET client_min_messages = warning;
DO $$ DECLARE hint text; BEGIN PERFORM scim.apply_profile('{"scim": "profile/1", "schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"title": {"required": true}}}]}');
EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT; RAISE WARNING '% %', sqlerrm, hint; END $$;
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (SELECT jsonb_agg(CASE WHEN a ->> 'name' = 'title' THEN a || '{"required": true}' ELSE a END) FROM jsonb_array_elements(document -> 'attributes') a)), force => true) IS NOT NULL AS by_force FROM before.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
SELECT scim.apply_profile('{"scim": "profile/1", "schemas": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User", "amend": {"title": {"required": true}}}]}') AS changes;

-- P13: what only the database knows is for the log: constraints, tables, and what the server says of a trigger's arithmetic; what a trigger raises is for the client
SET scim.store = 'ipsie';
UPDATE ipsie.policy SET settings = settings || '{"owner": ["identity provider"]}' WHERE kind = 'managed';
ALTER TABLE ipsie.users ADD CONSTRAINT only_here CHECK (display_name <> 'Refused');
CREATE TABLE ipsie_badge (id uuid CONSTRAINT badge_of REFERENCES ipsie.users (id));
CREATE FUNCTION pg_temp.divide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.display_name = 'Said' THEN
        RAISE EXCEPTION 'no badge is left' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 / (length(new.display_name) - 4) WHERE new.display_name = 'Zero';
    RETURN NULL;
END $$;
CREATE TRIGGER divide AFTER INSERT ON ipsie.users FOR EACH ROW EXECUTE FUNCTION pg_temp.divide();
SELECT name, a.status, a.answer ->> 'scimType' AS scim_type, a.answer ->> 'detail' AS detail
FROM unnest(ARRAY['Refused', 'Said', 'Zero']) AS name,
    pg_temp.ask(:'idp', 'POST', '/Users', jsonb_build_object('schemas', '["urn:ietf:params:scim:schemas:core:2.0:User"]'::jsonb, 'userName', 'inside', 'displayName', name, 'active', true)::text) AS a;
SELECT a.answer ->> 'id' AS id FROM pg_temp.ask(:'idp', 'POST', '/Users', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "badged", "displayName": "B", "active": true}') AS a \gset
INSERT INTO ipsie_badge VALUES (:'id');
SELECT a.status, a.answer ->> 'detail' AS detail FROM pg_temp.ask(:'idp', 'DELETE', '/Users/' || :'id') AS a;
DROP TABLE ipsie_badge;

SELECT scim.drop_store('before', true);
SELECT scim.drop_store('ipsie', true);
