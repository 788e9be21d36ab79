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

#include "json/json.h"
#include "policy/policy.h"

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
		case SCIM_STATUS_SUSPENDED:
			return true;
		case SCIM_STATUS_OFFBOARDING:
		case SCIM_STATUS_DELETED:
			return ScimStatusIsActive(before) || before == SCIM_STATUS_SUSPENDED;
		case SCIM_STATUS_OFFBOARDED:
			return before == SCIM_STATUS_OFFBOARDING;
	}
	return false;
}

/*
 * ScimDeleteCompile makes a ScimDeleteRule.  "mode" says what DELETE does.  "deactivate":
 * does off-boarding set active to false at once?  It does unless the policy says that
 * a leaver still has to log in, to finish returns for instance.
 */
void *
ScimDeleteCompile(const ScimRuleSource *source, const char **fault)
{
	static const char *const modes[] = {"hard", "retain", "offboard"};
	const JsonbValue *mode = ScimJsonGet(source->settings, "mode");
	const JsonbValue *deactivate = ScimJsonGet(source->settings, "deactivate");
	ScimDeleteRule *rule = palloc0(sizeof(ScimDeleteRule));
	size_t i = 0;

	while (i < lengthof(modes) && (mode == NULL || !ScimJsonStringEquals(mode, modes[i])))
		i++;
	if (i == lengthof(modes))
		*fault = "needs the setting \"mode\", which is \"hard\", \"retain\" or "
				 "\"offboard\"";
	else if (deactivate != NULL && deactivate->type != jbvBool)
		*fault = "has the setting \"deactivate\", which is not true or false";
	rule->mode = (ScimDeleteMode) i;
	rule->deactivates =
		deactivate == NULL || deactivate->type != jbvBool || deactivate->val.boolean;
	return rule;
}
