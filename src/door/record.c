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
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "door/door.h"
#include "door/guard/guard.h"
#include "door/members/members.h"
#include "door/roles/roles.h"
#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/credential/sealing.h"
#include "store/preview.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "store/store.h"
#include "text/datetime.h"

PG_FUNCTION_INFO_V1(scim_resource_record);
PG_FUNCTION_INFO_V1(scim_resource_truncate);

/* Events whose URIs end with "full" or "notice": RFC 9967 section 2.4. */
#define CREATE_EVENT SCIM_EVENT("prov:create:")
#define PATCH_EVENT SCIM_EVENT("prov:patch:")
#define PUT_EVENT SCIM_EVENT("prov:put:")

/* What happened to a row: a word for the audit, an event URI, who has gone. */
typedef struct Change
{
	const char *operation; /* NULL: nothing that anybody has to know */
	const char *event;     /* or NULL; one that ends with a colon gets its end later */
	bool always;           /* the event, whatever the policy "events" says */
	bool gone;             /* out of sight from now on */
} Change;

/* Does a row that was out of sight come back?  Whoever has heard of it heard "delete". */
static bool
comes_back(const Door *door)
{
	return TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event) &&
		   !door->old.nulls[COLUMN_DELETED_AT] && door->new.nulls[COLUMN_DELETED_AT];
}

static Change
classify(const Door *door)
{
	ScimStatus before;
	ScimStatus after;

	if (TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event))
		return (Change){"create", CREATE_EVENT, false, false};
	before = ScimRowStatus(&door->old);
	if (TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event))
	{
		if (ScimStatusIsGone(before))
			return (Change){"purge", NULL, false, false};
		return (Change){"delete", SCIM_EVENT("prov:delete"), false, true};
	}
	after = ScimRowStatus(&door->new);
	if (before == after)
	{
		if (door->old.nulls[COLUMN_DELETED_AT] && !door->new.nulls[COLUMN_DELETED_AT])
			return (Change){after == SCIM_STATUS_OFFBOARDED ? "complete" : "delete",
							SCIM_EVENT("prov:delete"), false, true};
		if (!door->old.nulls[COLUMN_DELETED_AT])
			return (Change){"update", NULL, false, false};
		if (!ScimRowMayAct(door, &door->old) && ScimRowMayAct(door, &door->new))
			return (Change){"reactivate", SCIM_EVENT("prov:activate"), false, false};
		if (ScimRowMayAct(door, &door->old) && !ScimRowMayAct(door, &door->new))
			return (Change){"suspend", SCIM_EVENT("prov:deactivate"), false, false};
		if (!ScimSameColumn(&door->old, &door->new, COLUMN_SESSIONS_VALID_AFTER))
			return (Change){"log out", SCIM_CAEP_EVENT("session-revoked"), true, false};
		if (ScimSameColumn(&door->old, &door->new, COLUMN_VERSION))
			return (Change){NULL, NULL, false, false};
		return (Change){"update", ScimDoorReplaces(door) ? PUT_EVENT : PATCH_EVENT, false,
						false};
	}
	if (comes_back(door))
		return (Change){after == SCIM_STATUS_OFFBOARDING ? "offboard" : "restore",
						CREATE_EVENT, false, false};
	switch (after)
	{
		case SCIM_STATUS_PENDING:
			break; /* nobody becomes that */
		case SCIM_STATUS_ACTIVE:
			if (before == SCIM_STATUS_PENDING)
				return (Change){"activate", SCIM_EVENT("prov:activate"), false, false};
			if (before == SCIM_STATUS_SUSPENDED)
				return (Change){"reactivate", SCIM_EVENT("prov:activate"), false, false};
			return (Change){"restore", SCIM_EVENT("prov:activate"), false, false};
		case SCIM_STATUS_SUSPENDED:
			if (ScimStatusIsActive(before))
				return (Change){"suspend", SCIM_EVENT("prov:deactivate"), false, false};
			return (Change){"restore", PATCH_EVENT, false, false};
		case SCIM_STATUS_OFFBOARDING:
			/* who may log in until he has left is not inactive */
			return (Change){"offboard",
							ScimRowMayAct(door, &door->new)
								? PATCH_EVENT
								: SCIM_EVENT("prov:deactivate"),
							false, false};
		case SCIM_STATUS_OFFBOARDED:
			return (Change){"complete", SCIM_EVENT("prov:delete"), false, true};
		case SCIM_STATUS_DELETED:
			return (Change){"delete", SCIM_EVENT("prov:delete"), false, true};
	}
	return (Change){NULL, NULL, false, false};
}

