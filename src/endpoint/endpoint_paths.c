/*
 * endpoint_paths.c
 *		Endpoints of one's own in OpenAPI 3.1: scim_internal.add_endpoint_paths().
 *
 * Paths are relative to the base URL, as those of SCIM are: they are there, too.
 */
#include "postgres.h"

#include <ctype.h>

#include "fmgr.h"
#include "utils/formatting.h"

#include "endpoint/endpoint.h"

PG_FUNCTION_INFO_V1(scim_add_endpoint_paths);

static JsonbValue *
object_of(const char *key, const JsonbValue *value)
{
	JsonbValue *object = ScimJsonNewObject();

	ScimJsonSet(object, key, value);
	return object;
}

static JsonbValue *
string_of(const char *text)
{
	return ScimJsonNewString(text);
}

/* {"type": "string"} and so on; anything where the type does not say more. */
static JsonbValue *
type_schema(const ScimAttribute *attribute)
{
	JsonbValue *schema = ScimJsonNewObject();
	JsonbValue *types = ScimJsonNewArray();
	const char *pattern = attribute->pattern
							  ? ScimPatternAsEcma(ScimPatternText(attribute->pattern))
							  : NULL;

	for (int type = 0; type < SCIM_TYPE_SEVERAL; type++)
	{
		if (ScimHasType(attribute, (ScimType) type))
			ScimJsonAppend(types, string_of(ScimJsonTypeName((ScimType) type)));
	}
	if (types->val.array.nElems > 1)
		ScimJsonSet(schema, "type", types);
	else if (types->val.array.nElems == 1)
		ScimJsonSet(schema, "type", &types->val.array.elems[0]);
	if (ScimHasType(attribute, SCIM_TYPE_DATETIME))
		ScimJsonSet(schema, "pattern", string_of(ScimDatetimePattern));
	else if (attribute->date)
		ScimJsonSet(schema, "format", string_of("date"));
	if (pattern != NULL)
		ScimJsonSet(schema, "pattern", string_of(pattern));
	return schema;
}

/* A new resource, or all of one: what is not said has no value. */
static bool
takes_whole(const ScimEndpoint *endpoint)
{
	return strcmp(endpoint->action->name, "create") == 0 ||
		   strcmp(endpoint->action->name, "replace") == 0;
}

/* Does the schema of the type want a value where a field stands for all of it? */
static bool
is_demanded(const ScimFlatField *field)
{
	const ScimResolved *resolved = &field->path.resolved;

	return field->kind == SCIM_FIELD_ATTRIBUTE && resolved->extension == NULL &&
		   field->path.filter == NULL &&
		   (resolved->sub == NULL || resolved->attribute->multi_valued) &&
		   resolved->attribute->required;
}

/* Must what is said of a field be a value? */
static bool
is_never_empty(const ScimFlatField *field)
{
	return field->required || is_demanded(field);
}

/*
 * Is what is said of a field refused where it is blank?  An extension may be left out,
 * with what it requires.
 */
static bool
is_refused_blank(const ScimFlatField *field)
{
	const ScimResolved *resolved = &field->path.resolved;

	return resolved->sub == NULL && field->path.filter == NULL &&
		   resolved->attribute->required && ScimIsToBeSeen(resolved->attribute);
}

/* May a body that says all do without a field? */
static bool
may_be_missing(const ScimEndpoint *endpoint, const ScimFlatField *field)
{
	const ScimAttribute *attribute = field->path.resolved.attribute;

	if (field->required)
		return false;
	if (!is_demanded(field))
		return true;
	/* what is not shown is not cleared */
	if (strcmp(endpoint->action->name, "replace") == 0 &&
		(!field->readable || attribute->mutability == SCIM_IMMUTABLE))
		return true;
	for (int i = 0; i < endpoint->nconstants; i++)
	{
		if (endpoint->constants[i].path.resolved.attribute == attribute)
			return true;
	}
	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *other = &endpoint->fields[i];

		if (other != field && other->kind == SCIM_FIELD_ATTRIBUTE && other->writable &&
			other->path.resolved.attribute == attribute)
			return true;
	}
	return false;
}

