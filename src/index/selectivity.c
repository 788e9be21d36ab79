/*
 * selectivity.c
 *		How many documents match, for the planner.
 *
 * ANALYZE knows the frequent keys of a column of documents where there is
 *
 *		CREATE STATISTICS ON (scim_internal.index_keys(data)) FROM directory.users
 *
 * which the tables of a store have: the most common elements of that array,
 * some thousand keys without trigrams.  Each comparison of a filter is tried on
 * them with the entry that an index would look up.  What is rare, or not
 * known at all, comes from constants by the kind of the comparison.
 * Comparisons count as independent of each other.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"

#include "compat.h"
#include "extension.h"
#include "index/index.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "optimizer/optimizer.h"

#include "store/store.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/selfuncs.h"

#define EQ_SELECTIVITY 0.0001
#define SUBSTRING_SELECTIVITY 0.002
#define RANGE_SELECTIVITY 0.1
#define PRESENT_SELECTIVITY 0.5
#define SEVERAL_SELECTIVITY 0.01
#define MAYBE_SELECTIVITY 0.9

PG_FUNCTION_INFO_V1(scim_matches_selectivity);
PG_FUNCTION_INFO_V1(scim_index_keys);

static const ScimIndexPaths no_paths = {false, 0, NULL};

typedef struct Estimate
{
	const ScimIndexPlan *plan;
	AttStatsSlot keys; /* nvalues 0: no statistics */
} Estimate;

/* The part of the values of an attribute that pass, where nothing else is known. */
static double
constant_selectivity(const ScimIndexNode *node)
{
	switch ((ScimOp) node->op)
	{
		case SCIM_OP_EQ:
		case SCIM_OP_NE:
			return node->tag == SCIM_TAG_BOOLEAN ? 0.5 : EQ_SELECTIVITY;
		case SCIM_OP_CO:
		case SCIM_OP_SW:
		case SCIM_OP_EW:
			return SUBSTRING_SELECTIVITY;
		case SCIM_OP_GT:
		case SCIM_OP_GE:
		case SCIM_OP_LT:
		case SCIM_OP_LE:
			return RANGE_SELECTIVITY;
		case SCIM_OP_PR:
			break;
	}
	return node->tag == SCIM_TAG_SEVERAL ? SEVERAL_SELECTIVITY : PRESENT_SELECTIVITY;
}

/*
 * A comparison: the frequency of the common keys that pass, and of the other
 * values of the attribute the constant part.
 */
static double
leaf_selectivity(const Estimate *estimate, uint32 index)
{
	const ScimIndexNode *node = &estimate->plan->query->nodes[index];
	const ScimIndexEntry *entry = &estimate->plan->entries[estimate->plan->first[index]];
	double constant = constant_selectivity(node);
	double passing = 0;
	double common = 0;
	double present;
	double least;
	double rest;
	bool is_one = entry->mode == SCIM_ENTRY_EXACT ||
				  (entry->mode == SCIM_ENTRY_USER_NAME && entry->op == SCIM_OP_EQ);
	ScimIndexEntry any = *entry;
	ScimIndexKey presence;

	/* those that refer to one resource are few, and of keys that are cut all might */
	if (node->endpoints_len > 0)
		return EQ_SELECTIVITY;
	if (estimate->keys.nvalues == 0 || estimate->plan->count[index] == 0)
		return constant;
	any.mode = SCIM_ENTRY_PREFIX; /* all values of the attribute */
	any.key.len = any.prefix_len;
	presence = any.key;
	presence.data[presence.len - 1] = SCIM_TAG_PRESENT;
	least = estimate->keys.numbers[estimate->keys.nvalues];
	present = least / 2; /* until it is found */
	for (int i = 0; i < estimate->keys.nvalues; i++)
	{
		bytea *key = DatumGetByteaPP(estimate->keys.values[i]);
		const char *data = VARDATA_ANY(key);
		int len = VARSIZE_ANY_EXHDR(key);

		if (len == presence.len && memcmp(data, presence.data, len) == 0)
			present = estimate->keys.numbers[i];
		if (ScimIndexFormerEntryCompare(&any, data, len) != 0)
			continue;
		common += estimate->keys.numbers[i];
		if (ScimIndexFormerEntryCompare(entry, data, len) == 0)
			passing += estimate->keys.numbers[i];
	}
	rest = Max(present - common, 0);
	if (passing > 0 && is_one)
		rest = 0;
	else if (is_one)
		constant = Min(constant, least / 2); /* or else it would be a common key */
	return Min(passing + constant * rest, 1.0);
}

static double
node_selectivity(const Estimate *estimate, uint32 index)
{
	const ScimIndexQuery *query = estimate->plan->query;
	const ScimIndexNode *node = &query->nodes[index];
	double all = 1.0;
	double none = 1.0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	for (uint32 child = index + 1; child < index + node->size;
		 child += query->nodes[child].size)
	{
		double selectivity = node_selectivity(estimate, child);

		all *= selectivity;
		none *= 1.0 - selectivity;
	}
	switch ((ScimIndexNodeKind) node->kind)
	{
		case SCIM_INDEX_AND:
			return all;
		case SCIM_INDEX_OR:
			return 1.0 - none;
		case SCIM_INDEX_NOT:
			return none;
		case SCIM_INDEX_LEAF:
			return leaf_selectivity(estimate, index);
		case SCIM_INDEX_MAYBE:
			break;
	}
	return MAYBE_SELECTIVITY;
}

