/*
 * match.c
 *		ScimBoundFilter x jsonb -> boolean.
 *
 * Logic has two values: an absent attribute makes a comparison false and its
 * negation true.  An attribute of several values matches if any of them does,
 * and "ne" also if there is none; only the filter of a value path asks one and
 * the same element for all of its terms (RFC 7644 section 3.4.2.2, table 5).
 * A stored value of another type than the schema's never matches and never
 * raises an error.
 *
 * The document is read in place: keys are found by the binary search of jsonb,
 * and arrays are walked without an iterator's copies.  A run of terms about one
 * attribute reads its values once (bind.c), and a text that takes long to fold is
 * folded once for all terms that follow each other.
 *
 * A filter may have thousands of terms and a document a hundred thousand values:
 * what they come to together is bounded by scim_max_filter_visits, and so is what a long
 * filter comes to of many documents.
 */
#include "postgres.h"

#include "filter/bound.h"
#include "fmgr.h"
#include "miscadmin.h"

#include "text/sealed.h"
#include "text/text.h"
#include "utils/fmgrprotos.h"

#define INLINE_FOLD 256

/* So many nodes of a filter may be asked of any number of documents. */
#define NODES_FREE 100

int scim_max_filter_visits = SCIM_MAX_FILTER_VISITS_DEFAULT;

/* A filter and one document. */
typedef struct Match
{
	int64 visits;
	int64 max_visits;
	/* the last text that was folded at length */
	const char *unfolded;
	size_t unfolded_len;
	uint8 folding;
	char *folded;
	size_t folded_len;
} Match;

/* The walk over the values of the attribute of one node, or of a run. */
typedef struct Walk
{
	Match *match;
	const BoundNode *node;
	const BoundRun *run; /* or NULL */
	bool assigned;       /* a value was met */
} Walk;

static bool match_node(Match *match, const BoundNode *node, const JsonbValue *root);

/* ScimFilterVisitsExceeded raises that a filter has too much to look at. */
void
ScimFilterVisitsExceeded(void)
{
	ereport(
		ERROR,
		(ScimErr(SCIM_TOO_MANY),
		 errmsg("the terms of the filter look at more than %d values",
				scim_max_filter_visits),
		 errdetail("Each term at each value is one, and of a long text each 64 bytes."),
		 errhint("The setting max_filter_visits is the limit.")));
}

static void
count_visits(Match *match, int64 visits)
{
	match->visits += visits;
	if (match->visits > match->max_visits)
		ScimFilterVisitsExceeded();
}

/* The children of a container behind its header: keys then values in an object. */
static char *
container_data(const JsonbContainer *container)
{
	int count = JsonContainerSize(container);

	if (JsonContainerIsObject(container))
		count *= 2;
	return (char *) &container->children[count];
}

/* The child at an index of children[] as a value that points into the jsonb. */
static void
read_child(const JsonbContainer *container, int index, uint32 offset, JsonbValue *value)
{
	char *data = container_data(container);
	JEntry entry = container->children[index];

	if (JBE_ISSTRING(entry))
	{
		value->type = jbvString;
		value->val.string.val = data + offset;
		value->val.string.len = getJsonbLength(container, index);
	}
	else if (JBE_ISNUMERIC(entry))
	{
		value->type = jbvNumeric;
		value->val.numeric = (Numeric) (data + INTALIGN(offset));
	}
	else if (JBE_ISBOOL(entry))
	{
		value->type = jbvBool;
		value->val.boolean = JBE_ISBOOL_TRUE(entry);
	}
	else if (JBE_ISCONTAINER(entry))
	{
		value->type = jbvBinary;
		value->val.binary.data = (JsonbContainer *) (data + INTALIGN(offset));
		value->val.binary.len =
			getJsonbLength(container, index) - (INTALIGN(offset) - offset);
	}
	else
		value->type = jbvNull;
}

/*
 * Finds a member of an object: by the exact key, or else, for documents that
 * are not canonical, by the first key that differs in case only.
 */
