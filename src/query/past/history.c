/*
 * history.c
 *		What has become of one resource, step by step: scim.history.
 *
 * A step knows what was before it.  What was made of that is what the next step has
 * found, or what is in the table now: so a step waits for the next one, and what happened
 * in between without a step, such as the coming of members, waits behind it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "json/json.h"
#include "policy/policy.h"
#include "query/past/past.h"
#include "query/query.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_history);
PG_FUNCTION_INFO_V1(scim_document_difference);
PG_FUNCTION_INFO_V1(scim_known_document);
PG_FUNCTION_INFO_V1(scim_take_back);
PG_FUNCTION_INFO_V1(scim_without_times);

static void hide_in_object(const ScimAttribute *attributes, int count, JsonbValue *before,
						   JsonbValue *after);

/* The columns of scim.history, of which those before the last are the audit's. */
#define HISTORY_COLUMNS 10
#define HISTORY_VERSION 2
#define HISTORY_OPERATION 3
#define HISTORY_DIFFERENCE 9

/* A row on its way. */
typedef struct Entry
{
	Datum values[HISTORY_COLUMNS];
	bool nulls[HISTORY_COLUMNS];
} Entry;

typedef struct History
{
	ScimStore *store;
	const ScimResourceType *type; /* NULL: one that is not registered any more */
	pg_uuid_t id;
	ReturnSetInfo *result;
	MemoryContext waiting; /* of what waits for the next step */
	bool has_step;
	Entry step;
	char *operation;
	int64 version;
	bool removes; /* the row went with it */
	bool known;   /* what was before it, which is: */
	JsonbValue *before;
	JsonbValue *password; /* the operation of a password that was changed, or NULL */
	List *entries;        /* of Entry *, behind it */
} History;

/* A secret that changes is seen to, by null in place of it; one that stays is not. */
static void
hide_value(JsonbValue *before, JsonbValue *after, const char *name)
{
	JsonbValue *was = before != NULL ? ScimJsonGet(before, name) : NULL;
	JsonbValue *is = after != NULL ? ScimJsonGet(after, name) : NULL;
	JsonbValue null = {.type = jbvNull};
	bool same = was != NULL && is != NULL && ScimJsonEqual(was, is);

	if (was != NULL)
		*was = same ? null : *ScimJsonNewBool(false); /* other than null, and not told */
	if (is != NULL)
		*is = null;
}

static JsonbValue *
object_in(JsonbValue *object, const char *name)
{
	JsonbValue *value = object != NULL ? ScimJsonGet(object, name) : NULL;

	return value != NULL && value->type == jbvObject ? value : NULL;
}

static bool
has_secrets(const ScimAttribute *attributes, int count)
{
	check_stack_depth();
	for (int i = 0; i < count; i++)
	{
		if (ScimIsSecret(&attributes[i]) ||
			has_secrets(attributes[i].subs, attributes[i].nsubs))
			return true;
	}
	return false;
}

/*
 * In several values those of one are compared with those of the one that it was
 * (schema/canonical/pairs.c).
 */
static void
hide_in_elements(const ScimAttribute *attribute, JsonbValue *before, JsonbValue *after)
{
	int old_count;
	int new_count;
	JsonbValue *old = unconstify(JsonbValue *, ScimElementsOf(before, &old_count));
	JsonbValue *new = unconstify(JsonbValue *, ScimElementsOf(after, &new_count));
	bool *taken = palloc0(old_count + 1);
	int *pairs = NULL;

	if (after != NULL && after->type == jbvArray)
		pairs = ScimElementsPair(attribute, before, after);
	for (int i = 0; i < new_count; i++)
	{
		JsonbValue *was = pairs != NULL && pairs[i] >= 0 ? &old[pairs[i]] : NULL;

		CHECK_FOR_INTERRUPTS();
		if (was != NULL)
			taken[pairs[i]] = true;
		hide_in_object(attribute->subs, attribute->nsubs, was, &new[i]);
	}
	for (int i = 0; i < old_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!taken[i])
			hide_in_object(attribute->subs, attribute->nsubs, &old[i], NULL);
	}
	if (pairs != NULL)
		pfree(pairs);
	pfree(taken);
}

