/*
 * value.c
 *		Values in documents, compared with those of a row.
 *
 * The two sides are compared by what the attribute means: instants as instants, numbers
 * as numbers, several values whatever their order, and of each only what is bound.  An
 * empty text is no value (RFC 7643 section 2.5).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "binding/bound/bound.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/statement/statement.h"
#include "text/datetime.h"
#include "text/fold.h"
#include "text/hash.h"

/* The last one of the year 9999, in UTC. */
#define LAST_SECOND INT64CONST(253402300799)

/*
 * ScimBoundContainer: the object that an attribute is in: the document, or that of the
 * extension; NULL: there is none.
 */
JsonbValue *
ScimBoundContainer(const ScimBoundAttribute *attribute, const JsonbValue *document)
{
	JsonbValue *found;

	if (attribute->target.extension == NULL)
		return (JsonbValue *) document;
	found = ScimJsonGet(document, attribute->target.extension->id);
	return found != NULL && found->type == jbvObject ? found : NULL;
}

static bool
is_chosen(const ScimBoundAttribute *attribute, const JsonbValue *element)
{
	const ListCell *lc;

	if (element->type != jbvObject)
		return false;
	foreach (lc, attribute->choose)
	{
		const ScimChosen *chosen = lfirst(lc);
		const JsonbValue *value = ScimJsonGet(element, chosen->sub->name);

		if (value == NULL || value->type != chosen->value->type)
			return false;
		if (value->type == jbvString && !chosen->sub->case_exact
				? !ScimFoldEqual(value->val.string.val, value->val.string.len,
								 chosen->value->val.string.val,
								 chosen->value->val.string.len)
				: !ScimJsonEqual(value, chosen->value))
			return false;
	}
	return true;
}

static JsonbValue *
chosen_element(const ScimBoundAttribute *attribute, const JsonbValue *array)
{
	for (int i = 0;
		 array != NULL && array->type == jbvArray && i < array->val.array.nElems; i++)
	{
		if (is_chosen(attribute, &array->val.array.elems[i]))
			return &array->val.array.elems[i];
	}
	return NULL;
}

static JsonbValue *
assigned(JsonbValue *value)
{
	return value == NULL || ScimJsonIsUnassigned(value) ? NULL : value;
}

/* The id that a value refers to, as text, or what it says else. */
static JsonbValue *
referred(const JsonbValue *value)
{
	const JsonbValue *said = ScimReferenceSaid(value);

	return said != NULL && said->type == jbvString
			   ? ScimJsonNewString(ScimReferredText(said))
			   : NULL;
}

/* ScimBoundGet: what a document says of an attribute; NULL: nothing. */
JsonbValue *
ScimBoundGet(const ScimBoundAttribute *attribute, const JsonbValue *document)
{
	JsonbValue *object = ScimBoundContainer(attribute, document);
	const ScimAttribute *sub = attribute->target.sub;
	JsonbValue *value =
		object != NULL ? ScimJsonGet(object, attribute->target.attribute->name) : NULL;
	JsonbValue *all;

	if (attribute->choose != NIL)
		value = chosen_element(attribute, value);
	if (value != NULL && attribute->kind == SCIM_BOUND_REFERENCE)
		return referred(value);
	if (value == NULL || sub == NULL)
		return assigned(value);
	if (value->type == jbvObject)
		return assigned(ScimJsonGet(value, sub->name));
	if (value->type != jbvArray)
		return NULL;
	/* of all values this part */
	all = ScimJsonNewArray();
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		const JsonbValue *part = value->val.array.elems[i].type == jbvObject
									 ? ScimJsonGet(&value->val.array.elems[i], sub->name)
									 : NULL;

		if (part != NULL)
			ScimJsonAppend(all, part);
	}
	return assigned(all);
}

/*
 * Takes a part away from the values that a filter chooses, and those of them of which
 * nothing is left but what they are chosen by, or no value.
 */
