/*
 * parse.c
 *		Filter text -> ScimFilter, the flat tree (RFC 7644 section 3.4.2.2).
 *
 * Recursive descent, one function per level of precedence, that writes the
 * nodes in preorder as it goes.  Whether a chain of operands is an AND or an OR
 * is known only behind its first operand, so each chain first writes a node
 * NODE_NONE; it becomes real with the second operand and is left out when the
 * tree is copied into its final place.  The same trick merges (a or b) or c:
 * the inner OR, which then stands first in its operand, becomes NODE_NONE.
 *
 * Errors are returned, never raised; only the stack's depth is left to the
 * server.  The work is linear in the length of the text.
 */
#include "postgres.h"

#include "compat.h"
#include "filter/parse.h"
#include "miscadmin.h"

#define NODE_NONE 255   /* a node that the final tree does not have */
#define FAILED (-1)     /* instead of the index of a node */
#define INLINE_NODES 16 /* small filters allocate nothing but the result */
#define INLINE_STRINGS 256

int scim_max_filter_depth = SCIM_MAX_FILTER_DEPTH_DEFAULT;
int scim_max_filter_nodes = SCIM_MAX_FILTER_NODES_DEFAULT;

/*
 * While parsing, size counts only nodes that are not NODE_NONE, and the strings
 * of a node hold 1 + their offset in "strings".
 */
typedef struct Parser
{
	ScimScan *scan;
	ScimFilterNode *nodes;
	int written;  /* nodes in the array */
	int capacity; /* of the array */
	int live;     /* nodes that the final tree has */
	char *strings;
	uint32 strings_len;
	int depth;
	int deepest; /* since the last opening bracket */
	bool in_brackets;
	ScimFilterNode inline_nodes[INLINE_NODES];
	char inline_strings[INLINE_STRINGS];
} Parser;

static const ScimSlice nothing = {NULL, 0};

static int parse_chain(Parser *parser, ScimNodeKind kind);

/* Every string of the tree, with its NUL, is shorter than the text it is from. */
static void
parser_start(Parser *parser, ScimScan *scan, bool in_brackets)
{
	size_t room = scan->end - scan->at + 1;

	parser->scan = scan;
	parser->nodes = parser->inline_nodes;
	parser->written = 0;
	parser->capacity = INLINE_NODES;
	parser->live = 0;
	parser->strings = room <= INLINE_STRINGS ? parser->inline_strings : palloc(room);
	parser->strings_len = 0;
	parser->depth = 0;
	parser->deepest = 0;
	parser->in_brackets = in_brackets;
}

static void
parser_end(Parser *parser)
{
	if (parser->nodes != parser->inline_nodes)
		pfree(parser->nodes);
	if (parser->strings != parser->inline_strings)
		pfree(parser->strings);
}

static int
add_node(Parser *parser, uint8 kind)
{
	ScimFilterNode *node;

	if (parser->written == parser->capacity)
	{
		size_t size = parser->capacity * sizeof(ScimFilterNode);

		if (parser->nodes == parser->inline_nodes)
			parser->nodes = memcpy(palloc(2 * size), parser->nodes, size);
		else
			parser->nodes = repalloc(parser->nodes, 2 * size);
		parser->capacity *= 2;
	}
	node = &parser->nodes[parser->written];
	memset(node, 0, sizeof(*node));
	node->kind = kind;
	node->size = 1;
	if (kind != NODE_NONE)
		parser->live++;
	return parser->written++;
}

static bool
too_many_nodes(Parser *parser)
{
	if (parser->live <= scim_max_filter_nodes)
	{
		scim_filter_needs.nodes = Max(scim_filter_needs.nodes, (int) parser->live);
		return false;
	}
	if (parser->scan->problem == NULL)
	{
		parser->scan->problem = ScimProblemMake(
			SCIM_INVALID_FILTER, NULL, "filter has too many terms: it may have %d",
			scim_max_filter_nodes);
		parser->scan->problem->hint = "The setting max_filter_nodes is the limit.";
	}
	return true;
}

