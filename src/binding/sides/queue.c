/*
 * queue.c
 *		Rows of tables that are bound which this transaction has written, and that nobody
 *		has followed yet: those that "scim_binding" puts off until it ends, and those of a
 *		statement that is still being done.
 *
 * Our first trigger of a row counts it, and the one that follows it counts it off.  Who
 * writes the other side has what was put off followed before, lest that undoes what he
 * writes, or his write gets lost with a row that has gone since.
 */
#include "postgres.h"

#include "access/xact.h"
#include "nodes/makefuncs.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "compat.h"

/* How many there are, and how deep in triggers the statements are that wrote them. */
typedef struct Waiting
{
	int n;
	int depth;
} Waiting;

/* What there was before a subtransaction, which may be undone. */
typedef struct Saved
{
	int level;
	Waiting waiting;
} Saved;

typedef struct Queue
{
	Oid relid; /* of the table, not of its partition */
	Waiting waiting;
	List *saved; /* Saved *, the innermost last */
} Queue;

/* All of it is of one transaction, in memory that goes with it. */
static List *queues = NIL;
static LocalTransactionId queued_in = InvalidLocalTransactionId;

/* How many rows are being followed, each because of another one. */
static int followings = 0;

static void
subtransaction_ends(SubXactEvent event, SubTransactionId id, SubTransactionId parent,
					void *arg)
{
	int level = GetCurrentTransactionNestLevel();
	const ListCell *lc;

	if ((event != SUBXACT_EVENT_ABORT_SUB && event != SUBXACT_EVENT_COMMIT_SUB) ||
		queued_in != ScimLocalTransaction())
		return;
	foreach (lc, queues)
	{
		Queue *queue = lfirst(lc);
		Saved *last = queue->saved != NIL ? llast(queue->saved) : NULL;
		const Saved *outer = list_length(queue->saved) > 1
								 ? list_nth(queue->saved, list_length(queue->saved) - 2)
								 : NULL;

		if (last == NULL || last->level < level)
			continue;
		if (event == SUBXACT_EVENT_ABORT_SUB)
			queue->waiting = last->waiting;
		else if (level > 2 && (outer == NULL || outer->level < level - 1))
		{
			last->level = level - 1;
			continue;
		}
		queue->saved = list_delete_last(queue->saved);
	}
}

static Queue *
find_queue(Oid relid)
{
	const ListCell *lc;

	if (queued_in != ScimLocalTransaction())
		return NULL;
	foreach (lc, queues)
	{
		Queue *queue = lfirst(lc);

		if (queue->relid == relid)
			return queue;
	}
	return NULL;
}

static Queue *
begin_queue(Oid relid)
{
	static bool registered = false;
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	Queue *queue = palloc0(sizeof(Queue));

	if (!registered)
		RegisterSubXactCallback(subtransaction_ends, NULL);
	registered = true;
	if (queued_in != ScimLocalTransaction())
		queues = NIL;
	queued_in = ScimLocalTransaction();
	queue->relid = relid;
	queues = lappend(queues, queue);
	MemoryContextSwitchTo(old);
	return queue;
}

/* Before it changes. */
static void
save(Queue *queue)
{
	int level = GetCurrentTransactionNestLevel();
	MemoryContext old;
	Saved *saved;

	if (level == 1 ||
		(queue->saved != NIL && ((const Saved *) llast(queue->saved))->level >= level))
		return;
	old = MemoryContextSwitchTo(TopTransactionContext);
	saved = palloc(sizeof(Saved));
	saved->level = level;
	saved->waiting = queue->waiting;
	queue->saved = lappend(queue->saved, saved);
	MemoryContextSwitchTo(old);
}

/* ScimQueueAdd: a row of a table was written, and is to be followed. */
void
ScimQueueAdd(Oid relid)
{
	Queue *queue = find_queue(relid);

	if (queue == NULL)
		queue = begin_queue(relid);
	save(queue);
	queue->waiting.depth = queue->waiting.n == 0
							   ? ScimTriggerDepth()
							   : Max(queue->waiting.depth, ScimTriggerDepth());
	queue->waiting.n++;
}

/*
 * ScimQueueFollow does what follows a row of a table that has been written, and of the
 * owner of that.
 */
void
ScimQueueFollow(Oid relid, Oid owner, void (*follow)(void *arg), void *arg)
{
	Queue *queue = find_queue(relid);
	int before = followings;
	ScimOpen open;
	ScimOpen *outer;

	if (queue != NULL && queue->waiting.n > 0)
	{
		save(queue);
		queue->waiting.n--;
	}
	followings++;
	outer = ScimOpenTo(&open, owner);
	PG_TRY();
	{
		follow(arg);
	}
	PG_FINALLY();
	{
		followings = before;
		ScimOpenEnd(outer);
	}
	PG_END_TRY();
}

