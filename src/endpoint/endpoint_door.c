/*
 * endpoint_door.c
 *		The triggers of a store's table "endpoint": what cannot work is refused when
 *		it is written.
 *
 *	1. BEFORE each statement, scim_endpoint_lock: one writer at a time, and what does
 *	   not work already is noted, since nothing is left to break of it.
 *	2. BEFORE each row, scim_endpoint_door: methods in upper case, a name.
 *	3. AFTER each statement, scim_endpoint_changed: every endpoint that is enabled is
 *	   compiled, since it may lean on others, and no two may share a path.  The tables
 *	   "schema" and "resource_type" have it, too: what an endpoint names must stay.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "endpoint/endpoint.h"
#include "store/configuration/configuration.h"
#include "store/statement/column.h"
#include "store/statement/shard.h"
#include "store/statement/tables.h"
#include "store/statement/trigger_type.h"

PG_FUNCTION_INFO_V1(scim_endpoint_lock);
PG_FUNCTION_INFO_V1(scim_endpoint_door);
PG_FUNCTION_INFO_V1(scim_endpoint_changed);

/* Those that could not work before a statement: of Broken. */
static List *broken_before = NIL;

/* The rows before a statement: they live as long as the transaction. */
static List *rows_before = NIL;

typedef struct Broken
{
	char *name;
	char *problem;
	bool works; /* but is not what may be written */
} Broken;

static void
forget_broken(void *arg)
{
	broken_before = NIL;
	rows_before = NIL;
}

/*
 * Was an endpoint broken before?  After a change of schemas nothing is left to break
 * of it; of what is written anew it must be the same problem.
 */
static bool
was_broken(const ScimEndpoint *endpoint, const char *problem)
{
	ListCell *lc;

	foreach (lc, broken_before)
	{
		const Broken *broken = lfirst(lc);

		if (strcmp(broken->name, endpoint->row->name) == 0 &&
			(problem == NULL ? !broken->works : strcmp(broken->problem, problem) == 0))
			return true;
	}
	return false;
}

static void
note_fault(const ScimEndpoint *endpoint, const char *problem, bool works)
{
	Broken *broken = palloc(sizeof(Broken));

	broken->name = pstrdup(endpoint->row->name);
	broken->problem = pstrdup(problem);
	broken->works = works;
	broken_before = lappend(broken_before, broken);
}

static void
note_broken(ScimStore *store, bool of_endpoints)
{
	const ScimEndpoints *endpoints = ScimEndpointsOf(store);
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	ListCell *lc;

	broken_before = NIL;
	rows_before = store->endpoints;
	foreach (lc, endpoints->all)
	{
		const ScimEndpoint *endpoint = lfirst(lc);
		const char *problem = endpoint->problem;
		const char *place;

		if (problem == NULL && of_endpoints)
			problem = ScimEndpointRuleFault(store, endpoint, &place);
		if (problem != NULL)
			note_fault(endpoint, problem, false);
		if (endpoint->unfit != NULL)
			note_fault(endpoint, endpoint->unfit, true);
	}
	if (broken_before != NIL || rows_before != NIL)
	{
		MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));

		callback->func = forget_broken;
		MemoryContextRegisterResetCallback(TopTransactionContext, callback);
	}
	MemoryContextSwitchTo(old);
}

/* BEFORE ... FOR EACH STATEMENT on "endpoint", "schema" and "resource_type" */
Datum
scim_endpoint_lock(PG_FUNCTION_ARGS)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "endpoint_lock", BEFORE_STATEMENT | ON_CHANGE);
	Oid relid;
	ScimStore *store;
	bool of_endpoints;

	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	relid = ScimTriggerRoot(trigger, SCIM_TABLE_ENDPOINT);
	store = ScimStoreByNamespace(RelationGetNamespace(trigger->tg_relation));
	of_endpoints = relid != store->tables.relid[SCIM_TABLE_SCHEMA] &&
				   relid != store->tables.relid[SCIM_TABLE_RESOURCE_TYPE];

	if (of_endpoints)
		ScimTriggerCheck(trigger, SCIM_TABLE_ENDPOINT, relid, &store->tables);
	ScimLockRegistry(&store->tables);
	/* as the one who was waited for has left it */
	store = ScimStoreByNamespace(RelationGetNamespace(trigger->tg_relation));
	note_broken(store, of_endpoints);
	PG_RETURN_POINTER(NULL);
}

/* How long a path may be, and a name, which is indexed and may be made of it. */
#define MAX_PATH_LENGTH 1024
#define MAX_NAME_LENGTH 1200

