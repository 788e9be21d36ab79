/*
 * unbound.c
 *		Triggers of bound tables on a table that is none.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "utils/rel.h"

#include "binding/follow/follow.h"
#include "store/statement/tables.h"

/* ScimRaiseUnbound: a trigger of bound tables is on another one. */
void
ScimRaiseUnbound(const TriggerData *trigger)
{
	ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
					errmsg("table \"%s\" is not bound to a SCIM store",
						   RelationGetRelationName(trigger->tg_relation)),
					errdetail("Trigger \"%s\" belongs on such a table only, and is made "
							  "by scim.bind_table().",
							  trigger->tg_trigger->tgname)));
}

/*
 * ScimBoundTriggerIsLeft: is one that does nothing but keep or note rows on a table that
 * is bound no more, as on a partition that was detached?  By another name than ours it is
 * nobody's but who made it, which is an error.
 */
bool
ScimBoundTriggerIsLeft(const TriggerData *trigger, const char *name)
{
	const TriggerDesc *triggers = ScimTriggers(trigger->tg_relation);

	for (int i = 0; i < triggers->numtriggers; i++)
	{
		/* the one that goes with the store */
		if (strcmp(triggers->triggers[i].tgname, "scim_binding") == 0 &&
			(!triggers->triggers[i].tgisclone ||
			 trigger->tg_relation->rd_rel->relispartition))
			return false;
	}
	if (strcmp(trigger->tg_trigger->tgname, name) != 0)
		ScimRaiseUnbound(trigger);
	return true;
}
