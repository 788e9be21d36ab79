/*
 * groups.c
 *		The groups that resources are in, "direct" or, through other groups,
 *		"indirect" (RFC 7643 section 4.1.2).
 *
 * One statement finds those of many resources, as a page has them, and one for each
 * level above, where a group is in a group: most people are one level deep.  A recursive
 * query starts slowly, and so finds only what is deeper than LEVELS_MAX, without the
 * memberships, which a second one finds.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "door/members/members.h"
#include "json/buckets.h"
#include "policy/wire/wire.h"
#include "resource/resource.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/store.h"
#include "text/hash.h"

/* Levels of groups above a member for which a statement each is best. */
#define LEVELS_MAX 8

/* The groups of so many resources are found at once. */
#define FOUND_AT_ONCE 100

/* Who is in groups: one of the resources, or a group. */
typedef struct Vertex
{
	pg_uuid_t id;
	List *above; /* of Vertex *: the groups that it is in itself, in the order of their
					ids */
	/* of a group */
	const ScimResourceType *type;
	char *display;
	bool asked; /* what is above it */
	int walk;   /* the last one that came across it */
} Vertex;

typedef struct Graph
{
	MemoryContext context;
	List *vertices; /* of Vertex * */
	ScimBuckets by_id;
	int walks;
} Graph;

struct ScimBeside
{
	MemoryContext context;
	List *resources; /* of ScimResource * */
	int next;        /* the first of them whose groups have not been looked for */
	Graph *graph;    /* of those before, the last ones; NULL: none */
};

/* ScimFoundBeside: these resources will be shown one after the other. */
void
ScimFoundBeside(List *resources)
{
	struct ScimBeside *beside;
	ListCell *lc;

	if (list_length(resources) < 2)
		return;
	beside = palloc0(sizeof(struct ScimBeside));
	beside->context = CurrentMemoryContext;
	beside->resources = resources;
	foreach (lc, resources)
		((ScimResource *) lfirst(lc))->beside = beside;
}

/* ScimIsInGroup: is there a membership of a resource, whatever group it is in? */
bool
ScimIsInGroup(ScimStore *store, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParams params;
	bool found;

	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, id);
	ScimSpiExecuteByKey(psprintf("SELECT FROM %s.member m WHERE m.tenant_id = $1 "
								 "AND m.member_id = $2 LIMIT 1",
								 store->quoted_name),
						&params, 1);
	found = SPI_processed > 0;
	SPI_finish();
	return found;
}

static Vertex *
find_vertex(const Graph *graph, const pg_uuid_t *id)
{
	uint32 hash = ScimHash(id->data, UUID_LEN);

	for (int at = ScimBucketsFirst(&graph->by_id, hash); at >= 0;
		 at = ScimBucketsNext(&graph->by_id, at))
	{
		Vertex *vertex = list_nth(graph->vertices, ScimBucketsItem(&graph->by_id, at));

		if (memcmp(&vertex->id, id, UUID_LEN) == 0)
			return vertex;
	}
	return NULL;
}

static Vertex *
add_vertex(Graph *graph, const pg_uuid_t *id)
{
	Vertex *vertex = palloc0(sizeof(Vertex));

	vertex->id = *id;
	ScimBucketsAdd(&graph->by_id, ScimHash(id->data, UUID_LEN),
				   list_length(graph->vertices));
	graph->vertices = lappend(graph->vertices, vertex);
	return vertex;
}

/* The resource types that have members, as an SQL array. */
static char *
group_types(const ScimStore *store)
{
	StringInfoData out;
	bool first = true;

	initStringInfo(&out);
	appendStringInfoString(&out, "ARRAY[");
	for (int i = 0; i < store->registry->ntypes; i++)
	{
		const ScimResourceType *type = &store->registry->types[i];

		if (!type->has_members)
			continue;
		appendStringInfo(&out, "%s%s", first ? "" : ", ", quote_literal_cstr(type->name));
		first = false;
	}
	appendStringInfoString(&out, "]::text[]");
	return out.data;
}

/*
 * The query for the groups that hold one of some members, $2.  Each row says who is in
 * which group, and whether that is in one, too.  OFFSET 0 keeps the planner to the only
 * order that is good for any numbers of groups and members.
 */
static char *
query_level(const ScimStore *store)
{
	return psprintf(
		"SELECT m.member_id, g.id, g.resource_type, g.display_name, "
		"(SELECT true FROM %1$s.member o WHERE o.tenant_id = $1 "
		"AND o.member_id = g.id LIMIT 1) "
		"FROM (SELECT member_id, group_id FROM %1$s.member WHERE tenant_id = $1 "
		"AND member_id = ANY ($2) OFFSET 0) AS m, "
		"LATERAL (SELECT id, resource_type, display_name FROM %1$s.resource "
		"WHERE tenant_id = $1 AND id = m.group_id AND resource_type = ANY (%2$s) "
		"AND deleted_at IS NULL OFFSET 0) AS g",
		store->quoted_name, group_types(store));
}

