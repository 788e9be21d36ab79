/*
 * mapping.c
 *		A mapping of attributes to SQL expressions, and which of them the names
 *		in a filter mean.  See mapping.h.
 *
 * Both the names in the mapping and those in a filter go through the resolver
 * of the schemas first, so that userName and
 * urn:ietf:params:scim:schemas:core:2.0:User:USERNAME are the same; it also
 * gives type and caseExact where the mapping does not say.  An attribute that
 * no schema knows may be mapped too: it is a string, then.
 *
 * The SQL text in a mapping is the developer's and goes into the result as it
 * is.  Nothing that a client sends ever does.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "json/json.h"
#include "mapping/mapping.h"
#include "path/path.h"
#include "text/fold.h"

#define WHOLE_DOCUMENT "*"

/* A table has 1,600 columns at most. */
#define ATTRIBUTES_MAX 5000

typedef struct TypeName
{
	const char *name;
	ScimColumnType column;
	ScimType scim;
} TypeName;

/* In the order of ScimColumnType. */
static const TypeName type_names[] = {
	{"string", SCIM_COLUMN_STRING, SCIM_TYPE_STRING},
	{"boolean", SCIM_COLUMN_BOOLEAN, SCIM_TYPE_BOOLEAN},
	{"integer", SCIM_COLUMN_INTEGER, SCIM_TYPE_INTEGER},
	{"decimal", SCIM_COLUMN_DECIMAL, SCIM_TYPE_DECIMAL},
	{"dateTime", SCIM_COLUMN_DATETIME, SCIM_TYPE_DATETIME},
	{"binary", SCIM_COLUMN_BINARY, SCIM_TYPE_BINARY},
	{"reference", SCIM_COLUMN_REFERENCE, SCIM_TYPE_REFERENCE},
	{"uuid", SCIM_COLUMN_UUID, SCIM_TYPE_STRING},
	{"citext", SCIM_COLUMN_CITEXT, SCIM_TYPE_STRING},
	{"jsonb", SCIM_COLUMN_JSONB, SCIM_TYPE_ANY},
	{NULL, SCIM_COLUMN_COMPLEX, SCIM_TYPE_COMPLEX},
};

/* An attribute by its canonical names. */
typedef struct AttributeName
{
	const char *extension;
	const char *name; /* NULL: the whole extension */
	const char *sub;
} AttributeName;

/* Errors of the mapping are its author's, not a client's. */
#define MAPPING_ERROR(...)                                    \
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), \
					errmsg("invalid mapping: " __VA_ARGS__)))

static AttributeName
name_of(const ScimAttrRef *ref, const ScimAttrInfo *info)
{
	AttributeName name = {NULL, NULL, NULL};
	int at = 0;

	/* only a URN has a colon; of an unknown one there may be nothing else */
	if (strchr(info->key[0], ':') != NULL ||
		(info->type == SCIM_TYPE_ANY && ref->urn != NULL))
		name.extension = info->key[at++];
	if (at < info->nkeys)
		name.name = info->key[at++];
	if (at < info->nkeys)
		name.sub = info->key[at++];
	return name;
}

static bool
same_name(const char *a, const char *b)
{
	return ScimNameCompare(a, b) == 0;
}

static ScimMappedPart *
find_part(const ScimMapping *mapping, const char *extension, const char *name)
{
	ListCell *lc;

	foreach (lc, mapping->parts)
	{
		ScimMappedPart *part = lfirst(lc);

		if (same_name(part->extension, extension) && same_name(part->name, name))
			return part;
	}
	return NULL;
}

static bool
has_parts_of(const ScimMapping *mapping, const char *extension)
{
	ListCell *lc;

	foreach (lc, mapping->parts)
	{
		if (same_name(((ScimMappedPart *) lfirst(lc))->extension, extension))
			return true;
	}
	return false;
}

static const ScimMappedColumn *
find_column(const ScimMappedPart *part, const char *name)
{
	ListCell *lc;

	foreach (lc, part->columns)
	{
		const ScimMappedColumn *column = lfirst(lc);

		if (same_name(column->name, name))
			return column;
	}
	return NULL;
}

static bool
has_own_column(const ScimMappedPart *part)
{
	return part->whole.type != SCIM_COLUMN_COMPLEX;
}

/* ---- reading */

static char *
text_member(const JsonbValue *object, const char *member, const char *key)
{
	const JsonbValue *value = ScimJsonGet(object, member);

	if (value == NULL)
		return NULL;
	if (value->type != jbvString || value->val.string.len == 0)
		MAPPING_ERROR("\"%s\" of \"%s\" must be a string", member, key);
	return ScimJsonStringCopy(value);
}

