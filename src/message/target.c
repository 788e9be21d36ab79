/*
 * target.c
 *		Request targets: RFC 3986 and RFC 7230 section 5.3, RFC 7644 sections
 *		3.4.2 and 3.13.
 *
 *		/scim/v2/Users?filter=userName+eq+%22x%22&count=1
 *
 * A target may be an absolute URL.  The path is split at "/" before it is
 * decoded, so that a segment may hold an encoded slash; empty segments do not
 * count, since clients add slashes in front and behind.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "message/message.h"
#include "miscadmin.h"

#include "text/hex.h"

static char **split_path(const char *path, const char *end, int *nsegments);
static char *decode(const char *start, const char *end, bool plus_is_space);
static int strip_base(const ScimStore *store, char **segments, int nsegments,
					  const char **wrong_version);
static bool is_version(const char *segment);
static void refuse_dots(const char *segment);
static void parse_query(const char *query, ScimTarget *target);
static void set_once(const char **field, const char *name, const char *value);

/*
 * The path under which a store is served.  A row for base_url says it as well, unless
 * there is something closer for base_path.
 */
static const char *
base_path_of(const ScimStore *store)
{
	ScimSettingSource path_source;
	ScimSettingSource url_source;
	ScimSettingValue path =
		ScimSettingValueOf(store->settings, SCIM_SETTING_BASE_PATH, NULL, &path_source);
	ScimSettingValue url =
		ScimSettingValueOf(store->settings, SCIM_SETTING_BASE_URL, NULL, &url_source);

	if (path_source != SCIM_SETTING_SESSION && ScimTenantBaseUrl(store) != NULL)
		return ScimPathOfUrl(ScimTenantBaseUrl(store));
	if (url_source != SCIM_SETTING_SESSION && url_source > path_source &&
		url.text[0] != '\0')
		return ScimPathOfUrl(url.text);
	return path.text;
}

/* ScimBasePathTrimmed returns the base path without slashes at its end. */
const char *
ScimBasePathTrimmed(const ScimStore *store)
{
	const char *base_path = base_path_of(store);
	int len = strlen(base_path);

	while (len > 0 && base_path[len - 1] == '/')
		len--;
	return pnstrdup(base_path, len);
}

/*
 * ScimTargetParse parses a request target in origin form (/Users?count=1) or
 * absolute form.  The setting base_path and a version segment are
 * stripped from the path where they are there.
 *
 * Raises invalidSyntax for bad encoding and for dot segments, invalidVers for
 * another version than v2, invalidValue for a parameter that is given twice with
 * different values.
 */
void
ScimTargetParse(const ScimStore *store, const char *text, ScimTarget *target)
{
	const char *path = ScimPathOfUrl(text);
	const char *end = path + strcspn(path, "?");
	int nsegments;
	char **segments;
	int skip;
	const char *wrong_version;

	if (path == text && text[0] != '/')
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("request target \"%s\" does not begin with \"/\"", text)));
	segments = split_path(path, end, &nsegments);
	skip = strip_base(store, segments, nsegments, &wrong_version);
	if (wrong_version != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VERS),
						errmsg("protocol version \"%s\" is not supported: use \"%s\"",
							   segments[skip], wrong_version)));
	memset(target, 0, sizeof(ScimTarget));
	target->segments = segments + skip;
	target->nsegments = nsegments - skip;
	if (target->nsegments > 0)
	{
		ScimTargetStripSuffix(target->segments[target->nsegments - 1]);
		refuse_dots(target->segments[target->nsegments - 1]);
	}
	if (*end == '?')
		parse_query(end + 1, target);
}

/*
 * ScimTargetSplit splits the path of a request target as it came, with the base path
 * in front, and sets query to the part behind it, or to "".  NULL: it is no path.
 */
char **
ScimTargetSplit(const char *text, int *nsegments, const char **query)
{
	const char *path = ScimPathOfUrl(text);
	const char *end = path + strcspn(path, "?");

	if (path == text && text[0] != '/')
		return NULL;
	*query = *end == '?' ? end + 1 : end;
	return split_path(path, end, nsegments);
}

