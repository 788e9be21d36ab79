/*
 * plan.c
 *		The cache of SPI plans: query text and parameter types -> kept plan.
 *
 * The server's own plan cache revalidates a kept plan when tables, roles or
 * row-level security change, so nothing but look_again() is needed here.  The cache is
 * bounded: where SCIM_MAX_PLANS are kept, the least recently used of those not
 * running makes room.  A long query, as a filter of many terms makes it, is not
 * kept: its plan is large, and the same one rarely comes again.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "executor/spi.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"
#include "optimizer/cost.h"
#include "tcop/pquery.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/rel.h"

#include "store/statement/plan.h"
#include "store/statement/rights.h"
#include "store/statement/shard.h"

#define SCIM_MAX_PLANS 512
#define SCIM_MAX_KEPT_QUERY 8192 /* bytes */
#define SCIM_FETCH_COUNT 1000

/* The types are not all the same forever: scim.filter may be dropped and made anew. */
typedef struct PlanKey
{
	const char *query;
	int nparams;
	const Oid *types;
	int options;          /* CURSOR_OPT_CUSTOM_PLAN, or 0 */
	bool no_row_security; /* made where row-level security does not bind its owner */
} PlanKey;

typedef struct PlanEntry
{
	PlanKey key;
	SPIPlanPtr plan;
	bool writes; /* it is no SELECT */
	int running; /* executions under way: a trigger may run the same query again */
	dlist_node use;
} PlanEntry;

static HTAB *plans = NULL;
static MemoryContext plan_context = NULL;
static dlist_head plans_by_use; /* most recently used first */

static uint32
plan_key_hash(const void *key, Size keysize)
{
	const char *query = ((const PlanKey *) key)->query;

	return DatumGetUInt32(hash_any((const unsigned char *) query, strlen(query)));
}

static int
plan_key_match(const void *a, const void *b, Size keysize)
{
	const PlanKey *x = a;
	const PlanKey *y = b;

	return strcmp(x->query, y->query) != 0 || x->nparams != y->nparams ||
		   x->options != y->options || x->no_row_security != y->no_row_security ||
		   (x->nparams > 0 && memcmp(x->types, y->types, sizeof(Oid) * x->nparams) != 0);
}

static void
plan_cache_create(void)
{
	HASHCTL control;

	plan_context =
		AllocSetContextCreate(CacheMemoryContext, "scim plans", ALLOCSET_SMALL_SIZES);
	memset(&control, 0, sizeof(control));
	control.keysize = sizeof(PlanKey);
	control.entrysize = sizeof(PlanEntry);
	control.hash = plan_key_hash;
	control.match = plan_key_match;
	control.hcxt = plan_context;
	dlist_init(&plans_by_use);
	plans = hash_create("scim plans", 128, &control,
						HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}

static void
drop_plan(PlanEntry *entry)
{
	char *query = (char *) entry->key.query;
	Oid *types = (Oid *) entry->key.types;

	dlist_delete(&entry->use);
	SPI_freeplan(entry->plan);
	hash_search(plans, &entry->key, HASH_REMOVE, NULL);
	pfree(query);
	pfree(types);
}

static void
evict_one_plan(void)
{
	dlist_iter iter;

	dlist_reverse_foreach(iter, &plans_by_use)
	{
		PlanEntry *entry = dlist_container(PlanEntry, use, iter.cur);

		if (entry->running > 0)
			continue;
		drop_plan(entry);
		return;
	}
}

/* Is a statement anything else than a SELECT? */
static bool
writes(SPIPlanPtr plan)
{
	const CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan));

	return source->commandTag != CMDTAG_SELECT;
}

/*
 * What a rule DO INSTEAD NOTHING has made nothing of depends on no table, and the server
 * would not look at it again when the rule is gone: so it is to do that now.
 */
