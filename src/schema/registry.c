/*
 * registry.c
 *		Schema and resource type documents (RFC 7643 sections 6 and 7), compiled.
 */
#include "postgres.h"

#include <ctype.h>

#include "schema/schema.h"

#include "json/buckets.h"
#include "json/json.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "setting/setting.h"
#include "text/fold.h"
#include "utils/memutils.h"

/* A keyword of a characteristic and what it stands for. */
typedef struct Keyword
{
	const char *word;
	int value;
} Keyword;

static const Keyword types[] = {
	{"string", SCIM_TYPE_STRING},
	{"boolean", SCIM_TYPE_BOOLEAN},
	{"decimal", SCIM_TYPE_DECIMAL},
	{"integer", SCIM_TYPE_INTEGER},
	{"dateTime", SCIM_TYPE_DATETIME},
	{"binary", SCIM_TYPE_BINARY},
	{"reference", SCIM_TYPE_REFERENCE},
	{"complex", SCIM_TYPE_COMPLEX},
	{NULL, 0},
};
/* Documented extensions of ours: doc/schemas.md. */
static const Keyword formats[] = {
	{"date", 1},
	{NULL, 0},
};
static const Keyword mutabilities[] = {
	{"readOnly", SCIM_READ_ONLY},
	{"readWrite", SCIM_READ_WRITE},
	{"immutable", SCIM_IMMUTABLE},
	{"writeOnly", SCIM_WRITE_ONLY},
	{NULL, 0},
};
static const Keyword returneds[] = {
	{"always", SCIM_RETURNED_ALWAYS},
	{"never", SCIM_RETURNED_NEVER},
	{"default", SCIM_RETURNED_DEFAULT},
	{"request", SCIM_RETURNED_REQUEST},
	{NULL, 0},
};
static const Keyword uniquenesses[] = {
	{"none", SCIM_UNIQUENESS_NONE},
	{"server", SCIM_UNIQUENESS_SERVER},
	{"global", SCIM_UNIQUENESS_GLOBAL},
	{NULL, 0},
};

/* First path segments that RFC 7644 uses itself. */
static const char *const reserved_endpoints[] = {"Bulk", "Me", "ResourceTypes", "Schemas",
												 "ServiceProviderConfig"};

/* Where in the documents the compiler is, for messages. */
typedef struct Where
{
	const char *kind; /* "schema" or "resource type" */
	const char *id;
	const char *attribute; /* path of the attribute, or NULL */
} Where;

static void compile_schema(ScimRegistry *registry, const JsonbValue *document);
static ScimAttribute *
compile_attributes(const Where *where, const ScimSchema *schema,
				   const ScimAttribute *parent, const JsonbValue *documents, int *count);
static void compile_attribute(const Where *where, const ScimSchema *schema,
							  const JsonbValue *document, ScimAttribute *attribute);
static void compile_type(ScimRegistry *registry, const JsonbValue *document);
static void compile_memberships(ScimRegistry *registry);
static void compile_extensions(const ScimRegistry *registry, const Where *where,
							   const JsonbValue *documents, ScimResourceType *type);
static bool
has_shape(const ScimSchema *schema, const char *name, ScimType type, bool multi_valued);
static void collect_unique(ScimResourceType *type);
static void
collect_unique_of(ScimResourceType *type, const ScimSchema *schema, bool is_extension);
static const char *
endpoint_of(const ScimRegistry *registry, const Where *where, const JsonbValue *document);
static const ScimSchema *
schema_of(const ScimRegistry *registry, const Where *where, const JsonbValue *document);
static const JsonbValue *member(const JsonbValue *document, const char *key);
static const char *
string_member(const Where *where, const JsonbValue *document, const char *key);
static const char *
required_string(const Where *where, const JsonbValue *document, const char *key);
static bool boolean_member(const Where *where, const JsonbValue *document,
						   const char *key, bool missing);
