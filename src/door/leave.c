/*
 * leave.c
 *		What is done to a row in place of what its statement says: the policy "delete"
 *		keeps what is deleted, or takes away what is deactivated.
 *
 * That takes a statement of the door's own, which fires the AFTER triggers of others when
 * it is over.  In the middle of the one that was written these could not touch rows any
 * more that it comes upon later: PostgreSQL lets nobody delete or update what has been
 * written since his statement began.  So it waits for the end of that statement, and is
 * done to all its rows at once.  They are locked from the beginning.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "door/door.h"
#include "door/row/at_door.h"
#include "store/statement/plan.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"

/* So many rows are changed by one statement at most. */
#define LEAVE_TOGETHER 10000

/* A row that is to leave. */
typedef struct Leaving
{
	ScimNoted noted;
	int depth; /* of the row trigger that has found it */
	Oid namespace_oid;
	Oid relid; /* its table */
	int32 tenant_id;
	pg_uuid_t id;
	bool removed; /* it is deleted, whatever DELETE does otherwise; or else */
	ScimStatus status;
} Leaving;

/* Leaving *; those of inner statements stand behind the others */
static ScimNotedList leaving;

/* The row that is being deleted for good, or NULL. */
static const Leaving *removing = NULL;

/* ScimDoorIsRemoved: is it that row? */
bool
ScimDoorIsRemoved(const Door *door)
{
	return removing != NULL && removing->namespace_oid == door->store->namespace_oid &&
		   removing->tenant_id == door->tenant_id &&
		   memcmp(DatumGetUUIDP(door->old.values[COLUMN_ID]), &removing->id, UUID_LEN) ==
			   0;
}

/* The table of a row, as SQL. */
static char *
table_of(const Leaving *one)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(one->relid)),
									  get_rel_name(one->relid));
}

/* As the store's owner; it is a part of the statement that is at it. */
static void
execute(const Leaving *first, const char *statement, const char *condition, Datum *ids,
		int n)
{
	ScimStore *store = ScimStoreByNamespace(first->namespace_oid);
	ScimIdentity caller = ScimBeOwner(store->owner);
	int before = ScimSettleHold();
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(first->tenant_id), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	PG_TRY();
	{
		SPI_connect();
		ScimSpiExecute(
			psprintf("%s WHERE tenant_id = $1 AND id = ANY ($2)%s", statement, condition),
			&params, false, 0);
		SPI_finish();
	}
	PG_FINALLY();
	{
		ScimSettleRelease(before);
	}
	PG_END_TRY();
	ScimBeCaller(caller);
}

static void
remove_row(const Leaving *one)
{
	const Leaving *before = removing;
	Datum id = UUIDPGetDatum(&one->id);

	removing = one;
	PG_TRY();
	{
		execute(one, psprintf("DELETE FROM %s", table_of(one)), "", &id, 1);
	}
	PG_FINALLY();
	{
		removing = before;
	}
	PG_END_TRY();
}

/* A trigger of somebody's may have done it by now, or more than that. */
static void
keep_rows(const Leaving *first, Datum *ids, int n)
{
	char *status = quote_literal_cstr(ScimStatusName(first->status));

	execute(first, psprintf("UPDATE %s SET status = %s", table_of(first), status),
			psprintf(" AND status NOT IN (%s, 'OFFBOARDED', 'DELETED')", status), ids, n);
}

static bool
go_together(const Leaving *a, const Leaving *b)
{
	return !a->removed && !b->removed && a->status == b->status && a->relid == b->relid &&
		   a->tenant_id == b->tenant_id;
}

static void
leave(const List *all)
{
	int n = list_length(all);
	Datum *ids = palloc(sizeof(Datum) * Min(n, LEAVE_TOGETHER));

	for (int i = 0; i < n;)
	{
		const Leaving *first = list_nth(all, i);
		int nids = 0;

		CHECK_FOR_INTERRUPTS();
		if (first->removed)
		{
			remove_row(first);
			i++;
			continue;
		}
		while (i < n && nids < LEAVE_TOGETHER && go_together(first, list_nth(all, i)))
			ids[nids++] = UUIDPGetDatum(&((const Leaving *) list_nth(all, i++))->id);
		keep_rows(first, ids, nids);
	}
	pfree(ids);
}

/*
 * ScimLeaveSettle: what has waited for a statement whose row triggers run at this depth,
 * or deeper.
 */
void
ScimLeaveSettle(int depth)
{
	int first = list_length(leaving.all);
	List *all;

	while (first > 0 &&
		   ((const Leaving *) list_nth(leaving.all, first - 1))->depth >= depth)
		first--;
	if (first == list_length(leaving.all))
		return;
	all = first > 0 ? list_copy_tail(leaving.all, first) : leaving.all;
	leaving.all = first > 0 ? list_truncate(leaving.all, first) : NIL;
	leave(all);
	list_free_deep(all);
}

/* Does the trigger of statements fire on a table, which does what has waited? */
static bool
settles(Relation relation)
{
	const TriggerDesc *triggers = ScimTriggers(relation);

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];

		if (!TRIGGER_FOR_ROW(trigger->tgtype) && TRIGGER_FOR_AFTER(trigger->tgtype) &&
			ScimTriggerIs(trigger, "scim_resource_settle", scim_resource_settle))
			return trigger->tgenabled == TRIGGER_FIRES_ALWAYS ||
				   trigger->tgenabled ==
					   (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA
							? TRIGGER_FIRES_ON_REPLICA
							: TRIGGER_FIRES_ON_ORIGIN);
	}
	return false;
}

/*
 * Will the statement be told when it is over?  It is one on the partition of the row, or
 * on the whole table; of a partition that is divided further nobody knows.
 */
static bool
may_wait(const Door *door)
{
	ResourceColumns *columns = door->columns;

	if (!columns->has_settles)
	{
		Relation root =
			table_open(door->store->tables.relid[SCIM_TABLE_RESOURCE], AccessShareLock);

		columns->settles =
			!IsLogicalWorker() && settles(door->trigger->tg_relation) && settles(root);
		table_close(root, NoLock);
	}
	columns->has_settles = true;
	return columns->settles;
}

static void
wait_or_leave(const Door *door, bool removed, ScimStatus status)
{
	Leaving *one = MemoryContextAllocZero(TopTransactionContext, sizeof(Leaving));

	one->depth = ScimTriggerDepth();
	one->namespace_oid = door->store->namespace_oid;
	one->relid = RelationGetRelid(door->trigger->tg_relation);
	one->tenant_id = door->tenant_id;
	one->id = *DatumGetUUIDP(door->old.values[COLUMN_ID]);
	one->removed = removed;
	one->status = status;
	if (may_wait(door))
	{
		ScimNotedAdd(&leaving, &one->noted);
		return;
	}
	leave(list_make1(one));
	pfree(one);
}

/* ScimDoorKeep changes the status of a row in place of deleting it. */
void
ScimDoorKeep(const Door *door, ScimStatus status)
{
	wait_or_leave(door, false, status);
}

/* ScimDoorRemove deletes a row in place of changing it. */
void
ScimDoorRemove(const Door *door)
{
	wait_or_leave(door, true, SCIM_STATUS_DELETED);
}
