/*
 * mend.c
 *		scim.mend_binding: what the two sides of a binding differ in is taken from one of
 *		them.
 *
 * It does to each difference that scim.check_binding lists what a write of that side
 * would have done, had it been followed.  Nothing is taken away from the other side that
 * this one knows nothing of: a row without a resource is not deleted because the store
 * has none, nor a resource that has never had a row.  A resource without one is looked
 * for among the rows that are nobody's, before it gets a new one.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "binding/bound/bound.h"
#include "binding/follow/follow.h"
#include "binding/sides/sides.h"
#include "store/credential/credential.h"
#include "store/statement/column.h"
#include "store/statement/statement.h"

PG_FUNCTION_INFO_V1(scim_mend_binding);

/* A difference, as scim.check_binding lists it. */
typedef struct Difference
{
	ScimBinding *binding;
	bool of_table; /* which side holds */
	bool has_key;
	Datum key;
	bool has_id;
	pg_uuid_t id;
	bool is_membership;
	pg_uuid_t member_id;
	bool in_store; /* the membership */
	bool problems; /* an attribute has one, */
	bool only;     /* and each that differs has */
	char *told;    /* what neither side can mend, or NULL */
	bool done;
	MemoryContext context; /* of what is kept from one to the next */
	ScimHeld *held;        /* rows that are linked to nobody, or NULL: not read yet */
} Difference;

/* Which tenant a row is of, or else its resource. */
static bool
find_tenant(const Difference *difference, const ScimRowView *row, int32 *tenant_id)
{
	const ScimBinding *binding = difference->binding;
	ScimIdentity caller;
	ScimParams params;
	bool found;

	*tenant_id = row != NULL && row->has_tenant ? row->tenant_id : binding->tenant_id;
	if (!binding->every_tenant || (row != NULL && row->has_tenant))
		return true;
	if (!difference->has_id)
		return false;
	caller = ScimBeOwner(binding->store->owner);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&difference->id), false);
	ScimSpiExecute(psprintf("SELECT r.tenant_id FROM %s.resource r "
							"WHERE r.resource_type = %s AND r.id = $1",
							binding->store->quoted_name,
							quote_literal_cstr(binding->type->name)),
				   &params, false, 2);
	/* of two tenants that have an id nobody knows which is meant */
	found = SPI_processed == 1;
	if (found)
		*tenant_id = DatumGetInt32(ScimResultValue(0, 1, INT4OID));
	SPI_finish();
	ScimBeCaller(caller);
	return found;
}

static bool
read_resource(const Difference *difference, int32 tenant_id, const pg_uuid_t *id,
			  ScimBoundResource *resource)
{
	return ScimBoundRead(difference->binding, tenant_id, id, resource) && !resource->gone;
}

/*
 * A resource is linked to a row that is of another tenant, as nobody has followed: to the
 * table he has none.
 */
static bool
is_of_another(const Difference *difference, const ScimRowView *row, int32 *tenant_id)
{
	const ScimBinding *binding = difference->binding;
	ScimLink link;

	return binding->every_tenant && row != NULL && row->has_tenant &&
		   difference->has_id &&
		   !ScimLinkOfResource(binding, row->tenant_id, &difference->id, &link) &&
		   find_tenant(difference, NULL, tenant_id) && *tenant_id != row->tenant_id;
}

/* The row holds: it is followed as if it had just been written. */
static void
take_from_table(Difference *difference)
{
	ScimBinding *binding = difference->binding;
	const ScimRowView *row;
	ScimBoundResource resource;
	ScimLink link;
	int32 tenant_id;

	if (!difference->has_key)
		return;
	(void) ScimRowLock(binding, difference->key, true);
	row = ScimRowFind(binding, difference->key);
	if (!is_of_another(difference, row, &tenant_id) &&
		!find_tenant(difference, row, &tenant_id))
		return;
	/* of a resource that is not there any more it is none */
	if (ScimLinkOfKey(binding, tenant_id, difference->key, &link) && !link.detached &&
		!read_resource(difference, tenant_id, &link.resource_id, &resource))
		ScimLinkDrop(binding, tenant_id, &link.resource_id);
	/* who is in sight without the row, as its end leaves nobody, goes with it now */
	if (ScimLinkOfKey(binding, tenant_id, difference->key, &link) && link.detached &&
		read_resource(difference, tenant_id, &link.resource_id, &resource) &&
		!ScimBoundIsLetGo(binding, &resource))
		ScimLinkPut(binding, tenant_id, &link.resource_id, link.key, true, false);
	/* who says both to be one is asked for no more than that */
	if (ScimRowIsPresent(row, tenant_id) &&
		!ScimLinkOfKey(binding, tenant_id, difference->key, &link))
	{
		if (ScimLinkWithoutRow(binding, row, true))
			ScimReferencesOfRow(binding, tenant_id, difference->key);
	}
	ScimToResource(binding, tenant_id, difference->key, false);
	/* who has no row is nobody to the table, which says so */
	if (difference->problems)
		ScimReferencesSaid(binding, tenant_id, difference->key, binding->references);
	difference->done = true;
}