static ScimType
type_member(const Where *where, const JsonbValue *document, ScimTypes *several);
static const char *join_words(ScimTypes set);
static int
keyword(const Where *where, const char *key, const char *word, const Keyword *keywords);
static int keyword_member(const Where *where, const JsonbValue *document, const char *key,
						  const Keyword *keywords, int missing);
static List *
strings_member(const Where *where, const JsonbValue *document, const char *key);
static bool valid_attribute_name(const char *name);
static bool is_urn(const char *name);
static bool is_complex(const JsonbValue *document);
static void invalid(const Where *where, const char *what);

/*
 * ScimRegistryBuild compiles documents (lists of Jsonb *) into a registry,
 * which lives in a memory context of its own below parent: delete
 * registry->context to free it.  A characteristic that a document leaves out has
 * the default of RFC 7643 section 2.2.  A document that cannot be used is an
 * error (invalidValue), which names the schema or resource type and the attribute.
 */
ScimRegistry *
ScimRegistryBuild(MemoryContext parent, List *schemas, List *resource_types)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	ScimRegistry *registry;
	ListCell *lc;

	/* below the caller's context while an error may still come */
	context = AllocSetContextCreate(caller, "scim registry", ALLOCSET_DEFAULT_SIZES);
	registry = MemoryContextAllocZero(context, sizeof(ScimRegistry));
	registry->context = context;
	/* with room for that of memberships */
	registry->schemas =
		MemoryContextAllocZero(context, (list_length(schemas) + 1) * sizeof(ScimSchema));
	registry->types = MemoryContextAllocZero(context, (list_length(resource_types) + 1) *
														  sizeof(ScimResourceType));
	foreach (lc, schemas)
	{
		JsonbValue *document = ScimJsonFromJsonb(lfirst(lc));

		MemoryContextSwitchTo(context);
		compile_schema(registry, document);
		MemoryContextSwitchTo(caller);
	}
	foreach (lc, resource_types)
	{
		JsonbValue *document = ScimJsonFromJsonb(lfirst(lc));

		MemoryContextSwitchTo(context);
		compile_type(registry, document);
		MemoryContextSwitchTo(caller);
	}
	MemoryContextSwitchTo(context);
	compile_memberships(registry);
	MemoryContextSwitchTo(caller);
	MemoryContextSetParent(context, parent);
	return registry;
}

/* ScimTypeName is the word for an attribute's type: RFC 7643 section 2.3. */
const char *
ScimTypeName(ScimType type)
{
	for (const Keyword *keyword = types; keyword->word != NULL; keyword++)
	{
		if (keyword->value == (int) type)
			return keyword->word;
	}
	return "any";
}

/* ScimRegistryType finds a resource type by name in any letter case, or NULL. */
const ScimResourceType *
ScimRegistryType(const ScimRegistry *registry, const char *name)
{
	for (int i = 0; i < registry->ntypes; i++)
	{
		if (ScimNameEqual(registry->types[i].name, name))
			return &registry->types[i];
	}
	return NULL;
}

/*
 * ScimRegistryMemberships returns the resource type where it is served, or NULL: the
 * setting group_memberships is off, or what is registered is in its place.
 */
const ScimResourceType *
ScimRegistryMemberships(const ScimRegistry *registry)
{
	if (registry->memberships == NULL ||
		!ScimSettingInForce(SCIM_SETTING_GROUP_MEMBERSHIPS, NULL))
		return NULL;
	return registry->memberships;
}

/* ScimRegistryServed finds a type by name, that of memberships among them, or NULL. */
const ScimResourceType *
ScimRegistryServed(const ScimRegistry *registry, const char *name)
{
	const ScimResourceType *memberships = ScimRegistryMemberships(registry);

	if (memberships != NULL && ScimNameEqual(memberships->name, name))
		return memberships;
	return ScimRegistryType(registry, name);
}

/*
 * ScimRegistryTypeByEndpoint finds a resource type by the first segment of a
 * request's path, in any letter case, with or without its leading slash; NULL
 * when there is none.
 */
