/*
 * member_audit.c
 *		Who came to a group or left it, in the audit.
 *
 * Now and then a row has all members that the group has from then on, so that who was in
 * it at an instant is found from there and not from today (query/past/past_member.c).  No
 * counter is kept of how many came and went since: that is looked up, and not each time.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "audit/audit.h"
#include "door/members/members.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"

/* More groups than so many in one statement have a plan of their own. */
#define FEW_GROUPS 10

/* So many members at a time are audited one by one. */
#define FEW_MEMBERS 4

/*
 * After so many who came or went there is a list again; after as many as the group has
 * members, where these are more.  So lists take a fraction of what the rows take.
 */
#define CHANGES_TO_LIST 1000

/* It is looked up about once in so many changes. */
#define CHANGES_TO_LOOK 250

/* Of more members there is no list: a single write would have to bear it. */
#define MOST_LISTED 10000

/* A group whose members came or went, and are audited. */
typedef struct AuditedGroup
{
	int32 tenant_id;
	const pg_uuid_t *id;
	TimestampTz instant;
	int64 version; /* 0: it is not there any more */
	int64 changes; /* so many came or went */
} AuditedGroup;

/* All of them, and as arrays. */
typedef struct AuditedGroups
{
	int n;
	AuditedGroup *groups;
	Datum *tenants;
	Datum *ids;
	Datum *types;
	Datum *instants;
	TimestampTz first;
	TimestampTz last;
	Datum *lists; /* jsonb: what the last row of the group has as its detail */
	bool *no_list;
	bool any_list;
} AuditedGroups;

/* ScimGroupTypes: the names of the resource types that have members, text[]. */
Datum
ScimGroupTypes(const ScimStore *store)
{
	const ScimRegistry *registry = store->registry;
	Datum *names = palloc(sizeof(Datum) * (registry->ntypes + 1));
	int n = 0;

	for (int i = 0; i < registry->ntypes; i++)
	{
		if (registry->types[i].has_members)
			names[n++] = CStringGetTextDatum(registry->types[i].name);
	}
	return ScimArray(names, palloc0(registry->ntypes + 1), n, TEXTOID);
}

/*
 * Reads the rows of a transition table, but no more than a number of them, without a
 * statement: most of the time there is one.  Returns how many.
 */
static int
read_rows(const TriggerData *trigger, HeapTuple *rows, int most)
{
	Tuplestorestate *table = TRIGGER_FIRED_BY_INSERT(trigger->tg_event)
								 ? trigger->tg_newtable
								 : trigger->tg_oldtable;
	TupleTableSlot *slot = MakeSingleTupleTableSlot(
		RelationGetDescr(trigger->tg_relation), &TTSOpsMinimalTuple);
	int n = 0;

	/* a position of its own, as each statement that reads the table has */
	tuplestore_select_read_pointer(
		table, tuplestore_alloc_read_pointer(table, EXEC_FLAG_REWIND));
	tuplestore_rescan(table);
	while (n < most && tuplestore_gettupleslot(table, true, false, slot))
		rows[n++] = ExecCopySlotHeapTuple(slot);
	ExecDropSingleTupleTableSlot(slot);
	return n;
}

/* Takes the groups of a few rows, each once. */
static void
take_few(ScimChangedGroups *groups, const HeapTuple *rows, int nrows, TupleDesc desc)
{
	int tenant_number = ScimColumnNumber(desc, "tenant_id", INT4OID);
	int group_number = ScimColumnNumberFrom(desc, tenant_number, "group_id", UUIDOID);
	int member_number = ScimColumnNumberFrom(desc, group_number, "member_id", UUIDOID);

	groups->nmembers = nrows;
	groups->members = palloc(sizeof(Datum) * (nrows + 1));
	for (int row = 0; row < nrows; row++)
	{
		Datum tenant = ScimColumnValue(rows[row], desc, tenant_number, INT4OID);
		Datum id = ScimColumnValue(rows[row], desc, group_number, UUIDOID);
		int i = 0;

		while (i < groups->n &&
			   (groups->tenants[i] != tenant ||
				memcmp(DatumGetUUIDP(groups->ids[i]), DatumGetUUIDP(id), UUID_LEN) != 0))
			i++;
		if (i == groups->n)
		{
			groups->tenants[i] = tenant;
			groups->ids[i] = id;
			groups->changes[i] = Int64GetDatum(0);
			groups->n++;
		}
		groups->changes[i] = Int64GetDatum(DatumGetInt64(groups->changes[i]) + 1);
		groups->members[row] = ScimColumnValue(rows[row], desc, member_number, UUIDOID);
	}
}

