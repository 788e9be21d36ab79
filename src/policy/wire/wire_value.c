/*
 * wire_value.c
 *		The policy "wire" for values: bodies, operations of a PATCH, answers.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "policy/wire/wire.h"
#include "text/fold.h"

static const char *
key_of(const JsonbPair *pair)
{
	return pnstrdup(pair->key.val.string.val, pair->key.val.string.len);
}

/* Takes a member out of an object, whatever the letter case of its key; NULL: none. */
static JsonbValue *
take_member(JsonbValue *object, const char *key)
{
	JsonbValue *found = ScimJsonGetFolded(object, key);
	JsonbValue *taken;

	if (found == NULL)
		return NULL;
	taken = palloc(sizeof(JsonbValue));
	*taken = *found;
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		if (&object->val.object.pairs[i].value == found)
		{
			(void) ScimJsonRemove(object, key_of(&object->val.object.pairs[i]));
			break;
		}
	}
	return taken;
}

static void
raise_twice(const char *attribute, const char *alias)
{
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("attribute \"%s\" is given twice, as \"%s\" in other words",
						   attribute, alias)));
}

static const ScimAttribute *
value_part(const ScimAttribute *attribute)
{
	return attribute->type == SCIM_TYPE_COMPLEX
			   ? ScimAttributeSub(attribute, "value", strlen("value"))
			   : NULL;
}

/* ---- in: bodies ---- */

/* Values as objects that have them as a sub-attribute; objects are taken as they are. */
static JsonbValue *
wrap_values(const ScimAttribute *sub, const JsonbValue *values)
{
	JsonbValue *list = ScimJsonNewArray();
	int count = values->type == jbvArray ? values->val.array.nElems : 1;

	for (int i = 0; i < count; i++)
	{
		const JsonbValue *value =
			values->type == jbvArray ? &values->val.array.elems[i] : values;
		JsonbValue *element = (JsonbValue *) value;

		CHECK_FOR_INTERRUPTS();
		if (value->type != jbvObject)
		{
			element = ScimJsonNewObject();
			ScimJsonSet(element, sub->name, value);
		}
		ScimJsonAppend(list, element);
	}
	return list;
}

/* Does an alias stand for a part of each of several values? */
static bool
is_wrapped(const ScimResolved *resolved)
{
	return resolved->attribute->multi_valued && resolved->sub != NULL;
}

/* What an alias says, in the form that its attribute has. */
static const JsonbValue *
attribute_value(const ScimResolved *resolved, const JsonbValue *value)
{
	if (is_wrapped(resolved) && !ScimJsonIsUnassigned(value))
		return wrap_values(resolved->sub, value);
	return value;
}

/* Are they equal where one may have been written plainly? */
static bool
says_the_same(const ScimResolved *resolved, const JsonbValue *a, const JsonbValue *b)
{
	const ScimAttribute *part = value_part(resolved->attribute);

	if (ScimJsonEqual(a, b) || (ScimJsonIsUnassigned(a) && ScimJsonIsUnassigned(b)))
		return true;
	return resolved->attribute->multi_valued && part != NULL &&
		   ScimJsonEqual(wrap_values(part, a), wrap_values(part, b));
}

/* The object of a document in which an attribute stands; NULL: there is none. */
static JsonbValue *
object_of(JsonbValue *document, const ScimSchema *extension, bool create)
{
	JsonbValue *object = document;

	if (extension != NULL)
	{
		object = ScimJsonGetFolded(document, extension->id);
		if (object == NULL && create)
		{
			ScimJsonSet(document, extension->id, ScimJsonNewObject());
			object = ScimJsonGet(document, extension->id);
		}
	}
	return object != NULL && object->type == jbvObject ? object : NULL;
}

/* Sets an attribute of a document to what stood there under another name. */
static void
set_attribute(JsonbValue *document, const ScimResolved *resolved, const char *alias,
			  const JsonbValue *given)
{
	const JsonbValue *value = attribute_value(resolved, given);
	JsonbValue *object = object_of(document, resolved->extension, true);
	const ScimAttribute *attribute = resolved->attribute;
	JsonbValue *there;

	if (object == NULL)
		raise_twice(resolved->extension->id, alias);
	if (resolved->sub != NULL && !is_wrapped(resolved))
	{
		there = ScimJsonGetFolded(object, attribute->name);
		if (there == NULL || there->type == jbvNull)
		{
			(void) take_member(object, attribute->name);
			ScimJsonSet(object, attribute->name, ScimJsonNewObject());
			there = ScimJsonGet(object, attribute->name);
		}
		if (there->type != jbvObject)
			raise_twice(attribute->name, alias);
		object = there;
		attribute = resolved->sub;
	}
	there = ScimJsonGetFolded(object, attribute->name);
	if (there == NULL)
		ScimJsonSet(object, attribute->name, value);
	else if (!says_the_same(resolved, there, value))
		raise_twice(attribute->name, alias);
}

