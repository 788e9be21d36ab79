/*
 * lookup.c
 *		What a comparison looks up in an index, and which keys it takes for an answer.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "index/index.h"
#include "text/fold.h"
#include "text/hex.h"

/* One of the marks of an attribute that is present: a second value makes another one. */
static const struct
{
	ScimIndexTag tag;
	const char *value;
	int len;
} marks[] = {{SCIM_TAG_PRESENT, "", 0},
			 {SCIM_TAG_SEVERAL, "", 0},
			 {SCIM_TAG_BOOLEAN, "\0", 1},
			 {SCIM_TAG_BOOLEAN, "\1", 1}};

static bool
is_known(const ScimIndexEntry *entry)
{
	return entry->key.data[0] != SCIM_PATH_HASHED;
}

static ScimIndexEntry *
add_entry(ScimIndexPlan *plan, const ScimIndexNode *node, ScimEntryMode mode,
		  ScimIndexTag tag)
{
	ScimIndexEntry *entry = ScimIndexPlanAdd(plan, node, mode);
	const char *path = ScimIndexString(plan->query, node->path);

	if (tag == SCIM_TAG_TEXT)
		entry->shared = ScimIndexKeyStartText(&entry->key, path, node->path_len);
	else
		ScimIndexKeyStart(&entry->key, path, node->path_len, tag);
	entry->tag = tag;
	entry->prefix_len = entry->key.len;
	return entry;
}

/* The attribute is there, with whatever value. */
static bool
add_presence(ScimIndexPlan *plan, const ScimIndexNode *node)
{
	ScimIndexEntry *entry = NULL;

	for (int i = 0; i < (int) lengthof(marks); i++)
	{
		entry = add_entry(plan, node, SCIM_ENTRY_EXACT, marks[i].tag);
		ScimIndexKeyAppend(&entry->key, marks[i].value, marks[i].len);
		entry->alternative = i;
	}
	return node->exact && is_known(entry);
}

/* A string that is equal: of one that is shared there are keys for each set of
 * attributes. */
static bool
add_equal(ScimIndexPlan *plan, const ScimIndexNode *node)
{
	ScimIndexEntry *entry = add_entry(plan, node, SCIM_ENTRY_EXACT, SCIM_TAG_TEXT);

	ScimIndexKeyAppendText(&entry->key, entry->literal, entry->literal_len);
	if (entry->shared != 0)
	{
		entry->mode = SCIM_ENTRY_SHARED;
		ScimIndexKeyAppend(&entry->key, "", 1);
	}
	return node->exact && is_known(entry) && entry->literal_len <= SCIM_INDEX_TEXT_MAX;
}

/* ScimIndexIsUserNameOf: does a comparison want what a former format has otherwise? */
bool
ScimIndexIsUserNameOf(const ScimIndexPlan *plan, const ScimIndexNode *node)
{
	return plan->format != SCIM_INDEX_FORMAT && node->tag == SCIM_TAG_TEXT &&
		   node->op != SCIM_OP_PR &&
		   ScimIndexIsUserName(ScimIndexString(plan->query, node->path), node->path_len);
}

/*
 * ScimIndexUserNamePasses: may a name of which the key is, not cut, pass?  A key has it
 * with its case folded, from which the rest follows, but for U+0345 among other marks: it
 * has become a letter, U+03B9, between them.
 */
bool
ScimIndexUserNamePasses(const ScimIndexEntry *entry, const char *key, int len)
{
	size_t folded_len;
	char *folded;
	bool passes;

	if (memmem(key, len, "\xCE\xB9", 2) != NULL)
		return true;
	folded = ScimFoldUserName(key, len, &folded_len);
	passes = ScimTextHolds((ScimOp) entry->op, folded, folded_len, entry->literal,
						   entry->literal_len);
	pfree(folded);
	return passes;
}

/*
 * ScimIndexAddLeaf adds the entries of a comparison; true if those of one alternative
 * together prove it.
 */
bool
ScimIndexAddLeaf(ScimIndexPlan *plan, const ScimIndexNode *node)
{
	ScimEntryMode mode = SCIM_ENTRY_EXACT;
	bool fits = node->tag != SCIM_TAG_TEXT || node->value_len <= SCIM_INDEX_HEAD;
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
			if (ScimIndexPathsInclude(plan->substrings,
									  ScimIndexString(plan->query, node->path),
									  node->path_len) &&
				ScimIndexAddGrams(plan, node))
				return false;
			mode = node->op == SCIM_OP_CO    ? SCIM_ENTRY_CONTAINS
				   : node->endpoints_len > 0 ? SCIM_ENTRY_REFERS
											 : SCIM_ENTRY_ENDS;
			add_entry(plan, node, mode, node->tag);
			return false; /* a key may be cut */
		case SCIM_OP_PR:
			if (node->tag == SCIM_TAG_PRESENT)
				return add_presence(plan, node);
			/* the values of a kind */
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
			if (node->tag == SCIM_TAG_TEXT)
				return add_equal(plan, node);
			break;
	}
	entry = add_entry(plan, node, mode, node->tag);
	ScimIndexKeyAppend(&entry->key, entry->literal,
					   fits ? entry->literal_len : SCIM_INDEX_HEAD);
	entry->exclusive =
		fits && node->exact && (node->op == SCIM_OP_GT || node->op == SCIM_OP_LT);
	return node->exact && fits && is_known(entry);
}

