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

/* follow.c */
extern void ScimFollowTypes(ScimStore *store, List *types, bool refuse);
extern void ScimRemoveResources(Oid namespace_oid, const char *type_name);
extern void
ScimForgetType(Oid namespace_oid, const char *type_name, const char *table_name);
extern void ScimFollowPolicies(const ScimStore *store, const char *changed,
							   const char *unique, bool deleted);
extern ScimStore *ScimStoreOfShards(void);

/* recheck.c */
extern void ScimRecheckResources(ScimStore *store, List *types, bool refuse);

#endif /* SCIM_REGISTRY_H */
