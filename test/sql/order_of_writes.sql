-- Audit and events stand in the order of the writes, where an AFTER trigger of one's own writes
-- the row again, whatever its name
SET client_min_messages = warning;
SELECT scim.create_store('ordered');
SET scim.store = 'ordered';
UPDATE ordered.policy SET enabled = true WHERE kind = 'events';
CREATE FUNCTION ordered.again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ordered.users SET data = data || '{"title": "t"}' WHERE id = NEW.id;
    RETURN NULL;
END
$$;
CREATE FUNCTION ordered.say() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ordered.groups SET data = data || jsonb_build_object('externalId', (SELECT count(*) FROM ordered.member WHERE group_id = NEW.id)::text) WHERE id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER a_again AFTER INSERT ON ordered.users FOR EACH ROW EXECUTE FUNCTION ordered.again();
CREATE TRIGGER "_again" AFTER UPDATE OF display_name ON ordered.users FOR EACH ROW EXECUTE FUNCTION ordered.again();
CREATE TRIGGER "Say" AFTER INSERT ON ordered.groups FOR EACH ROW EXECUTE FUNCTION ordered.say();
INSERT INTO ordered.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "bjensen", "password": "correct horse"}');
UPDATE ordered.users SET data = (data - 'title') || '{"displayName": "Babs"}', display_name = 'Babs';
INSERT INTO ordered.groups (data) VALUES ('{"displayName": "g", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
DELETE FROM ordered.users;
SELECT operation, resource_type, version FROM ordered.audit WHERE object IS NULL ORDER BY tenant_id, id;
SELECT regexp_replace(event_uri, '.*:event:', '') AS event, resource_type, version FROM ordered.event ORDER BY tenant_id, id;
-- the trigger finds what the row came with
SELECT external_id AS members FROM ordered.groups;

-- of members as well, whatever a trigger does with them: the first of a group stays, it has at most two, none is called "no", and who comes with "pair" brings or takes somebody
DROP TRIGGER "Say" ON ordered.groups;
INSERT INTO ordered.groups (id, data) SELECT format('00000000-0000-7000-8000-00000000000%s', v)::uuid, jsonb_build_object('displayName', 'g' || v) FROM unnest(ARRAY['a', 'b', 'c', 'd', 'e']) v;
CREATE FUNCTION ordered.name(id uuid) RETURNS text LANGUAGE sql RETURN right(id::text, 1);
CREATE FUNCTION ordered.of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO ordered.member (group_id, member_id, value) SELECT OLD.group_id, OLD.member_id, OLD.value WHERE OLD.value = 'founder' AND EXISTS (SELECT FROM ordered.groups WHERE id = OLD.group_id);
    ELSIF NEW.value = 'no' THEN
        DELETE FROM ordered.member WHERE group_id = NEW.group_id AND member_id = NEW.member_id;
    ELSIF NEW.value = 'pair1' THEN
        DELETE FROM ordered.member WHERE group_id = NEW.group_id AND value = 'pair2';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION ordered.of_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ordered.member m WHERE m.value ~ '^n' AND (SELECT count(*) FROM ordered.member o WHERE o.group_id = m.group_id AND o.value <= m.value) > 2;
    RETURN NULL;
END
$$;
CREATE FUNCTION ordered.of_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ordered.member WHERE group_id = NEW.id AND value = 'short';
    RETURN NULL;
END
$$;
CREATE TRIGGER a AFTER INSERT OR DELETE ON ordered.member FOR EACH ROW EXECUTE FUNCTION ordered.of_rows();
CREATE TRIGGER b AFTER INSERT ON ordered.member EXECUTE FUNCTION ordered.of_statement();
CREATE TRIGGER c AFTER UPDATE ON ordered.groups FOR EACH ROW EXECUTE FUNCTION ordered.of_group();
SELECT clock_timestamp() AS before \gset
CREATE FUNCTION ordered.add(id text, VARIADIC texts text[]) RETURNS int LANGUAGE sql AS $$
    SELECT status FROM scim.request('PATCH', '/Groups/00000000-0000-7000-8000-00000000000' || id, '{}',
        jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', (SELECT jsonb_agg(jsonb_build_object('value', t)) FROM unnest(texts) t))))::text) r
$$;
SELECT ordered.add('a', 'no'), ordered.add('b', 'n1', 'n2', 'n3'), ordered.add('c', 'pair1', 'pair2', 'founder');
INSERT INTO ordered.member (group_id, value, member_id) SELECT '00000000-0000-7000-8000-00000000000d', v, scim.member_key(v) FROM unnest(ARRAY['no', 'n1', 'n2', 'n3', 'pair1', 'pair2', 'founder', 'short']) v;
WITH one AS (INSERT INTO ordered.member (group_id, value, member_id) VALUES ('00000000-0000-7000-8000-00000000000e', 'pair1', scim.member_key('pair1')) RETURNING group_id),
    other AS (INSERT INTO ordered.member (group_id, value, member_id) VALUES ('00000000-0000-7000-8000-00000000000e', 'pair2', scim.member_key('pair2')), ('00000000-0000-7000-8000-00000000000e', 'founder', scim.member_key('founder')) RETURNING group_id)
SELECT count(*) FROM one, other;
DELETE FROM ordered.member WHERE group_id = '00000000-0000-7000-8000-00000000000d';
SELECT status FROM scim.request('PATCH', '/Groups/00000000-0000-7000-8000-00000000000c', '{}', '{"Operations": [{"op": "remove", "path": "members"}]}');
-- who is in, by the table and by the last that the audit says of him; and nobody was before
SELECT ordered.name(g.id) AS "group", now.members, said.members AS said, (SELECT count(*) FROM scim.members_at(g.id::text, :'before')) AS before, steps.versions = g.version AS all_told
FROM ordered.groups g
CROSS JOIN LATERAL (SELECT string_agg(m.value, ' ' ORDER BY m.value) AS members FROM ordered.member m WHERE m.group_id = g.id) now
CROSS JOIN LATERAL (SELECT string_agg(v.value, ' ' ORDER BY v.value) AS members FROM unnest(ARRAY['no', 'n1', 'n2', 'n3', 'pair1', 'pair2', 'founder', 'short']) AS v (value)
    WHERE (SELECT a.operation FROM ordered.audit a WHERE a.resource_id = g.id AND a.member_id = scim.member_key(v.value) ORDER BY a.at DESC, a.id DESC LIMIT 1) = 'add member') said
CROSS JOIN LATERAL (SELECT count(*) AS versions FROM ordered.audit a WHERE a.resource_id = g.id AND a.member_id IS NULL) steps
WHERE g.id > '00000000-0000-7000-8000-000000000009' AND g.display_name ~ '^g.$' ORDER BY 1;
SELECT ordered.name(resource_id) AS "group", operation, version, (SELECT v FROM unnest(ARRAY['no', 'n1', 'n2', 'n3', 'pair1', 'pair2', 'founder', 'short']) v WHERE scim.member_key(v) = a.member_id) AS member
FROM ordered.audit a WHERE resource_id IN ('00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-00000000000e') ORDER BY 1, at, id;
-- what a foreign key takes away in steps
CREATE TABLE ordered.passes (id uuid PRIMARY KEY);
INSERT INTO ordered.passes SELECT scim.member_key('p' || n) FROM generate_series(1, 4) n;
ALTER TABLE ordered.member ADD COLUMN pass uuid REFERENCES ordered.passes ON DELETE CASCADE;
INSERT INTO ordered.member (group_id, value, member_id, pass) SELECT '00000000-0000-7000-8000-00000000000a', 'p' || n, scim.member_key('p' || n), scim.member_key('p' || n) FROM generate_series(1, 4) n;
DELETE FROM ordered.passes WHERE id <> scim.member_key('p4');
SELECT operation, count(*), count(DISTINCT at) AS instants FROM ordered.audit WHERE resource_id = '00000000-0000-7000-8000-00000000000a' AND member_id IN (SELECT scim.member_key('p' || n) FROM generate_series(1, 4) n) GROUP BY 1 ORDER BY 1;

-- and of what the store is configured to be, also where the first row of a statement changes the second; of passwords
CREATE FUNCTION ordered.set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ordered.setting SET value = to_jsonb((value #>> '{}')::int + 1) WHERE name LIKE 'max\_filter\_%' AND pg_trigger_depth() = 1;
    DELETE FROM ordered.credential WHERE pg_trigger_depth() = 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER a AFTER INSERT OR UPDATE ON ordered.setting FOR EACH ROW EXECUTE FUNCTION ordered.set();
CREATE TRIGGER a AFTER INSERT OR UPDATE ON ordered.credential FOR EACH ROW EXECUTE FUNCTION ordered.set();
DO $$ BEGIN INSERT INTO ordered.setting (name, value) VALUES ('max_filter_nodes', '10'), ('max_filter_depth', '10'); UPDATE ordered.setting SET value = '20' WHERE name = 'max_filter_nodes'; END $$;
SELECT a.operation, coalesce(a.detail -> 'after', a.before) ->> 'name' AS name, a.before ->> 'value' AS before, a.detail #>> '{after,value}' AS after FROM ordered.audit a WHERE a.object = 'setting' ORDER BY 2, a.at, a.id;
DROP TRIGGER a ON ordered.setting;
DROP TRIGGER a_again ON ordered.users;
INSERT INTO ordered.users (id, data) VALUES ('00000000-0000-7000-8000-00000000000f', '{"userName": "kim"}');
INSERT INTO ordered.credential (resource_id, secret) VALUES ('00000000-0000-7000-8000-00000000000f', 'SCRAM-SHA-256$4096:AAAA$' || repeat('A', 43) || '=:' || repeat('A', 43) || '=');
SELECT operation, version, detail FROM ordered.audit WHERE resource_id = '00000000-0000-7000-8000-00000000000f' ORDER BY at, id;
-- a trigger before them is warned of
CREATE TRIGGER "!" AFTER INSERT ON ordered.member FOR EACH ROW EXECUTE FUNCTION ordered.of_rows();
CREATE TRIGGER "!" AFTER DELETE ON ordered.setting FOR EACH ROW EXECUTE FUNCTION ordered.set();
SELECT problem FROM scim_internal.unbound_rules('ordered') ORDER BY 1;
SELECT scim.drop_store('ordered', true);