/*
 * When it happened: a change of the version is that of last_modified, unless the row
 * comes from elsewhere and brings its own.
 */
static TimestampTz
instant_of(const Door *door)
{
	TimestampTz modified = ScimLastModified(&door->new);

	if (TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event))
		return ScimClockGave(modified) ? modified
									   : ScimClock(door->store, SCIM_NO_INSTANT);
	if (TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event) &&
		!ScimSameColumn(&door->old, &door->new, COLUMN_VERSION))
		return modified;
	return ScimClock(door->store, ScimLastModified(&door->old));
}

static void
put_instant(JsonbValue *object, const char *name, const ResourceRow *row, int column)
{
	JsonbValue null = {.type = jbvNull};

	ScimJsonSet(object, name,
				row->nulls[column] ? &null
								   : ScimJsonNewString(ScimInstantText(
										 DatumGetTimestampTz(row->values[column]))));
}

/*
 * What neither the document nor the status says of the row, so that every version of it
 * can be told from the audit: the times of its life as they were, where they change.
 * secret: of a password that is set, SCIM_NO_SECRET of one that is taken away, or NULL.
 */
static const Jsonb *
detail_of(const Door *door, const char *secret)
{
	static const struct
	{
		int column;
		const char *name;
		bool changes; /* else it can but go with the row */
	} times[] = {
		{COLUMN_CREATED, "created", false},
		{COLUMN_LAST_MODIFIED, "last_modified", false},
		{COLUMN_OFFBOARDING_AT, "offboarding_at", true},
		{COLUMN_DELETED_AT, "deleted_at", true},
		{COLUMN_ACTIVATED_AT, "activated_at", true},
		{COLUMN_DEACTIVATED_AT, "deactivated_at", true},
		{COLUMN_SESSIONS_VALID_AFTER, "sessions_valid_after", true},
	};
	bool inserted = TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event);
	bool updated = TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event);
	JsonbValue *detail = NULL;
	JsonbValue *was = NULL;

	for (size_t i = 0; i < lengthof(times); i++)
	{
		int column = times[i].column;

		if (inserted)
		{
			if (times[i].changes ||
				DatumGetTimestampTz(door->new.values[column]) == door->now)
				continue;
			if (detail == NULL)
				detail = ScimJsonNewObject();
			put_instant(detail, times[i].name, &door->new, column);
			continue;
		}
		if (updated ? !times[i].changes || ScimSameColumn(&door->old, &door->new, column)
					: door->old.nulls[column])
			continue;
		if (was == NULL)
			was = ScimJsonNewObject();
		put_instant(was, times[i].name, &door->old, column);
	}
	if (detail == NULL && was == NULL && secret == NULL)
		return NULL;
	if (detail == NULL)
		detail = ScimJsonNewObject();
	if (was != NULL)
		ScimJsonSet(detail, "was", was);
	if (secret != NULL)
		ScimJsonSet(detail, "password",
					ScimJsonNewBool(strcmp(secret, SCIM_NO_SECRET) != 0));
	return ScimJsonToJsonb(detail);
}

static ScimOccurrence
occurrence(const Door *door, const Change *change)
{
	bool deleted = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event);
	const ResourceRow *row = deleted ? &door->old : &door->new;
	ScimOccurrence result = {
		.store = door->store, .tenant_id = door->tenant_id, .type = door->type};

	result.id = DatumGetUUIDP(row->values[COLUMN_ID]);
	result.version = DatumGetInt64(row->values[COLUMN_VERSION]);
	result.operation = change->operation;
	result.at = door->now;
	result.data = DatumGetJsonbP(row->values[COLUMN_DATA]);
	result.status = ScimRowStatus(row);
	if (!TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event))
		result.status_before = ScimStatusName(ScimRowStatus(&door->old));
	/* the end of all sessions alone leaves document and version as they are */
	if (deleted || (TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event) &&
					!ScimSameColumn(&door->old, &door->new, COLUMN_VERSION)))
		result.before = DatumGetJsonbP(door->old.values[COLUMN_DATA]);
	return result;
}

/*
 * What the door has kept of the row.  Where another trigger came behind the door,
 * the row must be the one that the door has made: nothing else was checked.
 */