/*
 * ScimChangedGroupsRead reads of which groups the members in the transition table of a
 * trigger are, which SPI knows as changed_member.
 */
ScimChangedGroups
ScimChangedGroupsRead(const ScimStore *store, const TriggerData *trigger)
{
	ScimChangedGroups groups = {0};
	HeapTuple rows[FEW_MEMBERS + 1];
	int nrows = read_rows(trigger, rows, FEW_MEMBERS + 1);
	bool few = nrows <= FEW_MEMBERS;
	uint64 most = nrows;

	if (!few)
	{
		ScimSpiExecute(psprintf("SELECT tenant_id, group_id, count(*) "
								"FROM changed_member /* of %s */ "
								"GROUP BY tenant_id, group_id",
								store->quoted_name),
					   NULL, false, 0);
		most = SPI_processed;
	}
	groups.tenants = palloc(sizeof(Datum) * (most + 1));
	groups.ids = palloc(sizeof(Datum) * (most + 1));
	groups.changes = palloc(sizeof(Datum) * (most + 1));
	if (few)
		take_few(&groups, rows, nrows, RelationGetDescr(trigger->tg_relation));
	else
	{
		groups.n = SPI_processed;
		for (int i = 0; i < groups.n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			groups.tenants[i] = ScimResultValue(i, 1, INT4OID);
			groups.ids[i] = ScimResultValue(i, 2, UUIDOID);
			groups.changes[i] = ScimResultValue(i, 3, INT8OID);
		}
	}
	groups.is_at_door =
		groups.n == 1 && ScimGroupAtDoor != NULL &&
		memcmp(DatumGetUUIDP(groups.ids[0]), ScimGroupAtDoor, UUID_LEN) == 0;
	return groups;
}

/*
 * ScimChangedGroupsExecute runs a statement on groups.  A kept plan is made once for the
 * few of most statements, and one for many for them.
 */
void
ScimChangedGroupsExecute(const ScimChangedGroups *groups, const char *query,
						 const ScimParams *params)
{
	if (groups->n > FEW_GROUPS)
		ScimSpiExecuteOnce(query, params, false, 0);
	else
		ScimSpiExecuteByKey(query, params, 0);
}

/*
 * ScimChangedGroupsTouched keeps what the statement that has touched groups returned of
 * them: tenant, id, instant and version.  By now triggers of somebody's may have changed
 * them again.
 */
void
ScimChangedGroupsTouched(ScimChangedGroups *groups)
{
	uint64 n = SPI_processed;

	groups->ntouched = n;
	groups->touched_tenants = palloc(sizeof(Datum) * (n + 1));
	groups->touched_ids = palloc(sizeof(Datum) * (n + 1));
	groups->touched_at = palloc(sizeof(Datum) * (n + 1));
	groups->touched_versions = palloc(sizeof(Datum) * (n + 1));
	for (uint64 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		groups->touched_tenants[i] = ScimResultValue(i, 1, INT4OID);
		groups->touched_ids[i] = ScimResultValue(i, 2, UUIDOID);
		groups->touched_at[i] = ScimResultValue(i, 3, TIMESTAMPTZOID);
		groups->touched_versions[i] = ScimResultValue(i, 4, INT8OID);
	}
}

/*
 * The groups whose members came or went, with their types and instants.  One that is
 * gone has the type that the audit knows of it: that it went, if nothing else.  Those
 * that have been touched were just then, whatever has been done to them since: of such a
 * one no list tells who is in it.  Returns whether all types are known.
 */
