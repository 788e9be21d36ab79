/*
 * fold.c
 *		Case-insensitive comparison of values, one fixed rule for all of them.
 *
 * Values fold by Unicode default full case folding (CaseFolding.txt, statuses C
 * and F), never by the locale of a session, so that an index and a match agree
 * on every server.
 */
#include "postgres.h"

#include "compat.h"
#include "miscadmin.h"
#include "text/fold.h"
#include "text/utf8.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* Longest text that is folded without an allocation, where it is ASCII. */
#define SHORT_TEXT 256

typedef struct FoldRange
{
	uint32 first;
	uint32 last;
	int32 step;
	int32 delta;
} FoldRange;

typedef struct FoldFull
{
	uint32 code;
	uint32 folded[3]; /* 0 behind the last */
} FoldFull;

#include "text/fold_table.h"
#include "text/hash.h"

/* For len bytes that fold into as many, one code point that folds into more, and NUL. */
#define FOLD_ROOM(len) ((size_t) (len) + 3 * SCIM_UTF8_MAX + 1)

/* Code points of two bytes in UTF-8 are looked up once each. */
#define SMALL_CODES 0x800

/* Folds one code point above ASCII into 1 to 3 others; returns their number. */
static int
search_code(uint32 code, uint32 folded[3])
{
	int low = 0;
	int high = lengthof(fold_ranges) - 1;

	while (low <= high)
	{
		int middle = (low + high) / 2;
		const FoldRange *range = &fold_ranges[middle];

		if (code < range->first)
			high = middle - 1;
		else if (code > range->last)
			low = middle + 1;
		else if ((code - range->first) % range->step != 0)
			break;
		else
		{
			folded[0] = code + range->delta;
			return 1;
		}
	}

	low = 0;
	high = lengthof(fold_fulls) - 1;
	while (low <= high)
	{
		int middle = (low + high) / 2;
		const FoldFull *full = &fold_fulls[middle];

		if (code < full->code)
			high = middle - 1;
		else if (code > full->code)
			low = middle + 1;
		else
		{
			memcpy(folded, full->folded, sizeof(full->folded));
			return full->folded[2] != 0 ? 3 : 2;
		}
	}
	folded[0] = code;
	return 1;
}

/*
 * ScimFoldCode folds one code point into 1 to 3 others; returns their number.
 */
int
ScimFoldCode(uint32 code, uint32 folded[3])
{
	static uint16 small[SMALL_CODES]; /* what each folds into; 0: not one, or not known */

	if (code < 0x80)
	{
		folded[0] = ScimFoldByte((unsigned char) code);
		return 1;
	}
	if (code < SMALL_CODES && small[code] != 0)
	{
		folded[0] = small[code];
		return 1;
	}
	if (search_code(code, folded) > 1)
		return folded[2] != 0 ? 3 : 2;
	if (code < SMALL_CODES && folded[0] <= PG_UINT16_MAX)
		small[code] = (uint16) folded[0];
	return 1;
}

/*
 * Folds any UTF-8 to *out, which has room for FOLD_ROOM(len) bytes and is enlarged
 * where that is not enough; returns the number of bytes.  Bytes that are not UTF-8
 * stay as they are.
 */
static size_t
fold_unicode(const char *text, size_t len, char **out)
{
	const char *end = text + len;
	size_t capacity = FOLD_ROOM(len);
	size_t written = 0;

	while (text < end)
	{
		uint32 code;
		uint32 folded[3];
		int consumed;
		int count;

		if (capacity - written < FOLD_ROOM(0))
		{
			/* beyond MaxAllocSize, repalloc says so */
			if (capacity < MaxAllocSize - capacity / 2)
				capacity += capacity / 2;
			capacity += FOLD_ROOM(0);
			*out = repalloc(*out, capacity);
		}
		if (!IS_HIGHBIT_SET(*text))
		{
			(*out)[written++] = (char) ScimFoldByte((unsigned char) *text++);
			continue;
		}
		CHECK_FOR_INTERRUPTS();
		consumed = ScimUtf8Decode(text, end, &code);
		if (consumed == 0)
		{
			(*out)[written++] = *text++;
			continue;
		}
		count = ScimFoldCode(code, folded);
		for (int i = 0; i < count; i++)
			written += ScimUtf8Encode(folded[i], *out + written);
		text += consumed;
	}
	return written;
}

/*
 * ScimFoldAscii folds to out, which has room for len bytes, if the text is all
 * ASCII; otherwise it returns false and leaves out undefined.
 */
bool
ScimFoldAscii(const char *text, size_t len, char *out)
{
	unsigned char seen = 0;

	/* without a branch, so that compilers do many bytes at once */
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		seen |= c;
		out[i] = (char) ScimFoldByte(c);
	}
	return !IS_HIGHBIT_SET(seen);
}

/*
 * ScimFold folds UTF-8 text into a new NUL-terminated string in the current
 * memory context; its length goes to *folded_len when that is not NULL.  Two
 * texts are equal without regard to case when their folded bytes are equal.
 */
char *
ScimFold(const char *text, size_t len, size_t *folded_len)
{
	char *folded = palloc(FOLD_ROOM(len));

	if (!ScimFoldAscii(text, len, folded))
		len = fold_unicode(text, len, &folded);
	folded[len] = '\0';
	if (folded_len != NULL)
		*folded_len = len;
	return folded;
}

/* ScimFoldHash is the same for texts that are equal without regard to case (ScimHash). */
uint32
ScimFoldHash(const char *text, size_t len)
{
	char buffer[SHORT_TEXT];
	char *folded;
	uint32 hash;

	if (len <= sizeof(buffer) && ScimFoldAscii(text, len, buffer))
		return ScimHash(buffer, len);
	folded = ScimFold(text, len, &len);
	hash = ScimHash(folded, len);
	pfree(folded);
	return hash;
}

/* ScimFoldEqual: are two texts equal without regard to case? */
bool
ScimFoldEqual(const char *a, size_t alen, const char *b, size_t blen)
{
	char *afolded;
	char *bfolded;
	bool equal;

	if (alen == blen && memcmp(a, b, alen) == 0)
		return true;
	afolded = ScimFold(a, alen, &alen);
	bfolded = ScimFold(b, blen, &blen);
	equal = alen == blen && memcmp(afolded, bfolded, alen) == 0;
	pfree(afolded);
	pfree(bfolded);
	return equal;
}

/* ScimIsFoldedAscii: ASCII without a capital, which every rule leaves as it is? */
bool
ScimIsFoldedAscii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
	{
		if (IS_HIGHBIT_SET(text[i]) || (text[i] >= 'A' && text[i] <= 'Z'))
			return false;
	}
	return true;
}

PG_FUNCTION_INFO_V1(scim_fold);

/* scim.fold(text) returns text: the folded text; the argument itself if it is folded. */
Datum
scim_fold(PG_FUNCTION_ARGS)
{
	text *original = PG_GETARG_TEXT_PP(0);
	const char *data = VARDATA_ANY(original);
	size_t len = VARSIZE_ANY_EXHDR(original);
	size_t folded_len;
	char *folded;

	if (ScimIsFoldedAscii(data, len))
		PG_RETURN_TEXT_P(original);
	folded = ScimFold(data, len, &folded_len);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(folded, folded_len));
}
