/*
 * row_trigger.c
 *		The triggers of a table that is bound, and of those that hold its values and
 *		members: which rows have been written, and of which resources they are.
 *
 * They run at the end of the statement or, where the application defers the constraint
 * "scim_binding", of the transaction.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/partition.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/follow/watched.h"
#include "binding/sides/sides.h"
#include "door/door.h"
#include "store/statement/plan.h"
#include "store/statement/trigger_type.h"

PG_FUNCTION_INFO_V1(scim_binding_row);
PG_FUNCTION_INFO_V1(scim_binding_truncate);

/* Who is who cannot be told from keys of which a row takes that of another one. */
static void
raise_taken(const ScimBinding *binding, const char *row, Datum key)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		 errmsg("%s of table \"%s\" takes the key of another row that is bound%s", row,
				binding->shown,
				ScimKeyMayBeTold(binding) ? psprintf(", %s", ScimKeyShown(key)) : ""),
		 errhint("Two that exchange keys get there by a third one: give one of them a "
				 "key that nobody has first, by a statement of its own.")));
}

/* The row has another key now, and is the resource that it was. */
static void
move_link(const ScimBinding *binding, const ScimTenantKey *old, const ScimTenantKey *new)
{
	ScimLink link;
	ScimLink other;
	bool is_taken;

	if (!ScimLinkOfKey(binding, old->tenant_id, old->key, &link))
		return;
	if (ScimLinkOfKey(binding, new->tenant_id, new->key, &other))
	{
		if (!link.detached && !other.detached &&
			memcmp(&link.resource_id, &other.resource_id, UUID_LEN) != 0)
		{
			/* SCIM has written it: the client is told which constraint it is */
			if (ScimRowIsWritten(binding, old->key))
				(void) ScimRowFind(binding, new->key);
			raise_taken(binding, ScimKeyTold(binding, old->key), new->key);
		}
		return;
	}
	is_taken = ScimRowFind(binding, old->key) != NULL;
	/* it has another key again since */
	if (is_taken && ScimRowFind(binding, new->key) == NULL)
		return;
	if (is_taken && !link.detached)
		raise_taken(binding, "a row", old->key);
	ScimLinkPut(binding, link.tenant_id, &link.resource_id, new->key, true,
				link.detached);
}

/* Rows that a statement has written, of which some have gone. */
typedef struct Going
{
	ScimBinding *binding;
	Relation relation;
	const ScimWatched *columns;
	const HeapTuple *rows; /* pairs: as it was, and is, or NULL */
	int n;
} Going;

/* One that counts as deleted is somebody's, too. */
static bool
is_of_tenant(const ScimRowView *row, int32 tenant_id)
{
	return row != NULL && row->has_tenant && row->tenant_id == tenant_id;
}

/*
 * A row that moves to another partition is deleted here, and inserted there: by the key
 * that it has there it is who it was.
 */
static void
follow_moved(const Going *going)
{
	const ScimBinding *binding = going->binding;

	for (int i = 0; i + 1 < going->n; i += 2)
	{
		ScimTenantKey was =
			ScimTenantKeyOf(binding, going->relation, going->columns, going->rows[i]);
		ScimTenantKey is =
			ScimTenantKeyOf(binding, going->relation, going->columns, going->rows[i + 1]);

		CHECK_FOR_INTERRUPTS();
		if (was.there && is.there && is.tenant_id == was.tenant_id &&
			!ScimKeyEqual(was.key, is.key) && ScimRowFind(binding, was.key) == NULL &&
			is_of_tenant(ScimRowFind(binding, is.key), is.tenant_id))
			move_link(binding, &was, &is);
	}
}

static void
end_rows(void *arg)
{
	const Going *going = arg;
	ScimBinding *binding = going->binding;

	for (int i = 0; i + 1 < going->n; i += 2)
	{
		ScimTenantKey was =
			ScimTenantKeyOf(binding, going->relation, going->columns, going->rows[i]);
		ScimTenantKey is =
			ScimTenantKeyOf(binding, going->relation, going->columns, going->rows[i + 1]);
		ScimRowView *row;
		ScimLink link;

		CHECK_FOR_INTERRUPTS();
		/* who has another key, or tenant, is followed alone */
		if (!was.there ||
			(going->rows[i + 1] != NULL && !(is.there && is.tenant_id == was.tenant_id &&
											 ScimKeyEqual(was.key, is.key))))
			continue;
		if (!ScimLinkOfKey(binding, was.tenant_id, was.key, &link) || link.detached)
			continue;
		row = ScimRowFind(binding, was.key);
		if (!ScimRowIsPresent(row, was.tenant_id))
			ScimRowEnded(binding, row, &link, was.key);
	}
}

