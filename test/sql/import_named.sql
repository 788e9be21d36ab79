-- Rows of an import that name whom another row of it makes, renames or takes away, or who is missing
SET client_min_messages = error;
\set VERBOSITY terse
SELECT scim.create_store('rely');
SET scim.store = 'rely';
CREATE VIEW rely.nobody AS SELECT m.member_id FROM rely.member m WHERE NOT EXISTS (SELECT FROM rely.resource r WHERE r.id = m.member_id AND r.deleted_at IS NULL);
-- what is shown, what is done, and what a second time says, of rows of v
CREATE FUNCTION pg_temp.three(resource_type text, source text, VARIADIC more text[] DEFAULT '{}') RETURNS TABLE (line bigint, key text, shown text, done text, again text, problem text) LANGUAGE plpgsql AS $$
DECLARE
    call CONSTANT text := format('SELECT * FROM scim.import(%L, %L, force => true', resource_type, source) || concat(VARIADIC ARRAY(SELECT ', ' || m FROM unnest(more) m));
BEGIN
    EXECUTE 'CREATE TEMP TABLE shown ON COMMIT DROP AS ' || call || ')';
    EXECUTE 'CREATE TEMP TABLE done ON COMMIT DROP AS ' || call || ', apply => true)';
    EXECUTE 'CREATE TEMP TABLE again ON COMMIT DROP AS ' || call || ', apply => true)';
    RETURN QUERY SELECT s.line, s.key, s.action || CASE WHEN d.action = s.action AND jsonb_array_length(s.difference) IS DISTINCT FROM jsonb_array_length(d.difference) THEN ' (another difference)' ELSE '' END, d.action, a.action,
        regexp_replace(concat_ws('; ', d.problems -> 0 ->> 'detail', d.problems -> 1 ->> 'detail'), '[0-9a-f]{8}-[0-9a-f-]{27}', 'ID')
    FROM shown s JOIN done d ON (d.line, d.key) IS NOT DISTINCT FROM (s.line, s.key) LEFT JOIN again a ON (a.line, a.key) IS NOT DISTINCT FROM (s.line, s.key) ORDER BY s.line, s.key;
END $$;
CREATE FUNCTION pg_temp.members() RETURNS TABLE (name text, external_id text, version bigint, members text) LANGUAGE sql AS $$
    SELECT g.display_name, g.external_id, g.version, (SELECT string_agg(COALESCE(r.display_name, r.user_name, 'nobody'), ' ' ORDER BY 1) FROM rely.member m LEFT JOIN rely.resource r ON r.id = m.member_id WHERE m.group_id = g.id)
    FROM rely.groups g ORDER BY 1, 2 $$;
