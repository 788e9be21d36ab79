/*
 * related.c
 *		Conditions on members and groups as subqueries of the table "member".
 *
 * Who has a member, or a group, that satisfies a condition:
 *
 *		EXISTS (SELECT FROM
 *				  (SELECT m.tenant_id AS tenant, m.group_id AS owner
 *				   FROM member m JOIN resource x ON ... WHERE condition) AS found
 *				WHERE found.tenant = tenant_id AND found.owner = id)
 *
 * The inner names are none of "resource", so that tenant_id and id are those of
 * the row, whatever the query calls it.  The planner makes a join of it, and
 * starts from the rows of "member" where they are few.
 *
 * A user has the groups of its groups.  So "groups" are looked up in two steps:
 * which groups satisfy the condition and which groups are below them, few most
 * times, and then who is a member of one.  A search takes the first step at
 * once: the planner then knows the groups, and from the statistics of "member"
 * how many members they have.  As text both are one.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "mapping/predicate/condition.h"
#include "store/statement/column.h"

/*
 * The planner estimates an array element by element: with a longer one it joins,
 * where it can.
 */
#define ARRAY_IDS_MAX 100000

/*
 * A condition that asks for direct or indirect groups looks through the pairs of a
 * group above and one below it for each row of "member": where there are more than so
 * many, all is asked at once.
 */
#define PAIRS_MAX 200

/*
 * Of so few groups that are asked for as indirect ones, who is in one that is below and
 * not in the group itself is found for each of them: pairs would be looked through for
 * each row of "member".
 */
#define TOPS_MAX 4

static const char *
store_name(const Emission *e)
{
	return e->predicate->store->quoted_name;
}

static char *
types_with(const ScimStore *store, TargetKind relation)
{
	const ScimRegistry *registry = store->registry;
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < registry->ntypes; i++)
	{
		const ScimResourceType *type = &registry->types[i];

		/* a group that may not be read is none */
		if (relation == TARGET_MEMBERS
				? type->has_members && ScimScopeAllows(store, type->name, false)
				: type->has_groups)
			appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "",
							 quote_literal_cstr(type->name));
	}
	/* a type that nobody has */
	return list.len > 0 ? list.data : "NULL";
}

/* ScimTypesWith: the resource types that have members, or groups: 'Group', ... */
char *
ScimTypesWith(const Emission *e, TargetKind relation)
{
	return types_with(e->predicate->store, relation);
}

/* ScimGroupTypesReadable: those that have members, and may be read. */
char *
ScimGroupTypesReadable(const ScimStore *store)
{
	return types_with(store, TARGET_MEMBERS);
}

/* ScimEmitTenant appends "alias.tenant_id = $1 AND ", where the tenant is known. */
void
ScimEmitTenant(Emission *e, const char *alias)
{
	if (e->params != NULL)
		appendStringInfo(
			e->out, "%s.tenant_id = $%d AND ", alias,
			ScimParamsAdd(e->params, INT4OID, Int32GetDatum(ScimTenant()), false));
}

/* ---- groups that satisfy a condition, and those below them */

/*
 * ScimEmitGroups appends FROM and WHERE of the groups g, up to what they have to
 * satisfy.  type: what "type" of theirs is taken for, NULL where nobody asks.
 */
void
ScimEmitGroups(Emission *e, const char *type)
{
	appendStringInfo(e->out, " FROM %s.resource g", store_name(e));
	if (type != NULL)
		appendStringInfo(e->out, " CROSS JOIN (VALUES ('%s' COLLATE \"C\")) AS t (type)",
						 type);
	if (e->computed != NIL)
	{
		appendStringInfoString(e->out, " CROSS JOIN LATERAL ");
		ScimEmitComputed(e);
	}
	appendStringInfoString(e->out, " WHERE ");
	ScimEmitTenant(e, "g");
	appendStringInfo(e->out, "g.resource_type IN (%s) AND g.deleted_at IS NULL AND ",
					 ScimTypesWith(e, TARGET_MEMBERS));
}

