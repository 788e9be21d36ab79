/*
 * column.c
 *		Values out of rows, each only as the type that it has.  See column.h.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "store/statement/column.h"

static void
raise_mismatch(const char *name, Oid found, Oid wanted)
{
	/* a column that was dropped has no type at all */
	ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
					errmsg("column \"%s\" is of type %s, and must be of type %s", name,
						   OidIsValid(found) ? format_type_be(found) : "none",
						   format_type_be(wanted))));
}

/*
 * ScimColumnNumber finds a column by its name.  An error where there is none, or
 * where it is of another type.
 */
int
ScimColumnNumber(TupleDesc desc, const char *name, Oid type)
{
	return ScimColumnNumberFrom(desc, 0, name, type);
}

/* ScimColumnNumberFrom does so beginning behind a column, next to which it may be. */
int
ScimColumnNumberFrom(TupleDesc desc, int number, const char *name, Oid type)
{
	for (int n = 0; n < desc->natts; n++)
	{
		int i = (number + n) % desc->natts;
		const FormData_pg_attribute *attribute = TupleDescAttr(desc, i);

		if (attribute->attisdropped || strcmp(NameStr(attribute->attname), name) != 0)
			continue;
		if (attribute->atttypid != type)
			raise_mismatch(name, attribute->atttypid, type);
		return i + 1;
	}
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
					errmsg("there is no column \"%s\"", name)));
	return 0; /* not reached */
}

static void
check_column(TupleDesc desc, int number, Oid type)
{
	const FormData_pg_attribute *attribute;

	if (number < 1 || number > desc->natts)
		elog(ERROR, "there is no column %d", number);
	attribute = TupleDescAttr(desc, number - 1);
	if (attribute->atttypid != type)
		raise_mismatch(NameStr(attribute->attname), attribute->atttypid, type);
}

static void
raise_null(TupleDesc desc, int number)
{
	ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					errmsg("column \"%s\" is null",
						   NameStr(TupleDescAttr(desc, number - 1)->attname))));
}

/* ScimColumn gives the value of a column of a type; an error where it has another. */
Datum
ScimColumn(HeapTuple tuple, TupleDesc desc, int number, Oid type, bool *isnull)
{
	check_column(desc, number, type);
	return heap_getattr(tuple, number, desc, isnull);
}

/* ScimSlotColumn does so of a row that the executor hands over. */
Datum
ScimSlotColumn(TupleTableSlot *slot, int number, Oid type, bool *isnull)
{
	check_column(slot->tts_tupleDescriptor, number, type);
	return slot_getattr(slot, number, isnull);
}

Datum
ScimSlotValue(TupleTableSlot *slot, int number, Oid type)
{
	bool isnull;
	Datum value = ScimSlotColumn(slot, number, type, &isnull);

	if (isnull)
		raise_null(slot->tts_tupleDescriptor, number);
	return value;
}

/*
 * ScimColumns gives the values of several columns, each of its type, at one go: a column
 * behind others of variable length is found by passing all of them.
 */
void
ScimColumns(HeapTuple tuple, TupleDesc desc, int n, const int *numbers, const Oid *types,
			Datum *values, bool *nulls)
{
	Datum *row = palloc((sizeof(Datum) + sizeof(bool)) * desc->natts);
	bool *isnull = (bool *) (row + desc->natts);

	heap_deform_tuple(tuple, desc, row, isnull);
	for (int i = 0; i < n; i++)
	{
		check_column(desc, numbers[i], types[i]);
		values[i] = row[numbers[i] - 1];
		nulls[i] = isnull[numbers[i] - 1];
	}
	pfree(row);
}

Datum
ScimColumnValue(HeapTuple tuple, TupleDesc desc, int number, Oid type)
{
	bool isnull;
	Datum value = ScimColumn(tuple, desc, number, type, &isnull);

	if (isnull)
		raise_null(desc, number);
	return value;
}

Datum
ScimColumnNamed(HeapTuple tuple, TupleDesc desc, const char *name, Oid type)
{
	return ScimColumnValue(tuple, desc, ScimColumnNumber(desc, name, type), type);
}

static HeapTuple
result_row(uint64 row)
{
	if (SPI_tuptable == NULL || row >= SPI_processed)
		elog(ERROR, "the statement returned no row " UINT64_FORMAT, row);
	return SPI_tuptable->vals[row];
}

Datum
ScimResult(uint64 row, int number, Oid type, bool *isnull)
{
	HeapTuple tuple = result_row(row);

	return ScimColumn(tuple, SPI_tuptable->tupdesc, number, type, isnull);
}

Datum
ScimResultValue(uint64 row, int number, Oid type)
{
	HeapTuple tuple = result_row(row);

	return ScimColumnValue(tuple, SPI_tuptable->tupdesc, number, type);
}

char *
ScimResultText(uint64 row, int number)
{
	bool isnull;
	Datum value = ScimResult(row, number, TEXTOID, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/*
 * ScimRequireList raises an error where an array that somebody has written is of several
 * dimensions, whose elements would be taken for those of a list.
 */
void
ScimRequireList(Datum array, const char *what)
{
	if (ARR_NDIM(DatumGetArrayTypeP(array)) > 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be a list of one dimension", what)));
}

List *
ScimTextList(Datum array)
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
