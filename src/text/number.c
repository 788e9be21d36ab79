/*
 * number.c
 *		Numbers that are no longer, written out, than others can read.
 */
#include "postgres.h"

#include "text/number.h"

#include "compat.h"
#include "fmgr.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

/* A text that is longer has more digits than there may be, whatever it says. */
#define TEXT_MAX 1000
/* Beyond it numeric has no room. */
#define EXPONENT_MAX 9999

/* What the server keeps four digits in. */
#define DIGITS_PER_ITEM 4

/* 10 to the power of SCIM_NUMBER_BEFORE, and the same below zero. */
static Datum beyond[2];

static Numeric
read_numeric(const char *text)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

static bool
compare(PGFunction operator, Numeric number, Datum bound)
{
	return DatumGetBool(DirectFunctionCall2(operator, NumericGetDatum(number), bound));
}

/*
 * ScimNumberFits: has a number, written out, no more digits than SCIM_NUMBER_LIMITS
 * says?  It is not written out for that.
 */
bool
ScimNumberFits(Numeric number)
{
	if (numeric_is_nan(number) || numeric_is_inf(number) ||
		DatumGetInt32(DirectFunctionCall1(numeric_scale, NumericGetDatum(number))) >
			SCIM_NUMBER_BEHIND)
		return false;
	if (beyond[1] == (Datum) 0)
	{
		MemoryContext before = MemoryContextSwitchTo(TopMemoryContext);

		beyond[0] = NumericGetDatum(read_numeric("1e" CppAsString2(SCIM_NUMBER_BEFORE)));
		beyond[1] = NumericGetDatum(read_numeric("-1e" CppAsString2(SCIM_NUMBER_BEFORE)));
		MemoryContextSwitchTo(before);
	}
	return compare(numeric_lt, number, beyond[0]) &&
		   compare(numeric_gt, number, beyond[1]);
}

/*
 * ScimNumberRead makes a numeric of a number in JSON (RFC 8259 section 6).  Returns NULL
 * where it does not fit.
 */
Numeric
ScimNumberRead(const char *text)
{
	const char *exponent = strpbrk(text, "eE");
	Numeric number;

	if (strlen(text) > TEXT_MAX)
		return NULL;
	if (exponent != NULL)
	{
		long value = strtol(exponent + 1, NULL, 10);

		if (value > EXPONENT_MAX || value < -EXPONENT_MAX)
			return NULL;
	}
	number = read_numeric(text);
	return ScimNumberFits(number) ? number : NULL;
}

/*
 * ScimNumberText writes a number as JSON has it: one that fits with all its digits, and
 * another, which an earlier version may have stored, with an exponent.
 */
char *
ScimNumberText(Numeric number)
{
	int digits;
	char *text;
	char *exponent;
	char *last;

	if (numeric_is_nan(number) || numeric_is_inf(number))
		return pstrdup("null");
	if (ScimNumberFits(number))
		return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
	digits = DIGITS_PER_ITEM * (VARSIZE_ANY(number) / sizeof(int16));
	text = numeric_out_sci(number, digits);
	/* zeros behind the last digit say nothing */
	exponent = strchr(text, 'e');
	if (exponent == NULL || memchr(text, '.', exponent - text) == NULL)
		return text;
	last = exponent;
	while (last[-1] == '0')
		last--;
	if (last[-1] == '.')
		last--;
	memmove(last, exponent, strlen(exponent) + 1);
	return text;
}