/* Makes null one of the values of a schema. */
static void
allow_null(JsonbValue *schema)
{
	static const JsonbValue null = {.type = jbvNull};
	JsonbValue *type = ScimJsonGet(schema, "type");
	JsonbValue *types;

	if (ScimJsonGet(schema, "enum") != NULL)
		ScimJsonAppend(ScimJsonGet(schema, "enum"), &null);
	else if (ScimJsonGet(schema, "anyOf") != NULL)
		ScimJsonAppend(ScimJsonGet(schema, "anyOf"),
					   object_of("type", string_of("null")));
	else if (type != NULL && type->type == jbvArray)
		ScimJsonAppend(type, string_of("null"));
	else if (type != NULL)
	{
		types = ScimJsonNewArray();
		ScimJsonAppend(types, type);
		ScimJsonAppend(types, string_of("null"));
		ScimJsonSet(schema, "type", types);
	}
}

/* or_empty: what is empty says that there is no value. */
static void
forbid_blank(JsonbValue *schema, bool or_empty)
{
	JsonbValue *seen =
		string_of(or_empty ? psprintf("^$|%s", ScimSeenPattern) : ScimSeenPattern);
	JsonbValue *all;

	if (ScimJsonGet(schema, "pattern") == NULL)
	{
		ScimJsonSet(schema, "pattern", seen);
		return;
	}
	/* an object has one member of a name */
	all = ScimJsonNewArray();
	ScimJsonAppend(all, object_of("pattern", seen));
	ScimJsonSet(schema, "allOf", all);
}

/* The names that a field has for its values. */
static JsonbValue *
names_schema(const ScimFlatField *field, bool for_request)
{
	JsonbValue *names = ScimJsonNewArray();
	JsonbValue *any;

	for (int i = 0; i < field->nvalues; i++)
		ScimJsonAppend(names, field->values[i].outside);
	if (for_request)
		return object_of("enum", names);
	/* what has no name is shown as it is */
	any = ScimJsonNewArray();
	ScimJsonAppend(any, object_of("enum", names));
	ScimJsonAppend(any, type_schema(ScimFlatLeaf(&field->path)));
	return object_of("anyOf", any);
}

/* for_request: as a body has it, and within what is not refused for its length */
static JsonbValue *
field_schema(const ScimEndpoint *endpoint, const ScimFlatField *field, bool for_request)
{
	JsonbValue *schema = ScimJsonNewObject();
	JsonbValue *list;

	switch (field->kind)
	{
		case SCIM_FIELD_CONSTANT:
			return object_of("const", field->constant);
		case SCIM_FIELD_PRESENT:
			return object_of("type", string_of("boolean"));
		case SCIM_FIELD_TRANSIENT:
			return schema;
		case SCIM_FIELD_ATTRIBUTE:
			break;
	}
	if (field->nvalues > 0)
		schema = names_schema(field, for_request);
	else
	{
		bool never_empty = for_request && is_never_empty(field);
		int max_length = ScimMaxLength(endpoint->type, ScimFlatLeaf(&field->path));

		schema = type_schema(ScimFlatLeaf(&field->path));
		if (for_request && max_length > 0)
			ScimJsonSet(schema, "maxLength", ScimJsonNewInteger(max_length));
		if (never_empty && ScimJsonStringEquals(ScimJsonGet(schema, "type"), "string"))
			ScimJsonSet(schema, "minLength", ScimJsonNewInteger(1));
		if (for_request && is_refused_blank(field))
			forbid_blank(schema, !never_empty);
	}
	if (field->path.several && !field->one)
	{
		list = object_of("type", string_of("array"));
		ScimJsonSet(list, "items", schema);
		schema = list;
		if (for_request && is_never_empty(field))
			ScimJsonSet(schema, "minItems", ScimJsonNewInteger(1));
	}
	if (for_request ? !is_never_empty(field) : endpoint->shows_null)
		allow_null(schema);
	if (!field->writable)
		ScimJsonSet(schema, "readOnly", ScimJsonNewBool(true));
	else if (!field->readable)
		ScimJsonSet(schema, "writeOnly", ScimJsonNewBool(true));
	return schema;
}

/* An object; closed: it has no other members than those that are added. */
static JsonbValue *
object_schema(bool closed, bool nullable)
{
	JsonbValue *schema = object_of("type", string_of("object"));

	if (nullable)
		allow_null(schema);
	if (closed)
		ScimJsonSet(schema, "additionalProperties", ScimJsonNewBool(false));
	return schema;
}

