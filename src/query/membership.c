/*
 * membership.c
 *		Memberships as resources, one or a list: draft-zollner-scim-group-members.
 *
 * A resource is a row of "member" whose group and whose member are resources that may be
 * seen; a member that a client made up is none.  The list is in the order of the primary
 * key, group and member, so that a page by cursor costs the same anywhere; the rows of
 * one group are a part of it, and those of one member have an index.  Nothing of a
 * membership ever changes: its version is 1, and what is shown of group and member is in
 * the entity-tag as a digest.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"

#include "path/path.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "json/json.h"
#include "mapping/predicate/predicate.h"
#include "policy/wire/wire.h"
#include "query/query.h"
#include "store/acting.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"

/* The planner is told of at least so many rows of a page. */
#define LIMIT_LEAST 32

/* What one has beside its document, in bytes, more or less. */
#define MEMBERSHIP_BYTES 512

/* A cursor has the id of the member, and that of the group as its key. */
#define KEY_LEN UUID_LEN

typedef struct MembershipList
{
	ScimStore *store;
	const ScimResourceType *type;
	ScimFilter *filter; /* NULL: none */
	bool descending;
	bool by_values; /* the best plan depends on the values in the filter */
} MembershipList;

/* Columns of what append_rows reads. */
static const char columns[] =
	"m.group_id, m.member_id, m.created, g.resource_type, g.display_name, "
	"x.resource_type, m.member_type, coalesce(x.display_name, x.user_name), "
	"x.display_name IS NULL";

/* How the resources at both ends are found. */
typedef enum EndJoin
{
	JOIN_BY_KEY, /* of each row by its id, which the planner may not doubt */
	JOIN_ANY     /* as the planner likes */
} EndJoin;

/*
 * Appends the live resource of an id as a FROM item; types NULL: of any; at: the
 * parameter that says where its row is, 0: anywhere.
 */
static void
append_end(StringInfo query, const ScimStore *store, EndJoin join, const char *alias,
		   const char *key, const char *types, int at)
{
	bool by_key = join == JOIN_BY_KEY;

	appendStringInfo(query,
					 by_key
						 ? " CROSS JOIN LATERAL (SELECT * FROM %1$s.resource %2$s WHERE "
						 : " JOIN %1$s.resource %2$s ON ",
					 store->quoted_name, alias);
	appendStringInfo(query,
					 "%1$s.tenant_id = m.tenant_id AND %1$s.id = m.%2$s "
					 "AND %1$s.deleted_at IS NULL",
					 alias, key);
	if (types != NULL)
		appendStringInfo(query, " AND %s.resource_type IN (%s)", alias, types);
	if (at > 0)
		appendStringInfo(query, " AND %s.ctid = $%d", alias, at);
	/* which keeps the planner from reading all that there are, whatever he knows of them
	 */
	if (by_key)
		appendStringInfo(query, " OFFSET 0) AS %s", alias);
}

/*
 * FROM and WHERE of the memberships of the tenant.  Who may not read the type of a
 * member learns that it is there, as from the members of the group, and no more.
 */
static void
append_rows(StringInfo query, ScimParams *params, const ScimStore *store, EndJoin join,
			const ItemPointerData *group_at)
{
	const char *readable = ScimScopeTypes(store);

	appendStringInfo(query, " FROM %s.member m", store->quoted_name);
	append_end(query, store, join, "g", "group_id", ScimGroupTypesReadable(store),
			   group_at == NULL
				   ? 0
				   : ScimParamsAdd(params, TIDOID, PointerGetDatum(group_at), false));
	append_end(query, store, join, readable ? "live" : "x", "member_id", NULL, 0);
	if (readable != NULL)
		appendStringInfo(query,
						 " LEFT JOIN %1$s.resource x ON x.tenant_id = live.tenant_id "
						 "AND x.id = live.id AND x.deleted_at IS NULL "
						 "AND x.resource_type IN (%2$s)",
						 store->quoted_name, readable);
	appendStringInfo(query, " WHERE m.tenant_id = $%d",
					 ScimParamsAdd(params, INT4OID, Int32GetDatum(ScimTenant()), false));
}

static void
append_conditions(StringInfo query, ScimParams *params, const MembershipList *list,
				  EndJoin join)
{
	append_rows(query, params, list->store, join, NULL);
	if (list->filter == NULL)
		return;
	appendStringInfoString(query, " AND ");
	ScimMembershipPredicate(query, params, list->store, list->type, list->filter);
}

