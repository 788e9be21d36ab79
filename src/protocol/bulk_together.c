/*
 * bulk_together.c
 *		Changes of one resource in a bulk request, in one subtransaction.
 *
 * Each change leaves a version of the row behind, which unique indexes look at with each
 * change to come.  Where each was made by a subtransaction of its own, all who have
 * written the row before are looked up for each of them, too: a thousand changes of one
 * user took four times as long as those of a thousand users.
 *
 * So operations that change the same resource as others of the request wait for each
 * other, as long as one follows the other, and are done in one subtransaction.  Where
 * one fails, all of them are taken back: those before it, which are known to do well,
 * are done again, and it is done by itself.  What comes of it is what comes of them one
 * by one.  After a failure no more are tried together than have done well, and twice as
 * many after each success: so no more is done twice than is done.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/buckets.h"
#include "protocol/bulk.h"
#include "text/hash.h"

/* Operations that are tried together. */
typedef struct Together
{
	Bulk *bulk;
	const int *indexes;
	int n;
	int at; /* the one that is performed */
} Together;

/* What an operation changes, as text that others have who change it, or NULL. */
static const char *
changed(const Bulk *bulk, const Operation *operation)
{
	const ScimResourceType *type;

	if (operation->problem != NULL)
		return NULL;
	/* memberships are of their groups, of which there are fewer */
	type = ScimBulkType(bulk, operation);
	if (type != NULL && type->is_membership)
		return type->endpoint;
	return strcmp(operation->method, "POST") != 0 ? operation->path : NULL;
}

/*
 * ScimBulkFindShared finds which operations change a resource that others change as well:
 * those whose paths are the same, and all of memberships.
 */
void
ScimBulkFindShared(Bulk *bulk)
{
	ScimBuckets by_path;

	bulk->waiting = palloc(sizeof(int) * bulk->noperations);
	ScimBucketsInit(&by_path, bulk->noperations);
	for (int i = 0; i < bulk->noperations; i++)
	{
		Operation *operation = &bulk->operations[i];
		const char *what = changed(bulk, operation);
		uint32 hash;
		int at;

		CHECK_FOR_INTERRUPTS();
		if (what == NULL)
			continue;
		hash = ScimHash(what, strlen(what));
		for (at = ScimBucketsFirst(&by_path, hash); at >= 0;
			 at = ScimBucketsNext(&by_path, at))
		{
			Operation *other = &bulk->operations[ScimBucketsItem(&by_path, at)];

			if (strcmp(changed(bulk, other), what) == 0)
			{
				operation->shares = other->shares = true;
				break;
			}
		}
		if (at < 0)
			ScimBucketsAdd(&by_path, hash, i);
	}
	ScimBucketsFree(&by_path);
}

/* ScimBulkWait: it is the turn of an operation that shares, or leaves. */
void
ScimBulkWait(Bulk *bulk, int index)
{
	if (bulk->nwaiting > 0 &&
		bulk->operations[bulk->waiting[0]].leaves != bulk->operations[index].leaves)
	{
		ScimBulkPerformWaiting(bulk);
		if (bulk->stopped)
			return;
	}
	bulk->waiting[bulk->nwaiting++] = index;
}

static void
perform_each(void *arg)
{
	Together *together = arg;

	for (together->at = 0; together->at < together->n; together->at++)
	{
		Operation *operation =
			&together->bulk->operations[together->indexes[together->at]];

		CHECK_FOR_INTERRUPTS();
		ScimBulkPerform(together->bulk, operation, true);
		/* by itself it is told and counted as it has to be */
		if (operation->error_detail != NULL)
			ereport(ERROR,
					(ScimErr(SCIM_CONFLICT),
					 errmsg_internal("operation %d has failed", operation->number)));
	}
}

/* Performs n operations, or none: returns which of them has failed, or n. */
static int
perform_together(Bulk *bulk, const int *indexes, int n)
{
	Together together = {bulk, indexes, n, 0};

	if (ScimBulkAttempt(perform_each, &together))
		return n;
	for (int i = 0; i <= together.at && i < n; i++)
		ScimBulkForget(&bulk->operations[indexes[i]]);
	return Min(together.at, n - 1);
}

/* How many of the operations from the first on can be tried together. */
static int
count_together(const Bulk *bulk, const int *indexes, int most)
{
	int n = 0;

	while (n < most && ScimBulkFailedNeed(bulk, &bulk->operations[indexes[n]]) == NULL)
		n++;
	return n;
}

/*
 * ScimBulkPerformWaiting performs the operations that wait, until the request is to stop.
 */
void
ScimBulkPerformWaiting(Bulk *bulk)
{
	int most = bulk->nwaiting; /* are tried together */
	int alone = -1;            /* the one that has failed among others */
	int done = 0;

	if (bulk->nwaiting > 0 && bulk->operations[bulk->waiting[0]].leaves)
	{
		ScimBulkPerformLeavers(bulk, bulk->waiting, bulk->nwaiting);
		done = bulk->nwaiting;
	}
	while (done < bulk->nwaiting && !bulk->stopped)
	{
		const int *indexes = &bulk->waiting[done];
		int end = alone > done ? alone : bulk->nwaiting;
		int n = done == alone ? 1 : count_together(bulk, indexes, Min(most, end - done));

		CHECK_FOR_INTERRUPTS();
		if (n > 1)
		{
			int failed = perform_together(bulk, indexes, n);

			if (failed < n)
			{
				alone = done + failed;
				most = Max(failed, 1);
				continue;
			}
			done += n;
		}
		else
		{
			done++;
			if (!ScimBulkPerformAlone(bulk, &bulk->operations[indexes[0]]))
				continue;
		}
		most = Min(2 * most, bulk->noperations);
	}
	bulk->nwaiting = 0;
}
