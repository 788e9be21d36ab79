-- A bulk request comes to what its operations come to one by one, in requests of their own
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT scim.create_store('together'), scim.create_store('singly');
CREATE SCHEMA one_by_one;
CREATE FUNCTION one_by_one.id(kind text, n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('00000000-0000-7000-8000-%s', lpad(CASE kind WHEN 'Users' THEN 'a' ELSE 'b' END || n, 12, '0')) $$;
CREATE FUNCTION one_by_one.watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.data ->> 'title' = 'no' THEN
        RAISE EXCEPTION 'no such title';
    ELSIF NEW.data ->> 'title' = 'again' AND NEW.data ->> 'locale' IS DISTINCT FROM 'en' THEN
        EXECUTE format('UPDATE %I.users SET data = data || ''{"locale": "en"}'' WHERE id = $1', TG_TABLE_SCHEMA) USING NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION one_by_one.late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.data ->> 'nickName' = 'late' THEN
        RAISE EXCEPTION 'too late';
    END IF;
    RETURN NULL;
END $$;
-- the same for both: people, groups, every kind of thing that follows from a write
DO $$
DECLARE
    store text;
BEGIN
    FOREACH store IN ARRAY ARRAY['together', 'singly'] LOOP
        EXECUTE format('INSERT INTO %1$I.users (id, data) SELECT one_by_one.id(''Users'', n)::uuid, jsonb_build_object(''userName'', ''u'' || n, ''userType'', ''Employee'') FROM generate_series(1, 6) n', store);
        EXECUTE format('INSERT INTO %1$I.groups (id, data) SELECT one_by_one.id(''Groups'', n)::uuid, jsonb_build_object(''displayName'', ''g'' || n) FROM generate_series(1, 3) n', store);
        EXECUTE format('UPDATE %1$I.policy SET enabled = true, settings = ''{"mode": "full"}'' WHERE kind = ''events''', store);
        EXECUTE format('INSERT INTO %1$I.policy (resource_type, kind, name, settings) VALUES
            (''User'', ''guard'', ''slowly'', ''{"on": ["suspend", "delete"], "limit": 12, "seconds": 3600}''),
            (''User'', ''unique'', ''unique'', ''{"attributes": ["externalId"]}''),
            (''Group'', ''reference'', ''reference'', ''{"attributes": {"members.value": {"type": "User"}}}'')', store);
        EXECUTE format('CREATE TRIGGER watch AFTER INSERT OR UPDATE ON %1$I.users FOR EACH ROW EXECUTE FUNCTION one_by_one.watch()', store);
        EXECUTE format('CREATE CONSTRAINT TRIGGER late AFTER INSERT OR UPDATE ON %1$I.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION one_by_one.late()', store);
    END LOOP;
END $$;
-- an operation, of few resources, so that most of them are changed by several
CREATE FUNCTION one_by_one.operation(n int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    kind int := floor(random() * 17);
    one int := 1 + floor(random() * random() * 6);
    other int := 1 + floor(random() * 8);
    value text := (ARRAY['a', 'b', 'c', 'again', 'no'])[1 + floor(random() * (5 - (random() > 0.3)::int))];
    path text := CASE WHEN kind < 12 THEN '/Users/' || one_by_one.id('Users', one) ELSE '/Groups/' || one_by_one.id('Groups', 1 + one % 3) END;
    op jsonb := CASE
        WHEN kind < 4 THEN jsonb_build_object('op', 'replace', 'path', 'title', 'value', value || CASE WHEN length(value) = 1 THEN n::text ELSE '' END)
        WHEN kind = 4 THEN jsonb_build_object('op', 'replace', 'path', 'userName', 'value', 'u' || one + (random() < 0.2)::int)
        WHEN kind = 5 THEN jsonb_build_object('op', 'replace', 'path', 'active', 'value', random() < 0.5)
        WHEN kind = 6 THEN jsonb_build_object('op', 'replace', 'path', 'externalId', 'value', CASE WHEN random() < 0.2 THEN 'e1' ELSE 'e' || n END)
        WHEN kind = 7 THEN jsonb_build_object('op', 'replace', 'path', CASE WHEN random() < 0.2 THEN 'nobody' ELSE 'nickName' END, 'value', CASE WHEN random() < 0.3 THEN 'late' ELSE 'n' || n END)
        WHEN kind < 15 THEN jsonb_build_object('op', 'add', 'path', 'members', 'value', jsonb_build_array(jsonb_build_object('value', one_by_one.id('Users', least(other, 7)))))
        ELSE jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', one_by_one.id('Users', other)))
        END;
BEGIN
    IF kind = 8 THEN
        RETURN jsonb_build_object('method', 'PUT', 'path', path, 'data', jsonb_build_object('userName', 'u' || one, 'title', value || n, 'password', CASE WHEN random() < 0.1 THEN 'Secret-' || n END));
    ELSIF kind = 9 THEN
        RETURN jsonb_build_object('method', 'POST', 'path', '/Users', 'bulkId', 'p' || n, 'data', jsonb_build_object('userName', CASE WHEN random() < 0.2 THEN 'u1' ELSE 'p' || n END, 'title', value));
    ELSIF kind = 10 AND random() < 0.3 THEN
        RETURN jsonb_build_object('method', 'DELETE', 'path', path);
    ELSIF kind = 11 THEN
        op := jsonb_build_object('op', 'add', 'path', 'title', 'value', 'v' || n);
    ELSIF kind = 10 THEN
        op := '{"op": "remove", "path": "title"}';
    END IF;
    RETURN jsonb_build_object('method', 'PATCH', 'path', path, 'data', jsonb_build_object('Operations', jsonb_build_array(op)))
        || CASE WHEN random() < 0.1 THEN jsonb_build_object('version', format('W/"%s"', 1 + floor(random() * 6))) ELSE '{}' END;
END $$;
CREATE FUNCTION one_by_one.perform(store text, operations jsonb, fail_on_errors int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
BEGIN
    PERFORM set_config('scim.store', store, false);
    SELECT body::jsonb -> 'Operations' INTO STRICT answer FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object(
        'schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:BulkRequest'), 'failOnErrors', fail_on_errors, 'Operations', operations)::text);
    RETURN answer;
END $$;
CREATE FUNCTION one_by_one.perform_singly(operations jsonb, fail_on_errors int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    answers jsonb := '[]';
    operation jsonb;
    errors int := 0;
BEGIN
    FOR operation IN SELECT o FROM jsonb_array_elements(operations) WITH ORDINALITY AS a (o, n) ORDER BY n LOOP
        answers := answers || one_by_one.perform('singly', jsonb_build_array(operation), 0);
        errors := errors + (answers -> -1 ->> 'status' >= '400')::int;
        EXIT WHEN fail_on_errors > 0 AND errors = fail_on_errors;
    END LOOP;
    RETURN answers;
END $$;
-- ids and instants are new each time
CREATE FUNCTION one_by_one.masked(what text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(regexp_replace(regexp_replace(what, '0[1-9a-f][0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}', 'ID', 'g'),
        '\d{4}-\d\d-\d\dT[0-9:.]*Z', 'TIME', 'g'), 'together|singly', 'store', 'g') $$;
-- all that is stored of it, a row each
CREATE FUNCTION one_by_one.stored(store text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT one_by_one.masked(row_to_json(r)::text) FROM (
            SELECT 1 AS part, row_number() OVER (ORDER BY id) AS n, to_jsonb(u) - '{created,last_modified,activated_at,deactivated_at,sessions_valid_after,offboarding_at,deleted_at}'::text[]
                || jsonb_build_object('times', ARRAY[deactivated_at, sessions_valid_after, deleted_at] IS NULL, 'gone', deleted_at IS NOT NULL) AS what FROM %1$I.resource u
            UNION ALL SELECT 2, row_number() OVER (ORDER BY group_id, member_id), to_jsonb(m) - 'created' FROM %1$I.member m
            UNION ALL SELECT 3, row_number() OVER (ORDER BY id), to_jsonb(a) - '{id,at,transaction_id,change,salt,content_digest,digest,request_id,key}'::text[] FROM %1$I.audit a WHERE resource_type IS NOT NULL
            UNION ALL SELECT 4, row_number() OVER (ORDER BY id), to_jsonb(e) - '{id,at,transaction_id,change,position}'::text[] FROM %1$I.event e
            UNION ALL SELECT 5, row_number() OVER (ORDER BY attribute, value), to_jsonb(v) FROM %1$I.unique_value v
            UNION ALL SELECT 6, row_number() OVER (ORDER BY resource_id), jsonb_build_object('password', resource_id) FROM %1$I.credential
            UNION ALL SELECT 7, row_number() OVER (ORDER BY at), jsonb_build_object('counted', amount) FROM %1$I.guard_count
        ) AS r ORDER BY part, n$q$, store);
END $$;
-- what became of each operation is compared, and the stores after every ten requests
CREATE TABLE one_by_one.seen (status text, n bigint);
CREATE FUNCTION one_by_one.compare(seed float8, rounds int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    operations jsonb;
    fail_on_errors int;
    together jsonb;
    singly jsonb;
    differs text;
BEGIN
    PERFORM setseed(seed);
    FOR round IN 1 .. rounds LOOP
        fail_on_errors := CASE WHEN random() < 0.3 THEN 1 + floor(random() * 4)::int ELSE 0 END;
        SELECT jsonb_agg(one_by_one.operation(round * 100 + n) ORDER BY n) INTO operations FROM generate_series(1, 1 + floor(random() * 40)::int) n;
        together := one_by_one.perform('together', operations, fail_on_errors);
        singly := one_by_one.perform_singly(operations, fail_on_errors);
        INSERT INTO one_by_one.seen SELECT o ->> 'status', count(*) FROM jsonb_array_elements(together) o GROUP BY 1;
        IF one_by_one.masked(together::text) <> one_by_one.masked(singly::text) THEN
            SELECT format('round %s, operation %s: %s came to %s, by itself to %s', round, n, operations -> (n::int - 1), t, s) INTO differs
            FROM jsonb_array_elements(together) WITH ORDINALITY AS t (t, n) FULL JOIN jsonb_array_elements(singly) WITH ORDINALITY AS s (s, n) USING (n)
            WHERE one_by_one.masked(t::text) IS DISTINCT FROM one_by_one.masked(s::text) ORDER BY n LIMIT 1;
            RETURN differs;
        END IF;
        CONTINUE WHEN round % 10 <> 0 AND round < rounds;
        SELECT format('round %s, row %s: %s, by itself %s', round, n, t, s) INTO differs
        FROM one_by_one.stored('together') WITH ORDINALITY AS t (t, n) FULL JOIN one_by_one.stored('singly') WITH ORDINALITY AS s (s, n) USING (n)
        WHERE t IS DISTINCT FROM s ORDER BY n LIMIT 1;
        IF differs IS NOT NULL THEN
            RETURN differs;
        END IF;
        -- those who were deleted come back, and a guard that has tripped is released
        PERFORM set_config('scim.store', s, false), scim.release_guard() FROM unnest(ARRAY['together', 'singly']) s WHERE round % 10 = 0;
        PERFORM set_config('scim.store', s, false), scim.restore_resource('User', one_by_one.id('Users', n)::uuid)
        FROM unnest(ARRAY['together', 'singly']) s, generate_series(1, 6) n
        WHERE EXISTS (SELECT FROM together.users u WHERE u.id = one_by_one.id('Users', n)::uuid AND deleted_at IS NOT NULL)
            AND NOT EXISTS (SELECT FROM together.users u WHERE u.user_name = 'u' || n AND deleted_at IS NULL);
    END LOOP;
    RETURN 'the same';
END $$;
SELECT one_by_one.compare(0.7, 25), one_by_one.compare(0.13, 25);
SELECT status, sum(n) > 10 AS often FROM one_by_one.seen GROUP BY 1 ORDER BY 1;
-- what is only tried is not counted: a limit of the request holds for what was done
INSERT INTO together.setting (name, value) VALUES ('max_body_members', '12');
SELECT o ->> 'status' AS status, o #>> '{response,detail}' AS detail, count(*) FROM jsonb_array_elements(one_by_one.perform('together', (SELECT jsonb_agg(jsonb_build_object('method', 'PATCH', 'path', '/Groups/' || one_by_one.id('Groups', 1), 'data',
    jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', CASE WHEN n % 2 = 0 THEN 'add' ELSE 'remove' END, 'path', CASE WHEN n = 9 THEN 'nothing' ELSE 'members' END,
        'value', jsonb_build_array(jsonb_build_object('value', one_by_one.id('Users', n)))))))) FROM generate_series(1, 12) n), 0)) o GROUP BY 1, 2 ORDER BY 1, 2;
DELETE FROM together.setting WHERE name = 'max_body_members';
-- all or none: the error is that of the operation that fails
SELECT set_config('scim.store', 'together', false);
SELECT status, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Bulk', '{}', jsonb_build_object('schemas', jsonb_build_array('urn:scim:params:bulk:atomic'), 'Operations',
    (SELECT jsonb_agg(jsonb_build_object('method', 'PATCH', 'path', '/Users/' || one_by_one.id('Users', 2), 'data',
        jsonb_build_object('Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', CASE WHEN n = 7 THEN 'nothing' ELSE 'title' END, 'value', 'atomic' || n))))) FROM generate_series(1, 9) n))::text);
SELECT count(*) FROM together.users WHERE data ->> 'title' LIKE 'atomic%';
SELECT scim.drop_store('together', true), scim.drop_store('singly', true);
DROP SCHEMA one_by_one CASCADE;
