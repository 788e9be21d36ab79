/*
 * lead.c
 *		Where a key or an id leads, held by who refers to it (meet.c) before he looks.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "lib/qunique.h"
#include "miscadmin.h"
#include "utils/array.h"

#include "binding/bound/bound.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"

/* more: how many of the statement there are. */
static void
refer_to(const ScimBinding *binding, int32 tenant_id, ScimLinkBy by, Datum value,
		 int more)
{
	/* whom the transaction has made itself nobody else writes */
	if (ScimLinkIsOwn(binding, tenant_id, by, value))
		return;
	if (ScimMeetHold(binding, by, value, more))
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
	ScimSpiExecute(
		psprintf("SELECT tenant_id FROM %s.tenant ORDER BY 1", store->quoted_name), NULL,
		false, 0);
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
	int32 *tenants;
	int n;

	if (!binding->every_tenant)
	{
		ScimReferToKey(binding, binding->tenant_id, key);
		return;
	}
	if (!ScimMeetHold(binding, SCIM_LINK_BY_KEY, key, 1))
		return;
	n = tenants_of(binding->store, &tenants);
	for (int i = 0; i < n; i++)
		ScimLinkSettle(binding, tenants[i], SCIM_LINK_BY_KEY, key);
	pfree(tenants);
}
