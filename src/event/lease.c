/*
 * lease.c
 *		Events given out to workers, acknowledged, failed.
 *
 * A lease is a row and covers a resource: while it lasts, no other worker of the consumer
 * gets an event of that resource, so that each resource has its events in order whatever
 * number of workers there is.  Who died leaves leases that expire, and the events are
 * given out again: each comes at least once.
 *
 * An event that kills its worker would be given out for ever, and take others with it.
 * After two leases that expired an event is given out alone, and each lease that expires
 * then counts as a failure.  After max_attempts failures it is a dead letter.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "event/event.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"

SCIM_FUNCTION_OF_VALUES(scim_next_events);
PG_FUNCTION_INFO_V1(scim_acknowledge_events);
PG_FUNCTION_INFO_V1(scim_fail_events);
SCIM_FUNCTION_OF_VALUES(scim_dead_events);
PG_FUNCTION_INFO_V1(scim_retry_events);

#define MAX_LEASE_DAYS 7

/* So many events at least are looked at, at a time. */
#define READ_AT_ONCE 1000

/* So many leases of an event expire until it is given out alone. */
#define EXPIRED_UNTIL_ALONE 2

/* Of a failed one: 1 s, 2 s, 4 s ... an hour, each up to a half longer or shorter. */
#define RETRY_AFTER                                               \
	"least(power(2, least(failures, 20)) * interval '1 second', " \
	"interval '1 hour') * (0.5 + random())"

/* Deliveries: the position of each, and its resource. */
typedef struct Taken
{
	int n;
	Datum *positions;
	Datum *resources;
} Taken;

/* $1 tenant, $2 consumer */
static void
start_params(ScimParams *params, const ScimConsumer *consumer)
{
	ScimParamsOfResource(params, consumer->tenant_id, &consumer->id);
}

static TimestampTz
end_of(TimestampTz now, const Interval *lease)
{
	TimestampTz end = DatumGetTimestampTz(DirectFunctionCall2(
		timestamptz_pl_interval, TimestampTzGetDatum(now), IntervalPGetDatum(lease)));

	if (end <= now || end > now + MAX_LEASE_DAYS * USECS_PER_DAY)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a lease lasts for some time, and not for more than %d "
							   "days",
							   MAX_LEASE_DAYS)));
	return end;
}

/*
 * Events that may be given out now, in their order.  One that waits for its next attempt
 * holds back those of its resource that come after it, and none before it, each of which
 * was given out before.  The resources that may not are few enough to be hashed; a join
 * would be planned for tables that nobody has analyzed (OFFSET 0 keeps it from that).
 */
static void
select_ready(const ScimConsumer *consumer, TimestampTz now, int at_most)
{
	ScimParams params;
	int level;

	start_params(&params, consumer);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(at_most), false);
	level = ScimSpiBeginApart(true);
	ScimSpiExecuteForValues(
		psprintf("SELECT d.position, d.resource_id, d.attempts, d.failures "
				 "FROM %1$s.delivery d WHERE d.tenant_id = $1 AND d.consumer_id = $2 "
				 "AND d.dead_at IS NULL "
				 "AND d.resource_id NOT IN (SELECT l.resource_id FROM %1$s.lease l "
				 "WHERE l.tenant_id = $1 AND l.consumer_id = $2 AND l.expires_at > $3 "
				 "AND " SCIM_LEASE_HOLDS ") "
				 "AND (d.resource_id NOT IN (SELECT b.resource_id FROM %1$s.delivery b "
				 "WHERE b.tenant_id = $1 AND b.consumer_id = $2 AND b.dead_at IS NULL "
				 "AND b.next_attempt_at > $3) "
				 "OR (d.last_attempt_at IS NOT NULL "
				 "AND (d.next_attempt_at > $3) IS NOT TRUE "
				 "AND d.position IN (SELECT e.position FROM (SELECT b.resource_id, "
				 "min(b.position) AS first FROM (SELECT w.resource_id, w.position "
				 "FROM %1$s.delivery w WHERE w.tenant_id = $1 AND w.consumer_id = $2 "
				 "AND w.dead_at IS NULL AND w.next_attempt_at > $3 OFFSET 0) AS b "
				 "GROUP BY 1) AS f, LATERAL (SELECT p.position FROM %1$s.delivery p "
				 "WHERE p.tenant_id = $1 AND p.consumer_id = $2 "
				 "AND p.resource_id = f.resource_id AND p.position < f.first "
				 "AND p.dead_at IS NULL OFFSET 0) AS e))) "
				 "ORDER BY d.position LIMIT $4",
				 consumer->store->quoted_name),
		&params, false, 0);
	ScimSpiEndApart(level);
}

