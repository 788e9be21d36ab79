/*
 * apply.c
 *		What has been found out is done: rows are written by statements of many at a
 *		time, through the door.
 *
 * A resource is written only in the version that it was compared in, or in one that the
 * import itself has made of that; it is locked before, in the order of ids.  What is
 * refused may be possible once others are written, who give a userName free for
 * instance: it is tried again until nothing more comes of it.  Constraints that are put
 * off are asked with each statement, so that they, too, refuse rows and not the whole.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "audit/audit.h"
#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "door/row/row.h"
#include "import/import.h"
#include "json/json.h"
#include "operation/operation.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

/* A row of the plan, and what has become of it. */
typedef struct Step
{
	HeapTuple tuple;
	pg_uuid_t id;
	int64 version;
	Jsonb *document;
	Jsonb *compared; /* of what changes: what the document was made of */
	/* set by a statement, and of no account where it is taken back */
	Jsonb *before; /* of a table that is bound */
	Jsonb *merged; /* the document, with what the import itself has changed since */
	int64 locked;  /* the version before it is written */
	bool written;
	bool conflict;
	bool gone;  /* it was to go, and has, on account of others who were written */
	bool same;  /* the door has found nothing to change */
	bool there; /* it is, once all triggers have had their turn */
	int64 new_version;
} Step;

typedef struct Batch
{
	ScimImport *import;
	ScimImportAction action;
	TupleDesc desc;
	Step *steps;
	int nsteps;
	bool is_bound;
	Tuplestorestate *failed; /* NULL: what fails now is told */
	int64 nfailed;
	int64 ndone;
} Batch;

static char *
resource_table(const ScimImport *import)
{
	return psprintf("%s.resource", import->store->quoted_name);
}

