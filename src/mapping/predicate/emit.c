/*
 * emit.c
 *		Conditions as SQL over the columns of "resource".
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "mapping/predicate/condition.h"
#include "mapping/sql_emit.h"
#include "store/statement/statement.h"
#include "text/datetime.h"
#include "text/fold.h"
#include "text/version.h"

/*
 * Of more comparisons with one text that is computed, it is computed once for all:
 * of more than the second where they could be looked up in an index.
 */
#define COMPARISONS_MAX 8
#define LOOKUPS_MAX 100

/* Of more terms about the members of a group the planner would keep much. */
#define JOINED_MAX 400

/*
 * Where "or" stands within "and" within "or" so deep, the planner looks for indexes
 * in vain, and for long: at each level it weighs all that is below.
 */
#define ORS_MAX 2

/* Values of an EQUAL as an array: of a parameter, or in words. */
static void
emit_values(Emission *e, const Condition *equal)
{
	bool ids = equal->target.kind == TARGET_ID;
	int nvalues = list_length(equal->values);
	Datum *values;
	ListCell *lc;

	if (e->params == NULL)
	{
		appendStringInfoString(e->out, "ARRAY[");
		foreach (lc, equal->values)
		{
			CHECK_FOR_INTERRUPTS();
			appendStringInfo(
				e->out, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
				quote_literal_cstr(ids ? ScimUuidText(lfirst(lc)) : lfirst(lc)));
		}
		appendStringInfoString(e->out, ids ? "]::uuid[]" : "]");
		return;
	}
	values = palloc(sizeof(Datum) * nvalues);
	foreach (lc, equal->values)
		values[foreach_current_index(lc)] =
			ids ? UUIDPGetDatum(lfirst(lc)) : CStringGetTextDatum(lfirst(lc));
	appendStringInfo(e->out, "$%d",
					 ScimParamsAdd(e->params, ids ? UUIDARRAYOID : TEXTARRAYOID,
								   ScimArray(values, palloc0(nvalues), nvalues,
											 ids ? UUIDOID : TEXTOID),
								   false));
}

static void
emit_equal(Emission *e, const Condition *equal, const char *expression)
{
	const void *value = linitial(equal->values);

	appendStringInfo(e->out, "%s = ", expression);
	if (list_length(equal->values) > 1)
	{
		appendStringInfoString(e->out, "ANY (");
		emit_values(e, equal);
		appendStringInfoChar(e->out, ')');
	}
	else if (equal->target.kind == TARGET_ID)
		ScimSqlValue(e->out, e->params, UUIDOID, "::uuid", UUIDPGetDatum(value),
					 ScimUuidText(value));
	else
		ScimSqlValue(e->out, e->params, TEXTOID, "", CStringGetTextDatum(value), value);
}

/*
 * What a name is folded to as it is shown tells what it is folded to as a user name, but
 * for U+0345 among other marks, which the former has made a letter, U+03B9
 * (text/precis.c).
 */
static bool
tells_user_name(const char *folded)
{
	return strstr(folded, "\xCE\xB9") == NULL;
}

/* Can an index on user names find what equals one of some values? */
static bool
has_key(const Condition *equal)
{
	ListCell *lc;

	if (equal->target.first == NULL)
		return false;
	foreach (lc, equal->values)
	{
		CHECK_FOR_INTERRUPTS();
		if (!tells_user_name(lfirst(lc)))
			return false;
	}
	return true;
}

/* One of some values, shown or in the place of what is shown. */
static void
emit_equal_shown(Emission *e, const Condition *equal)
{
	Condition by_key = *equal;
	ListCell *lc;

	by_key.values = NIL;
	foreach (lc, equal->values)
	{
		size_t len;

		by_key.values = lappend(by_key.values,
								ScimFoldUserName(lfirst(lc), strlen(lfirst(lc)), &len));
	}
	appendStringInfoChar(e->out, '(');
	emit_equal(e, equal, equal->target.first);
	appendStringInfoString(e->out, " OR ");
	emit_equal(e, equal, equal->target.second);
	appendStringInfoString(e->out, " AND ");
	emit_equal(e, &by_key, equal->target.key);
	appendStringInfoChar(e->out, ')');
}

static const char *
literal_of(const Emission *e, const ScimFilterNode *node)
{
	return ScimFilterString(e->predicate->filter, node->value);
}

