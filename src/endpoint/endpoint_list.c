/*
 * endpoint_list.c
 *		The settings of an endpoint that lists: parameters, order, pages.
 */
#include "postgres.h"

#include "endpoint/endpoint_compile.h"
#include "text/fold.h"

#define MAX_PAGE 100000   /* as scim.max_results */
#define DEFAULT_LIMIT 100 /* items in a page */

static bool
is_list_place(void *context, const char *name)
{
	static const char *const places[] = {"items",  "total", "count", "limit",
										 "offset", "page",  "pages", "cursor"};

	for (size_t i = 0; i < lengthof(places); i++)
	{
		if (strcmp(places[i], name) == 0)
			return true;
	}
	return false;
}

static void
compile_paging(ScimCompile *c, const JsonbValue *paging)
{
	static const char *const known[] = {"style",  "limit",   "size", "offset", "page",
										"cursor", "default", "max",  "first",  NULL};
	static const char *const styles[] = {"offset", "page", "cursor"};
	static const char *const place = "settings.list.paging";
	ScimListSettings *list = &c->endpoint->list;
	const char *style;
	size_t i = 0;

	if (paging != NULL && !ScimCompileKeys(c, place, paging, known))
		return;
	style = ScimCompileString(c, place, paging, "style", "offset");
	while (style != NULL && i < lengthof(styles) && strcmp(styles[i], style) != 0)
		i++;
	if (style == NULL || i == lengthof(styles))
	{
		ScimCompileFail(c, place, "style must be \"offset\", \"page\" or \"cursor\"");
		return;
	}
	list->paging = (ScimPaging) i;
	for (size_t j = 0; paging != NULL && j < lengthof(styles); j++)
	{
		if (j != i && ScimJsonGet(paging, styles[j]) != NULL)
			ScimCompileFail(c, psprintf("%s.%s", place, styles[j]),
							"style \"%s\" has no such parameter", style);
	}
	if (paging != NULL && ScimJsonGet(paging, "limit") != NULL &&
		ScimJsonGet(paging, "size") != NULL)
		ScimCompileFail(c, place, "limit and size are two names of one parameter");
	list->limit = ScimCompileString(
		c, place, paging, "limit",
		ScimCompileString(c, place, paging, "size",
						  list->paging == SCIM_PAGING_PAGE ? "size" : "limit"));
	list->position = ScimCompileString(c, place, paging, style, style);
	list->first = ScimCompileMember(c, place, paging, "first", 1, 0, 1);
	list->max_limit = ScimCompileMember(c, place, paging, "max", MAX_PAGE, 1, MAX_PAGE);
	if (paging == NULL || ScimJsonGet(paging, "max") == NULL)
		list->max_limit = 0; /* as many as the store gives */
	list->default_limit =
		ScimCompileMember(c, place, paging, "default", DEFAULT_LIMIT, 1, MAX_PAGE);
}

static void
compile_sort(ScimCompile *c, const JsonbValue *sort)
{
	static const char *const known[] = {"parameter",  "order",   "ascending",
										"descending", "default", NULL};
	static const char *const place = "settings.list.sort";
	ScimListSettings *list = &c->endpoint->list;

	if (sort != NULL && sort->type == jbvNull)
		return;
	if (sort != NULL && !ScimCompileKeys(c, place, sort, known))
		return;
	list->sort = ScimCompileString(c, place, sort, "parameter", "sort");
	list->order = ScimCompileString(c, place, sort, "order", NULL);
	list->ascending = ScimCompileString(c, place, sort, "ascending",
										list->order ? "asc" : "{field}_ASC");
	list->descending = ScimCompileString(c, place, sort, "descending",
										 list->order ? "desc" : "{field}_DESC");
	list->default_sort = ScimCompileString(c, place, sort, "default", NULL);
	if (list->ascending == NULL || list->descending == NULL)
		ScimCompileFail(c, place, "ascending and descending must be strings");
	else if (list->order == NULL && (strstr(list->ascending, "{field}") == NULL ||
									 strstr(list->descending, "{field}") == NULL))
		ScimCompileFail(c, place,
						"ascending and descending must have \"{field}\" in them");
	else if (ScimNameEqual(list->ascending, list->descending))
		ScimCompileFail(c, place, "ascending and descending are the same");
	else if (list->default_sort != NULL)
	{
		bool descending;

		if (ScimFlatSortField(c->endpoint, list->default_sort, &descending) == NULL)
			ScimCompileFail(c, psprintf("%s.default", place),
							"it cannot be sorted by \"%s\"", list->default_sort);
	}
}

/* A parameter of the query string is for one thing. */
static void
check_parameters(ScimCompile *c)
{
	const ScimListSettings *list = &c->endpoint->list;
	const char *const names[] = {list->limit, list->position, list->filter,
								 list->sort,  list->order,    list->query};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (names[i] != NULL && names[i][0] == '\0')
			ScimCompileFail(c, "settings.list", "a parameter has no name");
		for (size_t j = 0; j < i; j++)
		{
			if (names[i] != NULL && names[j] != NULL && ScimNameEqual(names[i], names[j]))
				ScimCompileFail(c, "settings.list",
								"the parameter \"%s\" is for two things", names[i]);
		}
	}
}

