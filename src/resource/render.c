/*
 * render.c
 *		A stored document as the JSON that a client gets.
 *
 * It is written straight from the jsonb in one pass: schemas and id first, then the
 * attributes as jsonb orders them, then the derived attribute (groups or members), then
 * meta (RFC 7643 section 3.1).  The projection is applied on the way.  A client gets
 * compact text, and a SQL function jsonb, into which whole values are copied.
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
	size_t base_len = strlen(base_url);
	size_t endpoint_len = strlen(type->endpoint);
	size_t id_len = strlen(id);
	char *location = palloc(base_len + endpoint_len + id_len + 2);

	memcpy(location, base_url, base_len);
	memcpy(location + base_len, type->endpoint, endpoint_len);
	location[base_len + endpoint_len] = '/';
	memcpy(location + base_len + endpoint_len + 1, id, id_len + 1);
	return location;
}

/* Where it is written: one of the two. */
typedef struct Sink
{
	StringInfo text;
	ScimJsonWriter *binary;
} Sink;

/* Where a sink is, for rewind_to. */
typedef struct Place
{
	int len;
	ScimJsonPlace binary;
} Place;

static void
begin(const Sink *out, char bracket)
{
	if (out->text != NULL)
		appendStringInfoCharMacro(out->text, bracket);
	else
		ScimJsonBegin(out->binary);
}

static void
end(const Sink *out, char bracket)
{
	if (out->text != NULL)
		appendStringInfoCharMacro(out->text, bracket);
	else if (bracket == '}')
		ScimJsonEndObject(out->binary);
	else
		ScimJsonEndArray(out->binary);
}

/* What stands before the next member or element. */
static void
append_comma(const Sink *out, bool *first)
{
	if (!*first && out->text != NULL)
		appendStringInfoCharMacro(out->text, ',');
	*first = false;
}

static void
append_key(const Sink *out, bool *first, const char *key, int len)
{
	append_comma(out, first);
	if (out->text != NULL)
	{
		ScimJsonWriteString(out->text, key, len);
		appendStringInfoCharMacro(out->text, ':');
	}
	else
		ScimJsonPutKey(out->binary, key, len);
}

static void
write_string(const Sink *out, const char *text)
{
	if (out->text != NULL)
		ScimJsonWriteString(out->text, text, strlen(text));
	else
		ScimJsonPutString(out->binary, text, strlen(text));
}

static Place
here(const Sink *out)
{
	Place place = {0};

	if (out->text != NULL)
		place.len = out->text->len;
	else
		place.binary = ScimJsonHere(out->binary);
	return place;
}

static void
rewind_to(const Sink *out, Place place)
{
	if (out->text != NULL)
	{
		out->text->len = place.len;
		out->text->data[place.len] = '\0';
	}
	else
		ScimJsonRewind(out->binary, place.binary);
}

static void write_value_text(StringInfo out, JsonbValue *value);

/* Everything in a container, without a projection. */
static void
write_container(StringInfo out, JsonbContainer *container)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue value;
	Sink sink = {out, NULL};
	bool first = true;
	bool object = JsonContainerIsObject(container);

	check_stack_depth();
	begin(&sink, object ? '{' : '[');
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			append_key(&sink, &first, value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
			write_value_text(out, &value);
		else if (token == WJB_ELEM)
		{
			append_comma(&sink, &first);
			write_value_text(out, &value);
		}
	}
	end(&sink, object ? '}' : ']');
}

static void
write_value_text(StringInfo out, JsonbValue *value)
{
	if (value->type == jbvBinary)
		write_container(out, value->val.binary.data);
	else
		ScimJsonWrite(out, value);
}

static void
write_value(const Sink *out, JsonbValue *value)
{
	if (out->text != NULL)
		write_value_text(out->text, value);
	else
		ScimJsonPutValue(out->binary, value);
}

/* What the schemas do not know any more is not shown, and changes the entity-tag. */
static void
note_unknown(uint64 *disclosure, const JsonbValue *key)
{
	*disclosure = hash_bytes_extended((const unsigned char *) key->val.string.val,
									  key->val.string.len, *disclosure);
}

/* Is all of a complex value shown? */
static bool
shows_all(const ScimProjection *projection, const ScimAttribute *attribute,
		  JsonbContainer *complex)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue value;

	if (!projection->everything || JsonContainerSize(complex) == 0)
		return false;
	for (int i = 0; i < attribute->nsubs; i++)
	{
		if (attribute->subs[i].returned != SCIM_RETURNED_DEFAULT &&
			attribute->subs[i].returned != SCIM_RETURNED_ALWAYS)
			return false;
	}
	it = JsonbIteratorInit(complex);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY && ScimAttributeSub(attribute, value.val.string.val,
												 value.val.string.len) == NULL)
			return false;
	}
	return true;
}

/*
 * One complex value: those of its sub-attributes that the projection holds.
 * Returns false, and writes nothing, where it has none of them.
 */
