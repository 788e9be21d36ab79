/*
 * op.c
 *		Comparison and hashing of scim.filter.
 *
 * Two filters are equal when they have the same tree, with attribute names and
 * URNs compared without regard to case and literals exactly.  That is a
 * question of spelling, not of meaning: a eq 1 and a eq 1.0 differ.  Bound to
 * attributes, they are equal when they ask the same in the same order.
 */
#include "postgres.h"

#include "filter/bound.h"
#include "fmgr.h"
#include "utils/fmgrprotos.h"

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

/* The attributes of two nodes, by the keys that lead to their values. */
static int
compare_attributes(const ScimAttrInfo *x, const ScimAttrInfo *y)
{
	int result = x->nkeys - y->nkeys;

	for (int i = 0; result == 0 && i < x->nkeys; i++)
		result = ScimNameCompare(x->key[i], y->key[i]);
	return result;
}

/* What two nodes of one test compare with. */
static int
compare_literals(const BoundNode *x, const BoundNode *y)
{
	switch ((BoundTest) x->test)
	{
		case TEST_PRESENT:
		case TEST_ABSENT:
			break;
		case TEST_TEXT:
		case TEST_FOLDED:
		case TEST_VERSION:
			return ScimBoundTextCompare(x->text, x->text_len, y->text, y->text_len);
		case TEST_NUMBER:
			return DatumGetInt32(DirectFunctionCall2(numeric_cmp,
													 NumericGetDatum(x->literal.number),
													 NumericGetDatum(y->literal.number)));
		case TEST_BOOLEAN:
			return (int) x->literal.boolean - (int) y->literal.boolean;
		case TEST_INSTANT:
			return ScimInstantCompare(&x->literal.instant, &y->literal.instant);
	}
	return 0;
}

static int
compare_bound_nodes(const BoundNode *x, const BoundNode *y)
{
	int result = (int) x->kind - (int) y->kind;

	if (result == 0 && x->size != y->size)
		return x->size < y->size ? -1 : 1;
	if (result != 0 || (x->kind != SCIM_NODE_COMPARE && x->kind != SCIM_NODE_VALUE_PATH))
		return result;
	result = compare_attributes(&x->attribute, &y->attribute);
	if (result != 0 || x->kind == SCIM_NODE_VALUE_PATH)
		return result;
	result = (int) x->test - (int) y->test;
	/* whether something is there has been asked by several operators */
	if (result == 0 && x->test != TEST_PRESENT && x->test != TEST_ABSENT)
		result = (int) x->op - (int) y->op;
	return result != 0 ? result : compare_literals(x, y);
}

/*
 * ScimBoundFilterCompare orders filters that are bound to the same attributes; 0 means
 * that they ask the same, in the same order.
 */
int
ScimBoundFilterCompare(const ScimBoundFilter *a, const ScimBoundFilter *b)
{
	/* as above */
	for (uint32 i = 0; i < a->nnodes; i++)
	{
		int result = compare_bound_nodes(&a->nodes[i], &b->nodes[i]);

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
