/*
 * distinct.c
 *		Arrays without equal elements.
 */
#include "postgres.h"

#include "json/json.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"

/* Up to so many elements each is compared with each. */
#define MAX_COMPARE_ALL 16

static void distinct_few(JsonbValue *array);
static void distinct_many(JsonbValue *array);

/*
 * ScimJsonDistinct keeps the first of equal elements (ScimJsonEqual) of an array
 * and leaves the order as it is.
 */
void
ScimJsonDistinct(JsonbValue *array)
{
	Assert(array->type == jbvArray);
	if (array->val.array.nElems <= MAX_COMPARE_ALL)
		distinct_few(array);
	else
		distinct_many(array);
}

static void
distinct_few(JsonbValue *array)
{
	JsonbValue *elems = array->val.array.elems;
	int kept = 0;

	for (int i = 0; i < array->val.array.nElems; i++)
	{
		int j = 0;

		while (j < kept && !ScimJsonEqual(&elems[i], &elems[j]))
			j++;
		if (j == kept)
			elems[kept++] = elems[i];
	}
	array->val.array.nElems = kept;
}

/* With a hash table of element numbers, one more than the number, 0 = free. */
static void
distinct_many(JsonbValue *array)
{
	JsonbValue *elems = array->val.array.elems;
	int count = array->val.array.nElems;
	uint32 mask = pg_nextpower2_32(count) * 2 - 1;
	int *slots = palloc0((mask + 1) * sizeof(int));
	uint32 *hashes = palloc(count * sizeof(uint32));
	int kept = 0;

	for (int i = 0; i < count; i++)
	{
		uint32 hash = ScimJsonHash(&elems[i]);
		uint32 slot = hash & mask;

		CHECK_FOR_INTERRUPTS();
		while (slots[slot] != 0 && (hashes[slots[slot] - 1] != hash ||
									!ScimJsonEqual(&elems[slots[slot] - 1], &elems[i])))
			slot = (slot + 1) & mask;
		if (slots[slot] != 0)
			continue;
		elems[kept] = elems[i];
		hashes[kept] = hash;
		slots[slot] = ++kept;
	}
	array->val.array.nElems = kept;
	pfree(slots);
	pfree(hashes);
}

/* ScimJsonHash hashes a tree, an object's members in any order. */
uint32
ScimJsonHash(const JsonbValue *tree)
{
	uint32 hash = tree->type;

	check_stack_depth();

	switch (tree->type)
	{
		case jbvArray:
			for (int i = 0; i < tree->val.array.nElems; i++)
				hash = hash_combine(hash, ScimJsonHash(&tree->val.array.elems[i]));
			break;
		case jbvObject:
			for (int i = 0; i < tree->val.object.nPairs; i++)
			{
				const JsonbPair *pair = &tree->val.object.pairs[i];

				hash += murmurhash32(
					hash_combine(ScimJsonHash(&pair->key), ScimJsonHash(&pair->value)));
			}
			break;
		default:
			JsonbHashScalarValue(tree, &hash);
			break;
	}
	return hash;
}
