/*
 * texts.c
 *		Conditions on texts, out of SQL: as a program that text_program.c runs.
 *
 * Where a condition is asked of each row, out of the planner's sight, what it asks of
 * texts is one call:
 *
 *		scim_internal.texts_hold($1, ARRAY[computed.text1, computed.text2])
 *
 * and many questions about the rows of "member" of one group are one, too:
 *
 *		scim_internal.texts_answers($1, array_agg(ARRAY[...]))
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "mapping/predicate/condition.h"
#include "mapping/predicate/text_program.h"
#include "store/statement/statement.h"

/* Fewer terms are SQL. */
#define TEXTS_MIN 8

/*
 * So many terms in SQL that each row is asked are not counted.  Of more each counts for
 * as many visits as it takes longer than a comparison in a program: what has been found
 * of members and groups is as fast.
 */
#define SQL_TERMS_FREE 100
#define SQL_TERM_VISITS 4

/* A program that is being written. */
typedef struct Writer
{
	const ScimFilter *filter;
	List *texts;             /* of char * */
	StringInfoData roots;    /* of uint32 */
	StringInfoData nodes;    /* of TextNode */
	StringInfoData literals; /* of TextLiteral */
	StringInfoData bytes;
} Writer;

/* ScimComputedColumn is the column of a text that has been computed, or NULL. */
const char *
ScimComputedColumn(const Emission *e, const char *text)
{
	ListCell *lc;

	foreach (lc, e->computed)
	{
		if (strcmp(lfirst(lc), text) == 0)
			return psprintf("computed.text%d", foreach_current_index(lc) + 1);
	}
	return NULL;
}

/* ---- which conditions */

/* ScimIsProgram: is a condition written as a program here? */
bool
ScimIsProgram(const Emission *e, const Condition *condition)
{
	return e->params != NULL && (e->at_once || e->computed != NIL) &&
		   condition->textual && condition->nterms >= TEXTS_MIN;
}

/*
 * ScimTakeTexts returns those children of an "and" or "or" that are written as one
 * program here, and sets the others.
 */
List *
ScimTakeTexts(const Emission *e, List *children, List **others)
{
	List *textual = NIL;
	int nterms = 0;
	ListCell *lc;

	*others = children;
	if (e->params == NULL || (!e->at_once && e->computed == NIL))
		return NIL;
	*others = NIL;
	foreach (lc, children)
	{
		Condition *child = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (child->textual)
		{
			textual = lappend(textual, child);
			nterms += child->nterms;
		}
		else
			*others = lappend(*others, child);
	}
	if (nterms >= TEXTS_MIN)
		return textual;
	*others = children;
	return NIL;
}

/* Terms of a condition that are SQL, where it is asked of each row. */
typedef struct SqlTerms
{
	int64 terms;
	int64 found; /* of them, what is known of members and groups by then */
} SqlTerms;

static void
add_sql_terms(SqlTerms *sql, const Condition *condition)
{
	int64 textual = 0;
	ListCell *lc;

	check_stack_depth();
	if (condition->children == NIL ||
		(condition->textual && condition->nterms >= TEXTS_MIN))
	{
		sql->terms++;
		sql->found += condition->kind == CONDITION_RELATED;
		return;
	}
	foreach (lc, condition->children)
	{
		const Condition *child = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (child->textual)
			textual += child->nterms;
		else
			add_sql_terms(sql, child);
	}
	sql->terms += textual >= TEXTS_MIN ? 1 : textual;
}

/*
 * ScimEmitVisits appends a condition that counts what a row is asked in SQL, with words
 * before and after it: nothing where that is little.  conditions: of Condition *, or,
 * where they are RELATED, what those ask of a member or group.
 */
void
ScimEmitVisits(Emission *e, const char *before, const char *after, const List *conditions)
{
	SqlTerms sql = {0, 0};
	ListCell *lc;

	foreach (lc, conditions)
	{
		const Condition *condition = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		add_sql_terms(&sql, condition->kind == CONDITION_RELATED ? condition->element
																 : condition);
	}
	if (e->params != NULL && sql.terms > SQL_TERMS_FREE)
		appendStringInfo(e->out, "%sscim_internal.filter_visits(" INT64_FORMAT ")%s",
						 before, sql.found + (sql.terms - sql.found) * SQL_TERM_VISITS,
						 after);
}

/* ---- writing one */

static uint16
number_of_text(Writer *w, const char *text)
{
	ListCell *lc;

	foreach (lc, w->texts)
	{
		if (strcmp(lfirst(lc), text) == 0)
			return foreach_current_index(lc);
	}
	w->texts = lappend(w->texts, unconstify(char *, text));
	return list_length(w->texts) - 1;
}

static void
add_literal(Writer *w, TextNode *node, const char *text, size_t len)
{
	TextLiteral literal = {w->bytes.len, len};

	appendBinaryStringInfo(&w->bytes, text, len);
	appendBinaryStringInfo(&w->literals, (const char *) &literal, sizeof(literal));
	node->nliterals++;
}

static int
compare_values(const ListCell *a, const ListCell *b)
{
	const char *x = lfirst(a);
	const char *y = lfirst(b);

	return ScimTextOrder(x, strlen(x), y, strlen(y));
}

