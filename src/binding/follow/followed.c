/*
 * followed.c
 *		Rows whose values in other tables were read while a statement is followed.
 *
 * The trigger of such a table is called for each of its rows, when all that the statement
 * writes is there.  The first call for a row that is bound reads all of its values, and
 * what was written before that needs nobody to read it again.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_am_d.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "json/buckets.h"
#include "text/hash.h"

#define FIRST_PLACES 16

typedef struct Row
{
	Datum key;
	CommandId read; /* what was written before this one was read */
	SubTransactionId subtransaction;
} Row;

struct ScimFollowed
{
	MemoryContext context;
	ScimBuckets by_key;
	Row *rows;
	int n;
	int nplaces; /* 0: none was made yet */
};

/* ScimFollowedBegin: none so far; in the current memory context, as all that is noted. */
ScimFollowed *
ScimFollowedBegin(void)
{
	ScimFollowed *followed = palloc0(sizeof(ScimFollowed));

	followed->context = CurrentMemoryContext;
	return followed;
}

static uint32
hash_key(Datum key)
{
	return ScimHash(DatumGetPointer(key), VARSIZE(DatumGetPointer(key)));
}

static Row *
find_row(const ScimFollowed *followed, Datum key)
{
	for (int at = followed->n > 0 ? ScimBucketsFirst(&followed->by_key, hash_key(key))
								  : -1;
		 at >= 0; at = ScimBucketsNext(&followed->by_key, at))
	{
		Row *row = &followed->rows[ScimBucketsItem(&followed->by_key, at)];

		if (ScimKeyEqual(row->key, key))
			return row;
	}
	return NULL;
}

/*
 * Was a row written, or deleted, before a command of this transaction?  Where that cannot
 * be told, it was not.
 */
static bool
is_before(Relation relation, HeapTuple tuple, bool deleted, CommandId command)
{
	const HeapTupleHeader header = tuple->t_data;

	if (relation->rd_rel->relam != HEAP_TABLE_AM_OID)
		return false;
	if (deleted)
		return (header->t_infomask & HEAP_XMAX_INVALID) == 0 &&
			   TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetUpdateXid(header)) &&
			   HeapTupleHeaderGetCmax(header) < command;
	return TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(header)) &&
		   HeapTupleHeaderGetCmin(header) < command;
}

/*
 * ScimFollowedSaw: were the values of the row of a key read after one of them was
 * written, or deleted: the tuple that a trigger is called for?
 */
bool
ScimFollowedSaw(const ScimFollowed *followed, Datum key, Relation relation,
				HeapTuple tuple, bool deleted)
{
	const Row *row = find_row(followed, key);

	return row != NULL && row->subtransaction == GetCurrentSubTransactionId() &&
		   is_before(relation, tuple, deleted, row->read);
}

/* ScimFollowedNote: they were read when a command had yet to begin. */
void
ScimFollowedNote(ScimFollowed *followed, Datum key, CommandId command)
{
	Row *row = find_row(followed, key);
	MemoryContext old = MemoryContextSwitchTo(followed->context);

	if (followed->nplaces == 0)
	{
		followed->nplaces = FIRST_PLACES;
		ScimBucketsInit(&followed->by_key, FIRST_PLACES);
		followed->rows = palloc(sizeof(Row) * FIRST_PLACES);
	}
	else if (row == NULL && followed->n == followed->nplaces)
	{
		followed->nplaces *= 2;
		followed->rows = repalloc_huge(followed->rows, sizeof(Row) * followed->nplaces);
	}
	if (row == NULL)
	{
		ScimBucketsAdd(&followed->by_key, hash_key(key), followed->n);
		row = &followed->rows[followed->n++];
		row->key = datumCopy(key, false, -1);
	}
	row->read = command;
	row->subtransaction = GetCurrentSubTransactionId();
	MemoryContextSwitchTo(old);
}