static void
clear_chosen(const ScimBoundAttribute *attribute, JsonbValue *array)
{
	const char *sub = attribute->target.sub->name;

	for (int i = array->val.array.nElems - 1; i >= 0; i--)
	{
		JsonbValue *element = &array->val.array.elems[i];

		if (!is_chosen(attribute, element))
			continue;
		(void) ScimJsonRemove(element, sub);
		if (strcmp(sub, "value") == 0 ||
			element->val.object.nPairs <= list_length(attribute->choose))
			ScimJsonRemoveAt(array, i);
	}
}

/* The one of several values that a filter chooses. */
static void
set_chosen(const ScimBoundAttribute *attribute, JsonbValue *object,
		   const JsonbValue *value)
{
	const char *name = attribute->target.attribute->name;
	JsonbValue *array = ScimJsonGet(object, name);
	JsonbValue *element;
	const ListCell *lc;

	if (array == NULL || array->type != jbvArray)
	{
		if (value == NULL)
			return;
		ScimJsonSet(object, name, ScimJsonNewArray());
		array = ScimJsonGet(object, name);
	}
	if (value == NULL)
	{
		clear_chosen(attribute, array);
		return;
	}
	element = chosen_element(attribute, array);
	if (element == NULL)
	{
		element = ScimJsonNewObject();
		foreach (lc, attribute->choose)
		{
			const ScimChosen *chosen = lfirst(lc);

			ScimJsonSet(element, chosen->sub->name, chosen->value);
		}
		ScimJsonSet(element, attribute->target.sub->name, value);
		ScimJsonAppend(array, element);
		return;
	}
	if (strcmp(attribute->target.sub->name, "value") == 0)
		ScimReferenceSetValue(attribute->target.attribute, element, value);
	else
		ScimJsonSet(element, attribute->target.sub->name, value);
}

/*
 * One part of several values: those that are there stay as they are.  Where several have
 * the same one, each of the parts is that of another.
 */
static void
set_parts(const ScimBoundAttribute *attribute, JsonbValue *object,
		  const JsonbValue *parts)
{
	const char *name = attribute->target.attribute->name;
	const char *sub = attribute->target.sub->name;
	const JsonbValue *before = ScimJsonGet(object, name);
	JsonbValue *after = ScimJsonNewArray();
	int nbefore =
		before != NULL && before->type == jbvArray ? before->val.array.nElems : 0;
	bool *taken = palloc0(sizeof(bool) * (nbefore + 1));

	for (int i = 0; parts != NULL && i < parts->val.array.nElems; i++)
	{
		const JsonbValue *part = &parts->val.array.elems[i];
		const JsonbValue *found = NULL;
		int at = nbefore;
		JsonbValue *made;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < nbefore && (found == NULL || taken[at]); j++)
		{
			const JsonbValue *element = &before->val.array.elems[j];
			const JsonbValue *value =
				element->type == jbvObject ? ScimJsonGet(element, sub) : NULL;

			if (value != NULL && ScimJsonEqual(value, part) &&
				(found == NULL || !taken[j]))
			{
				found = element;
				at = j;
			}
		}
		taken[at] = true;
		if (found == NULL)
		{
			made = ScimJsonNewObject();
			ScimJsonSet(made, sub, part);
			found = made;
		}
		ScimJsonAppend(after, found);
	}
	ScimJsonSetOrRemove(object, name, after->val.array.nElems > 0 ? after : NULL);
}

/*
 * A complex attribute that refers to a resource: what it said of another one goes, but
 * where only "value" is bound what others may have to say of it.
 */
static void
set_reference(const ScimBoundAttribute *attribute, JsonbValue *object,
			  const JsonbValue *id)
{
	const ScimAttribute *of = attribute->target.attribute;
	bool whole = attribute->target.sub == NULL;
	JsonbValue *complex = whole ? NULL : ScimJsonGet(object, of->name);

	if (complex == NULL || complex->type != jbvObject)
	{
		ScimJsonSetOrRemove(object, of->name, id != NULL ? ScimJsonNewObject() : NULL);
		complex = id != NULL ? ScimJsonGet(object, of->name) : NULL;
	}
	if (complex == NULL)
		return;
	ScimJsonSetOrRemove(complex, "value", id);
	ScimJsonSetOrRemove(complex, "$ref",
						id != NULL && ScimAttributeSub(of, "$ref", strlen("$ref")) != NULL
							? ScimReferenceUri(attribute, id)
							: NULL);
}

