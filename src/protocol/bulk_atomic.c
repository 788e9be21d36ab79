/*
 * bulk_atomic.c
 *		Operations of which all are done or none, and constraints that wait for the end.
 *
 * Constraints that are put off are asked once all operations are done: until then one of
 * them may mend what another has done.  Triggers that wait have their turn then, too, and
 * may write resources again: what is told is the version that is stored.
 *
 * Whose row it was that a constraint refuses, nobody knows by then.  So all is done once
 * more, and taken back: there they are asked with each operation, as in a request in
 * which each succeeds or fails alone, and the one that fails with the same error is
 * named.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "door/guard/guard.h"
#include "door/row/row.h"
#include "json/json.h"
#include "operation/operation.h"
#include "protocol/bulk.h"
#include "setting/setting.h"
#include "store/statement/statement.h"

typedef struct Whole
{
	Bulk *bulk;
	void (*perform)(Bulk *bulk);
	bool asks; /* all operations are done */
} Whole;

/* By resource, and when it was performed. */
static int
compare_operations(const void *a, const void *b)
{
	const Operation *left = *(Operation *const *) a;
	const Operation *right = *(Operation *const *) b;
	int order = memcmp(&left->resource_id, &right->resource_id, UUID_LEN);

	return order != 0 ? order : left->done - right->done;
}

/* The last operation on each resource tells the version that is stored. */
static void
tell_stored(Bulk *bulk)
{
	Operation **all = palloc(sizeof(Operation *) * bulk->noperations);
	int n = 0;

	for (int i = 0; i < bulk->noperations; i++)
	{
		Operation *operation = &bulk->operations[i];

		if (operation->etag != NULL && operation->type_name != NULL)
			all[n++] = operation;
	}
	qsort(all, n, sizeof(Operation *), compare_operations);
	for (int i = 0; i < n; i++)
	{
		const ScimResourceType *type =
			ScimRegistryType(bulk->store->registry, all[i]->type_name);
		const ScimResource *stored;

		CHECK_FOR_INTERRUPTS();
		if (type == NULL ||
			(i + 1 < n &&
			 memcmp(&all[i]->resource_id, &all[i + 1]->resource_id, UUID_LEN) == 0))
			continue;
		stored = ScimFindResource(bulk->store, type, &all[i]->resource_id);
		if (stored != NULL)
			all[i]->etag = ScimResourceVersion(stored);
	}
	pfree(all);
}

static void
perform_and_ask(void *arg)
{
	Whole *whole = arg;
	uint64 writes;

	whole->perform(whole->bulk);
	writes = ScimDoorWrites();
	whole->asks = true;
	ScimBulkAsk(whole->bulk);
	if (ScimDoorWrites() != writes)
		tell_stored(whole->bulk);
}

static void
perform_asking(void *arg)
{
	const Whole *whole = arg;

	whole->perform(whole->bulk);
}

/* Has an operation failed by what constraints have refused? */
static bool
is_same(const ErrorData *unmet, const Operation *operation)
{
	const ScimErrorInfo *info = ScimErrorBySqlstate(unmet->sqlerrcode);
	ScimErrorKind kind = SCIM_INTERNAL;
	const char *message;
	bool inside;

	if (info != NULL)
		kind = info->kind;
	else
		(void) ScimErrorOfOwner(unmet, strcmp(operation->method, "DELETE") == 0, &kind,
								&message, &inside);
	return kind == operation->error_kind;
}

/*
 * ScimBulkAtomic performs all operations, by perform, and asks the constraints that wait.
 * message: what has been read to bulk.
 */
void
ScimBulkAtomic(Bulk *bulk, const JsonbValue *message, void (*perform)(Bulk *bulk))
{
	static const ScimRequest any = {0};
	/* bulkId:x becomes an id in what is performed */
	const JsonbValue *as_sent = ScimJsonCopy(message);
	Bulk again = {.store = bulk->store, .check_constraints = true};
	Whole whole = {bulk, perform, false};
	const ScimSpent spent = ScimSpentNow();
	uint64 refused = ScimGuardLastRefused();
	ScimSpent spent_then;
	ErrorData *error;
	ErrorData *unmet;
	ErrorData *blame;

	bulk->asks_last = true;
	error = ScimAttempt(perform_and_ask, &whole);
	if (error == NULL)
		return;
	unmet = whole.asks ? error : bulk->unmet;
	if (unmet == NULL || ScimErrorEndsAll(&any, error) ||
		ScimGuardLastRefused() != refused)
		ReThrowError(error);
	if (ScimErrorEndsAll(&any, unmet))
		ReThrowError(unmet);

	spent_then = ScimSpentNow();
	ScimSpentRestore(&spent);
	ScimBulkRead(&again, as_sent);
	whole = (Whole){&again, perform, false};
	blame = ScimAttemptUndone(perform_asking, &whole);
	ScimGuardForgetRefused(refused);
	ScimSpentRestore(&spent_then);
	if (blame != NULL && ScimErrorEndsAll(&any, blame))
		ReThrowError(blame);
	if (blame != NULL && again.raised != NULL && is_same(unmet, again.raised))
		ReThrowError(blame);
	ReThrowError(error);
}