/* Fills a node that asks one text. */
static void
write_term(Writer *w, TextNode *node, const Condition *condition)
{
	const char *literal;
	size_t len;
	List *values;
	ListCell *lc;

	node->text = number_of_text(w, ScimComparedText(condition));
	node->first = w->literals.len / sizeof(TextLiteral);
	switch (condition->kind)
	{
		case CONDITION_COMPARE:
			node->kind = TEXT_NODE_COMPARE;
			node->op = condition->node->op;
			literal = ScimComparedLiteral(
				condition, ScimFilterString(w->filter, condition->node->value), &len);
			add_literal(w, node, literal, len);
			break;
		case CONDITION_EQUAL:
			node->kind = TEXT_NODE_EQUAL;
			values = list_copy(condition->values);
			if (condition->target.kind == TARGET_ID)
			{
				foreach (lc, values)
					lfirst(lc) = ScimUuidText(lfirst(lc));
			}
			list_sort(values, compare_values);
			foreach (lc, values)
			{
				CHECK_FOR_INTERRUPTS();
				add_literal(w, node, lfirst(lc), strlen(lfirst(lc)));
			}
			list_free(values);
			break;
		default:
			node->kind = TEXT_NODE_PRESENT;
	}
}

static void write_condition(Writer *w, const Condition *condition);

static void
write_children(Writer *w, ConditionKind kind, const List *children)
{
	int at = w->nodes.len;
	TextNode node = {.kind = kind == CONDITION_AND  ? TEXT_NODE_AND
							 : kind == CONDITION_OR ? TEXT_NODE_OR
													: TEXT_NODE_NOT};
	ListCell *lc;

	appendBinaryStringInfo(&w->nodes, (const char *) &node, sizeof(node));
	foreach (lc, children)
	{
		CHECK_FOR_INTERRUPTS();
		write_condition(w, lfirst(lc));
	}
	((TextNode *) (w->nodes.data + at))->size = (w->nodes.len - at) / sizeof(TextNode);
}

static void
write_condition(Writer *w, const Condition *condition)
{
	TextNode node = {.kind = TEXT_NODE_FALSE, .size = 1};

	check_stack_depth();
	if (condition->children != NIL)
	{
		write_children(w, condition->kind, condition->children);
		return;
	}
	write_term(w, &node, condition);
	appendBinaryStringInfo(&w->nodes, (const char *) &node, sizeof(node));
}

static void
begin_root(Writer *w)
{
	uint32 root = w->nodes.len / sizeof(TextNode);

	appendBinaryStringInfo(&w->roots, (const char *) &root, sizeof(root));
}

static void
begin(Writer *w, const Emission *e)
{
	w->filter = e->predicate->filter;
	w->texts = NIL;
	initStringInfo(&w->roots);
	initStringInfo(&w->nodes);
	initStringInfo(&w->literals);
	initStringInfo(&w->bytes);
}

/* Appends the program as a parameter. */
static void
emit_program(Emission *e, const Writer *w)
{
	TextProgram head = {.nanswers = w->roots.len / sizeof(uint32),
						.ntexts = list_length(w->texts),
						.nnodes = w->nodes.len / sizeof(TextNode),
						.nliterals = w->literals.len / sizeof(TextLiteral),
						.nbytes = w->bytes.len};
	StringInfoData program;

	initStringInfo(&program);
	appendBinaryStringInfo(&program, (const char *) &head, sizeof(head));
	appendBinaryStringInfo(&program, w->roots.data, w->roots.len);
	appendBinaryStringInfo(&program, w->nodes.data, w->nodes.len);
	appendBinaryStringInfo(&program, w->literals.data, w->literals.len);
	appendBinaryStringInfo(&program, w->bytes.data, w->bytes.len);
	SET_VARSIZE(program.data, program.len);
	appendStringInfo(
		e->out, "$%d",
		ScimParamsAdd(e->params, BYTEAOID, PointerGetDatum(program.data), false));
}

/* ScimEmitTexts appends the texts that a program reads, computed already or not: text[].
 */
void
ScimEmitTexts(Emission *e, const List *texts)
{
	ListCell *lc;

	appendStringInfoString(e->out, "ARRAY[");
	foreach (lc, texts)
	{
		const char *column = ScimComputedColumn(e, lfirst(lc));

		appendStringInfo(e->out, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
						 column != NULL ? column : (const char *) lfirst(lc));
	}
	appendStringInfoChar(e->out, ']');
}

/* ScimEmitTextsHold appends textual conditions that "and" or "or" joins as a program. */
void
ScimEmitTextsHold(Emission *e, ConditionKind kind, const List *conditions)
{
	Writer w;

	begin(&w, e);
	begin_root(&w);
	write_children(&w, kind, conditions);
	appendStringInfoString(e->out, "scim_internal.texts_hold(");
	emit_program(e, &w);
	appendStringInfoString(e->out, ", ");
	ScimEmitTexts(e, w.texts);
	appendStringInfoChar(e->out, ')');
}

/*
 * ScimEmitTextsAnswers appends what textual elements of members or groups ask, of
 * Condition * or, what is false, NULL: a boolean[].  Returns the texts that are read;
 * rows is what has those of each row, or NULL for those of the row at hand.
 */
List *
ScimEmitTextsAnswers(Emission *e, const List *elements, const char *rows)
{
	static const TextNode no = {.kind = TEXT_NODE_FALSE, .size = 1};
	Writer w;
	ListCell *lc;

	begin(&w, e);
	foreach (lc, elements)
	{
		CHECK_FOR_INTERRUPTS();
		begin_root(&w);
		if (lfirst(lc) == NULL)
			appendBinaryStringInfo(&w.nodes, (const char *) &no, sizeof(no));
		else
			write_condition(&w, lfirst(lc));
	}
	appendStringInfoString(e->out, "scim_internal.texts_answers(");
	emit_program(e, &w);
	appendStringInfoString(e->out, ", ");
	if (rows != NULL)
		appendStringInfoString(e->out, rows);
	else
		ScimEmitTexts(e, w.texts);
	appendStringInfoChar(e->out, ')');
	return w.texts;
}