static void
bury(const ScimConsumer *consumer, int64 position, TimestampTz now)
{
	ScimParams params;

	start_params(&params, consumer);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(position), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ScimSpiExecute(
		psprintf("UPDATE %s.delivery SET dead_at = $4, lease_id = NULL, last_error = "
				 "coalesce(last_error || '; ', '') || "
				 "'its worker never came back' "
				 "WHERE tenant_id = $1 AND consumer_id = $2 AND position = $3",
				 consumer->store->quoted_name),
		&params, false, 0);
}

/*
 * Chooses of what is ready, which is at hand.  Returns false where an event was put aside
 * as a dead letter and there may be others.
 */
static bool
choose(const ScimConsumer *consumer, TimestampTz now, Taken *taken)
{
	uint64 nready = SPI_processed;

	taken->n = 0;
	taken->positions = palloc(sizeof(Datum) * (nready + 1));
	taken->resources = palloc(sizeof(Datum) * (nready + 1));
	for (uint64 i = 0; i < nready; i++)
	{
		int64 position = DatumGetInt64(ScimResultValue(i, 1, INT8OID));
		int attempts = DatumGetInt32(ScimResultValue(i, 3, INT4OID));
		int failures = DatumGetInt32(ScimResultValue(i, 4, INT4OID));
		int expired = attempts - failures;

		if (expired >= EXPIRED_UNTIL_ALONE)
		{
			if (taken->n > 0)
				break;
			if (failures + expired - EXPIRED_UNTIL_ALONE >= consumer->max_attempts)
			{
				bury(consumer, position, now);
				return false;
			}
		}
		taken->positions[taken->n] = Int64GetDatum(position);
		taken->resources[taken->n++] =
			SPI_datumTransfer(ScimResultValue(i, 2, UUIDOID), false, UUID_LEN);
		if (expired >= EXPIRED_UNTIL_ALONE)
			break;
	}
	return true;
}

/*
 * What comes after these events, each in its resource, and somebody has by another lease
 * than keeps (NULL: by any) is given back: that it was given out does not count.  What
 * comes before them stays with who has it.
 */
static void
give_back(const ScimConsumer *consumer, const Taken *these, const pg_uuid_t *keeps)
{
	ScimParams params;

	start_params(&params, consumer);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(these->resources, NULL, these->n, UUIDOID), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(keeps), keeps == NULL);
	ScimParamsAdd(&params, INT8ARRAYOID,
				  ScimArray(these->positions, NULL, these->n, INT8OID), false);
	ScimSpiExecute(
		psprintf("UPDATE %s.delivery d SET lease_id = NULL, attempts = attempts - 1 "
				 "FROM (SELECT t.resource_id, min(t.position) AS first "
				 "FROM unnest($3, $5) AS t (resource_id, position) GROUP BY 1) AS f "
				 "WHERE d.tenant_id = $1 AND d.consumer_id = $2 "
				 "AND d.resource_id = f.resource_id AND d.position > f.first "
				 "AND d.dead_at IS NULL AND d.lease_id IS NOT NULL "
				 "AND ($4 IS NULL OR d.lease_id <> $4)",
				 consumer->store->quoted_name),
		&params, false, 0);
}

