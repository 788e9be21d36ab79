/*
 * shard.c
 *		The shards of a store that is distributed by Citus.  See shard.h.
 *
 * Which shards there are is remembered, until Citus says that something about one of the
 * tables has changed.  That a shard is still on this node is looked at each time, behind
 * the lock that Citus has its own writers take: whoever moves the shard waits for the end
 * of the transaction, or has us find it elsewhere.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "error.h"
#include "extension.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"

#define CITUS "citus"
#define DISTRIBUTED_TABLES "pg_dist_partition"

/* How a session begins that a node has with another one. */
#define CLUSTER_SESSION "citus_internal gpid="

/* The table by whose shards those of a tenant are told. */
#define ANCHOR "member"

/* How long a move is waited for, in ms: less than Citus takes to look for circles. */
#define MAX_WAIT 500

typedef struct Shard
{
	char *name; /* of the table; first, for bsearch */
	Oid table;
	Oid shard;
	char *shard_name; /* as an SQL identifier */
} Shard;

/* The shards of a store that have the same tenants, and those that all have. */
typedef struct Shards
{
	MemoryContext context;
	Oid namespace_oid;
	int64 anchor; /* the number that Citus gave the shard of that table */
	char *prefix; /* the schema as an SQL identifier, and a dot */
	int n;
	Shard *shards; /* by name */
} Shards;

PG_FUNCTION_INFO_V1(scim_is_distributed);
PG_FUNCTION_INFO_V1(scim_of_shards);
PG_FUNCTION_INFO_V1(scim_refuse_spread);

static List *known = NIL; /* of Shards * */
static bool stale = false;

/* The last answer of ScimStoreIsDistributed. */
static struct
{
	bool valid;
	Oid namespace_oid;
	Oid relid;
	bool distributed;
} asked;

static Shards *here = NULL;
static int32 here_tenant = 0;
static int here_level = 0; /* of the transaction */

/* Something about any relation has changed: it must not be looked up in here. */
static void
relation_invalidated(Oid relid)
{
	ListCell *lc;

	asked.valid = asked.valid && OidIsValid(relid) && relid != asked.relid;
	if (!OidIsValid(relid))
		stale = true;
	foreach (lc, known)
	{
		const Shards *shards = lfirst(lc);

		for (int i = 0; i < shards->n && !stale; i++)
			stale = shards->shards[i].table == relid;
	}
}

static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB && here != NULL &&
		here_level >= GetCurrentTransactionNestLevel())
		here = NULL;
}

static void
transaction_ends(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT ||
		event == XACT_EVENT_PREPARE)
		here = NULL;
}

/* ScimShardInit registers callbacks. */
void
ScimShardInit(void)
{
	ScimWhenRelationChanges(relation_invalidated);
	RegisterXactCallback(transaction_ends, NULL);
	RegisterSubXactCallback(subtransaction_ends, NULL);
}

/* Is Citus in this database?  What is called like its catalogue may be anybody's. */
static bool
has_citus(void)
{
	/* mostly there is none, which is remembered */
	Oid relid = get_relname_relid(DISTRIBUTED_TABLES, PG_CATALOG_NAMESPACE);
	Oid extension;

	if (!OidIsValid(relid))
		return false;
	extension = get_extension_oid(CITUS, true);
	return OidIsValid(extension) &&
		   getExtensionOfObject(RelationRelationId, relid) == extension;
}

/* An error where a function that a statement calls is not that of Citus. */
static void
require_function(const char *name)
{
	Oid extension = get_extension_oid(CITUS, true);
	CatCList *list = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(name));
	bool found = false;

	for (int i = 0; i < list->n_members; i++)
	{
		Form_pg_proc function = (Form_pg_proc) GETSTRUCT(&list->members[i]->tuple);

		if (function->pronamespace == PG_CATALOG_NAMESPACE)
			found = OidIsValid(extension) &&
					getExtensionOfObject(ProcedureRelationId, function->oid) == extension;
	}
	ReleaseSysCacheList(list);
	if (!found)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("function pg_catalog.%s of extension \"%s\" does not exist", name,
						CITUS)));
}

bool
ScimIsDistributed(Oid relid)
{
	ScimParams params;
	bool found;

	if (!has_citus())
		return false;
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(relid), false);
	ScimSpiExecuteOnce("SELECT FROM pg_catalog." DISTRIBUTED_TABLES
					   " WHERE logicalrelid = $1",
					   &params, true, 1);
	found = SPI_processed > 0;
	SPI_finish();
	return found;
}

bool
ScimStoreIsDistributed(Oid namespace_oid)
{
	if (!asked.valid || asked.namespace_oid != namespace_oid)
	{
		asked.relid = get_relname_relid("resource", namespace_oid);
		asked.namespace_oid = namespace_oid;
		asked.valid = true; /* an invalidation meanwhile is not lost */
		asked.distributed = OidIsValid(asked.relid) && ScimIsDistributed(asked.relid);
	}
	return asked.distributed;
}

