/*
 * pending.c
 *		What the door keeps of a row, on its way from BEFORE to AFTER.
 *
 * A row at the door may never be written: ON CONFLICT DO NOTHING or another
 * trigger drops it.  Its password, and the members of a new group, therefore
 * wait here until the AFTER trigger says that the row is there.  And where
 * another trigger comes behind the door, this is where the AFTER trigger tells the
 * rows that the door has made from what became of them.
 *
 * A row is known by its id, its version and a digest of all that the door sees
 * to: before its AFTER trigger runs, another trigger may have written the next
 * version.  What never gets that far is forgotten with the transaction, or with
 * the same row of a later statement.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "door/row/row.h"
#include "json/json.h"

typedef struct PendingRow
{
	ScimPendingKey key;
	List *made;    /* by the door, and not written yet: the subtransactions, as int */
	bool unsure;   /* whether all that the row refers to is there */
	int statement; /* that stated what follows */
	char *secret;
	Jsonb *members;
} PendingRow;

static HTAB *rows = NULL;   /* in TopTransactionContext, or NULL */
static List *running = NIL; /* numbers of statements */

/* What a subtransaction has made goes with it. */
static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *arg)
{
	HASH_SEQ_STATUS scan;
	PendingRow *row;

	if (event != SUBXACT_EVENT_ABORT_SUB || rows == NULL)
		return;
	hash_seq_init(&scan, rows);
	while ((row = hash_seq_search(&scan)) != NULL)
	{
		/* those below it have higher numbers, and nobody else has by now */
		while (row->made != NIL && (SubTransactionId) llast_int(row->made) >= subid)
			row->made = list_delete_last(row->made);
	}
}

static void
make_table(void)
{
	static bool registered = false;

	ScimNotedTable(&rows, "scim pending rows", sizeof(ScimPendingKey), sizeof(PendingRow),
				   64);
	if (!registered)
		RegisterSubXactCallback(subtransaction_ends, NULL);
	registered = true;
}

static void
end_statement(void *arg)
{
	running = list_delete_int(running, (int) (intptr_t) arg);
}

/* ScimPendingStatement numbers a statement, which lasts as long as a context of it. */
int
ScimPendingStatement(MemoryContext context)
{
	static int last = 0;
	MemoryContextCallback *callback =
		MemoryContextAlloc(context, sizeof(MemoryContextCallback));
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

	running = lappend_int(running, ++last);
	MemoryContextSwitchTo(old);
	callback->func = end_statement;
	callback->arg = (void *) (intptr_t) last;
	MemoryContextRegisterResetCallback(context, callback);
	return last;
}

/* ScimPendingAny: is any row kept? */
bool
ScimPendingAny(void)
{
	return rows != NULL && hash_get_num_entries(rows) > 0;
}

static void
drop_stated(PendingRow *row)
{
	if (row->secret != NULL)
		pfree(row->secret);
	if (row->members != NULL)
		pfree(row->members);
	row->secret = NULL;
	row->members = NULL;
}

static void
remove_if_empty(PendingRow *row)
{
	if (row->made == NIL && !row->unsure && row->secret == NULL && row->members == NULL)
		hash_search(rows, &row->key, HASH_REMOVE, NULL);
}

/*
 * ScimPendingPut keeps the secret of a password and the members that a row
 * states, either of which may be NULL, and with made the row itself.  unsure: what the
 * row refers to is to be looked for once more.
 *
 * What a statement that is over has stated of the same row was never written.
 * One that still runs has: its row is there, or comes first.
 */
void
ScimPendingPut(const ScimPendingKey *key, int statement, bool made, bool unsure,
			   const char *secret, JsonbValue *members)
{
	PendingRow *row = rows ? hash_search(rows, key, HASH_FIND, NULL) : NULL;

	if (row == NULL)
	{
		if (!made && !unsure && secret == NULL && members == NULL)
			return;
		if (rows == NULL)
			make_table();
		row = hash_search(rows, key, HASH_ENTER, NULL);
		row->made = NIL;
		row->unsure = false;
		row->statement = 0;
		row->secret = NULL;
		row->members = NULL;
	}
	if (made)
	{
		MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);

		row->made = lappend_int(row->made, (int) GetCurrentSubTransactionId());
		MemoryContextSwitchTo(old);
	}
	row->unsure = row->unsure || unsure;
	if (!list_member_int(running, row->statement))
	{
		drop_stated(row);
		row->statement = statement;
		if (secret != NULL)
			row->secret = MemoryContextStrdup(TopTransactionContext, secret);
		if (members != NULL)
		{
			Jsonb *jsonb = ScimJsonToJsonb(members);

			row->members = MemoryContextAlloc(TopTransactionContext, VARSIZE(jsonb));
			memcpy(row->members, jsonb, VARSIZE(jsonb));
		}
	}
	remove_if_empty(row);
}

/*
 * ScimPendingTake hands over what a row that is written has stated, in the current
 * memory context; NULL for nothing.  Returns whether the door made the row, as far
 * as that was kept.
 */
bool
ScimPendingTake(const ScimPendingKey *key, bool *unsure, char **secret,
				JsonbValue **members)
{
	PendingRow *row = rows ? hash_search(rows, key, HASH_FIND, NULL) : NULL;
	bool made;

	*unsure = false;
	*secret = NULL;
	*members = NULL;
	if (row == NULL)
		return false;
	if (row->secret != NULL)
		*secret = pstrdup(row->secret);
	if (row->members != NULL)
		*members = ScimJsonFromJsonb(
			memcpy(palloc(VARSIZE(row->members)), row->members, VARSIZE(row->members)));
	drop_stated(row);
	made = row->made != NIL;
	*unsure = row->unsure;
	row->unsure = false;
	row->made = list_delete_last(row->made);
	remove_if_empty(row);
	return made;
}