/* Takes the extensions that stand in others out of them. */
static void
unnest(const ScimWire *wire, JsonbValue *document)
{
	ListCell *lc;

	foreach (lc, wire->nested)
	{
		const ScimWireNested *nested = lfirst(lc);
		JsonbValue *outer = object_of(document, nested->outer, false);
		JsonbValue *inner = outer ? take_member(outer, nested->inner->id) : NULL;
		JsonbValue *there = ScimJsonGetFolded(document, nested->inner->id);

		if (inner == NULL)
			continue;
		if (there == NULL)
			ScimJsonSet(document, nested->inner->id, inner);
		else if (!ScimJsonEqual(there, inner))
			ereport(ERROR,
					(ScimErr(SCIM_INVALID_VALUE),
					 errmsg("extension \"%s\" is given twice, within \"%s\" in other "
							"words",
							nested->inner->id, nested->outer->id)));
	}
}

/* Names within the values of an attribute. */
static void
rename_parts(const ScimWireAlias *alias, JsonbValue *value)
{
	JsonbValue *given;

	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			rename_parts(alias, &value->val.array.elems[i]);
		}
		return;
	}
	given = value->type == jbvObject ? take_member(value, alias->sub) : NULL;
	if (given != NULL)
	{
		const JsonbValue *there = ScimJsonGetFolded(value, alias->resolved.sub->name);

		if (there == NULL)
			ScimJsonSet(value, alias->resolved.sub->name, given);
		else if (!ScimJsonEqual(there, given))
			raise_twice(alias->target, alias->text);
	}
}

/* Replaces characters in the strings of a value; sub NULL: of the value itself. */
static void
replace_in(const List *replacements, const ScimAttribute *sub, JsonbValue *value)
{
	if (replacements == NIL)
		return;
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			replace_in(replacements, sub, &value->val.array.elems[i]);
		}
	}
	else if (value->type == jbvObject && sub != NULL)
	{
		JsonbValue *part = ScimJsonGetFolded(value, sub->name);

		if (part != NULL)
			replace_in(replacements, NULL, part);
	}
	else if (value->type == jbvString && (sub == NULL || strcmp(sub->name, "value") == 0))
		*value =
			*ScimJsonNewString(ScimWireSpelled(replacements, ScimJsonStringCopy(value)));
}

/* A number, say, that stands for the object whose "value" it is: of strings all know it.
 */
static void
wrap_plain(const ScimAttribute *part, JsonbValue *value)
{
	JsonbValue *object;

	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			wrap_plain(part, &value->val.array.elems[i]);
		}
		return;
	}
	if (value->type != jbvNumeric && value->type != jbvBool)
		return;
	object = ScimJsonNewObject();
	ScimJsonSet(object, part->name, value);
	*value = *object;
}

/*
 * Where the attribute has one value, {"value": "x"}, or a list of that, is "x"; of a
 * complex one "x" is that.
 */
static void
unwrap(const ScimResolved *resolved, JsonbValue *value)
{
	const ScimAttribute *complex =
		resolved->sub == NULL ? value_part(resolved->attribute) : NULL;
	const JsonbValue *one = value;
	const JsonbValue *part;

	if (complex != NULL)
		wrap_plain(complex, value);
	if (resolved->attribute->multi_valued)
		return;
	if (one->type == jbvArray && one->val.array.nElems == 1)
		one = &one->val.array.elems[0];
	part = one->type == jbvObject && one->val.object.nPairs == 1 && complex == NULL
			   ? ScimJsonGetFolded(one, "value")
			   : one;
	if (part != NULL)
		*value = *part;
}

static JsonbValue *
attribute_of(JsonbValue *document, const ScimResolved *resolved)
{
	JsonbValue *object = object_of(document, resolved->extension, false);

	return object ? ScimJsonGetFolded(object, resolved->attribute->name) : NULL;
}