static void
hide_in_object(const ScimAttribute *attributes, int count, JsonbValue *before,
			   JsonbValue *after)
{
	check_stack_depth();
	if (before != NULL && before->type != jbvObject)
		before = NULL;
	if (after != NULL && after->type != jbvObject)
		after = NULL;
	for (int i = 0; i < count && (before != NULL || after != NULL); i++)
	{
		const ScimAttribute *attribute = &attributes[i];
		JsonbValue *was;
		JsonbValue *is;

		if (ScimIsSecret(attribute))
		{
			hide_value(before, after, attribute->name);
			continue;
		}
		if (!has_secrets(attribute->subs, attribute->nsubs))
			continue;
		was = before != NULL ? ScimJsonGet(before, attribute->name) : NULL;
		is = after != NULL ? ScimJsonGet(after, attribute->name) : NULL;
		if ((was != NULL && was->type == jbvArray) ||
			(is != NULL && is->type == jbvArray))
			hide_in_elements(attribute, was, is);
		else
			hide_in_object(attribute->subs, attribute->nsubs, was, is);
	}
}

static void
hide_in_schema(const ScimSchema *schema, JsonbValue *before, JsonbValue *after)
{
	hide_in_object(schema->attributes, schema->nattributes, before, after);
}

/*
 * ScimDisclosedDifference: what made one document of another, without secrets: where one
 * changed, its new value is null.  Either may be NULL; both change.
 */
JsonbValue *
ScimDisclosedDifference(const ScimResourceType *type, JsonbValue *before,
						JsonbValue *after)
{
	if (before != NULL && before->type != jbvObject)
		before = NULL;
	if (after != NULL && after->type != jbvObject)
		after = NULL;
	if (type != NULL)
	{
		hide_in_schema(type->schema, before, after);
		for (int i = 0; i < type->nextensions; i++)
			hide_in_schema(type->extensions[i].schema,
						   object_in(before, type->extensions[i].schema->id),
						   object_in(after, type->extensions[i].schema->id));
	}
	return ScimJsonDifference(before, after);
}

static void
put_entry(const History *history, const Entry *entry)
{
	tuplestore_putvalues(history->result->setResult, history->result->setDesc,
						 (Datum *) entry->values, (bool *) entry->nulls);
}

/* known: what the step made is after, NULL for nothing. */
static void
finish_step(History *history, bool known, JsonbValue *after)
{
	MemoryContext caller = MemoryContextSwitchTo(history->waiting);
	ListCell *lc;

	if (history->has_step)
	{
		if (history->known && known)
		{
			JsonbValue *difference =
				ScimDisclosedDifference(history->type, history->before, after);

			if (history->password != NULL)
				ScimJsonAppend(difference, history->password);
			history->step.values[HISTORY_DIFFERENCE] =
				JsonbPGetDatum(ScimJsonToJsonb(difference));
			history->step.nulls[HISTORY_DIFFERENCE] = false;
		}
		put_entry(history, &history->step);
	}
	foreach (lc, history->entries)
		put_entry(history, lfirst(lc));
	history->entries = NIL;
	history->has_step = false;
	history->before = NULL;
	history->password = NULL;
	MemoryContextSwitchTo(caller);
	MemoryContextReset(history->waiting);
}

static Datum
copied(HeapTuple row, TupleDesc desc, int column, Oid type, bool *isnull)
{
	Datum value = ScimColumn(row, desc, column, type, isnull);

	if (*isnull || type == TIMESTAMPTZOID || type == INT8OID)
		return value;
	if (type == UUIDOID)
	{
		pg_uuid_t *id = palloc(sizeof(pg_uuid_t));

		*id = *DatumGetUUIDP(value);
		return UUIDPGetDatum(id);
	}
	return PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
}

static JsonbValue *
tree_column(HeapTuple row, TupleDesc desc, int column)
{
	bool isnull;
	Datum value = copied(row, desc, column, JSONBOID, &isnull);

	return isnull ? NULL : ScimJsonFromJsonb(DatumGetJsonbP(value));
}

/* Who came to a group, or left it: as if its members were an object, by their ids. */
static JsonbValue *
member_difference(const char *operation, const pg_uuid_t *member_id)
{
	JsonbValue *operations = ScimJsonNewArray();
	char *id = ScimUuidText(member_id);
	char *path = psprintf("/members/%s", id);

	if (strcmp(operation, "add member") == 0)
	{
		JsonbValue *value = ScimJsonNewObject();

		ScimJsonSet(value, "value", ScimJsonNewString(id));
		ScimJsonAppend(operations, ScimJsonOperation("add", path, value));
	}
	else
		ScimJsonAppend(operations, ScimJsonOperation("remove", path, NULL));
	return operations;
}

static JsonbValue *
password_operation(const JsonbValue *detail)
{
	const JsonbValue *password = detail != NULL ? ScimJsonGet(detail, "password") : NULL;
	JsonbValue null = {.type = jbvNull};

	if (password == NULL || password->type != jbvBool)
		return NULL;
	return password->val.boolean ? ScimJsonOperation("replace", "/password", &null)
								 : ScimJsonOperation("remove", "/password", NULL);
}

