/*
 * elements.c
 *		The elements of a multi-valued attribute among each other (RFC 7643 section
 *		2.4): which are one, and which is the primary one.
 */
#include "postgres.h"

#include "schema/canonical/value.h"

#include "common/hashfn.h"

#include "json/buckets.h"
#include "json/json.h"
#include "miscadmin.h"

/* Up to so many elements each is compared with each. */
#define FEW_ELEMENTS 16

/*
 * ScimElementsDistinct keeps the first of the elements that are one to their attribute,
 * and leaves the order as it is.
 */
void
ScimElementsDistinct(const ScimAttribute *attribute, JsonbValue *array)
{
	ScimResolved of = {.attribute = attribute->parent ? attribute->parent : attribute,
					   .sub = attribute->parent ? attribute : NULL};
	JsonbValue *elems = array->val.array.elems;
	int count = array->val.array.nElems;
	bool few = count <= FEW_ELEMENTS;
	ScimBuckets buckets;
	int kept = 0;

	if (!few)
		ScimBucketsInit(&buckets, count);
	for (int i = 0; i < count; i++)
	{
		uint32 hash = few ? 0 : ScimSameHash(&of, &elems[i]);
		int at = few ? kept - 1 : ScimBucketsFirst(&buckets, hash);

		CHECK_FOR_INTERRUPTS();
		while (at >= 0 &&
			   !ScimSameValue(&of, &elems[few ? at : ScimBucketsItem(&buckets, at)],
							  &elems[i]))
			at = few ? at - 1 : ScimBucketsNext(&buckets, at);
		if (at >= 0)
			continue;
		if (!few)
			ScimBucketsAdd(&buckets, hash, kept);
		elems[kept++] = elems[i];
	}
	array->val.array.nElems = kept;
	if (!few)
		ScimBucketsFree(&buckets);
}

/* The "value" by which an element may be one with another: a string, or NULL. */
static const JsonbValue *
value_of(const JsonbValue *element, const ScimAttribute *value_sub)
{
	const JsonbValue *value = ScimJsonGet(element, value_sub->name);

	return value != NULL && value->type == jbvString ? value : NULL;
}

/* The "type" of an element, of whatever type that is, or NULL. */
static const JsonbValue *
type_of(const JsonbValue *element, const ScimAttribute *type_sub)
{
	const JsonbValue *type = ScimJsonGet(element, type_sub->name);

	return type != NULL && type->type != jbvNull ? type : NULL;
}

/* Give one element what the other has; value and type stay as they were sent first. */
static void
merge_element(JsonbValue *target, const JsonbValue *element,
			  const ScimAttribute *value_sub, const ScimAttribute *type_sub)
{
	bool typed = type_of(target, type_sub) != NULL;

	for (int i = 0; i < element->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &element->val.object.pairs[i];

		if (ScimJsonStringEquals(&pair->key, value_sub->name) ||
			(typed && ScimJsonStringEquals(&pair->key, type_sub->name)))
			continue;
		ScimJsonSetN(target, pair->key.val.string.val, pair->key.val.string.len,
					 &pair->value);
	}
}

/* The first element of a hash with this value and, where it is not NULL, type; or -1. */
static int
find_element(const ScimBuckets *buckets, uint32 hash, const JsonbValue *elems,
			 const JsonbValue *value, const ScimResolved *of_value,
			 const JsonbValue *type, const ScimResolved *of_type)
{
	for (int at = ScimBucketsFirst(buckets, hash); at >= 0;
		 at = ScimBucketsNext(buckets, at))
	{
		int item = ScimBucketsItem(buckets, at);

		CHECK_FOR_INTERRUPTS();
		if (ScimSameValue(of_value, value_of(&elems[item], of_value->sub), value) &&
			(type == NULL ||
			 ScimSameValue(of_type, type_of(&elems[item], of_type->sub), type)))
			return item;
	}
	return -1;
}

