-- What a store tells who watches it: whether it can serve, and how it is.

CREATE FUNCTION scim_internal.require_ready(role text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_require_ready'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.require_ready(text) IS
'An error (SC503) where the current store cannot serve requests: it is of another version, something of it is missing, or a role lacks grants of conf/postgrest.sql; NULL: no role is looked at.';

CREATE FUNCTION scim_internal.store_faults(store regnamespace, OUT problem text, OUT blocks boolean)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_store_faults'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.store_faults(regnamespace) IS
'What is wrong with the owners of a store''s schema and tables, and with what the owner of the store may do there, each with the statement that mends it. blocks: requests are refused, and not only what is done more rarely, such as what makes tables.';

CREATE FUNCTION scim_internal.is_of_books(table_name name) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_of_books'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.is_of_books(name) IS
'Whether a table of a store is one in which it keeps its books: nobody else writes it, and it has no BEFORE row trigger or rule but the store''s own.';

CREATE FUNCTION scim_internal.refused_triggers(store name, OUT relation regclass, OUT problem text)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH of_store AS (
        SELECT c.oid, c.relname, c.relowner, coalesce(p.relname, c.relname) AS table_name
        FROM pg_class c
        LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
        LEFT JOIN pg_class p ON p.oid = i.inhparent
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind IN ('r', 'p')
    )
    SELECT s.oid::regclass, CASE WHEN w.not_owner THEN format('trigger "%s" of table "%s" must not run as "%s"', t.tgname, s.relname, s.relowner::regrole)
        ELSE format('trigger "%s" of table "%s" must not act before rows are written', t.tgname, s.relname) END
    FROM of_store s
    JOIN pg_trigger t ON t.tgrelid = s.oid
    JOIN pg_proc f ON f.oid = t.tgfoid
    JOIN pg_roles o ON o.oid = f.proowner
    -- below that are the server's own
    CROSS JOIN LATERAL (SELECT f.oid >= 16384 AND f.proowner <> s.relowner AND NOT o.rolsuper AS not_owner) AS w
    WHERE t.tgparentid = 0 AND t.tgenabled <> 'D'
      AND (w.not_owner OR (t.tgtype & 3) = 3 AND f.pronamespace <> 'scim_internal'::regnamespace AND scim_internal.is_of_books(s.table_name))
    UNION ALL
    SELECT s.oid::regclass, format('rule "%s" of table "%s" keeps the store from writing it', r.rulename, s.relname)
    FROM of_store s
    JOIN pg_rewrite r ON r.ev_class = s.oid
    WHERE r.ev_type <> '1' AND r.ev_enabled <> 'D' AND scim_internal.is_of_books(s.table_name)
    ORDER BY 2;
END;
COMMENT ON FUNCTION scim_internal.refused_triggers(name) IS
'Triggers and rules that people have made on tables of a store with which it does not write them, error 42501 (doc/rules.md).';

CREATE FUNCTION scim_internal.unbound_rules(store name, OUT relation regclass, OUT problem text)
    RETURNS SETOF record
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH of_store AS (
        SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
        FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind IN ('r', 'p')
    ), partition AS (
        SELECT s.oid, s.relname, s.relrowsecurity, s.relforcerowsecurity, p.oid AS parent, p.relname AS parent_name,
            p.relforcerowsecurity AS parent_forces
        FROM of_store s
        JOIN pg_inherits i ON i.inhrelid = s.oid
        JOIN of_store p ON p.oid = i.inhparent
    )
    SELECT s.oid::regclass, format('policy "%s" of table "%s" does not bind what goes by table "%s", as all requests do', l.polname, s.relname, s.parent_name)
    FROM partition s
    JOIN pg_policy l ON l.polrelid = s.oid
    WHERE NOT EXISTS (SELECT FROM pg_policy o WHERE o.polrelid = s.parent AND o.polname = l.polname)
    UNION ALL
    SELECT s.oid::regclass, format('policy "%s" of table "%s" does not bind what goes by table "%s"', l.polname, s.parent_name, s.relname)
    FROM partition s
    JOIN pg_policy l ON l.polrelid = s.parent
    WHERE NOT EXISTS (SELECT FROM pg_policy o WHERE o.polrelid = s.oid AND o.polname = l.polname)
    UNION ALL
    SELECT s.oid::regclass, format('trigger "%s" of table "%s" is not called for what goes by table "%s", as all requests do', t.tgname, s.relname, s.parent_name)
    FROM partition s
    JOIN pg_trigger t ON t.tgrelid = s.oid
    JOIN pg_proc f ON f.oid = t.tgfoid
    WHERE (t.tgtype & 1) = 0 AND t.tgenabled <> 'D' AND NOT t.tgisinternal AND f.pronamespace <> 'scim_internal'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_trigger o WHERE o.tgrelid = s.parent AND o.tgname = t.tgname)
    UNION ALL
    SELECT s.oid::regclass, format('rule "%s" of table "%s" does not rewrite what goes by table "%s", as all requests do', r.rulename, s.relname, s.parent_name)
    FROM partition s
    JOIN pg_rewrite r ON r.ev_class = s.oid
    WHERE r.ev_type <> '1' AND r.ev_enabled <> 'D'
      AND NOT EXISTS (SELECT FROM pg_rewrite o WHERE o.ev_class = s.parent AND o.rulename = r.rulename)
    UNION ALL
    SELECT s.oid::regclass, format('trigger "%s" of table "%s" is called before "%s" of the store, so that what it writes is recorded before what it is called for', t.tgname, s.relname, o.tgname)
    FROM of_store s
    JOIN pg_trigger t ON t.tgrelid = s.oid
    JOIN pg_trigger o ON o.tgrelid = s.oid AND o.tgname > t.tgname
    JOIN pg_proc f ON f.oid = o.tgfoid AND f.pronamespace = 'scim_internal'::regnamespace AND f.proname IN ('resource_record', 'member_record', 'credential_record', 'audit_change')
    -- AFTER row triggers, for an event that both are called for
    WHERE (t.tgtype & 3) = 1 AND (o.tgtype & 3) = 1 AND (t.tgtype & o.tgtype & 28) <> 0 AND t.tgenabled <> 'D' AND NOT t.tgisinternal AND t.tgparentid = 0 AND NOT t.tginitdeferred
    UNION ALL
    SELECT s.oid::regclass, format('row-level security of table "%s" has policies and is off', s.relname)
    FROM of_store s
    WHERE NOT s.relrowsecurity AND EXISTS (SELECT FROM pg_policy l WHERE l.polrelid = s.oid)
    UNION ALL
    SELECT s.oid::regclass, CASE WHEN s.parent_forces THEN format('row-level security of table "%s" binds its owner, and that of table "%s" does not', s.parent_name, s.relname)
        ELSE format('row-level security of table "%s" binds its owner, and that of table "%s" does not', s.relname, s.parent_name) END
    FROM partition s
    WHERE s.relforcerowsecurity <> s.parent_forces
    ORDER BY 2;
