/*
 * search.c
 *		Lists: filter, sort and page (RFC 7644 section 3.4.2).
 *
 * One statement fetches the page.  Where it ends the list, its length is the
 * total; only otherwise are the matches counted by a second one.  Statements
 * are kept by their shape, since values are parameters (plan.c).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "resource/resource.h"
#include "store/internal.h"

/* What a client gets that does not say how many: RFC 7644 leaves it open. */
#define DEFAULT_COUNT 100

static void
append_conditions(StringInfo query, ScimParams *params, ScimStore *store,
				  const ScimResourceType *type, const ScimFilter *filter)
{
	appendStringInfo(query, " FROM %s.resource r WHERE ", store->quoted_name);
	if (type != NULL)
		appendStringInfo(query, "resource_type = %s AND ",
						 quote_literal_cstr(type->name));
	appendStringInfo(query, "tenant_id = $%d AND deleted_at IS NULL",
					 ScimParamsAdd(params, INT4OID, Int32GetDatum(ScimTenant()), false));
	if (filter != NULL)
	{
		appendStringInfoString(query, " AND ");
		ScimPredicate(query, params, store, type, filter);
	}
}

static void
append_order(StringInfo query, ScimStore *store, const ScimResourceType *type,
			 const ScimSearchRequest *request)
{
	const char *expression = NULL;

	appendStringInfoString(query, " ORDER BY ");
	if (request->sort_by != NULL)
	{
		if (type != NULL)
			expression = ScimSortExpression(type, request->sort_by);
		for (int i = 0; type == NULL && expression == NULL && i < store->registry->ntypes;
			 i++)
			expression = ScimSortExpression(&store->registry->types[i], request->sort_by);
		if (expression == NULL)
			ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
							errmsg("cannot sort by unknown attribute \"%s\"",
								   request->sort_by)));
		/* missing values: last ascending, first descending, as the RFC has it */
		appendStringInfo(query, "%s %s, ", expression,
						 request->descending ? "DESC" : "ASC");
	}
	appendStringInfoString(query, "id");
}

static ScimFilter *
parse_filter(const char *text)
{
	ScimProblem *problem = NULL;
	ScimFilter *filter;

	if (text == NULL)
		return NULL;
	filter = ScimFilterParse(text, strlen(text), &problem);
	if (filter == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	return filter;
}

static int64
count_matches(ScimStore *store, const ScimResourceType *type, const ScimFilter *filter)
{
	StringInfoData query;
	ScimParams params;
	bool isnull;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT count(*)");
	append_conditions(&query, &params, store, type, filter);
	ScimSpiExecute(query.data, &params, false, 0);
	return DatumGetInt64(
		SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
}

/* The page, as a list of ScimResource * in the given context. */
static List *
fetch_page(ScimStore *store, const ScimResourceType *type, const ScimFilter *filter,
		   const ScimSearchRequest *request, int64 offset, int64 limit,
		   MemoryContext context)
{
	StringInfoData query;
	ScimParams params;
	List *page = NIL;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfo(&query, "SELECT %s, r.resource_type", ScimResourceColumns(store));
	append_conditions(&query, &params, store, type, filter);
	/* a statement without these starts in half the time */
	if (filter == NULL || offset > 0 || !ScimFilterIsKey(store, type, filter))
	{
		append_order(&query, store, type, request);
		appendStringInfo(&query, " LIMIT $%d",
						 ScimParamsAdd(&params, INT8OID, Int64GetDatum(limit), false));
	}
	if (offset > 0)
		appendStringInfo(&query, " OFFSET $%d",
						 ScimParamsAdd(&params, INT8OID, Int64GetDatum(offset), false));
	ScimSpiExecute(query.data, &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const ScimResourceType *row_type = type;
		MemoryContext old;

		if (row_type == NULL)
			row_type = ScimTypeByName(store, SPI_getvalue(SPI_tuptable->vals[i],
														  SPI_tuptable->tupdesc,
														  SCIM_RESOURCE_NCOLUMNS + 1));
		old = MemoryContextSwitchTo(context);
		page = lappend(page, ScimResourceFromTuple(row_type, SPI_tuptable->vals[i],
												   SPI_tuptable->tupdesc, context));
		MemoryContextSwitchTo(old);
	}
	return page;
}

static void
append_resources(StringInfo out, ScimStore *store, const ScimSearchRequest *request,
				 List *page)
{
	const ScimResourceType *projected_type = NULL;
	ScimProjection *projection = NULL;
	ListCell *lc;

	foreach (lc, page)
	{
		const ScimResource *resource = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (resource->type != projected_type)
		{
			projected_type = resource->type;
			projection = ScimProjectionMake(projected_type, request->attributes,
											request->excluded);
		}
		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(out, ',');
		ScimRenderResource(out, store, resource, projection);
	}
}

/* ScimSearch appends a ListResponse (RFC 7644 section 3.4.2). */
void
ScimSearch(ScimStore *store, const ScimResourceType *type,
		   const ScimSearchRequest *request, StringInfo out)
{
	MemoryContext context = CurrentMemoryContext;
	ScimFilter *filter = parse_filter(request->filter);
	int64 start_index = Max(request->start_index, 1);
	int64 limit = request->count < 0 ? DEFAULT_COUNT : request->count;
	List *page = NIL;
	int64 total;

	if (request->attributes != NIL && request->excluded != NIL)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("\"attributes\" and \"excludedAttributes\" exclude each other")));
	limit = Min(limit, ScimMaxResults);
	SPI_connect();
	if (limit > 0)
		page = fetch_page(store, type, filter, request, start_index - 1, limit, context);
	if (limit > 0 && list_length(page) < limit && (page != NIL || start_index == 1))
		total = start_index - 1 + list_length(page);
	else
		total = count_matches(store, type, filter);
	SPI_finish();

	appendStringInfo(
		out,
		"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],"
		"\"totalResults\":" INT64_FORMAT ",\"startIndex\":" INT64_FORMAT
		",\"itemsPerPage\":%d,\"Resources\":[",
		total, start_index, list_length(page));
	append_resources(out, store, request, page);
	appendStringInfoString(out, "]}");
}