static void
take(const ScimConsumer *consumer, const Taken *taken, const pg_uuid_t *lease_id,
	 TimestampTz now, TimestampTz end)
{
	const char *store = consumer->store->quoted_name;
	ScimParams params;

	start_params(&params, consumer);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(taken->resources, NULL, taken->n, UUIDOID), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(lease_id), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(end), false);
	ScimSpiWriteOwn(
		psprintf("INSERT INTO %s.lease AS l (tenant_id, consumer_id, resource_id, id, "
				 "expires_at) SELECT DISTINCT $1, $2, r.id, $4, $5 "
				 "FROM unnest($3) AS r (id) "
				 "ON CONFLICT (tenant_id, consumer_id, resource_id) "
				 "DO UPDATE SET id = excluded.id, expires_at = excluded.expires_at",
				 store),
		&params);
	start_params(&params, consumer);
	ScimParamsAdd(&params, INT8ARRAYOID,
				  ScimArray(taken->positions, NULL, taken->n, INT8OID), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(lease_id), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ScimSpiExecute(
		psprintf("UPDATE %s.delivery d SET attempts = attempts + 1, lease_id = $4, "
				 "last_attempt_at = $5, next_attempt_at = NULL "
				 "FROM unnest($3) AS t (position) WHERE d.tenant_id = $1 "
				 "AND d.consumer_id = $2 AND d.position = t.position",
				 store),
		&params, false, 0);
	/* who is slow is done with nothing that comes after these any more */
	give_back(consumer, taken, lease_id);
}

/* Ends leases that cover nothing any more. */
static void
end_leases(const ScimConsumer *consumer, const Datum *resources, int n)
{
	ScimParams params;

	if (n == 0)
		return;
	start_params(&params, consumer);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray((Datum *) resources, NULL, n, UUIDOID),
				  false);
	ScimSpiExecute(
		psprintf("DELETE FROM %1$s.lease l USING unnest($3) AS r (id) "
				 "WHERE l.tenant_id = $1 AND l.consumer_id = $2 AND l.resource_id = r.id "
				 "AND NOT (" SCIM_LEASE_HOLDS ")",
				 consumer->store->quoted_name),
		&params, false, 0);
}

static uint64
select_taken(const ScimConsumer *consumer, const Taken *taken, const pg_uuid_t *lease_id,
			 TimestampTz end)
{
	ScimParams params;

	start_params(&params, consumer);
	ScimParamsAdd(&params, INT8ARRAYOID,
				  ScimArray(taken->positions, NULL, taken->n, INT8OID), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(lease_id), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(end), false);
	ScimSpiExecute(
		psprintf("SELECT e.position, e.id, e.at, e.event_uri, e.operation, "
				 "e.resource_type, e.resource_id, e.external_id, e.version, e.change, "
				 "e.actor, e.attributes, e.members_added, e.members_removed, e.data, "
				 "d.attempts, $4, $5 FROM unnest($3) AS t (position) "
				 "JOIN %1$s.delivery d ON d.tenant_id = $1 AND d.consumer_id = $2 "
				 "AND d.position = t.position "
				 "JOIN %1$s.event e ON e.tenant_id = $1 AND e.id = d.event_id "
				 "ORDER BY d.position",
				 consumer->store->quoted_name),
		&params, false, 0);
	return SPI_processed;
}

/* What is not there any more is not to be delivered either. */
static void
drop_lost(const ScimConsumer *consumer, const Taken *taken)
{
	ScimParams params;

	start_params(&params, consumer);
	ScimParamsAdd(&params, INT8ARRAYOID,
				  ScimArray(taken->positions, NULL, taken->n, INT8OID), false);
	ScimSpiExecute(
		psprintf("DELETE FROM %1$s.delivery d USING unnest($3) AS t (position) "
				 "WHERE d.tenant_id = $1 AND d.consumer_id = $2 "
				 "AND d.position = t.position AND NOT EXISTS (SELECT FROM %1$s.event e "
				 "WHERE e.tenant_id = $1 AND e.id = d.event_id)",
				 consumer->store->quoted_name),
		&params, false, 0);
	end_leases(consumer, taken->resources, taken->n);
}

