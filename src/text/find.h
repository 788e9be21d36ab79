/*
 * find.h
 *		A text within another one, or among others.
 */
#ifndef SCIM_FIND_H
#define SCIM_FIND_H

#include "postgres.h"
#include "nodes/pg_list.h"

/* In a text no longer than this nothing needs to be prepared to find another one. */
#define SCIM_FIND_SHORT 128

/* ScimTextContains says whether a text contains another one, of one byte or more. */
static inline bool
ScimTextContains(const char *text, size_t len, const char *part, size_t part_len)
{
	const char *at = text;
	const char *last; /* where it may begin */

	if (part_len > len)
		return false;
	/* linear on every platform that the server runs on */
	if (len > SCIM_FIND_SHORT || part_len == 0)
		return memmem(text, len, part, part_len) != NULL;
	last = text + len - part_len;
	while ((at = memchr(at, part[0], last - at + 1)) != NULL)
	{
		if (memcmp(at, part, part_len) == 0)
			return true;
		if (at++ == last)
			return false;
	}
	return false;
}

/* ScimCompareBytes orders texts by their bytes, as collation "C" does. */
static inline int
ScimCompareBytes(const char *a, size_t alen, const char *b, size_t blen)
{
	int result = memcmp(a, b, Min(alen, blen));

	return result != 0 ? result : (alen > blen) - (alen < blen);
}

/* ScimEndsWith says whether a text ends with another one. */
static inline bool
ScimEndsWith(const char *text, const char *end)
{
	size_t len = strlen(text);
	size_t end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* ScimIsAmong says whether a text is one of a list, byte for byte. */
static inline bool
ScimIsAmong(const List *texts, const char *text)
{
	ListCell *lc;

	foreach (lc, texts)
	{
		if (strcmp(lfirst(lc), text) == 0)
			return true;
	}
	return false;
}

#endif /* SCIM_FIND_H */
