/*
 * lifecycle.c
 *		The states of a resource and the steps between them.
 *
 *		PENDING -> ACTIVE					scim.record_login, activation
 *		PENDING, ACTIVE -> SUSPENDED		the attribute "active"
 *		SUSPENDED -> ACTIVE					the attribute "active"
 *		these three -> OFFBOARDING			DELETE in mode offboard
 *		these three -> DELETED				DELETE in mode retain
 *		OFFBOARDING -> OFFBOARDED			scim.complete_offboarding
 *		any of the last three -> ACTIVE, SUSPENDED		scim.restore_resource
 *		OFFBOARDING -> ACTIVE				"active" becomes true again
 */
#include "postgres.h"

#include "fmgr.h"

#include "json/json.h"
#include "policy/document/document.h"
#include "utils/builtins.h"
#include "utils/formatting.h"

PG_FUNCTION_INFO_V1(scim_is_status);

static const char *const status_names[SCIM_STATUSES] = {
	"PENDING", "ACTIVE", "SUSPENDED", "OFFBOARDING", "OFFBOARDED", "DELETED"};

const char *
ScimStatusName(ScimStatus status)
{
	return status_names[status];
}

/* ScimStatusByName sets *status and returns true where the name is one. */
bool
ScimStatusByName(const char *name, ScimStatus *status)
{
	for (size_t i = 0; i < lengthof(status_names); i++)
	{
		if (strcmp(name, status_names[i]) == 0)
		{
			*status = (ScimStatus) i;
			return true;
		}
	}
	return false;
}

/*
 * scim_internal.is_status(text) returns boolean.  A CHECK constraint of six names in a
 * list would be read, parsed and prepared by every INSERT for longer than the row takes.
 */
Datum
scim_is_status(PG_FUNCTION_ARGS)
{
	ScimStatus status;

	PG_RETURN_BOOL(ScimStatusByName(text_to_cstring(PG_GETARG_TEXT_PP(0)), &status));
}

/* ScimStatusByFoldedName does so in any letter case. */
bool
ScimStatusByFoldedName(const char *name, ScimStatus *status)
{
	return ScimStatusByName(asc_toupper(name, strlen(name)), status);
}

/* ScimStatusByActive: ACTIVE or SUSPENDED, as "active" says; without it, active. */
ScimStatus
ScimStatusByActive(const JsonbValue *document)
{
	const JsonbValue *active = ScimJsonGet(document, "active");

	if (active != NULL && active->type == jbvBool && !active->val.boolean)
		return SCIM_STATUS_SUSPENDED;
	return SCIM_STATUS_ACTIVE;
}

/* Is a resource in this state out of every client's sight? */
bool
ScimStatusIsGone(ScimStatus status)
{
	return status == SCIM_STATUS_OFFBOARDED || status == SCIM_STATUS_DELETED;
}

/* Is a resource in this state in use: neither suspended nor on its way out? */
bool
ScimStatusIsActive(ScimStatus status)
{
	return status == SCIM_STATUS_PENDING || status == SCIM_STATUS_ACTIVE;
}

/* Is there a step from one state to the other? */
bool
ScimStatusMayFollow(ScimStatus before, ScimStatus after)
{
	switch (after)
	{
		case SCIM_STATUS_PENDING:
			return false;
		case SCIM_STATUS_ACTIVE:
			return true;
		case SCIM_STATUS_SUSPENDED:
			/* who leaves is called back, or has left */
			return before != SCIM_STATUS_OFFBOARDING;
		case SCIM_STATUS_OFFBOARDING:
		case SCIM_STATUS_DELETED:
			return ScimStatusIsActive(before) || before == SCIM_STATUS_SUSPENDED;
		case SCIM_STATUS_OFFBOARDED:
			return before == SCIM_STATUS_OFFBOARDING;
	}
	return false;
}

static const char *const modes[] = {"hard", "retain", "offboard"};

