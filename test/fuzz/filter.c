/*
 * filter.c
 *		Any bytes are a filter or a problem; a filter prints as a text that reads
 *		back as the same tree.
 */
#include "shim.h"

#include "filter/filter.h"

extern int LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	char *text = memcpy(palloc(size), data, size); /* with nothing behind it */
	ScimProblem *problem = NULL;
	ScimFilter *filter = ScimFilterParse(text, size, &problem);

	if (filter == NULL)
	{
		if (problem == NULL || problem->message == NULL || problem->message[0] == '\0')
			shim_fail("no filter and no problem", pnstrdup(text, size));
	}
	else
	{
		StringInfoData printed;
		ScimFilter *again;
		StringInfoData key;

		initStringInfo(&printed);
		ScimFilterPrint(&printed, filter);
		again = ScimFilterParse(printed.data, printed.len, &problem);
		if (again == NULL)
			shim_fail(problem->message, printed.data);
		if (VARSIZE(again) != VARSIZE(filter) ||
			memcmp(again, filter, VARSIZE(filter)) != 0)
			shim_fail("reads back as another filter", printed.data);
		if (ScimFilterCompare(filter, again) != 0)
			shim_fail("differs from itself", printed.data);
		initStringInfo(&key);
		ScimFilterHashKey(&key, filter);
	}
	shim_reset();
	return 0;
}
