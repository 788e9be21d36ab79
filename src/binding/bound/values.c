/*
 * values.c
 *		Several values of an attribute, compared with those of rows.
 *
 * How many there are an application or a client decides, so each is found by its hash,
 * and not among all.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"

#include "binding/bound/bound.h"
#include "json/buckets.h"
#include "json/json.h"
#include "schema/canonical/canonical.h"

/* Of so few each is looked at. */
#define FEW_VALUES 8

struct ScimValueIndex
{
	const ScimBoundAttribute *attribute;
	ScimFoundBy by;
	int n;
	bool few;
	ScimBuckets buckets; /* but of few: in the order of the array */
};

static uint32
hash_part(const JsonbValue *element, const char *name)
{
	const JsonbValue *part =
		element->type == jbvObject ? ScimJsonGet(element, name) : NULL;

	return part == NULL || ScimJsonIsUnassigned(part) ? 0 : ScimJsonHash(part);
}

static uint32
hash_value(const ScimValueIndex *index, const JsonbValue *element)
{
	switch (index->by)
	{
		case SCIM_BY_ALL:
			return ScimBoundHash(index->attribute, element);
		case SCIM_BY_VALUE_AND_TYPE:
			return hash_combine(hash_part(element, "value"), hash_part(element, "type"));
		case SCIM_BY_VALUE:
			return hash_part(element, "value");
		default:
			return ScimBoundHashLetters(index->attribute, element);
	}
}

/*
 * ScimValuesIndex: the values of an array (NULL: there are none), to be found by what
 * they say: in the current memory context, until ScimValuesForget.
 */
ScimValueIndex *
ScimValuesIndex(const ScimBoundAttribute *attribute, const JsonbValue *array,
				ScimFoundBy by)
{
	ScimValueIndex *index = palloc0(sizeof(ScimValueIndex));

	index->attribute = attribute;
	index->by = by;
	index->n = array != NULL ? array->val.array.nElems : 0;
	index->few = index->n <= FEW_VALUES;
	if (index->few)
		return index;
	ScimBucketsInit(&index->buckets, index->n);
	/* who is added last is found first */
	for (int i = index->n - 1; i >= 0; i--)
	{
		CHECK_FOR_INTERRUPTS();
		ScimBucketsAdd(&index->buckets, hash_value(index, &array->val.array.elems[i]), i);
	}
	return index;
}

void
ScimValuesForget(ScimValueIndex *index)
{
	if (!index->few)
		ScimBucketsFree(&index->buckets);
	pfree(index);
}

/*
 * ScimValuesFirst: where the first value is that may say the same as an element, -1:
 * nowhere.  Whoever asks compares.
 */
int
ScimValuesFirst(const ScimValueIndex *index, const JsonbValue *element)
{
	if (index->few)
		return index->n > 0 ? 0 : -1;
	return ScimBucketsFirst(&index->buckets, hash_value(index, element));
}

/* ScimValuesNext: the next one, in the order of the array. */
int
ScimValuesNext(const ScimValueIndex *index, int at)
{
	CHECK_FOR_INTERRUPTS();
	if (index->few)
		return at + 1 < index->n ? at + 1 : -1;
	return ScimBucketsNext(&index->buckets, at);
}

/* ScimValuesItem: the place of it in the array. */
int
ScimValuesItem(const ScimValueIndex *index, int at)
{
	return index->few ? at : ScimBucketsItem(&index->buckets, at);
}

/* ScimValuesFind: the first value of an array that says the same as another, or -1. */
int
ScimValuesFind(const ScimValueIndex *all, const JsonbValue *array,
			   const JsonbValue *element)
{
	Assert(all->by == SCIM_BY_ALL);
	for (int at = ScimValuesFirst(all, element); at >= 0; at = ScimValuesNext(all, at))
	{
		int item = ScimValuesItem(all, at);

		if (ScimBoundSameValue(all->attribute, &array->val.array.elems[item], element))
			return item;
	}
	return -1;
}

/*
 * ScimBoundMade: the values that the store makes of rows of a table, of which several may
 * be one.
 */
JsonbValue *
ScimBoundMade(const ScimBoundAttribute *attribute, const JsonbValue *of_row)
{
	JsonbValue *made = ScimJsonCopy(of_row);

	ScimElementsMerge(ScimLeaf(&attribute->target), made);
	return made;
}