/* What a key of a body means, where it has another name; false: it is its own. */
static bool
resolve_key(const ScimWire *wire, const ScimSchema *extension, const char *key,
			ScimResolved *resolved)
{
	const char *whole = extension ? psprintf("%s:%s", extension->id, key) : key;
	const ScimWireAlias *alias = ScimWireFindAlias(wire, whole);
	ScimResolved own;
	const char *name;

	if (alias != NULL)
	{
		*resolved = alias->resolved;
		return alias->sub == NULL;
	}
	if (!wire->colons || strchr(key, ':') == NULL ||
		ScimResourceTypeSchema(wire->type, key, strlen(key)) != NULL ||
		ScimWireResolve(wire->type, whole, &own))
		return false;
	name = ScimWireName(wire, whole);
	return strcmp(name, whole) != 0 && ScimWireResolve(wire->type, name, resolved);
}

/* Renames the keys of an object of a document: of an extension, or its own. */
static void
rename_keys(const ScimWire *wire, JsonbValue *document, const ScimSchema *extension)
{
	JsonbValue *object = object_of(document, extension, false);
	List *keys = NIL;
	ListCell *lc;

	for (int i = 0; object != NULL && i < object->val.object.nPairs; i++)
		keys = lappend(keys, (void *) key_of(&object->val.object.pairs[i]));
	foreach (lc, keys)
	{
		const char *key = lfirst(lc);
		ScimResolved resolved;

		CHECK_FOR_INTERRUPTS();
		if (!resolve_key(wire, extension, key, &resolved))
			continue;
		/* setting it may move the objects */
		object = object_of(document, extension, false);
		set_attribute(document, &resolved, key, take_member(object, key));
	}
}

static void
replace_characters(const ScimWire *wire, bool in, JsonbValue *document)
{
	ListCell *lc;

	foreach (lc, wire->characters)
	{
		const ScimWireCharacters *characters = lfirst(lc);
		JsonbValue *value = attribute_of(document, &characters->resolved);

		if (value != NULL)
			replace_in(in ? characters->in : characters->out, characters->resolved.sub,
					   value);
	}
}

/* ScimWireCharactersIn: replaces characters in a document, for what is stored. */
void
ScimWireCharactersIn(const ScimWire *wire, JsonbValue *document)
{
	replace_characters(wire, true, document);
}

/* ScimWireCharactersOut: the same for what is shown. */
void
ScimWireCharactersOut(const ScimWire *wire, JsonbValue *document)
{
	replace_characters(wire, false, document);
}

/* What is said of an attribute, or of a part of it. */
static void
replace_in_value(const ScimWire *wire, bool in, const ScimResolved *resolved,
				 JsonbValue *value)
{
	ListCell *lc;

	foreach (lc, wire->characters)
	{
		const ScimWireCharacters *characters = lfirst(lc);

		if (characters->resolved.attribute != resolved->attribute)
			continue;
		if (resolved->sub == NULL)
			replace_in(in ? characters->in : characters->out, characters->resolved.sub,
					   value);
		else if (resolved->sub == characters->resolved.sub)
			replace_in(in ? characters->in : characters->out, NULL, value);
	}
}

static const JsonbValue *
replaced_value(const ScimWire *wire, bool in, const ScimResolved *resolved,
			   const JsonbValue *value)
{
	JsonbValue *replaced;

	if (wire == NULL || value == NULL || wire->characters == NIL)
		return value;
	replaced = ScimJsonCopy(value);
	replace_in_value(wire, in, resolved, replaced);
	return replaced;
}

/*
 * ScimWireValueStored is ScimWireStored of a value, which may be an object or an array:
 * itself where there are no such characters (wire NULL), or it is NULL.
 */
const JsonbValue *
ScimWireValueStored(const ScimWire *wire, const ScimResolved *resolved,
					const JsonbValue *value)
{
	return replaced_value(wire, true, resolved, value);
}

/* ScimWireValueShown: the same for what is shown. */
const JsonbValue *
ScimWireValueShown(const ScimWire *wire, const ScimResolved *resolved,
				   const JsonbValue *value)
{
	return replaced_value(wire, false, resolved, value);
}

/*
 * ScimWireDocumentIn brings a document that a client sends into the form that the
 * schemas describe.  Raises invalidValue for what is said twice in different words.
 */
