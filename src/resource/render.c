/*
 * render.c
 *		A stored document as the JSON text that a client gets.
 *
 * The text is written straight from the jsonb, compact, in one pass: schemas
 * and id first, then the attributes as jsonb orders them, then the derived
 * attribute (groups or members), then meta (RFC 7643 section 3.1).  The
 * projection is applied on the way.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "json/json.h"
#include "resource/projection.h"
#include "resource/resource.h"
#include "text/datetime.h"

/* ScimLocation: see resource.h */
char *
ScimLocation(const char *base_url, const ScimResourceType *type, const char *id)
{
	return psprintf("%s%s/%s", base_url, type->endpoint, id);
}

static void
append_key(StringInfo out, bool *first, const char *key, int len)
{
	if (!*first)
		appendStringInfoChar(out, ',');
	*first = false;
	ScimJsonWriteString(out, key, len);
	appendStringInfoChar(out, ':');
}

static void write_value(StringInfo out, JsonbValue *value);

/* Everything in a container, without a projection. */
static void
write_container(StringInfo out, JsonbContainer *container)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue value;
	bool first = true;
	bool object = JsonContainerIsObject(container);

	check_stack_depth();
	appendStringInfoChar(out, object ? '{' : '[');
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			append_key(out, &first, value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
			write_value(out, &value);
		else if (token == WJB_ELEM)
		{
			if (!first)
				appendStringInfoChar(out, ',');
			first = false;
			write_value(out, &value);
		}
	}
	appendStringInfoChar(out, object ? '}' : ']');
}

static void
write_value(StringInfo out, JsonbValue *value)
{
	if (value->type == jbvBinary)
		write_container(out, value->val.binary.data);
	else
		ScimJsonWrite(out, value);
}

static void
rewind_to(StringInfo out, int len)
{
	out->len = len;
	out->data[len] = '\0';
}

/*
 * One complex value: those of its sub-attributes that the projection holds.
 * Returns false, and writes nothing, where it has none of them.
 */
static bool
write_complex(StringInfo out, const ScimProjection *projection,
			  const ScimAttribute *attribute, JsonbContainer *container)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue value;
	bool first = true;
	bool wanted = false;
	int start = out->len;

	appendStringInfoChar(out, '{');
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			const ScimAttribute *sub =
				ScimAttributeSub(attribute, value.val.string.val, value.val.string.len);

			wanted = sub == NULL ? projection->everything
								 : ScimProjectionTest(projection, attribute, sub);
			if (wanted)
				append_key(out, &first, value.val.string.val, value.val.string.len);
		}
		else if (token == WJB_VALUE && wanted)
			write_value(out, &value);
	}
	if (first)
	{
		rewind_to(out, start);
		return false;
	}
	appendStringInfoChar(out, '}');
	return true;
}

/* Returns false where nothing is left of the attribute; what is written is to be undone.
 */
static bool
write_attribute(StringInfo out, const ScimProjection *projection,
				const ScimAttribute *attribute, JsonbValue *value)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue element;
	bool any = false;

	if (attribute->nsubs == 0 || value->type != jbvBinary)
	{
		write_value(out, value);
		return true;
	}
	if (JsonContainerIsObject(value->val.binary.data))
		return write_complex(out, projection, attribute, value->val.binary.data);
	appendStringInfoChar(out, '[');
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		int start = out->len;

		CHECK_FOR_INTERRUPTS();
		if (token != WJB_ELEM)
			continue;
		if (any)
			appendStringInfoChar(out, ',');
		if (element.type != jbvBinary || !JsonContainerIsObject(element.val.binary.data))
			write_value(out, &element);
		else if (!write_complex(out, projection, attribute, element.val.binary.data))
		{
			rewind_to(out, start);
			continue;
		}
		any = true;
	}
	appendStringInfoChar(out, ']');
	return any;
}

/*
 * How the schemas change what is shown of a document, for the entity-tag.  Attributes
 * that are returned by default add nothing: then the document alone says what is shown.
 */
static void
note_disclosure(uint64 *disclosure, const ScimAttribute *attribute)
{
	if (attribute->returned != SCIM_RETURNED_DEFAULT)
		*disclosure = hash_bytes_extended((const unsigned char *) attribute->name,
										  attribute->name_len,
										  *disclosure + 1 + attribute->returned);
	for (int i = 0; i < attribute->nsubs; i++)
		note_disclosure(disclosure, &attribute->subs[i]);
}

/* An attribute or extension of the document that the schemas do not know any more. */
static void
note_unknown(uint64 *disclosure, const JsonbValue *key)
{
	*disclosure = hash_bytes_extended((const unsigned char *) key->val.string.val,
									  key->val.string.len, *disclosure);
}

static bool
write_schema_attributes(StringInfo out, const ScimRenderInput *input,
						const ScimProjection *projection, const ScimSchema *schema,
						JsonbContainer *container, bool *first, uint64 *disclosure);

/* The object of an extension, under its URN; nothing where nothing is left of it. */
static void
write_extension(StringInfo out, const ScimRenderInput *input,
				const ScimProjection *projection, const ScimSchema *extension,
				JsonbContainer *container, bool *first, uint64 *disclosure)
{
	int start = out->len;
	bool outer_first = *first;
	bool inner_first = true;

	append_key(out, first, extension->id, strlen(extension->id));
	appendStringInfoChar(out, '{');
	if (!write_schema_attributes(out, input, projection, extension, container,
								 &inner_first, disclosure))
	{
		rewind_to(out, start);
		*first = outer_first;
		return;
	}
	appendStringInfoChar(out, '}');
}

