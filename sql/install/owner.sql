-- What is nobody's at first is the database owner's to call and to grant, whoever ran CREATE
-- EXTENSION: the functions belong to a superuser, who need not be at hand.  In a store they are
-- worth what its owner has granted there.
GRANT USAGE ON SCHEMA scim TO pg_database_owner WITH GRANT OPTION;
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

-- What others have granted is not what the extension comes with.  An update that says its
-- privileges again notes it so, and pg_dump would leave it out.
DO $$
DECLARE
    extension CONSTANT oid := (SELECT e.oid FROM pg_catalog.pg_extension e WHERE e.extname OPERATOR(pg_catalog.=) 'scim');
    noted record;
    ours aclitem[];
BEGIN
    FOR noted IN
        SELECT i.* FROM pg_catalog.pg_init_privs i JOIN pg_catalog.pg_depend d ON (d.classid, d.objid) OPERATOR(pg_catalog.=) (i.classoid, i.objoid)
        WHERE (d.refclassid, d.refobjid) OPERATOR(pg_catalog.=) ('pg_catalog.pg_extension'::pg_catalog.regclass, extension)
          AND d.deptype OPERATOR(pg_catalog.=) 'e'
    LOOP
        ours := ARRAY(SELECT item FROM pg_catalog.unnest(noted.initprivs) AS item, pg_catalog.aclexplode(ARRAY[item]) AS a
            GROUP BY item HAVING pg_catalog.bool_and(a.grantee OPERATOR(pg_catalog.=) ANY (ARRAY[0, a.grantor, 'pg_database_owner'::pg_catalog.regrole]::pg_catalog.oid[])));
        CONTINUE WHEN pg_catalog.cardinality(ours) OPERATOR(pg_catalog.=) pg_catalog.cardinality(noted.initprivs);
        UPDATE pg_catalog.pg_init_privs i SET initprivs = ours
        WHERE (i.classoid, i.objoid, i.objsubid) OPERATOR(pg_catalog.=) (noted.classoid, noted.objoid, noted.objsubid);
        -- from version 17 on their roles are noted as well
        DELETE FROM pg_catalog.pg_shdepend s
        WHERE s.dbid OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
          AND (s.classid, s.objid) OPERATOR(pg_catalog.=) (noted.classoid, noted.objoid) AND s.deptype OPERATOR(pg_catalog.=) 'i';
    END LOOP;
END
$$;
