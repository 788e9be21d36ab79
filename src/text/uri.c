/*
 * uri.c
 *		The path of a URI, and where it ends: that of
 *
 *		https://example.com/v2/Users/2819c223/?x#y
 *
 * ends with the segment 2819c223.
 */
#include "postgres.h"

#include "text/uri.h"

const char *
ScimUriPathEnd(const char *uri, int len)
{
	const char *end = uri;

	while (end < uri + len && *end != '?' && *end != '#')
		end++;
	while (end > uri && end[-1] == '/')
		end--;
	return end;
}

const char *
ScimUriLastSegment(const char *uri, int len, int *segment_len)
{
	const char *end = ScimUriPathEnd(uri, len);
	const char *start = end;

	while (start > uri && start[-1] != '/')
		start--;
	if (start == end || start == uri || (start - uri >= 2 && start[-2] == '/'))
		return NULL;
	*segment_len = end - start;
	return start;
}
