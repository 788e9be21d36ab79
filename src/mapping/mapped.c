/*
 * mapped.c
 *		A filter as SQL over any table, through a mapping.
 *
 * Logic has two values (filter/match.c), so the result is never null: a
 * comparison that could be is preceded by IS NOT NULL, which leaves it to an
 * index all the same.  Where null and false are the same, within EXISTS and
 * below "not", which is IS NOT TRUE, nothing is added.
 *
 * A table of values is asked by EXISTS: for any value that passes, for "ne"
 * also for none at all, and for a value filter for one row that passes all of
 * it.  A row without any mapped value is no value.  What "or" joins about one
 * table is one EXISTS.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "filter/bound.h"
#include "mapping/mapping.h"
#include "mapping/sql_emit.h"
#include "store/statement/statement.h"
#include "text/fold.h"

typedef struct Mapped
{
	StringInfo out;
	const ScimMapping *mapping;
	const ScimFilter *filter;
	const ScimBoundFilter *bound;
	const ScimMappedPart *within; /* the part of the value filter that we are in */
	bool null_is_false;           /* the result may be null where it means false */
} Mapped;

static void emit_node(Mapped *m, uint32 index);

static const ScimMappedColumn *
column_of(const BoundNode *node)
{
	return node->attribute.attribute;
}

static bool
is_text(const ScimMappedColumn *column)
{
	return column->type == SCIM_COLUMN_STRING || column->type == SCIM_COLUMN_BINARY ||
		   column->type == SCIM_COLUMN_REFERENCE || column->type == SCIM_COLUMN_CITEXT;
}

/* ---- presence; never null */

static void
emit_column_present(Mapped *m, const ScimMappedColumn *column, bool present)
{
	if (is_text(column))
		appendStringInfo(m->out, "coalesce(%s::text, '') %s ''", column->expression,
						 present ? "<>" : "=");
	else
		appendStringInfo(m->out, "%s IS %s", column->expression,
						 present ? "NOT NULL" : "NULL");
}

/* Any of the columns of a row. */
static void
emit_row_present(Mapped *m, const ScimMappedPart *part)
{
	ListCell *lc;

	appendStringInfoChar(m->out, '(');
	foreach (lc, part->columns)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(m->out, " OR ");
		emit_column_present(m, lfirst(lc), true);
	}
	appendStringInfoChar(m->out, ')');
}

/* Begins a question for the rows of a part; the condition and a ")" follow. */
static void
begin_exists(Mapped *m, const ScimMappedPart *part)
{
	appendStringInfo(m->out, "EXISTS (SELECT 1 FROM %s WHERE ", part->from);
	if (part->where != NULL)
		appendStringInfo(m->out, "(%s) AND ", part->where);
}

/* ---- one column */

/* 8-4-4-4-12, and in lower case unless the case does not matter */
static bool
read_uuid(const BoundNode *node, pg_uuid_t *uuid)
{
	return ScimUuidParse(node->text, uuid) && strcmp(ScimUuidText(uuid), node->text) == 0;
}

static void
emit_uuid_comparison(Mapped *m, const BoundNode *node)
{
	const char *expression = column_of(node)->expression;
	pg_uuid_t uuid;

	if (node->op != SCIM_OP_EQ && node->op != SCIM_OP_NE)
		ScimSqlCompareText(m->out, NULL, psprintf("%s::text COLLATE \"C\"", expression),
						   (ScimOp) node->op, node->text, node->text_len);
	else if (read_uuid(node, &uuid))
		appendStringInfo(m->out, "%s %s '%s'::uuid", expression,
						 ScimSqlOperator((ScimOp) node->op), ScimUuidText(&uuid));
	else
		appendStringInfoString(m->out, node->op == SCIM_OP_EQ ? "false" : "true");
}

