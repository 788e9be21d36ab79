/*
 * query.c
 *		ScimBoundFilter -> ScimIndexQuery.
 *
 * Every comparison becomes a question for keys whose answer "no key" is
 * certain; "a key" proves the comparison only where the node says exact:
 *
 *		a pr, a eq null		^a|p, and its negation
 *		a eq "x"			^a|sx; exact unless a is caseExact
 *		a ne "x"			not (^a|sx and not ^a|m): another value only where
 *							there are several, or where this one is missing
 *		a[b eq 1 and c pr]	^a\1b|n1 and ^a\1c|p, none of them exact:
 *							not all need be keys of the same element
 *		a[not (b eq 1)]		^a|p, and not ^a\1b|n1
 *		a gt "x"			for a caseExact attribute any key of a, since the keys
 *							are folded and in another order
 */
#include "postgres.h"

#include "filter/bound.h"
#include "index/index.h"
#include "miscadmin.h"

#include "store/store.h"
#include "text/fold.h"

typedef struct Builder
{
	const ScimBoundFilter *filter;
	StringInfoData nodes;   /* of ScimIndexNode */
	StringInfoData strings; /* what their offsets lead to */
	uint32 term;
	StringInfoData element_path; /* within [...]: the path of the elements */
	bool in_element;
} Builder;

static void build_node(Builder *b, uint32 index);

static uint32
open_node(Builder *b, ScimIndexNodeKind kind)
{
	ScimIndexNode node = {0};

	node.kind = kind;
	node.term = b->term;
	appendBinaryStringInfo(&b->nodes, (const char *) &node, sizeof(node));
	return b->nodes.len / sizeof(node) - 1;
}

static ScimIndexNode *
node_at(const Builder *b, uint32 index)
{
	return (ScimIndexNode *) b->nodes.data + index;
}

/* Ends a node: what has been opened since is below it. */
static void
close_node(Builder *b, uint32 index)
{
	node_at(b, index)->size = b->nodes.len / sizeof(ScimIndexNode) - index;
}

static void
add_leaf(Builder *b, const StringInfoData *path, ScimIndexTag tag, ScimOp op, bool exact,
		 const char *value, int value_len)
{
	uint32 index = open_node(b, SCIM_INDEX_LEAF);
	ScimIndexNode *node = node_at(b, index);

	node->tag = tag;
	node->op = op;
	node->exact = exact && !b->in_element;
	node->path = b->strings.len;
	node->path_len = path->len;
	appendBinaryStringInfo(&b->strings, path->data, path->len);
	node->value = b->strings.len;
	node->value_len = value_len;
	appendBinaryStringInfo(&b->strings, value, value_len);
	close_node(b, index);
}

/* The endpoints of resource types, folded, in a leaf that asks for their URLs. */
static void
add_endpoints(Builder *b)
{
	const ScimRegistry *registry = ScimStoreCurrent()->registry;
	uint32 leaf = b->nodes.len / sizeof(ScimIndexNode) - 1;
	int start = b->strings.len;

	appendStringInfoChar(&b->strings, SCIM_INDEX_SEPARATOR);
	for (int i = 0; i < registry->ntypes; i++)
	{
		const char *endpoint = registry->types[i].endpoint + 1;
		size_t len;
		char *folded = ScimFold(endpoint, strlen(endpoint), &len);

		appendBinaryStringInfo(&b->strings, folded, len);
		appendStringInfoChar(&b->strings, SCIM_INDEX_SEPARATOR);
	}
	node_at(b, leaf)->endpoints_len = b->strings.len - start;
}

static void
append_names(StringInfo path, const ScimAttrInfo *attribute)
{
	for (int i = 0; i < attribute->nkeys; i++)
	{
		if (path->len > 0)
			appendStringInfoChar(path, SCIM_INDEX_SEPARATOR);
		for (const char *p = attribute->key[i]; *p != '\0'; p++)
			appendStringInfoChar(path, ScimFoldByte((unsigned char) *p));
	}
}

/*
 * A userName that is caseExact.  The end of a part of one may be written otherwise with
 * what follows it, such as an e before an acute accent: ASCII without its last letter is
 * there all the same.
 */
