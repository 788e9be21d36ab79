/*
 * op.c
 *		Comparison and hashing of scim.filter.
 *
 * Two filters are equal when they have the same tree, with attribute names and
 * URNs compared without regard to case and literals exactly.  That is a
 * question of spelling, not of meaning: a eq 1 and a eq 1.0 differ.  Bound to
 * attributes, they are compared by what they ask.
 */
#include "postgres.h"

#include "filter/bound.h"
#include "fmgr.h"
#include "miscadmin.h"
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

/* A part of a filter, or all of it: what it asks, however that is written. */
struct ScimFilterMeaning
{
	ScimNodeKind kind; /* and, or, or what "node" is */
	bool negated;
	const BoundNode *node;
	int nparts;                /* of a value path: 1 */
	ScimFilterMeaning **parts; /* of "and" and "or": sorted, each once */
};

static ScimFilterMeaning *meaning_of(const BoundNode *node, bool negated);

/* Does a comparison ask for a single value, of which "ne" is what "eq" is not? */
static bool
is_equality(const BoundNode *node)
{
	return !node->attribute.multi_valued &&
		   (node->op == SCIM_OP_EQ || node->op == SCIM_OP_NE);
}

/* Is there a value, or none: several operators ask that. */
static bool
is_presence(const BoundNode *node)
{
	return node->test == TEST_PRESENT || node->test == TEST_ABSENT;
}

static int
compare_comparisons(const BoundNode *x, const BoundNode *y)
{
	int result = compare_attributes(&x->attribute, &y->attribute);

	if (result == 0)
		result = (int) is_presence(x) - (int) is_presence(y);
	if (result != 0 || is_presence(x))
		return result;
	result = (int) x->test - (int) y->test;
	/* "negated" tells them apart */
	if (result == 0 && !(is_equality(x) && is_equality(y)))
		result = (int) x->op - (int) y->op;
	return result != 0 ? result : compare_literals(x, y);
}

/*
 * ScimFilterMeaningCompare orders what filters mean that are bound to the same
 * attributes; 0 means that they ask the same.
 */
int
ScimFilterMeaningCompare(const ScimFilterMeaning *a, const ScimFilterMeaning *b)
{
	int result = (int) a->kind - (int) b->kind;

	check_stack_depth();
	if (result == 0)
		result = (int) a->negated - (int) b->negated;
	if (result == 0 && a->kind == SCIM_NODE_COMPARE)
		return compare_comparisons(a->node, b->node);
	if (result == 0 && a->kind == SCIM_NODE_VALUE_PATH)
		result = compare_attributes(&a->node->attribute, &b->node->attribute);
	if (result == 0)
		result = a->nparts - b->nparts;
	for (int i = 0; result == 0 && i < a->nparts; i++)
		result = ScimFilterMeaningCompare(a->parts[i], b->parts[i]);
	return result;
}

static int
compare_parts(const void *a, const void *b)
{
	return ScimFilterMeaningCompare(*(ScimFilterMeaning *const *) a,
									*(ScimFilterMeaning *const *) b);
}

static ScimFilterMeaning *
new_meaning(ScimNodeKind kind, const BoundNode *node, bool negated, int nparts)
{
	ScimFilterMeaning *meaning = palloc0(sizeof(ScimFilterMeaning));

	meaning->kind = kind;
	meaning->node = node;
	meaning->negated = negated;
	if (nparts > 0)
		meaning->parts = palloc(nparts * sizeof(ScimFilterMeaning *));
	return meaning;
}

/* Of "and" and "or", which are each other where they are negated: in no order. */
static ScimFilterMeaning *
meaning_of_group(const BoundNode *node, bool negated)
{
	bool is_and = (node->kind == SCIM_NODE_AND) != negated;
	ScimFilterMeaning *meaning =
		new_meaning(is_and ? SCIM_NODE_AND : SCIM_NODE_OR, NULL, false, node->size);
	int nparts = 0;

	for (const BoundNode *child = node + 1; child < node + node->size;
		 child += child->size)
	{
		ScimFilterMeaning *part = meaning_of(child, negated);

		CHECK_FOR_INTERRUPTS();
		if (part->kind != meaning->kind)
			meaning->parts[nparts++] = part;
		else
		{
			for (int i = 0; i < part->nparts; i++)
				meaning->parts[nparts++] = part->parts[i];
			pfree(part->parts);
		}
	}
	qsort(meaning->parts, nparts, sizeof(ScimFilterMeaning *), compare_parts);
	for (int i = 0; i < nparts; i++)
	{
		if (i == 0 || ScimFilterMeaningCompare(meaning->parts[meaning->nparts - 1],
											   meaning->parts[i]) != 0)
			meaning->parts[meaning->nparts++] = meaning->parts[i];
	}
	if (meaning->nparts == 1)
		return meaning->parts[0];
	meaning->parts =
		repalloc(meaning->parts, meaning->nparts * sizeof(ScimFilterMeaning *));
	return meaning;
}

static ScimFilterMeaning *
meaning_of(const BoundNode *node, bool negated)
{
	ScimFilterMeaning *meaning;

	check_stack_depth();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_NOT:
			return meaning_of(node + 1, !negated);
		case SCIM_NODE_AND:
		case SCIM_NODE_OR:
			return meaning_of_group(node, negated);
		case SCIM_NODE_COMPARE:
			if (is_presence(node) ? node->test == TEST_ABSENT
								  : is_equality(node) && node->op == SCIM_OP_NE)
				negated = !negated;
			break;
		case SCIM_NODE_VALUE_PATH:
			meaning = new_meaning(SCIM_NODE_VALUE_PATH, node, negated, 1);
			meaning->parts[meaning->nparts++] = meaning_of(node + 1, false);
			return meaning;
	}
	return new_meaning(SCIM_NODE_COMPARE, node, negated, 0);
}

/*
 * ScimBoundFilterMeaning says what a filter asks: without order in "and" and "or", what
 * is said twice, and "not" but before what has no opposite.  It points into the filter.
 */
ScimFilterMeaning *
ScimBoundFilterMeaning(const ScimBoundFilter *filter)
{
	return meaning_of(&filter->nodes[0], false);
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
