/*
 * endpoint_compile.c
 *		A row of the table "endpoint", checked, in the form that requests are
 *		served with.
 *
 * The first thing that is wrong is noted, with its place in the settings, and
 * compiling goes on: who uses the result looks at its problem first.  Nothing is
 * raised, so that one bad row, which can only come past the triggers of its table,
 * does not stand in the way of the others.
 */
#include "postgres.h"

#include "text/fold.h"

#include "endpoint/endpoint_compile.h"

#define MEDIA_TYPE "application/json"

static void
compile_segment(ScimCompile *c, const char *text, int len, ScimSegment *segment,
				StringInfo shape)
{
	ScimEndpoint *endpoint = c->endpoint;

	if (text[0] == '{' && len > 2 && text[len - 1] == '}')
	{
		if (endpoint->parameter != NULL)
			ScimCompileFail(c, "path", "there can be one part in braces only");
		endpoint->parameter = pnstrdup(text + 1, len - 2);
		appendStringInfoString(shape, "/{}");
		return;
	}
	/* clients take ".." out of a path before they send it */
	if (len == 0 || (len <= 2 && strspn(text, ".") >= (size_t) len) ||
		memchr(text, '{', len) != NULL || memchr(text, '}', len) != NULL ||
		memchr(text, '?', len) != NULL || memchr(text, '#', len) != NULL ||
		memchr(text, '%', len) != NULL)
		ScimCompileFail(
			c, "path", "\"%.*s\" is neither a word nor, in braces, what finds a resource",
			len, text);
	segment->literal = pnstrdup(text, len);
	appendStringInfo(shape, "/");
	for (int i = 0; i < len; i++)
		appendStringInfoChar(shape, ScimFoldByte(text[i]));
}

static void
compile_path(ScimCompile *c)
{
	ScimEndpoint *endpoint = c->endpoint;
	const char *path = c->row->path;
	StringInfoData shape;
	char **names;
	int max = 1;

	initStringInfo(&shape);
	if (path[0] != '/' || path[1] == '\0')
		ScimCompileFail(c, "path", "\"%s\" does not begin with \"/\" and a word", path);
	for (const char *p = path; *p != '\0'; p++)
		max += *p == '/';
	endpoint->segments = palloc0(max * sizeof(ScimSegment));
	names = palloc(max * sizeof(char *));
	for (const char *p = path; *p == '/';)
	{
		int len = strcspn(++p, "/");

		/* a slash at the end is no part of it */
		if (len == 0 && *p == '\0')
			break;
		compile_segment(c, p, len, &endpoint->segments[endpoint->nsegments], &shape);
		names[endpoint->nsegments] =
			endpoint->segments[endpoint->nsegments].literal != NULL ? pnstrdup(p, len)
																	: pstrdup("x");
		endpoint->nsegments++;
		p += len;
	}
	endpoint->shape = shape.data;
	endpoint->shadows =
		ScimCompileBool(c, "settings", ScimCompileSettings(c->row), "shadows");
	if (endpoint->problem == NULL && !endpoint->shadows &&
		ScimPathIsServed(c->store, names, endpoint->nsegments))
		ScimCompileFail(
			c, "path",
			"\"%s\" is an endpoint of SCIM: say \"shadows\": true to go before it", path);
}

