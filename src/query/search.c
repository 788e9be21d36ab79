/*
 * search.c
 *		Lists: filter, sort and page (RFC 7644 section 3.4.2).
 *
 * What a filter finds is visited once: the first of it become the page, and all of it is
 * counted (pass.c).  Where the keys of the index on documents tell all that a filter
 * asks, and it may find very many, they are counted there (index/count.c), and if they
 * lie close enough, a short walk in the order of the page comes across those of it.
 * Without a filter a walk along an index is the page, and another index is counted.  What
 * only asks what equals something has a plan that is good for any value, and kept;
 * otherwise the plan depends on the values.  Neither depends on what this session has
 * asked before. Statements are kept by their shape (plan.c).  A filter that may find many
 * is asked of each row of a list that is small beside the table it lies in (small.c).
 *
 * Pages are found by index (RFC 7644 section 3.4.2.4), by skipping what comes
 * before, or by cursor (RFC 9865), by going on from the sort key and the id of
 * the last resource: an index leads there, however deep, and what others
 * insert and delete meanwhile moves no resource from one page to another.  A
 * cursor carries the total of the first page.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bswap.h"

#include "door/members/members.h"
#include "query/list.h"
#include "resource/resource.h"
#include "store/acting.h"

/* What a page takes to begin with. */
#define INITIAL_BYTES 2048

/* The SQL expression by which a list is sorted, as a type has it; NULL: by id. */
static const char *
find_sort(ScimStore *store, const ScimResourceType *type, const char *sort_by,
		  const ScimResourceType **sorted)
{
	const char *expression = NULL;

	*sorted = type;
	if (sort_by == NULL)
		return NULL;
	if (type != NULL)
		expression = ScimSortExpression(type, sort_by);
	for (int i = 0; type == NULL && expression == NULL && i < store->registry->ntypes;
		 i++)
	{
		*sorted = &store->registry->types[i];
		expression = ScimSortExpression(*sorted, sort_by);
	}
	if (expression == NULL)
		ereport(ERROR, (ScimErr(ScimRefusesUnknown(type) ? SCIM_INVALID_SYNTAX
														 : SCIM_INVALID_PATH),
						errmsg("cannot sort by unknown attribute \"%s\"", sort_by)));
	return strcmp(expression, "id") == 0 ? NULL : expression;
}

/*
 * Does a filter only ask what equals something?  That is few rows most times,
 * whatever the value.  How many any other operator finds depends on its value,
 * and so does the plan.
 */
static bool
only_equalities(const ScimFilter *filter)
{
	for (uint32 i = 0; i < filter->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->nodes[i];

		if (node->kind == SCIM_NODE_NOT)
			return false;
		if (node->kind == SCIM_NODE_COMPARE &&
			(node->op != SCIM_OP_EQ || node->value_len == 0))
			return false;
	}
	return true;
}

/* By what does the filter find what it does, and does the plan depend on its values? */
static void
set_found(ScimList *search)
{
	ScimFinds finds = ScimPredicateFinds(search->predicate);

	/* what each resource has finds them all, as no filter does */
	if (ScimPredicateIsTrue(search->predicate))
	{
		search->filter = NULL;
		return;
	}
	search->by_range = finds == SCIM_FINDS_BY_RANGE;
	search->by_keys = finds == SCIM_FINDS_BY_KEY || search->by_range;
	if (search->by_keys || finds == SCIM_FINDS_BY_DOCUMENT)
		return;
	/* how tables are joined best depends on how large they have become */
	search->by_values =
		!only_equalities(search->filter) || ScimPredicateLooksUp(search->predicate);
}

/*
 * What must be the same on all pages of a query, in bytes: what it says, and what that
 * means to the schemas.  A place in one order is none in another.
 */
static StringInfo
describe_query(const ScimList *search, const ScimSearchRequest *request,
			   const ScimResourceType *sorted)
{
	StringInfo query = makeStringInfo();
	uint32 tenant_id = pg_hton32((uint32) ScimTenant());

	appendBinaryStringInfo(query, (const char *) &tenant_id, sizeof(tenant_id));
	appendStringInfo(query, "%s%c", search->type != NULL ? search->type->name : "", '\0');
	if (search->sort != NULL)
		ScimSortDescribe(query, sorted, request->sort_by);
	appendStringInfo(query, "%c%c", '\0', search->descending ? 'd' : 'a');
	if (search->filter != NULL)
		ScimFilterDescribe(query, search->store, search->type, search->filter,
						   request->secrets);
	return query;
}

/* The projection of a resource of a page, if it is another one than of that before it. */
static ScimProjection *
projection_for(ScimProjection *before, const ScimSearchRequest *request, const List *page,
			   int i)
{
	const ScimResourceType *type = ((const ScimResource *) list_nth(page, i))->type;

	if (i > 0 && ((const ScimResource *) list_nth(page, i - 1))->type == type)
		return before;
	return ScimProjectionMake(type, request->attributes, request->excluded);
}

