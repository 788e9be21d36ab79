/*
 * text_program.c
 *		Conditions on texts, answered by us: text_program.h.
 *
 * Many comparisons of a few texts take the executor of SQL five times as long, and it
 * counts nothing.  What a statement looks at is bounded by scim_max_filter_visits.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "filter/filter.h"
#include "mapping/predicate/text_program.h"

PG_FUNCTION_INFO_V1(scim_texts_hold);
PG_FUNCTION_INFO_V1(scim_texts_answers);
PG_FUNCTION_INFO_V1(scim_filter_visits);

/* A program at hand, of a call site. */
typedef struct Running
{
	TextProgram *program; /* a copy */
	const uint32 *roots;
	const TextNode *nodes;
	const TextLiteral *literals;
	const char *bytes;
	int64 eighths; /* of visits */
	/* the texts of the row */
	const Datum *texts;
	const bool *nulls;
} Running;

pg_noreturn static void
refuse_program(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid argument of scim_internal.texts_hold")));
}

/* ---- reading it */

static void
check_literals(const Running *running)
{
	const TextProgram *program = running->program;

	for (uint32 i = 0; i < program->nliterals; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (running->literals[i].offset > program->nbytes ||
			running->literals[i].len > program->nbytes - running->literals[i].offset)
			refuse_program();
	}
}

/* A node and those below it, which end where it says. */
static void
check_node(const Running *running, uint32 at, uint32 end)
{
	const TextNode *node = &running->nodes[at];
	uint32 nchildren = 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (node->size == 0 || node->size > end - at || node->kind > TEXT_NODE_PRESENT)
		refuse_program();
	if (node->kind >= TEXT_NODE_COMPARE &&
		(node->size != 1 || node->text >= running->program->ntexts ||
		 node->op > SCIM_OP_PR || node->first > running->program->nliterals ||
		 node->nliterals > running->program->nliterals - node->first ||
		 (node->kind == TEXT_NODE_COMPARE && node->nliterals != 1)))
		refuse_program();
	if (node->kind >= TEXT_NODE_COMPARE)
		return;
	for (uint32 child = at + 1; child < at + node->size;
		 child += running->nodes[child].size)
	{
		check_node(running, child, at + node->size);
		nchildren++;
	}
	if (node->kind == TEXT_NODE_NOT && nchildren != 1)
		refuse_program();
}

/* Reads a program, or raises that it is none. */
static void
read_program(Running *running)
{
	const TextProgram *program = running->program;
	Size size = VARSIZE(program);

	if (size < sizeof(TextProgram) || program->nanswers > MaxAllocSize / 16 ||
		program->ntexts > PG_UINT16_MAX || program->nnodes > MaxAllocSize / 16 ||
		program->nliterals > MaxAllocSize / 16 || program->nbytes > MaxAllocSize ||
		size != sizeof(TextProgram) + sizeof(uint32) * (Size) program->nanswers +
					sizeof(TextNode) * (Size) program->nnodes +
					sizeof(TextLiteral) * (Size) program->nliterals + program->nbytes)
		refuse_program();
	running->roots = (const uint32 *) (program + 1);
	running->nodes = (const TextNode *) (running->roots + program->nanswers);
	running->literals = (const TextLiteral *) (running->nodes + program->nnodes);
	running->bytes = (const char *) (running->literals + program->nliterals);
	check_literals(running);
	for (uint32 i = 0; i < program->nanswers; i++)
	{
		if (running->roots[i] >= program->nnodes)
			refuse_program();
		check_node(running, running->roots[i], program->nnodes);
	}
}

/* The program that is the first argument: most times that of the last call. */
static Running *
get_running(FunctionCallInfo fcinfo)
{
	Running *running = fcinfo->flinfo->fn_extra;
	const bytea *argument;
	MemoryContext old;

	if (running != NULL && get_fn_expr_arg_stable(fcinfo->flinfo, 0))
		return running;
	argument = PG_GETARG_BYTEA_P(0);
	if (running != NULL && VARSIZE(argument) == VARSIZE(running->program) &&
		memcmp(argument, running->program, VARSIZE(argument)) == 0)
		return running;
	if (running == NULL)
		running = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Running));
	else
		pfree(running->program);
	/* nothing is left of one that is refused */
	fcinfo->flinfo->fn_extra = NULL;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	running->program = palloc(VARSIZE(argument));
	memcpy(running->program, argument, VARSIZE(argument));
	MemoryContextSwitchTo(old);
	read_program(running);
	fcinfo->flinfo->fn_extra = running;
	return running;
}

/* ---- running it */

/* A beginning or an end costs next to nothing: an eighth of a visit. */
static void
count_visits(Running *running, const TextNode *node)
{
	running->eighths += node->op == SCIM_OP_SW || node->op == SCIM_OP_EW ? 1 : 8;
	if (running->eighths / 8 > scim_max_filter_visits)
		ScimFilterVisitsExceeded();
}