static void
execute(const MembershipList *list, const char *query, const ScimParams *params,
		long count)
{
	if (list->by_values)
		ScimSpiExecuteForValues(query, params, false, count);
	else
		ScimSpiExecuteByKey(query, params, count);
}

/* {value, $ref, type, display}, each of which may be NULL but the first */
static JsonbValue *
make_end(const ScimStore *store, const pg_uuid_t *id, const ScimResourceType *target,
		 const char *type, const char *display)
{
	JsonbValue *end = ScimJsonNewObject();
	char *text = ScimUuidText(id);

	ScimJsonSet(end, "value", ScimJsonNewString(text));
	if (target != NULL)
		ScimJsonSet(end, "$ref",
					ScimJsonNewString(ScimLocation(ScimBaseUrl(store), target, text)));
	if (type != NULL)
		ScimJsonSet(end, "type", ScimJsonNewString(type));
	if (display != NULL)
		ScimJsonSet(end, "display", ScimJsonNewString(display));
	return end;
}

/* What is in an end besides its id, for the entity-tag. */
static void
append_borrowed(StringInfo borrowed, const JsonbValue *end)
{
	static const char *const names[] = {"type", "display"};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		const JsonbValue *value = ScimJsonGet(end, names[i]);

		if (value != NULL)
			ScimJsonWrite(borrowed, value);
		appendStringInfoChar(borrowed, ',');
	}
}

/* What the data of a membership is, with the names of others as these say, or NIL. */
static void
describe(ScimResource *membership, ScimStore *store, uint64 row, const List *others)
{
	const ScimResourceType *group = ScimTypeByName(store, ScimResultText(row, 4));
	const char *live = ScimResultText(row, 6);
	const ScimResourceType *member = live ? ScimTypeByName(store, live) : NULL;
	const char *group_name = ScimResultText(row, 5);
	const char *member_name =
		ScimSettingBool(store->settings, SCIM_SETTING_MEMBER_DISPLAY, group->name)
			? ScimResultText(row, 8)
			: NULL;
	JsonbValue *document = ScimJsonNewObject();
	JsonbValue *schemas = ScimJsonNewArray();
	JsonbValue *ends[2];
	StringInfoData borrowed;

	if (group_name != NULL)
		group_name = ScimWireDisplay(others, group, false, group_name);
	if (member_name != NULL)
		member_name = ScimWireDisplay(
			others, member, DatumGetBool(ScimResultValue(row, 9, BOOLOID)), member_name);
	ends[0] = make_end(store, &membership->id, group, NULL, group_name);
	ends[1] = make_end(store, &membership->member_id, member,
					   live ? live : ScimResultText(row, 7), member_name);
	initStringInfo(&borrowed);
	append_borrowed(&borrowed, ends[0]);
	append_borrowed(&borrowed, ends[1]);
	membership->borrowed = borrowed.data;
	ScimJsonAppend(schemas, ScimJsonNewString(membership->type->schema->id));
	ScimJsonSet(document, "schemas", schemas);
	ScimJsonSet(document, "group", ends[0]);
	ScimJsonSet(document, "member", ends[1]);
	membership->data = ScimJsonToJsonb(document);
}

/* A row of the statement at hand, in a context. */
static ScimResource *
membership_of_row(ScimStore *store, const ScimResourceType *type, uint64 row,
				  MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	ScimResource *membership = palloc0(sizeof(ScimResource));
	const List *others = ScimWireOthers(store, type);

	membership->type = type;
	membership->tenant_id = ScimTenant();
	membership->id = *DatumGetUUIDP(ScimResultValue(row, 1, UUIDOID));
	membership->member_id = *DatumGetUUIDP(ScimResultValue(row, 2, UUIDOID));
	membership->version = 1;
	membership->created = DatumGetTimestampTz(ScimResultValue(row, 3, TIMESTAMPTZOID));
	membership->last_modified = membership->created;
	describe(membership, store, row, NIL);
	if (others != NIL)
	{
		ScimResource *shown =
			memcpy(palloc(sizeof(ScimResource)), membership, sizeof(ScimResource));

		describe(shown, store, row, others);
		membership->shown = shown;
	}
	MemoryContextSwitchTo(old);
	return membership;
}

