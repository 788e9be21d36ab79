/*
 * compare.c
 *		scim.check_binding: in what the two sides of a binding differ.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "binding/binding.h"
#include "json/json.h"
#include "store/column.h"

PG_FUNCTION_INFO_V1(scim_check_binding);

/* The columns of the result. */
typedef enum Column
{
	COLUMN_BOUND,
	COLUMN_SIDE,
	COLUMN_KEY,
	COLUMN_RESOURCE_ID,
	COLUMN_ATTRIBUTE,
	COLUMN_COLUMN,
	COLUMN_TABLE_VALUE,
	COLUMN_SCIM_VALUE
} Column;
#define COLUMNS (COLUMN_SCIM_VALUE + 1)

typedef struct Comparison
{
	ScimBinding *binding;
	ReturnSetInfo *result;
} Comparison;

static void
put_difference(void *arg, const char *side, Datum key, const pg_uuid_t *id,
			   const ScimBoundAttribute *attribute, const JsonbValue *of_table,
			   const JsonbValue *of_scim)
{
	const Comparison *comparison = arg;
	Datum values[COLUMNS] = {0};
	bool nulls[COLUMNS];

	memset(nulls, true, sizeof(nulls));
	values[COLUMN_BOUND] = ObjectIdGetDatum(comparison->binding->relid);
	values[COLUMN_SIDE] = CStringGetTextDatum(side);
	nulls[COLUMN_BOUND] = nulls[COLUMN_SIDE] = false;
	values[COLUMN_KEY] = key;
	nulls[COLUMN_KEY] = key == (Datum) 0;
	if (id != NULL)
	{
		values[COLUMN_RESOURCE_ID] = UUIDPGetDatum(id);
		nulls[COLUMN_RESOURCE_ID] = false;
	}
	if (attribute != NULL)
	{
		values[COLUMN_ATTRIBUTE] = CStringGetTextDatum(attribute->path);
		values[COLUMN_COLUMN] = CStringGetTextDatum(attribute->shown);
		nulls[COLUMN_ATTRIBUTE] = nulls[COLUMN_COLUMN] = false;
	}
	if (of_table != NULL)
	{
		values[COLUMN_TABLE_VALUE] =
			JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(of_table)));
		nulls[COLUMN_TABLE_VALUE] = false;
	}
	if (of_scim != NULL)
	{
		values[COLUMN_SCIM_VALUE] =
			JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(of_scim)));
		nulls[COLUMN_SCIM_VALUE] = false;
	}
	tuplestore_putvalues(comparison->result->setResult, comparison->result->setDesc,
						 values, nulls);
}

