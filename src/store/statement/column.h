/*
 * column.h
 *		Values out of rows, each only as the type that it has.
 *
 * What the columns of a row are is up to whoever made the table, and what those
 * of a result are also to whatever operators were found.  So the type that is
 * expected is always stated, and compared before a Datum is taken for it.
 */
#ifndef SCIM_COLUMN_H
#define SCIM_COLUMN_H

#include "postgres.h"
#include "access/htup.h"
#include "access/tupdesc.h"
#include "executor/tuptable.h"
#include "nodes/pg_list.h"

/* The number of the column of that name; an error where it is not of that type. */
extern int ScimColumnNumber(TupleDesc desc, const char *name, Oid type);
extern int ScimColumnNumberFrom(TupleDesc desc, int number, const char *name, Oid type);

extern Datum
ScimColumn(HeapTuple tuple, TupleDesc desc, int number, Oid type, bool *isnull);
/* The same of several columns. */
extern void ScimColumns(HeapTuple tuple, TupleDesc desc, int n, const int *numbers,
						const Oid *types, Datum *values, bool *nulls);
/* The same for a column that must not be null. */
extern Datum ScimColumnValue(HeapTuple tuple, TupleDesc desc, int number, Oid type);
/* The same for one that is found by its name, where rows are few. */
extern Datum ScimColumnNamed(HeapTuple tuple, TupleDesc desc, const char *name, Oid type);

/* The same of a row on its way through the executor. */
extern Datum ScimSlotColumn(TupleTableSlot *slot, int number, Oid type, bool *isnull);
extern Datum ScimSlotValue(TupleTableSlot *slot, int number, Oid type);

/* The same of a row, counted from 0, of the statement that SPI executed last. */
extern Datum ScimResult(uint64 row, int number, Oid type, bool *isnull);
extern Datum ScimResultValue(uint64 row, int number, Oid type);
/* A column of type text, or NULL where it is null. */
extern char *ScimResultText(uint64 row, int number);

/* The elements of a text[] that are not null: char *. */
extern List *ScimTextList(Datum array);
extern void ScimRequireList(Datum array, const char *what);

#endif /* SCIM_COLUMN_H */
