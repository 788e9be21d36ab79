/*
 * store.c
 *		The cache of stores.
 *
 * A store is found by the OID of its schema.  What is cached of it, registry,
 * policies, ways to authenticate, endpoints and settings, comes from its tables
 * "schema", "resource_type", "policy", "authentication_scheme", "endpoint" and
 * "setting", read as the owner of the store, so that it does not depend on who asked.
 *
 * Invalidation: a statement trigger on those six tables sends a relcache
 * invalidation for its table, which reaches every session at commit and
 * vanishes with a rollback (in the session itself it takes effect with the
 * next command).  The callback only marks the entry; the next look-up builds
 * a new one.  The old one is freed at the end of the transaction, because a
 * caller up the stack may still be using it.  Its registry, which is most of it
 * and never changes, is that of the new one, too, where the documents are the same, and
 * so are its settings: so many changes of the rest in one transaction do not take the
 * size of these each.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "extension.h"
#include "json/json.h"
#include "store/acting.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/shard.h"
#include "store/store.h"

/* One context per cached store: the list is short, so a walk finds it. */
static uint64 nbuilt = 0;
static List *stores = NIL;           /* of ScimStore * */
static List *retired = NIL;          /* replaced in this transaction, freed at its end */
static bool judges_registry = false; /* is it being changed: see ScimStoreJudge */

/* Settings, and how many stores have them. */
typedef struct StoreSettings
{
	MemoryContext context;
	int users;
	char *rows; /* which they are, in which versions */
	ScimSettings *settings;
} StoreSettings;

/*
 * The relcache callback.  InvalidOid means that everything may have changed.
 * It must not look anything up: it only marks.
 */
static void
registry_invalidated(Oid relid)
{
	ListCell *lc;

	foreach (lc, stores)
	{
		ScimStore *store = lfirst(lc);

		if (relid == InvalidOid)
			store->valid = false;
		if (list_member_oid(store->parts, relid))
			store->tables_valid = false;
		for (int i = 0; i < SCIM_TABLES; i++)
		{
			if (relid != store->tables.relid[i])
				continue;
			store->tables_valid = store->tenant_known = false;
			if (ScimTableIsCached((ScimTable) i))
				store->valid = false;
		}
	}
}

/* A renamed or dropped schema: names and OIDs are looked up anew. */
static void
namespace_invalidated(Datum arg, int cacheid, uint32 hashvalue)
{
	registry_invalidated(InvalidOid);
}

/* A tenant that a transaction has seen may have been its own. */
static void
forget_tenants(void)
{
	ListCell *lc;

	foreach (lc, stores)
		((ScimStore *) lfirst(lc))->tenant_known = false;
}

static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		forget_tenants();
}

static void
free_store(ScimStore *store)
{
	ScimRegistry *registry = store->registry;
	StoreSettings *shared = store->shared;

	MemoryContextDelete(store->context);
	if (--registry->users == 0)
		MemoryContextDelete(registry->context);
	if (shared != NULL && --shared->users == 0)
		MemoryContextDelete(shared->context);
}

static void
transaction_ends(XactEvent event, void *arg)
{
	ListCell *lc;

	if (event == XACT_EVENT_ABORT)
		forget_tenants();
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT &&
		event != XACT_EVENT_PREPARE)
		return;
	ScimSettingsUse(NULL);
	foreach (lc, retired)
		free_store(lfirst(lc));
	list_free(retired);
	retired = NIL;
}

/* ScimStoreInit registers the settings and callbacks of the store part. */
void
ScimStoreInit(void)
{
	ScimShardInit();
	ScimProofInit();
	ScimActingInit();
	ScimTransientInit();
	ScimVersionInit();
	ScimWhenRelationChanges(registry_invalidated);
	CacheRegisterSyscacheCallback(NAMESPACEOID, namespace_invalidated, (Datum) 0);
	RegisterXactCallback(transaction_ends, NULL);
	RegisterSubXactCallback(subtransaction_ends, NULL);
}

