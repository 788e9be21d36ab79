/*
 * json_schema.c
 *		A resource type as a JSON Schema (2020-12), which is what an OpenAPI 3.1
 *		description holds, too.
 *
 * It describes the canonical document: what the service answers with, and what it
 * takes without having to read anything into it.  Required is what a client must
 * send and what an answer always has: not what only one of the two has.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "json/json.h"

static void write_properties(StringInfo out, const ScimResourceType *type);
static void write_schema_object(StringInfo out, const ScimSchema *schema);
static void write_attributes(StringInfo out, const ScimResourceType *type,
							 const ScimAttribute *attributes, int count, bool *first);
static void write_attribute(StringInfo out, const ScimAttribute *attribute);
static void write_type(StringInfo out, const ScimAttribute *attribute);
static void
write_required(StringInfo out, const ScimAttribute *attributes, int count, bool *first);
static void write_string_member(StringInfo out, const char *key, const char *value);
static void write_key(StringInfo out, bool *first, const char *key);

/*
 * ScimJsonSchema appends the schema of a resource of a type as an object.  dialect:
 * with "$schema", as the document on its own that it is then.
 */
void
ScimJsonSchema(StringInfo out, const ScimResourceType *type, bool dialect)
{
	bool first = false;

	appendStringInfoChar(out, '{');
	if (dialect)
		appendStringInfoString(
			out, "\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",");
	appendStringInfoString(out, "\"title\":");
	ScimJsonWriteString(out, type->name, strlen(type->name));
	appendStringInfoString(out, ",\"type\":\"object\",\"properties\":{");
	write_properties(out, type);
	appendStringInfoString(out, "},\"required\":[\"schemas\"");
	write_required(out, type->schema->attributes, type->schema->nattributes, &first);
	for (int i = 0; i < type->nextensions; i++)
	{
		if (type->extensions[i].required)
			write_key(out, &first, type->extensions[i].schema->id);
	}
	appendStringInfoString(out, "],\"additionalProperties\":false}");
}

/* schemas, id, externalId and meta (RFC 7643 section 3.1), then the type's own. */
static void
write_properties(StringInfo out, const ScimResourceType *type)
{
	bool first = false;

	appendStringInfoString(out, "\"schemas\":{\"type\":\"array\",\"items\":{\"enum\":[");
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

		write_key(out, &first, attribute->name);
		appendStringInfoChar(out, ':');
		write_attribute(out, attribute);
	}
	write_attributes(out, type, type->schema->attributes, type->schema->nattributes,
					 &first);
	for (int i = 0; i < type->nextensions; i++)
	{
		write_key(out, &first, type->extensions[i].schema->id);
		appendStringInfoChar(out, ':');
		write_schema_object(out, type->extensions[i].schema);
	}
}

/* The object below an extension's URN. */
static void
write_schema_object(StringInfo out, const ScimSchema *schema)
{
	bool first = true;

	appendStringInfoString(out, "{\"title\":");
	ScimJsonWriteString(out, schema->name, strlen(schema->name));
	appendStringInfoString(out, ",\"type\":\"object\",\"properties\":{");
	write_attributes(out, NULL, schema->attributes, schema->nattributes, &first);
	appendStringInfoString(out, "},\"required\":[");
	first = true;
	write_required(out, schema->attributes, schema->nattributes, &first);
	appendStringInfoString(out, "],\"additionalProperties\":false}");
}

static void
write_attributes(StringInfo out, const ScimResourceType *type,
				 const ScimAttribute *attributes, int count, bool *first)
{
	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];

		/* some schemas list id and the like too */
		if (type != NULL &&
			ScimSchemaAttribute(type->common, attribute->name, attribute->name_len))
			continue;
		write_key(out, first, attribute->name);
		appendStringInfoChar(out, ':');
		write_attribute(out, attribute);
	}
}

static void
write_attribute(StringInfo out, const ScimAttribute *attribute)
{
	appendStringInfoChar(out, '{');
	if (attribute->description != NULL)
	{
		write_string_member(out, "description", attribute->description);
		appendStringInfoChar(out, ',');
	}
	if (attribute->mutability == SCIM_READ_ONLY)
		appendStringInfoString(out, "\"readOnly\":true,");
	if (attribute->mutability == SCIM_WRITE_ONLY ||
		attribute->returned == SCIM_RETURNED_NEVER)
		appendStringInfoString(out, "\"writeOnly\":true,");
	if (attribute->multi_valued)
	{
		appendStringInfoString(out, "\"type\":\"array\",\"items\":{");
		write_type(out, attribute);
		appendStringInfoChar(out, '}');
	}
	else
		write_type(out, attribute);
	appendStringInfoChar(out, '}');
}

/* The members that say what one value is. */
static void
write_type(StringInfo out, const ScimAttribute *attribute)
{
	bool first = true;
	ListCell *lc;

	switch (attribute->type)
	{
		case SCIM_TYPE_STRING:
			appendStringInfoString(out, "\"type\":\"string\"");
			break;
		case SCIM_TYPE_BOOLEAN:
			appendStringInfoString(out, "\"type\":\"boolean\"");
			break;
		case SCIM_TYPE_DECIMAL:
			appendStringInfoString(out, "\"type\":\"number\"");
			break;
		case SCIM_TYPE_INTEGER:
			appendStringInfoString(out, "\"type\":\"integer\"");
			break;
		case SCIM_TYPE_DATETIME:
			appendStringInfoString(out, "\"type\":\"string\",\"format\":\"date-time\"");
			break;
		case SCIM_TYPE_BINARY:
			appendStringInfoString(out,
								   "\"type\":\"string\",\"contentEncoding\":\"base64\"");
			break;
		case SCIM_TYPE_REFERENCE:
			appendStringInfoString(out,
								   "\"type\":\"string\",\"format\":\"uri-reference\"");
			break;
		case SCIM_TYPE_COMPLEX:
			appendStringInfoString(out, "\"type\":\"object\",\"properties\":{");
			write_attributes(out, NULL, attribute->subs, attribute->nsubs, &first);
			appendStringInfoString(out, "},\"required\":[");
			first = true;
			write_required(out, attribute->subs, attribute->nsubs, &first);
			appendStringInfoString(out, "],\"additionalProperties\":false");
			break;
		case SCIM_TYPE_ANY:
			break;
	}
	if (attribute->canonical_values == NIL || attribute->type != SCIM_TYPE_STRING)
		return;
	/* suggestions, so no "enum" */
	appendStringInfoString(out, ",\"examples\":[");
	first = true;
	foreach (lc, attribute->canonical_values)
		write_key(out, &first, lfirst(lc));
	appendStringInfoChar(out, ']');
}

/* The names of what is required, as strings of an array. */
static void
write_required(StringInfo out, const ScimAttribute *attributes, int count, bool *first)
{
	for (int i = 0; i < count; i++)
	{
		const ScimAttribute *attribute = &attributes[i];

		if (attribute->required && attribute->mutability != SCIM_READ_ONLY &&
			attribute->mutability != SCIM_WRITE_ONLY &&
			attribute->returned != SCIM_RETURNED_NEVER &&
			attribute->returned != SCIM_RETURNED_REQUEST)
			write_key(out, first, attribute->name);
	}
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