static bool
find_member(JsonbContainer *object, const char *key, JsonbValue *value)
{
	size_t len = strlen(key);
	int count = JsonContainerSize(object);
	const char *data;
	uint32 offset = 0;

	if (getKeyJsonValueFromContainer(object, key, len, value) != NULL)
		return true;
	data = container_data(object);
	for (int i = 0; i < count; i++)
	{
		uint32 start = offset;

		CHECK_FOR_INTERRUPTS();
		JBE_ADVANCE_OFFSET(offset, object->children[i]);
		if (offset - start == len && ScimNameEqualN(data + start, len, key, len))
		{
			read_child(object, count + i, getJsonbOffset(object, count + i), value);
			return true;
		}
	}
	return false;
}

static bool
is_array(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data);
}

/* null, "", [], {} and what holds nothing else: RFC 7643 section 2.5. */
static bool
is_unassigned(const JsonbValue *value)
{
	JsonbContainer *container;
	int first;
	int last;
	uint32 offset;

	if (value->type == jbvNull)
		return true;
	if (value->type == jbvString)
		return value->val.string.len == 0;
	if (value->type != jbvBinary)
		return false;

	check_stack_depth();
	container = value->val.binary.data;
	first = JsonContainerIsObject(container) ? JsonContainerSize(container) : 0;
	last = first + JsonContainerSize(container);
	offset = first < last ? getJsonbOffset(container, first) : 0;
	for (int i = first; i < last; i++)
	{
		JsonbValue child;

		CHECK_FOR_INTERRUPTS();
		read_child(container, i, offset, &child);
		if (!is_unassigned(&child))
			return false;
		JBE_ADVANCE_OFFSET(offset, container->children[i]);
	}
	return true;
}

static bool
ordering_holds(ScimOp op, int order)
{
	switch (op)
	{
		case SCIM_OP_EQ:
			return order == 0;
		case SCIM_OP_NE:
			return order != 0;
		case SCIM_OP_GT:
			return order > 0;
		case SCIM_OP_GE:
			return order >= 0;
		case SCIM_OP_LT:
			return order < 0;
		case SCIM_OP_LE:
			return order <= 0;
		default:
			return false;
	}
}

/* ScimTextHolds: does a comparison with a literal hold for a text, byte by byte? */
bool
ScimTextHolds(ScimOp op, const char *text, size_t len, const char *literal,
			  size_t literal_len)
{
	switch (op)
	{
		case SCIM_OP_EQ:
			return len == literal_len && memcmp(text, literal, len) == 0;
		case SCIM_OP_NE:
			return len != literal_len || memcmp(text, literal, len) != 0;
		case SCIM_OP_SW:
			return len >= literal_len && memcmp(text, literal, literal_len) == 0;
		case SCIM_OP_EW:
			return len >= literal_len &&
				   memcmp(text + len - literal_len, literal, literal_len) == 0;
		case SCIM_OP_CO:
			return ScimTextContains(text, len, literal, literal_len);
		default:
			return ordering_holds(op, ScimCompareBytes(text, len, literal, literal_len));
	}
}

/*
 * A text, folded.  Short ASCII, which is nearly everything, folds into a
 * buffer of INLINE_FOLD bytes; of others the last one is kept.
 */
static const char *
fold_text(Match *match, uint8 folding, const char *text, size_t *len, char *buffer)
{
	if (*len <= INLINE_FOLD && ScimFoldAscii(text, *len, buffer))
		return buffer;
	if (match->unfolded != text || match->unfolded_len != *len ||
		match->folding != folding)
	{
		count_visits(match, *len / 16);
		if (match->folded != NULL)
			pfree(match->folded);
		match->folded = ScimFoldBy((ScimFolding) folding, text, *len, &match->folded_len);
		match->folding = folding;
		match->unfolded = text;
		match->unfolded_len = *len;
	}
	*len = match->folded_len;
	return match->folded;
}

/* Counts what a comparison with a text is besides one visit: "co" reads all of it. */
static void
count_length(Match *match, ScimOp op, size_t len)
{
	if (op == SCIM_OP_CO)
		count_visits(match, SCIM_FILTER_VISITS(len) - 1);
}

static bool
version_matches(ScimOp op, const char *text, size_t len, const BoundNode *node)
{
	char buffer[SCIM_VERSION_BUFFER];

	text = ScimVersionWithoutDigest(text, &len, buffer);
	return ScimTextHolds(op, text, len, node->text, node->text_len);
}

