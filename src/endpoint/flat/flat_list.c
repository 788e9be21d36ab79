/*
 * flat_list.c
 *		Lists of endpoints of one's own: filter, query, order, pages; and one
 *		resource by what stands in the path.
 *
 * A filter in the names of the endpoint becomes one in the names of attributes, as
 * text, and goes the way of all filters.
 */
#include "postgres.h"

#include "common/int.h"
#include "miscadmin.h"
#include "policy/policy.h"
#include "utils/numeric.h"

#include "endpoint/flat/flat.h"
#include "query/query.h"
#include "store/statement/statement.h"
#include "text/fold.h"

/* What the body of a list can say. */
typedef struct ListPlaces
{
	const ScimListSettings *list;
	const ScimSearchRequest *search;
	const ScimPage *page;
	const JsonbValue *items;
	int64 page_number;
} ListPlaces;

static void print_node(StringInfo out, const ScimFlatCall *call, const ScimFilter *filter,
					   uint32 index);

/* ---- one by the path ---- */

/* What is stored of what the path says, with the characters of the policy "wire". */
static const char *
stored_argument(const ScimFlatCall *call, const ScimResourceType *type, const char *key,
				const char *argument)
{
	const ScimWire *wire =
		ScimWireCharactersOf(ScimRulesFor(call->store, ScimTenant(), type));
	const char *bracket = strchr(key, '[');
	ScimResolved resolved;

	if (wire == NULL)
		return argument;
	/* which of several values is meant does not matter here */
	if (bracket != NULL)
		key = psprintf("%.*s%s", (int) (bracket - key), key, strrchr(key, ']') + 1);
	if (!ScimWireResolve(type, key, &resolved))
		return argument;
	return ScimWireStored(wire, &resolved, argument);
}

/*
 * ScimFlatLookUp returns the id of the resource that the path names.  The attributes
 * of the path are tried in their order.  Raises notFound, and conflict where there
 * are several: nobody can tell which is meant.
 */
const char *
ScimFlatLookUp(const ScimFlatCall *call, const ScimResourceType *type)
{
	const char *argument = call->flat->argument;
	List *keys = call->endpoint->keys;
	ListCell *lc;

	/* the operation finds it, in whatever way it does for SCIM */
	if (list_length(keys) == 1 && strcmp(linitial(keys), "id") == 0)
		return argument;
	foreach (lc, keys)
	{
		const char *stored = stored_argument(call, type, lfirst(lc), argument);
		const ScimResource *resource = ScimFindBy(call->store, type, lfirst(lc), stored);

		if (resource != NULL)
			return ScimUuidText(&resource->id);
	}
	ereport(ERROR, (ScimErr(SCIM_NOT_FOUND),
					errmsg("%s \"%s\" does not exist", type->name, argument)));
}

/* ---- filters ---- */

/*
 * ScimFlatWhere appends the filter that all of a list satisfies, with what the path says
 * in the place of its parameter, which stands in braces within the quotes of a value; a
 * brace itself is written twice there.  *used: the parameter is in it.  Returns NULL, or
 * what is wrong with it.
 */
const char *
ScimFlatWhere(const char *where, const char *parameter, const char *argument,
			  StringInfo out, bool *used)
{
	size_t len = parameter != NULL ? strlen(parameter) : 0;
	bool quoted = false;

	*used = false;
	for (const char *p = where; *p != '\0'; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (quoted && *p == '\\' && p[1] != '\0')
			appendStringInfoChar(out, *p++);
		else if ((*p == '{' || *p == '}') && !quoted)
			return "a brace stands outside of quotes";
		else if (*p == '{' && parameter != NULL && strncmp(p + 1, parameter, len) == 0 &&
				 p[len + 1] == '}')
		{
			StringInfoData text;

			initStringInfo(&text);
			ScimJsonWriteString(&text, argument, strlen(argument));
			/* the quotes are there already */
			appendBinaryStringInfo(out, text.data + 1, text.len - 2);
			*used = true;
			p += len + 1;
			continue;
		}
		else if ((*p == '{' || *p == '}') && p[1] == *p)
			p++;
		else if (*p == '{' && p[strcspn(p, "}\"")] == '}')
			return psprintf("there is no \"%.*s}\" in the path", (int) strcspn(p, "}"),
							p);
		else if (*p == '{' || *p == '}')
			return "a brace belongs to no name";
		appendStringInfoChar(out, *p);
	}
	return NULL;
}

