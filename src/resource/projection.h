/*
 * projection.h
 *		The inside of a projection, for render.c.
 */
#ifndef SCIM_PROJECTION_H
#define SCIM_PROJECTION_H

#include "resource/resource.h"

struct ScimProjection
{
	const ScimResourceType *type;
	bool everything; /* neither attributes nor excludedAttributes */
	bool only;       /* attributes: what is named, and nothing else */
	List *paths;     /* of ScimResolved * */
};

extern const ScimAttribute *
ScimProjectionAttribute(const ScimProjection *projection, const char *name);
extern bool ScimProjectionTest(const ScimProjection *projection,
							   const ScimAttribute *attribute, const ScimAttribute *sub);

#endif /* SCIM_PROJECTION_H */