static void
take_pending(const Door *door, bool *unsure, char **secret, JsonbValue **members)
{
	const char *trigger = ScimDoorTriggerAfter(door);
	ScimPendingKey key;

	*unsure = false;
	*secret = NULL;
	*members = NULL;
	if (door->new.nulls[COLUMN_ID] || (trigger == NULL && !ScimPendingAny()))
		return;
	ScimDoorKey(door, &key);
	if (!ScimPendingTake(&key, unsure, secret, members) && trigger != NULL)
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

	if (secret != NULL && strcmp(secret, SCIM_STORED_SECRET) != 0)
	{
		ScimIdentity caller = ScimBeOwner(door->store->owner);

		SPI_connect();
		if (strcmp(secret, SCIM_NO_SECRET) == 0)
			ScimCredentialDrop(door->store, door->tenant_id, id);
		else
			ScimCredentialSet(door->store, door->tenant_id, id, secret);
		SPI_finish();
		ScimBeCaller(caller);
	}
	if (members != NULL)
		ScimMembersReplaceAtDoor(door->store, door->tenant_id, id, door->type,
								 DatumGetInt64(door->new.values[COLUMN_VERSION]), members,
								 door->now);
}

/* Are there triggers of the owner's own that may have written the row again by now? */
static bool
has_other_triggers(const Door *door)
{
	const TriggerDesc *triggers = ScimTriggers(door->trigger->tg_relation);

	for (int i = 0; i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];

		if (TRIGGER_FOR_AFTER(trigger->tgtype) && TRIGGER_FOR_ROW(trigger->tgtype) &&
			!trigger->tgisinternal &&
			trigger->tgfoid != door->trigger->tg_trigger->tgfoid)
			return true;
	}
	return false;
}

/*
 * Is the row that was written still there?  *now is what it has by now, NULL where it
 * is out of sight: another AFTER trigger may have been faster, and changed it or taken
 * it away.  Looked at only where something follows from the row.
 */
static bool
is_there(const Door *door, bool follows, Jsonb **now)
{
	ScimIdentity caller;
	ScimParams params;
	MemoryContext context = CurrentMemoryContext;
	bool out_of_sight = !door->new.nulls[COLUMN_DELETED_AT];
	bool found;

	*now = out_of_sight ? NULL : DatumGetJsonbP(door->new.values[COLUMN_DATA]);
	if (out_of_sight ||
		(!follows && !(door->type->nunique > 0 && has_other_triggers(door))))
		return true;
	caller = ScimBeOwner(door->store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, door->tenant_id,
						 DatumGetUUIDP(door->new.values[COLUMN_ID]));
	ScimSpiExecute(psprintf("SELECT r.data FROM %s.resource r WHERE r.tenant_id = $1 "
							"AND r.id = $2 AND r.resource_type = %s "
							"AND r.deleted_at IS NULL",
							door->store->quoted_name,
							quote_literal_cstr(door->type->name)),
				   &params, false, 1);
	found = SPI_processed > 0;
	*now = NULL;
	if (found)
	{
		Datum data = ScimResultValue(0, 1, JSONBOID);
		MemoryContext old = MemoryContextSwitchTo(context);

		*now = ScimStoredData(door->type, DatumGetJsonbPCopy(data));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

/*
 * A resource out of sight leaves its unique values to others; now NULL: it is.  So it may
 * be since, or have others, where somebody's trigger follows the audit or the events.
 */
static void
keep_unique(const Door *door, Jsonb *now)
{
	Jsonb *before = NULL;
	bool deleted = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event);

	if (door->type->nunique == 0 && door->rules->of[SCIM_RULE_UNIQUE] == NIL)
		return;
	if (now != NULL && ScimHasFollower(&door->store->tables))
		(void) is_there(door, true, &now);
	if (!TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event) &&
		door->old.nulls[COLUMN_DELETED_AT])
		before = DatumGetJsonbP(door->old.values[COLUMN_DATA]);
	ScimUniqueChange(
		door->store, door->tenant_id, door->type,
		DatumGetUUIDP((deleted ? &door->old : &door->new)->values[COLUMN_ID]), before,
		now, ScimScopeProvedReads(door->store, door->type->name));
}

/* Who may not log in any more may not get back in by a code either. */
static bool
ends_access(const Door *door)
{
	return ScimRowMayAct(door, &door->old) &&
		   (TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event) ||
			!ScimRowMayAct(door, &door->new));
}

static bool
ends_with_mode(const char *uri)
{
	return uri[strlen(uri) - 1] == ':';
}