static bool
write_complex(const Sink *out, const ScimProjection *projection,
			  const ScimAttribute *attribute, JsonbValue *complex, uint64 *disclosure)
{
	JsonbContainer *container = complex->val.binary.data;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue value;
	bool first = true;
	bool wanted = false;
	Place start = here(out);

	if (shows_all(projection, attribute, container))
	{
		write_value(out, complex);
		return true;
	}
	it = JsonbIteratorInit(container);
	begin(out, '{');
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			const ScimAttribute *sub =
				ScimAttributeSub(attribute, value.val.string.val, value.val.string.len);

			wanted = sub != NULL && ScimProjectionTest(projection, attribute, sub);
			if (sub == NULL)
				note_unknown(disclosure, &value);
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
	end(out, '}');
	return true;
}

/* Returns false where nothing is left of the attribute; what is written is to be undone.
 */
static bool
write_attribute(const Sink *out, const ScimProjection *projection,
				const ScimAttribute *attribute, JsonbValue *value, uint64 *disclosure)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue element;
	bool first = true;

	if (attribute->nsubs == 0 || value->type != jbvBinary)
	{
		write_value(out, value);
		return true;
	}
	if (JsonContainerIsObject(value->val.binary.data))
		return write_complex(out, projection, attribute, value, disclosure);
	begin(out, '[');
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		Place start = here(out);
		bool was_first = first;

		CHECK_FOR_INTERRUPTS();
		if (token != WJB_ELEM)
			continue;
		append_comma(out, &first);
		if (element.type != jbvBinary || !JsonContainerIsObject(element.val.binary.data))
			write_value(out, &element);
		else if (!write_complex(out, projection, attribute, &element, disclosure))
		{
			rewind_to(out, start);
			first = was_first;
		}
	}
	end(out, ']');
	return !first;
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

/*
 * Is something of an attribute hidden from everybody?  Then the entity-tag does not say
 * whether a document has it.  The password is in none.
 */
static bool
hides(const ScimResourceType *type, const ScimAttribute *attribute)
{
	if (ScimIsSecret(attribute))
		return !type->has_password || strcmp(attribute->name, "password") != 0;
	for (int i = 0; i < attribute->nsubs; i++)
	{
		if (ScimIsSecret(&attribute->subs[i]))
			return true;
	}
	return false;
}

/* What is hidden is noted for all resources of the type, whatever they have of it. */
static void
note_hidden(uint64 *disclosure, const ScimResourceType *type)
{
	for (int i = -1; i < type->nextensions; i++)
	{
		const ScimSchema *schema = i < 0 ? type->schema : type->extensions[i].schema;

		for (int j = 0; j < schema->nattributes; j++)
		{
			if (hides(type, &schema->attributes[j]))
				note_disclosure(disclosure, &schema->attributes[j]);
		}
	}
}

static bool
write_schema_attributes(const Sink *out, const ScimRenderInput *input,
						const ScimProjection *projection, const ScimSchema *schema,
						JsonbContainer *container, bool *first, uint64 *disclosure);

/* The object of an extension, under its URN; nothing where nothing is left of it. */
static void
write_extension(const Sink *out, const ScimRenderInput *input,
				const ScimProjection *projection, const ScimSchema *extension,
				JsonbContainer *container, bool *first, uint64 *disclosure)
{
	Place start = here(out);
	bool outer_first = *first;
	bool inner_first = true;

	append_key(out, first, extension->id, strlen(extension->id));
	begin(out, '{');
	if (!write_schema_attributes(out, input, projection, extension, container,
								 &inner_first, disclosure))
	{
		rewind_to(out, start);
		*first = outer_first;
		return;
	}
	end(out, '}');
}

