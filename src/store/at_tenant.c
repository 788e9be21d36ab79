/*
 * at_tenant.c
 *		What is done for a tenant on the node where his rows are.  See at_tenant.h.
 *
 * Each distributed store has a function at_tenant(tenant_id, ...), which Citus calls on
 * the node of the tenant, in the transaction that called it.  No setting of a session
 * goes along: which store it is, for whom and as whom somebody acts and where the store
 * is served are in its arguments, and are settings there while it runs.  They are
 * believed of whoever calls it, as they would be here.
 */
#include "postgres.h"

#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "catalog/namespace.h"

#include "error.h"
#include "json/json.h"
#include "store/acting.h"
#include "store/at_tenant.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/shard.h"

#define MAX_ARGUMENTS 64

PG_FUNCTION_INFO_V1(scim_at_tenant);
PG_FUNCTION_INFO_V1(scim_at_shards);

bool
ScimIsSpread(const ScimStore *store)
{
	return store->distributed && store->shards == 0;
}

Datum
ScimAtTenantArguments(const char *const *texts, int n)
{
	Datum *values = palloc(sizeof(Datum) * Max(n, 1));
	bool *nulls = palloc(sizeof(bool) * Max(n, 1));

	for (int i = 0; i < n; i++)
	{
		nulls[i] = texts[i] == NULL;
		values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(texts[i]);
	}
	return ScimArray(values, nulls, n, TEXTOID);
}

/* A setting of the session that nobody has made is "unset", or the number -1. */
static void
say(JsonbValue *said, const char *setting, const char *value)
{
	if (value != NULL && value[0] != '\0' && strcmp(value, "unset") != 0 &&
		strcmp(value, "-1") != 0 && strcmp(value, "off") != 0)
		ScimJsonSet(said, setting, ScimJsonNewString(value));
}

/* What of the session goes along. */
static Jsonb *
what_is_said(const ScimStore *store, int32 tenant_id)
{
	static const char *const others[] = {"scim.request_id", "scim.write_read_only",
										 "scim.check_resources", "request.jwt.claims"};
	JsonbValue *said = ScimJsonNewObject();

	say(said, "scim.store", store->name);
	say(said, "scim.tenant", psprintf("%d", tenant_id));
	say(said, "scim.actor", ScimActorIn(store->namespace_oid));
	say(said, "scim.me", ScimMeIn(store->namespace_oid));
	for (size_t i = 0; i < lengthof(others); i++)
		say(said, others[i], GetConfigOption(others[i], true, false));
	for (int i = 0; i < SCIM_SETTINGS; i++)
	{
		const char *guc = ScimSettingDefined((ScimSettingId) i)->guc;

		say(said, guc, GetConfigOption(guc, true, false));
	}
	return ScimJsonToJsonb(said);
}

List *
ScimAtTenant(const ScimStore *store, int32 tenant_id, bool as_owner, const char *query,
			 Datum arguments)
{
	MemoryContext context = CurrentMemoryContext;
	Jsonb *said = what_is_said(store, tenant_id);
	ScimIdentity caller;
	ScimParams params;
	List *rows = NIL;

	if (ScimProved() != NULL && !as_owner)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("what is proved here is not known where tenant %d of store "
						"\"%s\" is",
						tenant_id, store->name),
				 errhint("scim.gateway() proves it there.")));
	if (as_owner)
		caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(said), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(query), false);
	ScimParamsAdd(&params, TEXTARRAYOID, arguments, false);
	ScimSpiExecuteOnce(psprintf("SELECT at_tenant FROM %s.at_tenant($1, $2, $3, $4)",
								store->quoted_name),
					   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum row = ScimResultValue(i, 1, JSONBOID);
		MemoryContext old = MemoryContextSwitchTo(context);

		rows = lappend(rows, PG_DETOAST_DATUM_COPY(row));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	if (as_owner)
		ScimBeCaller(caller);
	return rows;
}

List *
ScimAtEachShard(const ScimStore *store, const char *query, Datum arguments)
{
	ScimIdentity caller = ScimBeOwner(store->owner);
	MemoryContext context = CurrentMemoryContext;
	List *rows = NIL;
	uint64 n;
	int32 *tenants;

	SPI_connect();
	ScimSpiExecuteOnce(
		psprintf("SELECT min(t.tenant_id) FROM (SELECT tenant_id FROM %1$s.tenant "
				 "UNION ALL SELECT 0) AS t GROUP BY pg_catalog."
				 "get_shard_id_for_distribution_column(%2$s, t.tenant_id) ORDER BY 1",
				 store->quoted_name,
				 quote_literal_cstr(psprintf("%s.member", store->quoted_name))),
		NULL, false, 0);
	n = SPI_processed;
	tenants = palloc(sizeof(int32) * Max(n, 1));
	for (uint64 i = 0; i < n; i++)
		tenants[i] = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
	for (uint64 i = 0; i < n; i++)
	{
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		old = MemoryContextSwitchTo(context);
		rows = list_concat(rows, ScimAtTenant(store, tenants[i], true, query, arguments));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return rows;
}

static void
put_rows(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool isnull = false;
		Datum value = ScimResultValue(i, 1, JSONBOID);

		tuplestore_putvalues(result->setResult, result->setDesc, &value, &isnull);
	}
}

