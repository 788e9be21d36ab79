/*
 * parts.c
 *		Many comparisons of one text with parts of it, at once.
 *
 * Of "or" and many co, sw and ew about one text, scim_internal.has_part asks them all:
 * each member of each group is compared with each, which is the work of the filter.
 * So it counts it, for all rows of a statement: scim_max_filter_visits.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "mapping/condition.h"
#include "store/column.h"
#include "text/find.h"

/* Fewer are comparisons as others are. */
#define PARTS_MIN 8

PG_FUNCTION_INFO_V1(scim_has_part);

/* ---- as SQL */

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

/* The texts, of char *, that are compared, and for each the comparisons. */
typedef struct Compared
{
	List *texts;
	List *comparisons; /* of List *, of Condition * */
} Compared;

static void
add(Compared *compared, const char *text, Condition *comparison)
{
	ListCell *lc;

	foreach (lc, compared->texts)
	{
		ListCell *of_text =
			list_nth_cell(compared->comparisons, foreach_current_index(lc));

		if (strcmp(lfirst(lc), text) == 0)
		{
			lfirst(of_text) = lappend(lfirst(of_text), comparison);
			return;
		}
	}
	compared->texts = lappend(compared->texts, unconstify(char *, text));
	compared->comparisons = lappend(compared->comparisons, list_make1(comparison));
}

/* Appends the literals of one operator, as a parameter. */
static void
emit_literals(Emission *e, const List *comparisons, ScimOp op)
{
	Datum *values = palloc(sizeof(Datum) * list_length(comparisons));
	int nvalues = 0;
	Datum array;
	ListCell *lc;

	foreach (lc, comparisons)
	{
		const Condition *comparison = lfirst(lc);
		size_t len;
		const char *literal;

		CHECK_FOR_INTERRUPTS();
		if (comparison->node->op != op)
			continue;
		literal = ScimComparedLiteral(
			comparison, ScimFilterString(e->predicate->filter, comparison->node->value),
			&len);
		values[nvalues++] = PointerGetDatum(cstring_to_text_with_len(literal, len));
	}
	array = nvalues == 0
				? PointerGetDatum(construct_empty_array(TEXTOID))
				: ScimArray(values, palloc0(nvalues * sizeof(bool)), nvalues, TEXTOID);
	appendStringInfo(e->out, ", $%d",
					 ScimParamsAdd(e->params, TEXTARRAYOID, array, false));
}

/*
 * ScimEmitParts appends, of comparisons that "or" joins, those that ask for parts of a
 * text: each text is computed once, and compared with all of them.  Returns the others.
 */
List *
ScimEmitParts(Emission *e, List *comparisons)
{
	Compared compared = {NIL, NIL};
	List *others = NIL;
	bool first = true;
	ListCell *lc;
	ListCell *of_text;

	foreach (lc, comparisons)
	{
		Condition *comparison = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (ScimIsSubstring((ScimOp) comparison->node->op))
			add(&compared, ScimComparedText(comparison), comparison);
		else
			others = lappend(others, comparison);
	}
	forboth (lc, compared.texts, of_text, compared.comparisons)
	{
		List *parts = lfirst(of_text);
		const char *column;

		if (list_length(parts) < PARTS_MIN)
		{
			others = list_concat(others, parts);
			continue;
		}
		column = ScimComputedColumn(e, lfirst(lc));
		appendStringInfo(e->out, "%sscim_internal.has_part(%s", first ? "" : " OR ",
						 column != NULL ? column : (char *) lfirst(lc));
		emit_literals(e, parts, SCIM_OP_CO);
		emit_literals(e, parts, SCIM_OP_SW);
		emit_literals(e, parts, SCIM_OP_EW);
		appendStringInfoChar(e->out, ')');
		first = false;
	}
	return others;
}

/* ---- of a text */

typedef struct Literal
{
	const char *text;
	int len;
} Literal;

typedef struct HasPart
{
	MemoryContext context; /* of the literals */
	ArrayType *arrays[3];  /* copies */
	int nliterals[3];
	Literal *literals[3];
	int64 visits;
} HasPart;

