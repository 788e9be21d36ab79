/*
 * roles_wanted.c
 *		What groups say of people, for the policy "database_roles", and what the table
 *		"database_role" has of them.
 *
 * What others have committed meanwhile counts, whatever the isolation level: the lock of
 * the roles is held, and what the database has of them is of now, too.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "door/roles/roles.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* A group that was looked at. */
typedef struct Giver
{
	pg_uuid_t id;
	bool gives; /* anything */
	char *name;
	List *grants; /* Given * */
} Giver;

/* What a group gives by one of the rules. */
typedef struct Given
{
	const ScimRolesRule *rule;
	const ScimGroupRoles *grant;
} Given;

/* A query that reads, with what has been committed by now. */
static void
read_now(const char *query, const ScimParams *params)
{
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	ScimSpiExecute(query, params, true, 0);
	PopActiveSnapshot();
}

/* Each of another type; ScimRolesRule *. */
List *
ScimRolesRules(ScimStore *store, int32 tenant_id)
{
	List *rules = NIL;

	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimRules *of_type =
			ScimRulesFor(store, tenant_id, &store->registry->types[i]);
		const void *rule = of_type->of[SCIM_RULE_DATABASE_ROLES] != NIL
							   ? ScimRuleOf(of_type, SCIM_RULE_DATABASE_ROLES)
							   : NULL;

		if (rule != NULL)
			rules = lappend(rules, (void *) rule);
	}
	return rules;
}

static bool
is_nested(const ScimRolesRun *run)
{
	const ListCell *lc;

	foreach (lc, run->rules)
	{
		if (((const ScimRolesRule *) lfirst(lc))->nested)
			return true;
	}
	return false;
}

/* The names of the types of people, or of groups, as a text[]. */
static Datum
type_names(const ScimRolesRun *run, bool groups)
{
	const ScimRegistry *registry = run->store->registry;
	Datum *names = palloc(sizeof(Datum) * (registry->ntypes + 1));
	int n = 0;
	const ListCell *lc;

	for (int i = 0; groups && i < registry->ntypes; i++)
	{
		if (registry->types[i].has_members)
			names[n++] = CStringGetTextDatum(registry->types[i].name);
	}
	foreach (lc, groups ? NIL : run->rules)
		names[n++] =
			CStringGetTextDatum(((const ScimRolesRule *) lfirst(lc))->type->name);
	return ScimArray(names, NULL, n, TEXTOID);
}

static void
tenant_params(const ScimRolesRun *run, ScimParams *params)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(run->tenant_id), false);
}

static void
id_params(const ScimRolesRun *run, const Datum *ids, int n, ScimParams *params)
{
	tenant_params(run, params);
	ScimParamsAdd(params, UUIDARRAYOID, ScimArray((Datum *) ids, NULL, n, UUIDOID),
				  false);
}

/* What a group gives by its document, in the context of the run. */
static void
look_at(ScimRolesRun *run, Giver *group, const char *type_name, const Jsonb *data,
		const char *status_name)
{
	MemoryContext old;
	ScimStatus status;
	Jsonb *document;
	const ListCell *lc;

	if (!ScimStatusByName(status_name, &status))
		return;
	document = ScimConditionDocument(
		ScimStoredDocument(ScimRegistryType(run->store->registry, type_name), data),
		status);
	old = MemoryContextSwitchTo(run->context);
	foreach (lc, run->rules)
	{
		const ScimRolesRule *rule = lfirst(lc);
		const ListCell *cell;

		foreach (cell, rule->grants)
		{
			const ScimGroupRoles *grant = lfirst(cell);
			Given *given;

			if (strcmp(grant->type->name, type_name) != 0 ||
				!ScimRuleMatches(grant->group, document))
				continue;
			given = palloc(sizeof(Given));
			given->rule = rule;
			given->grant = grant;
			group->grants = lappend(group->grants, given);
			group->gives = true;
		}
	}
	MemoryContextSwitchTo(old);
}