/* scim_internal.index_keys(document), over which there may be statistics. */
static Node *
keys_expression(Node *document)
{
	Oid argument = JSONBOID;
	Oid keys_function = ScimInternalFunction("index_keys", 1, &argument);

	if (!OidIsValid(keys_function))
		return NULL;
	return (Node *) makeFuncExpr(keys_function, BYTEAARRAYOID, list_make1(document),
								 InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

/* A value of a type, where it is known and is of that type. */
static Const *
known_value(PlannerInfo *root, Node *node, Oid type)
{
	Node *value = estimate_expression_value(root, node);

	if (!IsA(value, Const) || ((Const *) value)->consttype != type)
		return NULL;
	return (Const *) value;
}

/* The selectivity of a filter that is known, for a type that is known or NULL. */
static double
estimate_filter(PlannerInfo *root, Oid function, Node *document, Const *filter,
				Const *resource_type, int varRelid)
{
	const ScimBoundFilter *bound;
	VariableStatData variable;
	Node *keys;
	Estimate estimate = {NULL};
	double selectivity;

	bound = ScimBindForEstimate(DatumGetScimFilterP(filter->constvalue),
								resource_type && !resource_type->constisnull
									? TextDatumGetCString(resource_type->constvalue)
									: NULL);
	keys = keys_expression(document);
	if (bound == NULL || keys == NULL)
		return EQ_SELECTIVITY;

	estimate.plan =
		ScimIndexPlanMake(ScimIndexQueryMake(bound), SCIM_INDEX_FORMER, &no_paths);
	examine_variable(root, keys, varRelid, &variable);
	if (HeapTupleIsValid(variable.statsTuple) &&
		statistic_proc_security_check(&variable, function) &&
		get_attstatsslot(&estimate.keys, variable.statsTuple, STATISTIC_KIND_MCELEM,
						 InvalidOid, ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS) &&
		estimate.keys.nnumbers <= estimate.keys.nvalues)
		estimate.keys.nvalues = 0;
	selectivity = node_selectivity(&estimate, 0);
	free_attstatsslot(&estimate.keys);
	ReleaseVariableStats(variable);
	CLAMP_PROBABILITY(selectivity);
	return selectivity;
}

/*
 * ScimIndexSelectivity estimates scim.matches(document, filter, resource_type),
 * resource_type NULL: not given.  function is the function that is estimated:
 * it must be leakproof for statistics that the user may not read.  A filter
 * that is wrong is not worth an error here.
 */
double
ScimIndexSelectivity(PlannerInfo *root, Oid function, Node *document, Node *filter,
					 Node *resource_type, int varRelid)
{
	Const *filter_value = known_value(root, filter, ScimFilterTypeOid());
	Const *type_value = resource_type ? known_value(root, resource_type, TEXTOID) : NULL;
	MemoryContext context;
	MemoryContext old;
	double selectivity;

	if (filter_value == NULL || (resource_type != NULL && type_value == NULL) ||
		exprType(document) != JSONBOID)
		return EQ_SELECTIVITY;
	if (filter_value->constisnull)
		return 0.0;
	/* the planner keeps its memory, and reads the statistics anew each time */
	context = AllocSetContextCreate(CurrentMemoryContext, "scim selectivity",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	selectivity =
		estimate_filter(root, function, document, filter_value, type_value, varRelid);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return selectivity;
}

/*
 * scim_internal.matches_selectivity(internal, oid, internal, int4) returns float8: the
 * restriction estimator of ~ and of @~, whose right side is a call of
 * scim.index_query.
 */
Datum
scim_matches_selectivity(PG_FUNCTION_ARGS)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid function = get_opcode(PG_GETARG_OID(1));
	List *args = (List *) PG_GETARG_POINTER(2);
	int varRelid = PG_GETARG_INT32(3);
	Node *filter;
	Node *resource_type = NULL;

	if (list_length(args) != 2)
		PG_RETURN_FLOAT8(EQ_SELECTIVITY);
	filter = lsecond(args);
	/* any other function of an index query is none of ours */
	if (IsA(filter, FuncExpr) && exprType(filter) != ScimFilterTypeOid() &&
		list_length(((FuncExpr *) filter)->args) == 2)
	{
		resource_type = lsecond(((FuncExpr *) filter)->args);
		filter = linitial(((FuncExpr *) filter)->args);
	}
	PG_RETURN_FLOAT8(ScimIndexSelectivity(root, function, linitial(args), filter,
										  resource_type, varRelid));
}

/* scim_internal.index_keys(document jsonb) returns bytea[]: its keys without trigrams */
Datum
scim_index_keys(PG_FUNCTION_ARGS)
{
	int nkeys;
	Datum *keys =
		ScimIndexExtract(PG_GETARG_JSONB_P(0), SCIM_INDEX_FORMER, &no_paths, &nkeys);

	PG_RETURN_ARRAYTYPE_P(
		construct_array(keys, nkeys, BYTEAOID, -1, false, TYPALIGN_INT));
}
