/*
 * roles.c
 *		The policy "database_roles" at the door: who is concerned by what is written is
 *		noted row by row, and his roles follow when the statement has written all of them.
 *
 * Members that come and go concern themselves and, of groups, all who are within;
 * a group that begins or ceases to be one that gives something concerns all within; a
 * person whose name, or leave to log in, changes concerns himself.
 *
 * The lock under which roles change (roles_server.c) comes after the locks of all rows
 * that the statement has written, and is held until the transaction ends.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "door/roles/roles.h"
#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "store/acting.h"
#include "store/configuration/configuration.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* So many problems are warned of when a policy is written. */
#define MAX_WARNINGS 10

/* Whom statements at one depth of triggers have concerned in a tenant. */
typedef struct Pending
{
	ScimNoted noted;
	int depth;
	Oid namespace_oid;
	int32 tenant_id;
	int n;
	int capacity;
	pg_uuid_t *ids;
} Pending;

/* Pending *; those of inner statements stand behind the others */
static ScimNotedList waiting;

static void
note(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	SubTransactionId subid = GetCurrentSubTransactionId();
	int depth = ScimSettleDepth();
	Pending *pending = waiting.all != NIL ? llast(waiting.all) : NULL;

	if (pending == NULL || pending->noted.subid != subid || pending->depth != depth ||
		pending->namespace_oid != store->namespace_oid || pending->tenant_id != tenant_id)
	{
		pending = MemoryContextAllocZero(TopTransactionContext, sizeof(Pending));
		pending->depth = depth;
		pending->namespace_oid = store->namespace_oid;
		pending->tenant_id = tenant_id;
		pending->capacity = 8;
		pending->ids = MemoryContextAlloc(TopTransactionContext,
										  sizeof(pg_uuid_t) * pending->capacity);
		ScimNotedAdd(&waiting, &pending->noted);
	}
	if (pending->n == pending->capacity)
	{
		pending->capacity *= 2;
		pending->ids =
			repalloc_huge(pending->ids, sizeof(pg_uuid_t) * (Size) pending->capacity);
	}
	pending->ids[pending->n++] = *id;
}

/* The members of a transition table in one tenant, where their groups give something. */
static void
note_members(ScimStore *store, int32 tenant_id)
{
	ScimRolesRun run;
	ScimParams params;
	Datum *groups;
	int ngroups;

	ScimRolesStart(&run, store, tenant_id, SCIM_ROLES_CHECK);
	if (run.rules == NIL)
		return;
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(psprintf("SELECT DISTINCT group_id FROM changed_member /* of %s */ "
							"WHERE tenant_id = $1",
							store->quoted_name),
				   &params, false, 0);
	ngroups = (int) SPI_processed;
	groups = palloc(sizeof(Datum) * (ngroups + 1));
	for (int i = 0; i < ngroups; i++)
		groups[i] = ScimResultValue(i, 1, UUIDOID);
	if (!ScimRolesGive(&run, groups, ngroups))
		return;
	ScimSpiExecute(psprintf("SELECT DISTINCT member_id FROM changed_member /* of %s */ "
							"WHERE tenant_id = $1",
							store->quoted_name),
				   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		note(store, tenant_id, DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID)));
}

/*
 * ScimRolesNoteMembers notes who is concerned by members that came and went, those of
 * the transition table "changed_member" (as the owner of the store, SPI is connected).
 */
void
ScimRolesNoteMembers(ScimStore *store)
{
	int32 *tenants;
	int ntenants;

	if (!ScimRuleAny(store, SCIM_RULE_DATABASE_ROLES))
		return;
	ScimSpiExecute(psprintf("SELECT DISTINCT tenant_id FROM changed_member /* of %s */",
							store->quoted_name),
				   NULL, false, 0);
	ntenants = (int) SPI_processed;
	tenants = palloc(sizeof(int32) * (ntenants + 1));
	for (int i = 0; i < ntenants; i++)
		tenants[i] = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
	for (int i = 0; i < ntenants; i++)
		note_members(store, tenants[i]);
}