/* Checks a depth of nesting, reached at scan->at, against the limit. */
static bool
too_deep(Parser *parser, int depth)
{
	ScimScan *scan = parser->scan;

	if (depth <= scim_max_filter_depth)
	{
		scim_filter_needs.depth = Max(scim_filter_needs.depth, depth);
		return false;
	}
	if (scan->problem == NULL)
	{
		int position = ScimScanPosition(scan, scan->at);

		scan->problem =
			ScimProblemMake(SCIM_INVALID_FILTER, NULL,
							"filter is nested too deeply at character %d: %d levels are "
							"allowed",
							position, scim_max_filter_depth);
		scan->problem->hint = "The setting max_filter_depth is the limit.";
		scan->problem->position = position;
	}
	return true;
}

/* Goes one level deeper, at an opening parenthesis or bracket. */
static bool
enter(Parser *parser)
{
	check_stack_depth();
	if (too_deep(parser, parser->depth + 1))
		return false;
	parser->depth++;
	parser->deepest = Max(parser->deepest, parser->depth);
	return true;
}

static uint32
add_string(Parser *parser, ScimSlice slice)
{
	uint32 offset = parser->strings_len;

	if (slice.at == NULL)
		return 0;
	memcpy(parser->strings + offset, slice.at, slice.len);
	parser->strings[offset + slice.len] = '\0';
	parser->strings_len += slice.len + 1;
	return offset + 1;
}

/* Makes a child part of a parent of the same kind: a or (b or c). */
static void
merge(Parser *parser, int child, ScimNodeKind kind)
{
	if (parser->nodes[child].kind == kind)
	{
		parser->nodes[child].kind = NODE_NONE;
		parser->live--;
	}
}

/* The operators have two letters, which makes a switch of a lookup. */
static bool
find_operator(ScimSlice word, ScimOp *op)
{
	if (word.len != 2)
		return false;
#define PAIR(a, b) (((a) << 8) | (b))
	switch (PAIR((unsigned char) word.at[0] | 0x20, (unsigned char) word.at[1] | 0x20))
	{
		case PAIR('e', 'q'):
			*op = SCIM_OP_EQ;
			return true;
		case PAIR('n', 'e'):
			*op = SCIM_OP_NE;
			return true;
		case PAIR('c', 'o'):
			*op = SCIM_OP_CO;
			return true;
		case PAIR('s', 'w'):
			*op = SCIM_OP_SW;
			return true;
		case PAIR('e', 'w'):
			*op = SCIM_OP_EW;
			return true;
		case PAIR('g', 't'):
			*op = SCIM_OP_GT;
			return true;
		case PAIR('g', 'e'):
			*op = SCIM_OP_GE;
			return true;
		case PAIR('l', 't'):
			*op = SCIM_OP_LT;
			return true;
		case PAIR('l', 'e'):
			*op = SCIM_OP_LE;
			return true;
		case PAIR('p', 'r'):
			*op = SCIM_OP_PR;
			return true;
		default:
			return false;
	}
#undef PAIR
}