void
ScimRaiseSpread(const char *store_name)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		 errmsg("store \"%s\" is distributed, and what it keeps for a tenant is on his "
				"node",
				store_name),
		 errhint("SELECT scim.at_tenant(tenant_id, query) executes a query there.")));
}

void
ScimRefuseSpread(const char *store_name)
{
	Oid namespace_oid = get_namespace_oid(store_name, true);

	if (OidIsValid(namespace_oid) && ScimStoreIsDistributed(namespace_oid) &&
		ScimShardsNumber(namespace_oid) == 0)
		ScimRaiseSpread(store_name);
}

/*
 * scim_internal.refuse_spread(store name, what text, detail text, hint text): the same
 * for what is written in SQL; what: the error that a distributed store is not that.
 */
Datum
scim_refuse_spread(PG_FUNCTION_ARGS)
{
	const char *name;
	Oid namespace_oid;

	if (PG_ARGISNULL(0))
		PG_RETURN_VOID();
	name = NameStr(*PG_GETARG_NAME(0));
	if (PG_ARGISNULL(1))
	{
		ScimRefuseSpread(name);
		PG_RETURN_VOID();
	}
	namespace_oid = get_namespace_oid(name, true);
	if (OidIsValid(namespace_oid) && ScimStoreIsDistributed(namespace_oid))
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("store \"%s\" is distributed, and is not %s", name,
					text_to_cstring(PG_GETARG_TEXT_PP(1))),
			 PG_ARGISNULL(2)
				 ? 0
				 : errdetail_internal("%s", text_to_cstring(PG_GETARG_TEXT_PP(2))),
			 PG_ARGISNULL(3) ? 0 : errhint("%s", text_to_cstring(PG_GETARG_TEXT_PP(3)))));
	PG_RETURN_VOID();
}

void
ScimRequireCoordinator(const char *store_name, const char *done)
{
	bool here_it_is;

	SPI_connect();
	ScimSpiExecuteOnce("SELECT FROM pg_catalog.pg_dist_local_group WHERE groupid = 0",
					   NULL, true, 1);
	here_it_is = SPI_processed > 0;
	SPI_finish();
	if (!here_it_is)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("store \"%s\" is distributed, and %s at the coordinator",
							   store_name, done),
						errdetail("This node is a worker.")));
}

bool
ScimIsOfCluster(void)
{
	return application_name != NULL &&
		   strncmp(application_name, CLUSTER_SESSION, strlen(CLUSTER_SESSION)) == 0 &&
		   has_citus();
}

/* The number of the shard of the anchor that has the rows of a tenant. */
static int64
find_anchor(Oid namespace_oid, int32 tenant_id)
{
	Oid relid = get_relname_relid(ANCHOR, namespace_oid);
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(relid), false);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(
		"SELECT pg_catalog.get_shard_id_for_distribution_column($1::regclass, $2)",
		&params, false, 1);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/*
 * Is the shard on this node?  Not before its lock, which is that of all who write to it:
 * a statement sees what was committed when it began, so that it takes two.
 */
static bool
lock_anchor(int64 anchor)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(anchor), false);
	if (!RecoveryInProgress())
		ScimSpiExecute("SELECT pg_catalog.lock_shard_metadata(5, ARRAY[$1])", &params,
					   false, 1);
	PushActiveSnapshot(GetLatestSnapshot());
	ScimSpiExecute("SELECT FROM pg_catalog.pg_dist_placement p "
				   "JOIN pg_catalog.pg_dist_local_group l USING (groupid) "
				   "WHERE p.shardid = $1 AND p.shardstate = 1",
				   &params, true, 1);
	PopActiveSnapshot();
	return SPI_processed > 0;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const Shard *) a)->name, ((const Shard *) b)->name);
}

/* Reads which shards there are beside the anchor: those of the same tenants, or of all.
 */
