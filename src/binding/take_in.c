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
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "binding/binding.h"
#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "binding/take_in.h"
#include "door/row/row.h"
#include "json/json.h"
#include "store/statement/column.h"
#include "store/statement/plan.h"
#include "store/statement/statement.h"
#include "store/statement/written.h"
#include "text/utf8.h"

/* Of rows that were put off. */
#define ROWS_AT_ONCE 1000

/* Triggers have had their turn, and more has been written than was made. */
static void
require_there(const ScimBinding *binding, Datum *ids, Datum *tenants, int n)
{
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDARRAYOID, ScimArray(ids, NULL, n, UUIDOID), false);
	ScimParamsAdd(&params, INT4ARRAYOID, ScimArray(tenants, NULL, n, INT4OID), false);
	ScimSpiExecute(psprintf("SELECT FROM unnest($1, $2) AS w (id, tenant_id) "
							"JOIN %s.resource r ON (r.tenant_id, r.id) = "
							"(w.tenant_id, w.id) WHERE r.resource_type = %s "
							"AND r.deleted_at IS NULL",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name)),
				   &params, false, 0);
	if (SPI_processed < n)
		ScimRaiseTakenAway(binding);
}

/* Makes resources of rows, and their links. */
static void
make_resources(void *arg, int from, int to)
{
	ScimTakeInState *take = arg;
	const ScimBinding *binding = take->binding;
	const char *store = binding->store->quoted_name;
	int n = to - from;
	Datum *ids = palloc(sizeof(Datum) * n);
	Datum *tenants = palloc(sizeof(Datum) * n);
	Datum *documents = palloc(sizeof(Datum) * n);
	Datum *keys = palloc(sizeof(Datum) * n);
	uint64 writes = ScimDoorWrites();
	ScimIdentity caller;
	ScimParams params;

	for (int i = 0; i < n; i++)
	{
		const ScimNewRow *row = &take->rows[from + i];

		ScimRowRequireSeen(binding, row->view, binding->attributes);
		ScimLinkKeyRequireShort(binding, row->view->key_array);
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
	ScimTakeInMany(binding,
				   psprintf("INSERT INTO %s.resource AS r "
							"(tenant_id, resource_type, id, data) "
							"SELECT w.tenant_id, %s, w.id, w.data "
							"FROM unnest($1, $2, $3) WITH ORDINALITY "
							"AS w (id, tenant_id, data, n) ORDER BY w.n "
							"RETURNING r.id, r.data",
							store, quote_literal_cstr(binding->type->name)),
				   &params, n, "the new");
	for (int i = 0; i < n; i++)
	{
		ScimNewRow *row = &take->rows[from + i];
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
	if (ScimDoorWrites() != writes + n)
		require_there(binding, ids, tenants, n);
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
	ScimTakeInState *take = arg;
	ScimNewRow *row = &take->rows[take->one];

	ScimToTable(take->binding, &row->resource,
				ScimBoundDiffer(take->binding, row->view, &row->resource));
	ask_constraints(take->binding);
}

static void
link_row(void *arg)
{
	ScimTakeInState *take = arg;
	ScimNewRow *row = &take->rows[take->one];

	ScimLinkPut(take->binding, row->resource.tenant_id, &row->resource.id,
				row->view->key_array, true, false);
	ScimToResource(take->binding, row->resource.tenant_id, row->view->key_array, true);
	ask_constraints(take->binding);
}

static bool
attempt(ScimTakeInState *take, void (*work)(void *arg), const ScimRowView *view,
		const pg_uuid_t *id)
{
	ErrorData *error = ScimAttempt(work, take);

	if (error == NULL)
		return true;
	if (!ScimErrorIsAboutRow(error))
		ThrowErrorData(error);
	ScimTakeInReport(take, "table", view->key_array, id, error->message);
	return false;
}

static bool
attempt_one(ScimTakeInState *take, void (*work)(void *arg), int one)
{
	take->one = one;
	return attempt(take, work, take->rows[one].view, NULL);
}

/* Does a text begin or end with something that cannot be seen? */
static bool
has_outer_blanks(const char *text, size_t len)
{
	size_t last = len;

	if (len == 0)
		return false;
	do
		last--;
	while (last > 0 && ((unsigned char) text[last] & 0xC0) == 0x80);
	return ScimTextIsBlank(text,
						   Min(len, (size_t) pg_utf_mblen((unsigned char *) text))) ||
		   ScimTextIsBlank(text + last, len - last);
}

/*
 * A name with blanks around it is taken as it is, and is another one than the same
 * without them: nobody who types it is found.
 */
static void
tell_blanks(const ScimTakeInState *take, const ScimNewRow *row)
{
	const ListCell *lc;

	foreach (lc, take->binding->attributes)
	{
		const ScimBoundAttribute *bound = lfirst(lc);
		const JsonbValue *value = row->view->values[foreach_current_index(lc)];

		if (ScimBoundKeyColumn(bound) >= 0 && value != NULL && value->type == jbvString &&
			has_outer_blanks(value->val.string.val, value->val.string.len))
			ScimTakeInReport(
				take, "both", row->view->key_array, &row->resource.id,
				psprintf("%s (%s) \"%s\" begins or ends with blanks, and is taken "
						 "with them",
						 bound->path, bound->shown, ScimJsonStringCopy(value)));
	}
}

static void
slice_is_in(void *arg, int from, int to)
{
	ScimTakeInState *take = arg;

	for (int i = from; i < to; i++)
	{
		tell_blanks(take, &take->rows[i]);
		if (ScimBoundDiffer(take->binding, take->rows[i].view, &take->rows[i].resource) !=
			NIL)
			attempt_one(take, say_to_table, i);
	}
}

static void
row_is_refused(void *arg, int row, const ErrorData *error)
{
	ScimTakeInState *take = arg;
	const ScimBinding *binding = take->binding;
	const ScimNewRow *new = &take->rows[row];
	ScimBoundResource resource = new->resource;
	ErrorData told = *error;
	char *other;

	resource.document = ScimBoundDocument(binding, new->view);
	ScimStoreSays(binding, new->view, &resource, &told);
	other = ScimTakenBy(binding, new->view, error);
	ScimTakeInReport(take, "table", new->view->key_array, NULL,
					 other != NULL ? psprintf("%s (%s)", told.message, other)
								   : told.message);
	ScimHeldAdd(take->held, binding, new->view);
}

static pg_uuid_t
id_of(const ScimBinding *binding, const ScimRowView *row)
{
	pg_uuid_t id;

	if (!ScimRowStatesId(binding, row, &id))
		ScimUuidV7(&id);
	return id;
}

/* The rows that are to be made come first. */
static int
part_rows(ScimTakeInState *take)
{
	int n = 0;

	for (int i = 0; i < take->nrows; i++)
	{
		if (!take->rows[i].matched)
		{
			ScimNewRow row = take->rows[i];

			take->rows[i] = take->rows[n];
			take->rows[n++] = row;
		}
	}
	return n;
}

static void
take_rows(ScimTakeInState *take)
{
	const ScimManyRows rows = {make_resources, slice_is_in, row_is_refused, take};
	int n;

	ScimMatchRows(take);
	if (take->leaves_kept)
		ScimLeaveKept(take);
	n = part_rows(take);
	ScimAttemptMany(&rows, 0, n);
	for (int i = n; i < take->nrows; i++)
	{
		const ScimNewRow *row = &take->rows[i];

		if (!attempt_one(take, link_row, i))
		{
			ScimHeldAdd(take->held, take->binding, row->view);
			continue;
		}
		tell_blanks(take, row);
		if (row->several)
			ScimTakeInReport(
				take, "both", row->view->key_array, &row->resource.id,
				psprintf("several rows, or resources, have this %s: they are linked "
						 "in the order of their keys and ids",
						 take->binding->match->name));
	}
	take->nrows = 0;
}

/* Had the table been bound without an attribute? */
static bool
is_newly_bound(const ScimTakeInState *take, const ScimBoundAttribute *attribute)
{
	return take->former != NULL && ScimJsonGet(take->former, attribute->path) == NULL;
}

/*
 * A row and its resource that are linked, and differ by the new mapping.  A column that
 * was not bound before, and has no value, has not been asked yet: the resource's goes.
 */
static void
agree_linked(void *arg)
{
	ScimTakeInState *take = arg;
	ScimBinding *binding = take->binding;
	ScimBoundResource resource;
	List *fill = NIL;
	const ListCell *lc;

	if (take->link.detached || take->linked->gone ||
		!ScimBoundRead(binding, take->link.tenant_id, &take->link.resource_id, &resource))
	{
		ScimToResource(binding, take->link.tenant_id, take->linked->key_array, true);
		ask_constraints(binding);
		return;
	}
	foreach (lc, ScimBoundDiffer(binding, take->linked, &resource))
	{
		ScimBoundAttribute *attribute = lfirst(lc);
		int number = 0;

		while (list_nth(binding->attributes, number) != attribute)
			number++;
		if (take->linked->values[number] == NULL && is_newly_bound(take, attribute))
			fill = lappend(fill, attribute);
	}
	ScimToTable(binding, &resource, fill);
	ScimToResource(binding, take->link.tenant_id, take->linked->key_array, true);
	ask_constraints(binding);
}

/* Returns whether a row is linked already; both sides say the same then. */
static bool
is_linked(ScimTakeInState *take, const ScimRowView *view)
{
	const ScimBinding *binding = take->binding;
	ScimBoundResource resource;

	if (!view->has_tenant ||
		!ScimLinkOfKey(binding, view->tenant_id, view->key_array, &take->link))
		return false;
	if (take->link.detached
			? view->gone || binding->gone == NULL
			: !view->gone &&
				  ScimBoundRead(binding, view->tenant_id, &take->link.resource_id,
								&resource) &&
				  (resource.gone || ScimBoundDiffer(binding, view, &resource) == NIL))
		return true;
	take->linked = view;
	(void) attempt(take, agree_linked, view, &take->link.resource_id);
	return true;
}

/* A row that counts as deleted is who states its id, where that is out of sight. */
static bool
is_gone_by_id(const ScimTakeInState *take, const ScimRowView *view)
{
	const ScimBinding *binding = take->binding;
	ScimBoundResource resource;
	ScimLink link;
	pg_uuid_t id;

	if (!view->has_tenant || !ScimRowStatesId(binding, view, &id) ||
		!ScimBoundRead(binding, view->tenant_id, &id, &resource) || !resource.gone ||
		ScimLinkOfResource(binding, view->tenant_id, &id, &link))
		return false;
	ScimLinkPut(binding, view->tenant_id, &id, view->key_array, true, true);
	return true;
}

/*
 * A row that is there, of a resource that was deleted while the table was unbound, or
 * before: where the mapping says which rows count as deleted, it is there again.
 */
static void
come_back(void *arg)
{
	ScimTakeInState *take = arg;

	ScimToResource(take->binding, take->linked->tenant_id, take->linked->key_array, true);
	ask_constraints(take->binding);
}

static void
use_rows(void *arg, ScimRowView **rows, int n)
{
	ScimTakeInState *take = arg;
	MemoryContext before = take->context;

	take->context = CurrentMemoryContext;
	take->rows = palloc(sizeof(ScimNewRow) * n);
	for (int i = 0; i < n; i++)
	{
		ScimRowView *view = rows[i];
		ScimNewRow *row = &take->rows[take->nrows];

		CHECK_FOR_INTERRUPTS();
		take->was_empty = false;
		if (is_linked(take, view))
			continue;
		if (is_gone_by_id(take, view))
		{
			take->linked = view;
			if (!view->gone && take->binding->gone != NULL)
				(void) attempt(take, come_back, view, NULL);
			continue;
		}
		if (!view->has_tenant && !view->gone)
			ScimTakeInReport(take, "table", view->key_array, NULL,
							 "the row says no tenant");
		if (view->gone || !view->has_tenant)
		{
			ScimHeldAdd(take->held, take->binding, view);
			continue;
		}
		memset(row, 0, sizeof(ScimNewRow));
		row->view = view;
		row->resource.tenant_id = view->tenant_id;
		row->resource.id = id_of(take->binding, view);
		take->nrows++;
	}
	take_rows(take);
	take->context = before;
}

/* The rows that were put off, some at a time. */
static void
use_put_off(ScimTakeInState *take)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "scim rows put off", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	int n = list_length(take->put_off);

	take->is_last = true;
	for (int from = 0; from < n; from += ROWS_AT_ONCE)
	{
		ScimRowView **rows = palloc(sizeof(ScimRowView *) * ROWS_AT_ONCE);
		int found = 0;

		for (int i = from; i < Min(n, from + ROWS_AT_ONCE); i++)
		{
			CHECK_FOR_INTERRUPTS();
			rows[found] =
				ScimRowFind(take->binding, *(Datum *) list_nth(take->put_off, i));
			found += rows[found] != NULL;
		}
		use_rows(take, rows, found);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

static void
row_cannot_be_read(void *arg, Datum key, const ScimBoundAttribute *attribute,
				   const char *problem)
{
	ScimTakeInState *take = arg;

	take->was_empty = false;
	ScimTakeInReport(take, "table", key, NULL,
					 attribute != NULL ? psprintf("%s (%s): %s", attribute->path,
												  attribute->shown, problem)
									   : problem);
	ScimHeldAdd(take->held, take->binding, ScimRowReadable(take->binding, key));
}

/* gone: out of sight */
static bool
has_resources(const ScimBinding *binding, bool gone)
{
	bool found;

	SPI_connect();
	ScimSpiExecute(psprintf("SELECT FROM %s.resource WHERE resource_type = %s "
							"AND deleted_at IS %sNULL",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name), gone ? "NOT " : ""),
				   NULL, false, 1);
	found = SPI_processed > 0;
	SPI_finish();
	return found;
}

static bool
has_id(const ScimBinding *binding)
{
	const ListCell *lc;

	foreach (lc, binding->attributes)
	{
		if (((const ScimBoundAttribute *) lfirst(lc))->is_id)
			return true;
	}
	return false;
}

/* A resource that has no row yet. */
typedef struct NewResource
{
	ScimTakeInState *take;
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

/*
 * Is it a row that is there, and could not be taken in or counts as deleted?  Of the
 * latter nobody knows who is right: both are linked, and told.
 */
static bool
is_held(const NewResource *new)
{
	const ScimTakeInState *take = new->take;
	const ScimBinding *binding = take->binding;
	ScimBoundResource resource;
	ScimHeldRow *row;
	bool let_go;

	if (!ScimBoundRead(binding, new->tenant_id, new->id, &resource) || resource.gone)
		return true;
	row = ScimHeldFind(take->held, binding, &resource);
	if (row == NULL)
		return false;
	if (!row->gone)
		return true;
	if (!ScimRowIsOf(binding, new->tenant_id, row->key))
		return false;
	row->linked = true;
	let_go = ScimBoundIsLetGo(binding, &resource);
	ScimLinkPut(binding, new->tenant_id, new->id, row->key, true, let_go);
	if (!let_go)
		ScimTakeInReport(
			take, "both", row->key, new->id,
			psprintf("the row counts as deleted by \"gone\", and the %s is there: "
					 "scim.mend_binding() takes one of them",
					 binding->type->name));
	return true;
}

static void
add_row(const NewResource *new)
{
	const ScimTakeInState *take = new->take;
	ErrorData *error;
	ScimLink link;

	if (is_held(new))
		return;
	if (take->binding->reports_missing)
	{
		ScimTakeInReport(take, "scim", (Datum) 0, new->id, "has no row");
		return;
	}
	error = ScimAttempt(make_row, unconstify(NewResource *, new));
	if (error != NULL && !ScimErrorIsAboutRow(error))
		ThrowErrorData(error);
	if (error != NULL)
		ScimTakeInReport(take, "scim", (Datum) 0, new->id, error->message);
	else if (!take->was_empty &&
			 ScimLinkOfResource(take->binding, new->tenant_id, new->id, &link) &&
			 link.has_key)
		ScimTakeInReport(take, "inserted", link.key, new->id, NULL);
}

static void
use_resources(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimTakeInState *take = arg;

	for (uint64 i = 0; i < nrows; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(take->context);
		NewResource new = {take,
						   DatumGetInt32(ScimColumnValue(rows[i], desc, 1, INT4OID)),
						   DatumGetUUIDP(ScimColumnValue(rows[i], desc, 2, UUIDOID))};

		CHECK_FOR_INTERRUPTS();
		add_row(&new);
		MemoryContextSwitchTo(old);
		MemoryContextReset(take->context);
	}
}

/* Rows of members that belong to nobody who is bound, and references to nobody. */
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
	{
		appendStringInfoChar(&member, ' ');
		ScimJsonWrite(&member, of_table);
	}
	ScimTakeInReport(arg, side, key, id,
					 psprintf("%s (%s)%s: %s", attribute->path, attribute->shown,
							  member.data, problem));
}

static void
for_each_unlinked(ScimTakeInState *take, bool gone, ScimUseRows use)
{
	const ScimBinding *binding = take->binding;
	ScimParams params;

	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&binding->id), false);
	ScimParamsAdd(&params, INT4OID, Int32GetDatum(binding->tenant_id),
				  binding->every_tenant);
	ScimSpiForEach(psprintf("SELECT r.tenant_id, r.id FROM %1$s.resource r "
							"WHERE r.resource_type = %2$s AND r.deleted_at IS %3$sNULL "
							"AND ($2 IS NULL OR r.tenant_id = $2) "
							"AND NOT EXISTS (SELECT FROM %1$s.binding_link l "
							"WHERE l.tenant_id = r.tenant_id AND l.binding_id = $1 "
							"AND l.resource_id = r.id) ORDER BY r.id",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name), gone ? "NOT " : ""),
				   &params, false, use, take);
}

