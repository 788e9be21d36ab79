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
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "path/path.h"
#include "protocol/endpoint.h"

#define MAX_LIKE 8        /* rows that lean on each other */
#define MAX_PAGE 100000   /* as scim.max_results */
#define DEFAULT_LIMIT 100 /* items in a page */
#define MEDIA_TYPE "application/json"

typedef struct Compile
{
	const ScimRegistry *registry;
	List *rows;
	const ScimEndpointRow *row;
	ScimEndpoint *endpoint;
} Compile;

/* The settings, and whether a row gets them from the one that it is like. */
static const struct
{
	const char *name;
	bool inherited;
} settings_known[] = {
	{"like", false},   {"fields", true}, {"constants", true}, {"unknown", true},
	{"absent", true},  {"error", true},  {"mediaType", true}, {"list", false},
	{"status", false}, {"body", false},  {"shadows", false},
};

static void
fail(Compile *c, const char *place, const char *format, ...) pg_attribute_printf(3, 4);
static void compile_path(Compile *c);
static void compile_keys(Compile *c);
static void compile_fields(Compile *c);
static void compile_answer(Compile *c);
static void compile_list(Compile *c);

static void
fail(Compile *c, const char *place, const char *format, ...)
{
	StringInfoData message;

	if (c->endpoint->problem != NULL)
		return;
	initStringInfo(&message);
	appendStringInfo(&message, "%s: ", place);
	for (;;)
	{
		va_list args;
		int needed;

		va_start(args, format);
		needed = appendStringInfoVA(&message, format, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&message, needed);
	}
	c->endpoint->problem = message.data;
}

/* ---- settings ---- */

/* The settings of a row as a tree; NULL where they are no object. */
static const JsonbValue *
settings_of(const ScimEndpointRow *row)
{
	const JsonbValue *settings = ScimJsonFromJsonb(row->settings);

	return settings->type == jbvObject ? settings : NULL;
}

static const ScimEndpointRow *
find_row(List *rows, const char *name)
{
	ListCell *lc;

	foreach (lc, rows)
	{
		ScimEndpointRow *row = lfirst(lc);

		if (strcmp(row->name, name) == 0)
			return row;
	}
	return NULL;
}

/* A setting of the row, or of the one that it is like, and so on; NULL: none has it. */
static const JsonbValue *
setting(Compile *c, const char *name)
{
	const ScimEndpointRow *row = c->row;
	bool inherited = false;

	for (size_t i = 0; i < lengthof(settings_known); i++)
	{
		if (strcmp(settings_known[i].name, name) == 0)
			inherited = settings_known[i].inherited;
	}
	for (int depth = 0; depth <= MAX_LIKE && row != NULL; depth++)
	{
		const JsonbValue *settings = settings_of(row);
		const JsonbValue *value = settings ? ScimJsonGet(settings, name) : NULL;
		char *like;

		if (value != NULL || !inherited || settings == NULL)
			return value;
		like = ScimJsonStringCopy(ScimJsonGet(settings, "like"));
		row = like ? find_row(c->rows, like) : NULL;
	}
	return NULL;
}

static void
check_like(Compile *c)
{
	const ScimEndpointRow *row = c->row;

	for (int depth = 0;; depth++)
	{
		const JsonbValue *settings = settings_of(row);
		const JsonbValue *like = settings ? ScimJsonGet(settings, "like") : NULL;

		if (like == NULL)
			return;
		if (like->type != jbvString)
		{
			fail(c, "settings.like", "must be the name of another endpoint");
			return;
		}
		row = find_row(c->rows, ScimJsonStringCopy(like));
		if (row == NULL)
		{
			fail(c, "settings.like", "there is no endpoint \"%s\"",
				 ScimJsonStringCopy(like));
			return;
		}
		if (row == c->row || depth == MAX_LIKE)
		{
			fail(c, "settings.like", "the endpoint is like itself, or like too many");
			return;
		}
	}
}

/* Refuses members of an object that are none of the known, a list that ends in NULL. */
static bool
check_keys(Compile *c, const char *place, const JsonbValue *object,
		   const char *const *known)
{
	if (object->type != jbvObject)
	{
		fail(c, place, "must be an object");
		return false;
	}
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		char *key = ScimJsonStringCopy(&object->val.object.pairs[i].key);
		int k = 0;

		while (known[k] != NULL && strcmp(known[k], key) != 0)
			k++;
		if (known[k] == NULL)
		{
			fail(c, place, "there is no setting \"%s\"", key);
			return false;
		}
	}
	return true;
}

