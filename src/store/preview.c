/*
 * preview.c
 *		What is done to see what it would do: noted, and undone.
 *
 * A subtransaction takes back the rows, and with it what the transaction would have sent.
 * Sequences, the server's log and what triggers do outside of the database stay.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "store/preview.h"

/* So much is noted, and no more. */
#define MOST_NOTES 10000
#define MOST_BYTES (64 * 1024 * 1024)

static bool previewing = false;
static bool full;
static Size noted_bytes;
static List *notes; /* of ScimPreviewNote *, in context */
static MemoryContext context;

/* ScimPreviewing: is what is done now only tried? */
bool
ScimPreviewing(void)
{
	return previewing;
}

/* What is undone within the preview has not changed anything. */
static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *arg)
{
	if (event != SUBXACT_EVENT_ABORT_SUB || !previewing)
		return;
	/* those within it have higher numbers, and nobody else has by now */
	while (notes != NIL && ((const ScimPreviewNote *) llast(notes))->subid >= subid)
		notes = list_delete_last(notes);
}

ScimPreviewNote *
ScimPreviewAdd(ScimPreviewKind kind, const char *operation, const char *type_name,
			   Size bytes)
{
	MemoryContext caller;
	ScimPreviewNote *note;

	if (!previewing)
		return NULL;
	if (list_length(notes) >= MOST_NOTES || noted_bytes + bytes > MOST_BYTES)
	{
		full = true;
		return NULL;
	}
	noted_bytes += bytes;
	caller = MemoryContextSwitchTo(context);
	note = palloc0(sizeof(ScimPreviewNote));
	note->kind = kind;
	note->subid = GetCurrentSubTransactionId();
	note->operation = pstrdup(operation);
	note->type_name = pstrdup(type_name);
	notes = lappend(notes, note);
	MemoryContextSwitchTo(caller);
	return note;
}

char *
ScimPreviewText(const char *text)
{
	return MemoryContextStrdup(context, text);
}

Jsonb *
ScimPreviewJsonb(const Jsonb *jsonb)
{
	return memcpy(MemoryContextAlloc(context, VARSIZE(jsonb)), jsonb, VARSIZE(jsonb));
}

List *
ScimPreviewAppend(List *list, const char *text)
{
	MemoryContext caller = MemoryContextSwitchTo(context);

	list = lappend(list, pstrdup(text));
	MemoryContextSwitchTo(caller);
	return list;
}

static void
begin(void)
{
	static bool watching = false;

	if (!watching)
		RegisterSubXactCallback(subtransaction_ends, NULL);
	watching = true;
	context = AllocSetContextCreate(CurrentMemoryContext, "scim preview",
									ALLOCSET_DEFAULT_SIZES);
	notes = NIL;
	noted_bytes = 0;
	full = false;
	previewing = true;
}

static void
end(void)
{
	previewing = false;
	notes = NIL;
	MemoryContextDelete(context);
	context = NULL;
}

void
ScimPreviewTry(void (*work)(void *arg),
			   void (*tell)(void *arg, const List *noted, bool complete), void *arg)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;

	Assert(!previewing);
	begin();
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(caller);
	PG_TRY();
	{
		work(arg);
		tell(arg, notes, !full);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(caller);
		CurrentResourceOwner = owner;
		end();
		ReThrowError(error);
	}
	PG_END_TRY();
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(caller);
	CurrentResourceOwner = owner;
	end();
}