static void
check_length(const char *name, const char *column, const char *text, size_t max)
{
	if (text[0] == '\0' || strlen(text) > max)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("the %s of an endpoint may have 1 to %zu bytes, not %zu", column,
						max, strlen(text)),
				 err_generic_string(PG_DIAG_DATATYPE_NAME, name),
				 err_generic_string(PG_DIAG_COLUMN_NAME, psprintf("/%s", column))));
}

/* The methods in upper case, and in *all all of them for a name. */
static Datum
upper_methods(Datum methods, char **all)
{
	Datum *elements;
	bool *nulls;
	int n;
	StringInfoData names;

	ScimRequireList(methods, "the methods of an endpoint");
	deconstruct_array(DatumGetArrayTypeP(methods), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &n);
	initStringInfo(&names);
	for (int i = 0; i < n; i++)
	{
		char *method;

		if (nulls[i])
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("a method of an endpoint must not be null")));
		method = TextDatumGetCString(elements[i]);
		method = asc_toupper(method, strlen(method));
		appendStringInfo(&names, "%s%s", i > 0 ? "," : "", method);
		elements[i] = CStringGetTextDatum(method);
	}
	*all = names.data;
	return PointerGetDatum(
		construct_array(elements, n, TEXTOID, -1, false, TYPALIGN_INT));
}

static Datum
admit_endpoint(FunctionCallInfo fcinfo)
{
	TriggerData *trigger =
		ScimTriggerCalled(fcinfo, "endpoint_door", BEFORE_ROW | ON_INSERT | ON_UPDATE);
	TupleDesc desc = RelationGetDescr(trigger->tg_relation);
	HeapTuple tuple = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple
																 : trigger->tg_trigtuple;
	int columns[2];
	Datum values[2];
	bool nulls[2];
	bool no_path;
	Datum path;
	char *methods;
	const char *name;
	ScimTables tables;

	ScimTablesOfTrigger(trigger, SCIM_TABLE_ENDPOINT, &tables);
	columns[0] = ScimColumnNumber(desc, "methods", TEXTARRAYOID);
	columns[1] = ScimColumnNumber(desc, "name", TEXTOID);
	values[0] = ScimColumn(tuple, desc, columns[0], TEXTARRAYOID, &nulls[0]);
	values[1] = ScimColumn(tuple, desc, columns[1], TEXTOID, &nulls[1]);
	path = ScimColumn(tuple, desc, ScimColumnNumber(desc, "path", TEXTOID), TEXTOID,
					  &no_path);
	if (nulls[0] || no_path)
		PG_RETURN_POINTER(tuple); /* the table has constraints */
	values[0] = upper_methods(values[0], &methods);
	if (nulls[1])
		values[1] =
			CStringGetTextDatum(psprintf("%s %s", methods, TextDatumGetCString(path)));
	nulls[1] = false;
	name = TextDatumGetCString(values[1]);
	check_length(name, "path", TextDatumGetCString(path), MAX_PATH_LENGTH);
	check_length(name, "name", name, MAX_NAME_LENGTH);
	PG_RETURN_POINTER(heap_modify_tuple_by_cols(tuple, desc, 2, columns, values, nulls));
}

/* BEFORE INSERT OR UPDATE ... FOR EACH ROW */
Datum
scim_endpoint_door(PG_FUNCTION_ARGS)
{
	return ScimPlainRowAdmit(fcinfo, admit_endpoint);
}

/*
 * An endpoint that is written cannot work, or stores what policies refuse.  For a
 * profile, of which rows are parts, the error has the place in the row, whose row it
 * is, and which one is like that.
 */
static void
check_endpoint(ScimStore *store, const ScimEndpoint *endpoint)
{
	const ScimEndpointRow *row = endpoint->problem_row;
	const char *problem = endpoint->problem;
	const char *pointer = endpoint->problem_place;
	const char *place = NULL;

	if (problem == NULL && endpoint->unfit != NULL &&
		!was_broken(endpoint, endpoint->unfit))
	{
		problem = endpoint->unfit;
		row = endpoint->unfit_row;
		pointer = endpoint->unfit_place;
	}
	if (problem == NULL)
	{
		problem = ScimEndpointRuleFault(store, endpoint, &place);
		if (problem == NULL)
			return;
		row = endpoint->row;
		pointer = ScimEndpointPointer(row, place);
	}
	if (was_broken(endpoint, problem))
		return;
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("endpoint \"%s\": %s%s%s", row->name, place ? place : "",
						   place ? ": " : "", problem),
					err_generic_string(PG_DIAG_DATATYPE_NAME, row->name),
					err_generic_string(PG_DIAG_TABLE_NAME, endpoint->row->name),
					err_generic_string(PG_DIAG_COLUMN_NAME, pointer)));
}

