/*
 * member_lock.c
 *		Who becomes a member stays until the end of the transaction.
 *
 * A membership is no foreign key, since a member may be no resource.  Where it is one,
 * its row is locked FOR KEY SHARE, as a foreign key does it: who deletes it, or takes it
 * out of sight (door.c), waits, and finds the membership then, which goes along.  Who
 * comes later than a deletion waits for that, and finds nobody: what he adds is a bare
 * reference, as of who has never been there, unless a policy "reference" wants more
 * (member_check.c).
 *
 * The rows of members are locked before those of their groups, in the order of their
 * ids, as whoever deletes has his row before he comes to the groups
 * (ScimMembersLeave): so two that meet here do not lock each other out.  A change of a
 * group's members by a request locks the members that are new first; the trigger of
 * "member" sees to all others.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "door/members/members.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/statement/statement.h"
#include "store/store.h"

#include "compat.h"

/*
 * Of more members that are stated those are not locked first who are in the group
 * already: a PUT states all, and few of them are new.
 */
#define MANY_MEMBERS 100

/* Ids of resources. */
typedef struct Ids
{
	pg_uuid_t *ids;
	int n;
	int capacity;
} Ids;

/*
 * Those that a request has locked last, who are all in sight: the trigger that follows
 * need not lock them again while the subtransaction lasts that holds the locks.
 */
#define MOST_LOCKED 16
static struct
{
	LocalTransactionId transaction;
	SubTransactionId subid;
	Oid namespace_oid;
	int32 tenant_id;
	int n;
	pg_uuid_t ids[MOST_LOCKED];
} locked;

static Ids *
make_ids(void)
{
	Ids *ids = palloc0(sizeof(Ids));

	ids->capacity = 16;
	ids->ids = palloc(ids->capacity * sizeof(pg_uuid_t));
	return ids;
}

static void
add_id(Ids *ids, const pg_uuid_t *id)
{
	if (ids->n == ids->capacity)
	{
		ids->capacity *= 2;
		ids->ids = repalloc_huge(ids->ids, ids->capacity * sizeof(pg_uuid_t));
	}
	ids->ids[ids->n++] = *id;
}

/* Rows are locked by being read. */
static void
pass_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	CHECK_FOR_INTERRUPTS();
}

static void
sort_ids(Ids *ids)
{
	qsort(ids->ids, ids->n, sizeof(pg_uuid_t), ScimCompareIds);
}

/* Of the resources that a condition on r says, whether each is in sight. */
static const char *
resources_query(const ScimStore *store, const char *which, const char *rest)
{
	/* deleted_at as a condition would make the planner prefer a partial index */
	return psprintf("SELECT r.deleted_at IS NULL FROM %s.resource r WHERE %s%s",
					store->quoted_name, which, rest);
}

/*
 * Lock the resources among n members of a tenant; group_id: but not those who are in the
 * group already, or NULL.  Returns whether all are resources in sight.  Call it as the
 * store's owner, connected to SPI.
 */
static bool
lock_members(const ScimStore *store, int32 tenant_id, Datum *members, int n,
			 const pg_uuid_t *group_id)
{
	const char *which = n == 1 ? "r.tenant_id = $1 AND r.id = $2"
							   : "r.tenant_id = $1 AND r.id = ANY ($2)";
	ScimParams params;
	int alive = 0;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	/* of one id the planner knows how few rows there are */
	if (n == 1)
		ScimParamsAdd(&params, UUIDOID, members[0], false);
	else
		ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(members, NULL, n, UUIDOID), false);
	if (group_id != NULL)
	{
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(group_id), false);
		which = psprintf("%s AND NOT EXISTS (SELECT FROM %s.member m "
						 "WHERE m.tenant_id = $1 AND m.group_id = $3 "
						 "AND m.member_id = r.id)",
						 which, store->quoted_name);
	}
	ScimSpiExecuteByKey(resources_query(store, which,
										n == 1 ? " FOR KEY SHARE OF r"
											   : " ORDER BY r.id FOR KEY SHARE OF r"),
						&params, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		alive += DatumGetBool(ScimResultValue(i, 1, BOOLOID));
	return alive == n;
}

/* Notes that these members, in their order, are locked. */
static void
note_locked(const ScimStore *store, int32 tenant_id, const Datum *members, int n)
{
	locked.transaction = ScimLocalTransaction();
	locked.subid = GetCurrentSubTransactionId();
	locked.namespace_oid = store->namespace_oid;
	locked.tenant_id = tenant_id;
	locked.n = n;
	for (int i = 0; i < n; i++)
		locked.ids[i] = *DatumGetUUIDP(members[i]);
}

/* Does the request that adds these members hold the locks already? */
static bool
are_locked(const ScimStore *store, int32 tenant_id, const Datum *members, int n)
{
	if (locked.n == 0 || locked.transaction != ScimLocalTransaction() ||
		locked.subid != GetCurrentSubTransactionId() ||
		locked.namespace_oid != store->namespace_oid || locked.tenant_id != tenant_id)
		return false;
	for (int i = 0; i < n; i++)
	{
		if (bsearch(DatumGetUUIDP(members[i]), locked.ids, locked.n, sizeof(pg_uuid_t),
					ScimCompareIds) == NULL)
			return false;
	}
	return true;
}

