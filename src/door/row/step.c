/*
 * step.c
 *		The life of a row of "resource" at the door: how it begins, and what a step
 *		from one status to another does to the row.
 *
 * policy/document/lifecycle.c says which steps there are.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "door/row/at_door.h"
#include "json/json.h"
#include "policy/policy.h"
#include "text/datetime.h"

static void
set_status(ResourceRow *row, ScimStatus status)
{
	ScimSetColumn(row, COLUMN_STATUS, CStringGetTextDatum(ScimStatusName(status)));
}

/* The status, and the times that go with it, of a row that takes a step. */
static void
set_stage(ResourceRow *row, ScimStatus status, TimestampTz now)
{
	set_status(row, status);
	if (ScimStatusIsActive(status))
		row->nulls[COLUMN_DEACTIVATED_AT] = true;
	else if (row->nulls[COLUMN_DEACTIVATED_AT])
		ScimSetColumn(row, COLUMN_DEACTIVATED_AT, TimestampTzGetDatum(now));
	if (status == SCIM_STATUS_ACTIVE)
		ScimSetColumn(row, COLUMN_ACTIVATED_AT, TimestampTzGetDatum(now));
}

/* No session that began until now is valid any more. */
static void
end_sessions(ResourceRow *row, TimestampTz now)
{
	if (row->nulls[COLUMN_SESSIONS_VALID_AFTER] ||
		DatumGetTimestampTz(row->values[COLUMN_SESSIONS_VALID_AFTER]) < now)
		ScimSetColumn(row, COLUMN_SESSIONS_VALID_AFTER, TimestampTzGetDatum(now));
}

/* Nobody knows of a session that is yet to begin that it is not valid. */
static void
check_sessions(const ResourceRow *new)
{
	TimestampTz since;

	if (new->nulls[COLUMN_SESSIONS_VALID_AFTER])
		return;
	since = DatumGetTimestampTz(new->values[COLUMN_SESSIONS_VALID_AFTER]);
	if (since > GetCurrentTimestamp())
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("column \"sessions_valid_after\" cannot be in the future")));
	if (!ScimInstantIsShown(since))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("column \"sessions_valid_after\" must be a time in the "
							   "years 1 to 9999")));
}

/*
 * ScimDoorCheckSessions: who writes "sessions_valid_after" may end sessions, and not
 * bring them back.
 */
void
ScimDoorCheckSessions(Door *door)
{
	const ResourceRow *old = &door->old;
	ResourceRow *new = &door->new;
	const int column = COLUMN_SESSIONS_VALID_AFTER;

	if (ScimSameColumn(old, new, column))
		return;
	if (new->nulls[column])
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("column \"sessions_valid_after\" cannot become null again")));
	check_sessions(new);
	if (!old->nulls[column] && DatumGetTimestampTz(new->values[column]) <
								   DatumGetTimestampTz(old->values[column]))
		ScimSetColumn(new, column, old->values[column]);
}

/* A resource type that knows no "active" has a life-cycle all the same. */
static void
set_active(const Door *door, JsonbValue *document, bool active)
{
	if (ScimTypeHasActive(door->type))
		ScimJsonSet(document, ScimKeyColumnInfos[SCIM_KEY_ACTIVE].attribute,
					ScimJsonNewBool(active));
}

/* Does the document of a type that has "active" say that the resource is in use? */
static bool
is_in_use(const JsonbValue *document)
{
	return ScimStatusIsActive(ScimStatusByActive(document));
}

pg_noreturn static void
raise_disagreement(ScimStatus status)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("status \"%s\" and attribute \"active\" say different things",
						   ScimStatusName(status))));
}

static const TimestampTz *
time_of(const ResourceRow *row, int column)
{
	return row->nulls[column] ? NULL : (const TimestampTz *) &row->values[column];
}

/* What the document shows of all this, by the policy "status". */
static void
show_life(const Door *door, const ScimStatusRule *rule, JsonbValue *document)
{
	const ResourceRow *row = &door->new;
	const TimestampTz *times[SCIM_LIFE_TIMES] = {
		[SCIM_LIFE_ACTIVATED] = time_of(row, COLUMN_ACTIVATED_AT),
		[SCIM_LIFE_DEACTIVATED] = time_of(row, COLUMN_DEACTIVATED_AT),
		[SCIM_LIFE_OFFBOARDING] = time_of(row, COLUMN_OFFBOARDING_AT),
		[SCIM_LIFE_SESSIONS] = time_of(row, COLUMN_SESSIONS_VALID_AFTER),
	};

	if (rule != NULL)
		ScimStatusShow(rule, door->type, document, ScimRowStatus(row), times);
}

