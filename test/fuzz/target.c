/*
 * target.c
 *		Any text is a request target, with the parameters of a search, or an error of
 *		SCIM's: segments are UTF-8 and no dots, and a path that is split again is the
 *same.
 */
#include "shim.h"

#include "mb/pg_wchar.h"
#include "message/message.h"

extern int LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

/* What a store is asked here. */
ScimSettingValue
ScimSettingValueOf(ScimSettings *settings, ScimSettingId id, const char *type,
				   ScimSettingSource *source)
{
	ScimSettingValue value = {0, id == SCIM_SETTING_BASE_PATH ? "/scim/v2" : ""};

	*source = SCIM_SETTING_STORE;
	return value;
}

/* Names of attributes are looked at as where all is to the letter, and as elsewhere. */
static bool refuses_unknown;

bool
ScimRefusesUnknown(const ScimResourceType *type)
{
	return refuses_unknown;
}

const char *
ScimTenantBaseUrl(const ScimStore *store)
{
	return NULL;
}

static void
parse(void *argument)
{
	ScimStore store = {0};
	ScimTarget target;
	ScimSearchRequest search;

	ScimTargetParse(&store, argument, &target);
	for (int i = 0; i < target.nsegments; i++)
	{
		const char *segment = target.segments[i];

		if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
			shim_fail("holds dots", argument);
		if (pg_encoding_verifymbstr(PG_UTF8, segment, strlen(segment)) !=
			(int) strlen(segment))
			shim_fail("is no UTF-8", argument);
	}
	ScimSearchFromTarget(&target, &search);
	if (search.count < -1)
		shim_fail("asks for less than nothing", argument);
}

static void
split(void *argument)
{
	const char *query;
	int nsegments;
	char **segments = ScimTargetSplit(argument, &nsegments, &query);
	StringInfoData again;
	char **others;
	int nothers;

	if (segments == NULL)
		return;
	ScimTargetParameters(query);
	initStringInfo(&again);
	for (int i = 0; i < nsegments; i++)
	{
		appendStringInfoChar(&again, '/');
		for (const char *p = segments[i]; *p != '\0'; p++)
			appendStringInfo(&again, "%%%02X", (unsigned char) *p);
	}
	if (nsegments == 0)
		return;
	others = ScimTargetSplit(again.data, &nothers, &query);
	if (others == NULL || nothers != nsegments)
		shim_fail("splits into others", again.data);
	for (int i = 0; i < nsegments; i++)
	{
		if (strcmp(segments[i], others[i]) != 0)
			shim_fail("has another segment", again.data);
	}
}

int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	char *text = pnstrdup((const char *) data, size);

	refuses_unknown = false;
	shim_try(parse, text);
	refuses_unknown = true;
	shim_try(parse, text);
	shim_try(split, text);
	shim_reset();
	return 0;
}