/* Returns whether anything was written. */
static bool
write_schema_attributes(StringInfo out, const ScimRenderInput *input,
						const ScimProjection *projection, const ScimSchema *schema,
						JsonbContainer *container, bool *first, uint64 *disclosure)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue value;
	JsonbValue key;
	bool any = false;

	memset(&key, 0, sizeof(key));
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		const ScimAttribute *attribute;
		const ScimSchema *extension;
		int start;
		bool was_first;

		if (token == WJB_KEY)
		{
			key = value;
			continue;
		}
		if (token != WJB_VALUE)
			continue;
		attribute = ScimSchemaAttribute(schema, key.val.string.val, key.val.string.len);
		if (attribute != NULL)
			note_disclosure(disclosure, attribute);
		else
			attribute = ScimSchemaAttribute(input->type->common, key.val.string.val,
											key.val.string.len);
		if (attribute != NULL)
		{
			if (strcmp(attribute->name, "schemas") == 0 ||
				!ScimProjectionTest(projection, attribute, NULL))
				continue;
			start = out->len;
			was_first = *first;
			append_key(out, first, key.val.string.val, key.val.string.len);
			if (write_attribute(out, projection, attribute, &value))
				any = true;
			else
			{
				rewind_to(out, start);
				*first = was_first;
			}
			continue;
		}
		extension =
			ScimResourceTypeSchema(input->type, key.val.string.val, key.val.string.len);
		if (extension != NULL && extension != schema && value.type == jbvBinary)
			write_extension(out, input, projection, extension, value.val.binary.data,
							first, disclosure);
		else
			note_unknown(disclosure, &key);
	}
	return any;
}

static void
append_instant(StringInfo out, TimestampTz instant)
{
	appendStringInfo(out, "\"%s\"", ScimInstantText(instant));
}

static void
write_meta(StringInfo out, const ScimRenderInput *input, const ScimProjection *projection,
		   const char *id, const char *tag)
{
	bool first = true;

	appendStringInfoChar(out, '{');
	if (ScimProjectionHas(projection, "meta", "resourceType"))
	{
		append_key(out, &first, "resourceType", 12);
		ScimJsonWriteString(out, input->type->name, strlen(input->type->name));
	}
	if (ScimProjectionHas(projection, "meta", "created"))
	{
		append_key(out, &first, "created", 7);
		append_instant(out, input->created);
	}
	if (ScimProjectionHas(projection, "meta", "lastModified"))
	{
		append_key(out, &first, "lastModified", 12);
		append_instant(out, input->last_modified);
	}
	if (ScimProjectionHas(projection, "meta", "version"))
	{
		append_key(out, &first, "version", 7);
		ScimJsonWriteString(out, tag, strlen(tag));
	}
	if (ScimProjectionHas(projection, "meta", "location"))
	{
		char *location = ScimLocation(input->base_url, input->type, id);

		append_key(out, &first, "location", 8);
		ScimJsonWriteString(out, location, strlen(location));
	}
	appendStringInfoChar(out, '}');
}

/*
 * Writes what is derived, and returns the entity-tag.  That is of the text as it stands
 * in the answer: there is no other copy of what may be the members of a large group.
 */
static char *
write_derived(StringInfo out, const ScimRenderInput *input, bool *first,
			  uint64 disclosure)
{
	bool was_first = *first;
	int start = out->len;
	int value;

	if (input->derived_name == NULL)
		return ScimVersionTag(input->version, NULL, input->base_url, disclosure);
	append_key(out, first, input->derived_name, strlen(input->derived_name));
	value = out->len;
	if (input->derive(out, input->derive_arg))
		return ScimVersionTag(input->version, out->data + value, input->base_url,
							  disclosure);
	rewind_to(out, start);
	*first = was_first;
	return ScimVersionTag(input->version, NULL, input->base_url, disclosure);
}

/* ScimRender appends the SCIM representation of a resource. */
char *
ScimRender(StringInfo out, const ScimRenderInput *input, const ScimProjection *projection)
{
	JsonbContainer *data = (JsonbContainer *) &input->data->root;
	JsonbValue key;
	JsonbValue *schemas;
	char *id = DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(input->id)));
	char *tag;
	bool first = true;
	uint64 disclosure = 0;

	appendStringInfoChar(out, '{');
	key.type = jbvString;
	key.val.string.val = "schemas";
	key.val.string.len = 7;
	schemas = findJsonbValueFromContainer(data, JB_FOBJECT, &key);
	if (schemas != NULL)
	{
		append_key(out, &first, "schemas", 7);
		write_value(out, schemas);
	}
	append_key(out, &first, "id", 2);
	ScimJsonWriteString(out, id, strlen(id));
	write_schema_attributes(out, input, projection, input->type->schema, data, &first,
							&disclosure);
	tag = write_derived(out, input, &first, disclosure);
	if (ScimProjectionHas(projection, "meta", NULL))
	{
		append_key(out, &first, "meta", 4);
		write_meta(out, input, projection, id, tag);
	}
	appendStringInfoChar(out, '}');
	return tag;
}