/* Has the row gone for good, as its detail says, or as the next version will? */
static bool
step_removes(const char *operation, const JsonbValue *detail)
{
	const JsonbValue *was = detail != NULL ? ScimJsonGet(detail, "was") : NULL;

	return strcmp(operation, "purge") == 0 ||
		   (strcmp(operation, "delete") == 0 && was != NULL &&
			ScimJsonGet(was, "last_modified") != NULL);
}

/* The columns behind those of Entry. */
enum
{
	ROW_BEFORE = HISTORY_COLUMNS, /* counted from 1 */
	ROW_DETAIL,
	ROW_MEMBER_ID,
	ROW_ERASED,
	ROW_IS_STEP
};

static JsonbValue *
stored_column(const History *history, HeapTuple row, TupleDesc desc)
{
	bool isnull;
	Datum value = copied(row, desc, ROW_BEFORE, JSONBOID, &isnull);

	return isnull ? NULL : ScimStoredDocument(history->type, DatumGetJsonbP(value));
}

/* A step ends the one before it, and waits for the next. */
static void
take_step(History *history, HeapTuple row, TupleDesc desc, const char *operation)
{
	bool no_version;
	Datum value = ScimColumn(row, desc, HISTORY_VERSION + 1, INT8OID, &no_version);
	int64 version = no_version ? 0 : DatumGetInt64(value);
	bool erased = DatumGetBool(ScimColumnValue(row, desc, ROW_ERASED, BOOLOID));
	bool creates = strcmp(operation, "create") == 0;
	JsonbValue *before = stored_column(history, row, desc);
	JsonbValue *detail = tree_column(row, desc, ROW_DETAIL);
	bool removes = step_removes(operation, detail);
	bool follows;

	/* rows of old stores do not say that they are the last of their resource */
	if (history->has_step && strcmp(operation, "delete") == 0 && detail == NULL &&
		history->version == version)
		removes = true;
	if (creates)
		follows = history->has_step &&
				  (history->removes || strcmp(history->operation, "delete") == 0);
	else
		follows = history->has_step && !history->removes && !erased &&
				  history->version == (removes ? version : version - 1);
	finish_step(history, follows, creates ? NULL : before);
	history->has_step = true;
	history->version = version;
	history->removes = removes;
	history->known = creates || (!erased && before != NULL);
}

/*
 * One row of the audit.  What waits for the next step is copied to a context of its own,
 * which is emptied when that is there.
 */
static void
take_row(void *arg, HeapTuple row, TupleDesc desc)
{
	History *history = arg;
	static const Oid types[HISTORY_COLUMNS - 1] = {TIMESTAMPTZOID, UUIDOID, INT8OID,
												   TEXTOID,        TEXTOID, UUIDOID,
												   TEXTOID,        TEXTOID, TEXTOID};
	bool is_step = DatumGetBool(ScimColumnValue(row, desc, ROW_IS_STEP, BOOLOID));
	char *operation =
		TextDatumGetCString(ScimColumnValue(row, desc, HISTORY_OPERATION + 1, TEXTOID));
	JsonbValue *difference = NULL;
	MemoryContext caller;
	Entry entry = {0};
	bool isnull;
	Datum member_id;

	if (is_step)
		take_step(history, row, desc, operation);
	caller = MemoryContextSwitchTo(history->waiting);
	for (int i = 0; i < HISTORY_COLUMNS - 1; i++)
		entry.values[i] = copied(row, desc, i + 1, types[i], &entry.nulls[i]);
	entry.nulls[HISTORY_DIFFERENCE] = true;
	if (is_step)
	{
		history->operation = pstrdup(operation);
		history->before = stored_column(history, row, desc);
		history->password = password_operation(tree_column(row, desc, ROW_DETAIL));
		history->step = entry;
		MemoryContextSwitchTo(caller);
		return;
	}
	member_id = ScimColumn(row, desc, ROW_MEMBER_ID, UUIDOID, &isnull);
	difference = isnull ? ScimJsonNewArray()
						: member_difference(operation, DatumGetUUIDP(member_id));
	entry.values[HISTORY_DIFFERENCE] = JsonbPGetDatum(ScimJsonToJsonb(difference));
	entry.nulls[HISTORY_DIFFERENCE] = false;
	if (!history->has_step)
		put_entry(history, &entry);
	else
	{
		Entry *kept = palloc(sizeof(Entry));

		*kept = entry;
		history->entries = lappend(history->entries, kept);
	}
	MemoryContextSwitchTo(caller);
	if (!history->has_step)
		MemoryContextReset(history->waiting);
}