static bool
equals_one(const Running *running, const TextNode *node, const char *text, size_t len)
{
	uint32 low = node->first;
	uint32 high = node->first + node->nliterals;

	while (low < high)
	{
		uint32 middle = low + (high - low) / 2;
		const TextLiteral *literal = &running->literals[middle];
		int order =
			ScimTextOrder(text, len, running->bytes + literal->offset, literal->len);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static bool
compares(Running *running, const TextNode *node, const char *text, size_t len)
{
	const TextLiteral *literal = &running->literals[node->first];

	switch ((ScimOp) node->op)
	{
		case SCIM_OP_CO:
			running->eighths += 8 * (SCIM_FILTER_VISITS(len) - 1);
			break;
		case SCIM_OP_NE:
		case SCIM_OP_SW:
		case SCIM_OP_EW:
		case SCIM_OP_GT:
		case SCIM_OP_GE:
		case SCIM_OP_LT:
		case SCIM_OP_LE:
			break;
		default:
			refuse_program();
	}
	return ScimTextHolds((ScimOp) node->op, text, len, running->bytes + literal->offset,
						 literal->len);
}

static bool
holds(Running *running, uint32 at)
{
	const TextNode *node = &running->nodes[at];
	uint32 end = at + node->size;
	const text *value;

	if (node->kind >= TEXT_NODE_COMPARE)
		count_visits(running, node);
	switch ((TextNodeKind) node->kind)
	{
		case TEXT_NODE_FALSE:
			return false;
		case TEXT_NODE_AND:
		case TEXT_NODE_OR:
			check_stack_depth();
			CHECK_FOR_INTERRUPTS();
			for (uint32 child = at + 1; child < end; child += running->nodes[child].size)
			{
				if (holds(running, child) == (node->kind == TEXT_NODE_OR))
					return node->kind == TEXT_NODE_OR;
			}
			return node->kind == TEXT_NODE_AND;
		case TEXT_NODE_NOT:
			check_stack_depth();
			return !holds(running, at + 1);
		case TEXT_NODE_PRESENT:
			return !running->nulls[node->text];
		case TEXT_NODE_COMPARE:
		case TEXT_NODE_EQUAL:
			if (running->nulls[node->text])
				return node->kind == TEXT_NODE_COMPARE && node->op == SCIM_OP_NE;
			value = (const text *) DatumGetPointer(running->texts[node->text]);
			return node->kind == TEXT_NODE_EQUAL
					   ? equals_one(running, node, VARDATA_ANY(value),
									VARSIZE_ANY_EXHDR(value))
					   : compares(running, node, VARDATA_ANY(value),
								  VARSIZE_ANY_EXHDR(value));
	}
	return false;
}

/* The texts of all rows, as the second argument has them. */
static int
read_texts(const Running *running, ArrayType *array, Datum **texts, bool **nulls)
{
	int ntexts;

	if (ARR_ELEMTYPE(array) != TEXTOID)
		refuse_program();
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, texts, nulls, &ntexts);
	if (running->program->ntexts == 0 || ntexts % running->program->ntexts != 0)
		refuse_program();
	for (int i = 0; i < ntexts; i++)
	{
		if (!(*nulls)[i])
			(*texts)[i] = PointerGetDatum(PG_DETOAST_DATUM_PACKED((*texts)[i]));
	}
	return ntexts / running->program->ntexts;
}

/*
 * scim_internal.texts_hold(program bytea, texts text[]) returns boolean: does what a
 * program asks hold for the texts of a row?
 */
Datum
scim_texts_hold(PG_FUNCTION_ARGS)
{
	Running *running = get_running(fcinfo);
	Datum *texts;
	bool *nulls;

	if (read_texts(running, PG_GETARG_ARRAYTYPE_P(1), &texts, &nulls) != 1 ||
		running->program->nanswers != 1)
		refuse_program();
	running->texts = texts;
	running->nulls = nulls;
	PG_RETURN_BOOL(holds(running, running->roots[0]));
}

/*
 * scim_internal.texts_answers(program bytea, texts text[]) returns boolean[]: for each
 * question of a program, whether it holds for the texts of one of some rows.
 */
Datum
scim_texts_answers(PG_FUNCTION_ARGS)
{
	Running *running = get_running(fcinfo);
	uint32 nanswers = running->program->nanswers;
	Size size = ARR_OVERHEAD_NONULLS(1) + nanswers;
	ArrayType *result = palloc0(size);
	bool *answers;
	Datum *texts;
	bool *nulls;
	int nrows = read_texts(running, PG_GETARG_ARRAYTYPE_P(1), &texts, &nulls);

	SET_VARSIZE(result, size);
	result->ndim = 1;
	result->elemtype = BOOLOID;
	ARR_DIMS(result)[0] = nanswers;
	ARR_LBOUND(result)[0] = 1;
	answers = (bool *) ARR_DATA_PTR(result);
	for (int row = 0; row < nrows; row++)
	{
		running->texts = texts + (Size) row * running->program->ntexts;
		running->nulls = nulls + (Size) row * running->program->ntexts;
		CHECK_FOR_INTERRUPTS();
		for (uint32 i = 0; i < nanswers; i++)
			answers[i] = answers[i] || holds(running, running->roots[i]);
	}
	PG_RETURN_ARRAYTYPE_P(result);
}

/*
 * scim_internal.filter_visits(visits integer) returns boolean: true, until what the
 * rows of a statement come to is too much.
 */
Datum
scim_filter_visits(PG_FUNCTION_ARGS)
{
	int64 *visits = fcinfo->flinfo->fn_extra;

	if (visits == NULL)
	{
		visits = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(int64));
		fcinfo->flinfo->fn_extra = visits;
	}
	*visits += PG_GETARG_INT32(0);
	if (*visits > scim_max_filter_visits)
		ScimFilterVisitsExceeded();
	PG_RETURN_BOOL(true);
}

PG_FUNCTION_INFO_V1(scim_has_part);

/* Of version 0.3.0, whose script names it: texts_hold took its place. */
Datum
scim_has_part(PG_FUNCTION_ARGS)
{
	ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					errmsg("scim_internal.has_part is no longer there"),
					errhint("Run ALTER EXTENSION scim UPDATE.")));
}
