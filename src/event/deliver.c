/*
 * deliver.c
 *		What the relay sends: events of consumers with the methods "push" (RFC 8935) and
 *		"webhook", of all tenants, as requests that are ready to go out.
 *
 * Tokens and signatures are made here, so that no key leaves the database; the relay gets
 * to see the header Authorization, which it has to send, and the events.
 */
#include "postgres.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "event/event.h"
#include "event/sign.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/statement.h"
#include "text/base64url.h"

SCIM_FUNCTION_OF_VALUES(scim_next_deliveries);
SCIM_FUNCTION_OF_VALUES(scim_delivered);
PG_FUNCTION_INFO_V1(scim_delivery_failed);

#define DELIVERY_COLUMNS 9

/* A consumer that the relay sends to. */
typedef struct Receiver
{
	int32 tenant_id;
	char *name;
	char *endpoint;
	char *authorization; /* or NULL */
	bytea *key;          /* or NULL */
} Receiver;

/*
 * EXECUTE is a right in all stores of a database.  Who relays has one in this store, too:
 * to write when a delivery was attempted, which conf/relay.sql grants.
 */
static void
require_relay(const ScimStore *store)
{
	ScimScopeRefuse(store->namespace_oid, "relay events");
	if (ScimMayWrite(store, SCIM_TABLE_DELIVERY, "last_attempt_at", "UPDATE"))
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("role \"%s\" may not relay the events of store \"%s\"",
						   GetUserNameFromId(GetUserId(), false), store->name),
					errhint("conf/relay.sql grants that, once for each store.")));
}

/*
 * Acts for a tenant until end_tenant, whichever "tenant_role" lets the relay say;
 * settings such as base_url may be his.
 */
static void
begin_tenant(const ScimStore *store, int32 tenant_id)
{
	ScimProof proof = {.namespace_oid = store->namespace_oid,
					   .tenant_id = tenant_id,
					   .actor = "relay",
					   .me = ""};

	ScimProve(&proof);
}

static void
end_tenant(void)
{
	ScimProve(NULL);
}

/* Those who have nothing under way, in an order that favours nobody. */
static List *
find_receivers(ScimStore *store, Datum busy)
{
	List *receivers = NIL;
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDARRAYOID, busy, false);
	ScimSpiExecute(psprintf("SELECT c.tenant_id, c.name, c.endpoint, s.authorization, "
							"s.key FROM %1$s.consumer c LEFT JOIN %1$s.consumer_secret s "
							"ON s.tenant_id = c.tenant_id AND s.consumer_id = c.id "
							"WHERE c.method IN ('push', 'webhook') "
							"AND c.id <> ALL ($1) ORDER BY random()",
							store->quoted_name),
				   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Receiver *receiver = palloc(sizeof(Receiver));
		bool isnull;
		Datum key;

		receiver->tenant_id = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
		receiver->name = TextDatumGetCString(ScimResultValue(i, 2, TEXTOID));
		receiver->endpoint = TextDatumGetCString(ScimResultValue(i, 3, TEXTOID));
		receiver->authorization = ScimResultText(i, 4);
		key = ScimResult(i, 5, BYTEAOID, &isnull);
		receiver->key = isnull ? NULL : DatumGetByteaPCopy(key);
		receivers = lappend(receivers, receiver);
	}
	return receivers;
}

/* v1,<base64>: Standard Webhooks */
static char *
webhook_signature(const bytea *key, const char *id, int64 timestamp, const char *body)
{
	char *text = psprintf("%s." INT64_FORMAT ".%s", id, timestamp, body);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (HMAC(EVP_sha256(), VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key),
			 (const unsigned char *) text, strlen(text), digest, &len) == NULL)
		ereport(ERROR, (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
						errmsg("could not sign a message")));
	return psprintf("v1,%s", ScimBase64(digest, len));
}

/* An event as the plain JSON that a filter of a consumer sees, too. */
static char *
plain_event(const ScimConsumer *consumer, const pg_uuid_t *id)
{
	ScimParams params;

	ScimParamsOfResource(&params, consumer->tenant_id, id);
	ScimSpiExecute(psprintf("SELECT (%s)::text FROM %s.event e "
							"WHERE e.tenant_id = $1 AND e.id = $2",
							ScimEventAsJson, consumer->store->quoted_name),
				   &params, false, 1);
	return SPI_processed > 0 ? ScimResultText(0, 1) : NULL;
}

static void
add_header(StringInfo headers, const char *name, const char *value)
{
	appendStringInfo(headers, "%s%s: %s", headers->len > 0 ? "\n" : "", name, value);
}

/* The headers of a request, a line each, and its body; NULL: the event is gone. */
static char *
make_request(const ScimConsumer *consumer, const Receiver *receiver, ScimSigner *signer,
			 HeapTuple event, TupleDesc desc, StringInfo headers)
{
	const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(event, desc, 2, UUIDOID));
	int64 now = (GetCurrentTimestamp() / USECS_PER_SEC) +
				(int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
	char *body;

	resetStringInfo(headers);
	if (signer != NULL)
	{
		add_header(headers, "Content-Type", "application/secevent+jwt");
		body = ScimSecurityEventToken(consumer, signer, event, desc);
	}
	else
	{
		body = plain_event(consumer, id);
		if (body == NULL)
			return NULL;
		add_header(headers, "Content-Type", "application/json");
		add_header(headers, "webhook-id", ScimUuidText(id));
		add_header(headers, "webhook-timestamp", psprintf(INT64_FORMAT, now));
		if (receiver->key != NULL)
			add_header(headers, "webhook-signature",
					   webhook_signature(receiver->key, ScimUuidText(id), now, body));
	}
	add_header(headers, "Accept", "application/json");
	if (receiver->authorization != NULL)
		add_header(headers, "Authorization", receiver->authorization);
	return body;
}

