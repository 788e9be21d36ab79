/*
 * utf8.h
 *		UTF-8 in and out; no server calls.
 */
#ifndef SCIM_UTF8_H
#define SCIM_UTF8_H

#include "postgres.h"

#define SCIM_UTF8_MAX 4 /* bytes of one code point */

extern int ScimUtf8Decode(const char *at, const char *end, uint32 *code);
extern int ScimUtf8Encode(uint32 code, char *out);
extern bool ScimTextIsBlank(const char *text, size_t len);

#endif /* SCIM_UTF8_H */
