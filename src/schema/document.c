/*
 * document.c
 *		The documents of schemas and resource types, before they are registered.
 *
 * What registry.c compiles is what it needs; here a document is held to all that
 * RFC 7643 sections 6 and 7 say, with their errata, and brought into the form in
 * which discovery shows it: keywords and their values in the RFC's spelling, and
 * each characteristic stated that applies.
 *
 *		{"ID": "urn:x:User", "name": "X", "attributes": [{"name": "badge"}]}
 *
 * gains "schemas", and for the attribute type, multiValued, required, caseExact,
 * mutability, returned and uniqueness with the defaults of section 2.2.  Clients
 * insist on descriptions, so whatever has none is described by its name.
 */
#include "postgres.h"

#include <ctype.h>

#include "schema/schema.h"

#include "json/buckets.h"
#include "json/json.h"
#include "miscadmin.h"

#include "setting/setting.h"
#include "text/fold.h"

#define SCHEMA_URN "urn:ietf:params:scim:schemas:core:2.0:Schema"
#define RESOURCE_TYPE_URN "urn:ietf:params:scim:schemas:core:2.0:ResourceType"

/*
 * Longest names, in bytes.  The table "unique_value" has one of each in the key of its
 * index, beside a value.
 */
#define MAX_TYPE_NAME 100
#define MAX_URN 1024
#define MAX_ATTRIBUTE_NAME 128

static const char *const schema_keywords[] = {"schemas",    "id",   "name", "description",
											  "attributes", "meta", NULL};
static const char *const attribute_keywords[] = {"name",           "type",
												 "multiValued",    "description",
												 "required",       "caseExact",
												 "mutability",     "returned",
												 "uniqueness",     "canonicalValues",
												 "referenceTypes", "subAttributes",
												 "format",         "pattern",
												 "types",          NULL};
static const char *const type_keywords[] = {"schemas",          "id",       "name",
											"description",      "endpoint", "schema",
											"schemaExtensions", "meta",     NULL};
static const char *const extension_keywords[] = {"schema", "required", NULL};

/* Words of characteristics, by the enums of schema.h and filter.h. */
static const char *const mutability_words[] = {"readOnly", "readWrite", "immutable",
											   "writeOnly"};
static const char *const returned_words[] = {"always", "never", "default", "request"};
static const char *const uniqueness_words[] = {"none", "server", "global"};

/* Where in the documents the checker is, for messages. */
typedef struct Place
{
	const char *kind; /* "schema" or "resource type" */
	const char *id;
	const char *attribute; /* path of the attribute, or NULL */
} Place;

static JsonbValue *
respell(const Place *place, const JsonbValue *document, const char *const *keywords);
static const char *name_of(const JsonbValue *document, const char *key);
static void check_size(const Place *place, const JsonbValue *document, int most);
static void
check_names(const Place *place, const JsonbValue *documents, int most, int *count);
static int64 count_attributes(const JsonbValue *documents);
static void
check_message_schemas(const Place *place, const JsonbValue *document, const char *urn);
static void check_attributes(const Place *place, JsonbValue *parent, const char *key,
							 const ScimAttribute *attributes, int count);
static void
check_attribute(const Place *place, JsonbValue *document, const ScimAttribute *attribute);
static void check_strings(const Place *place, const ScimAttribute *attribute);
static void set_type(JsonbValue *document, const ScimAttribute *attribute);
static void check_canonical_values(const Place *place, const ScimAttribute *attribute);
static void
set_word(JsonbValue *document, const char *key, const char *const *words, int word);
static void describe(JsonbValue *document, const char *description);
static char *describe_attribute(const ScimAttribute *attribute);
static void refuse(const Place *place, const char *fmt, ...) pg_attribute_printf(2, 3);

/*
 * ScimCheckSchemaDocument checks the document of a schema (RFC 7643 section 7) and
 * returns the form in which it is registered.  What is wrong with it is an error
 * (invalidValue) that names the schema and the attribute.  before: the document that it
 * takes the place of, or NULL: it may have as many attributes as that, whatever the
 * limit is by now.
 */
