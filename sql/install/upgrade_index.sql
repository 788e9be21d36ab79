-- Indexes of a store: which are there, and what makes those that are missing while it is in use.

CREATE FUNCTION scim_internal.index_shape(said text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT regexp_replace(regexp_replace(said, ' WITH [(][^)]*[)]|::[a-z]+( [a-z]+)*', '', 'g'), '[() "]', '', 'g');
END;
COMMENT ON FUNCTION scim_internal.index_shape(text) IS
'What an index is over, as its definition says it behind the name of the table, after UNIQUE where it is unique, without what the server adds to what was said, and without storage parameters, which are anybody''s to change.';

CREATE FUNCTION scim_internal.index_shape_of(index regclass) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT scim_internal.index_shape(u.is_unique || substr(pg_get_indexdef(c.oid), 1 + length(format('CREATE %sINDEX %I ON %s%s USING ',
        u.is_unique, c.relname, CASE c.relkind WHEN 'I' THEN 'ONLY ' END, i.indrelid::regclass))))
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid,
    LATERAL (SELECT CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END AS is_unique) AS u
    WHERE c.oid = index;
END;
COMMENT ON FUNCTION scim_internal.index_shape_of(regclass) IS
'The same of an index that is there; NULL of what is no index.';

CREATE FUNCTION scim_internal.index_said(statement text, OUT made text, OUT is_unique text, OUT name text, OUT relation text, OUT said text, OUT shape text)
    RETURNS record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT m.part[1], m.part[2], m.part[3], m.part[4], m.part[5],
        scim_internal.index_shape(concat(m.part[2], regexp_replace(regexp_replace(m.part[5], '^\(', 'btree ('), '^USING ', '')))
    FROM regexp_match(statement, '^(CREATE (UNIQUE )?INDEX) ("(?:[^"]|"")+"|\S+) ON ((?:"(?:[^"]|"")+"|[^".]+)\.(?:"(?:[^"]|"")+"|[^" ]+)) (.*)$') AS m (part)
    WHERE m.part IS NOT NULL;
END;
COMMENT ON FUNCTION scim_internal.index_said(text) IS
'What a statement of a store that makes an index says: made, CREATE INDEX or CREATE UNIQUE INDEX; is_unique, "UNIQUE " or NULL; the name and the table as they are quoted there; said, what comes behind the table; shape, as of scim_internal.index_shape. NULL each of another statement.';

-- Literals and quoted names are not looked into.
CREATE FUNCTION scim_internal.qualified(statement text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(CASE WHEN p.part[1] ~ '^[''"]' THEN p.part[1] ELSE
            regexp_replace(regexp_replace(regexp_replace(regexp_replace(p.part[1],
                ' (=|OPERATOR[(][^()]*[.]=[)]) (E?)$', ' OPERATOR(pg_catalog.=) \2'),
                '(^|[^.[:alnum:]_])(lower|substr|sha256)(?=[(])', '\1pg_catalog.\2', 'g'),
                '::(text|bytea)(?![.[:alnum:]_])', '::pg_catalog.\1', 'g'),
                'COLLATE $', 'COLLATE pg_catalog.')
        END, '' ORDER BY p.n)
    FROM regexp_matches(statement, '''(?:[^'']|'''')*''|"(?:[^"]|"")*"|[^''"]+', 'g') WITH ORDINALITY AS p (part, n);
END;
COMMENT ON FUNCTION scim_internal.qualified(text) IS
'A statement that makes an index of a store, as it is handed out to be executed by somebody whose search_path may hold anything: operators, functions, types and collations of the server are named with their schema.';

CREATE FUNCTION scim_internal.is_of_others(index regclass) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = index AND d.refclassid IN ('pg_operator'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_collation'::regclass)
          AND NOT EXISTS (SELECT FROM pg_depend e JOIN pg_extension x ON x.oid = e.refobjid AND x.extname = 'scim'
                          WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'));
END;
COMMENT ON FUNCTION scim_internal.is_of_others(regclass) IS
'Whether an index is by an operator, function, type or collation that is neither the server''s nor of the extension: a statement that makes one of a store, executed with a search_path that has others of the same name in front, has made it so, and nothing is found by it.';

CREATE FUNCTION scim_internal.indexes_without_tenant(store oid) RETURNS SETOF regclass
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT c.oid::regclass
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN (VALUES
        ('token', 'token_hash_idx', 'btree (hash)'),
        ('token', 'token_former_hash_idx', 'btree (former_hash) WHERE former_hash IS NOT NULL'),
        ('client', 'client_hash_idx', 'btree (hash)'),
        ('client', 'client_former_hash_idx', 'btree (former_hash) WHERE former_hash IS NOT NULL'),
        ('client', 'client_name_key', 'UNIQUE btree (name) WHERE revoked_at IS NULL'),
        ('audit_seal', 'audit_seal_horizon_idx', 'btree (horizon)'),
        ('audit_seal', 'audit_seal_last_at_idx', 'btree (last_at)')
    ) AS made (of_table, index, said) ON made.of_table = t.relname AND made.index = c.relname
    WHERE t.relnamespace = store
      AND scim_internal.index_shape_of(c.oid::regclass) = scim_internal.index_shape(made.said)
    UNION ALL
    SELECT c.oid::regclass
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = store AND c.relname = (t.relname || '_user_name_idx')::name
      AND pg_get_expr(t.relpartbound, t.oid) = 'FOR VALUES IN (''User'')'
      AND scim_internal.index_shape_of(c.oid::regclass) = scim_internal.index_shape('btree (user_name)');
END;
COMMENT ON FUNCTION scim_internal.indexes_without_tenant(oid) IS
'Indexes of a store that version 0.4.0 made without the tenant, and later ones make with it.';

CREATE FUNCTION scim_internal.former_document_indexes(store oid, OUT relation regclass, OUT table_name name, OUT aside name)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT i.indexrelid::regclass, t.relname, named.aside
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_inherits h ON h.inhrelid = t.oid
    JOIN pg_class resource ON resource.oid = h.inhparent
    CROSS JOIN LATERAL (SELECT (left(t.relname, 51) || '_data_former')::name AS aside) AS named
    WHERE resource.relnamespace = store AND resource.relname = 'resource' AND t.relnamespace = store
      AND c.relname IN ((t.relname || '_data_idx')::name, named.aside)
      AND EXISTS (SELECT FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
                  WHERE o.oid = ANY (i.indclass::oid[]) AND n.nspname = 'scim' AND o.opcname IN ('gin_ops_1', 'gin_ops_2'));
END;
COMMENT ON FUNCTION scim_internal.former_document_indexes(oid) IS
'Indexes on the documents of a store of the operator classes scim.gin_ops_1 and scim.gin_ops_2, and under which name each answers until one of scim.gin_ops has taken its place.';

CREATE FUNCTION scim_internal.set_document_indexes_aside(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    former record;
BEGIN
    FOR former IN
        SELECT f.relation, f.aside, i.indisvalid, c.relname = f.aside AS is_aside, count(*) OVER w > 1 AND c.relname = f.aside AS is_older,
            bool_and(i.indisvalid OR c.relname = f.aside) OVER w AS has_later
        FROM pg_class t, scim_internal.former_document_indexes(t.relnamespace) AS f JOIN pg_index i ON i.indexrelid = f.relation JOIN pg_class c ON c.oid = f.relation
        WHERE t.oid = store_table
        WINDOW w AS (PARTITION BY f.table_name)
        ORDER BY NOT c.relname = f.aside
    LOOP
        -- of two, the one that was to take the place of the other has it, if it is whole
        IF former.is_older AND former.has_later OR NOT former.is_aside AND NOT former.indisvalid THEN
            EXECUTE format('DROP INDEX %s', former.relation);
        ELSIF NOT former.is_aside THEN
            EXECUTE format('ALTER INDEX %s RENAME TO %I', former.relation, former.aside);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.set_document_indexes_aside(oid) IS
'Renames the former indexes on the documents of the store, one of whose tables is given, so that new ones can have their names.';

CREATE FUNCTION scim_internal.is_of_folded_names(index regclass, shape text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT shape ~ 'scim[.]fold_user_name' AND coalesce(scim_internal.index_shape_of(index) = replace(shape, 'scim.fold_user_name', 'scim.fold'), false);
END;
COMMENT ON FUNCTION scim_internal.is_of_folded_names(regclass, text) IS
'Whether an index is the one that versions until 0.8.0 made in the place of one on user names that is of a shape.';

CREATE FUNCTION scim_internal.is_being_made(relation regclass) RETURNS boolean
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
        WHERE l.locktype = 'relation' AND l.relation = is_being_made.relation AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_backend_pid());
END;
COMMENT ON FUNCTION scim_internal.is_being_made(regclass) IS
'Whether another session may be at work on an index of a table, CONCURRENTLY: it holds the lock for that.';

-- An index is ours by what it is over; one that only has the name stays what it is.
CREATE FUNCTION scim_internal.index_repairs(store name, statement text) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    part CONSTANT record := scim_internal.index_said(statement);
    name CONSTANT text := format('%I.%s', store, part.name);
    shape CONSTANT text := part.shape;
    of_table CONSTANT regclass := to_regclass(part.relation);
    kind CONSTANT "char" := (SELECT c.relkind FROM pg_class c WHERE c.oid = of_table);
    index regclass := to_regclass(name);
    partition record;
    twice uuid;
    is_amiss boolean;
BEGIN
    -- nothing is unique over the nodes of a cluster; names of clients are so within a tenant
    IF part.is_unique IS NOT NULL AND strpos(part.said, 'tenant_id') = 0 AND scim_internal.is_distributed(of_table) THEN
        RETURN;
    END IF;
    -- mostly it is there; those below are over something else
    IF EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = index AND i.indrelid = of_table AND i.indisvalid AND scim_internal.index_shape_of(index) = shape) THEN
        RETURN;
    END IF;
    -- which the step of its version will have made room for
    IF index IN (SELECT scim_internal.indexes_without_tenant(to_regnamespace(quote_ident(store)))
                 UNION ALL SELECT f.relation FROM scim_internal.former_document_indexes(to_regnamespace(quote_ident(store))) AS f)
        OR scim_internal.is_of_folded_names(index, shape)
    THEN
        index := NULL;
    END IF;
    -- ours, but that another search_path has put others in the place of what the statement names
    is_amiss := kind = 'r' AND coalesce(scim_internal.is_of_others(index) AND of_table = (SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = index)
        AND regexp_replace(scim_internal.index_shape_of(index), 'OPERATOR[^=]*[.](=)|[[:alnum:]_$]+[.](lower|substr|sha256)', '\1\2', 'g') = shape, false);
    IF part.relation = format('%I.audit', store) AND kind = 'r' THEN
        -- all of its indexes are made with its partitions
        RETURN;
    ELSIF index IS NOT NULL AND (of_table IS DISTINCT FROM (SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = index)
                                 OR shape IS DISTINCT FROM scim_internal.index_shape_of(index) AND NOT is_amiss)
    THEN
        RAISE WARNING 'there is no index %: the store has another relation of that name', name
            USING HINT = format('Give it another name, and call scim.upgrade_store(%L) again.', store);
        RETURN;
    ELSIF NOT is_amiss AND (SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = index) THEN
        RETURN;
    ELSIF kind = 'p' THEN
        IF index IS NOT NULL THEN
            -- one of a partition was not finished, which cannot be let go alone
            RETURN NEXT format('DROP INDEX %s', name);
            RETURN;
        END IF;
        FOR partition IN
            SELECT p.relation, p.index, p.name, coalesce(i.indisvalid, false) AS is_there
            FROM scim_internal.partition_indexes(of_table, shape, part.said) AS p
            LEFT JOIN pg_index i ON i.indexrelid = p.index
        LOOP
            CONTINUE WHEN partition.is_there;
            IF scim_internal.is_being_made(partition.relation) THEN
                RAISE WARNING 'index % is missing, but % may be getting one from another session: call again', name, partition.relation;
                RETURN;
            ELSIF partition.index IS NOT NULL THEN
                RETURN NEXT format('DROP INDEX CONCURRENTLY IF EXISTS %s', partition.index);
            END IF;
            RETURN NEXT scim_internal.qualified(format('%s CONCURRENTLY IF NOT EXISTS %s ON %s %s', part.made, partition.name, partition.relation, part.said));
            index := partition.relation;
        END LOOP;
        -- which takes those of the partitions, and so is made when these are there
        IF index IS NULL THEN
            RETURN NEXT scim_internal.qualified(format('%s IF NOT EXISTS %s ON %s %s', part.made, part.name, part.relation, part.said));
        END IF;
        RETURN;
    ELSIF index IS NOT NULL THEN
        -- CONCURRENTLY that failed leaves an index that is not valid, and until it ends, too
        IF scim_internal.is_being_made(of_table) THEN
            RAISE WARNING 'index % is not valid, but may be in the making by another session: call again', name;
            RETURN;
        ELSIF NOT is_amiss AND (SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = index) THEN
            -- as it is since
            RETURN;
        END IF;
        RETURN NEXT format('DROP INDEX CONCURRENTLY IF EXISTS %s', name);
    END IF;
    -- earlier versions let two tenants have the same id, where somebody gave it
    IF part.said = '(id scim.uuid_key_ops)' AND of_table IS NOT NULL THEN
        EXECUTE format('SELECT id FROM %s GROUP BY id HAVING count(*) > 1 LIMIT 1', of_table) INTO twice;
        IF twice IS NOT NULL THEN
            RAISE WARNING 'there is no index %: two tenants have the same id, such as %', name, twice
                USING HINT = 'No table can refer to this one by the id alone.';
            RETURN;
        END IF;
    END IF;
    RETURN NEXT scim_internal.qualified(format('%s CONCURRENTLY IF NOT EXISTS %s ON %s %s', part.made, part.name, part.relation, part.said));
END
$function$;
COMMENT ON FUNCTION scim_internal.index_repairs(name, text) IS
'The statements that make an index of a store, given by the statement that makes it in a new one, where it is missing or not valid: without writers having to wait, of a table with partitions one partition after the other. Nothing, and a warning, where something else has its name.';

CREATE FUNCTION scim_internal.partition_indexes(of_table regclass, shape text, said text, OUT relation regclass, OUT index regclass, OUT name text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    columns CONSTANT text := (SELECT string_agg(btrim(split_part(btrim(c), ' ', 1), '"'), '_' ORDER BY n) FROM regexp_split_to_table(substring(said FROM '\(([^)]*)\)'), ',') WITH ORDINALITY AS c (c, n));
    partition record;
    number int;
BEGIN
    FOR partition IN
        SELECT c.oid, c.relname, n.nspname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE h.inhparent = of_table ORDER BY c.relname COLLATE "C"
    LOOP
        relation := partition.oid;
        -- one that is of another index of the whole table can be of no second one
        index := (SELECT i.indexrelid FROM pg_index i
            WHERE i.indrelid = relation AND scim_internal.index_shape_of(i.indexrelid::regclass) = shape
              AND NOT EXISTS (SELECT FROM pg_inherits a WHERE a.inhrelid = i.indexrelid)
            ORDER BY i.indisvalid DESC LIMIT 1);
        -- as the server would call it
        number := 0;
        LOOP
            name := quote_ident(concat(left(concat(partition.relname, '_', columns), 58), '_idx', nullif(number, 0)));
            EXIT WHEN coalesce(to_regclass(format('%I.%s', partition.nspname, name)) = index, to_regclass(format('%I.%s', partition.nspname, name)) IS NULL);
            number := number + 1;
        END LOOP;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.partition_indexes(regclass, text, text) IS
'The partitions of a table, which index of a shape each has, and how it is to be called; said: the index as CREATE INDEX says it behind the name of the table.';

CREATE FUNCTION scim_internal.former_index_repairs(store name) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', store, f.aside)
    FROM scim_internal.former_document_indexes(to_regnamespace(quote_ident(store))) AS f
    JOIN pg_index i ON i.indexrelid = to_regclass(format('%I.%I', store, f.table_name || '_data_idx'))
    WHERE i.indisvalid AND i.indexrelid <> f.relation
      AND EXISTS (SELECT FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
                  WHERE o.oid = ANY (i.indclass::oid[]) AND n.nspname = 'scim' AND o.opcname = 'gin_ops');
END;
COMMENT ON FUNCTION scim_internal.former_index_repairs(name) IS
'The statements that drop the former indexes on the documents of a store, each once the one that takes its place is whole.';

-- What CREATE INDEX and REINDEX leave that were CONCURRENTLY and broken off, but for those of every store on tables of resources (scim_internal.missing_indexes). What builds all indexes
-- of a table anew (VACUUM FULL, CLUSTER, REINDEX TABLE) makes copies valid: their name is known by then.
CREATE FUNCTION scim_internal.unfinished_indexes(store name, OUT relation regclass, OUT index regclass, OUT kind text, OUT twin name, OUT is_valid boolean)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    resource CONSTANT regclass := to_regclass(format('%I.resource', store));
    root regclass;
    called name;
    made text;
BEGIN
    FOR relation, index, called, root, made, is_valid IN
        SELECT i.indrelid, i.indexrelid, c.relname, coalesce(h.inhparent, i.indrelid), substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), ' ON ')), i.indisvalid
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i' AND NOT c.relispartition
        JOIN pg_class t ON t.oid = i.indrelid AND t.relkind = 'r'
        LEFT JOIN pg_inherits h ON h.inhrelid = t.oid
        WHERE t.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
          AND (NOT i.indisvalid OR c.relname ~ '_cc(new|old)[0-9]*$' AND NOT i.indisreplident AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid))
        ORDER BY t.relname, c.relname
    LOOP
        twin := (SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid, pg_index u
            WHERE u.indexrelid = index AND i.indrelid = relation AND i.indisvalid AND (i.indisunique OR NOT u.indisunique)
              AND i.indexrelid <> u.indexrelid AND NOT (is_valid AND c.relname ~ '_cc(new|old)[0-9]*$')
              AND substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), ' ON ')) = made
            ORDER BY c.relname LIMIT 1);
        kind := CASE WHEN twin IS NOT NULL THEN 'copy'
            WHEN root = resource AND (called ~ '^scim_[0-9a-f]{16}_filter$' AND strpos(made, 'scim_internal.holds(') > 0
                OR called ~ '_[0-9a-f]{6}_sort$' AND strpos(made, 'scim_internal.sort_text(') > 0) THEN 'asked'
            WHEN EXISTS (SELECT FROM scim_internal.all_statements(store) AS s, LATERAL scim_internal.index_said(s) AS w
                WHERE to_regclass(w.relation) IN (unfinished_indexes.relation, root) AND w.shape = scim_internal.index_shape_of(index)) THEN 'store'
            ELSE 'other' END;
        CONTINUE WHEN kind = 'store' AND root = resource OR kind <> 'copy' AND is_valid;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.unfinished_indexes(name) IS
