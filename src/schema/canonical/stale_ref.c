/*
 * stale_ref.c
 *		What leads to a resource when a reference gets another value, or none.
 *
 * "value" of a complex attribute such as "manager" is the id of a resource, and "$ref"
 * beside it leads there (RFC 7643 section 2.4).  A write that changes the one and carries
 * the other along as it was stored has said nothing of that: it goes, on every way in.
 */
#include "postgres.h"

#include "schema/canonical/canonical.h"

#include "json/json.h"
#include "schema/canonical/value.h"
#include "text/uri.h"

/* ScimIsReference: has an attribute a "value", and a "$ref" that leads to it? */
bool
ScimIsReference(const ScimAttribute *attribute)
{
	return attribute->type == SCIM_TYPE_COMPLEX &&
		   ScimAttributeSub(attribute, "value", strlen("value")) != NULL &&
		   ScimAttributeSub(attribute, "$ref", strlen("$ref")) != NULL;
}

/* Does a URI end in this segment? */
static bool
leads_to(const JsonbValue *ref, const JsonbValue *value)
{
	int len;
	const char *end = ScimUriLastSegment(ref->val.string.val, ref->val.string.len, &len);

	return value->type == jbvString && end != NULL &&
		   ScimNameEqualN(end, len, value->val.string.val, value->val.string.len);
}

/* Where a document that is not canonical yet has an attribute, or NULL. */
static JsonbValue *
stated_at(const ScimResourceType *type, const ScimSchema *schema,
		  const ScimAttribute *attribute, const JsonbValue *document)
{
	JsonbValue *object =
		schema != type->schema ? ScimJsonGetFolded(document, schema->id) : NULL;
	JsonbValue *value = NULL;

	if (object != NULL && object->type == jbvObject)
		value = ScimJsonGetFolded(object, attribute->name);
	if (value == NULL)
		value =
			ScimJsonGetFolded(document, psprintf("%s:%s", schema->id, attribute->name));
	return value != NULL ? value : ScimJsonGetFolded(document, attribute->name);
}

/*
 * Does a reference carry along the "$ref" of what it led to before?  clears: also where
 * its value is gone, which else says that the "$ref" is all there is of it.
 */
static bool
is_stale(const JsonbValue *before, const JsonbValue *stated, bool clears)
{
	const JsonbValue *old_ref = ScimJsonGet(before, "$ref");
	const JsonbValue *old_value = ScimJsonGet(before, "value");
	const JsonbValue *ref;
	const JsonbValue *value;

	if (old_ref == NULL || old_ref->type != jbvString || stated->type != jbvObject)
		return false;
	ref = ScimJsonGetFolded(stated, "$ref");
	if (ref == NULL || ref->type != jbvString || !ScimJsonEqual(ref, old_ref))
		return false;
	value = ScimJsonGetFolded(stated, "value");
	if (value == NULL || ScimJsonIsUnassigned(value))
		return clears && old_value != NULL;
	return (old_value == NULL || !ScimJsonEqual(value, old_value)) &&
		   !leads_to(ref, value);
}

static JsonbValue *
drop_of_schema(const ScimResourceType *type, const ScimSchema *schema,
			   const JsonbValue *before, const JsonbValue *document, bool clears,
			   JsonbValue *copy)
{
	for (int i = 0;
		 before != NULL && before->type == jbvObject && i < schema->nattributes; i++)
	{
		const ScimAttribute *attribute = &schema->attributes[i];
		const JsonbValue *old_value = ScimJsonGet(before, attribute->name);
		JsonbValue *stated;

		if (old_value == NULL || old_value->type != jbvObject ||
			attribute->multi_valued || !ScimIsReference(attribute))
			continue;
		stated = stated_at(type, schema, attribute, copy != NULL ? copy : document);
		if (stated == NULL || !is_stale(old_value, stated, clears))
			continue;
		if (copy == NULL)
			copy = ScimJsonCopy(document);
		stated = stated_at(type, schema, attribute, copy);
		for (int j = stated->val.object.nPairs - 1; j >= 0; j--)
		{
			const char *name = ScimJsonStringCopy(&stated->val.object.pairs[j].key);

			if (ScimNameEqual(name, "$ref"))
				ScimJsonRemove(stated, name);
		}
	}
	return copy;
}

/*
 * ScimDropStaleReferences returns a document that is written, canonical or not yet, or a
 * copy of it without each "$ref" that is the one of the stored document, where "value"
 * beside it is another one.  clears: the document is all that there is to be, so that a
 * "value" that is gone takes its "$ref" along, too; a client's may leave it to "$ref".
 */
const JsonbValue *
ScimDropStaleReferences(const ScimResourceType *type, const JsonbValue *old_document,
						const JsonbValue *document, bool clears)
{
	JsonbValue *copy = NULL;

	if (document->type != jbvObject)
		return document;
	copy = drop_of_schema(type, type->schema, old_document, document, clears, copy);
	for (int i = 0; i < type->nextensions; i++)
		copy = drop_of_schema(type, type->extensions[i].schema,
							  ScimJsonGet(old_document, type->extensions[i].schema->id),
							  document, clears, copy);
	return copy != NULL ? copy : document;
}

/*
 * ScimReferenceSetValue sets "value" of a complex value of an attribute, or takes it away
 * where value is NULL; where that is a reference, what led to the former one goes.
 */
void
ScimReferenceSetValue(const ScimAttribute *attribute, JsonbValue *complex,
					  const JsonbValue *value)
{
	const JsonbValue *present = ScimJsonGet(complex, "value");
	const JsonbValue *ref = ScimJsonGet(complex, "$ref");

	if (ref != NULL && ScimIsReference(attribute) &&
		(value == NULL || ((present == NULL || !ScimJsonEqual(present, value)) &&
						   !(ref->type == jbvString && leads_to(ref, value)))))
		ScimJsonRemove(complex, "$ref");
	ScimJsonSetOrRemove(complex, "value", value);
}
