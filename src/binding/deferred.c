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

/* Of so many rows each is known. */
#define MAX_KNOWN 1000

/* A row that was written, or one of members. */
typedef struct Known
{
	Datum key;
	Datum member; /* or 0 */
} Known;

/* Rows of a table that were written in this transaction. */
typedef struct Written
{
	const ScimBinding *binding; /* stays until the transaction ends */
	Datum key;                  /* of the one row; 0: there are several */
	bool deletes;               /* all of them have gone */
	Known *known;               /* those that have not */
	int nknown;                 /* more than MAX_KNOWN: there are others */
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

/* In the memory of the transaction. */
static void
know(Written *rows, Datum key, Datum member)
{
	const Known *last = rows->nknown > 0 && rows->nknown <= MAX_KNOWN
							? &rows->known[rows->nknown - 1]
							: NULL;

	if (rows->nknown > MAX_KNOWN ||
		(last != NULL && member == (Datum) 0 && last->member == (Datum) 0 &&
		 ScimKeyEqual(last->key, key)))
		return;
	if (rows->nknown == MAX_KNOWN)
	{
		rows->nknown++;
		return;
	}
	if (rows->known == NULL)
		rows->known = palloc(sizeof(Known));
	else if ((rows->nknown & (rows->nknown - 1)) == 0)
		rows->known = repalloc(rows->known, sizeof(Known) * rows->nknown * 2);
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
	Written *rows;

	if (binding->deferred == NULL)
		return;
	if (written_in != ScimLocalTransaction())
		written = NIL;
	written_in = ScimLocalTransaction();
	rows = find_written(binding);
	old = MemoryContextSwitchTo(TopTransactionContext);
	if (rows == NULL)
	{
		rows = palloc0(sizeof(Written));
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

/* Does a row refer to who is not there any more, and its resource to somebody? */
static bool
refers_to_nobody(const ScimBinding *binding, Datum key)
{
	const ScimRowView *row = ScimRowFind(binding, key);
	ScimBoundResource resource;
	ScimLink link;
	const ListCell *lc;

	if (row == NULL || !row->has_tenant ||
		!ScimLinkOfKey(binding, row->tenant_id, key, &link) ||
		!ScimBoundRead(binding, row->tenant_id, &link.resource_id, &resource))
		return false;
	foreach (lc, binding->references)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		Datum refers = row->refers[attribute->reference.number];
		const ScimBinding *other = ScimReferred(attribute, row->tenant_id);

		if (refers != (Datum) 0 && other != NULL &&
			ScimBoundGet(attribute, resource.document) != NULL &&
			ScimRowFind(other, refers) == NULL)
			return true;
	}
	return false;
}

typedef struct Asking
{
	const Written *rows;
	bool moved;
} Asking;

/*
 * Does one of the rows that the store has written refer to a row that was there when it
 * was looked up, and that somebody else has taken away or given another key since?
 */
static void
ask_for_moved(void *arg)
{
	Asking *asking = arg;
	const Written *rows = asking->rows;

	asking->moved = rows->nknown > MAX_KNOWN;
	for (int i = 0; i < rows->nknown && !asking->moved; i++)
	{
		const Known *known = &rows->known[i];
		ScimBinding *people = NULL;
		int32 tenant_id;

		CHECK_FOR_INTERRUPTS();
		if (known->member == (Datum) 0)
			asking->moved = refers_to_nobody(rows->binding, known->key);
		else if (ScimRowTenant(rows->binding, known->key, &tenant_id))
			people = ScimMembersBinding(rows->binding, tenant_id);
		if (people != NULL)
			asking->moved = ScimRowFind(people, known->member) == NULL;
	}
}

static void
ask_constraints(void *arg)
{
	const Written *rows = arg;

	SPI_connect();
	(void) ScimSpiExecuteOnce(
		psprintf("SET CONSTRAINTS %s IMMEDIATE", rows->binding->deferred), NULL, false,
		0);
	SPI_finish();
}

static void
require_constraints(const Written *rows)
{
	const ScimBinding *binding = rows->binding;
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwnerFor(binding->owner);
	Asking asking = {.rows = rows};
	ErrorData *error;
	ScimRowAt at;

	if (rows->key != (Datum) 0)
		ScimRowAtBegin(&at, binding, rows->key, NIL);
	error = ScimAttempt(ask_constraints, (void *) rows);
	if (rows->key != (Datum) 0)
		ScimRowAtEnd(&at);
	ScimBeCaller(caller);
	if (error == NULL)
		return;
	/* it may be about rows that the application has written itself before */
	if (error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION &&
		ScimAttempt(ask_for_moved, &asking) != NULL)
		asking.moved = true;
	PG_TRY();
	{
		ReThrowError(error);
	}
	PG_CATCH();
	{
		ScimTableRefusesLate(binding, context, rows->deletes, asking.moved);
	}
	PG_END_TRY();
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
