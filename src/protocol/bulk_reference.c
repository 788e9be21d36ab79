/*
 * bulk_reference.c
 *		Where in the data of a bulk operation a reference bulkId:x may stand.
 *
 * RFC 7644 section 3.7.2 has it where an id belongs: in attributes of type reference,
 * in the "value" beside a "$ref", and in whatever else a policy "reference" is about.
 * Any other attribute keeps its text, even one that looks like a reference.  What the
 * schemas do not know, such as a name of a policy "wire", may be one.  The same holds for
 * what filters in paths of a PATCH compare attributes with.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "filter/filter.h"
#include "json/json.h"
#include "message/message.h"
#include "operation/operation.h"
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
	bool in_patch; /* keys may be paths */
} Places;

static void of_object(const Places *places, const ScimSchema *schema, JsonbValue *object);

/* The resource type that a path leads to, or NULL. */
static const ScimResourceType *
type_of_path(ScimStore *store, const char *path)
{
	while (*path != '\0' && *path != '?')
	{
		size_t len = strcspn(path, "/?");
		const char *segment = len > 0 ? ScimTargetDecoded(path, len) : NULL;
		const ScimResourceType *type =
			segment != NULL
				? ScimRegistryTypeByEndpoint(store->registry, segment, strlen(segment))
				: NULL;

		if (type != NULL)
			return type;
		if (segment != NULL && ScimPathKindOf(segment, 1) == SCIM_PATH_ME)
			return ScimTypeOfPerson(store, ScimMeIn(store->namespace_oid));
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

/* May what a term of the filter of a path compares with be a reference? */
static bool
term_may_refer(const Places *places, const ScimAttribute *attribute,
			   const ScimFilter *filter, const ScimFilterNode *node)
{
	const char *name = ScimFilterString(filter, node->name);
	const ScimAttribute *sub;

	if (attribute == NULL || node->urn != 0 || node->sub != 0)
		return true;
	if (attribute->nsubs == 0)
		return pg_strcasecmp(name, "value") != 0 || may_refer(places, attribute);
	sub = ScimAttributeSub(attribute, name, strlen(name));
	return sub == NULL || may_refer(places, sub);
}

/* Behind the string in quotes that begins here. */
static const char *
end_of_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\';
	return Min(p + 1, end);
}

/*
 * The texts that the filter of a path compares with, which are strings as JSON has them:
 * in the order of its terms.
 */
static void
of_filter(const Places *places, JsonbValue *path_text)
{
	const char *p = path_text->val.string.val;
	const char *end = p + path_text->val.string.len;
	ScimProblem *problem = NULL;
	const ScimPath *path;
	const ScimFilter *filter;
	const ScimAttribute *attribute = NULL;
	ScimAttrRef ref;
	ScimResolved resolved;
	StringInfoData out;

	if (memchr(p, '"', end - p) == NULL)
		return;
	path = ScimPathParse(p, end - p, &problem);
	filter = path != NULL ? ScimPathFilter(path) : NULL;
	if (filter == NULL)
		return;
	ref = ScimPathAttrRef(path);
	ref.sub = NULL;
	if (places->type != NULL && ScimResolve(places->type, &ref, &resolved))
		attribute = resolved.attribute;
	initStringInfo(&out);
	for (uint32 i = 0; i < filter->nnodes; i++)
	{
		const ScimFilterNode *node = &filter->nodes[i];
		JsonbValue literal = {.type = jbvString};
		const char *quote;

		CHECK_FOR_INTERRUPTS();
		if (node->kind != SCIM_NODE_COMPARE || node->literal != SCIM_LITERAL_STRING)
			continue;
		quote = memchr(p, '"', end - p);
		if (quote == NULL)
			elog(ERROR, "a filter has more strings than its text");
		appendBinaryStringInfo(&out, p, quote - p);
		p = end_of_string(quote, end);
		literal.val.string.val =
			unconstify(char *, ScimFilterString(filter, node->value));
		literal.val.string.len = node->value_len;
		if (node->value_len > 0 && term_may_refer(places, attribute, filter, node))
			places->found(&literal, places->arg);
		if (literal.val.string.val != ScimFilterString(filter, node->value))
			ScimJsonWriteString(&out, literal.val.string.val, literal.val.string.len);
		else
			appendBinaryStringInfo(&out, quote, p - quote);
	}
	appendBinaryStringInfo(&out, p, end - p);
	path_text->val.string.val = out.data;
	path_text->val.string.len = out.len;
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
		const char *name;
		size_t len;
		const ScimAttribute *attribute;

		if (places->in_patch)
			of_filter(places, &pair->key);
		name = pair->key.val.string.val;
		len = pair->key.val.string.len;
		attribute = ScimSchemaAttribute(schema, name, len);
		if (attribute != NULL)
			of_attribute(places, attribute, &pair->value);
		else
			of_path(places, name, len, &pair->value);
	}
	if (places->in_patch)
		ScimJsonForgetKeys(object);
}

/* An operation of a PATCH; its path holds references in filters. */
static void
of_operation(const Places *places, JsonbValue *operation)
{
	JsonbValue *path = ScimJsonGetFolded(operation, "path");
	JsonbValue *value = ScimJsonGetFolded(operation, "value");

	if (path != NULL && path->type == jbvString)
		of_filter(places, path);
	if (value == NULL)
		return;
	if (places->type == NULL)
		places->found(value, places->arg);
	else if (path != NULL && path->type == jbvString && path->val.string.len > 0)
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

	if (data->type != jbvObject)
	{
		found(data, arg);
		return;
	}
	if (places.type != NULL)
		places.rules = ScimRulesFor(store, ScimTenant(), places.type);
	operations = ScimJsonGetFolded(data, "Operations");
	if (operations == NULL || operations->type != jbvArray)
	{
		if (places.type == NULL)
			found(data, arg);
		else
			of_object(&places, places.type->schema, data);
		return;
	}
	places.in_patch = true;
	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		JsonbValue *operation = &operations->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if (operation->type == jbvObject)
			of_operation(&places, operation);
	}
}
