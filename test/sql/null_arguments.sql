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
BEGIN;
SELECT functions > 50 AS many FROM pg_temp.call_with_nulls();
ROLLBACK;
SELECT scim.drop_store('nulls', true);
