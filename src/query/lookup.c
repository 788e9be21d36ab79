/*
 * lookup.c
 *		Resources found by what an attribute of theirs holds, and named by it.
 *
 * An attribute compares as its schema says (caseExact), as in a filter.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "json/buckets.h"
#include "json/json.h"
#include "query/query.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "text/fold.h"

/* So many are looked for in one statement, in a filter of so many bytes. */
#define FOUND_AT_ONCE 1000
#define MAX_FILTER_BYTES 32768
#define NAMED_AT_ONCE 1000

static void
append_equality(StringInfo filter, const char *path, const char *text)
{
	appendStringInfo(filter, "%s%s eq ", filter->len > 0 ? " or " : "", path);
	ScimJsonWriteString(filter, text, strlen(text));
}

/* ScimRaiseSeveral says that nobody can tell which resource is meant. */
void
ScimRaiseSeveral(const ScimResourceType *type, const char *path, const char *text,
				 ScimErrorKind kind)
{
	ereport(ERROR, (ScimErr(kind),
					errmsg("more than one %s has \"%s\" as %s", type->name, text, path)));
}

/*
 * ScimFindBy returns the one resource whose attribute holds a text, or NULL.  Raises
 * conflict where there are several: nobody can tell which is meant.
 */
ScimResource *
ScimFindBy(ScimStore *store, const ScimResourceType *type, const char *path,
		   const char *text)
{
	ScimSearchRequest search = {0};
	ScimPage page;
	StringInfoData filter;

	initStringInfo(&filter);
	append_equality(&filter, path, text);
	search.filter = filter.data;
	search.own = filter.len;
	search.start_index = 1;
	search.count = 2;
	ScimSearchPage(store, type, &search, &page);
	if (list_length(page.resources) > 1)
		ScimRaiseSeveral(type, path, text, SCIM_CONFLICT);
	return page.resources == NIL ? NULL : linitial(page.resources);
}

/* ---- many at a time ---- */

static bool
is_equal(ScimFolding folding, const JsonbValue *value, const char *text, size_t len)
{
	if (value->type != jbvString)
		return false;
	return ScimFoldByEqual(folding, value->val.string.val, value->val.string.len, text,
						   len);
}

/* ScimValuesAt: those of a document at a path, JsonbValue *, the primary one first. */
List *
ScimValuesAt(const JsonbValue *document, const ScimResolved *resolved)
{
	const JsonbValue *value = document;
	List *values = NIL;
	int count;

	if (resolved->extension != NULL)
		value = ScimJsonGet(value, resolved->extension->id);
	if (value != NULL)
		value = ScimJsonGet(value, resolved->attribute->name);
	if (value == NULL)
		return NIL;
	count = value->type == jbvArray ? value->val.array.nElems : 1;
	for (int i = 0; i < count; i++)
	{
		const JsonbValue *element =
			value->type == jbvArray ? &value->val.array.elems[i] : value;
		const JsonbValue *primary =
			element->type == jbvObject ? ScimJsonGet(element, "primary") : NULL;
		const JsonbValue *part = element;

		if (resolved->sub != NULL)
			part = element->type == jbvObject ? ScimJsonGet(element, resolved->sub->name)
											  : NULL;
		if (part == NULL || part->type != jbvString)
			continue;
		if (primary != NULL && primary->type == jbvBool && primary->val.boolean)
			values = lcons((void *) part, values);
		else
			values = lappend(values, (void *) part);
	}
	return values;
}

static List *
values_at(const ScimResource *resource, const ScimResolved *resolved)
{
	return ScimValuesAt(ScimJsonFromJsonb(resource->data), resolved);
}

/* What the column with an index of its own is, of an attribute that has one; or NULL. */
static const char *
column_of(const ScimResolved *resolved)
{
	const ScimAttribute *attribute = resolved->attribute;

	if (resolved->extension != NULL || resolved->sub != NULL)
		return NULL;
	if (ScimIsKeyColumn(attribute, SCIM_KEY_USER_NAME) && !attribute->case_exact)
		return "scim.fold_user_name(r.user_name)";
	if (ScimIsKeyColumn(attribute, SCIM_KEY_EXTERNAL_ID) && attribute->case_exact)
		return "r.external_id";
	return NULL;
}