/* What a group gives by the rules: does that change? */
static bool
gives_otherwise(const Door *door, const ScimOccurrence *happened)
{
	ScimStatus before = ScimRowStatus(&door->old);
	ScimStatus after = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event)
						   ? SCIM_STATUS_DELETED
						   : ScimRowStatus(&door->new);
	Jsonb *then = ScimConditionDocument(
		ScimJsonFromJsonb(DatumGetJsonbP(door->old.values[COLUMN_DATA])), before);
	Jsonb *now = ScimConditionDocument(ScimJsonFromJsonb(happened->data), after);
	const ListCell *lc;

	foreach (lc, ScimRolesRules(door->store, door->tenant_id))
	{
		const ScimRolesRule *rule = lfirst(lc);
		const ListCell *cell;

		foreach (cell, rule->grants)
		{
			const ScimGroupRoles *grant = lfirst(cell);

			if (strcmp(grant->type->name, door->type->name) != 0)
				continue;
			if ((!ScimStatusIsGone(before) && ScimRuleMatches(grant->group, then)) !=
				(!ScimStatusIsGone(after) && ScimRuleMatches(grant->group, now)))
				return true;
		}
	}
	return false;
}

/* Does a row say something else of its person's role than before? */
static bool
says_otherwise(const Door *door)
{
	const ScimRolesRule *rule = ScimRuleOf(door->rules, SCIM_RULE_DATABASE_ROLES);
	const char *before;
	const char *after;

	if (TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event))
		return true;
	if (door->old.nulls[COLUMN_DELETED_AT] != door->new.nulls[COLUMN_DELETED_AT] ||
		ScimRowMayAct(door, &door->old) != ScimRowMayAct(door, &door->new))
		return true;
	if (rule == NULL)
		return false;
	before = ScimRolesLogin(
		rule, ScimJsonFromJsonb(DatumGetJsonbP(door->old.values[COLUMN_DATA])));
	after = ScimRolesLogin(
		rule, ScimJsonFromJsonb(DatumGetJsonbP(door->new.values[COLUMN_DATA])));
	return before == NULL || after == NULL ? before != after : strcmp(before, after) != 0;
}

/*
 * ScimRolesNoteRow notes a row that is written, where it concerns anybody.  Who follows
 * it is looked for when the statement is over, or, of a new row, by ScimRolesSettle.
 */
void
ScimRolesNoteRow(const struct Door *door, const ScimOccurrence *happened)
{
	if (!ScimRuleAny(door->store, SCIM_RULE_DATABASE_ROLES))
		return;
	if (door->type->has_members)
	{
		/* the members of a new group, and of one that goes, are told of by themselves */
		if (TRIGGER_FIRED_BY_UPDATE(door->trigger->tg_event) &&
			gives_otherwise(door, happened))
			note(door->store, door->tenant_id, happened->id);
	}
	else if (door->rules->of[SCIM_RULE_DATABASE_ROLES] == NIL)
		return;
	/* a group may have somebody before he is there, whose id is known */
	else if (TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event) ? door->given
															  : says_otherwise(door))
		note(door->store, door->tenant_id, happened->id);
}

static void
settle(const Pending *pending)
{
	ScimStore *store = ScimStoreByNamespace(pending->namespace_oid);
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimRolesRun run;
	Datum *ids;
	int n = 0;

	SPI_connect();
	/* with the lock of the roles last of all */
	ScimRolesStart(&run, store, pending->tenant_id, SCIM_ROLES_CHECK);
	run.mode = SCIM_ROLES_WRITE;
	if (run.rules != NIL)
	{
		qsort(pending->ids, pending->n, sizeof(pg_uuid_t), ScimCompareIds);
		ids = palloc_extended(sizeof(Datum) * pending->n, MCXT_ALLOC_HUGE);
		for (int i = 0; i < pending->n; i++)
		{
			if (i == 0 || ScimCompareIds(&pending->ids[i - 1], &pending->ids[i]) != 0)
				ids[n++] = UUIDPGetDatum(&pending->ids[i]);
		}
		ScimRolesHoldGroups(&run, ids, n);
		ScimRolesLock();
		ids = ScimRolesBelow(&run, ids, n, &n);
		ScimRolesApply(&run, ids, n);
	}
	SPI_finish();
	ScimBeCaller(caller);
}

/*
 * ScimRolesSettle has roles follow what statements have written that ran at a depth of
 * triggers, or deeper.
 */
void
ScimRolesSettle(int depth)
{
	while (waiting.all != NIL && ((const Pending *) llast(waiting.all))->depth >= depth)
	{
		const Pending *pending = llast(waiting.all);

		waiting.all = list_delete_last(waiting.all);
		settle(pending);
	}
}

