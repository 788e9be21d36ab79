/*
 * count.c
 *		The planner and the executor: what an index of scim.gin_ops finds is counted
 *		without a visit to each row.
 *
 * An index of type GIN says where rows are, and a bitmap heap scan looks at each of them
 * whether it is still there.  An index-only scan need not do so on pages of which the
 * visibility map says that all of them are visible to everybody.  A bitmap heap scan may
 * not take its word: it asks when the index has been read, and until then VACUUM may have
 * removed a row that the index has told of.
 *
 * ScimCount stands above a bitmap heap scan where nothing of a row is asked for and the
 * index answers all that the query says.  It notes the LSN of each page of the visibility
 * map before the index is read: setting a bit moves it.  If it is the same afterwards, a
 * bit that is set was set all the time, and on a page of the table so marked nothing has
 * come or gone meanwhile: what the index says of it is what is there.  All other
 * pages are visited.  Where the bitmap has become lossy, the scan below does it all.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/visibilitymap.h"
#include "access/visibilitymapdefs.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/extensible.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/tidbitmap.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "rewrite/rewriteManip.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"

#include "compat.h"
#include "extension.h"
#include "index/index.h"
#include SCIM_EXPLAIN_FORMAT_H
#include SCIM_EXPLAIN_STATE_H

/* Pages of a table that one page of its visibility map is about. */
#define MAP_BYTES (BLCKSZ - MAXALIGN(SizeOfPageHeaderData))
#define BLOCKS_PER_BYTE (BITS_PER_BYTE / BITS_PER_HEAPBLOCK)
#define BLOCKS_PER_MAP_PAGE (MAP_BYTES * BLOCKS_PER_BYTE)

/* What tidbitmap.c reckons with for each page, and what a count may take. */
#define BITMAP_BYTES_OF_PAGE 64
#define MOST_BITMAP_BYTES ((size_t) 64 * 1024 * 1024)

typedef struct CountState
{
	CustomScanState css;
	bool counted;
	bool passed_on; /* the scan below does it */
	int64 left;     /* rows still to be returned */
	int64 visited;  /* of all executions, for EXPLAIN */
	/* the visibility map */
	BlockNumber nmap_pages;
	XLogRecPtr *before;   /* of each page, as the index was about to be read */
	BlockNumber map_page; /* that map is a copy of, or InvalidBlockNumber */
	bool holds;           /* nothing in it was set meanwhile */
	uint8 map[MAP_BYTES];
} CountState;

static Plan *plan_count(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist,
						List *clauses, List *custom_plans);
static Node *create_state(CustomScan *scan);
static void begin_count(CustomScanState *node, EState *estate, int eflags);
static TupleTableSlot *exec_count(CustomScanState *node);
static void end_count(CustomScanState *node);
static void rescan_count(CustomScanState *node);
static void explain_count(CustomScanState *node, List *ancestors, ExplainState *es);

static const CustomPathMethods path_methods = {
	.CustomName = "ScimCount",
	.PlanCustomPath = plan_count,
};
static const CustomScanMethods scan_methods = {
	.CustomName = "ScimCount",
	.CreateCustomScanState = create_state,
};
static const CustomExecMethods exec_methods = {
	.CustomName = "ScimCount",
	.BeginCustomScan = begin_count,
	.ExecCustomScan = exec_count,
	.EndCustomScan = end_count,
	.ReScanCustomScan = rescan_count,
	.ExplainCustomScan = explain_count,
};

static set_rel_pathlist_hook_type next_hook = NULL;

/* Is a clause the operator @~? */
static bool
is_candidate_clause(const Node *clause)
{
	Oid types[2] = {JSONBOID, InvalidOid};

	if (!IsA(clause, OpExpr) || list_length(((const OpExpr *) clause)->args) != 2)
		return false;
	types[1] = exprType(lsecond(((const OpExpr *) clause)->args));
	return types[1] >= FirstNormalObjectId &&
		   get_opcode(((const OpExpr *) clause)->opno) ==
			   ScimInternalFunction("is_candidate", lengthof(types), types);
}

