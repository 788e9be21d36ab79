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

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "binding/binding.h"
#include "compat.h"
#include "store/column.h"

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
	ScimIdentity caller = ScimBeOwnerFor(binding->owner, binding->store->owner);
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

static Datum
tables_of(const ScimBinding *binding)
{
	Datum *relids = palloc(sizeof(Datum) * (list_length(binding->others) + 1));
	int n = 0;
	const ListCell *lc;

	relids[n++] = ObjectIdGetDatum(binding->relid);
	foreach (lc, binding->others)
		relids[n++] = ObjectIdGetDatum(((const ScimBoundTable *) lfirst(lc))->relid);
	return ScimArray(relids, NULL, n, OIDOID);
}

/*
 * The constraints of the tables, and those of others that refer to them, as SQL, or NULL:
 * those that the application has made so that they wait.  A name is that of all
 * constraints in a schema that have it.
 */
static char *
waiting_constraints(const ScimBinding *binding)
{
	ScimParams params;
	bool isnull;
	Datum names;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDARRAYOID, tables_of(binding), false);
	ScimSpiExecute(
		"SELECT string_agg(DISTINCT format('%I.%I', n.nspname, c.conname), ', ') "
		"FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace "
		"WHERE c.condeferred AND (c.conrelid = ANY ($1) OR c.confrelid = ANY ($1)) "
		"AND has_schema_privilege(n.oid, 'USAGE') "
		"AND NOT EXISTS (SELECT FROM pg_constraint o "
		"WHERE o.conname = c.conname AND o.connamespace = c.connamespace "
		"AND NOT o.condeferred)",
		&params, true, 1);
	names = ScimResult(0, 1, TEXTOID, &isnull);
	return isnull ? NULL : TextDatumGetCString(names);
}

static void
put_off(const ScimBinding *binding)
{
	ScimIdentity caller = ScimBeOwnerFor(binding->owner, binding->store->owner);
	char *names;

	SPI_connect();
	names = waiting_constraints(binding);
	if (names != NULL)
		(void) ScimSpiExecuteOnce(psprintf("SET CONSTRAINTS %s DEFERRED", names), NULL,
								  false, 0);
	SPI_finish();
	ScimBeCaller(caller);
}

/*
 * ScimDeferredPutOff: constraints of tables that were asked wait for what is written
 * next.
 */
void
ScimDeferredPutOff(const List *bindings)
{
	const ListCell *lc;

	foreach (lc, bindings)
		put_off(lfirst(lc));
}