/* ScimBoundSet makes a document say this of an attribute; NULL: nothing. */
void
ScimBoundSet(const ScimBoundAttribute *attribute, JsonbValue *document,
			 const JsonbValue *value)
{
	const char *name = attribute->target.attribute->name;
	const ScimAttribute *sub = attribute->target.sub;
	JsonbValue *object = ScimBoundContainer(attribute, document);
	JsonbValue *complex;

	if (object == NULL)
	{
		if (value == NULL)
			return;
		ScimJsonSet(document, attribute->target.extension->id, ScimJsonNewObject());
		object = ScimBoundContainer(attribute, document);
	}
	if (attribute->choose != NIL)
		set_chosen(attribute, object, value);
	else if (attribute->kind == SCIM_BOUND_REFERENCE &&
			 attribute->target.attribute->type == SCIM_TYPE_COMPLEX)
		set_reference(attribute, object, value);
	else if (attribute->kind == SCIM_BOUND_REFERENCE && value != NULL &&
			 !ScimHasType(attribute->target.attribute, SCIM_TYPE_STRING))
		ScimJsonSet(object, name, ScimReferenceUri(attribute, value));
	else if (sub == NULL)
		ScimJsonSetOrRemove(object, name, value);
	else if (attribute->target.attribute->multi_valued)
		set_parts(attribute, object, value);
	else
	{
		complex = ScimJsonGet(object, name);
		if (complex == NULL || complex->type != jbvObject)
		{
			if (value == NULL)
				return;
			ScimJsonSet(object, name, ScimJsonNewObject());
			complex = ScimJsonGet(object, name);
		}
		if (strcmp(sub->name, "value") == 0)
			ScimReferenceSetValue(attribute->target.attribute, complex, value);
		else
			ScimJsonSetOrRemove(complex, sub->name, value);
	}
}

/*
 * A time as the server writes it, whose offset is that of the session, in UTC.  What has
 * no offset is in UTC, and a day begins at midnight.  stays: what somebody else wrote is
 * a dateTime as it stands, or none.
 */
static JsonbValue *
conform_instant(JsonbValue *raw, bool stays)
{
	char *stated = ScimJsonStringCopy(raw);
	size_t len = strlen(stated);
	ScimInstant instant;
	char *text;

	if (stays && !ScimDateIsValid(stated, len))
		return raw;
	/* a year of five digits, which ISO 8601 writes with a sign, is refused as it is */
	if (len > 4 && stated[4] >= '0' && stated[4] <= '9')
		return ScimJsonNewString(psprintf("+%s", stated));
	if (ScimDateIsValid(stated, len))
		stated = psprintf("%sT00:00:00Z", stated);
	else if (len > 10 && strpbrk(stated + 10, "Zz+-") == NULL)
		stated = psprintf("%sZ", stated);
	if (!ScimInstantParse(stated, strlen(stated), &instant) ||
		instant.nanoseconds % 1000 != 0)
		return ScimJsonNewString(stated);
	if (instant.seconds > LAST_SECOND)
		return ScimJsonNewString(psprintf("+%s", stated));
	text = ScimInstantText(
		(instant.seconds -
		 ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)) * SECS_PER_DAY) *
			USECS_PER_SEC +
		instant.nanoseconds / 1000);
	len = strlen(text);
	if (len > strlen(".000000Z") &&
		strcmp(text + len - strlen(".000000Z"), ".000000Z") == 0)
		strcpy(text + len - strlen(".000000Z"), "Z");
	return ScimJsonNewString(text);
}

