/*
 * split.c
 *		A conjunction in two parts: what an index on a column answers, and the rest.
 *
 * userName eq "a" and active eq true finds one row, by the index on user names, whatever
 * else it asks of it: the rest is asked of the rows that the first part finds, and the
 * planner need not know its values.  It knows those of no parameter either.  What begins
 * with a text, or lies in a range that is open at one end, so gets both ends, or the
 * planner would take it for a third of all rows.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "mapping/predicate/condition.h"
#include "mapping/sql_emit.h"
#include "text/datetime.h"

/* Does an index of "resource" find what is equal, of each part of an "or"? */
static bool
is_key(const Condition *condition)
{
	ListCell *lc;

	check_stack_depth();
	if (condition->kind == CONDITION_EQUAL)
		return condition->target.indexed;
	if (condition->kind != CONDITION_OR)
		return false;
	foreach (lc, condition->children)
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_key(lfirst(lc)))
			return false;
	}
	return true;
}

/* Or what lies in a range? */
static bool
is_range(const Condition *condition)
{
	ScimOp op;

	if (condition->kind != CONDITION_COMPARE || !condition->target.indexed)
		return false;
	op = (ScimOp) condition->node->op;
	if (condition->target.kind == TARGET_TEXT)
		return op == SCIM_OP_SW;
	return condition->target.kind == TARGET_INSTANT && op != SCIM_OP_NE &&
		   !ScimIsSubstring(op);
}

/* gt for le, and so on. */
static ScimOp
opposite(ScimOp op)
{
	switch (op)
	{
		case SCIM_OP_GT:
			return SCIM_OP_LE;
		case SCIM_OP_GE:
			return SCIM_OP_LT;
		case SCIM_OP_LT:
			return SCIM_OP_GE;
		default:
			return SCIM_OP_GT;
	}
}

/* Does it ask columns of the row, and nothing else? */
static bool
is_of_columns(const Condition *condition)
{
	ListCell *lc;

	check_stack_depth();
	if (condition->kind == CONDITION_DATA || condition->kind == CONDITION_RELATED)
		return false;
	foreach (lc, condition->children)
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_of_columns(lfirst(lc)))
			return false;
	}
	return true;
}

/* active eq true, title pr: what may stand beside an equality and finds no less by it */
static bool
is_beside(const ScimFilterNode *node)
{
	return node->kind == SCIM_NODE_COMPARE &&
		   (node->op == SCIM_OP_PR ||
			(node->op == SCIM_OP_EQ && (node->literal == SCIM_LITERAL_TRUE ||
										node->literal == SCIM_LITERAL_FALSE)));
}

/* Does a filter of the document find what equals something? */
static bool
is_equality(const ScimFilter *filter, uint32 index)
{
	const ScimFilterNode *node = &filter->nodes[index];
	bool found = false;

	check_stack_depth();
	if (node->kind == SCIM_NODE_COMPARE)
		return node->op == SCIM_OP_EQ && node->value_len > 0 && !is_beside(node);
	if (node->kind == SCIM_NODE_NOT)
		return false;
	for (uint32 child = index + 1; child < index + node->size;
		 child += filter->nodes[child].size)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_equality(filter, child))
			found = true;
		else if (node->kind == SCIM_NODE_OR || !is_beside(&filter->nodes[child]))
			return false;
	}
	return found;
}

static List *
terms_of(const ScimPredicate *predicate)
{
	return predicate->condition->kind == CONDITION_AND ? predicate->condition->children
													   : list_make1(predicate->condition);
}

/* ScimPredicateFinds: by what a predicate finds few rows, whatever else it asks. */
ScimFinds
ScimPredicateFinds(const ScimPredicate *predicate)
{
	const Condition *range = NULL;
	bool one_range = true;
	bool of_columns = true;
	const Condition *data = NULL;
	ListCell *lc;

	foreach (lc, terms_of(predicate))
	{
		const Condition *term = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (is_key(term))
			return SCIM_FINDS_BY_KEY;
		if (term->kind == CONDITION_DATA)
			data = term;
		else
			of_columns &= is_of_columns(term);
		if (!is_range(term))
			continue;
		if (range != NULL &&
			strcmp(range->target.expression, term->target.expression) != 0)
			one_range = false;
		range = term;
	}
	if (range != NULL)
		return one_range && of_columns && data == NULL ? SCIM_FINDS_BY_RANGE
													   : SCIM_FINDS_OTHERWISE;
	if (data != NULL && of_columns && is_equality(ScimDataFilter(data), 0))
		return SCIM_FINDS_BY_DOCUMENT;
	return SCIM_FINDS_OTHERWISE;
}

/* ScimPredicateIsTrue: is it true of every resource? */
bool
ScimPredicateIsTrue(const ScimPredicate *predicate)
{
	return predicate->condition->kind == CONDITION_CONSTANT &&
		   predicate->condition->constant;
}