/* compValue = false / null / true / number / string */
static bool
parse_literal(Parser *parser, ScimFilterNode *node, ScimSlice op_word)
{
	ScimScan *scan = parser->scan;
	ScimSlice word;
	size_t len;

	ScimScanSpace(scan);
	if (scan->at < scan->end && *scan->at == '"')
	{
		char *out = parser->strings + parser->strings_len;

		if (!ScimScanString(scan, out, &len))
			return false;
		out[len] = '\0';
		node->literal = SCIM_LITERAL_STRING;
		node->value = parser->strings_len + 1;
		node->value_len = len;
		parser->strings_len += len + 1;
		return true;
	}

	word = ScimScanWord(scan);
	if (ScimScanIsNumber(word))
	{
		node->literal = SCIM_LITERAL_NUMBER;
		node->value = add_string(parser, word);
		node->value_len = word.len;
	}
	else if (word.len == 4 && memcmp(word.at, "true", 4) == 0)
		node->literal = SCIM_LITERAL_TRUE;
	else if (word.len == 5 && memcmp(word.at, "false", 5) == 0)
		node->literal = SCIM_LITERAL_FALSE;
	else if (word.len == 4 && memcmp(word.at, "null", 4) == 0)
		node->literal = SCIM_LITERAL_NULL;
	else if (word.len > 0)
		/* not which: it may be a secret */
		return ScimScanFail(scan, scan->at,
							"expected a value (strings in double quotes) after %s",
							ScimScanQuote(op_word));
	else
		return ScimScanExpected(scan, "a value", op_word);

	if (node->literal != SCIM_LITERAL_NUMBER && node->op != SCIM_OP_EQ &&
		node->op != SCIM_OP_NE)
		return ScimScanFail(scan, word.at, "operator \"%s\" cannot compare with %s",
							ScimOpName(node->op), pnstrdup(word.at, word.len));
	scan->at += word.len;
	return true;
}

/* The operator and the literal behind an attribute, into a new COMPARE node. */
static int
parse_comparison(Parser *parser, const ScimAttrSlice *attribute, ScimSlice after)
{
	ScimScan *scan = parser->scan;
	int index = add_node(parser, SCIM_NODE_COMPARE);
	ScimFilterNode *node = &parser->nodes[index];
	ScimSlice word;
	ScimOp op;

	if (too_many_nodes(parser))
		return FAILED;
	node->urn = add_string(parser, attribute->urn);
	node->name = add_string(parser, attribute->name);
	node->sub = add_string(parser, attribute->sub);

	ScimScanSpace(scan);
	word = ScimScanWord(scan);
	if (!find_operator(word, &op))
	{
		bool is_not = attribute->urn.at == NULL && attribute->sub.at == NULL &&
					  ScimScanWordIs(attribute->name, "not");

		ScimScanExpected(scan, is_not ? "\"(\"" : "an operator", after);
		return FAILED;
	}
	scan->at += word.len;
	node->op = op;
	if (op == SCIM_OP_PR)
		node->literal = SCIM_LITERAL_NONE;
	else if (!parse_literal(parser, node, word))
		return FAILED;
	return index;
}

/* A filter in parentheses; scan->at is the opening one. */
static int
parse_group(Parser *parser)
{
	ScimScan *scan = parser->scan;
	const char *open = scan->at;
	int root;

	if (!enter(parser))
		return FAILED;
	scan->at++;
	root = parse_chain(parser, SCIM_NODE_OR);
	if (root == FAILED)
		return FAILED;
	ScimScanSpace(scan);
	if (!ScimScanAccept(scan, ')'))
	{
		ScimScanExpected(
			scan,
			psprintf("\"and\", \"or\" or the \")\" for the \"(\" at character %d",
					 ScimScanPosition(scan, open)),
			nothing);
		return FAILED;
	}
	parser->depth--;
	return root;
}

/*
 * attribute "[" filter "]", and behind it perhaps a sub-attribute with a
 * comparison, as Entra ID sends it: emails[type eq "work"].value eq "x" is
 * emails[type eq "work" and value eq "x"].  scan->at is the opening bracket.
 */