/* A member that is true or false. */
static bool
bool_member(Compile *c, const char *place, const JsonbValue *object, const char *name)
{
	const JsonbValue *value = object ? ScimJsonGet(object, name) : NULL;

	if (value == NULL)
		return false;
	if (value->type != jbvBool)
		fail(c, psprintf("%s.%s", place, name), "must be true or false");
	return value->type == jbvBool && value->val.boolean;
}

/* A member that is a string or null; NULL for the latter. */
static const char *
string_member(Compile *c, const char *place, const JsonbValue *object, const char *name,
			  const char *by_default)
{
	const JsonbValue *value = object ? ScimJsonGet(object, name) : NULL;

	if (value == NULL)
		return by_default;
	if (value->type != jbvString && value->type != jbvNull)
		fail(c, psprintf("%s.%s", place, name), "must be a string");
	return ScimJsonStringCopy(value);
}

/* An integer within bounds. */
static int64
to_integer(Compile *c, const char *place, const JsonbValue *value, int64 min, int64 max)
{
	if (value->type == jbvNumeric)
	{
		const char *text = numeric_normalize(value->val.numeric);
		const char *digits = text + (*text == '-');

		if (strlen(text) < 18 && digits[strspn(digits, "0123456789")] == '\0')
		{
			int64 number = strtoll(text, NULL, 10);

			if (number >= min && number <= max)
				return number;
		}
	}
	fail(c, place, "must be an integer from " INT64_FORMAT " to " INT64_FORMAT, min, max);
	return min;
}

static int64
integer_member(Compile *c, const char *place, const JsonbValue *object, const char *name,
			   int64 by_default, int64 min, int64 max)
{
	const JsonbValue *value = object ? ScimJsonGet(object, name) : NULL;

	return value == NULL ? by_default
						 : to_integer(c, psprintf("%s.%s", place, name), value, min, max);
}

/* One of two words, of which the first is the default; true: the second. */
static bool
second_word(Compile *c, const char *name, const char *first, const char *second)
{
	const JsonbValue *value = setting(c, name);

	if (value == NULL || ScimJsonStringEquals(value, first))
		return false;
	if (!ScimJsonStringEquals(value, second))
		fail(c, psprintf("settings.%s", name), "must be \"%s\" or \"%s\"", first, second);
	return true;
}

/* ---- paths of attributes ---- */

static bool
is_secret(const ScimAttribute *attribute)
{
	return attribute != NULL && (attribute->mutability == SCIM_WRITE_ONLY ||
								 attribute->returned == SCIM_RETURNED_NEVER);
}

/* The filter of a path, for one value at a time. */
static ScimBoundFilter *
bind_selection(Compile *c, const ScimFlatPath *path, ScimProblem **problem)
{
	ScimResolveContext context = {c->registry, c->endpoint->type};
	ScimAttrInfo info = {0};

	info.type = path->resolved.attribute->type;
	info.multi_valued = true;
	info.case_exact = path->resolved.attribute->case_exact;
	info.nkeys = 1;
	info.key[0] = path->resolved.attribute->name;
	info.attribute = path->resolved.attribute;
	return ScimFilterBind(path->filter, 0, ScimResolveForFilter, &context, &info,
						  problem);
}

/* Reads the path of an attribute of a type; false where it has none such. */
static bool
read_path(Compile *c, const char *place, const ScimResourceType *type, const char *text,
		  ScimFlatPath *result)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(text, strlen(text), &problem);
	StringInfoData canonical;
	ScimAttrRef ref;

	memset(result, 0, sizeof(ScimFlatPath));
	if (path == NULL)
	{
		fail(c, place, "%s", problem->message);
		return false;
	}
	ref = ScimPathAttrRef(path);
	if (!ScimResolve(type, &ref, &result->resolved) || result->resolved.attribute == NULL)
	{
		fail(c, place, "unknown attribute \"%s\" of resource type \"%s\"", text,
			 type->name);
		return false;
	}
	initStringInfo(&canonical);
	ScimPathPrint(&canonical, path);
	result->text = canonical.data;
	result->several =
		(result->resolved.attribute->multi_valued && ScimPathFilter(path) == NULL) ||
		(result->resolved.sub != NULL && result->resolved.sub->multi_valued);
	if (ScimPathFilter(path) != NULL)
	{
		result->filter = (ScimFilter *) ScimPathFilter(path);
		if (!result->resolved.attribute->multi_valued)
		{
			fail(c, place, "attribute \"%s\" has one value only, and needs no filter",
				 result->resolved.attribute->name);
			return false;
		}
		result->bound = bind_selection(c, result, &problem);
		if (result->bound == NULL)
		{
			fail(c, place, "%s", problem->message);
			return false;
		}
	}
	return true;
}

static const ScimAttribute *
leaf_of(const ScimFlatPath *path)
{
	return path->resolved.sub ? path->resolved.sub : path->resolved.attribute;
}

