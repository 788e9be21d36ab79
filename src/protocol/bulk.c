/*
 * bulk.c
 *		Many operations in one request: RFC 7644 section 3.7.
 *
 * What a bulk request creates has its id from the start.  So a reference
 * bulkId:x, in a path or where data refers, becomes that id before anything is done, and
 * the only question is the order: operations are performed as they stand in
 * the request, but a creation before the operations that refer to it.
 *
 *		1. POST Group  g1, members [bulkId:u1]		u1 first, then g1
 *		2. POST User   u1
 *		3. POST Group  g2, members [bulkId:g3]		together, in this order,
 *		4. POST Group  g3, members [bulkId:g2]		both or none
 *
 * Operations that refer to each other in a circle are the strongly connected
 * components of the graph of references.  Tarjan's algorithm finds them with
 * every component after those that it refers to, which is the order wanted.
 *
 * By a policy "link" a creation may turn out to be a resource that is there, and so has
 * another id, which takes the place of the one that the operations to come refer to.  In
 * a circle all begins anew then, with that id from the start.
 *
 * Each operation goes through the same dispatch as a request of its own, in
 * its own subtransaction, or as if it were (bulk_together.c, bulk_leave.c).  Where a
 * creation fails, so do the operations that refer to it.  In a request whose "schemas"
 * hold SCIM_URN_BULK_ATOMIC the first failure is the error of the whole request.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "json/json.h"
#include "protocol/bulk.h"
#include "protocol/protocol.h"
#include "store/statement/statement.h"

SCIM_FUNCTION_OF_VALUES(scim_bulk);

static void perform_bulk(ScimStore *store, const JsonbValue *message,
						 bool check_constraints, StringInfo out);
static void begin_visit(Bulk *bulk, int index);
static void visit(Bulk *bulk, int index);
static int compare_ints(const void *a, const void *b);
static void perform_component(Bulk *bulk, int *members, int nmembers);
static void perform_circle(ScimRequest *request, ScimAnswer *answer, void *arg);

/* ScimAnswerBulk answers POST /Bulk. */
void
ScimAnswerBulk(ScimRequest *request, ScimAnswer *answer)
{
	const JsonbValue *message = ScimRequestBody(request);

	/* those of the operations are their "version" */
	ScimConditionsOfPost(request, "/Bulk");
	answer->wrote = true;
	answer->status = 200;
	perform_bulk(request->store, message, true, &answer->body);
}

/*
 * scim.bulk(request jsonb) returns jsonb: a BulkRequest, and its BulkResponse.
 * What is wrong with the request as a whole is raised.
 */
static Datum
scim_bulk_given(PG_FUNCTION_ARGS)
{
	const JsonbValue *message = ScimJsonFromJsonb(PG_GETARG_JSONB_P(0));
	StringInfoData out;

	if (message->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("a bulk request must be a JSON object")));
	ScimRequireDistinctKeys(message);
	ScimRequireShortNumbers(message, "the bulk request");
	initStringInfo(&out);
	perform_bulk(ScimStoreCurrent(), message, false, &out);
	PG_RETURN_JSONB_P(ScimJsonTextToJsonb(out.data, out.len));
}

static void
perform_all(Bulk *bulk)
{
	ScimBulkCollect(bulk);
	for (int i = 0; i < bulk->noperations; i++)
		ScimBulkResolve(bulk, &bulk->operations[i]);
	ScimBulkFindShared(bulk);
	ScimBulkFindLeavers(bulk);
	bulk->stack = palloc(sizeof(int) * bulk->noperations);
	bulk->path = palloc(sizeof(int) * bulk->noperations);
	for (int i = 0; i < bulk->noperations && !bulk->stopped; i++)
	{
		if (bulk->operations[i].visit == 0)
			visit(bulk, i);
	}
	ScimBulkPerformWaiting(bulk);
}

/* perform_bulk performs a BulkRequest and appends the BulkResponse. */
static void
perform_bulk(ScimStore *store, const JsonbValue *message, bool check_constraints,
			 StringInfo out)
{
	Bulk bulk = {.store = store};
	bool first = true;

	ScimBulkRead(&bulk, message);
	bulk.check_constraints = check_constraints && !bulk.atomic;
	if (check_constraints && bulk.atomic)
		ScimBulkAtomic(&bulk, message, perform_all);
	else
		perform_all(&bulk);

	appendStringInfoString(out, "{\"schemas\":[\"" SCIM_URN_BULK_RESPONSE "\"],"
								"\"Operations\":[");
	for (int i = 0; i < bulk.noperations; i++)
	{
		if (bulk.operations[i].status == 0)
			continue;
		if (!first)
			appendStringInfoChar(out, ',');
		first = false;
		ScimBulkWriteResult(out, &bulk.operations[i]);
	}
	appendStringInfoString(out, "]}");
}