const ScimResourceType *
ScimRegistryTypeByEndpoint(const ScimRegistry *registry, const char *endpoint, size_t len)
{
	if (len > 0 && endpoint[0] == '/')
	{
		endpoint++;
		len--;
	}
	for (int i = 0; i < registry->ntypes; i++)
	{
		const char *segment = registry->types[i].endpoint + 1;

		if (ScimNameEqualN(segment, strlen(segment), endpoint, len))
			return &registry->types[i];
	}
	if (ScimNameEqualN(SCIM_MEMBERSHIP_ENDPOINT + 1, strlen(SCIM_MEMBERSHIP_ENDPOINT) - 1,
					   endpoint, len))
		return ScimRegistryMemberships(registry);
	return NULL;
}

/* ScimRegistrySchema finds a schema by its URN in any letter case, or NULL. */
const ScimSchema *
ScimRegistrySchema(const ScimRegistry *registry, const char *urn)
{
	for (int i = 0; i < registry->nschemas; i++)
	{
		if (ScimNameEqual(registry->schemas[i].id, urn))
			return &registry->schemas[i];
	}
	return NULL;
}

static void
compile_schema(ScimRegistry *registry, const JsonbValue *document)
{
	Where where = {"schema", "", NULL};
	ScimSchema *schema = &registry->schemas[registry->nschemas];

	schema->id = required_string(&where, document, "id");
	schema->id_len = strlen(schema->id);
	where.id = schema->id;
	if (strchr(schema->id, ':') == NULL)
		invalid(&where, "the id must be a URN");
	if (ScimRegistrySchema(registry, schema->id) != NULL)
		invalid(&where, "registered twice");
	schema->name = required_string(&where, document, "name");
	schema->attributes = compile_attributes(
		&where, schema, NULL, member(document, "attributes"), &schema->nattributes);
	schema->names = ScimAttributeNamesMake(schema->attributes, schema->nattributes);
	registry->nschemas++;
}

/* Compiles an array "attributes" of a schema or "subAttributes" of parent. */
static ScimAttribute *
compile_attributes(const Where *where, const ScimSchema *schema,
				   const ScimAttribute *parent, const JsonbValue *documents, int *count)
{
	const char *key = parent == NULL ? "attributes" : "subAttributes";
	ScimAttribute *attributes;
	ScimBuckets by_name;
	int n;

	check_stack_depth();

	if (documents == NULL || documents->type != jbvArray ||
		documents->val.array.nElems == 0)
		invalid(where, psprintf("\"%s\" must be an array of attributes", key));
	n = documents->val.array.nElems;
	attributes = palloc0(n * sizeof(ScimAttribute));
	ScimBucketsInit(&by_name, n);
	for (int i = 0; i < n; i++)
	{
		const JsonbValue *document = &documents->val.array.elems[i];
		Where inner = *where;
		const char *name;
		uint32 hash;

		CHECK_FOR_INTERRUPTS();
		name = required_string(where, document, "name");
		inner.attribute =
			parent == NULL ? name : psprintf("%s.%s", where->attribute, name);
		if (!valid_attribute_name(name) && !(parent == NULL && is_urn(name)))
			invalid(&inner, "not a valid attribute name");
		if (is_urn(name) && !is_complex(document))
			invalid(&inner,
					"only an attribute of type \"complex\" has a URN for its name");
		hash = ScimFoldHash(name, strlen(name));
		for (int at = ScimBucketsFirst(&by_name, hash); at >= 0;
			 at = ScimBucketsNext(&by_name, at))
		{
			if (ScimNameEqual(attributes[ScimBucketsItem(&by_name, at)].name, name))
				invalid(&inner, "defined twice");
		}
		ScimBucketsAdd(&by_name, hash, i);
		attributes[i].name = name;
		attributes[i].name_len = strlen(name);
		attributes[i].parent = parent;
		compile_attribute(&inner, schema, document, &attributes[i]);
	}
	ScimBucketsFree(&by_name);
	*count = n;
	return attributes;
}

/* The name of an extension within an extension (RFC 9944 section 7.1.3). */
static bool
is_urn(const char *name)
{
	return pg_strncasecmp(name, "urn:", strlen("urn:")) == 0 &&
		   name[strlen(name) - 1] != ':' &&
		   strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
						"0123456789:.-_") == strlen(name);
}

