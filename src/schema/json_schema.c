/*
 * json_schema.c
 *		A resource type as a JSON Schema (2020-12), which is what an OpenAPI 3.1
 *		description holds, too.
 *
 * It describes the canonical document: what the service answers with or, as a
 * request, what it takes without having to read anything into it.  The two differ
 * in what is required: a client must send a password that no answer shows.
 * Whatever a request's schema calls valid, the attributes' characteristics allow.
 * Limits bind what a write changes only: what is stored may be above them, and only a
 * request's schema has them.  They are in bytes, where "maxLength" counts characters:
 * what is above it is always refused.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "miscadmin.h"

#include "json/json.h"
#include "setting/setting.h"

/* RFC 4648 sections 4 and 5, as scalar.c takes it. */
#define BASE64_OF(alphabet)  \
	"(?:[" alphabet "]{4})*" \
	"(?:[" alphabet "]{2}(?:==)?|[" alphabet "]{3}=?)?"
#define BASE64_PATTERN "^(?:" BASE64_OF("A-Za-z0-9+/") "|" BASE64_OF("A-Za-z0-9_-") ")$"

/* The format date-time knows more time zones than XML Schema, which SCIM goes by. */
#define ZONE_PATTERN "(?:[Zz]|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)$"

/*
 * An xsd:dateTime, as datetime.c takes it (RFC 7643 section 2.3.5).  The format date-time
 * asks for a time zone, of which it knows others, and years of four digits.
 */
#define LEAP_YEAR                                                       \
	"(?:[1-9][0-9]{0,4})?(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|" \
	"(?:[02468][048]|[13579][26])00)"
const char ScimDatetimePattern[] =
	"^(?!0000)(?:(?:[1-9][0-9]{4,8}|[0-9]{4})-"
	"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|"
	"(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|" LEAP_YEAR
	"-02-29)[Tt](?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:[.][0-9]+)?|"
	"24:00:00(?:[.]0+)?)(?:[Zz]|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?$";

/* The format date may be read with fewer hyphens than SCIM's dates have. */
#define DATE_PATTERN "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

/* What canonical/member.c finds an id in. */
#define MEMBER_REF_PATTERN "^(?:[^?#]*[^/?#])?/[^/?#]+/*(?:[?#]|$)"

/* What is no blank of text/utf8.c's. */
const char ScimSeenPattern[] =
	"[^\\u0009-\\u000D\\u0020\\u0085\\u00A0\\u1680\\u2000-"
	"\\u200D\\u2028\\u2029\\u202F\\u205F\\u2060\\u3000\\uFEFF]";

typedef struct Writer
{
	StringInfo out;
	const ScimResourceType *type;
	bool request;
} Writer;

static void write_properties(const Writer *writer);
static void write_schema_object(const Writer *writer, const ScimExtension *extension);
static void write_end_of_object(StringInfo out, const ScimResourceType *type);
static void write_attributes(const Writer *writer, const ScimAttribute *attributes,
							 int count, bool *first);
static void write_attribute(const Writer *writer, const ScimAttribute *attribute);
static void
write_value(const Writer *writer, const ScimAttribute *attribute, bool required);
static void write_type(const Writer *writer, const ScimAttribute *attribute);
static void write_string_rules(StringInfo out, const ScimAttribute *attribute);
static void
write_not_empty(const Writer *writer, const ScimAttribute *attributes, int count);
static void write_canonical_values(StringInfo out, const ScimAttribute *attribute);
static void write_required(const Writer *writer, const ScimAttribute *attributes,
						   int count, bool *first);
static bool is_required(const Writer *writer, const ScimAttribute *attribute);
static bool is_shown(const ScimAttribute *attribute);
static bool are_shown(const ScimAttribute *attributes, int count);
static void write_string_member(StringInfo out, const char *key, const char *value);
static void write_key(StringInfo out, bool *first, const char *key);

/*
 * ScimJsonSchema appends the schema of a resource of a type as an object.
 * request: of what a client sends, else of what the service answers.  dialect:
 * with "$schema", as the document on its own that it is then.
 */