static void
begin_visit(Bulk *bulk, int index)
{
	Operation *operation = &bulk->operations[index];

	operation->visit = operation->low = ++bulk->visits;
	operation->on_stack = true;
	operation->stack_at = bulk->nstack;
	bulk->stack[bulk->nstack++] = index;
	bulk->path[bulk->npath++] = index;
}

/*
 * visit is Tarjan's algorithm: it performs what an operation refers to, and
 * then the operation, or all of its circle.  It keeps its own path, since a chain of
 * references may be as long as there are operations.
 */
static void
visit(Bulk *bulk, int index)
{
	bulk->npath = 0;
	begin_visit(bulk, index);
	while (bulk->npath > 0)
	{
		Operation *operation = &bulk->operations[bulk->path[bulk->npath - 1]];

		CHECK_FOR_INTERRUPTS();
		if (operation->next_need < list_length(operation->needs))
		{
			int need = list_nth_int(operation->needs, operation->next_need++);
			Operation *needed = &bulk->operations[need];

			if (needed->visit == 0)
				begin_visit(bulk, need);
			else if (needed->on_stack)
				operation->low = Min(operation->low, needed->visit);
			continue;
		}
		if (operation->low == operation->visit)
		{
			int start = operation->stack_at;

			qsort(&bulk->stack[start], bulk->nstack - start, sizeof(int), compare_ints);
			for (int i = start; i < bulk->nstack; i++)
				bulk->operations[bulk->stack[i]].on_stack = false;
			perform_component(bulk, &bulk->stack[start], bulk->nstack - start);
			bulk->nstack = start;
			if (bulk->stopped)
				return;
		}
		if (--bulk->npath > 0)
		{
			Operation *outer = &bulk->operations[bulk->path[bulk->npath - 1]];

			outer->low = Min(outer->low, operation->low);
		}
	}
}

static int
compare_ints(const void *a, const void *b)
{
	int left = *(const int *) a;
	int right = *(const int *) b;

	return left < right ? -1 : left > right;
}

typedef struct Circle
{
	Bulk *bulk;
	int *members;
	int nmembers;
	Operation *failed;
	bool again; /* a creation has another id than those before it have used */
} Circle;

/* perform_component performs one operation, or a circle of them: all or none. */
static void
perform_component(Bulk *bulk, int *members, int nmembers)
{
	Circle circle = {bulk, members, nmembers, NULL, false};

	bool alone =
		nmembers == 1 && !ScimBulkRefersTo(&bulk->operations[members[0]], members[0]);

	CHECK_FOR_INTERRUPTS();
	if (alone &&
		(bulk->operations[members[0]].shares || bulk->operations[members[0]].leaves))
	{
		ScimBulkWait(bulk, members[0]);
		return;
	}
	ScimBulkPerformWaiting(bulk);
	if (bulk->stopped)
		return;
	if (alone)
		ScimBulkPerform(bulk, &bulk->operations[members[0]], false);
	else
	{
		/* each creation takes the id of what it is linked to once */
		for (int attempt = 0; attempt == 0 || (circle.again && attempt <= nmembers);
			 attempt++)
		{
			ScimRequest request = {0};
			ScimAnswer answer = {0};

			for (int i = 0; i < nmembers; i++)
			{
				bulk->operations[members[i]].status = 0;
				bulk->operations[members[i]].in_circle = true;
			}
			circle.again = false;
			request.all_or_none = bulk->atomic;
			ScimPerform(perform_circle, &request, &answer, &circle);
		}
		for (int i = 0; circle.again && i < nmembers; i++)
			ScimBulkFail(bulk, &bulk->operations[members[i]], SCIM_CONFLICT, NULL,
						 "what the operation would be linked to changes all the time");
	}
	for (int i = 0; i < nmembers; i++)
	{
		Operation *operation = &bulk->operations[members[i]];

		if (circle.failed != NULL && operation != circle.failed)
			ScimBulkFail(
				bulk, operation, SCIM_CONFLICT, NULL,
				psprintf("the operation refers in a circle to operation %d, which failed",
						 circle.failed->number));
		ScimBulkCount(bulk, operation, circle.failed != NULL ? circle.failed : operation);
	}
}

/* perform_circle raises an error, so that all is undone, when one has failed. */
static void
perform_circle(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	Circle *circle = arg;

	for (int i = 0; i < circle->nmembers; i++)
	{
		Operation *operation = &circle->bulk->operations[circle->members[i]];

		ScimBulkPerform(circle->bulk, operation, false);
		if (operation->error_detail != NULL)
		{
			circle->failed = operation;
			ScimBulkRaise(operation);
		}
		for (int j = 0; operation->took_id && j <= i; j++)
			circle->again =
				circle->again ||
				ScimBulkRefersTo(&circle->bulk->operations[circle->members[j]],
								 circle->members[i]);
		if (circle->again)
			ereport(ERROR, (ScimErr(SCIM_CONFLICT),
							errmsg("operation %d is linked to a resource that is there",
								   operation->number)));
	}
}
