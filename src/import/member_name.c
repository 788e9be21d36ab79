/*
 * member_name.c
 *		The attribute by which members of groups are named, where it is not their id.
 */
#include "postgres.h"

#include "import/import.h"

static const ScimResourceType *
first_type(const ScimRegistry *registry, bool of_groups)
{
	for (int i = 0; i < registry->ntypes; i++)
	{
		const ScimResourceType *type = &registry->types[i];

		if (of_groups ? type->has_members : type->has_groups)
			return type;
	}
	return NULL;
}

/* ScimMembersAssume: the type of a member that is named by a path and says no type. */
const ScimResourceType *
ScimMembersAssume(const ScimRegistry *registry, const char *path)
{
	return first_type(registry, pg_strcasecmp(path, "displayName") == 0);
}

/*
 * ScimMemberName finds the attribute by which members of a type may be named; false:
 * there is none at that path, or nobody can be found by it, as by a number.
 */
bool
ScimMemberName(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	const ScimAttribute *leaf;

	if (!ScimResolvePath(type, path, resolved))
		return false;
	if (resolved->sub == NULL && resolved->attribute->type == SCIM_TYPE_COMPLEX)
		resolved->sub = ScimAttributeSub(resolved->attribute, "value", strlen("value"));
	leaf = ScimLeaf(resolved);
	/* what the store itself says of a resource is in no document */
	if (resolved->attribute->schema == NULL &&
		strcmp(resolved->attribute->name, "externalId") != 0 &&
		strcmp(resolved->attribute->name, "id") != 0)
		return false;
	if (type->has_groups && resolved->extension == NULL &&
		strcmp(resolved->attribute->name, "groups") == 0)
		return false;
	return (leaf->type == SCIM_TYPE_STRING || leaf->type == SCIM_TYPE_REFERENCE) &&
		   !ScimIsSecret(leaf) && !ScimIsSecret(resolved->attribute);
}

/* ScimMembersCheck: an error where the argument "members" names nobody. */
void
ScimMembersCheck(const ScimRegistry *registry, const char *path)
{
	const ScimResourceType *type = ScimMembersAssume(registry, path);
	ScimResolved resolved;

	if (type == NULL || !ScimResolvePath(type, path, &resolved))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("members must be \"id\" or the path of an attribute, not \"%s\"",
						path)));
	if (!ScimMemberName(type, path, &resolved))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("members must name a string by which somebody can be found, "
						"and attribute \"%s\" is none",
						path)));
}
