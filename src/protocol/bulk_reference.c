/*
 * bulk_reference.c
 *		Where in the data of a bulk operation a reference bulkId:x may stand.
 *
 * RFC 7644 section 3.7.2 has it where an id belongs: in attributes of type reference,
 * in the "value" beside a "$ref", and in whatever else a policy "reference" is about.
 * Any other attribute keeps its text, even one that looks like a reference.  What the
 * schemas do not know, such as a name of a policy "wire", may be one.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "path/path.h"
#include "policy/policy.h"
#include "protocol/protocol.h"
#include "store/acting.h"

/* What is looked through, and who is told of each part that may hold references. */
typedef struct Places
{
	const ScimResourceType *type;
	const ScimRules *rules;
	ScimMayRefer found;
	void *arg;
} Places;

static void of_object(const Places *places, const ScimSchema *schema, JsonbValue *object);

/* The resource type that a path leads to, or NULL. */
static const ScimResourceType *
type_of_path(const ScimStore *store, const char *path)
{
	while (*path != '\0')
	{
		size_t len = strcspn(path, "/");
		const ScimResourceType *type =
			len > 0 ? ScimRegistryTypeByEndpoint(store->registry, path, len) : NULL;

		if (type != NULL)
			return type;
		path += len;
		path += strspn(path, "/");
	}
	return NULL;
}

static bool
has_policy(const Places *places, const ScimAttribute *attribute)
{
	ListCell *row;
	ListCell *lc;

	foreach (row, places->rules->of[SCIM_RULE_REFERENCE])
	{
		foreach (lc, (List *) ((const ScimRule *) lfirst(row))->compiled)
		{
			const ScimValueRule *rule = lfirst(lc);

			if (attribute == ScimLeaf(&rule->resolved))
				return true;
		}
	}
	return false;
}

/* May a string that is the value of an attribute be a reference? */
static bool
may_refer(const Places *places, const ScimAttribute *attribute)
{
	const ScimAttribute *parent = attribute->parent;
	const ScimAttribute *value;

	if (ScimHasType(attribute, SCIM_TYPE_REFERENCE) || attribute->type == SCIM_TYPE_ANY ||
		has_policy(places, attribute))
		return true;
	if (parent != NULL)
		return pg_strcasecmp(attribute->name, "value") == 0 &&
			   ScimAttributeSub(parent, "$ref", strlen("$ref")) != NULL;
	/* a complex attribute that is stated as a string is its "value" */
	value = ScimAttributeSub(attribute, "value", strlen("value"));
	return value != NULL && may_refer(places, value);
}

static void
of_attribute(const Places *places, const ScimAttribute *attribute, JsonbValue *value)
{
	check_stack_depth();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			of_attribute(places, attribute, &value->val.array.elems[i]);
	}
	else if (value->type == jbvObject && attribute->nsubs > 0)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			JsonbPair *pair = &value->val.object.pairs[i];
			const ScimAttribute *sub = ScimAttributeSub(
				attribute, pair->key.val.string.val, pair->key.val.string.len);

			if (sub == NULL)
				places->found(&pair->value, places->arg);
			else
				of_attribute(places, sub, &pair->value);
		}
	}
	else if (may_refer(places, attribute))
		places->found(value, places->arg);
}

/* A value that stands where a path leads. */
static void
of_path(const Places *places, const char *text, size_t len, JsonbValue *value)
{
	ScimProblem *problem = NULL;
	const ScimPath *path = ScimPathParse(text, len, &problem);
	ScimAttrRef ref;
	ScimResolved resolved;

	if (path != NULL && problem == NULL)
	{
		ref = ScimPathAttrRef(path);
		if (ScimResolve(places->type, &ref, &resolved))
		{
			if (resolved.sub != NULL)
				of_attribute(places, resolved.sub, value);
			else if (resolved.attribute != NULL)
				of_attribute(places, resolved.attribute, value);
			else if (resolved.extension != NULL && value->type == jbvObject)
				of_object(places, resolved.extension, value);
			else
				places->found(value, places->arg);
			return;
		}
	}
	places->found(value, places->arg);
}

/* A document, or what an extension says of it; keys may be paths, as in a PATCH. */
static void
of_object(const Places *places, const ScimSchema *schema, JsonbValue *object)
{
	check_stack_depth();
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		JsonbPair *pair = &object->val.object.pairs[i];
		const char *name = pair->key.val.string.val;
		size_t len = pair->key.val.string.len;
		const ScimAttribute *attribute = ScimSchemaAttribute(schema, name, len);

		if (attribute != NULL)
			of_attribute(places, attribute, &pair->value);
		else
			of_path(places, name, len, &pair->value);
	}
}

/* An operation of a PATCH; its path holds references in filters. */
static void
of_operation(const Places *places, JsonbValue *operation)
{
	JsonbValue *path = ScimJsonGetFolded(operation, "path");
	JsonbValue *value = ScimJsonGetFolded(operation, "value");

	if (path != NULL)
		places->found(path, places->arg);
	if (value == NULL)
		return;
	if (path != NULL && path->type == jbvString && path->val.string.len > 0)
		of_path(places, path->val.string.val, path->val.string.len, value);
	else if (value->type == jbvObject)
		of_object(places, places->type->schema, value);
	else
		places->found(value, places->arg);
}

/*
 * ScimBulkPlaces tells found of each part of an operation's data, whose path is path,
 * that may be a reference or hold some.
 */
void
ScimBulkPlaces(ScimStore *store, const char *path, JsonbValue *data, ScimMayRefer found,
			   void *arg)
{
	Places places = {.type = type_of_path(store, path), .found = found, .arg = arg};
	JsonbValue *operations;

	if (places.type == NULL || data->type != jbvObject)
	{
		found(data, arg);
		return;
	}
	places.rules = ScimRulesFor(store, ScimTenant(), places.type);
	operations = ScimJsonGetFolded(data, "Operations");
	if (operations == NULL || operations->type != jbvArray)
	{
		of_object(&places, places.type->schema, data);
		return;
	}
	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		JsonbValue *operation = &operations->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if (operation->type == jbvObject)
			of_operation(&places, operation);
	}
}
