/*
 * at_once.c
 *		Much at once: a condition in one subquery, which the planner takes as it is.
 *
 * Many look-ups of members and groups are asked of a row by aggregates over its
 * rows of "member", and each text that comparisons share is computed once:
 *
 *		(SELECT members.c1 AND NOT members.c2 OR computed.text1 = ...
 *		 FROM (SELECT scim.fold(...) AS text1 ... OFFSET 0) AS computed,
 *			  (SELECT bool_or(found.c1) AS c1, bool_or(found.c2) AS c2 ... FROM
 *			   (SELECT m.tenant_id AS tenant, m.group_id AS owner, condition AS c1 ...
 *				FROM member m ...) AS found
 *			   WHERE found.tenant = tenant_id AND found.owner = id) AS members)
 *
 * Look-ups that ask the same share a column.  Of groups a search has asked beforehand
 * (groups_found.c), as text each look-up of groups is one subquery for all rows; and what
 * a search asks of the texts of members is one program for all rows (texts.c), as text
 * columns, too.  It starts from the rows of "resource", but
 * its planning is linear.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "json/buckets.h"
#include "mapping/predicate/condition.h"
#include "text/hash.h"

/* What a condition asks: look-ups by relation, those that differ; texts to compute. */
typedef struct AtOnce
{
	const ScimPredicate *predicate;
	List *related[2]; /* of Condition * */
	List *texts[2];   /* of char *: what they ask, in words */
	ScimBuckets by_text[2];
	Condition *any[2]; /* is there one at all? */
	List *computed;    /* of char *; not of the look-ups */
} AtOnce;

/* The name of a subquery that asks all at once. */
static const char *
at_once_name(TargetKind relation)
{
	return relation == TARGET_MEMBERS ? "members" : "groups";
}

static bool
is_any(const Condition *related)
{
	return related->element->kind == CONDITION_CONSTANT;
}

/* Is it one of the questions that a program answers for all members of a group? */
static bool
is_answered(const Emission *e, const Condition *related)
{
	return related->relation == TARGET_MEMBERS && related->element->textual &&
		   e->params != NULL;
}

/*
 * As text, who is in a group that satisfies is found once for all rows, since groups
 * below others are: nothing is to gain by asking the groups of each row at once.
 */
static bool
is_alone(const Emission *e, const Condition *related)
{
	return related->relation == TARGET_GROUPS && e->params == NULL;
}

/* ScimEmitFound appends what is known of a condition RELATED within the subquery. */
void
ScimEmitFound(Emission *e, Condition *related)
{
	Emission alone = {e->out, NULL, e->predicate, false, false, 0, NIL};

	if (is_any(related))
		appendStringInfo(e->out, "any_%s.found", at_once_name(related->relation));
	else if (is_alone(e, related))
		ScimEmitExists(&alone, related);
	else if (related->relation == TARGET_GROUPS || is_answered(e, related))
		appendStringInfo(e->out, "%s.found[%d]", at_once_name(related->relation),
						 related->column);
	else
		appendStringInfo(e->out, "%s.c%d", at_once_name(related->relation),
						 related->column);
}

/* ---- what is asked */

/* Gives a look-up a column: that of an earlier one, where both ask the same. */
static void
find_column(AtOnce *all, int which, Condition *related)
{
	ScimBuckets *by_text = &all->by_text[which];
	StringInfoData text;
	Emission in_words = {&text, NULL, all->predicate, false, false, 0, NIL};
	uint32 hash;

	initStringInfo(&text);
	ScimEmitCondition(&in_words, related->element);
	hash = ScimHash(text.data, text.len);
	for (int at = ScimBucketsFirst(by_text, hash); at >= 0;
		 at = ScimBucketsNext(by_text, at))
	{
		related->column = ScimBucketsItem(by_text, at);
		if (strcmp(list_nth(all->texts[which], related->column - 1), text.data) == 0)
			return;
	}
	all->related[which] = lappend(all->related[which], related);
	all->texts[which] = lappend(all->texts[which], text.data);
	related->column = list_length(all->related[which]);
	ScimBucketsAdd(by_text, hash, related->column);
}

