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
 * its own subtransaction.  Where a creation fails, so do the operations that
 * refer to it.  In a request whose "schemas" hold SCIM_URN_BULK_ATOMIC the
 * first failure is the error of the whole request.
 */
#include "postgres.h"

#include "binding/binding.h"
#include "fmgr.h"
#include "json/json.h"
#include "miscadmin.h"
#include "protocol/protocol.h"
#include "text/hex.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#define REFERENCE "bulkId:"

typedef struct Operation
{
	int number; /* 1-based */
	const char *method;
	const char *path;
	const char *bulk_id;
	const char *version;
	JsonbValue *data;
	pg_uuid_t id; /* of what a POST creates */
	char *id_text;
	List *needs;         /* of int: the creations that this refers to */
	const char *problem; /* why it cannot be performed, or NULL */
	ScimErrorKind problem_kind;
	/* Tarjan's algorithm */
	int visit;     /* when it was found, from 1; 0: not yet */
	int low;       /* the earliest on the stack that can be reached from here */
	int stack_at;  /* where it is on the stack */
	int next_need; /* the first of needs that is not followed yet */
	bool on_stack;
	bool in_circle; /* and so may be performed again */
	bool took_id;   /* when it was performed last, id became another one */
	/* the result */
	int status; /* 0: not performed */
	const char *location;
	const char *etag;
	const char *error; /* the body of an error answer */
	ScimErrorKind error_kind;
	const char *error_type; /* its scimType, or NULL */
	const char *error_detail;
} Operation;

typedef struct Creation
{
	const char *bulk_id;
	int index;
	int needed_by; /* number of the last operation that was found to refer to it */
} Creation;

typedef struct Bulk
{
	ScimStore *store;
	bool atomic;
	bool check_constraints; /* the deferred ones, with each operation */
	int64 fail_on_errors;
	int noperations;
	Operation *operations;
	int ncreations;
	Creation *creations; /* by bulk_id */
	int visits;
	int nstack;
	int *stack;
	int npath;
	int *path; /* from the operation that was begun with to the one at hand */
	int errors;
	bool stopped;
} Bulk;

/* In whose data references are looked for. */
typedef struct Part
{
	Bulk *bulk;
	Operation *operation;
} Part;

PG_FUNCTION_INFO_V1(scim_bulk);

static void perform_bulk(ScimStore *store, const JsonbValue *message,
						 bool check_constraints, StringInfo out);
static void read_message(Bulk *bulk, const JsonbValue *message);
static int64 read_fail_on_errors(const JsonbValue *message);
static void read_operation(Operation *operation, const JsonbValue *source);
static const char *
string_member(Operation *operation, const JsonbValue *source, const char *name);
static void check_operation(Operation *operation);
static void collect_creations(Bulk *bulk);
static int compare_creations(const void *a, const void *b);
static void resolve_part(JsonbValue *value, void *arg);
static void resolve_tree(Bulk *bulk, Operation *operation, JsonbValue *value);
static char *
resolve_text(Bulk *bulk, Operation *operation, const char *text, bool is_path);
static const char *
resolve_name(Bulk *bulk, Operation *operation, const char *name, int len, bool must_be);
static void begin_visit(Bulk *bulk, int index);
static void visit(Bulk *bulk, int index);
static int compare_ints(const void *a, const void *b);
static void perform_component(Bulk *bulk, int *members, int nmembers);
static void perform_circle(ScimRequest *request, ScimAnswer *answer, void *arg);
static void perform_operation(Bulk *bulk, Operation *operation);
static void dispatch_operation(ScimRequest *request, ScimAnswer *answer, void *arg);
static const char *
operation_location(const Bulk *bulk, const Operation *operation,
				   const ScimRequest *request, const ScimAnswer *answer);
static const Operation *failed_need(const Bulk *bulk, const Operation *operation);
static void take_id(Bulk *bulk, int index, const pg_uuid_t *id);
static void replace_id(JsonbValue *value, const char *text, const char *former);
static bool refers_to(const Operation *operation, int index);
static void fail(const Bulk *bulk, Operation *operation, ScimErrorKind kind,
				 const char *scim_type, const char *detail);
static void raise_failure(const Operation *operation);
static void write_result(StringInfo out, const Operation *operation);

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
Datum
scim_bulk(PG_FUNCTION_ARGS)
{
	const JsonbValue *message = ScimJsonFromJsonb(PG_GETARG_JSONB_P(0));
	StringInfoData out;

	if (message->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("a bulk request must be a JSON object")));
	ScimRequireDistinctKeys(message);
	initStringInfo(&out);
	perform_bulk(ScimStoreCurrent(), message, false, &out);
	PG_RETURN_JSONB_P(ScimJsonTextToJsonb(out.data, out.len));
}

