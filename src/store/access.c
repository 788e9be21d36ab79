/*
 * access.c
 *		Who may act: log in, be in a session, get a code, have a role of the database.
 *
 * The status decides, and of who is being off-boarded "active", which is false unless the
 * policy "delete" lets leavers log in.  Where the type has no such attribute, that policy
 * as it is now does ("deactivate": false), but for who was suspended when it began: he
 * was deactivated before that (ScimSuspendedBefore).
 * A column "active" that is false takes access from anybody: a row that was written past
 * the door may contradict itself.
 */
#include "postgres.h"

#include "catalog/pg_namespace.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_keeps_access);

/*
 * ScimKeepsAccess: does who is being off-boarded still act, unless his "active" says
 * otherwise?
 */
bool
ScimKeepsAccess(ScimStore *store, int32 tenant_id, const ScimResourceType *type)
{
	const ScimDeleteRule *rule;

	if (ScimTypeHasActive(type))
		return true;
	rule = ScimRuleOf(ScimRulesFor(store, tenant_id, type), SCIM_RULE_DELETE);
	return rule != NULL && !rule->deactivates;
}

/*
 * ScimSuspendedBefore gives an SQL condition on a row of "resource" that is on its way
 * out, or out of sight: was it suspended when that began?  Null where it is not, or does
 * not say.
 */
char *
ScimSuspendedBefore(const char *alias)
{
	return psprintf("(%1$s.deactivated_at < coalesce(%1$s.offboarding_at, "
					"%1$s.deleted_at))",
					alias);
}

/*
 * ScimMayAct gives an SQL condition, never null, on a row of "resource" of a tenant that
 * is known by an alias: may whoever it is act?  type: the one that it is of, or NULL.
 */
char *
ScimMayAct(ScimStore *store, int32 tenant_id, const ScimResourceType *type,
		   const char *alias)
{
	char *keeps;

	if (type != NULL)
		keeps = ScimKeepsAccess(store, tenant_id, type) ? "true" : "false";
	else
	{
		StringInfoData leavers;

		initStringInfo(&leavers);
		for (int i = 0; i < store->registry->ntypes; i++)
		{
			const ScimResourceType *one = &store->registry->types[i];

			if (ScimKeepsAccess(store, tenant_id, one))
				appendStringInfo(&leavers, "%s%s", leavers.len > 0 ? ", " : "",
								 quote_literal_cstr(one->name));
		}
		keeps = psprintf("%s.resource_type = ANY (ARRAY[%s]::pg_catalog.text[])", alias,
						 leavers.data);
	}
	return psprintf("(%1$s.deleted_at IS NULL AND %1$s.active IS NOT FALSE "
					"AND (%1$s.status IN ('ACTIVE', 'PENDING') "
					"OR (%1$s.status = 'OFFBOARDING' "
					"AND coalesce(%1$s.active, %2$s AND %3$s IS NOT TRUE))))",
					alias, keeps, ScimSuspendedBefore(alias));
}

/*
 * ScimDeactivation gives the assignment of an UPDATE that takes access from a resource of
 * a type, as far as its life has such a step: by "active", or by the status where the
 * type has no such attribute.
 */
const char *
ScimDeactivation(const ScimResourceType *type)
{
	return ScimTypeHasActive(type)
			   ? "active = false"
			   : "status = CASE WHEN status IN ('ACTIVE', 'PENDING') THEN 'SUSPENDED' "
				 "ELSE status END";
}

/*
 * scim_internal.keeps_access(store regnamespace, tenant_id int, resource_type text)
 * returns boolean; false where there is no such type.
 */
Datum
scim_keeps_access(PG_FUNCTION_ARGS)
{
	Oid namespace_oid = PG_GETARG_OID(0);
	ScimStore *store;
	const ScimResourceType *type;

	ScimRequireUsage(namespace_oid);
	store = ScimStoreByNamespace(namespace_oid);
	type = ScimRegistryType(store->registry, text_to_cstring(PG_GETARG_TEXT_PP(2)));
	PG_RETURN_BOOL(type != NULL && ScimKeepsAccess(store, PG_GETARG_INT32(1), type));
}
