/*
 * compare.c
 *		scim.check_binding: in what the two sides of a binding differ.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "binding/binding.h"
#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "error.h"
#include "json/json.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_check_binding);

/* The columns of the result. */
typedef enum Column
{
	COLUMN_BOUND,
	COLUMN_SIDE,
	COLUMN_KEY,
	COLUMN_RESOURCE_ID,
	COLUMN_ATTRIBUTE,
	COLUMN_COLUMN,
	COLUMN_TABLE_VALUE,
	COLUMN_SCIM_VALUE,
	COLUMN_PROBLEM
} Column;
#define COLUMNS (COLUMN_PROBLEM + 1)

/* So many rows are asked why they are no resources: each is tried, and undone. */
#define MAX_ASKED 1000

typedef struct Comparison
{
	ScimBinding *binding;
	Oid relid; /* the table that is bound */
	ReturnSetInfo *result;
	MemoryContext context;
	List *outside; /* varlena *: keys of rows that have no resource */
} Comparison;

static void
put_difference(const void *arg, const char *side, Datum key, const pg_uuid_t *id,
			   const ScimBoundAttribute *attribute, const JsonbValue *of_table,
			   const JsonbValue *of_scim, const char *problem)
{
	const Comparison *comparison = arg;
	Datum values[COLUMNS] = {0};
	bool nulls[COLUMNS];

	memset(nulls, true, sizeof(nulls));
	values[COLUMN_BOUND] = ObjectIdGetDatum(comparison->relid);
	values[COLUMN_SIDE] = CStringGetTextDatum(side);
	nulls[COLUMN_BOUND] = !OidIsValid(comparison->relid);
	nulls[COLUMN_SIDE] = false;
	values[COLUMN_KEY] = key;
	nulls[COLUMN_KEY] = key == (Datum) 0;
	if (id != NULL)
	{
		values[COLUMN_RESOURCE_ID] = UUIDPGetDatum(id);
		nulls[COLUMN_RESOURCE_ID] = false;
	}
	if (attribute != NULL)
	{
		/* a column that is none has no attribute */
		if (attribute->path != NULL)
			values[COLUMN_ATTRIBUTE] = CStringGetTextDatum(attribute->path);
		nulls[COLUMN_ATTRIBUTE] = attribute->path == NULL;
		values[COLUMN_COLUMN] = CStringGetTextDatum(attribute->shown);
		nulls[COLUMN_COLUMN] = false;
	}
	if (of_table != NULL)
	{
		values[COLUMN_TABLE_VALUE] =
			JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(of_table)));
		nulls[COLUMN_TABLE_VALUE] = false;
	}
	if (of_scim != NULL)
	{
		values[COLUMN_SCIM_VALUE] =
			JsonbPGetDatum(ScimJsonToJsonb(ScimJsonCopy(of_scim)));
		nulls[COLUMN_SCIM_VALUE] = false;
	}
	if (problem != NULL)
	{
		values[COLUMN_PROBLEM] = CStringGetTextDatum(problem);
		nulls[COLUMN_PROBLEM] = false;
	}
	tuplestore_putvalues(comparison->result->setResult, comparison->result->setDesc,
						 values, nulls);
}

/* What the store has of a row. */
typedef struct Linked
{
	bool found;
	bool detached;
	pg_uuid_t id;
	JsonbValue *document; /* NULL: the resource is not there, or out of sight */
} Linked;

/* The documents of resources that are there, of those that are linked. */
static void
read_documents(const ScimBinding *binding, ScimRowView **rows, Linked *linked, int n)
{
	MemoryContext context = CurrentMemoryContext;
	Datum *ids = palloc(sizeof(Datum) * Max(n, 1));
	Datum *tenants = palloc(sizeof(Datum) * Max(n, 1));
	bool *nulls = palloc(sizeof(bool) * Max(n, 1));
	ScimParams params;

	for (int i = 0; i < n; i++)
	{
		ids[i] = UUIDPGetDatum(&linked[i].id);
		tenants[i] = Int32GetDatum(rows[i]->tenant_id);
		nulls[i] = !linked[i].found;
	}
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, nulls, n, UUIDOID), false);
	ScimParamsAdd(&params, INT4ARRAYOID, ScimArray(tenants, nulls, n, INT4OID), false);
	ScimSpiExecute(psprintf("SELECT w.n, r.data FROM unnest($1, $2) WITH ORDINALITY "
							"AS w (id, tenant_id, n) CROSS JOIN LATERAL "
							"(SELECT data FROM %s.resource r WHERE r.resource_type = %s "
							"AND r.tenant_id = w.tenant_id AND r.id = w.id "
							"AND r.deleted_at IS NULL OFFSET 0) r",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name)),
				   &params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Linked *one = &linked[DatumGetInt64(ScimResultValue(i, 1, INT8OID)) - 1];
		MemoryContext old = MemoryContextSwitchTo(context);

		one->document = ScimStoredDocument(
			binding->type, DatumGetJsonbPCopy(ScimResultValue(i, 2, JSONBOID)));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
}

