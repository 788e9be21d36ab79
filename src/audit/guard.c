/*
 * guard.c
 *		The triggers of "audit": what is written carries its digest, and nothing that is
 *		written is altered.
 *
 * Whoever may disable a trigger can do what it refuses, which shows afterwards: digests
 * are wrong, or rows missing (scim.verify_audit).
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/rel.h"

#include "audit/audit.h"
#include "store/configuration/configuration.h"
#include "store/statement/column.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"

/* How deep a statement of ours stands that may write; -1: none does. */
static int open_depth = -1;

HeapTuple ScimAuditMade = NULL;

PG_FUNCTION_INFO_V1(scim_audit_door);

/*
 * ScimAuditOpen: the next statement may write rows.  Give what it returns to
 * ScimAuditClose, after an error, too.
 */
int
ScimAuditOpen(void)
{
	int before = open_depth;

	open_depth = ScimTriggerDepth();
	return before;
}

void
ScimAuditClose(int before)
{
	open_depth = before;
}

/* Is it a statement of ours, and not that of a trigger which it has fired? */
static bool
is_open(void)
{
	return open_depth >= 0 && ScimTriggerDepth() == open_depth + 1;
}

void
ScimAuditRequireOwner(const ScimStore *store)
{
	if (!has_privs_of_role(GetUserId(), store->owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\"", store->name)));
}

static Datum
refuse_row(FunctionCallInfo fcinfo)
{
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("rows of the audit are written by the store only")));
}

/* BEFORE INSERT ... FOR EACH ROW on "audit" */
Datum
scim_audit_door(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "audit_door", BEFORE_ROW | ON_INSERT);
	HeapTuple tuple = trigger->tg_trigtuple;
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	ScimAuditValues row;
	int numbers[3];

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (!is_open())
		return ScimPlainRowNamed(fcinfo, refuse_row);
	if (ScimAuditMade != NULL && ScimSameTuple(tuple, ScimAuditMade))
		PG_RETURN_POINTER(tuple);
	ScimAuditRead(tuple, desc, &row);
	ScimAuditComplete(&row);
	for (int i = 0; i < 3; i++)
		numbers[i] =
			ScimColumnNumber(desc, ScimAuditColumns[SCIM_AUDIT_SALT + i].name, BYTEAOID);
	PG_RETURN_POINTER(heap_modify_tuple_by_cols(tuple, desc, 3, numbers,
												row.values + SCIM_AUDIT_SALT,
												row.nulls + SCIM_AUDIT_SALT));
}

PG_FUNCTION_INFO_V1(scim_audit_guard);

static Datum
refuse_change(FunctionCallInfo fcinfo)
{
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("the audit cannot be altered"),
					errhint("scim.apply_retention() drops what is old, scim.erase() "
							"the data of one person.")));
}

/* BEFORE whatever alters "audit", its partitions or "audit_seal" */
Datum
scim_audit_guard(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("scim_internal.audit_guard must be called as a BEFORE trigger")));
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	if (!is_open())
		return TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event)
				   ? refuse_change(fcinfo)
				   : ScimPlainRowNamed(fcinfo, refuse_change);
	if (TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
																 : trigger->tg_trigtuple);
}