static void
raise_unknown(const char *name)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
					errmsg("unknown field \"%s\" in filter", ScimShortDetail(name))));
}

/*
 * The field that a name of a filter means; *rest is what it names within it, or NULL.
 */
static const ScimFlatField *
filter_field(const ScimFlatCall *call, const ScimFilter *filter,
			 const ScimFilterNode *node, const char **rest)
{
	const char *urn = ScimFilterString(filter, node->urn);
	const char *name = ScimFilterString(filter, node->name);
	const char *sub = ScimFilterString(filter, node->sub);
	const ScimFlatField *field = NULL;
	char *whole = psprintf("%s%s%s%s%s", urn ? urn : "", urn ? ":" : "", name,
						   sub ? "." : "", sub ? sub : "");

	*rest = NULL;
	if (urn == NULL)
	{
		field = ScimFlatFieldByName(call->endpoint, whole);
		if (field == NULL && sub != NULL)
		{
			field = ScimFlatFieldByName(call->endpoint, name);
			*rest = sub;
		}
	}
	if (field == NULL ||
		(*rest != NULL && (field->kind != SCIM_FIELD_ATTRIBUTE || field->values != NULL ||
						   field->path.resolved.sub != NULL ||
						   field->path.resolved.attribute->type != SCIM_TYPE_COMPLEX)))
		raise_unknown(whole);
	if (field->kind == SCIM_FIELD_TRANSIENT || field->kind == SCIM_FIELD_CONSTANT)
		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
						errmsg("field \"%s\" may not be used in a filter", whole)));
	return field;
}

static const JsonbValue *
literal_value(const ScimFilter *filter, const ScimFilterNode *node)
{
	const char *text = ScimFilterString(filter, node->value);

	if (node->literal == SCIM_LITERAL_STRING || node->literal == SCIM_LITERAL_NUMBER)
		return ScimJsonNewStringN(text, node->value_len);
	return ScimJsonNewString(node->literal == SCIM_LITERAL_TRUE ? "true" : "false");
}

/* 2022-05-30 */
static bool
is_date(const char *text, size_t len)
{
	static const char form[] = "0000-00-00";

	for (size_t i = 0; i < len && i < sizeof(form) - 1; i++)
	{
		if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	}
	return len == sizeof(form) - 1;
}

static void
print_literal(StringInfo out, const ScimFilter *filter, const ScimFilterNode *node,
			  const ScimAttribute *attribute)
{
	const char *text = ScimFilterString(filter, node->value);

	switch ((ScimLiteralKind) node->literal)
	{
		case SCIM_LITERAL_NONE:
			break;
		case SCIM_LITERAL_NULL:
			appendStringInfoString(out, " null");
			break;
		case SCIM_LITERAL_FALSE:
			appendStringInfoString(out, " false");
			break;
		case SCIM_LITERAL_TRUE:
			appendStringInfoString(out, " true");
			break;
		case SCIM_LITERAL_NUMBER:
			appendStringInfo(out, " %s", text);
			break;
		case SCIM_LITERAL_STRING:
			appendStringInfoChar(out, ' ');
			/* a date is its first instant */
			if (attribute != NULL && ScimHasType(attribute, SCIM_TYPE_DATETIME) &&
				is_date(text, node->value_len))
				text = psprintf("%sT00:00:00Z", text);
			ScimJsonWriteString(out, text, strlen(text));
			break;
	}
}

