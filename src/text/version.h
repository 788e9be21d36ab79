/*
 * version.h
 *		meta.version in comparisons: what stands before its dot.
 */
#ifndef SCIM_VERSION_H
#define SCIM_VERSION_H

#include "postgres.h"

/* W/" and ", as many digits as an int64 has, and a NUL. */
#define SCIM_VERSION_BUFFER 24

extern const char *ScimVersionWithoutDigest(const char *text, size_t *len, char *buffer);

#endif /* SCIM_VERSION_H */
