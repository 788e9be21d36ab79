/*
 * groups_found.c
 *		Many look-ups of groups, worked out once for each group.
 *
 * A filter that looks up groups many times asks each group all of its questions
 * at once, and hands the answers down to the groups below it.  What is left for a
 * row is to put together the answers of the groups that it is in, which
 * scim_internal.groups_found does.
 *
 * The answers travel as a parameter, a bytea that only we read (GroupTable):
 * the groups that have any, in the order of their ids; for each a bit by question,
 * what holds for its members and what holds for the members of groups below it;
 * and for the latter, which groups are above which.  Who is in a group himself is not
 * in it as in an indirect one, which takes a walk up from his groups; but some of those
 * above each group that have an answer are noted with it, and one of them that he is
 * not in saves the walk.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "mapping/predicate/condition.h"
#include "store/statement/column.h"
#include "text/hash.h"

PG_FUNCTION_INFO_V1(scim_groups_found);

/* Of what is kept of groups for one filter. */
#define GROUP_TABLE_MAX (64 * 1024 * 1024)

/* So many groups above are noted for each group and question, if they need no more. */
#define NOTED_MOST 4
#define NOTED_MAX (16 * 1024 * 1024)
#define NOTED_NONE PG_UINT32_MAX

/*
 * The head of the bytea.  Behind it: ids; nwords words for each group, of direct
 * and, where there are edges, of indirect answers; for each group the number of its
 * first edge, and the number of all; for each edge the group above; the question of each
 * of the ntyped that are about direct or indirect; for each group and each of these the
 * nnoted groups that are noted, NOTED_NONE behind the last.
 */
typedef struct GroupTable
{
	int32 vl_len_;
	uint32 nbits;
	uint32 ngroups;
	uint32 nedges;
	uint32 ntyped;
	uint32 nnoted;
} GroupTable;

/* The parts of a table. */
typedef struct GroupParts
{
	const GroupTable *table;
	uint32 nwords;
	const pg_uuid_t *ids;
	const uint32 *direct;
	const uint32 *indirect; /* NULL: nothing is asked of those that are indirect */
	const uint32 *first;
	const uint32 *above;
	const uint32 *typed;
	const uint32 *noted;
} GroupParts;

/* ---- making it */

typedef struct NumberedGroup
{
	pg_uuid_t id;
	uint32 number;
} NumberedGroup;

typedef struct Edge
{
	uint32 above;
	uint32 below;
} Edge;

typedef struct Making
{
	uint32 nbits;
	uint32 nwords;
	uint32 ntyped; /* questions about direct or indirect */
	uint32 *typed;
	uint32 nnoted;
	uint32 *noted; /* NULL: there are no edges */
	HTAB *by_id;
	uint32 ngroups;
	uint32 groups_capacity;
	pg_uuid_t *ids;
	uint32 *direct;
	uint32 *indirect;
	bool indirectly; /* it is "indirect" that is being answered */
	uint32 nedges;
	uint32 edges_capacity;
	Edge *edges;
} Making;

static void *
enlarge(void *array, size_t size)
{
	if (size > GROUP_TABLE_MAX)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_FILTER),
				 errmsg("filter looks up groups too often for so many of them: "
						"what is found exceeds %d MB",
						GROUP_TABLE_MAX / (1024 * 1024)),
				 errhint("Terms that are joined by \"or\" are looked up together.")));
	return repalloc_huge(array, size);
}

static uint32
number_of(Making *making, const pg_uuid_t *id)
{
	size_t words = sizeof(uint32) * making->nwords;
	NumberedGroup *group;
	bool found;

	group = hash_search(making->by_id, id, HASH_ENTER, &found);
	if (found)
		return group->number;
	if (making->ngroups == making->groups_capacity)
	{
		size_t capacity = making->groups_capacity * 2;

		making->ids = enlarge(making->ids, capacity * sizeof(pg_uuid_t));
		making->direct = enlarge(making->direct, capacity * words);
		making->indirect = enlarge(making->indirect, capacity * words);
		making->groups_capacity = capacity;
	}
	group->number = making->ngroups++;
	making->ids[group->number] = *id;
	memset(making->direct + (size_t) group->number * making->nwords, 0, words);
	memset(making->indirect + (size_t) group->number * making->nwords, 0, words);
	return group->number;
}