/* The step of a resource, NULL: a trigger has made another one of it. */
static Step *
find_step(const Batch *batch, int from, int to, const pg_uuid_t *id)
{
	/* in the order of ids */
	while (from < to)
	{
		int middle = from + (to - from) / 2;
		int order = memcmp(&batch->steps[middle].id, id, UUID_LEN);

		if (order == 0)
			return &batch->steps[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

static int
compare_steps(const void *a, const void *b)
{
	return memcmp(&((const Step *) a)->id, &((const Step *) b)->id, UUID_LEN);
}

/* What is written. */
static Jsonb *
document_of(const Step *step)
{
	return step->merged != NULL ? step->merged : step->document;
}

/* $1 tenant, $2 ids, $3 documents, of those that are still to be written. */
static int
make_params(const Batch *batch, int from, int to, ScimParams *params, bool documents)
{
	Datum *ids = palloc(sizeof(Datum) * (to - from));
	Datum *values = palloc(sizeof(Datum) * (to - from));
	int n = 0;

	for (int i = from; i < to; i++)
	{
		Step *step = &batch->steps[i];

		if (step->conflict || step->gone)
			continue;
		ids[n] = UUIDPGetDatum(&step->id);
		values[n++] = JsonbPGetDatum(document_of(step));
	}
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(batch->import->tenant_id), false);
	ScimParamsAdd(params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	if (documents)
		ScimParamsAdd(params, JSONBARRAYOID, ScimArray(values, NULL, n, JSONBOID), false);
	return n;
}

static void
create_rows(Batch *batch, int from, int to)
{
	const ScimImport *import = batch->import;
	ScimParams params;

	(void) make_params(batch, from, to, &params, true);
	ScimExecuteWrite(
		import->store,
		psprintf("INSERT INTO %s AS r (tenant_id, resource_type, id, data) "
				 "SELECT $1, %s, w.id, w.data FROM unnest($2, $3) WITH ORDINALITY "
				 "AS w (id, data, n) ORDER BY w.n RETURNING r.id, r.version",
				 resource_table(import), quote_literal_cstr(import->type->name)),
		&params, import->type);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const pg_uuid_t *id = DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
		Step *step = find_step(batch, from, to, id);

		if (step == NULL)
			continue;
		step->written = true;
		step->new_version = DatumGetInt64(ScimResultValue(i, 2, INT8OID));
	}
	for (int i = from; i < to; i++)
	{
		if (!batch->steps[i].written)
			ScimRaiseRefused(import->type, "the new");
	}
}

/*
 * The row of a step, which is locked: is it as it was compared, or has nobody else
 * changed it since?  Then the step is done to what it has become.
 */
static void
judge_row(Batch *batch, Step *step, uint64 row)
{
	const ScimImport *import = batch->import;
	bool is_there = DatumGetBool(ScimResultValue(row, 4, BOOLOID));
	bool is_own;
	Jsonb *data;

	step->locked = DatumGetInt64(ScimResultValue(row, 2, INT8OID));
	is_own = ScimOwnRowSince(import->store, import->tenant_id, &step->id, step->version,
							 DatumGetTransactionId(ScimResultValue(row, 5, XIDOID)));
	step->gone = !is_there && is_own && batch->action == SCIM_IMPORT_DELETE;
	step->conflict = !step->gone;
	if (!is_there || (step->locked != step->version && !is_own))
		return;
	if (batch->is_bound || step->locked != step->version)
	{
		data = ScimStoredData(import->type,
							  DatumGetJsonbPCopy(ScimResultValue(row, 3, JSONBOID)));
		if (batch->is_bound)
			step->before = data;
		if (step->locked != step->version && step->compared != NULL)
			step->merged = ScimOwnMerge(step->compared, step->document, data);
	}
	step->conflict = false;
}

/* Those that others have changed since they were compared are left alone. */
static void
lock_rows(Batch *batch, int from, int to)
{
	const ScimImport *import = batch->import;
	ScimParams params;

	for (int i = from; i < to; i++)
		ScimBindingLock(import->store, import->type, import->tenant_id,
						&batch->steps[i].id, batch->action == SCIM_IMPORT_DELETE);
	(void) make_params(batch, from, to, &params, false);
	/* found by their ids, and not by an index of those who are there: there may be many
	 */
	ScimSpiExecute(
		psprintf("SELECT r.id, r.version, r.data, r.deleted_at IS NULL, r.xmin FROM %s r "
				 "WHERE r.resource_type = %s AND r.tenant_id = $1 "
				 "AND r.id = ANY ($2) ORDER BY r.id FOR %s",
				 resource_table(import), quote_literal_cstr(import->type->name),
				 batch->action == SCIM_IMPORT_DELETE ? "UPDATE" : "NO KEY UPDATE"),
		&params, false, 0);
	for (int i = from; i < to; i++)
	{
		Step *step = &batch->steps[i];

		/* of whom there is no row */
		step->gone =
			batch->action == SCIM_IMPORT_DELETE &&
			ScimOwnSince(import->store, import->tenant_id, &step->id, step->version);
		step->conflict = !step->gone;
	}
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const pg_uuid_t *id = DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
		Step *step = find_step(batch, from, to, id);

		if (step != NULL)
			judge_row(batch, step, i);
	}
}

/* One of them, of which the table that it is bound to may make what was there before. */
typedef struct One
{
	const ScimImport *import;
	const Step *step;
} One;

static void
change_one(void *arg)
{
	const One *one = arg;
	const ScimImport *import = one->import;
	ScimParams params;

	ScimParamsOfResource(&params, import->tenant_id, &one->step->id);
	ScimParamsAdd(&params, JSONBOID, JsonbPGetDatum(document_of(one->step)), false);
	ScimExecuteWrite(import->store,
					 psprintf("UPDATE %s r SET data = $3 WHERE r.resource_type = %s "
							  "AND r.tenant_id = $1 AND r.id = $2",
							  resource_table(import),
							  quote_literal_cstr(import->type->name)),
					 &params, import->type);
}

static bool
says_more(Jsonb *document)
{
	const JsonbValue *tree = ScimJsonFromJsonb(document);

	return ScimJsonGet(tree, "members") != NULL || ScimJsonGet(tree, "password") != NULL;
}

static void
change_alone(Batch *batch, int from, int to)
{
	for (int i = from; i < to; i++)
	{
		Step *step = &batch->steps[i];
		One one = {batch->import, step};
		ScimResource before = {.type = batch->import->type,
							   .tenant_id = batch->import->tenant_id,
							   .id = step->id,
							   .data = step->before};

		CHECK_FOR_INTERRUPTS();
		if (step->conflict || step->gone)
			continue;
		if (says_more(step->document))
			change_one(&one);
		else
			(void) ScimWriteNet(batch->import->store, &before, change_one, &one);
	}
}

static void
change_rows(Batch *batch, int from, int to)
{
	const ScimImport *import = batch->import;
	const char *type_name = quote_literal_cstr(import->type->name);
	bool documents = batch->action == SCIM_IMPORT_CHANGE;
	ScimParams params;

	if (make_params(batch, from, to, &params, documents) == 0)
		return;
	if (batch->action == SCIM_IMPORT_DELETE)
		ScimExecuteWrite(import->store,
						 psprintf("DELETE FROM %s r WHERE r.resource_type = %s "
								  "AND r.tenant_id = $1 AND r.id = ANY ($2)",
								  resource_table(import), type_name),
						 &params, import->type);
	else if (documents && batch->is_bound)
		change_alone(batch, from, to);
	else if (documents)
		ScimExecuteWrite(import->store,
						 psprintf("UPDATE %s r SET data = w.data "
								  "FROM unnest($2, $3) AS w (id, data) "
								  "WHERE r.resource_type = %s AND r.tenant_id = $1 "
								  "AND r.id = w.id",
								  resource_table(import), type_name),
						 &params, import->type);
	else
		ScimExecuteWrite(import->store,
						 psprintf("UPDATE %s r SET %s "
								  "WHERE r.resource_type = %s AND r.tenant_id = $1 "
								  "AND r.id = ANY ($2)",
								  resource_table(import), ScimDeactivation(import->type),
								  type_name),
						 &params, import->type);
	/* a policy may keep what is deleted, and take away what is deactivated */
	for (int i = from; i < to; i++)
		batch->steps[i].written = !batch->steps[i].conflict;
}

/*
 * What is stored, once all triggers have had their turn: they may have written it again.
 * Of what is gone for good its last version was that before; what is new and has gone
 * again was refused, as by a request.
 */
static void
read_versions(Batch *batch, int from, int to)
{
	const ScimImport *import = batch->import;
	ScimParams params;

	if (make_params(batch, from, to, &params, false) == 0)
		return;
	ScimSpiExecute(psprintf("SELECT r.id, r.version, r.status = 'OFFBOARDING', "
							"r.deleted_at IS NULL FROM %s r WHERE r.resource_type = %s "
							"AND r.tenant_id = $1 AND r.id = ANY ($2)",
							resource_table(import),
							quote_literal_cstr(import->type->name)),
				   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		const pg_uuid_t *id = DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID));
		Step *step = find_step(batch, from, to, id);
		bool leaves = DatumGetBool(ScimResultValue(i, 3, BOOLOID));
		bool is_there = DatumGetBool(ScimResultValue(i, 4, BOOLOID));

		if (step == NULL)
			continue;
		step->there = is_there;
		step->new_version = DatumGetInt64(ScimResultValue(i, 2, INT8OID));
		step->same = batch->action != SCIM_IMPORT_CREATE && is_there &&
					 step->new_version == step->locked && !leaves;
		if (step->same && batch->action == SCIM_IMPORT_DELETE)
			ScimRaiseRefused(import->type, "to delete the");
		if (step->same && batch->action == SCIM_IMPORT_DEACTIVATE)
			ScimRaiseRefused(import->type, "a change of the");
	}
	for (int i = from; batch->action == SCIM_IMPORT_CREATE && i < to; i++)
	{
		if (!batch->steps[i].there)
			ScimRaiseRefused(import->type, "the new");
	}
}

