/*
 * scope_row.c
 *		What scopes have to say of rows that the store keeps for itself, and that go.
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "fmgr.h"

#include "store/credential/credential.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_scope_statement);

/*
 * scim_internal.scope_statement(), BEFORE DELETE OR TRUNCATE ... FOR EACH STATEMENT on
 * the tables that the store keeps for itself, which have no trigger of their rows that
 * go.
 */
Datum
scim_scope_statement(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ScimTriggerCalled(fcinfo, "scope_statement",
											 BEFORE_STATEMENT | ON_DELETE | ON_TRUNCATE);

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	ScimTriggerRequireTable(trigger);
	ScimScopeRefuseRow(trigger);
	PG_RETURN_POINTER(NULL);
}