/* The members of the transition table changed_member, who are many, or of many tenants.
 */
static void
lock_changed(const ScimStore *store)
{
	static const char which[] = "(r.tenant_id, r.id) IN "
								"(SELECT c.tenant_id, c.member_id FROM changed_member c)";

	ScimSpiForEach(resources_query(store, which, " ORDER BY r.id FOR KEY SHARE OF r"),
				   NULL, false, pass_rows, NULL);
}

/*
 * ScimMembersLockNew locks the members of the rows that a statement has added to
 * "member", those that are resources, until the end of the transaction.  Call it as the
 * store's owner, connected to SPI, which knows the transition table.
 */
void
ScimMembersLockNew(const ScimStore *store, const ScimChangedGroups *groups)
{
	if (groups->members != NULL && groups->n == 1)
	{
		int32 tenant_id = DatumGetInt32(groups->tenants[0]);

		if (!are_locked(store, tenant_id, groups->members, groups->nmembers))
			(void) lock_members(store, tenant_id, groups->members, groups->nmembers,
								NULL);
	}
	else
		lock_changed(store);
}

/* Adds the ids of the members that a client states: an array of them, or one. */
static void
add_stated(Ids *ids, const JsonbValue *stated)
{
	int n = stated->type == jbvArray ? stated->val.array.nElems : 1;

	for (int i = 0; i < n; i++)
	{
		const JsonbValue *one =
			stated->type == jbvArray ? &stated->val.array.elems[i] : stated;
		const JsonbValue *member = ScimMemberWithValue(one);
		const JsonbValue *value = member != NULL && member->type == jbvObject
									  ? ScimJsonGetFolded(member, "value")
									  : member;
		char *text = value == NULL ? NULL : ScimJsonStringCopy(value);
		pg_uuid_t id;

		CHECK_FOR_INTERRUPTS();
		if (text != NULL && ScimUuidParse(text, &id))
			add_id(ids, &id);
	}
}

/* The members that the operations of a PATCH add, as far as that is plain to see. */
static void
add_of_operations(Ids *ids, const JsonbValue *operations)
{
	int n = operations->type == jbvArray ? operations->val.array.nElems : 0;

	for (int i = 0; i < n; i++)
	{
		const JsonbValue *operation = &operations->val.array.elems[i];
		const JsonbValue *value;
		char *path;
		char *op;

		CHECK_FOR_INTERRUPTS();
		if (operation->type != jbvObject)
			continue;
		value = ScimJsonGetFolded(operation, "value");
		path = ScimJsonStringCopy(ScimJsonGetFolded(operation, "path"));
		op = ScimJsonStringCopy(ScimJsonGetFolded(operation, "op"));
		if (op == NULL || pg_strcasecmp(op, "remove") == 0)
			continue;
		if (value != NULL && (path == NULL || path[0] == '\0'))
			value = value->type == jbvObject ? ScimJsonGetFolded(value, "members") : NULL;
		else if (path == NULL || pg_strcasecmp(path, "members") != 0)
			continue;
		if (value != NULL)
			add_stated(ids, value);
	}
}

/*
 * ScimMembersLockFirst locks those whom a client makes members of a group, before the
 * group itself is locked: members are what a document has, operations those of a PATCH;
 * either may be NULL.
 */
void
ScimMembersLockFirst(ScimStore *store, int32 tenant_id, const char *group,
					 const JsonbValue *members, const JsonbValue *operations)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	Ids *ids;
	Datum *datums;
	pg_uuid_t group_id;
	int n = 0;

	if (!ScimUuidParse(group, &group_id))
		return;
	context =
		AllocSetContextCreate(caller, "scim members to lock", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	ids = make_ids();
	if (members != NULL)
		add_stated(ids, members);
	if (operations != NULL)
		add_of_operations(ids, operations);
	if (ids->n > 0)
	{
		ScimIdentity identity = ScimBeOwner(store->owner);

		sort_ids(ids);
		datums = palloc(sizeof(Datum) * ids->n);
		for (int i = 0; i < ids->n; i++)
		{
			if (i == 0 || ScimCompareIds(&ids->ids[i], &ids->ids[i - 1]) != 0)
				datums[n++] = UUIDPGetDatum(&ids->ids[i]);
		}
		SPI_connect();
		if (lock_members(store, tenant_id, datums, n,
						 n > MANY_MEMBERS ? &group_id : NULL) &&
			n <= MOST_LOCKED)
			note_locked(store, tenant_id, datums, n);
		SPI_finish();
		ScimBeCaller(identity);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/*
 * ScimMembersCheckSeen, before those who are gone leave their groups: a transaction that
 * keeps its snapshot sees no membership of theirs that was committed since, and would
 * leave it behind.
 */
void
ScimMembersCheckSeen(const ScimStore *store, const ScimParams *params)
{
	if (IsolationUsesXactSnapshot())
		ScimRowsRequireSeen(psprintf("%s.member m WHERE m.tenant_id = $1 AND m.member_id "
									 "OPERATOR(pg_catalog.=) ANY ($2)",
									 store->quoted_name),
							params,
							"somebody who is deleted has become a member meanwhile");
}