/*
 * Resources of all rows that have gone by the statement end as if they did by one, so
 * that each group changes once; the trigger is called for each row nevertheless.
 */
static void
follow_going(ScimBinding *binding, Relation relation, const ScimWatched *columns)
{
	Going going = {.binding = binding, .relation = relation, .columns = columns};
	HeapTuple *rows = ScimStatementRows(relation, &going.n);

	going.rows = rows;
	if (relation->rd_rel->relispartition && !columns->is_moved)
		follow_moved(&going);
	/* one is followed as it is */
	if (going.n > 2)
		ScimSettleTogether(end_rows, &going);
	for (int i = 0; i < going.n; i++)
	{
		if (rows[i] != NULL)
			heap_freetuple(rows[i]);
	}
	if (rows != NULL)
		pfree(rows);
}

/*
 * Rows of members may be gone because people are, by a foreign key of
 * the application's that comes before our trigger: they end first.
 */
static void
follow_all_going(ScimBinding *binding)
{
	Relation relation;
	ScimWatched columns;

	if (!ScimStatementHasRows(binding->relid))
		return;
	relation = table_open(binding->relid, AccessShareLock);
	columns = ScimWatchedOfRow(relation, binding);
	follow_going(binding, relation, &columns);
	table_close(relation, NoLock);
}

static void
hold_key(const ScimBinding *binding, int32 tenant_id, bool is_one, Datum key)
{
	if (binding != NULL && is_one)
		ScimReferToKey(binding, tenant_id, key);
}

/*
 * The references of which an INSERT or UPDATE has changed the key: ScimBoundAttribute *.
 * Who was meant, and is, is held before it is looked up.
 */
static List *
changed_references(const TriggerData *trigger, const ScimBinding *binding,
				   const ScimWatched *columns, int32 tenant_id, HeapTuple old,
				   HeapTuple new)
{
	Relation relation = trigger->tg_relation;
	List *changed = NIL;
	const ListCell *lc;
	const ListCell *of;

	forboth (lc, binding->references, of, columns->references)
	{
		const List *numbers = lfirst(of);
		const ScimBinding *people;
		Datum was;
		Datum is;
		bool had = old != NULL && ScimWatchedKey(relation, numbers, old, &was);
		bool has = ScimWatchedKey(relation, numbers, new, &is);

		if (had == has && (!had || ScimKeyEqual(was, is)))
			continue;
		changed = lappend(changed, lfirst(lc));
		people = ScimReferred(lfirst(lc), tenant_id);
		hold_key(people, tenant_id, had, was);
		hold_key(people, tenant_id, has, is);
	}
	return changed;
}

/*
 * A new row as it is by now: it may have got another key, or tenant, before it is
 * followed, and is a new one by that.  Where nobody can tell, it is as it was inserted.
 */
static HeapTuple
latest_of(Relation relation, HeapTuple inserted)
{
	ItemPointerData at = inserted->t_self;
	HeapTuple latest = inserted;
	TableScanDesc scan;
	TupleTableSlot *slot;

	if (relation->rd_rel->relam != HEAP_TABLE_AM_OID ||
		ItemPointerEquals(&at, &inserted->t_data->t_ctid))
		return inserted;
	scan = table_beginscan_tid(relation, SnapshotSelf);
	table_tuple_get_latest_tid(scan, &at);
	table_endscan(scan);
	slot = table_slot_create(relation, NULL);
	if (table_tuple_fetch_row_version(relation, &at, SnapshotSelf, slot))
		latest = ExecCopySlotHeapTuple(slot);
	ExecDropSingleTupleTableSlot(slot);
	return latest;
}

