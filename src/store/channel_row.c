/*
 * channel_row.c
 *		The channels that rows of a store's table "consumer" want to be notified on.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/store.h"

/* ScimChannelsRead reads the channels of a store into a context. */
List *
ScimChannelsRead(const ScimStore *store, MemoryContext context)
{
	List *channels = NIL;

	if (!OidIsValid(store->tables.relid[SCIM_TABLE_CONSUMER]))
		return NIL;
	ScimSpiExecute(psprintf("SELECT DISTINCT tenant_id, channel FROM %s.consumer "
							"WHERE channel IS NOT NULL",
							store->quoted_name),
				   NULL, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);
		ScimChannel *channel = palloc(sizeof(ScimChannel));

		channel->tenant_id = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
		channel->name = TextDatumGetCString(ScimResultValue(i, 2, TEXTOID));
		channels = lappend(channels, channel);
		MemoryContextSwitchTo(old);
	}
	return channels;
}