/*
 * Fills a batch: what is there and, where that is not enough, what comes next.  Only
 * where there is nothing at all who is patient waits for another reader who numbers
 * events.
 */
static void
fill(ScimConsumer *consumer, TimestampTz now, int at_most, Taken *taken)
{
	bool wait = false;
	int64 nwanted = 0;

	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		select_ready(consumer, now, at_most);
		/* what is wanted, but of resources that others hold, is not gathered for ever */
		if (SPI_processed < at_most && nwanted < 2 * at_most + READ_AT_ONCE)
		{
			if (ScimConsumerRead(consumer, Max(at_most, READ_AT_ONCE), &nwanted) ||
				ScimEventsNumber(consumer->store, consumer->tenant_id, wait))
				continue;
			select_ready(consumer, now, at_most);
			if (SPI_processed == 0 && !wait && consumer->patient)
			{
				wait = true;
				continue;
			}
		}
		if (choose(consumer, now, taken))
			return;
	}
}

/*
 * ScimEventsTake gives out events of a consumer who is locked, at_most many, until an
 * instant.  They are the rows of the statement that SPI executed last, with the columns
 * that scim.next_events has.  Returns how many there are.
 */
uint64
ScimEventsTake(ScimConsumer *consumer, int at_most, TimestampTz end, pg_uuid_t *lease_id)
{
	TimestampTz now = GetCurrentTimestamp();
	Taken taken;
	uint64 nevents;

	ScimUuidV7(lease_id);
	for (;;)
	{
		fill(consumer, now, at_most, &taken);
		if (taken.n == 0)
			return 0;
		take(consumer, &taken, lease_id, now, end);
		nevents = select_taken(consumer, &taken, lease_id, end);
		if (nevents == taken.n)
			return nevents;
		drop_lost(consumer, &taken);
		if (nevents > 0)
			return select_taken(consumer, &taken, lease_id, end);
	}
}

/* ScimEventsAreLeft: could a consumer who is locked have more at once? */
bool
ScimEventsAreLeft(ScimConsumer *consumer)
{
	int64 nwanted = 0;

	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		select_ready(consumer, GetCurrentTimestamp(), 1);
		if (SPI_processed > 0)
			return true;
		if (nwanted > READ_AT_ONCE ||
			(!ScimConsumerRead(consumer, READ_AT_ONCE, &nwanted) &&
			 !ScimEventsNumber(consumer->store, consumer->tenant_id, false)))
			return false;
	}
}

/*
 * To be given events and to be done with them is to read what they tell of, as who polls
 * does both (ScimConsumerLock looks at scopes).  Who works for consumers in this store
 * writes what came of deliveries, which is what fail_events does: conf/roles.sql grants
 * that.
 */
static void
require_worker(const ScimStore *store)
{
	ScimRequireWrite(store, SCIM_TABLE_DELIVERY, "last_error", "UPDATE");
}