/* The values of a row, and of a document. */
typedef struct Sides
{
	const ScimBoundAttribute *attribute;
	const JsonbValue *of_row;
	const JsonbValue *of_document;
	ScimValueIndex *rows;
	ScimValueIndex *documents;
	ScimValueIndex *letters; /* of the document; NULL: nobody has asked yet */
	JsonbValue *made;        /* of the rows of a table; the same */
	ScimValueIndex *all_made;
} Sides;

static Sides
begin_sides(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
			const JsonbValue *of_document)
{
	Sides sides = {.attribute = attribute, .of_row = of_row, .of_document = of_document};

	sides.rows = ScimValuesIndex(attribute, of_row, SCIM_BY_ALL);
	sides.documents = ScimValuesIndex(attribute, of_document, SCIM_BY_ALL);
	return sides;
}

static void
end_sides(Sides *sides)
{
	ScimValuesForget(sides->rows);
	ScimValuesForget(sides->documents);
	if (sides->letters != NULL)
		ScimValuesForget(sides->letters);
	if (sides->all_made != NULL)
		ScimValuesForget(sides->all_made);
}

/* Does a row say a value of the document, or do several of a table that are one? */
static bool
is_said(Sides *sides, const JsonbValue *value)
{
	if (ScimValuesFind(sides->rows, sides->of_row, value) >= 0)
		return true;
	if (sides->attribute->kind != SCIM_BOUND_TABLE)
		return false;
	if (sides->made == NULL)
	{
		sides->made = ScimBoundMade(sides->attribute, sides->of_row);
		sides->all_made = ScimValuesIndex(sides->attribute, sides->made, SCIM_BY_ALL);
	}
	return ScimValuesFind(sides->all_made, sides->made, value) >= 0;
}

static bool
all_said(Sides *sides)
{
	for (int i = 0; i < sides->of_document->val.array.nElems; i++)
	{
		if (!is_said(sides, &sides->of_document->val.array.elems[i]))
			return false;
	}
	return true;
}

static bool
all_found(const ScimValueIndex *all, const JsonbValue *in, const JsonbValue *of)
{
	for (int i = 0; i < of->val.array.nElems; i++)
	{
		if (ScimValuesFind(all, in, &of->val.array.elems[i]) < 0)
			return false;
	}
	return true;
}

/* Is a row one with another, which says what the store has made of both? */
static bool
is_told(Sides *sides, const JsonbValue *element)
{
	if (ScimValuesFind(sides->documents, sides->of_document, element) >= 0)
		return true;
	if (sides->letters == NULL)
		sides->letters =
			ScimValuesIndex(sides->attribute, sides->of_document, SCIM_BY_LETTERS);
	for (int at = ScimValuesFirst(sides->letters, element); at >= 0;
		 at = ScimValuesNext(sides->letters, at))
	{
		const JsonbValue *other =
			&sides->of_document->val.array.elems[ScimValuesItem(sides->letters, at)];

		if (ScimBoundSameEntry(sides->attribute, element, other) &&
			ScimBoundCovers(&sides->attribute->table, element, other) &&
			is_said(sides, other))
			return true;
	}
	return false;
}

static bool
all_told(Sides *sides)
{
	for (int i = 0; i < sides->of_row->val.array.nElems; i++)
	{
		if (!is_told(sides, &sides->of_row->val.array.elems[i]))
			return false;
	}
	return true;
}

/* Is it one part of each of several values? */
static bool
is_part_of_many(const ScimBoundAttribute *attribute)
{
	return attribute->kind != SCIM_BOUND_TABLE && attribute->choose == NIL &&
		   attribute->target.sub != NULL && attribute->target.attribute->multi_valued;
}

/*
 * Of a part of several values: does what a row says besides become one with other
 * values of the document, when it is written?
 */
static bool
parts_told(const Sides *sides, const JsonbValue *document)
{
	const ScimAttribute *of = sides->attribute->target.attribute;
	JsonbValue *object = ScimBoundContainer(sides->attribute, document);
	JsonbValue *made = object != NULL ? ScimJsonGet(object, of->name) : NULL;
	int n;

	if (made == NULL || made->type != jbvArray)
		return false;
	made = ScimJsonCopy(made);
	n = made->val.array.nElems;
	for (int i = 0; i < sides->of_row->val.array.nElems; i++)
	{
		const JsonbValue *part = &sides->of_row->val.array.elems[i];
		JsonbValue *element;

		if (ScimValuesFind(sides->documents, sides->of_document, part) >= 0)
			continue;
		element = ScimJsonNewObject();
		ScimJsonSet(element, sides->attribute->target.sub->name, part);
		ScimJsonAppend(made, element);
	}
	if (made->val.array.nElems > n)
	{
		ScimElementsDistinct(of, made);
		ScimElementsMerge(of, made);
	}
	return made->val.array.nElems <= n;
}

