/*
 * link.c
 *		Which row is which resource: the table "binding_link".
 *
 * A link outlives one of the two where the other was kept: then it says so, and neither
 * a row nor a resource is made again because of what is left.
 *
 * In a tenant a row is one resource's at most, which a unique index sees to.  Of which
 * tenant it is the row alone says, and a link of another one leads to nobody's row
 * (ScimRowFindOf): so a row is one resource's in all tenants.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "binding/bound/bound.h"
#include "store/statement/column.h"
#include "store/statement/insert.h"
#include "store/statement/written.h"

static void
start(const ScimBinding *binding, ScimParams *params, int32 tenant_id)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&binding->id), false);
}

static bool
find(const ScimBinding *binding, const char *condition, ScimParams *params,
	 ScimLink *link)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(binding->store->owner);
	bool found;
	bool isnull;
	Datum key;

	SPI_connect();
	ScimSpiExecute(psprintf("SELECT resource_id, key, detached, tenant_id "
							"FROM %s.binding_link "
							"WHERE tenant_id = $1 AND binding_id = $2 AND %s",
							binding->store->quoted_name, condition),
				   params, false, 1);
	found = SPI_processed > 0;
	memset(link, 0, sizeof(ScimLink));
	if (found)
	{
		link->resource_id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
		key = ScimResult(0, 2, TEXTARRAYOID, &isnull);
		link->has_key = !isnull;
		if (!isnull)
		{
			MemoryContext old = MemoryContextSwitchTo(context);

			link->key = PointerGetDatum(DatumGetArrayTypePCopy(key));
			MemoryContextSwitchTo(old);
		}
		(void) ScimResult(0, 3, TIMESTAMPTZOID, &isnull);
		link->detached = !isnull;
		link->tenant_id = DatumGetInt32(ScimResultValue(0, 4, INT4OID));
	}
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/* Does a partial index, where it is one, have all rows whose column has a value? */
static bool
has_all_values(Oid index_oid, int number)
{
	Relation index = index_open(index_oid, AccessShareLock);
	const List *predicate = RelationGetIndexPredicate(index);
	bool all = true;
	const ListCell *lc;

	foreach (lc, predicate)
	{
		const NullTest *test = lfirst(lc);
		const Var *column = IsA(test, NullTest) ? (const Var *) test->arg : NULL;

		all &= column != NULL && test->nulltesttype == IS_NOT_NULL && IsA(column, Var) &&
			   column->varattno == number;
	}
	index_close(index, NoLock);
	return all;
}

/* The index of the links whose last column is another one than the tenant and binding. */
static Oid
index_of(Relation relation, const int *numbers)
{
	Oid found = InvalidOid;
	ListCell *lc;

	foreach (lc, RelationGetIndexList(relation))
	{
		HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(lc)));
		Form_pg_index index;

		if (!HeapTupleIsValid(tuple))
			continue;
		index = (Form_pg_index) GETSTRUCT(tuple);
		if (index->indisunique && index->indisvalid && index->indnkeyatts == 3 &&
			index->indkey.values[0] == numbers[0] &&
			index->indkey.values[1] == numbers[1] &&
			index->indkey.values[2] == numbers[2] &&
			has_all_values(lfirst_oid(lc), numbers[2]))
			found = lfirst_oid(lc);
		ReleaseSysCache(tuple);
	}
	return found;
}

/* Links of one key or resource, to be found by their index. */
typedef struct Links
{
	Relation relation;
	Oid index;
	ScanKeyData keys[3];
} Links;

