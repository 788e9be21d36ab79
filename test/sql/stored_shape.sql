-- Stored documents that are no objects: for everybody as empty ones, and mended by the next write
SET client_min_messages = error;
\set VERBOSITY terse
SELECT scim.create_store('shaped');
SET scim.store = 'shaped';
\set u '00000000-0000-7000-8000-0000000000d1'
\set g '00000000-0000-7000-8000-0000000000d2'
UPDATE shaped.policy SET enabled = true WHERE kind = 'events';
UPDATE shaped.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete' AND resource_type = 'User';
SELECT scim.register_schema(jsonb_set(document, '{attributes}', (document -> 'attributes') || '[{"name": "state", "type": "string"}, {"name": "badge", "type": "string", "uniqueness": "server"}, {"name": "pin", "type": "string", "mutability": "writeOnly", "returned": "never"}]')) ->> 'id' AS schema FROM shaped.schema WHERE id = 'urn:ietf:params:scim:schemas:core:2.0:User';
INSERT INTO shaped.policy (resource_type, kind, name, settings) VALUES
    ('User', 'status', NULL, '{"attribute": "state", "writable": true, "values": {"ACTIVE": "on", "SUSPENDED": "off", "OFFBOARDING": "leaving"}}'),
    ('User', 'canonical', NULL, '{}'),
    ('User', 'reference', NULL, '{"attributes": {"manager": "User"}}'),
    ('User', 'unique', 'nick', '{"attributes": ["nickName"]}'),
    ('User', 'condition', 'title', '{"require": "not (title eq \"none\")", "message": "no title"}'),
    ('Group', 'condition', 'name', '{"require": "not (displayName eq \"none\")", "message": "no name"}'),
    ('User', 'managed', 'life', '{"owner": "somebody else", "attributes": ["userType"]}'),
    ('User', 'emit', 'told', '{"event": "urn:example:told", "on": ["update"], "data": ["userName", "emails"]}'),
    ('User', 'guard', 'leaving', '{"on": ["suspend", "offboard", "delete"], "limit": 100, "seconds": 3600}'),
    ('User', 'guard', 'owner', '{"holders": "title eq \"owner\""}'), ('Group', 'guard', 'staff', '{"group": "displayName eq \"staff\""}'),
    ('User', 'link', NULL, '{"match": ["externalId", "userName"]}');
SELECT scim.create_view('User', 'shaped.shown_user'), scim.create_view('Group', 'shaped.shown_group');
INSERT INTO shaped.setting (name, value) VALUES ('leaver_filter', '"title eq \"gone\""'), ('leaving_date', '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division"');
SELECT scim.create_sort_index('User', 'nickName'), scim.create_filter_index('User', 'title pr');
INSERT INTO shaped.users (id, data) VALUES (:'u', '{"userName": "ada", "externalId": "e", "displayName": "Ada", "password": "Correct-Horse-9", "pin": "1234", "badge": "b", "nickName": "n", "emails": [{"value": "ada@example.com"}]}'),
    ('00000000-0000-7000-8000-0000000000d3', '{"userName": "bob", "manager": "00000000-0000-7000-8000-0000000000d1"}');