static void
look_again(SPIPlanPtr plan)
{
	ListCell *lc;

	foreach (lc, SPI_plan_get_plan_sources(plan))
	{
		CachedPlanSource *source = lfirst(lc);

		if (source->query_list != NIL)
			continue;
		source->is_valid = false;
		if (source->gplan != NULL)
			source->gplan->is_valid = false;
	}
}

/*
 * The plan of INSERT ... VALUES is the same for all values, which another one would hold
 * several times: the document of a resource may be large.
 */
static int
options_for(const char *query, int options)
{
	if (strncmp(query, "INSERT INTO ", strlen("INSERT INTO ")) == 0 &&
		strstr(query, "SELECT") == NULL)
		options |= CURSOR_OPT_GENERIC_PLAN;
	return options;
}

static PlanEntry *
find_or_prepare(const char *query, const ScimParams *params, int options)
{
	PlanKey key = {query, params ? params->n : 0, params ? params->types : NULL, options,
				   InNoForceRLSOperation()};
	MemoryContext caller = CurrentMemoryContext;
	PlanEntry *entry;
	SPIPlanPtr plan;
	Oid *types;

	if (plans == NULL)
		plan_cache_create();
	entry = hash_search(plans, &key, HASH_FIND, NULL);
	if (entry != NULL)
	{
		dlist_move_head(&plans_by_use, &entry->use);
		look_again(entry->plan);
		return entry;
	}

	plan = SPI_prepare_cursor(query, key.nparams, params ? params->types : NULL,
							  options_for(query, options));
	MemoryContextSwitchTo(caller);
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", query,
			 SPI_result_code_string(SPI_result));
	if (hash_get_num_entries(plans) >= SCIM_MAX_PLANS)
		evict_one_plan();
	types = MemoryContextAlloc(plan_context, sizeof(Oid) * Max(key.nparams, 1));
	if (key.nparams > 0)
		memcpy(types, key.types, sizeof(Oid) * key.nparams);
	key.query = MemoryContextStrdup(plan_context, query);
	key.types = types;
	entry = hash_search(plans, &key, HASH_ENTER, NULL);
	SPI_keepplan(plan);
	entry->plan = plan;
	entry->writes = writes(plan);
	entry->running = 0;
	dlist_push_head(&plans_by_use, &entry->use);
	return entry;
}

static void
check_result(const char *query, int result)
{
	if (result < 0)
		elog(ERROR, "could not execute \"%s\": %s", query,
			 SPI_result_code_string(result));
}

/* Do statements see what the one saw that has called us, and nothing that came later? */
static bool sees_one = false;

/*
 * ScimSpiSeeOne: from here on statements see what the one does that has called us, until
 * it is called with what it returns.  None of them may write.
 */
bool
ScimSpiSeeOne(bool one)
{
	bool before = sees_one;

	sees_one = one;
	return before;
}

bool
ScimSpiSeesOne(void)
{
	return sees_one;
}

static int
execute_once(const char *query, const ScimParams *params, bool read_only, long count)
{
	SPIPlanPtr plan;
	int result;

	if (read_only || !InLocalUserIdChange())
		return SPI_execute_with_args(query, params ? params->n : 0,
									 params ? params->types : NULL,
									 params ? params->values : NULL,
									 params ? params->nulls : NULL, read_only, count);
	plan = SPI_prepare(query, params ? params->n : 0, params ? params->types : NULL);
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", query,
			 SPI_result_code_string(SPI_result));
	ScimGuardWrite(plan);
	result = SPI_execute_plan(plan, params ? params->values : NULL,
							  params ? params->nulls : NULL, false, count);
	(void) SPI_freeplan(plan);
	return result;
}

/*
 * ScimSpiExecuteOnce is ScimSpiExecute with a plan that is made for the values
 * at hand and not kept.
 */