static bool
read_mode(const JsonbValue *value, ScimDeleteMode *mode)
{
	for (size_t i = 0; value != NULL && i < lengthof(modes); i++)
	{
		if (ScimJsonStringEquals(value, modes[i]))
		{
			*mode = (ScimDeleteMode) i;
			return true;
		}
	}
	return false;
}

/* What is different for who is in one state: {"delete": "hard", "deactivate": "delete"};
 * to "deactivate" with "delete" is what DELETE does, or else it has a mode of its own.
 */
static void
read_by_status(ScimDeleteRule *rule, const char *name, const JsonbValue *settings,
			   const char **fault)
{
	static const char *const known[] = {"delete", "deactivate", NULL};
	const JsonbValue *mode;
	const JsonbValue *deactivate;
	ScimStatus status;

	if (!ScimStatusByName(name, &status) ||
		!(ScimStatusIsActive(status) || status == SCIM_STATUS_SUSPENDED))
	{
		*fault = psprintf("has in \"byStatus\" the status \"%s\", which is not PENDING, "
						  "ACTIVE or SUSPENDED",
						  name);
		return;
	}
	if (settings->type != jbvObject)
		*fault = psprintf("has for status \"%s\" what is not an object", name);
	else
		*fault = ScimUnknownMemberFault(settings, known);
	if (*fault != NULL)
		return;
	mode = ScimJsonGet(settings, "delete");
	deactivate = ScimJsonGet(settings, "deactivate");
	if (mode != NULL && !read_mode(mode, &rule->mode[status]))
		*fault = psprintf("has for status \"%s\" the setting \"delete\", which is not "
						  "\"hard\", \"retain\" or \"offboard\"",
						  name);
	rule->deactivate[status] = rule->mode[status];
	if (*fault != NULL || deactivate == NULL ||
		ScimJsonStringEquals(deactivate, "suspend"))
		return;
	rule->deletes[status] = ScimStatusIsActive(status);
	if (!rule->deletes[status] || (!ScimJsonStringEquals(deactivate, "delete") &&
								   !read_mode(deactivate, &rule->deactivate[status])))
		*fault = psprintf("has for status \"%s\" the setting \"deactivate\", which is "
						  "not \"suspend\" or, of who is active, \"delete\", \"hard\", "
						  "\"retain\" or \"offboard\"",
						  name);
}

/*
 * ScimDeleteCompile makes a ScimDeleteRule.  "mode" says what DELETE does.  "deactivate":
 * does off-boarding set active to false at once?  It does unless the policy says that
 * a leaver still has to log in, to finish returns for instance.  "byStatus": what
 * DELETE, and "active" when it becomes false, do with who is in some state.
 */
void *
ScimDeleteCompile(const ScimRuleSource *source, const char **fault)
{
	const JsonbValue *deactivate = ScimJsonGet(source->settings, "deactivate");
	const JsonbValue *by_status = ScimJsonGet(source->settings, "byStatus");
	ScimDeleteRule *rule = palloc0(sizeof(ScimDeleteRule));
	ScimDeleteMode mode = SCIM_DELETE_HARD;

	if (!read_mode(ScimJsonGet(source->settings, "mode"), &mode))
		*fault = "needs the setting \"mode\", which is \"hard\", \"retain\" or "
				 "\"offboard\"";
	else if (deactivate != NULL && deactivate->type != jbvBool)
		*fault = "has the setting \"deactivate\", which is not true or false";
	else if (by_status != NULL && by_status->type != jbvObject)
		*fault = "has the setting \"byStatus\", which is not an object";
	for (int i = 0; i < SCIM_STATUSES; i++)
		rule->mode[i] = mode;
	rule->deactivates =
		deactivate == NULL || deactivate->type != jbvBool || deactivate->val.boolean;
	for (int i = 0;
		 *fault == NULL && by_status != NULL && i < by_status->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &by_status->val.object.pairs[i];

		read_by_status(rule, ScimJsonStringCopy(&pair->key), &pair->value, fault);
	}
	return rule;
}
