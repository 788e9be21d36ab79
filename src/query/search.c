/*
 * search.c
 *		Lists: filter, sort and page (RFC 7644 section 3.4.2).
 *
 * One statement fetches the page.  Where it ends the list, its length is the
 * total; only otherwise are the matches counted by a second one.  A filter that
 * asks more than what equals something is counted first: how many matches there
 * are decides how its page is found.  Statements are kept by their shape, since
 * values are parameters (plan.c).  One that looks up members or groups keeps the ids
 * of what it has counted, so that the page need not ask that of all rows again.
 *
 * Pages are found by index (RFC 7644 section 3.4.2.4), by skipping what comes
 * before, or by cursor (RFC 9865), by going on from the sort key and the id of
 * the last resource: an index leads there, however deep, and what others
 * insert and delete meanwhile moves no resource from one page to another.  A
 * cursor carries the total of the first page.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "text/fold.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "door/door.h"
#include "query/query.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/column.h"
#include "store/plan.h"
#include "store/store.h"

/*
 * So many matches are gathered and sorted for a page.  Where there are more, a
 * walk in the order of the page comes across enough of them soon.
 */
#define GATHERED_MATCHES 10000

/* What a page takes to begin with. */
#define INITIAL_BYTES 2048

#define LIST_RESPONSE "urn:ietf:params:scim:api:messages:2.0:ListResponse"

typedef struct Search
{
	ScimStore *store;
	const ScimResourceType *type; /* NULL: all */
	ScimFilter *filter;           /* NULL: none */
	ScimPredicate *predicate;     /* of the filter */
	const char *sort;             /* SQL expression; NULL: by id */
	bool descending;
	bool by_cursor;
	int64 limit;
	MemoryContext context;
	bool by_values; /* the best plan depends on the values in the filter */
	int64 matches;  /* of the filter, in all; -1: not counted */
	Datum found;    /* uuid[]: the ids of all of them; or 0 */
	/* the page */
	List *page;      /* of ScimResource *, in context */
	ScimCursor last; /* where it ends, by cursor only */
	bool more;       /* by cursor: there is a next page */
} Search;

/* Resources without a sort key come last ascending and first descending. */
typedef enum Segment
{
	SEGMENT_ALL,
	SEGMENT_KEYS,
	SEGMENT_NULLS
} Segment;

/*
 * The tenant as a parameter.  Where there is no other one, it is a bigint: that is a
 * condition for a btree index but none for a GIN index, which would walk through all rows
 * of the tenant to find that those of the filter are among them.
 */
static int
add_tenant(ScimParams *params, const Search *search)
{
	int32 tenant_id = ScimTenant();

	if (ScimTenantIsOnly(search->store->namespace_oid))
		return ScimParamsAdd(params, INT8OID, Int64GetDatum(tenant_id), false);
	return ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
}

/* ids: of the rows that may be on the page, or 0. */
static void
append_conditions(StringInfo query, ScimParams *params, const Search *search, Datum ids)
{
	appendStringInfo(query, " FROM %s.resource r WHERE ", search->store->quoted_name);
	if (search->type != NULL)
		appendStringInfo(query, "resource_type = %s AND ",
						 quote_literal_cstr(search->type->name));
	appendStringInfo(query, "tenant_id = $%d AND deleted_at IS NULL",
					 add_tenant(params, search));
	if (ids != (Datum) 0)
		appendStringInfo(query, " AND id = ANY ($%d)",
						 ScimParamsAdd(params, UUIDARRAYOID, ids, false));
	if (search->filter != NULL)
	{
		appendStringInfoString(query, " AND ");
		ScimPredicateAppend(query, params, search->predicate);
	}
}

/* What comes after a cursor, or the whole of a segment where it is NULL. */
static void
append_segment(StringInfo query, ScimParams *params, const Search *search,
			   Segment segment, const ScimCursor *after)
{
	const char *beyond = search->descending ? "<" : ">";
	int id = 0;

	if (after != NULL)
		id = ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&after->id), false);
	if (segment == SEGMENT_NULLS)
		appendStringInfo(query, " AND %s IS NULL", search->sort);
	else if (segment == SEGMENT_KEYS && after == NULL)
		appendStringInfo(query, " AND %s IS NOT NULL", search->sort);
	else if (segment == SEGMENT_KEYS)
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

