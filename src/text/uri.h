/*
 * uri.h
 *		The path of a URI, and where it ends.
 */
#ifndef SCIM_TEXT_URI_H
#define SCIM_TEXT_URI_H

/* Where the path of a URI ends, without slashes, what is asked and the fragment. */
extern const char *ScimUriPathEnd(const char *uri, int len);

/*
 * The last segment of it, as it stands there; NULL where there is none behind a slash:
 * what stands behind two is a host.
 */
extern const char *ScimUriLastSegment(const char *uri, int len, int *segment_len);

#endif /* SCIM_TEXT_URI_H */