/* The answers of a group: words of bits. */
static uint32 *
answers_of(const Making *making, uint32 *answers, uint32 number)
{
	return answers + (size_t) number * making->nwords;
}

/* Rows (id, boolean[]) of groups with their answers. */
static void
add_answers(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Making *making = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(rows[i], desc, 1, UUIDOID));
		ArrayType *array =
			DatumGetArrayTypeP(ScimColumnValue(rows[i], desc, 2, BOOLARRAYOID));
		const bool *answer = (const bool *) ARR_DATA_PTR(array);
		uint32 number;
		uint32 *words;

		CHECK_FOR_INTERRUPTS();
		if (ARR_HASNULL(array) ||
			ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) != making->nbits)
			elog(ERROR, "unexpected number of answers of a group");
		if (memchr(answer, true, making->nbits) == NULL)
			continue;
		number = number_of(making, id);
		words = answers_of(making, making->indirectly ? making->indirect : making->direct,
						   number);
		for (uint32 bit = 0; bit < making->nbits; bit++)
			words[bit / 32] |= (uint32) answer[bit] << (bit % 32);
	}
}

/* Appends for each of the elements whether it is true. */
static void
emit_asked(Emission *e, const List *elements)
{
	ListCell *lc;

	appendStringInfoString(e->out, "ARRAY[");
	foreach (lc, elements)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(e->out, foreach_current_index(lc) > 0 ? ", (" : "(");
		if (lfirst(lc) == NULL)
			appendStringInfoString(e->out, "false");
		else
			ScimEmitCondition(e, lfirst(lc));
		appendStringInfoString(e->out, ") IS TRUE");
	}
	appendStringInfoChar(e->out, ']');
}

/*
 * Asks each group what holds for its direct members, or for indirect ones, of whom
 * only what speaks of the type is asked.
 */
static void
fetch_answers(Making *making, const Emission *e, List *related)
{
	StringInfoData query;
	ScimParams params;
	Emission inner = {&query, &params, e->predicate, false, false, 0, NIL};
	Condition *equal = ScimAllEqual(related);
	List *asked = NIL; /* of elements; or NULL, which is false */
	bool textual = true;
	ListCell *lc;

	initStringInfo(&query);
	ScimParamsInit(&params);
	foreach (lc, related)
	{
		Condition *element = ((const Condition *) lfirst(lc))->element;

		ScimCollectTexts(&inner.computed, element);
		textual &= element->textual;
		asked = lappend(asked, making->indirectly && !element->typed ? NULL : element);
	}
	appendStringInfoString(&query, "SELECT g.id, ");
	if (textual)
		ScimEmitTextsAnswers(&inner, asked, NULL);
	else
		emit_asked(&inner, asked);
	ScimEmitGroups(&inner, making->ntyped == 0  ? NULL
						   : making->indirectly ? "indirect"
												: "direct");
	if (equal != NULL)
		ScimEmitCondition(&inner, equal);
	else
		appendStringInfoString(&query, "true");
	if (!textual)
		ScimEmitVisits(&inner, " AND ", "", related);
	ScimSpiForEach(query.data, &params, false, add_answers, making);
}

static void
add_edge(Making *making, uint32 above, uint32 below)
{
	if (making->nedges == making->edges_capacity)
	{
		making->edges_capacity *= 2;
		making->edges =
			enlarge(making->edges, (size_t) making->edges_capacity * sizeof(Edge));
	}
	making->edges[making->nedges++] = (Edge){above, below};
}

/* Adds those of the groups from a number on, and of the groups below these. */
static void
add_deeper_edges(Making *making, const Emission *e, uint32 start)
{
	ScimGroupEdges *edges = ScimGroupEdgesFetch(e, ScimTypesWith(e, TARGET_MEMBERS));

	for (uint32 above = start; above < making->ngroups; above++)
	{
		/* ids[] may move */
		pg_uuid_t id = making->ids[above];
		const pg_uuid_t *below;
		size_t at = 0;

		CHECK_FOR_INTERRUPTS();
		while ((below = ScimGroupEdgesNext(edges, &id, &at)) != NULL)
			add_edge(making, above, number_of(making, below));
	}
}

