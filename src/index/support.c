/*
 * support.c
 *		The planner support function of scim.matches and scim.jsonb_matches.
 *
 * A query
 *
 *		WHERE scim.matches(data, $1, 'User')
 *
 * over a table with an index on (data scim.gin_ops) gets the index condition
 *
 *		data @~ scim.index_query($1, 'User')
 *
 * It is lossy: the index says which rows may match, and the call itself stays
 * as a filter.  The query is made when the scan starts, so that the filter may
 * be a parameter or come from another table.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "index/index.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

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

/* scim.index_query in the schema of the function that is being planned. */
static Oid
query_function(Oid namespace_oid, Oid filter_type)
{
	Oid types[2] = {filter_type, TEXTOID};

	return GetSysCacheOid3(
		PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("index_query"),
		PointerGetDatum(buildoidvector(types, 2)), ObjectIdGetDatum(namespace_oid));
}

/*
 * The index condition, or NIL where the index is not one of scim.gin_ops or
 * the filter cannot be known before its scan.
 */
static List *
index_condition(SupportRequestIndexCondition *request)
{
	List *args = call_arguments(request->node);
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
	function = query_function(get_func_namespace(request->funcid), exprType(filter));
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

/* scim.matches_support(internal) returns internal */
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
