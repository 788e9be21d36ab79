-- A store of an earlier version becomes one of this version.

CREATE FUNCTION scim_internal.is_store(schema name) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = schema AND c.relname = 'resource'
          -- the tables tell of a store that has lost its triggers
          AND (EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgfoid = 'scim_internal.resource_door'::regproc)
               OR c.relkind = 'p' AND (SELECT count(*) FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
                   WHERE t.relnamespace = n.oid AND t.relowner = c.relowner AND t.relkind IN ('r', 'p')
                     AND (t.relname, a.attname, a.atttypid) IN (('store', 'version', 'text'::regtype), ('schema', 'document', 'jsonb'::regtype),
                         ('resource_type', 'table_name', 'name'::regtype), ('member', 'member_id', 'uuid'::regtype), ('audit', 'resource_id', 'uuid'::regtype))) = 5));
END;
COMMENT ON FUNCTION scim_internal.is_store(name) IS
'Whether a schema is a store, with or without the triggers by which it holds together.';

CREATE FUNCTION scim_internal.store_version_of(store name) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    version text;
    missing text;
BEGIN
    IF NOT scim_internal.is_store(store) THEN
        RAISE EXCEPTION 'store "%" does not exist', store USING ERRCODE = 'invalid_schema_name';
    END IF;
    IF EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = to_regclass(format('%I.store', store)) AND a.attname = 'version'
    ) THEN
        EXECUTE format('SELECT version FROM %I.store', store) INTO version;
        IF version IS NULL THEN
            RAISE EXCEPTION 'store "%" does not say of which version it is', store
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      DETAIL = format('Its table %I.store has no row.', store);
        END IF;
        RETURN version;
    END IF;
    -- Version 0.1.0 did not say so; what came before it had not all of this.
    SELECT string_agg(wanted.relation || '.' || wanted.attribute, ', ')
    INTO missing
    FROM (VALUES
        ('tenant', '{tenant_id,name,created}'),
        ('schema', '{id,document}'),
        ('resource_type', '{name,document,table_name}'),
        ('policy', '{tenant_id,resource_type,kind,enabled,settings}'),
        ('resource', '{tenant_id,resource_type,id,external_id,user_name,display_name,active,status,data,version,created,last_modified,offboarding_at,deleted_at}'),
        ('member', '{tenant_id,group_id,member_id,member_type,value,created}'),
        ('unique_value', '{tenant_id,resource_type,attribute,value,resource_id}'),
        ('credential', '{tenant_id,resource_id,secret,changed}'),
        ('token', '{tenant_id,id,hash,description,created,expires_at,revoked_at}'),
        ('secret', '{purpose,value}'),
        ('audit', '{tenant_id,id,at,transaction_id,actor,db_user,operation,resource_type,resource_id,version,member_id,before}'),
        ('event', '{tenant_id,id,at,transaction_id,event_uri,resource_type,resource_id,version}')
    ) shape (relation, attributes), unnest(shape.attributes::text[]) attribute,
    LATERAL (SELECT shape.relation, attribute) wanted
    WHERE NOT EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = to_regclass(format('%I.%I', store, wanted.relation))
          AND a.attname = wanted.attribute
          AND NOT a.attisdropped);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'store "%" is of no version that can be brought forward', store
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('Version 0.1.0 is the first that can; what it had and this store has not: %s.', missing);
    END IF;
    RETURN '0.1.0';
END
$function$;
COMMENT ON FUNCTION scim_internal.store_version_of(name) IS
'The version that a store is of, by its table "store" or, for 0.1.0, by its shape. Errors: 3F000 where there is no such store, 55000 where it is older.';