/* Is it a string, or an object with one for its value? */
static bool
is_text(const ScimFlatPath *path)
{
	const ScimAttribute *leaf = ScimFlatLeaf(path);

	if (leaf->type == SCIM_TYPE_COMPLEX)
		leaf = ScimAttributeSub(leaf, "value", strlen("value"));
	return leaf != NULL && ScimHasType(leaf, SCIM_TYPE_STRING);
}

static void
compile_query(ScimCompile *c, const JsonbValue *query)
{
	static const char *const known[] = {"parameter", "fields", NULL};
	static const char *const place = "settings.list.query";
	ScimListSettings *list = &c->endpoint->list;
	const JsonbValue *fields;

	if (query == NULL || query->type == jbvNull ||
		!ScimCompileKeys(c, place, query, known))
		return;
	list->query = ScimCompileString(c, place, query, "parameter", "query");
	fields = ScimJsonGet(query, "fields");
	if (fields == NULL || fields->type != jbvArray || fields->val.array.nElems == 0)
	{
		ScimCompileFail(c, place, "fields must be an array of names of fields");
		return;
	}
	for (int i = 0; i < fields->val.array.nElems; i++)
	{
		char *name = ScimJsonStringCopy(&fields->val.array.elems[i]);
		const ScimFlatField *field = name ? ScimFlatFieldByName(c->endpoint, name) : NULL;

		if (field == NULL || field->kind != SCIM_FIELD_ATTRIBUTE || !field->readable ||
			field->values != NULL || !is_text(&field->path))
			ScimCompileFail(c, psprintf("%s.fields", place),
							"\"%s\" is no field that is read as a text",
							name ? name : "");
		else
			/* a whole value is compared by its "value", which behind a filter is said */
			list->query_paths =
				lappend(list->query_paths,
						psprintf("%s%s", field->path.text,
								 field->path.filter != NULL && !field->path.resolved.sub
									 ? ".value"
									 : ""));
	}
}

/* What is wrong with the filter that all of a list satisfies, or NULL. */
static const char *
where_fault(ScimCompile *c, const char *argument)
{
	ScimEndpoint *endpoint = c->endpoint;
	ScimResolveContext context = {c->registry, endpoint->type};
	ScimProblem *problem = NULL;
	StringInfoData text;
	ScimFilter *filter;
	const char *fault;

	initStringInfo(&text);
	fault = ScimFlatWhere(endpoint->list.where, endpoint->parameter, argument, &text,
						  &endpoint->list.where_has_parameter);
	if (fault != NULL)
		return fault;
	filter = ScimFilterParse(text.data, text.len, &problem);
	if (filter == NULL ||
		ScimFilterBind(filter, 0, ScimResolveForFilter, &context, NULL, &problem) == NULL)
		return problem->message;
	endpoint->list.where_terms = filter->nnodes;
	return NULL;
}

/* One of these can stand where the parameter does: clients say what they like. */
static void
check_where(ScimCompile *c)
{
	static const char *const arguments[] = {"x", "2000-01-01T00:00:00Z", "1", "true"};
	const char *first = NULL;

	for (size_t i = 0; i < lengthof(arguments); i++)
	{
		const char *fault = where_fault(c, arguments[i]);

		if (fault == NULL)
			return;
		if (first == NULL)
			first = fault;
	}
	ScimCompileFail(c, "settings.list.where", "%s", first);
}

/* ScimCompileList reads how a list is asked for and shown. */
void
ScimCompileList(ScimCompile *c)
{
	static const char *const known[] = {"paging", "filter", "sort", "query",
										"where",  "owner",  "body", NULL};
	static const char *const place = "settings.list";
	const JsonbValue *settings = ScimCompileSetting(c, "list");
	ScimListSettings *list = &c->endpoint->list;
	const char *owner;
	const char *wrong;

	if (strcmp(c->endpoint->action->name, "list") != 0)
	{
		if (settings != NULL)
			ScimCompileFail(c, place, "the action is not to list");
		return;
	}
	if (settings == NULL)
		settings = ScimJsonNewObject();
	if (!ScimCompileKeys(c, place, settings, known))
		return;
	compile_paging(c, ScimJsonGet(settings, "paging"));
	list->filter = ScimCompileString(c, place, settings, "filter", "filter");
	compile_sort(c, ScimJsonGet(settings, "sort"));
	compile_query(c, ScimJsonGet(settings, "query"));
	check_parameters(c);
	list->where = ScimCompileString(c, place, settings, "where", NULL);
	owner = ScimCompileString(c, place, settings, "owner", NULL);
	if (owner != NULL)
	{
		list->owner = ScimRegistryType(c->registry, owner);
		if (list->owner == NULL)
			ScimCompileFail(c, "settings.list.owner", "unknown resource type \"%s\"",
							owner);
	}
	list->body = ScimJsonGet(settings, "body");
	if (list->body == NULL)
		list->body = ScimJsonNewString("{items}");
	wrong = ScimTemplateCheck(list->body, is_list_place, NULL);
	if (list->body->type == jbvNull)
		wrong = "a list has a body";
	if (wrong != NULL)
		ScimCompileFail(c, "settings.list.body", "%s", wrong);
	if (list->where != NULL)
		check_where(c);
}
