-- Functions that the tables of a store use as defaults and in policies.

CREATE FUNCTION scim.store() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_store'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim.store() IS
'The store that functions use: the setting scim.store, "directory" by default. Error 3F000 where it does not exist.';

CREATE FUNCTION scim.tenant() RETURNS int
    AS 'MODULE_PATHNAME', 'scim_tenant'
    LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.tenant() IS
'The tenant of this session: the setting scim.tenant, 1 by default. Row-level security of every store compares tenant_id with it.';

CREATE FUNCTION scim.actor() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_actor'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim.actor() IS
'Who acts in this session, for the audit: the setting scim.actor, or the session''s user where it is empty.';

CREATE FUNCTION scim.uuid_v7() RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_uuid_v7'
    LANGUAGE C VOLATILE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.uuid_v7() IS
'A new UUID version 7 (RFC 9562 section 5.7): ids sort in the order of their creation, strictly so within a session.';

CREATE FUNCTION scim.resource_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.resource_door() IS
'BEFORE row trigger of a store''s table "resource", the one door for every write: makes the document canonical, checks it against its schemas and the store''s policies, derives the key columns, version and timestamps; a DELETE follows the policy "delete". A trigger of one''s own that changes rows sorts before it.';

CREATE FUNCTION scim.resource_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.resource_record() IS
'AFTER row trigger of a store''s table "resource": writes audit and event rows and takes a resource that has gone out of its groups. Error 27000 where another BEFORE trigger has changed what the door made of the row.';

CREATE FUNCTION scim.resource_truncate() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_truncate'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.resource_truncate() IS
'BEFORE TRUNCATE trigger of a store''s resource tables: refuses, since TRUNCATE would pass by the policy "delete", audit and groups.';

CREATE FUNCTION scim.member_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.member_door() IS
'BEFORE UPDATE row trigger of a store''s table "member": refuses, since membership is added and removed, never changed in place (RFC 7643 section 4.2: immutable).';

CREATE FUNCTION scim.member_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.member_record() IS
'AFTER statement trigger of a store''s table "member": moves version and last_modified of each group that changed, once per statement, and writes the audit.';

CREATE FUNCTION scim.registry_lock() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_lock'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.registry_lock() IS
'BEFORE statement trigger of a store''s tables "schema" and "resource_type": only the store''s owner may change them, and no resource is written until the end of the transaction.';

CREATE FUNCTION scim.registry_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.registry_door() IS
'BEFORE row trigger of a store''s tables "schema" and "resource_type": checks the document against RFC 7643 sections 6 and 7 and completes it.';

CREATE FUNCTION scim.registry_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.registry_record() IS
'AFTER row trigger of a store''s table "resource_type": makes the table of a new resource type, and drops that of one that is gone.';

CREATE FUNCTION scim.registry_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_changed'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.registry_changed() IS
'AFTER statement trigger of a store''s tables "schema", "resource_type" and "policy": makes every session read them anew, at commit. A change of schemas is refused where they do not hold together, and where stored resources would not be valid (setting scim.check_resources).';

CREATE FUNCTION scim.check_tenant() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_tenant'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.check_tenant() IS
'AFTER row trigger of a store''s table "tenant": a tenant that has resources is neither removed nor renumbered. Error 23503.';

CREATE FUNCTION scim.check_credential() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_credential'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.check_credential() IS
'Constraint trigger of a store''s table "credential": a password is that of a resource that is there. Error 23503.';

CREATE FUNCTION scim.check_unique_value() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_unique_value'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim.check_unique_value() IS
'Constraint trigger of a store''s table "unique_value": its rows are what the resources that are there have, all of it and no more. Error 23503.';

CREATE FUNCTION scim.member_key(value text) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_member_key'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.member_key(text) IS
'The member_id of a reference to a member: the id that it is or, for a text that is no id, a uuid made from it.';

-- Makes the partition, indexes and row-level security of one resource type.
CREATE FUNCTION scim.create_resource_table(store name, table_name name, resource_type text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = store
          AND c.relname = table_name
          AND pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%L)', resource_type)
    ) THEN
        RETURN;
    END IF;
    -- Attached, not made as a partition: that would make readers of the store wait.
    EXECUTE format('CREATE TABLE %1$I.%2$I (LIKE %1$I.resource INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION)',
        store, table_name);
    EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN resource_type SET DEFAULT %L', store, table_name, resource_type);
    EXECUTE format('ALTER TABLE %1$I.resource ATTACH PARTITION %1$I.%2$I FOR VALUES IN (%3$L)',
        store, table_name, resource_type);
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, external_id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_external_id_idx');
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, scim.fold(display_name), id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_display_name_idx');
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, last_modified, id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_last_modified_idx');
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, created, id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_created_idx');
    EXECUTE format('CREATE INDEX %3$I ON %1$I.%2$I USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit = 256) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_data_idx');
    EXECUTE format('CREATE STATISTICS %1$I.%3$I ON (scim.index_keys(data)) FROM %1$I.%2$I',
        store, table_name, table_name || '_data_stats');
    EXECUTE format('CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON %I.%I EXECUTE FUNCTION scim.resource_truncate()',
        store, table_name);
    EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
    EXECUTE format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
END
$$;
COMMENT ON FUNCTION scim.create_resource_table(name, name, text) IS
'Makes the partition of a store''s table "resource" for one resource type, with its indexes, triggers and row-level security, where it is not there yet.';
