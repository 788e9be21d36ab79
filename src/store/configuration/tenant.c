/*
 * tenant.c
 *		scim.create_tenant and scim.drop_tenant.
 *
 * Those two are up to the owner of a store, who acts for all tenants here, whichever is
 * his own and whether row-level security is forced upon him or not.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "extension.h"
#include "store/acting.h"
#include "store/at_tenant.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/statement/shard.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_create_tenant);
SCIM_FUNCTION_OF_VALUES(scim_drop_tenant);
PG_FUNCTION_INFO_V1(scim_forget_tenant);

static ScimStore *
own_store(void)
{
	ScimStore *store = ScimStoreConfigured();

	if (!has_privs_of_role(GetUserId(), store->owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\" to change its tenants",
							   store->name)));
	ScimScopeRefuse(store->namespace_oid, "change the tenants");
	return store;
}

/* What base_url is; as the constraint of the table has it. */
#define MAX_URL 1024
#define URL_PATTERN "^https?://[^/?#[:space:]]+(/[^/?#[:space:]]+)*$"

/* An error where a tenant cannot be served there, or another one is (SPI is connected).
 */
static void
check_base_url(ScimStore *store, Datum base_url)
{
	ScimParams params;

	ScimCheckLength(base_url, "the base_url of a tenant", 1, MAX_URL);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, base_url, false);
	ScimSpiExecute("SELECT $1 ~ '" URL_PATTERN "'", &params, true, 1);
	if (!DatumGetBool(ScimResultValue(0, 1, BOOLOID)))
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("the base_url of a tenant is http:// or https://, a host and a "
						"path, without query, fragment, white space and \"/\" at the "
						"end: \"%s\"",
						TextDatumGetCString(base_url))));
	/* the table is locked; in the expression of its unique index */
	ScimSpiExecute(psprintf("SELECT tenant_id FROM %s.tenant "
							"WHERE substr(base_url, 1) = $1 COLLATE \"C\"",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("tenant %d is served at \"%s\" already",
							   DatumGetInt32(ScimResultValue(0, 1, INT4OID)),
							   TextDatumGetCString(base_url))));
}

/* Do the audit or events tell of a number, on the node that would be his? */
static bool
is_told_of(ScimStore *store, int32 number)
{
	const char *text = psprintf("%d", number);
	ScimParams params;

	if (ScimIsSpread(store))
		return ScimAtTenant(
				   store, number, true,
				   psprintf("(SELECT FROM %1$s.audit WHERE tenant_id = $1::int LIMIT 1) "
							"UNION ALL (SELECT FROM %1$s.event "
							"WHERE tenant_id = $1::int LIMIT 1)",
							store->quoted_name),
				   ScimAtTenantArguments(&text, 1)) != NIL;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(number), false);
	ScimSpiExecute(psprintf("(SELECT FROM %1$s.audit WHERE tenant_id = $1 LIMIT 1) "
							"UNION ALL (SELECT FROM %1$s.event WHERE tenant_id = $1 "
							"LIMIT 1)",
							store->quoted_name),
				   &params, false, 1);
	return SPI_processed > 0;
}

static bool
is_there(ScimStore *store, int32 number)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(number), false);
	ScimSpiExecute(
		psprintf("SELECT FROM %s.tenant WHERE tenant_id = $1", store->quoted_name),
		&params, false, 1);
	return SPI_processed > 0;
}

/*
 * The next number: behind those that there are, or that the audit and events tell of.  In
 * a store that is distributed the node is asked that would be his.  Behind the last
 * number comes the least that nobody had.
 */
static int32
next_number(ScimStore *store)
{
	int64 number;

	ScimSpiExecute(
		psprintf(ScimIsSpread(store)
					 ? "SELECT coalesce(max(tenant_id), 0) + 1::bigint FROM %1$s.tenant"
					 : "SELECT greatest(0, (SELECT max(tenant_id) FROM %1$s.tenant), "
					   "(SELECT max(tenant_id) FROM %1$s.audit), "
					   "(SELECT max(tenant_id) FROM %1$s.event)) + 1::bigint",
				 store->quoted_name),
		NULL, false, 1);
	number = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
	for (;; number++)
	{
		CHECK_FOR_INTERRUPTS();
		if (number > PG_INT32_MAX)
			number = 1;
		if (!is_there(store, (int32) number) && !is_told_of(store, (int32) number))
			return (int32) number;
	}
}

/*
 * scim.create_tenant(name text, base_url text) returns int
 *
 * A number that was somebody else's would make his audit that of the new one.
 */
Datum
scim_create_tenant(PG_FUNCTION_ARGS)
{
	ScimStore *store = own_store();
	ScimIdentity caller;
	ScimParams params;
	int32 tenant_id;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("the name of a tenant must not be null")));
	caller = ScimBeOwner(store->owner);
	LockRelationOid(store->tables.relid[SCIM_TABLE_TENANT], ShareRowExclusiveLock);
	ScimTableRequireSeen(store->tables.relid[SCIM_TABLE_TENANT]);
	SPI_connect();
	if (!PG_ARGISNULL(1))
		check_base_url(store, PG_GETARG_DATUM(1));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, PG_GETARG_DATUM(0), false);
	ScimParamsAdd(&params, TEXTOID, PG_ARGISNULL(1) ? (Datum) 0 : PG_GETARG_DATUM(1),
				  PG_ARGISNULL(1));
	tenant_id = next_number(store);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiWrite("tenant",
				 psprintf("INSERT INTO %1$s.tenant (name, base_url, tenant_id) "
						  "VALUES ($1, $2, $3) RETURNING tenant_id",
						  store->quoted_name),
				 &params);
	tenant_id = DatumGetInt32(ScimResultValue(0, 1, INT4OID));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_INT32(tenant_id);
}

