/*
 * op.c
 *		Comparison and hashing of scim.filter.
 *
 * Two filters are equal when they have the same tree, with attribute names and
 * URNs compared without regard to case and literals exactly.  That is a
 * question of spelling, not of meaning: a eq 1 and a eq 1.0 differ.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "filter/filter.h"
#include "fmgr.h"
#include "text/fold.h"

/* Compares what stands in one node. */
static int
compare_nodes(const ScimFilter *a, const ScimFilterNode *x, const ScimFilter *b,
			  const ScimFilterNode *y)
{
	int result;

	if (x->kind != y->kind)
		return (int) x->kind - (int) y->kind;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	result = ScimNameCompare(ScimFilterString(a, x->urn), ScimFilterString(b, y->urn));
	if (result == 0)
		result =
			ScimNameCompare(ScimFilterString(a, x->name), ScimFilterString(b, y->name));
	if (result == 0)
		result =
			ScimNameCompare(ScimFilterString(a, x->sub), ScimFilterString(b, y->sub));
	if (result == 0)
		result = (int) x->op - (int) y->op;
	if (result == 0)
		result = (int) x->literal - (int) y->literal;
	if (result == 0 && x->value != 0)
	{
		result = memcmp((const char *) a + x->value, (const char *) b + y->value,
						Min(x->value_len, y->value_len));
		if (result == 0 && x->value_len != y->value_len)
			result = x->value_len < y->value_len ? -1 : 1;
	}
	return result;
}

/* ScimFilterCompare orders filters; 0 means that they are equal. */
int
ScimFilterCompare(const ScimFilter *a, const ScimFilter *b)
{
	/* the sizes of the roots differ if these do, so this reads in both or stops */
	for (uint32 i = 0; i < a->nnodes; i++)
	{
		int result = compare_nodes(a, &a->nodes[i], b, &b->nodes[i]);

		if (result != 0)
			return result;
	}
	return 0;
}

/*
 * ScimFilterHashKey appends bytes that are the same for equal filters, for
 * hashing.
 */
void
ScimFilterHashKey(StringInfo key, const ScimFilter *filter)
{
	for (uint32 i = 0; i < filter->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->nodes[i];

		appendStringInfoChar(key, (char) node->kind);
		appendStringInfoChar(key, (char) node->op);
		appendStringInfoChar(key, (char) node->literal);
		appendBinaryStringInfo(key, (const char *) &node->size, sizeof(node->size));
		ScimNameHashKey(key, ScimFilterString(filter, node->urn));
		ScimNameHashKey(key, ScimFilterString(filter, node->name));
		ScimNameHashKey(key, ScimFilterString(filter, node->sub));
		if (node->value != 0)
			appendBinaryStringInfo(key, ScimFilterString(filter, node->value),
								   node->value_len);
	}
}

/* Compares the two arguments of an operator and frees their detoasted copies. */
static int
compare_arguments(FunctionCallInfo fcinfo)
{
	ScimFilter *a = PG_GETARG_SCIM_FILTER_P(0);
	ScimFilter *b = PG_GETARG_SCIM_FILTER_P(1);
	int result = ScimFilterCompare(a, b);

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

PG_FUNCTION_INFO_V1(scim_filter_cmp);
PG_FUNCTION_INFO_V1(scim_filter_eq);
PG_FUNCTION_INFO_V1(scim_filter_ne);
PG_FUNCTION_INFO_V1(scim_filter_lt);
PG_FUNCTION_INFO_V1(scim_filter_le);
PG_FUNCTION_INFO_V1(scim_filter_gt);
PG_FUNCTION_INFO_V1(scim_filter_ge);
PG_FUNCTION_INFO_V1(scim_filter_hash);
PG_FUNCTION_INFO_V1(scim_filter_hash_extended);

Datum
scim_filter_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

Datum
scim_filter_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) == 0);
}

Datum
scim_filter_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) != 0);
}

Datum
scim_filter_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

Datum
scim_filter_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

Datum
scim_filter_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

Datum
scim_filter_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

/* Hash of a filter, for hash joins and aggregates. */
Datum
scim_filter_hash(PG_FUNCTION_ARGS)
{
	ScimFilter *filter = PG_GETARG_SCIM_FILTER_P(0);
	StringInfoData key;
	Datum hash;

	initStringInfo(&key);
	ScimFilterHashKey(&key, filter);
	hash = hash_any((unsigned char *) key.data, key.len);
	pfree(key.data);
	PG_FREE_IF_COPY(filter, 0);
	return hash;
}

/* The same with a seed, for hash partitioning. */
Datum
scim_filter_hash_extended(PG_FUNCTION_ARGS)
{
	ScimFilter *filter = PG_GETARG_SCIM_FILTER_P(0);
	StringInfoData key;
	Datum hash;

	initStringInfo(&key);
	ScimFilterHashKey(&key, filter);
	hash = hash_any_extended((unsigned char *) key.data, key.len, PG_GETARG_INT64(1));
	pfree(key.data);
	PG_FREE_IF_COPY(filter, 0);
	return hash;
}
