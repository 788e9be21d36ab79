/*
 * query.c
 *		Query strings and SearchRequests (RFC 7644 sections 3.4.2 and 3.4.3)
 *		into the form that the store takes.
 */
#include "postgres.h"

#include "json/json.h"
#include "message/message.h"
#include "text/fold.h"

static bool parse_order(const char *text);
static bool integer_parameter(const char *name, const char *text, int64 *integer);
static const char *string_member(const char *name, const JsonbValue *value);
static bool integer_member(const char *name, const JsonbValue *value, int64 *integer);
static List *attributes_member(const char *name, const JsonbValue *value);

/* ScimCheckProjection raises what is wrong with attributes and excludedAttributes. */
void
ScimCheckProjection(const ScimTarget *target)
{
	ScimCheckAttributes(target->attributes, target->excluded);
}

/*
 * ScimRefuseParameters raises an error for query parameters on the URL of a
 * .search request, which has them in its body.
 */
void
ScimRefuseParameters(const ScimTarget *target)
{
	if (target->filter != NULL || target->sort_by != NULL || target->sort_order != NULL ||
		target->start_index != NULL || target->count != NULL || target->cursor != NULL ||
		target->attributes != NIL || target->excluded != NIL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("the parameters of a search request belong in its body")));
}

/*
 * ScimRefuseFilter raises 403 for a filter on an endpoint by which a client learns
 * what the service can do: it would take the answer for a filtered one.  Other
 * parameters have no effect there (RFC 7644 section 4).
 */
void
ScimRefuseFilter(const ScimTarget *target)
{
	if (target->filter != NULL)
		ereport(ERROR,
				(ScimErr(SCIM_FORBIDDEN),
				 errmsg("endpoint \"/%s\" does not take a filter", target->segments[0])));
}

/*
 * What is empty is as good as absent; but for a filter, since who asks for some is not
 * answered with all.
 */
static const char *
if_any(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

/*
 * ScimSearchFromTarget reads the parameters of a query string.  Raises
 * invalidValue for one that is not of its type.
 */
void
ScimSearchFromTarget(const ScimTarget *target, ScimSearchRequest *search)
{
	memset(search, 0, sizeof(ScimSearchRequest));
	search->filter = target->filter;
	search->sort_by = if_any(target->sort_by);
	if (if_any(target->sort_order) != NULL)
		search->descending = parse_order(target->sort_order);
	search->start_index = 1;
	search->start_index_given =
		integer_parameter("startIndex", target->start_index, &search->start_index);
	search->cursor = target->cursor;
	search->count = -1;
	if (integer_parameter("count", target->count, &search->count))
		search->count = Max(search->count, 0);
	ScimCheckProjection(target);
	search->attributes = target->attributes;
	search->excluded = target->excluded;
}

/*
 * ScimSearchFromBody reads a SearchRequest.  Keys are case-insensitive, and
 * null is as good as absent.  Raises invalidSyntax for a key that a
 * SearchRequest does not have, and invalidValue for a value of another type.
 */
void
ScimSearchFromBody(const JsonbValue *body, ScimSearchRequest *search)
{
	static const char *const known[] = {"schemas",    "attributes", "excludedAttributes",
										"filter",     "sortBy",     "sortOrder",
										"startIndex", "count",      "cursor",
										NULL};

	ScimCheckMessageSchema(body, SCIM_URN_SEARCH_REQUEST);
	ScimRequireKnownMembers(body, known, "a search request");
	memset(search, 0, sizeof(ScimSearchRequest));
	search->start_index = 1;
	search->count = -1;
	for (int i = 0; i < body->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &body->val.object.pairs[i];
		const JsonbValue *value = &pair->value;
		char *name = ScimJsonStringCopy(&pair->key);

		if (pg_strcasecmp(name, "cursor") == 0)
			search->cursor = string_member(name, value);
		else if (pg_strcasecmp(name, "filter") == 0)
			search->filter = string_member(name, value);
		else if (pg_strcasecmp(name, "sortBy") == 0)
			search->sort_by = if_any(string_member(name, value));
		else if (pg_strcasecmp(name, "sortOrder") == 0)
		{
			const char *order = if_any(string_member(name, value));

			if (order != NULL)
				search->descending = parse_order(order);
		}
		else if (pg_strcasecmp(name, "startIndex") == 0)
			search->start_index_given = integer_member(name, value, &search->start_index);
		else if (pg_strcasecmp(name, "count") == 0)
		{
			if (integer_member(name, value, &search->count))
				search->count = Max(search->count, 0);
		}
		else if (pg_strcasecmp(name, "attributes") == 0)
			search->attributes = attributes_member(name, value);
		else if (pg_strcasecmp(name, "excludedAttributes") == 0)
			search->excluded = attributes_member(name, value);
	}
	ScimCheckAttributes(search->attributes, search->excluded);
}

/* parse_order: is this sortOrder descending? */
static bool
parse_order(const char *text)
{
	if (pg_strcasecmp(text, "ascending") == 0)
		return false;
	if (pg_strcasecmp(text, "descending") == 0)
		return true;
	ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
					errmsg("sortOrder \"%s\" is neither \"ascending\" nor \"descending\"",
						   text)));
}

/* The same as a string in a body; false: there is none. */
static bool
integer_parameter(const char *name, const char *text, int64 *integer)
{
	if (text == NULL || text[0] == '\0')
		return false;
	if (!ScimMessageInteger(ScimJsonNewString(text), integer))
		ereport(ERROR,
				(ScimErr(SCIM_INVALID_VALUE),
				 errmsg("%s \"%s\" is not an integer", name, ScimShortDetail(text))));
	return true;
}

static const char *
string_member(const char *name, const JsonbValue *value)
{
	if (value->type != jbvString && value->type != jbvNull)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("\"%s\" of the search request is not a string", name)));
	return ScimJsonStringCopy(value);
}

/* False: the member has no value. */
static bool
integer_member(const char *name, const JsonbValue *value, int64 *integer)
{
	if (ScimMessageLacks(value))
		return false;
	if (!ScimMessageInteger(value, integer))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("\"%s\" of the search request is not an integer", name)));
	return true;
}

/* attributes_member reads an array of attribute paths, or one string of them. */
static List *
attributes_member(const char *name, const JsonbValue *value)
{
	List *attributes = NIL;
	bool valid = true;

	if (value->type == jbvString)
		return ScimSplitAttributes(NIL, ScimJsonStringCopy(value));
	if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
		{
			const char *attribute = ScimJsonStringCopy(&value->val.array.elems[i]);

			if (attribute != NULL)
				attributes = ScimSplitAttributes(attributes, attribute);
			else
				valid = false;
		}
	}
	else
		valid = value->type == jbvNull;
	if (!valid)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("\"%s\" of the search request is not an array of strings",
							   name)));
	return attributes;
}
