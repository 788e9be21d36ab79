/*
 * scan.c
 *		Reading a filter or a path: words, attribute names, literals, and what
 *		to say when one of them is wrong.
 */
#include "postgres.h"

#include "filter/scan.h"
#include "text/text.h"

#define QUOTE_MAX 40 /* bytes of the input that a message quotes */

int scim_max_filter_length = SCIM_MAX_FILTER_LENGTH_DEFAULT;
ScimFilterLimits scim_filter_needs = {0, 0, 0};

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 7643 section 2.1, and the "$" of $ref */
static inline bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '$';
}

static inline bool
is_name_char(char c)
{
	return is_name_start(c) || is_digit(c) || c == '_' || c == '-';
}

/*
 * ScimScanFits checks the length of a text, as it is read or as it would be
 * printed, against the setting scim.max_filter_length.  Returns false, with the
 * problem, when it is longer.
 */
bool
ScimScanFits(ScimScan *scan, size_t len)
{
	if (len <= (size_t) scim_max_filter_length)
	{
		scim_filter_needs.length = Max(scim_filter_needs.length, (int) len);
		return true;
	}
	scan->problem =
		ScimProblemMake(scan->kind, NULL, "%s of %zu bytes is too long: it may have %d",
						scan->language, len, scim_max_filter_length);
	scan->problem->hint = "The setting max_filter_length is the limit.";
	return false;
}

/*
 * ScimScanStart begins to read a text.  language is the word for it in
 * messages, kind that of its syntax errors.  Returns false, with the problem,
 * when the text is too long.
 */
bool
ScimScanStart(ScimScan *scan, const char *text, size_t len, const char *language,
			  ScimErrorKind kind)
{
	scan->start = text;
	scan->at = text;
	scan->end = text + len;
	scan->language = language;
	scan->kind = kind;
	scan->problem = NULL;
	return ScimScanFits(scan, len);
}

/* ScimScanPosition counts characters, from 1, up to a place in the text. */
int
ScimScanPosition(const ScimScan *scan, const char *at)
{
	int position = 1;

	for (const char *p = scan->start; p < at; p++)
		position += (*p & 0xC0) != 0x80;
	return position;
}

/*
 * ScimScanQuote copies a piece of the input for a message: in double quotes,
 * cut if long, on one line and always valid UTF-8.
 */
char *
ScimScanQuote(ScimSlice slice)
{
	const char *end = slice.at + slice.len;
	StringInfoData quoted;

	initStringInfo(&quoted);
	appendStringInfoChar(&quoted, '"');
	for (const char *at = slice.at; at < end;)
	{
		uint32 code;
		int len = ScimUtf8Decode(at, end, &code);

		if (quoted.len > QUOTE_MAX)
		{
			appendStringInfoString(&quoted, "...");
			break;
		}
		if (len == 0 || code < ' ' || code == 0x7F)
		{
			appendStringInfoChar(&quoted, '?');
			len = 1;
		}
		else
			appendBinaryStringInfo(&quoted, at, len);
		at += len;
	}
	appendStringInfoChar(&quoted, '"');
	return quoted.data;
}

/* ScimScanFail notes a problem at a place of the text, and returns false. */
bool
ScimScanFail(ScimScan *scan, const char *at, const char *fmt, ...)
{
	va_list args;
	char *message;
	int position;

	if (scan->problem != NULL)
		return false;
	va_start(args, fmt);
	message = ScimFormat(fmt, args);
	va_end(args);
	position = ScimScanPosition(scan, at);
	scan->problem =
		ScimProblemMake(scan->kind, NULL, "syntax error in %s at character %d: %s",
						scan->language, position, message);
	scan->problem->position = position;
	pfree(message);
	return false;
}

/* Is a string what stands before? */
static bool
is_behind_string(const ScimScan *scan)
{
	const char *at = scan->at;

	while (at > scan->start && at[-1] == ' ')
		at--;
	return at > scan->start && at[-1] == '"';
}

/*
 * ScimScanExpected notes that something else should stand where the scan is,
 * behind the piece "after" (or nothing), and returns false.
 */