/*
 * The links of some rows, and their resources, as the store's owner.  Links are found one
 * by one, by the index of their keys: the planner takes another one of a table that it
 * knows nothing of, as after scim.bind_table, and reads them all for each.
 */
static Linked *
find_linked(const ScimBinding *binding, ScimRowView **rows, int n)
{
	Linked *linked = palloc0(sizeof(Linked) * Max(n, 1));

	for (int i = 0; i < n; i++)
	{
		ScimLink link;

		CHECK_FOR_INTERRUPTS();
		if (!rows[i]->has_tenant ||
			!ScimLinkSeenOfKey(binding, rows[i]->tenant_id, rows[i]->key_array, &link))
			continue;
		linked[i].found = true;
		linked[i].detached = link.detached;
		linked[i].id = link.resource_id;
	}
	read_documents(binding, rows, linked, n);
	return linked;
}

/* A row has no resource, and is asked why when all have been compared. */
static void
note_outside(Comparison *comparison, Datum key)
{
	MemoryContext old = MemoryContextSwitchTo(comparison->context);

	comparison->outside =
		lappend(comparison->outside, DatumGetPointer(datumCopy(key, false, -1)));
	MemoryContextSwitchTo(old);
}

/*
 * A key that is nobody's, and a reference to what has no row: the other side cannot say
 * it, so that it is no difference that could be mended.
 */
static void
compare_reference(const Comparison *comparison, const ScimRowView *row,
				  const ScimBoundResource *resource, const ScimBoundAttribute *attribute)
{
	const JsonbValue *said = ScimBoundGet(attribute, resource->document);
	int number = 0;
	char *problem;

	while (list_nth(comparison->binding->attributes, number) != attribute)
		number++;
	problem = ScimReferenceStranger(attribute, row, number);
	if (problem != NULL)
		put_difference(comparison, "both", row->key_array, &resource->id, attribute,
					   ScimJsonNewString(ScimKeyShown(row->refers[number])), said,
					   problem);
	else if ((problem = ScimReferenceRowless(attribute, row, number, resource)) != NULL)
		put_difference(comparison, "both", row->key_array, &resource->id, attribute, NULL,
					   said, problem);
}

/* What the row says of an attribute; of a key that is nobody's, that. */
static const JsonbValue *
value_of_row(const ScimRowView *row, const ScimBoundAttribute *attribute, int number)
{
	if (attribute->kind == SCIM_BOUND_REFERENCE && row->values[number] == NULL &&
		row->refers[number] != (Datum) 0)
		return ScimJsonNewString(ScimKeyShown(row->refers[number]));
	return row->values[number];
}

static void
compare_row(Comparison *comparison, const ScimRowView *row, const Linked *linked)
{
	const ScimBinding *binding = comparison->binding;
	ScimBoundResource resource = {
		.id = linked->id, .tenant_id = row->tenant_id, .document = linked->document};
	List *differ;
	const ListCell *lc;

	if (linked->detached)
		return;
	if (!linked->found || linked->document == NULL)
	{
		if (row->gone)
			return;
		if (!row->has_tenant)
		{
			put_difference(comparison, "table", row->key_array, NULL, NULL, NULL, NULL,
						   "the row says no tenant");
			return;
		}
		if (!linked->found && list_length(comparison->outside) < MAX_ASKED)
			note_outside(comparison, row->key_array);
		else
			put_difference(comparison, "table", row->key_array,
						   linked->found ? &linked->id : NULL, NULL, NULL, NULL, NULL);
		return;
	}
	/* the row counts as deleted, and nobody else knows */
	if (row->gone)
	{
		put_difference(comparison, "scim", row->key_array, &linked->id, NULL, NULL, NULL,
					   NULL);
		return;
	}
	differ = ScimBoundDiffer(binding, row, &resource);
	foreach (lc, differ)
	{
		ScimBoundAttribute *attribute = lfirst(lc);
		int number = 0;

		while (list_nth(binding->attributes, number) != attribute)
			number++;
		put_difference(comparison, "both", row->key_array, &linked->id, attribute,
					   value_of_row(row, attribute, number),
					   ScimRowValue(attribute, &resource),
					   ScimUnknownValue(attribute, row->values[number]));
	}
	foreach (lc, binding->references)
	{
		if (!list_member_ptr(differ, lfirst(lc)))
			compare_reference(comparison, row, &resource, lfirst(lc));
	}
}

