/*
 * keys.c
 *		Keys that an object has twice.
 *
 * RFC 8259 leaves open what such an object means, and names of attributes and
 * of the members of SCIM's messages are case-insensitive: {"active": true,
 * "Active": false} says nothing that one could act upon.
 */
#include "postgres.h"

#include "json/json.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "text/fold.h"

/* Up to so many members, comparing all with all is cheaper than sorting. */
#define MAX_COMPARE_ALL 12

/* So many are enough to see what is wrong with a document. */
#define MAX_FOUND 10

/* Longer than any name that there may be, in bytes: so much of a key is shown. */
#define MAX_SHOWN 4096

/* Where in the tree the search is, from the inside out. */
typedef struct Place
{
	const struct Place *outer;
	const JsonbValue *key; /* NULL: an element of an array */
	int index;
} Place;

static void find_in(const JsonbValue *tree, const Place *place, List **paths);
static void find_in_object(const JsonbValue *object, const Place *place, List **paths);
static void
found(const JsonbValue *a, const JsonbValue *b, const Place *place, List **paths);
static void append_place(StringInfo out, const Place *place);
static int compare_keys(const void *a, const void *b);

/*
 * ScimJsonRepeatedKeys finds, anywhere in a tree, keys that their object has
 * twice, in whatever letter case.  Returns a list of paths such as
 * "emails[0].value" (char *), NIL where there are none.  Of two spellings the one
 * whose bytes come last is shown: "userName", not "USERNAME".
 */
List *
ScimJsonRepeatedKeys(const JsonbValue *tree)
{
	List *paths = NIL;

	find_in(tree, NULL, &paths);
	return paths;
}

static void
find_in(const JsonbValue *tree, const Place *place, List **paths)
{
	Place inner = {.outer = place};

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (tree->type == jbvArray)
	{
		for (int i = 0; i < tree->val.array.nElems; i++)
		{
			inner.index = i;
			find_in(&tree->val.array.elems[i], &inner, paths);
		}
	}
	else if (tree->type == jbvObject)
	{
		find_in_object(tree, place, paths);
		for (int i = 0; i < tree->val.object.nPairs; i++)
		{
			inner.key = &tree->val.object.pairs[i].key;
			find_in(&tree->val.object.pairs[i].value, &inner, paths);
		}
	}
}

static void
find_in_object(const JsonbValue *object, const Place *place, List **paths)
{
	int count = object->val.object.nPairs;
	const JsonbPair *pairs = object->val.object.pairs;
	const JsonbValue **keys;

	if (count <= MAX_COMPARE_ALL)
	{
		for (int i = 1; i < count; i++)
		{
			const JsonbValue *key = &pairs[i].key;

			for (int j = 0; j < i; j++)
			{
				const JsonbValue *other = &pairs[j].key;

				if (ScimNameEqualN(key->val.string.val, key->val.string.len,
								   other->val.string.val, other->val.string.len))
					found(key, other, place, paths);
			}
		}
		return;
	}
	keys = palloc(count * sizeof(JsonbValue *));
	for (int i = 0; i < count; i++)
		keys[i] = &pairs[i].key;
	qsort(keys, count, sizeof(JsonbValue *), compare_keys);
	for (int i = 1; i < count; i++)
	{
		if (compare_keys(&keys[i - 1], &keys[i]) == 0)
			found(keys[i - 1], keys[i], place, paths);
	}
	pfree(keys);
}

static void
found(const JsonbValue *a, const JsonbValue *b, const Place *place, List **paths)
{
	Place inner = {.outer = place, .key = a};
	StringInfoData path;

	if (list_length(*paths) >= MAX_FOUND)
		return;
	if (memcmp(a->val.string.val, b->val.string.val, a->val.string.len) < 0)
		inner.key = b;
	initStringInfo(&path);
	append_place(&path, &inner);
	*paths = lappend(*paths, path.data);
}

/* ScimJsonAppendKey is for messages: a key, or the beginning of one that is very long. */
void
ScimJsonAppendKey(StringInfo out, const char *key, int len)
{
	int shown = pg_mbcliplen(key, len, MAX_SHOWN);

	appendBinaryStringInfo(out, key, shown);
	if (shown < len)
		appendStringInfoString(out, "...");
}

static void
append_place(StringInfo out, const Place *place)
{
	check_stack_depth();
	if (place->outer != NULL)
		append_place(out, place->outer);
	if (place->key == NULL)
	{
		appendStringInfo(out, "[%d]", place->index);
		return;
	}
	if (place->outer != NULL)
		appendStringInfoChar(out, '.');
	ScimJsonAppendKey(out, place->key->val.string.val, place->key->val.string.len);
}

/* By length, then byte by byte without regard to letter case. */
static int
compare_keys(const void *a, const void *b)
{
	const JsonbValue *x = *(const JsonbValue *const *) a;
	const JsonbValue *y = *(const JsonbValue *const *) b;

	if (x->val.string.len != y->val.string.len)
		return x->val.string.len < y->val.string.len ? -1 : 1;
	for (int i = 0; i < x->val.string.len; i++)
	{
		int difference = ScimFoldByte((unsigned char) x->val.string.val[i]) -
						 ScimFoldByte((unsigned char) y->val.string.val[i]);

		if (difference != 0)
			return difference;
	}
	return 0;
}
