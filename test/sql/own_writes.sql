-- What a call itself has written on the way, by a foreign key of a bound table or a
-- trigger of somebody's, is no change of somebody else.
SET client_min_messages = warning;
SELECT scim.create_store('own_writes');
SET scim.store = 'own_writes';
CREATE SCHEMA own_writes_app;
CREATE TABLE own_writes_app.users (id serial PRIMARY KEY, login text NOT NULL UNIQUE, manager_id int REFERENCES own_writes_app.users ON DELETE SET NULL);
CREATE INDEX ON own_writes_app.users (manager_id);
INSERT INTO own_writes_app.users (login, manager_id) VALUES ('ada', 2), ('grace', NULL), ('linus', 1);
SELECT count(*) FROM scim.bind_table('User', 'own_writes_app.users', '{"attributes": {"userName": "login", "manager": {"column": "manager_id", "references": "User"}}}');
CREATE VIEW own_writes_app.people AS SELECT user_name, status, version, data ->> 'title' AS title FROM own_writes.users ORDER BY user_name;

-- one statement that deletes both
BEGIN;
DELETE FROM own_writes.users WHERE user_name IN ('ada', 'linus');
SELECT * FROM own_writes_app.people;
SELECT login, manager_id FROM own_writes_app.users ORDER BY id;
ROLLBACK;
BEGIN;
DELETE FROM own_writes.resource WHERE user_name IN ('ada', 'linus');
SELECT * FROM own_writes_app.people;
ROLLBACK;

-- an import of a full list, which somebody leaves whose manager leaves
BEGIN;
SELECT key, action, problems FROM scim.import('User', $$SELECT 'grace' AS "userName"$$, mode => 'full', missing => 'delete', apply => true, force => true);
SELECT * FROM own_writes_app.people;
ROLLBACK;

-- an import that is taken back, of people of whom one is the other's manager
INSERT INTO own_writes_app.users (login, manager_id) VALUES ('m1', NULL), ('m2', 4), ('m3', 5);
SELECT change FROM own_writes.audit ORDER BY at DESC, id DESC LIMIT 1 \gset
SELECT action, conflict, count(*) FROM scim.revert_change(:'change') GROUP BY 1, 2;
SELECT login FROM own_writes_app.users ORDER BY id;
SELECT scim.unbind_table('own_writes_app.users');

-- a trigger of one's own that writes somebody when somebody else goes
CREATE FUNCTION own_writes_app.handover() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE own_writes.users SET data = data || '{"title": "acting"}' WHERE user_name IN ('linus', 'u2050') AND deleted_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER handover_gone AFTER UPDATE ON own_writes.users FOR EACH ROW
    WHEN (old.deleted_at IS NULL AND new.deleted_at IS NOT NULL AND new.user_name = 'ada') EXECUTE FUNCTION own_writes_app.handover();
CREATE TRIGGER handover_deleted AFTER DELETE ON own_writes.users FOR EACH ROW
    WHEN (old.user_name = 'ada') EXECUTE FUNCTION own_writes_app.handover();
CREATE TRIGGER handover_changed AFTER UPDATE ON own_writes.users FOR EACH ROW
    WHEN (old.data ->> 'nickName' IS DISTINCT FROM new.data ->> 'nickName' AND new.user_name = 'ada') EXECUTE FUNCTION own_writes_app.handover();
BEGIN;
DELETE FROM own_writes.users WHERE user_name IN ('ada', 'linus');
SELECT * FROM own_writes_app.people;
ROLLBACK;
BEGIN;
UPDATE own_writes.policy SET settings = '{"mode": "offboard"}' WHERE kind = 'delete';
DELETE FROM own_writes.users WHERE user_name IN ('ada', 'linus');
SELECT * FROM own_writes_app.people;
ROLLBACK;
-- where "active": false is for good, an UPDATE deletes
BEGIN;
UPDATE own_writes.policy SET settings = '{"mode": "hard", "byStatus": {"ACTIVE": {"delete": "hard", "deactivate": "hard"}}}' WHERE kind = 'delete';
UPDATE own_writes.users SET active = false WHERE user_name IN ('ada', 'linus');
SELECT * FROM own_writes_app.people;
ROLLBACK;
-- who is deleted by such a trigger of the same statement is gone
BEGIN;
CREATE FUNCTION own_writes_app.take_along() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM own_writes.users WHERE user_name = 'linus' AND deleted_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER take_along AFTER UPDATE ON own_writes.users FOR EACH ROW
    WHEN (old.deleted_at IS NULL AND new.deleted_at IS NOT NULL AND new.user_name = 'ada') EXECUTE FUNCTION own_writes_app.take_along();
DELETE FROM own_writes.users WHERE user_name IN ('ada', 'linus');
SELECT * FROM own_writes_app.people;
ROLLBACK;

-- an import of more than are written at once: changed, deactivated, deleted, left alone
INSERT INTO own_writes.users (data) SELECT jsonb_build_object('userName', 'u' || n) FROM generate_series(1001, 2100) n;
CREATE TABLE own_writes_app.outcome AS SELECT ''::text AS key, ''::text AS action, 0::bigint AS version, NULL::jsonb AS problems LIMIT 0;
CREATE VIEW own_writes_app.told AS SELECT o.key, o.action, o.version = u.version AS version, o.problems, u.data ->> 'title' AS title, u.data ->> 'displayName' AS display, u.status
    FROM own_writes_app.outcome o LEFT JOIN own_writes.users u ON u.user_name = o.key WHERE o.key IN ('ada', 'linus', 'u2050') OR o.action = 'conflict' ORDER BY o.key COLLATE "C";