static void
write_steps(void *arg, int from, int to)
{
	Batch *batch = arg;
	uint64 writes = ScimDoorWrites();

	for (int i = from; i < to; i++)
	{
		Step *step = &batch->steps[i];

		step->written = step->conflict = step->gone = step->same = step->there = false;
		step->before = step->merged = NULL;
		step->locked = step->new_version = 0;
	}
	SPI_connect();
	if (batch->action == SCIM_IMPORT_CREATE)
		create_rows(batch, from, to);
	else
	{
		lock_rows(batch, from, to);
		change_rows(batch, from, to);
	}
	ScimDeferredAskAll(batch->import->store);
	/* what is new has the version that came back, if nothing else was written */
	if (batch->action != SCIM_IMPORT_CREATE || ScimDoorWrites() != writes + (to - from))
		read_versions(batch, from, to);
	SPI_finish();
}

/* ---- what has become of it ---- */

static void
report_step(Batch *batch, const Step *step, ScimImportAction action,
			const Jsonb *problems)
{
	ScimReportRow row = {.action = action, .problems = problems};
	TupleDesc desc = batch->desc;
	bool isnull;
	Datum value = ScimColumn(step->tuple, desc, SCIM_PLAN_LINE + 1, INT8OID, &isnull);

	row.has_line = !isnull;
	row.line = isnull ? 0 : DatumGetInt64(value);
	value = ScimColumn(step->tuple, desc, SCIM_PLAN_KEY + 1, TEXTOID, &isnull);
	row.key = isnull ? NULL : TextDatumGetCString(value);
	/* whom others may name */
	if (action > SCIM_IMPORT_UNCHANGED && batch->action <= SCIM_IMPORT_CHANGE &&
		batch->import->ndepends > 0)
		ScimLeftOutNote(batch->import, &step->id, false);
	if (action == batch->action)
	{
		value =
			ScimColumn(step->tuple, desc, SCIM_PLAN_DIFFERENCE + 1, JSONBOID, &isnull);
		row.difference = isnull ? NULL : DatumGetJsonbP(value);
	}
	else
	{
		batch->import->counts[batch->action]--;
		batch->import->counts[action]++;
	}
	if (batch->action != SCIM_IMPORT_CREATE || action == SCIM_IMPORT_CREATE)
		row.id = &step->id;
	row.version = step->new_version != 0 ? step->new_version : step->version;
	ScimReport(batch->import, &row);
}

