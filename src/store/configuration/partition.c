/*
 * partition.c
 *		The partition of "resource" that a resource type has, and all of them locked.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "store/configuration/configuration.h"
#include "store/configuration/registry.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"

/* ScimPartitionIsOf: is a relation the partition of this resource type? */
bool
ScimPartitionIsOf(Oid relid, Oid namespace_oid, const char *type_name)
{
	ScimParams params;

	if (!get_rel_relispartition(relid) ||
		get_partition_parent(relid, false) !=
			get_relname_relid("resource", namespace_oid))
		return false;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(relid), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	ScimSpiExecute(
		"SELECT FROM pg_class c WHERE c.oid = $1 AND "
		"pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%L)', $2)",
		&params, false, 1);
	return SPI_processed > 0;
}

/* The views that a store came with leave their names to the tables of types. */
static bool
yield_view(const char *store_name, const char *name)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, NAMEOID,
				  DirectFunctionCall1(namein, CStringGetDatum(store_name)), false);
	ScimParamsAdd(&params, NAMEOID, DirectFunctionCall1(namein, CStringGetDatum(name)),
				  false);
	ScimSpiExecute("SELECT scim_internal.yield_view($1, $2)", &params, false, 1);
	return DatumGetBool(ScimResultValue(0, 1, BOOLOID));
}

/*
 * ScimPartitionMake makes the partition of a new resource type and its policies.
 */
void
ScimPartitionMake(Oid namespace_oid, const char *type_name, const char *table_name)
{
	char *store_name = get_namespace_name(namespace_oid);
	Oid relid = get_relname_relid(table_name, namespace_oid);
	ScimParams params;

	if (OidIsValid(relid) && !ScimPartitionIsOf(relid, namespace_oid, type_name) &&
		!yield_view(store_name, table_name))
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE),
						errmsg("resource type \"%s\" cannot have the table \"%s\": store "
							   "\"%s\" has a relation of that name",
							   type_name, table_name, store_name),
						errhint("Give another table_name.")));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, NAMEOID,
				  DirectFunctionCall1(namein, CStringGetDatum(store_name)), false);
	ScimParamsAdd(&params, NAMEOID,
				  DirectFunctionCall1(namein, CStringGetDatum(table_name)), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	ScimSpiExecute("SELECT scim_internal.create_resource_table($1, $2, $3)", &params,
				   false, 0);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	ScimSpiExecute(
		psprintf("INSERT INTO %s.policy (resource_type, kind, name, enabled, settings) "
				 "VALUES ($1, 'delete', 'delete', true, '{\"mode\": \"hard\"}'), "
				 "($1, 'audit', 'audit', true, '{}'), "
				 "($1, 'events', 'events', false, '{}') "
				 "ON CONFLICT DO NOTHING",
				 quote_identifier(store_name)),
		&params, false, 0);
}

/*
 * ScimPartitionDrop drops the partition of a resource type that is gone, and what
 * belonged to its rows.  must_be_empty: an error where it has any.
 */
void
ScimPartitionDrop(Oid namespace_oid, const char *type_name, const char *table_name,
				  bool must_be_empty)
{
	static const char *const of_type[] = {"%s.policy WHERE resource_type = $1",
										  "%s.setting WHERE resource_type = $1"};
	static const char meanwhile[] =
		"what belongs to the resource type has been written meanwhile";
	const char *store = quote_identifier(get_namespace_name(namespace_oid));
	const char *table = quote_identifier(table_name);
	ScimParams params;
	int64 count;
	bool has_later;
	Oid relid = get_relname_relid(table_name, namespace_oid);

	if (!OidIsValid(relid) || !ScimPartitionIsOf(relid, namespace_oid, type_name))
		return;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(relid), false);
	ScimSpiExecute("SELECT scim_internal.ask_constraints($1::regclass)", &params, false,
				   0);
	/* nobody writes resources any more, and these would go with the table */
	ScimRowsRequireSeen(psprintf("%s.%s", store, table), NULL, meanwhile);
	if (SPI_execute(psprintf("SELECT count(*) FROM %s.%s", store, table), false, 0) < 0)
		elog(ERROR, "could not count the resources of type \"%s\"", type_name);
	count = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
	if (count > 0 && must_be_empty)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("resource type \"%s\" still has resources: " INT64_FORMAT
						", deleted ones included",
						type_name, count),
				 errhint("Remove them with scim.delete_resource() and scim.purge(), or "
						 "together with the type: force => true.")));
	/* stores of earlier versions have not all of these tables */
	has_later = OidIsValid(get_relname_relid("setting", namespace_oid));
	ScimForgetType(namespace_oid, type_name, table_name);
	/* before what its policies are, or a store that loses its last type is not whole */
	ScimParamsInit(&params);
	ScimParamsAdd(&params, OIDOID, ObjectIdGetDatum(relid), false);
	ScimSpiExecute("SELECT scim_internal.drop_views($1)", &params, false, 0);
	if (SPI_execute(psprintf("DROP TABLE %s.%s", store, table), false, 0) < 0)
		elog(ERROR, "could not drop the table of resource type \"%s\"", type_name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(type_name), false);
	for (size_t i = 0; i < (has_later ? lengthof(of_type) : 1); i++)
	{
		const char *rows = psprintf(of_type[i], store);

		ScimSpiExecute(psprintf("DELETE FROM %s", rows), &params, false, 0);
		ScimRowsRequireSeen(rows, &params, meanwhile);
	}
	/* where one is on, the endpoints will say so */
	if (has_later)
	{
		const char *of_endpoint = psprintf(
			"FROM %s.endpoint WHERE scim.fold(resource_type) = scim.fold($1)", store);

		ScimSpiExecute(psprintf("SELECT %s HAVING NOT bool_or(enabled)", of_endpoint),
					   &params, false, 0);
		if (SPI_processed > 0)
			ScimSpiExecute(psprintf("DELETE %s", of_endpoint), &params, false, 0);
	}
}
