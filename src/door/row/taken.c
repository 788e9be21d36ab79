/*
 * taken.c
 *		Whether somebody has the key of a new row already, before its table says so.
 *
 * Of such a row PostgreSQL makes an error, or what ON CONFLICT says.  Looked for as it
 * does itself: by every unique index of the table, rows of transactions under way
 * included.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "catalog/index.h"
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "storage/lmgr.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "door/row/at_door.h"

/* Of a unique index, what finds who has the key of a new row. */
typedef struct UniqueIndex
{
	Oid oid;
	IndexInfo *info;
} UniqueIndex;

/* What that takes, of a table; lasts as long as the statement. */
struct ScimTaken
{
	List *indexes;  /* of UniqueIndex *: all but those on the id (given.c) */
	EState *estate; /* in which their expressions are computed */
	TupleTableSlot *row;
	TupleTableSlot *other;
};

static List *
find_unique(const Door *door)
{
	List *indexes = NIL;
	ListCell *lc;

	foreach (lc, RelationGetIndexList(door->trigger->tg_relation))
	{
		Relation index = index_open(lfirst_oid(lc), RowExclusiveLock);
		bool of_id = false;

		for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(index); i++)
			of_id = of_id ||
					index->rd_index->indkey.values[i] == door->columns->number[COLUMN_ID];
		if (index->rd_index->indisunique && index->rd_index->indimmediate &&
			index->rd_index->indisready && !of_id)
		{
			UniqueIndex *found = palloc(sizeof(UniqueIndex));

			found->oid = lfirst_oid(lc);
			found->info = BuildIndexInfo(index);
			BuildSpeculativeIndexInfo(index, found->info);
			indexes = lappend(indexes, found);
		}
		index_close(index, NoLock);
	}
	return indexes;
}

static void
start_statement(const Door *door)
{
	MemoryContext old = MemoryContextSwitchTo(door->columns->context);
	Relation relation = door->trigger->tg_relation;
	struct ScimTaken *taken = palloc0(sizeof(struct ScimTaken));

	taken->indexes = find_unique(door);
	taken->estate = CreateExecutorState();
	taken->row = MakeSingleTupleTableSlot(CreateTupleDescCopy(RelationGetDescr(relation)),
										  &TTSOpsHeapTuple);
	taken->other = MakeSingleTupleTableSlot(taken->row->tts_tupleDescriptor,
											table_slot_callbacks(relation));
	door->columns->taken = taken;
	MemoryContextSwitchTo(old);
}

/* ScimHasKeys: has the table at the door a unique index but on the id? */
bool
ScimHasKeys(const Door *door)
{
	if (door->columns->taken == NULL)
		start_statement(door);
	return door->columns->taken->indexes != NIL;
}

/*
 * Is the key of an index there?  waits: who is about to write or delete it is waited for,
 * as the index would; else he is left to that.
 */
static bool
is_there(const Door *door, const UniqueIndex *found, int nkeys, ScanKey keys, bool waits)
{
	struct ScimTaken *taken = door->columns->taken;
	Relation index = index_open(found->oid, NoLock);
	TransactionId other;
	bool there = false;

	do
	{
		SnapshotData dirty;
		IndexScanDesc scan;

		InitDirtySnapshot(dirty);
		other = InvalidTransactionId;
		scan = ScimIndexBeginScan(door->trigger->tg_relation, index, &dirty, nkeys);
		index_rescan(scan, keys, nkeys, NULL, 0);
		while (!there && index_getnext_slot(scan, ForwardScanDirection, taken->other))
		{
			TransactionId busy =
				TransactionIdIsValid(dirty.xmin) ? dirty.xmin : dirty.xmax;

			there = !TransactionIdIsValid(busy);
			if (!there && waits)
			{
				other = busy;
				break;
			}
		}
		index_endscan(scan);
		ExecClearTuple(taken->other);
		if (TransactionIdIsValid(other))
			XactLockTableWait(other, NULL, NULL, XLTW_None);
	} while (TransactionIdIsValid(other));
	index_close(index, NoLock);
	return there;
}

static bool
is_taken(const Door *door, const UniqueIndex *found, bool waits)
{
	struct ScimTaken *taken = door->columns->taken;
	IndexInfo *info = found->info;
	ExprContext *context = GetPerTupleExprContext(taken->estate);
	Datum values[INDEX_MAX_KEYS];
	bool nulls[INDEX_MAX_KEYS];
	ScanKeyData keys[INDEX_MAX_KEYS];
	Relation index;
	bool has_null = false;

	context->ecxt_scantuple = taken->row;
	if (info->ii_Predicate != NIL)
	{
		if (info->ii_PredicateState == NULL)
			info->ii_PredicateState = ExecPrepareQual(info->ii_Predicate, taken->estate);
		if (!ExecQual(info->ii_PredicateState, context))
			return false;
	}
	FormIndexDatum(info, taken->row, taken->estate, values, nulls);
	index = index_open(found->oid, NoLock);
	for (int i = 0; i < info->ii_NumIndexKeyAttrs; i++)
	{
		has_null = has_null || nulls[i];
		ScanKeyEntryInitialize(&keys[i], 0, i + 1, info->ii_UniqueStrats[i], InvalidOid,
							   index->rd_indcollation[i], info->ii_UniqueProcs[i],
							   values[i]);
	}
	index_close(index, NoLock);
	return !has_null && is_there(door, found, info->ii_NumIndexKeyAttrs, keys, waits);
}

/*
 * ScimKeyTakenBy returns the unique index, none on the id, of whose key somebody else
 * than a new row is, or InvalidOid.
 */
Oid
ScimKeyTakenBy(const Door *door, HeapTuple tuple, bool waits)
{
	struct ScimTaken *taken;
	Oid found = InvalidOid;
	const ListCell *lc;

	if (!ScimHasKeys(door))
		return InvalidOid;
	taken = door->columns->taken;
	ExecStoreHeapTuple(tuple, taken->row, false);
	foreach (lc, taken->indexes)
	{
		const UniqueIndex *index = lfirst(lc);

		if (is_taken(door, index, waits))
		{
			found = index->oid;
			break;
		}
	}
	ExecClearTuple(taken->row);
	ResetPerTupleExprContext(taken->estate);
	return found;
}