/* ScimTargetParameters lists what a query string holds: ScimParameter *. */
List *
ScimTargetParameters(const char *query)
{
	bool plus_is_space = strstr(query, "%20") == NULL; /* as in parse_query */
	List *parameters = NIL;

	while (*query != '\0')
	{
		const char *end = query + strcspn(query, "&");
		const char *equals = memchr(query, '=', end - query);
		ScimParameter *parameter = palloc(sizeof(ScimParameter));

		CHECK_FOR_INTERRUPTS();
		parameter->name = decode(query, equals != NULL ? equals : end, plus_is_space);
		parameter->value = equals != NULL ? decode(equals + 1, end, plus_is_space) : "";
		if (end > query)
			parameters = lappend(parameters, parameter);
		query = *end == '&' ? end + 1 : end;
	}
	return parameters;
}

/*
 * ScimTargetShared counts the leading segments that a path has in common with the
 * base path, and says whether that is all of the base path.
 */
int
ScimTargetShared(const ScimStore *store, char **segments, int nsegments, bool *whole)
{
	const char *base_path = base_path_of(store);
	int nbase;
	char **base = split_path(base_path, base_path + strlen(base_path), &nbase);
	int shared = 0;

	while (shared < nbase && shared < nsegments &&
		   strcmp(base[shared], segments[shared]) == 0)
		shared++;
	*whole = nbase > 0 && shared == nbase;
	return shared;
}

/*
 * ScimTargetBase counts the leading segments that are no part of the path of an
 * endpoint of SCIM; -1: they name a version that is not there.
 */
int
ScimTargetBase(const ScimStore *store, char **segments, int nsegments)
{
	const char *wrong_version;
	int skip = strip_base(store, segments, nsegments, &wrong_version);

	return wrong_version != NULL ? -1 : skip;
}

/*
 * ScimTargetStripSuffix takes away the ".scim" by which a client may ask for the format
 * that is the default anyway (RFC 7644 section 3.8): /Users/1.scim
 */
void
ScimTargetStripSuffix(char *segment)
{
	size_t len = strlen(segment);
	size_t suffix_len = strlen(".scim");

	if (len > suffix_len && strcmp(segment + len - suffix_len, ".scim") == 0)
		segment[len - suffix_len] = '\0';
}

/*
 * undo_percent undoes the percent-encoding of a piece of a URL.  Returns NULL, or where
 * a "%" is followed by no two digits, or by those of NUL.  decoded: as long as the piece.
 */
static const char *
undo_percent(const char *start, const char *end, bool plus_is_space, char *decoded,
			 size_t *len)
{
	char *out = decoded;

	for (const char *p = start; p < end; p++)
	{
		if (*p == '%')
		{
			int high = end - p > 2 ? ScimHexDigit(p[1]) : -1;
			int low = end - p > 2 ? ScimHexDigit(p[2]) : -1;

			if (high < 0 || low < 0 || (high | low) == 0)
				return p;
			*out++ = (char) (high << 4 | low);
			p += 2;
		}
		else
			*out++ = *p == '+' && plus_is_space ? ' ' : *p;
	}
	*len = out - decoded;
	decoded[*len] = '\0';
	return NULL;
}

/*
 * ScimTargetDecoded undoes the percent-encoding of a piece of a URL; NULL: it is none.
 */
char *
ScimTargetDecoded(const char *start, size_t len)
{
	char *decoded = palloc(len + 1);

	return undo_percent(start, start + len, false, decoded, &len) == NULL &&
				   pg_verify_mbstr(PG_UTF8, decoded, len, true)
			   ? decoded
			   : NULL;
}

/* ScimPathOfUrl returns the path of a URL; what does not look like one is a path. */
const char *
ScimPathOfUrl(const char *url)
{
	if (pg_strncasecmp(url, "http://", 7) == 0)
		return url + 7 + strcspn(url + 7, "/?");
	if (pg_strncasecmp(url, "https://", 8) == 0)
		return url + 8 + strcspn(url + 8, "/?");
	return url;
}

static char **
split_path(const char *path, const char *end, int *nsegments)
{
	int max = 1;
	char **segments;

	for (const char *p = path; p < end; p++)
		max += *p == '/';
	segments = palloc(max * sizeof(char *));
	*nsegments = 0;
	while (path < end)
	{
		const char *stop = memchr(path, '/', end - path);

		if (stop == NULL)
			stop = end;
		if (stop > path)
		{
			segments[*nsegments] = decode(path, stop, false);
			refuse_dots(segments[(*nsegments)++]);
		}
		path = stop + 1;
	}
	return segments;
}

/*
 * A client resolves "." and ".." itself (RFC 3986 section 5.2.4).  What is left
 * of them in a target would mean one path to a proxy that resolves it, and
 * another one here.
 */
