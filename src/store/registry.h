/*
 * registry.h
 *		What a change of the registry does beyond its tables; private to registry.c.
 */
#ifndef SCIM_REGISTRY_H
#define SCIM_REGISTRY_H

#include "store/store.h"

/* partition.c */
extern void
ScimPartitionMake(Oid namespace_oid, const char *type_name, const char *table_name);
extern void ScimPartitionDrop(Oid namespace_oid, const char *type_name,
							  const char *table_name, bool must_be_empty);

/* recheck.c */
extern void ScimRecheckResources(ScimStore *store, List *types, bool refuse);

#endif /* SCIM_REGISTRY_H */
