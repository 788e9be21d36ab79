-- One PATCH is one change: of one version, with one event, and in the audit with a row for each member, all of one change.
SELECT scim.create_store('one');
SET scim.store = 'one';
UPDATE one.policy SET enabled = true WHERE kind = 'events';
\pset format unaligned
CREATE FUNCTION pg_temp.id(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '2819c223-7f76-453a-919d-' || lpad(n::text, 12, '0') $$;
INSERT INTO one.users (id, data) SELECT pg_temp.id(n)::uuid, jsonb_build_object('userName', 'user' || n) FROM generate_series(1, 8) n;
INSERT INTO one.groups (id, data) SELECT pg_temp.id(n)::uuid, jsonb_build_object('displayName', 'group' || n) FROM generate_series(101, 102) n;
\set g '\'2819c223-7f76-453a-919d-000000000101\''
-- What a group has gone through since the last call
CREATE FUNCTION pg_temp.news(OUT version bigint, OUT events bigint, OUT audit text, OUT changes bigint) LANGUAGE plpgsql AS $$
BEGIN
    SELECT g.version INTO version FROM one.groups g WHERE display_name LIKE 'group101%';
    SELECT count(*) INTO events FROM one.event WHERE resource_type = 'Group';
    SELECT string_agg(n || ' ' || operation, ', ' ORDER BY operation), count(DISTINCT c) INTO audit, changes
    FROM (SELECT operation, count(*) AS n, min(change::text) AS c FROM one.audit WHERE resource_type = 'Group' GROUP BY 1) a;
    SELECT count(DISTINCT change) INTO changes FROM (SELECT change FROM one.audit WHERE resource_type = 'Group' UNION ALL SELECT change FROM one.event WHERE resource_type = 'Group') c;
    ALTER TABLE one.audit DISABLE TRIGGER scim_guard; DELETE FROM one.audit; ALTER TABLE one.audit ENABLE TRIGGER scim_guard;
    DELETE FROM one.event;
END $$;
SELECT FROM pg_temp.news();

INSERT INTO one.member (group_id, member_id) SELECT :g, pg_temp.id(n + 1000)::uuid FROM generate_series(1, 8000) n;
SELECT * FROM pg_temp.news();
-- by paths, by one filter, by lists, all mixed with adds and with an attribute of the group
SELECT scim.patch_resource('Group', :g, (SELECT jsonb_agg(jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', pg_temp.id(n + 1000)))) FROM generate_series(1, 4000) n)) ->> 'id' IS NOT NULL AS done;
SELECT *, (SELECT count(*) FROM one.member) AS left FROM pg_temp.news();
SELECT scim.patch_resource('Group', :g, (SELECT jsonb_build_array(jsonb_build_object('op', 'remove', 'path', format('members[%s]', string_agg(format('value eq "%s"', pg_temp.id(n + 1000)), ' or ')))) FROM generate_series(4001, 5000) n)) ->> 'id' IS NOT NULL AS done;
SELECT *, (SELECT count(*) FROM one.member) AS left FROM pg_temp.news();
SELECT scim.patch_resource('Group', :g, '[{"op": "replace", "value": {"displayName": "group101 renamed"}}]' || (SELECT jsonb_agg(o) FROM generate_series(5001, 6000) n, LATERAL (VALUES
    (jsonb_build_object('op', 'Remove', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', pg_temp.id(n + 1000))))), (jsonb_build_object('op', 'add', 'value', jsonb_build_object('members', jsonb_build_array(pg_temp.id(n + 10000))))),
    (jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s" or value eq "%s"]', pg_temp.id(n + 1001), pg_temp.id(n + 10000))))) t (o))) ->> 'displayName' AS name;
SELECT *, (SELECT count(*) FROM one.member) AS left FROM pg_temp.news();
SELECT jsonb_array_length(scim.replace_resource('Group', :g, jsonb_build_object('displayName', 'group101', 'members', (SELECT jsonb_agg(pg_temp.id(n + 1000)) FROM generate_series(7990, 8010) n))) -> 'members') AS members;
SELECT * FROM pg_temp.news();
-- What changes nothing has no version, event or audit
SELECT scim.patch_resource('Group', :g, jsonb_build_array(jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', pg_temp.id(99999))), jsonb_build_object('op', 'add', 'path', 'members', 'value', pg_temp.id(1)),
    jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', pg_temp.id(1))))) ->> 'displayName' AS name;
SELECT scim.patch_resource('Group', :g, jsonb_build_array(jsonb_build_object('op', 'remove', 'path', 'members'), jsonb_build_object('op', 'add', 'path', 'members', 'value', (SELECT jsonb_agg(pg_temp.id(n + 1000)) FROM generate_series(7990, 8010) n)),
    '{"op": "replace", "path": "displayName", "value": "x"}'::jsonb, '{"op": "replace", "path": "displayName", "value": "group101"}'::jsonb, '{"op": "add", "path": "members", "value": "somebody"}'::jsonb, '{"op": "remove", "path": "members[type eq \"User\" or value sw \"some\"]"}'::jsonb)) ->> 'displayName' AS name;
SELECT * FROM pg_temp.news();
-- A bulk request: each operation is one change of its resource, and all are of one transaction
SELECT jsonb_array_length(scim.bulk(jsonb_build_object('Operations', jsonb_build_array(
    jsonb_build_object('method', 'PATCH', 'path', '/Groups/' || :g, 'data', '{"Operations": [{"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": ["a", "b"]}, {"op": "remove", "path": "members", "value": ["a"]}]}'::jsonb),
    jsonb_build_object('method', 'PUT', 'path', '/Groups/' || :g, 'data', '{"displayName": "group101", "members": ["c"]}'::jsonb)))) -> 'Operations') AS operations;
SELECT * FROM pg_temp.news();
-- Users
SELECT scim.patch_resource('User', pg_temp.id(1), (SELECT jsonb_agg(jsonb_build_object('op', 'add', 'path', 'emails', 'value', n || '@example.com')) FROM generate_series(1, 100) n) || '[{"op": "replace", "path": "password", "value": "secret"}, {"op": "replace", "path": "title", "value": "T"}]') #>> '{meta,version}' AS version;
SELECT operation, version, count(*), count(DISTINCT change) FROM one.audit WHERE resource_type = 'User' GROUP BY 1, 2;
SELECT event_uri, count(*) FROM one.event WHERE resource_type = 'User' GROUP BY 1;
-- The uuid of a change
BEGIN;
SELECT scim.change() AS change \gset
SELECT scim.change() = :'change' AS same, scim.change()::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7' AS version_7;
SAVEPOINT s;
INSERT INTO one.groups (data) VALUES ('{"displayName": "in the transaction"}');
ROLLBACK TO s;
INSERT INTO one.groups (data) VALUES ('{"displayName": "in the transaction"}');
SELECT DISTINCT change = :'change' AS same FROM one.audit WHERE before IS NULL AND operation = 'create';
COMMIT;
SELECT scim.change() > :'change' AS later;

-- In order: the same comes of operations in one PATCH and of one PATCH for each. Groups 101 and 102 begin with the same members; users 7 and 8 with the same e-mails
CREATE FUNCTION pg_temp.pick(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT choices[1 + floor(random() * cardinality(choices))::int] $$;
CREATE FUNCTION pg_temp.some() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT pg_temp.pick(pg_temp.id(1), pg_temp.id(2), pg_temp.id(3), pg_temp.id(4), 'made up', 'made of') $$;
CREATE FUNCTION pg_temp.member_operation() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    a CONSTANT text := pg_temp.some(); b CONSTANT text := pg_temp.some();
BEGIN
    RETURN pg_temp.pick(format('{"op": "add", "path": "members", "value": [{"value": "%s"}, {"value": "%s", "type": "User"}]}', a, b), format('{"op": "add", "value": {"members": ["%s"]}}', a),
        format('{"op": "remove", "path": "members[value eq \"%s\"]"}', a), format('{"op": "remove", "path": "members[value eq \"%s\" or value eq \"%s\"]"}', a, b), format('{"op": "remove", "path": "members", "value": [{"value": "%s"}, "%s"]}', a, b),
        format('{"op": "replace", "path": "members", "value": ["%s", "%s"]}', a, b), '{"op": "remove", "path": "members"}', '{"op": "remove", "path": "members", "value": []}',
        pg_temp.pick('{"op": "remove", "path": "members[type eq \"User\"]"}', '{"op": "remove", "path": "members[display eq \"user2\"]"}', '{"op": "remove", "path": "members[value co \"made\"]"}', '{"op": "remove", "path": "members[not (type pr)]"}'),
        format('{"op": "remove", "path": "members[value eq \"%s\" and type eq \"User\"]"}', a))::jsonb;
END $$;
CREATE FUNCTION pg_temp.email_operation() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    a CONSTANT text := 'v' || floor(random() * 40); t CONSTANT text := pg_temp.pick('work', 'Home', 'other');
BEGIN
    RETURN pg_temp.pick(format('{"op": "add", "path": "emails", "value": [{"value": "%s", "type": "%s"}]}', a, t), format('{"op": "add", "path": "emails", "value": {"value": "%s", "primary": true}}', a), format('{"op": "add", "value": {"emails": ["%s"]}}', a),
        format('{"op": "remove", "path": "emails[value eq \"%s\"]"}', upper(a)), format('{"op": "remove", "path": "emails[value eq \"%s\" or type eq \"none\"]"}', a), format('{"op": "remove", "path": "emails[type eq \"%s\" and value co \"7\"]"}', t), format('{"op": "remove", "path": "emails", "value": [{"value": "%s"}, "v3"]}', a),
        format('{"op": "replace", "path": "emails[value eq \"%s\"].type", "value": "%s"}', a, t), format('{"op": "add", "path": "emails[value eq \"%s\"].display", "value": "%s"}', a, t), format('{"op": "replace", "path": "emails[value eq \"%s\" and type eq \"%s\"].primary", "value": true}', a, t),
        format('{"op": "replace", "path": "emails[primary eq true].display", "value": "%s"}', a), format('{"op": "add", "path": "emails[type eq \"%s\"].display", "value": "all"}', t), pg_temp.pick('{"op": "remove", "path": "emails.display"}', format('{"op": "replace", "path": "emails", "value": [{"value": "%s", "type": "%s"}]}', a, t), '{"op": "remove", "path": "emails[not (type pr)]"}', '{"op": "replace", "path": "emails.primary", "value": false}'))::jsonb;
END $$;
CREATE FUNCTION pg_temp.compare(type text, a text, b text, operations jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    before CONSTANT jsonb := scim.get_resource(type, a);
    one jsonb; many jsonb; operation jsonb; failure text := 'none'; other text := 'none';
BEGIN
    BEGIN
        one := scim.patch_resource(type, a, operations);
    EXCEPTION WHEN OTHERS THEN failure := sqlerrm; one := before;
    END;
    BEGIN
        FOR operation IN SELECT o FROM jsonb_array_elements(operations) o LOOP
            many := scim.patch_resource(type, b, jsonb_build_array(operation));
        END LOOP;
    EXCEPTION WHEN OTHERS THEN other := sqlerrm; many := scim.get_resource(type, b);
    END;
    IF failure <> other OR one - '{id,meta,userName,displayName}'::text[] IS DISTINCT FROM many - '{id,meta,userName,displayName}'::text[] THEN
        RAISE '%: % (%), one by one % (%)', operations, one, failure, many, other;
    END IF;
    IF (one #> '{meta,version}' = before #> '{meta,version}') <> (one - 'meta' = before - 'meta') THEN
        RAISE '%: % becomes %', operations, before, one;
    END IF;
    RETURN one #>> '{meta,version}' = before #>> '{meta,version}';
END $$;
SELECT setseed(0.8);
-- each in a transaction of its own
DO $$
DECLARE
    unchanged int := 0;
BEGIN
    PERFORM pg_temp.compare('Group', pg_temp.id(101), pg_temp.id(102), '[{"op": "replace", "path": "members", "value": []}]');
    PERFORM pg_temp.compare('User', pg_temp.id(7), pg_temp.id(8), jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'emails', 'value',
        (SELECT jsonb_agg(jsonb_build_object('value', 'v' || n, 'type', (ARRAY['work', 'home', 'other'])[1 + n % 3])) FROM generate_series(1, 40) n))));
    FOR n IN 1..150 LOOP
        COMMIT;
        unchanged := unchanged + pg_temp.compare('Group', pg_temp.id(101), pg_temp.id(102), (SELECT jsonb_agg(pg_temp.member_operation()) FROM generate_series(1, 1 + n % 8)))::int;
        unchanged := unchanged + pg_temp.compare('User', pg_temp.id(7), pg_temp.id(8), (SELECT jsonb_agg(pg_temp.email_operation()) FROM generate_series(1, 1 + n % 8)))::int;
    END LOOP;
    RAISE NOTICE 'the same; some change nothing: %', unchanged BETWEEN 10 AND 250;
END $$;

-- Filters that remove members are read many at a time: what is left is what each of them leaves
SELECT scim.create_resource('Group', jsonb_build_object('displayName', 'many filters', 'members', jsonb_build_array(pg_temp.id(1), pg_temp.id(2), pg_temp.id(3), pg_temp.id(4), pg_temp.id(101), 'made up', 'made of'))) ->> 'id' AS many \gset
CREATE FUNCTION pg_temp.left_by(id text, filters text[], first jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    result text[];
BEGIN
    BEGIN
        result := ARRAY(SELECT m ->> 'value' FROM jsonb_array_elements(scim.patch_resource('Group', id,
            first || (SELECT jsonb_agg(jsonb_build_object('op', 'remove', 'path', format('members[%s]', f))) FROM unnest(filters) f)) -> 'members') m ORDER BY 1);
        RAISE SQLSTATE 'UNDO1';
    EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
        RETURN result;
    END;
END $$;
CREATE TEMP TABLE filters AS SELECT f FROM unnest(ARRAY['display co "user2"', 'type eq "group"', 'not (type pr)', 'value eq "made up"', 'value co "made o"', '$ref ew "' || pg_temp.id(3) || '"', 'display pr and not (display sw "user")', 'display ne "USER1" and type eq "User"',
    (SELECT string_agg(format('display eq "user%s"', n), ' or ') FROM generate_series(4, 30) n), (SELECT string_agg(format('display co "r%s" and value pr', n), ' or ') FROM generate_series(4, 90) n)]) f;
SELECT first <> '[]' AS after_another, count(*), count(*) FILTER (WHERE pg_temp.left_by(:'many', ARRAY[a.f, b.f], first) = ARRAY(SELECT v FROM unnest(pg_temp.left_by(:'many', ARRAY[a.f], first)) v WHERE v = ANY (pg_temp.left_by(:'many', ARRAY[b.f], first)) ORDER BY 1)) AS same
FROM filters a, filters b, (VALUES ('[]'::jsonb), ('[{"op": "add", "path": "members", "value": [{"value": "made new"}]}]')) t (first) WHERE a.f COLLATE "C" < b.f GROUP BY 1 ORDER BY 1;
SELECT f, cardinality(pg_temp.left_by(:'many', ARRAY[f], '[]')) AS stay FROM filters ORDER BY f COLLATE "C";

-- A filter that names members and asks for more of them reads these alone: what goes is what the same filter takes that is not seen to name them
CREATE FUNCTION pg_temp.condition() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT pg_temp.pick('type eq "User"', 'type eq "group"', 'not (type pr)', 'display sw "USER"', 'display ne "user2"', 'not (display pr)', format('display eq "%s"', pg_temp.pick('user1', 'user2', 'user3')), format('$ref ew "/%s"', pg_temp.some()), '$ref pr', '(type eq "User" or not (display pr))', 'value co "made"', format('value eq "%s"', pg_temp.some()), format('value ne "%s"', pg_temp.some()))
$$;
CREATE FUNCTION pg_temp.naming(depth int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN CASE WHEN depth = 0 OR random() < 0.2 THEN format('value eq "%s"', pg_temp.some()) ELSE pg_temp.pick(
        format('(%s and %s)', pg_temp.naming(depth - 1), pg_temp.condition()), format('(%s and %s and %s)', pg_temp.condition(), pg_temp.naming(depth - 1), pg_temp.condition()),
        format('(%s or %s)', pg_temp.naming(depth - 1), pg_temp.naming(depth - 1)), format('(%s or %s or %s)', pg_temp.naming(depth - 1), pg_temp.naming(0), pg_temp.naming(depth - 1))) END;
END $$;
CREATE FUNCTION pg_temp.left_by_all(id text, operations jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        result := scim.patch_resource('Group', id, operations) -> 'members';
        RAISE SQLSTATE 'UNDO1';
    EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
        RETURN result;
    END;
END $$;
SELECT setseed(0.5);
DO $$
DECLARE
    many CONSTANT text := (SELECT id FROM one.groups WHERE display_name = 'many filters');
    operations jsonb; unseen jsonb; a text; b text; gone int := 0;
BEGIN
    FOR n IN 1..400 LOOP
        SELECT jsonb_agg(o), jsonb_agg(u) INTO operations, unseen FROM (
            SELECT o, CASE WHEN o ? 'value' THEN o ELSE jsonb_set(o, '{path}', to_jsonb(regexp_replace(o ->> 'path', '\[(.*)\]', '[not (not (\1))]'))) END AS u
            FROM (SELECT CASE WHEN random() < 0.7 THEN jsonb_build_object('op', 'remove', 'path', format('members[%s]', pg_temp.naming(i % 3)))
                WHEN random() < 0.7 THEN jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', pg_temp.some()) || pg_temp.pick('{}', '{}', '{"type": "User"}')::jsonb))
                ELSE jsonb_build_object('op', 'replace', 'path', 'members', 'value', jsonb_build_array(pg_temp.some(), pg_temp.some(), pg_temp.id(101))) END AS o FROM generate_series(1, 1 + n % 7) i) t) t;
        a := pg_temp.left_by_all(many, operations);
        b := pg_temp.left_by_all(many, unseen);
        IF a IS DISTINCT FROM b THEN
            RAISE '%: %, and of % %', operations, a, unseen, b;
        END IF;
        gone := gone + 7 - coalesce(jsonb_array_length(a::jsonb), 0);
    END LOOP;
    RAISE NOTICE 'the same; members went: %', gone > 100;
END $$;
-- as many as are wanted, and mixed with others: one version, one event
INSERT INTO one.member (group_id, member_id) SELECT :g, pg_temp.id(n + 1000)::uuid FROM generate_series(1, 4000) n ON CONFLICT DO NOTHING;
SELECT count(*) AS members FROM one.member WHERE group_id = :g \gset
SELECT FROM pg_temp.news();
SELECT scim.patch_resource('Group', :g, (SELECT jsonb_agg(jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s" and %s]', pg_temp.id(n + 1000), CASE n % 4 WHEN 0 THEN 'type eq "User"' ELSE 'not (display pr)' END))) FROM generate_series(1, 2000) n)) ->> 'id' IS NOT NULL AS done;
SELECT version IS NOT NULL AS there, events, audit, changes, (SELECT :members - count(*) FROM one.member WHERE group_id = :g) AS went FROM pg_temp.news();
SELECT scim.patch_resource('Group', :g, (SELECT jsonb_agg(o) FROM generate_series(2001, 3000) n, LATERAL (VALUES (1, jsonb_build_object('op', 'remove', 'path', format('members[(value eq "%s" or value eq "%s") and not (type pr)]', pg_temp.id(n + 1000), pg_temp.id(n - 1000)))),
    (2, jsonb_build_object('op', 'add', 'path', 'members', 'value', pg_temp.id(n + 50000))), (3, jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s" or value eq "%s" and display pr]', pg_temp.id(n + 2000), pg_temp.id(n + 50000))))) t (i, o))) ->> 'id' IS NOT NULL AS done;
SELECT version IS NOT NULL AS there, events, audit, changes, (SELECT count(*) FROM one.member WHERE group_id = :g) AS stay FROM pg_temp.news();

RESET scim.store;
SET client_min_messages = warning;
SELECT scim.drop_store('one', true);
