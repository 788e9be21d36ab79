-- Filters over members and groups: many terms are few look-ups, and mean what they say.
SELECT scim.create_store('relations');
SET scim.store = 'relations';
SET scim.base_url = 'https://example.com/v2';

-- 30 people in 16 groups, three of them nested and one that is in itself; a member whom
-- nobody knows, and a group that is out of sight but keeps its members.
UPDATE relations.policy SET settings = '{"mode": "retain"}' WHERE kind = 'delete' AND resource_type = 'Group';
INSERT INTO relations.users (id, data)
SELECT ('00000000-0000-7000-8000-0000000000' || lpad(i::text, 2, '0'))::uuid,
    jsonb_strip_nulls(jsonb_build_object('userName', 'user' || i, 'displayName', CASE WHEN i % 3 > 0 THEN 'Person ' || i END, 'title', 'title ' || i % 4))
FROM generate_series(1, 30) i;
INSERT INTO relations.groups (id, data)
SELECT ('00000000-0000-7000-8000-0000000001' || lpad(g::text, 2, '0'))::uuid, jsonb_build_object('displayName', 'Group ' || g)
FROM generate_series(1, 16) g;
INSERT INTO relations.member (group_id, member_id)
SELECT g.id, u.id FROM relations.groups g JOIN relations.users u
    ON right(g.id::text, 2)::int <= 12 AND right(u.id::text, 2)::int % (right(g.id::text, 2)::int + 1) = 0;
INSERT INTO relations.member (group_id, member_id, member_type, value)
SELECT ('00000000-0000-7000-8000-0000000001' || g)::uuid, ('00000000-0000-7000-8000-0000000001' || m)::uuid, 'Group', NULL
FROM (VALUES ('13', '07'), ('13', '08'), ('14', '13'), ('14', '02'), ('15', '15'), ('15', '09')) v (g, m);
INSERT INTO relations.member (group_id, member_id, member_type, value) VALUES
    ('00000000-0000-7000-8000-000000000116', scim.member_key('Stranger'), 'User', 'Stranger'),
    ('00000000-0000-7000-8000-000000000104', scim.member_key('Stranger'), NULL, 'Stranger');
SELECT scim.delete_resource('Group', '00000000-0000-7000-8000-000000000108');
SELECT scim.delete_resource('User', '00000000-0000-7000-8000-000000000006');