-- Until version 0.3.0 row-level security and defaults asked for the tenant of the store
-- that the setting scim.store names.
CREATE FUNCTION scim_internal.name_tenants(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    store CONSTANT oid := (SELECT relnamespace FROM pg_class WHERE pg_class.oid = store_table);
    whose CONSTANT text := format('scim.tenant(%L::regnamespace)', store::regnamespace);
    found record;
BEGIN
    FOR found IN
        SELECT p.polname, p.polrelid::regclass AS relation,
            pg_get_expr(p.polqual, p.polrelid) AS is_visible, pg_get_expr(p.polwithcheck, p.polrelid) AS is_written
        FROM pg_policy p
        JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = store
          AND concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) LIKE '%scim.tenant()%'
    LOOP
        EXECUTE format('ALTER POLICY %I ON %s', found.polname, found.relation)
            || coalesce(' USING (' || replace(found.is_visible, 'scim.tenant()', whose) || ')', '')
            || coalesce(' WITH CHECK (' || replace(found.is_written, 'scim.tenant()', whose) || ')', '');
    END LOOP;
    FOR found IN
        SELECT a.attname, d.adrelid::regclass AS relation, pg_get_expr(d.adbin, d.adrelid) AS usual
        FROM pg_attrdef d
        JOIN pg_class c ON c.oid = d.adrelid
        JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.adrelid, d.adnum)
        WHERE c.relnamespace = store AND a.attgenerated = '' AND pg_get_expr(d.adbin, d.adrelid) LIKE '%scim.tenant()%'
    LOOP
        EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT ', found.relation, found.attname)
            || replace(found.usual, 'scim.tenant()', whose);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.name_tenants(oid) IS
'Makes row-level security and defaults of the store, one of whose tables is given, ask for the tenant of this store, whatever the setting scim.store says.';