/* A group by its row: id, resource_type, data, status, display_name from a column on. */
static Giver *
group_of_row(ScimRolesRun *run, HeapTuple row, TupleDesc desc, int column)
{
	bool found;
	bool isnull;
	Datum name;
	Giver *group;

	if (run->groups == NULL)
		run->groups = ScimRolesTable(run, "scim groups that give roles",
									 sizeof(pg_uuid_t), sizeof(Giver));
	group = hash_search(run->groups,
						DatumGetUUIDP(ScimColumnValue(row, desc, column, UUIDOID)),
						HASH_ENTER, &found);
	if (found)
		return group;
	group->gives = false;
	group->grants = NIL;
	name = ScimColumn(row, desc, column + 4, TEXTOID, &isnull);
	group->name = MemoryContextStrdup(run->context, isnull ? ScimUuidText(&group->id)
														   : TextDatumGetCString(name));
	look_at(run, group,
			TextDatumGetCString(ScimColumnValue(row, desc, column + 1, TEXTOID)),
			DatumGetJsonbP(ScimColumnValue(row, desc, column + 2, JSONBOID)),
			TextDatumGetCString(ScimColumnValue(row, desc, column + 3, TEXTOID)));
	return group;
}

#define GROUP_COLUMNS "r.id, r.resource_type, r.data, r.status, r.display_name"

/*
 * The rows m of the groups that a is in, and of the members of the group b.  How many are
 * on a level the planner cannot know: OFFSET 0 keeps him to the index, or he would read
 * all memberships for each level of many.
 */
#define GROUPS_OF_A                                             \
	"CROSS JOIN LATERAL (SELECT i.group_id FROM %1$s.member i " \
	"WHERE i.tenant_id = $1 AND i.member_id = a.id OFFSET 0) AS m"
#define MEMBERS_OF_B                                             \
	"CROSS JOIN LATERAL (SELECT i.member_id FROM %1$s.member i " \
	"WHERE i.tenant_id = $1 AND i.group_id = b.id OFFSET 0) AS m"

/*
 * Looks at some groups and all that they are within, or at the groups of some people and
 * these; SPI has a row of each then, those that are gone with nulls.
 */
static void
look_above(ScimRolesRun *run, const Datum *ids, int n)
{
	ScimParams params;

	id_params(run, ids, n, &params);
	ScimParamsAdd(&params, TEXTARRAYOID, type_names(run, true), false);
	read_now(psprintf("WITH RECURSIVE above (id) AS (SELECT unnest($2) "
					  "UNION SELECT m.group_id FROM above a " GROUPS_OF_A
					  ") SELECT a.id, " GROUP_COLUMNS " FROM above a "
					  "LEFT JOIN LATERAL (SELECT * FROM %1$s.resource i "
					  "WHERE i.tenant_id = $1 AND i.id = a.id "
					  "AND i.resource_type = ANY ($3) AND i.deleted_at IS NULL "
					  "OFFSET 0) AS r ON true",
					  run->store->quoted_name),
			 &params);
}

/*
 * ScimRolesGive tells whether any of some groups gives something, by itself or by a group
 * that it is within.  One that is gone may have.
 */
bool
ScimRolesGive(ScimRolesRun *run, const Datum *groups, int ngroups)
{
	bool give = false;

	look_above(run, groups, ngroups);
	for (uint64 i = 0; i < SPI_processed && !give; i++)
	{
		HeapTuple row = SPI_tuptable->vals[i];
		TupleDesc desc = SPI_tuptable->tupdesc;
		bool gone;

		CHECK_FOR_INTERRUPTS();
		(void) ScimColumn(row, desc, 2, UUIDOID, &gone);
		give = gone || group_of_row(run, row, desc, 2)->gives;
	}
	return give;
}

/* The ids in the first column of what was read. */
static Datum *
result_ids(int *n)
{
	Datum *ids = palloc(sizeof(Datum) * (SPI_processed + 1));

	if (SPI_processed > PG_INT32_MAX / 2)
		elog(ERROR, "too many people");
	for (uint64 i = 0; i < SPI_processed; i++)
		ids[i] = ScimResultValue(i, 1, UUIDOID);
	*n = (int) SPI_processed;
	return ids;
}