/*
 * What the table "store" says; version 0.1.0 did not have it, nor a column that came
 * later.  NULL: nothing.
 */
static char *
read_version(const ScimStore *store, MemoryContext context)
{
	char *version = NULL;

	if (!OidIsValid(store->tables.relid[SCIM_TABLE_STORE]))
		return get_attnum(store->tables.relid[SCIM_TABLE_RESOURCE],
						  "sessions_valid_after") == InvalidAttrNumber
				   ? MemoryContextStrdup(context, "0.1.0")
				   : NULL;
	ScimSpiExecute(psprintf("SELECT version FROM %s.store", store->quoted_name), NULL,
				   true, 1);
	if (SPI_processed > 0)
		version = ScimResultText(0, 1);
	return version ? MemoryContextStrdup(context, version) : NULL;
}

/*
 * A registry that does not hold together is the fault of what changes it; of one that is
 * stored so, who reads it is not to blame.
 */
static ScimRegistry *
build_registry(const ScimStore *store, List *schemas, List *types)
{
	MemoryContext caller = CurrentMemoryContext;
	ScimRegistry *registry;

	if (judges_registry)
		return ScimRegistryBuild(store->context, schemas, types);
	PG_TRY();
	{
		registry = ScimRegistryBuild(store->context, schemas, types);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		if (ScimErrorBySqlstate(error->sqlerrcode) == NULL)
			PG_RE_THROW();
		FlushErrorState();
		ereport(ERROR,
				(ScimErr(SCIM_UNAVAILABLE),
				 errmsg("the schemas of store \"%s\" cannot be read: %s", store->name,
						error->message),
				 errhint("Rows of its tables \"schema\" and \"resource_type\" are not "
						 "what the store has written there.")));
	}
	PG_END_TRY();
	return registry;
}

static uint64
hash_of(const List *documents, uint64 seed)
{
	const ListCell *lc;

	foreach (lc, documents)
		seed = hash_bytes_extended(lfirst(lc), VARSIZE(lfirst(lc)), seed);
	return hash_combine64(seed, list_length(documents));
}

