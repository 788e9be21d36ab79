/*
 * written.c
 *		Is what we write into a table of a store what is stored?
 *
 * A row that carries a secret is compared with what was to be written, always, and so
 * are memberships where somebody's trigger or rule stands in their table.  Tables that
 * only the store writes have none of these: guard.c sees to that.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "rewrite/rowsecurity.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "error.h"
#include "extension.h"
#include "store/statement/column.h"
#include "store/statement/seen.h"
#include "store/statement/statement.h"
#include "store/statement/tables.h"
#include "store/statement/written.h"

/*
 * ScimHasOtherTrigger: has a table of a store a rule, or an enabled BEFORE row trigger on
 * an event (TRIGGER_TYPE_...) that is none of ours?
 */
bool
ScimHasOtherTrigger(Oid relid, int16 event)
{
	Relation relation = table_open(relid, AccessShareLock);
	const TriggerDesc *triggers = ScimTriggers(relation);
	bool found = relation->rd_rules != NULL;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];

		if (TRIGGER_TYPE_MATCHES(trigger->tgtype, TRIGGER_TYPE_ROW, TRIGGER_TYPE_BEFORE,
								 event) &&
			trigger->tgenabled != TRIGGER_DISABLED &&
			get_func_namespace(trigger->tgfoid) != ScimInternalNamespace())
			found = true;
	}
	table_close(relation, AccessShareLock);
	return found;
}

/*
 * ScimHasForeignTrigger: has it an enabled trigger of rows, or after statements, that is
 * none of ours?
 */
bool
ScimHasForeignTrigger(Oid relid)
{
	Relation relation = table_open(relid, AccessShareLock);
	const TriggerDesc *triggers = ScimTriggers(relation);
	bool found = false;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers && !found; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];

		found =
			!trigger->tgisinternal &&
			(TRIGGER_FOR_ROW(trigger->tgtype) || TRIGGER_FOR_AFTER(trigger->tgtype)) &&
			trigger->tgenabled != TRIGGER_DISABLED &&
			get_func_namespace(trigger->tgfoid) != ScimInternalNamespace();
	}
	table_close(relation, AccessShareLock);
	return found;
}

/*
 * ScimHasFollower: may a trigger of somebody's follow what is written besides a row of
 * "resource", before all of that is written?  It may change the row, or take it away.
 */
bool
ScimHasFollower(const ScimTables *tables)
{
	static const ScimTable written[] = {SCIM_TABLE_MEMBER, SCIM_TABLE_AUDIT,
										SCIM_TABLE_EVENT, SCIM_TABLE_UNIQUE_VALUE};

	for (size_t i = 0; i < lengthof(written); i++)
	{
		if (ScimHasForeignTrigger(tables->relid[written[i]]))
			return true;
	}
	return false;
}

/* ScimRaiseChanged: somebody's trigger has made another row of one of ours. */
void
ScimRaiseChanged(const char *table)
{
	ereport(ERROR, (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
					errmsg("a trigger of table \"%s\" has changed what the store writes",
						   table)));
}

/* An error that shows a row shows no secret of it. */
static void
execute_without_detail(const char *query, const ScimParams *params)
{
	MemoryContext caller = CurrentMemoryContext;

	PG_TRY();
	{
		ScimSpiExecute(query, params, false, 0);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) ==
			ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION)
			error->detail = error->detail_log = NULL;
		ReThrowError(error);
	}
	PG_END_TRY();
}

/* ScimSpiWrite executes a statement that writes at least one row of a table. */
void
ScimSpiWrite(const char *table, const char *query, const ScimParams *params)
{
	ScimSpiExecute(query, params, false, 0);
	if (SPI_processed == 0)
		ScimRaiseSkipped(table);
}

/*
 * ScimSpiWriteRow executes a statement that writes one row with a secret into a table,
 * and whose RETURNING says whether the row is what it was to be.
 */
void
ScimSpiWriteRow(const char *table, const char *query, const ScimParams *params)
{
	execute_without_detail(query, params);
	if (SPI_processed == 0)
		ScimRaiseSkipped(table);
	if (!DatumGetBool(ScimResultValue(0, 1, BOOLOID)))
		ScimRaiseChanged(table);
}

/* The policies of row-level security that a store's tables have from the start. */
static bool
is_own_policy(const char *name)
{
	static const char *const names[] = {"tenant", "owner", "store_wide", "sent"};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

/* May row-level security hide rows from a DELETE that a SELECT shows? */
static bool
hides_from_delete(Oid relid)
{
	Relation relation;
	bool hides = false;
	ListCell *lc;

	if (check_enable_rls(relid, InvalidOid, true) != RLS_ENABLED)
		return false;
	relation = table_open(relid, AccessShareLock);
	foreach (lc, relation->rd_rsdesc != NULL ? relation->rd_rsdesc->policies : NIL)
	{
		if (!is_own_policy(((const RowSecurityPolicy *) lfirst(lc))->policy_name))
			hides = true;
	}
	table_close(relation, AccessShareLock);
	return hides;
}

/*
 * ScimSpiDelete executes a DELETE on a table, whose plan is kept or not, and has it that
 * none of the rows is left: left is a SELECT of those that should be gone.  Returns how
 * many went.
 */
uint64
ScimSpiDelete(Oid relid, const char *query, const char *left, const ScimParams *params,
			  bool keep)
{
	uint64 deleted;

	if (keep)
		ScimSpiExecute(query, params, false, 0);
	else
		ScimSpiExecuteOnce(query, params, false, 0);
	deleted = SPI_processed;
	if (!ScimHasOtherTrigger(relid, TRIGGER_TYPE_DELETE) && !hides_from_delete(relid))
		return deleted;
	ScimSpiExecuteOnce(left, params, false, 1);
	if (SPI_processed > 0)
		ScimRaiseSkipped(get_rel_name(relid));
	return deleted;
}

/*
 * ScimWriteNew writes, by work, something that has a name which nobody else has.  Who was
 * faster is met at the index alone, and waited for there: returns its error, NULL: there
 * is none, for who looks once more and says it in other words.  A transaction that keeps
 * its snapshot does not see him (from, params: the rows of that name), and is to come
 * again.
 */
ErrorData *
ScimWriteNew(void (*work)(void *arg), void *arg, const char *from,
			 const ScimParams *params, const char *what)
{
	ErrorData *error = ScimAttempt(work, arg);

	if (error == NULL)
		return NULL;
	if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION || ScimErrorIsRaised(error))
		ReThrowError(error);
	ScimRowsRequireSeen(from, params, what);
	return error;
}

/* How deep the statement stands whose rows are our own; -1: none is. */
static int own_depth = -1;

int
ScimOwnRowsBegin(void)
{
	int before = own_depth;

	own_depth = ScimTriggerDepth();
	return before;
}

void
ScimOwnRowsEnd(int before)
{
	own_depth = before;
}

bool
ScimIsOwnRow(void)
{
	return own_depth >= 0 && ScimTriggerDepth() == own_depth + 1;
}

/* ScimSpiWriteOwn executes a statement whose rows need no check. */
void
ScimSpiWriteOwn(const char *query, const ScimParams *params)
{
	MemoryContext context = CurrentMemoryContext;
	int before = ScimOwnRowsBegin();

	PG_TRY();
	{
		ScimSpiExecute(query, params, false, 0);
	}
	PG_CATCH();
	{
		ScimOwnRowsEnd(before);
		ScimReraiseBook(context);
	}
	PG_END_TRY();
	ScimOwnRowsEnd(before);
}