JsonbValue *
ScimCheckSchemaDocument(const JsonbValue *document, const JsonbValue *before)
{
	Place place = {"schema", name_of(document, "id"), NULL};
	JsonbValue *result = respell(&place, document, schema_keywords);
	ScimRegistry *registry;
	const ScimSchema *schema;
	int most = ScimSettingInForce(SCIM_SETTING_MAX_SCHEMA_ATTRIBUTES, NULL);

	if (before != NULL && before->type == jbvObject)
		most = Max(most, Min(count_attributes(ScimJsonGetFolded(before, "attributes")),
							 PG_INT32_MAX));
	check_size(&place, result, most);
	registry = ScimRegistryBuild(CurrentMemoryContext,
								 list_make1(ScimJsonToJsonb(ScimJsonCopy(result))), NIL);
	schema = &registry->schemas[0];
	/* some leave out "urn:"; a URL is something else */
	if (strchr(schema->id, ':')[1] == '/')
		refuse(&place, "the id must be a URN, and no URL");
	for (const char *p = schema->id; *p != '\0'; p++)
	{
		if (!isgraph((unsigned char) *p) || IS_HIGHBIT_SET(*p) ||
			strchr("\"\\/?#[]{}<>|^`", *p) != NULL)
			refuse(&place, "a URN holds no white space and no special characters");
	}
	check_message_schemas(&place, result, SCHEMA_URN);
	describe(result, schema->name);
	check_attributes(&place, result, "attributes", schema->attributes,
					 schema->nattributes);
	return result;
}

/*
 * ScimCheckResourceTypeDocument does the same for a resource type (RFC 7643
 * section 6).  Whether the schemas that it names are registered is seen when the
 * whole registry is built.  before: the document that it replaces, or NULL: an endpoint
 * that is there may be longer than new ones.
 */
JsonbValue *
ScimCheckResourceTypeDocument(const JsonbValue *document, const JsonbValue *before)
{
	Place place = {"resource type", name_of(document, "name"), NULL};
	JsonbValue *result = respell(&place, document, type_keywords);
	const JsonbValue *name = ScimJsonGet(result, "name");
	const JsonbValue *endpoint = ScimJsonGet(result, "endpoint");
	JsonbValue *extensions;

	if (name == NULL || name->type != jbvString || name->val.string.len == 0)
		refuse(&place, "\"name\" must be a string");
	if (name->val.string.len > MAX_TYPE_NAME)
		refuse(&place, "the name is longer than %d bytes", MAX_TYPE_NAME);
	for (int i = 0; i < name->val.string.len; i++)
	{
		unsigned char c = name->val.string.val[i];

		if (c < ' ' || c == '/' || c == '"' || c == '\\')
			refuse(&place,
				   "the name holds a control character, \"/\", \"\\\" or a quote");
	}
	if (endpoint == NULL || endpoint->type != jbvString || endpoint->val.string.len == 0)
		refuse(&place, "\"endpoint\" must be a string");
	if (endpoint->val.string.len > SCIM_MAX_TYPE_ENDPOINT &&
		(before == NULL || ScimJsonGet(before, "endpoint") == NULL ||
		 !ScimJsonEqual(endpoint, ScimJsonGet(before, "endpoint"))))
		refuse(&place, "the endpoint is longer than %d bytes", SCIM_MAX_TYPE_ENDPOINT);
	if (endpoint->val.string.val[0] != '/')
		ScimJsonSet(result, "endpoint",
					ScimJsonNewString(psprintf("/%s", ScimJsonStringCopy(endpoint))));
	check_message_schemas(&place, result, RESOURCE_TYPE_URN);
	describe(result, ScimJsonStringCopy(ScimJsonGet(result, "name")));
	ScimJsonSet(result, "id", ScimJsonGet(result, "name"));
	extensions = ScimJsonGet(result, "schemaExtensions");
	if (extensions != NULL)
	{
		if (extensions->type != jbvArray)
			refuse(&place, "\"schemaExtensions\" must be an array");
		for (int i = 0; i < extensions->val.array.nElems; i++)
		{
			JsonbValue *element = &extensions->val.array.elems[i];
			JsonbValue *extension = respell(&place, element, extension_keywords);

			if (ScimJsonGet(extension, "required") == NULL)
				ScimJsonSet(extension, "required", ScimJsonNewBool(false));
			*element = *extension;
		}
	}
	return result;
}

/*
 * A copy of an object with its keywords spelled as the RFC does, without nulls
 * and without "meta", which is the service's to say.
 */
static JsonbValue *
respell(const Place *place, const JsonbValue *document, const char *const *keywords)
{
	JsonbValue *result = ScimJsonNewObject();

	if (document->type != jbvObject)
		refuse(place, "a JSON object is needed");
	for (int i = 0; i < document->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &document->val.object.pairs[i];
		const char *key = ScimJsonStringCopy(&pair->key);
		const char *const *keyword = keywords;

		while (*keyword != NULL && !ScimNameEqual(*keyword, key))
			keyword++;
		if (*keyword == NULL)
			refuse(place, "unknown keyword \"%s\"", key);
		if (ScimJsonGet(result, *keyword) != NULL)
			refuse(place, "\"%s\" is given twice", *keyword);
		if (pair->value.type != jbvNull && strcmp(*keyword, "meta") != 0)
			ScimJsonSet(result, *keyword, ScimJsonCopy(&pair->value));
	}
	if (ScimJsonGet(result, "description") != NULL &&
		ScimJsonGet(result, "description")->type != jbvString)
		refuse(place, "\"description\" must be a string");
	return result;
}

