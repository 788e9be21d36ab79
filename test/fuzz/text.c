/*
 * text.c
 *		Any bytes as a date, as a time, as an HTTP-date, as a version and as base64url:
 *		what is taken prints as a text that reads back as the same.
 */
#include "shim.h"

#include "text/base64url.h"
#include "text/datetime.h"
#include "text/version.h"

extern int LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

static void
instant(const char *text, size_t len)
{
	ScimInstant read;
	ScimInstant again;

	if (!ScimInstantParse(text, len, &read))
		return;
	if (read.nanoseconds < 0 || read.nanoseconds >= 1000000000)
		shim_fail("has too many nanoseconds", pnstrdup(text, len));
	if (!ScimInstantParse(pnstrdup(text, len), len, &again) ||
		ScimInstantCompare(&read, &again) != 0)
		shim_fail("is another instant", pnstrdup(text, len));
}

static void
http_date(const char *text)
{
	int64 seconds;
	int64 again;
	char *printed;

	/* those after the epoch of the shim's clock and before the year 10000 */
	if (!ScimHttpDateParse(text, &seconds) || seconds < 0 || seconds > INT64CONST(253402300799))
		return;
	printed = ScimHttpDateText((seconds - 946684800) * USECS_PER_SEC);
	if (!ScimHttpDateParse(printed, &again) || again != seconds)
		shim_fail("reads back as another date", printed);
}

static void
base64url(const char *text)
{
	unsigned char *bytes = palloc(strlen(text) * 3 / 4 + 1);
	int len = ScimBase64UrlDecode(text, bytes);
	StringInfoData printed;

	if (len < 0)
		return;
	initStringInfo(&printed);
	ScimBase64Url(&printed, bytes, len);
	if (strcmp(printed.data, text) != 0)
		shim_fail("is the same bytes as another text", text);
}

static void
version(const char *text, size_t len)
{
	char buffer[SCIM_VERSION_BUFFER];
	size_t rest = len;
	const char *shorter = ScimVersionWithoutDigest(text, &rest, buffer);

	if (shorter == NULL || rest > len)
		shim_fail("is longer without its digest", pnstrdup(text, len));
}

int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	char *bytes = memcpy(palloc(size), data, size);
	char *text = pnstrdup(bytes, size);

	instant(bytes, size);
	ScimDateIsValid(bytes, size);
	version(bytes, size);
	http_date(text);
	base64url(text);
	shim_reset();
	return 0;
}
