/*
 * limits.c
 *		How much one resource may hold.
 *
 * The amounts are settings.  The lengths are not: a value that an index or a hash
 * function has taken once must be good on every way in and for ever.
 *
 *		userName, externalId,	SCIM_MAX_KEY bytes, as sent and with its case folded:
 *		displayName				what a btree takes however badly it compresses, with
 *								room for another column beside it
 *		password				SCIM_MAX_PASSWORD bytes as SCRAM prepares it (RFC
 *								4013), which hashes it 4096 times
 *
 * A limit binds what a write changes: a resource that is above it already can be
 * changed, and only not grow.
 */
#include "postgres.h"

#include <limits.h>

#include "common/saslprep.h"

#include "json/json.h"
#include "miscadmin.h"

#include "resource/resource.h"
#include "setting/setting.h"
#include "text/fold.h"

/* Longest password as sent: what prepares to no more than a quarter. */
#define MAX_PASSWORD_SENT (4 * SCIM_MAX_PASSWORD)

/* Elements that are sent twice are one: before it is known which, so many stand for one.
 */
#define SENT_FOR_ONE 3

/*
 * What it takes to make a value of a multi-valued attribute anew, from the stored
 * document to the index, in looks at one.
 */
#define VALUE_VISITS 100

/* In fewer bytes there are so few that nobody counts them. */
#define SMALL_DOCUMENT 8192

static size_t key_length(const JsonbValue *value);
static int64 count_values(const ScimResourceType *type, const JsonbValue *document);
static int64 count_in(const JsonbValue *value);
static int64 count_sent(const ScimResourceType *type, const ScimSchema *extension,
						const JsonbValue *object, int options);

static void
add_too_many(const ScimResourceType *type, int64 values, List **problems)
{
	ScimProblem *problem = ScimProblemMake(
		SCIM_INVALID_VALUE, NULL,
		"a %s may have %d values in its multi-valued attributes, not " INT64_FORMAT,
		type->name, ScimSettingInForce(SCIM_SETTING_MAX_VALUES, type->name), values);

	problem->hint = "The setting max_values is the limit.";
	*problems = lappend(*problems, problem);
}

/*
 * ScimCheckSent appends a problem where a document as it was sent has far more values
 * than a resource may have, and than the document that it replaces (or NULL) has: it is
 * not taken apart, which takes memory for each.  What is not taken of it (options as of
 * ScimCanonicalise) does not count, as who sends back what GET has shown does not know.
 */
void
ScimCheckSent(const ScimResourceType *type, const JsonbValue *document,
			  const JsonbValue *old_document, int options, List **problems)
{
	int64 max = ScimSettingInForce(SCIM_SETTING_MAX_VALUES, type->name);
	int64 values = document->type == jbvObject ? count_sent(type, NULL, document, options)
											   : count_in(document);

	if (values > SENT_FOR_ONE * max &&
		(old_document == NULL || values > count_values(type, old_document)))
		add_too_many(type, values, problems);
}

/*
 * ScimCheckLimits appends a problem for each limit that a canonical document is
 * above and old_document, which it replaces (NULL for a new resource), is not.
 */
void
ScimCheckLimits(const ScimResourceType *type, const JsonbValue *document,
				const JsonbValue *old_document, List **problems)
{
	const JsonbValue *password = ScimJsonGet(document, "password");
	int64 values = count_values(type, document);
	int max_values = ScimSettingInForce(SCIM_SETTING_MAX_VALUES, type->name);

	for (int i = 0; i < SCIM_KEY_COLUMNS; i++)
	{
		const char *name = ScimKeyColumnInfos[i].attribute;
		const JsonbValue *value = ScimJsonGet(document, name);
		const JsonbValue *before = old_document ? ScimJsonGet(old_document, name) : NULL;
		size_t length;

		if (value == NULL || value->type != jbvString ||
			(before != NULL && ScimJsonEqual(before, value)))
			continue;
		length = key_length(value);
		if (length > SCIM_MAX_KEY)
			*problems = lappend(
				*problems,
				ScimProblemMake(SCIM_INVALID_VALUE, name,
								"attribute \"%s\" has %zu bytes, more than the %d that "
								"it may have",
								name, length, SCIM_MAX_KEY));
	}
	if (type->has_password && password != NULL && password->type == jbvString &&
		ScimPasswordIsTooLong(password->val.string.val, password->val.string.len))
		*problems = lappend(
			*problems,
			ScimProblemMake(SCIM_INVALID_VALUE, "password",
							"attribute \"password\" has more than the %d bytes that it "
							"may have",
							SCIM_MAX_PASSWORD));
	if (values > max_values &&
		(old_document == NULL || values > count_values(type, old_document)))
		add_too_many(type, values, problems);
}

/*
 * ScimCheckSize appends a problem where the document of a resource, as it would be
 * stored, is too large, and larger than the one before (NULL for a new resource).
 */
void
ScimCheckSize(const ScimResourceType *type, const Jsonb *document, const Jsonb *before,
			  List **problems)
{
	int max_size = ScimSettingInForce(SCIM_SETTING_MAX_RESOURCE_SIZE, type->name);

	ScimProblem *problem;

	if (VARSIZE(document) <= max_size ||
		(before != NULL && VARSIZE(document) <= VARSIZE(before)))
		return;
	problem = ScimProblemMake(SCIM_INVALID_VALUE, NULL,
							  "the document of a %s may have %d bytes, not %u",
							  type->name, max_size, VARSIZE(document));
	problem->hint = "The setting max_resource_size is the limit.";
	*problems = lappend(*problems, problem);
}

