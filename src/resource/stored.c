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

static bool
holds_what_is_elsewhere(const ScimResourceType *type, const JsonbContainer *object)
{
	int count = JsonContainerSize(object);
	const char *data = (const char *) &object->children[2 * count];
	uint32 offset = 0;

	for (int i = 0; i < count; i++)
	{
		uint32 start = offset;

		CHECK_FOR_INTERRUPTS();
		JBE_ADVANCE_OFFSET(offset, object->children[i]);
		if (ScimIsKeptElsewhere(type, data + start, offset - start))
			return true;
	}
	return false;
}

/* Is there "schemas" that is no list of URNs?  What belongs there the door knows. */
static bool
has_wrong_schemas(const JsonbContainer *object)
{
	JsonbValue schemas;
	const JsonbContainer *list;

	if (getKeyJsonValueFromContainer((JsonbContainer *) object, SCHEMAS, strlen(SCHEMAS),
									 &schemas) == NULL)
		return false;
	if (schemas.type != jbvBinary || !JsonContainerIsArray(schemas.val.binary.data))
		return true;
	list = schemas.val.binary.data;
	for (uint32 i = 0; i < JsonContainerSize(list); i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!JBE_ISSTRING(list->children[i]))
			return true;
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
	JsonbValue *document;
	bool wrong_schemas;

	if (!JB_ROOT_IS_OBJECT(data))
		return ScimJsonToJsonb(ScimJsonNewObject());
	wrong_schemas = has_wrong_schemas(&data->root);
	if (!wrong_schemas && !holds_what_is_elsewhere(type, &data->root))
		return (Jsonb *) data;
	document = ScimJsonFromJsonb(data);
	if (wrong_schemas)
		(void) ScimJsonRemove(document, SCHEMAS);
	for (int i = document->val.object.nPairs - 1; i >= 0; i--)
	{
		const JsonbValue *key = &document->val.object.pairs[i].key;

		if (ScimIsKeptElsewhere(type, key->val.string.val, key->val.string.len))
			ScimJsonRemoveMember(document, i);
	}
	return ScimJsonToJsonb(document);
}

/* ScimStoredDocument is the same as a tree, which points into data. */
JsonbValue *
ScimStoredDocument(const ScimResourceType *type, const Jsonb *data)
{
	return ScimJsonFromJsonb(ScimStoredData(type, data));
}

/*
 * ScimStoredAsWritten is what the new document of a resource states beside its former
 * one, raw as the table holds it: what comes along from there is not stated.  Where
 * nothing does, it is data itself.
 */
Jsonb *
ScimStoredAsWritten(const ScimResourceType *type, const Jsonb *raw, const Jsonb *data)
{
	const JsonbValue *before;
	JsonbValue *document;
	bool any = false;

	before = ScimJsonFromJsonb(raw);
	document = ScimJsonFromJsonb(data);
	if (before->type != jbvObject || document->type != jbvObject)
		return ScimJsonEqual(before, document) ? ScimStoredData(type, raw)
											   : (Jsonb *) data;
	for (int i = document->val.object.nPairs - 1; i >= 0; i--)
	{
		const JsonbPair *pair = &document->val.object.pairs[i];

		if ((ScimIsKeptElsewhere(type, pair->key.val.string.val,
								 pair->key.val.string.len) ||
			 ScimJsonStringEquals(&pair->key, SCHEMAS)) &&
			ScimJsonSame(ScimJsonGetKey(before, &pair->key), &pair->value))
		{
			ScimJsonRemoveMember(document, i);
			any = true;
		}
	}
	return any ? ScimJsonToJsonb(document) : (Jsonb *) data;
}