/*
 * The query for all groups above some, $2.  It goes from group to group and not from
 * membership to membership, or a group would be looked at once for each way to it.  How
 * many are on a level the planner cannot know: OFFSET 0 keeps him to the index, or he
 * would read all memberships for each level of many.
 */
static char *
query_all(const ScimStore *store)
{
	return psprintf(
		"WITH RECURSIVE above (id) AS (SELECT unnest($2) UNION SELECT m.group_id "
		"FROM above CROSS JOIN LATERAL (SELECT group_id FROM %1$s.member "
		"WHERE tenant_id = $1 AND member_id = above.id OFFSET 0) AS m) "
		"SELECT g.id, g.resource_type, g.display_name FROM above CROSS JOIN LATERAL "
		"(SELECT id, resource_type, display_name FROM %1$s.resource "
		"WHERE tenant_id = $1 AND id = above.id AND resource_type = ANY (%2$s) "
		"AND deleted_at IS NULL OFFSET 0) AS g",
		store->quoted_name, group_types(store));
}

/* What the result says of a group, in a column and the next. */
static void
describe_group(Vertex *group, const ScimStore *store, uint64 row, int column)
{
	group->type =
		ScimTypeByName(store, TextDatumGetCString(ScimResultValue(row, column, TEXTOID)));
	group->display = ScimResultText(row, column + 1);
}

/*
 * Notes who is in which group, of whom the last statement has asked.  Returns the groups
 * that are in groups and have not been asked of.
 */
static List *
note_rows(Graph *graph, const ScimStore *store)
{
	List *level = NIL;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const pg_uuid_t *member_id = DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
		const pg_uuid_t *id = DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID));
		Vertex *member = find_vertex(graph, member_id);
		Vertex *group = find_vertex(graph, id);
		bool isnull;

		CHECK_FOR_INTERRUPTS();
		if (group == NULL)
			group = add_vertex(graph, id);
		member->above = lappend(member->above, group);
		if (group->type != NULL)
			continue;
		describe_group(group, store, i, 3);
		(void) ScimResult(i, 5, BOOLOID, &isnull);
		if (!isnull && !group->asked)
			level = lappend(level, group);
	}
	return level;
}

/* Executes a query about vertices, of which it is noted that they have been asked of. */
static void
execute_about(const char *query, int32 tenant_id, const List *vertices)
{
	Datum *ids = palloc(sizeof(Datum) * list_length(vertices));
	ScimParams params;
	ListCell *lc;

	foreach (lc, vertices)
	{
		Vertex *vertex = lfirst(lc);

		vertex->asked = true;
		ids[foreach_current_index(lc)] = UUIDPGetDatum(&vertex->id);
	}
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(ids, NULL, list_length(vertices), UUIDOID), false);
	ScimSpiExecuteByKey(query, &params, 0);
}

/* Asks which groups are above some vertices: the next level. */
static List *
ask_level(Graph *graph, ScimStore *store, int32 tenant_id, const List *vertices)
{
	MemoryContext caller;
	List *level;

	execute_about(query_level(store), tenant_id, vertices);
	caller = MemoryContextSwitchTo(graph->context);
	level = note_rows(graph, store);
	MemoryContextSwitchTo(caller);
	return level;
}

/* Adds the groups of the result; returns those that have not been asked of. */
static List *
add_groups(Graph *graph, const ScimStore *store)
{
	List *added = NIL;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const pg_uuid_t *id = DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
		Vertex *group = find_vertex(graph, id);

		CHECK_FOR_INTERRUPTS();
		if (group == NULL)
			group = add_vertex(graph, id);
		if (group->type == NULL)
			describe_group(group, store, i, 2);
		if (!group->asked)
			added = lappend(added, group);
	}
	return added;
}

/* Asks for all groups above some, and then which of them is in which. */
static void
ask_all(Graph *graph, ScimStore *store, int32 tenant_id, const List *vertices)
{
	MemoryContext caller;
	List *all;

	execute_about(query_all(store), tenant_id, vertices);
	caller = MemoryContextSwitchTo(graph->context);
	all = list_concat_copy(vertices, add_groups(graph, store));
	MemoryContextSwitchTo(caller);
	execute_about(psprintf("SELECT m.member_id, m.group_id FROM unnest($2) AS above (id) "
						   "CROSS JOIN LATERAL (SELECT member_id, group_id "
						   "FROM %s.member WHERE tenant_id = $1 "
						   "AND member_id = above.id OFFSET 0) AS m",
						   store->quoted_name),
				  tenant_id, all);
	MemoryContextSwitchTo(graph->context);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Vertex *member =
			find_vertex(graph, DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID)));
		Vertex *group = find_vertex(graph, DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID)));

		CHECK_FOR_INTERRUPTS();
		/* one that is gone has not been found */
		if (group != NULL && group->type != NULL)
			member->above = lappend(member->above, group);
	}
	MemoryContextSwitchTo(caller);
}

