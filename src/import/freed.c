/*
 * freed.c
 *		Rows that want what another resource has, such as its userName: they can be if
 *		another row of the source gives it up.
 *
 * While rows are compared, values that are unique and somebody else's are noted as
 * wanted, and those that come free as freed: somebody is renamed, deleted, or missing.
 * Who wants one of these is done once whoever frees it is, so that a chain of renamings
 * has an order: the rank of a row is 1 more than that of the rows that it waits for. What
 * nobody frees, and a circle, cannot be.
 *
 * Only rows that want something are kept in memory, with some bytes each.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "import/import.h"
#include "json/json.h"
#include "policy/policy.h"
#include "store/statement/column.h"

/* The columns of "wanted" and "freed". */
#define VALUE_KEY 0
#define VALUE_N 1 /* of the row that wants it or, if it waits itself, frees it */

/* What waits for whom. */
typedef struct Edge
{
	int to;
	int next; /* of the same giver, or -1 */
} Edge;

typedef struct Waiting
{
	ScimImport *import;
	int n;
	int *nwaits; /* of each row, how many it waits for still */
	int *first;  /* and its first edge, or -1 */
	int *rank;   /* 0: it cannot be */
	bool *never; /* nobody frees what it wants */
	Edge *edges;
	int nedges;
	int at; /* the row that is settled next */
} Waiting;

