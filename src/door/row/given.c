/*
 * given.c
 *		Ids that the writer has given: no two resources have the same, of whatever type
 *		(RFC 7643 section 3.1).
 *
 * The primary key sees to that within a type.  Ids made here are random and need no look;
 * where one was given, the tables of the other types are asked once the row is there, by
 * their primary keys, for rows of transactions under way as well.  Of two that write the
 * same id at once each is there before it asks, so one of them finds the other, and waits
 * until it has ended, as it would for a unique index.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/partition.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "door/row/at_door.h"
#include "door/row/row.h"
#include "store/statement/statement.h"

typedef struct GivenKey
{
	Oid namespace_oid;
	int32 tenant_id;
	pg_uuid_t id;
} GivenKey;

/* Those on their way from BEFORE to AFTER, in TopTransactionContext, or NULL. */
static HTAB *given = NULL;

static GivenKey
key_of(const Door *door)
{
	GivenKey key;

	memset(&key, 0, sizeof(key));
	key.namespace_oid = door->store->namespace_oid;
	key.tenant_id = door->tenant_id;
	key.id = *DatumGetUUIDP(door->new.values[COLUMN_ID]);
	return key;
}

/* ScimGivenNote, before a row is written, notes its id where that was given. */
void
ScimGivenNote(const Door *door)
{
	GivenKey key = key_of(door);

	if (ScimUuidTakeMade(&key.id))
		return;
	if (given == NULL)
		ScimNotedTable(&given, "scim given ids", sizeof(GivenKey), sizeof(GivenKey), 64);
	(void) hash_search(given, &key, HASH_ENTER, NULL);
}

/* Is the id in a table that has rows?  Waits for who is about to write it there. */
static bool
is_in(Oid relid, const GivenKey *key)
{
	Relation relation = table_open(relid, AccessShareLock);
	Oid index = RelationGetPrimaryKeyIndex(relation, false);
	int tenant_number = get_attnum(relid, "tenant_id");
	int id_number = get_attnum(relid, "id");
	ScanKeyData keys[2];
	SnapshotData dirty;
	TransactionId other;
	bool found;

	if (!OidIsValid(index) || tenant_number <= 0 || id_number <= 0)
	{
		table_close(relation, AccessShareLock);
		return false;
	}
	InitDirtySnapshot(dirty);
	do
	{
		SysScanDesc scan;

		ScanKeyInit(&keys[0], tenant_number, BTEqualStrategyNumber, F_INT4EQ,
					Int32GetDatum(key->tenant_id));
		ScanKeyInit(&keys[1], id_number, BTEqualStrategyNumber, F_UUID_EQ,
					UUIDPGetDatum(&key->id));
		scan = systable_beginscan(relation, index, true, &dirty, 2, keys);
		found = HeapTupleIsValid(systable_getnext(scan));
		other = InvalidTransactionId;
		if (found)
			other = TransactionIdIsValid(dirty.xmin) ? dirty.xmin : dirty.xmax;
		systable_endscan(scan);
		if (TransactionIdIsValid(other))
			XactLockTableWait(other, NULL, NULL, XLTW_None);
	} while (TransactionIdIsValid(other));
	table_close(relation, AccessShareLock);
	return found;
}

/* ScimGivenIsThere: is the id of a new row, which the writer has given, in its table? */
bool
ScimGivenIsThere(const Door *door)
{
	GivenKey key;

	if (door->new.nulls[COLUMN_ID] ||
		ScimUuidIsMade(DatumGetUUIDP(door->new.values[COLUMN_ID])))
		return false;
	key = key_of(door);
	return is_in(RelationGetRelid(door->trigger->tg_relation), &key);
}

/* Is the id in a table of another type, or in a part of one that somebody has divided? */
static bool
is_of_type(Oid relid, Oid own, const GivenKey *key)
{
	List *parts = find_all_inheritors(relid, AccessShareLock, NULL);
	ListCell *lc;

	if (list_member_oid(parts, own))
		return false;
	foreach (lc, parts)
	{
		if (get_rel_relkind(lfirst_oid(lc)) == RELKIND_RELATION &&
			is_in(lfirst_oid(lc), key))
			return true;
	}
	return false;
}

/*
 * ScimGivenCheck, once a row is there, refuses an id that another type has.  Returns
 * whether the writer gave the id.
 */
bool
ScimGivenCheck(const Door *door)
{
	Oid own = RelationGetRelid(door->trigger->tg_relation);
	GivenKey key;
	ListCell *lc;
	bool found;

	if (given == NULL || hash_get_num_entries(given) == 0)
		return false;
	key = key_of(door);
	(void) hash_search(given, &key, HASH_REMOVE, &found);
	if (!found)
		return false;
	foreach (lc, find_inheritance_children(door->store->tables.relid[SCIM_TABLE_RESOURCE],
										   AccessShareLock))
	{
		if (is_of_type(lfirst_oid(lc), own, &key))
			ereport(ERROR, (ScimErr(SCIM_UNIQUENESS),
							errmsg("a resource of another type has the id %s already",
								   ScimUuidText(&key.id))));
	}
	return true;
}
