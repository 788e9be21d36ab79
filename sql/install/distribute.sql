-- A store that Citus distributes over the nodes of a cluster: doc/citus.md.

CREATE FUNCTION scim.at_tenant(tenant_id int, query text, VARIADIC arguments text[] DEFAULT '{}')
    RETURNS SETOF jsonb
    AS 'MODULE_PATHNAME', 'scim_at_tenant'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.at_tenant(int, text, text[]) IS
'Executes a query for a tenant of the current store, as the caller, and returns its rows as JSON objects. Of a store that scim.distribute_store() has distributed it does so on the node where the tenant''s rows are, in the same transaction; of any other here. Names in the query have their schema; $1, $2, ... are the arguments, all of type text. Errors: SC404 where there is no such tenant, SC403 for who may act for another one only.';

CREATE FUNCTION scim_internal.at_shards(store regnamespace, tenant_id int, said jsonb, query text, arguments text[])
    RETURNS SETOF jsonb
    AS 'MODULE_PATHNAME', 'scim_at_shards'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.at_shards(regnamespace, int, jsonb, text, text[]) IS
'What at_tenant() of a distributed store calls on the node of a tenant: makes settings of what was said, takes the shards of the tenant for the tables of the store, and executes a query. Errors: 42501 for who may not execute that function, 40001 where the shards are on another node.';

CREATE FUNCTION scim_internal.gateway_answer(headers json, body bytea) RETURNS scim.response
    LANGUAGE C VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_gateway_answer';
COMMENT ON FUNCTION scim_internal.gateway_answer(json, bytea) IS
'What scim.gateway() calls on the node of a tenant: the same, with the answer as a row.';
REVOKE ALL ON FUNCTION scim_internal.gateway_answer(json, bytea) FROM PUBLIC;

CREATE FUNCTION scim_internal.audit_config(operation text, object text, key text, before jsonb, detail jsonb) RETURNS void
    LANGUAGE C VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_audit_config';
COMMENT ON FUNCTION scim_internal.audit_config(text, text, text, jsonb, jsonb) IS
'What a change of configuration calls on the node of the tenant whom it is about: writes the row of the audit. Error 42501 elsewhere, and for who is not the owner of the store.';
REVOKE ALL ON FUNCTION scim_internal.audit_config(text, text, text, jsonb, jsonb) FROM PUBLIC;

CREATE FUNCTION scim_internal.follow_types(resource_types text[], refuse boolean) RETURNS void
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_follow_types';
COMMENT ON FUNCTION scim_internal.follow_types(text[], boolean) IS
'What a change of the registry of a distributed store calls on the nodes, for one tenant of each shard: checks the stored resources of some types, and rewrites what is not canonical any more. refuse: an error where one would not be valid. Error 42501 elsewhere, and for who is not the owner of the store.';

CREATE FUNCTION scim_internal.remove_resources(resource_type text) RETURNS void
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_remove_resources';
COMMENT ON FUNCTION scim_internal.remove_resources(text) IS
'The same before a resource type goes: its resources are deleted, each audited and told of.';

CREATE FUNCTION scim_internal.forget_type(resource_type text, table_name text) RETURNS void
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_forget_type';
COMMENT ON FUNCTION scim_internal.forget_type(text, text) IS
'The same where a resource type goes: what belonged to its resources goes, but for their rows.';

CREATE FUNCTION scim_internal.follow_policies(changed jsonb, unique_types text[], deleted boolean) RETURNS void
    LANGUAGE C VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_follow_policies';
COMMENT ON FUNCTION scim_internal.follow_policies(jsonb, text[], boolean) IS
'The same where policies are written: what is stored follows those that changed, an array of their rows; what is unique of some types is made anew; deleted: what guards have counted that are gone is forgotten.';

CREATE FUNCTION scim_internal.retain_shards() RETURNS SETOF text
    LANGUAGE C VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_retain_shards';
COMMENT ON FUNCTION scim_internal.retain_shards() IS
'What scim.apply_retention() calls for one tenant of each shard of a distributed store: removes events and access tokens, seals what is to go, and returns what it did.';

CREATE FUNCTION scim_internal.spread_statistics(store name, wanted text)
    RETURNS TABLE (name text, labels jsonb, value float8)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    anchor CONSTANT text := format('%I.member', store);
    one text;
    tenant int;
