/*
 * consumer.c
 *		Who reads events: made, dropped and shown.
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "event/event.h"
#include "event/sign.h"
#include "extension.h"
#include "filter/filter.h"
#include "store/configuration/configuration.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/trigger_type.h"
#include "store/statement/written.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_create_consumer);
SCIM_FUNCTION_OF_VALUES(scim_drop_consumer);
PG_FUNCTION_INFO_V1(scim_consumers);
PG_FUNCTION_INFO_V1(scim_unknown_of_event);
PG_FUNCTION_INFO_V1(scim_consumer_door);

static void
add_argument(FunctionCallInfo fcinfo, ScimParams *params, Oid type, int n)
{
	ScimParamsAdd(params, type, PG_ARGISNULL(n) ? (Datum) 0 : PG_GETARG_DATUM(n),
				  PG_ARGISNULL(n));
}

/* A consumer begins where events are by now, or at the first that is kept. */
static void
begin_at(ScimStore *store, int32 tenant_id, const pg_uuid_t *id, bool from_start)
{
	ScimParams params;
	int64 position = 0;

	if (!from_start)
	{
		/* whatever commits later gets a higher one */
		while (ScimEventsNumber(store, tenant_id, true))
			CHECK_FOR_INTERRUPTS();
		position = ScimEventsLast(store, tenant_id);
	}
	ScimParamsOfResource(&params, tenant_id, id);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(position), false);
	ScimSpiWriteOwn(psprintf("INSERT INTO %s.consumer_position "
							 "(tenant_id, consumer_id, position) VALUES ($1, $2, $3)",
							 store->quoted_name),
					&params);
}

static void
refuse_same(ScimStore *store, int32 tenant_id, Datum name)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, name, false);
	ScimSpiExecute(psprintf("SELECT FROM %s.consumer WHERE tenant_id = $1 AND name = $2",
							store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("there is a consumer \"%s\" already",
							   text_to_cstring(DatumGetTextPP(name)))));
}

typedef struct NewConsumer
{
	const char *query;
	const ScimParams *params;
} NewConsumer;

static void
write_consumer(void *arg)
{
	const NewConsumer *consumer = arg;

	ScimSpiWrite("consumer", consumer->query, consumer->params);
}

/* Writes the row, or says that there is one, also of somebody who has been faster. */
static void
write_new(ScimStore *store, NewConsumer *consumer, int32 tenant_id, Datum name)
{
	ScimParams params;
	ErrorData *error;

	refuse_same(store, tenant_id, name);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, TEXTOID, name, false);
	error = ScimWriteNew(
		write_consumer, consumer,
		psprintf("%s.consumer WHERE tenant_id = $1 AND name = $2", store->quoted_name),
		&params,
		psprintf("there is a consumer \"%s\" by now",
				 text_to_cstring(DatumGetTextPP(name))));
	if (error == NULL)
		return;
	refuse_same(store, tenant_id, name);
	ReThrowError(error);
}

/*
 * scim.create_consumer(name text, filter text, event_uris text[], resource_types text[],
 * from_start boolean, channel text, max_attempts int) returns uuid
 */
Datum
scim_create_consumer(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	int32 tenant_id = ScimTenant();
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));
	ScimIdentity caller;
	ScimParams params;
	NewConsumer consumer = {NULL, &params};

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("a consumer has a name")));
	ScimCheckLength(PG_GETARG_DATUM(0), "the name of a consumer", 1, 256);
	ScimScopeRefuse(store->namespace_oid, "make a consumer of events");
	ScimRequireTable(store, SCIM_TABLE_CONSUMER, ACL_INSERT);
	ScimTenantRequire(store, tenant_id);
	ScimUuidV7(id);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimParamsOfResource(&params, tenant_id, id);
	add_argument(fcinfo, &params, TEXTOID, 0);
	add_argument(fcinfo, &params, TEXTOID, 1);
	add_argument(fcinfo, &params, TEXTARRAYOID, 2);
	add_argument(fcinfo, &params, TEXTARRAYOID, 3);
	add_argument(fcinfo, &params, TEXTOID, 5);
	add_argument(fcinfo, &params, INT4OID, 6);
	consumer.query =
		psprintf("INSERT INTO %s.consumer (tenant_id, id, name, filter, event_uris, "
				 "resource_types, channel, max_attempts) "
				 "VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, 10))",
				 store->quoted_name);
	write_new(store, &consumer, tenant_id, PG_GETARG_DATUM(0));
	begin_at(store, tenant_id, id, !PG_ARGISNULL(4) && PG_GETARG_BOOL(4));
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_UUID_P(id);
}

/* scim.drop_consumer(name text) returns void */
static Datum
scim_drop_consumer_given(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimConsumer consumer;
	ScimParams params;

	ScimScopeRefuse(store->namespace_oid, "drop a consumer of events");
	ScimRequireTable(store, SCIM_TABLE_CONSUMER, ACL_DELETE);
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimConsumerLock(store, name, &consumer, true);
	ScimParamsOfResource(&params, consumer.tenant_id, &consumer.id);
	ScimSpiWrite("consumer",
				 psprintf("DELETE FROM %s.consumer WHERE tenant_id = $1 AND id = $2",
						  store->quoted_name),
				 &params);
	SPI_finish();
	ScimBeCaller(caller);
	PG_RETURN_VOID();
}