static void
compare_rows(void *arg, ScimRowView **rows, int n)
{
	Comparison *comparison = arg;
	Linked *linked = find_linked(comparison->binding, rows, n);

	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		compare_row(comparison, rows[i], &linked[i]);
	}
}

static void
row_cannot_be_read(void *arg, Datum key, const ScimBoundAttribute *attribute,
				   const char *problem)
{
	put_difference(arg, "table", key, NULL, attribute, NULL, NULL, problem);
}

/* Is the row that a resource without one is linked to somebody else's by now? */
static const char *
problem_of_link(const ScimBinding *binding, Datum key)
{
	int32 tenant_id;

	return binding->every_tenant && ScimRowTenant(binding, key, &tenant_id)
			   ? "the row says another tenant"
			   : NULL;
}

/*
 * Resources that have no row, and links that lead to none, or to one that was let go
 * though its resource is nobody who may be without.
 */
static void
compare_resources(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const Comparison *comparison = arg;
	const ScimBinding *binding = comparison->binding;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "scim compare",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Datum *keys = palloc(sizeof(Datum) * nrows);
	bool *nulls = palloc(sizeof(bool) * nrows);
	bool *there;

	for (uint64 i = 0; i < nrows; i++)
		keys[i] = ScimColumn(rows[i], desc, 3, TEXTARRAYOID, &nulls[i]);
	there = ScimRowsExist(binding, rows, desc, keys, nulls, (int) nrows);
	for (uint64 i = 0; i < nrows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!there[i] || DatumGetBool(ScimColumnValue(rows[i], desc, 4, BOOLOID)))
			put_difference(arg, "scim", nulls[i] ? (Datum) 0 : keys[i],
						   DatumGetUUIDP(ScimColumnValue(rows[i], desc, 2, UUIDOID)),
						   NULL, NULL, NULL,
						   nulls[i] ? NULL : problem_of_link(binding, keys[i]));
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* A column that the table has got since, without which no resource can have a row. */
static void
compare_columns(const Comparison *comparison)
{
	char *column = ScimColumnUnfilled(comparison->binding);
	ScimBoundAttribute none = {.path = NULL, .shown = column};

	if (column != NULL)
		put_difference(comparison, "table", (Datum) 0, NULL, &none, NULL, NULL,
					   ScimUnfilledProblem(column));
}

/* A word of "values" that its column cannot hold any more. */
static void
put_word(void *arg, const ScimBoundAttribute *attribute, const ScimColumnInfo *column,
		 const char *problem)
{
	ScimBoundAttribute tenant = {.path = NULL, .shown = column->name};

	put_difference(arg, "table", (Datum) 0, NULL, attribute != NULL ? attribute : &tenant,
				   NULL, NULL, problem);
}

static void
compare_sides(Comparison *comparison)
{
	const ScimBinding *binding = comparison->binding;
	ScimParams params;

	compare_columns(comparison);
	ScimWordsTell(binding, put_word, comparison);

	SPI_connect();
	ScimRowsRead(binding, false, compare_rows, row_cannot_be_read, comparison);
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(binding->tenant_id),
				  binding->every_tenant);
	ScimSpiForEach(
		psprintf("SELECT r.tenant_id, r.id, l.key, l.detached IS NOT NULL "
				 "FROM %1$s.resource r "
				 "LEFT JOIN %1$s.binding_link l "
				 "ON l.tenant_id = r.tenant_id AND l.binding_id = $1 "
				 "AND l.resource_id = r.id WHERE r.resource_type = %2$s "
				 "AND ($2 IS NULL OR r.tenant_id = $2) AND r.deleted_at IS NULL "
				 "AND (l.detached IS NULL OR NOT %3$s) ORDER BY r.id",
				 binding->store->quoted_name, quote_literal_cstr(binding->type->name),
				 ScimBoundLetGoSql(binding)),
		&params, false, compare_resources, comparison);
	SPI_finish();
	if (binding->members != NULL)
		ScimMembershipsCompare(comparison->binding, put_difference, comparison);
}

