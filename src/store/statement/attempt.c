/*
 * attempt.c
 *		What may fail without taking all before it along.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "error.h"
#include "json/json.h"
#include "store/statement/rights.h"
#include "store/statement/statement.h"

/*
 * Does some work in a subtransaction of its own, which stays where it is kept.
 *
 * The server frees the memory of a subtransaction that has committed only where nothing
 * was ever allocated in it, and its triggers do, for as long as a statement runs:
 * thousands of attempts would keep a block each until the transaction ends.  So they
 * allocate where the surrounding transaction does, which uses again what was freed.
 */
static ErrorData *
attempt(void (*work)(void *arg), void *arg, bool keep)
{
	MemoryContext context = CurrentMemoryContext;
	MemoryContext surrounding = CurTransactionContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	CurTransactionContext = surrounding;
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		work(arg);
		if (keep)
			ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	if (!keep || error != NULL)
		RollbackAndReleaseCurrentSubTransaction();
	CurTransactionContext = surrounding;
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return error;
}

/* ScimAttempt returns NULL, or the error that has taken the work back. */
ErrorData *
ScimAttempt(void (*work)(void *arg), void *arg)
{
	return attempt(work, arg, true);
}

/* ScimAttemptUndone takes the work back whatever comes of it. */
ErrorData *
ScimAttemptUndone(void (*work)(void *arg), void *arg)
{
	return attempt(work, arg, false);
}

/* Row-level security refuses rows; any other right is missing for all of them. */
static bool
is_row_refused(const ErrorData *error)
{
	static const char template[] = "new row violates row-level security policy";

	return ScimErrorIsRaised(error) ||
		   (error->message_id != NULL &&
			strncmp(error->message_id, template, strlen(template)) == 0);
}

/*
 * ScimErrorIsAboutRow: is it something about the row that was written, so that others may
 * be possible?  Whatever a trigger raises is, with any SQLSTATE that it likes; but not
 * what comes again with each row, or where the whole is to come again: somebody cancels,
 * something lacks room or a right, others are in the way, a guard.
 */
bool
ScimErrorIsAboutRow(const ErrorData *error)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);

	/* it may be for somebody else to mend, and is about nobody but him */
	if (info != NULL && info->kind == SCIM_UNAVAILABLE)
		return error->constraint_name != NULL &&
			   strcmp(error->constraint_name, SCIM_DATABASE_ROLES) == 0;
	if (info != NULL)
		return info->kind != SCIM_GUARDED;
	if (ScimErrorIsFault(error))
		return false;
	switch (error->sqlerrcode)
	{
		case ERRCODE_INSUFFICIENT_PRIVILEGE:
			return is_row_refused(error);
		case ERRCODE_LOCK_NOT_AVAILABLE:
		case ERRCODE_DATA_CORRUPTED:
		case ERRCODE_INDEX_CORRUPTED:
			return false;
		default:
			break;
	}
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_CONNECTION_EXCEPTION:
		case ERRCODE_INVALID_TRANSACTION_STATE:
		case ERRCODE_TRANSACTION_ROLLBACK:
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_OPERATOR_INTERVENTION:
		case ERRCODE_SYSTEM_ERROR:
			return false;
		default:
			return true;
	}
}

typedef struct Part
{
	const ScimManyRows *rows;
	int from;
	int to;
} Part;

static void
write_part(void *arg)
{
	const Part *part = arg;

	part->rows->write(part->rows->arg, part->from, part->to);
}

/*
 * ScimAttemptMany writes rows, from one until before another, by one statement.  Where
 * that is refused it is tried again in halves, until those are found that cannot be.
 */
void
ScimAttemptMany(const ScimManyRows *rows, int from, int to)
{
	Part part = {rows, from, to};
	int middle = from + (to - from) / 2;
	ErrorData *error;

	CHECK_FOR_INTERRUPTS();
	if (from == to)
		return;
	error = ScimAttempt(write_part, &part);
	if (error == NULL)
		rows->written(rows->arg, from, to);
	else if (!ScimErrorIsAboutRow(error))
		ThrowErrorData(error);
	else if (to - from == 1)
		rows->refused(rows->arg, from, error);
	else
	{
		FreeErrorData(error);
		ScimAttemptMany(rows, from, middle);
		ScimAttemptMany(rows, middle, to);
	}
}

/* ScimProblemJson: what is wrong with a row, as reports of many have it. */
JsonbValue *
ScimProblemJson(const char *scim_type, const char *path, const char *detail)
{
	JsonbValue *object = ScimJsonNewObject();

	if (scim_type != NULL)
		ScimJsonSet(object, "scimType", ScimJsonNewString(scim_type));
	if (path != NULL)
		ScimJsonSet(object, "attribute", ScimJsonNewString(path));
	ScimJsonSet(object, "detail", ScimJsonNewString(detail));
	return object;
}

/*
 * ScimErrorJson is a list of one, of an error that the store, a constraint or somebody's
 * trigger has raised.  deletes: the row was to go.
 */
Jsonb *
ScimErrorJson(const ErrorData *error, bool deletes)
{
	JsonbValue *array = ScimJsonNewArray();
	const char *scim_type;
	const char *detail = ScimErrorTold(error, deletes, &scim_type);

	ScimJsonAppend(array, ScimProblemJson(scim_type, NULL, detail));
	return ScimJsonToJsonb(array);
}
