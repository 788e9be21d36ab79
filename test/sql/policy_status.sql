-- The policy "status": the life-cycle in the document; the policy "delete" by status
\set VERBOSITY terse
SELECT scim.create_store('stage');
SET scim.store = 'stage';
\set u '''00000000-0000-7000-8000-000000000001'''
\set v '''00000000-0000-7000-8000-000000000002'''
\set x urn:example:life
SELECT scim.register_schema('{"id": "urn:example:life", "name": "Life", "attributes": [
    {"name": "status", "type": "string", "mutability": "readWrite"},
    {"name": "shown", "type": "string", "mutability": "readOnly"},
    {"name": "deactivated", "type": "dateTime", "mutability": "readOnly"},
    {"name": "activated", "type": "dateTime", "mutability": "readOnly"},
    {"name": "sessions", "type": "complex", "mutability": "readOnly", "subAttributes": [{"name": "validAfter", "type": "dateTime", "mutability": "readOnly"}]},
    {"name": "words", "type": "string", "multiValued": true, "mutability": "readOnly"},
    {"name": "badge", "type": "string", "mutability": "readOnly", "uniqueness": "server"},
    {"name": "room", "type": "integer", "mutability": "readOnly"}]}') ->> 'id' AS schema;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:life", "required": false}]}') ->> 'name' AS type;
CREATE VIEW pg_temp.people AS
    SELECT user_name, status, active, version, data #>> '{urn:example:life,status}' AS shown, activated_at IS NOT NULL AS activated, deactivated_at IS NOT NULL AS deactivated
    FROM stage.users ORDER BY id;

--
-- What cannot work
--
CREATE FUNCTION pg_temp.try(kind text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO stage.policy (resource_type, kind, settings) VALUES ('User', try.kind, try.settings)
    ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = excluded.settings;
    RAISE EXCEPTION 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN sqlerrm;
END
$$;
SELECT pg_temp.try('status', s::jsonb) AS refused FROM (VALUES
    ('{}'), ('{"attribute": "urn:example:life:shown"}'), ('{"attribute": "urn:example:life:none"}'), ('{"attribute": 1}'), ('{"attribute": "urn:example:life:status"}'),
    ('{"attribute": "urn:example:life:shown", "writable": true}'), ('{"writable": true}'), ('{"attribute": "urn:example:life:status", "writable": "yes"}'),
    ('{"attribute": "urn:example:life:words"}'), ('{"attribute": "urn:example:life:badge"}'), ('{"attribute": "urn:example:life:room"}'), ('{"attribute": "userName", "writable": true}'),
    ('{"attribute": "meta.created"}'), ('{"attribute": "groups.value"}'), ('{"attribute": "emails.type"}'), ('{"attribute": "urn:example:life"}'), ('{"attribute": "emails[type eq \"x\"]"}'),
    ('{"values": ["ACTIVE"]}'), ('{"values": {"active": "x"}}'), ('{"values": {"ACTIVE": ""}}'), ('{"values": {"ACTIVE": 1}}'),
    ('{"attribute": "urn:example:life:status", "writable": true, "values": {"ACTIVE": "on", "SUSPENDED": "On"}}'),
    ('{"attribute": "urn:example:life:shown", "values": {"OFFBOARDING": "off", "SUSPENDED": "off"}}'),
    ('{"times": []}'), ('{"times": {"created": "urn:example:life:activated"}}'), ('{"times": {"activated_at": "urn:example:life:shown"}}'),
    ('{"times": {"activated_at": "urn:example:life:activated", "deactivated_at": "urn:example:life:activated"}}'), ('{"pending": 1}'), ('{"colour": "red"}')) v (s);
SELECT pg_temp.try('delete', s::jsonb) AS refused FROM (VALUES
    ('{"mode": "retain", "byStatus": {}}'), ('{"byStatus": {}}'), ('{"mode": "retain", "byStatus": []}'), ('{"mode": "retain", "byStatus": {"OFFBOARDING": {"delete": "hard"}}}'),
    ('{"mode": "retain", "byStatus": {"PENDING": "hard"}}'), ('{"mode": "retain", "byStatus": {"PENDING": {"delete": "soft"}}}'), ('{"mode": "retain", "byStatus": {"PENDING": {"deactivate": true}}}'),
    ('{"mode": "retain", "byStatus": {"SUSPENDED": {"deactivate": "delete"}}}'), ('{"mode": "retain", "byStatus": {"PENDING": {"deactivated": "delete"}}}'),
    ('{"mode": "retain", "byStatus": {"PENDING": {"delete": "hard", "deactivate": "delete"}, "SUSPENDED": {"delete": "offboard", "deactivate": "suspend"}}}')) v (s);
INSERT INTO stage.users (data, status) VALUES ('{"userName": "early"}', 'PENDING');

--
-- Shown from the first day on, of who was there before, too
--
INSERT INTO stage.users (id, data) VALUES (:u, '{"userName": "ada"}'), (:v, '{"userName": "bob", "active": false}');
INSERT INTO stage.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"attribute": "urn:example:life:status", "pending": true, "writable": true,
    "values": {"PENDING": "pending", "ACTIVE": "activated", "SUSPENDED": "deactivated", "OFFBOARDING": "leaving", "DELETED": "deleted"},
    "times": {"activated_at": "urn:example:life:activated", "deactivated_at": "urn:example:life:deactivated", "sessions_valid_after": "urn:example:life:sessions.validAfter"}}');
