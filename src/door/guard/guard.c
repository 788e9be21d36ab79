/*
 * guard.c
 *		The policy "guard" at the door: what is taken away is noted row by row, and
 *		judged when the statement has written all of them.
 *
 * A statement of ten thousand rows is counted once, and of two in which the last holder
 * of something goes and another one comes, the outcome counts.  What the door does in
 * place of what was written, such as a change of a row in place of its deletion, belongs
 * to the statement that was written (settle.c); what a request does to the members of
 * one group is one change (member_change.c).
 *
 * Who is judged holds the guard's row (guard_state.c) until his transaction ends, and
 * what he counts is what is committed by then, and what he has done.  So counts are exact
 * whoever else writes; others than those who take away do not come here.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "door/guard/guard.h"
#include "door/row/at_door.h"
#include "door/row/row.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* What statements at one depth of triggers have taken away in a tenant. */
typedef struct Pending
{
	ScimNoted noted;
	int depth;
	Oid namespace_oid;
	int32 tenant_id;
	List *tallies;  /* Tally * */
	List *inactive; /* pg_uuid_t *, who cannot log in any more, but is there */
} Pending;

/* What one guard has to judge. */
typedef struct Tally
{
	pg_uuid_t policy;
	char *type_name;
	int64 amount;
	pg_uuid_t resource; /* one of those that are taken away */
	pg_uuid_t group;    /* of a guard of groups */
} Tally;

/* Pending *; those of inner statements stand behind the others */
static ScimNotedList waiting;

/* In TopTransactionContext. */
static Pending *
pending_of(const ScimStore *store, int32 tenant_id)
{
	SubTransactionId subid = GetCurrentSubTransactionId();
	int depth = ScimSettleDepth();
	Pending *pending = waiting.all != NIL ? llast(waiting.all) : NULL;

	if (pending != NULL && pending->noted.subid == subid && pending->depth == depth &&
		pending->namespace_oid == store->namespace_oid && pending->tenant_id == tenant_id)
		return pending;
	pending = palloc0(sizeof(Pending));
	pending->depth = depth;
	pending->namespace_oid = store->namespace_oid;
	pending->tenant_id = tenant_id;
	ScimNotedAdd(&waiting, &pending->noted);
	return pending;
}

/* group NULL: it is not about one */
static void
note(const ScimStore *store, int32 tenant_id, const ScimRule *rule,
	 const ScimResourceType *type, int64 amount, const pg_uuid_t *resource,
	 const pg_uuid_t *group)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	Pending *pending = pending_of(store, tenant_id);
	static const pg_uuid_t nobody;
	Tally *tally = NULL;
	ListCell *lc;

	foreach (lc, pending->tallies)
	{
		tally = lfirst(lc);
		if (memcmp(&tally->policy, &rule->id, UUID_LEN) == 0 &&
			(group == NULL || memcmp(&tally->group, group, UUID_LEN) == 0))
			break;
		tally = NULL;
	}
	if (tally == NULL)
	{
		tally = palloc0(sizeof(Tally));
		tally->policy = rule->id;
		tally->type_name = pstrdup(type->name);
		tally->resource = *resource;
		tally->group = group != NULL ? *group : nobody;
		pending->tallies = lappend(pending->tallies, tally);
	}
	tally->amount += amount;
	MemoryContextSwitchTo(old);
}

static void
note_inactive(const ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	Pending *pending = pending_of(store, tenant_id);
	pg_uuid_t *copy = palloc(sizeof(pg_uuid_t));

	*copy = *id;
	pending->inactive = lappend(pending->inactive, copy);
	MemoryContextSwitchTo(old);
}

/* Is there a guard of the members of some group, in a tenant? */
static bool
guards_groups(ScimStore *store, int32 tenant_id)
{
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];
		const ListCell *lc;

		if (!type->has_members)
			continue;
		foreach (lc, ScimRulesFor(store, tenant_id, type)->of[SCIM_RULE_GUARD])
		{
			const ScimGuardRule *rule = ((const ScimRule *) lfirst(lc))->compiled;

			if (rule->group != NULL)
				return true;
		}
	}
	return false;
}

