/*
 * bind.c
 *		ScimFilter + the attributes of a schema -> ScimBoundFilter: what each
 *		name means, whether its type allows the operator and the literal, and
 *		the literal in the form that match.c compares with.
 *
 * RFC 7644 section 3.4.2.2 says which operators a type has.  Comparing with
 * null, or with the empty string where that is the unassigned value, asks for
 * the presence of the attribute: RFC 7643 section 2.5.
 */
#include "postgres.h"

#include "compat.h"
#include "filter/bound.h"
#include "filter/scan.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "text/text.h"
#include "utils/fmgrprotos.h"

static const char *
type_name(ScimType type)
{
	switch (type)
	{
		case SCIM_TYPE_STRING:
			return "string";
		case SCIM_TYPE_BOOLEAN:
			return "boolean";
		case SCIM_TYPE_DECIMAL:
			return "decimal";
		case SCIM_TYPE_INTEGER:
			return "integer";
		case SCIM_TYPE_DATETIME:
			return "dateTime";
		case SCIM_TYPE_BINARY:
			return "binary";
		case SCIM_TYPE_REFERENCE:
			return "reference";
		case SCIM_TYPE_COMPLEX:
			return "complex";
		case SCIM_TYPE_SEVERAL:
		case SCIM_TYPE_ANY:
			break;
	}
	return "unknown";
}

/* "string", or "string or decimal" of an attribute of several types */
static const char *
type_names(const ScimAttrInfo *attribute)
{
	StringInfoData names;

	if (attribute->type != SCIM_TYPE_SEVERAL)
		return type_name(attribute->type);
	initStringInfo(&names);
	for (int type = 0; type < SCIM_TYPE_SEVERAL; type++)
	{
		if ((attribute->types & SCIM_TYPE_BIT(type)) != 0)
			appendStringInfo(&names, "%s%s", names.len > 0 ? " or " : "",
							 type_name((ScimType) type));
	}
	return names.data;
}

/* The problem of a COMPARE node; what begins behind "the attribute is of type x, ". */
static ScimProblem *
bind_problem(const ScimFilter *filter, uint32 index, const BoundNode *node,
			 const char *what)
{
	StringInfoData term;

	initStringInfo(&term);
	/* one of its parts may be what nobody shows: what it was compared with may be, too */
	if (node->attribute.type == SCIM_TYPE_COMPLEX)
	{
		const ScimFilterNode *from = &filter->nodes[index];

		appendStringInfo(&term, "%s%s%s%s%s %s ...",
						 from->urn != 0 ? ScimFilterString(filter, from->urn) : "",
						 from->urn != 0 ? ":" : "", ScimFilterString(filter, from->name),
						 from->sub != 0 ? "." : "",
						 from->sub != 0 ? ScimFilterString(filter, from->sub) : "",
						 ScimOpName(from->op));
	}
	else
		ScimFilterPrintNode(&term, filter, index);
	return ScimProblemMake(
		SCIM_INVALID_FILTER, NULL,
		"invalid comparison in filter: %s: the attribute is of type %s, %s", term.data,
		type_names(&node->attribute), what);
}

static bool
is_ordering(ScimOp op)
{
	return op == SCIM_OP_GT || op == SCIM_OP_GE || op == SCIM_OP_LT || op == SCIM_OP_LE;
}

/* A literal as a string. */
static const char *
bind_text(const ScimFilterNode *from, const char *value, BoundNode *node, bool exact)
{
	if (from->literal != SCIM_LITERAL_STRING)
		return "write the value in double quotes";
	if (from->value_len == 0 && ScimIsSubstring(node->op))
	{
		node->test = TEST_PRESENT; /* each string has the empty one in it */
		return NULL;
	}
	if (node->attribute.date && !ScimIsSubstring(node->op) &&
		!ScimDateIsValid(value, from->value_len))
		return "the value must be a date such as \"2026-01-31\"";
	node->test = exact ? TEST_TEXT : TEST_FOLDED;
	node->text = value;
	node->text_len = from->value_len;
	if (node->attribute.version)
	{
		node->test = TEST_VERSION;
		node->text =
			ScimVersionWithoutDigest(value, &node->text_len, palloc(SCIM_VERSION_BUFFER));
	}
	else if (!exact)
		node->text = ScimFoldBy((ScimFolding) node->folding, value, from->value_len,
								&node->text_len);
	return NULL;
}

