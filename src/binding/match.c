/*
 * match.c
 *		Which rows that are there when a table is bound are which resources, and the
 *		report of what is not so.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/take_in.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

/* The columns of the report. */
typedef enum ReportColumn
{
	REPORT_SIDE,
	REPORT_KEY,
	REPORT_RESOURCE_ID,
	REPORT_PROBLEM
} ReportColumn;
#define REPORT_COLUMNS (REPORT_PROBLEM + 1)

/* ScimTakeInReport: a row of the report. */
void
ScimTakeInReport(const ScimTakeInState *take, const char *side, Datum key,
				 const pg_uuid_t *id, const char *problem)
{
	Datum values[REPORT_COLUMNS] = {0};
	bool nulls[REPORT_COLUMNS] = {false};

	values[REPORT_SIDE] = CStringGetTextDatum(side);
	values[REPORT_KEY] = key;
	nulls[REPORT_KEY] = key == (Datum) 0;
	nulls[REPORT_RESOURCE_ID] = id == NULL;
	if (id != NULL)
		values[REPORT_RESOURCE_ID] = UUIDPGetDatum(id);
	nulls[REPORT_PROBLEM] = problem == NULL;
	if (problem != NULL)
		values[REPORT_PROBLEM] = CStringGetTextDatum(problem);
	tuplestore_putvalues(take->report->setResult, take->report->setDesc, values, nulls);
}

/* What a row says of one that it may be; NULL: nothing. */
typedef const JsonbValue *(*ValueOf)(const ScimBinding *binding, const ScimRowView *row);

/* The id that a row states. */
static const JsonbValue *
stated_id(const ScimBinding *binding, const ScimRowView *row)
{
	pg_uuid_t id;

	return ScimRowStatesId(binding, row, &id) ? ScimJsonNewString(ScimUuidText(&id))
											  : NULL;
}

/* Is a resource that of one of the rows at hand? */
static bool
is_matched(const ScimTakeInState *take, int32 tenant_id, const pg_uuid_t *id)
{
	for (int i = 0; i < take->nrows; i++)
	{
		if (take->rows[i].matched && take->rows[i].resource.tenant_id == tenant_id &&
			memcmp(&take->rows[i].resource.id, id, UUID_LEN) == 0)
			return true;
	}
	return false;
}

/*
 * A row that spells the value of "match" in another way than a resource waits until all
 * rows have been read, since one may come that spells it as that does, and is it.
 */
static bool
has_to_wait(const ScimTakeInState *take, ScimNewRow *row, bool exact)
{
	row->waits = !exact && !take->is_last;
	return row->waits;
}

/* The rows at hand that wait are kept by their keys. */
static void
put_off(ScimTakeInState *take)
{
	int left = 0;

	for (int i = 0; i < take->nrows; i++)
	{
		MemoryContext old;
		Datum *key;

		if (!take->rows[i].waits || take->rows[i].matched)
		{
			take->rows[left++] = take->rows[i];
			continue;
		}
		old = MemoryContextSwitchTo(take->kept);
		key = palloc(sizeof(Datum));
		*key = datumCopy(take->rows[i].view->key_array, false, -1);
		take->put_off = lappend(take->put_off, key);
		MemoryContextSwitchTo(old);
	}
	take->nrows = left;
}

/*
 * What the rows say that go with no resource yet, as parameters: their numbers, tenants
 * and texts ("w"), and the binding.  Opens SPI; returns false where there is none.
 */
static bool
pass_unmatched(const ScimTakeInState *take, ValueOf value_of, ScimParams *params)
{
	const ScimBinding *binding = take->binding;
	Datum *numbers = palloc(sizeof(Datum) * take->nrows);
	Datum *tenants = palloc(sizeof(Datum) * take->nrows);
	Datum *texts = palloc(sizeof(Datum) * take->nrows);
	int n = 0;

	for (int i = 0; i < take->nrows; i++)
	{
		const JsonbValue *value = value_of(binding, take->rows[i].view);

		if (value == NULL || value->type != jbvString || take->rows[i].matched)
			continue;
		numbers[n] = Int32GetDatum(i);
		tenants[n] = Int32GetDatum(take->rows[i].resource.tenant_id);
		texts[n++] = CStringGetTextDatum(ScimJsonStringCopy(value));
	}
	if (n == 0)
		return false;
	SPI_connect();
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4ARRAYOID, ScimArray(numbers, NULL, n, INT4OID), false);
	ScimParamsAdd(params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimParamsAdd(params, TEXTARRAYOID, ScimArray(texts, NULL, n, TEXTOID), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	return true;
}

/*
 * Which of the rows go with resources that are there and linked to none, by a condition
 * over them (r) and what a row says (w.value).  same: what those have in common that go
 * together, exact: who says the very same.  Of several the first row is the first
 * resource, and so on.
 */
static void
match_by(ScimTakeInState *take, ValueOf value_of, const char *condition, const char *same,
		 const char *exact)
{
	const ScimBinding *binding = take->binding;
	ScimParams params;

	if (!pass_unmatched(take, value_of, &params))
		return;
	ScimSpiExecute(
		psprintf("WITH pair AS (SELECT w.n, r.id, w.tenant_id, "
				 "CASE WHEN %5$s THEN w.value ELSE %4$s END AS same, %5$s AS exact FROM "
				 "unnest($1, $2, $3) AS w (n, tenant_id, value) "
				 "JOIN %1$s.resource r ON r.resource_type = %2$s "
				 "AND r.tenant_id = w.tenant_id AND r.deleted_at IS NULL AND %3$s "
				 "WHERE NOT EXISTS (SELECT FROM %1$s.binding_link l "
				 "WHERE l.tenant_id = r.tenant_id AND l.binding_id = $4 "
				 "AND l.resource_id = r.id)) "
				 "SELECT n, id, exact, several FROM (SELECT n, id, exact, "
				 "count(*) OVER alike > 1 AS several, "
				 "dense_rank() OVER (alike ORDER BY n) AS row, "
				 "dense_rank() OVER (alike ORDER BY id) AS resource FROM pair "
				 "WINDOW alike AS (PARTITION BY tenant_id, same, exact)) AS p "
				 "WHERE p.row = p.resource ORDER BY exact DESC, n",
				 binding->store->quoted_name, quote_literal_cstr(binding->type->name),
				 condition, same, exact),
		&params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ScimNewRow *row = &take->rows[DatumGetInt32(ScimResultValue(i, 1, INT4OID))];
		pg_uuid_t id = *DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID));

		if (row->matched ||
			has_to_wait(take, row, DatumGetBool(ScimResultValue(i, 3, BOOLOID))) ||
			is_matched(take, row->resource.tenant_id, &id))
			continue;
		row->matched = true;
		row->several =
			value_of != stated_id && DatumGetBool(ScimResultValue(i, 4, BOOLOID));
		row->resource.id = id;
	}
	SPI_finish();
}

