-- A store: an ordinary schema of ordinary tables that belong to its maker.

CREATE FUNCTION scim_internal.split_statements(script text) RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    line text;
    statement text := '';
    quoted boolean := false;
BEGIN
    FOREACH line IN ARRAY string_to_array(script, E'\n') LOOP
        CONTINUE WHEN statement = '' AND line ~ '^\s*(--.*)?$';
        statement := statement || line || E'\n';
        IF regexp_count(line, '\$[a-z]*\$') % 2 = 1 THEN
            quoted := NOT quoted;
        END IF;
        IF NOT quoted AND line ~ ';\s*$' THEN
            RETURN NEXT rtrim(btrim(statement), E'; \n');
            statement := '';
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.split_statements(text) IS
'The statements of a script, without comments between them: each ends with a semicolon at the end of a line that is not within $$.';

CREATE FUNCTION scim_internal.of_store(statement text, store name) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN replace(replace(replace(replace(replace(statement, '@.', quote_ident(store) || '.'),
        '@::regnamespace', format('%L::regnamespace', quote_ident(store))),
        '= scim.tenant()', format('= scim.tenant(%L::regnamespace)', quote_ident(store))),
        '[0, scim.tenant()]', format('[0, scim.tenant(%L::regnamespace)]', quote_ident(store))),
        'DEFAULT scim.tenant()', format('DEFAULT scim.tenant(%L::regnamespace)', quote_ident(store)));
COMMENT ON FUNCTION scim_internal.of_store(text, name) IS
'A statement about the store "@.", and "@::regnamespace", as one about a certain store: of which scim.tenant() is, too, in row-level security and defaults.';

-- Partitions have the same columns, and say the same of them.
CREATE FUNCTION scim_internal.resource_comments(store name, table_name name) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', store, table_name, c.name, c.comment)
    FROM (VALUES
        ('tenant_id', 'The tenant whose resource it is: whoever acts for another sees nothing of it.'),
        ('resource_type', 'The name of the resource type, which decides on the partition.'),
        ('id', 'The SCIM id: by default a UUID version 7, so that ids sort by creation.'),
        ('external_id', 'The attribute externalId; whichever of the two is written, the other follows.'),
        ('user_name', 'The attribute userName, as sent; no two users that are there have the same by scim.fold_user_name.'),
        ('display_name', 'The attribute displayName; whichever of the two is written, the other follows.'),
        ('active', 'The attribute active; to write it suspends or reactivates.'),
        ('status', 'Where the resource is in its life: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.'),
        ('data', 'The canonical SCIM document, without id, meta, groups, members and password.'),
        ('version', 'Counts the changes from 1 on; clients see it in meta.version and ETag.'),
        ('created', 'When the resource was created, as in meta.created.'),
        ('last_modified', 'When the resource last changed, as in meta.lastModified.'),
        ('offboarding_at', 'When off-boarding began; null where it did not.'),
        ('deleted_at', 'When the resource went out of sight of all clients; null while it is there. The indexes hold rows with null, so queries say deleted_at IS NULL.'),
        ('activated_at', 'When the resource last became ACTIVE; null where it never did.'),
        ('deactivated_at', 'When the resource last ceased to be ACTIVE or PENDING; null while it is.'),
        ('sessions_valid_after', 'No session that began before this is valid any more; scim.log_out, suspension, off-boarding and deletion set it.')
    ) AS c (name, comment);
END;
COMMENT ON FUNCTION scim_internal.resource_comments(name, name) IS
'The statements that say of each column of a store''s table "resource", or of a partition of it, what it has.';

-- What makes a store but the tables of its resource types, one statement each, in
-- order.  Tables and rows apart, scim.upgrade_store says it again.
CREATE FUNCTION scim_internal.store_statements(store name)
    RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    table_name text;
    arguments text;