/* What else is stored for a tenant goes; that he has no resources a trigger checks. */
static void
forget(ScimStore *store, int32 tenant_id, bool check)
{
	static const char *const tables[] = {"guard", "consumer", "token", "client",
										 "client_failure"};
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	if (check)
	{
		ScimSpiExecute(
			psprintf("SELECT FROM %s.resource WHERE tenant_id = $1", store->quoted_name),
			&params, false, 1);
		if (SPI_processed > 0)
			ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
							errmsg("tenant %d still has resources", tenant_id),
							errdetail("Those that are deleted or off-boarded count."),
							errhint("scim.purge() removes them for good.")));
	}
	ScimDatabaseRoleWrite(
		psprintf("DELETE FROM %s.database_role WHERE tenant_id = $1", store->quoted_name),
		&params);
	ScimSpiWriteOwn(
		psprintf("DELETE FROM %s.binding_link WHERE tenant_id = $1", store->quoted_name),
		&params);
	for (size_t i = 0; i < lengthof(tables); i++)
		ScimSpiExecute(psprintf("DELETE FROM %s.%s WHERE tenant_id = $1",
								store->quoted_name, tables[i]),
					   &params, false, 0);
}

static void
forget_on_node(ScimStore *store, int32 tenant_id)
{
	const char *text = psprintf("%d", tenant_id);

	(void) ScimAtTenant(store, tenant_id, true,
						psprintf("SELECT %s.forget_tenant($1::int)",
								 get_namespace_name(ScimInternalNamespace())),
						ScimAtTenantArguments(&text, 1));
}

/* scim_internal.forget_tenant(tenant int) returns void */
Datum
scim_forget_tenant(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	int32 tenant_id;
	ScimIdentity caller;

	if (!ScimIsOwner(store->namespace_oid) ||
		!ScimShardsTenant(store->namespace_oid, &tenant_id) ||
		tenant_id != PG_GETARG_INT32(0))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("only the store has its shards follow")));
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	forget(store, tenant_id, true);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

/*
 * Whoever makes a row of a tenant holds that of the tenant by a foreign key, until his
 * transaction ends: what he made is seen by then, and goes.  Before the resources are
 * locked, since he may write some next (SPI is connected).
 */
static void
wait_for_writers(ScimStore *store, int32 tenant_id)
{
	static const char *const tables[] = {"policy", "setting", "tenant_role", "binding",
										 "token",  "client",  "consumer"};
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.tenant WHERE tenant_id = $1 FOR UPDATE",
							store->quoted_name),
				   &params, false, 1);
	for (size_t i = 0; i < lengthof(tables); i++)
		ScimRowsRequireSeen(
			psprintf("%s.%s WHERE tenant_id = $1", store->quoted_name, tables[i]),
			&params, "somebody has made something of the tenant meanwhile");
}

/* scim.drop_tenant(tenant_id int) returns void */
static Datum
scim_drop_tenant_given(PG_FUNCTION_ARGS)
{
	/* what he is configured to be */
	static const char *const tables[] = {"setting", "policy", "tenant_role", "tenant"};
	ScimStore *store = own_store();
	int32 tenant_id = PG_GETARG_INT32(0);
	ScimIdentity caller;
	ScimParams params;

	caller = ScimBeOwner(store->owner);
	ScimLockRegistry(&store->tables);
	/* in the order of who deletes the row himself (door/consistency.c) */
	LockRelationOid(store->tables.relid[SCIM_TABLE_TENANT], ShareRowExclusiveLock);
	SPI_connect();
	if (!ScimIsSpread(store))
		wait_for_writers(store, tenant_id);
	ScimLockResources(store->tables.relid[SCIM_TABLE_RESOURCE], ShareRowExclusiveLock);
	ScimSpiExecute(psprintf("SELECT FROM %s.tenant", store->quoted_name), NULL, false, 2);
	if (SPI_processed == 1)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("store \"%s\" has one tenant only", store->name),
						errhint("scim.drop_store() removes all of it.")));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(psprintf("SELECT relation::text FROM %s.binding WHERE tenant_id = $1",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("table \"%s\" is bound to tenant %d", ScimResultText(0, 1),
							   tenant_id),
						errhint("scim.unbind_table() ends it.")));
	if (!ScimIsSpread(store))
		forget(store, tenant_id, false);
	for (size_t i = 0; i < lengthof(tables); i++)
	{
		/* behind their settings, which are on all nodes */
		if (i == lengthof(tables) - 1 && ScimIsSpread(store))
			forget_on_node(store, tenant_id);
		ScimSpiExecute(psprintf("DELETE FROM %s.%s WHERE tenant_id = $1",
								store->quoted_name, tables[i]),
					   &params, false, 0);
	}
	if (SPI_processed == 0)
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND), errmsg("tenant %d does not exist", tenant_id)));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}
