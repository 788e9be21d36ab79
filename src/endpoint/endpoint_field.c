/*
 * endpoint_field.c
 *		The fields of an endpoint, from its settings.
 */
#include "postgres.h"

#include "endpoint/endpoint_compile.h"
#include "mapping/predicate/predicate.h"
#include "query/query.h"
#include "text/fold.h"

static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name[0] != '.' && name[len - 1] != '.' &&
		   strstr(name, "..") == NULL && strpbrk(name, "{}") == NULL;
}

/* "values": {"activated": true}, what is called how outside. */
static void
compile_values(ScimCompile *c, const char *place, const JsonbValue *values,
			   ScimFlatField *field)
{
	int n;

	if (values->type != jbvObject || values->val.object.nPairs == 0)
	{
		ScimCompileFail(c, place, "must be an object of what is said and what is stored");
		return;
	}
	n = values->val.object.nPairs;
	field->values = palloc0(n * sizeof(ScimFlatValue));
	for (int i = 0; i < n; i++)
	{
		const JsonbPair *pair = &values->val.object.pairs[i];
		const char *name = ScimJsonStringCopy(&pair->key);
		const JsonbValue *stored = ScimCompileStored(c, psprintf("%s.%s", place, name),
													 &field->path, &pair->value);

		if (stored == NULL)
			return;
		for (int j = 0; j < i && field->readable; j++)
		{
			if (ScimFlatSameValue(&field->path, field->values[j].stored, stored))
				ScimCompileFail(c, place, "\"%s\" and \"%s\" are the same",
								ScimJsonStringCopy(field->values[j].outside), name);
		}
		field->values[i].outside = &pair->key;
		field->values[i].stored = stored;
	}
	field->nvalues = n;
	/* clients decide how often they are looked for */
	ScimBucketsInit(&field->by_outside, n);
	ScimBucketsInit(&field->by_stored, n);
	/* what is added last is found first */
	for (int i = n - 1; i >= 0; i--)
	{
		const ScimFlatValue *value = &field->values[i];

		ScimBucketsAdd(&field->by_outside, ScimJsonHash(value->outside), i);
		ScimBucketsAdd(&field->by_stored,
					   ScimSameHash(&field->path.resolved, value->stored), i);
	}
}

/* How a field may be used follows from its attribute, unless "access" says less. */
static void
compile_access(ScimCompile *c, const char *place, const JsonbValue *object,
			   ScimFlatField *field)
{
	const char *access =
		object ? ScimCompileString(c, place, object, "access", NULL) : NULL;
	const ScimFlatPath *path = &field->path;

	field->readable = field->kind != SCIM_FIELD_TRANSIENT;
	field->writable =
		field->kind == SCIM_FIELD_ATTRIBUTE || field->kind == SCIM_FIELD_TRANSIENT;
	if (field->kind == SCIM_FIELD_ATTRIBUTE)
	{
		if (ScimIsSecret(path->resolved.attribute) || ScimIsSecret(path->resolved.sub))
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
			ScimCompileFail(c, place, "it cannot be read");
		field->writable = false;
	}
	else if (strcmp(access, "write") == 0)
	{
		if (!field->writable)
			ScimCompileFail(c, place, "it cannot be written");
		field->readable = false;
	}
	else if (strcmp(access, "both") != 0)
		ScimCompileFail(c, place, "must be \"read\", \"write\" or \"both\"");
	else if (!field->readable || !field->writable)
		ScimCompileFail(c, place, "it cannot be both");
}

static void
compile_also(ScimCompile *c, const char *place, const JsonbValue *also,
			 ScimFlatField *field)
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
		ScimCompileFail(c, place, "must be an array of names of fields");
}

