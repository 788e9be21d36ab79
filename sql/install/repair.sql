-- What somebody has taken from a store is put back; and a store is dropped.

-- By where they stand: a pattern for such a statement as a whole took a third of the time of a repair.
CREATE FUNCTION scim_internal.trigger_said(statement text, store name, OUT name text, OUT relation text)
    RETURNS record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT substring(statement FROM '^CREATE (?:CONSTRAINT )?TRIGGER ("(?:[^"]|"")+"|\S+)'),
        concat(quote_ident(store), '.', substring(split_part(translate(statement, E'\n', ' '), concat(' ON ', quote_ident(store), '.'), 2) FROM '^(?:"(?:[^"]|"")+"|\S+)'));
END;
COMMENT ON FUNCTION scim_internal.trigger_said(text, name) IS
'Of which trigger and which table of a store a statement that makes the trigger is, both quoted as there.';

CREATE FUNCTION scim_internal.missing_parts(store name, pattern name) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    quoted CONSTANT text := '(?:"(?:[^"]|"")+"|[^ ".]+)';
    -- [name, relation] of a policy; the relation of row-level security
    of_policy CONSTANT text := format('^CREATE POLICY (%1$s) ON (%1$s\.%1$s) ', quoted);
    of_security CONSTANT text := format('^ALTER TABLE (%1$s\.%1$s) ENABLE ROW LEVEL SECURITY$', quoted);
    of_default CONSTANT text := format('^ALTER TABLE (%1$s\.%1$s) ALTER COLUMN resource_type SET DEFAULT ', quoted);
    statement text;
    part text[];
BEGIN
    RETURN QUERY
        WITH twin AS (
            SELECT p.oid AS made, t.oid, t.oid::regclass AS relation, of_root.is_partition
            FROM pg_class p
            JOIN pg_class root ON root.relname = p.relname AND root.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
            CROSS JOIN LATERAL (SELECT root.oid, false UNION ALL SELECT i.inhrelid, true FROM pg_inherits i WHERE i.inhparent = root.oid) AS of_root (oid, is_partition)
            JOIN pg_class t ON t.oid = of_root.oid
            WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND t.relkind IN ('r', 'p')
        ), part (step, statement) AS (
            SELECT 1, format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', t.relation, a.attname, pg_get_expr(d.adbin, d.adrelid))
            FROM twin t JOIN pg_attrdef d ON d.adrelid = t.made
            JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.adrelid, d.adnum)
            JOIN pg_attribute has ON (has.attrelid, has.attname) = (t.oid, a.attname) AND NOT has.atthasdef AND has.attidentity = ''
            UNION ALL
            SELECT 1, format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', t.relation, a.attname)
            FROM twin t JOIN pg_attribute a ON a.attrelid = t.made AND a.attnum > 0 AND a.attnotnull
            JOIN pg_attribute has ON (has.attrelid, has.attname) = (t.oid, a.attname) AND NOT has.attnotnull
            WHERE NOT t.is_partition
            UNION ALL
            SELECT CASE o.contype WHEN 'f' THEN 3 ELSE 2 END,
                -- one that has another name is there, and gets its own again
                CASE WHEN other.conname IS NULL THEN format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.relation, o.conname, pg_get_constraintdef(o.oid))
                ELSE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', t.relation, other.conname, o.conname) END
            FROM twin t JOIN pg_constraint o ON o.conrelid = t.made AND o.contype IN ('c', 'p', 'u', 'f')
            LEFT JOIN LATERAL (
                SELECT has.conname FROM pg_constraint has
                WHERE has.conrelid = t.oid AND has.contype = o.contype AND pg_get_constraintdef(has.oid) = replace(pg_get_constraintdef(o.oid), quote_ident(missing_parts.pattern) || '.', quote_ident(store) || '.')
                  AND NOT EXISTS (SELECT FROM pg_constraint p WHERE (p.conrelid, p.conname) = (t.made, has.conname))
                ORDER BY 1 LIMIT 1) AS other ON true
            WHERE NOT t.is_partition AND NOT EXISTS (SELECT FROM pg_constraint has WHERE (has.conrelid, has.conname) = (t.oid, o.conname))
        )
        SELECT replace(replace(p.statement, quote_ident(pattern) || '.', quote_ident(store) || '.'),
            quote_literal(pattern) || '::regnamespace', quote_literal(quote_ident(store)) || '::regnamespace')
        FROM part p ORDER BY p.step;
    -- most of them are comments
    FOR statement IN SELECT scim_internal.of_store(s, store) FROM scim_internal.all_statements(store) AS s WHERE s ~ '^(ALTER|CREATE) ' LOOP
        IF statement ~ '^CREATE (CONSTRAINT )?TRIGGER ' THEN
            part := (SELECT ARRAY[t.name, t.relation] FROM scim_internal.trigger_said(statement, store) AS t);
            IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(part[2]) AND quote_ident(tgname) = part[1]) THEN
                CONTINUE WHEN NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(part[2]) AND quote_ident(tgname) = part[1] AND tgenabled = 'D');
                statement := format('ALTER TABLE %s ENABLE TRIGGER %s', part[2], part[1]);
            ELSE
                -- the others scim_internal.store_repairs makes, each after what it calls
                CONTINUE WHEN NOT starts_with(statement, 'CREATE CONSTRAINT ');
            END IF;
        ELSIF statement ~ of_security THEN
            part := regexp_match(statement, of_security);
            CONTINUE WHEN (SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass(part[1]));
        ELSIF statement ~ of_policy THEN
            part := regexp_match(statement, of_policy);
            CONTINUE WHEN EXISTS (SELECT FROM pg_policy WHERE polrelid = to_regclass(part[2]) AND quote_ident(polname) = part[1]);
        ELSIF statement ~ of_default THEN
            part := regexp_match(statement, of_default);
            CONTINUE WHEN (SELECT atthasdef FROM pg_attribute WHERE attrelid = to_regclass(part[1]) AND attname = 'resource_type');
        ELSE
            CONTINUE;
        END IF;
        RETURN NEXT statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.missing_parts(name, name) IS
