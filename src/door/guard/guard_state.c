/*
 * guard_state.c
 *		The tables "guard" and "guard_count": what policies "guard" have counted, and
 *		whether they have tripped.
 *
 * The write that is the last one allowed trips the guard, and says so by an event, in
 * its own transaction: so it is known whatever becomes of those that are refused from
 * then on, of which nothing is left but an error.  A single statement that would be more
 * than is left is refused as a whole.  In a request, and wherever a transaction goes on
 * after a savepoint, the guard trips then, too.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "door/guard/guard.h"
#include "door/row/row.h"
#include "event/event.h"
#include "json/json.h"
#include "store/acting.h"
#include "store/preview.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/proof.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"

/* Longer ones would not fit into an index: the rest is hashed. */
#define MAX_KEY 256

/* A statement was refused; whether the guard stays tripped is not known yet. */
typedef struct Refused
{
	Oid namespace_oid;
	int32 tenant_id;
	pg_uuid_t policy;
	char *type_name;
	char *key;
	char *key_actor; /* or NULL */
	char *actor;
	pg_uuid_t resource;
	int64 amount;
	uint64 number;         /* counts up */
	SubTransactionId told; /* by which the guard has tripped */
} Refused;

/* Of Refused *, in TopTransactionContext: whose guards have not tripped, and have. */
static List *refused = NIL;
static List *told = NIL;
static uint64 last_number = 0;

static void
forget_refused(void *arg)
{
	refused = NIL;
	told = NIL;
}

/* What a subtransaction has told is to be told again: the guard has not tripped. */
static void
subtransaction_ends(SubXactEvent event, SubTransactionId subid, SubTransactionId parent,
					void *arg)
{
	MemoryContext old;

	if (event != SUBXACT_EVENT_ABORT_SUB || told == NIL)
		return;
	old = MemoryContextSwitchTo(TopTransactionContext);
	while (told != NIL && ((const Refused *) llast(told))->told >= subid)
	{
		refused = lappend(refused, llast(told));
		told = list_delete_last(told);
	}
	MemoryContextSwitchTo(old);
}

/* Both lists last as long as the transaction. */
static void
watch(void)
{
	static bool watching = false;
	MemoryContextCallback *callback;

	if (!watching)
		RegisterSubXactCallback(subtransaction_ends, NULL);
	watching = true;
	if (refused != NIL || told != NIL)
		return;
	callback = MemoryContextAllocZero(TopTransactionContext, sizeof(*callback));
	callback->func = forget_refused;
	MemoryContextRegisterResetCallback(TopTransactionContext, callback);
}

/* By what a guard knows who acts; *actor: what people call him. */
static const char *
key_of_writer(const ScimStore *store, const char **actor)
{
	const ScimProof *proof = ScimProved();

	*actor = ScimActorIn(store->namespace_oid);
	if (proof == NULL || proof->namespace_oid != store->namespace_oid)
		return *actor = psprintf("role: %s", GetUserNameFromId(ScimActingRole(), false));
	if (proof->has_credential)
		return ScimUuidText(&proof->credential_id);
	if (strlen(proof->actor) <= MAX_KEY)
		return proof->actor;
	return psprintf("%.*s %016llx",
					pg_mbcliplen(proof->actor, strlen(proof->actor), MAX_KEY),
					proof->actor,
					(unsigned long long) hash_bytes_extended(
						(const unsigned char *) proof->actor, strlen(proof->actor), 0));
}

/*
 * ScimGuardLock locks the row of a guard until the transaction ends; where there is none
 * it is made.  What is read from then on is what others have committed.
 */
void
ScimGuardLock(ScimStore *store, int32 tenant_id, const pg_uuid_t *policy, const char *key,
			  const char *actor, ScimGuardState *state)
{
	ScimParams params;
	bool untripped;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(policy), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(key), false);
	for (;;)
	{
		ScimParams row = params;

		ScimSpiExecute(psprintf("SELECT id, used, tripped_at FROM %s.guard "
								"WHERE tenant_id = $1 AND policy_id = $2 AND key = $3 "
								"FOR NO KEY UPDATE",
								store->quoted_name),
					   &params, false, 1);
		if (SPI_processed > 0)
			break;
		CHECK_FOR_INTERRUPTS();
		ScimParamsInit(&row);
		ScimParamsAdd(&row, INT4OID, Int32GetDatum(tenant_id), false);
		ScimParamsAdd(&row, UUIDOID, UUIDPGetDatum(policy), false);
		ScimParamsAdd(&row, TEXTOID, CStringGetTextDatum(key), false);
		ScimParamsAdd(&row, TEXTOID, actor != NULL ? CStringGetTextDatum(actor) : 0,
					  actor == NULL);
		ScimSpiExecute(psprintf("INSERT INTO %s.guard (tenant_id, policy_id, key, actor) "
								"VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
								store->quoted_name),
					   &row, false, 0);
	}
	state->id = *DatumGetUUIDP(ScimResultValue(0, 1, UUIDOID));
	state->used = DatumGetInt64(ScimResultValue(0, 2, INT8OID));
	(void) ScimResult(0, 3, TIMESTAMPTZOID, &untripped);
	state->tripped = !untripped;
}