/* perform_bulk performs a BulkRequest and appends the BulkResponse. */
static void
perform_bulk(ScimStore *store, const JsonbValue *message, bool check_constraints,
			 StringInfo out)
{
	Bulk bulk = {.store = store};
	bool first = true;

	read_message(&bulk, message);
	bulk.check_constraints = check_constraints && !bulk.atomic;
	collect_creations(&bulk);
	for (int i = 0; i < bulk.noperations; i++)
	{
		Operation *operation = &bulk.operations[i];

		if (operation->path != NULL)
			operation->path = resolve_text(&bulk, operation, operation->path, true);
		if (operation->data != NULL && operation->path != NULL)
			ScimBulkPlaces(store, operation->path, operation->data, resolve_part,
						   &(Part){&bulk, operation});
	}
	bulk.stack = palloc(sizeof(int) * bulk.noperations);
	bulk.path = palloc(sizeof(int) * bulk.noperations);
	for (int i = 0; i < bulk.noperations && !bulk.stopped; i++)
	{
		if (bulk.operations[i].visit == 0)
			visit(&bulk, i);
	}

	appendStringInfoString(out, "{\"schemas\":[\"" SCIM_URN_BULK_RESPONSE "\"],"
								"\"Operations\":[");
	for (int i = 0; i < bulk.noperations; i++)
	{
		if (bulk.operations[i].status == 0)
			continue;
		if (!first)
			appendStringInfoChar(out, ',');
		first = false;
		write_result(out, &bulk.operations[i]);
	}
	appendStringInfoString(out, "]}");
}

/* read_message raises what is wrong with a request as a whole. */
static void
read_message(Bulk *bulk, const JsonbValue *message)
{
	static const char *const known[] = {"schemas", "failOnErrors", "Operations", NULL};
	const JsonbValue *operations = ScimJsonGetFolded(message, "Operations");
	int max =
		ScimSettingInt(bulk->store->settings, SCIM_SETTING_MAX_BULK_OPERATIONS, NULL);

	ScimRequireKnownMembers(message, known, "a bulk request");
	bulk->atomic = ScimHasMessageSchema(message, SCIM_URN_BULK_ATOMIC);
	if (!bulk->atomic)
		ScimCheckMessageSchema(message, SCIM_URN_BULK_REQUEST);
	bulk->fail_on_errors = read_fail_on_errors(message);
	if (operations == NULL || operations->type != jbvArray ||
		operations->val.array.nElems == 0)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_SYNTAX),
				 errmsg("\"Operations\" of the bulk request is not an array of one or "
						"more operations")));
	bulk->noperations = operations->val.array.nElems;
	if (bulk->noperations > max)
		ereport(ERROR, (ScimErr(SCIM_TOO_LARGE),
						errmsg("the bulk request has %d operations, more than "
							   "maxOperations, %d",
							   bulk->noperations, max)));
	bulk->operations = palloc0(sizeof(Operation) * bulk->noperations);
	for (int i = 0; i < bulk->noperations; i++)
	{
		const JsonbValue *source = &operations->val.array.elems[i];

		if (source->type != jbvObject)
			ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
							errmsg("operation %d is not a JSON object", i + 1)));
		bulk->operations[i].number = i + 1;
		read_operation(&bulk->operations[i], source);
	}
}

/* Returns 0 for a request that goes on whatever fails. */
static int64
read_fail_on_errors(const JsonbValue *message)
{
	const JsonbValue *value = ScimJsonGetFolded(message, "failOnErrors");
	int64 number;

	if (ScimMessageLacks(value))
		return 0;
	if (!ScimMessageInteger(value, &number))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("\"failOnErrors\" of the bulk request is not an integer")));
	return Max(number, 0);
}

static void
read_operation(Operation *operation, const JsonbValue *source)
{
	/* those of answers too: clients send back what they got */
	static const char *const known[] = {"method",   "bulkId",   "version", "path", "data",
										"location", "response", "status",  NULL};
	const char *unknown = ScimUnknownMessageMember(source, known);

	operation->method = string_member(operation, source, "method");
	operation->path = string_member(operation, source, "path");
	operation->bulk_id = string_member(operation, source, "bulkId");
	if (operation->bulk_id != NULL && operation->bulk_id[0] == '\0')
		operation->bulk_id = NULL;
	operation->version = string_member(operation, source, "version");
	operation->data = ScimJsonGetFolded(source, "data");
	if (operation->method != NULL)
		operation->method = asc_toupper(operation->method, strlen(operation->method));
	operation->problem_kind = SCIM_INVALID_SYNTAX;
	if (unknown != NULL)
		operation->problem = psprintf("an operation has no \"%s\"", unknown);
	if (operation->problem == NULL)
		check_operation(operation);
}