static void
follow_row(const TriggerData *trigger, ScimBinding *binding, const ScimWatched *columns,
		   HeapTuple old, HeapTuple new)
{
	ScimTenantKey was = ScimTenantKeyOf(binding, trigger->tg_relation, columns, old);
	ScimTenantKey is = ScimTenantKeyOf(binding, trigger->tg_relation, columns, new);
	bool same_key = was.there && is.there && ScimKeyEqual(was.key, is.key);
	List *changed = NIL;
	bool was_bound;
	bool has_moved;
	ScimLink link;

	/* what SCIM writes is not the application's word */
	if (binding->references != NIL && is.there && !ScimRowIsBeingWritten(binding, is.key))
		changed = changed_references(trigger, binding, columns, is.tenant_id, old, new);
	/* a new row says so with all that it does */
	if (old == NULL)
		changed = NIL;
	if (same_key && was.tenant_id == is.tenant_id)
	{
		if (ScimWatchedSaysSame(trigger, columns))
			ScimToResourceAgain(binding, is.tenant_id, is.key);
		else
			ScimToResource(binding, is.tenant_id, is.key, true);
		ScimReferencesSaid(binding, is.tenant_id, is.key, changed);
		return;
	}
	was_bound = was.there && ScimLinkOfKey(binding, was.tenant_id, was.key, &link);
	if (was.there && is.there && !same_key && was.tenant_id == is.tenant_id &&
		!columns->is_moved)
		move_link(binding, &was, &is);
	/* it has another key, or has come from another partition with one; who refers to
	 * somebody that is kept does so by that, too */
	has_moved = is.there && !same_key &&
				(was.there ? was.tenant_id == is.tenant_id
						   : trigger->tg_relation->rd_rel->relispartition) &&
				ScimLinkOfKey(binding, is.tenant_id, is.key, &link);
	/* another row that has the key now is followed itself */
	if (was.there &&
		(!is.there || same_key || ScimLinkOfKey(binding, was.tenant_id, was.key, &link)))
		ScimToResource(binding, was.tenant_id, was.key, true);
	if (is.there)
		ScimToResource(binding, is.tenant_id, is.key, was.there && !was_bound);
	ScimReferencesSaid(binding, is.tenant_id, is.key, changed);
	/* or goes to another partition with one: who has the old one is not who is meant */
	if (was.there && !is.there && !was_bound &&
		trigger->tg_relation->rd_rel->relispartition)
		ScimReferencesOfRow(binding, was.tenant_id, was.key);
	if (has_moved && was.there)
		ScimReferencesOfRow(binding, is.tenant_id, was.key);
	if (has_moved)
		ScimReferencesOfRow(binding, is.tenant_id, is.key);
	if (has_moved)
		ScimMembershipsOfMoved(binding, is.tenant_id, is.key,
							   trigger->tg_relation->rd_rel->relispartition);
}

/* What a trigger was called for: a row of a table that is bound, or of one of others. */
typedef struct Event
{
	FunctionCallInfo fcinfo;
	const TriggerData *trigger;
	ScimBinding *binding;
	ScimBoundAttribute *other; /* whose values or members it holds, or NULL */
	Oid relid;                 /* of the table, not of its partition */
	ScimWatched *columns;
	HeapTuple old; /* or NULL */
	HeapTuple new;
} Event;

/*
 * A row of a table of values: the row whose they are, which nobody has locked who wrote
 * it.  All that a statement has written is there when the first of them is followed, and
 * is read with it; the others say nothing new then.
 */
static void
follow_value(const Event *event, HeapTuple tuple)
{
	Relation relation = event->trigger->tg_relation;
	ScimBinding *binding = event->binding;
	ScimFollowed *followed = event->columns->followed;
	ScimRowView *row;
	CommandId command;
	Datum key;

	if (tuple == NULL || !ScimWatchedKey(relation, event->columns->key, tuple, &key))
		return;
	if (ScimFollowedSaw(followed, key, relation,
						event->new != NULL ? event->new : event->old, event->new == NULL))
		return;
	if (ScimRowIsWritten(binding, key))
		return;
	if (!ScimRowLock(binding, key, false))
	{
		/* whoever comes with the key reads what is here afterwards, or has come by then
		 */
		if (ScimChildrenAreEnding() || ScimValuesNeedRow(binding, &event->other->table))
			return;
		ScimReferToKeyOfAny(binding, key);
		if (!ScimRowLock(binding, key, false))
			return;
	}
	CommandCounterIncrement();
	command = GetCurrentCommandId(false);
	/* where that has gone, too, its own trigger sees to all */
	row = ScimRowFind(binding, key);
	if (row != NULL && row->has_tenant)
		ScimToResource(binding, row->tenant_id, key, true);
	ScimFollowedNote(followed, key, command);
}

