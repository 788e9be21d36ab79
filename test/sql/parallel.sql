-- Parallel plans: no subtransaction may begin and nothing be written while there is one, be it in the leader
\set VERBOSITY terse
SET client_min_messages = warning;
SELECT scim.create_store('par');
SET scim.store = 'par';
INSERT INTO par.setting (name, value) VALUES ('leaving_date', '"title"'), ('leaver_filter', '"userType eq \"former\""');
INSERT INTO par.users (data) VALUES ('{"userName": "ann", "title": "2020-01-31"}'), ('{"userName": "bob", "title": "2020-01-31T10:00:00Z", "userType": "former"}'),
    ('{"userName": "cat", "title": "2020-02-31"}'), ('{"userName": "dan", "title": "soon"}'), ('{"userName": "eve", "title": "2020-01-31"}');
UPDATE par.users SET active = false WHERE user_name IN ('ann', 'cat', 'dan');
INSERT INTO par.groups (data) VALUES ('{"displayName": "g"}');
INSERT INTO par.member (group_id, member_id) SELECT g.id, u.id FROM par.groups g, par.users u;
CREATE TABLE public.par_people (id serial PRIMARY KEY, login text NOT NULL UNIQUE);
SELECT count(*) FROM scim.bind_table('User', 'public.par_people', '{"attributes": {"userName": "login"}}');
ANALYZE par.users, par.groups, par.member, par.audit;
-- all that says which plan is taken
CREATE FUNCTION pg_temp.in_parallel(statement text, how text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
    n bigint;
BEGIN
    PERFORM set_config(name, 'on', true) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
    PERFORM set_config(name, '0', true) FROM unnest('{parallel_setup_cost,parallel_tuple_cost,min_parallel_table_scan_size,min_parallel_index_scan_size}'::text[]) name;
    FOR line IN EXECUTE 'EXPLAIN (costs off) ' || statement LOOP
        plan := plan || line;
    END LOOP;
    EXECUTE statement INTO n;
    RETURN concat(CASE WHEN plan !~ 'Gather' THEN 'not in parallel ' END, 'read');
EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm;
END
$$;
-- each view, whatever it is of
SET max_parallel_workers_per_gather = 1;
SELECT relname, pg_temp.in_parallel(format('SELECT count(ROW(v.*)::text) + coalesce(max(n), 0) FROM par.%I v, (SELECT count(*) AS n FROM par.audit) a', relname)) AS came_to
FROM pg_class WHERE relnamespace = 'par'::regnamespace AND relkind = 'v' ORDER BY relname COLLATE "C";
-- and what two of them say
SELECT user_name, operation, delay > interval '5 years' AS late FROM par.leaver ORDER BY at;
SELECT user_name, reason, since AT TIME ZONE 'UTC' AS since FROM par.active_leaver ORDER BY 1, 2;
-- each function that says it may be there, by values of its types
CREATE TEMP TABLE may AS SELECT p.oid, p.oid::regprocedure AS signature, p.proretset, p.proargtypes::oid[] AS types FROM pg_proc p
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'scim')
    WHERE p.proparallel <> 'u' AND p.prokind = 'f';
SELECT signature AS begins_a_subtransaction FROM may JOIN pg_proc p USING (oid) JOIN pg_language l ON l.oid = p.prolang WHERE l.lanname = 'plpgsql' AND p.prosrc ~ 'EXCEPTION\s+WHEN' ORDER BY 1;
CREATE TEMP TABLE said (type regtype PRIMARY KEY, spelt text[]);
INSERT INTO said VALUES ('jsonb', ARRAY['''{"userName": "ann", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}''', '''"2020-01-31"''']), ('text', ARRAY['''User''', '''userName eq "ann"''', '''userName''', 'NULL']), ('scim.filter', ARRAY['''userName eq "ann"''']),
    ('regnamespace', ARRAY['''par''']), ('name', ARRAY['''par''']), ('int', ARRAY['1', 'NULL']), ('bigint', ARRAY['1']), ('uuid', ARRAY['scim.uuid_v7()']), ('timestamptz', ARRAY['now()']), ('boolean', ARRAY['true']), ('regclass', ARRAY['''par.users''']), ('oid', ARRAY['''par.users''::regclass']),
    ('bytea', ARRAY['''x''']), ('text[]', ARRAY['''{userName}''']), ('uuid[]', ARRAY['ARRAY[scim.uuid_v7()]']), ('scim.path', ARRAY['''userName''']), ('scim.index_query', ARRAY['scim_internal.index_query(''userName pr'', ''User'')']);
-- the first, second, ... of each type
CREATE TEMP TABLE calls AS SELECT DISTINCT m.oid, signature, proretset, x.spelt FROM may m, generate_series(0, 3) k, LATERAL (
        SELECT string_agg(format('CASE WHEN n.n >= 0 THEN %s::%s END', t.spelt[1 + k % cardinality(t.spelt)], t.type), ', ' ORDER BY a.i) AS spelt, count(t.type) AS n
        FROM unnest(m.types) WITH ORDINALITY a (type, i) LEFT JOIN said t ON t.type = a.type) x
    WHERE x.n = cardinality(m.types) AND signature::text !~ 'filter_visits';
SELECT signature AS without_a_call FROM may WHERE NOT 2281 = ANY (types) AND NOT 2275 = ANY (types) AND NOT EXISTS (SELECT FROM calls c WHERE c.oid = may.oid) ORDER BY signature::text COLLATE "C";
SET max_parallel_workers = 0; -- the leader does it all
CREATE TEMP TABLE came_to AS SELECT signature::text COLLATE "C" AS signature, pg_temp.in_parallel(format(CASE WHEN proretset THEN 'SELECT max(n) + count(f.*) FROM (SELECT count(*) AS n FROM par.users) n, LATERAL %s(%s) f'
        ELSE 'SELECT count(concat(n, %s(%s))) FROM (SELECT count(*) AS n FROM par.users) n' END, oid::regproc, spelt)) AS said FROM calls;
SELECT DISTINCT signature, said FROM came_to WHERE said ~ '(during|in) .*parallel|^(25|XX)' AND said !~ '^not' ORDER BY 1;
SELECT signature AS never_read, min(said COLLATE "C") AS said FROM came_to GROUP BY 1 HAVING bool_and(said <> 'read') ORDER BY 1;
SELECT scim.drop_store('par', true);
DROP TABLE public.par_people;