/* ---- the path of the endpoint ---- */

static void
compile_segment(Compile *c, const char *text, int len, ScimSegment *segment,
				StringInfo shape)
{
	ScimEndpoint *endpoint = c->endpoint;

	if (text[0] == '{' && len > 2 && text[len - 1] == '}')
	{
		if (endpoint->parameter != NULL)
			fail(c, "path", "there can be one part in braces only");
		endpoint->parameter = pnstrdup(text + 1, len - 2);
		appendStringInfoString(shape, "/{}");
		return;
	}
	if (len == 0 || memchr(text, '{', len) != NULL || memchr(text, '}', len) != NULL ||
		memchr(text, '?', len) != NULL || memchr(text, '#', len) != NULL ||
		memchr(text, '%', len) != NULL)
		fail(c, "path",
			 "\"%.*s\" is neither a word nor, in braces, what finds a resource", len,
			 text);
	segment->literal = pnstrdup(text, len);
	appendStringInfo(shape, "/");
	for (int i = 0; i < len; i++)
		appendStringInfoChar(shape, ScimFoldByte(text[i]));
}

static void
compile_path(Compile *c)
{
	ScimEndpoint *endpoint = c->endpoint;
	const char *path = c->row->path;
	StringInfoData shape;
	char **names;
	int max = 1;

	initStringInfo(&shape);
	if (path[0] != '/' || path[1] == '\0')
		fail(c, "path", "\"%s\" does not begin with \"/\" and a word", path);
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
	endpoint->shadows = bool_member(c, "settings", settings_of(c->row), "shadows");
	if (endpoint->problem == NULL && !endpoint->shadows &&
		ScimPathIsServed(c->registry, names, endpoint->nsegments))
		fail(c, "path",
			 "\"%s\" is an endpoint of SCIM: say \"shadows\": true to go before it",
			 path);
}

static void
compile_methods(Compile *c)
{
	static const char *const known[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
	ListCell *lc;

	if (c->row->methods == NIL)
		fail(c, "methods", "there are none");
	foreach (lc, c->row->methods)
	{
		const char *method = lfirst(lc);
		bool found = false;
		ListCell *other;

		for (size_t i = 0; i < lengthof(known); i++)
			found = found || strcmp(known[i], method) == 0;
		if (!found)
			fail(c, "methods", "there is no method \"%s\"", method);
		else if (c->endpoint->action == NULL)
			continue;
		else if (c->endpoint->action->writes && strcmp(method, "GET") == 0)
			fail(c, "methods", "GET cannot %s, which changes something",
				 c->endpoint->action->name);
		else if (c->endpoint->action->takes_body && strcmp(method, "DELETE") == 0)
			fail(c, "methods", "DELETE cannot %s, which needs a body",
				 c->endpoint->action->name);
		for_each_from(other, c->row->methods, foreach_current_index(lc) + 1)
		{
			if (strcmp(lfirst(other), method) == 0)
				fail(c, "methods", "%s is there twice", method);
		}
	}
}

/* The attributes by which what stands in the braces finds a resource. */
static void
compile_keys(Compile *c)
{
	ScimEndpoint *endpoint = c->endpoint;
	const ScimResourceType *type = endpoint->type;
	const char *p = endpoint->parameter;

	if (!endpoint->action->of_resource)
	{
		type = endpoint->list.owner;
		if (p != NULL && (endpoint->list.where == NULL ||
						  strstr(endpoint->list.where, psprintf("{%s}", p)) == NULL))
			fail(c, "path", "nothing is done with {%s}: %s", p,
				 strcmp(endpoint->action->name, "list") == 0
					 ? "settings.list.where has not it"
					 : "no resource is looked for");
		else if (p == NULL && type != NULL)
			fail(c, "path", "it does not say in braces which %s", type->name);
		if (type == NULL)
			return; /* it is but a word for the filter */
	}
	if (p == NULL)
	{
		fail(c, "path", "it does not say in braces which %s", type->name);
		return;
	}
	for (;;)
	{
		char *key = pnstrdup(p, strcspn(p, "|"));
		ScimFlatPath path;

		if (!read_path(c, "path", type, key, &path))
			return;
		if (is_secret(path.resolved.attribute) || is_secret(path.resolved.sub))
			fail(c, "path", "attribute \"%s\" is a secret", key);
		if (leaf_of(&path)->type != SCIM_TYPE_STRING &&
			leaf_of(&path)->type != SCIM_TYPE_REFERENCE)
			fail(c, "path", "attribute \"%s\" is no string", key);
		endpoint->keys = lappend(endpoint->keys, (void *) path.text);
		p += strlen(key);
		if (*p++ == '\0')
			return;
	}
}

/* ---- fields ---- */

static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name[0] != '.' && name[len - 1] != '.' &&
		   strstr(name, "..") == NULL && strpbrk(name, "{}") == NULL;
}