static void
emit_citext_equality(Mapped *m, const BoundNode *node, const ScimFilterNode *from)
{
	appendStringInfo(m->out, "%s %s %s::citext", column_of(node)->expression,
					 ScimSqlOperator((ScimOp) node->op),
					 quote_literal_cstr(ScimFilterString(m->filter, from->value)));
}

/*
 * Order is that of the bytes, which for UTF-8 is that of the code points, so it
 * needs collation "C".  The empty string is no value and hence not less than
 * others.
 */
static void
emit_text_comparison(Mapped *m, const BoundNode *node)
{
	const ScimMappedColumn *column = column_of(node);
	ScimOp op = (ScimOp) node->op;
	bool equality = op == SCIM_OP_EQ || op == SCIM_OP_NE;
	const char *text = "%s::text%s";
	char *expression;

	if (node->test == TEST_FOLDED)
		text = node->folding == SCIM_FOLD_USER_NAME ? "scim.fold_user_name(%s::text)%s"
													: "scim.fold(%s::text)%s";
	else if (node->test == TEST_VERSION) /* as ScimVersionWithoutDigest does it */
		text = "regexp_replace(%s::text, '^(W/\"[0-9]{1,19})[.](.*[^\"])?(\"?)$', "
			   "E'\\\\1\\\\3')%s";
	expression = psprintf(text, column->expression, equality ? "" : " COLLATE \"C\"");
	if (op == SCIM_OP_LT || op == SCIM_OP_LE)
		appendStringInfo(m->out, "%s > '' AND ", expression);
	if (op == SCIM_OP_GE && node->text_len == 0)
		op = SCIM_OP_GT;
	ScimSqlCompareText(m->out, NULL, expression, op, node->text, node->text_len);
}

static void
emit_number_comparison(Mapped *m, const BoundNode *node)
{
	Datum number = NumericGetDatum(node->literal.number);
	char *text = DatumGetCString(DirectFunctionCall1(numeric_out, number));
	bool is_bigint = column_of(node)->type == SCIM_COLUMN_INTEGER && strlen(text) <= 18 &&
					 strchr(text, '.') == NULL;

	/* an index on an integer column serves integers only */
	appendStringInfo(m->out, "%s %s '%s'::%s", column_of(node)->expression,
					 ScimSqlOperator((ScimOp) node->op), text,
					 is_bigint ? "bigint" : "numeric");
}

static void
emit_instant_text_comparison(Mapped *m, const BoundNode *node)
{
	ScimSqlCompareText(
		m->out, NULL,
		ScimSqlInstantText(column_of(node)->expression, node->test == TEST_FOLDED),
		(ScimOp) node->op, node->text, node->text_len);
}

static void
emit_test(Mapped *m, const BoundNode *node, const ScimFilterNode *from)
{
	const ScimMappedColumn *column = column_of(node);

	switch ((BoundTest) node->test)
	{
		case TEST_PRESENT:
		case TEST_ABSENT:
			emit_column_present(m, column, node->test == TEST_PRESENT);
			break;
		case TEST_TEXT:
		case TEST_FOLDED:
		case TEST_VERSION:
			if (column->type == SCIM_COLUMN_DATETIME)
				emit_instant_text_comparison(m, node);
			else if (column->type == SCIM_COLUMN_UUID)
				emit_uuid_comparison(m, node);
			else if (column->type == SCIM_COLUMN_CITEXT &&
					 (node->op == SCIM_OP_EQ || node->op == SCIM_OP_NE))
				emit_citext_equality(m, node, from);
			else
				emit_text_comparison(m, node);
			break;
		case TEST_NUMBER:
			emit_number_comparison(m, node);
			break;
		case TEST_BOOLEAN:
			ScimSqlCompareBoolean(m->out, column->expression, (ScimOp) node->op,
								  node->literal.boolean);
			break;
		case TEST_INSTANT:
			ScimSqlCompareInstant(m->out, NULL, column->expression, (ScimOp) node->op,
								  &node->literal.instant);
			break;
	}
}

