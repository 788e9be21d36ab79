/*
 * tree.c
 *		JSON documents as trees of JsonbValue.  See json.h.
 *
 * Strings and numbers of a tree point into whatever it was made from; only
 * ScimJsonCopy copies them.  An object or array has no room for a capacity, so
 * it follows from the count: the count rounded up to a power of two, or nothing for
 * none.  Adding to n elements hence needs more memory exactly when n is such a
 * capacity.
 *
 * Who looks for each of many keys in an object of many finds them by an index, which is
 * in "order" of its pairs: nothing else reads that.  The upper half is how many pairs,
 * from the first on, the index is of, in each of them; the lower half of the k-th of
 * them is where the k-th key in the order of a jsonb stands.  Without an upper half, the
 * first that it is not of counts who had to look at all behind it.
 */
#include "postgres.h"

#include "json/json.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "text/fold.h"
#include "text/datetime.h"
#include "text/utf8.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

static JsonbValue *new_value(void);
static int capacity_for(int count);
static void *grow(void *items, int count, size_t item_size);
static void init_container(JsonbValue *value, enum jbvType type, int count);
static void
read_value(JsonbIterator **iterator, JsonbIteratorToken token, JsonbValue *value);
static void sort_keys(JsonbValue *value);
static int compare_pairs(const void *a, const void *b);
static void copy_value(JsonbValue *to, const JsonbValue *from);
static bool equal_objects(const JsonbValue *a, const JsonbValue *b);
static int find_key(const JsonbValue *object, const char *key, int keylen);
static int nindexed(const JsonbValue *object);
static void remove_indexed(JsonbValue *object, int indexed, int removed);

/*
 * ScimJsonFromJsonb makes a tree of a jsonb.  A jsonb that is a bare scalar
 * gives a scalar.  The tree's strings and numbers point into the jsonb.
 */
JsonbValue *
ScimJsonFromJsonb(const Jsonb *jsonb)
{
	JsonbValue *value = new_value();
	JsonbIterator *iterator = JsonbIteratorInit((JsonbContainer *) &jsonb->root);
	JsonbIteratorToken token = JsonbIteratorNext(&iterator, value, false);

	if (token == WJB_BEGIN_ARRAY && value->val.array.rawScalar)
		JsonbIteratorNext(&iterator, value, false);
	else
		read_value(&iterator, token, value);
	return value;
}

/*
 * ScimJsonToJsonb makes a jsonb of a tree and sorts the keys of the tree's
 * objects on the way, since jsonb wants them in its own order.
 */
Jsonb *
ScimJsonToJsonb(JsonbValue *tree)
{
	sort_keys(tree);
	return JsonbValueToJsonb(tree);
}

/* ScimJsonCopy copies a tree with all it points to. */
JsonbValue *
ScimJsonCopy(const JsonbValue *tree)
{
	JsonbValue *copy = new_value();

	copy_value(copy, tree);
	return copy;
}

/*
 * ScimJsonEqual compares two trees: objects as sets of members, arrays in
 * order, numbers by their value, strings byte by byte.
 */
bool
ScimJsonEqual(const JsonbValue *a, const JsonbValue *b)
{
	check_stack_depth();

	if (a->type != b->type)
		return false;
	switch (a->type)
	{
		case jbvNull:
			return true;
		case jbvBool:
			return a->val.boolean == b->val.boolean;
		case jbvString:
			return a->val.string.len == b->val.string.len &&
				   memcmp(a->val.string.val, b->val.string.val, a->val.string.len) == 0;
		case jbvNumeric:
			return DatumGetBool(DirectFunctionCall2(numeric_eq,
													NumericGetDatum(a->val.numeric),
													NumericGetDatum(b->val.numeric)));
		case jbvArray:
			if (a->val.array.nElems != b->val.array.nElems)
				return false;
			for (int i = 0; i < a->val.array.nElems; i++)
			{
				CHECK_FOR_INTERRUPTS();
				if (!ScimJsonEqual(&a->val.array.elems[i], &b->val.array.elems[i]))
					return false;
			}
			return true;
		case jbvObject:
			return equal_objects(a, b);
		default:
			elog(ERROR, "unexpected jsonb value type %d in a tree", (int) a->type);
			return false;
	}
}

