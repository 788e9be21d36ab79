/*
 * version.c
 *		meta.version in comparisons.
 *
 * A resource shows W/"3", or W/"3.8f14e45fceea167a" with a digest of what it
 * shows of other resources (resource/version.c).  A filter is about the resource,
 * so it compares what stands before the dot.
 */
#include "postgres.h"

#include "text/version.h"

#define START "W/\""
#define MAX_DIGITS 19

/*
 * ScimVersionWithoutDigest returns an entity-tag of ours without its digest, in
 * the buffer (SCIM_VERSION_BUFFER bytes), and any other text as it is.  What a
 * filter compares may also be only the beginning of a tag.
 */
const char *
ScimVersionWithoutDigest(const char *text, size_t *len, char *buffer)
{
	size_t start = strlen(START);
	size_t dot = start;

	if (*len < start || memcmp(text, START, start) != 0)
		return text;
	while (dot < *len && text[dot] >= '0' && text[dot] <= '9')
		dot++;
	if (dot == start || dot > start + MAX_DIGITS || dot == *len || text[dot] != '.')
		return text;
	memcpy(buffer, text, dot);
	if (text[*len - 1] == '"')
		buffer[dot++] = '"';
	buffer[dot] = '\0';
	*len = dot;
	return buffer;
}