'Indexes of tables of a store that are not valid, so that they are written and not read, and copies that became valid since. kind: "copy" of a valid one, the twin, as REINDEX leaves it; "asked", of scim.create_sort_index or scim.create_filter_index; "store", which every store has; "other", of somebody else. Those that every store has on tables of resources are told of by scim_internal.missing_indexes.';

CREATE FUNCTION scim_internal.unfinished_index_repairs(store name) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    unfinished record;
BEGIN
    FOR unfinished IN SELECT * FROM scim_internal.unfinished_indexes(store) AS u WHERE u.kind IN ('copy', 'asked') LOOP
        IF scim_internal.is_being_made(unfinished.relation) THEN
            RAISE WARNING 'index % is %, but may be in the making by another session: call again', unfinished.index, CASE WHEN unfinished.is_valid THEN 'a copy' ELSE 'not valid' END;
            CONTINUE;
        END IF;
        RETURN NEXT format('DROP INDEX CONCURRENTLY IF EXISTS %s', unfinished.index);
        IF unfinished.kind = 'asked' THEN
            RETURN NEXT scim_internal.qualified(regexp_replace(pg_get_indexdef(unfinished.index), '^CREATE INDEX ', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS '));
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.unfinished_index_repairs(name) IS
'The statements that drop copies of indexes of a store that REINDEX has left, and make those of scim.create_sort_index and scim.create_filter_index again that are not valid.';
