/*
 * guards.c
 *		scim.guards and scim.release_guard: what the policies "guard" have counted, and
 *		those that have tripped set going again.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "audit/audit.h"
#include "event/event.h"

#include "json/json.h"
#include "store/acting.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/written.h"

PG_FUNCTION_INFO_V1(scim_guards);
PG_FUNCTION_INFO_V1(scim_release_guard);

/* The policies "guard" p that hold in the tenant $1. */
#define GUARDS_OF_TENANT                                                \
	"p.kind = 'guard' AND p.enabled AND (p.tenant_id = $1 "             \
	"OR p.tenant_id IS NULL AND NOT EXISTS (SELECT FROM %1$s.policy o " \
	"WHERE o.tenant_id = $1 AND o.resource_type = p.resource_type "     \
	"AND o.kind = p.kind AND o.name = p.name))"

/* scim.guards() returns table: those of the tenant, and where they are */
Datum
scim_guards(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimParams params;

	ScimRequireSelect(store, SCIM_TABLE_GUARD);
	InitMaterializedSRF(fcinfo, 0);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimSpiExecute(
		psprintf(
			"SELECT p.name, p.resource_type, g.key, g.actor, "
			"CASE WHEN g.tripped_at IS NULL THEN 'armed' ELSE 'tripped' END, c.used, "
			"(p.settings ->> 'limit')::bigint, "
			"make_interval(secs => (p.settings ->> 'seconds')::float8), "
			"(coalesce(p.settings ->> 'least', CASE WHEN p.settings ?| "
			"ARRAY['holders', 'group'] THEN '1' END))::bigint, c.since, "
			"g.tripped_at, g.tripped_by, g.resource_id "
			"FROM %1$s.policy p LEFT JOIN %1$s.guard g "
			"ON g.policy_id = p.id AND g.tenant_id = $1 AND (g.key = '') = "
			"(p.settings ->> 'per' IS DISTINCT FROM 'token'), LATERAL "
			"(SELECT CASE WHEN p.settings ? 'limit' THEN coalesce(sum(n.amount), 0) "
			"END::bigint AS used, min(n.at) AS since FROM %1$s.guard_count n "
			"WHERE n.tenant_id = $1 AND n.guard_id = g.id AND n.at > clock_timestamp() "
			"- make_interval(secs => (p.settings ->> 'seconds')::float8)) c "
			"WHERE " GUARDS_OF_TENANT " ORDER BY p.resource_type, p.name, g.key",
			store->quoted_name),
		&params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/* Sets one going that has tripped, and says so; columns as scim_release_guard selects. */
static void
release(ScimStore *store, int32 tenant_id, HeapTuple row, TupleDesc desc)
{
	JsonbValue *data = ScimJsonNewObject();
	ScimParams params;
	bool isnull;

	ScimParamsOfResource(&params, tenant_id,
						 DatumGetUUIDP(ScimColumnValue(row, desc, 1, UUIDOID)));
	ScimSpiExecute(psprintf("DELETE FROM %s.guard_count "
							"WHERE tenant_id = $1 AND guard_id = $2",
							store->quoted_name),
				   &params, false, 0);
	ScimSpiExecute(
		psprintf("UPDATE %s.guard SET used = 0, changed_at = clock_timestamp(), "
				 "tripped_at = NULL, tripped_by = NULL, resource_id = NULL "
				 "WHERE tenant_id = $1 AND id = $2",
				 store->quoted_name),
		&params, false, 0);
	(void) ScimColumn(row, desc, 4, UUIDOID, &isnull);
	if (isnull)
		return; /* somebody has tripped it by hand, and there is nobody to tell of */
	ScimJsonSet(
		data, "guard",
		ScimJsonNewString(TextDatumGetCString(ScimColumnValue(row, desc, 2, TEXTOID))));
	ScimParamsOfResource(&params, tenant_id,
						 DatumGetUUIDP(ScimColumnValue(row, desc, 4, UUIDOID)));
	ScimParamsAdd(&params, TEXTOID, ScimColumnValue(row, desc, 3, TEXTOID), false);
	ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(ScimJsonToJsonb(data)), false);
	ScimParamsAdd(&params, TEXTOID,
				  CStringGetTextDatum(ScimActorIn(store->namespace_oid)), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  TimestampTzGetDatum(ScimClock(store, SCIM_NO_INSTANT)), false);
	ScimParamsAdd(&params, TEXTOID,
				  CStringGetTextDatum(SCIM_EVENT("misc:guard-released")), false);
	ScimSpiWriteOwn(psprintf("INSERT INTO %s.event (tenant_id, event_uri, resource_type, "
							 "resource_id, data, operation, actor, at) "
							 "VALUES ($1, $7, $3, $2, $4, 'release guard', $5, $6)",
							 store->quoted_name),
					&params);
	ScimChannelsNotify(store, tenant_id);
}

/* $1 the tenant, and the first arguments, which are texts or null. */
static void
start_params(FunctionCallInfo fcinfo, int32 tenant_id, int narguments, ScimParams *params)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
	for (int i = 0; i < narguments; i++)
		ScimParamsAdd(params, TEXTOID, PG_ARGISNULL(i) ? (Datum) 0 : PG_GETARG_DATUM(i),
					  PG_ARGISNULL(i));
}

/* scim.release_guard(name text, resource_type text, key text) returns bigint */
Datum
scim_release_guard(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	int32 tenant_id = ScimTenant();
	ScimIdentity caller;
	ScimParams params;
	SPITupleTable *rows;
	uint64 nrows;

	ScimRequireWrite(store, SCIM_TABLE_GUARD, "changed_at", "UPDATE");
	ScimScopeRefuse(store->namespace_oid, "release guards");
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	start_params(fcinfo, tenant_id, 2, &params);
	ScimSpiExecute(psprintf("SELECT FROM %1$s.policy p WHERE " GUARDS_OF_TENANT
							" AND p.name = coalesce($2, p.name) "
							"AND p.resource_type = coalesce($3, p.resource_type)",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0 && !PG_ARGISNULL(0))
		ereport(
			ERROR,
			(ScimErr(SCIM_NOT_FOUND),
			 errmsg("there is no guard \"%s\"%s", text_to_cstring(PG_GETARG_TEXT_PP(0)),
					PG_ARGISNULL(1)
						? ""
						: psprintf(" of %s", text_to_cstring(PG_GETARG_TEXT_PP(1))))));
	start_params(fcinfo, tenant_id, 3, &params);
	ScimSpiExecute(
		psprintf("SELECT g.id, p.name, p.resource_type, g.resource_id FROM %1$s.guard g "
				 "JOIN %1$s.policy p ON p.id = g.policy_id WHERE g.tenant_id = $1 "
				 "AND g.tripped_at IS NOT NULL AND p.name = coalesce($2, p.name) "
				 "AND p.resource_type = coalesce($3, p.resource_type) "
				 "AND g.key = coalesce($4, g.key) ORDER BY g.policy_id, g.key "
				 "FOR NO KEY UPDATE OF g",
				 store->quoted_name),
		&params, false, 0);
	rows = SPI_tuptable;
	nrows = SPI_processed;
	for (uint64 i = 0; i < nrows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		release(store, tenant_id, rows->vals[i], rows->tupdesc);
	}
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_INT64((int64) nrows);
}