/* Rows with the resource that each is linked to, as SQL puts them side by side. */
static void
compare_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const Comparison *comparison = arg;
	const ScimBinding *binding = comparison->binding;
	int first = 3 + list_length(binding->attributes);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "scim compare",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint64 i = 0; i < nrows; i++)
	{
		ScimRowView *row = ScimRowViewOf(binding, rows[i], desc);
		ScimBoundResource resource;
		bool isnull;
		bool unlinked;
		bool detached;
		Datum data;
		Datum id;
		const ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		id = ScimColumn(rows[i], desc, first + 1, UUIDOID, &unlinked);
		data = ScimColumn(rows[i], desc, first + 2, JSONBOID, &isnull);
		(void) ScimColumn(rows[i], desc, first + 3, TIMESTAMPTZOID, &detached);
		detached = !detached;
		if (unlinked || (!detached && isnull))
		{
			if (!row->gone && row->has_tenant)
				put_difference(arg, "table", row->key_array,
							   unlinked ? NULL : DatumGetUUIDP(id), NULL, NULL, NULL);
		}
		else if (!detached)
		{
			resource.id = *DatumGetUUIDP(id);
			resource.document = ScimJsonFromJsonb(DatumGetJsonbP(data));
			foreach (lc, ScimBoundDiffer(binding, row, &resource))
			{
				ScimBoundAttribute *attribute = lfirst(lc);
				int number = 0;

				while (list_nth(binding->attributes, number) != attribute)
					number++;
				put_difference(arg, "both", row->key_array, &resource.id, attribute,
							   row->values[number], ScimRowValue(attribute, &resource));
			}
		}
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* Resources that have no row, and links that lead to none. */
static void
compare_resources(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	for (uint64 i = 0; i < nrows; i++)
	{
		bool isnull;
		Datum key = ScimColumn(rows[i], desc, 2, TEXTARRAYOID, &isnull);

		put_difference(arg, "scim", isnull ? (Datum) 0 : key,
					   DatumGetUUIDP(ScimColumnValue(rows[i], desc, 1, UUIDOID)), NULL,
					   NULL, NULL);
	}
}

static void
compare(Comparison *comparison)
{
	const ScimBinding *binding = comparison->binding;
	const char *store = binding->store->quoted_name;
	const char *type = quote_literal_cstr(binding->type->name);
	ScimParams params;

	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(binding->tenant_id),
				  binding->every_tenant);
	ScimSpiForEachIn(
		binding->search_path,
		psprintf("SELECT %1$s, l.resource_id, r.data, l.detached FROM %2$s AS t "
				 "LEFT JOIN (%3$s.binding_link l LEFT JOIN %3$s.resource r "
				 "ON r.resource_type = %4$s AND r.tenant_id = l.tenant_id "
				 "AND r.id = l.resource_id AND r.deleted_at IS NULL) "
				 "ON l.binding_id = $1 AND l.key = %5$s "
				 "AND ($2 IS NULL OR l.tenant_id = $2)",
				 binding->select, binding->quoted, store, type,
				 ScimKeyTexts(binding->key, "t")),
		&params, false, compare_rows, comparison);
	ScimSpiForEach(
		psprintf("SELECT r.id, l.key FROM %1$s.resource r LEFT JOIN %1$s.binding_link l "
				 "ON l.tenant_id = r.tenant_id AND l.binding_id = $1 "
				 "AND l.resource_id = r.id WHERE r.resource_type = %2$s "
				 "AND ($2 IS NULL OR r.tenant_id = $2) AND r.deleted_at IS NULL "
				 "AND l.detached IS NULL AND (l.key IS NULL OR NOT EXISTS "
				 "(SELECT FROM %3$s AS t WHERE %4$s)) ORDER BY r.id",
				 store, type, binding->quoted, ScimKeyIs(binding->key, "t", "l.key")),
		&params, false, compare_resources, comparison);
	SPI_finish();
	if (binding->members != NULL)
		ScimMembershipsCompare(comparison->binding, put_difference, comparison);
}

/* scim.check_binding(relation regclass DEFAULT NULL) returns a set of differences */
Datum
scim_check_binding(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	Comparison comparison;
	List *bindings;
	const ListCell *lc;
	ScimIdentity caller;

	InitMaterializedSRF(fcinfo, 0);
	comparison.result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (comparison.result->setDesc->natts != COLUMNS)
		elog(ERROR, "unexpected result type of scim.check_binding");
	ScimRequireOwnerOf(store);
	if (PG_ARGISNULL(0))
		bindings = ScimBindingsRequired(store);
	else
	{
		ScimBinding *binding = ScimBindingOfTable(store, PG_GETARG_OID(0));

		if (binding == NULL)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
							errmsg("table \"%s\" is not bound to store \"%s\"",
								   ScimRelationShown(PG_GETARG_OID(0)), store->name)));
		bindings = list_make1(binding);
	}
	foreach (lc, bindings)
	{
		comparison.binding = lfirst(lc);
		ScimScopeRequireOfCall(store, comparison.binding->type->name, false);
		ScimBindingRequireOwners(comparison.binding);
		/* who has the privileges of the owner of the table, too */
		caller = ScimBeReader(store->owner);
		compare(&comparison);
		ScimBeCaller(caller);
	}
	return (Datum) 0;
}
