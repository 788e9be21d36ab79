/*
 * told.c
 *		What is told of rows that are written, once all are: a resource may have been
 *		written again with those who came after it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "import/import.h"
#include "store/statement/column.h"

/*
 * ScimToldHold: rows that are reported are held until ScimToldRelease; returns what that
 * takes.
 */
Tuplestorestate *
ScimToldHold(ScimImport *import)
{
	Tuplestorestate *result = import->result->setResult;

	import->result->setResult = ScimRowsBegin(import);
	return result;
}

static void
release_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const ScimImport *import = arg;
	TupleDesc of_result = import->result->setDesc;
	Datum *values = palloc(sizeof(Datum) * of_result->natts);
	bool *nulls = palloc(sizeof(bool) * of_result->natts);

	for (uint64 row = 0; row < nrows; row++)
	{
		for (int i = 0; i < of_result->natts; i++)
			values[i] = ScimColumn(rows[row], desc, i + 1,
								   TupleDescAttr(of_result, i)->atttypid, &nulls[i]);
		tuplestore_putvalues(import->result->setResult, of_result, values, nulls);
	}
	pfree(values);
	pfree(nulls);
}

/*
 * ScimToldRelease adds the rows that were held to the result.  again: others were written
 * with them, so that their versions are read once more.  SPI is connected.
 */
void
ScimToldRelease(ScimImport *import, Tuplestorestate *result, bool again)
{
	const char *held = "held";
	const char *query;
	ScimParams params;

	ScimRowsUse("held", import->result->setDesc, import->result->setResult,
				tuplestore_tuple_count(import->result->setResult));
	if (import->held_before != NULL)
	{
		ScimRowsUse("held_before", import->result->setDesc, import->held_before,
					tuplestore_tuple_count(import->held_before));
		held = "(SELECT * FROM held_before UNION ALL SELECT * FROM held)";
	}
	import->result->setResult = result;
	query = psprintf("SELECT * FROM %s AS h", held);
	if (again)
		query = psprintf("SELECT h.line, h.key, h.resource_id, h.action, "
						 "coalesce(r.version, h.version), h.difference, h.problems "
						 "FROM %s AS h LEFT JOIN %s.resource r ON r.resource_type = %s "
						 "AND r.tenant_id = $1 AND r.id = h.resource_id "
						 "AND h.action NOT IN ('invalid', 'conflict')",
						 held, import->store->quoted_name,
						 quote_literal_cstr(import->type->name));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(import->tenant_id), false);
	ScimSpiForEach(query, again ? &params : NULL, false, release_rows, import);
}