/* The registry of a store, which one that is replaced may have had; SPI is connected. */
static ScimRegistry *
find_registry(const ScimStore *store)
{
	/* of the documents it has copies, where it needs anything */
	MemoryContext reading = AllocSetContextCreate(CurrentMemoryContext, "scim documents",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(reading);
	List *schemas = ScimDocumentsRead(
		psprintf("SELECT document FROM %s.schema ORDER BY id", store->quoted_name), true,
		reading);
	List *types = ScimDocumentsRead(psprintf("SELECT document FROM %s.resource_type "
											 "ORDER BY name DESC",
											 store->quoted_name),
									true, reading);
	uint64 documents = hash_of(types, hash_of(schemas, 0));
	ScimRegistry *registry = NULL;
	ListCell *lc;

	foreach (lc, retired)
	{
		const ScimStore *old = lfirst(lc);

		if (old->namespace_oid == store->namespace_oid &&
			old->registry->documents == documents)
			registry = old->registry;
	}
	if (registry == NULL)
	{
		MemoryContextSwitchTo(reading);
		registry = build_registry(store, schemas, types);
		registry->documents = documents;
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(reading);
	return registry;
}

/* Which rows of the table "setting" there are; SPI is connected. */
static char *
setting_rows(const ScimStore *store)
{
	ScimSpiExecute(psprintf("SELECT concat_ws(' ', count(*), "
							"sum(hashtidextended(ctid, xmin::text::bigint))) "
							"FROM %s.setting",
							store->quoted_name),
				   NULL, true, 1);
	return ScimResultText(0, 1);
}

/* The settings of a store, which one that is replaced may have had; SPI is connected. */
static void
find_settings(ScimStore *store)
{
	StoreSettings *shared;
	MemoryContext context;
	char *rows;
	ListCell *lc;

	if (!OidIsValid(store->tables.relid[SCIM_TABLE_SETTING]))
		return;
	rows = setting_rows(store);
	foreach (lc, retired)
	{
		const ScimStore *old = lfirst(lc);

		if (old->namespace_oid == store->namespace_oid && old->shared != NULL &&
			old->tables.relid[SCIM_TABLE_SETTING] ==
				store->tables.relid[SCIM_TABLE_SETTING] &&
			strcmp(old->shared->rows, rows) == 0)
		{
			store->shared = old->shared;
			store->settings = old->shared->settings;
			return;
		}
	}
	context =
		AllocSetContextCreate(store->context, "scim settings", ALLOCSET_SMALL_SIZES);
	shared = MemoryContextAllocZero(context, sizeof(StoreSettings));
	shared->context = context;
	shared->rows = MemoryContextStrdup(context, rows);
	shared->settings = ScimSettingsRead(&store->tables, store->quoted_name, context);
	store->shared = shared;
	store->settings = shared->settings;
}

/* Which other tables say, when they change, that the store may be none any more. */
static void
know_parts(ScimStore *store)
{
	List *parts = ScimTableParts(&store->tables);
	MemoryContext old = MemoryContextSwitchTo(store->context);

	list_free(store->parts);
	store->parts = list_copy(parts);
	MemoryContextSwitchTo(old);
}

/* What is missing of it, with the registry that is known of it. */
static void
know_lack(ScimStore *store)
{
	MemoryContext old = MemoryContextSwitchTo(store->context);

	store->lack = ScimStoreLacks(store, &store->lack_hint);
	MemoryContextSwitchTo(old);
}

/* What is read of it has to be there, or that would be an error of the query. */
static void
require_columns(const ScimStore *store)
{
	char *hint;
	char *lack = ScimStoreLacks(store, &hint);

	if (lack != NULL)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("store \"%s\" is not whole: %s", store->name, lack),
						errhint("%s", hint)));
}

/*
 * Build a store in a context of its own, a child of the current one until it
 * is whole, so that an error leaves nothing behind.
 */
static ScimStore *
build_store(Oid namespace_oid)
{
	char *name = get_namespace_name(namespace_oid);
	MemoryContext context;
	ScimStore *store;
	ScimIdentity caller;
	ScimRegistry *registry;
	MemoryContext old;

	/* as regnamespace in arguments takes any number */
	if (name == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
						errmsg("there is no schema with the OID %u", namespace_oid)));
	context =
		AllocSetContextCreate(CurrentMemoryContext, "scim store", ALLOCSET_SMALL_SIZES);
	store = MemoryContextAllocZero(context, sizeof(ScimStore));
	store->context = context;
	store->number = ++nbuilt;
	store->namespace_oid = namespace_oid;
	store->shards = ScimShardsNumber(namespace_oid);
	store->name = MemoryContextStrdup(context, name);
	store->quoted_name = MemoryContextStrdup(context, quote_identifier(name));
	/* An invalidation while the tables are looked at and read must not be lost. */
	store->valid = true;
	store->tables_valid = true;
	old = MemoryContextSwitchTo(CacheMemoryContext);
	stores = lappend(stores, store);
	MemoryContextSwitchTo(old);

	/*
	 * The newest committed registry, as a catalog is read, and not that of an
	 * old snapshot: what is cached outlives this transaction.  A parallel query
	 * can take no new snapshot, so what it reads is good for itself only.
	 */
	store->parallel = IsInParallelMode();
	PushActiveSnapshot(store->parallel ? GetActiveSnapshot() : GetLatestSnapshot());
	PG_TRY();
	{
		(void) ScimTablesFind(namespace_oid, &store->tables, false);
		know_parts(store);
		store->owner = store->tables.owner;
		store->distributed = store->shards != 0 ||
							 ScimIsDistributed(store->tables.relid[SCIM_TABLE_RESOURCE]);
		caller = ScimBeReader(store->owner);
		SPI_connect();
		store->version = read_version(store, context);
		require_columns(store);
		registry = find_registry(store);
		ScimPoliciesRead(store);
		store->schemes = ScimSchemesRead(store, context);
		store->endpoints = ScimEndpointRowsRead(store, context);
		/* who is told of events is known where these are written */
		if (!store->distributed || store->shards != 0)
			store->channels = ScimChannelsRead(store, context);
		find_settings(store);
		SPI_finish();
		store->restoring = ScimIsBeingRestored(&store->tables);
		ScimBeCaller(caller);
		store->registry = registry;
		know_lack(store);
	}
	PG_CATCH();
	{
		stores = list_delete_ptr(stores, store);
		PG_RE_THROW();
	}
	PG_END_TRY();

	PopActiveSnapshot();
	MemoryContextSetParent(context, CacheMemoryContext);
	MemoryContextSetParent(store->registry->context, CacheMemoryContext);
	store->registry->users++;
	if (store->shared != NULL)
	{
		MemoryContextSetParent(store->shared->context, CacheMemoryContext);
		store->shared->users++;
	}
	return store;
}