/* A member that is a string; NULL where it is null or absent. */
static const char *
string_member(Operation *operation, const JsonbValue *source, const char *name)
{
	const JsonbValue *value = ScimJsonGetFolded(source, name);

	if (value == NULL || value->type == jbvNull)
		return NULL;
	if (value->type != jbvString)
	{
		operation->problem = psprintf("\"%s\" of the operation is not a string", name);
		return NULL;
	}
	return ScimJsonStringCopy(value);
}

/* One that is empty is none, as in a request. */
static bool
has_query(const char *path)
{
	const char *query = strchr(path, '?');

	return query != NULL && query[1] != '\0';
}

static void
check_operation(Operation *operation)
{
	const char *method = operation->method;
	JsonbValue *data = operation->data;

	if (method == NULL)
		operation->problem = "the operation has no \"method\"";
	else if (strcmp(method, "POST") != 0 && strcmp(method, "PUT") != 0 &&
			 strcmp(method, "PATCH") != 0 && strcmp(method, "DELETE") != 0)
		operation->problem =
			psprintf("method \"%s\" is none of POST, PUT, PATCH and DELETE", method);
	else if (operation->path == NULL)
		operation->problem = "the operation has no \"path\"";
	else if (operation->version != NULL && !ScimTagsAreValid(operation->version))
	{
		operation->problem_kind = SCIM_INVALID_VALUE;
		operation->problem =
			psprintf("\"version\" of the operation, \"%s\", is no entity-tag such as "
					 "W/\"3\"",
					 operation->version);
	}
	else if (has_query(operation->path))
	{
		operation->problem_kind = SCIM_INVALID_VALUE;
		operation->problem = "the \"path\" of the operation has a query, which no "
							 "operation takes";
	}
	else if (strcmp(method, "POST") == 0 && operation->bulk_id == NULL)
		operation->problem = "a POST operation needs a \"bulkId\"";
	else if (strcmp(method, "DELETE") == 0)
		operation->data = NULL;
	else if (strcmp(method, "PATCH") == 0 && data != NULL && data->type == jbvArray)
	{
		/* as the example of RFC 7644 section 3.7.3 has it */
		operation->data = ScimJsonNewObject();
		ScimJsonSet(operation->data, "Operations", data);
	}
	else if (data == NULL || data->type != jbvObject)
		operation->problem = "\"data\" of the operation is not a JSON object";
}

/* collect_creations gives ids to what will be created. */
static void
collect_creations(Bulk *bulk)
{
	bulk->creations = palloc(sizeof(Creation) * bulk->noperations);
	for (int i = 0; i < bulk->noperations; i++)
	{
		Operation *operation = &bulk->operations[i];

		if (operation->method == NULL || strcmp(operation->method, "POST") != 0 ||
			operation->bulk_id == NULL)
			continue;
		ScimUuidV7(&operation->id);
		operation->id_text = ScimUuidText(&operation->id);
		bulk->creations[bulk->ncreations].bulk_id = operation->bulk_id;
		bulk->creations[bulk->ncreations].needed_by = 0;
		bulk->creations[bulk->ncreations++].index = i;
	}
	qsort(bulk->creations, bulk->ncreations, sizeof(Creation), compare_creations);
	for (int i = 1; i < bulk->ncreations; i++)
	{
		if (strcmp(bulk->creations[i - 1].bulk_id, bulk->creations[i].bulk_id) == 0)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("bulkId \"%s\" is given to two operations",
								   bulk->creations[i].bulk_id)));
	}
}

static int
compare_creations(const void *a, const void *b)
{
	return strcmp(((const Creation *) a)->bulk_id, ((const Creation *) b)->bulk_id);
}

/* A part of the data that may hold references. */
static void
resolve_part(JsonbValue *value, void *arg)
{
	const Part *part = arg;

	resolve_tree(part->bulk, part->operation, value);
}

/*
 * resolve_tree replaces the references in all strings of a tree.  There may be very
 * many: a string that is a reference as a whole becomes the id without a copy of its
 * own.
 */