static bool
is_complex(const JsonbValue *document)
{
	const JsonbValue *type = member(document, "type");

	return type != NULL && type->type == jbvString &&
		   ScimNameEqualN(type->val.string.val, type->val.string.len, "complex",
						  strlen("complex"));
}

/* What only clients write is kept sealed, but for the password, of which there is a hash.
 */
static bool
is_sealed(const ScimAttribute *attribute)
{
	return attribute->mutability == SCIM_WRITE_ONLY &&
		   (attribute->parent != NULL || attribute->type != SCIM_TYPE_STRING ||
			attribute->multi_valued || strcmp(attribute->name, "password") != 0 ||
			!ScimNameEqual(attribute->schema->id, SCIM_URN_USER));
}

static void
compile_attribute(const Where *where, const ScimSchema *schema,
				  const JsonbValue *document, ScimAttribute *attribute)
{
	const JsonbValue *subs = member(document, "subAttributes");
	const char *pattern;
	bool exact_type;

	attribute->schema = schema;
	attribute->description = string_member(where, document, "description");
	attribute->type = type_member(where, document, &attribute->types);
	attribute->date = keyword_member(where, document, "format", formats, 0) != 0;
	pattern = string_member(where, document, "pattern");
	attribute->pattern = pattern == NULL ? NULL : ScimPatternMake(pattern);
	attribute->multi_valued = boolean_member(where, document, "multiValued", false);
	attribute->required = boolean_member(where, document, "required", false);
	/* RFC 7643 sections 2.3.6 and 2.3.7: these are case-exact by nature */
	exact_type = ScimHasType(attribute, SCIM_TYPE_REFERENCE) ||
				 ScimHasType(attribute, SCIM_TYPE_BINARY);
	attribute->case_exact = boolean_member(where, document, "caseExact", exact_type);
	attribute->mutability =
		keyword_member(where, document, "mutability", mutabilities, SCIM_READ_WRITE);
	attribute->returned =
		keyword_member(where, document, "returned", returneds, SCIM_RETURNED_DEFAULT);
	attribute->uniqueness =
		keyword_member(where, document, "uniqueness", uniquenesses, SCIM_UNIQUENESS_NONE);
	attribute->canonical_values = strings_member(where, document, "canonicalValues");
	attribute->reference_types = strings_member(where, document, "referenceTypes");
	if (attribute->type == SCIM_TYPE_COMPLEX)
		attribute->subs =
			compile_attributes(where, schema, attribute, subs, &attribute->nsubs);
	else if (subs != NULL && !ScimJsonIsUnassigned(subs))
		invalid(where, "only an attribute of type \"complex\" has sub-attributes");
	attribute->sub_names = ScimAttributeNamesMake(attribute->subs, attribute->nsubs);
	attribute->sealed = is_sealed(attribute);
	for (int i = 0; !attribute->sealed && i < attribute->nsubs; i++)
		attribute->seals |= attribute->subs[i].sealed || attribute->subs[i].seals;
}

static void
compile_type(ScimRegistry *registry, const JsonbValue *document)
{
	Where where = {"resource type", "", NULL};
	ScimResourceType *type = &registry->types[registry->ntypes];

	type->name = required_string(&where, document, "name");
	where.id = type->name;
	if (ScimRegistryType(registry, type->name) != NULL)
		invalid(&where, "registered twice");
	type->id = string_member(&where, document, "id");
	if (type->id == NULL)
		type->id = type->name;
	type->endpoint = endpoint_of(registry, &where, document);
	type->schema = schema_of(registry, &where, document);
	compile_extensions(registry, &where, member(document, "schemaExtensions"), type);
	type->common = ScimCommonSchema();
	type->registry = registry;
	type->has_members = ScimNameEqual(type->schema->id, SCIM_URN_GROUP) &&
						has_shape(type->schema, "members", SCIM_TYPE_COMPLEX, true);
	type->has_groups = ScimNameEqual(type->schema->id, SCIM_URN_USER);
	type->has_password = ScimNameEqual(type->schema->id, SCIM_URN_USER) &&
						 has_shape(type->schema, "password", SCIM_TYPE_STRING, false);
	type->has_sealed = ScimHasSealed(type->schema);
	for (int i = 0; i < type->nextensions; i++)
		type->has_sealed |= ScimHasSealed(type->extensions[i].schema);
	collect_unique(type);
	registry->ntypes++;
}