SELECT * FROM pg_temp.people;
SELECT (data -> 'urn:example:life' ->> 'activated')::timestamptz = activated_at AS activated, (data -> 'urn:example:life' ->> 'deactivated')::timestamptz = deactivated_at AS deactivated, data -> 'schemas' AS schemas
FROM stage.users ORDER BY id;
UPDATE stage.policy SET settings = jsonb_set(settings, '{values,ACTIVE}', '"on"') WHERE kind = 'status';
SELECT * FROM pg_temp.people;
UPDATE stage.policy SET settings = jsonb_set(settings, '{values,ACTIVE}', '"activated"') WHERE kind = 'status';
ALTER TABLE stage.audit DISABLE TRIGGER scim_guard; DELETE FROM stage.audit; ALTER TABLE stage.audit ENABLE TRIGGER scim_guard;

--
-- Life begins with PENDING, and ends that with the first login
--
SELECT scim.create_resource('User', '{"userName": "new"}') -> 'urn:example:life' AS life;
SELECT id AS new FROM stage.users WHERE user_name = 'new' \gset
SELECT scim.session_is_valid(:'new', now()) AS valid;
SELECT scim.patch_resource('User', :'new', '[{"op": "replace", "path": "active", "value": true}]') -> 'urn:example:life' AS life;
SELECT scim.record_login(:'new') AS first, scim.record_login(:'new') AS second;
SELECT * FROM pg_temp.people WHERE user_name = 'new';
SELECT operation, version FROM stage.audit WHERE resource_id = :'new' ORDER BY id;
INSERT INTO stage.users (data) VALUES ('{"userName": "p1"}'), ('{"userName": "p2"}'), ('{"userName": "p3", "active": false}') RETURNING user_name, status;
INSERT INTO stage.users (data, status) VALUES ('{"userName": "p4"}', 'ACTIVE'), ('{"userName": "p5"}', 'PENDING') RETURNING user_name, status;
SELECT scim.activate_resource('User', id) #>> '{urn:example:life,status}' AS activated FROM stage.users WHERE user_name IN ('p1', 'p3') ORDER BY id;
SELECT scim.suspend_resource('User', id) #>> '{urn:example:life,status}' AS suspended FROM stage.users WHERE user_name = 'p2';
SELECT scim.activate_resource('User', id) #>> '{urn:example:life,status}' AS activated FROM stage.users WHERE user_name = 'p2';
UPDATE stage.users SET status = 'PENDING' WHERE user_name = 'p2';
INSERT INTO stage.groups (data) VALUES ('{"displayName": "G"}') RETURNING status;
INSERT INTO stage.groups (data, status) VALUES ('{"displayName": "G"}', 'PENDING');

