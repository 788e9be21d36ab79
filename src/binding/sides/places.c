/*
 * places.c
 *		Where the rows of a table of values are, for statements about many of them.
 *
 * By what a value says its row is found among all those of the key, and so many at a time
 * take the square of their number.  So they are read once, and found by where they are;
 * what somebody has moved meanwhile is looked for by what it says (child.c).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/itemptr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "store/statement/column.h"

struct ScimRowPlace
{
	Oid relid; /* a partition perhaps */
	ItemPointerData tid;
};

struct ScimRowPlaces
{
	const ScimBoundAttribute *attribute;
	ScimRowPlace *places;
	JsonbValue *elements; /* an array: what the row of each says */
	ScimValueIndex *index;
};

/* What a result says in two of its columns. */
static void
read_place(uint64 row, int column, ScimRowPlace *place)
{
	place->relid = DatumGetObjectId(ScimResultValue(row, column, OIDOID));
	place->tid = *(ItemPointer) DatumGetPointer(ScimResultValue(row, column + 1, TIDOID));
}

static void
read_rows(ScimRowPlaces *places, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	int n = 0;

	places->places = palloc(sizeof(ScimRowPlace) * Max(SPI_processed, 1));
	places->elements = ScimJsonNewArray();
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const JsonbValue *element;

		CHECK_FOR_INTERRUPTS();
		read_place(i, 1, &places->places[n]);
		element = ScimBoundConform(
			places->attribute,
			ScimJsonFromJsonb(DatumGetJsonbPCopy(ScimResultValue(i, 3, JSONBOID))));
		/* of one that says nothing nobody asks */
		if (element == NULL)
			continue;
		ScimJsonAppend(places->elements, &element->val.array.elems[0]);
		n++;
	}
	places->index = ScimValuesIndex(places->attribute, places->elements, SCIM_BY_ALL);
	MemoryContextSwitchTo(old);
}

/* ScimPlacesRead: where the rows of a key are; as their owner, SPI is connected. */
ScimRowPlaces *
ScimPlacesRead(const ScimBinding *binding, const ScimBoundAttribute *attribute, Datum key)
{
	const ScimBoundTable *table = &attribute->table;
	ScimRowPlaces *places = palloc(sizeof(ScimRowPlaces));
	MemoryContext context = CurrentMemoryContext;
	ScimParams params;

	places->attribute = attribute;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	ScimSpiExecuteIn(
		binding->search_path,
		psprintf("SELECT c.tableoid, c.ctid, jsonb_build_array(%s) FROM %s AS c WHERE %s",
				 ScimElementRead(table, "c"), table->quoted,
				 ScimKeyIs(table->key, "c", "$1")),
		&params, false, 0);
	read_rows(places, context);
	SPI_freetuptable(SPI_tuptable);
	return places;
}

/* ScimPlacesAdd: to a list of ScimRowPlace * those of all rows that say what a value
 * does.
 */
List *
ScimPlacesAdd(List *list, const ScimRowPlaces *places, const JsonbValue *element)
{
	for (int at = ScimValuesFirst(places->index, element); at >= 0;
		 at = ScimValuesNext(places->index, at))
	{
		int item = ScimValuesItem(places->index, at);

		if (ScimBoundElementsEqual(&places->attribute->table,
								   &places->elements->val.array.elems[item], element))
			list = lappend(list, &places->places[item]);
	}
	return list;
}

/* ScimPlacesResult: the places of the rows of a result, from a column on. */
List *
ScimPlacesResult(MemoryContext context, int column)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	List *list = NIL;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ScimRowPlace *place = palloc(sizeof(ScimRowPlace));

		read_place(i, column, place);
		list = lappend(list, place);
	}
	MemoryContextSwitchTo(old);
	return list;
}

/*
 * ScimPlacesTable: the rows of one table, a partition perhaps, of those at the head of a
 * list, as a condition over parameters; *list: all others.  It is not for an index to
 * find who has the key.
 */
char *
ScimPlacesTable(List **list, const ScimBoundTable *table, ScimParams *params)
{
	Oid relid = ((const ScimRowPlace *) linitial(*list))->relid;
	Datum *tids = palloc(sizeof(Datum) * list_length(*list));
	List *others = NIL;
	int n = 0;
	int of_relid;
	int of_tids;
	ListCell *lc;

	foreach (lc, *list)
	{
		ScimRowPlace *place = lfirst(lc);

		if (place->relid == relid)
			tids[n++] = PointerGetDatum(&place->tid);
		else
			others = lappend(others, place);
	}
	*list = others;
	of_relid = ScimParamsAdd(params, OIDOID, ObjectIdGetDatum(relid), false);
	of_tids = ScimParamsAdd(params, get_array_type(TIDOID),
							ScimArray(tids, NULL, n, TIDOID), false);
	return psprintf("c.tableoid = $%d AND c.ctid = ANY ($%d) AND coalesce(%s, false)",
					of_relid, of_tids, ScimKeyIs(table->key, "c", "$1"));
}