static void
append_order(StringInfo query, const Search *search)
{
	const char *direction = search->descending ? " DESC" : "";

	appendStringInfoString(query, " ORDER BY ");
	/* missing values: last ascending, first descending, as the RFC has it */
	if (search->sort != NULL)
		appendStringInfo(query, "%s%s, ", search->sort, direction);
	appendStringInfo(query, "id%s", direction);
}

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

/* The SQL expression by which a list is sorted; NULL: by id. */
static const char *
find_sort(ScimStore *store, const ScimResourceType *type, const char *sort_by)
{
	const char *expression = NULL;

	if (sort_by == NULL)
		return NULL;
	if (type != NULL)
		expression = ScimSortExpression(type, sort_by);
	for (int i = 0; type == NULL && expression == NULL && i < store->registry->ntypes;
		 i++)
		expression = ScimSortExpression(&store->registry->types[i], sort_by);
	if (expression == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("cannot sort by unknown attribute \"%s\"", sort_by)));
	return strcmp(expression, "id") == 0 ? NULL : expression;
}

/*
 * Does a filter only ask what equals something?  That is few rows most times,
 * whatever the value.  How many any other operator finds depends on its value,
 * and so does the plan: a walk in the order of the page, or a look into the index.
 */
static bool
only_equalities(const ScimFilter *filter)
{
	for (uint32 i = 0; i < filter->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->nodes[i];

		if (node->kind == SCIM_NODE_OR || node->kind == SCIM_NODE_NOT)
			return false;
		if (node->kind == SCIM_NODE_COMPARE &&
			(node->op != SCIM_OP_EQ || node->value_len == 0))
			return false;
	}
	return true;
}

/* Runs a statement of a search with a plan that suits its filter. */
static void
execute(const Search *search, const char *query, const ScimParams *params)
{
	if (search->by_values)
		ScimSpiExecuteForValues(query, params, false, 0);
	else
		ScimSpiExecute(query, params, false, 0);
}

/*
 * What looks up members and groups is not asked twice of all rows: the page is made of
 * those that were counted.
 */
static bool
keeps_found(const Search *search)
{
	return search->by_values && search->sort == NULL && !search->by_cursor &&
		   search->limit > 0 && ScimPredicateLooksUp(search->predicate);
}

static int64
count_matches(Search *search)
{
	StringInfoData query;
	ScimParams params;
	bool keeps = keeps_found(search);
	bool isnull = true;
	Datum ids = (Datum) 0;
	MemoryContext caller;

	initStringInfo(&query);
	ScimParamsInit(&params);
	if (keeps)
		appendStringInfo(&query,
						 "SELECT count(*), array_agg(id) FILTER (WHERE number <= %d) "
						 "FROM (SELECT id, row_number() OVER () AS number",
						 GATHERED_MATCHES);
	else
		appendStringInfoString(&query, "SELECT count(*)");
	append_conditions(&query, &params, search, (Datum) 0);
	if (keeps)
		appendStringInfoString(&query, ") AS found");
	execute(search, query.data, &params);
	if (keeps)
		ids = ScimResult(0, 2, UUIDARRAYOID, &isnull);
	if (!isnull)
	{
		caller = MemoryContextSwitchTo(search->context);
		search->found = PointerGetDatum(DatumGetArrayTypePCopy(ids));
		MemoryContextSwitchTo(caller);
	}
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, UUID_LEN);
}

/* Those of the ids that were found that stand on the page: uuid[]. */
static Datum
ids_of_page(const Search *search, int64 offset)
{
	ArrayType *found = DatumGetArrayTypeP(search->found);
	pg_uuid_t *ids = (pg_uuid_t *) ARR_DATA_PTR(found);
	int nids = ArrayGetNItems(ARR_NDIM(found), ARR_DIMS(found));
	int count = Min(search->limit, Max(nids - offset, 0));
	Datum *page = palloc(sizeof(Datum) * Max(count, 1));

	qsort(ids, nids, sizeof(pg_uuid_t), compare_ids);
	for (int i = 0; i < count; i++)
		page[i] = UUIDPGetDatum(
			&ids[search->descending ? nids - 1 - (offset + i) : offset + i]);
	return ScimArray(page, palloc0(sizeof(bool) * Max(count, 1)), count, UUIDOID);
}