static void
collect(AtOnce *all, const Emission *e, Condition *condition)
{
	int which = condition->relation == TARGET_MEMBERS ? 0 : 1;
	ListCell *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (condition->kind == CONDITION_RELATED && is_any(condition))
		all->any[which] = condition;
	else if (condition->kind == CONDITION_RELATED && !is_alone(e, condition))
		find_column(all, which, condition);
	foreach (lc, condition->children)
		collect(all, e, lfirst(lc));
}

/* ScimCollectTexts adds the texts that a condition compares with: few, in all. */
void
ScimCollectTexts(List **texts, const Condition *condition)
{
	bool indexed;
	const char *text = ScimComputedText(condition, &indexed);
	bool known = text == NULL;
	ListCell *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	foreach (lc, *texts)
		known = known || strcmp(lfirst(lc), text) == 0;
	if (!known)
		*texts = lappend(*texts, unconstify(char *, text));
	foreach (lc, condition->children)
		ScimCollectTexts(texts, lfirst(lc));
}

/* ---- and how */

/* ScimEmitComputed appends the subquery of the texts that are computed. */
void
ScimEmitComputed(Emission *e)
{
	ListCell *lc;

	appendStringInfoString(e->out, "(SELECT ");
	foreach (lc, e->computed)
		appendStringInfo(e->out, "%s%s AS text%d",
						 foreach_current_index(lc) > 0 ? ", " : "", (char *) lfirst(lc),
						 foreach_current_index(lc) + 1);
	/* OFFSET 0: or it would be computed wherever it is named */
	appendStringInfoString(e->out, " OFFSET 0) AS computed");
}

/* ScimAllEqual: where all ask what equals a value, what equals one of these; or NULL. */
Condition *
ScimAllEqual(List *related)
{
	Condition *all = NULL;
	ListCell *lc;

	foreach (lc, related)
	{
		const Condition *element = ((const Condition *) lfirst(lc))->element;

		if (element->kind != CONDITION_EQUAL ||
			(all != NULL &&
			 strcmp(element->target.expression, all->target.expression) != 0))
			return NULL;
		if (all == NULL)
			all = ScimConditionEqual(&element->target, NULL);
		all->values = list_concat(foreach_current_index(lc) == 0 ? NIL : all->values,
								  element->values);
	}
	return all;
}

/*
 * All that groups are asked, looked up now: one row, of what holds for the groups of
 * the row.
 */
static void
emit_groups_found(Emission *e, List *related)
{
	Condition *first = linitial(related);

	if (first->found == (Datum) 0)
		first->found = ScimGroupsFind(e, related);
	appendStringInfo(e->out,
					 "(SELECT scim_internal.groups_found($%d, ARRAY(SELECT found.top "
					 "FROM (SELECT m.tenant_id AS tenant, m.member_id AS owner, "
					 "m.group_id AS top FROM %s.member m WHERE ",
					 ScimParamsAdd(e->params, BYTEAOID, first->found, false),
					 e->predicate->store->quoted_name);
	ScimEmitTenant(e, "m");
	/* OFFSET 0: once, not wherever it is asked for */
	appendStringInfoString(e->out, "true) AS found WHERE found.tenant = tenant_id "
								   "AND found.owner = id)) AS found OFFSET 0) AS groups");
}

