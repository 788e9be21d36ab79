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

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "text/fold.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "door/door.h"
#include "index/index.h"
#include "query/query.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/column.h"
#include "store/plan.h"
#include "store/store.h"

/*
 * So many rows are kept for a page, with those before it.  For the next pages by cursor
 * so many matches are gathered and sorted; where there are more, a walk in the order of
 * the page comes across enough of them soon.
 */
#define GATHERED_MATCHES 10000

/*
 * Of so many matches or more, a page is looked for by a walk, over at most one row of the
 * list for each WALK_PART of them, so that it costs little where it comes to nothing.
 */
#define WALK_MATCHES 1000
#define WALK_PART 2
/* What matches lies together often: so much less than a page is expected to do, too. */
#define WALK_LUCK 4

/*
 * Where a pass has come across so many matches, a page is looked for by a walk over a few
 * times as many rows as it takes; if it is there, the rest need not be read but counted.
 */
#define PASS_MATCHES 4000
#define PASS_WALK(page) (4 * (page) + 400)

/* So many outside a range are looked for to count what lies inside. */
#define OUTSIDE_MATCHES 5000

/* The planner is told of at least so many rows of a page. */
#define LIMIT_LEAST 32

/* What a page takes to begin with. */
#define INITIAL_BYTES 2048

/* What a resource has beside its document, in bytes, more or less. */
#define RESOURCE_BYTES 512

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
	bool is_key;          /* the filter finds one at most, by a key */
	bool by_values;       /* the best plan depends on the values in the filter */
	bool by_keys;         /* an index on a column finds few, or what there is to find */
	bool by_range;        /* it is a range, of which the values say how much it is */
	bool is_small;        /* the rest of the filter is asked of each row */
	bool is_most;         /* most rows of the type are the tenant's */
	ScimListSize size;    /* of the list, where it has been looked at */
	ScimFilter *by_index; /* what the index on documents tells all of, or NULL */
	int64 matches;        /* of the filter, in all; -1: not counted */
	/* the page */
	List *page;      /* of ScimResource *, in context */
	ScimCursor last; /* where it ends, by cursor only */
	bool more;       /* by cursor: there is a next page */
	int64 room;      /* bytes that are left for it; -1: any number */
	bool whole;      /* it is an error where there are not enough */
	bool full;       /* it ends since there were not enough */
} Search;

/* Resources without a sort key come last ascending and first descending. */
typedef enum Segment
{
	SEGMENT_ALL,
	SEGMENT_KEYS,
	SEGMENT_NULLS
} Segment;

/*
 * The tenant as a parameter.  Where there is no other one, or most rows are his, it is a
 * bigint: that is a condition for a btree index but none for a GIN index, which would
 * walk through all rows of the tenant to find that those of the filter are among them. So
 * it is where all of a list is looked at.
 */
static int
add_tenant(ScimParams *params, const Search *search)
{
	int32 tenant_id = ScimTenant();

	if (search->is_small || search->is_most || search->by_keys ||
		ScimTenantIsOnly(search->store->namespace_oid))
		return ScimParamsAdd(params, INT8OID, Int64GetDatum(tenant_id), false);
	return ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
}

/* type: NULL: any.  tenant: the number of its parameter. */
static void
append_rows_of_type(StringInfo query, const Search *search, const ScimResourceType *type,
					int tenant)
{
	appendStringInfo(query, " FROM %s.resource r WHERE ", search->store->quoted_name);
	if (type != NULL)
		appendStringInfo(query, "resource_type = %s AND ",
						 quote_literal_cstr(type->name));
	appendStringInfo(query, "tenant_id = $%d AND deleted_at IS NULL", tenant);
}

/* The filter as an operator that asks the keys of the index, and a document only if there
 * is none. */
static void
append_candidates(StringInfo query, ScimParams *params, const Search *search)
{
	appendStringInfo(query,
					 " AND data OPERATOR(scim.@~) scim_internal.index_query($%d, %s)",
					 ScimParamsAdd(params, ScimFilterTypeOid(),
								   PointerGetDatum(search->by_index), false),
					 quote_literal_cstr(search->type->name));
}