/*
 * Beside what is registered, the resource type of memberships.  What is registered
 * goes before it.
 */
static void
compile_memberships(ScimRegistry *registry)
{
	ScimResourceType *type = &registry->types[registry->ntypes];

	if (ScimRegistrySchema(registry, SCIM_URN_MEMBERSHIP) != NULL ||
		ScimRegistryType(registry, SCIM_MEMBERSHIP) != NULL ||
		ScimRegistryTypeByEndpoint(registry, SCIM_MEMBERSHIP_ENDPOINT,
								   strlen(SCIM_MEMBERSHIP_ENDPOINT)) != NULL)
		return;
	compile_schema(registry, ScimJsonFromJsonb(ScimMembershipSchema()));
	compile_type(registry, ScimJsonFromJsonb(ScimMembershipType()));
	type->is_membership = true;
	/* no loop over either meets them */
	registry->nschemas--;
	registry->ntypes--;
	registry->memberships = type;
}

/*
 * Is an attribute what RFC 7643 makes of it, or not there?  Who changes a core
 * schema may make another one of it, which is then like any other.
 */
static bool
has_shape(const ScimSchema *schema, const char *name, ScimType type, bool multi_valued)
{
	const ScimAttribute *attribute = ScimSchemaAttribute(schema, name, strlen(name));

	return attribute == NULL ||
		   (attribute->type == type && attribute->multi_valued == multi_valued);
}

/* The attributes of a type whose values are unique. */
static void
collect_unique(ScimResourceType *type)
{
	collect_unique_of(type, type->schema, false);
	for (int i = 0; i < type->nextensions; i++)
		collect_unique_of(type, type->extensions[i].schema, true);
}

static void
collect_unique_of(ScimResourceType *type, const ScimSchema *schema, bool is_extension)
{
	for (int i = 0; i < schema->nattributes; i++)
	{
		const ScimAttribute *attribute = &schema->attributes[i];

		/* the table users has a unique index for the one, every table for the other */
		if (!is_extension &&
			((type->has_groups && strcmp(type->name, "User") == 0 &&
			  ScimNameEqual(attribute->name, "userName") &&
			  has_shape(schema, "userName", SCIM_TYPE_STRING, false)) ||
			 ScimSchemaAttribute(type->common, attribute->name, attribute->name_len)))
			continue;
		for (int j = -1; j < attribute->nsubs; j++)
		{
			const ScimAttribute *sub = j < 0 ? NULL : &attribute->subs[j];
			ScimUniqueAttribute *unique;

			if ((sub ? sub : attribute)->uniqueness == SCIM_UNIQUENESS_NONE)
				continue;
			type->unique = type->unique == NULL
							   ? palloc(sizeof(ScimUniqueAttribute))
							   : repalloc(type->unique, (type->nunique + 1) *
															sizeof(ScimUniqueAttribute));
			unique = &type->unique[type->nunique++];
			unique->path = psprintf("%s%s%s%s%s", is_extension ? schema->id : "",
									is_extension ? ":" : "", attribute->name,
									sub ? "." : "", sub ? sub->name : "");
			unique->key = unique->path;
			unique->of_all_tenants =
				(sub ? sub : attribute)->uniqueness == SCIM_UNIQUENESS_GLOBAL;
			unique->primary = false;
			unique->extension = is_extension ? schema : NULL;
			unique->attribute = attribute;
			unique->sub = sub;
		}
	}
}

