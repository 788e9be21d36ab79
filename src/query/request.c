/*
 * request.c
 *		What a request for a list says, and how its answer begins, of whatever the list
 * is.
 */
#include "postgres.h"

#include "query/query.h"
#include "store/store.h"

typedef struct Parsing
{
	const char *text;
	ScimFilter *filter;
	ScimProblem *problem;
} Parsing;

static void
parse_filter(void *arg)
{
	Parsing *parsing = arg;

	parsing->filter =
		ScimFilterParse(parsing->text, strlen(parsing->text), &parsing->problem);
}

/* ScimSearchFilter parses the filter of a request; NULL where it has none. */
ScimFilter *
ScimSearchFilter(const ScimStore *store, const ScimSearchRequest *request)
{
	Parsing parsing = {request->filter, NULL, NULL};
	ScimFilterLimits limits;

	if (request->filter == NULL)
		return NULL;
	ScimSettingsUse(store->settings);
	limits = ScimFilterLimitsBeside(request->own);
	(void) ScimFilterWithin(&limits, parse_filter, &parsing);
	if (parsing.filter == NULL)
		ereport(ERROR,
				(ScimErr(parsing.problem->kind), errmsg("%s", parsing.problem->message)));
	return parsing.filter;
}

/* ScimSearchLimit returns how many resources the page of a request holds at most. */
int64
ScimSearchLimit(const ScimStore *store, const ScimResourceType *type,
				const ScimSearchRequest *request)
{
	const char *name = type != NULL ? type->name : NULL;
	int64 max = request->max_count;
	int64 count = request->count;

	if (max <= 0)
		max = ScimSettingInt(store->settings, SCIM_SETTING_MAX_RESULTS, name);
	if (count < 0)
		count = ScimSettingInt(store->settings, SCIM_SETTING_DEFAULT_RESULTS, name);
	return Min(count, max);
}

/* ScimSearchWriteHead begins a ListResponse, up to the array of its resources. */
void
ScimSearchWriteHead(StringInfo out, const ScimSearchRequest *request, int64 total,
					int nresources, const char *next_cursor)
{
	appendStringInfo(out,
					 "{\"schemas\":[\"" SCIM_LIST_RESPONSE "\"],"
					 "\"totalResults\":" INT64_FORMAT,
					 total);
	if (request->cursor == NULL)
		appendStringInfo(out, ",\"startIndex\":" INT64_FORMAT, ScimFirstRow(request));
	appendStringInfo(out, ",\"itemsPerPage\":%d", nresources);
	if (next_cursor != NULL)
		appendStringInfo(out, ",\"nextCursor\":\"%s\"", next_cursor);
	appendStringInfoString(out, ",\"Resources\":");
}
