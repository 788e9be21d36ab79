/*
 * precis.c
 *		Comparison of user names: RFC 7644 section 5, RFC 8265 section 3.3.
 *
 * Two names are the same where what remains of them is, once
 *
 *		wide and narrow forms have become those that they are of (width mapping),
 *		the case is folded, as fold.c does it,
 *		what is made of several code points is written in one way (NFC).
 *
 * All of it is of one version of Unicode, that of the tables, whatever the server has:
 * what is not assigned there stays as it is.  RFC 8265 makes small letters where
 * this folds, so that it tells apart no names that fold.c does not ("ss").
 *
 * The case is folded of what has been taken apart (NFD) and put in order, so that texts
 * that are canonically equivalent come to the same: Unicode, D145.  That matters for
 * U+0345, the only mark that folds to a letter: where it stands before other marks of
 * its letter, fold.c has that letter between them.
 */
#include "postgres.h"

#include "compat.h"
#include "common/hashfn.h"
#include "miscadmin.h"

#include "text/fold.h"
#include "text/utf8.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

typedef struct WidthRange
{
	uint32 first;
	uint32 last;
	int32 delta;
} WidthRange;

typedef struct ClassRange
{
	uint32 first;
	uint32 last;
	uint32 class;
} ClassRange;

typedef struct Decomposition
{
	uint32 code;
	uint32 count;
	uint32 codes[4];
} Decomposition;

typedef struct Composition
{
	uint32 first;
	uint32 second;
	uint32 code;
} Composition;

#include "text/precis_table.h"

/* Hangul syllables: Unicode, section 3.12. */
#define HANGUL_S 0xAC00
#define HANGUL_L 0x1100
#define HANGUL_V 0x1161
#define HANGUL_T 0x11A7
#define HANGUL_LS 19
#define HANGUL_VS 21
#define HANGUL_TS 28
#define HANGUL_SS (HANGUL_LS * HANGUL_VS * HANGUL_TS)

/* No code point below has a class, is wide, or is the second one of two that compose. */
#define FIRST_MARK 0x300

/* A run of marks up to this is sorted by insertion. */
#define RUN_SHORT 16
#define CLASSES 256

/* A text as code points, each with its canonical combining class. */
typedef struct Code
{
	uint32 code : 24;
	uint32 class : 8;
} Code;

typedef struct Codes
{
	Code *codes;
	size_t n;
	size_t capacity;
} Codes;

/*
 * A table of ranges or code points: the last one that begins at or before code.  All
 * have the code as their first member.
 */
static int
find_entry(const void *table, int entries, size_t size, uint32 code)
{
	int low = 0;
	int high = entries;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (*(const uint32 *) ((const char *) table + size * middle) > code)
			high = middle;
		else
			low = middle + 1;
	}
	return low - 1;
}

#define FIND(table, code) find_entry(table, lengthof(table), sizeof((table)[0]), code)

static uint32
map_width(uint32 code)
{
	int i = FIND(width_ranges, code);

	return i >= 0 && code <= width_ranges[i].last ? code + width_ranges[i].delta : code;
}

static uint32
class_of(uint32 code)
{
	int i;

	if (code < FIRST_MARK)
		return 0;
	i = FIND(class_ranges, code);
	return i >= 0 && code <= class_ranges[i].last ? class_ranges[i].class : 0;
}

/* The code point that two make; 0: none. */
static uint32
compose(uint32 first, uint32 second)
{
	int low = 0;
	int high = lengthof(compositions) - 1;

	if (second < FIRST_MARK)
		return 0;
	if (first - HANGUL_L < HANGUL_LS && second - HANGUL_V < HANGUL_VS)
		return HANGUL_S +
			   ((first - HANGUL_L) * HANGUL_VS + second - HANGUL_V) * HANGUL_TS;
	if (first - HANGUL_S < HANGUL_SS && (first - HANGUL_S) % HANGUL_TS == 0 &&
		second - HANGUL_T - 1 < HANGUL_TS - 1)
		return first + second - HANGUL_T;
	while (low <= high)
	{
		int middle = (low + high) / 2;
		const Composition *pair = &compositions[middle];

		if (first < pair->first || (first == pair->first && second < pair->second))
			high = middle - 1;
		else if (first > pair->first || second > pair->second)
			low = middle + 1;
		else
			return pair->code;
	}
	return 0;
}

