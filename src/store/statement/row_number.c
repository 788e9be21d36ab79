/*
 * row_number.c
 *		Which row of an INSERT a row trigger is called for, for errors.
 *
 * A statement may have several INSERTs (WITH ...), each of which has its rows in a slot
 * of its own, and one that goes to many partitions, whose triggers are told apart by
 * PostgreSQL and belong together here.  So rows that came by one slot, or by one
 * trigger as it was looked up for them, are counted as one.  Rows of COPY have many
 * slots, and those of a partition whose columns are in another order one of the
 * partition: these are not told from others.  AFTER triggers have no such slot, and say
 * what those before have seen of their table.  What cannot be told has no number.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tupconvert.h"
#include "catalog/partition.h"
#include "commands/copyfrom_internal.h"
#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "utils/rel.h"

#include "store/statement/statement.h"

/* A table that rows came to, and how many AFTER triggers have seen of it. */
typedef struct Written
{
	Oid kind;
	Oid relid;
	int64 nrows;
	struct Written *next;
} Written;

/* The rows of one INSERT. */
typedef struct Source
{
	Oid kind;
	const TupleTableSlot *slot;
	bool unsure;     /* its slot is that of a partition */
	List *functions; /* FmgrInfo * */
	List *relids;    /* of the tables */
	int64 nrows;
	struct Source *next;
} Source;

typedef struct Statement
{
	MemoryContext context;
	Source *sources;
	Written *written;
	MemoryContextCallback ended;
	struct Statement *next;
} Statement;

static Statement *statements = NULL;

static void
forget_statement(void *arg)
{
	Statement **at = &statements;

	while (*at != NULL && *at != arg)
		at = &(*at)->next;
	if (*at != NULL)
		*at = (*at)->next;
}

static Statement *
find_statement(MemoryContext context)
{
	Statement *statement;

	for (statement = statements; statement != NULL; statement = statement->next)
	{
		if (statement->context == context)
			return statement;
	}
	statement = MemoryContextAllocZero(context, sizeof(Statement));
	statement->context = context;
	statement->ended.func = forget_statement;
	statement->ended.arg = statement;
	MemoryContextRegisterResetCallback(context, &statement->ended);
	statement->next = statements;
	statements = statement;
	return statement;
}

/* May rows for a partition come by a slot of its own, although another table is named? */
static bool
is_converted(Relation relation)
{
	Relation root;
	bool converted;

	if (!relation->rd_rel->relispartition)
		return false;
	root = table_open(llast_oid(get_partition_ancestors(RelationGetRelid(relation))),
					  AccessShareLock);
	converted = convert_tuples_by_name(RelationGetDescr(root),
									   RelationGetDescr(relation)) != NULL;
	table_close(root, AccessShareLock);
	return converted;
}

static Source *
find_source(Statement *statement, FunctionCallInfo fcinfo, Oid kind)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	bool copies = error_context_stack != NULL &&
				  error_context_stack->callback == CopyFromErrorCallback;
	MemoryContext old;
	Source *source;

	for (source = statement->sources; source != NULL; source = source->next)
	{
		if (source->kind == kind && list_member_ptr(source->functions, fcinfo->flinfo))
			return source;
	}
	old = MemoryContextSwitchTo(statement->context);
	for (source = statement->sources; source != NULL; source = source->next)
	{
		if (source->kind == kind && (copies || source->slot == trigger->tg_trigslot))
			break;
	}
	if (source == NULL)
	{
		source = palloc0(sizeof(Source));
		source->kind = kind;
		source->slot = trigger->tg_trigslot;
		source->unsure = !copies && is_converted(trigger->tg_relation);
		source->next = statement->sources;
		statement->sources = source;
	}
	source->functions = lappend(source->functions, fcinfo->flinfo);
	source->relids =
		list_append_unique_oid(source->relids, RelationGetRelid(trigger->tg_relation));
	MemoryContextSwitchTo(old);
	return source;
}

/* May rows of a source be those of another one, or the other way around? */
static bool
is_unsure(const Statement *statement, Oid kind)
{
	bool unsure = false;
	int count = 0;

	for (const Source *source = statement->sources; source != NULL; source = source->next)
	{
		if (source->kind != kind)
			continue;
		unsure = unsure || source->unsure;
		count++;
	}
	return unsure && count > 1;
}

static int64 *
rows_written(Statement *statement, Oid kind, Oid relid)
{
	Written *written;

	for (written = statement->written; written != NULL; written = written->next)
	{
		if (written->kind == kind && written->relid == relid)
			return &written->nrows;
	}
	written = MemoryContextAllocZero(statement->context, sizeof(Written));
	written->kind = kind;
	written->relid = relid;
	written->next = statement->written;
	statement->written = written;
	return &written->nrows;
}

/* The kind of triggers before of which one after knows: its own, or one of its table. */
static Oid
kind_before(const Statement *statement, Oid kind, Oid relid)
{
	Oid of_table = InvalidOid;

	for (const Source *source = statement->sources; source != NULL; source = source->next)
	{
		if (source->kind == kind)
			return kind;
		if (list_member_oid(source->relids, relid))
			of_table = source->kind;
	}
	return of_table;
}

/* Of what an AFTER trigger is called for: the number in the source that all came by. */
static int64
number_written(Statement *statement, Oid kind, Oid relid)
{
	const Source *found = NULL;
	const ListCell *lc;
	int64 number = ++*rows_written(statement, kind, relid);
	Oid own = kind;

	kind = kind_before(statement, kind, relid);
	if (!OidIsValid(kind) && OidIsValid(own))
		return number; /* no trigger before has counted */
	if (is_unsure(statement, kind))
		return 0;
	for (const Source *source = statement->sources; source != NULL; source = source->next)
	{
		if (source->kind != kind || !list_member_oid(source->relids, relid))
			continue;
		if (found != NULL)
			return 0;
		found = source;
	}
	if (found == NULL)
		return 0;
	for (const Source *source = statement->sources; source != NULL; source = source->next)
	{
		foreach (lc, source->relids)
		{
			if (source != found && source->kind == kind &&
				list_member_oid(found->relids, lfirst_oid(lc)))
				return 0;
		}
	}
	number = 0;
	for (const Written *written = statement->written; written != NULL;
		 written = written->next)
	{
		if (written->kind == own && list_member_oid(found->relids, written->relid))
			number += written->nrows;
	}
	return number;
}

/*
 * ScimRowNumber counts the row for which a trigger is called ON INSERT FOR EACH ROW,
 * among those of its kind, which is the same for triggers before and after, and returns
 * its number in its INSERT; 0: that cannot be told.
 */
int64
ScimRowNumber(FunctionCallInfo fcinfo, Oid kind)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	Statement *statement = find_statement(fcinfo->flinfo->fn_mcxt);
	Source *source;

	if (!TRIGGER_FIRED_BEFORE(trigger->tg_event))
		return number_written(statement, kind, RelationGetRelid(trigger->tg_relation));
	source = find_source(statement, fcinfo, kind);
	source->nrows++;
	return is_unsure(statement, kind) ? 0 : source->nrows;
}

/* ScimRowNumberText: " 7", or nothing. */
const char *
ScimRowNumberText(int64 number)
{
	return number > 0 ? psprintf(" " INT64_FORMAT, number) : "";
}
