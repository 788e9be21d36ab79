/*
 * revert.c
 *		scim.revert_change: what one transaction has changed is changed back.
 *
 * How that is done is SQL, scim_internal.undo_change: statements like anybody's, through
 * the door.  Here it is written to the audit, which the caller could not, that it was.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "door/guard/guard.h"
#include "door/row/row.h"
#include "operation/operation.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_revert_change);
PG_FUNCTION_INFO_V1(scim_try_undo);
PG_FUNCTION_INFO_V1(scim_ask_undone);

#define REVERT_COLUMNS 5

/* Steps of undo_steps; the first and the last of these take something away. */
#define STEP_LEAVE_GROUPS 1
#define STEP_CHANGE 2
#define STEP_DELETE 4

/*
 * Scopes: all that the change was about is changed, and what of it cannot be is told.
 * Returns what ScimScopeLetOut takes.
 */
static int
let_in(ScimStore *store, const pg_uuid_t *change)
{
	List *types = NIL;
	ListCell *lc;
	ScimParams params;

	if (ScimScopeAllows(store, NULL, true))
		return ScimScopeLetIn();
	ScimRequireSelect(store, SCIM_TABLE_AUDIT);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(change), false);
	ScimSpiExecute(psprintf("SELECT DISTINCT a.resource_type::text FROM %s.audit a "
							"WHERE a.tenant_id IN (0, $1) AND a.change = $2 "
							"AND a.object IS DISTINCT FROM 'change' "
							"AND a.object IS DISTINCT FROM 'audit' ORDER BY 1",
							store->quoted_name),
				   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
		types = lappend(types, ScimResultText(i, 1));
	foreach (lc, types)
		ScimScopeRequireOfCall(store, lfirst(lc), lfirst(lc) != NULL);
	return ScimScopeLetIn();
}

static void
write_audit(ScimStore *store, const pg_uuid_t *change)
{
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT]};
	ScimIdentity caller = ScimBeOwner(store->owner);

	row.tenant_id = ScimTenant();
	row.operation = "revert";
	row.object = "change";
	row.key = ScimUuidText(change);
	row.at = ScimClock(store, SCIM_NO_INSTANT);
	ScimAuditInsert(&row);
	ScimBeCaller(caller);
}

/* The result, and whether anything has been done. */
typedef struct Reverting
{
	ReturnSetInfo *result;
	bool done;
} Reverting;

static void
put_row(void *arg, TupleTableSlot *slot)
{
	static const Oid types[REVERT_COLUMNS] = {TEXTOID, UUIDOID, TEXTOID, JSONBOID,
											  TEXTOID};
	Reverting *reverting = arg;
	Datum values[REVERT_COLUMNS];
	bool nulls[REVERT_COLUMNS];

	for (int i = 0; i < REVERT_COLUMNS; i++)
		values[i] = ScimSlotColumn(slot, i + 1, types[i], &nulls[i]);
	tuplestore_putvalues(reverting->result->setResult, reverting->result->setDesc, values,
						 nulls);
	/* of some rows a part is done, and what is in the way of the rest is told */
	if (nulls[REVERT_COLUMNS - 1] || !nulls[REVERT_COLUMNS - 2])
		reverting->done = true;
}

/*
 * What guards have refused in a preview has not happened, and whoever reads an error of
 * ours does not care by which functions it came.
 */
static void
undo(const pg_uuid_t *change, bool preview, Reverting *reverting)
{
	MemoryContext context = CurrentMemoryContext;
	uint64 last_refused = ScimGuardLastRefused();
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(change), false);
	ScimParamsAdd(&params, BOOLOID, BoolGetDatum(preview), false);
	PG_TRY();
	{
		ScimSpiStream("SELECT u.resource_type, u.resource_id, u.action, u.difference, "
					  "u.conflict FROM scim_internal.undo_change($1, $2) u",
					  &params, true, put_row, reverting);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		if (preview)
			ScimGuardForgetRefused(last_refused);
		if (error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE ||
			strncmp(unpack_sql_state(error->sqlerrcode), "SC", 2) == 0)
			error->context = NULL;
		ReThrowError(error);
	}
	PG_END_TRY();
	if (preview)
		ScimGuardForgetRefused(last_refused);
}

/*
 * scim.revert_change(change uuid or text, dry_run boolean) returns setof (resource_type
 * text, resource_id uuid, action text, difference jsonb, conflict text)
 */
Datum
scim_revert_change(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	Reverting reverting = {0};
	const char *id;
	pg_uuid_t change;
	bool preview;
	int before;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("change and dry_run must not be null")));
	id = ScimIdArgument(fcinfo, 0);
	if (!ScimUuidParse(id, &change))
		ereport(ERROR,
				(ScimErr(SCIM_NOT_FOUND), errmsg("change %s is not in the audit", id)));
	preview = PG_GETARG_BOOL(1);
	(void) ScimTenant();
	ScimQueueFlushStore(store);
	InitMaterializedSRF(fcinfo, 0);
	reverting.result = (ReturnSetInfo *) fcinfo->resultinfo;
	SPI_connect();
	before = let_in(store, &change);
	ScimOwnBegin();
	undo(&change, preview, &reverting);
	if (reverting.done && !preview)
		write_audit(store, &change);
	ScimScopeLetOut(before);
	SPI_finish();
	return (Datum) 0;
}

