-- Loads of very many new resources: src/door/row/load.c.

CREATE FUNCTION scim_internal.load_begin(relation regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_load_begin'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.load_begin(regclass) IS
'From now on this session loads a table of resources of a store, for scim.begin_load.';

CREATE FUNCTION scim_internal.load_end(relation regclass)
    RETURNS TABLE (line bigint, key text, problems jsonb)
    AS 'MODULE_PATHNAME', 'scim_load_end'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.load_end(regclass) IS
'This session loads that table no more; the rows that were left out.';

-- The indexes that a load makes do without: all of ours that keep nothing unique.
CREATE FUNCTION scim_internal.load_indexes(resource_type text)
    RETURNS TABLE (store name, table_name name, index_name name, statement text, is_there boolean)
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    store name := scim.store();
    type record;
BEGIN
    IF NOT scim_internal.is_owner(quote_ident(store)::regnamespace) THEN
        RAISE EXCEPTION 'must be owner of store "%"', store USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'load resources'), scim_internal.require_rights(quote_ident(store)::regnamespace, true);
    PERFORM scim_internal.refuse_spread(store, 'loaded', 'COPY and INSERT reach none of its tables of resources.',
        'scim.import() takes many at a time, executed by scim.at_tenant().');
    EXECUTE format('SELECT t.name, t.table_name FROM %I.resource_type t WHERE t.name = $1', store) INTO type USING resource_type;
    IF type.name IS NULL THEN
        RAISE EXCEPTION 'unknown resource type "%"', resource_type USING ERRCODE = 'SC404';
    END IF;
    IF to_regclass(format('%I.%I', store, type.table_name)) IS NULL THEN
        RAISE EXCEPTION 'store "%" has no table "%"', store, type.table_name USING ERRCODE = 'SC503',
            HINT = format('SELECT scim.repair_store(%L) \gexec in psql gives it its name again, or makes it.', store);
    END IF;
    RETURN QUERY SELECT store, type.table_name::name, i.name, i.statement, to_regclass(format('%I.%I', store, i.name)) IS NOT NULL
            AND NOT EXISTS (SELECT FROM pg_index u WHERE u.indexrelid = to_regclass(format('%I.%I', store, i.name)) AND NOT u.indisvalid)
        FROM (SELECT s.statement, (parse_ident(substring(s.statement FROM '^CREATE INDEX (.+?) ON ')))[1]::name AS name
              FROM scim_internal.resource_table_statements(store, type.table_name, type.name) AS s (statement)
              WHERE starts_with(s.statement, 'CREATE INDEX ')) AS i;
END
$$;
COMMENT ON FUNCTION scim_internal.load_indexes(text) IS
'The indexes of a store''s table of resources of a type that scim.begin_load drops and scim.end_load makes, and whether they are there and valid.';

CREATE FUNCTION scim.begin_load(resource_type text, drop_indexes boolean DEFAULT true) RETURNS SETOF name
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
DECLARE
    index record;
BEGIN
    IF resource_type IS NULL THEN
        RAISE EXCEPTION 'resource_type must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    IF drop_indexes IS NULL THEN
        RAISE EXCEPTION 'drop_indexes must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    -- The lock that dropping takes, before any weaker one that another session may wait behind; and then who is there.
    FOR index IN SELECT DISTINCT i.store, i.table_name FROM scim_internal.load_indexes(resource_type) AS i WHERE drop_indexes AND to_regclass(format('%I.%I', i.store, i.index_name)) IS NOT NULL LOOP
        EXECUTE format('LOCK TABLE ONLY %I.%I IN ACCESS EXCLUSIVE MODE', index.store, index.table_name);
    END LOOP;
    FOR index IN SELECT * FROM scim_internal.load_indexes(resource_type) LOOP
        PERFORM scim_internal.load_begin(format('%I.%I', index.store, index.table_name)::regclass);
        IF drop_indexes AND to_regclass(format('%I.%I', index.store, index.index_name)) IS NOT NULL THEN
            PERFORM scim_internal.ask_constraints(format('%I.%I', index.store, index.table_name)::regclass);
            EXECUTE format('DROP INDEX %I.%I', index.store, index.index_name);
            RETURN NEXT index.index_name;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION scim.begin_load(text, boolean) IS
'Prepares this session to load very many new resources of a type into the current store, by COPY or INSERT into its table, until scim.end_load (doc/performance.md): a row that breaks a rule is left out and not the end of all, the audit has one row for all that a statement creates, and the indexes of the table that keep nothing unique are dropped, whose names are returned; searches are right without them, and slow. For the owner of the store. As part of a transaction it is undone with it; committed, others may read and write meanwhile, and what was interrupted goes on with another begin_load. Of two sessions that begin at once the second waits. Constraints that rows of the table wait for are asked before indexes are dropped, as SET CONSTRAINTS ALL IMMEDIATE does.';

CREATE FUNCTION scim.end_load(resource_type text)
    RETURNS TABLE (line bigint, key text, problems jsonb)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
DECLARE
    index record;
    relation text;
    missing boolean;
    unfinished boolean;
BEGIN
    IF resource_type IS NULL THEN
        RAISE EXCEPTION 'resource_type must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    -- One ends at a time.  Two that make the same index would be in each other's way, and so would two that have both kept writers out already.
    SELECT format('%I.%I', min(i.store), min(i.table_name)), NOT bool_and(i.is_there), bool_or(NOT i.is_there AND to_regclass(format('%I.%I', i.store, i.index_name)) IS NOT NULL)
    INTO relation, missing, unfinished FROM scim_internal.load_indexes(resource_type) AS i;
    EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', relation, CASE WHEN unfinished THEN 'ACCESS EXCLUSIVE' WHEN missing THEN 'SHARE ROW EXCLUSIVE' ELSE 'SHARE UPDATE EXCLUSIVE' END);
    FOR index IN SELECT * FROM scim_internal.load_indexes(resource_type) LOOP
        -- what another session has dropped just now, it makes again
        IF missing AND NOT index.is_there THEN
            PERFORM scim_internal.ask_constraints(relation::regclass);
            -- one whose making was broken off goes before
            IF to_regclass(format('%I.%I', index.store, index.index_name)) IS NOT NULL THEN
                EXECUTE format('DROP INDEX %I.%I', index.store, index.index_name);
            END IF;
            EXECUTE index.statement;
        END IF;
    END LOOP;
    EXECUTE format('ANALYZE %s', relation);
    RETURN QUERY SELECT * FROM scim_internal.load_end(relation::regclass);
END
$$;
COMMENT ON FUNCTION scim.end_load(text) IS
'Ends what scim.begin_load began, in this session or in another one that was lost: makes the indexes that are missing, and statistics, and returns the rows that this session has left out: the number of the row, counted from 1 since begin_load, what it is called, and what is wrong with it. Rows of statements that were rolled back count, and are told of, too. Of two sessions that end at once the second waits; where it fails, it can be called again. Constraints that rows of the table wait for are asked before indexes are made, as SET CONSTRAINTS ALL IMMEDIATE does. For the owner of the store.';