static void
follow_member(const TriggerData *trigger, ScimBinding *binding,
			  ScimBoundAttribute *members, const ScimWatched *columns, HeapTuple tuple)
{
	Datum group_key;
	Datum member_key;

	if (tuple != NULL &&
		ScimWatchedKey(trigger->tg_relation, columns->key, tuple, &group_key) &&
		ScimWatchedKey(trigger->tg_relation, columns->member, tuple, &member_key))
		ScimMembershipRow(binding, members, group_key, member_key);
}

/* What the statement has done to members so far, at once. */
static void
follow_members(const TriggerData *trigger, ScimBinding *binding,
			   const ScimWatched *columns)
{
	Relation relation = trigger->tg_relation;
	int n;
	HeapTuple *rows = ScimStatementRows(relation, &n);
	Datum *group_keys;
	Datum *member_keys;
	int npairs = 0;
	const ListCell *lc;

	foreach (lc, ScimMembersBindings(binding))
	{
		ScimLinksRequireLabels(lfirst(lc));
		follow_all_going(lfirst(lc));
	}
	if (n == 0)
		return;
	group_keys = palloc(sizeof(Datum) * n);
	member_keys = palloc(sizeof(Datum) * n);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		npairs +=
			ScimWatchedKey(relation, columns->key, rows[i], &group_keys[npairs]) &&
			ScimWatchedKey(relation, columns->member, rows[i], &member_keys[npairs]);
		heap_freetuple(rows[i]);
	}
	pfree(rows);
	/* one is followed as it is */
	if (npairs > 1)
		ScimMembershipRows(binding, group_keys, member_keys, npairs);
}

static Oid
root_of(Relation relation)
{
	Oid relid = RelationGetRelid(relation);

	return relation->rd_rel->relispartition ? llast_oid(get_partition_ancestors(relid))
											: relid;
}

/* The store whose table "binding" the trigger was made with. */
static ScimStore *
store_of(const TriggerData *trigger)
{
	Oid table = trigger->tg_trigger->tgconstrrelid;
	ScimStore *store = NULL;

	if (OidIsValid(table) && OidIsValid(get_rel_namespace(table)))
		store = ScimStoreByNamespace(get_rel_namespace(table));
	if (store == NULL || store->tables.relid[SCIM_TABLE_BINDING] != table)
		ScimRaiseUnbound(trigger);
	return store;
}

/* Returns false where there is nothing to do. */
static bool
find_event(Event *event, FunctionCallInfo fcinfo, const TriggerData *trigger)
{
	ScimStore *store = store_of(trigger);
	bool inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);

	memset(event, 0, sizeof(Event));
	event->fcinfo = fcinfo;
	event->trigger = trigger;
	event->relid = root_of(trigger->tg_relation);
	event->old = inserted ? NULL : trigger->tg_trigtuple;
	event->new = inserted                                     ? trigger->tg_trigtuple
				 : TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
															  : NULL;
	event->binding = ScimBindingOfTable(store, event->relid);
	if (event->binding == NULL)
		event->binding = ScimBindingOfOther(store, event->relid, &event->other);
	else
		event->other = NULL;
	/* a partition that was detached keeps its clone of the trigger */
	if (event->binding == NULL && trigger->tg_trigger->tgisclone)
		return false;
	if (event->binding == NULL)
		ScimRaiseUnbound(trigger);
	return true;
}

