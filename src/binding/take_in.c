/*
 * take_in.c
 *		What is there already when a table is bound.
 *
 * Rows become resources by statements of many at a time.  Where one of these is refused,
 * it is tried again in halves, until those are found that cannot be: they are reported,
 * and all others are in.  A row that a resource goes with by the attribute "match" gets
 * to be that one, and what the row says goes.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "binding/binding.h"
#include "json/json.h"
#include "store/column.h"
#include "store/written.h"

/* The columns of the report. */
typedef enum ReportColumn
{
	REPORT_SIDE,
	REPORT_KEY,
	REPORT_RESOURCE_ID,
	REPORT_PROBLEM
} ReportColumn;
#define REPORT_COLUMNS (REPORT_PROBLEM + 1)

typedef struct NewRow
{
	ScimRowView *view;
	ScimBoundResource resource;
	bool matched;
} NewRow;

typedef struct TakeIn
{
	ScimBinding *binding;
	ReturnSetInfo *report;
	MemoryContext context; /* of the rows at hand */
	bool has_resources;
	NewRow *rows;
	int nrows;
	int one; /* that is being linked */
} TakeIn;

static void
report(const TakeIn *take, const char *side, Datum key, const pg_uuid_t *id,
	   const char *problem)
{
	Datum values[REPORT_COLUMNS] = {0};
	bool nulls[REPORT_COLUMNS] = {false};

	values[REPORT_SIDE] = CStringGetTextDatum(side);
	values[REPORT_KEY] = key;
	nulls[REPORT_KEY] = key == (Datum) 0;
	nulls[REPORT_RESOURCE_ID] = id == NULL;
	if (id != NULL)
		values[REPORT_RESOURCE_ID] = UUIDPGetDatum(id);
	values[REPORT_PROBLEM] = CStringGetTextDatum(problem);
	tuplestore_putvalues(take->report->setResult, take->report->setDesc, values, nulls);
}

/* Which of the rows go with resources that are there. */
static void
match_rows(TakeIn *take)
{
	const ScimBinding *binding = take->binding;
	const char *store = binding->store->quoted_name;
	Datum *numbers = palloc(sizeof(Datum) * take->nrows);
	Datum *tenants = palloc(sizeof(Datum) * take->nrows);
	Datum *texts = palloc(sizeof(Datum) * take->nrows);
	const char *column;
	const char *fold;
	bool exact;
	int n = 0;
	ScimParams params;

	if (!take->has_resources || binding->match == NULL)
		return;
	column = ScimMatchColumn(binding);
	exact = strcmp(column, "external_id") == 0;
	fold = ScimFoldingFunction(strcmp(column, "user_name") == 0 ? SCIM_FOLD_USER_NAME
																: SCIM_FOLD_CASE);
	for (int i = 0; i < take->nrows; i++)
	{
		const JsonbValue *value = ScimMatchValue(binding, take->rows[i].view);

		if (value == NULL)
			continue;
		numbers[n] = Int32GetDatum(i);
		tenants[n] = Int32GetDatum(take->rows[i].resource.tenant_id);
		texts[n++] = CStringGetTextDatum(ScimJsonStringCopy(value));
	}
	if (n == 0)
		return;
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4ARRAYOID, ScimArray(numbers, NULL, n, INT4OID), false);
	ScimParamsAdd(&params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimArray(texts, NULL, n, TEXTOID), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	ScimSpiExecute(
		psprintf("SELECT DISTINCT ON (r.id) w.n, r.id, r.data "
				 "FROM unnest($1, $2, $3) AS w (n, tenant_id, value) "
				 "JOIN %1$s.resource r ON r.resource_type = %2$s "
				 "AND r.tenant_id = w.tenant_id AND r.deleted_at IS NULL AND %3$s "
				 "WHERE NOT EXISTS (SELECT FROM %1$s.binding_link l "
				 "WHERE l.tenant_id = r.tenant_id AND l.binding_id = $4 "
				 "AND l.resource_id = r.id) ORDER BY r.id, w.n",
				 store, quote_literal_cstr(binding->type->name),
				 exact ? "r.external_id = w.value COLLATE \"C\""
					   : psprintf("%2$s(r.%1$s) = %2$s(w.value)", column, fold)),
		&params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		NewRow *row = &take->rows[DatumGetInt32(ScimResultValue(i, 1, INT4OID))];
		MemoryContext old = MemoryContextSwitchTo(take->context);

		if (!row->matched)
		{
			row->matched = true;
			row->resource.id = *DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID));
		}
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
}

