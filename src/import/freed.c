/*
 * freed.c
 *		Rows that want what another resource has, such as its userName: they can be if
 *		another row of the source gives it up.  And rows that name whom another row makes.
 *
 * While rows are compared, values that are unique and somebody else's are noted as
 * wanted, and those that come free as freed: somebody is renamed, deleted, or missing.
 * Who wants one of these is done once whoever frees it is, so that a chain of renamings
 * has an order: the rank of a row is 1 more than that of the rows that it waits for. What
 * nobody frees, and a circle, cannot be.
 *
 * Who names whom another row makes, or gives a name, waits for nothing, and groups may
 * name each other in a circle; but where that row is not done, he is not either.  What is
 * refused only when it is written is a row that is left out, once all is taken back.
 *
 * Only rows that want or name something are kept in memory, with some bytes each.
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
	int next;      /* of the same giver, or -1 */
	bool is_order; /* it is done after him, and not only if he is */
} Edge;

typedef struct Waiting
{
	ScimImport *import;
	int n;
	int *nwaits; /* of each row, how many it waits for still */
	int *first;  /* and its first edge, or -1 */
	int *rank;   /* 0: it wants nothing */
	bool *wants;
	bool *bad;   /* it cannot be */
	List **told; /* Jsonb *: whom it names who is not made */
	Edge *edges;
	int nedges;
	MemoryContext context;
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

/* ScimImportGoes: is the resource not there any more once an action is done? */
bool
ScimImportGoes(const ScimImport *import, ScimStatus status, ScimImportAction action)
{
	return frees_all(import, status, action);
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

/* The columns of "depends". */
#define DEPENDS_N 0
#define DEPENDS_ID 1
#define DEPENDS_PROBLEMS 2
#define DEPENDS_ORDER 3
/* Those of "left_out"; n: of a row that waits, or null. */
#define LEFT_OUT_ID 0
#define LEFT_OUT_N 1

static void
begin_depends(ScimImport *import)
{
	TupleDesc desc = CreateTemplateTupleDesc(DEPENDS_ORDER + 1);

	TupleDescInitEntry(desc, DEPENDS_N + 1, "n", INT8OID, -1, 0);
	TupleDescInitEntry(desc, DEPENDS_ID + 1, "id", UUIDOID, -1, 0);
	TupleDescInitEntry(desc, DEPENDS_PROBLEMS + 1, "problems", JSONBOID, -1, 0);
	TupleDescInitEntry(desc, DEPENDS_ORDER + 1, "k", INT8OID, -1, 0);
	import->depends_desc = desc;
	desc = CreateTemplateTupleDesc(LEFT_OUT_N + 1);
	TupleDescInitEntry(desc, LEFT_OUT_ID + 1, "id", UUIDOID, -1, 0);
	TupleDescInitEntry(desc, LEFT_OUT_N + 1, "n", INT8OID, -1, 0);
	import->left_out_desc = desc;
	desc = CreateTemplateTupleDesc(1);
	TupleDescInitEntry(desc, 1, "id", UUIDOID, -1, 0);
	import->relied_on_desc = desc;
	import->depends = ScimRowsBegin(import);
	import->left_out = ScimRowsBegin(import);
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
	begin_depends(import);
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

/* ScimDependsNote notes whom the row that is put next names, by ScimDepends *. */
void
ScimDependsNote(ScimImport *import, const List *depends)
{
	const ListCell *lc;

	if (import->ndepends >= PG_INT32_MAX - list_length(depends))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many members are named that other rows make")));
	foreach (lc, depends)
	{
		const ScimDepends *one = lfirst(lc);
		Datum values[DEPENDS_ORDER + 1];
		bool nulls[DEPENDS_ORDER + 1] = {false};

		values[DEPENDS_N] = Int64GetDatum(import->nwaiting);
		values[DEPENDS_ID] = UUIDPGetDatum(&one->id);
		values[DEPENDS_PROBLEMS] = JsonbPGetDatum(one->problems);
		values[DEPENDS_ORDER] = Int64GetDatum(import->ndepends++);
		tuplestore_putvalues(import->depends, import->depends_desc, values, nulls);
	}
}

/* ScimLeftOutNote notes whom a row does not make; waits: if the row put next is not. */
void
ScimLeftOutNote(ScimImport *import, const pg_uuid_t *id, bool waits)
{
	Datum values[] = {UUIDPGetDatum(id), Int64GetDatum(import->nwaiting)};
	bool nulls[] = {false, !waits};

	tuplestore_putvalues(import->left_out, import->left_out_desc, values, nulls);
	import->nleft_out++;
}

/* ScimLeftOutRelied: is any of them somebody whom a row that was done names? */
bool
ScimLeftOutRelied(ScimImport *import)
{
	bool found;

	if (import->nrelied_on == 0)
		return false;
	SPI_connect();
	ScimRowsUse("relied_on", import->relied_on_desc, import->relied_on,
				import->nrelied_on);
	ScimRowsUse("left_out", import->left_out_desc, import->left_out, import->nleft_out);
	ScimSpiExecuteOnce("SELECT EXISTS (SELECT FROM relied_on r JOIN left_out o "
					   "ON o.id = r.id WHERE o.n IS NULL)",
					   NULL, false, 0);
	found = DatumGetBool(ScimResultValue(0, 1, BOOLOID));
	SPI_finish();
	return found;
}

/* ---- who waits for whom ---- */

static void
add_edge(Waiting *waiting, int64 from, int to, bool is_order)
{
	waiting->edges[waiting->nedges] = (Edge){to, waiting->first[from], is_order};
	waiting->first[from] = waiting->nedges++;
	if (is_order)
		waiting->nwaits[to]++;
}

static void
read_edge(void *arg, HeapTuple row, TupleDesc desc)
{
	Waiting *waiting = arg;
	int to = (int) DatumGetInt64(ScimColumnValue(row, desc, 1, INT8OID));
	bool is_freed = DatumGetBool(ScimColumnValue(row, desc, 2, BOOLOID));
	bool at_once;
	int64 giver = DatumGetInt64(ScimColumn(row, desc, 3, INT8OID, &at_once));

	waiting->wants[to] = true;
	if (!is_freed)
		waiting->bad[to] = true;
	else if (!at_once)
		add_edge(waiting, giver, to, true);
}

static void
read_edges(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(read_edge, arg, rows, nrows, desc);
}

/* Whom a row names is made by one that is left out, or by one that waits. */
static void
read_depend(void *arg, HeapTuple row, TupleDesc desc)
{
	Waiting *waiting = arg;
	int to = (int) DatumGetInt64(ScimColumnValue(row, desc, 1, INT8OID));
	bool is_left_out;
	int64 maker = DatumGetInt64(ScimColumn(row, desc, 4, INT8OID, &is_left_out));

	if (!DatumGetBool(ScimColumnValue(row, desc, 5, BOOLOID)))
		return;
	if (is_left_out)
		waiting->bad[to] = true;
	else
		add_edge(waiting, maker, to, false);
}

static void
read_depends(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(read_depend, arg, rows, nrows, desc);
}

/* What is told of a row that names who is not made; or whom it relies on. */
static void
tell_depend(void *arg, HeapTuple row, TupleDesc desc)
{
	Waiting *waiting = arg;
	ScimImport *import = waiting->import;
	int64 n = DatumGetInt64(ScimColumnValue(row, desc, 1, INT8OID));
	Datum id = ScimColumnValue(row, desc, 2, UUIDOID);
	bool is_left_out;
	int64 maker = DatumGetInt64(ScimColumn(row, desc, 4, INT8OID, &is_left_out));

	if (DatumGetBool(ScimColumnValue(row, desc, 5, BOOLOID)) &&
		(is_left_out || waiting->bad[maker]))
	{
		MemoryContext old = MemoryContextSwitchTo(waiting->context);

		waiting->told[n] =
			lappend(waiting->told[n],
					DatumGetJsonbPCopy(ScimColumnValue(row, desc, 3, JSONBOID)));
		MemoryContextSwitchTo(old);
	}
	else if (!waiting->bad[n])
	{
		bool isnull = false;

		tuplestore_putvalues(import->relied_on, import->relied_on_desc, &id, &isnull);
		import->nrelied_on++;
	}
}

static void
tell_depends(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(tell_depend, arg, rows, nrows, desc);
}

/* Who relies on a row that cannot be cannot be either. */
static void
spread_bad(Waiting *waiting, int *queue, int nqueue)
{
	while (nqueue > 0)
	{
		int from = queue[--nqueue];

		CHECK_FOR_INTERRUPTS();
		for (int at = waiting->first[from]; at >= 0; at = waiting->edges[at].next)
		{
			int to = waiting->edges[at].to;

			if (waiting->bad[to])
				continue;
			waiting->bad[to] = true;
			queue[nqueue++] = to;
		}
	}
}

/* The rows that wait for nobody any more, and then those that have waited for them. */
static void
rank_rows(Waiting *waiting)
{
	int *queue = huge(waiting->n, sizeof(int));
	int nqueue = 0;

	for (int i = 0; i < waiting->n; i++)
	{
		if (waiting->bad[i])
			queue[nqueue++] = i;
	}
	spread_bad(waiting, queue, nqueue);
	nqueue = 0;
	for (int i = 0; i < waiting->n; i++)
	{
		if (waiting->nwaits[i] == 0 && !waiting->bad[i])
			queue[nqueue++] = i;
	}
	for (int done = 0; done < nqueue; done++)
	{
		int from = queue[done];

		CHECK_FOR_INTERRUPTS();
		if (waiting->wants[from])
			waiting->rank[from]++;
		for (int at = waiting->first[from]; at >= 0; at = waiting->edges[at].next)
		{
			int to = waiting->edges[at].to;

			if (!waiting->edges[at].is_order)
				continue;
			waiting->rank[to] = Max(waiting->rank[to], waiting->rank[from]);
			if (--waiting->nwaits[to] == 0 && !waiting->bad[to])
				queue[nqueue++] = to;
		}
	}
	/* those that are left are a circle, or wait for one */
	nqueue = 0;
	for (int i = 0; i < waiting->n; i++)
	{
		if (waiting->nwaits[i] > 0 && !waiting->bad[i])
		{
			waiting->bad[i] = true;
			queue[nqueue++] = i;
		}
	}
	spread_bad(waiting, queue, nqueue);
	pfree(queue);
}

/* Whom a row names who is not made; and, if that is not all, what it wants in vain. */
static Jsonb *
all_problems(Jsonb *taken, const List *told)
{
	JsonbValue *all = ScimJsonNewArray();
	const ListCell *lc;

	if (told == NIL)
		return taken;
	foreach (lc, told)
	{
		const JsonbValue *some = ScimJsonFromJsonb(lfirst(lc));

		for (int i = 0; i < some->val.array.nElems; i++)
		{
			if (all->val.array.nElems < SCIM_MAX_PROBLEMS)
				ScimJsonAppend(all, &some->val.array.elems[i]);
		}
	}
	return ScimJsonToJsonb(all);
}

static void
settle_row(void *arg, HeapTuple row, TupleDesc desc)
{
	Waiting *waiting = arg;
	ScimImport *import = waiting->import;
	int rank = waiting->rank[waiting->at];
	bool bad = waiting->bad[waiting->at];
	const List *told = waiting->told[waiting->at++];
	ScimImportAction action = (ScimImportAction) DatumGetInt32(
		ScimColumnValue(row, desc, SCIM_PLAN_ACTION + 1, INT4OID));
	ScimReportRow report = {.has_line = true, .action = action};
	pg_uuid_t id;
	bool isnull;
	Datum value;

	if (bad)
		report.action = SCIM_IMPORT_INVALID;
	import->counts[report.action]++;
	if (!bad && import->apply && action < SCIM_IMPORT_WRITES)
	{
		Datum values[SCIM_WAITING_COLUMNS];
		bool nulls[SCIM_WAITING_COLUMNS];

		for (int i = 0; i < SCIM_WAITING_COLUMNS; i++)
			values[i] =
				ScimColumn(row, desc, i + 1,
						   TupleDescAttr(import->waiting_desc, i)->atttypid, &nulls[i]);
		values[SCIM_WAITING_RANK] = Int32GetDatum(rank);
		if (rank == 0)
		{
			tuplestore_putvalues(import->ready, import->plan_desc, values, nulls);
			import->nready++;
			return;
		}
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
	if (!bad)
	{
		value = ScimColumn(row, desc, SCIM_PLAN_DIFFERENCE + 1, JSONBOID, &isnull);
		report.difference = isnull ? NULL : DatumGetJsonbP(value);
	}
	else
	{
		value = ScimColumn(row, desc, SCIM_WAITING_PROBLEMS + 1, JSONBOID, &isnull);
		report.problems = all_problems(isnull ? NULL : DatumGetJsonbP(value), told);
	}
	ScimReport(import, &report);
}

static void
settle_rows(void *arg, HeapTuple *rows, uint64 nrows, TupleDesc desc)
{
	ScimUseEachRow(settle_row, arg, rows, nrows, desc);
}

/* Rows may be settled again, with others left out: what came of it before is no more. */
static void
begin_settling(ScimImport *import)
{
	import->ready = ScimRowsBegin(import);
	import->later = ScimRowsBegin(import);
	import->relied_on = ScimRowsBegin(import);
	import->nready = import->nlater = import->nrelied_on = 0;
	if (!import->apply)
		return;
	if (import->held_before == NULL)
	{
		import->held_before = import->result->setResult;
		memcpy(import->counts_before, import->counts, sizeof(import->counts));
	}
	else
		memcpy(import->counts, import->counts_before, sizeof(import->counts));
	import->result->setResult = ScimRowsBegin(import);
}

/*
 * ScimWaitingSettle finds out which of the rows that wait can be, and after whom: they
 * become rows of "later", or are told.
 */
void
ScimWaitingSettle(ScimImport *import)
{
	/* of each row, whom it names, and which row that was to make him is not done */
	static const char depends[] =
		"SELECT d.n, d.id, d.problems, o.n, o.id IS NOT NULL FROM depends d LEFT JOIN "
		"(SELECT id, CASE WHEN count(n) = count(*) THEN max(n) END AS n FROM left_out "
		"GROUP BY id) AS o ON o.id = d.id";
	Waiting waiting = {.import = import, .n = (int) import->nwaiting};
	MemoryContext context;
	MemoryContext old;

	if (import->nwaiting == 0)
		return;
	if (import->ndepends > 0)
		begin_settling(import);
	context = AllocSetContextCreate(CurrentMemoryContext, "scim import waiting",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	waiting.nwaits = huge(waiting.n, sizeof(int));
	waiting.first = huge(waiting.n, sizeof(int));
	waiting.rank = huge(waiting.n, sizeof(int));
	waiting.wants = huge(waiting.n, sizeof(bool));
	waiting.bad = huge(waiting.n, sizeof(bool));
	waiting.told = huge(waiting.n, sizeof(List *));
	waiting.edges = palloc_extended(
		(Max(import->nwanted + import->ndepends, 1)) * sizeof(Edge), MCXT_ALLOC_HUGE);
	waiting.context = context;
	memset(waiting.first, -1, sizeof(int) * waiting.n);
	MemoryContextSwitchTo(old);
	SPI_connect();
	ScimRowsUse("wanted", import->value_desc, import->wanted, import->nwanted);
	ScimRowsUse("depends", import->depends_desc, import->depends, import->ndepends);
	ScimRowsUse("left_out", import->left_out_desc, import->left_out, import->nleft_out);
	ScimRowsUse("freed", import->value_desc, import->freed, import->nfreed);
	ScimRowsUse("waiting", import->waiting_desc, import->waiting, import->nwaiting);
	ScimSpiForEach("SELECT w.n, f.key IS NOT NULL, f.n FROM wanted w LEFT JOIN "
				   "(SELECT key, max(n) AS n FROM freed GROUP BY key) AS f "
				   "ON f.key = w.key",
				   NULL, false, read_edges, &waiting);
	if (import->ndepends > 0)
		ScimSpiForEach(depends, NULL, false, read_depends, &waiting);
	old = MemoryContextSwitchTo(context);
	rank_rows(&waiting);
	MemoryContextSwitchTo(old);
	if (import->ndepends > 0)
		ScimSpiForEach(psprintf("%s ORDER BY d.k", depends), NULL, false, tell_depends,
					   &waiting);
	ScimSpiForEach("SELECT * FROM waiting", NULL, false, settle_rows, &waiting);
	SPI_finish();
	MemoryContextDelete(context);
}