static int
parse_value_path(Parser *parser, const ScimAttrSlice *attribute)
{
	ScimScan *scan = parser->scan;
	const char *open = scan->at;
	int live = parser->live;
	int index;
	int both;
	int inner;
	ScimFilterNode *node;

	if (parser->in_brackets)
	{
		ScimScanFail(scan, scan->at, "a value filter cannot hold another one");
		return FAILED;
	}
	if (!enter(parser))
		return FAILED;
	scan->at++;
	parser->in_brackets = true;
	parser->deepest = parser->depth;
	index = add_node(parser, SCIM_NODE_VALUE_PATH);
	if (too_many_nodes(parser))
		return FAILED;
	node = &parser->nodes[index];
	node->urn = add_string(parser, attribute->urn);
	node->name = add_string(parser, attribute->name);
	node->sub = add_string(parser, attribute->sub);
	both = add_node(parser, NODE_NONE);
	inner = parse_chain(parser, SCIM_NODE_OR);
	if (inner == FAILED)
		return FAILED;
	ScimScanSpace(scan);
	if (!ScimScanAccept(scan, ']'))
	{
		ScimScanExpected(
			scan,
			psprintf("\"and\", \"or\" or the \"]\" for the \"[\" at character %d",
					 ScimScanPosition(scan, open)),
			nothing);
		return FAILED;
	}
	if (scan->at < scan->end && *scan->at == '.')
	{
		ScimAttrSlice sub = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};

		/* an OR gets parentheses when it is printed */
		if (parser->nodes[inner].kind == SCIM_NODE_OR &&
			too_deep(parser, parser->deepest + 1))
			return FAILED;
		parser->nodes[both].kind = SCIM_NODE_AND;
		parser->live++;
		merge(parser, inner, SCIM_NODE_AND);
		if (!ScimScanSubAttribute(scan, &sub.name) ||
			parse_comparison(parser, &sub, sub.name) == FAILED)
			return FAILED;
		parser->nodes[both].size = parser->live - live - 1;
	}
	parser->nodes[index].size = parser->live - live;
	parser->in_brackets = false;
	parser->depth--;
	return index;
}

/* A comparison, a value path, a group or a negated group. */
static int
parse_operand(Parser *parser)
{
	ScimScan *scan = parser->scan;
	ScimAttrSlice attribute;
	ScimSlice word;

	ScimScanSpace(scan);
	if (scan->at < scan->end && *scan->at == '(')
		return parse_group(parser);

	word = ScimScanWord(scan);
	if (word.len == 3 && ScimScanWordIs(word, "not"))
	{
		/* an attribute may have this name: it is the operator before a "(" only */
		scan->at += word.len;
		ScimScanSpace(scan);
		if (scan->at < scan->end && *scan->at == '(')
		{
			int live = parser->live;
			int index = add_node(parser, SCIM_NODE_NOT);

			if (too_many_nodes(parser) || parse_group(parser) == FAILED)
				return FAILED;
			parser->nodes[index].size = parser->live - live;
			return index;
		}
		scan->at = word.at;
	}
	if (word.len == 0)
	{
		ScimScanExpected(scan, "an attribute, \"not\" or \"(\"", nothing);
		return FAILED;
	}
	if (!ScimScanAttribute(scan, &attribute))
		return FAILED;
	ScimScanSpace(scan);
	if (scan->at < scan->end && *scan->at == '[')
		return parse_value_path(parser, &attribute);
	return parse_comparison(parser, &attribute, attribute.whole);
}

/* Reads "and" or "or" if it is next. */
static bool
accept_keyword(Parser *parser, const char *keyword)
{
	ScimScan *scan = parser->scan;
	ScimSlice word;

	ScimScanSpace(scan);
	word = ScimScanWord(scan);
	if (!ScimScanWordIs(word, keyword))
		return false;
	scan->at += word.len;
	return true;
}

/*
 * Operands between "or", of which each is a chain of operands between "and".
 * Returns the index of the node that stands for all of it.
 */