static void
emit_text_comparison(Emission *e, const Target *target, const char *expression,
					 const ScimFilterNode *node)
{
	size_t len = node->value_len;
	const char *literal = ScimTargetLiteral(target, literal_of(e, node), &len);
	const char *column = ScimComputedColumn(e, expression);
	ScimOp op = (ScimOp) node->op;

	if (op == SCIM_OP_EW && e->computed != NIL)
	{
		column = ScimComputedColumn(e, ScimSqlEnd(expression, literal, len));
		if (column != NULL)
			op = SCIM_OP_EQ;
	}
	if (column != NULL)
		expression = column;
	ScimSqlCompareText(e->out, e->params, expression, op, literal, len);
}

static void
emit_instant_comparison(Emission *e, const char *expression, const ScimFilterNode *node)
{
	static const Target text = {.kind = TARGET_TEXT, .fold = SCIM_FOLD_CASE};
	ScimInstant instant;
	ScimOp op = (ScimOp) node->op;

	/* dateTime has no caseExact, so its text compares folded */
	if (ScimIsSubstring(op))
	{
		emit_text_comparison(e, &text, ScimSqlInstantText(expression, true), node);
		return;
	}
	if (!ScimInstantParse(literal_of(e, node), node->value_len, &instant))
		elog(ERROR, "unexpected dateTime literal in a bound filter");
	ScimSqlCompareInstant(e->out, e->params, expression, op, &instant);
}

static void
emit_boolean_comparison(Emission *e, const char *expression, const ScimFilterNode *node)
{
	bool literal = node->literal == SCIM_LITERAL_TRUE;

	if (node->literal == SCIM_LITERAL_STRING)
		literal = ScimNameEqual(literal_of(e, node), "true");
	ScimSqlCompareBoolean(e->out, expression, (ScimOp) node->op, literal);
}

/*
 * What begins with a text, shown or in the place of what is shown.  The last letter may
 * be written otherwise, as a user name, with what follows it, such as an e before an
 * acute accent: an index finds what begins with ASCII that stands before.
 */
static void
emit_prefix_shown(Emission *e, const Target *target, const ScimFilterNode *node)
{
	size_t len = node->value_len;
	const char *literal = ScimTargetLiteral(target, literal_of(e, node), &len);
	size_t kept = 0;

	while (kept + 1 < len && !IS_HIGHBIT_SET(literal[kept + 1]))
		kept++;
	if (len > 0 && IS_HIGHBIT_SET(literal[0]))
		kept = 0;
	appendStringInfoChar(e->out, '(');
	emit_text_comparison(e, target, target->first, node);
	appendStringInfoString(e->out, " OR ");
	emit_text_comparison(e, target, target->second, node);
	if (kept > 0)
	{
		appendStringInfoString(e->out, " AND ");
		ScimSqlCompareText(e->out, e->params, target->key, SCIM_OP_SW, literal, kept);
	}
	appendStringInfoChar(e->out, ')');
}

static void
emit_comparison(Emission *e, const Target *target, const ScimFilterNode *node)
{
	switch (target->kind)
	{
		case TARGET_TEXT:
			if (node->op == SCIM_OP_SW && target->first != NULL && e->computed == NIL)
				emit_prefix_shown(e, target, node);
			else
				emit_text_comparison(e, target, target->expression, node);
			break;
		case TARGET_ID:
			emit_text_comparison(e, target, target->text, node);
			break;
		case TARGET_INSTANT:
			emit_instant_comparison(e, target->expression, node);
			break;
		case TARGET_BOOLEAN:
			emit_boolean_comparison(e, target->expression, node);
			break;
		case TARGET_DATA:
		case TARGET_MEMBERS:
		case TARGET_GROUPS:
			elog(ERROR, "unexpected target of a comparison");
	}
}

/* ScimDataFilter returns what a condition asks of the document, as a filter. */
ScimFilter *
ScimDataFilter(const Condition *data)
{
	/* a part of one that was within the limits */
	return ScimFilterParseOwn(data->data->data);
}

