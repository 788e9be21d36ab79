/*
 * preview.c
 *		scim.preview, and POST /.preview: what a request would do, by doing it, and taking
 *		it back.
 *
 *		{"method": "PATCH", "path": "/Users/...", "headers": {"If-Match": "W/\"3\""},
 *		 "data": {"Operations": [...]}}
 *		-> {"status": 200, "headers": {...}, "body": {...}, "changes": [...],
 *			"tables": [...], "events": [...], "complete": true}
 *
 * It has a path of its own: a service that does not know it answers 404, and changes
 * nothing, while it would ignore a header.
 *
 * Told is what who asks may read: of resources whose type his scopes do not allow to
 * read, or which row-level security hides from him, only that they would change.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "door/guard/guard.h"
#include "endpoint/endpoint.h"
#include "json/json.h"
#include "protocol/protocol.h"
#include "query/past/past.h"
#include "query/query.h"
#include "store/preview.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"
#include "store/statement/statement.h"
#include "text/hash.h"

PG_FUNCTION_INFO_V1(scim_preview);

#define SCIM_URN_PREVIEW_REQUEST "urn:scim:params:preview:request"
#define SCIM_URN_PREVIEW_RESPONSE "urn:scim:params:preview:response"
#define PREVIEW_COLUMNS 7

/* A request that is tried, its answer, and what it would change. */
typedef struct Preview
{
	ScimRequest *request;
	ScimAnswer *answer;
	JsonbValue *changes;
	JsonbValue *tables;
	JsonbValue *events;
	bool complete;
} Preview;

/* What is noted of one resource, all notes together. */
typedef struct Change
{
	pg_uuid_t id; /* the key */
	const char *type_name;
	JsonbValue *operations;
	int64 version;
	bool has_row; /* its row is written, and not only its members */
	Jsonb *before;
	Jsonb *after;
	bool password;
	List *members; /* const ScimPreviewNote * */
	bool has_more; /* members of which there is no note */
	bool is_told;
} Change;

typedef struct Changes
{
	HTAB *by_id;
	List *all; /* of Change *, in the order in which they were written */
} Changes;

static Change *
change_of(Changes *changes, const ScimPreviewNote *note)
{
	bool found;
	Change *change = hash_search(changes->by_id, &note->id, HASH_ENTER, &found);

	if (!found)
	{
		pg_uuid_t id = change->id;

		memset(change, 0, sizeof(Change));
		change->id = id;
		change->type_name = note->type_name;
		change->operations = ScimJsonNewArray();
		changes->all = lappend(changes->all, change);
	}
	return change;
}

/* Who comes and leaves again was never there. */
static void
add_member(Change *change, const ScimPreviewNote *note)
{
	ListCell *lc;

	foreach (lc, change->members)
	{
		const ScimPreviewNote *other = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (memcmp(&other->member, &note->member, UUID_LEN) == 0)
		{
			change->members = foreach_delete_current(change->members, lc);
			return;
		}
	}
	change->members = lappend(change->members, (void *) note);
}

static void
add_row(Change *change, const ScimPreviewNote *note)
{
	if (!change->has_row)
		change->before = note->before;
	change->has_row = true;
	change->after = note->after;
	change->version = note->version;
	change->password = change->password || note->password;
	ScimJsonAppend(change->operations, ScimJsonNewString(note->operation));
}

static void
add_word(Change *change, const ScimPreviewNote *note)
{
	change->version = note->version;
	ScimJsonAppend(change->operations, ScimJsonNewString(note->operation));
}

static Changes
gather(const List *notes)
{
	Changes changes = {NULL, NIL};
	HASHCTL control = {.keysize = sizeof(pg_uuid_t),
					   .hash = ScimHash,
					   .entrysize = sizeof(Change),
					   .hcxt = CurrentMemoryContext};
	const ListCell *lc;

	changes.by_id = hash_create("scim previewed changes", 64, &control,
								HASH_ELEM | HASH_FUNCTION | HASH_CONTEXT);
	foreach (lc, notes)
	{
		const ScimPreviewNote *note = lfirst(lc);

		if (note->kind == SCIM_PREVIEW_RESOURCE)
			add_row(change_of(&changes, note), note);
		else if (note->kind == SCIM_PREVIEW_WORD)
			add_word(change_of(&changes, note), note);
		else if (note->kind == SCIM_PREVIEW_MEMBER)
			add_member(change_of(&changes, note), note);
		else if (note->kind == SCIM_PREVIEW_MORE)
			change_of(&changes, note)->has_more = true;
	}
	return changes;
}