INSERT INTO rely.users (data) VALUES ('{"userName": "u"}');
INSERT INTO rely.groups (data) VALUES ('{"displayName": "g", "externalId": "2"}'), ('{"displayName": "old", "externalId": "1"}');
SELECT id AS old FROM rely.groups WHERE display_name = 'old' \gset
-- who goes is nobody, by id or name, whether he is missing or a row says so, and whether he is a member already
BEGIN;
SELECT * FROM pg_temp.three('Group', format($$ SELECT 'g' AS "displayName", '[{"value": "%s"}]' AS members $$, :'old'), $$mode => 'full'$$, $$missing => 'delete'$$);
SELECT * FROM pg_temp.members();
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', format($$ SELECT 'g' AS "displayName", '%s' AS members $$, :'old'), $$mode => 'full'$$, $$missing => 'delete'$$);
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT 'g' AS "displayName", '[{"displayName": "OLD"}]' AS members $$, $$mode => 'full'$$, $$missing => 'delete'$$);
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('g', '[{"displayName": "old"}]', NULL), ('old', NULL, 'delete')) v ("displayName", members, _action) $$);
SELECT * FROM pg_temp.members();
ROLLBACK;
BEGIN;
INSERT INTO rely.member (group_id, member_id) SELECT id, :'old' FROM rely.groups WHERE display_name = 'g';
SELECT * FROM pg_temp.three('Group', format($$ SELECT 'g' AS "displayName", '[{"value": "%s"}]' AS members $$, :'old'), $$mode => 'full'$$, $$missing => 'delete'$$);
SELECT * FROM pg_temp.members();
ROLLBACK;
-- but not whose row cannot be, who is deactivated, or who is off-boarded
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('g', '[{"displayName": "old"}]', NULL, NULL), ('old', NULL, 'delete', 7)) v ("displayName", members, _action, _version) $$);
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('g', '[{"displayName": "old"}]', NULL), ('old', NULL, 'deactivate')) v ("displayName", members, _action) $$);
ROLLBACK;
BEGIN;
INSERT INTO rely.policy (resource_type, kind, settings) VALUES ('Group', 'delete', '{"mode": "offboard"}') ON CONFLICT (tenant_id, resource_type, kind, name) DO UPDATE SET settings = EXCLUDED.settings;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('g', '[{"displayName": "old"}]', NULL), ('old', NULL, 'delete')) v ("displayName", members, _action) $$);
ROLLBACK;
-- people, by a policy "reference": of what the row says; whom it restricts stays
INSERT INTO rely.users (data) VALUES ('{"userName": "boss"}');
SELECT id AS boss FROM rely.users WHERE user_name = 'boss' \gset
INSERT INTO rely.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": {"type": "User", "onDelete": "clear"}}}');
UPDATE rely.policy SET settings = '{"mode": "hard"}' WHERE (kind, resource_type) = ('delete', 'User');
BEGIN;
SELECT * FROM pg_temp.three('User', format($$ SELECT 'u' AS "userName", '%s' AS manager $$, :'boss'), $$mode => 'full'$$, $$missing => 'delete'$$);
SELECT user_name, version, data -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS manager FROM rely.users ORDER BY 1;
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('User', format($$ SELECT * FROM (VALUES ('u', '%s', NULL), ('boss', NULL, 'delete')) v ("userName", manager, _action) $$, :'boss'));
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('User', format($$ SELECT 'u' AS "userName", '%s' AS manager $$, :'boss'), $$mode => 'full'$$);
ROLLBACK;
BEGIN;
UPDATE rely.users SET data = data || format('{"manager": "%s"}', :'boss')::jsonb WHERE user_name = 'u';
SELECT * FROM pg_temp.three('User', $$ SELECT 'u' AS "userName" $$, $$mode => 'full'$$, $$missing => 'delete'$$);
ROLLBACK;
BEGIN;
UPDATE rely.policy SET settings = '{"attributes": {"manager": {"type": "User", "onDelete": "restrict"}}}' WHERE kind = 'reference';
SELECT * FROM pg_temp.three('User', format($$ SELECT 'u' AS "userName", '%s' AS manager $$, :'boss'), $$mode => 'full'$$, $$missing => 'delete'$$);
ROLLBACK;
BEGIN;
UPDATE rely.policy SET settings = '{"attributes": {"manager": {"type": "User", "onDelete": "leave"}}}' WHERE kind = 'reference';
UPDATE rely.users SET data = data || format('{"manager": "%s"}', :'boss')::jsonb WHERE user_name = 'u';
SELECT * FROM pg_temp.three('User', format($$ SELECT 'u' AS "userName", '%s' AS manager UNION ALL SELECT 'u2', '%s' $$, :'boss', :'boss'), $$mode => 'full'$$, $$missing => 'delete'$$);
ROLLBACK;
BEGIN;
INSERT INTO rely.policy (resource_type, kind, settings) VALUES ('Group', 'reference', '{"attributes": {"members": {"type": ["User", "Group"], "onDelete": "restrict"}}}');
SELECT * FROM pg_temp.three('Group', format($$ SELECT 'g' AS "displayName", '[{"value": "%s"}]' AS members UNION ALL SELECT 'h', '[{"displayName": "old"}]' $$, :'old'), $$mode => 'full'$$, $$missing => 'delete'$$);
SELECT * FROM pg_temp.members();
ROLLBACK;
-- whose row makes no group: wrong members, a conflict, twice, outside of the scope, an end of who is not there, an unknown action; and who names him who names such a one
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('g', '[{"displayName": "x"}, {"displayName": "bad"}]', NULL, NULL), ('bad', 'nobody', NULL, NULL), ('h', '[{"displayName": "c"}]', NULL, NULL), ('c', NULL, 3, NULL), ('i', '[{"displayName": "d"}]', NULL, NULL), ('d', NULL, NULL, NULL), ('D', NULL, NULL, NULL),
    ('j', '[{"displayName": "e"}, {"displayName": "f"}]', NULL, NULL), ('e', NULL, NULL, 'delete'), ('f', NULL, NULL, 'deactivate'), ('k', '[{"displayName": "j"}]', NULL, NULL), ('l', '[{"displayName": "k"}]', NULL, NULL), ('m', '[{"displayName": "n"}, {"displayName": "x"}]', NULL, NULL), ('n', NULL, NULL, 'perhaps'), ('x', 'u', NULL, NULL)) v ("displayName", members, _version, _action) $$);
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('o', '[{"displayName": "s"}]', 'x'), ('s', NULL, 'y')) v ("displayName", members, "externalId") $$, $$scope => 'externalId eq "x"'$$);
SELECT * FROM rely.nobody;
-- circles: of those who can be, and of those of whom one cannot
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('c1', '[{"displayName": "c2"}]'), ('c2', '[{"displayName": "c3"}]'), ('c3', '[{"displayName": "c1"}, {"displayName": "c3"}]'), ('d1', '[{"displayName": "d2"}]'), ('d2', '[{"displayName": "d1"}, "nobody"]'), ('d3', '[{"displayName": "d1"}]')) v ("displayName", members) $$);
SELECT * FROM pg_temp.members() WHERE name ~ '^[cd][0-9]';
-- refused when they are written: who names them is taken back, and others are done
CREATE FUNCTION rely.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.display_name ~ '^t' THEN RAISE 'no %', NEW.display_name; END IF; RETURN NULL; END $$;
CREATE TRIGGER no AFTER INSERT OR UPDATE ON rely.resource FOR EACH ROW EXECUTE FUNCTION rely.no();
SELECT key, action, problems -> 0 ->> 'detail' AS problem FROM scim.import('Group', $$ SELECT * FROM (VALUES ('g', '[{"displayName": "t"}]'), ('t', NULL), ('p', '[{"displayName": "q"}]'), ('q', '[{"displayName": "t2"}]'), ('t2', '[{"displayName": "p"}]'), ('r', '[{"displayName": "r2"}]'), ('r2', '[{"displayName": "r"}]'), ('y', 'u')) v ("displayName", members) $$,
    apply => true, force => true) ORDER BY line;
