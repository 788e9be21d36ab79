/*
 * name.c
 *		Case-insensitive comparison of attribute names, URNs and operators: ASCII
 *		only, since RFC 7643 section 2.1 allows nothing else in them.  No server
 *		calls beyond StringInfo.
 */
#include "postgres.h"

#include "text/fold.h"

/* ScimNameEqualN compares attribute names, URNs or operators: ASCII, without case. */
bool
ScimNameEqualN(const char *a, size_t alen, const char *b, size_t blen)
{
	if (alen != blen)
		return false;
	for (size_t i = 0; i < alen; i++)
	{
		if (a[i] != b[i] &&
			ScimFoldByte((unsigned char) a[i]) != ScimFoldByte((unsigned char) b[i]))
			return false;
	}
	return true;
}

/* ScimNameEqual is ScimNameEqualN for NUL-terminated names. */
bool
ScimNameEqual(const char *a, const char *b)
{
	return ScimNameEqualN(a, strlen(a), b, strlen(b));
}

/*
 * ScimNameCompare orders names so that names equal by ScimNameEqual are equal.
 * NULL, an absent part of a path, comes first.
 */
int
ScimNameCompare(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	for (;; a++, b++)
	{
		int difference = (int) ScimFoldByte((unsigned char) *a) -
						 (int) ScimFoldByte((unsigned char) *b);

		if (difference != 0 || *a == '\0')
			return difference;
	}
}

/*
 * ScimNameHashKey appends bytes that are the same for equal names, for hashing.
 * NULL and an empty name give the same.
 */
void
ScimNameHashKey(StringInfo key, const char *name)
{
	for (; name != NULL && *name != '\0'; name++)
		appendStringInfoChar(key, (char) ScimFoldByte((unsigned char) *name));
	appendStringInfoChar(key, '\0');
}

/* ScimIsUri: RFC 3986's scheme and something behind it, in ASCII that can be seen? */
bool
ScimIsUri(const char *text, size_t len)
{
	const char *end = text + len;
	const char *colon = memchr(text, ':', len);

	if (colon == NULL || colon == text || colon + 1 == end)
		return false;
	for (const char *at = text; at < end; at++)
	{
		bool is_letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
						 (*at >= '0' && *at <= '9');

		if (at < colon ? !is_letter && strchr("+.-", *at) == NULL
					   : *at < '!' || *at > '~')
			return false;
	}
	return true;
}
