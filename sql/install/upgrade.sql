-- A store of an earlier version becomes one of this version.

CREATE FUNCTION scim_internal.store_version_of(store name) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    version text;
    missing text;
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = store
          AND c.relname = 'resource'
          AND t.tgfoid = 'scim_internal.resource_door'::regproc
    ) THEN
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
AS $function$
DECLARE
    store CONSTANT name := (SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = store_table);
    statement text;
BEGIN
    FOR statement IN SELECT s FROM scim_internal.store_statements(store) s WHERE s LIKE 'CREATE POLICY owner ON %' LOOP
        EXECUTE statement;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.let_owner(oid) IS
'Gives the store, one of whose tables is given, the row-level security by which its owner sees to what it is configured to be.';

-- What a store that has its tables can be told again: triggers, comments and
-- privileges, and what makes it fast where that is missing.
CREATE FUNCTION scim_internal.store_repairs(store name, OUT statement text, OUT online boolean)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    statements text[] := ARRAY(SELECT scim_internal.store_statements(store));
    resource_type record;
    part text[];
    relation regclass;
BEGIN
    FOR resource_type IN EXECUTE format('SELECT name, table_name FROM %I.resource_type ORDER BY name <> ''User'', name', store) LOOP
        statements := statements || ARRAY(
            SELECT scim_internal.resource_table_statements(store, resource_type.table_name, resource_type.name));
    END LOOP;
    FOREACH statement IN ARRAY statements LOOP
        online := false;
        IF statement ~ '^(COMMENT|GRANT|REVOKE) ' THEN
            RETURN NEXT;
        ELSIF statement ~ '^CREATE TRIGGER ' THEN
            statement := regexp_replace(statement, '^CREATE', 'CREATE OR REPLACE');
            RETURN NEXT;
        ELSIF statement ~ '^CREATE STATISTICS ' THEN
            statement := regexp_replace(statement, '^CREATE STATISTICS', 'CREATE STATISTICS IF NOT EXISTS');
            RETURN NEXT;
        ELSIF statement ~ '^CREATE (UNIQUE )?INDEX ' THEN
            part := regexp_match(statement, '^(CREATE (?:UNIQUE )?INDEX) ("(?:[^"]|"")+"|\S+) (.*)$');
            relation := to_regclass(quote_ident(store) || '.' || part[2]);
            online := true;
            -- CONCURRENTLY that failed leaves an index that is not valid
            IF EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = relation AND NOT i.indisvalid) THEN
                statement := format('DROP INDEX CONCURRENTLY %s', relation);
                RETURN NEXT;
                relation := NULL;
            END IF;
            IF relation IS NULL THEN
                statement := concat_ws(' ', part[1], 'CONCURRENTLY', part[2], part[3]);
                RETURN NEXT;
            END IF;
        END IF;
    END LOOP;
    -- the door of the registry completes documents: by descriptions, which version 0.1.0
    -- did not ask for
    online := false;
    FOREACH statement IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        statement := format($update$UPDATE %I.%I SET document = document
            WHERE NOT document ? 'description'
            OR jsonb_path_exists(document, '$.attributes[*] ? (!exists(@.description))')
            OR jsonb_path_exists(document, '$.attributes[*].subAttributes[*] ? (!exists(@.description))')$update$, store, statement);
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.store_repairs(name) IS
'The statements that give a store, whose tables are there, the triggers, comments and privileges of a new one, the statistics and indexes that it lacks, and complete documents; online: an index, which is made outside of a transaction.';

-- Called by scim.upgrade_store, as the owner of the store.
CREATE FUNCTION scim_internal.upgrade_store(store name, dry_run boolean, caller_is_owner boolean)
    RETURNS TABLE (statement text)
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = warning
AS $function$
DECLARE
    wanted CONSTANT text := scim_internal.store_version();
    current text := scim_internal.store_version_of(store);
    is_old CONSTANT boolean := current <> wanted;
    step record;
    repair record;
BEGIN
    IF is_old AND NOT dry_run THEN
        -- no writer until it is whole, and one upgrade at a time
        EXECUTE format('LOCK TABLE %1$I.resource_type, %1$I.schema, %1$I.policy, %1$I.resource, %1$I.member IN ACCESS EXCLUSIVE MODE', store);
        current := scim_internal.store_version_of(store);
    ELSIF is_old AND NOT caller_is_owner THEN
        statement := format('SET ROLE %I', current_user);
        RETURN NEXT;
    END IF;
    WHILE current <> wanted LOOP
        SELECT s.* INTO step FROM scim_internal.store_steps() s WHERE s.from_version = current;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'store "%" is of version %, which this version of scim does not know', store, current
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = format('It knows stores of the versions %s and %s: a later version of the extension may know more.',
                          (SELECT string_agg(s.from_version, ', ') FROM scim_internal.store_steps() s), wanted);
        END IF;
        FOR statement IN
            SELECT scim_internal.of_store(of_step, store) FROM scim_internal.split_statements(step.script) AS of_step
            UNION ALL
            SELECT format('UPDATE %I.store SET version = %L', store, step.to_version)
        LOOP
            IF dry_run THEN
                RETURN NEXT;
            ELSE
                EXECUTE statement;
            END IF;
        END LOOP;
        current := step.to_version;
    END LOOP;
    IF is_old AND NOT dry_run THEN
        PERFORM scim_internal.force_row_security(store);
    END IF;
    FOR repair IN
        SELECT * FROM scim_internal.store_repairs(store) WITH ORDINALITY AS r (statement, online, number)
        ORDER BY r.online, r.number
    LOOP
        statement := repair.statement;
        IF repair.online OR is_old AND dry_run THEN
            RETURN NEXT;
        ELSIF is_old THEN
            EXECUTE statement;
        END IF;
    END LOOP;
    IF is_old AND dry_run AND NOT caller_is_owner THEN
        statement := format('SET ROLE %s', quote_ident(current_setting('role')));
        RETURN NEXT;
    END IF;
END
$function$;
COMMENT ON FUNCTION scim_internal.upgrade_store(name, boolean, boolean) IS
'What scim.upgrade_store does, as whoever calls it.';

CREATE FUNCTION scim.upgrade_store(name text, dry_run boolean DEFAULT false)
    RETURNS TABLE (statement text)
    AS 'MODULE_PATHNAME', 'scim_upgrade_store'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION scim.upgrade_store(text, boolean) IS
'Brings a store of an earlier version forward to that of the extension, in one transaction, and returns what is left to do outside of it, the making of indexes, as statements for psql''s \gexec: until then the store answers rightly, if slower. Says nothing about a store that is whole. dry_run: does nothing, and returns all that would be done. Errors: 3F000 where there is no such store, 55000 where its version is unknown, 42501 for who is not its owner; a superuser acts as the owner.';