/*
 * ScimGuardTouch locks a guard and leaves a trace, by which a transaction with an older
 * snapshot sees that it cannot go on.
 */
void
ScimGuardTouch(ScimStore *store, int32 tenant_id, const pg_uuid_t *policy)
{
	ScimGuardState state;
	ScimParams params;

	ScimGuardLock(store, tenant_id, policy, "", NULL, &state);
	ScimParamsOfResource(&params, tenant_id, &state.id);
	ScimSpiExecute(psprintf("UPDATE %s.guard SET changed_at = clock_timestamp() "
							"WHERE tenant_id = $1 AND id = $2",
							store->quoted_name),
				   &params, false, 0);
}

/* What was counted too long ago is not, any more; returns how many these were. */
static int64
forget_old(const ScimStore *store, int32 tenant_id, const ScimGuardState *state,
		   const ScimGuardRule *rule, TimestampTz now)
{
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, &state->id);
	ScimParamsAdd(&params, TIMESTAMPTZOID,
				  TimestampTzGetDatum(now - rule->seconds * USECS_PER_SEC), false);
	ScimSpiExecute(psprintf("WITH old AS (DELETE FROM %s.guard_count "
							"WHERE tenant_id = $1 AND guard_id = $2 AND at <= $3 "
							"RETURNING amount) "
							"SELECT coalesce(sum(amount), 0)::bigint FROM old",
							store->quoted_name),
				   &params, false, 0);
	return DatumGetInt64(ScimResultValue(0, 1, INT8OID));
}

/* For who only wants to know whether it would trip. */
static void
note_preview(const ScimGuardRule *rule, const pg_uuid_t *resource, const Jsonb *data)
{
	ScimPreviewNote *note =
		ScimPreviewAdd(SCIM_PREVIEW_EVENT, "trip guard", rule->type->name, VARSIZE(data));

	if (note == NULL)
		return;
	note->id = *resource;
	note->value = ScimPreviewText(SCIM_EVENT("misc:guard-tripped"));
	note->after = ScimPreviewJsonb(data);
}

/* An event of a guard, and a line in the log of the server. */
static void
tell_tripped(ScimStore *store, int32 tenant_id, const ScimGuardRule *rule,
			 const char *key_actor, const char *actor, const pg_uuid_t *resource,
			 int64 used, TimestampTz now)
{
	JsonbValue *data = ScimJsonNewObject();
	ScimParams params;

	ScimJsonSet(data, "guard", ScimJsonNewString(rule->name));
	ScimJsonSet(data, "on", ScimJsonNewString(ScimGuardSteps(rule)));
	ScimJsonSet(data, "limit", ScimJsonNewInteger(rule->limit));
	ScimJsonSet(data, "seconds", ScimJsonNewInteger(rule->seconds));
	ScimJsonSet(data, "count", ScimJsonNewInteger(used));
	if (key_actor != NULL)
		ScimJsonSet(data, "of", ScimJsonNewString(key_actor));
	ScimParamsOfResource(&params, tenant_id, resource);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(SCIM_EVENT("misc:guard-tripped")),
				  false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(rule->type->name), false);
	ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(ScimJsonToJsonb(data)), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(actor), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ScimSpiWriteOwn(psprintf("INSERT INTO %s.event (tenant_id, event_uri, resource_type, "
							 "resource_id, data, operation, actor, at) "
							 "VALUES ($1, $3, $4, $2, $5, 'trip guard', $6, $7)",
							 store->quoted_name),
					&params);
	ScimChannelsNotify(store, tenant_id);
	if (ScimPreviewing())
	{
		note_preview(rule, resource, ScimJsonToJsonb(data));
		return;
	}
	ereport(LOG_SERVER_ONLY,
			(errmsg("guard \"%s\" of %s has tripped in store \"%s\", tenant %d: %s",
					rule->name, rule->type->name, store->name, tenant_id, actor),
			 errhidestmt(true)));
}