/* Does an index answer one of ours, and say for certain what it answers? */
static bool
is_ours(const IndexPath *path)
{
	bool found = false;
	ListCell *lc;

	if (path->indexinfo->relam != GIN_AM_OID)
		return false;
	foreach (lc, path->indexclauses)
	{
		const IndexClause *clause = lfirst(lc);

		if (clause->lossy)
			return false;
		found |= is_candidate_clause((Node *) clause->rinfo->clause);
	}
	return found;
}

static bool
is_index_clause(const IndexPath *path, const RestrictInfo *rinfo)
{
	ListCell *lc;

	foreach (lc, path->indexclauses)
	{
		const IndexClause *clause = lfirst(lc);

		if (clause->rinfo == rinfo && list_length(clause->indexquals) == 1 &&
			linitial(clause->indexquals) == rinfo)
			return true;
	}
	return false;
}

/* What all rows of a partition have in common, as clauses about it. */
static List *
partition_clauses(Relation relation, Index relid)
{
	List *clauses = copyObject(RelationGetPartitionQual(relation));

	ChangeVarNodes((Node *) clauses, 1, (int) relid, 0);
	return clauses;
}

/* Does what the index looks up, what it is over and what it is an index of answer all? */
static bool
answers_all(const IndexPath *path, Relation relation, Index relid)
{
	List *common = partition_clauses(relation, relid);
	ListCell *lc;

	/* without what the predicate of the index implies */
	foreach (lc, path->indexinfo->indrestrictinfo)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		/* what depends on no row is asked above the scan, as it is of others */
		if (!rinfo->pseudoconstant && !is_index_clause(path, rinfo) &&
			!predicate_implied_by(list_make1(rinfo->clause), common, false))
			return false;
	}
	return true;
}

/* A bitmap heap scan, of which an index answers all; NULL: there is none. */
static BitmapHeapPath *
find_bitmap_path(RelOptInfo *rel, Relation relation)
{
	ListCell *lc;

	foreach (lc, rel->pathlist)
	{
		BitmapHeapPath *path = lfirst(lc);

		if (IsA(path, BitmapHeapPath) && path->path.param_info == NULL &&
			IsA(path->bitmapqual, IndexPath) &&
			is_ours((const IndexPath *) path->bitmapqual) &&
			answers_all((const IndexPath *) path->bitmapqual, relation, rel->relid))
			return path;
	}
	return NULL;
}

static CustomPath *
make_path(const RelOptInfo *rel, const BitmapHeapPath *bitmap)
{
	CustomPath *path = makeNode(CustomPath);
	BitmapHeapPath *below = makeNode(BitmapHeapPath);
	Cost run = bitmap->path.total_cost - bitmap->path.startup_cost;

	/* add_path frees what is not as good as the new one */
	*below = *bitmap;
	path->path = below->path;
	path->path.type = T_CustomPath;
	path->path.pathtype = T_CustomScan;
	path->path.parallel_aware = false;
	path->path.parallel_safe = false;
	path->path.parallel_workers = 0;
	path->path.total_cost = below->path.startup_cost + run * (1 - rel->allvisfrac) +
							cpu_operator_cost * below->path.rows;
	path->custom_paths = list_make1(below);
	path->methods = &path_methods;
	return path;
}

static void
add_count(PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte)
{
	Relation relation;
	BitmapHeapPath *below;

	if (next_hook != NULL)
		next_hook(root, rel, rti, rte);
	if (rte->rtekind != RTE_RELATION || rte->relkind != RELKIND_RELATION ||
		rte->tablesample != NULL || rel->reltarget->exprs != NIL ||
		rel->baserestrictinfo == NIL || rel->indexlist == NIL)
		return;
	relation = table_open(rte->relid, NoLock);
	below = relation->rd_rel->relam == HEAP_TABLE_AM_OID && RelationNeedsWAL(relation)
				? find_bitmap_path(rel, relation)
				: NULL;
	table_close(relation, NoLock);
	if (below != NULL)
		add_path(rel, (Path *) make_path(rel, below));
}

