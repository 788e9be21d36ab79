/*
 * wire_schema.c
 *		The policies "wire" and "lookup" in openapi.json.
 *
 * scim.json_schema describes the canonical document.  Here it is made what bodies look
 * like: a request may be canonical as well, an answer is as the policy says.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "policy/policy.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "json/json.h"
#include "policy/lookup.h"
#include "policy/wire/wire.h"
#include "store/statement/plan.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(scim_wire_schema);
PG_FUNCTION_INFO_V1(scim_lookup_attributes);

/* The "properties" of the document, or of the object of an extension; NULL: none. */
static JsonbValue *
properties_of(JsonbValue *schema, const ScimSchema *extension)
{
	JsonbValue *properties = ScimJsonGet(schema, "properties");

	if (extension == NULL || properties == NULL)
		return properties;
	schema = ScimJsonGet(properties, extension->id);
	return schema != NULL ? ScimJsonGet(schema, "properties") : NULL;
}

static JsonbValue *
property_of(JsonbValue *schema, const ScimResolved *resolved)
{
	JsonbValue *properties = properties_of(schema, resolved->extension);

	return properties != NULL ? ScimJsonGet(properties, resolved->attribute->name) : NULL;
}

/* A value as it is written alone: the schema of a part of it, or of all of it. */
static const JsonbValue *
one_value(const JsonbValue *property, const char *part)
{
	const JsonbValue *items = ScimJsonGet(property, "items");
	const JsonbValue *one = items != NULL ? items : property;
	const JsonbValue *properties = ScimJsonGet(one, "properties");
	const JsonbValue *value = properties != NULL ? ScimJsonGet(properties, part) : NULL;

	return value != NULL ? value : one;
}

/* {"anyOf": [...]}; the values may be NULL */
static JsonbValue *
any_of(const JsonbValue *a, const JsonbValue *b, const JsonbValue *c)
{
	const JsonbValue *schemas[] = {a, b, c};
	JsonbValue *list = ScimJsonNewArray();
	JsonbValue *result = ScimJsonNewObject();

	for (size_t i = 0; i < lengthof(schemas); i++)
	{
		if (schemas[i] != NULL)
			ScimJsonAppend(list, schemas[i]);
	}
	ScimJsonSet(result, "anyOf", list);
	return result;
}

static JsonbValue *
array_of(const JsonbValue *items)
{
	JsonbValue *result = ScimJsonNewObject();

	ScimJsonSet(result, "type", ScimJsonNewString("array"));
	ScimJsonSet(result, "items", items);
	return result;
}

/* What a member of one schema says holds for another one, too. */
static void
copy_member(const JsonbValue *from, JsonbValue *to, const char *name)
{
	const JsonbValue *value = ScimJsonGet(from, name);

	if (value != NULL)
		ScimJsonSet(to, name, value);
}

/* {"value": ...} */
static JsonbValue *
wrapped(const JsonbValue *value)
{
	JsonbValue *properties = ScimJsonNewObject();
	JsonbValue *required = ScimJsonNewArray();
	JsonbValue *result = ScimJsonNewObject();

	ScimJsonSet(properties, "value", value);
	ScimJsonAppend(required, ScimJsonNewString("value"));
	ScimJsonSet(result, "type", ScimJsonNewString("object"));
	ScimJsonSet(result, "properties", properties);
	ScimJsonSet(result, "required", required);
	ScimJsonSet(result, "additionalProperties", ScimJsonNewBool(false));
	return result;
}

/*
 * An attribute whose values may be written without the object, and the list, around
 * them.  A request may have either in any case: of an attribute that has one value a list
 * of one.
 */
static void
write_plain(JsonbValue *property, bool request)
{
	JsonbValue *whole = ScimJsonCopy(property);
	const JsonbValue *items = ScimJsonGet(whole, "items");
	const JsonbValue *value = one_value(whole, "value");
	const JsonbValue *object = items != NULL ? items : whole;
	JsonbValue *result;

	if (items == NULL && value == whole)
	{
		if (!request)
			return;
		whole = wrapped(value);
		object = whole;
	}
	result = any_of(value, whole, NULL);
	if (request)
	{
		JsonbValue *schemas = ScimJsonGet(result, "anyOf");
		JsonbValue *list =
			array_of(object != value ? any_of(value, object, NULL) : value);

		if (items != NULL)
		{
			copy_member(whole, list, "minItems");
			copy_member(whole, list, "maxItems");
		}
		else
		{
			ScimJsonSet(list, "minItems", ScimJsonNewInteger(1));
			ScimJsonSet(list, "maxItems", ScimJsonNewInteger(1));
		}
		if (items != NULL && object != value)
			ScimJsonAppend(schemas, object);
		ScimJsonAppend(schemas, list);
	}
	copy_member(property, result, "description");
	*property = *result;
}

/* A member need not be there any more: it may be said in another way. */
static void
drop_required(JsonbValue *schema, const char *name)
{
	JsonbValue *required = ScimJsonGet(schema, "required");

	for (int i = 0; required != NULL && i < required->val.array.nElems; i++)
	{
		if (ScimJsonStringEquals(&required->val.array.elems[i], name))
		{
			ScimJsonRemoveAt(required, i);
			return;
		}
	}
}