/* "values": {"activated": true}, what is called how outside. */
static void
compile_values(Compile *c, const char *place, const JsonbValue *values,
			   ScimFlatField *field)
{
	int n;

	if (values->type != jbvObject || values->val.object.nPairs == 0)
	{
		fail(c, place, "must be an object of what is said and what is stored");
		return;
	}
	n = values->val.object.nPairs;
	field->values = palloc(n * sizeof(ScimFlatValue));
	for (int i = 0; i < n; i++)
	{
		const JsonbPair *pair = &values->val.object.pairs[i];

		if (pair->value.type != jbvString && pair->value.type != jbvBool &&
			pair->value.type != jbvNumeric)
			fail(c, place, "\"%s\" must be a string, a number, true or false",
				 ScimJsonStringCopy(&pair->key));
		for (int j = 0; j < i && field->readable; j++)
		{
			if (ScimJsonEqual(field->values[j].stored, &pair->value))
				fail(c, place, "\"%s\" and \"%s\" are the same",
					 ScimJsonStringCopy(field->values[j].outside),
					 ScimJsonStringCopy(&pair->key));
		}
		field->values[i].outside = &pair->key;
		field->values[i].stored = &pair->value;
	}
	field->nvalues = n;
}

/* How a field may be used follows from its attribute, unless "access" says less. */
static void
compile_access(Compile *c, const char *place, const JsonbValue *object,
			   ScimFlatField *field)
{
	const char *access = object ? string_member(c, place, object, "access", NULL) : NULL;
	const ScimFlatPath *path = &field->path;

	field->readable = field->kind != SCIM_FIELD_TRANSIENT;
	field->writable =
		field->kind == SCIM_FIELD_ATTRIBUTE || field->kind == SCIM_FIELD_TRANSIENT;
	if (field->kind == SCIM_FIELD_ATTRIBUTE)
	{
		if (is_secret(path->resolved.attribute) || is_secret(path->resolved.sub))
			field->readable = false;
		if (path->resolved.attribute->mutability == SCIM_READ_ONLY ||
			(path->resolved.sub != NULL &&
			 path->resolved.sub->mutability == SCIM_READ_ONLY))
			field->writable = false;
	}
	if (access == NULL)
		return;
	place = psprintf("%s.access", place);
	if (strcmp(access, "read") == 0)
	{
		if (!field->readable)
			fail(c, place, "it cannot be read");
		field->writable = false;
	}
	else if (strcmp(access, "write") == 0)
	{
		if (!field->writable)
			fail(c, place, "it cannot be written");
		field->readable = false;
	}
	else if (strcmp(access, "both") != 0)
		fail(c, place, "must be \"read\", \"write\" or \"both\"");
	else if (!field->readable || !field->writable)
		fail(c, place, "it cannot be both");
}

static void
compile_also(Compile *c, const char *place, const JsonbValue *also, ScimFlatField *field)
{
	bool valid = also->type == jbvArray;

	for (int i = 0; valid && i < also->val.array.nElems; i++)
	{
		char *name = ScimJsonStringCopy(&also->val.array.elems[i]);

		valid = name != NULL && is_name(name);
		if (valid)
			field->places = lappend(field->places, name);
	}
	if (!valid)
		fail(c, place, "must be an array of names of fields");
}

static void
compile_field_object(Compile *c, const char *place, const JsonbValue *object,
					 ScimFlatField *field)
{
	static const char *const known[] = {"attribute", "present", "constant", "transient",
										"access",    "values",  "also",     "required",
										"one",       NULL};
	const char *attribute;
	const char *present;
	const JsonbValue *constant = ScimJsonGet(object, "constant");
	int kinds;

	if (!check_keys(c, place, object, known))
		return;
	attribute = string_member(c, place, object, "attribute", NULL);
	present = string_member(c, place, object, "present", NULL);
	kinds = (attribute != NULL) + (present != NULL) + (constant != NULL) +
			bool_member(c, place, object, "transient");
	if (kinds != 1)
	{
		fail(c, place, "needs one of attribute, present, constant and transient");
		return;
	}
	if (attribute != NULL)
	{
		field->kind = SCIM_FIELD_ATTRIBUTE;
		read_path(c, psprintf("%s.attribute", place), c->endpoint->type, attribute,
				  &field->path);
	}
	else if (present != NULL)
	{
		field->kind = SCIM_FIELD_PRESENT;
		if (read_path(c, psprintf("%s.present", place), c->endpoint->type, present,
					  &field->path) &&
			(is_secret(field->path.resolved.attribute) ||
			 is_secret(field->path.resolved.sub)) &&
			!ScimIsPassword(c->endpoint->type, &field->path.resolved))
			fail(c, psprintf("%s.present", place), "attribute \"%s\" is a secret",
				 present);
	}
	else
		field->kind = constant != NULL ? SCIM_FIELD_CONSTANT : SCIM_FIELD_TRANSIENT;
	field->constant = constant;
	if (c->endpoint->problem != NULL)
		return;
	compile_access(c, place, object, field);
	field->required = bool_member(c, place, object, "required");
	field->one = bool_member(c, place, object, "one");
	if (field->required && !field->writable)
		fail(c, place, "it cannot be written, and so cannot be required");
	if (field->one && !(field->kind == SCIM_FIELD_ATTRIBUTE && field->path.several))
		fail(c, place, "one: there is no list of which it could be one");
	if (ScimJsonGet(object, "values") != NULL)
	{
		if (field->kind != SCIM_FIELD_ATTRIBUTE)
			fail(c, place, "values: there is no attribute to have them");
		compile_values(c, psprintf("%s.values", place), ScimJsonGet(object, "values"),
					   field);
	}
	if (ScimJsonGet(object, "also") != NULL)
		compile_also(c, psprintf("%s.also", place), ScimJsonGet(object, "also"), field);
}