/*
 * Puts the schema of a.b.c where it belongs, within objects.  nullable: these may be
 * null, unless something else is in them that may not.
 */
static void
set_property(JsonbValue *schema, const char *place, const JsonbValue *property,
			 bool closed, bool nullable)
{
	int len = strcspn(place, ".");
	char *name = pnstrdup(place, len);
	JsonbValue *properties = ScimJsonGet(schema, "properties");
	JsonbValue *inner;

	if (properties == NULL)
	{
		ScimJsonSet(schema, "properties", ScimJsonNewObject());
		properties = ScimJsonGet(schema, "properties");
	}
	if (place[len] != '\0')
	{
		inner = ScimJsonGet(properties, name);
		if (inner == NULL)
		{
			ScimJsonSet(properties, name, object_schema(closed, nullable));
			inner = ScimJsonGet(properties, name);
		}
		if (!nullable)
			ScimJsonSet(inner, "type", string_of("object"));
		set_property(inner, place + len + 1, property, closed, nullable);
		return;
	}
	ScimJsonSet(properties, name, property);
}

/* Adds an element to a member of a schema that is a list. */
static void
add_to(JsonbValue *schema, const char *member, const JsonbValue *element)
{
	if (ScimJsonGet(schema, member) == NULL)
		ScimJsonSet(schema, member, ScimJsonNewArray());
	ScimJsonAppend(ScimJsonGet(schema, member), element);
}

/* Something must be at a.b.c. */
static JsonbValue *
demand_of(const char *place)
{
	int len = strcspn(place, ".");
	char *name = pnstrdup(place, len);
	JsonbValue *demand = object_of("type", string_of("object"));

	add_to(demand, "required", string_of(name));
	if (place[len] != '\0')
		ScimJsonSet(demand, "properties", object_of(name, demand_of(place + len + 1)));
	return demand;
}

/* A field must be in the body, at one of its places. */
static void
require_field(JsonbValue *schema, const ScimFlatField *field)
{
	JsonbValue *demands = ScimJsonNewArray();
	ListCell *lc;

	if (list_length(field->places) == 1 && strchr(field->name, '.') == NULL)
	{
		add_to(schema, "required", string_of(field->name));
		return;
	}
	foreach (lc, field->places)
		ScimJsonAppend(demands, demand_of(lfirst(lc)));
	add_to(schema, "allOf",
		   demands->val.array.nElems == 1 ? &demands->val.array.elems[0]
										  : object_of("anyOf", demands));
}

/* No member is called "a.b" or "a.b.c", where these are places of fields. */
static void
forbid_dotted(JsonbValue *schema, const char *place)
{
	for (const char *p = strchr(place, '.'); p != NULL; p = strchr(p + 1, '.'))
	{
		const char *end = p + 1 + strcspn(p + 1, ".");

		ScimJsonSet(ScimJsonGet(schema, "properties"), pnstrdup(place, end - place),
					ScimJsonNewBool(false));
	}
}

/* The fields of an endpoint as a body has them (for_request) or shows them. */
static JsonbValue *
fields_schema(const ScimEndpoint *endpoint, bool for_request)
{
	bool closed = for_request && !endpoint->ignores_unknown;
	JsonbValue *schema = object_schema(closed, false);

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		bool ignored = for_request && !field->writable;
		ListCell *lc;

		if (!for_request && !field->readable)
			continue;
		foreach (lc, field->places)
		{
			if (!for_request && foreach_current_index(lc) > 0)
				break;
			/* what a body says of it has no effect, whatever it is */
			set_property(schema, lfirst(lc),
						 ignored ? object_of("readOnly", ScimJsonNewBool(true))
								 : field_schema(endpoint, field, for_request),
						 closed, for_request && (ignored || !is_never_empty(field)));
			if (for_request && !closed)
				forbid_dotted(schema, lfirst(lc));
		}
		if (for_request && field->writable && takes_whole(endpoint) &&
			!may_be_missing(endpoint, field))
			require_field(schema, field);
	}
	return schema;
}

static JsonbValue *
content_of(const ScimEndpoint *endpoint, const JsonbValue *schema)
{
	return object_of(endpoint->media_type, object_of("schema", schema));
}

static bool
is_name(const JsonbValue *template, const char *name)
{
	return ScimJsonStringEquals(template, name);
}