/* ScimJsonSaysSame: equal, or two instants that are one, by whatever offset. */
bool
ScimJsonSaysSame(const JsonbValue *a, const JsonbValue *b)
{
	ScimInstant at[2];

	if (a->type == jbvString && b->type == jbvString &&
		ScimInstantParse(a->val.string.val, a->val.string.len, &at[0]) &&
		ScimInstantParse(b->val.string.val, b->val.string.len, &at[1]))
		return ScimInstantCompare(&at[0], &at[1]) == 0;
	return ScimJsonEqual(a, b);
}

/* ScimJsonSame: are two values equal, of which either may be NULL, which is no value? */
bool
ScimJsonSame(const JsonbValue *a, const JsonbValue *b)
{
	return a == NULL || b == NULL ? a == b : ScimJsonEqual(a, b);
}

/* ScimJsonNewObject makes an empty object. */
JsonbValue *
ScimJsonNewObject(void)
{
	JsonbValue *value = new_value();

	init_container(value, jbvObject, 0);
	return value;
}

/* ScimJsonNewArray makes an empty array. */
JsonbValue *
ScimJsonNewArray(void)
{
	JsonbValue *value = new_value();

	init_container(value, jbvArray, 0);
	return value;
}

/* ScimJsonNewString makes a string; the text is not copied. */
JsonbValue *
ScimJsonNewString(const char *text)
{
	return ScimJsonNewStringN(text, strlen(text));
}

/* ScimJsonNewStringN makes a string of len bytes, not copied. */
JsonbValue *
ScimJsonNewStringN(const char *text, int len)
{
	JsonbValue *value = new_value();

	value->type = jbvString;
	value->val.string.val = (char *) text;
	value->val.string.len = len;
	return value;
}

/* ScimJsonNewBool makes true or false. */
JsonbValue *
ScimJsonNewBool(bool value)
{
	JsonbValue *result = new_value();

	result->type = jbvBool;
	result->val.boolean = value;
	return result;
}

/* ScimJsonNewInteger makes a number. */
JsonbValue *
ScimJsonNewInteger(int64 value)
{
	JsonbValue *result = new_value();

	result->type = jbvNumeric;
	result->val.numeric = int64_to_numeric(value);
	return result;
}

/*
 * ScimJsonGet finds the member of an object with exactly this key.  Returns
 * NULL when there is none or object is not an object.  The pointer is good
 * until a member is added to or removed from the object.
 */
JsonbValue *
ScimJsonGet(const JsonbValue *object, const char *key)
{
	int index;

	if (object->type != jbvObject)
		return NULL;
	index = find_key(object, key, strlen(key));
	return index < 0 ? NULL : &object->val.object.pairs[index].value;
}

/* ScimJsonGetKey is ScimJsonGet for a key of another object; object may be NULL. */
JsonbValue *
ScimJsonGetKey(const JsonbValue *object, const JsonbValue *key)
{
	int index;

	if (object == NULL || object->type != jbvObject)
		return NULL;
	index = find_key(object, key->val.string.val, key->val.string.len);
	return index < 0 ? NULL : &object->val.object.pairs[index].value;
}

/* ScimJsonGetFolded is ScimJsonGet for a key in any letter case: the first. */
JsonbValue *
ScimJsonGetFolded(const JsonbValue *object, const char *key)
{
	size_t keylen = strlen(key);

	if (object->type != jbvObject)
		return NULL;
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		JsonbPair *pair = &object->val.object.pairs[i];

		if (ScimNameEqualN(pair->key.val.string.val, pair->key.val.string.len, key,
						   keylen))
			return &pair->value;
	}
	return NULL;
}

/*
 * ScimJsonSet sets a member of an object, replacing the one of that key if
 * there is one.  The key is not copied, nor is what value points to.
 */
void
ScimJsonSet(JsonbValue *object, const char *key, const JsonbValue *value)
{
	ScimJsonSetN(object, key, strlen(key), value);
}