static void
steps_are_written(void *arg, int from, int to)
{
	Batch *batch = arg;

	for (int i = from; i < to; i++)
	{
		Step *step = &batch->steps[i];
		List *problems = NIL;

		if (step->conflict)
		{
			problems = ScimProblemAdd(problems, SCIM_CONFLICT, NULL,
									  "the resource has been changed meanwhile");
			report_step(batch, step, SCIM_IMPORT_CONFLICT, ScimProblemsJson(problems));
			continue;
		}
		batch->ndone++;
		report_step(batch, step, step->same ? SCIM_IMPORT_UNCHANGED : batch->action,
					NULL);
	}
}

static void
step_is_refused(void *arg, int at, const ErrorData *error)
{
	Batch *batch = arg;
	const Step *step = &batch->steps[at];
	Datum values[SCIM_PLAN_COLUMNS];
	bool nulls[SCIM_PLAN_COLUMNS];
	static const Oid types[SCIM_PLAN_COLUMNS] = {INT4OID, INT8OID,  TEXTOID,  UUIDOID,
												 INT8OID, JSONBOID, JSONBOID, JSONBOID};

	if (batch->failed == NULL)
	{
		report_step(batch, step, SCIM_IMPORT_INVALID,
					ScimErrorJson(error, batch->action == SCIM_IMPORT_DELETE));
		return;
	}
	for (int i = 0; i < SCIM_PLAN_COLUMNS; i++)
		values[i] = ScimColumn(step->tuple, batch->desc, i + 1, types[i], &nulls[i]);
	tuplestore_putvalues(batch->failed, batch->import->plan_desc, values, nulls);
	batch->nfailed++;
}

static void
use_steps(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Batch *batch = arg;
	const ScimManyRows many = {write_steps, steps_are_written, step_is_refused, batch};
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "scim import steps", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);

	batch->desc = desc;
	batch->steps = palloc0(sizeof(Step) * nrows);
	batch->nsteps = (int) nrows;
	for (uint64 i = 0; i < nrows; i++)
	{
		Step *step = &batch->steps[i];
		bool isnull;
		Datum document =
			ScimColumn(rows[i], desc, SCIM_PLAN_DOCUMENT + 1, JSONBOID, &isnull);

		step->tuple = rows[i];
		step->id =
			*DatumGetUUIDP(ScimColumnValue(rows[i], desc, SCIM_PLAN_ID + 1, UUIDOID));
		step->version =
			DatumGetInt64(ScimColumnValue(rows[i], desc, SCIM_PLAN_VERSION + 1, INT8OID));
		step->document = isnull ? NULL : DatumGetJsonbP(document);
		document = ScimColumn(rows[i], desc, SCIM_PLAN_BEFORE + 1, JSONBOID, &isnull);
		step->compared = isnull ? NULL : DatumGetJsonbP(document);
	}
	qsort(batch->steps, nrows, sizeof(Step), compare_steps);
	ScimAttemptMany(&many, 0, (int) nrows);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/* All that a table of steps says, one kind after the other. */
static void
do_steps(Batch *batch, const char *table)
{
	for (int action = 0; action < SCIM_IMPORT_WRITES; action++)
	{
		batch->action = (ScimImportAction) action;
		ScimSpiForEach(psprintf("SELECT * FROM %s WHERE action = %d", table, action),
					   NULL, false, use_steps, batch);
	}
}

/* Those of "later", which come in the order of their ranks. */
static void
use_ranks(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Batch *batch = arg;
	/* there may be a statement for each row: none of them reads the table as a whole */
	int level = ScimSpiBeginApart(true);
	uint64 from = 0;

	while (from < nrows)
	{
		uint64 to = from;
		int32 action = 0;
		int32 rank = 0;

		for (; to < nrows; to++)
		{
			int32 this_action = DatumGetInt32(
				ScimColumnValue(rows[to], desc, SCIM_PLAN_ACTION + 1, INT4OID));
			int32 this_rank = DatumGetInt32(
				ScimColumnValue(rows[to], desc, SCIM_WAITING_RANK + 1, INT4OID));

			if (to == from)
			{
				action = this_action;
				rank = this_rank;
			}
			else if (this_action != action || this_rank != rank)
				break;
		}
		batch->action = (ScimImportAction) action;
		use_steps(batch, rows + from, to - from, desc);
		from = to;
	}
	ScimSpiEndApart(level);
}

