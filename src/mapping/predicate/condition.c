/*
 * condition.c
 *		Conditions put together, such that few questions are left.
 *
 * What "and", "or" and "not" join is simplified as it is made:
 *
 *		what the document is asked becomes one filter;
 *		"has a member that a, or has one that b" is "has a member that a or b",
 *		and "has none that a, and none that b" is "has none that a or b";
 *		"equals a or equals b" is one search for a list of values;
 *		"a and b, or a and c" is "a, and b or c".
 *
 * So 200 terms about the members of a group are one question, of 200 values.
 * Whoever makes a condition gives its parts away: lists and texts are extended
 * in place, which keeps the work linear.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "mapping/predicate/condition.h"
#include "mapping/sql_emit.h"
#include "text/fold.h"
#include "text/version.h"

/* Children of an "and" or "or" that are compared with those of the next one. */
#define COMMON_MAX 8

static Condition *
make(ConditionKind kind)
{
	Condition *condition = palloc0(sizeof(Condition));

	condition->kind = kind;
	condition->nterms = 1;
	return condition;
}

static Condition *
make_of_target(ConditionKind kind, const Target *target)
{
	Condition *condition = make(kind);

	condition->target = *target;
	condition->joined = target->joined;
	condition->typed = target->typed;
	condition->inner = target->inner;
	return condition;
}

Condition *
ScimConditionConstant(bool value)
{
	Condition *condition = make(CONDITION_CONSTANT);

	condition->constant = value;
	return condition;
}

/* data is the text of a filter; is_or: its outermost operator is "or". */
Condition *
ScimConditionData(const char *data, bool is_or)
{
	Condition *condition = make(CONDITION_DATA);

	condition->data = makeStringInfo();
	appendStringInfoString(condition->data, data);
	condition->data_is_or = is_or;
	return condition;
}

/* ScimTargetLiteral returns a literal in the form in which a text is compared with it. */
const char *
ScimTargetLiteral(const Target *target, const char *literal, size_t *len)
{
	if (target->version)
		return ScimVersionWithoutDigest(literal, len, palloc(SCIM_VERSION_BUFFER));
	if (target->fold == SCIM_FOLD_NONE)
		return literal;
	return ScimFoldBy(target->fold, literal, *len, len);
}

/* ScimComparedText returns the text that a comparison is with, as far as it is text. */
const char *
ScimComparedText(const Condition *condition)
{
	const Target *target = &condition->target;

	/* an id equals whatever text may stand for it */
	if (target->kind == TARGET_ID && condition->kind == CONDITION_EQUAL)
		return psprintf("%s::text", target->expression);
	if (target->kind == TARGET_INSTANT)
		return ScimSqlInstantText(target->expression, true);
	return target->kind == TARGET_ID ? target->text : target->expression;
}

/* ScimComparedLiteral returns its literal, as that text is compared with it. */
const char *
ScimComparedLiteral(const Condition *condition, const char *literal, size_t *len)
{
	*len = condition->node->value_len;
	if (condition->target.kind == TARGET_INSTANT)
		return ScimFold(literal, *len, len);
	return ScimTargetLiteral(&condition->target, literal, len);
}

/* The text that a comparison is with, where it is computed for it; else NULL. */
static const char *
computed_text(const Condition *condition, const char *literal)
{
	const Target *target = &condition->target;
	ScimOp op = (ScimOp) condition->node->op;
	size_t len;
	const char *text;

	if (target->kind == TARGET_INSTANT
			? !ScimIsSubstring(op)
			: target->kind != TARGET_ID &&
				  (target->kind != TARGET_TEXT || !(target->computed || target->fold)))
		return NULL;
	text = ScimComparedText(condition);
	if (op != SCIM_OP_EW)
		return text;
	literal = ScimComparedLiteral(condition, literal, &len);
	return ScimSqlEnd(text, literal, len);
}

/*
 * ScimComputedText returns the text that is computed for a comparison, or NULL.
 * indexed: an index may be over it.
 */