/* A first page, or one with something on it, that ends the list says how long it is. */
static int64
count_total(Search *search, int64 offset)
{
	int nresources = list_length(search->page);
	bool ends = search->by_cursor ? search->limit > 0 && !search->more
								  : nresources < search->limit;

	if (ends && (nresources > 0 || offset == 0))
		return offset + nresources;
	return count_matches(search);
}

/* Adds a row to the page, or notes that there is one more than fits. */
static void
add_row(Search *search, HeapTuple tuple, TupleDesc desc)
{
	const ScimResourceType *type = search->type;
	MemoryContext old;
	ScimResource *resource;

	if (list_length(search->page) == search->limit)
	{
		search->more = true;
		return;
	}
	if (type == NULL)
		type = ScimTypeByName(search->store,
							  TextDatumGetCString(ScimColumnValue(
								  tuple, desc, SCIM_RESOURCE_NCOLUMNS + 1, TEXTOID)));
	old = MemoryContextSwitchTo(search->context);
	resource = ScimResourceFromTuple(type, tuple, desc, search->context);
	search->page = lappend(search->page, resource);
	search->last.id = resource->id;
	if (search->by_cursor && search->sort != NULL)
		ScimSortKeyPack(search->sort, tuple, desc, SCIM_RESOURCE_NCOLUMNS + 2,
						&search->last);
	MemoryContextSwitchTo(old);
}