static void
emit_data(Emission *e, const Condition *data)
{
	const ScimResourceType *type = e->predicate->type;
	const char *filter_text = data->data->data;
	ScimFilter *filter = data == e->predicate->condition ? e->predicate->of_document
														 : ScimDataFilter(data);

	appendStringInfoString(e->out, "scim.matches(data, ");
	ScimSqlValue(e->out, e->params, ScimFilterTypeOid(), "::scim.filter",
				 PointerGetDatum(filter), filter_text);
	if (type != NULL)
		appendStringInfo(e->out, ", %s)", quote_literal_cstr(type->name));
	else
		appendStringInfoChar(e->out, ')');
}

static void
emit_list(Emission *e, List *conditions, const char *word)
{
	ListCell *lc;

	foreach (lc, conditions)
	{
		CHECK_FOR_INTERRUPTS();
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(e->out, word);
		ScimEmitCondition(e, lfirst(lc));
	}
}

/* Children of an "and" or "or", and those for which texts are computed once for all. */
static List *
take_comparisons(List *children, List **others)
{
	List *lists[2] = {NIL, NIL}; /* by whether an index may be over the text */
	List *taken = NIL;
	ListCell *lc;

	foreach (lc, children)
	{
		Condition *child = lfirst(lc);
		bool indexed;

		CHECK_FOR_INTERRUPTS();
		if (ScimComputedText(child, &indexed) == NULL)
			*others = lappend(*others, child);
		else
			lists[indexed] = lappend(lists[indexed], child);
	}
	for (int indexed = 0; indexed <= 1; indexed++)
	{
		if (list_length(lists[indexed]) > (indexed ? LOOKUPS_MAX : COMPARISONS_MAX))
			taken = list_concat(taken, lists[indexed]);
		else
			*others = list_concat(*others, lists[indexed]);
	}
	return taken;
}

static void
emit_children(Emission *e, const Condition *condition)
{
	const char *word = condition->kind == CONDITION_AND ? " AND " : " OR ";
	List *others = NIL;
	List *comparisons = NIL;
	List *texts = NIL;
	Emission inner = *e;
	ListCell *lc;

	if (list_length(condition->children) > COMPARISONS_MAX)
		comparisons = take_comparisons(condition->children, &others);
	else
		others = condition->children;
	appendStringInfoChar(e->out, '(');
	if (e->at_once || e->computed != NIL)
	{
		texts = ScimTakeTexts(e, list_concat(comparisons, others), &others);
		comparisons = NIL;
	}
	else if (e->params != NULL)
	{
		texts = comparisons;
		comparisons = NIL;
	}
	if (texts != NIL)
	{
		ScimEmitTextsHold(e, condition->kind, texts);
		if (others != NIL)
			appendStringInfoString(e->out, word);
	}
	if (e->computed != NIL)
	{
		others = list_concat(comparisons, others);
		comparisons = NIL;
	}
	if (comparisons != NIL)
	{
		foreach (lc, comparisons)
			ScimCollectTexts(&inner.computed, lfirst(lc));
		appendStringInfoString(e->out, "(SELECT ");
		emit_list(&inner, comparisons, word);
		appendStringInfoString(e->out, " FROM ");
		ScimEmitComputed(&inner);
		appendStringInfoChar(e->out, ')');
		if (others != NIL)
			appendStringInfoString(e->out, word);
	}
	emit_list(e, others, word);
	appendStringInfoChar(e->out, ')');
}

/* One look-up, or that there is none: what the planner may start from. */
static bool
is_lookup(const Condition *condition)
{
	if (condition->kind == CONDITION_NOT)
		condition = linitial(condition->children);
	return condition->kind == CONDITION_RELATED;
}

/* How many comparisons with a text that is computed are not its own terms? */
static int
nested_comparisons(const Condition *condition)
{
	int nested = condition->ncomputed;
	ListCell *lc;

	if (condition->kind != CONDITION_AND && condition->kind != CONDITION_OR)
		return 0;
	foreach (lc, condition->children)
	{
		const Condition *child = lfirst(lc);

		if (child->kind == CONDITION_COMPARE || child->kind == CONDITION_EQUAL)
			nested -= child->ncomputed;
	}
	return nested;
}

/* As text, look-ups of groups are no joins, and nothing is to gain (at_once.c). */
static bool
is_alone(const Emission *e)
{
	return e->params == NULL && e->predicate->type != NULL &&
		   !e->predicate->type->has_members;
}