CREATE FUNCTION scim_internal.let_owner(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    store CONSTANT name := (SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = store_table);
    begins CONSTANT text := 'CREATE POLICY owner ON ';
    ends CONSTANT text := format(' USING (scim_internal.is_owner(%L::regnamespace))', quote_ident(store));
    statement text;
    relation regclass;
BEGIN
    FOR statement IN SELECT s FROM scim_internal.store_statements(store) s WHERE starts_with(s, begins) LOOP
        -- those that a later step makes have no table yet
        relation := to_regclass(left(substr(statement, length(begins) + 1), -length(ends)));
        CONTINUE WHEN relation IS NULL OR EXISTS (SELECT FROM pg_policy WHERE polrelid = relation AND polname = 'owner');
        EXECUTE statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.let_owner(oid) IS
'Gives the store, one of whose tables is given, the row-level security by which its owner sees to what it is configured to be.';

CREATE FUNCTION scim_internal.hide_tenants(store_table oid) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $function$
DECLARE
    store CONSTANT oid := (SELECT relnamespace FROM pg_class WHERE pg_class.oid = store_table);
    whose CONSTANT text := format('scim.tenant(%L::regnamespace)', store::regnamespace);
    found record;
BEGIN
    FOR found IN SELECT relation FROM scim_internal.indexes_without_tenant(store) AS relation LOOP
        EXECUTE format('DROP INDEX %s', found.relation);
    END LOOP;
    EXECUTE format('ALTER TABLE %s.tenant DROP CONSTRAINT IF EXISTS tenant_base_url_key', store::regnamespace);
    FOR found IN
        SELECT c.oid::regclass AS relation
        FROM pg_class c
        LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
        WHERE c.relnamespace = store AND c.relkind IN ('r', 'p')
          AND (c.relname IN ('audit', 'audit_seal') OR i.inhparent = to_regclass(format('%s.audit', store::regnamespace)))
    LOOP
        EXECUTE format('DROP POLICY IF EXISTS store_wide ON %s', found.relation);
        EXECUTE format('ALTER POLICY tenant ON %s USING (tenant_id = ANY (ARRAY[0, %s]))', found.relation, whose);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.hide_tenants(oid) IS
'Makes the tenant a part of each index and condition by which a statement under row-level security could count rows of others, in the store one of whose tables is given. Indexes that it drops scim.upgrade_store makes anew.';

-- What makes a store as it is by now, with the tables of all its resource types and months.
CREATE FUNCTION scim_internal.all_statements(store name) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    statements text[] := ARRAY(SELECT scim_internal.store_statements(store));
    of_audit CONSTANT text := format('COMMENT ON COLUMN %I.audit.', store);
    comments CONSTANT text[] := ARRAY(SELECT s FROM unnest(statements) AS s WHERE starts_with(s, of_audit));
    resource_type record;
BEGIN
    FOR resource_type IN EXECUTE format('SELECT name, table_name FROM %I.resource_type ORDER BY name <> ''User'', name', store) LOOP
        statements := statements || ARRAY(
            SELECT scim_internal.resource_table_statements(store, resource_type.table_name, resource_type.name));
    END LOOP;
    statements := statements || ARRAY(
        SELECT s.statement
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid, LATERAL (
            SELECT scim_internal.audit_table_statements(store, c.relname, '')
            UNION ALL
            -- of the same columns the same
            SELECT replace(comment, of_audit, format('COMMENT ON COLUMN %I.%I.', store, c.relname))
            FROM unnest(comments) AS comment
        ) AS s (statement)
        WHERE i.inhparent = to_regclass(format('%I.audit', store)));
    RETURN QUERY SELECT unnest(statements);
END
$function$;
COMMENT ON FUNCTION scim_internal.all_statements(name) IS
'The statements that make a store, with the tables of its resource types and the partitions of its audit that are there.';

-- What a store that has its tables can be told again: triggers, comments and
-- privileges, and what makes it fast where that is missing.
CREATE FUNCTION scim_internal.store_repairs(store name, OUT statement text, OUT online boolean)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    statements CONSTANT text[] := ARRAY(SELECT scim_internal.all_statements(store));
    taken text[];
BEGIN
    -- A relation of theirs that has the name of a view stays what it is, and there is no such view.
    taken := ARRAY(
        SELECT format('%I.%I', store, c.relname)
        FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store)))
          AND format('CREATE OR REPLACE VIEW %I.%I ', store, c.relname) IN (SELECT left(s, strpos(s, ' WITH ')) FROM unnest(statements) s WHERE starts_with(s, 'CREATE OR REPLACE VIEW '))
          -- ours say what each column is, but for those that version 0.9.0 has distributed, and those of a dump without comments
          AND (c.relkind <> 'v' OR 'security_invoker=true' <> ALL (coalesce(c.reloptions, '{}'))
               OR col_description(c.oid, 1) IS NULL AND obj_description(to_regclass(format('%I.resource', store)), 'pg_class') IS NOT NULL
                  AND NOT scim_internal.is_distributed(to_regclass(format('%I.resource', store)))));
    FOREACH statement IN ARRAY taken LOOP
        RAISE WARNING 'there is no view %: the store has a relation of that name', statement;
    END LOOP;
    FOREACH statement IN ARRAY statements LOOP
        online := false;
        IF taken <> '{}' THEN
            CONTINUE WHEN EXISTS (SELECT FROM unnest(taken) AS name
                WHERE starts_with(statement, format('CREATE OR REPLACE VIEW %s ', name)) OR starts_with(statement, format('COMMENT ON VIEW %s ', name)) OR starts_with(statement, format('COMMENT ON COLUMN %s.', name)));
        END IF;
        IF statement ~ '^(COMMENT|GRANT|REVOKE|CREATE OR REPLACE VIEW) ' OR statement ~ ' ENABLE ALWAYS TRIGGER scim_replicated$' THEN
            RETURN NEXT;
        ELSIF statement ~ '^CREATE (TRIGGER|FUNCTION) ' THEN
            statement := regexp_replace(statement, '^CREATE', 'CREATE OR REPLACE');
            RETURN NEXT;
        ELSIF statement ~ '^CREATE STATISTICS ' THEN
            statement := regexp_replace(statement, '^CREATE STATISTICS', 'CREATE STATISTICS IF NOT EXISTS');
            RETURN NEXT;
        ELSIF statement ~ '^CREATE (UNIQUE )?INDEX ' THEN
            online := true;
            FOR statement IN SELECT scim_internal.index_repairs(store, statement) LOOP
                RETURN NEXT;
            END LOOP;
        END IF;
    END LOOP;
    online := true;
    FOR statement IN SELECT scim_internal.former_index_repairs(store) UNION ALL SELECT scim_internal.unfinished_index_repairs(store) LOOP
        RETURN NEXT;
    END LOOP;
    online := false;
    -- what discovery says of itself is this version's
    statement := format($update$UPDATE %I.schema s SET document = c.document FROM scim_internal.core_schemas() AS c (document)
        WHERE s.id = c.document ->> 'id' AND s.document <> c.document AND s.id = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'$update$, store);
    RETURN NEXT;
    -- the door of the registry completes documents: by descriptions, which version 0.1.0
    -- did not ask for
    FOREACH statement IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        statement := format($update$UPDATE %I.%I SET document = document
            WHERE NOT document ? 'description'
            OR jsonb_path_exists(document, '$.attributes[*] ? (!exists(@.description))')
            OR jsonb_path_exists(document, '$.attributes[*].subAttributes[*] ? (!exists(@.description))')$update$, store, statement);
        RETURN NEXT;
    END LOOP;
    statement := format('SELECT scim_internal.refresh_views(%L, true)', store);
    RETURN NEXT;
END
$function$;
COMMENT ON FUNCTION scim_internal.store_repairs(name) IS
'The statements that give a store, whose tables are there, the triggers, comments and privileges of a new one, the statistics and indexes that it lacks, and complete documents; online: an index, which is made outside of a transaction.';

-- All tables at once, and never waiting for one while others wait for another: who holds some of
-- them already, in whatever order, goes on.
CREATE FUNCTION scim_internal.lock_store(store name, caller text) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    -- sessions that wait look for a deadlock after that, and it must not be us whom they find
    patience CONSTANT interval := least(interval '0.3 s', current_setting('deadlock_timeout')::interval / 3);
    given CONSTANT text := current_setting('lock_timeout');
    ends CONSTANT timestamptz := clock_timestamp() + coalesce(nullif(given::interval, '0'), '1 minute');
    began timestamptz;
    relation regclass;
BEGIN
    LOOP
        BEGIN
            began := NULL;
            FOR relation IN
                SELECT c.oid
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = store AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND c.relowner = (SELECT r.relowner FROM pg_class r WHERE r.relnamespace = n.oid AND r.relname = 'resource')
                ORDER BY c.relname <> 'resource', c.relname <> 'member', c.relname
            LOOP
                PERFORM set_config('lock_timeout', greatest(1, 1000 * extract(epoch FROM patience - coalesce(clock_timestamp() - began, '0')))::int || 'ms', true);
                EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
                began := coalesce(began, clock_timestamp());
            END LOOP;
            EXIT;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            IF clock_timestamp() >= ends THEN
                RAISE EXCEPTION 'store "%" is in use', store USING ERRCODE = 'lock_not_available',
                    DETAIL = format('Table %s could not be locked.', relation),
                    HINT = format('Nothing has happened. Call scim.%s(%L) again when no long transaction reads or writes the store.', caller, store);
            END IF;
        END;
        PERFORM pg_sleep(0.2 * random());
    END LOOP;
    PERFORM set_config('lock_timeout', given, true);
END
$function$;
COMMENT ON FUNCTION scim_internal.lock_store(name, text) IS
'Locks all tables of a store, once nobody else holds one; error 55P03 where that takes longer than lock_timeout, or a minute where there is none. caller: the function of schema scim that the hint says to call again.';

-- At once: of some hundred each by itself would take longer than all the rest of a repair.
CREATE FUNCTION scim_internal.put_comments(comments text[]) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
BEGIN
    EXECUTE array_to_string(comments, ';');
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    RETURN false;
END
$function$;
COMMENT ON FUNCTION scim_internal.put_comments(text[]) IS
'Executes the statements COMMENT ON of a store; false, and nothing is done, where one of them is an error: who executes each by itself learns which.';

-- One statement of an upgrade.  Whom it meets with something of his own is told what to do.
CREATE FUNCTION scim_internal.upgrade_by(store name, statement text) RETURNS void
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
    WHEN duplicate_column OR duplicate_table OR duplicate_object OR dependent_objects_still_exist OR invalid_table_definition
        OR wrong_object_type OR lock_not_available OR deadlock_detected
    THEN
        GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
        RAISE EXCEPTION USING ERRCODE = sqlstate, MESSAGE = said, DETAIL = concat_ws(E'\n', nullif(detail, ''), format('The upgrade of store "%s" came to: %s', store, left(split_part(statement, E'\n', 1), 200))),
            HINT = CASE
                WHEN sqlstate = '2BP01' THEN 'The store is as it was. Drop what depends on it before, and make it again afterwards.'
                WHEN sqlstate IN ('55P03', '40P01') THEN format('The store is as it was. Call scim.upgrade_store(%L) again.', store)
                ELSE 'The store is as it was. What has a name there that this version uses for its own needs another one, or has to be dropped before.' END;
END
$function$;
COMMENT ON FUNCTION scim_internal.upgrade_by(name, text) IS
'Executes a statement of scim.upgrade_store; errors by names that others have taken, or by what depends on something of the store''s, say what to do.';

-- Called by scim.upgrade_store, as the owner of the store.
CREATE FUNCTION scim_internal.upgrade_store(store name, dry_run boolean, caller_is_owner boolean, user_names jsonb)
    RETURNS TABLE (statement text)
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET client_min_messages = warning
AS $function$
DECLARE
    comments text[] := '{}';
    wanted CONSTANT text := scim_internal.store_version();
    current text;
    is_old boolean;
    precedes_0_9 boolean;
    forced regclass[];
    step record;
    repair record;
BEGIN
    -- one upgrade at a time: who waits for the other has read nothing yet that he locks
    IF NOT dry_run AND NOT pg_is_in_recovery() AND to_regclass(format('%I.resource_type', store)) IS NOT NULL THEN
        EXECUTE format('LOCK TABLE %I.resource_type IN SHARE UPDATE EXCLUSIVE MODE', store);
    END IF;
    current := scim_internal.store_version_of(store);
    IF current <> wanted AND NOT dry_run THEN
        -- no reader or writer until it is whole
        PERFORM scim_internal.lock_store(store, 'upgrade_store');
    END IF;
    is_old := current <> wanted;
    IF is_old AND scim_internal.is_distributed(format('%I.resource', store)::regclass) THEN
        -- what Citus makes on all nodes
        PERFORM set_config('citus.enable_unsafe_triggers', 'on', true);
    END IF;
    precedes_0_9 := EXISTS (SELECT FROM scim_internal.store_steps() s WHERE s.from_version = current)
        AND string_to_array(current, '.')::int[] < '{0,9,0}';
    IF precedes_0_9 AND NOT dry_run THEN
        forced := scim_internal.let_owner_see_names(store);
        PERFORM scim_internal.require_other_names(store, user_names);
        PERFORM scim_internal.force_again(forced);
    ELSIF precedes_0_9 THEN
        -- where row-level security hides rows from the owner nothing is said beforehand
        IF NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relname IN ('resource', 'unique_value', 'resource_type', 'schema') AND c.relforcerowsecurity) THEN
            PERFORM scim_internal.require_other_names(store, user_names);
        END IF;
    ELSIF user_names <> '{}' THEN
        RAISE EXCEPTION 'no user names of store "%" have to become others', store USING ERRCODE = 'invalid_parameter_value',
            DETAIL = format('user_names is for stores of versions before 0.9.0, and this one is of version %s.', current);
    END IF;
    IF is_old AND dry_run AND NOT caller_is_owner THEN
        statement := format('SET ROLE %I', current_user);
        RETURN NEXT;
    END IF;
    WHILE current <> wanted LOOP
        SELECT s.* INTO step FROM scim_internal.store_steps() s WHERE s.from_version = current;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'store "%" is of version %, which this version of scim does not know', store, current
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = format('It knows stores of the versions %s and %s: a later version of the extension may know more.',
                          (SELECT string_agg(s.from_version, ', ' ORDER BY string_to_array(s.from_version, '.')::int[]) FROM scim_internal.store_steps() s), wanted);
        END IF;
        FOR statement IN
            SELECT scim_internal.of_store(of_step, store) FROM scim_internal.split_statements(step.script) AS of_step
            UNION ALL
            SELECT format('UPDATE %I.store SET version = %L', store, step.to_version)
        LOOP
            IF dry_run THEN
                RETURN NEXT;
            ELSE
                PERFORM scim_internal.upgrade_by(store, statement);
            END IF;
        END LOOP;
        current := step.to_version;
    END LOOP;
    IF is_old AND NOT dry_run THEN
        PERFORM scim_internal.force_row_security(store);
    END IF;
    FOR repair IN SELECT * FROM scim_internal.refused_triggers(store) LOOP
        RAISE WARNING '%: nothing is written with it', repair.problem
            USING HINT = 'Make it an AFTER trigger, whose function belongs to the owner of the table.';
    END LOOP;
    IF is_old THEN
        FOR statement IN
            SELECT r.statement FROM scim_internal.store_repairs(store) WITH ORDINALITY AS r (statement, online, number) WHERE NOT r.online ORDER BY r.number
        LOOP
            IF dry_run THEN
                RETURN NEXT;
            ELSIF starts_with(statement, 'COMMENT ') THEN
                comments := array_append(comments, statement);
            ELSE
                PERFORM scim_internal.upgrade_by(store, statement);
            END IF;
        END LOOP;
        IF NOT scim_internal.put_comments(comments) THEN
            FOREACH statement IN ARRAY comments LOOP
                PERFORM scim_internal.upgrade_by(store, statement);
            END LOOP;
        END IF;
    END IF;
    -- names that become others pass the door, which is there by now
    IF precedes_0_9 THEN
        statement := format('SELECT scim_internal.fold_user_names_anew(tableoid, %L) FROM %I.store', user_names, store);
        IF dry_run THEN
            RETURN NEXT;
        ELSE
            PERFORM scim_internal.upgrade_by(store, statement);
        END IF;
    END IF;
    -- writeOnly values were kept in clear
    IF precedes_0_9 THEN
        statement := format('SELECT scim_internal.seal_stored(%L)', store);
        IF dry_run THEN
            RETURN NEXT;
        ELSE
            PERFORM scim_internal.upgrade_by(store, statement);
        END IF;
    END IF;
    RETURN QUERY SELECT r.statement FROM scim_internal.store_repairs(store) WITH ORDINALITY AS r (statement, online, number) WHERE r.online ORDER BY r.number;
    -- triggers of tables that are bound, of which earlier versions had less, are made by who owns these
    IF NOT (is_old AND dry_run) THEN
        RETURN QUERY SELECT DISTINCT format('SELECT scim_internal.repair_binding(%L, %L)', quote_ident(store), b.relation)
            FROM scim_internal.binding_problems(quote_ident(store)::regnamespace) AS b WHERE b.repairable;
    END IF;
    IF is_old AND dry_run AND NOT caller_is_owner THEN
        statement := format('SET ROLE %s', quote_ident(current_setting('role')));
        RETURN NEXT;
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.upgrade_store(name, boolean, boolean, jsonb) IS
'What scim.upgrade_store does, as whoever calls it.';

