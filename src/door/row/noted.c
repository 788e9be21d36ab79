/*
 * noted.c
 *		What the door notes of rows until the transaction ends: tables, and lists of which
 *		a subtransaction that is rolled back takes its part away.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "door/row/row.h"
#include "text/hash.h"

static void
forget(void *table)
{
	*(HTAB **) table = NULL;
}

/*
 * ScimNotedTable makes the table that a static variable of the caller stands for; at the
 * end of the transaction it is gone, and the variable NULL.
 */
void
ScimNotedTable(HTAB **table, const char *name, Size key_size, Size entry_size,
			   long entries)
{
	HASHCTL control;
	MemoryContextCallback *callback =
		MemoryContextAlloc(TopTransactionContext, sizeof(MemoryContextCallback));

	memset(&control, 0, sizeof(control));
	control.keysize = key_size;
	control.entrysize = entry_size;
	control.hcxt = TopTransactionContext;
	control.hash = ScimHash; /* clients name what is noted */
	*table =
		hash_create(name, entries, &control, HASH_ELEM | HASH_FUNCTION | HASH_CONTEXT);
	callback->func = forget;
	callback->arg = table;
	MemoryContextRegisterResetCallback(TopTransactionContext, callback);
}

static void
forget_all(void *list)
{
	((ScimNotedList *) list)->all = NIL;
	((ScimNotedList *) list)->in_transaction = false;
}

/* What a subtransaction did is undone. */
static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *list)
{
	ScimNotedList *noted = list;

	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	/* those below it have higher numbers, and nobody else has by now */
	while (noted->all != NIL && ((const ScimNoted *) llast(noted->all))->subid >= subid)
		noted->all = list_delete_last(noted->all);
}

/*
 * ScimNotedAdd adds a note, which begins with a ScimNoted and is in
 * TopTransactionContext, to a list that is a static variable of the caller.
 */
void
ScimNotedAdd(ScimNotedList *list, ScimNoted *note)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);

	if (!list->in_transaction)
	{
		MemoryContextCallback *callback = palloc(sizeof(MemoryContextCallback));

		callback->func = forget_all;
		callback->arg = list;
		MemoryContextRegisterResetCallback(TopTransactionContext, callback);
		list->in_transaction = true;
	}
	if (!list->in_session)
		RegisterSubXactCallback(subtransaction_ends, list);
	list->in_session = true;
	note->subid = GetCurrentSubTransactionId();
	list->all = lappend(list->all, note);
	MemoryContextSwitchTo(old);
}
