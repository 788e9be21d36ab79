/*
 * unique.c
 *		The values that no other resource may have (RFC 7643 section 2.2,
 *		"uniqueness").
 *
 * A value's key is a text: two values have the same key where SCIM calls them
 * equal, by caseExact for strings, as numbers and as instants.  It is short
 * enough for an index: what is longer is told apart by its SHA-256.
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/hashfn.h"
#include "common/sha2.h"

#include "schema/canonical/canonical.h"

#include "json/buckets.h"
#include "json/json.h"
#include "miscadmin.h"

#include "text/text.h"
#include "utils/numeric.h"

/* Longest key that is the value itself, in bytes. */
#define MAX_PLAIN_KEY 512

/* The values found, and where an equal one may be. */
typedef struct Found
{
	List *values; /* of ScimUniqueValue * */
	ScimBuckets by_key;
} Found;

static void add_attribute(Found *found, const ScimUniqueAttribute *attribute,
						  const JsonbValue *document);
static const JsonbValue *primary_element(const JsonbValue *array);
static void add_values(Found *found, const ScimUniqueAttribute *attribute,
					   const JsonbValue *value, bool at_sub);
static char *value_key(const ScimUniqueAttribute *unique, const JsonbValue *value);
static char *string_key(const ScimUniqueAttribute *unique, const char *text, int len);
static char *short_key(const char *text, size_t len);

/*
 * ScimUniqueValues lists what a canonical document has of the attributes of its
 * type that are unique, and of others (ScimUniqueAttribute *) that are:
 * ScimUniqueValue *, each key of an attribute once.  The values point into the
 * document.
 */
List *
ScimUniqueValues(const ScimResourceType *type, const List *others,
				 const JsonbValue *document)
{
	Found found = {NIL};
	const ListCell *lc;

	if (type->nunique == 0 && others == NIL)
		return NIL;
	ScimBucketsInit(&found.by_key, 0);
	for (int i = 0; i < type->nunique; i++)
		add_attribute(&found, &type->unique[i], document);
	foreach (lc, others)
		add_attribute(&found, lfirst(lc), document);
	ScimBucketsFree(&found.by_key);
	return found.values;
}

/* What a document has of one attribute. */
static void
add_attribute(Found *found, const ScimUniqueAttribute *attribute,
			  const JsonbValue *document)
{
	const JsonbValue *value;

	if (attribute->extension != NULL)
		document = ScimJsonGet(document, attribute->extension->id);
	if (document == NULL || document->type != jbvObject)
		return;
	value = ScimJsonGet(document, attribute->attribute->name);
	if (value != NULL && attribute->primary && value->type == jbvArray)
		value = primary_element(value);
	if (value != NULL)
		add_values(found, attribute, value, false);
}

/* The element that says so, or the only one; NULL: none. */
static const JsonbValue *
primary_element(const JsonbValue *array)
{
	const JsonbValue *primary = ScimPrimaryElement(array);

	if (primary == NULL && array->val.array.nElems == 1)
		primary = &array->val.array.elems[0];
	return primary;
}

/* ScimUniqueValueHash is the same for the same value of the same attribute. */
uint32
ScimUniqueValueHash(const ScimUniqueValue *value)
{
	return hash_combine(ScimHash(value->key, strlen(value->key)),
						ScimHash(&value->attribute, sizeof(void *)));
}

/* ScimUniqueValueEqual: the same value of the same attribute? */
bool
ScimUniqueValueEqual(const ScimUniqueValue *a, const ScimUniqueValue *b)
{
	return a->attribute == b->attribute && strcmp(a->key, b->key) == 0;
}

/* A value or the elements of an array, of the attribute or of its sub-attribute. */
static void
add_values(Found *found, const ScimUniqueAttribute *attribute, const JsonbValue *value,
		   bool at_sub)
{
	ScimUniqueValue *added;
	char *key;
	uint32 hash;

	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			add_values(found, attribute, &value->val.array.elems[i], at_sub);
		return;
	}
	if (attribute->sub != NULL && !at_sub)
	{
		value =
			value->type == jbvObject ? ScimJsonGet(value, attribute->sub->name) : NULL;
		if (value != NULL)
			add_values(found, attribute, value, true);
		return;
	}
	key = value_key(attribute, value);
	if (key == NULL)
		return;
	added = palloc(sizeof(ScimUniqueValue));
	added->attribute = attribute;
	added->value = value;
	added->key = key;
	hash = ScimUniqueValueHash(added);
	for (int at = ScimBucketsFirst(&found->by_key, hash); at >= 0;
		 at = ScimBucketsNext(&found->by_key, at))
	{
		if (ScimUniqueValueEqual(
				list_nth(found->values, ScimBucketsItem(&found->by_key, at)), added))
			return;
	}
	ScimBucketsAdd(&found->by_key, hash, list_length(found->values));
	found->values = lappend(found->values, added);
}

/* NULL for what the attribute cannot hold: a document of an earlier schema. */
static char *
value_key(const ScimUniqueAttribute *unique, const JsonbValue *value)
{
	const ScimAttribute *attribute =
		unique->sub != NULL ? unique->sub : unique->attribute;
	const char *kind; /* "5" is another value than 5, where there may be both */
	char *key;

	switch (value->type)
	{
		case jbvString:
			key = string_key(unique, value->val.string.val, value->val.string.len);
			kind = "string";
			break;
		case jbvNumeric:
			key = numeric_normalize(value->val.numeric);
			key = short_key(key, strlen(key));
			kind = "number";
			break;
		case jbvBool:
			key = pstrdup(value->val.boolean ? "true" : "false");
			kind = "boolean";
			break;
		default:
			return NULL;
	}
	return attribute->type == SCIM_TYPE_SEVERAL ? psprintf("%s:%s", kind, key) : key;
}

static char *
string_key(const ScimUniqueAttribute *unique, const char *text, int len)
{
	ScimResolved resolved = {unique->extension, unique->attribute, unique->sub};
	ScimInstant instant;
	char *folded;
	size_t folded_len;

	if (ScimHasType(ScimLeaf(&resolved), SCIM_TYPE_DATETIME) &&
		ScimInstantParse(text, len, &instant))
		return psprintf(INT64_FORMAT ".%09d", instant.seconds, instant.nanoseconds);
	folded = ScimFoldBy(ScimFoldingOf(&resolved), text, len, &folded_len);
	return short_key(folded, folded_len);
}

/* A text that is short, or its digest. */
static char *
short_key(const char *text, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	uint8 digest[PG_SHA256_DIGEST_LENGTH];
	pg_cryptohash_ctx *context;
	StringInfoData key;

	if (len <= MAX_PLAIN_KEY)
		return pnstrdup(text, len);
	context = pg_cryptohash_create(PG_SHA256);
	if (context == NULL || pg_cryptohash_init(context) < 0 ||
		pg_cryptohash_update(context, (const uint8 *) text, len) < 0 ||
		pg_cryptohash_final(context, digest, sizeof(digest)) < 0)
		elog(ERROR, "could not compute a SHA-256 digest");
	pg_cryptohash_free(context);
	initStringInfo(&key);
	appendStringInfoString(&key, "sha256:");
	for (size_t i = 0; i < sizeof(digest); i++)
	{
		appendStringInfoChar(&key, digits[digest[i] >> 4]);
		appendStringInfoChar(&key, digits[digest[i] & 15]);
	}
	return key.data;
}