/* Is it asked all at once, out of the planner's sight? */
static bool
is_long(const Emission *e, const Condition *condition)
{
	return (condition->nrelated > SCIM_SUBQUERIES_MAX && !is_alone(e)) ||
		   (condition->kind == CONDITION_OR && e->nors >= ORS_MAX) ||
		   (condition->joined && condition->nterms > JOINED_MAX) ||
		   nested_comparisons(condition) > LOOKUPS_MAX;
}

/*
 * A long "and": some look-ups have a subquery each, what has neither look-ups nor
 * texts to compute is as ever, the others are asked at once, of the rows that are
 * left.
 */
static void
emit_long_and(Emission *e, const Condition *condition)
{
	List *children = NIL;
	List *others = NIL;
	int nlookups = 0;
	bool many_texts = nested_comparisons(condition) > LOOKUPS_MAX;
	Condition rest = *condition;
	ListCell *lc;

	foreach (lc, condition->children)
	{
		Condition *child = lfirst(lc);
		bool texts = many_texts && child->kind != CONDITION_COMPARE &&
					 child->kind != CONDITION_EQUAL && child->ncomputed > 0;

		if ((child->nrelated == 0 && !texts) ||
			(is_lookup(child) && ++nlookups <= SCIM_SUBQUERIES_MAX))
			children = lappend(children, child);
		else
			others = lappend(others, child);
	}
	rest.children = children;
	if (children != NIL)
	{
		appendStringInfoChar(e->out, '(');
		emit_children(e, &rest);
		appendStringInfoString(e->out, " AND ");
	}
	rest.children = others;
	ScimEmitAtOnce(e, &rest);
	if (children != NIL)
		appendStringInfoChar(e->out, ')');
}

static void
emit_not(Emission *e, Condition *child)
{
	if (child->kind == CONDITION_PRESENT)
	{
		appendStringInfo(e->out, "%s IS NULL", child->target.expression);
		return;
	}
	if (child->kind == CONDITION_RELATED && !e->at_once)
	{
		/* never null, and the planner makes a join of NOT EXISTS only */
		appendStringInfoString(e->out, "NOT ");
		ScimEmitCondition(e, child);
		return;
	}
	appendStringInfoString(e->out, "((");
	ScimEmitCondition(e, child);
	appendStringInfoString(e->out, ") IS NOT TRUE)");
}

/* ScimEmitCondition appends a condition, null or false where it is not true. */
void
ScimEmitCondition(Emission *e, Condition *condition)
{
	const Target *target = &condition->target;
	bool joinable = e->joinable;
	int nors = e->nors;
	const char *column;

	check_stack_depth();
	if (condition->kind == CONDITION_OR ||
		(condition->kind == CONDITION_NOT && !is_lookup(condition)))
		e->joinable = false;
	if (!e->at_once && is_long(e, condition))
	{
		if (condition->kind == CONDITION_AND)
			emit_long_and(e, condition);
		else
			ScimEmitAtOnce(e, condition);
		e->joinable = joinable;
		return;
	}
	if (ScimIsProgram(e, condition))
	{
		ScimEmitTextsHold(e, CONDITION_AND, list_make1(condition));
		e->joinable = joinable;
		return;
	}
	e->nors += condition->kind == CONDITION_OR;
	switch (condition->kind)
	{
		case CONDITION_CONSTANT:
			appendStringInfoString(e->out, condition->constant ? "true" : "false");
			break;
		case CONDITION_AND:
		case CONDITION_OR:
			emit_children(e, condition);
			break;
		case CONDITION_NOT:
			emit_not(e, linitial(condition->children));
			break;
		case CONDITION_DATA:
			emit_data(e, condition);
			break;
		case CONDITION_COMPARE:
			emit_comparison(e, target, condition->node);
			break;
		case CONDITION_EQUAL:
			column = ScimComputedColumn(e, target->expression);
			if (!has_key(condition) || column != NULL)
			{
				emit_equal(e, condition, column != NULL ? column : target->expression);
				break;
			}
			emit_equal_shown(e, condition);
			break;
		case CONDITION_PRESENT:
			appendStringInfo(e->out, "%s IS NOT NULL", target->expression);
			break;
		case CONDITION_RELATED:
			ScimEmitRelated(e, condition);
			break;
	}
	e->joinable = joinable;
	e->nors = nors;
}