/* ScimJsonSetN is ScimJsonSet with a key of keylen bytes. */
void
ScimJsonSetN(JsonbValue *object, const char *key, int keylen, const JsonbValue *value)
{
	int index = find_key(object, key, keylen);

	if (index >= 0)
		object->val.object.pairs[index].value = *value;
	else
		ScimJsonAddN(object, key, keylen, value);
}

/* ScimJsonAddN adds a member without looking whether the object has the key. */
void
ScimJsonAddN(JsonbValue *object, const char *key, int keylen, const JsonbValue *value)
{
	JsonbValue copy = *value; /* it may be a member of this object, which may move */
	JsonbPair *pair;

	object->val.object.pairs =
		grow(object->val.object.pairs, object->val.object.nPairs, sizeof(JsonbPair));
	pair = &object->val.object.pairs[object->val.object.nPairs++];
	pair->key.type = jbvString;
	pair->key.val.string.val = (char *) key;
	pair->key.val.string.len = keylen;
	pair->value = copy;
	pair->order = 0;
}

/* ScimJsonRemove removes the member with exactly this key; false: none. */
bool
ScimJsonRemove(JsonbValue *object, const char *key)
{
	int index = find_key(object, key, strlen(key));

	if (index < 0)
		return false;
	ScimJsonRemoveMember(object, index);
	return true;
}

static void
remove_pair(JsonbValue *object, int index)
{
	object->val.object.nPairs--;
	memmove(&object->val.object.pairs[index], &object->val.object.pairs[index + 1],
			(object->val.object.nPairs - index) * sizeof(JsonbPair));
}

/* ScimJsonRemoveMember removes a member of an object, counted from 0. */
void
ScimJsonRemoveMember(JsonbValue *object, int index)
{
	int indexed;

	Assert(object->type == jbvObject && index >= 0 && index < object->val.object.nPairs);
	indexed = nindexed(object);
	if (index < indexed)
		remove_indexed(object, indexed, index);
	else
	{
		remove_pair(object, index);
		if (indexed == 0)
			ScimJsonForgetKeys(object);
	}
}

/* ScimJsonForgetKeys is for who has changed keys of an object, or which pairs it has. */
void
ScimJsonForgetKeys(JsonbValue *object)
{
	if (object->val.object.nPairs > 0)
		object->val.object.pairs[0].order = 0;
}

/* ScimJsonSetOrRemove sets a member, or removes it where there is no value. */
void
ScimJsonSetOrRemove(JsonbValue *object, const char *key, const JsonbValue *value)
{
	if (value != NULL)
		ScimJsonSet(object, key, value);
	else
		(void) ScimJsonRemove(object, key);
}

/* ScimJsonAppend adds an element to an array; what value points to is shared. */
void
ScimJsonAppend(JsonbValue *array, const JsonbValue *value)
{
	Assert(array->type == jbvArray);
	array->val.array.elems =
		grow(array->val.array.elems, array->val.array.nElems, sizeof(JsonbValue));
	array->val.array.elems[array->val.array.nElems++] = *value;
}

/* ScimJsonRemoveAt removes an element, counted from 0. */
void
ScimJsonRemoveAt(JsonbValue *array, int index)
{
	Assert(array->type == jbvArray && index >= 0 && index < array->val.array.nElems);
	array->val.array.nElems--;
	memmove(&array->val.array.elems[index], &array->val.array.elems[index + 1],
			(array->val.array.nElems - index) * sizeof(JsonbValue));
}

/* ScimJsonIsUnassigned: is there no value in it (RFC 7643 section 2.5)? */
bool
ScimJsonIsUnassigned(const JsonbValue *value)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

	switch (value->type)
	{
		case jbvNull:
			return true;
		case jbvString:
			return value->val.string.len == 0;
		case jbvArray:
			for (int i = 0; i < value->val.array.nElems; i++)
			{
				if (!ScimJsonIsUnassigned(&value->val.array.elems[i]))
					return false;
			}
			return true;
		case jbvObject:
			for (int i = 0; i < value->val.object.nPairs; i++)
			{
				if (!ScimJsonIsUnassigned(&value->val.object.pairs[i].value))
					return false;
			}
			return true;
		default:
			return false;
	}
}

