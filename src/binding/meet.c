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
 * Then he waits for whoever is writing the link of it (ScimLinkSettle), and looks where
 * it leads.  Whoever writes a link waits, when he has, until nobody else holds its key or
 * id, and looks who refers to it: he needs not hold it himself, since all who come later
 * wait for his link.  So a load of any size holds nothing here for those whom it makes.
 *
 * The locks are advisory ones of the database, of a class of ours that no function of SQL
 * takes (objsubid 1474 in pg_locks).  A transaction that refers to more than
 * MOST_HELD keys holds all of a binding instead of each, as the memory for locks is one
 * for all; whom it has made itself nobody else can write meanwhile, and he is not held.
 *
 * Who looks with a snapshot from before (REPEATABLE READ and above) is told where it is
 * too old (40001).
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "lib/qunique.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "binding/binding.h"
#include "compat.h"
#include "store/column.h"

/* Tells our locks from advisory ones of SQL, which are of class 1 and 2. */
#define LOCK_CLASS 0x5c2

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
						 LOCK_CLASS);
	return tag;
}

static LOCKTAG
tag_of_key(const ScimBinding *binding, Datum key)
{
	const ArrayType *array = DatumGetArrayTypeP(key);

	return tag_of(binding, HELD_KEY, array, VARSIZE(array));
}

/*
 * What this transaction holds: how many each by itself, of which a subtransaction may have
 * let some go, and those of bindings that it holds as a whole (uint64, as in the tag).
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

/* Returns false where it was held before, and nobody can have passed since. */
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

/* The same; more: how many of the statement there are. */
static bool
hold(const ScimBinding *binding, const LOCKTAG *tag, int more)
{
	start_holding();
	if (nheld + more > MOST_HELD)
		return !ScimHoldsLock(tag, ShareLock) && hold_with_all(binding, tag);
	if (LockAcquire(tag, ShareLock, false, false) == LOCKACQUIRE_ALREADY_HELD)
		return false;
	nheld++;
	return true;
}

/* The same of a link, as it is when nobody is writing it. */
static void
refer_to(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value,
		 int more)
{
	LOCKTAG tag = by == SCIM_LINK_BY_KEY
					  ? tag_of_key(binding, value)
					  : tag_of(binding, HELD_RESOURCE, DatumGetUUIDP(value), UUID_LEN);

	start_holding();
	if (nheld + more > MOST_HELD && ScimLinkIsOwn(binding, tenant_id, by, value))
		return;
	if (hold(binding, &tag, more))
		ScimLinkSettle(binding, tenant_id, by, value);
}

/*
 * ScimReferToKey: something of a tenant refers to a key of the rows of a binding, until
 * the transaction ends.  Where that leads is looked up afterwards.
 */
void
ScimReferToKey(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	refer_to(binding, tenant_id, SCIM_LINK_BY_KEY, key, 1);
}

/* ScimReferToResource: the same of a resource. */
void
ScimReferToResource(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	refer_to(binding, tenant_id, SCIM_LINK_BY_RESOURCE, UUIDPGetDatum(id), 1);
}

static int
compare_keys(const void *a, const void *b)
{
	const ArrayType *x = DatumGetArrayTypeP(*(const Datum *) a);
	const ArrayType *y = DatumGetArrayTypeP(*(const Datum *) b);
	int order = memcmp(x, y, Min(VARSIZE(x), VARSIZE(y)));

	return order != 0 ? order : (VARSIZE(x) > VARSIZE(y)) - (VARSIZE(x) < VARSIZE(y));
}

/* ScimReferToKeys: the same of n keys, of which several may be the same, in one order. */
void
ScimReferToKeys(const ScimBinding *binding, int32 tenant_id, const Datum *keys, int n)
{
	Datum *distinct = palloc_extended(sizeof(Datum) * Max(n, 1), MCXT_ALLOC_HUGE);

	memcpy(distinct, keys, sizeof(Datum) * n);
	qsort(distinct, n, sizeof(Datum), compare_keys);
	n = (int) qunique(distinct, n, sizeof(Datum), compare_keys);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		refer_to(binding, tenant_id, SCIM_LINK_BY_KEY, distinct[i], n - i);
	}
	pfree(distinct);
}