/*
 * ScimElementsMerge makes one of the elements that have the same value, a string, and
 * type, or the same value where one of them has no type.  It has what any of them has;
 * where they differ, the last says it.
 */
void
ScimElementsMerge(const ScimAttribute *attribute, JsonbValue *array)
{
	const ScimAttribute *value_sub = ScimAttributeSub(attribute, "value", 5);
	const ScimAttribute *type_sub = ScimAttributeSub(attribute, "type", 4);
	ScimResolved of_value = {.attribute = attribute, .sub = value_sub};
	ScimResolved of_type = {.attribute = attribute, .sub = type_sub};
	JsonbValue *elems = array->val.array.elems;
	int count = array->val.array.nElems;
	ScimBuckets firsts; /* the first of each value: only that can be without a type */
	ScimBuckets typed;
	int kept = 0;

	if (count < 2 || value_sub == NULL || type_sub == NULL)
		return;
	ScimBucketsInit(&firsts, count);
	ScimBucketsInit(&typed, count);
	for (int i = 0; i < count; i++)
	{
		const JsonbValue *value = value_of(&elems[i], value_sub);
		const JsonbValue *type = type_of(&elems[i], type_sub);
		uint32 hash;
		uint32 typed_hash = 0;
		int first;
		int same = -1;

		CHECK_FOR_INTERRUPTS();
		if (value == NULL)
		{
			elems[kept++] = elems[i];
			continue;
		}
		hash = ScimSameHash(&of_value, value);
		first = find_element(&firsts, hash, elems, value, &of_value, NULL, NULL);
		if (type != NULL)
		{
			typed_hash = hash_combine(hash, ScimSameHash(&of_type, type));
			same =
				find_element(&typed, typed_hash, elems, value, &of_value, type, &of_type);
		}
		if (same < 0 && first >= 0 &&
			(type == NULL || type_of(&elems[first], type_sub) == NULL))
		{
			same = first;
			if (type != NULL)
				ScimBucketsAdd(&typed, typed_hash, first);
		}
		if (same >= 0)
		{
			merge_element(&elems[same], &elems[i], value_sub, type_sub);
			continue;
		}
		if (first < 0)
			ScimBucketsAdd(&firsts, hash, kept);
		if (type != NULL)
			ScimBucketsAdd(&typed, typed_hash, kept);
		elems[kept++] = elems[i];
	}
	array->val.array.nElems = kept;
	ScimBucketsFree(&firsts);
	ScimBucketsFree(&typed);
}

/* ScimIsPrimary: does an element say that it is the primary one? */
bool
ScimIsPrimary(const JsonbValue *element)
{
	const JsonbValue *primary =
		element->type == jbvObject ? ScimJsonGet(element, "primary") : NULL;

	return primary != NULL && primary->type == jbvBool && primary->val.boolean;
}

/* ScimElementsPrimary counts the elements that say they are primary. */
int
ScimElementsPrimary(const ScimAttribute *attribute, const JsonbValue *array)
{
	int count = 0;

	if (ScimAttributeSub(attribute, "primary", 7) == NULL)
		return 0;
	for (int i = 0; i < array->val.array.nElems; i++)
		count += ScimIsPrimary(&array->val.array.elems[i]);
	return count;
}

/* ScimPrimaryElement finds the element of an array that says so.  NULL: none does. */
const JsonbValue *
ScimPrimaryElement(const JsonbValue *array)
{
	for (int i = 0; i < array->val.array.nElems; i++)
	{
		const JsonbValue *element = &array->val.array.elems[i];

		if (ScimIsPrimary(element))
			return element;
	}
	return NULL;
}

/* ScimChosenElement finds the primary one, or else the first.  NULL: there is none. */
const JsonbValue *
ScimChosenElement(const JsonbValue *array)
{
	const JsonbValue *primary = ScimPrimaryElement(array);

	if (primary == NULL && array->val.array.nElems > 0)
		primary = &array->val.array.elems[0];
	return primary;
}