/* Makes resources of rows, and their links. */
static void
make_resources(void *arg, int from, int to)
{
	TakeIn *take = arg;
	const ScimBinding *binding = take->binding;
	const char *store = binding->store->quoted_name;
	int n = to - from;
	Datum *ids = palloc(sizeof(Datum) * n);
	Datum *tenants = palloc(sizeof(Datum) * n);
	Datum *documents = palloc(sizeof(Datum) * n);
	Datum *keys = palloc(sizeof(Datum) * n);
	bool before = ScimTakingIn;
	ScimIdentity caller;
	ScimParams params;

	for (int i = 0; i < n; i++)
	{
		const NewRow *row = &take->rows[from + i];

		ids[i] = UUIDPGetDatum(&row->resource.id);
		tenants[i] = Int32GetDatum(row->resource.tenant_id);
		documents[i] =
			JsonbPGetDatum(ScimJsonToJsonb(ScimBoundDocument(binding, row->view)));
		keys[i] = CStringGetTextDatum(ScimKeyText(row->view->key_array));
	}
	caller = ScimBeOwner(binding->store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	ScimParamsAdd(&params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimParamsAdd(&params, JSONBARRAYOID, ScimArray(documents, NULL, n, JSONBOID), false);
	PG_TRY();
	{
		ScimTakingIn = true;
		ScimSpiExecute(psprintf("INSERT INTO %s.resource AS r "
								"(tenant_id, resource_type, id, data) "
								"SELECT w.tenant_id, %s, w.id, w.data "
								"FROM unnest($1, $2, $3) WITH ORDINALITY "
								"AS w (id, tenant_id, data, n) ORDER BY w.n "
								"RETURNING r.id, r.data",
								store, quote_literal_cstr(binding->type->name)),
					   &params, false, 0);
	}
	PG_FINALLY();
	{
		ScimTakingIn = before;
	}
	PG_END_TRY();
	if (SPI_processed != (uint64) n)
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("a trigger of store \"%s\" has skipped the new %s",
							   binding->store->name, binding->type->name)));
	for (int i = 0; i < n; i++)
	{
		NewRow *row = &take->rows[from + i];
		Datum data = ScimResultValue(i, 2, JSONBOID);
		MemoryContext old;

		if (memcmp(DatumGetUUIDP(ScimResultValue(i, 1, UUIDOID)), &row->resource.id,
				   UUID_LEN) != 0)
			elog(ERROR, "resources came back in another order");
		old = MemoryContextSwitchTo(take->context);
		row->resource.document = ScimJsonFromJsonb(DatumGetJsonbPCopy(data));
		MemoryContextSwitchTo(old);
	}
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	ScimParamsAdd(&params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimArray(keys, NULL, n, TEXTOID), false);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	ScimSpiWriteOwn(psprintf("INSERT INTO %s.binding_link "
							 "(tenant_id, binding_id, resource_id, key) "
							 "SELECT w.tenant_id, $4, w.id, w.key::text[] "
							 "FROM unnest($1, $2, $3) AS w (id, tenant_id, key)",
							 store),
					&params);
	SPI_finish();
	ScimBeCaller(caller);
}

/* What constraints put off is one row's problem, not the end of all. */
static void
ask_constraints(ScimBinding *binding)
{
	if (binding->deferred == NULL)
		return;
	ScimDeferredRequire();
	ScimDeferredPutOff(list_make1(binding));
}