void
ScimWireDocumentIn(const ScimWire *wire, JsonbValue *document)
{
	ListCell *lc;

	if (document->type != jbvObject)
		return;
	unnest(wire, document);
	if (wire->aliases != NIL || wire->colons)
	{
		rename_keys(wire, document, NULL);
		for (int i = 0; i < wire->type->nextensions; i++)
			rename_keys(wire, document, wire->type->extensions[i].schema);
	}
	foreach (lc, wire->aliases)
	{
		const ScimWireAlias *alias = lfirst(lc);
		JsonbValue *value =
			alias->sub != NULL ? attribute_of(document, &alias->resolved) : NULL;

		if (value != NULL)
			rename_parts(alias, value);
	}
	foreach (lc, wire->plain)
	{
		JsonbValue *value = attribute_of(document, lfirst(lc));

		if (value != NULL)
			unwrap(lfirst(lc), value);
	}
	ScimWireCharactersIn(wire, document);
}

/* ---- in: operations ---- */

/* What is said of an attribute, or of a part of it, in an operation. */
static void
value_in(const ScimWire *wire, const ScimResolved *resolved, JsonbValue *value)
{
	ListCell *lc;

	foreach (lc, wire->aliases)
	{
		const ScimWireAlias *alias = lfirst(lc);

		if (alias->sub != NULL && resolved->sub == NULL &&
			alias->resolved.attribute == resolved->attribute)
			rename_parts(alias, value);
	}
	foreach (lc, wire->plain)
	{
		if (((ScimResolved *) lfirst(lc))->attribute == resolved->attribute)
			unwrap(resolved, value);
	}
	replace_in_value(wire, true, resolved, value);
}

/*
 * The path that a path of an operation means, with the value in the form that it has
 * there; value may be NULL.
 */
static const char *
path_in(const ScimWireReading *reading, const char *path, JsonbValue *value)
{
	const ScimWire *wire = reading->wire;
	const char *meant = ScimWirePath(reading, path);
	const char *bracket = strchr(meant, '[');
	const ScimWireAlias *alias = ScimWireListAlias(wire, path, &meant);
	ScimResolved resolved;

	if (alias != NULL)
	{
		/* it stands for all values, whatever else is in them */
		if (value != NULL)
			*value = *attribute_value(&alias->resolved, value);
		bracket = NULL;
	}
	if (value == NULL)
		return meant;
	if (bracket != NULL)
	{
		const char *end = strrchr(meant, ']');
		char *plain = psprintf("%.*s%s", (int) (bracket - meant), meant,
							   end != NULL ? end + 1 : "");

		if (ScimWireResolve(wire->type, plain, &resolved))
			value_in(wire, &resolved, value);
	}
	else if (ScimWireResolve(wire->type, meant, &resolved))
		value_in(wire, &resolved, value);
	return meant;
}

/* What an operation's value that has no path says under an alias. */
typedef struct Aliased
{
	const ScimWireAlias *alias;
	const char *said; /* the alias as it is spelt there */
	const char *path; /* what it means */
	JsonbValue value; /* in the form that it has there */
} Aliased;

/*
 * Takes what stands under an alias out of an object, for place_aliased; false: it is
 * none. One that may stand within the values of its attribute is a path as others are.
 */
static bool
take_aliased(const ScimWireReading *reading, const char *said, const char *whole,
			 JsonbValue *value, List **taken)
{
	const ScimWireAlias *alias = ScimWirePathAlias(reading->wire, whole);
	Aliased *aliased;
	ListCell *lc;

	if (alias == NULL || alias->sub != NULL)
		return false;
	aliased = palloc(sizeof(Aliased));
	aliased->alias = alias;
	aliased->said = said;
	aliased->path = path_in(reading, whole, value);
	aliased->value = *value;
	foreach (lc, *taken)
	{
		const Aliased *other = lfirst(lc);

		if (other->alias != alias)
			continue;
		if (!says_the_same(&alias->resolved, &other->value, &aliased->value))
			raise_twice(other->said, said);
		return true;
	}
	*taken = lappend(*taken, aliased);
	return true;
}

