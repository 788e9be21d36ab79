/*
 * past_resource.c
 *		Resources as they were at an instant: scim.resource_at and scim.resources_at.
 *
 * Lists start from what is there now.  What has not changed since is found in the table
 * by the filter; of what has, each is made as it was and compared with it.
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
#include "query/past/past.h"
#include "query/query.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_resource_at);
PG_FUNCTION_INFO_V1(scim_resources_at);
PG_FUNCTION_INFO_V1(scim_changes_asked);

/* What is derived from rows of others has no place in the document. */
static ScimProjection *
past_projection(const ScimResourceType *type)
{
	return ScimProjectionMake(type, NIL, list_make2("groups", "members"));
}

static Jsonb *
past_document(ScimStore *store, const ScimPast *past, const ScimProjection *projection)
{
	StringInfoData out;
	JsonbValue *tree;
	JsonbValue *meta;

	initStringInfo(&out);
	(void) ScimRenderResource(&out, store, &past->resource, projection);
	if (past->has_created && past->has_last_modified)
		return ScimJsonTextToJsonb(out.data, out.len);
	tree = ScimJsonParseOwn(out.data, out.len);
	meta = ScimJsonGet(tree, "meta");
	if (meta != NULL && !past->has_created)
		(void) ScimJsonRemove(meta, "created");
	if (meta != NULL && !past->has_last_modified)
		(void) ScimJsonRemove(meta, "lastModified");
	return ScimJsonToJsonb(tree);
}

/* Of whom has been erased the id is there. */
static Jsonb *
erased_document(const ScimResource *resource)
{
	JsonbValue *tree = ScimJsonNewObject();

	ScimJsonSet(tree, "id", ScimJsonNewString(ScimUuidText(&resource->id)));
	return ScimJsonToJsonb(tree);
}

/* The document of a single resource, in a context that outlives SPI; or NULL. */
typedef struct Single
{
	ScimStore *store;
	TimestampTz instant;
	MemoryContext context;
	Jsonb *document;
} Single;

static void
take_single(void *arg, const ScimPast *past)
{
	Single *single = arg;
	MemoryContext old;

	ScimPastRequire(past, single->instant);
	if (past->what != SCIM_PAST_THERE)
		return;
	old = MemoryContextSwitchTo(single->context);
	single->document =
		past_document(single->store, past, past_projection(past->resource.type));
	MemoryContextSwitchTo(old);
}

/* What an error says of privileges shall not show the statement: they come first. */
static const ScimResourceType *
type_argument(FunctionCallInfo fcinfo, ScimStore *store)
{
	const ScimResourceType *type =
		ScimTypeByName(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));

	(void) ScimTenant();
	ScimRequireSelect(store, SCIM_TABLE_AUDIT);
	ScimScopeRequireOfCall(store, type->name, false);
	return type;
}

/*
 * scim_internal.changes_asked(resource_type text) returns text: the name of the type as
 * it is spelled, where the caller may ask for changes of it; of all, where that is NULL.
 */
Datum
scim_changes_asked(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();

	if (!PG_ARGISNULL(0))
		PG_RETURN_TEXT_P(cstring_to_text(type_argument(fcinfo, store)->name));
	(void) ScimTenant();
	ScimRequireSelect(store, SCIM_TABLE_AUDIT);
	ScimScopeRequireOfCall(store, NULL, false);
	PG_RETURN_NULL();
}

/* scim.resource_at(resource_type text, id, instant timestamptz) returns jsonb */
Datum
scim_resource_at(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	Single single = {.store = store, .context = CurrentMemoryContext};
	const ScimResourceType *type;
	pg_uuid_t id;
	Datum value = UUIDPGetDatum(&id);

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("resource_type, id and instant must not be null")));
	type = type_argument(fcinfo, store);
	ScimRequireSelect(store, SCIM_TABLE_RESOURCE);
	single.instant = PG_GETARG_TIMESTAMPTZ(2);
	if (!ScimUuidParse(ScimIdArgument(fcinfo, 1), &id))
		PG_RETURN_NULL();
	SPI_connect();
	ScimPastEach(store, type, single.instant, &value, 1, take_single, &single);
	SPI_finish();
	if (single.document == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(single.document);
}

/* A list of what there was. */
typedef struct PastList
{
	ScimStore *store;
	const ScimResourceType *type;
	TimestampTz instant;
	ScimFilter *filter;     /* or NULL */
	ScimBoundFilter *bound; /* the same, for documents */
	int64 visits;
	const ScimProjection *projection;
	ReturnSetInfo *result;
	Datum *changed; /* those that have changed since, or may have */
	int nchanged;
} PastList;

static void
put_document(PastList *list, const Jsonb *document)
{
	Datum value = JsonbPGetDatum(document);
	bool isnull = false;

	tuplestore_putvalues(list->result->setResult, list->result->setDesc, &value, &isnull);
}

static void
put_changed(void *arg, const ScimPast *past)
{
	PastList *list = arg;
	Jsonb *document;

	if (past->what == SCIM_PAST_ERASED)
	{
		/* whether a filter matched him nobody knows any more */
		if (list->bound == NULL)
			put_document(list, erased_document(&past->resource));
		return;
	}
	ScimPastRequire(past, list->instant);
	if (past->what != SCIM_PAST_THERE)
		return;
	document = past_document(list->store, past, list->projection);
	if (list->bound == NULL ||
		ScimFilterMatchOfMany(list->bound, &document->root, &list->visits))
		put_document(list, document);
}