static void
emit_groups(Emission *e, Condition *element, const char *type)
{
	ScimEmitGroups(e, type);
	ScimEmitCondition(e, element);
}

/* Joins of the groups s that are members of the groups in a column. */
static void
emit_step_down(Emission *e, const char *from)
{
	appendStringInfo(e->out,
					 " JOIN %1$s.member n ON n.tenant_id = %2$s.tenant_id "
					 "AND n.group_id = %2$s.id "
					 "JOIN %1$s.resource s ON s.tenant_id = n.tenant_id "
					 "AND s.id = n.member_id AND s.resource_type IN (%3$s) "
					 "AND s.deleted_at IS NULL",
					 store_name(e), from, ScimTypesWith(e, TARGET_MEMBERS));
}

/*
 * The same for few groups, one after the other by index: OFFSET 0 keeps the planner from
 * reading all that there are for each level.
 */
static void
emit_step_down_by_key(Emission *e, const char *from)
{
	appendStringInfo(e->out,
					 " CROSS JOIN LATERAL (SELECT m.member_id FROM %1$s.member m "
					 "WHERE m.tenant_id = %2$s.tenant_id AND m.group_id = %2$s.id "
					 "OFFSET 0) AS n CROSS JOIN LATERAL (SELECT r.tenant_id, r.id "
					 "FROM %1$s.resource r WHERE r.tenant_id = %2$s.tenant_id "
					 "AND r.id = n.member_id AND r.resource_type IN (%3$s) "
					 "AND r.deleted_at IS NULL OFFSET 0) AS s",
					 store_name(e), from, ScimTypesWith(e, TARGET_MEMBERS));
}

/*
 * As text: begins WITH, of all pairs of a group and one that is a member of it.  The
 * planner knows nothing of how many groups there are on each level, and takes any join
 * for the best one: of a table he makes loops, and a list he may read once for each of
 * many levels.  So the pairs are arrays, in the order of the groups above, in which those
 * of a group are found by halves: the last of them, and how many there are up to it.
 */
static void
emit_edges(Emission *e)
{
	appendStringInfo(
		e->out,
		"WITH RECURSIVE edge (tenants, aboves, counts, ids) AS MATERIALIZED "
		"(SELECT pg_catalog.array_agg(e.tenant_id), pg_catalog.array_agg(e.above), "
		"pg_catalog.array_agg(e.count), pg_catalog.array_agg(e.id) FROM "
		"(SELECT n.tenant_id, n.group_id AS above, s.id, pg_catalog.row_number() "
		"OVER (PARTITION BY n.group_id ORDER BY n.tenant_id, s.id)::int AS count "
		"FROM %1$s.member n JOIN %1$s.resource s ON s.tenant_id = n.tenant_id "
		"AND s.id = n.member_id AND s.resource_type IN (%2$s) "
		"AND s.deleted_at IS NULL ORDER BY above, count) AS e), ",
		store_name(e), ScimTypesWith(e, TARGET_MEMBERS));
}

/* Joins of these pairs: the groups s that are members of the groups in a column. */
static void
emit_edges_down(Emission *e, const char *from)
{
	appendStringInfo(
		e->out,
		" CROSS JOIN LATERAL (SELECT pg_catalog.width_bucket(%1$s.id, "
		"(SELECT aboves FROM edge)) AS last OFFSET 0) AS k CROSS JOIN LATERAL "
		"(SELECT (SELECT tenants FROM edge)[i] AS tenant_id, "
		"(SELECT ids FROM edge)[i] AS id FROM pg_catalog.generate_series("
		"CASE WHEN (SELECT aboves FROM edge)[k.last] = %1$s.id "
		"THEN k.last - (SELECT counts FROM edge)[k.last] + 1 END, k.last) AS i OFFSET 0) "
		"AS s",
		from);
}