SELECT * FROM pg_temp.members() WHERE name ~ '^[gpqrty]';
SELECT * FROM rely.nobody;
SELECT detail - 'mode' AS counted FROM rely.audit WHERE operation = 'import' ORDER BY id DESC LIMIT 1;
DELETE FROM rely.groups WHERE external_id IS NULL;
-- matched by something else: the names that the source gives, whoever has them before
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('1', 'b', NULL), ('2', 'g', '[{"displayName": "OLD"}]'), ('3', 'old', NULL)) v ("externalId", "displayName", members) $$, $$match => 'externalId'$$);
SELECT * FROM pg_temp.members() WHERE external_id <= '3';
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('1', 'b', NULL), ('2', 'g', '[{"displayName": "b"}, {"externalId": "9", "type": "Group"}]'), ('4', 'h4', '[{"displayName": "old"}]'), ('9', 'n', NULL)) v ("externalId", "displayName", members) $$, $$match => 'externalId'$$);
SELECT * FROM pg_temp.members() WHERE external_id <= '9';
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('5', 'n', NULL), ('2', 'g', '[{"displayName": "n"}]'), ('6', 'N', NULL)) v ("externalId", "displayName", members) $$, $$match => 'externalId'$$);
ROLLBACK;
-- who goes has given up his name; whose row cannot be has the one that he had
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('2', 'g', '[{"displayName": "old"}]'), ('7', 'old', NULL)) v ("externalId", "displayName", members) $$, $$match => 'externalId'$$, $$mode => 'full'$$, $$missing => 'delete'$$);
SELECT * FROM pg_temp.members();
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('1', 'b', NULL, 9), ('2', 'g', '[{"displayName": "old"}]', NULL), ('8', 'h8', '[{"displayName": "b"}]', NULL)) v ("externalId", "displayName", members, _version) $$, $$match => 'externalId'$$);
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('1', 't5', NULL), ('2', 'g', '[{"displayName": "t5"}]'), ('8', 'h8', '[{"displayName": "b"}]'), ('10', 'b', NULL)) v ("externalId", "displayName", members) $$, $$match => 'externalId'$$);
SELECT * FROM pg_temp.members() WHERE external_id ~ '^[0-9]';
ROLLBACK;
-- by other attributes than that of the match
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('old', '77', NULL), ('g', '2', '[{"externalId": "77", "type": "Group"}]'), ('h8', '8', '[{"externalId": "1", "type": "Group"}]'), ('v', '78', NULL), ('w', '79', '[{"externalId": "78", "type": "Group"}]')) v ("displayName", "externalId", members) $$);
SELECT * FROM pg_temp.members() WHERE external_id ~ '^[0-9]';
ROLLBACK;
-- who wants what another one gives up, and whom others name
INSERT INTO rely.policy (resource_type, kind, settings) VALUES ('Group', 'unique', '{"attributes": ["externalId"]}');
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('w1', '[{"displayName": "w2"}]', NULL), ('w2', NULL, '1'), ('old', '[{"displayName": "w1"}]', '101'), ('w3', '[{"displayName": "w4"}]', NULL), ('w4', NULL, '2')) v ("displayName", members, "externalId") $$);
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.three('Group', $$ SELECT * FROM (VALUES ('w1', NULL, '1'), ('old', '[{"displayName": "w5"}]', '101'), ('w5', 'nobody', NULL), ('w6', '[{"displayName": "w1"}]', NULL)) v ("displayName", members, "externalId") $$);
ROLLBACK;
DELETE FROM rely.policy WHERE kind = 'unique';
-- at random
DROP TRIGGER no ON rely.resource;
CREATE FUNCTION pg_temp.pick(VARIADIC a text[]) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT a[1 + floor(random() * cardinality(a))::int]';
CREATE FUNCTION pg_temp.round(n int) RETURNS TABLE (shown text, done text, again text, example text) LANGUAGE plpgsql AS $$
DECLARE
    source CONSTANT text := 'SELECT "externalId", "displayName", members, _action FROM rely.feed ORDER BY n';
    more CONSTANT text[] := ARRAY[$a$match => 'externalId'$a$, CASE WHEN random() < 0.5 THEN $a$mode => 'full', missing => 'delete'$a$ ELSE $a$mode => 'delta'$a$ END];