void
ScimJsonSchema(StringInfo out, const ScimResourceType *type, bool request, bool dialect)
{
	Writer writer = {out, type, request};
	bool first = false;

	appendStringInfoChar(out, '{');
	if (dialect)
		appendStringInfoString(
			out, "\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",");
	appendStringInfoString(out, "\"title\":");
	ScimJsonWriteString(out, type->name, strlen(type->name));
	appendStringInfoString(out, ",\"type\":\"object\",\"properties\":{");
	write_properties(&writer);
	appendStringInfoString(out, "},\"required\":[\"schemas\"");
	write_required(&writer, type->schema->attributes, type->schema->nattributes, &first);
	for (int i = 0; i < type->nextensions; i++)
	{
		const ScimSchema *schema = type->extensions[i].schema;

		if (type->extensions[i].required &&
			(request || are_shown(schema->attributes, schema->nattributes)))
			write_key(out, &first, schema->id);
	}
	write_end_of_object(out, writer.type);
	appendStringInfoChar(out, '}');
}

/* schemas, id, externalId and meta (RFC 7643 section 3.1), then the type's own. */
static void
write_properties(const Writer *writer)
{
	StringInfo out = writer->out;
	const ScimResourceType *type = writer->type;
	bool first = false;

	appendStringInfoString(out, "\"schemas\":{");
	write_string_member(out, "description", type->common->attributes[0].description);
	appendStringInfoString(out, ",\"type\":\"array\",\"items\":{\"enum\":[");
	ScimJsonWriteString(out, type->schema->id, type->schema->id_len);
	for (int i = 0; i < type->nextensions; i++)
	{
		appendStringInfoChar(out, ',');
		ScimJsonWriteString(out, type->extensions[i].schema->id,
							type->extensions[i].schema->id_len);
	}
	appendStringInfoString(out, "]},\"contains\":{\"const\":");
	ScimJsonWriteString(out, type->schema->id, type->schema->id_len);
	appendStringInfoString(out, "},\"uniqueItems\":true}");
	for (int i = 1; i < type->common->nattributes; i++)
	{
		const ScimAttribute *attribute = &type->common->attributes[i];

		/* which is the group's alone */
		if (type->is_membership && strcmp(attribute->name, "externalId") == 0)
			continue;
		write_key(out, &first, attribute->name);
		appendStringInfoChar(out, ':');
		write_attribute(writer, attribute);
	}
	write_attributes(writer, type->schema->attributes, type->schema->nattributes, &first);
	for (int i = 0; i < type->nextensions; i++)
	{
		write_key(out, &first, type->extensions[i].schema->id);
		appendStringInfoChar(out, ':');
		write_schema_object(writer, &type->extensions[i]);
	}
}

/* The object below an extension's URN. */
static void
write_schema_object(const Writer *writer, const ScimExtension *extension)
{
	StringInfo out = writer->out;
	const ScimSchema *schema = extension->schema;
	bool first = true;

	appendStringInfoString(out, "{\"title\":");
	ScimJsonWriteString(out, schema->name, strlen(schema->name));
	appendStringInfoString(out, ",\"type\":\"object\"");
	if (extension->required)
		write_not_empty(writer, schema->attributes, schema->nattributes);
	appendStringInfoString(out, ",\"properties\":{");
	write_attributes(writer, schema->attributes, schema->nattributes, &first);
	appendStringInfoString(out, "},\"required\":[");
	first = true;
	write_required(writer, schema->attributes, schema->nattributes, &first);
	write_end_of_object(out, writer->type);
	appendStringInfoChar(out, '}');
}

/* Ends "required"; other members are there only where the settings let them pass. */
static void
write_end_of_object(StringInfo out, const ScimResourceType *type)
{
	appendStringInfo(out, "],\"additionalProperties\":%s",
					 ScimIgnoresUnknownAttributes(type) ? "true" : "false");
}

static void
write_attributes(const Writer *writer, const ScimAttribute *attributes, int count,
				 bool *first)
{
	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];

		/* some schemas list id and the like too */
		if (attribute->parent == NULL && attribute->schema == writer->type->schema &&
			ScimSchemaAttribute(writer->type->common, attribute->name,
								attribute->name_len))
			continue;
		write_key(writer->out, first, attribute->name);
		appendStringInfoChar(writer->out, ':');
		write_attribute(writer, attribute);
	}
}

