-- Names of people that are one by scim.fold_user_name, and stores in which they were compared otherwise.

CREATE FUNCTION scim_internal.unique_key(folded text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE WHEN octet_length(folded) <= 512 THEN folded ELSE 'sha256:' || encode(sha256(convert_to(folded, 'UTF8')), 'hex') END;
END;
COMMENT ON FUNCTION scim_internal.unique_key(text) IS
'The key in table "unique_value" of a string that is folded already.';

CREATE FUNCTION scim_internal.equal_user_names(store name, other_names jsonb, OUT tenant_id int, OUT resource_type text, OUT folded text, OUT ids uuid[], OUT user_names text[])
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET row_security = off
AS $function$
BEGIN
    PERFORM scim_internal.refuse_spread(store);
    RETURN QUERY EXECUTE format($query$
        SELECT r.tenant_id, r.resource_type::text, scim.fold_user_name(n.name)::text COLLATE "C", array_agg(r.id ORDER BY r.id), array_agg(n.name ORDER BY r.id)
        FROM %1$I.resource r, LATERAL (SELECT coalesce($1 ->> r.id::text, r.user_name)::text AS name) AS n
        WHERE r.deleted_at IS NULL AND r.user_name IS NOT NULL
          AND (r.resource_type = 'User' OR EXISTS (SELECT FROM %1$I.unique_value u
                   WHERE u.resource_type = r.resource_type AND u.resource_id = r.id AND u.attribute ~ '^(policy .* )?userName$')
               -- of a type where it is caseExact, names that are written otherwise are others
               AND NOT EXISTS (SELECT FROM %1$I.resource_type t JOIN %1$I.schema s ON scim.fold(s.id) = scim.fold(t.document ->> 'schema'), jsonb_array_elements(s.document -> 'attributes') AS a
                   WHERE t.name = r.resource_type AND lower(a ->> 'name') = 'username' AND a -> 'caseExact' = 'true'))
        GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 1, 2, 3$query$, store) USING other_names;
END
$function$;
COMMENT ON FUNCTION scim_internal.equal_user_names(name, jsonb) IS
'What scim.equal_user_names says of a store; other_names: ids of resources to the names that they are taken to have.';

CREATE FUNCTION scim.equal_user_names(name text, OUT tenant_id int, OUT resource_type text, OUT folded text, OUT ids uuid[], OUT user_names text[])
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET row_security = off
AS $function$
BEGIN
    IF NOT scim_internal.is_store(equal_user_names.name::name) THEN
        RAISE EXCEPTION 'store "%" does not exist', equal_user_names.name USING ERRCODE = 'invalid_schema_name';
    END IF;
    IF NOT pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = equal_user_names.name), 'USAGE') THEN
        RAISE EXCEPTION 'must be owner of store "%"', equal_user_names.name USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT e.* FROM scim_internal.equal_user_names(equal_user_names.name::name, '{}') AS e;
END
$function$;
COMMENT ON FUNCTION scim.equal_user_names(text) IS
'The user names of a store of version 0.8.0 or earlier of which there may be one only, that differ by scim.fold, as they were compared there, and are the same by scim.fold_user_name, as they are compared by now (RFC 7644 section 5): by tenant and resource type what they are folded to, the ids of those who have them, and how each is written. Without those who are deleted. None of them is there in a store of this version. Changes nothing. Errors: 3F000 where there is no such store; 42501 for anyone but its owner, and for him where row-level security hides rows from him, too.';

-- Who upgrades sees all rows, of whatever tenant, and the tables are locked.
CREATE FUNCTION scim_internal.let_owner_see_names(store name) RETURNS regclass[]
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    forced CONSTANT regclass[] := ARRAY(SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relname IN ('resource', 'unique_value', 'resource_type', 'schema') AND c.relforcerowsecurity ORDER BY c.relname);
    relation regclass;
BEGIN
    FOREACH relation IN ARRAY forced LOOP
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', relation);
    END LOOP;
    RETURN forced;
END
$function$;
COMMENT ON FUNCTION scim_internal.let_owner_see_names(name) IS
'Takes row-level security from the owner of the tables of a store that tell who has which name, where it is forced upon him; and returns these, upon which it is to be forced again.';

