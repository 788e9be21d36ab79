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

/* So much is noted, and no more: notes of each kind, and bytes of all. */
#define MOST_NOTES 10000
#define MOST_BYTES (64 * 1024 * 1024)

static bool previewing = false;
/* The outermost subtransaction of which something is missing. */
static SubTransactionId full;
static int noted[SCIM_PREVIEW_KINDS];
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
	{
		const ScimPreviewNote *note = llast(notes);

		noted[note->kind]--;
		noted_bytes -= note->bytes;
		notes = list_delete_last(notes);
	}
	if (full >= subid)
		full = InvalidSubTransactionId;
}

ScimPreviewNote *
ScimPreviewAdd(ScimPreviewKind kind, const char *operation, const char *type_name,
			   Size bytes)
{
	MemoryContext caller;
	ScimPreviewNote *note;

	if (!previewing)
		return NULL;
	if (noted[kind] >= MOST_NOTES || noted_bytes + bytes > MOST_BYTES)
	{
		SubTransactionId subid = GetCurrentSubTransactionId();

		/* of members it is noted whose they are (SCIM_PREVIEW_MORE) */
		if (kind != SCIM_PREVIEW_MEMBER &&
			(full == InvalidSubTransactionId || subid < full))
			full = subid;
		return NULL;
	}
	noted[kind]++;
	noted_bytes += bytes;
	caller = MemoryContextSwitchTo(context);
	note = palloc0(sizeof(ScimPreviewNote));
	note->kind = kind;
	note->subid = GetCurrentSubTransactionId();
	note->bytes = bytes;
	note->operation = pstrdup(operation);
	note->type_name = pstrdup(type_name);
	notes = lappend(notes, note);
	MemoryContextSwitchTo(caller);
	return note;
}

void
ScimPreviewWord(const char *operation, const char *type_name, const pg_uuid_t *id,
				int64 version)
{
	ScimPreviewNote *note = ScimPreviewAdd(SCIM_PREVIEW_WORD, operation, type_name, 0);

	if (note == NULL)
		return;
	note->id = *id;
	note->version = version;
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
	memset(noted, 0, sizeof(noted));
	noted_bytes = 0;
	full = InvalidSubTransactionId;
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
			   void (*tell)(void *arg, const List *all, bool complete), void *arg)
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
		tell(arg, notes, full == InvalidSubTransactionId);
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