/* The keys of an operation's value that has no path are paths. */
static void
keys_in(const ScimWireReading *reading, const ScimSchema *extension, JsonbValue *object,
		List **taken)
{
	const ScimWire *wire = reading->wire;
	int kept = 0;

	check_stack_depth();
	if (extension == NULL)
		unnest(wire, object);
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		JsonbPair *pair = &object->val.object.pairs[i];
		const char *key = key_of(pair);
		const ScimSchema *inner = ScimResourceTypeSchema(wire->type, key, strlen(key));

		CHECK_FOR_INTERRUPTS();
		if (inner != NULL && pair->value.type == jbvObject)
			keys_in(reading, inner == wire->type->schema ? NULL : inner, &pair->value,
					taken);
		else if (extension != NULL || !ScimNameEqual(key, "schemas"))
		{
			const char *whole = extension != NULL && strchr(key, ':') == NULL
									? psprintf("%s:%s", extension->id, key)
									: key;
			const char *path;

			if (take_aliased(reading, key, whole, &pair->value, taken))
				continue;
			path = path_in(reading, whole, &pair->value);
			/* otherwise it may stay as it is */
			if (whole == key || strcmp(path, whole) != 0)
			{
				pair->key.val.string.val = (char *) path;
				pair->key.val.string.len = strlen(path);
			}
		}
		object->val.object.pairs[kept++] = *pair;
	}
	object->val.object.nPairs = kept;
	ScimJsonForgetKeys(object);
}

/* What an object says of an attribute of a schema, with its URN or without; NULL:
 * nothing. */
static JsonbValue *
said_of(JsonbValue *object, const ScimSchema *schema, bool is_own, const char *name)
{
	JsonbValue *said = is_own ? ScimJsonGetFolded(object, name) : NULL;

	return said != NULL ? said
						: ScimJsonGetFolded(object, psprintf("%s:%s", schema->id, name));
}

/*
 * Puts what an alias says into the object of the attribute of which it is a part, or into
 * that of the extension, which is there.
 */
static void
put_into(const Aliased *aliased, JsonbValue *whole, const char *whole_name,
		 const char *name)
{
	JsonbValue *there;

	/* neither has a value */
	if (whole->type == jbvNull && ScimJsonIsUnassigned(&aliased->value))
		return;
	if (whole->type != jbvObject)
		raise_twice(whole_name, aliased->said);
	there = ScimJsonGetFolded(whole, name);
	if (there == NULL)
		ScimJsonSet(whole, name, &aliased->value);
	else if (!says_the_same(&aliased->alias->resolved, there, &aliased->value))
		raise_twice(name, aliased->said);
}

/*
 * Puts what an alias says to the rest of a value, as set_attribute does in a document:
 * what has another name is not said twice where the rest of its attribute, or of its
 * extension, stands beside it.  The value is about an extension, or (NULL) about all.
 */
static void
place_aliased(const ScimWire *wire, const ScimSchema *extension, JsonbValue *object,
			  const Aliased *aliased)
{
	const ScimResolved *resolved = &aliased->alias->resolved;
	const ScimSchema *schema =
		resolved->extension != NULL ? resolved->extension : wire->type->schema;
	bool is_own = resolved->extension == extension;
	JsonbValue *of_schema =
		extension == NULL ? ScimJsonGetFolded(object, schema->id) : NULL;
	const char *name = resolved->attribute->name;
	const char *path = aliased->path;
	JsonbValue *places[2] = {object, of_schema};

	if (resolved->sub != NULL && !is_wrapped(resolved))
		name = psprintf("%s.%s", name, resolved->sub->name);
	for (int i = 0; i < lengthof(places); i++)
	{
		bool own = i > 0 || is_own;
		JsonbValue *there;

		if (places[i] == NULL || places[i]->type != jbvObject)
			continue;
		there = said_of(places[i], schema, own, name);
		if (there != NULL)
		{
			if (!says_the_same(resolved, there, &aliased->value))
				raise_twice(name, aliased->said);
			return;
		}
		if (resolved->sub == NULL || is_wrapped(resolved))
			continue;
		there = said_of(places[i], schema, own, resolved->attribute->name);
		if (there != NULL)
		{
			put_into(aliased, there, resolved->attribute->name, resolved->sub->name);
			return;
		}
	}
	if (resolved->extension != NULL && of_schema != NULL)
	{
		put_into(aliased, of_schema, schema->id, name);
		return;
	}
	/* the object of an extension has what is not its own with its URN */
	if (!is_own && resolved->extension == NULL)
		path = psprintf("%s:%s", schema->id, name);
	ScimJsonSet(object, path, &aliased->value);
}

/* The value of an operation that is about an extension, or (NULL) about all. */
static void
object_in(const ScimWireReading *reading, const ScimSchema *extension, JsonbValue *object)
{
	List *taken = NIL;
	ListCell *lc;

	keys_in(reading, extension, object, &taken);
	foreach (lc, taken)
		place_aliased(reading->wire, extension, object, lfirst(lc));
}