/* Returns false where the table is not as we have made it. */
static bool
open_links(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value,
		   Links *links)
{
	Oid relid = binding->store->tables.relid[SCIM_TABLE_BINDING_LINK];
	bool by_key = by == SCIM_LINK_BY_KEY;
	TupleDesc desc;
	int numbers[3];

	links->index = InvalidOid;
	if (!OidIsValid(relid))
		return false;
	links->relation = table_open(relid, AccessShareLock);
	desc = RelationGetDescr(links->relation);
	numbers[0] = ScimColumnNumber(desc, "tenant_id", INT4OID);
	numbers[1] = ScimColumnNumber(desc, "binding_id", UUIDOID);
	numbers[2] = by_key ? ScimColumnNumber(desc, "key", TEXTARRAYOID)
						: ScimColumnNumber(desc, "resource_id", UUIDOID);
	if (links->relation->rd_rel->relkind == RELKIND_RELATION)
		links->index = index_of(links->relation, numbers);
	if (!OidIsValid(links->index))
	{
		table_close(links->relation, NoLock);
		return false;
	}
	ScanKeyInit(&links->keys[0], numbers[0], BTEqualStrategyNumber, F_INT4EQ,
				Int32GetDatum(tenant_id));
	ScanKeyInit(&links->keys[1], numbers[1], BTEqualStrategyNumber, F_UUID_EQ,
				UUIDPGetDatum(&binding->id));
	ScanKeyInit(&links->keys[2], numbers[2], BTEqualStrategyNumber,
				by_key ? F_ARRAY_EQ : F_UUID_EQ, value);
	return true;
}

/* As a statement would see it. */
static void
push_snapshot(void)
{
	if (!ScimSpiSeesOne())
	{
		CommandCounterIncrement();
		PushActiveSnapshot(GetTransactionSnapshot());
	}
	else
		PushActiveSnapshot(GetActiveSnapshot());
}

/*
 * A link by its index, whatever the planner thinks of a table that was small or unknown
 * when it looked: an UPDATE of many rows asks for each.  Returns false where the table is
 * not as we have made it; else *found, and *is_own, where it is asked for: this
 * transaction has written it.
 */
static bool
find_by_index(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value,
			  ScimLink *link, bool *found, bool *is_own)
{
	Links links;
	TupleDesc desc;
	SysScanDesc scan;
	HeapTuple tuple;

	if (!open_links(binding, tenant_id, by, value, &links))
		return false;
	desc = RelationGetDescr(links.relation);
	push_snapshot();
	scan = systable_beginscan(links.relation, links.index, true, GetActiveSnapshot(), 3,
							  links.keys);
	tuple = systable_getnext(scan);
	*found = HeapTupleIsValid(tuple);
	memset(link, 0, sizeof(ScimLink));
	if (is_own != NULL)
		*is_own = *found && TransactionIdIsCurrentTransactionId(
								HeapTupleHeaderGetXmin(tuple->t_data));
	if (*found)
	{
		bool isnull;
		Datum key = ScimColumn(tuple, desc, ScimColumnNumber(desc, "key", TEXTARRAYOID),
							   TEXTARRAYOID, &isnull);

		link->has_key = !isnull;
		if (!isnull)
			link->key = PointerGetDatum(DatumGetArrayTypePCopy(key));
		link->resource_id = *DatumGetUUIDP(ScimColumnValue(
			tuple, desc, ScimColumnNumber(desc, "resource_id", UUIDOID), UUIDOID));
		link->tenant_id = tenant_id;
		(void) ScimColumn(tuple, desc, ScimColumnNumber(desc, "detached", TIMESTAMPTZOID),
						  TIMESTAMPTZOID, &isnull);
		link->detached = !isnull;
	}
	systable_endscan(scan);
	PopActiveSnapshot();
	table_close(links.relation, NoLock);
	return true;
}

/* ScimRaiseNotSeen: what others have written since is not what this transaction sees. */
void
ScimRaiseNotSeen(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not serialize access due to concurrent update"),
			 errdetail("Who is meant by a key of a table that is bound, or who refers to "
					   "it, has changed since the transaction began.")));
}

/* The first of some links that a snapshot sees, and who is writing one of them. */
static ItemPointerData
look(const Links *links, Snapshot snapshot, TransactionId *writer)
{
	ScanKeyData keys[3];
	SysScanDesc scan;
	ItemPointerData first;
	HeapTuple tuple;

	/* a scan makes numbers of the index of those of the table */
	memcpy(keys, links->keys, sizeof(keys));
	scan = systable_beginscan(links->relation, links->index, true, snapshot, 3, keys);
	ItemPointerSetInvalid(&first);
	*writer = InvalidTransactionId;
	while (!TransactionIdIsValid(*writer) &&
		   HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		if (!ItemPointerIsValid(&first))
			first = tuple->t_self;
		if (snapshot->snapshot_type == SNAPSHOT_DIRTY)
			*writer =
				TransactionIdIsValid(snapshot->xmin) ? snapshot->xmin : snapshot->xmax;
	}
	systable_endscan(scan);
	return first;
}