/* A comparison with a column of the row that we are at. */
static void
emit_column_comparison(Mapped *m, const BoundNode *node, const ScimFilterNode *from)
{
	bool never_null =
		node->test == TEST_PRESENT || node->test == TEST_ABSENT || node->op == SCIM_OP_NE;

	appendStringInfoChar(m->out, '(');
	if (!never_null && !m->null_is_false)
		appendStringInfo(m->out, "%s IS NOT NULL AND ", column_of(node)->expression);
	emit_test(m, node, from);
	appendStringInfoChar(m->out, ')');
}

/* ---- more than one column */

/* A comparison with any of the values that the rows of another table hold. */
static void
emit_table_comparison(Mapped *m, const BoundNode *node, const ScimFilterNode *from)
{
	const ScimMappedColumn *column = column_of(node);
	bool none = node->test == TEST_ABSENT;
	bool differs = !none && node->test != TEST_PRESENT && node->op == SCIM_OP_NE;

	if (none || differs)
		appendStringInfoString(m->out, none ? "(NOT " : "(");
	begin_exists(m, column->part);
	if (none || differs || node->test == TEST_PRESENT)
		emit_column_present(m, column, true);
	if (differs)
		appendStringInfoString(m->out, " AND ");
	if (!none && node->test != TEST_PRESENT)
		emit_test(m, node, from);
	appendStringInfoString(m->out, none ? "))" : ")");
	if (differs)
	{
		appendStringInfoString(m->out, " OR NOT ");
		begin_exists(m, column->part);
		emit_column_present(m, column, true);
		appendStringInfoString(m->out, "))");
	}
}

