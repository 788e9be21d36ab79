/*
 * member.c
 *		The members of a group, as clients state them: RFC 7643 section 4.2.
 *
 * A member is known by its "value", the id of a resource.  A client may leave it
 * to "$ref", whose last segment it is:
 *
 *		{"$ref": "https://example.com/v2/Users/2819c223?x#y"}
 *
 * A member with neither would be none, and yet be there: it is refused.  So is one
 * whose parts say different things, which goes for any reference with a "$ref", a
 * manager's for instance.
 */
#include "postgres.h"

#include "schema/canonical/value.h"

#include "json/json.h"
#include "mb/pg_wchar.h"
#include "text/text.h"

static bool looks_like_id(const char *text);
static char *last_segment(const char *uri, int len);
static const ScimResourceType *
type_of_reference(const ScimRegistry *registry, const char *uri, int len);

/*
 * ScimMemberWithValue returns a member as a client states it, or a copy that has
 * the value to which its "$ref" leads; NULL where there is none.
 */
const JsonbValue *
ScimMemberWithValue(const JsonbValue *member)
{
	const JsonbValue *reference;
	JsonbValue *copy;
	char *id = NULL;

	if (member->type != jbvObject)
		return ScimReferenceIsSaid(member) ? member : NULL;
	if (ScimReferenceIsSaid(ScimJsonGetFolded(member, "value")))
		return member;
	reference = ScimJsonGetFolded(member, "$ref");
	if (reference != NULL && reference->type == jbvString)
		id = last_segment(reference->val.string.val, reference->val.string.len);
	if (id == NULL)
		return NULL;
	copy = ScimJsonNewObject();
	for (int i = 0; i < member->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &member->val.object.pairs[i];

		if (!ScimNameEqualN(pair->key.val.string.val, pair->key.val.string.len, "value",
							strlen("value")))
			ScimJsonSetN(copy, pair->key.val.string.val, pair->key.val.string.len,
						 &pair->value);
	}
	ScimJsonSet(copy, "value", ScimJsonNewString(id));
	return copy;
}

/*
 * ScimReferenceFault looks at a canonical value that has a "$ref".  Where that could
 * lead to a resource of ours, /Users/<uuid>, it says in *target which type is there, and
 * returns what is wrong with the rest: another id in "value", another type in "type".
 * NULL: nothing.
 */
const char *
ScimReferenceFault(const ScimValueContext *context, const ScimAttribute *attribute,
				   const JsonbValue *reference, const ScimResourceType **target)
{
	const ScimRegistry *registry = context->type->registry;
	const JsonbValue *ref = ScimJsonGet(reference, "$ref");
	const ScimResourceType *named;
	const char *value;
	const char *end = NULL;
	const char *type;
	const char *uri;
	const char *id;

	*target = NULL;
	if (ref == NULL || ref->type != jbvString)
		return NULL;
	*target = type_of_reference(registry, ref->val.string.val, ref->val.string.len);
	if (*target == NULL)
		return NULL;
	value = ScimJsonStringCopy(ScimJsonGet(reference, "value"));
	type = ScimJsonStringCopy(ScimJsonGet(reference, "type"));
	uri = ScimJsonStringCopy(ref);
	id = last_segment(ref->val.string.val, ref->val.string.len);
	/* of members the value is the id itself */
	if (value != NULL && !ScimIsMembers(context->type, attribute))
		end = last_segment(value, strlen(value));
	if (value != NULL && id != NULL && looks_like_id(id) &&
		!ScimNameEqual(end != NULL ? end : value, id))
		return psprintf("has the value \"%s\", and its $ref \"%s\" leads to another "
						"resource",
						value, uri);
	named = type != NULL ? ScimRegistryType(registry, type) : NULL;
	if (named != NULL && named != *target)
		return psprintf("has the type \"%s\", and its $ref \"%s\" leads to a resource of "
						"type \"%s\"",
						type, uri, (*target)->name);
	return NULL;
}

/* Ids of ours are uuids; those of others can be anything. */
static bool
looks_like_id(const char *text)
{
	return strlen(text) == 36 && text[strspn(text, "0123456789abcdefABCDEF-")] == '\0';
}

/*
 * The last segment of a URI's path, decoded; NULL where it has none behind a
 * slash, and where what it has is no text.
 */
static char *
last_segment(const char *uri, int len)
{
	int segment_len = 0;
	const char *start = ScimUriLastSegment(uri, len, &segment_len);
	const char *end = start + segment_len;
	char *segment;
	char *out;

	if (start == NULL)
		return NULL;
	segment = out = palloc(end - start + 1);
	for (; start < end; start++)
	{
		int high = end - start > 2 ? ScimHexDigit(start[1]) : -1;
		int low = end - start > 2 ? ScimHexDigit(start[2]) : -1;

		if (*start == '%' && high >= 0 && low >= 0)
		{
			*out++ = (char) (high << 4 | low);
			start += 2;
		}
		else
			*out++ = *start;
	}
	*out = '\0';
	if (strlen(segment) != out - segment ||
		!pg_verify_mbstr(PG_UTF8, segment, out - segment, true))
		return NULL;
	return segment;
}

/* The type whose endpoint the path of a URI has before its last segment, or NULL. */
static const ScimResourceType *
type_of_reference(const ScimRegistry *registry, const char *uri, int len)
{
	const char *end = ScimUriPathEnd(uri, len);
	const char *start;

	while (end > uri && end[-1] != '/')
		end--;
	while (end > uri && end[-1] == '/')
		end--;
	start = end;
	while (start > uri && start[-1] != '/')
		start--;
	return ScimRegistryTypeByEndpoint(registry, start, end - start);
}
