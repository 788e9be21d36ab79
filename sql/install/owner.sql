-- What is nobody's at first is the database owner's to call and to grant, whoever ran CREATE
-- EXTENSION: the functions belong to a superuser, who need not be there ("trusted").  In a store
-- they are worth what its owner has granted there.
DO $$
DECLARE
    function pg_catalog.regprocedure;
BEGIN
    FOR function IN
        SELECT p.oid FROM pg_catalog.pg_proc p
        WHERE p.pronamespace OPERATOR(pg_catalog.=) 'scim'::pg_catalog.regnamespace
          AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
              WHERE a.grantee OPERATOR(pg_catalog.=) ANY (ARRAY[0, 'pg_database_owner'::pg_catalog.regrole]::pg_catalog.oid[]))
    LOOP
        EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO pg_database_owner WITH GRANT OPTION', function);
    END LOOP;
END
$$;