/* Does one assigned value pass a test that compares? */
static bool
value_matches(Match *match, const BoundNode *node, const JsonbValue *value)
{
	bool differs = node->op == SCIM_OP_NE; /* the answer for a value of another type */
	char buffer[INLINE_FOLD];
	const char *text;
	size_t len;
	ScimInstant instant;

	/* what is sealed is there, and compares with nothing */
	if (value->type == jbvString &&
		ScimLooksSealed(value->val.string.val, value->val.string.len))
		return differs || node->test == TEST_PRESENT || node->test == TEST_ABSENT;
	switch ((BoundTest) node->test)
	{
		case TEST_PRESENT:
		case TEST_ABSENT:
			return true;
		case TEST_TEXT:
			if (value->type != jbvString)
				return differs;
			count_length(match, node->op, value->val.string.len);
			return ScimTextHolds(node->op, value->val.string.val, value->val.string.len,
								 node->text, node->text_len);
		case TEST_FOLDED:
			if (value->type != jbvString)
				return differs;
			len = value->val.string.len;
			text = fold_text(match, node->folding, value->val.string.val, &len, buffer);
			count_length(match, node->op, len);
			return ScimTextHolds(node->op, text, len, node->text, node->text_len);
		case TEST_VERSION:
			if (value->type != jbvString)
				return differs;
			return version_matches(node->op, value->val.string.val, value->val.string.len,
								   node);
		case TEST_NUMBER:
			if (value->type != jbvNumeric)
				return differs;
			return ordering_holds(node->op,
								  DatumGetInt32(DirectFunctionCall2(
									  numeric_cmp, NumericGetDatum(value->val.numeric),
									  NumericGetDatum(node->literal.number))));
		case TEST_BOOLEAN:
			if (value->type != jbvBool)
				return differs;
			return (value->val.boolean == node->literal.boolean) != differs;
		case TEST_INSTANT:
			if (value->type != jbvString ||
				!ScimInstantParse(value->val.string.val, value->val.string.len, &instant))
				return differs;
			return ordering_holds(node->op,
								  ScimInstantCompare(&instant, &node->literal.instant));
	}
	return false;
}

/* Does one of the terms of a run hold for a value? */
static bool
run_matches(Match *match, const BoundRun *run, const JsonbValue *value)
{
	char buffer[INLINE_FOLD];
	const char *text = value->val.string.val;
	size_t len = value->val.string.len;
	int low = 0;
	int high = run->nequal;

	if (value->type != jbvString || ScimLooksSealed(text, len))
		return false;
	if (run->first->test == TEST_FOLDED)
		text = fold_text(match, run->first->folding, text, &len, buffer);
	while (low < high)
	{
		int middle = (low + high) / 2;
		const BoundNode *term = run->equal[middle];
		int order = ScimBoundTextCompare(text, len, term->text, term->text_len);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	for (int i = 0; i < run->nothers; i++)
	{
		const BoundNode *term = run->others[i];

		CHECK_FOR_INTERRUPTS();
		count_visits(match, 1);
		count_length(match, term->op, len);
		if (ScimTextHolds(term->op, text, len, term->text, term->text_len))
			return true;
	}
	return false;
}

/* One value of the attribute of a COMPARE or VALUE_PATH node, or of a run. */
static bool
visit_value(Walk *walk, const JsonbValue *value)
{
	if (is_unassigned(value))
		return false;
	walk->assigned = true;
	if (walk->run != NULL)
		return run_matches(walk->match, walk->run, value);
	if (walk->node->kind == SCIM_NODE_VALUE_PATH)
		return match_node(walk->match, walk->node + 1, value);
	return value_matches(walk->match, walk->node, value);
}

/*
 * Follows the keys of an attribute from the depth-th on, through each element
 * of the arrays on the way and at the end.
 */
static bool
visit(Walk *walk, const JsonbValue *value, int depth)
{
	const ScimAttrInfo *attribute = &walk->node->attribute;
	JsonbValue member;

	if (is_array(value))
	{
		JsonbContainer *array = value->val.binary.data;
		int count = JsonContainerSize(array);
		uint32 offset = 0;

		check_stack_depth();
		for (int i = 0; i < count; i++)
		{
			JsonbValue element;

			CHECK_FOR_INTERRUPTS();
			count_visits(walk->match, 1);
			read_child(array, i, offset, &element);
			if (visit(walk, &element, depth))
				return true;
			JBE_ADVANCE_OFFSET(offset, array->children[i]);
		}
		return false;
	}
	if (depth == attribute->nkeys)
		return visit_value(walk, value);
	if (value->type == jbvBinary)
		return find_member(value->val.binary.data, attribute->key[depth], &member) &&
			   visit(walk, &member, depth + 1);
	/* the elements of a multi-valued simple attribute */
	return walk->node->scalar_value && visit_value(walk, value);
}

static bool
match_comparison(Match *match, const BoundNode *node, const JsonbValue *root)
{
	Walk walk = {match, node, NULL, false};
	bool matched = visit(&walk, root, 0);

	if (node->test == TEST_ABSENT)
		return !walk.assigned;
	if (node->test != TEST_PRESENT && node->op == SCIM_OP_NE)
		return matched || !walk.assigned;
	return matched;
}

static bool
match_run(Match *match, const BoundRun *run, const JsonbValue *root)
{
	Walk walk = {match, run->first, run, false};

	return visit(&walk, root, 0);
}

/* The children of an "and", which ends with the first "no", or of an "or". */
static bool
match_children(Match *match, const BoundNode *node, const JsonbValue *root)
{
	const BoundNode *end = node + node->size;
	bool is_or = node->kind == SCIM_NODE_OR;
	const BoundNode *child = node + 1;

	while (child < end)
	{
		bool matched;

		if (child->run != NULL)
		{
			/* that of an "and" is of terms below "not" */
			matched = match_run(match, child->run, root) == is_or;
			child += child->run->size;
		}
		else
		{
			matched = match_node(match, child, root);
			child += child->size;
		}
		if (matched == is_or)
			return is_or;
	}
	return !is_or;
}

static bool
match_node(Match *match, const BoundNode *node, const JsonbValue *root)
{
	Walk walk = {match, node, NULL, false};

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	count_visits(match, 1);
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_AND:
		case SCIM_NODE_OR:
			return match_children(match, node, root);
		case SCIM_NODE_NOT:
			return !match_node(match, node + 1, root);
		case SCIM_NODE_COMPARE:
			return match_comparison(match, node, root);
		case SCIM_NODE_VALUE_PATH:
			return visit(&walk, root, 0);
	}
	return false;
}