/* What a row says, as the JSON type that the attribute has. */
static JsonbValue *
conform_scalar(const ScimAttribute *attribute, JsonbValue *raw, bool stays)
{
	JsonbValue canonical;
	StringInfoData text;

	if (raw->type == jbvNull)
		return NULL;
	if (raw->type == jbvString && attribute->type == SCIM_TYPE_DATETIME)
		return conform_instant(raw, stays);
	if ((raw->type == jbvNumeric || raw->type == jbvBool) &&
		(ScimHasType(attribute, SCIM_TYPE_STRING) ||
		 ScimHasType(attribute, SCIM_TYPE_REFERENCE)) &&
		attribute->type != SCIM_TYPE_SEVERAL)
	{
		initStringInfo(&text);
		ScimJsonWrite(&text, raw);
		return ScimJsonNewString(text.data);
	}
	if (raw->type != jbvString && raw->type != jbvNumeric && raw->type != jbvBool)
		return raw;
	if (attribute->type == SCIM_TYPE_BOOLEAN || attribute->type == SCIM_TYPE_DECIMAL ||
		attribute->type == SCIM_TYPE_INTEGER)
	{
		if (ScimCanonicaliseScalar(attribute->type, raw, &canonical) == NULL)
		{
			JsonbValue *made = palloc(sizeof(JsonbValue));

			*made = canonical;
			return made;
		}
	}
	return raw;
}

/* The same of each of several values. */
static JsonbValue *
conform_value(const ScimAttribute *attribute, JsonbValue *raw, bool stays)
{
	JsonbValue *all;

	if (raw->type != jbvArray)
		return assigned(conform_scalar(attribute, raw, stays));
	all = ScimJsonNewArray();
	for (int i = 0; i < raw->val.array.nElems; i++)
	{
		JsonbValue *value =
			assigned(conform_scalar(attribute, &raw->val.array.elems[i], stays));

		if (value != NULL)
			ScimJsonAppend(all, value);
	}
	return assigned(all);
}

/* The elements of a table of values, without what is no value of theirs. */
static JsonbValue *
conform_elements(const ScimBoundAttribute *attribute, const JsonbValue *raw)
{
	JsonbValue *elements = ScimJsonNewArray();
	const ListCell *lc;

	for (int i = 0; i < raw->val.array.nElems; i++)
	{
		const JsonbValue *from = &raw->val.array.elems[i];
		JsonbValue *element = ScimJsonNewObject();

		if (from->type != jbvObject)
			continue;
		foreach (lc, attribute->table.subs)
		{
			const ScimBoundSub *sub = lfirst(lc);
			JsonbValue *value = ScimJsonGet(from, sub->attribute->name);

			if (value != NULL && sub->words.values != NIL)
				value = ScimWordsRead(&sub->words, value);
			value = value != NULL
						? conform_value(sub->attribute, value, attribute->as_written)
						: NULL;
			/* a value that is not the primary one need not say so */
			if (value != NULL && !(value->type == jbvBool && !value->val.boolean &&
								   strcmp(sub->attribute->name, "primary") == 0))
				ScimJsonSet(element, sub->attribute->name, value);
		}
		if (element->val.object.nPairs > 0)
			ScimJsonAppend(elements, element);
	}
	return assigned(elements);
}

/* ScimBoundConform: what a row says of an attribute, NULL: nothing. */
JsonbValue *
ScimBoundConform(const ScimBoundAttribute *attribute, const JsonbValue *raw)
{
	const ScimAttribute *of = ScimLeaf(&attribute->target);
	bool stays = attribute->as_written;

	/* who is meant the caller knows */
	if (attribute->kind == SCIM_BOUND_MEMBERS || attribute->kind == SCIM_BOUND_REFERENCE)
		return NULL;
	if (attribute->words.values != NIL)
	{
		JsonbValue *value = ScimWordsRead(&attribute->words, raw);

		return value != NULL ? assigned(conform_scalar(of, value, stays)) : NULL;
	}
	if (raw->type == jbvNull)
		return NULL;
	if (attribute->kind == SCIM_BOUND_TABLE)
		return raw->type == jbvArray ? conform_elements(attribute, raw) : NULL;
	return conform_value(of, (JsonbValue *) raw, stays);
}