/* Groups that satisfy and those below them, as rows (tenant_id, id): text. */
static void
emit_groups_and_below(Emission *e, Condition *element)
{
	/* few, and those below them by index */
	bool few = element->kind == CONDITION_EQUAL;

	if (few)
		appendStringInfoString(e->out, "WITH RECURSIVE ");
	else
		emit_edges(e);
	appendStringInfoString(e->out, "below (tenant_id, id) AS (SELECT g.tenant_id, g.id");
	emit_groups(e, element, NULL);
	if (few)
	{
		appendStringInfoString(e->out, " UNION SELECT s.tenant_id, s.id FROM below");
		emit_step_down_by_key(e, "below");
	}
	else
	{
		appendStringInfoString(e->out, " UNION SELECT s.tenant_id, s.id FROM below");
		emit_edges_down(e, "below");
		appendStringInfoString(e->out, " WHERE s.tenant_id = below.tenant_id");
	}
	appendStringInfoString(e->out, ") SELECT below.tenant_id, below.id FROM below");
}

/* Pairs of a group that satisfies as an indirect one and one that is below it. */
static void
emit_pairs_below(Emission *e, Condition *element)
{
	bool text = e->params == NULL;

	if (text)
		emit_edges(e);
	else
		appendStringInfoString(e->out, "WITH RECURSIVE ");
	appendStringInfoString(e->out, "below (tenant_id, top, id) AS (SELECT s.tenant_id, "
								   "g.id, s.id FROM (SELECT g.tenant_id, g.id");
	emit_groups(e, element, "indirect");
	appendStringInfoString(e->out, ") AS g");
	if (text)
	{
		emit_edges_down(e, "g");
		appendStringInfoString(e->out, " WHERE s.tenant_id = g.tenant_id");
	}
	else
		emit_step_down(e, "g");
	appendStringInfoString(e->out,
						   " UNION SELECT s.tenant_id, below.top, s.id FROM below");
	if (text)
	{
		emit_edges_down(e, "below");
		appendStringInfoString(e->out, " WHERE s.tenant_id = below.tenant_id");
	}
	else
		emit_step_down(e, "below");
	appendStringInfoChar(e->out, ')');
}

/* Runs a query that returns one row of uuid[]; ids[] are copies, and their lengths. */
static void
fetch_ids(const StringInfo query, const ScimParams *params, bool for_values, Datum *ids,
		  int64 *nids, int narrays)
{
	if (for_values)
		ScimSpiExecuteForValues(query->data, params, false, 0);
	else
		ScimSpiExecute(query->data, params, false, 0);
	for (int i = 0; i < narrays; i++)
	{
		bool isnull;
		Datum array = ScimResult(0, i + 1, UUIDARRAYOID, &isnull);
		ArrayType *copy =
			isnull ? construct_empty_array(UUIDOID) : DatumGetArrayTypePCopy(array);

		ids[i] = PointerGetDatum(copy);
		nids[i] = ArrayGetNItems(ARR_NDIM(copy), ARR_DIMS(copy));
	}
	SPI_freetuptable(SPI_tuptable);
}

/*
 * Adds the groups below, level by level: with the groups of a level at hand the
 * planner chooses between their members and the groups that there are.  What is
 * deeper is found at once (group_edges.c).
 */
