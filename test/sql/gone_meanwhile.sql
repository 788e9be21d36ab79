-- A trigger of one's own takes a resource away while it is written: what is left of the write
-- stores nothing of what is gone
\set VERBOSITY terse
\pset format unaligned
SET client_min_messages = warning;
SELECT scim.create_store('gone_meanwhile');
SET scim.store = 'gone_meanwhile';
\set g 00000000-0000-7000-8000-0000000000aa
INSERT INTO gone_meanwhile.policy (resource_type, kind, settings) VALUES ('Group', 'unique', '{"attributes": ["externalId"]}');
INSERT INTO gone_meanwhile.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "one"}'), ('00000000-0000-7000-8000-000000000003', '{"userName": "three"}');

-- each way by itself, with what is stored afterwards
CREATE FUNCTION gone_meanwhile.ways(asked text[]) RETURNS TABLE (way text, answer text, there boolean, members bigint, problems text) LANGUAGE plpgsql AS $$
DECLARE
    g constant uuid := '00000000-0000-7000-8000-0000000000aa';
BEGIN
    FOREACH way IN ARRAY asked LOOP
        BEGIN
            INSERT INTO gone_meanwhile.groups (id, data) VALUES (g, '{"displayName": "g", "externalId": "e", "members": [{"value": "00000000-0000-7000-8000-000000000001"}]}');
            answer := NULL;
            BEGIN
                EXECUTE CASE WHEN way ~ '^P' THEN
                    format('SELECT concat_ws('' '', status, body::jsonb ->> ''scimType'', body::jsonb ->> ''detail'') FROM scim.request(%L, %L, ''{}'', %L)', split_part(way, ' ', 1), '/Groups/' || g, substr(way, strpos(way, '{')))
                    WHEN way ~ '^SELECT' THEN way ELSE way || ' RETURNING ''done''' END INTO answer;
            EXCEPTION WHEN OTHERS THEN
                answer := SQLSTATE || ' ' || SQLERRM;
            END;
            SELECT count(*) > 0 INTO there FROM gone_meanwhile.groups WHERE deleted_at IS NULL;
            SELECT count(*) INTO members FROM gone_meanwhile.member;
            SELECT string_agg(DISTINCT p.rule, ', ') INTO problems FROM scim.validate_store() p;
            RAISE SQLSTATE 'ZZ000';
        EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
            RETURN NEXT;
        END;
    END LOOP;
END $$;

-- groups that have become empty go, for good and not
CREATE FUNCTION gone_meanwhile.drop_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM gone_meanwhile.groups g WHERE g.id = OLD.group_id AND NOT EXISTS (SELECT FROM gone_meanwhile.member m WHERE m.group_id = g.id);
    RETURN NULL;
END $$;
CREATE TRIGGER drop_empty AFTER DELETE ON gone_meanwhile.member FOR EACH ROW EXECUTE FUNCTION gone_meanwhile.drop_empty();
SELECT ARRAY[
    'PUT {"displayName": "z", "members": [{"value": "00000000-0000-7000-8000-000000000003"}]}',
    'PUT {"displayName": "z", "members": [{"value": "00000000-0000-7000-8000-000000000001"}, {"value": "00000000-0000-7000-8000-000000000003"}]}',
    'PUT {"displayName": "z"}',
    'PATCH {"Operations": [{"op": "replace", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000003"}]}]}',
    'PATCH {"Operations": [{"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": [{"value": "00000000-0000-7000-8000-000000000003"}]}]}',
    'PATCH {"Operations": [{"op": "remove", "path": "members"}]}',
    $$SELECT scim.replace_resource('Group', '00000000-0000-7000-8000-0000000000aa', '{"displayName": "z", "members": [{"value": "00000000-0000-7000-8000-000000000003"}]}')$$,
    $$UPDATE gone_meanwhile.groups SET data = data || '{"members": [{"value": "00000000-0000-7000-8000-000000000003"}]}'$$,
    $$UPDATE gone_meanwhile.groups SET data = data || '{"displayName": "z", "members": []}'$$
] AS ways \gset
UPDATE gone_meanwhile.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
SELECT * FROM gone_meanwhile.ways(:'ways');
UPDATE gone_meanwhile.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete';
SELECT * FROM gone_meanwhile.ways(:'ways');
DROP TRIGGER drop_empty ON gone_meanwhile.member;

-- who is put back into a group that goes
CREATE FUNCTION gone_meanwhile.put_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gone_meanwhile.member (group_id, member_id) VALUES (OLD.group_id, OLD.member_id);
    RETURN NULL;
END $$;
CREATE TRIGGER put_back AFTER DELETE ON gone_meanwhile.member FOR EACH ROW EXECUTE FUNCTION gone_meanwhile.put_back();
UPDATE gone_meanwhile.policy SET settings = '{"mode": "hard"}' WHERE kind = 'delete';
SELECT * FROM gone_meanwhile.ways('{DELETE FROM gone_meanwhile.groups}');
DROP TRIGGER put_back ON gone_meanwhile.member;

-- what is written of it first: the audit, an event, what is unique
UPDATE gone_meanwhile.policy SET enabled = true WHERE kind = 'events';
CREATE FUNCTION gone_meanwhile.take_away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM gone_meanwhile.groups WHERE display_name = 'z';
    RETURN NULL;
END $$;
CREATE FUNCTION gone_meanwhile.rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE gone_meanwhile.groups SET data = data || '{"displayName": "y", "externalId": "other"}' WHERE display_name = 'z';
    RETURN NULL;
END $$;
CREATE FUNCTION gone_meanwhile.of_a_trigger(of_table text, does text) RETURNS TABLE ("table" text, trigger text, way text, answer text, there boolean, members bigint, problems text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER follow AFTER INSERT OR DELETE ON gone_meanwhile.%I FOR EACH ROW EXECUTE FUNCTION gone_meanwhile.%I()', of_table, does);
    RETURN QUERY SELECT of_table, does, w.* FROM gone_meanwhile.ways(ARRAY[
        'PUT {"displayName": "z", "externalId": "f"}',
        'PATCH {"Operations": [{"op": "add", "value": {"displayName": "z", "externalId": "f"}}]}',
        'UPDATE gone_meanwhile.groups SET data = data || ''{"displayName": "z", "externalId": "f"}''',
        'INSERT INTO gone_meanwhile.groups (data) VALUES (''{"displayName": "z", "externalId": "f"}'')']) w;
    EXECUTE format('DROP TRIGGER follow ON gone_meanwhile.%I', of_table);
END $$;
SELECT o.* FROM unnest('{audit,event,unique_value}'::text[]) t, unnest('{take_away,rewrite}'::text[]) f, LATERAL gone_meanwhile.of_a_trigger(t, f) o;
SELECT scim.drop_store('gone_meanwhile', true);
