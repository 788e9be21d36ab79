/*
 * lock.c
 *		Locks that keep two writers of one person or group from undoing each other.
 *
 * The order is: the row of the application, then the resource.  A statement that writes
 * the row has locked it before any trigger of ours is called, so no other order is the
 * same for all.  Functions and requests lock the row before the resource; what writes
 * tables of values and members locks the row of whom they are before anything is read.
 * Only SQL that writes a table of resources itself has the resource first.
 *
 * Who has waited here reads with a new snapshot, as each statement does, and so sees what
 * was committed meanwhile; one of REPEATABLE READ and above is told of it by the server
 * (40001).
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/qunique.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "compat.h"
#include "store/statement/column.h"

/* A row whose key changes has another link: so often it is looked for. */
#define MOST_ATTEMPTS 10

/* Bytes of a key that is remembered. */
#define MAX_KEY 256

/* What was locked last: it stays locked while the subtransaction that did it is active.
 */
typedef struct Last
{
	LocalTransactionId transaction;
	SubTransactionId subtransaction;
	pg_uuid_t binding_id;
	bool for_update;
	Size length;
	char key[MAX_KEY];
} Last;

static Last last_row;
static Last last_resource;

static bool
is_last(const Last *last, const ScimBinding *binding, const void *key, Size length,
		bool for_update)
{
	return last->transaction == ScimLocalTransaction() && last->length == length &&
		   SubTransactionIsActive(last->subtransaction) &&
		   memcmp(&last->binding_id, &binding->id, UUID_LEN) == 0 &&
		   memcmp(last->key, key, length) == 0 && (last->for_update || !for_update);
}

static void
remember(Last *last, const ScimBinding *binding, const void *key, Size length,
		 bool for_update)
{
	last->transaction = InvalidLocalTransactionId;
	if (length > MAX_KEY)
		return;
	last->subtransaction = GetCurrentSubTransactionId();
	last->binding_id = binding->id;
	last->for_update = for_update;
	last->length = length;
	memcpy(last->key, key, length);
	last->transaction = ScimLocalTransaction();
}

/*
 * ScimRowLock locks the row of a key until the end of the transaction; for_update: its
 * key may change, or it may go.  Returns false where there is none.
 */
bool
ScimRowLock(const ScimBinding *binding, Datum key, bool for_update)
{
	const ArrayType *array = DatumGetArrayTypeP(key);
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller;
	ScimParams params;
	bool found;

	if (is_last(&last_row, binding, array, VARSIZE(array), for_update))
		return true;
	if (!ScimLinkMayLead(binding, key))
		return false;
	caller = ScimBeOwnerFor(binding->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	PG_TRY();
	{
		ScimSpiExecuteIn(binding->search_path,
						 psprintf("SELECT FROM %s AS t WHERE %s FOR %sUPDATE OF t",
								  binding->quoted, ScimKeyIs(binding->key, "t", "$1"),
								  for_update ? "" : "NO KEY "),
						 &params, false, 0);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		ScimRaiseUnworkable(binding, error);
		ScimRaiseKeyGone(binding, key, error);
		PG_RE_THROW();
	}
	PG_END_TRY();
	found = SPI_processed > 0;
	SPI_finish();
	ScimBeCaller(caller);
	if (found)
		remember(&last_row, binding, array, VARSIZE(array), for_update);
	return found;
}

/*
 * ScimBindingLock locks the row of a resource that is about to be locked itself, where
 * its type is bound and it has one.  What this transaction has written to tables that are
 * bound is followed before.
 */
void
ScimBindingLock(ScimStore *store, const ScimResourceType *type, int32 tenant_id,
				const pg_uuid_t *id, bool for_update)
{
	ScimBinding *binding = ScimBindingFor(store, type, tenant_id);
	ScimLink link;
	ScimLink before = {.has_key = false};

	if (binding == NULL)
		return;
	ScimBindingRequireSound(binding);
	ScimQueueFlushStore(store);
	for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++)
	{
		CHECK_FOR_INTERRUPTS();
		/* the key may have changed while we were waiting */
		if (!ScimLinkOfResource(binding, tenant_id, id, &link) || !link.has_key ||
			(before.has_key && ScimKeyEqual(before.key, link.key)) ||
			ScimRowLock(binding, link.key, for_update))
			return;
		before = link;
	}
}

/*
 * ScimResourcesLock locks resources, n uuids in any order, whose rows are locked.  What
 * has gone meanwhile is locked by who looks for it.
 */
void
ScimResourcesLock(const ScimBinding *binding, int32 tenant_id, Datum *ids, int n)
{
	ScimIdentity caller;
	ScimParams params;

	if (n == 0 || (n == 1 && is_last(&last_resource, binding, DatumGetUUIDP(ids[0]),
									 UUID_LEN, false)))
		return;
	caller = ScimBeOwner(binding->store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	if (n == 1)
		ScimParamsAdd(&params, UUIDOID, ids[0], false);
	else
		ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.resource AS r WHERE r.resource_type = %s "
							"AND r.tenant_id = $1 AND r.id = %s "
							"ORDER BY r.id FOR NO KEY UPDATE",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name),
							n == 1 ? "$2" : "ANY ($2)"),
				   &params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
	if (n == 1)
		remember(&last_resource, binding, DatumGetUUIDP(ids[0]), UUID_LEN, false);
}

static int
compare_keys(const void *a, const void *b)
{
	const ArrayType *x = DatumGetArrayTypeP(*(const Datum *) a);
	const ArrayType *y = DatumGetArrayTypeP(*(const Datum *) b);
	int order = memcmp(x, y, Min(VARSIZE(x), VARSIZE(y)));

	return order != 0 ? order : (VARSIZE(x) > VARSIZE(y)) - (VARSIZE(x) < VARSIZE(y));
}

static int
compare_links(const void *a, const void *b)
{
	const ScimLink *x = a;
	const ScimLink *y = b;

	return (x->tenant_id > y->tenant_id) - (x->tenant_id < y->tenant_id);
}

/*
 * ScimGroupsLock locks groups whose members are about to be read and written, by the keys
 * of their rows, of which several may be the same: all rows, then all resources, each in
 * one order.
 */
void
ScimGroupsLock(const ScimBinding *groups, const Datum *keys, int n)
{
	Datum *distinct = palloc(sizeof(Datum) * n);
	ScimLink *links = palloc(sizeof(ScimLink) * n);
	Datum *ids = palloc(sizeof(Datum) * n);
	int nlinks = 0;

	memcpy(distinct, keys, sizeof(Datum) * n);
	qsort(distinct, n, sizeof(Datum), compare_keys);
	n = qunique(distinct, n, sizeof(Datum), compare_keys);
	for (int i = 0; i < n; i++)
	{
		int32 tenant_id = groups->tenant_id;

		CHECK_FOR_INTERRUPTS();
		if (!ScimRowLock(groups, distinct[i], false))
			continue;
		if (!ScimRowTenant(groups, distinct[i], &tenant_id))
			continue;
		if (ScimLinkOfKey(groups, tenant_id, distinct[i], &links[nlinks]))
			nlinks++;
	}
	qsort(links, nlinks, sizeof(ScimLink), compare_links);
	for (int from = 0; from < nlinks;)
	{
		int to = from;

		for (; to < nlinks && links[to].tenant_id == links[from].tenant_id; to++)
			ids[to - from] = UUIDPGetDatum(&links[to].resource_id);
		ScimResourcesLock(groups, links[from].tenant_id, ids, to - from);
		from = to;
	}
}