BEGIN
    RETURN NEXT format('CREATE SCHEMA %I', store);
    RETURN NEXT format('COMMENT ON SCHEMA %I IS %L', store,
        'A SCIM store: the tables of one service provider, made by scim.create_store.');
    RETURN QUERY SELECT replace(statement, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$

    CREATE TABLE @.store (
        id int PRIMARY KEY DEFAULT 1,
        version text COLLATE "C" NOT NULL,
        restoring boolean NOT NULL DEFAULT false,
        CONSTRAINT store_one_row CHECK (id = 1)
    );
    COMMENT ON TABLE @.store IS 'One row: the version of scim that these tables are of.';
    COMMENT ON COLUMN @.store.id IS 'Always 1, so that there is one row only.';
    COMMENT ON COLUMN @.store.version IS 'Which version of scim made the tables or last brought them forward.';
    COMMENT ON COLUMN @.store.restoring IS 'Whether the row came out of a dump of the data alone: rows are taken as they are, of the owner only, until scim.repair_store is called.';
    INSERT INTO @.store (version) VALUES (scim_internal.store_version());

    CREATE TABLE @.tenant (
        tenant_id int PRIMARY KEY,
        name text NOT NULL,
        created timestamptz NOT NULL DEFAULT now(),
        base_url text COLLATE "C",
        CONSTRAINT tenant_id CHECK (tenant_id > 0),
        CONSTRAINT tenant_created CHECK (isfinite(created)),
        CONSTRAINT tenant_base_url CHECK (base_url ~ '^https?://[^/?#[:space:]]+(/[^/?#[:space:]]+)*$' AND octet_length(base_url) <= 1024)
    );
    COMMENT ON TABLE @.tenant IS 'Who shares this store: a row for each tenant; who is alone in it has the one row 1 and never notices.';
    COMMENT ON COLUMN @.tenant.tenant_id IS 'The number of the tenant, which leads every key of the store.';
    COMMENT ON COLUMN @.tenant.name IS 'What people call the tenant; nothing depends on it.';
    COMMENT ON COLUMN @.tenant.created IS 'When the tenant was added to the store.';
    COMMENT ON COLUMN @.tenant.base_url IS 'Where this tenant is served, as https://two.example.com/scim/v2: there nobody else is, and he nowhere else; null: wherever the store is.';
    CREATE UNIQUE INDEX tenant_base_url_key ON @.tenant (substr(base_url, 1));
    INSERT INTO @.tenant (tenant_id, name) VALUES (1, 'default');
    CREATE TRIGGER scim_check AFTER UPDATE OR DELETE ON @.tenant
        FOR EACH ROW EXECUTE FUNCTION scim_internal.check_tenant();
    COMMENT ON TRIGGER scim_check ON @.tenant IS 'Who has resources is neither removed nor renumbered.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.tenant
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.tenant IS 'Refuses TRUNCATE, which would leave resources without their tenants.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.tenant
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.tenant IS 'Makes every session look again which tenants there are.';

    CREATE TABLE @.tenant_role (
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        role name NOT NULL,
        tenant_id int REFERENCES @.tenant,
        UNIQUE NULLS NOT DISTINCT (role, tenant_id)
    );
    COMMENT ON TABLE @.tenant_role IS 'Which roles of the database may say for which tenant, as whom and for whom they act: whose settings scim.tenant, scim.actor and scim.me count (doc/security.md). Those of the owner of the store always do.';
    COMMENT ON COLUMN @.tenant_role.id IS 'What the audit calls the row; nothing else refers to it.';
    COMMENT ON COLUMN @.tenant_role.role IS 'The name of a role that is there; it holds for roles that inherit from it, too.';
    COMMENT ON COLUMN @.tenant_role.tenant_id IS 'The tenant for whom the role may act; null: for any.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.tenant_role
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.tenant_role IS 'Makes every session look again who may act for whom.';

    CREATE TABLE @.schema (
        id text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        CONSTRAINT schema_id CHECK (document ->> 'id' = id)
    );
    COMMENT ON TABLE @.schema IS 'Registered schemas (RFC 7643 section 7); scim.register_schema writes them.';
    COMMENT ON COLUMN @.schema.id IS 'The URN of the schema, as its document says it.';
    COMMENT ON COLUMN @.schema.document IS 'The schema as GET /Schemas shows it (RFC 7643 section 7), with every characteristic stated.';

    CREATE TABLE @.resource_type (
        name text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        table_name name NOT NULL,
        CONSTRAINT resource_type_name CHECK (document ->> 'name' = name)
    );
    COMMENT ON TABLE @.resource_type IS 'Registered resource types (RFC 7643 section 6), and the partition that holds each.';
    COMMENT ON COLUMN @.resource_type.name IS 'The name of the resource type, which resource.resource_type repeats.';
    COMMENT ON COLUMN @.resource_type.document IS 'The resource type as GET /ResourceTypes shows it (RFC 7643 section 6).';
    COMMENT ON COLUMN @.resource_type.table_name IS 'The partition of resource that holds the resources of this type.';

    CREATE TABLE @.policy (
        tenant_id int REFERENCES @.tenant,
        resource_type text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        settings jsonb NOT NULL DEFAULT '{}',
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL,
        UNIQUE NULLS NOT DISTINCT (tenant_id, resource_type, kind, name),
        CONSTRAINT policy_resource_type CHECK (octet_length(resource_type) <= 100),
        CONSTRAINT policy_settings CHECK (jsonb_typeof(settings) = 'object')
    );
    COMMENT ON TABLE @.policy IS 'What holds for every writer beyond the schemas; a row with a tenant_id goes before the row of the same name for all tenants.';
    COMMENT ON COLUMN @.policy.tenant_id IS 'The tenant to whom it applies, in place of the row for all; null: all tenants.';
    COMMENT ON COLUMN @.policy.resource_type IS 'The name of the resource type to which it applies.';
    COMMENT ON COLUMN @.policy.kind IS 'What is regulated, one of the kinds of doc/policies.md: identity, reference, delete, ...';
    COMMENT ON COLUMN @.policy.enabled IS 'Whether the rule holds; false in the row of a tenant switches the one for all off for him.';
    COMMENT ON COLUMN @.policy.settings IS 'An object that depends on the kind, such as {"mode": "retain"} of delete.';
    COMMENT ON COLUMN @.policy.id IS 'What the audit and, of a policy guard, the table guard call the row.';
    COMMENT ON COLUMN @.policy.name IS 'What tells several of a kind apart, and the order in which they apply; where none is given, the kind.';

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
        activated_at timestamptz,
        deactivated_at timestamptz,
        sessions_valid_after timestamptz,
        PRIMARY KEY (tenant_id, id, resource_type),
        CONSTRAINT resource_status CHECK (scim_internal.is_status(status))
    ) PARTITION BY LIST (resource_type);
    COMMENT ON TABLE @.resource IS 'Every resource of every type. INSERT, UPDATE and DELETE are as good as requests: a trigger makes documents canonical, checks them and keeps the columns.';

    $ddl$) AS statement;
    RETURN QUERY SELECT scim_internal.resource_comments(store, 'resource');
    RETURN QUERY SELECT replace(statement, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$

    CREATE FUNCTION @.refuse_without_door() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF pg_catalog.to_regproc('scim_internal.has_door') IS NULL THEN
            RAISE EXCEPTION 'store "%" is without its door', TG_TABLE_SCHEMA
                USING ERRCODE = 'SC503', DETAIL = 'The extension scim has been dropped, and with it the triggers of the store.',
                      HINT = pg_catalog.format('CREATE EXTENSION scim, and then SELECT scim.repair_store(%L) \gexec in psql.', TG_TABLE_SCHEMA);
        ELSIF NOT scim_internal.has_door(TG_RELID) THEN
            RAISE EXCEPTION 'store "%" is without its door', TG_TABLE_SCHEMA
                USING ERRCODE = 'SC503', DETAIL = pg_catalog.format('Table "%s" lacks triggers of the store.', TG_TABLE_NAME),
                      HINT = pg_catalog.format('SELECT scim.repair_store(%L) \gexec in psql puts back what is missing.', TG_TABLE_SCHEMA);
        END IF;
        RETURN NULL;
    END
    $$;
    COMMENT ON FUNCTION @.refuse_without_door() IS 'Trigger of the store''s tables of resources and members: refuses every write where those of the extension are gone. It belongs to the store, and stays where the extension is dropped.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_door();
    COMMENT ON TRIGGER scim_door ON @.resource IS 'The one door for every write: canonical form, schemas, policies, key columns, version.';
    CREATE TRIGGER "0_scim_record" AFTER INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH ROW EXECUTE FUNCTION scim_internal.resource_record();
    COMMENT ON TRIGGER "0_scim_record" ON @.resource IS 'What follows from a write: audit, event, unique values, passwords, memberships; before the AFTER triggers of others.';
    CREATE TRIGGER scim_settle AFTER INSERT OR UPDATE OR DELETE ON @.resource
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle();
    COMMENT ON TRIGGER scim_settle ON @.resource IS 'What follows for others from those who have gone: references to them, memberships.';
    CREATE TRIGGER scim_has_door BEFORE INSERT OR UPDATE OR DELETE ON @.resource
        EXECUTE FUNCTION @.refuse_without_door();
    COMMENT ON TRIGGER scim_has_door ON @.resource IS 'Refuses every write where the triggers of the extension are gone.';
    CREATE TRIGGER scim_has_door_truncate BEFORE TRUNCATE ON @.resource
        EXECUTE FUNCTION @.refuse_without_door();
    COMMENT ON TRIGGER scim_has_door_truncate ON @.resource IS 'Refuses TRUNCATE where the triggers of the extension are gone.';

    CREATE TABLE @.member (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        group_id uuid NOT NULL,
        member_id uuid NOT NULL,
        member_type text COLLATE "C",
        value text COLLATE "C",
        created timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (tenant_id, group_id, member_id),
        CONSTRAINT member_value CHECK (member_id = scim.member_key(value))
    );
    CREATE INDEX member_member_id_idx ON @.member (tenant_id, member_id);

    $ddl$) AS statement;
    RETURN NEXT format('SELECT scim_internal.presume_statistics(%L)', format('%I.member', store));
    RETURN QUERY SELECT replace(statement, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$

    COMMENT ON TABLE @.member IS 'One row for each membership of a group; users do not have their groups in their documents.';
    COMMENT ON COLUMN @.member.tenant_id IS 'The tenant to whom the group belongs.';
    COMMENT ON COLUMN @.member.group_id IS 'Which group has the member: the id of its row in resource.';
    COMMENT ON COLUMN @.member.member_id IS 'The id of the member; where value is given, a uuid made of it by scim.member_key.';
    COMMENT ON COLUMN @.member.member_type IS 'The type as the client sent it; that of a resource which is there goes before it.';
    COMMENT ON COLUMN @.member.value IS 'The reference as the client sent it, where it cannot be the id of a resource here; else null.';
    COMMENT ON COLUMN @.member.created IS 'When the membership began.';

    CREATE TRIGGER scim_door BEFORE UPDATE ON @.member
        FOR EACH ROW EXECUTE FUNCTION scim_internal.member_door();
    COMMENT ON TRIGGER scim_door ON @.member IS 'Memberships are added and removed, never changed in place.';
    CREATE TRIGGER scim_value BEFORE INSERT ON @.member
        FOR EACH ROW EXECUTE FUNCTION scim_internal.member_value();
    COMMENT ON TRIGGER scim_value ON @.member IS 'A reference that is an id is that of the member, and no value.';
    CREATE TRIGGER "0_scim_record_insert" AFTER INSERT ON @.member
        REFERENCING NEW TABLE AS changed_member
        FOR EACH ROW EXECUTE FUNCTION scim_internal.member_record();
    COMMENT ON TRIGGER "0_scim_record_insert" ON @.member IS 'Version and audit of the groups that got members, by the first row of a statement for all of them, before the AFTER triggers of others.';
    CREATE TRIGGER "0_scim_record_delete" AFTER DELETE ON @.member
        REFERENCING OLD TABLE AS changed_member
        FOR EACH ROW EXECUTE FUNCTION scim_internal.member_record();
    COMMENT ON TRIGGER "0_scim_record_delete" ON @.member IS 'Version and audit of the groups that lost members, by the first row of a statement for all of them, before the AFTER triggers of others.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.member
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.member IS 'Refuses TRUNCATE, which would pass by versions and audit.';
    CREATE TRIGGER scim_has_door BEFORE INSERT OR UPDATE OR DELETE ON @.member
        EXECUTE FUNCTION @.refuse_without_door();
    COMMENT ON TRIGGER scim_has_door ON @.member IS 'Refuses every write where the triggers of the extension are gone.';
    CREATE TRIGGER scim_has_door_truncate BEFORE TRUNCATE ON @.member
        EXECUTE FUNCTION @.refuse_without_door();
    COMMENT ON TRIGGER scim_has_door_truncate ON @.member IS 'Refuses TRUNCATE where the triggers of the extension are gone.';

    CREATE TABLE @.unique_value (
        tenant_id int NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        attribute text COLLATE "C" NOT NULL,
        value text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        PRIMARY KEY (tenant_id, resource_type, attribute, value),
        CONSTRAINT unique_value_attribute CHECK (octet_length(attribute) <= 1300),
        CONSTRAINT unique_value_resource_type CHECK (octet_length(resource_type) <= 100),
        CONSTRAINT unique_value_value CHECK (octet_length(value) <= 512)
    );
    COMMENT ON TABLE @.unique_value IS 'Values of attributes that are unique (RFC 7643 section 2.2) but for userName, kept by a trigger.';
    COMMENT ON COLUMN @.unique_value.tenant_id IS 'The tenant within which the value is unique; 0: within the whole store.';
    COMMENT ON COLUMN @.unique_value.resource_type IS 'The name of the resource type that has the attribute.';
    COMMENT ON COLUMN @.unique_value.attribute IS 'The path of the attribute, such as emails.value.';
    COMMENT ON COLUMN @.unique_value.value IS 'A text that is the same for equal values: folded unless caseExact, and hashed where it is long.';
    COMMENT ON COLUMN @.unique_value.resource_id IS 'Whose value it is: the id of a row in resource.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE OR DELETE ON @.unique_value
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_unique_value();
    COMMENT ON TRIGGER scim_check ON @.unique_value IS 'Its rows are what the resources that are there have, all of it and no more.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.unique_value
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.unique_value IS 'Refuses TRUNCATE, after which a second resource could have what the first has.';

    CREATE TABLE @.credential (
        tenant_id int NOT NULL DEFAULT scim.tenant(),
        resource_id uuid NOT NULL,
        secret text NOT NULL,
        changed timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, resource_id),
        CONSTRAINT credential_secret CHECK
            (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'),
        CONSTRAINT credential_changed CHECK (isfinite(changed))
    );
    COMMENT ON TABLE @.credential IS 'Passwords, only as SCRAM-SHA-256 secrets (RFC 5803), for scim.verify_password.';
    COMMENT ON COLUMN @.credential.tenant_id IS 'The tenant to whom the user belongs.';
    COMMENT ON COLUMN @.credential.resource_id IS 'The id of the user whose password it is.';
    COMMENT ON COLUMN @.credential.secret IS 'What is kept of the password: salt, iterations and keys of SCRAM-SHA-256.';
    COMMENT ON COLUMN @.credential.changed IS 'When the password was last set.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.credential
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
    COMMENT ON TRIGGER scim_check ON @.credential IS 'A password is that of a resource which is there.';
    CREATE TRIGGER "0_scim_record" AFTER INSERT OR UPDATE OR DELETE ON @.credential
        FOR EACH ROW EXECUTE FUNCTION scim_internal.credential_record();
    COMMENT ON TRIGGER "0_scim_record" ON @.credential IS 'Counts up the version of whose password somebody else than the store writes, which the audit and events tell.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.credential
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.credential IS 'Refuses TRUNCATE, after which nobody had a password and no audit said so.';

    CREATE TABLE @.recovery_code (
        tenant_id int NOT NULL,
        resource_id uuid NOT NULL,
        name text COLLATE "C" NOT NULL,
        hash bytea NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        failures int NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant_id, resource_id),
        CONSTRAINT recovery_code_hash CHECK (octet_length(hash) = 32),
        CONSTRAINT recovery_code_failures CHECK (failures BETWEEN 0 AND 5),
        CONSTRAINT recovery_code_issued_at CHECK (isfinite(issued_at)),
        CONSTRAINT recovery_code_expires_at CHECK (isfinite(expires_at))
    );
    CREATE UNIQUE INDEX recovery_code_name_key ON @.recovery_code (tenant_id, sha256(name::bytea));
    COMMENT ON TABLE @.recovery_code IS 'Codes by which people get back in, one for each at most and only as SHA-256; for the owner of the store, by scim.issue_recovery_code and scim.redeem_recovery_code.';
    COMMENT ON COLUMN @.recovery_code.tenant_id IS 'The tenant to whom the user belongs.';
    COMMENT ON COLUMN @.recovery_code.resource_id IS 'The id of the user who gets back in by it.';
    COMMENT ON COLUMN @.recovery_code.name IS 'The first ten characters of the code, by which it is found.';
    COMMENT ON COLUMN @.recovery_code.hash IS 'The SHA-256 of the whole code, which is not kept.';
    COMMENT ON COLUMN @.recovery_code.issued_at IS 'When scim.issue_recovery_code made it.';
    COMMENT ON COLUMN @.recovery_code.expires_at IS 'From when on it is not good any more.';
    COMMENT ON COLUMN @.recovery_code.failures IS 'How often somebody knew its name, but not the rest; after the fifth time it is gone.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.recovery_code
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_credential();
    COMMENT ON TRIGGER scim_check ON @.recovery_code IS 'A code is that of a resource which is there.';

    CREATE TABLE @.token (
        tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        hash bytea NOT NULL,
        description text NOT NULL,
        created timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        scopes text[] COLLATE "C",
        former_hash bytea,
        former_until timestamptz,
        last_used_at timestamptz,
        client_id uuid,
        former_used_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT token_hash CHECK (octet_length(hash) = 32),
        CONSTRAINT token_created CHECK (isfinite(created)),
        CONSTRAINT token_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at)),
        CONSTRAINT token_description CHECK (octet_length(description) <= 1024),
        CONSTRAINT token_scopes CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
        CONSTRAINT token_former CHECK (octet_length(former_hash) = 32 AND isfinite(former_until)),
        CONSTRAINT token_former_until CHECK ((former_hash IS NULL) = (former_until IS NULL)),
        CONSTRAINT token_former_used CHECK (isfinite(former_used_at)),
        CONSTRAINT token_of_client CHECK (client_id IS NULL OR (expires_at IS NOT NULL AND former_hash IS NULL))
    );
    CREATE UNIQUE INDEX token_description_key ON @.token (tenant_id, description) WHERE revoked_at IS NULL;
    CREATE INDEX token_client_idx ON @.token (tenant_id, client_id, expires_at) WHERE client_id IS NOT NULL;
    CREATE INDEX token_hash_idx ON @.token (hash, tenant_id);
    CREATE INDEX token_former_hash_idx ON @.token (former_hash, tenant_id) WHERE former_hash IS NOT NULL;
    COMMENT ON TABLE @.token IS 'Bearer tokens of clients, only as SHA-256.';
    COMMENT ON COLUMN @.token.tenant_id IS 'The tenant for whom its bearer acts.';
    COMMENT ON COLUMN @.token.id IS 'By what scim.revoke_token knows the token.';
    COMMENT ON COLUMN @.token.hash IS 'The SHA-256 of the token, of which nothing else is kept.';
    COMMENT ON COLUMN @.token.description IS 'Whom the token was made for; the audit shows it as the actor. Unique among those of a tenant that are not revoked. Of an access token: its client and its id.';
    COMMENT ON COLUMN @.token.created IS 'When scim.create_token made it.';
    COMMENT ON COLUMN @.token.expires_at IS 'From when on it is not valid any more; null: it is until revoked.';
    COMMENT ON COLUMN @.token.revoked_at IS 'When scim.revoke_token ended it; null where nobody did.';
    COMMENT ON COLUMN @.token.scopes IS 'What it is good for, as {read,User}: read or write, names of resource types, endpoint:NAME (doc/security.md); null: everything.';
    COMMENT ON COLUMN @.token.former_hash IS 'The SHA-256 of the secret before scim.rotate_token, which is good until former_until.';
    COMMENT ON COLUMN @.token.former_until IS 'Until when the secret before scim.rotate_token is good.';
    COMMENT ON COLUMN @.token.last_used_at IS 'When a request with it was last let in, or up to an hour before that; null where none was.';
    COMMENT ON COLUMN @.token.former_used_at IS 'When a request with the secret before the last rotation was last let in, or up to an hour before that; null where none was since the rotation.';
    COMMENT ON COLUMN @.token.client_id IS 'Of an access token (RFC 6749): the client that fetched it, as which its bearer acts; null: scim.create_token made it.';
    CREATE TRIGGER scim_gone AFTER UPDATE OR DELETE ON @.token
        FOR EACH ROW EXECUTE FUNCTION scim_internal.token_gone();
    COMMENT ON TRIGGER scim_gone ON @.token IS 'Settings of a token that is deleted go with it.';
    CREATE TRIGGER scim_gone_truncate BEFORE TRUNCATE ON @.token
        EXECUTE FUNCTION scim_internal.token_gone();
    COMMENT ON TRIGGER scim_gone_truncate ON @.token IS 'Settings of all that go by TRUNCATE go with them.';

    CREATE TABLE @.authentication_scheme (
        scheme text COLLATE "C" PRIMARY KEY,
        keyword text COLLATE "C" NOT NULL,
        credential text COLLATE "C" NOT NULL,
        second_header text COLLATE "C",
        type text COLLATE "C" NOT NULL,
        name text,
        description text,
        spec_uri text,
        is_primary boolean UNIQUE,
        UNIQUE (keyword, credential),
        CONSTRAINT authentication_scheme_scheme CHECK (octet_length(scheme) BETWEEN 1 AND 256),
        CONSTRAINT authentication_scheme_keyword_length CHECK (octet_length(keyword) <= 256),
        CONSTRAINT authentication_scheme_keyword CHECK (keyword ~ '^[0-9A-Za-z!#$%&''*+.^_`|~-]*$'
            AND (keyword <> '' OR credential = 'token')),
        CONSTRAINT authentication_scheme_credential CHECK (credential IN ('token', 'password', 'jwt', 'access_token')),
        CONSTRAINT authentication_scheme_jwt CHECK (credential NOT IN ('jwt', 'access_token')
            OR (keyword = 'Bearer' AND second_header IS NULL)),
        CONSTRAINT authentication_scheme_second_header CHECK (second_header ~ '^[0-9a-z][0-9a-z-]*$'
            AND second_header !~ '^x-scim-|^authorization$'),
        CONSTRAINT authentication_scheme_type CHECK
            (type IN ('oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest')),
        CONSTRAINT authentication_scheme_description CHECK ((name IS NULL) = (description IS NULL)),
        CONSTRAINT authentication_scheme_primary CHECK (is_primary)
    );
    CREATE UNIQUE INDEX authentication_scheme_keyword_idx ON @.authentication_scheme (lower(keyword), credential);
    CREATE UNIQUE INDEX authentication_scheme_scheme_idx ON @.authentication_scheme (lower(scheme));
    COMMENT ON TABLE @.authentication_scheme IS 'The ways in which a client may say who it is, and what the ServiceProviderConfig tells of them.';
    COMMENT ON COLUMN @.authentication_scheme.scheme IS 'What scim.create_client and the table "client" call it.';
    COMMENT ON COLUMN @.authentication_scheme.keyword IS 'What stands before the credential in the header Authorization, in any letter case; empty: nothing.';
    COMMENT ON COLUMN @.authentication_scheme.credential IS 'token: a random secret, of table "token" or "client"; password: base64 of name:password of a client (RFC 7617); jwt: a JSON web token that the gateway has verified; access_token: what a client fetches at /.oauth/token (RFC 6749).';
    COMMENT ON COLUMN @.authentication_scheme.second_header IS 'The header, in lower case, in which a second secret of the client has to come along; null: none has to.';
    COMMENT ON COLUMN @.authentication_scheme.type IS 'The type that authenticationSchemes of the ServiceProviderConfig shows (RFC 7643 section 5).';
    COMMENT ON COLUMN @.authentication_scheme.name IS 'The name that authenticationSchemes shows; null: accepted, but not shown there.';
    COMMENT ON COLUMN @.authentication_scheme.description IS 'The description that authenticationSchemes shows.';
    COMMENT ON COLUMN @.authentication_scheme.spec_uri IS 'The specUri that authenticationSchemes shows.';
    COMMENT ON COLUMN @.authentication_scheme.is_primary IS 'Whether authenticationSchemes shows it as the preferred one: true in one row at most, null in the others.';

    CREATE TABLE @.endpoint (
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL UNIQUE,
        methods text[] COLLATE "C" NOT NULL,
        path text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        action text COLLATE "C" NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        settings jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT endpoint_name CHECK (octet_length(name) <= 1200),
        CONSTRAINT endpoint_path CHECK (octet_length(path) <= 1024)
    );
    COMMENT ON TABLE @.endpoint IS 'Endpoints of one''s own beside those of SCIM: flat JSON over the resources of the store (doc/endpoints.md).';
    COMMENT ON COLUMN @.endpoint.id IS 'What the audit calls the row; nothing else refers to it.';
    COMMENT ON COLUMN @.endpoint.name IS 'What errors and other rows call it; where none is given, methods and path.';
    COMMENT ON COLUMN @.endpoint.methods IS 'Of GET, POST, PUT, PATCH and DELETE; HEAD goes with GET, and OPTIONS is always there.';
    COMMENT ON COLUMN @.endpoint.path IS 'Words, in any letter case, and one part in braces with the attributes that find a resource, as in /api/users/{id|emails.value}.';
    COMMENT ON COLUMN @.endpoint.resource_type IS 'The name of the resource type that it is about.';
    COMMENT ON COLUMN @.endpoint.action IS 'What is done: create, read, list, replace, merge, delete, or a step of the life-cycle such as suspend.';
    COMMENT ON COLUMN @.endpoint.enabled IS 'Whether it is there; one that is not is not checked either.';
    COMMENT ON COLUMN @.endpoint.settings IS 'Fields, lists, errors and all the rest, as doc/endpoints.md says.';

    CREATE TABLE @.setting (
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C",
        tenant_id int REFERENCES @.tenant,
        token_id uuid,
        value jsonb NOT NULL,
        UNIQUE NULLS NOT DISTINCT (name, resource_type, tenant_id, token_id)
    );
    COMMENT ON TABLE @.setting IS 'What this store has different from the defaults; scim.settings() lists all settings, and what holds.';
    COMMENT ON COLUMN @.setting.id IS 'What the audit calls the row; nothing else refers to it.';
    COMMENT ON COLUMN @.setting.name IS 'Which setting, as max_results; the setting of a session with scim. in front goes before all rows.';
    COMMENT ON COLUMN @.setting.resource_type IS 'The name of the resource type to which it applies; null: all.';
    COMMENT ON COLUMN @.setting.tenant_id IS 'The tenant to whom it applies; null: all.';
    COMMENT ON COLUMN @.setting.token_id IS 'The token or client, by its id, to whose requests it applies; null: to everything.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.setting
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_setting();
    COMMENT ON TRIGGER scim_check ON @.setting IS 'A setting for a token or client is for one that is there.';
    COMMENT ON COLUMN @.setting.value IS 'The value: a number, true or false, or a string, as the setting has it.';

    CREATE TABLE @.binding (
        tenant_id int REFERENCES @.tenant,
        id uuid PRIMARY KEY DEFAULT scim.uuid_v7(),
        resource_type text COLLATE "C" NOT NULL REFERENCES @.resource_type,
        relation regclass NOT NULL UNIQUE,
        others regclass[] NOT NULL DEFAULT '{}',
        mapping jsonb NOT NULL,
        created timestamptz NOT NULL DEFAULT now()
    );
    COMMENT ON TABLE @.binding IS 'Tables of applications that are bound to resources of a type, by scim.bind_table (doc/applications.md).';
    COMMENT ON COLUMN @.binding.tenant_id IS 'The tenant whose resources the rows are; null: a column of the table says it.';
    COMMENT ON COLUMN @.binding.id IS 'By what binding_link knows it.';
    COMMENT ON COLUMN @.binding.resource_type IS 'The name of the resource type that is bound.';
    COMMENT ON COLUMN @.binding.relation IS 'The table that is bound, whatever it is called by now.';
    COMMENT ON COLUMN @.binding.others IS 'The tables that hold its multi-valued attributes and members, in the order of their attributes.';
    COMMENT ON COLUMN @.binding.mapping IS 'Which attribute is which column, and the rest that scim.bind_table was given.';
    COMMENT ON COLUMN @.binding.created IS 'When scim.bind_table made it.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.binding
        FOR EACH ROW EXECUTE FUNCTION scim_internal.binding_door();
    COMMENT ON TRIGGER scim_door ON @.binding IS 'Lets only scim.bind_table and scim.unbind_table write it.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.binding
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.binding IS 'Refuses TRUNCATE, which would leave triggers without what they follow.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.binding
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.binding IS 'Makes every session read the bindings anew, once they are committed.';

    CREATE TABLE @.binding_link (
        tenant_id int NOT NULL,
        binding_id uuid NOT NULL,
        resource_id uuid NOT NULL,
        key text[] COLLATE "C",
        detached timestamptz,
        PRIMARY KEY (tenant_id, binding_id, resource_id),
        CONSTRAINT binding_link_detached CHECK (isfinite(detached))
    );
    -- Partial, lest the planner take it for a resource: before there are statistics, both look the same to it.
    CREATE UNIQUE INDEX binding_link_key_key ON @.binding_link (tenant_id, binding_id, key) WHERE key IS NOT NULL;
    COMMENT ON TABLE @.binding_link IS 'Which row of a bound table is which resource; kept by the triggers of both.';
    COMMENT ON COLUMN @.binding_link.tenant_id IS 'The tenant whose resource the row is.';
    COMMENT ON COLUMN @.binding_link.binding_id IS 'By which binding: the id of a row in binding.';
    COMMENT ON COLUMN @.binding_link.resource_id IS 'Which resource the row is, or was: an id of resource.';
    COMMENT ON COLUMN @.binding_link.key IS 'The key of the row, as text; null: the row has gone, and the resource was kept.';
    COMMENT ON COLUMN @.binding_link.detached IS 'Since when one of the two has gone and the other was kept; null: both are there.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.binding_link
        FOR EACH ROW EXECUTE FUNCTION scim_internal.binding_door();
    COMMENT ON TRIGGER scim_door ON @.binding_link IS 'Lets only the store write it.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.binding_link
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.binding_link IS 'Refuses TRUNCATE, after which nobody knew which row is which resource.';

    CREATE TABLE @.database_role (
        tenant_id int NOT NULL,
        resource_id uuid NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        role text COLLATE "C" NOT NULL,
        role_id oid NOT NULL,
        database_id oid NOT NULL,
        made boolean NOT NULL,
        login boolean NOT NULL,
        granted text[] COLLATE "C" NOT NULL DEFAULT '{}',
        since timestamptz NOT NULL DEFAULT clock_timestamp(),
        ends_sessions_before timestamptz,
        server_id bigint NOT NULL,
        PRIMARY KEY (tenant_id, resource_id),
        UNIQUE (tenant_id, role)
    );
    COMMENT ON TABLE @.database_role IS 'Which roles of the database people log in as, by the policies "database_roles", and what these have done to them; the store writes it.';
    COMMENT ON COLUMN @.database_role.tenant_id IS 'The tenant whose person it is.';
    COMMENT ON COLUMN @.database_role.resource_id IS 'The person, who may be gone by now: an id of resource.';
    COMMENT ON COLUMN @.database_role.resource_type IS 'Of which type the person is, be he gone by now: a name in resource_type.';
    COMMENT ON COLUMN @.database_role.role IS 'By which name the person logs in to the database, as the store has left it.';
    COMMENT ON COLUMN @.database_role.role_id IS 'Its oid: another role of that name is not the one that is meant, and the same by another name is.';
    COMMENT ON COLUMN @.database_role.database_id IS 'The oid of the database: in a copy of it no role is the one that is meant.';
    COMMENT ON COLUMN @.database_role.made IS 'Whether the store has made the role, or scim.adopt_database_role() has given it to the person.';
    COMMENT ON COLUMN @.database_role.login IS 'Whether the person may log in, as the policy has left it.';
    COMMENT ON COLUMN @.database_role.granted IS 'The roles that the policy has granted.';
    COMMENT ON COLUMN @.database_role.since IS 'Since when the role is that of the person.';
    COMMENT ON COLUMN @.database_role.ends_sessions_before IS 'When the person last lost a role or the leave to log in: scim.end_database_sessions() ends sessions that began before.';
    COMMENT ON COLUMN @.database_role.server_id IS 'The system identifier of the server: on another one, as behind pg_upgrade, only a role that has that name, too, is the one that is meant.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.database_role
        FOR EACH ROW EXECUTE FUNCTION scim_internal.database_role_door();
    COMMENT ON TRIGGER scim_door ON @.database_role IS 'Lets only the store write it.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.database_role
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.database_role IS 'Refuses TRUNCATE, after which roles would follow nobody any more.';

    CREATE TABLE @.client (
        tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL,
        scheme text COLLATE "C" NOT NULL REFERENCES @.authentication_scheme ON UPDATE CASCADE,
        hash bytea,
        secret text,
        second_hash bytea,
        created timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        scopes text[] COLLATE "C",
        former_hash bytea,
        former_until timestamptz,
        former_second_hash bytea,
        last_used_at timestamptz,
        jwks jsonb,
        jwks_uri text COLLATE "C",
        jwks_fetched_at timestamptz,
        jwks_tried_at timestamptz,
        jwks_wanted_at timestamptz,
        jwks_error text,
        former_used_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT client_name CHECK (name <> '' AND octet_length(name) <= 256 AND position(':' IN name) = 0),
        CONSTRAINT client_hash CHECK (octet_length(hash) = 32),
        CONSTRAINT client_secret CHECK
            (secret ~ '^SCRAM-SHA-256[$][1-9][0-9]{0,5}:[A-Za-z0-9+/]+={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'),
        CONSTRAINT client_one_secret CHECK (num_nonnulls(hash, secret) + (num_nonnulls(jwks, jwks_uri) > 0)::int = 1),
        CONSTRAINT client_second_hash CHECK (octet_length(second_hash) = 32),
        CONSTRAINT client_created CHECK (isfinite(created)),
        CONSTRAINT client_finite CHECK (isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at)),
        CONSTRAINT client_scopes CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
        CONSTRAINT client_former CHECK (octet_length(former_hash) = 32 AND isfinite(former_until)),
        CONSTRAINT client_former_until CHECK ((former_hash IS NULL) = (former_until IS NULL)),
        CONSTRAINT client_former_second CHECK (former_second_hash IS NULL OR (octet_length(former_second_hash) = 32 AND former_hash IS NOT NULL)),
        CONSTRAINT client_former_used CHECK (isfinite(former_used_at)),
        CONSTRAINT client_jwks CHECK (jsonb_typeof(jwks) = 'object'),
        CONSTRAINT client_jwks_uri CHECK (jwks_uri ~ '^https://[0-9A-Za-z[][!-~]*$' AND octet_length(jwks_uri) <= 2048),
        CONSTRAINT client_jwks_at CHECK (isfinite(jwks_fetched_at) AND isfinite(jwks_tried_at) AND isfinite(jwks_wanted_at))
    );
    CREATE INDEX client_hash_idx ON @.client (hash, tenant_id);
    CREATE INDEX client_former_hash_idx ON @.client (former_hash, tenant_id) WHERE former_hash IS NOT NULL;
    CREATE INDEX client_jwks_uri_idx ON @.client (tenant_id, jwks_tried_at) WHERE jwks_uri IS NOT NULL AND revoked_at IS NULL;
    CREATE UNIQUE INDEX client_name_key ON @.client (substr(name, 1)) WHERE revoked_at IS NULL;
    CREATE INDEX client_name_idx ON @.client (name, tenant_id) WHERE revoked_at IS NULL;
    COMMENT ON TABLE @.client IS 'Who may authenticate by a name or with two secrets; a bearer token needs no client.';
    COMMENT ON COLUMN @.client.tenant_id IS 'The tenant for which the client acts.';
    COMMENT ON COLUMN @.client.id IS 'By what scim.revoke_client knows the client.';
    COMMENT ON COLUMN @.client.name IS 'What the audit calls the client, and with a password the name that it logs in by; in OAuth 2.0 its client_id. Unique among those that are not revoked.';
    COMMENT ON COLUMN @.client.scheme IS 'The one way in which this client authenticates.';
    COMMENT ON COLUMN @.client.hash IS 'SHA-256 of a secret that was made by scim.create_client.';
    COMMENT ON COLUMN @.client.secret IS 'SCRAM-SHA-256 secret (RFC 5803) of a password that was chosen.';
    COMMENT ON COLUMN @.client.second_hash IS 'SHA-256 of the second secret, where the scheme wants one.';
    COMMENT ON COLUMN @.client.created IS 'When scim.create_client made it.';
    COMMENT ON COLUMN @.client.expires_at IS 'From when on its secrets are not good any more; null: no end.';
    COMMENT ON COLUMN @.client.revoked_at IS 'When scim.revoke_client ended it; null where nobody did.';
    COMMENT ON COLUMN @.client.scopes IS 'What it is good for, as {read,User}: read or write, names of resource types, endpoint:NAME (doc/security.md); null: everything.';
    COMMENT ON COLUMN @.client.former_hash IS 'The SHA-256 of the secret before scim.rotate_client, which is good until former_until.';
    COMMENT ON COLUMN @.client.former_until IS 'Until when the secrets before scim.rotate_client are good.';
    COMMENT ON COLUMN @.client.former_second_hash IS 'The SHA-256 of the second secret before scim.rotate_client, which goes with former_hash.';
    COMMENT ON COLUMN @.client.last_used_at IS 'When a request of it was last let in, or up to an hour before that; null where none was.';
    COMMENT ON COLUMN @.client.former_used_at IS 'When a request with the secrets before the last rotation was last let in, or up to an hour before that; null where none was since the rotation.';
    COMMENT ON COLUMN @.client.jwks IS 'The public keys (RFC 7517) by which it signs who it is (RFC 7523), in place of a secret; of one with jwks_uri, those that were fetched last.';
    COMMENT ON COLUMN @.client.jwks_uri IS 'Where scim-relay fetches jwks from; null: it is set by hand.';
    COMMENT ON COLUMN @.client.jwks_fetched_at IS 'When jwks was fetched last; null: never.';
    COMMENT ON COLUMN @.client.jwks_tried_at IS 'When scim-relay was told to fetch jwks last.';
    COMMENT ON COLUMN @.client.jwks_wanted_at IS 'When somebody signed last by a key that jwks has not, so that it is worth to fetch it anew.';
    COMMENT ON COLUMN @.client.jwks_error IS 'Why jwks could not be fetched the last time; null: it could. What was fetched before stays good.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.client
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();
    COMMENT ON TRIGGER scim_check ON @.client IS 'A client has the secrets that its scheme wants.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER UPDATE ON @.authentication_scheme
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_client();
    COMMENT ON TRIGGER scim_check ON @.authentication_scheme IS 'A scheme that changes wants no other secrets than its clients have.';
    CREATE TRIGGER scim_gone AFTER UPDATE OR DELETE ON @.client
        FOR EACH ROW EXECUTE FUNCTION scim_internal.token_gone();
    COMMENT ON TRIGGER scim_gone ON @.client IS 'Settings of a client that is deleted go with it.';
    CREATE TRIGGER scim_gone_truncate BEFORE TRUNCATE ON @.client
        EXECUTE FUNCTION scim_internal.token_gone();
    COMMENT ON TRIGGER scim_gone_truncate ON @.client IS 'Settings of all that go by TRUNCATE go with them.';
    ALTER TABLE @.token ADD CONSTRAINT token_client FOREIGN KEY (tenant_id, client_id) REFERENCES @.client ON DELETE CASCADE;

    CREATE TABLE @.client_assertion (
        tenant_id int NOT NULL,
        client_id uuid NOT NULL,
        jti bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, client_id, jti),
        FOREIGN KEY (tenant_id, client_id) REFERENCES @.client ON DELETE CASCADE,
        CONSTRAINT client_assertion_jti CHECK (octet_length(jti) = 32),
        CONSTRAINT client_assertion_expires_at CHECK (isfinite(expires_at))
    );
    CREATE INDEX client_assertion_expires_at_idx ON @.client_assertion (tenant_id, expires_at);
    COMMENT ON TABLE @.client_assertion IS 'Assertions (RFC 7523) that were accepted, each once: kept as long as they would be good. Only the store writes them.';
    COMMENT ON COLUMN @.client_assertion.tenant_id IS 'Whose the client is that has signed it.';
    COMMENT ON COLUMN @.client_assertion.client_id IS 'The client that has signed it: an id of client.';
    COMMENT ON COLUMN @.client_assertion.jti IS 'SHA-256 of its claim jti.';
    COMMENT ON COLUMN @.client_assertion.expires_at IS 'From when on it would not be accepted anyway, and the row may go.';

    CREATE TABLE @.client_failure (
        tenant_id int NOT NULL,
        key text COLLATE "C" NOT NULL,
        failures real NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, key),
        CONSTRAINT client_failure_failures CHECK (failures >= 0 AND failures < 'Infinity'),
        CONSTRAINT client_failure_at CHECK (isfinite(at))
    );
    CREATE INDEX client_failure_at_idx ON @.client_failure (tenant_id, at);
    COMMENT ON TABLE @.client_failure IS 'How often somebody could not prove at /.oauth/token who he is, of late. Only the store writes it.';
    COMMENT ON COLUMN @.client_failure.tenant_id IS 'The tenant of the client; 0 where it is counted by address.';
    COMMENT ON COLUMN @.client_failure.key IS 'Of what it is counted: "client " and the id of a client, or "address " and that from which the requests came, of IPv6 the first half.';
    COMMENT ON COLUMN @.client_failure.failures IS 'How many there were at that time, of which one every six seconds is forgotten.';
    COMMENT ON COLUMN @.client_failure.at IS 'When the last one was.';

    CREATE TABLE @.secret (
        purpose text COLLATE "C" PRIMARY KEY,
        value bytea NOT NULL,
        CONSTRAINT secret_purpose CHECK (octet_length(purpose) <= 256),
        CONSTRAINT secret_cursor CHECK (purpose <> 'cursor' OR octet_length(value) = 32)
    );
    COMMENT ON TABLE @.secret IS 'Keys of this store, for its owner only: "cursor" seals the cursors of RFC 9865, "sealing" are the keys of scim.sealing_keys().';
    COMMENT ON COLUMN @.secret.purpose IS 'What the key is for, such as cursor.';
    COMMENT ON COLUMN @.secret.value IS 'The random bytes of the key, which nobody needs to know; of "sealing" a JWK Set (RFC 7517), the key that seals first, with the private parts of those that were made here.';
    INSERT INTO @.secret (purpose, value)
        SELECT 'cursor', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                             || uuid_send(gen_random_uuid()));

    CREATE TABLE @.audit (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        actor text NOT NULL,
        db_user name NOT NULL DEFAULT session_user,
        operation text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C",
        resource_id uuid,
        version bigint,
        member_id uuid,
        before jsonb,
        change uuid DEFAULT scim.change(),
        token_id uuid,
        subject text,
        role name,
        request_id text,
        object text COLLATE "C",
        key text COLLATE "C",
        status text COLLATE "C",
        detail jsonb,
        salt bytea,
        content_digest bytea,
        digest bytea,
        PRIMARY KEY (tenant_id, at, id)
    ) PARTITION BY RANGE (at);
    CREATE INDEX audit_resource_id_idx ON @.audit (tenant_id, resource_id, at, id);
    CREATE INDEX audit_change_idx ON @.audit (tenant_id, change);
    CREATE INDEX audit_member_id_idx ON @.audit (tenant_id, member_id, at) WHERE member_id IS NOT NULL;
    CREATE INDEX audit_members_idx ON @.audit (tenant_id, resource_id, at, id) WHERE member_id IS NOT NULL AND detail IS NOT NULL;
    CREATE INDEX audit_object_idx ON @.audit (tenant_id, object, key, at) WHERE object IS NOT NULL;
    COMMENT ON TABLE @.audit IS 'Who changed what and when, and what the record said before; partitioned by the months of UTC.';
    COMMENT ON COLUMN @.audit.tenant_id IS 'The tenant whose resource or configuration was changed; 0: what is the same for all tenants was.';
    COMMENT ON COLUMN @.audit.id IS 'A UUID version 7: rows sort in the order in which they were written.';
    COMMENT ON COLUMN @.audit.at IS 'When it was changed, by the clock, while its row was locked; as last_modified it rises with the version.';
    COMMENT ON COLUMN @.audit.transaction_id IS 'The transaction of the change: rows with the same number were one.';
    COMMENT ON COLUMN @.audit.actor IS 'Who acted, as scim.actor() says: the bearer of a token, a subject, a database user.';
    COMMENT ON COLUMN @.audit.db_user IS 'The database user who was logged in.';
    COMMENT ON COLUMN @.audit.operation IS 'What was done: create, update, activate, suspend, reactivate, offboard, complete, restore, delete, purge, add member or remove member; invite, log out, recover or redeem, which change no document; break glass, beside what was done in spite of a policy managed; import, beside what scim.import has done; load, in place of a row create for each of those that a statement of scim.begin_load has made; link and unlink, beside what a policy link has made of a POST; database role, what a policy database_roles has done for the person; erase; unseal, of who has read what is kept sealed; of configuration create, update or delete and the name of the table.';
    COMMENT ON COLUMN @.audit.resource_type IS 'The name of the resource type of what was changed; null for configuration.';
    COMMENT ON COLUMN @.audit.resource_id IS 'The id of the resource that was changed; of the group, where a member came or went; null for configuration.';
    COMMENT ON COLUMN @.audit.version IS 'Which version the resource has since; null for members.';
    COMMENT ON COLUMN @.audit.member_id IS 'The id of the member that came or went; null for other changes.';
    COMMENT ON COLUMN @.audit.before IS 'What data held before the change, or the row of configuration without its secrets; null where there was nothing.';
    COMMENT ON COLUMN @.audit.change IS 'The same for all rows of audit and event that one transaction writes.';
    COMMENT ON COLUMN @.audit.token_id IS 'The id of the token or client by whose secret the request was let in; null where there was none.';
    COMMENT ON COLUMN @.audit.subject IS 'The subject of the JSON web token by which the request was let in; null where there was none.';
    COMMENT ON COLUMN @.audit.role IS 'The database role as which the statement was executed.';
    COMMENT ON COLUMN @.audit.request_id IS 'The id that the gateway gave the request, as in its log; null outside of one.';
    COMMENT ON COLUMN @.audit.object IS 'The table of configuration that was changed, such as policy; null for resources.';
    COMMENT ON COLUMN @.audit.key IS 'Which row of that table, by its primary key without the tenant; null for resources.';
    COMMENT ON COLUMN @.audit.status IS 'Where the resource was in its life before the change, or as it went; null for what was not there and for members.';
    COMMENT ON COLUMN @.audit.detail IS 'What else there is to know, as doc/audit.md says: "password", "was" with columns before the change, "members" of a group since then, "after" of configuration.';
    COMMENT ON COLUMN @.audit.salt IS 'Random bytes that content_digest begins with; gone with the content that scim.erase takes away.';
    COMMENT ON COLUMN @.audit.content_digest IS 'SHA-256 of salt, before and detail; null where there was no content.';
    COMMENT ON COLUMN @.audit.digest IS 'SHA-256 of all that the row says but the content, of which it is content_digest.';
    CREATE TRIGGER scim_door BEFORE INSERT ON @.audit
        FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_door();
    COMMENT ON TRIGGER scim_door ON @.audit IS 'Gives each row its digests, and lets only the store write any.';
    CREATE TRIGGER scim_guard BEFORE UPDATE OR DELETE ON @.audit
        FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_guard();
    COMMENT ON TRIGGER scim_guard ON @.audit IS 'Refuses UPDATE and DELETE: what is written stays.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.audit
        EXECUTE FUNCTION scim_internal.audit_guard();
    COMMENT ON TRIGGER scim_truncate ON @.audit IS 'Refuses TRUNCATE: what is written stays.';

    CREATE TABLE @.audit_seal (
        tenant_id int NOT NULL,
        position bigint NOT NULL,
        sealed_at timestamptz NOT NULL,
        horizon timestamptz NOT NULL,
        first_at timestamptz,
        last_at timestamptz,
        row_count int NOT NULL,
        total bigint NOT NULL,
        rows bytea NOT NULL,
        previous bytea NOT NULL,
        digest bytea NOT NULL,
        locator bytea,
        PRIMARY KEY (tenant_id, position)
    );
    ALTER TABLE @.audit_seal ALTER COLUMN rows SET STORAGE EXTERNAL;
    CREATE INDEX audit_seal_horizon_idx ON @.audit_seal (tenant_id, horizon);
    CREATE INDEX audit_seal_last_at_idx ON @.audit_seal (tenant_id, last_at);
    COMMENT ON TABLE @.audit_seal IS 'Links of a chain over the audit of each tenant, made by scim.seal_audit: from them scim.verify_audit sees what was altered, removed or added.';
    COMMENT ON COLUMN @.audit_seal.tenant_id IS 'Whose rows of the audit are sealed; 0: those of the configuration for all tenants.';
    COMMENT ON COLUMN @.audit_seal.position IS 'Which link of the chain it is, from 1 on.';
    COMMENT ON COLUMN @.audit_seal.sealed_at IS 'When scim.seal_audit made the link.';
    COMMENT ON COLUMN @.audit_seal.horizon IS 'No row with an instant until then was still to come: all of them are in this link or an earlier one.';
    COMMENT ON COLUMN @.audit_seal.first_at IS 'The first instant among its rows; null where it has none.';
    COMMENT ON COLUMN @.audit_seal.last_at IS 'The last instant among its rows; null where it has none.';
    COMMENT ON COLUMN @.audit_seal.row_count IS 'How many rows it seals; none where it says only that the horizon has moved.';
    COMMENT ON COLUMN @.audit_seal.total IS 'How many rows are sealed by it and the earlier ones.';
    COMMENT ON COLUMN @.audit_seal.rows IS 'The rows, 56 bytes for each: instant (timestamptz_send), id and digest; they stay when the month is dropped.';
    COMMENT ON COLUMN @.audit_seal.previous IS 'The digest of the link before; 32 bytes of zero for the first.';
    COMMENT ON COLUMN @.audit_seal.digest IS 'SHA-256 of the link: of all columns but this and locator, in their order, encoded as doc/audit.md says.';
    COMMENT ON COLUMN @.audit_seal.locator IS 'Of the newest link of a tenant: sums over all rows until the horizon, of which scim.audit_head makes what finds an altered row.';
    CREATE TRIGGER scim_guard BEFORE INSERT OR UPDATE OR DELETE ON @.audit_seal
        FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_guard();
    COMMENT ON TRIGGER scim_guard ON @.audit_seal IS 'Lets only scim.seal_audit write links.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.audit_seal
        EXECUTE FUNCTION scim_internal.audit_guard();
    COMMENT ON TRIGGER scim_truncate ON @.audit_seal IS 'Refuses TRUNCATE: what is sealed stays.';

    CREATE TABLE @.event (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        event_uri text COLLATE "C" NOT NULL,
        resource_type text COLLATE "C" NOT NULL,
        resource_id uuid NOT NULL,
        version bigint,
        change uuid DEFAULT scim.change(),
        data jsonb,
        operation text COLLATE "C",
        actor text,
        external_id text,
        attributes text[] COLLATE "C",
        members_added uuid[],
        members_removed uuid[],
        position bigint,
        PRIMARY KEY (tenant_id, id)
    );
    CREATE UNIQUE INDEX event_position_key ON @.event (tenant_id, position) WHERE position IS NOT NULL;
    CREATE INDEX event_unread_idx ON @.event (tenant_id, at, id) WHERE position IS NULL;
    COMMENT ON TABLE @.event IS 'Outbox of events (RFC 9967), written in the transaction of the change where the policy "events" is on, or a policy "emit" asks for one; those of scim.invite and its like always.';
    COMMENT ON COLUMN @.event.tenant_id IS 'The tenant whose resource was changed.';
    COMMENT ON COLUMN @.event.id IS 'A UUID version 7; position, not this, is the order in which events are read.';
    COMMENT ON COLUMN @.event.at IS 'When it happened, by the clock, as in the audit.';
    COMMENT ON COLUMN @.event.transaction_id IS 'The transaction of the change: what is not committed yet may have lower ids than what is.';
    COMMENT ON COLUMN @.event.event_uri IS 'What happened: a name of RFC 9967 section 7, of OpenID''s CAEP or RISC, or of a policy "emit".';
    COMMENT ON COLUMN @.event.resource_type IS 'The name of the resource type of what was changed.';
    COMMENT ON COLUMN @.event.resource_id IS 'The id of the resource that was changed.';
    COMMENT ON COLUMN @.event.version IS 'Which version the resource has since the change.';
    COMMENT ON COLUMN @.event.change IS 'The same for all rows of audit and event that one transaction writes.';
    COMMENT ON COLUMN @.event.data IS 'What the event tells: the attributes that a policy "emit" names; where the policy "events" is "full", the resource as it was created or replaced, or the operations of the PATCH that makes the same change.';
    COMMENT ON COLUMN @.event.operation IS 'What was done, in the words of the audit; a policy "emit" tells of the same.';
    COMMENT ON COLUMN @.event.actor IS 'Who acted, as scim.actor() says; null in rows of versions before 0.4.0.';
    COMMENT ON COLUMN @.event.external_id IS 'The externalId of the resource, where it has one.';
    COMMENT ON COLUMN @.event.attributes IS 'Paths of the attributes that have another value since, never their values; null where the document is as it was.';
    COMMENT ON COLUMN @.event.members_added IS 'The ids of who became a member, of the first 1,000; null: nobody.';
    COMMENT ON COLUMN @.event.members_removed IS 'The ids of who is a member no more, of the first 1,000; null: nobody.';
    COMMENT ON COLUMN @.event.position IS 'Where the event stands among those of its tenant, from 1: given by the first reader after its commit; null until then.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.event
        FOR EACH ROW EXECUTE FUNCTION scim_internal.event_row();
    COMMENT ON TRIGGER scim_door ON @.event IS 'Refuses rows that the store could not have written, naming the row and showing no secret.';

    CREATE TABLE @.event_position (
        tenant_id int PRIMARY KEY,
        last bigint NOT NULL,
        CONSTRAINT event_position_last CHECK (last >= 0)
    );
    COMMENT ON TABLE @.event_position IS 'How far the events of each tenant are numbered; it outlives the events.';
    COMMENT ON COLUMN @.event_position.tenant_id IS 'The tenant whose events are counted.';
    COMMENT ON COLUMN @.event_position.last IS 'The highest position that was given.';

    CREATE TABLE @.consumer (
        tenant_id int NOT NULL DEFAULT scim.tenant() REFERENCES @.tenant,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        name text COLLATE "C" NOT NULL,
        filter text,
        event_uris text[] COLLATE "C",
        resource_types text[] COLLATE "C",
        channel text COLLATE "C",
        max_attempts int NOT NULL DEFAULT 10,
        created timestamptz NOT NULL DEFAULT now(),
        method text COLLATE "C" NOT NULL DEFAULT 'function',
        token_id uuid,
        endpoint text COLLATE "C",
        audience text[] COLLATE "C",
        lease interval NOT NULL DEFAULT '1 minute',
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, name),
        CONSTRAINT consumer_method CHECK (method IN ('function', 'poll', 'push', 'webhook')),
        CONSTRAINT consumer_token_id CHECK ((method = 'poll') = (token_id IS NOT NULL)),
        CONSTRAINT consumer_endpoint CHECK ((method IN ('push', 'webhook')) = (endpoint IS NOT NULL)),
        CONSTRAINT consumer_endpoint_url CHECK (octet_length(endpoint) <= 2048 AND endpoint ~*
            '^(https://([0-9a-z][0-9a-z.-]*|\[[0-9a-f:.]+\])|http://(localhost|127[.]0[.]0[.]1|\[::1\]))(:[0-9]{1,5})?([/?][!-~]*)?$'),
        CONSTRAINT consumer_lease CHECK (lease BETWEEN '1 millisecond' AND '7 days'),
        CONSTRAINT consumer_name CHECK (octet_length(name) BETWEEN 1 AND 256),
        CONSTRAINT consumer_channel CHECK (octet_length(channel) BETWEEN 1 AND 63),
        CONSTRAINT consumer_max_attempts CHECK (max_attempts BETWEEN 1 AND 1000),
        CONSTRAINT consumer_created CHECK (isfinite(created))
    );
    COMMENT ON TABLE @.consumer IS 'Who reads events, each at a pace of his own (doc/events.md); made by scim.create_consumer.';
    COMMENT ON COLUMN @.consumer.tenant_id IS 'The tenant whose events he reads.';
    COMMENT ON COLUMN @.consumer.id IS 'By what the other tables know the consumer.';
    COMMENT ON COLUMN @.consumer.name IS 'What scim.next_events and its like call him.';
    COMMENT ON COLUMN @.consumer.filter IS 'A SCIM filter over events, such as operation eq "offboard"; null: all.';
    COMMENT ON COLUMN @.consumer.event_uris IS 'The event URIs that he wants, where * at the end stands for anything; null: all.';
    COMMENT ON COLUMN @.consumer.resource_types IS 'The names of the resource types whose events he wants; null: all.';
    COMMENT ON COLUMN @.consumer.channel IS 'The channel that is notified, without a payload, by each transaction that writes an event; null: nobody is.';
    COMMENT ON COLUMN @.consumer.max_attempts IS 'After so many failures an event is put aside as a dead letter.';
    COMMENT ON COLUMN @.consumer.method IS 'How he gets them: function, by scim.next_events; poll, by HTTP (RFC 8936); push (RFC 8935) or webhook, from the relay.';
    COMMENT ON COLUMN @.consumer.token_id IS 'The id of the token or client that may poll; null for other methods.';
    COMMENT ON COLUMN @.consumer.endpoint IS 'The URL that the relay sends events to, https or of this very machine; null for other methods.';
    COMMENT ON COLUMN @.consumer.audience IS 'What the claim aud of his Security Event Tokens holds; null: his name.';
    COMMENT ON COLUMN @.consumer.lease IS 'How long who polls, or the relay, has events until they are given out again.';
    COMMENT ON COLUMN @.consumer.created IS 'When scim.create_consumer made it.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.consumer
        FOR EACH ROW EXECUTE FUNCTION scim_internal.consumer_door();
    COMMENT ON TRIGGER scim_door ON @.consumer IS 'Refuses who could never be told anything, and an endpoint or audience that is none.';
    CREATE TRIGGER scim_wants AFTER UPDATE OF filter, event_uris, resource_types ON @.consumer
        FOR EACH ROW EXECUTE FUNCTION scim_internal.consumer_wants();
    COMMENT ON TRIGGER scim_wants ON @.consumer IS 'What he has not been given yet and does not want any more is none of his.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.consumer
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.consumer IS 'Makes every session read the channels anew, once they are committed.';

    CREATE TABLE @.consumer_secret (
        tenant_id int NOT NULL,
        consumer_id uuid NOT NULL,
        "authorization" text,
        key bytea,
        PRIMARY KEY (tenant_id, consumer_id),
        FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE,
        CONSTRAINT consumer_secret_authorization CHECK (octet_length("authorization") <= 4096 AND "authorization" ~ '^[ -~]+$'),
        CONSTRAINT consumer_secret_key CHECK (octet_length(key) BETWEEN 24 AND 64)
    );
    COMMENT ON TABLE @.consumer_secret IS 'What nobody but the owner may know of consumers that the relay sends to.';
    COMMENT ON COLUMN @.consumer_secret.tenant_id IS 'The tenant whose events are sent.';
    COMMENT ON COLUMN @.consumer_secret.consumer_id IS 'Whose secrets these are: the id of a row of table consumer.';
    COMMENT ON COLUMN @.consumer_secret."authorization" IS 'The header Authorization that his endpoint wants to see; null: none.';
    COMMENT ON COLUMN @.consumer_secret.key IS 'With what the messages of a webhook are signed (HMAC-SHA-256).';

    CREATE TABLE @.signing_key (
        id uuid PRIMARY KEY,
        algorithm text COLLATE "C" NOT NULL,
        private_key bytea NOT NULL,
        public_key jsonb NOT NULL,
        use_from timestamptz NOT NULL DEFAULT now(),
        created timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT signing_key_algorithm CHECK (algorithm IN ('ES256', 'RS256'))
    );
    COMMENT ON TABLE @.signing_key IS 'Keys that sign Security Event Tokens, for the owner of the store only; the newest that may be used does.';
    COMMENT ON COLUMN @.signing_key.id IS 'By what receivers know the key: kid in its tokens.';
    COMMENT ON COLUMN @.signing_key.algorithm IS 'ES256 or RS256, as RFC 7518 calls what it signs by.';
    COMMENT ON COLUMN @.signing_key.private_key IS 'What signs, in DER: no function shows it.';
    COMMENT ON COLUMN @.signing_key.public_key IS 'What verifies, as scim.jwks() shows it (RFC 7517).';
    COMMENT ON COLUMN @.signing_key.use_from IS 'Not before does it sign, so that receivers know it by then.';
    COMMENT ON COLUMN @.signing_key.created IS 'When scim.create_signing_key made it.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.signing_key
        FOR EACH ROW EXECUTE FUNCTION scim_internal.signing_key_row();
    COMMENT ON TRIGGER scim_door ON @.signing_key IS 'A pair of keys is one: what is published verifies what is signed.';

    CREATE TABLE @.consumer_position (
        tenant_id int NOT NULL,
        consumer_id uuid NOT NULL,
        position bigint NOT NULL,
        PRIMARY KEY (tenant_id, consumer_id),
        FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
    );
    COMMENT ON TABLE @.consumer_position IS 'How far each consumer has come; whoever gives him events locks his row.';
    COMMENT ON COLUMN @.consumer_position.tenant_id IS 'The tenant whose events he reads.';
    COMMENT ON COLUMN @.consumer_position.consumer_id IS 'Who reads: the id of a row of the table of that name.';
    COMMENT ON COLUMN @.consumer_position.position IS 'Events up to this one have been looked at: those that he wants and has not acknowledged are in the table delivery.';

    CREATE TABLE @.delivery (
        tenant_id int NOT NULL,
        consumer_id uuid NOT NULL,
        position bigint NOT NULL,
        event_id uuid NOT NULL,
        resource_id uuid NOT NULL,
        lease_id uuid,
        attempts int NOT NULL DEFAULT 0,
        failures int NOT NULL DEFAULT 0,
        last_attempt_at timestamptz,
        next_attempt_at timestamptz,
        last_error text,
        dead_at timestamptz,
        PRIMARY KEY (tenant_id, consumer_id, position),
        FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
    ) WITH (fillfactor = 80);
    CREATE INDEX delivery_resource_id_idx ON @.delivery (tenant_id, consumer_id, resource_id, position);
    CREATE INDEX delivery_event_id_idx ON @.delivery (tenant_id, event_id);
    CREATE INDEX delivery_next_attempt_at_idx ON @.delivery (tenant_id, consumer_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL AND dead_at IS NULL;
    COMMENT ON TABLE @.delivery IS 'Events that a consumer wants and has not acknowledged, dead letters included.';
    COMMENT ON COLUMN @.delivery.tenant_id IS 'The tenant of the consumer and of the event.';
    COMMENT ON COLUMN @.delivery.consumer_id IS 'The id of the consumer who wants it.';
    COMMENT ON COLUMN @.delivery.position IS 'The position of the event, in which order it is given out.';
    COMMENT ON COLUMN @.delivery.event_id IS 'What is to be given out: the id of a row of the table of that name.';
    COMMENT ON COLUMN @.delivery.resource_id IS 'The resource that the event is about, of which one worker at a time has events.';
    COMMENT ON COLUMN @.delivery.lease_id IS 'The lease under which a worker has it, or had it until that expired; null: nobody has.';
    COMMENT ON COLUMN @.delivery.attempts IS 'How often it was given out.';
    COMMENT ON COLUMN @.delivery.failures IS 'How often a worker said that it failed.';
    COMMENT ON COLUMN @.delivery.last_attempt_at IS 'When it was given out last.';
    COMMENT ON COLUMN @.delivery.next_attempt_at IS 'Not before is it given out again; null: at once.';
    COMMENT ON COLUMN @.delivery.last_error IS 'What a worker said of its last failure.';
    COMMENT ON COLUMN @.delivery.dead_at IS 'Since when it is a dead letter, which is given out no more; null: it is none.';

    CREATE TABLE @.lease (
        tenant_id int NOT NULL,
        consumer_id uuid NOT NULL,
        resource_id uuid NOT NULL,
        id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, consumer_id, resource_id),
        FOREIGN KEY (tenant_id, consumer_id) REFERENCES @.consumer ON DELETE CASCADE
    ) WITH (fillfactor = 80);
    COMMENT ON TABLE @.lease IS 'Resources whose events a worker of a consumer has, so that no other has them.';
    COMMENT ON COLUMN @.lease.tenant_id IS 'The tenant whose events are given out.';
    COMMENT ON COLUMN @.lease.consumer_id IS 'Whose worker has them: the id of a row of table consumer.';
    COMMENT ON COLUMN @.lease.resource_id IS 'Which events a worker has: all of the resource with this id that were given out.';
    COMMENT ON COLUMN @.lease.id IS 'The same for all that one call of scim.next_events gave.';
    COMMENT ON COLUMN @.lease.expires_at IS 'From when on another worker may take the resource over.';

    CREATE TABLE @.guard (
        tenant_id int NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        policy_id uuid NOT NULL,
        key text COLLATE "C" NOT NULL,
        actor text,
        used bigint NOT NULL DEFAULT 0,
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        tripped_at timestamptz,
        tripped_by text,
        resource_id uuid,
        PRIMARY KEY (tenant_id, id),
        UNIQUE (policy_id, tenant_id, key)
    ) WITH (fillfactor = 50);
    COMMENT ON TABLE @.guard IS 'Where the policies "guard" are: a row for each that has counted something, by tenant or by who acts; scim.guards() shows them, scim.release_guard() sets them going again.';
    COMMENT ON COLUMN @.guard.tenant_id IS 'The tenant in whom it is counted.';
    COMMENT ON COLUMN @.guard.id IS 'By what guard_count knows the row.';
    COMMENT ON COLUMN @.guard.policy_id IS 'The policy whose guard it is; where that goes, the row does.';
    COMMENT ON COLUMN @.guard.key IS 'Of whom it is counted: empty, of all in the tenant; or the id of a token or client, "subject: " or "role: " and a name.';
    COMMENT ON COLUMN @.guard.actor IS 'Who that is, as scim.actor() said when it was first counted; null: all in the tenant.';
    COMMENT ON COLUMN @.guard.used IS 'How many were counted; what is too long ago is taken off when the next is.';
    COMMENT ON COLUMN @.guard.changed_at IS 'When it last counted, or was looked at to keep the last holder.';
    COMMENT ON COLUMN @.guard.tripped_at IS 'Since when it refuses everything that it counts; null: it does not.';
    COMMENT ON COLUMN @.guard.tripped_by IS 'Who made it trip, as scim.actor() said.';
    COMMENT ON COLUMN @.guard.resource_id IS 'The id of the resource with which it tripped.';

    CREATE TABLE @.guard_count (
        tenant_id int NOT NULL,
        guard_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT scim.uuid_v7(),
        at timestamptz NOT NULL,
        amount bigint NOT NULL,
        PRIMARY KEY (tenant_id, guard_id, at, id),
        FOREIGN KEY (tenant_id, guard_id) REFERENCES @.guard ON DELETE CASCADE
    );
    COMMENT ON TABLE @.guard_count IS 'What guards have counted, a row for each statement, until it is too long ago.';
    COMMENT ON COLUMN @.guard_count.tenant_id IS 'The tenant in whom it is counted.';
    COMMENT ON COLUMN @.guard_count.guard_id IS 'Which guard has counted it: the id of a row of that table.';
    COMMENT ON COLUMN @.guard_count.id IS 'Tells apart what was counted at the same instant.';
    COMMENT ON COLUMN @.guard_count.at IS 'When it was counted, by the clock.';
    COMMENT ON COLUMN @.guard_count.amount IS 'By how many resources, of those that the guard counts, one statement brought the count up.';

    CREATE TABLE @.origin (
        tenant_id int NOT NULL,
        resource_id uuid NOT NULL,
        token_id uuid,
        actor text NOT NULL,
        linked_at timestamptz,
        released_at timestamptz,
        PRIMARY KEY (tenant_id, resource_id),
        CONSTRAINT origin_finite CHECK (isfinite(linked_at) AND isfinite(released_at))
    );
    COMMENT ON TABLE @.origin IS 'Whose a resource is: which token made or linked it. For policies "managed" that are about what their owner has made, and "link", whose resources are nobody''s until then.';
    COMMENT ON COLUMN @.origin.tenant_id IS 'The tenant whose resource it is.';
    COMMENT ON COLUMN @.origin.resource_id IS 'What was made or linked: the id of a row of resource, for as long as that is there.';
    COMMENT ON COLUMN @.origin.token_id IS 'The id of the token or client that made or linked it; null: who did had a JSON web token, or no credentials.';
    COMMENT ON COLUMN @.origin.actor IS 'Who that was, as scim.actor() said; without credentials, "role: " and the role of the database.';
    COMMENT ON COLUMN @.origin.linked_at IS 'When it was linked, by the policy "link" or with an externalId that the token gave it; null: it was made by it.';
    COMMENT ON COLUMN @.origin.released_at IS 'When it became nobody''s again, by scim.unlink_resource; null: it is somebody''s.';
    CREATE CONSTRAINT TRIGGER scim_check AFTER INSERT OR UPDATE ON @.origin
        DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION scim_internal.check_origin();
    COMMENT ON TRIGGER scim_check ON @.origin IS 'What is somebody''s is a resource which is there.';

    INSERT INTO @.schema (id, document)
        SELECT document ->> 'id', document FROM scim_internal.core_schemas();
    INSERT INTO @.resource_type (name, document, table_name)
        SELECT document ->> 'name', document,
               CASE document ->> 'name' WHEN 'User' THEN 'users' ELSE 'groups' END
        FROM scim_internal.core_resource_types();
    INSERT INTO @.policy (resource_type, kind, name, enabled, settings) VALUES
        ('User', 'identity', 'identity', false, '{"userName": "primaryEmail"}'),
        ('User', 'delete', 'delete', true, '{"mode": "retain"}'),
        ('Group', 'delete', 'delete', true, '{"mode": "hard"}'),
        ('User', 'audit', 'audit', true, '{}'),
        ('Group', 'audit', 'audit', true, '{}'),
        ('User', 'events', 'events', false, '{}'),
        ('Group', 'events', 'events', false, '{}');
    INSERT INTO @.authentication_scheme (scheme, keyword, credential, type, name, description, spec_uri, is_primary) VALUES
        ('Bearer', 'Bearer', 'token', 'oauthbearertoken', 'OAuth Bearer Token', 'A token in the header Authorization: Bearer',
         'https://www.rfc-editor.org/info/rfc6750', true),
        ('bare', '', 'token', 'oauthbearertoken', NULL, NULL, NULL, NULL),
        ('JWT', 'Bearer', 'jwt', 'oauthbearertoken', NULL, NULL, NULL, NULL);

    $ddl$) AS statement;
    RETURN QUERY SELECT replace(statement, '@.', quote_ident(store) || '.') FROM scim_internal.split_statements($ddl$

    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @.store
        FOR EACH ROW EXECUTE FUNCTION scim_internal.store_row();
    COMMENT ON TRIGGER scim_door ON @.store IS 'A row that comes while this is here comes out of a dump of the data alone; it stays, and says what scim.upgrade_store says.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @.store
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @.store IS 'Refuses TRUNCATE, after which nobody knew what the store is.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.store
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.store IS 'Makes every session look again which version the store is of.';
    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE OR DELETE ON @.policy
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();
    COMMENT ON TRIGGER scim_lock ON @.policy IS 'Lets one session at a time write what the store is configured to be.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.policy
        FOR EACH ROW EXECUTE FUNCTION scim_internal.policy_door();
    COMMENT ON TRIGGER scim_door ON @.policy IS 'Refuses a kind that there is not, and gives a policy without a name that of its kind.';
    CREATE TRIGGER scim_registry AFTER TRUNCATE ON @.policy
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.policy IS 'Makes every session read the policies anew, once they are committed.';
    CREATE TRIGGER scim_registry_delete AFTER DELETE ON @.policy REFERENCING OLD TABLE AS was
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_delete ON @.policy IS 'The same; what was unique by one that is gone is so no more.';
    CREATE TRIGGER scim_registry_insert AFTER INSERT ON @.policy REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_insert ON @.policy IS 'Checks new policies, and makes every session read them.';
    CREATE TRIGGER scim_registry_update AFTER UPDATE ON @.policy REFERENCING NEW TABLE AS changed OLD TABLE AS was
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_update ON @.policy IS 'Checks changed policies, and makes every session read them.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.authentication_scheme
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.authentication_scheme IS 'Makes every session read the ways of authentication anew, once they are committed.';
    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE ON @.setting
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();
    COMMENT ON TRIGGER scim_lock ON @.setting IS 'Lets one session at a time write what the store is configured to be.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.setting
        FOR EACH ROW EXECUTE FUNCTION scim_internal.setting_door();
    COMMENT ON TRIGGER scim_door ON @.setting IS 'Refuses what is no setting, and values that one cannot have.';
    CREATE TRIGGER scim_registry AFTER INSERT OR UPDATE OR DELETE ON @.setting
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry ON @.setting IS 'Makes every session read the settings anew, once they are committed.';
    CREATE TRIGGER scim_record AFTER INSERT OR DELETE ON @.resource_type
        FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_record();
    COMMENT ON TRIGGER scim_record ON @.resource_type IS 'Makes the partition of a new resource type, and drops that of one that is gone.';
    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE ON @.endpoint
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();
    COMMENT ON TRIGGER scim_lock ON @.endpoint IS 'Lets one session at a time write what the store is configured to be, so that no two endpoints share a path.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON @.endpoint
        FOR EACH ROW EXECUTE FUNCTION scim_internal.endpoint_door();
    COMMENT ON TRIGGER scim_door ON @.endpoint IS 'Writes methods in upper case, and a name where there is none.';
    CREATE TRIGGER scim_served AFTER INSERT OR UPDATE OR DELETE ON @.endpoint
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();
    COMMENT ON TRIGGER scim_served ON @.endpoint IS 'Refuses endpoints that cannot work, and makes every session read them anew, once they are committed.';
    CREATE TRIGGER scim_served_before BEFORE INSERT OR UPDATE OR DELETE ON @.schema
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();
    COMMENT ON TRIGGER scim_served_before ON @.schema IS 'Notes which endpoints do not work already.';
    CREATE TRIGGER scim_served_before BEFORE INSERT OR UPDATE OR DELETE ON @.resource_type
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_lock();
    COMMENT ON TRIGGER scim_served_before ON @.resource_type IS 'Notes which endpoints do not work already.';
    CREATE TRIGGER scim_served AFTER INSERT OR UPDATE OR DELETE ON @.schema
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();
    COMMENT ON TRIGGER scim_served ON @.schema IS 'Refuses a change that would leave an endpoint without what it names.';
    CREATE TRIGGER scim_served AFTER INSERT OR UPDATE OR DELETE ON @.resource_type
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.endpoint_changed();
    COMMENT ON TRIGGER scim_served ON @.resource_type IS 'Refuses a change that would leave an endpoint without what it names.';

    $ddl$) AS statement;
    -- What the store is configured to be, with the columns that hold secrets.
    FOR table_name, arguments IN VALUES ('tenant', ''), ('schema', ''), ('resource_type', ''), ('policy', ''), ('setting', ''), ('endpoint', ''),
        ('authentication_scheme', ''), ('token', '''hash'', ''former_hash'', ''-last_used_at'', ''-former_used_at'', ''!client_id'''),
        ('client', '''hash'', ''secret'', ''second_hash'', ''former_hash'', ''former_second_hash'', ''-last_used_at'', ''-former_used_at'', ''-jwks_fetched_at'', ''-jwks_tried_at'', ''-jwks_wanted_at'', ''-jwks_error'''), ('secret', '''value'''),
        ('tenant_role', ''), ('binding', ''), ('consumer', ''), ('consumer_secret', '''authorization'', ''key'''), ('signing_key', '''private_key'''),
        ('guard', '''-used'', ''-changed_at'', ''+tripped_at''')
    LOOP
        RETURN NEXT format('CREATE TRIGGER "0_scim_audit" AFTER INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION scim_internal.audit_change(%s)',
            store, table_name, arguments);
        RETURN NEXT format('COMMENT ON TRIGGER "0_scim_audit" ON %I.%I IS %L', store, table_name, 'Writes the audit of each change, without secrets, before the AFTER triggers of others.');
        CONTINUE WHEN table_name IN ('tenant', 'schema', 'resource_type', 'binding');
        RETURN NEXT format('CREATE TRIGGER scim_audit_truncate BEFORE TRUNCATE ON %I.%I EXECUTE FUNCTION scim_internal.audit_change(%s)',
            store, table_name, arguments);
        RETURN NEXT format('COMMENT ON TRIGGER scim_audit_truncate ON %I.%I IS %L', store, table_name, 'Writes the audit of all rows that go.');
    END LOOP;
    -- The others do not fire for what logical replication applies, which has been checked where it was written.
    FOREACH table_name IN ARRAY ARRAY['tenant', 'tenant_role', 'schema', 'resource_type', 'policy', 'setting', 'authentication_scheme', 'endpoint', 'consumer', 'binding', 'store'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_replicated AFTER INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_replicated()', store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_replicated ON %I.%I IS %L', store, table_name, 'Makes every session read anew what logical replication has changed.');
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ALWAYS TRIGGER scim_replicated', store, table_name);
    END LOOP;
    -- One of its own, as a distributed engine wants it.
    FOREACH table_name IN ARRAY ARRAY['tenant_role', 'consumer', 'store', 'authentication_scheme', 'setting', 'endpoint'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_truncated AFTER TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.%I()', store, table_name,
            CASE table_name WHEN 'endpoint' THEN 'endpoint_changed' ELSE 'registry_changed' END);
        RETURN NEXT format('COMMENT ON TRIGGER scim_truncated ON %I.%I IS %L', store, table_name, 'Makes every session read the table anew, of which nothing is left.');
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['schema', 'resource_type'] LOOP
        RETURN QUERY SELECT replace(statement, '@', format('%I.%I', store, table_name)) FROM scim_internal.split_statements($ddl$

    CREATE TRIGGER scim_lock BEFORE INSERT OR UPDATE OR DELETE ON @
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_lock();
    COMMENT ON TRIGGER scim_lock ON @ IS 'Only the owner of the store changes this, and nobody writes resources meanwhile.';
    CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE OR DELETE ON @
        FOR EACH ROW EXECUTE FUNCTION scim_internal.registry_door();
    COMMENT ON TRIGGER scim_door ON @ IS 'Checks the document by RFC 7643 sections 6 and 7, and completes it.';
    CREATE TRIGGER scim_registry_insert AFTER INSERT ON @
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_insert ON @ IS 'Checks that the registry holds together, and makes every session read it anew.';
    CREATE TRIGGER scim_registry_update AFTER UPDATE ON @ REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_update ON @ IS 'The same after a change, by which stored resources must stay valid.';
    CREATE TRIGGER scim_registry_delete AFTER DELETE ON @ REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.registry_changed();
    COMMENT ON TRIGGER scim_registry_delete ON @ IS 'The same after a removal, by which stored resources must stay valid.';
    CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON @
        EXECUTE FUNCTION scim_internal.resource_truncate();
    COMMENT ON TRIGGER scim_truncate ON @ IS 'Refuses TRUNCATE, which would leave resources without their schemas.';

        $ddl$) AS statement;
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['token', 'client'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_door BEFORE INSERT OR UPDATE ON %I.%I FOR EACH ROW EXECUTE FUNCTION scim_internal.token_row()',
            store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_door ON %I.%I IS %L', store, table_name,
            'Holds rows that somebody writes himself to what scim.create_token and its like do.');
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['tenant', 'credential', 'recovery_code', 'token', 'authentication_scheme', 'client', 'secret', 'signing_key', 'consumer', 'consumer_secret', 'tenant_role', 'origin',
            'store', 'delivery', 'lease', 'guard', 'guard_count', 'unique_value', 'consumer_position', 'event_position', 'binding_link', 'client_assertion', 'client_failure'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_row BEFORE INSERT OR UPDATE ON %I.%I FOR EACH ROW EXECUTE FUNCTION scim_internal.plain_row()',
            store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_row ON %I.%I IS %L', store, table_name,
            'Refuses what constraints refuse, naming the row and showing no secret.');
    END LOOP;
    -- Those whose rows go without a trigger of theirs; apart, as a distributed engine wants it.
    FOREACH table_name IN ARRAY ARRAY['recovery_code', 'origin', 'event', 'event_position', 'consumer_position', 'delivery', 'lease', 'guard_count', 'client_assertion', 'client_failure'] LOOP
        RETURN NEXT format('CREATE TRIGGER scim_scope BEFORE DELETE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.scope_statement()', store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_scope ON %I.%I IS %L', store, table_name, 'Refuses whom scopes bind.');
        RETURN NEXT format('CREATE TRIGGER scim_scope_truncate BEFORE TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.scope_statement()', store, table_name);
        RETURN NEXT format('COMMENT ON TRIGGER scim_scope_truncate ON %I.%I IS %L', store, table_name, 'Refuses whom scopes bind.');
    END LOOP;
    FOREACH table_name IN ARRAY ARRAY['tenant', 'resource', 'member', 'unique_value', 'credential', 'token', 'client', 'consumer', 'consumer_position', 'delivery', 'lease', 'event_position', 'guard', 'guard_count', 'origin', 'binding_link'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
            'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.');
    END LOOP;
    -- Written by the store only; events that are sent may be deleted.
    RETURN NEXT format('ALTER TABLE %I.event ENABLE ROW LEVEL SECURITY', store);
    RETURN NEXT format('CREATE POLICY tenant ON %I.event FOR SELECT USING (tenant_id = scim.tenant())', store);
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.event IS %L', store,
        'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one only; the store writes them.');
    -- One condition, which an index takes: of two, EXPLAIN would count the rows of others.
    FOREACH table_name IN ARRAY ARRAY['audit', 'audit_seal'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY tenant ON %I.%I FOR SELECT USING (tenant_id = ANY (ARRAY[0, scim.tenant()]))', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
            'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one and what was changed for all tenants, 0; the store writes them.');
    END LOOP;
    RETURN NEXT format('CREATE POLICY sent ON %I.event FOR DELETE USING (tenant_id = scim.tenant())', store);
    RETURN NEXT format('COMMENT ON POLICY sent ON %I.event IS %L', store,
        'Whoever has sent events of his tenant may delete them.');
    -- Registry and store-wide policies are the same for every tenant.
    FOREACH table_name IN ARRAY ARRAY['store', 'schema', 'resource_type', 'authentication_scheme', 'endpoint'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY store_wide ON %I.%I FOR SELECT USING (true)', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY store_wide ON %I.%I IS %L', store, table_name,
            'The same for every tenant: all may read it, only the owner changes it.');
    END LOOP;
    -- Where row-level security is forced upon the owner, he still sees to what the store is.
    FOREACH table_name IN ARRAY ARRAY['store', 'schema', 'resource_type', 'authentication_scheme', 'endpoint', 'secret', 'consumer_secret', 'signing_key', 'tenant_role', 'tenant', 'policy', 'setting', 'binding'] LOOP
        RETURN NEXT format('CREATE POLICY owner ON %I.%I USING (scim_internal.is_owner(%L::regnamespace))', store, table_name, quote_ident(store));
        RETURN NEXT format('COMMENT ON POLICY owner ON %I.%I IS %L', store, table_name,
            'What the store is configured to be is up to its owner, also where row-level security is forced upon him.');
    END LOOP;
    -- No other policy: for the owner only.
    FOREACH table_name IN ARRAY ARRAY['secret', 'consumer_secret', 'signing_key', 'tenant_role'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
    END LOOP;
    -- That somebody has a code may be seen, where columns are granted; what it is, by nobody.
    RETURN NEXT format('ALTER TABLE %I.recovery_code ENABLE ROW LEVEL SECURITY', store);
    RETURN NEXT format('CREATE POLICY tenant ON %I.recovery_code FOR SELECT USING (tenant_id = scim.tenant())', store);
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.recovery_code IS %L', store,
        'Whoever acts for a tenant, by scim.tenant(), sees whose codes there are; only the owner writes them.');
    FOREACH table_name IN ARRAY ARRAY['client_assertion', 'client_failure'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY tenant ON %I.%I FOR SELECT USING (tenant_id = scim.tenant())', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
            'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one only; only the store writes them.');
    END LOOP;
    -- Who could write it would have the owner of the store change roles that are none of its people.
    RETURN NEXT format('ALTER TABLE %I.database_role ENABLE ROW LEVEL SECURITY', store);
    RETURN NEXT format('CREATE POLICY tenant ON %I.database_role FOR SELECT USING (tenant_id = scim.tenant())', store);
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.database_role IS %L', store,
        'Whoever acts for a tenant, by scim.tenant(), sees the roles of its people; only the store writes them.');
    FOREACH table_name IN ARRAY ARRAY['policy', 'setting', 'binding'] LOOP
        RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
        RETURN NEXT format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
            'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.');
        RETURN NEXT format('CREATE POLICY store_wide ON %I.%I FOR SELECT USING (tenant_id IS NULL)', store, table_name);
        RETURN NEXT format('COMMENT ON POLICY store_wide ON %I.%I IS %L', store, table_name,
            'What holds for all tenants may be read by all of them.');
    END LOOP;
    RETURN QUERY SELECT scim_internal.view_statements(store);