const char *
ScimComputedText(const Condition *condition, bool *indexed)
{
	const Target *target = &condition->target;

	*indexed = false;
	if (condition->kind == CONDITION_EQUAL && target->kind == TARGET_TEXT)
	{
		*indexed = !target->computed || target->first != NULL;
		return target->computed || target->fold ? target->expression : NULL;
	}
	if (condition->kind != CONDITION_COMPARE)
		return NULL;
	if (target->kind == TARGET_TEXT)
		*indexed = !target->computed ||
				   (condition->node->op == SCIM_OP_SW && target->first != NULL);
	return condition->computed;
}

/* literal is that of the node. */
Condition *
ScimConditionCompare(const Target *target, const ScimFilterNode *node,
					 const char *literal)
{
	Condition *condition = make_of_target(CONDITION_COMPARE, target);
	bool indexed;

	condition->node = node;
	condition->inner &= node->op != SCIM_OP_NE;
	condition->computed = computed_text(condition, literal);
	condition->textual =
		target->kind == TARGET_TEXT || target->kind == TARGET_ID ||
		(target->kind == TARGET_INSTANT && ScimIsSubstring((ScimOp) node->op));
	if (ScimComputedText(condition, &indexed) != NULL)
		condition->ncomputed = !indexed;
	return condition;
}

/* value is a char *, or a pg_uuid_t * where the target is an id. */
Condition *
ScimConditionEqual(const Target *target, void *value)
{
	Condition *condition = make_of_target(CONDITION_EQUAL, target);
	bool indexed;

	condition->values = list_make1(value);
	condition->textual = true;
	if (ScimComputedText(condition, &indexed) != NULL)
		condition->ncomputed = !indexed;
	return condition;
}

Condition *
ScimConditionPresent(const Target *target)
{
	Condition *condition;

	if (target->always)
		return ScimConditionConstant(true);
	condition = make_of_target(CONDITION_PRESENT, target);
	condition->textual = target->kind == TARGET_TEXT;
	return condition;
}

static void
set_element(Condition *related, Condition *element)
{
	related->element = element;
	related->nterms = element->nterms;
}

Condition *
ScimConditionRelated(TargetKind relation, Condition *element)
{
	Condition *condition;

	if (element->kind == CONDITION_CONSTANT && !element->constant)
		return element;
	condition = make(CONDITION_RELATED);
	condition->relation = relation;
	condition->nrelated = 1;
	set_element(condition, element);
	return condition;
}

/* "There is no member or group that ..." */
static bool
is_unrelated(const Condition *condition)
{
	return condition->kind == CONDITION_NOT &&
		   ((Condition *) linitial(condition->children))->kind == CONDITION_RELATED;
}

Condition *
ScimConditionNot(Condition *child)
{
	Condition *condition;

	if (child->kind == CONDITION_CONSTANT)
		return ScimConditionConstant(!child->constant);
	if (child->kind == CONDITION_NOT)
		return linitial(child->children);
	condition = make(CONDITION_NOT);
	condition->children = list_make1(child);
	condition->joined = child->joined;
	condition->typed = child->typed;
	condition->textual = child->textual;
	condition->nrelated = child->nrelated;
	condition->ncomputed = child->ncomputed;
	condition->nterms = child->nterms;
	return condition;
}

/* Two texts of filters, joined without a parenthesis to spare. */
static void
merge_data(Condition *into, const Condition *other, ConditionKind kind)
{
	bool is_or = kind == CONDITION_OR;

	if (!is_or && into->data_is_or)
	{
		StringInfo text = makeStringInfo();

		appendStringInfo(text, "(%s)", into->data->data);
		into->data = text;
	}
	if (!is_or && other->data_is_or)
		appendStringInfo(into->data, " and (%s)", other->data->data);
	else
		appendStringInfo(into->data, is_or ? " or %s" : " and %s", other->data->data);
	into->data_is_or = is_or;
}

/* An "and" or "or" that is being made. */
typedef struct Joint
{
	ConditionKind kind;
	bool decided;    /* a constant says what the whole is */
	List *children;  /* of Condition * */
	Condition *data; /* what the document is asked; NULL: nothing yet */
	List *equal;     /* those that are EQUAL, of "and" those of which it is said not */
	List *present;   /* those that are PRESENT, or not */
	List *asked;     /* those that ask whether there is no member or group at all */
	Condition *merged[2]; /* by relation, the RELATED of all that were joined */
	List *elements[2];    /* and what they ask of a member or group */
} Joint;

