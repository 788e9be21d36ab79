/*
 * json.c
 *		Any bytes that are UTF-8 are a JSON document or a problem, whichever of the two
 *		parsers reads them; a document prints as a text that reads back as the same one.
 */
#include "shim.h"

#include "json/json.h"
#include "mb/pg_wchar.h"

extern int LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

/* Longer than what quick.c takes. */
#define SPACES (64 * 1024)

typedef struct Reading
{
	const char *text;
	size_t len;
	bool quick;
	JsonbValue *tree;
	const char *problem;
} Reading;

static void
read_text(void *argument)
{
	Reading *reading = argument;

	if (reading->quick)
	{
		reading->tree = ScimJsonReadQuick(reading->text, reading->len);
		return;
	}
	reading->tree = ScimJsonParse(reading->text, reading->len, &reading->problem);
	if (reading->tree == NULL && (reading->problem == NULL || *reading->problem == '\0'))
		shim_fail("no document and no problem", reading->text);
}

int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	/* frontend's parser, which this one is, does not look how deep it is */
	if (size <= 4096 &&
		pg_encoding_verifymbstr(PG_UTF8, (const char *) data, size) == (int) size)
	{
		char *text = palloc(size + SPACES + 1);
		Reading quick = {memcpy(palloc(size), data, size), size, true};
		Reading slow = {text, size + SPACES};

		memcpy(text, data, size);
		memset(text + size, ' ', SPACES);
		text[size + SPACES] = '\0';
		if (!shim_try(read_text, &quick) || !shim_try(read_text, &slow))
			shim_fail("raises an error", pnstrdup(text, size));
		if (quick.tree != NULL &&
			(slow.tree == NULL || !ScimJsonEqual(quick.tree, slow.tree)))
			shim_fail("is read in two ways", pnstrdup(text, size));
		if (slow.tree != NULL)
		{
			StringInfoData printed;
			Reading again = {0};

			initStringInfo(&printed);
			ScimJsonWrite(&printed, slow.tree);
			again.text = printed.data;
			again.len = printed.len;
			if (!shim_try(read_text, &again) || again.tree == NULL ||
				!ScimJsonEqual(again.tree, slow.tree))
				shim_fail("reads back as another document", printed.data);
		}
	}
	shim_reset();
	return 0;
}