/* What the event of a change tells of it, and under which URI. */
static const char *
tell(const Door *door, const ScimOccurrence *happened, const Change *change,
	 bool password_changed, const ScimMembersTold *members, ScimTold *told)
{
	bool full = ScimEventsAreFull(door->rules);
	const char *uri = change->event;
	ScimTellAs as = full ? SCIM_TELL_OPERATIONS : SCIM_TELL_PATHS;
	JsonbValue *before = NULL;
	JsonbValue *after = ScimJsonFromJsonb(happened->data);

	/* what the door makes of a document because of another schema is nobody's change */
	if (happened->before != NULL)
	{
		before = ScimStoredToday(door->type, ScimJsonFromJsonb(happened->before));
		after = ScimStoredToday(door->type, after);
	}
	/* who has heard that it is gone has nothing left that could change */
	if (comes_back(door))
		before = NULL;
	/* what is replaced of a group are all its members, who may be very many */
	if (uri != NULL && full && strcmp(uri, PUT_EVENT) == 0 && door->type->has_members)
		uri = PATCH_EVENT;
	if (uri != NULL && full &&
		(strcmp(uri, PUT_EVENT) == 0 || strcmp(uri, CREATE_EVENT) == 0))
		as = SCIM_TELL_DOCUMENT;
	ScimTell(door->type, happened->id, before, after, password_changed, members, as,
			 told);
	if (uri != NULL && ends_with_mode(uri))
		uri = psprintf("%s%s", uri, told->data != NULL ? "full" : "notice");
	return uri;
}

/*
 * Is the row out of sight, and was before?  Then nobody has heard of it, or he has heard
 * that it is gone: such a row may be new, where it comes from elsewhere or comes back.
 */
static bool
stays_hidden(const Door *door, const Change *change)
{
	bool deleted = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event);

	return !change->gone &&
		   !(deleted ? &door->old : &door->new)->nulls[COLUMN_DELETED_AT];
}

/*
 * The step by which somebody new is inactive, where his document does not say so: what
 * tells of his creation tells of an active one.  NULL: there is none.
 */
static const char *
begins_inactive(const Door *door)
{
	if (!TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event) ||
		ScimRowMayAct(door, &door->new) ||
		(!door->new.nulls[SCIM_KEY_ACTIVE] &&
		 !DatumGetBool(door->new.values[SCIM_KEY_ACTIVE])))
		return NULL;
	switch (ScimRowStatus(&door->new))
	{
		case SCIM_STATUS_SUSPENDED:
			return "suspend";
		case SCIM_STATUS_OFFBOARDING:
			return "offboard";
		default:
			return NULL;
	}
}

/* The events of a change: RFC 9967's, and those of policies; SPI is connected. */
static void
record_events(const Door *door, const Change *change, const ScimOccurrence *happened,
			  bool password_changed)
{
	const ScimMembersTold *members =
		door->type->has_members
			? ScimMemberNotesTake(door->store, door->tenant_id, happened->id)
			: NULL;
	bool wanted = change->event != NULL &&
				  (change->always || door->rules->of[SCIM_RULE_EVENTS] != NIL);
	const char *uri = change->event;
	const char *step;
	ScimTold told;

	if ((!wanted && door->rules->of[SCIM_RULE_EMIT] == NIL) || stays_hidden(door, change))
		return;
	memset(&told, 0, sizeof(told));
	/* a group that comes back has the members that it had */
	if (door->type->has_members && comes_back(door))
		members = ScimMembersAllTold(door->store, door->tenant_id, happened->id);
	/* who has gone is told of by that alone */
	if (!change->gone &&
		(happened->before != NULL || TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event)))
		uri = tell(door, happened, change, password_changed, members, &told);
	if (wanted)
		ScimEventWrite(happened, uri, &told, told.data);
	ScimEventsEmit(happened, door->rules, &told, ScimTransient());
	step = wanted ? begins_inactive(door) : NULL;
	if (step != NULL)
	{
		ScimOccurrence then = *happened;

		then.operation = step;
		ScimEventWrite(&then, SCIM_EVENT("prov:deactivate"), NULL, NULL);
	}
}

/*
 * now is the data of the row by now, NULL where there is none; events: they are told of
 * here, and not after the members of the row are there
 */
