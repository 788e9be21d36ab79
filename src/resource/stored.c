/*
 * stored.c
 *		A document that a table holds, as everybody reads it.
 *
 * The door writes objects, without what is kept elsewhere.  A row that came past it may
 * hold anything: what is no object counts as an empty one, and what an object says of
 * what is kept elsewhere, or by the wrong kind of "schemas", counts as not said.  So
 *nobody is shown it, it is compared with nothing, and the next write of the resource
 *takes it out.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json.h"
#include "resource/resource.h"
#include "text/fold.h"

#define SCHEMAS "schemas"

/* A document of more members, which no schema has, is not looked at for double ones. */
#define MAX_COMPARED 256

/*
 * ScimIsKeptElsewhere: is an attribute, as a document of a type names it, none that the
 * document holds?  id and meta are columns, groups and members are rows of "member", and
 * a password is one of "credential".  type NULL: of one that is not known.
 */
bool
ScimIsKeptElsewhere(const ScimResourceType *type, const char *key, size_t len)
{
	const struct
	{
		const char *name;
		bool elsewhere;
	} names[] = {{"id", true},
				 {"meta", true},
				 {"groups", type != NULL && type->has_groups},
				 {"members", type != NULL && type->has_members},
				 {"password", type != NULL && type->has_password}};
	size_t urn = type != NULL ? type->schema->id_len : 0;

	if (urn > 0 && len > urn + 1 && key[urn] == ':' &&
		ScimNameEqualN(key, urn, type->schema->id, urn))
	{
		key += urn + 1;
		len -= urn + 1;
	}
	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (names[i].elsewhere && len == strlen(names[i].name) &&
			ScimNameEqualN(key, len, names[i].name, len))
			return true;
	}
	return false;
}

/* Is it a list of URNs? */
static bool
is_list_of_urns(const JsonbValue *value)
{
	if (value->type != jbvArray)
		return false;
	for (int i = 0; i < value->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (value->val.array.elems[i].type != jbvString)
			return false;
	}
	return true;
}

/* Is a name spelled as the schemas of the type do? */
static bool
is_spelled(const ScimResourceType *type, const JsonbValue *key)
{
	const char *name = key->val.string.val;
	int len = key->val.string.len;
	const ScimAttribute *attribute = NULL;
	const ScimSchema *schema = NULL;

	if (type != NULL)
	{
		attribute = ScimSchemaAttribute(type->common, name, len);
		if (attribute == NULL)
			attribute = ScimSchemaAttribute(type->schema, name, len);
		schema = ScimResourceTypeSchema(type, name, len);
	}
	return (attribute != NULL && ScimJsonStringEquals(key, attribute->name)) ||
		   (schema != NULL && ScimJsonStringEquals(key, schema->id));
}

/* Does another member have the name of this one, which is spelled better, or first? */
static bool
is_double(const ScimResourceType *type, const JsonbValue *object, int index)
{
	const JsonbValue *key = &object->val.object.pairs[index].key;

	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbValue *other = &object->val.object.pairs[i].key;

		CHECK_FOR_INTERRUPTS();
		if (i != index &&
			ScimNameEqualN(key->val.string.val, key->val.string.len,
						   other->val.string.val, other->val.string.len) &&
			(is_spelled(type, other) || (i < index && !is_spelled(type, key))))
			return true;
	}
	return false;
}

/*
 * ScimStoredFault says why a member of a stored document, counted from 0, does not count;
 * NULL: it does.  document: an object.
 */
const char *
ScimStoredFault(const ScimResourceType *type, const JsonbValue *document, int index)
{
	const JsonbPair *pair = &document->val.object.pairs[index];
	const char *key = pair->key.val.string.val;
	int len = pair->key.val.string.len;
	const ScimSchema *schema;

	if (ScimIsKeptElsewhere(type, key, len))
		return "the document holds what is kept elsewhere, and does not count";
	if (ScimJsonStringEquals(&pair->key, SCHEMAS))
		return is_list_of_urns(&pair->value) ? NULL
											 : "what is no list of URNs does not count";
	schema = type != NULL ? ScimResourceTypeSchema(type, key, len) : NULL;
	if (schema != NULL && schema != type->schema && pair->value.type != jbvObject)
		return "what an extension has that is no object does not count";
	if (document->val.object.nPairs <= MAX_COMPARED && is_double(type, document, index))
		return "the document has it twice, and this one does not count";
	return NULL;
}

