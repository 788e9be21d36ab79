-- Who was in a group of which there are lists in the audit: by the lists, and as without them
SET client_min_messages = warning;
\set VERBOSITY terse
\set g '''00000000-0000-7000-8000-00000000001a'''
\set h '''00000000-0000-7000-8000-00000000001b'''
SELECT scim.create_store('listed');
SET scim.store = 'listed';
SET TimeZone = 'UTC';
CREATE FUNCTION pg_temp.member(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid $$;
-- what there was, as the table had it
CREATE TEMP TABLE seen (n serial, at timestamptz, group_id uuid, members uuid[]);
CREATE PROCEDURE pg_temp.see() LANGUAGE sql AS $$
    INSERT INTO seen (at, group_id, members) SELECT clock_timestamp(), g.id, ARRAY(SELECT m.member_id FROM listed.member m WHERE m.group_id = g.id ORDER BY 1) FROM listed.groups g WHERE deleted_at IS NULL
$$;
CREATE FUNCTION pg_temp.wrong() RETURNS TABLE (n int, answered text) LANGUAGE plpgsql AS $$
DECLARE
    one seen;
    answer uuid[];
BEGIN
    FOR one IN SELECT * FROM seen s ORDER BY s.n LOOP
        BEGIN
            answer := ARRAY(SELECT a.value FROM scim.members_at(one.group_id, one.at) a WHERE a.direct ORDER BY 1);
            IF answer <> one.members THEN
                RETURN QUERY SELECT one.n, cardinality(answer) || ' and not ' || cardinality(one.members);
            END IF;
        EXCEPTION WHEN OTHERS THEN
            RETURN QUERY SELECT one.n, regexp_replace(SQLERRM, '\d{4}-\d\d-\d\dT[0-9:.]+Z', 'INSTANT', 'g');
        END;
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.lists() RETURNS TABLE (which text, lists bigint, members text, changes text) LANGUAGE sql AS $$
    WITH row AS (SELECT a.*, count(*) FILTER (WHERE a.detail IS NOT NULL) OVER (PARTITION BY a.resource_id ORDER BY a.at DESC, a.id DESC) AS later FROM listed.audit a WHERE a.member_id IS NOT NULL),
    list AS (SELECT r.resource_id, count(*) AS changes, min((SELECT sum(jsonb_array_length(value)) FROM jsonb_each(r.detail -> 'members'))) AS members, r.later FROM row r WHERE r.later > 0 GROUP BY r.resource_id, r.later)
    SELECT right(resource_id::text, 2), count(*), string_agg(l.members::text, ' ' ORDER BY l.later DESC), string_agg(l.changes::text, ' ' ORDER BY l.later DESC) FROM list l GROUP BY 1 ORDER BY 1
$$;

INSERT INTO listed.groups (id, data) VALUES (:g, '{"displayName": "g"}'), (:h, '{"displayName": "h"}');
CALL pg_temp.see();
-- some at a time: a list after about a thousand
DO $$
BEGIN
    FOR i IN 1 .. 30 LOOP
        INSERT INTO listed.member (group_id, member_id, member_type) SELECT '00000000-0000-7000-8000-00000000001a', pg_temp.member(n), CASE WHEN n % 2 = 0 THEN 'User' END FROM generate_series(i * 50, i * 50 + 49) n;
        COMMIT;
    END LOOP;
END $$;
CALL pg_temp.see();
DO $$
BEGIN
    FOR i IN 1 .. 12 LOOP
        DELETE FROM listed.member WHERE group_id = '00000000-0000-7000-8000-00000000001a' AND member_id IN (SELECT pg_temp.member(n) FROM generate_series(i * 100, i * 100 + 89) n);
        IF i % 4 = 0 THEN
            CALL pg_temp.see();
        END IF;
        COMMIT;
    END LOOP;
END $$;
-- at once, by PUT: who goes and who comes in one instant
SELECT FROM scim.replace_resource('Group', :g::uuid, (SELECT jsonb_build_object('displayName', 'g', 'members', jsonb_agg(jsonb_build_object('value', pg_temp.member(n)))) FROM generate_series(1001, 2600) n));
CALL pg_temp.see();
SELECT FROM scim.replace_resource('Group', :g::uuid, (SELECT jsonb_build_object('displayName', 'g', 'members', jsonb_agg(jsonb_build_object('value', pg_temp.member(n)))) FROM generate_series(2001, 2900) n));
CALL pg_temp.see();
-- and two groups in one statement
INSERT INTO listed.member (group_id, member_id) SELECT g.id, pg_temp.member(n) FROM generate_series(3001, 4500) n, listed.groups g;
CALL pg_temp.see();
SELECT * FROM pg_temp.lists();
SELECT * FROM pg_temp.wrong();
-- each is the same where there is no list; but of who has left a list knows the type
SELECT count(*), min(cardinality(members)), max(cardinality(members)) FROM seen;
CREATE TEMP TABLE answered AS SELECT s.n, m.* FROM seen s, LATERAL scim.members_at(s.group_id, s.at) m;
SET session_replication_role = replica;
CREATE TEMP TABLE list AS SELECT tenant_id, at, id, detail FROM listed.audit WHERE member_id IS NOT NULL AND detail IS NOT NULL;
UPDATE listed.audit SET detail = NULL WHERE member_id IS NOT NULL AND detail IS NOT NULL;
RESET session_replication_role;
SELECT count(*) FROM (SELECT s.n, m.value, m.display, m.direct FROM seen s, LATERAL scim.members_at(s.group_id, s.at) m EXCEPT SELECT n, value, display, direct FROM answered) AS other;
SELECT * FROM pg_temp.wrong();
SET session_replication_role = replica;
UPDATE listed.audit a SET detail = l.detail FROM list l WHERE (l.tenant_id, l.at, l.id) = (a.tenant_id, a.at, a.id);
RESET session_replication_role;
SELECT count(*) FROM scim.verify_audit();

-- from the list on: what happened later is not looked at, nor missed
CREATE TEMP TABLE old AS SELECT s.n FROM seen s WHERE s.group_id = :g AND s.at < (SELECT max(a.at) FROM listed.audit a WHERE a.resource_id = :g AND a.detail ? 'members');
SET session_replication_role = replica;
UPDATE listed.groups SET version = version + 1 WHERE id = :g;
RESET session_replication_role;
SELECT count(*) FILTER (WHERE n IN (TABLE old)) AS old, count(*) AS new, min(answered) FROM pg_temp.wrong();
SET session_replication_role = replica;
UPDATE listed.groups SET version = version - 1 WHERE id = :g;
-- but what happened before it is
DELETE FROM listed.audit a WHERE a.resource_id = :g AND member_id IS NULL AND a.version = 20;
RESET session_replication_role;
SELECT min(n), max(n), min(answered) FROM pg_temp.wrong();

-- who is gone: a member, the group, an erased one
SELECT FROM scim.create_resource('User', '{"userName": "ann"}');
INSERT INTO listed.member (group_id, member_id) SELECT :h, id FROM listed.users;
INSERT INTO listed.member (group_id, member_id) SELECT :h, pg_temp.member(n) FROM generate_series(5001, 7000) n;
CALL pg_temp.see();
SELECT id AS ann FROM listed.users \gset
SELECT clock_timestamp() AS then \gset
SELECT FROM scim.delete_resource('User', :'ann'::uuid);
SELECT scim.erase(:'ann'::uuid) > 0 AS erased;
SELECT * FROM pg_temp.wrong() WHERE n > 12;
SELECT a.type, a.display, a.direct FROM scim.members_at(:h, :'then') a WHERE a.value = :'ann';
SELECT scim.delete_resource('Group', :h::uuid);
SELECT * FROM pg_temp.wrong() WHERE n > 12;
SELECT scim.erase(:h::uuid) > 0 AS erased;
SELECT DISTINCT answered FROM pg_temp.wrong() WHERE n > 12;
SELECT count(*) FROM scim.verify_audit();

-- one at a time, by PATCH or by a row: a list comes with one of them
INSERT INTO listed.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000001d', '{"displayName": "d"}'), ('00000000-0000-7000-8000-00000000001e', '{"displayName": "e"}');
INSERT INTO listed.member (group_id, member_id) SELECT g.id, pg_temp.member(n) FROM generate_series(6001, 6900) n, listed.groups g WHERE g.data ->> 'displayName' IN ('d', 'e');
DO $$
BEGIN
    FOR n IN 1 .. 260 LOOP
        PERFORM FROM scim.patch_resource('Group', '00000000-0000-7000-8000-00000000001d', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', pg_temp.member(n))))));
        INSERT INTO listed.member (group_id, member_id) VALUES ('00000000-0000-7000-8000-00000000001e', pg_temp.member(n)), ('00000000-0000-7000-8000-00000000001e', pg_temp.member(n + 5000));
    END LOOP;
END $$;
SELECT * FROM pg_temp.lists() WHERE which IN ('1d', '1e');

-- no list of very many, nor without the policy
INSERT INTO listed.groups (id, data) VALUES ('00000000-0000-7000-8000-00000000001c', '{"displayName": "c"}');
INSERT INTO listed.member (group_id, member_id) SELECT '00000000-0000-7000-8000-00000000001c', pg_temp.member(n) FROM generate_series(1, 10001) n;
DELETE FROM listed.member WHERE group_id = '00000000-0000-7000-8000-00000000001c' AND member_id > pg_temp.member(9000);
UPDATE listed.policy SET enabled = false WHERE kind = 'audit' AND resource_type = 'Group';
DELETE FROM listed.member WHERE group_id = '00000000-0000-7000-8000-00000000001c' AND member_id > pg_temp.member(7990);
SELECT * FROM pg_temp.lists() WHERE which = '1c';

-- a change has the instant at which it is made, and not that of one before it in its transaction that
-- changed nothing, or was taken back
UPDATE listed.policy SET enabled = true WHERE kind = 'audit' AND resource_type = 'Group';
INSERT INTO listed.groups (id, data) VALUES ('00000000-0000-7000-8000-0000000000c1', '{"displayName": "clock", "members": [{"value": "00000000-0000-7000-8000-0000000000c2"}]}');
CREATE FUNCTION pg_temp.add(member text) RETURNS void LANGUAGE sql AS $$
    SELECT FROM scim.patch_resource('Group', '00000000-0000-7000-8000-0000000000c1', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', '00000000-0000-7000-8000-0000000000' || member)))))
$$;
CREATE TEMP TABLE clock (step int GENERATED ALWAYS AS IDENTITY, before timestamptz, version bigint, last_modified timestamptz);
CREATE FUNCTION pg_temp.rename(name text) RETURNS void LANGUAGE sql AS $$
    WITH before AS MATERIALIZED (SELECT clock_timestamp() AS at), renamed AS (UPDATE listed.groups g SET display_name = name FROM before b WHERE g.id = '00000000-0000-7000-8000-0000000000c1' RETURNING b.at, g.version, g.last_modified)
    INSERT INTO clock (before, version, last_modified) SELECT * FROM renamed
$$;
BEGIN;
SELECT pg_temp.add('c2');
SELECT pg_temp.rename('no member came');
SAVEPOINT here;
SELECT pg_temp.add('c3');
ROLLBACK TO here;
SELECT pg_temp.rename('one that came was taken back');
SELECT pg_temp.add('c4');
SELECT pg_temp.rename('one came');
SAVEPOINT here;
SELECT pg_temp.add('c5');
RELEASE here;
SELECT pg_temp.rename('another one');
COMMIT;
SELECT step, version, last_modified > before AS later, scim.resource_at('Group', '00000000-0000-7000-8000-0000000000c1', before) #>> '{meta,version}' AS version_before FROM clock ORDER BY 1;

SET client_min_messages = error;
DROP SCHEMA listed CASCADE;