BEGIN;
INSERT INTO own_writes_app.outcome SELECT key, action, version, problems FROM scim.import('User',
    $$SELECT 'ada' AS "userName", 'a' AS "nickName", NULL AS "displayName" UNION ALL SELECT 'grace', 'a', NULL
      UNION ALL SELECT 'u' || n, 'b', 'd' FROM generate_series(1001, 2100) n UNION ALL SELECT 'linus', NULL, NULL$$, apply => true, force => true);
SELECT * FROM own_writes_app.told;
ROLLBACK;
BEGIN;
INSERT INTO own_writes_app.outcome SELECT key, action, version, problems FROM scim.import('User',
    $$SELECT 'ada' AS "userName", 'a' AS "nickName"$$, mode => 'full', missing => 'deactivate', apply => true, force => true);
SELECT * FROM own_writes_app.told;
ROLLBACK;
BEGIN;
INSERT INTO own_writes_app.outcome SELECT key, action, version, problems FROM scim.import('User',
    $$SELECT 'ada' AS "userName", 'a' AS "nickName"$$, mode => 'full', missing => 'delete', apply => true, force => true);
SELECT * FROM own_writes_app.told;
SELECT status, count(*) FROM own_writes.users GROUP BY 1 ORDER BY 1;
ROLLBACK;
-- who was to be deleted, and is by such a trigger
BEGIN;
CREATE FUNCTION own_writes_app.take_along() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM own_writes.users WHERE user_name IN ('u2050', 'u2051') AND deleted_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER take_along AFTER UPDATE ON own_writes.users FOR EACH ROW
    WHEN (old.deleted_at IS NULL AND new.deleted_at IS NOT NULL AND new.user_name = 'ada') EXECUTE FUNCTION own_writes_app.take_along();
INSERT INTO own_writes_app.outcome SELECT key, action, version, problems FROM scim.import('User',
    $$SELECT 'grace' AS "userName"$$, mode => 'full', missing => 'delete', apply => true, force => true);
SELECT * FROM own_writes_app.told;
SELECT status, count(*) FROM own_writes.users GROUP BY 1 ORDER BY 1;
ROLLBACK;
-- what a line says, and the trigger too, of the same attribute
BEGIN;
INSERT INTO own_writes_app.outcome SELECT key, action, version, problems FROM scim.import('User',
    $$SELECT 'ada' AS "userName", 'a' AS "nickName", NULL AS title UNION ALL SELECT 'grace', 'a', NULL
      UNION ALL SELECT 'u' || n, 'b', 'chief' FROM generate_series(1001, 2100) n UNION ALL SELECT 'linus', NULL, NULL$$, apply => true, force => true);
SELECT * FROM own_writes_app.told;
ROLLBACK;

-- a change that is taken back: what the trigger writes on the way stays
BEGIN;
UPDATE own_writes.users SET data = data || '{"nickName": "n"}' WHERE user_name = 'linus';
UPDATE own_writes.users SET data = data || '{"nickName": "n"}' WHERE user_name = 'ada';
INSERT INTO own_writes.groups (data) VALUES ('{"displayName": "g"}');
COMMIT;
SELECT change FROM own_writes.audit ORDER BY at DESC, id DESC LIMIT 1 \gset
SELECT action, conflict FROM scim.revert_change(:'change', true) ORDER BY 1, 2;
SELECT action, conflict FROM scim.revert_change(:'change') ORDER BY 1, 2;
SELECT user_name, data ->> 'nickName' AS nick, data ->> 'title' AS title FROM own_writes.users WHERE user_name IN ('ada', 'linus');

-- groups that are changed with their members by one statement, of which one is written because another gets one
INSERT INTO own_writes.groups (data) VALUES ('{"displayName": "g1"}'), ('{"displayName": "g2"}'), ('{"displayName": "g3"}');
CREATE FUNCTION own_writes_app.joined() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE own_writes.groups SET external_id = 'joined' WHERE display_name = 'g2' AND external_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER joined AFTER INSERT ON own_writes.member FOR EACH ROW EXECUTE FUNCTION own_writes_app.joined();
UPDATE own_writes.groups SET data = data || jsonb_build_object('members', (SELECT jsonb_agg(jsonb_build_object('value', u.id)) FROM own_writes.users u WHERE user_name IN ('ada', 'linus'))) WHERE display_name ^@ 'g';
SELECT display_name, version, external_id, (SELECT count(*) FROM own_writes.member m WHERE m.group_id = g.id) AS members FROM own_writes.groups g ORDER BY 1;
SELECT operation, before ->> 'displayName' AS name, detail IS NOT NULL AS detail, member_id IS NOT NULL AS member, version FROM own_writes.audit WHERE change = (SELECT change FROM own_writes.audit ORDER BY at DESC, id DESC LIMIT 1) ORDER BY at, id;
SELECT count(*) FROM scim.verify_audit();
DROP SCHEMA own_writes_app CASCADE;
SELECT scim.drop_store('own_writes', true);