static void
add_code(Codes *codes, uint32 code)
{
	if (codes->n == codes->capacity)
	{
		codes->capacity *= 2;
		codes->codes = repalloc_huge(codes->codes, codes->capacity * sizeof(Code));
	}
	codes->codes[codes->n].code = code;
	codes->codes[codes->n++].class = class_of(code);
}

/* Adds what a code point is made of. */
static void
add_decomposed(Codes *codes, uint32 code)
{
	int i;

	if (code - HANGUL_S < HANGUL_SS)
	{
		uint32 syllable = code - HANGUL_S;

		add_code(codes, HANGUL_L + syllable / (HANGUL_VS * HANGUL_TS));
		add_code(codes, HANGUL_V + syllable / HANGUL_TS % HANGUL_VS);
		if (syllable % HANGUL_TS != 0)
			add_code(codes, HANGUL_T + syllable % HANGUL_TS);
		return;
	}
	i = code < 0x80 ? -1 : FIND(decompositions, code);
	if (i < 0 || decompositions[i].code != code)
	{
		add_code(codes, code);
		return;
	}
	for (uint32 j = 0; j < decompositions[i].count; j++)
		add_code(codes, decompositions[i].codes[j]);
}

/* Sorts marks by their class, and leaves those of one class as they stand. */
static void
sort_marks(Code *marks, size_t n)
{
	size_t from[CLASSES + 1] = {0};
	Code *sorted;

	if (n <= RUN_SHORT)
	{
		for (size_t i = 1; i < n; i++)
		{
			Code mark = marks[i];
			size_t at = i;

			for (; at > 0 && marks[at - 1].class > mark.class; at--)
				marks[at] = marks[at - 1];
			marks[at] = mark;
		}
		return;
	}
	sorted = palloc_extended(n * sizeof(Code), MCXT_ALLOC_HUGE);
	for (size_t i = 0; i < n; i++)
		from[marks[i].class + 1]++;
	for (int class = 0; class < CLASSES; class ++)
		from[class + 1] += from[class];
	for (size_t i = 0; i < n; i++)
		sorted[from[marks[i].class]++] = marks[i];
	memcpy(marks, sorted, n * sizeof(Code));
	pfree(sorted);
}

/* The canonical order: marks that follow each other by their classes. */
static void
order_codes(Codes *codes)
{
	size_t i = 0;

	while (i < codes->n)
	{
		size_t first = i;

		while (i < codes->n && codes->codes[i].class != 0)
			i++;
		if (i - first > 1)
		{
			CHECK_FOR_INTERRUPTS();
			sort_marks(codes->codes + first, i - first);
		}
		i++;
	}
}

/* Puts together what is made of several, in place. */
static void
compose_codes(Codes *codes)
{
	Code *starter = NULL;
	int last_class = -1; /* of what stands between the starter and the next one */
	size_t kept = 0;

	for (size_t i = 0; i < codes->n; i++)
	{
		Code code = codes->codes[i];
		uint32 both =
			starter != NULL && last_class < (int) code.class ? compose(starter->code,
																	   code.code)
															 : 0;

		if (both != 0)
		{
			starter->code = both;
			continue;
		}
		codes->codes[kept] = code;
		if (code.class == 0)
		{
			starter = &codes->codes[kept];
			last_class = -1;
		}
		else
			last_class = (int) code.class;
		kept++;
	}
	codes->n = kept;
}

/* What stands for a byte in a Code, which has 24 bits: behind all code points. */
#define CODE_OF_BYTE(byte) (0x800000 | (unsigned char) (byte))
#define IS_BYTE(code) (((code) &0x800000) != 0)