/* Fills the page from a segment, after a cursor or from an offset on. */
static void
fetch_rows(Search *search, Segment segment, const ScimCursor *after, int64 offset)
{
	int64 wanted = search->limit - list_length(search->page);
	bool gather = search->matches >= 0 && search->matches <= GATHERED_MATCHES;
	Datum ids = (Datum) 0;
	StringInfoData query;
	ScimParams params;

	if (gather && search->found != (Datum) 0)
	{
		ids = ids_of_page(search, offset);
		gather = false;
		offset = 0;
	}
	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfo(&query, "SELECT %s, r.resource_type",
					 ScimResourceColumns(search->store));
	if (search->by_cursor && search->sort != NULL)
		appendStringInfo(&query, ", %s", search->sort);
	/* OFFSET 0 keeps LIMIT from the planner, who would take it for a reason to walk */
	if (gather)
		appendStringInfoString(&query, " FROM (SELECT *");
	append_conditions(&query, &params, search, ids);
	append_segment(&query, &params, search, segment, after);
	if (gather)
		appendStringInfoString(&query, " OFFSET 0) r");
	/* a statement without these starts in half the time */
	if (search->filter == NULL || search->by_cursor || offset > 0 ||
		!ScimFilterIsKey(search->store, search->type, search->filter))
	{
		append_order(&query, search);
		/* one more by cursor, which tells whether there is a next page */
		appendStringInfo(&query, " LIMIT $%d",
						 ScimParamsAdd(&params, INT8OID,
									   Int64GetDatum(wanted + search->by_cursor), false));
	}
	if (offset > 0)
		appendStringInfo(&query, " OFFSET $%d",
						 ScimParamsAdd(&params, INT8OID, Int64GetDatum(offset), false));
	execute(search, query.data, &params);
	for (uint64 i = 0; i < SPI_processed; i++)
		add_row(search, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
}

/* Fetches the page behind a cursor: up to two segments. */
static void
fetch_after(Search *search, const ScimCursor *after)
{
	Segment segment = SEGMENT_ALL;
	Segment second = search->descending ? SEGMENT_KEYS : SEGMENT_NULLS;

	if (search->sort != NULL)
		segment = after->key_is_null ? SEGMENT_NULLS : SEGMENT_KEYS;
	fetch_rows(search, segment, after, 0);
	if (segment != SEGMENT_ALL && segment != second && !search->more)
		fetch_rows(search, second, NULL, 0);
}

/* What must be the same on all pages of a query, in bytes. */
static StringInfo
describe_query(const Search *search, const char *sort_by)
{
	StringInfo query = makeStringInfo();
	uint32 tenant_id = pg_hton32((uint32) ScimTenant());
	size_t len;

	appendBinaryStringInfo(query, (const char *) &tenant_id, sizeof(tenant_id));
	appendStringInfo(query, "%s%c", search->type != NULL ? search->type->name : "", '\0');
	if (sort_by != NULL)
		appendStringInfoString(query, ScimFold(sort_by, strlen(sort_by), &len));
	appendStringInfo(query, "%c%c", '\0', search->descending ? 'd' : 'a');
	if (search->filter != NULL)
		ScimFilterHashKey(query, search->filter);
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
	ListCell *lc;

	foreach (lc, page)
	{
		const ScimResource *resource = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		projection = projection_for(projection, request, page, foreach_current_index(lc));
		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(out, ',');
		render(out, store, resource, projection);
	}
}

/* ScimSearchWriteHead begins a ListResponse, up to the array of its resources. */
void
ScimSearchWriteHead(StringInfo out, const ScimSearchRequest *request, int64 total,
					int nresources, const char *next_cursor)
{
	appendStringInfo(out,
					 "{\"schemas\":[\"" LIST_RESPONSE "\"],"
					 "\"totalResults\":" INT64_FORMAT,
					 total);
	if (request->cursor == NULL)
		appendStringInfo(out, ",\"startIndex\":" INT64_FORMAT, ScimFirstRow(request));
	appendStringInfo(out, ",\"itemsPerPage\":%d", nresources);
	if (next_cursor != NULL)
		appendStringInfo(out, ",\"nextCursor\":\"%s\"", next_cursor);
	appendStringInfoString(out, ",\"Resources\":");
}

/* ScimSearchPage finds a page of a list, and how long the list is. */
void
ScimSearchPage(ScimStore *store, const ScimResourceType *type,
			   const ScimSearchRequest *request, ScimPage *page)
{
	Search search = {0};
	ScimCursor cursor;
	StringInfo query = NULL;
	int64 offset = request->cursor == NULL ? ScimFirstRow(request) - 1 : 0;
	int64 total = -1;

	search.store = store;
	search.type = type;
	search.filter = ScimSearchFilter(store, request);
	search.sort = find_sort(store, type, request->sort_by);
	search.descending = request->descending && request->sort_by != NULL;
	search.by_cursor = request->cursor != NULL;
	search.limit = ScimSearchLimit(store, type, request);
	search.context = CurrentMemoryContext;
	if (search.by_cursor)
	{
		query = describe_query(&search, request->sort_by);
		if (ScimCursorOpen(store, type, request, query, &cursor))
			total = cursor.total;
	}

	search.by_values = search.filter != NULL && !only_equalities(search.filter);
	search.matches = -1;
	if (search.filter != NULL)
		search.predicate =
			ScimPredicateMake(store, type, search.filter, request->secrets);
	SPI_connect();
	if (request->uncounted)
	{
		search.matches = 1; /* few, as far as the plan is concerned */
		total = 0;
	}
	else if (search.by_values)
		search.matches = total >= 0 ? total : count_matches(&search);
	if (total >= 0 && search.by_cursor)
		fetch_after(&search, &cursor);
	else if (search.limit > 0 && search.matches != 0)
		fetch_rows(&search, SEGMENT_ALL, NULL, offset);
	if (total < 0)
		total = search.matches >= 0 ? search.matches : count_total(&search, offset);
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
	ScimPage page;
	ListCell *lc;

	ScimCheckAttributes(request->attributes, request->excluded);
	ScimSearchPage(store, type, request, &page);
	out = ScimJsonWriterMake(INITIAL_BYTES);
	ScimJsonBegin(out);
	ScimJsonPutKey(out, "schemas", strlen("schemas"));
	ScimJsonBegin(out);
	ScimJsonPutString(out, LIST_RESPONSE, strlen(LIST_RESPONSE));
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
	}
	ScimJsonEndArray(out);
	ScimJsonEndObject(out);
	return ScimJsonWriterEnd(out);
}