'The statements that give a store, whose tables are there, the defaults, constraints, row-level security and constraint triggers of a new one that it lacks, and switch its triggers on. pattern: a schema that has the tables of a new store.';

-- What is unique of a document, as the table of that has it.
CREATE FUNCTION scim_internal.unique_values(store name, tenant int, resource_type text, data jsonb, OUT tenant_id int, OUT attribute text, OUT value text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_unique_values'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED ROWS 1;
COMMENT ON FUNCTION scim_internal.unique_values(name, int, text, jsonb) IS
'The rows that the table "unique_value" of a store has of a resource with this document, but for its id.';

-- tenant NULL: all of them
CREATE FUNCTION scim_internal.book_errors(store name, tenant int,
        OUT book text, OUT is_missing boolean, OUT owner_id int, OUT resource_type text, OUT id uuid, OUT tenant_id int, OUT attribute text, OUT value text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
        SELECT 'unique_value', true, r.tenant_id, r.resource_type, r.id, v.tenant_id, v.attribute, v.value
        FROM %1$I.resource r CROSS JOIN LATERAL scim_internal.unique_values($1, r.tenant_id, r.resource_type, r.data) v
        WHERE r.deleted_at IS NULL AND ($2 IS NULL OR r.tenant_id = $2)
          AND NOT EXISTS (SELECT FROM %1$I.unique_value u WHERE u.tenant_id = v.tenant_id AND u.resource_type = r.resource_type AND u.attribute = v.attribute AND u.value = v.value AND u.resource_id = r.id)
        UNION ALL
        -- what is unique in the whole store is of whoever has it, or of nobody
        SELECT 'unique_value', false, o.tenant_id, u.resource_type, u.resource_id, u.tenant_id, u.attribute, u.value
        FROM %1$I.unique_value u
        CROSS JOIN LATERAL (SELECT min(r.tenant_id) AS tenant_id FROM %1$I.resource r
            WHERE r.tenant_id IN (SELECT t.tenant_id FROM %1$I.tenant t WHERE u.tenant_id IN (0, t.tenant_id)) AND r.resource_type = u.resource_type AND r.id = u.resource_id AND r.deleted_at IS NULL) o
        WHERE ($2 IS NULL OR u.tenant_id IN (0, $2)) AND coalesce(o.tenant_id, $2) IS NOT DISTINCT FROM coalesce($2, o.tenant_id)
          AND NOT EXISTS (SELECT FROM %1$I.resource r CROSS JOIN LATERAL scim_internal.unique_values($1, r.tenant_id, r.resource_type, r.data) v
            WHERE r.tenant_id IN (SELECT t.tenant_id FROM %1$I.tenant t WHERE u.tenant_id IN (0, t.tenant_id)) AND r.resource_type = u.resource_type AND r.id = u.resource_id AND r.deleted_at IS NULL
              AND v.tenant_id = u.tenant_id AND v.attribute = u.attribute AND v.value = u.value)
        UNION ALL
        SELECT 'member', false, m.tenant_id, NULL, m.group_id, m.tenant_id, NULL, m.member_id::text
        FROM %1$I.member m
        WHERE ($2 IS NULL OR m.tenant_id = $2) AND NOT EXISTS (SELECT FROM %1$I.resource g WHERE g.tenant_id = m.tenant_id AND g.id = m.group_id)
        UNION ALL
        SELECT 'credential', false, c.tenant_id, NULL, c.resource_id, c.tenant_id, NULL, NULL
        FROM %1$I.credential c
        WHERE ($2 IS NULL OR c.tenant_id = $2) AND NOT EXISTS (SELECT FROM %1$I.resource r WHERE r.tenant_id = c.tenant_id AND r.id = c.resource_id)
        UNION ALL
        SELECT 'recovery_code', false, c.tenant_id, NULL, c.resource_id, c.tenant_id, NULL, NULL
        FROM %1$I.recovery_code c
        WHERE ($2 IS NULL OR c.tenant_id = $2) AND NOT EXISTS (SELECT FROM %1$I.resource r WHERE r.tenant_id = c.tenant_id AND r.id = c.resource_id)
        $query$, store)) USING store, tenant;
END
$function$;
COMMENT ON FUNCTION scim_internal.book_errors(name, int) IS
'What the tables of a store that are derived from resources have too little (is_missing) or too much, of a tenant, or of all: book is the table, owner_id the tenant of the resource, tenant_id that of the row.';

CREATE FUNCTION scim_internal.wrong_books(store name, tenant int) RETURNS SETOF scim.problem
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT ROW(e.resource_type, e.id, e.book, e.attribute, NULL, CASE
        WHEN e.book <> 'unique_value' THEN format('the table "%s" has a row of a resource that is not there', e.book)
        WHEN e.is_missing THEN format('its %s is not in the table "unique_value": another one could have the same', e.attribute)
        ELSE format('the table "unique_value" has a value of its %s that it does not have', e.attribute) END)::scim.problem
    FROM scim_internal.book_errors(store, tenant) e
    ORDER BY e.book DESC, e.id, e.attribute, e.is_missing DESC;
END;
COMMENT ON FUNCTION scim_internal.wrong_books(name, int) IS
'The same as problems of scim.validate_store.';