int
ScimSpiExecuteOnce(const char *query, const ScimParams *params, bool read_only,
				   long count)
{
	MemoryContext caller = CurrentMemoryContext;
	const char *const statement = ScimShardQuery(query);
	int level = ScimStatementBegin();
	int result;

	read_only |= sees_one;
	PG_TRY();
	{
		result = execute_once(statement, params, read_only, count);
	}
	PG_CATCH();
	{
		ScimFaultRethrow(caller);
		PG_RE_THROW();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	ScimStatementEnd(level);
	check_result(statement, result);
	return result;
}

/* How many triggers ran, one within the other, when one of them raised an error. */
static int error_depth = 0;

static int
trigger_depth(void)
{
	return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, (Datum) 0));
}

static void
note_error(void *arg)
{
	error_depth = trigger_depth();
}

/*
 * ScimErrorIsOfTrigger, in PG_CATCH(): was the error of a statement that has a
 * search_path which is not ours raised in a trigger that it fired, and not by itself?
 */
bool
ScimErrorIsOfTrigger(void)
{
	return error_depth > trigger_depth();
}

/* path NULL: a statement of our own */
static int
execute_kept(const char *path, const char *query, const ScimParams *params,
			 bool read_only, long count, int options)
{
	MemoryContext caller = CurrentMemoryContext;
	const char *const statement = ScimShardQuery(query);
	PlanEntry *volatile entry = NULL;
	ErrorContextCallback noting = {.callback = note_error};
	volatile int level;
	int result;

	read_only |= sees_one;
	if (strlen(statement) > SCIM_MAX_KEPT_QUERY && path == NULL)
		return ScimSpiExecuteOnce(query, params, read_only, count);
	level = path != NULL ? ScimStatementBeginOfText(path) : ScimStatementBegin();
	PG_TRY();
	{
		error_depth = 0;
		noting.previous = error_context_stack;
		if (path != NULL)
			error_context_stack = &noting;
		entry = find_or_prepare(statement, params, options);
		entry->running++;
		if (entry->writes && !read_only)
			ScimGuardWrite(entry->plan);
		result = SPI_execute_plan(entry->plan, params ? params->values : NULL,
								  params ? params->nulls : NULL, read_only, count);
		error_context_stack = noting.previous;
	}
	PG_CATCH();
	{
		if (entry != NULL)
			entry->running--;
		ScimGuardRethrow(query, caller);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	entry->running--;
	ScimStatementEnd(level);
	check_result(query, result);
	return result;
}

/*
 * ScimSpiExecute runs a query whose values are parameters.  It must be called
 * between SPI_connect and SPI_finish and leaves its result in SPI_tuptable and
 * SPI_processed.  Returns the SPI result code (> 0).
 */
int
ScimSpiExecute(const char *query, const ScimParams *params, bool read_only, long count)
{
	return execute_kept(NULL, query, params, read_only, count, 0);
}

/*
 * ScimSpiExecuteOpening is ScimSpiExecute of a write while is_open is true: so the
 * trigger of a table that only the store writes knows whose statement it is.
 */
void
ScimSpiExecuteOpening(bool *is_open, const char *query, const ScimParams *params)
{
	bool before = *is_open;

	PG_TRY();
	{
		*is_open = true;
		ScimSpiExecute(query, params, false, 0);
	}
	PG_FINALLY();
	{
		*is_open = before;
	}
	PG_END_TRY();
}

/*
 * ScimSpiExecuteIn is ScimSpiExecute with a search_path that is not ours: what an
 * application's own triggers name without a schema is found as it is without us.  Values
 * are written as text in one way (ScimStatementBeginOfText).
 */
int
ScimSpiExecuteIn(const char *search_path, const char *query, const ScimParams *params,
				 bool read_only, long count)
{
	return execute_kept(search_path, query, params, read_only, count, 0);
}

/* Settings for a plan that is to find rows by keys, unless it is for certain values. */
static int
begin_keys(bool by_values)
{
	int level = ScimSpiBeginApart(!by_values);

	/* it would only make it start later */
	if (!by_values && enable_memoize)
		ScimStatementFix("enable_memoize", "off");
	return level;
}

/* The plan is made now, and reads no table as a whole. */
static void
plan_by_key(const char *search_path, const char *query, const ScimParams *params)
{
	int level = begin_keys(false);
	int inner = ScimStatementBeginOfText(search_path);
	CachedPlan *cached = SPI_plan_get_cached_plan(
		find_or_prepare(ScimShardQuery(query), params, CURSOR_OPT_GENERIC_PLAN)->plan);

	if (cached != NULL)
		ReleaseCachedPlan(cached, CurrentResourceOwner);
	ScimStatementEnd(inner);
	ScimStatementEnd(level);
}

/*
 * ScimSpiExecuteInByKey is ScimSpiExecuteIn with a plan that is made once for any values,
 * and finds rows by keys, or by where they are, as ScimSpiExecuteByKey does.  What an
 * application's own triggers do is planned as it is without us.
 */
int
ScimSpiExecuteInByKey(const char *search_path, const char *query,
					  const ScimParams *params, long count)
{
	plan_by_key(search_path, query, params);
	return execute_kept(search_path, query, params, false, count,
						CURSOR_OPT_GENERIC_PLAN);
}

/*
 * ScimSpiExecuteForValues is ScimSpiExecute for a query whose best plan depends
 * on its values.
 */
int
ScimSpiExecuteForValues(const char *query, const ScimParams *params, bool read_only,
						long count)
{
	return execute_kept(NULL, query, params, read_only, count, CURSOR_OPT_CUSTOM_PLAN);
}

/*
 * ScimSpiExecuteForAny is ScimSpiExecute with a plan that is made once for any values:
 * for a query over many partitions, to plan which takes longer than to execute it.  It
 * is for any tenant, too.
 */
int
ScimSpiExecuteForAny(const char *query, const ScimParams *params, bool read_only,
					 long count)
{
	int level = ScimSpiBeginApart(true);
	int result;

	result = execute_kept(NULL, query, params, read_only, count, CURSOR_OPT_GENERIC_PLAN);
	ScimStatementEnd(level);
	return result;
}

/*
 * ScimSpiExecuteByKey is ScimSpiExecuteForAny for a query that finds rows by keys.  A
 * plan that was made while a table was all but empty would read the whole of it forever,
 * and nobody may have to ANALYZE it first.
 */
int
ScimSpiExecuteByKey(const char *query, const ScimParams *params, long count)
{
	int level = begin_keys(false);
	int result;

	result = execute_kept(NULL, query, params, false, count, CURSOR_OPT_GENERIC_PLAN);
	ScimStatementEnd(level);
	return result;
}

/* Where the executor sends the rows of ScimSpiStream. */
typedef struct SlotReceiver
{
	DestReceiver receiver;
	ScimUseSlot use;
	void *arg;
} SlotReceiver;

static bool
receive_slot(TupleTableSlot *slot, DestReceiver *self)
{
	SlotReceiver *to = (SlotReceiver *) self;

	to->use(to->arg, slot);
	return true;
}

static void
ignore_start(DestReceiver *self, int operation, TupleDesc desc)
{
}

static void
ignore_end(DestReceiver *self)
{
}

static ParamListInfo
param_list(const ScimParams *params)
{
	ParamListInfo list = makeParamList(params->n);

	for (int i = 0; i < params->n; i++)
	{
		list->params[i].value = params->values[i];
		list->params[i].isnull = params->nulls[i] == 'n';
		list->params[i].pflags = PARAM_FLAG_CONST;
		list->params[i].ptype = params->types[i];
	}
	return list;
}

/* ScimSpiStream: see plan.h.  A long query is not kept. */
void
ScimSpiStream(const char *query, const ScimParams *params, bool by_values,
			  ScimUseSlot use, void *arg)
{
	const char *const statement = ScimShardQuery(query);
	SlotReceiver to = {
		{receive_slot, ignore_start, ignore_end, ignore_end, DestTuplestore}, use, arg};
	SPIExecuteOptions options = {.params = param_list(params), .dest = &to.receiver};
	MemoryContext caller = CurrentMemoryContext;
	volatile int level = begin_keys(by_values);
	volatile int inner = ScimStatementBegin();
	PlanEntry *volatile entry;
	int result;

	if (strlen(statement) > SCIM_MAX_KEPT_QUERY)
		result = SPI_execute_extended(statement, &options);
	else
	{
		entry =
			find_or_prepare(statement, params,
							by_values ? CURSOR_OPT_CUSTOM_PLAN : CURSOR_OPT_GENERIC_PLAN);
		entry->running++;
		PG_TRY();
		{
			result = SPI_execute_plan_extended(entry->plan, &options);
		}
		PG_FINALLY();
		{
			entry->running--;
		}
		PG_END_TRY();
	}
	MemoryContextSwitchTo(caller);
	ScimStatementEnd(inner);
	ScimStatementEnd(level);
	check_result(query, result);
}

struct ScimStream
{
	SlotReceiver to;
	Portal portal;
	bool by_values;
};

/* ScimStreamOpen: see plan.h. */
ScimStream *
ScimStreamOpen(const char *query, const ScimParams *params, bool by_values,
			   ScimUseSlot use, void *arg)
{
	MemoryContext caller = CurrentMemoryContext;
	ScimStream *stream = palloc(sizeof(ScimStream));
	SlotReceiver to = {
		{receive_slot, ignore_start, ignore_end, ignore_end, DestTuplestore}, use, arg};
	const char *const statement = ScimShardQuery(query);
	int options = by_values ? CURSOR_OPT_CUSTOM_PLAN : CURSOR_OPT_GENERIC_PLAN;
	int level = begin_keys(by_values);
	int inner = ScimStatementBegin();
	SPIPlanPtr plan;

	stream->to = to;
	stream->by_values = by_values;
	if (strlen(statement) > SCIM_MAX_KEPT_QUERY)
		plan = SPI_prepare_cursor(statement, params->n, params->types, options);
	else
		plan = find_or_prepare(statement, params, options)->plan;
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", query,
			 SPI_result_code_string(SPI_result));
	stream->portal =
		SPI_cursor_open_with_paramlist(NULL, plan, param_list(params), false);
	MemoryContextSwitchTo(caller);
	ScimStatementEnd(inner);
	ScimStatementEnd(level);
	return stream;
}

