/*
 * folding.c
 *		Texts compared by the rule of their attribute: fold.c, or precis.c for user names.
 */
#include "postgres.h"

#include "compat.h"
#include "text/fold.h"
#include "text/hash.h"

/* Longest text that is folded without an allocation, where it is ASCII. */
#define SHORT_TEXT 256

/* ScimFoldBy folds by a rule; SCIM_FOLD_NONE copies. */
char *
ScimFoldBy(ScimFolding folding, const char *text, size_t len, size_t *folded_len)
{
	char *copy;

	if (folding == SCIM_FOLD_CASE)
		return ScimFold(text, len, folded_len);
	if (folding == SCIM_FOLD_USER_NAME)
		return ScimFoldUserName(text, len, folded_len);
	copy = palloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (folded_len != NULL)
		*folded_len = len;
	return copy;
}

/* ScimFoldingFunction is the SQL function that folds so; "" for none. */
const char *
ScimFoldingFunction(ScimFolding folding)
{
	if (folding == SCIM_FOLD_CASE)
		return "scim.fold";
	return folding == SCIM_FOLD_USER_NAME ? "scim.fold_user_name" : "";
}

/* ScimFoldByHash is the same for texts that are equal by a rule (ScimHash). */
uint32
ScimFoldByHash(ScimFolding folding, const char *text, size_t len)
{
	char buffer[SHORT_TEXT];
	char *folded;
	uint32 hash;

	if (folding == SCIM_FOLD_NONE)
		return ScimHash(text, len);
	if (len <= sizeof(buffer) && ScimFoldAscii(text, len, buffer))
		return ScimHash(buffer, len);
	folded = ScimFoldBy(folding, text, len, &len);
	hash = ScimHash(folded, len);
	pfree(folded);
	return hash;
}

/* ScimFoldHash is the same for texts that are equal without regard to case. */
uint32
ScimFoldHash(const char *text, size_t len)
{
	return ScimFoldByHash(SCIM_FOLD_CASE, text, len);
}

/* ScimFoldByEqual: are two texts equal by a rule? */
bool
ScimFoldByEqual(ScimFolding folding, const char *a, size_t alen, const char *b,
				size_t blen)
{
	char *afolded;
	char *bfolded;
	bool equal;

	if (alen == blen && memcmp(a, b, alen) == 0)
		return true;
	if (folding == SCIM_FOLD_NONE)
		return false;
	afolded = ScimFoldBy(folding, a, alen, &alen);
	bfolded = ScimFoldBy(folding, b, blen, &blen);
	equal = alen == blen && memcmp(afolded, bfolded, alen) == 0;
	pfree(afolded);
	pfree(bfolded);
	return equal;
}

/* ScimFoldEqual: are two texts equal without regard to case? */
bool
ScimFoldEqual(const char *a, size_t alen, const char *b, size_t blen)
{
	return ScimFoldByEqual(SCIM_FOLD_CASE, a, alen, b, blen);
}