INSERT INTO shaped.groups (id, data) VALUES (:'g', '{"displayName": "g", "externalId": "x", "members": [{"value": "00000000-0000-7000-8000-0000000000d1"}]}');
CREATE TABLE shaped_shape (n serial, data jsonb);
INSERT INTO shaped_shape (data) VALUES ('{}'), ('5'), ('true'), ('null'), ('"text"'), ('["aaaa", "bbbb", "cc"]'), ('[[1]]'), ('[]'), ('[{"userName": "ada", "id": "x"}]'), ('1e30');
CREATE TABLE shaped_call (n serial, call text, says text, steps text);
INSERT INTO shaped_call (call) SELECT format('SELECT array_agg(x::text) FROM (SELECT r.status, r.headers, r.body FROM scim.request(%s) r) x', c) FROM (VALUES
    ('''GET'', ''/Users/{u}'''), ('''HEAD'', ''/Users/{u}'''), ('''GET'', ''/Users/{u}?attributes=userName,emails.value'''), ('''GET'', ''/Groups/{g}'''),
    ('''GET'', ''/Users?filter=userName%20pr%20or%20not%20(emails%5Btype%20eq%20%22x%22%5D)'''), ('''GET'', ''/Users?sortBy=emails&sortOrder=descending'''), ('''GET'', ''/Users?sortBy=nickName'''), ('''GET'', ''/Users?sortBy=userName'''),
    ('''GET'', ''/Users?filter=title%20pr'''), ('''GET'', ''/Users?filter=nickName%20co%20%22n%22'''), ('''GET'', ''/?filter=externalId%20pr'''), ('''GET'', ''/Users?cursor&count=1'''), ('''GET'', ''/Groups?filter=members.value%20eq%20%22{u}%22'''),
    ('''PATCH'', ''/Users/{u}'', ''{}'', ''{"Operations": [{"op": "replace", "path": "nickName", "value": "x"}]}'''),
    ('''PATCH'', ''/Users/{u}'', ''{}'', ''{"Operations": [{"op": "add", "path": "emails", "value": [{"value": "c@example.com", "type": "work"}]}]}'''),
    ('''PATCH'', ''/Users/{u}'', ''{}'', ''{"Operations": [{"op": "remove", "path": "emails[type eq \"work\"]"}, {"op": "add", "value": {"name.familyName": "F", "active": false}}]}'''),
    ('''PATCH'', ''/Users/{u}'', ''{}'', ''{"Operations": [{"op": "remove", "path": "nickName"}]}'''),
    ('''PUT'', ''/Users/{u}'', ''{}'', ''{"userName": "ada", "password": "Other-Horse-9", "pin": "4321"}'''), ('''PUT'', ''/Users/{u}'', ''{"If-Match": "W/\"1\""}'', ''{"userName": "ada", "active": false}'''),
    ('''DELETE'', ''/Users/{u}'''), ('''DELETE'', ''/Groups/{g}'''),
    ('''PATCH'', ''/Groups/{g}'', ''{}'', ''{"Operations": [{"op": "remove", "path": "members"}, {"op": "replace", "path": "externalId", "value": "y"}]}'''),
    ('''PATCH'', ''/Groups/{g}'', ''{}'', ''{"Operations": [{"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-0000000000d3"}]}]}'''),
    ('''PUT'', ''/Groups/{g}'', ''{}'', ''{"displayName": "h", "members": []}'''),
    ('''POST'', ''/Bulk'', ''{}'', ''{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"method": "PATCH", "path": "/Users/{u}", "data": {"Operations": [{"op": "add", "path": "title", "value": "a"}]}}, {"method": "PATCH", "path": "/Users/{u}", "data": {"Operations": [{"op": "add", "path": "title", "value": "b"}]}}]}'''),
    ('''POST'', ''/Users'', ''{}'', ''{"userName": "carl", "badge": "b", "nickName": "n", "manager": "{u}"}''')) v (c);
INSERT INTO shaped_call (call) SELECT format('SELECT array_agg(x::text) FROM (%s) x', c) FROM (VALUES
    ('SELECT scim.get_resource(''User'', ''{u}'')'), ('SELECT scim.resource_json(r) FROM shaped.resource r WHERE r.id = ''{u}'''), ('SELECT scim.search(''User'', ''active pr'')'),
    ('SELECT scim.suspend_resource(''User'', ''{u}'')'), ('SELECT scim.suspend_resource(''Group'', ''{g}'')'), ('SELECT scim.activate_resource(''User'', ''{u}'')'),
    ('SELECT scim.record_login(''{u}''), scim.verify_password(''{u}'', ''Correct-Horse-9''), scim.session_is_valid(''{u}'', clock_timestamp())'), ('SELECT scim.issue_recovery_code(''{u}'') IS NOT NULL'),
    ('SELECT scim.log_out(''{u}'')'), ('SELECT scim.invite(''{u}'')'), ('SELECT count(*) FROM scim.history(''{u}'')'), ('SELECT h.operation, h.difference FROM scim.history(''{u}'') h WHERE h.version IS DISTINCT FROM 1'),
    ('SELECT scim.resource_at(''User'', ''{u}'', clock_timestamp()) - ''meta'''), ('SELECT m - ''meta'' FROM scim.resources_at(''User'', clock_timestamp(), ''userName pr or not (userName pr)'') m'), ('SELECT scim.members_at(''{g}'', clock_timestamp())'),
    ('SELECT e FROM scim.export(''User'') e'), ('SELECT e FROM scim.export(''Group'') e'), ('SELECT e FROM scim.export_csv(''User'') e'),
    ('SELECT i.* FROM scim.import(''User'', ''SELECT ''''ada'''' AS "userName", ''''dr'''' AS title'', apply => true, force => true) i'), ('SELECT i.* FROM scim.import(''User'', ''SELECT ''''e'''' AS "externalId", ''''dr'''' AS title'', match => ''externalId'', apply => true, force => true) i'),
    ('SELECT i.* FROM scim.import(''User'', ''SELECT ''''{u}'''' AS id, ''''dr'''' AS title'', match => ''id'', apply => true, force => true) i'), ('SELECT i.* FROM scim.import(''User'', ''SELECT ''''{u}'''' AS id, ''''delete'''' AS _action'', match => ''id'', apply => true, force => true) i'),
    ('SELECT i.action, i.difference FROM scim.import(''User'', ''SELECT ''''bob'''' AS "userName"'', mode => ''full'', missing => ''deactivate'', apply => true, force => true) i'), ('SELECT i.action, i.difference FROM scim.import(''Group'', ''SELECT ''''zzz'''' AS "displayName"'', match => ''displayName'', mode => ''full'', missing => ''delete'', apply => true, force => true) i WHERE i.action <> ''create'''),
    ('SELECT (p).status, (p).changes FROM scim.preview(''PATCH'', ''/Users/{u}'', ''{}'', ''{"Operations": [{"op": "replace", "path": "nickName", "value": "x"}]}'') p'),
    ('SELECT scim.erase(''{u}'') >= 0'), ('SELECT scim.erase(''00000000-0000-7000-8000-0000000000d3'') >= 0'), ('SELECT v.* FROM scim.validate_store() v WHERE v.message !~ ''not an object|does not name its schema'''),
    ('SELECT scim.unseal_value(''{u}'', ''pin'')'), ('SELECT s.name FROM scim.statistics() s ORDER BY s::text COLLATE "C" LIMIT 0'), ('SELECT v.id, v.user_name, v.email, v.family_name FROM shaped.shown_user v ORDER BY id'), ('SELECT v.id, v.display_name FROM shaped.shown_group v'),
    ('SELECT * FROM shaped.active_leaver'), ('SELECT * FROM shaped.manager_left'), ('SELECT id, emails FROM shaped.missing_primary_email ORDER BY id'), ('SELECT user_name, delay FROM shaped.leaver ORDER BY at'), ('SELECT has_access FROM shaped.effective_member'),
    ('SELECT r.id FROM shaped.resource r WHERE r.data OPERATOR(scim.~) ''userName pr or title pr''::scim.filter ORDER BY 1'), ('SELECT u.attribute, u.value FROM shaped.unique_value u ORDER BY 1, 2'), ('SELECT scim.link_candidates(''User'', ''[{"userName": "ada"}]'')')) v (c);