/* What the registry does with a schema takes time by what it has. */
static void
check_size(const Place *place, const JsonbValue *document, int most)
{
	const JsonbValue *id = ScimJsonGet(document, "id");
	int count = 0;

	if (id != NULL && id->type == jbvString && id->val.string.len > MAX_URN)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("the id of a schema may have %d bytes, not %d", MAX_URN,
							   id->val.string.len)));
	check_names(place, ScimJsonGet(document, "attributes"), most, &count);
}

/* The same of a document that was checked once. */
static int64
count_attributes(const JsonbValue *documents)
{
	int64 count = 0;

	check_stack_depth();
	for (int i = 0; documents != NULL && documents->type == jbvArray &&
					i < documents->val.array.nElems;
		 i++)
	{
		const JsonbValue *document = &documents->val.array.elems[i];

		count += 1 + (document->type == jbvObject
						  ? count_attributes(ScimJsonGetFolded(document, "subAttributes"))
						  : 0);
	}
	return count;
}

/* The names of attributes and sub-attributes, and how many there are. */
static void
check_names(const Place *place, const JsonbValue *documents, int most, int *count)
{
	check_stack_depth();
	for (int i = 0; documents != NULL && documents->type == jbvArray &&
					i < documents->val.array.nElems;
		 i++)
	{
		const JsonbValue *document = &documents->val.array.elems[i];
		const JsonbValue *name;

		CHECK_FOR_INTERRUPTS();
		if (++*count > most)
			refuse(place,
				   "a schema may have %d attributes and sub-attributes "
				   "(scim.max_schema_attributes)",
				   most);
		if (document->type != jbvObject)
			continue;
		name = ScimJsonGetFolded(document, "name");
		if (name != NULL && name->type == jbvString &&
			name->val.string.len > MAX_ATTRIBUTE_NAME)
			refuse(place, "the name of an attribute may have %d bytes, not %d",
				   MAX_ATTRIBUTE_NAME, name->val.string.len);
		check_names(place, ScimJsonGetFolded(document, "subAttributes"), most, count);
	}
}

/* The string that a document is known by in messages; "" where it has none. */
static const char *
name_of(const JsonbValue *document, const char *key)
{
	const JsonbValue *value =
		document->type == jbvObject ? ScimJsonGetFolded(document, key) : NULL;

	return value != NULL && value->type == jbvString ? ScimJsonStringCopy(value) : "";
}

/* "schemas" names what kind of document this is, where it is given. */
static void
check_message_schemas(const Place *place, const JsonbValue *document, const char *urn)
{
	const JsonbValue *schemas = ScimJsonGet(document, "schemas");
	JsonbValue *stated = ScimJsonNewArray();
	bool found = schemas == NULL;

	if (schemas != NULL && schemas->type != jbvArray)
		refuse(place, "\"schemas\" must be an array");
	for (int i = 0; !found && i < schemas->val.array.nElems; i++)
	{
		const JsonbValue *element = &schemas->val.array.elems[i];

		found = element->type == jbvString &&
				ScimNameEqualN(element->val.string.val, element->val.string.len, urn,
							   strlen(urn));
	}
	if (!found)
		refuse(place, "\"schemas\" must name \"%s\"", urn);
	ScimJsonAppend(stated, ScimJsonNewString(urn));
	ScimJsonSet((JsonbValue *) document, "schemas", stated);
}

/* The documents under a key, next to what they were compiled to. */
static void
check_attributes(const Place *place, JsonbValue *parent, const char *key,
				 const ScimAttribute *attributes, int count)
{
	JsonbValue *documents = ScimJsonGet(parent, key);

	for (int i = 0; i < count; i++)
	{
		JsonbValue *document = &documents->val.array.elems[i];
		Place inner = *place;

		inner.attribute = place->attribute == NULL
							  ? attributes[i].name
							  : psprintf("%s.%s", place->attribute, attributes[i].name);
		*document = *respell(&inner, document, attribute_keywords);
		check_attribute(&inner, document, &attributes[i]);
	}
}