/* The row of a membership becomes the result; group_at: where that of its group is. */
static bool
find_row(ScimStore *store, const pg_uuid_t *group_id, const pg_uuid_t *member_id,
		 const ItemPointerData *group_at)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfo(&query, "SELECT %s", columns);
	append_rows(&query, &params, store, JOIN_BY_KEY, group_at);
	appendStringInfo(&query, " AND m.group_id = $%d",
					 ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(group_id), false));
	appendStringInfo(&query, " AND m.member_id = $%d",
					 ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(member_id), false));
	ScimSpiExecuteByKey(query.data, &params, 1);
	return SPI_processed > 0;
}

/*
 * ScimMembershipFind reads a membership, NULL: there is none that may be seen.
 * *group_type, where it is asked for, becomes the type of its group.
 */
ScimResource *
ScimMembershipFind(ScimStore *store, const ScimResourceType *type,
				   const pg_uuid_t *group_id, const pg_uuid_t *member_id,
				   const ScimResourceType **group_type)
{
	const ItemPointerData *group_at = ScimTidOf(store, ScimTenant(), group_id);
	MemoryContext context = CurrentMemoryContext;
	ScimResource *membership = NULL;

	SPI_connect();
	if ((group_at != NULL && find_row(store, group_id, member_id, group_at)) ||
		find_row(store, group_id, member_id, NULL))
	{
		membership = membership_of_row(store, type, 0, context);
		if (group_type != NULL)
			*group_type = ScimTypeByName(store, ScimResultText(0, 4));
	}
	SPI_finish();
	return membership;
}

/* ---- lists */

static int64
count_memberships(const MembershipList *list)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT count(*)");
	/* of all there are, an index per row would be slow */
	append_conditions(&query, &params, list,
					  list->filter == NULL || list->by_values ? JOIN_ANY : JOIN_BY_KEY);
	if (list->filter == NULL)
		ScimSpiExecuteForValues(query.data, &params, false, 0);
	else
		execute(list, query.data, &params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/* The rows are left in SPI_tuptable; after may be NULL. */
static void
fetch_memberships(const MembershipList *list, const ScimCursor *after, int64 offset,
				  int64 wanted)
{
	const char *direction = list->descending ? " DESC" : "";
	int64 limit = LIMIT_LEAST;
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfo(&query, "SELECT %s", columns);
	append_conditions(&query, &params, list, list->by_values ? JOIN_ANY : JOIN_BY_KEY);
	if (after != NULL)
	{
		int group = ScimParamsAdd(&params, UUIDOID, PointerGetDatum(after->key), false);

		appendStringInfo(
			&query, " AND (m.group_id, m.member_id) %s ($%d, $%d)",
			list->descending ? "<" : ">", group,
			ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&after->id), false));
	}
	/* as a constant: the planner would take a parameter for a tenth of the table */
	while (limit < wanted)
		limit *= 2;
	appendStringInfo(&query, " ORDER BY m.group_id%s, m.member_id%s LIMIT " INT64_FORMAT,
					 direction, direction, limit);
	if (offset > 0)
		appendStringInfo(&query, " OFFSET $%d",
						 ScimParamsAdd(&params, INT8OID, Int64GetDatum(offset), false));
	execute(list, query.data, &params, (long) wanted);
}

/* What must be the same on all pages of a query, in bytes. */
static StringInfo
describe_query(const MembershipList *list)
{
	StringInfo query = makeStringInfo();

	appendStringInfo(query, "%s %d %c", list->type->name, ScimTenant(),
					 list->descending ? 'd' : 'a');
	if (list->filter != NULL)
		ScimFilterDescribe(query, list->store, list->type, list->filter, false);
	return query;
}

/* They are in the order of their keys, and no other. */
static void
check_sort(const ScimResourceType *type, const char *sort_by)
{
	ScimProblem *problem = NULL;
	const ScimPath *path;
	ScimAttrRef ref;
	ScimResolved resolved;

	if (sort_by == NULL)
		return;
	path = ScimPathParse(sort_by, strlen(sort_by), &problem);
	if (path != NULL && ScimPathFilter(path) == NULL)
	{
		ref = ScimPathAttrRef(path);
		if (!ScimResolve(type, &ref, &resolved) || resolved.attribute == NULL)
			path = NULL;
	}
	if (path == NULL || ScimPathFilter(path) != NULL)
		ereport(
			ERROR,
			(ScimErr(ScimRefusesUnknown(type) ? SCIM_INVALID_SYNTAX : SCIM_INVALID_PATH),
			 errmsg("cannot sort by unknown attribute \"%s\"", ScimPathShown(sort_by))));
	if (strcmp(resolved.attribute->name, "id") == 0 ||
		(strcmp(resolved.attribute->name, "group") == 0 &&
		 (resolved.sub == NULL || strcmp(resolved.sub->name, "value") == 0)))
		return;
	ereport(ERROR,
			(ScimErr(SCIM_INVALID_VALUE),
			 errmsg("cannot sort memberships by \"%s\"", sort_by),
			 errhint("They are in the order of the ids of their groups and, of one "
					 "group, of their members.")));
}

