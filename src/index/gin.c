/*
 * gin.c
 *		The support functions of scim.gin_ops, of scim.gin_ops_1 and scim.gin_ops_2, the
 *		former ones, and the type scim.index_query.
 *
 * Strategies:
 *
 *		1	jsonb ~ scim.filter: the document matches
 *		2	jsonb @~ scim.index_query: the same of the filter that the query is of
 *
 * The second is what the planner makes of scim.matches (support.c), which then still
 * stands as a filter; a search of a store says it where the keys tell all (count.c).
 *
 * A filter is bound to the schemas of the current store, as scim.matches
 * does it, when a scan starts.  There is no consistent function: GIN derives it
 * from triconsistent.
 */
#include "postgres.h"

#include "access/stratnum.h"

#include "compat.h"
#include "index/index.h"
#include "miscadmin.h"
#include "store/store.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#define STRATEGY_MATCHES 1
#define STRATEGY_CANDIDATE 2

PG_FUNCTION_INFO_V1(scim_gin_keys_of_document);
PG_FUNCTION_INFO_V1(scim_gin_keys_of_filter);
PG_FUNCTION_INFO_V1(scim_gin_document_keys);
PG_FUNCTION_INFO_V1(scim_gin_filter_keys);
PG_FUNCTION_INFO_V1(scim_gin_extract_value);
PG_FUNCTION_INFO_V1(scim_gin_extract_query);
PG_FUNCTION_INFO_V1(scim_gin_triconsistent);
PG_FUNCTION_INFO_V1(scim_gin_compare);
PG_FUNCTION_INFO_V1(scim_gin_compare_partial);
PG_FUNCTION_INFO_V1(scim_is_candidate);
PG_FUNCTION_INFO_V1(scim_index_query);
PG_FUNCTION_INFO_V1(scim_index_query_in);
PG_FUNCTION_INFO_V1(scim_index_query_out);

static Datum *
extract_document(FunctionCallInfo fcinfo, ScimIndexFormat format)
{
	int32 *nkeys = (int32 *) PG_GETARG_POINTER(1);

	return ScimIndexExtract(PG_GETARG_JSONB_P(0), format, ScimIndexPathsOf(fcinfo),
							nkeys);
}

/* scim_internal.gin_keys_of_document(jsonb, internal, internal) returns internal */
Datum
scim_gin_keys_of_document(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(extract_document(fcinfo, SCIM_INDEX_FORMAT));
}

/* scim_internal.gin_document_keys(jsonb, internal, internal) returns internal: those of
 * scim.gin_ops_2 */
Datum
scim_gin_document_keys(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(extract_document(fcinfo, SCIM_INDEX_FOLDED));
}

/* scim_internal.gin_extract_value(jsonb, internal, internal) returns internal: former */
Datum
scim_gin_extract_value(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(extract_document(fcinfo, SCIM_INDEX_FORMER));
}

static Datum *
extract_query(FunctionCallInfo fcinfo, ScimIndexFormat format)
{
	int32 *nkeys = (int32 *) PG_GETARG_POINTER(1);
	StrategyNumber strategy = PG_GETARG_UINT16(2);
	bool **partial = (bool **) PG_GETARG_POINTER(3);
	Pointer **extra = (Pointer **) PG_GETARG_POINTER(4);
	const ScimIndexQuery *query;
	ScimIndexPlan *plan;
	Datum *keys;

	if (strategy == STRATEGY_MATCHES)
		query = ScimIndexQueryMake(ScimBindForMatching(PG_GETARG_SCIM_FILTER_P(0), NULL));
	else if (strategy == STRATEGY_CANDIDATE)
		query = DatumGetScimIndexQueryP(PG_GETARG_DATUM(0));
	else
		elog(ERROR, "unrecognized strategy number: %d", strategy);

	plan = ScimIndexPlanMake(query, format, ScimIndexPathsOf(fcinfo));
	keys = palloc(plan->nentries * sizeof(Datum));
	*partial = palloc(plan->nentries * sizeof(bool));
	*extra = palloc(plan->nentries * sizeof(Pointer));
	for (int i = 0; i < plan->nentries; i++)
	{
		ScimIndexEntry *entry = &plan->entries[i];
		ScimIndexKey start = entry->key;

		if (entry->mode == SCIM_ENTRY_UPTO)
			start.len = entry->prefix_len;
		keys[i] = ScimIndexKeyDatum(&start);
		(*partial)[i] = entry->mode != SCIM_ENTRY_EXACT;
		(*extra)[i] = (Pointer) entry;
	}
	plan->question = 1;
	*nkeys = plan->nentries;
	return keys;
}

