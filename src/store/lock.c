/*
 * lock.c
 *		How a change of rules keeps writers of resources out.
 */
#include "postgres.h"

#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "storage/lmgr.h"

#include "store/store.h"

/*
 * ScimLockResources locks the table "resource" and its partitions.  Some writers come by
 * way of the table and some to a partition first, so that no order of ours suits all:
 * while this waits for one of them, it holds none.
 */
void
ScimLockResources(Oid resource_oid, LOCKMODE mode)
{
	Oid awaited = resource_oid;

	for (;;)
	{
		List *relations = find_all_inheritors(resource_oid, NoLock, NULL);
		List *locked = list_make1_oid(awaited);
		Oid busy = InvalidOid;
		ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		LockRelationOid(awaited, mode);
		foreach (lc, relations)
		{
			if (lfirst_oid(lc) == awaited)
				continue;
			if (!ConditionalLockRelationOid(lfirst_oid(lc), mode))
			{
				busy = lfirst_oid(lc);
				break;
			}
			locked = lappend_oid(locked, lfirst_oid(lc));
		}
		/* nobody adds or drops a partition from here on */
		if (!OidIsValid(busy) &&
			equal(relations, find_all_inheritors(resource_oid, NoLock, NULL)))
			return;
		foreach (lc, locked)
			UnlockRelationOid(lfirst_oid(lc), mode);
		awaited = OidIsValid(busy) ? busy : resource_oid;
	}
}