/* Does a filter ask no more than which group or member it is? */
static bool
only_keys(const ScimFilter *filter)
{
	for (uint32 i = 0; i < filter->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->nodes[i];
		const char *sub = ScimFilterString(filter, node->sub);

		if (node->kind == SCIM_NODE_AND)
			continue;
		if (node->kind != SCIM_NODE_COMPARE || node->op != SCIM_OP_EQ ||
			node->literal != SCIM_LITERAL_STRING || node->value_len == 0 ||
			(sub != NULL && pg_strcasecmp(sub, "value") != 0))
			return false;
	}
	return true;
}

/* ScimMembershipPage finds a page of a list, and how long the list is. */
void
ScimMembershipPage(ScimStore *store, const ScimResourceType *type,
				   const ScimSearchRequest *request, ScimPage *page)
{
	MembershipList list = {store, type, ScimSearchFilter(store, request), false, false};
	MemoryContext context = CurrentMemoryContext;
	MemoryContext caller;
	bool by_cursor = request->cursor != NULL;
	int64 limit = ScimSearchLimit(store, type, request);
	int64 offset = by_cursor ? 0 : ScimFirstRow(request) - 1;
	StringInfo query = NULL;
	ScimCursor cursor = {0};
	int64 total = -1;
	/* -1: any number of bytes */
	int64 room = request->uncounted ? -1
									: ScimSettingInt(store->settings,
													 SCIM_SETTING_MAX_ANSWER_SIZE, NULL);
	int64 n = 0;
	bool more = false;
	bool ends = false;
	int level;

	memset(page, 0, sizeof(ScimPage));
	check_sort(type, request->sort_by);
	list.descending = request->descending && request->sort_by != NULL;
	list.by_values = list.filter != NULL && !only_keys(list.filter);
	if (by_cursor)
	{
		query = describe_query(&list);
		if (ScimCursorOpen(store, type, request, query, &cursor))
		{
			if (cursor.key_is_null || cursor.key_len != KEY_LEN)
				elog(ERROR, "a cursor of memberships has no group");
			total = cursor.total;
		}
	}
	SPI_connect();
	level = ScimSpiBeginApart(!ScimTenantIsOnly(store->namespace_oid));
	caller = CurrentMemoryContext;
	if (limit > 0)
	{
		/* one more by cursor, which tells whether there is a next page */
		fetch_memberships(&list, total >= 0 ? &cursor : NULL, offset, limit + by_cursor);
		for (; n < Min((int64) SPI_processed, limit); n++)
		{
			ScimResource *membership = membership_of_row(store, type, n, context);
			MemoryContext old = MemoryContextSwitchTo(context);

			CHECK_FOR_INTERRUPTS();
			if (room >= 0)
			{
				/* a page has one at least: nobody would ever come past it */
				room -= VARSIZE(membership->data) + MEMBERSHIP_BYTES;
				if (room < 0 && n > 0)
					break;
				room = Max(room, 0);
			}
			page->resources = lappend(page->resources, membership);
			MemoryContextSwitchTo(old);
		}
		MemoryContextSwitchTo(caller);
		more = (int64) SPI_processed > n;
		/* a first page, or one with something on it, that ends the list tells how long */
		ends = !more && (by_cursor || n < limit) && (n > 0 || offset == 0);
	}
	if (total < 0 && ends)
		total = offset + n;
	if (total < 0 && !request->uncounted)
		total = count_memberships(&list);
	ScimSpiEndApart(level);
	SPI_finish();

	page->total = request->uncounted ? n : total;
	if (more && by_cursor)
	{
		const ScimResource *last = llast(page->resources);

		cursor.id = last->member_id;
		cursor.key_is_null = false;
		cursor.key = (const char *) last->id.data;
		cursor.key_len = KEY_LEN;
		cursor.count = request->count;
		cursor.total = total;
		page->next_cursor = ScimCursorSeal(store, &cursor, query);
	}
}
