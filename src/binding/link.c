/*
 * link.c
 *		Which row is which resource: the table "binding_link".
 *
 * A link outlives one of the two where the other was kept: then it says so, and neither
 * a row nor a resource is made again because of what is left.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"

#include "binding/binding.h"
#include "store/column.h"

/* ScimKeyEqual: are two keys of rows the same?  Both are arrays of text as made here. */
bool
ScimKeyEqual(Datum a, Datum b)
{
	const ArrayType *x = DatumGetArrayTypeP(a);
	const ArrayType *y = DatumGetArrayTypeP(b);

	return VARSIZE(x) == VARSIZE(y) && memcmp(x, y, VARSIZE(x)) == 0;
}

static void
start(const ScimBinding *binding, ScimParams *params, int32 tenant_id)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&binding->id), false);
}

static bool
find(const ScimBinding *binding, const char *condition, ScimParams *params,
	 ScimLink *link)
{
	MemoryContext context = CurrentMemoryContext;
	ScimIdentity caller = ScimBeOwner(binding->store->owner);
	bool found;
	bool isnull;
	Datum key;

	SPI_connect();
	ScimSpiExecute(psprintf("SELECT resource_id, key, detached, tenant_id "
							"FROM %s.binding_link "
							"WHERE tenant_id = $1 AND binding_id = $2 AND %s",
							binding->store->quoted_name, condition),
				   params, false, 1);
	found = SPI_processed > 0;
	memset(link, 0, sizeof(ScimLink));
	if (found)
	{
		link->resource_id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
		key = ScimResult(0, 2, TEXTARRAYOID, &isnull);
		link->has_key = !isnull;
		if (!isnull)
		{
			MemoryContext old = MemoryContextSwitchTo(context);

			link->key = PointerGetDatum(DatumGetArrayTypePCopy(key));
			MemoryContextSwitchTo(old);
		}
		(void) ScimResult(0, 3, TIMESTAMPTZOID, &isnull);
		link->detached = !isnull;
		link->tenant_id = DatumGetInt32(ScimResultValue(0, 4, INT4OID));
	}
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

bool
ScimLinkOfKey(const ScimBinding *binding, int32 tenant_id, Datum key, ScimLink *link)
{
	ScimParams params;

	start(binding, &params, tenant_id);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	return find(binding, "key = $3", &params, link);
}

bool
ScimLinkOfResource(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
				   ScimLink *link)
{
	ScimParams params;

	start(binding, &params, tenant_id);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
	return find(binding, "resource_id = $3", &params, link);
}

static void
execute(const ScimBinding *binding, const char *statement, const ScimParams *params)
{
	ScimIdentity caller = ScimBeOwner(binding->store->owner);

	SPI_connect();
	ScimSpiExecute(statement, params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
}

/* ScimLinkPut makes or changes the link of a resource. */
void
ScimLinkPut(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id, Datum key,
			bool has_key, bool detached)
{
	ScimParams params;

	start(binding, &params, tenant_id);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
	ScimParamsAdd(&params, TEXTARRAYOID, key, !has_key);
	execute(binding,
			psprintf("INSERT INTO %s.binding_link AS l "
					 "(tenant_id, binding_id, resource_id, key, detached) "
					 "VALUES ($1, $2, $3, $4, %s) "
					 "ON CONFLICT (tenant_id, binding_id, resource_id) "
					 "DO UPDATE SET key = excluded.key, detached = excluded.detached",
					 binding->store->quoted_name, detached ? "now()" : "NULL"),
			&params);
}

/*
 * ScimLinkForget: the row has gone, too.  Who is kept in the store is known to have had
 * one; for_good: he has gone.
 */
void
ScimLinkForget(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
			   bool for_good)
{
	if (for_good)
		ScimLinkDrop(binding, tenant_id, id);
	else
		ScimLinkPut(binding, tenant_id, id, (Datum) 0, false, true);
}

void
ScimLinkDrop(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;

	start(binding, &params, tenant_id);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(id), false);
	execute(binding,
			psprintf("DELETE FROM %s.binding_link WHERE tenant_id = $1 "
					 "AND binding_id = $2 AND resource_id = $3",
					 binding->store->quoted_name),
			&params);
}