/*
 * ScimMatchRows: which of the rows go with resources that are there: by the id, then by
 * "match".  Those that wait are not among the rows any more.
 */
void
ScimMatchRows(ScimTakeInState *take)
{
	const ScimBinding *binding = take->binding;
	const char *column;

	if (!take->has_resources)
		return;
	match_by(take, stated_id, "r.id = w.value::uuid", "w.value", "true");
	if (binding->match == NULL)
		return;
	column = ScimMatchColumn(binding);
	if (strcmp(column, "external_id") == 0)
		match_by(take, ScimMatchValue, ScimColumnIs(column, "w.value"), "w.value",
				 "true");
	else
		match_by(take, ScimMatchValue, ScimColumnIs(column, "w.value"),
				 psprintf("%s(w.value)", ScimColumnFolding(column)),
				 psprintf("r.%s = w.value", column));
	put_off(take);
}

/*
 * ScimLeaveKept: rows that were kept when their resources were deleted, before the table
 * was unbound perhaps: where no column has the id, they are found by "match".  They stay
 * what they are, or whoever was deleted would be there again.
 */
void
ScimLeaveKept(ScimTakeInState *take)
{
	const ScimBinding *binding = take->binding;
	const char *column = ScimMatchColumn(binding);
	bool *kept = palloc0(sizeof(bool) * Max(take->nrows, 1));
	int left = 0;
	ScimParams params;

	if (!pass_unmatched(take, ScimMatchValue, &params))
		return;
	ScimSpiExecute(
		psprintf("SELECT DISTINCT ON (w.n) w.n, r.id, r.%4$s = w.value "
				 "FROM unnest($1, $2, $3) AS w (n, tenant_id, value) "
				 "JOIN %1$s.resource r ON r.resource_type = %2$s "
				 "AND r.tenant_id = w.tenant_id AND r.deleted_at IS NOT NULL AND %3$s "
				 "WHERE NOT EXISTS (SELECT FROM %1$s.binding_link l "
				 "WHERE l.tenant_id = r.tenant_id AND l.binding_id = $4 "
				 "AND l.resource_id = r.id) "
				 "ORDER BY w.n, r.%4$s = w.value DESC, r.deleted_at DESC, r.id",
				 binding->store->quoted_name, quote_literal_cstr(binding->type->name),
				 ScimColumnIs(column, "w.value"), column),
		&params, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		int number = DatumGetInt32(ScimResultValue(i, 1, INT4OID));
		ScimNewRow *row = &take->rows[number];

		if (has_to_wait(take, row, DatumGetBool(ScimResultValue(i, 3, BOOLOID))))
			continue;
		kept[number] = true;
		row->resource.id = *DatumGetUUIDP(ScimResultValue(i, 2, UUIDOID));
	}
	SPI_finish();
	for (int i = 0; i < take->nrows; i++)
	{
		const ScimNewRow *row = &take->rows[i];
		ScimLink link;

		/* of two rows of a name only one can be it */
		if (kept[i] && !ScimLinkOfResource(binding, row->resource.tenant_id,
										   &row->resource.id, &link))
		{
			ScimLinkPut(binding, row->resource.tenant_id, &row->resource.id,
						row->view->key_array, true, true);
			ScimTakeInReport(
				take, "both", row->view->key_array, &row->resource.id,
				psprintf("the %s of this %s is deleted, and stays so beside the row: "
						 "scim.restore_resource() brings both back",
						 binding->type->name, binding->match->name));
		}
		else
		{
			if (kept[i])
				ScimUuidV7(&take->rows[i].resource.id);
			take->rows[left++] = take->rows[i];
		}
	}
	take->nrows = left;
	put_off(take);
}