static bool
read_groups(const ScimStore *store, const ScimChangedGroups *changed, TimestampTz now,
			bool look_for_gone)
{
	const char *gone = look_for_gone ? psprintf("(SELECT a.resource_type FROM %s.audit a "
												"WHERE a.tenant_id = c.tenant_id "
												"AND a.resource_id = c.id "
												"ORDER BY a.at DESC, a.id DESC LIMIT 1)",
												store->quoted_name)
									 : "NULL";
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4ARRAYOID,
				  ScimArray(changed->tenants, NULL, changed->n, INT4OID), false);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(changed->ids, NULL, changed->n, UUIDOID), false);
	ScimParamsAdd(&params, INT8ARRAYOID,
				  ScimArray(changed->changes, NULL, changed->n, INT8OID), false);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimGroupTypes(store), false);
	ScimParamsAdd(&params, UUIDOID,
				  ScimGroupAtDoor ? UUIDPGetDatum(ScimGroupAtDoor) : (Datum) 0,
				  ScimGroupAtDoor == NULL);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(ScimGroupChanges), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ScimParamsAdd(&params, INT4ARRAYOID,
				  ScimArray(changed->touched_tenants, NULL, changed->ntouched, INT4OID),
				  false);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(changed->touched_ids, NULL, changed->ntouched, UUIDOID),
				  false);
	ScimParamsAdd(&params, TIMESTAMPTZARRAYOID,
				  ScimArray(changed->touched_at, NULL, changed->ntouched, TIMESTAMPTZOID),
				  false);
	ScimParamsAdd(&params, INT8ARRAYOID,
				  ScimArray(changed->touched_versions, NULL, changed->ntouched, INT8OID),
				  false);
	ScimChangedGroupsExecute(
		changed,
		psprintf("SELECT c.tenant_id, c.id, coalesce(r.resource_type, %2$s), "
				 "CASE WHEN c.id = $5 THEN $6 WHEN t.id IS NOT NULL THEN t.at "
				 "WHEN r.deleted_at IS NULL THEN coalesce(r.last_modified, $7) "
				 "ELSE greatest(r.last_modified, $7) END, "
				 "CASE WHEN r.deleted_at IS NULL AND coalesce(t.version, r.version) = "
				 "r.version THEN r.version ELSE 0 END, "
				 "c.changes FROM unnest($1, $2, $3) AS c (tenant_id, id, changes) "
				 "LEFT JOIN unnest($8, $9, $10, $11) AS t (tenant_id, id, at, version) "
				 "ON t.tenant_id = c.tenant_id AND t.id = c.id "
				 "LEFT JOIN %1$s.resource r ON r.resource_type = ANY ($4) "
				 "AND r.tenant_id = c.tenant_id AND r.id = c.id",
				 store->quoted_name, gone),
		&params);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		if (ScimResultText(i, 3) == NULL)
			return false;
	}
	return true;
}

/*
 * Are enough changes in the audit since the last list, with those of this statement?
 * nmembers are in the group.
 */
static bool
is_list_due(const ScimStore *store, const AuditedGroup *group, int64 nmembers)
{
	int64 enough = Max(CHANGES_TO_LIST, nmembers) - group->changes;
	ScimParams params;
	bool isnull;
	Datum listed;

	if (enough <= 0)
		return true;
	ScimParamsOfResource(&params, group->tenant_id, group->id);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(group->instant), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(enough), false);
	ScimSpiExecuteByKey(
		psprintf("SELECT count(*), bool_or(c.listed) FROM "
				 "(SELECT a.detail IS NOT NULL AS listed FROM %s.audit a "
				 "WHERE a.tenant_id = $1 AND a.resource_id = $2 AND a.at <= $3 "
				 "AND a.member_id IS NOT NULL ORDER BY a.at DESC, a.id DESC LIMIT $4) c",
				 store->quoted_name),
		&params, 1);
	listed = ScimResult(0, 2, BOOLOID, &isnull);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID)) >= enough &&
		   !(!isnull && DatumGetBool(listed));
}

/*
 * The members that a group has now, by the types that were sent with them, as the detail
 * of a row; false: it is not time for that.  Nobody else changes them meanwhile: the row
 * of the group is locked.
 */