static void
resolve_tree(Bulk *bulk, Operation *operation, JsonbValue *value)
{
	static const int reference_len = sizeof(REFERENCE) - 1;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvString && value->val.string.len > reference_len)
	{
		const char *text = value->val.string.val;
		int len = value->val.string.len;
		const char *id;
		char *copy;

		if (memcmp(text, REFERENCE, reference_len) == 0)
		{
			id = resolve_name(bulk, operation, text + reference_len, len - reference_len,
							  true);
			if (id != NULL)
			{
				value->val.string.val = (char *) id;
				value->val.string.len = strlen(id);
			}
		}
		else if (memmem(text, len, REFERENCE, reference_len) != NULL)
		{
			copy = pnstrdup(text, len);
			value->val.string.val = resolve_text(bulk, operation, copy, false);
			value->val.string.len = strlen(value->val.string.val);
			pfree(copy);
		}
	}
	else if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			resolve_tree(bulk, operation, &value->val.array.elems[i]);
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
			resolve_tree(bulk, operation, &value->val.object.pairs[i].value);
	}
}

/*
 * resolve_text replaces the references in a text by ids: the text as a whole
 * (a value), behind a slash (a path or a URL) or in quotes (a filter in the
 * path of a PATCH operation).  Only a URL may hold what looks like a reference
 * and is none.
 */
static char *
resolve_text(Bulk *bulk, Operation *operation, const char *text, bool is_path)
{
	StringInfoData out;
	const char *p = text;
	const char *found;

	initStringInfo(&out);
	while ((found = strstr(p, REFERENCE)) != NULL)
	{
		const char *name = found + strlen(REFERENCE);
		char before = found > text ? found[-1] : '\0';
		size_t len;
		const char *id;

		CHECK_FOR_INTERRUPTS();
		if (before == '\0')
			len = strlen(name);
		else if (before == '/')
			len = strcspn(name, "/?#");
		else if (before == '"')
			len = strcspn(name, "\"");
		else
		{
			appendBinaryStringInfo(&out, p, name - p);
			p = name;
			continue;
		}
		id = resolve_name(bulk, operation, name, len, before != '/' || is_path);
		appendBinaryStringInfo(&out, p, found - p);
		if (id != NULL)
			appendStringInfoString(&out, id);
		else
			appendBinaryStringInfo(&out, found, name + len - found);
		p = name + len;
	}
	appendStringInfoString(&out, p);
	return out.data;
}

/*
 * resolve_name notes that an operation refers to the creation with a bulkId and
 * returns the id of what that creates; NULL where there is none, which is a problem
 * of the operation if there must be.
 */
static const char *
resolve_name(Bulk *bulk, Operation *operation, const char *name, int len, bool must_be)
{
	char *bulk_id = pnstrdup(name, len);
	Creation key = {.bulk_id = bulk_id};
	Creation *creation = bsearch(&key, bulk->creations, bulk->ncreations,
								 sizeof(Creation), compare_creations);

	if (creation == NULL && must_be && operation->problem == NULL)
	{
		operation->problem_kind = SCIM_INVALID_VALUE;
		operation->problem = psprintf("no POST operation has the bulkId \"%s\"", bulk_id);
	}
	pfree(bulk_id);
	if (creation == NULL)
		return NULL;
	if (creation->needed_by != operation->number)
		operation->needs = lappend_int(operation->needs, creation->index);
	creation->needed_by = operation->number;
	return bulk->operations[creation->index].id_text;
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

	CHECK_FOR_INTERRUPTS();
	if (nmembers == 1 && !refers_to(&bulk->operations[members[0]], members[0]))
		perform_operation(bulk, &bulk->operations[members[0]]);
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
			ScimPerform(perform_circle, &request, &answer, &circle);
		}
		for (int i = 0; circle.again && i < nmembers; i++)
			fail(bulk, &bulk->operations[members[i]], SCIM_CONFLICT, NULL,
				 "what the operation would be linked to changes all the time");
	}
	for (int i = 0; i < nmembers; i++)
	{
		Operation *operation = &bulk->operations[members[i]];

		if (circle.failed != NULL && operation != circle.failed)
			fail(
				bulk, operation, SCIM_CONFLICT, NULL,
				psprintf("the operation refers in a circle to operation %d, which failed",
						 circle.failed->number));
		if (operation->error_detail == NULL)
			continue;
		bulk->errors++;
		if (bulk->atomic)
			raise_failure(circle.failed != NULL ? circle.failed : operation);
	}
	if (bulk->fail_on_errors > 0 && bulk->errors >= bulk->fail_on_errors)
		bulk->stopped = true;
}

