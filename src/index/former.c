/*
 * former.c
 *		What a comparison looks up in an index of the former format, that of
 *		scim.gin_ops_1.
 */
#include "postgres.h"

#include "index/index.h"

#define TRIGRAMS_MAX 8

static ScimIndexEntry *
add_entry(ScimIndexPlan *plan, const ScimIndexNode *node, ScimEntryMode mode,
		  ScimIndexTag tag)
{
	ScimIndexEntry *entry = ScimIndexPlanAdd(plan, node, mode);
	bool of_document = tag == SCIM_TAG_TRIGRAM;

	ScimIndexFormerKeyStart(&entry->key, ScimIndexString(plan->query, node->path),
							of_document ? 0 : node->path_len, tag);
	entry->tag = tag;
	entry->prefix_len = entry->key.len;
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
add_trigrams(ScimIndexPlan *plan, const ScimIndexNode *node)
{
	const char *text = ScimIndexString(plan->query, node->value);
	int len = node->value_len;
	int ntrigrams = len - SCIM_INDEX_TRIGRAM + 1;
	int used = Min(ntrigrams, TRIGRAMS_MAX);

	StaticAssertStmt(TRIGRAMS_MAX < SCIM_ENTRIES_OF_NODE, "a node has that many entries");
	if (!ScimIndexPathsInclude(plan->substrings, ScimIndexString(plan->query, node->path),
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

/* ScimIndexFormerAddMark adds the key of a document, irregular or not. */
void
ScimIndexFormerAddMark(ScimIndexPlan *plan, const ScimIndexNode *document,
					   ScimIndexTag tag)
{
	add_entry(plan, document, SCIM_ENTRY_EXACT, tag);
}

/* ScimIndexFormerAddLeaf is ScimIndexAddLeaf for the former format. */
bool
ScimIndexFormerAddLeaf(ScimIndexPlan *plan, const ScimIndexNode *node)
{
	const char *value = ScimIndexString(plan->query, node->value);
	bool exact = node->exact && node->path_len <= SCIM_INDEX_PATH_MAX;
	bool fits = node->value_len < SCIM_INDEX_FORMER_TEXT_MAX;
	ScimEntryMode mode = SCIM_ENTRY_EXACT;
	ScimIndexEntry *entry;

	if (ScimIndexIsUserNameOf(plan, node))
	{
		add_entry(plan, node, SCIM_ENTRY_USER_NAME, SCIM_TAG_TEXT)->op = node->op;
		return false;
	}
	switch ((ScimOp) node->op)
	{
		case SCIM_OP_CO:
		case SCIM_OP_EW:
			if (add_trigrams(plan, node))
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
	ScimIndexFormerKeyAppend(&entry->key, value, node->value_len);
	entry->exclusive =
		fits && node->exact && (node->op == SCIM_OP_GT || node->op == SCIM_OP_LT);
	return exact && fits;
}

/* A key of full length may be cut: then nothing can be said about its end. */
static bool
text_fits(const ScimIndexEntry *entry, const char *text, int len)
{
	if (len >= SCIM_INDEX_FORMER_TEXT_MAX)
		return true;
	if (entry->mode == SCIM_ENTRY_CONTAINS)
		return memmem(text, len, entry->literal, entry->literal_len) != NULL;
	return len >= entry->literal_len && memcmp(text + len - entry->literal_len,
											   entry->literal, entry->literal_len) == 0;
}

/* ScimIndexFormerEntryCompare is ScimIndexEntryCompare for the former format. */
int
ScimIndexFormerEntryCompare(const ScimIndexEntry *entry, const char *key, int len)
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
		case SCIM_ENTRY_SHARED:
			return order;
		case SCIM_ENTRY_PREFIX:
			return 0;
		case SCIM_ENTRY_FROM:
			return order == 0 && entry->exclusive ? -1 : 0;
		case SCIM_ENTRY_UPTO:
			return order > 0 || (order == 0 && entry->exclusive) ? 1 : 0;
		case SCIM_ENTRY_CONTAINS:
		case SCIM_ENTRY_ENDS:
		case SCIM_ENTRY_REFERS:
			return text_fits(entry, key + prefix_len, len - prefix_len) ? 0 : -1;
		case SCIM_ENTRY_USER_NAME:
			return len - prefix_len >= SCIM_INDEX_FORMER_TEXT_MAX ||
						   ScimIndexUserNamePasses(entry, key + prefix_len,
												   len - prefix_len)
					   ? 0
					   : -1;
	}
	return 1;
}