BEGIN
    DROP TABLE IF EXISTS rely.feed, shown, done, again;
    CREATE TABLE rely.feed AS SELECT i AS n, 'r' || i AS "externalId", pg_temp.pick('r' || i, 'r' || i, 'r' || (i % 20), 's' || i) AS "displayName",
        pg_temp.pick(NULL, format('[{"displayName": "r%s"}]', floor(random() * n)), format('[{"displayName": "s%s"}, "u"]', floor(random() * n)), format('[{"externalId": "r%s", "type": "Group"}]', floor(random() * n)), pg_temp.pick('u', 'nobody', 'u')) AS members,
        pg_temp.pick(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'delete', 'deactivate') AS _action FROM generate_series(1, n) i WHERE random() < 0.7;
    RETURN QUERY SELECT t.shown, t.done, t.again, min(concat_ws(' ', key, problem)) FROM pg_temp.three('Group', source, VARIADIC more) t
        WHERE t.shown <> t.done OR t.again IS DISTINCT FROM CASE WHEN t.done = 'invalid' THEN 'invalid' WHEN t.line IS NOT NULL THEN 'unchanged' END
        AND NOT COALESCE(problem, '') ~ 'more than one' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
    RETURN QUERY SELECT 'a member is nobody', member_id::text, NULL, NULL FROM rely.nobody;
END $$;
SELECT setseed(0.3);
BEGIN; SELECT * FROM pg_temp.round(60); COMMIT;
BEGIN; SELECT * FROM pg_temp.round(60); COMMIT;
BEGIN; SELECT * FROM pg_temp.round(60); COMMIT;
BEGIN; SELECT * FROM pg_temp.round(60); COMMIT;
BEGIN; SELECT * FROM pg_temp.round(60); COMMIT;
SELECT count(*) > 20 AS many FROM rely.member;
SELECT scim.drop_store('rely', true);