/* Is a presence field compared with true or false?  Then with which. */
static bool
presence_wanted(const ScimFlatField *field, const ScimFilter *filter,
				const ScimFilterNode *node)
{
	const char *text = ScimFilterString(filter, node->value);
	bool equality = node->op == SCIM_OP_EQ || node->op == SCIM_OP_NE;
	bool wanted = node->literal == SCIM_LITERAL_TRUE ||
				  (node->literal == SCIM_LITERAL_STRING && ScimNameEqual(text, "true"));

	if (!equality ||
		(!wanted && node->literal != SCIM_LITERAL_FALSE &&
		 !(node->literal == SCIM_LITERAL_STRING && ScimNameEqual(text, "false"))))
		ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
						errmsg("field \"%s\" is true or false: compare it with eq or ne",
							   field->name)));
	return wanted == (node->op == SCIM_OP_EQ);
}

/* What is stored under another name can be equal, and no more. */
static void
print_named_value(StringInfo out, const ScimFlatField *field, const ScimFilter *filter,
				  const ScimFilterNode *node)
{
	const JsonbValue *stored;

	if (node->op != SCIM_OP_EQ && node->op != SCIM_OP_NE)
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_FILTER),
				 errmsg("field \"%s\" has names for its values: compare it with eq "
						"or ne",
						field->name)));
	stored = ScimFlatStored(field, literal_value(filter, node), SCIM_INVALID_FILTER);
	appendStringInfoChar(out, ' ');
	ScimJsonWrite(out, stored);
}

/*
 * Begins a comparison, up to the operator.  Behind a filter it is about a part of a
 * value, within the brackets, which are left open; assigned: only values with that part
 * count.
 */
static void
print_operand(StringInfo out, const ScimFlatPath *path, const char *part, ScimOp op,
			  bool assigned)
{
	if (path->filter == NULL)
		appendStringInfo(out, "%s%s%s", path->text, part ? "." : "", part ? part : "");
	else
	{
		bool group = path->filter->nodes[0].kind == SCIM_NODE_OR;

		appendBinaryStringInfo(out, path->text, strcspn(path->text, "["));
		appendStringInfoString(out, group ? "[(" : "[");
		ScimFilterPrintNode(out, path->filter, 0);
		appendStringInfo(out, "%s and ", group ? ")" : "");
		if (assigned)
			appendStringInfo(out, "%s pr and ", part);
		appendStringInfoString(out, part);
	}
	appendStringInfo(out, " %s", ScimOpName(op));
}

/* Is there something at a path?  A whole value is there where its filter selects one. */
static void
print_presence(StringInfo out, const ScimFlatPath *path)
{
	if (path->filter == NULL)
		print_operand(out, path, NULL, SCIM_OP_PR, false);
	else if (path->resolved.sub == NULL)
		appendStringInfoString(out, path->text);
	else
	{
		print_operand(out, path, path->resolved.sub->name, SCIM_OP_PR, false);
		appendStringInfoChar(out, ']');
	}
}

/* Is a literal, null or "", what stands for no value? */
static bool
is_unassigned(const ScimFilterNode *node)
{
	return node->literal == SCIM_LITERAL_NULL ||
		   (node->literal == SCIM_LITERAL_STRING && node->value_len == 0);
}

static void
print_comparand(StringInfo out, const ScimFlatField *field, const ScimFilter *filter,
				const ScimFilterNode *node, const ScimAttribute *attribute)
{
	if (field->values != NULL && node->op != SCIM_OP_PR &&
		node->literal != SCIM_LITERAL_NULL)
		print_named_value(out, field, filter, node);
	else
		print_literal(out, filter, node, attribute);
}

/*
 * A comparison of a field, or of a part of it.  Behind a filter it asks for a value that
 * the filter selects, and is true of nobody who has none: who has none is found beside.
 */