/* scim_internal.gin_keys_of_filter(jsonb, internal, int2, internal, internal, internal,
 * internal) */
Datum
scim_gin_keys_of_filter(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(extract_query(fcinfo, SCIM_INDEX_FORMAT));
}

/* scim_internal.gin_filter_keys(jsonb, internal, int2, internal, internal, internal,
 * internal): those of scim.gin_ops_2 */
Datum
scim_gin_filter_keys(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(extract_query(fcinfo, SCIM_INDEX_FOLDED));
}

/* scim_internal.gin_extract_query(jsonb, internal, int2, internal, internal, internal,
 * internal): former */
Datum
scim_gin_extract_query(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(extract_query(fcinfo, SCIM_INDEX_FORMER));
}

/*
 * Is this one of the questions by which GIN finds out, before it reads, which entries it
 * has to go through?  The first has one entry that is not there, each later one another
 * one, and all the rest may be there; FALSE is the last answer.
 */
static bool
is_question(ScimIndexPlan *plan, const GinTernaryValue *check)
{
	int absent = 0;

	if (plan->question == 0)
		return false;
	for (int i = 0; i < plan->nentries; i++)
	{
		if (check[i] == GIN_TRUE)
			absent = plan->nentries;
		absent += check[i] == GIN_FALSE;
	}
	if (absent != plan->question || ++plan->question > plan->nentries)
	{
		plan->question = 0;
		return false;
	}
	return true;
}

/*
 * Is a page asked about as a whole?  No entry is there for certain then, and what may be
 * there are entries of many keys, of which GIN has forgotten the rows on this page: their
 * bitmap did not fit into work_mem.
 */
static bool
is_lossy_page(const ScimIndexPlan *plan, const GinTernaryValue *check)
{
	bool lossy = false;

	for (int i = 0; i < plan->nentries; i++)
	{
		if (check[i] == GIN_TRUE)
			return false;
		if (check[i] == GIN_MAYBE)
		{
			if (plan->entries[i].mode == SCIM_ENTRY_EXACT)
				return false;
			lossy = true;
		}
	}
	return lossy;
}

/*
 * scim_internal.gin_triconsistent(internal, int2, jsonb, int4, internal, internal,
 * internal)
 *
 * GIN passes over rows that one entry of "a or (b and c)" has on a page when the bitmap
 * of another one is lossy there and a third has a row further on (PostgreSQL 15 to 18,
 * keyGetItem in ginget.c, with any operator class that looks for ranges of keys).  All
 * rows of such a page are looked at, so that nobody is missed.
 */
Datum
scim_gin_triconsistent(PG_FUNCTION_ARGS)
{
	GinTernaryValue *check = (GinTernaryValue *) PG_GETARG_POINTER(0);
	Pointer *extra = (Pointer *) PG_GETARG_POINTER(4);
	ScimIndexPlan *plan = ((ScimIndexEntry *) extra[0])->plan;
	GinTernaryValue result;

	/* GIN asks once for each entry before it reads anything */
	CHECK_FOR_INTERRUPTS();
	if (is_question(plan, check))
	{
		result = ScimIndexPlanEvaluate(plan, check);
		if (result == GIN_FALSE)
			plan->question = 0;
	}
	else if (is_lossy_page(plan, check))
		result = GIN_MAYBE;
	else
		result = ScimIndexPlanEvaluate(plan, check);
	PG_RETURN_GIN_TERNARY_VALUE(result);
}

/* Is it a value whose header is of one byte, in its place? */
static bool
is_short(const struct varlena *value)
{
	return VARATT_IS_SHORT(value) && !VARATT_IS_EXTERNAL(value);
}

/*
 * scim_internal.gin_compare(bytea, bytea) returns int4: the order of byteacmp.  To make
 * an index is to compare keys, mostly, and these are short.
 */
