-- The table "audit" of version 0.3.0 is made one of partitions: the rows that it has move,
-- and what people have made on it is made again.  Views stay what they are and read the new
-- table; what can neither stay nor be made again has the upgrade refused by the server, since
-- nothing is dropped by CASCADE.
CREATE FUNCTION scim_internal.views_on_table(relation regclass, kind "char") RETURNS SETOF regclass
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT v.oid::regclass
    FROM pg_class v
    WHERE v.relkind = kind AND v.relowner = (SELECT relowner FROM pg_class WHERE pg_class.oid = relation)
      AND v.oid IN (SELECT r.ev_class FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
                    WHERE (d.classid, d.refclassid, d.refobjid) = ('pg_rewrite'::regclass, 'pg_class'::regclass, relation));
END;
COMMENT ON FUNCTION scim_internal.views_on_table(regclass, "char") IS
'Views, or materialized views, that read a table and have the same owner; kind is that of pg_class.';

CREATE FUNCTION scim_internal.column_options(options text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(o, ', ') FROM unnest(options) AS o WHERE starts_with(o, 'n_distinct');
END;
COMMENT ON FUNCTION scim_internal.column_options(text[]) IS
'Which options of a column somebody has set: n_distinct and n_distinct_inherited.';

CREATE FUNCTION scim_internal.turned_views(relation regclass)
    RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT format('CREATE OR REPLACE VIEW %s%s AS %s', v.oid::regclass, ' WITH (' || array_to_string(v.reloptions, ', ') || ')', pg_get_viewdef(v.oid))
    FROM pg_class v
    WHERE v.oid IN (SELECT scim_internal.views_on_table(relation, 'v'));
END;
COMMENT ON FUNCTION scim_internal.turned_views(regclass) IS
'The statements that have the views on a table of a store, of the same owner, read the one that takes its place: they stay what they are, and so does what is made on them.';

CREATE FUNCTION scim_internal.taken_index_names(relation regclass, OUT index regclass, OUT free_name name)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT c.oid::regclass, (left(c.relname, 59) || '_own')::name
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indrelid = relation
      AND EXISTS (SELECT FROM scim_internal.store_statements(n.nspname) AS s WHERE starts_with(s, format('CREATE INDEX %I ON %s (', c.relname, relation)));
END;
COMMENT ON FUNCTION scim_internal.taken_index_names(regclass) IS
'Indexes of a table of a store that have names which the store uses for its own, and what else they can be called.';

CREATE FUNCTION scim_internal.made_on_table(relation regclass)
    RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    -- columns of one's own come along with the others
    WITH named AS (
        SELECT c.*, c.oid = relation AS is_table, c.oid::regclass::text AS name
        FROM pg_class c
        WHERE c.oid = relation OR c.oid IN (SELECT scim_internal.views_on_table(relation, 'm'))
    ), own_index AS (
        SELECT n.relnamespace, c.oid, c.relname, i.indisunique, coalesce(k.free_name, c.relname) AS new_name
        FROM named n
        JOIN pg_index i ON i.indrelid = n.oid
        JOIN pg_class c ON c.oid = i.indexrelid
        LEFT JOIN scim_internal.taken_index_names(relation) AS k ON k.index = c.oid
        WHERE NOT i.indisprimary AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid AND conrelid = n.oid)
          -- the store's own
          AND NOT (n.is_table AND pg_get_indexdef(c.oid) = format('CREATE INDEX audit_resource_id_idx ON %s USING btree (tenant_id, resource_id, id)', n.name))
    ), own_trigger AS (
        SELECT n.name AS of_name, t.* FROM named n JOIN pg_trigger t ON t.tgrelid = n.oid WHERE n.is_table AND NOT t.tgisinternal
    ), made (step, statement) AS (
        SELECT 1, format('CREATE MATERIALIZED VIEW %s%s AS %s%s', n.name, ' WITH (' || array_to_string(n.reloptions, ', ') || ')',
            rtrim(pg_get_viewdef(n.oid), ';'), CASE WHEN NOT n.relispopulated THEN ' WITH NO DATA' END)
        FROM named n WHERE NOT n.is_table
        UNION ALL
        SELECT 2, format('GRANT %s ON %s TO %s%s', a.privilege_type, n.name,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM named n, aclexplode(n.relacl) a WHERE a.grantee <> n.relowner
        UNION ALL
        SELECT 2, format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, n.name,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM named n JOIN pg_attribute t ON t.attrelid = n.oid, aclexplode(t.attacl) a
        UNION ALL
        SELECT 2, format('COMMENT ON MATERIALIZED VIEW %s IS %L', n.name, obj_description(n.oid, 'pg_class'))
        FROM named n WHERE NOT n.is_table AND obj_description(n.oid, 'pg_class') IS NOT NULL
        UNION ALL
        SELECT 2, format('COMMENT ON COLUMN %s.%I IS %L', n.name, t.attname, col_description(n.oid, t.attnum))
        FROM named n JOIN pg_attribute t ON t.attrelid = n.oid WHERE NOT n.is_table AND col_description(n.oid, t.attnum) IS NOT NULL
        UNION ALL
        SELECT 2, format('SECURITY LABEL FOR %I ON %s %s IS %L', l.provider, upper(l.objtype), l.objname, l.label)
        FROM named n JOIN pg_seclabels l ON (l.classoid, l.objoid) = ('pg_class'::regclass, n.oid)
        UNION ALL
        SELECT 3, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', n.name) FROM named n WHERE n.is_table AND n.relforcerowsecurity
        UNION ALL
        SELECT 3, format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, n.name, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
            CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
            (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE r::regrole::text END, ', ') FROM unnest(p.polroles) r),
            ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
        FROM named n JOIN pg_policy p ON p.polrelid = n.oid WHERE n.is_table AND p.polname <> 'tenant'
        UNION ALL
        SELECT 4, format('COMMENT ON POLICY %I ON %s IS %L', p.polname, n.name, obj_description(p.oid, 'pg_policy'))
        FROM named n JOIN pg_policy p ON p.polrelid = n.oid WHERE n.is_table AND p.polname <> 'tenant' AND obj_description(p.oid, 'pg_policy') IS NOT NULL
        UNION ALL
        SELECT 5, overlay(pg_get_indexdef(i.oid) PLACING format('CREATE%s INDEX %I', u.is_unique, i.new_name)
            FROM 1 FOR length(format('CREATE%s INDEX %I', u.is_unique, i.relname)))
        FROM own_index i, LATERAL (SELECT CASE WHEN i.indisunique THEN ' UNIQUE' END AS is_unique) AS u
        UNION ALL
        SELECT 5, format('ALTER TABLE %s ADD CONSTRAINT %I %s', n.name, o.conname, pg_get_constraintdef(o.oid))
        FROM named n JOIN pg_constraint o ON o.conrelid = n.oid WHERE n.is_table AND o.contype IN ('f', 'u', 'x')
        UNION ALL
        SELECT 5, pg_get_statisticsobjdef(e.oid) FROM named n JOIN pg_statistic_ext e ON e.stxrelid = n.oid
        UNION ALL
        SELECT 6, format('COMMENT ON INDEX %s.%I IS %L', i.relnamespace::regnamespace, i.new_name, obj_description(i.oid, 'pg_class'))
        FROM own_index i WHERE obj_description(i.oid, 'pg_class') IS NOT NULL
        UNION ALL
        SELECT 6, format('COMMENT ON CONSTRAINT %I ON %s IS %L', o.conname, n.name, obj_description(o.oid, 'pg_constraint'))
        FROM named n JOIN pg_constraint o ON o.conrelid = n.oid WHERE n.is_table AND o.contype IN ('f', 'u', 'x') AND obj_description(o.oid, 'pg_constraint') IS NOT NULL
        UNION ALL
        SELECT 6, format('COMMENT ON STATISTICS %s.%I IS %L', e.stxnamespace::regnamespace, e.stxname, obj_description(e.oid, 'pg_statistic_ext'))
        FROM named n JOIN pg_statistic_ext e ON e.stxrelid = n.oid WHERE obj_description(e.oid, 'pg_statistic_ext') IS NOT NULL
        UNION ALL
        SELECT 6, format('ALTER STATISTICS %s.%I SET STATISTICS %s', e.stxnamespace::regnamespace, e.stxname, e.stxstattarget)
        FROM named n JOIN pg_statistic_ext e ON e.stxrelid = n.oid WHERE e.stxstattarget >= 0
        UNION ALL
        SELECT 6, format('ALTER %s %s ALTER COLUMN %I SET STATISTICS %s', CASE WHEN n.is_table THEN 'TABLE' ELSE 'MATERIALIZED VIEW' END, n.name, t.attname, t.attstattarget)
        FROM named n JOIN pg_attribute t ON t.attrelid = n.oid WHERE t.attnum > 0 AND NOT t.attisdropped AND t.attstattarget >= 0
        UNION ALL
        SELECT 6, format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', n.name, t.attname, o.options)
        FROM named n JOIN pg_attribute t ON t.attrelid = n.oid, scim_internal.column_options(t.attoptions) AS o (options) WHERE n.is_table AND t.attnum > 0 AND NOT t.attisdropped AND o.options <> ''
        UNION ALL
        SELECT 6, CASE n.relreplident WHEN 'f' THEN format('ALTER TABLE %s REPLICA IDENTITY FULL', n.name)
            WHEN 'n' THEN format('ALTER TABLE %s REPLICA IDENTITY NOTHING', n.name)
            ELSE (SELECT format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', n.name, c.relname)
                  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = n.oid AND i.indisreplident AND NOT i.indisprimary) END
        FROM named n WHERE n.is_table AND n.relreplident <> 'd'
        UNION ALL
        SELECT 6, format('ALTER PUBLICATION %I ADD TABLE %s%s%s', p.pubname, n.name,
            ' (' || (SELECT string_agg(quote_ident(t.attname), ', ' ORDER BY t.attnum) FROM pg_attribute t WHERE t.attrelid = n.oid AND t.attnum = ANY (m.prattrs)) || ')',
            ' WHERE (' || pg_get_expr(m.prqual, m.prrelid) || ')')
        FROM named n JOIN pg_publication_rel m ON m.prrelid = n.oid JOIN pg_publication p ON p.oid = m.prpubid WHERE n.is_table
        UNION ALL
        SELECT 7, pg_get_triggerdef(t.oid) FROM own_trigger t
        UNION ALL
        SELECT 7, pg_get_ruledef(r.oid) FROM named n JOIN pg_rewrite r ON r.ev_class = n.oid WHERE n.is_table
        UNION ALL
        SELECT 8, format('ALTER TABLE %s %s TRIGGER %I', t.of_name,
            CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname)
        FROM own_trigger t WHERE t.tgenabled <> 'O'
        UNION ALL
        SELECT 8, format('ALTER TABLE %s %s RULE %I', n.name,
            CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, r.rulename)
        FROM named n JOIN pg_rewrite r ON r.ev_class = n.oid WHERE n.is_table AND r.ev_enabled <> 'O'
        UNION ALL
        SELECT 8, format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, t.of_name, obj_description(t.oid, 'pg_trigger'))
        FROM own_trigger t WHERE obj_description(t.oid, 'pg_trigger') IS NOT NULL
        UNION ALL
        SELECT 8, format('COMMENT ON RULE %I ON %s IS %L', r.rulename, n.name, obj_description(r.oid, 'pg_rewrite'))
        FROM named n JOIN pg_rewrite r ON r.ev_class = n.oid WHERE n.is_table AND obj_description(r.oid, 'pg_rewrite') IS NOT NULL
    )
    SELECT statement FROM made ORDER BY step;