static void
compile_extensions(const ScimRegistry *registry, const Where *where,
				   const JsonbValue *documents, ScimResourceType *type)
{
	int n;

	if (documents == NULL)
		return;
	if (documents->type != jbvArray)
		invalid(where, "\"schemaExtensions\" must be an array");
	n = documents->val.array.nElems;
	type->extensions = palloc0(n * sizeof(ScimExtension));
	for (int i = 0; i < n; i++)
	{
		const JsonbValue *document = &documents->val.array.elems[i];
		const ScimSchema *schema = schema_of(registry, where, document);

		CHECK_FOR_INTERRUPTS();
		if (ScimResourceTypeSchema(type, schema->id, schema->id_len) != NULL)
			invalid(where, psprintf("schema \"%s\" is used twice", schema->id));
		type->extensions[i].schema = schema;
		type->extensions[i].required = boolean_member(where, document, "required", false);
		type->nextensions++;
	}
}

/* Reads "endpoint": one path segment, which gets a leading slash. */
static const char *
endpoint_of(const ScimRegistry *registry, const Where *where, const JsonbValue *document)
{
	const char *endpoint = required_string(where, document, "endpoint");
	const char *segment = endpoint[0] == '/' ? endpoint + 1 : endpoint;
	size_t len = strlen(segment);

	if (len == 0 || strspn(segment, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
									"0123456789-_~") != len)
		invalid(where,
				psprintf("the endpoint \"%s\" is not one path segment such as \"/Users\"",
						 endpoint));
	for (int i = 0; i < lengthof(reserved_endpoints); i++)
	{
		if (ScimNameEqual(segment, reserved_endpoints[i]))
			invalid(where, psprintf("the endpoint \"%s\" is reserved", endpoint));
	}
	if (ScimRegistryTypeByEndpoint(registry, segment, len) != NULL)
		invalid(where, psprintf("the endpoint \"%s\" is used by another resource type",
								endpoint));
	return endpoint == segment ? psprintf("/%s", segment) : endpoint;
}

/* Reads "schema" of a resource type or an extension of it. */
static const ScimSchema *
schema_of(const ScimRegistry *registry, const Where *where, const JsonbValue *document)
{
	const char *urn = required_string(where, document, "schema");
	const ScimSchema *schema = ScimRegistrySchema(registry, urn);

	if (schema == NULL)
		invalid(where, psprintf("schema \"%s\" is not registered", urn));
	return schema;
}

/* A member of a document in any letter case, or NULL; null is absent too. */
static const JsonbValue *
member(const JsonbValue *document, const char *key)
{
	const JsonbValue *value = ScimJsonGetFolded(document, key);

	return value != NULL && value->type == jbvNull ? NULL : value;
}

/* A copy of a string, or NULL when it is missing or empty. */
static const char *
string_member(const Where *where, const JsonbValue *document, const char *key)
{
	const JsonbValue *value = member(document, key);

	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		invalid(where, psprintf("\"%s\" must be a string", key));
	return value->val.string.len == 0 ? NULL : ScimJsonStringCopy(value);
}

static const char *
required_string(const Where *where, const JsonbValue *document, const char *key)
{
	const char *value;

	if (document->type != jbvObject)
		invalid(where, "a JSON object is needed");
	value = string_member(where, document, key);
	if (value == NULL)
		invalid(where, psprintf("\"%s\" is missing", key));
	return value;
}

static bool
boolean_member(const Where *where, const JsonbValue *document, const char *key,
			   bool missing)
{
	const JsonbValue *value = member(document, key);

	if (value == NULL)
		return missing;
	if (value->type != jbvBool)
		invalid(where, psprintf("\"%s\" must be true or false", key));
	return value->val.boolean;
}

static int
keyword_member(const Where *where, const JsonbValue *document, const char *key,
			   const Keyword *keywords, int missing)
{
	const char *word = string_member(where, document, key);

	return word == NULL ? missing : keyword(where, key, word, keywords);
}