/*
 * Marks those whose rows the caller sees, and whose types his scopes allow to read.  The
 * others are not there for him: neither that they change nor their ids are told.
 */
static void
find_told(ScimStore *store, Changes *changes)
{
	Datum *ids = palloc(sizeof(Datum) * (list_length(changes->all) + 1));
	MemoryContext context = CurrentMemoryContext;
	int nids = 0;
	const ListCell *lc;
	ScimParams params;

	foreach (lc, changes->all)
	{
		Change *change = lfirst(lc);

		if (!ScimScopeAllows(store, change->type_name, false))
			continue;
		/* of what is gone for good there is nothing but that to tell */
		if (change->has_row && change->after == NULL)
			change->is_told = true;
		else
			ids[nids++] = UUIDPGetDatum(&change->id);
	}
	if (nids == 0)
		return;
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, nids, UUIDOID), false);
	ScimSpiExecute(psprintf("SELECT r.id FROM %s.resource r "
							"WHERE r.tenant_id = $1 AND r.id = ANY ($2)",
							store->quoted_name),
				   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Change *change =
			hash_search(changes->by_id, DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID)),
						HASH_FIND, NULL);

		CHECK_FOR_INTERRUPTS();
		if (change != NULL)
			change->is_told = true;
	}
	SPI_finish();
	MemoryContextSwitchTo(context);
}

/* An operation of RFC 6902 about a member, as scim.history has it. */
static JsonbValue *
member_operation(const ScimPreviewNote *note)
{
	bool added = strcmp(note->operation, "add member") == 0;
	JsonbValue *operation = ScimJsonNewObject();
	char *id = ScimUuidText(&note->member);

	ScimJsonSet(operation, "op", ScimJsonNewString(added ? "add" : "remove"));
	ScimJsonSet(operation, "path", ScimJsonNewString(psprintf("/members/%s", id)));
	if (added)
	{
		JsonbValue *value = ScimJsonNewObject();

		ScimJsonSet(value, "value",
					ScimJsonNewString(note->value != NULL ? note->value : id));
		ScimJsonSet(operation, "value", value);
	}
	return operation;
}

static JsonbValue *
difference(const ScimStore *store, const Change *change)
{
	JsonbValue *operations = ScimJsonNewArray();
	const ListCell *lc;

	if (change->has_row)
		operations = ScimDisclosedDifference(
			ScimRegistryType(store->registry, change->type_name),
			change->before != NULL ? ScimJsonFromJsonb(change->before) : NULL,
			change->after != NULL ? ScimJsonFromJsonb(change->after) : NULL);
	if (change->has_row && change->after == NULL)
		return operations;
	foreach (lc, change->members)
		ScimJsonAppend(operations, member_operation(lfirst(lc)));
	return operations;
}

static void
tell_changes(Preview *preview, ScimStore *store, Changes *changes)
{
	const ListCell *lc;

	find_told(store, changes);
	foreach (lc, changes->all)
	{
		const Change *change = lfirst(lc);
		JsonbValue *told;

		CHECK_FOR_INTERRUPTS();
		if (!change->is_told)
			continue;
		/* of a group that goes members are not told */
		if (change->has_more && !(change->has_row && change->after == NULL))
			preview->complete = false;
		if (change->operations->val.array.nElems == 0 && change->members == NIL)
			continue;
		told = ScimJsonNewObject();
		ScimJsonSet(told, "resourceType", ScimJsonNewString(change->type_name));
		ScimJsonSet(told, "id", ScimJsonNewString(ScimUuidText(&change->id)));
		ScimJsonSet(told, "operations", change->operations);
		if (change->version > 0)
			ScimJsonSet(told, "version", ScimJsonNewInteger(change->version));
		if (change->password)
			ScimJsonSet(told, "password", ScimJsonNewBool(true));
		ScimJsonSet(told, "difference", difference(store, change));
		ScimJsonAppend(preview->changes, told);
	}
}

static JsonbValue *
texts(const List *list)
{
	JsonbValue *array = ScimJsonNewArray();
	const ListCell *lc;

	foreach (lc, list)
		ScimJsonAppend(array, ScimJsonNewString(lfirst(lc)));
	return array;
}

