/*
 * settings.c
 *		What the compilers of policies need to read settings.
 */
#include "postgres.h"

#include "path/path.h"
#include "policy/rules.h"

/*
 * ScimResolvePath finds the attribute that a policy names.  False where there is
 * none: an unknown one, a schema, a value path.
 */
bool
ScimResolvePath(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	ScimProblem *problem = NULL;
	ScimPath *parsed = ScimPathParse(path, strlen(path), &problem);
	ScimAttrRef ref;

	if (parsed == NULL || ScimPathFilter(parsed) != NULL)
		return false;
	ref = ScimPathAttrRef(parsed);
	return ScimResolve(type, &ref, resolved) && resolved->attribute != NULL;
}

/*
 * ScimAttributeFault resolves the path of an attribute that is there, and is kept as
 * a client states it; or says, in words that follow the name of a policy, what is wrong.
 */
const char *
ScimAttributeFault(const ScimResourceType *type, const char *path, ScimResolved *resolved)
{
	const ScimAttribute *attribute;
	const char *name;

	if (!ScimResolvePath(type, path, resolved))
		return psprintf("names the unknown attribute \"%s\"", path);
	attribute = resolved->attribute;
	name = attribute->name;
	if (attribute->schema == NULL && strcmp(name, "externalId") != 0)
		return psprintf("names the attribute \"%s\", which the store itself sets", path);
	if (type->has_groups && resolved->extension == NULL && strcmp(name, "groups") == 0)
		return psprintf("names the attribute \"%s\", which follows from the groups",
						path);
	if (type->has_groups && resolved->extension == NULL && strcmp(name, "password") == 0)
		return psprintf("names the attribute \"%s\", which is not kept", path);
	if (ScimIsOfMembers(type, resolved) && resolved->sub != NULL &&
		strcmp(resolved->sub->name, "value") != 0 &&
		strcmp(resolved->sub->name, "type") != 0)
		return psprintf("names the attribute \"%s\", which follows from the member",
						path);
	return NULL;
}

/* ScimIsOfMembers: is it the attribute "members" of a group, or a part of it? */
bool
ScimIsOfMembers(const ScimResourceType *type, const ScimResolved *resolved)
{
	return type->has_members && resolved->extension == NULL &&
		   strcmp(resolved->attribute->name, "members") == 0;
}