/* ScimStreamRun: see plan.h. */
uint64
ScimStreamRun(ScimStream *stream, long count)
{
	int level = ScimStatementBegin();
	uint64 n = PortalRunFetch(stream->portal, FETCH_FORWARD,
							  count > 0 ? count : FETCH_ALL, &stream->to.receiver);

	ScimStatementEnd(level);
	return n;
}

void
ScimStreamClose(ScimStream *stream)
{
	SPI_cursor_close(stream->portal);
	pfree(stream);
}

/*
 * ScimSpiIsInOrder: does an index of one table give the rows of a query in the order that
 * it asks for, or in nearly that order, with no more rows to sort than have one key?
 */
bool
ScimSpiIsInOrder(const char *query, const ScimParams *params)
{
	int level = begin_keys(false);
	int inner = ScimStatementBegin();
	CachedPlan *cached = SPI_plan_get_cached_plan(
		find_or_prepare(ScimShardQuery(query), params, CURSOR_OPT_GENERIC_PLAN)->plan);
	const Plan *plan = NULL;
	bool result;

	if (cached != NULL)
		plan = linitial_node(PlannedStmt, cached->stmt_list)->planTree;
	while (plan != NULL &&
		   (IsA(plan, Limit) || IsA(plan, Result) || IsA(plan, IncrementalSort)))
		plan = plan->lefttree;
	result = plan != NULL && (IsA(plan, IndexScan) || IsA(plan, IndexOnlyScan));
	if (cached != NULL)
		ReleaseCachedPlan(cached, CurrentResourceOwner);
	ScimStatementEnd(inner);
	ScimStatementEnd(level);
	return result;
}