/* A guard that has tripped by this transaction, of which others know nothing yet. */
typedef struct Tripped
{
	ScimNoted noted;
	pg_uuid_t id;
} Tripped;

static ScimNotedList tripped_here;

/* What was done before this subtransaction stays, whatever is refused. */
static SubTransactionId kept_before = InvalidSubTransactionId;

/*
 * ScimGuardKeep: an error takes back what is done from a subtransaction on, and no more.
 * Returns what it was before, for when that is over.
 */
SubTransactionId
ScimGuardKeep(SubTransactionId since)
{
	SubTransactionId before = kept_before;

	kept_before = since;
	return before;
}

/* Has it tripped by what goes as well when something is refused now? */
static bool
has_tripped_here(const pg_uuid_t *id)
{
	const ListCell *lc;

	foreach (lc, tripped_here.all)
	{
		const Tripped *one = lfirst(lc);

		if (one->noted.subid >= kept_before && memcmp(&one->id, id, UUID_LEN) == 0)
			return true;
	}
	return false;
}

static void
note_tripped(const pg_uuid_t *id)
{
	Tripped *one = MemoryContextAllocZero(TopTransactionContext, sizeof(Tripped));

	one->id = *id;
	ScimNotedAdd(&tripped_here, &one->noted);
}

/* Writes what the guard has become. */
static void
set_state(ScimStore *store, int32 tenant_id, const ScimGuardState *state,
		  const char *actor, const pg_uuid_t *resource, TimestampTz now)
{
	ScimParams params;

	ScimParamsOfResource(&params, tenant_id, &state->id);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(state->used), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(state->tripped), false);
	ScimParamsAdd(&params, TEXTOID, CStringGetTextDatum(actor), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(resource), false);
	ScimSpiExecute(
		psprintf(
			"UPDATE %s.guard SET used = $3, changed_at = $4, "
			"tripped_at = CASE WHEN $5 THEN $4 END, "
			"tripped_by = CASE WHEN $5 THEN $6 END, "
			"resource_id = CASE WHEN $5 THEN $7 END WHERE tenant_id = $1 AND id = $2",
			store->quoted_name),
		&params, false, 0);
	if (state->tripped)
		note_tripped(&state->id);
}

/* Notes that the guard should trip, for when the transaction goes on. */
static void
note_refused(const ScimStore *store, int32 tenant_id, const ScimRule *rule,
			 const char *key, const char *key_actor, int64 amount,
			 const pg_uuid_t *resource)
{
	const ScimGuardRule *guard = rule->compiled;
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	Refused *one = palloc(sizeof(Refused));

	one->namespace_oid = store->namespace_oid;
	one->tenant_id = tenant_id;
	one->policy = rule->id;
	one->type_name = pstrdup(guard->type->name);
	one->key = pstrdup(key);
	one->key_actor = key_actor != NULL ? pstrdup(key_actor) : NULL;
	one->actor = pstrdup(ScimActorIn(store->namespace_oid));
	one->resource = *resource;
	one->amount = amount;
	one->number = ++last_number;
	one->told = InvalidSubTransactionId;
	watch();
	refused = lappend(refused, one);
	MemoryContextSwitchTo(old);
}

pg_noreturn static void
refuse(const ScimGuardRule *rule, const char *text)
{
	ereport(ERROR, (ScimErr(SCIM_GUARDED),
					errmsg("%s", rule->message != NULL ? rule->message : text),
					rule->message != NULL ? errdetail_internal("%s", text) : 0,
					errhint("The guard is \"%s\": scim.release_guard() lets it happen "
							"again.",
							rule->name)));
}

pg_noreturn static void
refuse_more(const ScimGuardRule *rule, int64 used)
{
	refuse(rule, psprintf("a guard of %s refuses this: " INT64_FORMAT
						  " would be counted (%s) within " INT64_FORMAT
						  " seconds, more than " INT64_FORMAT,
						  rule->type->name, used, ScimGuardSteps(rule), rule->seconds,
						  rule->limit));
}

