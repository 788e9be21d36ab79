-- A change taken back: previews without a trace, what is erased, guards, what is done, and said
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('undo');
SET scim.store = 'undo';
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
    hint text;
    context text;
BEGIN
    EXECUTE statement INTO result;
    RETURN coalesce(result, 'null');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
    -- the functions within are nobody's business
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(hint, ''), substring(context FROM 'undo_\w+'));
END
$$;
-- what reverting says, with names
CREATE FUNCTION pg_temp.undo(change uuid, preview boolean DEFAULT false) RETURNS TABLE (who text, action text, difference jsonb, conflict text) LANGUAGE sql AS $$
    SELECT coalesce((SELECT a.before ->> 'userName' FROM undo.audit a WHERE a.resource_id = v.resource_id AND a.before ? 'userName' LIMIT 1), r.user_name, r.display_name, v.resource_type),
        v.action, regexp_replace(v.difference::text, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g')::jsonb, regexp_replace(v.conflict, '(by ).*?( at ).*?Z', '\1SOMEBODY\2INSTANT', 'g')
    FROM scim.revert_change(change, preview) v LEFT JOIN undo.resource r ON r.id = v.resource_id
$$;
CREATE FUNCTION pg_temp.id(name text) RETURNS uuid LANGUAGE sql AS $$
    SELECT id FROM undo.resource WHERE tenant_id = 1 AND (user_name = name OR display_name = name)
$$;
INSERT INTO undo.users (data) SELECT jsonb_build_object('userName', 'u' || n) FROM generate_series(1, 33) n;
INSERT INTO undo.policy (resource_type, kind, name, settings) VALUES ('User', 'guard', 'slowly', '{"on": ["suspend", "offboard", "delete"], "limit": 5, "seconds": 3600}');
UPDATE undo.policy SET enabled = false WHERE kind = 'guard';
UPDATE undo.users SET active = false;
BEGIN;
UPDATE undo.users SET active = true;
SELECT scim.change() AS activated \gset
COMMIT;
UPDATE undo.policy SET enabled = true WHERE kind = 'guard';

-- a guard: all or nothing, and a preview leaves no trace of what it tried
BEGIN;
SELECT count(*), count(difference) AS done, conflict FROM scim.revert_change(:'activated', true) GROUP BY conflict;
UPDATE undo.users SET data = data || '{"title": "harmless"}' WHERE user_name = 'u1';
COMMIT;
SELECT state, used FROM scim.guards();
SELECT pg_temp.try(format('SELECT count(*) FROM scim.revert_change(%L)', :'activated'));
SELECT count(*) FILTER (WHERE status = 'ACTIVE') AS active, count(*) FROM undo.users;
SELECT operation FROM undo.audit WHERE operation IN ('revert', 'suspend') AND at > (SELECT max(at) FROM undo.audit WHERE operation = 'reactivate');
-- what was refused before a preview is told all the same, and what a savepoint told and lost, too
BEGIN;
SAVEPOINT s;
UPDATE undo.users SET active = false;
ROLLBACK TO s;
SELECT count(*) FROM scim.revert_change(:'activated', true);
SAVEPOINT s;
UPDATE undo.users SET data = data || '{"title": "lost"}' WHERE user_name = 'u1';
SELECT state FROM scim.guards();
ROLLBACK TO s;
SELECT state FROM scim.guards();
UPDATE undo.users SET data = data || '{"title": "kept"}' WHERE user_name = 'u1';
SELECT state FROM scim.guards();
COMMIT;
SELECT count(DISTINCT conflict), min(conflict) FROM scim.revert_change(:'activated', true);
SELECT scim.release_guard('slowly');
-- only tripping and release are audited, and neither is in the way
SELECT operation, before ->> 'tripped_at' IS NOT NULL AS was_tripped, detail -> 'after' ->> 'tripped_at' IS NOT NULL AS is_tripped FROM undo.audit WHERE object = 'guard' ORDER BY id;
SELECT scim.change() AS nothing \gset
BEGIN;
UPDATE undo.users SET active = false WHERE user_name IN ('u1', 'u2', 'u3', 'u4', 'u5');
SELECT scim.change() AS tripped \gset
COMMIT;
SELECT * FROM pg_temp.undo(:'tripped');
-- again: it is so already
SELECT action, conflict, count(*) FROM pg_temp.undo(:'tripped') GROUP BY 1, 2;
DELETE FROM undo.policy WHERE kind = 'guard';
SELECT operation, object FROM undo.audit WHERE object = 'guard' AND operation <> 'update guard';

-- who is erased does not come back, and nothing leads to him
INSERT INTO undo.groups (data) VALUES ('{"displayName": "crew"}');
INSERT INTO undo.member (group_id, member_id) VALUES (pg_temp.id('crew'), pg_temp.id('u6')), (pg_temp.id('crew'), pg_temp.id('u7'));
UPDATE undo.users SET data = data || jsonb_build_object('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('manager', jsonb_build_object('value', pg_temp.id('u6')))) WHERE user_name IN ('u8', 'u9');
BEGIN;
UPDATE undo.users SET data = data - 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' || '{"title": "alone"}' WHERE user_name = 'u9';
SELECT scim.change() AS alone \gset
COMMIT;
BEGIN;
SELECT scim.erase(pg_temp.id('u6')) > 0 AS erased;
SELECT scim.change() AS erased \gset
COMMIT;
SELECT * FROM pg_temp.undo(:'erased');
SELECT * FROM pg_temp.undo(:'alone');
SELECT data FROM undo.users WHERE user_name IN ('u8', 'u9') ORDER BY user_name;
SELECT count(*) FROM undo.member m WHERE NOT EXISTS (SELECT FROM undo.resource r WHERE r.id = m.member_id);
-- nor does what is purged, but where it comes back too
UPDATE undo.policy SET settings = '{"mode": "hard"}' WHERE (resource_type, kind) = ('User', 'delete');
UPDATE undo.users SET data = data || jsonb_build_object('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('manager', jsonb_build_object('value', pg_temp.id('u7')))) WHERE user_name = 'u8';
BEGIN;
UPDATE undo.users SET data = data - 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' WHERE user_name = 'u8';
DELETE FROM undo.member WHERE member_id = pg_temp.id('u7');
SELECT scim.change() AS left \gset
COMMIT;
BEGIN;
DELETE FROM undo.users WHERE user_name = 'u7';
SELECT scim.change() AS gone \gset
COMMIT;
SELECT * FROM pg_temp.undo(:'left', true);
SELECT * FROM pg_temp.undo(:'gone');
SELECT who, action, conflict FROM pg_temp.undo(:'left');
-- whom the door does not bring back joins no group, and the others of it do
INSERT INTO undo.users (data) SELECT jsonb_build_object('userName', 'back' || n) FROM generate_series(1, 3) n;
INSERT INTO undo.groups (data) SELECT jsonb_build_object('displayName', 'team' || t, 'members', jsonb_agg(jsonb_build_object('value', u.id) ORDER BY u.user_name)) FROM undo.users u, generate_series(1, 3) t WHERE u.user_name ^@ 'back' AND right(u.user_name, 1)::int <= t GROUP BY t;
SELECT jsonb_object_agg(id, coalesce(user_name, display_name)) AS named FROM undo.resource WHERE user_name ^@ 'back' OR display_name ^@ 'team' \gset
BEGIN;
DELETE FROM undo.users WHERE user_name ^@ 'back';
SELECT scim.change() AS lost \gset
COMMIT;
INSERT INTO undo.users (data) VALUES ('{"userName": "back1"}');
SELECT coalesce(:'named'::jsonb ->> resource_id::text, '?') AS who, action, conflict, coalesce(:'named'::jsonb ->> right(difference #>> '{0,path}', 36), difference #>> '{0,value,userName}') AS again FROM scim.revert_change(:'lost', dry_run => true) ORDER BY 2, 1, 4;
SELECT coalesce(:'named'::jsonb ->> resource_id::text, '?') AS who, action, conflict, coalesce(:'named'::jsonb ->> right(difference #>> '{0,path}', 36), difference #>> '{0,value,userName}') AS again FROM scim.revert_change(:'lost') ORDER BY 2, 1, 4;
SELECT g.display_name, array_agg(coalesce(u.user_name, 'nobody') ORDER BY 1) FROM undo.groups g JOIN undo.member m ON m.group_id = g.id LEFT JOIN undo.users u ON u.id = m.member_id WHERE g.display_name ^@ 'team' GROUP BY 1 ORDER BY 1;
DELETE FROM undo.users WHERE user_name ^@ 'back';

-- what was created is off-boarded, or is already
UPDATE undo.policy SET settings = '{"mode": "offboard"}' WHERE (resource_type, kind) = ('User', 'delete');
BEGIN;
INSERT INTO undo.users (data) VALUES ('{"userName": "new1"}'), ('{"userName": "new2"}');
SELECT scim.change() AS created \gset
COMMIT;
DELETE FROM undo.users WHERE user_name = 'new2';
SELECT * FROM pg_temp.undo(:'created', true) ORDER BY who;
SELECT * FROM pg_temp.undo(:'created') ORDER BY who;
SELECT * FROM pg_temp.undo(:'created') ORDER BY who;
SELECT user_name, status FROM undo.users WHERE user_name ^@ 'new' ORDER BY 1;
-- what was out of sight when it was purged is out of sight again
UPDATE undo.policy SET settings = '{"mode": "retain"}' WHERE (resource_type, kind) = ('User', 'delete');
DELETE FROM undo.users WHERE user_name IN ('u10', 'u11');
BEGIN;
DELETE FROM undo.users WHERE user_name IN ('u10', 'u11');
SELECT scim.change() AS purged \gset
COMMIT;
SELECT who, action, difference, conflict FROM pg_temp.undo(:'purged') ORDER BY who;
SELECT user_name, status FROM undo.users WHERE user_name IN ('u10', 'u11') ORDER BY 1;

-- who was deleted and purged by one transaction is where he was, with whom he was
UPDATE undo.policy SET settings = '{"mode": "retain"}' WHERE (resource_type, kind) = ('Group', 'delete');
INSERT INTO undo.groups (data) VALUES ('{"displayName": "brief"}');
INSERT INTO undo.member (group_id, member_id) VALUES (pg_temp.id('brief'), pg_temp.id('u15')), (pg_temp.id('brief'), pg_temp.id('u16'));
UPDATE undo.users SET active = false WHERE user_name IN ('u16', 'u17');
CREATE TEMP TABLE life AS SELECT user_name, status, created, activated_at, deactivated_at, offboarding_at, deleted_at, sessions_valid_after FROM undo.users WHERE user_name IN ('u15', 'u16', 'u17', 'u18');
BEGIN;
UPDATE undo.users SET active = true WHERE user_name = 'u17';
DELETE FROM undo.users WHERE user_name IN ('u15', 'u16', 'u17', 'u18');
DELETE FROM undo.groups WHERE display_name = 'brief';
SELECT scim.purge('0 s') >= 5 AS purged;
SELECT scim.change() AS purged \gset
COMMIT;
SELECT who, action, conflict FROM pg_temp.undo(:'purged') WHERE who NOT IN ('u10', 'u11') ORDER BY 1, 2, 3;
SELECT user_name, status, EXISTS (SELECT user_name, status, created, activated_at, deactivated_at, offboarding_at, deleted_at, sessions_valid_after FROM undo.users WHERE user_name = l.user_name INTERSECT SELECT l.*) AS same FROM life l ORDER BY 1;
SELECT r.user_name FROM undo.member m JOIN undo.resource r ON r.id = m.member_id WHERE m.group_id = pg_temp.id('brief') ORDER BY 1;
-- a group that cannot come back, and what is said of its members
BEGIN;
DELETE FROM undo.groups WHERE display_name = 'brief';
SELECT scim.purge('0 s') > 0 AS purged;
SELECT scim.change() AS purged \gset
COMMIT;
INSERT INTO undo.policy (resource_type, kind, name, settings) VALUES ('Group', 'unique', 'name', '{"attributes": ["displayName"]}');
INSERT INTO undo.groups (data) VALUES ('{"displayName": "brief"}');
SELECT who, action, conflict FROM pg_temp.undo(:'purged') ORDER BY 1, 2, 3;
DELETE FROM undo.policy WHERE (resource_type, kind) = ('Group', 'unique');
-- an off-boarding of who was suspended is not taken back in one step
UPDATE undo.policy SET settings = '{"mode": "offboard"}' WHERE (resource_type, kind) = ('User', 'delete');
BEGIN;
DELETE FROM undo.users WHERE user_name IN ('u15', 'u16');
SELECT scim.change() AS offboarded \gset
COMMIT;
SELECT who, action, conflict FROM pg_temp.undo(:'offboarded') ORDER BY 1, 2;

-- one of many is in the way: the others are changed back by a few statements
BEGIN;
UPDATE undo.users SET data = data || jsonb_build_object('userName', 'x' || user_name) WHERE user_name ~ '^u2\d$';
SELECT scim.change() AS renamed \gset
COMMIT;
INSERT INTO undo.users (data) VALUES ('{"userName": "u23"}');
CREATE TABLE statement (n int);
CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.statement VALUES (1); RETURN NULL; END $$;
CREATE TRIGGER counted AFTER UPDATE ON undo.resource FOR EACH STATEMENT EXECUTE FUNCTION counted();
SELECT count(*), count(difference) AS done, conflict FROM scim.revert_change(:'renamed') GROUP BY conflict ORDER BY 1;
SELECT count(*) < 8 AS few FROM statement;
DROP TRIGGER counted ON undo.resource;
DROP FUNCTION counted;
DROP TABLE statement;
SELECT count(*) FROM undo.users WHERE user_name ~ '^u2\d$';

-- a group that has got members and another name loses both
INSERT INTO undo.groups (data) VALUES ('{"displayName": "old"}');
BEGIN;
UPDATE undo.groups SET data = data || '{"displayName": "new"}' WHERE display_name = 'old';
INSERT INTO undo.member (group_id, member_id) VALUES (pg_temp.id('new'), pg_temp.id('u12')), (pg_temp.id('new'), pg_temp.id('u13'));
SELECT scim.change() AS grown \gset
COMMIT;
SELECT action, difference, conflict FROM pg_temp.undo(:'grown') WHERE action = 'update';
SELECT display_name, (SELECT count(*) FROM undo.member m WHERE m.group_id = g.id) AS members FROM undo.groups g WHERE display_name IN ('old', 'new');

-- what it takes, in a preview as well
CREATE ROLE regress_scim_undo;
GRANT USAGE ON SCHEMA undo TO regress_scim_undo;
INSERT INTO undo.tenant_role (role, tenant_id) VALUES ('regress_scim_undo', 1);
SET ROLE regress_scim_undo;
SET scim.tenant = 1;
SELECT pg_temp.try(format('SELECT count(*) FROM scim.revert_change(%L, true)', :'renamed'));
RESET ROLE;
GRANT SELECT ON undo.audit, undo.resource, undo.member, undo.resource_type, undo.schema TO regress_scim_undo;
SET ROLE regress_scim_undo;
SELECT pg_temp.try(format('SELECT count(*) FROM scim.revert_change(%L, true)', :'activated'));
SELECT pg_temp.try(format('SELECT count(*) FROM scim.revert_change(%L, true)', :'gone'));
RESET ROLE;
-- and who may change some of them only is told so
GRANT UPDATE ON undo.resource TO regress_scim_undo;
CREATE POLICY part ON undo.resource AS RESTRICTIVE FOR UPDATE TO regress_scim_undo USING (user_name <> 'u12');
BEGIN;
UPDATE undo.users SET data = data || '{"title": "x"}' WHERE user_name IN ('u12', 'u13', 'u14');
SELECT scim.change() AS titled \gset
COMMIT;
SET ROLE regress_scim_undo;
SELECT count(*), count(difference) AS done, conflict FROM scim.revert_change(:'titled') GROUP BY conflict ORDER BY 1;
RESET ROLE;
DROP POLICY part ON undo.resource;
-- what the door does not change back is said, and what it does, by whom it is asked
SELECT scim.register_schema('{"id": "urn:undo:Thing", "name": "Thing", "attributes": [{"name": "name", "type": "string", "required": true}, {"name": "note", "type": "string"},
  {"name": "fixed", "type": "string", "mutability": "immutable"}, {"name": "shown", "type": "string", "mutability": "readOnly"},
  {"name": "many", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "type": "string"}, {"name": "fixed", "type": "string", "mutability": "immutable"}]}]}') IS NOT NULL;
SELECT scim.register_resource_type('{"name": "Thing", "endpoint": "/Things", "schema": "urn:undo:Thing"}') IS NOT NULL;
GRANT SELECT, UPDATE ON undo.things TO regress_scim_undo;
INSERT INTO undo.things (data) VALUES ('{"name": "a", "many": [{"value": "v"}]}'), ('{"name": "b"}'), ('{"name": "c"}');
BEGIN;
UPDATE undo.things SET data = data || '{"fixed": "f"}' WHERE data ->> 'name' = 'a';
SELECT scim.change() AS fixed \gset
COMMIT;
BEGIN;
UPDATE undo.things SET data = data || '{"fixed": "f", "note": "n"}' WHERE data ->> 'name' = 'b';
UPDATE undo.things SET data = data || '{"many": [{"value": "v", "fixed": "f"}]}' WHERE data ->> 'name' = 'a';
SELECT scim.change() AS mixed \gset
COMMIT;
BEGIN;
SET LOCAL scim.write_read_only = on;
UPDATE undo.things SET data = data || '{"shown": "s", "note": "n"}' WHERE data ->> 'name' = 'c';
SELECT scim.change() AS shown \gset
COMMIT;
SELECT version, data ->> 'name' AS name FROM undo.things ORDER BY 2;
SELECT action, difference, conflict FROM scim.revert_change(:'fixed', true) ORDER BY conflict;
SELECT action, difference, conflict FROM scim.revert_change(:'fixed') ORDER BY conflict;
SELECT action, difference, conflict FROM scim.revert_change(:'mixed') ORDER BY conflict, difference;
SET ROLE regress_scim_undo;
SELECT action, difference, conflict FROM scim.revert_change(:'shown', true);
RESET ROLE;
SELECT action, difference, conflict FROM scim.revert_change(:'shown');
SELECT version, data - 'schemas' AS data FROM undo.things ORDER BY 2;
RESET scim.tenant;
SELECT scim.drop_store('undo', true);
DROP ROLE regress_scim_undo;