/* What a template becomes: of it only "{item}" and "{items}" are known in full. */
static JsonbValue *
template_schema(const ScimEndpoint *endpoint, const JsonbValue *template)
{
	JsonbValue *schema;
	JsonbValue *properties;

	if (is_name(template, "{item}"))
		return fields_schema(endpoint, false);
	if (is_name(template, "{items}"))
	{
		schema = object_of("type", string_of("array"));
		ScimJsonSet(schema, "items", fields_schema(endpoint, false));
		return schema;
	}
	if (template->type != jbvObject)
		return ScimJsonNewObject();
	schema = object_of("type", string_of("object"));
	properties = ScimJsonNewObject();
	for (int i = 0; i < template->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &template->val.object.pairs[i];

		ScimJsonSetN(properties, pair->key.val.string.val, pair->key.val.string.len,
					 template_schema(endpoint, &pair->value));
	}
	ScimJsonSet(schema, "properties", properties);
	return schema;
}

/* What scim.openapi describes for all. */
static JsonbValue *
reference_to(const char *component)
{
	return object_of("$ref", string_of(psprintf("#/components/%s", component)));
}

static JsonbValue *
error_response(const ScimEndpoint *endpoint, const char *description)
{
	JsonbValue *response = object_of("description", string_of(description));

	ScimJsonSet(response, "content",
				content_of(endpoint, template_schema(endpoint, endpoint->error_body)));
	return response;
}

static JsonbValue *
responses_of(const ScimEndpoint *endpoint, const char *method)
{
	JsonbValue *responses = ScimJsonNewObject();
	JsonbValue *success = object_of("description", string_of("Done"));
	const JsonbValue *template = NULL;
	int status = ScimFlatStatus(endpoint, &template);

	if (template != NULL)
		ScimJsonSet(success, "content",
					content_of(endpoint, template_schema(endpoint, template)));
	ScimJsonSet(success, "headers", object_of("ETag", reference_to("headers/ETag")));
	ScimJsonSet(responses, psprintf("%d", status), success);
	/* the one answer without a body that is no success */
	if (strcmp(method, "get") == 0)
		ScimJsonSet(responses, "304", reference_to("responses/NotModified"));
	ScimJsonSet(responses, "412",
				error_response(endpoint, "The version is not what If-Match and "
										 "If-None-Match want it to be"));
	if (endpoint->action->takes_body)
		ScimJsonSet(responses, "415",
					error_response(endpoint, "The Content-Type or Content-Encoding of "
											 "the body is none that is read"));
	ScimJsonSet(responses, "default", error_response(endpoint, "An error"));
	return responses;
}

static void
add_parameter(JsonbValue *parameters, const char *name, const char *in,
			  const char *description, const char *type)
{
	JsonbValue *parameter;

	if (name == NULL)
		return;
	parameter = object_of("name", string_of(name));
	ScimJsonSet(parameter, "in", string_of(in));
	ScimJsonSet(parameter, "description", string_of(description));
	ScimJsonSet(parameter, "schema", object_of("type", string_of(type)));
	if (strcmp(in, "path") == 0)
		ScimJsonSet(parameter, "required", ScimJsonNewBool(true));
	ScimJsonAppend(parameters, parameter);
}

static JsonbValue *
list_parameters(const ScimListSettings *list)
{
	JsonbValue *parameters = ScimJsonNewArray();
	bool cursor = list->paging == SCIM_PAGING_CURSOR;

	add_parameter(parameters, list->filter, "query",
				  "A filter of RFC 7644 section 3.4.2.2, in the names of fields",
				  "string");
	add_parameter(parameters, list->query, "query", "What one of some fields has in it",
				  "string");
	add_parameter(parameters, list->sort, "query",
				  list->order ? "The field by which to sort"
							  : psprintf("The field by which to sort, as %s or %s",
										 list->ascending, list->descending),
				  "string");
	add_parameter(parameters, list->order, "query",
				  psprintf("%s or %s", list->ascending, list->descending), "string");
	add_parameter(parameters, list->limit, "query", "The most items in the page",
				  "integer");
	add_parameter(parameters, list->position, "query",
				  cursor ? "Where the page before has ended" : "Which page",
				  cursor ? "string" : "integer");
	return parameters;
}