CREATE FUNCTION scim_internal.force_again(forced regclass[]) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    relation regclass;
BEGIN
    FOREACH relation IN ARRAY forced LOOP
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.force_again(regclass[]) IS
'Forces row-level security upon the owner of these tables again.';

-- Before anything of the store is changed.
CREATE FUNCTION scim_internal.require_other_names(store name, other_names jsonb) RETURNS void
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    equals CONSTANT uuid[] := ARRAY(SELECT unnest(e.ids) FROM scim_internal.equal_user_names(store, '{}') AS e);
    said text;
    sets bigint;
BEGIN
    SELECT string_agg(key, ', ') INTO said FROM jsonb_each(other_names)
    WHERE key <> ALL (ARRAY(SELECT id::text FROM unnest(equals) AS id)) OR jsonb_typeof(value) <> 'string' OR value = '""';
    IF said IS NOT NULL THEN
        RAISE EXCEPTION 'user_names has what is no name for one whose name others have: %', left(said, 200) USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'It is an object: the ids of resources that scim.equal_user_names lists, as text, to the userName that each is to have.';
    END IF;
    SELECT count(*), string_agg(format('tenant %s, %s: %s', e.tenant_id, e.resource_type,
            (SELECT string_agg(format('"%s" (%s)', left(e.user_names[i], 64), e.ids[i]), ', ') FROM generate_subscripts(e.ids[:10], 1) AS i)), E'\n') FILTER (WHERE e.number <= 20)
    INTO sets, said
    FROM scim_internal.equal_user_names(store, other_names) WITH ORDINALITY AS e (tenant_id, resource_type, folded, ids, user_names, number);
    IF sets > 0 THEN
        RAISE EXCEPTION 'store "%" has user names that are the same one by now: % of them', store, sets
            USING ERRCODE = 'unique_violation', DETAIL = said || CASE WHEN sets > 20 THEN E'\n...' ELSE '' END,
                  HINT = format('The store is as it was. SELECT * FROM scim.equal_user_names(%1$L) lists them all. Say which other names people get on the way: SELECT scim.upgrade_store(%1$L, user_names => ''{"ID": "another name", ...}'') \gexec in psql.', store);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.require_other_names(name, jsonb) IS
'Error 23505 where a store of an earlier version has user names that are one by scim.fold_user_name, once resources have the names that other_names gives their ids; 22023 where it gives one to somebody else.';

-- A step of a store to version 0.9.0.
CREATE FUNCTION scim_internal.fold_user_names_anew(store_table oid, other_names jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    store CONSTANT name := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = store_table);
    forced CONSTANT regclass[] := scim_internal.let_owner_see_names(store);
    former jsonb;
    part record;
    statement text;
    index text;
