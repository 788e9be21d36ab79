/*
 * view_stated.c
 *		What a document says of the attribute of a column of a view (view.c), judged in
 *		the form in which the door stores it.
 *
 * A document may say it in any form that the door takes: the name in other letters or
 * with the URN of its schema, an attribute of an extension without it, a string for an
 * object with a "value", one value for a list.  All of these say the same, and what the
 * door would not take says something that no column can overwrite.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "operation/view/view.h"
#include "text/fold.h"

#define OPTIONS                                                                \
	(SCIM_BY_SERVICE | SCIM_OF_STORED | SCIM_NULL_REMOVES | SCIM_NULL_VALUES | \
	 SCIM_KEEPS_SEALED)

/* Has only one schema of the type an attribute of this name, so that no URN is needed? */
static bool
is_found_bare(const ScimResourceType *type, const ViewColumn *column)
{
	const ScimAttribute *attribute = column->attribute;
	int found = 0;

	if (column->extension == NULL)
		return true;
	if (ScimRefusesUnknown(type) ||
		ScimSchemaAttribute(type->common, attribute->name, attribute->name_len) != NULL ||
		ScimSchemaAttribute(type->schema, attribute->name, attribute->name_len) != NULL)
		return false;
	for (int i = 0; i < type->nextensions; i++)
		found += ScimSchemaAttribute(type->extensions[i].schema, attribute->name,
									 attribute->name_len) != NULL;
	return found == 1;
}

/* Does a key name the attribute, bare or behind the URN of its schema? */
static bool
is_named(const ScimSchema *schema, const ScimAttribute *attribute, bool bare,
		 const JsonbValue *key)
{
	const char *name = key->val.string.val;
	int len = key->val.string.len;

	if (len > schema->id_len + 1 && name[schema->id_len] == ':' &&
		ScimNameEqualN(name, schema->id_len, schema->id, schema->id_len))
	{
		name += schema->id_len + 1;
		len -= schema->id_len + 1;
	}
	else if (!bare)
		return false;
	return ScimNameEqualN(name, len, attribute->name, attribute->name_len);
}

static void
look_in(ViewStated *stated, JsonbValue *object, const ScimSchema *schema,
		const ViewColumn *column, bool bare)
{
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		JsonbPair *pair = &object->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		if (!is_named(schema, column->attribute, bare, &pair->key))
			continue;
		stated->twice = stated->object != NULL;
		stated->object = object;
		stated->index = i;
		stated->raw = &pair->value;
	}
}

/*
 * ScimViewCanonical: a value of an attribute as it would be stored, NULL: there is
 * none; what cannot be is returned as it is.
 */
const JsonbValue *
ScimViewCanonical(const ScimResourceType *type, const ScimAttribute *attribute,
				  const JsonbValue *value)
{
	List *problems = NIL;
	const JsonbValue *canonical;

	if (value == NULL)
		return NULL;
	canonical = ScimCanonicaliseValue(type, attribute, value, attribute->name, OPTIONS,
									  &problems);
	return problems == NIL ? canonical : value;
}

/* ScimViewStatedIn: what a document, an object, says of the attribute of a column. */
ViewStated
ScimViewStatedIn(const ScimResourceType *type, const JsonbValue *document,
				 const ViewColumn *column)
{
	const ScimSchema *schema = column->extension ? column->extension : type->schema;
	ViewStated stated = {0};

	if (column->extension != NULL)
	{
		JsonbValue *object = ScimJsonGetFolded(document, column->extension->id);

		if (object != NULL && object->type == jbvObject)
			look_in(&stated, object, schema, column, true);
		else if (object != NULL && !ScimJsonIsUnassigned(object))
			stated.no_object = object;
	}
	look_in(&stated, (JsonbValue *) document, schema, column,
			is_found_bare(type, column));
	stated.value = ScimViewCanonical(type, column->attribute, stated.raw);
	if (stated.value != NULL && ScimJsonIsUnassigned(stated.value))
		stated.value = NULL;
	return stated;
}

/*
 * ScimViewCanHold: is what is said of an attribute such that the part of it that the
 * column is can be read, and set?
 */
bool
ScimViewCanHold(const ViewColumn *column, const JsonbValue *value)
{
	if (value == NULL || column->sub == NULL)
		return true;
	if (!column->chosen)
		return value->type == jbvObject;
	if (value->type != jbvArray)
		return false;
	value = ScimChosenElement(value);
	return value == NULL || value->type == jbvObject;
}

/* ScimViewPart: the part that the column is of what is said of its attribute, or NULL. */
const JsonbValue *
ScimViewPart(const ViewColumn *column, const JsonbValue *value)
{
	if (!ScimViewCanHold(column, value))
		return NULL;
	if (column->chosen && value != NULL)
		value = ScimChosenElement(value);
	if (column->sub != NULL && value != NULL)
		value = ScimJsonGetFolded(value, column->sub->name);
	return value == NULL || ScimJsonIsUnassigned(value) ? NULL : value;
}

/*
 * ScimViewGather moves what a document says of the attribute of a column to where the
 * column is set, under its own name; what cannot be stored stays as it is.
 */
void
ScimViewGather(const ScimResourceType *type, JsonbValue *document,
			   const ViewColumn *column)
{
	ViewStated stated = ScimViewStatedIn(type, document, column);
	JsonbValue *object = document;
	JsonbValue *value;

	if (stated.object == NULL)
		return;
	value = stated.value != NULL ? ScimJsonCopy(stated.value) : NULL;
	ScimJsonRemoveMember(stated.object, stated.index);
	if (value == NULL)
		return;
	if (column->extension != NULL)
		object = ScimViewExtension(document, column->extension);
	ScimJsonSetN(object, column->attribute->name, column->attribute->name_len, value);
}

/*
 * ScimViewExtension: the object of an extension in a document, made where there is none.
 * Beside it nothing of the extension stands alone.
 */
JsonbValue *
ScimViewExtension(JsonbValue *document, const ScimSchema *extension)
{
	JsonbValue *object = ScimJsonGetFolded(document, extension->id);
	int urn_len = extension->id_len;

	if (object != NULL && object->type == jbvObject)
		return object;
	if (object != NULL)
		*object = *ScimJsonNewObject();
	else
	{
		ScimJsonSetN(document, extension->id, urn_len, ScimJsonNewObject());
		object = ScimJsonGet(document, extension->id);
	}
	for (int i = document->val.object.nPairs - 1; i >= 0; i--)
	{
		JsonbPair pair = document->val.object.pairs[i];
		const char *key = pair.key.val.string.val;
		int len = pair.key.val.string.len;

		CHECK_FOR_INTERRUPTS();
		if (len <= urn_len + 1 || key[urn_len] != ':' ||
			!ScimNameEqualN(key, urn_len, extension->id, urn_len) ||
			ScimSchemaAttribute(extension, key + urn_len + 1, len - urn_len - 1) == NULL)
			continue;
		ScimJsonAddN(object, key + urn_len + 1, len - urn_len - 1, &pair.value);
		ScimJsonRemoveMember(document, i);
		object = ScimJsonGetFolded(document, extension->id);
	}
	return object;
}
