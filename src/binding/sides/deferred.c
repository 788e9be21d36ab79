/*
 * deferred.c
 *		Rows that the store has written, about which constraints of the application are
 *		asked later (put_off.c).
 */
#include "postgres.h"

#include "storage/proc.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "compat.h"

/* ScimWrittenRows *, of one transaction, in memory that goes with it. */
static List *written = NIL;
static LocalTransactionId written_in = InvalidLocalTransactionId;

static ScimWrittenRows *
find_written(const ScimBinding *binding)
{
	const ListCell *lc;

	foreach (lc, written)
	{
		ScimWrittenRows *rows = lfirst(lc);

		if (rows->binding == binding)
			return rows;
	}
	return NULL;
}

/* In the memory of the transaction. */
static void
know(ScimWrittenRows *rows, Datum key, Datum member)
{
	const ScimKnownRow *last = rows->nknown > 0 && rows->nknown <= SCIM_MAX_KNOWN
								   ? &rows->known[rows->nknown - 1]
								   : NULL;

	if (rows->nknown > SCIM_MAX_KNOWN ||
		(last != NULL && member == (Datum) 0 && last->member == (Datum) 0 &&
		 ScimKeyEqual(last->key, key)))
		return;
	if (rows->nknown == SCIM_MAX_KNOWN)
	{
		rows->nknown++;
		return;
	}
	if (rows->known == NULL)
		rows->known = palloc(sizeof(ScimKnownRow));
	else if ((rows->nknown & (rows->nknown - 1)) == 0)
		rows->known = repalloc(rows->known, sizeof(ScimKnownRow) * rows->nknown * 2);
	rows->known[rows->nknown].key = datumCopy(key, false, -1);
	rows->known[rows->nknown++].member =
		member != (Datum) 0 ? datumCopy(member, false, -1) : (Datum) 0;
}

/*
 * ScimDeferredNote: a row was written that constraints may have something against; one of
 * members by the keys of both, else member is 0.
 */
void
ScimDeferredNote(const ScimBinding *binding, Datum key, Datum member, bool deletes)
{
	MemoryContext old;
	ScimWrittenRows *rows;

	if (binding->deferred == NULL)
		return;
	if (written_in != ScimLocalTransaction())
		written = NIL;
	written_in = ScimLocalTransaction();
	rows = find_written(binding);
	old = MemoryContextSwitchTo(TopTransactionContext);
	if (rows == NULL)
	{
		rows = palloc0(sizeof(ScimWrittenRows));
		rows->binding = binding;
		rows->key = datumCopy(key, false, -1);
		rows->deletes = true;
		written = lappend(written, rows);
	}
	rows->deletes &= deletes;
	if (rows->key != (Datum) 0 && !ScimKeyEqual(rows->key, key))
	{
		pfree(DatumGetPointer(rows->key));
		rows->key = (Datum) 0;
	}
	if (!deletes)
		know(rows, key, member);
	MemoryContextSwitchTo(old);
}

/* ScimDeferredTake: the rows that were noted, ScimWrittenRows *; none is from now on. */
List *
ScimDeferredTake(void)
{
	List *asked = written_in == ScimLocalTransaction() ? written : NIL;

	written = NIL;
	return asked;
}
