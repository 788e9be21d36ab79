/*
 * support.c
 *		The planner support function of scim.matches and scim_internal.jsonb_matches.
 *
 * A query
 *
 *		WHERE scim.matches(data, $1, 'User')
 *
 * over a table with an index on (data scim.gin_ops) gets the index condition
 *
 *		data @~ scim_internal.index_query($1, 'User')
 *
 * It is lossy: the index says which rows may match, and the call itself stays
 * as a filter.  The query is made when the scan starts, so that the filter may
 * be a parameter or come from another table.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "extension.h"
#include "index/index.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#define STRATEGY_CANDIDATE 2

PG_FUNCTION_INFO_V1(scim_matches_support);

static List *
call_arguments(Node *node)
{
	if (is_funcclause(node))
		return ((FuncExpr *) node)->args;
	if (is_opclause(node))
		return ((OpExpr *) node)->args;
	return NIL;
}

/*
 * The index condition, or NIL where the index is not one of scim.gin_ops or
 * scim.gin_ops_1, or the filter cannot be known before its scan.
 */
static List *
index_condition(SupportRequestIndexCondition *request)
{
	List *args = call_arguments(request->node);
	Oid types[2] = {InvalidOid, TEXTOID};
	Oid function;
	Oid query_type;
	Oid opno;
	Node *filter;
	Node *resource_type;
	Expr *query;

	if (request->indexarg != 0 || list_length(args) < 2 ||
		exprType(linitial(args)) != JSONBOID)
		return NIL;
	filter = lsecond(args);
	if (list_length(args) > 2)
		resource_type = lthird(args);
	else
		resource_type = (Node *) makeNullConst(TEXTOID, -1, DEFAULT_COLLATION_OID);
	types[0] = exprType(filter);
	function = ScimInternalFunction("index_query", lengthof(types), types);
	if (!OidIsValid(function))
		return NIL;
	query_type = get_func_rettype(function);
	opno =
		get_opfamily_member(request->opfamily, JSONBOID, query_type, STRATEGY_CANDIDATE);
	if (!OidIsValid(opno))
		return NIL;

	query = (Expr *) makeFuncExpr(function, query_type, list_make2(filter, resource_type),
								  InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
	if (contain_volatile_functions((Node *) query) ||
		bms_is_member(request->index->rel->relid,
					  pull_varnos(request->root, (Node *) query)))
		return NIL;
	request->lossy = true;
	return list_make1(make_opclause(opno, BOOLOID, false, (Expr *) linitial(args), query,
									InvalidOid, InvalidOid));
}

/* scim_internal.matches_support(internal) returns internal */
Datum
scim_matches_support(PG_FUNCTION_ARGS)
{
	Node *node = (Node *) PG_GETARG_POINTER(0);

	if (IsA(node, SupportRequestIndexCondition))
		PG_RETURN_POINTER(index_condition((SupportRequestIndexCondition *) node));
	if (IsA(node, SupportRequestSelectivity))
	{
		SupportRequestSelectivity *request = (SupportRequestSelectivity *) node;
		List *args = request->args;

		if (request->is_join || list_length(args) < 2)
			PG_RETURN_POINTER(NULL);
		request->selectivity = ScimIndexSelectivity(
			request->root, request->funcid, linitial(args), lsecond(args),
			list_length(args) > 2 ? lthird(args) : NULL, request->varRelid);
		PG_RETURN_POINTER(request);
	}
	PG_RETURN_POINTER(NULL);
}