static void
follow(void *arg)
{
	const Event *event = arg;
	const TriggerData *trigger = event->trigger;
	ScimBinding *binding = event->binding;
	ScimBoundAttribute *other = event->other;
	const ScimWatched *columns = event->columns;

	if (other == NULL)
		follow_going(binding, trigger->tg_relation, columns);
	if (ScimWatchedIsUnchanged(trigger, columns))
		return;
	if (other == NULL)
		follow_row(trigger, binding, columns, event->old,
				   event->old == NULL ? latest_of(trigger->tg_relation, event->new)
									  : event->new);
	else if (other->kind == SCIM_BOUND_MEMBERS && !ScimMembershipsAreEnding())
	{
		follow_members(trigger, binding, columns);
		follow_member(trigger, binding, other, columns, event->old);
		follow_member(trigger, binding, other, columns, event->new);
	}
	else if (other->kind != SCIM_BOUND_MEMBERS)
	{
		follow_value(event, event->old);
		follow_value(event, event->new);
	}
}

/* The row whose value it is is nobody else's to write until it is followed. */
static void
lock_value(const Event *event, HeapTuple tuple)
{
	Datum key;

	if (tuple != NULL &&
		ScimWatchedKey(event->trigger->tg_relation, event->columns->key, tuple, &key) &&
		!ScimRowIsWritten(event->binding, key))
		(void) ScimRowLock(event->binding, key, false);
}

/*
 * A row was written that will be followed when "scim_binding" is asked, at the end of the
 * transaction perhaps.  Until then others have keys that it had: so its link goes along
 * with its key at once, and an undone statement takes that back, too.
 */
static void
queue(const Event *event)
{
	Relation relation = event->trigger->tg_relation;
	const ScimWatched *columns = event->columns;
	Going going = {event->binding, relation, columns, NULL, 0};
	ScimTenantKey was;
	ScimTenantKey is;

	if (!columns->follows)
		return;
	ScimQueueAdd(event->relid);
	if (event->other != NULL)
	{
		if (event->other->kind == SCIM_BOUND_TABLE &&
			!ScimWatchedIsUnchanged(event->trigger, columns))
		{
			lock_value(event, event->old);
			lock_value(event, event->new);
		}
		return;
	}
	if (relation->rd_rel->relispartition &&
		TRIGGER_FIRED_BY_DELETE(event->trigger->tg_event))
	{
		going.rows = ScimStatementKeys(relation, &going.n);
		follow_moved(&going);
		return;
	}
	if (!TRIGGER_FIRED_BY_UPDATE(event->trigger->tg_event))
		return;
	was = ScimTenantKeyOf(event->binding, relation, columns, event->old);
	is = ScimTenantKeyOf(event->binding, relation, columns, event->new);
	if (was.there && is.there && was.tenant_id == is.tenant_id &&
		!ScimKeyEqual(was.key, is.key))
	{
		ScimBindingRequireSound(event->binding);
		move_link(event->binding, &was, &is);
	}
}

/*
 * AFTER INSERT OR UPDATE OR DELETE ... FOR EACH ROW on a table of an application; with an
 * argument the one that is not put off.
 */
Datum
scim_binding_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "binding_row", AFTER_ROW | ON_CHANGE);
	bool queues = trigger->tg_trigger->tgnargs > 0;
	MemoryContext context;
	MemoryContext caller;
	Event event;
	int level;

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	level = ScimActAsBegun();
	context =
		AllocSetContextCreate(CurrentMemoryContext, "scim binding", ALLOCSET_SMALL_SIZES);
	caller = MemoryContextSwitchTo(context);
	if (find_event(&event, fcinfo, trigger))
	{
		if (!queues)
			ScimBindingRequireSound(event.binding);
		event.columns =
			ScimWatchedFind(fcinfo, trigger->tg_relation, event.binding, event.other);
		if (queues)
			queue(&event);
		else
			ScimQueueFollow(event.relid, event.binding->owner, follow, &event);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	ScimActAsBefore(level);
	PG_RETURN_POINTER(NULL);
}

/* BEFORE TRUNCATE on a table of an application */
Datum
scim_binding_truncate(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "binding_truncate", BEFORE_STATEMENT | ON_TRUNCATE);

	if (!ScimBoundTriggerIsLeft(trigger, "scim_binding_truncate"))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("table \"%s\" is bound to a SCIM store and cannot be "
							   "truncated",
							   RelationGetRelationName(trigger->tg_relation)),
						errhint("DELETE takes the resources along; scim.unbind_table() "
								"leaves them.")));
	PG_RETURN_POINTER(NULL);
}