static void
compile_methods(ScimCompile *c)
{
	static const char *const known[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
	ListCell *lc;

	if (c->row->methods == NIL)
		ScimCompileFail(c, "methods", "there are none");
	foreach (lc, c->row->methods)
	{
		const char *method = lfirst(lc);
		bool found = false;
		ListCell *other;

		for (size_t i = 0; i < lengthof(known); i++)
			found = found || strcmp(known[i], method) == 0;
		if (!found)
			ScimCompileFail(c, "methods", "there is no method \"%s\"", method);
		else if (c->endpoint->action == NULL)
			continue;
		else if (c->endpoint->action->writes && strcmp(method, "GET") == 0)
			ScimCompileFail(c, "methods", "GET cannot %s, which changes something",
							c->endpoint->action->name);
		else if (c->endpoint->action->takes_body && strcmp(method, "DELETE") == 0)
			ScimCompileFail(c, "methods", "DELETE cannot %s, which needs a body",
							c->endpoint->action->name);
		for_each_from(other, c->row->methods, foreach_current_index(lc) + 1)
		{
			if (strcmp(lfirst(other), method) == 0)
				ScimCompileFail(c, "methods", "%s is there twice", method);
		}
	}
}

/* The attributes by which what stands in the braces finds a resource. */
static void
compile_keys(ScimCompile *c)
{
	ScimEndpoint *endpoint = c->endpoint;
	const ScimResourceType *type = endpoint->type;
	const char *p = endpoint->parameter;

	if (!endpoint->action->of_resource)
	{
		type = endpoint->list.owner;
		if (p != NULL && !endpoint->list.where_has_parameter)
			ScimCompileFail(c, "path", "nothing is done with {%s}: %s", p,
							strcmp(endpoint->action->name, "list") == 0
								? "settings.list.where has not it"
								: "no resource is looked for");
		else if (p == NULL && type != NULL)
			ScimCompileFail(c, "path", "it does not say in braces which %s", type->name);
		if (type == NULL)
			return; /* it is but a word for the filter */
	}
	if (p == NULL)
	{
		ScimCompileFail(c, "path", "it does not say in braces which %s", type->name);
		return;
	}
	for (;;)
	{
		char *key = pnstrdup(p, strcspn(p, "|"));
		ScimFlatPath path;
		ListCell *lc;

		if (!ScimCompilePath(c, "path", type, key, &path))
			return;
		if (ScimIsSecret(path.resolved.attribute) || ScimIsSecret(path.resolved.sub))
			ScimCompileFail(c, "path", "attribute \"%s\" is a secret", key);
		if (ScimFlatLeaf(&path)->type != SCIM_TYPE_STRING &&
			ScimFlatLeaf(&path)->type != SCIM_TYPE_REFERENCE)
			ScimCompileFail(c, "path", "attribute \"%s\" is no string", key);
		foreach (lc, endpoint->keys)
		{
			if (ScimNameEqual(lfirst(lc), path.text))
				ScimCompileFail(c, "path", "\"%s\" is there twice", key);
		}
		endpoint->keys = lappend(endpoint->keys, (void *) path.text);
		p += strlen(key);
		if (*p++ == '\0')
			return;
	}
}

static bool
is_item_place(void *context, const char *name)
{
	const ScimEndpoint *endpoint = context;
	const ScimFlatField *field = ScimFlatFieldByName(endpoint, name);

	return strcmp(name, "item") == 0 || strcmp(name, "result") == 0 ||
		   (field != NULL && field->readable);
}

static bool
is_error_place(void *context, const char *name)
{
	static const char *const places[] = {"status", "type",   "title",  "message",
										 "path",   "method", "traceId"};

	for (size_t i = 0; i < lengthof(places); i++)
	{
		if (strcmp(places[i], name) == 0)
			return true;
	}
	return false;
}

/* {"type", "status", "message"} */
static const JsonbValue *
default_error_body(void)
{
	JsonbValue *body = ScimJsonNewObject();

	ScimJsonSet(body, "type", ScimJsonNewString("{type}"));
	ScimJsonSet(body, "status", ScimJsonNewString("{status}"));
	ScimJsonSet(body, "message", ScimJsonNewString("{message}"));
	return body;
}

/* What the endpoint calls errors: {"invalidValue": "bad-value"}. */
static bool
compile_error_types(ScimCompile *c, const JsonbValue *types)
{
	static const char *const place = "settings.error.types";
	bool valid = types->type == jbvObject;

	if (!valid)
		ScimCompileFail(c, place, "must be an object");
	for (int i = 0; valid && i < types->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &types->val.object.pairs[i];
		char *key = ScimJsonStringCopy(&pair->key);

		valid = ScimFlatIsErrorName(key) && pair->value.type == jbvString;
		if (!ScimFlatIsErrorName(key))
			ScimCompileFail(c, place, "there is no error \"%s\"", key);
		else if (!valid)
			ScimCompileFail(c, psprintf("%s.%s", place, key), "must be a string");
	}
	return valid;
}

/* With which status: {"uniqueness": 422}; NULL: it says so of none. */
static const JsonbValue *
compile_error_status(ScimCompile *c, const JsonbValue *status)
{
	static const char *const place = "settings.error.status";
	JsonbValue *result = ScimJsonNewObject();

	if (status->type != jbvObject)
	{
		ScimCompileFail(c, place, "must be an object");
		return NULL;
	}
	for (int i = 0; i < status->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &status->val.object.pairs[i];
		char *key = ScimJsonStringCopy(&pair->key);
		const char *member = psprintf("%s.%s", place, key);
		int64 number = ScimCompileInteger(c, member, &pair->value, 400, 599);

		if (!ScimFlatIsErrorName(key))
			ScimCompileFail(c, place, "there is no error \"%s\"", key);
		if (!ScimFlatStatusArrives(number))
			ScimCompileUnfit(c, member,
							 INT64_FORMAT " does not arrive at clients as it is: it "
										  "must be one of %s",
							 number, ScimFlatStatusNames());
		else if (pair->value.type == jbvNumeric)
			ScimJsonSet(result, key, ScimJsonNewInteger(number));
	}
	return result;
}

/* What is wrong in it is left out. */
static void
compile_error(ScimCompile *c)
{
	static const char *const known[] = {"body", "status", "types", NULL};
	const JsonbValue *error = ScimCompileSetting(c, "error");
	ScimEndpoint *endpoint = c->endpoint;
	const JsonbValue *part;
	const char *wrong;

	endpoint->error_body = default_error_body();
	if (error == NULL || !ScimCompileKeys(c, "settings.error", error, known))
		return;
	part = ScimJsonGet(error, "body");
	wrong = part != NULL ? ScimTemplateCheck(part, is_error_place, NULL) : NULL;
	if (part != NULL && part->type == jbvNull)
		wrong = "an error has a body";
	if (wrong != NULL)
		ScimCompileFail(c, "settings.error.body", "%s", wrong);
	else if (part != NULL)
		endpoint->error_body = part;
	part = ScimJsonGet(error, "types");
	if (part != NULL && compile_error_types(c, part))
		endpoint->error_types = part;
	part = ScimJsonGet(error, "status");
	if (part != NULL)
		endpoint->error_status = compile_error_status(c, part);
	wrong = ScimFlatErrorFault(endpoint);
	if (wrong != NULL)
	{
		ScimCompileUnfit(c, "settings.error", "%s", wrong);
		endpoint->error_body = default_error_body();
		endpoint->error_types = NULL;
	}
}

/* Is it made as a media type is?  What rows were held to once. */
static bool
has_media_type(const char *text)
{
	const char *slash = strchr(text, '/');

	for (const char *p = text; *p != '\0'; p++)
	{
		if (*p < ' ' || *p > '~')
			return false;
	}
	return slash != NULL && slash != text && slash[1] != '\0';
}

/* The end of a token (RFC 9110 section 5.6.2); NULL: there is none. */
static const char *
after_token(const char *p)
{
	size_t len = strspn(p, "0123456789abcdefghijklmnopqrstuvwxyz"
						   "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+-.^_`|~");

	return len > 0 ? p + len : NULL;
}

/*
 * The end of a quoted string (RFC 9110 section 5.6.4), or NULL; what it says is appended
 * to value.
 */
static const char *
after_quoted(const char *p, StringInfo value)
{
	for (p++; *p != '\0' && *p != '"'; p++)
	{
		if (*p == '\\' && p[1] != '\0')
			p++;
		appendStringInfoChar(value, *p);
	}
	return *p == '"' ? p + 1 : NULL;
}

/*
 * What keeps a text from being the media type of an answer in JSON, which is UTF-8, or
 * NULL: type and subtype, no wildcards, and parameters (RFC 9110 section 8.3.1).
 */
static const char *
media_type_fault(const char *text)
{
	static const char *const form = "must be a media type such as \"" MEDIA_TYPE "\"";
	const char *p = after_token(text);

	if (strlen(text) > SCIM_MAX_MEDIA_TYPE)
		return psprintf("may have %d bytes, not %zu", SCIM_MAX_MEDIA_TYPE, strlen(text));
	if (p == NULL || *p++ != '/' || (p = after_token(p)) == NULL ||
		memchr(text, '*', p - text) != NULL)
		return form;
	while (*p != '\0')
	{
		StringInfoData value;
		const char *name;
		const char *end;

		initStringInfo(&value);
		p += strspn(p, " \t");
		if (*p++ != ';')
			return form;
		name = p += strspn(p, " \t");
		end = p = after_token(p);
		if (p == NULL || *p++ != '=')
			return form;
		if (*p == '"')
			p = after_quoted(p, &value);
		else
		{
			const char *from = p;

			p = after_token(p);
			if (p != NULL)
				appendBinaryStringInfo(&value, from, p - from);
		}
		if (p == NULL)
			return form;
		if (ScimNameEqualN(name, end - name, "charset", strlen("charset")) &&
			!ScimNameEqual(value.data, "utf-8"))
			return psprintf("names the charset \"%s\", but answers are UTF-8",
							value.data);
	}
	return NULL;
}

/* The form of all answers, errors too: one that cannot work says so in it. */
static void
compile_form(ScimCompile *c)
{
	const JsonbValue *setting = ScimCompileSetting(c, "mediaType");
	static const char *const place = "settings.mediaType";
	const char *media_type = setting != NULL ? ScimJsonStringCopy(setting) : MEDIA_TYPE;
	const char *fault;

	if (media_type == NULL || !has_media_type(media_type))
		ScimCompileFail(c, place, "must be a media type such as \"" MEDIA_TYPE "\"");
	else if ((fault = media_type_fault(media_type)) != NULL)
		ScimCompileUnfit(c, place, "%s", fault);
	else
		c->endpoint->media_type = media_type;
	compile_error(c);
}

static void
compile_answer(ScimCompile *c)
{
	ScimEndpoint *endpoint = c->endpoint;
	const JsonbValue *status = ScimCompileSetting(c, "status");
	bool is_list = strcmp(endpoint->action->name, "list") == 0;
	const char *wrong;

	if (status != NULL)
		endpoint->status = ScimCompileInteger(c, "settings.status", status, 200, 299);
	if (endpoint->status == 205 || endpoint->status == 206)
		ScimCompileFail(c, "settings.status", "%d says what no answer of these is",
						endpoint->status);
	endpoint->body = ScimCompileSetting(c, "body");
	if (endpoint->body != NULL && is_list)
		ScimCompileFail(c, "settings.body", "that of a list is settings.list.body");
	if ((is_list || (endpoint->body != NULL && endpoint->body->type != jbvNull)) &&
		endpoint->status == 204)
		ScimCompileFail(c, "settings.status", "an answer of status 204 has no body");
	wrong = endpoint->body ? ScimTemplateCheck(endpoint->body, is_item_place, endpoint)
						   : NULL;
	if (wrong != NULL)
		ScimCompileFail(c, "settings.body", "%s", wrong);
}

/* A filter over resources of the type of the endpoint. */
static ScimBoundFilter *
compile_filter(ScimCompile *c, const char *place, const char *text)
{
	ScimResolveContext context = {c->registry, c->endpoint->type};
	ScimProblem *problem = NULL;
	ScimFilter *filter = ScimFilterParse(text, strlen(text), &problem);
	ScimBoundFilter *bound = NULL;

	if (filter != NULL)
		bound = ScimFilterBind(filter, 0, ScimResolveForFilter, &context, NULL, &problem);
	if (bound == NULL)
		ScimCompileFail(c, place, "%s", problem->message);
	return bound;
}

/* Which transient field of the body is the recovery code. */
static void
compile_code_field(ScimCompile *c, const JsonbValue *setting)
{
	const char *name = setting != NULL ? ScimJsonStringCopy(setting) : "code";
	const ScimFlatField *field =
		name != NULL ? ScimFlatFieldByName(c->endpoint, name) : NULL;

	if (field == NULL || field->kind != SCIM_FIELD_TRANSIENT)
		ScimCompileFail(c, "settings.code", "must be the name of a transient field");
	else
		c->endpoint->code_field = field->name;
}

/* How long a recovery code is good, and to whom it is shown. */
static void
compile_recovery(ScimCompile *c)
{
	ScimEndpoint *endpoint = c->endpoint;
	const JsonbValue *minutes = ScimCompileSetting(c, "validMinutes");
	const JsonbValue *reveal = ScimCompileSetting(c, "reveal");
	const JsonbValue *code = ScimCompileSetting(c, "code");
	bool issues = strcmp(endpoint->action->name, "issue_recovery_code") == 0;

	if (strcmp(endpoint->action->name, "redeem_recovery_code") == 0)
		compile_code_field(c, code);
	else if (code != NULL)
		ScimCompileFail(c, "settings.code", "is for the action redeem_recovery_code");
	if (!issues && (minutes != NULL || reveal != NULL))
		ScimCompileFail(c, minutes ? "settings.validMinutes" : "settings.reveal",
						"is for the action issue_recovery_code");
	if (!issues)
		return;
	endpoint->valid_minutes = 60;
	if (minutes != NULL)
		endpoint->valid_minutes =
			ScimCompileInteger(c, "settings.validMinutes", minutes, 1,
							   SCIM_MAX_RECOVERY_DAYS * HOURS_PER_DAY * MINS_PER_HOUR);
	endpoint->reveals = reveal != NULL;
	if (reveal == NULL)
		return;
	if (reveal->type == jbvBool)
		endpoint->reveals = reveal->val.boolean;
	else if (reveal->type == jbvString)
		endpoint->reveal =
			compile_filter(c, "settings.reveal", ScimJsonStringCopy(reveal));
	else
		ScimCompileFail(c, "settings.reveal", "must be true, false or a filter");
}

static void
find_action(ScimCompile *c)
{
	c->endpoint->action = ScimActionFind(c->row->action);
	if (c->endpoint->action == NULL)
		ScimCompileFail(c, "action", "unknown action \"%s\": it is one of %s",
						c->row->action, ScimActionNames());
	else if (c->endpoint->action->of_users && c->endpoint->type != NULL &&
			 !ScimNameEqual(c->endpoint->type->schema->id, SCIM_URN_USER))
		ScimCompileFail(c, "action", "resource type \"%s\" has no such life-cycle",
						c->endpoint->type->name);
}

/*
 * ScimEndpointCompile makes an endpoint of a row, in the current memory context.
 * rows: all rows of the store, since one may be like another.  What is wrong with it
 * is in its problem: the place and what there is to say.
 */
ScimEndpoint *
ScimEndpointCompile(const ScimStore *store, const ScimEndpointRow *row)
{
	ScimEndpoint *endpoint = palloc0(sizeof(ScimEndpoint));
	ScimCompile c = {store, store->registry, store->endpoints, row, endpoint};

	endpoint->row = row;
	endpoint->problem_row = row;
	endpoint->media_type = MEDIA_TYPE;
	ScimCompileCheckSettings(&c);
	endpoint->type = ScimRegistryType(store->registry, row->resource_type);
	if (endpoint->type == NULL)
		ScimCompileFail(&c, "resource_type", "unknown resource type \"%s\"",
						row->resource_type);
	find_action(&c);
	compile_methods(&c);
	compile_path(&c);
	if (endpoint->problem == NULL)
		ScimCompileFields(&c);
	if (endpoint->problem == NULL)
		ScimCompileConstants(&c);
	if (endpoint->problem == NULL)
		compile_answer(&c);
	compile_form(&c);
	if (endpoint->problem == NULL)
		compile_recovery(&c);
	if (endpoint->problem == NULL)
		ScimCompileList(&c);
	if (endpoint->problem == NULL)
		compile_keys(&c);
	endpoint->ignores_unknown = ScimCompileWord(&c, "unknown", "refuse", "ignore");
	endpoint->shows_null = ScimCompileWord(&c, "absent", "omit", "null");
	return endpoint;
}