bool
ScimScanExpected(ScimScan *scan, const char *expected, ScimSlice after)
{
	ScimSlice found = ScimScanWord(scan);
	const char *behind = after.at == NULL ? "" : " after ";
	char *after_text = after.at == NULL ? pstrdup("") : ScimScanQuote(after);

	if (scan->at == scan->end)
		return ScimScanFail(scan, scan->at, "expected %s%s%s, found the end of the %s",
							expected, behind, after_text, scan->language);
	/* not what is in it, nor behind a quote that one in it may be: it may be a secret */
	if ((found.len > 0 || *scan->at == '"') && is_behind_string(scan))
		return ScimScanFail(scan, scan->at, "expected %s%s%s behind a string", expected,
							behind, after_text);
	if (*scan->at == '"')
		return ScimScanFail(scan, scan->at, "expected %s%s%s, found a string", expected,
							behind, after_text);
	if (found.len == 0)
		found.len = 1;
	return ScimScanFail(scan, scan->at, "expected %s%s%s, found %s", expected, behind,
						after_text, ScimScanQuote(found));
}

/* ScimScanWord is the word that stands next, perhaps empty; it is not read yet. */
ScimSlice
ScimScanWord(const ScimScan *scan)
{
	ScimSlice word = {scan->at, 0};
	const char *at = scan->at;

	while (at < scan->end && ScimScanIsWordChar(*at))
		at++;
	word.len = at - scan->at;
	return word;
}

/* ScimScanWordIs compares a word with a keyword, without regard to case. */
bool
ScimScanWordIs(ScimSlice word, const char *expected)
{
	return ScimNameEqualN(word.at, word.len, expected, strlen(expected));
}

/* Reads a name between scan->at and end. */
static bool
scan_name(ScimScan *scan, const char *end, const char *what, ScimSlice *name)
{
	const char *at = scan->at;
	ScimSlice rest = {at, end - at};

	if (at == end)
		return ScimScanExpected(scan, what, (ScimSlice){NULL, 0});
	if (!is_name_start(*at))
		return ScimScanFail(scan, at, "expected %s, found %s", what, ScimScanQuote(rest));
	while (at < end && is_name_char(*at))
		at++;
	if (at < end && *at != '.')
	{
		uint32 code;
		int len = ScimUtf8Decode(at, end, &code);

		return ScimScanFail(scan, at, "unexpected character %s in the name %s",
							ScimScanQuote((ScimSlice){at, Max(len, 1)}),
							ScimScanQuote(rest));
	}
	name->at = scan->at;
	name->len = at - scan->at;
	scan->at = at;
	return true;
}

/* ScimScanSubAttribute reads the name behind the dot at scan->at. */
bool
ScimScanSubAttribute(ScimScan *scan, ScimSlice *sub)
{
	ScimSlice word = ScimScanWord(scan);

	Assert(*scan->at == '.');
	scan->at++;
	if (!scan_name(scan, word.at + word.len, "the name of a sub-attribute", sub))
		return false;
	if (scan->at < word.at + word.len)
		return ScimScanFail(scan, scan->at,
							"a sub-attribute has no sub-attributes, found %s",
							ScimScanQuote(word));
	return true;
}

/*
 * ScimScanAttribute reads [urn ":"] name ["." sub].  A URN ends at the last
 * colon of the word, so it may hold dots.  Behind it something that begins with
 * a digit is the last part of a schema's own URN, like urn:example:schema:2.0,
 * and taken as the name.
 */
bool
ScimScanAttribute(ScimScan *scan, ScimAttrSlice *attribute)
{
	ScimSlice word = ScimScanWord(scan);
	const char *end = word.at + word.len;
	const char *colon = NULL;

	memset(attribute, 0, sizeof(*attribute));
	attribute->whole = word;
	for (const char *at = word.at; at < end; at++)
	{
		if (*at == ':')
			colon = at;
	}
	if (colon != NULL)
	{
		attribute->urn.at = word.at;
		attribute->urn.len = colon - word.at;
		if (!is_name_start(*word.at))
			return ScimScanFail(scan, word.at, "expected an attribute or a URN, found %s",
								ScimScanQuote(word));
		for (const char *at = word.at; at < end; at++)
		{
			if (IS_HIGHBIT_SET(*at))
				return ScimScanFail(scan, at, "a URN is ASCII only, found %s",
									ScimScanQuote(word));
		}
		scan->at = colon + 1;
		if (scan->at < end && is_digit(*scan->at))
		{
			attribute->name.at = scan->at;
			attribute->name.len = end - scan->at;
			scan->at = end;
			return true;
		}
	}
	if (!scan_name(scan, end, "the name of an attribute", &attribute->name))
		return false;
	return scan->at == end || ScimScanSubAttribute(scan, &attribute->sub);
}