/* x eq "a" or x eq "b", not x eq "a" and not x eq "b": a search for either. */
static bool
merge_equal(Joint *joint, Condition *child)
{
	ListCell *lc;

	foreach (lc, joint->equal)
	{
		Condition *other = lfirst(lc);

		if (strcmp(other->target.expression, child->target.expression) == 0)
		{
			other->values = list_concat(other->values, child->values);
			return true;
		}
	}
	joint->equal = lappend(joint->equal, child);
	return false;
}

/* x pr, or not x pr, once more. */
static bool
is_known(Joint *joint, const Condition *child)
{
	const Condition *present =
		child->kind == CONDITION_NOT ? linitial(child->children) : child;
	ListCell *lc;

	foreach (lc, joint->present)
	{
		const Condition *other = lfirst(lc);

		if (other->kind != child->kind)
			continue;
		if (other->kind == CONDITION_NOT)
			other = linitial(other->children);
		if (strcmp(other->target.expression, present->target.expression) == 0)
			return true;
	}
	joint->present = lappend(joint->present, unconstify(Condition *, child));
	return false;
}

/* "or": has one that, or one that; "and": has none that, and none that. */
static bool
merge_related(Joint *joint, Condition *child)
{
	bool is_or = joint->kind == CONDITION_OR;
	Condition *related = is_or ? child : linitial(child->children);
	int which = related->relation == TARGET_MEMBERS ? 0 : 1;
	bool first = joint->merged[which] == NULL;

	if (first)
		joint->merged[which] = related;
	joint->elements[which] = lappend(joint->elements[which], related->element);
	return !first;
}

/* "or": ne asks each time whether there is none at all. */
static bool
is_asked(Joint *joint, Condition *child)
{
	const Condition *related = linitial(child->children);
	const Condition *element = related->element;
	ListCell *lc;

	if (element->kind != CONDITION_CONSTANT && element->kind != CONDITION_PRESENT)
		return false;
	foreach (lc, joint->asked)
	{
		const Condition *other = linitial(((const Condition *) lfirst(lc))->children);

		if (other->relation == related->relation &&
			other->element->kind == element->kind &&
			(element->kind == CONDITION_CONSTANT ||
			 strcmp(other->element->target.expression, element->target.expression) == 0))
			return true;
	}
	joint->asked = lappend(joint->asked, child);
	return false;
}

/* Is a child part of another one now? */
static bool
merge(Joint *joint, Condition *child)
{
	bool is_or = joint->kind == CONDITION_OR;
	Condition *denied = child->kind == CONDITION_NOT ? linitial(child->children) : NULL;

	if (child->kind == CONDITION_EQUAL)
		return is_or && merge_equal(joint, child);
	if (denied != NULL && denied->kind == CONDITION_EQUAL)
		return !is_or && merge_equal(joint, denied);
	if (child->kind == CONDITION_PRESENT ||
		(denied != NULL && denied->kind == CONDITION_PRESENT))
		return is_known(joint, child);
	if (is_or ? child->kind == CONDITION_RELATED : is_unrelated(child))
		return merge_related(joint, child);
	return is_or && is_unrelated(child) && is_asked(joint, child);
}

static void
add_children(Joint *joint, List *children)
{
	ListCell *lc;

	check_stack_depth();
	foreach (lc, children)
	{
		Condition *child = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (child->kind == CONDITION_CONSTANT)
			joint->decided |= child->constant == (joint->kind == CONDITION_OR);
		else if (child->kind == joint->kind)
			add_children(joint, child->children);
		else if (child->kind == CONDITION_DATA && joint->data == NULL)
			joint->data = child;
		else if (child->kind == CONDITION_DATA)
			merge_data(joint->data, child, joint->kind);
		else if (!merge(joint, child))
			joint->children = lappend(joint->children, child);
	}
}