void
ScimGuardCount(ScimStore *store, int32 tenant_id, const ScimRule *rule, int64 amount,
			   const pg_uuid_t *resource)
{
	const ScimGuardRule *guard = rule->compiled;
	const char *key_actor = NULL;
	const char *key = guard->per_token ? key_of_writer(store, &key_actor) : "";
	ScimGuardState state;
	ScimParams params;
	TimestampTz now;

	ScimGuardLock(store, tenant_id, &rule->id, key, key_actor, &state);
	if (state.tripped)
	{
		/* perhaps by what the same transaction did, and takes back */
		note_refused(store, tenant_id, rule, key, key_actor, state.used + amount,
					 resource);
		/* then nothing of that is left: together it is too much */
		if (has_tripped_here(&state.id) && state.used + amount > guard->limit)
			refuse_more(guard, state.used + amount);
		refuse(guard, psprintf("a guard of %s has tripped: nothing it counts (%s) "
							   "happens until it is released",
							   guard->type->name, ScimGuardSteps(guard)));
	}
	now = ScimClock(store, SCIM_NO_INSTANT);
	state.used += amount - forget_old(store, tenant_id, &state, guard, now);
	if (state.used > guard->limit)
	{
		note_refused(store, tenant_id, rule, key, key_actor, state.used, resource);
		refuse_more(guard, state.used);
	}
	ScimParamsOfResource(&params, tenant_id, &state.id);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ScimParamsAdd(&params, INT8OID, Int64GetDatum(amount), false);
	ScimSpiExecute(
		psprintf("INSERT INTO %s.guard_count (tenant_id, guard_id, at, amount) "
				 "VALUES ($1, $2, $3, $4)",
				 store->quoted_name),
		&params, false, 0);
	state.tripped = state.used == guard->limit;
	set_state(store, tenant_id, &state, ScimActorIn(store->namespace_oid), resource, now);
	if (state.tripped)
		tell_tripped(store, tenant_id, guard, key_actor,
					 ScimActorIn(store->namespace_oid), resource, state.used, now);
}

/* The rule by the id of its row; NULL: the policy is gone, or counts nothing now. */
static const ScimGuardRule *
find_rule(ScimStore *store, const Refused *one)
{
	const ScimResourceType *type = ScimRegistryType(store->registry, one->type_name);
	const ListCell *lc;

	if (type == NULL)
		return NULL;
	foreach (lc, ScimRulesFor(store, one->tenant_id, type)->of[SCIM_RULE_GUARD])
	{
		const ScimRule *rule = lfirst(lc);

		if (memcmp(&rule->id, &one->policy, UUID_LEN) == 0)
			return rule->compiled;
	}
	return NULL;
}

/* Trips the guard that has refused something, if it has not tripped meanwhile. */
static void
trip(void *arg)
{
	const Refused *one = arg;
	ScimStore *store = ScimStoreByNamespace(one->namespace_oid);
	const ScimGuardRule *rule = find_rule(store, one);
	ScimIdentity caller;
	ScimGuardState state;
	TimestampTz now;

	if (rule == NULL)
		return;
	caller = ScimBeOwner(store->owner);
	SPI_connect();
	ScimGuardLock(store, one->tenant_id, &one->policy, one->key, one->key_actor, &state);
	if (!state.tripped)
	{
		now = ScimClock(store, SCIM_NO_INSTANT);
		state.tripped = true;
		set_state(store, one->tenant_id, &state, one->actor, &one->resource, now);
		tell_tripped(store, one->tenant_id, rule, one->key_actor, one->actor,
					 &one->resource, one->amount, now);
	}
	SPI_finish();
	ScimBeCaller(caller);
}

static void
tell(Refused *one)
{
	ErrorData *error = ScimAttempt(trip, one);
	MemoryContext old;

	if (error == NULL)
	{
		old = MemoryContextSwitchTo(TopTransactionContext);
		one->told = GetCurrentSubTransactionId();
		told = lappend(told, one);
		MemoryContextSwitchTo(old);
		return;
	}
	if (error->sqlerrcode == ERRCODE_QUERY_CANCELED ||
		error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN)
		ReThrowError(error);
	ereport(
		LOG_SERVER_ONLY,
		(errcode(error->sqlerrcode),
		 errmsg("a guard that has refused something could not trip: %s", error->message),
		 errhidestmt(true)));
}

void
ScimGuardTellRefused(void)
{
	while (refused != NIL)
	{
		Refused *one = linitial(refused);

		refused = list_delete_first(refused);
		tell(one);
	}
}

/* ScimGuardLastRefused numbers what was refused last, for ScimGuardForgetRefused. */
uint64
ScimGuardLastRefused(void)
{
	return last_number;
}

static List *
keep_until(List *list, uint64 number)
{
	ListCell *lc;

	foreach (lc, list)
	{
		if (((const Refused *) lfirst(lc))->number > number)
			list = foreach_delete_current(list, lc);
	}
	return list;
}

/*
 * ScimGuardForgetRefused: what was refused after that number was only tried, and no guard
 * trips for it.
 */
void
ScimGuardForgetRefused(uint64 number)
{
	refused = keep_until(refused, number);
	told = keep_until(told, number);
}