static bool
list_members(const ScimStore *store, const AuditedGroup *group, Datum *list)
{
	ScimParams params;
	int64 nmembers;

	if (group->version == 0 || (group->changes < CHANGES_TO_LOOK &&
								group->version % (CHANGES_TO_LOOK / group->changes) != 0))
		return false;
	ScimParamsOfResource(&params, group->tenant_id, group->id);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(MOST_LISTED + 1), false);
	ScimSpiExecuteByKey(psprintf("SELECT count(*) FROM (SELECT FROM %s.member m "
								 "WHERE m.tenant_id = $1 AND m.group_id = $2 LIMIT $3) c",
								 store->quoted_name),
						&params, 1);
	nmembers = DatumGetInt64(ScimResultValue(0, 1, INT8OID));
	if (nmembers > MOST_LISTED || !is_list_due(store, group, nmembers))
		return false;
	params.n = 2;
	ScimSpiExecuteByKey(
		psprintf("SELECT jsonb_build_object('members', coalesce("
				 "jsonb_object_agg(t.member_type, t.ids), '{}')) FROM "
				 "(SELECT coalesce(m.member_type, '') AS member_type, "
				 "jsonb_agg(m.member_id ORDER BY m.member_id) AS ids FROM %s.member m "
				 "WHERE m.tenant_id = $1 AND m.group_id = $2 GROUP BY 1) t",
				 store->quoted_name),
		&params, 1);
	*list = ScimResultValue(0, 1, JSONBOID);
	return true;
}

static void
start_groups(AuditedGroups *groups, uint64 capacity)
{
	groups->n = 0;
	groups->groups = palloc(sizeof(AuditedGroup) * (capacity + 1));
	groups->tenants = palloc(sizeof(Datum) * (capacity + 1));
	groups->ids = palloc(sizeof(Datum) * (capacity + 1));
	groups->types = palloc(sizeof(Datum) * (capacity + 1));
	groups->instants = palloc(sizeof(Datum) * (capacity + 1));
	groups->lists = palloc0(sizeof(Datum) * (capacity + 1));
	groups->no_list = palloc(sizeof(bool) * (capacity + 1));
	groups->any_list = false;
}

/* Adds a group, if it is audited: each has the policies of its own type and tenant. */
static void
add_group(ScimStore *store, AuditedGroups *groups, const ScimResourceType *type,
		  const AuditedGroup *group)
{
	int n = groups->n;

	if (type == NULL ||
		ScimRulesFor(store, group->tenant_id, type)->of[SCIM_RULE_AUDIT] == NIL)
		return;
	groups->groups[n] = *group;
	groups->tenants[n] = Int32GetDatum(group->tenant_id);
	groups->ids[n] = UUIDPGetDatum(group->id);
	groups->types[n] = CStringGetTextDatum(type->name);
	groups->instants[n] = TimestampTzGetDatum(group->instant);
	groups->first = n == 0 ? group->instant : Min(groups->first, group->instant);
	groups->last = n == 0 ? group->instant : Max(groups->last, group->instant);
	groups->n++;
}

static void
find_audited_groups(ScimStore *store, const ScimChangedGroups *changed,
					AuditedGroups *groups)
{
	TimestampTz now;

	/* of the group at the door nothing has to be looked up */
	if (changed->is_at_door && ScimGroupAtDoorType != NULL)
	{
		AuditedGroup group = {.tenant_id = DatumGetInt32(changed->tenants[0]),
							  .id = DatumGetUUIDP(changed->ids[0]),
							  .instant = ScimGroupChanges,
							  .version = ScimGroupAtDoorVersion,
							  .changes = DatumGetInt64(changed->changes[0])};

		start_groups(groups, 1);
		add_group(store, groups, ScimGroupAtDoorType, &group);
		return;
	}
	now = ScimClock(store, SCIM_NO_INSTANT);
	if (!read_groups(store, changed, now, false))
		(void) read_groups(store, changed, now, true);
	start_groups(groups, SPI_processed);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const char *name = ScimResultText(i, 3);
		AuditedGroup group = {
			.tenant_id = DatumGetInt32(ScimResultValue(i, 1, INT4OID)),
			.id = DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID)),
			.instant = DatumGetTimestampTz(ScimResultValue(i, 4, TIMESTAMPTZOID)),
			.version = DatumGetInt64(ScimResultValue(i, 5, INT8OID)),
			.changes = DatumGetInt64(ScimResultValue(i, 6, INT8OID))};

		CHECK_FOR_INTERRUPTS();
		add_group(store, groups,
				  name != NULL ? ScimRegistryType(store->registry, name) : NULL, &group);
	}
}

