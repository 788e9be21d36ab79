-- Many who are deleted one after the other in a bulk request: their groups lose all of them at once, and what comes of it is what comes of them one by one
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('leave');
SET scim.store = 'leave';
CREATE FUNCTION pg_temp.u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.g(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.deletes(path text, ids uuid[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(jsonb_build_object('method', 'DELETE', 'path', path || '/' || id) ORDER BY number) FROM unnest(ids) WITH ORDINALITY i (id, number) $$;
CREATE FUNCTION pg_temp.users(first int, last int) RETURNS jsonb LANGUAGE sql AS $$
    SELECT pg_temp.deletes('/Users', array_agg(pg_temp.u(n) ORDER BY n)) FROM generate_series(first, last) n $$;
CREATE FUNCTION pg_temp.bulk(operations jsonb, more jsonb DEFAULT '{}') RETURNS TABLE (status text, n bigint, detail text) LANGUAGE sql AS $$
    SELECT o ->> 'status', count(*), min(o #>> '{response,detail}') FROM jsonb_array_elements(scim.bulk(jsonb_build_object('schemas',
        jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:BulkRequest'), 'Operations', operations) || more) -> 'Operations') o GROUP BY 1 ORDER BY 1 $$;
-- groups 1 to 3, all of whom everybody is in, and 4, which nobody is in
CREATE FUNCTION pg_temp.fill(people int) RETURNS void LANGUAGE sql AS $$
    DELETE FROM leave.groups;
    DELETE FROM leave.users;
    SELECT count(*) FROM scim.purge(interval '0');
    INSERT INTO leave.users (id, data) SELECT pg_temp.u(n), jsonb_build_object('userName', 'u' || n) FROM generate_series(1, people) n;
    INSERT INTO leave.groups (id, data) SELECT pg_temp.g(n), jsonb_build_object('displayName', 'g' || n, 'members', CASE WHEN n < 4 THEN (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM leave.users) ELSE '[]' END)
    FROM generate_series(1, 4) n $$;
CREATE FUNCTION pg_temp.now() RETURNS TABLE (name text, version bigint, members bigint) LANGUAGE sql AS $$
    SELECT g.display_name, g.version, (SELECT count(*) FROM leave.member m WHERE m.group_id = g.id) FROM leave.groups g WHERE g.deleted_at IS NULL ORDER BY 1 $$;
-- how many entries of the indexes of groups were read meanwhile
CREATE FUNCTION pg_temp.read() RETURNS bigint LANGUAGE sql AS $$
    SELECT sum(pg_stat_get_tuples_returned(indexrelid)) FROM pg_index WHERE indrelid = 'leave.groups'::regclass $$;
CREATE TABLE leave.had (what text, n bigint);
UPDATE leave.policy SET enabled = true WHERE kind = 'events';

SELECT pg_temp.fill(300);
SELECT clock_timestamp() AS before \gset
SELECT pg_stat_force_next_flush();
INSERT INTO leave.had SELECT 'read', pg_temp.read();
SELECT * FROM pg_temp.bulk(pg_temp.users(1, 200));
SELECT pg_stat_force_next_flush();
SELECT pg_temp.read() - n < 10 * 200 AS few FROM leave.had;
SELECT * FROM pg_temp.now();
SELECT operation, resource_type, count(*), count(DISTINCT resource_id) AS resources FROM leave.audit WHERE change = (SELECT change FROM leave.audit ORDER BY at DESC, id DESC LIMIT 1) GROUP BY 1, 2 ORDER BY 1, 2;
SELECT resource_type, operation, count(*), max(cardinality(members_removed)) AS removed FROM leave.event WHERE at > :'before' GROUP BY 1, 2 ORDER BY 1, 2;

-- who is not there keeps nobody, nor does who comes twice; what comes between them sees that they have left
SELECT pg_temp.fill(20);
SELECT number, o ->> 'method' AS method, o ->> 'status' AS status, o ->> 'version' AS version, left(o #>> '{response,detail}', 90) AS detail
FROM jsonb_array_elements(scim.bulk(jsonb_build_object('Operations', pg_temp.users(1, 3) || pg_temp.users(3, 5) || pg_temp.users(21, 21)
    || jsonb_build_array(jsonb_build_object('method', 'PATCH', 'path', '/Groups/' || pg_temp.g(1), 'version', 'W/"2"', 'data', '{"Operations": [{"op": "replace", "path": "displayName", "value": "h1"}]}'::jsonb))
    || pg_temp.users(6, 6) || jsonb_build_array(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || pg_temp.u(7), 'version', 'W/"1"'))
    || jsonb_build_array(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || pg_temp.u(8), 'version', 'W/"9"'))
    || jsonb_build_array(jsonb_build_object('method', 'DELETE', 'path', '/Groups/' || pg_temp.g(2), 'version', 'W/"3"'))
    || jsonb_build_array(jsonb_build_object('method', 'DELETE', 'path', '/Groups/' || pg_temp.g(3), 'version', 'W/"2"'))
    || pg_temp.users(9, 9) || pg_temp.deletes('/Groups', ARRAY[pg_temp.g(2)]))) -> 'Operations') WITH ORDINALITY t (o, number);
SELECT * FROM pg_temp.now();

-- all or none, and until something fails
SELECT pg_temp.fill(20);
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:BulkRequest', 'urn:scim:params:bulk:atomic'),
    'Operations', pg_temp.users(1, 10) || pg_temp.users(21, 21))::text);
SELECT * FROM pg_temp.now();
SELECT * FROM pg_temp.bulk(pg_temp.users(1, 3) || pg_temp.users(21, 21) || pg_temp.users(4, 6), '{"failOnErrors": 1}');
SELECT * FROM pg_temp.now();

-- what a group has against it: so many are let go as one by one
SELECT pg_temp.fill(40);
INSERT INTO leave.policy (resource_type, kind, name, settings) VALUES ('Group', 'guard', 'leavers', '{"on": ["remove member"], "limit": 60, "seconds": 60}');
SELECT * FROM pg_temp.bulk(pg_temp.users(1, 30));
SELECT * FROM pg_temp.now();
SELECT count(*), min(id::text), max(id::text) FROM leave.users WHERE deleted_at IS NULL;
DELETE FROM leave.policy WHERE kind = 'guard';
SELECT pg_temp.fill(40);
CREATE FUNCTION leave.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.member_id::text ~ '(07|19|20)$' AND OLD.group_id::text ~ '3$' THEN
        RAISE EXCEPTION '% stays', right(OLD.member_id::text, 2);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER zz_keep AFTER DELETE ON leave.member FOR EACH ROW EXECUTE FUNCTION leave.keep();
SELECT * FROM pg_temp.bulk(pg_temp.users(1, 30));
SELECT name, members FROM pg_temp.now();
SELECT array_agg(right(id::text, 2) ORDER BY id) FROM leave.users WHERE deleted_at IS NULL;
DROP TRIGGER zz_keep ON leave.member;

-- and what guards have against a group that goes after its members: those have left it by then, and are counted
CREATE FUNCTION pg_temp.go(guard jsonb, retained text) RETURNS TABLE (bulk text, one_by_one text, told text) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..2 LOOP
        DELETE FROM leave.policy WHERE kind = 'guard';
        UPDATE leave.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
        PERFORM pg_temp.fill(6);
        UPDATE leave.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = retained;
        INSERT INTO leave.policy (resource_type, kind, name, settings) VALUES ('Group', 'guard', 'g1', guard);
        IF i = 1 THEN
            bulk := (SELECT string_agg(o ->> 'status', ' ') FROM jsonb_array_elements(scim.bulk(jsonb_build_object('Operations', pg_temp.users(1, 6) || pg_temp.deletes('/Groups', ARRAY[pg_temp.g(1)]))) -> 'Operations') o);
        ELSE
            one_by_one := (SELECT string_agg((scim.request('DELETE', o ->> 'path')).status::text, ' ' ORDER BY n) FROM jsonb_array_elements(pg_temp.users(1, 6) || pg_temp.deletes('/Groups', ARRAY[pg_temp.g(1)])) WITH ORDINALITY t (o, n));
        END IF;
        told := concat_ws(' | ', told, (SELECT concat(used, ' ', (SELECT count(*) FROM leave.member WHERE group_id = pg_temp.g(1))) FROM scim.guards()));
    END LOOP;
    RETURN NEXT;
END $$;
SELECT guard, retained, g.* FROM unnest(ARRAY['{"group": "displayName eq \"g1\""}', '{"on": ["remove member"], "when": "displayName eq \"g1\"", "limit": 3, "seconds": 60}', '{"on": ["remove member"], "when": "displayName eq \"g1\"", "limit": 6, "seconds": 60}']::jsonb[]) WITH ORDINALITY t (guard, n),
    unnest('{none,User,Group}'::text[]) WITH ORDINALITY r (retained, m), pg_temp.go(guard, retained) g ORDER BY n, m;
-- what is told of a group stands in the order of what was done
DELETE FROM leave.policy WHERE kind = 'guard';
UPDATE leave.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
SELECT pg_temp.fill(3);
SELECT * FROM pg_temp.bulk(pg_temp.users(1, 2) || pg_temp.deletes('/Groups', ARRAY[pg_temp.g(1)]) || pg_temp.users(3, 3) || jsonb_build_array(jsonb_build_object('method', 'DELETE', 'path', '/Groups/' || pg_temp.g(2), 'version', 'W/"2"')));
SELECT right(resource_id::text, 1) AS group, string_agg(operation, ', ' ORDER BY at, id) AS told FROM leave.audit WHERE resource_type = 'Group' AND change = (SELECT change FROM leave.audit ORDER BY at DESC, id DESC LIMIT 1) GROUP BY 1 ORDER BY 1;

-- who is referred to stays while he is, whoever goes after him
SELECT pg_temp.fill(10);
INSERT INTO leave.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"manager": {"type": "User", "onDelete": "restrict"}}}');
UPDATE leave.users SET data = data || jsonb_build_object('schemas', data -> 'schemas' || '["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('manager', jsonb_build_object('value', pg_temp.u(1)))) WHERE id = pg_temp.u(2);
SELECT * FROM pg_temp.bulk(pg_temp.users(1, 3) || pg_temp.users(1, 1));
SELECT * FROM pg_temp.now();
DELETE FROM leave.policy WHERE kind = 'reference';

-- a trigger of one's own that asks who is in a group, and one that deletes as well
SELECT pg_temp.fill(10);
CREATE FUNCTION leave.last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.id::text ~ '3$' AND EXISTS (SELECT FROM leave.member WHERE member_id::text ~ '[12]$') THEN
        RAISE EXCEPTION 'the others first';
    END IF;
    IF OLD.id::text ~ '5$' THEN
        DELETE FROM leave.users WHERE id::text ~ '[67]$';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER zz_last AFTER DELETE OR UPDATE ON leave.users FOR EACH ROW EXECUTE FUNCTION leave.last();
SELECT * FROM pg_temp.bulk(pg_temp.users(1, 8));
SELECT name, members FROM pg_temp.now();
DROP TRIGGER zz_last ON leave.users;

-- with bound tables, of people only, and of memberships, whose keys want them to go first
SELECT pg_temp.fill(0);
CREATE SCHEMA leave_app;
CREATE TABLE leave_app.people (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), login text NOT NULL);
CREATE TABLE leave_app.teams (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
CREATE TABLE leave_app.members (team uuid REFERENCES leave_app.teams, person uuid REFERENCES leave_app.people, PRIMARY KEY (team, person));
SELECT count(*) FROM scim.bind_table('User', 'leave_app.people', '{"attributes": {"userName": "login"}}');
SELECT pg_temp.fill(10);
SELECT * FROM pg_temp.bulk(pg_temp.users(1, 4));
SELECT (SELECT count(*) FROM leave_app.people) AS people, * FROM pg_temp.now();
SELECT count(*) FROM scim.bind_table('Group', 'leave_app.teams', '{"attributes": {"displayName": "name", "members": {"table": "leave_app.members", "key": "team", "member": "person"}}}');
SELECT (SELECT count(*) FROM leave_app.members) AS rows;
SELECT * FROM pg_temp.bulk(pg_temp.users(5, 8));
SELECT (SELECT count(*) FROM leave_app.people) AS people, (SELECT count(*) FROM leave_app.members) AS rows, name, members FROM pg_temp.now();
SELECT scim.unbind_table('leave_app.teams'), scim.unbind_table('leave_app.people');
SET client_min_messages = error;
DROP SCHEMA leave_app CASCADE;

-- memberships: many of one group, one of which is there already
SELECT pg_temp.fill(100);
INSERT INTO leave.setting (name, value) VALUES ('group_memberships', 'true');
UPDATE leave.had SET n = pg_temp.read();
SELECT pg_stat_force_next_flush();
UPDATE leave.had SET n = pg_temp.read();
SELECT * FROM pg_temp.bulk((SELECT jsonb_agg(jsonb_build_object('method', 'POST', 'path', '/GroupMemberships', 'bulkId', 'b' || i, 'data',
    jsonb_build_object('group', jsonb_build_object('value', pg_temp.g(4)), 'member', jsonb_build_object('value', pg_temp.u(CASE i WHEN 50 THEN 1 ELSE i END)))) ORDER BY i) FROM generate_series(1, 100) i));
SELECT * FROM pg_temp.now();
SELECT * FROM pg_temp.bulk((SELECT jsonb_agg(jsonb_build_object('method', 'DELETE', 'path', '/GroupMemberships/'
    || translate(rtrim(encode(uuid_send(pg_temp.g(4)) || uuid_send(pg_temp.u(i)), 'base64'), '='), '+/', '-_')) ORDER BY i) FROM generate_series(1, 100) i));
SELECT * FROM pg_temp.now();
SELECT pg_stat_force_next_flush();
SELECT pg_temp.read() - n < 20 * 200 AS few FROM leave.had;
SELECT scim.drop_store('leave', true);
