/*
 * common.c
 *		The attributes that every resource has (RFC 7643 section 3.1).
 *
 * They belong to no schema document, so they are written down here.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/schema.h"

#define NAME(text) .name = (text), .name_len = sizeof(text) - 1
#define META &common_attributes[3]

static const ScimAttribute common_attributes[4];

static const ScimAttribute meta_attributes[] = {
	{NAME("resourceType"), .description = "The name of the resource type.",
	 .type = SCIM_TYPE_STRING, .case_exact = true, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
	{NAME("created"), .description = "When the resource was created.",
	 .type = SCIM_TYPE_DATETIME, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
	{NAME("lastModified"), .description = "When the resource was last changed.",
	 .type = SCIM_TYPE_DATETIME, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
	{NAME("location"), .description = "The URI of the resource.",
	 .type = SCIM_TYPE_REFERENCE, .case_exact = true, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
	/* the last: ScimIsVersion */
	{NAME("version"),
	 .description = "The version of the resource, as in the header ETag.",
	 .type = SCIM_TYPE_STRING, .case_exact = true, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .parent = META},
};

static const ScimAttribute common_attributes[4] = {
	{NAME("schemas"),
	 .description = "The URNs of the schemas of the attributes that are there.",
	 .type = SCIM_TYPE_REFERENCE, .multi_valued = true, .required = true,
	 .case_exact = true, .mutability = SCIM_READ_WRITE, .returned = SCIM_RETURNED_ALWAYS},
	{NAME("id"), .description = "The id that the service gave to the resource.",
	 .type = SCIM_TYPE_STRING, .case_exact = true, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_ALWAYS, .uniqueness = SCIM_UNIQUENESS_SERVER},
	{NAME("externalId"), .description = "The id that the client gave to the resource.",
	 .type = SCIM_TYPE_STRING, .case_exact = true, .mutability = SCIM_READ_WRITE,
	 .returned = SCIM_RETURNED_DEFAULT},
	{NAME("meta"), .description = "What the service says about the resource.",
	 .type = SCIM_TYPE_COMPLEX, .mutability = SCIM_READ_ONLY,
	 .returned = SCIM_RETURNED_DEFAULT, .nsubs = lengthof(meta_attributes),
	 .subs = (ScimAttribute *) meta_attributes},
};

/*
 * ScimCommonSchema returns schemas, id, externalId and meta as if they were a
 * schema; it has no URN.
 */
const ScimSchema *
ScimCommonSchema(void)
{
	static const ScimSchema common = {
		.id = "",
		.name = "common",
		.nattributes = lengthof(common_attributes),
		.attributes = (ScimAttribute *) common_attributes,
	};

	return &common;
}

/* Do two attributes have the same characteristics, but for what they are described by? */
static bool
is_same(const ScimAttribute *attribute, const ScimAttribute *other)
{
	check_stack_depth();
	if (attribute->type != other->type ||
		attribute->multi_valued != other->multi_valued ||
		attribute->required != other->required ||
		attribute->mutability != other->mutability ||
		attribute->returned != other->returned ||
		attribute->uniqueness != other->uniqueness || attribute->date != other->date ||
		(attribute->pattern == NULL) != (other->pattern == NULL) ||
		(attribute->pattern != NULL && strcmp(ScimPatternText(attribute->pattern),
											  ScimPatternText(other->pattern)) != 0) ||
		list_length(attribute->canonical_values) != list_length(other->canonical_values))
		return false;
	if (attribute->type != SCIM_TYPE_COMPLEX && attribute->type != SCIM_TYPE_DATETIME &&
		attribute->case_exact != other->case_exact)
		return false;
	for (int i = 0; i < attribute->nsubs; i++)
	{
		int j = 0;

		while (j < other->nsubs &&
			   !ScimNameEqual(attribute->subs[i].name, other->subs[j].name))
			j++;
		if (j == other->nsubs || !is_same(&attribute->subs[i], &other->subs[j]))
			return false;
	}
	return true;
}

/*
 * ScimCommonFault gives the first attribute of a base schema that has the name of one
 * that all resources have and is not what RFC 7643 section 3.1 says of it; NULL: there is
 * none. before: the schema as it was, whose faults are nobody's any more, or NULL.
 */
const ScimAttribute *
ScimCommonFault(const ScimSchema *schema, const ScimSchema *before)
{
	for (int i = 0; i < schema->nattributes; i++)
	{
		const ScimAttribute *attribute = &schema->attributes[i];
		const char *name = attribute->name;
		const ScimAttribute *common =
			ScimSchemaAttribute(ScimCommonSchema(), name, strlen(name));
		const ScimAttribute *old =
			before != NULL ? ScimSchemaAttribute(before, name, strlen(name)) : NULL;

		if (common != NULL && !is_same(attribute, common) &&
			(old == NULL || !is_same(attribute, old)))
			return attribute;
	}
	return NULL;
}

/* ScimIsVersion: is this attribute meta.version? */
bool
ScimIsVersion(const ScimAttribute *attribute)
{
	return attribute == &meta_attributes[lengthof(meta_attributes) - 1];
}