static void
print_test(StringInfo out, const ScimFlatField *field, const char *part,
		   const ScimFilter *filter, const ScimFilterNode *node,
		   const ScimAttribute *attribute)
{
	const ScimFlatPath *path = &field->path;
	bool selected = path->filter != NULL;
	bool absent = selected && node->op == SCIM_OP_EQ && is_unassigned(node);
	bool differs = selected && node->op == SCIM_OP_NE && !is_unassigned(node);

	appendStringInfoString(out, absent ? "not (" : differs ? "(" : "");
	print_operand(out, path, part, absent ? SCIM_OP_NE : (ScimOp) node->op, differs);
	print_comparand(out, field, filter, node, attribute);
	appendStringInfoString(out, selected ? "]" : "");
	if (differs)
	{
		appendStringInfoString(out, " or not (");
		print_operand(out, path, part, SCIM_OP_PR, false);
		appendStringInfoString(out, "])");
	}
	appendStringInfoString(out, absent || differs ? ")" : "");
}

static void
print_comparison(StringInfo out, const ScimFlatCall *call, const ScimFilter *filter,
				 const ScimFilterNode *node)
{
	const char *rest;
	const ScimFlatField *field = filter_field(call, filter, node, &rest);
	const ScimResolved *resolved = &field->path.resolved;
	const ScimAttribute *attribute = ScimFlatLeaf(&field->path);

	if (field->kind == SCIM_FIELD_PRESENT)
	{
		/* there is always an answer */
		if (node->op == SCIM_OP_PR)
			appendStringInfoString(out, "id pr");
		else if (presence_wanted(field, filter, node))
			print_presence(out, &field->path);
		else
		{
			appendStringInfoString(out, "not (");
			print_presence(out, &field->path);
			appendStringInfoChar(out, ')');
		}
		return;
	}
	/* of a whole value, null is that there is none */
	if (rest == NULL &&
		(node->op == SCIM_OP_PR || (field->path.filter != NULL && resolved->sub == NULL &&
									node->literal == SCIM_LITERAL_NULL)))
	{
		bool absent = node->op == SCIM_OP_EQ;

		appendStringInfoString(out, absent ? "not (" : "");
		print_presence(out, &field->path);
		appendStringInfoString(out, absent ? ")" : "");
		return;
	}
	if (rest != NULL)
		attribute = ScimAttributeSub(resolved->attribute, rest, strlen(rest));
	else if (attribute->type == SCIM_TYPE_COMPLEX)
		attribute = ScimAttributeSub(attribute, "value", strlen("value"));
	/* whole values are compared by that, and behind a filter it has to be said */
	if (field->path.filter != NULL && resolved->sub != NULL)
		rest = resolved->sub->name;
	else if (field->path.filter != NULL && rest == NULL)
		rest = "value";
	print_test(out, field, rest, filter, node, attribute);
}

static void
print_children(StringInfo out, const ScimFlatCall *call, const ScimFilter *filter,
			   uint32 index)
{
	const ScimFilterNode *node = &filter->nodes[index];

	for (uint32 child = index + 1; child < index + node->size;
		 child += filter->nodes[child].size)
	{
		bool group = filter->nodes[child].kind == SCIM_NODE_OR;

		if (child > index + 1)
			appendStringInfoString(out, node->kind == SCIM_NODE_AND ? " and " : " or ");
		appendStringInfoString(out, group ? "(" : "");
		print_node(out, call, filter, child);
		appendStringInfoString(out, group ? ")" : "");
	}
}

