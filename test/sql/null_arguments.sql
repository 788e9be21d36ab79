-- Functions in C that may be called with NULL say what they make of it, and nothing else.
SET client_min_messages = warning;
SELECT scim.create_store('nulls');
SET scim.store = 'nulls';
CREATE FUNCTION pg_temp.call_with_nulls(OUT functions bigint) LANGUAGE plpgsql AS $$
DECLARE
    call text;
BEGIN
    functions := 0;
    FOR call IN
        SELECT format('SELECT %s(%s)', p.oid::regproc, (SELECT string_agg('NULL::' || format_type(t, NULL), ', ') FROM unnest(p.proargtypes) t))
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE l.lanname = 'c' AND NOT p.proisstrict AND p.prorettype <> 'trigger'::regtype AND p.pronamespace IN ('scim'::regnamespace, 'scim_internal'::regnamespace)
          AND 'internal'::regtype <> ALL (p.proargtypes)
    LOOP
        BEGIN
            EXECUTE call;
        EXCEPTION WHEN OTHERS THEN
            ASSERT sqlstate <> 'XX000', call || ': ' || sqlerrm;
        END;
        functions := functions + 1;
    END LOOP;
END
$$;
-- Each argument NULL alone, beside others that are something: what those in SQL say of it, and that none in C says what it does inside.
CREATE FUNCTION pg_temp.each_null(in_c boolean) RETURNS TABLE (function regprocedure, argument name, said text) LANGUAGE plpgsql AS $$
DECLARE
    samples CONSTANT jsonb := '{"text": "''User''", "scim.filter": "''title pr''", "boolean": "false", "integer": "1", "interval": "''1 minute''", "timestamp with time zone": "now()", "text[]": "''{a}''", "uuid": "''00000000-0000-7000-8000-000000000001''", "jsonb": "''{}''", "name": "''nulls''", "regclass": "''nulls.users''"}';
    call text;
BEGIN
    FOR function, argument, call IN
        SELECT p.oid, p.proargnames[n], format('SELECT count(*) FROM %s(%s)', p.oid::regproc,
            (SELECT string_agg(coalesce(CASE WHEN m = n THEN NULL WHEN p.proargnames[m] = 'sort_by' THEN '''title''' WHEN p.proargnames[m] = 'name' THEN '''nulls''' ELSE samples ->> format_type(t, NULL) END, 'NULL') || '::' || format_type(t, NULL), ', ' ORDER BY m)
             FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, m)))
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang, generate_series(1, p.pronargs) n
        WHERE (l.lanname = 'c') = in_c AND NOT p.proisstrict AND p.prokind = 'f' AND p.pronamespace = 'scim'::regnamespace
        ORDER BY p.oid::regprocedure::text COLLATE "C", n
    LOOP
        BEGIN
            EXECUTE call;
            said := 'is let be';
        EXCEPTION WHEN OTHERS THEN
            said := sqlstate || ' ' || sqlerrm;
        END;
        RETURN NEXT;
    END LOOP;
END
$$;
BEGIN;
SELECT * FROM pg_temp.each_null(false);
SELECT count(*) > 150 AS many, count(*) FILTER (WHERE said ~ '^XX000') AS internal FROM pg_temp.each_null(true);
ROLLBACK;
-- Whatever does something says so where what it needs is null: nothing of that is done unheard. What may be null is what has a meaning then.
SELECT p.oid::regprocedure AS strict FROM pg_proc p WHERE p.proisstrict AND p.provolatile = 'v' AND p.pronargs > 0 AND p.prokind = 'f' AND p.pronamespace = 'scim'::regnamespace ORDER BY p.oid::regprocedure::text COLLATE "C";
BEGIN;
SELECT said, count(*), array_agg(DISTINCT split_part(function::text, '(', 1) COLLATE "C") AS functions FROM pg_temp.each_null(true) WHERE argument IN ('id', 'resource_id', 'token_id') GROUP BY said ORDER BY said COLLATE "C";
SELECT count(*) > 80 AS others FROM pg_temp.each_null(true) WHERE said ~ 'must not be null' AND argument NOT IN ('id', 'resource_id') AND function IN (SELECT oid FROM pg_proc WHERE provolatile = 'v');
ROLLBACK;
BEGIN;
SELECT functions > 50 AS many FROM pg_temp.call_with_nulls();
ROLLBACK;
SELECT scim.drop_store('nulls', true);