static void
read_literals(HasPart *state, int which, ArrayType *array)
{
	Datum *values;

	state->arrays[which] = array;
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, NULL,
					  &state->nliterals[which]);
	state->literals[which] = palloc(sizeof(Literal) * Max(state->nliterals[which], 1));
	for (int i = 0; i < state->nliterals[which]; i++)
	{
		text *value = DatumGetTextPP(values[i]);

		state->literals[which][i].text = VARDATA_ANY(value);
		state->literals[which][i].len = VARSIZE_ANY_EXHDR(value);
	}
}

/* Are the arrays those of the last call? */
static bool
same_arrays(FunctionCallInfo fcinfo, const HasPart *state, ArrayType *const *arrays)
{
	for (int i = 0; i < 3; i++)
	{
		if (!get_fn_expr_arg_stable(fcinfo->flinfo, i + 1) &&
			(VARSIZE(arrays[i]) != VARSIZE(state->arrays[i]) ||
			 memcmp(arrays[i], state->arrays[i], VARSIZE(arrays[i])) != 0))
			return false;
	}
	return true;
}

static HasPart *
has_part_state(FunctionCallInfo fcinfo)
{
	HasPart *state = fcinfo->flinfo->fn_extra;
	ArrayType *arrays[3];
	MemoryContext old;

	for (int i = 0; i < 3; i++)
		arrays[i] = PG_GETARG_ARRAYTYPE_P(i + 1);
	if (state != NULL && same_arrays(fcinfo, state, arrays))
		return state;
	for (int i = 0; i < 3; i++)
	{
		if (ARR_ELEMTYPE(arrays[i]) != TEXTOID || ARR_HASNULL(arrays[i]))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("invalid argument of scim_internal.has_part")));
	}
	if (state == NULL)
	{
		state = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(HasPart));
		state->context = AllocSetContextCreate(
			fcinfo->flinfo->fn_mcxt, "scim parts of a text", ALLOCSET_SMALL_SIZES);
		fcinfo->flinfo->fn_extra = state;
	}
	MemoryContextReset(state->context);
	old = MemoryContextSwitchTo(state->context);
	for (int i = 0; i < 3; i++)
		read_literals(state, i,
					  memcpy(palloc(VARSIZE(arrays[i])), arrays[i], VARSIZE(arrays[i])));
	MemoryContextSwitchTo(old);
	return state;
}

static void
count_visits(HasPart *state, int64 visits)
{
	state->visits += visits;
	if (state->visits > scim_max_filter_visits)
		ScimFilterVisitsExceeded();
}

/*
 * scim_internal.has_part(value text, inner text[], first text[], last text[]) returns
 * boolean: does the value contain, begin with or end in one of these?
 */
Datum
scim_has_part(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	HasPart *state = has_part_state(fcinfo);
	const char *text = VARDATA_ANY(value);
	int len = VARSIZE_ANY_EXHDR(value);

	/* beginnings and ends first: they cost next to nothing */
	count_visits(state, (state->nliterals[1] + state->nliterals[2]) / 8);
	for (int i = 0; i < state->nliterals[1]; i++)
	{
		const Literal *literal = &state->literals[1][i];

		if (len >= literal->len && memcmp(text, literal->text, literal->len) == 0)
			PG_RETURN_BOOL(true);
	}
	for (int i = 0; i < state->nliterals[2]; i++)
	{
		const Literal *literal = &state->literals[2][i];

		if (len >= literal->len &&
			memcmp(text + len - literal->len, literal->text, literal->len) == 0)
			PG_RETURN_BOOL(true);
	}
	for (int i = 0; i < state->nliterals[0]; i++)
	{
		const Literal *literal = &state->literals[0][i];

		CHECK_FOR_INTERRUPTS();
		count_visits(state, SCIM_FILTER_VISITS(len));
		if (ScimTextContains(text, len, literal->text, literal->len))
			PG_RETURN_BOOL(true);
	}
	PG_RETURN_BOOL(false);
}