/*
 * Adds the groups below those that have answers, level by level: with the groups of
 * a level at hand the planner chooses between their members and the groups that
 * there are.  What is deeper is found at once (group_edges.c).
 */
static void
fetch_edges(Making *making, const Emission *e)
{
	StringInfoData query;
	uint32 start = 0;

	int levels = 0;

	initStringInfo(&query);
	appendStringInfo(
		&query,
		"SELECT n.group_id, s.id FROM %1$s.member n JOIN %1$s.resource s "
		"ON s.tenant_id = n.tenant_id AND s.id = n.member_id "
		"WHERE n.tenant_id = $1 AND n.group_id = ANY ($2) AND s.tenant_id = $1 "
		"AND s.resource_type IN (%2$s) AND s.deleted_at IS NULL",
		e->predicate->store->quoted_name, ScimTypesWith(e, TARGET_MEMBERS));
	while (start < making->ngroups && levels++ < SCIM_GROUP_LEVELS)
	{
		uint32 nlevel = making->ngroups - start;
		Datum *level = palloc_extended(sizeof(Datum) * nlevel, MCXT_ALLOC_HUGE);
		ScimParams params;

		for (uint32 i = 0; i < nlevel; i++)
			level[i] = UUIDPGetDatum(&making->ids[start + i]);
		ScimParamsInit(&params);
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
		ScimParamsAdd(&params, UUIDARRAYOID,
					  ScimArray(level, palloc0(nlevel), nlevel, UUIDOID), false);
		start = making->ngroups;
		ScimSpiExecuteForValues(query.data, &params, false, 0);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			CHECK_FOR_INTERRUPTS();
			add_edge(making,
					 number_of(making, DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID))),
					 number_of(making, DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID))));
		}
		SPI_freetuptable(SPI_tuptable);
		pfree(level);
	}
	if (start < making->ngroups)
		add_deeper_edges(making, e, start);
}

static int
compare_above(const void *a, const void *b)
{
	uint32 x = ((const Edge *) a)->above;
	uint32 y = ((const Edge *) b)->above;

	return (x > y) - (x < y);
}

/* The groups that are noted with one for one of the questions. */
static uint32 *
noted_of(const Making *making, uint32 group, uint32 question)
{
	return making->noted + ((size_t) group * making->ntyped + question) * making->nnoted;
}

/* Notes a group, if there is room and it is not noted yet: is it? */
static bool
note(const Making *making, uint32 *noted, uint32 group)
{
	for (uint32 i = 0; i < making->nnoted; i++)
	{
		if (noted[i] == group)
			return false;
		if (noted[i] != NOTED_NONE)
			continue;
		noted[i] = group;
		return true;
	}
	return false;
}

/* Notes with a group what is noted with one above, and this: has anything been new? */
static bool
note_from(const Making *making, uint32 above, uint32 below)
{
	const uint32 *answers = answers_of(making, making->indirect, above);
	bool grown = false;

	for (uint32 question = 0; question < making->ntyped; question++)
	{
		const uint32 *from = noted_of(making, above, question);
		uint32 *to = noted_of(making, below, question);
		uint32 bit = making->typed[question];

		if (to[making->nnoted - 1] != NOTED_NONE)
			continue;
		if (answers[bit / 32] >> (bit % 32) & 1)
			grown |= note(making, to, above);
		for (uint32 i = 0; i < making->nnoted && from[i] != NOTED_NONE; i++)
			grown |= note(making, to, from[i]);
	}
	return grown;
}

/*
 * Notes with each group some of those above that have an answer, all where there are
 * fewer than nnoted: what is noted above a group is noted with it, or there are as many.
 * All edges are there, in the order of first[]; no group is queued.
 */