/* An instant as the server has it, in microseconds; false: the value is none. */
static bool
instant_of(const ScimAttribute *attribute, const JsonbValue *value, int64 *microseconds)
{
	ScimInstant instant;

	if (value->type != jbvString || attribute->type != SCIM_TYPE_DATETIME ||
		!ScimInstantParse(value->val.string.val, value->val.string.len, &instant))
		return false;
	*microseconds = instant.seconds * 1000000 + (instant.nanoseconds + 500) / 1000;
	return true;
}

static bool
scalars_equal(const ScimAttribute *attribute, const JsonbValue *a, const JsonbValue *b)
{
	int64 x;
	int64 y;

	if (a == NULL || b == NULL)
		return a == b;
	if (instant_of(attribute, a, &x) && instant_of(attribute, b, &y))
		return x == y;
	if (attribute->type == SCIM_TYPE_BINARY && a->type == jbvString &&
		b->type == jbvString)
		return ScimBytesSame(a, b);
	return ScimJsonEqual(a, b);
}

/* The same of all that scalars_equal takes for one. */
static uint32
hash_scalar(const ScimAttribute *attribute, const JsonbValue *value)
{
	int64 microseconds;

	if (value == NULL)
		return 0;
	if (instant_of(attribute, value, &microseconds))
		return ScimHash(&microseconds, sizeof(microseconds));
	return attribute->type == SCIM_TYPE_BINARY && value->type == jbvString
			   ? ScimBytesHash(value)
			   : ScimJsonHash(value);
}

/* What an element says of a sub-attribute, as it is compared; NULL: nothing. */
static const JsonbValue *
compared_part(const ScimAttribute *sub, const JsonbValue *element)
{
	const JsonbValue *part =
		element->type == jbvObject ? assigned(ScimJsonGet(element, sub->name)) : element;

	if (part != NULL && part->type == jbvBool && !part->val.boolean &&
		strcmp(sub->name, "primary") == 0)
		return NULL;
	return part;
}

/* ScimBoundElementsEqual: of two values, all that the table has columns for. */
bool
ScimBoundElementsEqual(const ScimBoundTable *table, const JsonbValue *a,
					   const JsonbValue *b)
{
	const ListCell *lc;

	foreach (lc, table->subs)
	{
		const ScimAttribute *sub = ((const ScimBoundSub *) lfirst(lc))->attribute;

		if (!scalars_equal(sub, compared_part(sub, a), compared_part(sub, b)))
			return false;
	}
	return true;
}

/* ScimBoundSameValue: do two values, or single ones of several, say the same? */
bool
ScimBoundSameValue(const ScimBoundAttribute *attribute, const JsonbValue *a,
				   const JsonbValue *b)
{
	const ScimAttribute *of = ScimLeaf(&attribute->target);

	if (attribute->kind == SCIM_BOUND_TABLE)
		return ScimBoundElementsEqual(&attribute->table, a, b);
	return scalars_equal(of, a, b);
}

/* ScimBoundHash: the same of all values that ScimBoundSameValue takes for one. */
uint32
ScimBoundHash(const ScimBoundAttribute *attribute, const JsonbValue *value)
{
	uint32 hash = 0;
	const ListCell *lc;

	if (attribute->kind != SCIM_BOUND_TABLE)
		return hash_scalar(ScimLeaf(&attribute->target), value);
	foreach (lc, attribute->table.subs)
	{
		const ScimAttribute *sub = ((const ScimBoundSub *) lfirst(lc))->attribute;

		hash = hash_combine(hash, hash_scalar(sub, compared_part(sub, value)));
	}
	return hash;
}

/* A part of an element that is a string, or NULL. */
static const JsonbValue *
string_part(const JsonbValue *element, const char *name)
{
	const JsonbValue *part =
		element->type == jbvObject ? ScimJsonGet(element, name) : NULL;

	return part != NULL && part->type == jbvString ? part : NULL;
}

/* Where the store has a part of the values of an attribute. */
static ScimResolved
place_of(const ScimBoundAttribute *attribute, const ScimAttribute *sub)
{
	ScimResolved place = attribute->target;

	if (sub->parent == ScimLeaf(&place))
		place.sub = sub;
	return place;
}