END;
COMMENT ON FUNCTION scim_internal.made_on_table(regclass) IS
'The statements that make again what people have made on a table of a store, for one that takes its place: grants, policies, indexes, constraints, statistics, triggers, rules, publications, and materialized views of the same owner.';

-- Partitions have no identity columns before PostgreSQL 17: a sequence of the same name goes on
-- as the default of the column.
CREATE FUNCTION scim_internal.free_identity(relation regclass) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    identity record;
    statement text;
BEGIN
    FOR identity IN
        SELECT a.attname, c.oid::regclass::text AS sequence, s.*, pg_sequence_last_value(s.seqrelid) AS last, obj_description(c.oid, 'pg_class') AS comment
        FROM pg_attribute a
        JOIN pg_depend d ON (d.classid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype) = ('pg_class'::regclass, 'pg_class'::regclass, relation, a.attnum, 'i')
        JOIN pg_class c ON c.oid = d.objid
        JOIN pg_sequence s ON s.seqrelid = c.oid
        WHERE a.attrelid = relation AND a.attidentity <> ''
    LOOP
        RAISE WARNING 'column "%" of % is no identity column any more, but has values of sequence % as its default', identity.attname, relation, identity.sequence;
        FOR statement IN VALUES
            (format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY', relation, identity.attname)),
            (format('CREATE SEQUENCE %s AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s', identity.sequence, identity.seqtypid::regtype, identity.seqincrement,
                identity.seqmin, identity.seqmax, identity.seqstart, identity.seqcache, CASE WHEN identity.seqcycle THEN ' CYCLE' END)),
            (format('COMMENT ON SEQUENCE %s IS %L', identity.sequence, identity.comment)),
            (format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT nextval(%L::regclass)', relation, identity.attname, identity.sequence)),
            (format('ALTER SEQUENCE %s OWNED BY %s.%I', identity.sequence, relation, identity.attname)),
            (format('SELECT setval(%L, %s)', identity.sequence, identity.last))
        LOOP
            -- a sequence that has given no value
            CONTINUE WHEN statement IS NULL;
            EXECUTE statement;
        END LOOP;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.free_identity(regclass) IS
'Makes identity columns of a table ones with a sequence as their default, which goes on where it was.';

-- What each partition needs by itself.
CREATE FUNCTION scim_internal.told_to_partitions(relation regclass) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT format('SET (%s)', array_to_string(c.reloptions, ', ')) FROM pg_class c WHERE c.oid = relation AND c.reloptions <> '{}'
    UNION ALL
    SELECT format('SET TABLESPACE %I', s.spcname) FROM pg_class c JOIN pg_tablespace s ON s.oid = c.reltablespace WHERE c.oid = relation
    UNION ALL
    SELECT format('ALTER COLUMN %I SET (%s)', t.attname, o.options)
    FROM pg_attribute t, scim_internal.column_options(t.attoptions) AS o (options)
    WHERE t.attrelid = relation AND t.attnum > 0 AND NOT t.attisdropped AND o.options <> ''
    UNION ALL
    SELECT CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' ELSE 'REPLICA IDENTITY NOTHING' END
    FROM pg_class c WHERE c.oid = relation AND c.relreplident IN ('f', 'n');
END;
COMMENT ON FUNCTION scim_internal.told_to_partitions(regclass) IS
'What of a table its partitions do not inherit, as the ends of statements ALTER TABLE.';

CREATE FUNCTION scim_internal.partition_audit(old_audit regclass)
    RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET "TimeZone" = 'UTC'
AS $function$
DECLARE
    store CONSTANT name := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = old_audit);
    of_table CONSTANT text := old_audit;
    columns text;
    views text[];
    again text[];
    of_partitions text[];
    taken record;
    month record;
    statement text;
    others text;
BEGIN
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', of_table);
    IF EXISTS (SELECT FROM pg_inherits WHERE old_audit IN (inhrelid, inhparent)) THEN
        RAISE EXCEPTION 'table % inherits from another, or another from it', of_table USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'It becomes one of partitions, for which that cannot be: ALTER TABLE ... NO INHERIT before.';
    END IF;
    PERFORM scim_internal.free_identity(old_audit);
    columns := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = old_audit AND attnum > 0 AND NOT attisdropped AND attgenerated = '');
    views := ARRAY(SELECT scim_internal.turned_views(old_audit));
    again := ARRAY(SELECT scim_internal.made_on_table(old_audit));
    of_partitions := ARRAY(SELECT scim_internal.told_to_partitions(old_audit));
    FOR taken IN
        SELECT k.* FROM scim_internal.taken_index_names(old_audit) AS k
        WHERE EXISTS (SELECT FROM unnest(again) AS s WHERE s ~ format('^CREATE (UNIQUE )?INDEX %I ON ', k.free_name))
    LOOP
        RAISE WARNING 'index % is called % now: the store has an index of that name', taken.index, taken.free_name;
    END LOOP;
    -- so that the names are free
    FOR statement IN
        SELECT format('DROP MATERIALIZED VIEW %s', v) FROM scim_internal.views_on_table(old_audit, 'm') AS v
        UNION ALL
        SELECT format('ALTER TABLE %s RENAME TO %I', of_table, 'audit_before')
        UNION ALL
        SELECT format('ALTER INDEX %s RENAME TO %I', indexrelid::regclass, 'audit_before_' || row_number() OVER ()) FROM pg_index WHERE indrelid = old_audit
        UNION ALL
        SELECT format('ALTER STATISTICS %s.%I RENAME TO %I', stxnamespace::regnamespace, stxname, 'audit_before_' || row_number() OVER ()) FROM pg_statistic_ext WHERE stxrelid = old_audit
    LOOP
        EXECUTE statement;
    END LOOP;
    FOR statement IN SELECT replace(s, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$
        CREATE TABLE @.audit (LIKE @.audit_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS)
            PARTITION BY RANGE (at);
        ALTER TABLE @.audit
            ALTER COLUMN at SET DEFAULT clock_timestamp(),
            ALTER COLUMN resource_type DROP NOT NULL,
            ALTER COLUMN resource_id DROP NOT NULL,
            ADD COLUMN token_id uuid,
            ADD COLUMN subject text,
            ADD COLUMN role name,
            ADD COLUMN request_id text,
            ADD COLUMN object text COLLATE "C",
            ADD COLUMN key text COLLATE "C",
            ADD COLUMN status text COLLATE "C",
            ADD COLUMN detail jsonb,
            ADD COLUMN salt bytea,
            ADD COLUMN content_digest bytea,
            ADD COLUMN digest bytea;
        ALTER TABLE @.audit ADD PRIMARY KEY (tenant_id, at, id);
        CREATE INDEX audit_resource_id_idx ON @.audit (tenant_id, resource_id, at, id);
        CREATE INDEX audit_change_idx ON @.audit (tenant_id, change);
        CREATE INDEX audit_member_id_idx ON @.audit (tenant_id, member_id, at) WHERE member_id IS NOT NULL;
        CREATE INDEX audit_members_idx ON @.audit (tenant_id, resource_id, at, id) WHERE member_id IS NOT NULL AND detail IS NOT NULL;
        CREATE INDEX audit_object_idx ON @.audit (tenant_id, object, key, at) WHERE object IS NOT NULL;
        ALTER TABLE @.audit ENABLE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON @.audit FOR SELECT USING (tenant_id = scim.tenant());
        CREATE POLICY store_wide ON @.audit FOR SELECT USING (tenant_id = 0);
        $ddl$) AS s
    LOOP
        EXECUTE statement;
    END LOOP;
    -- which partitions take over
    FOR statement IN SELECT s FROM scim_internal.store_statements(store) AS s WHERE starts_with(s, format('COMMENT ON COLUMN %I.audit.', store)) LOOP
        EXECUTE statement;
    END LOOP;
    -- A partition gets its rows before its indexes.
    FOR month IN EXECUTE format('SELECT ''audit_default'' AS table_name, ''DEFAULT'' AS bounds, ''at < ''''1000-01-01'''' OR at >= ''''9999-12-01'''''' AS condition UNION ALL '
        'SELECT to_char(at, ''"audit_"YYYY_MM''), scim_internal.audit_month_bounds(at), format(''at >= %%L AND at < %%L'', at, at + interval ''1 month'') '
        'FROM (SELECT DISTINCT date_trunc(''month'', at) AS at FROM %I.audit_before WHERE at >= ''1000-01-01'' AND at < ''9999-12-01'') AS m', store)
    LOOP
        FOR statement IN SELECT scim_internal.audit_table_statements(store, month.table_name, month.bounds) LOOP
            IF statement ~ ' ATTACH PARTITION ' THEN
                EXECUTE format('INSERT INTO %1$I.%2$I (%3$s, salt, content_digest, digest) SELECT %3$s, r.salt, d.content_digest, d.digest FROM '
                    '(SELECT *, NULL::uuid AS token_id, NULL::text AS subject, NULL::name AS role, NULL::text AS request_id, NULL::text AS object, '
                    'NULL::text AS key, NULL::text AS status, NULL::jsonb AS detail, CASE WHEN before IS NOT NULL THEN uuid_send(gen_random_uuid()) END AS salt, '
                    'NULL::bytea AS content_digest FROM %1$I.audit_before WHERE %4$s) AS r, scim_internal.audit_digest(r) AS d',
                    store, month.table_name, columns, month.condition);
            END IF;
            EXECUTE statement;
        END LOOP;
    END LOOP;
    PERFORM scim_internal.create_audit_tables(store);
    FOR statement IN
        SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I', d.objid::regclass, of_table, a.attname)
        FROM pg_depend d
        JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid)
        WHERE (d.classid, d.refclassid, d.refobjid, d.deptype) = ('pg_class'::regclass, 'pg_class'::regclass, old_audit, 'a')
          AND EXISTS (SELECT FROM pg_sequence WHERE seqrelid = d.objid)
        UNION ALL
        SELECT s FROM unnest(views) AS s
    LOOP
        EXECUTE statement;
    END LOOP;
    EXECUTE format('DROP TABLE %I.audit_before', store);
    FOREACH statement IN ARRAY again LOOP
        EXECUTE statement;
    END LOOP;
    FOR statement IN
        SELECT format('ALTER TABLE %s %s', i.inhrelid::regclass, s) FROM pg_inherits i, unnest(of_partitions) AS s WHERE i.inhparent = of_table::regclass
        UNION ALL
        SELECT format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', p.indrelid::regclass, c.relname)
        FROM pg_index i JOIN pg_inherits h ON h.inhparent = i.indexrelid JOIN pg_index p ON p.indexrelid = h.inhrelid JOIN pg_class c ON c.oid = p.indexrelid
        WHERE i.indrelid = of_table::regclass AND i.indisreplident
    LOOP
        EXECUTE statement;
    END LOOP;
    IF of_partitions <> '{}' THEN
        RAISE WARNING 'partitions of % that are made later have to be told: %', of_table, array_to_string(of_partitions, ', ');
    END IF;
EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS others = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION 'table % becomes one of partitions, and something depends on it that cannot be made again', of_table
        USING ERRCODE = 'dependent_objects_still_exist', DETAIL = replace(others, 'audit_before', 'audit'),
              HINT = 'Drop it before, and make it again afterwards.';
END
$function$;
COMMENT ON FUNCTION scim_internal.partition_audit(regclass) IS
'Makes of the table "audit" of a store of version 0.3.0 one of partitions by month, with the rows and all that people have made on it. Error 2BP01, which names them, where others depend on it in a way that cannot be made again.';
