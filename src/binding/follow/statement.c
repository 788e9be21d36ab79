/*
 * statement.c
 *		Rows that one statement writes, noted when it does: of members all, of people and
 *		groups those that may go.
 *
 * The trigger that follows them is called for one row at a time, when all of them are
 * written.  What it is called for first so finds here which others there are, and a group
 * changes once.  A note is a hint and no more: what became of the row is looked up, and
 * the trigger is called for each.  So notes are forgotten when the table is written anew
 * (ALTER COLUMN ... TYPE), after which nobody could read them: some have no trigger that
 * waits for them, as of rows that ON CONFLICT has left out.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "storage/proc.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "binding/follow/follow.h"
#include "compat.h"
#include "store/statement/column.h"
#include "store/statement/trigger_type.h"

PG_FUNCTION_INFO_V1(scim_binding_note);

/* So many rows of a table are followed at once. */
#define MAX_NOTED 1000000

/* Rows of a table, or of a partition, as they were and are. */
typedef struct Noted
{
	Oid relid;
	Oid file; /* in which all rows have one form */
	HeapTuple *rows;
	int n;
	int size;
	int asked; /* of how many it was asked which keys they have */
} Noted;

/* All of it is of one transaction, in memory that goes with it. */
static List *notes = NIL;
static LocalTransactionId noted_in = InvalidLocalTransactionId;

static void
forget(Noted *noted)
{
	for (int i = 0; i < noted->n; i++)
	{
		if (noted->rows[i] != NULL)
			heap_freetuple(noted->rows[i]);
	}
	noted->n = noted->asked = 0;
}

static Noted *
find_noted(Relation relation)
{
	const ListCell *lc;

	if (noted_in != ScimLocalTransaction())
		notes = NIL;
	noted_in = ScimLocalTransaction();
	foreach (lc, notes)
	{
		Noted *noted = lfirst(lc);

		if (noted->relid != RelationGetRelid(relation))
			continue;
		if (noted->file != relation->rd_rel->relfilenode)
			forget(noted);
		noted->file = relation->rd_rel->relfilenode;
		return noted;
	}
	return NULL;
}

static Noted *
begin_noted(Relation relation)
{
	Noted *noted = palloc0(sizeof(Noted));

	noted->relid = RelationGetRelid(relation);
	noted->file = relation->rd_rel->relfilenode;
	noted->size = 8;
	noted->rows = palloc(sizeof(HeapTuple) * noted->size);
	notes = lappend(notes, noted);
	return noted;
}

static void
note(Relation relation, HeapTuple row)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	Noted *noted = find_noted(relation);

	if (noted == NULL)
		noted = begin_noted(relation);
	/* there is no array of more keys; who is left out is followed alone */
	if (noted->n >= MAX_NOTED && noted->n % 2 == 0)
	{
		MemoryContextSwitchTo(old);
		return;
	}
	if (noted->n == noted->size)
	{
		noted->size *= 2;
		noted->rows = repalloc(noted->rows, sizeof(HeapTuple) * noted->size);
	}
	noted->rows[noted->n++] = row != NULL ? heap_copytuple(row) : NULL;
	MemoryContextSwitchTo(old);
}

/* ScimStatementHasRows: are any noted, perhaps, that nobody has asked for? */
bool
ScimStatementHasRows(Oid relid)
{
	const ListCell *lc;

	foreach (lc, noted_in == ScimLocalTransaction() ? notes : NIL)
	{
		const Noted *noted = lfirst(lc);

		if (noted->relid == relid)
			return noted->n > 0;
	}
	return false;
}

/*
 * ScimStatementRows: the rows that were noted of a table since this was asked last.  They
 * are the caller's.
 */
HeapTuple *
ScimStatementRows(Relation relation, int *n)
{
	Noted *noted = find_noted(relation);
	HeapTuple *rows;

	*n = noted != NULL ? noted->n : 0;
	if (*n == 0)
		return NULL;
	rows = noted->rows;
	notes = list_delete_ptr(notes, noted);
	pfree(noted);
	return rows;
}

/*
 * ScimStatementKeys: the rows that were noted since this was asked last, which stay.  Of
 * a table that is bound they are pairs.
 */
const HeapTuple *
ScimStatementKeys(Relation relation, int *n)
{
	Noted *noted = find_noted(relation);
	const HeapTuple *rows;

	*n = noted != NULL ? noted->n - noted->asked : 0;
	if (*n == 0)
		return NULL;
	rows = noted->rows + noted->asked;
	noted->asked = noted->n;
	return rows;
}

/*
 * May a row that is updated have gone by that?  The arguments after the first name the
 * columns that say so; one that is not there any more may be any.
 */
static bool
may_be_going(const TriggerData *trigger)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	const Trigger *own = trigger->tg_trigger;

	for (int i = 1; i < own->tgnargs; i++)
	{
		int number = SPI_fnumber(desc, own->tgargs[i]);
		const FormData_pg_attribute *column;
		bool old_null;
		bool new_null;
		Datum old;
		Datum new;

		if (number <= 0)
			return true;
		column = TupleDescAttr(desc, number - 1);
		old =
			ScimColumn(trigger->tg_trigtuple, desc, number, column->atttypid, &old_null);
		new = ScimColumn(trigger->tg_newtuple, desc, number, column->atttypid, &new_null);
		if (old_null != new_null ||
			(!old_null && !datum_image_eq(old, new, column->attbyval, column->attlen)))
			return true;
	}
	return own->tgnargs < 2;
}

/*
 * BEFORE INSERT OR UPDATE OR DELETE ... FOR EACH ROW on a table of members.  With
 * arguments BEFORE UPDATE OR DELETE on one that is bound itself: what is noted are pairs,
 * the row as it was and as it is, which is NULL of one that is deleted.
 */
Datum
scim_binding_note(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "binding_note", BEFORE_ROW | ON_CHANGE);
	Relation relation = trigger->tg_relation;
	bool updates = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (ScimBoundTriggerIsLeft(trigger, "scim_binding_note") ||
		(updates && trigger->tg_trigger->tgnargs > 0 && !may_be_going(trigger)))
		PG_RETURN_POINTER(updates ? trigger->tg_newtuple : trigger->tg_trigtuple);
	note(relation, trigger->tg_trigtuple);
	if (updates || trigger->tg_trigger->tgnargs > 0)
		note(relation, updates ? trigger->tg_newtuple : NULL);
	PG_RETURN_POINTER(updates ? trigger->tg_newtuple : trigger->tg_trigtuple);
}