/* The status with which life begins, where the row does not say. */
static ScimStatus
first_status(const ScimStatusRule *rule, const JsonbValue *document)
{
	ScimStatus status = ScimStatusByActive(document);
	List *problems = NIL;

	if (status == SCIM_STATUS_ACTIVE && rule != NULL && rule->pending)
		status = SCIM_STATUS_PENDING;
	(void) ScimStatusStated(rule, document, NULL, status, &status, &problems);
	ScimProblemsRaise(problems);
	return status;
}

static bool
says_active(const JsonbValue *document)
{
	const JsonbValue *active = ScimJsonGet(document, "active");

	return active != NULL && active->type == jbvBool && active->val.boolean;
}

/*
 * ScimDoorBeginLife sets the status of a new row: as "active" says, unless it is written.
 * A row that comes from elsewhere may be at any point of its life.
 */
void
ScimDoorBeginLife(Door *door, JsonbValue *document)
{
	const ScimStatusRule *rule = ScimRuleOf(door->rules, SCIM_RULE_STATUS);
	ResourceRow *new = &door->new;
	TimestampTz now = door->now;
	ScimStatus status;

	if (new->nulls[COLUMN_STATUS])
		set_status(new, first_status(rule, document));
	status = ScimRowStatus(new);
	if (status == SCIM_STATUS_PENDING && (rule == NULL || !rule->pending))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("status \"PENDING\" is for types whose policy \"status\" "
							   "says so")));
	if (ScimStatusIsGone(status) == new->nulls[COLUMN_DELETED_AT])
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("status \"%s\" does not go with deleted_at",
							   ScimStatusName(status))));
	if (ScimStatusIsActive(status) && !new->nulls[COLUMN_DEACTIVATED_AT])
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("status \"%s\" does not go with deactivated_at",
							   ScimStatusName(status))));
	if ((ScimStatusIsActive(status) || status == SCIM_STATUS_SUSPENDED) &&
		!new->nulls[COLUMN_OFFBOARDING_AT])
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("status \"%s\" does not go with offboarding_at",
							   ScimStatusName(status))));
	check_sessions(new);
	if (status == SCIM_STATUS_OFFBOARDING && new->nulls[COLUMN_OFFBOARDING_AT])
		ScimSetColumn(new, COLUMN_OFFBOARDING_AT, TimestampTzGetDatum(now));
	if (status == SCIM_STATUS_ACTIVE && new->nulls[COLUMN_ACTIVATED_AT])
		ScimSetColumn(new, COLUMN_ACTIVATED_AT, TimestampTzGetDatum(now));
	if (!ScimStatusIsActive(status) && new->nulls[COLUMN_DEACTIVATED_AT])
		ScimSetColumn(new, COLUMN_DEACTIVATED_AT, TimestampTzGetDatum(now));
	if (ScimTypeHasActive(door->type))
	{
		if (status == SCIM_STATUS_SUSPENDED && ScimJsonGet(document, "active") == NULL)
			set_active(door, document, false);
		else if ((ScimStatusIsActive(status) || status == SCIM_STATUS_SUSPENDED) &&
				 ScimStatusIsActive(status) != is_in_use(document))
			raise_disagreement(status);
		else if (status == SCIM_STATUS_OFFBOARDED && says_active(document))
			raise_disagreement(status);
	}
	show_life(door, rule, document);
}

/*
 * A client that activates a leaver whom off-boarding has deactivated calls him
 * back: access without an end to the off-boarding would be nobody's wish.
 */
static bool
is_called_back(const Door *door, const JsonbValue *document,
			   const JsonbValue *old_document)
{
	const ResourceRow *old = &door->old;

	return ScimRowStatus(old) == SCIM_STATUS_OFFBOARDING &&
		   !old->nulls[SCIM_KEY_ACTIVE] && !DatumGetBool(old->values[SCIM_KEY_ACTIVE]) &&
		   says_active(document) && !says_active(old_document);
}

/*
 * What the step makes of "active".  A write that changes both says one thing; an "active"
 * that still says what it said follows.
 */
static void
step_active(const Door *door, JsonbValue *document, const JsonbValue *old_document,
			ScimStatus after, bool active)
{
	const JsonbValue *stated = ScimJsonGet(document, "active");

	if (ScimTypeHasActive(door->type) && stated != NULL && stated->type == jbvBool &&
		stated->val.boolean != active &&
		!ScimJsonSame(stated, ScimJsonGet(old_document, "active")))
		raise_disagreement(after);
	set_active(door, document, active);
}

