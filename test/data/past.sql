-- What t/032_past.pl needs: changes at random, of which triggers and the test itself keep
-- what became of whom, and what the audit makes of it.

CREATE SCHEMA test;
SELECT scim.create_store('directory');
-- each version of each resource, as the row had it; data null: it went for good; brought: it
-- came with times of its own
CREATE TABLE test.version (n bigserial PRIMARY KEY, tenant_id int, resource_type text, id uuid, version bigint, data jsonb, created timestamptz, last_modified timestamptz, gone boolean, at timestamptz, brought boolean);
CREATE INDEX ON test.version (id, n);
-- the members of a group after a step in which they or the group had changed
CREATE TABLE test.membership (n bigserial PRIMARY KEY, tenant_id int, group_id uuid, members uuid[], at timestamptz);
CREATE INDEX ON test.membership (group_id, at);
CREATE TABLE test.step (n bigserial PRIMARY KEY, at timestamptz, what text, error text);
CREATE TABLE test.change (n bigserial PRIMARY KEY, change uuid, tenant_id int);

CREATE FUNCTION test.keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO test.version (tenant_id, resource_type, id, version, gone, at) VALUES (OLD.tenant_id, OLD.resource_type, OLD.id, OLD.version, true, clock_timestamp());
    ELSIF TG_OP = 'INSERT' OR NEW.version <> OLD.version THEN
        INSERT INTO test.version (tenant_id, resource_type, id, version, data, created, last_modified, gone, at, brought)
        VALUES (NEW.tenant_id, NEW.resource_type, NEW.id, NEW.version, NEW.data, NEW.created, NEW.last_modified, NEW.deleted_at IS NOT NULL, clock_timestamp(), TG_OP = 'INSERT' AND NEW.version > 1);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION test.prepare() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM scim.create_tenant('two'), scim.create_tenant('three');
    -- of leavers, each tenant makes something else; somebody's manager goes with him
    UPDATE directory.policy SET enabled = false WHERE kind = 'delete' AND resource_type = 'User';
    INSERT INTO directory.policy (tenant_id, resource_type, kind, settings) VALUES (1, 'User', 'delete', '{"mode": "retain"}'), (2, 'User', 'delete', '{"mode": "offboard"}'), (3, 'User', 'delete', '{"mode": "hard"}'), (3, 'Group', 'delete', '{"mode": "retain"}');
    INSERT INTO directory.policy (resource_type, kind, settings) VALUES ('User', 'reference', '{"attributes": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager": {"type": "User", "onDelete": "clear"}}}');
    CREATE TRIGGER test_keep AFTER INSERT OR UPDATE OR DELETE ON directory.resource FOR EACH ROW EXECUTE FUNCTION test.keep_version();
END
$$;

-- somebody, or a group, of the current tenant; gone: or one who went
CREATE FUNCTION test.one(type text, gone boolean DEFAULT false) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT id FROM directory.resource WHERE tenant_id = scim.tenant() AND resource_type = type AND (deleted_at IS NOT NULL) = gone ORDER BY random() LIMIT 1
$$;
CREATE FUNCTION test.some(count int) RETURNS SETOF uuid LANGUAGE sql VOLATILE AS $$
    SELECT id FROM directory.resource WHERE tenant_id = scim.tenant() AND deleted_at IS NULL AND (resource_type = 'User' OR random() < 0.1) ORDER BY random() LIMIT count
$$;
CREATE FUNCTION test.word() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT (ARRAY['a', 'b/c', 'd~e', 'ä"\x', 'f'])[1 + floor(random() * 5)::int] || floor(random() * 1000)::int $$;
CREATE FUNCTION test.person() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('userName', 'u' || scim.uuid_v7(), 'title', CASE WHEN random() < 0.5 THEN test.word() END, 'active', CASE WHEN random() < 0.2 THEN random() < 0.5 END,
        'displayName', CASE WHEN random() < 0.5 THEN test.word() END, 'password', CASE WHEN random() < 0.02 THEN 'sesame sesame' END,
        'emails', (SELECT jsonb_agg(jsonb_build_object('value', test.word() || '@x.org', 'type', t)) FROM unnest(ARRAY['work', 'home', 'other']) t WHERE random() < 0.4),
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', CASE WHEN random() < 0.3 THEN jsonb_build_object('department', test.word(),
            'manager', CASE WHEN random() < 0.5 THEN jsonb_build_object('value', test.one('User')) END) END))
