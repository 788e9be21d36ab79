/*
 * child.h
 *		Values of a multi-valued attribute, and the rows that they come from; private
 *		to child.c and child_match.c.
 */
#ifndef SCIM_CHILD_H
#define SCIM_CHILD_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"

/* What is to be written: for each value of the document the row that it comes from. */
typedef struct Values
{
	const ScimBoundAttribute *attribute;
	const ScimBoundTable *table;
	const JsonbValue *rows; /* an array, or NULL */
	const JsonbValue *document;
	int nrows;
	int nvalues;
	int nsaid;
	ScimValueIndex *all;     /* of the rows */
	bool *stays;             /* of each row: it is not deleted */
	const JsonbValue **more; /* of each: the value that it says more of than that has */
	bool *said;              /* of each value: a row says it already, or */
	bool *made;              /* several that the store makes one */
	const JsonbValue **sources; /* of each value: NULL, it is a new row */
	ScimRowPlaces *places;      /* of the rows, where many are written, or NULL */
	List **moved; /* of each value: places of its source, which was written, or NIL */
} Values;

extern const JsonbValue *ScimChildPart(const JsonbValue *element, const char *name);
extern bool
ScimChildPartsEqual(const JsonbValue *a, const JsonbValue *b, const char *name);
extern int ScimChildCount(const JsonbValue *array);
extern void ScimChildMatch(Values *values);

#endif /* SCIM_CHILD_H */