static void
hold_rows(void *arg, ScimRowView **rows, int n)
{
	const Difference *difference = arg;
	const ScimBinding *binding = difference->binding;
	ScimLink link;

	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!rows[i]->has_tenant ||
			!ScimLinkOfKey(binding, rows[i]->tenant_id, rows[i]->key_array, &link))
			ScimHeldAdd(difference->held, binding, rows[i]);
	}
}

static void
hold_bad_row(void *arg, Datum key, const ScimBoundAttribute *attribute,
			 const char *problem)
{
	ScimRowView *row = ScimRowReadable(((const Difference *) arg)->binding, key);

	hold_rows(arg, &row, 1);
}

/* Rows that are there, and nobody's: they cannot be read, or the store refuses them. */
static ScimHeldRow *
find_held(Difference *difference, const ScimBoundResource *resource)
{
	if (difference->held == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(difference->context);

		difference->held = ScimHeldBegin();
		MemoryContextSwitchTo(old);
		ScimRowsRead(difference->binding, false, hold_rows, hold_bad_row, difference);
	}
	return ScimHeldFind(difference->held, difference->binding, resource);
}

/*
 * A row that is the resource by what it says, and could not be taken in: what it says
 * else, and what of it cannot be read, is what the resource does.
 */
static void
overwrite(ScimBinding *binding, const ScimBoundResource *resource, Datum key)
{
	const ScimRowView *row;
	List *attributes = NIL;
	bool vanished = false;
	const ListCell *lc;

	(void) ScimRowLock(binding, key, true);
	row = ScimRowReadable(binding, key);
	if (!row->has_tenant || row->tenant_id != resource->tenant_id)
		ereport(ERROR,
				(ScimErr(SCIM_CONFLICT),
				 errmsg("row %s of table \"%s\" is that of the %s, and says %s tenant",
						ScimKeyShown(key), binding->shown, binding->type->name,
						row->has_tenant ? "another" : "no"),
				 errhint("Which tenant a row is of the table says: write it there.")));
	foreach (lc, binding->attributes)
	{
		ScimBoundAttribute *attribute = lfirst(lc);
		const JsonbValue *value = row->values[foreach_current_index(lc)];

		if (attribute->wins != SCIM_WINS_TABLE && attribute->kind != SCIM_BOUND_MEMBERS &&
			(value == NULL ||
			 !ScimBoundEqual(attribute, value, ScimRowValue(attribute, resource),
							 resource->document)))
			attributes = lappend(attributes, attribute);
	}
	ScimReferencesHoldOf(binding, resource->tenant_id, resource->document, attributes);
	ScimLinkPut(binding, resource->tenant_id, &resource->id, key, true, false);
	if (attributes != NIL)
		(void) ScimRowUpdate(binding, resource, row, attributes, &vanished);
	if (vanished)
		ScimRowSkipped(binding->shown);
	ScimToResource(binding, resource->tenant_id, key, true);
	ScimMembershipsOfNewRow(binding, resource->tenant_id, &resource->id);
	ScimMembershipsOfRow(binding, resource->tenant_id, key);
	ScimReferencesOfRow(binding, resource->tenant_id, key);
}

/* The resource holds. */
static void
take_from_store(Difference *difference)
{
	ScimBinding *binding = difference->binding;
	const ScimRowView *row = NULL;
	ScimHeldRow *held = NULL;
	ScimBoundResource resource;
	Datum id = UUIDPGetDatum(&difference->id);
	ScimLink link;
	int32 tenant_id;

	if (!difference->has_id || !find_tenant(difference, NULL, &tenant_id))
		return;
	ScimBindingLock(binding->store, binding->type, tenant_id, &difference->id, true);
	ScimResourcesLock(binding, tenant_id, &id, 1);
	if (!read_resource(difference, tenant_id, &difference->id, &resource))
		return;
	if (ScimLinkOfResource(binding, tenant_id, &difference->id, &link) && link.has_key)
		row = ScimRowFindOf(binding, tenant_id, link.key);
	else
		held = find_held(difference, &resource);
	if (held != NULL && !held->gone)
		overwrite(binding, &resource, held->key);
	else if (row != NULL && !row->gone && !link.detached)
		(void) ScimToTable(binding, &resource, binding->attributes);
	else
	{
		if (held != NULL)
			ScimLinkPut(binding, tenant_id, &resource.id, held->key, true, true);
		ScimRowBegin(binding, &resource, false, false);
	}
	/* whose it is, whatever comes of it */
	if (held != NULL)
		held->linked = true;
	difference->done = true;
}

