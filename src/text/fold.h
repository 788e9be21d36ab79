/*
 * fold.h
 *		The rules by which text compares: without regard to case, and as a user name.
 */
#ifndef SCIM_FOLD_H
#define SCIM_FOLD_H

#include "postgres.h"
#include "lib/stringinfo.h"

/* ScimFoldByte folds one ASCII character, and leaves every other byte. */
static inline unsigned char
ScimFoldByte(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') ? c + ('a' - 'A') : c;
}

/* How the values of an attribute compare. */
typedef enum ScimFolding
{
	SCIM_FOLD_NONE, /* caseExact: as they are */
	SCIM_FOLD_CASE,
	SCIM_FOLD_USER_NAME
} ScimFolding;

/* fold.c: values, in full Unicode */
extern int ScimFoldCode(uint32 code, uint32 folded[3]);
extern char *ScimFold(const char *text, size_t len, size_t *folded_len);
extern bool ScimFoldAscii(const char *text, size_t len, char *out);
extern uint32 ScimFoldHash(const char *text, size_t len);
extern bool ScimFoldEqual(const char *a, size_t alen, const char *b, size_t blen);
/* folding.c: by the rule of an attribute */
extern char *
ScimFoldBy(ScimFolding folding, const char *text, size_t len, size_t *folded_len);
extern const char *ScimFoldingFunction(ScimFolding folding);
extern uint32 ScimFoldByHash(ScimFolding folding, const char *text, size_t len);
extern bool ScimFoldByEqual(ScimFolding folding, const char *a, size_t alen,
							const char *b, size_t blen);
extern bool ScimIsFoldedAscii(const char *text, size_t len);
/* precis.c: names of users */
extern char *ScimFoldUserName(const char *text, size_t len, size_t *folded_len);
/* name.c: names, in ASCII */
extern bool ScimIsUri(const char *text, size_t len);
extern bool ScimNameEqual(const char *a, const char *b);
extern bool ScimNameEqualN(const char *a, size_t alen, const char *b, size_t blen);
extern int ScimNameCompare(const char *a, const char *b);
extern void ScimNameHashKey(StringInfo key, const char *name);

#endif /* SCIM_FOLD_H */
