/*
 * endpoint.c
 *		Which endpoint of one's own a request is for.
 *
 * The path of an endpoint begins where the path of the store's base URL does, or
 * behind any of the segments that the two have in common: of a store at
 * https://host/staff/scim/v2, the endpoint /api/users is at
 * https://host/staff/api/users.  An endpoint of SCIM goes before one of one's own
 * that does not say that it shadows it.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "endpoint/endpoint.h"
#include "store/statement/statement.h"
#include "text/fold.h"

PG_FUNCTION_INFO_V1(scim_broken_endpoints);

/* The longest value of X-Request-Id that is taken over. */
#define MAX_TRACE_ID 128

typedef struct Compiling
{
	const ScimStore *store;
	ScimEndpoints *endpoints;
} Compiling;

static void
compile_all(void *arg)
{
	Compiling *compiling = arg;
	ListCell *lc;

	foreach (lc, compiling->store->endpoints)
	{
		const ScimEndpointRow *row = lfirst(lc);

		if (row->enabled)
			compiling->endpoints->all = lappend(
				compiling->endpoints->all, ScimEndpointCompile(compiling->store, row));
	}
}

/*
 * ScimEndpointsOf returns the endpoints of a store, compiled once for as long as
 * it is cached.  One that cannot work says so in its problem.
 */
const ScimEndpoints *
ScimEndpointsOf(ScimStore *store)
{
	MemoryContext context;
	MemoryContext old;
	ScimEndpoints *endpoints;
	Compiling compiling = {store, NULL};

	if (store->served != NULL)
		return store->served;
	context = AllocSetContextCreate(CurrentMemoryContext, "scim endpoints",
									ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(context);
	compiling.endpoints = endpoints = palloc0(sizeof(ScimEndpoints));
	(void) ScimFilterWithin(&ScimFilterLimitsWidest, compile_all, &compiling);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, store->context);
	store->served = endpoints;
	return endpoints;
}

/*
 * scim_internal.broken_endpoints() returns a set of scim.problem: what is wrong with
 * endpoints that are on and cannot work any more, or not as they say.
 */
