/*
 * configuration.h
 *		How a store comes to be what it is, checked when it is written: schemas,
 *		resource types, policies, settings, tenants, tokens.
 *
 *		upgrade.c		the SQL functions that bring a store forward, and put back what it
 *						has lost
 *		token_row.c		rows of tokens and clients that somebody writes himself
 *		tenant.c		tenants come and go
 *		policy_door.c	the table "policy": what cannot work is refused, and what is
 *						stored follows: unique values, and resources written again
 *		role_row.c		the rows of table "database_role", which nobody else
 *						writes (plan.h)
 *		setting.c		the rows of table "setting", checked when written, and shown
 *		plain_row.c		which row of another table than "resource" an error is about,
 *						without its secrets
 *		plain_values.c	what such a row says that cannot be
 *		plain_limit.c	what its constraints want, in words
 *		follow.c		what follows on all nodes from a change of registry or policies
 *		registry.c		how schemas and resource types change, checked; with
 *						partition.c, the table of a resource type, and recheck.c,
 *						what is stored already (registry.h)
 *		register.c		the SQL functions that change them
 */
#ifndef SCIM_CONFIGURATION_H
#define SCIM_CONFIGURATION_H

#include "postgres.h"
#include "commands/trigger.h"
#include "fmgr.h"

#include "store/store.h"

/* policy_door.c: an error where a policy, or one of those just written, cannot work */
/*
 * What src/door does when policies are written or deleted, by a statement with transition
 * tables "changed" and "was" where there are such; and when a tenant has been made.
 */
extern void (*ScimPoliciesWrittenHook)(ScimStore *store, bool changed, bool was);
extern void (*ScimTenantMadeHook)(ScimStore *store);
/* Are resources written again because of a policy? */
extern bool ScimPoliciesRefresh;
extern void ScimPoliciesNoteBroken(ScimStore *store);
extern void ScimPoliciesCheck(ScimStore *store, bool refuse);
extern void ScimPoliciesCheckWritten(const TriggerData *trigger, ScimStore *store);

/* setting.c */
extern void ScimStoreSettingInit(void);

/* plain_row.c */
extern Datum
ScimPlainRowAdmit(FunctionCallInfo fcinfo, Datum (*admit)(FunctionCallInfo fcinfo));
extern Datum
ScimPlainRowNamed(FunctionCallInfo fcinfo, Datum (*call)(FunctionCallInfo fcinfo));
extern void ScimPlainRowCount(FunctionCallInfo fcinfo);
/* plain_values.c */
extern void
ScimPlainValuesCheck(const TriggerData *trigger, HeapTuple tuple, const char *table);
extern void ScimHideCopyLine(void);
/* plain_limit.c */
extern const char *ScimPlainLimit(const char *constraint);

/* registry.c */
extern void ScimRegistryInit(void);
extern bool ScimChecksResources(void);

/* partition.c */
extern bool ScimPartitionIsOf(Oid relid, Oid namespace_oid, const char *type_name);
extern void ScimRequireOwner(Oid owner, const char *store_name);

/* follow.c: the type whose resources go with it; NULL: none does */
extern const char *ScimTypeRemoved;

#endif /* SCIM_CONFIGURATION_H */
