/*
 * deferred.c
 *		What constraints of the application put off until the end of the transaction.
 *
 * A request asks all of them before it is answered, and is told no more than that there
 * is something.  So those of tables that are bound are asked first, about rows that the
 * store has written.  Who writes many, and tells of each what has become of it, asks
 * after each; what is written next may be put off again.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "storage/proc.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "binding/binding.h"
#include "compat.h"

/* Rows of a table that were written in this transaction. */
typedef struct Written
{
	const ScimBinding *binding; /* stays until the transaction ends */
	Datum key;                  /* of the one row; 0: there are several */
	bool deletes;               /* all of them have gone */
} Written;

static List *written = NIL;
static LocalTransactionId written_in = InvalidLocalTransactionId;

static Written *
find_written(const ScimBinding *binding)
{
	const ListCell *lc;

	foreach (lc, written)
	{
		Written *rows = lfirst(lc);

		if (rows->binding == binding)
			return rows;
	}
	return NULL;
}

/* ScimDeferredNote: a row was written that constraints may have something against. */
void
ScimDeferredNote(const ScimBinding *binding, Datum key, bool deletes)
{
	MemoryContext old;
	Written *rows;

	if (binding->deferred == NULL)
		return;
	if (written_in != ScimLocalTransaction())
		written = NIL;
	written_in = ScimLocalTransaction();
	rows = find_written(binding);
	if (rows != NULL)
	{
		rows->deletes &= deletes;
		if (rows->key != (Datum) 0 && !ScimKeyEqual(rows->key, key))
		{
			pfree(DatumGetPointer(rows->key));
			rows->key = (Datum) 0;
		}
		return;
	}
	old = MemoryContextSwitchTo(TopTransactionContext);
	rows = palloc(sizeof(Written));
	rows->binding = binding;
	rows->key = datumCopy(key, false, -1);
	rows->deletes = deletes;
	written = lappend(written, rows);
	MemoryContextSwitchTo(old);
}

static void
require_constraints(const Written *rows)
{
	const ScimBinding *binding = rows->binding;
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwnerFor(binding->owner);
	ScimRowAt at;

	SPI_connect();
	if (rows->key != (Datum) 0)
		ScimRowAtBegin(&at, binding, rows->key, NIL);
	PG_TRY();
	{
		(void) ScimSpiExecuteOnce(
			psprintf("SET CONSTRAINTS %s IMMEDIATE", binding->deferred), NULL, false, 0);
	}
	PG_CATCH();
	{
		ScimTableRefuses(binding, binding->attributes, NULL, context, rows->deletes);
	}
	PG_END_TRY();
	if (rows->key != (Datum) 0)
		ScimRowAtEnd(&at);
	SPI_finish();
	ScimBeCaller(caller);
}

/* ScimDeferredRequire: what constraints have against the rows that were written. */
void
ScimDeferredRequire(void)
{
	List *asked = written;
	const ListCell *lc;

	if (written_in != ScimLocalTransaction())
		return;
	/* who is refused has written nothing */
	written = NIL;
	foreach (lc, asked)
		require_constraints(lfirst(lc));
	list_free(asked);
}

/*
 * ScimDeferredNothing: a request, or an import, that writes tables of somebody to whose
 * code it is exposed asks all constraints before it begins, and none waits in it: those
 * of tables that triggers write besides, which nobody can know, do not either.
 */
void
ScimDeferredNothing(ScimStore *store)
{
	const ListCell *lc;

	if (!OidIsValid(store->tables.relid[SCIM_TABLE_BINDING]))
		return; /* which a store of a former version does not have */
	foreach (lc, ScimBindingsOfStore(store))
	{
		if (!ScimIsExposedTo(((const ScimBinding *) lfirst(lc))->owner))
			continue;
		ScimQueueFlushStore(store);
		ScimCheckDeferredConstraints();
		return;
	}
}

/*
 * ScimDeferredPutOff: constraints of tables that were asked wait for what is written
 * next, where that may put something off.
 */
void
ScimDeferredPutOff(const List *bindings)
{
	bool all = ScimConstraintsAreAsked();
	const ListCell *lc;

	foreach (lc, bindings)
	{
		if (all && ScimIsExposedTo(((const ScimBinding *) lfirst(lc))->owner))
			return;
	}
	foreach (lc, bindings)
		ScimDeferredAgain(lfirst(lc));
}