static void
build_exact_user_name(Builder *b, const BoundNode *node, ScimOp op,
					  const StringInfoData *path)
{
	size_t len;
	char *folded = ScimFoldUserName(node->text, node->text_len, &len);
	bool ascii = ScimIsFoldedAscii(folded, len) && len == node->text_len;
	size_t kept = op == SCIM_OP_EW || len == 0 ? len : len - 1;

	if (op == SCIM_OP_EQ)
		add_leaf(b, path, SCIM_TAG_TEXT, op, false, folded, len);
	else if ((op == SCIM_OP_SW || op == SCIM_OP_CO || op == SCIM_OP_EW) && ascii &&
			 kept > 0)
		add_leaf(b, path, SCIM_TAG_TEXT, op, false, folded, kept);
	else
		add_leaf(b, path, SCIM_TAG_TEXT, SCIM_OP_PR, false, "", 0);
}

/* A comparison that some value has to pass; op is never ne. */
static void
build_positive(Builder *b, const BoundNode *node, ScimOp op, const StringInfoData *path)
{
	bool refers = op == SCIM_OP_EW && b->filter->filter->references != 0;
	char bytes[12];
	char *folded;
	size_t len;

	switch ((BoundTest) node->test)
	{
		case TEST_PRESENT:
		case TEST_ABSENT:
			add_leaf(b, path, SCIM_TAG_PRESENT, SCIM_OP_PR, true, "", 0);
			break;
		case TEST_FOLDED:
			add_leaf(b, path, SCIM_TAG_TEXT, op, true, node->text, node->text_len);
			if (refers)
				add_endpoints(b);
			break;
		case TEST_TEXT:
			if (ScimIndexIsUserName(path->data, path->len))
			{
				build_exact_user_name(b, node, op, path);
				break;
			}
			folded = ScimFold(node->text, node->text_len, &len);
			if (op == SCIM_OP_EQ || op == SCIM_OP_SW || op == SCIM_OP_CO ||
				op == SCIM_OP_EW)
				add_leaf(b, path, SCIM_TAG_TEXT, op, false, folded, len);
			else
				add_leaf(b, path, SCIM_TAG_TEXT, SCIM_OP_PR, false, "", 0);
			if (refers)
				add_endpoints(b);
			break;
		case TEST_VERSION:
			/* the keys have the digests */
			add_leaf(b, path, SCIM_TAG_TEXT, SCIM_OP_PR, false, "", 0);
			break;
		case TEST_NUMBER:
			ScimIndexEncodeNumber(node->literal.number, bytes);
			add_leaf(b, path, SCIM_TAG_NUMBER, op, false, bytes, 8);
			break;
		case TEST_BOOLEAN:
			bytes[0] = node->literal.boolean ? 1 : 0;
			add_leaf(b, path, SCIM_TAG_BOOLEAN, op, true, bytes, 1);
			break;
		case TEST_INSTANT:
			ScimIndexEncodeInstant(&node->literal.instant, bytes);
			add_leaf(b, path, SCIM_TAG_INSTANT, op, true, bytes, 12);
			break;
	}
}

static void
build_at_path(Builder *b, const BoundNode *node, const StringInfoData *path)
{
	uint32 outer;
	uint32 both;
	uint32 single;

	if (node->test == TEST_ABSENT)
	{
		outer = open_node(b, SCIM_INDEX_NOT);
		build_positive(b, node, SCIM_OP_PR, path);
		close_node(b, outer);
		return;
	}
	if (node->test == TEST_PRESENT || node->op != SCIM_OP_NE)
	{
		build_positive(b, node, (ScimOp) node->op, path);
		return;
	}
	outer = open_node(b, SCIM_INDEX_NOT);
	both = open_node(b, SCIM_INDEX_AND);
	build_positive(b, node, SCIM_OP_EQ, path);
	single = open_node(b, SCIM_INDEX_NOT);
	add_leaf(b, path, SCIM_TAG_SEVERAL, SCIM_OP_PR, false, "", 0);
	close_node(b, single);
	close_node(b, both);
	close_node(b, outer);
}

static void
build_comparison(Builder *b, const BoundNode *node)
{
	StringInfoData path;
	uint32 either;

	initStringInfo(&path);
	if (b->in_element)
		appendBinaryStringInfo(&path, b->element_path.data, b->element_path.len);
	append_names(&path, &node->attribute);
	if (!node->scalar_value)
	{
		build_at_path(b, node, &path);
		return;
	}
	/* an element may also be the value itself; "absent" and ne have to ask both */
	if (node->test == TEST_ABSENT ||
		(node->test != TEST_PRESENT && node->op == SCIM_OP_NE))
	{
		close_node(b, open_node(b, SCIM_INDEX_MAYBE));
		return;
	}
	either = open_node(b, SCIM_INDEX_OR);
	build_at_path(b, node, &path);
	build_at_path(b, node, &b->element_path);
	close_node(b, either);
}

