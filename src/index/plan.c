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
 *		the literal or the path is longer than a key has room for;
 *		it is a number: keys hold the nearest double;
 *		it is a trigram, or one term of a value path.
 *
 * Hence "not" of a missing key is true and no document is ever lost.
 *
 * "co" and "ew" look up trigrams where the attribute has them and the literal
 * is long enough.  Otherwise they read the keys of the attribute, which hold
 * the text itself.
 */
#include "postgres.h"

#include "index/index.h"
#include "miscadmin.h"

/*
 * GIN evaluates the tree once for each entry before it starts, and may hold a
 * buffer for each: the rest of a larger filter is left to the match.
 */
#define ENTRIES_MAX 2048
#define TRIGRAMS_MAX 8

static void
encode_path_and_tag(ScimIndexEntry *entry, const ScimIndexPlan *plan,
					const ScimIndexNode *node, ScimIndexTag tag)
{
	bool of_document = tag == SCIM_TAG_TRIGRAM;

	ScimIndexKeyStart(&entry->key, ScimIndexString(plan->query, node->path),
					  of_document ? 0 : node->path_len, tag);
	entry->prefix_len = entry->key.len;
}

static ScimIndexEntry *
add_entry(ScimIndexPlan *plan, const ScimIndexNode *node, ScimEntryMode mode,
		  ScimIndexTag tag)
{
	ScimIndexEntry *entry = &plan->entries[plan->nentries++];

	memset(entry, 0, offsetof(ScimIndexEntry, key));
	entry->plan = plan;
	entry->mode = mode;
	entry->literal = ScimIndexString(plan->query, node->value);
	entry->literal_len = node->value_len;
	encode_path_and_tag(entry, plan, node, tag);
	return entry;
}

static void
add_trigram(ScimIndexPlan *plan, const ScimIndexNode *node, const char *bytes, int len)
{
	char trigram[SCIM_INDEX_TRIGRAM] = {0};
	ScimIndexEntry *entry;

	memcpy(trigram, bytes, len);
	entry = add_entry(plan, node, SCIM_ENTRY_EXACT, SCIM_TAG_TRIGRAM);
	ScimIndexKeyAppend(&entry->key, trigram, SCIM_INDEX_TRIGRAM);
}

/* Some of the trigrams of a long literal do as well as all of them. */
static bool
add_trigrams(ScimIndexPlan *plan, const ScimIndexNode *node,
			 const ScimIndexPaths *substrings)
{
	const char *text = ScimIndexString(plan->query, node->value);
	int len = node->value_len;
	int ntrigrams = len - SCIM_INDEX_TRIGRAM + 1;
	int used = Min(ntrigrams, TRIGRAMS_MAX);

	if (!ScimIndexPathsInclude(substrings, ScimIndexString(plan->query, node->path),
							   node->path_len))
		return false;
	if (ntrigrams <= 0 && !(node->op == SCIM_OP_EW && len == SCIM_INDEX_TRIGRAM - 1))
		return false;
	if (node->op == SCIM_OP_EW)
		add_trigram(plan, node, text + len - (SCIM_INDEX_TRIGRAM - 1),
					SCIM_INDEX_TRIGRAM - 1);
	for (int i = 0; i < used; i++)
	{
		int at = used == 1 ? 0 : (int) ((int64) i * (ntrigrams - 1) / (used - 1));

		add_trigram(plan, node, text + at, SCIM_INDEX_TRIGRAM);
	}
	return true;
}

/* Adds the entries of a leaf; true if all of them together prove it. */
static bool
add_leaf(ScimIndexPlan *plan, const ScimIndexNode *node, const ScimIndexPaths *substrings)
{
	const char *value = ScimIndexString(plan->query, node->value);
	bool exact = node->exact && node->path_len <= SCIM_INDEX_PATH_MAX;
	bool fits = node->value_len < SCIM_INDEX_TEXT_MAX;
	ScimEntryMode mode = SCIM_ENTRY_EXACT;
	ScimIndexEntry *entry;

	switch ((ScimOp) node->op)
	{
		case SCIM_OP_CO:
		case SCIM_OP_EW:
			if (add_trigrams(plan, node, substrings))
				return false;
			mode = node->op == SCIM_OP_CO ? SCIM_ENTRY_CONTAINS : SCIM_ENTRY_ENDS;
			add_entry(plan, node, mode, node->tag);
			return false; /* a key may be cut */
		case SCIM_OP_PR:
			/* the mark of a path is one key, the values of a kind are many */
			if (node->tag == SCIM_TAG_TEXT)
				mode = SCIM_ENTRY_PREFIX;
			break;
		case SCIM_OP_SW:
			mode = SCIM_ENTRY_PREFIX;
			break;
		case SCIM_OP_GT:
		case SCIM_OP_GE:
			mode = SCIM_ENTRY_FROM;
			break;
		case SCIM_OP_LT:
		case SCIM_OP_LE:
			mode = SCIM_ENTRY_UPTO;
			break;
		case SCIM_OP_EQ:
		case SCIM_OP_NE:
			break;
	}
	entry = add_entry(plan, node, mode, node->tag);
	ScimIndexKeyAppend(&entry->key, value, node->value_len);
	entry->exclusive =
		fits && node->exact && (node->op == SCIM_OP_GT || node->op == SCIM_OP_LT);
	return exact && fits;
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
	result = plan->exact[index] ? GIN_TRUE : GIN_MAYBE;
	for (int i = plan->first[index]; i < plan->first[index] + plan->count[index]; i++)
	{
		if (check[i] == GIN_FALSE)
			return GIN_FALSE;
		if (check[i] == GIN_MAYBE)
			result = GIN_MAYBE;
	}
	return result;
}

