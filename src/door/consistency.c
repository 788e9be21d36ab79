/*
 * consistency.c
 *		Rows of a store's other tables lead somewhere, whoever writes them.
 *
 * What a row says of itself is checked by constraints of its table, and that a
 * token's or a policy's tenant is there by a foreign key.  These are for the
 * rest, which no foreign key can say of a table that is partitioned by type:
 *
 *		tenant			one that has resources stays, and a resource's is there
 *		credential		of a resource that is there
 *		unique_value	what a resource that is there has, all of it and no more
 *
 * A member may refer to a resource that is not there: clients send groups before
 * people.  Its group is there, which member.c sees to.
 *
 * The triggers of credential and unique_value are constraints that can be deferred:
 * a load that brings the tables in any order does it within SET CONSTRAINTS ALL
 * DEFERRED.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "storage/lockdefs.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "door/door.h"
#include "json/json.h"
#include "store/column.h"
#include "store/plan.h"
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

PG_FUNCTION_INFO_V1(scim_check_tenant);
PG_FUNCTION_INFO_V1(scim_check_credential);
PG_FUNCTION_INFO_V1(scim_check_unique_value);

static void require_row_trigger(FunctionCallInfo fcinfo, const char *name);
static Datum
column_value(const TriggerData *trigger, HeapTuple tuple, const char *name, Oid type);
static bool table_has_tenant(const ScimStore *store, const char *table, int32 tenant_id);
static UniqueRow unique_row(const TriggerData *trigger, HeapTuple tuple);
static bool has_unique_value(ScimStore *store, const UniqueRow *row);
static bool is_kept(ScimStore *store, const UniqueRow *row);

/*
 * ScimTenantRequire raises an error where a tenant is not there.  That it stays
 * until the end of the transaction is up to scim_check_tenant: whoever removes a
 * tenant waits for those who write resources, and tells the others to look again.
 */
void
ScimTenantRequire(ScimStore *store, int32 tenant_id)
{
	if (store->tenant_known && store->known_tenant == tenant_id)
		return;
	/* from here on an invalidation counts */
	store->tenant_known = true;
	store->known_tenant = tenant_id;
	if (table_has_tenant(store, "tenant", tenant_id))
		return;
	store->tenant_known = false;
	ereport(ERROR,
			(ScimErr(SCIM_FORBIDDEN), errmsg("tenant %d does not exist", tenant_id),
			 errhint("Insert it into %s.tenant first.", store->quoted_name)));
}

/* AFTER UPDATE OR DELETE ... FOR EACH ROW on "tenant" */
Datum
scim_check_tenant(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	ScimStore *store;
	int32 tenant_id;

	require_row_trigger(fcinfo, "scim_internal.check_tenant");
	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_TENANT);
	tenant_id =
		DatumGetInt32(column_value(trigger, trigger->tg_trigtuple, "tenant_id", INT4OID));
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ||
		(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) &&
		 tenant_id == DatumGetInt32(column_value(trigger, trigger->tg_newtuple,
												 "tenant_id", INT4OID))))
		PG_RETURN_POINTER(NULL);
	ScimLockResources(store->tables.relid[SCIM_TABLE_RESOURCE], ShareRowExclusiveLock);
	CacheInvalidateRelcache(trigger->tg_relation);
	if (table_has_tenant(store, "resource", tenant_id))
		ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
						errmsg("tenant %d still has resources", tenant_id),
						errdetail("Those that are deleted or off-boarded count."),
						errhint("scim.purge() removes them for good.")));
	PG_RETURN_POINTER(NULL);
}

/* CONSTRAINT TRIGGER AFTER INSERT OR UPDATE ... FOR EACH ROW on "credential" */
Datum
scim_check_credential(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	HeapTuple tuple;
	ScimStore *store;
	ScimIdentity caller;
	ScimParams params;
	Datum tenant_id;
	Datum id;

	require_row_trigger(fcinfo, "scim_internal.check_credential");
	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_CREDENTIAL);
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		PG_RETURN_POINTER(NULL);
	tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
													   : trigger->tg_trigtuple;
	tenant_id = column_value(trigger, tuple, "tenant_id", INT4OID);
	id = column_value(trigger, tuple, "resource_id", UUIDOID);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, tenant_id, false);
	ScimParamsAdd(&params, UUIDOID, id, false);
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE tenant_id = $1 AND id = $2 "
							"FOR KEY SHARE",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
				 errmsg("a credential needs a resource that exists: there is no "
						"\"%s\" in tenant %d",
						ScimUuidText(DatumGetUUIDP(id)), DatumGetInt32(tenant_id))));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_POINTER(NULL);
}

/* CONSTRAINT TRIGGER AFTER INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "unique_value"
 */
Datum
scim_check_unique_value(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	ScimStore *store;
	ScimIdentity caller;

	require_row_trigger(fcinfo, "scim_internal.check_unique_value");
	if (ScimUniqueIsWriting())
		PG_RETURN_POINTER(NULL);
	store = ScimStoreOfTrigger(trigger, SCIM_TABLE_UNIQUE_VALUE);
	caller = ScimBeOwner(store->owner);
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

static void
require_row_trigger(FunctionCallInfo fcinfo, const char *name)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s must be called as an AFTER row trigger", name)));
}

static Datum
column_value(const TriggerData *trigger, HeapTuple tuple, const char *name, Oid type)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);

	return ScimColumnValue(tuple, desc, ScimColumnNumber(desc, name, type), type);
}

/* Has a table a row of a tenant now, whatever snapshot the transaction has? */
static bool
table_has_tenant(const ScimStore *store, const char *table, int32 tenant_id)
{
	ScimIdentity caller = ScimBeReader(store->owner);
	ScimParams params;
	bool found;

	PushActiveSnapshot(GetLatestSnapshot());
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(
		psprintf("SELECT FROM %s.%s WHERE tenant_id = $1", store->quoted_name, table),
		&params, true, 1);
	found = SPI_processed > 0;
	SPI_finish();
	PopActiveSnapshot();
	ScimBeCaller(caller);
	return found;
}

static UniqueRow
unique_row(const TriggerData *trigger, HeapTuple tuple)
{
	UniqueRow row;

	row.tenant_id = DatumGetInt32(column_value(trigger, tuple, "tenant_id", INT4OID));
	row.type_name =
		TextDatumGetCString(column_value(trigger, tuple, "resource_type", TEXTOID));
	row.attribute =
		TextDatumGetCString(column_value(trigger, tuple, "attribute", TEXTOID));
	row.value = TextDatumGetCString(column_value(trigger, tuple, "value", TEXTOID));
	row.resource_id =
		*DatumGetUUIDP(column_value(trigger, tuple, "resource_id", UUIDOID));
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
			ScimJsonFromJsonb(data));
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
