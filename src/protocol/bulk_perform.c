/*
 * bulk_perform.c
 *		One operation of a bulk request: the same dispatch as that of a request of its
 * own.
 */
#include "postgres.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "door/guard/guard.h"
#include "operation/operation.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "protocol/bulk.h"
#include "protocol/protocol.h"
#include "setting/setting.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* ScimBulkFailedNeed finds a creation that an operation refers to and that has failed. */
const Operation *
ScimBulkFailedNeed(const Bulk *bulk, const Operation *operation)
{
	ListCell *lc;

	foreach (lc, operation->needs)
	{
		const Operation *needed = &bulk->operations[lfirst_int(lc)];

		if (needed->error_detail != NULL)
			return needed;
	}
	return NULL;
}

/* ScimBulkAsk asks the constraints that wait; what comes next may wait again. */
void
ScimBulkAsk(void *bulk)
{
	ScimDeferredRequire();
	ScimCheckDeferredConstraints();
	ScimDeferredPutOff(ScimBindingsOfStore(((const Bulk *) bulk)->store));
}

static void
dispatch_operation(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	Bulk *bulk = arg;

	ScimDispatch(request, answer);
	if (bulk->check_constraints)
		ScimBulkAsk(bulk);
}

/* Whose version it is that the operation has been answered with. */
static void
note_resource(Operation *operation, const ScimRequest *request)
{
	operation->type_name = NULL;
	if (operation->etag == NULL || request->type == NULL || request->type->is_membership)
		return;
	if (request->id == NULL)
		operation->resource_id = request->made_id;
	else if (!ScimUuidParse(request->id, &operation->resource_id))
		return;
	operation->type_name = pstrdup(request->type->name);
}

/*
 * ScimBulkPerform performs one operation and notes its result.  together: not in a
 * subtransaction of its own, so that it leaves by an error where it fails, and may come
 * again.
 */
void
ScimBulkPerform(Bulk *bulk, Operation *operation, bool together)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	ScimRequest request = {0};
	ScimAnswer answer = {0};
	const Operation *needed = ScimBulkFailedNeed(bulk, operation);
	const char *etag;

	if (operation->problem != NULL)
		ScimBulkFail(bulk, operation, operation->problem_kind, NULL, operation->problem);
	else if (needed != NULL)
		ScimBulkFail(
			bulk, operation, SCIM_CONFLICT, NULL,
			psprintf("the operation refers to bulkId \"%s\", whose creation failed",
					 needed->bulk_id));
	if (operation->status != 0)
		return;

	context =
		AllocSetContextCreate(caller, "scim bulk operation", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	request.is_operation = true;
	request.all_or_none = bulk->atomic || operation->in_circle;
	request.defers = !bulk->check_constraints;
	request.method = operation->method;
	request.target_text =
		operation->path[0] == '/' ? operation->path : psprintf("/%s", operation->path);
	request.headers = ScimJsonNewObject();
	if (operation->version != NULL)
		ScimJsonSet(request.headers, "If-Match", ScimJsonNewString(operation->version));
	request.data = operation->data != NULL && (operation->in_circle || together)
					   ? ScimJsonCopy(operation->data)
					   : operation->data;
	if (operation->id_text != NULL)
		request.new_id = &operation->id;
	if (together)
		ScimPerformHere(dispatch_operation, &request, &answer, bulk);
	else
		ScimPerform(dispatch_operation, &request, &answer, bulk);

	etag = ScimJsonStringCopy(ScimJsonGet(answer.headers, "ETag"));
	MemoryContextSwitchTo(caller);
	if (answer.status >= 400)
		ScimBulkFail(bulk, operation, answer.error_kind,
					 answer.error_type ? pstrdup(answer.error_type) : NULL,
					 pstrdup(answer.error_detail));
	operation->status = answer.status;
	operation->location = ScimBulkLocation(bulk, operation, &request, &answer);
	operation->etag = etag != NULL ? pstrdup(etag) : NULL;
	operation->done = ++bulk->ndone;
	note_resource(operation, &request);
	operation->took_id = answer.status == 201 && operation->id_text != NULL &&
						 memcmp(&operation->id, &request.made_id, sizeof(pg_uuid_t)) != 0;
	if (operation->took_id)
		ScimBulkTakeId(bulk, operation->number - 1, &request.made_id);
	MemoryContextDelete(context);
}

/*
 * ScimBulkCount counts an operation that has failed; raised is the one whose error is
 * that of the request, where all are to be done or none.
 */
void
ScimBulkCount(Bulk *bulk, const Operation *operation, const Operation *raised)
{
	if (operation->error_detail == NULL)
		return;
	bulk->errors++;
	if (bulk->atomic)
	{
		bulk->raised = raised;
		/* what those before it have done wrong was wrong before */
		if (bulk->asks_last && raised->error_kind != SCIM_GUARDED)
			bulk->unmet = ScimAttemptUndone(ScimBulkAsk, bulk);
		ScimBulkRaise(raised);
	}
	if (bulk->fail_on_errors > 0 && bulk->errors >= bulk->fail_on_errors)
		bulk->stopped = true;
}

/*
 * ScimBulkAttempt does work of several operations in one subtransaction, or none of it:
 * then it returns false, and nothing has been spent or refused.
 */
bool
ScimBulkAttempt(void (*work)(void *arg), void *arg)
{
	static const ScimRequest any = {0};
	const ScimSpent spent = ScimSpentNow();
	uint64 refused = ScimGuardLastRefused();
	ErrorData *error = ScimAttempt(work, arg);

	if (error == NULL)
		return true;
	ScimSpentRestore(&spent);
	if (ScimErrorEndsAll(&any, error))
		ReThrowError(error);
	FreeErrorData(error);
	ScimGuardForgetRefused(refused);
	return false;
}

/* ScimBulkForget forgets what has come of an operation, which is to be done again. */
void
ScimBulkForget(Operation *operation)
{
	operation->status = 0;
	operation->location = NULL;
	operation->etag = NULL;
	operation->error = NULL;
	operation->error_type = NULL;
	operation->error_detail = NULL;
}

/* ScimBulkPerformAlone performs an operation by itself; false: it has failed. */
bool
ScimBulkPerformAlone(Bulk *bulk, Operation *operation)
{
	ScimBulkPerform(bulk, operation, false);
	ScimBulkCount(bulk, operation, operation);
	return operation->error_detail == NULL;
}
