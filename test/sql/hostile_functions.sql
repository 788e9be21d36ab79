-- Whoever may connect and have temporary tables calls every function of the two schemas, with nothing, with what is
-- hostile and with lures: an error is fine, one of the server's insides is none, and the session is there in the end
SET client_min_messages = warning;
SELECT scim.create_store('called');
SET scim.store = 'called';
INSERT INTO called.users (id, data) VALUES ('00000000-0000-7000-8000-000000000001', '{"userName": "bjensen"}');
CREATE ROLE regress_scim_caller;
SELECT format('GRANT TEMP ON DATABASE %I TO regress_scim_caller', current_database()) AS grant_it \gset
:grant_it;
SET ROLE regress_scim_caller;
CREATE TEMP TABLE lure (tenant_id int8, id int8, resource_type int8, data int8, version text, document int8, settings int8);
INSERT INTO lure VALUES (42, 42, 42, 42, 'x', 42, 42);
CREATE TEMP TABLE alike (tenant_id int, id uuid, resource_type text, data jsonb, version bigint, user_name text, deleted_at timestamptz);
INSERT INTO alike VALUES (1, '00000000-0000-7000-8000-000000000001', 'User', '{"userName": "x"}', 1, 'x');
CREATE TEMP TABLE value (type text, value text);
INSERT INTO value VALUES
    ('text', ''''''), ('text', '''User'''), ('text', '''pg_temp'''), ('text', '''lure'''), ('text', 'repeat(''('', 20000)'), ('text', 'repeat(''ΐ'', 20000)'), ('text', '''userName eq "x"'''), ('text', '''-1'''), ('text', 'chr(1)'),
    ('name', '''called'''), ('name', '''pg_temp'''), ('name', '''lure'''), ('cstring', '''userName eq "x"'''), ('boolean', 'true'), ('boolean', 'false'),
    ('integer', '0'), ('integer', '-2147483648'), ('integer', '2147483647'), ('bigint', '0'), ('bigint', '(-9223372036854775808)'), ('bigint', '9223372036854775807'), ('smallint', '0'), ('smallint', '(-32768)'), ('smallint', '3'),
    ('numeric', '''NaN'''), ('numeric', '1e100000'), ('double precision', '''Infinity'''), ('uuid', '''00000000-0000-7000-8000-000000000001'''), ('uuid', '''ffffffff-ffff-ffff-ffff-ffffffffffff'''),
    ('jsonb', '''{}'''), ('jsonb', '''[]'''), ('jsonb', '''null'''), ('jsonb', '''5'''), ('jsonb', '''"x"'''), ('jsonb', '''[{"op": 5}]'''), ('jsonb', '(repeat(''['', 5000) || repeat('']'', 5000))'), ('jsonb', '''{"a": 1e130000, "schemas": [5], "Operations": {}, "policies": [{}]}'''),
    ('json', '''{}'''), ('json', '''5'''), ('json', '''{"x-scim-method": 5}'''), ('bytea', ''''''), ('bytea', '''\x00'''), ('bytea', 'decode(repeat(''ff'', 100), ''hex'')'), ('bytea', 'decode(''ff000000ffffff7fffffff7fffffff7f0100'', ''hex'')'), ('bytea', 'decode(repeat(''01000000'', 16), ''hex'')'), ('bytea', 'decode(''00000000020000000100000000000000'' || repeat(''00'', 64), ''hex'')'),
    ('timestamp with time zone', '''infinity'''), ('timestamp with time zone', '''-infinity'''), ('timestamp with time zone', '''4713-01-01 BC'''), ('timestamp with time zone', '''294276-12-31'''), ('interval', '''178000000 years'''), ('interval', '''-178000000 years'''),
    ('regclass', '''lure'''), ('regclass', '''alike'''), ('regclass', '''pg_class'''), ('regclass', '0'), ('regclass', '4294967295'), ('oid', '0'), ('oid', '4294967295'), ('regtype', '0'), ('regnamespace', '0'),
    ('record', 'ROW()'), ('record', 'ROW(42::int8, 42::int8)'), ('record', 'ROW(NULL, NULL)'), ('record', 'ROW(1, ''00000000-0000-7000-8000-000000000001''::uuid, ''User''::text, ''{}''::jsonb)'), ('record', '(SELECT l FROM lure l)'), ('record', '(SELECT a FROM alike a)'), ('record', '(SELECT c FROM pg_class c LIMIT 1)'),
    ('scim.filter', '''userName eq "x"'''), ('scim.filter', '''groups.type eq "indirect" and members[not (display co "x")]'''), ('scim.path', '''emails[type eq "work"].value'''), ('scim.index_query', 'scim_internal.index_query(''userName eq "x"'', NULL)'),
    ('anyelement', '''x''::text'), ('anyelement', 'ROW(1, 2)'), ('internal', 'NULL');
-- the nth of the values of a type: none, then each in turn
CREATE FUNCTION pg_temp.value_of(wanted text, n int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    choices text[] := ARRAY['NULL'] || ARRAY(SELECT v.value FROM value v WHERE v.type = rtrim(wanted, '[]') ORDER BY v.value COLLATE "C");
    chosen text := choices[1 + n % array_length(choices, 1)];
BEGIN
    IF wanted IN ('internal', 'anyelement', 'record', '"any"') OR chosen = 'NULL' AND n % 2 = 1 THEN
        RETURN chosen;
    ELSIF wanted LIKE '%[]' THEN
        RETURN format((ARRAY['ARRAY[]::%2$s', 'ARRAY[%1$s]::%2$s', 'ARRAY[[%1$s], [NULL]]::%2$s', 'ARRAY[NULL, %1$s]::%2$s'])[1 + n % 4], chosen, wanted);
    END IF;
    RETURN format('(%s)::%s', chosen, wanted);
END $$;
CREATE FUNCTION pg_temp.call_of(f regprocedure, n int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    p pg_proc := (SELECT p FROM pg_proc p WHERE p.oid = f);
    arguments text := (SELECT string_agg(pg_temp.value_of(format_type(t, NULL), n * (1 + i::int % 3) + i::int), ', ' ORDER BY i) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a (t, i));
    name text := format('%I.%I', p.pronamespace::regnamespace, p.proname);
BEGIN
    IF p.prorettype = 'trigger'::regtype THEN
        RETURN format('CREATE TRIGGER z %s INSERT OR UPDATE ON %s %s FOR EACH %s EXECUTE FUNCTION %s(%s); INSERT INTO %2$s DEFAULT VALUES; UPDATE %2$s SET id = id; DROP TRIGGER z ON %2$s', (ARRAY['BEFORE', 'AFTER'])[1 + n % 2],
            (ARRAY['lure', 'alike'])[1 + n / 2 % 2], '', (ARRAY['ROW', 'STATEMENT'])[1 + n / 4 % 2], name, (ARRAY['', '''x''', '1, 2'])[1 + n % 3]);
    ELSIF p.prokind = 'a' THEN
        RETURN format('SELECT %s(%s) FROM generate_series(1, 3)', name, arguments);
    END IF;
    RETURN format('SELECT count(x) FROM (SELECT %s(%s) AS x LIMIT 1000) AS called', name, arguments);
END $$;
-- each is taken back
CREATE FUNCTION pg_temp.answer(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RAISE EXCEPTION 'done' USING ERRCODE = 'P9999';
EXCEPTION
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SET statement_timeout = '120s';
CREATE TEMP TABLE called AS
SELECT f, n, query, pg_temp.answer(query) AS answer
FROM (SELECT p.oid::regprocedure AS f FROM pg_proc p WHERE p.pronamespace IN ('scim'::regnamespace, 'scim_internal'::regnamespace) ORDER BY 1 OFFSET 0) AS functions,
    generate_series(0, 15) n, pg_temp.call_of(f, n) query;
RESET statement_timeout;
SELECT count(DISTINCT f) > 200 AS all_of_them, count(*) FILTER (WHERE answer LIKE 'P9999 %') > 300 AS many_answer, count(*) FILTER (WHERE answer NOT LIKE 'P9999 %') > 1000 AS more_do_not FROM called;
-- what only the server says of itself
SELECT f, left(query, 150) AS query, answer FROM called WHERE answer ~ '^(XX|58|53|F0)' ORDER BY f::text COLLATE "C", n;
RESET ROLE;
SELECT count(*) AS users FROM called.users WHERE data ->> 'userName' = 'bjensen';
DROP OWNED BY regress_scim_caller CASCADE;
DROP ROLE regress_scim_caller;
SELECT scim.drop_store('called', true);
