/*
 * child_match.c
 *		Which rows of a table of values the values of a document come from.
 *
 * A value that changes stays the row that it was where its "value" is the same, or
 * differs in the letters' case only, so that what refers to the row still does.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "binding/bound/bound.h"
#include "binding/sides/child.h"
#include "json/json.h"

/* ScimChildPart: what an element says of a sub-attribute, or NULL. */
const JsonbValue *
ScimChildPart(const JsonbValue *element, const char *name)
{
	const JsonbValue *part =
		element->type == jbvObject ? ScimJsonGet(element, name) : NULL;

	return part == NULL || ScimJsonIsUnassigned(part) ? NULL : part;
}

/* ScimChildCount: of a list, which may be NULL. */
int
ScimChildCount(const JsonbValue *array)
{
	return array != NULL ? array->val.array.nElems : 0;
}

/* How much a row has to say of a value to be the one that it comes from. */
typedef enum Source
{
	SAME_VALUE_AND_TYPE,
	SAME_VALUE,
	SAME_REST,    /* as the store sees it the same, but for the letters' case of it */
	SAME_ENTRY,   /* as the store sees it */
	SAME_LETTERS, /* of its value, whatever else it says */
	SOURCES
} Source;

/* By what the rows of each are found. */
static const ScimFoundBy source_by[] = {SCIM_BY_VALUE_AND_TYPE, SCIM_BY_VALUE,
										SCIM_BY_LETTERS, SCIM_BY_LETTERS,
										SCIM_BY_LETTERS};

/* ScimChildPartsEqual: do two elements say the same of a sub-attribute? */
bool
ScimChildPartsEqual(const JsonbValue *a, const JsonbValue *b, const char *name)
{
	const JsonbValue *x = ScimChildPart(a, name);
	const JsonbValue *y = ScimChildPart(b, name);

	return x != NULL && y != NULL ? ScimJsonEqual(x, y) : x == y;
}

static bool
rest_is_equal(const ScimBoundTable *table, const JsonbValue *a, const JsonbValue *b)
{
	JsonbValue *other = ScimJsonCopy(a);
	const JsonbValue *value = ScimChildPart(b, "value");

	if (other->type != jbvObject || value == NULL)
		return false;
	ScimJsonSet(other, "value", value);
	return ScimBoundElementsEqual(table, other, b);
}

static bool
is_source(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
		  const JsonbValue *element, Source source)
{
	switch (source)
	{
		case SAME_VALUE_AND_TYPE:
			return ScimChildPart(element, "value") != NULL &&
				   ScimChildPartsEqual(of_row, element, "value") &&
				   ScimChildPartsEqual(of_row, element, "type");
		case SAME_VALUE:
			return ScimChildPart(element, "value") != NULL &&
				   ScimChildPartsEqual(of_row, element, "value");
		case SAME_REST:
			return ScimBoundSameEntry(attribute, of_row, element) &&
				   rest_is_equal(&attribute->table, of_row, element);
		case SAME_ENTRY:
			return ScimBoundSameEntry(attribute, of_row, element);
		default:
			return ScimBoundSameLetters(attribute, of_row, element);
	}
}

/* A row that nobody else comes from; rows that say the same are written together. */
static void
find_source(Values *values, const ScimValueIndex *rows, int at, Source source)
{
	const JsonbValue *element = &values->document->val.array.elems[at];
	const JsonbValue *elems = values->rows != NULL ? values->rows->val.array.elems : NULL;
	const JsonbValue *found = NULL;

	for (int i = ScimValuesFirst(rows, element); i >= 0 && found == NULL;
		 i = ScimValuesNext(rows, i))
	{
		int item = ScimValuesItem(rows, i);

		if (!values->stays[item] &&
			is_source(values->attribute, &elems[item], element, source))
			found = &elems[item];
	}
	values->sources[at] = found;
	for (int i = found != NULL ? ScimValuesFirst(values->all, found) : -1; i >= 0;
		 i = ScimValuesNext(values->all, i))
	{
		int item = ScimValuesItem(values->all, i);

		values->stays[item] |= ScimBoundElementsEqual(values->table, &elems[item], found);
	}
}

