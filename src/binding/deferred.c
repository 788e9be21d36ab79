/*
 * deferred.c
 *		What constraints of the application put off until the end of the transaction.
 *
 * A request asks all of them before it is answered, and is told no more than that there
 * is something.  So those of tables that are bound are asked first, about rows that the
 * store has written.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "storage/proc.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "binding/binding.h"
#include "compat.h"

/* A row that was written in this transaction. */
typedef struct Written
{
	const ScimBinding *binding; /* stays until the transaction ends */
	Datum key;
} Written;

static List *written = NIL;
static LocalTransactionId written_in = InvalidLocalTransactionId;

/* ScimDeferredNote: a row was written that constraints may have something against. */
void
ScimDeferredNote(const ScimBinding *binding, Datum key)
{
	MemoryContext old;
	Written *row;

	if (binding->deferred == NULL)
		return;
	if (written_in != ScimLocalTransaction())
		written = NIL;
	written_in = ScimLocalTransaction();
	old = MemoryContextSwitchTo(TopTransactionContext);
	row = palloc(sizeof(Written));
	row->binding = binding;
	row->key = datumCopy(key, false, -1);
	written = lappend(written, row);
	MemoryContextSwitchTo(old);
}

static void
require_constraints(const ScimBinding *binding, Datum key)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwnerFor(binding->owner, binding->store->owner);
	ScimRowAt at;

	SPI_connect();
	ScimRowAtBegin(&at, binding, key, NIL);
	PG_TRY();
	{
		(void) ScimSpiExecuteOnce(
			psprintf("SET CONSTRAINTS %s IMMEDIATE", binding->deferred), NULL, false, 0);
	}
	PG_CATCH();
	{
		ScimTableRefuses(binding, binding->attributes, NULL, context, false);
	}
	PG_END_TRY();
	ScimRowAtEnd(&at);
	SPI_finish();
	ScimBeCaller(caller);
}

/* ScimDeferredRequire: what constraints have against the rows that were written. */
void
ScimDeferredRequire(void)
{
	const ScimBinding *last = NULL;
	ListCell *lc;

	if (written_in != ScimLocalTransaction())
		return;
	foreach (lc, written)
	{
		const Written *row = lfirst(lc);

		if (row->binding != last)
			require_constraints(row->binding, row->key);
		last = row->binding;
	}
	written = NIL;
}