/* A node of a filter in names of fields, in those of attributes. */
static void
print_node(StringInfo out, const ScimFlatCall *call, const ScimFilter *filter,
		   uint32 index)
{
	const ScimFilterNode *node = &filter->nodes[index];
	const ScimFlatField *field;
	const char *rest;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch ((ScimNodeKind) node->kind)
	{
		case SCIM_NODE_AND:
		case SCIM_NODE_OR:
			print_children(out, call, filter, index);
			break;
		case SCIM_NODE_NOT:
			appendStringInfoString(out, "not (");
			print_node(out, call, filter, index + 1);
			appendStringInfoChar(out, ')');
			break;
		case SCIM_NODE_COMPARE:
			print_comparison(out, call, filter, node);
			break;
		case SCIM_NODE_VALUE_PATH:
			field = filter_field(call, filter, node, &rest);
			if (rest != NULL || field->kind != SCIM_FIELD_ATTRIBUTE ||
				field->path.resolved.sub != NULL || field->path.filter != NULL)
				ereport(ERROR, (ScimErr(SCIM_INVALID_FILTER),
								errmsg("field \"%s\" has no values to choose from",
									   field->name)));
			appendStringInfo(out, "%s[", field->path.text);
			ScimFilterPrintNode(out, filter, index + 1);
			appendStringInfoChar(out, ']');
			break;
	}
}

static void
add_condition(StringInfo filter, const char *condition)
{
	appendStringInfo(filter, "%s(%s)", filter->len > 0 ? " and " : "", condition);
}

/* Returns by how much what a client says has become longer. */
static int
add_filter(StringInfo filter, const ScimFlatCall *call, const char *text)
{
	ScimProblem *problem = NULL;
	ScimFilter *parsed;
	StringInfoData condition;

	ScimSettingsUse(call->store->settings);
	parsed = ScimFilterParse(text, strlen(text), &problem);
	if (parsed == NULL)
		ereport(ERROR, (ScimErr(problem->kind), errmsg("%s", problem->message)));
	initStringInfo(&condition);
	print_node(&condition, call, parsed, 0);
	add_condition(filter, condition.data);
	return Max(condition.len - (int) strlen(text), 0);
}

/* A text that one of some attributes has in it. */
static void
add_query(StringInfo filter, const ScimListSettings *list, const char *text)
{
	StringInfoData condition;
	ListCell *lc;

	initStringInfo(&condition);
	foreach (lc, list->query_paths)
	{
		appendStringInfo(&condition, "%s%s co ", condition.len > 0 ? " or " : "",
						 (char *) lfirst(lc));
		ScimJsonWriteString(&condition, text, strlen(text));
	}
	add_condition(filter, condition.data);
}

/* ---- parameters ---- */

/* The value of a parameter, or NULL where it is not given. */
static const char *
given_value(List *parameters, const char *name)
{
	const char *value = NULL;
	ListCell *lc;

	foreach (lc, parameters)
	{
		const ScimParameter *parameter = lfirst(lc);

		if (name == NULL || !ScimNameEqual(parameter->name, name))
			continue;
		if (value != NULL && strcmp(value, parameter->value) != 0)
			ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
							errmsg("parameter \"%s\" is given twice", name)));
		value = parameter->value;
	}
	return value;
}

/* The same of one that is as good as absent where it is empty. */
static const char *
parameter_value(List *parameters, const char *name)
{
	const char *value = given_value(parameters, name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* An integer that is at least min; what is beyond all bounds is the greatest. */
static int64
integer_parameter(List *parameters, const char *name, int64 by_default, int64 min)
{
	const char *text = parameter_value(parameters, name);
	int64 value;

	if (text == NULL)
		return by_default;
	if (!ScimMessageInteger(ScimJsonNewString(text), &value) || value < min)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s \"%s\" is not an integer of " INT64_FORMAT " or more",
							   name, ScimShortDetail(text), min)));
	return value;
}