/* ScimJsonIsBlank: is it a text in which nobody could see anything? */
bool
ScimJsonIsBlank(const JsonbValue *value)
{
	return value->type == jbvString &&
		   ScimTextIsBlank(value->val.string.val, value->val.string.len);
}

/* ScimJsonHoldsObject: is a value an object, or an array with one in it, however deep? */
bool
ScimJsonHoldsObject(const JsonbValue *value)
{
	check_stack_depth();
	if (value->type == jbvObject)
		return true;
	for (int i = 0; value->type == jbvArray && i < value->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ScimJsonHoldsObject(&value->val.array.elems[i]))
			return true;
	}
	return false;
}

/* ScimJsonStringEquals: is value a string, and exactly this one?  NULL is not. */
bool
ScimJsonStringEquals(const JsonbValue *value, const char *text)
{
	size_t len = strlen(text);

	return value != NULL && value->type == jbvString && value->val.string.len == len &&
		   memcmp(value->val.string.val, text, len) == 0;
}

/* ScimJsonStringCopy copies a string with a NUL behind it; NULL if it is none. */
char *
ScimJsonStringCopy(const JsonbValue *value)
{
	if (value == NULL || value->type != jbvString)
		return NULL;
	return pnstrdup(value->val.string.val, value->val.string.len);
}

static JsonbValue *
new_value(void)
{
	return palloc0(sizeof(JsonbValue));
}

/* count > 0 */
static int
capacity_for(int count)
{
	return pg_nextpower2_32(count);
}

/* Makes room for one more item behind count items. */
static void *
grow(void *items, int count, size_t item_size)
{
	if (count == 0)
		return palloc(item_size);
#ifdef SCIM_SANITIZE
	/* whoever holds on to an item while one is added is seen, where items are few */
	if (count < 64)
	{
		void *moved = palloc(capacity_for(count + 1) * item_size);

		memcpy(moved, items, count * item_size);
		memset(items, 0x7F, count * item_size);
		return moved;
	}
#endif
	if (count < capacity_for(count))
		return items;
	if (count > MaxAllocSize / item_size / 2)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a JSON object or array cannot have more than %d items", count)));
	return repalloc(items, 2 * count * item_size);
}

static void
init_container(JsonbValue *value, enum jbvType type, int count)
{
	memset(value, 0, sizeof(JsonbValue));
	value->type = type;
	if (count == 0)
		return;
	if (type == jbvArray)
		value->val.array.elems =
			palloc_extended(capacity_for(count) * sizeof(JsonbValue), MCXT_ALLOC_HUGE);
	else
		value->val.object.pairs =
			palloc_extended(capacity_for(count) * sizeof(JsonbPair), MCXT_ALLOC_HUGE);
}

/* Completes value, which holds what came with the token. */
static void
read_value(JsonbIterator **iterator, JsonbIteratorToken token, JsonbValue *value)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

	if (token == WJB_BEGIN_ARRAY)
	{
		init_container(value, jbvArray, value->val.array.nElems);
		for (;;)
		{
			JsonbValue element;

			token = JsonbIteratorNext(iterator, &element, false);
			if (token == WJB_END_ARRAY)
				break;
			read_value(iterator, token, &element);
			value->val.array.elems[value->val.array.nElems++] = element;
		}
	}
	else if (token == WJB_BEGIN_OBJECT)
	{
		init_container(value, jbvObject, value->val.object.nPairs);
		for (;;)
		{
			JsonbPair *pair;
			JsonbValue key;

			if (JsonbIteratorNext(iterator, &key, false) == WJB_END_OBJECT)
				break;
			pair = &value->val.object.pairs[value->val.object.nPairs++];
			pair->key = key;
			pair->order = 0;
			token = JsonbIteratorNext(iterator, &pair->value, false);
			read_value(iterator, token, &pair->value);
		}
	}
}

