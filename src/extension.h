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

/*
 * Tells advisory locks of ours from those of SQL, which are of class 1 and 2 and which
 * any role may take: objsubid in pg_locks.
 */
#define SCIM_LOCK_CLASS 0x5c2

#endif /* SCIM_EXTENSION_H */