/* RFC 7643 sections 2.2, 2.3 and 7; errata 6004 and 8415. */
static void
check_attribute(const Place *place, JsonbValue *document, const ScimAttribute *attribute)
{
	bool complex = attribute->type == SCIM_TYPE_COMPLEX;
	bool has_returned = ScimJsonGet(document, "returned") != NULL;
	ScimReturned returned = attribute->returned;

	/* but for the schema that describes them */
	if (complex && attribute->parent != NULL && !ScimNameEqual(place->id, SCHEMA_URN))
		refuse(place, "a sub-attribute must not be of type \"complex\"");
	if (complex && attribute->uniqueness != SCIM_UNIQUENESS_NONE)
		refuse(place, "\"uniqueness\" applies to its sub-attributes, not to an attribute "
					  "of type \"complex\"");
	if (attribute->reference_types != NIL && !ScimHasType(attribute, SCIM_TYPE_REFERENCE))
		refuse(place, "\"referenceTypes\" applies to type \"reference\" only");
	check_strings(place, attribute);
	if (attribute->mutability == SCIM_WRITE_ONLY)
	{
		if (has_returned && returned != SCIM_RETURNED_NEVER)
			refuse(place, "\"returned\" must be \"never\" where \"mutability\" is "
						  "\"writeOnly\"");
		if (attribute->uniqueness != SCIM_UNIQUENESS_NONE)
			refuse(place, "a \"writeOnly\" attribute cannot be unique: that would tell "
						  "its values");
		/* by which the life-cycle goes, and tells of it */
		if (attribute->parent == NULL && ScimNameEqual(attribute->name, "active") &&
			attribute->type == SCIM_TYPE_BOOLEAN)
			refuse(place,
				   "it cannot be \"writeOnly\": the status of a resource tells it");
		returned = SCIM_RETURNED_NEVER;
	}
	check_canonical_values(place, attribute);
	/* the column user_name is unique without regard to case */
	if (attribute->case_exact && attribute->parent == NULL &&
		ScimNameEqual(place->id, SCIM_URN_USER) &&
		ScimNameEqual(attribute->name, "userName"))
		refuse(place, "it cannot be caseExact: no two users have userNames that differ "
					  "in case only");

	describe(document, describe_attribute(attribute));
	set_type(document, attribute);
	if (attribute->date)
		ScimJsonSet(document, "format", ScimJsonNewString("date"));
	else
		ScimJsonRemove(document, "format");
	if (attribute->pattern == NULL)
		ScimJsonRemove(document, "pattern");
	ScimJsonSet(document, "multiValued", ScimJsonNewBool(attribute->multi_valued));
	ScimJsonSet(document, "required", ScimJsonNewBool(attribute->required));
	set_word(document, "mutability", mutability_words, attribute->mutability);
	set_word(document, "returned", returned_words, returned);
	if (complex)
	{
		ScimJsonRemove(document, "uniqueness");
		ScimJsonRemove(document, "caseExact");
		check_attributes(place, document, "subAttributes", attribute->subs,
						 attribute->nsubs);
	}
	else
	{
		set_word(document, "uniqueness", uniqueness_words, attribute->uniqueness);
		if (ScimHasType(attribute, SCIM_TYPE_STRING) ||
			ScimHasType(attribute, SCIM_TYPE_REFERENCE) ||
			ScimHasType(attribute, SCIM_TYPE_BINARY))
			ScimJsonSet(document, "caseExact", ScimJsonNewBool(attribute->case_exact));
		else
			ScimJsonRemove(document, "caseExact");
		ScimJsonRemove(document, "subAttributes");
	}
}

/* "format" and "pattern", which RFC 7643 does not have: doc/schemas.md. */
static void
check_strings(const Place *place, const ScimAttribute *attribute)
{
	const char *fault;

	if (ScimHasType(attribute, SCIM_TYPE_STRING))
	{
		if (attribute->pattern == NULL)
			return;
		fault = ScimPatternFault(ScimPatternText(attribute->pattern));
		if (fault != NULL)
			refuse(place, "the pattern %s", fault);
	}
	else if (attribute->date || attribute->pattern != NULL)
		refuse(place, "\"%s\" applies to type \"string\" only",
			   attribute->date ? "format" : "pattern");
}

/* The name of its type, or the names of its types, in their order, as the RFC has them.
 */