/*
 * ScimScanIsNumber tells whether a word is a number of JSON: RFC 8259 section 6.
 */
bool
ScimScanIsNumber(ScimSlice word)
{
	const char *at = word.at;
	const char *end = at + word.len;

	if (at < end && *at == '-')
		at++;
	if (at == end || !is_digit(*at))
		return false;
	if (*at == '0')
		at++;
	else
	{
		while (at < end && is_digit(*at))
			at++;
	}
	if (at < end && *at == '.')
	{
		at++;
		if (at == end || !is_digit(*at))
			return false;
		while (at < end && is_digit(*at))
			at++;
	}
	if (at < end && (*at == 'e' || *at == 'E'))
	{
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		if (at == end || !is_digit(*at))
			return false;
		while (at < end && is_digit(*at))
			at++;
	}
	return at == end;
}

/* Reads the four digits of \uXXXX; scan->at stands on the first. */
static bool
scan_hex4(ScimScan *scan, uint32 *code)
{
	*code = 0;
	for (int i = 0; i < 4; i++)
	{
		int digit = scan->at < scan->end ? ScimHexDigit(*scan->at) : -1;

		if (digit < 0)
			return ScimScanFail(scan, scan->at, "\"\\u\" needs four hexadecimal digits");
		*code = *code * 16 + digit;
		scan->at++;
	}
	return true;
}

/* Reads an escape behind its backslash, writes what it means and its length. */
static bool
scan_escape(ScimScan *scan, char *out, size_t *len)
{
	const char *backslash = scan->at - 1;
	char c = scan->at < scan->end ? *scan->at : '\0';
	const char *letters = "\"\\/bfnrt";
	const char *letter = c == '\0' ? NULL : strchr(letters, c);
	uint32 code;
	uint32 low;

	if (letter != NULL)
	{
		*out = "\"\\/\b\f\n\r\t"[letter - letters];
		*len = 1;
		scan->at++;
		return true;
	}
	if (c != 'u')
		return ScimScanFail(scan, backslash, "unknown escape in a string: %s",
							ScimScanQuote((ScimSlice){
								backslash, Min((size_t) 2, scan->end - backslash)}));
	scan->at++;
	if (!scan_hex4(scan, &code))
		return false;
	if (code == 0)
		return ScimScanFail(scan, backslash, "a string cannot hold \"\\u0000\"");
	if (code >= 0xD800 && code <= 0xDBFF && scan->end - scan->at >= 2 &&
		scan->at[0] == '\\' && scan->at[1] == 'u')
	{
		scan->at += 2;
		if (!scan_hex4(scan, &low))
			return false;
		if (low >= 0xDC00 && low <= 0xDFFF)
			code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	if (code >= 0xD800 && code <= 0xDFFF)
		return ScimScanFail(scan, backslash, "surrogate without its pair in a string");
	*len = ScimUtf8Encode(code, out);
	return true;
}

/*
 * ScimScanString reads a JSON string (RFC 8259 section 7) and decodes it to out,
 * which must have room for what stands between its quotes.  scan->at is the
 * opening quote.
 */
bool
ScimScanString(ScimScan *scan, char *out, size_t *len)
{
	const char *open = scan->at;
	char *to = out;

	Assert(*open == '"');
	scan->at++;
	while (scan->at < scan->end && *scan->at != '"')
	{
		unsigned char c = (unsigned char) *scan->at;
		size_t piece = 1;

		if (c == '\\')
		{
			scan->at++;
			if (!scan_escape(scan, to, &piece))
				return false;
		}
		else if (c < ' ')
			return ScimScanFail(scan, scan->at,
								"control character 0x%02X in a string must be escaped",
								c);
		else if (c < 0x80)
		{
			*to = (char) c;
			scan->at++;
		}
		else
		{
			uint32 code;

			piece = ScimUtf8Decode(scan->at, scan->end, &code);
			if (piece == 0)
				return ScimScanFail(scan, scan->at, "a string is not valid UTF-8");
			memcpy(to, scan->at, piece);
			scan->at += piece;
		}
		to += piece;
	}
	if (scan->at == scan->end)
		/* not what is in it: it may be a secret */
		return ScimScanFail(scan, open, "string without a closing quote");
	scan->at++;
	*len = to - out;
	return true;
}
