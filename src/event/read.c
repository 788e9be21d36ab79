/*
 * read.c
 *		What a consumer has still to get.
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "event/event.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/written.h"
#include "store/statement/trigger_type.h"

const char *const ScimEventAsJson =
	"pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object("
	"'id', e.id, 'position', e.position, 'at', e.at, 'event', e.event_uri, "
	"'resourceType', e.resource_type, 'resourceId', e.resource_id, "
	"'externalId', e.external_id, 'version', e.version, 'txn', e.change, "
	"'actor', e.actor, 'operation', e.operation, 'attributes', e.attributes, "
	"'membersAdded', e.members_added, 'membersRemoved', e.members_removed, "
	"'data', e.data))";

/* The event_uris of a consumer c as patterns of LIKE, an array. */
#define URI_PATTERNS                                                       \
	"(SELECT array_agg(CASE WHEN p.uri ~ '[*]$' THEN left(p.escaped, -1) " \
	"|| '%' ELSE p.escaped END) FROM (SELECT u.uri, "                      \
	"replace(replace(replace(u.uri, chr(92), repeat(chr(92), 2)), '%', "   \
	"chr(92) || '%'), '_', chr(92) || '_') "                               \
	"AS escaped FROM unnest(c.event_uris) u (uri)) p)"

PG_FUNCTION_INFO_V1(scim_consumer_wants);

/* Does a consumer want an event e?  By resource types, patterns of URIs and a filter. */
static const char *
wants(const char *types, const char *patterns, const char *filter)
{
	return psprintf(
		"(%1$s IS NULL OR e.resource_type = ANY (%1$s)) "
		"AND (%2$s IS NULL OR e.event_uri LIKE ANY (%2$s)) "
		"AND (%3$s IS NULL OR scim.matches(%4$s, scim_internal.stored_filter(%3$s)))",
		types, patterns, filter, ScimEventAsJson);
}

/* A column of the row, in the memory of the caller of SPI. */
static Datum
kept_result(int number, Oid type, bool *isnull)
{
	Datum value = ScimResult(0, number, type, isnull);

	return *isnull ? (Datum) 0 : SPI_datumTransfer(value, false, -1);
}

static void require_position(const ScimConsumer *consumer);

/* Finds a consumer of the current tenant; locking: how his position is, or "". */
static bool
find_consumer(ScimStore *store, const char *name, ScimConsumer *consumer,
			  const char *locking)
{
	ScimParams params;
	Datum token_id;
	bool no_token;

	memset(consumer, 0, sizeof(ScimConsumer));
	consumer->store = store;
	consumer->tenant_id = ScimTenant();
	consumer->name = pstrdup(name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(consumer->tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(name), false);
	ScimSpiExecute(psprintf("SELECT c.id, c.max_attempts, c.filter, c.resource_types, "
							"%3$s, p.position, c.method, c.audience, c.token_id, c.lease "
							"FROM %1$s.consumer c JOIN %1$s.consumer_position p "
							"ON p.tenant_id = c.tenant_id AND p.consumer_id = c.id "
							"WHERE c.tenant_id = $1 AND c.name = $2%2$s",
							store->quoted_name, locking, URI_PATTERNS),
				   &params, false, 1);
	if (SPI_processed == 0)
	{
		require_position(consumer);
		return false;
	}
	consumer->id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
	consumer->max_attempts = DatumGetInt32(ScimResultValue(0, 2, INT4OID));
	consumer->filter = kept_result(3, TEXTOID, &consumer->no_filter);
	consumer->types = kept_result(4, TEXTARRAYOID, &consumer->no_types);
	consumer->patterns = kept_result(5, TEXTARRAYOID, &consumer->no_patterns);
	consumer->position = DatumGetInt64(ScimResultValue(0, 6, INT8OID));
	consumer->method = ScimResultText(0, 7);
	consumer->audience = kept_result(8, TEXTARRAYOID, &consumer->no_audience);
	token_id = ScimResult(0, 9, UUIDOID, &no_token);
	consumer->has_token = !no_token;
	if (!no_token)
		consumer->token_id = *DatumGetUUIDP(token_id);
	consumer->lease = *DatumGetIntervalP(ScimResultValue(0, 10, INTERVALOID));
	return true;
}

/* A consumer without a row that says how far he has come is there, and cannot go on. */
static void
require_position(const ScimConsumer *consumer)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(consumer->tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(consumer->name), false);
	ScimSpiExecute(
		psprintf("SELECT FROM %1$s.consumer c WHERE c.tenant_id = $1 AND c.name = $2 "
				 "AND NOT EXISTS (SELECT FROM %1$s.consumer_position p "
				 "WHERE p.tenant_id = c.tenant_id AND p.consumer_id = c.id)",
				 consumer->store->quoted_name),
		&params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR, (ScimErr(SCIM_UNAVAILABLE),
						errmsg("how far consumer \"%s\" has come is missing in table "
							   "\"consumer_position\"",
							   consumer->name),
						errhint("SELECT scim.repair_store(%s) puts it back.",
								quote_literal_cstr(consumer->store->name))));
}

/* Events tell of resources: scopes have to allow to read all that he may be told of. */
static void
require_scopes(const ScimConsumer *consumer)
{
	Datum *types = NULL;
	bool *nulls;
	int n = 1;

	if (!consumer->no_types)
		deconstruct_array(DatumGetArrayTypeP(consumer->types), TEXTOID, -1, false,
						  TYPALIGN_INT, &types, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		const char *name =
			types == NULL || nulls[i] ? NULL : TextDatumGetCString(types[i]);

		if (!ScimScopeProvedReads(consumer->store, name))
			ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
							errmsg("the scopes of these credentials do not allow to read "
								   "all that consumer \"%s\" is told of",
								   consumer->name)));
	}
}

