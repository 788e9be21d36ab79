/*
 * parse.c
 *		Path text -> ScimPath (RFC 7644 sections 3.5.2 and 3.10), and back.
 */
#include "postgres.h"

#include "compat.h"
#include "filter/parse.h"
#include "path/path.h"

static const ScimSlice nothing = {NULL, 0};

/*
 * urn:...:User.manager[...] has a dot where a colon should be.  A value filter
 * never follows a sub-attribute, so what stands before the dot belongs to the
 * URN.  Returns false when there is no URN that it could belong to.
 */
static bool
shift_into_urn(ScimAttrSlice *attribute)
{
	if (attribute->urn.at == NULL)
		return false;
	attribute->urn.len = attribute->name.at + attribute->name.len - attribute->urn.at;
	attribute->name = attribute->sub;
	attribute->sub = nothing;
	return true;
}

static bool
scan_path(ScimScan *scan, ScimAttrSlice *attribute, ScimFilter **filter)
{
	*filter = NULL;
	ScimScanSpace(scan);
	if (ScimScanWord(scan).len == 0)
		return ScimScanExpected(scan, "the name of an attribute", nothing);
	if (!ScimScanAttribute(scan, attribute))
		return false;
	if (scan->at < scan->end && *scan->at == '[')
	{
		if (attribute->sub.at != NULL && !shift_into_urn(attribute))
			return ScimScanFail(scan, scan->at,
								"a value filter cannot follow the sub-attribute %s",
								ScimScanQuote(attribute->whole));
		scan->at++;
		scan->kind = SCIM_INVALID_FILTER;
		*filter = ScimFilterParseBracket(scan);
		if (*filter == NULL)
			return false;
		scan->kind = SCIM_INVALID_PATH;
		if (scan->at < scan->end && *scan->at == '.' &&
			!ScimScanSubAttribute(scan, &attribute->sub))
			return false;
	}
	ScimScanSpace(scan);
	return scan->at == scan->end ||
		   ScimScanExpected(scan, "the end of the path", nothing);
}

/* Copies a piece of the text to *at of the path and returns its offset. */
static uint32
put_string(ScimPath *path, uint32 *at, ScimSlice slice)
{
	uint32 offset = *at;

	if (slice.at == NULL)
		return 0;
	memcpy((char *) path + offset, slice.at, slice.len);
	*at += slice.len + 1;
	return offset;
}

/*
 * ScimPathParse parses a path of len bytes of UTF-8; it need not be
 * NUL-terminated.  Returns it in the current memory context, or NULL and in
 * *problem what is wrong: SCIM_INVALID_PATH, or SCIM_INVALID_FILTER between the
 * brackets.
 */
ScimPath *
ScimPathParse(const char *text, size_t len, ScimProblem **problem)
{
	ScimScan scan;
	ScimAttrSlice attribute;
	ScimFilter *filter = NULL;
	ScimPath *path;
	uint32 at = sizeof(ScimPath);
	uint32 strings_len;
	uint32 total;

	if (!ScimScanStart(&scan, text, len, "path", SCIM_INVALID_PATH) ||
		!scan_path(&scan, &attribute, &filter))
	{
		*problem = scan.problem;
		return NULL;
	}
	*problem = NULL;

	/* three NULs at most, then the filter where its nodes are aligned */
	strings_len = attribute.urn.len + attribute.name.len + attribute.sub.len + 3;
	total = MAXALIGN(at + strings_len) + (filter == NULL ? 0 : VARSIZE(filter));
	path = palloc0(total);
	path->format = SCIM_PATH_FORMAT;
	path->urn = put_string(path, &at, attribute.urn);
	path->name = put_string(path, &at, attribute.name);
	path->sub = put_string(path, &at, attribute.sub);
	if (filter != NULL)
	{
		path->filter = MAXALIGN(at);
		memcpy((char *) path + path->filter, filter, VARSIZE(filter));
		at = path->filter + VARSIZE(filter);
		pfree(filter);
	}
	SET_VARSIZE(path, at);
	if (len > (size_t) scim_max_filter_length / 2)
	{
		/* its canonical text may be longer, and must be readable too */
		StringInfoData canonical;

		initStringInfo(&canonical);
		ScimPathPrint(&canonical, path);
		if (!ScimScanFits(&scan, canonical.len))
			path = NULL;
		pfree(canonical.data);
		*problem = scan.problem;
	}
	return path;
}

/* ScimPathPrint appends the canonical text of a path. */
void
ScimPathPrint(StringInfo out, const ScimPath *path)
{
	const ScimFilter *filter = ScimPathFilter(path);

	if (path->urn != 0)
	{
		appendStringInfoString(out, ScimPathString(path, path->urn));
		appendStringInfoChar(out, ':');
	}
	appendStringInfoString(out, ScimPathString(path, path->name));
	if (filter != NULL)
	{
		appendStringInfoChar(out, '[');
		ScimFilterPrint(out, filter);
		appendStringInfoChar(out, ']');
	}
	if (path->sub != 0)
	{
		appendStringInfoChar(out, '.');
		appendStringInfoString(out, ScimPathString(path, path->sub));
	}
}

/*
 * ScimPathShown is the text of a path for a message: without what a value filter, or a
 * string or a word that stands where none may, compares with, which may be a secret.
 */
char *
ScimPathShown(const char *text)
{
	size_t len;
	size_t end_len;
	const char *end = strrchr(text, ']');

	text += strspn(text, " ");
	len = strcspn(text, "[\" ");
	if (text[len] == '[' && end != NULL && strchr(end, '"') == NULL)
	{
		end_len = strcspn(end, " ");
		return psprintf("%.*s[...%.*s%s", (int) len, text, (int) end_len, end,
						end[end_len] == '\0' ? "" : "...");
	}
	return text[len] == '\0' ? pstrdup(text) : psprintf("%.*s...", (int) len, text);
}

/*
 * ScimPathAttrRef is the path without its value filter, as a resolver wants it.
 * It points into the path.
 */
ScimAttrRef
ScimPathAttrRef(const ScimPath *path)
{
	ScimAttrRef ref = {ScimPathString(path, path->urn), ScimPathString(path, path->name),
					   ScimPathString(path, path->sub)};

	return ref;
}
