/*
 * insert.h
 *		Rows that are written without a statement.
 *
 * Where a row goes to one table that nobody but us knows to be written, a statement is
 * mostly preparation: of its target list, of defaults, of what partitions allow.  What
 * a statement would do of its own accord, of a table that has it, only a statement does:
 * then these functions say so, and the caller executes one.
 */
#ifndef SCIM_INSERT_H
#define SCIM_INSERT_H

#include "postgres.h"
#include "access/htup.h"
#include "utils/relcache.h"

typedef struct ScimInsertColumn
{
	const char *name;
	Oid type;
} ScimInsertColumn;

/*
 * The tuple of these columns for a table that is locked for writing, NULL where a
 * statement has to make it; all columns of the table have to be among them.
 */
extern HeapTuple ScimInsertForm(Relation relation, const ScimInsertColumn *columns,
								int ncolumns, const Datum *values, const bool *nulls);
/* Writes it.  A partition is the one for the tuple. */
extern void ScimInsertTuple(Relation relation, HeapTuple tuple);
/* Do two tuples of one table have the same values, so that a trigger left it as it was?
 */
extern bool ScimSameTuple(HeapTuple a, HeapTuple b);

#endif /* SCIM_INSERT_H */
