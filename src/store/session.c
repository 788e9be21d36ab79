/*
 * session.c
 *		What a session is told of itself: its store, its tenant, and who acts.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "store/acting.h"
#include "store/statement/shard.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_tenant);
PG_FUNCTION_INFO_V1(scim_tenant_of_store);
PG_FUNCTION_INFO_V1(scim_is_owner);
PG_FUNCTION_INFO_V1(scim_actor);
PG_FUNCTION_INFO_V1(scim_store);

/* scim.tenant() */
Datum
scim_tenant(PG_FUNCTION_ARGS)
{
	int32 tenant_id;

	if (!ScimTenantKnown(&tenant_id))
		PG_RETURN_NULL();
	PG_RETURN_INT32(tenant_id);
}

/* scim_internal.is_owner(store regnamespace) */
Datum
scim_is_owner(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ScimIsOwner(PG_GETARG_OID(0)));
}

/*
 * scim.tenant(store regnamespace): of a store, for its row-level security.  Of one that
 * is distributed nobody is known but where something is done for a tenant: what a session
 * says on one node, those that it has on others do not know.  An error, and not null,
 * which would be an answer without rows.
 */
Datum
scim_tenant_of_store(PG_FUNCTION_ARGS)
{
	int32 tenant_id;
	int32 here;

	if (ScimShardsTenant(PG_GETARG_OID(0), &here))
	{
		if (!ScimTenantIn(PG_GETARG_OID(0), &tenant_id) || tenant_id != here)
			PG_RETURN_NULL();
		PG_RETURN_INT32(tenant_id);
	}
	if (ScimStoreIsDistributed(PG_GETARG_OID(0)))
		ScimRaiseSpread(get_namespace_name(PG_GETARG_OID(0)));
	if (!ScimTenantIn(PG_GETARG_OID(0), &tenant_id))
		PG_RETURN_NULL();
	PG_RETURN_INT32(tenant_id);
}

/* scim.actor() */
Datum
scim_actor(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(ScimActor()));
}

/* scim.store() */
Datum
scim_store(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(ScimStoreForReading()->name));
}