static Shards *
read_shards(Oid namespace_oid, int64 anchor)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "scim shards", ALLOCSET_SMALL_SIZES);
	Shards *shards = MemoryContextAllocZero(context, sizeof(Shards));
	MemoryContext old;
	ScimParams params;

	shards->context = context;
	shards->namespace_oid = namespace_oid;
	shards->anchor = anchor;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(namespace_oid), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(anchor), false);
	ScimSpiExecute(
		"SELECT c.relname::text, c.oid, pg_catalog.to_regclass(pg_catalog.shard_name("
		"p.logicalrelid, s.shardid))::oid "
		"FROM pg_catalog." DISTRIBUTED_TABLES " p JOIN pg_catalog.pg_class c "
		"ON c.oid = p.logicalrelid "
		"JOIN pg_catalog.pg_dist_shard s ON s.logicalrelid = p.logicalrelid "
		"WHERE c.relnamespace = $1 AND (p.partmethod = 'n' OR s.shardminvalue = "
		"(SELECT a.shardminvalue FROM pg_catalog.pg_dist_shard a WHERE a.shardid = $2))",
		&params, false, 0);
	old = MemoryContextSwitchTo(context);
	shards->prefix = psprintf("%s.", quote_identifier(get_namespace_name(namespace_oid)));
	shards->shards = palloc(sizeof(Shard) * Max(SPI_processed, 1));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Shard *shard = &shards->shards[shards->n];
		bool isnull;
		Datum relid = ScimResult(i, 3, OIDOID, &isnull);
		char *name = isnull ? NULL : get_rel_name(DatumGetObjectId(relid));

		/* one that is made or removed just now is not there */
		if (name == NULL)
			continue;
		shard->name = ScimResultText(i, 1);
		shard->table = DatumGetObjectId(ScimResultValue(i, 2, OIDOID));
		shard->shard = DatumGetObjectId(relid);
		shard->shard_name = pstrdup(quote_identifier(name));
		shards->n++;
	}
	qsort(shards->shards, shards->n, sizeof(Shard), compare_names);
	MemoryContextSwitchTo(old);
	return shards;
}

static Shards *
find_shards(Oid namespace_oid, int64 anchor)
{
	MemoryContext old;
	Shards *shards;
	ListCell *lc;

	foreach (lc, known)
	{
		shards = lfirst(lc);
		if (stale)
		{
			known = foreach_delete_current(known, lc);
			MemoryContextDelete(shards->context);
		}
		else if (shards->namespace_oid == namespace_oid && shards->anchor == anchor)
			return shards;
	}
	/* an invalidation while they are read is not lost: it counts for what is known */
	stale = false;
	shards = read_shards(namespace_oid, anchor);
	MemoryContextSetParent(shards->context, CacheMemoryContext);
	old = MemoryContextSwitchTo(CacheMemoryContext);
	known = lappend(known, shards);
	MemoryContextSwitchTo(old);
	return shards;
}

/*
 * The node that has sent a request here holds a lock of the shard, too.  Who waits for
 * both would wait in a circle with a move, of which Citus ends one: so after a while it
 * is 55P03, which is 503.
 */
static int
wait_a_while(void)
{
	int level = NewGUCNestLevel();

	if (LockTimeout == 0 || LockTimeout > MAX_WAIT)
		(void) set_config_option("lock_timeout", psprintf("%d", MAX_WAIT), PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

static Oid
owner_of(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

bool
ScimShardsEnter(Oid namespace_oid, int32 tenant_id)
{
	ScimIdentity caller;
	int64 anchor;
	bool found;
	int level;

	if (here != NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("something is done for tenant %d of store \"%s\" already",
							   here_tenant, get_namespace_name(here->namespace_oid))));
	require_function("get_shard_id_for_distribution_column");
	require_function("lock_shard_metadata");
	require_function("shard_name");
	level = wait_a_while();
	/* who changes the rules of all tenants waits for us: lock.c */
	if (!XactReadOnly && !RecoveryInProgress())
		LockRelationOid(get_relname_relid("resource", namespace_oid), RowExclusiveLock);
	/* Citus lets nobody else lock a shard */
	caller = ScimBeReader(owner_of(get_relname_relid(ANCHOR, namespace_oid)));
	SPI_connect();
	anchor = find_anchor(namespace_oid, tenant_id);
	found = lock_anchor(anchor);
	if (found)
	{
		here = find_shards(namespace_oid, anchor);
		here_tenant = tenant_id;
		here_level = GetCurrentTransactionNestLevel();
	}
	SPI_finish();
	ScimBeCaller(caller);
	AtEOXact_GUC(false, level);
	return found;
}

void
ScimShardsLeave(void)
{
	here = NULL;
}

bool
ScimShardsTenant(Oid namespace_oid, int32 *tenant_id)
{
	if (here == NULL || here->namespace_oid != namespace_oid)
		return false;
	*tenant_id = here_tenant;
	return true;
}

uint64
ScimShardsNumber(Oid namespace_oid)
{
	return here != NULL && here->namespace_oid == namespace_oid ? (uint64) here->anchor
																: 0;
}

Oid
ScimShardOf(Oid relid)
{
	for (int i = 0; here != NULL && i < here->n; i++)
	{
		if (here->shards[i].table == relid)
			return here->shards[i].shard;
	}
	return relid;
}

/*
 * ScimTableOfShard: Citus knows a shard by the number at the end of its name, and by
 * nothing else.
 */
Oid
ScimTableOfShard(Oid relid)
{
	const char *name;
	const char *number;
	ScimParams params;
	Oid table = InvalidOid;

	for (int i = 0; here != NULL && i < here->n; i++)
	{
		if (here->shards[i].shard == relid)
			return here->shards[i].table;
	}
	name = get_rel_name(relid);
	number = name != NULL ? strrchr(name, '_') : NULL;
	if (number == NULL || number[1] == '\0' || strlen(number) > 19 ||
		number[1 + strspn(number + 1, "0123456789")] != '\0' || !has_citus())
		return InvalidOid;
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(strtoll(number + 1, NULL, 10)), false);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(get_rel_namespace(relid)), false);
	ScimSpiExecuteOnce(
		"SELECT c.oid FROM pg_catalog.pg_dist_shard s JOIN pg_catalog.pg_class c "
		"ON c.oid = s.logicalrelid WHERE s.shardid = $1 AND c.relnamespace = $2",
		&params, true, 1);
	if (SPI_processed > 0)
		table = DatumGetObjectId(ScimResultValue(0, 1, OIDOID));
	SPI_finish();
	return table;
}