static void
set_page(const ScimFlatCall *call, List *parameters, ScimSearchRequest *search,
		 int64 *page_number)
{
	const ScimListSettings *list = &call->endpoint->list;
	int64 offset = 0;

	search->max_count = list->max_limit;
	search->count = integer_parameter(parameters, list->limit, list->default_limit, 0);
	search->count = ScimSearchLimit(call->store, call->type, search);
	switch (list->paging)
	{
		case SCIM_PAGING_OFFSET:
			offset = integer_parameter(parameters, list->position, 0, 0);
			offset = Min(offset, PG_INT64_MAX - 1);
			break;
		case SCIM_PAGING_PAGE:
			*page_number =
				integer_parameter(parameters, list->position, list->first, list->first);
			if (pg_mul_s64_overflow(*page_number - list->first, search->count, &offset))
				offset = PG_INT64_MAX - 1;
			break;
		case SCIM_PAGING_CURSOR:
			search->cursor = parameter_value(parameters, list->position);
			if (search->cursor == NULL)
				search->cursor = "";
			break;
	}
	search->start_index = offset + 1;
	search->start_index_given = search->cursor == NULL;
}

/* The name of a field in what a template such as "{field}_ASC" stands for, or NULL. */
static char *
field_in(const char *template, const char *text)
{
	const char *place = strstr(template, "{field}");
	size_t before = place - template;
	size_t after = strlen(place) - strlen("{field}");
	size_t len = strlen(text);

	if (len <= before + after || !ScimNameEqualN(text, before, template, before) ||
		!ScimNameEqualN(text + len - after, after, place + strlen("{field}"), after))
		return NULL;
	return pnstrdup(text + before, len - before - after);
}

/*
 * ScimFlatSortField returns the field by which a list is sorted where text says so, and
 * in *descending which way, if that is not for another parameter to say; NULL: it
 * cannot be sorted by that.
 */
const ScimFlatField *
ScimFlatSortField(const ScimEndpoint *endpoint, const char *text, bool *descending)
{
	const ScimListSettings *list = &endpoint->list;
	const ScimFlatField *field = ScimFlatFieldByName(endpoint, text);
	const ScimAttribute *leaf;
	char *name;

	if (field == NULL && list->order == NULL)
	{
		name = field_in(list->descending, text);
		if (name != NULL)
			field = ScimFlatFieldByName(endpoint, name);
		*descending = field != NULL;
		if (field == NULL && (name = field_in(list->ascending, text)) != NULL)
			field = ScimFlatFieldByName(endpoint, name);
	}
	if (field == NULL || field->kind != SCIM_FIELD_ATTRIBUTE || !field->readable ||
		field->path.filter != NULL)
		return NULL;
	leaf = ScimFlatLeaf(&field->path);
	if (leaf->type == SCIM_TYPE_COMPLEX &&
		ScimAttributeSub(leaf, "value", strlen("value")) == NULL)
		return NULL;
	return field;
}

static void
set_order(const ScimFlatCall *call, List *parameters, ScimSearchRequest *search)
{
	const ScimListSettings *list = &call->endpoint->list;
	const char *text = parameter_value(parameters, list->sort);
	const char *order = parameter_value(parameters, list->order);
	const ScimFlatField *field;

	if (text == NULL)
		text = list->default_sort;
	if (text == NULL)
		return;
	if (list->order != NULL)
	{
		search->descending = order != NULL && ScimNameEqual(order, list->descending);
		if (order != NULL && !search->descending &&
			!ScimNameEqual(order, list->ascending))
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("%s must be \"%s\" or \"%s\", not \"%s\"", list->order,
							list->ascending, list->descending, ScimShortDetail(order))));
	}
	field = ScimFlatSortField(call->endpoint, text, &search->descending);
	if (field == NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_PATH),
						errmsg("cannot sort by \"%s\"", ScimShortDetail(text))));
	search->sort_by = field->path.text;
}

/* ---- the answer ---- */

