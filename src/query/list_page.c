/*
 * list_page.c
 *		The resources of one page of a list: kept of one pass over all that a filter
 *		finds (pass.c), come across in a walk in the order of the list, or behind a
 *		cursor.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "query/list.h"
#include "resource/resource.h"
#include "store/acting.h"
#include "store/statement/column.h"

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
#define FIRST_WALK(page) (2 * (page))
#define PASS_WALK(page) (4 * (page) + 400)

/*
 * Of so many rows at both ends of a list, so many match where most of it is taken to.
 */
#define SAMPLE_ROWS 16
#define SAMPLE_MATCHES 24

/* What a resource has beside its document, in bytes, more or less. */
#define RESOURCE_BYTES 512

void
ScimRaiseTooLarge(int max)
{
	ereport(ERROR, (ScimErr(SCIM_TOO_MANY),
					errmsg("the answer would have more than %d bytes: ask for fewer "
						   "resources, or fewer attributes of them",
						   max),
					errhint("The setting max_answer_size is the limit.")));
}

int
ScimMaxAnswerSize(const ScimStore *store)
{
	return ScimSettingInt(store->settings, SCIM_SETTING_MAX_ANSWER_SIZE, NULL);
}

/*
 * Is there room on the page for one more document?  A page has one resource at least:
 * nobody would ever come past it.  It is read when there is room only.
 */
static bool
has_room(ScimList *search, HeapTuple tuple, TupleDesc desc)
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
		ScimRaiseTooLarge(ScimMaxAnswerSize(search->store));
	search->full = true;
	return false;
}

/* Adds a row to the page, or notes that there is one more than fits. */
static void
add_row(ScimList *search, HeapTuple tuple, TupleDesc desc)
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
bool
ScimListIsOnePass(const ScimList *search, int64 offset)
{
	return search->filter != NULL && !search->is_key && search->limit > 0 &&
		   search->limit <= SCIM_GATHERED_MATCHES &&
		   offset <= SCIM_GATHERED_MATCHES - search->limit;
}

/* Does an index lie in the order of the list? */
static bool
is_walkable(const ScimList *search, int64 most)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT *");
	ScimListAppendFirst(&query, &params, search, most);
	return ScimSpiIsInOrder(query.data, &params);
}

