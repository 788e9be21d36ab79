/*
 * projection.h
 *		The inside of a projection, for render.c.
 */
#ifndef SCIM_PROJECTION_H
#define SCIM_PROJECTION_H

#include "json/buckets.h"
#include "resource/resource.h"

struct ScimProjection
{
	const ScimResourceType *type;
	bool everything; /* neither attributes nor excludedAttributes */
	bool only;       /* attributes: what is named, and nothing else */
	/* what is named, each once: a sub-attribute, an attribute or a whole schema */
	List *named;          /* of const void * */
	ScimBuckets by_named; /* which of these */
	/* and the attributes of which a sub-attribute is */
	List *in_part;
	ScimBuckets by_in_part;
};

extern const ScimAttribute *
ScimProjectionAttribute(const ScimProjection *projection, const char *name);
extern bool ScimProjectionTest(const ScimProjection *projection,
							   const ScimAttribute *attribute, const ScimAttribute *sub);

#endif /* SCIM_PROJECTION_H */