static void
append_resources(StringInfo out, ScimStore *store, const ScimSearchRequest *request,
				 List *page)
{
	ScimRenderer render = request->render ? request->render : ScimRenderResource;
	ScimProjection *projection = NULL;
	int max = ScimMaxAnswerSize(store);
	int start = out->len;
	ListCell *lc;

	foreach (lc, page)
	{
		const ScimResource *resource = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		projection = projection_for(projection, request, page, foreach_current_index(lc));
		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(out, ',');
		render(out, store, resource, projection);
		/* what is derived may be more than all documents */
		if (out->len - start > max && list_length(page) > 1)
			ScimRaiseTooLarge(max);
	}
}

/* ScimResolveForFilter over all types, one of which has to know what is named. */
static ScimProblem *
resolve_known(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
			  bool want_value, ScimAttrInfo *info)
{
	ScimProblem *problem = ScimResolveForFilter(context, ref, parent, want_value, info);

	if (problem == NULL && parent == NULL && info->type == SCIM_TYPE_ANY)
		problem = ScimProblemMake(SCIM_INVALID_FILTER, ref->name,
								  "unknown attribute \"%s%s%s\" in filter: no resource "
								  "type has it",
								  ref->urn != NULL ? ref->urn : "",
								  ref->urn != NULL ? ":" : "", ref->name);
	return problem;
}

/*
 * What no resource has is asked of resources of all types: they have no value there (RFC
 * 7644 section 3.4.2.1), unless unknown_schemas is "reject".
 */
