/*
 * settle.c
 *		What follows from resources that go, once all that a statement takes away are
 *		gone.
 *
 * One statement may take away many: then a group loses all of them at once, and who
 * refers to one of them may go as well.  So those who refer, and the groups, wait here
 * for the end of the statement, its AFTER trigger scim_resource_settle, by which those
 * have left as well who do so in another way than the statement says (leave.c).
 *
 * Many statements may be one, as far as groups go: those that take away resources one
 * after the other, in a bulk request.  Each of them would write all groups of who goes, a
 * version more of the row each time, which those to come would have to look at.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "door/door.h"
#include "door/guard/guard.h"
#include "door/members/members.h"
#include "door/roles/roles.h"
#include "door/row/row.h"
#include "store/statement/plan.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_resource_settle);

/* A resource that is out of sight. */
typedef struct Gone
{
	ScimNoted noted; /* by the subtransaction that took it away */
	int depth;       /* of the row trigger that did, which the statement's own has */
	Oid namespace_oid;
	int32 tenant_id;
	pg_uuid_t id;
	char type[FLEXIBLE_ARRAY_MEMBER];
} Gone;

/* Gone *; those of inner statements stand behind the others */
static ScimNotedList waiting;

/* Gone *, whose groups wait for more than the statement; those of inner calls behind */
static ScimNotedList late;

/* Who has gone by a statement whose row triggers run at this depth is late; 0: nobody. */
static int late_depth = 0;

/*
 * ScimSettleGone leaves to the end of the statement what follows from a resource that is
 * out of sight now.
 */
void
ScimSettleGone(const ScimStore *store, int32 tenant_id, const ScimResourceType *type,
			   const pg_uuid_t *id)
{
	Gone *gone = MemoryContextAlloc(TopTransactionContext,
									offsetof(Gone, type) + strlen(type->name) + 1);

	gone->depth = ScimSettleDepth();
	gone->namespace_oid = store->namespace_oid;
	gone->tenant_id = tenant_id;
	gone->id = *id;
	strcpy(gone->type, type->name);
	ScimNotedAdd(&waiting, &gone->noted);
}

static void
lose_references(ScimStore *store, const Gone *one, const ScimResourceType *type)
{
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	ScimReferrersLose(store, one->tenant_id, type, &one->id);
	SPI_finish();
	ScimBeCaller(caller);
}

/* group NULL: all of them */
static bool
leave_groups(const Gone *first, Datum *ids, int n, const pg_uuid_t *group)
{
	ScimStore *store = ScimStoreByNamespace(first->namespace_oid);
	ScimIdentity caller = ScimBeOwner(store->owner);
	bool left;

	SPI_connect();
	left = ScimMembersLeave(store, first->tenant_id, ids, n, group);
	SPI_finish();
	ScimBeCaller(caller);
	return left;
}

/* Of one store and tenant at a time, which nearly always are all. */
static void
leave_all_groups(const List *gone)
{
	int n = list_length(gone);
	Datum *ids = palloc(sizeof(Datum) * n);
	bool *settled = palloc0(sizeof(bool) * n);

	for (int i = 0; i < n; i++)
	{
		const Gone *first = list_nth(gone, i);
		int nids = 0;

		for (int j = i; j < n && !settled[i]; j++)
		{
			const Gone *one = list_nth(gone, j);

			if (settled[j] || one->namespace_oid != first->namespace_oid ||
				one->tenant_id != first->tenant_id)
				continue;
			ids[nids++] = UUIDPGetDatum(&one->id);
			if (j > i)
				settled[j] = true;
		}
		CHECK_FOR_INTERRUPTS();
		if (nids > 0)
			(void) leave_groups(first, ids, nids, NULL);
	}
	pfree(ids);
	pfree(settled);
}

/* Notes them once more, by the subtransaction at hand. */
static void
be_late(const List *gone)
{
	const ListCell *lc;

	foreach (lc, gone)
	{
		const Gone *one = lfirst(lc);
		Size size = offsetof(Gone, type) + strlen(one->type) + 1;
		Gone *copy = MemoryContextAlloc(TopTransactionContext, size);

		memcpy(copy, one, size);
		ScimNotedAdd(&late, &copy->noted);
	}
}

/*
 * Those who refer to one lose him one by one; a group loses all who go at once, and so
 * has one version more.
 */
