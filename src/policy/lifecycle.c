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

/* ScimDeleteModeOf reads the mode; the table's constraint knows no fourth one. */
ScimDeleteMode
ScimDeleteModeOf(const Jsonb *settings)
{
	const JsonbValue *mode = ScimJsonGet(ScimJsonFromJsonb(settings), "mode");

	if (mode != NULL && ScimJsonStringEquals(mode, "offboard"))
		return SCIM_DELETE_OFFBOARD;
	if (mode != NULL && ScimJsonStringEquals(mode, "retain"))
		return SCIM_DELETE_RETAIN;
	return SCIM_DELETE_HARD;
}

/*
 * Does off-boarding set active to false at once?  The setting "deactivate",
 * true where it is absent: a leaver's access ends, unless the policy says that
 * he still has to log in, to finish returns for instance.
 */
bool
ScimOffboardingDeactivates(const Jsonb *settings)
{
	const JsonbValue *value = ScimJsonGet(ScimJsonFromJsonb(settings), "deactivate");

	return value == NULL || value->type != jbvBool || value->val.boolean;
}