/* The tenants of a store that are there. */
static int
tenants_of(const ScimStore *store, int32 **tenants)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeReader(store->owner);
	int n;

	SPI_connect();
	ScimSpiExecute(psprintf("SELECT tenant_id FROM %s.tenant ORDER BY 1",
							store->quoted_name),
				   NULL, false, 0);
	n = (int) SPI_processed;
	*tenants = MemoryContextAlloc(context, sizeof(int32) * Max(n, 1));
	for (int i = 0; i < n; i++)
		(*tenants)[i] = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
	SPI_finish();
	ScimBeCaller(caller);
	return n;
}

/*
 * ScimReferToKeyOfAny: the same of a key of whatever tenant, where a column says of which
 * one its row is, and that is not there, or cannot be seen yet.
 */
void
ScimReferToKeyOfAny(const ScimBinding *binding, Datum key)
{
	LOCKTAG tag = tag_of_key(binding, key);
	int32 *tenants;
	int n;

	if (!binding->every_tenant)
	{
		ScimReferToKey(binding, binding->tenant_id, key);
		return;
	}
	if (!hold(binding, &tag, 1))
		return;
	n = tenants_of(binding->store, &tenants);
	for (int i = 0; i < n; i++)
		ScimLinkSettle(binding, tenants[i], SCIM_LINK_BY_KEY, key);
	pfree(tenants);
}

/* ScimRaiseNotSeen: what others have written since is not what this transaction sees. */
void
ScimRaiseNotSeen(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not serialize access due to concurrent update"),
			 errdetail("Who is meant by a key of a table that is bound, or who refers to "
					   "it, has changed since the transaction began.")));
}

/* Which rows a query has, in a word, by the snapshot that is active. */
static char *
rows_of(const char *from, const ScimParams *params)
{
	ScimSpiExecute(
		psprintf("SELECT count(*)::text || ' ' || coalesce(sum(hashtextextended("
				 "c.tableoid::text || c.ctid::text, 0)), 0)::text FROM %s",
				 from),
		params, true, 0);
	return ScimResultText(0, 1);
}

/* Are the rows that there are those that this transaction sees? */
static void
require_seen(Oid owner, const char *from, const ScimParams *params)
{
	ScimIdentity caller = ScimBeReader(owner);
	const char *seen;
	const char *latest;

	SPI_connect();
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	seen = rows_of(from, params);
	PopActiveSnapshot();
	PushActiveSnapshot(GetLatestSnapshot());
	latest = rows_of(from, params);
	PopActiveSnapshot();
	if (strcmp(seen, latest) != 0)
		ScimRaiseNotSeen();
	SPI_finish();
	ScimBeCaller(caller);
}

/* The same of rows of a table whose columns hold a key. */
static void
require_rows_seen(const ScimBinding *binding, const char *quoted, List *columns,
				  Datum key)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	require_seen(binding->owner,
				 psprintf("%s AS c WHERE %s", quoted, ScimKeyIs(columns, "c", "$1")),
				 &params);
}

/* All that the application may refer to a key with. */
static void
require_key_seen(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	const ListCell *lc;
	const ListCell *reference;

	foreach (lc, binding->others)
	{
		const ScimBoundTable *table = lfirst(lc);

		require_rows_seen(binding, table->quoted, table->key, key);
	}
	foreach (lc, ScimBindingsOfGroups(binding->store, tenant_id, binding->type->name))
	{
		const ScimBinding *groups = lfirst(lc);
		const ScimBoundTable *table = &groups->members->table;

		require_rows_seen(groups, table->quoted, table->member_key, key);
	}
	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		const ScimBinding *other = lfirst(lc);

		foreach (reference, ScimReferencesLeadingTo(other, binding))
		{
			const ScimBoundAttribute *attribute = lfirst(reference);

			require_rows_seen(other, other->quoted, attribute->reference.columns, key);
		}
	}
}

