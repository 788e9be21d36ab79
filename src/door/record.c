/*
 * record.c
 *		What follows from a row of "resource" that has been written: the AFTER
 *		trigger scim_resource_record.
 *
 *		audit and event rows, where the policies say so
 *		the values that are unique
 *		password and members of a row that is there now
 *		leaving all groups, of a resource that is out of sight
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "door/door.h"
#include "door/row.h"
#include "store/plan.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_resource_record);
PG_FUNCTION_INFO_V1(scim_resource_truncate);

/* What happened to a row: a word for the audit, an event URI, who has gone. */
typedef struct Change
{
	const char *operation;
	const char
		*event; /* behind urn:ietf:params:scim:event: (RFC 9967 section 7.4), or NULL */
	bool gone;  /* out of sight from now on */
} Change;

static Change
classify(const Door *door)
{
	ScimStatus before;
	ScimStatus after;

	if (TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event))
		return (Change){"create", "prov:create:notice", false};
	before = ScimRowStatus(&door->old);
	if (TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event))
	{
		if (ScimStatusIsGone(before))
			return (Change){"purge", NULL, false};
		return (Change){"delete", "prov:delete", true};
	}
	after = ScimRowStatus(&door->new);
	if (before == after)
	{
		if (ScimSameColumn(&door->old, &door->new, COLUMN_VERSION))
			return (Change){NULL, NULL, false};
		return (Change){"update", "prov:put:notice", false};
	}
	switch (after)
	{
		case SCIM_STATUS_ACTIVE:
			if (before == SCIM_STATUS_SUSPENDED)
				return (Change){"reactivate", "prov:activate", false};
			return (Change){"restore", "prov:activate", false};
		case SCIM_STATUS_SUSPENDED:
			if (before == SCIM_STATUS_ACTIVE)
				return (Change){"suspend", "prov:deactivate", false};
			return (Change){"restore", "prov:put:notice", false};
		case SCIM_STATUS_OFFBOARDING:
			return (Change){"offboard", "prov:deactivate", false};
		case SCIM_STATUS_OFFBOARDED:
			return (Change){"complete", "prov:delete", true};
		case SCIM_STATUS_DELETED:
			return (Change){"delete", "prov:delete", true};
	}
	return (Change){NULL, NULL, false};
}

static void
write_audit(const Door *door, const Change *change)
{
	bool deleted = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event);
	bool inserted = TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event);
	const ResourceRow *row = deleted ? &door->old : &door->new;
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, row->values[COLUMN_TENANT_ID], false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(ScimActor()), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(change->operation), false);
	ScimParamsAdd(&params, TEXTOID, row->values[COLUMN_RESOURCE_TYPE], false);
	ScimParamsAdd(&params, UUIDOID, row->values[COLUMN_ID], false);
	ScimParamsAdd(&params, INT8OID, row->values[COLUMN_VERSION], false);
	ScimParamsAdd(&params, JSONBOID, inserted ? (Datum) 0 : door->old.values[COLUMN_DATA],
				  inserted);
	ScimSpiExecute(
		psprintf("INSERT INTO %s.audit (tenant_id, actor, operation, resource_type, "
				 "resource_id, version, before) "
				 "VALUES ($1, $2, $3, $4, $5, $6, $7)",
				 door->store->quoted_name),
		&params, false, 0);
}

static void
write_event(const Door *door, const Change *change)
{
	const ResourceRow *row =
		TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event) ? &door->old : &door->new;
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, row->values[COLUMN_TENANT_ID], false);
	ScimParamsAdd(
		&params, TEXTOID,
		CStringGetTextDatum(psprintf("urn:ietf:params:scim:event:%s", change->event)),
		false);
	ScimParamsAdd(&params, TEXTOID, row->values[COLUMN_RESOURCE_TYPE], false);
	ScimParamsAdd(&params, UUIDOID, row->values[COLUMN_ID], false);
	ScimParamsAdd(&params, INT8OID, row->values[COLUMN_VERSION], false);
	ScimSpiExecute(psprintf("INSERT INTO %s.event (tenant_id, event_uri, resource_type, "
							"resource_id, version) VALUES ($1, $2, $3, $4, $5)",
							door->store->quoted_name),
				   &params, false, 0);
}

/*
 * What the door has kept of the row.  Where another trigger came behind the door,
 * the row must be the one that the door has made: nothing else was checked.
 */