/* A cursor with a plan that is kept. */
static Portal
open_kept(const char *query, const ScimParams *params, int options)
{
	MemoryContext caller = CurrentMemoryContext;
	int level = ScimStatementBegin();
	Portal portal = SPI_cursor_open(
		NULL, find_or_prepare(ScimShardQuery(query), params, options)->plan,
		params ? params->values : NULL, params ? params->nulls : NULL, false);

	MemoryContextSwitchTo(caller);
	ScimStatementEnd(level);
	if (portal == NULL)
		elog(ERROR, "could not open a cursor for \"%s\": %s", query,
			 SPI_result_code_string(SPI_result));
	return portal;
}

/* ScimSpiFetch: the next rows of a cursor, at most count, as SPI_cursor_fetch does. */
void
ScimSpiFetch(Portal portal, long count)
{
	MemoryContext caller = CurrentMemoryContext;
	int level = NewGUCNestLevel();

	SPI_cursor_fetch(portal, true, count);
	MemoryContextSwitchTo(caller);
	ScimStatementEnd(level);
}

/* Hands over the rows of a cursor, and closes it. */
static void
for_each_row(Portal portal, ScimUseRows use, void *arg)
{
	for (;;)
	{
		SPITupleTable *rows;
		uint64 count;

		ScimSpiFetch(portal, SCIM_FETCH_COUNT);
		rows = SPI_tuptable;
		count = SPI_processed;
		if (count > 0)
			use(arg, rows->vals, count, rows->tupdesc);
		SPI_freetuptable(rows);
		if (count == 0)
			break;
	}
	SPI_cursor_close(portal);
}