static void
compile_field(Compile *c, const JsonbPair *pair, ScimFlatField *field)
{
	const char *place;

	field->name = ScimJsonStringCopy(&pair->key);
	field->places = list_make1((void *) field->name);
	place = psprintf("settings.fields.%s", field->name);
	if (!is_name(field->name))
		fail(c, place, "is no name of a field");
	if (pair->value.type == jbvString)
	{
		field->kind = SCIM_FIELD_ATTRIBUTE;
		if (read_path(c, place, c->endpoint->type, ScimJsonStringCopy(&pair->value),
					  &field->path))
			compile_access(c, place, NULL, field);
	}
	else
		compile_field_object(c, place, &pair->value, field);
}

/* Is one of two names the other, or an object that holds it? */
static bool
names_overlap(const char *a, const char *b)
{
	size_t len = Min(strlen(a), strlen(b));

	return ScimNameEqualN(a, len, b, len) && (a[len] == '\0' || a[len] == '.') &&
		   (b[len] == '\0' || b[len] == '.');
}

/* What a body may have, at each place, must be one thing. */
static void
check_places(Compile *c, int n)
{
	const ScimFlatField *field = &c->endpoint->fields[n];

	for (int i = 0; i <= n; i++)
	{
		const ScimFlatField *other = &c->endpoint->fields[i];
		ListCell *a;
		ListCell *b;

		foreach (a, field->places)
		{
			foreach (b, other->places)
			{
				if (i == n && foreach_current_index(a) <= foreach_current_index(b))
					continue;
				if (names_overlap(lfirst(a), lfirst(b)))
					fail(c, psprintf("settings.fields.%s", field->name),
						 "\"%s\" and \"%s\" are at the same place", (char *) lfirst(a),
						 (char *) lfirst(b));
			}
		}
	}
}

/* What must be read of a resource to show its fields. */
static const ScimProjection *
needed_projection(const ScimEndpoint *endpoint)
{
	List *attributes = list_make1((void *) "id");

	for (int i = 0; i < endpoint->nfields; i++)
	{
		const ScimFlatField *field = &endpoint->fields[i];
		const ScimResolved *resolved = &field->path.resolved;
		bool whole;

		if (!field->readable || field->path.text == NULL ||
			ScimIsPassword(endpoint->type, resolved))
			continue;
		/* which value is meant shows in its other parts */
		whole = resolved->sub == NULL || resolved->attribute->multi_valued;
		attributes = lappend(
			attributes,
			psprintf("%s%s%s%s%s", resolved->extension ? resolved->extension->id : "",
					 resolved->extension ? ":" : "", resolved->attribute->name,
					 whole ? "" : ".", whole ? "" : resolved->sub->name));
	}
	return ScimProjectionMake(endpoint->type, attributes, NIL);
}

static void
compile_fields(Compile *c)
{
	const JsonbValue *fields = setting(c, "fields");
	ScimEndpoint *endpoint = c->endpoint;

	if (fields != NULL && fields->type != jbvObject)
	{
		fail(c, "settings.fields", "must be an object");
		return;
	}
	endpoint->fields =
		palloc0((fields ? fields->val.object.nPairs : 0) * sizeof(ScimFlatField) + 1);
	for (int i = 0; fields != NULL && i < fields->val.object.nPairs; i++)
	{
		compile_field(c, &fields->val.object.pairs[i], &endpoint->fields[i]);
		endpoint->nfields = i + 1;
		if (endpoint->problem != NULL)
			return;
		check_places(c, i);
	}
	endpoint->projection = needed_projection(endpoint);
}

