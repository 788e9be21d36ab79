/*
 * group_edges.c
 *		Which groups are members of which, all of them at once.
 *
 * Groups within groups are looked up level by level, which is best where there are few
 * levels.  Where there are more than SCIM_GROUP_LEVELS, a statement for each would take
 * longer than all of these pairs do.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/hsearch.h"

#include "mapping/predicate/condition.h"
#include "store/statement/column.h"
#include "text/hash.h"

typedef struct GroupEdge
{
	pg_uuid_t above;
	pg_uuid_t below;
} GroupEdge;

struct ScimGroupEdges
{
	size_t n;
	size_t capacity;
	GroupEdge *edges; /* in the order of above */
};

static int
compare_edges(const void *a, const void *b)
{
	return memcmp(&((const GroupEdge *) a)->above, &((const GroupEdge *) b)->above,
				  UUID_LEN);
}

static void
add_edges(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimGroupEdges *edges = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		GroupEdge *edge;

		CHECK_FOR_INTERRUPTS();
		if (edges->n == edges->capacity)
		{
			edges->capacity *= 2;
			edges->edges =
				repalloc_huge(edges->edges, edges->capacity * sizeof(GroupEdge));
		}
		edge = &edges->edges[edges->n++];
		edge->above = *DatumGetUUIDP(ScimColumnValue(rows[i], desc, 1, UUIDOID));
		edge->below = *DatumGetUUIDP(ScimColumnValue(rows[i], desc, 2, UUIDOID));
	}
}

/* ScimGroupEdgesFetch fetches them; types are those that have members.  SPI must be
 * connected. */
ScimGroupEdges *
ScimGroupEdgesFetch(const Emission *e, const char *types)
{
	ScimGroupEdges *edges = palloc0(sizeof(ScimGroupEdges));
	ScimParams params;

	edges->capacity = 1024;
	edges->edges = palloc(edges->capacity * sizeof(GroupEdge));
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimSpiForEach(
		psprintf("SELECT n.group_id, s.id FROM %1$s.resource s JOIN %1$s.member n "
				 "ON n.tenant_id = $1 AND n.member_id = s.id WHERE s.tenant_id = $1 "
				 "AND s.resource_type IN (%2$s) AND s.deleted_at IS NULL",
				 e->predicate->store->quoted_name, types),
		&params, false, add_edges, edges);
	qsort(edges->edges, edges->n, sizeof(GroupEdge), compare_edges);
	return edges;
}

/*
 * ScimGroupEdgesNext returns a group that is a member of another one.  *at is 0 for the
 * first; NULL: there are no more.
 */
const pg_uuid_t *
ScimGroupEdgesNext(const ScimGroupEdges *edges, const pg_uuid_t *above, size_t *at)
{
	size_t low = 0;
	size_t high = edges->n;

	while (*at == 0 && low < high)
	{
		size_t middle = low + (high - low) / 2;

		if (memcmp(&edges->edges[middle].above, above, UUID_LEN) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	/* *at is the number of the next one, from 1 on */
	if (*at == 0)
		*at = low + 1;
	if (*at > edges->n || memcmp(&edges->edges[*at - 1].above, above, UUID_LEN) != 0)
		return NULL;
	return &edges->edges[(*at)++ - 1].below;
}

/* ScimGroupsAllBelow returns some groups, uuid[], with all those below them. */
Datum
ScimGroupsAllBelow(const Emission *e, const char *types, Datum groups)
{
	ArrayType *array = DatumGetArrayTypeP(groups);
	const pg_uuid_t *given = (const pg_uuid_t *) ARR_DATA_PTR(array);
	size_t n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	HASHCTL control = {.keysize = sizeof(pg_uuid_t),
					   .hash = ScimHash,
					   .entrysize = sizeof(pg_uuid_t),
					   .hcxt = CurrentMemoryContext};
	HTAB *known = hash_create("scim groups below", Max(n, 256), &control,
							  HASH_ELEM | HASH_FUNCTION | HASH_CONTEXT);
	ScimGroupEdges *edges = ScimGroupEdgesFetch(e, types);
	Datum *found = palloc_extended(sizeof(Datum) * (n + edges->n + 1), MCXT_ALLOC_HUGE);
	size_t nfound = 0;
	Datum result;

	for (size_t i = 0; i < n; i++)
	{
		bool is_known;
		pg_uuid_t *id = hash_search(known, &given[i], HASH_ENTER, &is_known);

		if (!is_known)
			found[nfound++] = UUIDPGetDatum(id);
	}
	for (size_t i = 0; i < nfound; i++)
	{
		const pg_uuid_t *below;
		size_t at = 0;

		CHECK_FOR_INTERRUPTS();
		while ((below = ScimGroupEdgesNext(edges, DatumGetUUIDP(found[i]), &at)) != NULL)
		{
			bool is_known;
			pg_uuid_t *id = hash_search(known, below, HASH_ENTER, &is_known);

			if (!is_known)
				found[nfound++] = UUIDPGetDatum(id);
		}
	}
	result = ScimArray(found, palloc0(nfound), nfound, UUIDOID);
	hash_destroy(known);
	pfree(edges->edges);
	pfree(edges);
	pfree(found);
	return result;
}