/* Finds them by such a column, which is much faster than a filter of many parts. */
static List *
find_by_column(ScimStore *store, const ScimResourceType *type,
			   const ScimResolved *resolved, const char **texts, int count, bool *several)
{
	MemoryContext context = CurrentMemoryContext;
	Datum *values = palloc(count * sizeof(Datum));
	uint64 max = (uint64) count * 2;
	List *found = NIL;
	ScimParams params;

	for (int i = 0; i < count; i++)
	{
		size_t len = strlen(texts[i]);
		const char *text = ScimFoldBy(ScimFoldingOf(resolved), texts[i], len, &len);

		values[i] = PointerGetDatum(cstring_to_text_with_len(text, len));
	}
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimArray(values, NULL, count, TEXTOID), false);
	ScimSpiExecuteByKey(
		psprintf("SELECT %s FROM %s.resource r WHERE r.resource_type = %s "
				 "AND r.tenant_id = $1 AND r.deleted_at IS NULL "
				 "AND %s = ANY ($2)",
				 ScimResourceColumns(store), store->quoted_name,
				 quote_literal_cstr(type->name), column_of(resolved)),
		&params, max + 1);
	*several = SPI_processed > max;
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		CHECK_FOR_INTERRUPTS();
		found = lappend(found, ScimResourceFromTuple(type, SPI_tuptable->vals[row],
													 SPI_tuptable->tupdesc, context));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return found;
}

/* Finds what one statement can find; several tells whether there may be more. */
static List *
find_batch(ScimStore *store, const ScimResourceType *type, const char *path,
		   const ScimResolved *resolved, const char **texts, int count, bool *several)
{
	ScimSearchRequest search = {0};
	ScimPage page;
	StringInfoData filter;

	if (column_of(resolved) != NULL)
		return find_by_column(store, type, resolved, texts, count, several);
	initStringInfo(&filter);
	for (int i = 0; i < count; i++)
		append_equality(&filter, path, texts[i]);
	search.filter = filter.data;
	search.own = filter.len;
	search.start_index = 1;
	search.max_count = search.count = count * 2 + 1;
	search.uncounted = true;
	ScimSearchPage(store, type, &search, &page);
	*several = page.total > count * 2;
	return page.resources;
}

/* What stands in the place of the id of several. */
const char ScimFoundSeveral[] = "";

/* Notes the ids of what was found for texts. */
static void
note_found(const ScimResolved *resolved, const List *found, int ntexts,
		   const char **texts, const char **ids, MemoryContext caller)
{
	ScimFolding folding = ScimFoldingOf(resolved);
	ScimBuckets by_text;
	ListCell *lc;

	ScimBucketsInit(&by_text, ntexts);
	for (int i = 0; i < ntexts; i++)
		ScimBucketsAdd(&by_text, ScimFoldByHash(folding, texts[i], strlen(texts[i])), i);
	foreach (lc, found)
	{
		const ScimResource *resource = lfirst(lc);
		const char *id = MemoryContextStrdup(caller, ScimUuidText(&resource->id));
		ListCell *cell;

		CHECK_FOR_INTERRUPTS();
		foreach (cell, values_at(resource, resolved))
		{
			const JsonbValue *value = lfirst(cell);
			uint32 hash =
				ScimFoldByHash(folding, value->val.string.val, value->val.string.len);

			for (int at = ScimBucketsFirst(&by_text, hash); at >= 0;
				 at = ScimBucketsNext(&by_text, at))
			{
				int i = ScimBucketsItem(&by_text, at);

				if (!is_equal(folding, value, texts[i], strlen(texts[i])))
					continue;
				if (ids[i] != NULL && strcmp(ids[i], id) != 0)
					ids[i] = ScimFoundSeveral;
				else
					ids[i] = id;
			}
		}
	}
}