/* What the store has made of a row goes to the table. */
static void
say_to_table(void *arg)
{
	TakeIn *take = arg;
	NewRow *row = &take->rows[take->one];

	ScimToTable(take->binding, &row->resource,
				ScimBoundDiffer(take->binding, row->view, &row->resource));
	ask_constraints(take->binding);
}

static void
link_row(void *arg)
{
	TakeIn *take = arg;
	NewRow *row = &take->rows[take->one];

	ScimLinkPut(take->binding, row->resource.tenant_id, &row->resource.id,
				row->view->key_array, true, false);
	ScimToResource(take->binding, row->resource.tenant_id, row->view->key_array, true);
	ask_constraints(take->binding);
}

static void
attempt(TakeIn *take, void (*work)(void *arg), int one)
{
	ErrorData *error;

	take->one = one;
	error = ScimAttempt(work, take);
	if (error == NULL)
		return;
	if (!ScimErrorIsAboutRow(error))
		ThrowErrorData(error);
	report(take, "table", take->rows[one].view->key_array, NULL, error->message);
}

static void
slice_is_in(void *arg, int from, int to)
{
	TakeIn *take = arg;

	for (int i = from; i < to; i++)
	{
		if (ScimBoundDiffer(take->binding, take->rows[i].view, &take->rows[i].resource) !=
			NIL)
			attempt(take, say_to_table, i);
	}
}

static void
row_is_refused(void *arg, int row, const ErrorData *error)
{
	TakeIn *take = arg;
	const ScimBinding *binding = take->binding;
	const NewRow *new = &take->rows[row];
	ScimBoundResource resource = new->resource;
	ErrorData told = *error;

	resource.document = ScimBoundDocument(binding, new->view);
	ScimStoreSays(binding, new->view, &resource, &told);
	report(take, "table", new->view->key_array, NULL, told.message);
}

static pg_uuid_t
id_of(const ScimBinding *binding, const ScimRowView *row)
{
	const ListCell *lc;
	pg_uuid_t id;

	foreach (lc, binding->attributes)
	{
		const JsonbValue *value = row->values[foreach_current_index(lc)];

		if (((const ScimBoundAttribute *) lfirst(lc))->is_id && value != NULL &&
			value->type == jbvString && ScimUuidParse(ScimJsonStringCopy(value), &id))
			return id;
	}
	ScimUuidV7(&id);
	return id;
}

/* The rows that are to be made come first. */
static int
part_rows(TakeIn *take)
{
	int n = 0;

	for (int i = 0; i < take->nrows; i++)
	{
		if (!take->rows[i].matched)
		{
			NewRow row = take->rows[i];

			take->rows[i] = take->rows[n];
			take->rows[n++] = row;
		}
	}
	return n;
}

static void
take_rows(TakeIn *take)
{
	const ScimManyRows rows = {make_resources, slice_is_in, row_is_refused, take};
	int n;

	match_rows(take);
	n = part_rows(take);
	ScimAttemptMany(&rows, 0, n);
	for (int i = n; i < take->nrows; i++)
		attempt(take, link_row, i);
	take->nrows = 0;
}

static void
use_rows(void *arg, ScimRowView **rows, int n)
{
	TakeIn *take = arg;
	MemoryContext before = take->context;

	take->context = CurrentMemoryContext;
	take->rows = palloc(sizeof(NewRow) * n);
	for (int i = 0; i < n; i++)
	{
		ScimRowView *view = rows[i];
		NewRow *row = &take->rows[take->nrows];

		CHECK_FOR_INTERRUPTS();
		if (view->gone)
			continue;
		if (!view->has_tenant)
		{
			report(take, "table", view->key_array, NULL, "the row says no tenant");
			continue;
		}
		memset(row, 0, sizeof(NewRow));
		row->view = view;
		row->resource.tenant_id = view->tenant_id;
		row->resource.id = id_of(take->binding, view);
		take->nrows++;
	}
	take_rows(take);
	take->context = before;
}

