/*
 * mutability.c
 *		What a write may change (RFC 7643 section 2.2, "mutability").
 */
#include "postgres.h"

#include "schema/schema.h"

#include "json/json.h"
#include "miscadmin.h"

static void
check_attributes(const ScimAttribute *attributes, int count, const JsonbValue *old_object,
				 JsonbValue *new_object, const char *prefix, List **problems);
static void check_nested(const ScimAttribute *attributes, int count, const char *key,
						 const JsonbValue *old_value, JsonbValue *new_object,
						 const char *prefix, List **problems);

/*
 * ScimCheckImmutable compares two canonical documents of a type.  An immutable
 * attribute that has a value keeps it: where new_document leaves it out it is
 * set, sharing memory with old_document (RFC 7643 section 7: "SHALL NOT be
 * updated"), and where new_document has another value, a problem (mutability) is
 * appended.  The elements of multi-valued attributes have no identity, so what
 * is immutable within them is not compared.
 */
void
ScimCheckImmutable(const ScimResourceType *type, const JsonbValue *old_document,
				   JsonbValue *new_document, List **problems)
{
	check_attributes(type->common->attributes, type->common->nattributes, old_document,
					 new_document, "", problems);
	check_attributes(type->schema->attributes, type->schema->nattributes, old_document,
					 new_document, "", problems);
	for (int i = 0; i < type->nextensions; i++)
	{
		const ScimSchema *schema = type->extensions[i].schema;
		const JsonbValue *old_value = ScimJsonGet(old_document, schema->id);

		if (old_value != NULL)
			check_nested(schema->attributes, schema->nattributes, schema->id, old_value,
						 new_document, psprintf("%s:", schema->id), problems);
	}
	ScimSetSchemas(type, new_document);
}

static void
check_attributes(const ScimAttribute *attributes, int count, const JsonbValue *old_object,
				 JsonbValue *new_object, const char *prefix, List **problems)
{
	check_stack_depth();

	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];
		const JsonbValue *old_value = ScimJsonGet(old_object, attribute->name);
		const JsonbValue *new_value;

		if (old_value == NULL)
			continue;
		if (attribute->mutability == SCIM_IMMUTABLE)
		{
			new_value = ScimJsonGet(new_object, attribute->name);
			if (new_value == NULL)
				ScimJsonSetN(new_object, attribute->name, attribute->name_len, old_value);
			else if (!ScimJsonEqual(old_value, new_value))
			{
				char *path = psprintf("%s%s", prefix, attribute->name);

				*problems =
					lappend(*problems,
							ScimProblemMake(
								SCIM_MUTABILITY, path,
								"attribute \"%s\" is immutable and has a value", path));
			}
		}
		else if (attribute->nsubs > 0 && !attribute->multi_valued)
			check_nested(attribute->subs, attribute->nsubs, attribute->name, old_value,
						 new_object, psprintf("%s%s.", prefix, attribute->name),
						 problems);
	}
}

/* The attributes within one object, which is made if it has to keep something. */
static void
check_nested(const ScimAttribute *attributes, int count, const char *key,
			 const JsonbValue *old_value, JsonbValue *new_object, const char *prefix,
			 List **problems)
{
	JsonbValue *new_value = ScimJsonGet(new_object, key);

	if (new_value != NULL)
		check_attributes(attributes, count, old_value, new_value, prefix, problems);
	else
	{
		new_value = ScimJsonNewObject();
		check_attributes(attributes, count, old_value, new_value, prefix, problems);
		if (new_value->val.object.nPairs > 0)
			ScimJsonSet(new_object, key, new_value);
	}
}
