/*
 * same.c
 *		Whether two values are one to their attribute, as a filter asks with "eq".
 *
 * Values are canonical, or of the form that an earlier schema gave them.  Strings compare
 * by caseExact, userName as itself, dateTimes as instants, numbers by what they are
 * worth; a list is the same where each of its values is, in their order, and a complex
 * value where each of its parts is.  Beyond what a filter asks, binary values compare by
 * their bytes: both alphabets of base64, with padding or without.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "json/json.h"
#include "schema/canonical/canonical.h"
#include "text/text.h"

/* As which type an attribute has a string. */
static ScimType
string_type(const ScimAttribute *attribute)
{
	ScimTypes types = attribute->types & SCIM_TYPES_OF_STRINGS;

	if (attribute->type != SCIM_TYPE_SEVERAL)
		return attribute->type;
	return types != 0 ? (ScimType) pg_rightmost_one_pos32(types) : SCIM_TYPE_STRING;
}

/* The part of a value of an attribute, or nothing that its schema knows. */
static ScimResolved
part_of(const ScimResolved *of, const JsonbValue *key)
{
	ScimResolved part = {.extension = of->extension, .attribute = of->attribute};

	if (of->sub == NULL)
		part.sub =
			ScimAttributeSub(of->attribute, key->val.string.val, key->val.string.len);
	return part;
}

static int
digits_of(const JsonbValue *value)
{
	int len = value->val.string.len;

	while (len > 0 && value->val.string.val[len - 1] == '=')
		len--;
	return len;
}

static char
standard_digit(char c)
{
	return c == '-' ? '+' : c == '_' ? '/' : c;
}

/* ScimBytesSame: are two base64 strings of the same bytes? */
bool
ScimBytesSame(const JsonbValue *a, const JsonbValue *b)
{
	int len = digits_of(a);

	if (len != digits_of(b))
		return false;
	for (int i = 0; i < len; i++)
	{
		if (standard_digit(a->val.string.val[i]) != standard_digit(b->val.string.val[i]))
			return false;
	}
	return true;
}

/* ScimBytesHash: the same of all that ScimBytesSame takes for one. */
uint32
ScimBytesHash(const JsonbValue *value)
{
	int len = digits_of(value);
	char *digits = palloc(len + 1);
	uint32 hash;

	for (int i = 0; i < len; i++)
		digits[i] = standard_digit(value->val.string.val[i]);
	hash = ScimHash(digits, len);
	pfree(digits);
	return hash;
}

static bool
instant_of(const JsonbValue *value, ScimInstant *instant)
{
	return ScimInstantParse(value->val.string.val, value->val.string.len, instant);
}

/* How the strings of an attribute compare that are texts. */
static ScimFolding
folding_of(const ScimResolved *of, ScimType type)
{
	/* of what is sealed nobody knows the letters */
	if (type == SCIM_TYPE_REFERENCE || ScimLeaf(of)->sealed)
		return SCIM_FOLD_NONE;
	return ScimFoldingOf(of);
}

static bool
same_string(const ScimResolved *of, const JsonbValue *a, const JsonbValue *b)
{
	ScimType type = string_type(ScimLeaf(of));
	ScimInstant x;
	ScimInstant y;

	if (type == SCIM_TYPE_DATETIME && instant_of(a, &x) && instant_of(b, &y))
		return ScimInstantCompare(&x, &y) == 0;
	if (type == SCIM_TYPE_BINARY)
		return ScimBytesSame(a, b);
	return ScimFoldByEqual(folding_of(of, type), a->val.string.val, a->val.string.len,
						   b->val.string.val, b->val.string.len);
}

static uint32
hash_string(const ScimResolved *of, const JsonbValue *value)
{
	ScimType type = string_type(ScimLeaf(of));
	ScimInstant instant;

	if (type == SCIM_TYPE_DATETIME && instant_of(value, &instant))
		return hash_combine(ScimHash(&instant.seconds, sizeof(instant.seconds)),
							instant.nanoseconds);
	if (type == SCIM_TYPE_BINARY)
		return ScimBytesHash(value);
	return ScimFoldByHash(folding_of(of, type), value->val.string.val,
						  value->val.string.len);
}

static bool
same_array(const ScimResolved *of, const JsonbValue *a, const JsonbValue *b)
{
	if (a->val.array.nElems != b->val.array.nElems)
		return false;
	for (int i = 0; i < a->val.array.nElems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!ScimSameValue(of, &a->val.array.elems[i], &b->val.array.elems[i]))
			return false;
	}
	return true;
}

static bool
same_object(const ScimResolved *of, const JsonbValue *a, const JsonbValue *b)
{
	if (a->val.object.nPairs != b->val.object.nPairs)
		return false;
	for (int i = 0; i < a->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &a->val.object.pairs[i];
		const JsonbValue *other = ScimJsonGetKey(b, &pair->key);

		if (other == NULL || !ScimSamePart(of, &pair->key, &pair->value, other))
			return false;
	}
	return true;
}

/*
 * ScimSameValue: are two values one to an attribute?  Where it has many, two of these, or
 * two lists of them.
 */
bool
ScimSameValue(const ScimResolved *of, const JsonbValue *a, const JsonbValue *b)
{
	check_stack_depth();
	if (a->type != b->type)
		return false;
	switch (a->type)
	{
		case jbvString:
			return same_string(of, a, b);
		case jbvArray:
			return same_array(of, a, b);
		case jbvObject:
			return same_object(of, a, b);
		default:
			return ScimJsonEqual(a, b);
	}
}

/* ScimSamePart: are two values one to the part of an attribute that a key names? */
bool
ScimSamePart(const ScimResolved *of, const JsonbValue *key, const JsonbValue *a,
			 const JsonbValue *b)
{
	ScimResolved part = part_of(of, key);

	/* what an earlier schema knew */
	if (part.sub == NULL)
		return ScimJsonEqual(a, b);
	return ScimSameValue(&part, a, b);
}

/* ScimSameHash: the same of all values that ScimSameValue takes for one. */
uint32
ScimSameHash(const ScimResolved *of, const JsonbValue *value)
{
	uint32 hash = value->type;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch (value->type)
	{
		case jbvString:
			return hash_string(of, value);
		case jbvArray:
			for (int i = 0; i < value->val.array.nElems; i++)
				hash = hash_combine(hash, ScimSameHash(of, &value->val.array.elems[i]));
			return hash;
		case jbvObject:
			for (int i = 0; i < value->val.object.nPairs; i++)
			{
				const JsonbPair *pair = &value->val.object.pairs[i];
				ScimResolved part = part_of(of, &pair->key);

				/* whatever the order of members */
				hash += murmurhash32(hash_combine(ScimJsonHash(&pair->key),
												  part.sub != NULL
													  ? ScimSameHash(&part, &pair->value)
													  : ScimJsonHash(&pair->value)));
			}
			return hash;
		default:
			return ScimJsonHash(value);
	}
}