END
$function$;
COMMENT ON FUNCTION scim_internal.store_statements(name) IS
'The statements that make a store, but for the tables of its resource types: scim_internal.resource_table_statements has those.';

CREATE FUNCTION scim_internal.force_row_security(store name)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT c.oid
        FROM pg_class c
        WHERE c.relnamespace = (SELECT to_regnamespace(quote_ident(store))) AND c.relrowsecurity AND NOT c.relforcerowsecurity
          AND EXISTS (SELECT FROM pg_class r WHERE r.relnamespace = c.relnamespace AND r.relname = 'resource' AND r.relforcerowsecurity)
    LOOP
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION scim_internal.force_row_security(name) IS
'Where the table "resource" of a store has its row-level security forced upon its owner, all others that have row-level security get the same.';

CREATE FUNCTION scim.create_store(name text DEFAULT 'directory')
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
AS $function$
DECLARE
    store CONSTANT text := create_store.name;
    statement text;
BEGIN
    IF store IS NULL OR store = '' OR octet_length(store) > 63 THEN
        RAISE EXCEPTION 'invalid store name: %', coalesce(quote_literal(store), 'NULL')
            USING ERRCODE = 'invalid_name',
                  DETAIL = 'A store is a schema: its name has 1 to 63 bytes.';
    END IF;
    PERFORM scim_internal.refuse_scopes(NULL, 'make stores');
    -- Citus would take each table for one of a tenant of its own, whose triggers it drops.
    IF scim_internal.distributor() AND coalesce(nullif(current_setting('citus.enable_schema_based_sharding', true), ''), 'off')::boolean THEN
        RAISE EXCEPTION 'store "%" is no schema that Citus may shard', store
            USING ERRCODE = 'feature_not_supported', DETAIL = 'The setting citus.enable_schema_based_sharding is on.',
                  HINT = 'SET citus.enable_schema_based_sharding = off; scim.distribute_store() distributes a store by its tenants.';
    END IF;
    FOR statement IN SELECT scim_internal.store_statements(store) LOOP
        EXECUTE scim_internal.of_store(statement, store);
    END LOOP;
    PERFORM scim_internal.create_resource_table(store, 'users', 'User');
    PERFORM scim_internal.create_resource_table(store, 'groups', 'Group');
    PERFORM scim_internal.first_views(to_regclass(format('%I.store', store)));
    PERFORM scim_internal.create_audit_tables(store);
    IF coalesce(nullif(current_setting('scim.force_row_security', true), ''), 'off')::boolean THEN
        EXECUTE format('ALTER TABLE %I.resource FORCE ROW LEVEL SECURITY', store);
        PERFORM scim_internal.force_row_security(store);
    END IF;
END
$function$;
COMMENT ON FUNCTION scim.create_store(text) IS
'Makes a store: a schema of that name with the tables of a SCIM service provider, owned by the caller, with the core schemas User, Group and Enterprise User. The tables are ordinary ones, not members of the extension. The setting scim.store says which store the other functions use. With the setting scim.force_row_security row-level security binds the owner, too.';