static int
parse_chain(Parser *parser, ScimNodeKind kind)
{
	int live = parser->live;
	int index = add_node(parser, NODE_NONE);
	int first = FAILED;

	for (;;)
	{
		int child = kind == SCIM_NODE_OR ? parse_chain(parser, SCIM_NODE_AND)
										 : parse_operand(parser);

		if (child == FAILED)
			return FAILED;
		if (first == FAILED)
			first = child;
		else
		{
			if (parser->nodes[index].kind == NODE_NONE)
			{
				parser->nodes[index].kind = kind;
				parser->live++;
				merge(parser, first, kind);
			}
			merge(parser, child, kind);
		}
		if (!accept_keyword(parser, kind == SCIM_NODE_OR ? "or" : "and"))
			break;
	}
	if (parser->nodes[index].kind == NODE_NONE)
		return first;
	parser->nodes[index].size = parser->live - live;
	return index;
}

/* Copies the nodes that are real, then the strings, into one varlena. */
static ScimFilter *
build_filter(const Parser *parser)
{
	uint32 strings_at =
		offsetof(ScimFilter, nodes) + parser->live * sizeof(ScimFilterNode);
	uint32 total = strings_at + parser->strings_len;
	ScimFilter *filter = palloc(total);
	ScimFilterNode *to = filter->nodes;

	SET_VARSIZE(filter, total);
	filter->format = SCIM_FILTER_FORMAT;
	filter->references = 0;
	filter->nnodes = parser->live;
	for (int i = 0; i < parser->written; i++)
	{
		if (parser->nodes[i].kind == NODE_NONE)
			continue;
		*to = parser->nodes[i];
		to->urn += to->urn != 0 ? strings_at - 1 : 0;
		to->name += to->name != 0 ? strings_at - 1 : 0;
		to->sub += to->sub != 0 ? strings_at - 1 : 0;
		to->value += to->value != 0 ? strings_at - 1 : 0;
		to++;
	}
	Assert(to - filter->nodes == parser->live);
	memcpy((char *) filter + strings_at, parser->strings, parser->strings_len);
	return filter;
}

/*
 * ScimFilterParse parses a filter of len bytes of UTF-8; it need not be
 * NUL-terminated.  Returns a tree in the current memory context, or NULL and in
 * *problem (kind SCIM_INVALID_FILTER) what is wrong and at which character.
 */
ScimFilter *
ScimFilterParse(const char *text, size_t len, ScimProblem **problem)
{
	ScimScan scan;
	Parser parser;
	ScimFilter *filter = NULL;

	*problem = NULL;
	if (!ScimScanStart(&scan, text, len, "filter", SCIM_INVALID_FILTER))
	{
		*problem = scan.problem;
		return NULL;
	}
	parser_start(&parser, &scan, false);
	if (parse_chain(&parser, SCIM_NODE_OR) != FAILED && !too_many_nodes(&parser))
	{
		ScimScanSpace(&scan);
		if (scan.at == scan.end)
			filter = build_filter(&parser);
		else
			ScimScanExpected(&scan, "\"and\", \"or\" or the end of the filter", nothing);
	}
	parser_end(&parser);
	if (filter != NULL && len > (size_t) scim_max_filter_length / 2)
	{
		/* its canonical text may be longer, and must be readable too */
		StringInfoData canonical;

		initStringInfo(&canonical);
		ScimFilterPrint(&canonical, filter);
		if (!ScimScanFits(&scan, canonical.len))
			filter = NULL;
		pfree(canonical.data);
	}
	*problem = scan.problem;
	return filter;
}

/*
 * ScimFilterParseBracket parses the filter behind the "[" of a path, up to the
 * "]", which is read too.  Returns NULL when scan->problem is set.
 */
ScimFilter *
ScimFilterParseBracket(ScimScan *scan)
{
	Parser parser;
	ScimFilter *filter = NULL;

	parser_start(&parser, scan, true);
	if (parse_chain(&parser, SCIM_NODE_OR) != FAILED && !too_many_nodes(&parser))
	{
		ScimScanSpace(scan);
		if (ScimScanAccept(scan, ']'))
			filter = build_filter(&parser);
		else
			ScimScanExpected(scan, "\"and\", \"or\" or \"]\"", nothing);
	}
	parser_end(&parser);
	return filter;
}
