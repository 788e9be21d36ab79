/*
 * print.c
 *		ScimFilter -> its canonical text, which parses to an equal tree: single
 *		spaces, operators in lower case, no parenthesis that can be spared.
 */
#include "postgres.h"

#include "filter/filter.h"
#include "miscadmin.h"

/* In the order of ScimOp. */
static const char *const op_names[] = {"eq", "ne", "co", "sw", "ew",
									   "gt", "ge", "lt", "le", "pr"};

/* ScimOpName is the operator's name as a filter has it. */
const char *
ScimOpName(ScimOp op)
{
	return op_names[op];
}

/*
 * A JSON string with no more escapes than it needs.  ScimJsonWriteString is not
 * called, to keep parsing and printing free of the server.
 */
static void
print_string(StringInfo out, const char *text, size_t len)
{
	const char *end = text + len;

	appendStringInfoChar(out, '"');
	while (text < end)
	{
		const char *plain = text;

		while (text < end && (unsigned char) *text >= ' ' && *text != '"' &&
			   *text != '\\')
			text++;
		appendBinaryStringInfo(out, plain, text - plain);
		if (text == end)
			break;
		switch (*text)
		{
			case '"':
				appendStringInfoString(out, "\\\"");
				break;
			case '\\':
				appendStringInfoString(out, "\\\\");
				break;
			case '\b':
				appendStringInfoString(out, "\\b");
				break;
			case '\f':
				appendStringInfoString(out, "\\f");
				break;
			case '\n':
				appendStringInfoString(out, "\\n");
				break;
			case '\r':
				appendStringInfoString(out, "\\r");
				break;
			case '\t':
				appendStringInfoString(out, "\\t");
				break;
			default:
				appendStringInfo(out, "\\u%04x", (unsigned char) *text);
		}
		text++;
	}
	appendStringInfoChar(out, '"');
}

static void
print_attribute(StringInfo out, const ScimFilter *filter, const ScimFilterNode *node)
{
	if (node->urn != 0)
	{
		appendStringInfoString(out, ScimFilterString(filter, node->urn));
		appendStringInfoChar(out, ':');
	}
	appendStringInfoString(out, ScimFilterString(filter, node->name));
	if (node->sub != 0)
	{
		appendStringInfoChar(out, '.');
		appendStringInfoString(out, ScimFilterString(filter, node->sub));
	}
}

static void
print_comparison(StringInfo out, const ScimFilter *filter, const ScimFilterNode *node)
{
	print_attribute(out, filter, node);
	appendStringInfoChar(out, ' ');
	appendBinaryStringInfo(out, op_names[node->op], 2);
	if (node->literal == SCIM_LITERAL_NONE)
		return;
	appendStringInfoChar(out, ' ');
	switch ((ScimLiteralKind) node->literal)
	{
		case SCIM_LITERAL_NONE:
			break;
		case SCIM_LITERAL_NULL:
			appendStringInfoString(out, "null");
			break;
		case SCIM_LITERAL_FALSE:
			appendStringInfoString(out, "false");
			break;
		case SCIM_LITERAL_TRUE:
			appendStringInfoString(out, "true");
			break;
		case SCIM_LITERAL_NUMBER:
			appendBinaryStringInfo(out, ScimFilterString(filter, node->value),
								   node->value_len);
			break;
		case SCIM_LITERAL_STRING:
			print_string(out, ScimFilterString(filter, node->value), node->value_len);
			break;
	}
}

static void
print_node(StringInfo out, const ScimFilter *filter, uint32 index, bool in_and)
{
	const ScimFilterNode *node = &filter->nodes[index];
	uint32 end = index + node->size;

	check_stack_depth();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_COMPARE:
			print_comparison(out, filter, node);
			break;
		case SCIM_NODE_VALUE_PATH:
			print_attribute(out, filter, node);
			appendStringInfoChar(out, '[');
			print_node(out, filter, index + 1, false);
			appendStringInfoChar(out, ']');
			break;
		case SCIM_NODE_NOT:
			appendStringInfoString(out, "not (");
			print_node(out, filter, index + 1, false);
			appendStringInfoChar(out, ')');
			break;
		case SCIM_NODE_AND:
		case SCIM_NODE_OR:
			if (in_and)
				appendStringInfoChar(out, '(');
			for (uint32 child = index + 1; child < end;
				 child += filter->nodes[child].size)
			{
				if (child > index + 1)
					appendStringInfoString(out, node->kind == SCIM_NODE_AND ? " and "
																			: " or ");
				print_node(out, filter, child, node->kind == SCIM_NODE_AND);
			}
			if (in_and)
				appendStringInfoChar(out, ')');
			break;
	}
}

/* ScimFilterPrint appends a filter's canonical text. */
void
ScimFilterPrint(StringInfo out, const ScimFilter *filter)
{
	print_node(out, filter, 0, false);
}

/* ScimFilterPrintNode appends the canonical text of the subtree of one node. */
void
ScimFilterPrintNode(StringInfo out, const ScimFilter *filter, uint32 node)
{
	print_node(out, filter, node, false);
}