static void
check_members(const JsonbValue *object, const char *key, const char *const *allowed)
{
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		char *name = ScimJsonStringCopy(&object->val.object.pairs[i].key);
		const char *const *at = allowed;

		while (*at != NULL && strcmp(*at, name) != 0)
			at++;
		if (*at == NULL)
			MAPPING_ERROR("unknown member \"%s\" of \"%s\"", name, key);
	}
}

/* Names and dots need no parentheses. */
static const char *
wrap_expression(const char *expression)
{
	for (const char *at = expression; *at != '\0'; at++)
	{
		if (strchr("._$", *at) == NULL && !(*at >= '0' && *at <= '9') &&
			!(*at >= 'a' && *at <= 'z') && !(*at >= 'A' && *at <= 'Z'))
			return psprintf("(%s)", expression);
	}
	return expression;
}

static ScimColumnType
read_type(const JsonbValue *object, const char *key, const ScimAttrInfo *info)
{
	char *name = text_member(object, "type", key);

	if (name == NULL)
	{
		/* only in JSON does a value say of which type it is */
		if (info->type == SCIM_TYPE_SEVERAL)
			return SCIM_COLUMN_JSONB;
		for (int i = 0; i < lengthof(type_names); i++)
		{
			if (type_names[i].scim == info->type && info->type != SCIM_TYPE_ANY)
				return type_names[i].column;
		}
		return SCIM_COLUMN_STRING;
	}
	for (int i = 0; type_names[i].name != NULL; i++)
	{
		if (strcmp(type_names[i].name, name) == 0)
			return type_names[i].column;
	}
	MAPPING_ERROR("unknown type \"%s\" of \"%s\"", name, key);
}

/* "u.login" or {"expression": "u.login", "type": "string", "caseExact": true} */
static void
read_column(ScimMappedColumn *column, const JsonbValue *value, const char *key,
			const ScimAttrInfo *info)
{
	static const char *const members[] = {"expression", "type", "caseExact", NULL};
	const JsonbValue *exact = NULL;
	char *expression;

	if (value->type == jbvObject)
	{
		check_members(value, key, members);
		expression = text_member(value, "expression", key);
		exact = ScimJsonGet(value, "caseExact");
	}
	else
	{
		JsonbValue *object = ScimJsonNewObject();

		ScimJsonSet(object, "expression", value);
		value = object;
		expression = text_member(value, "expression", key);
	}
	if (expression == NULL)
		MAPPING_ERROR("\"%s\" needs an \"expression\"", key);
	column->expression = wrap_expression(expression);
	column->type = read_type(value, key, info);
	if (column->type == SCIM_COLUMN_COMPLEX)
		MAPPING_ERROR("\"%s\" is complex: it needs \"attributes\", or the type jsonb",
					  key);
	column->case_exact = column->type == SCIM_COLUMN_BINARY ||
						 column->type == SCIM_COLUMN_REFERENCE || info->case_exact;
	column->version = info->version && column->type == SCIM_COLUMN_STRING;
	if (exact == NULL)
		return;
	if (exact->type != jbvBool ||
		(column->type != SCIM_COLUMN_STRING && column->type != SCIM_COLUMN_UUID))
		MAPPING_ERROR("\"caseExact\" of \"%s\" must be true or false, for the types "
					  "string and uuid only",
					  key);
	column->case_exact = exact->val.boolean;
}

static void
add_sub_column(ScimMappedPart *part, const char *name, const JsonbValue *value,
			   const char *key, const ScimAttrInfo *info)
{
	ScimMappedColumn *column = palloc0(sizeof(ScimMappedColumn));
	ScimAttrInfo simple = *info;

	/* a column that is no JSON holds values of one type only */
	if (info->type == SCIM_TYPE_SEVERAL)
		simple.type = SCIM_TYPE_STRING;
	if (find_column(part, name) != NULL)
		MAPPING_ERROR("\"%s\" is mapped twice", key);
	read_column(column, value, key, &simple);
	if (column->type == SCIM_COLUMN_JSONB)
		MAPPING_ERROR("\"%s\" is a sub-attribute and cannot be of type jsonb", key);
	column->name = name;
	column->part = part;
	part->columns = lappend(part->columns, column);
}