static int
keyword(const Where *where, const char *key, const char *word, const Keyword *keywords)
{
	for (const Keyword *known = keywords; known->word != NULL; known++)
	{
		if (ScimNameEqual(known->word, word))
			return known->value;
	}
	invalid(where, psprintf("unknown %s \"%s\"", key, word));
	return 0; /* not reached */
}

/*
 * "type", which may be a list: then the JSON of a value has to tell of which of them
 * it is.
 */
static ScimType
type_member(const Where *where, const JsonbValue *document, ScimTypes *several)
{
	static const ScimTypes alike[] = {SCIM_TYPES_OF_STRINGS, SCIM_TYPES_OF_NUMBERS};
	/* as discovery shows it, beside the first of them, or as it is registered */
	const char *key = member(document, "types") != NULL ? "types" : "type";
	const JsonbValue *value = member(document, key);
	ScimTypes found = 0;
	ScimType type = SCIM_TYPE_STRING;
	ListCell *lc;

	if (value == NULL || (value->type != jbvArray && strcmp(key, "type") == 0))
		return keyword_member(where, document, "type", types, SCIM_TYPE_STRING);
	foreach (lc, strings_member(where, document, key))
	{
		const char *word = lfirst(lc);

		type = keyword(where, "type", word, types);
		if ((found & SCIM_TYPE_BIT(type)) != 0)
			invalid(where, psprintf("type \"%s\" is given twice", word));
		found |= SCIM_TYPE_BIT(type);
	}
	if (found == 0)
		invalid(where, psprintf("\"%s\" names no type", key));
	if (strcmp(key, "types") == 0 && member(document, "type") != NULL &&
		(found & SCIM_TYPE_BIT(keyword_member(where, document, "type", types, type))) ==
			0)
		invalid(where, "\"type\" is none of \"types\"");
	if (found == SCIM_TYPE_BIT(type))
		return type;
	if ((found & SCIM_TYPE_BIT(SCIM_TYPE_COMPLEX)) != 0)
		invalid(where, "\"complex\" cannot be one of several types");
	for (int i = 0; i < lengthof(alike); i++)
	{
		if (pg_popcount32(found & alike[i]) > 1)
			invalid(where, psprintf("values of %s cannot be told apart",
									join_words(found & alike[i])));
	}
	*several = found;
	return SCIM_TYPE_SEVERAL;
}

/* The types of a set, for messages. */
static const char *
join_words(ScimTypes set)
{
	StringInfoData words;

	initStringInfo(&words);
	for (const Keyword *known = types; known->word != NULL; known++)
	{
		if ((set & SCIM_TYPE_BIT(known->value)) != 0)
			appendStringInfo(&words, "%s\"%s\"", words.len > 0 ? " and " : "",
							 known->word);
	}
	return words.data;
}

/* A list of copied strings; NIL when missing. */
static List *
strings_member(const Where *where, const JsonbValue *document, const char *key)
{
	const JsonbValue *value = member(document, key);
	List *strings = NIL;

	if (value == NULL)
		return NIL;
	if (value->type != jbvArray)
		invalid(where, psprintf("\"%s\" must be an array of strings", key));
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (value->val.array.elems[i].type != jbvString)
			invalid(where, psprintf("\"%s\" must be an array of strings", key));
		strings = lappend(strings, ScimJsonStringCopy(&value->val.array.elems[i]));
	}
	return strings;
}

/* ATTRNAME of RFC 7643 section 2.1; "$" may also come first, as in "$ref". */
static bool
valid_attribute_name(const char *name)
{
	if (name[0] != '$' && !isalpha((unsigned char) name[0]))
		return false;
	for (const char *p = name; *p != '\0'; p++)
	{
		if (IS_HIGHBIT_SET(*p) ||
			(!isalnum((unsigned char) *p) && strchr("$-_", *p) == NULL))
			return false;
	}
	return true;
}

/* Raises invalidValue, saying where in the documents. */
static void
invalid(const Where *where, const char *what)
{
	if (where->attribute != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s \"%s\", attribute \"%s\": %s", where->kind, where->id,
							   where->attribute, what)));
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("%s \"%s\": %s", where->kind, where->id, what)));
}
