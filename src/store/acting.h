/*
 * acting.h
 *		Who acts in a store, and for which tenant: what is proved (proof.h) or else what
 *		the settings scim.tenant, scim.actor and scim.me say, where they are believed.
 */
#ifndef SCIM_ACTING_H
#define SCIM_ACTING_H

#include "postgres.h"

extern void ScimActingInit(void);
/* The tenant in the store that a schema is; false: there is none, and tenant_id
 * undefined. */
extern bool ScimTenantIn(Oid namespace_oid, int32 *tenant_id);
/*
 * Is a tenant served at this address?  One that has an address of its own is there and
 * nowhere else, and nobody else is there.
 */
extern bool ScimTenantIsAt(Oid namespace_oid, int32 tenant_id, const char *base_url);
/* Whose address it is; 0: that of nobody in particular. */
extern int32 ScimTenantAt(Oid namespace_oid, const char *base_url);
/* The address of a tenant, or NULL. */
extern const char *ScimTenantUrl(Oid namespace_oid, int32 tenant_id);
/* Has the current user the privileges of the owner of the store that a schema is? */
extern bool ScimIsOwner(Oid namespace_oid);
/* Has a store one tenant and no other? */
extern bool ScimTenantIsOnly(Oid namespace_oid);
/* Whose row is written where it is no resource; 0: that of all tenants. */
#define SCIM_NOBODYS (-1)
extern int32 ScimWrittenTenant;
/* For the audit. */
extern const char *ScimActorIn(Oid namespace_oid);
/* The id of the User that /Me stands for, or "". */
extern const char *ScimMeIn(Oid namespace_oid);

#endif /* SCIM_ACTING_H */