static void
refuse_dots(const char *segment)
{
	if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the request target holds the segment \"%s\"", segment)));
}

/* decode undoes the percent-encoding of a piece of a target, or refuses it. */
static char *
decode(const char *start, const char *end, bool plus_is_space)
{
	char *decoded = palloc(end - start + 1);
	size_t len;
	const char *wrong = undo_percent(start, end, plus_is_space, decoded, &len);

	if (wrong != NULL && strncmp(wrong, "%00", 3) == 0)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("the request target holds a NUL character (%%00)")));
	if (wrong != NULL)
		ereport(ERROR, (ScimErr(SCIM_INVALID_SYNTAX),
						errmsg("invalid percent-encoding \"%.*s\" in the request target",
							   pg_mbcliplen(wrong, end - wrong, 3), wrong)));
	ScimRequireUtf8(decoded, len, "request target");
	return decoded;
}

/*
 * strip_base counts the leading segments that are the base path and the
 * version.  The base path's own version is optional (RFC 7644 section 3.13):
 * with /scim/v2, /scim/v2/Users, /scim/Users, /v2/Users and /Users are the
 * same, and /scim/v1/Users asks for a version that is not there: then the one that is
 * there is in wrong_version, which is NULL otherwise.
 */
static int
strip_base(const ScimStore *store, char **segments, int nsegments,
		   const char **wrong_version)
{
	const char *base_path = base_path_of(store);
	int nbase;
	char **base = split_path(base_path, base_path + strlen(base_path), &nbase);
	int matched = 0;
	const char *version = "v2";

	if (nbase > 0 && is_version(base[nbase - 1]))
		version = base[--nbase];
	while (matched < nbase && matched < nsegments &&
		   strcmp(base[matched], segments[matched]) == 0)
		matched++;
	if (matched < nbase)
		matched = 0;
	*wrong_version = NULL;
	if (matched < nsegments && is_version(segments[matched]))
	{
		if (strcmp(segments[matched], version) == 0)
			matched++;
		else
			*wrong_version = version;
	}
	return matched;
}

/* is_version tells whether a segment is like v2. */
static bool
is_version(const char *segment)
{
	return segment[0] == 'v' && segment[1] != '\0' &&
		   strspn(segment + 1, "0123456789") == strlen(segment + 1);
}

/*
 * parse_query reads the parameters of RFC 7644 section 3.4.2, table 3.  Names
 * are case-insensitive; unknown ones are ignored, as the RFC asks.
 *
 * A space is written as %20 or, as HTML forms do, as "+".  Nobody does both: in a
 * query that has a %20, "+" is a plus.
 */
static void
parse_query(const char *query, ScimTarget *target)
{
	bool plus_is_space = strstr(query, "%20") == NULL;

	while (*query != '\0')
	{
		const char *end = query + strcspn(query, "&");
		const char *equals = memchr(query, '=', end - query);
		const char *name_end = equals != NULL ? equals : end;
		const char *name = decode(query, name_end, plus_is_space);
		const char *value = equals != NULL ? decode(equals + 1, end, plus_is_space) : "";

		CHECK_FOR_INTERRUPTS();
		if (pg_strcasecmp(name, "attributes") == 0)
			target->attributes = ScimSplitAttributes(target->attributes, value);
		else if (pg_strcasecmp(name, "excludedAttributes") == 0)
			target->excluded = ScimSplitAttributes(target->excluded, value);
		else if (pg_strcasecmp(name, "filter") == 0)
			set_once(&target->filter, "filter", value);
		else if (pg_strcasecmp(name, "sortBy") == 0)
			set_once(&target->sort_by, "sortBy", value);
		else if (pg_strcasecmp(name, "sortOrder") == 0)
			set_once(&target->sort_order, "sortOrder", value);
		else if (pg_strcasecmp(name, "startIndex") == 0)
			set_once(&target->start_index, "startIndex", value);
		else if (pg_strcasecmp(name, "count") == 0)
			set_once(&target->count, "count", value);
		else if (pg_strcasecmp(name, "cursor") == 0)
			set_once(&target->cursor, "cursor", value);
		query = *end == '&' ? end + 1 : end;
	}
}

static void
set_once(const char **field, const char *name, const char *value)
{
	if (*field != NULL && strcmp(*field, value) != 0)
		ereport(ERROR, (ScimErr(SCIM_INVALID_VALUE),
						errmsg("parameter \"%s\" is given twice", name)));
	*field = value;
}