static const char *
bind_number(const ScimFilterNode *from, const char *value, BoundNode *node)
{
	if (ScimIsSubstring(node->op))
		return "which has no substrings";
	if (from->literal != SCIM_LITERAL_NUMBER &&
		!(from->literal == SCIM_LITERAL_STRING &&
		  ScimScanIsNumber((ScimSlice){value, from->value_len})))
		return "the value must be a number";
	node->literal.number = ScimNumberRead(value);
	if (node->literal.number == NULL)
		return "the number may have " SCIM_NUMBER_LIMITS;
	node->test = TEST_NUMBER;
	return NULL;
}

static const char *
bind_boolean(const ScimFilterNode *from, const char *value, BoundNode *node)
{
	if (node->op != SCIM_OP_EQ && node->op != SCIM_OP_NE)
		return "which has the operators eq, ne and pr only";
	node->test = TEST_BOOLEAN;
	if (from->literal == SCIM_LITERAL_TRUE || from->literal == SCIM_LITERAL_FALSE)
		node->literal.boolean = from->literal == SCIM_LITERAL_TRUE;
	else if (from->literal == SCIM_LITERAL_STRING && ScimNameEqual(value, "true"))
		node->literal.boolean = true;
	else if (from->literal == SCIM_LITERAL_STRING && ScimNameEqual(value, "false"))
		node->literal.boolean = false;
	else
		return "the value must be true or false";
	return NULL;
}

static const char *
bind_instant(const ScimFilterNode *from, const char *value, BoundNode *node)
{
	if (ScimIsSubstring(node->op))
		return bind_text(from, value, node, node->attribute.case_exact);
	if (from->literal != SCIM_LITERAL_STRING ||
		!ScimInstantParse(value, from->value_len, &node->literal.instant))
		return "the value must be an xsd:dateTime such as \"2011-05-13T04:42:34Z\"";
	node->test = TEST_INSTANT;
	return NULL;
}

/* Whatever a document holds is compared with a literal of its own kind. */
static const char *
bind_any(const ScimFilterNode *from, const char *value, BoundNode *node)
{
	if (from->literal == SCIM_LITERAL_STRING)
		return bind_text(from, value, node, node->attribute.case_exact);
	if (from->literal == SCIM_LITERAL_NUMBER)
		return bind_number(from, value, node);
	return bind_boolean(from, value, node);
}

/* A comparison with a value of one type. */
static const char *
bind_typed(ScimType type, const ScimFilterNode *from, const char *value, BoundNode *node)
{
	switch (type)
	{
		case SCIM_TYPE_STRING:
			return bind_text(from, value, node, node->attribute.case_exact);
		case SCIM_TYPE_REFERENCE:
			return bind_text(from, value, node, true);
		case SCIM_TYPE_BINARY:
			if (is_ordering(from->op))
				return "which has no order";
			return bind_text(from, value, node, true);
		case SCIM_TYPE_BOOLEAN:
			return bind_boolean(from, value, node);
		case SCIM_TYPE_INTEGER:
		case SCIM_TYPE_DECIMAL:
			return bind_number(from, value, node);
		case SCIM_TYPE_DATETIME:
			return bind_instant(from, value, node);
		case SCIM_TYPE_ANY:
			return bind_any(from, value, node);
		case SCIM_TYPE_COMPLEX:
		case SCIM_TYPE_SEVERAL:
			break;
	}
	return "name one of its sub-attributes";
}

/*
 * The literal says with values of which type the attribute is compared; those of
 * the others differ from it.  A string is also read as what else it may be, as a
 * value that a client sends is, unless the attribute has strings.
 */
static const char *
bind_several(const ScimFilterNode *from, const char *value, BoundNode *node)
{
	static const ScimTypes kinds[] = {SCIM_TYPES_OF_STRINGS, SCIM_TYPES_OF_NUMBERS,
									  SCIM_TYPE_BIT(SCIM_TYPE_BOOLEAN)};
	int first = from->literal == SCIM_LITERAL_STRING   ? 0
				: from->literal == SCIM_LITERAL_NUMBER ? 1
													   : 2;
	const char *wrong = "the value is of none of them";

	for (int i = first; i < lengthof(kinds); i++)
	{
		ScimTypes types = node->attribute.types & kinds[i];
		const char *why;

		if (types != 0)
		{
			why = bind_typed((ScimType) pg_rightmost_one_pos32(types), from, value, node);
			if (why == NULL)
				return NULL;
			if (i == first)
				wrong = why;
		}
		if (first != 0 || types == SCIM_TYPE_BIT(SCIM_TYPE_STRING))
			break;
	}
	return wrong;
}