static void
append_conditions(StringInfo query, ScimParams *params, const Search *search)
{
	bool keys = search->by_index == NULL && (search->is_small || search->by_keys);
	bool apart = keys && (search->is_small || ScimPredicateHasRest(search->predicate));

	/* OFFSET 0: what follows is for each row, and no other index is asked */
	if (apart)
		appendStringInfoString(query, " FROM (SELECT *");
	append_rows_of_type(query, search, search->type, add_tenant(params, search));
	if (keys)
		ScimPredicateAppendKeys(query, params, search->predicate);
	if (apart)
		appendStringInfoString(query, " OFFSET 0) r WHERE true");
	if (keys)
		ScimPredicateAppendRest(query, params, search->predicate);
	else if (search->by_index != NULL)
		append_candidates(query, params, search);
	else if (search->filter != NULL)
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
set_found(Search *search)
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

/* Runs a statement of a search with a plan that suits its filter. */
static void
execute(const Search *search, const char *query, const ScimParams *params, long count)
{
	if (search->by_values)
		ScimSpiExecuteForValues(query, params, false, count);
	else if (search->filter != NULL)
		ScimSpiExecuteByKey(query, params, count);
	else
		ScimSpiExecuteForAny(query, params, false, count);
}

/*
 * Without a filter an index says how many there are, of one type at a time: it holds the
 * rows of one.
 */
static void
append_counts(StringInfo query, ScimParams *params, const Search *search)
{
	const ScimRegistry *registry = search->store->registry;
	int tenant = add_tenant(params, search);

	appendStringInfoString(query, "SELECT sum(n)::bigint FROM (");
	for (int i = 0; i < registry->ntypes; i++)
	{
		appendStringInfo(query, "%sSELECT count(*) AS n", i > 0 ? " UNION ALL " : "");
		append_rows_of_type(query, search, &registry->types[i], tenant);
	}
	appendStringInfoString(query, ") AS counts");
}

/*
 * All that there are, which an index tells alone, without those outside a range, where
 * these are few.  -1: they are not, or the filter is no range.
 */
static int64
count_inside(const Search *search)
{
	StringInfoData query;
	ScimParams params;
	int tenant;

	if (!search->by_range || search->type == NULL)
		return -1;
	initStringInfo(&query);
	ScimParamsInit(&params);
	tenant = add_tenant(&params, search);
	appendStringInfo(&query, "SELECT CASE WHEN outside.n <= %d THEN (SELECT count(*)",
					 OUTSIDE_MATCHES);
	append_rows_of_type(&query, search, search->type, tenant);
	appendStringInfoString(&query, ") - outside.n ELSE -1 END "
								   "FROM (SELECT count(*) AS n FROM (SELECT");
	append_rows_of_type(&query, search, search->type, tenant);
	if (!ScimPredicateAppendOutside(&query, &params, search->predicate))
		return -1;
	appendStringInfo(&query, " LIMIT %d) r) AS outside", OUTSIDE_MATCHES + 1);
	ScimSpiExecuteByKey(query.data, &params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

static int64
count_matches(const Search *search)
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
		append_conditions(&query, &params, search);
	}
	execute(search, query.data, &params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/* The same by the index on documents, of which the tenant is a part. */
static int64
count_by_index(const Search *search)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT count(*)");
	append_rows_of_type(
		&query, search, search->type,
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false));
	append_candidates(&query, &params, search);
	ScimSpiExecuteByKey(query.data, &params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/* A first page, or one with something on it, that ends the list says how long it is. */
static int64
count_total(Search *search, int64 offset)
{
	int nresources = list_length(search->page);
	bool ends = search->by_cursor ? search->limit > 0 && !search->more
								  : nresources < search->limit && !search->full;

	if (ends && (nresources > 0 || offset == 0))
		return offset + nresources;
	return count_matches(search);
}

static void
raise_too_large(int max)
{
	ereport(ERROR, (ScimErr(SCIM_TOO_MANY),
					errmsg("the answer would have more than %d bytes: ask for fewer "
						   "resources, or fewer attributes of them",
						   max),
					errhint("The setting max_answer_size is the limit.")));
}

static int
max_answer_size(const ScimStore *store)
{
	return ScimSettingInt(store->settings, SCIM_SETTING_MAX_ANSWER_SIZE, NULL);
}

/*
 * Is there room on the page for one more document?  A page has one resource at least:
 * nobody would ever come past it.  It is read when there is room only.
 */
static bool
has_room(Search *search, HeapTuple tuple, TupleDesc desc)
{
	Datum data;

	if (search->full)
		return false;
	if (search->room < 0)
		return true;
	data = ScimColumnValue(tuple, desc, SCIM_RESOURCE_DATA_COLUMN, JSONBOID);
	search->room -= (int64) toast_raw_datum_size(data) + RESOURCE_BYTES;
	if (search->room >= 0)
		return true;
	search->room = 0;
	if (search->page == NIL)
		return true;
	if (search->whole)
		raise_too_large(max_answer_size(search->store));
	search->full = true;
	return false;
}

/* Adds a row to the page, or notes that there is one more than fits. */
static void
add_row(Search *search, HeapTuple tuple, TupleDesc desc)
{
	const ScimResourceType *type = search->type;
	MemoryContext old;
	ScimResource *resource;

	if (list_length(search->page) == search->limit || !has_room(search, tuple, desc))
	{
		search->more = search->by_cursor;
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

/* May the page be made of what is kept of one pass over all that the filter finds? */
static bool
is_one_pass(const Search *search, int64 offset)
{
	return search->filter != NULL && !search->is_key && search->limit > 0 &&
		   search->limit <= GATHERED_MATCHES &&
		   offset <= GATHERED_MATCHES - search->limit;
}

/* What may be asked of the index alone; or NULL. */
static ScimFilter *
exact_document(const Search *search)
{
	ScimFilter *filter = NULL;

	if (search->type != NULL)
		filter = ScimPredicateOfDocument(search->predicate);
	if (filter != NULL &&
		!ScimIndexIsExact(ScimBindForMatching(filter, search->type->name)))
		filter = NULL;
	return filter;
}

/*
 * LIMIT as a constant, for a plan that is good for any values: the planner would take a
 * parameter for a tenth of the table.  The executor stops at what is wanted.
 */
static void
append_limit(StringInfo query, int64 wanted)
{
	int64 limit = LIMIT_LEAST;

	while (limit < wanted)
		limit *= 2;
	appendStringInfo(query, " LIMIT " INT64_FORMAT, limit);
}

/* What comes first in the order of the list: most rows of it. */
static void
append_first_rows(StringInfo query, ScimParams *params, const Search *search, int64 most)
{
	append_rows_of_type(
		query, search, search->type,
		ScimParamsAdd(params, INT8OID, Int64GetDatum(ScimTenant()), false));
	append_order(query, search);
	append_limit(query, most);
}

/* What a row of a page has. */
static void
append_columns(StringInfo query, const Search *search)
{
	appendStringInfo(query, "SELECT %s, r.resource_type",
					 ScimResourceColumns(search->store));
	if (search->by_cursor && search->sort != NULL)
		appendStringInfo(query, ", %s", search->sort);
}

/* Does an index lie in the order of the list? */
static bool
is_walkable(const Search *search, int64 most)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT *");
	append_first_rows(&query, &params, search, most);
	return ScimSpiIsInOrder(query.data, &params);
}

/* Fills the page with so many of what matches among the first rows of the list. */
static bool
walk(Search *search, int64 offset, int64 wanted, int64 most)
{
	StringInfoData query;
	ScimParams params;

	if (!is_walkable(search, most))
		return false;
	initStringInfo(&query);
	ScimParamsInit(&params);
	append_columns(&query, search);
	appendStringInfoString(&query, " FROM (SELECT *");
	append_first_rows(&query, &params, search, most);
	appendStringInfoString(&query, ") r WHERE ");
	ScimPredicateAppend(&query, &params, search->predicate);
	append_order(&query, search);
	append_limit(&query, wanted);
	appendStringInfo(&query, " OFFSET $%d",
					 ScimParamsAdd(&params, INT8OID, Int64GetDatum(offset), false));
	ScimSpiExecuteByKey(query.data, &params, (long) wanted);
	if ((int64) SPI_processed < wanted)
		return false;
	for (uint64 i = 0; i < SPI_processed; i++)
		add_row(search, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
	return true;
}

/* Puts the resources on the page that have these ids. */
static void
fetch_by_ids(Search *search, Datum *ids, int n)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfo(&query, "SELECT %s, r.resource_type", ScimResourceColumnsOfMany());
	if (search->sort != NULL)
		appendStringInfo(&query, ", %s", search->sort);
	append_rows_of_type(&query, search, search->type, add_tenant(&params, search));
	appendStringInfo(
		&query, " AND id = ANY ($%d)",
		ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false));
	append_order(&query, search);
	ScimSpiExecuteByKey(query.data, &params, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		add_row(search, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
}

typedef struct PausedPass
{
	Search *search;
	int64 offset;
	bool dense; /* at least every other resource there matches */
} PausedPass;

/* ScimPassPause: very many match.  Is the page among the first rows of the list? */
static bool
finish_in_walk(void *arg)
{
	PausedPass *paused = arg;
	Search *search = paused->search;
	int64 wanted = search->limit + search->by_cursor;
	int64 page = paused->offset + wanted;

	paused->dense = walk(search, paused->offset, wanted, 2 * page);
	return paused->dense || walk(search, paused->offset, wanted, PASS_WALK(page));
}

/*
 * When does a pass pause?  After many more matches than the page takes, so that the walk
 * costs little beside them, and all of it is there.
 */
static long
pauses_after(const Search *search, int64 offset)
{
	if (search->type == NULL || search->is_small || search->by_index != NULL ||
		ScimPredicateLooksUp(search->predicate) ||
		PASS_WALK(offset + search->limit + 1) > PASS_MATCHES)
		return 0;
	return PASS_MATCHES;
}

/*
 * How many there are where they are known to be many.  Where most documents match, to
 * read all of them takes less than keys of which each has to be looked at in a document.
 */
static int64
count_many(const Search *search, bool dense)
{
	Search counted = *search;

	counted.by_index = exact_document(search);
	if (counted.by_index != NULL)
		return count_by_index(&counted);
	counted.is_small =
		dense && !search->by_keys && ScimPredicateOfDocument(search->predicate) != NULL;
	counted.by_values = !counted.is_small;
	return count_matches(&counted);
}

/*
 * Fills the page, from an offset on, and counts what the filter finds.  What looks up
 * members or groups need not read documents for that, and so has a page of their ids
 * first.
 */
static void
fetch_in_one_pass(Search *search, int64 offset)
{
	ScimPassOrder order = {.id_column = SCIM_RESOURCE_ID_COLUMN,
						   .descending = search->descending};
	bool by_ids = (ScimPredicateLooksUp(search->predicate) && !search->by_keys) ||
				  offset > search->limit;
	PausedPass paused = {search, offset, false};
	ScimPassPause pause = {pauses_after(search, offset), finish_in_walk, &paused};
	Datum *ids;
	ScimPassRows rows;
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	if (by_ids)
		appendStringInfoString(&query, "SELECT r.id");
	else
		appendStringInfo(&query, "SELECT %s, r.resource_type",
						 ScimResourceColumnsOfMany());
	if (by_ids)
		order.id_column = 1;
	if (search->sort != NULL)
	{
		appendStringInfo(&query, ", %s", search->sort);
		order.key_column = by_ids ? 2 : SCIM_RESOURCE_NCOLUMNS + 2;
		order.key_type = ScimSortType(search->sort);
	}
	append_conditions(&query, &params, search);
	search->matches = ScimPassOver(query.data, &params, search->by_values, &order,
								   (int) (offset + search->limit), &pause, &rows);
	if (search->matches < 0)
	{
		search->matches = count_many(search, paused.dense);
		return;
	}
	ids = palloc(sizeof(Datum) * Max(rows.n, 1));
	for (int i = (int) offset; i < rows.n; i++)
	{
		if (by_ids)
			ids[i] = ScimColumnValue(rows.tuples[i], rows.desc, 1, UUIDOID);
		else
			add_row(search, rows.tuples[i], rows.desc);
	}
	if (by_ids && rows.n > offset)
		fetch_by_ids(search, ids + offset, rows.n - (int) offset);
	search->more = search->by_cursor && (search->full || search->matches > search->limit);
}

/*
 * The rows of a page behind an offset, by their ids: what is skipped is not looked at as
 * what is shown, and without a filter and sort an index has no more than ids.
 */
static void
append_page_by_ids(StringInfo query, ScimParams *params, const Search *search,
				   int64 wanted, int64 offset, bool gather)
{
	append_rows_of_type(
		query, search, search->type,
		ScimParamsAdd(params, INT8OID, Int64GetDatum(ScimTenant()), false));
	appendStringInfoString(query, " AND id = ANY (ARRAY(SELECT id");
	if (gather)
		appendStringInfoString(query, " FROM (SELECT *");
	append_conditions(query, params, search);
	if (gather)
		appendStringInfoString(query, " OFFSET 0) r");
	append_order(query, search);
	append_limit(query, wanted);
	appendStringInfo(query, " OFFSET $%d))",
					 ScimParamsAdd(params, INT8OID, Int64GetDatum(offset), false));
}

/* Fills the page from a segment, after a cursor or from an offset on. */
static void
fetch_rows(Search *search, Segment segment, const ScimCursor *after, int64 offset)
{
	/* one more by cursor, which tells whether there is a next page */
	int64 wanted = search->limit - list_length(search->page) + search->by_cursor;
	bool gather = search->matches >= 0 && search->matches <= GATHERED_MATCHES;
	bool is_key = search->is_key && !search->by_cursor && offset == 0;
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	append_columns(&query, search);
	if (offset > 0)
		append_page_by_ids(&query, &params, search, wanted, offset, gather);
	else
	{
		/* OFFSET 0 keeps LIMIT from the planner, who would take it for a reason to walk
		 */
		if (gather)
			appendStringInfoString(&query, " FROM (SELECT *");
		append_conditions(&query, &params, search);
		append_segment(&query, &params, search, segment, after);
		if (gather)
			appendStringInfoString(&query, " OFFSET 0) r");
	}
	/* a statement without these starts in half the time */
	if (!is_key)
	{
		append_order(&query, search);
		append_limit(&query, wanted);
	}
	execute(search, query.data, &params, is_key ? 0 : (long) wanted);
	for (uint64 i = 0; i < SPI_processed; i++)
		add_row(search, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
}

/*
 * Fills the page from the beginning of the list, if it comes across enough matches there.
 * Their number is known.  False: the page is not there.
 */
static bool
fetch_in_walk(Search *search, int64 offset)
{
	int64 wanted = Min(search->limit + search->by_cursor, search->matches - offset);
	int64 most = search->matches / WALK_PART;

	if (search->matches < WALK_MATCHES || offset + wanted > most)
		return false;
	/* an index on a key leads here and there in the table */
	if (search->sort != NULL)
		most = Min(most, PASS_WALK(offset + wanted));
	/* unless it is to be expected that it comes across a part of the page only */
	if (!OidIsValid(search->size.table))
		ScimListSizeFind(search->store, search->type, &search->size);
	if (search->size.rows > 0 &&
		most * (search->matches / search->size.rows) < (offset + wanted) / WALK_LUCK)
		return false;
	return walk(search, offset, wanted, most);
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
	int max = max_answer_size(store);
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
			raise_too_large(max);
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
	Search search = {0};
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
	search.sort = find_sort(store, type, request->sort_by);
	search.descending = request->descending && request->sort_by != NULL;
	search.by_cursor = request->cursor != NULL;
	search.limit = ScimSearchLimit(store, type, request);
	search.context = CurrentMemoryContext;
	search.room = request->uncounted ? -1 : max_answer_size(store);
	search.whole = request->whole;
	if (search.by_cursor)
	{
		query = describe_query(&search, request->sort_by);
		if (ScimCursorOpen(store, type, request, query, &cursor))
			total = cursor.total;
	}

	search.is_key = search.filter != NULL && ScimFilterIsKey(store, type, search.filter);
	search.matches = -1;
	if (search.filter != NULL)
	{
		search.predicate =
			ScimPredicateMake(store, type, search.filter, request->secrets);
		set_found(&search);
	}
	SPI_connect();
	is_only = ScimTenantIsOnly(store->namespace_oid);
	if (search.filter != NULL && !search.is_key && type != NULL && !is_only)
	{
		ScimListSizeFind(store, type, &search.size);
		search.is_small = search.by_values && ScimListIsSmall(store, type, &search.size);
		search.is_most = !search.is_small && search.size.rows > 0 &&
						 search.size.rows >= search.size.all / 2;
	}
	level = ScimSpiBeginApart(!is_only && !search.is_most);
	if (search.is_small)
		search.by_values = ScimPredicateLooksUp(search.predicate);
	else if (total < 0 && is_one_pass(&search, offset))
		search.by_index = search.by_values ? exact_document(&search) : NULL;
	if (total >= 0)
	{
		/* the values say whether there is enough of it to walk along */
		search.by_values = search.filter != NULL && !search.is_small &&
						   (!search.by_keys || search.by_range);
		search.matches = search.filter != NULL ? total : -1;
		fetch_after(&search, &cursor);
	}
	else if (search.by_index != NULL)
	{
		/* of what is found by keys the plan does not depend on how much it is */
		search.by_values = false;
		search.matches = count_by_index(&search);
		if (search.matches > offset && !fetch_in_walk(&search, offset))
			fetch_in_one_pass(&search, offset);
	}
	else if (is_one_pass(&search, offset))
		fetch_in_one_pass(&search, offset);
	else
	{
		search.by_values |= search.by_range;
		if (!request->uncounted && offset > 0 && search.by_values && !search.is_small)
			search.by_index = exact_document(&search);
		if (request->uncounted)
			search.matches = 1; /* few, as far as the plan is concerned */
		else if (search.by_index != NULL)
		{
			search.by_values = false;
			search.matches = count_by_index(&search);
		}
		else if (search.by_values)
			search.matches = count_matches(&search);
		if (search.limit > 0 && search.matches != 0)
			fetch_rows(&search, SEGMENT_ALL, NULL, offset);
	}
	if (total < 0)
		total = search.matches >= 0 ? search.matches : count_total(&search, offset);
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
	int max = max_answer_size(store);
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
			raise_too_large(max);
	}
	ScimJsonEndArray(out);
	ScimJsonEndObject(out);
	return ScimJsonWriterEnd(out);
}
