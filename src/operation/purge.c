/*
 * purge.c
 *		scim.purge: what has been out of sight long enough goes for good.
 *
 * A row that something of the owner's still needs, a foreign key or a trigger, is
 * kept, and the others go all the same.  So rows are deleted some at a time, each
 * time in a subtransaction; where one fails, its rows are tried by halves, until
 * those that are to blame stand alone.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "operation/operation.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"

/* So many rows that are kept are named. */
#define MAX_NAMED 100

typedef struct Purge
{
	ScimStore *store;
	TimestampTz until; /* who went later stays */
	int64 purged;
	int64 kept;
} Purge;

SCIM_FUNCTION_OF_VALUES(scim_purge);

static void purge_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc);
static void purge_some(Purge *purge, HeapTuple *rows, uint64 nrows, TupleDesc desc);
static int64
delete_rows(const Purge *purge, HeapTuple *rows, uint64 nrows, TupleDesc desc);
static void keep(Purge *purge, HeapTuple row, TupleDesc desc, const char *message);

/* scim.purge(older_than interval) returns bigint */
static Datum
scim_purge_given(PG_FUNCTION_ARGS)
{
	Purge purge = {.store = ScimStoreCurrent()};
	ScimParams params;

	purge.until = DatumGetTimestampTz(DirectFunctionCall2(
		timestamptz_mi_interval, TimestampTzGetDatum(GetCurrentTimestamp()),
		PG_GETARG_DATUM(0)));

	if (!ScimScopeAllows(purge.store, NULL, true))
		ScimScopeRefuse(purge.store->namespace_oid, "remove for good what is deleted");
	/* what fails later than the statement would not be known to be a row's fault */
	ScimCheckDeferredConstraints();
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(purge.until), false);
	ScimSpiForEachOfTenant(psprintf("SELECT resource_type, id FROM %s.resource "
									"WHERE tenant_id = $1 AND deleted_at <= $2",
									purge.store->quoted_name),
						   &params, false, purge_rows, &purge);
	SPI_finish();
	if (purge.kept > MAX_NAMED)
		ereport(WARNING, (errmsg(INT64_FORMAT " more are kept", purge.kept - MAX_NAMED)));
	PG_RETURN_INT64(purge.purged);
}

static void
purge_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "scim purge", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	purge_some(arg, rows, nrows, desc);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* Some rows that go at once, or not at all. */
typedef struct Rows
{
	Purge *purge;
	HeapTuple *rows;
	uint64 n;
	TupleDesc desc;
	int64 purged;
} Rows;

static void
delete_all(void *arg)
{
	Rows *some = arg;

	some->purged = delete_rows(some->purge, some->rows, some->n, some->desc);
}

static void
purge_some(Purge *purge, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Rows some = {.purge = purge, .rows = rows, .n = nrows, .desc = desc};
	const char *scim_type;
	ErrorData *error;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	error = ScimAttempt(delete_all, &some);
	if (error == NULL)
	{
		purge->purged += some.purged;
		return;
	}
	if (!ScimErrorIsAboutRow(error))
		ReThrowError(error);
	if (nrows == 1)
		keep(purge, rows[0], desc, ScimErrorTold(error, true, &scim_type));
	else
	{
		purge_some(purge, rows, nrows / 2, desc);
		purge_some(purge, rows + nrows / 2, nrows - nrows / 2, desc);
	}
}

/* As the caller, and only what is still out of sight; all of it, or it is an error. */
static int64
delete_rows(const Purge *purge, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Datum *ids = palloc(sizeof(Datum) * nrows);
	ScimParams params;
	int64 deleted;

	for (uint64 i = 0; i < nrows; i++)
		ids[i] = ScimColumnValue(rows[i], desc, 2, UUIDOID);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(ScimTenant()), false);
	ScimParamsAdd(&params, TIMESTAMPTZOID, TimestampTzGetDatum(purge->until), false);
	ScimParamsAdd(&params, UUIDARRAYOID,
				  PointerGetDatum(construct_array(ids, nrows, UUIDOID, UUID_LEN, false,
												  TYPALIGN_CHAR)),
				  false);
	ScimSpiExecute(psprintf("DELETE FROM %s.resource WHERE tenant_id = $1 "
							"AND deleted_at <= $2 AND id = ANY ($3)",
							purge->store->quoted_name),
				   &params, false, 0);
	deleted = SPI_processed;
	if (deleted == nrows)
		return deleted;
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE tenant_id = $1 "
							"AND deleted_at <= $2 AND id = ANY ($3)",
							purge->store->quoted_name),
				   &params, false, 1);
	if (SPI_processed > 0)
		ereport(ERROR, (ScimErr(SCIM_FORBIDDEN),
						errmsg("a trigger, rule or policy of the store refused to "
							   "delete it")));
	return deleted;
}

static void
keep(Purge *purge, HeapTuple row, TupleDesc desc, const char *message)
{
	if (++purge->kept <= MAX_NAMED)
		ereport(
			WARNING,
			(errmsg("%s \"%s\" is kept: %s",
					TextDatumGetCString(ScimColumnValue(row, desc, 1, TEXTOID)),
					ScimUuidText(DatumGetUUIDP(ScimColumnValue(row, desc, 2, UUIDOID))),
					message)));
}