/* Are parts of two values the same, as the store sees it? */
static bool
same_part(const ScimBoundAttribute *attribute, const ScimAttribute *sub,
		  const JsonbValue *x, const JsonbValue *y)
{
	ScimResolved place = place_of(attribute, sub);

	return x != NULL && y != NULL ? ScimSameValue(&place, x, y) : x == y;
}

/* Does a table of values have a column for this part of a value? */
static bool
has_column(const ScimBoundTable *table, const JsonbValue *key)
{
	const ListCell *lc;

	foreach (lc, table->subs)
	{
		const ScimBoundSub *sub = lfirst(lc);

		if (ScimJsonStringEquals(key, sub->attribute->name))
			return true;
	}
	return false;
}

/*
 * Does a value of the store say what a row does, and no more, as the store sees it?  Of
 * what has no column nobody knows whether it was one with the row.
 */
static bool
same_whole(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
		   const JsonbValue *element)
{
	const ListCell *lc;

	if (attribute->kind != SCIM_BOUND_TABLE)
		return ScimSameValue(&attribute->target, of_row, element);
	for (int i = 0; element->type == jbvObject && i < element->val.object.nPairs; i++)
	{
		if (!has_column(&attribute->table, &element->val.object.pairs[i].key))
			return false;
	}
	foreach (lc, attribute->table.subs)
	{
		const ScimAttribute *sub = ((const ScimBoundSub *) lfirst(lc))->attribute;

		if (!same_part(attribute, sub, compared_part(sub, of_row),
					   compared_part(sub, element)))
			return false;
	}
	return true;
}

/*
 * ScimBoundSameLetters: have two values the same "value", but for the case of its letters
 * where that says nothing?
 */
bool
ScimBoundSameLetters(const ScimBoundAttribute *attribute, const JsonbValue *a,
					 const JsonbValue *b)
{
	const ScimAttribute *sub =
		ScimAttributeSub(ScimLeaf(&attribute->target), "value", strlen("value"));
	const JsonbValue *x = string_part(a, "value");
	const JsonbValue *y = string_part(b, "value");

	return sub != NULL && x != NULL && y != NULL && same_part(attribute, sub, x, y);
}

/*
 * ScimBoundHashLetters: the same of all of which ScimBoundSameLetters or
 * ScimBoundSameEntry says so.
 */
uint32
ScimBoundHashLetters(const ScimBoundAttribute *attribute, const JsonbValue *element)
{
	const ScimAttribute *sub =
		ScimAttributeSub(ScimLeaf(&attribute->target), "value", strlen("value"));
	const JsonbValue *value = string_part(element, "value");
	ScimResolved place = attribute->target;
	uint32 hash = 0;
	const ListCell *lc;

	if (attribute->kind != SCIM_BOUND_TABLE)
		return ScimSameHash(&place, element);
	if (sub != NULL && value != NULL)
	{
		place = place_of(attribute, sub);
		return ScimSameHash(&place, value);
	}
	foreach (lc, attribute->table.subs)
	{
		const JsonbValue *part;

		sub = ((const ScimBoundSub *) lfirst(lc))->attribute;
		part = compared_part(sub, element);
		place = place_of(attribute, sub);
		hash = hash_combine(hash, part != NULL ? ScimSameHash(&place, part) : 0);
	}
	return hash;
}

/* The "value" of an element if it is a string, or its "type" whatever it is; or NULL. */
static const JsonbValue *
entry_part(const JsonbValue *element, const char *name)
{
	const JsonbValue *part;

	if (strcmp(name, "type") != 0)
		return string_part(element, name);
	part = element->type == jbvObject ? ScimJsonGet(element, name) : NULL;
	return part == NULL || ScimJsonIsUnassigned(part) ? NULL : part;
}

/*
 * ScimBoundSameEntry: does the store make one of what a row says and one of its values?
 * Of those that say the same, and that have the same value and type, or of which one has
 * no type: see ScimElementsDistinct and ScimElementsMerge.
 */