/* ScimRolesBelow gives some ids and those of all who are within these groups. */
Datum *
ScimRolesBelow(ScimRolesRun *run, const Datum *ids, int n, int *nbelow)
{
	ScimParams params;

	id_params(run, ids, n, &params);
	read_now(psprintf("WITH RECURSIVE below (id) AS (SELECT unnest($2) "
					  "UNION SELECT m.member_id FROM below b " MEMBERS_OF_B
					  ") SELECT id FROM below ORDER BY id",
					  run->store->quoted_name),
			 &params);
	return result_ids(nbelow);
}

/*
 * ScimRolesHoldGroups keeps the members of groups as they are until the transaction ends,
 * of those among some ids and all that are within: whoever adds somebody to one of these
 * sees what it gives by then, or has added him before.  The lock of the roles comes
 * later, as it does for whoever holds such a group.
 */
void
ScimRolesHoldGroups(ScimRolesRun *run, const Datum *ids, int n)
{
	uint64 held = 0;

	for (;;)
	{
		ScimParams params;
		int nbelow;
		Datum *below = ScimRolesBelow(run, ids, n, &nbelow);

		CHECK_FOR_INTERRUPTS();
		id_params(run, below, nbelow, &params);
		ScimParamsAdd(&params, TEXTARRAYOID, type_names(run, true), false);
		ScimSpiExecute(psprintf("SELECT FROM %s.resource r WHERE r.tenant_id = $1 "
								"AND r.id = ANY ($2) AND r.resource_type = ANY ($3) "
								"AND r.deleted_at IS NULL ORDER BY r.id FOR SHARE",
								run->store->quoted_name),
					   &params, false, 0);
		/* while this waited others may have got members that are groups */
		if (SPI_processed == held)
			return;
		held = SPI_processed;
	}
}

/* Groups that give something, of a batch of them. */
typedef struct Givers
{
	ScimRolesRun *run;
	List *ids; /* pg_uuid_t *, in the context of the run */
} Givers;

static void
use_group(void *arg, HeapTuple row, TupleDesc desc)
{
	Givers *givers = arg;
	Giver *group = group_of_row(givers->run, row, desc, 1);
	MemoryContext old;

	if (!group->gives)
		return;
	old = MemoryContextSwitchTo(givers->run->context);
	givers->ids = lappend(givers->ids, &group->id);
	MemoryContextSwitchTo(old);
}

static void
use_groups(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(use_group, arg, rows, nrows, desc);
}

/*
 * ScimRolesEverybody gives the ids of all whom the policies are about: members of groups
 * that give something, and those whom the table knows.
 */
Datum *
ScimRolesEverybody(ScimRolesRun *run, int *n)
{
	Givers givers = {run, NIL};
	Datum *ids;
	ScimParams params;
	const ListCell *lc;

	tenant_params(run, &params);
	ScimParamsAdd(&params, TEXTARRAYOID, type_names(run, true), false);
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	ScimSpiForEach(psprintf("SELECT " GROUP_COLUMNS " FROM %s.resource r "
							"WHERE r.tenant_id = $1 AND r.resource_type = ANY ($2) "
							"AND r.deleted_at IS NULL",
							run->store->quoted_name),
				   &params, true, use_groups, &givers);
	PopActiveSnapshot();
	ids = palloc(sizeof(Datum) * (list_length(givers.ids) + 1));
	foreach (lc, givers.ids)
		ids[foreach_current_index(lc)] = UUIDPGetDatum(lfirst(lc));
	id_params(run, ids, list_length(givers.ids), &params);
	ScimParamsAdd(&params, TEXTARRAYOID, type_names(run, false), false);
	read_now(psprintf("WITH RECURSIVE below (id) AS (SELECT unnest($2) "
					  "UNION SELECT m.member_id FROM below b " MEMBERS_OF_B
					  ") SELECT r.id FROM below b CROSS JOIN LATERAL "
					  "(SELECT i.id FROM %1$s.resource i WHERE i.tenant_id = $1 "
					  "AND i.id = b.id AND i.resource_type = ANY ($3) OFFSET 0) AS r "
					  "UNION SELECT d.resource_id FROM %1$s.database_role d "
					  "WHERE d.tenant_id = $1 ORDER BY 1",
					  run->store->quoted_name),
			 &params);
	return result_ids(n);
}