static void
take_membership(Difference *difference)
{
	ScimBinding *groups = difference->binding;
	ScimBinding *people;
	ScimLink member;
	int32 tenant_id;

	if (!difference->has_key || !difference->has_id ||
		!find_tenant(difference, ScimRowFind(groups, difference->key), &tenant_id))
		return;
	people = ScimMembersBinding(groups, tenant_id);
	if (people == NULL ||
		!ScimLinkOfResource(people, tenant_id, &difference->member_id, &member) ||
		!member.has_key)
		return;
	if (difference->of_table)
		ScimMembershipRow(groups, groups->members, difference->key, member.key);
	else
		ScimMembershipFollow(groups, tenant_id, &difference->id, &difference->member_id,
							 difference->in_store);
	difference->done = true;
}

static void
take(void *arg)
{
	Difference *difference = arg;

	if (difference->is_membership)
		take_membership(difference);
	else if (difference->of_table)
		take_from_table(difference);
	else
		take_from_store(difference);
}

static void
warn(const Difference *difference, const char *why)
{
	const ScimBinding *binding = difference->binding;
	char *what;

	if (difference->has_key)
		what = psprintf("row %s of table \"%s\"", ScimKeyShown(difference->key),
						binding->shown);
	else if (difference->has_id)
		what = psprintf("%s \"%s\"", binding->type->name, ScimUuidText(&difference->id));
	else
		what = psprintf("table \"%s\"", binding->shown);
	ereport(WARNING, (errmsg("%s still differs: %s", what, why)));
}

/* What has a problem still; returns whether anything has. */
static bool
warn_of_problems(const Difference *difference)
{
	const ScimBinding *binding = difference->binding;
	const ScimRowView *row;
	ScimBoundResource resource;
	bool found = false;
	const ListCell *lc;

	row = difference->has_key ? ScimRowFind(binding, difference->key) : NULL;
	if (row == NULL || !row->has_tenant || !difference->has_id ||
		!read_resource(difference, row->tenant_id, &difference->id, &resource))
		return false;
	foreach (lc, binding->attributes)
	{
		const ScimBoundAttribute *attribute = lfirst(lc);
		int number = foreach_current_index(lc);
		const JsonbValue *value = row->values[number];
		char *problem = NULL;

		if (!ScimBoundEqual(attribute, value, ScimRowValue(attribute, &resource),
							resource.document))
			problem = ScimUnknownValue(attribute, value);
		if (problem == NULL)
			problem = ScimReferenceStranger(attribute, row, number);
		if (problem == NULL)
			problem = ScimReferenceRowless(attribute, row, number, &resource);
		if (problem == NULL)
			continue;
		warn(difference, psprintf("%s: %s", attribute->path, problem));
		found = true;
	}
	return found;
}

static void
take_and_ask(void *arg)
{
	const Difference *difference = arg;

	take(arg);
	ScimDeferredAskAll(difference->binding->store);
}

/* What cannot be is told, and does not keep the others back. */
static bool
try_to_take(Difference *difference)
{
	ErrorData *error;

	if (difference->told != NULL)
	{
		warn(difference, difference->told);
		return false;
	}
	error = ScimAttempt(take_and_ask, difference);
	if (error != NULL)
	{
		if (ScimErrorBySqlstate(error->sqlerrcode) == NULL && !ScimErrorIsAboutRow(error))
			ThrowErrorData(error);
		warn(difference, error->message);
		return false;
	}
	if (difference->problems && warn_of_problems(difference) && difference->only)
		return false;
	return difference->done;
}