static void
set_type(JsonbValue *document, const ScimAttribute *attribute)
{
	JsonbValue *stated = ScimJsonGet(document, "types");

	if (stated != NULL)
	{
		ScimJsonSet(document, "type", ScimJsonCopy(stated));
		ScimJsonRemove(document, "types");
	}
	stated = ScimJsonGet(document, "type");
	if (attribute->type != SCIM_TYPE_SEVERAL)
	{
		ScimJsonSet(document, "type", ScimJsonNewString(ScimTypeName(attribute->type)));
		return;
	}
	for (int i = 0; i < stated->val.array.nElems; i++)
	{
		JsonbValue *element = &stated->val.array.elems[i];
		char *word = ScimJsonStringCopy(element);

		for (int type = 0; type < SCIM_TYPE_SEVERAL; type++)
		{
			if (ScimNameEqual(word, ScimTypeName((ScimType) type)))
				*element = *ScimJsonNewString(ScimTypeName((ScimType) type));
		}
	}
}

static void
check_canonical_values(const Place *place, const ScimAttribute *attribute)
{
	ScimBuckets by_text;
	ListCell *lc;

	if (attribute->canonical_values == NIL)
		return;
	if (attribute->type == SCIM_TYPE_COMPLEX || attribute->type == SCIM_TYPE_BOOLEAN)
		refuse(place, "\"canonicalValues\" does not apply to type \"%s\"",
			   ScimTypeName(attribute->type));
	ScimBucketsInit(&by_text, list_length(attribute->canonical_values));
	foreach (lc, attribute->canonical_values)
	{
		const char *value = lfirst(lc);
		uint32 hash = ScimFoldHash(value, strlen(value));
		JsonbValue canonical;
		const char *expected;

		CHECK_FOR_INTERRUPTS();
		/* as a client would send it, so that "3" will do for an integer */
		expected =
			ScimCanonicaliseSimple(attribute, ScimJsonNewString(value), &canonical);
		if (expected != NULL)
			refuse(place, "canonical value \"%s\" is not %s", value, expected);
		for (int at = ScimBucketsFirst(&by_text, hash); at >= 0;
			 at = ScimBucketsNext(&by_text, at))
		{
			const char *other =
				list_nth(attribute->canonical_values, ScimBucketsItem(&by_text, at));

			if (attribute->case_exact ? strcmp(value, other) == 0
									  : ScimNameEqual(value, other))
				refuse(place, "canonical value \"%s\" is given twice", value);
		}
		ScimBucketsAdd(&by_text, hash, foreach_current_index(lc));
	}
	ScimBucketsFree(&by_text);
}

static void
set_word(JsonbValue *document, const char *key, const char *const *words, int word)
{
	ScimJsonSet(document, key, ScimJsonNewString(words[word]));
}

/* Sets "description" where there is none. */
static void
describe(JsonbValue *document, const char *description)
{
	const JsonbValue *present = ScimJsonGet(document, "description");

	if (present == NULL || present->val.string.len == 0)
		ScimJsonSet(document, "description", ScimJsonNewString(description));
}

/*
 * What the usual sub-attributes are is said in RFC 7643 section 2.4; the name of
 * another attribute becomes words: "costCenter" is "Cost center", "userID" "User ID".
 */
static char *
describe_attribute(const ScimAttribute *attribute)
{
	static const struct
	{
		const char *name;
		const char *description;
	} usual[] = {
		{"type", "A label that says what the value is for."},
		{"primary", "Whether this is the preferred value."},
		{"display", "A name of the value for people to read."},
		{"value", "The value itself."},
		{"$ref", "The URI of the resource that is referred to."},
	};
	StringInfoData words;

	for (size_t i = 0; attribute->parent != NULL && i < lengthof(usual); i++)
	{
		if (ScimNameEqual(attribute->name, usual[i].name))
			return pstrdup(usual[i].description);
	}
	initStringInfo(&words);
	for (const char *p = attribute->name; *p != '\0'; p++)
	{
		bool begins = isupper((unsigned char) *p) && p > attribute->name &&
					  !isupper((unsigned char) p[-1]);

		if (*p == '_' || *p == '-')
			appendStringInfoChar(&words, ' ');
		else if (p == attribute->name)
			appendStringInfoChar(&words, pg_ascii_toupper((unsigned char) *p));
		else if (begins && !isupper((unsigned char) p[1]))
			appendStringInfo(&words, " %c", pg_ascii_tolower((unsigned char) *p));
		else
			appendStringInfo(&words, begins ? " %c" : "%c", *p);
	}
	appendStringInfoChar(&words, '.');
	return words.data;
}

/* Raises invalidValue, saying where in the documents. */
static void
refuse(const Place *place, const char *fmt, ...)
{
	va_list args;
	const char *what;

	va_start(args, fmt);
	what = ScimFormat(fmt, args);
	va_end(args);
	if (place->attribute != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s \"%s\", attribute \"%s\": %s", place->kind, place->id,
							   place->attribute, what)));
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("%s \"%s\": %s", place->kind, place->id, what)));
}