static void
add_groups_below(Emission *e, GroupsFound *groups)
{
	StringInfoData query;
	ScimParams params;
	Emission level = {&query, &params, e->predicate, false, false, 0, NIL};
	Datum ids[2] = {groups->ids, groups->ids}; /* of the level, of all */
	int64 nids[2] = {groups->nids, groups->nids};

	initStringInfo(&query);
	appendStringInfo(
		&query,
		"SELECT level.ids, $2 || level.ids FROM (SELECT ARRAY(SELECT s.id "
		"FROM %1$s.resource s WHERE s.tenant_id = $1 AND s.resource_type IN (%2$s) "
		"AND s.deleted_at IS NULL AND s.id <> ALL ($2) AND EXISTS "
		"(SELECT FROM %1$s.member n WHERE n.tenant_id = $1 AND n.group_id = ANY ($3) "
		"AND n.member_id = s.id)) AS ids OFFSET 0) AS level",
		store_name(&level), ScimTypesWith(&level, TARGET_MEMBERS));
	for (int i = 0; nids[0] > 0; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == SCIM_GROUP_LEVELS)
		{
			ids[1] =
				ScimGroupsAllBelow(&level, ScimTypesWith(&level, TARGET_MEMBERS), ids[1]);
			nids[1] = ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(ids[1])),
									 ARR_DIMS(DatumGetArrayTypeP(ids[1])));
			break;
		}
		ScimParamsInit(&params);
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
		ScimParamsAdd(&params, UUIDARRAYOID, ids[1], false);
		ScimParamsAdd(&params, UUIDARRAYOID, ids[0], false);
		fetch_ids(&query, &params, true, ids, nids, 2);
	}
	groups->ids = ids[1];
	groups->nids = nids[1];
}

/*
 * The groups that satisfy as indirect ones, each with those below it.  False: there are
 * more than TOPS_MAX.
 */