static void
sort_keys(JsonbValue *value)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			sort_keys(&value->val.array.elems[i]);
	}
	else if (value->type == jbvObject)
	{
		if (value->val.object.nPairs > 1)
			qsort(value->val.object.pairs, value->val.object.nPairs, sizeof(JsonbPair),
				  compare_pairs);
		ScimJsonForgetKeys(value);
		for (int i = 0; i < value->val.object.nPairs; i++)
			sort_keys(&value->val.object.pairs[i].value);
	}
}

static int
compare_key(const JsonbValue *x, const char *key, int keylen)
{
	if (x->val.string.len != keylen)
		return x->val.string.len < keylen ? -1 : 1;
	return memcmp(x->val.string.val, key, keylen);
}

/* The order of keys within a jsonb: by length, then by bytes. */
static int
compare_pairs(const void *a, const void *b)
{
	const JsonbValue *x = &((const JsonbPair *) a)->key;
	const JsonbValue *y = &((const JsonbPair *) b)->key;

	return compare_key(x, y->val.string.val, y->val.string.len);
}

static void
copy_value(JsonbValue *to, const JsonbValue *from)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

	switch (from->type)
	{
		case jbvString:
			*to = *from;
			to->val.string.val = pnstrdup(from->val.string.val, from->val.string.len);
			break;
		case jbvNumeric:
			*to = *from;
			to->val.numeric = palloc(VARSIZE_ANY(from->val.numeric));
			memcpy(to->val.numeric, from->val.numeric, VARSIZE_ANY(from->val.numeric));
			break;
		case jbvArray:
			init_container(to, jbvArray, from->val.array.nElems);
			to->val.array.nElems = from->val.array.nElems;
			for (int i = 0; i < from->val.array.nElems; i++)
				copy_value(&to->val.array.elems[i], &from->val.array.elems[i]);
			break;
		case jbvObject:
			init_container(to, jbvObject, from->val.object.nPairs);
			to->val.object.nPairs = from->val.object.nPairs;
			for (int i = 0; i < from->val.object.nPairs; i++)
			{
				copy_value(&to->val.object.pairs[i].key, &from->val.object.pairs[i].key);
				copy_value(&to->val.object.pairs[i].value,
						   &from->val.object.pairs[i].value);
				to->val.object.pairs[i].order = 0;
			}
			break;
		default:
			*to = *from;
			break;
	}
}

static bool
equal_objects(const JsonbValue *a, const JsonbValue *b)
{
	int count = a->val.object.nPairs;

	if (count != b->val.object.nPairs)
		return false;
	for (int i = 0; i < count; i++)
	{
		const JsonbPair *pair = &a->val.object.pairs[i];
		const JsonbPair *other = &b->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		/* the same order is the common case */
		if (!ScimJsonEqual(&pair->key, &other->key))
		{
			int index = find_key(b, pair->key.val.string.val, pair->key.val.string.len);

			if (index < 0)
				return false;
			other = &b->val.object.pairs[index];
		}
		if (!ScimJsonEqual(&pair->value, &other->value))
			return false;
	}
	return true;
}

/* ---- the index of an object ---- */

#define MIN_INDEXED 32    /* of fewer keys, a scan is fast */
#define MAX_INDEXED 65535 /* for which there is room */
#define SCANS 8           /* so many scans are not worth an index */
#define MAX_CHECKED 1000  /* of so many keys, builds with assertions scan as well */

#define INDEXED(order) ((int) ((order) >> 16))
#define ENTRY(order) ((int) ((order) &0xFFFF))

/* Of how many pairs an object has an index. */
static int
nindexed(const JsonbValue *object)
{
	const JsonbPair *pairs = object->val.object.pairs;
	int n = object->val.object.nPairs;
	int indexed = n > MIN_INDEXED && n <= MAX_INDEXED ? INDEXED(pairs[0].order) : 0;

	/* others may have the same pairs, and more of them */
	return indexed <= n && indexed > 0 && INDEXED(pairs[indexed - 1].order) == indexed
			   ? indexed
			   : 0;
}

static int
compare_places(const void *a, const void *b, void *arg)
{
	int x = *(const uint16 *) a;
	int y = *(const uint16 *) b;
	int result = compare_pairs((const JsonbPair *) arg + x, (const JsonbPair *) arg + y);

	/* of a key that is there twice, the first is found */
	return result != 0 ? result : x - y;
}