/*
 * ScimLinkSettle waits until nobody else is writing the link of a key or resource, which
 * need not be there.  What a transaction of REPEATABLE READ and above sees of it then has
 * to be what is there (40001).
 */
void
ScimLinkSettle(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value)
{
	SnapshotData dirty;
	ItemPointerData latest;
	ItemPointerData seen;
	TransactionId writer;
	TransactionId nobody;
	Links links;

	if (!open_links(binding, tenant_id, by, value, &links))
		return;
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		InitDirtySnapshot(dirty);
		latest = look(&links, &dirty, &writer);
		if (!TransactionIdIsValid(writer))
			break;
		XactLockTableWait(writer, NULL, NULL, XLTW_None);
	}
	if (IsolationUsesXactSnapshot())
	{
		push_snapshot();
		seen = look(&links, GetActiveSnapshot(), &nobody);
		PopActiveSnapshot();
		if (ItemPointerIsValid(&seen) != ItemPointerIsValid(&latest) ||
			(ItemPointerIsValid(&seen) && !ItemPointerEquals(&seen, &latest)))
			ScimRaiseNotSeen();
	}
	table_close(links.relation, NoLock);
}

/* ScimLinkIsOwn: has this transaction written the link, as nobody else can until it ends?
 */
bool
ScimLinkIsOwn(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value)
{
	bool is_own = false;
	SysScanDesc scan;
	HeapTuple tuple;
	Links links;

	if (!open_links(binding, tenant_id, by, value, &links))
		return false;
	/* one that it has taken away keeps others from putting it, too */
	scan =
		systable_beginscan(links.relation, links.index, true, SnapshotAny, 3, links.keys);
	while (!is_own && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		HeapTupleHeader header = tuple->t_data;

		is_own =
			TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(header)) ||
			(!(header->t_infomask & HEAP_XMAX_INVALID) &&
			 !HEAP_XMAX_IS_LOCKED_ONLY(header->t_infomask) &&
			 TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetUpdateXid(header)));
	}
	systable_endscan(scan);
	table_close(links.relation, NoLock);
	return is_own;
}

/* Are links where ScimLinkSettle looks for them? */
static bool
can_settle(const ScimBinding *binding)
{
	pg_uuid_t any = {{0}};
	Links links;

	if (!open_links(binding, 0, SCIM_LINK_BY_RESOURCE, UUIDPGetDatum(&any), &links))
		return false;
	table_close(links.relation, NoLock);
	return true;
}

/*
 * Who keeps his snapshot and sees no link may have one since: a table that was bound, or
 * a row that was linked, would be written past the other side.
 */
static void
require_none_since(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by,
				   Datum value)
{
	ItemPointerData latest;
	TransactionId nobody;
	Links links;

	if (!IsolationUsesXactSnapshot() ||
		!open_links(binding, tenant_id, by, value, &links))
		return;
	PushActiveSnapshot(GetLatestSnapshot());
	latest = look(&links, GetActiveSnapshot(), &nobody);
	PopActiveSnapshot();
	if (ItemPointerIsValid(&latest))
		ScimRaiseNotSeen();
	table_close(links.relation, NoLock);
}

/* ScimLinkSeenOfKey: the link as it is seen, which may have been put since. */
bool
ScimLinkSeenOfKey(const ScimBinding *binding, int32 tenant_id, Datum key, ScimLink *link)
{
	ScimParams params;
	bool found;

	if (find_by_index(binding, tenant_id, SCIM_LINK_BY_KEY, key, link, &found, NULL))
		return found;

	start(binding, &params, tenant_id);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	return find(binding, "key = $3", &params, link);
}