/* Each attribute is looked for among all of them: there are few. */
static void
count_attributes(ScimMapping *mapping, int more)
{
	mapping->nattributes += more;
	if (mapping->nattributes > ATTRIBUTES_MAX)
		MAPPING_ERROR("it has more than %d attributes and sub-attributes",
					  ATTRIBUTES_MAX);
}

static void
read_attributes(ScimMapping *mapping, ScimMappedPart *part, const JsonbValue *value,
				const char *key, const ScimAttrInfo *info)
{
	static const char *const members[] = {"from", "where", "attributes", NULL};
	const JsonbValue *attributes = ScimJsonGet(value, "attributes");

	check_members(value, key, members);
	part->from = text_member(value, "from", key);
	part->where = text_member(value, "where", key);
	if (part->where != NULL && part->from == NULL)
		MAPPING_ERROR("\"%s\" has a \"where\" without a \"from\"", key);
	if (attributes == NULL || attributes->type != jbvObject ||
		attributes->val.object.nPairs == 0)
		MAPPING_ERROR("\"attributes\" of \"%s\" must be an object with members", key);
	count_attributes(mapping, attributes->val.object.nPairs);
	for (int i = 0; i < attributes->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &attributes->val.object.pairs[i];
		char *name = ScimJsonStringCopy(&pair->key);
		ScimAttrRef ref = {NULL, name, NULL};
		ScimAttrInfo sub = {.type = SCIM_TYPE_ANY};

		if (info->type != SCIM_TYPE_ANY &&
			mapping->schema(mapping->schema_context, &ref, info, false, &sub) != NULL)
		{
			memset(&sub, 0, sizeof(sub)); /* of the application's own */
			sub.type = SCIM_TYPE_ANY;
		}
		add_sub_column(part, name, &pair->value, psprintf("%s.%s", key, name), &sub);
	}
}

static ScimMappedPart *
make_part(const char *extension, const char *name)
{
	ScimMappedPart *part = palloc0(sizeof(ScimMappedPart));

	part->extension = extension;
	part->name = name;
	part->whole.type = SCIM_COLUMN_COMPLEX;
	part->whole.name = "value";
	part->whole.part = part;
	return part;
}

static void
read_own_column(ScimMappedPart *part, const JsonbValue *value, const char *key,
				const ScimAttrInfo *info)
{
	read_column(&part->whole, value, key, info);
	part->columns = list_make1(&part->whole);
}

static void
read_document(ScimMapping *mapping, const JsonbValue *value)
{
	ScimAttrInfo info = {.type = SCIM_TYPE_ANY};

	mapping->document = make_part(NULL, NULL);
	read_own_column(mapping->document, value, WHOLE_DOCUMENT, &info);
	if (mapping->document->whole.type != SCIM_COLUMN_JSONB)
		MAPPING_ERROR("\"%s\" must be of type jsonb", WHOLE_DOCUMENT);
}

static void
read_attribute(ScimMapping *mapping, const char *key, const JsonbValue *value)
{
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(key, strlen(key), &problem);
	ScimAttrRef ref;
	ScimAttrInfo info;
	AttributeName name;
	ScimMappedPart *part;
	bool is_new;

	if (path == NULL)
		MAPPING_ERROR("\"%s\" is not an attribute: %s", key, problem->message);
	if (ScimPathFilter(path) != NULL)
		MAPPING_ERROR("\"%s\" must have no value filter", key);
	ref = ScimPathAttrRef(path);
	problem = mapping->schema(mapping->schema_context, &ref, NULL, false, &info);
	if (problem != NULL)
		MAPPING_ERROR("%s", problem->message);
	name = name_of(&ref, &info);
	part = find_part(mapping, name.extension, name.name);
	is_new = part == NULL;
	if (is_new)
	{
		if (name.extension != NULL &&
			(name.name == NULL ? has_parts_of(mapping, name.extension)
							   : find_part(mapping, name.extension, NULL) != NULL))
			MAPPING_ERROR("\"%s\" is mapped both as a whole and in parts",
						  name.extension);
		part = make_part(name.extension, name.name);
		mapping->parts = lappend(mapping->parts, part);
	}
	if (name.sub != NULL)
	{
		if (has_own_column(part) || part->from != NULL)
			MAPPING_ERROR("\"%s\" is mapped twice", key);
		add_sub_column(part, name.sub, value, key, &info);
		return;
	}
	if (!is_new)
		MAPPING_ERROR("\"%s\" is mapped twice", key);
	if (value->type == jbvObject && ScimJsonGet(value, "attributes") != NULL)
		read_attributes(mapping, part, value, key, &info);
	else
		read_own_column(part, value, key, &info);
	if (part->name == NULL && part->whole.type != SCIM_COLUMN_JSONB)
		MAPPING_ERROR("\"%s\" is a schema and must be of type jsonb", key);
}

