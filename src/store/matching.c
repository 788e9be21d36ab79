/*
 * matching.c
 *		scim.matches, and the operator jsonb ~ scim.filter: a filter for one document.
 *
 * A filter is bound to the attributes of a schema once per statement and kept
 * with the call site, since a query applies the same filter to each row.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_matches);
PG_FUNCTION_INFO_V1(scim_jsonb_matches);
PG_FUNCTION_INFO_V1(scim_view_filter);

/* The last filter of a call site. */
typedef struct MatchCache
{
	MemoryContext context; /* of filter, type_name and bound */
	ScimFilter *filter;
	char *type_name; /* NULL: any type */
	ScimBoundFilter *bound;
	bool unknown; /* no resource type is there yet */
	int64 visits; /* of a long filter, by all documents */
} MatchCache;

static ScimBoundFilter *
bind_filter(const ScimFilter *filter, const char *type_name, ScimProblem **problem)
{
	ScimResolveContext context;

	if (type_name == NULL)
	{
		context.registry = ScimRegistryForMatching();
		context.type = NULL;
	}
	else
	{
		ScimStore *store = ScimStoreForReading();

		context.registry = store->registry;
		context.type = ScimTypeByName(store, type_name);
	}
	return ScimFilterBind(filter, 0, ScimResolveForFilter, &context, NULL, problem);
}

/*
 * ScimBindForMatching binds a filter as scim.matches does: to a resource type
 * of the current store, or to all of them for NULL.  It raises what is wrong
 * with the filter.
 */
ScimBoundFilter *
ScimBindForMatching(const ScimFilter *filter, const char *type_name)
{
	ScimProblem *problem = NULL;
	ScimBoundFilter *bound = bind_filter(filter, type_name, &problem);

	if (bound == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	return bound;
}

/* ScimBindForEstimate is the same, but returns NULL for a filter that is wrong. */
ScimBoundFilter *
ScimBindForEstimate(const ScimFilter *filter, const char *type_name)
{
	ScimProblem *problem = NULL;

	return bind_filter(filter, type_name, &problem);
}

static bool
same_filter(const MatchCache *cache, const ScimFilter *filter, const char *type_name)
{
	if ((cache->bound == NULL && !cache->unknown) ||
		VARSIZE(cache->filter) != VARSIZE(filter) ||
		memcmp(cache->filter, filter, VARSIZE(filter)) != 0)
		return false;
	if (cache->type_name == NULL || type_name == NULL)
		return cache->type_name == type_name;
	return strcmp(cache->type_name, type_name) == 0;
}

/*
 * ScimMatches: does a document match a filter, of a type or NULL?  The bound filter is
 * kept with the call site, which must use fn_extra for nothing else, and whose result is
 * null where nobody can say: while a store is being restored, and has no resource types
 * yet by which a filter is read.  A constraint lets that be.
 */
bool
ScimMatches(FunctionCallInfo fcinfo, Jsonb *document, const ScimFilter *filter,
			const char *type_name)
{
	MatchCache *cache = fcinfo->flinfo->fn_extra;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(MatchCache));
		cache->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt,
											   "scim bound filter", ALLOCSET_SMALL_SIZES);
		fcinfo->flinfo->fn_extra = cache;
	}
	if (!same_filter(cache, filter, type_name))
	{
		MemoryContext old;

		cache->bound = NULL;
		cache->unknown = false;
		cache->visits = 0;
		MemoryContextReset(cache->context);
		old = MemoryContextSwitchTo(cache->context);
		cache->filter = palloc(VARSIZE(filter));
		memcpy(cache->filter, filter, VARSIZE(filter));
		cache->type_name = type_name ? pstrdup(type_name) : NULL;
		cache->unknown = ScimRegistryForMatching()->ntypes == 0 && ScimStoreArrives();
		if (!cache->unknown)
			cache->bound = ScimBindForMatching(cache->filter, type_name);
		MemoryContextSwitchTo(old);
	}
	fcinfo->isnull = cache->unknown;
	if (cache->unknown)
		return false;
	if (!JsonContainerIsObject(&document->root))
		return false;
	return ScimFilterMatchOfMany(cache->bound, &document->root, &cache->visits);
}

/* scim.matches(document jsonb, filter scim.filter, resource_type text) returns boolean */
Datum
scim_matches(PG_FUNCTION_ARGS)
{
	char *type_name = NULL;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(2))
		type_name = text_to_cstring(PG_GETARG_TEXT_PP(2));
	PG_RETURN_BOOL(
		ScimMatches(fcinfo, PG_GETARG_JSONB_P(0), PG_GETARG_SCIM_FILTER_P(1), type_name));
}

/* jsonb ~ scim.filter */
Datum
scim_jsonb_matches(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(
		ScimMatches(fcinfo, PG_GETARG_JSONB_P(0), PG_GETARG_SCIM_FILTER_P(1), NULL));
}

/*
 * scim_internal.view_filter(filter text, otherwise text) returns scim.filter: the first
 * of two that the schemas of today allow; NULL for none, with a warning.  What was good
 * when a setting was written may have met another schema since, and who asks a view has
 * more to ask than that.
 */
Datum
scim_view_filter(PG_FUNCTION_ARGS)
{
	ScimProblem *problem = NULL;

	for (int i = 0; i < 2; i++)
	{
		const text *value;
		ScimFilter *filter;

		if (PG_ARGISNULL(i))
			continue;
		value = PG_GETARG_TEXT_PP(i);
		filter =
			ScimFilterParseStored(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &problem);
		if (filter != NULL && bind_filter(filter, NULL, &problem) != NULL)
			PG_RETURN_POINTER(filter);
	}
	if (problem != NULL)
		ereport(WARNING,
				(errmsg("nobody is found by what a setting says: %s", problem->message)));
	PG_RETURN_NULL();
}
