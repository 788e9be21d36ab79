/*
 * distinct.c
 *		Arrays without equal elements.
 */
#include "postgres.h"

#include "json/buckets.h"
#include "json/json.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "text/hash.h"

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

static void
distinct_many(JsonbValue *array)
{
	JsonbValue *elems = array->val.array.elems;
	int count = array->val.array.nElems;
	ScimBuckets kept_by_hash;
	int kept = 0;

	ScimBucketsInit(&kept_by_hash, count);
	for (int i = 0; i < count; i++)
	{
		uint32 hash = ScimJsonHash(&elems[i]);
		int at = ScimBucketsFirst(&kept_by_hash, hash);

		CHECK_FOR_INTERRUPTS();
		while (at >= 0 &&
			   !ScimJsonEqual(&elems[ScimBucketsItem(&kept_by_hash, at)], &elems[i]))
			at = ScimBucketsNext(&kept_by_hash, at);
		if (at >= 0)
			continue;
		ScimBucketsAdd(&kept_by_hash, hash, kept);
		elems[kept++] = elems[i];
	}
	array->val.array.nElems = kept;
	ScimBucketsFree(&kept_by_hash);
}

/*
 * ScimJsonHash gives equal trees (ScimJsonEqual) the same hash: the order of an
 * object's members does not matter.  In another process it is another one (ScimHash).
 */
uint32
ScimJsonHash(const JsonbValue *tree)
{
	uint32 hash = tree->type;
	uint64 scalar = 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();

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
			JsonbHashScalarValueExtended(tree, &scalar, ScimHashSeed());
			hash = hash_combine(hash, (uint32) scalar);
			break;
	}
	return hash;
}