/* The step itself. */
static void
step_to(Door *door, JsonbValue *document, const JsonbValue *old_document,
		ScimStatus before, ScimStatus after)
{
	ResourceRow *new = &door->new;
	TimestampTz now = door->now;

	if (after == before)
	{
		/*
		 * Who is suspended, or whom off-boarding has deactivated, stays so where nobody
		 * speaks of it, whatever a write past the door has left in the document.
		 */
		if ((before == SCIM_STATUS_SUSPENDED ||
			 (before == SCIM_STATUS_OFFBOARDING && !door->old.nulls[SCIM_KEY_ACTIVE] &&
			  !DatumGetBool(door->old.values[SCIM_KEY_ACTIVE]))) &&
			is_in_use(document))
			set_active(door, document, false);
		/* who may still log in while he leaves is suspended */
		else if (before == SCIM_STATUS_OFFBOARDING &&
				 (door->old.nulls[SCIM_KEY_ACTIVE] ||
				  DatumGetBool(door->old.values[SCIM_KEY_ACTIVE])) &&
				 ScimStatusByActive(document) == SCIM_STATUS_SUSPENDED)
			end_sessions(new, now);
		return;
	}
	/* who leaves is not suspended, but may come back as he was */
	if (!ScimStatusMayFollow(before, after) &&
		!(before == SCIM_STATUS_OFFBOARDING && after == SCIM_STATUS_SUSPENDED &&
		  ScimRowWasSuspended(&door->old)))
		ereport(ERROR, (ScimErr(SCIM_MUTABILITY),
						errmsg("status \"%s\" cannot follow \"%s\"",
							   ScimStatusName(after), ScimStatusName(before))));
	set_stage(new, after, now);
	if (!ScimStatusIsActive(after))
		end_sessions(new, now);
	new->nulls[COLUMN_DELETED_AT] = true;
	switch (after)
	{
		case SCIM_STATUS_PENDING:
		case SCIM_STATUS_ACTIVE:
		case SCIM_STATUS_SUSPENDED:
			new->nulls[COLUMN_OFFBOARDING_AT] = true;
			if (ScimStatusIsActive(after) != is_in_use(document))
				step_active(door, document, old_document, after,
							ScimStatusIsActive(after));
			break;
		case SCIM_STATUS_OFFBOARDING:
		{
			const ScimDeleteRule *rule = ScimRuleOf(door->rules, SCIM_RULE_DELETE);

			ScimSetColumn(new, COLUMN_OFFBOARDING_AT, TimestampTzGetDatum(now));
			if (rule == NULL || rule->deactivates)
				step_active(door, document, old_document, after, false);
			break;
		}
		case SCIM_STATUS_OFFBOARDED:
			step_active(door, document, old_document, after, false);
			ScimSetColumn(new, COLUMN_DELETED_AT, TimestampTzGetDatum(now));
			break;
		case SCIM_STATUS_DELETED:
			ScimSetColumn(new, COLUMN_DELETED_AT, TimestampTzGetDatum(now));
			break;
	}
}

/* The status of who is active and is deactivated; 'removed' where the row is to go. */
static ScimStatus
deactivated_status(Door *door, ScimStatus before)
{
	const ScimDeleteRule *rule = ScimRuleOf(door->rules, SCIM_RULE_DELETE);

	if (rule == NULL || !rule->deletes[before])
		return SCIM_STATUS_SUSPENDED;
	door->removed = rule->deactivate[before] == SCIM_DELETE_HARD;
	return rule->deactivate[before] == SCIM_DELETE_OFFBOARD ? SCIM_STATUS_OFFBOARDING
															: SCIM_STATUS_DELETED;
}

/* The status that a change of "active" leads to. */
static ScimStatus
step_by_active(Door *door, const JsonbValue *document, const JsonbValue *old_document,
			   ScimStatus before)
{
	if (!ScimTypeHasActive(door->type) ||
		ScimStatusIsActive(before) == is_in_use(document))
		return before;
	if (ScimStatusIsActive(before))
		return deactivated_status(door, before);
	/* only who says something else of "active" than was said brings anybody back */
	if (ScimJsonSame(ScimJsonGet(document, "active"),
					 ScimJsonGet(old_document, "active")))
		return before;
	return SCIM_STATUS_ACTIVE;
}