static void
tell_event(Preview *preview, ScimStore *store, const Changes *changes,
		   const ScimPreviewNote *note)
{
	const Change *change = hash_search(changes->by_id, &note->id, HASH_FIND, NULL);
	bool is_told =
		change != NULL ? change->is_told : ScimScopeAllows(store, note->type_name, false);
	JsonbValue *told;

	if (!is_told)
		return;
	told = ScimJsonNewObject();
	ScimJsonSet(told, "event", ScimJsonNewString(note->value));
	ScimJsonSet(told, "operation", ScimJsonNewString(note->operation));
	ScimJsonSet(told, "resourceType", ScimJsonNewString(note->type_name));
	ScimJsonSet(told, "id", ScimJsonNewString(ScimUuidText(&note->id)));
	if (note->version > 0)
		ScimJsonSet(told, "version", ScimJsonNewInteger(note->version));
	if (note->texts != NIL)
		ScimJsonSet(told, "attributes", texts(note->texts));
	if (note->added != NIL)
		ScimJsonSet(told, "membersAdded", texts(note->added));
	if (note->removed != NIL)
		ScimJsonSet(told, "membersRemoved", texts(note->removed));
	if (note->after != NULL)
		ScimJsonSet(told, "data", ScimJsonFromJsonb(note->after));
	ScimJsonAppend(preview->events, told);
}

static void
tell_row(Preview *preview, const ScimStore *store, const ScimPreviewNote *note)
{
	JsonbValue *told;

	if (!ScimScopeAllows(store, note->value, false))
		return;
	told = ScimJsonNewObject();
	ScimJsonSet(told, "table", ScimJsonNewString(note->type_name));
	ScimJsonSet(told, "operation", ScimJsonNewString(note->operation));
	ScimJsonSet(told, "key", texts(note->texts));
	ScimJsonAppend(preview->tables, told);
}

/* Reads the notes before they are undone, while the caller can see the rows. */
static void
tell(void *arg, const List *notes, bool complete)
{
	Preview *preview = arg;
	ScimStore *store;
	Changes changes;
	const ListCell *lc;

	preview->complete = complete;
	if (notes == NIL)
		return;
	store = ScimStoreCurrent();
	changes = gather(notes);
	tell_changes(preview, store, &changes);
	foreach (lc, notes)
	{
		const ScimPreviewNote *note = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (note->kind == SCIM_PREVIEW_EVENT)
			tell_event(preview, store, &changes, note);
		else if (note->kind == SCIM_PREVIEW_ROW)
			tell_row(preview, store, note);
	}
	/* what is told must not point to what goes with the notes */
	preview->changes = ScimJsonCopy(preview->changes);
	preview->tables = ScimJsonCopy(preview->tables);
	preview->events = ScimJsonCopy(preview->events);
}

static void
serve(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	ScimServe(request, answer);
}

/*
 * The server takes SET CONSTRAINTS back with the subtransaction that has said it, but
 * forgets what was before when that succeeds, as those within do.  So this one says
 * something, too, which changes nothing: the constraints of a store are immediate.
 */
static void
remember_constraints(void)
{
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller = ScimBeOwner(store->owner);
	ConstraintsSetStmt *stmt = makeNode(ConstraintsSetStmt);

	stmt->constraints = list_make1(makeRangeVar(store->name, "scim_check", -1));
	stmt->deferred = false;
	AfterTriggerSetState(stmt);
	ScimBeCaller(caller);
}

static void
perform(void *arg)
{
	Preview *preview = arg;
	ScimRequest *request = preview->request;

	remember_constraints();
	ScimPerform(serve, request, preview->answer, NULL);
	ScimFlatFinish(request, preview->answer);
	/* what would follow from a refusal is told, too */
	ScimGuardTellRefused();
}

/*
 * Tries a request and fills the rest of the preview.  What guards have refused has not
 * happened, and they do not trip for it.
 */
static void
try_request(Preview *preview)
{
	uint64 last_refused = ScimGuardLastRefused();
	bool began = ScimSpendingBegin();

	preview->changes = ScimJsonNewArray();
	preview->tables = ScimJsonNewArray();
	preview->events = ScimJsonNewArray();
	PG_TRY();
	{
		ScimPreviewTry(perform, tell, preview);
	}
	PG_FINALLY();
	{
		ScimSpendingEnd(began);
		ScimGuardForgetRefused(last_refused);
	}
	PG_END_TRY();
}

static void
refuse_nested(void)
{
	if (ScimPreviewing())
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE), errmsg("a preview cannot be previewed")));
}

/* ---- POST /.preview ---- */

static const char *
text_member(const JsonbValue *body, const char *name)
{
	const JsonbValue *value = ScimJsonGetFolded(body, name);

	if (value == NULL || value->type != jbvString || value->val.string.len == 0)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("a preview needs \"%s\", a string", name)));
	return ScimJsonStringCopy(value);
}

static JsonbValue *
object_member(const JsonbValue *body, const char *name)
{
	JsonbValue *value = ScimJsonGetFolded(body, name);

	if (value == NULL || value->type == jbvNull)
		return NULL;
	if (value->type != jbvObject)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"%s\" of a preview is not an object", name)));
	return value;
}