static Plan *
plan_count(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist,
		   List *clauses, List *custom_plans)
{
	CustomScan *scan = makeNode(CustomScan);
	Plan *below = linitial(custom_plans);

	/* a condition that depends on no row stands above us, too */
	if (IsA(below, Result))
		below = outerPlan(below);
	scan->scan.plan.targetlist = tlist;
	scan->scan.scanrelid = rel->relid;
	scan->custom_plans = list_make1(castNode(BitmapHeapScan, below));
	scan->methods = &scan_methods;
	return (Plan *) scan;
}

static Node *
create_state(CustomScan *scan)
{
	CountState *state = (CountState *) newNode(sizeof(CountState), T_CustomScanState);

	state->css.methods = &exec_methods;
	return (Node *) state;
}

static void
begin_count(CustomScanState *node, EState *estate, int eflags)
{
	const CustomScan *scan = (const CustomScan *) node->ss.ps.plan;

	node->custom_ps =
		list_make1(ExecInitNode(linitial(scan->custom_plans), estate, eflags));
}

/*
 * Reads a page of the visibility map into state->map, if there is such a page, and
 * returns its LSN.
 */
static XLogRecPtr
read_map_page(CountState *state, BlockNumber page)
{
	Relation relation = state->css.ss.ss_currentRelation;
	Buffer buffer = InvalidBuffer;
	XLogRecPtr lsn = InvalidXLogRecPtr;

	(void) visibilitymap_get_status(relation, page * BLOCKS_PER_MAP_PAGE, &buffer);
	if (BufferIsValid(buffer))
	{
		/* a bit and the LSN are set under one lock */
		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		lsn = PageGetLSN(BufferGetPage(buffer));
		memcpy(state->map, PageGetContents(BufferGetPage(buffer)), MAP_BYTES);
		UnlockReleaseBuffer(buffer);
	}
	return lsn;
}

static void
note_map(CountState *state)
{
	BlockNumber nblocks = RelationGetNumberOfBlocks(state->css.ss.ss_currentRelation);

	state->nmap_pages = (nblocks + BLOCKS_PER_MAP_PAGE - 1) / BLOCKS_PER_MAP_PAGE;
	state->before = palloc(sizeof(XLogRecPtr) * Max(state->nmap_pages, 1));
	for (BlockNumber i = 0; i < state->nmap_pages; i++)
		state->before[i] = read_map_page(state, i);
	state->map_page = InvalidBlockNumber;
}

/* Has all of a page been visible to everybody since before the index was read? */
static bool
was_visible(CountState *state, BlockNumber block)
{
	BlockNumber page = block / BLOCKS_PER_MAP_PAGE;
	uint32 at = block % BLOCKS_PER_MAP_PAGE;
	int shift = (int) (at % BLOCKS_PER_BYTE) * BITS_PER_HEAPBLOCK;

	if (page >= state->nmap_pages)
		return false;
	if (page != state->map_page)
	{
		XLogRecPtr lsn = read_map_page(state, page);

		state->map_page = page;
		state->holds = !XLogRecPtrIsInvalid(lsn) && lsn == state->before[page];
	}
	return state->holds &&
		   ((state->map[at / BLOCKS_PER_BYTE] >> shift) & VISIBILITYMAP_ALL_VISIBLE) != 0;
}

/* The rows of a page that the snapshot sees and, where the index asks for it, match. */
static int
visit_page(CountState *state, BitmapHeapScanState *below, IndexFetchTableData *fetch,
		   TupleTableSlot *slot, const ScimBitmapPage *page)
{
	ExprContext *econtext = below->ss.ps.ps_ExprContext;
	Snapshot snapshot = state->css.ss.ps.state->es_snapshot;
	int found = 0;

	for (int i = 0; i < page->ntuples; i++)
	{
		ItemPointerData tid;
		bool call_again = false;

		CHECK_FOR_INTERRUPTS();
		state->visited++;
		ItemPointerSet(&tid, page->blockno, page->offsets[i]);
		if (!table_index_fetch_tuple(fetch, &tid, snapshot, slot, &call_again, NULL))
			continue;
		econtext->ecxt_scantuple = slot;
		if (!page->recheck || ExecQualAndReset(below->bitmapqualorig, econtext))
			found++;
	}
	return found;
}