/* Is a name that of a field of the body? */
static bool
is_body_field(void *context, const char *name)
{
	const ScimFlatField *field = ScimFlatFieldByName(context, name);

	return field != NULL && field->writable;
}

static void
compile_constants(Compile *c)
{
	const JsonbValue *constants = setting(c, "constants");
	ScimEndpoint *endpoint = c->endpoint;

	if (constants == NULL)
		return;
	if (constants->type != jbvObject)
	{
		fail(c, "settings.constants", "must be an object");
		return;
	}
	endpoint->constants =
		palloc0(constants->val.object.nPairs * sizeof(ScimFlatConstant) + 1);
	for (int i = 0; i < constants->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &constants->val.object.pairs[i];
		char *text = ScimJsonStringCopy(&pair->key);
		char *place = psprintf("settings.constants.%s", text);
		ScimFlatConstant *constant = &endpoint->constants[endpoint->nconstants++];
		const char *wrong = ScimTemplateCheck(&pair->value, is_body_field, endpoint);

		constant->value = &pair->value;
		if (wrong != NULL)
			fail(c, place, "%s", wrong);
		if (!read_path(c, place, endpoint->type, text, &constant->path))
			return;
		if (constant->path.resolved.attribute->mutability == SCIM_READ_ONLY)
			fail(c, place, "attribute \"%s\" is read-only", text);
	}
}

/* ---- answers ---- */

static bool
is_item_place(void *context, const char *name)
{
	const ScimEndpoint *endpoint = context;
	const ScimFlatField *field = ScimFlatFieldByName(endpoint, name);

	return strcmp(name, "item") == 0 || strcmp(name, "result") == 0 ||
		   (field != NULL && field->readable);
}

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

static const JsonbValue *
parse_json(const char *text)
{
	return ScimJsonFromJsonb(
		DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text))));
}

static void
compile_error(Compile *c)
{
	static const char *const known[] = {"body", "status", NULL};
	const JsonbValue *error = setting(c, "error");
	ScimEndpoint *endpoint = c->endpoint;
	const JsonbValue *status;
	const char *wrong;

	endpoint->error_body = parse_json("{\"status\": \"{status}\", \"type\": \"{type}\", "
									  "\"message\": \"{message}\"}");
	if (error == NULL || !check_keys(c, "settings.error", error, known))
		return;
	if (ScimJsonGet(error, "body") != NULL)
		endpoint->error_body = ScimJsonGet(error, "body");
	wrong = ScimTemplateCheck(endpoint->error_body, is_error_place, NULL);
	if (wrong != NULL)
		fail(c, "settings.error.body", "%s", wrong);
	status = ScimJsonGet(error, "status");
	if (status == NULL)
		return;
	if (status->type != jbvObject)
		fail(c, "settings.error.status", "must be an object");
	for (int i = 0; status->type == jbvObject && i < status->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &status->val.object.pairs[i];
		char *key = ScimJsonStringCopy(&pair->key);

		if (!ScimFlatIsErrorName(key))
			fail(c, "settings.error.status", "there is no error \"%s\"", key);
		(void) to_integer(c, psprintf("settings.error.status.%s", key), &pair->value, 400,
						  599);
	}
	endpoint->error_status = status;
}

static bool
is_media_type(const char *text)
{
	const char *slash = strchr(text, '/');

	for (const char *p = text; *p != '\0'; p++)
	{
		if (*p < ' ' || *p > '~')
			return false;
	}
	return slash != NULL && slash != text && slash[1] != '\0';
}

static void
compile_answer(Compile *c)
{
	ScimEndpoint *endpoint = c->endpoint;
	const JsonbValue *media_type = setting(c, "mediaType");
	const JsonbValue *status = setting(c, "status");
	bool is_list = strcmp(endpoint->action->name, "list") == 0;
	const char *wrong;

	endpoint->media_type = MEDIA_TYPE;
	if (media_type != NULL)
		endpoint->media_type = ScimJsonStringCopy(media_type);
	if (endpoint->media_type == NULL || !is_media_type(endpoint->media_type))
		fail(c, "settings.mediaType", "must be a media type such as \"" MEDIA_TYPE "\"");
	if (status != NULL)
		endpoint->status = to_integer(c, "settings.status", status, 200, 299);
	endpoint->body = setting(c, "body");
	if (endpoint->body != NULL && is_list)
		fail(c, "settings.body", "that of a list is settings.list.body");
	if (endpoint->body != NULL && endpoint->body->type != jbvNull &&
		endpoint->status == 204)
		fail(c, "settings.status", "an answer of status 204 has no body");
	wrong = endpoint->body ? ScimTemplateCheck(endpoint->body, is_item_place, endpoint)
						   : NULL;
	if (wrong != NULL)
		fail(c, "settings.body", "%s", wrong);
	compile_error(c);
}