/* Returns whether anything was written. */
static bool
write_schema_attributes(const Sink *out, const ScimRenderInput *input,
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
		Place start;
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
		{
			if (!hides(input->type, attribute))
				note_disclosure(disclosure, attribute);
		}
		else if (schema == input->type->schema)
			attribute = ScimSchemaAttribute(input->type->common, key.val.string.val,
											key.val.string.len);
		if (attribute != NULL)
		{
			/* an extension may have an attribute of that name */
			if ((schema == input->type->schema &&
				 strcmp(attribute->name, "schemas") == 0) ||
				!ScimProjectionTest(projection, attribute, NULL))
				continue;
			start = here(out);
			was_first = *first;
			append_key(out, first, key.val.string.val, key.val.string.len);
			if (write_attribute(out, projection, attribute, &value, disclosure))
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

/* Does an answer hold this part of meta?  If so, the key is written. */
static bool
append_meta_key(const Sink *out, const ScimProjection *projection,
				const ScimAttribute *meta, bool *first, const char *name)
{
	const ScimAttribute *sub = ScimAttributeSub(meta, name, strlen(name));

	if (sub == NULL || !ScimProjectionTest(projection, meta, sub))
		return false;
	append_key(out, first, name, strlen(name));
	return true;
}

static void
write_meta(const Sink *out, const ScimRenderInput *input,
		   const ScimProjection *projection, const ScimAttribute *meta, const char *id,
		   const char *tag)
{
	bool first = true;

	begin(out, '{');
	if (append_meta_key(out, projection, meta, &first, "resourceType"))
		write_string(out, input->type->name);
	if (append_meta_key(out, projection, meta, &first, "created"))
		write_string(out, ScimInstantText(input->created));
	if (append_meta_key(out, projection, meta, &first, "lastModified"))
		write_string(out, ScimInstantText(input->last_modified));
	if (append_meta_key(out, projection, meta, &first, "version"))
		write_string(out, tag);
	if (append_meta_key(out, projection, meta, &first, "location"))
		write_string(out, ScimLocation(input->base_url, input->type, id));
	end(out, '}');
}

/*
 * Writes what is derived, and returns the entity-tag.  That is of the text as it stands
 * in the answer: there is no other copy of what may be the members of a large group.
 */
static char *
write_derived(const Sink *out, const ScimRenderInput *input, bool *first,
			  uint64 disclosure)
{
	bool was_first = *first;
	Place start = here(out);
	StringInfoData derived;
	StringInfo text = out->text;
	int value;
	char *tag;

	if (input->derived_name == NULL)
		return ScimVersionTag(input->version, input->borrowed, input->base_url,
							  disclosure);
	if (text == NULL)
	{
		initStringInfo(&derived);
		text = &derived;
	}
	else
		append_key(out, first, input->derived_name, strlen(input->derived_name));
	value = text->len;
	if (!input->derive(text, input->derive_arg))
	{
		rewind_to(out, start);
		*first = was_first;
		return ScimVersionTag(input->version, NULL, input->base_url, disclosure);
	}
	tag = ScimVersionTag(input->version, text->data + value, input->base_url, disclosure);
	if (out->text == NULL)
	{
		ScimJsonPutText(out->binary, input->derived_name, text->data, text->len);
		pfree(text->data);
	}
	return tag;
}

/*
 * "schemas", without what was an extension of the type once: its values are not shown
 * either; and with the schema of the type, which may have been another one.  A document
 * that came past the door may not name its own: schemas may be anything, or NULL.
 */
static void
write_schemas(const Sink *out, const ScimResourceType *type, const JsonbValue *schemas,
			  uint64 *disclosure)
{
	JsonbIterator *it = schemas != NULL && schemas->type == jbvBinary
							? JsonbIteratorInit(schemas->val.binary.data)
							: NULL;
	JsonbIteratorToken token;
	JsonbValue value;
	const ScimSchema *schema;
	bool first = true;
	bool based = false;

	begin(out, '[');
	while (it != NULL && (token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM || value.type != jbvString)
			continue;
		schema = ScimResourceTypeSchema(type, value.val.string.val, value.val.string.len);
		if (schema == NULL)
			continue;
		based |= schema == type->schema;
		append_comma(out, &first);
		write_value(out, &value);
	}
	if (!based)
	{
		append_comma(out, &first);
		write_string(out, type->schema->id);
		*disclosure = hash_bytes_extended((const unsigned char *) type->schema->id,
										  type->schema->id_len, *disclosure);
	}
	end(out, ']');
}

/* Writes the SCIM representation of a resource. */
static char *
render(const Sink *out, const ScimRenderInput *input, const ScimProjection *projection)
{
	JsonbContainer *data = (JsonbContainer *) &input->data->root;
	JsonbValue key;
	JsonbValue *schemas;
	const ScimAttribute *meta = ScimProjectionAttribute(projection, "meta");
	const char *id =
		input->id_text != NULL
			? input->id_text
			: DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(input->id)));
	char *tag;
	bool first = true;
	uint64 disclosure = 0;

	begin(out, '{');
	key.type = jbvString;
	key.val.string.val = "schemas";
	key.val.string.len = 7;
	schemas = findJsonbValueFromContainer(data, JB_FOBJECT, &key);
	append_key(out, &first, "schemas", 7);
	write_schemas(out, input->type, schemas, &disclosure);
	append_key(out, &first, "id", 2);
	write_string(out, id);
	note_hidden(&disclosure, input->type);
	write_schema_attributes(out, input, projection, input->type->schema, data, &first,
							&disclosure);
	tag = write_derived(out, input, &first, disclosure);
	if (meta != NULL && ScimProjectionTest(projection, meta, NULL))
	{
		append_key(out, &first, "meta", 4);
		write_meta(out, input, projection, meta, id, tag);
	}
	end(out, '}');
	return tag;
}

/* ScimRender appends the SCIM representation of a resource as text. */
char *
ScimRender(StringInfo out, const ScimRenderInput *input, const ScimProjection *projection)
{
	Sink sink = {out, NULL};

	return render(&sink, input, projection);
}

/* ScimRenderBinary writes the same as jsonb. */
char *
ScimRenderBinary(ScimJsonWriter *out, const ScimRenderInput *input,
				 const ScimProjection *projection)
{
	Sink sink = {NULL, out};

	return render(&sink, input, projection);
}
