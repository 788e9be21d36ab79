/*
 * agree.c
 *		What a row says of one attribute in several ways: as a whole and by its parts, by
 *		a document and by columns beside it.
 *
 * All that columns say has to be true afterwards, and all that a document does, but that
 * columns go before it.  What is said of parts completes what is said of the whole.
 * Whatever else would be lost on the way makes the row invalid: a value of the wrong
 * type, or another one.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "import/import.h"
#include "json/json.h"
#include "text/hash.h"

#define OPTIONS (SCIM_BY_SERVICE | SCIM_OF_STORED)

static bool
is_about_same(const ScimField *a, const ScimField *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind)
	{
		case SCIM_FIELD_ATTRIBUTE:
			return a->bound.target.extension == b->bound.target.extension &&
				   a->bound.target.attribute == b->bound.target.attribute;
		case SCIM_FIELD_MEMBERS:
		case SCIM_FIELD_PASSWORD:
		case SCIM_FIELD_ID:
			return true;
		default:
			return false;
	}
}

static uint32
attribute_hash(const ScimField *field)
{
	const void *attribute = field->bound.target.attribute;

	return field->kind != SCIM_FIELD_ATTRIBUTE ? field->kind
											   : ScimHash(&attribute, sizeof(attribute));
}

/* What finds the first of all that is stated about an attribute, or about a field. */
static void
index_stated(ScimImportRow *row)
{
	int n = list_length(row->stated);

	ScimBucketsInit(&row->by_attribute, n);
	ScimBucketsInit(&row->by_field, n);
	for (int i = n - 1; i >= 0; i--)
	{
		const ScimField *field = ((const ScimStated *) list_nth(row->stated, i))->field;

		ScimBucketsAdd(&row->by_attribute, attribute_hash(field), i);
		ScimBucketsAdd(&row->by_field, ScimFieldHash(field), i);
	}
}

/* Another statement about the attribute of one, or NULL. */
static const ScimStated *
other_of(const ScimImportRow *row, const ScimStated *stated, bool of_both)
{
	const ScimBuckets *buckets = &row->by_attribute;

	for (int at = ScimBucketsFirst(buckets, attribute_hash(stated->field)); at >= 0;
		 at = ScimBucketsNext(buckets, at))
	{
		const ScimStated *other = list_nth(row->stated, ScimBucketsItem(buckets, at));

		if (other != stated && (of_both || other->in_document == stated->in_document) &&
			is_about_same(other->field, stated->field))
			return other;
	}
	return NULL;
}

/* ScimRowColumnSays: does a column say what a statement of the row does? */
bool
ScimRowColumnSays(const ScimImportRow *row, const ScimStated *stated)
{
	const ScimBuckets *buckets = &row->by_field;

	for (int at = ScimBucketsFirst(buckets, ScimFieldHash(stated->field)); at >= 0;
		 at = ScimBucketsNext(buckets, at))
	{
		const ScimStated *other = list_nth(row->stated, ScimBucketsItem(buckets, at));

		if (!other->in_document && ScimFieldsAreSame(other->field, stated->field))
			return true;
	}
	return false;
}

/* Does a column say what a statement of a document does, in its place? */
static bool
is_replaced(const ScimImportRow *row, const ScimStated *stated)
{
	return stated->in_document && ScimRowColumnSays(row, stated);
}

/* Of a row without any, which most are, nothing more is asked. */
static bool
says_twice(const ScimImportRow *row)
{
	const ListCell *lc;

	foreach (lc, row->stated)
	{
		CHECK_FOR_INTERRUPTS();
		if (other_of(row, lfirst(lc), true) != NULL)
			return true;
	}
	return false;
}

/*
 * The document comes before columns, and what is whole before what is set in it; of
 * members, who are counted, one statement is left.
 */
static List *
in_order(const ScimImportRow *row)
{
	List *sorted = NIL;
	const ListCell *lc;

	for (int order = 0; order < 2 * SCIM_FIELD_ORDERS; order++)
	{
		foreach (lc, row->stated)
		{
			ScimStated *stated = lfirst(lc);

			if (ScimFieldOrder(stated->field) +
						(stated->in_document ? 0 : SCIM_FIELD_ORDERS) ==
					order &&
				(stated->field->kind != SCIM_FIELD_MEMBERS || !is_replaced(row, stated)))
				sorted = lappend(sorted, stated);
		}
	}
	return sorted;
}

static JsonbValue *
canonical(const ScimImport *import, const ScimField *field, const JsonbValue *value,
		  List **problems)
{
	return ScimCanonicaliseValue(import->type, ScimLeaf(&field->bound.target), value,
								 field->bound.path, OPTIONS, problems);
}

/* A short form, which has no place for a part, becomes what it stands for. */
static void
write_out(const ScimImport *import, ScimStated *stated)
{
	const ScimAttribute *attribute = stated->field->bound.target.attribute;
	List *problems = NIL;
	JsonbValue *value;

	if (stated->field->kind != SCIM_FIELD_ATTRIBUTE || stated->value == NULL ||
		stated->field->bound.target.sub != NULL || attribute->type != SCIM_TYPE_COMPLEX ||
		(!attribute->multi_valued && stated->value->type == jbvObject))
		return;
	value = canonical(import, stated->field, stated->value, &problems);
	if (value != NULL && problems == NIL)
		stated->value = value;
}