static void
take_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(take_row, arg, rows, nrows, desc);
}

/* The type of a resource that is there, or was. */
static const ScimResourceType *
find_type(const ScimStore *store, const ScimParams *params)
{
	ScimSpiExecuteForAny(psprintf("SELECT a.resource_type FROM %s.audit a "
								  "WHERE a.tenant_id = $1 AND a.resource_id = $2 "
								  "AND a.at < $3 AND a.resource_type IS NOT NULL "
								  "ORDER BY a.at DESC, a.id DESC",
								  store->quoted_name),
						 params, false, 1);
	/* who came with a load and stayed as he is */
	if (SPI_processed == 0)
		ScimSpiExecuteForAny(psprintf("SELECT r.resource_type FROM %s.resource r "
									  "WHERE r.tenant_id = $1 AND r.id = $2 "
									  "AND $3 IS NOT NULL",
									  store->quoted_name),
							 params, false, 1);
	return SPI_processed > 0 ? ScimRegistryType(store->registry, ScimResultText(0, 1))
							 : NULL;
}

/* The last step has made what is there now, unless there were others after it. */
static void
finish_history(History *history, const ScimParams *params)
{
	ScimSpiExecuteForAny(psprintf("SELECT r.version, r.data FROM %s.resource r "
								  "WHERE r.tenant_id = $1 AND r.id = $2 "
								  "AND $3 IS NOT NULL",
								  history->store->quoted_name),
						 params, false, 1);
	if (SPI_processed > 0)
		finish_step(history,
					history->has_step && !history->removes &&
						history->version == DatumGetInt64(ScimResultValue(0, 1, INT8OID)),
					ScimStoredDocument(history->type,
									   DatumGetJsonbP(ScimResultValue(0, 2, JSONBOID))));
	else
		finish_step(history,
					history->has_step &&
						(history->removes || strcmp(history->operation, "delete") == 0),
					NULL);
}

/*
 * scim.history(id) returns setof (at, change, version, operation, actor, token_id,
 * subject, db_user, request_id, difference)
 */
Datum
scim_history(PG_FUNCTION_ARGS)
{
	History history = {.store = ScimStoreCurrent()};
	const char *id = ScimIdArgument(fcinfo, 0);
	ScimParams params;

	(void) ScimTenant();
	ScimRequireSelect(history.store, SCIM_TABLE_AUDIT);
	ScimRequireSelect(history.store, SCIM_TABLE_RESOURCE);
	InitMaterializedSRF(fcinfo, 0);
	history.result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (!ScimUuidParse(id, &history.id))
		return (Datum) 0;
	SPI_connect();
	history.waiting = AllocSetContextCreate(CurrentMemoryContext, "scim history waiting",
											ALLOCSET_DEFAULT_SIZES);
	ScimParamsOfResource(&params, ScimTenant(), &history.id);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(ScimPastHorizon(0)),
				  false);
	history.type = find_type(history.store, &params);
	/* of a type that is not registered any more no scope says anything */
	if (SPI_processed > 0)
		ScimScopeRequireOfCall(history.store,
							   history.type != NULL ? history.type->name : NULL, false);
	ScimSpiForEachForAny(
		psprintf("SELECT a.at, a.change, a.version, a.operation::text, a.actor::text, "
				 "a.token_id, a.subject::text, a.db_user::text, a.request_id::text, "
				 "a.before, a.detail, a.member_id, "
				 "a.content_digest IS NOT NULL AND a.salt IS NULL, "
				 "a.member_id IS NULL AND a.operation IN (" SCIM_AUDIT_STEPS "), a.id "
				 "FROM %1$s.audit a WHERE a.tenant_id = $1 AND a.resource_id = $2 "
				 "AND a.at < $3 "
				 "UNION ALL SELECT a.at, a.change, 1, 'create', a.actor::text, "
				 "a.token_id, a.subject::text, a.db_user::text, a.request_id::text, "
				 "NULL, NULL, NULL, false, true, a.id "
				 "FROM %1$s.audit a WHERE " SCIM_AUDIT_LOADED
				 " AND NOT EXISTS (SELECT FROM %1$s.audit o WHERE o.tenant_id = $1 "
				 "AND o.resource_id = $2 AND o.at < $3 AND o.operation = 'create') "
				 "ORDER BY 1, 15",
				 history.store->quoted_name,
				 history.type != NULL ? quote_literal_cstr(history.type->name) : "NULL",
				 "$1", "$2", "$3"),
		&params, take_rows, &history);
	finish_history(&history, &params);
	SPI_finish();
	return (Datum) 0;
}