/* One after another, of those that are out of sight. */
static void
use_each_gone(ScimTakeInState *take, HeapTuple *rows, uint64 nrows, TupleDesc desc,
			  bool finds)
{
	const ScimBinding *binding = take->binding;

	for (uint64 i = 0; i < nrows; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(take->context);
		int32 tenant_id = DatumGetInt32(ScimColumnValue(rows[i], desc, 1, INT4OID));
		const pg_uuid_t *id = DatumGetUUIDP(ScimColumnValue(rows[i], desc, 2, UUIDOID));
		ScimBoundResource resource;
		ScimHeldRow *row = NULL;

		CHECK_FOR_INTERRUPTS();
		if (ScimBoundRead(binding, tenant_id, id, &resource) && resource.gone)
		{
			if (finds)
				row = ScimHeldFindGone(take->held, binding, &resource);
			else
				ScimHeldCount(take->held, binding, &resource);
		}
		if (row != NULL && ScimRowIsOf(binding, tenant_id, row->key))
		{
			row->linked = true;
			ScimLinkPut(binding, tenant_id, id, row->key, true, true);
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(take->context);
	}
}

static void
count_gone(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	use_each_gone(arg, rows, nrows, desc, false);
}

static void
link_gone(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	use_each_gone(arg, rows, nrows, desc, true);
}

static void
membership_is_refused(const void *arg, const char *side, Datum key, const pg_uuid_t *id,
					  const ScimBoundAttribute *attribute, const JsonbValue *of_table,
					  const JsonbValue *of_scim, const char *problem)
{
	ScimTakeInReport(arg, side, key, id, problem);
}

/*
 * ScimTakeIn: the caller owns both sides, and nobody else writes either.  What was
 * committed while we waited for that is seen: no statement is one that only reads, which
 * would see what the caller's did.  former: the "attributes" of the mapping that this one
 * replaces, or NULL.
 */
void
ScimTakeIn(ScimBinding *binding, const JsonbValue *former, ReturnSetInfo *result)
{
	ScimTakeInState take = {
		.binding = binding, .report = result, .former = former, .was_empty = true};
	ScimIdentity caller;

	take.context = AllocSetContextCreate(CurrentMemoryContext, "scim take in",
										 ALLOCSET_DEFAULT_SIZES);
	take.kept = AllocSetContextCreate(CurrentMemoryContext, "scim keys put off",
									  ALLOCSET_DEFAULT_SIZES);
	take.held = ScimHeldBegin();
	/* those of the store's tables, too: from now on each statement asks them */
	ScimCheckDeferredConstraints();
	ScimDeferredPutOff(list_make1(binding));
	caller = ScimBeOwner(binding->store->owner);
	take.has_resources = has_resources(binding, false);
	take.leaves_kept = binding->row_end == SCIM_ROW_KEEP && binding->match != NULL &&
					   !has_id(binding) && has_resources(binding, true);
	SPI_connect();
	ScimRowsRead(binding, take.has_resources || take.leaves_kept, use_rows,
				 row_cannot_be_read, &take);
	use_put_off(&take);
	if (take.has_resources)
		for_each_unlinked(&take, false, use_resources);
	if (ScimHeldHasGone(take.held))
	{
		for_each_unlinked(&take, true, count_gone);
		for_each_unlinked(&take, true, link_gone);
	}
	SPI_finish();
	ScimReferencesUnite(binding, take.has_resources, report_members, &take);
	ScimMembershipsUnite(binding, membership_is_refused, &take);
	if (binding->members != NULL)
		ScimMembershipsCompare(binding, report_members, &take);
	ScimBeCaller(caller);
	ScimHeldEnd(take.held);
	MemoryContextDelete(take.kept);
	MemoryContextDelete(take.context);
}