static void
note_above(Making *making, const uint32 *first, uint32 *queue, bool *queued)
{
	size_t each = sizeof(uint32) * making->ntyped * (size_t) making->ngroups;
	uint32 nqueued = making->ngroups;
	uint32 at = 0;

	making->nnoted = Min(NOTED_MAX / each, NOTED_MOST);
	if (making->nnoted == 0)
		return;
	making->noted = palloc(each * making->nnoted);
	memset(making->noted, 0xff, each * making->nnoted);
	for (uint32 i = 0; i < making->ngroups; i++)
	{
		queue[i] = i;
		queued[i] = true;
	}
	while (nqueued > 0)
	{
		uint32 group = queue[at];

		CHECK_FOR_INTERRUPTS();
		queued[group] = false;
		nqueued--;
		at = (at + 1) % making->ngroups;
		for (uint32 i = first[group]; i < first[group + 1]; i++)
		{
			uint32 below = making->edges[i].below;

			if (!note_from(making, group, below) || queued[below])
				continue;
			queue[(at + nqueued++) % making->ngroups] = below;
			queued[below] = true;
		}
	}
}

/*
 * Who is below a group has its answers, too, but for those that speak of the type.
 * A group is looked at again whenever its answers have grown.
 */
static void
hand_down(Making *making, List *related)
{
	size_t size = sizeof(uint32) * ((size_t) making->ngroups + 1);
	uint32 *first = palloc_extended(size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	uint32 *queue = palloc_extended(size, MCXT_ALLOC_HUGE);
	bool *queued = palloc_extended(size, MCXT_ALLOC_HUGE);
	uint32 *handed = palloc0(sizeof(uint32) * making->nwords);
	uint32 nqueued = making->ngroups;
	uint32 at = 0;
	ListCell *lc;

	foreach (lc, related)
	{
		uint32 bit = foreach_current_index(lc);

		if (!((const Condition *) lfirst(lc))->element->typed)
			handed[bit / 32] |= (uint32) 1 << (bit % 32);
	}
	qsort(making->edges, making->nedges, sizeof(Edge), compare_above);
	for (uint32 i = 0; i < making->nedges; i++)
		first[making->edges[i].above + 1]++;
	for (uint32 i = 0; i < making->ngroups; i++)
	{
		first[i + 1] += first[i];
		queue[i] = i;
		queued[i] = true;
	}
	while (nqueued > 0)
	{
		uint32 group = queue[at];
		const uint32 *from = answers_of(making, making->direct, group);

		CHECK_FOR_INTERRUPTS();
		queued[group] = false;
		nqueued--;
		at = (at + 1) % making->ngroups;
		for (uint32 i = first[group]; i < first[group + 1]; i++)
		{
			uint32 below = making->edges[i].below;
			uint32 *to = answers_of(making, making->direct, below);
			uint32 grown = 0;

			for (uint32 word = 0; word < making->nwords; word++)
			{
				grown |= from[word] & handed[word] & ~to[word];
				to[word] |= from[word] & handed[word];
			}
			if (grown != 0 && !queued[below])
			{
				queue[(at + nqueued++) % making->ngroups] = below;
				queued[below] = true;
			}
		}
	}
	if (making->ntyped > 0)
		note_above(making, first, queue, queued);
	pfree(first);
	pfree(queue);
	pfree(queued);
}

static int
compare_ids(const void *a, const void *b, void *arg)
{
	const pg_uuid_t *ids = arg;

	return memcmp(&ids[*(const uint32 *) a], &ids[*(const uint32 *) b], UUID_LEN);
}

static size_t
table_size(const GroupTable *table)
{
	size_t words = (((size_t) table->nbits + 31) / 32) * table->ngroups;
	size_t size = sizeof(GroupTable) + sizeof(pg_uuid_t) * (size_t) table->ngroups +
				  sizeof(uint32) * words;

	if (table->nedges > 0)
		size += sizeof(uint32) *
				(words + (size_t) table->ngroups + 1 + (size_t) table->nedges +
				 table->ntyped + (size_t) table->ngroups * table->ntyped * table->nnoted);
	return size;
}

/* Where the parts of a table are. */
static GroupParts
table_parts(const GroupTable *table)
{
	GroupParts parts = {.table = table};
	size_t nwords;

	parts.nwords = (table->nbits + 31) / 32;
	nwords = (size_t) parts.nwords * table->ngroups;
	parts.ids = (const pg_uuid_t *) (table + 1);
	parts.direct = (const uint32 *) (parts.ids + table->ngroups);
	if (table->nedges > 0)
	{
		parts.indirect = parts.direct + nwords;
		parts.first = parts.indirect + nwords;
		parts.above = parts.first + table->ngroups + 1;
		parts.typed = parts.above + table->nedges;
		parts.noted = parts.typed + table->ntyped;
	}
	return parts;
}

/* The table out of what has been gathered: groups in the order of their ids. */
static Datum
write_table(const Making *making)
{
	GroupTable head = {0,
					   making->nbits,
					   making->ngroups,
					   making->ntyped > 0 ? making->nedges : 0,
					   making->ntyped,
					   making->nnoted};
	size_t nnoted;
	uint32 *order =
		palloc_extended(sizeof(uint32) * ((size_t) head.ngroups + 1), MCXT_ALLOC_HUGE);
	uint32 *rank =
		palloc_extended(sizeof(uint32) * ((size_t) head.ngroups + 1), MCXT_ALLOC_HUGE);
	GroupTable *table;
	GroupParts parts;
	size_t row = sizeof(uint32) * making->nwords;
	uint32 *first;
	uint32 *above;

	/* it answers without what is noted, too */
	if (table_size(&head) > GROUP_TABLE_MAX)
		head.nnoted = 0;
	nnoted = (size_t) head.ntyped * head.nnoted;
	table = enlarge(palloc(1), table_size(&head));
	SET_VARSIZE(&head, table_size(&head));
	*table = head;
	parts = table_parts(table);
	for (uint32 i = 0; i < head.ngroups; i++)
		order[i] = i;
	qsort_arg(order, head.ngroups, sizeof(uint32), compare_ids, making->ids);
	for (uint32 i = 0; i < head.ngroups; i++)
	{
		rank[order[i]] = i;
		memcpy(unconstify(pg_uuid_t *, &parts.ids[i]), &making->ids[order[i]],
			   sizeof(pg_uuid_t));
		memcpy(unconstify(uint32 *, parts.direct) + (size_t) i * making->nwords,
			   answers_of(making, making->direct, order[i]), row);
		if (head.nedges > 0)
			memcpy(unconstify(uint32 *, parts.indirect) + (size_t) i * making->nwords,
				   answers_of(making, making->indirect, order[i]), row);
	}
	if (head.nedges == 0)
		return PointerGetDatum(table);
	first = unconstify(uint32 *, parts.first);
	above = unconstify(uint32 *, parts.above);
	memset(first, 0, sizeof(uint32) * ((size_t) head.ngroups + 1));
	for (uint32 i = 0; i < head.nedges; i++)
		first[rank[making->edges[i].below] + 1]++;
	for (uint32 i = 0; i < head.ngroups; i++)
		first[i + 1] += first[i];
	/* each is put before those of its group that are there, which first[] counts down */
	for (uint32 i = 0; i < head.nedges; i++)
		above[--first[rank[making->edges[i].below] + 1]] = rank[making->edges[i].above];
	/* now first[i + 1] is where the edges of i begin */
	memmove(first, first + 1, sizeof(uint32) * head.ngroups);
	first[head.ngroups] = head.nedges;
	memcpy(unconstify(uint32 *, parts.typed), making->typed,
		   sizeof(uint32) * making->ntyped);
	for (uint32 i = 0; i < head.ngroups && nnoted > 0; i++)
	{
		uint32 *to = unconstify(uint32 *, parts.noted) + (size_t) i * nnoted;
		const uint32 *from = noted_of(making, order[i], 0);

		for (size_t j = 0; j < nnoted; j++)
			to[j] = from[j] == NOTED_NONE ? NOTED_NONE : rank[from[j]];
	}
	return PointerGetDatum(table);
}

/*
 * ScimGroupsFind asks all groups what conditions RELATED ask of them, and returns
 * the first argument of scim_internal.groups_found.  SPI must be connected.
 */
Datum
ScimGroupsFind(const Emission *e, List *related)
{
	HASHCTL control = {.keysize = sizeof(pg_uuid_t), .entrysize = sizeof(NumberedGroup)};
	Making making = {.nbits = list_length(related)};
	Datum table;
	ListCell *lc;

	making.nwords = (making.nbits + 31) / 32;
	making.groups_capacity = making.edges_capacity = 256;
	making.ids = palloc(sizeof(pg_uuid_t) * making.groups_capacity);
	making.direct = palloc(sizeof(uint32) * making.nwords * making.groups_capacity);
	making.indirect = palloc(sizeof(uint32) * making.nwords * making.groups_capacity);
	making.edges = palloc(sizeof(Edge) * making.edges_capacity);
	control.hcxt = CurrentMemoryContext;
	control.hash = ScimHash;
	making.by_id = hash_create("scim groups found", 256, &control,
							   HASH_ELEM | HASH_FUNCTION | HASH_CONTEXT);
	making.typed = palloc(sizeof(uint32) * making.nbits);
	foreach (lc, related)
	{
		if (((const Condition *) lfirst(lc))->element->typed)
			making.typed[making.ntyped++] = foreach_current_index(lc);
	}
	fetch_answers(&making, e, related);
	if (making.ntyped > 0)
	{
		making.indirectly = true;
		fetch_answers(&making, e, related);
	}
	fetch_edges(&making, e);
	if (making.nedges > 0)
		hand_down(&making, related);
	table = write_table(&making);
	hash_destroy(making.by_id);
	pfree(making.ids);
	pfree(making.direct);
	pfree(making.indirect);
	pfree(making.edges);
	pfree(making.typed);
	if (making.noted != NULL)
		pfree(making.noted);
	return table;
}

/* ---- reading it */

/* Kept from row to row: what has been seen of the groups above. */
typedef struct Scratch
{
	uint32 ngroups;
	uint32 round;  /* of the row, times 2 */
	uint32 *seen;  /* by group: round where it is above, round + 1 where direct */
	uint32 *queue; /* of groups that have been seen */
} Scratch;

pg_noreturn static void
refuse_table(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid argument of scim_internal.groups_found")));
}

static GroupParts
read_table(const bytea *argument)
{
	const GroupTable *table = (const GroupTable *) argument;

	if (VARSIZE(argument) < sizeof(GroupTable) || table->nbits == 0 ||
		table->nbits > MaxAllocSize / 2 || table->ntyped > table->nbits ||
		table->nnoted > NOTED_MOST ||
		table->ngroups > VARSIZE(argument) / sizeof(pg_uuid_t) ||
		VARSIZE(argument) != table_size(table))
		refuse_table();
	return table_parts(table);
}

/* The number of a group, or -1 where nothing is known of it. */
static int64
find_group(const GroupParts *parts, const pg_uuid_t *id)
{
	int64 low = 0;
	int64 high = (int64) parts->table->ngroups - 1;

	while (low <= high)
	{
		int64 middle = (low + high) / 2;
		int order = memcmp(id, &parts->ids[middle], UUID_LEN);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}

static void
add_words(bool *answers, const GroupParts *parts, const uint32 *words, uint32 group)
{
	words += (size_t) group * parts->nwords;
	for (uint32 word = 0; word < parts->nwords; word++)
	{
		for (uint32 bits = words[word]; bits != 0; bits &= bits - 1)
		{
			uint32 bit = word * 32 + pg_rightmost_one_pos32(bits);

			if (bit < parts->table->nbits)
				answers[bit] = true;
		}
	}
}

static Scratch *
get_scratch(FunctionCallInfo fcinfo, uint32 ngroups)
{
	Scratch *scratch = fcinfo->flinfo->fn_extra;
	MemoryContext context = fcinfo->flinfo->fn_mcxt;

	if (scratch == NULL || scratch->ngroups != ngroups ||
		scratch->round > PG_UINT32_MAX - 4)
	{
		size_t size = sizeof(uint32) * ((size_t) ngroups + 1);

		scratch = MemoryContextAllocZero(context, sizeof(Scratch));
		scratch->ngroups = ngroups;
		scratch->seen =
			MemoryContextAllocExtended(context, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		scratch->queue = MemoryContextAllocExtended(context, size, MCXT_ALLOC_HUGE);
		fcinfo->flinfo->fn_extra = scratch;
	}
	scratch->round += 2;
	return scratch;
}

/*
 * Adds what holds since the member is not in a group that is noted with one of its own,
 * which are those that were seen.  False: of some question it is in all that are noted,
 * and there may be more.
 */
static bool
add_noted(bool *answers, const GroupParts *parts, const Scratch *scratch, uint32 nseen)
{
	const GroupTable *table = parts->table;
	bool complete = true;

	if (table->nnoted == 0)
		return false;
	for (uint32 question = 0; question < table->ntyped; question++)
	{
		uint32 bit = parts->typed[question];
		bool full = false;

		if (bit >= table->nbits)
			refuse_table();
		for (uint32 i = 0; i < nseen && !answers[bit]; i++)
		{
			const uint32 *noted =
				parts->noted +
				((size_t) scratch->queue[i] * table->ntyped + question) * table->nnoted;
			uint32 j;

			CHECK_FOR_INTERRUPTS();
			for (j = 0; j < table->nnoted && noted[j] != NOTED_NONE; j++)
			{
				if (noted[j] >= table->ngroups)
					refuse_table();
				answers[bit] |= scratch->seen[noted[j]] < scratch->round;
			}
			full |= j == table->nnoted;
		}
		complete &= answers[bit] || !full;
	}
	return complete;
}

/* Adds what holds for the members of groups below, of groups that nseen are below. */
static void
add_above(bool *answers, const GroupParts *parts, Scratch *scratch, uint32 nseen)
{
	for (uint32 i = 0; i < nseen; i++)
	{
		uint32 group = scratch->queue[i];
		uint32 last = parts->first[group + 1];

		CHECK_FOR_INTERRUPTS();
		if (last > parts->table->nedges)
			refuse_table();
		for (uint32 edge = parts->first[group]; edge < last; edge++)
		{
			uint32 above = parts->above[edge];

			if (above >= parts->table->ngroups)
				refuse_table();
			if (scratch->seen[above] >= scratch->round)
				continue;
			scratch->seen[above] = scratch->round;
			scratch->queue[nseen++] = above;
			add_words(answers, parts, parts->indirect, above);
		}
	}
}

/* scim_internal.groups_found(found bytea, groups uuid[]) returns boolean[] */
Datum
scim_groups_found(PG_FUNCTION_ARGS)
{
	GroupParts parts = read_table(PG_GETARG_BYTEA_P(0));
	ArrayType *groups = PG_GETARG_ARRAYTYPE_P(1);
	int ngroups = ArrayGetNItems(ARR_NDIM(groups), ARR_DIMS(groups));
	const pg_uuid_t *ids = (const pg_uuid_t *) ARR_DATA_PTR(groups);
	size_t size = ARR_OVERHEAD_NONULLS(1) + parts.table->nbits;
	ArrayType *result = palloc0(size);
	bool *answers;
	Scratch *scratch = NULL;
	uint32 nseen = 0;

	if (ARR_HASNULL(groups))
		refuse_table();
	SET_VARSIZE(result, size);
	result->ndim = 1;
	result->elemtype = BOOLOID;
	ARR_DIMS(result)[0] = parts.table->nbits;
	ARR_LBOUND(result)[0] = 1;
	answers = (bool *) ARR_DATA_PTR(result);
	if (parts.indirect != NULL)
		scratch = get_scratch(fcinfo, parts.table->ngroups);
	for (int i = 0; i < ngroups; i++)
	{
		int64 group = find_group(&parts, &ids[i]);

		CHECK_FOR_INTERRUPTS();
		if (group < 0 || (scratch != NULL && scratch->seen[group] >= scratch->round))
			continue;
		add_words(answers, &parts, parts.direct, group);
		if (scratch == NULL)
			continue;
		scratch->seen[group] = scratch->round + 1;
		scratch->queue[nseen++] = group;
	}
	if (scratch != NULL && !add_noted(answers, &parts, scratch, nseen))
		add_above(answers, &parts, scratch, nseen);
	PG_RETURN_ARRAYTYPE_P(result);
}