/* Does a store have the same tables as before, and all that one has? */
static bool
has_same_tables(ScimStore *store)
{
	ScimTables found;
	char *hint;

	list_free(store->partitions);
	store->partitions = NIL;
	if (!ScimTablesFind(store->namespace_oid, &found, true) ||
		memcmp(&found, &store->tables, sizeof(found)) != 0)
		return false;
	ScimTablesRequireUsable(&found);
	/* for who drops the store we wait here, and not where the table has to be there */
	LockRelationOid(found.relid[SCIM_TABLE_RESOURCE], AccessShareLock);
	if (!SearchSysCacheExists1(RELOID,
							   ObjectIdGetDatum(found.relid[SCIM_TABLE_RESOURCE])))
		return false;
	/* the registry may be another one, too */
	if (store->lack != NULL || ScimStoreLacks(store, &hint) != NULL)
		return false;
	know_parts(store);
	return true;
}

/* Is a cached store still what it was, after one of its tables has changed? */
static bool
is_still_store(ScimStore *store)
{
	bool same;

	if (store->tables_valid)
		return true;
	/* they may change while they are looked at */
	store->tables_valid = true;
	PG_TRY();
	{
		same = has_same_tables(store);
	}
	PG_CATCH();
	{
		/* a table that is locked, for one, tells nothing */
		store->tables_valid = false;
		PG_RE_THROW();
	}
	PG_END_TRY();
	return same;
}

/* The store in the cache, where it is there and still true; or else NULL. */
static ScimStore *
cached_store(Oid namespace_oid)
{
	ListCell *lc;

	foreach (lc, stores)
	{
		ScimStore *store = lfirst(lc);
		MemoryContext old;

		if (store->namespace_oid != namespace_oid ||
			store->shards != ScimShardsNumber(namespace_oid))
			continue;
		if (store->registry == NULL)
			ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
							errmsg("store \"%s\" is needed to read its own tables",
								   store->name)));
		if (store->valid && (!store->parallel || IsInParallelMode()) &&
			is_still_store(store))
			return store;
		stores = foreach_delete_current(stores, lc);
		old = MemoryContextSwitchTo(TopMemoryContext);
		retired = lappend(retired, store);
		MemoryContextSwitchTo(old);
		break;
	}
	return NULL;
}

/* While rows are put back, those of some tables are without their triggers. */
static bool
has_door(const ScimTables *tables, bool restoring)
{
	return tables->has_triggers && (tables->all_fire || restoring);
}

/*
 * ScimStoreHasDoor: has the store to which a table belongs all its triggers, whatever
 * version it is of?  It is asked before each statement: mostly the store is known.
 */