/* get_api_users_by_id */
static const char *
operation_id(const ScimEndpoint *endpoint, const char *method)
{
	StringInfoData id;

	initStringInfo(&id);
	appendStringInfoString(&id, method);
	for (int i = 0; i < endpoint->nsegments; i++)
	{
		const char *word = endpoint->segments[i].literal;

		appendStringInfoString(&id, word != NULL ? "_" : "_by_");
		for (const char *p = word != NULL ? word : endpoint->parameter; *p != '\0'; p++)
			appendStringInfoChar(&id, isalnum((unsigned char) *p) ? *p : '_');
	}
	return id.data;
}

static JsonbValue *
operation_of(const ScimEndpoint *endpoint, const char *method)
{
	JsonbValue *operation =
		object_of("operationId", string_of(operation_id(endpoint, method)));
	JsonbValue *parameters = strcmp(endpoint->action->name, "list") == 0
								 ? list_parameters(&endpoint->list)
								 : ScimJsonNewArray();

	ScimJsonSet(
		operation, "summary",
		string_of(psprintf("%s: %s", endpoint->row->name, endpoint->action->name)));
	ScimJsonAppend(parameters, reference_to("parameters/ifMatch"));
	ScimJsonAppend(parameters, reference_to("parameters/ifNoneMatch"));
	ScimJsonSet(operation, "parameters", parameters);
	if (endpoint->action->takes_body)
	{
		JsonbValue *body = object_of(
			"content", object_of("application/json",
								 object_of("schema", fields_schema(endpoint, true))));

		ScimJsonSet(body, "required", ScimJsonNewBool(true));
		ScimJsonSet(operation, "requestBody", body);
	}
	ScimJsonSet(operation, "responses", responses_of(endpoint, method));
	return operation;
}

/* The path as OpenAPI has it: with the first of the names in the braces. */
static const char *
path_of(const ScimEndpoint *endpoint, char **parameter)
{
	StringInfoData path;

	*parameter = NULL;
	if (endpoint->parameter != NULL)
		*parameter = pnstrdup(endpoint->parameter, strcspn(endpoint->parameter, "|"));
	initStringInfo(&path);
	for (int i = 0; i < endpoint->nsegments; i++)
	{
		if (endpoint->segments[i].literal != NULL)
			appendStringInfo(&path, "/%s", endpoint->segments[i].literal);
		else
			appendStringInfo(&path, "/{%s}", *parameter);
	}
	return path.data;
}

/* scim_internal.add_endpoint_paths(paths jsonb) returns jsonb */
Datum
scim_add_endpoint_paths(PG_FUNCTION_ARGS)
{
	const ScimEndpoints *endpoints = ScimEndpointsOf(ScimStoreConfigured());
	JsonbValue *paths = ScimJsonCopy(ScimJsonFromJsonb(PG_GETARG_JSONB_P(0)));
	List *shapes = NIL; /* of char *: shape and path, in turn */
	ListCell *lc;

	if (paths->type != jbvObject)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("paths is no object")));
	foreach (lc, endpoints->all)
	{
		const ScimEndpoint *endpoint = lfirst(lc);
		char *parameter;
		const char *path;
		JsonbValue *item;
		ListCell *method;

		if (endpoint->problem != NULL)
			continue;
		/* the same path may have other names in its braces */
		path = path_of(endpoint, &parameter);
		for (int i = 0; i < list_length(shapes); i += 2)
		{
			if (strcmp(list_nth(shapes, i), endpoint->shape) == 0)
				path = list_nth(shapes, i + 1);
		}
		item = ScimJsonGet(paths, path);
		if (item == NULL)
		{
			shapes = lappend(lappend(shapes, (void *) endpoint->shape), (void *) path);
			ScimJsonSet(paths, path, ScimJsonNewObject());
			item = ScimJsonGet(paths, path);
			if (parameter != NULL)
			{
				JsonbValue *parameters = ScimJsonNewArray();

				add_parameter(parameters, parameter, "path", "Which one is meant",
							  "string");
				ScimJsonSet(item, "parameters", parameters);
			}
		}
		foreach (method, endpoint->row->methods)
		{
			char *name = asc_tolower(lfirst(method), strlen(lfirst(method)));

			ScimJsonSet(item, name, operation_of(endpoint, name));
		}
	}
	PG_RETURN_JSONB_P(ScimJsonToJsonb(ScimJsonCopy(paths)));
}