/* The events of one receiver. */
static void
put_deliveries(ScimStore *store, const Receiver *receiver, int at_most,
			   ReturnSetInfo *result)
{
	ScimConsumer consumer;
	pg_uuid_t lease_id;
	TimestampTz end;
	uint64 nevents;
	SPITupleTable *events;
	ScimSigner *signer = NULL;
	StringInfoData headers;

	if (!ScimConsumerTryLock(store, receiver->name, &consumer))
		return;
	end = DatumGetTimestampTz(DirectFunctionCall2(
		timestamptz_pl_interval, TimestampTzGetDatum(GetCurrentTimestamp()),
		IntervalPGetDatum(&consumer.lease)));
	if (strcmp(consumer.method, "push") == 0)
	{
		if (ScimIssuer(store) == NULL)
		{
			ereport(WARNING,
					(errmsg("consumer \"%s\" of tenant %d gets no events: tokens are "
							"issued by the base_url of the store or the tenant, and "
							"neither has one",
							consumer.name, consumer.tenant_id)));
			return;
		}
		signer = ScimSignerOpen(store, true);
		if (signer == NULL)
		{
			ereport(WARNING,
					(errmsg("consumer \"%s\" gets no events: store \"%s\" has no key "
							"that signs them",
							consumer.name, store->name)));
			return;
		}
	}
	nevents = ScimEventsTake(&consumer, at_most, end, &lease_id);
	events = SPI_tuptable;
	initStringInfo(&headers);
	for (uint64 i = 0; i < nevents; i++)
	{
		HeapTuple event = events->vals[i];
		char *body =
			make_request(&consumer, receiver, signer, event, events->tupdesc, &headers);
		Datum values[DELIVERY_COLUMNS];
		bool nulls[DELIVERY_COLUMNS] = {false};

		CHECK_FOR_INTERRUPTS();
		if (body == NULL)
			continue;
		values[0] = Int32GetDatum(consumer.tenant_id);
		values[1] = UUIDPGetDatum(&consumer.id);
		values[2] = ScimColumnValue(event, events->tupdesc, 2, UUIDOID);
		values[3] = ScimColumnValue(event, events->tupdesc, 7, UUIDOID);
		values[4] = UUIDPGetDatum(&lease_id);
		values[5] = TimestampTzGetDatum(end);
		values[6] = CStringGetTextDatum(receiver->endpoint);
		values[7] = CStringGetTextDatum(headers.data);
		values[8] = CStringGetTextDatum(body);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/* scim.next_deliveries(max int, busy uuid[]) returns table */
static Datum
scim_next_deliveries_given(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int at_most = PG_GETARG_INT32(0);
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	List *receivers;
	ListCell *lc;

	if (at_most < 1 || at_most > SCIM_MAX_EVENTS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("max must be between 1 and %d", SCIM_MAX_EVENTS)));
	require_relay(store);
	InitMaterializedSRF(fcinfo, 0);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	receivers = find_receivers(store, PG_GETARG_DATUM(1));
	foreach (lc, receivers)
	{
		const Receiver *receiver = lfirst(lc);

		begin_tenant(store, receiver->tenant_id);
		put_deliveries(store, receiver, at_most, result);
		end_tenant();
	}
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/* The consumer of that id, locked; false: he is not there any more. */
static bool
lock_receiver(ScimStore *store, int32 tenant_id, Datum id, ScimConsumer *consumer)
{
	ScimParams params;
	char *name;

	ScimParamsOfResource(&params, tenant_id, DatumGetUUIDP(id));
	ScimSpiExecute(psprintf("SELECT c.name FROM %s.consumer c "
							"WHERE c.tenant_id = $1 AND c.id = $2",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed == 0)
		return false;
	name = ScimResultText(0, 1);
	begin_tenant(store, tenant_id);
	ScimConsumerLock(store, name, consumer, true);
	end_tenant();
	return true;
}

/* scim.delivered(tenant_id int, consumer_id uuid, ids uuid[], lease_id uuid) returns int
 */
static Datum
scim_delivered_given(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimConsumer consumer;
	uint64 n = 0;

	require_relay(store);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	if (lock_receiver(store, PG_GETARG_INT32(0), PG_GETARG_DATUM(1), &consumer))
		n = ScimEventsAcknowledge(&consumer, PG_GETARG_DATUM(2), PG_GETARG_UUID_P(3));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_INT32(n);
}

/*
 * scim.delivery_failed(tenant_id int, consumer_id uuid, event_id uuid, error text,
 * retry_after interval, lease_id uuid) returns boolean
 */
Datum
scim_delivery_failed(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimConsumer consumer;
	Datum id;
	uint64 n = 0;

	for (int i = 0; i < 6; i++)
	{
		if (i != 4 && PG_ARGISNULL(i))
			PG_RETURN_BOOL(false);
	}
	require_relay(store);
	id = PG_GETARG_DATUM(2);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	if (lock_receiver(store, PG_GETARG_INT32(0), PG_GETARG_DATUM(1), &consumer))
		n = ScimEventsFail(&consumer, ScimArray(&id, NULL, 1, UUIDOID),
						   text_to_cstring(PG_GETARG_TEXT_PP(3)),
						   PG_ARGISNULL(4) ? NULL : PG_GETARG_INTERVAL_P(4),
						   PG_GETARG_UUID_P(5));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_BOOL(n > 0);
}