/* ---- lists ---- */

static void
compile_paging(Compile *c, const JsonbValue *paging)
{
	static const char *const known[] = {"style",  "limit",   "size", "offset", "page",
										"cursor", "default", "max",  "first",  NULL};
	static const char *const styles[] = {"offset", "page", "cursor"};
	static const char *const place = "settings.list.paging";
	ScimListSettings *list = &c->endpoint->list;
	const char *style;
	size_t i = 0;

	if (paging != NULL && !check_keys(c, place, paging, known))
		return;
	style = string_member(c, place, paging, "style", "offset");
	while (style != NULL && i < lengthof(styles) && strcmp(styles[i], style) != 0)
		i++;
	if (style == NULL || i == lengthof(styles))
	{
		fail(c, place, "style must be \"offset\", \"page\" or \"cursor\"");
		return;
	}
	list->paging = (ScimPaging) i;
	list->limit =
		string_member(c, place, paging, "limit",
					  string_member(c, place, paging, "size",
									list->paging == SCIM_PAGING_PAGE ? "size" : "limit"));
	list->position = string_member(c, place, paging, style, style);
	list->first = integer_member(c, place, paging, "first", 1, 0, 1);
	list->max_limit = integer_member(c, place, paging, "max", MAX_PAGE, 1, MAX_PAGE);
	if (paging == NULL || ScimJsonGet(paging, "max") == NULL)
		list->max_limit = 0; /* as many as the store gives */
	list->default_limit =
		integer_member(c, place, paging, "default", DEFAULT_LIMIT, 1, MAX_PAGE);
}

static void
compile_sort(Compile *c, const JsonbValue *sort)
{
	static const char *const known[] = {"parameter",  "order",   "ascending",
										"descending", "default", NULL};
	static const char *const place = "settings.list.sort";
	ScimListSettings *list = &c->endpoint->list;

	if (sort != NULL && sort->type == jbvNull)
		return;
	if (sort != NULL && !check_keys(c, place, sort, known))
		return;
	list->sort = string_member(c, place, sort, "parameter", "sort");
	list->order = string_member(c, place, sort, "order", NULL);
	list->ascending =
		string_member(c, place, sort, "ascending", list->order ? "asc" : "{field}_ASC");
	list->descending = string_member(c, place, sort, "descending",
									 list->order ? "desc" : "{field}_DESC");
	list->default_sort = string_member(c, place, sort, "default", NULL);
	if (list->ascending == NULL || list->descending == NULL)
		fail(c, place, "ascending and descending must be strings");
	else if (list->order == NULL && (strstr(list->ascending, "{field}") == NULL ||
									 strstr(list->descending, "{field}") == NULL))
		fail(c, place, "ascending and descending must have \"{field}\" in them");
}

/* Is it a string, or an object with one for its value? */
static bool
is_text(const ScimFlatPath *path)
{
	const ScimAttribute *leaf = leaf_of(path);

	if (leaf->type == SCIM_TYPE_COMPLEX)
		leaf = ScimAttributeSub(leaf, "value", strlen("value"));
	return leaf != NULL && leaf->type == SCIM_TYPE_STRING;
}

static void
compile_query(Compile *c, const JsonbValue *query)
{
	static const char *const known[] = {"parameter", "fields", NULL};
	static const char *const place = "settings.list.query";
	ScimListSettings *list = &c->endpoint->list;
	const JsonbValue *fields;

	if (query == NULL || query->type == jbvNull || !check_keys(c, place, query, known))
		return;
	list->query = string_member(c, place, query, "parameter", "query");
	fields = ScimJsonGet(query, "fields");
	if (fields == NULL || fields->type != jbvArray || fields->val.array.nElems == 0)
	{
		fail(c, place, "fields must be an array of names of fields");
		return;
	}
	for (int i = 0; i < fields->val.array.nElems; i++)
	{
		char *name = ScimJsonStringCopy(&fields->val.array.elems[i]);
		const ScimFlatField *field = name ? ScimFlatFieldByName(c->endpoint, name) : NULL;

		if (field == NULL || field->kind != SCIM_FIELD_ATTRIBUTE || !field->readable ||
			field->values != NULL || !is_text(&field->path))
			fail(c, psprintf("%s.fields", place),
				 "\"%s\" is no field that is read as a text", name ? name : "");
		else
			list->query_paths = lappend(list->query_paths, (void *) field->path.text);
	}
}