/* Several tenants must not share what a policy for all of them says. */
static void
require_one_tenant(const ScimStore *store)
{
	const ListCell *lc;

	foreach (lc, store->policies)
	{
		const ScimPolicy *policy = lfirst(lc);

		if (!policy->enabled || strcmp(policy->kind, "database_roles") != 0)
			continue;
		ScimSpiExecute(psprintf("SELECT FROM %s.tenant", store->quoted_name), NULL, false,
					   2);
		if (SPI_processed > 1)
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("policy \"database_roles\" of resource type \"%s\" must name "
							"a tenant, as the store has several",
							policy->resource_type),
					 errhint("One row for each, with a \"prefix\" of his own.")));
	}
}

/* What cannot follow when a policy is written. */
typedef struct Warned
{
	int n;
} Warned;

static void
warn(void *arg, const ScimRolesDifference *difference)
{
	Warned *warned = arg;

	if (difference->problem == NULL || difference->person == NULL)
		return;
	if (warned->n++ < MAX_WARNINGS)
		ereport(WARNING,
				(errmsg("\"%s\" could not get his roles: %s", difference->name,
						difference->problem),
				 errhint("scim.check_database_roles() lists all who could not.")));
}

/* Roles that a policy names must be there, and such that they may be granted. */
static void
require_roles(ScimRolesRun *run)
{
	const ListCell *lc;

	foreach (lc, run->rules)
	{
		const ScimRolesRule *rule = lfirst(lc);
		const ListCell *cell;

		foreach (cell, rule->roles)
		{
			ScimRolesPerson nobody = {.rule = rule, .type_name = rule->type->name};
			ScimRolesStep step = {.action = "grant", .role = lfirst(cell)};

			ScimRoleCheckGrant(run, &nobody, &step);
			if (step.problem != NULL)
				ereport(ERROR,
						(ScimErr(SCIM_INVALID_VALUE),
						 errmsg("policy \"database_roles\" of resource type \"%s\" "
								"cannot work: %s",
								rule->type->name, step.problem),
						 step.hint != NULL ? errhint("%s", step.hint) : 0));
		}
	}
}

/*
 * A policy has been written or deleted, by a statement whose transition tables are
 * "changed" and "was", where there are such (as the owner of the store, SPI is
 * connected): roles follow, as far as they can.
 */
static void
policies_written(ScimStore *store, bool changed, bool was)
{
	const char *concerned = psprintf(
		"SELECT DISTINCT t.tenant_id FROM %s.tenant t JOIN (%s%s%s) c "
		"ON t.tenant_id = coalesce(c.tenant_id, t.tenant_id) ORDER BY 1",
		store->quoted_name,
		changed ? "SELECT tenant_id FROM changed WHERE kind = 'database_roles'" : "",
		changed && was ? " UNION " : "",
		was ? "SELECT tenant_id FROM was WHERE kind = 'database_roles'" : "");
	int32 *tenants;
	int ntenants;

	if (SPI_execute(concerned, true, 0) != SPI_OK_SELECT || SPI_processed == 0)
		return;
	/* whoever may write policies of his tenant is not the one whose roles are granted */
	if (!has_privs_of_role(ScimActingRole(), store->owner))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("must be owner of store \"%s\" to change policies "
							   "\"database_roles\"",
							   store->name)));
	ntenants = (int) SPI_processed;
	tenants = palloc(sizeof(int32) * ntenants);
	for (int i = 0; i < ntenants; i++)
		tenants[i] = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
	require_one_tenant(store);
	ScimLockResources(store->tables.relid[SCIM_TABLE_RESOURCE], ShareRowExclusiveLock);
	for (int i = 0; i < ntenants; i++)
	{
		Warned warned = {0};
		ScimRolesRun run;

		ScimRolesStart(&run, store, tenants[i], SCIM_ROLES_SYNC);
		run.tell = warn;
		run.arg = &warned;
		require_roles(&run);
		ScimRolesApplyAll(&run);
	}
}

/* A tenant is there now: a policy for all tenants was for the one that there was. */
static void
tenant_made(ScimStore *store)
{
	ScimIdentity caller;

	if (!ScimRuleAny(store, SCIM_RULE_DATABASE_ROLES))
		return;
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	require_one_tenant(store);
	SPI_finish();
	ScimBeCaller(caller);
}

/* ScimRolesInit has src/store call what follows from policies and tenants. */
void
ScimRolesInit(void)
{
	ScimPoliciesWrittenHook = policies_written;
	ScimTenantMadeHook = tenant_made;
}
