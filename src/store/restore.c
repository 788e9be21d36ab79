/*
 * restore.c
 *		Rows that come from a dump of the data alone, into tables with their triggers.
 *
 * A dump of a whole database makes the triggers when all rows are there.  Where tables
 * are made first and data come later (pg_dump --schema-only, --data-only), each row has
 * been through the door already: it is taken as it is, audit, versions, unique values
 * and all, in whatever order tables come.  That a store is being restored is told by its
 * table "store": it has never had a row, or the first one came when this trigger was
 * there.  Until scim.repair_store() ends it, the owner of the store inserts rows, and
 * nobody does anything else.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/shard.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_store_row);

/*
 * Is a trigger called for what another node of a cluster has had written on all of them?
 * That one has checked it and written the audit; here the row gets its canonical form.
 * Only there it may begin: nothing that is done for one tenant changes what all nodes
 * have.
 */
static bool
applies(const TriggerData *trigger)
{
	Oid relid = RelationGetRelid(trigger->tg_relation);
	Oid table = ScimTableOfShard(relid);

	if (!OidIsValid(table) || !ScimTableNamedIsOnAllNodes(get_rel_name(table)))
		return false;
	if (ScimShardsNumber(get_rel_namespace(table)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" is the same on all nodes, and is not changed for a "
						"tenant",
						get_rel_name(table)),
				 errhint("Change it without scim.at_tenant().")));
	return ScimIsOfCluster() && !(TRIGGER_FIRED_BEFORE(trigger->tg_event) &&
								  TRIGGER_FIRED_FOR_ROW(trigger->tg_event));
}

/*
 * ScimRestores: is a trigger called for a row, or a statement, that is to be taken as it
 * is?  Anything but a trigger function's call is not.
 */
bool
ScimRestores(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger;
	Oid relid;
	Oid namespace_oid;
	const ScimStore *store;
	ScimTables tables;

	if (!CALLED_AS_TRIGGER(fcinfo))
		return false;
	trigger = (const TriggerData *) fcinfo->context;
	if (applies(trigger))
		return true;
	if (!TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		return false;
	/* a table of an application that is bound has its trigger from one of the store */
	relid = trigger->tg_trigger->tgconstrrelid;
	namespace_oid = OidIsValid(relid) ? get_rel_namespace(relid)
									  : RelationGetNamespace(trigger->tg_relation);
	store = ScimStoreCached(namespace_oid);
	if (store != NULL)
		return store->restoring && has_privs_of_role(GetUserId(), store->owner);
	return ScimTablesFind(namespace_oid, &tables, true) &&
		   has_privs_of_role(GetUserId(), tables.owner) && ScimIsBeingRestored(&tables);
}

/* ScimRestored is what such a trigger function returns. */
Datum
ScimRestored(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;

	if (TRIGGER_FIRED_BEFORE(trigger->tg_event) &&
		TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		PG_RETURN_POINTER(trigger->tg_trigtuple);
	PG_RETURN_POINTER(NULL);
}

/*
 * ScimTriggerRun does the work of a trigger that follows a row, as who has asked for it,
 * unless the row is being restored.
 */
Datum
ScimTriggerRun(FunctionCallInfo fcinfo, Datum (*work)(FunctionCallInfo fcinfo))
{
	return ScimRestores(fcinfo) ? ScimRestored(fcinfo) : ScimDoAsAsked(fcinfo, work);
}

/* Does an UPDATE change nothing, or the version and nothing else, to a later one? */
static bool
may_update(const TriggerData *trigger)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);

	for (int i = 0; i < desc->natts; i++)
	{
		const FormData_pg_attribute *column = TupleDescAttr(desc, i);
		bool was_null;
		bool isnull;
		Datum was;
		Datum value;

		if (column->attisdropped)
			continue;
		was = ScimColumn(trigger->tg_trigtuple, desc, i + 1, column->atttypid, &was_null);
		value = ScimColumn(trigger->tg_newtuple, desc, i + 1, column->atttypid, &isnull);
		if (was_null == isnull &&
			(isnull || datum_image_eq(was, value, column->attbyval, column->attlen)))
			continue;
		if (was_null || isnull || column->atttypid != TEXTOID ||
			strcmp(NameStr(column->attname), "version") != 0 ||
			!ScimStoreMayBecome(TextDatumGetCString(was), TextDatumGetCString(value)))
			return false;
	}
	return true;
}

/*
 * The row stays as it is, but for scim.upgrade_store() and scim.repair_store(): what it
 * says decides on how all the others are read.
 */
static void
refuse_change(const TriggerData *trigger)
{
	if (ScimStoreIsMended())
		return;
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("the row of table \"store\" cannot be deleted"),
						errhint("scim.drop_store() drops the store.")));
	if (!may_update(trigger))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("the row of table \"store\" cannot be changed"),
						errhint("scim.upgrade_store() brings a store forward, "
								"scim.repair_store() ends its restore.")));
}

/*
 * scim_internal.store_row(): BEFORE INSERT OR UPDATE OR DELETE row trigger of the table
 * "store"
 */
Datum
scim_store_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ScimTriggerCalled(fcinfo, "store_row", BEFORE_ROW | ON_CHANGE);
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	int column = SPI_fnumber(desc, "restoring");
	Datum value = BoolGetDatum(true);
	bool isnull = false;
	const char *name;

	/* of one that is distributed the row is in a shard, on each node */
	name = get_rel_name(ScimTriggerRoot(trigger, SCIM_TABLE_STORE));
	if (name == NULL || strcmp(name, "store") != 0)
		ScimTriggerCheck(trigger, SCIM_TABLE_STORE, InvalidOid, NULL);
	ScimTriggerRequireTable(trigger);
	if (!TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
	{
		refuse_change(trigger);
		PG_RETURN_POINTER(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)
							  ? trigger->tg_newtuple
							  : trigger->tg_trigtuple);
	}

	/* who puts back the row that there was knows what he does */
	if (RelationGetNumberOfBlocks(trigger->tg_relation) > 0)
		PG_RETURN_POINTER(trigger->tg_trigtuple);
	if (column <= 0 || SPI_gettypeid(desc, column) != BOOLOID)
		ScimTriggerCheck(trigger, SCIM_TABLE_STORE, InvalidOid, NULL);
	PG_RETURN_POINTER(heap_modify_tuple_by_cols(trigger->tg_trigtuple, desc, 1, &column,
												&value, &isnull));
}
