/*
 * shard.h
 *		A store that is distributed by Citus: its tables on a node of the cluster.
 *
 * Citus cuts tables into shards, by a hash of tenant_id, and a tenant's rows of all of
 * them lie on one node.  There they are ordinary tables with triggers and indexes of
 * their own, called users_102008 where the table is called users.  While something is
 * done for a tenant on that node, the store consists of these: ScimTablesFind() finds
 * them, and the statements of plan.c name them.  So all the rest is as it is without
 * Citus, whose planner sees nothing of it.
 *
 * Nothing here is linked to Citus: its catalogue is looked up, by membership in the
 * extension, and read.
 */
#ifndef SCIM_SHARD_H
#define SCIM_SHARD_H

#include "postgres.h"

#include "compat.h"

extern void ScimShardInit(void);
/* Is a table one that Citus has distributed, here or at the coordinator? */
extern bool ScimIsDistributed(Oid relid);
/* The same of the store that a schema is, remembered. */
extern bool ScimStoreIsDistributed(Oid namespace_oid);
/* The error of what is done for a tenant, and would be done for none. */
pg_noreturn extern void ScimRaiseSpread(const char *store_name);
/* The same for a store of this name, where there is one. */
extern void ScimRefuseSpread(const char *store_name);
/* An error where a node is not the coordinator; done: what is done there, in words. */
extern void ScimRequireCoordinator(const char *store_name, const char *done);
/* An error where a relation is a shard of what is written for a tenant only. */
extern void ScimRefuseShard(Oid relid);
/* Is a session one that another node of the cluster has begun? */
extern bool ScimIsOfCluster(void);
/*
 * From here on to ScimShardsLeave, or the end of the subtransaction that is rolled back,
 * a store consists of the shards of a tenant.  Enter returns false where they are on
 * another node.
 */
extern bool ScimShardsEnter(Oid namespace_oid, int32 tenant_id);
extern void ScimShardsLeave(void);
/* The tenant; false: it consists of none. */
extern bool ScimShardsTenant(Oid namespace_oid, int32 *tenant_id);
/* What tells the shards of one tenant from those of another; 0: no shards. */
extern uint64 ScimShardsNumber(Oid namespace_oid);
/* The shard in place of a table, or the table itself. */
extern Oid ScimShardOf(Oid relid);
/* The table that a relation is a shard of, or InvalidOid. */
extern Oid ScimTableOfShard(Oid relid);
/* A statement of which the tables are shards. */
extern const char *ScimShardQuery(const char *query);
/* Tells every session of this node that something about a relation has changed. */
extern void ScimInvalidate(Oid relid);

#endif /* SCIM_SHARD_H */
