/*
 * rows.c
 *		All rows of a table that is bound, read as its owner, who may do no more on the
 *		way.
 *
 * What is read are keys and values as text and JSON: what is done with them is done as
 * the caller.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "binding/sides/sides.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

typedef struct Reading
{
	const ScimBinding *binding;
	ScimUseRowViews use;
	ScimUseBadRow bad;
	void *arg;
	MemoryContext context;
	/* a row that is read alone */
	Datum key;
	const char *sql;
	ScimRowView *view;
	JsonbValue *value; /* that was read, as it is kept by the caller; NULL: none */
} Reading;

static void
use_nothing(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	CHECK_FOR_INTERRUPTS();
}

static void
try_all(void *arg)
{
	const Reading *reading = arg;

	SPI_connect();
	ScimSpiForEachAs(reading->binding->owner, reading->binding->search_path, reading->sql,
					 NULL, use_nothing, NULL);
	SPI_finish();
}

static void
use_some(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	const Reading *reading = arg;
	MemoryContext caller = MemoryContextSwitchTo(reading->context);
	ScimRowView **views = palloc(sizeof(ScimRowView *) * nrows);

	for (uint64 i = 0; i < nrows; i++)
		views[i] = ScimRowViewOf(reading->binding, rows[i], desc);
	reading->use(reading->arg, views, (int) nrows);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(reading->context);
}

static void
find_alone(void *arg)
{
	Reading *reading = arg;

	reading->view = ScimRowFind(reading->binding, reading->key);
}

/* Reads one thing of one row. */
static void
try_alone(void *arg)
{
	Reading *reading = arg;
	ScimIdentity caller = ScimBeReader(reading->binding->owner);
	MemoryContext context = CurrentMemoryContext;
	ScimParams params;
	bool isnull = true;
	Datum value = (Datum) 0;

	reading->value = NULL;
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, reading->key, false);
	ScimSpiExecuteIn(reading->binding->search_path,
					 psprintf("SELECT %s FROM %s AS t WHERE %s", reading->sql,
							  reading->binding->quoted,
							  ScimKeyIs(reading->binding->key, "t", "$1")),
					 &params, false, 1);
	if (SPI_processed > 0)
		value = ScimResult(0, 1, JSONBOID, &isnull);
	if (!isnull)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		reading->value = ScimJsonFromJsonb(DatumGetJsonbPCopy(value));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	ScimBeCaller(caller);
}

/* Reads it, where that can be. */
static JsonbValue *
read_alone(Reading *reading, const char *sql)
{
	ErrorData *error;

	reading->sql = sql;
	error = ScimAttempt(try_alone, reading);
	if (error != NULL && !ScimErrorIsAboutRow(error))
		ThrowErrorData(error);
	return error == NULL ? reading->value : NULL;
}

/*
 * ScimRowReadable: of a row that cannot be read as a whole, what can.  Of each attribute
 * that cannot, it says nothing.
 */
ScimRowView *
ScimRowReadable(const ScimBinding *binding, Datum key)
{
	Reading reading = {.binding = binding, .key = key};
	ScimRowView *row = palloc0(sizeof(ScimRowView));
	const JsonbValue *value = NULL;
	const ListCell *lc;

	row->key_array = key;
	row->values = palloc0(sizeof(JsonbValue *) * list_length(binding->attributes));
	row->refers = palloc0(sizeof(Datum) * list_length(binding->attributes));
	if (binding->tenant.name != NULL)
		value = read_alone(&reading,
						   psprintf("to_jsonb(t.%s::text)", binding->tenant.quoted));
	row->has_tenant = ScimTenantOfText(
		binding, value != NULL ? ScimJsonStringCopy(value) : NULL, &row->tenant_id);
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		value = read_alone(&reading, attribute->read);
		if (value != NULL)
			row->values[foreach_current_index(lc)] = ScimBoundConform(attribute, value);
	}
	return row;
}

/*
 * ScimRowTenant: which tenant the row of a key says that it is of, whatever else of it
 * cannot be read; false: there is none, or it says no tenant that there is.
 */
bool
ScimRowTenant(const ScimBinding *binding, Datum key, int32 *tenant_id)
{
	Reading reading = {.binding = binding, .key = key};

	*tenant_id = binding->tenant_id;
	if (!binding->every_tenant)
		return true;
	if (!ScimLinkMayLead(binding, key))
		return false;
	reading.sql = psprintf("pg_catalog.to_jsonb(t.%s::text)", binding->tenant.quoted);
	try_alone(&reading);
	return ScimTenantOfText(
		binding, reading.value != NULL ? ScimJsonStringCopy(reading.value) : NULL,
		tenant_id);
}

/* ScimRowIsOf: does the row of a key say that it is of a tenant? */
bool
ScimRowIsOf(const ScimBinding *binding, int32 tenant_id, Datum key)
{
	int32 says;

	return ScimRowTenant(binding, key, &says) && says == tenant_id;
}

/*
 * ScimRowIsLeftOut: has the row of a key a right to be nobody's, since it counts as
 * deleted, or says no tenant?  That of one that cannot be read is told of that one.
 */