$$;
CREATE FUNCTION test.crowd(count int) RETURNS SETOF uuid LANGUAGE sql VOLATILE AS $$ SELECT md5(i::text)::uuid FROM generate_series(1, 1200) AS i ORDER BY random() LIMIT count $$;
CREATE FUNCTION test.member_list(count int) RETURNS jsonb LANGUAGE sql VOLATILE AS $$ SELECT coalesce(jsonb_agg(jsonb_build_object('value', id)), '[]') FROM test.some(count) AS id $$;

-- One thing that somebody does.  Returns what.
CREATE FUNCTION test.act(file text, what int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    person uuid := test.one('User');
    "group" uuid := test.one('Group');
BEGIN
    CASE
        WHEN what < 4 THEN
            PERFORM scim.create_resource('User', test.person());
            RETURN 'create';
        WHEN what < 5 THEN
            INSERT INTO directory.users (data) SELECT test.person() FROM generate_series(1, 1 + floor(random() * 4)::int);
            RETURN 'insert';
        WHEN what < 6 THEN
            EXECUTE format('COPY (SELECT scim.tenant(), test.person() FROM generate_series(1, 3)) TO %L', file);
            EXECUTE format('COPY directory.users (tenant_id, data) FROM %L', file);
            RETURN 'copy';
        WHEN what < 7 THEN
            PERFORM scim.create_resource('Group', jsonb_build_object('displayName', test.word(), 'members', test.member_list(floor(random() * 10)::int)));
            RETURN 'create group';
        WHEN what < 9 THEN
            PERFORM scim.replace_resource('User', person, test.person());
            RETURN 'put';
        WHEN what < 12 THEN
            PERFORM scim.patch_resource('User', person, jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'title', 'value', test.word()),
                jsonb_build_object('op', 'add', 'path', 'emails', 'value', jsonb_build_array(jsonb_build_object('value', test.word() || '@y.org', 'type', 'work')))));
            RETURN 'patch';
        WHEN what < 13 THEN
            UPDATE directory.users SET data = data || jsonb_build_object('nickName', test.word()) WHERE id IN (SELECT test.some(5));
            RETURN 'update several';
        WHEN what < 14 THEN
            UPDATE directory.users SET display_name = test.word(), data = data - 'title' WHERE id = person;
            RETURN 'update';
        WHEN what < 15 THEN
            PERFORM scim.replace_resource('Group', "group", jsonb_build_object('displayName', test.word(), 'members', test.member_list(floor(random() * 20)::int)));
            RETURN 'put group';
        WHEN what < 17 THEN
            PERFORM scim.patch_resource('Group', "group", jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', test.member_list(1 + floor(random() * 2)::int))));
            RETURN 'add member';
        WHEN what < 18 THEN
            PERFORM scim.patch_resource('Group', "group", jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members', 'value', test.member_list(30)), jsonb_build_object('op', 'replace', 'path', 'displayName', 'value', test.word())));
            RETURN 'add members, rename';
        WHEN what < 20 THEN
            PERFORM scim.patch_resource('Group', "group", jsonb_build_array(jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', (SELECT member_id FROM directory.member WHERE group_id = "group" ORDER BY random() LIMIT 1)))));
            RETURN 'remove member';
        WHEN what < 21 THEN
            DELETE FROM directory.member WHERE tenant_id = scim.tenant() AND random() < 0.1;
            RETURN 'delete members';
        WHEN what < 22 THEN
            INSERT INTO directory.member (group_id, member_id) SELECT g, m FROM test.some(3) AS m, (SELECT id FROM directory.groups WHERE tenant_id = scim.tenant() AND deleted_at IS NULL ORDER BY random() LIMIT 2) AS o (g) WHERE g <> m ON CONFLICT DO NOTHING;
            RETURN 'insert members';
        WHEN what < 23 THEN
            UPDATE directory.groups SET display_name = test.word() WHERE id = "group";
            RETURN 'rename';
        WHEN what < 24 THEN
            PERFORM scim.suspend_resource('User', person);
            RETURN 'suspend';
        WHEN what < 25 THEN
            PERFORM scim.activate_resource('User', (SELECT id FROM directory.users WHERE tenant_id = scim.tenant() AND deleted_at IS NULL AND status <> 'ACTIVE' ORDER BY random() LIMIT 1));
            RETURN 'activate';
        WHEN what < 26 THEN
            PERFORM scim.delete_resource('User', person);
            RETURN 'delete';
        WHEN what < 27 THEN
            DELETE FROM directory.resource WHERE tenant_id = scim.tenant() AND id IN (SELECT test.some(2));
            RETURN 'delete several';
        WHEN what < 28 THEN
            IF random() < 0.5 THEN
                PERFORM scim.complete_offboarding((SELECT id FROM directory.users WHERE tenant_id = scim.tenant() AND status = 'OFFBOARDING' ORDER BY random() LIMIT 1));
            ELSE
                PERFORM scim.log_out(person);
            END IF;
            RETURN 'complete, log out';
        WHEN what < 29 THEN
            PERFORM scim.restore_resource('User', coalesce(test.one('User', true), (SELECT id FROM directory.users WHERE tenant_id = scim.tenant() AND status = 'OFFBOARDING' ORDER BY random() LIMIT 1)));
            RETURN 'restore';
        WHEN what < 30 THEN
            DELETE FROM directory.resource WHERE tenant_id = scim.tenant() AND id IN (test.one('User', true), test.one('Group', true));
            RETURN 'purge';
        WHEN what < 31 THEN
            INSERT INTO directory.users (data, version, created, last_modified) VALUES (test.person(), 7, '2020-02-02Z', '2021-03-03 04:05:06.789Z');
            RETURN 'from elsewhere';
        WHEN what < 32 THEN
            PERFORM FROM scim.revert_change((SELECT c.change FROM test.change c WHERE c.tenant_id = scim.tenant() ORDER BY c.n DESC OFFSET floor(random() * 10)::int LIMIT 1));
            RETURN 'revert';
        WHEN what = 33 THEN
            -- As many go at once as make a list of those who stay due, whatever the audit has: more than 1,000, and than stay.
            "group" := coalesce("group", (scim.create_resource('Group', '{"displayName": "crowd"}') ->> 'id')::uuid);
            INSERT INTO directory.member (group_id, member_id) SELECT "group", m FROM test.crowd(1200) AS m ON CONFLICT DO NOTHING;
            DELETE FROM directory.member WHERE tenant_id = scim.tenant() AND group_id = "group" AND member_id IN (SELECT test.crowd(1200));
            RETURN 'whole crowd';
        ELSE
            -- so many that the audit gets lists of them, mostly in the same group
            IF random() < 0.8 THEN
                "group" := (SELECT id FROM directory.groups WHERE tenant_id = scim.tenant() AND deleted_at IS NULL ORDER BY id LIMIT 1);
            END IF;
            IF random() < 0.3 THEN
                PERFORM scim.replace_resource('Group', "group", jsonb_build_object('displayName', test.word(), 'members', (SELECT jsonb_agg(jsonb_build_object('value', m)) FROM test.crowd(floor(random() * 500)::int) AS m)));
            ELSIF random() < 0.5 THEN
                INSERT INTO directory.member (group_id, member_id) SELECT "group", m FROM test.crowd(floor(random() * 1000)::int) AS m WHERE "group" IS NOT NULL ON CONFLICT DO NOTHING;
            ELSE
                DELETE FROM directory.member WHERE tenant_id = scim.tenant() AND group_id = "group" AND member_id IN (SELECT test.crowd(700));
            END IF;
            RETURN 'crowd';
    END CASE;
END
$$;

-- A step is done or not, and what has become of members is kept.
CREATE FUNCTION test.take_step(file text, action int DEFAULT floor(random() * 33)) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before bigint := (SELECT coalesce(max(n), 0) FROM test.version);
    now timestamptz;
    what text;
    error text;
BEGIN
    BEGIN
        what := test.act(file, action);
    EXCEPTION
        WHEN OTHERS THEN
            IF SQLSTATE !~ '^SC(404|VAL|MUT|UNI|409|TGT|CUR)' THEN
                RAISE;
            END IF;
            error := SQLSTATE || ' ' || SQLERRM;
    END;
    now := clock_timestamp();
    INSERT INTO test.step (at, what, error) VALUES (now, what, error);
    INSERT INTO test.membership (tenant_id, group_id, members, at)
    SELECT v.tenant_id, v.id, ARRAY(SELECT m.member_id FROM directory.member m WHERE m.tenant_id = v.tenant_id AND m.group_id = v.id ORDER BY m.member_id), now
    FROM (SELECT DISTINCT tenant_id, id FROM test.version WHERE n > before AND resource_type = 'Group') AS v;
END
$$;

CREATE PROCEDURE test.run(changes int, file text) LANGUAGE plpgsql AS $$
DECLARE
    done int := 0;
    steps int;
    crowds int := 0;
BEGIN
    WHILE done < changes LOOP
        PERFORM set_config('scim.tenant', (1 + floor(random() * 3))::int::text, false);
        steps := CASE WHEN random() < 0.2 THEN 2 + floor(random() * 4)::int ELSE 1 END;
        FOR i IN 1 .. steps LOOP
            PERFORM test.take_step(file);
        END LOOP;
        INSERT INTO test.change (change, tenant_id) VALUES (scim.change(), scim.tenant());
        IF random() < 0.03 THEN
            ROLLBACK;
        ELSE
            done := done + steps;
            COMMIT;
        END IF;
        IF done / 100 > crowds THEN
            PERFORM test.take_step(file, 33);
            crowds := crowds + 1;
            COMMIT;
        END IF;
    END LOOP;
END
$$;

-- What GET showed of a version, made without any function of the product.
CREATE FUNCTION test.expected(v test.version) RETURNS jsonb LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT CASE WHEN NOT v.gone THEN v.data || jsonb_build_object('id', v.id, 'meta', jsonb_build_object('resourceType', v.resource_type, 'version', format('W/"%s"', v.version),
        'created', to_char(v.created, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'lastModified', to_char(v.last_modified, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'location', format('/%ss/%s', v.resource_type, v.id))) END
$$;
-- The row that was there at an instant; at is when a row of before came, or changed.
CREATE FUNCTION test.version_at(of_id uuid, instant timestamptz) RETURNS test.version LANGUAGE sql STABLE AS $$
    SELECT v FROM test.version v WHERE v.id = of_id AND v.at <= instant ORDER BY v.n DESC LIMIT 1
$$;
CREATE FUNCTION test.members_at(of_group uuid, instant timestamptz) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN v.gone THEN '{}' ELSE (SELECT m.members FROM test.membership m WHERE m.group_id = of_group AND m.at <= instant ORDER BY m.n DESC LIMIT 1) END FROM test.version_at(of_group, instant) v
$$;
-- and those within groups within it
CREATE FUNCTION test.all_members_at(of_group uuid, instant timestamptz) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE inside (id) AS (SELECT unnest(test.members_at(of_group, instant)) UNION SELECT m FROM inside i, unnest(test.members_at(i.id, instant)) AS m)
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM inside
$$;

-- What RFC 6902 makes of a document.
CREATE FUNCTION test.patched(document jsonb, operations jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    o jsonb;
    path text[];
BEGIN
    FOR o IN SELECT * FROM jsonb_array_elements(operations) LOOP
        path := ARRAY(SELECT replace(replace(t, '~1', '/'), '~0', '~') FROM unnest(string_to_array(substring(o ->> 'path' FROM 2), '/')) WITH ORDINALITY AS e (t, n) ORDER BY n);
        document := CASE
            WHEN path = '{password}' THEN document
            WHEN o ->> 'path' = '' THEN o -> 'value'
            WHEN o ->> 'op' = 'remove' THEN document #- path
            WHEN o ->> 'op' = 'replace' THEN jsonb_set(document, path, o -> 'value', false)
            WHEN jsonb_typeof(document #> path[:cardinality(path) - 1]) = 'array' THEN jsonb_insert(document, path, o -> 'value')
            ELSE jsonb_set(document, path, o -> 'value', true) END;
    END LOOP;
    RETURN document;
END
$$;

-- What is wrong: each version from its beginning to its end, of one tenant.
CREATE FUNCTION test.wrong_versions() RETURNS TABLE (asked bigint, wrong bigint, first text) LANGUAGE sql AS $$
    WITH v AS (SELECT v, v.id, v.resource_type, test.expected(v) AS expected, v.at, CASE WHEN NOT v.brought THEN v.last_modified END AS begins,
            lead(CASE WHEN NOT v.brought THEN v.last_modified END) OVER (PARTITION BY v.id ORDER BY v.n) - interval '1 us' AS ends
        FROM test.version v WHERE v.tenant_id = scim.tenant()),
    answer AS (SELECT v.id, t.at, expected, scim.resource_at(v.resource_type, v.id, t.at) AS answer FROM v, unnest(ARRAY[v.begins, v.at, v.ends]) AS t (at) WHERE t.at IS NOT NULL)
    SELECT count(*), count(*) FILTER (WHERE answer::text IS DISTINCT FROM expected::text), min(format('%s at %s: %s, not %s', id, at, answer, expected)) FILTER (WHERE answer::text IS DISTINCT FROM expected::text) FROM answer
$$;

-- And the members of each group after each step, and until the next change of the group.
CREATE FUNCTION test.wrong_members() RETURNS TABLE (asked bigint, wrong bigint, first text) LANGUAGE sql AS $$
    -- where the next thing is that it goes, nobody knows to the microsecond when
    WITH m AS (SELECT m.group_id, m.members, m.at, (SELECT v.last_modified - interval '1 us' FROM test.version v WHERE v.id = m.group_id AND v.at > m.at ORDER BY v.n LIMIT 1) AS ends,
            (test.version_at(m.group_id, m.at)).gone AS gone
        FROM test.membership m WHERE m.tenant_id = scim.tenant()),
    answer AS (SELECT m.group_id, t.at, CASE WHEN m.gone THEN '{}' ELSE m.members END AS expected,
            ARRAY(SELECT a.value FROM scim.members_at(m.group_id, t.at) a WHERE a.direct ORDER BY a.value) AS answer FROM m, unnest(ARRAY[m.at, m.ends]) AS t (at) WHERE t.at IS NOT NULL)
    SELECT count(*), count(*) FILTER (WHERE answer <> expected), min(format('%s at %s: %s, not %s', group_id, at, answer, expected)) FILTER (WHERE answer <> expected) FROM answer
$$;
-- with those of groups within, at some instants
CREATE FUNCTION test.wrong_members_of_all() RETURNS TABLE (asked bigint, wrong bigint, first text) LANGUAGE sql AS $$
    WITH answer AS (SELECT g.id, s.at, test.all_members_at(g.id, s.at) AS expected, ARRAY(SELECT a.value FROM scim.members_at(g.id, s.at) a ORDER BY a.value) AS answer
        FROM (SELECT s.at FROM test.step s ORDER BY random() LIMIT 20) AS s, (SELECT DISTINCT v.id FROM test.version v WHERE v.tenant_id = scim.tenant() AND v.resource_type = 'Group' ORDER BY v.id LIMIT 10) AS g)
    SELECT count(*), count(*) FILTER (WHERE answer <> expected), min(format('%s at %s: %s, not %s', id, at, answer, expected)) FILTER (WHERE answer <> expected) FROM answer
$$;
CREATE FUNCTION test.wrong_resources() RETURNS TABLE (asked bigint, wrong bigint, first text) LANGUAGE sql AS $$
    WITH answer AS (SELECT s.at, t.type, f.filter,
            ARRAY(SELECT test.expected(v)::text FROM (SELECT DISTINCT ON (v.id) v FROM test.version v WHERE v.tenant_id = scim.tenant() AND v.resource_type = t.type AND v.at <= s.at ORDER BY v.id, v.n DESC) AS w (v)
                WHERE NOT (w.v).gone AND (f.filter IS NULL OR (w.v).data ->> f.attribute ILIKE f.pattern) ORDER BY 1) AS expected,
            ARRAY(SELECT r::text FROM scim.resources_at(t.type, s.at, f.filter) AS r ORDER BY 1) AS answer
        FROM (SELECT s.at FROM test.step s ORDER BY random() LIMIT 10) AS s,
            (VALUES ('User', NULL, NULL, NULL), ('User', 'title sw "A"', 'title', 'a%'), ('Group', NULL, NULL, NULL), ('Group', 'displayName co "1"', 'displayName', '%1%')) AS f (type, filter, attribute, pattern),
            LATERAL (SELECT f.type) AS t)
    SELECT count(*), count(*) FILTER (WHERE answer <> expected), min(format('%s at %s by %s: %s, not %s', type, at, filter, cardinality(answer), cardinality(expected))) FILTER (WHERE answer <> expected) FROM answer
$$;
-- The differences, one after the other, make the documents.
CREATE FUNCTION test.wrong_differences() RETURNS TABLE (asked bigint, wrong bigint, first text) LANGUAGE plpgsql AS $$
DECLARE
    r record;
    h record;
    document jsonb;
BEGIN
    asked := 0;
    wrong := 0;
    FOR r IN SELECT DISTINCT id FROM test.version v WHERE v.tenant_id = scim.tenant() LOOP
        document := NULL;
        FOR h IN SELECT s.version, s.operation, s.difference, (SELECT v.data FROM test.version v WHERE v.id = r.id AND v.version = s.version AND v.data IS NOT NULL ORDER BY v.n DESC LIMIT 1) AS expected
            FROM scim.history(r.id) AS s WHERE s.version IS NOT NULL
        LOOP
            document := test.patched(document, h.difference);
            asked := asked + 1;
            IF document IS NOT NULL AND document IS DISTINCT FROM h.expected OR h.difference IS NULL THEN
                wrong := wrong + 1;
                first := coalesce(first, format('%s version %s (%s): %s, not %s', r.id, h.version, h.operation, document, h.expected));
            END IF;
        END LOOP;
    END LOOP;
    RETURN NEXT;
END
$$;