/*
 * Is a code point one of those that are neither wide nor made of others, and that have
 * nothing in a text to compose with, but what is none of them?  Of most names all are.
 */
static bool
is_plain(uint32 code)
{
	return (code < FIRST_MARK && code != 0x1F0) || (code >= 0x400 && code <= 0x482) ||
		   (code >= 0x3041 && code <= 0x3096) || (code >= 0x30A1 && code <= 0x30FA) ||
		   (code >= 0x4E00 && code <= 0x9FFF) || code - HANGUL_S < HANGUL_SS;
}

static bool
is_plain_text(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end)
	{
		uint32 code;
		int consumed = ScimUtf8Decode(text, end, &code);

		if (consumed == 0 || !is_plain(code))
			return false;
		text += consumed;
	}
	return true;
}

static void
init_codes(Codes *codes, size_t capacity)
{
	codes->n = 0;
	codes->capacity = Max(capacity, 8);
	codes->codes = palloc_extended(codes->capacity * sizeof(Code), MCXT_ALLOC_HUGE);
}

static char *
fold_unicode(const char *text, size_t len, size_t *folded_len)
{
	const char *end = text + len;
	Codes apart;
	Codes folded;
	char *out;
	size_t written = 0;

	init_codes(&apart, len);
	while (text < end)
	{
		uint32 code;
		int consumed = ScimUtf8Decode(text, end, &code);

		CHECK_FOR_INTERRUPTS();
		if (consumed == 0)
			add_code(&apart, CODE_OF_BYTE(*text));
		else
			add_decomposed(&apart, map_width(code));
		text += Max(consumed, 1);
	}
	order_codes(&apart);

	init_codes(&folded, apart.n);
	for (size_t i = 0; i < apart.n; i++)
	{
		uint32 to[3];
		int count = 1;

		to[0] = apart.codes[i].code;
		CHECK_FOR_INTERRUPTS();
		if (!IS_BYTE(to[0]))
			count = ScimFoldCode(apart.codes[i].code, to);
		for (int j = 0; j < count; j++)
			add_decomposed(&folded, to[j]);
	}
	pfree(apart.codes);
	order_codes(&folded);
	compose_codes(&folded);

	out = palloc_extended(folded.n * SCIM_UTF8_MAX + 1, MCXT_ALLOC_HUGE);
	for (size_t i = 0; i < folded.n; i++)
	{
		uint32 code = folded.codes[i].code;

		if (IS_BYTE(code))
			out[written++] = (char) (code & 0xFF);
		else
			written += ScimUtf8Encode(code, out + written);
	}
	pfree(folded.codes);
	*folded_len = written;
	return out;
}

/*
 * ScimFoldUserName is ScimFold by the rule of user names.  Two of them are the same
 * where their folded bytes are.
 */
char *
ScimFoldUserName(const char *text, size_t len, size_t *folded_len)
{
	char *folded = palloc(len + 1);
	size_t written = len;

	if (ScimFoldAscii(text, len, folded))
	{
		folded[len] = '\0';
		if (folded_len != NULL)
			*folded_len = len;
		return folded;
	}
	pfree(folded);
	if (is_plain_text(text, len))
		return ScimFold(text, len, folded_len);
	folded = fold_unicode(text, len, &written);
	folded[written] = '\0';
	if (folded_len != NULL)
		*folded_len = written;
	return folded;
}

PG_FUNCTION_INFO_V1(scim_fold_user_name);

/* scim.fold_user_name(text) returns text: the folded name; the argument itself if it is
 * folded. */
Datum
scim_fold_user_name(PG_FUNCTION_ARGS)
{
	text *original = PG_GETARG_TEXT_PP(0);
	const char *data = VARDATA_ANY(original);
	size_t len = VARSIZE_ANY_EXHDR(original);
	size_t folded_len;
	char *folded;

	if (ScimIsFoldedAscii(data, len))
		PG_RETURN_TEXT_P(original);
	folded = ScimFoldUserName(data, len, &folded_len);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(folded, folded_len));
}
