/*
 * poll.c
 *		POST /.events/{consumer}: a receiver fetches Security Event Tokens (RFC 8936).
 *
 *		{"maxEvents": 10, "returnImmediately": true, "ack": ["<jti>"],
 *		 "setErrs": {"<jti>": {"err": "invalid_key", "description": "..."}}}
 *		-> {"sets": {"<jti>": "<token>"}, "moreAvailable": false}
 *
 * It is answered at once, whatever "returnImmediately" says: a request that waits would
 * hold a connection of the database.  GET /jwks.json has the keys.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "event/event.h"
#include "event/sign.h"
#include "json/json.h"
#include "protocol/protocol.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/statement.h"

#define MAX_POLLED 1000
#define USUAL_POLLED 100

/* Each is a statement, and nobody has more to say of one answer. */
#define MAX_ERRORS MAX_POLLED

static bool
may_read_events(void)
{
	return DatumGetBool(DirectFunctionCall2(
		has_function_privilege_name,
		CStringGetTextDatum("scim.next_events(text,integer,interval)"),
		CStringGetTextDatum("EXECUTE")));
}

/*
 * Who may poll: the one credential that the consumer names.  An application that lets
 * requests in itself may where it may call scim.next_events.
 */
static bool
may_poll(const ScimConsumer *consumer, bool reads_events)
{
	const ScimProof *proof = ScimProved();

	if (strcmp(consumer->method, "poll") != 0)
		return false;
	if (proof == NULL)
		return reads_events;
	return proof->has_credential && consumer->has_token &&
		   memcmp(&proof->credential_id, &consumer->token_id, UUID_LEN) == 0;
}

static Datum
id_array(const List *ids)
{
	Datum *values = palloc(sizeof(Datum) * (list_length(ids) + 1));
	const ListCell *lc;

	foreach (lc, ids)
		values[foreach_current_index(lc)] = UUIDPGetDatum((pg_uuid_t *) lfirst(lc));
	return ScimArray(values, NULL, list_length(ids), UUIDOID);
}

/* What is no id of ours is none of his events either. */
static List *
add_id(List *ids, const char *text)
{
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));

	return text != NULL && ScimUuidParse(text, id) ? lappend(ids, id) : ids;
}

static void
acknowledge(const ScimConsumer *consumer, const JsonbValue *ack)
{
	List *ids = NIL;

	if (ack == NULL || ack->type == jbvNull)
		return;
	if (ack->type != jbvArray)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX), errmsg("\"ack\" is not an array")));
	for (int i = 0; i < ack->val.array.nElems; i++)
		ids = add_id(ids, ScimJsonStringCopy(&ack->val.array.elems[i]));
	if (ids != NIL)
		(void) ScimEventsAcknowledge(consumer, id_array(ids), NULL);
}

static const char *
text_of(const JsonbValue *object, const char *name)
{
	const JsonbValue *value =
		object->type == jbvObject ? ScimJsonGet(object, name) : NULL;
	const char *text = value != NULL ? ScimJsonStringCopy(value) : NULL;

	return text != NULL ? text : "";
}

static void
fail(const ScimConsumer *consumer, const JsonbValue *errors)
{
	if (errors == NULL || errors->type == jbvNull)
		return;
	if (errors->type != jbvObject)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_SYNTAX), errmsg("\"setErrs\" is not an object")));
	if (errors->val.object.nPairs > MAX_ERRORS)
		ereport(ERROR,
				(ScimErr(SCIM_TOO_LARGE),
				 errmsg("\"setErrs\" has more than %d events, as many as one answer has",
						MAX_ERRORS)));
	for (int i = 0; i < errors->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &errors->val.object.pairs[i];
		List *ids = add_id(NIL, ScimJsonStringCopy(&pair->key));

		CHECK_FOR_INTERRUPTS();
		if (ids != NIL)
			(void) ScimEventsFail(consumer, id_array(ids),
								  psprintf("%s: %s", text_of(&pair->value, "err"),
										   text_of(&pair->value, "description")),
								  NULL, NULL);
	}
}