/* Fills the page with so many of what matches among the first rows of the list. */
static bool
walk(ScimList *search, int64 offset, int64 wanted, int64 most)
{
	StringInfoData query;
	ScimParams params;

	if (!is_walkable(search, most))
		return false;
	initStringInfo(&query);
	ScimParamsInit(&params);
	ScimListAppendColumns(&query, search);
	appendStringInfoString(&query, " FROM (SELECT *");
	ScimListAppendFirst(&query, &params, search, most);
	appendStringInfoString(&query, ") r WHERE ");
	ScimPredicateAppend(&query, &params, search->predicate);
	ScimListAppendOrder(&query, search);
	ScimListAppendLimit(&query, wanted);
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
fetch_by_ids(ScimList *search, Datum *ids, int n)
{
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfo(&query, "SELECT %s, r.resource_type", ScimResourceColumnsOfMany());
	if (search->sort != NULL)
		appendStringInfo(&query, ", %s", search->sort);
	ScimListAppendRows(&query, search, search->type, ScimListAddTenant(&params, search));
	appendStringInfo(
		&query, " AND id = ANY ($%d)",
		ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false));
	ScimListAppendOrder(&query, search);
	ScimSpiExecuteByKey(query.data, &params, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		add_row(search, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
}

typedef struct PausedPass
{
	ScimList *search;
	int64 offset;
	bool dense; /* at least every other resource there matches */
} PausedPass;

/* How many matches are to be come across for the page. */
static int64
page_of(const PausedPass *paused)
{
	return paused->offset + paused->search->limit + paused->search->by_cursor;
}

/* ScimPassPause: very many match.  Is the page among the first rows of the list? */
static bool
finish_in_walk(void *arg)
{
	PausedPass *paused = arg;
	ScimList *search = paused->search;
	int64 wanted = search->limit + search->by_cursor;
	int64 page = page_of(paused);

	paused->dense = walk(search, paused->offset, wanted, FIRST_WALK(page));
	return paused->dense || walk(search, paused->offset, wanted, PASS_WALK(page));
}

/*
 * When does a pass pause?  After many more matches than the page takes, so that the walk
 * costs little beside them, and all of it is there.
 */
static long
pauses_after(const ScimList *search, int64 offset)
{
	if (search->type == NULL || search->is_small || search->by_index != NULL ||
		ScimPredicateLooksUp(search->predicate) ||
		PASS_WALK(offset + search->limit + 1) > PASS_MATCHES)
		return 0;
	return PASS_MATCHES;
}

/* Does it ask for a part of a text, whose grams may be in most documents? */
static bool
asks_for_part(const ScimList *search)
{
	const ScimFilter *filter = ScimPredicateOfDocument(search->predicate);

	return filter != NULL && filter->nodes[0].kind == SCIM_NODE_COMPARE &&
		   (filter->nodes[0].op == SCIM_OP_CO || filter->nodes[0].op == SCIM_OP_EW);
}

/* Do most rows at both ends of the list match? */
static bool
is_dense(const ScimList *search)
{
	StringInfoData query;
	ScimParams params;
	int tenant;

	initStringInfo(&query);
	ScimParamsInit(&params);
	tenant = ScimParamsAdd(&params, INT8OID, Int64GetDatum(ScimTenant()), false);
	appendStringInfoString(&query, "SELECT count(*) FROM ((SELECT r.*");
	ScimListAppendRows(&query, search, search->type, tenant);
	appendStringInfo(&query, " ORDER BY id LIMIT %d) UNION ALL (SELECT r.*", SAMPLE_ROWS);
	ScimListAppendRows(&query, search, search->type, tenant);
	appendStringInfo(&query, " ORDER BY id DESC LIMIT %d)) r WHERE ", SAMPLE_ROWS);
	ScimPredicateAppend(&query, &params, search->predicate);
	ScimSpiExecuteByKey(query.data, &params, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID)) >= SAMPLE_MATCHES;
}

/*
 * Fills the page, from an offset on, and counts what the filter finds.  What looks up
 * members or groups need not read documents for that, and so has a page of their ids
 * first.
 */
void
ScimListFetchInOnePass(ScimList *search, int64 offset)
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

	/* what is in most documents is not looked for in the index, which has it many times
	 */
	if (pause.after > 0 && asks_for_part(search) &&
		is_walkable(search, FIRST_WALK(page_of(&paused))) && is_dense(search))
	{
		if (finish_in_walk(&paused))
		{
			search->matches = ScimListCountMany(search, paused.dense);
			return;
		}
		/* it would look at the same rows again */
		pause.after = 0;
	}
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
	ScimListAppendConditions(&query, &params, search);
	search->matches = ScimPassOver(query.data, &params, search->by_values, &order,
								   (int) (offset + search->limit), &pause, &rows);
	if (search->matches < 0)
	{
		search->matches = ScimListCountMany(search, paused.dense);
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
append_page_by_ids(StringInfo query, ScimParams *params, const ScimList *search,
				   int64 wanted, int64 offset, bool gather)
{
	ScimListAppendRows(
		query, search, search->type,
		ScimParamsAdd(params, INT8OID, Int64GetDatum(ScimTenant()), false));
	appendStringInfoString(query, " AND id = ANY (ARRAY(SELECT id");
	if (gather)
		appendStringInfoString(query, " FROM (SELECT *");
	ScimListAppendConditions(query, params, search);
	if (gather)
		appendStringInfoString(query, " OFFSET 0) r");
	ScimListAppendOrder(query, search);
	ScimListAppendLimit(query, wanted);
	appendStringInfo(query, " OFFSET $%d))",
					 ScimParamsAdd(params, INT8OID, Int64GetDatum(offset), false));
}

/* Fills the page from a segment, after a cursor or from an offset on. */
void
ScimListFetchRows(ScimList *search, ScimListSegment segment, const ScimCursor *after,
				  int64 offset)
{
	/* one more by cursor, which tells whether there is a next page */
	int64 wanted = search->limit - list_length(search->page) + search->by_cursor;
	bool gather = search->matches >= 0 && search->matches <= SCIM_GATHERED_MATCHES &&
				  (search->declared == NULL || search->sort != NULL);
	bool is_key = search->is_key && !search->by_cursor && offset == 0;
	StringInfoData query;
	ScimParams params;

	initStringInfo(&query);
	ScimParamsInit(&params);
	ScimListAppendColumns(&query, search);
	if (offset > 0)
		append_page_by_ids(&query, &params, search, wanted, offset, gather);
	else
	{
		/* OFFSET 0 keeps LIMIT from the planner, who would take it for a reason to walk
		 */
		if (gather)
			appendStringInfoString(&query, " FROM (SELECT *");
		ScimListAppendConditions(&query, &params, search);
		ScimListAppendSegment(&query, &params, search, segment, after);
		if (gather)
			appendStringInfoString(&query, " OFFSET 0) r");
	}
	/* a statement without these starts in half the time */
	if (!is_key)
	{
		ScimListAppendOrder(&query, search);
		ScimListAppendLimit(&query, wanted);
	}
	ScimListExecute(search, query.data, &params, is_key ? 0 : (long) wanted);
	for (uint64 i = 0; i < SPI_processed; i++)
		add_row(search, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
}

/*
 * Fills the page from the beginning of the list, if it comes across enough matches there.
 * Their number is known.  False: the page is not there.
 */
bool
ScimListFetchInWalk(ScimList *search, int64 offset)
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
void
ScimListFetchAfter(ScimList *search, const ScimCursor *after)
{
	ScimListSegment segment = SCIM_SEGMENT_ALL;
	ScimListSegment second = search->descending ? SCIM_SEGMENT_KEYS : SCIM_SEGMENT_NULLS;

	if (search->sort != NULL)
		segment = after->key_is_null ? SCIM_SEGMENT_NULLS : SCIM_SEGMENT_KEYS;
	ScimListFetchRows(search, segment, after, 0);
	if (segment != SCIM_SEGMENT_ALL && segment != second && !search->more)
		ScimListFetchRows(search, second, NULL, 0);
}