/* A cursor with a plan that is made for the values, and not kept.  search_path NULL:
 * ours. */
static Portal
open_once(const char *search_path, const char *query, const ScimParams *params,
		  bool read_only)
{
	MemoryContext caller = CurrentMemoryContext;
	int level = ScimStatementBeginIn(search_path);
	Portal portal = SPI_cursor_open_with_args(
		NULL, ScimShardQuery(query), params ? params->n : 0,
		params ? params->types : NULL, params ? params->values : NULL,
		params ? params->nulls : NULL, read_only || sees_one, 0);

	MemoryContextSwitchTo(caller);
	ScimStatementEnd(level);
	return portal;
}

/* ScimSpiForEach: see plan.h.  The rows are those that the query sees at its start. */
void
ScimSpiForEach(const char *query, const ScimParams *params, bool read_only,
			   ScimUseRows use, void *arg)
{
	for_each_row(open_once(NULL, query, params, read_only), use, arg);
}

/* ScimSpiForEachOfTenant is the same for rows of one tenant, of a table of all. */
void
ScimSpiForEachOfTenant(const char *query, const ScimParams *params, bool read_only,
					   ScimUseRows use, void *arg)
{
	int level = ScimSpiBeginApart(true);
	Portal portal = open_once(NULL, query, params, read_only);

	ScimStatementEnd(level);
	for_each_row(portal, use, arg);
}

void
ScimSpiForEachIn(const char *search_path, const char *query, const ScimParams *params,
				 bool read_only, ScimUseRows use, void *arg)
{
	for_each_row(open_once(search_path, query, params, read_only), use, arg);
}

/*
 * ScimSpiForEachAs: what somebody's expressions and the operators of his types do when
 * his rows are read, they do as him; what is done with the rows is done as the caller.
 */
