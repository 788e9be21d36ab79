/*
 * list_sql.c
 *		The parts of the statements over a list.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "index/index.h"
#include "query/list.h"
#include "store/acting.h"

/* The planner is told of at least so many rows of a page. */
#define LIMIT_LEAST 32

/*
 * The tenant as a parameter.  Where there is no other one, or most rows are his, it is a
 * bigint: that is a condition for a btree index but none for a GIN index, which would
 * walk through all rows of the tenant to find that those of the filter are among them. So
 * it is where all of a list is looked at.
 */
int
ScimListAddTenant(ScimParams *params, const ScimList *search)
{
	int32 tenant_id = ScimTenant();

	if (search->declared != NULL || search->is_small || search->is_most ||
		search->by_keys || ScimTenantIsOnly(search->store->namespace_oid))
		return ScimParamsAdd(params, INT8OID, Int64GetDatum(tenant_id), false);
	return ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
}

/* type: NULL: any.  tenant: the number of its parameter. */
void
ScimListAppendRows(StringInfo query, const ScimList *search, const ScimResourceType *type,
				   int tenant)
{
	appendStringInfo(query, " FROM %s.resource r WHERE ", search->store->quoted_name);
	if (type != NULL)
		appendStringInfo(query, "resource_type = %s AND ",
						 quote_literal_cstr(type->name));
	appendStringInfo(query, "tenant_id = $%d AND deleted_at IS NULL", tenant);
}

/* The filter as an operator that asks the keys of the index, and a document only if there
 * is none. */
void
ScimListAppendCandidates(StringInfo query, ScimParams *params, const ScimList *search)
{
	appendStringInfo(query,
					 " AND data OPERATOR(scim.@~) scim_internal.index_query($%d, %s)",
					 ScimParamsAdd(params, ScimFilterTypeOid(),
								   PointerGetDatum(search->by_index), false),
					 quote_literal_cstr(search->type->name));
}

void
ScimListAppendConditions(StringInfo query, ScimParams *params, const ScimList *search)
{
	bool keys = search->declared == NULL && search->by_index == NULL &&
				(search->is_small || search->by_keys);
	bool apart = keys && (search->is_small || ScimPredicateHasRest(search->predicate));

	/* OFFSET 0: what follows is for each row, and no other index is asked */
	if (apart)
		appendStringInfoString(query, " FROM (SELECT *");
	ScimListAppendRows(query, search, search->type, ScimListAddTenant(params, search));
	if (search->declared != NULL)
	{
		appendStringInfo(query, " AND %s", search->declared);
		return;
	}
	if (keys)
		ScimPredicateAppendKeys(query, params, search->predicate);
	if (apart)
		appendStringInfoString(query, " OFFSET 0) r WHERE true");
	if (keys)
		ScimPredicateAppendRest(query, params, search->predicate);
	else if (search->by_index != NULL)
		ScimListAppendCandidates(query, params, search);
	else if (search->filter != NULL)
	{
		appendStringInfoString(query, " AND ");
		ScimPredicateAppend(query, params, search->predicate);
	}
}

/* What comes after a cursor, or the whole of a segment where it is NULL. */
void
ScimListAppendSegment(StringInfo query, ScimParams *params, const ScimList *search,
					  ScimListSegment segment, const ScimCursor *after)
{
	const char *beyond = search->descending ? "<" : ">";
	int id = 0;

	if (after != NULL)
		id = ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&after->id), false);
	if (segment == SCIM_SEGMENT_NULLS)
		appendStringInfo(query, " AND %s IS NULL", search->sort);
	else if (segment == SCIM_SEGMENT_KEYS && after == NULL)
		appendStringInfo(query, " AND %s IS NOT NULL", search->sort);
	else if (segment == SCIM_SEGMENT_KEYS)
	{
		/* a row comparison is what an index on the key can begin with */
		appendStringInfo(query, " AND (%s, id) %s ($%d, $%d)", search->sort, beyond,
						 ScimParamsAdd(params, ScimSortType(search->sort),
									   ScimSortKeyUnpack(search->sort, after), false),
						 id);
		return;
	}
	if (after != NULL)
		appendStringInfo(query, " AND id %s $%d", beyond, id);
}

void
ScimListAppendOrder(StringInfo query, const ScimList *search)
{
	const char *direction = search->descending ? " DESC" : "";

	appendStringInfoString(query, " ORDER BY ");
	/* missing values: last ascending, first descending, as the RFC has it */
	if (search->sort != NULL)
		appendStringInfo(query, "%s%s, ", search->sort, direction);
	appendStringInfo(query, "id%s", direction);
}

/*
 * LIMIT as a constant, for a plan that is good for any values: the planner would take a
 * parameter for a tenth of the table.  The executor stops at what is wanted.
 */
void
ScimListAppendLimit(StringInfo query, int64 wanted)
{
	int64 limit = LIMIT_LEAST;

	while (limit < wanted)
		limit *= 2;
	appendStringInfo(query, " LIMIT " INT64_FORMAT, limit);
}

/* What a row of a page has. */
void
ScimListAppendColumns(StringInfo query, const ScimList *search)
{
	appendStringInfo(query, "SELECT %s, r.resource_type",
					 ScimResourceColumns(search->store));
	if (search->by_cursor && search->sort != NULL)
		appendStringInfo(query, ", %s", search->sort);
}

/* What comes first in the order of the list: most rows of it. */
void
ScimListAppendFirst(StringInfo query, ScimParams *params, const ScimList *search,
					int64 most)
{
	ScimListAppendRows(
		query, search, search->type,
		ScimParamsAdd(params, INT8OID, Int64GetDatum(ScimTenant()), false));
	ScimListAppendOrder(query, search);
	ScimListAppendLimit(query, most);
}

/* What may be asked of the index alone; or NULL. */
ScimFilter *
ScimListExact(const ScimList *search)
{
	ScimFilter *filter = NULL;

	if (search->type != NULL)
		filter = ScimPredicateOfDocument(search->predicate);
	if (filter != NULL &&
		!ScimIndexIsExact(ScimBindForMatching(filter, search->type->name)))
		filter = NULL;
	return filter;
}

/* Runs a statement of a search with a plan that suits its filter. */
void
ScimListExecute(const ScimList *search, const char *query, const ScimParams *params,
				long count)
{
	if (search->by_values)
		ScimSpiExecuteForValues(query, params, false, count);
	else if (search->filter != NULL)
		ScimSpiExecuteByKey(query, params, count);
	else
		ScimSpiExecuteForAny(query, params, false, count);
}
