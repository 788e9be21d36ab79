/*
 * unique_row.c
 *		A row of "unique_value" is what a resource that is there has, all of it and no
 *		more, whoever writes it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "policy/policy.h"
#include "schema/schema.h"
#include "store/configuration/configuration.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

/* A row of "unique_value". */
typedef struct UniqueRow
{
	int32 tenant_id;
	char *type_name;
	char *attribute;
	char *value;
	pg_uuid_t resource_id;
} UniqueRow;

PG_FUNCTION_INFO_V1(scim_check_unique_value);

static UniqueRow
unique_row(const TriggerData *trigger, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	UniqueRow row;

	row.tenant_id = DatumGetInt32(ScimColumnNamed(tuple, desc, "tenant_id", INT4OID));
	row.type_name =
		TextDatumGetCString(ScimColumnNamed(tuple, desc, "resource_type", TEXTOID));
	row.attribute =
		TextDatumGetCString(ScimColumnNamed(tuple, desc, "attribute", TEXTOID));
	row.value = TextDatumGetCString(ScimColumnNamed(tuple, desc, "value", TEXTOID));
	row.resource_id =
		*DatumGetUUIDP(ScimColumnNamed(tuple, desc, "resource_id", UUIDOID));
	return row;
}

/* Does a resource that is there have the value of a row? */
static bool
has_unique_value(ScimStore *store, const UniqueRow *row)
{
	const ScimResourceType *type = ScimRegistryType(store->registry, row->type_name);
	ScimParams params;

	if (type == NULL || strcmp(type->name, row->type_name) != 0)
		return false;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&row->resource_id), false);
	ScimSpiExecute(psprintf("SELECT tenant_id, data FROM %s.resource "
							"WHERE resource_type = %s AND id = $1 AND deleted_at IS NULL "
							"FOR KEY SHARE",
							store->quoted_name, quote_literal_cstr(type->name)),
				   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		int32 tenant_id = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
		Jsonb *data = DatumGetJsonbP(ScimResultValue(i, 2, JSONBOID));
		List *values = ScimUniqueValues(
			type, ScimUniqueByPolicy(ScimRulesFor(store, tenant_id, type)),
			ScimStoredDocument(type, data));
		ListCell *lc;

		foreach (lc, values)
		{
			const ScimUniqueValue *value = lfirst(lc);

			if (strcmp(value->attribute->key, row->attribute) == 0 &&
				strcmp(value->key, row->value) == 0 &&
				row->tenant_id == ScimUniqueTenant(value->attribute, tenant_id))
				return true;
		}
	}
	return false;
}

/* Is the row of a value in the table, now that the check is made? */
static bool
is_kept(ScimStore *store, const UniqueRow *row)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(row->tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(row->type_name), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(row->attribute), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(row->value), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&row->resource_id), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.unique_value WHERE tenant_id = $1 "
							"AND resource_type = $2 AND attribute = $3 AND value = $4 "
							"AND resource_id = $5",
							store->quoted_name),
				   &params, false, 1);
	return SPI_processed > 0;
}

/* A row of "unique_value" is what a resource that is there has, and all of that is there.
 */
static Datum
check_unique_row(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	ScimStore *store = ScimStoreOfTrigger(trigger, SCIM_TABLE_UNIQUE_VALUE);
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	if (!TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
	{
		UniqueRow row = unique_row(trigger, TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)
												? trigger->tg_newtuple
												: trigger->tg_trigtuple);

		if (is_kept(store, &row) && !has_unique_value(store, &row))
			ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
							errmsg("no %s \"%s\" has this value of the unique attribute "
								   "\"%s\": \"%s\"",
								   row.type_name, ScimUuidText(&row.resource_id),
								   row.attribute, row.value),
							errhint("The store itself keeps this table.")));
	}
	if (!TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		UniqueRow row = unique_row(trigger, trigger->tg_trigtuple);

		if (has_unique_value(store, &row) && !is_kept(store, &row))
			ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
							errmsg("%s \"%s\" still has this value of the unique "
								   "attribute \"%s\": \"%s\"",
								   row.type_name, ScimUuidText(&row.resource_id),
								   row.attribute, row.value),
							errhint("The store itself keeps this table.")));
	}
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_POINTER(NULL);
}

/* CONSTRAINT TRIGGER AFTER INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "unique_value"
 */
Datum
scim_check_unique_value(PG_FUNCTION_ARGS)
{
	(void) ScimTriggerCalled(fcinfo, "check_unique_value", AFTER_ROW | ON_CHANGE);
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (ScimUniqueIsWriting())
		PG_RETURN_POINTER(NULL);
	return ScimPlainRowNamed(fcinfo, check_unique_row);
}