/* The arguments of try_undo, and so of undo_batch, that are arrays. */
typedef enum BatchArray
{
	BATCH_IDS = 3,
	BATCH_MEMBERS,
	BATCH_VERSIONS,
	BATCH_DOCUMENTS,
	BATCH_STATUSES,
	BATCH_WAS
} BatchArray;
#define BATCH_ARGUMENTS (BATCH_WAS + 1)

static const Oid batch_types[BATCH_ARGUMENTS] = {
	NAMEOID,      INT4OID,       TEXTOID,      UUIDARRAYOID, UUIDARRAYOID,
	INT8ARRAYOID, JSONBARRAYOID, TEXTARRAYOID, JSONBARRAYOID};

typedef struct Batch
{
	int n;
	Datum *values[BATCH_ARGUMENTS];
	bool *nulls[BATCH_ARGUMENTS];
} Batch;

/* One of them has become another version by what this call itself has done. */
static void
follow_own(Batch *batch, int step, int i, uint64 row, MemoryContext context)
{
	if (step == STEP_CHANGE)
	{
		MemoryContext old;

		if (batch->nulls[BATCH_WAS][i] || batch->nulls[BATCH_DOCUMENTS][i])
			return;
		old = MemoryContextSwitchTo(context);
		batch->values[BATCH_DOCUMENTS][i] = JsonbPGetDatum(
			ScimOwnMerge(DatumGetJsonbP(batch->values[BATCH_WAS][i]),
						 DatumGetJsonbP(batch->values[BATCH_DOCUMENTS][i]),
						 DatumGetJsonbP(ScimResultValue(row, 3, JSONBOID))));
		MemoryContextSwitchTo(old);
	}
	batch->values[BATCH_VERSIONS][i] =
		Int64GetDatum(DatumGetInt64(ScimResultValue(row, 2, INT8OID)));
}

/*
 * What the steps before this one have changed on the way, by triggers of others for
 * instance, is not what somebody else has changed meanwhile: of that the version is the
 * one that it has now.  Who is to go and has gone by that is left out.
 */
static void
follow_own_writes(ScimStore *store, const char *type_name, int step, Batch *batch)
{
	MemoryContext context = CurrentMemoryContext;
	bool *gone = palloc0(sizeof(bool) * batch->n);
	ScimParams params;
	int n = 0;

	for (int i = 0; i < batch->n; i++)
		gone[i] =
			step == STEP_DELETE &&
			ScimOwnSince(store, ScimTenant(), DatumGetUUIDP(batch->values[BATCH_IDS][i]),
						 DatumGetInt64(batch->values[BATCH_VERSIONS][i]));
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  ScimArray(batch->values[BATCH_IDS], NULL, batch->n, UUIDOID), false);
	ScimSpiExecute(psprintf("SELECT u.n, r.version, r.data, r.deleted_at IS NULL, r.xmin "
							"FROM unnest($2) WITH ORDINALITY AS u (id, n) "
							"JOIN %s.resource r ON r.id = u.id "
							"WHERE r.tenant_id = $1 AND r.resource_type = %s",
							store->quoted_name, quote_literal_cstr(type_name)),
				   &params, false, 0);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		int i = (int) DatumGetInt64(ScimResultValue(row, 1, INT8OID)) - 1;
		int64 version = DatumGetInt64(batch->values[BATCH_VERSIONS][i]);
		bool is_own = ScimOwnRowSince(
			store, ScimTenant(), DatumGetUUIDP(batch->values[BATCH_IDS][i]), version,
			DatumGetTransactionId(ScimResultValue(row, 5, XIDOID)));
		bool is_there = DatumGetBool(ScimResultValue(row, 4, BOOLOID));

		gone[i] = step == STEP_DELETE && !is_there && is_own;
		if (is_own && !gone[i] &&
			DatumGetInt64(ScimResultValue(row, 2, INT8OID)) != version)
			follow_own(batch, step, i, row, context);
	}
	for (int i = 0; i < batch->n; i++)
	{
		if (gone[i])
			continue;
		for (int a = BATCH_IDS; a < BATCH_ARGUMENTS; a++)
		{
			batch->values[a][n] = batch->values[a][i];
			batch->nulls[a][n] = batch->nulls[a][i];
		}
		n++;
	}
	batch->n = n;
	SPI_finish();
}