static void
write_attribute(const Writer *writer, const ScimAttribute *attribute)
{
	StringInfo out = writer->out;
	bool required = is_required(writer, attribute);

	appendStringInfoChar(out, '{');
	if (attribute->description != NULL)
	{
		write_string_member(out, "description", attribute->description);
		appendStringInfoChar(out, ',');
	}
	if (attribute->mutability == SCIM_READ_ONLY)
		appendStringInfoString(out, "\"readOnly\":true,");
	if (ScimIsSecret(attribute))
		appendStringInfoString(out, "\"writeOnly\":true,");
	if (attribute->multi_valued)
	{
		const ScimAttribute *primary = ScimAttributeSub(attribute, "primary", 7);

		appendStringInfoString(out, "\"type\":\"array\",\"items\":{");
		write_value(writer, attribute, required);
		appendStringInfoChar(out, '}');
		if (required)
			appendStringInfoString(out, ",\"minItems\":1");
		if (writer->request && attribute->mutability != SCIM_READ_ONLY &&
			!ScimIsMembers(writer->type, attribute))
			appendStringInfo(
				out, ",\"maxItems\":%d",
				ScimSettingInForce(SCIM_SETTING_MAX_VALUES, writer->type->name));
		if (primary != NULL && primary->type == SCIM_TYPE_BOOLEAN)
			appendStringInfo(out,
							 ",\"contains\":{\"properties\":{\"%s\":{\"const\":true}}"
							 ",\"required\":[\"%s\"]}"
							 ",\"minContains\":0,\"maxContains\":1",
							 primary->name, primary->name);
	}
	else
		write_value(writer, attribute, required);
	appendStringInfoChar(out, '}');
}

/*
 * ScimMaxLength is how many characters a value of an attribute may have at most, or 0:
 * no length of its own is refused.
 */
int
ScimMaxLength(const ScimResourceType *type, const ScimAttribute *attribute)
{
	static const char *const keys[] = {"userName", "externalId", "displayName"};

	if (attribute->parent != NULL ||
		(attribute->schema != NULL && attribute->schema != type->schema))
		return 0;
	for (size_t i = 0; i < lengthof(keys); i++)
	{
		if (strcmp(attribute->name, keys[i]) == 0)
			return SCIM_MAX_KEY;
	}
	return type->has_password && strcmp(attribute->name, "password") == 0
			   ? SCIM_MAX_PASSWORD
			   : 0;
}

/*
 * ScimIsToBeSeen: whether what is required of an attribute is refused where it is blank,
 * and no rule of its form says so already.
 */
bool
ScimIsToBeSeen(const ScimAttribute *attribute)
{
	return attribute->parent == NULL && !attribute->multi_valued && !attribute->date &&
		   !ScimHasType(attribute, SCIM_TYPE_DATETIME) &&
		   !ScimHasType(attribute, SCIM_TYPE_BINARY) &&
		   (ScimHasType(attribute, SCIM_TYPE_STRING) ||
			ScimHasType(attribute, SCIM_TYPE_REFERENCE));
}

/*
 * The members that say what one value is.  required: it must be there, which
 * one that is empty is not (RFC 7643 section 2.5).
 */