BEGIN
    PERFORM scim_internal.require_other_names(store, other_names);
    IF other_names <> '{}' THEN
        EXECUTE format($query$SELECT jsonb_object_agg(id, user_name) FROM %I.resource WHERE id = ANY (ARRAY(SELECT key::uuid FROM jsonb_object_keys($1) AS key)) AND deleted_at IS NULL$query$, store)
        INTO former USING other_names;
        EXECUTE format($update$UPDATE %I.resource SET data = jsonb_set(data, '{userName}', $1 -> id::text)
            WHERE id = ANY (ARRAY(SELECT key::uuid FROM jsonb_object_keys($1) AS key)) AND deleted_at IS NULL$update$, store) USING other_names;
        -- what was kept of the former name is not found by how it is folded now
        EXECUTE format($delete$DELETE FROM %1$I.unique_value u USING jsonb_each_text($1) AS n (id, name), %1$I.resource r
            WHERE u.resource_id = n.id::uuid AND u.attribute ~ '^(policy .* )?userName$' AND u.value = scim_internal.unique_key(scim.fold(n.name))
              AND r.resource_type = u.resource_type AND r.id = u.resource_id AND u.value <> scim_internal.unique_key(scim.fold_user_name(r.user_name))$delete$, store) USING former;
    END IF;
    FOR part IN
        SELECT t.relname AS table_name, substring(pg_get_expr(t.relpartbound, t.oid) FROM '^FOR VALUES IN \(''(.*)''\)$') AS resource_type
        FROM pg_inherits h JOIN pg_class t ON t.oid = h.inhrelid
        WHERE h.inhparent = to_regclass(format('%I.resource', store)) AND t.relnamespace = (SELECT to_regnamespace(quote_ident(store))) ORDER BY t.relname
    LOOP
        FOR statement IN
            SELECT scim_internal.of_store(s, store) FROM scim_internal.resource_table_statements(store, part.table_name, replace(part.resource_type, '''''', '''')) AS s
            WHERE s ~ '^CREATE (UNIQUE )?INDEX ' AND s ~ 'scim[.]fold_user_name\(user_name\)'
        LOOP
            index := format('%I.%s', store, (regexp_match(statement, '^CREATE (?:UNIQUE )?INDEX ("(?:[^"]|"")+"|\S+) ON '))[1]);
            IF scim_internal.is_of_folded_names(to_regclass(index), scim_internal.index_shape(regexp_replace(statement, '^CREATE (UNIQUE )?INDEX .*? \((tenant_id, .*)$', '\1btree (\2'))) THEN
                EXECUTE format('DROP INDEX %s', index);
            END IF;
            -- what is unique binds from the first write on; one that only has the name stays, and is told of
            IF statement ~ '^CREATE UNIQUE ' AND to_regclass(index) IS NULL THEN
                EXECUTE statement;
            END IF;
        END LOOP;
        EXECUTE format('ANALYZE %I.%I (user_name)', store, part.table_name);
    END LOOP;
    -- of other types
    EXECUTE format($update$
        UPDATE %1$I.unique_value u SET value = scim_internal.unique_key(scim.fold_user_name(v.value))
        FROM %1$I.resource r, LATERAL (
            SELECT p.path, e #>> '{}' AS value FROM (VALUES ('userName'), ('userName.value')) AS p (path), LATERAL jsonb_path_query(r.data, ('lax $.' || p.path || ' ? (@.type() == "string")')::jsonpath) AS e) AS v
        WHERE u.attribute ~ '^(policy .* )?userName([.]value)?$' AND r.resource_type = u.resource_type AND r.id = u.resource_id AND r.deleted_at IS NULL
          AND right(u.attribute, length(v.path)) = v.path AND u.value = scim_internal.unique_key(scim.fold(v.value)) AND u.value <> scim_internal.unique_key(scim.fold_user_name(v.value))
          AND NOT EXISTS (SELECT FROM %1$I.resource_type t JOIN %1$I.schema s ON scim.fold(s.id) = scim.fold(t.document ->> 'schema'), jsonb_array_elements(s.document -> 'attributes') AS a
              WHERE t.name = u.resource_type AND lower(a ->> 'name') = 'username' AND a -> 'caseExact' = 'true')$update$, store);
    PERFORM scim_internal.force_again(forced);
END
$function$;
COMMENT ON FUNCTION scim_internal.fold_user_names_anew(oid, jsonb) IS
'The last step of a store to version 0.9.0, one of whose tables is given: resources whose ids other_names has get the names that it says, and what is kept of names that are folded is so by scim.fold_user_name, the unique index and unique values; indexes that only make it fast are dropped, and made anew by what scim.upgrade_store returns. Errors as scim_internal.require_other_names has them.';

CREATE FUNCTION scim_internal.drop_name_statistics(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    former record;
BEGIN
    FOR former IN
        SELECT n.nspname, s.stxname
        FROM pg_class of_store JOIN pg_namespace n ON n.oid = of_store.relnamespace JOIN pg_statistic_ext s ON s.stxnamespace = n.oid JOIN pg_class t ON t.oid = s.stxrelid
        WHERE of_store.oid = store_table AND t.relnamespace = n.oid AND s.stxname = (t.relname || '_user_name_stats')::name
          AND pg_get_statisticsobjdef_expressions(s.oid) = ARRAY['scim.fold(user_name)']
    LOOP
        EXECUTE format('DROP STATISTICS %I.%I', former.nspname, former.stxname);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.drop_name_statistics(oid) IS
'Drops the statistics on user names that versions until 0.8.0 made, in the store one of whose tables is given; those of this version are made with what else is made anew.';
