/*
 * path.c
 *		Which paths SCIM serves itself: RFC 7644 section 3.2, and what we add to it.
 */
#include "postgres.h"

#include <limits.h>

#include "message/message.h"
#include "text/fold.h"

/* What is there whatever the resource types. */
static const struct
{
	const char *segment;
	ScimPathKind kind;
	int max_segments;
} fixed[] = {
	{"ServiceProviderConfig", SCIM_PATH_SERVICE_PROVIDER_CONFIG, 1},
	{"ResourceTypes", SCIM_PATH_RESOURCE_TYPES, 2},
	{"Schemas", SCIM_PATH_SCHEMAS, 2},
	{"Me", SCIM_PATH_ME, INT_MAX},
	{"Bulk", SCIM_PATH_BULK, 1},
	{".preview", SCIM_PATH_PREVIEW, 1},
	{"openapi.json", SCIM_PATH_OPENAPI, 1},
	{".events", SCIM_PATH_EVENTS, 2},
	{".console", SCIM_PATH_CONSOLE, 2},
	{"jwks.json", SCIM_PATH_KEYS, 1},
	{".oauth", SCIM_PATH_OAUTH, 2},
	{".search", SCIM_PATH_SEARCH, 1},
};

/*
 * ScimPathKindOf: what stands at a path of nsegments whose first one is given, in any
 * letter case.
 */
ScimPathKind
ScimPathKindOf(const char *first, int nsegments)
{
	for (size_t i = 0; i < lengthof(fixed); i++)
	{
		if (ScimNameEqual(first, fixed[i].segment) && nsegments <= fixed[i].max_segments)
			return fixed[i].kind;
	}
	return SCIM_PATH_OTHER;
}

/*
 * ScimPathIsServed: is there an endpoint of SCIM at this path, with or without the
 * base path in front?
 */
bool
ScimPathIsServed(const ScimStore *store, char **segments, int nsegments)
{
	int skip = ScimTargetBase(store, segments, nsegments);
	char *first = skip >= 0 && skip < nsegments ? pstrdup(segments[skip]) : NULL;
	int rest = nsegments - skip;

	if (first == NULL)
		return skip > 0; /* the root of the service */
	if (rest == 1)
		ScimTargetStripSuffix(first);
	return ScimPathKindOf(first, rest) != SCIM_PATH_OTHER ||
		   (rest <= 3 &&
			ScimRegistryTypeByEndpoint(store->registry, first, strlen(first)) != NULL);
}