static void
write_value(const Writer *writer, const ScimAttribute *attribute, bool required)
{
	StringInfo out = writer->out;

	int max_length = ScimMaxLength(writer->type, attribute);

	write_type(writer, attribute);
	if (writer->request && max_length > 0)
		appendStringInfo(out, ",\"maxLength\":%d", max_length);
	write_canonical_values(out, attribute);
	if (ScimIsMembers(writer->type, attribute))
	{
		appendStringInfoString(
			out, ",\"anyOf\":[{\"properties\":{\"value\":{\"minLength\":1,");
		write_string_member(out, "pattern", ScimSeenPattern);
		appendStringInfoString(
			out, "}},\"required\":[\"value\"]},{\"properties\":{\"$ref\":{");
		write_string_member(out, "pattern", MEMBER_REF_PATTERN);
		appendStringInfoString(out, "}},\"required\":[\"$ref\"]}]");
	}
	if (!required)
		return;
	if (writer->request && ScimIsToBeSeen(attribute))
	{
		/* an object has one member of a name */
		appendStringInfoString(out, attribute->pattern != NULL ? ",\"allOf\":[{" : ",");
		write_string_member(out, "pattern", ScimSeenPattern);
		appendStringInfoString(out, attribute->pattern != NULL ? "}]" : "");
	}
	switch (attribute->type)
	{
		case SCIM_TYPE_STRING:
		case SCIM_TYPE_DATETIME:
		case SCIM_TYPE_BINARY:
		case SCIM_TYPE_REFERENCE:
			appendStringInfoString(out, ",\"minLength\":1");
			break;
		case SCIM_TYPE_SEVERAL:
			appendStringInfoString(out, ",\"minLength\":1"); /* where it is a string */
			break;
		case SCIM_TYPE_COMPLEX:
			write_not_empty(writer, attribute->subs, attribute->nsubs);
			break;
		case SCIM_TYPE_BOOLEAN:
		case SCIM_TYPE_DECIMAL:
		case SCIM_TYPE_INTEGER:
		case SCIM_TYPE_ANY:
			break;
	}
}

static void
write_type(const Writer *writer, const ScimAttribute *attribute)
{
	StringInfo out = writer->out;
	bool first = true;

	if (attribute->type == SCIM_TYPE_ANY)
		return;
	appendStringInfoString(out, "\"type\":");
	if (attribute->type != SCIM_TYPE_SEVERAL)
		appendStringInfo(out, "\"%s\"", ScimJsonTypeName(attribute->type));
	else
	{
		for (int type = 0; type < SCIM_TYPE_SEVERAL; type++)
		{
			if (!ScimHasType(attribute, (ScimType) type))
				continue;
			appendStringInfo(out, "%c\"%s\"", first ? '[' : ',',
							 ScimJsonTypeName((ScimType) type));
			first = false;
		}
		appendStringInfoChar(out, ']');
	}
	/* what is said of strings says nothing of other values */
	if (ScimHasType(attribute, SCIM_TYPE_DATETIME))
	{
		const ScimAttribute *top = attribute->parent ? attribute->parent : attribute;

		/* what the service writes itself has a time zone */
		appendStringInfoString(out,
							   top->schema == NULL ? ",\"format\":\"date-time\"," : ",");
		write_string_member(out, "pattern",
							top->schema == NULL ? ZONE_PATTERN : ScimDatetimePattern);
	}
	if (ScimHasType(attribute, SCIM_TYPE_BINARY))
	{
		appendStringInfoString(out, ",\"contentEncoding\":\"base64\",");
		write_string_member(out, "pattern", BASE64_PATTERN);
	}
	if (ScimHasType(attribute, SCIM_TYPE_REFERENCE))
		appendStringInfoString(out, ",\"format\":\"uri-reference\"");
	write_string_rules(out, attribute);
	if (attribute->type != SCIM_TYPE_COMPLEX)
		return;
	appendStringInfoString(out, ",\"properties\":{");
	write_attributes(writer, attribute->subs, attribute->nsubs, &first);
	appendStringInfoString(out, "},\"required\":[");
	first = true;
	write_required(writer, attribute->subs, attribute->nsubs, &first);
	write_end_of_object(out, writer->type);
}

/* ScimJsonTypeName is the word of JSON Schema for the values of a type. */
const char *
ScimJsonTypeName(ScimType type)
{
	switch (type)
	{
		case SCIM_TYPE_BOOLEAN:
			return "boolean";
		case SCIM_TYPE_DECIMAL:
			return "number";
		case SCIM_TYPE_INTEGER:
			return "integer";
		case SCIM_TYPE_COMPLEX:
			return "object";
		default:
			return "string";
	}
}

