/*
 * version.c
 *		Entity-tags: RFC 7644 section 3.14, RFC 9110 sections 8.8.3 and 13.1.
 *
 *		W/"3"					version 3 of a resource
 *		W/"3.8f14e45fceea167a"	the same, and what the body shows of others or hides
 *
 * A body may hold what is derived from other resources: the groups of a user,
 * the members of a group with their names.  They change without the resource
 * being written, so that its version stays; what a body shows of them is in the
 * tag as a digest.  So is what of the document the schemas hide or show otherwise than
 * by default (returned, or an attribute that is gone), since they may change with
 * nobody writing the resource either.  Whether a copy is fresh (If-None-Match of a
 * GET) is asked of the whole tag.  Whether a write may go on is asked of the version
 * before the dot: somebody else's change of a group must not fail the change of a user.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "resource/resource.h"

static uint64 digest(const char *derived, const char *base_url, uint64 hash);
static bool next_tag(const char **header, const char **tag, size_t *len, bool *any);

/*
 * ScimVersionTag makes the entity-tag of a version.  derived is the JSON text of
 * what the body derives from others, or NULL; base_url stands before the
 * locations in it, and is left out of the digest: a resource is the same by
 * whatever name the service is reached.  disclosure is a hash of what the schemas say
 * of the document's attributes, 0 where that is the default.
 */
char *
ScimVersionTag(int64 version, const char *derived, const char *base_url,
			   uint64 disclosure)
{
	if (derived == NULL && disclosure == 0)
		return psprintf("W/\"" INT64_FORMAT "\"", version);
	return psprintf("W/\"" INT64_FORMAT ".%016llx\"", version,
					(unsigned long long) digest(derived != NULL ? derived : "", base_url,
												disclosure));
}

/*
 * ScimTagIsDated: is a body of this entity-tag what the stored document makes it, so that
 * the date of the last change tells one from another?
 */
bool
ScimTagIsDated(const char *tag)
{
	return strchr(tag, '.') == NULL;
}

static uint64
digest(const char *derived, const char *base_url, uint64 hash)
{
	char *location = psprintf("\"$ref\":\"%s", base_url);
	size_t skipped = strlen(location);

	/* quotes within a string have a backslash before them, so only a $ref is found */
	while (base_url[0] != '\0')
	{
		const char *found = strstr(derived, location);

		if (found == NULL)
			break;
		hash =
			hash_bytes_extended((const unsigned char *) derived, found - derived, hash);
		derived = found + skipped;
	}
	hash = hash_bytes_extended((const unsigned char *) derived, strlen(derived), hash);
	pfree(location);
	return hash;
}

/*
 * ScimVersionMatches says whether an If-Match or If-None-Match header ("*" or a
 * list of entity-tags) names a version, whatever stands behind its dot.
 */
bool
ScimVersionMatches(const char *header, int64 version)
{
	char *wanted = psprintf(INT64_FORMAT, version);
	size_t wanted_len = strlen(wanted);
	const char *tag;
	size_t len;
	bool any;

	while (next_tag(&header, &tag, &len, &any))
	{
		const char *dot = memchr(tag, '.', len);

		if (dot != NULL)
			len = dot - tag;
		if (any || (len == wanted_len && memcmp(tag, wanted, len) == 0))
			return true;
	}
	return false;
}

/*
 * ScimTagMatches says whether such a header holds "*" or just this entity-tag;
 * tag NULL stands for something that is there and has none.
 */
bool
ScimTagMatches(const char *header, const char *tag)
{
	const char *wanted = NULL;
	size_t wanted_len = 0;
	const char *candidate;
	size_t len;
	bool any;

	if (tag != NULL)
		next_tag(&tag, &wanted, &wanted_len, &any);
	while (next_tag(&header, &candidate, &len, &any))
	{
		if (any ||
			(wanted != NULL && len == wanted_len && memcmp(candidate, wanted, len) == 0))
			return true;
	}
	return false;
}

/*
 * ScimTagsAreValid: is this "*", or a list of one entity-tag or more?  A tag is in
 * quotes, behind W/ or not (RFC 9110 section 8.8.3).
 */
bool
ScimTagsAreValid(const char *header)
{
	const char *p = header + strspn(header, " \t");
	int tags = 0;

	if (*p == '*')
		return p[1 + strspn(p + 1, " \t")] == '\0';
	for (;;)
	{
		p += strspn(p, " \t");
		if (*p != ',' && *p != '\0')
		{
			if (p[0] == 'W' && p[1] == '/')
				p += 2;
			if (*p++ != '"')
				return false;
			while (*p != '"' && (unsigned char) *p > ' ' && *p != '\x7f')
				p++;
			if (*p++ != '"')
				return false;
			tags++;
			p += strspn(p, " \t");
		}
		if (*p == '\0')
			return tags > 0;
		if (*p++ != ',')
			return false;
	}
}

/* ScimTagsCheck raises invalidValue for a header, or what stands for it, that is not. */
void
ScimTagsCheck(const char *name, const char *header)
{
	if (!ScimTagsAreValid(header))
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("%s: %s is neither * nor a list of entity-tags such as "
							   "W/\"3\"",
							   name, header)));
}

/*
 * next_tag reads the next entity-tag of a valid list, without W/ and quotes: SCIM's
 * versions are weak, so the comparison is.  False at the end.
 */
static bool
next_tag(const char **header, const char **tag, size_t *len, bool *any)
{
	const char *p = *header + strspn(*header, " \t,");

	*any = *p == '*';
	if (*p == '\0')
		return false;
	if (*p == 'W')
		p += 2;
	*tag = ++p; /* behind the quote, or the star */
	*len = *any ? 0 : strcspn(p, "\"");
	p += *len;
	*header = *any ? p : p + 1;
	return true;
}
