/*
 * message.c
 *		The members of SCIM's messages (RFC 7644 section 3.1): PatchOp,
 *		SearchRequest and BulkRequest, and their operations.
 *
 * They are no resources, but what clients send for a value, and what becomes of
 * members that nobody knows, is the same in them.
 */
#include "postgres.h"

#include "schema/schema.h"

#include "common/int.h"

#include "json/json.h"
#include "text/fold.h"
#include "text/number.h"
#include "utils/numeric.h"

static int64 clamp(const char *digits);

/*
 * ScimCheckDistinctKeys appends a problem (invalidSyntax) for each key that an
 * object of a client's document has twice, in any letter case.
 */
void
ScimCheckDistinctKeys(const JsonbValue *document, List **problems)
{
	List *paths = ScimJsonRepeatedKeys(document);
	ListCell *lc;

	foreach (lc, paths)
	{
		const char *path = lfirst(lc);

		*problems =
			lappend(*problems, ScimProblemMake(SCIM_INVALID_SYNTAX, path,
											   "attribute \"%s\" is given twice", path));
	}
}

/* ScimRequireDistinctKeys raises what ScimCheckDistinctKeys finds. */
void
ScimRequireDistinctKeys(const JsonbValue *document)
{
	List *problems = NIL;

	ScimCheckDistinctKeys(document, &problems);
	ScimProblemsRaise(problems);
}

/*
 * ScimRequireShortNumbers raises invalidValue where something, such as 'the operations',
 * holds a number that is longer than it may be.  Texts are read without any; jsonb has
 * what numeric has.
 */
void
ScimRequireShortNumbers(const JsonbValue *document, const char *what)
{
	const char *path = ScimJsonLongNumber(document);

	if (path != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s: the number%s is too long: it may have %s", what,
							   ScimJsonPlaceOfNumber(path), SCIM_NUMBER_LIMITS)));
}

/*
 * ScimRequireKnownMembers raises invalidSyntax for a member that
 * ScimUnknownMessageMember finds.
 */
void
ScimRequireKnownMembers(const JsonbValue *message, const char *const *known,
						const char *what)
{
	const char *unknown = ScimUnknownMessageMember(message, known);

	if (unknown != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("\"%s\" is no member of %s", unknown, what)));
}

/*
 * ScimUnknownMessageMember finds a member of a message, or of one of its
 * operations, that is none of the known ones (a list that NULL ends).  Returns
 * its key, or NULL where there is none, or where it has no value, or where the
 * setting scim.unknown_attributes says to ignore it.
 */
const char *
ScimUnknownMessageMember(const JsonbValue *message, const char *const *known)
{
	if (ScimIgnoresUnknownAttributes(NULL))
		return NULL;
	for (int i = 0; i < message->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &message->val.object.pairs[i];
		const char *const *name = known;

		while (*name != NULL &&
			   !ScimNameEqualN(pair->key.val.string.val, pair->key.val.string.len, *name,
							   strlen(*name)))
			name++;
		if (*name == NULL &&
			(!ScimJsonIsUnassigned(&pair->value) || ScimRefusesUnknown(NULL)))
			return ScimJsonStringCopy(&pair->key);
	}
	return NULL;
}

/* ScimMessageLacks: is a member of a message, absent or null or "", as good as absent? */
bool
ScimMessageLacks(const JsonbValue *value)
{
	return value == NULL || value->type == jbvNull ||
		   (value->type == jbvString && value->val.string.len == 0);
}

/*
 * ScimMessageInteger reads an integer of a message, or of a query string as a string:
 * a JSON number without a fraction, or a string that is one.  10, 10.0, 1e1 and "10"
 * are the same; "+10" and " 10" are none.  One that int64 cannot hold is the nearest
 * that it can.  False: it is none.
 */
bool
ScimMessageInteger(const JsonbValue *value, int64 *integer)
{
	JsonbValue canonical;

	if (ScimCanonicaliseScalar(SCIM_TYPE_INTEGER, value, &canonical) != NULL)
		return false;
	*integer = clamp(numeric_normalize(canonical.val.numeric));
	return true;
}

static int64
clamp(const char *digits)
{
	bool negative = *digits == '-';
	int64 result = 0;

	for (digits += negative; *digits != '\0'; digits++)
	{
		if (pg_mul_s64_overflow(result, 10, &result) ||
			pg_add_s64_overflow(result, *digits - '0', &result))
			return negative ? PG_INT64_MIN : PG_INT64_MAX;
	}
	return negative ? -result : result;
}