static void
compile_field_object(ScimCompile *c, const char *place, const JsonbValue *object,
					 ScimFlatField *field)
{
	static const char *const known[] = {"attribute", "present", "constant", "transient",
										"access",    "values",  "also",     "required",
										"one",       NULL};
	const char *attribute;
	const char *present;
	const JsonbValue *constant = ScimJsonGet(object, "constant");
	int kinds;

	if (!ScimCompileKeys(c, place, object, known))
		return;
	attribute = ScimCompileString(c, place, object, "attribute", NULL);
	present = ScimCompileString(c, place, object, "present", NULL);
	kinds = (attribute != NULL) + (present != NULL) + (constant != NULL) +
			ScimCompileBool(c, place, object, "transient");
	if (kinds != 1)
	{
		ScimCompileFail(c, place,
						"needs one of attribute, present, constant and transient");
		return;
	}
	if (attribute != NULL)
	{
		field->kind = SCIM_FIELD_ATTRIBUTE;
		ScimCompilePath(c, psprintf("%s.attribute", place), c->endpoint->type, attribute,
						&field->path);
	}
	else if (present != NULL)
	{
		field->kind = SCIM_FIELD_PRESENT;
		if (ScimCompilePath(c, psprintf("%s.present", place), c->endpoint->type, present,
							&field->path) &&
			(ScimIsSecret(field->path.resolved.attribute) ||
			 ScimIsSecret(field->path.resolved.sub)) &&
			ScimPresenceTable(c->endpoint->type, &field->path.resolved) == NULL)
			ScimCompileFail(c, psprintf("%s.present", place),
							"attribute \"%s\" is a secret", present);
	}
	else
		field->kind = constant != NULL ? SCIM_FIELD_CONSTANT : SCIM_FIELD_TRANSIENT;
	field->constant = constant;
	if (c->endpoint->problem != NULL)
		return;
	compile_access(c, place, object, field);
	field->required = ScimCompileBool(c, place, object, "required");
	field->one = ScimCompileBool(c, place, object, "one");
	if (field->required && !field->writable)
		ScimCompileFail(c, place, "it cannot be written, and so cannot be required");
	if (field->one && !(field->kind == SCIM_FIELD_ATTRIBUTE && field->path.several))
		ScimCompileFail(c, place, "one: there is no list of which it could be one");
	if (ScimJsonGet(object, "values") != NULL)
	{
		if (field->kind != SCIM_FIELD_ATTRIBUTE)
			ScimCompileFail(c, place, "values: there is no attribute to have them");
		else
			compile_values(c, psprintf("%s.values", place), ScimJsonGet(object, "values"),
						   field);
	}
	if (ScimJsonGet(object, "also") != NULL)
		compile_also(c, psprintf("%s.also", place), ScimJsonGet(object, "also"), field);
}

static void
compile_field(ScimCompile *c, const JsonbPair *pair, ScimFlatField *field)
{
	const char *place;

	field->name = ScimJsonStringCopy(&pair->key);
	field->places = list_make1((void *) field->name);
	place = psprintf("settings.fields.%s", field->name);
	if (!is_name(field->name))
		ScimCompileFail(c, place, "is no name of a field");
	if (pair->value.type == jbvString)
	{
		field->kind = SCIM_FIELD_ATTRIBUTE;
		if (ScimCompilePath(c, place, c->endpoint->type, ScimJsonStringCopy(&pair->value),
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
check_places(ScimCompile *c, int n)
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
					ScimCompileFail(c, psprintf("settings.fields.%s", field->name),
									"\"%s\" and \"%s\" are at the same place",
									(char *) lfirst(a), (char *) lfirst(b));
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
			ScimPresenceTable(endpoint->type, resolved) != NULL)
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

/* ScimCompileFields reads the fields, and what must be read of a resource for them. */
void
ScimCompileFields(ScimCompile *c)
{
	const JsonbValue *fields = ScimCompileSetting(c, "fields");
	ScimEndpoint *endpoint = c->endpoint;

	if (fields != NULL && fields->type != jbvObject)
	{
		ScimCompileFail(c, "settings.fields", "must be an object");
		return;
	}
	if (fields != NULL && fields->val.object.nPairs > SCIM_MAX_ENDPOINT_FIELDS)
	{
		ScimCompileFail(c, "settings.fields", "there are more than %d",
						SCIM_MAX_ENDPOINT_FIELDS);
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

/* ScimCompileConstants reads what a new resource gets beside what the body says. */
void
ScimCompileConstants(ScimCompile *c)
{
	const JsonbValue *constants = ScimCompileSetting(c, "constants");
	ScimEndpoint *endpoint = c->endpoint;

	if (constants == NULL)
		return;
	if (constants->type != jbvObject)
	{
		ScimCompileFail(c, "settings.constants", "must be an object");
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

		constant->name = text;
		constant->value = &pair->value;
		if (wrong != NULL)
			ScimCompileFail(c, place, "%s", wrong);
		if (!ScimCompilePath(c, place, endpoint->type, text, &constant->path))
			return;
		if (constant->path.resolved.attribute->mutability == SCIM_READ_ONLY)
			ScimCompileFail(c, place, "attribute \"%s\" is read-only", text);
		/* the row is no place for it: it is read and exported */
		if (ScimIsSecret(constant->path.resolved.attribute) ||
			ScimIsSecret(constant->path.resolved.sub))
			ScimCompileFail(c, place, "attribute \"%s\" is a secret", text);
		ScimCompileCheckConstant(c, place, constant);
	}
}