/* The least text of UTF-8 that is greater than all that begin with one; NULL: none. */
static char *
end_of_prefix(const char *prefix, size_t len)
{
	pg_wchar *letters = palloc((len + 1) * sizeof(pg_wchar));
	int n = pg_encoding_mb2wchar_with_len(PG_UTF8, prefix, letters, (int) len);
	unsigned char *end;

	while (n > 0 && letters[n - 1] >= 0x10FFFF)
		n--;
	if (n == 0)
		return NULL;
	letters[n - 1] = letters[n - 1] == 0xD7FF ? 0xE000 : letters[n - 1] + 1;
	end = palloc(n * MAX_MULTIBYTE_CHAR_LEN + 1);
	len = 0;
	for (int i = 0; i < n; i++)
	{
		unicode_to_utf8(letters[i], end + len);
		len += pg_utf_mblen(end + len);
	}
	end[len] = '\0';
	return (char *) end;
}

/* Both ends of a range; op is that of the node, or its opposite. */
static void
append_ends(Emission *e, const Condition *range, ScimOp op)
{
	const char *expression = range->target.expression;
	size_t len = range->node->value_len;
	const char *literal;
	const char *end;

	if (range->target.kind == TARGET_INSTANT)
	{
		if (op == SCIM_OP_EQ)
			return;
		appendStringInfo(e->out, " AND %s %s $%d", expression,
						 op == SCIM_OP_GT || op == SCIM_OP_GE ? "<=" : ">=",
						 ScimParamsAdd(e->params, TIMESTAMPTZOID,
									   op == SCIM_OP_GT || op == SCIM_OP_GE
										   ? TimestampTzGetDatum(DT_NOEND)
										   : TimestampTzGetDatum(DT_NOBEGIN),
									   false));
		return;
	}
	literal = ScimTargetLiteral(
		&range->target, ScimFilterString(e->predicate->filter, range->node->value), &len);
	end = end_of_prefix(literal, len);
	appendStringInfo(
		e->out, " AND %s >= $%d", expression,
		ScimParamsAdd(e->params, TEXTOID,
					  PointerGetDatum(cstring_to_text_with_len(literal, len)), false));
	if (end != NULL)
		appendStringInfo(
			e->out, " AND %s < $%d", expression,
			ScimParamsAdd(e->params, TEXTOID, CStringGetTextDatum(end), false));
}

/* ScimPredicateAppendKeys appends AND and what indexes on columns answer, if any. */
void
ScimPredicateAppendKeys(StringInfo out, ScimParams *params, ScimPredicate *predicate)
{
	Emission e = {out, params, predicate, false, true, 0, NIL};
	ListCell *lc;

	foreach (lc, terms_of(predicate))
	{
		Condition *term = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (!is_key(term) && !is_range(term))
			continue;
		appendStringInfoString(out, " AND ");
		ScimEmitCondition(&e, term);
		if (is_range(term))
			append_ends(&e, term, (ScimOp) term->node->op);
	}
}

/*
 * ScimPredicateAppendOutside appends AND and what a predicate leaves out that is one
 * range of instants, which each resource has.  Returns false, and appends nothing, where
 * it is anything else.
 */
bool
ScimPredicateAppendOutside(StringInfo out, ScimParams *params, ScimPredicate *predicate)
{
	const Condition *term = predicate->condition;
	Emission e = {out, params, predicate, false, true, 0, NIL};
	ScimInstant instant;
	ScimOp op;

	if (!is_range(term) || term->target.kind != TARGET_INSTANT || !term->target.always ||
		term->node->op == SCIM_OP_EQ)
		return false;
	op = opposite((ScimOp) term->node->op);
	if (!ScimInstantParse(ScimFilterString(predicate->filter, term->node->value),
						  term->node->value_len, &instant))
		return false;
	appendStringInfoString(out, " AND ");
	ScimSqlCompareInstant(out, params, term->target.expression, op, &instant);
	append_ends(&e, term, op);
	return true;
}

/* The terms that are in no part of an index. */
static List *
other_terms(const ScimPredicate *predicate)
{
	List *others = NIL;
	ListCell *lc;

	foreach (lc, terms_of(predicate))
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_key(lfirst(lc)) && !is_range(lfirst(lc)))
			others = lappend(others, lfirst(lc));
	}
	return others;
}

/* ScimPredicateHasRest: is there anything that ScimPredicateAppendKeys leaves out? */
bool
ScimPredicateHasRest(const ScimPredicate *predicate)
{
	return other_terms(predicate) != NIL;
}

/* ScimPredicateAppendRest appends AND and that, if there is any. */
void
ScimPredicateAppendRest(StringInfo out, ScimParams *params, ScimPredicate *predicate)
{
	Emission e = {out, params, predicate, false, true, 0, NIL};
	List *others = other_terms(predicate);
	Condition rest = *predicate->condition;

	if (others == NIL)
		return;
	rest.children = others;
	appendStringInfoString(out, " AND ");
	ScimEmitVisits(&e, "", " AND ", list_make1(predicate->condition));
	ScimEmitCondition(&e, list_length(others) == 1 ? linitial(others) : &rest);
}