static int
count_of(Oid relid, int *depth)
{
	const Queue *queue = find_queue(relid);

	if (queue == NULL || queue->waiting.n == 0)
		return 0;
	*depth = Max(*depth, queue->waiting.depth);
	return queue->waiting.n;
}

/* The same of all tables of a binding. */
static int
count_all(const ScimBinding *binding, int *depth)
{
	int n;
	const ListCell *lc;

	*depth = 0;
	n = count_of(binding->relid, depth);
	foreach (lc, binding->others)
		n += count_of(((const ScimBoundTable *) lfirst(lc))->relid, depth);
	return n;
}

/* Are there rows of its tables that have yet to be followed? */
static bool
has_queued(const ScimBinding *binding)
{
	int depth;

	return followings == 0 && count_all(binding, &depth) > 0;
}

static void
set_constraint(const ScimBinding *binding, Oid relid, bool deferred)
{
	RangeVar *name = makeRangeVar(get_namespace_name(get_rel_namespace(relid)),
								  pstrdup("scim_binding"), -1);
	ScimIdentity caller;

	if (!deferred)
	{
		ScimDeferredAsk(binding, list_make1(name));
		return;
	}
	caller = ScimBeOwnerFor(binding->owner);
	ScimConstraintsSet(list_make1(name), true);
	ScimBeCaller(caller);
}

/*
 * A constraint of this name is put off by the schema that it is in, for all tables there.
 * That it was is known by what it did when it was asked; then it is put off again.
 */
static void
flush_table(const ScimBinding *binding, Oid relid)
{
	int depth = 0;
	int before = count_of(relid, &depth);

	if (before == 0)
		return;
	set_constraint(binding, relid, false);
	if (count_of(relid, &depth) < before)
		set_constraint(binding, relid, true);
}

/*
 * Rows of the tables of a binding that were put off are followed now.
 * Those of a statement that is not done yet cannot be, and that one is in whose trigger
 * we may be: inside so many.
 */
static void
flush(const ScimBinding *binding, int inside)
{
	int depth;
	const ListCell *lc;

	if (followings > 0 || count_all(binding, &depth) == 0 || depth <= inside)
		return;
	flush_table(binding, binding->relid);
	foreach (lc, binding->others)
		flush_table(binding, ((const ScimBoundTable *) lfirst(lc))->relid);
}

/*
 * ScimQueueRequireEmpty: all rows of a table have been followed, and none would be lost
 * with its triggers.
 */
void
ScimQueueRequireEmpty(Oid relid)
{
	int depth = 0;

	if (count_of(relid, &depth) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("rows of table \"%s\" were written in this transaction, and have "
						"yet to be followed",
						ScimRelationShown(relid)),
				 errhint("SET CONSTRAINTS ALL IMMEDIATE before, outside of triggers.")));
}

static void
flush_store(ScimStore *store, int inside)
{
	const ListCell *lc;

	if (queued_in != ScimLocalTransaction())
		return;
	foreach (lc, ScimBindingsOfStore(store))
		flush(lfirst(lc), inside);
}

/* ScimQueueFlushStore: rows of all tables that are bound to a store are followed now. */
void
ScimQueueFlushStore(ScimStore *store)
{
	flush_store(store, ScimTriggerDepth());
}

/*
 * ScimQueueFlushForView: the same in the trigger of a view.  The statement that it is in
 * is that of the view, and not the one which has written them.
 */
void
ScimQueueFlushForView(ScimStore *store)
{
	flush_store(store, ScimTriggerDepth() - 1);
}

/*
 * ScimQueueRequireFollowed: the row of a resource is not there by the key that it had,
 * which is no news to SCIM yet: what is written now would be lost with that.
 */
void
ScimQueueRequireFollowed(const ScimBinding *binding)
{
	if (!has_queued(binding))
		return;
	ereport(
		ERROR,
		(ScimErr(SCIM_UNAVAILABLE),
		 errmsg("the row of the %s in table \"%s\" was written in this transaction, and "
				"the store has yet to follow it",
				binding->type->name, binding->shown),
		 errhint(
			 "SET CONSTRAINTS %s.scim_binding IMMEDIATE before; a trigger that "
			 "writes SCIM because of its own row is one that comes after "
			 "\"scim_binding\" by its name.",
			 quote_identifier(get_namespace_name(get_rel_namespace(binding->relid))))));
}