static void
take_pending(const Door *door, char **secret, JsonbValue **members)
{
	const char *trigger = ScimDoorTriggerAfter(door);
	ScimPendingKey key;

	*secret = NULL;
	*members = NULL;
	if (door->new.nulls[COLUMN_ID] || (trigger == NULL && !ScimPendingAny()))
		return;
	ScimDoorKey(door, &key);
	if (!ScimPendingTake(&key, secret, members) && trigger != NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
			 errmsg("trigger \"%s\" of table \"%s\" has changed a resource behind the "
					"door of the store",
					trigger, RelationGetRelationName(door->trigger->tg_relation)),
			 errhint("A BEFORE trigger that changes rows must sort before \"scim_door\", "
					 "which checks and completes what it leaves.")));
}

/*
 * The row is there: so are now its password and, for a new group, its members,
 * these as the caller, under his grants.
 */
static void
write_pending(const Door *door, const char *secret, JsonbValue *members)
{
	const pg_uuid_t *id = DatumGetUUIDP(door->new.values[COLUMN_ID]);

	if (secret != NULL)
	{
		ScimIdentity caller = ScimBeOwner(door->store->owner);

		SPI_connect();
		ScimCredentialSet(door->store, door->tenant_id, id, secret);
		SPI_finish();
		ScimBeCaller(caller);
	}
	if (members != NULL)
		ScimMembersReplaceAtDoor(door->store, door->tenant_id, id, members);
}

/* A resource out of sight leaves its unique values to others. */
static void
keep_unique(const Door *door)
{
	const ResourceRow *rows[2] = {&door->old, &door->new};
	Jsonb *data[2] = {NULL, NULL};
	bool there[2] = {!TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event),
					 !TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event)};

	if (door->type->nunique == 0)
		return;
	for (int i = 0; i < 2; i++)
	{
		if (there[i] && rows[i]->nulls[COLUMN_DELETED_AT])
			data[i] = DatumGetJsonbP(rows[i]->values[COLUMN_DATA]);
	}
	ScimUniqueChange(door->store, door->tenant_id, door->type,
					 DatumGetUUIDP(rows[there[1] ? 1 : 0]->values[COLUMN_ID]), data[0],
					 data[1]);
}

static void
record_change(const Door *door, const Change *change)
{
	bool deleted = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event);
	ScimIdentity caller = ScimBeOwner(door->store->owner);
	const pg_uuid_t *id;

	SPI_connect();
	if (door->rules->of[SCIM_RULE_AUDIT] != NIL)
		write_audit(door, change);
	if (change->event != NULL && door->rules->of[SCIM_RULE_EVENTS] != NIL)
		write_event(door, change);
	keep_unique(door);
	if (!TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event))
	{
		id = DatumGetUUIDP(door->old.values[COLUMN_ID]);
		if (change->gone)
			ScimMembersLeaveAll(door->store, door->tenant_id, id);
		if (deleted && door->type->has_members)
			ScimMembersDrop(door->store, door->tenant_id, id);
		if (deleted)
			ScimCredentialDrop(door->store, door->tenant_id, id);
	}
	SPI_finish();
	ScimBeCaller(caller);
}

/* AFTER INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "resource" */
Datum
scim_resource_record(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Door door;
	ErrorContextCallback callback;
	Change change;
	char *secret = NULL;
	JsonbValue *members = NULL;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("scim_internal.resource_record must be called as an AFTER "
							   "row trigger")));
	ScimDoorOpen(&door, fcinfo, &callback);
	if (!TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		take_pending(&door, &secret, &members);
	change = classify(&door);
	if (change.operation != NULL)
		record_change(&door, &change);
	if (!TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		write_pending(&door, secret, members);
	error_context_stack = callback.previous;
	PG_RETURN_POINTER(NULL);
}

/* BEFORE TRUNCATE on a partition of "resource", and on "member" */
Datum
scim_resource_truncate(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("scim_internal.resource_truncate must be called as a trigger")));
	ereport(
		ERROR,
		(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		 errmsg("table \"%s\" of a SCIM store cannot be truncated",
				RelationGetRelationName(trigger->tg_relation)),
		 errhint("DELETE follows the store's policies; scim.purge() removes for good; "
				 "scim.drop_store() drops the store.")));
	PG_RETURN_POINTER(NULL);
}