/*
 * ScimIndexPlanMake works out the entries of a query for an index with trigrams
 * of the given attributes.  The plan lives in the current memory context and
 * points into the query.
 */
ScimIndexPlan *
ScimIndexPlanMake(const ScimIndexQuery *query, const ScimIndexPaths *substrings)
{
	static const ScimIndexNode document = {.kind = SCIM_INDEX_LEAF};
	ScimIndexPlan *plan = palloc0(sizeof(ScimIndexPlan));
	int64 nentries;

	plan->query = query;
	plan->exact = palloc0(query->nnodes * sizeof(bool));
	plan->first = palloc0(query->nnodes * sizeof(int));
	plan->count = palloc0(query->nnodes * sizeof(int));
	nentries =
		2 + Min((int64) query->nnodes * (TRIGRAMS_MAX + 1), ENTRIES_MAX + TRIGRAMS_MAX);
	plan->entries = palloc(nentries * sizeof(ScimIndexEntry));
	add_entry(plan, &document, SCIM_ENTRY_EXACT, SCIM_TAG_IRREGULAR);
	for (uint32 i = 0; i < query->nnodes; i++)
	{
		if (query->nodes[i].kind != SCIM_INDEX_LEAF || plan->nentries >= ENTRIES_MAX)
			continue;
		plan->first[i] = plan->nentries;
		plan->exact[i] = add_leaf(plan, &query->nodes[i], substrings);
		plan->count[i] = plan->nentries - plan->first[i];
	}
	/* GIN reads the rows of every entry, and there every document is */
	plan->needs_document = evaluate(plan, 0, NULL) != GIN_FALSE;
	if (plan->needs_document)
		add_entry(plan, &document, SCIM_ENTRY_EXACT, SCIM_TAG_PRESENT);
	return plan;
}

/* ScimIndexPlanEvaluate tells whether a document matches, of which check says the keys.
 */
GinTernaryValue
ScimIndexPlanEvaluate(const ScimIndexPlan *plan, const GinTernaryValue *check)
{
	GinTernaryValue document =
		plan->needs_document ? check[plan->nentries - 1] : GIN_TRUE;
	GinTernaryValue result;

	if (check[SCIM_ENTRY_OF_IRREGULAR] != GIN_FALSE)
		return GIN_MAYBE;
	if (document == GIN_FALSE)
		return GIN_FALSE;
	result = evaluate(plan, 0, check);
	return result == GIN_TRUE ? document : result;
}

/* A key of full length may be cut: then nothing can be said about its end. */
static bool
text_fits(const ScimIndexEntry *entry, const char *text, int len)
{
	if (len >= SCIM_INDEX_TEXT_MAX)
		return true;
	if (entry->mode == SCIM_ENTRY_CONTAINS)
		return memmem(text, len, entry->literal, entry->literal_len) != NULL;
	return len >= entry->literal_len && memcmp(text + len - entry->literal_len,
											   entry->literal, entry->literal_len) == 0;
}

/*
 * ScimIndexEntryCompare is what GIN asks of the keys from where an entry
 * starts: 0 = it is one of the entry's, less = go on, greater = there is none
 * any more.
 */
int
ScimIndexEntryCompare(const ScimIndexEntry *entry, const char *key, int len)
{
	const ScimIndexKey *wanted = &entry->key;
	int prefix_len = entry->mode == SCIM_ENTRY_PREFIX ? wanted->len : entry->prefix_len;
	int order;

	if (len < prefix_len || memcmp(key, wanted->data, prefix_len) != 0)
		return 1;
	order = memcmp(key, wanted->data, Min(len, wanted->len));
	if (order == 0)
		order = (len > wanted->len) - (len < wanted->len);
	switch (entry->mode)
	{
		case SCIM_ENTRY_EXACT:
			return order;
		case SCIM_ENTRY_PREFIX:
			return 0;
		case SCIM_ENTRY_FROM:
			return order == 0 && entry->exclusive ? -1 : 0;
		case SCIM_ENTRY_UPTO:
			return order > 0 || (order == 0 && entry->exclusive) ? 1 : 0;
		case SCIM_ENTRY_CONTAINS:
		case SCIM_ENTRY_ENDS:
			return text_fits(entry, key + prefix_len, len - prefix_len) ? 0 : -1;
	}
	return 1;
}