static bool
find_indirect(Emission *e, Condition *element, GroupsFound *groups)
{
	StringInfoData query;
	ScimParams params;
	Emission base = {&query, &params, e->predicate, false, false, 0, NIL};
	Datum ids;
	int64 nids;

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT ARRAY(SELECT g.id");
	emit_groups(&base, element, "indirect");
	appendStringInfo(&query, " LIMIT %d)", TOPS_MAX + 1);
	fetch_ids(&query, &params, true, &ids, &nids, 1);
	if (nids > TOPS_MAX)
		return false;
	for (int i = 0; i < nids; i++)
	{
		GroupBelow *below = palloc(sizeof(GroupBelow));
		GroupsFound found = {.nids = 1};
		Datum top;

		below->top = ((pg_uuid_t *) ARR_DATA_PTR(DatumGetArrayTypeP(ids)))[i];
		top = UUIDPGetDatum(&below->top);
		found.ids = ScimArray(&top, NULL, 1, UUIDOID);
		add_groups_below(e, &found);
		below->ids = found.ids;
		/* nobody is in it as in an indirect one where there is none below */
		if (found.nids > 1)
			groups->indirect = lappend(groups->indirect, below);
	}
	return true;
}

/* The groups that a condition RELATED speaks of, looked up now. */
static GroupsFound *
find_groups(Emission *e, Condition *element)
{
	GroupsFound *groups = palloc0(sizeof(GroupsFound));
	StringInfoData query;
	ScimParams params;
	Emission base = {&query, &params, e->predicate, false, false, 0, NIL};
	Datum pairs[2];
	int64 npairs[2];

	initStringInfo(&query);
	ScimParamsInit(&params);
	appendStringInfoString(&query, "SELECT ARRAY(SELECT g.id");
	emit_groups(&base, element, element->typed ? "direct" : NULL);
	appendStringInfoChar(&query, ')');
	fetch_ids(&query, &params, element->kind != CONDITION_EQUAL, &groups->ids,
			  &groups->nids, 1);
	if (!element->typed)
	{
		add_groups_below(e, groups);
		return groups;
	}
	if (find_indirect(e, element, groups))
		return groups;
	resetStringInfo(&query);
	ScimParamsInit(&params);
	emit_pairs_below(&base, element);
	appendStringInfo(&query,
					 " SELECT array_agg(pair.top), array_agg(pair.id) FROM "
					 "(SELECT below.top, below.id FROM below LIMIT %d) AS pair",
					 PAIRS_MAX + 1);
	fetch_ids(&query, &params, true, pairs, npairs, 2);
	groups->tops = pairs[0];
	groups->below = pairs[1];
	groups->npairs = npairs[0];
	return groups;
}

/* ---- is a row m of "member" one of a member, or in a group, that satisfies? */

static int
add_ids(Emission *e, Datum ids)
{
	return ScimParamsAdd(e->params, UUIDARRAYOID, ids, false);
}

/* Is there a pair of a group above that the member is not in itself? */
static void
emit_not_direct(Emission *e)
{
	appendStringInfo(e->out,
					 " AND NOT EXISTS (SELECT FROM %s.member d "
					 "WHERE d.tenant_id = m.tenant_id AND d.group_id = b.top "
					 "AND d.member_id = m.member_id))",
					 store_name(e));
}

/* Is the member in a group below, and not in the one above it? */
static void
emit_in_group_below(Emission *e, const GroupBelow *below)
{
	appendStringInfo(
		e->out, "m.group_id = ANY ($%d) AND NOT EXISTS (SELECT FROM %s.member d WHERE ",
		add_ids(e, below->ids), store_name(e));
	ScimEmitTenant(e, "d");
	appendStringInfo(
		e->out, "d.group_id = $%d AND d.member_id = m.member_id)",
		ScimParamsAdd(e->params, UUIDOID, UUIDPGetDatum(&below->top), false));
}

static void
emit_in_groups_found(Emission *e, const GroupsFound *groups)
{
	bool join = groups->nids > ARRAY_IDS_MAX && e->joinable;
	ListCell *lc;

	/* without OR: a join, for the planner */
	if (groups->nids == 0 && list_length(groups->indirect) == 1)
	{
		emit_in_group_below(e, linitial(groups->indirect));
		return;
	}
	appendStringInfoChar(e->out, '(');
	appendStringInfo(
		e->out, join ? "m.group_id IN (SELECT unnest($%d))" : "m.group_id = ANY ($%d)",
		add_ids(e, groups->ids));
	foreach (lc, groups->indirect)
	{
		appendStringInfoString(e->out, " OR (");
		emit_in_group_below(e, lfirst(lc));
		appendStringInfoChar(e->out, ')');
	}
	if (groups->npairs > 0)
	{
		appendStringInfo(e->out,
						 " OR (m.group_id = ANY ($%d) AND EXISTS "
						 "(SELECT FROM unnest($%d, $%d) AS b (top, id) "
						 "WHERE b.id = m.group_id",
						 add_ids(e, groups->below), add_ids(e, groups->tops),
						 add_ids(e, groups->below));
		emit_not_direct(e);
		appendStringInfoChar(e->out, ')');
	}
	appendStringInfoChar(e->out, ')');
}

/*
 * As text, the rows of "member" of who is in a group that satisfies, where that asks for
 * direct or indirect ones.  Two queries, since below OR the planner would look through
 * the pairs for each row.
 */
static void
emit_in_typed_groups(Emission *e, Condition *element)
{
	appendStringInfo(e->out,
					 " FROM %1$s.member m WHERE (m.tenant_id, m.group_id) IN "
					 "(SELECT g.tenant_id, g.id",
					 store_name(e));
	emit_groups(e, element, "direct");
	appendStringInfo(e->out,
					 ") UNION ALL SELECT m.tenant_id, m.member_id FROM %s.member m "
					 "WHERE EXISTS (SELECT FROM (",
					 store_name(e));
	emit_pairs_below(e, element);
	appendStringInfoString(
		e->out, " SELECT below.tenant_id, below.top, below.id FROM below) AS b "
				"WHERE b.tenant_id = m.tenant_id AND b.id = m.group_id");
	emit_not_direct(e);
}

/* ScimEmitRowCondition: that of a row m of "member", and x where that is joined. */
void
ScimEmitRowCondition(Emission *e, Condition *related)
{
	Condition *element = related->element;

	if (related->relation == TARGET_MEMBERS)
		ScimEmitCondition(e, element);
	else if (element->kind == CONDITION_CONSTANT)
		appendStringInfo(e->out,
						 "EXISTS (SELECT FROM %s.resource g WHERE "
						 "g.tenant_id = m.tenant_id AND g.id = m.group_id "
						 "AND g.resource_type IN (%s) AND g.deleted_at IS NULL)",
						 store_name(e), ScimTypesWith(e, TARGET_MEMBERS));
	else if (e->params == NULL)
	{
		appendStringInfoString(e->out, "((m.tenant_id, m.group_id) IN (");
		emit_groups_and_below(e, element);
		appendStringInfoString(e->out, "))");
	}
	else
	{
		if (related->groups == NULL)
			related->groups = find_groups(e, element);
		emit_in_groups_found(e, related->groups);
	}
}

/* The row x that a row m of "member" is about: one that may not be read is none. */
static void
emit_is_member(Emission *e)
{
	const char *readable = ScimScopeTypes(e->predicate->store);

	appendStringInfoString(e->out, "x.tenant_id = m.tenant_id AND x.id = m.member_id "
								   "AND x.deleted_at IS NULL");
	if (readable != NULL)
		appendStringInfo(e->out, " AND x.resource_type IN (%s)", readable);
}

/* ScimEmitJoinMember: the row x of the member that a row m of "member" is about. */
void
ScimEmitJoinMember(Emission *e, bool inner)
{
	appendStringInfo(e->out, " %s %s.resource x ON ", inner ? "JOIN" : "LEFT JOIN",
					 store_name(e));
	emit_is_member(e);
}

/*
 * ScimEmitFetchMember: the same row x where the rows m are those of one group, which is
 * asked again for each: it is fetched by its key for each m.  OFFSET 0 keeps the planner
 * from reading all that there are each time, as he would where statistics tell that there
 * are few.
 */
void
ScimEmitFetchMember(Emission *e)
{
	appendStringInfo(e->out, " LEFT JOIN LATERAL (SELECT * FROM %s.resource x WHERE ",
					 store_name(e));
	emit_is_member(e);
	appendStringInfoString(e->out, " OFFSET 0) AS x ON true");
}

/* ScimOwnerColumn: whose members, or groups, the rows m of "member" are. */
const char *
ScimOwnerColumn(TargetKind relation)
{
	return relation == TARGET_MEMBERS ? "m.group_id" : "m.member_id";
}

/* A group within a group has no attribute "groups". */
static void
emit_type_condition(Emission *e, TargetKind relation)
{
	if (relation == TARGET_GROUPS && e->predicate->type == NULL)
		appendStringInfo(e->out, " AND resource_type IN (%s)",
						 ScimTypesWith(e, TARGET_GROUPS));
}

/* As text: does it ask for direct or indirect groups? */
static bool
is_typed_text(const Emission *e, const Condition *related)
{
	return e->params == NULL && related->relation == TARGET_GROUPS &&
		   related->element->typed;
}

/*
 * As text, where several groups are looked up, may the planner start from this one?  What
 * he takes for few rows he joins by loops: that is little where one value is looked up.
 */
static bool
is_start(const Emission *e, const Condition *related)
{
	int nlookups = e->predicate->condition->nrelated;

	return e->joinable && (related->relation != TARGET_GROUPS || nlookups == 1 ||
						   (related->element->kind == CONDITION_EQUAL &&
							nlookups <= SCIM_SUBQUERIES_MAX));
}

/* FROM and WHERE of the rows of "member" that satisfy a condition. */
static void
emit_rows(Emission *e, Condition *related)
{
	if (is_typed_text(e, related))
	{
		emit_in_typed_groups(e, related->element);
		return;
	}
	appendStringInfo(e->out, " FROM %s.member m", store_name(e));
	if (related->element->joined)
		ScimEmitJoinMember(e, related->element->inner);
	appendStringInfoString(e->out, " WHERE ");
	ScimEmitTenant(e, "m");
	ScimEmitRowCondition(e, related);
}

/* ScimEmitExists appends a condition RELATED as a subquery of its own. */
void
ScimEmitExists(Emission *e, Condition *related)
{
	const char *owner = ScimOwnerColumn(related->relation);

	/* as text, where it is no join: EXISTS would seem to look for groups row by row */
	if (is_typed_text(e, related) || (e->params == NULL && !is_start(e, related)))
	{
		appendStringInfo(e->out, "(tenant_id, id) IN (SELECT m.tenant_id, %s", owner);
		emit_rows(e, related);
		/* IS TRUE: computed once, and no join */
		appendStringInfoString(e->out,
							   e->joinable && !is_start(e, related) ? ") IS TRUE" : ")");
		return;
	}
	appendStringInfo(
		e->out, "EXISTS (SELECT FROM (SELECT m.tenant_id AS tenant, %s AS owner", owner);
	emit_rows(e, related);
	appendStringInfoString(
		e->out, ") AS found WHERE found.tenant = tenant_id AND found.owner = id)");
}

/* Are there too many groups below others for a look-up of its own? */
static bool
has_many_pairs(Emission *e, Condition *condition)
{
	if (e->params == NULL || condition->relation != TARGET_GROUPS ||
		!condition->element->typed)
		return false;
	if (condition->groups == NULL)
		condition->groups = find_groups(e, condition->element);
	return condition->groups->npairs > PAIRS_MAX;
}

/* ScimEmitRelated appends whether there is a member, or a group, that satisfies. */
void
ScimEmitRelated(Emission *e, Condition *condition)
{
	Emission inner = *e;

	if (!e->at_once && has_many_pairs(e, condition))
	{
		ScimEmitAtOnce(e, condition);
		return;
	}
	appendStringInfoChar(e->out, '(');
	inner.nors = 0;
	inner.computed = NIL;
	if (e->at_once)
		ScimEmitFound(e, condition);
	else
		ScimEmitExists(&inner, condition);
	emit_type_condition(e, condition->relation);
	appendStringInfoChar(e->out, ')');
}

/* ---- one row of "member" */

/*
 * ScimEmitOfMember appends a condition on the member of a row m of "member",
 * where x is not joined.
 */
void
ScimEmitOfMember(Emission *e, Condition *condition)
{
	if (!condition->joined)
	{
		ScimEmitCondition(e, condition);
		return;
	}
	appendStringInfoString(e->out, "EXISTS (SELECT FROM ");
	if (condition->inner)
	{
		appendStringInfo(e->out, "%s.resource x WHERE ", store_name(e));
		emit_is_member(e);
		appendStringInfoString(e->out, " AND ");
	}
	else
	{
		appendStringInfoString(e->out, "(VALUES (1)) AS one");
		ScimEmitJoinMember(e, false);
		appendStringInfoString(e->out, " WHERE ");
	}
	ScimEmitCondition(e, condition);
	appendStringInfoChar(e->out, ')');
}

/*
 * ScimEmitAnyOfMember appends whether one of several conditions holds of the member: it
 * is fetched once for all of them, and so are its texts computed.
 */
void
ScimEmitAnyOfMember(Emission *e, const List *predicates)
{
	bool joined = false;
	ListCell *lc;

	e->predicate = linitial(predicates);
	foreach (lc, predicates)
	{
		const Condition *condition = ((const ScimPredicate *) lfirst(lc))->condition;

		joined |= condition->joined;
		ScimCollectTexts(&e->computed, condition);
	}
	appendStringInfoString(e->out, "EXISTS (SELECT FROM (VALUES (1)) AS one");
	if (joined)
		ScimEmitFetchMember(e);
	if (e->computed != NIL)
	{
		appendStringInfoString(e->out, " CROSS JOIN LATERAL ");
		ScimEmitComputed(e);
	}
	foreach (lc, predicates)
	{
		CHECK_FOR_INTERRUPTS();
		e->predicate = lfirst(lc);
		appendStringInfoString(e->out,
							   foreach_current_index(lc) == 0 ? " WHERE (" : " OR (");
		ScimEmitVisits(e, "", " AND ", list_make1(e->predicate->condition));
		ScimEmitCondition(e, e->predicate->condition);
		appendStringInfoChar(e->out, ')');
	}
	appendStringInfoChar(e->out, ')');
}