-- A filter, four ways: as a search, with indexes only, as SQL, and each resource in memory.
CREATE FUNCTION pg_temp.by_search(kind text, filter text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(r ->> 'id', ' ' ORDER BY n) FROM jsonb_array_elements(
        scim.search(kind, filter, count => 100, attributes => 'id') -> 'Resources') WITH ORDINALITY t (r, n) $$;
CREATE FUNCTION pg_temp.by_predicate(kind text, filter text) RETURNS text LANGUAGE plpgsql SET jit = off AS $$
DECLARE result text;
BEGIN
    EXECUTE format('SELECT string_agg(id::text, '' '' ORDER BY id) FROM relations.resource
                    WHERE deleted_at IS NULL AND resource_type = %L AND %s', kind, scim.to_sql(filter::scim.filter, kind)) INTO result;
    RETURN result;
END $$;
CREATE FUNCTION pg_temp.in_memory(kind text, filter text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(id::text, ' ' ORDER BY id) FROM relations.resource r WHERE deleted_at IS NULL AND (kind IS NULL OR resource_type = kind)
        AND scim.matches(scim.resource_json(r), filter::scim.filter, kind) $$;
CREATE FUNCTION pg_temp.differs(kind text, filter text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE expected text := pg_temp.in_memory(kind, filter);
BEGIN
    FOR i IN 0..1 LOOP
        PERFORM set_config('enable_seqscan', CASE i WHEN 0 THEN 'on' ELSE 'off' END, true);
        IF pg_temp.by_search(kind, filter) IS DISTINCT FROM expected THEN
            RETURN format('search: %s, not %s', pg_temp.by_search(kind, filter), expected);
        END IF;
        IF kind IS NOT NULL AND pg_temp.by_predicate(kind, filter) IS DISTINCT FROM expected THEN
            RETURN format('SQL: %s, not %s', pg_temp.by_predicate(kind, filter), expected);
        END IF;
    END LOOP;
    PERFORM set_config('enable_seqscan', 'on', true);
    RETURN NULL;
END $$;

-- One term of each kind, alone and negated
SELECT f.kind, f.filter, pg_temp.differs(f.kind, f.filter) AS differs FROM (VALUES
        ('User', 'groups.value'), ('User', 'groups.$ref'), ('User', 'groups.display'), ('User', 'groups.type'), ('User', 'groups'),
        ('Group', 'members.value'), ('Group', 'members.$ref'), ('Group', 'members.display'), ('Group', 'members.type'), ('Group', 'members')) a (kind, attribute),
    unnest(ARRAY['pr', 'eq null', 'eq "@02"', 'ne "@02"', 'co "00000"', 'sw "gr"', 'ew "0"', 'gt "i"', 'le "group 2"', 'eq "direct"', 'eq "User"', 'eq "person 2"', 'eq "user3"', 'sw "u"', 'ne "GROUP 2"']) t (test),
    replace(test, '@', CASE kind WHEN 'User' THEN '00000000-0000-7000-8000-0000000001' ELSE '00000000-0000-7000-8000-0000000000' END) v (value),
    LATERAL (VALUES (kind, attribute || ' ' || value), (kind, 'not (' || attribute || ' ' || value || ')')) f (kind, filter)
WHERE pg_temp.differs(f.kind, f.filter) IS NOT NULL;

-- What "type" says of a group: a direct one is none that is indirect besides
SELECT filter, pg_temp.differs('User', filter) AS differs, array_length(string_to_array(pg_temp.in_memory('User', filter), ' '), 1) AS n FROM unnest(ARRAY[
    'groups.type eq "direct"', 'groups.type eq "indirect"', 'groups.type eq "INDIRECT"', 'not (groups.type eq "indirect")', 'groups.type ne "direct"', 'groups.type co "dir"', 'groups.type sw "i"', 'groups.type pr', 'groups.type eq "other"',
    'groups[type eq "indirect" and display eq "group 14"]', 'groups[type eq "direct" and display eq "group 14"]', 'groups[display eq "group 2" and type eq "indirect"]', 'groups[value eq "00000000-0000-7000-8000-000000000113" and type ne "direct"]',
    'groups[not (type eq "direct")] and groups.type eq "direct"', 'groups[type eq "indirect" or display eq "group 5"]', 'title eq "title 1" or groups.type eq "indirect"']) WITH ORDINALITY t (filter, n) ORDER BY t.n;

-- Any filter of such terms: so few people and groups that all of them are asked for
CREATE FUNCTION pg_temp.pick(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT choices[1 + floor(random() * array_length(choices, 1))::int] $$;
CREATE FUNCTION pg_temp.term(kind text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    relation text := CASE kind WHEN 'User' THEN 'groups' ELSE 'members' END;
    n text := lpad((1 + floor(random() * 17))::int::text, 2, '0');
    id text := '00000000-0000-7000-8000-0000000' || CASE kind WHEN 'User' THEN '001' ELSE pg_temp.pick('000', '000', '001') END || n;
    name text := pg_temp.pick('Group ', 'person ', 'user') || n::int;
    inner_term text;
BEGIN
    CASE floor(random() * 12)::int
        WHEN 0, 1 THEN RETURN format('%s.value eq "%s"', relation, id);
        WHEN 2 THEN RETURN format('%s.display eq "%s"', relation, name);
        WHEN 3 THEN RETURN format('%s.display %s "%s"', relation, pg_temp.pick('co', 'sw', 'ew', 'gt', 'ne'), pg_temp.pick(name, n, 'er1', 'P'));
        WHEN 4 THEN RETURN format('%s.$ref %s "https://example.com/v2/%s/%s"', relation, pg_temp.pick('eq', 'ne', 'co'), pg_temp.pick('Users', 'Groups'), id);
        WHEN 5 THEN RETURN format('%s.type %s "%s"', relation, pg_temp.pick('eq', 'ne', 'co'), pg_temp.pick('User', 'Group', 'direct', 'indirect'));
        WHEN 6 THEN RETURN format('%s.value ne "%s"', relation, id);
        WHEN 7 THEN RETURN relation || pg_temp.pick(' pr', ' eq null', '.display pr', '.display eq null');
        WHEN 8 THEN RETURN format('%s eq "%s"', pg_temp.pick('displayName', CASE kind WHEN 'User' THEN 'userName' ELSE 'externalId' END, 'displayName'), pg_temp.pick('title 1', 'title 2', name, 'GROUP 3'));
        WHEN 9 THEN RETURN format('%s %s "%s"', pg_temp.pick('id', 'meta.location'), pg_temp.pick('eq', 'ne', 'co', 'sw'), id);
        ELSE
            inner_term := format('value %s "%s"', pg_temp.pick('eq', 'ne', 'co'), id) || pg_temp.pick(' and ', ' or ')
                || format('%s%s %s "%s"%s', pg_temp.pick('not (', ''), pg_temp.pick('display', 'type'), pg_temp.pick('eq', 'co', 'ne'), pg_temp.pick(name, 'User', 'Group', 'direct'), '#');
            RETURN format('%s[%s]', relation, replace(inner_term, '#', CASE WHEN inner_term LIKE '%not (%' THEN ')' ELSE '' END));
    END CASE;
END $$;
CREATE FUNCTION pg_temp.filter(kind text, depth int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    word text := pg_temp.pick(' and ', ' or ');
    text text := '';
BEGIN
    IF depth = 0 THEN
        RETURN pg_temp.term(kind);
    END IF;
    FOR i IN 1..1 + floor(random() * 4)::int LOOP
        text := text || CASE WHEN i > 1 THEN word ELSE '' END
            || CASE WHEN random() < 0.25 THEN 'not (' ELSE '(' END || pg_temp.filter(kind, depth - 1 - floor(random() * 1.3)::int * (depth > 1)::int) || ')';
    END LOOP;
    RETURN text;
END $$;
SELECT setseed(0.5);
CREATE TEMP TABLE filters AS
SELECT kind, pg_temp.filter(kind, 1 + n % 3) AS filter FROM (VALUES ('User'), ('Group')) k (kind), generate_series(1, 100) n;
SELECT kind, count(*) AS filters, count(*) FILTER (WHERE found > 0) > 30 AS many_find, count(*) FILTER (WHERE terms > 6) > 20 AS many_are_long
FROM (SELECT kind, regexp_count(filter, 'groups|members') AS terms, array_length(string_to_array(pg_temp.in_memory(kind, filter), ' '), 1) AS found FROM filters) f
GROUP BY kind ORDER BY kind;
SELECT kind, filter, pg_temp.differs(kind, filter) AS differs FROM filters WHERE pg_temp.differs(kind, filter) IS NOT NULL;
SELECT filter, pg_temp.differs(NULL, filter) AS differs_at_the_root FROM (SELECT filter FROM filters WHERE filter NOT LIKE '%type%' LIMIT 40) f
WHERE pg_temp.differs(NULL, filter) IS NOT NULL;

-- The members of one group, by what would stand in members[...]
SELECT filter, r ->> 'status' AS status, r -> 'body' ->> 'totalResults' AS total, r -> 'body' ->> 'detail' AS detail FROM unnest(ARRAY[
    'value eq "Stranger"', 'value eq "00000000-0000-7000-8000-000000000010" or value eq "00000000-0000-7000-8000-000000000020" or display eq "person 5"',
    'display co "person"', 'not (display co "person")', 'display eq null', '$ref co "Users"', 'type eq "User" and display sw "U"', 'nope eq "x"', 'value eq true', 'value[display pr]', 'value.x eq "a"']) WITH ORDINALITY t (filter, n),
    LATERAL (SELECT jsonb_build_object('status', status, 'body', body::jsonb) AS r FROM scim.request('GET', '/Groups/00000000-0000-7000-8000-000000000104/members?filter='
        || regexp_replace(encode(convert_to(filter, 'UTF8'), 'hex'), '(..)', '%\1', 'g'))) q ORDER BY n;

-- Terms joined by "or", or negated and joined by "and", are one look-up; ids are one list
\pset format unaligned
SELECT filter, scim.to_sql(filter::scim.filter, kind) AS sql FROM (VALUES
    ('Group', 'members.value eq "a" or members.value eq "00000000-0000-7000-8000-000000000001" or displayName eq "b" or displayName eq "c"'),
    ('Group', 'not (members.value eq "a") and not (members.type eq "b")'), ('Group', 'members.display eq "a" or members.display co "b"'),
    ('User', 'groups.value eq "00000000-0000-7000-8000-000000000101" and title eq "a"'), ('User', 'groups pr'), ('User', 'groups.value ne "00000000-0000-7000-8000-000000000101"')) v (kind, filter);
\pset format aligned
CREATE FUNCTION pg_temp.lookups(kind text, filter text) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN 0..1500 LOOP
        PERFORM set_config('scim.max_filter_lookups', n::text, true);
        BEGIN
            PERFORM scim.to_sql(filter::scim.filter, kind);
            RETURN n;
        EXCEPTION WHEN SQLSTATE 'SCFIL' THEN
        END;
    END LOOP;
END $$;
CREATE FUNCTION pg_temp.many(term text, word text, n int) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(replace(term, '#', i::text), word) FROM generate_series(1, n) i $$;
SELECT kind, term, word, pg_temp.lookups(kind, pg_temp.many(term, word, 50)) AS lookups FROM (VALUES
    ('Group', 'members.value eq "#"', ' or '), ('Group', 'members.value eq "#"', ' and '), ('Group', 'not (members.value eq "#")', ' and '), ('Group', 'not (members.value eq "#")', ' or '),
    ('Group', 'members.display co "#"', ' or '), ('Group', 'members[value eq "#" and type eq "User"]', ' or '), ('Group', 'members.value ne "#"', ' or '), ('Group', 'members.value ne "#"', ' and '),
    ('Group', 'members pr', ' and '), ('Group', '(displayName eq "#" or members.value eq "#")', ' or '), ('Group', '(displayName eq "#" and members.value eq "#")', ' or '),
    ('User', 'groups.display sw "#"', ' or '), ('User', 'not (groups.display sw "#" or title eq "#")', ' and '), ('User', 'title eq "#"', ' or ')) v (kind, term, word);
-- "or" within "and" within "or", 60 levels of it: the planner does not look at each level again
SET statement_timeout = '20s';
SELECT kind, scim.search(kind, repeat('(', 60) || term || (SELECT string_agg(format(' %s %s)', CASE n % 2 WHEN 0 THEN 'and' ELSE 'or' END,
        replace('meta.version ew "#0" or meta.version ew "#1" or meta.version ew "#2" or meta.version ew "#3" or ', '#', n::text) || term), '' ORDER BY n) FROM generate_series(1, 60) n)) -> 'totalResults' AS total
FROM (VALUES ('User', 'meta.location ew "x"'), ('Group', 'members.display co "x"'), ('User', 'groups.type eq "indirect" and groups.display sw "group 1"')) v (kind, term);
RESET statement_timeout;

-- What a search has found of groups is bytes that only it makes
CREATE FUNCTION pg_temp.groups_found(bytes text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN scim_internal.groups_found(decode(replace(bytes, ' ', ''), 'hex'), ARRAY['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']::uuid[]);
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN sqlerrm;
END $$;
SELECT pg_temp.groups_found(bytes) FROM (VALUES (1, ''), (2, '02000000'), (3, '02000000 00000000 00000000 00000000 00000000'), (4, '00000000 00000000 00000000 00000000 00000000'), (5, 'ffffffff ffffffff ffffffff ffffffff ffffffff'),
    (6, '02000000 01000000 00000000 00000000 00000000 00000000000070008000000000000001 02000000'), (7, '02000000 01000000 00000000 00000000 00000000 00000000000070008000000000000001'),
    (8, '02000000 01000000 01000000 00000000 00000000 00000000000070008000000000000001 00000000 02000000 00000000 01000000 00000000'),
    (9, '02000000 01000000 01000000 00000000 00000000 00000000000070008000000000000001 00000000 02000000 00000000 01000000 05000000'),
    (10, '02000000 01000000 01000000 00000000 00000000 00000000000070008000000000000001 00000000 02000000 00000000 09000000 00000000'),
    (11, '02000000 02000000 01000000 00000000 00000000 00000000000070008000000000000001 00000000000070008000000000000003 00000000 00000000 ff000000 ff000000 00000000 01000000 01000000 01000000'),
    -- which groups are noted: one above, whose number is none, of a question that is none, more than there may be
    (12, '02000000 02000000 01000000 01000000 01000000 00000000000070008000000000000001 00000000000070008000000000000003 00000000 00000000 00000000 02000000 00000000 01000000 01000000 01000000 01000000 01000000 ffffffff'),
    (13, '02000000 02000000 01000000 01000000 01000000 00000000000070008000000000000001 00000000000070008000000000000003 00000000 00000000 00000000 02000000 00000000 01000000 01000000 01000000 01000000 ffffffff ffffffff'),
    (14, '02000000 02000000 01000000 01000000 01000000 00000000000070008000000000000001 00000000000070008000000000000003 00000000 00000000 00000000 02000000 00000000 01000000 01000000 01000000 01000000 02000000 ffffffff'),
    (15, '02000000 02000000 01000000 01000000 01000000 00000000000070008000000000000001 00000000000070008000000000000003 00000000 00000000 00000000 02000000 00000000 01000000 01000000 01000000 02000000 01000000 ffffffff'),
    (16, '02000000 01000000 01000000 01000000 05000000 00000000000070008000000000000001 00000000 02000000 00000000 01000000 00000000 00000000 ffffffff ffffffff ffffffff ffffffff ffffffff')) v (n, bytes) ORDER BY n;

-- More than the setting allows are refused
SELECT status, body::jsonb ->> 'scimType' AS type, body::jsonb ->> 'detail' AS detail FROM scim.request('POST', '/Groups/.search', '{}',
    jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]'::jsonb, 'filter', pg_temp.many('members.value eq "#"', ' and ', 501))::text);
SET scim.max_filter_lookups = 0;
SELECT scim.search('User', 'groups pr');
SELECT scim.search('User', 'title eq "title 1"') -> 'totalResults' AS without_any;
RESET scim.max_filter_lookups;

-- jit stays off in our own statements, and as it was in everybody else's
SET jit = on;
CREATE FUNCTION pg_temp.jit() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE NOTICE 'jit is %', current_setting('jit'); RETURN true; END $$;
CREATE FUNCTION pg_temp.jit_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% of %: jit is %', tg_op, tg_table_name, current_setting('jit'); RETURN NULL; END $$;
CREATE TRIGGER jit AFTER INSERT ON relations.audit FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.jit_trigger();
CREATE TRIGGER jit AFTER INSERT ON relations.users FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.jit_trigger();
CREATE FUNCTION pg_temp.remember() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('relations.seen', 'yes', true); RETURN new; END $$;
CREATE TRIGGER remember BEFORE INSERT ON relations.users FOR EACH ROW EXECUTE FUNCTION pg_temp.remember();
BEGIN;
SELECT scim.create_resource('User', '{"userName": "jit"}') IS NOT NULL AS created, current_setting('relations.seen') AS set_by_a_trigger;
COMMIT;
INSERT INTO relations.users (data) VALUES ('{"userName": "plain"}');
CREATE ROLE regress_relations_reader;
GRANT USAGE ON SCHEMA relations TO regress_relations_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA relations TO regress_relations_reader;
CREATE POLICY jit ON relations.resource AS RESTRICTIVE USING (user_name <> 'jit' OR pg_temp.jit());
SET ROLE regress_relations_reader;
SELECT scim.search('User', 'userName eq "jit"') -> 'totalResults' AS total;
SELECT status FROM scim.request('GET', '/Users?filter=userName%20eq%20%22jit%22');
SELECT count(*) FROM relations.resource WHERE user_name = 'jit';
SELECT scim.search('User', 'nope eq 1');
SHOW jit;
RESET ROLE;
DROP OWNED BY regress_relations_reader;
DROP ROLE regress_relations_reader;
RESET jit;

-- The planner knows enough of a store that is new: no search of it reads all of a table
SELECT scim.create_store('relations_new');
SET scim.store = 'relations_new';
INSERT INTO relations_new.users (data) SELECT jsonb_build_object('userName', 'user' || i) FROM generate_series(1, 3000) i;
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; scan text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        scan := coalesce(scan, substring(line FROM '(Seq Scan|Index Scan using \w+|Index Only Scan using \w+|Bitmap Index Scan on \w+)'));
    END LOOP;
    RETURN scan;
END $$;
SELECT condition, pg_temp.plan('SELECT * FROM relations_new.resource WHERE resource_type = ''User'' AND deleted_at IS NULL AND tenant_id = 1 AND ' || condition)
FROM unnest(ARRAY['id = ''00000000-0000-7000-8000-000000000001''', 'external_id = ''x''', 'scim.fold_user_name(user_name) = ''x''', 'scim.matches(data, ''title eq "x"'', ''User'')', 'true ORDER BY id LIMIT 10']) c (condition);
SELECT condition, pg_temp.plan('SELECT * FROM relations_new.member WHERE tenant_id = 1 AND ' || condition)
FROM unnest(ARRAY['group_id = ''00000000-0000-7000-8000-000000000001''', 'member_id = ''00000000-0000-7000-8000-000000000001''']) c (condition);
SELECT count(*) AS rows FROM relations_new.resource WHERE tenant_id <> 1;

-- Groups within groups, 25 deep: 300 pairs of one above and one below it
INSERT INTO relations_new.groups (data) SELECT jsonb_build_object('displayName', 'chain ' || i) FROM generate_series(1, 25) i;
CREATE TEMP TABLE chain AS SELECT id, substr(display_name, 7)::int AS n FROM relations_new.groups;
INSERT INTO relations_new.member (group_id, member_id) SELECT a.id, b.id FROM chain a JOIN chain b ON b.n = a.n % 25 + 1;
INSERT INTO relations_new.member (group_id, member_id)
SELECT c.id, u.id FROM (SELECT id, row_number() OVER (ORDER BY id) AS i FROM relations_new.users ORDER BY id LIMIT 100) u JOIN chain c ON u.i % c.n = 0 AND c.n > 3;
SELECT filter, (scim.search('User', filter) ->> 'totalResults')::int AS total, (scim.search('User', filter) ->> 'totalResults')::int
        - (SELECT count(*) FROM relations_new.users u WHERE scim.matches(scim.resource_json(u), filter::scim.filter, 'User')) AS differs FROM unnest(ARRAY[
    'groups.type eq "indirect"', 'not (groups.type eq "indirect")', 'groups[type eq "indirect" and display eq "chain 7"]', 'groups[type eq "indirect" and display co "chain 2"] and not (groups[type eq "direct" and display eq "chain 5"])',
    'groups[type eq "direct" and display ew "4"]', 'userName sw "user1" and (groups[type eq "indirect" and display eq "chain 4"] or userName eq "user7")']) WITH ORDINALITY f (filter, n) ORDER BY n;

SET client_min_messages = warning;
SELECT scim.drop_store('relations', true), scim.drop_store('relations_new', true);
