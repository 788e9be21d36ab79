/*
 * upgrade.c
 *		scim.upgrade_store and scim.repair_store: what brings a store forward, and what
 *		puts back what it has lost, as the owner of the store.
 *
 * A superuser sees to the stores of others.  What these have made, views in
 * the place of tables, triggers, defaults, runs on the way, with no rights but their
 * own: as in a SECURITY DEFINER function, nobody can change the role back.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/rights.h"
#include "store/statement/shard.h"
#include "store/statement/statement.h"
#include "store/statement/tables.h"
#include "store/store.h"

SCIM_FUNCTION_OF_VALUES(scim_upgrade_store);
SCIM_FUNCTION_OF_VALUES(scim_repair_store);
PG_FUNCTION_INFO_V1(scim_has_door);

/*
 * Whose the table "resource" of a schema is or, where somebody has renamed that, another
 * one of a store; InvalidOid: there is none.
 */
static Oid
find_owner(const char *store)
{
	Oid namespace_oid = get_namespace_oid(store, true);
	Oid relid = OidIsValid(namespace_oid) ? get_relname_relid("resource", namespace_oid)
										  : InvalidOid;

	if (OidIsValid(namespace_oid) && !OidIsValid(relid))
		relid = get_relname_relid("binding_link", namespace_oid);
	return ScimRelationOwner(relid);
}

/*
 * What is done as the owner of a store finds all of its tables his, and its schema, and
 * may write them; but for rows that nobody is to change.
 */
static void
require_no_fault(Oid namespace_oid, Oid owner)
{
	ListCell *lc;

	foreach (lc, ScimStoreFaults(namespace_oid, owner))
	{
		const ScimFault *fault = lfirst(lc);

		if (fault->kind != SCIM_FAULT_KEPT)
			ScimFaultRaise(fault, NULL);
	}
}

/* The owner of a store; an error where there is no such store, or it is not the caller's.
 */
static Oid
require_owner(const char *store)
{
	Oid owner = find_owner(store);
	bool complained = true; /* who asks is told, and nobody else */

	/* what an earlier version has of this function would find nothing to do */
	ScimExtensionRequireFit(store, &complained);
	if (!OidIsValid(owner))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
						errmsg("store \"%s\" does not exist", store)));
	if (!has_privs_of_role(GetUserId(), owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\"", store)));
	ScimScopeRefuse(get_namespace_oid(store, false), "change what the store consists of");
	require_no_fault(get_namespace_oid(store, false), owner);
	ScimDefinitionsRequireSeen(get_namespace_oid(store, false));
	return owner;
}

/* The texts that a query returns as the owner of a store are those of the function. */
static void
return_as_owner(FunctionCallInfo fcinfo, Oid owner, const char *query, ScimParams *params)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimIdentity caller = ScimBeOwner(owner);
	bool before;

	SPI_connect();
	before = ScimStoreMend(true);
	PG_TRY();
	{
		ScimSpiExecuteOnce(query, params, false, 0);
	}
	PG_FINALLY();
	{
		ScimStoreMend(before);
	}
	PG_END_TRY();
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum value = ScimResultValue(i, 1, TEXTOID);
		bool isnull = false;

		tuplestore_putvalues(result->setResult, result->setDesc, &value, &isnull);
	}
	SPI_finish();
	ScimBeCaller(caller);
}

/* scim.upgrade_store(name text, dry_run boolean, user_names jsonb) returns setof text */
static Datum
scim_upgrade_store_given(PG_FUNCTION_ARGS)
{
	Oid owner = require_owner(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	ScimParams params;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, PG_GETARG_DATUM(0), false);
	ScimParamsAdd(&params, BOOLOID, PG_GETARG_DATUM(1), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(owner == GetUserId()), false);
	ScimParamsAdd(&params, JSONBOID, PG_GETARG_DATUM(2), false);
	return_as_owner(fcinfo, owner,
					"SELECT statement FROM scim_internal.upgrade_store($1, $2, $3, $4)",
					&params);
	return (Datum) 0;
}

/*
 * scim.repair_store(name text) returns setof text
 *
 * The schema in which the tables of a new store are made, to be compared, is the
 * caller's to make: the owner of a store need not be one who may.
 */
static Datum
scim_repair_store_given(PG_FUNCTION_ARGS)
{
	Oid owner = require_owner(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	char *pattern = psprintf("scim_pattern_%d", MyProcPid);
	ScimParams params;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	SPI_connect();
	ScimSpiExecuteOnce(psprintf("CREATE SCHEMA %s AUTHORIZATION %s", pattern,
								quote_identifier(GetUserNameFromId(owner, false))),
					   NULL, false, 0);
	SPI_finish();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, PG_GETARG_DATUM(0), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(pattern), false);
	return_as_owner(fcinfo, owner,
					"SELECT statement FROM scim_internal.repair_store($1, $2)", &params);
	return (Datum) 0;
}

/* scim_internal.has_door(relation oid): called by a trigger that is the store's own */
Datum
scim_has_door(PG_FUNCTION_ARGS)
{
	bool has_door = ScimStoreHasDoor(PG_GETARG_OID(0));

	/* a shard is no table of the store's but while something is done for a tenant */
	if (!has_door)
		ScimRefuseShard(PG_GETARG_OID(0));
	PG_RETURN_BOOL(has_door);
}
