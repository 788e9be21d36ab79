/*
 * extension.h
 *		The extension as the database has it: its schemas, and which version its
 *		objects are of.  They may be older than this library, from the day a
 *		package is installed or an old dump restored until ALTER EXTENSION scim
 *		UPDATE.
 */
#ifndef SCIM_EXTENSION_H
#define SCIM_EXTENSION_H

#include "postgres.h"

extern void ScimExtensionInit(void);

/* The schema of the functions that types, operators, indexes and triggers need. */
extern Oid ScimInternalNamespace(void);
/* One of these functions; InvalidOid where there is none. */
extern Oid ScimInternalFunction(const char *name, int nargs, const Oid *types);

/* The version of the objects, palloc'd; NULL where there is no such extension. */
extern char *ScimExtensionVersion(void);

/*
 * Calls something whenever a relation changes, or any may have (InvalidOid), as
 * CacheRegisterRelcacheCallback does: of its ten places in a session this library takes
 * one, and other extensions need theirs.
 */
extern void ScimWhenRelationChanges(void (*callback)(Oid relid));

#endif /* SCIM_EXTENSION_H */