typedef struct Tried
{
	const ScimStore *store;
	const ScimEndpointRow *row;
	const ScimEndpoint *endpoint;
} Tried;

static void
try_endpoint(void *arg)
{
	Tried *tried = arg;

	tried->endpoint = ScimEndpointCompile(tried->store, tried->row);
}

/*
 * Filters and paths of settings that are written are held to the limits in force, but
 * for what those before them took.
 */
static void
check_limits(ScimStore *store, const ScimEndpoint *endpoint)
{
	const ScimEndpointRow *row = endpoint->row;
	ScimFilterLimits limits = ScimFilterLimitsInForce();
	Tried tried = {store, row, NULL};
	ListCell *lc;

	foreach (lc, rows_before)
	{
		const ScimEndpointRow *before = lfirst(lc);
		ScimFilterLimits taken;

		if (memcmp(&before->id, &row->id, sizeof(pg_uuid_t)) != 0)
			continue;
		if (VARSIZE(before->settings) == VARSIZE(row->settings) &&
			memcmp(before->settings, row->settings, VARSIZE(row->settings)) == 0)
			return;
		tried.row = before;
		taken = ScimFilterWithin(&ScimFilterLimitsWidest, try_endpoint, &tried);
		limits = ScimFilterLimitsOr(&limits, &taken);
	}
	tried.row = row;
	(void) ScimFilterWithin(&limits, try_endpoint, &tried);
	if (tried.endpoint->problem != NULL)
		check_endpoint(store, tried.endpoint);
}

/* AFTER ... FOR EACH STATEMENT on "endpoint", "schema" and "resource_type" */
Datum
scim_endpoint_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ScimTriggerCalled(fcinfo, "endpoint_changed",
											 AFTER_STATEMENT | ON_CHANGE | ON_TRUNCATE);
	ScimStore *store;
	const ScimEndpoints *endpoints;
	const ScimEndpoint *twin;
	const ScimEndpoint *conflict;
	const char *method;
	Oid relid;
	bool of_endpoints;
	ListCell *lc;

	ScimInvalidate(RelationGetRelid(trigger->tg_relation));
	if (ScimRestores(fcinfo))
		return ScimRestored(fcinfo);
	relid = ScimTriggerRoot(trigger, SCIM_TABLE_ENDPOINT);
	/* the invalidation reaches this session with the next command */
	CommandCounterIncrement();
	store = ScimStoreByNamespace(RelationGetNamespace(trigger->tg_relation));
	of_endpoints = relid != store->tables.relid[SCIM_TABLE_SCHEMA] &&
				   relid != store->tables.relid[SCIM_TABLE_RESOURCE_TYPE];
	if (of_endpoints)
		ScimTriggerCheck(trigger, SCIM_TABLE_ENDPOINT, relid, &store->tables);
	if (store->endpoints == NIL)
		PG_RETURN_POINTER(NULL);
	endpoints = ScimEndpointsOf(store);
	if (of_endpoints && list_length(endpoints->all) > SCIM_MAX_ENDPOINTS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the store would have more than %d endpoints that are on",
							   SCIM_MAX_ENDPOINTS)));
	foreach (lc, endpoints->all)
	{
		const ScimEndpoint *endpoint = lfirst(lc);

		if (of_endpoints)
		{
			check_endpoint(store, endpoint);
			check_limits(store, endpoint);
		}
		if (of_endpoints || endpoint->problem == NULL || was_broken(endpoint, NULL))
			continue;
		ereport(ScimChecksResources() ? ERROR : WARNING,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("endpoint \"%s\" would not work: %s", endpoint->problem_row->name,
						endpoint->problem),
				 errhint("Change the endpoint first, or switch it off.")));
	}
	conflict = ScimEndpointsConflict(endpoints, &twin, &method);
	if (conflict != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_UNIQUENESS),
				 errmsg("endpoint \"%s\": path: endpoint \"%s\" has the same path for %s",
						conflict->row->name, twin->row->name, method),
				 err_generic_string(PG_DIAG_DATATYPE_NAME, conflict->row->name),
				 err_generic_string(PG_DIAG_TABLE_NAME, twin->row->name),
				 err_generic_string(PG_DIAG_COLUMN_NAME, "/path")));
	PG_RETURN_POINTER(NULL);
}