bool
ScimStoreHasDoor(Oid relid)
{
	ScimTables tables;
	ListCell *lc;

	foreach (lc, stores)
	{
		const ScimStore *store = lfirst(lc);

		if (store->tables_valid && store->registry != NULL &&
			(relid == store->tables.relid[SCIM_TABLE_RESOURCE] ||
			 relid == store->tables.relid[SCIM_TABLE_MEMBER] ||
			 list_member_oid(store->partitions, relid)))
			return has_door(&store->tables, store->restoring);
	}
	if (get_rel_relispartition(relid))
		relid = llast_oid(get_partition_ancestors(relid));
	/* a partition that was detached is none, and has no triggers for its rows */
	return ScimTablesFind(get_rel_namespace(relid), &tables, true) &&
		   (relid == tables.relid[SCIM_TABLE_RESOURCE] ||
			relid == tables.relid[SCIM_TABLE_MEMBER]) &&
		   has_door(&tables, !tables.all_fire && ScimIsBeingRestored(&tables));
}

/* ScimStoreCached: the store that a schema is, where it is known already; or NULL. */
const ScimStore *
ScimStoreCached(Oid namespace_oid)
{
	return cached_store(namespace_oid);
}

/*
 * The store that a schema is.  Its registry is read before its tables are looked at, for
 * which we may have to wait: what a store lacks that has changed meanwhile is of two
 * moments, and it is looked at again.
 */
static ScimStore *
find_store(Oid namespace_oid)
{
	for (;;)
	{
		ScimStore *store = cached_store(namespace_oid);

		if (store == NULL)
			store = build_store(namespace_oid);
		if (store->lack == NULL || (store->valid && store->tables_valid))
			return store;
		CHECK_FOR_INTERRUPTS();
	}
}

/*
 * ScimStoreFind finds the store that a schema is, of whatever version; its settings are
 * in force.
 */
ScimStore *
ScimStoreFind(Oid namespace_oid)
{
	ScimStore *store = find_store(namespace_oid);

	ScimSettingsUse(store->settings);
	return store;
}

/*
 * ScimStoreRegistry: the registry of the store that a schema is, whose settings are not
 * in force by that; NULL where it is none.
 */
const ScimRegistry *
ScimStoreRegistry(Oid namespace_oid)
{
	ScimStore *store = cached_store(namespace_oid);
	ScimTables tables;

	if (store == NULL && ScimTablesFind(namespace_oid, &tables, true))
		store = find_store(namespace_oid);
	return store != NULL ? store->registry : NULL;
}

/*
 * ScimStoreByNamespace finds the store that is a schema, or raises an error.  It
 * stays valid until the end of the transaction.
 */
ScimStore *
ScimStoreByNamespace(Oid namespace_oid)
{
	ScimStore *store = ScimStoreFind(namespace_oid);

	ScimStoreRequireWhole(store, !judges_registry);
	return store;
}

/*
 * ScimStoreJudge finds it where its registry has just been changed: an error says what of
 * the change does not hold together.
 */
ScimStore *
ScimStoreJudge(Oid namespace_oid)
{
	bool before = judges_registry;
	ScimStore *store;

	judges_registry = true;
	PG_TRY();
	{
		store = ScimStoreByNamespace(namespace_oid);
	}
	PG_FINALLY();
	{
		judges_registry = before;
	}
	PG_END_TRY();
	return store;
}

/* The store among whose partitions of "resource" a table was found before, or NULL. */
static ScimStore *
known_partition(Oid relid)
{
	ListCell *lc;

	foreach (lc, stores)
	{
		const ScimStore *store = lfirst(lc);

		if (store->tables_valid && list_member_oid(store->partitions, relid))
			return ScimStoreByNamespace(store->namespace_oid);
	}
	return NULL;
}

static void
know_partition(ScimStore *store, Oid relid)
{
	MemoryContext old = MemoryContextSwitchTo(store->context);

	store->partitions = lappend_oid(store->partitions, relid);
	MemoryContextSwitchTo(old);
}

/*
 * ScimStoreOfPartition finds the store whose table "resource", or a partition of it, a
 * table is; NULL where it is none.
 */