static void
write_member(StringInfo out, const char *name, const JsonbValue *value)
{
	appendStringInfo(out, ",\"%s\":", name);
	ScimJsonWrite(out, value);
}

/* ScimAnswerPreview answers POST /.preview: 200, whatever the request would be answered.
 */
void
ScimAnswerPreview(ScimRequest *request, ScimAnswer *answer)
{
	static const char *const known[] = {"schemas", "method", "path",
										"headers", "data",   NULL};
	const JsonbValue *body;
	ScimRequest tried = {0};
	ScimAnswer its_answer = {0};
	Preview preview = {.request = &tried, .answer = &its_answer};

	refuse_nested();
	ScimRefuseParameters(&request->target);
	ScimConditionsOfPost(request, "/.preview");
	body = ScimRequestBody(request);
	ScimCheckMessageSchema(body, SCIM_URN_PREVIEW_REQUEST);
	ScimRequireKnownMembers(body, known, "a preview");
	tried.method = text_member(body, "method");
	tried.target_text = text_member(body, "path");
	tried.headers = object_member(body, "headers");
	if (tried.headers == NULL)
		tried.headers = ScimJsonNewObject();
	tried.data = object_member(body, "data");
	its_answer.media_type = SCIM_MEDIA_TYPE;
	try_request(&preview);
	ScimAnswerFinish(&its_answer, strcmp(tried.method, "HEAD") == 0);

	answer->status = 200;
	appendStringInfo(&answer->body,
					 "{\"schemas\":[\"" SCIM_URN_PREVIEW_RESPONSE "\"],\"status\":%d",
					 its_answer.status);
	write_member(&answer->body, "headers", its_answer.headers);
	if (its_answer.body.len > 0)
	{
		appendStringInfoString(&answer->body, ",\"body\":");
		appendBinaryStringInfo(&answer->body, its_answer.body.data, its_answer.body.len);
	}
	write_member(&answer->body, "changes", preview.changes);
	write_member(&answer->body, "tables", preview.tables);
	write_member(&answer->body, "events", preview.events);
	appendStringInfo(&answer->body, ",\"complete\":%s}",
					 preview.complete ? "true" : "false");
}

/* ---- in SQL ---- */

static void
try_in_sql(ScimRequest *request, ScimAnswer *answer, void *arg)
{
	try_request(arg);
}

static Datum
jsonb_datum(JsonbValue *value)
{
	return JsonbPGetDatum(ScimJsonToJsonb(value));
}

/*
 * scim.preview(method text, target text, headers jsonb, body text) returns
 * scim.previewed: (status int, headers jsonb, body text, changes jsonb, tables jsonb,
 * events jsonb, complete boolean)
 */
Datum
scim_preview(PG_FUNCTION_ARGS)
{
	ScimRequest request = {0};
	ScimAnswer answer = {0};
	Preview preview = {.request = &request, .answer = &answer};
	TupleDesc desc;
	Datum values[PREVIEW_COLUMNS] = {0};
	bool nulls[PREVIEW_COLUMNS] = {false};

	refuse_nested();
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("method and target must not be null")));
	request.method = text_to_cstring(PG_GETARG_TEXT_PP(0));
	request.target_text = text_to_cstring(PG_GETARG_TEXT_PP(1));
	request.headers =
		PG_ARGISNULL(2) ? ScimJsonNewObject() : ScimJsonFromJsonb(PG_GETARG_JSONB_P(2));
	request.has_body = !PG_ARGISNULL(3);
	if (request.has_body)
		request.body = PG_GETARG_DATUM(3);
	answer.media_type = SCIM_MEDIA_TYPE;
	preview.changes = preview.tables = preview.events = ScimJsonNewArray();
	preview.complete = true;
	/* of one that is distributed it would find nothing; what it may ask comes later */
	ScimRefuseSpread(GetConfigOption("scim.store", false, false));
	/* where there is no store to try it on, that is the answer */
	ScimPerform(try_in_sql, &request, &answer, &preview);
	ScimAnswerFinish(&answer, strcmp(request.method, "HEAD") == 0);

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int32GetDatum(answer.status);
	values[1] = jsonb_datum(answer.headers);
	nulls[2] = answer.body.len == 0;
	if (!nulls[2])
		values[2] = PointerGetDatum(ScimAnswerTakeBody(&answer));
	values[3] = jsonb_datum(preview.changes);
	values[4] = jsonb_datum(preview.tables);
	values[5] = jsonb_datum(preview.events);
	values[6] = BoolGetDatum(preview.complete);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
