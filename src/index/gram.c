/*
 * gram.c
 *		Grams: the parts of a text by which "co" and "ew" find it.
 *
 * A gram is four bytes of a text, or what is left of it and 0x00.  One begins at every
 * other byte, counted from the beginning of the word, so that the same word has the same
 * grams wherever it stands:
 *
 *		babs jensen		babs, bs j, jens, nsen, en||
 *
 * Any three bytes of a text are in one gram: at its beginning or, where they stand at an
 * odd place, at its end.  A filter does not know at which its text stands in a document,
 * but of words that begin within it, and asks for either of two sets.  What is too short
 * for a whole gram asks for all that have it in them: so that these stand together, the
 * first byte of a gram is the last one of its key.
 */
#include "postgres.h"

#include "index/index.h"

#define GRAMS_MAX 3 /* some of those of a long text do as well as all of them */

/* ScimIndexGramKey makes the key of a gram. */
void
ScimIndexGramKey(ScimIndexKey *key, const char gram[SCIM_INDEX_GRAM])
{
	key->data[0] = SCIM_PATH_GRAM;
	memcpy(key->data + 1, gram + 1, SCIM_INDEX_GRAM - 1);
	key->data[SCIM_INDEX_GRAM] = gram[0];
	key->len = 1 + SCIM_INDEX_GRAM;
}

static bool
in_word(unsigned char c)
{
	return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/*
 * ScimIndexGramBegins tells whether a gram begins at a byte of a folded text.  It is
 * asked for each in turn; *even says so of the first one, and is kept in between.
 */
bool
ScimIndexGramBegins(const char *text, int at, bool *even)
{
	bool begins = *even;

	if (at > 0 && in_word((unsigned char) text[at]) &&
		!in_word((unsigned char) text[at - 1]))
		begins = true;
	*even = !begins;
	return begins;
}

static void
add_gram(ScimIndexPlan *plan, const ScimIndexNode *node, int alternative,
		 const char *bytes)
{
	ScimIndexEntry *entry = ScimIndexPlanAdd(plan, node, SCIM_ENTRY_EXACT);

	ScimIndexGramKey(&entry->key, bytes);
	entry->tag = SCIM_TAG_GRAM;
	entry->prefix_len = 1;
	entry->alternative = alternative;
}

/* The grams that begin, or end, with three bytes. */
static void
add_part(ScimIndexPlan *plan, const ScimIndexNode *node, int alternative,
		 const char *bytes, bool at_end)
{
	ScimIndexEntry *entry = ScimIndexPlanAdd(plan, node, SCIM_ENTRY_PREFIX);

	entry->key.data[0] = SCIM_PATH_GRAM;
	entry->key.len = 1;
	entry->tag = SCIM_TAG_GRAM;
	entry->prefix_len = 1;
	entry->alternative = alternative;
	entry->has_last = !at_end;
	entry->last = bytes[0];
	if (at_end)
		ScimIndexKeyAppend(&entry->key, bytes, 3);
	else
		ScimIndexKeyAppend(&entry->key, bytes + 1, 2);
}

/* Is a text of four bytes or more within the word that stands at a place? */
static bool
is_within_word(const char *text, int begin, int len)
{
	for (int i = begin; i < begin + SCIM_INDEX_GRAM; i++)
	{
		if (i >= len || !in_word((unsigned char) text[i]))
			return false;
	}
	return true;
}

/*
 * Adds the grams of one of the two ways in which a text may stand in a document.  A byte
 * at either end may be in none of them.  That matters where they are few or, before what
 * many texts end with, such as the domain of an address, none of them is within the first
 * word: then the gram that has it is asked for, too, whatever its other byte is.
 */
static void
add_grams(ScimIndexPlan *plan, const ScimIndexNode *node, int alternative,
		  const char *text, int end)
{
	int len = node->value_len;
	int *begin = palloc(len * sizeof(int));
	bool even = alternative == 0;
	int n = 0;
	int rest = -1; /* where a gram begins that is not whole */
	int used;

	for (int i = 0; i < len - 1; i++)
	{
		bool begins = ScimIndexGramBegins(text, i, &even);

		if (begins && i + SCIM_INDEX_GRAM <= end)
			begin[n++] = i;
		else if (begins && i + SCIM_INDEX_GRAM - 1 == end)
			rest = i;
	}
	used = Min(n, GRAMS_MAX);
	for (int i = 0; i < used; i++)
		add_gram(plan, node, alternative,
				 text + begin[used == 1 ? 0 : (int) ((int64) i * (n - 1) / (used - 1))]);
	if (alternative == 1 && (n < 2 || !is_within_word(text, begin[0], len)))
		add_part(plan, node, alternative, text, true);
	if (rest >= 0 && n < 2)
		add_part(plan, node, alternative, text + rest, false);
	pfree(begin);
}

/*
 * ScimIndexAddGrams adds the grams of a "co" or "ew", or returns false where they are too
 * short for any.
 */
bool
ScimIndexAddGrams(ScimIndexPlan *plan, const ScimIndexNode *node)
{
	bool ends = node->op == SCIM_OP_EW;
	int len = node->value_len;
	char *text;

	if (len < 2 || (len == 2 && !ends))
		return false;
	text = palloc0(len + 3);
	memcpy(text, ScimIndexString(plan->query, node->value), len);
	for (int alternative = 0; alternative < 2; alternative++)
		add_grams(plan, node, alternative, text,
				  ends ? len + 3 : len); /* 0x00 behind it */
	pfree(text);
	return true;
}