/* Is what a key of a URN has an object, and "schemas" a list of strings? */
static bool
is_well_formed(const JsonbContainer *object, const char *key, int len)
{
	JsonbValue value;
	const JsonbContainer *list;

	if (getKeyJsonValueFromContainer((JsonbContainer *) object, key, len, &value) ==
			NULL ||
		value.type != jbvBinary)
		return false;
	list = value.val.binary.data;
	if (JsonContainerIsObject(list))
		return memchr(key, ':', len) != NULL;
	if (memchr(key, ':', len) != NULL)
		return false;
	for (uint32 i = 0; i < JsonContainerSize(list); i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!JBE_ISSTRING(list->children[i]))
			return false;
	}
	return true;
}

/* May ScimStoredFault find anything?  Nearly always not, and soon. */
static bool
may_be_faulty(const ScimResourceType *type, const JsonbContainer *object)
{
	int count = JsonContainerSize(object);
	const char *data = (const char *) &object->children[2 * count];
	uint32 offset = 0;

	for (int i = 0; i < count; i++)
	{
		const char *key = data + offset;
		uint32 start = offset;
		uint32 other = offset;
		uint32 len;

		CHECK_FOR_INTERRUPTS();
		JBE_ADVANCE_OFFSET(offset, object->children[i]);
		len = offset - start;
		if (ScimIsKeptElsewhere(type, key, len))
			return true;
		if ((len == strlen(SCHEMAS) && memcmp(key, SCHEMAS, len) == 0) ||
			memchr(key, ':', len) != NULL)
		{
			if (!JBE_ISCONTAINER(object->children[count + i]))
				return true;
			if (!is_well_formed(object, key, len))
				return true;
		}
		/* keys stand in the order of their lengths */
		for (int before = i - 1; before >= 0 && count <= MAX_COMPARED; before--)
		{
			uint32 before_len = getJsonbLength(object, before);

			if (before_len != len)
				break;
			other -= before_len;
			if (ScimNameEqualN(data + other, len, key, len))
				return true;
		}
	}
	return false;
}

/*
 * ScimStoredData is the document of a stored resource: data itself, where it is one as
 * the door writes it.  type NULL: of one that is not known.
 */
Jsonb *
ScimStoredData(const ScimResourceType *type, const Jsonb *data)
{
	const JsonbValue *raw;
	JsonbValue *document;

	if (!JB_ROOT_IS_OBJECT(data))
		return ScimJsonToJsonb(ScimJsonNewObject());
	if (!may_be_faulty(type, &data->root))
		return (Jsonb *) data;
	raw = ScimJsonFromJsonb(data);
	document = ScimJsonNewObject();
	for (int i = 0; i < raw->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &raw->val.object.pairs[i];

		if (ScimStoredFault(type, raw, i) == NULL)
			ScimJsonAddN(document, pair->key.val.string.val, pair->key.val.string.len,
						 &pair->value);
	}
	return document->val.object.nPairs == raw->val.object.nPairs
			   ? (Jsonb *) data
			   : ScimJsonToJsonb(document);
}

/* ScimStoredDocument is the same as a tree, which points into data. */
JsonbValue *
ScimStoredDocument(const ScimResourceType *type, const Jsonb *data)
{
	return ScimJsonFromJsonb(ScimStoredData(type, data));
}

/* Where an object has a member with a key; -1: nowhere. */
static int
find_member(const JsonbValue *object, const JsonbValue *key)
{
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ScimJsonEqual(&object->val.object.pairs[i].key, key))
			return i;
	}
	return -1;
}

/*
 * ScimStoredAsWritten is what the new document of a resource states beside its former
 * one, raw as the table holds it: what comes along from there is not stated.  Where
 * nothing does, it is data itself.
 */
Jsonb *
ScimStoredAsWritten(const ScimResourceType *type, const Jsonb *raw, const Jsonb *data)
{
	const JsonbValue *before = ScimJsonFromJsonb(raw);
	JsonbValue *document = ScimJsonFromJsonb(data);
	bool any = false;

	if (before->type != jbvObject || document->type != jbvObject)
		return ScimJsonEqual(before, document) ? ScimStoredData(type, raw)
											   : (Jsonb *) data;
	for (int i = document->val.object.nPairs - 1; i >= 0; i--)
	{
		const JsonbPair *pair = &document->val.object.pairs[i];
		int at = find_member(before, &pair->key);

		if (at >= 0 && ScimStoredFault(type, before, at) != NULL &&
			ScimJsonEqual(&before->val.object.pairs[at].value, &pair->value))
		{
			ScimJsonRemoveMember(document, i);
			any = true;
		}
	}
	return any ? ScimJsonToJsonb(document) : (Jsonb *) data;
}
