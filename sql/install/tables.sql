-- Tables of resource types and of the audit, functions of triggers, constraints and defaults of a
-- store, and what a session acts for: store, tenant, actor, change.
-- The other tables are in store.sql.

CREATE FUNCTION scim.store() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_store'
    LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION scim.store() IS
'The store that functions use: the setting scim.store, "directory" by default. Error 3F000 where it does not exist.';

CREATE FUNCTION scim.tenant() RETURNS int
    AS 'MODULE_PATHNAME', 'scim_tenant'
    LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.tenant() IS
'Who acts here acts for this tenant of the current store: the one that credentials have proved in this transaction; or the setting scim.tenant of a role that may say it; or the only one that there is. NULL: for none.';

CREATE FUNCTION scim.tenant(store regnamespace) RETURNS int
    AS 'MODULE_PATHNAME', 'scim_tenant_of_store'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.tenant(regnamespace) IS
'The same of the store that a schema is. Row-level security of every store compares tenant_id with it; policies of your own should, too, since anybody may set scim.store.';

CREATE FUNCTION scim_internal.is_owner(store regnamespace) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_owner'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim_internal.is_owner(regnamespace) IS
'Whether the current user has the privileges of the owner of the store that a schema is.';

CREATE FUNCTION scim_internal.require_rights(store regnamespace, of_tables boolean) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_require_rights'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.require_rights(regnamespace, boolean) IS
'An error (55000) where the current user has the privileges of the owner of a store and no more, and the owner may not make anything in its schema or, of_tables, does not own or may not write all that it consists of, with the statement that mends it.';