Datum
scim_broken_endpoints(PG_FUNCTION_ARGS)
{
	const ScimEndpoints *endpoints = ScimEndpointsOf(ScimStoreConfigured());
	ReturnSetInfo *result;
	ListCell *lc;

	InitMaterializedSRF(fcinfo, 0);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (result->setDesc->natts != 6)
		elog(ERROR, "unexpected result type of scim_internal.broken_endpoints");
	foreach (lc, endpoints->all)
	{
		const ScimEndpoint *endpoint = lfirst(lc);
		Datum values[6] = {0};
		bool nulls[6] = {false};

		if (endpoint->problem == NULL && endpoint->unfit == NULL)
			continue;
		values[0] = CStringGetTextDatum(endpoint->row->resource_type);
		values[1] = UUIDPGetDatum(&endpoint->row->id);
		values[2] = CStringGetTextDatum("endpoint");
		values[3] = CStringGetTextDatum(
			endpoint->problem != NULL ? endpoint->problem_place : endpoint->unfit_place);
		values[4] = CStringGetTextDatum(ScimErrorByKind(SCIM_INVALID_VALUE)->scim_type);
		values[5] = CStringGetTextDatum(
			psprintf("endpoint \"%s\": %s", endpoint->row->name,
					 endpoint->problem != NULL ? endpoint->problem : endpoint->unfit));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

static bool
has_method(const ScimEndpoint *endpoint, const char *method)
{
	ListCell *lc;

	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	foreach (lc, endpoint->row->methods)
	{
		if (strcmp(lfirst(lc), method) == 0)
			return true;
	}
	return false;
}

/*
 * ScimEndpointsConflict returns an endpoint that shares its path and a method with
 * another one of the store, its *twin, or NULL.
 */
const ScimEndpoint *
ScimEndpointsConflict(const ScimEndpoints *endpoints, const ScimEndpoint **twin,
					  const char **method)
{
	ListCell *lc;
	ListCell *other;

	foreach (lc, endpoints->all)
	{
		const ScimEndpoint *a = lfirst(lc);

		for_each_from(other, endpoints->all, foreach_current_index(lc) + 1)
		{
			const ScimEndpoint *b = lfirst(other);
			ListCell *cell;

			if (a->nsegments == 0 || strcmp(a->shape, b->shape) != 0)
				continue;
			foreach (cell, a->row->methods)
			{
				*twin = a;
				*method = lfirst(cell);
				if (has_method(b, *method))
					return b;
			}
		}
	}
	return NULL;
}

static bool
literal_matches(const ScimSegment *segment, const char *text)
{
	return segment->literal != NULL && ScimNameEqual(segment->literal, text);
}

/* argument: what stands in the place of the parameter */
static bool
matches(const ScimEndpoint *endpoint, char **segments, int nsegments,
		const char **argument)
{
	*argument = NULL;
	/* one without any is broken, and the root is SCIM's */
	if (endpoint->nsegments != nsegments || nsegments == 0)
		return false;
	for (int i = 0; i < nsegments; i++)
	{
		if (endpoint->segments[i].literal == NULL)
			*argument = segments[i];
		else if (!literal_matches(&endpoint->segments[i], segments[i]))
			return false;
	}
	return true;
}

/* Does a say more than b of a path that both match?  The first difference counts. */
static bool
says_more(const ScimEndpoint *a, const ScimEndpoint *b)
{
	for (int i = 0; i < a->nsegments; i++)
	{
		bool literal = a->segments[i].literal != NULL;

		if (literal != (b->segments[i].literal != NULL))
			return literal;
	}
	return false;
}

static char *
allowed_methods(const ScimEndpoints *endpoints, char **segments, int nsegments)
{
	static const char *const methods[] = {"GET", "HEAD",  "POST",
										  "PUT", "PATCH", "DELETE"};
	StringInfoData allow;

	initStringInfo(&allow);
	for (size_t i = 0; i < lengthof(methods); i++)
	{
		ListCell *lc;

		foreach (lc, endpoints->all)
		{
			const char *argument;

			if (matches(lfirst(lc), segments, nsegments, &argument) &&
				has_method(lfirst(lc), methods[i]))
			{
				appendStringInfo(&allow, "%s, ", methods[i]);
				break;
			}
		}
	}
	appendStringInfoString(&allow, "OPTIONS");
	return allow.data;
}

/* Finds the endpoint of a path; false: none has it. */
static bool
find_by_path(const ScimEndpoints *endpoints, const char *method, char **segments,
			 int nsegments, ScimFlat *flat)
{
	ListCell *lc;

	foreach (lc, endpoints->all)
	{
		const ScimEndpoint *endpoint = lfirst(lc);
		const char *argument;

		if (!matches(endpoint, segments, nsegments, &argument))
			continue;
		if (has_method(endpoint, method) &&
			(flat->endpoint == NULL || says_more(endpoint, flat->endpoint)))
		{
			flat->endpoint = endpoint;
			flat->argument = argument;
		}
		if (flat->nearest == NULL || says_more(endpoint, flat->nearest))
			flat->nearest = endpoint;
	}
	if (flat->endpoint != NULL)
		flat->nearest = flat->endpoint;
	return flat->nearest != NULL;
}

/*
 * The endpoint with which a path has most of its first segments in common: who
 * asks for one that is not there may as well get an error that he understands.
 */
static int
find_nearest(const ScimEndpoints *endpoints, char **segments, int nsegments, int most,
			 ScimFlat *flat)
{
	ListCell *lc;

	foreach (lc, endpoints->all)
	{
		const ScimEndpoint *endpoint = lfirst(lc);
		int common = 0;

		while (common < nsegments && common < endpoint->nsegments &&
			   literal_matches(&endpoint->segments[common], segments[common]))
			common++;
		if (common > most)
		{
			most = common;
			flat->nearest = endpoint;
		}
	}
	return most;
}

/* What names the request in an error: what the gateway calls it, or something new. */
static const char *
make_trace_id(const ScimRequest *request)
{
	const char *given = ScimHeader(request, "X-Request-Id");
	pg_uuid_t uuid;

	if (given != NULL && given[0] != '\0' && strlen(given) <= MAX_TRACE_ID)
		return given;
	ScimUuidV7(&uuid);
	return ScimUuidText(&uuid);
}

/* The segments of a path as they came, of which some may be nothing that can be decoded.
 */
static char **
raw_segments(const char *text, int *nsegments)
{
	const char *p = ScimPathOfUrl(text);
	const char *end = p + strcspn(p, "?");
	char **segments = palloc((end - p + 1) * sizeof(char *));

	*nsegments = 0;
	while (p < end)
	{
		size_t len = strcspn(p, "/?");

		if (len > 0)
			segments[(*nsegments)++] = pnstrdup(p, len);
		p += len + 1;
	}
	return segments;
}

/* Finds nothing but the endpoint whose form errors have: the target cannot be decoded. */
static void
find_form(ScimStore *store, const ScimEndpoints *endpoints, ScimRequest *request,
		  ScimFlat *flat)
{
	int nsegments;
	char **segments = raw_segments(request->target_text, &nsegments);
	bool whole;
	int shared = ScimTargetShared(store, segments, nsegments, &whole);
	int most = 0;

	for (int skip = 0; skip <= shared && !whole; skip++)
		most = find_nearest(endpoints, segments + skip, nsegments - skip, most, flat);
	if (flat->nearest == NULL || ScimPathIsServed(store, segments, nsegments))
		return;
	flat->trace_id = make_trace_id(request);
	request->flat = flat;
	request->flat_media_type = flat->nearest->media_type;
}

/*
 * ScimFlatFind sets request->flat where a request is for endpoints of one's own;
 * also where it is for none that there is, but looks as if it should be.  It looks
 * once.  Raises invalidSyntax for a target that cannot be decoded.
 */
void
ScimFlatFind(ScimStore *store, ScimRequest *request)
{
	const ScimEndpoints *endpoints;
	ScimFlat *flat;
	char **segments;
	int nsegments;
	int shared;
	int most = 0;
	bool whole;
	bool found = false;

	if (request->flat_sought)
		return;
	request->flat_sought = true;
	if (store->endpoints == NIL)
		return;
	endpoints = ScimEndpointsOf(store);
	flat = palloc0(sizeof(ScimFlat));
	if (strchr(request->target_text, '%') != NULL ||
		strstr(request->target_text, "/.") != NULL)
		find_form(store, endpoints, request, flat);
	segments = ScimTargetSplit(request->target_text, &nsegments, &flat->query);
	request->flat = NULL;
	flat->nearest = NULL;
	if (segments == NULL)
		return;
	shared = ScimTargetShared(store, segments, nsegments, &whole);
	for (int skip = 0; skip <= shared && !found; skip++)
	{
		found = find_by_path(endpoints, request->method, segments + skip,
							 nsegments - skip, flat);
		if (found)
			flat->allow = allowed_methods(endpoints, segments + skip, nsegments - skip);
	}
	for (int skip = 0; skip <= shared && !found && !whole; skip++)
		most = find_nearest(endpoints, segments + skip, nsegments - skip, most, flat);
	if (flat->nearest == NULL || (!(flat->endpoint != NULL && flat->endpoint->shadows) &&
								  ScimPathIsServed(store, segments, nsegments)))
		return;
	flat->trace_id = make_trace_id(request);
	request->flat = flat;
	request->flat_media_type = flat->nearest->media_type;
}