/* What a new value of an extension says of those that stand in it: an operation each. */
static void
add_inner_operations(const ScimWireReading *reading, const ScimSchema *outer,
					 const JsonbValue *op, JsonbValue *value, JsonbValue *operations)
{
	ListCell *lc;

	foreach (lc, reading->wire->nested)
	{
		const ScimWireNested *nested = lfirst(lc);
		JsonbValue *inner =
			nested->outer == outer ? take_member(value, nested->inner->id) : NULL;
		JsonbValue *operation;

		if (inner == NULL)
			continue;
		if (inner->type == jbvObject)
			object_in(reading, nested->inner, inner);
		operation = ScimJsonNewObject();
		if (op != NULL)
			ScimJsonSet(operation, "op", op);
		ScimJsonSet(operation, "path", ScimJsonNewString(nested->inner->id));
		ScimJsonSet(operation, "value", inner);
		ScimJsonAppend(operations, operation);
	}
}

/*
 * ScimWireOperationsIn does for the operations of a PATCH what ScimWireDocumentIn does
 * for a document.
 */
JsonbValue *
ScimWireOperationsIn(const ScimWireReading *reading, const JsonbValue *operations)
{
	JsonbValue *result = ScimJsonNewArray();

	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		JsonbValue *operation = &operations->val.array.elems[i];
		JsonbValue *path = ScimJsonGetFolded(operation, "path");
		JsonbValue *value = ScimJsonGetFolded(operation, "value");
		JsonbValue *inner = ScimJsonNewArray();

		CHECK_FOR_INTERRUPTS();
		if (path != NULL && path->type == jbvString && path->val.string.len > 0)
		{
			const char *meant = path_in(reading, ScimJsonStringCopy(path), value);
			const ScimSchema *schema =
				ScimResourceTypeSchema(reading->wire->type, meant, strlen(meant));

			*path = *ScimJsonNewString(meant);
			if (value == NULL || value->type != jbvObject)
				schema = NULL;
			if (schema == reading->wire->type->schema)
				object_in(reading, NULL, value);
			else if (schema != NULL)
			{
				add_inner_operations(reading, schema, ScimJsonGetFolded(operation, "op"),
									 value, inner);
				object_in(reading, schema, value);
			}
		}
		else if (value != NULL && value->type == jbvObject)
			object_in(reading, NULL, value);
		/* nothing but what stands in it was said of the outer one */
		if (inner->val.array.nElems == 0 || value->val.object.nPairs > 0)
			ScimJsonAppend(result, operation);
		for (int j = 0; j < inner->val.array.nElems; j++)
			ScimJsonAppend(result, &inner->val.array.elems[j]);
	}
	return result;
}

/* ---- identifiers ---- */

/* ScimWireKindSaid returns what a document says of how members are named, or NULL. */
const JsonbValue *
ScimWireKindSaid(const ScimWire *wire, const JsonbValue *document)
{
	const ScimWireIdentifier *identifier = wire->identifier;
	const JsonbValue *value;

	if (identifier->by_path == NULL)
		return NULL;
	value = attribute_of((JsonbValue *) document, &identifier->by);
	if (value != NULL && identifier->by.sub != NULL)
		value = ScimJsonGetFolded(value, identifier->by.sub->name);
	return value;
}

/* ScimWireKindOf returns the kind of identifiers that is meant by that. */
const ScimWireKind *
ScimWireKindOf(const ScimWire *wire, const JsonbValue *said)
{
	const ScimWireIdentifier *identifier = wire->identifier;

	for (int i = 0; i < identifier->nkinds && said != NULL; i++)
	{
		if (ScimJsonStringEquals(said, identifier->kinds[i].name))
			return &identifier->kinds[i];
	}
	return &identifier->kinds[identifier->by_default];
}

/* ---- out ---- */

/* A value, or the one of a list, where it says nothing but itself; otherwise NULL. */
static const JsonbValue *
plain_value(const ScimAttribute *attribute, const JsonbValue *value)
{
	const JsonbValue *element = value;

	if (attribute->multi_valued)
	{
		if (value->type != jbvArray || value->val.array.nElems != 1)
			return NULL;
		element = &value->val.array.elems[0];
	}
	if (attribute->type != SCIM_TYPE_COMPLEX)
		return element;
	if (element->type != jbvObject || element->val.object.nPairs != 1)
		return NULL;
	return ScimJsonGet(element, "value");
}