/* "format" and "pattern" of an attribute. */
static void
write_string_rules(StringInfo out, const ScimAttribute *attribute)
{
	const char *pattern = attribute->pattern != NULL
							  ? ScimPatternAsEcma(ScimPatternText(attribute->pattern))
							  : NULL;

	if (attribute->date)
	{
		appendStringInfoString(out, ",\"format\":\"date\",");
		write_string_member(out, "pattern", DATE_PATTERN);
	}
	if (pattern == NULL)
		return;
	/* an object has one member of a name */
	appendStringInfoString(out, attribute->date ? ",\"allOf\":[{" : ",");
	write_string_member(out, "pattern", pattern);
	if (attribute->date)
		appendStringInfoString(out, "}]");
}

/*
 * Not all that a client writes of an object is unassigned.  An answer has nothing that
 * is, and may show of what has all that a client writes the readOnly part alone.
 */
static void
write_not_empty(const Writer *writer, const ScimAttribute *attributes, int count)
{
	StringInfo out = writer->out;
	bool first = true;

	if (!writer->request)
	{
		appendStringInfoString(out, ",\"minProperties\":1");
		return;
	}
	appendStringInfoString(out, ",\"not\":{\"properties\":{");
	for (int i = 0; i < count; i++)
	{
		if (attributes[i].mutability != SCIM_READ_ONLY)
			continue;
		write_key(out, &first, attributes[i].name);
		appendStringInfoString(out, ":true");
	}
	appendStringInfoString(out, "},\"additionalProperties\":{\"enum\":[\"\",[],{}]}}");
}

/* Suggestions, and the policy "canonical" binds what is written only: no "enum". */
static void
write_canonical_values(StringInfo out, const ScimAttribute *attribute)
{
	bool first = true;
	ListCell *lc;

	if (attribute->canonical_values == NIL || !ScimHasType(attribute, SCIM_TYPE_STRING))
		return;
	appendStringInfoString(out, ",\"examples\":[");
	foreach (lc, attribute->canonical_values)
		write_key(out, &first, lfirst(lc));
	appendStringInfoChar(out, ']');
}

/* The names of what is required, as strings of an array. */
static void
write_required(const Writer *writer, const ScimAttribute *attributes, int count,
			   bool *first)
{
	for (int i = 0; i < count; i++)
	{
		if (is_required(writer, &attributes[i]))
			write_key(writer->out, first, attributes[i].name);
	}
}

/* Must a client send it or, in an answer, is it always there? */
static bool
is_required(const Writer *writer, const ScimAttribute *attribute)
{
	if (!attribute->required || attribute->mutability == SCIM_READ_ONLY)
		return false;
	return writer->request || is_shown(attribute);
}

/* Where it has a value, has an answer it, whatever the value is? */
static bool
is_shown(const ScimAttribute *attribute)
{
	return !ScimIsSecret(attribute) && attribute->returned != SCIM_RETURNED_REQUEST &&
		   are_shown(attribute->subs, attribute->nsubs);
}

/* Of what has at least one of these attributes, what is required of it among them? */
static bool
are_shown(const ScimAttribute *attributes, int count)
{
	bool all = true;

	check_stack_depth();
	for (int i = 0; i < count; i++)
	{
		bool shown = is_shown(&attributes[i]);

		if (shown && attributes[i].required && attributes[i].mutability != SCIM_READ_ONLY)
			return true;
		all &= shown;
	}
	return all;
}

static void
write_string_member(StringInfo out, const char *key, const char *value)
{
	appendStringInfo(out, "\"%s\":", key);
	ScimJsonWriteString(out, value, strlen(value));
}

/* A string with a comma before it, but for the first. */
static void
write_key(StringInfo out, bool *first, const char *key)
{
	if (!*first)
		appendStringInfoChar(out, ',');
	*first = false;
	ScimJsonWriteString(out, key, strlen(key));
}