INSERT INTO shaped_call (call) VALUES
    ('WITH u AS (UPDATE shaped.users SET version = version + 1 WHERE id = ''{u}'' RETURNING version) SELECT array_agg(u::text) FROM u'), ('WITH u AS (UPDATE shaped.users SET data = data WHERE id = ''{u}'' RETURNING data) SELECT array_agg(u::text) FROM u'),
    ('WITH u AS (UPDATE shaped.groups SET data = data WHERE id = ''{g}'' RETURNING data) SELECT array_agg(u::text) FROM u'), ('WITH u AS (UPDATE shaped.users SET user_name = ''eve'' WHERE id = ''{u}'' RETURNING data) SELECT array_agg(u::text) FROM u'),
    ('WITH u AS (UPDATE shaped.users SET active = false WHERE id = ''{u}'' RETURNING data, status) SELECT array_agg(u::text) FROM u'), ('WITH u AS (UPDATE shaped.users SET status = ''SUSPENDED'' WHERE id = ''{u}'' RETURNING data, status) SELECT array_agg(u::text) FROM u'),
    ('WITH u AS (UPDATE shaped.users SET data = ''{"userName": "eve"}'' WHERE id = ''{u}'' RETURNING data, status) SELECT array_agg(u::text) FROM u'), ('WITH u AS (UPDATE shaped.users SET data = ''[5]'' WHERE id = ''{u}'' RETURNING data, status) SELECT array_agg(u::text) FROM u'),
    ('WITH u AS (DELETE FROM shaped.users WHERE id = ''{u}'' RETURNING status) SELECT array_agg(u::text) FROM u'), ('WITH u AS (DELETE FROM shaped.groups WHERE id = ''{g}'' RETURNING status) SELECT array_agg(u::text) FROM u'),
    ('WITH u AS (UPDATE shaped.shown_user SET title = ''dr'' WHERE id = ''{u}'' RETURNING data, status) SELECT array_agg(u::text) FROM u'), ('WITH u AS (UPDATE shaped.shown_user SET email = ''z@example.com'' WHERE id = ''{u}'' RETURNING data, status) SELECT array_agg(u::text) FROM u'),
    ('WITH u AS (DELETE FROM shaped.shown_user WHERE id = ''{u}'' RETURNING status) SELECT array_agg(u::text) FROM u'), ('WITH u AS (DELETE FROM shaped.member WHERE group_id = ''{g}'' RETURNING member_id) SELECT array_agg(u::text) FROM u'),
    ('SELECT ARRAY[scim.register_schema(jsonb_set(document, ''{attributes}'', (document -> ''attributes'') || ''{"name": "further", "type": "string"}''), true) ->> ''id''] FROM shaped.schema WHERE id LIKE ''%:User'' AND id LIKE ''%core%'''),
    ('SELECT ARRAY[(SELECT r.status FROM scim.request(''DELETE'', ''/Users/{u}'') r)::text, scim.complete_offboarding(''{u}'')::text, scim.restore_resource(''User'', ''{u}'')::text]'),
    ('SELECT ARRAY[(SELECT r.status FROM scim.request(''DELETE'', ''/Users/{u}'') r)::text, scim.complete_offboarding(''{u}'')::text, scim.purge(''0 s'')::text]'),
    ('SELECT ARRAY[(SELECT r.status FROM scim.request(''PATCH'', ''/Users/{u}'', ''{}'', ''{"Operations": [{"op": "replace", "path": "title", "value": "x"}]}'') r)::text, (SELECT jsonb_agg(v.action ORDER BY v.action)::text FROM scim.revert_change(scim.change()) v)]');