ScimStore *
ScimStoreOfPartition(Oid relid)
{
	ScimStore *store = known_partition(relid);
	Oid root = relid;

	if (store != NULL)
		return store;
	if (get_rel_relispartition(relid))
		root = llast_oid(get_partition_ancestors(relid));
	store = ScimStoreByNamespace(get_rel_namespace(root));
	if (root != store->tables.relid[SCIM_TABLE_RESOURCE])
		return NULL;
	if (root != relid)
		know_partition(store, relid);
	return store;
}

/*
 * ScimStoreOfTrigger finds the store on whose table, or partition of "resource", a
 * trigger was called.  An error where that is no store's.
 */
ScimStore *
ScimStoreOfTrigger(const TriggerData *trigger, ScimTable table)
{
	Oid relid = RelationGetRelid(trigger->tg_relation);
	ScimStore *store = table == SCIM_TABLE_RESOURCE ? known_partition(relid) : NULL;
	Oid root;

	if (store != NULL)
		return store;
	root = ScimTriggerRoot(trigger, table);
	store = OidIsValid(root) ? ScimStoreByNamespace(get_rel_namespace(root)) : NULL;
	ScimTriggerCheck(trigger, table, root, store ? &store->tables : NULL);
	if (table == SCIM_TABLE_RESOURCE)
		know_partition(store, relid);
	return store;
}

/*
 * ScimTriggerRequireTable raises an error where a trigger that asks its store nothing was
 * called on something else than a table of one, or a partition of that.
 */
void
ScimTriggerRequireTable(const TriggerData *trigger)
{
	Oid relid = RelationGetRelid(trigger->tg_relation);
	const ScimStore *store;
	ScimTables found;
	const ScimTables *tables = &found;

	/* what another node does it has asked itself; of another version some are lacking */
	if (ScimIsOfCluster() || ScimStoreIsMended())
		return;
	if (trigger->tg_relation->rd_rel->relispartition)
		relid = llast_oid(get_partition_ancestors(relid));
	if (ScimShardsNumber(get_rel_namespace(relid)) == 0 &&
		OidIsValid(ScimTableOfShard(relid)))
		relid = ScimTableOfShard(relid);
	store = cached_store(get_rel_namespace(relid));
	if (store != NULL)
		tables = &store->tables;
	else
		(void) ScimTablesFind(get_rel_namespace(relid), &found, false);
	for (int i = 0; i < SCIM_TABLES; i++)
	{
		/* one that lacks a column may be mended by hand */
		if (tables->relid[i] == relid ||
			(!OidIsValid(tables->relid[i]) &&
			 strcmp(get_rel_name(relid), ScimTableName((ScimTable) i)) == 0))
			return;
	}
	ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
					errmsg("\"%s\" is not a table of a SCIM store",
						   RelationGetRelationName(trigger->tg_relation)),
					errdetail("Trigger \"%s\" belongs on such a table only.",
							  trigger->tg_trigger->tgname)));
}

/* ScimTypeByName finds a registered resource type, or raises an error. */
const ScimResourceType *
ScimTypeByName(const ScimStore *store, const char *name)
{
	const ScimResourceType *type = ScimRegistryType(store->registry, name);

	if (type == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("unknown resource type \"%s\"", name)));
	return type;
}

/* ScimTypeServed finds one of those that have an endpoint, or raises an error. */
const ScimResourceType *
ScimTypeServed(const ScimStore *store, const char *name)
{
	const ScimResourceType *type;

	ScimSettingsUse(store->settings);
	type = ScimRegistryServed(store->registry, name);
	return type != NULL ? type : ScimTypeByName(store, name);
}

/* The OID of the type scim.filter. */
Oid
ScimFilterTypeOid(void)
{
	Oid namespace_oid = get_namespace_oid("scim", false);
	Oid type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("filter"),
							   ObjectIdGetDatum(namespace_oid));

	if (!OidIsValid(type))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("type scim.filter does not exist")));
	return type;
}
