/*
 * bind_check.c
 *		Whether a table can be bound as a mapping says, before it is.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "binding/binding.h"
#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "store/statement/column.h"

/* Has a table the trigger that follows its rows? */
static bool
is_bound(Oid relid)
{
	Relation relation = table_open(relid, AccessShareLock);
	const TriggerDesc *triggers = ScimTriggers(relation);
	bool found = false;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		char *function = get_func_name(triggers->triggers[i].tgfoid);

		found |= strcmp(triggers->triggers[i].tgname, "scim_binding") == 0 &&
				 function != NULL && strcmp(function, "binding_row") == 0;
	}
	table_close(relation, NoLock);
	return found;
}

/* ScimBindCheckTable: is it a table of the caller's own?  It stays one. */
void
ScimBindCheckTable(const ScimStore *store, Oid relid)
{
	HeapTuple tuple;
	Form_pg_class class;
	bool is_table;
	bool is_own;
	bool is_partition;
	bool is_temporary;

	if (!ScimRelationStays(relid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("table %u does not exist", relid)));
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	class = (Form_pg_class) GETSTRUCT(tuple);
	is_table =
		class->relkind == RELKIND_RELATION || class->relkind == RELKIND_PARTITIONED_TABLE;
	is_own = has_privs_of_role(GetUserId(), class->relowner);
	is_partition = class->relispartition;
	is_temporary = class->relpersistence == RELPERSISTENCE_TEMP;
	ReleaseSysCache(tuple);
	if (!is_own)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of table \"%s\"", ScimRelationShown(relid))));
	if (!is_table || is_temporary || is_partition ||
		get_rel_namespace(relid) == store->namespace_oid || IsCatalogRelationOid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" cannot be bound", ScimRelationShown(relid)),
				 errdetail("A table of an application can: none of the store's, no "
						   "view, no temporary table, and no partition, but the "
						   "table that has them.")));
}

/* ScimBindCheckFree: is a table, which is locked so that it stays so, nobody's yet? */
void
ScimBindCheckFree(Oid relid)
{
	if (is_bound(relid))
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
						errmsg("table \"%s\" is bound already", ScimRelationShown(relid)),
						errhint("scim.unbind_table() ends it.")));
}

/* One table for the resources of a type and tenant. */
static void
check_type(ScimStore *store, const ScimBinding *binding)
{
	const ListCell *lc;

	foreach (lc, ScimBindingsBut(store, binding->relid))
	{
		const ScimBinding *other = lfirst(lc);

		if (strcmp(other->type->name, binding->type->name) == 0 &&
			(other->every_tenant || binding->every_tenant ||
			 other->tenant_id == binding->tenant_id))
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_OBJECT),
					 errmsg("resources of type \"%s\" are bound to table \"%s\" already",
							binding->type->name, other->shown),
					 other->every_tenant || binding->every_tenant
						 ? errhint("A table with a column that says the tenant has the "
								   "resources of all tenants, also of those that its "
								   "\"values\" do not name. For several tables give each "
								   "its own tenant, a number or {\"name\": ...}.")
						 : errhint("scim.unbind_table() ends that.")));
	}
}

static void
check_tenant(const ScimStore *store, int32 tenant_id, const char *place)
{
	ScimIdentity caller = ScimBeReader(store->owner);
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(
		psprintf("SELECT FROM %s.tenant WHERE tenant_id = $1", store->quoted_name),
		&params, false, 1);
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("mapping: %s: there is no tenant %d", place, tenant_id)));
	ScimBeCaller(caller);
}

/* A row says a tenant that there is. */
static void
check_tenants(const ScimStore *store, const ScimBinding *binding)
{
	const ListCell *lc;

	if (!binding->every_tenant)
		check_tenant(store, binding->tenant_id, "tenant");
	foreach (lc, binding->tenants)
	{
		const ScimBoundValue *value = lfirst(lc);
		int32 tenant_id = DatumGetInt32(DirectFunctionCall1(
			numeric_int4, NumericGetDatum(value->value->val.numeric)));

		check_tenant(store, tenant_id, psprintf("tenant.values.%d", tenant_id));
	}
}

