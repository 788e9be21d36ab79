/*
 * told.c
 *		What an event says of a change: pure functions over documents.
 *
 * RFC 9967 section 2.2: "attributes" are paths of what has changed, "data" is what a
 * client would have had to send.  The latter is made from the documents before and after
 * and not from the request: so it tells what policies made of it, too, and of plain SQL
 * the same as of a PATCH.
 *
 * No secret is told: what is never returned, or only written, is a path and no value.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "event/event.h"
#include "json/json.h"
#include "store/statement/statement.h"

#define PATCH_URN "urn:ietf:params:scim:api:messages:2.0:PatchOp"

typedef struct Telling
{
	const ScimResourceType *type;
	List *paths;
	JsonbValue *operations; /* an array, or NULL */
} Telling;

static bool
has_secret(const ScimAttribute *attribute)
{
	for (int i = 0; i < attribute->nsubs; i++)
	{
		if (ScimIsSecret(&attribute->subs[i]))
			return true;
	}
	return false;
}

static const JsonbValue *
without_secrets(const ScimAttribute *attribute, const JsonbValue *value)
{
	JsonbValue *copy;

	if (value->type == jbvArray)
	{
		copy = ScimJsonNewArray();
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			CHECK_FOR_INTERRUPTS();
			ScimJsonAppend(copy, without_secrets(attribute, &value->val.array.elems[i]));
		}
		return copy;
	}
	if (value->type != jbvObject)
		return value;
	copy = ScimJsonNewObject();
	for (int i = 0; i < value->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];
		const ScimAttribute *sub = ScimAttributeSub(attribute, pair->key.val.string.val,
													pair->key.val.string.len);

		if (sub != NULL && !ScimIsSecret(sub))
			ScimJsonSetN(copy, pair->key.val.string.val, pair->key.val.string.len,
						 &pair->value);
	}
	return copy;
}

/* What may be told of a value; NULL: nothing. */
static const JsonbValue *
disclosed(const ScimAttribute *attribute, const JsonbValue *value)
{
	if (attribute == NULL || ScimIsSecret(attribute))
		return NULL;
	if (!has_secret(attribute))
		return value;
	value = without_secrets(attribute, value);
	/* as in an answer, nothing is left of what has nothing else */
	return ScimJsonIsUnassigned(value) ? NULL : value;
}

static JsonbValue *
operation(const char *op, const char *path)
{
	JsonbValue *object = ScimJsonNewObject();

	ScimJsonSet(object, "op", ScimJsonNewString(op));
	ScimJsonSet(object, "path", ScimJsonNewString(path));
	return object;
}

/* attribute NULL: one that no schema knows */
static void
tell_value(Telling *telling, const char *path, const ScimAttribute *attribute,
		   const JsonbValue *before, const JsonbValue *after)
{
	const JsonbValue *value;
	JsonbValue *object;

	telling->paths = lappend(telling->paths, (char *) path);
	if (telling->operations == NULL)
		return;
	if (after == NULL)
	{
		ScimJsonAppend(telling->operations, operation("remove", path));
		return;
	}
	value = disclosed(attribute, after);
	if (value == NULL)
		return;
	object = operation(before != NULL ? "replace" : "add", path);
	ScimJsonSet(object, "value", value);
	ScimJsonAppend(telling->operations, object);
}

static void
tell_attribute(Telling *telling, const char *prefix, const ScimSchema *schema,
			   const JsonbValue *key, const JsonbValue *before, const JsonbValue *after);

/* The attributes of a schema in two objects, of which one may be NULL. */
static void
tell_attributes(Telling *telling, const char *prefix, const ScimSchema *schema,
				const JsonbValue *before, const JsonbValue *after)
{
	for (int i = 0; after != NULL && i < after->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &after->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		tell_attribute(telling, prefix, schema, &pair->key,
					   ScimJsonGetKey(before, &pair->key), &pair->value);
	}
	for (int i = 0; before != NULL && i < before->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &before->val.object.pairs[i];

		CHECK_FOR_INTERRUPTS();
		if (ScimJsonGetKey(after, &pair->key) == NULL)
			tell_attribute(telling, prefix, schema, &pair->key, &pair->value, NULL);
	}
}

/* The parts of a complex attribute that is there before and after. */
static void
tell_parts(Telling *telling, const char *path, const ScimAttribute *attribute,
		   const JsonbValue *before, const JsonbValue *after)
{
	for (int i = 0; i < attribute->nsubs; i++)
	{
		const ScimAttribute *sub = &attribute->subs[i];
		const JsonbValue *was = ScimJsonGet(before, sub->name);
		const JsonbValue *is = ScimJsonGet(after, sub->name);

		if (!ScimJsonSame(was, is))
			tell_value(telling, psprintf("%s.%s", path, sub->name), sub, was, is);
	}
}

static void
tell_attribute(Telling *telling, const char *prefix, const ScimSchema *schema,
			   const JsonbValue *key, const JsonbValue *before, const JsonbValue *after)
{
	const char *name = key->val.string.val;
	int len = key->val.string.len;
	const ScimAttribute *attribute = ScimSchemaAttribute(schema, name, len);
	const ScimSchema *extension;
	const char *path;

	if (before != NULL && after != NULL && ScimJsonEqual(before, after))
		return;
	if (attribute == NULL && schema == telling->type->schema)
		attribute = ScimSchemaAttribute(telling->type->common, name, len);
	if (attribute != NULL && schema == telling->type->schema &&
		strcmp(attribute->name, "schemas") == 0)
		return; /* it follows from the others */
	extension = attribute == NULL && schema == telling->type->schema
					? ScimResourceTypeSchema(telling->type, name, len)
					: NULL;
	if (extension != NULL && (before == NULL || before->type == jbvObject) &&
		(after == NULL || after->type == jbvObject))
	{
		tell_attributes(telling, psprintf("%s:", extension->id), extension, before,
						after);
		return;
	}
	path = psprintf("%s%.*s", prefix, len, name);
	if (attribute != NULL && attribute->nsubs > 0 && before != NULL && after != NULL &&
		before->type == jbvObject && after->type == jbvObject)
		tell_parts(telling, path, attribute, before, after);
	else
		tell_value(telling, path, attribute, before, after);
}