bool
ScimRowIsLeftOut(const ScimBinding *binding, Datum key)
{
	Reading reading = {.binding = binding, .key = key};
	const JsonbValue *place;
	const JsonbValue *tenant;
	int32 tenant_id;

	if ((!binding->every_tenant && binding->gone == NULL) ||
		!ScimLinkMayLead(binding, key))
		return false;
	place = read_alone(&reading,
					   psprintf("pg_catalog.jsonb_build_array(%s, coalesce(%s, false))",
								binding->every_tenant
									? psprintf("t.%s::text", binding->tenant.quoted)
									: "NULL",
								binding->gone != NULL ? binding->gone : "false"));
	if (place == NULL)
		return false;
	tenant = &place->val.array.elems[0];
	return place->val.array.elems[1].val.boolean ||
		   !ScimTenantOfText(
			   binding, tenant->type == jbvString ? ScimJsonStringCopy(tenant) : NULL,
			   &tenant_id);
}

/* Which of the attributes it is that cannot be read. */
static const ScimBoundAttribute *
find_fault(Reading *reading)
{
	const ListCell *lc;

	foreach (lc, reading->binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);

		reading->sql = attribute->read;
		if (ScimAttempt(try_alone, reading) != NULL)
			return attribute;
	}
	return NULL;
}

/* Only keys were read: each row is tried alone. */
static void
use_keys(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	Reading *reading = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(reading->context);
		ErrorData *error;

		CHECK_FOR_INTERRUPTS();
		reading->key = PointerGetDatum(
			DatumGetArrayTypePCopy(ScimColumnValue(rows[i], desc, 1, TEXTARRAYOID)));
		error = ScimAttempt(find_alone, reading);
		if (error != NULL && !ScimErrorIsAboutRow(error))
			ThrowErrorData(error);
		if (error != NULL)
			reading->bad(reading->arg, reading->key, find_fault(reading), error->message);
		else if (reading->view != NULL)
			reading->use(reading->arg, &reading->view, 1);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(reading->context);
	}
}

/* The rows of the table in the order of their keys, as a clause. */
static char *
order_by_key(const ScimBinding *binding)
{
	StringInfoData clause;
	const ListCell *lc;

	initStringInfo(&clause);
	foreach (lc, binding->key)
		appendStringInfo(&clause, "%st.%s", clause.len > 0 ? ", " : " ORDER BY ",
						 ((const ScimColumnInfo *) lfirst(lc))->quoted);
	return clause.data;
}

/*
 * ScimRowsRead: all rows of the table, some at a time; by_key: in the order of their
 * keys; bad: those with a value that cannot be read.  SPI is connected.
 */
void
ScimRowsRead(const ScimBinding *binding, bool by_key, ScimUseRowViews use,
			 ScimUseBadRow bad, void *arg)
{
	const char *order = by_key ? order_by_key(binding) : "";
	Reading reading = {.binding = binding, .use = use, .bad = bad, .arg = arg};
	ErrorData *error;

	reading.context =
		AllocSetContextCreate(CurrentMemoryContext, "scim rows", ALLOCSET_DEFAULT_SIZES);
	reading.sql = psprintf("SELECT %s FROM %s AS t", binding->select, binding->quoted);
	error = ScimAttempt(try_all, &reading);
	if (error != NULL)
		ScimRaiseUnworkable(binding, error);
	if (error != NULL && !ScimErrorIsAboutRow(error))
		ThrowErrorData(error);
	ScimSpiForEachAs(binding->owner, binding->search_path,
					 error == NULL ? psprintf("%s%s", reading.sql, order)
								   : psprintf("SELECT %s FROM %s AS t%s",
											  ScimKeyTexts(binding->key, "t"),
											  binding->quoted, order),
					 NULL, error == NULL ? use_some : use_keys, &reading);
	MemoryContextDelete(reading.context);
}

bool *
ScimRowsExist(const ScimBinding *binding, HeapTuple *rows, TupleDesc desc, Datum *keys,
			  bool *nulls, int n)
{
	MemoryContext context = CurrentMemoryContext;
	bool *there = palloc0(sizeof(bool) * Max(n, 1));
	Datum *texts = palloc(sizeof(Datum) * Max(n, 1));
	ScimIdentity caller;
	ScimParams params;

	for (int i = 0; i < n; i++)
		texts[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(ScimKeyText(keys[i]));
	caller = ScimBeReader(binding->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, TEXTARRAYOID, ScimArray(texts, nulls, n, TEXTOID), false);
	PG_TRY();
	{
		ScimSpiExecuteIn(
			binding->search_path,
			psprintf(
				"SELECT scim_key.n, r.tenant FROM (SELECT key::text[] AS key, n "
				"FROM unnest($1) WITH ORDINALITY AS w (key, n) OFFSET 0) AS scim_key "
				"CROSS JOIN LATERAL (SELECT %s AS tenant FROM %s AS t WHERE %s "
				"OFFSET 0) AS r",
				binding->tenant.name != NULL
					? psprintf("t.%s::text", binding->tenant.quoted)
					: "NULL::text",
				binding->quoted, ScimKeyIs(binding->key, "t", "scim_key.key")),
			&params, false, 0);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		for (int i = 0; i < n; i++)
			ScimRaiseKeyGone(binding, nulls[i] ? (Datum) 0 : keys[i], error);
		PG_RE_THROW();
	}
	PG_END_TRY();
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		int number = (int) DatumGetInt64(ScimResultValue(i, 1, INT8OID)) - 1;
		int32 tenant_id;
		bool isnull;
		Datum tenant = ScimResult(i, 2, TEXTOID, &isnull);

		there[number] =
			ScimTenantOfText(binding, isnull ? NULL : TextDatumGetCString(tenant),
							 &tenant_id) &&
			tenant_id == DatumGetInt32(ScimColumnValue(rows[number], desc, 1, INT4OID));
	}
	SPI_finish();
	ScimBeCaller(caller);
	return there;
}
