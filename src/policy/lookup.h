/*
 * lookup.h
 *		The policy "lookup": what a path segment may be (lookup.c).
 */
#ifndef SCIM_LOOKUP_H
#define SCIM_LOOKUP_H

#include "policy/kinds.h"

#define SCIM_MAX_LOOKUP_KEYS 16

/* An attribute by which a resource is found. */
typedef struct ScimLookupKey
{
	const char *path;
	ScimResolved resolved;
} ScimLookupKey;

extern const char *
ScimLookupKeyFault(const ScimResourceType *type, const char *text, ScimLookupKey *key);

#endif /* SCIM_LOOKUP_H */