--
-- Written
--
CREATE FUNCTION pg_temp.put(id text, body jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT status || ' ' || coalesce(body::jsonb ->> 'detail', body::jsonb #>> '{urn:example:life,status}') FROM scim.request('PUT', '/Users/' || id, '{}', put.body::text)
$$;
SELECT pg_temp.put(:u, '{"userName": "ada", "urn:example:life": {"status": "deactivated"}}');
SELECT * FROM pg_temp.people WHERE user_name = 'ada';
SELECT pg_temp.put(:u, '{"userName": "ada", "urn:example:life": {"status": "Activated"}}');
SELECT * FROM pg_temp.people WHERE user_name = 'ada';
-- other words, and those of other steps
SELECT w, pg_temp.put(:u, jsonb_build_object('userName', 'ada', :'x', jsonb_build_object('status', w))) FROM unnest(ARRAY['deleted', 'leaving', 'pending', 'ACTIVE', 'x']) w;
-- what it says already, or does not say
SELECT scim.replace_resource('User', :u, scim.get_resource('User', :u)) #>> '{meta,version}' = scim.get_resource('User', :u) #>> '{meta,version}' AS unchanged;
SELECT scim.replace_resource('User', :u, '{"userName": "ada", "active": true}') -> 'urn:example:life' ->> 'status' AS status;
SELECT scim.patch_resource('User', :u, '[{"op": "remove", "path": "urn:example:life:status"}]') -> 'urn:example:life' ->> 'status' AS status;
SELECT scim.patch_resource('User', :u, '[{"op": "replace", "path": "urn:example:life:status", "value": "deactivated"}]') -> 'active' AS active;
SELECT scim.patch_resource('User', :u, '[{"op": "replace", "path": "active", "value": true}]') #>> '{urn:example:life,status}' AS status;
-- the two of them
SELECT scim.patch_resource('User', :u, '[{"op": "replace", "path": "urn:example:life:status", "value": "deactivated"}, {"op": "replace", "path": "active", "value": false}]') -> 'active' AS active;
SELECT scim.patch_resource('User', :u, '[{"op": "replace", "path": "urn:example:life:status", "value": "activated"}]') -> 'active' AS active;
SELECT scim.replace_resource('User', :u, '{"userName": "ada", "active": false, "urn:example:life": {"status": "activated"}}') #>> '{urn:example:life,status}' AS what_changes_counts;
SELECT scim.replace_resource('User', :u, '{"userName": "ada", "active": true, "urn:example:life": {"status": "deactivated"}}') #>> '{urn:example:life,status}' AS what_changes_counts;
UPDATE stage.users SET active = NULL WHERE id = :u;
SELECT scim.replace_resource('User', :u, '{"userName": "ada", "active": true, "urn:example:life": {"status": "deactivated"}}');
UPDATE stage.users SET data = jsonb_set(data, '{urn:example:life,status}', '"deactivated"') WHERE id = :u RETURNING status, active;
UPDATE stage.users SET status = 'ACTIVE' WHERE id = :u RETURNING data #>> '{urn:example:life,status}' AS shown;
UPDATE stage.users SET status = 'SUSPENDED', data = jsonb_set(data, '{urn:example:life,status}', '"x"') WHERE id = :u RETURNING data #>> '{urn:example:life,status}' AS the_column_counts;
-- at birth
SELECT scim.create_resource('User', jsonb_build_object('userName', 'b-' || w, :'x', jsonb_build_object('status', w))) -> 'active' AS active FROM unnest(ARRAY['activated', 'deactivated', 'pending']) w;
SELECT * FROM pg_temp.people WHERE user_name LIKE 'b-%';
SELECT scim.create_resource('User', '{"userName": "b", "urn:example:life": {"status": "leaving"}}');
SELECT scim.create_resource('User', '{"userName": "b", "active": false, "urn:example:life": {"status": "activated"}}');
INSERT INTO stage.users (data, status) VALUES ('{"userName": "b-copy", "active": false, "urn:example:life": {"status": "activated"}}', 'SUSPENDED') RETURNING data #>> '{urn:example:life,status}' AS shown;
-- times are nobody's to write
SELECT scim.patch_resource('User', :u, '[{"op": "replace", "path": "urn:example:life:deactivated", "value": "2020-01-01T00:00:00Z"}]');
SELECT scim.replace_resource('User', :u, '{"userName": "ada", "active": false, "urn:example:life": {"deactivated": "2020-01-01T00:00:00Z"}}') #>> '{urn:example:life,deactivated}' > '2026' AS kept;

--
-- Found: in memory, in the table, by the index, as SQL
--
SELECT f, (SELECT string_agg(r ->> 'userName', ' ' ORDER BY r ->> 'userName') FROM jsonb_array_elements(scim.search('User', f) -> 'Resources') r) AS found,
    (SELECT count(*) FROM stage.users WHERE deleted_at IS NULL AND scim.matches(data, f::scim.filter, 'User')) AS matched,
    (SELECT count(*) FROM stage.users WHERE deleted_at IS NULL AND data OPERATOR(scim.~) f::scim.filter) AS by_operator
FROM unnest(ARRAY['urn:example:life:status eq "pending"', 'urn:example:life:status eq "DEACTIVATED"', 'urn:example:life:status ne "activated"', 'urn:example:life:status sw "act"',
    'urn:example:life:deactivated gt "2022-05-30T00:00:00Z"', 'urn:example:life:activated pr and not (urn:example:life:deactivated pr)', 'urn:example:life:sessions.validAfter lt "2022-05-30T00:00:00Z"']) f;
SELECT scim.to_sql('urn:example:life:status eq "activated" and urn:example:life:deactivated gt "2022-05-30T00:00:00Z"') AS sql;
SET enable_seqscan = off;
BEGIN;
-- so many that no other index costs less
INSERT INTO stage.users (data) SELECT jsonb_build_object('userName', 'many' || i) FROM generate_series(1, 1000) i;
EXPLAIN (COSTS OFF) SELECT FROM stage.users WHERE tenant_id = 1 AND deleted_at IS NULL AND data OPERATOR(scim.~) 'urn:example:life:status eq "activated"';
ROLLBACK;
RESET enable_seqscan;
SELECT string_agg(r ->> 'userName', ' ') AS by_deactivation FROM jsonb_array_elements(scim.search('User', 'urn:example:life:deactivated pr', sort_by => 'urn:example:life:deactivated', sort_order => 'descending', count => 3) -> 'Resources') r;
SELECT scim.search('User', 'status eq "activated"') -> 'totalResults' AS total;

--
-- Sessions
--
SELECT version AS before FROM stage.users WHERE id = :u \gset
SELECT scim.activate_resource('User', :u) IS NOT NULL AS activated;
SELECT scim.log_out(:u);
SELECT version - :before AS changes, (data #>> '{urn:example:life,sessions,validAfter}')::timestamptz = sessions_valid_after AS shown FROM stage.users WHERE id = :u;
SELECT operation, version - :before AS version, before IS NOT NULL AS with_document FROM stage.audit WHERE resource_id = :u ORDER BY id DESC LIMIT 1;

--
-- The policy "delete" by status
--
UPDATE stage.policy SET settings = '{"mode": "retain", "byStatus": {"PENDING": {"delete": "hard", "deactivate": "delete"}, "SUSPENDED": {"delete": "offboard"}}}' WHERE kind = 'delete' AND resource_type = 'User';
INSERT INTO stage.users (data) SELECT jsonb_build_object('userName', 'q' || n) FROM generate_series(1, 6) n;
SELECT scim.record_login(id) AS login FROM stage.users WHERE user_name IN ('q4', 'q5', 'q6') ORDER BY id;
SELECT id AS q1 FROM stage.users WHERE user_name = 'q1' \gset
SELECT id AS q4 FROM stage.users WHERE user_name = 'q4' \gset
ALTER TABLE stage.audit DISABLE TRIGGER scim_guard; DELETE FROM stage.audit; ALTER TABLE stage.audit ENABLE TRIGGER scim_guard;
DELETE FROM stage.event;
UPDATE stage.policy SET enabled = true WHERE kind = 'events';
SELECT status, body FROM scim.request('PATCH', '/Users/' || :'q1', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": false}]}');
SELECT status FROM scim.request('GET', '/Users/' || :'q1');
SELECT status, body::jsonb -> 'active' AS active FROM scim.request('PATCH', '/Users/' || :'q4', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": false}]}');
UPDATE stage.users SET active = false WHERE user_name IN ('q2', 'q5') RETURNING user_name;
DELETE FROM stage.users WHERE user_name IN ('q3', 'q5', 'q6');
SELECT * FROM pg_temp.people WHERE user_name LIKE 'q%';
SELECT a.operation, e.event_uri FROM stage.audit a LEFT JOIN stage.event e ON e.resource_id = a.resource_id AND e.version = a.version WHERE object IS NULL ORDER BY a.id, e.id;
SELECT count(*) AS values_left FROM stage.unique_value;
-- to suspend in so many words is to suspend
INSERT INTO stage.users (data) VALUES ('{"userName": "q7"}'), ('{"userName": "q8"}'), ('{"userName": "q9"}');
SELECT scim.suspend_resource('User', id) #>> '{urn:example:life,status}' AS status FROM stage.users WHERE user_name = 'q7';
UPDATE stage.users SET status = 'SUSPENDED' WHERE user_name = 'q8' RETURNING status;
-- kept, or on their way out
UPDATE stage.policy SET settings = '{"mode": "hard", "byStatus": {"PENDING": {"delete": "retain", "deactivate": "delete"}, "ACTIVE": {"delete": "offboard", "deactivate": "delete"}}}' WHERE kind = 'delete' AND resource_type = 'User';
UPDATE stage.users SET active = false WHERE user_name = 'q9' RETURNING status, data #>> '{urn:example:life,status}' AS shown;
SELECT scim.activate_resource('User', id) -> 'active' AS active FROM stage.users WHERE user_name = 'q8';
SELECT scim.patch_resource('User', id, '[{"op": "replace", "path": "active", "value": false}]') #>> '{urn:example:life,status}' AS status FROM stage.users WHERE user_name = 'q8';
-- what refers to the row stays it, as with DELETE
UPDATE stage.policy SET settings = '{"mode": "retain", "byStatus": {"PENDING": {"delete": "hard", "deactivate": "delete"}}}' WHERE kind = 'delete' AND resource_type = 'User';
INSERT INTO stage.users (data) VALUES ('{"userName": "q10"}');
SELECT id AS q10 FROM stage.users WHERE user_name = 'q10' \gset
CREATE TABLE stage.desk (tenant_id int DEFAULT 1, owner uuid, type text DEFAULT 'User', FOREIGN KEY (tenant_id, owner, type) REFERENCES stage.resource (tenant_id, id, resource_type));
INSERT INTO stage.desk (owner) VALUES (:'q10');
SELECT status FROM scim.request('PATCH', '/Users/' || :'q10', '{}', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "active", "value": false}]}');
DROP TABLE stage.desk;
-- an endpoint of one's own answers so, too
SELECT scim.activate_resource('User', :'q10') -> 'active' AS active;
INSERT INTO stage.endpoint (methods, path, resource_type, action, settings) VALUES
('{PUT}', '/api/users/{userName}', 'User', 'merge', '{"fields": {"status": "urn:example:life:status", "active": "active", "name": {"attribute": "userName", "access": "read"}}}');
SELECT b, r.status, r.body FROM unnest(ARRAY['{"status": "deactivated"}', '{"status": "deactivated"}', '{"status": "activated"}', '{"status": "deleted"}', '{"active": false}', '{"active": true}']) b, scim.request('PUT', '/api/users/q10', '{}', b) r;
SELECT r.status, r.body FROM scim.request('PUT', '/api/users/p5', '{}', '{"active": false}') r;

--
-- Of one tenant
--
INSERT INTO stage.tenant VALUES (2, 'two');
INSERT INTO stage.policy (tenant_id, resource_type, kind, settings) VALUES (2, 'User', 'status', '{"attribute": "urn:example:life:shown", "values": {"ACTIVE": "here"}}');
INSERT INTO stage.users (tenant_id, data) VALUES (2, '{"userName": "two"}') RETURNING status, data -> 'urn:example:life' AS life;
UPDATE stage.policy SET settings = '{"attribute": "urn:example:life:shown"}' WHERE tenant_id = 2;
SELECT tenant_id, count(*) AS shown FROM stage.users WHERE data #> '{urn:example:life,shown}' IS NOT NULL GROUP BY 1;
SELECT version, data -> 'urn:example:life' AS life FROM stage.users WHERE tenant_id = 2;
-- of who was refused
SELECT scim.patch_resource('User', :v, '[{"op": "replace", "path": "urn:example:life:shown", "value": "x"}]');
--
-- The names of one's own in conditions of other policies
--
TRUNCATE stage.policy;
INSERT INTO stage.tenant VALUES (7, 'seven');
-- which new resources of a tenant the rules refuse
CREATE FUNCTION pg_temp.refused(tenant int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    active bool;
    refused text := '';
BEGIN
    FOREACH active IN ARRAY ARRAY[true, false] LOOP
        BEGIN
            INSERT INTO stage.users (tenant_id, data) VALUES (tenant, jsonb_build_object('userName', 'breaker', 'active', active));
            RAISE no_data_found;
        EXCEPTION WHEN no_data_found THEN
        WHEN SQLSTATE 'SCVAL' THEN refused := refused || CASE WHEN active THEN ' active' ELSE ' suspended' END;
        END;
    END LOOP;
    RETURN format('%s:%s', tenant, coalesce(nullif(refused, ''), ' none'));
END
$$;
CREATE FUNCTION pg_temp.condition(filter text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stage.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'named', jsonb_build_object('when', filter, 'require', 'title pr'))
    ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = excluded.settings;
    RETURN concat_ws(', ', pg_temp.refused(1), pg_temp.refused(7));
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
-- not before the policy gives them; names of ours go first, and each tenant has its own
SELECT pg_temp.condition('status eq "deactivated for the time being"');
INSERT INTO stage.policy (resource_type, kind, settings) VALUES ('User', 'status', '{"values": {"ACTIVE": "activated", "SUSPENDED": "deactivated for the time being", "DELETED": "active", "OFFBOARDED": "suspended"}}');
INSERT INTO stage.policy (tenant_id, resource_type, kind, settings) VALUES (7, 'User', 'status', '{"values": {"SUSPENDED": "activated"}}');
SELECT w AS "when", pg_temp.condition(w) AS refused FROM unnest(ARRAY['status eq "deactivated for the time being"', 'status eq "Activated"', 'status ne "ACTIVATED"', 'status ne "deactivated for the time being" and status pr',
    'not (status eq "activated") and (status eq "activated" or status eq "deactivated for the time being")', '(status eq "activated" or status eq "deactivated for the time being") and not (emails[type eq "activated"])',
    'status eq "suspended"', 'status eq "active"', 'emails[type eq "x"] or status eq "activated"', 'status eq "deactivated"', 'status sw "deact"']) w;
SELECT scim.register_resource_type('{"name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    "schemaExtensions": [{"schema": "urn:example:life", "required": false}, {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}]}') ->> 'name' AS type;
-- across a reference, by the names of what is referred to; and in events
INSERT INTO stage.policy (resource_type, kind, name, settings) VALUES ('User', 'condition', 'named', '{"through": "manager", "matches": "status eq \"deactivated for the time being\"", "require": "title pr"}'),
    ('User', 'emit', 'welcome', '{"event": "urn:example:back", "on": ["status"], "when": "status eq \"activated\""}')
ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = excluded.settings;
INSERT INTO stage.users (id, data) VALUES ('00000000-0000-7000-8000-0000000000f1', '{"userName": "away", "active": false}'), ('00000000-0000-7000-8000-0000000000f2', '{"userName": "present"}');
INSERT INTO stage.users (data) VALUES ('{"userName": "of", "manager": "00000000-0000-7000-8000-0000000000f2"}');
INSERT INTO stage.users (data) VALUES ('{"userName": "of away", "manager": "00000000-0000-7000-8000-0000000000f1"}');
UPDATE stage.users SET active = true WHERE user_name = 'away';
INSERT INTO stage.users (data) VALUES ('{"userName": "of away", "manager": "00000000-0000-7000-8000-0000000000f1"}');
UPDATE stage.users SET active = false WHERE user_name = 'away';
SELECT event_uri, count(*) FROM stage.event WHERE event_uri = 'urn:example:back' GROUP BY 1;
-- a name that the policy does not give any more is that of no status
DELETE FROM stage.policy WHERE kind = 'status' AND tenant_id IS NULL;
UPDATE stage.users SET active = true WHERE user_name = 'away';
SELECT event_uri, count(*) FROM stage.event WHERE event_uri = 'urn:example:back' GROUP BY 1;
SET client_min_messages = warning;
SELECT scim.drop_store('stage', true);