/* A copy of an object of a document without what is not told. */
static JsonbValue *
disclosed_document(const ScimResourceType *type, const ScimSchema *schema,
				   const JsonbValue *document)
{
	JsonbValue *copy = ScimJsonNewObject();

	for (int i = 0; i < document->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &document->val.object.pairs[i];
		const char *name = pair->key.val.string.val;
		int len = pair->key.val.string.len;
		const ScimAttribute *attribute = ScimSchemaAttribute(schema, name, len);
		const ScimSchema *extension = NULL;
		const JsonbValue *value;

		CHECK_FOR_INTERRUPTS();
		if (attribute == NULL && schema == type->schema)
		{
			attribute = ScimSchemaAttribute(type->common, name, len);
			if (attribute == NULL)
				extension = ScimResourceTypeSchema(type, name, len);
		}
		if (extension != NULL && pair->value.type == jbvObject)
		{
			value = disclosed_document(type, extension, &pair->value);
			if (ScimJsonIsUnassigned(value))
				value = NULL;
		}
		else
			value = disclosed(attribute, &pair->value);
		if (value != NULL)
			ScimJsonSetN(copy, name, len, value);
	}
	return copy;
}

static JsonbValue *
member_value(const ScimMemberTold *member)
{
	JsonbValue *object = ScimJsonNewObject();

	ScimJsonSet(
		object, "value",
		ScimJsonNewString(member->value ? member->value : ScimUuidText(&member->id)));
	if (member->type != NULL)
		ScimJsonSet(object, "type", ScimJsonNewString(member->type));
	return object;
}

static JsonbValue *
member_values(const List *members)
{
	JsonbValue *array = ScimJsonNewArray();
	const ListCell *lc;

	foreach (lc, members)
		ScimJsonAppend(array, member_value(lfirst(lc)));
	return array;
}

static void
tell_members(JsonbValue *operations, const ScimMembersTold *members)
{
	const ListCell *lc;

	foreach (lc, members->removed)
	{
		const ScimMemberTold *member = lfirst(lc);
		StringInfoData path;
		const char *value = member->value ? member->value : ScimUuidText(&member->id);

		initStringInfo(&path);
		appendStringInfoString(&path, "members[value eq ");
		ScimJsonWriteString(&path, value, strlen(value));
		appendStringInfoChar(&path, ']');
		ScimJsonAppend(operations, operation("remove", path.data));
	}
	if (members->added != NIL)
	{
		JsonbValue *added = operation("add", "members");

		ScimJsonSet(added, "value", member_values(members->added));
		ScimJsonAppend(operations, added);
	}
}

static Jsonb *
as_jsonb(const JsonbValue *tree)
{
	return ScimJsonToJsonb(ScimJsonCopy(tree));
}

/*
 * ScimTell says what an event tells of a change from one document to another.  before
 * NULL: there was none.  members: who came and went, or NULL.  told->data stays NULL
 * where only the paths are wanted, where nothing has changed, such as a status alone, and
 * where data could not say all that has: a value that may not be told, or more members
 * than an event names.
 */
void
ScimTell(const ScimResourceType *type, const pg_uuid_t *id, const JsonbValue *before,
		 const JsonbValue *after, bool password_changed, const ScimMembersTold *members,
		 ScimTellAs as, ScimTold *told)
{
	Telling telling = {type, NIL, NULL};

	if (as == SCIM_TELL_OPERATIONS)
		telling.operations = ScimJsonNewArray();
	if (before == NULL)
		telling.paths = lappend(telling.paths, "id");
	tell_attributes(&telling, "", type->schema, before, after);
	if (password_changed)
		telling.paths = lappend(telling.paths, "password");
	if (members != NULL)
		telling.paths = lappend(telling.paths, "members");
	told->has_attributes = telling.paths != NIL;
	told->attributes = telling.paths;
	told->members = members;
	told->data = NULL;
	if (members != NULL && members->is_cut)
		return;
	if (as == SCIM_TELL_DOCUMENT)
	{
		JsonbValue *document = disclosed_document(type, type->schema, after);

		ScimJsonSet(document, "id", ScimJsonNewString(ScimUuidText(id)));
		if (members != NULL && members->added != NIL)
			ScimJsonSet(document, "members", member_values(members->added));
		told->data = as_jsonb(document);
	}
	else if (as == SCIM_TELL_OPERATIONS)
	{
		JsonbValue *message = ScimJsonNewObject();
		JsonbValue *schemas = ScimJsonNewArray();

		if (members != NULL)
			tell_members(telling.operations, members);
		if (telling.operations->val.array.nElems == 0)
			return;
		ScimJsonAppend(schemas, ScimJsonNewString(PATCH_URN));
		ScimJsonSet(message, "schemas", schemas);
		ScimJsonSet(message, "Operations", telling.operations);
		told->data = as_jsonb(message);
	}
}
