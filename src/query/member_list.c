/*
 * member_list.c
 *		The members of one group as a list that can be paged and filtered:
 *		GET /Groups/{id}/members.
 *
 * It is our own, since RFC 7644 pages resources only, and a group of a million
 * members is one resource.  The list is in the order of the members' ids, which
 * is that of the primary key, so that a page by cursor costs the same anywhere.
 * A filter is what would stand in members[...].
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "door/members/members.h"
#include "path/path.h"
#include "query/list.h"
#include "query/query.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

typedef struct MemberList
{
	ScimStore *store;
	const ScimResource *group;
	ScimFilter *filter; /* NULL: none */
} MemberList;

static void
append_conditions(StringInfo query, ScimParams *params, const MemberList *list)
{
	appendStringInfo(
		query, " FROM %s.member m WHERE m.tenant_id = $%d ", list->store->quoted_name,
		ScimParamsAdd(params, INT4OID, Int32GetDatum(list->group->tenant_id), false));
	appendStringInfo(
		query, "AND m.group_id = $%d",
		ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&list->group->id), false));
	if (list->filter != NULL)
	{
		appendStringInfoString(query, " AND ");
		ScimMemberPredicate(query, params, list->store, list->group->type, list->filter);
	}
}

static int64
count_members(const MemberList *list)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT count(*)");
	append_conditions(&query, &params, list);
	ScimSpiExecute(query.data, &params, false, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/* The rows are left in SPI_tuptable; after may be NULL. */
static void
fetch_members(const MemberList *list, const ScimCursor *after, int64 offset, int64 limit)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	/* cut down to the page before anything is joined to it */
	appendStringInfoString(&query, "(SELECT m.*");
	append_conditions(&query, &params, list);
	if (after != NULL)
		appendStringInfo(
			&query, " AND m.member_id > $%d",
			ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&after->id), false));
	appendStringInfo(&query, " ORDER BY m.member_id LIMIT $%d",
					 ScimParamsAdd(&params, INT8OID, Int64GetDatum(limit), false));
	if (offset > 0)
		appendStringInfo(&query, " OFFSET $%d",
						 ScimParamsAdd(&params, INT8OID, Int64GetDatum(offset), false));
	appendStringInfoChar(&query, ')');
	ScimSpiExecute(ScimMembersSelect(list->store, query.data), &params, false, 0);
}

static StringInfo
describe_query(const MemberList *list)
{
	StringInfo query = makeStringInfo();

	appendStringInfo(query, "%s/members %d", ScimUuidText(&list->group->id),
					 list->group->tenant_id);
	if (list->filter != NULL)
		ScimMemberFilterDescribe(query, list->store, list->group->type, list->filter);
	return query;
}

/* "value" of a member is "members.value" of its group. */
static List *
members_paths(List *names)
{
	List *paths = NIL;
	ListCell *lc;

	foreach (lc, names)
		paths = lappend(paths, psprintf("members.%s", (char *) lfirst(lc)));
	return paths;
}

/* Where nothing unknown is let in, they name what a member has. */
static void
check_names(const ScimResourceType *type, const char *parameter, List *names)
{
	ListCell *lc;

	if (names == NIL || !ScimRefusesUnknown(type))
		return;
	foreach (lc, names)
	{
		CHECK_FOR_INTERRUPTS();
		if (!ScimIsNamed(type->registry, type,
						 psprintf("members.%s", (char *) lfirst(lc))))
			ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
							errmsg("\"%s\" names the unknown attribute \"%s\"", parameter,
								   ScimPathShown(lfirst(lc)))));
	}
}

/*
 * ScimMembersList appends a ListResponse of the members {value, $ref, type,
 * display} of a group; attributes and excludedAttributes name these parts.  The value
 * is there whatever they name, as the id of a resource is.
 */
void
ScimMembersList(ScimStore *store, const ScimResource *group,
				const ScimSearchRequest *request, StringInfo out)
{
	MemberList list = {store, group, ScimSearchFilter(store, request)};
	const ScimProjection *projection =
		ScimProjectionMake(group->type, members_paths(request->attributes),
						   members_paths(request->excluded));
	bool by_cursor = request->cursor != NULL;
	int64 limit = ScimSearchLimit(store, group->type, request);
	int64 offset = by_cursor ? 0 : ScimFirstRow(request) - 1;
	StringInfo query = by_cursor ? describe_query(&list) : NULL;
	ScimCursor cursor = {0};
	StringInfoData members;
	char *next_cursor = NULL;
	int64 fetched;
	int nmembers = 0;
	int64 total = -1;
	bool more = false;

	check_names(group->type, "attributes", request->attributes);
	check_names(group->type, "excludedAttributes", request->excluded);
	if (request->sort_by != NULL)
		ereport(ERROR, (ScimErr(ScimRefusesUnknown(group->type) ? SCIM_INVALID_SYNTAX
																: SCIM_INVALID_VALUE),
						errmsg("cannot sort the members of a group by \"%s\"",
							   ScimPathShown(request->sort_by)),
						errhint("They are in the order of their ids.")));
	if (by_cursor && ScimCursorOpen(store, group->type, request, query, &cursor))
		total = cursor.total;
	initStringInfo(&members);

	SPI_connect();
	if (limit > 0)
	{
		/* one more by cursor, which tells whether there is a next page */
		fetch_members(&list, total >= 0 ? &cursor : NULL, offset, limit + by_cursor);
		fetched = SPI_processed;
		nmembers =
			(int) ScimMembersRenderRows(&members, store, group, projection,
										Min(fetched, limit), ScimMaxAnswerSize(store));
		more = by_cursor && fetched > nmembers;
		if (nmembers > 0)
			cursor.id = *DatumGetUUIDP(ScimResultValue(nmembers - 1, 5, UUIDOID));
	}
	if (total < 0)
		total = count_members(&list);
	SPI_finish();

	if (more)
	{
		cursor.key_is_null = true;
		cursor.count = request->count;
		cursor.total = total;
		next_cursor = ScimCursorSeal(store, &cursor, query);
	}
	ScimSearchWriteHead(out, request, total, nmembers, next_cursor);
	appendStringInfo(out, "%s}", members.len > 0 ? members.data : "[]");
}