void
ScimRefuseShard(Oid relid)
{
	Oid table;

	if (ScimShardsNumber(get_rel_namespace(relid)) != 0)
		return;
	table = ScimTableOfShard(relid);
	if (OidIsValid(table))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("table \"%s\" of store \"%s\" is distributed",
							   get_rel_name(table),
							   get_namespace_name(get_rel_namespace(table))),
						errhint("Its rows are written by requests, and by what "
								"scim.at_tenant() executes.")));
}

/* The shard of a table that a statement names from p on; *end: behind its name. */
static const Shard *
named_shard(const char *p, const char **end)
{
	char name[NAMEDATALEN];
	size_t len = 0;
	Shard key;

	if (*p == '"')
	{
		for (p++; *p != '\0' && (*p != '"' || p[1] == '"'); p++)
		{
			if (*p == '"')
				p++;
			if (len + 1 < sizeof(name))
				name[len++] = *p;
		}
		*end = *p == '"' ? p + 1 : p;
	}
	else
	{
		for (;
			 isalnum((unsigned char) *p) || *p == '_' || *p == '$' || IS_HIGHBIT_SET(*p);
			 p++)
		{
			if (len + 1 < sizeof(name))
				name[len++] = *p;
		}
		*end = p;
	}
	name[len] = '\0';
	key.name = name;
	return bsearch(&key, here->shards, here->n, sizeof(Shard), compare_names);
}

/* Is p where a name begins, and not in the middle of one? */
static bool
begins_name(const char *query, const char *p)
{
	return p == query ||
		   !(isalnum((unsigned char) p[-1]) || p[-1] == '_' || p[-1] == '$' ||
			 p[-1] == '.' || p[-1] == '"' || IS_HIGHBIT_SET(p[-1]));
}

/*
 * ScimShardQuery: the schema is written in each of our statements, in front of each
 * table of the store.  What is quoted as a value stays as it is.
 */
const char *
ScimShardQuery(const char *query)
{
	StringInfoData text;
	size_t len;
	const char *p = query;
	const char *copied = query;

	if (here == NULL || strstr(query, here->prefix) == NULL)
		return query;
	len = strlen(here->prefix);
	initStringInfo(&text);
	while (*p != '\0')
	{
		const Shard *shard;
		const char *end;

		if (*p == '\'')
		{
			for (p++; *p != '\0' && *p != '\''; p++)
				;
			if (*p != '\0')
				p++;
			continue;
		}
		if (strncmp(p, here->prefix, len) != 0 || !begins_name(query, p))
		{
			p++;
			continue;
		}
		shard = named_shard(p + len, &end);
		if (shard != NULL)
		{
			appendBinaryStringInfo(&text, copied, p + len - copied);
			appendStringInfoString(&text, shard->shard_name);
			copied = end;
		}
		p = end;
	}
	appendStringInfoString(&text, copied);
	return text.data;
}

/* ScimInvalidate: sessions may remember a table, or a shard of it. */
void
ScimInvalidate(Oid relid)
{
	Oid table = ScimTableOfShard(relid);

	CacheInvalidateRelcacheByRelid(relid);
	if (OidIsValid(table))
		CacheInvalidateRelcacheByRelid(table);
}

/*
 * scim_internal.of_shards(query text) returns text: a statement of which the tables of
 * the store are shards, where something is done for a tenant.
 */
Datum
scim_of_shards(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(
		cstring_to_text(ScimShardQuery(text_to_cstring(PG_GETARG_TEXT_PP(0)))));
}

/* scim_internal.is_distributed(relation regclass) returns boolean */
Datum
scim_is_distributed(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ScimIsDistributed(PG_GETARG_OID(0)));
}