/* Makes the index of the first pairs one of all; the places of the others are sorted
 * and merged. */
static void
index_all(JsonbValue *object, int indexed)
{
	JsonbPair *pairs = object->val.object.pairs;
	int n = object->val.object.nPairs;
	uint16 *added = palloc((n - indexed) * sizeof(uint16));
	int i = indexed - 1;
	int j = n - indexed - 1;

	for (int k = indexed; k < n; k++)
		added[k - indexed] = k;
	qsort_arg(added, n - indexed, sizeof(uint16), compare_places, pairs);
	for (int k = n - 1; k >= 0; k--)
	{
		int place;

		if (i >= 0 &&
			(j < 0 || compare_pairs(&pairs[ENTRY(pairs[i].order)], &pairs[added[j]]) > 0))
			place = ENTRY(pairs[i--].order);
		else
			place = added[j--];
		pairs[k].order = (uint32) n << 16 | place;
	}
	pfree(added);
}

/* The keys that an index is of, without the one that stands at a place. */
static void
remove_indexed(JsonbValue *object, int indexed, int removed)
{
	JsonbPair *pairs = object->val.object.pairs;
	uint16 *places = palloc(indexed * sizeof(uint16));
	int n = 0;

	for (int k = 0; k < indexed; k++)
	{
		int place = ENTRY(pairs[k].order);

		if (place != removed)
			places[n++] = place > removed ? place - 1 : place;
	}
	remove_pair(object, removed);
	for (int k = 0; k < n; k++)
		pairs[k].order = (uint32) n << 16 | places[k];
	pfree(places);
}

static int
find_indexed(const JsonbValue *object, int indexed, const char *key, int keylen)
{
	const JsonbPair *pairs = object->val.object.pairs;
	int from = 0;
	int to = indexed;
	int place;

	while (from < to)
	{
		int middle = from + (to - from) / 2;

		if (compare_key(&pairs[ENTRY(pairs[middle].order)].key, key, keylen) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == indexed)
		return -1;
	place = ENTRY(pairs[from].order);
	return compare_key(&pairs[place].key, key, keylen) == 0 ? place : -1;
}

/* Is it worth to have an index of more than of the first pairs? */
static bool
is_to_be_indexed(const JsonbValue *object, int indexed)
{
	int64 left = object->val.object.nPairs - indexed;
	uint32 *order;

	/* who adds keys one by one, and looks for each, would make an index for each */
	if (left * left <= (int64) MIN_INDEXED * MIN_INDEXED + 4 * (int64) indexed ||
		object->val.object.nPairs > MAX_INDEXED)
		return false;
	order = (uint32 *) &object->val.object.pairs[indexed].order;
	*order = INDEXED(*order) == 0 ? *order + 1 : 1;
	return *order > SCANS;
}

/* The first member of a key, from one on, or -1. */
static int
scan_keys(const JsonbValue *object, int from, const char *key, int keylen)
{
	for (int i = from; i < object->val.object.nPairs; i++)
	{
		const JsonbValue *candidate = &object->val.object.pairs[i].key;

		if (candidate->val.string.len == keylen &&
			memcmp(candidate->val.string.val, key, keylen) == 0)
			return i;
	}
	return -1;
}

/* The index of a member, or -1.  What is no object has none, and must not be given any.
 */
static int
find_key(const JsonbValue *object, const char *key, int keylen)
{
	int indexed;
	int place = -1;

	if (object->type != jbvObject)
		elog(ERROR, "a JSON value of type %d is no object", (int) object->type);
	indexed = nindexed(object);
	if (is_to_be_indexed(object, indexed))
	{
		index_all((JsonbValue *) object, indexed);
		indexed = object->val.object.nPairs;
	}
	if (indexed > 0)
		place = find_indexed(object, indexed, key, keylen);
	if (place < 0)
		place = scan_keys(object, indexed, key, keylen);
	/* an index that is of what was there before would lose members */
	Assert(object->val.object.nPairs > MAX_CHECKED ||
		   place == scan_keys(object, 0, key, keylen));
	return place;
}