/* How many of some texts one filter may name. */
static int
count_at_once(const char *path, int ntexts, const char **texts)
{
	int most = Min(ntexts, FOUND_AT_ONCE);
	int bytes = 0;
	int n;

	for (n = 0; n < most && bytes < MAX_FILTER_BYTES; n++)
		bytes += strlen(path) + strlen(" or  eq \"\"") + strlen(texts[n]);
	return n;
}

/*
 * ScimFindEach finds the resources whose attribute holds one of some texts each: ids[i]
 * is the id of the one that has texts[i], ScimFoundSeveral, or NULL as it was.
 */
void
ScimFindEach(ScimStore *store, const ScimResourceType *type, const char *path,
			 const ScimResolved *resolved, int ntexts, const char **texts,
			 const char **ids)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim look-ups", ALLOCSET_DEFAULT_SIZES);
	int at_once;

	MemoryContextSwitchTo(context);
	for (int start = 0; start < ntexts; start += at_once)
	{
		bool several;
		List *found;

		CHECK_FOR_INTERRUPTS();
		at_once = count_at_once(path, ntexts - start, texts + start);
		found = find_batch(store, type, path, resolved, texts + start, at_once, &several);
		note_found(resolved, found, at_once, texts + start, ids + start, caller);
		/* one of them is held by so many that others were left out */
		for (int i = start; several && i < start + at_once; i++)
		{
			bool of_one;

			found = find_batch(store, type, path, resolved, texts + i, 1, &of_one);
			if (of_one)
				ids[i] = ScimFoundSeveral;
			else
				note_found(resolved, found, 1, texts + i, ids + i, caller);
		}
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* The row of one of some resources, and which of them it is. */
static void
name_batch(ScimStore *store, const ScimResourceType *type, const ScimResolved *resolved,
		   int count, const pg_uuid_t *ids, const char **names, MemoryContext caller)
{
	Datum *values = palloc(count * sizeof(Datum));
	ScimParams params;

	for (int i = 0; i < count; i++)
		values[i] = UUIDPGetDatum(&ids[i]);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(values, NULL, count, UUIDOID), false);
	ScimSpiExecute(psprintf("SELECT %s FROM %s.resource r WHERE r.resource_type = %s "
							"AND r.tenant_id = $1 AND r.id = ANY ($2) "
							"AND r.deleted_at IS NULL",
							ScimResourceColumns(store), store->quoted_name,
							quote_literal_cstr(type->name)),
				   &params, false, 0);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		const ScimResource *resource = ScimResourceFromTuple(
			type, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, CurrentMemoryContext);
		List *held = values_at(resource, resolved);
		const pg_uuid_t *id;

		CHECK_FOR_INTERRUPTS();
		id = bsearch(&resource->id, ids, count, sizeof(pg_uuid_t), ScimCompareIds);
		if (id != NULL && held != NIL)
		{
			const JsonbValue *value = linitial(held);

			names[id - ids] = MemoryContextStrdup(
				caller, pnstrdup(value->val.string.val, value->val.string.len));
		}
	}
	SPI_finish();
}

/*
 * ScimNameEach says what an attribute of some resources of a type holds, in their ids'
 * order: names[i] is of ids[i], or NULL.  The ids are sorted and each there once.
 */
void
ScimNameEach(ScimStore *store, const ScimResourceType *type, const ScimResolved *resolved,
			 int nids, const pg_uuid_t *ids, const char **names)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context =
		AllocSetContextCreate(caller, "scim names", ALLOCSET_DEFAULT_SIZES);

	for (int start = 0; start < nids; start += NAMED_AT_ONCE)
	{
		MemoryContextSwitchTo(context);
		name_batch(store, type, resolved, Min(NAMED_AT_ONCE, nids - start), ids + start,
				   names + start, caller);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}
