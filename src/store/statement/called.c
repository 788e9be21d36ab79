/*
 * called.c
 *		How a trigger function of ours was called: on which table of a store, for what,
 *		and what comes behind it.
 */
#include "postgres.h"

#include "catalog/partition.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "store/statement/shard.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"

/*
 * While something is done for a tenant, the store consists of shards.  Otherwise it is a
 * shard of what all nodes have, of which the table is the store's; rows of tenants are
 * written in no other way, since nothing says who it is that writes them.
 */
static Oid
table_of_shard(Oid relid, ScimTable table)
{
	Oid namespace_oid = get_rel_namespace(relid);
	Oid found;

	if (ScimShardsNumber(namespace_oid) != 0)
		return relid;
	found = ScimTableOfShard(relid);
	if (!OidIsValid(found))
		return relid;
	if (!ScimTableIsOnAllNodes(table))
		ScimRefuseShard(relid);
	return found;
}

/*
 * ScimTriggerRoot gives the relation that must be a store's table where a trigger
 * may be called: the one it was called on or, for "resource", the table that this
 * is a partition of; InvalidOid where it is no partition.
 */
Oid
ScimTriggerRoot(const TriggerData *trigger, ScimTable table)
{
	Oid relid = RelationGetRelid(trigger->tg_relation);

	if (table != SCIM_TABLE_RESOURCE)
		return table_of_shard(relid, table);
	if (!trigger->tg_relation->rd_rel->relispartition)
		return InvalidOid;
	return table_of_shard(llast_oid(get_partition_ancestors(relid)), table);
}

/*
 * ScimTriggerCheck raises an error where a trigger was called on something else
 * than a table of a store: anybody may make a trigger of ours on his own.
 */
void
ScimTriggerCheck(const TriggerData *trigger, ScimTable table, Oid root,
				 const ScimTables *found)
{
	if (found != NULL && found->relid[table] == root)
		return;
	ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
					errmsg("\"%s\" is not %sthe table \"%s\" of a SCIM store",
						   RelationGetRelationName(trigger->tg_relation),
						   table == SCIM_TABLE_RESOURCE ? "a partition of " : "",
						   ScimTableName(table)),
					errdetail("Trigger \"%s\" belongs on such a table only.",
							  trigger->tg_trigger->tgname)));
}

/*
 * ScimTriggerBehind returns the name of the first BEFORE row trigger on an event
 * (TRIGGER_TYPE_...) that gets a row after the one of a function of ours, and may
 * change it; NULL: none.  Triggers stand, and fire, in the order of their names.
 */
const char *
ScimTriggerBehind(Relation relation, const char *symbol, PGFunction function, int16 event)
{
	const TriggerDesc *triggers = ScimTriggers(relation);
	int count = 0;
	bool behind = false;

	/* ours alone is the common case */
	for (int i = 0; i < triggers->numtriggers; i++)
		count += TRIGGER_TYPE_MATCHES(triggers->triggers[i].tgtype, TRIGGER_TYPE_ROW,
									  TRIGGER_TYPE_BEFORE, event);
	for (int i = 0; count > 1 && i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];

		if (!TRIGGER_TYPE_MATCHES(trigger->tgtype, TRIGGER_TYPE_ROW, TRIGGER_TYPE_BEFORE,
								  event))
			continue;
		if (behind && trigger->tgenabled != TRIGGER_DISABLED)
			return trigger->tgname;
		if (behind)
			continue;
		behind = ScimTriggerIs(trigger, symbol, function);
	}
	return NULL;
}

/* The events of a trigger's type, in the order in which one lists them. */
static const struct
{
	int16 type;
	const char *name;
} trigger_events[] = {
	{TRIGGER_TYPE_INSERT, "INSERT"},
	{TRIGGER_TYPE_UPDATE, "UPDATE"},
	{TRIGGER_TYPE_DELETE, "DELETE"},
	{TRIGGER_TYPE_TRUNCATE, "TRUNCATE"},
};

static bool
is_called_so(const TriggerData *trigger, int16 type)
{
	int16 event = TRIGGER_FIRED_BY_INSERT(trigger->tg_event)   ? TRIGGER_TYPE_INSERT
				  : TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? TRIGGER_TYPE_UPDATE
				  : TRIGGER_FIRED_BY_DELETE(trigger->tg_event) ? TRIGGER_TYPE_DELETE
															   : TRIGGER_TYPE_TRUNCATE;

	if (type & TRIGGER_TYPE_INSTEAD  ? !TRIGGER_FIRED_INSTEAD(trigger->tg_event)
		: type & TRIGGER_TYPE_BEFORE ? !TRIGGER_FIRED_BEFORE(trigger->tg_event)
									 : !TRIGGER_FIRED_AFTER(trigger->tg_event))
		return false;
	if (type & TRIGGER_TYPE_ROW ? !TRIGGER_FIRED_FOR_ROW(trigger->tg_event)
								: !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		return false;
	return (type & event) != 0;
}

TriggerData *
ScimTriggerCalled(FunctionCallInfo fcinfo, const char *name, int16 type)
{
	StringInfoData wanted;
	const char *before = " for ";

	if (CALLED_AS_TRIGGER(fcinfo) &&
		is_called_so((const TriggerData *) fcinfo->context, type))
		return (TriggerData *) fcinfo->context;
	initStringInfo(&wanted);
	appendStringInfo(&wanted, "%s %s trigger",
					 type & TRIGGER_TYPE_INSTEAD  ? "an INSTEAD OF"
					 : type & TRIGGER_TYPE_BEFORE ? "a BEFORE"
												  : "an AFTER",
					 type & TRIGGER_TYPE_ROW ? "row" : "statement");
	for (size_t i = 0; i < lengthof(trigger_events); i++)
	{
		if ((type & trigger_events[i].type) == 0)
			continue;
		appendStringInfo(&wanted, "%s%s", before, trigger_events[i].name);
		before = " or ";
	}
	ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					errmsg("scim_internal.%s must be called as %s", name, wanted.data)));
	pg_unreachable();
}

/*
 * ScimRefuseTriggerBehind raises an error where a BEFORE trigger gets a row after the one
 * of ours that is running: of a table where nothing looks again at what comes out of the
 * door, nothing may come behind it.
 */
void
ScimRefuseTriggerBehind(const TriggerData *trigger, const char *symbol,
						PGFunction function)
{
	const char *later;

	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		return;
	later = ScimTriggerBehind(trigger->tg_relation, symbol, function,
							  TRIGGER_FIRED_BY_INSERT(trigger->tg_event)
								  ? TRIGGER_TYPE_INSERT
								  : TRIGGER_TYPE_UPDATE);
	if (later != NULL)
		ereport(ERROR, (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
						errmsg("trigger \"%s\" of table \"%s\" comes behind the door of "
							   "the store",
							   later, RelationGetRelationName(trigger->tg_relation)),
						errhint("A BEFORE trigger must sort before \"%s\" here.",
								trigger->tg_trigger->tgname)));
}

/* ScimTriggerDepth: how many triggers are running, one within the other. */
int
ScimTriggerDepth(void)
{
	return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, (Datum) 0));
}
