-- What makes a store of version 0.10.0 one of version 0.11.0.

-- Lists are sorted by no more of a value than an index takes: those that scim.create_sort_index has made hold longer ones that compress well.
DO $$
DECLARE
    index pg_catalog.regclass;
BEGIN
    FOR index IN
        SELECT i.indexrelid FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
        WHERE c.relkind = 'i' AND c.relnamespace = (SELECT t.relnamespace FROM @.store AS s JOIN pg_catalog.pg_class AS t ON t.oid = s.tableoid)
          AND EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
              AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid = 'scim_internal.sort_text(jsonb, text[], text)'::pg_catalog.regprocedure)
    LOOP
        EXECUTE pg_catalog.format('REINDEX INDEX %s', index);
    END LOOP;
END
$$;