/*
 * ScimSpendDocument counts what it takes to change a resource with this document, by a
 * few bytes perhaps.
 */
void
ScimSpendDocument(const Jsonb *document)
{
	JsonbIterator *it = JsonbIteratorInit((JsonbContainer *) &document->root);
	JsonbIteratorToken token;
	JsonbValue value;
	int64 elements = 0;

	if (VARSIZE(document) <= SMALL_DOCUMENT)
		return;
	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_BEGIN_ARRAY)
			elements += value.val.array.nElems;
	}
	ScimSpendVisits(elements * VALUE_VISITS + VARSIZE(document) / 64);
}

/* The longer of a text and of the same with its case folded, which may grow. */
static size_t
key_length(const JsonbValue *value)
{
	size_t len = value->val.string.len;
	size_t folded_len;

	/* to three times its length at most, so that there is nothing to find out */
	if (len > SCIM_MAX_KEY || 3 * len <= SCIM_MAX_KEY)
		return len;
	pfree(ScimFold(value->val.string.val, len, &folded_len));
	return Max(len, folded_len);
}

/*
 * ScimPasswordIsTooLong says whether a password may not be hashed.  The same
 * characters may be written in many ways: what counts is the one into which SCRAM
 * brings them all.
 */
bool
ScimPasswordIsTooLong(const char *password, size_t len)
{
	char *prepared;

	if (len > MAX_PASSWORD_SENT)
		return true;
	/* what SCRAM cannot prepare it takes as it is */
	if (pg_saslprep(pnstrdup(password, len), &prepared) == SASLPREP_SUCCESS)
		len = strlen(prepared);
	return len > SCIM_MAX_PASSWORD;
}

static bool
is_name(const JsonbValue *key, const char *name)
{
	return ScimNameEqualN(key->val.string.val, key->val.string.len, name, strlen(name));
}

/*
 * What a key of a document as it was sent, or of the object of an extension in it,
 * names, with or without the URN of a schema; NULL for nothing that the type knows.
 */
static const ScimAttribute *
sent_attribute(const ScimResourceType *type, const ScimSchema *extension,
			   const JsonbValue *key)
{
	const char *name = key->val.string.val;
	int len = key->val.string.len;
	const ScimAttribute *attribute =
		extension != NULL ? ScimSchemaAttribute(extension, name, len) : NULL;

	for (int i = -1; attribute == NULL && i < type->nextensions; i++)
	{
		const ScimSchema *schema = i < 0 ? type->schema : type->extensions[i].schema;
		int urn_len = schema->id_len;
		bool is_urn = len > urn_len + 1 && name[urn_len] == ':' &&
					  ScimNameEqualN(schema->id, urn_len, name, urn_len);
		const char *own = is_urn ? name + urn_len + 1 : name;
		int own_len = is_urn ? len - urn_len - 1 : len;

		attribute = ScimSchemaAttribute(schema, own, own_len);
		if (attribute == NULL && i < 0)
			attribute = ScimSchemaAttribute(type->common, own, own_len);
	}
	return attribute;
}

/* Is what is sent of an attribute, or of what is none, left out? */
static bool
is_left_out(const ScimResourceType *type, const ScimAttribute *attribute, int options)
{
	if (attribute == NULL)
		return ScimIgnoresUnknownAttributes(type);
	if (type->has_members && attribute->schema == type->schema &&
		strcmp(attribute->name, "members") == 0)
		return true;
	return attribute->mutability == SCIM_READ_ONLY &&
		   ((options & SCIM_BY_SERVICE) == 0 || attribute->schema == NULL ||
			(type->has_groups && attribute->schema == type->schema &&
			 strcmp(attribute->name, "groups") == 0));
}

/* count_values of a document as it was sent, or of the object of an extension in it. */
static int64
count_sent(const ScimResourceType *type, const ScimSchema *extension,
		   const JsonbValue *object, int options)
{
	int64 count = 0;

	check_stack_depth();
	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];
		const ScimSchema *inner = ScimResourceTypeSchema(type, pair->key.val.string.val,
														 pair->key.val.string.len);

		CHECK_FOR_INTERRUPTS();
		if (inner == type->schema)
			inner = NULL;
		if (is_name(&pair->key, "schemas") &&
			(extension == NULL || sent_attribute(type, extension, &pair->key) == NULL))
			continue;
		if (inner != NULL && pair->value.type == jbvObject)
			count += count_sent(type, inner, &pair->value, options);
		else if (inner != NULL ||
				 !is_left_out(type, sent_attribute(type, extension, &pair->key), options))
			count += count_in(&pair->value);
	}
	return count;
}

/*
 * The elements of all arrays of a document, but for "schemas" and the members, canonical
 * or not.
 */
static int64
count_values(const ScimResourceType *type, const JsonbValue *document)
{
	const char *members =
		type->has_members ? psprintf("%s:members", type->schema->id) : NULL;
	int64 count = 0;

	for (int i = 0; i < document->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &document->val.object.pairs[i];

		if (!is_name(&pair->key, "schemas") &&
			(members == NULL ||
			 (!is_name(&pair->key, "members") && !is_name(&pair->key, members))))
			count += count_in(&pair->value);
	}
	return count;
}

static int64
count_in(const JsonbValue *value)
{
	int64 count = 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		count = value->val.array.nElems;
		for (int i = 0; i < value->val.array.nElems; i++)
			count += count_in(&value->val.array.elems[i]);
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
			count += count_in(&value->val.object.pairs[i].value);
	}
	return count;
}