/* The groups of some resources of a tenant, and those above them. */
static Graph *
make_graph(ScimStore *store, int32 tenant_id, const List *resources, MemoryContext parent)
{
	MemoryContext context =
		AllocSetContextCreate(parent, "scim groups", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Graph *graph = palloc0(sizeof(Graph));
	List *level = NIL;
	ListCell *lc;

	graph->context = context;
	ScimBucketsInit(&graph->by_id, list_length(resources));
	foreach (lc, resources)
	{
		const ScimResource *resource = lfirst(lc);

		if (find_vertex(graph, &resource->id) == NULL)
			level = lappend(level, add_vertex(graph, &resource->id));
	}
	SPI_connect();
	for (int i = 0; level != NIL && i < LEVELS_MAX; i++)
	{
		CHECK_FOR_INTERRUPTS();
		level = ask_level(graph, store, tenant_id, level);
	}
	if (level != NIL)
		ask_all(graph, store, tenant_id, level);
	SPI_finish();
	MemoryContextSwitchTo(caller);
	return graph;
}

/* The graph in which a resource is, with those that will be shown after it. */
static Graph *
find_graph(ScimStore *store, const ScimResource *resource)
{
	struct ScimBeside *beside = resource->beside;
	List *wanted = NIL;
	int at = beside != NULL ? beside->next : 0;

	if (beside == NULL)
		return make_graph(store, resource->tenant_id, list_make1((void *) resource),
						  CurrentMemoryContext);
	if (beside->graph != NULL && find_vertex(beside->graph, &resource->id) != NULL)
		return beside->graph;
	while (at < list_length(beside->resources) &&
		   list_nth(beside->resources, at) != resource)
		at++;
	for (; at < list_length(beside->resources) && list_length(wanted) < FOUND_AT_ONCE;
		 at++)
	{
		ScimResource *other = list_nth(beside->resources, at);

		if (other->in_groups && other->type->has_groups &&
			other->tenant_id == resource->tenant_id)
			wanted = lappend(wanted, other);
	}
	if (wanted == NIL) /* it is shown again */
		return make_graph(store, resource->tenant_id, list_make1((void *) resource),
						  CurrentMemoryContext);
	if (beside->graph != NULL)
		MemoryContextDelete(beside->graph->context);
	beside->graph = NULL;
	beside->graph = make_graph(store, resource->tenant_id, wanted, beside->context);
	beside->next = at;
	return beside->graph;
}

static int
compare_ids(const ListCell *a, const ListCell *b)
{
	const Vertex *left = lfirst(a);
	const Vertex *right = lfirst(b);

	return memcmp(&left->id, &right->id, UUID_LEN);
}

/* The groups above some vertices that this walk has not come across: those next, or all.
 */
static List *
climb(const Graph *graph, const List *vertices, bool all)
{
	List *from = list_copy(vertices);
	List *above = NIL;
	ListCell *lc;

	foreach (lc, from)
	{
		ListCell *cell;

		CHECK_FOR_INTERRUPTS();
		foreach (cell, ((const Vertex *) lfirst(lc))->above)
		{
			Vertex *group = lfirst(cell);

			if (group->walk == graph->walks)
				continue;
			group->walk = graph->walks;
			above = lappend(above, group);
			if (all)
				from = lappend(from, group);
		}
	}
	list_sort(above, compare_ids);
	return above;
}

/*
 * ScimGroupsRender appends the JSON array of the groups of a resource: those that it is
 * in itself, then those of the next level, each level in the order of their ids.  False,
 * and nothing, where there are none.
 */
bool
ScimGroupsRender(StringInfo out, ScimStore *store, const ScimResource *member,
				 const ScimProjection *projection)
{
	ScimReferenceParts parts = ScimReferencePartsOf(store, projection, "groups");
	Graph *graph = find_graph(store, member);
	List *level = list_make1(find_vertex(graph, &member->id));
	int start = out->len;
	ListCell *lc;

	graph->walks++;
	appendStringInfoChar(out, '[');
	for (int i = 0; (level = climb(graph, level, i == LEVELS_MAX)) != NIL; i++)
	{
		foreach (lc, level)
		{
			const Vertex *group = lfirst(lc);
			const char *display = group->display;

			CHECK_FOR_INTERRUPTS();
			if (!ScimScopeAllows(store, group->type->name, false))
				continue;
			if (display != NULL)
				display = ScimWireDisplay(member->others, group->type, false, display);
			ScimAppendReference(out, &parts, ScimUuidText(&group->id), NULL, group->type,
								i == 0 ? "direct" : "indirect", display);
		}
	}
	return ScimEndReferences(out, start);
}
