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
	{
		list = ScimJsonNewArray();
		for (int i = 0; i < field->nvalues; i++)
			ScimJsonAppend(list, field->values[i].outside);
		schema = object_of("enum", list);
	}
	else
	{
		int max_length = ScimMaxLength(endpoint->type, ScimFlatLeaf(&field->path));

		schema = type_schema(ScimFlatLeaf(&field->path));
		if (for_request && max_length > 0)
			ScimJsonSet(schema, "maxLength", ScimJsonNewInteger(max_length));
	}
	if (field->path.several && !field->one)
	{
		list = object_of("type", string_of("array"));
		ScimJsonSet(list, "items", schema);
		schema = list;
	}
	if (!field->writable)
		ScimJsonSet(schema, "readOnly", ScimJsonNewBool(true));
	else if (!field->readable)
		ScimJsonSet(schema, "writeOnly", ScimJsonNewBool(true));
	return schema;
}

/* Puts the schema of a.b.c where it belongs, within objects. */
static void
set_property(JsonbValue *schema, const char *place, const JsonbValue *property,
			 bool required)
{
	int len = strcspn(place, ".");
	char *name = pnstrdup(place, len);
	JsonbValue *properties = ScimJsonGet(schema, "properties");
	JsonbValue *inner;
	JsonbValue *names;

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
			ScimJsonSet(properties, name, object_of("type", string_of("object")));
			inner = ScimJsonGet(properties, name);
		}
		/* what is within may be said at another place */
		set_property(inner, place + len + 1, property, false);
		return;
	}
	ScimJsonSet(properties, name, property);
	if (!required)
		return;
	names = ScimJsonGet(schema, "required");
	if (names == NULL)
	{
		ScimJsonSet(schema, "required", ScimJsonNewArray());
		names = ScimJsonGet(schema, "required");
	}
	ScimJsonAppend(names, string_of(name));
}

/* The fields of an endpoint as a body has them (for_request) or shows them. */
static JsonbValue *
fields_schema(const ScimEndpoint *endpoint, bool for_request)
{
	JsonbValue *schema = object_of("type", string_of("object"));
	bool whole = for_request && strcmp(endpoint->action->name, "merge") != 0;

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		ListCell *lc;

		if (!(for_request ? field->writable : field->readable))
			continue;
		foreach (lc, field->places)
		{
			if (!for_request && foreach_current_index(lc) > 0)
				break;
			set_property(schema, lfirst(lc), field_schema(endpoint, field, for_request),
						 whole && field->required && list_length(field->places) == 1);
		}
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
