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
#include "store/statement/statement.h"

/* Does some work in a subtransaction of its own, which stays where it is kept. */
static ErrorData *
attempt(void (*work)(void *arg), void *arg, bool keep)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
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

/*
 * ScimErrorIsAboutRow: is it something about the row that was written?  What somebody
 * else is to blame for ends it all: whoever cancels, a lack of room, a right that is
 * missing, a guard.
 */
bool
ScimErrorIsAboutRow(const ErrorData *error)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);

	/* it may be for somebody else to mend, and is about nobody but him */
	if (info != NULL && info->kind == SCIM_UNAVAILABLE &&
		error->constraint_name != NULL &&
		strcmp(error->constraint_name, SCIM_DATABASE_ROLES) == 0)
		return true;
	if (info != NULL)
		return info->kind != SCIM_GUARDED && info->kind != SCIM_UNAVAILABLE &&
			   info->kind != SCIM_INTERNAL;
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_DATA_EXCEPTION:
		case ERRCODE_CARDINALITY_VIOLATION:
		case ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION:
		case ERRCODE_WITH_CHECK_OPTION_VIOLATION:
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
			return true;
		default:
			return error->sqlerrcode == ERRCODE_RAISE_EXCEPTION;
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

/* ScimErrorJson is a list of one, of an error that the store, or somebody's trigger, has
 * raised. */
Jsonb *
ScimErrorJson(const ErrorData *error)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);
	JsonbValue *array = ScimJsonNewArray();

	ScimJsonAppend(array, ScimProblemJson(info != NULL ? info->scim_type : NULL, NULL,
										  error->message));
	return ScimJsonToJsonb(array);
}