/* A document that rules ask, made where one does. */
static Jsonb *
matched(Jsonb **made, const Jsonb *document, ScimStatus status)
{
	if (*made == NULL)
		*made = ScimConditionDocument(ScimJsonFromJsonb(document), status);
	return *made;
}

/*
 * ScimGuardNoteRow notes what has become of a row, for the guards of its type and those
 * of groups: after the change, while a group that goes still has its members.
 */
void
ScimGuardNoteRow(const struct Door *door, const ScimOccurrence *happened)
{
	ScimStore *store = door->store;
	bool deleted = TRIGGER_FIRED_BY_DELETE(door->trigger->tg_event);
	ScimStatus status;
	ScimStatus status_now;
	const Jsonb *before;
	Jsonb *then = NULL;
	Jsonb *now = NULL;
	unsigned step = ScimGuardStep(happened->operation);
	bool leaves;
	const ListCell *lc;

	if (TRIGGER_FIRED_BY_INSERT(door->trigger->tg_event))
		return;
	status = ScimRowStatus(&door->old);
	status_now = deleted ? SCIM_STATUS_DELETED : ScimRowStatus(&door->new);
	leaves = ScimStatusIsActive(status) && !ScimStatusIsActive(status_now);
	if (ScimStatusIsGone(status) || (door->rules->of[SCIM_RULE_GUARD] == NIL &&
									 !(leaves && ScimRuleAny(store, SCIM_RULE_GUARD))))
		return;
	before = DatumGetJsonbP(door->old.values[COLUMN_DATA]);
	foreach (lc, door->rules->of[SCIM_RULE_GUARD])
	{
		const ScimRule *row = lfirst(lc);
		const ScimGuardRule *rule = row->compiled;
		const ScimRuleFilter *filter =
			rule->holders != NULL ? rule->holders : rule->group;
		bool is_one;

		if (filter == NULL)
		{
			if ((rule->on & step) != 0 &&
				ScimConditionHolds(store, door->tenant_id, rule->scope,
								   ScimJsonFromJsonb(before), status))
				note(store, door->tenant_id, row, door->type, 1, happened->id, NULL);
			continue;
		}
		if ((rule->holders != NULL && !ScimStatusIsActive(status)) ||
			!ScimRuleMatches(filter, matched(&then, before, status)))
			continue;
		is_one = rule->holders != NULL ? ScimStatusIsActive(status_now)
									   : !ScimStatusIsGone(status_now);
		if (is_one)
			is_one = ScimRuleMatches(filter, matched(&now, happened->data, status_now));
		if (!is_one && rule->holders != NULL)
			note(store, door->tenant_id, row, door->type, 1, happened->id, NULL);
		else if (!is_one)
			ScimGuardGroupStays(store, door->tenant_id, rule, happened->id);
	}
	if (leaves && !ScimStatusIsGone(status_now) && guards_groups(store, door->tenant_id))
		note_inactive(store, door->tenant_id, happened->id);
}

/* Does a guard count who leaves a group? */
static bool
counts_members(ScimStore *store, int32 tenant_id, const ScimGuardRule *rule,
			   const JsonbValue *document, ScimStatus status)
{
	return (rule->on & SCIM_GUARD_REMOVE_MEMBER) != 0 &&
		   ScimConditionHolds(store, tenant_id, rule->scope, document, status);
}

/* The guards of a group that is there, of which a statement has removed some members. */
static void
note_group(ScimStore *store, int32 tenant_id, const pg_uuid_t *id, const char *type_name,
		   const Jsonb *data, ScimStatus status, int64 amount)
{
	const ScimResourceType *type = ScimRegistryType(store->registry, type_name);
	const ListCell *lc;

	if (type == NULL)
		return;
	foreach (lc, ScimRulesFor(store, tenant_id, type)->of[SCIM_RULE_GUARD])
	{
		const ScimRule *row = lfirst(lc);
		const ScimGuardRule *rule = row->compiled;
		const JsonbValue *document = ScimStoredDocument(type, data);

		if (rule->group != NULL)
		{
			if (ScimRuleMatches(rule->group, ScimConditionDocument(document, status)))
				note(store, tenant_id, row, type, amount, id, id);
		}
		else if (counts_members(store, tenant_id, rule, document, status))
			note(store, tenant_id, row, type, amount, id, NULL);
	}
}

