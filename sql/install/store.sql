-- A store: an ordinary schema of ordinary tables that belong to its maker.

CREATE FUNCTION scim.create_store(name text DEFAULT 'directory')
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    store CONSTANT text := create_store.name;
    table_name text;
BEGIN
    IF store IS NULL OR store = '' OR octet_length(store) > 63 THEN
        RAISE EXCEPTION 'invalid store name: %', coalesce(quote_literal(store), 'NULL')
            USING ERRCODE = 'invalid_name',
                  DETAIL = 'A store is a schema: its name has 1 to 63 bytes.';
    END IF;

    EXECUTE format('CREATE SCHEMA %I', store);
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', store, 'SCIM store');
    EXECUTE replace($ddl$

    CREATE TABLE @.tenant (
        tenant_id int PRIMARY KEY,
        name text NOT NULL,
        created timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT tenant_id CHECK (tenant_id > 0)
    );
    COMMENT ON TABLE @.tenant IS 'Who shares this store; a single-tenant user has the one row 1';
    INSERT INTO @.tenant (tenant_id, name) VALUES (1, 'default');
    CREATE TRIGGER scim_check AFTER UPDATE OR DELETE ON @.tenant
        FOR EACH ROW EXECUTE FUNCTION scim.check_tenant();
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.tenant
        EXECUTE FUNCTION scim.resource_truncate();

    CREATE TABLE @.schema (
        id text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        CONSTRAINT schema_id CHECK (document ->> 'id' = id)
    );
    COMMENT ON TABLE @.schema IS 'Registered schemas, RFC 7643 section 7';

    CREATE TABLE @.resource_type (
        name text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        table_name name NOT NULL,
        CONSTRAINT resource_type_name CHECK (document ->> 'name' = name)
    );
    COMMENT ON TABLE @.resource_type IS 'Registered resource types, RFC 7643 section 6, and the partition that holds each';

    CREATE TABLE @.policy (
        tenant_id int REFERENCES @.tenant,
        resource_type text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        settings jsonb NOT NULL DEFAULT '{}',
        UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind),
        CONSTRAINT policy_kind CHECK (kind IN ('identity', 'canonical', 'reference', 'delete', 'audit', 'events')),
        CONSTRAINT policy_settings CHECK (jsonb_typeof(settings) = 'object'),
        CONSTRAINT policy_canonical CHECK (kind <> 'canonical' OR settings -> 'attributes' IS NULL
            OR jsonb_typeof(settings -> 'attributes') = 'array'),
        CONSTRAINT policy_reference CHECK (kind <> 'reference'
            OR (coalesce(jsonb_typeof(settings -> 'attributes'), '') = 'object'
                AND coalesce(settings ->> 'missing', 'invalidValue') IN ('invalidValue', 'notFound'))),
        CONSTRAINT policy_delete_mode CHECK (kind <> 'delete'
            OR coalesce(settings ->> 'mode', '') IN ('hard', 'retain', 'offboard'))
    );
    COMMENT ON TABLE @.policy IS 'What holds for every writer; a row with a tenant_id goes before the row for all tenants (NULL)';

    CREATE TABLE @.resource (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        resource_type text COLLATE "C" NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        external_id text COLLATE "C",
        user_name text COLLATE "C",
        display_name text COLLATE "C",
        active boolean,
        status text COLLATE "C" NOT NULL,
        data jsonb NOT NULL,
        version bigint NOT NULL,
        created timestamptz NOT NULL,
        last_modified timestamptz NOT NULL,
        offboarding_at timestamptz,
        deleted_at timestamptz,
        PRIMARY KEY (tenant_id, id, resource_type),
        CONSTRAINT resource_status CHECK
            (status IN ('ACTIVE', 'SUSPENDED', 'OFFBOARDING', 'OFFBOARDED', 'DELETED'))
    ) PARTITION BY LIST (resource_type);
    COMMENT ON TABLE @.resource IS 'Every resource; data is the canonical document without id, meta, groups, members and password';

    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH ROW EXECUTE FUNCTION scim.resource_door();
    CREATE TRIGGER scim_record AFTER INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH ROW EXECUTE FUNCTION scim.resource_record();

    CREATE TABLE @.member (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        group_id uuid NOT NULL,
        member_id uuid NOT NULL,
        member_type text COLLATE "C",
        value text COLLATE "C",
        created timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, group_id, member_id),
        CONSTRAINT member_value CHECK (member_id = scim.member_key(value))
    );
    CREATE INDEX member_member_id_idx ON @.member (tenant_id, member_id);
    COMMENT ON TABLE @.member IS 'One row per membership; value is the reference as sent where it is no id of a resource';

    CREATE TRIGGER scim_door BEFORE UPDATE ON @.member
        FOR EACH ROW EXECUTE FUNCTION scim.member_door();
    CREATE TRIGGER scim_record_insert AFTER INSERT ON @.member
        REFERENCING NEW TABLE AS changed_member
        FOR EACH STATEMENT EXECUTE FUNCTION scim.member_record();
    CREATE TRIGGER scim_record_delete AFTER DELETE ON @.member
        REFERENCING OLD TABLE AS changed_member
        FOR EACH STATEMENT EXECUTE FUNCTION scim.member_record();
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.member
        EXECUTE FUNCTION scim.resource_truncate();

    CREATE TABLE @.unique_value (
        tenant_id int NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        attribute text COLLATE "C" NOT NULL,
        value text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        PRIMARY KEY (tenant_id, resource_type, attribute, value)
    );
    COMMENT ON TABLE @.unique_value IS 'Values of attributes that are unique (RFC 7643 section 2.2), but for userName; tenant 0: unique among all tenants';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE OR DELETE ON @.unique_value
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim.check_unique_value();
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.unique_value
        EXECUTE FUNCTION scim.resource_truncate();

    CREATE TABLE @.credential (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        resource_id uuid NOT NULL,
        secret text NOT NULL,
        changed timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, resource_id),
        CONSTRAINT credential_secret CHECK
            (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]*:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$')
    );
    COMMENT ON TABLE @.credential IS 'Passwords, only as SCRAM-SHA-256 secrets (RFC 5803)';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.credential
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim.check_credential();

    CREATE TABLE @.token (
        tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        hash bytea NOT NULL UNIQUE,
        description text NOT NULL,
        created timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT token_hash CHECK (octet_length(hash) = 32),
        CONSTRAINT token_revoked_at CHECK (revoked_at >= created)
    );
    COMMENT ON TABLE @.token IS 'Bearer tokens, only as SHA-256';

    CREATE TABLE @.secret (
        purpose text COLLATE "C" PRIMARY KEY,
        value bytea NOT NULL,
        CONSTRAINT secret_cursor CHECK (purpose <> 'cursor' OR octet_length(value) = 32)
    );
    COMMENT ON TABLE @.secret IS 'Keys of this store, for its owner only: "cursor" seals the cursors of RFC 9865';
    INSERT INTO @.secret (purpose, value)
        SELECT 'cursor', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                             || uuid_send(gen_random_uuid()));

    CREATE TABLE @.audit (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL DEFAULT now(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        actor text NOT NULL,
        db_user name NOT NULL DEFAULT session_user,
        operation text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        version bigint,
        member_id uuid,
        before jsonb,
        PRIMARY KEY (tenant_id, id)
    );
    CREATE INDEX audit_resource_id_idx ON @.audit (tenant_id, resource_id, id);
    COMMENT ON TABLE @.audit IS 'Who changed what and when, and what the record said before';

    CREATE TABLE @.event (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL DEFAULT now(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        event_uri text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        version bigint,
        PRIMARY KEY (tenant_id, id)
    );
    COMMENT ON TABLE @.event IS 'Outbox of events (RFC 9967), written in the transaction of the change where the policy "events" is on';

    INSERT INTO @.schema (id, document)
        SELECT document ->> 'id', document FROM scim.core_schemas();
    INSERT INTO @.resource_type (name, document, table_name)
        SELECT document ->> 'name', document,
               CASE document ->> 'name' WHEN 'User' THEN 'users' ELSE 'groups' END
        FROM scim.core_resource_types();
    INSERT INTO @.policy (resource_type, kind, enabled, settings) VALUES
        ('User', 'identity', false, '{"userName": "primaryEmail"}'),
        ('User', 'delete', true, '{"mode": "retain"}'),
        ('Group', 'delete', true, '{"mode": "hard"}'),
        ('User', 'audit', true, '{}'),
        ('Group', 'audit', true, '{}'),
        ('User', 'events', false, '{}'),
        ('Group', 'events', false, '{}');

    $ddl$, '@.', quote_ident(store) || '.');

    PERFORM scim.create_resource_table(store, 'users', 'User');
    PERFORM scim.create_resource_table(store, 'groups', 'Group');
    EXECUTE format('CREATE UNIQUE INDEX users_user_name_key ON %I.users (tenant_id, scim.fold(user_name)) WHERE deleted_at IS NULL',
        store);

    EXECUTE replace($ddl$

    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON @.policy
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();
    CREATE TRIGGER scim_record AFTER INSERT OR DELETE ON @.resource_type
        FOR EACH ROW EXECUTE FUNCTION scim.registry_record();

    $ddl$, '@.', quote_ident(store) || '.');
    FOREACH table_name IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        EXECUTE replace($ddl$

    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE OR DELETE ON @
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_lock();
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @
        FOR EACH ROW EXECUTE FUNCTION scim.registry_door();
    CREATE TRIGGER scim_registry_insert AFTER INSERT ON @
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();
    CREATE TRIGGER scim_registry_update AFTER UPDATE ON @ REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();
    CREATE TRIGGER scim_registry_delete AFTER DELETE ON @ REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim.registry_changed();
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @
        EXECUTE FUNCTION scim.resource_truncate();

        $ddl$, '@', format('%I.%I', store, table_name));
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['tenant', 'resource', 'member', 'unique_value', 'credential', 'token', 'audit', 'event'] LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        EXECUTE format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
    END LOOP;
    -- Registry and store-wide policies are the same for every tenant.
    FOREACH table_name IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        EXECUTE format('CREATE POLICY store_wide ON %I.%I FOR SELECT USING (true)', store, table_name);
    END LOOP;
    -- No policy: for the owner only.
    EXECUTE format('ALTER TABLE %I.secret ENABLE ROW LEVEL SECURITY', store);
    EXECUTE format('ALTER TABLE %I.policy ENABLE ROW LEVEL SECURITY', store);
    EXECUTE format('CREATE POLICY tenant ON %I.policy USING (tenant_id = scim.tenant())', store);
    EXECUTE format('CREATE POLICY store_wide ON %I.policy FOR SELECT USING (tenant_id IS NULL)', store);
END
$function$;
COMMENT ON FUNCTION scim.create_store(text) IS
'Makes a store: a schema of that name with the tables of a SCIM service provider, owned by the caller, with the core schemas User, Group and Enterprise User. The tables are ordinary ones, not members of the extension. The setting scim.store says which store the other functions use.';

CREATE FUNCTION scim.drop_store(name text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = drop_store.name
          AND c.relname = 'resource'
          AND t.tgfoid = 'scim.resource_door'::regproc
    ) THEN
        RAISE EXCEPTION 'store "%" does not exist', drop_store.name
            USING ERRCODE = 'invalid_schema_name';
    END IF;
    EXECUTE format('DROP SCHEMA %I CASCADE', drop_store.name);
END
$function$;
COMMENT ON FUNCTION scim.drop_store(text) IS
'Drops a store with all that is in it. Only the owner of its tables may; a schema that is no store is refused.';
