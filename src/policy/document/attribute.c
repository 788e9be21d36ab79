/*
 * attribute.c
 *		The value of an attribute that a rule names, in a canonical document.
 */
#include "postgres.h"

#include "json/json.h"
#include "miscadmin.h"
#include "policy/document/rules.h"
#include "schema/canonical/canonical.h"

/* ScimRulePath writes it as a client does: [URN:]attribute[.sub-attribute]. */
char *
ScimRulePath(const ScimResolved *resolved)
{
	return psprintf("%s%s%s%s%s", resolved->extension ? resolved->extension->id : "",
					resolved->extension ? ":" : "", resolved->attribute->name,
					resolved->sub ? "." : "", resolved->sub ? resolved->sub->name : "");
}

/*
 * ScimRuleIsSingle: has the attribute one value at most, so that there is one place to
 * write it?
 */
bool
ScimRuleIsSingle(const ScimResolved *resolved)
{
	return !resolved->attribute->multi_valued &&
		   (resolved->sub == NULL || !resolved->sub->multi_valued);
}

/* The whole attribute, or NULL. */
static const JsonbValue *
whole_value(const ScimResolved *resolved, const JsonbValue *document)
{
	if (resolved->extension != NULL)
		document = ScimJsonGet(document, resolved->extension->id);
	if (document == NULL || document->type != jbvObject)
		return NULL;
	return ScimJsonGet(document, resolved->attribute->name);
}

/*
 * ScimRuleValue finds the one value that an attribute has: of several the primary one,
 * or else the first.  NULL: there is none.
 */
const JsonbValue *
ScimRuleValue(const ScimResolved *resolved, const JsonbValue *document)
{
	const JsonbValue *value = whole_value(resolved, document);

	if (value != NULL && value->type == jbvArray)
		value = ScimChosenElement(value);
	if (value != NULL && resolved->sub != NULL)
	{
		value = value->type == jbvObject ? ScimJsonGet(value, resolved->sub->name) : NULL;
		if (value != NULL && value->type == jbvArray)
			value = ScimChosenElement(value);
	}
	return value;
}

/* The sub-attribute of one value, or NULL. */
static const JsonbValue *
part_of(const ScimResolved *resolved, const JsonbValue *value)
{
	return value->type == jbvObject ? ScimJsonGet(value, resolved->sub->name) : NULL;
}

static void
add_values(const ScimResolved *resolved, const JsonbValue *value, List **values)
{
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			add_values(resolved, &value->val.array.elems[i], values);
		return;
	}
	if (resolved->sub != NULL)
		value = part_of(resolved, value);
	if (value != NULL)
		*values = lappend(*values, (void *) value);
}

/*
 * ScimRuleValues lists all values that an attribute has, const JsonbValue *; a
 * sub-attribute with several is one.
 */
List *
ScimRuleValues(const ScimResolved *resolved, const JsonbValue *document)
{
	const JsonbValue *value = whole_value(resolved, document);
	List *values = NIL;

	if (value != NULL)
		add_values(resolved, value, &values);
	return values;
}

/*
 * ScimRuleReferred: what one value of an attribute that leads to resources says of whom
 * it names, which for "value" the "$ref" beside it may say; NULL: nothing.
 */
const JsonbValue *
ScimRuleReferred(const ScimResolved *resolved, const JsonbValue *value)
{
	if (resolved->sub == NULL)
		return value;
	if (value->type != jbvObject)
		return NULL;
	return strcmp(resolved->sub->name, "value") == 0
			   ? ScimReferenceSaid(value)
			   : ScimJsonGet(value, resolved->sub->name);
}

/* Adds each value, those of a sub-attribute with several, too; part says what that is. */
static void
add_each(const ScimResolved *resolved, const JsonbValue *value, bool at_sub,
		 const JsonbValue *(*part)(const ScimResolved *resolved, const JsonbValue *value),
		 List **values)
{
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			add_each(resolved, &value->val.array.elems[i], at_sub, part, values);
		return;
	}
	if (resolved->sub != NULL && !at_sub)
	{
		value = part(resolved, value);
		if (value != NULL)
			add_each(resolved, value, true, part, values);
		return;
	}
	*values = lappend(*values, (void *) value);
}

/*
 * ScimRuleEach lists all values that an attribute has, each of a sub-attribute with
 * several by itself: const JsonbValue *.
 */
List *
ScimRuleEach(const ScimResolved *resolved, const JsonbValue *document)
{
	const JsonbValue *value = whole_value(resolved, document);
	List *values = NIL;

	if (value != NULL)
		add_each(resolved, value, false, part_of, &values);
	return values;
}

/* ScimRuleReferences lists the same of what they say of whom they name. */
List *
ScimRuleReferences(const ScimResolved *resolved, const JsonbValue *document)
{
	const JsonbValue *value = whole_value(resolved, document);
	List *references = NIL;

	if (value != NULL)
		add_each(resolved, value, false, ScimRuleReferred, &references);
	return references;
}

/* The object in which the last part is a member; made where make is true, else NULL. */
static JsonbValue *
member_object(const ScimResolved *resolved, JsonbValue *document, bool make)
{
	const char *keys[2] = {resolved->extension ? resolved->extension->id : NULL,
						   resolved->sub ? resolved->attribute->name : NULL};
	JsonbValue *object = document;

	for (size_t i = 0; i < lengthof(keys) && object != NULL; i++)
	{
		JsonbValue *outer = object;

		if (keys[i] == NULL)
			continue;
		object = ScimJsonGet(outer, keys[i]);
		if (object == NULL && make)
		{
			ScimJsonSet(outer, keys[i], ScimJsonNewObject());
			object = ScimJsonGet(outer, keys[i]);
		}
		if (object != NULL && object->type != jbvObject)
			object = NULL;
	}
	return object;
}

/*
 * ScimRuleSet writes the value of an attribute that has one at most, or with several
 * is written as a whole.  NULL: none, and what is empty then goes, too.
 */
void
ScimRuleSet(const ScimResourceType *type, const ScimResolved *resolved,
			JsonbValue *document, const JsonbValue *value)
{
	const char *name = ScimLeaf(resolved)->name;
	JsonbValue *object = member_object(resolved, document, value != NULL);

	if (object == NULL)
		return;
	if (value != NULL)
		ScimJsonSet(object, name, value);
	else if (ScimJsonRemove(object, name) && object->val.object.nPairs == 0)
	{
		if (resolved->sub != NULL)
		{
			ScimResolved whole = {resolved->extension, resolved->attribute, NULL};

			ScimRuleSet(type, &whole, document, NULL);
			return;
		}
		if (resolved->extension != NULL)
			ScimJsonRemove(document, resolved->extension->id);
	}
	if (resolved->extension != NULL)
		ScimSetSchemas(type, document);
}

/* ScimRuleWhole gives all that a document has of what is named, or NULL. */
const JsonbValue *
ScimRuleWhole(const ScimResolved *resolved, const JsonbValue *document)
{
	const JsonbValue *value = whole_value(resolved, document);

	if (value == NULL || resolved->sub == NULL)
		return value;
	return value->type == jbvObject ? ScimJsonGet(value, resolved->sub->name) : NULL;
}
