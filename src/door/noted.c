/*
 * noted.c
 *		Tables of what the door notes of rows until the transaction ends.
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "door/door.h"

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
	*table = hash_create(name, entries, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	callback->func = forget;
	callback->arg = table;
	MemoryContextRegisterResetCallback(TopTransactionContext, callback);
}