CREATE FUNCTION pg_temp.answer(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text[];
    told text;
BEGIN
    BEGIN
        EXECUTE replace(replace(call, '{u}', '00000000-0000-7000-8000-0000000000d1'), '{g}', '00000000-0000-7000-8000-0000000000d2') INTO result;
        -- what has become of it, and what is told of that
        SELECT string_agg(r.status || ' ' || r.version || ' ' || (r.data)::text, E'\n' ORDER BY r.id) INTO told FROM shaped.resource r WHERE r.id <> '00000000-0000-7000-8000-0000000000d3' AND r.version > 1;
        told := coalesce(told, '') || coalesce((SELECT string_agg(concat_ws(' ', e.operation, e.event_uri, e.external_id, e.attributes::text, e.data::text), E'\n' ORDER BY e.id) FROM shaped.event e WHERE e.change = scim.change()), '')
            || coalesce((SELECT string_agg(concat_ws(' ', a.operation, a.status, a.before::text), E'\n' ORDER BY a.at, a.id) FROM shaped.audit a WHERE a.change = scim.change() AND a.object IS NULL), '');
        RAISE EXCEPTION SQLSTATE 'RESET' USING MESSAGE = coalesce(result::text, 'nothing') || told;
    EXCEPTION
        WHEN SQLSTATE 'RESET' THEN
            told := SQLERRM;
        WHEN OTHERS THEN
            told := SQLSTATE || ' ' || SQLERRM;
    END;
    -- times, the ids of what is new, cursors, digests, and what is sealed
    RETURN regexp_replace(regexp_replace(regexp_replace(regexp_replace(told, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d)?', 'now', 'g'), '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-(?!8000-0000000000d)[0-9a-f]{4}-[0-9a-f]{12}', 'new', 'g'), '(nextCursor[\\"]*:[\\"]*|W/[\\"]*|"pin": ")[^\\"]*', '\1', 'g'), 'change new', 'change', 'g');
END
$$;
CREATE FUNCTION pg_temp.store(shape jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE shaped.users DISABLE TRIGGER USER;
    ALTER TABLE shaped.groups DISABLE TRIGGER USER;
    UPDATE shaped.users SET data = shape WHERE id = '00000000-0000-7000-8000-0000000000d1';
    UPDATE shaped.groups SET data = shape;
    ALTER TABLE shaped.users ENABLE TRIGGER USER;
    ALTER TABLE shaped.groups ENABLE TRIGGER USER;
END
$$;
SELECT pg_temp.store('{}');
UPDATE shaped_call SET says = pg_temp.answer(call);
-- how many calls are answered, and which are not
SELECT count(*) AS calls, count(*) FILTER (WHERE says ~ '^(XX|[0-9A-Z]{5} )') AS refused FROM shaped_call;
SELECT left(says, 120) AS answer, count(*) FROM shaped_call WHERE says ~ '^(XX|[0-9A-Z]{5} )' GROUP BY 1 ORDER BY left(says, 120) COLLATE "C";
-- all shapes are answered as that one
CREATE TABLE shaped_difference (data jsonb, call text, said text, says text);
DO $$
DECLARE
    one record;
    asked record;
    said text;
BEGIN
    FOR one IN SELECT * FROM shaped_shape WHERE n > 1 ORDER BY n LOOP
        PERFORM pg_temp.store(one.data);
        FOR asked IN SELECT * FROM shaped_call ORDER BY n LOOP
            said := pg_temp.answer(asked.call);
            IF said IS DISTINCT FROM asked.says THEN
                INSERT INTO shaped_difference VALUES (one.data, asked.call, said, asked.says);
            END IF;
        END LOOP;
    END LOOP;
END
$$;
SELECT data, call, left(said, 300) AS said, left(says, 300) AS says FROM shaped_difference;
DROP TABLE shaped_shape, shaped_call, shaped_difference;
SELECT scim.drop_store('shaped', true);