/* scim.consumers() returns table: those of the tenant, and how far each is behind */
Datum
scim_consumers(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ScimStore *store = ScimStoreCurrent();
	ScimIdentity caller;
	ScimParams params;

	ScimRequireSelect(store, SCIM_TABLE_CONSUMER);
	InitMaterializedSRF(fcinfo, 0);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(ScimIssuer(store) == NULL), false);
	ScimSpiExecute(
		psprintf(
			"SELECT c.name, p.position, "
			"(SELECT count(*) FROM %1$s.event e WHERE e.tenant_id = $1 "
			"AND (e.position IS NULL OR e.position > coalesce(p.position, 0))), "
			"(SELECT count(*) FROM %1$s.delivery d WHERE d.tenant_id = $1 "
			"AND d.consumer_id = c.id AND d.dead_at IS NULL), "
			"(SELECT count(*) FROM %1$s.lease l WHERE l.tenant_id = $1 "
			"AND l.consumer_id = c.id AND l.expires_at > clock_timestamp() "
			"AND " SCIM_LEASE_HOLDS "), "
			"(SELECT count(*) FROM %1$s.delivery d WHERE d.tenant_id = $1 "
			"AND d.consumer_id = c.id AND d.dead_at IS NOT NULL), "
			"(SELECT min(e.at) FROM %1$s.delivery d JOIN %1$s.event e "
			"ON e.tenant_id = d.tenant_id AND e.id = d.event_id WHERE d.tenant_id = $1 "
			"AND d.consumer_id = c.id AND d.dead_at IS NULL), "
			"CASE WHEN c.method = 'poll' THEN 'token or client: ' || "
			"scim_internal.poller_problem($1, c.token_id, c.resource_types) "
			"WHEN c.method = 'push' AND $2 THEN 'no base_url, which issues tokens' "
			"WHEN c.method = 'push' AND NOT EXISTS (SELECT FROM %1$s.signing_key k "
			"WHERE k.use_from <= clock_timestamp()) THEN 'no key that signs' END "
			"FROM %1$s.consumer c LEFT JOIN %1$s.consumer_position p "
			"ON p.tenant_id = c.tenant_id AND p.consumer_id = c.id "
			"WHERE c.tenant_id = $1 ORDER BY c.name",
			store->quoted_name),
		&params, true, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
	SPI_finish();
	ScimBeCaller(caller);
	return (Datum) 0;
}

/* What a filter of a consumer may name: see ScimEventAsJson. */
static bool
is_of_event(const char *name)
{
	static const char *const names[] = {
		"id",           "position",       "at",  "event", "resourceType", "resourceId",
		"externalId",   "version",        "txn", "actor", "operation",    "attributes",
		"membersAdded", "membersRemoved", "data"};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (pg_strcasecmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* scim_internal.unknown_of_event(filter scim.filter) returns text */
Datum
scim_unknown_of_event(PG_FUNCTION_ARGS)
{
	ScimFilter *filter = PG_GETARG_SCIM_FILTER_P(0);

	for (uint32 i = 0; i < filter->nnodes;)
	{
		const ScimFilterNode *node = &filter->nodes[i];
		bool is_path = node->kind == SCIM_NODE_VALUE_PATH;
		const char *urn = ScimFilterString(filter, node->urn);
		const char *name = ScimFilterString(filter, node->name);

		if ((is_path || node->kind == SCIM_NODE_COMPARE) &&
			(urn != NULL || name == NULL || !is_of_event(name)))
			PG_RETURN_TEXT_P(cstring_to_text(
				urn != NULL ? psprintf("%s:%s", urn, name != NULL ? name : "") : name));
		/* what stands in brackets is of the attribute before */
		i += is_path ? node->size : 1;
	}
	PG_RETURN_NULL();
}

/* An error where nobody could poll; of a row that is there only what it says anew. */
static void
require_poller(const TriggerData *trigger, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	int columns[] = {ScimColumnNumber(desc, "token_id", UUIDOID),
					 ScimColumnNumber(desc, "tenant_id", INT4OID)};
	bool isnull[2];
	Datum token_id = ScimColumn(tuple, desc, columns[0], UUIDOID, &isnull[0]);
	Datum tenant_id = ScimColumn(tuple, desc, columns[1], INT4OID, &isnull[1]);

	if (isnull[0] || isnull[1])
		return;
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
	{
		bool had_none;
		Datum old =
			ScimColumn(trigger->tg_trigtuple, desc, columns[0], UUIDOID, &had_none);

		if (!had_none &&
			memcmp(DatumGetUUIDP(old), DatumGetUUIDP(token_id), UUID_LEN) == 0 &&
			tenant_id ==
				ScimColumnValue(trigger->tg_trigtuple, desc, columns[1], INT4OID))
			return;
	}
	if (!ScimBearerLock(ScimStoreOfTrigger(trigger, SCIM_TABLE_CONSUMER), token_id,
						tenant_id, false))
		ereport(
			ERROR,
			(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
			 errmsg("who polls needs a token or client that exists: there is no "
					"\"%s\" in tenant %d",
					ScimUuidText(DatumGetUUIDP(token_id)), DatumGetInt32(tenant_id))));
}

/* The check itself is a trigger function in PL/pgSQL, called in the place of this one. */
static Datum
check_consumer(FunctionCallInfo fcinfo)
{
	LOCAL_FCINFO(call, 0);
	FmgrInfo check;
	Datum result;

	(void) ScimTriggerCalled(fcinfo, "consumer_door", BEFORE_ROW | ON_INSERT | ON_UPDATE);
	fmgr_info(ScimInternalFunction("consumer_check", 0, NULL), &check);
	InitFunctionCallInfoData(*call, &check, 0, InvalidOid, fcinfo->context, NULL);
	result = FunctionCallInvoke(call);
	require_poller((const TriggerData *) fcinfo->context,
				   (HeapTuple) DatumGetPointer(result));
	return result;
}

/* BEFORE INSERT OR UPDATE ... FOR EACH ROW on "consumer": errors say which row it is. */
Datum
scim_consumer_door(PG_FUNCTION_ARGS)
{
	return ScimPlainRowAdmit(fcinfo, check_consumer);
}
