/*
 * meet.c
 *		Who comes or goes, and who refers to him at the same time, wait for each other.
 *
 * A row of values or members, or one that refers to another, says the key of somebody,
 * and SCIM his id.  Neither sees what a transaction beside it has done that makes, takes
 * away, moves or restores him, nor the other way around; and without a foreign key there
 * may be no row at all that both would lock.
 *
 * So whoever refers to a key or an id holds it, shared and until his transaction ends.
 * Then he waits for whoever is writing the link of it (lead.c), and looks where it leads.
 * Whoever writes a link waits, when he has, until nobody else holds its key or id, and
 * looks who refers to it: he needs not hold it himself, since all who come later wait for
 * his link.  So a load of any size holds nothing here for those whom it makes.
 *
 * The locks are advisory ones of the database, of a class of ours that no function of SQL
 * takes (objsubid 1474 in pg_locks).  A transaction that refers to more than
 * MOST_HELD keys holds all of a binding instead of each, as the memory for locks is one
 * for all; whom it has made itself nobody else can write meanwhile, and he is not held.
 *
 * Who looks with a snapshot from before (REPEATABLE READ and above) is told where it is
 * too old (40001), by ScimLinkSettle and seen.c.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "compat.h"
#include "extension.h"

/* So many keys and ids a transaction holds each by itself. */
#define MOST_HELD 500

/* So many others it knows to be held. */
#define MOST_REMEMBERED 1000000

/* What of a binding is held. */
typedef enum Held
{
	HELD_KEY,
	HELD_RESOURCE,
	HELD_ALL
} Held;

static LOCKTAG
tag_of(const ScimBinding *binding, Held what, const void *value, Size length)
{
	uint64 hash = hash_bytes_extended(binding->id.data, UUID_LEN, (uint64) what);
	LOCKTAG tag;

	if (what != HELD_ALL)
		hash = hash_bytes_extended(value, (int) length, hash);
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (hash >> 32), (uint32) hash,
						 SCIM_LOCK_CLASS);
	return tag;
}

static LOCKTAG
tag_of_key(const ScimBinding *binding, Datum key)
{
	const ArrayType *array = DatumGetArrayTypeP(key);

	return tag_of(binding, HELD_KEY, array, VARSIZE(array));
}

/*
 * What this transaction holds: how many each by itself, of which a subtransaction may
 * have let some go, and those of bindings that it holds as a whole (uint64, as in the
 * tag).
 */
static int nheld = 0;
static HTAB *held = NULL;
static LocalTransactionId held_in = InvalidLocalTransactionId;

static void
start_holding(void)
{
	if (held_in == ScimLocalTransaction())
		return;
	nheld = 0;
	held = NULL;
	held_in = ScimLocalTransaction();
}

static HTAB *
make_held(void)
{
	HASHCTL control = {.keysize = sizeof(uint64),
					   .entrysize = sizeof(uint64),
					   .hcxt = TopTransactionContext};

	return hash_create("scim keys held", 1024, &control,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* One that is held with all of its binding; false: it was before. */
static bool
hold_with_all(const ScimBinding *binding, const LOCKTAG *tag)
{
	LOCKTAG all = tag_of(binding, HELD_ALL, NULL, 0);
	uint64 one = (uint64) tag->locktag_field2 << 32 | tag->locktag_field3;
	bool found;

	/* what was held before a subtransaction that has been undone may not be any more */
	if (LockAcquire(&all, ShareLock, false, false) != LOCKACQUIRE_ALREADY_HELD)
		held = NULL;
	if (held == NULL)
		held = make_held();
	found = hash_search(held, &one, HASH_FIND, NULL) != NULL;
	if (!found && hash_get_num_entries(held) < MOST_REMEMBERED)
		(void) hash_search(held, &one, HASH_ENTER, NULL);
	return !found;
}

/* Has this transaction room for some more, each held by itself? */
static bool
holds_each(const ScimBinding *binding, int more)
{
	LOCKTAG all = tag_of(binding, HELD_ALL, NULL, 0);

	start_holding();
	return nheld + more <= MOST_HELD && (held == NULL || !ScimHoldsLock(&all, ShareLock));
}

/*
 * ScimMeetHold holds a key, or the id of a resource, as one who refers to it; more: how
 * many of the statement there are.  Returns false where it was held before, and nobody
 * can have passed since.
 */
bool
ScimMeetHold(const ScimBinding *binding, ScimLinkBy by, Datum value, int more)
{
	LOCKTAG tag = by == SCIM_LINK_BY_KEY
					  ? tag_of_key(binding, value)
					  : tag_of(binding, HELD_RESOURCE, DatumGetUUIDP(value), UUID_LEN);

	if (!holds_each(binding, more))
		return !ScimHoldsLock(&tag, ShareLock) && hold_with_all(binding, &tag);
	if (LockAcquire(&tag, ShareLock, false, false) == LOCKACQUIRE_ALREADY_HELD)
		return false;
	nheld++;
	return true;
}

/*
 * ScimMeetReferrers: the link of a resource has been written, whose row had, and has, a
 * key, or none (0).  Waits for who refers to one of them; what is looked up then shows
 * that.  keeps: nobody who comes later would find the link, so all are held as well.
 */
void
ScimMeetReferrers(const ScimBinding *binding, const pg_uuid_t *id, Datum was, Datum is,
				  bool keeps)
{
	LOCKTAG tags[4];
	int n = 0;

	tags[n++] = tag_of(binding, HELD_ALL, NULL, 0);
	tags[n++] = tag_of(binding, HELD_RESOURCE, id, UUID_LEN);
	if (was != (Datum) 0)
		tags[n++] = tag_of_key(binding, was);
	if (is != (Datum) 0 && !(was != (Datum) 0 && ScimKeyEqual(was, is)))
		tags[n++] = tag_of_key(binding, is);
	for (int i = 0; i < n; i++)
	{
		(void) LockAcquire(&tags[i], ExclusiveLock, false, false);
		if (!keeps)
			(void) LockRelease(&tags[i], ExclusiveLock, false);
	}
}