/* perform_circle raises an error, so that all is undone, when one has failed. */
static void
perform_circle(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	Circle *circle = arg;

	for (int i = 0; i < circle->nmembers; i++)
	{
		Operation *operation = &circle->bulk->operations[circle->members[i]];

		perform_operation(circle->bulk, operation);
		if (operation->error_detail != NULL)
		{
			circle->failed = operation;
			raise_failure(operation);
		}
		for (int j = 0; operation->took_id && j <= i; j++)
			circle->again =
				circle->again || refers_to(&circle->bulk->operations[circle->members[j]],
										   circle->members[i]);
		if (circle->again)
			ereport(ERROR, (ScimErr(SCIM_CONFLICT),
							errmsg("operation %d is linked to a resource that is there",
								   operation->number)));
	}
}

/* perform_operation performs one operation and notes its result. */
static void
perform_operation(Bulk *bulk, Operation *operation)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	ScimRequest request = {0};
	ScimAnswer answer = {0};
	const Operation *needed = failed_need(bulk, operation);
	const char *etag;

	if (operation->problem != NULL)
		fail(bulk, operation, operation->problem_kind, NULL, operation->problem);
	else if (needed != NULL)
		fail(bulk, operation, SCIM_CONFLICT, NULL,
			 psprintf("the operation refers to bulkId \"%s\", whose creation failed",
					  needed->bulk_id));
	if (operation->status != 0)
		return;

	context =
		AllocSetContextCreate(caller, "scim bulk operation", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	request.is_operation = true;
	request.defers = !bulk->check_constraints;
	request.method = operation->method;
	request.target_text =
		operation->path[0] == '/' ? operation->path : psprintf("/%s", operation->path);
	request.headers = ScimJsonNewObject();
	if (operation->version != NULL)
		ScimJsonSet(request.headers, "If-Match", ScimJsonNewString(operation->version));
	request.data = operation->data != NULL && operation->in_circle
					   ? ScimJsonCopy(operation->data)
					   : operation->data;
	if (operation->id_text != NULL)
		request.new_id = &operation->id;
	ScimPerform(dispatch_operation, &request, &answer, bulk);

	etag = ScimJsonStringCopy(ScimJsonGet(answer.headers, "ETag"));
	MemoryContextSwitchTo(caller);
	if (answer.status >= 400)
		fail(bulk, operation, answer.error_kind,
			 answer.error_type ? pstrdup(answer.error_type) : NULL,
			 pstrdup(answer.error_detail));
	operation->status = answer.status;
	operation->location = operation_location(bulk, operation, &request, &answer);
	operation->etag = etag != NULL ? pstrdup(etag) : NULL;
	operation->took_id = answer.status == 201 && operation->id_text != NULL &&
						 memcmp(&operation->id, &request.made_id, sizeof(pg_uuid_t)) != 0;
	if (operation->took_id)
		take_id(bulk, operation->number - 1, &request.made_id);
	MemoryContextDelete(context);
}

static bool
refers_to(const Operation *operation, int index)
{
	return list_member_int(operation->needs, index);
}

/* What an operation has created has another id, which those that refer to it learn. */
static void
take_id(Bulk *bulk, int index, const pg_uuid_t *id)
{
	Operation *created = &bulk->operations[index];
	char *former = pstrdup(created->id_text);
	const char *text = ScimUuidText(id);

	created->id = *id;
	/* strings that are references as a whole point here */
	memcpy(created->id_text, text, strlen(text));
	for (int i = 0; i < bulk->noperations; i++)
	{
		Operation *operation = &bulk->operations[i];

		CHECK_FOR_INTERRUPTS();
		if (!refers_to(operation, index))
			continue;
		if (operation->path != NULL)
		{
			char *path = pstrdup(operation->path);

			replace_id(ScimJsonNewString(path), text, former);
			operation->path = path;
		}
		if (operation->data != NULL)
			replace_id(operation->data, text, former);
	}
}

/* One id in all strings of a tree in place of another: both are as long. */
static void
replace_id(JsonbValue *value, const char *text, const char *former)
{
	size_t len = strlen(former);

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvString)
	{
		char *at = value->val.string.val;
		char *end = at + value->val.string.len;

		while ((at = memmem(at, end - at, former, len)) != NULL)
		{
			memcpy(at, text, len);
			at += len;
		}
	}
	else if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			replace_id(&value->val.array.elems[i], text, former);
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
			replace_id(&value->val.object.pairs[i].value, text, former);
	}
}

