/*
 * number.c
 *		Positions of events.
 *
 * A sequence would number events in the order in which they are written, and a reader
 * that has seen 7 would never look for the 6 that commits later.  Transaction ids do not
 * help either: they mean nothing once a dump is restored.  So an event has no position
 * until somebody reads: under one lock for each tenant, all events that are visible and
 * have none are numbered.  What commits later gets a higher number, whenever it began,
 * and no writer waits.  Events of one resource are visible in the order of their writes,
 * since whoever writes holds the row, and are numbered by the time under that lock.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"

#include "event/event.h"
#include "extension.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/written.h"

/* So many events get their positions at once. */
#define NUMBERED_AT_ONCE 1000

/* The lock under which events of a tenant are numbered, until the transaction ends. */
static bool
lock_numbers(const ScimStore *store, int32 tenant_id, bool wait)
{
	uint32 words[2] = {store->namespace_oid, (uint32) tenant_id};
	uint64 hash =
		hash_bytes_extended((const unsigned char *) words, sizeof(words), 0x7363696d);
	LOCKTAG tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (hash >> 32), (uint32) hash,
						 SCIM_LOCK_CLASS);
	return LockAcquire(&tag, ExclusiveLock, false, !wait) != LOCKACQUIRE_NOT_AVAIL;
}

/*
 * Where somebody has deleted the row that says how far the events of a tenant are
 * numbered: what has been given, or looked at.  No position is given twice.
 */
#define GIVEN_POSITION                                                            \
	"SELECT max(g.position) FROM ((SELECT e.position FROM %1$s.event e "          \
	"WHERE e.tenant_id = $1 AND e.position IS NOT NULL ORDER BY e.position DESC " \
	"LIMIT 1) UNION ALL SELECT c.position FROM %1$s.consumer_position c "         \
	"WHERE c.tenant_id = $1) g"

/*
 * ScimEventsNumber gives positions to events of a tenant that are visible and have none,
 * the oldest of them.  Returns whether it did.  wait: else nothing is done while
 * somebody else is at it (SPI is connected, as the owner).
 */
bool
ScimEventsNumber(ScimStore *store, int32 tenant_id, bool wait)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(psprintf("SELECT FROM %s.event e WHERE e.tenant_id = $1 "
							"AND e.position IS NULL LIMIT 1",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		return false;
	if (!lock_numbers(store, tenant_id, wait))
		return false;
	ScimSpiWriteOwn(
		psprintf("WITH unread AS MATERIALIZED (SELECT u.id, "
				 "row_number() OVER (ORDER BY u.at, u.id) AS number "
				 "FROM (SELECT e.id, e.at FROM %1$s.event e WHERE e.tenant_id = $1 "
				 "AND e.position IS NULL ORDER BY e.at, e.id LIMIT %2$d) u), "
				 "counted AS (INSERT INTO %1$s.event_position AS p (tenant_id, last) "
				 "SELECT $1, (SELECT count(*) FROM unread) + coalesce("
				 "(SELECT o.last FROM %1$s.event_position o WHERE o.tenant_id = $1), "
				 "(%3$s), 0) "
				 "ON CONFLICT (tenant_id) DO UPDATE "
				 "SET last = p.last + (SELECT count(*) FROM unread) "
				 "RETURNING last) "
				 "UPDATE %1$s.event e SET position = (SELECT last FROM counted) "
				 "- (SELECT count(*) FROM unread) + unread.number "
				 "FROM unread WHERE e.tenant_id = $1 AND e.id = unread.id",
				 store->quoted_name, NUMBERED_AT_ONCE,
				 psprintf(GIVEN_POSITION, store->quoted_name)),
		&params);
	return SPI_processed > 0;
}

/* ScimEventsLast is the highest position of a tenant's events; 0: there is none. */
int64
ScimEventsLast(ScimStore *store, int32 tenant_id)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimSpiExecute(psprintf("SELECT coalesce((SELECT p.last FROM %1$s.event_position p "
							"WHERE p.tenant_id = $1), (%2$s), 0)",
							store->quoted_name,
							psprintf(GIVEN_POSITION, store->quoted_name)),
				   &params, false, 1);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}
