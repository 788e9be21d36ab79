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

#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* ScimEndpointRowsRead reads the endpoints of a store into a context. */
List *
ScimEndpointRowsRead(const ScimStore *store, MemoryContext context)
{
	List *rows = NIL;

	if (!OidIsValid(store->tables.relid[SCIM_TABLE_ENDPOINT]))
		return NIL;
	ScimSpiExecute(psprintf("SELECT name, methods, path, resource_type, action, enabled, "
							"settings, id FROM %s.endpoint ORDER BY name",
							store->quoted_name),
				   NULL, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		ScimEndpointRow *row = palloc0(sizeof(ScimEndpointRow));

		row->name = TextDatumGetCString(ScimResultValue(i, 1, TEXTOID));
		row->methods = ScimTextList(ScimResultValue(i, 2, TEXTARRAYOID));
		row->path = TextDatumGetCString(ScimResultValue(i, 3, TEXTOID));
		row->resource_type = TextDatumGetCString(ScimResultValue(i, 4, TEXTOID));
		row->action = TextDatumGetCString(ScimResultValue(i, 5, TEXTOID));
		row->enabled = DatumGetBool(ScimResultValue(i, 6, BOOLOID));
		row->settings = (Jsonb *) PG_DETOAST_DATUM_COPY(ScimResultValue(i, 7, JSONBOID));
		row->id = *DatumGetUUIDP(ScimResultValue(i, 8, UUIDOID));
		rows = lappend(rows, row);
		MemoryContextSwitchTo(old);
	}
	return rows;
}