/*
 * ScimLinkOfKey, ScimLinkOfResource: for who writes what is linked.  False: there is
 * none, and there has come none since the transaction began (40001).
 */
bool
ScimLinkOfKey(const ScimBinding *binding, int32 tenant_id, Datum key, ScimLink *link)
{
	if (ScimLinkSeenOfKey(binding, tenant_id, key, link))
		return true;
	require_none_since(binding, tenant_id, SCIM_LINK_BY_KEY, key);
	return false;
}

/* ScimLinkOfResourceByIndex: the same where no statement may be run; false: not known. */
bool
ScimLinkOfResourceByIndex(const ScimBinding *binding, int32 tenant_id,
						  const pg_uuid_t *id, ScimLink *link)
{
	bool found;

	return find_by_index(binding, tenant_id, SCIM_LINK_BY_RESOURCE, UUIDPGetDatum(id),
						 link, &found, NULL) &&
		   found;
}

bool
ScimLinkOfResource(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
				   ScimLink *link)
{
	ScimParams params;
	bool found;

	if (!find_by_index(binding, tenant_id, SCIM_LINK_BY_RESOURCE, UUIDPGetDatum(id), link,
					   &found, NULL))
	{
		start(binding, &params, tenant_id);
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
		found = find(binding, "resource_id = $3", &params, link);
	}
	if (!found)
		require_none_since(binding, tenant_id, SCIM_LINK_BY_RESOURCE, UUIDPGetDatum(id));
	return found;
}

static void
execute(const ScimBinding *binding, const char *statement, const ScimParams *params)
{
	ScimIdentity caller = ScimBeOwner(binding->store->owner);

	SPI_connect();
	ScimSpiWriteOwn(statement, params);
	SPI_finish();
	ScimBeCaller(caller);
}

static ScimRequireSeen require_seen = NULL;

/* ScimLinksAreSeenBy: what asks whether who refers to a link that was written is seen. */
void
ScimLinksAreSeenBy(ScimRequireSeen require)
{
	require_seen = require;
}

/* A link was written: who refers to it is there now, and whoever looks finds him. */
static void
meet(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id, Datum was,
	 Datum is)
{
	ScimMeetReferrers(binding, id, was, is, !can_settle(binding));
	if (IsolationUsesXactSnapshot() && require_seen != NULL)
		require_seen(binding, tenant_id, id, was, is);
}

static void
insert_own(Relation table, HeapTuple tuple)
{
	int before = ScimOwnRowsBegin();

	PG_TRY();
	{
		ScimInsertTuple(table, tuple);
	}
	PG_FINALLY();
	{
		ScimOwnRowsEnd(before);
	}
	PG_END_TRY();
}

/* A link of a resource that has none.  Returns false where it takes a statement. */
static bool
put_new(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id, Datum key,
		bool has_key, bool detached)
{
	static const ScimInsertColumn columns[] = {{"tenant_id", INT4OID},
											   {"binding_id", UUIDOID},
											   {"resource_id", UUIDOID},
											   {"key", TEXTARRAYOID},
											   {"detached", TIMESTAMPTZOID}};
	const Datum values[] = {Int32GetDatum(tenant_id), UUIDPGetDatum(&binding->id),
							UUIDPGetDatum(id), key,
							TimestampTzGetDatum(GetCurrentTransactionStartTimestamp())};
	const bool nulls[] = {false, false, false, !has_key, !detached};
	Relation table = table_open(binding->store->tables.relid[SCIM_TABLE_BINDING_LINK],
								RowExclusiveLock);
	HeapTuple tuple = ScimInsertForm(table, columns, lengthof(columns), values, nulls);

	if (tuple != NULL)
		insert_own(table, tuple);
	table_close(table, NoLock);
	return tuple != NULL;
}

/* What a column of the key is called by: the attribute that is bound to it, if any. */
static void
append_called(StringInfo out, const ScimBinding *binding, const ScimColumnInfo *column)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		if (attribute->kind == SCIM_BOUND_COLUMN &&
			strcmp(attribute->column.name, column->name) == 0)
		{
			appendStringInfo(out, "%s (%s)", attribute->path, attribute->shown);
			return;
		}
	}
	appendStringInfoString(out, column->name);
}