bool
ScimBoundSameEntry(const ScimBoundAttribute *attribute, const JsonbValue *of_row,
				   const JsonbValue *element)
{
	static const char *const names[] = {"value", "type"};
	const ScimAttribute *of = ScimLeaf(&attribute->target);

	if (same_whole(attribute, of_row, element))
		return true;
	if (attribute->kind != SCIM_BOUND_TABLE)
		return false;
	for (int i = 0; i < lengthof(names); i++)
	{
		const ScimAttribute *sub = ScimAttributeSub(of, names[i], strlen(names[i]));
		const JsonbValue *x = entry_part(of_row, names[i]);
		const JsonbValue *y = entry_part(element, names[i]);

		if (sub == NULL || (i == 0 && (x == NULL || y == NULL)))
			return false;
		if (x == NULL || y == NULL)
			continue;
		if (!same_part(attribute, sub, x, y))
			return false;
	}
	return true;
}

/*
 * ScimBoundCovers: has a value of the store something of all that a row says which is one
 * with it?  Where they differ, another row may have the last word.
 */
bool
ScimBoundCovers(const ScimBoundTable *table, const JsonbValue *of_row,
				const JsonbValue *value)
{
	const ListCell *lc;

	foreach (lc, table->subs)
	{
		const ScimAttribute *sub = ((const ScimBoundSub *) lfirst(lc))->attribute;

		if (compared_part(sub, of_row) != NULL && compared_part(sub, value) == NULL)
			return false;
	}
	return true;
}

/* ScimColumnFolding: the SQL function by which names in a column of the store compare. */
const char *
ScimColumnFolding(const char *column)
{
	return ScimFoldingFunction(strcmp(column, "user_name") == 0 ? SCIM_FOLD_USER_NAME
																: SCIM_FOLD_CASE);
}

/*
 * ScimRowStored: what the store holds of a value that a row says of an attribute, by
 * which it is compared with that of others; NULL for none.
 */
const JsonbValue *
ScimRowStored(const ScimBinding *binding, const ScimRowView *row,
			  const ScimBoundAttribute *attribute, const JsonbValue *value)
{
	if (value == NULL)
		return NULL;
	return ScimWireValueStored(
		ScimWireCharactersOf(ScimRulesFor(binding->store, row->tenant_id, binding->type)),
		&attribute->target, value);
}

/* ScimBoundKeyColumn: the column of its own that an attribute has in the store, or -1. */
int
ScimBoundKeyColumn(const ScimBoundAttribute *attribute)
{
	for (int i = 0; i < SCIM_KEY_COLUMNS && attribute->target.extension == NULL; i++)
	{
		if (ScimIsKeyColumn(attribute->target.attribute, (ScimKeyColumn) i))
			return i;
	}
	return -1;
}

/* ScimColumnIs: whether a resource (r) has a value in a column, as that compares. */
const char *
ScimColumnIs(const char *column, const char *value)
{
	return strcmp(column, "external_id") == 0
			   ? psprintf("r.external_id = %s COLLATE \"C\"", value)
			   : psprintf("%2$s(r.%1$s) = %2$s(%3$s)", column, ScimColumnFolding(column),
						  value);
}

/* ScimBoundAllBut: those of some attributes of which not that side wins. */
List *
ScimBoundAllBut(const List *attributes, ScimWins wins)
{
	List *others = NIL;
	const ListCell *lc;

	foreach (lc, attributes)
	{
		if (((const ScimBoundAttribute *) lfirst(lc))->wins != wins)
			others = lappend(others, lfirst(lc));
	}
	return others;
}

/*
 * ScimRowValue: what the row of a resource should say of an attribute.  A reference to
 * what has no row stays in the store alone.
 */
JsonbValue *
ScimRowValue(const ScimBoundAttribute *attribute, const ScimBoundResource *resource)
{
	JsonbValue *value;
	Datum key;

	if (attribute->kind == SCIM_BOUND_REFERENCE)
	{
		value = ScimBoundGet(attribute, resource->document);
		return value != NULL &&
					   ScimReferenceKey(attribute, resource->tenant_id, value, &key)
				   ? value
				   : NULL;
	}
	if (attribute->is_id)
		return ScimJsonNewString(ScimUuidText(&resource->id));
	return ScimBoundGet(attribute, resource->document);
}
