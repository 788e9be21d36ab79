/*
 * pass.c
 *		The first rows of a list and how many there are, in one pass.
 *
 * A list has a total, so all that a filter finds is visited anyway, whatever index finds
 * it.  It is visited once: each row is counted, and of those that come first in the order
 * of the list, as many as the page needs, a copy is kept.  How the rows lie in the table
 * and how many they are does not matter: a plan that walks the table in the order of the
 * page until it has come across enough of them would, where the newest match.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "lib/binaryheap.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

#include "query/query.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "text/find.h"

/* A row that is kept. */
typedef struct Kept
{
	HeapTuple tuple;
	pg_uuid_t id;
	Datum key; /* in the tuple, where it is no value of its own */
	bool key_is_null;
} Kept;

typedef struct Pass
{
	const ScimPassOrder *order;
	MemoryContext context; /* of what is kept */
	int max;
	int64 count;
	TupleDesc desc;
	binaryheap *kept; /* of Kept *, the last one first */
	Kept *spare;      /* to look at a row with */
} Pass;

/* Texts in the order of collation "C", which sort keys have. */
static int
compare_texts(Datum a, Datum b)
{
	text *x = DatumGetTextPP(a);
	text *y = DatumGetTextPP(b);

	return ScimCompareBytes(VARDATA_ANY(x), VARSIZE_ANY_EXHDR(x), VARDATA_ANY(y),
							VARSIZE_ANY_EXHDR(y));
}

static int
compare_keys(Oid type, Datum a, Datum b)
{
	int64 x;
	int64 y;

	if (type == TEXTOID)
		return compare_texts(a, b);
	x = type == BOOLOID ? DatumGetBool(a) : DatumGetInt64(a);
	y = type == BOOLOID ? DatumGetBool(b) : DatumGetInt64(b);
	return (x > y) - (x < y);
}

/* Less than 0: a stands before b on the list. */
static int
compare_rows(const Kept *a, const Kept *b, const ScimPassOrder *order)
{
	int result = 0;

	if (order->key_column > 0)
	{
		/* missing values: last ascending, first descending, as the RFC has it */
		if (a->key_is_null || b->key_is_null)
			result = (int) a->key_is_null - (int) b->key_is_null;
		else
			result = compare_keys(order->key_type, a->key, b->key);
	}
	if (result == 0)
		result = memcmp(a->id.data, b->id.data, UUID_LEN);
	return order->descending ? -result : result;
}

static int
compare_kept(Datum a, Datum b, void *order)
{
	return compare_rows((const Kept *) DatumGetPointer(a),
						(const Kept *) DatumGetPointer(b), order);
}

/* Reads what orders a row; key and id stay where they are. */
static void
read_order(const Pass *pass, TupleTableSlot *slot, Kept *row)
{
	const ScimPassOrder *order = pass->order;

	row->id = *DatumGetUUIDP(ScimSlotValue(slot, order->id_column, UUIDOID));
	if (order->key_column > 0)
		row->key =
			ScimSlotColumn(slot, order->key_column, order->key_type, &row->key_is_null);
}

/* Copies a row, and points to the key in the copy. */
static void
keep(Pass *pass, TupleTableSlot *slot, Kept *row)
{
	MemoryContext caller = MemoryContextSwitchTo(pass->context);

	if (pass->desc == NULL)
		pass->desc = CreateTupleDescCopy(slot->tts_tupleDescriptor);
	row->tuple = ExecCopySlotHeapTuple(slot);
	if (pass->order->key_column > 0)
		row->key = ScimColumn(row->tuple, pass->desc, pass->order->key_column,
							  pass->order->key_type, &row->key_is_null);
	MemoryContextSwitchTo(caller);
}

static void
use_slot(void *arg, TupleTableSlot *slot)
{
	Pass *pass = arg;
	Kept *row = pass->spare;
	Kept *last;

	pass->count++;
	if (pass->max == 0)
		return;
	read_order(pass, slot, row);
	if (pass->kept->bh_size < pass->max)
	{
		keep(pass, slot, row);
		binaryheap_add(pass->kept, PointerGetDatum(row));
		pass->spare = MemoryContextAlloc(pass->context, sizeof(Kept));
		return;
	}
	last = (Kept *) DatumGetPointer(binaryheap_first(pass->kept));
	if (compare_rows(row, last, pass->order) >= 0)
		return;
	heap_freetuple(last->tuple);
	keep(pass, slot, row);
	binaryheap_replace_first(pass->kept, PointerGetDatum(row));
	pass->spare = last;
}

/* False: the pause has ended it. */
static bool
run_with_pause(Pass *pass, const char *query, const ScimParams *params, bool by_values,
			   const ScimPassPause *pause)
{
	ScimStream *stream = ScimStreamOpen(query, params, by_values, use_slot, pass);
	bool ended = false;

	if (ScimStreamRun(stream, pause->after) == (uint64) pause->after)
	{
		ended = pause->ends(pause->arg);
		if (!ended)
			(void) ScimStreamRun(stream, 0);
	}
	ScimStreamClose(stream);
	return !ended;
}

/*
 * ScimPassOver executes a query and returns how many rows it has.  rows[] are the first
 * of them in an order, at most max, and live with desc in the current memory context.
 * by_values: the best plan depends on the values of the parameters.  -1: the pause has
 * ended it, and there are no rows.  SPI must be connected.
 */
int64
ScimPassOver(const char *query, const ScimParams *params, bool by_values,
			 const ScimPassOrder *order, int max, const ScimPassPause *pause,
			 ScimPassRows *rows)
{
	Pass pass = {.order = order, .context = CurrentMemoryContext, .max = max};

	pass.kept = binaryheap_allocate(Max(max, 1), compare_kept,
									unconstify(ScimPassOrder *, order));
	pass.spare = palloc(sizeof(Kept));
	if (pause->after == 0)
		ScimSpiStream(query, params, by_values, use_slot, &pass);
	else if (!run_with_pause(&pass, query, params, by_values, pause))
		return -1;
	rows->n = pass.kept->bh_size;
	rows->desc = pass.desc;
	rows->tuples = palloc(sizeof(HeapTuple) * Max(rows->n, 1));
	for (int i = rows->n; i-- > 0;)
		rows->tuples[i] =
			((Kept *) DatumGetPointer(binaryheap_remove_first(pass.kept)))->tuple;
	binaryheap_free(pass.kept);
	return pass.count;
}