BEGIN
    -- first, since Citus measures nothing behind what may have been written
    IF wanted IS NULL OR wanted = 'storage' THEN
        RETURN QUERY EXECUTE $query$
            SELECT 'table_bytes', jsonb_build_object('table', c.relname), sum(citus_total_relation_size(p.logicalrelid))::float8
            FROM pg_dist_partition p JOIN pg_class t ON t.oid = p.logicalrelid AND t.relkind = 'r'
            LEFT JOIN pg_inherits i ON i.inhrelid = t.oid JOIN pg_class c ON c.oid = coalesce(i.inhparent, t.oid)
            WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident($1)))
            GROUP BY c.relname ORDER BY c.relname $query$ USING store;
    END IF;
    FOREACH one IN ARRAY CASE WHEN wanted IS NULL THEN '{people,tokens,events,audit,guards}' WHEN wanted IN ('storage', 'requests') THEN '{}' ELSE ARRAY[wanted] END LOOP
        FOR tenant IN EXECUTE format('SELECT min(t.tenant_id) FROM (SELECT tenant_id FROM %I.tenant UNION ALL SELECT 0) AS t
            GROUP BY get_shard_id_for_distribution_column(%L, t.tenant_id) ORDER BY 1', store, anchor) LOOP
            -- of the tenants whose rows are there; what is about none is the same for all
            RETURN QUERY SELECT s.row ->> 'name', s.row -> 'labels', (s.row ->> 'value')::float8 FROM scim.at_tenant(tenant, $query$
                SELECT s.name, s.labels, s.value FROM scim_internal.store_statistics($1::name, $2) AS s
                WHERE CASE WHEN s.labels ? 'tenant' THEN pg_catalog.get_shard_id_for_distribution_column($3::regclass, (s.labels ->> 'tenant')::int)
                    = pg_catalog.get_shard_id_for_distribution_column($3::regclass, $4::int) ELSE $4 = '0' END$query$, store::text, one, anchor, tenant::text) AS s (row);
        END LOOP;
    END LOOP;
    IF wanted IS NULL OR wanted = 'requests' THEN
        RETURN QUERY SELECT * FROM scim_internal.store_statistics(store, 'requests');
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.spread_statistics(name, text) IS
'The same as scim_internal.store_statistics of a store that is distributed: gathered from the nodes; of storage, the bytes of its tables on all of them; of requests, those that this node has noted.';

CREATE FUNCTION scim_internal.forget_tenant(tenant int) RETURNS void
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_forget_tenant';
COMMENT ON FUNCTION scim_internal.forget_tenant(int) IS
'What scim.drop_tenant() calls on the node of the tenant: deletes what else is stored for him. Error 23503 where he has resources.';

CREATE FUNCTION scim_internal.of_shards(query text) RETURNS text
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_of_shards';
COMMENT ON FUNCTION scim_internal.of_shards(text) IS
'A statement that names tables of a store: where something is done for a tenant of one that is distributed, about the shards in their place.';

CREATE FUNCTION scim_internal.refuse_spread(store name, what text DEFAULT NULL, detail text DEFAULT NULL, hint text DEFAULT NULL) RETURNS void
    LANGUAGE C STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'scim_refuse_spread';
COMMENT ON FUNCTION scim_internal.refuse_spread(name, text, text, text) IS
'An error (0A000) where a store is distributed and nothing is done for a tenant of it: it is not (what), or what it keeps for a tenant is on his node.';

CREATE FUNCTION scim_internal.distributor() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    RETURN EXISTS (SELECT FROM pg_extension e
        JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
        JOIN pg_proc p ON p.oid = d.objid
        WHERE e.extname = 'citus' AND p.proname = 'create_distributed_table' AND p.pronamespace = 'pg_catalog'::regnamespace);
COMMENT ON FUNCTION scim_internal.distributor() IS
'Whether the database has Citus: its functions, as members of the extension of that name.';

CREATE FUNCTION scim_internal.distribution_problems(store name)
    RETURNS TABLE (problem text, hint text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
BEGIN
    -- A foreign key has an id and no tenant: no shard could tell where to look.
    RETURN QUERY
        SELECT format('constraint "%s" of table %s refers to %s (%s)', k.conname, k.conrelid::regclass, k.confrelid::regclass,
                   (SELECT string_agg(a.attname, ', ' ORDER BY n.n) FROM unnest(k.confkey) WITH ORDINALITY AS n (attnum, n)
                    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.attnum)),
               'Drop it: a table on one node cannot refer to rows on all of them.'
        FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.contype = 'f' AND k.conparentid = 0 AND r.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
          AND c.relnamespace <> r.relnamespace
        ORDER BY 1;
    RETURN QUERY EXECUTE format(
        $$SELECT format('table %%s is bound to resources of type %%s', b.relation, b.resource_type), 'scim.unbind_table() ends it.'
          FROM %1$I.binding b ORDER BY 1$$, store);
    RETURN QUERY EXECUTE format(
        $$SELECT format('attribute "%%s" of resource type %%s is unique over all tenants', u.attribute, u.resource_type),
              'Make its uniqueness "server": nothing is unique over the nodes of a cluster.'
          FROM scim_internal.unique_over_tenants(%1$L) u ORDER BY 1$$, store);
    RETURN QUERY EXECUTE format(
        $$SELECT format('policy "%%s" of kind %%s for %%s makes roles of the database, which are not those of one node', p.name, p.kind, p.resource_type), 'Delete it.'
          FROM %1$I.policy p WHERE p.kind = 'database_roles' AND p.enabled ORDER BY 1$$, store);
    RETURN QUERY
        SELECT format('trigger "%s" of table %s is not the store''s', t.tgname, t.tgrelid::regclass),
               'Drop it: what it calls would have to be on all nodes, and find its tables there.'
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind IN ('r', 'p')
          AND p.pronamespace NOT IN ('scim_internal'::regnamespace, c.relnamespace)
        ORDER BY 1;
    RETURN QUERY
        SELECT format('table %s had a column that was dropped', c.oid::regclass), 'Move the rows to a new store.'
        FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relkind IN ('r', 'p')
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attisdropped)
        ORDER BY 1;
END
$function$;
COMMENT ON FUNCTION scim_internal.distribution_problems(name) IS
'Why scim.distribute_store() would refuse a store, and what to do about it.';

CREATE FUNCTION scim.distribute_store(name text DEFAULT 'directory', shards int DEFAULT 32)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET client_min_messages = warning
AS $function$
DECLARE
    store CONSTANT text := distribute_store.name;
    on_all_nodes CONSTANT text[] := ARRAY['tenant', 'store', 'tenant_role', 'schema', 'resource_type', 'policy', 'authentication_scheme', 'endpoint',
        'setting', 'binding', 'secret', 'signing_key'];
    -- The first is what all others lie beside; who is referred to comes before who refers.
    of_tenants CONSTANT text[] := ARRAY['member', 'resource', 'client', 'token', 'consumer', 'unique_value', 'credential', 'recovery_code', 'client_assertion',
        'client_failure', 'audit', 'audit_seal', 'event', 'event_position', 'consumer_position', 'delivery', 'lease', 'consumer_secret', 'guard',
        'guard_count', 'origin', 'binding_link', 'database_role'];
    refused record;
    table_name text;
    triggers text[];
    drops text[];
    keys text[];
    views text[];
    problems text;
    hints text;
BEGIN
    IF num_nulls(store, shards) > 0 THEN
        RAISE EXCEPTION 'name and shards must not be null' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    IF NOT scim_internal.is_owner(quote_ident(store)::regnamespace) THEN
        RAISE EXCEPTION 'must be owner of store "%"', store USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM scim_internal.refuse_scopes(quote_ident(store)::regnamespace, 'distribute the store');
    IF NOT scim_internal.distributor() THEN
        RAISE EXCEPTION 'store "%" cannot be distributed', store
            USING ERRCODE = 'feature_not_supported', DETAIL = 'The database has no extension citus.', HINT = 'doc/citus.md says how it gets one.';
    END IF;
    IF shards IS NULL OR shards NOT BETWEEN 1 AND 64000 THEN
        RAISE EXCEPTION 'a store has from 1 to 64000 shards' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT scim_internal.is_distributed(format('%I.resource', store)::regclass) THEN
        EXECUTE format('LOCK TABLE %1$I.schema, %1$I.resource, %1$I.tenant IN ACCESS EXCLUSIVE MODE', store);
    END IF;
    IF scim_internal.is_distributed(format('%I.resource', store)::regclass) THEN
        RAISE EXCEPTION 'store "%" is distributed already', store USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT string_agg(p.problem, '; '), string_agg(DISTINCT p.hint, ' ') INTO problems, hints FROM scim_internal.distribution_problems(store) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'store "%" cannot be distributed', store
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = problems || '.', HINT = hints;
    END IF;

    -- Triggers are made on the shards when there are such, and rows are there before: they have been through the door.
    SELECT array_agg(s.statement ORDER BY t.oid, s.n) FILTER (WHERE s.n > 0), array_agg(s.statement ORDER BY t.oid) FILTER (WHERE s.n = 0)
    INTO triggers, drops
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    CROSS JOIN LATERAL (VALUES
        (0, format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass)),
        (1, pg_get_triggerdef(t.oid)),
        (2, CASE t.tgenabled WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname) END),
        (3, format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, t.tgrelid::regclass, obj_description(t.oid, 'pg_trigger')))) AS s (n, statement)
    WHERE s.statement IS NOT NULL AND NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace = quote_ident(store)::regnamespace AND c.relkind IN ('r', 'p');
    SELECT array_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) ORDER BY k.oid),
           drops || array_agg(format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) ORDER BY k.oid)
    INTO keys, drops
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid
    WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relnamespace = quote_ident(store)::regnamespace AND c.relname = ANY (of_tenants);
    -- Citus makes views anew, of which it forgets who may read them and what they are.
    SELECT array_agg(s.statement) INTO views
    FROM pg_class c CROSS JOIN LATERAL (
        SELECT made FROM scim_internal.made_on_view(c.oid) AS made WHERE NOT starts_with(made, 'CREATE ')
        UNION ALL
        SELECT format('COMMENT ON VIEW %s IS %L', c.oid::regclass, obj_description(c.oid, 'pg_class'))
        UNION ALL
        SELECT format('COMMENT ON COLUMN %s.%I IS %L', c.oid::regclass, t.attname, d.description)
        FROM pg_attribute t JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = t.attrelid AND d.objsubid = t.attnum WHERE t.attrelid = c.oid) AS s (statement)
    WHERE c.relnamespace = quote_ident(store)::regnamespace AND c.relkind = 'v';
    -- What is unique over all nodes without its tenant: ids of resources, which nothing refers to, and names of clients.
    SELECT drops || coalesce(array_agg(format('DROP INDEX %s', i.indexrelid::regclass) ORDER BY i.indexrelid), '{}')
    INTO drops
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE i.indisunique AND c.relnamespace = quote_ident(store)::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relname = ANY (on_all_nodes)
      AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = 'tenant_id' AND a.attnum = ANY (i.indkey));
    PERFORM scim_internal.execute_all(drops);
    EXECUTE format('CREATE UNIQUE INDEX client_name_key ON %I.client (tenant_id, name) WHERE revoked_at IS NULL', store);

    PERFORM set_config('citus.enable_unsafe_triggers', 'on', true);
    FOREACH table_name IN ARRAY on_all_nodes LOOP
        EXECUTE format('SELECT create_reference_table(%L::regclass)', format('%I.%I', store, table_name));
    END LOOP;
    FOREACH table_name IN ARRAY of_tenants LOOP
        IF table_name = of_tenants[1] THEN
            EXECUTE format('SELECT create_distributed_table(%L::regclass, %L, shard_count := %s, colocate_with := %L)',
                format('%I.%I', store, table_name), 'tenant_id', shards, 'none');
        ELSE
            EXECUTE format('SELECT create_distributed_table(%L::regclass, %L, colocate_with := %L)',
                format('%I.%I', store, table_name), 'tenant_id', format('%I.%I', store, of_tenants[1]));
        END IF;
    END LOOP;
    PERFORM scim_internal.execute_all(keys);
    PERFORM scim_internal.execute_all(triggers);
    PERFORM scim_internal.execute_all(views);

    EXECUTE format($$
        CREATE FUNCTION %1$I.at_tenant(tenant_id int, said jsonb, query text, arguments text[]) RETURNS SETOF jsonb
        LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
        AS $body$ BEGIN RETURN QUERY SELECT * FROM scim_internal.at_shards(%2$L::regnamespace, tenant_id, said, query, arguments); END $body$;
        COMMENT ON FUNCTION %1$I.at_tenant(int, jsonb, text, text[]) IS 'Citus calls it on the node where the rows of the tenant are: what scim.at_tenant() and requests go through. It belongs to the store.';
        REVOKE ALL ON FUNCTION %1$I.at_tenant(int, jsonb, text, text[]) FROM PUBLIC $$, store, quote_ident(store));
    EXECUTE format('SELECT create_distributed_function(%L, %L, colocate_with := %L, force_delegation := true)',
        format('%I.at_tenant(int, jsonb, text, text[])', store), 'tenant_id', format('%I.%I', store, of_tenants[1]));