static void
put_row(void *arg, HeapTuple row, TupleDesc desc)
{
	PastList *list = arg;
	ScimPast past = {
		.what = SCIM_PAST_THERE, .has_created = true, .has_last_modified = true};

	past.resource = *ScimResourceFromTuple(list->type, row, desc, CurrentMemoryContext);
	put_document(list, past_document(list->store, &past, list->projection));
}

static void
put_unchanged(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(put_row, arg, rows, nrows, desc);
}

/* Who is in a group, and in which groups somebody is, is not in any document. */
static void
refuse_relations(const PastList *list)
{
	const ScimFilter *filter = list->filter;

	for (uint32 i = 0; i < filter->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->nodes[i];
		ScimAttrRef ref = {.urn = ScimFilterString(filter, node->urn),
						   .name = ScimFilterString(filter, node->name)};
		ScimResolved resolved;

		if (ref.name == NULL)
			continue;
		if (ScimResolve(list->type, &ref, &resolved) && resolved.attribute != NULL &&
			ScimIsOfMemberships(list->type, resolved.attribute))
			ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
							errmsg("the past cannot be asked by \"%s\"", ref.name),
							errhint("scim.members_at() says who was in a group.")));
		/* what stands in brackets is asked of the parts of one value */
		if (node->kind == SCIM_NODE_VALUE_PATH)
			i += node->size - 1;
	}
}

/* Ids as an array that the server has made, of the statement at hand. */
static void
gather_changed(PastList *list)
{
	const char *store = list->store->quoted_name;
	const char *type_name = quote_literal_cstr(list->type->name);
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(list->instant), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  TimestampTzGetDatum(ScimPastHorizon(list->instant)), false);
	ScimSpiExecute(
		psprintf("SELECT a.resource_id FROM %1$s.audit a WHERE a.tenant_id = $1 "
				 "AND a.at > $2 AND a.at < $3 AND a.resource_type = %2$s "
				 "AND a.member_id IS NULL "
				 "AND a.operation IN (" SCIM_AUDIT_STEPS ") "
				 "UNION SELECT r.id FROM %1$s.resource r WHERE r.resource_type = %2$s "
				 "AND r.tenant_id = $1 AND r.last_modified > $2 "
				 "AND r.deleted_at IS NULL ORDER BY 1",
				 store, type_name),
		&params, false, 0);
	list->nchanged = SPI_processed;
	list->changed = palloc(sizeof(Datum) * (list->nchanged + 1));
	for (int i = 0; i < list->nchanged; i++)
	{
		pg_uuid_t *id = palloc(sizeof(pg_uuid_t));

		CHECK_FOR_INTERRUPTS();
		*id = *DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
		list->changed[i] = UUIDPGetDatum(id);
	}
	SPI_freetuptable(SPI_tuptable);
}

/*
 * Those of before that are as they were.  Rows that came from elsewhere since then may
 * bring times of before: they are among the changed ones.
 */
static void
put_unchanged_rows(PastList *list)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(list->instant), false);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(list->changed, NULL, list->nchanged, UUIDOID), false);
	ScimSpiExecuteForAny(
		psprintf("SELECT r.id FROM %s.resource r WHERE r.resource_type = %s "
				 "AND r.tenant_id = $1 AND r.id = ANY ($3) "
				 "AND r.last_modified <= $2 AND r.deleted_at IS NULL",
				 list->store->quoted_name, quote_literal_cstr(list->type->name)),
		&params, false, 0);
	appendStringInfo(&query,
					 "SELECT %s FROM %s.resource r WHERE resource_type = %s "
					 "AND tenant_id = $1 AND deleted_at IS NULL AND last_modified <= $2",
					 ScimResourceColumns(list->store), list->store->quoted_name,
					 quote_literal_cstr(list->type->name));
	if (SPI_processed > 0)
	{
		Datum *ids = palloc(sizeof(Datum) * SPI_processed);

		for (uint64 i = 0; i < SPI_processed; i++)
			ids[i] = ScimResultValue(i, 1, UUIDOID);
		params.values[2] = ScimArray(ids, NULL, SPI_processed, UUIDOID);
		appendStringInfoString(&query, " AND id <> ALL ($3)");
	}
	else
		params.n = 2;
	if (list->filter != NULL)
	{
		appendStringInfoString(&query, " AND ");
		ScimPredicateAppend(
			&query, &params,
			ScimPredicateMake(list->store, list->type, list->filter, false));
	}
	ScimSpiForEachOfTenant(query.data, &params, false, put_unchanged, list);
}

/*
 * scim.resources_at(resource_type text, instant timestamptz, filter text)
 * returns setof jsonb
 */
Datum
scim_resources_at(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	PastList list = {.store = store};
	ScimSearchRequest request = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("resource_type and instant must not be null")));
	list.type = type_argument(fcinfo, store);
	ScimRequireSelect(store, SCIM_TABLE_RESOURCE);
	list.instant = PG_GETARG_TIMESTAMPTZ(1);
	request.filter = ScimTextArgument(fcinfo, 2);
	list.filter = ScimSearchFilter(store, &request);
	if (list.filter != NULL)
	{
		refuse_relations(&list);
		list.bound = ScimBindForMatching(list.filter, list.type->name);
	}
	list.projection = past_projection(list.type);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	list.result = (ReturnSetInfo *) fcinfo->resultinfo;
	SPI_connect();
	ScimPastRequireAll(store, list.type, list.instant);
	gather_changed(&list);
	put_unchanged_rows(&list);
	ScimPastEach(store, list.type, list.instant, list.changed, list.nchanged, put_changed,
				 &list);
	SPI_finish();
	return (Datum) 0;
}
