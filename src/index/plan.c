/*
 * plan.c
 *		ScimIndexQuery -> the entries that GIN looks up, and what finding them
 *		says about a document.
 *
 * The tree is evaluated in three values.  An entry that is missing makes its
 * comparison false for certain.  One that is there makes it true where the key
 * says all that the comparison asks, and "maybe" where
 *
 *		the attribute is caseExact: keys are folded;
 *		the literal is longer than a key has room for, or the path is a hash;
 *		it is a number: keys hold the nearest double;
 *		it is a part of a text, or one term of a value path.
 *
 * Hence "not" of a missing key is true and no document is ever lost.
 *
 * "co" and "ew" look up grams where the attribute has them and the literal
 * is long enough.  Otherwise they read the keys of the attribute, which hold
 * the text itself.
 */
#include "postgres.h"

#include "filter/bound.h"
#include "index/index.h"
#include "miscadmin.h"

/*
 * GIN evaluates the tree once for each entry before it starts, and may hold a
 * buffer for each: the rest of a larger filter is left to the match.
 */
#define ENTRIES_MAX 2048

/*
 * What the entries of a comparison say: true or maybe where all of one alternative are
 * there, which stand together.
 */
static GinTernaryValue
evaluate_leaf(const ScimIndexPlan *plan, uint32 index, const GinTernaryValue *check)
{
	int end = plan->first[index] + plan->count[index];
	GinTernaryValue result = GIN_FALSE;

	for (int i = plan->first[index]; i < end;)
	{
		uint8 alternative = plan->entries[i].alternative;
		GinTernaryValue all = plan->exact[index] ? GIN_TRUE : GIN_MAYBE;

		for (; i < end && plan->entries[i].alternative == alternative; i++)
		{
			if (check[i] == GIN_FALSE)
				all = GIN_FALSE;
			else if (check[i] == GIN_MAYBE && all == GIN_TRUE)
				all = GIN_MAYBE;
		}
		if (all == GIN_TRUE)
			return GIN_TRUE;
		if (all == GIN_MAYBE)
			result = GIN_MAYBE;
	}
	return result;
}

/* Evaluates the subtree of a node; check NULL: for a document with no key at all. */
static GinTernaryValue
evaluate(const ScimIndexPlan *plan, uint32 index, const GinTernaryValue *check)
{
	const ScimIndexNode *node = &plan->query->nodes[index];
	uint32 end = index + node->size;
	GinTernaryValue decisive = node->kind == SCIM_INDEX_AND ? GIN_FALSE : GIN_TRUE;
	GinTernaryValue result = node->kind == SCIM_INDEX_AND ? GIN_TRUE : GIN_FALSE;
	GinTernaryValue child_result;

	check_stack_depth();
	switch ((ScimIndexNodeKind) node->kind)
	{
		case SCIM_INDEX_AND:
		case SCIM_INDEX_OR:
			for (uint32 child = index + 1; child < end;
				 child += plan->query->nodes[child].size)
			{
				child_result = evaluate(plan, child, check);
				if (child_result == decisive)
					return decisive;
				if (child_result == GIN_MAYBE)
					result = GIN_MAYBE;
			}
			return result;
		case SCIM_INDEX_NOT:
			result = evaluate(plan, index + 1, check);
			if (result == GIN_MAYBE)
				return GIN_MAYBE;
			return result == GIN_TRUE ? GIN_FALSE : GIN_TRUE;
		case SCIM_INDEX_MAYBE:
			return GIN_MAYBE;
		case SCIM_INDEX_LEAF:
			break;
	}
	if (plan->count[index] == 0)
		return GIN_MAYBE;
	if (check == NULL)
		return GIN_FALSE;
	return evaluate_leaf(plan, index, check);
}

/* Where the document itself is needed, it is there by one of the last entries. */
static void
add_document(ScimIndexPlan *plan, const ScimIndexNode *document)
{
	ScimIndexEntry *entry;

	plan->document = plan->nentries;
	if (plan->format == SCIM_INDEX_FORMER)
	{
		ScimIndexFormerAddMark(plan, document, SCIM_TAG_PRESENT);
		return;
	}
	entry = ScimIndexPlanAdd(plan, document, SCIM_ENTRY_EXACT);
	ScimIndexKeyMark(&entry->key, SCIM_PATH_DOCUMENT);
	entry->tag = SCIM_TAG_PRESENT;
	entry->prefix_len = entry->key.len;
	entry = ScimIndexPlanAdd(plan, document, SCIM_ENTRY_EXACT);
	ScimIndexKeyOfUserName(&entry->key);
	entry->tag = SCIM_TAG_PRESENT;
	entry->prefix_len = entry->key.len;
}