/* Do two conditions ask the same?  Of what is no comparison and no look-up. */
static bool
is_same(const Condition *a, const Condition *b)
{
	if (a->kind == CONDITION_NOT && b->kind == CONDITION_NOT)
	{
		a = linitial(a->children);
		b = linitial(b->children);
	}
	if (a->kind != b->kind)
		return false;
	switch (a->kind)
	{
		case CONDITION_DATA:
			return strcmp(a->data->data, b->data->data) == 0;
		case CONDITION_PRESENT:
			return strcmp(a->target.expression, b->target.expression) == 0;
		case CONDITION_EQUAL:
			if (list_length(a->values) != 1 || list_length(b->values) != 1 ||
				strcmp(a->target.expression, b->target.expression) != 0)
				return false;
			return a->target.kind == TARGET_ID
					   ? memcmp(linitial(a->values), linitial(b->values), UUID_LEN) == 0
					   : strcmp(linitial(a->values), linitial(b->values)) == 0;
		default:
			return false;
	}
}

static bool
contains(const List *conditions, const Condition *condition)
{
	ListCell *lc;

	foreach (lc, conditions)
	{
		if (is_same(lfirst(lc), condition))
			return true;
	}
	return false;
}

/* What stands in all children, each of which joins a few; NIL: nothing. */
static List *
find_common(ConditionKind kind, List *children)
{
	ConditionKind inner = kind == CONDITION_OR ? CONDITION_AND : CONDITION_OR;
	List *common = NIL;
	ListCell *lc;

	if (list_length(children) < 2)
		return NIL;
	foreach (lc, children)
	{
		const Condition *child = lfirst(lc);
		List *still = NIL;
		ListCell *part;

		CHECK_FOR_INTERRUPTS();
		if (child->kind != inner || list_length(child->children) > COMMON_MAX)
			return NIL;
		if (foreach_current_index(lc) == 0)
		{
			common = child->children;
			continue;
		}
		foreach (part, common)
		{
			if (contains(child->children, lfirst(part)))
				still = lappend(still, lfirst(part));
		}
		common = still;
		if (common == NIL)
			return NIL;
	}
	return common;
}

static Condition *join(ConditionKind kind, List *children);

/* "a and b, or a and c": a, and b or c.  "or" within "and" likewise. */
static Condition *
take_out(ConditionKind kind, List *children, List *common)
{
	ConditionKind inner = kind == CONDITION_OR ? CONDITION_AND : CONDITION_OR;
	List *rests = NIL;
	ListCell *lc;

	foreach (lc, children)
	{
		List *rest = NIL;
		ListCell *part;

		CHECK_FOR_INTERRUPTS();
		foreach (part, ((const Condition *) lfirst(lc))->children)
		{
			if (!contains(common, lfirst(part)))
				rest = lappend(rest, lfirst(part));
		}
		/* without a rest it is what the whole comes to */
		rests = lappend(rests, join(inner, rest));
	}
	return join(inner, lappend(list_copy(common), join(kind, rests)));
}

/* What the document is asked stands last: it costs most. */
static Condition *
join(ConditionKind kind, List *children)
{
	Joint joint = {.kind = kind};
	List *common = find_common(kind, children);
	Condition *condition;
	ListCell *lc;

	check_stack_depth();
	if (common != NIL)
		return take_out(kind, children, common);
	add_children(&joint, children);
	if (joint.decided)
		return ScimConditionConstant(kind == CONDITION_OR);
	for (int i = 0; i < 2; i++)
	{
		if (joint.merged[i] != NULL)
			set_element(joint.merged[i], ScimConditionOr(joint.elements[i]));
	}
	if (joint.data != NULL)
		joint.children = lappend(joint.children, joint.data);
	if (joint.children == NIL)
		return ScimConditionConstant(kind == CONDITION_AND);
	if (list_length(joint.children) == 1)
		return linitial(joint.children);

	condition = make(kind);
	condition->nterms = 0;
	condition->children = joint.children;
	condition->inner = kind == CONDITION_OR;
	condition->textual = true;
	foreach (lc, condition->children)
	{
		const Condition *child = lfirst(lc);

		condition->joined |= child->joined;
		condition->typed |= child->typed;
		condition->textual &= child->textual;
		condition->inner = kind == CONDITION_OR ? condition->inner && child->inner
												: condition->inner || child->inner;
		condition->nrelated += child->nrelated;
		condition->ncomputed += child->ncomputed;
		condition->nterms += child->nterms;
	}
	return condition;
}

Condition *
ScimConditionAnd(List *children)
{
	return join(CONDITION_AND, children);
}

Condition *
ScimConditionOr(List *children)
{
	return join(CONDITION_OR, children);
}