static void
find_sources(Values *values)
{
	for (int source = 0; source < SOURCES && values->nsaid < values->nvalues; source++)
	{
		ScimValueIndex *rows =
			ScimValuesIndex(values->attribute, values->rows, source_by[source]);

		for (int i = 0; i < values->nvalues; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (!values->said[i] && values->sources[i] == NULL)
				find_source(values, rows, i, (Source) source);
		}
		ScimValuesForget(rows);
	}
}

/*
 * The value of the document that the store makes a row one with, or NULL.  covering: one
 * that has something of all that the row says; only_made: one that several rows say.
 */
static const JsonbValue *
find_entry(const Values *values, const ScimValueIndex *letters, const JsonbValue *of_row,
		   bool covering, bool only_made)
{
	for (int i = ScimValuesFirst(letters, of_row); i >= 0; i = ScimValuesNext(letters, i))
	{
		int item = ScimValuesItem(letters, i);
		const JsonbValue *element = &values->document->val.array.elems[item];

		if ((!only_made || values->made[item]) &&
			ScimBoundSameEntry(values->attribute, of_row, element) &&
			(!covering || ScimBoundCovers(values->table, of_row, element)))
			return element;
	}
	return NULL;
}

/* Rows that the store makes one with a value stay, and say no more than that has. */
static void
find_entries(Values *values, const ScimValueIndex *letters)
{
	for (int i = 0; i < values->nrows; i++)
	{
		const JsonbValue *of_row = &values->rows->val.array.elems[i];

		if (values->stays[i])
			continue;
		values->stays[i] = find_entry(values, letters, of_row, true, false) != NULL;
		if (values->stays[i])
			continue;
		values->more[i] = find_entry(values, letters, of_row, false, false);
		values->stays[i] = values->more[i] != NULL;
	}
}

/* Values that no row says alone, and several do together. */
static void
find_made(Values *values)
{
	JsonbValue *made;
	ScimValueIndex *all;

	if (values->nsaid == values->nvalues || values->nrows < 2)
		return;
	made = ScimBoundMade(values->attribute, values->rows);
	all = ScimValuesIndex(values->attribute, made, SCIM_BY_ALL);
	for (int i = 0; i < values->nvalues; i++)
	{
		if (values->said[i] ||
			ScimValuesFind(all, made, &values->document->val.array.elems[i]) < 0)
			continue;
		values->said[i] = values->made[i] = true;
		values->nsaid++;
	}
	ScimValuesForget(all);
}

/*
 * ScimChildMatch finds what stays and what comes from what: of rows and document.
 * Rows that stay are those that say a value, those that values come from, and those that
 * the store makes one with a value: these are the application's.
 */
void
ScimChildMatch(Values *values)
{
	const ScimBoundAttribute *attribute = values->attribute;
	ScimValueIndex *documents = ScimValuesIndex(attribute, values->document, SCIM_BY_ALL);
	ScimValueIndex *letters =
		ScimValuesIndex(attribute, values->document, SCIM_BY_LETTERS);

	values->all = ScimValuesIndex(attribute, values->rows, SCIM_BY_ALL);
	values->nrows = ScimChildCount(values->rows);
	values->nvalues = ScimChildCount(values->document);
	values->stays = palloc0(sizeof(bool) * (values->nrows + 1));
	values->said = palloc0(sizeof(bool) * (values->nvalues + 1));
	values->made = palloc0(sizeof(bool) * (values->nvalues + 1));
	values->more = palloc0(sizeof(JsonbValue *) * (values->nrows + 1));
	values->sources = palloc0(sizeof(JsonbValue *) * (values->nvalues + 1));
	values->moved = palloc0(sizeof(List *) * (values->nvalues + 1));
	for (int i = 0; i < values->nrows; i++)
		values->stays[i] = ScimValuesFind(documents, values->document,
										  &values->rows->val.array.elems[i]) >= 0;
	for (int i = 0; i < values->nvalues; i++)
	{
		values->said[i] = ScimValuesFind(values->all, values->rows,
										 &values->document->val.array.elems[i]) >= 0;
		values->nsaid += values->said[i];
	}
	find_made(values);
	/* no other value comes from a row that says one along with others */
	for (int i = 0; i < values->nrows; i++)
		values->stays[i] = values->stays[i] ||
						   find_entry(values, letters, &values->rows->val.array.elems[i],
									  true, true) != NULL;
	find_sources(values);
	find_entries(values, letters);
	ScimValuesForget(documents);
	ScimValuesForget(letters);
}
