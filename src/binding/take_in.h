/*
 * take_in.h
 *		What is there already when a table is bound: take_in.c and match.c.
 */
#ifndef SCIM_TAKE_IN_H
#define SCIM_TAKE_IN_H

#include "funcapi.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"

/* A row that has no resource yet. */
typedef struct ScimNewRow
{
	ScimRowView *view;
	ScimBoundResource resource;
	bool matched;
	bool several; /* others have the same value of "match" */
	bool waits;   /* for all rows to be read: see match.c */
} ScimNewRow;

typedef struct ScimTakeInState
{
	ScimBinding *binding;
	ReturnSetInfo *report;
	const JsonbValue *former; /* the "attributes" that the table had, or NULL */
	MemoryContext context;    /* of the rows at hand */
	bool has_resources;
	bool leaves_kept;   /* rows of who is deleted */
	bool was_empty;     /* the table */
	bool is_last;       /* rows that were put off are at hand */
	MemoryContext kept; /* of the keys of these */
	List *put_off;      /* Datum *: text[] */
	ScimHeld *held;
	ScimNewRow *rows;
	int nrows;
	int one; /* that is being linked */
	/* a row that has a link already */
	const ScimRowView *linked;
	ScimLink link;
} ScimTakeInState;

/* match.c */
extern void ScimTakeInReport(const ScimTakeInState *take, const char *side, Datum key,
							 const pg_uuid_t *id, const char *problem);
extern void ScimMatchRows(ScimTakeInState *take);
extern void ScimLeaveKept(ScimTakeInState *take);

#endif