Datum
scim_gin_compare(PG_FUNCTION_ARGS)
{
	const struct varlena *a = (const struct varlena *) PG_GETARG_POINTER(0);
	const struct varlena *b = (const struct varlena *) PG_GETARG_POINTER(1);
	int alen;
	int blen;
	int result;

	if (!is_short(a) || !is_short(b))
		return byteacmp(fcinfo);
	alen = VARSIZE_SHORT(a) - VARHDRSZ_SHORT;
	blen = VARSIZE_SHORT(b) - VARHDRSZ_SHORT;
	if (alen >= (int) sizeof(uint64) && blen >= (int) sizeof(uint64))
	{
		uint64 x;
		uint64 y;

		memcpy(&x, VARDATA_SHORT(a), sizeof(uint64));
		memcpy(&y, VARDATA_SHORT(b), sizeof(uint64));
		if (x != y)
			PG_RETURN_INT32(pg_ntoh64(x) < pg_ntoh64(y) ? -1 : 1);
	}
	result = memcmp(VARDATA_SHORT(a), VARDATA_SHORT(b), Min(alen, blen));
	PG_RETURN_INT32(result != 0 ? result : alen - blen);
}

/* scim_internal.gin_compare_partial(bytea, bytea, int2, internal) returns int4 */
Datum
scim_gin_compare_partial(PG_FUNCTION_ARGS)
{
	bytea *key = PG_GETARG_BYTEA_PP(1);
	const ScimIndexEntry *entry = (const ScimIndexEntry *) PG_GETARG_POINTER(3);

	if (entry->plan->format == SCIM_INDEX_FORMER)
		PG_RETURN_INT32(
			ScimIndexFormerEntryCompare(entry, VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)));
	PG_RETURN_INT32(
		ScimIndexEntryCompare(entry, VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)));
}

/* scim_internal.is_candidate(jsonb, scim.index_query) returns boolean */
Datum
scim_is_candidate(PG_FUNCTION_ARGS)
{
	const ScimIndexQuery *query = DatumGetScimIndexQueryP(PG_GETARG_DATUM(1));

	if (query->filter == 0)
		PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(ScimMatches(
		fcinfo, PG_GETARG_JSONB_P(0),
		(const ScimFilter *) ScimIndexString(query, query->filter),
		query->resource_type != 0 ? ScimIndexString(query, query->resource_type) : NULL));
}

/* The last query of a call site, for a recheck row by row. */
typedef struct QueryCache
{
	ScimFilter *filter;
	text *type_name;
	ScimIndexQuery *query;
} QueryCache;

static bool
same_bytes(const void *a, const void *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return VARSIZE_ANY(a) == VARSIZE_ANY(b) && memcmp(a, b, VARSIZE_ANY(a)) == 0;
}

static void *
keep_copy(const void *datum)
{
	return datum ? memcpy(palloc(VARSIZE_ANY(datum)), datum, VARSIZE_ANY(datum)) : NULL;
}

/* scim_internal.index_query(filter scim.filter, resource_type text) returns
 * scim.index_query */
Datum
scim_index_query(PG_FUNCTION_ARGS)
{
	QueryCache *cache = fcinfo->flinfo->fn_extra;
	ScimFilter *filter;
	text *type_name;
	ScimIndexQuery *query;
	MemoryContext old;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	filter = PG_GETARG_SCIM_FILTER_P(0);
	type_name = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
	if (cache != NULL && same_bytes(cache->filter, filter) &&
		same_bytes(cache->type_name, type_name))
		PG_RETURN_POINTER(cache->query);

	query = ScimIndexQueryOf(filter, type_name ? text_to_cstring(type_name) : NULL);
	if (cache == NULL)
	{
		old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		cache = palloc(sizeof(QueryCache));
		cache->filter = keep_copy(filter);
		cache->type_name = keep_copy(type_name);
		cache->query = keep_copy(query);
		fcinfo->flinfo->fn_extra = cache;
		MemoryContextSwitchTo(old);
	}
	PG_RETURN_POINTER(query);
}

/* The type has no text form to read: only scim_internal.index_query makes one. */
Datum
scim_index_query_in(PG_FUNCTION_ARGS)
{
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					errmsg("cannot accept a value of type %s", "scim.index_query"),
					errhint("Call scim_internal.index_query(filter, resource_type).")));
	PG_RETURN_VOID();
}

Datum
scim_index_query_out(PG_FUNCTION_ARGS)
{
	const ScimIndexQuery *query = DatumGetScimIndexQueryP(PG_GETARG_DATUM(0));
	StringInfoData out;

	initStringInfo(&out);
	ScimIndexQueryPrint(
		&out, ScimIndexPlanMake(query, SCIM_INDEX_FORMAT, ScimIndexDefaultPaths()));
	PG_RETURN_CSTRING(out.data);
}