END;
COMMENT ON FUNCTION scim_internal.unbound_rules(name) IS
'Policies of row-level security, triggers of statements and rules that people have made on a partition or its parent, and that bind only what names that very table; AFTER triggers that come before the store''s own (doc/rules.md).';

CREATE FUNCTION scim_internal.missing_indexes(store name, OUT table_name name, OUT resource_type text, OUT index_name name)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    relation oid;
    part record;
BEGIN
    FOR relation, table_name, resource_type IN
        SELECT t.oid, t.relname, replace(substring(pg_get_expr(t.relpartbound, t.oid) FROM '^FOR VALUES IN \(''(.*)''\)$'), '''''', '''')
        FROM pg_inherits h JOIN pg_class t ON t.oid = h.inhrelid
        WHERE h.inhparent = to_regclass(format('%I.resource', store)) AND t.relnamespace = (SELECT to_regnamespace(quote_ident(store))) ORDER BY t.relname
    LOOP
        FOR part IN
            SELECT i.name, i.shape FROM scim_internal.resource_table_statements(store, table_name, resource_type) AS s, LATERAL scim_internal.index_said(s) AS i WHERE i.shape IS NOT NULL
        LOOP
            index_name := (parse_ident(part.name))[1];
            -- two tenants of an earlier version may have the same id
            CONTINUE WHEN index_name = (table_name || '_id_key')::name
                -- whatever it is called: a table that has another name has its indexes
                OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = relation AND i.indisvalid AND scim_internal.index_shape_of(i.indexrelid::regclass) = part.shape);
            RETURN NEXT;
        END LOOP;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.missing_indexes(name) IS
'Indexes of the tables of resources of a store that are not there or not valid: a load that goes on or was broken off has dropped them, an upgrade is not done, or somebody has taken them away.';

CREATE FUNCTION scim_internal.gateway_problems() RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    WITH of_gateway (kind, oid, name, privilege) AS (
        SELECT 'schema', n.oid, n.oid::regnamespace::text, 'USAGE'
        FROM pg_namespace n
        WHERE n.nspname IN ('api', 'scim', 'scim_internal')
        UNION ALL
        SELECT 'function', p.oid, p.oid::regprocedure::text, 'EXECUTE'
        FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE (n.nspname, p.proname) IN (('api', 'scim_read'), ('api', 'scim_write'), ('api', 'scim_ready'), ('scim', 'gateway'))
    ), grantee AS (
        SELECT r.oid, r.rolname FROM pg_roles r WHERE r.rolname IN ('scim_anon', 'scim_client')
    )
    SELECT format('%s: conf/postgrest.sql grants it for each store (setup.sql of scim-configure does)', lack)
    FROM (
        SELECT format('role "%s" lacks %s on %s %s', g.rolname, o.privilege, o.kind, o.name)
        FROM grantee g CROSS JOIN of_gateway o
        WHERE NOT CASE o.kind WHEN 'schema' THEN has_schema_privilege(g.oid, o.oid, o.privilege) ELSE has_function_privilege(g.oid, o.oid, o.privilege) END
        UNION ALL
        SELECT format('PostgREST may not become role "%s"', g.rolname)
        FROM grantee g CROSS JOIN pg_roles a
        WHERE a.rolname = 'authenticator' AND NOT pg_has_role(a.oid, g.oid, 'MEMBER')) AS l (lack)
    -- a gateway of one's own has other roles
    WHERE EXISTS (SELECT FROM of_gateway o WHERE o.name LIKE 'api.scim_%')
    ORDER BY 1;
END;
COMMENT ON FUNCTION scim_internal.gateway_problems() IS
'What the roles of the gateway that conf/postgrest.sql makes lack without which nobody is served: USAGE of schemas, EXECUTE on the functions that PostgREST calls and on what these call, membership. Nothing where it has not been run in this database.';

CREATE FUNCTION scim_internal.missing_log(store name) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT format('there is no view "%s.%s", though there is the log: conf/request_log.sql makes it (setup.sql of scim-configure does)', store, v.name)
    FROM unnest('{request_log,failed_request,request_statistics,refused_credential}'::name[]) WITH ORDINALITY AS v (name, number)
    WHERE EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'scim_log' AND c.relname = 'request_line')
      AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = store AND c.relname = v.name AND c.relkind = 'v')
    ORDER BY v.number;
END;
COMMENT ON FUNCTION scim_internal.missing_log(name) IS
'The views of conf/request_log.sql that a store lacks in a database that has the log, such as those that DROP EXTENSION CASCADE has taken.';

-- Requests, views and indexes go on with another name; loads, and what tells which indexes there are, ask by that of the registry.
CREATE FUNCTION scim_internal.renamed_tables(store name, OUT problem text) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    -- who watches need not read what the store is configured to be
    IF NOT has_table_privilege(to_regclass(format('%I.resource_type', store)), 'SELECT') THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format($query$
        SELECT format('the table of resource type "%%s" is %%s and not "%%s", until scim.repair_store(%%L) gives it its name again', t.name, c.oid::regclass, t.table_name, %1$L)
        FROM %1$I.resource_type t JOIN pg_class c ON c.oid = scim_internal.table_of_type(%1$L, t.name)
        WHERE c.oid IS DISTINCT FROM to_regclass(format('%%I.%%I', %1$L, t.table_name)) ORDER BY t.name$query$, store);
END
$function$;
COMMENT ON FUNCTION scim_internal.renamed_tables(name) IS
'Tables of resources of a store that have another name than its registry says, or stand in another schema.';

CREATE FUNCTION scim_internal.lost_roles(store name, OUT problem text) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    -- a store of a version that has no such table; and who watches need not read it
    IF has_table_privilege(to_regclass(format('%I.tenant_role', store)), 'SELECT') IS NOT TRUE THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format($query$
        SELECT format('table "tenant_role" names the role "%%s", which is not there: whoever makes a role of that name lets it act for %%s', r.role,
            CASE WHEN bool_or(r.tenant_id IS NULL) THEN 'all tenants' ELSE concat('tenant ', string_agg(r.tenant_id::text, ', ' ORDER BY r.tenant_id)) END)
        FROM %1$I.tenant_role r WHERE NOT EXISTS (SELECT FROM pg_roles p WHERE p.rolname = r.role) GROUP BY r.role ORDER BY r.role$query$, store);
END
$function$;
COMMENT ON FUNCTION scim_internal.lost_roles(name) IS
'Roles that the table tenant_role of a store names and that have been dropped or renamed since.';

CREATE FUNCTION scim.readiness(role text DEFAULT NULL, stores text[] DEFAULT NULL) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
    -- put back at the end, whatever it is meanwhile
    SET scim.store = 'directory'
AS $function$
DECLARE
    store name;
    seen text[] := '{}';
    detail text;
    hint text;
    problems text[] := '{}';
    warnings text[] := '{}';
    granted CONSTANT text := 'conf/postgrest.sql grants it to the gateway, and setup.sql of scim-configure does both';
BEGIN
    FOR store IN
        SELECT n.nspname
        FROM pg_namespace n
        -- of whose tables it is it is told nevertheless
        WHERE (has_schema_privilege(n.oid, 'USAGE') OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'resource' AND pg_has_role(c.relowner, 'USAGE')))
          AND (EXISTS (SELECT FROM pg_class c JOIN pg_class r ON r.relnamespace = c.relnamespace AND r.relname = 'resource' AND r.relkind = 'p' WHERE c.relnamespace = n.oid AND c.relname = 'store' AND c.relkind = 'r')
              -- one that has lost one of them has doors nevertheless
              OR EXISTS (SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = n.oid AND t.tgparentid = 0
                  AND t.tgfoid IN ('scim_internal.resource_door'::regproc, 'scim_internal.member_door'::regproc, 'scim_internal.store_row'::regproc)))
          AND (stores IS NULL OR n.nspname = ANY (stores))
        ORDER BY 1
    LOOP
        seen := seen || store::text;
        BEGIN
            PERFORM set_config('scim.store', store, true);
            PERFORM scim_internal.require_ready(role);
            -- it is read, and not written
            problems := problems || ARRAY(SELECT f.problem FROM scim_internal.store_faults(quote_ident(store)::regnamespace) AS f WHERE f.blocks)
                || ARRAY(SELECT format('store "%s": %s', store, t.problem) FROM scim_internal.refused_triggers(store) AS t)
                || ARRAY(SELECT format('store "%s": %s', store, b.problem) FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE b.blocks);
            IF NOT EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partrelid = to_regclass(format('%I.audit', store)) AND p.partdefid <> 0)
                AND to_regclass(format('%I.audit', store)) IS NOT NULL THEN
                -- what is of no month that there is goes nowhere
                IF EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                    WHERE i.inhparent = to_regclass(format('%I.audit', store)) AND c.relname = to_char(now() AT TIME ZONE 'UTC', '"audit_"YYYY_MM')) THEN
                    warnings := warnings || CASE WHEN role IS NULL THEN ARRAY[format('store "%s": table "audit" lacks its partition "audit_default", and nothing is written once its months are over, until scim.repair_store(%L) makes it', store, store)] ELSE '{}' END;
                ELSE
                    problems := problems || format('store "%s": table "audit" has no partition for what is written now: scim.repair_store(%L) makes it', store, store);
                END IF;
            END IF;
            IF role IS NULL THEN
                warnings := warnings || ARRAY(SELECT f.problem FROM scim_internal.store_faults(quote_ident(store)::regnamespace) AS f WHERE NOT f.blocks)
                    || ARRAY(SELECT format('store "%s": %s', store, u.problem) FROM scim_internal.unbound_rules(store) AS u)
                    || ARRAY(SELECT format('store "%s": %s', store, b.problem) FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE NOT b.blocks AND NOT b.repairable)
                    || ARRAY(SELECT format('store "%s": %s', store, l) FROM scim_internal.missing_log(store) AS l)
                    || ARRAY(SELECT format('store "%s": %s', store, r.problem) FROM scim_internal.renamed_tables(store) AS r)
                    || ARRAY(SELECT format('store "%s": %s', store, r.problem) FROM scim_internal.lost_roles(store) AS r)
                    || ARRAY(SELECT format('store "%s": table "%s" lacks the index%s %s, and searches of it may read all of it, until scim.end_load(%L) or scim.repair_store(%L) makes %s', store, m.table_name,
                            CASE WHEN count(*) > 1 THEN 'es' END, string_agg(format('"%s"', m.index_name), ', ' ORDER BY m.index_name), m.resource_type, store, CASE WHEN count(*) > 1 THEN 'them' ELSE 'it' END)
                        FROM scim_internal.missing_indexes(store) AS m GROUP BY m.table_name, m.resource_type ORDER BY m.table_name)
                    || ARRAY(SELECT format('store "%s": index %s is %s: it is written and not read, until %s', store, u.index,
                            CASE WHEN u.is_valid THEN 'a copy that a REINDEX has left which was broken off' ELSE 'not valid, since its making goes on or was broken off' END,
                            CASE u.kind WHEN 'copy' THEN format('scim.repair_store(%L) drops it, as there is "%s"', store, u.twin) WHEN 'other' THEN 'its owner drops it and makes it again' ELSE format('scim.repair_store(%L) makes it again', store) END)
                        FROM scim_internal.unfinished_indexes(store) AS u);
            END IF;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            IF sqlstate = '42P01' THEN
                -- which table it is that a schema lacks to be one
                problems := problems || format('%s: %s Put that right, what is gone from a backup, and then SELECT scim.repair_store(%L) \gexec in psql.', sqlerrm, detail, store);
            ELSE
                problems := problems || concat_ws('. ', sqlerrm, nullif(hint, ''));
            END IF;
        END;
    END LOOP;
    problems := problems || ARRAY(SELECT format('there is no store "%s" that may be used: scim.create_store(%L) makes it, %s', w, w, granted) FROM unnest(stores) AS w WHERE w <> ALL (seen) ORDER BY 1);
    IF role = 'scim_client' THEN
        problems := ARRAY(SELECT scim_internal.gateway_problems()) || problems;
    END IF;
    IF seen = '{}' AND problems = '{}' THEN
        problems := problems || concat('there is no store that may be used: scim.create_store() makes one, ', granted);
    END IF;
    RETURN jsonb_build_object('status', CASE WHEN problems = '{}' THEN 'ready' ELSE 'not ready' END,
        'writable', NOT pg_is_in_recovery(), 'stores', cardinality(seen), 'problems', problems)
        || CASE WHEN role IS NULL THEN jsonb_build_object('warnings', warnings) ELSE '{}' END;
END
$function$;
COMMENT ON FUNCTION scim.readiness(text, text[]) IS
'Whether the stores that the caller may use, or owns, can serve requests, or those of them that are named, each of which has to be there: an object with status, "ready" or "not ready"; writable, false on a standby; stores, how many there are; problems, what stands in the way of each that cannot. role: the one as which requests are served, whose grants are looked at, too, and of scim_client those of the gateway that conf/postgrest.sql makes; NULL: none, and there are warnings as well: what its owner has put on one table of a store that does not bind what goes by another, or is called before its own triggers (doc/rules.md), views of the log of requests that are gone, values of a mapping that their column cannot hold any more (doc/applications.md), and indexes that are missing, such as those of a load that was broken off, or not valid, such as those whose making was, which keeps no store from serving and is nothing for clients. What the owner of a store may not do in it is a problem where requests are refused for it, and a warning otherwise, each with the statement that mends it. stores: of which it is asked; NULL: of all. GET /readyz of the gateway answers with it (doc/watching.md).';

CREATE FUNCTION scim_internal.index_pending_pages(index regclass) RETURNS bigint
    AS 'MODULE_PATHNAME', 'scim_index_pending_pages'
    LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.index_pending_pages(regclass) IS
'How many pages of a GIN index wait to be sorted in, which every search reads one by one; NULL where it is none, or the caller may not read its table.';

CREATE FUNCTION scim_internal.store_statistics(store name, wanted text)
    RETURNS TABLE (name text, labels jsonb, value float8)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    IF wanted IS NULL OR wanted = 'people' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            SELECT 'resources', jsonb_build_object('tenant', r.tenant_id, 'resource_type', r.resource_type, 'status', r.status), count(*)::float8
            FROM %1$I.resource r
            GROUP BY r.tenant_id, r.resource_type, r.status
            ORDER BY r.tenant_id, r.resource_type, r.status
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'tokens' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            WITH credential AS (
                SELECT tenant_id, 'token' AS kind, id, description AS name, expires_at, last_used_at, former_until, former_used_at,
                    CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= clock_timestamp() THEN 'expired'
                        WHEN last_used_at IS NULL THEN 'unused' ELSE 'used' END AS state
                FROM %1$I.token WHERE client_id IS NULL
                UNION ALL
                SELECT tenant_id, 'client', id, name, expires_at, last_used_at, former_until, former_used_at,
                    CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= clock_timestamp() THEN 'expired'
                        WHEN last_used_at IS NULL THEN 'unused' ELSE 'used' END
                FROM %1$I.client)
            (SELECT 'tokens', jsonb_build_object('tenant', tenant_id, 'kind', kind, 'state', state), count(*)::float8
             FROM credential GROUP BY tenant_id, kind, state ORDER BY tenant_id, kind, state)
            UNION ALL
            (SELECT m.name, jsonb_build_object('tenant', c.tenant_id, 'kind', c.kind, 'id', c.id, 'name', c.name), extract(epoch FROM m.value)::float8
             FROM credential c, LATERAL (VALUES ('token_idle_seconds', CASE WHEN isfinite(c.last_used_at) THEN clock_timestamp() - c.last_used_at END),
                 ('token_expires_in_seconds', CASE WHEN isfinite(c.expires_at) THEN c.expires_at - clock_timestamp() END),
                 -- somebody has come with it, and with no other since, or lately
                 ('token_former_ends_in_seconds', CASE WHEN c.state = 'used' AND c.former_until > clock_timestamp()
                     AND (c.former_used_at >= c.last_used_at OR c.former_used_at > clock_timestamp() - interval '2 hours') THEN c.former_until - clock_timestamp() END)) AS m (name, value)
             -- one that has expired does not end what is told of it, as long as somebody may wonder
             WHERE (c.state IN ('used', 'unused') OR c.state = 'expired' AND c.expires_at > clock_timestamp() - interval '30 days') AND isfinite(m.value)
             ORDER BY c.tenant_id, c.kind, c.id, m.name)
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'events' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            SELECT m.name, jsonb_build_object('tenant', c.tenant_id, 'consumer', c.name), coalesce(m.value, 0)::float8
            FROM %1$I.consumer c
            LEFT JOIN %1$I.consumer_position p ON p.tenant_id = c.tenant_id AND p.consumer_id = c.id
            LEFT JOIN %1$I.event_position l ON l.tenant_id = c.tenant_id
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE d.dead_at IS NULL) AS pending, count(*) FILTER (WHERE d.dead_at IS NOT NULL) AS dead
                FROM %1$I.delivery d WHERE d.tenant_id = c.tenant_id AND d.consumer_id = c.id) AS given
            CROSS JOIN LATERAL (
                SELECT count(*) AS events, min(e.at) AS at FROM %1$I.event e WHERE e.tenant_id = c.tenant_id AND e.position IS NULL) AS unnumbered
            CROSS JOIN LATERAL (SELECT least(unnumbered.at,
                (SELECT e.at FROM %1$I.event e WHERE e.tenant_id = c.tenant_id AND e.position > coalesce(p.position, 0) ORDER BY e.position LIMIT 1),
                (SELECT e.at FROM %1$I.delivery d JOIN %1$I.event e ON e.tenant_id = d.tenant_id AND e.id = d.event_id
                 WHERE d.tenant_id = c.tenant_id AND d.consumer_id = c.id AND d.dead_at IS NULL ORDER BY d.position LIMIT 1)) AS at) AS oldest
            CROSS JOIN LATERAL (VALUES (1, 'consumer_unread_events', greatest(l.last - coalesce(p.position, 0), 0) + unnumbered.events), (2, 'consumer_pending_events', given.pending),
                (3, 'consumer_dead_events', given.dead), (4, 'consumer_oldest_seconds', CASE WHEN isfinite(oldest.at) THEN extract(epoch FROM clock_timestamp() - oldest.at) END)) AS m (n, name, value)
            ORDER BY c.tenant_id, c.name, m.n
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'audit' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            WITH kept (what, days) AS (
                SELECT n.what, coalesce((SELECT (s.value #>> '{}')::int FROM %1$I.setting s WHERE s.name = n.what || '_retention'
                    AND s.tenant_id IS NULL AND s.token_id IS NULL AND s.resource_type IS NULL), 0)
                FROM unnest('{audit,event}'::text[]) AS n (what)
            ), oldest (what, at) AS (
                SELECT 'audit', min(m.ends) FROM scim_internal.audit_months(%1$L) m
                UNION ALL
                SELECT 'event', min(e.at) FROM %1$I.tenant t CROSS JOIN LATERAL (
                    SELECT e.at FROM %1$I.event e WHERE e.tenant_id = t.tenant_id ORDER BY e.id LIMIT 1) AS e
            )
            (SELECT 'audit_seals', jsonb_build_object('tenant', t.tenant_id), coalesce(s.position, 0)::float8
             FROM (SELECT 0 AS tenant_id UNION ALL SELECT tenant_id FROM %1$I.tenant) AS t
             LEFT JOIN LATERAL (SELECT position FROM %1$I.audit_seal s WHERE s.tenant_id = t.tenant_id ORDER BY position DESC LIMIT 1) AS s ON true
             ORDER BY t.tenant_id)
            UNION ALL
            (SELECT 'audit_unsealed_seconds', jsonb_build_object('tenant', t.tenant_id), coalesce(CASE WHEN isfinite(a.at) THEN extract(epoch FROM clock_timestamp() - a.at) END, 0)::float8
             FROM (SELECT 0 AS tenant_id UNION ALL SELECT tenant_id FROM %1$I.tenant) AS t
             LEFT JOIN LATERAL (SELECT horizon FROM %1$I.audit_seal s WHERE s.tenant_id = t.tenant_id ORDER BY position DESC LIMIT 1) AS s ON true
             LEFT JOIN LATERAL (SELECT at FROM %1$I.audit a WHERE a.tenant_id = t.tenant_id AND a.at > coalesce(s.horizon, '-infinity') ORDER BY at LIMIT 1) AS a ON true
             ORDER BY t.tenant_id)
            UNION ALL
            SELECT 'audit_months_ahead', '{}', count(*)::float8 FROM scim_internal.audit_months(%1$L) m WHERE m.begins > now()
            UNION ALL
            SELECT 'retention_overdue_seconds', jsonb_build_object('what', k.what),
                CASE WHEN k.days = 0 THEN 0 ELSE greatest(coalesce(CASE WHEN isfinite(o.at) THEN extract(epoch FROM now() - o.at) END - k.days * 86400.0, 0), 0) END::float8
            FROM kept k JOIN oldest o USING (what)
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'guards' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            SELECT m.name, jsonb_build_object('tenant', t.tenant_id, 'resource_type', p.resource_type, 'policy', p.name), m.value::float8
            FROM %1$I.policy p
            JOIN %1$I.tenant t ON t.tenant_id = p.tenant_id OR p.tenant_id IS NULL AND NOT EXISTS (
                SELECT FROM %1$I.policy o WHERE o.tenant_id = t.tenant_id AND o.resource_type = p.resource_type AND o.kind = p.kind AND o.name = p.name)
            CROSS JOIN LATERAL (
                SELECT count(g.tripped_at) AS tripped, max(extract(epoch FROM clock_timestamp() - g.tripped_at)) FILTER (WHERE isfinite(g.tripped_at)) AS since
                FROM %1$I.guard g WHERE g.policy_id = p.id AND g.tenant_id = t.tenant_id) AS g
            CROSS JOIN LATERAL (VALUES ('guard_tripped', g.tripped), ('guard_tripped_seconds', coalesce(g.since, 0))) AS m (name, value)
            WHERE p.kind = 'guard' AND p.enabled
            ORDER BY t.tenant_id, p.resource_type, p.name, m.name
            $query$, store));
    END IF;
    IF wanted IS NULL OR wanted = 'storage' THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            WITH relation AS (
                SELECT coalesce(i.inhparent, c.oid) AS relid, c.oid, c.reltuples
                FROM pg_class c
                LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
                WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(%1$L))) AND c.relkind = 'r')
            (SELECT m.name, jsonb_build_object('table', c.relname), m.value::float8
             FROM (SELECT relid, sum(pg_total_relation_size(oid)) AS bytes, sum(greatest(reltuples, 0)) AS rows FROM relation GROUP BY relid) AS r
             JOIN pg_class c ON c.oid = r.relid
             CROSS JOIN LATERAL (VALUES ('table_bytes', r.bytes), ('table_rows_estimate', r.rows)) AS m (name, value)
             WHERE m.value > 0
             ORDER BY m.name, c.relname)
            UNION ALL
            (SELECT 'index_pending_pages', jsonb_build_object('index', c.relname), scim_internal.index_pending_pages(c.oid)::float8
             FROM pg_index x JOIN relation r ON r.oid = x.indrelid JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_am a ON a.oid = c.relam
             WHERE a.amname = 'gin'
             ORDER BY c.relname)
            UNION ALL
            (SELECT 'missing_indexes', jsonb_build_object('table', c.relname), count(m.index_name)::float8
             FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid LEFT JOIN scim_internal.missing_indexes(%1$L) m ON m.table_name = c.relname
             WHERE h.inhparent = to_regclass(format('%%I.resource', %1$L))
             GROUP BY c.relname ORDER BY c.relname)
            $query$, store));
    END IF;
    -- what conf/request_log.sql has made, where somebody has run it
    IF (wanted IS NULL OR wanted = 'requests') AND to_regclass(format('%I.request_statistics', store)) IS NOT NULL THEN
        RETURN QUERY EXECUTE scim_internal.of_shards(format($query$
            SELECT m.name, jsonb_build_object('method', s.method, 'endpoint', s.endpoint, 'status', s.status, 'scim_type', s.scim_type), m.value::float8
            FROM %1$I.request_statistics s
            CROSS JOIN LATERAL (VALUES (1, 'requests', s.requests), (2, 'request_seconds', s.seconds)) AS m (n, name, value)
            ORDER BY s.endpoint, s.method, s.status, s.scim_type, m.n
            $query$, store));
    END IF;
    IF (wanted IS NULL OR wanted = 'requests') AND to_regclass(format('%I.refused_credential', store)) IS NOT NULL THEN
        RETURN QUERY EXECUTE format($query$
            SELECT m.name, jsonb_build_object('reason', r.reason) || CASE WHEN r.token_id IS NULL THEN '{}' ELSE jsonb_build_object('tenant', r.tenant_id, 'kind', r.kind, 'id', r.token_id, 'name', r.token) END, m.value::float8
            FROM %1$I.refused_credential r, LATERAL (VALUES ('credentials_refused', r.requests), ('credentials_refused_ago_seconds', extract(epoch FROM clock_timestamp() - r.last_at))) AS m (name, value)
            ORDER BY r.reason, r.tenant_id, r.token_id, m.name
            $query$, store);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.store_statistics(name, text) IS
'The rows of scim.statistics of a store, as somebody who may read all of it.';

CREATE FUNCTION scim_internal.log_entry(line text, OUT at timestamptz, OUT request_id text, OUT tenant_id int, OUT token_id uuid,
        OUT address text, OUT method text, OUT path text, OUT endpoint text, OUT status int, OUT scim_type text, OUT detail text,
        OUT seconds float8, OUT received bigint, OUT sent bigint, OUT agent text)
    RETURNS record
    AS 'MODULE_PATHNAME', 'scim_log_entry'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.log_entry(text) IS
'A line of the log of the gateway, as log_format of conf/nginx.conf.in makes it; NULL where it is none, or not whole yet. For conf/request_log.sql.';

CREATE FUNCTION scim.statistics(part text DEFAULT NULL, OUT store text, OUT name text, OUT labels jsonb, OUT value float8)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'scim_statistics'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.statistics(text) IS
'Figures of the current store for who watches it, of all tenants and without names of people: a row for each, with its name and what it is about. part: people, tokens, events, audit, guards, storage or requests; NULL: all of them. doc/watching.md explains each. Errors: 42501 for who may not read the table "store", 22023 for a part that there is not.';
REVOKE ALL ON FUNCTION scim.statistics(text) FROM PUBLIC;

CREATE FUNCTION scim_internal.console(store name, part text, tenant int, types text[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET "TimeZone" = 'UTC'
    SET "DateStyle" = 'ISO'
AS $function$
DECLARE
    query text;
    answer jsonb;
BEGIN
    CASE part
    WHEN 'people' THEN
        query := $query$
            SELECT r.resource_type AS type, r.status, count(*) AS count
            FROM %1$I.resource r
            WHERE r.tenant_id = $1 AND ($2 IS NULL OR r.resource_type = ANY ($2))
            GROUP BY 1, 2 ORDER BY 1, 2
            $query$;
    WHEN 'changes' THEN
        -- the newest, and then their names
        query := $query$
            SELECT a.at, a.actor, a.token, a.operation, a.resource_type AS type, a.resource_id AS id, a.name, a.member_id,
                CASE WHEN $2 IS NULL OR (SELECT m.resource_type FROM %1$I.resource m WHERE m.tenant_id = a.tenant_id AND m.id = a.member_id) = ANY ($2) THEN a.member_name END AS member_name,
                a.object, a.key, a.version, a.request_id
            FROM %1$I.activity a
            WHERE a.tenant_id = $1 AND ($2 IS NULL OR a.resource_type IS NULL OR a.resource_type = ANY ($2))
            ORDER BY a.at DESC, a.resource_id DESC, a.member_id NULLS LAST, a.object, a.key LIMIT 100
            $query$;
    WHEN 'requests' THEN
        IF to_regclass(format('%I.failed_request', store)) IS NULL THEN
            RETURN jsonb_build_object('part', part, 'at', now(), 'available', false, 'rows', '[]'::jsonb);
        END IF;
        -- what showed no token is of who is alone in the store
        query := $query$
            SELECT f.last_at AS at, f.first_at, coalesce(f.token, f.token_id::text) AS token, f.method, f.endpoint, f.status, f.scim_type, f.requests, f.last_detail AS detail, f.last_request_id AS request_id
            FROM %1$I.failed_request f
            WHERE f.tenant_id = $1 OR f.tenant_id IS NULL AND (SELECT count(*) FROM %1$I.tenant) = 1
            ORDER BY f.last_at DESC LIMIT 100
            $query$;
    WHEN 'tokens' THEN
        query := $query$
            SELECT c.*, CASE WHEN c.revoked_at IS NOT NULL THEN 'revoked' WHEN c.expires_at <= clock_timestamp() THEN 'expired'
                WHEN c.last_used_at IS NULL THEN 'unused' ELSE 'used' END AS state
            FROM (SELECT 'token' AS kind, id, description AS name, scopes, created, expires_at, revoked_at, last_used_at FROM %1$I.token WHERE tenant_id = $1
                UNION ALL
                SELECT 'client', id, name, scopes, created, expires_at, revoked_at, last_used_at FROM %1$I.client WHERE tenant_id = $1) AS c
            ORDER BY c.revoked_at IS NOT NULL, c.last_used_at DESC NULLS LAST, c.name LIMIT 200
            $query$;
    WHEN 'leaving' THEN
        query := $query$
            (SELECT 'OFFBOARDING' AS step, r.resource_type AS type, r.id, coalesce(r.user_name, r.display_name) AS name, r.display_name, r.deactivated_at AS at, NULL AS actor
             FROM %1$I.resource r
             WHERE r.tenant_id = $1 AND r.status = 'OFFBOARDING' AND ($2 IS NULL OR r.resource_type = ANY ($2))
             ORDER BY r.deactivated_at NULLS FIRST, r.id LIMIT 200)
            UNION ALL
            (SELECT l.operation, 'User', l.id, l.user_name, l.display_name, l.at, l.actor
             FROM %1$I.leaver l
             WHERE l.tenant_id = $1 AND l.at > now() - interval '30 days' AND ($2 IS NULL OR 'User' = ANY ($2))
             ORDER BY l.at DESC LIMIT 100)
            $query$;
    END CASE;
    EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(q)), ''[]'') FROM (%s) AS q', format(query, store)) INTO answer USING tenant, types;
    RETURN jsonb_build_object('part', part, 'at', now(), 'available', true, 'rows', answer);
END
$function$;
COMMENT ON FUNCTION scim_internal.console(name, text, int, text[]) IS
'What GET /.console/PART answers (doc/console.md), of a tenant of a store: people by status, the newest changes, requests that failed, tokens and clients with their last use, who is leaving and who left in the last 30 days. types: those of whose resources it tells; NULL: all.';