/*
 * ScimGuardNoteMembers notes the groups that have lost members, those of the transition
 * table "changed_member" (SPI is connected).  Groups that are gone are not looked at any
 * more, but for the members that they take along (ScimGuardNoteGroupGoes).
 */
void
ScimGuardNoteMembers(ScimStore *store)
{
	SPITupleTable *groups;
	uint64 ngroups;

	if (!ScimRuleAny(store, SCIM_RULE_GUARD))
		return;
	ScimSpiExecute(psprintf("SELECT c.tenant_id, c.group_id, r.resource_type, r.data, "
							"r.status, c.amount FROM (SELECT tenant_id, group_id, "
							"count(*) AS amount FROM changed_member GROUP BY 1, 2) c "
							"JOIN %s.resource r ON r.tenant_id = c.tenant_id "
							"AND r.id = c.group_id AND r.deleted_at IS NULL",
							store->quoted_name),
				   NULL, false, 0);
	groups = SPI_tuptable;
	ngroups = SPI_processed;
	for (uint64 i = 0; i < ngroups; i++)
	{
		TupleDesc desc = groups->tupdesc;
		HeapTuple row = groups->vals[i];
		ScimStatus status;

		CHECK_FOR_INTERRUPTS();
		if (!ScimStatusByName(TextDatumGetCString(ScimColumnValue(row, desc, 5, TEXTOID)),
							  &status))
			continue;
		note_group(store, DatumGetInt32(ScimColumnValue(row, desc, 1, INT4OID)),
				   DatumGetUUIDP(ScimColumnValue(row, desc, 2, UUIDOID)),
				   TextDatumGetCString(ScimColumnValue(row, desc, 3, TEXTOID)),
				   DatumGetJsonbP(ScimColumnValue(row, desc, 4, JSONBOID)), status,
				   DatumGetInt64(ScimColumnValue(row, desc, 6, INT8OID)));
	}
}

/* Members of a group, of whom one that is kept when it goes has all. */
static int64
count_members(const ScimStore *store, int32 tenant_id, const pg_uuid_t *group)
{
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, group);
	ScimSpiExecute(psprintf("SELECT count(*) FROM %s.member "
							"WHERE tenant_id = $1 AND group_id = $2",
							store->quoted_name),
				   &params, false, 1);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/*
 * ScimGuardNoteGroupGoes: a group goes out of sight, whatever becomes of its row, and all
 * who are in it have left it (SPI is connected).
 */
void
ScimGuardNoteGroupGoes(const struct Door *door, const ScimOccurrence *happened)
{
	ScimStatus status = ScimRowStatus(&door->old);
	const Jsonb *before = DatumGetJsonbP(door->old.values[COLUMN_DATA]);
	int64 amount = -1;
	const ListCell *lc;

	foreach (lc, door->rules->of[SCIM_RULE_GUARD])
	{
		const ScimRule *row = lfirst(lc);

		if (!counts_members(door->store, door->tenant_id, row->compiled,
							ScimStoredDocument(door->type, before), status))
			continue;
		if (amount < 0)
			amount = count_members(door->store, door->tenant_id, happened->id);
		if (amount > 0)
			note(door->store, door->tenant_id, row, door->type, amount, happened->id,
				 NULL);
	}
}

/* The rule of a tally; NULL: the policy is gone by now. */
static const ScimRule *
rule_of(ScimStore *store, int32 tenant_id, const Tally *tally)
{
	const ScimResourceType *type = ScimRegistryType(store->registry, tally->type_name);
	const ListCell *lc;

	if (type == NULL)
		return NULL;
	foreach (lc, ScimRulesFor(store, tenant_id, type)->of[SCIM_RULE_GUARD])
	{
		const ScimRule *rule = lfirst(lc);

		if (memcmp(&rule->id, &tally->policy, UUID_LEN) == 0)
			return rule;
	}
	return NULL;
}

/* So that two who come upon the same guards do so in one order. */
static int
compare_tallies(const ListCell *a, const ListCell *b)
{
	const Tally *x = lfirst(a);
	const Tally *y = lfirst(b);
	int order = memcmp(&x->policy, &y->policy, UUID_LEN);

	return order != 0 ? order : memcmp(&x->group, &y->group, UUID_LEN);
}

