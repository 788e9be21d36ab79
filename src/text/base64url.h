/*
 * base64url.h
 *		Bytes as text that may stand in a URL: RFC 4648 section 5, without padding; and as
 *		the padded one of section 4.
 */
#ifndef SCIM_BASE64URL_H
#define SCIM_BASE64URL_H

#include "postgres.h"
#include "lib/stringinfo.h"

extern void ScimBase64Url(StringInfo out, const unsigned char *bytes, int len);
extern char *ScimBase64(const void *bytes, int len);
extern int ScimBase64UrlDecode(const char *text, unsigned char *bytes);

#endif /* SCIM_BASE64URL_H */