static const ScimRolesRule *
rule_of(const ScimRolesRun *run, const char *type_name)
{
	const ListCell *lc;

	foreach (lc, run->rules)
	{
		const ScimRolesRule *rule = lfirst(lc);

		if (strcmp(rule->type->name, type_name) == 0)
			return rule;
	}
	return NULL;
}

static char *
text_or_null(HeapTuple row, TupleDesc desc, int column)
{
	bool isnull;
	Datum value = ScimColumn(row, desc, column, TEXTOID, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

static void
role_of_row(ScimRolesPerson *person, HeapTuple row, TupleDesc desc)
{
	Oid database_id = DatumGetObjectId(ScimColumnValue(row, desc, 9, OIDOID));
	int64 server_id = DatumGetInt64(ScimColumnValue(row, desc, 13, INT8OID));

	person->noted = text_or_null(row, desc, 7);
	person->role_id = DatumGetObjectId(ScimColumnValue(row, desc, 8, OIDOID));
	person->role = ScimRoleName(person->noted, person->role_id, database_id, server_id);
	person->ours = person->role != NULL;
	if (person->ours)
		return;
	person->role = person->noted;
	if (database_id == MyDatabaseId && !OidIsValid(ScimRoleOid(person->noted)))
		person->stray = GetUserNameFromId(person->role_id, true);
}

/* NULL: somebody whom no policy is about. */
static ScimRolesPerson *
person_of_row(const ScimRolesRun *run, HeapTuple row, TupleDesc desc)
{
	ScimRolesPerson *person = palloc0(sizeof(ScimRolesPerson));
	char *type_of_resource = text_or_null(row, desc, 2);
	char *type_of_role = text_or_null(row, desc, 6);

	person->id = *DatumGetUUIDP(ScimColumnValue(row, desc, 1, UUIDOID));
	person->type_name = type_of_resource != NULL ? type_of_resource : type_of_role;
	person->rule = person->type_name != NULL ? rule_of(run, person->type_name) : NULL;
	if (person->rule == NULL)
		return NULL;
	person->there = type_of_resource != NULL;
	if (person->there)
	{
		person->may_log_in = DatumGetBool(ScimColumnValue(row, desc, 4, BOOLOID));
		person->login = ScimRolesLogin(
			person->rule,
			ScimStoredDocument(ScimRegistryType(run->store->registry, type_of_resource),
							   DatumGetJsonbP(ScimColumnValue(row, desc, 3, JSONBOID))));
		person->name = text_or_null(row, desc, 5);
	}
	person->known = type_of_role != NULL;
	if (person->known)
	{
		role_of_row(person, row, desc);
		person->made = DatumGetBool(ScimColumnValue(row, desc, 10, BOOLOID));
		person->may = DatumGetBool(ScimColumnValue(row, desc, 11, BOOLOID));
		person->granted = ScimTextList(ScimColumnValue(row, desc, 12, TEXTARRAYOID));
	}
	if (!person->known || (person->made && person->login != NULL))
		person->called = person->login;
	else
		person->called = person->made ? person->noted : person->role;
	if (person->name == NULL)
		person->name = ScimUuidText(&person->id);
	return person;
}

static void
want(ScimRolesPerson *person, const char *role, const Giver *group)
{
	ScimRoleWanted *wanted;
	const ListCell *lc;

	foreach (lc, person->wanted)
	{
		if (strcmp(((const ScimRoleWanted *) lfirst(lc))->role, role) == 0)
			return;
	}
	wanted = palloc(sizeof(ScimRoleWanted));
	wanted->role = role;
	wanted->group = group->id;
	wanted->group_name = group->name;
	person->wanted = lappend(person->wanted, wanted);
}

/* People are in the order of their ids. */
static ScimRolesPerson *
find_person(const List *people, const pg_uuid_t *id)
{
	int low = 0;
	int high = list_length(people) - 1;

	while (low <= high)
	{
		int middle = (low + high) / 2;
		ScimRolesPerson *person = list_nth(people, middle);
		int order = memcmp(id, &person->id, UUID_LEN);

		if (order == 0)
			return person;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Those of the groups of these people, and above, that give something: their ids. */
static Datum *
find_givers(ScimRolesRun *run, const Datum *ids, int n, int *ngivers)
{
	Datum *givers;

	look_above(run, ids, n);
	givers = palloc_extended(sizeof(Datum) * (SPI_processed + 1), MCXT_ALLOC_HUGE);
	*ngivers = 0;
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple row = SPI_tuptable->vals[i];
		TupleDesc desc = SPI_tuptable->tupdesc;
		bool none;
		Giver *group;

		CHECK_FOR_INTERRUPTS();
		(void) ScimColumn(row, desc, 2, UUIDOID, &none);
		group = none ? NULL : group_of_row(run, row, desc, 2);
		if (group != NULL && group->gives)
			givers[(*ngivers)++] = UUIDPGetDatum(&group->id);
	}
	return givers;
}

/* What the groups of these people give them. */
static void
find_wanted(ScimRolesRun *run, const List *people, const Datum *ids, int n)
{
	int ngivers;
	Datum *givers = find_givers(run, ids, n, &ngivers);
	ScimParams params;

	if (ngivers == 0)
		return;
	id_params(run, ids, n, &params);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(givers, NULL, ngivers, UUIDOID),
				  false);
	read_now(
		/* IS TRUE: not each of the givers is looked at for each row */
		psprintf("WITH RECURSIVE above (person, id, direct) AS "
				 "(SELECT a.id, m.group_id, true FROM unnest($2) AS a (id) " GROUPS_OF_A
				 " %2$s) SELECT a.person, a.id, a.direct FROM above a "
				 "WHERE (a.id IN (SELECT unnest($3))) IS TRUE ORDER BY a.person, a.id",
				 run->store->quoted_name,
				 is_nested(run) ? psprintf("UNION SELECT a.person, m.group_id, false "
										   "FROM above a " GROUPS_OF_A,
										   run->store->quoted_name)
								: ""),
		&params);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ScimRolesPerson *person =
			find_person(people, DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID)));
		const Giver *group = hash_search(
			run->groups, DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID)), HASH_FIND, NULL);
		bool direct = DatumGetBool(ScimResultValue(i, 3, BOOLOID));
		const ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		if (person == NULL || group == NULL || !person->there ||
			(!direct && !person->rule->nested))
			continue;
		foreach (lc, group->grants)
		{
			const Given *given = lfirst(lc);
			const ListCell *cell;

			foreach (cell, given->rule == person->rule ? given->grant->roles : NIL)
				want(person, lfirst(cell), group);
		}
	}
}