/* scim.next_events(consumer text, max int, lease interval) returns table */
static Datum
scim_next_events_given(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int at_most = PG_GETARG_INT32(1);
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimConsumer consumer;
	pg_uuid_t lease_id;
	uint64 nevents;

	if (at_most < 1 || at_most > SCIM_MAX_EVENTS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("max must be between 1 and %d", SCIM_MAX_EVENTS)));
	(void) end_of(GetCurrentTimestamp(), PG_GETARG_INTERVAL_P(2));
	InitMaterializedSRF(fcinfo, 0);
	require_worker(store);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimConsumerLock(store, name, &consumer, true);
	/* what the lock has waited for has taken its time */
	nevents =
		ScimEventsTake(&consumer, at_most,
					   end_of(GetCurrentTimestamp(), PG_GETARG_INTERVAL_P(2)), &lease_id);
	for (uint64 i = 0; i < nevents; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/* The deliveries that a statement returned: resource_id, position. */
static void
get_processed(Taken *processed)
{
	processed->n = SPI_processed;
	processed->resources = palloc(sizeof(Datum) * (SPI_processed + 1));
	processed->positions = palloc(sizeof(Datum) * (SPI_processed + 1));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		processed->resources[i] =
			SPI_datumTransfer(ScimResultValue(i, 1, UUIDOID), false, UUID_LEN);
		processed->positions[i] =
			Int64GetDatum(DatumGetInt64(ScimResultValue(i, 2, INT8OID)));
	}
}

/*
 * ScimEventsAcknowledge: a consumer who is locked is done with events.  ids: an array of
 * uuid; lease_id NULL: whoever has them.  What he was never given, or has given back, he
 * cannot be done with.  Returns how many there were.
 */
uint64
ScimEventsAcknowledge(const ScimConsumer *consumer, Datum ids, const pg_uuid_t *lease_id)
{
	ScimParams params;
	Taken done;

	start_params(&params, consumer);
	ScimParamsAdd(&params, UUIDARRAYOID, ids, false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(lease_id), lease_id == NULL);
	ScimSpiExecute(
		psprintf(
			"DELETE FROM %s.delivery d USING unnest($3) AS a (id) "
			"WHERE d.tenant_id = $1 AND d.consumer_id = $2 AND d.event_id = a.id "
			"AND (d.attempts > 0 OR d.dead_at IS NOT NULL) "
			"AND ($4 IS NULL OR d.lease_id = $4) RETURNING d.resource_id, d.position",
			consumer->store->quoted_name),
		&params, false, 0);
	get_processed(&done);
	end_leases(consumer, done.resources, done.n);
	return done.n;
}

/* scim.acknowledge_events(consumer text, ids uuid[], lease_id uuid) returns int */
Datum
scim_acknowledge_events(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimConsumer consumer;
	uint64 n;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_INT32(0);
	require_worker(store);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimConsumerLock(store, text_to_cstring(PG_GETARG_TEXT_PP(0)), &consumer, true);
	n = ScimEventsAcknowledge(&consumer, PG_GETARG_DATUM(1),
							  PG_ARGISNULL(2) ? NULL : PG_GETARG_UUID_P(2));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_INT32(n);
}

/*
 * ScimEventsFail: a consumer who is locked could not deal with events.  error may be
 * NULL; retry_after NULL: later each time.  Returns how many there were.
 *
 * Those that come after them in their resources are given back, since they must not
 * overtake them: that they were given out does not count.  An event fails once each time
 * it is given out.
 */
uint64
ScimEventsFail(const ScimConsumer *consumer, Datum ids, const char *error,
			   const Interval *retry_after, const pg_uuid_t *lease_id)
{
	ScimParams params;
	Taken failed;

	start_params(&params, consumer);
	ScimParamsAdd(&params, UUIDARRAYOID, ids, false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(lease_id), lease_id == NULL);
	ScimParamsAdd(&params, TEXTOID, error ? CStringGetTextDatum(error) : (Datum) 0,
				  error == NULL);
	ScimParamsAdd(&params, INTERVALOID, PointerGetDatum(retry_after),
				  retry_after == NULL);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(consumer->max_attempts), false);
	ScimSpiExecute(
		psprintf(
			"UPDATE %s.delivery d SET failures = failures + 1, "
			"attempts = greatest(attempts, failures + 1), "
			"last_error = left($5, 1000), lease_id = NULL, "
			"next_attempt_at = clock_timestamp() + coalesce($6, " RETRY_AFTER "), "
			"dead_at = CASE WHEN failures + 1 >= $7 THEN clock_timestamp() END "
			"FROM unnest($3) AS a (id) WHERE d.tenant_id = $1 "
			"AND d.consumer_id = $2 AND d.event_id = a.id AND d.dead_at IS NULL "
			"AND d.lease_id IS NOT NULL "
			"AND ($4 IS NULL OR d.lease_id = $4) RETURNING d.resource_id, d.position",
			consumer->store->quoted_name),
		&params, false, 0);
	get_processed(&failed);
	give_back(consumer, &failed, NULL);
	end_leases(consumer, failed.resources, failed.n);
	return failed.n;
}