/*
 * ScimConsumerLock finds a consumer of the current tenant, an error where there is none,
 * and, with lock, locks his position until the transaction ends (SPI is connected, as the
 * owner): one worker at a time takes events of a consumer; who only looks does not.
 */
void
ScimConsumerLock(ScimStore *store, const char *name, ScimConsumer *consumer, bool lock)
{
	/* once it is locked he is read anew: who changes what he wants has the lock, too */
	if ((lock && !find_consumer(store, name, consumer, " FOR NO KEY UPDATE OF p")) ||
		!find_consumer(store, name, consumer, ""))
		ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
						errmsg("consumer \"%s\" does not exist", name)));
	require_scopes(consumer);
	consumer->patient = true;
}

/*
 * ScimConsumerTryLock is the same, and waits for nothing: false where somebody else has
 * him, or he is gone.  So one transaction may take events of many consumers.
 */
bool
ScimConsumerTryLock(ScimStore *store, const char *name, ScimConsumer *consumer)
{
	return find_consumer(store, name, consumer, " FOR NO KEY UPDATE OF p SKIP LOCKED") &&
		   find_consumer(store, name, consumer, "");
}

/*
 * ScimConsumerRead goes on from where a consumer stands, by so many events at most, and
 * keeps those that he wants in "delivery", which are counted.  Returns whether there were
 * any, wanted or not.
 */
bool
ScimConsumerRead(ScimConsumer *consumer, int at_most, int64 *nwanted)
{
	const char *store = consumer->store->quoted_name;
	ScimParams params;
	int64 position;
	bool isnull;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(consumer->tenant_id), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(consumer->position), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(at_most), false);
	ScimSpiExecute(psprintf("SELECT max(position) FROM (SELECT e.position FROM %s.event "
							"e WHERE e.tenant_id = $1 AND e.position > $2 "
							"ORDER BY e.position LIMIT $3) e",
							store),
				   &params, false, 1);
	position = DatumGetInt64(ScimResult(0, 1, INT8OID, &isnull));
	if (isnull)
		return false;
	params.values[2] = Int64GetDatum(position);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&consumer->id), false);
	ScimParamsAdd(&params, TEXTARRAYOID, consumer->types, consumer->no_types);
	ScimParamsAdd(&params, TEXTARRAYOID, consumer->patterns, consumer->no_patterns);
	ScimParamsAdd(&params, TEXTOID, consumer->filter, consumer->no_filter);
	ScimSpiWriteOwn(
		psprintf("INSERT INTO %1$s.delivery "
				 "(tenant_id, consumer_id, position, event_id, resource_id) "
				 "SELECT e.tenant_id, $4, e.position, e.id, e.resource_id "
				 "FROM %1$s.event e WHERE e.tenant_id = $1 AND e.position > $2 "
				 "AND e.position <= $3 AND %2$s",
				 store, wants("$5", "$6", "$7")),
		&params);
	*nwanted += SPI_processed;
	ScimParamsOfResource(&params, consumer->tenant_id, &consumer->id);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(position), false);
	ScimSpiWriteOwn(
		psprintf("UPDATE %s.consumer_position SET position = $3 "
				 "WHERE tenant_id = $1 AND consumer_id = $2 AND position < $3",
				 store),
		&params);
	consumer->position = position;
	return true;
}

/*
 * scim_internal.consumer_wants(), AFTER UPDATE ... FOR EACH ROW on "consumer": what he
 * wants has changed, which holds for all that was not given out yet.
 */
Datum
scim_consumer_wants(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "consumer_wants", AFTER_ROW | ON_UPDATE);
	ScimStore *store = ScimStoreOfTrigger(trigger, SCIM_TABLE_CONSUMER);
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	HeapTuple row = trigger->tg_newtuple;
	Datum tenant_id = ScimColumnNamed(row, desc, "tenant_id", INT4OID);
	Datum id = ScimColumnNamed(row, desc, "id", UUIDOID);
	ScimIdentity caller = ScimBeOwner(store->owner);
	ScimParams params;

	SPI_connect();
	ScimParamsOfResource(&params, DatumGetInt32(tenant_id), DatumGetUUIDP(id));
	ScimSpiExecute(psprintf("SELECT FROM %s.consumer_position p WHERE p.tenant_id = $1 "
							"AND p.consumer_id = $2 FOR NO KEY UPDATE",
							store->quoted_name),
				   &params, false, 0);
	ScimSpiExecute(
		psprintf("DELETE FROM %1$s.delivery d USING %1$s.consumer c, %1$s.event e "
				 "WHERE d.tenant_id = $1 AND d.consumer_id = $2 AND d.attempts = 0 "
				 "AND d.dead_at IS NULL AND c.tenant_id = $1 AND c.id = $2 "
				 "AND e.tenant_id = $1 AND e.id = d.event_id AND (%2$s) IS NOT TRUE",
				 store->quoted_name,
				 wants("c.resource_types", URI_PATTERNS "::text[]", "c.filter")),
		&params, false, 0);
	SPI_finish();
	ScimBeCaller(caller);
	return PointerGetDatum(NULL);
}