/* How a string compares with the literal; 0 for one that is cut before they differ. */
static int
compare_text(const ScimIndexEntry *entry, const char *text, int len)
{
	bool cut = len > SCIM_INDEX_TEXT_MAX;
	int order;

	if (cut)
		len = SCIM_INDEX_HEAD;
	order = memcmp(text, entry->literal, Min(len, entry->literal_len));
	if (order != 0)
		return order;
	if (cut)
		return entry->literal_len <= SCIM_INDEX_HEAD ? 1 : 0;
	return (len > entry->literal_len) - (len < entry->literal_len);
}

/*
 * Keys that are cut stand among others with the same head, in the order of their
 * hashes: these are no end of a range.
 */
static bool
has_same_head(const ScimIndexEntry *entry, const char *text, int len)
{
	return entry->literal_len > SCIM_INDEX_HEAD && len >= SCIM_INDEX_HEAD &&
		   memcmp(text, entry->literal, SCIM_INDEX_HEAD) == 0;
}

/* Is a segment of a URL the endpoint of a resource type? */
static bool
is_endpoint(const ScimIndexEntry *entry, const char *segment, int len)
{
	const char *endpoints = entry->literal + entry->literal_len;
	char wanted[SCIM_INDEX_HEAD + 2];

	wanted[0] = wanted[len + 1] = SCIM_INDEX_SEPARATOR;
	memcpy(wanted + 1, segment, len);
	return memmem(endpoints, entry->endpoints_len, wanted, len + 2) != NULL;
}

/*
 * May a URL of which the head is known, and the hash behind it, end with the literal, "/"
 * and an id?  Where the head ends within an id behind the endpoint of a resource type, it
 * is known what the whole would be.
 */
static bool
may_refer(const ScimIndexEntry *entry, const char *head)
{
	const char *slash = memrchr(head, '/', SCIM_INDEX_HEAD);
	const char *start = slash;
	char whole[SCIM_INDEX_HEAD + 64];
	int known = slash != NULL ? slash - head : 0;
	int rest = SCIM_INDEX_HEAD - known;
	uint32 hash;

	if (slash == NULL || rest > entry->literal_len ||
		known + entry->literal_len > (int) sizeof(whole))
		return true;
	for (int i = 1; i < rest; i++)
	{
		if (slash[i] != '-' && ScimHexDigit(slash[i]) < 0)
			return true;
	}
	while (start > head && start[-1] != '/')
		start--;
	if (!is_endpoint(entry, start, slash - start))
		return true;
	if (memcmp(slash, entry->literal, rest) != 0)
		return false;
	memcpy(whole, head, known);
	memcpy(whole + known, entry->literal, entry->literal_len);
	hash = hash_bytes((const unsigned char *) whole, known + entry->literal_len);
	return memcmp(head + SCIM_INDEX_HEAD, &hash, sizeof(hash)) == 0;
}

/* Of a string that is cut nothing can be said about its end. */
static bool
has_part(const ScimIndexEntry *entry, const char *text, int len)
{
	if (len > SCIM_INDEX_TEXT_MAX)
		return entry->mode != SCIM_ENTRY_REFERS || may_refer(entry, text);
	if (entry->mode == SCIM_ENTRY_CONTAINS)
		return memmem(text, len, entry->literal, entry->literal_len) != NULL;
	return len >= entry->literal_len && memcmp(text + len - entry->literal_len,
											   entry->literal, entry->literal_len) == 0;
}

/* Whether a value of the attribute passes; and 1 where none behind it does. */
static int
compare_value(const ScimIndexEntry *entry, const char *value, int len)
{
	int order;

	switch (entry->mode)
	{
		case SCIM_ENTRY_EXACT:
		case SCIM_ENTRY_PREFIX:
			return 0;
		case SCIM_ENTRY_SHARED:
			/* behind the end of the string, one that is cut may have 0x00, too */
			return len == entry->key.len - entry->prefix_len - 1 ? 0 : -1;
		case SCIM_ENTRY_FROM:
			order = compare_text(entry, value, len);
			if (order == 0 && len <= SCIM_INDEX_TEXT_MAX)
				return entry->exclusive ? -1 : 0;
			return order < 0 ? -1 : 0;
		case SCIM_ENTRY_UPTO:
			order = compare_text(entry, value, len);
			if (order == 0 && len <= SCIM_INDEX_TEXT_MAX)
				return entry->exclusive ? -1 : 0;
			if (order > 0)
				return has_same_head(entry, value, len) ? -1 : 1;
			return 0;
		case SCIM_ENTRY_CONTAINS:
		case SCIM_ENTRY_ENDS:
		case SCIM_ENTRY_REFERS:
			return has_part(entry, value, len) ? 0 : -1;
		case SCIM_ENTRY_USER_NAME:
			return len > SCIM_INDEX_TEXT_MAX || ScimIndexUserNamePasses(entry, value, len)
					   ? 0
					   : -1;
	}
	return 1;
}

/*
 * ScimIndexEntryCompare is what GIN asks of the keys from where an entry
 * starts: 0 = it is one of the entry's, less = go on, greater = there is none
 * any more.
 */
int
ScimIndexEntryCompare(const ScimIndexEntry *entry, const char *key, int len)
{
	bool whole = entry->mode == SCIM_ENTRY_PREFIX || entry->mode == SCIM_ENTRY_SHARED ||
				 entry->mode == SCIM_ENTRY_EXACT;
	int prefix_len = whole ? entry->key.len : entry->prefix_len;
	int result;

	if (len < prefix_len || memcmp(key, entry->key.data, prefix_len) != 0)
		return 1;
	if (entry->has_last)
		return key[len - 1] == entry->last ? 0 : -1;
	result = compare_value(entry, key + entry->prefix_len,
						   len - entry->prefix_len - (entry->shared != 0 ? 2 : 0));
	if (result == 0 && entry->shared != 0 && (key[len - 1] & entry->shared) == 0)
		return -1;
	return result;
}
