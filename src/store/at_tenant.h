/*
 * at_tenant.h
 *		What is done for a tenant of a store that Citus has distributed, on the node where
 *		the tenant's rows are (shard.h).
 */
#ifndef SCIM_AT_TENANT_H
#define SCIM_AT_TENANT_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "store/store.h"

/*
 * Has Citus distributed the store, and is nothing done for a tenant of it yet?  Then
 * whatever is about resources goes to the tenant's node.
 */
extern bool ScimIsSpread(const ScimStore *store);

/*
 * Executes a query on the node of a tenant, with texts as its parameters (a text[]), as
 * the caller or as the owner of the store.  Returns its rows: Jsonb *, objects.
 */
extern List *ScimAtTenant(const ScimStore *store, int32 tenant_id, bool as_owner,
						  const char *query, Datum arguments);
/* The same for one tenant of each shard that has any, 0 (all) among them, as the owner.
 */
extern List *ScimAtEachShard(const ScimStore *store, const char *query, Datum arguments);
/* An element of such an array; NULL is null. */
extern Datum ScimAtTenantArguments(const char *const *texts, int n);

#endif /* SCIM_AT_TENANT_H */