/*
 * ScimLinkKeyRequireShort raises invalidValue for a key of more than
 * SCIM_MAX_BOUND_KEY bytes, of all its columns: by it rows are found in an index.
 */
void
ScimLinkKeyRequireShort(const ScimBinding *binding, Datum key)
{
	Datum *elements;
	bool *nulls;
	int n;
	size_t bytes = 0;
	StringInfoData columns;
	const ListCell *lc;

	deconstruct_array(DatumGetArrayTypeP(key), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
		bytes += nulls[i] ? 0 : VARSIZE_ANY_EXHDR(DatumGetPointer(elements[i]));
	if (bytes <= SCIM_MAX_BOUND_KEY)
	{
		pfree(elements);
		pfree(nulls);
		return;
	}
	initStringInfo(&columns);
	foreach (lc, binding->key)
	{
		if (columns.len > 0)
			appendStringInfoString(&columns, ", ");
		append_called(&columns, binding, lfirst(lc));
	}
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("%s: the key of a row of table \"%s\" may have %d bytes, and has %zu",
					columns.data, binding->shown, SCIM_MAX_BOUND_KEY, bytes)));
}

/* ScimLinkPut makes or changes the link of a resource. */
void
ScimLinkPut(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id, Datum key,
			bool has_key, bool detached)
{
	ScimIdentity caller;
	ScimParams params;
	ScimLink before;
	bool found;
	bool is_own = false;
	bool is_known;
	bool is_put;

	if (has_key)
		ScimLinkKeyRequireShort(binding, key);
	caller = ScimBeOwner(binding->store->owner);
	is_known = find_by_index(binding, tenant_id, SCIM_LINK_BY_RESOURCE, UUIDPGetDatum(id),
							 &before, &found, &is_own);
	/* most have none whose link is put */
	is_put =
		is_known && !found && put_new(binding, tenant_id, id, key, has_key, detached);
	ScimBeCaller(caller);
	if (!is_put)
	{
		if (!is_known)
			found = ScimLinkOfResource(binding, tenant_id, id, &before);
		start(binding, &params, tenant_id);
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
		ScimParamsAdd(&params, TEXTARRAYOID, key, !has_key);
		execute(binding,
				psprintf("INSERT INTO %s.binding_link AS l "
						 "(tenant_id, binding_id, resource_id, key, detached) "
						 "VALUES ($1, $2, $3, $4, %s) "
						 "ON CONFLICT (tenant_id, binding_id, resource_id) "
						 "DO UPDATE SET key = excluded.key, detached = excluded.detached",
						 binding->store->quoted_name, detached ? "now()" : "NULL"),
				&params);
	}
	/* who refers to what it was before has been met when it became that */
	if (is_own && (!has_key || (before.has_key && ScimKeyEqual(before.key, key))))
		return;
	meet(binding, tenant_id, id, found && before.has_key ? before.key : (Datum) 0,
		 has_key ? key : (Datum) 0);
}

/*
 * ScimLinkForget: the row has gone, too.  Who is kept in the store is known to have had
 * one; for_good: he has gone.
 */
void
ScimLinkForget(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
			   bool for_good)
{
	if (for_good)
		ScimLinkDrop(binding, tenant_id, id);
	else
		ScimLinkPut(binding, tenant_id, id, (Datum) 0, false, true);
}

void
ScimLinkDrop(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;
	ScimLink before;

	if (!ScimLinkOfResource(binding, tenant_id, id, &before))
		return;
	start(binding, &params, tenant_id);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
	execute(binding,
			psprintf("DELETE FROM %s.binding_link WHERE tenant_id = $1 "
					 "AND binding_id = $2 AND resource_id = $3",
					 binding->store->quoted_name),
			&params);
	meet(binding, tenant_id, id, before.has_key ? before.key : (Datum) 0, (Datum) 0);
}

/* Labels of enums may have other names since: how often any of them has changed. */
static uint64 label_changes = 1;

static void
label_changed(Datum arg, int cache, uint32 hash)
{
	label_changes++;
}