static void
record_change(const Door *door, const Change *change, const char *secret, Jsonb *now,
			  bool events)
{
	bool deleted = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event);
	ScimIdentity caller = ScimBeOwner(door->store->owner);
	ScimOccurrence happened = occurrence(door, change);
	const pg_uuid_t *id;

	SPI_connect();
	if (door->rules->of[SCIM_RULE_AUDIT] != NIL)
	{
		happened.detail = detail_of(door, secret);
		if (!ScimLoadNote(door, &happened))
			ScimAuditWrite(&happened);
	}
	if (events)
		record_events(door, change, &happened, secret != NULL);
	keep_unique(door, now);
	ScimOriginNote(door, &happened);
	if (!TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event))
	{
		id = DatumGetUUIDP(door->old.values[COLUMN_ID]);
		if (change->gone)
			ScimSettleGone(door->store, door->tenant_id, door->type, id);
		ScimGuardNoteRow(door, &happened);
		/* while its members are there: one that is kept has them still */
		if (change->gone && door->type->has_members)
			ScimGuardNoteGroupGoes(door, &happened);
		if (deleted && door->type->has_members)
		{
			ScimMembersDrop(door->store, door->tenant_id, id, door->now);
			(void) ScimMemberNotesTake(door->store, door->tenant_id, id);
		}
		if (deleted)
			ScimCredentialDrop(door->store, door->tenant_id, id);
		if (ends_access(door))
			ScimRecoveryDrop(door->store, door->tenant_id, id);
	}
	ScimRolesNoteRow(door, &happened);
	SPI_finish();
	ScimBeCaller(caller);
	happened.detail = NULL;
	ScimManagedCheckRow(door, &happened, secret != NULL);
}

/* The same events once the members of the row have come and gone. */
static void
record_events_of_group(const Door *door, const Change *change, bool password_changed)
{
	ScimIdentity caller = ScimBeOwner(door->store->owner);
	ScimOccurrence happened = occurrence(door, change);

	SPI_connect();
	record_events(door, change, &happened, password_changed);
	SPI_finish();
	ScimBeCaller(caller);
}

/* The document of a row that is in sight, or NULL. */
static const Jsonb *
seen_document(const ResourceRow *row)
{
	return row->nulls[COLUMN_DELETED_AT] ? DatumGetJsonbP(row->values[COLUMN_DATA])
										 : NULL;
}

/* For who only wants to know what would change. */
static void
note_preview(const Door *door, const Change *change, bool password)
{
	bool deleted = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event);
	const ResourceRow *row = deleted ? &door->old : &door->new;
	const Jsonb *before = TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event)
							  ? NULL
							  : seen_document(&door->old);
	const Jsonb *after = deleted ? NULL : seen_document(&door->new);
	ScimPreviewNote *note = ScimPreviewAdd(
		SCIM_PREVIEW_RESOURCE, change->operation, door->type->name,
		(before != NULL ? VARSIZE(before) : 0) + (after != NULL ? VARSIZE(after) : 0));

	if (note == NULL)
		return;
	note->id = *DatumGetUUIDP(row->values[COLUMN_ID]);
	note->version = DatumGetInt64(row->values[COLUMN_VERSION]);
	note->before = before != NULL ? ScimPreviewJsonb(before) : NULL;
	note->after = after != NULL ? ScimPreviewJsonb(after) : NULL;
	note->password = password;
}

static Datum
record_row(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "resource_record", AFTER_ROW | ON_CHANGE);
	Door door;
	ErrorContextCallback callback;
	Change change;
	char *secret = NULL;
	JsonbValue *members = NULL;
	Jsonb *now = NULL;
	bool there = false;
	bool unsure;

	/* nothing that anybody sees has changed */
	if (ScimSealsStored())
		PG_RETURN_POINTER(NULL);
	ScimDoorCountWrite();
	ScimGuardTellRefused();
	ScimDoorOpen(&door, fcinfo, &callback);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event) && ScimExcludedIsWritten(&door))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("a %s with the same key has gone while this one was written",
						door.type->name),
				 errhint("Write it again.")));
	if (!TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
	{
		take_pending(&door, &unsure, &secret, &members);
		if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		{
			door.loads = ScimLoads(&door);
			door.given = ScimGivenCheck(&door);
		}
		there = is_there(&door, secret != NULL || members != NULL, &now);
		ScimDoorCheckWritten(&door, unsure);
	}
	change = classify(&door);
	/* the row that a statement returns of it is not there any more */
	if (change.gone && TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		ScimDoorCountWrite();
	if (change.operation != NULL)
	{
		door.now = instant_of(&door);
		if (ScimPreviewing())
			note_preview(&door, &change, secret != NULL);
		record_change(&door, &change, secret, now, members == NULL);
	}
	if (there)
		write_pending(&door, secret, members);
	if (change.operation != NULL && members != NULL)
		record_events_of_group(&door, &change, secret != NULL);
	/* nothing comes behind the rows of an INSERT */
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		ScimRolesSettle(ScimTriggerDepth());
	error_context_stack = callback.previous;
	PG_RETURN_POINTER(NULL);
}

/* AFTER INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "resource" */
Datum
scim_resource_record(PG_FUNCTION_ARGS)
{
	return ScimTriggerRun(fcinfo, record_row);
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
