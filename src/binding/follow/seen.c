/*
 * seen.c
 *		Does a transaction of REPEATABLE READ or above that has written a link see who
 *		refers to its key or resource?
 *
 * What it looks up afterwards is as its snapshot has it; who has referred to one of them
 * since, and committed, would be missed.  So what is there now is compared with what the
 * snapshot shows, and where that differs the transaction is to come again.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/seen.h"

/* Are the rows that there are those that this transaction sees? */
static void
require_seen(Oid owner, const char *from, const ScimParams *params)
{
	ScimIdentity caller = ScimBeReader(owner);

	SPI_connect();
	if (!ScimRowsAreSeen(from, params))
		ScimRaiseNotSeen();
	SPI_finish();
	ScimBeCaller(caller);
}

/* The same of rows of a table whose columns hold a key. */
static void
require_rows_seen(const ScimBinding *binding, const char *quoted, List *columns,
				  Datum key)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, key, false);
	require_seen(binding->owner,
				 psprintf("%s AS c WHERE %s", quoted, ScimKeyIs(columns, "c", "$1")),
				 &params);
}

/* All that the application may refer to a key with. */
static void
require_key_seen(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	const ListCell *lc;
	const ListCell *reference;

	foreach (lc, binding->others)
	{
		const ScimBoundTable *table = lfirst(lc);

		require_rows_seen(binding, table->quoted, table->key, key);
	}
	foreach (lc, ScimBindingsOfGroups(binding->store, tenant_id, binding->type->name))
	{
		const ScimBinding *groups = lfirst(lc);
		const ScimBoundTable *table = &groups->members->table;

		require_rows_seen(groups, table->quoted, table->member_key, key);
	}
	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		const ScimBinding *other = lfirst(lc);

		foreach (reference, ScimReferencesLeadingTo(other, binding))
		{
			const ScimBoundAttribute *attribute = lfirst(reference);

			require_rows_seen(other, other->quoted, attribute->reference.columns, key);
		}
	}
}

/* And SCIM to a resource. */
static void
require_resource_seen(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id)
{
	const ScimStore *store = binding->store;
	ScimIdentity caller = ScimBeReader(store->owner);
	ScimParams params;
	const ListCell *lc;
	const ListCell *reference;

	ScimParamsOfResource(&params, tenant_id, id);
	require_seen(store->owner,
				 psprintf("%s.member AS c WHERE c.tenant_id = $1 "
						  "AND (c.group_id = $2 OR c.member_id = $2)",
						  store->quoted_name),
				 &params);
	foreach (lc, ScimBindingsOfStore(binding->store))
	{
		const ScimBinding *other = lfirst(lc);

		foreach (reference, ScimReferencesLeadingTo(other, binding))
		{
			char *from =
				ScimReferencesTo(other, lfirst(reference), tenant_id, id, "c", &params);

			require_seen(store->owner, from, &params);
		}
	}
	ScimBeCaller(caller);
}

/* was, is: the keys that the row had and has, or 0. */
static void
require_referrers_seen(const ScimBinding *binding, int32 tenant_id, const pg_uuid_t *id,
					   Datum was, Datum is)
{
	if (was != (Datum) 0)
		require_key_seen(binding, tenant_id, was);
	if (is != (Datum) 0 && !(was != (Datum) 0 && ScimKeyEqual(was, is)))
		require_key_seen(binding, tenant_id, is);
	require_resource_seen(binding, tenant_id, id);
}

/* ScimSeenInit: who writes links asks this. */
void
ScimSeenInit(void)
{
	ScimLinksAreSeenBy(require_referrers_seen);
}
