/*
 * guard_last.c
 *		The last who holds something stays: policies "guard" with "holders" or "group".
 *
 * Only those count who are active, and of the members of a group those that are no
 * groups.  Whoever takes one away holds the guard's row, so that of two who take away
 * the last two, one at a time, the second one is refused.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "door/guard/guard.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* Those who may log in and are not about to leave. */
#define IS_ACTIVE "r.deleted_at IS NULL AND r.status IN ('ACTIVE', 'PENDING')"

/* The names of the types that have no members, as SQL. */
static char *
types_of_holders(const ScimStore *store)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "ARRAY[");
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];

		if (!type->has_members)
			appendStringInfo(&text, "%s%s", text.data[text.len - 1] == '[' ? "" : ", ",
							 quote_literal_cstr(type->name));
	}
	appendStringInfoString(&text, "]::text[]");
	return text.data;
}

pg_noreturn static void
refuse(const ScimGuardRule *rule, const char *text)
{
	ereport(ERROR, (ScimErr(SCIM_CONFLICT),
					errmsg("%s", rule->message != NULL ? rule->message : text),
					/* no client is told how the service names its rules */
					errhint("The guard is \"%s\".", rule->name)));
}

/* Members of a group that count, so many at most. */
static uint64
active_members(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group,
			   int64 at_most)
{
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, group);
	ScimSpiExecute(psprintf("SELECT FROM %1$s.member m JOIN %1$s.resource r "
							"ON r.tenant_id = $1 AND r.id = m.member_id "
							"AND r.resource_type = ANY (%2$s) AND " IS_ACTIVE
							" WHERE m.tenant_id = $1 AND m.group_id = $2",
							store->quoted_name, types_of_holders(store)),
				   &params, false, at_most);
	return SPI_processed;
}

void
ScimGuardKeepHolders(ScimStore *store, int32 tenant_id, const ScimRule *rule,
					 const pg_uuid_t *resource)
{
	const ScimGuardRule *guard = rule->compiled;
	const ScimFilter *filter = guard->holders->parsed;
	ScimParams params;
	int level;

	ScimGuardTouch(store, tenant_id, &rule->id);
	/* the operator knows the attributes of the store that the setting names */
	(void) set_config_option("scim.store", store->name, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, ScimFilterTypeOid(), PointerGetDatum(filter), false);
	level = ScimSpiBeginApart(true);
	ScimSpiExecuteForValues(psprintf("SELECT FROM %s.resource r "
									 "WHERE r.resource_type = %s AND r.tenant_id = $1 "
									 "AND " IS_ACTIVE " AND r.data OPERATOR(scim.~) $2",
									 store->quoted_name,
									 quote_literal_cstr(guard->type->name)),
							&params, false, guard->least);
	ScimSpiEndApart(level);
	if (SPI_processed < (uint64) guard->least)
		refuse(guard, psprintf("%s stays: of the active ones at least " INT64_FORMAT
							   " must match %s",
							   ScimScopeNamed(store, guard->type->name, resource),
							   guard->least, guard->holders->text));
}

void
ScimGuardKeepMembers(ScimStore *store, int32 tenant_id, const ScimRule *rule,
					 const pg_uuid_t *group)
{
	const ScimGuardRule *guard = rule->compiled;

	ScimGuardTouch(store, tenant_id, &rule->id);
	if (active_members(store, tenant_id, group, guard->least) < (uint64) guard->least)
		refuse(guard,
			   psprintf("%s must keep at least " INT64_FORMAT " active members",
						ScimScopeNamed(store, guard->type->name, group), guard->least));
}

void
ScimGuardGroupStays(ScimStore *store, int32 tenant_id, const ScimGuardRule *rule,
					const pg_uuid_t *group)
{
	ScimIdentity caller = ScimBeOwner(store->owner);

	SPI_connect();
	if (active_members(store, tenant_id, group, 1) > 0)
		refuse(rule, psprintf("%s has active members: it must stay one that matches %s",
							  ScimScopeNamed(store, rule->type->name, group),
							  rule->group->text));
	SPI_finish();
	ScimBeCaller(caller);
}