/* What a write asks for that does not write the status itself. */
static ScimStatus
asked_status(Door *door, const ScimStatusRule *rule, JsonbValue *document,
			 const JsonbValue *old_document, ScimStatus before)
{
	const JsonbValue *active = ScimJsonGet(document, "active");
	const JsonbValue *was_active = ScimJsonGet(old_document, "active");
	List *problems = NIL;
	ScimStatus after;

	if (ScimStatusStated(rule, document, old_document, before, &after, &problems))
	{
		bool changes =
			active != NULL && (was_active == NULL || !ScimJsonEqual(active, was_active));

		if (changes && ScimTypeHasActive(door->type) &&
			ScimStatusIsActive(after) != is_in_use(document))
			raise_disagreement(after);
		if (ScimStatusIsActive(before) && after == SCIM_STATUS_SUSPENDED)
			return deactivated_status(door, before);
		return after;
	}
	ScimProblemsRaise(problems);
	/* whom a write past the door keeps out by the column, too */
	if (ScimStatusIsActive(before) && !door->old.nulls[SCIM_KEY_ACTIVE] &&
		!DatumGetBool(door->old.values[SCIM_KEY_ACTIVE]) &&
		ScimSameColumn(&door->old, &door->new, SCIM_KEY_ACTIVE) &&
		ScimJsonSame(active, was_active))
		return SCIM_STATUS_SUSPENDED;
	if (is_called_back(door, document, old_document))
		return SCIM_STATUS_ACTIVE;
	/* who is said to be suspended is, where nobody speaks of "active" */
	if (before == SCIM_STATUS_SUSPENDED && active == NULL &&
		ScimStatusIsSaid(rule, document, before))
		return before;
	if (ScimStatusIsActive(before) || before == SCIM_STATUS_SUSPENDED)
		return step_by_active(door, document, old_document, before);
	return before;
}

/*
 * ScimDoorTakeStep takes a step in the life of the resource: the status was written, or
 * "active" changed, or the attribute that shows the status.  Sets status, the times of
 * the life-cycle, and what the document shows of them.  Sets removed where the row is
 * to be deleted in place of being changed.
 */
void
ScimDoorTakeStep(Door *door, JsonbValue *document, const JsonbValue *old_document)
{
	const ScimStatusRule *rule = ScimRuleOf(door->rules, SCIM_RULE_STATUS);
	ScimStatus before = ScimRowStatus(&door->old);
	ScimStatus after = ScimRowStatus(&door->new);

	if (after == before)
		after = asked_status(door, rule, document, old_document, before);
	/*
	 * Whoever takes a change back says in the status which step that is: an attribute
	 * that has been something else since that step lets nobody in again by itself.
	 */
	if (after == SCIM_STATUS_ACTIVE && !ScimStatusIsActive(before) &&
		ScimRowStatus(&door->new) == before && ScimDoorTakesBack(door))
		after = before;
	if (door->removed)
		return;
	step_to(door, document, old_document, before, after);
	show_life(door, rule, document);
}

/*
 * ScimDoorLeave makes the status of a row that is out of sight one of those who are, and
 * takes away an "active" that does not go with it.
 */
void
ScimDoorLeave(Door *door, JsonbValue *document)
{
	ScimStatus status = ScimRowStatus(&door->new);

	if (!ScimStatusIsGone(status))
		status = status == SCIM_STATUS_OFFBOARDING ? SCIM_STATUS_OFFBOARDED
												   : SCIM_STATUS_DELETED;
	set_status(&door->new, status);
	if (status == SCIM_STATUS_OFFBOARDED && says_active(document))
		set_active(door, document, false);
	show_life(door, ScimRuleOf(door->rules, SCIM_RULE_STATUS), document);
}

/* A document without what the life-cycle writes there. */
static JsonbValue *
content_of(const Door *door, const JsonbValue *document)
{
	const ScimStatusRule *rule = ScimRuleOf(door->rules, SCIM_RULE_STATUS);
	JsonbValue *content = ScimJsonCopy(document);

	if (ScimTypeHasActive(door->type))
		ScimJsonRemove(content, ScimKeyColumnInfos[SCIM_KEY_ACTIVE].attribute);
	if (rule == NULL)
		return content;
	if (rule->attribute != NULL)
		ScimRuleSet(door->type, rule->attribute, content, NULL);
	ScimStatusHideTimes(rule, door->type, content);
	return content;
}

/*
 * ScimDoorSameContent: do two documents say the same but for where the resource is in
 * its life: "active", and what the policy "status" shows?
 */
bool
ScimDoorSameContent(const Door *door, const JsonbValue *document,
					const JsonbValue *old_document)
{
	return ScimJsonEqual(content_of(door, document), content_of(door, old_document));
}