/*
 * The audit of a few members of one group, for which a statement with a join costs more.
 */
static void
audit_few(const ScimStore *store, const ScimChangedGroups *changed,
		  const AuditedGroups *groups, const char *operation)
{
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT],
						.tenant_id = groups->groups[0].tenant_id,
						.at = groups->first,
						.operation = operation,
						.resource_type = TextDatumGetCString(groups->types[0]),
						.resource_id = groups->groups[0].id,
						.no_version = true};

	for (int i = 0; i < changed->nmembers; i++)
	{
		row.member_id = DatumGetUUIDP(changed->members[i]);
		if (i == changed->nmembers - 1 && !groups->no_list[0])
			row.detail = DatumGetJsonbP(groups->lists[0]);
		ScimAuditInsert(&row);
	}
}

static void
audit_many(const ScimStore *store, const AuditedGroups *groups, const char *operation)
{
	StringInfoData columns;
	StringInfoData values;
	ScimParams params;

	initStringInfo(&columns);
	initStringInfo(&values);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4ARRAYOID,
				  ScimArray(groups->tenants, NULL, groups->n, INT4OID), false);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(groups->ids, NULL, groups->n, UUIDOID),
				  false);
	ScimParamsAdd(&params, TEXTARRAYOID,
				  ScimArray(groups->types, NULL, groups->n, TEXTOID), false);
	ScimParamsAdd(&params, TIMESTAMPTZARRAYOID,
				  ScimArray(groups->instants, NULL, groups->n, TIMESTAMPTZOID), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(operation), false);
	ScimParamsAdd(&params, JSONBARRAYOID,
				  ScimArray(groups->lists, groups->no_list, groups->n, JSONBOID), false);
	ScimAuditWho(store->tables.relid[SCIM_TABLE_AUDIT], &columns, &values, &params);
	/* a kept plan is made for the few groups of most statements */
	ScimAuditExecute(
		psprintf("INSERT INTO %s (%s, operation, tenant_id, at, resource_type, "
				 "resource_id, member_id, detail) "
				 "SELECT %s, $5, c.tenant_id, g.at, g.resource_type, c.group_id, "
				 "c.member_id, %s FROM changed_member c /* of %s */ "
				 "JOIN unnest($1, $2, $3, $4) WITH ORDINALITY AS g (tenant_id, group_id, "
				 "resource_type, at, n) "
				 "ON g.tenant_id = c.tenant_id AND g.group_id = c.group_id%s",
				 ScimAuditTable(store->tables.relid[SCIM_TABLE_AUDIT], groups->first,
								groups->last),
				 columns.data, values.data,
				 /* looked up in the last row alone: a list is as long as the group is */
				 groups->any_list ? "CASE WHEN lead(c.member_id) OVER (PARTITION BY "
									"c.tenant_id, c.group_id ORDER BY c.member_id) "
									"IS NULL THEN ($6)[g.n] END"
								  : "NULL",
				 store->quoted_name,
				 groups->any_list ? " ORDER BY c.tenant_id, c.group_id, c.member_id"
								  : ""),
		&params, groups->n <= FEW_GROUPS);
}

/*
 * ScimMembersAudit writes a row for each who came or went in a statement, which are in
 * the transition table changed_member.  A list stands in the last row of its group: those
 * of one instant are in the order of their ids.
 */
void
ScimMembersAudit(ScimStore *store, const ScimChangedGroups *changed, bool inserted)
{
	const char *operation = inserted ? "add member" : "remove member";
	AuditedGroups groups;

	if (!ScimRuleAny(store, SCIM_RULE_AUDIT))
		return;
	find_audited_groups(store, changed, &groups);
	for (int i = 0; i < groups.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		groups.no_list[i] = !list_members(store, &groups.groups[i], &groups.lists[i]);
		groups.any_list = groups.any_list || !groups.no_list[i];
	}
	if (groups.n == 0)
		return;
	if (changed->n == 1 && changed->members != NULL)
		audit_few(store, changed, &groups, operation);
	else
		audit_many(store, &groups, operation);
}
