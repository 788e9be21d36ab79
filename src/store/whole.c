/*
 * whole.c
 *		Whether a store of the version that is written here has all that one has.
 *
 * What makes a schema a store is in tables.c, and is the same in all versions.  Here is
 * the rest, of which a store of this version lacks something only where somebody has
 * taken it away: a partition of "resource" for each type, columns, triggers, primary
 * keys, the index that keeps user names unique, policies of row-level security, and rows
 * of those tables without which there is nobody to be served.  It is looked at when a
 * store is cached, and again when one of its tables has changed.
 *
 * A store that Citus has distributed has not all of it on each node, and is not looked
 * at.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "extension.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

/* The columns that tables.c does not know of. */
static const struct
{
	ScimTable table;
	const char *name;
	Oid type;
} columns[] = {
	{SCIM_TABLE_RESOURCE, "activated_at", TIMESTAMPTZOID},
	{SCIM_TABLE_RESOURCE, "deactivated_at", TIMESTAMPTZOID},
	{SCIM_TABLE_RESOURCE, "sessions_valid_after", TIMESTAMPTZOID},
	{SCIM_TABLE_POLICY, "id", UUIDOID},
	{SCIM_TABLE_POLICY, "name", TEXTOID},
	{SCIM_TABLE_TENANT, "name", TEXTOID},
	{SCIM_TABLE_TENANT, "created", TIMESTAMPTZOID},
	{SCIM_TABLE_TENANT, "base_url", TEXTOID},
	{SCIM_TABLE_MEMBER, "created", TIMESTAMPTZOID},
	{SCIM_TABLE_TOKEN, "description", TEXTOID},
	{SCIM_TABLE_TOKEN, "created", TIMESTAMPTZOID},
	{SCIM_TABLE_TOKEN, "scopes", TEXTARRAYOID},
	{SCIM_TABLE_TOKEN, "former_hash", BYTEAOID},
	{SCIM_TABLE_TOKEN, "former_until", TIMESTAMPTZOID},
	{SCIM_TABLE_TOKEN, "last_used_at", TIMESTAMPTZOID},
	{SCIM_TABLE_TOKEN, "client_id", UUIDOID},
	{SCIM_TABLE_TOKEN, "former_used_at", TIMESTAMPTZOID},
	{SCIM_TABLE_AUDIT, "id", UUIDOID},
	{SCIM_TABLE_AUDIT, "at", TIMESTAMPTZOID},
	{SCIM_TABLE_AUDIT, "transaction_id", XID8OID},
	{SCIM_TABLE_AUDIT, "db_user", NAMEOID},
	{SCIM_TABLE_AUDIT, "change", UUIDOID},
	{SCIM_TABLE_AUDIT, "token_id", UUIDOID},
	{SCIM_TABLE_AUDIT, "subject", TEXTOID},
	{SCIM_TABLE_AUDIT, "role", NAMEOID},
	{SCIM_TABLE_AUDIT, "request_id", TEXTOID},
	{SCIM_TABLE_AUDIT, "object", TEXTOID},
	{SCIM_TABLE_AUDIT, "key", TEXTOID},
	{SCIM_TABLE_AUDIT, "status", TEXTOID},
	{SCIM_TABLE_AUDIT, "detail", JSONBOID},
	{SCIM_TABLE_AUDIT, "salt", BYTEAOID},
	{SCIM_TABLE_AUDIT, "content_digest", BYTEAOID},
	{SCIM_TABLE_AUDIT, "digest", BYTEAOID},
	{SCIM_TABLE_EVENT, "id", UUIDOID},
	{SCIM_TABLE_EVENT, "at", TIMESTAMPTZOID},
	{SCIM_TABLE_EVENT, "transaction_id", XID8OID},
	{SCIM_TABLE_EVENT, "change", UUIDOID},
	{SCIM_TABLE_EVENT, "data", JSONBOID},
	{SCIM_TABLE_EVENT, "operation", TEXTOID},
	{SCIM_TABLE_EVENT, "actor", TEXTOID},
	{SCIM_TABLE_EVENT, "external_id", TEXTOID},
	{SCIM_TABLE_EVENT, "attributes", TEXTARRAYOID},
	{SCIM_TABLE_EVENT, "members_added", UUIDARRAYOID},
	{SCIM_TABLE_EVENT, "members_removed", UUIDARRAYOID},
	{SCIM_TABLE_EVENT, "position", INT8OID},
	{SCIM_TABLE_STORE, "id", INT4OID},
	{SCIM_TABLE_STORE, "restoring", BOOLOID},
	{SCIM_TABLE_CLIENT, "created", TIMESTAMPTZOID},
	{SCIM_TABLE_CLIENT, "scopes", TEXTARRAYOID},
	{SCIM_TABLE_CLIENT, "former_hash", BYTEAOID},
	{SCIM_TABLE_CLIENT, "former_until", TIMESTAMPTZOID},
	{SCIM_TABLE_CLIENT, "former_second_hash", BYTEAOID},
	{SCIM_TABLE_CLIENT, "last_used_at", TIMESTAMPTZOID},
	{SCIM_TABLE_CLIENT, "former_used_at", TIMESTAMPTZOID},
	{SCIM_TABLE_CLIENT, "jwks", JSONBOID},
	{SCIM_TABLE_CLIENT, "jwks_uri", TEXTOID},
	{SCIM_TABLE_CLIENT, "jwks_fetched_at", TIMESTAMPTZOID},
	{SCIM_TABLE_CLIENT, "jwks_tried_at", TIMESTAMPTZOID},
	{SCIM_TABLE_CLIENT, "jwks_wanted_at", TIMESTAMPTZOID},
	{SCIM_TABLE_CLIENT, "jwks_error", TEXTOID},
	{SCIM_TABLE_SETTING, "id", UUIDOID},
	{SCIM_TABLE_CONSUMER, "created", TIMESTAMPTZOID},
	{SCIM_TABLE_SIGNING_KEY, "created", TIMESTAMPTZOID},
	{SCIM_TABLE_TENANT_ROLE, "id", UUIDOID},
	{SCIM_TABLE_BINDING, "created", TIMESTAMPTZOID},
	{SCIM_TABLE_DATABASE_ROLE, "since", TIMESTAMPTZOID},
};