/* Does a value say all that another one does? */
static bool
contains(const JsonbValue *all, const JsonbValue *one)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (ScimJsonIsUnassigned(one))
		return true;
	if (all == NULL)
		return false;
	if (all->type == jbvArray && one->type != jbvArray)
	{
		for (int i = 0; i < all->val.array.nElems; i++)
		{
			if (contains(&all->val.array.elems[i], one))
				return true;
		}
		return false;
	}
	if (all->type != one->type)
		return false;
	if (one->type == jbvArray)
	{
		for (int i = 0; i < one->val.array.nElems; i++)
		{
			const JsonbValue *element = &one->val.array.elems[i];

			/* most often it stands where it did */
			if ((i >= all->val.array.nElems ||
				 !contains(&all->val.array.elems[i], element)) &&
				!contains(all, element))
				return false;
		}
		return true;
	}
	if (one->type != jbvObject)
		return ScimJsonSaysSame(all, one);
	for (int i = 0; i < one->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &one->val.object.pairs[i];

		if (!contains(ScimJsonGetFolded(all, ScimJsonStringCopy(&pair->key)),
					  &pair->value))
			return false;
	}
	return true;
}

/* Is what the row says here true of a document? */
static bool
holds(const ScimImport *import, const ScimStated *stated, const JsonbValue *document)
{
	const JsonbValue *now = ScimBoundGet(&stated->field->bound, document);
	List *problems = NIL;
	const JsonbValue *is;
	const JsonbValue *says;

	if (contains(now, stated->value) || ScimFieldSays(stated->field, now, stated->value))
		return true;
	if (now == NULL)
		return false;
	is = canonical(import, stated->field, now, &problems);
	says = canonical(import, stated->field, stated->value, &problems);
	return problems == NIL && says != NULL && contains(is, says);
}

/* What is wrong with a value, if anything is. */
static List *
problems_of(const ScimImport *import, const ScimStated *stated)
{
	List *problems = NIL;

	(void) canonical(import, stated->field, stated->value, &problems);
	return problems;
}

/* Sets what a document or columns say of attributes of which more is said. */
static void
set_all(const ScimImport *import, ScimImportRow *row, bool in_document,
		JsonbValue *document)
{
	const ListCell *lc;

	foreach (lc, row->stated)
	{
		ScimStated *stated = lfirst(lc);

		if (stated->in_document != in_document ||
			stated->field->kind != SCIM_FIELD_ATTRIBUTE ||
			other_of(row, stated, true) == NULL)
			continue;
		write_out(import, stated);
		ScimFieldSet(stated->field, document,
					 stated->value != NULL ? ScimJsonCopy(stated->value) : NULL);
	}
}

/* What of that is not true of the document: in_place, of one that columns change. */
static void
check_all(const ScimImport *import, ScimImportRow *row, bool in_document,
		  const JsonbValue *document, bool in_place)
{
	const ListCell *lc;

	foreach (lc, row->stated)
	{
		const ScimStated *stated = lfirst(lc);
		const ScimStated *other;
		List *problems;

		if (stated->in_document != in_document || stated->value == NULL ||
			stated->field->kind != SCIM_FIELD_ATTRIBUTE)
			continue;
		other = other_of(row, stated, in_place);
		if (other == NULL || holds(import, stated, document) ||
			(in_place && is_replaced(row, stated)))
			continue;
		problems = problems_of(import, stated);
		if (problems == NIL && in_place)
			continue;
		if (problems == NIL)
			problems = ScimProblemAdd(NIL, SCIM_INVALID_VALUE, stated->field->key,
									  "\"%s\" and \"%s\" say different things",
									  stated->field->key, other->field->key);
		row->problems = list_concat(row->problems, problems);
		if (list_length(row->problems) >= SCIM_MAX_PROBLEMS)
			return;
	}
}

/*
 * ScimRowAgree brings what a row says of its attributes in an order in which all of it
 * can be true; where it cannot there are problems.
 */
void
ScimRowAgree(const ScimImport *import, ScimImportRow *row)
{
	JsonbValue *document = ScimJsonNewObject();

	index_stated(row);
	if (row->problems != NIL || !says_twice(row))
		return;
	row->stated = in_order(row);
	index_stated(row);
	set_all(import, row, true, document);
	check_all(import, row, true, document, false);
	set_all(import, row, false, document);
	check_all(import, row, false, document, false);
	if (row->problems == NIL)
		check_all(import, row, true, document, true);
}

/* ScimRowStates: does the row say something of an attribute? */
bool
ScimRowStates(const void *arg, const ScimResolved *resolved)
{
	const ScimImportRow *row = arg;
	const ListCell *lc;

	foreach (lc, row->stated)
	{
		const ScimField *field = ((const ScimStated *) lfirst(lc))->field;
		const ScimResolved *target = &field->bound.target;

		if (field->kind == SCIM_FIELD_ATTRIBUTE &&
			target->extension == resolved->extension &&
			target->attribute == resolved->attribute &&
			(target->sub == NULL || resolved->sub == NULL ||
			 target->sub == resolved->sub))
			return true;
	}
	return false;
}