/* And SCIM to a resource. */
static void
require_resource_seen(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	const ScimStore *store = binding->store;
	ScimIdentity caller = ScimBeReader(store->owner);
	ScimParams params;
	const ListCell *lc;
	const ListCell *reference;

	ScimParamsOfResource(&params, tenant_id, id);
	require_seen(store->owner,
				 psprintf("%s.member AS c WHERE c.tenant_id = $1 "
						  "AND (c.group_id = $2 OR c.member_id = $2)",
						  store->quoted_name),
				 &params);
	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		const ScimBinding *other = lfirst(lc);

		foreach (reference, ScimReferencesLeadingTo(other, binding))
		{
			char *from = ScimReferencesTo(other, lfirst(reference), tenant_id, id, "c",
										  &params);

			require_seen(store->owner, from, &params);
		}
	}
	ScimBeCaller(caller);
}

/*
 * ScimMeetReferrers: the link of a resource has been written, whose row had, and has, a
 * key, or none (0).  Waits for who refers to one of them; what is looked up then shows
 * that.
 */
void
ScimMeetReferrers(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
				  Datum was, Datum is)
{
	bool keeps = !ScimLinksCanSettle(binding);
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
	if (!IsolationUsesXactSnapshot())
		return;
	if (was != (Datum) 0)
		require_key_seen(binding, tenant_id, was);
	if (is != (Datum) 0 && !(was != (Datum) 0 && ScimKeyEqual(was, is)))
		require_key_seen(binding, tenant_id, is);
	require_resource_seen(binding, tenant_id, id);
}

/* Has a foreign key the columns of a key, each with its own one there? */
static bool
is_of_key(const ForeignKeyCacheInfo *foreign, const ScimBinding *binding,
		  const ScimBoundTable *table)
{
	const ListCell *lc;
	const ListCell *of;

	if (foreign->confrelid != binding->relid ||
		foreign->nkeys != list_length(binding->key))
		return false;
	forboth (lc, table->key, of, binding->key)
	{
		bool found = false;

		for (int i = 0; i < foreign->nkeys; i++)
			found |= foreign->conkey[i] == ((const ScimColumnInfo *) lfirst(lc))->number &&
					 foreign->confkey[i] == ((const ScimColumnInfo *) lfirst(of))->number;
		if (!found)
			return false;
	}
	return true;
}

/* Is it asked at once, of all rows, and not switched off? */
static bool
is_asked(Relation relation, Oid constraint)
{
	const TriggerDesc *triggers = ScimTriggers(relation);
	HeapTuple tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
	bool asked = false;
	Form_pg_constraint form;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_constraint) GETSTRUCT(tuple);
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
		asked |= triggers->triggers[i].tgconstraint == constraint;
	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
		asked &= triggers->triggers[i].tgconstraint != constraint ||
				 triggers->triggers[i].tgenabled != TRIGGER_DISABLED;
	asked = asked && form->convalidated && !form->condeferrable;
	ReleaseSysCache(tuple);
	return asked;
}

/*
 * ScimValuesNeedRow: does a foreign key see to it that a table of values has none of a
 * key that is not there?
 */
bool
ScimValuesNeedRow(const ScimBinding *binding, const ScimBoundTable *table)
{
	Relation relation = table_open(table->relid, AccessShareLock);
	bool needs = false;
	const ListCell *lc;

	foreach (lc, RelationGetFKeyList(relation))
	{
		const ForeignKeyCacheInfo *foreign = lfirst(lc);

		needs = needs || (is_of_key(foreign, binding, table) &&
						  is_asked(relation, foreign->conoid));
	}
	table_close(relation, NoLock);
	return needs;
}

/*
 * ScimValuesMayBeThere: a row has been read before its link was put: may a table have
 * values of it that have come meanwhile?
 */
bool
ScimValuesMayBeThere(const ScimBinding *binding, Datum key)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		ScimParams params;

		if (attribute->kind != SCIM_BOUND_TABLE || ScimValuesNeedRow(binding, &attribute->table))
			continue;
		ScimParamsInit(&params);
		ScimParamsAdd(&params, TEXTARRAYOID, key, false);
		if (ScimOtherHasRows(binding, &attribute->table,
							 ScimKeyIs(attribute->table.key, "c", "$1"), &params))
			return true;
	}
	return false;
}
