/*
 * bulk_leave.c
 *		Deletions of resources in a bulk request: their groups lose all of them at once.
 *
 * Who goes leaves his groups, and each of these has a version more.  A thousand people
 * who are in the same groups, one after the other, left a thousand versions of each, and
 * all of them were looked at for each of them: the request took a minute where one
 * statement that deletes as many takes a second.
 *
 * So deletions wait for each other, as long as one follows the other, and groups are left
 * once all of them are done.  Each is done in its own subtransaction, and succeeds or
 * fails alone.  What the groups may have against it, a guard or a trigger of somebody's,
 * is only seen in the end: then all are taken back and half as many tried, until the one
 * that is refused is done by itself, which leaves its groups at once.  Where a group is
 * to go, those who have gone before it leave it first (ScimLeaveGroupFirst).
 *
 * A deletion that fails for another reason than that there is no such resource may do so
 * because those before it have not left their groups yet, as one by one they would have:
 * so they do then, and it is done again, by itself.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "binding/bound/bound.h"
#include "door/door.h"
#include "door/guard/guard.h"
#include "protocol/bulk.h"
#include "protocol/protocol.h"
#include "setting/setting.h"
#include "store/credential/credential.h"

/* Deletions that are tried together. */
typedef struct Leavers
{
	Bulk *bulk;
	const int *indexes;
	int n;
	int done;
	bool failed; /* the next one has, and is to be done by itself */
} Leavers;

/*
 * Are memberships rows of a table of an application as well?  Keys may lead from there to
 * whoever is in a group, and he cannot go before them.
 */
static bool
binds_members(ScimStore *store)
{
	const ListCell *lc;

	foreach (lc, ScimBindingsOfStore(store))
	{
		if (((const ScimBinding *) lfirst(lc))->members != NULL)
			return true;
	}
	return false;
}

/* Is it a deletion whose groups can wait? */
static bool
can_wait(const Bulk *bulk, const Operation *operation)
{
	const ScimResourceType *type;

	if (operation->problem != NULL || strcmp(operation->method, "DELETE") != 0)
		return false;
	type = ScimBulkType(bulk, operation);
	return type != NULL && !type->is_membership;
}

/* ScimBulkFindLeavers finds the deletions, where there are more than one. */
void
ScimBulkFindLeavers(Bulk *bulk)
{
	int first = -1;

	if (binds_members(bulk->store))
		return;
	for (int i = 0; i < bulk->noperations; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!can_wait(bulk, &bulk->operations[i]))
			continue;
		if (first < 0)
			first = i;
		else
			bulk->operations[first].leaves = bulk->operations[i].leaves = true;
	}
}

/* May a failure be passed over: nothing but that there is nobody? */
static bool
may_go_on(const Bulk *bulk, const Operation *operation)
{
	return operation->error_detail == NULL ||
		   (operation->status == 404 && !bulk->atomic && bulk->fail_on_errors == 0);
}

static void
perform_each(void *arg)
{
	Leavers *leavers = arg;
	Bulk *bulk = leavers->bulk;

	for (; leavers->done < leavers->n; leavers->done++)
	{
		Operation *operation = &bulk->operations[leavers->indexes[leavers->done]];
		const ScimSpent spent = ScimSpentNow();
		uint64 refused = ScimGuardLastRefused();

		CHECK_FOR_INTERRUPTS();
		ScimBulkPerform(bulk, operation, false);
		if (may_go_on(bulk, operation))
			continue;
		ScimSpentRestore(&spent);
		ScimGuardForgetRefused(refused);
		ScimBulkForget(operation);
		leavers->failed = true;
		break;
	}
}

static void
perform_leavers(void *arg)
{
	/* the dispatcher looks at each of them; groups are left in consequence */
	int before = ScimScopeLetIn();

	ScimLeaveGroupsTogether(perform_each, arg);
	ScimScopeLetOut(before);
}

/* Performs deletions together, as many as can be, or none; then it returns false. */
static bool
perform_together(Leavers *leavers)
{
	if (ScimBulkAttempt(perform_leavers, leavers))
		return true;
	for (int i = 0; i < leavers->n; i++)
		ScimBulkForget(&leavers->bulk->operations[leavers->indexes[i]]);
	return false;
}

/*
 * ScimBulkPerformLeavers performs n deletions, until the request is to stop.  After a
 * failure no more are tried together than half of them, and twice as many after each
 * success.
 */
void
ScimBulkPerformLeavers(Bulk *bulk, const int *indexes, int n)
{
	int most = n; /* are tried together */
	int done = 0;
	bool alone = false; /* the next one */

	while (done < n && !bulk->stopped)
	{
		Leavers leavers = {.bulk = bulk,
						   .indexes = &indexes[done],
						   .n = alone ? 1 : Min(most, n - done)};

		CHECK_FOR_INTERRUPTS();
		if (leavers.n > 1)
		{
			if (!perform_together(&leavers))
			{
				most = Max(Min(leavers.done, leavers.n) / 2, 1);
				continue;
			}
			for (int i = 0; i < leavers.done; i++)
			{
				const Operation *operation = &bulk->operations[leavers.indexes[i]];

				ScimBulkCount(bulk, operation, operation);
			}
			done += leavers.done;
			alone = leavers.failed;
		}
		else
		{
			done++;
			alone = false;
			if (!ScimBulkPerformAlone(bulk, &bulk->operations[leavers.indexes[0]]))
				continue;
		}
		most = Min(2 * most, n);
	}
}