static bool
asks_presence(const ScimFilterNode *node)
{
	return node->op == SCIM_OP_PR || node->literal == SCIM_LITERAL_NULL;
}

/*
 * Fills in the test of a COMPARE node.  Returns NULL, or what is wrong with the
 * operator or the literal.
 */
static const char *
bind_test(const ScimFilterNode *from, const char *value, BoundNode *node)
{
	bool equality = from->op == SCIM_OP_EQ || from->op == SCIM_OP_NE;

	if (asks_presence(from))
	{
		bool absent = from->op == SCIM_OP_EQ;

		node->test = absent ? TEST_ABSENT : TEST_PRESENT;
		return NULL;
	}
	if (node->attribute.type == SCIM_TYPE_COMPLEX)
		return "name one of its sub-attributes";
	if (equality && from->literal == SCIM_LITERAL_STRING && from->value_len == 0)
	{
		node->test = from->op == SCIM_OP_EQ ? TEST_ABSENT : TEST_PRESENT;
		return NULL;
	}
	if (node->attribute.type == SCIM_TYPE_SEVERAL)
		return bind_several(from, value, node);
	return bind_typed(node->attribute.type, from, value, node);
}

/* ScimBoundTextCompare orders texts such that one is found by its length, most times. */
int
ScimBoundTextCompare(const char *a, size_t alen, const char *b, size_t blen)
{
	if (alen != blen)
		return alen > blen ? 1 : -1;
	return memcmp(a, b, alen);
}

static int
compare_equal(const void *a, const void *b)
{
	const BoundNode *left = *(const BoundNode *const *) a;
	const BoundNode *right = *(const BoundNode *const *) b;

	return ScimBoundTextCompare(left->text, left->text_len, right->text, right->text_len);
}

/* The comparison that a child of "or", or one below "not" within "and", may add to a run.
 */
static const BoundNode *
run_term(const BoundNode *parent, const BoundNode *child)
{
	if (parent->kind == SCIM_NODE_AND)
	{
		if (child->kind != SCIM_NODE_NOT)
			return NULL;
		child++;
	}
	if (child->kind != SCIM_NODE_COMPARE || child->op == SCIM_OP_NE ||
		(child->test != TEST_TEXT && child->test != TEST_FOLDED))
		return NULL;
	return child;
}

static bool
same_attribute(const BoundNode *a, const BoundNode *b)
{
	if (a->test != b->test || a->folding != b->folding ||
		a->scalar_value != b->scalar_value || a->attribute.nkeys != b->attribute.nkeys)
		return false;
	for (int i = 0; i < a->attribute.nkeys; i++)
	{
		if (strcmp(a->attribute.key[i], b->attribute.key[i]) != 0)
			return false;
	}
	return true;
}

/* The run of terms from a child of a node on. */
static void
make_run(BoundNode *child, List *terms)
{
	BoundRun *run = palloc0(sizeof(BoundRun));
	ListCell *lc;

	run->first = linitial(terms);
	run->size = list_length(terms) * child->size;
	run->equal = palloc(sizeof(BoundNode *) * list_length(terms));
	run->others = palloc(sizeof(BoundNode *) * list_length(terms));
	foreach (lc, terms)
	{
		const BoundNode *term = lfirst(lc);

		if (term->op == SCIM_OP_EQ)
			run->equal[run->nequal++] = term;
		else
			run->others[run->nothers++] = term;
	}
	qsort(run->equal, run->nequal, sizeof(BoundNode *), compare_equal);
	child->run = run;
}

/* Finds the runs among the children of an "and" or "or". */
static void
bind_runs(BoundNode *parent)
{
	BoundNode *end = parent + parent->size;
	BoundNode *child = parent + 1;

	while (child < end)
	{
		BoundNode *next = child + child->size;
		const BoundNode *first = run_term(parent, child);
		List *terms = NIL;

		if (first != NULL)
		{
			terms = list_make1((void *) first);
			while (next < end)
			{
				const BoundNode *term = run_term(parent, next);

				CHECK_FOR_INTERRUPTS();
				if (term == NULL || !same_attribute(first, term))
					break;
				terms = lappend(terms, (void *) term);
				next += next->size;
			}
		}
		if (list_length(terms) > 1)
			make_run(child, terms);
		list_free(terms);
		child = next;
	}
}