/*
 * ScimRolesPeople gives those of some ids whom the policies are about, with what their
 * groups say: ScimRolesPerson *, in the order of their ids.
 */
List *
ScimRolesPeople(ScimRolesRun *run, const Datum *ids, int n)
{
	List *people = NIL;
	ScimParams params;

	id_params(run, ids, n, &params);
	ScimParamsAdd(&params, TEXTARRAYOID, type_names(run, false), false);
	read_now(psprintf("SELECT i.id, r.resource_type, r.data, %2$s, "
					  "coalesce(r.user_name, r.display_name), d.resource_type, d.role, "
					  "d.role_id, d.database_id, d.made, d.login, d.granted, d.server_id "
					  "FROM unnest($2) i (id) LEFT JOIN %1$s.resource r "
					  "ON r.tenant_id = $1 AND r.id = i.id "
					  "AND r.resource_type = ANY ($3) AND r.deleted_at IS NULL "
					  "LEFT JOIN %1$s.database_role d ON d.tenant_id = $1 "
					  "AND d.resource_id = i.id ORDER BY i.id",
					  run->store->quoted_name,
					  ScimMayAct(run->store, run->tenant_id, NULL, "r")),
			 &params);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ScimRolesPerson *person =
			person_of_row(run, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);

		CHECK_FOR_INTERRUPTS();
		if (person != NULL)
			people = lappend(people, person);
	}
	if (people != NIL)
		find_wanted(run, people, ids, n);
	return people;
}
