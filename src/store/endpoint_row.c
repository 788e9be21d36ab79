/*
 * endpoint_row.c
 *		The rows of a store's table "endpoint": endpoints beside those of SCIM.
 *
 * What they mean is for src/protocol to say, where requests come in.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "store/plan.h"
#include "store/store.h"

/* The elements of an array of text that are not null: char *. */
static List *
text_list(Datum array)
{
	List *texts = NIL;
	Datum *elements;
	bool *nulls;
	int n;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (!nulls[i])
			texts = lappend(texts, TextDatumGetCString(elements[i]));
	}
	return texts;
}

/* ScimEndpointRowsRead reads the endpoints of a store into a context. */
List *
ScimEndpointRowsRead(const ScimStore *store, MemoryContext context)
{
	List *rows = NIL;

	if (!OidIsValid(store->endpoint_oid))
		return NIL;
	/* with casts, since somebody may have changed the types of columns */
	ScimSpiExecute(psprintf("SELECT name::text, methods::text[], path::text, "
							"resource_type::text, action::text, enabled::boolean, "
							"settings::jsonb FROM %s.endpoint ORDER BY name",
							store->quoted_name),
				   NULL, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple tuple = SPI_tuptable->vals[i];
		TupleDesc desc = SPI_tuptable->tupdesc;
		MemoryContext old = MemoryContextSwitchTo(context);
		ScimEndpointRow *row = palloc0(sizeof(ScimEndpointRow));
		Datum values[8];

		for (int column = 1; column <= 7; column++)
		{
			bool isnull;

			values[column] = SPI_getbinval(tuple, desc, column, &isnull);
			if (isnull)
				elog(ERROR, "column \"%s\" of an endpoint is null",
					 SPI_fname(desc, column));
		}
		row->name = TextDatumGetCString(values[1]);
		row->methods = text_list(values[2]);
		row->path = TextDatumGetCString(values[3]);
		row->resource_type = TextDatumGetCString(values[4]);
		row->action = TextDatumGetCString(values[5]);
		row->enabled = DatumGetBool(values[6]);
		row->settings = (Jsonb *) PG_DETOAST_DATUM_COPY(values[7]);
		rows = lappend(rows, row);
		MemoryContextSwitchTo(old);
	}
	return rows;
}