static void
build_children(Builder *b, uint32 index, ScimIndexNodeKind kind)
{
	uint32 end = index + b->filter->nodes[index].size;
	uint32 node = open_node(b, kind);

	for (uint32 child = index + 1; child < end; child += b->filter->nodes[child].size)
		build_node(b, child);
	close_node(b, node);
}

/* Is a subtree false for a document without any of its keys? */
static bool
needs_key(const Builder *b, uint32 index)
{
	const ScimIndexNode *node = node_at(b, index);
	bool all = true;

	check_stack_depth();
	switch ((ScimIndexNodeKind) node->kind)
	{
		case SCIM_INDEX_LEAF:
			return true;
		case SCIM_INDEX_NOT:
		case SCIM_INDEX_MAYBE:
			return false;
		case SCIM_INDEX_AND:
		case SCIM_INDEX_OR:
			break;
	}
	for (uint32 child = index + 1; child < index + node->size;
		 child += node_at(b, child)->size)
	{
		bool needed = needs_key(b, child);

		if (needed && node->kind == SCIM_INDEX_AND)
			return true;
		all = all && needed;
	}
	return all && node->kind == SCIM_INDEX_OR;
}

static void
build_value_path(Builder *b, uint32 index)
{
	uint32 node = open_node(b, SCIM_INDEX_AND);

	resetStringInfo(&b->element_path);
	append_names(&b->element_path, &b->filter->nodes[index].attribute);
	b->in_element = true;
	build_node(b, index + 1);
	b->in_element = false;
	/* most documents may have an element: that is asked only where nothing else is */
	b->term = index;
	if (!needs_key(b, node + 1))
		add_leaf(b, &b->element_path, SCIM_TAG_PRESENT, SCIM_OP_PR, true, "", 0);
	close_node(b, node);
}

static void
build_node(Builder *b, uint32 index)
{
	const BoundNode *node = &b->filter->nodes[index];

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	b->term = index;
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_AND:
			build_children(b, index, SCIM_INDEX_AND);
			break;
		case SCIM_NODE_OR:
			build_children(b, index, SCIM_INDEX_OR);
			break;
		case SCIM_NODE_NOT:
			build_children(b, index, SCIM_INDEX_NOT);
			break;
		case SCIM_NODE_COMPARE:
			build_comparison(b, node);
			break;
		case SCIM_NODE_VALUE_PATH:
			build_value_path(b, index);
			break;
	}
}

/*
 * ScimIndexQueryMake returns what a filter asks of the keys of a document, in
 * the current memory context.
 */
ScimIndexQuery *
ScimIndexQueryMake(const ScimBoundFilter *filter)
{
	Builder b = {.filter = filter};
	ScimIndexQuery *query;
	uint32 nnodes;
	Size head;

	initStringInfo(&b.nodes);
	initStringInfo(&b.strings);
	initStringInfo(&b.element_path);
	build_node(&b, 0);

	nnodes = b.nodes.len / sizeof(ScimIndexNode);
	head = offsetof(ScimIndexQuery, nodes) + b.nodes.len;
	query = palloc0(head + b.strings.len);
	SET_VARSIZE(query, head + b.strings.len);
	query->nnodes = nnodes;
	memcpy(query->nodes, b.nodes.data, b.nodes.len);
	memcpy((char *) query + head, b.strings.data, b.strings.len);
	for (uint32 i = 0; i < nnodes; i++)
	{
		query->nodes[i].path += head;
		query->nodes[i].value += head;
	}
	return query;
}

/*
 * ScimIndexQueryOf is the same of a filter for documents of a type (NULL: any) of the
 * current store, with the filter, so that it can be asked of a document, too.
 */
ScimIndexQuery *
ScimIndexQueryOf(const ScimFilter *filter, const char *resource_type)
{
	ScimIndexQuery *keys = ScimIndexQueryMake(ScimBindForMatching(filter, resource_type));
	Size filter_at = MAXALIGN(VARSIZE(keys));
	Size type_at = filter_at + VARSIZE(filter);
	Size type_len = resource_type != NULL ? strlen(resource_type) + 1 : 0;
	ScimIndexQuery *query = palloc0(type_at + type_len);

	memcpy(query, keys, VARSIZE(keys));
	memcpy((char *) query + filter_at, filter, VARSIZE(filter));
	query->filter = filter_at;
	if (resource_type != NULL)
	{
		memcpy((char *) query + type_at, resource_type, type_len);
		query->resource_type = type_at;
	}
	SET_VARSIZE(query, type_at + type_len);
	return query;
}
