/*
 * setting_row.c
 *		The rows of a store's table "setting", read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "filter/filter.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* Reads one row of the result; false for a setting of another version. */
static bool
read_row(uint64 number, ScimSettingRow *row)
{
	char *name = TextDatumGetCString(ScimResultValue(number, 1, TEXTOID));
	Datum tenant_id = ScimResult(number, 3, INT4OID, &row->every_tenant);
	Datum token_id = ScimResult(number, 4, UUIDOID, &row->any_token);
	Jsonb *value = DatumGetJsonbP(ScimResultValue(number, 5, JSONBOID));

	row->resource_type = ScimResultText(number, 2);
	if (!row->every_tenant)
		row->tenant_id = DatumGetInt32(tenant_id);
	if (!row->any_token)
		row->token_id = *DatumGetUUIDP(token_id);
	return ScimSettingFind(name, &row->id) &&
		   ScimSettingRead(row->id, ScimJsonFromJsonb(value), &row->value) == NULL;
}

/* What is kept of it, in a context. */
static ScimSettingRow *
copy_row(const ScimSettingRow *row, MemoryContext context)
{
	ScimSettingRow *copy = MemoryContextAlloc(context, sizeof(ScimSettingRow));

	*copy = *row;
	if (row->resource_type != NULL)
		copy->resource_type = MemoryContextStrdup(context, row->resource_type);
	if (row->value.text != NULL)
		copy->value.text = MemoryContextStrdup(context, row->value.text);
	return copy;
}

/* What is read, for which context. */
typedef struct Reading
{
	MemoryContext context;
	List *rows;
} Reading;

/* All rows of the result. */
static void
read_rows(void *arg)
{
	Reading *reading = arg;
	MemoryContext scratch = AllocSetContextCreate(
		CurrentMemoryContext, "scim setting row", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(scratch);

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ScimSettingRow row = {0};

		CHECK_FOR_INTERRUPTS();
		if (read_row(i, &row))
		{
			ScimSettingRow *copy = copy_row(&row, reading->context);

			MemoryContextSwitchTo(reading->context);
			reading->rows = lappend(reading->rows, copy);
			MemoryContextSwitchTo(scratch);
		}
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
}

/*
 * ScimSettingsRead reads the settings of a store, by its tables and the name of its
 * schema, into a context; NULL: it has none.
 */
ScimSettings *
ScimSettingsRead(const ScimTables *tables, const char *quoted_name, MemoryContext context)
{
	Reading reading = {context, NIL};
	ScimSettings *settings;
	MemoryContext old;

	if (!OidIsValid(tables->relid[SCIM_TABLE_SETTING]))
		return NULL;
	ScimSpiExecute(psprintf("SELECT name, resource_type, tenant_id, token_id, value "
							"FROM %s.setting",
							quoted_name),
				   NULL, true, 0);
	/* a filter among them was within the limits of its time */
	(void) ScimFilterWithin(&ScimFilterLimitsWidest, read_rows, &reading);
	old = MemoryContextSwitchTo(context);
	settings = ScimSettingsMake(reading.rows);
	MemoryContextSwitchTo(old);
	return settings;
}

/*
 * ScimSettingsUseOf puts the settings of a store in force without its registry, which
 * may be what is wrong with it.
 */
void
ScimSettingsUseOf(const ScimTables *tables)
{
	const char *name = quote_identifier(get_namespace_name(tables->namespace_oid));
	ScimIdentity caller = ScimBeReader(tables->owner);
	ScimSettings *settings;

	SPI_connect();
	settings = ScimSettingsRead(tables, name, TopTransactionContext);
	SPI_finish();
	ScimBeCaller(caller);
	ScimSettingsUse(settings);
}