static void
row_cannot_be_read(void *arg, Datum key, const ScimBoundAttribute *attribute,
				   const char *problem)
{
	report(arg, "table", key, NULL,
		   attribute != NULL
			   ? psprintf("%s (%s): %s", attribute->path, attribute->shown, problem)
			   : problem);
}

static bool
has_resources(const ScimBinding *binding)
{
	bool found;

	SPI_connect();
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE resource_type = %s "
							"AND deleted_at IS NULL",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name)),
				   NULL, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	return found;
}

/* A resource that has no row yet. */
typedef struct NewResource
{
	TakeIn *take;
	int32 tenant_id;
	const pg_uuid_t *id;
} NewResource;

static void
make_row(void *arg)
{
	const NewResource *new = arg;
	ScimBoundResource resource;

	if (ScimBoundRead(new->take->binding, new->tenant_id, new->id, &resource) &&
		!resource.gone)
		ScimRowBegin(new->take->binding, &resource, false, false);
	ask_constraints(new->take->binding);
}

static void
use_resources(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	TakeIn *take = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(take->context);
		NewResource new = {take,
						   DatumGetInt32(ScimColumnValue(rows[i], desc, 1, INT4OID)),
						   DatumGetUUIDP(ScimColumnValue(rows[i], desc, 2, UUIDOID))};
		ErrorData *error = ScimAttempt(make_row, &new);

		CHECK_FOR_INTERRUPTS();
		if (error != NULL && !ScimErrorIsAboutRow(error))
			ThrowErrorData(error);
		if (error != NULL)
			report(take, "scim", (Datum) 0, new.id, error->message);
		MemoryContextSwitchTo(old);
		MemoryContextReset(take->context);
	}
}

/* Rows of members that belong to nobody who is bound. */
static void
report_members(const void *arg, const char *side, Datum key, const pg_uuid_t *id,
			   const ScimBoundAttribute *attribute, const JsonbValue *of_table,
			   const JsonbValue *of_scim, const char *problem)
{
	StringInfoData member;

	if (problem == NULL)
		return;
	initStringInfo(&member);
	if (of_table != NULL)
		ScimJsonWrite(&member, of_table);
	report(arg, side, key, id,
		   psprintf("%s (%s) %s: %s", attribute->path, attribute->shown, member.data,
					problem));
}

/*
 * ScimTakeIn: the caller owns both sides, and nobody else writes either.  What was
 * committed while we waited for that is seen: no statement is one that only reads, which
 * would see what the caller's did.
 */
void
ScimTakeIn(ScimBinding *binding, ReturnSetInfo *result)
{
	TakeIn take = {.binding = binding, .report = result};
	ScimParams params;
	ScimIdentity caller;

	take.context = AllocSetContextCreate(CurrentMemoryContext, "scim take in",
										 ALLOCSET_DEFAULT_SIZES);
	caller = ScimBeOwner(binding->store->owner);
	take.has_resources = has_resources(binding);
	SPI_connect();
	ScimRowsRead(binding, use_rows, row_cannot_be_read, &take);
	if (take.has_resources)
	{
		ScimParamsInit(&params);
		ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
		ScimParamsAdd(&params, INT4OID, Int32GetDatum(binding->tenant_id),
					  binding->every_tenant);
		ScimSpiForEach(psprintf("SELECT r.tenant_id, r.id FROM %1$s.resource r "
								"WHERE r.resource_type = %2$s AND r.deleted_at IS NULL "
								"AND ($2 IS NULL OR r.tenant_id = $2) "
								"AND NOT EXISTS (SELECT FROM %1$s.binding_link l "
								"WHERE l.tenant_id = r.tenant_id AND l.binding_id = $1 "
								"AND l.resource_id = r.id)",
								binding->store->quoted_name,
								quote_literal_cstr(binding->type->name)),
					   &params, false, use_resources, &take);
	}
	SPI_finish();
	ScimMembershipsUnite(binding);
	if (binding->members != NULL)
		ScimMembershipsCompare(binding, report_members, &take);
	ScimBeCaller(caller);
	MemoryContextDelete(take.context);
}
