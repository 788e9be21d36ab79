/*
 * base64url.c
 *		Bytes as text that may stand in a URL: RFC 4648 section 5, without padding; and as
 *		the padded one of section 4.
 */
#include "postgres.h"

#include "common/base64.h"
#include "miscadmin.h"

#include "text/base64url.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* ScimBase64Url appends bytes as text. */
void
ScimBase64Url(StringInfo out, const unsigned char *bytes, int len)
{
	for (int i = 0; i < len; i += 3)
	{
		int left = Min(len - i, 3);
		uint32 bits = bytes[i] << 16;

		if (left > 1)
			bits |= bytes[i + 1] << 8;
		if (left > 2)
			bits |= bytes[i + 2];
		for (int j = 0; j <= left; j++)
			appendStringInfoChar(out, alphabet[(bits >> (18 - 6 * j)) & 63]);
	}
}

/* ScimBase64 is bytes as text of section 4, in one line. */
char *
ScimBase64(const void *bytes, int len)
{
	int size = pg_b64_enc_len(len);
	char *text = palloc(size + 1);
	int text_len = pg_b64_encode(bytes, len, text, size);

	if (text_len < 0)
		elog(ERROR, "could not encode %d bytes", len);
	text[text_len] = '\0';
	return text;
}

/*
 * ScimBase64UrlDecode makes bytes of text again, of which there are three for four
 * characters at the most.  Returns how many, or -1 for a text that is not made of any.
 */
int
ScimBase64UrlDecode(const char *text, unsigned char *bytes)
{
	uint32 bits = 0;
	int nbits = 0;
	int len = 0;

	for (; *text != '\0'; text++)
	{
		const char *found = strchr(alphabet, *text);

		CHECK_FOR_INTERRUPTS();
		if (found == NULL)
			return -1;
		bits = (bits << 6 | (found - alphabet)) & 0xffff;
		nbits += 6;
		if (nbits >= 8)
		{
			nbits -= 8;
			bytes[len++] = bits >> nbits & 0xff;
		}
	}
	if (nbits >= 6 || (bits & ((1 << nbits) - 1)) != 0)
		return -1;
	return len;
}