static void
add_irregular(ScimIndexPlan *plan, const ScimIndexNode *document)
{
	ScimIndexEntry *entry;

	if (plan->format == SCIM_INDEX_FORMER)
	{
		ScimIndexFormerAddMark(plan, document, SCIM_TAG_IRREGULAR);
		return;
	}
	entry = ScimIndexPlanAdd(plan, document, SCIM_ENTRY_EXACT);
	ScimIndexKeyMark(&entry->key, SCIM_PATH_IRREGULAR);
	entry->tag = SCIM_TAG_IRREGULAR;
	entry->prefix_len = entry->key.len;
}

/*
 * ScimIndexPlanMake works out the entries of a query for an index of a format, with the
 * parts of strings of the given attributes.  The plan lives in the current memory context
 * and points into the query.
 */
ScimIndexPlan *
ScimIndexPlanMake(const ScimIndexQuery *query, ScimIndexFormat format,
				  const ScimIndexPaths *substrings)
{
	static const ScimIndexNode document = {.kind = SCIM_INDEX_LEAF};
	ScimIndexPlan *plan = palloc0(sizeof(ScimIndexPlan));
	int64 nentries;

	plan->query = query;
	plan->format = format;
	plan->substrings = substrings;
	plan->exact = palloc0(query->nnodes * sizeof(bool));
	plan->first = palloc0(query->nnodes * sizeof(int));
	plan->count = palloc0(query->nnodes * sizeof(int));
	nentries = 3 + Min((int64) query->nnodes * SCIM_ENTRIES_OF_NODE,
					   ENTRIES_MAX + SCIM_ENTRIES_OF_NODE);
	plan->entries = palloc(nentries * sizeof(ScimIndexEntry));
	add_irregular(plan, &document);
	for (uint32 i = 0; i < query->nnodes; i++)
	{
		const ScimIndexNode *node = &query->nodes[i];

		if (node->kind != SCIM_INDEX_LEAF || plan->nentries >= ENTRIES_MAX)
			continue;
		plan->first[i] = plan->nentries;
		plan->exact[i] = format == SCIM_INDEX_FORMER ? ScimIndexFormerAddLeaf(plan, node)
													 : ScimIndexAddLeaf(plan, node);
		plan->count[i] = plan->nentries - plan->first[i];
	}
	/* GIN reads the rows of every entry, and there every document is */
	plan->needs_document = evaluate(plan, 0, NULL) != GIN_FALSE;
	if (plan->needs_document)
		add_document(plan, &document);
	return plan;
}

static GinTernaryValue
is_there(const ScimIndexPlan *plan, const GinTernaryValue *check)
{
	GinTernaryValue result = GIN_FALSE;

	if (!plan->needs_document)
		return GIN_TRUE;
	for (int i = plan->document; i < plan->nentries; i++)
	{
		if (check[i] == GIN_TRUE)
			return GIN_TRUE;
		if (check[i] == GIN_MAYBE)
			result = GIN_MAYBE;
	}
	return result;
}

/* ScimIndexPlanEvaluate tells whether a document matches, of which check says the keys.
 */
GinTernaryValue
ScimIndexPlanEvaluate(const ScimIndexPlan *plan, const GinTernaryValue *check)
{
	GinTernaryValue document;
	GinTernaryValue result;

	if (check[SCIM_ENTRY_OF_IRREGULAR] != GIN_FALSE)
		return GIN_MAYBE;
	document = is_there(plan, check);
	if (document == GIN_FALSE)
		return GIN_FALSE;
	result = evaluate(plan, 0, check);
	return result == GIN_TRUE ? document : result;
}

/* Is it a mark that few documents have: of several values, where the schema has one? */
static bool
is_rare(const ScimBoundFilter *filter, const ScimIndexNode *node)
{
	return node->tag == SCIM_TAG_SEVERAL &&
		   !filter->nodes[node->term].attribute.multi_valued;
}

/*
 * ScimIndexIsExact: does an index of scim.gin_ops, as the tables of a store have it, tell
 * all?  But for documents of an earlier schema, perhaps, which are looked at.
 */
bool
ScimIndexIsExact(const ScimBoundFilter *filter)
{
	const ScimIndexQuery *query = ScimIndexQueryMake(filter);
	const ScimIndexPlan *plan =
		ScimIndexPlanMake(query, SCIM_INDEX_FORMAT, ScimIndexDefaultPaths());

	for (uint32 i = 0; i < query->nnodes; i++)
	{
		if (query->nodes[i].kind == SCIM_INDEX_MAYBE ||
			(query->nodes[i].kind == SCIM_INDEX_LEAF && !plan->exact[i] &&
			 !is_rare(filter, &query->nodes[i])))
			return false;
	}
	return true;
}