CREATE FUNCTION scim_internal.keeps_access(store regnamespace, tenant_id int, resource_type text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_keeps_access'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.keeps_access(regnamespace, int, text) IS
'Whether who is being off-boarded in a tenant of the store that a schema is, and has no attribute active that is false, still has access: where the resource type has such an attribute, and where its policy "delete" says so.';

-- ScimMayAct of C, for views: one expression, of which the planner makes part of theirs
CREATE FUNCTION scim_internal.may_act(store regnamespace, tenant_id int, resource_type text, status text, active boolean, deactivated_at timestamptz, offboarding_at timestamptz)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN active IS NOT FALSE
    AND (status IN ('ACTIVE', 'PENDING')
        OR status = 'OFFBOARDING' AND coalesce(active, scim_internal.keeps_access(store, tenant_id, resource_type) AND (deactivated_at < offboarding_at) IS NOT TRUE));
COMMENT ON FUNCTION scim_internal.may_act(regnamespace, int, text, text, boolean, timestamptz, timestamptz) IS
'Whether a resource in sight, of which these are columns, may act, by the rule of scim.record_login; null where it is of no type.';

CREATE FUNCTION scim.actor() RETURNS text
    AS 'MODULE_PATHNAME', 'scim_actor'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim.actor() IS
'Who acts, for the audit of the current store: the bearer or subject that credentials have proved in this transaction, or the setting scim.actor, or the session''s user where it is empty. What a role says that may not say for which tenant it acts is told as its word: role NAME: ...';

CREATE FUNCTION scim.uuid_v7() RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_uuid_v7'
    LANGUAGE C VOLATILE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION scim.uuid_v7() IS
'A new UUID version 7 (RFC 9562 section 5.7): ids sort in the order of their creation, strictly so within a session.';

-- Foreign keys of applications have an id and no tenant: so its index has no tenant either.
-- It is good for "=" and nothing else: what is in order of ids takes an index that begins
-- with the tenant, and nobody counts rows of others on the way.
CREATE OPERATOR scim.~<~ (
    LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = pg_catalog.uuid_lt,
    COMMUTATOR = OPERATOR(scim.~>~), NEGATOR = OPERATOR(scim.~>=~), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR scim.~<~ (uuid, uuid) IS 'Less, of two ids, in the order of an index that no query is to use for its order.';
CREATE OPERATOR scim.~<=~ (
    LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = pg_catalog.uuid_le,
    COMMUTATOR = OPERATOR(scim.~>=~), NEGATOR = OPERATOR(scim.~>~), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR scim.~<=~ (uuid, uuid) IS 'Less or equal, of two ids, in the order of an index that no query is to use for its order.';
CREATE OPERATOR scim.~>=~ (
    LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = pg_catalog.uuid_ge,
    COMMUTATOR = OPERATOR(scim.~<=~), NEGATOR = OPERATOR(scim.~<~), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR scim.~>=~ (uuid, uuid) IS 'Greater or equal, of two ids, in the order of an index that no query is to use for its order.';
CREATE OPERATOR scim.~>~ (
    LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = pg_catalog.uuid_gt,
    COMMUTATOR = OPERATOR(scim.~<~), NEGATOR = OPERATOR(scim.~<=~), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR scim.~>~ (uuid, uuid) IS 'Greater, of two ids, in the order of an index that no query is to use for its order.';
CREATE OPERATOR CLASS scim.uuid_key_ops FOR TYPE uuid USING btree AS
    OPERATOR 1 scim.~<~ (uuid, uuid),
    OPERATOR 2 scim.~<=~ (uuid, uuid),
    OPERATOR 3 pg_catalog.= (uuid, uuid),
    OPERATOR 4 scim.~>=~ (uuid, uuid),
    OPERATOR 5 scim.~>~ (uuid, uuid),
    FUNCTION 1 pg_catalog.uuid_cmp(uuid, uuid);
COMMENT ON OPERATOR FAMILY scim.uuid_key_ops USING btree IS
'What the operator class of the same name consists of.';
COMMENT ON OPERATOR CLASS scim.uuid_key_ops USING btree IS
'Of the unique index on the ids of a table of resources, to which foreign keys refer: it finds an id, and is no order of them.';

CREATE FUNCTION scim.change() RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_change'
    LANGUAGE C STABLE PARALLEL RESTRICTED COST 1;
COMMENT ON FUNCTION scim.change() IS
'What everything that this transaction changes has in common: a UUID version 7, the same throughout the transaction, in the column "change" of audit and event.';

CREATE FUNCTION scim_internal.is_status(status text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_is_status'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.is_status(text) IS
'Whether a text is a status that a resource may have: PENDING, ACTIVE, SUSPENDED, OFFBOARDING, OFFBOARDED or DELETED.';

CREATE FUNCTION scim_internal.resource_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.resource_door() IS
'BEFORE row trigger of a store''s table "resource", the one door for every write: makes the document canonical, checks it against its schemas and the store''s policies, derives the key columns, version and timestamps; a DELETE follows the policy "delete". A trigger of one''s own that changes rows sorts before it.';

CREATE FUNCTION scim_internal.resource_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.resource_record() IS
'AFTER row trigger of a store''s table "resource": writes audit and event rows, unique values, password and members, and takes a resource that has gone out of its groups and of what refers to it. Error 27000 where another BEFORE trigger has changed what the door made of the row.';

CREATE FUNCTION scim_internal.resource_settle() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_settle'
    LANGUAGE C;
COMMENT ON FUNCTION scim_internal.resource_settle() IS
'Trigger of a store''s table "resource" and its partitions: what follows for others from resources that have gone, once all that a statement takes away are gone; and the audit of a load (scim.begin_load).';

CREATE FUNCTION scim_internal.has_door(relation oid) RETURNS boolean
    AS 'MODULE_PATHNAME', 'scim_has_door'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.has_door(oid) IS
'Whether the store to which a table belongs has the triggers by which it holds together.';

CREATE FUNCTION scim_internal.resource_truncate() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_resource_truncate'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.resource_truncate() IS
'BEFORE TRUNCATE trigger of a store''s tables of resources and of "member", "unique_value" and others: refuses, since TRUNCATE would pass by what their row triggers see to, such as the policy "delete", audit and versions.';

CREATE FUNCTION scim_internal.scope_statement() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_scope_statement'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.scope_statement() IS
'BEFORE DELETE and BEFORE TRUNCATE trigger of the tables that a store keeps for itself, such as "event": refuses with SC403 whom scopes bind (scim.authenticate).';

CREATE FUNCTION scim_internal.refuse_scopes(store regnamespace, what text) RETURNS void
    AS 'MODULE_PATHNAME', 'scim_refuse_scopes'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION scim_internal.refuse_scopes(regnamespace, text) IS
'SC403 where scopes bind who acts in a store (scim.authenticate). store: null: in any. what: what he would do, in words that end the message.';

CREATE FUNCTION scim_internal.member_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.member_door() IS
'BEFORE UPDATE row trigger of a store''s table "member": refuses, since membership is added and removed, never changed in place (RFC 7643 section 4.2: immutable).';

CREATE FUNCTION scim_internal.member_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.member_record() IS
'AFTER row trigger of a store''s table "member", with a transition table "changed_member": for the first row of a statement, it moves version and last_modified of each group that changed, once, and writes the audit of all rows.';

CREATE FUNCTION scim_internal.registry_lock() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_lock'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_lock() IS
'BEFORE statement trigger of a store''s tables "schema", "resource_type", "policy" and "setting": one session at a time writes what the store is configured to be, until the end of its transaction; of the first two, only the store''s owner may change them, and no resource is written meanwhile.';

CREATE FUNCTION scim_internal.registry_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_door() IS
'BEFORE row trigger of a store''s tables "schema" and "resource_type": checks the document against RFC 7643 sections 6 and 7 and completes it.';

CREATE FUNCTION scim_internal.registry_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_record() IS
'AFTER row trigger of a store''s table "resource_type": makes the table of a new resource type, and drops that of one that is gone.';

CREATE FUNCTION scim_internal.registry_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_changed'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_changed() IS
'AFTER statement trigger of a store''s tables "schema", "resource_type", "policy", "authentication_scheme", "setting", "tenant", "tenant_role" and "store": makes every session read them anew, at commit. A change of schemas is refused where they do not hold together, and where stored resources would not be valid (setting scim.check_resources).';

CREATE FUNCTION scim_internal.registry_replicated() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_registry_replicated'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.registry_replicated() IS
'AFTER row trigger, ENABLE ALWAYS, of a store''s tables of which sessions remember something: makes every session read anew what logical replication has changed. It checks nothing.';

CREATE FUNCTION scim_internal.store_moved() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_store_moved'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.store_moved() IS
'Trigger of the tables of a store that bin/scim-move moves to another server, or has moved: refuses every write, with SC503. Arguments: moving, moved or arriving; the other server; until when, in seconds since 1970, or nothing.';

CREATE FUNCTION scim_internal.store_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_store_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.store_row() IS
'BEFORE row trigger of a store''s table "store": a row that comes when the triggers are there comes out of a dump of the data alone, and the store is being restored until scim.repair_store() is called. It is neither deleted nor changed (0A000) but by that and by scim.upgrade_store().';

CREATE FUNCTION scim_internal.policy_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_policy_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.policy_door() IS
'BEFORE row trigger of a store''s table "policy": the kind is one that there is, and a policy without a name has that of its kind.';

CREATE FUNCTION scim_internal.check_tenant() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_tenant'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_tenant() IS
'AFTER row trigger of a store''s table "tenant": a tenant that has resources is neither removed nor renumbered. Error 23503.';

CREATE FUNCTION scim_internal.check_credential() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_credential'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_credential() IS
'Constraint trigger of a store''s tables "credential" and "recovery_code": a password or code is that of a resource that is there, and a password of one whose type has passwords. Error 23503.';

CREATE FUNCTION scim_internal.check_client() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_client'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_client() IS
'Constraint trigger of a store''s tables "client" and "authentication_scheme": a client that is not revoked has the secrets that its scheme wants. Error 23514.';

CREATE FUNCTION scim_internal.check_setting() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_setting'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_setting() IS
'Constraint trigger of a store''s table "setting": token_id is that of a token or client which is there, of the tenant that the setting is for. Error 23503.';

CREATE FUNCTION scim_internal.token_gone() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_token_gone'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.token_gone() IS
'AFTER row trigger of a store''s tables "token" and "client", and BEFORE TRUNCATE: takes the settings of one that is deleted along. Error 23503 where one that has settings would get another id or tenant.';

CREATE FUNCTION scim_internal.token_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_token_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.token_row() IS
'BEFORE row trigger of a store''s tables "token" and "client": what is revoked stays so (55000), scopes are ones that there are and a new row does not end before it was made (22023), what was done was not done in the future or before that (22023), the hash is nobody else''s (23505), and created, last_used_at and former_used_at are the store''s to write (42501), but for its owner.';

CREATE FUNCTION scim_internal.credential_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_credential_record'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.credential_record() IS
'AFTER row trigger of a store''s table "credential": a password that somebody writes there himself is a change of its resource, with a version, in the audit and in events, like one by its document.';

CREATE FUNCTION scim_internal.check_origin() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_origin'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_origin() IS
'Constraint trigger of a store''s table "origin": the resource is there. Error 23503.';

CREATE FUNCTION scim_internal.event_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_event_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.event_row() IS
'BEFORE row trigger of a store''s table "event": what somebody writes there himself has a tenant and resource type that are there (23503), an instant, a URI, and a version and position from 1 (23514). Errors name the row and show no secret.';

CREATE FUNCTION scim_internal.plain_row() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_plain_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.plain_row() IS
'BEFORE row trigger of a store''s tables of credentials, "tenant", "tenant_role", "authentication_scheme", "consumer" and those in which the store keeps its books: what their constraints refuse is refused here, with the same SQLSTATE, naming the row and without what else it holds, which may be a secret; and in "tenant_role" a role that does not exist (42704).';

CREATE FUNCTION scim_internal.member_value() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_member_value'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.member_value() IS
'BEFORE INSERT row trigger of a store''s table "member": a value that is the id of the member, however it is written, is left out, and what constraints refuse is refused here, with the same SQLSTATE, naming the row; so is a time at which no membership can have begun (SCVAL).';

CREATE FUNCTION scim_internal.check_unique_value() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_check_unique_value'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.check_unique_value() IS
'Constraint trigger of a store''s table "unique_value": its rows are what the resources that are there have, all of it and no more. Error 23503.';

CREATE FUNCTION scim_internal.audit_digest(audit record, OUT content_digest bytea, OUT digest bytea)
    AS 'MODULE_PATHNAME', 'scim_audit_digest'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim_internal.audit_digest(record) IS
'The digests that a row of a store''s table "audit" has to carry, by what it says; of content that is gone, the one that it has.';

CREATE FUNCTION scim_internal.audit_door() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_audit_door'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.audit_door() IS
'BEFORE INSERT row trigger of a store''s table "audit": gives a row its digests, and refuses rows that the store has not written itself. Error 42501.';

CREATE FUNCTION scim_internal.audit_guard() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_audit_guard'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.audit_guard() IS
'BEFORE trigger of a store''s tables "audit" and "audit_seal": refuses to alter or remove what is written, whoever wants to. Error 42501.';

CREATE FUNCTION scim_internal.audit_change() RETURNS trigger
    AS 'MODULE_PATHNAME', 'scim_audit_change'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION scim_internal.audit_change() IS
'AFTER row trigger, and BEFORE TRUNCATE, of a store''s tables of configuration, such as "policy" and "token": writes the audit of what was changed, without secrets. Its arguments name columns that hold some, or with "-" in front those that are no configuration.';

CREATE FUNCTION scim.member_key(value uuid) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN value;
COMMENT ON FUNCTION scim.member_key(uuid) IS
'scim.member_key(text) with the id as a uuid, which it is.';

CREATE FUNCTION scim.member_key(value text) RETURNS uuid
    AS 'MODULE_PATHNAME', 'scim_member_key'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scim.member_key(text) IS
'The member_id of a reference to a member: the id that it is or, for a text that is no id, a uuid made from it.';

-- What the planner takes for true until the first ANALYZE: keys are unique, nobody is
-- deleted, and a tenant may have all rows.  If it knew nothing at all, every index that
-- begins with tenant_id would seem as good as the primary key.
CREATE FUNCTION scim_internal.presume_statistics(relation regclass, resource_type text DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id SET (n_distinct = 1)', relation);
    IF resource_type IS NULL THEN
        EXECUTE format('INSERT INTO %s (tenant_id, group_id, member_id) SELECT n, scim.uuid_v7(), scim.uuid_v7() FROM generate_series(1, 2) n',
            relation);
    ELSE
        EXECUTE format('INSERT INTO %s (tenant_id, resource_type, external_id, user_name, display_name, active, status, data, version, created, last_modified) '
            'SELECT n, %L, n, n, n, true, ''ACTIVE'', ''{}'', 1, to_timestamp(n), to_timestamp(n) FROM generate_series(1, 2) n',
            relation, resource_type);
    END IF;
    EXECUTE format('ANALYZE %s', relation);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id RESET (n_distinct)', relation);
    -- In a subtransaction of its own TRUNCATE makes a new file, of which the planner does
    -- not know that it is empty.
    BEGIN
        EXECUTE format('TRUNCATE %s', relation);
    EXCEPTION WHEN object_in_use THEN
        RAISE;
    END;
END
$$;
COMMENT ON FUNCTION scim_internal.presume_statistics(regclass, text) IS
'Gives a new and empty table of a store, "member" or one of resources of a type, the statistics that the planner starts with.';

-- What makes the table of a resource type, one statement each, in order.  All but
-- the table itself scim.upgrade_store says again where it is missing.
CREATE FUNCTION scim_internal.resource_table_statements(store name, table_name name, resource_type text)
    RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
AS $$
BEGIN
    -- Attached, not made as a partition: that would make readers of the store wait.
    -- Not logged at first: what its statistics are made of is nobody's row, and no subscriber's.
    RETURN NEXT format('CREATE UNLOGGED TABLE %1$I.%2$I (LIKE %1$I.resource INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION)',
        store, table_name);
    RETURN NEXT format('COMMENT ON TABLE %I.%I IS %L', store, table_name,
        format('The resources of type %s: a partition of resource, to be read and written like it.', resource_type));
    RETURN QUERY SELECT scim_internal.resource_comments(store, table_name);
    RETURN NEXT format('ALTER TABLE %I.%I ALTER COLUMN resource_type SET DEFAULT %L', store, table_name, resource_type);
    RETURN NEXT format('CREATE STATISTICS %1$I.%3$I ON (scim_internal.index_keys(data)) FROM %1$I.%2$I',
        store, table_name, table_name || '_data_stats');
    -- Of what an index is over that leaves out the deleted, the planner asks nothing else.
    RETURN NEXT format('CREATE STATISTICS %1$I.%3$I ON (scim.fold_user_name(user_name)) FROM %1$I.%2$I',
        store, table_name, table_name || '_user_name_stats');
    RETURN NEXT format('CREATE STATISTICS %1$I.%3$I ON (scim.fold(display_name)) FROM %1$I.%2$I',
        store, table_name, table_name || '_display_name_stats');
    RETURN NEXT format('SELECT scim_internal.presume_statistics(%L, %L)', format('%I.%I', store, table_name), resource_type);
    RETURN NEXT format('ALTER TABLE %I.%I SET LOGGED', store, table_name);
    RETURN NEXT format('ALTER TABLE %1$I.resource ATTACH PARTITION %1$I.%2$I FOR VALUES IN (%3$L)',
        store, table_name, resource_type);
    RETURN NEXT format('CREATE UNIQUE INDEX %3$I ON %1$I.%2$I (id scim.uuid_key_ops)',
        store, table_name, left(table_name, 56) || '_id_key');
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, external_id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_external_id_idx');
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, scim.fold(display_name), id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_display_name_idx');
    -- How many there are, and where a page begins, is told by this alone: queries say
    -- resource_type = '...', which an index that has no such column must imply.
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, id) WHERE deleted_at IS NULL AND resource_type = %4$L',
        store, table_name, table_name || '_list_idx', resource_type);
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, last_modified, id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_last_modified_idx');
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, created, id) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_created_idx');
    RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I USING gin (tenant_id scim.gin_int4_ops, data scim.gin_ops) WITH (gin_pending_list_limit = 256) WHERE deleted_at IS NULL',
        store, table_name, table_name || '_data_idx');
    RETURN NEXT format('CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON %I.%I EXECUTE FUNCTION scim_internal.resource_truncate()',
        store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_truncate ON %I.%I IS %L', store, table_name,
        'Refuses TRUNCATE, which would pass by the policy "delete", audit and groups.');
    RETURN NEXT format('CREATE TRIGGER scim_settle AFTER INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION scim_internal.resource_settle()',
        store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_settle ON %I.%I IS %L', store, table_name,
        'What follows for others from those who have gone: references to them, memberships.');
    RETURN NEXT format('CREATE TRIGGER scim_has_door BEFORE INSERT OR UPDATE OR DELETE ON %1$I.%2$I EXECUTE FUNCTION %1$I.refuse_without_door()',
        store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_has_door ON %I.%I IS %L', store, table_name,
        'Refuses every write where the triggers of the extension are gone.');
    RETURN NEXT format('CREATE TRIGGER scim_has_door_truncate BEFORE TRUNCATE ON %1$I.%2$I EXECUTE FUNCTION %1$I.refuse_without_door()',
        store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_has_door_truncate ON %I.%I IS %L', store, table_name,
        'Refuses TRUNCATE where the triggers of the extension are gone.');
    RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
    RETURN NEXT format('CREATE POLICY tenant ON %I.%I USING (tenant_id = scim.tenant())', store, table_name);
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
        'Whoever acts for a tenant, by scim.tenant(), sees and writes the rows of that one only.');
    IF resource_type = 'User' THEN
        -- For people, who write user_name = '...' and no tenant.  Row-level security asks for
        -- the tenant: if that were no part of the index, EXPLAIN would count rows of others.
        RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (user_name, tenant_id)',
            store, table_name, table_name || '_user_name_idx');
        RETURN NEXT format('CREATE UNIQUE INDEX %3$I ON %1$I.%2$I (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL',
            store, table_name, table_name || '_user_name_key');
    ELSE
        -- Another type may be one of people, too: "unique_value" has what is unique of them.
        RETURN NEXT format('CREATE INDEX %3$I ON %1$I.%2$I (tenant_id, scim.fold_user_name(user_name)) WHERE deleted_at IS NULL AND user_name IS NOT NULL',
            store, table_name, table_name || '_user_name_idx');
    END IF;
END
$$;
COMMENT ON FUNCTION scim_internal.resource_table_statements(name, name, text) IS
'The statements that make the partition of a store''s table "resource" for one resource type, with its indexes, triggers and row-level security.';

CREATE FUNCTION scim_internal.create_resource_table(store name, table_name name, resource_type text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
AS $$
DECLARE
    distributed CONSTANT boolean := scim_internal.is_distributed(to_regclass(format('%I.resource', store)));
    statement text;
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
    IF distributed THEN
        PERFORM set_config('citus.enable_unsafe_triggers', 'on', true), set_config('citus.multi_shard_modify_mode', 'sequential', true);
    END IF;
    FOR statement IN SELECT scim_internal.resource_table_statements(store, table_name, resource_type) LOOP
        -- nothing is unique over the nodes of a cluster
        CONTINUE WHEN distributed AND statement ~ '^CREATE UNIQUE INDEX [^(]* ON [^(]*\(id ';
        EXECUTE scim_internal.of_store(statement, store);
    END LOOP;
    PERFORM scim_internal.force_row_security(store);
END
$$;
COMMENT ON FUNCTION scim_internal.create_resource_table(name, name, text) IS
'Makes the partition of a store''s table "resource" for one resource type, with its indexes, triggers and row-level security, where it is not there yet.';

-- What makes a partition of a store's table "audit"; all but the table itself
-- scim.upgrade_store says again.
CREATE FUNCTION scim_internal.audit_table_statements(store name, table_name name, bounds text)
    RETURNS SETOF text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
BEGIN
    -- Attached, not made as a partition: that would make writers of the store wait.
    RETURN NEXT format('CREATE TABLE %1$I.%2$I (LIKE %1$I.audit INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS)',
        store, table_name);
    RETURN NEXT format('COMMENT ON TABLE %I.%I IS %L', store, table_name, CASE table_name
        WHEN 'audit_default' THEN 'What no other partition of audit has room for, until scim.apply_retention makes one.'
        ELSE 'What was changed in one month of UTC, as the name says: a partition of audit, to be read like it.' END);
    RETURN NEXT format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', store, table_name);
    RETURN NEXT format('CREATE POLICY tenant ON %I.%I FOR SELECT USING (tenant_id = ANY (ARRAY[0, scim.tenant(%L::regnamespace)]))', store, table_name, quote_ident(store));
    RETURN NEXT format('COMMENT ON POLICY tenant ON %I.%I IS %L', store, table_name,
        'Whoever acts for a tenant, by scim.tenant(), sees the rows of that one and what was changed for all tenants, 0; the store writes them.');
    RETURN NEXT format('CREATE TRIGGER scim_truncate BEFORE TRUNCATE ON %I.%I EXECUTE FUNCTION scim_internal.audit_guard()', store, table_name);
    RETURN NEXT format('COMMENT ON TRIGGER scim_truncate ON %I.%I IS %L', store, table_name, 'Refuses TRUNCATE: what is written stays.');
    RETURN NEXT format('ALTER TABLE %1$I.audit ATTACH PARTITION %1$I.%2$I %3$s', store, table_name, bounds);
END
$$;
COMMENT ON FUNCTION scim_internal.audit_table_statements(name, name, text) IS
'The statements that make one partition of a store''s table "audit", with its row-level security.';

CREATE FUNCTION scim_internal.audit_month_bounds(month timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET "DateStyle" = 'ISO'
    SET "TimeZone" = 'UTC'
BEGIN ATOMIC
    SELECT format('FOR VALUES FROM (%L) TO (%L)', month, month + interval '1 month');
END;
COMMENT ON FUNCTION scim_internal.audit_month_bounds(timestamptz) IS
'The bounds of the partition of a store''s table "audit" for the month that begins at an instant.';

CREATE FUNCTION scim_internal.audit_months_ahead() RETURNS SETOF timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    SET "TimeZone" = 'UTC'
BEGIN ATOMIC
    SELECT generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '3 months', interval '1 month');
END;
COMMENT ON FUNCTION scim_internal.audit_months_ahead() IS
'The months for which a store''s table "audit" has partitions at least, by their beginnings: this one and the next three, of UTC.';

CREATE FUNCTION scim_internal.create_audit_tables(store name)
    RETURNS SETOF name
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET standard_conforming_strings = on
    SET "TimeZone" = 'UTC'
AS $$
DECLARE
    wanted record;
    statement text;
BEGIN
    IF scim_internal.is_distributed(to_regclass(format('%I.audit', store))) THEN
        PERFORM set_config('citus.enable_unsafe_triggers', 'on', true), set_config('citus.multi_shard_modify_mode', 'sequential', true);
    END IF;
    FOR wanted IN
        SELECT to_char(month, '"audit_"YYYY_MM') AS table_name, scim_internal.audit_month_bounds(month) AS bounds
        FROM scim_internal.audit_months_ahead() AS month
        UNION ALL
        -- last, or each of the others would have it looked through and told of
        SELECT 'audit_default', 'DEFAULT'
    LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', store, wanted.table_name)) IS NOT NULL;
        FOR statement IN SELECT scim_internal.audit_table_statements(store, wanted.table_name, wanted.bounds) LOOP
            EXECUTE statement;
        END LOOP;
        RETURN NEXT wanted.table_name;
    END LOOP;
END
$$;
COMMENT ON FUNCTION scim_internal.create_audit_tables(name) IS
'Makes the partitions of a store''s table "audit" that are missing: those of this month and the next three, and the default one. Returns their names.';
