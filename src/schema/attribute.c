/*
 * attribute.c
 *		Attributes and schemas by name.
 *
 * Names and URNs compare case-insensitively (RFC 7643 section 2.1, RFC 7644
 * section 3.10).  Most schemas have a few dozen attributes: a scan that compares
 * lengths first beats a hash table, which those have that have more.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "json/buckets.h"
#include "text/fold.h"

/* Up to so many attributes are scanned. */
#define MAX_SCAN 32

struct ScimAttributeNames
{
	ScimBuckets by_name; /* indexes of the attributes */
};

/*
 * ScimAttributeNamesMake makes what finds one of many attributes, in the current memory
 * context; NULL: they are few.
 */
const ScimAttributeNames *
ScimAttributeNamesMake(const ScimAttribute *attributes, int count)
{
	ScimAttributeNames *names;

	if (count <= MAX_SCAN)
		return NULL;
	names = palloc(sizeof(ScimAttributeNames));
	ScimBucketsInit(&names->by_name, count);
	for (int i = 0; i < count; i++)
		ScimBucketsAdd(&names->by_name,
					   ScimFoldHash(attributes[i].name, attributes[i].name_len), i);
	return names;
}

static bool
is_called(const ScimAttribute *attribute, const char *name, size_t len)
{
	return attribute->name_len == len && ScimNameEqualN(attribute->name, len, name, len);
}

static const ScimAttribute *
find_attribute(const ScimAttribute *attributes, int count,
			   const ScimAttributeNames *names, const char *name, size_t len)
{
	if (names != NULL)
	{
		for (int at = ScimBucketsFirst(&names->by_name, ScimFoldHash(name, len)); at >= 0;
			 at = ScimBucketsNext(&names->by_name, at))
		{
			const ScimAttribute *attribute =
				&attributes[ScimBucketsItem(&names->by_name, at)];

			if (is_called(attribute, name, len))
				return attribute;
		}
		return NULL;
	}
	for (int i = 0; i < count; i++)
	{
		if (is_called(&attributes[i], name, len))
			return &attributes[i];
	}
	return NULL;
}

/* ScimSchemaAttribute finds an attribute of a schema by name, or NULL. */
const ScimAttribute *
ScimSchemaAttribute(const ScimSchema *schema, const char *name, size_t len)
{
	return find_attribute(schema->attributes, schema->nattributes, schema->names, name,
						  len);
}

/* ScimIsSecret: is it never shown to anybody?  NULL is not. */
bool
ScimIsSecret(const ScimAttribute *attribute)
{
	return attribute != NULL && (attribute->returned == SCIM_RETURNED_NEVER ||
								 attribute->mutability == SCIM_WRITE_ONLY);
}

/* ScimIsUnseen: is it a part that clients have to write, and never see? */
bool
ScimIsUnseen(const ScimAttribute *sub)
{
	return sub->required && sub->mutability != SCIM_READ_ONLY && ScimIsSecret(sub);
}

/* ScimHasUnseen: has an attribute parts that clients have to write, and never see? */
bool
ScimHasUnseen(const ScimAttribute *attribute)
{
	for (int i = 0; i < attribute->nsubs; i++)
	{
		if (ScimIsUnseen(&attribute->subs[i]))
			return true;
	}
	return false;
}

/* ScimHasSealed: has a schema an attribute whose values are sealed? */
bool
ScimHasSealed(const ScimSchema *schema)
{
	for (int i = 0; i < schema->nattributes; i++)
	{
		if (schema->attributes[i].sealed || schema->attributes[i].seals)
			return true;
	}
	return false;
}

/* ScimAttributeSub finds a sub-attribute by name, or NULL. */
const ScimAttribute *
ScimAttributeSub(const ScimAttribute *attribute, const char *name, size_t len)
{
	return find_attribute(attribute->subs, attribute->nsubs, attribute->sub_names, name,
						  len);
}

/* ScimResourceTypeSchema finds the base schema or an extension by URN, or NULL. */
const ScimSchema *
ScimResourceTypeSchema(const ScimResourceType *type, const char *urn, size_t len)
{
	if (ScimNameEqualN(type->schema->id, type->schema->id_len, urn, len))
		return type->schema;
	for (int i = 0; i < type->nextensions; i++)
	{
		const ScimSchema *schema = type->extensions[i].schema;

		if (ScimNameEqualN(schema->id, schema->id_len, urn, len))
			return schema;
	}
	return NULL;
}

/* ScimIsMembers says whether an attribute is "members" of a group. */
bool
ScimIsMembers(const ScimResourceType *type, const ScimAttribute *attribute)
{
	return type->has_members && attribute->schema == type->schema &&
		   attribute->parent == NULL && strcmp(attribute->name, "members") == 0;
}

/* ScimIsOfMemberships: that, or "groups" of a user, which memberships say as well. */
bool
ScimIsOfMemberships(const ScimResourceType *type, const ScimAttribute *attribute)
{
	return ScimIsMembers(type, attribute) ||
		   (type->has_groups && attribute->schema == type->schema &&
			attribute->parent == NULL && strcmp(attribute->name, "groups") == 0);
}
