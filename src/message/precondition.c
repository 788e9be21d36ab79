/*
 * precondition.c
 *		If-Match, If-None-Match and the conditions by date: RFC 9110 section 13, RFC
 *		7644 section 3.14.
 *
 * A condition holds, or the request is not done: there is no endpoint that
 * ignores one.
 *
 *		one resource		its version (operation/operations.c)
 *		a POST				what is posted to is there, and has no entity-tag
 *		any other answer	a digest of the body that it has
 *
 * Dates are those of one resource, meta.lastModified; without an If-Match, or an
 * If-None-Match, which know better.  A body that shows more than the stored document has
 * no Last-Modified: what it shows may go back to what it was, and its date with it.  Who
 * has none, and what is no date, cannot be compared, and HTTP wants such a condition
 * ignored (sections 13.1.3 and 13.1.4).
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "json/json.h"
#include "message/message.h"
#include "text/datetime.h"

static const char *const names[] = {"If-Match", "If-None-Match"};

/*
 * ScimConditionsCheck raises invalidValue for a condition that is none, whatever
 * the request is for: to go on without it would be to ignore it.
 */
void
ScimConditionsCheck(const ScimRequest *request)
{
	for (size_t i = 0; i < lengthof(names); i++)
	{
		const char *header = ScimHeader(request, names[i]);

		if (header != NULL)
			ScimTagsCheck(names[i], header);
	}
}

/* ScimConditionsOf returns the conditions of a request on one resource. */
ScimPreconditions
ScimConditionsOf(const ScimRequest *request)
{
	ScimPreconditions conditions = {ScimHeader(request, "If-Match"),
									ScimHeader(request, "If-None-Match"), false, 0};
	const char *date = ScimHeader(request, "If-Unmodified-Since");

	conditions.has_unmodified_since =
		date != NULL && ScimHttpDateParse(date, &conditions.unmodified_since);
	return conditions;
}

/*
 * ScimIsFresh: has the client of a read this very representation?  tag is its
 * entity-tag; its date says something only where nothing of others is shown, which may
 * have changed without the resource.  A date that is not the one of Last-Modified is
 * none that we gave with this body: who got one without may send that of the answer.
 */
bool
ScimIsFresh(const ScimRequest *request, const char *tag, TimestampTz last_modified,
			bool derived)
{
	const char *if_none_match = ScimHeader(request, "If-None-Match");
	const char *date = ScimHeader(request, "If-Modified-Since");
	int64 since;

	if (if_none_match != NULL)
		return ScimTagMatches(if_none_match, tag);
	return !derived && ScimTagIsDated(tag) && date != NULL &&
		   ScimHttpDateParse(date, &since) && ScimHttpSeconds(last_modified) == since;
}

/*
 * ScimConditionsOfPost raises 412 where a condition does not hold of the target of
 * a POST, which is there and has no entity-tag: If-Match is met by "*" only,
 * If-None-Match by all but that (RFC 9110 section 13.1).  what names the target.
 */
void
ScimConditionsOfPost(const ScimRequest *request, const char *what)
{
	ScimPreconditions conditions = ScimConditionsOf(request);

	if (conditions.if_match != NULL && !ScimTagMatches(conditions.if_match, NULL))
		ereport(ERROR, (ScimErr(SCIM_PRECONDITION_FAILED),
						errmsg("\"%s\" has no version, and If-Match: %s asks for one",
							   what, conditions.if_match)));
	if (conditions.if_none_match != NULL &&
		ScimTagMatches(conditions.if_none_match, NULL))
		ereport(ERROR,
				(ScimErr(SCIM_PRECONDITION_FAILED),
				 errmsg("\"%s\" is there, and If-None-Match: %s wants it not to be", what,
						conditions.if_none_match)));
}

/*
 * ScimConditionsOfAnswer gives the answer to a GET its entity-tag, where it has none
 * yet, and holds the conditions against it: 412, or 304 where the client has this
 * very body.
 */
void
ScimConditionsOfAnswer(const ScimRequest *request, ScimAnswer *answer)
{
	ScimPreconditions conditions = ScimConditionsOf(request);
	uint64 digest;
	const char *tag;

	if (answer->status / 100 != 2 || answer->body.len == 0 ||
		ScimJsonGet(answer->headers, "ETag") != NULL)
		return;
	digest = hash_bytes_extended((const unsigned char *) answer->body.data,
								 answer->body.len, 0);
	tag = psprintf("W/\"%016llx\"", (unsigned long long) digest);
	if (conditions.if_match != NULL && !ScimTagMatches(conditions.if_match, tag))
		ereport(ERROR,
				(ScimErr(SCIM_PRECONDITION_FAILED),
				 errmsg("the answer has the entity-tag %s, which If-Match: %s does not "
						"name",
						tag, conditions.if_match)));
	ScimAnswerHeader(answer, "ETag", tag);
	if (conditions.if_none_match != NULL && ScimTagMatches(conditions.if_none_match, tag))
	{
		resetStringInfo(&answer->body);
		answer->status = 304;
	}
}