/* One row: for each of the conditions, whether some member of the row satisfies it. */
static void
emit_aggregates(Emission *outer, List *related)
{
	Emission inner = *outer;
	Emission *e = &inner;
	Condition *ids = ScimAllEqual(related);
	List *answered = NIL; /* what a program answers, by column; the others NULL */
	List *others = NIL;
	List *texts = NIL; /* what the program reads */
	bool joined = false;
	ListCell *lc;

	inner.at_once = false;
	inner.computed = NIL;
	foreach (lc, related)
	{
		Condition *condition = lfirst(lc);

		ScimCollectTexts(&inner.computed, condition->element);
		joined |= condition->element->joined;
		if (!is_answered(e, condition))
			others = lappend(others, condition);
		answered =
			lappend(answered, is_answered(e, condition) ? condition->element : NULL);
	}
	appendStringInfoString(e->out, "(SELECT ");
	if (list_length(others) < list_length(related))
	{
		texts = ScimEmitTextsAnswers(e, answered, "array_agg(found.texts)");
		appendStringInfo(e->out, " AS found%s", others != NIL ? ", " : "");
	}
	foreach (lc, others)
	{
		int column = ((const Condition *) lfirst(lc))->column;

		appendStringInfo(e->out, "%sbool_or(found.c%d) AS c%d",
						 foreach_current_index(lc) > 0 ? ", " : "", column, column);
	}
	appendStringInfo(e->out, " FROM (SELECT m.tenant_id AS tenant, %s AS owner",
					 ScimOwnerColumn(TARGET_MEMBERS));
	if (texts != NIL)
	{
		appendStringInfoString(e->out, ", ");
		ScimEmitTexts(e, texts);
		appendStringInfoString(e->out, " AS texts");
	}
	foreach (lc, others)
	{
		Condition *condition = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(e->out, ", (");
		ScimEmitRowCondition(e, condition);
		appendStringInfo(e->out, ") AS c%d", condition->column);
	}
	appendStringInfo(e->out, " FROM %s.member m", e->predicate->store->quoted_name);
	if (joined)
		ScimEmitFetchMember(e);
	if (inner.computed != NIL)
	{
		appendStringInfoString(e->out, " CROSS JOIN LATERAL ");
		ScimEmitComputed(e);
	}
	appendStringInfoString(e->out, " WHERE ");
	ScimEmitTenant(e, "m");
	if (ids != NULL && ids->target.kind == TARGET_ID)
		ScimEmitCondition(e, ids);
	else
		appendStringInfoString(e->out, "true");
	ScimEmitVisits(e, " AND ", "", others);
	appendStringInfo(e->out,
					 ") AS found WHERE found.tenant = tenant_id AND found.owner = id) "
					 "AS %s",
					 at_once_name(TARGET_MEMBERS));
}

/*
 * ScimEmitAtOnce appends a condition as one subquery, which answers all its
 * look-ups.
 */
void
ScimEmitAtOnce(Emission *e, Condition *condition)
{
	static const TargetKind relations[2] = {TARGET_MEMBERS, TARGET_GROUPS};
	Emission inner = {e->out, e->params, e->predicate, true, false, 0, NIL};
	Emission any = {e->out, e->params, e->predicate, false, false, 0, NIL};
	AtOnce all = {.predicate = e->predicate};
	const char *separator = " FROM ";

	for (int i = 0; i < 2; i++)
		ScimBucketsInit(&all.by_text[i], 0);
	collect(&all, e, condition);
	ScimCollectTexts(&inner.computed, condition);
	appendStringInfoString(e->out, "(SELECT ");
	ScimEmitCondition(&inner, condition);
	if (inner.computed != NIL)
	{
		appendStringInfoString(e->out, separator);
		ScimEmitComputed(&inner);
		separator = ", ";
	}
	for (int i = 0; i < 2; i++)
	{
		if (all.related[i] != NIL)
		{
			appendStringInfoString(e->out, separator);
			if (relations[i] == TARGET_GROUPS)
				emit_groups_found(&inner, all.related[i]);
			else
				emit_aggregates(&inner, all.related[i]);
			separator = ", ";
		}
		if (all.any[i] != NULL)
		{
			/* OFFSET 0: once, not wherever it is asked for */
			appendStringInfo(e->out, "%s(SELECT ", separator);
			ScimEmitExists(&any, all.any[i]);
			appendStringInfo(e->out, " AS found OFFSET 0) AS any_%s",
							 at_once_name(relations[i]));
			separator = ", ";
		}
	}
	ScimEmitVisits(e, " WHERE ", "", list_make1(condition));
	appendStringInfoChar(e->out, ')');
}