static void
dispatch_operation(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	const Bulk *bulk = arg;

	ScimDispatch(request, answer);
	if (bulk->check_constraints)
	{
		ScimDeferredRequire();
		ScimCheckDeferredConstraints();
	}
}

/*
 * A segment of a path as a URL may hold it (RFC 3986 section 3.3).  raw: it is as it
 * came, so that what is encoded in it stays so.
 */
static char *
encoded_segment(const char *text, int len, bool raw)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
								"0123456789-._~!$&'()*+,;=:@";
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < len; i++)
	{
		bool encoded = raw && text[i] == '%' && len - i > 2 &&
					   ScimHexDigit(text[i + 1]) >= 0 && ScimHexDigit(text[i + 2]) >= 0;

		if (encoded || strchr(plain, text[i]) != NULL)
			appendStringInfoChar(&out, text[i]);
		else
			appendStringInfo(&out, "%%%02X", (unsigned char) text[i]);
	}
	return out.data;
}

/*
 * The location of what an operation was about; NULL for a failed POST, and for what is
 * no resource of ours.
 */
static const char *
operation_location(const Bulk *bulk, const Operation *operation,
				   const ScimRequest *request, const ScimAnswer *answer)
{
	if (strcmp(operation->method, "POST") == 0)
		return ScimJsonStringCopy(ScimJsonGet(answer->headers, "Location"));
	if (request->type != NULL && request->id != NULL)
		return ScimLocation(ScimBaseUrl(bulk->store), request->type,
							encoded_segment(request->id, strlen(request->id), false));
	return NULL;
}

/*
 * The location of what an operation that was not performed is about: its path may lead to
 * a resource of some type, there or not.  NULL: it does not.
 */
static const char *
location_of_path(const Bulk *bulk, const char *path)
{
	const ScimResourceType *type;
	size_t len;

	path += path[0] == '/' ? 1 : 0;
	len = strcspn(path, "/?");
	type = ScimRegistryTypeByEndpoint(bulk->store->registry, path, len);
	if (type == NULL || path[len] != '/')
		return NULL;
	path += len + 1;
	len = strcspn(path, "/?");
	if (len == 0)
		return NULL;
	return ScimLocation(ScimBaseUrl(bulk->store), type, encoded_segment(path, len, true));
}

/* failed_need finds a creation that an operation refers to and that has failed. */
static const Operation *
failed_need(const Bulk *bulk, const Operation *operation)
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

static void
fail(const Bulk *bulk, Operation *operation, ScimErrorKind kind, const char *scim_type,
	 const char *detail)
{
	ScimAnswer answer = {0};

	ScimAnswerReset(&answer);
	ScimAnswerErrorType(&answer, kind, scim_type, detail);
	operation->status = answer.status;
	operation->error = answer.body.data;
	operation->error_kind = kind;
	operation->error_type = answer.error_type;
	operation->error_detail = detail;
	operation->etag = NULL;
	operation->location = NULL;
	if (operation->method != NULL && operation->path != NULL &&
		strcmp(operation->method, "POST") != 0)
		operation->location = location_of_path(bulk, operation->path);
}

/* raise_failure raises the error of one operation as that of the request. */
static void
raise_failure(const Operation *operation)
{
	ereport(ERROR,
			(ScimErr(operation->error_kind),
			 errmsg("operation %d%s%s%s: %s", operation->number,
					operation->bulk_id != NULL ? ", bulkId \"" : "",
					operation->bulk_id != NULL ? operation->bulk_id : "",
					operation->bulk_id != NULL ? "\"" : "", operation->error_detail),
			 ScimErrType(ScimErrorByKind(operation->error_kind)->scim_type == NULL
							 ? operation->error_type
							 : NULL)));
}

static void
write_member(StringInfo out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(out, "\"%s\":", name);
	ScimJsonWriteString(out, value, strlen(value));
	appendStringInfoChar(out, ',');
}

static void
write_result(StringInfo out, const Operation *operation)
{
	appendStringInfoChar(out, '{');
	write_member(out, "method", operation->method);
	write_member(out, "bulkId", operation->bulk_id);
	write_member(out, "version", operation->etag);
	write_member(out, "location", operation->location);
	if (operation->error != NULL)
		appendStringInfo(out, "\"response\":%s,", operation->error);
	appendStringInfo(out, "\"status\":\"%d\"}", operation->status);
}
