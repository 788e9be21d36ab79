/*
 * channel.c
 *		The channels that consumers want to be notified on.
 *
 * A NOTIFY takes a lock of the whole server at commit, so that only those who asked for
 * one get it: without a payload, and once for each transaction, whatever number of events
 * it writes (the server leaves out what is the same).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/async.h"
#include "executor/spi.h"

#include "event/event.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"

/* ScimChannelsNotify notifies whoever of a tenant asked for it, at commit. */
void
ScimChannelsNotify(const ScimStore *store, int32 tenant_id)
{
	ListCell *lc;

	foreach (lc, store->channels)
	{
		const ScimChannel *channel = lfirst(lc);

		if (channel->tenant_id == tenant_id)
			Async_Notify(channel->name, NULL);
	}
}