void
ScimSpiForEachAs(Oid reader, const char *search_path, const char *query,
				 const ScimParams *params, ScimUseRows use, void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	Portal portal = NULL;
	uint64 count;

	do
	{
		ScimIdentity caller = ScimBeReader(reader);
		int level = ScimStatementBeginOfText(search_path);
		SPITupleTable *rows;

		if (portal == NULL)
			portal = SPI_cursor_open_with_args(
				NULL, ScimShardQuery(query), params ? params->n : 0,
				params ? params->types : NULL, params ? params->values : NULL,
				params ? params->nulls : NULL, sees_one, 0);
		SPI_cursor_fetch(portal, true, SCIM_FETCH_COUNT);
		rows = SPI_tuptable;
		count = SPI_processed;
		if (count == 0)
			SPI_cursor_close(portal);
		MemoryContextSwitchTo(context);
		ScimStatementEnd(level);
		ScimBeCaller(caller);
		if (count > 0)
			use(arg, rows->vals, count, rows->tupdesc);
		SPI_freetuptable(rows);
	} while (count > 0);
}

/* ScimSpiForEachForAny is the same with a plan of ScimSpiExecuteForAny. */
void
ScimSpiForEachForAny(const char *query, const ScimParams *params, ScimUseRows use,
					 void *arg)
{
	int level = ScimSpiBeginApart(true);
	Portal portal = open_kept(query, params, CURSOR_OPT_GENERIC_PLAN);

	ScimStatementEnd(level);
	for_each_row(portal, use, arg);
}

void
ScimUseEachRow(ScimUseRow use, void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	for (uint64 i = 0; i < nrows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		/* what a statement of its own finds, and makes current, goes with the row, too */
		SPI_connect();
		use(arg, rows[i], desc);
		SPI_finish();
	}
}

Portal
ScimSpiCursor(const char *query, const ScimParams *params)
{
	return open_kept(query, params, 0);
}

void
ScimParamsInit(ScimParams *params)
{
	params->n = 0;
	params->capacity = SCIM_MAX_PARAMS;
	params->types = palloc(sizeof(Oid) * SCIM_MAX_PARAMS);
	params->values = palloc(sizeof(Datum) * SCIM_MAX_PARAMS);
	params->nulls = palloc(SCIM_MAX_PARAMS);
}

int
ScimParamsAdd(ScimParams *params, Oid type, Datum value, bool isnull)
{
	if (params->n == params->capacity)
	{
		params->capacity *= 2;
		params->types = repalloc(params->types, sizeof(Oid) * params->capacity);
		params->values = repalloc(params->values, sizeof(Datum) * params->capacity);
		params->nulls = repalloc(params->nulls, params->capacity);
	}
	params->types[params->n] = type;
	params->values[params->n] = value;
	params->nulls[params->n] = isnull ? 'n' : ' ';
	return ++params->n;
}

void
ScimParamsOfResource(ScimParams *params, int32 tenant_id, const pg_uuid_t *id)
{
	ScimParamsInit(params);
	ScimParamsAdd(params, INT4OID, Int32GetDatum(tenant_id), false);
	ScimParamsAdd(params, UUIDOID, UUIDPGetDatum(id), false);
}

Datum
ScimArray(Datum *values, bool *nulls, int n, Oid type)
{
	int lower = 1;
	int16 len;
	bool by_value;
	char align;

	get_typlenbyvalalign(type, &len, &by_value, &align);
	return PointerGetDatum(
		construct_md_array(values, nulls, 1, &n, &lower, type, len, by_value, align));
}

/*
 * ScimUseChanged: statements may read the transition tables of a trigger from here on,
 * which are called "changed" and, of old rows beside new ones, "was".
 */
void
ScimUseChanged(const TriggerData *trigger)
{
	const char *names[2] = {trigger->tg_trigger->tgnewtable,
							trigger->tg_trigger->tgoldtable};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (names[i] != NULL && strcmp(names[i], "changed") != 0 &&
			(i == 0 || strcmp(names[i], "was") != 0))
			ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
							errmsg("a transition table of scim_internal.registry_changed "
								   "must be called \"changed\", or \"was\"")));
	}
	if (SPI_register_trigger_data((TriggerData *) trigger) < 0)
		elog(ERROR, "could not register the transition table of \"%s\"",
			 RelationGetRelationName(trigger->tg_relation));
}
