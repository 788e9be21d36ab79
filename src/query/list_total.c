/*
 * list_total.c
 *		How many resources a list has.
 *
 * Where the keys of the index on documents tell all that a filter asks, they are counted
 * there (index/count.c).  Without a filter an index on columns tells alone.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "query/list.h"
#include "store/acting.h"
#include "store/statement/column.h"

/* So many outside a range are looked for to count what lies inside. */
#define OUTSIDE_MATCHES 5000

/*
 * Without a filter an index says how many there are, of one type at a time: it holds the
 * rows of one.
 */
static void
append_counts(StringInfo query, ScimParams *params, const ScimList *search)
{
	const ScimRegistry *registry = search->store->registry;
	int tenant = ScimListAddTenant(params, search);

	appendStringInfoString(query, "SELECT sum(n)::bigint FROM (");
	for (int i = 0; i < registry->ntypes; i++)
	{
		appendStringInfo(query, "%sSELECT count(*) AS n", i > 0 ? " UNION ALL " : "");
		ScimListAppendRows(query, search, &registry->types[i], tenant);
	}
	appendStringInfoString(query, ") AS counts");
}

/*
 * All that there are, which an index tells alone, without those outside a range, where
 * these are few.  -1: they are not, or the filter is no range.
 */
static int64
count_inside(const ScimList *search)
{
	StringInfoData query;
	ScimParams params;
	int tenant;

	if (!search->by_range || search->type == NULL)
		return -1;
	initStringInfo(&query);
	ScimParamsInit(&params);
	tenant = ScimListAddTenant(&params, search);
	appendStringInfo(&query, "SELECT CASE WHEN outside.n <= %d THEN (SELECT count(*)",
					 OUTSIDE_MATCHES);
	ScimListAppendRows(&query, search, search->type, tenant);
	appendStringInfoString(&query, ") - outside.n ELSE -1 END "
								   "FROM (SELECT count(*) AS n FROM (SELECT");
	ScimListAppendRows(&query, search, search->type, tenant);
	if (!ScimPredicateAppendOutside(&query, &params, search->predicate))
		return -1;
	appendStringInfo(&query, " LIMIT %d) r) AS outside", OUTSIDE_MATCHES + 1);
	ScimSpiExecuteByKey(query.data, &params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

int64
ScimListCount(const ScimList *search)
{
	int64 inside = count_inside(search);
	StringInfoData query;
	ScimParams params;

	if (inside >= 0)
		return inside;
	initStringInfo(&query);
	ScimParamsInit(&params);
	if (search->filter == NULL && search->type == NULL &&
		search->store->registry->ntypes > 0)
		append_counts(&query, &params, search);
	else
	{
		appendStringInfoString(&query, "SELECT count(*)");
		ScimListAppendConditions(&query, &params, search);
	}
	ScimListExecute(search, query.data, &params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/* The same by the index on documents, of which the tenant is a part. */
int64
ScimListCountByIndex(const ScimList *search)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT count(*)");
	ScimListAppendRows(
		&query, search, search->type,
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false));
	ScimListAppendCandidates(&query, &params, search);
	ScimSpiExecuteByKey(query.data, &params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/* A first page, or one with something on it, that ends the list says how long it is. */
int64
ScimListTotal(ScimList *search, int64 offset)
{
	int nresources = list_length(search->page);
	bool ends = search->by_cursor ? search->limit > 0 && !search->more
								  : nresources < search->limit && !search->full;

	if (ends && (nresources > 0 || offset == 0))
		return offset + nresources;
	return ScimListCount(search);
}

/*
 * How many there are where they are known to be many.  Where most documents match, to
 * read all of them takes less than keys of which each has to be looked at in a document.
 */
int64
ScimListCountMany(const ScimList *search, bool dense)
{
	ScimList counted = *search;

	if (search->declared != NULL)
		return ScimListCount(search);
	counted.by_index = ScimListExact(search);
	if (counted.by_index != NULL)
		return ScimListCountByIndex(&counted);
	counted.is_small =
		dense && !search->by_keys && ScimPredicateOfDocument(search->predicate) != NULL;
	counted.by_values = !counted.is_small;
	return ScimListCount(&counted);
}
