/*
 * upgrade.c
 *		scim.upgrade_store: what brings a store forward, as the owner of the store.
 *
 * A superuser brings forward the stores of others.  What these have made, views in
 * the place of tables, triggers, defaults, runs on the way, with no rights but their
 * own: as in a SECURITY DEFINER function, nobody can change the role back.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "store/column.h"
#include "store/plan.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_upgrade_store);

/* Whose the table "resource" of a schema is; InvalidOid: there is none. */
static Oid
find_owner(const char *store)
{
	Oid namespace_oid = get_namespace_oid(store, true);
	Oid relid = OidIsValid(namespace_oid) ? get_relname_relid("resource", namespace_oid)
										  : InvalidOid;
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid owner = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
	}
	return owner;
}

/* scim.upgrade_store(name text, dry_run boolean) returns setof text */
Datum
scim_upgrade_store(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	char *store = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Oid owner = find_owner(store);
	ScimIdentity caller;
	ScimParams params;
	bool complained = true; /* who asks is told, and nobody else */

	/* what an earlier version has of this function would find nothing to do */
	ScimExtensionRequireFit(store, &complained);
	if (!OidIsValid(owner))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
						errmsg("store \"%s\" does not exist", store)));
	if (!has_privs_of_role(GetUserId(), owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\"", store)));
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, PG_GETARG_DATUM(0), false);
	ScimParamsAdd(&params, BOOLOID, PG_GETARG_DATUM(1), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(owner == GetUserId()), false);

	caller = ScimBeOwner(owner);
	SPI_connect();
	ScimSpiExecuteOnce("SELECT statement FROM scim_internal.upgrade_store($1, $2, $3)",
					   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum value = ScimResultValue(i, 1, TEXTOID);
		bool isnull = false;

		tuplestore_putvalues(result->setResult, result->setDesc, &value, &isnull);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}
