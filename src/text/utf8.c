/*
 * utf8.c
 *		UTF-8 in and out.  See RFC 3629 section 4 for what is well-formed.
 */
#include "postgres.h"

#include "text/utf8.h"

/*
 * ScimUtf8Decode reads the code point at "at" (at < end) and returns its length
 * in bytes, or 0 when the bytes there are not well-formed.
 */
int
ScimUtf8Decode(const char *at, const char *end, uint32 *code)
{
	const unsigned char *byte = (const unsigned char *) at;
	uint32 value;
	uint32 least;
	int len;

	if (byte[0] < 0x80)
	{
		*code = byte[0];
		return 1;
	}
	if ((byte[0] & 0xE0) == 0xC0)
	{
		len = 2;
		least = 0x80;
	}
	else if ((byte[0] & 0xF0) == 0xE0)
	{
		len = 3;
		least = 0x800;
	}
	else if ((byte[0] & 0xF8) == 0xF0)
	{
		len = 4;
		least = 0x10000;
	}
	else
		return 0;
	if (end - at < len)
		return 0;
	value = byte[0] & (0x7F >> len);
	for (int i = 1; i < len; i++)
	{
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
		value = (value << 6) | (byte[i] & 0x3F);
	}
	if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*code = value;
	return len;
}

/*
 * ScimUtf8Encode writes a code point, up to SCIM_UTF8_MAX bytes without a NUL,
 * and returns their number.
 */
int
ScimUtf8Encode(uint32 code, char *out)
{
	int len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (len == 1)
	{
		out[0] = (char) code;
		return 1;
	}
	for (int i = len - 1; i > 0; i--)
	{
		out[i] = (char) (0x80 | (code & 0x3F));
		code >>= 6;
	}
	out[0] = (char) ((0xF00 >> len) | code);
	return len;
}

/* White space of Unicode, and what has no width at all. */
static bool
is_blank(uint32 code)
{
	return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 ||
		   code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200D) ||
		   code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
		   code == 0x2060 || code == 0x3000 || code == 0xFEFF;
}

/* ScimTextIsBlank: is there nothing in a text that anybody could see? */
bool
ScimTextIsBlank(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end)
	{
		uint32 code;
		int bytes = ScimUtf8Decode(text, end, &code);

		if (bytes == 0 || !is_blank(code))
			return false;
		text += bytes;
	}
	return true;
}