/* The filter that all of a list satisfies, with something in the place of {...}. */
static void
check_where(Compile *c)
{
	ScimEndpoint *endpoint = c->endpoint;
	ScimResolveContext context = {c->registry, endpoint->type};
	char *text = ScimFlatWhere(endpoint, "x");
	ScimProblem *problem = NULL;
	ScimFilter *filter = ScimFilterParse(text, strlen(text), &problem);

	if (filter == NULL ||
		ScimFilterBind(filter, 0, ScimResolveForFilter, &context, NULL, &problem) == NULL)
		fail(c, "settings.list.where", "%s", problem->message);
}

static void
compile_list(Compile *c)
{
	static const char *const known[] = {"paging", "filter", "sort", "query",
										"where",  "owner",  "body", NULL};
	static const char *const place = "settings.list";
	const JsonbValue *settings = setting(c, "list");
	ScimListSettings *list = &c->endpoint->list;
	const char *owner;
	const char *wrong;

	if (strcmp(c->endpoint->action->name, "list") != 0)
	{
		if (settings != NULL)
			fail(c, place, "the action is not to list");
		return;
	}
	if (settings == NULL)
		settings = ScimJsonNewObject();
	if (!check_keys(c, place, settings, known))
		return;
	compile_paging(c, ScimJsonGet(settings, "paging"));
	list->filter = string_member(c, place, settings, "filter", "filter");
	compile_sort(c, ScimJsonGet(settings, "sort"));
	compile_query(c, ScimJsonGet(settings, "query"));
	list->where = string_member(c, place, settings, "where", NULL);
	owner = string_member(c, place, settings, "owner", NULL);
	if (owner != NULL)
	{
		list->owner = ScimRegistryType(c->registry, owner);
		if (list->owner == NULL)
			fail(c, "settings.list.owner", "unknown resource type \"%s\"", owner);
	}
	list->body = ScimJsonGet(settings, "body");
	if (list->body == NULL)
		list->body = ScimJsonNewString("{items}");
	wrong = ScimTemplateCheck(list->body, is_list_place, NULL);
	if (wrong != NULL)
		fail(c, "settings.list.body", "%s", wrong);
	if (list->where != NULL)
		check_where(c);
}

/* ---- the whole ---- */

static void
check_settings(Compile *c)
{
	const JsonbValue *settings = settings_of(c->row);

	if (settings == NULL)
	{
		fail(c, "settings", "must be an object");
		return;
	}
	for (int i = 0; i < settings->val.object.nPairs; i++)
	{
		char *key = ScimJsonStringCopy(&settings->val.object.pairs[i].key);
		size_t k = 0;

		while (k < lengthof(settings_known) && strcmp(settings_known[k].name, key) != 0)
			k++;
		if (k == lengthof(settings_known))
			fail(c, "settings", "there is no setting \"%s\"", key);
	}
	check_like(c);
}

static void
find_action(Compile *c)
{
	c->endpoint->action = ScimActionFind(c->row->action);
	if (c->endpoint->action == NULL)
		fail(c, "action", "unknown action \"%s\": it is one of %s", c->row->action,
			 ScimActionNames());
	else if (c->endpoint->action->of_users && c->endpoint->type != NULL &&
			 !ScimNameEqual(c->endpoint->type->schema->id, SCIM_URN_USER))
		fail(c, "action", "resource type \"%s\" has no such life-cycle",
			 c->endpoint->type->name);
}

/*
 * ScimEndpointCompile makes an endpoint of a row, in the current memory context.
 * rows: all rows of the store, since one may be like another.  What is wrong with it
 * is in its problem: the place and what there is to say.
 */
ScimEndpoint *
ScimEndpointCompile(const ScimRegistry *registry, List *rows, const ScimEndpointRow *row)
{
	ScimEndpoint *endpoint = palloc0(sizeof(ScimEndpoint));
	Compile c = {registry, rows, row, endpoint};

	endpoint->row = row;
	endpoint->media_type = MEDIA_TYPE;
	check_settings(&c);
	endpoint->type = ScimRegistryType(registry, row->resource_type);
	if (endpoint->type == NULL)
		fail(&c, "resource_type", "unknown resource type \"%s\"", row->resource_type);
	find_action(&c);
	compile_methods(&c);
	compile_path(&c);
	if (endpoint->problem == NULL)
		compile_fields(&c);
	if (endpoint->problem == NULL)
		compile_constants(&c);
	if (endpoint->problem == NULL)
		compile_answer(&c);
	if (endpoint->problem == NULL)
		compile_list(&c);
	if (endpoint->problem == NULL)
		compile_keys(&c);
	endpoint->ignores_unknown = second_word(&c, "unknown", "refuse", "ignore");
	endpoint->shows_null = second_word(&c, "absent", "omit", "null");
	return endpoint;
}