static bool
read_difference(Difference *difference, HeapTuple row, TupleDesc desc)
{
	bool isnull;
	bool no_problem;
	Datum value;
	Datum told;

	difference->key = ScimColumn(row, desc, 1, TEXTARRAYOID, &isnull);
	difference->has_key = !isnull;
	value = ScimColumn(row, desc, 2, UUIDOID, &isnull);
	difference->has_id = !isnull;
	if (!isnull)
		difference->id = *DatumGetUUIDP(value);
	value = ScimColumn(row, desc, 3, TEXTOID, &isnull);
	difference->is_membership = !isnull;
	difference->in_store = DatumGetBool(ScimColumnValue(row, desc, 4, BOOLOID));
	difference->problems = DatumGetBool(ScimColumnValue(row, desc, 5, BOOLOID));
	difference->only = DatumGetBool(ScimColumnValue(row, desc, 6, BOOLOID));
	told = ScimColumn(row, desc, 7, TEXTOID, &no_problem);
	difference->told = no_problem ? NULL : TextDatumGetCString(told);
	difference->done = false;
	return isnull || ScimUuidParse(TextDatumGetCString(value), &difference->member_id);
}

/*
 * scim.mend_binding(relation regclass, side text, resource_id uuid, key text[]), and the
 * same with resource_id text, returns bigint: how many rows, resources and memberships
 * have been taken from a side.  The last two, where they are not null, say which alone.
 */
Datum
scim_mend_binding(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreCurrent();
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "scim mend", ALLOCSET_DEFAULT_SIZES);
	Difference difference = {.context = CurrentMemoryContext};
	SPITupleTable *rows;
	uint64 nrows;
	const char *side;
	ScimParams params;
	int64 taken = 0;
	pg_uuid_t resource_id;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("table and side must not be null")));
	side = text_to_cstring(PG_GETARG_TEXT_PP(1));
	if (strcmp(side, "table") != 0 && strcmp(side, "scim") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the side must be \"table\" or \"scim\", not \"%s\"", side)));
	difference.of_table = strcmp(side, "table") == 0;
	ScimRequireOwnerOf(store);
	difference.binding = ScimBindingOfTable(store, PG_GETARG_OID(0));
	if (difference.binding == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("table \"%s\" is not bound to store \"%s\"",
							   ScimRelationShown(PG_GETARG_OID(0)), store->name)));
	ScimScopeRequireOfCall(store, difference.binding->type->name, true);
	ScimBindingRequireSound(difference.binding);
	/* nobody has an id that is no uuid */
	if (!PG_ARGISNULL(2) && !ScimUuidParse(ScimIdArgument(fcinfo, 2), &resource_id))
		PG_RETURN_INT64(0);
	SPI_connect();
	ScimParamsInit(&params);
	ScimParamsAdd(&params, REGCLASSOID, PG_GETARG_DATUM(0), false);
	ScimParamsAdd(&params, TEXTOID,
				  difference.binding->members != NULL
					  ? CStringGetTextDatum(difference.binding->members->path)
					  : (Datum) 0,
				  difference.binding->members == NULL);
	ScimParamsAdd(&params, UUIDOID, UUIDPGetDatum(&resource_id), PG_ARGISNULL(2));
	ScimParamsAdd(&params, TEXTARRAYOID, PG_ARGISNULL(3) ? (Datum) 0 : PG_GETARG_DATUM(3),
				  PG_ARGISNULL(3));
	/* people and groups before who is a member */
	ScimSpiExecuteOnce(
		"SELECT d.key, d.resource_id, d.member, d.in_store, bool_or(d.is_problem), "
		"bool_and(d.is_problem), d.told FROM (SELECT c.*, CASE WHEN c.attribute = $2 "
		"AND c.problem IS NULL THEN coalesce(c.table_value, c.scim_value) #>> '{}' END "
		"AS member, coalesce(c.attribute = $2 AND c.scim_value IS NOT NULL, false) AS "
		"in_store, c.side = 'both' AND c.attribute IS NOT NULL AND c.problem IS NOT NULL "
		"AS is_problem, CASE WHEN c.attribute = $2 THEN $2 || ': ' || c.problem "
		"WHEN c.key IS NULL AND c.resource_id IS NULL THEN c.problem END AS told "
		"FROM scim.check_binding($1) c WHERE coalesce(c.resource_id = $3, $3 IS NULL) "
		"AND coalesce(c.key = $4, $4 IS NULL)) AS d "
		"GROUP BY 1, 2, 3, 4, 7 ORDER BY d.member NULLS FIRST, 1, 2, 7",
		&params, false, 0);
	rows = SPI_tuptable;
	nrows = SPI_processed;
	if (nrows > 0)
		ScimDeferredAskAll(store);
	for (uint64 i = 0; i < nrows; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(context);

		CHECK_FOR_INTERRUPTS();
		if (read_difference(&difference, rows->vals[i], rows->tupdesc) &&
			try_to_take(&difference))
			taken++;
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	SPI_finish();
	PG_RETURN_INT64(taken);
}
