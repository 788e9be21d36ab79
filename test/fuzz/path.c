/*
 * path.c
 *		Any bytes are a path or a problem; a path prints as a text that reads
 *		back as the same path.
 */
#include "shim.h"

#include "path/path.h"

extern int LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	char *text = memcpy(palloc(size), data, size);
	ScimProblem *problem = NULL;
	ScimPath *path = ScimPathParse(text, size, &problem);

	if (path == NULL)
	{
		if (problem == NULL || problem->message == NULL || problem->message[0] == '\0')
			shim_fail("no path and no problem", pnstrdup(text, size));
	}
	else
	{
		StringInfoData printed;
		ScimPath *again;

		initStringInfo(&printed);
		ScimPathPrint(&printed, path);
		again = ScimPathParse(printed.data, printed.len, &problem);
		if (again == NULL)
			shim_fail(problem->message, printed.data);
		if (VARSIZE(again) != VARSIZE(path) || memcmp(again, path, VARSIZE(path)) != 0)
			shim_fail("reads back as another path", printed.data);
	}
	shim_reset();
	return 0;
}