static void
read_array(Batch *batch, int argument, Datum array)
{
	Oid type = get_element_type(batch_types[argument]);
	int16 len;
	bool by_value;
	char align;
	int n;

	get_typlenbyvalalign(type, &len, &by_value, &align);
	deconstruct_array(DatumGetArrayTypeP(array), type, len, by_value, align,
					  &batch->values[argument], &batch->nulls[argument], &n);
	if (argument == BATCH_IDS)
		batch->n = n;
	else if (n != batch->n)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%d ids, but %d of what belongs to them", batch->n, n)));
	for (int i = 0; argument == BATCH_IDS && i < n; i++)
	{
		if (batch->nulls[argument][i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("an id must not be null")));
	}
}

typedef struct Undoing
{
	ScimStore *store;
	const ScimParams *params;
	bool asks;
	ScimStatedIds stated;
} Undoing;

/* What was sealed later is in no document, and goes. */
static void
undo_batch(void *arg)
{
	const Undoing *undoing = arg;
	const ScimStatedIds *outer = ScimStatedAtDoor;

	PG_TRY();
	{
		ScimStatedAtDoor = &undoing->stated;
		SPI_connect();
		ScimSpiExecuteOnce(
			"SELECT scim_internal.undo_batch($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			undoing->params, false, 0);
		SPI_finish();
		if (undoing->asks)
			ScimDeferredAskAll(undoing->store);
	}
	PG_FINALLY();
	{
		ScimStatedAtDoor = outer;
	}
	PG_END_TRY();
}

/* Those whose documents a statement says. */
static ScimStatedIds
stated_ids(const Batch *batch, int step)
{
	ScimStatedIds stated = {NULL, step == STEP_CHANGE ? batch->n : 0};

	stated.ids = palloc(sizeof(pg_uuid_t) * (stated.n + 1));
	for (int i = 0; i < stated.n; i++)
		stated.ids[i] = *DatumGetUUIDP(batch->values[BATCH_IDS][i]);
	qsort(stated.ids, stated.n, sizeof(pg_uuid_t), ScimCompareIds);
	return stated;
}

/*
 * scim_internal.try_undo(store name, step int, resource_type text, ids uuid[], members
 * uuid[], versions bigint[], documents jsonb[], statuses text[], was jsonb[], asks
 * boolean, OUT guarded boolean, OUT problem text)
 */
Datum
scim_try_undo(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	Batch batch = {0};
	Undoing undoing;
	int step;
	Datum values[2] = {BoolGetDatum(false)};
	bool nulls[2] = {false, true};
	TupleDesc desc;
	ScimParams params;
	ErrorData *error;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	ScimParamsInit(&params);
	for (int i = 0; i <= BATCH_ARGUMENTS; i++)
	{
		if (PG_ARGISNULL(i))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("what is to be undone must not be null")));
		if (i >= BATCH_IDS && i < BATCH_ARGUMENTS)
			read_array(&batch, i, PG_GETARG_DATUM(i));
	}
	step = PG_GETARG_INT32(1);
	if (step == STEP_CHANGE || step == STEP_DELETE)
		follow_own_writes(store, text_to_cstring(PG_GETARG_TEXT_PP(2)), step, &batch);
	for (int i = 0; i < BATCH_ARGUMENTS; i++)
		ScimParamsAdd(&params, batch_types[i],
					  i < BATCH_IDS ? PG_GETARG_DATUM(i)
									: ScimArray(batch.values[i], batch.nulls[i], batch.n,
												get_element_type(batch_types[i])),
					  false);
	if (batch.n == 0)
		return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
	undoing.store = store;
	undoing.params = &params;
	undoing.asks = PG_GETARG_BOOL(BATCH_ARGUMENTS);
	undoing.stated = stated_ids(&batch, step);
	error = ScimAttempt(undo_batch, &undoing);
	if (error != NULL)
	{
		const ScimErrorInfo *info = ScimErrorBySqlstate(error->sqlerrcode);
		bool guarded = info != NULL && info->kind == SCIM_GUARDED;
		const char *scim_type;
		const char *problem;

		if (!guarded && !ScimErrorIsAboutRow(error))
			ReThrowError(error);
		problem = ScimUniqueBroken(store, text_to_cstring(PG_GETARG_TEXT_PP(2)), error);
		if (problem == NULL)
			problem = ScimErrorTold(
				error, step == STEP_LEAVE_GROUPS || step == STEP_DELETE, &scim_type);
		if (guarded && error->detail != NULL && error->detail[0] != '\0')
			problem = psprintf("%s: %s", problem, error->detail);
		values[0] = BoolGetDatum(guarded);
		values[1] = CStringGetTextDatum(problem);
		nulls[1] = false;
	}
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

static void
ask_all(void *arg)
{
	ScimCheckDeferredConstraints();
}

/*
 * scim_internal.ask_undone() returns boolean: would what has been changed back be
 * committed?  That is asked, and undone: what is put off waits still.
 */
Datum
scim_ask_undone(PG_FUNCTION_ARGS)
{
	ErrorData *error = ScimAttemptUndone(ask_all, NULL);

	if (error != NULL && !ScimErrorIsAboutRow(error))
		ReThrowError(error);
	PG_RETURN_BOOL(error == NULL);
}