/*
 * The triggers that sql/install makes and tables.c does not ask for, each by the function
 * that it calls, of scim_internal, and by when it fires at least; this one is the store's
 * own:
 */
#define OWN_FUNCTION "refuse_without_door"

typedef struct WantedTrigger
{
	ScimTable table;
	const char *function;
	int16 type;
} WantedTrigger;

static const WantedTrigger triggers[] = {
	{SCIM_TABLE_RESOURCE, "refuse_without_door", BEFORE_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_RESOURCE, "refuse_without_door", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_RESOURCE, "resource_settle", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_SCHEMA, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_SCHEMA, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_SCHEMA, "endpoint_changed", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_SCHEMA, "endpoint_lock", BEFORE_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_SCHEMA, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_RESOURCE_TYPE, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_RESOURCE_TYPE, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_RESOURCE_TYPE, "endpoint_changed", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_RESOURCE_TYPE, "endpoint_lock", BEFORE_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_RESOURCE_TYPE, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_POLICY, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_POLICY, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_POLICY, "registry_lock", BEFORE_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_POLICY, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_TENANT, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_TENANT, "check_tenant", AFTER_ROW | ON_UPDATE | ON_DELETE},
	{SCIM_TABLE_TENANT, "registry_changed", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_TENANT, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_TENANT, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_TENANT, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_MEMBER, "refuse_without_door", BEFORE_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_MEMBER, "refuse_without_door", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_MEMBER, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_MEMBER, "member_value", BEFORE_ROW | ON_INSERT},
	{SCIM_TABLE_MEMBER, "member_record", AFTER_ROW | ON_INSERT},
	{SCIM_TABLE_MEMBER, "member_record", AFTER_ROW | ON_DELETE},
	{SCIM_TABLE_UNIQUE_VALUE, "check_unique_value", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_UNIQUE_VALUE, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_UNIQUE_VALUE, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CREDENTIAL, "check_credential", AFTER_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CREDENTIAL, "credential_record", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_CREDENTIAL, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CREDENTIAL, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_TOKEN, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_TOKEN, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_TOKEN, "token_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_TOKEN, "token_gone", AFTER_ROW | ON_UPDATE | ON_DELETE},
	{SCIM_TABLE_TOKEN, "token_gone", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_TOKEN, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_SECRET, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_SECRET, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_SECRET, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_AUDIT, "audit_door", BEFORE_ROW | ON_INSERT},
	{SCIM_TABLE_AUDIT, "audit_guard", BEFORE_ROW | ON_UPDATE | ON_DELETE},
	{SCIM_TABLE_AUDIT, "audit_guard", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_EVENT, "event_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_STORE, "store_row", BEFORE_ROW | ON_CHANGE},
	{SCIM_TABLE_STORE, "registry_changed", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_STORE, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_STORE, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_STORE, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_STORE, "registry_changed", AFTER_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_AUTHENTICATION_SCHEME, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_AUTHENTICATION_SCHEME, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_AUTHENTICATION_SCHEME, "check_client", AFTER_ROW | ON_UPDATE},
	{SCIM_TABLE_AUTHENTICATION_SCHEME, "registry_changed", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_AUTHENTICATION_SCHEME, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_AUTHENTICATION_SCHEME, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_AUTHENTICATION_SCHEME, "registry_changed", AFTER_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CLIENT, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_CLIENT, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CLIENT, "check_client", AFTER_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CLIENT, "token_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CLIENT, "token_gone", AFTER_ROW | ON_UPDATE | ON_DELETE},
	{SCIM_TABLE_CLIENT, "token_gone", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CLIENT, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_ENDPOINT, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_ENDPOINT, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_ENDPOINT, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_ENDPOINT, "endpoint_changed", AFTER_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_SETTING, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_SETTING, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_SETTING, "check_setting", AFTER_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_SETTING, "registry_lock", BEFORE_STATEMENT | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_SETTING, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_SETTING, "registry_changed", AFTER_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_RECOVERY_CODE, "check_credential", AFTER_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_RECOVERY_CODE, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CONSUMER, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_CONSUMER, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CONSUMER, "consumer_door", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CONSUMER, "registry_changed", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_CONSUMER, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_CONSUMER, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CONSUMER, "registry_changed", AFTER_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CONSUMER, "consumer_wants", AFTER_ROW | ON_UPDATE},
	{SCIM_TABLE_CONSUMER_POSITION, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_DELIVERY, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_LEASE, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_EVENT_POSITION, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CONSUMER_SECRET, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_CONSUMER_SECRET, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CONSUMER_SECRET, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_SIGNING_KEY, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_SIGNING_KEY, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_SIGNING_KEY, "signing_key_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_SIGNING_KEY, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_AUDIT_SEAL, "audit_guard", BEFORE_ROW | ON_CHANGE},
	{SCIM_TABLE_AUDIT_SEAL, "audit_guard", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_TENANT_ROLE, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_TENANT_ROLE, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_TENANT_ROLE, "registry_changed", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_TENANT_ROLE, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_TENANT_ROLE, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_TENANT_ROLE, "registry_changed", AFTER_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_GUARD, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_GUARD, "audit_change", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_GUARD, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_GUARD_COUNT, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_ORIGIN, "check_origin", AFTER_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_ORIGIN, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_BINDING, "audit_change", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_BINDING, "binding_door", BEFORE_ROW | ON_CHANGE},
	{SCIM_TABLE_BINDING, "registry_changed", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_BINDING, "registry_replicated", AFTER_ROW | ON_CHANGE},
	{SCIM_TABLE_BINDING, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_BINDING_LINK, "binding_door", BEFORE_ROW | ON_CHANGE},
	{SCIM_TABLE_BINDING_LINK, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_BINDING_LINK, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_DATABASE_ROLE, "database_role_door", BEFORE_ROW | ON_CHANGE},
	{SCIM_TABLE_DATABASE_ROLE, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CLIENT_ASSERTION, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_CLIENT_FAILURE, "plain_row", BEFORE_ROW | ON_INSERT | ON_UPDATE},
	{SCIM_TABLE_RECOVERY_CODE, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_RECOVERY_CODE, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_ORIGIN, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_ORIGIN, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_EVENT, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_EVENT, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_EVENT_POSITION, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_EVENT_POSITION, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CONSUMER_POSITION, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_CONSUMER_POSITION, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_DELIVERY, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_DELIVERY, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_LEASE, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_LEASE, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_GUARD_COUNT, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_GUARD_COUNT, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CLIENT_ASSERTION, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_CLIENT_ASSERTION, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_CLIENT_FAILURE, "scope_statement", BEFORE_STATEMENT | ON_DELETE},
	{SCIM_TABLE_CLIENT_FAILURE, "scope_statement", BEFORE_STATEMENT | ON_TRUNCATE},
};

/* Those of statements, which each partition has for itself. */
static const WantedTrigger partition_triggers[] = {
	{SCIM_TABLE_RESOURCE, "refuse_without_door", BEFORE_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_RESOURCE, "refuse_without_door", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_RESOURCE, "resource_settle", AFTER_STATEMENT | ON_CHANGE},
	{SCIM_TABLE_RESOURCE, "resource_truncate", BEFORE_STATEMENT | ON_TRUNCATE},
	{SCIM_TABLE_AUDIT, "audit_guard", BEFORE_STATEMENT | ON_TRUNCATE},
};

/* Does a trigger call this function, and always when it should? */
static bool
is_wanted(HeapTuple tuple, TupleDesc desc, const WantedTrigger *wanted, Oid store)
{
	Form_pg_trigger trigger = (Form_pg_trigger) GETSTRUCT(tuple);
	bool own = strcmp(wanted->function, OWN_FUNCTION) == 0;
	HeapTuple function;
	bool found;

	if (!ScimTriggerFires(tuple, desc, wanted->type))
		return false;
	function = SearchSysCache1(PROCOID, ObjectIdGetDatum(trigger->tgfoid));
	if (!HeapTupleIsValid(function))
		return false;
	found = strcmp(NameStr(((Form_pg_proc) GETSTRUCT(function))->proname),
				   wanted->function) == 0 &&
			((Form_pg_proc) GETSTRUCT(function))->pronamespace ==
				(own ? store : ScimInternalNamespace());
	ReleaseSysCache(function);
	return found;
}

/* Which of these triggers a relation does not have, as a sentence; NULL: none. */
static char *
lacks_trigger(const ScimStore *store, Oid relid, const WantedTrigger *wanted, int count)
{
	Relation catalog;
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple tuple;
	bool *found;

	if (count == 0)
		return NULL;
	found = palloc0(count * sizeof(bool));
	catalog = table_open(TriggerRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, TriggerRelidNameIndexId, true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		for (int i = 0; i < count; i++)
			found[i] = found[i] || is_wanted(tuple, RelationGetDescr(catalog), &wanted[i],
											 store->namespace_oid);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	for (int i = 0; i < count; i++)
	{
		if (!found[i])
			return psprintf("table \"%s\" has no trigger of %s.%s", get_rel_name(relid),
							strcmp(wanted[i].function, OWN_FUNCTION) == 0
								? store->quoted_name
								: "scim_internal",
							wanted[i].function);
	}
	return NULL;
}

/* The same of the partitions of a table. */
static char *
partitions_lack_trigger(const ScimStore *store, ScimTable table)
{
	const WantedTrigger *first = NULL;
	int count = 0;
	char *lack = NULL;
	ListCell *lc;

	for (size_t i = 0; i < lengthof(partition_triggers); i++)
	{
		if (partition_triggers[i].table != table)
			continue;
		if (count++ == 0)
			first = &partition_triggers[i];
	}
	foreach (lc, find_inheritance_children(store->tables.relid[table], NoLock))
	{
		char *name = get_rel_name(lfirst_oid(lc));

		/* a part of the audit that its owner has attached is his own to guard */
		if (lack == NULL && name != NULL && get_rel_relispartition(lfirst_oid(lc)) &&
			(table != SCIM_TABLE_AUDIT || strncmp(name, "audit_", strlen("audit_")) == 0))
			lack = lacks_trigger(store, lfirst_oid(lc), first, count);
	}
	return lack;
}

static char *
lacks_triggers(const ScimStore *store)
{
	char *lack = NULL;

	for (size_t i = 0, n; lack == NULL && i < lengthof(triggers); i += n)
	{
		Oid relid = store->tables.relid[triggers[i].table];

		n = 1;
		while (i + n < lengthof(triggers) && triggers[i + n].table == triggers[i].table)
			n++;
		lack = lacks_trigger(store, relid, &triggers[i], n);
	}
	if (lack == NULL)
		lack = partitions_lack_trigger(store, SCIM_TABLE_RESOURCE);
	if (lack == NULL)
		lack = partitions_lack_trigger(store, SCIM_TABLE_AUDIT);
	return lack;
}

/*
 * ScimPartitionFind finds the partition of the table "resource" that takes resources of a
 * type; InvalidOid: there is none.
 */
Oid
ScimPartitionFind(Relation resource, const char *type_name)
{
	PartitionKey key = RelationGetPartitionKey(resource);
	PartitionDesc desc = RelationGetPartitionDesc(resource, true);
	PartitionBoundInfo bounds = desc->boundinfo;
	int index = -1;

	/* somebody has made it anew in another way: that is his own affair */
	if (key->strategy != PARTITION_STRATEGY_LIST || key->partnatts != 1 ||
		key->parttypid[0] != TEXTOID)
		return RelationGetRelid(resource);
	if (desc->nparts > 0)
	{
		bool is_equal = false;
		int offset = partition_list_bsearch(key->partsupfunc, key->partcollation, bounds,
											CStringGetTextDatum(type_name), &is_equal);

		index = offset >= 0 && is_equal ? bounds->indexes[offset] : bounds->default_index;
	}
	return index >= 0 ? desc->oids[index] : InvalidOid;
}

/* Does an index keep the user names of a tenant unique? */
static bool
is_of_names(Relation index, AttrNumber tenant_id)
{
	const FormData_pg_index *form = index->rd_index;

	return form->indisunique && form->indisvalid && form->indnkeyatts == 2 &&
		   form->indkey.values[0] == tenant_id && form->indkey.values[1] == 0;
}

static bool
keeps_names_unique(Oid relid)
{
	Relation relation = table_open(relid, AccessShareLock);
	AttrNumber tenant_id = get_attnum(relid, "tenant_id");
	bool found = false;
	ListCell *lc;

	/* somebody who has divided it has an index on each part */
	if (relation->rd_rel->relkind != RELKIND_RELATION)
		found = true;
	foreach (lc, RelationGetIndexList(relation))
	{
		Relation index = index_open(lfirst_oid(lc), AccessShareLock);

		found = found || is_of_names(index, tenant_id);
		index_close(index, NoLock);
	}
	table_close(relation, NoLock);
	return found;
}

/* Has each type a table?  And that of people its index? */
static char *
lacks_partition(const ScimStore *store)
{
	Relation resource =
		table_open(store->tables.relid[SCIM_TABLE_RESOURCE], AccessShareLock);
	char *lack = NULL;

	for (int i = 0; lack == NULL && i < store->registry->ntypes; i++)
	{
		const char *name = store->registry->types[i].name;
		Oid relid = ScimPartitionFind(resource, name);

		if (!OidIsValid(relid))
			lack = psprintf("table \"resource\" has no partition for resource type "
							"\"%s\"",
							name);
		else if (strcmp(name, "User") == 0 && relid != RelationGetRelid(resource) &&
				 !keeps_names_unique(relid))
			lack = psprintf("table \"%s\" has no index that keeps user names unique",
							get_rel_name(relid));
	}
	table_close(resource, NoLock);
	return lack;
}

static char *
lacks_column(const ScimStore *store, char **hint)
{
	for (size_t i = 0; i < lengthof(columns); i++)
	{
		Oid relid = store->tables.relid[columns[i].table];
		Oid type = InvalidOid;
		HeapTuple tuple;

		if (!OidIsValid(relid))
			continue;
		tuple = SearchSysCacheAttName(relid, columns[i].name);
		if (HeapTupleIsValid(tuple))
		{
			type = ((Form_pg_attribute) GETSTRUCT(tuple))->atttypid;
			ReleaseSysCache(tuple);
		}
		if (type == columns[i].type)
			continue;
		*hint = psprintf("Add it, with what it held, from a backup; then "
						 "SELECT scim.repair_store(%s) \\gexec in psql puts back what "
						 "belongs to it.",
						 quote_literal_cstr(store->name));
		return psprintf("table \"%s\" has no column \"%s\" of type %s",
						get_rel_name(relid), columns[i].name,
						format_type_be(columns[i].type));
	}
	return NULL;
}

static char *
lacks_table(const ScimStore *store)
{
	for (int i = 0; i < SCIM_TABLES; i++)
	{
		if (!OidIsValid(store->tables.relid[i]))
			return psprintf("it has no table \"%s\"", ScimTableName((ScimTable) i));
	}
	return NULL;
}

/* Read of the catalogue: nobody waits for a table that he does not ask for. */
static bool
has_primary_key(Relation catalog, Oid relid)
{
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple tuple;
	bool found = false;

	ScanKeyInit(&key, Anum_pg_index_indrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, IndexIndrelidIndexId, true, NULL, 1, &key);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_index index = (Form_pg_index) GETSTRUCT(tuple);

		/* as the relation cache knows one, for which a lock is taken */
		found = index->indislive && index->indisvalid && index->indimmediate &&
				index->indisprimary;
	}
	systable_endscan(scan);
	return found;
}

/* Without one nothing is unique of its rows. */
static char *
lacks_key(const ScimStore *store)
{
	Relation catalog = table_open(IndexRelationId, AccessShareLock);
	char *lack = NULL;

	for (int i = 0; i < SCIM_TABLES && lack == NULL; i++)
	{
		if (!has_primary_key(catalog, store->tables.relid[i]))
			lack =
				psprintf("table \"%s\" has no primary key", ScimTableName((ScimTable) i));
	}
	table_close(catalog, AccessShareLock);
	return lack;
}

/* Is there no row in a table?  Whoever asks, and whatever row-level security hides. */
static bool
is_empty(Oid relid)
{
	Relation relation = table_open(relid, AccessShareLock);
	Snapshot snapshot =
		RegisterSnapshot(IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	TableScanDesc scan = table_beginscan(relation, snapshot, 0, NULL);
	bool found = table_scan_getnextslot(scan, ForwardScanDirection, slot);

	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	table_close(relation, NoLock);
	return !found;
}

static bool
has_partitions(Oid relid)
{
	return find_inheritance_children(relid, NoLock) != NIL;
}

/*
 * Without rows in these nobody is there to be served, nor anything to be served with: but
 * a store may be without types for a while, if it has no tables of any either.
 */
static char *
lacks_rows(const ScimStore *store)
{
	static const ScimTable tables[] = {SCIM_TABLE_SCHEMA, SCIM_TABLE_RESOURCE_TYPE,
									   SCIM_TABLE_TENANT};

	for (size_t i = 0; i < lengthof(tables); i++)
	{
		if (is_empty(store->tables.relid[tables[i]]) &&
			(tables[i] != SCIM_TABLE_RESOURCE_TYPE ||
			 has_partitions(store->tables.relid[SCIM_TABLE_RESOURCE])))
			return psprintf("table \"%s\" has no row", ScimTableName(tables[i]));
	}
	return NULL;
}

/* Does row-level security hide all rows of a table from everybody but its owner? */
static bool
hides_all(Relation catalog, Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool hides = false;
	SysScanDesc scan;
	ScanKeyData key;

	if (HeapTupleIsValid(tuple))
	{
		hides = ((Form_pg_class) GETSTRUCT(tuple))->relrowsecurity;
		ReleaseSysCache(tuple);
	}
	if (!hides)
		return false;
	ScanKeyInit(&key, Anum_pg_policy_polrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, PolicyPolrelidPolnameIndexId, true, NULL, 1, &key);
	hides = !HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	return hides;
}

/* Who reads would be told that nothing is there. */
static char *
lacks_policy(const ScimStore *store)
{
	Relation catalog = table_open(PolicyRelationId, AccessShareLock);
	char *lack = NULL;

	for (int i = 0; i < SCIM_TABLES && lack == NULL; i++)
	{
		if (hides_all(catalog, store->tables.relid[i]))
			lack = psprintf("table \"%s\" has row-level security and no policy",
							ScimTableName((ScimTable) i));
	}
	table_close(catalog, AccessShareLock);
	return lack;
}

/*
 * ScimStoreLacks: what is missing of a store of this version, as a part of a sentence,
 * and what is to be done; NULL: nothing.  Before its registry is read that is columns
 * only.
 */
char *
ScimStoreLacks(const ScimStore *store, char **hint)
{
	char *lack;

	*hint = psprintf(
		"SELECT scim.repair_store(%s) \\gexec in psql puts back what is missing.",
		quote_literal_cstr(store->name));
	if (store->version == NULL || strcmp(store->version, SCIM_STORE_VERSION) != 0 ||
		store->distributed)
		return NULL;
	lack = lacks_column(store, hint);
	if (lack != NULL || store->registry == NULL)
		return lack;
	lack = lacks_table(store);
	if (lack == NULL)
		lack = lacks_rows(store);
	if (lack == NULL)
		lack = lacks_partition(store);
	if (lack == NULL)
		lack = lacks_key(store);
	if (lack == NULL)
		lack = lacks_triggers(store);
	if (lack == NULL)
		lack = lacks_policy(store);
	return lack;
}