/* Could a resource ever have a row? */
static void
check_columns(const ScimBinding *binding)
{
	const char *column = ScimColumnUnfilled(binding);

	if (column != NULL)
		ereport(ERROR, (errcode(ERRCODE_NOT_NULL_VIOLATION),
						errmsg("column \"%s\" of table \"%s\" must not be null, and no "
							   "attribute fills it",
							   column, binding->shown),
						errhint("Bind an attribute to it, or give it a default.")));
}

/* Which part of the mapping an error of the parser is about. */
static void
describe_place(void *arg)
{
	errcontext("mapping: %s", (const char *) arg);
}

/* As the owner of the table, as whom it will be done; planned, since constants are then
 * computed. */
static void
check_sql(const ScimBinding *binding, char *place, char *query, int nargs, Oid *types)
{
	ErrorContextCallback callback = {error_context_stack, describe_place, place};
	ScimIdentity caller = ScimBeReader(binding->owner);
	CachedPlan *cached;
	SPIPlanPtr plan;

	/* ScimBeCaller ends it */
	(void) set_config_option("search_path", binding->search_path, PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	error_context_stack = &callback;
	plan = SPI_prepare_cursor(query, nargs, types, CURSOR_OPT_GENERIC_PLAN);
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", query,
			 SPI_result_code_string(SPI_result));
	cached = SPI_plan_get_cached_plan(plan);
	if (cached != NULL)
		ReleaseCachedPlan(cached, NULL);
	SPI_freeplan(plan);
	error_context_stack = callback.previous;
	ScimBeCaller(caller);
}

static void
check_writes(const ScimBinding *binding, const char *place, const List *writes,
			 bool of_value)
{
	Oid types[2] = {TEXTOID, JSONBOID};
	const ListCell *lc;

	foreach (lc, writes)
	{
		const ScimBoundWrite *write = lfirst(lc);

		if (write->expression == NULL)
			continue;
		/* of a new row, and of one that is there */
		if (of_value)
		{
			check_sql(
				binding, psprintf("%s.%s", place, write->column.name),
				psprintf("SELECT FROM (SELECT (NULL::%s).*) AS t CROSS JOIN LATERAL "
						 "(SELECT FROM (SELECT $1::text AS value, $2::jsonb AS "
						 "document) AS attribute WHERE (%s) IS NULL) AS one",
						 binding->quoted, write->expression),
				2, types);
			check_sql(binding, psprintf("%s.%s", place, write->column.name),
					  psprintf("INSERT INTO %s (%s) VALUES (%s)", binding->quoted,
							   write->column.quoted,
							   ScimWriteSql(binding, write, 1, 2, true)),
					  2, types);
		}
		else
			check_sql(binding, psprintf("%s.%s", place, write->column.name),
					  psprintf("UPDATE %s AS t SET %s = %s", binding->quoted,
							   write->column.quoted, write->expression),
					  0, types);
	}
}

/* What the server has to say about expressions, it says now. */
static void
check_expressions(const ScimBinding *binding)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		char *place = psprintf("attributes.%s", attribute->path);

		/* where nothing can be but an expression over one row */
		check_sql(binding, place,
				  psprintf("SELECT FROM %s AS t WHERE (%s) IS NULL", binding->quoted,
						   attribute->read),
				  0, NULL);
		check_writes(binding, psprintf("%s.write", place), attribute->writes, true);
	}
	if (binding->gone != NULL)
		check_sql(binding, "gone",
				  psprintf("SELECT FROM %s AS t WHERE coalesce(%s, false)",
						   binding->quoted, binding->gone),
				  0, NULL);
	check_writes(binding, "delete.set", binding->end_set, false);
	check_writes(binding, "delete.restore", binding->end_back, false);
	check_sql(binding, "key",
			  psprintf("SELECT %s FROM %s AS t WHERE %s", binding->select,
					   binding->quoted, ScimKeyIs(binding->key, "t", "$1")),
			  1, (Oid[]){TEXTARRAYOID});
}

/* ScimBindCheck raises an error where a binding could not work. */
void
ScimBindCheck(ScimStore *store, const ScimBinding *binding)
{
	check_type(store, binding);
	check_tenants(store, binding);
	check_columns(binding);
	ScimWordsRequire(binding);
	check_expressions(binding);
}