/*
 * Both sides, and who is who, as they were when the statement began: others write
 * meanwhile, and each of them writes all of it at once.
 */
static void
compare(Comparison *comparison)
{
	bool before = ScimSpiSeeOne(true);

	PG_TRY();
	{
		compare_sides(comparison);
	}
	PG_FINALLY();
	{
		(void) ScimSpiSeeOne(before);
	}
	PG_END_TRY();
}

/*
 * Why rows have no resource: as whoever compares, who may be one that writes nothing, or
 * in a transaction that does not.
 */
static void
ask_outside(Comparison *comparison)
{
	ScimBinding *binding = comparison->binding;
	bool may_write =
		!XactReadOnly && ScimScopeAllows(binding->store, binding->type->name, true);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "scim outside",
												  ALLOCSET_DEFAULT_SIZES);
	const ListCell *lc;

	foreach (lc, comparison->outside)
	{
		Datum key = PointerGetDatum(lfirst(lc));
		MemoryContext old = MemoryContextSwitchTo(context);
		const ScimRowView *row = may_write ? ScimRowFind(binding, key) : NULL;

		CHECK_FOR_INTERRUPTS();
		put_difference(comparison, "table", key, NULL, NULL, NULL, NULL,
					   row != NULL && row->has_tenant ? ScimRowProblem(binding, row)
													  : NULL);
		MemoryContextSwitchTo(old);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
	list_free_deep(comparison->outside);
	comparison->outside = NIL;
}

static void
put_fault(void *arg, Oid relid, const char *why)
{
	Comparison *comparison = arg;

	comparison->relid = relid;
	put_difference(comparison, "both", (Datum) 0, NULL, NULL, NULL, NULL,
				   psprintf("the binding: %s", why));
}

/* A binding, which does not work any more perhaps. */
static void
compare_one(void *arg)
{
	Comparison *comparison = arg;
	ScimStore *store = comparison->binding->store;
	ScimIdentity caller;
	const ListCell *lc;

	comparison->relid = comparison->binding->relid;
	ScimScopeRequireOfCall(store, comparison->binding->type->name, false);
	ScimBindingRequireSound(comparison->binding);
	/* who has the privileges of the owner of the table, too */
	caller = ScimBeReader(store->owner);
	SPI_connect();
	foreach (lc, ScimBindingLacks(comparison->binding, true))
		put_fault(comparison, comparison->binding->relid, lfirst(lc));
	SPI_finish();
	compare(comparison);
	ScimBeCaller(caller);
	ask_outside(comparison);
}

/* One that does not work keeps nobody from being told of the others. */
static void
compare_all(ScimStore *store, Comparison *comparison)
{
	ScimIdentity caller;
	const ListCell *lc;

	ScimBindingsAtFault(store, put_fault, comparison);
	caller = ScimBeReader(store->owner);
	SPI_connect();
	ScimBindingsLost(store, put_fault, comparison);
	SPI_finish();
	ScimBeCaller(caller);
	foreach (lc, ScimBindingsOfStore(store))
	{
		const ScimErrorInfo *info;
		ErrorData *error;

		comparison->binding = lfirst(lc);
		comparison->outside = NIL; /* of one that did not come to its end */
		error = ScimAttempt(compare_one, comparison);
		info = error != NULL ? ScimErrorBySqlstate(error->sqlerrcode) : NULL;
		if (error != NULL && (info == NULL || info->kind != SCIM_UNAVAILABLE))
			ThrowErrorData(error);
		if (error != NULL)
			put_fault(comparison, comparison->binding->relid, error->message);
	}
}

/* scim.check_binding(relation regclass DEFAULT NULL) returns a set of differences */
Datum
scim_check_binding(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	Comparison comparison;

	InitMaterializedSRF(fcinfo, 0);
	memset(&comparison, 0, sizeof(comparison));
	comparison.context = CurrentMemoryContext;
	comparison.result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (comparison.result->setDesc->natts != COLUMNS)
		elog(ERROR, "unexpected result type of scim.check_binding");
	ScimRequireOwnerOf(store);
	if (PG_ARGISNULL(0))
	{
		compare_all(store, &comparison);
		return (Datum) 0;
	}
	comparison.binding = ScimBindingOfTable(store, PG_GETARG_OID(0));
	if (comparison.binding == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("table \"%s\" is not bound to store \"%s\"",
							   ScimRelationShown(PG_GETARG_OID(0)), store->name)));
	compare_one(&comparison);
	return (Datum) 0;
}