/* userName of the document, or its "value", which is the same of what is no object? */
static bool
is_user_name(const ScimAttrInfo *element_of, const ScimAttrInfo *attribute)
{
	int nouter = element_of != NULL ? element_of->nkeys : 0;
	int nkeys = nouter + attribute->nkeys;

	for (int i = 0; i < nkeys; i++)
	{
		const char *key = i < nouter ? element_of->key[i] : attribute->key[i - nouter];

		if (i > 1 || !ScimNameEqual(key, i == 0 ? "userName" : "value"))
			return false;
	}
	return nkeys > 0;
}

/*
 * ScimFilterBind resolves the attributes of the subtree of one node (0: the
 * whole filter) and prepares its literals.  parent is NULL for a filter over a
 * resource, or the attribute whose elements it is to be matched with, as in the
 * value filter of a PATCH path.  The result lives in the current memory context
 * and does not need the filter any more, but whatever the resolver's answers
 * point to.  Returns NULL and in *problem what is wrong (SCIM_INVALID_FILTER, or
 * what the resolver says).
 */
ScimBoundFilter *
ScimFilterBind(const ScimFilter *filter, uint32 node, ScimAttrResolver resolver,
			   void *context, const ScimAttrInfo *parent, ScimProblem **problem)
{
	ScimFilter *copy = memcpy(palloc(VARSIZE(filter)), filter, VARSIZE(filter));
	uint32 nnodes = filter->nodes[node].size;
	ScimBoundFilter *bound =
		palloc0(offsetof(ScimBoundFilter, nodes) + nnodes * sizeof(BoundNode));
	const ScimAttrInfo *element_of = parent;
	uint32 element_end = nnodes; /* where the nodes below element_of end */

	*problem = NULL;
	bound->filter = copy;
	bound->nnodes = nnodes;
	for (uint32 i = 0; i < nnodes; i++)
	{
		const ScimFilterNode *from = &copy->nodes[node + i];
		BoundNode *to = &bound->nodes[i];
		const char *value = ScimFilterString(copy, from->value);
		ScimAttrRef ref = {ScimFilterString(copy, from->urn),
						   ScimFilterString(copy, from->name),
						   ScimFilterString(copy, from->sub)};
		const char *wrong;

		CHECK_FOR_INTERRUPTS();
		if (i == element_end)
		{
			element_of = parent;
			element_end = nnodes;
		}
		to->kind = from->kind;
		to->op = from->op;
		to->size = from->size;
		if (from->kind != SCIM_NODE_COMPARE && from->kind != SCIM_NODE_VALUE_PATH)
			continue;
		*problem = resolver(context, &ref, element_of,
							from->kind == SCIM_NODE_COMPARE && !asks_presence(from),
							&to->attribute);
		if (*problem != NULL)
			return NULL;
		if (from->kind == SCIM_NODE_VALUE_PATH)
		{
			if (to->attribute.whole)
			{
				*problem = ScimProblemMake(SCIM_INVALID_FILTER, NULL,
										   "\"%s:%s\" is a schema, not an attribute: no "
										   "value filter can follow it",
										   ref.urn != NULL ? ref.urn : "", ref.name);
				return NULL;
			}
			if (element_of != NULL)
			{
				*problem = ScimProblemMake(SCIM_INVALID_FILTER, NULL,
										   "a value filter cannot hold another one: %s",
										   ref.name);
				return NULL;
			}
			element_of = &to->attribute;
			element_end = i + from->size;
			continue;
		}
		to->scalar_value = element_of != NULL && to->attribute.nkeys == 1 &&
						   ScimNameEqual(to->attribute.key[0], "value");
		to->folding = to->attribute.user_name || is_user_name(element_of, &to->attribute)
						  ? SCIM_FOLD_USER_NAME
						  : SCIM_FOLD_CASE;
		wrong = bind_test(from, value, to);
		if (wrong != NULL)
		{
			*problem = bind_problem(copy, node + i, to, wrong);
			return NULL;
		}
	}
	for (uint32 i = 0; i < nnodes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (bound->nodes[i].kind == SCIM_NODE_AND || bound->nodes[i].kind == SCIM_NODE_OR)
			bind_runs(&bound->nodes[i]);
	}
	return bound;
}