/*
 * ScimBoundEqual: does a row say the same as a document?  NULL: nothing.  document: the
 * whole of it; NULL: of a part of several values each has to be there as it is.
 */
bool
ScimBoundEqual(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
			   const JsonbValue *of_document, const JsonbValue *document)
{
	Sides sides;
	bool equal;

	if (attribute->kind == SCIM_BOUND_MEMBERS)
		return true;
	if (of_row == NULL || of_document == NULL)
		return of_row == of_document;
	if (of_row->type != jbvArray || of_document->type != jbvArray)
		return ScimBoundSameValue(attribute, of_row, of_document);
	sides = begin_sides(attribute, of_row, of_document);
	if (!all_said(&sides))
		equal = false;
	else if (!is_part_of_many(attribute))
		equal = all_told(&sides);
	else
		equal = all_found(sides.documents, of_document, of_row) ||
				(document != NULL && parts_told(&sides, document));
	end_sides(&sides);
	return equal;
}

/* The last value of a document that has the "value" of an element, or NULL. */
static const JsonbValue *
find_same(const ScimValueIndex *values, const JsonbValue *of_document,
		  const JsonbValue *element)
{
	const JsonbValue *value = ScimJsonGet(element, "value");
	const JsonbValue *found = NULL;

	if (value == NULL)
		return NULL;
	for (int at = ScimValuesFirst(values, element); at >= 0;
		 at = ScimValuesNext(values, at))
	{
		const JsonbValue *other =
			&of_document->val.array.elems[ScimValuesItem(values, at)];
		const JsonbValue *others =
			other->type == jbvObject ? ScimJsonGet(other, "value") : NULL;

		if (others != NULL && ScimJsonEqual(value, others))
			found = other;
	}
	return found;
}

/*
 * ScimBoundMerge: what a document has to say of an attribute to say what the row does.
 * Of values that are there already all stays that the table has no columns for.
 */
JsonbValue *
ScimBoundMerge(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
			   const JsonbValue *of_document)
{
	JsonbValue *merged;
	ScimValueIndex *values;
	Sides sides;
	const ListCell *lc;

	if (attribute->kind != SCIM_BOUND_TABLE || of_row == NULL || of_document == NULL ||
		of_document->type != jbvArray)
		return (JsonbValue *) of_row;
	merged = ScimJsonNewArray();
	sides = begin_sides(attribute, of_row, of_document);
	/* in the order of the document */
	for (int i = 0; i < of_document->val.array.nElems; i++)
	{
		const JsonbValue *element = &of_document->val.array.elems[i];

		if (is_said(&sides, element))
			ScimJsonAppend(merged, element);
	}
	values = ScimValuesIndex(attribute, of_document, SCIM_BY_VALUE);
	for (int i = 0; i < of_row->val.array.nElems; i++)
	{
		const JsonbValue *element = &of_row->val.array.elems[i];
		const JsonbValue *of_same;
		JsonbValue *made;

		if (is_told(&sides, element))
			continue;
		of_same = find_same(values, of_document, element);
		made = of_same != NULL ? ScimJsonCopy(of_same) : ScimJsonNewObject();
		foreach (lc, attribute->table.subs)
		{
			const char *name = ((const ScimBoundSub *) lfirst(lc))->attribute->name;

			ScimJsonSetOrRemove(made, name, ScimJsonGet(element, name));
		}
		ScimJsonAppend(merged, made);
	}
	ScimValuesForget(values);
	end_sides(&sides);
	return merged;
}

/* ScimBoundDiffer: in what a row and a resource do not say the same. */
List *
ScimBoundDiffer(const ScimBinding *binding, const ScimRowView *row,
				const ScimBoundResource *resource)
{
	List *attributes = NIL;
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		ScimBoundAttribute *attribute = lfirst(lc);

		if (!ScimBoundEqual(attribute, row->values[foreach_current_index(lc)],
							ScimRowValue(attribute, resource), resource->document))
			attributes = lappend(attributes, attribute);
	}
	return attributes;
}