/* The groups of those who are not active any more, by the guards of each. */
static void
find_groups(ScimStore *store, Pending *pending)
{
	int n = list_length(pending->inactive);
	Datum *ids;
	ScimParams params;
	SPITupleTable *groups;
	uint64 ngroups;
	const ListCell *lc;

	if (n == 0)
		return;
	ids = palloc(sizeof(Datum) * n);
	foreach (lc, pending->inactive)
		ids[foreach_current_index(lc)] = UUIDPGetDatum(lfirst(lc));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(pending->tenant_id), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	ScimSpiExecute(psprintf("SELECT r.id, r.resource_type, r.data, r.status "
							"FROM %1$s.resource r WHERE r.tenant_id = $1 "
							"AND r.deleted_at IS NULL AND r.id IN "
							"(SELECT m.group_id FROM %1$s.member m "
							"WHERE m.tenant_id = $1 AND m.member_id = ANY ($2))",
							store->quoted_name),
				   &params, false, 0);
	groups = SPI_tuptable;
	ngroups = SPI_processed;
	for (uint64 i = 0; i < ngroups; i++)
	{
		TupleDesc desc = groups->tupdesc;
		HeapTuple row = groups->vals[i];
		const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(row, desc, 1, UUIDOID));
		const ScimResourceType *type = ScimRegistryType(
			store->registry, TextDatumGetCString(ScimColumnValue(row, desc, 2, TEXTOID)));
		ScimStatus status;

		CHECK_FOR_INTERRUPTS();
		if (type == NULL ||
			!ScimStatusByName(TextDatumGetCString(ScimColumnValue(row, desc, 4, TEXTOID)),
							  &status))
			continue;
		foreach (lc, ScimRulesFor(store, pending->tenant_id, type)->of[SCIM_RULE_GUARD])
		{
			const ScimRule *rule = lfirst(lc);
			const ScimGuardRule *guard = rule->compiled;
			Tally *tally;

			if (guard->group == NULL ||
				!ScimRuleMatches(
					guard->group,
					ScimConditionDocument(
						ScimStoredDocument(type, DatumGetJsonbP(ScimColumnValue(
													 row, desc, 3, JSONBOID))),
						status)))
				continue;
			tally = palloc0(sizeof(Tally));
			tally->policy = rule->id;
			tally->type_name = pstrdup(type->name);
			tally->resource = *(const pg_uuid_t *) linitial(pending->inactive);
			tally->group = *id;
			pending->tallies = lappend(pending->tallies, tally);
		}
	}
}

static void
judge(Pending *pending)
{
	ScimStore *store = ScimStoreByNamespace(pending->namespace_oid);
	ScimIdentity caller = ScimBeOwner(store->owner);
	const ListCell *lc;

	SPI_connect();
	pending->tallies = list_copy(pending->tallies);
	find_groups(store, pending);
	list_sort(pending->tallies, compare_tallies);
	foreach (lc, pending->tallies)
	{
		const Tally *tally = lfirst(lc);
		const ScimRule *rule = rule_of(store, pending->tenant_id, tally);
		const ScimGuardRule *guard = rule != NULL ? rule->compiled : NULL;

		CHECK_FOR_INTERRUPTS();
		if (guard == NULL)
			continue;
		if (guard->holders != NULL)
			ScimGuardKeepHolders(store, pending->tenant_id, rule, &tally->resource);
		else if (guard->group != NULL)
			ScimGuardKeepMembers(store, pending->tenant_id, rule, &tally->group);
		else
			ScimGuardCount(store, pending->tenant_id, rule, tally->amount,
						   &tally->resource);
	}
	SPI_finish();
	ScimBeCaller(caller);
}

/*
 * ScimGuardSettle judges what statements have taken away that ran at a depth of triggers,
 * or deeper.
 */
void
ScimGuardSettle(int depth)
{
	while (waiting.all != NIL && ((const Pending *) llast(waiting.all))->depth >= depth)
	{
		Pending pending = *(const Pending *) llast(waiting.all);

		waiting.all = list_delete_last(waiting.all);
		judge(&pending);
	}
}
