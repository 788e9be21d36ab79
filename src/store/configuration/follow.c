/*
 * follow.c
 *		What follows on all nodes from a change of what a distributed store is configured
 *		to be.
 *
 * Its registry and its policies are the same on all nodes; the resources that have to
 * follow lie in shards.  Where the change is made, one tenant of each shard is found, and
 * on his node a function does for all rows of the shard what without Citus is done for
 * those of the store.  It runs in the transaction of the change, so that an error on one
 * node ends it on all.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

#include "error.h"
#include "extension.h"
#include "store/acting.h"
#include "store/at_tenant.h"
#include "store/configuration/configuration.h"
#include "store/configuration/registry.h"
#include "store/credential/sealing.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"
#include "store/statement/shard.h"
#include "store/statement/written.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_follow_types);
PG_FUNCTION_INFO_V1(scim_forget_type);
PG_FUNCTION_INFO_V1(scim_remove_resources);

/* ScimStoreOfShards: the store of which something is done on this node, by its owner. */
ScimStore *
ScimStoreOfShards(void)
{
	ScimStore *store = ScimStoreCurrent();
	int32 tenant_id;

	if (!ScimIsOwner(store->namespace_oid) ||
		!ScimShardsTenant(store->namespace_oid, &tenant_id))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("only the store has its shards follow")));
	return store;
}

static void
call_at_shards(const ScimStore *store, const char *call, const char *const *arguments,
			   int n)
{
	ScimAtEachShard(
		store,
		psprintf("SELECT %s.%s", get_namespace_name(ScimInternalNamespace()), call),
		ScimAtTenantArguments(arguments, n));
}

/*
 * ScimFollowTypes: stored resources of some types, a list of const ScimResourceType *,
 * follow what has changed about these.  refuse: an error where one would not be valid.
 */
void
ScimFollowTypes(ScimStore *store, List *types, bool refuse)
{
	const char *arguments[2];
	Datum *names;
	int n = 0;
	ListCell *lc;

	if (types == NIL || !ScimIsSpread(store))
	{
		if (types != NIL)
			ScimTableRequireSeen(store->tables.relid[SCIM_TABLE_RESOURCE]);
		(void) ScimSealStored(store, types);
		ScimRecheckResources(store, types, refuse);
		return;
	}
	names = palloc(sizeof(Datum) * list_length(types));
	foreach (lc, types)
		names[n++] = CStringGetTextDatum(((const ScimResourceType *) lfirst(lc))->name);
	arguments[0] = OidOutputFunctionCall(F_ARRAY_OUT, ScimArray(names, NULL, n, TEXTOID));
	arguments[1] = refuse ? "true" : "false";
	call_at_shards(store, "follow_types($1::text[], $2::boolean)", arguments, 2);
}

/* scim_internal.follow_types(resource_types text[], refuse boolean) returns void */
Datum
scim_follow_types(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreOfShards();
	ScimIdentity caller;
	Datum *names;
	int n;
	List *types = NIL;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &names,
					  NULL, &n);
	for (int i = 0; i < n; i++)
	{
		const ScimResourceType *type =
			ScimTypeByName(store, TextDatumGetCString(names[i]));

		if (type != NULL)
			types = lappend(types, (void *) type);
	}
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimFollowTypes(store, types, PG_GETARG_BOOL(1));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

const char *ScimTypeRemoved = NULL;

/*
 * ScimRemoveResources: all resources of a type go for good, whatever its policy "delete"
 * says, each as any that is deleted: the audit has it, consumers and groups are told.
 */
void
ScimRemoveResources(Oid namespace_oid, const char *type_name)
{
	const char *store = quote_identifier(get_namespace_name(namespace_oid));
	const char *arguments[1] = {type_name};
	const char *outer = ScimTypeRemoved;
	ScimParams params;

	if (ScimShardsNumber(namespace_oid) == 0 && ScimStoreIsDistributed(namespace_oid))
	{
		call_at_shards(ScimStoreByNamespace(namespace_oid), "remove_resources($1)",
					   arguments, lengthof(arguments));
		return;
	}
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	PG_TRY();
	{
		ScimTypeRemoved = type_name;
		ScimSpiExecute(
			psprintf("DELETE FROM %s.resource WHERE resource_type = $1", store), &params,
			false, 0);
	}
	PG_FINALLY();
	{
		ScimTypeRemoved = outer;
	}
	PG_END_TRY();
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE resource_type = $1", store),
				   &params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("a trigger or rule of the store keeps resources of type "
							   "\"%s\"",
							   type_name)));
}

/* scim_internal.remove_resources(resource_type text) returns void */
Datum
scim_remove_resources(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreOfShards();
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	ScimRemoveResources(store->namespace_oid, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

/*
 * ScimForgetType: what belongs to the resources of a type goes, but for their own rows;
 * of a store that may be of an earlier version, and have not all tables.
 */
void
ScimForgetType(Oid namespace_oid, const char *type_name, const char *table_name)
{
	static const struct
	{
		const char *table;
		const char *of_type;
	} rows[] = {{"member", "r.id IN (t.group_id, t.member_id)"},
				{"credential", "t.resource_id = r.id"},
				{"recovery_code", "t.resource_id = r.id"}};
	const char *arguments[2] = {type_name, table_name};
	const char *store = quote_identifier(get_namespace_name(namespace_oid));
	bool has_codes = OidIsValid(get_relname_relid("recovery_code", namespace_oid));

	if (ScimShardsNumber(namespace_oid) == 0 && ScimStoreIsDistributed(namespace_oid))
	{
		call_at_shards(ScimStoreByNamespace(namespace_oid), "forget_type($1, $2)",
					   arguments, lengthof(arguments));
		return;
	}
	for (size_t i = 0; i < lengthof(rows) - !has_codes; i++)
	{
		const char *of_type =
			psprintf("WHERE t.tenant_id = r.tenant_id AND %s", rows[i].of_type);
		const char *table = psprintf("%s.%s t", store, rows[i].table);
		const char *resources = psprintf("%s.%s r", store, quote_identifier(table_name));

		ScimSpiWriteOwn(psprintf("DELETE FROM %s USING %s %s", table, resources, of_type),
						NULL);
		ScimRowsRequireSeen(
			psprintf("%s, %s %s", table, resources, of_type), NULL,
			"what belongs to the resource type has been written meanwhile");
	}
	ScimUniqueForget(store, type_name);
}

/* scim_internal.forget_type(resource_type text, table_name text) returns void */
Datum
scim_forget_type(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreOfShards();
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	ScimForgetType(store->namespace_oid, text_to_cstring(PG_GETARG_TEXT_PP(0)),
				   text_to_cstring(PG_GETARG_TEXT_PP(1)));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

/*
 * ScimFollowPolicies: what is stored follows policies that a statement has written.
 * changed: a jsonb array of their rows, or NULL; unique: a text[] of the types whose
 * unique values are made anew; deleted: some are gone.
 */
void
ScimFollowPolicies(const ScimStore *store, const char *changed, const char *unique,
				   bool deleted)
{
	const char *arguments[3] = {changed, unique, deleted ? "true" : "false"};

	call_at_shards(store, "follow_policies($1::jsonb, $2::text[], $3::boolean)",
				   arguments, lengthof(arguments));
}