static const JsonbValue *
list_place(void *context, const char *name)
{
	const ListPlaces *places = context;
	int64 total = places->page->total;
	int64 limit = places->search->count;

	if (strcmp(name, "items") == 0)
		return places->items;
	if (strcmp(name, "total") == 0)
		return ScimJsonNewInteger(total);
	if (strcmp(name, "count") == 0)
		return ScimJsonNewInteger(list_length(places->page->resources));
	if (strcmp(name, "limit") == 0)
		return ScimJsonNewInteger(limit);
	if (strcmp(name, "offset") == 0)
		return ScimJsonNewInteger(places->search->start_index - 1);
	if (strcmp(name, "page") == 0)
		return ScimJsonNewInteger(places->page_number);
	if (strcmp(name, "pages") == 0)
		return ScimJsonNewInteger(limit > 0 ? (total + limit - 1) / limit : 0);
	return places->page->next_cursor ? ScimJsonNewString(places->page->next_cursor)
									 : NULL;
}

/* A filter in the words of the schema: ScimWireFilter. */
typedef struct Respelling
{
	const ScimWireReading *reading;
	const char *filter;
	const char *result;
} Respelling;

static void
respell(void *arg)
{
	Respelling *respelling = arg;

	respelling->result = ScimWireFilter(respelling->reading, NULL, respelling->filter);
}

/* ScimFlatList answers with a page of a list. */
void
ScimFlatList(ScimFlatCall *call, ScimAnswer *answer)
{
	const ScimEndpoint *endpoint = call->endpoint;
	const ScimListSettings *list = &endpoint->list;
	List *parameters = ScimTargetParameters(call->flat->query);
	ScimSearchRequest search = {0};
	ScimPage page;
	ListPlaces places = {list, &search, &page, NULL, list->first};
	StringInfoData filter;
	const char *argument = call->flat->argument;
	const char *text;
	const ScimWire *characters;
	const JsonbValue *template;
	JsonbValue *items;
	ListCell *lc;

	initStringInfo(&filter);
	if (list->owner != NULL)
	{
		const char *id = ScimFlatLookUp(call, list->owner);

		argument = ScimUuidText(&ScimGetResource(call->store, list->owner, id)->id);
	}
	if (list->where != NULL)
	{
		StringInfoData where;
		bool used;

		initStringInfo(&where);
		(void) ScimFlatWhere(list->where, endpoint->parameter, argument ? argument : "",
							 &where, &used);
		add_condition(&filter, where.data);
		/* with the parentheses around it and what a client says as well */
		search.own = strlen(list->where) + strlen(" and ()()");
		search.own_terms = list->where_terms;
	}
	/* who asks for some is not answered with all (message/query.c) */
	text = given_value(parameters, list->filter);
	if (text != NULL)
		search.own += add_filter(&filter, call, text);
	text = parameter_value(parameters, list->query);
	if (text != NULL)
		add_query(&filter, list, text);
	characters = ScimWireWithOthers(call->store, call->type, call->characters);
	if (filter.len > 0 && characters != NULL)
	{
		ScimWireReading reading = {.wire = characters};
		Respelling respelling = {&reading, filter.data, NULL};
		ScimFilterLimits limits = ScimFilterLimitsBeside(search.own);

		(void) ScimFilterWithin(&limits, respell, &respelling);
		search.filter = respelling.result;
	}
	else
		search.filter = filter.len > 0 ? filter.data : NULL;
	search.secrets = true;
	/* where the next page is found by the size that was asked for, nothing is skipped */
	search.whole = list->paging != SCIM_PAGING_CURSOR;
	set_page(call, parameters, &search, &places.page_number);
	set_order(call, parameters, &search);
	ScimSearchPage(call->store, call->type, &search, &page);

	items = ScimJsonNewArray();
	foreach (lc, page.resources)
	{
		CHECK_FOR_INTERRUPTS();
		ScimJsonAppend(items, ScimFlatShow(call, lfirst(lc), NULL));
	}
	places.items = items;
	answer->status = ScimFlatStatus(endpoint, &template);
	ScimJsonWrite(&answer->body, ScimTemplateFill(template, list_place, &places));
}