END
$function$;
COMMENT ON FUNCTION scim.distribute_store(text, int) IS
'Distributes a store over the nodes of a cluster of Citus (doc/citus.md): the rows of each tenant lie together on one of them, what the store is configured to be is on all. The rows that there are go along. Errors: 0A000 without Citus; 55000 for what could not be held to over several nodes, each thing named: foreign keys of others to resources, bound tables, attributes that are unique over all tenants, triggers of others. There is no way back.';

CREATE FUNCTION scim_internal.execute_all(statements text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY coalesce(statements, '{}') LOOP
        EXECUTE statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.execute_all(text[]) IS 'Executes statements, one after the other.';

CREATE FUNCTION scim_internal.is_distributed(relation regclass) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_distributed'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.is_distributed(regclass) IS
'Whether Citus has distributed a table over the nodes of a cluster.';

CREATE FUNCTION scim_internal.unique_over_tenants(store name)
    RETURNS TABLE (resource_type text, attribute text)
    AS 'MODULE_PATHNAME', 'scim_unique_over_tenants'
    LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim_internal.unique_over_tenants(name) IS
'Attributes of a store''s resource types that are unique over all tenants, by a schema or a policy "unique".';
REVOKE ALL ON FUNCTION scim.distribute_store(text, int) FROM PUBLIC;