/* The audit says that it was an import. */
static void
write_audit(ScimImport *import)
{
	ScimStore *store = import->store;
	ScimAuditRow row = {.audit = store->tables.relid[SCIM_TABLE_AUDIT]};
	JsonbValue *detail = ScimJsonNewObject();
	ScimIdentity caller;
	pg_uuid_t change;

	ScimJsonSet(detail, "resourceType", ScimJsonNewString(import->type->name));
	ScimJsonSet(detail, "mode", ScimJsonNewString(import->full ? "full" : "delta"));
	if (import->scope != NULL)
		ScimJsonSet(detail, "scope", ScimJsonNewString(import->scope));
	if (import->force)
		ScimJsonSet(detail, "force", ScimJsonNewBool(true));
	for (int i = 0; i < SCIM_IMPORT_REFUSED; i++)
	{
		if (import->counts[i] > 0)
			ScimJsonSet(detail, ScimImportActionName((ScimImportAction) i),
						ScimJsonNewInteger(import->counts[i]));
	}
	caller = ScimBeOwner(store->owner);
	ScimChange(&change);
	row.tenant_id = import->tenant_id;
	row.operation = "import";
	row.object = "change";
	row.key = ScimUuidText(&change);
	row.detail = ScimJsonToJsonb(detail);
	row.at = ScimClock(store, SCIM_NO_INSTANT);
	ScimAuditInsert(&row);
	ScimBeCaller(caller);
}

/* What is written of the plan. */
typedef struct Apply
{
	ScimImport *import;
	int64 done;
	bool again; /* others rely on a row that was refused: all is taken back */
} Apply;

static void
apply_plan(void *arg)
{
	Apply *apply = arg;
	ScimImport *import = apply->import;
	Batch batch = {.import = import,
				   .is_bound = ScimBindingFor(import->store, import->type,
											  import->tenant_id) != NULL};
	Tuplestorestate *steps = import->plan;
	int64 nsteps = import->nplan;
	bool last = false;
	bool more = import->nready > 0 || import->nlater > 0;

	apply->done = 0;
	SPI_connect();
	/* what the caller has written before is not a row's */
	if (nsteps > 0 || more)
		ScimDeferredAskAll(import->store);
	for (int round = 0; nsteps > 0 || (round == 0 && more); round++)
	{
		char *table = psprintf("plan_%d", round);

		ScimRowsUse(table, import->plan_desc, steps, nsteps);
		if (round == 0 && import->nready > 0)
		{
			ScimRowsUse("ready", import->plan_desc, import->ready, import->nready);
			table = "(SELECT * FROM plan_0 UNION ALL SELECT * FROM ready) AS p";
		}
		batch.failed = last ? NULL : ScimRowsBegin(import);
		batch.nfailed = batch.ndone = 0;
		do_steps(&batch, table);
		if (round == 0 && import->nlater > 0)
		{
			ScimRowsUse("later", import->waiting_desc, import->later, import->nlater);
			ScimSpiForEach("SELECT * FROM later ORDER BY rank, action", NULL, false,
						   use_ranks, &batch);
		}
		apply->done += batch.ndone;
		/* where nothing more can be done, the last round tells why */
		last = batch.ndone == 0;
		steps = batch.failed;
		nsteps = batch.nfailed;
	}
	SPI_finish();
	apply->again = ScimLeftOutRelied(import);
	if (apply->again)
		elog(ERROR, "a row of an import that others rely on was refused");
}

/*
 * ScimImportApply does what the plan says; SPI is connected.  result: of ScimToldHold,
 * before anything was told.
 */
void
ScimImportApply(ScimImport *import, Tuplestorestate *result)
{
	Apply apply = {.import = import};
	uint64 writes = ScimDoorWrites();

	if (import->nrelied_on == 0)
		apply_plan(&apply);
	else
	{
		ErrorData *error;

		/* each time one row more is left out */
		while ((error = ScimAttempt(apply_plan, &apply)) != NULL)
		{
			if (!apply.again)
				ThrowErrorData(error);
			FreeErrorData(error);
			ScimWaitingSettle(import);
			writes = ScimDoorWrites();
		}
	}
	/* who is written, or left as he is, may have been written with those after him */
	ScimToldRelease(import, result, ScimDoorWrites() != writes + apply.done);
	if (apply.done > 0)
		write_audit(import);
}