/*
 * scim.fail_events(consumer text, ids uuid[], error text, retry_after interval,
 * lease_id uuid) returns int
 */
Datum
scim_fail_events(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimConsumer consumer;
	uint64 n;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_INT32(0);
	require_worker(store);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimConsumerLock(store, text_to_cstring(PG_GETARG_TEXT_PP(0)), &consumer, true);
	n = ScimEventsFail(&consumer, PG_GETARG_DATUM(1), ScimTextArgument(fcinfo, 2),
					   PG_ARGISNULL(3) ? NULL : PG_GETARG_INTERVAL_P(3),
					   PG_ARGISNULL(4) ? NULL : PG_GETARG_UUID_P(4));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_INT32(n);
}

/* scim.dead_events(consumer text) returns table */
static Datum
scim_dead_events_given(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimConsumer consumer;
	ScimParams params;

	InitMaterializedSRF(fcinfo, 0);
	require_worker(store);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimConsumerLock(store, name, &consumer, false);
	start_params(&params, &consumer);
	ScimSpiExecute(
		psprintf("SELECT d.position, d.event_id, e.at, e.event_uri, e.resource_type, "
				 "d.resource_id, d.attempts, d.failures, d.last_error, d.dead_at "
				 "FROM %1$s.delivery d LEFT JOIN %1$s.event e "
				 "ON e.tenant_id = d.tenant_id AND e.id = d.event_id "
				 "WHERE d.tenant_id = $1 AND d.consumer_id = $2 "
				 "AND d.dead_at IS NOT NULL ORDER BY d.position",
				 store->quoted_name),
		&params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/* scim.retry_events(consumer text, ids uuid[]) returns int: dead letters live again, and
 * what waits comes at once
 */
Datum
scim_retry_events(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimConsumer consumer;
	ScimParams params;
	uint64 n;

	if (PG_ARGISNULL(0))
		PG_RETURN_INT32(0);
	/* nobody who reads asks for that: it is what an operator does */
	ScimScopeRefuse(store->namespace_oid, "have events delivered again");
	require_worker(store);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimConsumerLock(store, text_to_cstring(PG_GETARG_TEXT_PP(0)), &consumer, true);
	start_params(&params, &consumer);
	ScimParamsAdd(&params, UUIDARRAYOID, PG_ARGISNULL(1) ? (Datum) 0 : PG_GETARG_DATUM(1),
				  PG_ARGISNULL(1));
	ScimSpiExecute(
		psprintf("UPDATE %s.delivery SET next_attempt_at = NULL, dead_at = NULL, "
				 "attempts = CASE WHEN dead_at IS NULL THEN attempts ELSE 0 END, "
				 "failures = CASE WHEN dead_at IS NULL THEN failures ELSE 0 END, "
				 "lease_id = CASE WHEN dead_at IS NULL THEN lease_id END "
				 "WHERE tenant_id = $1 AND consumer_id = $2 "
				 "AND (dead_at IS NOT NULL OR next_attempt_at IS NOT NULL) "
				 "AND ($3 IS NULL OR event_id = ANY ($3))",
				 store->quoted_name),
		&params, false, 0);
	n = SPI_processed;
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_INT32(n);
}