/*
 * A bitmap that tells each row of a table of so many pages.  Of one that is lossy each
 * row would have to be visited, which takes ten times as long and more: so it may take
 * more than work_mem, where the table is large, up to a bound.
 */
static TIDBitmap *
create_bitmap(Relation relation)
{
	size_t wanted = (size_t) RelationGetNumberOfBlocks(relation) * BITMAP_BYTES_OF_PAGE;

	return tbm_create(Max(get_hash_memory_limit(), Min(wanted, MOST_BITMAP_BYTES)), NULL);
}

/* Counts what the index finds; false: the bitmap does not tell each row. */
static bool
count_rows(CountState *state, BitmapHeapScanState *below)
{
	Relation relation = state->css.ss.ss_currentRelation;
	Snapshot snapshot = state->css.ss.ps.state->es_snapshot;
	IndexFetchTableData *fetch;
	TupleTableSlot *slot;
	TIDBitmap *bitmap;
	ScimBitmapIterator iterator;
	ScimBitmapPage page;
	bool complete = true;

	note_map(state);
	if (IsA(outerPlanState(below), BitmapIndexScanState))
		castNode(BitmapIndexScanState, outerPlanState(below))->biss_result =
			create_bitmap(relation);
	bitmap = (TIDBitmap *) MultiExecProcNode(outerPlanState(below));
	if (bitmap == NULL || !IsA(bitmap, TIDBitmap))
		elog(ERROR, "unrecognized result from subplan");
	fetch = table_index_fetch_begin(relation);
	slot = table_slot_create(relation, NULL);
	ScimBitmapBegin(&iterator, bitmap);
	while (complete && ScimBitmapNext(&iterator, &page))
	{
		CHECK_FOR_INTERRUPTS();
		if (page.ntuples < 0)
			complete = false;
		else if (!page.recheck && was_visible(state, page.blockno))
		{
			/* as an index-only scan does */
			PredicateLockPage(relation, page.blockno, snapshot);
			state->left += page.ntuples;
		}
		else
			state->left += visit_page(state, below, fetch, slot, &page);
	}
	ScimBitmapEnd(&iterator);
	ExecDropSingleTupleTableSlot(slot);
	table_index_fetch_end(fetch);
	tbm_free(bitmap);
	pfree(state->before);
	return complete;
}

static TupleTableSlot *
exec_count(CustomScanState *node)
{
	CountState *state = (CountState *) node;
	PlanState *below = linitial(node->custom_ps);
	TupleTableSlot *slot = node->ss.ps.ps_ResultTupleSlot;

	if (!state->counted)
	{
		state->counted = true;
		state->left = 0;
		state->passed_on = !count_rows(state, castNode(BitmapHeapScanState, below));
		if (state->passed_on)
			ExecReScan(below);
	}
	if (state->passed_on)
		return ExecProcNode(below);
	if (state->left == 0)
		return ExecClearTuple(slot);
	state->left--;
	return ExecStoreAllNullTuple(slot);
}

static void
rescan_count(CustomScanState *node)
{
	PlanState *below = linitial(node->custom_ps);

	((CountState *) node)->counted = false;
	if (node->ss.ps.chgParam != NULL)
		UpdateChangedParamSet(below, node->ss.ps.chgParam);
	if (below->chgParam == NULL)
		ExecReScan(below);
}

static void
end_count(CustomScanState *node)
{
	ExecEndNode(linitial(node->custom_ps));
}

static void
explain_count(CustomScanState *node, List *ancestors, ExplainState *es)
{
	const CountState *state = (const CountState *) node;

	if (es->analyze)
		ExplainPropertyInteger("Heap Fetches", NULL, state->visited, es);
}

/* ScimIndexInit lets the planner know how we count. */
void
ScimIndexInit(void)
{
	RegisterCustomScanMethods(&scan_methods);
	next_hook = set_rel_pathlist_hook;
	set_rel_pathlist_hook = add_count;
}