static JsonbValue *
tree_argument(FunctionCallInfo fcinfo, const ScimResourceType *type, int n)
{
	if (PG_ARGISNULL(n))
		return NULL;
	return ScimStoredDocument(type, PG_GETARG_JSONB_P(n));
}

/*
 * scim_internal.document_difference(resource_type text, before jsonb, after jsonb)
 * returns jsonb
 */
Datum
scim_document_difference(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type =
		PG_ARGISNULL(0)
			? NULL
			: ScimRegistryType(store->registry, text_to_cstring(PG_GETARG_TEXT_PP(0)));

	PG_RETURN_JSONB_P(ScimJsonToJsonb(ScimDisclosedDifference(
		type, tree_argument(fcinfo, type, 1), tree_argument(fcinfo, type, 2))));
}

/* scim_internal.known_document(resource_type text, document jsonb) returns jsonb */
Datum
scim_known_document(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type =
		ScimRegistryType(store->registry, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Jsonb *document = PG_GETARG_JSONB_P(1);

	if (type == NULL || !JB_ROOT_IS_OBJECT(document))
		PG_RETURN_JSONB_P(document);
	PG_RETURN_JSONB_P(
		ScimJsonToJsonb(ScimKnown(type, ScimStoredDocument(type, document))));
}

/* scim_internal.without_times(resource_type text, document jsonb) returns jsonb */
Datum
scim_without_times(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	const ScimResourceType *type =
		ScimRegistryType(store->registry, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Jsonb *document = PG_GETARG_JSONB_P(1);
	const ScimStatusRule *rule = NULL;
	JsonbValue *timeless;

	if (type != NULL)
		rule = ScimRuleOf(ScimRulesFor(store, ScimTenant(), type), SCIM_RULE_STATUS);
	if (rule == NULL || !JB_ROOT_IS_OBJECT(document))
		PG_RETURN_JSONB_P(document);
	timeless = ScimStoredDocument(type, document);
	ScimStatusHideTimes(rule, type, timeless);
	PG_RETURN_JSONB_P(ScimJsonToJsonb(timeless));
}

/* Changes of others, each an array of what was and what is. */
static List *
changes_argument(FunctionCallInfo fcinfo, int n)
{
	JsonbValue *changes =
		PG_ARGISNULL(n) ? NULL : ScimJsonFromJsonb(PG_GETARG_JSONB_P(n));
	List *later = NIL;

	if (changes == NULL || changes->type != jbvArray)
		return NIL;
	for (int i = 0; i < changes->val.array.nElems; i++)
	{
		const JsonbValue *pair = &changes->val.array.elems[i];
		ScimJsonChange *change;

		CHECK_FOR_INTERRUPTS();
		if (pair->type != jbvArray || pair->val.array.nElems != 2)
			continue;
		change = palloc(sizeof(ScimJsonChange));
		change->was = &pair->val.array.elems[0];
		change->is = &pair->val.array.elems[1];
		later = lappend(later, change);
	}
	return later;
}

/*
 * scim_internal.take_back(before jsonb, after jsonb, current jsonb, later jsonb)
 * returns (document jsonb, conflicts text[])
 */
Datum
scim_take_back(PG_FUNCTION_ARGS)
{
	JsonbValue *before = tree_argument(fcinfo, NULL, 0);
	JsonbValue *after = tree_argument(fcinfo, NULL, 1);
	JsonbValue *current = tree_argument(fcinfo, NULL, 2);
	List *conflicts = NIL;
	StringInfoData path;
	TupleDesc desc;
	Datum values[2];
	bool nulls[2] = {false, false};
	Datum *paths;

	if (current == NULL ||
		get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		PG_RETURN_NULL();
	initStringInfo(&path);
	/* "schemas" follows from what the document has */
	if (before != NULL)
		(void) ScimJsonRemove(before, "schemas");
	if (after != NULL)
		(void) ScimJsonRemove(after, "schemas");
	ScimJsonTakeBack(current, &path, before, after, changes_argument(fcinfo, 3),
					 &conflicts);
	paths = palloc(sizeof(Datum) * (list_length(conflicts) + 1));
	for (int i = 0; i < list_length(conflicts); i++)
		paths[i] = CStringGetTextDatum(list_nth(conflicts, i));
	values[0] = JsonbPGetDatum(ScimJsonToJsonb(current));
	values[1] = ScimArray(paths, NULL, list_length(conflicts), TEXTOID);
	PG_RETURN_DATUM(
		HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
