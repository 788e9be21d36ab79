/*
 * request.c
 *		What a request for a list says, and how its answer begins, of whatever the list
 * is.
 */
#include "postgres.h"

#include "query/query.h"
#include "store/store.h"

/* ScimSearchFilter parses the filter of a request; NULL where it has none. */
ScimFilter *
ScimSearchFilter(const ScimStore *store, const ScimSearchRequest *request)
{
	ScimProblem *problem = NULL;
	ScimFilter *filter;

	if (request->filter == NULL)
		return NULL;
	ScimSettingsUse(store->settings);
	filter = ScimFilterParse(request->filter, strlen(request->filter), &problem);
	if (filter == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	return filter;
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