static void *
huge(int n, size_t size)
{
	return palloc_extended(Max((Size) n, 1) * size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* ScimImportNameKey: the key of a userName, in the way it is compared. */
char *
ScimImportNameKey(const char *folded)
{
	return psprintf("userName %s", folded);
}

/* ScimImportValueKey: the key of another unique value. */
char *
ScimImportValueKey(const ScimImport *import, const ScimUniqueValue *value)
{
	return psprintf("%d %s %s", ScimUniqueTenant(value->attribute, import->tenant_id),
					value->attribute->key, value->key);
}

static const char *
name_of(const ScimImport *import, const JsonbValue *document)
{
	const JsonbValue *name;

	if (document == NULL || !import->type->has_groups)
		return NULL;
	name = ScimJsonGet(document, ScimKeyColumnInfos[SCIM_KEY_USER_NAME].attribute);
	if (name == NULL || name->type != jbvString)
		return NULL;
	return ScimImportFold(SCIM_FOLD_USER_NAME, ScimJsonStringCopy(name));
}

/* Does an action take the values of its resource away from it? */
static bool
frees_all(const ScimImport *import, ScimStatus status, ScimImportAction action)
{
	const ScimDeleteRule *rule = ScimRuleOf(import->rules, SCIM_RULE_DELETE);

	if (action == SCIM_IMPORT_DELETE)
		return rule == NULL || rule->mode[status] != SCIM_DELETE_OFFBOARD;
	return action == SCIM_IMPORT_DEACTIVATE && rule != NULL && rule->deletes[status] &&
		   rule->deactivate[status] != SCIM_DELETE_OFFBOARD;
}

/*
 * ScimImportFrees lists the keys of the unique values that a resource has no more once
 * an action is done: char *.  after: its document then, of a change.
 */
List *
ScimImportFrees(const ScimImport *import, ScimStatus status, ScimImportAction action,
				const JsonbValue *before, const JsonbValue *after)
{
	const List *others = ScimUniqueByPolicy(import->rules);
	const char *name = name_of(import, before);
	const char *name_after = NULL;
	List *left = NIL;
	List *keys = NIL;
	const ListCell *lc;

	if (action == SCIM_IMPORT_CHANGE)
	{
		name_after = name_of(import, after);
		if (import->type->nunique > 0 || others != NIL)
			left = ScimUniqueValues(import->type, others, after);
	}
	else if (!frees_all(import, status, action))
		return NIL;
	if (name != NULL && (name_after == NULL || strcmp(name, name_after) != 0))
		keys = lappend(keys, ScimImportNameKey(name));
	if (import->type->nunique == 0 && others == NIL)
		return keys;
	foreach (lc, ScimUniqueWithout(ScimUniqueValues(import->type, others, before), left))
		keys = lappend(keys, ScimImportValueKey(import, lfirst(lc)));
	return keys;
}

static void
put_value(Tuplestorestate *store, TupleDesc desc, const char *key, int64 n)
{
	Datum values[] = {CStringGetTextDatum(key), Int64GetDatum(n)};
	bool nulls[] = {false, n < 0};

	tuplestore_putvalues(store, desc, values, nulls);
}

/* ScimFreedBegin makes the tables of what is noted. */
void
ScimFreedBegin(ScimImport *import)
{
	MemoryContext old = MemoryContextSwitchTo(import->context);
	TupleDesc desc = CreateTemplateTupleDesc(2);

	TupleDescInitEntry(desc, VALUE_KEY + 1, "key", TEXTOID, -1, 0);
	TupleDescInitEntry(desc, VALUE_N + 1, "n", INT8OID, -1, 0);
	import->value_desc = desc;
	desc = CreateTemplateTupleDesc(SCIM_WAITING_COLUMNS);
	for (int i = 0; i < SCIM_PLAN_COLUMNS; i++)
		TupleDescCopyEntry(desc, (AttrNumber) (i + 1), import->plan_desc,
						   (AttrNumber) (i + 1));
	TupleDescInitEntry(desc, SCIM_WAITING_RANK + 1, "rank", INT4OID, -1, 0);
	TupleDescInitEntry(desc, SCIM_WAITING_IS_THERE + 1, "is_there", BOOLOID, -1, 0);
	TupleDescInitEntry(desc, SCIM_WAITING_PROBLEMS + 1, "problems", JSONBOID, -1, 0);
	import->waiting_desc = desc;
	MemoryContextSwitchTo(old);
	import->wanted = ScimRowsBegin(import);
	import->freed = ScimRowsBegin(import);
	import->waiting = ScimRowsBegin(import);
	import->later = ScimRowsBegin(import);
}

/* ScimFreedNote notes what a row frees; waits: it wants something itself. */
void
ScimFreedNote(ScimImport *import, List *keys, bool waits)
{
	const ListCell *lc;

	foreach (lc, keys)
		put_value(import->freed, import->value_desc, lfirst(lc),
				  waits ? import->nwaiting : -1);
	import->nfreed += list_length(keys);
}

/*
 * ScimWaitingPut keeps a row that waits, in the order of the columns of "waiting", with
 * what it wants.
 */
void
ScimWaitingPut(ScimImport *import, Datum *values, bool *nulls, List *keys)
{
	const ListCell *lc;

	if (import->nwaiting >= PG_INT32_MAX - list_length(keys) ||
		import->nwanted >= PG_INT32_MAX - list_length(keys))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many rows want what others have")));
	foreach (lc, keys)
		put_value(import->wanted, import->value_desc, lfirst(lc), import->nwaiting);
	import->nwanted += list_length(keys);
	tuplestore_putvalues(import->waiting, import->waiting_desc, values, nulls);
	import->nwaiting++;
}

/* ---- who waits for whom ---- */

static void
read_edge(void *arg, HeapTuple row, TupleDesc desc)
{
	Waiting *waiting = arg;
	int to = (int) DatumGetInt64(ScimColumnValue(row, desc, 1, INT8OID));
	bool is_freed = DatumGetBool(ScimColumnValue(row, desc, 2, BOOLOID));
	bool at_once;
	int64 giver = DatumGetInt64(ScimColumn(row, desc, 3, INT8OID, &at_once));

	if (!is_freed)
		waiting->never[to] = true;
	else if (!at_once)
	{
		waiting->edges[waiting->nedges] = (Edge){to, waiting->first[giver]};
		waiting->first[giver] = waiting->nedges++;
		waiting->nwaits[to]++;
	}
}

static void
read_edges(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(read_edge, arg, rows, nrows, desc);
}

/* The rows that wait for nobody any more, and then those that have waited for them. */
static void
rank_rows(Waiting *waiting)
{
	int *queue = huge(waiting->n, sizeof(int));
	int nqueue = 0;

	for (int i = 0; i < waiting->n; i++)
	{
		if (waiting->nwaits[i] == 0 && !waiting->never[i])
			queue[nqueue++] = i;
	}
	for (int done = 0; done < nqueue; done++)
	{
		int from = queue[done];

		CHECK_FOR_INTERRUPTS();
		waiting->rank[from]++;
		for (int at = waiting->first[from]; at >= 0; at = waiting->edges[at].next)
		{
			int to = waiting->edges[at].to;

			waiting->rank[to] = Max(waiting->rank[to], waiting->rank[from]);
			if (--waiting->nwaits[to] == 0 && !waiting->never[to])
				queue[nqueue++] = to;
		}
	}
	for (int i = 0; i < waiting->n; i++)
	{
		if (waiting->nwaits[i] > 0 || waiting->never[i])
			waiting->rank[i] = 0;
	}
	pfree(queue);
}

static void
settle_row(void *arg, HeapTuple row, TupleDesc desc)
{
	Waiting *waiting = arg;
	ScimImport *import = waiting->import;
	int rank = waiting->rank[waiting->at++];
	ScimImportAction action = (ScimImportAction) DatumGetInt32(
		ScimColumnValue(row, desc, SCIM_PLAN_ACTION + 1, INT4OID));
	ScimReportRow report = {.has_line = true, .action = action};
	pg_uuid_t id;
	bool isnull;
	Datum value;

	if (rank == 0)
		report.action = SCIM_IMPORT_INVALID;
	import->counts[report.action]++;
	if (rank > 0 && import->apply)
	{
		Datum values[SCIM_WAITING_COLUMNS];
		bool nulls[SCIM_WAITING_COLUMNS];

		for (int i = 0; i < SCIM_WAITING_COLUMNS; i++)
			values[i] =
				ScimColumn(row, desc, i + 1,
						   TupleDescAttr(import->waiting_desc, i)->atttypid, &nulls[i]);
		values[SCIM_WAITING_RANK] = Int32GetDatum(rank);
		tuplestore_putvalues(import->later, import->waiting_desc, values, nulls);
		import->nlater++;
		return;
	}
	report.line = DatumGetInt64(ScimColumnValue(row, desc, SCIM_PLAN_LINE + 1, INT8OID));
	value = ScimColumn(row, desc, SCIM_PLAN_KEY + 1, TEXTOID, &isnull);
	report.key = isnull ? NULL : TextDatumGetCString(value);
	id = *DatumGetUUIDP(ScimColumnValue(row, desc, SCIM_PLAN_ID + 1, UUIDOID));
	if (DatumGetBool(ScimColumnValue(row, desc, SCIM_WAITING_IS_THERE + 1, BOOLOID)))
		report.id = &id;
	report.version =
		DatumGetInt64(ScimColumnValue(row, desc, SCIM_PLAN_VERSION + 1, INT8OID));
	if (rank > 0)
	{
		value = ScimColumn(row, desc, SCIM_PLAN_DIFFERENCE + 1, JSONBOID, &isnull);
		report.difference = isnull ? NULL : DatumGetJsonbP(value);
	}
	else
		report.problems = DatumGetJsonbP(
			ScimColumnValue(row, desc, SCIM_WAITING_PROBLEMS + 1, JSONBOID));
	ScimReport(import, &report);
}

static void
settle_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(settle_row, arg, rows, nrows, desc);
}

/*
 * ScimWaitingSettle finds out which of the rows that wait can be, and after whom: they
 * become rows of "later", or are told.
 */
void
ScimWaitingSettle(ScimImport *import)
{
	Waiting waiting = {.import = import, .n = (int) import->nwaiting};
	MemoryContext context;
	MemoryContext old;

	if (import->nwaiting == 0)
		return;
	context = AllocSetContextCreate(CurrentMemoryContext, "scim import waiting",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	waiting.nwaits = huge(waiting.n, sizeof(int));
	waiting.first = huge(waiting.n, sizeof(int));
	waiting.rank = huge(waiting.n, sizeof(int));
	waiting.never = huge(waiting.n, sizeof(bool));
	waiting.edges = huge((int) import->nwanted, sizeof(Edge));
	memset(waiting.first, -1, sizeof(int) * waiting.n);
	MemoryContextSwitchTo(old);
	ScimRowsUse("wanted", import->value_desc, import->wanted, import->nwanted);
	ScimRowsUse("freed", import->value_desc, import->freed, import->nfreed);
	ScimRowsUse("waiting", import->waiting_desc, import->waiting, import->nwaiting);
	ScimSpiForEach("SELECT w.n, f.key IS NOT NULL, f.n FROM wanted w LEFT JOIN "
				   "(SELECT key, max(n) AS n FROM freed GROUP BY key) AS f "
				   "ON f.key = w.key",
				   NULL, false, read_edges, &waiting);
	old = MemoryContextSwitchTo(context);
	rank_rows(&waiting);
	MemoryContextSwitchTo(old);
	ScimSpiForEach("SELECT * FROM waiting", NULL, false, settle_rows, &waiting);
	MemoryContextDelete(context);
}