static bool
match_document(Match *match, const ScimBoundFilter *filter, uint32 node,
			   JsonbContainer *document)
{
	JsonbValue root;
	bool matched;

	if (JsonContainerIsObject(document))
	{
		root.type = jbvBinary;
		root.val.binary.data = document;
		root.val.binary.len = 0;
	}
	else if (JsonContainerIsScalar(document))
		read_child(document, 0, 0, &root);
	else
		root.type = jbvNull;
	matched = match_node(match, &filter->nodes[node], &root);
	if (match->folded != NULL)
		pfree(match->folded);
	return matched;
}

/*
 * ScimFilterMatchOfMany is ScimFilterMatch for one of many documents.  visits is what
 * those before it have come to, 0 before the first, and is increased.
 */
bool
ScimFilterMatchOfMany(const ScimBoundFilter *filter, JsonbContainer *document,
					  int64 *visits)
{
	return ScimFilterMatchNode(filter, 0, document, visits);
}

/* ScimFilterMatchNode is the same of one node, which is counted from 0, and those below.
 */
bool
ScimFilterMatchNode(const ScimBoundFilter *filter, uint32 node, JsonbContainer *document,
					int64 *visits)
{
	Match match = {.max_visits = scim_max_filter_visits};
	bool matched;

	if (filter->nnodes > NODES_FREE)
		match.visits = *visits;
	matched = match_document(&match, filter, node, document);
	*visits = match.visits;
	return matched;
}

/*
 * ScimFilterMatch tells whether a document matches.  The document is an object;
 * for a filter that was bound with a parent it is one element of that attribute,
 * which may also be a scalar, as '"x"'::jsonb has it.  Anything else is taken as
 * a document without attributes.
 */
bool
ScimFilterMatch(const ScimBoundFilter *filter, JsonbContainer *document)
{
	return ScimFilterMatchWithin(filter, document, scim_max_filter_visits);
}

/* ScimFilterMatchWithin is the same within another bound than the setting. */
bool
ScimFilterMatchWithin(const ScimBoundFilter *filter, JsonbContainer *document,
					  int64 max_visits)
{
	Match match = {.max_visits = max_visits};

	return match_document(&match, filter, 0, document);
}