static void
settle(const List *gone, int depth)
{
	const ListCell *lc;

	foreach (lc, gone)
	{
		const Gone *one = lfirst(lc);
		ScimStore *store = ScimStoreByNamespace(one->namespace_oid);
		const ScimResourceType *type = ScimRegistryType(store->registry, one->type);

		CHECK_FOR_INTERRUPTS();
		if (type != NULL)
			lose_references(store, one, type);
	}
	if (depth == late_depth)
		be_late(gone);
	else
		leave_all_groups(gone);
}

/* Those who have gone since there were so many are out of their groups, all at once. */
static void
leave_late(int before)
{
	List *gone = list_copy_tail(late.all, before);

	late.all = list_truncate(late.all, before);
	leave_all_groups(gone);
	list_free_deep(gone);
}

/*
 * ScimLeaveGroupsTogether does work that deletes resources by statements which no trigger
 * writes.  Who goes by one of them leaves his groups when the work is done, with all
 * others.  In between the memberships are there: so nothing else may be done meanwhile
 * that looks at groups or members, but for what ScimLeaveGroupFirst is for.
 */
void
ScimLeaveGroupsTogether(void (*work)(void *arg), void *arg)
{
	int outer = late_depth;
	int before = list_length(late.all);

	late_depth = ScimTriggerDepth() + 1;
	PG_TRY();
	{
		work(arg);
	}
	PG_FINALLY();
	{
		late_depth = outer;
	}
	PG_END_TRY();
	if (list_length(late.all) > before)
		leave_late(before);
}

/*
 * ScimLeaveGroupFirst: a group is to be deleted by such a statement.  What becomes of it
 * depends on who is in it, by its version, by guards and by what is told of it: so those
 * who have gone leave it before.  Returns whether any of them was in it.
 */
bool
ScimLeaveGroupFirst(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group)
{
	const Gone *first = NULL;
	Datum *ids;
	int n = 0;
	const ListCell *lc;

	if (late.all == NIL)
		return false;
	ids = palloc(sizeof(Datum) * list_length(late.all));
	foreach (lc, late.all)
	{
		const Gone *one = lfirst(lc);

		if (one->namespace_oid != store->namespace_oid || one->tenant_id != tenant_id)
			continue;
		first = one;
		ids[n++] = UUIDPGetDatum(&one->id);
	}
	return n > 0 && leave_groups(first, ids, n, group);
}

/* What has waited for a statement whose row triggers run at this depth, or deeper. */
static void
settle_depth(int depth)
{
	int first;
	List *gone;

	ScimLeaveSettle(depth);
	first = list_length(waiting.all);
	while (first > 0 && ((const Gone *) list_nth(waiting.all, first - 1))->depth >= depth)
		first--;
	if (first < list_length(waiting.all))
	{
		gone = first > 0 ? list_copy_tail(waiting.all, first) : waiting.all;
		waiting.all = first > 0 ? list_truncate(waiting.all, first) : NIL;
		settle(gone, depth);
		list_free_deep(gone);
	}
	ScimLoadSettle();
	ScimGuardSettle(depth);
	ScimRolesSettle(depth);
}

/*
 * ScimSettleTogether does work that writes many resources by statements of their own, in
 * a trigger, as if they were one: what follows from those that go, follows from all.
 */
void
ScimSettleTogether(void (*work)(void *arg), void *arg)
{
	int before = ScimSettleHold();

	PG_TRY();
	{
		work(arg);
	}
	PG_FINALLY();
	{
		ScimSettleRelease(before);
	}
	PG_END_TRY();
	/* a statement of the door's own, further out, sees to it */
	if (before == 0)
		settle_depth(ScimTriggerDepth());
}

static Datum
settle_statement(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "resource_settle", AFTER_STATEMENT | ON_CHANGE);

	if (ScimStoreOfPartition(RelationGetRelid(trigger->tg_relation)) == NULL)
		ScimTriggerCheck(trigger, SCIM_TABLE_RESOURCE, InvalidOid, NULL);
	settle_depth(ScimTriggerDepth());
	PG_RETURN_POINTER(NULL);
}

/* AFTER INSERT OR UPDATE OR DELETE ... FOR EACH STATEMENT on "resource" and its
 * partitions */
Datum
scim_resource_settle(PG_FUNCTION_ARGS)
{
	return ScimTriggerRun(fcinfo, settle_statement);
}