static int
wanted_events(const JsonbValue *body)
{
	const JsonbValue *max = ScimJsonGet(body, "maxEvents");
	int64 n;

	if (max == NULL || max->type == jbvNull)
		return USUAL_POLLED;
	if (!ScimMessageInteger(max, &n) || n < 0)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"maxEvents\" is not a number of events")));
	return (int) Min(n, MAX_POLLED);
}

/* The tokens of the events, which are the rows that SPI has at hand. */
static List *
make_tokens(const ScimConsumer *consumer, uint64 nevents)
{
	SPITupleTable *events = SPI_tuptable;
	ScimSigner *signer;
	List *tokens = NIL;

	if (nevents == 0)
		return NIL;
	if (ScimIssuer(consumer->store) == NULL)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("tokens are issued by the base_url of the store or the "
							   "tenant, and neither has one")));
	signer = ScimSignerOpen(consumer->store, false);
	for (uint64 i = 0; i < nevents; i++)
	{
		CHECK_FOR_INTERRUPTS();
		tokens = lappend(tokens, ScimSecurityEventToken(consumer, signer, events->vals[i],
														events->tupdesc));
		tokens = lappend(tokens, ScimUuidText(DatumGetUUIDP(ScimColumnValue(
									 events->vals[i], events->tupdesc, 2, UUIDOID))));
	}
	return tokens;
}

/* ScimAnswerPoll: see above. */
void
ScimAnswerPoll(ScimRequest *request, ScimAnswer *answer)
{
	MemoryContext context = CurrentMemoryContext;
	const ScimTarget *target = &request->target;
	const JsonbValue *body;
	bool reads_events = may_read_events();
	ScimIdentity caller;
	ScimConsumer consumer;
	pg_uuid_t lease_id;
	TimestampTz end;
	int at_most;
	List *tokens = NIL;
	bool more = false;
	MemoryContext spi;

	if (target->nsegments != 2)
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND), errmsg("events have a consumer")));
	ScimConditionsOfPost(request, psprintf("/.events/%s", target->segments[1]));
	body = ScimRequestBody(request);
	at_most = wanted_events(body);
	answer->wrote = true;
	caller = ScimBeOwner(request->store->owner);
	SPI_connect();
	ScimConsumerLock(request->store, target->segments[1], &consumer, true);
	if (!may_poll(&consumer, reads_events))
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("these credentials may not poll the events of \"%s\"",
							   target->segments[1])));
	acknowledge(&consumer, ScimJsonGet(body, "ack"));
	fail(&consumer, ScimJsonGet(body, "setErrs"));
	if (at_most > 0)
	{
		end = DatumGetTimestampTz(DirectFunctionCall2(
			timestamptz_pl_interval, TimestampTzGetDatum(GetCurrentTimestamp()),
			IntervalPGetDatum(&consumer.lease)));
		tokens =
			make_tokens(&consumer, ScimEventsTake(&consumer, at_most, end, &lease_id));
	}
	more = ScimEventsAreLeft(&consumer);

	spi = MemoryContextSwitchTo(context);
	answer->status = 200;
	answer->media_type = "application/json";
	appendStringInfoString(&answer->body, "{\"sets\":{");
	for (int i = 0; i < list_length(tokens); i += 2)
		appendStringInfo(&answer->body, "%s\"%s\":\"%s\"", i > 0 ? "," : "",
						 (char *) list_nth(tokens, i + 1), (char *) list_nth(tokens, i));
	appendStringInfo(&answer->body, "},\"moreAvailable\":%s}", more ? "true" : "false");
	MemoryContextSwitchTo(spi);
	SPI_finish();
	ScimBeCaller(caller);
}

/* ScimAnswerKeys: GET /jwks.json (RFC 7517), without credentials as discovery. */
void
ScimAnswerKeys(ScimRequest *request, ScimAnswer *answer)
{
	ScimRefuseFilter(&request->target);
	answer->status = 200;
	answer->media_type = "application/json";
	ScimJsonWrite(&answer->body, ScimJsonFromJsonb(ScimJwks(request->store)));
}