static void
check_known(const ScimStore *store, const ScimFilter *filter)
{
	ScimResolveContext context = {store->registry, NULL};
	ScimProblem *problem = NULL;

	if (ScimSettingInt(store->settings, SCIM_SETTING_UNKNOWN_SCHEMAS, NULL) ==
			SCIM_UNKNOWN_REJECT &&
		ScimFilterBind(filter, 0, resolve_known, &context, NULL, &problem) == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
}

/* ScimSearchPage finds a page of a list, and how long the list is. */
void
ScimSearchPage(ScimStore *store, const ScimResourceType *type,
			   const ScimSearchRequest *request, ScimPage *page)
{
	ScimList search = {0};
	const ScimResourceType *sorted;
	ScimCursor cursor;
	StringInfo query = NULL;
	bool is_only;
	int level;
	int64 offset = request->cursor == NULL ? ScimFirstRow(request) - 1 : 0;
	int64 total = -1;

	if (type != NULL && type->is_membership)
	{
		ScimMembershipPage(store, type, request, page);
		return;
	}
	search.store = store;
	search.type = type;
	search.filter = ScimSearchFilter(store, request);
	if (type == NULL && search.filter != NULL)
		check_known(store, search.filter);
	search.sort = find_sort(store, type, request->sort_by, &sorted);
	search.descending = request->descending && request->sort_by != NULL;
	search.by_cursor = request->cursor != NULL;
	search.limit = ScimSearchLimit(store, type, request);
	search.context = CurrentMemoryContext;
	search.room = request->uncounted ? -1 : ScimMaxAnswerSize(store);
	search.whole = request->whole;
	if (search.by_cursor)
	{
		query = describe_query(&search, request, sorted);
		if (ScimCursorOpen(store, type, request, query, &cursor))
			total = cursor.total;
	}

	search.is_key = search.filter != NULL && ScimFilterIsKey(store, type, search.filter);
	search.matches = -1;
	if (search.filter != NULL)
	{
		search.predicate = ScimPredicateMakeBeside(store, type, search.filter,
												   request->secrets, request->own_terms);
		set_found(&search);
	}
	if (search.filter != NULL && !search.is_key && type != NULL)
		search.declared = ScimDeclaredFind(store, type, search.predicate);
	if (search.declared != NULL)
		search.by_values = search.by_keys = search.by_range = false;
	SPI_connect();
	is_only = ScimTenantIsOnly(store->namespace_oid);
	if (search.filter != NULL && !search.is_key && search.declared == NULL &&
		type != NULL && !is_only)
	{
		ScimListSizeFind(store, type, &search.size);
		search.is_small = search.by_values && ScimListIsSmall(store, type, &search.size);
		search.is_most = !search.is_small && search.size.rows > 0 &&
						 search.size.rows >= search.size.all / 2;
	}
	level = ScimSpiBeginApart(!is_only && !search.is_most);
	if (search.is_small)
		search.by_values = ScimPredicateLooksUp(search.predicate);
	else if (total < 0 && ScimListIsOnePass(&search, offset))
		search.by_index = search.by_values ? ScimListExact(&search) : NULL;
	if (total >= 0)
	{
		/* the values say whether there is enough of it to walk along */
		search.by_values = search.filter != NULL && search.declared == NULL &&
						   !search.is_small && (!search.by_keys || search.by_range);
		search.matches = search.filter != NULL ? total : -1;
		ScimListFetchAfter(&search, &cursor);
	}
	else if (search.declared != NULL && search.sort == NULL)
	{
		/* as if there were enough for the page */
		search.matches = request->uncounted ? offset + 1 : ScimListCount(&search);
		if (search.limit > 0 && search.matches > offset)
			ScimListFetchRows(&search, SCIM_SEGMENT_ALL, NULL, offset);
	}
	else if (search.by_index != NULL)
	{
		/* of what is found by keys the plan does not depend on how much it is */
		search.by_values = false;
		search.matches = ScimListCountByIndex(&search);
		if (search.matches > offset && !ScimListFetchInWalk(&search, offset))
			ScimListFetchInOnePass(&search, offset);
	}
	else if (ScimListIsOnePass(&search, offset))
		ScimListFetchInOnePass(&search, offset);
	else
	{
		search.by_values |= search.by_range;
		if (!request->uncounted && offset > 0 && search.by_values && !search.is_small)
			search.by_index = ScimListExact(&search);
		if (request->uncounted)
			search.matches = 1; /* few, as far as the plan is concerned */
		else if (search.by_index != NULL)
		{
			search.by_values = false;
			search.matches = ScimListCountByIndex(&search);
		}
		else if (search.by_values)
			search.matches = ScimListCount(&search);
		if (search.limit > 0 && search.matches != 0)
			ScimListFetchRows(&search, SCIM_SEGMENT_ALL, NULL, offset);
	}
	if (total < 0)
		total = search.matches >= 0 ? search.matches : ScimListTotal(&search, offset);
	ScimSpiEndApart(level);
	SPI_finish();

	ScimFoundBeside(search.page);
	page->resources = search.page;
	page->total = request->uncounted ? list_length(search.page) : total;
	page->next_cursor = NULL;
	if (search.more)
	{
		search.last.count = request->count;
		search.last.total = total;
		page->next_cursor = ScimCursorSeal(store, &search.last, query);
	}
}

/* ScimSearch appends a ListResponse (RFC 7644 section 3.4.2, RFC 9865). */
void
ScimSearch(ScimStore *store, const ScimResourceType *type,
		   const ScimSearchRequest *request, StringInfo out)
{
	ScimPage page;

	ScimCheckAttributes(request->attributes, request->excluded);
	ScimCheckNamed(store->registry, type, request->attributes, request->excluded);
	ScimSearchPage(store, type, request, &page);
	ScimSearchWriteHead(out, request, page.total, list_length(page.resources),
						page.next_cursor);
	appendStringInfoChar(out, '[');
	append_resources(out, store, request, page.resources);
	appendStringInfoString(out, "]}");
}

static void
put_integer(ScimJsonWriter *out, const char *key, int64 value)
{
	ScimJsonPutKey(out, key, strlen(key));
	ScimJsonPutInteger(out, value);
}

/* ScimSearchBinary makes the same ListResponse as jsonb. */
Jsonb *
ScimSearchBinary(ScimStore *store, const ScimResourceType *type,
				 const ScimSearchRequest *request)
{
	ScimJsonWriter *out;
	ScimProjection *projection = NULL;
	int max = ScimMaxAnswerSize(store);
	ScimPage page;
	ListCell *lc;

	ScimCheckAttributes(request->attributes, request->excluded);
	ScimCheckNamed(store->registry, type, request->attributes, request->excluded);
	ScimSearchPage(store, type, request, &page);
	out = ScimJsonWriterMake(INITIAL_BYTES);
	ScimJsonBegin(out);
	ScimJsonPutKey(out, "schemas", strlen("schemas"));
	ScimJsonBegin(out);
	ScimJsonPutString(out, SCIM_LIST_RESPONSE, strlen(SCIM_LIST_RESPONSE));
	ScimJsonEndArray(out);
	put_integer(out, "totalResults", page.total);
	if (request->cursor == NULL)
		put_integer(out, "startIndex", ScimFirstRow(request));
	put_integer(out, "itemsPerPage", list_length(page.resources));
	if (page.next_cursor != NULL)
	{
		ScimJsonPutKey(out, "nextCursor", strlen("nextCursor"));
		ScimJsonPutString(out, page.next_cursor, strlen(page.next_cursor));
	}
	ScimJsonPutKey(out, "Resources", strlen("Resources"));
	ScimJsonBegin(out);
	foreach (lc, page.resources)
	{
		const ScimResource *resource = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		projection = projection_for(projection, request, page.resources,
									foreach_current_index(lc));
		ScimRenderResourceBinary(out, store, resource, projection);
		if (ScimJsonHere(out).len > max && list_length(page.resources) > 1)
			ScimRaiseTooLarge(max);
	}
	ScimJsonEndArray(out);
	ScimJsonEndObject(out);
	return ScimJsonWriterEnd(out);
}