CREATE FUNCTION scim_internal.repair_books(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    wrong record;
    doubles text;
BEGIN
    FOR wrong IN SELECT * FROM scim_internal.book_errors(store, NULL) AS e WHERE NOT e.is_missing LOOP
        CASE wrong.book
        WHEN 'unique_value' THEN
            EXECUTE format('DELETE FROM %I.unique_value WHERE tenant_id = $1 AND resource_type = $2 AND attribute = $3 AND value = $4', store)
            USING wrong.tenant_id, wrong.resource_type, wrong.attribute, wrong.value;
        WHEN 'member' THEN
            EXECUTE format('DELETE FROM %I.member WHERE tenant_id = $1 AND group_id = $2 AND member_id = $3', store) USING wrong.tenant_id, wrong.id, wrong.value::uuid;
        ELSE
            EXECUTE format('DELETE FROM %I.%I WHERE tenant_id = $1 AND resource_id = $2', store, wrong.book) USING wrong.tenant_id, wrong.id;
        END CASE;
    END LOOP;
    EXECUTE format($query$
        WITH missing AS MATERIALIZED (
            SELECT * FROM scim_internal.book_errors($1, NULL) AS e WHERE e.is_missing
        ), put AS (
            INSERT INTO %1$I.unique_value (tenant_id, resource_type, attribute, value, resource_id)
            SELECT tenant_id, resource_type, attribute, value, id FROM missing ORDER BY tenant_id, resource_type, attribute, value, id
            ON CONFLICT DO NOTHING RETURNING tenant_id, resource_type, attribute, value, resource_id
        )
        SELECT string_agg(format('%%s of %%s %%s', m.attribute, m.resource_type, m.id), E'
' ORDER BY m.attribute, m.id)
        FROM (SELECT * FROM missing m WHERE NOT EXISTS (SELECT FROM put p WHERE (p.tenant_id, p.resource_type, p.attribute, p.value, p.resource_id) = (m.tenant_id, m.resource_type, m.attribute, m.value, m.id))
            ORDER BY m.attribute, m.id LIMIT 20) AS m
        $query$, store) INTO doubles USING store;
    IF doubles IS NOT NULL THEN
        RAISE EXCEPTION 'resources of store "%" have values that others have, and only one may', store
            USING ERRCODE = 'unique_violation', DETAIL = doubles;
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.repair_books(name) IS
'Makes the tables of a store that are derived from resources what these say. Error 23505 where two have what only one may, with the first of them in the detail.';

-- What tells of a table that has another name by now: its columns, and a trigger of ours.
CREATE FUNCTION scim_internal.put_names_back(store name, pattern name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    missing record;
    found regclass[];
BEGIN
    -- those that have just the columns first; a table may have more
    FOR missing IN
        SELECT p.oid, p.relname, p.relkind, e.exactly
        FROM pg_class p, (VALUES (true), (false)) AS e (exactly)
        WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND to_regclass(format('%I.%I', store, p.relname)) IS NULL
        ORDER BY e.exactly DESC, p.relname
    LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', store, missing.relname)) IS NOT NULL;
        found := ARRAY(
            SELECT c.oid FROM pg_class c
            WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind = missing.relkind AND NOT c.relispartition AND pg_has_role(c.relowner, 'USAGE')
              AND NOT EXISTS (SELECT FROM pg_class p WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relname = c.relname)
              AND EXISTS (SELECT FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid WHERE t.tgrelid = c.oid AND f.pronamespace = 'scim_internal'::regnamespace)
              AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = missing.oid AND a.attnum > 0
                  AND NOT EXISTS (SELECT FROM pg_attribute has WHERE (has.attrelid, has.attname, has.atttypid) = (c.oid, a.attname, a.atttypid)))
              AND NOT (missing.exactly AND EXISTS (SELECT FROM pg_attribute has WHERE has.attrelid = c.oid AND has.attnum > 0 AND NOT has.attisdropped
                  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE (a.attrelid, a.attname) = (missing.oid, has.attname)))));
        IF cardinality(found) = 1 THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', found[1], missing.relname);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_names_back(name, name) IS
'Gives tables of a store that have been renamed their names again. pattern: a schema that has the tables of a new store.';

CREATE FUNCTION scim_internal.put_trigger_names_back(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    quoted CONSTANT text := '(?:"(?:[^"]|"")+"|[^ ".]+)';
    found record;
BEGIN
    FOR found IN
        WITH wanted AS MATERIALIZED (
            SELECT s AS statement, to_regclass(w.relation) AS relation, (parse_ident(w.name))[1]::name AS name
            FROM scim_internal.all_statements(store) AS s, LATERAL scim_internal.trigger_said(s, store) AS w
            WHERE s ~ '^CREATE (CONSTRAINT )?TRIGGER '
        ), missing AS MATERIALIZED (
            SELECT w.* FROM wanted w WHERE NOT EXISTS (SELECT FROM pg_trigger has WHERE (has.tgrelid, has.tgname) = (w.relation, w.name))
        ), shaped AS MATERIALIZED (
            SELECT m.relation, m.name, to_regproc(w.part[4]) AS function,
                (w.part[1] = 'BEFORE')::int * 2 + coalesce(w.part[3] = 'ROW', false)::int + (w.part[2] ~ 'INSERT')::int * 4 + (w.part[2] ~ 'DELETE')::int * 8 + (w.part[2] ~ 'UPDATE')::int * 16 + (w.part[2] ~ 'TRUNCATE')::int * 32 AS type
            FROM missing m,
                regexp_match(m.statement, format('^CREATE (?:CONSTRAINT )?TRIGGER %1$s\s+(BEFORE|AFTER) (.*?)\sON %1$s\.%1$s\s.*?(?:FOR EACH (ROW|STATEMENT)\s+)?EXECUTE FUNCTION (%1$s\.%1$s)\(', quoted)) AS w (part)
            WHERE w.part IS NOT NULL
        )
        SELECT w.relation, w.name, min(t.tgname) AS other
        FROM shaped w
        JOIN pg_trigger t ON t.tgrelid = w.relation AND t.tgfoid = w.function AND t.tgtype = w.type AND NOT t.tgisinternal AND t.tgparentid = 0
        WHERE NOT EXISTS (SELECT FROM wanted o WHERE (o.relation, o.name) = (w.relation, t.tgname))
        GROUP BY w.relation, w.name
    LOOP
        EXECUTE format('ALTER TRIGGER %I ON %s RENAME TO %I', found.other, found.relation, found.name);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_trigger_names_back(name) IS
'Gives triggers of a store that have been renamed their names again, so that no second one does the same.';

CREATE FUNCTION scim_internal.put_index_names_back(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    found record;
BEGIN
    FOR found IN
        WITH wanted AS (
            SELECT to_regclass(w.relation) AS relation, (parse_ident(w.name))[1]::name AS name, w.shape
            FROM scim_internal.all_statements(store) AS s, LATERAL scim_internal.index_said(s) AS w
            WHERE s ~ '^CREATE (UNIQUE )?INDEX ' AND w.shape IS NOT NULL
        )
        SELECT w.name, min(c.oid)::regclass AS other
        FROM wanted w
        JOIN pg_index i ON i.indrelid = w.relation AND i.indisvalid
        JOIN pg_class c ON c.oid = i.indexrelid AND NOT c.relispartition
        WHERE to_regclass(format('%I.%I', store, w.name)) IS NULL AND scim_internal.index_shape_of(i.indexrelid::regclass) = w.shape
          AND NOT EXISTS (SELECT FROM wanted o WHERE o.name = c.relname)
        GROUP BY w.name
    LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', found.other, found.name);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_index_names_back(name) IS
'Gives indexes of a store that have been renamed their names again, so that none is made twice.';

-- What no statement puts back.
CREATE FUNCTION scim_internal.refuse_lost(store name, pattern name) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    lost text;
    statements text;
    nothing CONSTANT text := 'Nothing has happened.';
BEGIN
    IF to_regclass(format('%I.resource', store)) IS NULL THEN
        RAISE EXCEPTION 'store "%" has lost its table "resource"', store
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = nothing,
                  HINT = 'All resources were in it and its partitions. Restore the store from a backup.';
    END IF;
    SELECT string_agg(format('Table "%s" has no column "%s" of type %s.', p.relname, a.attname, format_type(a.atttypid, a.atttypmod)), E'\n' ORDER BY p.relname, a.attnum),
        string_agg(CASE WHEN has.attname IS NULL THEN format('ALTER TABLE %I.%I ADD COLUMN %I %s;', store, p.relname, a.attname, format_type(a.atttypid, a.atttypmod))
            ELSE format('ALTER TABLE %I.%I ALTER COLUMN %I TYPE %s USING ...;', store, p.relname, a.attname, format_type(a.atttypid, a.atttypmod)) END, ' ' ORDER BY p.relname, a.attnum)
    INTO lost, statements
    FROM pg_class p
    JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', store, p.relname))
    LEFT JOIN pg_attribute has ON (has.attrelid, has.attname) = (c.oid, a.attname)
    WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND has.atttypid IS DISTINCT FROM a.atttypid;
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'store "%" has lost columns of its tables', store
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat(nothing, E'\n', lost),
                  HINT = format('What they held is in a backup only. Add each, with what it held, and call scim.repair_store(%L) again: %s', store, statements);
    END IF;
    SELECT string_agg(format('Table "%s" has %s.', p.relname, CASE WHEN c.relkind <> p.relkind THEN CASE p.relkind WHEN 'p' THEN 'no partitions any more' ELSE 'another form' END
            ELSE format('%s as its primary key "%s"', pg_get_constraintdef(has.oid), has.conname) END), E'\n' ORDER BY p.relname)
    INTO lost
    FROM pg_class p
    JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', store, p.relname))
    LEFT JOIN pg_constraint o ON o.conrelid = p.oid AND o.contype = 'p'
    LEFT JOIN pg_constraint has ON has.conrelid = c.oid AND has.contype = 'p'
    WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p')
      AND (c.relkind <> p.relkind OR pg_get_constraintdef(has.oid) <> pg_get_constraintdef(o.oid) AND has.conname <> o.conname);
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'tables of store "%" are others than those of a store', store
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat(nothing, E'\n', lost),
                  HINT = format('Drop the key, or restore the table from a backup, and call scim.repair_store(%L) again.', store);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.refuse_lost(name, name) IS
'Error 55000 where a store has lost what no statement puts back: the table "resource", columns, with what they held. pattern: a schema that has the tables of a new store.';

-- Called while the tables are locked, before anything is made of the registry.
CREATE FUNCTION scim_internal.remake_tables(store name, pattern name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    hint CONSTANT text := format('Restore the table from a backup (pg_restore --table), and call scim.repair_store(%L) again.', store);
    nothing CONSTANT text := 'Nothing has happened.';
    missing CONSTANT name[] := ARRAY(SELECT p.relname FROM pg_class p WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND to_regclass(format('%I.%I', store, p.relname)) IS NULL ORDER BY 1);
    made name[] := missing;
    of_table CONSTANT text := format('^(?:CREATE TABLE|CREATE (?:UNIQUE )?INDEX \S+ ON|INSERT INTO) %s\.([a-z_]+) ', replace(quote_ident(store), '\', '\\'));
    is_empty boolean;
    statement text;
    other name;
    lost text;
    tenants int[] := '{}';
    tenant int;
    forced regclass[];
BEGIN
    forced := scim_internal.let_owner_see_names(store);
    -- without rows these are as good as gone
    FOREACH other IN ARRAY ARRAY['schema', 'resource_type', 'tenant'] LOOP
        CONTINUE WHEN other = ANY (missing);
        EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I.%I)', store, other) INTO is_empty;
        IF is_empty THEN
            made := made || other;
        END IF;
    END LOOP;
    -- with the rows that a new store has, before there are triggers that would look at them
    FOR statement IN
        SELECT s FROM scim_internal.store_statements(store) AS s
        WHERE substring(s FROM of_table) = ANY (CASE WHEN starts_with(s, 'INSERT ') THEN made ELSE missing END::text[])
    LOOP
        EXECUTE scim_internal.of_store(statement, store);
    END LOOP;
    IF 'schema' = ANY (made) OR 'resource_type' = ANY (made) THEN
        EXECUTE format($query$
            SELECT string_agg(DISTINCT format('Resource type "%%s" has the schema "%%s".', t.name, u.id), E'\n')
            FROM %1$I.resource_type t, LATERAL (SELECT t.document ->> 'schema' UNION SELECT e ->> 'schema' FROM jsonb_path_query(t.document, '$.schemaExtensions[*]') AS e) AS u (id)
            WHERE NOT EXISTS (SELECT FROM %1$I.schema s WHERE lower(s.id) = lower(u.id))$query$, store) INTO lost;
        IF lost IS NOT NULL THEN
            RAISE EXCEPTION 'store "%" has lost schemas', store USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat(nothing, E'\n', lost), HINT = hint;
        END IF;
    END IF;
    IF 'resource_type' = ANY (made) THEN
        EXECUTE format($query$
            SELECT string_agg(format('Table "%%s" has the resources of another one.', c.relname), E'\n' ORDER BY c.relname)
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = %2$L::regclass AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
              AND NOT EXISTS (SELECT FROM %1$I.resource_type t WHERE pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%%L)', t.name))$query$, store, format('%I.resource', store)) INTO lost;
        IF lost IS NOT NULL THEN
            RAISE EXCEPTION 'store "%" has lost resource types', store USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat(nothing, E'\n', lost), HINT = hint;
        END IF;
    END IF;
    IF 'tenant' = ANY (made) THEN
        FOR other IN SELECT p.relname FROM pg_class p JOIN pg_attribute a ON a.attrelid = p.oid AND a.attname = 'tenant_id' WHERE p.relnamespace = (SELECT to_regnamespace(quote_ident(pattern))) AND p.relkind IN ('r', 'p') AND p.relname <> 'tenant' LOOP
            tenant := 0;
            LOOP
                EXECUTE format('SELECT min(tenant_id) FROM %I.%I WHERE tenant_id > $1', store, other) INTO tenant USING tenant;
                EXIT WHEN tenant IS NULL;
                tenants := tenants || tenant;
            END LOOP;
        END LOOP;
        EXECUTE format('INSERT INTO %I.tenant (tenant_id, name) SELECT DISTINCT t, format(''tenant %%s'', t) FROM unnest($1) AS t ON CONFLICT DO NOTHING', store) USING tenants;
    END IF;
    PERFORM scim_internal.force_again(forced);
    IF made = '{}' THEN
        RETURN;
    END IF;
    RAISE WARNING 'tables of store "%" were not there, and have been made anew: %', store, array_to_string(made, ', ')
        USING DETAIL = concat_ws(E'\n', 'They have what those of a new store have. What they held besides is in a backup only.',
            CASE WHEN 'tenant' = ANY (made) THEN 'There are the tenants that rows tell of; names and base URLs of tenants are lost.' END,
            CASE WHEN 'schema' = ANY (made) THEN 'Schemas are those of RFC 7643; what was changed of them is lost.' END);
END
$function$;
COMMENT ON FUNCTION scim_internal.remake_tables(name, name) IS
'Makes the tables that a store has lost, with the rows that those of a new one have, and the tenants that others tell of; a warning names them. Error 55000 where resource types or schemas are lost that resources have. pattern: a schema that has the tables of a new store.';

CREATE FUNCTION scim_internal.put_audit_back(store name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET "DateStyle" = 'ISO'
    SET "TimeZone" = 'UTC'
AS $function$
DECLARE
    wanted record;
    part regclass;
BEGIN
    FOR wanted IN
        SELECT m.name, to_regclass(format('%I.%I', store, m.name)) AS named, m.bounds, m.is_written
        FROM (SELECT 'audit_default'::name AS name, 'DEFAULT' AS bounds, true AS is_written
            UNION ALL SELECT to_char(month, '"audit_"YYYY_MM'), scim_internal.audit_month_bounds(month), month >= date_trunc('month', now())
            FROM (SELECT to_timestamp(substring(c.relname FROM '^audit_(\d{4}_\d\d)$'), 'YYYY_MM') FROM pg_class c WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind = 'r' AND c.relname ~ '^audit_\d{4}_\d\d$'
                UNION SELECT month FROM scim_internal.audit_months_ahead() AS month) AS t (month)) AS m
        ORDER BY m.bounds = 'DEFAULT', m.name
    LOOP
        part := (SELECT i.inhrelid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass(format('%I.audit', store)) AND c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND pg_get_expr(c.relpartbound, c.oid) = wanted.bounds);
        IF part IS NOT NULL AND wanted.named IS NULL THEN
            EXECUTE format('ALTER TABLE %s RENAME TO %I', part, wanted.name);
        ELSIF part IS NULL AND wanted.is_written AND wanted.named IS NOT NULL AND NOT (SELECT relispartition FROM pg_class WHERE oid = wanted.named)
            -- a month that is over may have been put aside
            AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = wanted.named AND t.tgfoid = 'scim_internal.audit_guard'::regproc)
        THEN
            PERFORM scim_internal.repair_by(store, format('ALTER TABLE %I.audit ATTACH PARTITION %s %s', store, wanted.named, wanted.bounds));
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_audit_back(name) IS
'Gives partitions of the audit of a store that have been renamed their names again, and attaches those that have been detached.';

-- Of statements that a row stands in the way of, people are told which row.
CREATE FUNCTION scim_internal.repair_by(store name, statement text) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    said text;
    detail text;
BEGIN
    EXECUTE statement;
EXCEPTION
    WHEN integrity_constraint_violation OR syntax_error_or_access_rule_violation OR object_not_in_prerequisite_state OR feature_not_supported OR dependent_objects_still_exist THEN
        IF sqlstate IN ('23505', '42501') THEN
            RAISE;
        END IF;
        GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
        RAISE EXCEPTION 'store "%" cannot be repaired: %', store, said
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = concat_ws(E'\n', nullif(detail, ''), format('Nothing has happened. The repair came to: %s', left(statement, 300))),
                  HINT = format('Mend what stands in its way, or restore the table from a backup, and call scim.repair_store(%L) again.', store);
END
$function$;
COMMENT ON FUNCTION scim_internal.repair_by(name, text) IS
'Executes a statement of scim.repair_store; an error by rows or definitions that stand in its way says so (55000).';

-- Called by scim.repair_store, as the owner of the store.
CREATE FUNCTION scim_internal.repair_store(store name, pattern name) RETURNS TABLE (statement text)
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET client_min_messages = warning
AS $function$
DECLARE
    current text;
    resource_type record;
    part regclass;
    named regclass;
    repair record;
    binding record;
    comments text[] := '{}';
BEGIN
    -- What tables, defaults and constraints there are is told by those of a new store.
    FOR statement IN SELECT s FROM scim_internal.store_statements(pattern) AS s WHERE s ~ '^(CREATE TABLE |ALTER TABLE \S+ ADD CONSTRAINT )' LOOP
        EXECUTE scim_internal.of_store(statement, pattern);
    END LOOP;
    PERFORM scim_internal.put_names_back(store, pattern);
    IF to_regclass(format('%I.store', store)) IS NULL AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(format('%I.resource', store)) AND attname = 'sessions_valid_after') OR to_regclass(format('%I.resource', store)) IS NULL THEN
        -- nothing but its tables says of which version it is; those of this version say so
        PERFORM scim_internal.refuse_lost(store, pattern);
        current := scim_internal.store_version();
    ELSE
        current := scim_internal.store_version_of(store);
    END IF;
    IF current <> scim_internal.store_version() THEN
        RAISE EXCEPTION 'store "%" is of version %, but the extension makes stores of version %', store, current, scim_internal.store_version()
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = format('Bring it forward first: SELECT scim.upgrade_store(%L) \gexec in psql.', store);
    END IF;
    PERFORM scim_internal.refuse_spread(store, 'repaired', 'What one node has lost the others may have, and Citus makes nothing on one of them.',
        'Put back what is missing by hand, as pg_dump of a new store says it, or restore all nodes to one point in time.');
    -- nobody writes meanwhile
    PERFORM scim_internal.lock_store(store, 'repair_store');
    -- a store one of whose triggers is disabled, a binding's among them, does nothing of what follows
    FOR statement IN
        SELECT format('ALTER TABLE %s ENABLE %s %I', t.tgrelid::regclass, CASE f.proname WHEN 'registry_replicated' THEN 'ALWAYS TRIGGER' ELSE 'TRIGGER' END, t.tgname)
        FROM pg_trigger t
        JOIN pg_class r ON r.oid = t.tgrelid
        LEFT JOIN pg_inherits i ON i.inhrelid = r.oid
        LEFT JOIN pg_class root ON root.oid = i.inhparent
        JOIN pg_proc f ON f.oid = t.tgfoid AND f.pronamespace = 'scim_internal'::regnamespace
        WHERE (SELECT to_regnamespace(quote_ident(store))) IN (r.relnamespace, root.relnamespace) AND t.tgenabled IN ('D', 'R') AND NOT t.tgisinternal
    LOOP
        EXECUTE statement;
    END LOOP;
    PERFORM scim_internal.refuse_lost(store, pattern);
    PERFORM scim_internal.remake_tables(store, pattern);
    IF to_regprocedure(format('%I.refuse_without_door()', store)) IS NULL THEN
        EXECUTE (SELECT s FROM scim_internal.store_statements(store) AS s WHERE starts_with(s, 'CREATE FUNCTION '));
    END IF;
    FOR resource_type IN EXECUTE format('SELECT name, table_name FROM %I.resource_type ORDER BY name <> ''User'', name', store) LOOP
        part := (SELECT i.inhrelid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
            WHERE i.inhparent = to_regclass(format('%I.resource', store)) AND pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%L)', resource_type.name));
        named := to_regclass(format('%I.%I', store, resource_type.table_name));
        IF part IS NOT NULL AND part IS DISTINCT FROM named THEN
            -- statements that make it, and its indexes, are about the name that the registry has
            EXECUTE format('ALTER TABLE %s RENAME TO %I', part, resource_type.table_name);
        ELSIF part IS NULL AND named IS NULL THEN
            PERFORM scim_internal.create_resource_table(store, resource_type.table_name, resource_type.name);
        ELSIF part IS NULL AND NOT (SELECT relispartition FROM pg_class WHERE oid = named) THEN
            PERFORM scim_internal.repair_by(store, format('ALTER TABLE %I.resource ATTACH PARTITION %s FOR VALUES IN (%L)', store, named, resource_type.name));
        END IF;
    END LOOP;
    PERFORM scim_internal.put_audit_back(store);
    PERFORM scim_internal.create_audit_tables(store);
    -- rows without which nothing goes on: a key, and where consumers are, who are given again what they had, rather than not at all what they had not
    EXECUTE format('DELETE FROM %I.secret WHERE purpose = ''cursor'' AND octet_length(value) <> 32', store);
    EXECUTE format('INSERT INTO %I.secret (purpose, value) SELECT ''cursor'', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
        WHERE NOT EXISTS (SELECT FROM %1$I.secret WHERE purpose = ''cursor'')', store);
    EXECUTE format('INSERT INTO %1$I.consumer_position (tenant_id, consumer_id, position) SELECT c.tenant_id, c.id, coalesce((SELECT max(d.position) FROM %1$I.delivery d WHERE (d.tenant_id, d.consumer_id) = (c.tenant_id, c.id)), 0) FROM %1$I.consumer c
        WHERE NOT EXISTS (SELECT FROM %1$I.consumer_position p WHERE (p.tenant_id, p.consumer_id) = (c.tenant_id, c.id))', store);
    PERFORM scim_internal.drop_lost_deliveries(store);
    PERFORM scim_internal.put_trigger_names_back(store);
    PERFORM scim_internal.put_index_names_back(store);
    FOR statement IN SELECT scim_internal.missing_parts(store, pattern) LOOP
        PERFORM scim_internal.repair_by(store, statement);
    END LOOP;
    EXECUTE format('DROP SCHEMA %I CASCADE', pattern);
    PERFORM scim_internal.force_row_security(store);
    EXECUTE format('UPDATE %I.store SET restoring = false WHERE restoring', store);
    FOR repair IN
        SELECT r.*, r.statement ~ '^CREATE UNIQUE INDEX ' OR r.statement ~ '^DROP INDEX CONCURRENTLY ' AND coalesce(lead(r.statement) OVER (ORDER BY r.number) ~ '^CREATE UNIQUE INDEX ', false) AS is_rule
        FROM scim_internal.store_repairs(store) WITH ORDINALITY AS r (statement, online, number) ORDER BY r.online, r.number
    LOOP
        IF repair.is_rule THEN
            -- what is unique binds from the first write on; one that is not valid goes before
            PERFORM scim_internal.repair_by(store, replace(repair.statement, ' INDEX CONCURRENTLY ', ' INDEX '));
        ELSIF repair.online THEN
            statement := repair.statement;
            RETURN NEXT;
        ELSIF starts_with(repair.statement, 'COMMENT ') THEN
            comments := array_append(comments, repair.statement);
        ELSE
            PERFORM scim_internal.repair_by(store, repair.statement);
        END IF;
    END LOOP;
    IF NOT scim_internal.put_comments(comments) THEN
        FOREACH statement IN ARRAY comments LOOP
            PERFORM scim_internal.repair_by(store, statement);
        END LOOP;
    END IF;
    -- a load without triggers leaves what they would have derived
    PERFORM scim_internal.repair_books(store);
    FOR resource_type IN VALUES ('User', 'people'), ('Group', 'teams') LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', store, resource_type.column2)) IS NOT NULL OR scim_internal.table_of_type(store, resource_type.column1) IS NULL;
        PERFORM scim_internal.create_view(store, resource_type.column1, store, resource_type.column2::name);
    END LOOP;
    -- A table of an application takes its triggers from its owner, and is locked with them.
    FOR binding IN SELECT DISTINCT b.relation FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE b.repairable ORDER BY 1 LOOP
        statement := format('SELECT scim_internal.repair_binding(%L, %L)', quote_ident(store), binding.relation);
        RETURN NEXT;
    END LOOP;
    FOR binding IN SELECT b.problem FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE NOT b.repairable LOOP
        RAISE WARNING '%', binding.problem;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.repair_store(name, name) IS
'What scim.repair_store does, as the owner of the store; pattern: an empty schema, which is gone afterwards.';

CREATE FUNCTION scim.repair_store(name text) RETURNS TABLE (statement text)
    AS 'MODULE_PATHNAME', 'scim_repair_store'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.repair_store(text) IS
'Puts back what a store has lost, by DROP EXTENSION CASCADE, by a restore that failed, or by hand: tables, defaults, constraints, triggers (which it switches on), row-level security, indexes (those of scim.create_sort_index and scim.create_filter_index where they are not valid), statistics, views and comments; what has another name gets its own again, and else what is there stays as it is. A table that is gone is made with the rows that a new store has, and a warning says so: what it held is in a backup only. Rows are not touched but for those of tables that are derived from resources, where they are missing or too many (unique values, members and passwords of nobody); those are added that no store can be without: the key of cursors, and where consumers are in their events, which is behind what they have been given and not acknowledged, or at the beginning. It ends the restore of a dump of the data alone. In one transaction but for indexes that make it fast and tables of applications that are bound: it returns these as statements for psql''s \gexec. Tables that are bound have to be compared afterwards (scim.check_binding, scim.mend_binding): what was written while triggers were missing stays as it is on each side. A warning tells of bindings that are lost. Errors: 3F000 where there is no such store, 55000 where it is of another version, has lost what no statement puts back (columns, the table "resource", schemas and resource types of one''s own), has rows that a constraint does not allow, or its owner does not own, or may not write, all that it consists of, with the statement that mends it, 23505 where two have what only one may, 42501 for who is not its owner; it takes CREATE on the database.';

-- What depends on what is in a schema, and is not in it itself.
CREATE FUNCTION scim_internal.depends_on_schema(schema oid) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH RECURSIVE inside (classid, objid) AS (
        SELECT d.classid, d.objid FROM pg_depend d WHERE (d.refclassid, d.refobjid) = ('pg_namespace'::regclass, schema)
        UNION
        -- what belongs to something inside
        SELECT d.classid, d.objid
        FROM inside i JOIN pg_depend d ON (d.refclassid, d.refobjid) = (i.classid, i.objid) AND d.deptype IN ('a', 'i', 'P', 'S')
        -- a partition may lie elsewhere
        WHERE NOT (d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class c WHERE c.oid = d.objid AND c.relnamespace <> schema AND c.relkind IN ('r', 'p', 'f')))
    ), outside AS (
        SELECT d.classid, d.objid, d.objsubid
        FROM inside i JOIN pg_depend d ON (d.refclassid, d.refobjid) = (i.classid, i.objid)
        WHERE NOT EXISTS (SELECT FROM inside o WHERE (o.classid, o.objid) = (d.classid, d.objid))
    )
    SELECT DISTINCT CASE o.classid
            -- a view is told by its name, not by its rule
            WHEN 'pg_rewrite'::regclass THEN (SELECT pg_describe_object('pg_class'::regclass, r.ev_class, 0) FROM pg_rewrite r WHERE r.oid = o.objid)
            ELSE pg_describe_object(o.classid, o.objid, o.objsubid) END
    FROM outside o
    WHERE o.classid NOT IN ('pg_type'::regclass)
      -- a clone of a key on a partition is part of it
      AND NOT (o.classid = 'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_constraint c WHERE c.oid = o.objid AND c.conparentid <> 0))
      AND NOT (o.classid = 'pg_trigger'::regclass AND EXISTS (SELECT FROM pg_trigger t WHERE t.oid = o.objid AND t.tgisinternal))
    ORDER BY 1;
END;
COMMENT ON FUNCTION scim_internal.depends_on_schema(oid) IS
'Descriptions of what is outside of a schema and depends on something in it: foreign keys, views, functions, policies, defaults.';

CREATE FUNCTION scim_internal.require_seen(store regnamespace, tables name[]) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_require_seen'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.require_seen(regnamespace, name[]) IS
'Error 40001 where a transaction of REPEATABLE READ or SERIALIZABLE does not see all that a store consists of, what depends on its tables, or all rows of some of them.';

CREATE FUNCTION scim.drop_store(name text, force boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
    -- of what it drops there is no end
    SET client_min_messages = warning
AS $function$
DECLARE
    store CONSTANT text := drop_store.name;
    resource CONSTANT oid := (SELECT oid FROM pg_class WHERE relname = 'resource' AND relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = drop_store.name));
    people text;
    credentials text;
    part text;
    sealed text;
    others text[];
    found text[];
    held regclass;
BEGIN
    IF drop_store.name IS NULL THEN
        RAISE EXCEPTION 'name must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    IF force IS NULL THEN
        RAISE EXCEPTION 'force must not be null' USING ERRCODE = 'SCVAL', DETAIL = 'scimType: invalidValue';
    END IF;
    IF NOT scim_internal.is_store(store) THEN
        RAISE EXCEPTION 'store "%" does not exist', store
            USING ERRCODE = 'invalid_schema_name';
    END IF;
    -- the second where tables are missing
    IF NOT (scim_internal.is_owner(quote_ident(store)::regnamespace) OR pg_has_role((SELECT relowner FROM pg_class WHERE oid = resource), 'USAGE')) THEN
        RAISE EXCEPTION 'must be owner of store "%"', store
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'drop the store');
    IF scim_internal.is_distributed(resource) THEN
        -- from here on, or Citus has counted on other connections than it drops on
        PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true), set_config('citus.max_adaptive_executor_pool_size', '1', true);
    END IF;
    IF NOT force THEN
        PERFORM scim_internal.require_rights(quote_ident(store)::regnamespace, true);
        -- nobody comes in between what is found and what is dropped; resources first, as writers do
        FOR held IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = quote_ident(store)::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                    AND pg_has_role(c.relowner, 'USAGE') ORDER BY c.relname <> 'resource', c.relname LOOP
            EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', held);
        END LOOP;
        PERFORM scim_internal.require_seen(quote_ident(store)::regnamespace, '{resource,token,client,audit,audit_seal,binding,database_role}');
        EXECUTE format('SELECT string_agg(concat_ws('' '', n, resource_type), '', '' ORDER BY resource_type) FROM (SELECT resource_type, count(*) AS n FROM %s GROUP BY 1) AS t', resource::regclass)
        INTO people;
        others := ARRAY(SELECT scim_internal.depends_on_schema(to_regnamespace(quote_ident(store))));
        IF to_regclass(format('%I.binding', store)) IS NOT NULL THEN
            EXECUTE format('SELECT array_agg(''bound table '' || b.relation::text ORDER BY 1) FROM (SELECT DISTINCT relation FROM %I.binding JOIN pg_class c ON c.oid = relation) AS b', store) INTO found;
            others := others || found;
        END IF;
        IF to_regclass(format('%I.database_role', store)) IS NOT NULL THEN
            EXECUTE format('SELECT array_agg(''role '' || quote_ident(r.role) ORDER BY 1) FROM (SELECT DISTINCT role FROM %I.database_role WHERE role IS NOT NULL) AS r', store) INTO found;
            others := others || found;
        END IF;
        -- access tokens go with their client
        FOR part IN SELECT t FROM unnest('{token,client}'::text[]) AS t WHERE to_regclass(format('%I.%I', store, t)) IS NOT NULL LOOP
            EXECUTE format('SELECT array_agg(format(''%%s %%s'', %2$L, to_json(c.%3$I)) ORDER BY c.%3$I) FROM %1$I.%2$I AS c WHERE c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > clock_timestamp()) AND (to_jsonb(c) ->> ''client_id'') IS NULL',
                store, part, CASE part WHEN 'token' THEN 'description' ELSE 'name' END) INTO found;
            credentials := concat_ws(', ', credentials, nullif(array_to_string(found[:20] || CASE WHEN cardinality(found) > 20 THEN ARRAY[format('and %s more', cardinality(found) - 20)] END, ', '), ''));
        END LOOP;
        IF to_regclass(format('%I.audit_seal', store)) IS NOT NULL AND to_regclass(format('%I.audit', store)) IS NOT NULL THEN
            EXECUTE format('SELECT ''from '' || to_char(min(a.at) AT TIME ZONE ''UTC'', ''YYYY-MM-DD'') || '' on'' FROM %1$I.audit AS a WHERE a.at <= (SELECT max(s.last_at) FROM %1$I.audit_seal AS s) HAVING count(*) > 0', store) INTO sealed;
        END IF;
        IF num_nonnulls(people, nullif(credentials, ''), sealed) > 0 OR cardinality(others) > 0 THEN
            RAISE EXCEPTION 'cannot drop store "%": %', store,
                concat_ws(', and ', CASE WHEN people IS NOT NULL THEN 'there are resources in it' END, CASE WHEN credentials <> '' THEN 'somebody may come with credentials of it' END,
                    CASE WHEN sealed IS NOT NULL THEN 'it has audit that is sealed' END, CASE WHEN cardinality(others) > 0 THEN 'others depend on it' END)
                USING ERRCODE = 'dependent_objects_still_exist',
                      DETAIL = concat_ws(E'\n', 'In it: ' || people || '.', 'Good: ' || nullif(credentials, '') || '.', 'Sealed audit that retention has not let go: ' || sealed || '.', 'Depending on it: ' || nullif(array_to_string(others[:20]
                          || CASE WHEN cardinality(others) > 20 THEN ARRAY[format('and %s more', cardinality(others) - 20)] END, ', '), '') || '.'),
                      HINT = format('SELECT scim.drop_store(%L, force => true) drops it nevertheless, and with it what depends on it.', store);
        END IF;
    END IF;
    PERFORM scim_internal.ask_constraints(c.oid::regclass) FROM pg_class c WHERE c.relnamespace = quote_ident(store)::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition;
    EXECUTE format('DROP SCHEMA %I CASCADE', store);
END
$function$;
COMMENT ON FUNCTION scim.drop_store(text, boolean) IS
'Drops a store with all that is in it. Only the owner of its tables may; a schema that is no store is refused. Where resources are in it, tokens or clients that are good, or audit that is sealed, or foreign keys, views, functions, policies, bound tables or roles of people depend on it, it is refused as well and names them (error 2BP01), unless force; who is writing the store is waited for before that is looked at. Error 40001 in a transaction of REPEATABLE READ or SERIALIZABLE that does not see all of it; 55000, unless force, where its owner may not read or lock all of it, with the statement that mends it.';