/* The node by scim.matches() on what the mapping says is JSON. */
static void
emit_json(Mapped *m, uint32 index, const ScimMappedPart *part)
{
	ScimProblem *problem = NULL;
	StringInfoData text;
	char *document = pstrdup(part->whole.expression);

	if (ScimFilterBind(m->filter, index, m->mapping->schema, m->mapping->schema_context,
					   NULL, &problem) == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	initStringInfo(&text);
	ScimFilterPrintNode(&text, m->filter, index);
	if (part->name != NULL)
		document = psprintf("jsonb_build_object(%s, %s)", quote_literal_cstr(part->name),
							document);
	if (part->extension != NULL)
		document = psprintf("jsonb_build_object(%s, %s)",
							quote_literal_cstr(part->extension), document);
	if (part == m->mapping->document && !m->null_is_false)
		appendStringInfo(m->out, "(%s IS NOT NULL AND ", document);
	appendStringInfo(m->out, "scim.matches(%s, %s::scim.filter)", document,
					 quote_literal_cstr(text.data));
	if (part == m->mapping->document && !m->null_is_false)
		appendStringInfoChar(m->out, ')');
}

static void
emit_part_present(Mapped *m, const ScimMappedPart *part)
{
	if (part->whole.type == SCIM_COLUMN_JSONB)
	{
		appendStringInfo(m->out, "scim.matches(jsonb_build_object('value', %s), %s)",
						 part->whole.expression, "'value pr'::scim.filter");
		return;
	}
	if (part->from != NULL)
		begin_exists(m, part);
	emit_row_present(m, part);
	if (part->from != NULL)
		appendStringInfoChar(m->out, ')');
}

/* pr or not pr of a complex attribute, or of an extension, by its parts. */
static void
emit_complex_present(Mapped *m, const ScimMappedPart *part, bool present)
{
	bool first = true;
	ListCell *lc;

	appendStringInfoString(m->out, present ? "(" : "(NOT (");
	if (part->name != NULL)
		emit_part_present(m, part);
	else
	{
		foreach (lc, m->mapping->parts)
		{
			const ScimMappedPart *member = lfirst(lc);

			if (ScimNameCompare(member->extension, part->extension) != 0)
				continue;
			if (!first)
				appendStringInfoString(m->out, " OR ");
			first = false;
			emit_part_present(m, member);
		}
	}
	appendStringInfoString(m->out, present ? ")" : "))");
}

/* Is a condition on an element true for one that has no value at all? */
static bool
true_of_nothing(const BoundNode *node)
{
	const BoundNode *end = node + node->size;
	bool is_and = node->kind == SCIM_NODE_AND;

	check_stack_depth();
	if (node->kind == SCIM_NODE_NOT)
		return !true_of_nothing(node + 1);
	if (node->kind == SCIM_NODE_COMPARE)
		return node->test == TEST_ABSENT ||
			   (node->test != TEST_PRESENT && node->op == SCIM_OP_NE);
	for (const BoundNode *child = node + 1; child < end; child += child->size)
	{
		if (true_of_nothing(child) != is_and)
			return !is_and;
	}
	return is_and;
}

/* All of what is in part[...], of the row that we are at. */
static void
emit_row_filter(Mapped *m, uint32 index, const ScimMappedPart *part)
{
	const ScimMappedPart *outer = m->within;

	m->within = part;
	if (true_of_nothing(&m->bound->nodes[index + 1]))
	{
		emit_row_present(m, part);
		appendStringInfoString(m->out, " AND ");
	}
	emit_node(m, index + 1);
	m->within = outer;
}

/* part[...]: one row that passes all of it. */
static void
emit_value_path(Mapped *m, uint32 index, const ScimMappedPart *part)
{
	bool null_is_false = m->null_is_false;

	if (part->from != NULL)
	{
		m->null_is_false = true;
		begin_exists(m, part);
	}
	else
		appendStringInfoChar(m->out, '(');
	emit_row_filter(m, index, part);
	appendStringInfoChar(m->out, ')');
	m->null_is_false = null_is_false;
}

/* The table in which one row is asked for, and nothing else; NULL for other nodes. */
static const ScimMappedPart *
table_asked(const Mapped *m, uint32 index)
{
	const BoundNode *node = &m->bound->nodes[index];
	const ScimMappedColumn *column = column_of(node);
	bool compares = node->kind == SCIM_NODE_COMPARE &&
					column->type != SCIM_COLUMN_COMPLEX && node->test != TEST_ABSENT &&
					(node->test == TEST_PRESENT || node->op != SCIM_OP_NE);

	if (m->within != NULL || (!compares && node->kind != SCIM_NODE_VALUE_PATH) ||
		column->type == SCIM_COLUMN_JSONB || column->part->from == NULL)
		return NULL;
	return column->part;
}

/* What is asked of a row of that table. */
static void
emit_row_condition(Mapped *m, uint32 index)
{
	const BoundNode *node = &m->bound->nodes[index];

	appendStringInfoChar(m->out, '(');
	if (node->kind == SCIM_NODE_VALUE_PATH)
		emit_row_filter(m, index, column_of(node)->part);
	else if (node->test == TEST_PRESENT)
		emit_column_present(m, column_of(node), true);
	else
		emit_test(m, node, &m->filter->nodes[index]);
	appendStringInfoChar(m->out, ')');
}

/* Children of an "or" that ask the table of the first of them: one EXISTS. */
static void
emit_either(Mapped *m, List *children, const ScimMappedPart *part)
{
	bool null_is_false = m->null_is_false;
	ListCell *lc;

	m->null_is_false = true;
	begin_exists(m, part);
	appendStringInfoChar(m->out, '(');
	foreach (lc, children)
	{
		CHECK_FOR_INTERRUPTS();
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(m->out, " OR ");
		emit_row_condition(m, lfirst_int(lc));
	}
	appendStringInfoString(m->out, "))");
	m->null_is_false = null_is_false;
}

static void
emit_comparison(Mapped *m, uint32 index)
{
	const BoundNode *node = &m->bound->nodes[index];
	const ScimMappedColumn *column = column_of(node);

	if (column->type == SCIM_COLUMN_JSONB)
		emit_json(m, index, column->part);
	else if (column->type == SCIM_COLUMN_COMPLEX)
		emit_complex_present(m, column->part, node->test == TEST_PRESENT);
	else if (column->part->from != NULL && m->within == NULL)
		emit_table_comparison(m, node, &m->filter->nodes[index]);
	else
		emit_column_comparison(m, node, &m->filter->nodes[index]);
}

/* Children of an "or" that are one question. */
typedef struct Question
{
	const ScimMappedPart *part; /* whose table is asked; NULL: something else */
	List *children;             /* nodes: one, or more of the same part */
} Question;

static List *
find_questions(const Mapped *m, uint32 index)
{
	uint32 end = index + m->filter->nodes[index].size;
	List *questions = NIL; /* of Question * */
	List *asked = NIL;     /* those of them that have a part: few */
	ListCell *lc;

	for (uint32 child = index + 1; child < end; child += m->filter->nodes[child].size)
	{
		const ScimMappedPart *part = table_asked(m, child);
		Question *question = NULL;

		CHECK_FOR_INTERRUPTS();
		foreach (lc, asked)
		{
			if (part != NULL && ((Question *) lfirst(lc))->part == part)
				question = lfirst(lc);
		}
		if (question == NULL)
		{
			question = palloc0(sizeof(Question));
			question->part = part;
			questions = lappend(questions, question);
			if (part != NULL)
				asked = lappend(asked, question);
		}
		question->children = lappend_int(question->children, child);
	}
	return questions;
}

static void
emit_or(Mapped *m, uint32 index)
{
	List *questions = find_questions(m, index);
	ListCell *lc;

	appendStringInfoChar(m->out, '(');
	foreach (lc, questions)
	{
		const Question *question = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(m->out, " OR ");
		if (list_length(question->children) > 1)
			emit_either(m, question->children, question->part);
		else
			emit_node(m, linitial_int(question->children));
	}
	appendStringInfoChar(m->out, ')');
}

static void
emit_and(Mapped *m, uint32 index)
{
	uint32 end = index + m->filter->nodes[index].size;

	appendStringInfoChar(m->out, '(');
	for (uint32 child = index + 1; child < end; child += m->filter->nodes[child].size)
	{
		CHECK_FOR_INTERRUPTS();
		if (child > index + 1)
			appendStringInfoString(m->out, " AND ");
		emit_node(m, child);
	}
	appendStringInfoChar(m->out, ')');
}

static void
emit_node(Mapped *m, uint32 index)
{
	const BoundNode *node = &m->bound->nodes[index];
	bool null_is_false = m->null_is_false;

	check_stack_depth();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_AND:
			emit_and(m, index);
			break;
		case SCIM_NODE_OR:
			emit_or(m, index);
			break;
		case SCIM_NODE_NOT:
			m->null_is_false = true;
			appendStringInfoString(m->out, "((");
			emit_node(m, index + 1);
			appendStringInfoString(m->out, ") IS NOT TRUE)");
			m->null_is_false = null_is_false;
			break;
		case SCIM_NODE_COMPARE:
			emit_comparison(m, index);
			break;
		case SCIM_NODE_VALUE_PATH:
			if (column_of(node)->type == SCIM_COLUMN_JSONB)
				emit_json(m, index, column_of(node)->part);
			else
				emit_value_path(m, index, column_of(node)->part);
			break;
	}
}

/*
 * ScimMappedPredicate appends a filter as a boolean SQL expression over the
 * tables of a mapping, never null.  Raises SCIM_INVALID_FILTER where the filter
 * names an attribute that is not mapped, or compares one as its type forbids.
 */
void
ScimMappedPredicate(StringInfo out, const ScimMapping *mapping, const ScimFilter *filter)
{
	Mapped m = {out, mapping, filter, NULL, NULL, false};
	ScimProblem *problem = NULL;

	m.bound =
		ScimFilterBind(filter, 0, ScimMappingResolve, (void *) mapping, NULL, &problem);
	if (m.bound == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	emit_node(&m, 0);
}