/*
 * ScimMappingRead reads a mapping.  schema is a resolver that says what the
 * names mean; it is kept.  Raises an error where the mapping is wrong.
 */
ScimMapping *
ScimMappingRead(const Jsonb *jsonb, ScimAttrResolver schema, void *schema_context)
{
	ScimMapping *mapping = palloc0(sizeof(ScimMapping));
	const JsonbValue *tree = ScimJsonFromJsonb(jsonb);

	mapping->schema = schema;
	mapping->schema_context = schema_context;
	if (tree->type != jbvObject)
		MAPPING_ERROR("it must be an object");
	count_attributes(mapping, tree->val.object.nPairs);
	for (int i = 0; i < tree->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &tree->val.object.pairs[i];
		char *key = ScimJsonStringCopy(&pair->key);

		CHECK_FOR_INTERRUPTS();
		if (strcmp(key, WHOLE_DOCUMENT) == 0)
			read_document(mapping, &pair->value);
		else
			read_attribute(mapping, key, &pair->value);
	}
	return mapping;
}

/* ---- resolving */

static void
fill_info(ScimAttrInfo *info, const ScimMappedColumn *column)
{
	memset(info, 0, sizeof(ScimAttrInfo));
	info->type = type_names[column->type].scim;
	info->case_exact = column->case_exact;
	info->version = column->version;
	info->user_name = column->part->extension == NULL && column->part->name != NULL &&
					  same_name(column->part->name, "userName") &&
					  same_name(column->name, "value");
	info->nkeys = 1;
	info->key[0] = column->name;
	info->attribute = column;
}

static ScimProblem *
not_mapped(const ScimAttrRef *ref)
{
	char *text = psprintf("%s%s%s%s%s", ref->urn ? ref->urn : "", ref->urn ? ":" : "",
						  ref->name, ref->sub ? "." : "", ref->sub ? ref->sub : "");

	return ScimProblemMake(SCIM_INVALID_FILTER, text,
						   "attribute \"%s\" is not in the mapping", text);
}

/* A name inside the brackets of a part. */
static ScimProblem *
resolve_in_part(const ScimMappedPart *part, const ScimAttrRef *ref, ScimAttrInfo *info)
{
	const ScimMappedColumn *column = NULL;

	if (part->whole.type == SCIM_COLUMN_JSONB)
		column = &part->whole;
	else if (ref->urn == NULL && ref->sub == NULL)
		column = find_column(part, ref->name);
	if (column == NULL)
		return not_mapped(ref);
	fill_info(info, column);
	return NULL;
}

/*
 * ScimMappingResolve is the ScimAttrResolver over a ScimMapping.  The attribute
 * of its answers is a ScimMappedColumn.
 */
ScimProblem *
ScimMappingResolve(void *context, const ScimAttrRef *ref, const ScimAttrInfo *parent,
				   bool want_value, ScimAttrInfo *info)
{
	const ScimMapping *mapping = context;
	const ScimMappedColumn *column;
	ScimMappedPart *part;
	ScimProblem *problem;
	AttributeName name;

	if (parent != NULL)
		return resolve_in_part(((const ScimMappedColumn *) parent->attribute)->part, ref,
							   info);
	problem = mapping->schema(mapping->schema_context, ref, NULL, false, info);
	if (problem != NULL)
		return problem;
	name = name_of(ref, info);
	part = find_part(mapping, name.extension, name.name);
	if (part == NULL && name.extension != NULL)
		part = find_part(mapping, name.extension, NULL);
	if (part == NULL && name.name == NULL && has_parts_of(mapping, name.extension))
		part = make_part(name.extension, NULL); /* the extension is where they are */
	if (part == NULL)
		part = mapping->document;
	if (part == NULL)
		return not_mapped(ref);
	column = &part->whole;
	if (column->type != SCIM_COLUMN_JSONB && name.sub != NULL)
		column = has_own_column(part) ? NULL : find_column(part, name.sub);
	else if (column->type == SCIM_COLUMN_COMPLEX && want_value &&
			 find_column(part, "value") != NULL)
		column = find_column(part, "value");
	if (column == NULL)
		return not_mapped(ref);
	fill_info(info, column);
	info->whole = name.name == NULL;
	return NULL;
}
