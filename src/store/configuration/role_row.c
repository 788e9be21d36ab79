/*
 * role_row.c
 *		The rows of a store's table "database_role", which only the store writes: by them
 *		roles of the database are altered, and sessions ended.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/rel.h"

#include "store/configuration/configuration.h"
#include "store/statement/plan.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_database_role_door);

/* May rows be written just now? */
static bool is_open = false;

static Datum
refuse_row(FunctionCallInfo fcinfo)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;

	ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					errmsg("table \"%s\" of a SCIM store is written by the store only",
						   ScimTriggerTable(trigger)),
					errhint("scim.adopt_database_role() makes a role that of a person, "
							"scim.release_database_role() ends that.")));
}

/* BEFORE INSERT OR UPDATE OR DELETE ... FOR EACH ROW on "database_role" */
Datum
scim_database_role_door(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "database_role_door", BEFORE_ROW | ON_CHANGE);

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (!is_open)
		return ScimPlainRowNamed(fcinfo, refuse_row);
	PG_RETURN_POINTER(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
																 : trigger->tg_trigtuple);
}

/* ScimDatabaseRoleWrite runs a statement of ours that writes rows of "database_role". */
void
ScimDatabaseRoleWrite(const char *statement, const ScimParams *params)
{
	ScimSpiExecuteOpening(&is_open, statement, params);
}