CREATE FUNCTION scim.upgrade_store(name text, dry_run boolean DEFAULT false, user_names jsonb DEFAULT '{}')
    RETURNS TABLE (statement text)
    AS 'MODULE_PATHNAME', 'scim_upgrade_store'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.upgrade_store(text, boolean, jsonb) IS
E'Brings a store of an earlier version forward to that of the extension, in one transaction, and returns what is left to do outside of it, the making of indexes and of triggers of bound tables, as statements for psql''s \\gexec: until then the store answers rightly, if slower. To be called again until it says nothing: what an index takes the place of goes once it is whole, and a table with partitions gets one after these. Of two at a time one waits. dry_run: does nothing, and returns all that would be done. user_names: where a store of a version before 0.9.0 has names that are the same one by now (scim.equal_user_names), ids of resources to the userName that each is to have from then on; it is written with audit, version and event as any other, but no policy refuses it. Errors: 23505 where names are the same, with a list, 22023 where user_names has others than these, and nothing has happened then; 3F000 where there is no such store, 55000 where its version is unknown, or its owner does not own, or may not write, all that it consists of, with the statement that mends it, 42501 for who is not its owner; 55P03 where somebody else uses the store for longer than lock_timeout, or a minute; 2BP01, 42701, 42P07 and their like, with a hint, where something of somebody''s stands in the way; SC503 before ALTER EXTENSION scim UPDATE. A superuser acts as the owner.';