/* Is a URN among the schemas that a document names? */
static bool
is_named(const JsonbValue *schemas, const char *urn)
{
	for (int i = 0; i < schemas->val.array.nElems; i++)
	{
		if (ScimJsonStringEquals(&schemas->val.array.elems[i], urn))
			return true;
	}
	return false;
}

/* Puts an extension into the object of another one. */
static void
nest(const ScimWireNested *nested, JsonbValue *document)
{
	JsonbValue *inner = take_member(document, nested->inner->id);
	JsonbValue *outer;
	JsonbValue *schemas;

	if (inner == NULL || (inner->type == jbvObject && inner->val.object.nPairs == 0))
		return;
	outer = object_of(document, nested->outer, false);
	if (outer == NULL)
	{
		outer = object_of(document, nested->outer, true);
		/* which the resource may have, although nothing of it is shown */
		schemas = ScimJsonGet(document, "schemas");
		if (schemas != NULL && schemas->type == jbvArray &&
			!is_named(schemas, nested->outer->id))
			ScimJsonAppend(schemas, ScimJsonNewString(nested->outer->id));
	}
	ScimJsonSet(outer, nested->inner->id, inner);
}

/* A part of each value of a list, for an alias of that part. */
static const JsonbValue *
parts_of(const ScimAttribute *sub, const JsonbValue *list)
{
	JsonbValue *parts = ScimJsonNewArray();

	for (int i = 0; i < list->val.array.nElems; i++)
	{
		const JsonbValue *element = &list->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if (element->type != jbvObject || element->val.object.nPairs != 1 ||
			ScimJsonGet(element, sub->name) == NULL)
			return NULL;
		ScimJsonAppend(parts, ScimJsonGet(element, sub->name));
	}
	return parts;
}

static void
rename_parts_out(const ScimWireAlias *alias, JsonbValue *value)
{
	JsonbValue *part;

	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			rename_parts_out(alias, &value->val.array.elems[i]);
		return;
	}
	part =
		value->type == jbvObject ? take_member(value, alias->resolved.sub->name) : NULL;
	if (part != NULL)
		ScimJsonSet(value, alias->sub, part);
}

/* Gives an attribute the name that answers have for it, where nothing is lost by it. */
static void
rename_out(const ScimWireAlias *alias, JsonbValue *document)
{
	JsonbValue *value = attribute_of(document, &alias->resolved);
	JsonbValue *from = object_of(document, alias->resolved.extension, false);
	const char *key = alias->resolved.attribute->name;
	const JsonbValue *shown = value;
	JsonbValue *to;

	if (value == NULL)
		return;
	if (alias->sub != NULL)
	{
		rename_parts_out(alias, value);
		return;
	}
	if (is_wrapped(&alias->resolved))
		shown = value->type == jbvArray ? parts_of(alias->resolved.sub, value) : value;
	else if (alias->resolved.sub != NULL)
	{
		from = value;
		key = alias->resolved.sub->name;
		shown = value->type == jbvObject ? ScimJsonGet(value, key) : NULL;
	}
	if (shown == NULL)
		return;
	shown = ScimJsonCopy(shown);
	(void) take_member(from, key);
	if (from == value && value->val.object.nPairs == 0)
		(void) take_member(object_of(document, alias->resolved.extension, false),
						   alias->resolved.attribute->name);
	to = object_of(document, alias->extension, true);
	ScimJsonSet(to, alias->name, shown);
}

/* ScimWireDocumentOut brings a document as it is stored into the form of answers. */
void
ScimWireDocumentOut(const ScimWire *wire, JsonbValue *document)
{
	ListCell *lc;

	ScimWireCharactersOut(wire, document);
	foreach (lc, wire->plain)
	{
		const ScimResolved *resolved = lfirst(lc);
		JsonbValue *value = attribute_of(document, resolved);
		const JsonbValue *plain =
			value != NULL ? plain_value(resolved->attribute, value) : NULL;

		if (plain != NULL)
			*value = *plain;
	}
	foreach (lc, wire->aliases)
	{
		const ScimWireAlias *alias = lfirst(lc);

		if (alias->answers)
			rename_out(alias, document);
	}
	foreach (lc, wire->nested)
		nest(lfirst(lc), document);
}