static bool
has_labels(const ScimBinding *binding)
{
	const ListCell *lc;

	foreach (lc, binding->key)
	{
		if (get_typtype(((const ScimColumnInfo *) lfirst(lc))->base) == TYPTYPE_ENUM)
			return true;
	}
	return false;
}

/* A label that keys are kept by, and that the column which it is of has no more. */
static const char *
lost_label(const ScimBinding *binding, const ScimColumnInfo **column)
{
	const ListCell *lc;

	foreach (lc, binding->key)
	{
		ScimParams params;

		*column = lfirst(lc);
		if (get_typtype((*column)->base) != TYPTYPE_ENUM)
			continue;
		ScimParamsInit(&params);
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
		ScimSpiExecute(psprintf("SELECT DISTINCT key[%d] FROM %s.binding_link "
								"WHERE binding_id = $1 AND key IS NOT NULL ORDER BY 1",
								foreach_current_index(lc) + 1,
								binding->store->quoted_name),
					   &params, false, 0);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			char *label = TextDatumGetCString(ScimResultValue(i, 1, TEXTOID));

			if (!SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum((*column)->base),
									   CStringGetDatum(label)))
				return label;
		}
	}
	return NULL;
}

/* ScimRaiseLabelLost: a label that keys are kept by is no value of their column any more.
 */
void
ScimRaiseLabelLost(const ScimBinding *binding, const ScimColumnInfo *column,
				   const char *label)
{
	ereport(
		ERROR,
		(ScimErr(SCIM_UNAVAILABLE),
		 errmsg("table \"%s\" is not any more as it was bound to %s: the key \"%s\" is "
				"no value of column \"%s\" any more",
				binding->shown, binding->type->name, label, column->name),
		 errhint("scim.unbind_table() and scim.bind_table() link all rows anew, by "
				 "\"match\" of the mapping. A label that is renamed back needs "
				 "nothing.")));
}

/*
 * ScimLinksRequireLabels: rows are known by the text of their keys, which is not what the
 * table has any more where a label of an enum was renamed.  Nobody knows then who is who,
 * whichever side writes.  That none is lost is looked up once.
 */
void
ScimLinksRequireLabels(const ScimBinding *binding)
{
	static bool registered = false;
	uint64 now;
	const ScimColumnInfo *column;
	const char *label = NULL;
	ScimIdentity caller;

	if (!registered)
		CacheRegisterSyscacheCallback(ENUMTYPOIDNAME, label_changed, (Datum) 0);
	registered = true;
	now = label_changes;
	if (*binding->labels == now)
		return;
	if (has_labels(binding))
	{
		caller = ScimBeOwner(binding->store->owner);
		SPI_connect();
		label = lost_label(binding, &column);
		if (label != NULL)
			ScimRaiseLabelLost(binding, column, label);
		SPI_finish();
		ScimBeCaller(caller);
	}
	*binding->labels = now;
}

static bool
is_linked(const ScimBinding *binding, Datum key)
{
	ScimIdentity caller = ScimBeOwner(binding->store->owner);
	ScimParams params;
	bool found;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	ScimSpiExecute(
		psprintf("SELECT FROM %s.binding_link WHERE binding_id = $1 AND key = $2",
				 binding->store->quoted_name),
		&params, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/*
 * ScimLinkMayLead: can a row have a key, which somebody else says who refers to it?  One
 * by which somebody is known has been, and is a label that is lost.
 */
bool
ScimLinkMayLead(const ScimBinding *binding, Datum key)
{
	int at = ScimKeyMisfit(binding->key, key);
	const ScimColumnInfo *column = at >= 0 ? list_nth(binding->key, at) : NULL;
	Datum *texts;
	int n;

	if (at < 0)
		return true;
	if (get_typtype(column->base) == TYPTYPE_ENUM && is_linked(binding, key))
	{
		deconstruct_array(DatumGetArrayTypeP(key), TEXTOID, -1, false, TYPALIGN_INT,
						  &texts, NULL, &n);
		ScimRaiseLabelLost(binding, column, TextDatumGetCString(texts[at]));
	}
	return false;
}