/* The object in which an attribute, or a part of it, is listed as required. */
static void
drop_required_attribute(JsonbValue *schema, const ScimResolved *resolved)
{
	JsonbValue *object = schema;
	JsonbValue *property = property_of(schema, resolved);

	if (resolved->extension != NULL)
	{
		drop_required(schema, resolved->extension->id);
		object = ScimJsonGet(ScimJsonGet(schema, "properties"), resolved->extension->id);
	}
	drop_required(object, resolved->attribute->name);
	if (resolved->sub != NULL && property != NULL)
		drop_required(property, resolved->sub->name);
}

static bool
is_plain(const ScimWire *wire, const ScimAttribute *attribute)
{
	const ListCell *lc;

	foreach (lc, wire->plain)
	{
		if (((const ScimResolved *) lfirst(lc))->attribute == attribute)
			return true;
	}
	return false;
}

static void
write_alias(const ScimWire *wire, JsonbValue *schema, const ScimWireAlias *alias,
			bool request)
{
	JsonbValue *property = property_of(schema, &alias->resolved);
	const ScimAttribute *sub = alias->resolved.sub;
	JsonbValue *to;
	JsonbValue *named;
	const JsonbValue *value = property;

	if (property == NULL || (!request && !alias->answers))
		return;
	if (alias->sub != NULL)
	{
		JsonbValue *items = ScimJsonGet(property, "items");

		to = ScimJsonGet(items ? items : property, "properties");
		value = to != NULL ? ScimJsonGet(to, sub->name) : NULL;
		if (value == NULL)
			return;
		ScimJsonSet(to, alias->sub, ScimJsonCopy(value));
		drop_required(items ? items : property, sub->name);
		return;
	}
	if (sub != NULL && alias->resolved.attribute->multi_valued)
	{
		value = one_value(property, sub->name);
		value = any_of(value, array_of(value), NULL);
	}
	else if (sub != NULL)
		value = ScimJsonGet(ScimJsonGet(property, "properties"), sub->name);
	to = properties_of(schema, alias->extension);
	if (value == NULL || to == NULL)
		return;
	named = ScimJsonCopy(value);
	if (sub == NULL && is_plain(wire, alias->resolved.attribute))
		write_plain(named, request);
	drop_required_attribute(schema, &alias->resolved);
	ScimJsonSet(to, alias->name, named);
}

static void
write_nested(JsonbValue *schema, const ScimWireNested *nested, bool request)
{
	JsonbValue *properties = properties_of(schema, NULL);
	JsonbValue *outer = properties_of(schema, nested->outer);
	JsonbValue *inner = ScimJsonGet(properties, nested->inner->id);

	if (inner == NULL || outer == NULL)
		return;
	ScimJsonSet(outer, nested->inner->id, ScimJsonCopy(inner));
	drop_required(schema, nested->inner->id);
	if (!request)
		(void) ScimJsonRemove(properties, nested->inner->id);
}

/*
 * scim_internal.wire_schema(resource_type text, schema jsonb, for_request boolean)
 * returns jsonb: the JSON Schema of a resource type of the current store, as
 * scim.json_schema gives it, made that of bodies.
 */
Datum
scim_wire_schema(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreConfigured();
	const ScimResourceType *type =
		ScimTypeServed(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Jsonb *document = PG_GETARG_JSONB_P(1);
	bool request = PG_GETARG_BOOL(2);
	const ScimWire *wire = ScimWireOf(ScimRulesFor(store, ScimTenant(), type));
	JsonbValue *schema;
	ListCell *lc;

	if (wire == NULL || !JB_ROOT_IS_OBJECT(document))
		PG_RETURN_JSONB_P(document);
	schema = ScimJsonFromJsonb(document);
	foreach (lc, wire->aliases)
		write_alias(wire, schema, lfirst(lc), request);
	foreach (lc, wire->plain)
	{
		JsonbValue *property = property_of(schema, lfirst(lc));

		if (property != NULL)
			write_plain(property, request);
	}
	foreach (lc, wire->nested)
		write_nested(schema, lfirst(lc), request);
	PG_RETURN_JSONB_P(ScimJsonToJsonb(schema));
}

/*
 * scim_internal.lookup_attributes(resource_type text) returns text[]: by what a path
 * may name resources of a type of the current store, or NULL: by their ids.
 */
Datum
scim_lookup_attributes(PG_FUNCTION_ARGS)
{
	ScimStore *store = ScimStoreConfigured();
	const ScimResourceType *type =
		ScimTypeServed(store, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	const List *keys =
		ScimRuleOf(ScimRulesFor(store, ScimTenant(), type), SCIM_RULE_LOOKUP);
	Datum names[SCIM_MAX_LOOKUP_KEYS + 1];
	ListCell *lc;

	if (keys == NIL)
		PG_RETURN_NULL();
	foreach (lc, keys)
	{
		const ScimLookupKey *key = lfirst(lc);

		names[foreach_current_index(lc)] = CStringGetTextDatum(key->path);
	}
	PG_RETURN_DATUM(ScimArray(names, NULL, list_length(keys), TEXTOID));
}