/* Executes a query with a text[] as its parameters, and hands on its rows. */
static void
execute(FunctionCallInfo fcinfo, text *query, ArrayType *arguments)
{
	Datum *values;
	bool *nulls;
	int n;
	ScimParams params;

	deconstruct_array(arguments, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	if (n > MAX_ARGUMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a query for a tenant has at most %d arguments", MAX_ARGUMENTS)));
	SPI_connect();
	ScimParamsInit(&params);
	for (int i = 0; i < n; i++)
		ScimParamsAdd(&params, TEXTOID, values[i], nulls[i]);
	/* it may end with a comment */
	ScimSpiExecuteOnce(
		psprintf("SELECT pg_catalog.to_jsonb(scim_row) FROM (%s\n) AS scim_row",
				 text_to_cstring(query)),
		&params, false, 0);
	put_rows(fcinfo);
	SPI_finish();
}

/*
 * What is done for a tenant has to be done for that one: who has proved that he is of
 * another, or is of one by his role, would be answered what is true of his own.
 */
static void
require_tenant(int32 tenant_id, int32 acting)
{
	if (tenant_id != acting)
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("who acts for tenant %d does nothing for tenant %d",
							   acting, tenant_id)));
}

/*
 * scim.at_tenant(tenant_id int, query text, arguments text[]) returns setof jsonb
 *
 * Executes a query for a tenant of the current store, as the caller.  Of one that is
 * distributed, on the node where the tenant's rows are; of any other, here.  SC403 for
 * who may act for another tenant only.
 */
Datum
scim_at_tenant(PG_FUNCTION_ARGS)
{
	const ScimStore *store;
	const ScimProof *proof = ScimProved();
	int32 tenant_id;
	ReturnSetInfo *result;
	int level;
	ListCell *lc;

	for (int i = 0; i < 3; i++)
	{
		if (PG_ARGISNULL(i))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("tenant, query and arguments must not be null")));
	}
	tenant_id = PG_GETARG_INT32(0);
	store = ScimStoreForReading();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	/* the audit of what is changed for all tenants has a shard, too */
	if (!(tenant_id == 0 && store->distributed) && !ScimTenantExists(store, tenant_id))
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND), errmsg("tenant %d does not exist", tenant_id)));
	if (proof != NULL && proof->namespace_oid == store->namespace_oid)
		require_tenant(tenant_id, proof->tenant_id);
	if (!ScimIsSpread(store))
	{
		level = NewGUCNestLevel();
		(void) set_config_option("scim.tenant", psprintf("%d", tenant_id), PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
		require_tenant(tenant_id, ScimTenant());
		execute(fcinfo, PG_GETARG_TEXT_PP(1), PG_GETARG_ARRAYTYPE_P(2));
		AtEOXact_GUC(true, level);
		return (Datum) 0;
	}
	foreach (lc, ScimAtTenant(store, tenant_id, false,
							  text_to_cstring(PG_GETARG_TEXT_PP(1)), PG_GETARG_DATUM(2)))
	{
		Datum value = JsonbPGetDatum(lfirst(lc));
		bool isnull = false;

		tuplestore_putvalues(result->setResult, result->setDesc, &value, &isnull);
	}
	return (Datum) 0;
}

/* Makes settings of what was said where the call came from. */
static void
take_said(Jsonb *said)
{
	const JsonbValue *object = ScimJsonFromJsonb(said);

	for (int i = 0; object->type == jbvObject && i < object->val.object.nPairs; i++)
	{
		const char *name = ScimJsonStringCopy(&object->val.object.pairs[i].key);
		const char *value = ScimJsonStringCopy(&object->val.object.pairs[i].value);

		if (value == NULL || (strncmp(name, "scim.", strlen("scim.")) != 0 &&
							  strcmp(name, "request.jwt.claims") != 0))
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" is no setting that goes to the node of a tenant", name)));
		(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
	}
}

/* Whoever may call at_tenant() of the store may have done here what it does. */
static void
require_call(Oid namespace_oid)
{
	const Oid types[] = {INT4OID, JSONBOID, TEXTOID, TEXTARRAYOID};
	Oid function =
		GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("at_tenant"),
						PointerGetDatum(buildoidvector(types, lengthof(types))),
						ObjectIdGetDatum(namespace_oid));

	if (OidIsValid(function) && DatumGetBool(DirectFunctionCall2(
									has_function_privilege_id, ObjectIdGetDatum(function),
									CStringGetTextDatum("EXECUTE"))))
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("permission denied for what is done for tenants of a store")));
}

/* What at_tenant() of a store asks for. */
static void
at_shards(FunctionCallInfo fcinfo)
{
	Oid namespace_oid = PG_GETARG_OID(0);
	int32 tenant_id = PG_GETARG_INT32(1);
	int level;

	require_call(namespace_oid);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	level = NewGUCNestLevel();
	ScimProve(NULL);
	take_said(PG_GETARG_JSONB_P(2));
	if (!ScimShardsEnter(namespace_oid, tenant_id))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("the rows of tenant %d of store \"%s\" are on another node",
						tenant_id, get_namespace_name(namespace_oid)),
				 errhint("Try again: they may just have been moved.")));
	execute(fcinfo, PG_GETARG_TEXT_PP(3), PG_GETARG_ARRAYTYPE_P(4));
	ScimShardsLeave();
	ScimProve(NULL);
	AtEOXact_GUC(true, level);
}

/*
 * scim_internal.at_shards(store regnamespace, tenant_id int, said jsonb, query text,
 * arguments text[]) returns setof jsonb: what at_tenant() of a store calls, on the node
 * where Citus has it called.
 *
 * The statement in which Citus does so has all arguments written out: the headers of a
 * request, with the token, and its body, with a password.  An error that nobody catches
 * keeps it out of the log of this node; where the request came from it has its context.
 */
Datum
scim_at_shards(PG_FUNCTION_ARGS)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		at_shards(fcinfo);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		if (ScimIsOfCluster())
			error->hide_stmt = true;
		ReThrowError(error);
	}
	PG_END_TRY();
	return (Datum) 0;
}
