/*
 * substrings.c
 *		The option "substrings" of scim.gin_ops: whose strings have grams.
 *
 * A list of attributes with commas between; one with sub-attributes stands for
 * all of them, and * for every attribute.  Without grams "co" and "ew" read
 * all keys of the attribute: the best choice where it has few distinct values.
 */
#include "postgres.h"

#include "access/reloptions.h"

#include "index/index.h"
#include "text/fold.h"
#include "utils/memutils.h"

#define DEFAULT_SUBSTRINGS "userName,displayName,name,emails.value"

PG_FUNCTION_INFO_V1(scim_gin_options);

typedef struct Options
{
	int32 vl_len_;
	int substrings; /* offset of the string */
} Options;

/* "urn:a.b" -> urn \1 a \1 b: dots within a URN stand before its last colon */
static char *
fold_path(const char *text, int len)
{
	char *path = pnstrdup(text, len);
	char *name = strrchr(path, ':');

	for (char *p = path; *p != '\0'; p++)
	{
		if (p == name || (*p == '.' && p > name))
			*p = SCIM_INDEX_SEPARATOR;
		else
			*p = (char) ScimFoldByte((unsigned char) *p);
	}
	return path;
}

static ScimIndexPaths *
parse_paths(const char *text)
{
	ScimIndexPaths *paths = palloc0(sizeof(ScimIndexPaths));
	const char *at = text;

	paths->paths = palloc(sizeof(char *) * (strlen(text) / 2 + 1));
	while (*at != '\0')
	{
		int len;

		at += strspn(at, ", ");
		len = strcspn(at, ", ");
		if (len == 1 && *at == '*')
			paths->all = true;
		else if (len > 0)
			paths->paths[paths->npaths++] = fold_path(at, len);
		at += len;
	}
	return paths;
}

/* The paths of an index without the option. */
const ScimIndexPaths *
ScimIndexDefaultPaths(void)
{
	static ScimIndexPaths *paths = NULL;

	if (paths == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		paths = parse_paths(DEFAULT_SUBSTRINGS);
		MemoryContextSwitchTo(old);
	}
	return paths;
}

/* The paths of the index that calls a support function; kept with the call site. */
const ScimIndexPaths *
ScimIndexPathsOf(FunctionCallInfo fcinfo)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	MemoryContext old;
	Options *options;

	if (!PG_HAS_OPCLASS_OPTIONS())
		return ScimIndexDefaultPaths();
	if (flinfo->fn_extra == NULL)
	{
		options = (Options *) PG_GET_OPCLASS_OPTIONS();
		old = MemoryContextSwitchTo(flinfo->fn_mcxt);
		flinfo->fn_extra = parse_paths(GET_STRING_RELOPTION(options, substrings));
		MemoryContextSwitchTo(old);
	}
	return flinfo->fn_extra;
}

/* Do the strings of an attribute have grams? */
bool
ScimIndexPathsInclude(const ScimIndexPaths *paths, const char *path, int len)
{
	if (paths->all)
		return true;
	for (int i = 0; i < paths->npaths; i++)
	{
		int listed = strlen(paths->paths[i]);

		if (listed <= len && memcmp(path, paths->paths[i], listed) == 0 &&
			(listed == len || path[listed] == SCIM_INDEX_SEPARATOR))
			return true;
	}
	return false;
}

/* scim_internal.gin_options(internal) returns void: the options of the operator class */
Datum
scim_gin_options(PG_FUNCTION_ARGS)
{
	local_relopts *relopts = (local_relopts *) PG_GETARG_POINTER(0);

	init_local_reloptions(relopts, sizeof(Options));
	add_local_string_reloption(
		relopts, "substrings", "attributes whose strings co and ew find by parts of them",
		DEFAULT_SUBSTRINGS, NULL, NULL, offsetof(Options, substrings));
	PG_RETURN_VOID();
}
