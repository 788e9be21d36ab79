/*
 * statistics.c
 *		What a store tells who watches it: whether it can serve, and how it is.
 *
 * Nothing is counted while requests are served.  What there is to say lies in the
 * tables already, and scim_internal.store_statistics asks for it.
 */
#include "postgres.h"

#include "access/gin.h"
#include "access/genam.h"
#include "access/relation.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "error.h"
#include "store/at_tenant.h"
#include "store/statement/plan.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_require_ready);
PG_FUNCTION_INFO_V1(scim_statistics);
PG_FUNCTION_INFO_V1(scim_index_pending_pages);

static const char *const parts[] = {"people", "tokens",  "events",  "audit",
									"guards", "storage", "requests"};

/*
 * scim_internal.require_ready(role text) returns void: an error where the current store
 * cannot serve requests, as that role where there is one.
 */
Datum
scim_require_ready(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreConfigured();

	if (!PG_ARGISNULL(0))
	{
		const char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
		Oid role = get_role_oid(name, true);

		if (!OidIsValid(role) || !ScimStoreIsGranted(store, role, true))
			ereport(
				ERROR,
				(ScimErr(SCIM_UNAVAILABLE),
				 errmsg("role \"%s\" lacks grants on store \"%s\"", name, store->name),
				 errhint("Run psql -v store=%s -f conf/postgrest.sql; setup.sql "
						 "of scim-configure does.",
						 store->name)));
	}
	PG_RETURN_VOID();
}

/*
 * scim.statistics(part text) returns table (store, name, labels, value): figures
 * of all tenants, for who may know of the store.
 */
Datum
scim_statistics(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimStore *store = ScimStoreConfigured();
	const char *part = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	ScimIdentity caller;
	ScimParams params;
	NameData name;

	ScimRequireSelect(store, SCIM_TABLE_STORE);
	if (part != NULL)
	{
		size_t i = 0;

		while (i < lengthof(parts) && strcmp(part, parts[i]) != 0)
			i++;
		if (i == lengthof(parts))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("there are no statistics \"%s\"", part),
							errhint("There are people, tokens, events, audit, guards, "
									"storage and requests.")));
	}
	InitMaterializedSRF(fcinfo, 0);
	namestrcpy(&name, store->name);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, NAMEOID, NameGetDatum(&name), false);
	ScimParamsAdd(&params, TEXTOID, part ? CStringGetTextDatum(part) : (Datum) 0,
				  part == NULL);
	ScimSpiExecute(ScimIsSpread(store) ? "SELECT $1::text, name, labels, value "
										 "FROM scim_internal.spread_statistics($1, $2)"
									   : "SELECT $1::text, name, labels, value "
										 "FROM scim_internal.store_statistics($1, $2)",
				   &params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/*
 * scim_internal.index_pending_pages(index regclass) returns bigint: by the first page of
 * the index, as VACUUM VERBOSE would say it; or NULL.
 */
Datum
scim_index_pending_pages(PG_FUNCTION_ARGS)
{
	Oid index_oid = PG_GETARG_OID(0);
	Oid table_oid = IndexGetRelation(index_oid, true);
	Relation index;
	GinStatsData stats;
	bool is_gin;

	if (!OidIsValid(table_oid) ||
		pg_class_aclcheck(table_oid, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		PG_RETURN_NULL();
	index = try_relation_open(index_oid, AccessShareLock);
	if (index == NULL)
		PG_RETURN_NULL();
	is_gin = index->rd_rel->relkind == RELKIND_INDEX &&
			 index->rd_rel->relam == GIN_AM_OID && !RELATION_IS_OTHER_TEMP(index);
	if (is_gin)
		ginGetStats(index, &stats);
	relation_close(index, AccessShareLock);
	if (!is_gin)
		PG_RETURN_NULL();
	PG_RETURN_INT64(stats.nPendingPages);
}
